//! What the API shows of each collection: the shapes that `OpenAPI` describes, and which role sees which parts of them.
//!
//! A document is masked, then opened, then leaves as it is: what a role must not see is absent, what is unknown or erased
//! is `null`. A role that does not see everything has a list of what it sees, so that whatever a document gains later
//! stays hidden until somebody decides.

pub(super) mod applications;
pub(super) mod departures;
pub(super) mod incumbent_snapshots;
pub(super) mod members;
pub(super) mod no_rehire_flags;
pub(super) mod offers;
pub(super) mod pay;
pub(super) mod pay_bands;
pub(super) mod pay_policies;
pub(super) mod pipeline;
pub(super) mod programme_policies;
pub(super) mod referrals;
pub(super) mod requisitions;
pub(super) mod reward_plans;
pub(super) mod rewards;
pub(super) mod tasks;
pub(super) mod versions;

use std::marker::PhantomData;

use aggregates::checks::CheckAnswer;
use aggregates::rehire_policy::{DISPATCHED, DISPATCHED_BASIS, FLAG, JOB_RETURN};
use axum::Json;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use projections::model::ReadModel;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::App;
use super::problem::Problem;
use super::reading::{Listed, present};
use super::request::{Line, Session, one_of_or_null};
use crate::identity::Role;
use crate::ledger::{Document, TableId};

/// The table of a read model.
pub(super) const fn table<M: ReadModel>() -> TableId {
    TableId { name: M::NAME, version: M::VERSION, filters: M::FILTERS }
}

/// An amount of money.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MoneyView {
    /// Minor units; yen have none.
    #[schema(examples(6_200_000))]
    amount: i64,
    /// ISO 4217 code.
    #[schema(examples("JPY"))]
    currency: String,
}

impl MoneyView {
    /// An amount in a currency.
    pub(super) fn new(amount: i64, currency: &str) -> Self {
        Self { amount, currency: currency.to_owned() }
    }
}

/// What was answered to a rule that did not pass by itself; of the other kinds' members none.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CheckSettlementView {
    /// `answered`, `acknowledged` or `legal_opinion`.
    #[schema(examples("answered"))]
    kind: String,
    rule: String,
    #[schema(schema_with = one_of_or_null::<CheckAnswer>)]
    answer: Option<String>,
    evidence_ref: Option<String>,
    reason: Option<String>,
    opinion_ref: Option<String>,
    valid_until: Option<NaiveDate>,
    by: Uuid,
}

/// JSON in the shape of `T`, with what the caller may not see left out.
#[derive(Debug)]
pub(super) struct Seen<T> {
    body: Value,
    shape: PhantomData<fn() -> T>,
}

impl<T> Serialize for Seen<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.body.serialize(serializer)
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Seen<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let body = Value::deserialize(deserializer)?;
        // Whether documents and views agree is a question for tests; a live answer is not worth failing for it.
        if cfg!(debug_assertions) {
            T::deserialize(&body).map_err(D::Error::custom)?;
        }
        Ok(Self { body, shape: PhantomData })
    }
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Page<T> {
    /// The items, in the list's order.
    items: Vec<T>,
    /// `cursor` of the next page; `null` on the last one.
    next_cursor: Option<String>,
}

impl<T> From<Listed<T>> for Page<T> {
    fn from(listed: Listed<T>) -> Self {
        Self { items: listed.items, next_cursor: listed.next_cursor }
    }
}

/// One thing, with its version as `ETag`.
pub(super) struct One<T> {
    body: T,
    version: Option<i64>,
}

impl<T> One<T> {
    /// A thing at a version.
    pub(super) const fn new(body: T, version: i64) -> Self {
        Self { body, version: Some(version) }
    }

    /// A thing whose version the caller is not told.
    pub(super) const fn untagged(body: T) -> Self {
        Self { body, version: None }
    }
}

impl<T: Serialize> IntoResponse for One<T> {
    fn into_response(self) -> Response {
        let mut response = Json(self.body).into_response();
        let tag = self.version.and_then(|version| HeaderValue::from_str(&format!("\"{version}\"")).ok());
        if let Some(tag) = tag {
            response.headers_mut().insert(header::ETAG, tag);
        }
        response
    }
}

/// Masks and opens one document.
pub(super) async fn one<T: DeserializeOwned>(
    app: &App,
    session: &Session,
    document: Document,
    mask: impl Fn(&Session, &mut Value),
) -> Result<One<T>, Problem> {
    let version = document.version;
    let body = present(app, session, vec![document], mask).await?.pop().ok_or_else(Problem::not_found)?;
    Ok(One::new(body, version))
}

/// The entities that a list is limited to: those asked for among those the caller may see.
pub(super) fn entity_filter(session: &Session, asked: Option<Line>) -> Option<(&'static str, Vec<String>)> {
    let names = match (session.legal_entities(), asked) {
        (None, None) => return None,
        (None, Some(asked)) => vec![asked.0],
        (Some(covered), None) => covered.iter().cloned().collect(),
        (Some(covered), Some(asked)) => covered.iter().filter(|name| **name == asked.0).cloned().collect(),
    };
    Some(("legal_entity", names))
}

/// A filter of a list, where it is asked for.
pub(super) fn one_value(name: &'static str, value: Option<impl ToString>) -> Option<(&'static str, Vec<String>)> {
    value.map(|value| (name, vec![value.to_string()]))
}

