//! Amounts in yen as people in Japanese offices write them.

use unicode_normalization::UnicodeNormalization;

use super::fault::Fault;

/// Well above any salary; what lies beyond was meant otherwise.
const LARGEST: i64 = 10_000_000_000;

/// Reads 5740000, 5,740,000円, ￥5,740,000, 5,740千円, 574.5万円 and so on, in any width, as whole yen above zero.
pub(super) fn yen(text: &str) -> Result<i64, Fault> {
    let text: String = text.nfkc().filter(|character| !character.is_whitespace()).collect();
    let (negative, text) = unsigned(&text);
    let (digits, scale) = whole_and_scale(text).ok_or(Fault::NotAnAmount)?;
    if negative {
        return Err(Fault::NotPositive);
    }
    match amount(&digits, scale)? {
        0 => Err(Fault::NotPositive),
        amount if amount > LARGEST => Err(Fault::AmountOutOfRange),
        amount => Ok(amount),
    }
}

/// Takes off at most one sign and one yen mark, in either order. In CP932 the yen mark is often a backslash.
fn unsigned(text: &str) -> (bool, &str) {
    const MINUS: [char; 6] = ['-', '−', '‐', '–', '△', '▲'];
    const MARK: [char; 2] = ['¥', '\\'];
    let (marked, text) = text.strip_prefix(MARK).map_or((false, text), |rest| (true, rest));
    let (negative, text) = text.strip_prefix(MINUS).map_or((false, text), |rest| (true, rest));
    let text = if negative && !marked { text.strip_prefix(MARK).unwrap_or(text) } else { text };
    (negative, text)
}

/// The digits without separators, and how many places the decimal point is to be moved right (left if negative).
fn whole_and_scale(text: &str) -> Option<(String, i64)> {
    let text = text.strip_suffix('円').unwrap_or(text);
    let (text, unit) = [('千', 3), ('万', 4)]
        .into_iter()
        .find_map(|(name, places)| Some((text.strip_suffix(name)?, places)))
        .unwrap_or((text, 0));
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let fraction_is_digits = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    if !fraction_is_digits || !is_grouped(whole) {
        return None;
    }
    let fraction = fraction.trim_end_matches('0');
    let digits = whole.replace(',', "") + fraction;
    Some((digits, unit - i64::try_from(fraction.len()).ok()?))
}

/// Digits only, or with a comma before every third: `5,74` is a decimal comma or a slip, and neither is 574.
fn is_grouped(whole: &str) -> bool {
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let grouped = whole.contains(',');
    let digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    !first.is_empty()
        && digits(first)
        && (!grouped || first.len() <= 3)
        && groups.all(|group| group.len() == 3 && digits(group))
}

fn amount(digits: &str, scale: i64) -> Result<i64, Fault> {
    let places = u32::try_from(scale).map_err(|_| Fault::NotAnAmount)?;
    let digits = digits.trim_start_matches('0');
    if digits.is_empty() {
        return Ok(0);
    }
    let amount = digits.parse().ok().and_then(|digits: i64| digits.checked_mul(10_i64.checked_pow(places)?));
    amount.ok_or(Fault::AmountOutOfRange)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_amount_in_many_spellings() {
        for text in [
            "5740000",
            "5,740,000",
            "5,740,000円",
            "￥5,740,000",
            "¥5,740,000",
            "\\5,740,000",
            "５,７４０,０００円",
            "５，７４０，０００円",
            "５７４００００",
            "5 740 000",
            "￥ 5,740,000 円",
            "5740000.0",
            "5,740,000.00円",
            "5,740千円",
            "5740千円",
            "574万円",
            "574.0万円",
            "574万",
            "５７４万円",
            "5740.000千円",
            "05740000",
        ] {
            assert_eq!(yen(text), Ok(5_740_000), "{text}");
        }
        assert_eq!(yen("574.5万円"), Ok(5_745_000));
        assert_eq!(yen("574.5678万円"), Ok(5_745_678));
        assert_eq!(yen("1"), Ok(1));
        assert_eq!(yen("10,000,000,000"), Ok(10_000_000_000));
    }

    #[test]
    fn zero_and_less_are_refused_in_every_spelling() {
        for text in [
            "0",
            "0円",
            "０",
            "0.0",
            "-1",
            "-5,000,000",
            "△5,000,000",
            "▲5,000,000",
            "－５，０００，０００",
            "−5000000",
            "￥-5,000,000",
            "-￥5,000,000",
            "-500万円",
            "-99999999999999999999",
            "-0.5",
            "-0",
        ] {
            assert_eq!(yen(text), Err(Fault::NotPositive), "{text}");
        }
    }

    #[test]
    fn what_is_no_whole_amount_is_refused() {
        for text in [
            "",
            "円",
            "￥",
            "-",
            "abc",
            "5,74",
            "5,7400,000",
            "5740,000",
            ",574",
            "574,",
            "5..0",
            "5.",
            ".5",
            "5740000.5",
            "574.56789万円",
            "1億円",
            "574万5千円",
            "５７４万円/年",
            "$5000",
            "5e6",
            "--5",
            "￥￥5",
            "+5740000",
            "4,000,000〜5,000,000",
            "五百万円",
            "NaN",
        ] {
            assert_eq!(yen(text), Err(Fault::NotAnAmount), "{text}");
        }
    }

    #[test]
    fn amounts_beyond_any_salary_are_refused() {
        for text in
            ["10,000,000,001", "1000001万円", "99999999999999999999999999999999999999", "9223372036854775807万円"]
        {
            assert_eq!(yen(text), Err(Fault::AmountOutOfRange), "{text}");
        }
    }
}
