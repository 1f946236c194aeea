//! Values that several aggregates share.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The largest amount that every reader of JSON keeps exactly (2⁵³ − 1).
pub const LARGEST_AMOUNT: i64 = 9_007_199_254_740_991;

/// An amount in minor units of an ISO 4217 currency. Yen have no minor unit: 7400000 is ¥7,400,000.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// Minor units, within ±[`LARGEST_AMOUNT`].
    pub amount: i64,
    /// ISO 4217 code, three capital letters.
    pub currency: String,
}

/// How a person is employed (雇用形態).
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
pub enum EmploymentType {
    /// 正社員: full time, indefinite.
    Regular,
    /// 契約社員: for a fixed term.
    FixedTerm,
    /// パート: part time.
    PartTime,
    /// 業務委託: not an employee.
    Contractor,
}

/// Whether a former worker may be rehired (再雇用可否). A reason is never a verdict by itself.
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
pub enum Verdict {
    /// May be rehired.
    Eligible,
    /// A person must look at it first.
    NeedsReview,
    /// May not be rehired, confirmed by two people, until the day it lapses.
    NotEligible,
}

/// A clause of the programme's rules or of a law, as cited to the person (`第3条`).
pub type Clause = String;

/// A clause that says something.
pub(crate) fn stated(clause: Clause) -> Option<Clause> {
    Some(clause).filter(|clause| !clause.trim().is_empty())
}

/// The same words in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bilingual {
    /// In Japanese.
    pub ja: String,
    /// In English.
    pub en: String,
}

impl Bilingual {
    /// Whether both languages say something.
    pub fn is_said(&self) -> bool {
        ![&self.ja, &self.en].into_iter().any(|words| words.trim().is_empty())
    }
}

/// Where evidence lies in the employer's own records; never the evidence itself.
pub type EvidenceRef = String;

/// Words about a person. Always sealed.
pub type FreeText = crate::personal::Personal<String>;

/// The person as the employer's records name them at departure (退職時の氏名).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonDetails {
    /// Full name as written in the records.
    pub name: crate::personal::Personal<String>,
    /// The name's reading in katakana (フリガナ).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_kana: Option<crate::personal::Personal<String>>,
    /// Private mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<crate::personal::Personal<String>>,
    /// Private telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<crate::personal::Personal<String>>,
    /// Date of birth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<crate::personal::Personal<NaiveDate>>,
}

/// Whether something is not so, and is left out of what is stored.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
pub(crate) const fn is_false(value: &bool) -> bool {
    !*value
}

/// Whether a count has nothing to tell, and is left out of what is stored.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
pub(crate) const fn is_zero(count: &u32) -> bool {
    *count == 0
}
