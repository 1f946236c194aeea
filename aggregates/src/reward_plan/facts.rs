//! What a plan of referral rewards lays down.

use chrono::{Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::ids::RewardPlanId;
use crate::values::{Clause, EvidenceRef, Money};

/// How long after the first day a reward falls due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Milestone {
    /// So many days after the first day.
    Days(u32),
    /// So many months after it: the day of the same number (応当日), the month's last where it has none.
    Months(u32),
}

impl Milestone {
    /// The day on which it is reached by whoever began on a day; the reward is due the day after.
    pub fn reached_on(self, started_on: NaiveDate) -> NaiveDate {
        match self {
            Self::Days(days) => started_on.checked_add_days(Days::new(days.into())),
            Self::Months(months) => started_on.checked_add_months(Months::new(months)),
        }
        .unwrap_or(NaiveDate::MAX)
    }
}

/// Whether the referrer must still be employed on the day of payment (支給日在籍要件, REF-17).
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum PresenceAtPayment {
    /// They must; a waiting reward lapses with their departure.
    Required,
    /// They need not; payroll pays them all the same.
    NotRequired,
}

/// What a reward is for social insurance (REF-18).
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum SocialInsuranceClass {
    /// 報酬.
    Remuneration,
    /// 賞与.
    Bonus,
    /// 対象外.
    Excluded,
}

/// How payroll treats a reward of the plan: wage, taxed as 給与 (REF-18).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayrollTreatment {
    /// The pay item.
    pub item_code: String,
    /// What it is for social insurance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub social_insurance: Option<SocialInsuranceClass>,
    /// Where the note of the pension office or 社労士 lies; a HOLD without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note_ref: Option<EvidenceRef>,
}

/// What a version of a plan lays down (賃金規程の定め, REF-02).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanTerms {
    /// Its name.
    pub name: String,
    /// The entity whose employees it rewards.
    pub legal_entity: String,
    /// The clause of the wage rules (賃金規程).
    pub clause: Clause,
    /// When the rules were filed (届出).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filed_on: Option<NaiveDate>,
    /// The amount of its one tranche.
    pub amount: Money,
    /// When it falls due.
    pub milestone: Milestone,
    /// Whether the referrer must still be employed.
    pub presence_at_payment: PresenceAtPayment,
    /// How payroll treats it.
    pub payroll: PayrollTreatment,
}

/// A version of a plan, as a referral is pinned to it: later versions do not touch it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanPin {
    /// The plan.
    pub plan_id: RewardPlanId,
    /// The version.
    pub version: u32,
    /// What it lays down.
    pub terms: PlanTerms,
}
