//! An offer as each role sees it: whole for those who make, approve and watch over offers; for the candidate the terms, the
//! documents that are theirs, and how it stands.

use aggregates::checks::Outcome;
use aggregates::labour::{Duty, answers, question};
use aggregates::offer::{
    Acceptance, ConflictKind, DeclineReason, DocumentKind, DocumentOutcome, DutyOutcome, LapseCause, PayAssessment,
    Period, RangeOutcome, RefusalReason, RescissionReason, TermField,
};
use aggregates::pay::{DifferenceReason, Treatment};
use aggregates::values::EmploymentType;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::applications::RuleView;
use super::pay::{self, OfferExceptionView, OfferFindingView, RemedyDoneView};
use super::{CheckSettlementView, MoneyView, each, knows_of_flags, nulls, only, unsaid, without_flags};
use crate::http::fields::several_of;
use crate::http::reading::remove;
use crate::http::request::{Reach, Session, one_of, one_of_or_null};
use crate::http::scope::reads_as;
use crate::identity::Role;

/// An offer of re-employment (オファー). The candidate sees it once it went out: terms, their documents, and how it stands. A
/// member that the caller may not see is absent, what is unknown or erased is `null`.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfferView {
    id: Uuid,
    state: OfferState,
    /// The same as `ETag`.
    version: i64,
    /// The place in the employer's log of the last event that this shows.
    position: i64,
    /// The case.
    application_id: Uuid,
    /// The position.
    requisition_id: Uuid,
    /// The human being.
    person_id: Option<Uuid>,
    /// Their membership.
    member_id: Option<Uuid>,
    /// The account that alone may answer.
    account: Option<Uuid>,
    /// The entity that employs.
    legal_entity: String,
    line: Option<OfferLineView>,
    /// Who referred the candidate: may not approve (PAY-20).
    referrer: Option<Uuid>,
    /// Which version of the terms stands, from 1.
    terms_version: u32,
    terms: Option<OfferTermsView>,
    /// SHA-256 of the terms as canonical JSON (RFC 8785): what approvers and the candidate name to say what they have seen.
    terms_hash: String,
    /// The first instant at which it cannot be accepted any more.
    expires_at: DateTime<Utc>,
    /// The version of the pay policy.
    #[schema(examples("pay/0"))]
    pay_policy: Option<String>,
    /// How the pay was assessed against those who stayed.
    #[schema(schema_with = one_of_or_null::<PayAssessment>)]
    assessment: Option<String>,
    /// What the assessment found; nothing under pay policy 0.
    finding: Option<OfferFindingView>,
    /// The exception that was asked for, for this version.
    exception: Option<OfferExceptionView>,
    drafted_by: Option<Uuid>,
    drafted_at: Option<DateTime<Utc>>,
    /// The latest versions of the terms, oldest first.
    versions: Option<Vec<OfferVersionView>>,
    /// The approval that was asked for last, while it counts.
    request: Option<OfferRequestView>,
    /// The approvals of the terms that stand.
    approvals: Option<Vec<OfferApprovalView>>,
    /// The latest decisions of approvers, oldest first; of whatever version.
    decisions: Option<Vec<OfferDecisionView>>,
    /// Who stepped aside.
    conflicts: Option<Vec<OfferConflictView>>,
    /// Approvals that were handed to somebody else.
    delegations: Option<Vec<OfferDelegationView>>,
    /// How it went out, while the candidate has it.
    extension: Option<OfferExtensionView>,
    acceptance: Option<OfferAcceptanceView>,
    /// What of the plan to remedy those who are overtaken was carried out, oldest first (PAY-28).
    remedied: Option<Vec<RemedyDoneView>>,
    /// The look at the pay range of the role that the exception brought about: for compensation, executives and compliance.
    range_review: Option<RangeReviewView>,
    /// What whoever comes back hands in by their first day, as the programme policy lays it down, and what came in: for them, for
    /// recruiters, people operations and compliance.
    hands_in: Option<HandsInView>,
    /// What is to be filed and done since whoever came back has started, by when, and what was (LAB-11): for people operations and
    /// compliance.
    duties: Option<Vec<DutyView>>,
    /// What the candidate asked about their conditions, and what they were answered, oldest first (PAY-02): for them, and for
    /// compensation, people operations and compliance.
    explained: Option<Vec<ExplainedView>>,
    /// The human answers to rules that did not pass by themselves, oldest first.
    settlements: Option<Vec<OfferSettledView>>,
    /// What labour law asks of this version: what can be computed, and the questions that a human being answers.
    labour: Option<Vec<LabourCheckView>>,
    ending: Option<OfferEndingView>,
}

