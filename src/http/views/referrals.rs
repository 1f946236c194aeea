//! A referral as each role sees it: compliance whole; who asks the candidate without the earlier record that may stand
//! before it; the referrer in words that are safe to tell (REF-13): where it stands, and never why not or whose it is.

use aggregates::checks::{CheckAnswer, Outcome};
use aggregates::employment::EmploymentKind;
use aggregates::referral::{CandidateHistory, DuplicateCause, OutcomeReason, ReferrerClass, Relationship};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{nulls, only};
use crate::http::reading::remove;
use crate::http::request::{Reach, Session, one_of, one_of_or_null};
use crate::identity::Role;

/// A referral (紹介). The referrer sees `status` and what they told themselves; a member that the caller may not see is
/// absent, what is unknown or destroyed is `null`.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReferralView {
    id: Uuid,
    state: Option<ReferralState>,
    /// For the referrer: where it stands.
    status: Option<ReferralStatus>,
    /// The same as `ETag`; not for the referrer, to whom it would tell what `status` does not.
    version: Option<i64>,
    /// The place in the employer's log of the last event that this shows.
    position: Option<i64>,
    /// The account that has the credit.
    referrer: Option<Uuid>,
    /// The human being who has it, where known.
    referrer_person_id: Option<Uuid>,
    /// What they were to the entity that hires, on the day of the referral.
    relation: Option<ReferrerRelationView>,
    /// The candidate, provisionally.
    candidate_person_id: Option<Uuid>,
    candidate: Option<CandidateView>,
    /// With what the candidate answers, for those who ask them, until they have.
    candidate_token: Option<String>,
    #[schema(schema_with = one_of::<Relationship>)]
    relationship: String,
    requisition_id: Option<Uuid>,
    legal_entity: String,
    job_family: Option<String>,
    /// The plan of rewards that governs it.
    plan: Option<ReferralPlanView>,
    /// The rules about who may refer for money, each with its latest finding and what was answered to it.
    checks: Option<Vec<ReferralCheckView>>,
    submitted_at: DateTime<Utc>,
    /// The last day on which the candidate can agree.
    answer_by: Option<NaiveDate>,
    /// When the candidate agreed.
    accepted_on: Option<NaiveDate>,
    #[schema(schema_with = one_of_or_null::<CandidateHistory>)]
    candidate_history: Option<String>,
    /// The first day on which it does not own the candidate.
    owned_until: Option<NaiveDate>,
    /// For the referrer: the rule by which it is not creditable.
    rule: Option<String>,
    /// For the referrer: the law or clause behind that rule.
    basis: Option<String>,
    /// An earlier record that may stand, or stands, before it.
    duplicate: Option<ReferralDuplicateView>,
    /// The latest changes of credit, oldest first.
    reassignments: Option<Vec<ReassignmentView>>,
    /// The application that is credited to it.
    application_id: Option<Uuid>,
    hired_person_id: Option<Uuid>,
    hire: Option<ReferralHireView>,
    outcome: Option<ReferralOutcomeView>,
    ending: Option<ReferralEndingView>,
}

/// How far a referral has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub(crate) enum ReferralState {
    /// The candidate has not agreed.
    AwaitingCandidate,
    /// It owns the candidate.
    Owned,
    /// An earlier record may stand before it.
    HeldAsDuplicate,
    /// An application is credited to it.
    InProcess,
    /// The candidate was hired.
    Hired,
    /// The candidate was not hired.
    NotHired,
    /// The candidate did not wish it.
    Declined,
    /// The referrer took it back.
    Withdrawn,
    /// The candidate did not answer, or nothing came of it in time.
    Expired,
    /// An earlier record stands.
    RefusedDuplicate,
    /// A rule bars it.
    Blocked,
}

/// Where a referral stands, in words that are safe for the referrer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ReferralStatus {
    /// It came in. Whether the candidate agrees, and whether it counts, is not told before both are known.
    Received,
    /// The candidate agreed, and it counts until `owned_until`.
    Creditable,
    /// It does not count; `rule` says by which rule.
    NotCreditable,
    /// The candidate's application is looked at.
    InReview,
    /// There are interviews.
    Interview,
    /// There is an offer.
    Offer,
    /// The candidate works here.
    Joined,
    /// Nothing comes of it.
    Closed,
}

impl ReferralStatus {
    /// What a referral's state means to the referrer. A doubt about an earlier record is not told before it is decided.
    pub(crate) fn of(state: &str) -> Self {
        match state {
            "owned" => Self::Creditable,
            "in_process" => Self::InReview,
            "hired" => Self::Joined,
            "refused_duplicate" | "blocked" => Self::NotCreditable,
            "not_hired" | "declined" | "withdrawn" | "expired" => Self::Closed,
            _ => Self::Received,
        }
    }
}

