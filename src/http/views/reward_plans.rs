//! A reward plan as each role sees it: every version for those who write, approve and apply it, and for employees what is
//! published.

use aggregates::reward_plan::{PresenceAtPayment, SocialInsuranceClass};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{MoneyView, only};
use crate::http::reading::remove;
use crate::http::request::{Session, one_of, one_of_or_null};
use crate::identity::Role;

/// A plan of referral rewards (リファラル手当規程). Employees see its published versions only.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RewardPlanView {
    id: Uuid,
    /// A published plan goes on governing while its next version waits.
    state: RewardPlanState,
    /// The same as `ETag`.
    version: i64,
    /// The place in the employer's log of the last event that this shows.
    position: i64,
    /// The name of its latest version.
    name: Option<String>,
    /// The entity whose employees it rewards.
    legal_entity: String,
    /// Its latest versions, oldest first. Of those published that have begun, the latest governs.
    versions: Vec<PlanVersionView>,
    drafted_at: Option<DateTime<Utc>>,
    retirement: Option<PlanRetirementView>,
}

/// How far a plan has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub(crate) enum RewardPlanState {
    /// Waits for a second person.
    Draft,
    /// Waits to be published.
    Approved,
    /// Governs from a day on.
    Published,
    /// Governs nothing any more.
    Retired,
}

/// A version of a plan.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanVersionView {
    /// Which version, from 1.
    number: u32,
    state: PlanVersionState,
    terms: PlanTermsView,
    drafted_by: Option<Uuid>,
    drafted_at: Option<DateTime<Utc>>,
    approved_by: Option<Uuid>,
    approved_at: Option<DateTime<Utc>>,
    /// The first day on which it governs.
    effective_from: Option<NaiveDate>,
    published_by: Option<Uuid>,
}

/// How far a version has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PlanVersionState {
    /// Waits for a second person.
    Draft,
    /// Waits to be published.
    Approved,
    /// Was published.
    Published,
    /// A later draft took its place before it was published.
    Discarded,
}

/// What a version lays down (賃金規程の定め).
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanTermsView {
    name: String,
    legal_entity: String,
    /// The clause of the wage rules.
    clause: String,
    /// When the rules were filed (届出).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    filed_on: Option<NaiveDate>,
    amount: MoneyView,
    milestone: PlanMilestoneView,
    /// Whether the referrer must still be employed on the day of payment (支給日在籍要件).
    #[schema(schema_with = one_of::<PresenceAtPayment>)]
    presence_at_payment: PresenceAtPayment,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    payroll: Option<PlanPayrollView>,
}

/// How long after the first day a reward falls due.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PlanMilestoneView {
    /// So many days after the first day.
    Days(u32),
    /// So many months after it.
    Months(u32),
}

/// How payroll treats a reward: wage, taxed as 給与.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanPayrollView {
    /// The pay item.
    item_code: String,
    /// What it is for social insurance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = one_of_or_null::<SocialInsuranceClass>)]
    social_insurance: Option<SocialInsuranceClass>,
    /// Where the note of the pension office or 社労士 lies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note_ref: Option<String>,
}

/// How a plan was retired.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanRetirementView {
    /// The first day on which it governs nothing.
    effective_from: NaiveDate,
    retired_by: Uuid,
    at: DateTime<Utc>,
    note: Option<String>,
}

/// What employees see of a published plan.
const PUBLISHED: &[&str] = &[
    "id",
    "state",
    "version",
    "position",
    "legal_entity",
    "versions.*.number",
    "versions.*.state",
    "versions.*.terms.name",
    "versions.*.terms.legal_entity",
    "versions.*.terms.clause",
    "versions.*.terms.amount",
    "versions.*.terms.milestone",
    "versions.*.terms.presence_at_payment",
    "versions.*.effective_from",
];

const fn reads_drafts(role: Role) -> bool {
    !matches!(role, Role::Employee)
}

/// The states that a list is limited to: those asked for among those that the role sees.
pub(crate) fn states(role: Role, asked: Option<RewardPlanState>) -> Option<(&'static str, Vec<String>)> {
    let named = |state: RewardPlanState| Some(("state", vec![<&str>::from(state).to_owned()]));
    match (reads_drafts(role), asked) {
        (true, asked) => asked.and_then(named),
        (false, None | Some(RewardPlanState::Published)) => named(RewardPlanState::Published),
        (false, Some(_)) => Some(("state", vec![])),
    }
}

