//! What waits about a referral.

use aggregates::referral::{CandidateHistory, ReferralEvent};

use super::{Kind, Step};

pub(super) fn steps(what: &ReferralEvent) -> Vec<Step> {
    use Kind::{AskCandidate, InviteCandidate, ResolveOwnership};
    use ReferralEvent as E;
    match what {
        E::Submitted(submitted) => vec![Step::open(AskCandidate).due(submitted.answer_by).step()],
        E::CandidateAccepted { history: CandidateHistory::FormerlyEmployed, .. } => {
            vec![Step::End(AskCandidate, None), Step::open(InviteCandidate).step()]
        }
        E::CandidateAccepted { history: CandidateHistory::NeverEmployed, .. } | E::AcceptanceLapsed { .. } => {
            Step::end(&[AskCandidate])
        }
        E::HeldAsDuplicate { .. } => vec![Step::open(ResolveOwnership).step()],
        E::DuplicateDismissed { .. } => Step::end(&[ResolveOwnership]),
        E::CandidateDeclined { .. } | E::Withdrawn { .. } | E::Blocked { .. } => {
            Step::end(&[AskCandidate, InviteCandidate, ResolveOwnership])
        }
        E::RefusedDuplicate { .. } | E::NotHired { .. } | E::Hired { .. } | E::OwnershipLapsed { .. } => {
            Step::end(&[InviteCandidate, ResolveOwnership])
        }
        // They have found the way by themselves.
        E::Credited { .. } => Step::end(&[InviteCandidate]),
        E::OwnershipGranted { .. } | E::CreditReassigned { .. } | E::Settled { .. } => vec![],
    }
}
