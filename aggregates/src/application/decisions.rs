//! What may follow from what stands: the table of states and commands.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::returning::postpone;
use super::{
    Agreed, ApplicationCommand, ApplicationError, ApplicationEvent, EligibilityResult, Ending, HoldCause,
    OfferAcceptance, OfferEnding, Office, Phase, Review, Stage, Standing,
};
use crate::checks::Settlement;
use crate::ids::{ActorId, OfferId};
use crate::issued::{Actor, Issued};
use crate::values::{Clause, FreeText, stated};

type Decision = Result<Vec<ApplicationEvent>, ApplicationError>;

impl Standing {
    #[expect(clippy::too_many_lines, reason = "one table: cutting it up would hide a state that a command forgot")]
    pub(super) fn decide(&self, issued: Issued<ApplicationCommand>) -> Decision {
        use ApplicationCommand as C;
        use Phase as P;
        let Issued { by, at, on, command } = issued;
        let from = self.phase.name();
        match (&self.phase, command) {
            (_, C::Submit(_)) => Err(ApplicationError::AlreadySubmitted),
            (P::Ended(ending), command) => self.decide_ended(ending, by.id, on, command),
            (P::NotEligible { until, review }, command) => self.decide_not_eligible(*until, *review, by, on, command),

            // From here on the case is live. On hold nothing goes forward; what ends or answers it goes through.
            (
                _,
                C::Advance { .. }
                | C::SkipStage { .. }
                | C::ScheduleInterview(_)
                | C::RescheduleInterview(_)
                | C::RecordEvaluation { .. }
                | C::Transfer(_)
                | C::RecordRejoin(_),
            ) if self.hold.is_some() => Err(ApplicationError::OnHold),
            (_, C::Assign { owner }) if self.owner == Some(owner) => Ok(vec![]),
            (_, C::Assign { owner }) => Ok(vec![ApplicationEvent::OwnerAssigned { owner, assigned_by: by.id }]),
            (_, C::Hold { until, note }) => self.hold(by.id, on, until, note),
            (_, C::Resume { office, clause, involved, note }) => {
                let clause = self.may_resume(by, office, clause, &involved)?;
                Ok(if self.hold.is_some() { self.resumed(by.id, on, clause, note) } else { vec![] })
            }
            (_, C::Settle(settlement)) => self.settle(settlement),
            (_, C::Reassess { facts, because }) => Ok(self.reassess(by.id, on, *facts, because)),
            (_, C::Wake) => Ok(self.woken(by.id, on)),
            (_, C::Reopen { .. }) => Err(ApplicationError::NotReopenable),
            (_, C::DiscloseRange(disclosing)) => self.disclose_range(by.id, at, *disclosing),
            (_, C::CancelInterview { interview_id, note }) => self.cancel_interview(by.id, interview_id, note),
            (_, C::RecordInterview { interview_id, outcome }) => self.record_interview(by.id, interview_id, outcome),
            (_, C::SubmitScorecard { interview_id, scorecard }) => {
                self.submit_scorecard(by.id, at, interview_id, scorecard)
            }
            (_, C::AmendScorecard { interview_id, scorecard, why }) => {
                self.amend_scorecard(by.id, interview_id, scorecard, why)
            }
            (_, C::Withdraw { recorded_for: None, .. }) if by.natural_person() != Some(self.account) => {
                Err(ApplicationError::NotTheCandidate)
            }
            (_, C::Withdraw { reason_code, recorded_for }) => {
                let withdrawn_by = by.id;
                Ok(vec![ApplicationEvent::Withdrawn { reason_code, withdrawn_by, recorded_for, on: Some(on) }])
            }
            (_, C::Cancel { requisition_id }) if requisition_id != self.requisition_id => {
                Err(ApplicationError::OtherRequisition)
            }

            (P::EligibilityReview, C::ReviewEligibility { decision, clause, note, involved }) => {
                self.may_review(by, &involved)?;
                let (clause, reviewed_by) = (stated(clause).ok_or(ApplicationError::ClauseRequired)?, by.id);
                Ok(vec![ApplicationEvent::EligibilityReviewed { decision, clause, reviewed_by, note, on: Some(on) }])
            }
            (
                P::At(_) | P::OfferPending | P::AfterOffer { .. } | P::OfferAccepted(_) | P::Joining(_),
                C::ReviewEligibility { .. },
            ) => Err(ApplicationError::NothingToReview),
            (
                P::EligibilityReview
                | P::At(_)
                | P::OfferPending
                | P::AfterOffer { .. }
                | P::OfferAccepted(_)
                | P::Joining(_),
                C::RequestReview { .. },
            ) => Err(ApplicationError::NothingToReview),

            (
                P::EligibilityReview,
                C::Advance { .. }
                | C::SkipStage { .. }
                | C::ScheduleInterview(_)
                | C::RescheduleInterview(_)
                | C::RecordEvaluation { .. }
                | C::NoteOffer { .. },
            ) => Err(ApplicationError::AwaitsReview),
            (P::At(stage), C::Advance { to }) => advance(*stage, to, by.id),
            (P::At(_), C::SkipStage { referrer, .. }) if referrer == Some(by.id) => {
                Err(ApplicationError::ReferrerEvaluates)
            }
            (P::At(stage), C::SkipStage { to, clause, .. }) => self.skip(*stage, to, clause, by.id),
            (P::At(Stage::Screening | Stage::Interviewing), C::ScheduleInterview(scheduling)) => {
                self.schedule(by.id, *scheduling)
            }
            (P::At(Stage::Screening | Stage::Interviewing), C::RescheduleInterview(scheduling)) => {
                self.reschedule(by.id, *scheduling)
            }
            (
                P::At(Stage::Evaluated) | P::OfferPending | P::AfterOffer { .. } | P::OfferAccepted(_) | P::Joining(_),
                C::ScheduleInterview(_) | C::RescheduleInterview(_),
            ) => Err(ApplicationError::StageNotNext { from, to: Stage::Interviewing.into() }),
            (
                P::OfferPending | P::AfterOffer { .. } | P::OfferAccepted(_) | P::Joining(_),
                C::Advance { to } | C::SkipStage { to, .. },
            ) => Err(ApplicationError::StageNotNext { from, to: to.into() }),
            (P::At(Stage::Screening), C::RecordEvaluation { .. }) => {
                Err(ApplicationError::StageNotNext { from, to: Stage::Evaluated.into() })
            }
            (P::At(Stage::Interviewing), C::RecordEvaluation { recommendation, note, referrer }) => {
                by.natural_person().ok_or(ApplicationError::NaturalPersonRequired)?;
                if referrer == Some(by.id) {
                    return Err(ApplicationError::ReferrerEvaluates);
                }
                if self.interviews.values().all(|interview| interview.scorecards.is_empty()) {
                    return Err(ApplicationError::ScorecardRequired);
                }
                Ok(vec![ApplicationEvent::EvaluationRecorded { recommendation, evaluated_by: by.id, note }])
            }
            (
                P::At(Stage::Evaluated) | P::OfferPending | P::AfterOffer { .. } | P::OfferAccepted(_) | P::Joining(_),
                C::RecordEvaluation { .. },
            ) => Err(ApplicationError::AlreadyEvaluated),

            (P::EligibilityReview | P::At(_) | P::AfterOffer { .. }, C::Reject { side, reason_code, note }) => {
                let rejected_by = by.id;
                Ok(vec![ApplicationEvent::Rejected { side, reason_code, rejected_by, note, on: Some(on) }])
            }
            (P::OfferPending, C::Reject { .. } | C::Transfer(_)) => Err(ApplicationError::OfferLive),
            (P::OfferAccepted(_) | P::Joining(_), C::Reject { .. } | C::Transfer(_) | C::Cancel { .. }) => {
                Err(ApplicationError::AfterAcceptance)
            }
            (P::EligibilityReview | P::At(_) | P::AfterOffer { .. }, C::Transfer(transferring)) => {
                self.transfer(by.id, *transferring)
            }
            (
                P::EligibilityReview | P::At(_) | P::OfferPending | P::AfterOffer { .. },
                C::Cancel { requisition_id },
            ) => Ok(vec![ApplicationEvent::Cancelled { requisition_id }]),

            (P::At(Stage::Screening | Stage::Interviewing), C::NoteOffer { .. }) => Err(ApplicationError::NotEvaluated),
            (P::At(Stage::Evaluated) | P::AfterOffer { .. }, C::NoteOffer { offer_id }) => {
                match self.closes_on.filter(|until| *until <= on) {
                    Some(until) => Err(ApplicationError::OfferPeriodOver { until }),
                    None => Ok(vec![ApplicationEvent::OfferOpened { offer_id }]),
                }
            }
            (P::OfferPending | P::OfferAccepted(_) | P::Joining(_), C::NoteOffer { offer_id })
                if self.offer_id == Some(offer_id) =>
            {
                Ok(vec![])
            }
            (P::OfferPending, C::NoteOffer { .. }) => Err(ApplicationError::OfferLive),
            (P::OfferAccepted(_) | P::Joining(_), C::NoteOffer { .. }) => Err(ApplicationError::AfterAcceptance),
            (P::OfferPending, C::NoteOfferAccepted(acceptance)) => self.accepted(*acceptance),
            (P::OfferAccepted(agreed), C::NoteOfferAccepted(acceptance)) => already_accepted(agreed, &acceptance),
            (P::Joining(joining), C::NoteOfferAccepted(acceptance)) => already_accepted(&joining.agreed, &acceptance),
            (P::EligibilityReview | P::At(_) | P::AfterOffer { .. }, C::NoteOfferAccepted(_)) => {
                Err(ApplicationError::OtherOffer)
            }
            (P::OfferPending | P::OfferAccepted(_) | P::Joining(_), C::NoteOfferEnded { offer_id, ending }) => {
                self.offer_ended(on, offer_id, ending)
            }
            (P::EligibilityReview | P::At(_) | P::AfterOffer { .. }, C::NoteOfferEnded { offer_id, ending }) => {
                if self.ended_offer == Some((offer_id, ending)) {
                    Ok(vec![])
                } else {
                    Err(ApplicationError::OtherOffer)
                }
            }

            (P::OfferAccepted(agreed), C::PostponeStart { to, reason_code }) => {
                postpone(agreed.starts_on, to, reason_code, by.id)
            }
            (P::Joining(joining), C::PostponeStart { to, reason_code }) => {
                postpone(joining.started_on, to, reason_code, by.id)
            }
            (P::OfferAccepted(agreed), C::RecordRejoin(rejoining)) => self.record_rejoin(by.id, on, agreed, *rejoining),
            (P::Joining(joining), C::RecordRejoin(rejoining)) => self.restate_joining(by.id, on, joining, *rejoining),
            (P::OfferAccepted(Agreed { starts_on: day, .. }), C::RecordNoShow { .. }) if on < *day => {
                Err(ApplicationError::DayNotCome { on: *day })
            }
            (P::Joining(joining), C::RecordNoShow { .. }) if on < joining.started_on => {
                Err(ApplicationError::DayNotCome { on: joining.started_on })
            }
            (P::OfferAccepted(_) | P::Joining(_), C::RecordNoShow { note }) => {
                Ok(vec![ApplicationEvent::NoShowRecorded { recorded_by: by.id, note }])
            }
            (
                P::EligibilityReview | P::At(_) | P::OfferPending | P::AfterOffer { .. },
                C::PostponeStart { .. } | C::RecordRejoin(_) | C::RecordNoShow { .. },
            ) => Err(ApplicationError::OfferNotAccepted),
        }
    }

