//! What follows from an application.

use aggregates::application::{
    Application, ApplicationEvent, EligibilityResult, HoldCause, OfferEnding, Rejoined, ReviewDecision, Side, Standing,
};
use aggregates::ids::{ApplicationId, PersonId, ReferralId};
use aggregates::member::{Member, MemberCommand, MemberError};
use aggregates::offer::{LapseCause, Offer, OfferCommand, OfferError};
use aggregates::referral::{Hire, HiredVia, OutcomeReason, Referral, ReferralCommand, ReferralError};
use aggregates::requisition::{Requisition, RequisitionCommand, RequisitionError};

use chrono::NaiveDate;
use uuid::Uuid;

use super::{Followed, Reaction, Undone};
use crate::dispatch::Gathered;
use crate::gather::referral::applicant_known_before;
use crate::gather::{AsOf, SameHuman};

impl Reaction<'_> {
    pub(super) async fn after_application(&self, event: &ApplicationEvent) -> Option<Followed> {
        use ApplicationEvent as E;
        Some(match event {
            E::Submitted(submitted) => {
                vec![
                    self.cancel_where_closed(submitted.requisition_id).await,
                    self.credit(submitted.referral_id, submitted.person_id).await,
                ]
            }
            E::Transferred { to, .. } => vec![self.cancel_where_closed(*to).await],
            E::Reopened { .. } | E::ReviewAnswered { decision: ReviewDecision::Eligible, .. } => self.goes_on().await,
            E::EligibilityAssessed { result: EligibilityResult::NotEligible, .. }
            | E::EligibilityReviewed { decision: ReviewDecision::NotEligible, .. } => {
                vec![self.note_not_hired(OutcomeReason::Rejected).await]
            }
            E::Rejected { side, .. } => {
                let reason = match side {
                    Side::Employer => OutcomeReason::Rejected,
                    Side::Candidate => OutcomeReason::CandidateWithdrew,
                };
                self.ended(LapseCause::ApplicationRejected, reason).await
            }
            E::Withdrawn { .. } => self.ended(LapseCause::ApplicationWithdrawn, OutcomeReason::CandidateWithdrew).await,
            E::Cancelled { .. } => self.ended(LapseCause::RequisitionClosed, OutcomeReason::PositionClosed).await,
            E::NoShowRecorded { .. } => self.ended(LapseCause::NoShow, OutcomeReason::NoShow).await,
            E::Closed { .. } => vec![self.note_not_hired(OutcomeReason::OfferDeclined).await],
            E::OfferEnded { ending: OfferEnding::RescindedAfterAcceptance, .. } => {
                vec![self.note_not_hired(OutcomeReason::Other).await]
            }
            E::Rejoined(rejoined) => self.rejoined(rejoined).await,
            E::EligibilityAssessed { result: EligibilityResult::Eligible | EligibilityResult::NeedsReview, .. }
            | E::EligibilityReviewed { decision: ReviewDecision::Eligible, .. }
            | E::ReviewAnswered { decision: ReviewDecision::NotEligible, .. }
            | E::OfferEnded {
                ending: OfferEnding::Declined | OfferEnding::Expired | OfferEnding::Refused | OfferEnding::Rescinded,
                ..
            }
            | E::ReviewRequested { .. }
            | E::OwnerAssigned { .. }
            | E::Advanced { .. }
            | E::StageSkipped { .. }
            | E::RangeDisclosed { .. }
            | E::InterviewScheduled { .. }
            | E::InterviewRescheduled { .. }
            | E::InterviewCancelled { .. }
            | E::InterviewRecorded { .. }
            | E::ScorecardSubmitted { .. }
            | E::ScorecardAmended { .. }
            | E::EvaluationRecorded { .. }
            | E::Held { .. }
            | E::Resumed { .. }
            | E::OfferOpened { .. }
            | E::OfferAccepted { .. }
            | E::StartPostponed { .. }
            | E::JoiningRecorded { .. }
            | E::Settled { .. } => return None,
        })
    }

    async fn case(&self) -> Result<Option<Standing>, Undone> {
        let loaded = self.dispatcher.load::<Application>(self.employer, self.event.stream_id).await?;
        Ok(loaded.state.standing().cloned())
    }

    /// Whenever a case goes on that had ended, then its referral has the credit again; unless its position is gone.
    async fn goes_on(&self) -> Followed {
        match self.case().await {
            Ok(Some(case)) => {
                vec![
                    self.cancel_where_closed(case.requisition_id).await,
                    self.credit(case.referral_id, case.person_id).await,
                ]
            }
            Ok(None) => vec![],
            Err(undone) => vec![Err(undone)],
        }
    }

    /// Whenever a case ends, then its offer falls away with it, and nothing came of its referral.
    async fn ended(&self, because: LapseCause, reason: OutcomeReason) -> Followed {
        let offer = match self.case().await {
            // A case that was opened again meanwhile keeps what it has by now.
            Ok(case) => case.filter(|case| !case.is_live()).and_then(|case| case.offer_id),
            Err(undone) => return vec![Err(undone)],
        };
        let lapsed = match offer {
            Some(offer) => self.lapse_offer(offer, because).await,
            None => Ok(()),
        };
        vec![lapsed, self.note_not_hired(reason).await]
    }

    /// Whenever somebody applies on a referral, then the referral is credited with the application; what stands before it
    /// (REF-13) is asked again, now that they are known. Where it owns the candidate no more, has ended, or has another
    /// application's credit, it is not.
    async fn credit(&self, referral: Option<ReferralId>, person: PersonId) -> Result<(), Undone> {
        let Some(referral) = referral else { return Ok(()) };
        let moot = |error: &ReferralError| {
            use ReferralError as E;
            matches!(error, E::Ended { .. } | E::AlreadyHired | E::AlreadyCredited { .. } | E::OwnershipOver { .. })
        };
        let application_id = ApplicationId(self.event.stream_id);
        let gather = || async {
            let duplicate = applicant_known_before(self.dispatcher, self.employer, referral, person).await?;
            Ok(Gathered::<Referral>::order(ReferralCommand::Credit { application_id, duplicate }))
        };
        self.send_with("referrals.credit", referral.0, referral.0, gather, moot).await
    }

    /// Whenever a credited application comes to nothing, then nobody was hired on its referral.
    async fn note_not_hired(&self, reason_code: OutcomeReason) -> Result<(), Undone> {
        let Some(case) = self.case().await? else { return Ok(()) };
        let Some(referral) = case.referral_id.filter(|_| !case.is_live()) else { return Ok(()) };
        let loaded = self.dispatcher.load::<Referral>(self.employer, referral.0).await?;
        let credited = loaded.state.standing().and_then(|standing| standing.application_id);
        if credited != Some(ApplicationId(self.event.stream_id)) {
            return Ok(());
        }
        let moot = |error: &ReferralError| {
            use ReferralError as E;
            matches!(error, E::Ended { .. } | E::AlreadyHired | E::OutcomeRecorded { .. })
        };
        let order = ReferralCommand::NoteNotHired { reason_code };
        self.send::<Referral>("referrals.note-not-hired", referral.0, order, moot).await
    }

    /// Whenever somebody is back, then they are employed, their membership has ended as returned, a seat is filled, the
    /// referral has led to a hire, what is to be filed and done by when is noted with their offer, and their other cases rest.
    async fn rejoined(&self, rejoined: &Rejoined) -> Followed {
        let mut followed = match self.same_human([rejoined.person_id], AsOf::Now).await {
            Ok(human) => self.returned(&human, rejoined).await,
            Err(undone) => vec![Err(undone)],
        };
        followed.extend([
            self.employ(rejoined).await,
            self.fill_seat(rejoined).await,
            self.note_hired(rejoined).await,
            self.note_duties(rejoined).await,
        ]);
        followed
    }

    /// Nobody returns twice: that every membership of theirs has ended is what speaks against their other cases.
    async fn returned(&self, human: &SameHuman, rejoined: &Rejoined) -> Followed {
        let mut members = match self.memberships(human).await {
            Ok(members) => members,
            Err(undone) => return vec![Err(undone)],
        };
        members.insert(rejoined.member_id.0);
        let mut followed = Followed::new();
        for member in members {
            followed.push(self.note_return(member, rejoined.started_on).await);
        }
        if followed.iter().all(Result::is_ok) {
            followed.extend(self.reassess_cases(human, HoldCause::Returned).await);
        }
        followed
    }

    async fn note_return(&self, member: Uuid, started_on: NaiveDate) -> Result<(), Undone> {
        // A membership under another record may wait for the end of another period.
        let moot = |error: &MemberError| matches!(error, MemberError::Ended { .. } | MemberError::AwaitsDeparture);
        self.send::<Member>("members.note-return", member, MemberCommand::NoteReturn { started_on }, moot).await
    }

    async fn fill_seat(&self, rejoined: &Rejoined) -> Result<(), Undone> {
        let order = RequisitionCommand::FillSeat { application_id: ApplicationId(self.event.stream_id) };
        let never = |_: &RequisitionError| false;
        self.send::<Requisition>("requisitions.fill-seat", rejoined.requisition_id.0, order, never).await
    }

    async fn note_duties(&self, rejoined: &Rejoined) -> Result<(), Undone> {
        let moot = |error: &OfferError| matches!(error, OfferError::NotAccepted | OfferError::Ended { .. });
        let order = OfferCommand::NoteDuties { started_on: rejoined.started_on };
        self.send::<Offer>("offers.note-duties", rejoined.offer_id.0, order, moot).await
    }

    async fn note_hired(&self, rejoined: &Rejoined) -> Result<(), Undone> {
        let Some(referral) = rejoined.referral_id else { return Ok(()) };
        let hire = Hire {
            via: HiredVia::Application { application_id: ApplicationId(self.event.stream_id) },
            person_id: rejoined.person_id,
            employee_number: rejoined.employee_number.clone(),
            legal_entity: rejoined.legal_entity.clone(),
            started_on: rejoined.started_on,
        };
        self.note_hire(referral, hire).await
    }

    /// Tells a referral of the hire that its application has led to.
    pub(super) async fn note_hire(&self, referral: ReferralId, hire: Hire) -> Result<(), Undone> {
        let order = ReferralCommand::NoteHired {
            via: hire.via,
            hired_person_id: hire.person_id,
            employee_number: hire.employee_number,
            legal_entity: hire.legal_entity,
            started_on: hire.started_on,
        };
        // It has ended, the hire was recorded by hand, it had lost its candidate before they applied, or another application
        // has its credit. While whose candidate they are is undecided, the hire waits for the decision.
        let moot = |error: &ReferralError| {
            use ReferralError as E;
            let elsewhere = matches!(error, E::AlreadyHired | E::AlreadyCredited { .. } | E::OwnershipOver { .. });
            elsewhere || matches!(error, E::Ended { .. } | E::OwnershipUnresolved)
        };
        self.send::<Referral>("referrals.note-hired", referral.0, order, moot).await
    }
}
