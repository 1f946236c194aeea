//! An application to come back (再入社応募), from its eligibility to the first day of the new employment.
//! Stream `application/{application_id}`. One live application per person and requisition: claim `live_application`, key
//! `{person_id}/{requisition_id}`. One return per membership: claim `return`, key `{member_id}`.

mod commands;
mod decisions;
mod eligibility;
mod facts;
mod interviews;
mod returning;
pub mod service_levels;
mod standing;
mod transitions;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use commands::{
    ApplicationCommand, ApplicationError, OfferAcceptance, Office, Rejoining, Submitting, Transferring,
};
pub use facts::{
    Channel, EligibilityFacts, EligibilityResult, FlagFact, FlagForce, HoldCause, MembershipFact, OfferEnding,
    PostponementReason, ProgrammeFact, RejectionReason, Rejoined, RequisitionFact, ReviewDecision, Side, Stage, Stint,
    Submitted, WithdrawalReason,
};
pub use interviews::{
    AttributeRating, DisclosedRange, Disclosing, Interview, InterviewOutcome, MOST_INTERVIEWERS, Recommendation,
    Scheduling, Scorecard, Slot,
};
pub use standing::{
    Agreed, Ending, Hold, Joining, OFFER_DAYS, Phase, REOPEN_DAYS, REVIEW_DAYS, Review, Standing, Unanswered,
};
pub use transitions::{Transition, next_allowed_commands, transitions};

use crate::checks::{RuleResult, Settlement};
use crate::ids::{ActorId, InterviewId, MemberId, OfferId, PersonId, RequisitionId};
use crate::issued::{Due, Issued};
use crate::member::ContactChannel;
use crate::requisition::{Line, PayRange};
use crate::stream::{Claim, Stream, event_sourced};
use crate::values::{Clause, EmploymentType, FreeText};

