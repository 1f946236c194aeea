//! The sentences about a reward plan.

use aggregates::reward_plan::RewardPlanEvent;

use super::{Line, told};

/// A reward is wage, laid down in the wage rules.
const WAGE_RULES: &str = "REF-02";

pub(super) fn line(what: &RewardPlanEvent) -> Line {
    use RewardPlanEvent as E;
    match what {
        E::Drafted { terms, .. } => {
            told("The reward plan was drafted", "リファラル手当規程が起案された").basis(&terms.clause)
        }
        E::Revised { version, terms, .. } => {
            told(format!("Version {version} was drafted"), format!("第{version}版が起案された")).basis(&terms.clause)
        }
        E::Approved { version, .. } => {
            told(format!("A second person approved version {version}"), format!("別の担当者が第{version}版を承認した"))
        }
        E::Published { version, effective_from, .. } => told(
            format!("Version {version} was published; it governs from {effective_from}"),
            format!("第{version}版が公開された（適用開始日：{effective_from}）"),
        ),
        E::Retired { note, .. } => {
            told("The plan was retired; it governs no further referral", "規程が廃止された").words(note.as_ref())
        }
    }
    .rule(WAGE_RULES)
}