/// A check of labour law (労務確認).
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LabourCheckView {
    #[schema(examples("LAB-05"))]
    rule: String,
    /// `hold` is answered by answer-check, `warn` by acknowledge: before the offer goes out under a published pay policy.
    #[schema(schema_with = one_of::<Outcome>)]
    outcome: String,
    /// The finding.
    #[schema(examples("continuity"))]
    code: String,
    /// The law behind it.
    basis: Option<String>,
    /// What was computed, by name: days, months or years as numbers, days of the calendar as dates, ways by their names.
    #[schema(value_type = Object, examples(json!({"gap_days": 21})))]
    figures: Value,
    /// The question, written out in English; `null` where nothing is asked.
    question: Option<String>,
    /// The question, written out in Japanese.
    question_ja: Option<String>,
    /// The answers that answer-check takes; none where there is nothing to answer.
    #[schema(examples(json!(["continuous", "new_start"])))]
    answers: Vec<String>,
    /// The answer; `null` while it is open.
    answer: Option<OfferSettledView>,
}

/// How far an offer has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub(crate) enum OfferState {
    /// Being drafted.
    Drafting,
    /// An exception from the pay policy waits for its decision.
    ExceptionPending,
    /// Waits for approval.
    AwaitingApproval,
    /// Approved.
    Approved,
    /// The candidate has it.
    Extended,
    /// The candidate accepted.
    Accepted,
    /// The candidate declined.
    Declined,
    /// Nobody answered in time.
    Expired,
    /// An approver refused it; other terms revive it.
    Refused,
    /// The employer took it back.
    Rescinded,
}

/// Who leads the case.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfferLineView {
    recruiter: Uuid,
    hiring_manager: Option<Uuid>,
    /// The unit that approves offers.
    approver_unit: Option<String>,
}

/// The terms of an offer.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfferTermsView {
    /// Grade (等級).
    grade: String,
    #[schema(schema_with = one_of::<EmploymentType>)]
    employment_type: String,
    contract: OfferContractView,
    /// First day.
    starts_on: NaiveDate,
    /// Place of work (就業の場所).
    location: Option<String>,
    /// The scope within which the place may change (変更の範囲).
    location_scope: Option<String>,
    /// The work (従事すべき業務).
    duties: Option<String>,
    /// The scope within which the work may change (変更の範囲).
    duties_scope: Option<String>,
    weekly_hours: u32,
    /// Months of probation (試用期間).
    probation_months: Option<u32>,
    pay: OfferPayView,
}

/// Until when the contract runs.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfferContractView {
    /// `indefinite` or `fixed`.
    kind: String,
    /// The last day of a fixed term.
    ends_on: Option<NaiveDate>,
    /// How a fixed term is renewed, and up to when (更新上限).
    renewal: Option<String>,
    /// Why it is for a fixed term, where the law asks for a reason.
    ground: Option<String>,
}

/// Pay.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfferPayView {
    /// Annual base, full-time equivalent at 40 hours a week.
    base: MoneyView,
    allowances: Vec<OfferAllowanceView>,
    /// Overtime that is paid whether it is worked or not (固定残業代).
    fixed_overtime: Option<OfferOvertimeView>,
    /// A year's bonus, where one is agreed.
    bonus: Option<MoneyView>,
    /// Paid once on return.
    sign_on: Option<MoneyView>,
}

/// An allowance (手当).
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfferAllowanceView {
    #[schema(examples("commute"))]
    code: String,
    amount: MoneyView,
    #[schema(schema_with = one_of::<Period>)]
    period: String,
}

/// Fixed overtime.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfferOvertimeView {
    hours_a_month: u32,
    amount_a_month: MoneyView,
}

