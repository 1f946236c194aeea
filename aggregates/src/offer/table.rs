//! What an offer answers in each phase to each command.

use std::cmp::Ordering;

use chrono::{DateTime, NaiveDate, Utc};

use super::assessed::event as assessed_event;
use super::standing::BY_ANOTHER;
use super::{
    APPROVALS_NEEDED, Acceptance, Assessed, Basis, Case, Delegation, DocumentKind, Drafted, Drafting, Ending, Extended,
    OfferCommand, OfferError, OfferEvent, OverdueRemedy, Pack, PayException, Phase, Rescinder, Revision, Seen,
    Standing, TermsHash,
};
use crate::checks::{CheckAnswer, Outcome, RuleResult, Settlement};
use crate::ids::ActorId;
use crate::issued::{Actor, ActorKind, Issued};
use crate::labour::{self, LabourCheck, LabourFacts};
use crate::rehire_policy::DISPATCHED;
use crate::values::FreeText;

type Decision = Result<Vec<OfferEvent>, OfferError>;

/// A first version of an offer.
pub(super) fn draft(drafting: Drafting, by: Actor, at: DateTime<Utc>, on: NaiveDate) -> Decision {
    let Drafting { drafted, application, position, priced, labour } = drafting;
    application.admits_an_offer()?;
    position.admits_an_offer()?;
    drafted.terms.check(drafted.expires_at, at, on)?;
    let assessed =
        priced.map(|priced| priced.assessed(by.id, &drafted.line, 1, drafted.terms_hash.clone())).transpose()?;
    let labour = labour.map(|facts| {
        let checks = labour::checks(&facts, &drafted.terms, on);
        OfferEvent::LabourChecked { version: 1, on, checks, agency_told: false }
    });
    let drafted = OfferEvent::Drafted(Box::new(Drafted { drafted_by: by.id, ..drafted }));
    Ok(std::iter::once(drafted).chain(assessed.map(assessed_event)).chain(labour).collect())
}

impl Standing {
    /// One row a phase; what every phase answers alike comes first.
    pub(super) fn decide(&self, issued: Issued<OfferCommand>) -> Decision {
        use OfferCommand as C;
        if matches!(issued.command, C::Draft(_)) {
            return Err(OfferError::AlreadyDrafted);
        }
        let decides_about_pay = matches!(
            issued.command,
            C::DecideException { .. }
                | C::Approve { .. }
                | C::SendBack { .. }
                | C::Refuse { .. }
                | C::ForceApprove { .. }
                | C::DeclareConflict { .. }
                | C::Delegate { .. }
        );
        if decides_about_pay && issued.by.kind != ActorKind::Person {
            return Err(OfferError::NaturalPersonRequired);
        }
        match self.phase {
            Phase::Drafting => self.drafting(issued),
            Phase::ExceptionPending => self.exception_pending(issued),
            Phase::AwaitingApproval => self.awaiting_approval(issued),
            Phase::Approved => self.approved(issued),
            Phase::Extended => self.extended(issued),
            Phase::Accepted => self.accepted(issued),
            Phase::Refused => self.refused(issued),
            Phase::Ended(ending) => self.ended(ending, &issued),
        }
    }

