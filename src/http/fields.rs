//! Fields of requests that need more than a type of their own: names from closed lists, ids, and changes to what stands.

use std::str::FromStr;

use serde::{Deserialize, Deserializer};
use uuid::Uuid;

use super::problem::Problem;
use super::request::parse_id;

/// A member of a closed list, parsed from its name.
pub(super) fn named<T: FromStr>(pointer: &str, name: &str) -> Result<T, Problem> {
    name.parse().map_err(|_| {
        Problem::field(pointer, "unknown_value", "This value is not one of those allowed.", "使用できない値です。")
    })
}

/// Members of a closed list; an error points at the one that is none.
pub(super) fn all_named<T: FromStr>(pointer: &str, names: &[String]) -> Result<Vec<T>, Problem> {
    names.iter().enumerate().map(|(index, name)| named(&format!("{pointer}/{index}"), name)).collect()
}

/// An id in a body.
pub(super) fn id_at(pointer: &str, text: &str) -> Result<Uuid, Problem> {
    parse_id(text).map_err(|_| {
        Problem::field(pointer, "not_an_id", "An id (a UUID) is expected.", "ID（UUID）の形式で指定してください。")
    })
}

/// For a field that may be absent (stays as it is), `null` (taken back) or given anew: the outer `Option` tells whether it
/// is there.
pub(super) fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use aggregates::values::Verdict;
    use serde::Deserialize;
    use uuid::Uuid;

    use super::{all_named, given, id_at};

    #[derive(Debug, PartialEq, Deserialize)]
    struct Asked {
        #[serde(default, deserialize_with = "given")]
        until: Option<Option<u8>>,
    }

    #[test]
    fn absent_null_and_given_are_three_things() {
        let asked = |text: &str| serde_json::from_str::<Asked>(text).unwrap().until;
        assert_eq!(asked("{}"), None);
        assert_eq!(asked(r#"{"until": null}"#), Some(None));
        assert_eq!(asked(r#"{"until": 3}"#), Some(Some(3)));
    }

    #[test]
    fn what_is_not_on_the_list_is_pointed_at() {
        let problem = all_named::<Verdict>("/verdicts", &["eligible".into(), "good".into()]).unwrap_err();
        assert_eq!(problem.errors[0].pointer, "/verdicts/1");
        assert_eq!(all_named("/verdicts", &["eligible".into()]).unwrap(), vec![Verdict::Eligible]);
    }

    #[test]
    fn an_id_has_one_written_form() {
        let id = Uuid::from_u128(7);
        assert_eq!(id_at("/departure_id", &id.to_string()).unwrap(), id);
        for other in ["", "7", &id.simple().to_string(), &format!("{{{id}}}")] {
            assert_eq!(id_at("/departure_id", other).unwrap_err().errors[0].code, "not_an_id");
        }
    }
}
