//! Interviews of a case (面接), and what interviewers found.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{ApplicationError, ApplicationEvent, Standing};
use crate::ids::{ActorId, InterviewId, RequisitionId};
use crate::member::ContactChannel;
use crate::requisition::PayRange;
use crate::values::FreeText;

/// How many people may interview at once.
pub const MOST_INTERVIEWERS: usize = 10;

type Decision = Result<Vec<ApplicationEvent>, ApplicationError>;

/// When and where an interview is, and with whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// Begin.
    pub starts_at: DateTime<Utc>,
    /// End.
    pub ends_at: DateTime<Utc>,
    /// Who interviews.
    pub interviewers: Vec<ActorId>,
    /// A place or an address on the net.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
}

impl Slot {
    /// Whether two are at the same time: one may begin in the instant in which the other ends.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.starts_at < other.ends_at && other.starts_at < self.ends_at
    }
}

/// What became of an interview.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum InterviewOutcome {
    /// It was held.
    Held,
    /// The candidate did not come.
    NoShow,
    /// It was cancelled.
    Cancelled,
}

/// A recommendation, of one interviewer or of the evaluation.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Recommendation {
    /// Strongly against.
    StrongNo,
    /// Against.
    No,
    /// For.
    Yes,
    /// Strongly for.
    StrongYes,
}

/// A rated quality.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttributeRating {
    /// Which.
    pub name: String,
    /// From 1 to 5.
    pub rating: u8,
}

/// What an interviewer found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scorecard {
    /// From 1 to 5.
    pub rating: u8,
    /// For or against.
    pub recommendation: Recommendation,
    /// Qualities, each rated.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<AttributeRating>,
    /// In words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<FreeText>,
}

/// What stands about an interview.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interview {
    /// When, where, with whom.
    pub slot: Slot,
    /// How often it was moved.
    pub moved: u32,
    /// What became of it.
    pub outcome: Option<InterviewOutcome>,
    /// Who submitted a scorecard.
    pub scorecards: BTreeSet<ActorId>,
}

impl Interview {
    /// One that was scheduled just now.
    pub(super) const fn scheduled(slot: Slot) -> Self {
        Self { slot, moved: 0, outcome: None, scorecards: BTreeSet::new() }
    }

    /// Whether it is still to come or nobody has said what became of it.
    pub const fn is_open(&self) -> bool {
        self.outcome.is_none()
    }

    /// Whether it is, or was, held at that time.
    fn overlaps(&self, slot: &Slot) -> bool {
        self.outcome != Some(InterviewOutcome::Cancelled) && self.slot.overlaps(slot)
    }
}

/// An interview to be scheduled or moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scheduling {
    /// Which.
    pub interview_id: InterviewId,
    /// When, where, with whom.
    pub slot: Slot,
    /// Who of the interviewers is in another interview at that time, in whichever case.
    pub busy: Vec<ActorId>,
    /// Whether the candidate is in an interview of another case of theirs at that time.
    pub candidate_busy: bool,
    /// Whether the pay policy in force wants the candidate told the pay range before (PAY-05).
    pub range_first: bool,
    /// What the requisition publishes today: another range that the candidate was told once is none.
    pub range: Option<PayRange>,
    /// Who referred the candidate, and may earn by their return.
    pub referrer: Option<ActorId>,
}

/// A pay range that a candidate is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disclosing {
    /// The position that it belongs to.
    pub requisition_id: RequisitionId,
    /// What its requisition publishes.
    pub range: Option<PayRange>,
    /// How the candidate is told.
    pub channel: ContactChannel,
}

/// What a candidate was told last of a position's pay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisclosedRange {
    /// The position.
    pub requisition_id: RequisitionId,
    /// The range.
    pub range: PayRange,
    /// Since when they know it.
    pub since: DateTime<Utc>,
}

impl DisclosedRange {
    /// Whether it is what a position publishes, where it publishes any.
    pub fn is_of(&self, requisition_id: RequisitionId, range: Option<&PayRange>) -> bool {
        self.requisition_id == requisition_id && range.is_none_or(|range| self.range == *range)
    }

