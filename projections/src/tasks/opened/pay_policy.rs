//! What waits about a pay policy.

use aggregates::pay_policy::PayPolicyEvent;

use super::{Kind, Step};

pub(super) fn steps(what: &PayPolicyEvent) -> Vec<Step> {
    use PayPolicyEvent as E;
    match what {
        E::Drafted { drafted_by: writer, .. } | E::Revised { revised_by: writer, .. } => {
            vec![Step::open(Kind::ApprovePayPolicy).not_by([*writer]).step()]
        }
        E::Approved { .. } => Step::end(&[Kind::ApprovePayPolicy]),
        E::Retired { .. } => vec![Step::EndAll],
        E::Published { .. } => vec![],
    }
}