    fn decide_ended(&self, ending: &Ending, by: ActorId, on: NaiveDate, command: ApplicationCommand) -> Decision {
        use ApplicationCommand as C;
        use Ending as N;
        let state = self.phase.name();
        match (ending, command) {
            // What has ended waits for nothing, is not assessed again, and its offer ended with it.
            (_, C::Wake | C::Reassess { .. } | C::NoteOfferEnded { .. }) => Ok(vec![]),
            (N::Rejected { side, reason_code, .. }, C::Reject { side: now, reason_code: because, note: None })
                if *side == now && *reason_code == because =>
            {
                Ok(vec![])
            }
            (N::Withdrawn { reason_code, .. }, C::Withdraw { reason_code: now, recorded_for: None })
                if *reason_code == now =>
            {
                Ok(vec![])
            }
            (N::Cancelled, C::Cancel { requisition_id }) if requisition_id == self.requisition_id => Ok(vec![]),
            (N::NoShow, C::RecordNoShow { note: None }) => Ok(vec![]),
            (N::Rejoined { employee_number, started_on }, C::RecordRejoin(rejoining))
                if *employee_number == rejoining.employee_number && *started_on == rejoining.started_on =>
            {
                Ok(vec![])
            }
            (N::Rejected { by: whoever, .. } | N::Withdrawn { by: whoever, .. }, C::Reopen { .. })
                if *whoever == by =>
            {
                Err(ApplicationError::SecondPersonRequired)
            }
            (N::Rejected { until: Some(until), .. } | N::Withdrawn { until: Some(until), .. }, C::Reopen { .. })
                if *until < on =>
            {
                Err(ApplicationError::ReopenPeriodOver { until: *until })
            }
            (N::Rejected { .. } | N::Withdrawn { .. }, C::Reopen { facts, note }) => self.reopen(by, on, *facts, note),
            (N::Rejoined { .. } | N::OfferRescinded | N::NoShow | N::Cancelled | N::Closed, C::Reopen { .. }) => {
                Err(ApplicationError::NotReopenable)
            }
            (
                _,
                C::Submit(_)
                | C::ReviewEligibility { .. }
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
                | C::Transfer(_)
                | C::NoteOffer { .. }
                | C::NoteOfferAccepted(_)
                | C::PostponeStart { .. }
                | C::RecordRejoin(_)
                | C::RecordNoShow { .. }
                | C::Cancel { .. }
                | C::Settle(_),
            ) => Err(ApplicationError::Ended { state }),
        }
    }

