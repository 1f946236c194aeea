//! What an application's document is made of.

use aggregates::application::{
    EligibilityFacts, EligibilityResult, HoldCause, InterviewOutcome, OfferEnding, PostponementReason, Recommendation,
    RejectionReason, ReviewDecision, Scorecard, Side, Slot, Stage, WithdrawalReason,
};
use aggregates::checks::{RuleResult, Settlement};
use aggregates::ids::{ActorId, InterviewId, OfferId, RequisitionId};
use aggregates::member::ContactChannel;
use aggregates::requisition::PayRange;
use aggregates::values::{Clause, EmploymentType, FreeText};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::parts::keep;

/// What the rules said last.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    /// What they say together.
    pub result: EligibilityResult,
    /// What each says, passed ones too.
    pub rules: Vec<RuleResult>,
    /// The version of the programme policy that they belong to.
    pub programme_version: String,
    /// What they read.
    pub facts: Option<EligibilityFacts>,
    /// What changed, where the person had been found eligible before.
    pub because: Option<HoldCause>,
    /// When.
    pub assessed_at: DateTime<Utc>,
}

/// The pay range that the candidate was told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DisclosedRange {
    /// The position that it belongs to.
    pub requisition_id: RequisitionId,
    /// The range.
    pub range: PayRange,
    /// How they were told.
    pub channel: ContactChannel,
    /// Who told them.
    pub by: ActorId,
    /// When.
    pub at: DateTime<Utc>,
}

/// A decision about whether the person may apply.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Review {
    /// The decision.
    pub decision: ReviewDecision,
    /// The clause relied on.
    pub clause: Clause,
    /// Who decided.
    pub by: ActorId,
    /// When.
    pub at: DateTime<Utc>,
    /// In words, sealed.
    pub note: Option<FreeText>,
}

/// What the person asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReviewRequest {
    /// Who handed it in, which is the person.
    pub requested_by: Option<ActorId>,
    /// When.
    pub requested_at: DateTime<Utc>,
    /// Why, sealed.
    pub grounds: Option<FreeText>,
    /// When it was answered.
    pub answered_at: Option<DateTime<Utc>>,
}

/// Why a case rests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hold {
    /// Who put it on hold.
    pub held_by: ActorId,
    /// When.
    pub held_at: DateTime<Utc>,
    /// In words, sealed.
    pub note: Option<FreeText>,
}

/// A stage that the case reached or went past.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// From.
    pub from: Stage,
    /// To.
    pub to: Stage,
    /// The clause, where a stage was skipped.
    pub clause: Option<Clause>,
    /// Who.
    pub by: ActorId,
    /// When.
    pub at: DateTime<Utc>,
}

/// An interview.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interview {
    /// Which.
    pub interview_id: InterviewId,
    /// Begin.
    pub starts_at: DateTime<Utc>,
    /// End.
    pub ends_at: DateTime<Utc>,
    /// Who interviews.
    pub interviewers: Vec<ActorId>,
    /// A place or an address on the net.
    pub location: Option<String>,
    /// How often it was moved.
    pub sequence: u32,
    /// What became of it.
    pub outcome: Option<InterviewOutcome>,
    /// Why it was cancelled, sealed.
    pub note: Option<FreeText>,
    /// What interviewers found.
    pub scorecards: Vec<ScorecardShown>,
}

impl Interview {
    pub(super) fn of(interview_id: InterviewId, slot: &Slot) -> Self {
        let Slot { starts_at, ends_at, interviewers, location } = slot.clone();
        Self {
            interview_id,
            starts_at,
            ends_at,
            interviewers,
            location,
            sequence: 0,
            outcome: None,
            note: None,
            scorecards: Vec::new(),
        }
    }

    pub(super) fn moved(&mut self, slot: &Slot, number: u32) {
        let Slot { starts_at, ends_at, interviewers, location } = slot.clone();
        (self.starts_at, self.ends_at, self.interviewers, self.location) = (starts_at, ends_at, interviewers, location);
        self.sequence = number;
    }