/// A candidate as the referrer named them.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CandidateView {
    name: Option<String>,
    email: Option<String>,
    phone: Option<String>,
}

/// What somebody was to an entity on a day.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReferrerRelationView {
    #[schema(schema_with = one_of::<ReferrerClass>)]
    class: String,
    on: NaiveDate,
    person_id: Option<Uuid>,
    employee_number: Option<String>,
    /// The periods of employment that say so.
    spans: Option<Vec<ReferrerSpanView>>,
}

/// A period of employment.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReferrerSpanView {
    legal_entity: String,
    from: NaiveDate,
    to: Option<NaiveDate>,
    #[schema(schema_with = one_of::<EmploymentKind>)]
    kind: String,
}

/// The version of a plan that a referral is pinned to.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReferralPlanView {
    plan_id: Uuid,
    version: u32,
    name: String,
    clause: String,
}

/// A rule's latest finding, and what was answered to it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReferralCheckView {
    #[schema(examples("REF-01"))]
    rule: String,
    #[schema(schema_with = one_of::<Outcome>)]
    outcome: String,
    /// The finding, for programs.
    #[schema(examples("employee"))]
    code: String,
    basis: Option<String>,
    settled: Option<ReferralSettled>,
    #[schema(schema_with = one_of_or_null::<CheckAnswer>)]
    answer: Option<String>,
    /// Where the evidence or the opinion lies.
    evidence_ref: Option<String>,
    /// The last day on which the opinion may be relied on.
    valid_until: Option<NaiveDate>,
    reason: Option<String>,
    settled_by: Option<Uuid>,
    settled_at: Option<DateTime<Utc>>,
}

/// How a rule was answered.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ReferralSettled {
    /// A HOLD.
    Answered,
    /// A WARN.
    Acknowledged,
    /// A LEGAL.
    LegalOpinion,
}

/// An earlier record that may stand before a referral.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReferralDuplicateView {
    #[schema(schema_with = one_of::<DuplicateCause>)]
    because: String,
    /// The other referral.
    earlier: Option<Uuid>,
    at: DateTime<Utc>,
    decided: Option<ReferralDecided>,
    decided_by: Option<Uuid>,
    decided_at: Option<DateTime<Utc>>,
    note: Option<String>,
}

/// How a duplicate was decided.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ReferralDecided {
    /// The referral owns the candidate all the same.
    Granted,
    /// The earlier record stands.
    Refused,
}

/// A change of credit.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReassignmentView {
    from: Uuid,
    to: Uuid,
    clause: String,
    by: Uuid,
    at: DateTime<Utc>,
    note: Option<String>,
}

/// A hire that a referral led to.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReferralHireView {
    via: ReferralHiredVia,
    employee_number: Option<String>,
    legal_entity: String,
    started_on: Option<NaiveDate>,
    at: DateTime<Utc>,
}

/// How a hire came about.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum ReferralHiredVia {
    /// An application to come back.
    Application {
        /// Which.
        application_id: Uuid,
    },
    /// The employer's own selection, recorded.
    Record {},
}

/// That a candidate was not hired.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReferralOutcomeView {
    #[schema(schema_with = one_of::<OutcomeReason>)]
    reason_code: String,
    by: Uuid,
    at: DateTime<Utc>,
}

/// How a referral ended without a hire.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReferralEndingView {
    at: DateTime<Utc>,
    /// The rule that bars it.
    rule: Option<String>,
    basis: Option<String>,
    code: Option<String>,
}

/// What the referrer sees: what they told themselves, and where it stands; not how often something was recorded about it.
const OWN: &[&str] = &[
    "id",
    "status",
    "candidate.name",
    "relationship",
    "requisition_id",
    "legal_entity",
    "submitted_at",
    "owned_until",
    "rule",
    "basis",
];

/// What those who run the programme see: how referrals go, and not who is referred.
const PROGRAMME: &[&str] = &[
    "id",
    "state",
    "version",
    "position",
    "referrer",
    "relation",
    "relationship",
    "requisition_id",
    "legal_entity",
    "job_family",
    "plan",
    "checks",
    "submitted_at",
    "answer_by",
    "accepted_on",
    "owned_until",
    "reassignments",
    "hire",
    "outcome",
    "ending",
];