/// Facts about applications, kept forever. Add a variant or an optional field; never edit or remove one.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumMessage,
    strum::VariantNames,
    strum::EnumDiscriminants,
)]
#[serde(tag = "type", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[strum_discriminants(
    name(ApplicationEventType),
    doc = "The types of [`ApplicationEvent`].",
    derive(strum::EnumIter, strum::EnumMessage, strum::IntoStaticStr),
    strum(serialize_all = "snake_case")
)]
pub enum ApplicationEvent {
    /// Somebody applied to come back.
    Submitted(Box<Submitted>),
    /// The rules about applying were evaluated, on submission or since a fact changed.
    EligibilityAssessed {
        /// What they say together.
        result: EligibilityResult,
        /// What each says, passed ones too.
        rules: Vec<RuleResult>,
        /// The version of the programme policy that they belong to.
        programme_version: String,
        /// What they read.
        facts: Box<EligibilityFacts>,
        /// What changed, where the person had been found eligible before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        because: Option<HoldCause>,
    },
    /// Somebody reviewed whether the person may apply.
    EligibilityReviewed {
        /// The decision.
        decision: ReviewDecision,
        /// The clause relied on, which is all that the person is told.
        clause: Clause,
        /// Who reviewed.
        reviewed_by: ActorId,
        /// In words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<FreeText>,
        /// The local day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        on: Option<NaiveDate>,
    },
    /// The person asked for a review of \"not eligible\".
    ReviewRequested {
        /// Who handed it in.
        requested_by: ActorId,
        /// Why, in their words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        grounds: Option<FreeText>,
    },
    /// Somebody who was not involved before answered the request for a review.
    ReviewAnswered {
        /// The decision.
        decision: ReviewDecision,
        /// The clause relied on, which is all that the person is told.
        clause: Clause,
        /// Who reviewed.
        reviewed_by: ActorId,
        /// In words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<FreeText>,
    },
    /// Somebody was put in charge of the case.
    OwnerAssigned {
        /// Who owns it.
        owner: ActorId,
        /// Who assigned it.
        assigned_by: ActorId,
    },
    /// The case went on to its next stage.
    Advanced {
        /// From.
        from: Stage,
        /// To.
        to: Stage,
        /// Who advanced it.
        advanced_by: ActorId,
    },
    /// The case went past a stage on the fast track.
    StageSkipped {
        /// From.
        from: Stage,
        /// To.
        to: Stage,
        /// The clause that allows it.
        clause: Clause,
        /// Who skipped it.
        skipped_by: ActorId,
    },
    /// An interview was scheduled.
    InterviewScheduled {
        /// Which.
        interview_id: InterviewId,
        /// When, where, with whom.
        slot: Box<Slot>,
        /// Who scheduled it.
        scheduled_by: ActorId,
    },
    /// The candidate was told the position's pay range.
    RangeDisclosed {
        /// The position.
        requisition_id: RequisitionId,
        /// The range.
        range: Box<PayRange>,
        /// How.
        channel: ContactChannel,
        /// When it was recorded, which counts as when they were told.
        at: DateTime<Utc>,
        /// Who told them.
        disclosed_by: ActorId,
    },
    /// An interview was moved.
    InterviewRescheduled {
        /// Which.
        interview_id: InterviewId,
        /// When, where, with whom it is now.
        slot: Box<Slot>,
        /// How often it was moved, counted from 1 (iCalendar SEQUENCE).
        number: u32,
        /// Who moved it.
        rescheduled_by: ActorId,
        /// Who interviews no longer.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        released: Vec<ActorId>,
    },
    /// An interview was cancelled.
    InterviewCancelled {
        /// Which.
        interview_id: InterviewId,
        /// Who cancelled it.
        cancelled_by: ActorId,
        /// In words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<FreeText>,
        /// Who was to interview.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        interviewers: Vec<ActorId>,
    },
    /// What became of an interview was recorded.
    InterviewRecorded {
        /// Which.
        interview_id: InterviewId,
        /// What became of it.
        outcome: InterviewOutcome,
        /// Who recorded it.
        recorded_by: ActorId,
        /// Who was to interview.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        interviewers: Vec<ActorId>,
    },
    /// An interviewer said what they found.
    ScorecardSubmitted {
        /// Which interview.
        interview_id: InterviewId,
        /// Who.
        interviewer: ActorId,
        /// What they found.
        scorecard: Box<Scorecard>,
    },
    /// An interviewer amended what they had said; the original stays readable.
    ScorecardAmended {
        /// Which interview.
        interview_id: InterviewId,
        /// Who.
        interviewer: ActorId,
        /// What they find now.
        scorecard: Box<Scorecard>,
        /// Why, in words.
        why: FreeText,
    },
    /// The evaluation of the candidate was recorded.
    EvaluationRecorded {
        /// For or against.
        recommendation: Recommendation,
        /// Who evaluated.
        evaluated_by: ActorId,
        /// In words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<FreeText>,
    },
    /// The case was put on hold.
    Held {
        /// Why.
        because: HoldCause,
        /// The local day on which it goes on by itself; never by itself where a fact changed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<NaiveDate>,
        /// Who put it on hold; this program where a fact changed.
        held_by: ActorId,
        /// In words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<FreeText>,
    },
    /// The case goes on.
    Resumed {
        /// Who took it off hold; this program where the day had come.
        resumed_by: ActorId,
        /// The clause relied on, where a changed fact had put it on hold and somebody decided that the person may apply.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        clause: Option<Clause>,
        /// In words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<FreeText>,
    },
    /// The employer or the candidate ended the case.
    Rejected {
        /// Who.
        side: Side,
        /// The coded reason.
        reason_code: RejectionReason,
        /// Who recorded it.
        rejected_by: ActorId,
        /// In words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<FreeText>,
        /// The local day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        on: Option<NaiveDate>,
    },
    /// The candidate withdrew; from an accepted offer on that is 内定辞退.
    Withdrawn {
        /// The coded reason.
        reason_code: WithdrawalReason,
        /// Who withdrew, or recorded it.
        withdrawn_by: ActorId,
        /// How it came in, where somebody recorded it for the person.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        recorded_for: Option<FreeText>,
        /// The local day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        on: Option<NaiveDate>,
    },
    /// Somebody other than whoever ended the case opened it again.
    Reopened {
        /// The stage at which it goes on.
        to: Stage,
        /// Who reopened it.
        reopened_by: ActorId,
        /// In words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<FreeText>,
    },
    /// The case was moved to another requisition.
    Transferred {
        /// The earlier position.
        from: RequisitionId,
        /// The new position.
        to: RequisitionId,
        /// Who leads it now.
        line: Line,
        /// Who moved it.
        transferred_by: ActorId,
    },
    /// An offer is being made.
    OfferOpened {
        /// Which.
        offer_id: OfferId,
    },
    /// The candidate accepted the offer (内定承諾).
    OfferAccepted {
        /// Which.
        offer_id: OfferId,
        /// The first day agreed.
        starts_on: NaiveDate,
        /// How they will be employed.
        employment_type: EmploymentType,
        /// The grade agreed.
        grade: String,
        /// The place agreed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        location: Option<String>,
    },
    /// The offer ended without a return; the case does not end with it.
    OfferEnded {
        /// Which.
        offer_id: OfferId,
        /// How.
        ending: OfferEnding,
        /// The local day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        on: Option<NaiveDate>,
    },
    /// The first day was postponed.
    StartPostponed {
        /// The day agreed before.
        from: NaiveDate,
        /// The day agreed now.
        to: NaiveDate,
        /// Why.
        reason_code: PostponementReason,
        /// Who recorded it.
        postponed_by: ActorId,
    },
    /// The return is arranged: it takes effect on the first day.
    JoiningRecorded {
        /// The new number.
        employee_number: String,
        /// First day.
        started_on: NaiveDate,
        /// Department.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        department: Option<String>,
        /// Job family.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        job_family: Option<String>,
        /// Who recorded it.
        recorded_by: ActorId,
    },
    /// The person is an employee again.
    Rejoined(Box<Rejoined>),
    /// The person did not come on the first day.
    NoShowRecorded {
        /// Who recorded it.
        recorded_by: ActorId,
        /// In words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<FreeText>,
    },
    /// The case was cancelled with its requisition.
    Cancelled {
        /// The requisition that was closed.
        requisition_id: RequisitionId,
    },
    /// Nobody took the case up again in time after its offer had ended.
    Closed {
        /// The local day.
        on: NaiveDate,
    },
    /// Somebody answered a HOLD, acknowledged a WARN, or recorded a legal opinion about a rule of this case.
    Settled {
        /// The answer.
        settlement: Settlement,
    },
}

