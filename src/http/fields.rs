//! Fields of requests that need more than a type of their own: names from closed lists, ids, and changes to what stands.

use std::str::FromStr;

use serde::{Deserialize, Deserializer};
use utoipa::openapi::schema::ArrayBuilder;
use utoipa::openapi::{RefOr, Schema};
use uuid::Uuid;

use super::problem::Problem;
use super::request::{one_of, parse_id};

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

/// The schema of several names of a closed list.
pub(super) fn several_of<T: strum::IntoEnumIterator + Into<&'static str>>() -> Schema {
    ArrayBuilder::new().items(RefOr::T(one_of::<T>())).build().into()
}

/// An id in a body.
pub(super) fn id_at(pointer: &str, text: &str) -> Result<Uuid, Problem> {
    parse_id(text).map_err(|_| {
        Problem::field(pointer, "not_an_id", "An id (a UUID) is expected.", "ID（UUID）の形式で指定してください。")
    })
}

/// What stands then, where a request may leave it as it is.
pub(super) fn restate<T>(stands: &mut T, given: Option<T>) {
    if let Some(given) = given {
        *stands = given;
    }
}

/// What a request says about something that stands. To be used with `#[serde(default)]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Given<T> {
    /// Nothing: it stays as it is.
    #[default]
    Unsaid,
    /// `null`: it is taken back.
    Nothing,
    /// A new value.
    Value(T),
}

impl<T> Given<T> {
    /// The same with another form of the value, if it has one.
    pub(super) fn try_map<U, E>(self, convert: impl FnOnce(T) -> Result<U, E>) -> Result<Given<U>, E> {
        Ok(match self {
            Self::Unsaid => Given::Unsaid,
            Self::Nothing => Given::Nothing,
            Self::Value(value) => Given::Value(convert(value)?),
        })
    }

    /// What stands then, where there may be nothing.
    pub(super) fn onto(self, stands: &mut Option<T>) {
        match self {
            Self::Unsaid => {}
            Self::Nothing => *stands = None,
            Self::Value(value) => *stands = Some(value),
        }
    }

    /// The same with another form of the value.
    pub(super) fn map<U>(self, convert: impl FnOnce(T) -> U) -> Given<U> {
        match self {
            Self::Unsaid => Given::Unsaid,
            Self::Nothing => Given::Nothing,
            Self::Value(value) => Given::Value(convert(value)),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Given<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Nothing, Self::Value))
    }
}

#[cfg(test)]
mod tests {
    use aggregates::values::Verdict;
    use serde::Deserialize;
    use uuid::Uuid;

    use super::{Given, all_named, id_at};

    #[derive(Debug, PartialEq, Deserialize)]
    struct Asked {
        #[serde(default)]
        until: Given<u8>,
    }

    #[test]
    fn absent_null_and_given_are_three_things() {
        let asked = |text: &str| serde_json::from_str::<Asked>(text).unwrap().until;
        assert_eq!(asked("{}"), Given::Unsaid);
        assert_eq!(asked(r#"{"until": null}"#), Given::Nothing);
        assert_eq!(asked(r#"{"until": 3}"#), Given::Value(3));
    }

    #[test]
    fn what_is_not_on_the_list_is_pointed_at() {
        let problem = all_named::<Verdict>("/verdicts", &["eligible".into(), "good".into()]).unwrap_err();
        assert_eq!(problem.errors[0].pointer, "/verdicts/1");
        let verdicts = all_named::<Verdict>("/verdicts", &["eligible".into()]);
        assert_eq!(verdicts.unwrap(), vec![Verdict::Eligible]);
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
