//! What waits about a programme policy.

use aggregates::programme_policy::ProgrammePolicyEvent;

use super::{Audience, Kind, Step};

pub(super) fn steps(what: &ProgrammePolicyEvent) -> Vec<Step> {
    use ProgrammePolicyEvent as E;
    match what {
        E::Drafted { terms, drafted_by: writer } | E::Revised { terms, revised_by: writer, .. } => {
            let waits = Step::open(Kind::ApproveProgrammePolicy).not_by([*writer]);
            // What referring by outsiders rests on, compliance approves and nobody else.
            let founded = terms.referral_basis.is_some();
            vec![if founded { waits.by(Audience::Compliance).step() } else { waits.step() }]
        }
        E::Approved { .. } => Step::end(&[Kind::ApproveProgrammePolicy]),
        E::Retired { .. } => vec![Step::EndAll],
        E::Published { .. } => vec![],
    }
}
