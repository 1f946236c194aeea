//! What follows from an offer.

use aggregates::application::{
    Application, ApplicationCommand, ApplicationError, Ending, OfferAcceptance, OfferEnding, Phase,
};
use aggregates::ids::{ApplicationId, OfferId};
use aggregates::offer::{
    Acceptance, ExceptionDecision, LapseCause, Offer, OfferCommand, OfferError, OfferEvent, PayAssessment, PayRole,
    ReviewRange, TOGETHER,
};
use chrono::{DateTime, Utc};
use projections::fairness_ledger::PayDecision;

use super::{Followed, Reaction, Undone};

impl Reaction<'_> {
    pub(super) async fn after_offer(&self, event: &OfferEvent) -> Option<Followed> {
        use OfferEvent as E;
        Some(match event {
            E::Drafted(_) | E::Revised { .. } => vec![self.note_offer().await],
            E::Accepted { .. } => vec![self.note_acceptance().await],
            E::ExceptionDecided { decision: ExceptionDecision::Granted, .. } => vec![self.look_at_the_range().await],
            E::Declined { .. } => vec![self.note_ending(OfferEnding::Declined).await],
            E::Expired { .. } => vec![self.note_ending(OfferEnding::Expired).await],
            E::Refused { .. } => vec![self.note_ending(OfferEnding::Refused).await],
            E::Rescinded { acceptance: Acceptance::Before, .. } => {
                vec![self.note_ending(OfferEnding::Rescinded).await]
            }
            E::Rescinded { acceptance: Acceptance::After, .. } => {
                vec![self.note_ending(OfferEnding::RescindedAfterAcceptance).await]
            }
            // It fell away with its case, which knows.
            E::Lapsed { .. }
            | E::Assessed(_)
            | E::LabourChecked { .. }
            | E::ExceptionRequested { .. }
            | E::ExceptionDecided { decision: ExceptionDecision::Refused, .. }
            | E::ApprovalRequested { .. }
            | E::Approved { .. }
            | E::SentBack { .. }
            | E::ApprovalForced { .. }
            | E::ConflictDeclared { .. }
            | E::ApprovalDelegated { .. }
            | E::Extended(_)
            | E::RemedyRecorded { .. }
            | E::DocumentRecorded { .. }
            | E::RangeReviewOpened { .. }
            | E::RangeReviewed { .. }
            | E::PayChanged(_)
            | E::OneOffRecorded(_)
            | E::DutiesNoted { .. }
            | E::DutyDone { .. }
            | E::ExplanationRequested { .. }
            | E::ExplanationGiven { .. }
            | E::ExpiryExtended { .. }
            | E::Settled { .. } => return None,
        })
    }

    /// Whenever an offer is drafted, or revised after a refusal, then its case waits for it. A case that has ended in the
    /// same moment takes the offer with it.
    async fn note_offer(&self) -> Result<(), Undone> {
        let (offer_id, Some(application)) = (OfferId(self.event.stream_id), self.case_of_offer().await?) else {
            return Ok(());
        };
        let order = ApplicationCommand::NoteOffer { offer_id };
        let noted = self.send::<Application>("applications.note-offer", application.0, order, |_| false).await;
        let Err(Undone::Refused(refusal)) = noted else { return noted };
        let case = self.dispatcher.load::<Application>(self.employer, application.0).await?;
        match case.state.standing().and_then(|standing| lapse_cause(&standing.phase)) {
            Some(because) => self.lapse_offer(offer_id, because).await,
            None => Err(Undone::Refused(refusal)),
        }
    }

    /// Whenever an offer is accepted, then its case knows what was agreed.
    async fn note_acceptance(&self) -> Result<(), Undone> {
        let loaded = self.dispatcher.load::<Offer>(self.employer, self.event.stream_id).await?;
        let Some(standing) = loaded.state.standing() else { return Ok(()) };
        let acceptance = OfferAcceptance {
            offer_id: OfferId(self.event.stream_id),
            starts_on: standing.terms.starts_on,
            employment_type: standing.terms.employment_type,
            grade: standing.terms.grade.clone(),
            location: standing.terms.location.clone(),
        };
        let order = ApplicationCommand::NoteOfferAccepted(Box::new(acceptance));
        // A case that ended in the same moment takes the offer with it.
        let ended = |error: &ApplicationError| matches!(error, ApplicationError::Ended { .. });
        let application = standing.application_id;
        self.send::<Application>("applications.note-offer-accepted", application.0, order, ended).await
    }

    /// Whenever a second exception for a role is granted within a year, then somebody looks at the pay range of the role: once for
    /// those that were granted by then. What came to nothing does not count.
    async fn look_at_the_range(&self) -> Result<(), Undone> {
        let id = OfferId(self.event.stream_id);
        let loaded = self.dispatcher.load::<Offer>(self.employer, id.0).await?;
        let Some(standing) = loaded.state.standing() else { return Ok(()) };
        let Some(assessed) = &standing.assessed else { return Ok(()) };
        let role = PayRole::of(&assessed.basis.offered);
        let assessed = <&str>::from(PayAssessment::Assessed).to_owned();
        let filters = vec![("legal_entity", vec![standing.legal_entity.clone()]), ("assessment", vec![assessed])];
        let others: Vec<PayDecision> = self.documents(filters, |one: &PayDecision| one.id != id).await?;
        let reviews = others.iter().filter_map(|one| one.range_review.as_ref()).filter(|review| review.role == role);
        if reviews.clone().any(|review| review.recorded_at.is_none()) {
            return Ok(());
        }
        let of_role = |one: &&PayDecision| {
            let offered = one.finding.as_ref().and_then(|found| found.offered.as_ref());
            offered.is_some_and(|offered| PayRole::of(offered) == role)
        };
        let reviewed = reviews.filter_map(|review| review.recorded_at).max();
        let now = self.event.recorded_at;
        let from = now.checked_sub_months(TOGETHER).unwrap_or(DateTime::UNIX_EPOCH);
        let together = |at: &DateTime<Utc>| *at > from && *at <= now && reviewed.is_none_or(|reviewed| reviewed < *at);
        let granted: Vec<_> =
            others.iter().filter(of_role).filter_map(PayDecision::excepted_at).filter(together).collect();
        let Some(first) = granted.iter().min() else { return Ok(()) };
        let exceptions = u32::try_from(granted.len()).unwrap_or(u32::MAX).saturating_add(1);
        let order = ReviewRange::Open { role, exceptions, since: self.employer.local_date(*first) };
        let moot = |error: &OfferError| matches!(error, OfferError::Ended { .. });
        self.send::<Offer>("offers.open-range-review", id.0, OfferCommand::ReviewRange(order), moot).await
    }

    /// Whenever an offer ends without a return, then its case is open again, or ends with it.
    async fn note_ending(&self, ending: OfferEnding) -> Result<(), Undone> {
        let Some(application) = self.case_of_offer().await? else { return Ok(()) };
        let order = ApplicationCommand::NoteOfferEnded { offer_id: OfferId(self.event.stream_id), ending };
        // Another offer is the case's by now.
        let moot = |error: &ApplicationError| matches!(error, ApplicationError::OtherOffer);
        self.send::<Application>("applications.note-offer-ended", application.0, order, moot).await
    }

    async fn case_of_offer(&self) -> Result<Option<ApplicationId>, Undone> {
        let loaded = self.dispatcher.load::<Offer>(self.employer, self.event.stream_id).await?;
        Ok(loaded.state.standing().map(|standing| standing.application_id))
    }

    pub(super) async fn lapse_offer(&self, offer: OfferId, because: LapseCause) -> Result<(), Undone> {
        // What has ended by itself, or was refused, is nobody's any more.
        let moot = |error: &OfferError| matches!(error, OfferError::Ended { .. } | OfferError::Refused);
        self.send::<Offer>("offers.lapse", offer.0, OfferCommand::Lapse { because }, moot).await
    }
}

/// Why an offer falls away with a case that has come to this; nothing while the case goes on, or was taken up.
const fn lapse_cause(phase: &Phase) -> Option<LapseCause> {
    match phase {
        Phase::NotEligible { .. } | Phase::Ended(Ending::Rejected { .. } | Ending::Closed) => {
            Some(LapseCause::ApplicationRejected)
        }
        Phase::Ended(Ending::Withdrawn { .. }) => Some(LapseCause::ApplicationWithdrawn),
        Phase::Ended(Ending::Cancelled) => Some(LapseCause::RequisitionClosed),
        Phase::Ended(Ending::NoShow) => Some(LapseCause::NoShow),
        Phase::Ended(Ending::Rejoined { .. } | Ending::OfferRescinded)
        | Phase::EligibilityReview
        | Phase::At(_)
        | Phase::OfferPending
        | Phase::AfterOffer { .. }
        | Phase::OfferAccepted(_)
        | Phase::Joining(_) => None,
    }
}
