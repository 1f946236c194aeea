//! A task as whoever it waits for sees it.

use chrono::{DateTime, NaiveDate, Utc};
use projections::tasks::Kind;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::only;
use crate::http::request::one_of;

/// Something that waits for the caller. It names nobody: whoever may do it reads the thing itself.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TaskView {
    id: Uuid,
    /// What is to be done.
    #[schema(schema_with = one_of::<Kind>)]
    kind: String,
    /// What it is, in English.
    #[schema(examples("Confirm or return an assessment of \"not eligible\""))]
    title_en: String,
    /// What it is, in Japanese.
    #[schema(examples("「再雇用不可」の判定を確認または差し戻す"))]
    title_ja: String,
    audience: TaskAudience,
    subject: TaskSubjectView,
    /// The human being concerned, where the task knows.
    person_id: Option<Uuid>,
    /// The other person of a relation.
    other_person_id: Option<Uuid>,
    /// The follow-up that was refused.
    follow_up: Option<TaskFollowUpView>,
    /// The local day by which it is to be done.
    due_on: NaiveDate,
    opened_at: DateTime<Utc>,
    /// The place in the employer's log of the event that opened it.
    position: i64,
}

/// For whom a task waits.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TaskAudience {
    /// Everybody in people operations.
    PeopleOps,
    /// Everybody who runs the programme.
    ProgrammeAdmin,
    /// Everybody in compliance.
    Compliance,
    /// Every recruiter of the entity.
    Recruiter,
    /// Everybody who may decide an exception from the pay policy: compensation and executives.
    ExceptionDeciders,
    /// Everybody who may approve an offer: compensation, people operations and executives.
    OfferApprovers,
    /// Everybody who may tell a returner why their conditions are as they are: compensation and people operations.
    Explainers,
    /// The caller, for what is their own.
    Account,
}

/// The thing to look at: `/v1/{collection}/{id}`.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TaskSubjectView {
    #[schema(examples("departures"))]
    collection: String,
    id: Uuid,
}

/// What should have followed an event.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TaskFollowUpView {
    id: Uuid,
    /// The event that it reacts to.
    reaction: String,
    /// That event's place in the employer's log.
    event_position: u64,
    /// Why it was refused.
    error_code: String,
}

/// Leaves of a task what it says, without those who must not do it.
pub(crate) fn mask(body: &mut Value) {
    only(
        body,
        &[
            "id",
            "kind",
            "title_en",
            "title_ja",
            "audience",
            "subject",
            "person_id",
            "other_person_id",
            "follow_up",
            "due_on",
            "opened_at",
            "position",
        ],
    );
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use aggregates::ids::{ActorId, PersonId};
    use chrono::{DateTime, NaiveDate};
    use projections::tasks as model;
    use uuid::Uuid;

    use super::{TaskView, mask};

    #[test]
    fn a_task_names_nobody() {
        let task = model::Task {
            id: Uuid::from_u128(1),
            state: model::State::Open,
            position: 7,
            kind: model::Kind::ConfirmLink,
            audience: model::Audience::PeopleOps,
            about: Uuid::from_u128(3).to_string(),
            account: Some(ActorId(Uuid::from_u128(2))),
            subject: model::Subject { collection: "persons".into(), id: Uuid::from_u128(3) },
            person_id: Some(PersonId(Uuid::from_u128(3))),
            other_person_id: None,
            follow_up: Some(model::FollowUp {
                id: Uuid::from_u128(4),
                reaction: "departure.recorded".into(),
                event_position: 6,
                error_code: "already_ended".into(),
            }),
            due_on: NaiveDate::from_ymd_opt(2026, 10, 1).unwrap(),
            opened_at: DateTime::from_timestamp(1_800_000_000, 0).unwrap(),
            title_en: "x".into(),
            title_ja: "y".into(),
            not_by: BTreeSet::from([ActorId(Uuid::from_u128(5))]),
        };
        let mut body = serde_json::to_value(task).unwrap();
        mask(&mut body);
        assert_eq!((body.get("not_by"), body.get("account")), (None, None));
        serde_json::from_value::<TaskView>(body).unwrap();
    }
}