    /// With what they were told now. The same range told anew does not undo that they were told before.
    pub(super) fn told(
        before: Option<Self>,
        requisition_id: RequisitionId,
        range: PayRange,
        at: DateTime<Utc>,
    ) -> Self {
        let before = before.filter(|before| before.requisition_id == requisition_id && before.range == range);
        Self { requisition_id, range, since: before.map_or(at, |before| before.since) }
    }
}

impl Standing {
    pub(super) fn schedule(&self, by: ActorId, scheduling: Scheduling) -> Decision {
        let Scheduling { interview_id, slot, busy, candidate_busy, range_first, range, referrer } = scheduling;
        match self.interviews.get(&interview_id) {
            Some(known) if known.slot == slot && known.moved == 0 => return Ok(vec![]),
            Some(_) => return Err(ApplicationError::InterviewKnown),
            None => {}
        }
        self.fits(interview_id, &slot, busy, candidate_busy, referrer)?;
        self.knows_range(range_first, range.as_ref(), &slot)?;
        Ok(vec![ApplicationEvent::InterviewScheduled { interview_id, slot: Box::new(slot), scheduled_by: by }])
    }

    pub(super) fn reschedule(&self, by: ActorId, scheduling: Scheduling) -> Decision {
        let Scheduling { interview_id, slot, busy, candidate_busy, range_first, range, referrer } = scheduling;
        let known = self.open_interview(interview_id)?;
        if known.slot == slot {
            return Ok(vec![]);
        }
        if !known.scorecards.is_empty() {
            return Err(ApplicationError::InterviewHeld);
        }
        self.fits(interview_id, &slot, busy, candidate_busy, referrer)?;
        self.knows_range(range_first, range.as_ref(), &slot)?;
        let mut released = known.slot.interviewers.clone();
        released.retain(|one| !slot.interviewers.contains(one));
        Ok(vec![ApplicationEvent::InterviewRescheduled {
            interview_id,
            slot: Box::new(slot),
            number: known.moved.saturating_add(1),
            rescheduled_by: by,
            released,
        }])
    }

    pub(super) fn cancel_interview(&self, by: ActorId, interview_id: InterviewId, note: Option<FreeText>) -> Decision {
        if self.interview(interview_id)?.outcome == Some(InterviewOutcome::Cancelled) && note.is_none() {
            return Ok(vec![]);
        }
        let interviewers = self.open_interview(interview_id)?.slot.interviewers.clone();
        Ok(vec![ApplicationEvent::InterviewCancelled { interview_id, cancelled_by: by, note, interviewers }])
    }

    pub(super) fn record_interview(
        &self,
        by: ActorId,
        interview_id: InterviewId,
        outcome: InterviewOutcome,
    ) -> Decision {
        let known = self.interview(interview_id)?;
        if known.outcome == Some(outcome) {
            return Ok(vec![]);
        }
        self.open_interview(interview_id)?;
        if outcome != InterviewOutcome::Held && !known.scorecards.is_empty() {
            return Err(ApplicationError::InterviewHeld);
        }
        let interviewers = known.slot.interviewers.clone();
        Ok(vec![ApplicationEvent::InterviewRecorded { interview_id, outcome, recorded_by: by, interviewers }])
    }

    pub(super) fn submit_scorecard(
        &self,
        by: ActorId,
        at: DateTime<Utc>,
        interview_id: InterviewId,
        scorecard: Box<Scorecard>,
    ) -> Decision {
        let known = self.interview(interview_id)?;
        if !known.slot.interviewers.contains(&by) {
            return Err(ApplicationError::NotTheInterviewer);
        }
        if matches!(known.outcome, Some(InterviewOutcome::Cancelled | InterviewOutcome::NoShow)) {
            return Err(ApplicationError::InterviewNotHeld);
        }
        if at < known.slot.starts_at {
            return Err(ApplicationError::InterviewNotBegun { starts_at: known.slot.starts_at });
        }
        if known.scorecards.contains(&by) {
            return Err(ApplicationError::ScorecardSubmitted);
        }
        rated(&scorecard)?;
        Ok(vec![ApplicationEvent::ScorecardSubmitted { interview_id, interviewer: by, scorecard }])
    }

