//! Dates as people in Japanese offices write them.

use chrono::{Datelike, NaiveDate};
use unicode_normalization::UnicodeNormalization;

use super::fault::Fault;

/// An era by its name and its letter.
struct Era {
    names: &'static [&'static str],
    /// Its first day: year, month, day.
    first: (i32, u32, u32),
    /// Its last day. Where a new era was counted from the day of its proclamation, that day is the last of the old one
    /// too, since registers have both: 大正15年12月25日 is 昭和元年12月25日.
    last: (i32, u32, u32),
}

const ERAS: [Era; 5] = [
    Era { names: &["明治", "m"], first: (1868, 1, 25), last: (1912, 7, 30) },
    Era { names: &["大正", "t"], first: (1912, 7, 30), last: (1926, 12, 25) },
    Era { names: &["昭和", "s"], first: (1926, 12, 25), last: (1989, 1, 7) },
    Era { names: &["平成", "h"], first: (1989, 1, 8), last: (2019, 4, 30) },
    Era { names: &["令和", "r"], first: (2019, 5, 1), last: (9999, 12, 31) },
];

/// Reads 2024-03-31, 2024/3/31, 2024.3.31, 20240331, 2024年3月31日, 令和6年3月31日, R6.3.31 and so on, in any width.
///
/// A bare number other than eight digits is not a date: a spreadsheet's day count looks like a date to no one else.
pub(super) fn date(text: &str) -> Result<NaiveDate, Fault> {
    let date = parse(&plain(text)).ok_or(Fault::NotADate)?;
    if (1900..=2100).contains(&date.year()) { Ok(date) } else { Err(Fault::DateOutOfRange) }
}

/// Reads 1984, 1984年 and 昭和59年, in any width. Of a year in which an era changed, either name will do.
pub(super) fn year(text: &str) -> Result<i32, Fault> {
    let text = plain(text);
    let digits = text.strip_suffix('年').unwrap_or(&text);
    if digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let year = digits.parse().map_err(|_| Fault::NotAYear)?;
        return if (1900..=2100).contains(&year) { Ok(year) } else { Err(Fault::DateOutOfRange) };
    }
    if !text.ends_with('年') {
        return Err(Fault::NotAYear);
    }
    let in_it = ["12月31日", "1月1日"].iter().find_map(|day| date(&format!("{text}{day}")).ok());
    in_it.map(|day| day.year()).ok_or(Fault::NotAYear)
}

fn plain(text: &str) -> String {
    text.nfkc()
        .filter(|character| !character.is_whitespace())
        .map(|character| match character {
            '‐' | '‑' | '–' | '—' | '―' | '−' | 'ー' => '-',
            other => other.to_ascii_lowercase(),
        })
        .collect()
}

fn parse(text: &str) -> Option<NaiveDate> {
    for era in &ERAS {
        if let Some(rest) = era.names.iter().find_map(|name| text.strip_prefix(name)) {
            let (year, month, day) = parts(rest)?;
            let year = if year == "元" { 1 } else { number(year, 1..=2)? };
            let first_year = u32::try_from(era.first.0).ok()?;
            let date = day_of((first_year + year).checked_sub(1)?, number(month, 1..=2)?, number(day, 1..=2)?)?;
            let on = (date.year(), date.month(), date.day());
            return (year > 0 && era.first <= on && on <= era.last).then_some(date);
        }
    }
    let (year, month, day) = compact(text).or_else(|| parts(text))?;
    day_of(number(year, 4..=4)?, number(month, 1..=2)?, number(day, 1..=2)?)
}

/// Year, month and day of `20240331`.
fn compact(text: &str) -> Option<(&str, &str, &str)> {
    if text.len() != 8 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (year, rest) = text.split_at_checked(4)?;
    let (month, day) = rest.split_at_checked(2)?;
    Some((year, month, day))
}

/// Year, month and day of a date with one kind of separator.
fn parts(text: &str) -> Option<(&str, &str, &str)> {
    if let Some(text) = text.strip_suffix('日') {
        let (year, rest) = text.split_once('年')?;
        let (month, day) = rest.split_once('月')?;
        return Some((year, month, day));
    }
    let separator = ['-', '/', '.'].into_iter().find(|&separator| text.contains(separator))?;
    let (year, rest) = text.split_once(separator)?;
    let (month, day) = rest.split_once(separator)?;
    Some((year, month, day))
}

