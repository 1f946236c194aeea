//! The keys of claims that several aggregates share.

use chrono::NaiveDate;
use uuid::Uuid;

/// One period of employment, and its one departure: claims `employment` and `departure`.
pub fn natural_key(legal_entity: &str, employee_number: &str, from: NaiveDate) -> String {
    format!("{}/{from}", number_key(legal_entity, employee_number))
}

/// One employee number: claims `employee_number`, whose holder is the person who bears it, and `open_employment`.
pub fn number_key(legal_entity: &str, employee_number: &str) -> String {
    format!("{}/{}", part(legal_entity), part(employee_number))
}

/// Two things in either order: claim `person_link`.
pub fn pair_key(one: Uuid, other: Uuid) -> String {
    let (lower, higher) = if one <= other { (one, other) } else { (other, one) };
    format!("{lower}/{higher}")
}

/// A part never holds the separator, so that no two things share a key.
fn part(text: &str) -> String {
    text.replace('%', "%25").replace('/', "%2F")
}

#[cfg(test)]
mod tests {
    use super::{number_key, pair_key};
    use uuid::Uuid;

    #[test]
    fn a_separator_inside_a_part_makes_another_key() {
        assert_ne!(number_key("JP/HQ", "1"), number_key("JP", "HQ/1"));
        assert_ne!(number_key("JP/HQ", "1"), number_key("JP%2FHQ", "1"));
        assert_eq!(number_key("JP-HQ", "E-10234"), "JP-HQ/E-10234");
    }

    #[test]
    fn a_pair_has_one_key() {
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        assert_eq!(pair_key(one, other), pair_key(other, one));
    }
}