    fn drafting(&self, issued: Issued<OfferCommand>) -> Decision {
        use OfferCommand as C;
        let Issued { by, at, on, command } = issued;
        match command {
            C::Revise(revision) => self.revise(*revision, by.id, at, on),
            // Whoever edited the measure proposes nothing under it.
            C::RequestException { editors, .. } | C::RequestApproval { editors, .. } if editors.contains(&by.id) => {
                Err(OfferError::EditedLately)
            }
            C::RequestException { seen, exception, terms_hash, editors: _ } => {
                self.request_exception(by.id, on, &seen, *exception, terms_hash)
            }
            C::DecideException { .. } => Err(OfferError::NoExceptionPending),
            C::RequestApproval { overdue, editors: _, labour } => {
                self.request_approval(by.id, on, &overdue, labour.as_deref())
            }
            C::Approve { .. } | C::SendBack { .. } | C::Refuse { .. } | C::ForceApprove { .. } => {
                Err(OfferError::NotAwaitingApproval)
            }
            C::DeclareConflict { conflict, note } => Ok(self.conflict(by.id, conflict, note)),
            C::Delegate { to, until, reason, reports_to_proposer } => {
                match reports_to_proposer {
                    Some(true) => return Err(OfferError::DelegateReportsToProposer),
                    // Of whom nothing is recorded, nobody can say so (decision 1).
                    None if self.assessed.is_some() => return Err(OfferError::DelegateUnknown),
                    Some(false) | None => {}
                }
                self.delegate(Delegation { by: by.id, to, until }, on, reason)
            }
            C::Extend { .. } => Err(OfferError::NotApproved),
            C::Accept { .. } | C::Decline { .. } | C::ExtendExpiry { .. } => Err(OfferError::NotExtended),
            C::RecordRemedy(_) => Err(OfferError::RemedyNotOwed),
            C::Track(_) | C::RecordOneOff(_) | C::NoteDuties { .. } | C::RecordDuty(_) | C::RecordDocument(_) => {
                Err(OfferError::NotAccepted)
            }
            C::RequestExplanation(_) | C::AnswerExplanation(_) => Err(OfferError::NotExtended),
            C::Rescind { reason_code, clause, opinion_ref, role: _, note, case: _ } => {
                let (acceptance, rescinded_by) = (Acceptance::Before, by.id);
                Ok(vec![OfferEvent::Rescinded { acceptance, reason_code, clause, opinion_ref, rescinded_by, note }])
            }
            C::Lapse { because } => Ok(vec![OfferEvent::Lapsed { because }]),
            C::ReviewRange(order) => self.review_range(by, on, order),
            C::Settle(settlement) => self.settle(by.id, on, settlement),
            C::Draft(_) => Err(OfferError::AlreadyDrafted),
            C::Wake => Ok(vec![]),
        }
    }

    fn exception_pending(&self, issued: Issued<OfferCommand>) -> Decision {
        use OfferCommand as C;
        let by = issued.by;
        match issued.command {
            C::DecideException { editors, .. } if editors.contains(&by.id) => Err(OfferError::EditedLately),
            C::DecideException { seen, decision, role, comment, editors: _ } => {
                self.may_decide(by.id, &seen)?;
                let (version, terms_hash, decided_by) = (self.version, self.terms_hash.clone(), by.id);
                Ok(vec![OfferEvent::ExceptionDecided { version, terms_hash, decision, decided_by, role, comment }])
            }
            C::RequestException { .. } | C::RequestApproval { .. } => Err(OfferError::ExceptionPending),
            C::Draft(_)
            | C::Revise(_)
            | C::Approve { .. }
            | C::SendBack { .. }
            | C::Refuse { .. }
            | C::ForceApprove { .. }
            | C::DeclareConflict { .. }
            | C::Delegate { .. }
            | C::Extend { .. }
            | C::Accept { .. }
            | C::Decline { .. }
            | C::ExtendExpiry { .. }
            | C::RecordRemedy(_)
            | C::RecordOneOff(_)
            | C::NoteDuties { .. }
            | C::RecordDuty(_)
            | C::RecordDocument(_)
            | C::ReviewRange(_)
            | C::Track(_)
            | C::RequestExplanation(_)
            | C::AnswerExplanation(_)
            | C::Rescind { .. }
            | C::Lapse { .. }
            | C::Settle(_)
            | C::Wake => self.drafting(issued),
        }
    }

