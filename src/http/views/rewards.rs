//! A reward as each role sees it: whole for those who judge it, without what was judged for payroll, and for whoever is
//! paid what they get and when. And the row that payroll takes of it.

use aggregates::checks::Outcome;
use aggregates::referral::ReferrerClass;
use aggregates::reward::{DeclineReason, LapseCause, PaymentChannel};
use aggregates::reward_plan::SocialInsuranceClass;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::referrals::ReferralHiredVia;
use super::reward_plans::PlanTermsView;
use super::{CheckSettlementView, MoneyView, only};
use crate::http::reading::remove;
use crate::http::request::{Reach, Session, one_of, one_of_or_null};
use crate::identity::Role;

/// A tranche of a referral reward (リファラル手当). A member that the caller may not see is absent, what is unknown or
/// erased is `null`.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RewardView {
    id: Uuid,
    state: RewardState,
    /// The same as `ETag`.
    version: i64,
    /// The place in the employer's log of the last event that this shows.
    position: i64,
    /// The referral that earned it.
    referral_id: Uuid,
    /// Who is paid: an id of the actor directory.
    payee: Option<Uuid>,
    /// The human being who is paid.
    payee_person_id: Option<Uuid>,
    /// Their number on the day of the referral.
    payee_employee_number: Option<String>,
    /// The entity that pays.
    legal_entity: String,
    /// Whoever was hired.
    hired_person_id: Option<Uuid>,
    hire: Option<RewardHireView>,
    /// Which tranche, from 1.
    tranche: u32,
    /// The plan that governed the day of the referral; a reward without one is held.
    plan: Option<RewardPlanPinView>,
    amount: Option<MoneyView>,
    /// The day on which the milestone is reached.
    milestone_on: Option<NaiveDate>,
    /// The day after.
    due_on: Option<NaiveDate>,
    /// Its month.
    #[schema(examples("2027-04"))]
    period: Option<String>,
    /// Through what it is paid.
    #[schema(schema_with = one_of::<PaymentChannel>)]
    channel: PaymentChannel,
    payee_was: Option<PayeeWasView>,
    /// The rules that bear on it: of each the latest finding.
    checks: Option<Vec<RewardCheckView>>,
    hold: Option<RewardHoldView>,
    verified_by: Option<Uuid>,
    verified_at: Option<DateTime<Utc>>,
    approvals: Option<Vec<RewardApprovalView>>,
    /// The latest refusals of approvers, oldest first.
    refusals: Option<Vec<RewardRefusalView>>,
    correction_case: Option<RewardCorrectionCaseView>,
    /// How it came that nothing is owed.
    ending: Option<RewardEndingView>,
    planned_at: DateTime<Utc>,
}

/// How far a reward has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub(crate) enum RewardState {
    /// Its milestone lies ahead.
    Waiting,
    /// Its milestone is reached.
    Due,
    /// Its conditions were verified.
    Verified,
    /// One of two people approved it.
    AwaitingApproval,
    /// Two people approved it.
    Approved,
    /// It waits for somebody.
    Held,
    /// A condition of payment failed.
    Lapsed,
    /// A rule barred it.
    Ineligible,
    /// The payee gave it up, or lost it under the plan.
    Forfeited,
}

/// The hire that a reward is for.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RewardHireView {
    via: ReferralHiredVia,
    employee_number: Option<String>,
    /// First day.
    started_on: Option<NaiveDate>,
}

/// The version of the plan that a reward is pinned to.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RewardPlanPinView {
    plan_id: Uuid,
    version: u32,
    terms: Option<PlanTermsView>,
}

/// What the payee was to the entity on the days that count.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "they are the names of three days")]
pub(crate) struct PayeeWasView {
    at_referral: PayeeRelationView,
    at_hire: PayeeRelationView,
    at_award: Option<PayeeRelationView>,
}

/// What somebody was on a day.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PayeeRelationView {
    #[schema(schema_with = one_of::<ReferrerClass>)]
    class: String,
    on: NaiveDate,
}

/// A rule that bears on a reward, and the answer to it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RewardCheckView {
    #[schema(examples("REF-18"))]
    rule: String,
    #[schema(schema_with = one_of::<Outcome>)]
    outcome: Outcome,
    /// The finding.
    code: String,
    /// The clause or law behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    basis: Option<String>,
    settlement: Option<CheckSettlementView>,
}