fn number(text: &str, digits: std::ops::RangeInclusive<usize>) -> Option<u32> {
    (digits.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

fn day_of(year: u32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, Fault> {
        date(text).map(|date| date.to_string())
    }

    #[test]
    fn one_day_in_many_spellings() {
        for text in [
            "2024-03-31",
            "2024-3-31",
            "2024/03/31",
            "2024/3/31",
            "2024.3.31",
            "20240331",
            "2024年3月31日",
            "2024年03月31日",
            "２０２４/０３/３１",
            "２０２４／０３／３１",
            "２０２４．３．３１",
            "２０２４－３－３１",
            "２０２４年３月３１日",
            "２０２４０３３１",
            "2024−3−31",
            "2024年 3月 31日",
            "　2024/3/31 ",
            "令和6年3月31日",
            "令和06年03月31日",
            "令和６年３月３１日",
            "令和 6年 3月31日",
            "R6.3.31",
            "R6/3/31",
            "r6-3-31",
            "R06.03.31",
            "Ｒ６．３．３１",
            "R6年3月31日",
            "令和6.3.31",
            "㋿6年3月31日",
        ] {
            assert_eq!(read(text), Ok("2024-03-31".to_owned()), "{text}");
        }
    }

    #[test]
    fn every_era_has_its_first_year_and_its_letter() {
        for (text, day) in [
            ("明治45年7月29日", "1912-07-29"),
            ("M33.1.1", "1900-01-01"),
            ("大正元年7月30日", "1912-07-30"),
            ("T1.7.30", "1912-07-30"),
            ("昭和元年12月25日", "1926-12-25"),
            ("S48/10/14", "1973-10-14"),
            ("平成元年1月19日", "1989-01-19"),
            ("H27.4.1", "2015-04-01"),
            ("h27-4-1", "2015-04-01"),
            ("令和元年5月1日", "2019-05-01"),
            ("令和元.5.1", "2019-05-01"),
            ("平成4年2月29日", "1992-02-29"),
        ] {
            assert_eq!(read(text), Ok(day.to_owned()), "{text}");
        }
    }

    #[test]
    fn an_era_ends_where_the_next_begins() {
        for (text, day) in [
            ("昭和64年1月7日", Some("1989-01-07")),
            ("昭和64年1月8日", None),
            ("平成元年1月7日", None),
            ("平成元年1月8日", Some("1989-01-08")),
            ("平成31年4月30日", Some("2019-04-30")),
            ("平成31年5月1日", None),
            ("H31.5.1", None),
            ("令和元年4月30日", None),
            ("R1.5.1", Some("2019-05-01")),
            ("明治45年7月30日", Some("1912-07-30")),
            ("明治45年7月31日", None),
            ("大正元年7月29日", None),
            ("大正15年12月25日", Some("1926-12-25")),
            ("大正15年12月26日", None),
            ("昭和元年12月24日", None),
        ] {
            assert_eq!(read(text), day.map(str::to_owned).ok_or(Fault::NotADate), "{text}");
        }
    }

    #[test]
    fn what_is_no_day_or_not_clearly_one_is_refused() {
        for text in [
            "2024/02/30",
            "2023-02-29",
            "2024-13-01",
            "2024-00-10",
            "2024-01-00",
            "45382",
            "45382.0",
            "24/3/31",
            "240331",
            "2024/3",
            "2024年3月",
            "2024年3月31",
            "3/31/2024",
            "2024/3-31",
            "2024/3/31/1",
            "2024--3-31",
            "-2024-3-31",
            "2024-03-31T00:00",
            "平成0年1月1日",
            "平成-1年1月1日",
            "平成元元年1月1日",
            "平成100年1月1日",
            "平成2015年4月1日",
            "元年1月1日",
            "二〇二四年三月三十一日",
            "H",
            "R.3.31",
            "未定",
            "",
            "年月日",
            "+2024/3/31",
            "2024/+3/31",
            "ABC20240331",
            "2024０33",
        ] {
            assert_eq!(read(text), Err(Fault::NotADate), "{text}");
        }
    }

    #[test]
    fn years_nobody_worked_in_are_refused() {
        for text in ["1899-12-31", "2101-01-01", "9999/12/31", "明治32年12月31日", "R99.1.1", "0001-01-01"] {
            assert_eq!(read(text), Err(Fault::DateOutOfRange), "{text}");
        }
        assert!(read("1900-01-01").is_ok() && read("2100-12-31").is_ok());
    }

    #[test]
    fn years_with_and_without_an_era() {
        for (written, expected) in [
            ("1984", 1984),
            ("１９８４年", 1984),
            ("昭和59年", 1984),
            ("昭和64年", 1989),
            ("平成元年", 1989),
            ("S59年", 1984),
        ] {
            assert_eq!(year(written), Ok(expected), "{written}");
        }
        for written in ["84", "59", "昭和", "1984-04-12", "不明"] {
            assert_eq!(year(written), Err(Fault::NotAYear), "{written}");
        }
        assert_eq!(year("0084"), Err(Fault::DateOutOfRange));
    }
}