    fn awaiting_approval(&self, issued: Issued<OfferCommand>) -> Decision {
        use OfferCommand as C;
        let (by, on) = (issued.by, issued.on);
        match issued.command {
            C::RequestApproval { .. } if self.requested_by == Some(by.id) => Ok(vec![]),
            C::RequestApproval { .. } => Err(OfferError::AlreadyRequested),
            C::RequestException { .. } => Err(OfferError::AlreadyRequested),
            C::Approve { editors, .. } | C::ForceApprove { editors, .. } if editors.contains(&by.id) => {
                Err(OfferError::EditedLately)
            }
            C::Approve { seen, role, comment, editors, reports_to_proposer } => {
                self.approve(by.id, on, &seen, (role, comment), &editors, reports_to_proposer)
            }
            C::SendBack { seen, reason_code, comment } => {
                self.may_decide(by.id, &seen)?;
                let (version, terms_hash) = (self.version, self.terms_hash.clone());
                Ok(vec![OfferEvent::SentBack { version, terms_hash, sent_back_by: by.id, reason_code, comment }])
            }
            C::Refuse { seen, reason_code, comment } => {
                self.may_decide(by.id, &seen)?;
                let (version, terms_hash) = (self.version, self.terms_hash.clone());
                Ok(vec![OfferEvent::Refused { version, terms_hash, refused_by: by.id, reason_code, comment }])
            }
            C::ForceApprove { seen, authority, reason, editors: _ } => {
                self.may_decide(by.id, &seen)?;
                self.may_force(by.id)?;
                if authority.trim().is_empty() {
                    return Err(OfferError::AuthorityRequired);
                }
                let (version, terms_hash, forced_by) = (self.version, self.terms_hash.clone(), by.id);
                let approved_on = Some(on);
                Ok(vec![OfferEvent::ApprovalForced { version, terms_hash, forced_by, authority, reason, approved_on }])
            }
            C::Draft(_)
            | C::Revise(_)
            | C::DecideException { .. }
            | C::DeclareConflict { .. }
            | C::Delegate { .. }
            | C::Extend { .. }
            | C::Accept { .. }
            | C::Decline { .. }
            | C::ExtendExpiry { .. }
            | C::RecordRemedy(_)
            | C::RecordOneOff(_)
            | C::NoteDuties { .. }
            | C::RecordDuty(_)
            | C::RecordDocument(_)
            | C::ReviewRange(_)
            | C::Track(_)
            | C::RequestExplanation(_)
            | C::AnswerExplanation(_)
            | C::Rescind { .. }
            | C::Lapse { .. }
            | C::Settle(_)
            | C::Wake => self.drafting(issued),
        }
    }

    fn approved(&self, issued: Issued<OfferCommand>) -> Decision {
        use OfferCommand as C;
        let (by, at, on) = (issued.by, issued.at, issued.on);
        match issued.command {
            C::RequestApproval { overdue, editors, labour }
                if self.approved_until().is_some_and(|until| until < on) =>
            {
                if editors.contains(&by.id) {
                    Err(OfferError::EditedLately)
                } else {
                    self.request_approval(by.id, on, &overdue, labour.as_deref())
                }
            }
            C::Approve { seen, comment: None, .. } if self.sees(&seen).is_ok() && self.voted(by.id) => Ok(vec![]),
            C::RequestException { .. }
            | C::RequestApproval { .. }
            | C::Approve { .. }
            | C::SendBack { .. }
            | C::Refuse { .. }
            | C::ForceApprove { .. }
            | C::Delegate { .. } => Err(OfferError::AlreadyApproved),
            C::Extend { seen, seat, application, position, pack, labour } => {
                self.sees(&seen)?;
                application.admits_extension()?;
                position.admits_an_offer()?;
                let labour = self.labour_anew(labour.as_deref(), on, self.assessed.is_some())?;
                let extended = self.extend(by.id, at, on, seat, pack)?;
                let extended = Extended { rechecked: application.rechecked, ..extended };
                Ok(labour.into_iter().chain([OfferEvent::Extended(Box::new(extended))]).collect())
            }
            C::Draft(_)
            | C::Revise(_)
            | C::DecideException { .. }
            | C::DeclareConflict { .. }
            | C::Accept { .. }
            | C::Decline { .. }
            | C::ExtendExpiry { .. }
            | C::RecordRemedy(_)
            | C::RecordOneOff(_)
            | C::NoteDuties { .. }
            | C::RecordDuty(_)
            | C::RecordDocument(_)
            | C::ReviewRange(_)
            | C::Track(_)
            | C::RequestExplanation(_)
            | C::AnswerExplanation(_)
            | C::Rescind { .. }
            | C::Lapse { .. }
            | C::Settle(_)
            | C::Wake => self.drafting(issued),
        }
    }

