//! What stands about a departure, and the answers that follow from it.

use std::collections::BTreeSet;

use chrono::{DateTime, Months, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    Channel, DepartureChanges, DepartureError, DepartureEvent, FIRST_LETTERS, INELIGIBILITY_MONTHS, INVITATION_DAYS,
    OutreachBar, OutreachBasis, Phase, Recorded, Reopening, sealed_reason,
};
use crate::eligibility::{PROPOSAL_RULE, SeparationReason, proposal};
use crate::ids::{ActorId, MemberId, PersonId};
use crate::issued::Actor;
use crate::keys::{natural_key, number_key};
use crate::stream::Claim;
use crate::values::{Clause, EvidenceRef, FreeText, Verdict};

type Decision = Result<Vec<DepartureEvent>, DepartureError>;

/// What stands about a departure that was not rescinded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// The human being.
    pub person_id: PersonId,
    /// The entity that employed them.
    pub legal_entity: String,
    /// Their number in it.
    pub employee_number: String,
    /// First day.
    pub hired_on: NaiveDate,
    /// Last day.
    pub left_on: NaiveDate,
    /// Sequence of the last event.
    pub version: u64,
    /// Sequences of the events that state facts: the record and its corrections.
    pub statements: Vec<u64>,
    /// What the rule about exit reasons proposes.
    pub proposed: Verdict,
    /// What is decided about a return.
    pub eligibility: Eligibility,
    /// Everybody who assessed or confirmed it, whatever stands by now.
    pub assessors: BTreeSet<ActorId>,
    /// Why the person must not be contacted; empty when they may.
    pub barred: BTreeSet<OutreachBar>,
    /// The exit interview, once it is recorded.
    pub interview: Option<Interview>,
    /// Invitations so far.
    pub invitations: u32,
    /// Invitations so far that did not rest on consent.
    pub first_letters: u32,
    /// When the latest invitation lapses.
    pub invitation_expires_at: Option<DateTime<Utc>>,
    /// The membership that an invitation led to.
    pub member_id: Option<MemberId>,
}

/// What was recorded about the exit interview, without its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interview {
    /// The day it was held.
    pub held_on: NaiveDate,
    /// Whether the person wishes to return.
    pub wishes_to_return: Option<bool>,
}

/// What is decided about a return, and by whom.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Eligibility {
    /// Only the rule has spoken.
    Proposed(Verdict),
    /// A person found `eligible` or `needs_review`.
    Assessed {
        /// The verdict.
        verdict: Verdict,
        /// The coded ground.
        reason_code: Option<String>,
        /// The clause relied on.
        clause: Option<Clause>,
    },
    /// A person found `not_eligible`; a second one has to confirm.
    AwaitingConfirmation {
        /// Who assessed.
        by: ActorId,
        /// The coded ground.
        reason_code: Option<String>,
        /// The clause relied on.
        clause: Option<Clause>,
    },
    /// Not eligible, confirmed, until a date.
    Confirmed {
        /// The clause relied on.
        clause: Clause,
        /// Where the evidence lies.
        evidence_ref: EvidenceRef,
        /// The day on which it lapses.
        expires_on: NaiveDate,
        /// How the person can appeal.
        appeal_route: String,
    },
    /// A person had found something, which no longer stands: sent back, lapsed, or its reason corrected.
    Reopened,
}

impl Eligibility {
    /// The verdict that others may rely on.
    pub const fn verdict(&self) -> Verdict {
        match self {
            Self::Proposed(Verdict::Eligible) => Verdict::Eligible,
            Self::Proposed(Verdict::NeedsReview | Verdict::NotEligible)
            | Self::AwaitingConfirmation { .. }
            | Self::Reopened => Verdict::NeedsReview,
            Self::Assessed { verdict, .. } => *verdict,
            Self::Confirmed { .. } => Verdict::NotEligible,
        }
    }

    fn after(self, event: DepartureEvent) -> Self {
        use DepartureEvent as E;
        match event {
            E::EligibilityProposed { verdict, .. } => Self::Proposed(verdict),
            E::EligibilityAssessed { verdict: Verdict::NotEligible, assessed_by, reason_code, clause, .. } => {
                Self::AwaitingConfirmation { by: assessed_by, reason_code, clause }
            }
            E::EligibilityAssessed { verdict, reason_code, clause, .. } => {
                Self::Assessed { verdict, reason_code, clause }
            }
            E::IneligibilityConfirmed { clause, evidence_ref, expires_on, appeal_route, .. } => {
                Self::Confirmed { clause, evidence_ref, expires_on, appeal_route }
            }
            E::AssessmentReturned { .. } | E::IneligibilityLapsed { .. } | E::AssessmentReopened { .. } => {
                Self::Reopened
            }
            E::Recorded(_)
            | E::OutreachBarred { .. }
            | E::OutreachBarLifted { .. }
            | E::BecameEffective { .. }
            | E::Corrected { .. }
            | E::Rescinded { .. }
            | E::ExitInterviewRecorded { .. }
            | E::Invited { .. }
            | E::RegistrationNoted { .. } => self,
        }
    }
}

