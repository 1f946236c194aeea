//! The sentences about pay policies, pay bands and snapshots of incumbents.

use aggregates::incumbents::{IncumbentPartEvent, IncumbentSnapshotEvent};
use aggregates::pay_bands::PayBandsEvent;
use aggregates::pay_policy::{AlertKey, JOINT_ASSESSMENT, PUBLICATION, PayPolicyEvent};

use super::{Line, told};

/// Whoever edits what offers are measured by neither proposes nor approves under it for thirty days.
const EDITORS: &str = "PAY-24";
/// What is looser than the defaults, two people decide.
const LOOSENED: &str = "AUD-06";
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
        // How many decisions flip, the policy itself tells to whom it is told.
        E::Published { version, loosening: Some(_), reason, .. } => told(
            format!("Version {version}, looser than usual, was published"),
            format!("標準より緩い第{version}版が公開された"),
        )
        .words(reason.as_ref())
        .rule("AUD-06"),
        E::MonthClosed { last_day } => {
            told(format!("The month up to {last_day} is over"), format!("{last_day}までの月が締まった"))
        }
        E::AlertRaised { raised, look_by } => told(
            format!("{} raised {}, to be looked at by {look_by}", raised.alert.report, row(&raised.alert)),
            format!("{}の「{}」が検知された（確認期限：{look_by}）", raised.alert.report, row(&raised.alert)),
        )
        .rule(&raised.rule),
        E::AlertCleared { alert, .. } => told(
            format!("{} raises {} no more", alert.report, row(alert)),
            format!("{}の「{}」は検知されなくなった", alert.report, row(alert)),
        ),
        E::JointAssessmentDue { alert, due_on } => told(
            format!("Nobody justified or mended {} in time: a joint assessment is due by {due_on}", row(alert)),
            format!("「{}」が期限内に是正も説明もされず、共同評価の対象となった（期限：{due_on}）", row(alert)),
        )
        .rule(JOINT_ASSESSMENT),
        E::AlertReviewed { alert, review, .. } => told(
            format!("Somebody looked at {} of {}", row(alert), alert.report),
            format!("{}の「{}」が確認された", alert.report, row(alert)),
        )
        .code(review.outcome.into())
        .words(Some(&review.reason))
        .evidence(Some(&review.evidence_ref)),
        E::PublicationDue { year_ends, due_on } => told(
            format!("The pay gap of the year that ended on {year_ends} is to be published by {due_on}"),
            format!("{year_ends}に終わる事業年度の男女の賃金の差異の公表期限が登録された（{due_on}）"),
        )
        .rule(PUBLICATION),
        E::PayGapPublished { year_ends, publication, .. } => told(
            format!("The pay gap of the year that ended on {year_ends} was published on {}", publication.published_on),
            format!("{year_ends}に終わる事業年度の男女の賃金の差異が公表された（{}）", publication.published_on),
        )
        .rule(PUBLICATION)
        .evidence(Some(&publication.evidence_ref)),
        E::RetirementProposed { reason, decisions, .. } => told(
            format!("That the policy be retired was asked for; {decisions} offers were assessed so far"),
            format!("基準の廃止が求められた（これまでに査定されたオファー：{decisions}件）"),
        )
        .rule(LOOSENED)
        .words(Some(reason)),
        E::Retired { note, .. } => told("The policy was retired; it governs no further offer", "基準が廃止された")
            .words(note.as_ref())
            .rule("AUD-05"),
    }
}

fn row(alert: &AlertKey) -> String {
    alert.row.as_deref().map_or_else(|| alert.table.clone(), |row| format!("{} {row}", alert.table))
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