    fn extended(&self, issued: Issued<OfferCommand>) -> Decision {
        use OfferCommand as C;
        let (by, at, on) = (issued.by, issued.at, issued.on);
        match issued.command {
            C::RequestExplanation(enquiry) => self.request_explanation(by, on, enquiry),
            C::AnswerExplanation(explanation) => self.answer_explanation(by.id, explanation),
            C::Wake if at >= self.expires_at => Ok(vec![OfferEvent::Expired { expired_at: self.expires_at }]),
            // The timer may run late, the rule does not.
            C::Accept { .. } | C::Decline { .. } | C::ExtendExpiry { .. } | C::Revise(_) if at >= self.expires_at => {
                Err(OfferError::Expired { expires_at: self.expires_at })
            }
            C::Accept { case: Case::Ended, .. } => Err(OfferError::ApplicationEnded),
            C::Accept { seen, recorded_for, case: _, required } => {
                self.sees(&seen)?;
                self.answers(by, recorded_for.as_ref())?;
                let (version, terms_hash) = (self.version, self.terms_hash.clone());
                let remedy = self.remedy_plan().cloned().map(Box::new);
                let hands_in = self.asks_for(required);
                Ok(vec![OfferEvent::Accepted {
                    version,
                    terms_hash,
                    accepted_by: by.id,
                    recorded_for,
                    remedy,
                    hands_in,
                }])
            }
            C::Decline { reason_code, recorded_for, case: _ } => {
                self.answers(by, recorded_for.as_ref())?;
                let acceptance = Acceptance::Before;
                Ok(vec![OfferEvent::Declined { acceptance, reason_code, declined_by: by.id, recorded_for }])
            }
            C::ExtendExpiry { expires_at } => match expires_at.cmp(&self.expires_at) {
                Ordering::Equal => Ok(vec![]),
                Ordering::Less => Err(OfferError::ExpiryNotLater { expires_at: self.expires_at }),
                Ordering::Greater => {
                    let (extended_by, account) = (by.id, Some(self.account));
                    Ok(vec![OfferEvent::ExpiryExtended { expires_at, extended_by, account }])
                }
            },
            C::Revise(ref revision) if revision.terms == self.terms && revision.expires_at != self.expires_at => {
                Err(OfferError::TermsUnchanged)
            }
            C::RequestException { .. }
            | C::RequestApproval { .. }
            | C::Approve { .. }
            | C::SendBack { .. }
            | C::Refuse { .. }
            | C::ForceApprove { .. }
            | C::Delegate { .. }
            | C::Extend { .. } => Err(OfferError::AlreadyExtended),
            C::Draft(_)
            | C::Revise(_)
            | C::DecideException { .. }
            | C::DeclareConflict { .. }
            | C::RecordRemedy(_)
            | C::RecordOneOff(_)
            | C::NoteDuties { .. }
            | C::RecordDuty(_)
            | C::RecordDocument(_)
            | C::ReviewRange(_)
            | C::Track(_)
            | C::Rescind { .. }
            | C::Lapse { .. }
            | C::Settle(_)
            | C::Wake => self.drafting(issued),
        }
    }