    fn decide_not_eligible(
        &self,
        until: Option<NaiveDate>,
        review: Review,
        by: Actor,
        on: NaiveDate,
        command: ApplicationCommand,
    ) -> Decision {
        use ApplicationCommand as C;
        match (review, command) {
            (_, C::Wake | C::Reassess { .. } | C::NoteOfferEnded { .. }) => Ok(vec![]),
            (Review::Requested, C::ReviewEligibility { decision, clause, note, involved }) => {
                self.may_review(by, &involved)?;
                let (clause, reviewed_by) = (stated(clause).ok_or(ApplicationError::ClauseRequired)?, by.id);
                Ok(vec![ApplicationEvent::ReviewAnswered { decision, clause, reviewed_by, note }])
            }
            (Review::NotRequested | Review::Answered, C::ReviewEligibility { .. }) => {
                Err(ApplicationError::NothingToReview)
            }
            (_, C::RequestReview { .. }) if by.natural_person() != Some(self.account) => {
                Err(ApplicationError::NotTheCandidate)
            }
            (Review::NotRequested, C::RequestReview { .. }) if let Some(until) = until.filter(|day| *day < on) => {
                Err(ApplicationError::ReviewPeriodOver { until })
            }
            (Review::NotRequested, C::RequestReview { grounds }) => {
                Ok(vec![ApplicationEvent::ReviewRequested { requested_by: by.id, grounds }])
            }
            (Review::Requested, C::RequestReview { grounds: None }) => Ok(vec![]),
            // Further grounds must not vanish in a silent "already so".
            (Review::Requested, C::RequestReview { grounds: Some(_) }) => Err(ApplicationError::ReviewRequestedAlready),
            (Review::Answered, C::RequestReview { .. }) => Err(ApplicationError::ReviewAnswered),
            (_, C::Reopen { .. }) => Err(ApplicationError::NotReopenable),
            (
                _,
                C::Submit(_)
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
                | C::Transfer(_)
                | C::NoteOffer { .. }
                | C::NoteOfferAccepted(_)
                | C::PostponeStart { .. }
                | C::RecordRejoin(_)
                | C::RecordNoShow { .. }
                | C::Cancel { .. }
                | C::Settle(_),
            ) => Err(ApplicationError::Ended { state: self.phase.name() }),
        }
    }

