//! What an offer states, and the closed lists its events draw on.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::checks::RuleResult;
use crate::ids::{ActorId, ApplicationId, MemberId, PersonId, RequisitionId};
use crate::requisition::Line;
use crate::values::{EmploymentType, Money};

/// SHA-256 of the canonical JSON (RFC 8785) of [`Terms`], in lower-case hexadecimal: what approvers and the candidate agree to.
pub type TermsHash = String;

/// For what time an amount stands.
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
pub enum Period {
    /// A month.
    Month,
    /// A year.
    Year,
    /// Once.
    Once,
}

/// An allowance (手当).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allowance {
    /// Which, such as `commute`.
    pub code: String,
    /// How much.
    pub amount: Money,
    /// For what time.
    pub period: Period,
}

/// Overtime that is paid whether it is worked or not (固定残業代).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FixedOvertime {
    /// For how many hours a month.
    pub hours_a_month: u32,
    /// How much a month.
    pub amount_a_month: Money,
}

/// Pay. `base` is annual, full-time equivalent at 40 hours a week, and is not normalised again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pay {
    /// Annual base.
    pub base: Money,
    /// Allowances.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowances: Vec<Allowance>,
    /// Fixed overtime.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed_overtime: Option<FixedOvertime>,
    /// A year's bonus, where one is agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bonus: Option<Money>,
    /// Paid once on return.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign_on: Option<Money>,
}

impl Pay {
    /// Everything that is paid once, whatever it is called.
    pub fn paid_once(&self) -> Option<Money> {
        let once = self.allowances.iter().filter(|allowance| allowance.period == Period::Once);
        sum(once.map(|allowance| allowance.amount.clone()).chain(self.sign_on.clone()))
    }

    /// What a year brings beside the base: allowances of a month and of a year, fixed overtime, and the bonus.
    pub fn beside_base_a_year(&self) -> Option<Money> {
        let monthly = |Money { amount, currency }: &Money| Money {
            amount: amount.saturating_mul(12),
            currency: currency.clone(),
        };
        let overtime = self.fixed_overtime.as_ref().map(|overtime| monthly(&overtime.amount_a_month));
        let yearly = |Allowance { amount, period, .. }: &Allowance| match period {
            Period::Month => Some(monthly(amount)),
            Period::Year => Some(amount.clone()),
            Period::Once => None,
        };
        sum(self.allowances.iter().filter_map(yearly).chain(overtime).chain(self.bonus.clone()))
    }
}

/// The sum of amounts in one currency; none of none.
fn sum(amounts: impl Iterator<Item = Money>) -> Option<Money> {
    amounts.reduce(|sum, one| Money { amount: sum.amount.saturating_add(one.amount), currency: sum.currency })
}

/// Until when the contract runs (契約期間).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ContractTerm {
    /// 期間の定めなし.
    Indefinite,
    /// 期間の定めあり.
    Fixed {
        /// Last day.
        ends_on: NaiveDate,
        /// How it is renewed, and up to how often or how long (更新上限).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        renewal: Option<String>,
        /// Why it is for a fixed term (客観的事由), where the law asks for a reason (LAB-12). Names nobody.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ground: Option<String>,
    },
}

/// The terms of an offer: what is hashed, approved and accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Grade (等級).
    pub grade: String,
    /// How they are employed.
    pub employment_type: EmploymentType,
    /// Until when.
    pub contract: ContractTerm,
    /// First day.
    pub starts_on: NaiveDate,
    /// Place of work (就業の場所).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// The scope within which the place may change (変更の範囲).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location_scope: Option<String>,
    /// The work (従事すべき業務).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duties: Option<String>,
    /// The scope within which the work may change (変更の範囲).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duties_scope: Option<String>,
    /// Hours a week; 40 where nothing else is agreed.
    pub weekly_hours: u32,
    /// Months of probation (試用期間).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probation_months: Option<u32>,
    /// Pay.
    pub pay: Pay,
}

/// A field of the terms.
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
pub enum TermField {
    /// Grade.
    Grade,
    /// Employment type.
    EmploymentType,
    /// Contract term.
    Contract,
    /// First day.
    StartsOn,
    /// Place of work.
    Location,
    /// Scope of change of the place.
    LocationScope,
    /// The work.
    Duties,
    /// Scope of change of the work.
    DutiesScope,
    /// Hours a week.
    WeeklyHours,
    /// Probation.
    ProbationMonths,
    /// Annual base.
    Base,
    /// Allowances.
    Allowances,
    /// Fixed overtime.
    FixedOvertime,
    /// Bonus.
    Bonus,
    /// Sign-on.
    SignOn,
}

