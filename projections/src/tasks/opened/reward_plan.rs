//! What waits about a reward plan.

use aggregates::reward_plan::RewardPlanEvent;

use super::{Kind, Step};

pub(super) fn steps(what: &RewardPlanEvent) -> Vec<Step> {
    use RewardPlanEvent as E;
    match what {
        E::Drafted { drafted_by: writer, .. } | E::Revised { revised_by: writer, .. } => {
            vec![Step::open(Kind::ApproveRewardPlan).not_by([*writer]).step()]
        }
        E::Approved { .. } => Step::end(&[Kind::ApproveRewardPlan]),
        E::Retired { .. } => vec![Step::EndAll],
        E::Published { .. } => vec![],
    }
}