    fn skip(&self, from: Stage, to: Stage, clause: Clause, by: ActorId) -> Decision {
        match (from, to) {
            (Stage::Screening, Stage::Evaluated) => {
                if self.assessed != EligibilityResult::Eligible || !self.reviewers.is_empty() {
                    return Err(ApplicationError::FastTrackClosed);
                }
                let clause = stated(clause).ok_or(ApplicationError::ClauseRequired)?;
                Ok(vec![ApplicationEvent::StageSkipped { from, to, clause, skipped_by: by }])
            }
            (Stage::Screening, Stage::Screening | Stage::Interviewing)
            | (Stage::Interviewing | Stage::Evaluated, _) => {
                Err(ApplicationError::StageNotNext { from: from.into(), to: to.into() })
            }
        }
    }

    fn hold(&self, by: ActorId, on: NaiveDate, until: Option<NaiveDate>, note: Option<FreeText>) -> Decision {
        if self.held_by_fact() {
            return Err(ApplicationError::HeldByFact);
        }
        if let Some(until) = until.filter(|day| *day <= on) {
            return Err(ApplicationError::HoldOverAlready { until });
        }
        if note.is_none() && self.hold.is_some_and(|hold| hold.until == until) {
            return Ok(vec![]);
        }
        Ok(vec![ApplicationEvent::Held { because: HoldCause::Manual, until, held_by: by, note }])
    }