/// How the pay was assessed against those who stayed.
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
pub enum PayAssessment {
    /// Under pay policy 0: it was not, and stands so on the report to compliance.
    NotAssessed,
    /// Under a published policy: it was, as the assessment of the same version says.
    Assessed,
}

/// An offer as it was drafted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drafted {
    /// The case.
    pub application_id: ApplicationId,
    /// The position.
    pub requisition_id: RequisitionId,
    /// The human being.
    pub person_id: PersonId,
    /// Their membership.
    pub member_id: MemberId,
    /// The account that bears it, which alone may accept.
    pub account: ActorId,
    /// The entity that employs.
    pub legal_entity: String,
    /// Who leads the case.
    pub line: Line,
    /// Who referred the candidate: may not approve (PAY-20).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referrer: Option<ActorId>,
    /// The terms.
    pub terms: Terms,
    /// Their hash.
    pub terms_hash: TermsHash,
    /// The first instant at which it cannot be accepted any more.
    pub expires_at: DateTime<Utc>,
    /// The version of the pay policy.
    pub pay_policy: String,
    /// What that policy says.
    pub assessment: PayAssessment,
    /// Who drafted it.
    pub drafted_by: ActorId,
}

/// Why an approver sends an offer back or refuses it.
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
pub enum RefusalReason {
    /// Too high.
    PayTooHigh,
    /// Too low.
    PayTooLow,
    /// The grade is not justified.
    GradeNotJustified,
    /// The position is not approved.
    Headcount,
    /// There is no budget.
    Budget,
    /// Something is missing.
    Incomplete,
    /// Another reason, told in the comment.
    Other,
}

/// Why the candidate declines (オファー辞退).
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
    /// The pay.
    Compensation,
    /// They took another position.
    OtherOffer,
    /// The place.
    Location,
    /// The time is wrong.
    Timing,
    /// The work.
    Duties,
    /// Personal reasons.
    Personal,
    /// Another reason.
    Other,
}

/// Whether something happened before the candidate accepted or after.
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
pub enum Acceptance {
    /// Before.
    Before,
    /// After: 内定辞退 or 内定取消.
    After,
}

/// Why an employer takes an offer back.
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
pub enum RescissionReason {
    /// The position is gone.
    PositionWithdrawn,
    /// A rule about coming back stands in the way.
    Eligibility,
    /// What the candidate had stated is false.
    FalseStatement,
    /// Business reasons (整理解雇の四要素).
    Business,
    /// Another reason, told in the note.
    Other,
}

/// Why an offer fell away with its case.
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
    /// The candidate withdrew.
    ApplicationWithdrawn,
    /// The case was rejected.
    ApplicationRejected,
    /// The requisition was closed.
    RequisitionClosed,
    /// They did not come on the first day.
    NoShow,
}

/// What relation makes an approver step aside.
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
pub enum ConflictKind {
    /// A relative.
    Relative,
    /// The candidate would lead them, or they would report to the candidate.
    FutureReport,
    /// They referred the candidate.
    Referrer,
    /// They gain from a reward.
    Beneficiary,
    /// Another one.
    Other,
}

/// A document of the offer pack.
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
pub enum DocumentKind {
    /// 稟議書: assessment, cost and approvers, for the employer.
    ApprovalSheet,
    /// 労働条件通知書: every item of 労基法15条.
    WorkingConditionsNotice,
    /// What the returner is told about how their pay was set (PAY-04).
    Explanation,
}

/// A document as it was rendered from the approved terms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenderedDocument {
    /// Which.
    pub kind: DocumentKind,
    /// The template and its version.
    pub template: String,
    /// SHA-256 of its text, in lower-case hexadecimal.
    pub sha256: String,
}

/// An offer that goes out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extended {
    /// Which version of the terms.
    pub version: u32,
    /// Their hash.
    pub terms_hash: TermsHash,
    /// The seat of the requisition that it reserves, from 1.
    pub seat: u32,
    /// The first instant at which it cannot be accepted any more.
    pub expires_at: DateTime<Utc>,
    /// The offer pack.
    pub documents: Vec<RenderedDocument>,
    /// The rules about coming back, evaluated once more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rechecked: Vec<RuleResult>,
    /// Who extended it.
    pub extended_by: ActorId,
    /// The account that alone may answer it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<ActorId>,
}