/// Why a reward is held.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RewardHoldView {
    rule: Option<String>,
    /// The finding; `manual` or `declined` where somebody holds it.
    code: String,
    basis: Option<String>,
    held_by: Uuid,
    at: DateTime<Utc>,
    /// How far it had come.
    stage: RewardState,
    note: Option<String>,
}

/// An approval.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RewardApprovalView {
    by: Uuid,
    role: String,
    at: DateTime<Utc>,
}

/// An approver's refusal.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RewardRefusalView {
    by: Uuid,
    #[schema(schema_with = one_of::<DeclineReason>)]
    reason_code: DeclineReason,
    at: DateTime<Utc>,
    note: Option<String>,
}

/// That somebody had left, recorded after the reward was approved.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RewardCorrectionCaseView {
    /// `null` where the HR system told no more than that the employment has ended.
    departure_id: Option<Uuid>,
    left_on: Option<NaiveDate>,
    opened_at: DateTime<Utc>,
    decided_by: Option<Uuid>,
    decided_at: Option<DateTime<Utc>>,
    note: Option<String>,
}

/// How it came that nothing is owed.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RewardEndingView {
    at: DateTime<Utc>,
    /// The condition that failed.
    #[schema(schema_with = one_of_or_null::<LapseCause>)]
    because: Option<LapseCause>,
    departure_id: Option<Uuid>,
    left_on: Option<NaiveDate>,
    /// The rule that bars it.
    rule: Option<String>,
    /// The finding.
    code: Option<String>,
    /// The law or clause behind it.
    basis: Option<String>,
    by: Option<Uuid>,
    note: Option<String>,
}

/// What payroll takes of a reward.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PayableView {
    /// The key by which payments are told apart: one is paid once.
    reward_id: Uuid,
    /// Only approved ones are to be paid.
    state: RewardState,
    legal_entity: String,
    /// Who is paid; `null` where nobody knows, or once it is erased.
    employee_number: Option<String>,
    /// Which tranche of the referral's reward, from 1.
    tranche: u32,
    /// The pay item.
    item_code: Option<String>,
    amount: Option<MoneyView>,
    /// What it is for income tax.
    tax_class: PayableTaxClass,
    /// What it is for social insurance, once that is decided.
    #[schema(schema_with = one_of_or_null::<SocialInsuranceClass>)]
    social_insurance: Option<SocialInsuranceClass>,
    /// The clause of the wage rules.
    clause: Option<String>,
    due_on: NaiveDate,
    #[schema(examples("2027-04"))]
    period: String,
}

/// What a reward is for income tax.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PayableTaxClass {
    /// 給与: a wage.
    Salary,
}

/// What whoever is paid sees.
const OWN: &[&str] = &[
    "id",
    "state",
    "version",
    "position",
    "referral_id",
    "payee",
    "legal_entity",
    "tranche",
    "plan.plan_id",
    "plan.version",
    "plan.terms.name",
    "plan.terms.legal_entity",
    "plan.terms.clause",
    "plan.terms.amount",
    "plan.terms.milestone",
    "plan.terms.presence_at_payment",
    "amount",
    "milestone_on",
    "due_on",
    "period",
    "channel",
    "ending.at",
    "ending.because",
    "ending.rule",
    "ending.code",
    "ending.basis",
    "planned_at",
];

/// What was judged about it, and why: not for payroll.
const JUDGED: &[&str] = &["planned_position", "checks", "refusals", "payee_was", "correction_case.note"];

/// Leaves of a reward what this caller may see.
pub(crate) fn mask(session: &Session, body: &mut Value) {
    mask_for(session.role, session.reach, body);
}

/// Leaves of a reward what whoever is paid may see.
pub(crate) fn mask_own(body: &mut Value) {
    let (without_plan, unended) = (body["plan"].is_null(), body["ending"].is_null());
    only(body, OWN);
    // What there is not has no parts to choose from.
    if without_plan {
        body["plan"] = Value::Null;
    }
    if unended {
        body["ending"] = Value::Null;
    }
}

