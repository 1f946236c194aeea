//! What waits about a requisition.

use aggregates::requisition::RequisitionEvent;

use super::{Kind, Step};

pub(super) fn steps(what: &RequisitionEvent) -> Vec<Step> {
    use RequisitionEvent as E;
    match what {
        E::ReturnersNoted { count: 1.., .. } => vec![Step::open(Kind::MatchReturners).step()],
        E::ReturnersNoted { count: 0, .. } => Step::end(&[Kind::MatchReturners]),
        E::Closed { .. } => vec![Step::EndAll],
        E::Opened(_) | E::Revised { .. } | E::Published { .. } | E::SeatFilled { .. } => vec![],
    }
}