    pub(super) fn amend(&mut self, interviewer: ActorId, scorecard: &Scorecard, why: &FreeText, at: DateTime<Utc>) {
        if let Some(shown) = self.scorecards.iter_mut().find(|one| one.interviewer == interviewer) {
            let original = std::mem::replace(&mut shown.scorecard, scorecard.clone());
            keep(&mut shown.amended, Amendment { original, amended_at: at, why: why.clone() });
        }
    }
}

/// What an interviewer found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScorecardShown {
    /// Who.
    pub interviewer: ActorId,
    /// When.
    pub submitted_at: DateTime<Utc>,
    /// What they find now.
    #[serde(flatten)]
    pub scorecard: Scorecard,
    /// What they found before, oldest first, and why they amended it.
    pub amended: Vec<Amendment>,
}

/// An earlier form of a scorecard.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Amendment {
    /// What it said.
    pub original: Scorecard,
    /// When it was amended.
    pub amended_at: DateTime<Utc>,
    /// Why, sealed.
    pub why: FreeText,
}

/// The evaluation of the candidate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// For or against.
    pub recommendation: Recommendation,
    /// Who evaluated.
    pub evaluated_by: ActorId,
    /// When.
    pub evaluated_at: DateTime<Utc>,
    /// In words, sealed.
    pub note: Option<FreeText>,
}

/// The latest offer of the case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// Which.
    pub offer_id: OfferId,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// When it was accepted.
    pub accepted_at: Option<DateTime<Utc>>,
    /// How it ended without a return.
    pub ending: Option<OfferEnding>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
}

impl Offer {
    pub(super) const fn opened(offer_id: OfferId, opened_at: DateTime<Utc>) -> Self {
        Self { offer_id, opened_at, accepted_at: None, ending: None, ended_at: None }
    }
}

/// The first day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Start {
    /// The first day agreed.
    pub starts_on: Option<NaiveDate>,
    /// How they will be employed.
    pub employment_type: EmploymentType,
    /// The grade agreed.
    pub grade: Option<String>,
    /// The place agreed.
    pub location: Option<String>,
    /// Why it was postponed last.
    pub postponed_because: Option<PostponementReason>,
    /// The new number.
    pub employee_number: Option<String>,
    /// The first day recorded.
    pub started_on: Option<NaiveDate>,
    /// Who recorded it.
    pub recorded_by: Option<ActorId>,
}

impl Start {
    pub(super) fn agreed(
        starts_on: NaiveDate,
        employment_type: EmploymentType,
        grade: &str,
        location: Option<&String>,
    ) -> Self {
        Self {
            starts_on: Some(starts_on),
            employment_type,
            grade: Some(grade.to_owned()),
            location: location.cloned(),
            postponed_because: None,
            employee_number: None,
            started_on: None,
            recorded_by: None,
        }
    }

    pub(super) fn postpone(&mut self, to: NaiveDate, because: PostponementReason) {
        self.starts_on = Some(to);
        self.started_on = self.started_on.map(|_| to);
        self.postponed_because = Some(because);
    }
}

/// How the case ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ending {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub by: Option<ActorId>,
    /// On whose side, where somebody ended it.
    pub side: Option<Side>,
    /// Why the employer rejected.
    pub rejection: Option<RejectionReason>,
    /// Why the candidate withdrew.
    pub withdrawal: Option<WithdrawalReason>,
    /// In words, sealed.
    pub note: Option<FreeText>,
    /// How it came in, sealed.
    pub recorded_for: Option<FreeText>,
}

impl Ending {
    pub(super) const fn at(at: DateTime<Utc>) -> Self {
        Self { at, by: None, side: None, rejection: None, withdrawal: None, note: None, recorded_for: None }
    }
}

/// A move to another position.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// The earlier position.
    pub from: RequisitionId,
    /// The new position.
    pub to: RequisitionId,
    /// Who moved it.
    pub by: ActorId,
    /// When.
    pub at: DateTime<Utc>,
}

/// A human answer to a rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settled {
    /// The answer.
    #[serde(flatten)]
    pub settlement: Settlement,
    /// When.
    pub at: DateTime<Utc>,
}