/// A version of the terms.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfferVersionView {
    /// Which, from 1.
    number: u32,
    terms: Option<OfferTermsView>,
    terms_hash: String,
    /// Until when it could be accepted, as was said then.
    expires_at: DateTime<Utc>,
    /// What differs from the version before.
    #[schema(schema_with = several_of::<TermField>)]
    changed: Vec<String>,
    by: Uuid,
    at: DateTime<Utc>,
    /// When another version took its place.
    superseded_at: Option<DateTime<Utc>>,
}

/// An approval that was asked for.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfferRequestView {
    version: u32,
    /// How many distinct people have to approve.
    approvals_needed: u32,
    requested_by: Uuid,
    requested_at: DateTime<Utc>,
}

/// An approval of the terms that stand.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfferApprovalView {
    version: u32,
    approved_by: Uuid,
    /// In which role.
    role: String,
    /// Whose approval it stands for, where it was delegated.
    delegated_by: Option<Uuid>,
    /// What allows it to stand for those who are missing, where it was forced.
    authority: Option<String>,
    approved_at: DateTime<Utc>,
    /// The local day, from which it can be relied on for fourteen days.
    approved_on: Option<NaiveDate>,
    comment: Option<String>,
}

/// What an approver decided.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfferDecisionView {
    decision: OfferDecision,
    version: u32,
    terms_hash: String,
    #[schema(schema_with = one_of_or_null::<RefusalReason>)]
    reason_code: Option<String>,
    by: Uuid,
    at: DateTime<Utc>,
    comment: Option<String>,
}

/// What an approver may decide.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OfferDecision {
    /// Approved.
    Approved,
    /// Approved in place of those who are missing.
    Forced,
    /// Sent back to be drafted anew.
    SentBack,
    /// Refused.
    Refused,
}

/// A conflict of interest.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfferConflictView {
    declared_by: Uuid,
    #[schema(schema_with = one_of::<ConflictKind>)]
    conflict: String,
    declared_at: DateTime<Utc>,
    note: Option<String>,
}

/// An approval that was handed to somebody else.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfferDelegationView {
    delegated_by: Uuid,
    delegated_to: Uuid,
    /// The last day on which it may be used.
    until: NaiveDate,
    delegated_at: DateTime<Utc>,
    reason: Option<String>,
}

/// How an offer went out.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfferExtensionView {
    version: Option<u32>,
    /// The seat of the requisition that it holds, from 1.
    seat: Option<u32>,
    documents: Vec<OfferDocumentView>,
    /// Who had approved.
    approved: Option<Vec<Uuid>>,
    /// The rules about coming back, evaluated once more.
    rechecked: Option<Vec<RuleView>>,
    extended_by: Option<Uuid>,
    extended_at: DateTime<Utc>,
}

/// A document of the offer pack.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfferDocumentView {
    #[schema(schema_with = one_of::<DocumentKind>)]
    kind: String,
    /// The template and its version.
    template: String,
    /// SHA-256 of its text.
    sha256: String,
    /// What it says, in Japanese with English beside it; on one offer, not in lists. `null` where the terms are erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
}

/// An acceptance.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfferAcceptanceView {
    version: u32,
    accepted_by: Option<Uuid>,
    accepted_at: DateTime<Utc>,
    /// How it came in, where somebody recorded it.
    recorded_for: Option<String>,
}

/// A look at the pay range of a role, because it was excepted from twice within a year.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RangeReviewView {
    #[schema(examples("G4"))]
    grade: String,
    #[schema(examples("driver"))]
    job_family: String,
    /// How many exceptions stood when it was opened.
    exceptions: u32,
    /// The day on which the first of them was granted.
    since: NaiveDate,
    /// The last day to look.
    due_on: NaiveDate,
    /// What came of it; `null` while it waits.
    #[schema(schema_with = one_of_or_null::<RangeOutcome>)]
    outcome: Option<String>,
    evidence_ref: Option<String>,
    recorded_by: Option<Uuid>,
    recorded_at: Option<DateTime<Utc>>,
}

/// What whoever comes back hands in by their first day (入社時提出書類).
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HandsInView {
    /// The version of the programme policy that lays it down.
    programme: String,
    /// The last day: the first day of work as it was agreed.
    due_on: NaiveDate,
    documents: Vec<DocumentInView>,
}

