//! An application as each role sees it: scorecards of others only once one's own is in, flags for those few who see flags
//! at all (PRV-13), and for the person where it stands, when interviews are, and the clause of a refusal.

mod eligibility;

use aggregates::application::{
    Channel, EligibilityResult, HoldCause, InterviewOutcome, OfferEnding, PostponementReason, REOPEN_DAYS, REVIEW_DAYS,
    Recommendation, RejectionReason, ReviewDecision, Side, Stage, WithdrawalReason, next_allowed_commands,
};
use aggregates::checks::{CheckAnswer, Outcome, clauses_that_bar};
use aggregates::ids::ActorId;
use aggregates::requisition::Line;
use aggregates::values::EmploymentType;
use chrono::{DateTime, Days, NaiveDate, Utc};
use projections::applications::{Application, State};
use projections::parts::YesNo;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use eligibility::ApplicationEligibilityView;
pub(crate) use eligibility::RuleView;

use super::requisitions::DisclosedRangeView;
use super::{each, knows_of_flags, nulls, only, unsaid, without_flags};
use crate::http::reading::remove;
use crate::http::request::{Reach, Session, one_of, one_of_or_null};
use crate::http::scope::{CaseScope, acting_in, reads_as};
use crate::identity::Role;

/// An application to come back (再入社応募). A member that the caller may not see is absent, what is unknown or erased is
/// `null`.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ApplicationView {
    id: Uuid,
    state: ApplicationState,
    /// The local day since which it is there.
    stage_since: Option<NaiveDate>,
    /// Whether it rests, over whatever state.
    on_hold: Option<bool>,
    /// Why it rests.
    hold: Option<ApplicationHoldView>,
    /// The same as `ETag`.
    version: i64,
    /// The place in the employer's log of the last event that this shows.
    position: i64,
    /// What this caller may ask for now.
    #[schema(examples(json!(["advance", "schedule-interview", "reject"])))]
    next_allowed_commands: Vec<String>,
    person_id: Option<Uuid>,
    /// The person's name at departure.
    name: Option<String>,
    member_id: Option<Uuid>,
    account: Option<Uuid>,
    requisition_id: Uuid,
    /// The title of the position.
    title: Option<String>,
    legal_entity: String,
    recruiter: Option<Uuid>,
    hiring_manager: Option<Uuid>,
    approver_unit: Option<String>,
    owner: Option<Uuid>,
    #[schema(schema_with = one_of::<Channel>)]
    channel: String,
    referral_id: Option<Uuid>,
    motivation: Option<String>,
    submitted_by: Option<Uuid>,
    recorded_for: Option<String>,
    submitted_at: DateTime<Utc>,
    submitted_on: NaiveDate,
    eligibility: Option<ApplicationEligibilityView>,
    /// The clause of "not eligible".
    refusal_clause: Option<String>,
    /// What people decided about it, oldest first.
    reviews: Option<Vec<ApplicationReviewView>>,
    /// The review that the person asked for.
    review_request: Option<ReviewRequestView>,
    /// Answers to rules that do not pass by themselves.
    settlements: Option<Vec<SettlementView>>,
    /// The stages that it reached, oldest first.
    steps: Option<Vec<StageStepView>>,
    /// What the candidate was told last of the position's pay (PAY-05).
    disclosed_range: Option<DisclosedRangeView>,
    interviews: Vec<InterviewView>,
    evaluation: Option<EvaluationView>,
    offer_id: Option<Uuid>,
    offer: Option<ApplicationOfferView>,
    start: Option<StartView>,
    transfers: Option<Vec<TransferView>>,
    ending: Option<ApplicationEndingView>,
}

/// How far an application has come. The person themselves sees `in_review`, `interview`, `joined` and `ended` in place of
/// what is decided about them meanwhile.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::IntoStaticStr, strum::EnumString,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub(crate) enum ApplicationState {
    /// Somebody has to look at whether the person may apply.
    EligibilityReview,
    /// The person may not apply.
    NotEligible,
    /// Read by a recruiter.
    Screening,
    /// In interviews.
    Interviewing,
    /// An evaluation is recorded.
    Evaluated,
    /// An offer is live.
    OfferPending,
    /// An offer is accepted.
    OfferAccepted,
    /// The return is arranged.
    Joining,
    /// An employee again.
    Rejoined,
    /// Ended without an offer.
    Rejected,
    /// The candidate withdrew.
    Withdrawn,
    /// The candidate declined the offer.
    OfferDeclined,
    /// The offer lapsed.
    OfferExpired,
    /// The employer took an accepted offer back.
    OfferRescinded,
    /// The person did not come.
    NoShow,
    /// The requisition was closed.
    Cancelled,
    /// Nobody took it up again after its offer.
    Closed,
    /// For the person: being looked at.
    InReview,
    /// For the person: in interviews.
    Interview,
    /// For the person: an employee again.
    Joined,
    /// For the person: not going on.
    Ended,
}

