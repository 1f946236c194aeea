//! What is recorded about a flag: the facts inside the events, all of them from closed lists.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::values::{Clause, EvidenceRef, FreeText};

/// What a flag rests on. All of it is needed (PRV-13).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Grounds {
    /// The coded reason.
    pub reason: FlagReason,
    /// The clause relied on.
    pub clause: Clause,
    /// Where the evidence lies.
    pub evidence_ref: EvidenceRef,
    /// How the person can appeal.
    pub appeal_route: String,
    /// The day on which the flag lapses, at most three years ahead.
    pub expires_on: NaiveDate,
    /// Remarks. Class `restricted`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<FreeText>,
}

/// Why a person may not be rehired. The list is closed on purpose: union activity (労働組合法7条), pregnancy and leave
/// (均等法9条), whistleblowing (公益通報者保護法) and complaints have no name here and so can never be the reason of a flag
/// (PRV-13). Nor is there an "other" behind which they could hide.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum FlagReason {
    /// 重大な非違行為
    SeriousMisconduct,
    /// 横領・窃盗・詐欺
    FraudOrTheft,
    /// 暴力・脅迫
    ViolenceOrThreat,
    /// ハラスメント
    Harassment,
    /// 秘密保持義務違反
    ConfidentialityBreach,
    /// 経歴詐称など、応募時の虚偽
    FalseApplicationStatement,
}

/// Why a flag was taken away before its end.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum LiftReason {
    /// It should never have been raised.
    RaisedInError,
    /// The evidence did not hold.
    EvidenceRefuted,
    /// It goes too far by now.
    NoLongerProportionate,
    /// A court, an authority or counsel said so.
    LegalAdvice,
}

/// Why a flag fell away by itself.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ExpiryCause {
    /// Nobody reviewed it in time.
    NeverReviewed,
    /// Its term ended.
    TermEnded,
}

/// What a reviewer decides, about whatever waits for review.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ReviewDecision {
    /// The flag stands: upheld, appeal dismissed, renewal confirmed.
    Uphold,
    /// It does not: rejected, appeal granted, renewal refused.
    Reject,
}