/// Whether a plan is there for a role at all.
pub(crate) fn published_to(role: Role, body: &Value) -> bool {
    reads_drafts(role) || body.get("state").and_then(Value::as_str) == Some("published")
}

/// Leaves of a plan what this caller may see.
pub(crate) fn mask(session: &Session, body: &mut Value) {
    mask_for(session.role, body);
}

fn mask_for(role: Role, body: &mut Value) {
    if reads_drafts(role) {
        remove(body, &["drafted_position"]);
        let latest = body.get("versions").and_then(Value::as_array).and_then(|versions| versions.last());
        let name = latest.and_then(|version| version.pointer("/terms/name")).cloned().unwrap_or_default();
        body["name"] = name;
        return;
    }
    if let Some(versions) = body.get_mut("versions").and_then(Value::as_array_mut) {
        versions.retain(|version| version.get("state").and_then(Value::as_str) == Some("published"));
    }
    only(body, PUBLISHED);
}

#[cfg(test)]
mod tests {
    use aggregates::ids::{ActorId, RewardPlanId};
    use aggregates::reward_plan::{Milestone, PayrollTreatment, PlanTerms, PresenceAtPayment, SocialInsuranceClass};
    use aggregates::values::Money;
    use chrono::{DateTime, NaiveDate};
    use projections::reward_plans::RewardPlan;
    use projections::versions as model;
    use serde_json::Value;
    use uuid::Uuid;

    use super::{RewardPlanState, RewardPlanView, mask_for, published_to, states};
    use crate::identity::Role;

    fn full() -> Value {
        let at = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let day = NaiveDate::from_ymd_opt(2026, 12, 1).unwrap();
        let actor = ActorId(Uuid::from_u128(3));
        let version = |number, state| model::Version {
            number,
            state,
            terms: PlanTerms {
                name: "リファラル手当".into(),
                legal_entity: "JP-HQ".into(),
                clause: "賃金規程第20条".into(),
                filed_on: Some(day),
                amount: Money { amount: 100_000, currency: "JPY".into() },
                milestone: Milestone::Months(3),
                presence_at_payment: PresenceAtPayment::Required,
                payroll: PayrollTreatment {
                    item_code: "REF01".into(),
                    social_insurance: Some(SocialInsuranceClass::Bonus),
                    note_ref: Some("sr/1".into()),
                },
            },
            drafted_by: actor,
            drafted_at: at,
            approved_by: Some(actor),
            approved_at: Some(at),
            effective_from: Some(day),
            published_by: Some(actor),
            loosening: None,
            reason: None,
        };
        let document = RewardPlan {
            id: RewardPlanId(Uuid::from_u128(1)),
            state: model::State::Published,
            version: 4,
            position: 40,
            legal_entity: "JP-HQ".into(),
            versions: vec![version(1, model::VersionState::Published), version(2, model::VersionState::Draft)],
            drafted_at: at,
            drafted_position: 10,
            retirement: Some(model::Retirement { effective_from: day, retired_by: actor, at, note: None }),
            watch: None,
        };
        serde_json::to_value(document).unwrap()
    }

    fn seen(role: Role) -> Value {
        let mut body = full();
        mask_for(role, &mut body);
        serde_json::from_value::<RewardPlanView>(body.clone()).unwrap();
        body
    }

    #[test]
    fn those_who_write_and_apply_it_see_every_version() {
        for role in [Role::ProgrammeAdmin, Role::Compliance, Role::Payroll, Role::PeopleOps, Role::Executive] {
            let body = seen(role);
            assert_eq!(body["versions"].as_array().map(Vec::len), Some(2), "{role}");
            assert_eq!(body["versions"][0]["terms"]["payroll"]["item_code"], "REF01", "{role}");
        }
    }

    #[test]
    fn employees_see_what_is_published_and_nobodys_draft() {
        let body = seen(Role::Employee);
        assert_eq!(body["versions"].as_array().map(Vec::len), Some(1));
        assert_eq!(body["versions"][0]["terms"]["amount"]["amount"], 100_000);
        for (at, name) in [("", "name"), ("/versions/0", "drafted_by"), ("/versions/0/terms", "payroll")] {
            assert!(body.pointer(at).unwrap().get(name).is_none(), "{name}");
        }
        let mut draft = full();
        draft["state"] = "draft".into();
        assert!(!published_to(Role::Employee, &draft) && published_to(Role::ProgrammeAdmin, &draft));
        assert_eq!(states(Role::Employee, Some(RewardPlanState::Draft)), Some(("state", vec![])));
        assert_eq!(states(Role::ProgrammeAdmin, None), None);
    }
}