/// State: only what `decide` reads.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Application {
    /// Nobody applied under this id.
    #[default]
    Unsubmitted,
    /// Handed in, and whatever became of it.
    Submitted(Box<Standing>),
}

impl Application {
    /// What stands, once somebody applied, also when the case has ended.
    pub const fn standing(&self) -> Option<&Standing> {
        match self {
            Self::Submitted(standing) => Some(standing),
            Self::Unsubmitted => None,
        }
    }

    /// Whether the case is going on.
    pub fn is_live(&self) -> bool {
        self.standing().is_some_and(Standing::is_live)
    }

    /// What a role may ask of it now.
    pub fn next_commands(&self, role: &str) -> Vec<&'static str> {
        let held = self.standing().is_some_and(|standing| standing.hold.is_some());
        next_allowed_commands(self.state(), held, &[role])
    }

    fn after(self, event: ApplicationEvent) -> Self {
        match (self, event) {
            (Self::Unsubmitted, ApplicationEvent::Submitted(submitted)) => {
                Self::Submitted(Box::new(Standing::submitted(*submitted)))
            }
            (Self::Submitted(standing), event) => Self::Submitted(Box::new(standing.after(event))),
            // History cannot be refused: what does not fit changes nothing.
            (Self::Unsubmitted, _) => Self::Unsubmitted,
        }
    }

    fn live_key(&self) -> Option<String> {
        let standing = self.standing().filter(|standing| standing.is_live())?;
        Some(live_key(standing.person_id, standing.requisition_id))
    }
}

impl Stream for Application {
    type Order = ApplicationCommand;

    fn decide(&self, issued: Issued<ApplicationCommand>) -> Result<Vec<ApplicationEvent>, ApplicationError> {
        use ApplicationCommand as C;
        match self {
            Self::Unsubmitted => match issued.command {
                C::Submit(submitting) => eligibility::submit(issued.by.id, *submitting),
                C::Wake => Ok(vec![]),
                C::ReviewEligibility { .. }
                | C::RequestReview { .. }
                | C::Assign { .. }
                | C::Advance { .. }
                | C::SkipStage { .. }
                | C::DiscloseRange(_)
                | C::ScheduleInterview(_)
                | C::RescheduleInterview(_)
                | C::CancelInterview { .. }
                | C::RecordInterview { .. }
                | C::SubmitScorecard { .. }
                | C::AmendScorecard { .. }
                | C::RecordEvaluation { .. }
                | C::Hold { .. }
                | C::Resume { .. }
                | C::Reject { .. }
                | C::Withdraw { .. }
                | C::Reopen { .. }
                | C::Transfer(_)
                | C::NoteOffer { .. }
                | C::NoteOfferAccepted(_)
                | C::NoteOfferEnded { .. }
                | C::PostponeStart { .. }
                | C::RecordRejoin(_)
                | C::RecordNoShow { .. }
                | C::Cancel { .. }
                | C::Reassess { .. }
                | C::Settle(_) => Err(ApplicationError::NotSubmitted),
            },
            Self::Submitted(standing) => standing.decide(issued),
        }
    }

    fn state(&self) -> &'static str {
        match self {
            Self::Unsubmitted => "unsubmitted",
            Self::Submitted(standing) => standing.phase.name(),
        }
    }

    fn subject(&self) -> Option<PersonId> {
        self.standing().map(|standing| standing.person_id)
    }

    fn wake(&self) -> Option<Due> {
        self.standing().and_then(Standing::due).map(Due::On)
    }

    /// The claim follows whether the case is live, whichever event made it so.
    fn claims(&self, id: Uuid, event: &ApplicationEvent) -> Vec<Claim> {
        let (before, after) = (self.live_key(), self.clone().after(event.clone()).live_key());
        if before == after {
            return Vec::new();
        }
        let released = before.map(|key| Claim::release(LIVE_APPLICATION, key, id));
        let taken = after.map(|key| Claim::take(LIVE_APPLICATION, key, id));
        let returned = ended_by(event).map(|member| Claim::take("return", member.to_string(), id));
        released.into_iter().chain(taken).chain(returned).collect()
    }
}

event_sourced!(Application, ApplicationEvent, ApplicationCommand, ApplicationError, "application");

/// The membership that a return ends.
fn ended_by(event: &ApplicationEvent) -> Option<MemberId> {
    if let ApplicationEvent::Rejoined(rejoined) = event { Some(rejoined.member_id) } else { None }
}

/// The claim of a case that is going on.
pub const LIVE_APPLICATION: &str = "live_application";

/// The key of the claim [`LIVE_APPLICATION`]: one live application per person and requisition.
pub fn live_key(person_id: PersonId, requisition_id: RequisitionId) -> String {
    format!("{person_id}/{requisition_id}")
}