impl ApplicationState {
    /// What the person is told.
    const fn for_the_person(state: State) -> Self {
        match state {
            State::EligibilityReview | State::Screening | State::Evaluated | State::OfferPending => Self::InReview,
            State::Interviewing => Self::Interview,
            State::NotEligible => Self::NotEligible,
            State::OfferAccepted => Self::OfferAccepted,
            State::Joining => Self::Joining,
            State::Rejoined => Self::Joined,
            State::Withdrawn => Self::Withdrawn,
            State::OfferDeclined => Self::OfferDeclined,
            State::OfferExpired => Self::OfferExpired,
            State::OfferRescinded => Self::OfferRescinded,
            State::Rejected | State::NoShow | State::Cancelled | State::Closed => Self::Ended,
        }
    }
}

/// Why a case rests.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ApplicationHoldView {
    /// Why; `null` where it is for few to know.
    #[schema(schema_with = one_of_or_null::<HoldCause>)]
    because: Option<String>,
    /// The local day on which it goes on by itself.
    until: Option<NaiveDate>,
    held_by: Option<Uuid>,
    held_at: Option<DateTime<Utc>>,
    note: Option<String>,
}

/// A decision about whether the person may apply.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ApplicationReviewView {
    #[schema(schema_with = one_of::<ReviewDecision>)]
    decision: String,
    clause: String,
    by: Uuid,
    at: DateTime<Utc>,
    note: Option<String>,
}

/// The review that the person asked for.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReviewRequestView {
    requested_by: Option<Uuid>,
    requested_at: DateTime<Utc>,
    grounds: Option<String>,
    answered_at: Option<DateTime<Utc>>,
}

/// A human answer to a rule.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SettlementView {
    /// `answered`, `acknowledged` or `legal_opinion`.
    kind: String,
    rule: String,
    #[schema(schema_with = one_of_or_null::<CheckAnswer>)]
    answer: Option<String>,
    evidence_ref: Option<String>,
    reason: Option<String>,
    opinion_ref: Option<String>,
    valid_until: Option<NaiveDate>,
    by: Uuid,
    at: DateTime<Utc>,
}

/// A stage that the case reached or went past.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StageStepView {
    #[schema(schema_with = one_of::<Stage>)]
    from: String,
    #[schema(schema_with = one_of::<Stage>)]
    to: String,
    /// The clause, where a stage was skipped.
    clause: Option<String>,
    by: Uuid,
    at: DateTime<Utc>,
}

/// An interview.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InterviewView {
    interview_id: Uuid,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    interviewers: Option<Vec<Uuid>>,
    location: Option<String>,
    /// How often it was moved (iCalendar SEQUENCE).
    sequence: u32,
    #[schema(schema_with = one_of_or_null::<InterviewOutcome>)]
    outcome: Option<String>,
    /// Why it was cancelled.
    note: Option<String>,
    /// How many scorecards are in.
    scorecards_in: Option<usize>,
    /// Those that the caller may see: others' only once their own is in.
    scorecards: Option<Vec<ScorecardView>>,
}

/// What an interviewer found.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScorecardView {
    interviewer: Uuid,
    submitted_at: DateTime<Utc>,
    #[schema(minimum = 1, maximum = 5)]
    rating: u8,
    #[schema(schema_with = one_of::<Recommendation>)]
    recommendation: String,
    attributes: Vec<AttributeView>,
    notes: Option<String>,
    /// What it said before, oldest first.
    amended: Vec<AmendmentView>,
}

/// A rated quality.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AttributeView {
    name: String,
    #[schema(minimum = 1, maximum = 5)]
    rating: u8,
}

/// An earlier form of a scorecard.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AmendmentView {
    original: OriginalScorecardView,
    amended_at: DateTime<Utc>,
    why: Option<String>,
}

