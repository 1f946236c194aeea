//! What is shown of rules that are laid down version by version, whatever they lay down: which versions govern, wait or are
//! superseded on a day.

use chrono::{DateTime, NaiveDate, Utc};
use projections::versions::Versioned;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::each;

/// Whether version 0 governs an entity.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BuiltInReach {
    pub(crate) legal_entity: String,
    /// Whether it governs today: where no published policy does.
    pub(crate) governs: bool,
}

/// How far a policy has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub(crate) enum PolicyState {
    /// Waits for a second person.
    Draft,
    /// Waits to be published.
    Approved,
    /// Governs from a day on.
    Published,
    /// Governs nothing any more.
    Retired,
}

/// How far a version has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PolicyVersionState {
    /// Waits for a second person.
    Draft,
    /// Waits to be published.
    Approved,
    /// Was published: it governs from its first day on.
    Published,
    /// A version published later governs in its place.
    Superseded,
    /// A later draft took its place before it was published.
    Discarded,
}

/// How a policy was retired.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PolicyRetirementView {
    /// The first day on which it governs nothing.
    effective_from: NaiveDate,
    retired_by: Uuid,
    at: DateTime<Utc>,
    note: Option<String>,
}

/// What follows from a day: which versions govern, wait or are superseded, by their numbers.
struct OnDay {
    governing: Option<u32>,
    upcoming: Option<u32>,
    waiting: Option<u32>,
    superseded: Vec<u32>,
}

impl OnDay {
    fn of<I, T: Clone>(rule: &Versioned<I, T>, today: NaiveDate) -> Self {
        let superseded = rule.versions.iter().filter(|version| rule.is_superseded(version, today));
        Self {
            governing: rule.governing(today).map(|version| version.number),
            upcoming: rule.upcoming(today).map(|version| version.number),
            waiting: rule.waiting().map(|version| version.number),
            superseded: superseded.map(|version| version.number).collect(),
        }
    }
}

/// A rule with every version, as it stands on a day; `told` brings its terms into the API's shape.
pub(crate) fn shown<I: DeserializeOwned, T: DeserializeOwned + Clone>(
    today: NaiveDate,
    body: &mut Value,
    told: impl FnOnce(&mut Value),
) {
    if let Some(on_day) = on_day::<I, T>(today, body, told) {
        body["governing_version"] = json!(on_day.governing);
        body["upcoming_version"] = json!(on_day.upcoming);
        body["waiting_version"] = json!(on_day.waiting);
    }
}

/// A rule as lists show it: of its versions those that count on a day.
pub(crate) fn listed<I: DeserializeOwned, T: DeserializeOwned + Clone>(
    today: NaiveDate,
    body: &mut Value,
    told: impl FnOnce(&mut Value),
) {
    let Some(on_day) = on_day::<I, T>(today, body, told) else { return };
    let versions = body.as_object_mut().and_then(|members| members.remove("versions")).unwrap_or_default();
    let numbered = |number: Option<u32>| -> Value {
        let is = |version: &&Value| number.is_some_and(|number| version.get("number") == Some(&json!(number)));
        versions.as_array().and_then(|versions| versions.iter().find(is)).cloned().unwrap_or_default()
    };
    body["governing"] = numbered(on_day.governing);
    body["upcoming"] = numbered(on_day.upcoming);
    body["waiting"] = numbered(on_day.waiting);
}

/// Tells the body and names its superseded versions.
fn on_day<I: DeserializeOwned, T: DeserializeOwned + Clone>(
    today: NaiveDate,
    body: &mut Value,
    told: impl FnOnce(&mut Value),
) -> Option<OnDay> {
    let rule = Versioned::<I, T>::deserialize(&*body);
    told(body);
    let on_day = OnDay::of(&rule.ok()?, today);
    let superseded: Vec<Value> = on_day.superseded.iter().map(|number| json!(number)).collect();
    each(body.get_mut("versions"), |version| {
        if version.get("number").is_some_and(|number| superseded.contains(number)) {
            version["state"] = json!(PolicyVersionState::Superseded);
        }
    });
    Some(on_day)
}