/// A document that is to be handed in.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DocumentInView {
    #[schema(examples("health_certificate"))]
    code: String,
    /// What it is, in Japanese.
    ja: String,
    /// What it is, in English.
    en: String,
    /// What became of it; `null` while it is missing.
    #[schema(schema_with = one_of_or_null::<DocumentOutcome>)]
    outcome: Option<String>,
    /// When.
    on: Option<NaiveDate>,
    /// Where it lies, or where the reason lies why it need not be handed in; not for the returner.
    evidence_ref: Option<String>,
    recorded_by: Option<Uuid>,
}

/// Something that is to be filed or done for whoever came back.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DutyView {
    #[schema(schema_with = one_of::<Duty>)]
    duty: String,
    /// The last day.
    due_on: NaiveDate,
    /// How it was seen to; `null` while it waits.
    #[schema(schema_with = one_of_or_null::<DutyOutcome>)]
    outcome: Option<String>,
    /// When.
    done_on: Option<NaiveDate>,
    /// Where the receipt, the certificate, or the reason lies.
    evidence_ref: Option<String>,
    recorded_by: Option<Uuid>,
}

/// A question of the candidate about their conditions, and its answer.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExplainedView {
    /// Who asked, or recorded it.
    requested_by: Option<Uuid>,
    requested_at: DateTime<Utc>,
    /// The last day to answer.
    answer_by: NaiveDate,
    question: Option<String>,
    /// How it came in, where somebody recorded it.
    recorded_for: Option<String>,
    /// The answer; `null` while it waits.
    answered: Option<ExplanationView>,
}

/// An answer to a question about conditions.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExplanationView {
    given_by: Option<Uuid>,
    role: String,
    given_at: DateTime<Utc>,
    /// `null` where it has been erased.
    answer: Option<String>,
    /// The conditions beside regular workers, item by item.
    comparison: Option<ComparisonView>,
}

/// The offer beside regular workers (PAY-01).
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ComparisonView {
    /// Beside which regular work.
    compared_with: String,
    /// Whether work and responsibility are the same.
    same_duties: bool,
    /// Whether the scope of change of place and work is the same.
    same_change_scope: bool,
    items: Vec<ComparedItemView>,
}

/// An item of pay or another condition, beside that of regular workers.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ComparedItemView {
    #[schema(examples("allowance.commute"))]
    item: String,
    #[schema(schema_with = one_of::<Treatment>)]
    treatment: String,
    /// Why it is worse.
    #[serde(default)]
    #[schema(schema_with = several_of::<DifferenceReason>)]
    reasons: Vec<String>,
}

/// A human answer to a rule that did not pass by itself.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfferSettledView {
    settlement: CheckSettlementView,
    at: DateTime<Utc>,
}

/// How an offer ended.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfferEndingView {
    kind: OfferEndingKind,
    at: DateTime<Utc>,
    /// Before or after the candidate had accepted.
    #[schema(schema_with = one_of_or_null::<Acceptance>)]
    acceptance: Option<String>,
    #[schema(schema_with = one_of_or_null::<DeclineReason>)]
    decline_reason: Option<String>,
    #[schema(schema_with = one_of_or_null::<RescissionReason>)]
    rescission_reason: Option<String>,
    #[schema(schema_with = one_of_or_null::<LapseCause>)]
    lapse_cause: Option<String>,
    clause: Option<String>,
    /// Where the legal opinion lies.
    opinion_ref: Option<String>,
    by: Option<Uuid>,
    words: Option<String>,
}

/// The ways in which an offer ends.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OfferEndingKind {
    /// The candidate declined.
    Declined,
    /// Nobody answered in time.
    Expired,
    /// The employer took it back.
    Rescinded,
    /// It fell away with its case.
    Lapsed,
}

