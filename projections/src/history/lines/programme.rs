//! The sentences about programme policies.

use aggregates::programme_policy::ProgrammePolicyEvent;

use super::{Line, told};

/// Every decision cites the version of the rules that it was made by.
const VERSIONED: &str = "AUD-05";

pub(super) fn policy(what: &ProgrammePolicyEvent) -> Line {
    use ProgrammePolicyEvent as E;
    match what {
        E::Drafted { .. } => told("The programme policy was drafted", "アルムナイ制度規程が起案された").rule(VERSIONED),
        E::Revised { version, .. } => {
            told(format!("Version {version} was drafted"), format!("第{version}版が起案された")).rule(VERSIONED)
        }
        E::Approved { version, .. } => {
            told(format!("A second person approved version {version}"), format!("別の担当者が第{version}版を承認した"))
                .rule("AUD-06")
        }
        E::Published { version, effective_from, .. } => told(
            format!("Version {version} was published; it governs applications handed in from {effective_from} on"),
            format!("第{version}版が公開された（適用開始日：{effective_from}）"),
        )
        .rule(VERSIONED),
        E::Retired { note, .. } => {
            told("The policy was retired; it governs no further application", "規程が廃止された")
                .words(note.as_ref())
                .rule(VERSIONED)
        }
    }
}