fn mask_for(role: Role, reach: Reach, body: &mut Value) {
    match (reach, role) {
        (Reach::All, Role::PeopleOps | Role::Compensation | Role::Executive | Role::Compliance) => {
            remove(body, &["planned_position"]);
        }
        (Reach::All, Role::Payroll) => remove(body, JUDGED),
        (Reach::All, Role::PayrollSystem) => {
            remove(body, JUDGED);
            remove(body, &["hold.note", "ending.note"]);
        }
        (Reach::All | Reach::Own | Reach::Assigned, _) => mask_own(body),
    }
}

/// Makes of a reward the row that payroll takes.
pub(crate) fn payable(_: &Session, body: &mut Value) {
    *body = row(body);
}

fn row(reward: &Value) -> Value {
    let at = |pointer: &str| reward.pointer(pointer).cloned().unwrap_or(Value::Null);
    json!({
        "reward_id": at("/id"),
        "state": at("/state"),
        "legal_entity": at("/legal_entity"),
        "employee_number": at("/payee_employee_number"),
        "tranche": at("/tranche"),
        "item_code": at("/plan/terms/payroll/item_code"),
        "amount": at("/amount"),
        "tax_class": "salary",
        "social_insurance": at("/plan/terms/payroll/social_insurance"),
        "clause": at("/plan/terms/clause"),
        "due_on": at("/due_on"),
        "period": at("/period"),
    })
}

#[cfg(test)]
mod tests {
    use aggregates::checks::{CheckAnswer, Outcome, Settlement, found};
    use aggregates::ids::{ActorId, ApplicationId, DepartureId, PersonId, ReferralId, RewardId, RewardPlanId};
    use aggregates::referral::{HiredVia, ReferrerClass};
    use aggregates::reward::{DeclineReason, LapseCause, PaymentChannel};
    use aggregates::reward_plan::{
        Milestone, PayrollTreatment, PlanPin, PlanTerms, PresenceAtPayment, SocialInsuranceClass,
    };
    use aggregates::values::Money;
    use chrono::{DateTime, NaiveDate};
    use projections::rewards as model;
    use serde_json::{Value, json};
    use uuid::Uuid;

    use super::{PayableView, RewardView, mask_for, row};
    use crate::http::request::Reach;
    use crate::identity::Role;

    fn full() -> Value {
        let day = NaiveDate::from_ymd_opt(2027, 4, 4).unwrap();
        let at = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let actor = ActorId(Uuid::from_u128(3));
        let money = Money { amount: 100_000, currency: "JPY".into() };
        let was = model::Relation { class: ReferrerClass::Employee, on: day };
        let answered = Settlement::Answered {
            rule: "REF-18".into(),
            answer: CheckAnswer::Satisfied,
            evidence_ref: "sr/4".into(),
            by: actor,
        };
        let document = model::Reward {
            id: RewardId(Uuid::from_u128(1)),
            state: model::State::Held,
            version: 5,
            position: 50,
            referral_id: ReferralId(Uuid::from_u128(12)),
            payee: actor,
            payee_person_id: Some(PersonId(Uuid::from_u128(2))),
            payee_employee_number: Some("E-10231".into()),
            legal_entity: "JP-HQ".into(),
            hired_person_id: PersonId(Uuid::from_u128(4)),
            hire: model::Hire {
                via: HiredVia::Application { application_id: ApplicationId(Uuid::from_u128(11)) },
                employee_number: Some("E-10239".into()),
                started_on: Some(day),
            },
            tranche: 1,
            plan: Some(PlanPin {
                plan_id: RewardPlanId(Uuid::from_u128(13)),
                version: 2,
                terms: PlanTerms {
                    name: "リファラル手当".into(),
                    legal_entity: "JP-HQ".into(),
                    clause: "賃金規程第20条".into(),
                    filed_on: Some(day),
                    amount: money.clone(),
                    milestone: Milestone::Days(90),
                    presence_at_payment: PresenceAtPayment::Required,
                    payroll: PayrollTreatment {
                        item_code: "REF01".into(),
                        social_insurance: Some(SocialInsuranceClass::Bonus),
                        note_ref: None,
                    },
                },
            }),
            amount: Some(money),
            milestone_on: Some(day),
            due_on: day.succ_opt(),
            period: Some("2027-04".into()),
            channel: PaymentChannel::Payroll,
            payee_was: model::PayeeWas { at_referral: was, at_hire: was, at_award: Some(was) },
            checks: vec![model::Check {
                result: found("REF-18", Outcome::Hold, "note_missing", "通達"),
                settlement: Some(answered),
            }],
            hold: Some(model::Hold {
                rule: None,
                code: "manual".into(),
                basis: None,
                held_by: actor,
                at,
                stage: model::State::Verified,
                note: None,
            }),
            verified_by: Some(actor),
            verified_at: Some(at),
            approvals: vec![model::Approval { by: actor, role: "people_ops".into(), at }],
            refusals: vec![model::Refusal { by: actor, reason_code: DeclineReason::Budget, at, note: None }],
            correction_case: Some(model::CorrectionCase {
                departure_id: Some(DepartureId(Uuid::from_u128(5))),
                left_on: Some(day),
                opened_at: at,
                decided_by: None,
                decided_at: None,
                note: None,
            }),
            ending: Some(model::Ending {
                at,
                because: Some(LapseCause::HireLeft),
                departure_id: Some(DepartureId(Uuid::from_u128(5))),
                left_on: Some(day),
                rule: None,
                code: None,
                basis: None,
                by: Some(actor),
                note: None,
            }),
            planned_at: at,
            planned_position: 10,
        };
        serde_json::to_value(document).unwrap()
    }

