//! The cells of a line, and how text, addresses and numbers are read from them.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use super::{
    fault::{Fault, FieldError},
    header::{Column, Layout},
};

/// Characters in any cell that is read.
const LONGEST_CELL: usize = 1000;
const LONGEST_EMPLOYEE_NUMBER: usize = 40;
const LONGEST_EMAIL: usize = 254;

/// One line's cells, handed out by column; remembers what was wrong with them.
#[derive(Debug)]
pub struct Cells<'a> {
    layout: &'a Layout,
    written: &'a [Cow<'a, str>],
    errors: Vec<FieldError>,
    belongs_to: BelongsTo,
}

/// What a line is part of, as far as it could be read, whatever else is wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BelongsTo {
    /// The entity that it names.
    pub legal_entity: Option<String>,
    /// The version of pay bands that it names.
    pub band_version: Option<String>,
}

impl<'a> Cells<'a> {
    pub(super) fn new(layout: &'a Layout, written: &'a [Cow<'a, str>]) -> Self {
        Self { layout, written, errors: Vec::new(), belongs_to: BelongsTo::default() }
    }

    pub(super) fn into_errors(self) -> (Vec<FieldError>, BelongsTo) {
        (self.errors, self.belongs_to)
    }

    /// Says what the line is part of.
    pub(super) fn belong_to(&mut self, belongs_to: BelongsTo) {
        self.belongs_to = belongs_to;
    }

    /// What stands in a column that may not be left empty.
    pub(super) fn required<T>(&mut self, column: &Column, read: impl FnOnce(&str) -> Result<T, Fault>) -> Option<T> {
        if self.written(column).is_empty() {
            self.refuse(column, Fault::Required);
        }
        self.optional(column, read)
    }

    /// What stands in a column that may be empty or absent; `None` also after an error.
    pub(super) fn optional<T>(&mut self, column: &Column, read: impl FnOnce(&str) -> Result<T, Fault>) -> Option<T> {
        let written = self.written(column);
        if written.is_empty() {
            return None;
        }
        match checked(written).and_then(read) {
            Ok(value) => Some(value),
            Err(fault) => {
                self.refuse(column, fault);
                None
            }
        }
    }

    /// Refuses a cell for what it means beside the others.
    pub(super) fn refuse(&mut self, column: &Column, fault: Fault) {
        self.errors.push(fault.of(column, self.written(column)));
    }

    fn written(&self, column: &Column) -> &'a str {
        self.layout.place(column).and_then(|place| self.written.get(place)).map_or("", |cell| cell.trim())
    }
}

fn checked(written: &str) -> Result<&str, Fault> {
    if written.chars().nth(LONGEST_CELL).is_some() {
        Err(Fault::TooLong { limit: LONGEST_CELL })
    } else if written.chars().any(|character| character.is_control() && character != '\t') {
        Err(Fault::ControlCharacter)
    } else {
        Ok(written)
    }
}

/// Free text, as written.
#[expect(clippy::unnecessary_wraps, reason = "a reader of cells")]
pub(super) fn text(written: &str) -> Result<String, Fault> {
    Ok(written.to_owned())
}

/// A code of the company's own, such as a grade: `Ｇ３` is `G3`.
#[expect(clippy::unnecessary_wraps, reason = "a reader of cells")]
pub(super) fn code(written: &str) -> Result<String, Fault> {
    Ok(folded(written))
}

/// An employee number, which links records: one spelling only.
pub(super) fn employee_number(written: &str) -> Result<String, Fault> {
    let number = folded(written);
    if number.chars().nth(LONGEST_EMPLOYEE_NUMBER).is_some() {
        return Err(Fault::TooLong { limit: LONGEST_EMPLOYEE_NUMBER });
    }
    Ok(number)
}

/// A name with its characters exactly as written (髙 is not 高), and single spaces between its parts.
#[expect(clippy::unnecessary_wraps, reason = "a reader of cells")]
pub(super) fn name(written: &str) -> Result<String, Fault> {
    Ok(single_spaced(written))
}

/// The reading of a name, in full-width katakana.
#[expect(clippy::unnecessary_wraps, reason = "a reader of cells")]
pub(super) fn kana(written: &str) -> Result<String, Fault> {
    let katakana: String = written
        .nfkc()
        .map(|character| match character {
            'ぁ'..='ゖ' | 'ゝ' | 'ゞ' => char::from_u32(u32::from(character) + 0x60).unwrap_or(character),
            other => other,
        })
        .collect();
    Ok(single_spaced(&katakana))
}