    fn accepted(&self, issued: Issued<OfferCommand>) -> Decision {
        use OfferCommand as C;
        let (by, on) = (issued.by, issued.on);
        match issued.command {
            C::RecordRemedy(remedied) => self.record_remedy(by.id, on, remedied),
            C::NoteDuties { started_on } => Ok(self.note_duties(started_on)),
            C::RecordDuty(done) => self.record_duty(by.id, on, done),
            C::RecordDocument(document) => self.record_document(by.id, on, document),
            C::ReviewRange(order) => self.review_range(by, on, order),
            C::RecordOneOff(one_off) => self.record_one_off(by.id, on, *one_off),
            C::RequestExplanation(enquiry) => self.request_explanation(by, on, enquiry),
            C::AnswerExplanation(explanation) => self.answer_explanation(by.id, explanation),
            C::Track(tracking) => Ok(self.track(*tracking)),
            C::Accept { seen, recorded_for: None, .. }
                if self.accepted_by == Some(by.id) && self.sees(&seen).is_ok() =>
            {
                Ok(vec![])
            }
            // Whoever is back, or does not come any more, has no offer that could be declined or taken back.
            C::Decline { case: Case::Ended, .. } | C::Rescind { case: Case::Ended, .. } => {
                Err(OfferError::ApplicationEnded)
            }
            C::Decline { reason_code, recorded_for, case: _ } => {
                self.answers(by, recorded_for.as_ref())?;
                let acceptance = Acceptance::After;
                Ok(vec![OfferEvent::Declined { acceptance, reason_code, declined_by: by.id, recorded_for }])
            }
            C::Rescind { role: Rescinder::Recruiter, .. } => Err(OfferError::ExecutiveRequired),
            C::Rescind { role: Rescinder::Executive, .. } if by.kind != ActorKind::Person => {
                Err(OfferError::NaturalPersonRequired)
            }
            C::Rescind { reason_code, clause, opinion_ref, role: Rescinder::Executive, note, case: _ } => {
                if [&clause, &opinion_ref].iter().any(|text| text.as_deref().is_none_or(|text| text.trim().is_empty()))
                {
                    return Err(OfferError::LegalOpinionRequired);
                }
                let (acceptance, rescinded_by) = (Acceptance::After, by.id);
                Ok(vec![OfferEvent::Rescinded { acceptance, reason_code, clause, opinion_ref, rescinded_by, note }])
            }
            C::Revise(_)
            | C::RequestException { .. }
            | C::DecideException { .. }
            | C::RequestApproval { .. }
            | C::Approve { .. }
            | C::SendBack { .. }
            | C::Refuse { .. }
            | C::ForceApprove { .. }
            | C::Delegate { .. }
            | C::Extend { .. }
            | C::Accept { .. }
            | C::ExtendExpiry { .. } => Err(OfferError::AlreadyAccepted),
            C::Draft(_) | C::DeclareConflict { .. } | C::Lapse { .. } | C::Settle(_) | C::Wake => self.drafting(issued),
        }
    }

    fn refused(&self, issued: Issued<OfferCommand>) -> Decision {
        use OfferCommand as C;
        let Issued { by, at, on, command } = issued;
        match command {
            C::Revise(revision) => {
                revision.application.admits_an_offer()?;
                revision.position.admits_an_offer()?;
                self.revise(*revision, by.id, at, on)
            }
            C::RequestException { .. }
            | C::DecideException { .. }
            | C::RequestApproval { .. }
            | C::Approve { .. }
            | C::SendBack { .. }
            | C::Refuse { .. }
            | C::ForceApprove { .. }
            | C::Delegate { .. }
            | C::Extend { .. }
            | C::Accept { .. }
            | C::Decline { .. }
            | C::ExtendExpiry { .. }
            | C::Rescind { .. }
            | C::Lapse { .. } => Err(OfferError::Refused),
            C::RecordRemedy(_) => Err(OfferError::RemedyNotOwed),
            C::Track(_) | C::RecordOneOff(_) | C::NoteDuties { .. } | C::RecordDuty(_) | C::RecordDocument(_) => {
                Err(OfferError::NotAccepted)
            }
            C::RequestExplanation(_) | C::AnswerExplanation(_) => Err(OfferError::NotExtended),
            C::DeclareConflict { conflict, note } => Ok(self.conflict(by.id, conflict, note)),
            C::ReviewRange(order) => self.review_range(by, on, order),
            C::Settle(settlement) => self.settle(by.id, on, settlement),
            C::Draft(_) => Err(OfferError::AlreadyDrafted),
            C::Wake => Ok(vec![]),
        }
    }

