//! What is recorded about a reward, and the closed lists its events draw on.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::checks::RuleResult;
use crate::ids::{ActorId, PersonId, ReferralId};
use crate::referral::{HiredVia, ReferrerRelation};
use crate::reward_plan::PlanPin;
use crate::values::Money;

/// The hire that a reward is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HireFact {
    /// How it came about.
    pub via: HiredVia,
    /// The human being.
    pub person_id: PersonId,
    /// Their number.
    pub employee_number: String,
    /// First day.
    pub started_on: NaiveDate,
}

/// Through what a reward is paid.
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
pub enum PaymentChannel {
    /// As wage, with the pay (賃金): the only way for an employee's talent referral in Japan (REF-03).
    Payroll,
}

/// A tranche of a reward as it was planned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    /// The referral that earned it.
    pub referral_id: ReferralId,
    /// Who is paid.
    pub payee: ActorId,
    /// The human being, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payee_person_id: Option<PersonId>,
    /// Their number on the day of the referral.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payee_employee_number: Option<String>,
    /// The entity that pays.
    pub legal_entity: String,
    /// The hire.
    pub hire: HireFact,
    /// Which tranche, from 1.
    pub tranche: u32,
    /// The plan that governed the day of the referral; held without one (REF-02).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<PlanPin>,
    /// How much.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// The day on which the milestone is reached; due the day after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub milestone_on: Option<NaiveDate>,
    /// Through what it is paid.
    pub channel: PaymentChannel,
    /// What the payee was on the day of the referral.
    pub at_referral: ReferrerRelation,
    /// What the payee was on the day of the hire.
    pub at_hire: ReferrerRelation,
    /// The rules, evaluated on both days.
    pub gate: Vec<RuleResult>,
}

/// Why a waiting reward lapses.
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
pub enum LapseCause {
    /// Whoever was hired left before the milestone (REF-15).
    HireLeft,
    /// The referrer left, and the plan wants them employed (REF-17).
    PayeeLeft,
    /// The hire proved not to have happened.
    HireUndone,
}

/// Why an approver declines a reward.
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
pub enum DeclineReason {
    /// It was not earned.
    NotEarned,
    /// It was paid already.
    Duplicate,
    /// There is no budget.
    Budget,
    /// Another reason, told in the note.
    Other,
}