impl Standing {
    pub(super) fn new(recorded: Recorded) -> Self {
        Self {
            person_id: recorded.person_id,
            legal_entity: recorded.legal_entity,
            employee_number: recorded.employee_number,
            hired_on: recorded.employment.hired_on,
            left_on: recorded.employment.left_on,
            version: 1,
            statements: vec![1],
            proposed: Verdict::NeedsReview,
            eligibility: Eligibility::Proposed(Verdict::NeedsReview),
            assessors: BTreeSet::new(),
            barred: BTreeSet::new(),
            interview: None,
            invitations: 0,
            first_letters: 0,
            invitation_expires_at: None,
            member_id: None,
        }
    }

    pub(super) fn after(mut self, event: DepartureEvent) -> Self {
        use DepartureEvent as E;
        self.version += 1;
        if let E::EligibilityAssessed { assessed_by: by, .. } | E::IneligibilityConfirmed { confirmed_by: by, .. } =
            &event
        {
            self.assessors.insert(*by);
        }
        match event {
            E::EligibilityProposed { verdict, .. } | E::AssessmentReopened { proposal: verdict, .. } => {
                self.proposed = verdict;
                self.eligibility = self.eligibility.after(event);
            }
            E::EligibilityAssessed { .. }
            | E::IneligibilityConfirmed { .. }
            | E::AssessmentReturned { .. }
            | E::IneligibilityLapsed { .. } => self.eligibility = self.eligibility.after(event),
            E::OutreachBarred { because } => {
                self.barred.insert(because);
            }
            E::OutreachBarLifted { was } => {
                self.barred.remove(&was);
            }
            E::Corrected { changes, .. } => {
                self.statements.push(self.version);
                self.employee_number = changes.employee_number.unwrap_or(self.employee_number);
                self.hired_on = changes.hired_on.unwrap_or(self.hired_on);
                self.left_on = changes.left_on.unwrap_or(self.left_on);
            }
            E::ExitInterviewRecorded { held_on, wishes_to_return, .. } => {
                self.interview = Some(Interview { held_on, wishes_to_return });
            }
            E::Invited { number, basis, expires_at, .. } => {
                self.invitations = number;
                self.first_letters += u32::from(!basis.is_consent());
                self.invitation_expires_at = Some(expires_at);
            }
            E::RegistrationNoted { member_id, .. } => self.member_id = Some(member_id),
            E::Recorded(_) | E::BecameEffective { .. } | E::Rescinded { .. } => {}
        }
        self
    }

    /// The day on which a confirmed "not eligible" lapses.
    pub(super) const fn lapses_on(&self) -> Option<NaiveDate> {
        match &self.eligibility {
            Eligibility::Confirmed { expires_on, .. } => Some(*expires_on),
            Eligibility::Proposed(_)
            | Eligibility::Assessed { .. }
            | Eligibility::AwaitingConfirmation { .. }
            | Eligibility::Reopened => None,
        }
    }

    pub(super) fn natural_key(&self) -> String {
        natural_key(&self.legal_entity, &self.employee_number, self.hired_on)
    }

    /// Claims follow the facts that their keys are made of.
    pub(super) fn moved_claims(&self, id: Uuid, changes: &DepartureChanges) -> Vec<Claim> {
        let number = changes.employee_number.as_ref().unwrap_or(&self.employee_number);
        let hired_on = changes.hired_on.unwrap_or(self.hired_on);
        let key = natural_key(&self.legal_entity, number, hired_on);
        let mut claims = Vec::new();
        if key != self.natural_key() {
            claims.push(Claim::release("departure", self.natural_key(), id));
            claims.push(Claim::take("departure", key, id));
        }
        if *number != self.employee_number {
            claims.push(Claim::take("employee_number", number_key(&self.legal_entity, number), self.person_id.0));
        }
        claims
    }

    fn became_effective(&self) -> DepartureEvent {
        DepartureEvent::BecameEffective {
            effective_on: self.left_on.succ_opt().unwrap_or(self.left_on),
            hired_on: self.hired_on,
            left_on: self.left_on,
            legal_entity: self.legal_entity.clone(),
            employee_number: self.employee_number.clone(),
            member_id: self.member_id,
        }
    }