    fn ended(&self, ending: Ending, issued: &Issued<OfferCommand>) -> Decision {
        use OfferCommand as C;
        match (ending, &issued.command) {
            (_, C::Wake) => Ok(vec![]),
            (Ending::Lapsed { because: known }, C::Lapse { because }) if known == *because => Ok(vec![]),
            (Ending::Declined { reason_code: known, .. }, C::Decline { reason_code, recorded_for: None, .. })
                if known == *reason_code && issued.by.natural_person() == Some(self.account) =>
            {
                Ok(vec![])
            }
            (Ending::Expired, C::Accept { .. } | C::Decline { .. }) => {
                Err(OfferError::Expired { expires_at: self.expires_at })
            }
            (Ending::Declined { .. } | Ending::Expired | Ending::Rescinded { .. } | Ending::Lapsed { .. }, _) => {
                Err(OfferError::Ended { ending })
            }
        }
    }

    /// Whoever proposed an offer does not answer what its assessment waits for.
    fn settle(&self, by: ActorId, on: NaiveDate, settlement: Settlement) -> Decision {
        let rule = settlement.rule();
        if self.checks.knows(rule) && BY_ANOTHER.contains(&rule) && self.proposers.contains(&by) {
            return Err(OfferError::DistinctApproverRequired);
        }
        // Both may know a rule: it is answered where it is open.
        let open = self.checks.open(on).iter().any(|result| result.rule == settlement.rule());
        let checks = if self.labour.knows(settlement.rule()) && !open { &self.labour } else { &self.checks };
        let news = checks.admits(&settlement)?;
        Ok(news.then_some(OfferEvent::Settled { settlement }).into_iter().collect())
    }

    /// Nobody decides about what they did not see.
    pub(super) fn sees(&self, seen: &Seen) -> Result<(), OfferError> {
        match seen {
            Seen::Terms(hash) if *hash != self.terms_hash => Err(OfferError::TermsChanged),
            Seen::Terms(_) | Seen::Version => Ok(()),
        }
    }

    /// The candidate answers, or a human being who says how the answer came in.
    pub(super) fn answers(&self, by: Actor, recorded_for: Option<&FreeText>) -> Result<(), OfferError> {
        match recorded_for {
            None if by.natural_person() == Some(self.account) => Ok(()),
            None => Err(OfferError::CandidateOnly),
            Some(_) if by.kind == ActorKind::Person => Ok(()),
            Some(_) => Err(OfferError::NaturalPersonRequired),
        }
    }

