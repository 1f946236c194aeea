//! Which form of an answer a client wants (`Accept`, RFC 9110 §12.5.1).

use axum::http::{HeaderMap, header};

/// The one of `offers` that the client likes best; of equals the first. `None` where it takes none of them.
pub(super) fn preferred(headers: &HeaderMap, offers: &[&str]) -> Option<usize> {
    let ranges: Vec<(String, u16)> = headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(range)
        .collect();
    if ranges.is_empty() {
        return (!offers.is_empty()).then_some(0);
    }
    let wanted = offers.iter().map(|offer| weight(&ranges, offer)).enumerate();
    wanted
        .filter(|(_, weight)| *weight > 0)
        .max_by_key(|(index, weight)| (*weight, usize::MAX - index))
        .map(|(index, _)| index)
}

/// A media range and its weight in thousandths.
fn range(text: &str) -> Option<(String, u16)> {
    let mut parts = text.split(';').map(str::trim);
    let essence = parts.next().filter(|essence| essence.contains('/'))?.to_ascii_lowercase();
    let weight = parts.find_map(|parameter| parameter.strip_prefix("q=").or_else(|| parameter.strip_prefix("Q=")));
    Some((essence, weight.map_or(Some(1000), thousandths)?))
}

fn thousandths(text: &str) -> Option<u16> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = fraction.len() <= 3 && fraction.bytes().all(|b| b.is_ascii_digit());
    let fraction: u16 = format!("{fraction:0<3}").parse().ok().filter(|_| digits)?;
    match whole {
        "0" => Some(fraction),
        "1" if fraction == 0 => Some(1000),
        _ => None,
    }
}

/// The weight of an offer: that of the most specific range that covers it.
fn weight(ranges: &[(String, u16)], offer: &str) -> u16 {
    let kind = offer.split('/').next().unwrap_or_default();
    let covering = ranges.iter().filter_map(|(range, weight)| {
        let specific = match range.as_str() {
            exact if exact == offer => 2,
            "*/*" => 0,
            wide if wide.strip_suffix("/*") == Some(kind) => 1,
            _ => return None,
        };
        Some((specific, *weight))
    });
    covering.max().map_or(0, |(_, weight)| weight)
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, header};

    use super::preferred;

    fn choice(accept: Option<&'static str>) -> Option<usize> {
        let mut headers = HeaderMap::new();
        headers.extend(accept.map(|accept| (header::ACCEPT, HeaderValue::from_static(accept))));
        preferred(&headers, &["application/json", "application/jsonl", "text/html"])
    }

    #[test]
    fn the_best_liked_offer_is_taken_and_of_equals_the_first() {
        assert_eq!(choice(None), Some(0));
        assert_eq!(choice(Some("*/*")), Some(0));
        assert_eq!(choice(Some("application/jsonl")), Some(1));
        assert_eq!(choice(Some("text/html,application/xhtml+xml,*/*;q=0.8")), Some(2));
        assert_eq!(choice(Some("application/json;q=0.2, APPLICATION/JSONL;q=0.25")), Some(1));
        assert_eq!(choice(Some("text/*")), Some(2));
        assert_eq!(choice(Some("*/*, application/json;q=0")), Some(1));
    }

    #[test]
    fn what_is_not_offered_is_not_forced_upon_anybody() {
        assert_eq!(choice(Some("image/png")), None);
        assert_eq!(choice(Some("application/json;q=0")), None);
        assert_eq!(choice(Some("application/json;q=2")), Some(0));
    }
}
