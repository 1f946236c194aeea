//! What is recorded about a departure, and the closed lists its events draw on.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::eligibility::SeparationReason;
use crate::ids::PersonId;
use crate::personal::Personal;
use crate::values::{EmploymentType, Money, PersonDetails};

/// What is recorded about a departure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recorded {
    /// The human being.
    pub person_id: PersonId,
    /// The entity that employed them.
    pub legal_entity: String,
    /// Their number in that entity.
    pub employee_number: String,
    /// Their number in an earlier period, where the records name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_employee_number: Option<String>,
    /// Name, contact and birth date.
    pub person: PersonDetails,
    /// The period of employment that ends.
    pub employment: EndedEmployment,
    /// Why they left.
    pub reason: Personal<SeparationReason>,
    /// Whether they said that they wish to return.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wishes_to_return: Option<bool>,
    /// How the record came in.
    pub source: Source,
}

/// The period of employment that a departure ends (在籍期間).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EndedEmployment {
    /// First day.
    pub hired_on: NaiveDate,
    /// Last day.
    pub left_on: NaiveDate,
    /// Department at exit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// Job family at exit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job_family: Option<String>,
    /// Job title at exit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job_title: Option<String>,
    /// Grade at exit (等級).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<String>,
    /// Place of work at exit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// Employment type at exit.
    pub employment_type: EmploymentType,
    /// Annual base salary at exit, full-time equivalent. No input of any later price (PAY-07).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_salary: Option<Money>,
}

/// Facts that a correction replaces; what is `None` stays as it was.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DepartureChanges {
    /// Employee number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub employee_number: Option<String>,
    /// Name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Personal<String>>,
    /// Reading of the name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name_kana: Option<Personal<String>>,
    /// Mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<Personal<String>>,
    /// Telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<Personal<String>>,
    /// Date of birth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<Personal<NaiveDate>>,
    /// First day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hired_on: Option<NaiveDate>,
    /// Last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_on: Option<NaiveDate>,
    /// Department.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// Job family.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job_family: Option<String>,
    /// Job title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job_title: Option<String>,
    /// Grade.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grade: Option<String>,
    /// Place of work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// Employment type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub employment_type: Option<EmploymentType>,
    /// Annual base salary at exit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_salary: Option<Money>,
    /// Why they left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Personal<SeparationReason>>,
    /// Whether they wish to return.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wishes_to_return: Option<bool>,
}

/// How a record came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Source {
    /// One record through the API.
    Api,
    /// A line of a file.
    Import,
    /// A reaction of this program, such as to a rejoin taking effect.
    Reaction,
}

/// Why a person must not be contacted.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, strum::IntoStaticStr, strum::EnumString,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum OutreachBar {
    /// The person asked not to be contacted (連絡不要).
    ContactRefused,
    /// The person has died (死亡).
    Deceased,
}

/// What makes an assessment due again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Reopening {
    /// The recorded reason for leaving was wrong.
    ReasonCorrected,
}

/// Why an invitation is lawful (PRV-01, 個人情報保護法 17・18・21条).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr, strum::EnumString, strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum OutreachBasis {
    /// Consent given at exit, apart from exit papers.
    ExitConsent,
    /// A notice of purpose handed out at exit.
    ExitNotice,
    /// A purpose the employer had published.
    PublishedPurpose,
    /// The letter itself states the purpose and offers a one-click refusal.
    NoticeWithInvitation,
}

impl OutreachBasis {
    /// Whether the person has agreed to be written to. Every other basis carries a first letter only.
    pub const fn is_consent(self) -> bool {
        match self {
            Self::ExitConsent => true,
            Self::ExitNotice | Self::PublishedPurpose | Self::NoticeWithInvitation => false,
        }
    }
}

/// How a letter travels.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr, strum::EnumString, strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Channel {
    /// By mail address.
    Email,
    /// By post.
    Post,
    /// Handed over, such as at the exit interview.
    InPerson,
}
