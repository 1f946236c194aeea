//! What is recorded about a period of employment, and the spans that relation checks read.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::departure::Source;
use crate::ids::{ActorId, DepartureId, PersonId};
use crate::personal::Personal;
use crate::values::{EmploymentType, Money};

/// What is recorded about a period of employment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recorded {
    /// The human being.
    pub person_id: PersonId,
    /// The entity that employs them.
    pub legal_entity: String,
    /// Their number in that entity.
    pub employee_number: String,
    /// Their number in an earlier period, where the records name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_employee_number: Option<String>,
    /// The login that is theirs, as the actor directory knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<ActorId>,
    /// Name and contact, as far as the source gives them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<EmployeeDetails>,
    /// Whether the entity is their own employer or the one they are seconded to.
    pub kind: EmploymentKind,
    /// How they are employed.
    pub employment_type: EmploymentType,
    /// First day.
    pub from: NaiveDate,
    /// Last day, where it had passed when this was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
    /// Last day, where it is agreed and lay ahead when this was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_on: Option<NaiveDate>,
    /// Where they stand on the first day.
    #[serde(flatten)]
    pub placement: Placement,
    /// How the record came in.
    pub source: Source,
}

/// An employee as the source names them; sources differ in what they give.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EmployeeDetails {
    /// Full name as written in the records.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Personal<String>>,
    /// The name's reading in katakana (フリガナ).
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
}

/// Where somebody stands in the entity from some day on; what is `None` is unknown or stays as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Placement {
    /// Department.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// Job family.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job_family: Option<String>,
    /// Job title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job_title: Option<String>,
    /// Grade (等級).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grade: Option<String>,
    /// Place of work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// The employee number of the one they report to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manager_employee_number: Option<String>,
    /// Agreed hours a week; 40 where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weekly_hours: Option<u8>,
    /// Annual base salary, full-time equivalent at 40 hours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_salary: Option<Money>,
}

impl Placement {
    /// This placement where `other` says nothing, and `other` where it does.
    #[must_use]
    pub fn overlaid(self, other: Self) -> Self {
        Self {
            department: other.department.or(self.department),
            job_family: other.job_family.or(self.job_family),
            job_title: other.job_title.or(self.job_title),
            grade: other.grade.or(self.grade),
            location: other.location.or(self.location),
            manager_employee_number: other.manager_employee_number.or(self.manager_employee_number),
            weekly_hours: other.weekly_hours.or(self.weekly_hours),
            base_salary: other.base_salary.or(self.base_salary),
        }
    }
}

/// Facts that a correction replaces; what is `None` stays as it was.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct EmploymentChanges {
    /// Employee number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub employee_number: Option<String>,
    /// The number of an earlier period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous_employee_number: Option<String>,
    /// The login that is theirs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<ActorId>,
    /// Name and contact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<EmployeeDetails>,
    /// Own employer or secondment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<EmploymentKind>,
    /// How they are employed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub employment_type: Option<EmploymentType>,
    /// First day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// Last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<EndChange>,
    /// The day on which the corrected transfer took effect. Only where a transfer is corrected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transferred_on: Option<NaiveDate>,
    /// Where they stand, on the first day or from the corrected transfer on.
    #[serde(flatten)]
    pub placement: Placement,
}

impl EmploymentChanges {
    /// Whether they change anything that a transfer does not state.
    pub(super) fn reach_beyond_a_transfer(&self) -> bool {
        let inside = Self { transferred_on: self.transferred_on, placement: self.placement.clone(), ..Self::default() };
        *self != inside
    }
}

/// How a correction changes the last day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EndChange {
    /// The last day is another one.
    Moved {
        /// The last day.
        on: NaiveDate,
    },
    /// There is no last day: the end was recorded or agreed by mistake.
    Withdrawn,
}

/// A change of place within the entity (異動), from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// The first day in the new place.
    pub on: NaiveDate,
    /// What changes.
    #[serde(flatten)]
    pub placement: Placement,
}

/// Why a period of employment ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum EndedBecause {
    /// A departure took effect.
    Departure {
        /// Which one.
        departure_id: DepartureId,
    },
    /// The last day that was agreed or recorded has passed.
    TermEnded,
    /// They went to another entity (転籍, or the end of a secondment).
    TransferOut,
    /// The period should never have been open.
    Correction,
}

/// Whose employment a span is.
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
pub enum EmploymentKind {
    /// With their own employer.
    Primary,
    /// 在籍出向: a second span with the entity they are seconded to, while the first goes on.
    Secondment,
}

/// One period of employment as relation checks read it. Leave (休職・育休) counts as employed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// The entity.
    pub legal_entity: String,
    /// First day.
    pub from: NaiveDate,
    /// Last day, where one is agreed or has passed.
    pub to: Option<NaiveDate>,
    /// Own employer or secondment.
    pub kind: EmploymentKind,
}

impl Span {
    /// Whether the span covers the day; its first and its last day do.
    pub fn covers(&self, on: NaiveDate) -> bool {
        self.from <= on && self.to.is_none_or(|to| on <= to)
    }
}

/// Whether somebody is employed on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Presence {
    /// A span covers the day.
    Employed,
    /// Spans are known, and none covers the day.
    NotEmployed,
    /// No span is known: a HOLD `employment_unknown`, never "not an employee".
    Unknown,
}

/// Whether the person to whom all these spans belong is employed on a day.
pub fn employed_on(spans: &[Span], on: NaiveDate) -> Presence {
    if spans.is_empty() {
        Presence::Unknown
    } else if spans.iter().any(|span| span.covers(on)) {
        Presence::Employed
    } else {
        Presence::NotEmployed
    }
}

/// A period of employment handed on to the new one (勤続期間の通算).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenureSegment {
    /// The entity.
    pub legal_entity: String,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// The departure that ended it.
    pub departure_id: DepartureId,
}