/// A mail address: enough of a check to catch slips; only a letter that arrives proves it.
pub(super) fn email(written: &str) -> Result<String, Fault> {
    let address = folded(written);
    let (local, domain) = address.split_once('@').ok_or(Fault::NotAnEmail)?;
    let local_is_sound = !local.is_empty()
        && !local.chars().any(|c| c.is_whitespace() || c.is_control() || r#"@,;:<>()[]\""#.contains(c));
    let domain_is_sound = domain.contains('.') && domain.split('.').all(is_label);
    if local_is_sound && domain_is_sound && address.len() <= LONGEST_EMAIL {
        Ok(address)
    } else {
        Err(Fault::NotAnEmail)
    }
}

fn is_label(label: &str) -> bool {
    !label.is_empty()
        && label.len() <= 63
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// A telephone number as its digits, with a leading plus if written so.
pub(super) fn phone(written: &str) -> Result<String, Fault> {
    let written = folded(written);
    let (plus, rest) = written.strip_prefix('+').map_or(("", written.as_str()), |rest| ("+", rest));
    let mut number = plus.to_owned();
    for character in rest.chars() {
        match character {
            '0'..='9' => number.push(character),
            '-' | '‐' | '‑' | '–' | '—' | '―' | '−' | 'ー' | '(' | ')' | ' ' => {}
            _ => return Err(Fault::NotAPhone),
        }
    }
    if (6..=20).contains(&(number.len() - plus.len())) { Ok(number) } else { Err(Fault::NotAPhone) }
}

/// A zone, which is compared: `Sendai` is `sendai`.
#[expect(clippy::unnecessary_wraps, reason = "a reader of cells")]
pub(super) fn zone(written: &str) -> Result<String, Fault> {
    Ok(folded(written).to_lowercase())
}

/// A whole number between two others, with the unit written behind it or not.
pub(super) fn whole_number(written: &str, lowest: u32, highest: u32, units: &[&str]) -> Result<u32, Fault> {
    let written = folded(written);
    let number = units.iter().find_map(|unit| written.strip_suffix(unit)).unwrap_or(&written).trim_end();
    if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Fault::NotAWholeNumber);
    }
    let number = number.parse().ok().filter(|number| (lowest..=highest).contains(number));
    number.ok_or(Fault::NumberOutOfRange { lowest, highest })
}

/// Contracted hours a week, whole ones.
pub(super) fn weekly_hours(written: &str) -> Result<u8, Fault> {
    let written = folded(written);
    let number = written.strip_suffix("時間").unwrap_or(&written).trim_end();
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let is_whole = !whole.is_empty()
        && whole.bytes().all(|byte| byte.is_ascii_digit())
        && !fraction.is_empty()
        && fraction.bytes().all(|byte| byte == b'0');
    if !is_whole {
        return Err(Fault::NotHours);
    }
    whole.parse().ok().filter(|hours| (1..=60).contains(hours)).ok_or(Fault::HoursOutOfRange)
}

fn folded(written: &str) -> String {
    written.nfkc().collect::<String>().trim().to_owned()
}

