//! The sentences about pay policies, pay bands and snapshots of incumbents.

use aggregates::incumbents::{IncumbentPartEvent, IncumbentSnapshotEvent};
use aggregates::pay::Loosening;
use aggregates::pay_bands::PayBandsEvent;
use aggregates::pay_policy::PayPolicyEvent;

use super::{Line, told};

/// Whoever edits what offers are measured by neither proposes nor approves under it for thirty days.
const EDITORS: &str = "PAY-24";
/// Sex and age are never read where pay is set.
const PROTECTED: &str = "PAY-03";

pub(super) fn policy(what: &PayPolicyEvent) -> Line {
    use PayPolicyEvent as E;
    match what {
        E::Drafted { terms, .. } => {
            told("The pay policy was drafted", "賃金決定の基準が起案された").basis(&terms.clause).rule(EDITORS)
        }
        E::Revised { version, terms, .. } => {
            told(format!("Version {version} was drafted"), format!("第{version}版が起案された"))
                .basis(&terms.clause)
                .rule(EDITORS)
        }
        E::Approved { version, .. } => {
            told(format!("A second person approved version {version}"), format!("別の担当者が第{version}版を承認した"))
                .rule("AUD-06")
        }
        E::Published { version, effective_from, loosening: None, .. } => told(
            format!("Version {version} was published; it governs offers drafted from {effective_from}"),
            format!("第{version}版が公開された（適用開始日：{effective_from}）"),
        )
        .rule("AUD-05"),
        E::Published { version, loosening: Some(loosening), reason, .. } => {
            let Loosening { decisions, milder, stricter, .. } = &**loosening;
            let flipped = milder.saturating_add(*stricter);
            told(
                format!("Version {version}, looser than usual, was published: {flipped} of {decisions} decisions flip"),
                format!("標準より緩い第{version}版が公開された（過去の判定{decisions}件中{flipped}件が変わる）"),
            )
            .words(reason.as_ref())
            .rule("AUD-06")
        }
        E::Retired { note, .. } => told("The policy was retired; it governs no further offer", "基準が廃止された")
            .words(note.as_ref())
            .rule("AUD-05"),
    }
}

pub(super) fn bands(what: &PayBandsEvent) -> Line {
    let PayBandsEvent::Imported { version, .. } = what;
    told(
        format!(
            "The pay bands {} were taken over: {} bands, in force from {}",
            version.version,
            version.bands.len(),
            version.effective_from
        ),
        format!(
            "賃金テーブル{}が取り込まれた（{}件、適用開始日：{}）",
            version.version,
            version.bands.len(),
            version.effective_from
        ),
    )
    .rule(EDITORS)
}

pub(super) fn snapshot(what: &IncumbentSnapshotEvent) -> Line {
    let IncumbentSnapshotEvent::Imported { snapshot, .. } = what;
    told(
        format!("A snapshot of {} incumbents as of {} was taken over", snapshot.size, snapshot.as_of),
        format!("{}時点の在籍者{}名のスナップショットが取り込まれた", snapshot.as_of, snapshot.size),
    )
    .rule(PROTECTED)
}

pub(super) fn part(what: &IncumbentPartEvent) -> Line {
    match what {
        IncumbentPartEvent::CohortRecorded { grade, job_family, members, .. } => told(
            format!("{} incumbents of {grade}, {job_family} were recorded", members.len()),
            format!("{grade}・{job_family}の在籍者{}名が記録された", members.len()),
        ),
        IncumbentPartEvent::PageRecorded { entries } => told(
            format!("A page of the directory of a snapshot was recorded: {} entries", entries.len()),
            format!("スナップショットの索引（{}件）が記録された", entries.len()),
        ),
    }
    .rule(PROTECTED)
}