/// What a scorecard said before.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OriginalScorecardView {
    #[schema(minimum = 1, maximum = 5)]
    rating: u8,
    #[schema(schema_with = one_of::<Recommendation>)]
    recommendation: String,
    attributes: Vec<AttributeView>,
    notes: Option<String>,
}

/// The evaluation of the candidate.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EvaluationView {
    #[schema(schema_with = one_of::<Recommendation>)]
    recommendation: String,
    evaluated_by: Uuid,
    evaluated_at: DateTime<Utc>,
    note: Option<String>,
}

/// The latest offer of the case.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ApplicationOfferView {
    offer_id: Uuid,
    opened_at: DateTime<Utc>,
    accepted_at: Option<DateTime<Utc>>,
    #[schema(schema_with = one_of_or_null::<OfferEnding>)]
    ending: Option<String>,
    ended_at: Option<DateTime<Utc>>,
}

/// The first day.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StartView {
    /// The first day agreed.
    starts_on: Option<NaiveDate>,
    #[schema(schema_with = one_of::<EmploymentType>)]
    employment_type: String,
    grade: Option<String>,
    location: Option<String>,
    #[schema(schema_with = one_of_or_null::<PostponementReason>)]
    postponed_because: Option<String>,
    /// The new number.
    employee_number: Option<String>,
    /// The first day recorded.
    started_on: Option<NaiveDate>,
    recorded_by: Option<Uuid>,
}

/// A move to another position.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TransferView {
    from: Uuid,
    to: Uuid,
    by: Uuid,
    at: DateTime<Utc>,
}

/// How the case ended.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ApplicationEndingView {
    at: DateTime<Utc>,
    by: Option<Uuid>,
    #[schema(schema_with = one_of_or_null::<Side>)]
    side: Option<String>,
    #[schema(schema_with = one_of_or_null::<RejectionReason>)]
    rejection: Option<String>,
    #[schema(schema_with = one_of_or_null::<WithdrawalReason>)]
    withdrawal: Option<String>,
    note: Option<String>,
    recorded_for: Option<String>,
}

/// What the person sees of their own.
const OWN: &[&str] = &[
    "id",
    "state",
    "version",
    "position",
    "next_allowed_commands",
    "requisition_id",
    "legal_entity",
    "channel",
    "motivation",
    "submitted_at",
    "submitted_on",
    "refusal_clause",
    "review_request.requested_at",
    "review_request.grounds",
    "review_request.answered_at",
    "disclosed_range.requisition_id",
    "disclosed_range.range",
    "disclosed_range.channel",
    "disclosed_range.at",
    "interviews.*.interview_id",
    "interviews.*.starts_at",
    "interviews.*.ends_at",
    "interviews.*.location",
    "interviews.*.sequence",
    "interviews.*.outcome",
    "start.starts_on",
    "start.employment_type",
    "start.grade",
    "start.location",
    "start.employee_number",
    "start.started_on",
];

/// What few may know: flags and what rests on them (PRV-13), and words of a review.
const FOR_FEW: &[&str] = &[
    "eligibility.facts",
    "eligibility.because",
    "reviews.*.note",
    "review_request.grounds",
    "review_request.requested_by",
];

/// Words about the candidate that who only prices or decides about pay does not need.
const WORDS: &[&str] = &[
    "motivation",
    "recorded_for",
    "hold.note",
    "interviews.*.note",
    "evaluation.note",
    "ending.note",
    "ending.recorded_for",
    "settlements",
];

/// What an interviewer does not need, so that they judge by what they see.
const BEYOND_INTERVIEWS: &[&str] = &[
    "eligibility",
    "reviews",
    "review_request",
    "refusal_clause",
    "settlements",
    "evaluation",
    "offer",
    "offer_id",
    "start",
    "ending",
    "hold",
    "disclosed_range",
    "recorded_for",
    "account",
];

/// Leaves of an application what this caller may see on a day, in the API's shape.
pub(crate) fn mask(session: &Session, today: NaiveDate, body: &mut Value) {
    let (role, reach) = reads_as(session, body);
    mask_for(role, reach, (session.actor, today), |case| acting(session, case), body);
}