/// Whether a document of the caller's employer lies in an entity that the caller may see.
pub(super) fn in_scope(session: &Session, body: &Value) -> bool {
    session.legal_entities().is_none()
        || body.get("legal_entity").and_then(Value::as_str).is_some_and(|entity| session.covers(entity))
}

/// Keeps the members that these paths name and drops all others; `*` stands for every item of a list.
pub(super) fn only(body: &mut Value, paths: &[&str]) {
    let paths: Vec<Vec<&str>> = paths.iter().map(|path| path.split('.').collect()).collect();
    keep(body, &paths.iter().map(Vec::as_slice).collect::<Vec<_>>());
}

fn keep(value: &mut Value, paths: &[&[&str]]) {
    let below = |name: &str| -> Vec<&[&str]> {
        paths
            .iter()
            .filter_map(|path| path.split_first().filter(|(first, _)| **first == name).map(|(_, rest)| rest))
            .collect()
    };
    match value {
        Value::Object(members) => members.retain(|name, member| {
            let rest = below(name);
            let named = !rest.is_empty();
            if named && rest.iter().all(|rest| !rest.is_empty()) {
                keep(member, &rest);
            }
            named
        }),
        Value::Array(items) => {
            let rest = below("*");
            for item in items {
                keep(item, &rest);
            }
        }
        // A path leads deeper than there is: what lies here is not what it names.
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => *value = Value::Null,
    }
}

/// Gives members that an object leaves out when nothing is known the value `null`.
pub(super) fn nulls(within: Option<&mut Value>, names: &[&str]) {
    unsaid(within, names, &Value::Null);
}

/// Gives members that an object leaves out when there is nothing to say the value that says so.
pub(super) fn unsaid(within: Option<&mut Value>, names: &[&str], value: &Value) {
    if let Some(members) = within.and_then(Value::as_object_mut) {
        for name in names {
            members.entry(*name).or_insert_with(|| value.clone());
        }
    }
}

/// Gives a member another name.
pub(super) fn rename(body: &mut Value, from: &str, to: &str) {
    if let Some(members) = body.as_object_mut()
        && let Some(value) = members.remove(from)
    {
        members.insert(to.to_owned(), value);
    }
}

/// Changes every item of a list.
pub(super) fn each(list: Option<&mut Value>, change: impl FnMut(&mut Value)) {
    list.and_then(Value::as_array_mut).into_iter().flatten().for_each(change);
}

/// Takes out of a list what rules say about no-rehire flags (PRV-13), and about why somebody left (PRV-12): both are for few
/// to know. That LAB-04 bars nothing is said, and not by which of its grounds; the dates may tell it all the same.
pub(super) fn without_flags(list: Option<&mut Value>, rule: &str) {
    let Some(items) = list.and_then(Value::as_array_mut) else { return };
    items.retain(|item| item.pointer(rule).is_none_or(|rule| rule != FLAG && rule != JOB_RETURN));
    let tells = |item: &&mut Value| item.pointer(rule).is_some_and(|rule| rule == DISPATCHED);
    for item in items.iter_mut().filter(tells) {
        if item["code"] == "retired" || item["code"] == "a_year_has_passed" {
            (item["code"], item["basis"]) = (json!("not_barred"), json!(DISPATCHED_BASIS));
            if let Some(figures) = item.get_mut("figures") {
                *figures = json!({});
            }
        }
    }
}

/// Whether a role may know of no-rehire flags (PRV-13).
pub(super) const fn knows_of_flags(role: Role) -> bool {
    matches!(role, Role::Compliance | Role::PeopleOps)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{nulls, only, without_flags};

    #[test]
    fn what_is_not_named_is_gone() {
        let mut body =
            json!({"id": 1, "person": {"name": "x", "born": "y"}, "list": [{"a": 1, "b": 2}], "why": "z", "flat": 3});
        only(&mut body, &["id", "person.name", "list.*.a", "flat.deeper", "never.there"]);
        assert_eq!(body, json!({"id": 1, "person": {"name": "x"}, "list": [{"a": 1}], "flat": null}));
    }

    #[test]
    fn that_nothing_bars_a_dispatch_does_not_tell_who_retired() {
        let of = |code: &str, basis: &str| {
            let mut rules =
                json!([{"rule": "LAB-04", "code": code, "basis": basis, "figures": {"left_on": "2026-03-31"}}]);
            without_flags(Some(&mut rules), "/rule");
            rules
        };
        let retired = of("retired", "労働者派遣法40条の9第1項");
        assert_eq!(retired, of("a_year_has_passed", "労働者派遣法35条の5"));
        assert_eq!(retired[0]["code"], "not_barred");
        assert_eq!(of("dispatched_within_a_year", "x")[0]["figures"]["left_on"], "2026-03-31");
    }

    #[test]
    fn the_whole_of_a_member_outweighs_its_parts() {
        let mut body = json!({"person": {"name": "x", "born": "y"}});
        only(&mut body, &["person.name", "person"]);
        assert_eq!(body, json!({"person": {"name": "x", "born": "y"}}));
    }

    #[test]
    fn unknown_is_null() {
        let mut body = json!({"person": {"name": "x"}});
        nulls(body.get_mut("person"), &["name", "email"]);
        nulls(body.get_mut("nobody"), &["name"]);
        assert_eq!(body, json!({"person": {"name": "x", "email": null}}));
    }
}