    pub(super) fn due(&self, phase: Phase) -> Vec<DepartureEvent> {
        let (Phase::Before(on) | Phase::After(on)) = phase;
        let mut events = Vec::new();
        if matches!(phase, Phase::Before(_)) && self.left_on < on {
            events.push(self.became_effective());
        }
        if let Some(lapsed) = self.lapses_on().filter(|&day| day <= on) {
            events.push(DepartureEvent::IneligibilityLapsed { on: lapsed });
        }
        events
    }

    pub(super) fn correct(
        &self,
        corrects: Option<u64>,
        mut changes: Box<DepartureChanges>,
        reason: Option<SeparationReason>,
        why: FreeText,
        phase: Phase,
    ) -> Decision {
        let corrects = corrects.or(self.statements.last().copied()).unwrap_or(1);
        if !self.statements.contains(&corrects) {
            return Err(DepartureError::NothingToCorrect { corrects });
        }
        changes.reason = reason.map(sealed_reason);
        if *changes == DepartureChanges::default() {
            return Ok(vec![]);
        }
        let hired_on = changes.hired_on.unwrap_or(self.hired_on);
        let left_on = changes.left_on.unwrap_or(self.left_on);
        if left_on < hired_on {
            return Err(DepartureError::LeftBeforeHired { hired_on, left_on });
        }
        let corrected = DepartureEvent::Corrected { corrects, changes, why };
        let next = self.clone().after(corrected.clone());
        let mut events = vec![corrected];
        if let Some(reason) = reason {
            events.extend(self.proposed_anew(reason));
            events.extend(self.bars_after(reason));
        }
        match phase {
            Phase::After(on) if left_on >= on => return Err(DepartureError::CannotUndoEffect { left_on }),
            Phase::Before(on) if left_on < on => events.push(next.became_effective()),
            Phase::Before(_) | Phase::After(_) => {}
        }
        Ok(events)
    }

    /// The rule speaks anew where a corrected reason makes it propose something else, and whenever a death proves to be a
    /// mistake: nobody was asked about the dead. It never overrules a person: what they found has to be looked at again.
    fn proposed_anew(&self, reason: SeparationReason) -> Option<DepartureEvent> {
        let verdict = proposal(reason);
        let rule = PROPOSAL_RULE.to_owned();
        if verdict == self.proposed && !self.lives_after_all(reason) {
            return None;
        }
        Some(match &self.eligibility {
            Eligibility::Proposed(_) => DepartureEvent::EligibilityProposed { verdict, rule },
            Eligibility::Assessed { .. }
            | Eligibility::AwaitingConfirmation { .. }
            | Eligibility::Confirmed { .. }
            | Eligibility::Reopened => {
                DepartureEvent::AssessmentReopened { because: Reopening::ReasonCorrected, proposal: verdict, rule }
            }
        })
    }

    fn bars_after(&self, reason: SeparationReason) -> Vec<DepartureEvent> {
        if reason == SeparationReason::Death {
            self.barred_by(OutreachBar::Deceased)
        } else if self.lives_after_all(reason) {
            vec![DepartureEvent::OutreachBarLifted { was: OutreachBar::Deceased }]
        } else {
            Vec::new()
        }
    }

    fn lives_after_all(&self, reason: SeparationReason) -> bool {
        reason != SeparationReason::Death && self.barred.contains(&OutreachBar::Deceased)
    }

    pub(super) fn barred_by(&self, because: OutreachBar) -> Vec<DepartureEvent> {
        if self.barred.contains(&because) { Vec::new() } else { vec![DepartureEvent::OutreachBarred { because }] }
    }

    pub(super) fn interviewed(
        &self,
        on: NaiveDate,
        held_on: NaiveDate,
        wishes_to_return: Option<bool>,
        notes: Option<FreeText>,
    ) -> Decision {
        match self.interview {
            None if held_on > on => Err(DepartureError::InterviewNotHeldYet { held_on }),
            None => Ok(vec![DepartureEvent::ExitInterviewRecorded { held_on, wishes_to_return, notes }]),
            Some(known) if known == (Interview { held_on, wishes_to_return }) && notes.is_none() => Ok(vec![]),
            Some(_) => Err(DepartureError::AlreadyInterviewed),
        }
    }