    fn seen(role: Role, reach: Reach, body: Value) -> Value {
        let mut body = body;
        mask_for(role, reach, &mut body);
        serde_json::from_value::<RewardView>(body.clone()).unwrap();
        body
    }

    #[test]
    fn those_who_judge_it_see_all_of_it() {
        for role in [Role::PeopleOps, Role::Compensation, Role::Executive, Role::Compliance] {
            let body = seen(role, Reach::All, full());
            assert_eq!(body["checks"][0]["settlement"]["evidence_ref"], "sr/4", "{role}");
            assert_eq!(body["refusals"][0]["reason_code"], "budget", "{role}");
        }
    }

    #[test]
    fn payroll_sees_what_is_paid_and_held_and_not_what_was_judged() {
        for role in [Role::Payroll, Role::PayrollSystem] {
            let body = seen(role, Reach::All, full());
            assert_eq!((&body["payee_employee_number"], &body["hold"]["code"]), (&json!("E-10231"), &json!("manual")));
            for name in ["checks", "refusals", "payee_was"] {
                assert!(body.get(name).is_none(), "{role} sees {name}");
            }
        }
    }

    #[test]
    fn whoever_is_paid_sees_what_and_when_and_by_which_rule_not() {
        for role in [Role::Employee, Role::Alumnus] {
            let body = seen(role, Reach::Own, full());
            assert_eq!((&body["due_on"], &body["ending"]["because"]), (&json!("2027-04-05"), &json!("hire_left")));
            for name in ["checks", "hold", "refusals", "approvals", "hire", "hired_person_id", "correction_case"] {
                assert!(body.get(name).is_none(), "{role} sees {name}");
            }
            assert!(body["ending"].get("departure_id").is_none() && body["ending"].get("left_on").is_none());
            assert!(body["plan"]["terms"].get("payroll").is_none());
        }
        let mut bare = full();
        bare["plan"] = Value::Null;
        bare["ending"] = Value::Null;
        let body = seen(Role::Employee, Reach::Own, bare);
        assert_eq!((&body["plan"], &body["ending"]), (&Value::Null, &Value::Null));
    }

    #[test]
    fn a_row_for_payroll_has_its_key_amount_and_classes() {
        let row = row(&full());
        serde_json::from_value::<PayableView>(row.clone()).unwrap();
        assert_eq!(
            row,
            json!({
                "reward_id": Uuid::from_u128(1), "state": "held", "legal_entity": "JP-HQ", "employee_number": "E-10231",
                "tranche": 1, "item_code": "REF01", "amount": {"amount": 100_000, "currency": "JPY"},
                "tax_class": "salary", "social_insurance": "bonus", "clause": "賃金規程第20条",
                "due_on": "2027-04-05", "period": "2027-04",
            })
        );
    }
}