/// What the candidate sees.
const OWN: &[&str] = &[
    "id",
    "state",
    "version",
    "position",
    "application_id",
    "requisition_id",
    "legal_entity",
    "terms_version",
    "terms",
    "terms_hash",
    "expires_at",
    "extension.documents",
    "extension.extended_at",
    "hands_in.programme",
    "hands_in.due_on",
    "hands_in.documents.*.code",
    "hands_in.documents.*.ja",
    "hands_in.documents.*.en",
    "hands_in.documents.*.outcome",
    "hands_in.documents.*.on",
    "explained.*.requested_at",
    "explained.*.answer_by",
    "explained.*.question",
    "explained.*.answered.role",
    "explained.*.answered.given_at",
    "explained.*.answered.answer",
    "explained.*.answered.comparison",
    "acceptance.version",
    "acceptance.accepted_at",
    "ending.kind",
    "ending.at",
    "ending.acceptance",
    "ending.decline_reason",
    "ending.clause",
];

/// Leaves of an offer what this caller may see.
pub(crate) fn mask(session: &Session, body: &mut Value) {
    let (role, reach) = reads_as(session, body);
    mask_for(role, reach, body);
}

/// Whether the candidate has the offer, or had it at its end.
pub(crate) fn went_out(body: &Value) -> bool {
    body.get("extension").is_some_and(|extension| !extension.is_null())
}

/// Leaves of an offer what the candidate may see.
pub(crate) fn mask_own(body: &mut Value) {
    complete(body);
    only(body, OWN);
    // How the employer came to its approval is the employer's.
    if let Some(documents) = body.pointer_mut("/extension/documents").and_then(Value::as_array_mut) {
        let internal: &str = DocumentKind::ApprovalSheet.into();
        documents.retain(|document| document["kind"] != internal);
    }
}

fn mask_for(role: Role, reach: Reach, body: &mut Value) {
    match reach {
        Reach::Own => mask_own(body),
        Reach::All | Reach::Assigned => {
            complete(body);
            remove(body, &["drafted_position"]);
            pay::mask_finding(role, body);
            // Nobody is worse off for having asked (パート有期法14条3項): whoever leads them does not read it.
            if !matches!(role, Role::Compensation | Role::Compliance | Role::PeopleOps) {
                remove(body, &["explained"]);
            }
            if !matches!(role, Role::Compliance | Role::PeopleOps) {
                remove(body, &["duties"]);
            }
            if !matches!(role, Role::Compensation | Role::Compliance | Role::Executive) {
                remove(body, &["range_review"]);
            }
            if !matches!(role, Role::Compliance | Role::PeopleOps | Role::Recruiter) {
                remove(body, &["hands_in"]);
            }
            if !knows_of_flags(role) {
                without_flags(body.pointer_mut("/extension/rechecked"), "/rule");
                without_flags(body.get_mut("settlements"), "/settlement/rule");
                without_flags(body.get_mut("labour"), "/rule");
            }
        }
    }
}

/// Gives members that are left out when nothing is agreed the value that says so.
fn complete(body: &mut Value) {
    complete_terms(body.get_mut("terms"));
    each(body.get_mut("versions"), |version| complete_terms(version.get_mut("terms")));
    nulls(body.get_mut("line"), &["hiring_manager", "approver_unit"]);
    each(body.pointer_mut("/extension/rechecked"), |rule| nulls(Some(rule), &["basis"]));
    each(body.get_mut("labour"), |check| {
        let text = |name: &str| check.get(name).and_then(Value::as_str).unwrap_or_default();
        let (ja, en) = question(text("rule"), text("code")).unzip();
        let outcome = text("outcome").parse().unwrap_or(Outcome::Pass);
        let takes: Vec<&str> = answers(text("rule"), outcome).iter().map(<&str>::from).collect();
        nulls(Some(&mut *check), &["basis"]);
        unsaid(Some(&mut *check), &["figures"], &json!({}));
        (check["question"], check["question_ja"], check["answers"]) = (json!(en), json!(ja), json!(takes));
    });
}

fn complete_terms(terms: Option<&mut Value>) {
    let Some(terms) = terms.filter(|terms| terms.is_object()) else { return };
    nulls(terms.get_mut("contract"), &["ends_on", "renewal", "ground"]);
    if let Some(pay) = terms.get_mut("pay") {
        if pay.get("allowances").is_none() {
            pay["allowances"] = json!([]);
        }
        nulls(Some(pay), &["fixed_overtime", "bonus", "sign_on"]);
    }
    nulls(Some(terms), &["location", "location_scope", "duties", "duties_scope", "probation_months"]);
}

#[cfg(test)]
mod tests;
