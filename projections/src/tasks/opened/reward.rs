//! What waits about a reward. What waits for verification or approval goes on waiting while it is held.

use aggregates::reward::{APPROVERS, RewardEvent};

use super::{Kind, Step};

pub(super) fn steps(what: &RewardEvent) -> Vec<Step> {
    use Kind::{ApproveReward, DecideCorrectionCase, SeeToHeldReward, VerifyReward};
    use RewardEvent as E;
    match what {
        E::Held { .. } => vec![Step::open(SeeToHeldReward).step()],
        E::HoldLifted { .. } => Step::end(&[SeeToHeldReward]),
        E::FellDue { .. } => vec![Step::open(VerifyReward).step()],
        E::Verified { .. } => vec![Step::End(VerifyReward, None), Step::open(ApproveReward).step()],
        E::Approved { number, .. } if *number >= APPROVERS => Step::end(&[ApproveReward]),
        E::Approved { approved_by, .. } => vec![Step::open(ApproveReward).not_by([*approved_by]).step()],
        E::Declined { .. } => vec![Step::End(ApproveReward, None), Step::open(SeeToHeldReward).step()],
        E::CorrectionCaseOpened { .. } => vec![Step::open(DecideCorrectionCase).step()],
        E::CorrectionCaseClosed { .. } => Step::end(&[DecideCorrectionCase]),
        E::RuledIneligible { .. } | E::Lapsed { .. } | E::Forfeited { .. } => vec![Step::EndAll],
        E::Planned(_) | E::Settled { .. } => vec![],
    }
}