    pub(super) fn assess(
        &self,
        by: Actor,
        verdict: Verdict,
        reason_code: Option<String>,
        clause: Option<Clause>,
        note: Option<FreeText>,
    ) -> Decision {
        let assessed_by = by.natural_person().ok_or(DepartureError::NaturalPersonRequired)?;
        if verdict == Verdict::NotEligible && (reason_code.is_none() || clause.is_none()) {
            return Err(DepartureError::GroundsRequired);
        }
        let stands = match &self.eligibility {
            Eligibility::Assessed { verdict: v, reason_code: r, clause: c } => {
                *v == verdict && *r == reason_code && *c == clause
            }
            Eligibility::AwaitingConfirmation { by, reason_code: r, clause: c } => {
                verdict == Verdict::NotEligible && *by == assessed_by && *r == reason_code && *c == clause
            }
            Eligibility::Proposed(_) | Eligibility::Confirmed { .. } | Eligibility::Reopened => false,
        };
        if stands && note.is_none() {
            return Ok(vec![]);
        }
        Ok(vec![DepartureEvent::EligibilityAssessed { verdict, assessed_by, reason_code, clause, note }])
    }

    pub(super) fn confirm(
        &self,
        by: Actor,
        on: NaiveDate,
        clause: Clause,
        evidence_ref: EvidenceRef,
        expires_on: NaiveDate,
        appeal_route: String,
    ) -> Decision {
        let confirmed_by = by.natural_person().ok_or(DepartureError::NaturalPersonRequired)?;
        match &self.eligibility {
            Eligibility::AwaitingConfirmation { by, .. } if *by == confirmed_by => {
                Err(DepartureError::SecondPersonRequired)
            }
            Eligibility::AwaitingConfirmation { .. } => {
                let latest = on.checked_add_months(Months::new(INELIGIBILITY_MONTHS)).unwrap_or(NaiveDate::MAX);
                if expires_on <= on || expires_on > latest {
                    return Err(DepartureError::ExpiryOutOfRange { expires_on, today: on, latest });
                }
                Ok(vec![DepartureEvent::IneligibilityConfirmed {
                    clause,
                    evidence_ref,
                    expires_on,
                    appeal_route,
                    confirmed_by,
                }])
            }
            Eligibility::Confirmed { .. }
                if self.eligibility == (Eligibility::Confirmed { clause, evidence_ref, expires_on, appeal_route }) =>
            {
                Ok(vec![])
            }
            Eligibility::Proposed(_)
            | Eligibility::Assessed { .. }
            | Eligibility::Confirmed { .. }
            | Eligibility::Reopened => Err(DepartureError::NothingToConfirm),
        }
    }

    pub(super) fn send_back(&self, by: Actor, note: Option<FreeText>) -> Decision {
        let reviewer = by.natural_person().ok_or(DepartureError::NaturalPersonRequired)?;
        match &self.eligibility {
            Eligibility::AwaitingConfirmation { by, .. } if *by == reviewer => {
                Err(DepartureError::SecondPersonRequired)
            }
            Eligibility::AwaitingConfirmation { .. } => Ok(vec![DepartureEvent::AssessmentReturned { note }]),
            Eligibility::Proposed(_)
            | Eligibility::Assessed { .. }
            | Eligibility::Confirmed { .. }
            | Eligibility::Reopened => Err(DepartureError::NothingToConfirm),
        }
    }

    pub(super) fn invite(
        &self,
        at: DateTime<Utc>,
        basis: OutreachBasis,
        notice_version: Option<String>,
        channel: Channel,
        refused: bool,
    ) -> Decision {
        if self.barred.contains(&OutreachBar::Deceased) {
            return Err(DepartureError::Deceased);
        }
        if refused || self.barred.contains(&OutreachBar::ContactRefused) {
            return Err(DepartureError::ContactRefused);
        }
        if self.member_id.is_some() {
            return Err(DepartureError::AlreadyRegistered);
        }
        if !basis.is_consent() && self.first_letters >= FIRST_LETTERS {
            return Err(DepartureError::FirstLetterRepeated);
        }
        let expires_at = at.checked_add_signed(TimeDelta::days(INVITATION_DAYS)).unwrap_or(DateTime::<Utc>::MAX_UTC);
        Ok(vec![DepartureEvent::Invited { number: self.invitations + 1, basis, notice_version, channel, expires_at }])
    }

    /// Notes the latest membership: a new one after an earlier one ended is noted as well.
    pub(super) fn registered(&self, member_id: MemberId) -> Vec<DepartureEvent> {
        if self.member_id == Some(member_id) {
            Vec::new()
        } else {
            vec![DepartureEvent::RegistrationNoted { member_id, verdict: self.eligibility.verdict() }]
        }
    }
}
