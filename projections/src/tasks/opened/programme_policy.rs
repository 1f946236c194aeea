//! What waits about a programme policy.

use aggregates::programme_policy::ProgrammePolicyEvent;

use super::{Kind, Step};

pub(super) fn steps(what: &ProgrammePolicyEvent) -> Vec<Step> {
    use ProgrammePolicyEvent as E;
    match what {
        E::Drafted { drafted_by: writer, .. } | E::Revised { revised_by: writer, .. } => {
            vec![Step::open(Kind::ApproveProgrammePolicy).not_by([*writer]).step()]
        }
        E::Approved { .. } => Step::end(&[Kind::ApproveProgrammePolicy]),
        E::Retired { .. } => vec![Step::EndAll],
        E::Published { .. } => vec![],
    }
}