fn single_spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_their_characters_and_lose_wide_spaces() {
        assert_eq!(name("髙木　 拓也"), Ok("髙木 拓也".to_owned()));
        assert_eq!(name("﨑山\t花子"), Ok("﨑山 花子".to_owned()));
        assert_eq!(name("\u{fa19}田 ㈱"), Ok("\u{fa19}田 ㈱".to_owned()), "folding would change both");
    }

    #[test]
    fn readings_become_full_width_katakana() {
        for written in ["ｻﾞｷﾞﾔﾏ ﾊﾅｺ", "ザギヤマ　ハナコ", "ざぎやま はなこ", "ザギヤマ ハナコ"]
        {
            assert_eq!(kana(written), Ok("ザギヤマ ハナコ".to_owned()), "{written}");
        }
        assert_eq!(kana("さゝき ゔぃーゖ"), Ok("サヽキ ヴィーヶ".to_owned()));
    }

    #[test]
    fn employee_numbers_have_one_spelling() {
        assert_eq!(employee_number("Ｅ－１０２３４"), Ok("E-10234".to_owned()));
        assert_eq!(employee_number(&"9".repeat(40)), Ok("9".repeat(40)));
        assert_eq!(employee_number(&"9".repeat(41)), Err(Fault::TooLong { limit: 40 }));
    }

    #[test]
    fn mail_addresses() {
        for (written, address) in [
            ("hanako@example.jp", "hanako@example.jp"),
            ("Hanako.Yamada+hr@mail.example.co.jp", "Hanako.Yamada+hr@mail.example.co.jp"),
            ("ｈａｎａｋｏ＠ｅｘａｍｐｌｅ．ｊｐ", "hanako@example.jp"),
            ("a..b.@docomo.ne.jp", "a..b.@docomo.ne.jp"),
        ] {
            assert_eq!(email(written), Ok(address.to_owned()), "{written}");
        }
        for written in [
            "no-at-sign.example.jp",
            "@example.jp",
            "a@",
            "a@example",
            "a@b@example.jp",
            "a b@example.jp",
            "a@exam ple.jp",
            "a@.jp",
            "a@example..jp",
            "a@example.jp.",
            "a@-example.jp",
            "a,b@example.jp",
            "a@example.jp,b@example.jp",
            "a@例え.jp",
            "<a@example.jp>",
            "mailto:a@example.jp",
        ] {
            assert_eq!(email(written), Err(Fault::NotAnEmail), "{written}");
        }
        assert_eq!(email(&format!("{}@example.jp", "a".repeat(244))), Err(Fault::NotAnEmail));
    }

    #[test]
    fn telephone_numbers() {
        for (written, number) in [
            ("090-1234-5678", "09012345678"),
            ("０９０－１２３４－５６７８", "09012345678"),
            ("(03) 1234-5678", "0312345678"),
            ("+81 90 1234 5678", "+819012345678"),
            ("０３ー１２３４ー５６７８", "0312345678"),
            ("123456", "123456"),
        ] {
            assert_eq!(phone(written), Ok(number.to_owned()), "{written}");
        }
        for written in
            ["12345", "123456789012345678901", "03+12345678", "03-1234-5678 内線1", "なし", "+", "090.1234.5678"]
        {
            assert_eq!(phone(written), Err(Fault::NotAPhone), "{written}");
        }
    }

    #[test]
    fn hours_of_a_week() {
        for (written, hours) in [("40", 40), ("４０", 40), ("40.0", 40), ("38時間", 38), ("1", 1), ("60", 60)] {
            assert_eq!(weekly_hours(written), Ok(hours), "{written}");
        }
        for written in ["37.5", "", "forty", "-1", "40.", ".0", "+40", "40:00"] {
            assert_eq!(weekly_hours(written), Err(Fault::NotHours), "{written}");
        }
        for written in ["0", "61", "256", "99999999999999999999"] {
            assert_eq!(weekly_hours(written), Err(Fault::HoursOutOfRange), "{written}");
        }
    }

    #[test]
    fn zones_have_one_spelling() {
        for written in ["Sendai", "SENDAI", "ｓｅｎｄａｉ", " sendai"] {
            assert_eq!(zone(written), Ok("sendai".to_owned()), "{written}");
        }
        assert_eq!(zone("仙台"), Ok("仙台".to_owned()));
    }

    #[test]
    fn whole_numbers_with_and_without_their_unit() {
        let months = |written| whole_number(written, 0, 1200, &["か月", "ヶ月", "カ月"]);
        for (written, number) in [("264", 264), ("２６４", 264), ("0", 0), ("12か月", 12), ("12 ヶ月", 12)] {
            assert_eq!(months(written), Ok(number), "{written}");
        }
        for written in ["1.5", "", "か月", "-1", "+1", "二年"] {
            assert_eq!(months(written), Err(Fault::NotAWholeNumber), "{written}");
        }
        for written in ["1201", "99999999999999999999"] {
            assert_eq!(months(written), Err(Fault::NumberOutOfRange { lowest: 0, highest: 1200 }), "{written}");
        }
    }

    #[test]
    fn a_cell_may_hold_a_thousand_characters_and_tabs_but_no_line_break() {
        assert!(checked(&"長".repeat(1000)).is_ok());
        assert_eq!(checked(&"長".repeat(1001)), Err(Fault::TooLong { limit: 1000 }));
        assert!(checked("a\tb").is_ok());
        for written in ["a\0b", "a\nb", "a\u{1b}b", "a\u{85}b", "a\u{7f}"] {
            assert_eq!(checked(written), Err(Fault::ControlCharacter), "{written:?}");
        }
    }
}