    /// The clause on which a case goes on that a changed fact put on hold: that is a review, and asks for what a review asks.
    fn may_resume(
        &self,
        by: Actor,
        office: Office,
        clause: Option<Clause>,
        involved: &BTreeSet<ActorId>,
    ) -> Result<Option<Clause>, ApplicationError> {
        if !self.held_by_fact() {
            return Ok(None);
        }
        if office != Office::Compliance {
            return Err(ApplicationError::HeldByFact);
        }
        if self.eligibility == EligibilityResult::NotEligible {
            return Err(ApplicationError::NotEligible);
        }
        self.may_review(by, involved)?;
        clause.and_then(stated).ok_or(ApplicationError::ClauseRequired).map(Some)
    }

    fn settle(&self, settlement: Settlement) -> Decision {
        if self.checks.admits(&settlement)? { Ok(vec![ApplicationEvent::Settled { settlement }]) } else { Ok(vec![]) }
    }

    fn accepted(&self, acceptance: OfferAcceptance) -> Decision {
        let OfferAcceptance { offer_id, starts_on, employment_type, grade, location } = acceptance;
        if self.offer_id != Some(offer_id) {
            return Err(ApplicationError::OtherOffer);
        }
        Ok(vec![ApplicationEvent::OfferAccepted { offer_id, starts_on, employment_type, grade, location }])
    }

    fn offer_ended(&self, on: NaiveDate, offer_id: OfferId, ending: OfferEnding) -> Decision {
        if self.offer_id != Some(offer_id) {
            return Err(ApplicationError::OtherOffer);
        }
        Ok(vec![ApplicationEvent::OfferEnded { offer_id, ending, on: Some(on) }])
    }
}

fn advance(from: Stage, to: Stage, by: ActorId) -> Decision {
    match (from, to) {
        (Stage::Screening, Stage::Interviewing) => Ok(vec![ApplicationEvent::Advanced { from, to, advanced_by: by }]),
        (Stage::Screening, Stage::Screening)
        | (Stage::Interviewing, Stage::Interviewing)
        | (Stage::Evaluated, Stage::Evaluated) => Ok(vec![]),
        (Stage::Screening | Stage::Interviewing, Stage::Evaluated) => Err(ApplicationError::EvaluationRequired),
        (Stage::Interviewing, Stage::Screening) | (Stage::Evaluated, Stage::Screening | Stage::Interviewing) => {
            Err(ApplicationError::StageNotNext { from: from.into(), to: to.into() })
        }
    }
}

fn already_accepted(agreed: &Agreed, acceptance: &OfferAcceptance) -> Decision {
    if agreed.offer_id == acceptance.offer_id { Ok(vec![]) } else { Err(ApplicationError::OtherOffer) }
}