/// Leaves of a referral what this caller may see. Whoever made it reads it as the referrer, whatever else they do here: which
/// earlier record may stand before it is not for them (REF-13).
pub(crate) fn mask(session: &Session, body: &mut Value) {
    let theirs = body.get("referrer").and_then(Value::as_str) == Some(session.actor.to_string().as_str());
    mask_for(session.role, if theirs { Reach::Own } else { session.reach }, body);
}

fn mask_for(role: Role, reach: Reach, body: &mut Value) {
    plain(body);
    match (reach, role) {
        (Reach::All, Role::Compliance) => {}
        (Reach::All, Role::Recruiter | Role::PeopleOps) => remove(body, &["duplicate"]),
        (Reach::All, Role::ProgrammeAdmin) => only(body, PROGRAMME),
        (Reach::All | Reach::Own | Reach::Assigned, _) => own(body),
    }
}

/// The document in the shape of the view.
fn plain(body: &mut Value) {
    remove(body, &["submitted_position"]);
    nulls(body.get_mut("candidate"), &["name", "email", "phone"]);
    nulls(body.get_mut("relation"), &["person_id", "employee_number", "spans"]);
    if let Some(plan) = body.get_mut("plan").filter(|plan| plan.is_object()) {
        let short = json!({"plan_id": plan["plan_id"], "version": plan["version"],
            "name": plan["terms"]["name"], "clause": plan["terms"]["clause"]});
        *plan = short;
    }
}

fn state(body: &Value) -> &str {
    body.get("state").and_then(Value::as_str).unwrap_or_default()
}

/// By which rule a referral is not creditable, and the law or clause behind it. REF-13 is all that is told about an earlier
/// record.
pub(crate) fn refusal(body: &Value) -> (Option<String>, Option<String>) {
    let part = |pointer: &str| body.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    match state(body) {
        "refused_duplicate" => (Some("REF-13".to_owned()), None),
        "blocked" => (part("/ending/rule"), part("/ending/basis")),
        _ => (None, None),
    }
}

fn own(body: &mut Value) {
    let status = ReferralStatus::of(state(body));
    let (rule, basis) = refusal(body);
    if status != ReferralStatus::Creditable {
        body["owned_until"] = Value::Null;
    }
    body["status"] = json!(status);
    body["rule"] = json!(rule);
    body["basis"] = json!(basis);
    only(body, OWN);
}

#[cfg(test)]
mod tests {
    use aggregates::checks::Outcome;
    use aggregates::employment::{EmploymentKind, Span};
    use aggregates::ids::{ActorId, ApplicationId, PersonId, ReferralId, RequisitionId, RewardPlanId};
    use aggregates::personal::Personal;
    use aggregates::referral::{
        CandidateDetails, DuplicateCause, HiredVia, OutcomeReason, ReferrerClass, ReferrerRelation, Relationship,
    };
    use aggregates::reward_plan::{Milestone, PayrollTreatment, PlanPin, PlanTerms, PresenceAtPayment};
    use aggregates::values::Money;
    use chrono::{DateTime, NaiveDate};
    use projections::referrals as model;
    use serde_json::{Value, json};
    use uuid::Uuid;

    use super::{ReferralView, mask_for};
    use crate::http::request::Reach;
    use crate::identity::Role;

    fn plan() -> PlanPin {
        PlanPin {
            plan_id: RewardPlanId(Uuid::from_u128(12)),
            version: 1,
            terms: PlanTerms {
                name: "手当".into(),
                legal_entity: "JP-HQ".into(),
                clause: "第28条".into(),
                filed_on: None,
                amount: Money { amount: 100_000, currency: "JPY".into() },
                milestone: Milestone::Months(6),
                presence_at_payment: PresenceAtPayment::NotRequired,
                payroll: PayrollTreatment { item_code: "R".into(), social_insurance: None, note_ref: None },
            },
        }
    }

