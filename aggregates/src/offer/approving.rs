//! Who approves an offer: distinct people who neither propose it nor gain from it, each in a seat of the policy (PAY-20, PAY-23,
//! PAY-25).

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{Approval, ConflictKind, Delegation, OfferError, OfferEvent, Phase, Seen, Standing, StandingException};
use crate::ids::ActorId;
use crate::values::FreeText;

type Decision = Result<Vec<OfferEvent>, OfferError>;

impl Standing {
    pub(super) fn may_decide(&self, who: ActorId, seen: &Seen) -> Result<(), OfferError> {
        self.sees(seen)?;
        self.independent(who)
    }

    /// Whether somebody neither proposed the offer nor gains from it, and has not stepped aside (PAY-20).
    pub(super) fn independent(&self, who: ActorId) -> Result<(), OfferError> {
        if who == self.account {
            return Err(OfferError::CandidateExcluded);
        }
        if self.referrer == Some(who) {
            return Err(OfferError::ReferrerExcluded);
        }
        if self.proposers.contains(&who) {
            return Err(OfferError::DistinctApproverRequired);
        }
        if self.conflicts.contains_key(&who) {
            return Err(OfferError::ConflictDeclared);
        }
        Ok(())
    }

    /// Whether whoever also signs in as somebody else may still decide about it (PAY-20): that other account neither is kept from
    /// it nor has approved it.
    pub fn may_vote_beside(&self, other: ActorId) -> Result<(), OfferError> {
        self.independent(other)?;
        if self.voted(other) { Err(OfferError::AlreadyVoted) } else { Ok(()) }
    }

    pub(super) fn voted(&self, who: ActorId) -> bool {
        self.approvals.iter().any(|Approval { by, delegated_by, .. }| *by == who || *delegated_by == Some(who))
    }

    pub(super) fn approve(
        &self,
        by: ActorId,
        on: NaiveDate,
        seen: &Seen,
        (role, comment): (String, Option<FreeText>),
        editors: &BTreeSet<ActorId>,
        reports_to_proposer: bool,
    ) -> Decision {
        self.may_decide(by, seen)?;
        if self.voted(by) {
            return Err(OfferError::AlreadyVoted);
        }
        let stands_for = |delegation: &&Delegation| {
            delegation.to == by
                && !reports_to_proposer
                && delegation.until >= on
                && !self.voted(delegation.by)
                && self.independent(delegation.by).is_ok()
                && !editors.contains(&delegation.by)
                && !self.is_kept_from(by, delegation.by)
                && self.seats_another(delegation.by)
        };
        let delegated_by = self.delegations.iter().find(stands_for).map(|delegation| delegation.by);
        if delegated_by.is_none() && !self.seats_another(by) {
            return Err(OfferError::NoSeatForApprover);
        }
        Ok(vec![OfferEvent::Approved {
            version: self.version,
            terms_hash: self.terms_hash.clone(),
            approved_by: by,
            role,
            delegated_by,
            comment,
            approved_on: Some(on),
            missing: self.approvals_needed.saturating_sub(u32::try_from(self.approvals.len() + 1).unwrap_or(u32::MAX)),
        }])
    }

    /// Who stands for those who are missing has taken no part so far, and is not of the line that hires: nobody decides alone.
    pub fn may_force(&self, who: ActorId) -> Result<(), OfferError> {
        if self.voted(who) {
            return Err(OfferError::AlreadyVoted);
        }
        if self.assessed.is_none() {
            return Ok(());
        }
        if self.is_of_the_line(who) {
            return Err(OfferError::ForcedByTheLine);
        }
        if self.exception.as_ref().is_some_and(|exception| exception.decided_by == Some(who)) {
            return Err(OfferError::ForcedByDecider);
        }
        Ok(())
    }

    /// The exception that was granted, unless whoever granted it has declared a conflict since.
    pub(super) fn granted_exception(&self) -> Option<&StandingException> {
        let exception = self.exception.as_deref().filter(|exception| exception.granted)?;
        let granter_stands = exception.decided_by.is_none_or(|granter| !self.conflicts.contains_key(&granter));
        granter_stands.then_some(exception)
    }

    fn is_of_the_line(&self, who: ActorId) -> bool {
        self.line.leads(who) || self.assessed.as_ref().is_some_and(|assessed| assessed.basis.is_of_the_line(who))
    }

    /// Whether somebody's approval fills a seat of the policy that the approvals so far leave; under pay policy 0 anybody's
    /// does.
    fn seats_another(&self, who: ActorId) -> bool {
        let voted: Vec<ActorId> = self.approvals.iter().map(|vote| vote.delegated_by.unwrap_or(vote.by)).collect();
        self.assessed.as_ref().is_none_or(|assessed| assessed.seats_another(&voted, who))
    }

    /// Whether somebody of the hiring line may not stand for somebody who heads a division outside it (PAY-23).
    fn is_kept_from(&self, who: ActorId, head: ActorId) -> bool {
        self.is_of_the_line(who) && self.assessed.as_ref().is_some_and(|assessed| assessed.heads_a_division(head))
    }

    /// An approval falls with the independence of whoever gave it, or granted the exception that it rests on, as long as the offer
    /// has not gone out.
    pub(super) fn conflict(
        &self,
        declared_by: ActorId,
        conflict: ConflictKind,
        note: Option<FreeText>,
    ) -> Vec<OfferEvent> {
        if note.is_none() && self.conflicts.get(&declared_by) == Some(&conflict) {
            return vec![];
        }
        let mut events = vec![OfferEvent::ConflictDeclared { declared_by, conflict, note }];
        let waits = matches!(self.phase, Phase::AwaitingApproval | Phase::Approved);
        let granted = self.exception.as_ref().is_some_and(|exception| exception.decided_by == Some(declared_by));
        if waits && (self.voted(declared_by) || granted) {
            events.push(OfferEvent::SentBack {
                version: self.version,
                terms_hash: self.terms_hash.clone(),
                sent_back_by: declared_by,
                reason_code: None,
                comment: None,
            });
        }
        events
    }

    pub(super) fn delegate(&self, delegation: Delegation, on: NaiveDate, reason: Option<FreeText>) -> Decision {
        let Delegation { by, to, until } = delegation;
        self.independent(by)?;
        if to == by {
            return Err(OfferError::SelfDelegation);
        }
        if self.independent(to).is_err() || self.is_kept_from(to, by) {
            return Err(OfferError::DelegateExcluded);
        }
        if self.voted(by) {
            return Err(OfferError::AlreadyVoted);
        }
        if until < on {
            return Err(OfferError::DelegationInThePast { until });
        }
        if reason.is_none() && self.delegations.contains(&delegation) {
            return Ok(vec![]);
        }
        Ok(vec![OfferEvent::ApprovalDelegated { delegated_by: by, delegated_to: to, until, reason }])
    }
}
