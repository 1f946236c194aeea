//! A case in the pipeline, as whoever works on it sees it.

use aggregates::application::{Channel, EligibilityResult, HoldCause, next_allowed_commands};
use aggregates::requisition::Line;
use chrono::{DateTime, NaiveDate, Utc};
use projections::parts::YesNo;
use projections::pipeline::PipelineEntry;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::applications::ApplicationState;
use super::only;
use crate::http::request::{Session, one_of, one_of_or_null};
use crate::http::scope::{CaseScope, acting_in};
use crate::identity::Role;
use crate::identity::permissions::Grant;

/// A live case.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PipelineView {
    application_id: Uuid,
    state: ApplicationState,
    /// Whether it rests, over whatever state.
    on_hold: bool,
    /// Whether somebody put it on hold; `null` where it is not, or where a changed fact did.
    #[schema(schema_with = one_of_or_null::<HoldCause>)]
    hold_because: Option<String>,
    /// The local day on which it goes on by itself.
    hold_until: Option<NaiveDate>,
    /// The local day since which it is in its state.
    stage_since: NaiveDate,
    /// How many days that is.
    days_in_stage: i64,
    /// What this caller may ask for now, as far as the pipeline tells.
    next_allowed_commands: Vec<String>,
    person_id: Uuid,
    /// The person's name at departure.
    name: Option<String>,
    member_id: Uuid,
    requisition_id: Uuid,
    /// The title of the position.
    title: Option<String>,
    legal_entity: String,
    recruiter: Uuid,
    hiring_manager: Option<Uuid>,
    owner: Option<Uuid>,
    #[schema(schema_with = one_of::<Channel>)]
    channel: String,
    referral_id: Option<Uuid>,
    submitted_on: NaiveDate,
    /// The local day by which there is a first answer; `null` once there was one.
    first_answer_due: Option<NaiveDate>,
    /// The local day by which the present stage ends.
    stage_due: NaiveDate,
    /// The local day by which there is a result; `null` once an offer is accepted.
    result_due: Option<NaiveDate>,
    /// The earliest of them, which the list is ordered by.
    due_on: NaiveDate,
    offer_id: Option<Uuid>,
    offer: Option<PipelineOfferView>,
    /// The application's version.
    version: i64,
    /// The place in the employer's log of the last event that this shows.
    position: i64,
}

/// How far the latest offer of a case has come.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PipelineOfferView {
    state: PipelineOfferState,
    /// The version of its terms.
    terms_version: u32,
    /// The first instant at which it could not be accepted any more.
    expires_at: DateTime<Utc>,
    approvals_needed: u32,
    approvals: u32,
}

/// How far an offer has come.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PipelineOfferState {
    /// Its terms are written.
    Drafting,
    /// An exception from the pay policy waits for its decision.
    ExceptionPending,
    /// It waits for approval.
    AwaitingApproval,
    /// It is approved.
    Approved,
    /// It is with the candidate.
    Extended,
    /// The candidate accepted.
    Accepted,
    /// The candidate declined.
    Declined,
    /// It lapsed.
    Expired,
    /// An approver refused it.
    Refused,
    /// The employer took it back.
    Rescinded,
}

/// A case of the pipeline in the API's shape, for a caller on a day; `any_of` is what they may do with applications.
pub(crate) fn shape(session: &Session, any_of: &[Grant], today: NaiveDate, body: &mut Value) {
    let Ok(entry) = serde_json::from_value::<PipelineEntry>(body.clone()) else {
        only(body, &["application_id"]);
        return;
    };
    let Some(members) = body.as_object_mut() else { return };
    for internal in ["stage", "assessed", "eligibility_result", "live", "submitted_position", "open_interviews"] {
        members.remove(internal);
    }
    let progress = &entry.progress;
    let on_hold = progress.on_hold == YesNo::Yes;
    let by_fact = progress.hold_because.is_some_and(|because| because != HoldCause::Manual);
    let state: &str = progress.state.into();
    let line = Line { recruiter: entry.recruiter, hiring_manager: entry.hiring_manager, approver_unit: None };
    let scope =
        CaseScope { line: Some(&line), owner: entry.owner, legal_entity: &entry.legal_entity, ..CaseScope::default() };
    let acting = acting_in(session, any_of, &scope);
    let names: Vec<&str> = acting.iter().map(|role| role.as_str()).collect();
    let mut commands = next_allowed_commands(state, on_hold, &names);
    let leads = [Some(entry.recruiter), entry.hiring_manager, entry.owner].contains(&Some(session.actor));
    let barred = progress.eligibility_result == EligibilityResult::NotEligible;
    commands.retain(|command| match *command {
        "review-eligibility" => !leads,
        "resume" if by_fact => !leads && !barred && acting.contains(&Role::Compliance),
        "hold" => !by_fact,
        _ => true,
    });
    // Whoever owes a scorecard has a task for it, and what a rule waits for stands in the application.
    commands
        .retain(|command| !["submit-scorecard", "amend-scorecard", "answer-check", "acknowledge"].contains(command));
    if entry.open_interviews.is_empty() {
        let about_one = ["reschedule-interview", "cancel-interview", "record-interview"];
        commands.retain(|command| !about_one.contains(command));
    }
    members.insert("on_hold".to_owned(), on_hold.into());
    if by_fact {
        members.insert("hold_because".to_owned(), Value::Null);
    }
    members.insert("days_in_stage".to_owned(), (today - progress.stage_since).num_days().max(0).into());
    members.insert("next_allowed_commands".to_owned(), json!(commands));
}