    fn full(state: model::State) -> Value {
        let day = NaiveDate::from_ymd_opt(2026, 10, 1).unwrap();
        let at = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let actor = ActorId(Uuid::from_u128(3));
        let person = PersonId(Uuid::from_u128(7));
        let span = Span { legal_entity: "JP-HQ".into(), from: day, to: None, kind: EmploymentKind::Primary };
        let application_id = ApplicationId(Uuid::from_u128(10));
        let document = model::Referral {
            id: ReferralId(Uuid::from_u128(1)),
            state,
            version: 3,
            position: 30,
            referrer: actor,
            referrer_person_id: Some(person),
            relation: ReferrerRelation {
                class: ReferrerClass::Employee,
                on: day,
                person_id: Some(person),
                employee_number: Some("E-70".into()),
                spans: vec![span],
            },
            candidate_person_id: PersonId(Uuid::from_u128(9)),
            candidate: CandidateDetails { name: Personal::Erased, email: None, phone: None },
            relationship: Relationship::Friend,
            requisition_id: Some(RequisitionId(Uuid::from_u128(8))),
            legal_entity: "JP-HQ".into(),
            job_family: None,
            plan: Some(plan()),
            checks: vec![model::Check {
                rule: "REF-01".into(),
                outcome: Outcome::Hold,
                code: "employment_unknown".into(),
                basis: None,
                settled: Some(model::Settled::Answered),
                answer: None,
                evidence_ref: None,
                valid_until: None,
                reason: None,
                settled_by: Some(actor),
                settled_at: Some(at),
            }],
            submitted_at: at,
            submitted_position: 10,
            answer_by: day,
            accepted_on: Some(day),
            candidate_history: None,
            owned_until: Some(day),
            duplicate: Some(model::Duplicate {
                because: DuplicateCause::EarlierContact,
                earlier: Some(ReferralId(Uuid::from_u128(110))),
                at,
                decided: Some(model::Decided::Refused),
                decided_by: Some(actor),
                decided_at: Some(at),
                note: None,
            }),
            reassignments: vec![model::Reassignment {
                from: actor,
                to: actor,
                clause: "7条".into(),
                by: actor,
                at,
                note: None,
            }],
            application_id: Some(application_id),
            hired_person_id: Some(person),
            hire: Some(model::Hire {
                via: HiredVia::Application { application_id },
                employee_number: Some("E-1".into()),
                legal_entity: "JP-HQ".into(),
                started_on: Some(day),
                at,
            }),
            outcome: Some(model::Outcome { reason_code: OutcomeReason::Rejected, by: actor, at }),
            ending: Some(model::Ending {
                at,
                rule: Some("REF-06".into()),
                basis: Some("職業安定法36条・40条".into()),
                code: Some("outsider".into()),
            }),
        };
        serde_json::to_value(document).unwrap()
    }

    fn seen(role: Role, reach: Reach, state: model::State) -> Value {
        let mut body = full(state);
        mask_for(role, reach, &mut body);
        let mut opened = body.clone();
        if opened["candidate"]["name"].is_object() {
            opened["candidate"]["name"] = Value::Null;
        }
        serde_json::from_value::<ReferralView>(opened).unwrap();
        body
    }

    #[test]
    fn only_compliance_sees_which_record_was_earlier() {
        let body = seen(Role::Compliance, Reach::All, model::State::RefusedDuplicate);
        assert_eq!(body["duplicate"]["because"], "earlier_contact");
        for role in [Role::Recruiter, Role::PeopleOps, Role::ProgrammeAdmin] {
            let body = seen(role, Reach::All, model::State::RefusedDuplicate);
            assert_eq!((body.get("duplicate"), &body["state"]), (None, &json!("refused_duplicate")), "{role}");
        }
        let body = seen(Role::ProgrammeAdmin, Reach::All, model::State::Owned);
        assert_eq!((body.get("candidate"), body.get("candidate_person_id")), (None, None));
    }

    #[test]
    fn the_referrer_sees_where_it_stands_and_nothing_behind_it() {
        let status = |state| seen(Role::Employee, Reach::Own, state)["status"].clone();
        for (state, told) in [
            (model::State::AwaitingCandidate, "received"),
            (model::State::HeldAsDuplicate, "received"),
            (model::State::Owned, "creditable"),
            (model::State::InProcess, "in_review"),
            (model::State::Hired, "joined"),
            (model::State::NotHired, "closed"),
            (model::State::Declined, "closed"),
            (model::State::Expired, "closed"),
            (model::State::Withdrawn, "closed"),
            (model::State::RefusedDuplicate, "not_creditable"),
            (model::State::Blocked, "not_creditable"),
        ] {
            assert_eq!(status(state), told, "{state:?}");
        }
        let body = seen(Role::Employee, Reach::Own, model::State::RefusedDuplicate);
        let mut names: Vec<&str> = body.as_object().unwrap().keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(
            names,
            [
                "basis",
                "candidate",
                "id",
                "legal_entity",
                "owned_until",
                "relationship",
                "requisition_id",
                "rule",
                "status",
                "submitted_at"
            ]
        );
        assert_eq!((&body["rule"], &body["owned_until"]), (&json!("REF-13"), &Value::Null));
        let body = seen(Role::Employee, Reach::Own, model::State::Blocked);
        assert_eq!((&body["rule"], &body["basis"]), (&json!("REF-06"), &json!("職業安定法36条・40条")));
    }
}
