//! What waits about a referral.

use aggregates::referral::ReferralEvent;

use super::{Kind, Step};

pub(super) fn steps(what: &ReferralEvent) -> Vec<Step> {
    use Kind::{AskCandidate, ResolveOwnership};
    use ReferralEvent as E;
    match what {
        E::Submitted(submitted) => vec![Step::open(AskCandidate).due(submitted.answer_by).step()],
        E::CandidateAccepted { .. } | E::AcceptanceLapsed { .. } => Step::end(&[AskCandidate]),
        E::HeldAsDuplicate { .. } => vec![Step::open(ResolveOwnership).step()],
        E::DuplicateDismissed { .. } | E::RefusedDuplicate { .. } => Step::end(&[ResolveOwnership]),
        E::CandidateDeclined { .. } | E::Withdrawn { .. } | E::Blocked { .. } => {
            Step::end(&[AskCandidate, ResolveOwnership])
        }
        E::NotHired { .. } | E::Hired { .. } | E::OwnershipLapsed { .. } => Step::end(&[ResolveOwnership]),
        E::OwnershipGranted { .. } | E::CreditReassigned { .. } | E::Credited { .. } | E::Settled { .. } => vec![],
    }
}
