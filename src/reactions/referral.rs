//! What follows from a referral.

use aggregates::application::{Application, Ending as CaseEnding, Phase as CasePhase};
use aggregates::checks::Outcome;
use aggregates::ids::ReferralId;
use aggregates::referral::{Hire, HiredVia, Phase, Referral, ReferralEvent, gate};
use aggregates::reward::{Reward, RewardCommand, RewardError, tranche_id};

use super::{Followed, Reaction, Undone};
use crate::dispatch::Gathered;
use crate::gather::reward::{ONLY, tranche};

impl Reaction<'_> {
    pub(super) async fn after_referral(&self, event: &ReferralEvent) -> Option<Followed> {
        use ReferralEvent as E;
        Some(match event {
            E::Hired { .. } => vec![self.plan_reward().await],
            E::DuplicateDismissed { .. } => vec![self.note_earlier_hire().await],
            E::Submitted(_)
            | E::CandidateAccepted { .. }
            | E::CandidateDeclined { .. }
            | E::AcceptanceLapsed { .. }
            | E::OwnershipGranted { .. }
            | E::HeldAsDuplicate { .. }
            | E::RefusedDuplicate { .. }
            | E::CreditReassigned { .. }
            | E::Credited { .. }
            | E::NotHired { .. }
            | E::OwnershipLapsed { .. }
            | E::Withdrawn { .. }
            | E::Blocked { .. }
            | E::Settled { .. } => return None,
        })
    }

    /// Whenever it is decided that a referral owns its candidate, and its application has led back to a desk meanwhile, then
    /// it has led to a hire.
    async fn note_earlier_hire(&self) -> Result<(), Undone> {
        let referral_id = ReferralId(self.event.stream_id);
        let referral = self.dispatcher.load::<Referral>(self.employer, referral_id.0).await?;
        let Some(application_id) = referral.state.standing().and_then(|standing| standing.application_id) else {
            return Ok(());
        };
        let application = self.dispatcher.load::<Application>(self.employer, application_id.0).await?;
        let Some(case) = application.state.standing() else { return Ok(()) };
        let CasePhase::Ended(CaseEnding::Rejoined { employee_number, started_on }) = &case.phase else { return Ok(()) };
        let hire = Hire {
            via: HiredVia::Application { application_id },
            person_id: case.person_id,
            employee_number: employee_number.clone(),
            legal_entity: case.legal_entity.clone(),
            started_on: *started_on,
        };
        self.note_hire(referral_id, hire).await
    }

    /// Whenever a referral has led to a hire, then the one tranche of its reward is planned, under an id that follows from
    /// the referral's: no second plan has a place in the log (REF-20).
    async fn plan_reward(&self) -> Result<(), Undone> {
        let referral_id = ReferralId(self.event.stream_id);
        let loaded = self.dispatcher.load::<Referral>(self.employer, referral_id.0).await?;
        let Some(referral) = loaded.state.standing() else { return Ok(()) };
        let Phase::Hired(hire) = &referral.phase else { return Ok(()) };
        if gate::status_counts(referral.relation.class).outcome == Outcome::Block {
            // Whoever was not employed when they referred is owed nothing that could be planned (REF-09).
            return Ok(());
        }
        let reward = tranche_id(referral_id, ONLY).0;
        let gather = || async {
            let (planned, guards) =
                tranche(self.dispatcher, self.employer, (referral_id, referral), hire, self.event.on).await?;
            let tokens = self.about(reward, &planned);
            let subject_known = planned.payee_person_id.is_some();
            Ok(Gathered::<Reward> {
                guards,
                tokens,
                subject_known,
                ..Gathered::order(RewardCommand::Plan(Box::new(planned)))
            })
        };
        let planned = |error: &RewardError| matches!(error, RewardError::AlreadyPlanned);
        self.send_with("rewards.plan", reward, reward, gather, planned).await
    }
}