    pub(super) fn amend_scorecard(
        &self,
        by: ActorId,
        interview_id: InterviewId,
        scorecard: Box<Scorecard>,
        why: FreeText,
    ) -> Decision {
        if !self.interview(interview_id)?.scorecards.contains(&by) {
            return Err(ApplicationError::ScorecardMissing);
        }
        rated(&scorecard)?;
        Ok(vec![ApplicationEvent::ScorecardAmended { interview_id, interviewer: by, scorecard, why }])
    }

    fn interview(&self, interview_id: InterviewId) -> Result<&Interview, ApplicationError> {
        self.interviews.get(&interview_id).ok_or(ApplicationError::InterviewUnknown)
    }

    fn open_interview(&self, interview_id: InterviewId) -> Result<&Interview, ApplicationError> {
        let known = self.interview(interview_id)?;
        known.outcome.map_or(Ok(known), |outcome| Err(ApplicationError::InterviewOver { outcome }))
    }

    pub(super) fn disclose_range(&self, by: ActorId, at: DateTime<Utc>, disclosing: Disclosing) -> Decision {
        let Disclosing { requisition_id, range, channel } = disclosing;
        if requisition_id != self.requisition_id {
            return Err(ApplicationError::OtherRequisition);
        }
        let range = range.ok_or(ApplicationError::RangeMissing)?;
        let known = self.disclosed_range.as_ref();
        if known.is_some_and(|known| known.requisition_id == requisition_id && known.range == range) {
            return Ok(vec![]);
        }
        Ok(vec![ApplicationEvent::RangeDisclosed {
            requisition_id,
            range: Box::new(range),
            channel,
            at,
            disclosed_by: by,
        }])
    }

    /// The range comes before the interview (PAY-05): that of this position, and not in the same instant.
    fn knows_range(&self, range_first: bool, range: Option<&PayRange>, slot: &Slot) -> Result<(), ApplicationError> {
        let knows = |known: &DisclosedRange| known.is_of(self.requisition_id, range) && known.since < slot.starts_at;
        if range_first && !self.disclosed_range.as_ref().is_some_and(knows) {
            return Err(ApplicationError::RangeNotDisclosed);
        }
        Ok(())
    }

    /// The past is allowed: an interview may be recorded after it was held.
    fn fits(
        &self,
        interview_id: InterviewId,
        slot: &Slot,
        mut busy: Vec<ActorId>,
        candidate_busy: bool,
        referrer: Option<ActorId>,
    ) -> Result<(), ApplicationError> {
        if slot.ends_at <= slot.starts_at {
            return Err(ApplicationError::EndsBeforeItBegins);
        }
        let distinct: BTreeSet<_> = slot.interviewers.iter().collect();
        if distinct.len() != slot.interviewers.len() || !(1..=MOST_INTERVIEWERS).contains(&distinct.len()) {
            return Err(ApplicationError::InterviewersOutOfRange { most: MOST_INTERVIEWERS });
        }
        if distinct.contains(&self.account) {
            return Err(ApplicationError::CandidateInterviews);
        }
        // Whoever earns by the outcome has no part in it.
        if referrer.is_some_and(|referrer| distinct.contains(&referrer)) {
            return Err(ApplicationError::ReferrerInterviews);
        }
        busy.retain(|one| distinct.contains(one));
        if !busy.is_empty() {
            return Err(ApplicationError::InterviewerBusy { interviewers: busy });
        }
        match overlapping(&self.interviews, interview_id, slot) {
            Some(interview_id) => Err(ApplicationError::InterviewOverlaps { interview_id }),
            None if candidate_busy => Err(ApplicationError::CandidateBusy),
            None => Ok(()),
        }
    }
}

fn overlapping(all: &BTreeMap<InterviewId, Interview>, own: InterviewId, slot: &Slot) -> Option<InterviewId> {
    all.iter().find(|(id, one)| **id != own && one.overlaps(slot)).map(|(id, _)| *id)
}

fn rated(scorecard: &Scorecard) -> Result<(), ApplicationError> {
    let ratings = scorecard.attributes.iter().map(|one| one.rating).chain([scorecard.rating]);
    if ratings.into_iter().all(|rating| (1..=5).contains(&rating)) {
        Ok(())
    } else {
        Err(ApplicationError::RatingOutOfRange)
    }
}