    fn revise(&self, revision: Revision, revised_by: ActorId, at: DateTime<Utc>, on: NaiveDate) -> Decision {
        let Revision { seen, terms, terms_hash, expires_at, priced, labour, .. } = revision;
        self.sees(&seen)?;
        let changed = terms.changed_since(&self.terms);
        let version = if changed.is_empty() && expires_at == self.expires_at { self.version } else { self.version + 1 };
        // An assessment of the level that was known before did not lead to this grade.
        let level = |basis: &Basis| basis.qualification.assessed_level_ref.clone();
        let known = self.assessed.as_ref().and_then(|assessed| level(&assessed.basis));
        let regraded =
            priced.as_deref().is_none_or(|priced| level(&priced.basis).is_some_and(|new| Some(new) != known));
        let assess = priced.map(|priced| priced.assessed(revised_by, &self.line, version, terms_hash.clone()));
        let labour = labour.map(|facts| labour::checks(&facts, &terms, self.labour_since.unwrap_or(on)));
        let labour = labour.and_then(|checks| self.checked_anew(version, on, checks));
        if changed.is_empty() {
            let rest = self.revise_the_rest(assess.transpose()?, terms_hash, expires_at, revised_by, (at, on))?;
            let checked = labour.filter(|_| self.phase.is_open());
            return Ok(rest.into_iter().chain(checked).collect());
        }
        if self.refused.contains(&terms_hash) {
            return Err(OfferError::HashRefused);
        }
        // Above the band, another grade is given on evidence alone, also where less was offered in between.
        let above = self.outgrown.as_ref().is_some_and(|outgrown| *outgrown != terms.grade);
        if above && terms.grade != self.terms.grade && !regraded {
            return Err(OfferError::GradeEvidenceRequired);
        }
        terms.check(expires_at, at, on)?;
        let assessed = assess.transpose()?.map(assessed_event);
        let terms = Box::new(terms);
        let revised = OfferEvent::Revised { version, terms, terms_hash, expires_at, changed, revised_by };
        Ok(std::iter::once(revised).chain(assessed).chain(labour).collect())
    }

    /// The same terms: another expiry, or other facts that their pay is measured by. Before the offer goes out, other facts
    /// are assessed, and what was approved falls.
    fn revise_the_rest(
        &self,
        assessed: Option<Assessed>,
        terms_hash: TermsHash,
        expires_at: DateTime<Utc>,
        revised_by: ActorId,
        (at, on): (DateTime<Utc>, NaiveDate),
    ) -> Decision {
        let is_open = self.phase.is_open();
        let assessed = assessed.filter(|new| is_open && self.assessed.as_ref().is_none_or(|known| known.differs(new)));
        let hash = if assessed.is_some() { terms_hash } else { self.terms_hash.clone() };
        if self.refused.contains(&hash) {
            return Err(OfferError::HashRefused);
        }
        if expires_at == self.expires_at {
            let measured = assessed.map(|assessed| Assessed { proposed_by: Some(revised_by), ..assessed });
            return Ok(measured.map(assessed_event).into_iter().collect());
        }
        // The same terms keep their approvals, and whoever revises them proposes them (PAY-20).
        if assessed.is_none() && self.voted(revised_by) {
            return Err(OfferError::DistinctApproverRequired);
        }
        self.terms.check(expires_at, at, on)?;
        let revised = OfferEvent::Revised {
            version: self.version + 1,
            terms: Box::new(self.terms.clone()),
            terms_hash: hash,
            expires_at,
            changed: Vec::new(),
            revised_by,
        };
        Ok(std::iter::once(revised).chain(assessed.map(assessed_event)).collect())
    }

    fn request_exception(
        &self,
        requested_by: ActorId,
        on: NaiveDate,
        seen: &Seen,
        exception: PayException,
        terms_hash: TermsHash,
    ) -> Decision {
        self.sees(seen)?;
        let Some(assessed) = self.assessed.as_ref().filter(|assessed| assessed.exception_needed) else {
            self.assessed.as_ref().map_or(Ok(()), |assessed| assessed.admits_approval())?;
            return Err(OfferError::ExceptionNotNeeded);
        };
        if self.granted_exception().is_some() {
            return Err(OfferError::ExceptionGranted);
        }
        if self.refused.contains(&terms_hash) {
            return Err(OfferError::HashRefused);
        }
        exception.check(assessed, &self.terms.pay.base.currency, on)?;
        if let Some(plan) = &exception.remedy
            && (plan.owner == self.account || self.referrer == Some(plan.owner))
        {
            return Err(OfferError::RemedyOwnerGains);
        }
        let (version, exception) = (self.version, Box::new(exception));
        Ok(vec![OfferEvent::ExceptionRequested { version, terms_hash, exception, requested_by }])
    }