/// In which roles the caller may act in a case.
fn acting(session: &Session, case: &Application) -> Vec<Role> {
    let line = Line { recruiter: case.recruiter, hiring_manager: case.hiring_manager, approver_unit: None };
    let scope = CaseScope {
        account: case.account,
        line: Some(&line),
        owner: case.owner,
        interviewers: case.interviews.iter().flat_map(|one| one.interviewers.iter().copied()).collect(),
        legal_entity: &case.legal_entity,
    };
    acting_in(session, &session.any_of, &scope)
}

fn mask_for(
    role: Role,
    reach: Reach,
    (actor, today): (ActorId, NaiveDate),
    acting: impl Fn(&Application) -> Vec<Role>,
    body: &mut Value,
) {
    let Ok(case) = serde_json::from_value::<Application>(body.clone()) else {
        only(body, &["id"]);
        return;
    };
    shape(&case, &acting(&case), (actor, today), body);
    match (reach, role) {
        (Reach::Own, _) => {
            let told: &str = ApplicationState::for_the_person(case.progress.state).into();
            body["state"] = told.into();
            only(body, OWN);
        }
        (Reach::All | Reach::Assigned, role) if knows_of_flags(role) => {}
        (Reach::All | Reach::Assigned, _) => hide_flags(body),
    }
    match role {
        Role::Compensation | Role::Executive => remove(body, WORDS),
        Role::Interviewer => remove(body, BEYOND_INTERVIEWS),
        Role::PeopleOps
        | Role::Recruiter
        | Role::HiringManager
        | Role::Compliance
        | Role::Payroll
        | Role::ProgrammeAdmin
        | Role::Employee
        | Role::Alumnus
        | Role::Partner
        | Role::Hris
        | Role::PayrollSystem => {}
    }
    if reach != Reach::Own {
        hide_scorecards(role, actor, body);
    }
}

/// The document in the shape of the API.
fn shape(case: &Application, acting: &[Role], (actor, today): (ActorId, NaiveDate), body: &mut Value) {
    let Some(members) = body.as_object_mut() else { return };
    let progress = &case.progress;
    for internal in ["stage", "assessed", "eligibility_result", "hold_because", "hold_until", "submitted_position"] {
        members.remove(internal);
    }
    let on_hold = progress.on_hold == YesNo::Yes;
    members.insert("on_hold".to_owned(), on_hold.into());
    if let Some(hold) = members.get_mut("hold").and_then(Value::as_object_mut) {
        hold.insert("because".to_owned(), json!(progress.hold_because));
        hold.insert("until".to_owned(), json!(progress.hold_until));
    }
    if let Some(eligibility) = members.get_mut("eligibility").and_then(Value::as_object_mut) {
        eligibility.insert("result".to_owned(), json!(progress.eligibility_result));
        each(eligibility.get_mut("rules"), |rule| nulls(Some(rule), &["basis"]));
        eligibility::shape(eligibility.get_mut("facts"));
    }
    let answer = ["answer", "evidence_ref", "reason", "opinion_ref", "valid_until"];
    each(members.get_mut("settlements"), |settled| nulls(Some(settled), &answer));
    each(members.get_mut("interviews"), |interview| {
        let submitted = interview.get("scorecards").and_then(Value::as_array).map_or(0, Vec::len);
        interview["scorecards_in"] = submitted.into();
        each(interview.get_mut("scorecards"), |card| {
            each(card.get_mut("amended"), |amendment| scorecard(amendment.get_mut("original")));
            scorecard(Some(card));
        });
    });
    members.insert("refusal_clause".to_owned(), json!(refusal_clause(case)));
    members.insert("next_allowed_commands".to_owned(), json!(next_commands(case, acting, actor, today)));
}

fn scorecard(card: Option<&mut Value>) {
    let Some(card) = card else { return };
    nulls(Some(card), &["notes"]);
    unsaid(Some(card), &["attributes"], &json!([]));
}

/// The clause of "not eligible": of whoever decided it, or of all rules that block.
fn refusal_clause(case: &Application) -> Option<String> {
    if case.progress.eligibility_result != EligibilityResult::NotEligible {
        return None;
    }
    let decided = case.reviews.last().filter(|review| review.decision == ReviewDecision::NotEligible);
    let blocks = || clauses_that_bar(case.eligibility.iter().flat_map(|assessment| &assessment.rules));
    decided.map(|review| review.clause.clone()).or_else(blocks)
}

