//! A no-rehire flag as each role sees it (PRV-13): whole for those who raise and those who review, and for the person
//! what they can act on. Nobody else sees it at all.

use aggregates::no_rehire_flag::{ExpiryCause, FlagReason, LiftReason};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::only;
use crate::http::reading::remove;
use crate::http::request::{Reach, Session, one_of_or_null};
use crate::identity::Role;

/// A no-rehire flag (再雇用不可). The person sees state, clause, expiry and appeal route of their own; a member that the
/// caller may not see is absent, what is unknown or erased is `null`.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoRehireFlagView {
    id: Uuid,
    state: NoRehireFlagState,
    /// The same as `ETag`.
    version: i64,
    /// The place in the employer's log of the last event that this shows.
    position: i64,
    /// The human being.
    person_id: Option<Uuid>,
    /// The coded reason.
    #[schema(schema_with = one_of_or_null::<FlagReason>)]
    reason: Option<String>,
    /// The clause relied on now.
    clause: String,
    /// Where the evidence of the present term lies.
    evidence_ref: Option<String>,
    /// How the person can appeal.
    appeal_route: String,
    /// The day on which the present term lapses, at most three years ahead.
    expires_on: Option<NaiveDate>,
    note: Option<String>,
    raised_by: Option<Uuid>,
    raised_at: DateTime<Utc>,
    /// When compliance was told that the term ends.
    expiry_noticed_at: Option<DateTime<Utc>>,
    /// The appeal that waits for its decision.
    appeal: Option<FlagAppealView>,
    /// The renewal that waits for its review.
    renewal: Option<FlagRenewalView>,
    /// The latest decisions, oldest first.
    reviews: Option<Vec<FlagReviewView>>,
    ending: Option<FlagEndingView>,
}

/// How far a flag has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub(crate) enum NoRehireFlagState {
    /// Waits for a second person; without effect.
    Raised,
    /// In force.
    Active,
    /// In force, and appealed against.
    UnderAppeal,
    /// Taken away.
    Lifted,
    /// Fell away by itself.
    Expired,
    /// Not upheld.
    Rejected,
}

/// An appeal that waits for its decision.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FlagAppealView {
    /// Who handed it in.
    appealed_by: Option<Uuid>,
    appealed_at: DateTime<Utc>,
    grounds: Option<String>,
}

/// A renewal that waits for its review.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FlagRenewalView {
    clause: String,
    /// Where the fresh evidence lies.
    evidence_ref: String,
    /// The day on which the new term would lapse.
    expires_on: NaiveDate,
    renewed_by: Uuid,
    renewed_at: DateTime<Utc>,
}

/// A decision about a flag.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FlagReviewView {
    decision: FlagDecision,
    clause: Option<String>,
    by: Uuid,
    at: DateTime<Utc>,
    note: Option<String>,
}

/// What was decided about a flag.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FlagDecision {
    /// It is in force.
    Upheld,
    /// It is not.
    Rejected,
    /// It stays in force.
    AppealDismissed,
    /// It is taken away.
    AppealGranted,
    /// A new term began.
    RenewalConfirmed,
    /// The present term runs out.
    RenewalRefused,
}

/// How a flag ended.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FlagEndingView {
    at: DateTime<Utc>,
    /// The day from which it does not stand, where it fell away by itself.
    on: Option<NaiveDate>,
    lifted_by: Option<Uuid>,
    /// Why it was lifted.
    #[schema(schema_with = one_of_or_null::<LiftReason>)]
    reason_code: Option<String>,
    /// Why it fell away.
    #[schema(schema_with = one_of_or_null::<ExpiryCause>)]
    because: Option<String>,
    note: Option<String>,
}

/// What the person can act on.
const OWN: &[&str] = &["id", "state", "version", "position", "clause", "appeal_route", "expires_on", "raised_at"];

/// Leaves of a flag what this caller may see.
pub(crate) fn mask(session: &Session, body: &mut Value) {
    mask_for(session.role, session.reach, body);
}

/// Leaves of a flag what the person themselves may see.
pub(crate) fn mask_own(body: &mut Value) {
    only(body, OWN);
}

fn mask_for(role: Role, reach: Reach, body: &mut Value) {
    match (reach, role) {
        (Reach::All, Role::Compliance | Role::PeopleOps) => remove(body, &["raised_position"]),
        (Reach::All | Reach::Own | Reach::Assigned, _) => mask_own(body),
    }
}

#[cfg(test)]
mod tests {
    use aggregates::ids::{ActorId, FlagId, PersonId};
    use aggregates::no_rehire_flag::{ExpiryCause, FlagReason, LiftReason};
    use chrono::{DateTime, NaiveDate};
    use projections::no_rehire_flags as model;
    use serde_json::{Value, json};
    use uuid::Uuid;

    use super::{NoRehireFlagView, mask_for};
    use crate::http::request::Reach;
    use crate::identity::Role;

    fn full() -> Value {
        let day = NaiveDate::from_ymd_opt(2029, 10, 1).unwrap();
        let at = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let actor = ActorId(Uuid::from_u128(3));
        let document = model::NoRehireFlag {
            id: FlagId(Uuid::from_u128(1)),
            state: model::State::UnderAppeal,
            version: 3,
            position: 30,
            person_id: PersonId(Uuid::from_u128(2)),
            reason: FlagReason::Harassment,
            clause: "第12条".into(),
            evidence_ref: Some("legal/1".into()),
            appeal_route: "compliance desk".into(),
            expires_on: Some(day),
            note: None,
            raised_by: actor,
            raised_at: at,
            raised_position: 10,
            expiry_noticed_at: Some(at),
            appeal: Some(model::Appeal { appealed_by: Some(actor), appealed_at: at, grounds: None }),
            renewal: Some(model::Renewal {
                clause: "第12条".into(),
                evidence_ref: "legal/2".into(),
                expires_on: day,
                renewed_by: actor,
                renewed_at: at,
            }),
            reviews: vec![model::Review {
                decision: model::Decision::Upheld,
                clause: Some("第12条".into()),
                by: actor,
                at,
                note: None,
            }],
            ending: Some(model::Ending {
                at,
                on: Some(day),
                lifted_by: Some(actor),
                reason_code: Some(LiftReason::LegalAdvice),
                because: Some(ExpiryCause::TermEnded),
                note: None,
            }),
        };
        serde_json::to_value(document).unwrap()
    }

    fn seen(role: Role, reach: Reach) -> Value {
        let mut body = full();
        mask_for(role, reach, &mut body);
        serde_json::from_value::<NoRehireFlagView>(body.clone()).unwrap();
        body
    }

    #[test]
    fn those_who_raise_and_review_see_all_of_it() {
        for role in [Role::Compliance, Role::PeopleOps] {
            assert_eq!(seen(role, Reach::All)["evidence_ref"], "legal/1");
        }
    }

    #[test]
    fn the_person_sees_state_clause_expiry_and_appeal_route_and_nothing_behind_them() {
        let body = seen(Role::Alumnus, Reach::Own);
        assert_eq!(
            body,
            json!({"id": body["id"], "state": "under_appeal", "version": 3, "position": 30, "clause": "第12条",
                "appeal_route": "compliance desk", "expires_on": "2029-10-01", "raised_at": body["raised_at"]})
        );
    }
}