    fn request_approval(
        &self,
        requested_by: ActorId,
        on: NaiveDate,
        overdue: &[OverdueRemedy],
        labour: Option<&LabourFacts>,
    ) -> Decision {
        if self.refused.contains(&self.terms_hash) {
            return Err(OfferError::HashRefused);
        }
        let labour = self.labour_anew(labour, on, false)?;
        let approvals_needed = match &self.assessed {
            None => APPROVALS_NEEDED,
            Some(assessed) => {
                assessed.admits_approval()?;
                assessed.knows_of(overdue)?;
                self.nothing_is_open(on)?;
                if assessed.exception_needed && self.granted_exception().is_none() {
                    return Err(OfferError::ExceptionRequired);
                }
                if !assessed.can_be_approved_by(|who| who != requested_by && self.independent(who).is_ok()) {
                    return Err(OfferError::ApproversMissing { tier: assessed.tier });
                }
                u32::try_from(assessed.seats.len()).unwrap_or(u32::MAX)
            }
        };
        let (version, terms_hash) = (self.version, self.terms_hash.clone());
        let hiring_manager = self.line.hiring_manager.filter(|_| self.assessed.is_none());
        let asked =
            OfferEvent::ApprovalRequested { version, terms_hash, approvals_needed, requested_by, hiring_manager };
        Ok(labour.into_iter().chain([asked]).collect())
    }

    /// What labour law asks, checked once more: a record may have come in since, or the law of the entity be another. What it
    /// bars, and what no opinion lifts, does not go on (LAB-04, LAB-10, LAB-12). Where `all` is said, neither does what a human
    /// being was asked and still has to answer: under a published pay policy an offer goes out with every question answered.
    fn labour_anew(
        &self,
        facts: Option<&LabourFacts>,
        on: NaiveDate,
        all: bool,
    ) -> Result<Option<OfferEvent>, OfferError> {
        let checks = facts.map_or_else(|| self.labour_checks.clone(), |facts| self.labour_by(facts, on));
        let stands = self.labour_with(&checks);
        // What is found only now stands on the page from now on: nobody could have answered it.
        let asked = |one: &RuleResult| all && self.labour.open(on).contains(&one);
        let stops = |one: &&RuleResult| matches!(one.outcome, Outcome::Block | Outcome::Legal) || asked(one);
        match stands.open(on).into_iter().find(stops) {
            Some(bar) => Err(OfferError::open(bar)),
            None => Ok(self.checked_anew(self.version, on, checks)),
        }
    }

    /// Nothing is recorded where nothing else was found than before.
    fn checked_anew(&self, version: u32, on: NaiveDate, checks: Vec<LabourCheck>) -> Option<OfferEvent> {
        if checks == self.labour_checks {
            return None;
        }
        let agency_told = self.labour_with(&checks).answer(DISPATCHED) == Some(CheckAnswer::AgencyTold);
        Some(OfferEvent::LabourChecked { version, on, checks, agency_told })
    }

    fn extend(
        &self,
        extended_by: ActorId,
        at: DateTime<Utc>,
        on: NaiveDate,
        seat: Option<u32>,
        pack: Pack,
    ) -> Result<Extended, OfferError> {
        if let Some(until) = self.approved_until().filter(|until| *until < on) {
            return Err(OfferError::ApprovalsExpired { until });
        }
        self.terms.check(self.expires_at, at, on)?;
        if let Some(item) = self.terms.incomplete() {
            return Err(OfferError::TermsIncomplete { item });
        }
        self.nothing_is_open(on)?;
        if pack.terms_hash != self.terms_hash {
            return Err(OfferError::TermsChanged);
        }
        if pack.documents.iter().all(|document| document.kind != DocumentKind::Explanation) {
            return Err(OfferError::ExplanationMissing);
        }
        Ok(Extended {
            version: self.version,
            terms_hash: self.terms_hash.clone(),
            seat: seat.ok_or(OfferError::HeadcountFull)?,
            expires_at: self.expires_at,
            documents: pack.documents,
            rechecked: Vec::new(),
            extended_by,
            account: Some(self.account),
        })
    }
}