/// What a caller may ask for on a day, as far as the document tells.
fn next_commands(case: &Application, acting: &[Role], actor: ActorId, today: NaiveDate) -> Vec<&'static str> {
    let progress = &case.progress;
    let state: &str = progress.state.into();
    let by_fact = progress.hold_because.is_some_and(|because| because != HoldCause::Manual);
    let interviews = || case.interviews.iter();
    let open = || interviews().any(|one| one.outcome.is_none());
    let owes = || {
        interviews().any(|one| {
            one.interviewers.contains(&actor)
                && matches!(one.outcome, None | Some(InterviewOutcome::Held))
                && one.scorecards.iter().all(|card| card.interviewer != actor)
        })
    };
    let submitted = || interviews().any(|one| one.scorecards.iter().any(|card| card.interviewer == actor));
    let says =
        |outcome| case.eligibility.iter().flat_map(|assessment| &assessment.rules).any(|rule| rule.outcome == outcome);
    let asked = case.review_request.as_ref();
    let leads = [Some(case.recruiter), case.hiring_manager, case.owner].contains(&Some(actor));
    let reviewed = case.reviews.iter().any(|review| review.by == actor);
    let uninvolved = !leads && !reviewed && ![case.submitted_by, case.account].contains(&Some(actor));
    let within = |days| progress.stage_since.checked_add_days(Days::new(days)).is_none_or(|last| today <= last);
    let first_day = case.start.as_ref().and_then(|start| start.started_on.or(start.starts_on));
    let acting: Vec<&str> = acting.iter().map(|role| role.as_str()).collect();
    let mut commands = next_allowed_commands(state, progress.on_hold == YesNo::Yes, &acting);
    commands.retain(|command| match *command {
        "review-eligibility" => {
            let waits = asked.is_some_and(|request| request.answered_at.is_none());
            uninvolved && (waits || progress.state != State::NotEligible)
        }
        "request-review" => asked.is_none() && case.account == Some(actor) && within(REVIEW_DAYS),
        "reopen" => case.ending.as_ref().and_then(|ending| ending.by) != Some(actor) && within(REOPEN_DAYS),
        "record-no-show" => first_day.is_none_or(|day| day <= today),
        "resume" if by_fact => {
            let barred = progress.eligibility_result == EligibilityResult::NotEligible;
            uninvolved && !barred && acting.contains(&Role::Compliance.as_str())
        }
        "hold" => !by_fact,
        "reschedule-interview" => interviews().any(|one| one.outcome.is_none() && one.scorecards.is_empty()),
        "cancel-interview" | "record-interview" => open(),
        "submit-scorecard" => owes(),
        "amend-scorecard" => submitted(),
        "record-evaluation" => interviews().any(|one| !one.scorecards.is_empty()),
        "skip-stage" => case.reviews.is_empty() && !says(Outcome::Hold),
        "answer-check" => says(Outcome::Hold),
        "acknowledge" => says(Outcome::Warn),
        "record-legal-opinion" => says(Outcome::Legal),
        _ => true,
    });
    commands
}

/// That there is a flag is for few to know (PRV-13): others see verdict and clause.
fn hide_flags(body: &mut Value) {
    remove(body, FOR_FEW);
    for list in ["/eligibility/rules", "/settlements"] {
        without_flags(body.pointer_mut(list), "/rule");
    }
    if let Some(because) = body.pointer_mut("/hold/because")
        && *because != <&str>::from(HoldCause::Manual)
    {
        *because = Value::Null;
    }
}

/// Nobody sees what others found before they have said what they found themselves; whoever did not interview has nothing
/// to say, and is shown them if they lead the case or watch over it.
fn hide_scorecards(role: Role, actor: ActorId, body: &mut Value) {
    let actor = actor.to_string();
    let may_look_on = matches!(role, Role::Recruiter | Role::Compliance);
    each(body.get_mut("interviews"), |interview| {
        let names = |list: &str, member: Option<&str>| {
            let items = interview.get(list).and_then(Value::as_array).into_iter().flatten();
            let mut told = items.map(|item| member.map_or(item, |member| &item[member]));
            told.any(|told| told.as_str() == Some(actor.as_str()))
        };
        let interviews = names("interviewers", None);
        let is_in = names("scorecards", Some("interviewer"));
        if !is_in && (interviews || !may_look_on) {
            interview["scorecards"] = json!([]);
        }
    });
}

#[cfg(test)]
mod tests;
