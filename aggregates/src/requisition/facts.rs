//! What a requisition states, and the closed lists its events draw on.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::ids::ActorId;
use crate::values::{EmploymentType, FreeText, Money};

/// The people who lead the cases of a requisition. Reading and advancing a case are limited to them, and to recruiters of its entity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The recruiter in charge (採用担当).
    pub recruiter: ActorId,
    /// The manager who hires (採用部門の責任者).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hiring_manager: Option<ActorId>,
    /// The unit that approves offers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approver_unit: Option<String>,
}

impl Line {
    /// Whether somebody leads the cases.
    pub fn leads(&self, who: ActorId) -> bool {
        who == self.recruiter || self.hiring_manager == Some(who)
    }
}

/// The published range of annual, full-time equivalent base pay. Not the band that prices an offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayRange {
    /// From.
    pub minimum: Money,
    /// The middle, where it is published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub midpoint: Option<Money>,
    /// To.
    pub maximum: Money,
}

/// Who may answer a requisition.
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
pub enum Audience {
    /// Members of the alumni programme.
    Alumni,
    /// Employees, who may refer or move.
    Employees,
    /// Everybody.
    Public,
}

/// How whoever is hired would work.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
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
pub enum Engagement {
    /// Employed by the entity itself.
    #[default]
    Direct,
    /// 派遣: sent by an agency; barred for a year after leaving the same entity (LAB-04).
    Dispatched,
}

/// Why a requisition is closed.
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
pub enum CloseReason {
    /// Filled in another way.
    FilledOtherwise,
    /// The need is gone.
    NoLongerNeeded,
    /// There is no budget.
    Budget,
    /// The unit is reorganised.
    Reorganisation,
    /// Another reason, told in the note.
    Other,
}

/// What a closing does to live applications.
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
pub enum LiveCases {
    /// There are none.
    None,
    /// They are cancelled, but for accepted and joining ones.
    Cancelled,
}

/// A requisition as it was opened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Opened {
    /// The title of the position.
    pub title: String,
    /// The entity that hires.
    pub legal_entity: String,
    /// Department.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// Job family.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job_family: Option<String>,
    /// Grade (等級).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<String>,
    /// Place of work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// How whoever is hired is employed.
    pub employment_type: EmploymentType,
    /// Employed directly, or dispatched.
    pub engagement: Engagement,
    /// The published range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pay_range: Option<PayRange>,
    /// How many seats, from 1.
    pub headcount: u32,
    /// Who may answer it once it is published.
    pub audience: BTreeSet<Audience>,
    /// What the work is, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<FreeText>,
    /// Who leads its cases.
    pub line: Line,
    /// Who opened it.
    pub opened_by: ActorId,
}

/// What a revision states anew; what is `None` stays as it was.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RequisitionChanges {
    /// The title of the position.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Department.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// Job family.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job_family: Option<String>,
    /// Grade (等級).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grade: Option<String>,
    /// Place of work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// How whoever is hired is employed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub employment_type: Option<EmploymentType>,
    /// Employed directly, or dispatched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub engagement: Option<Engagement>,
    /// The published range.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pay_range: Option<PayRange>,
    /// How many seats, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub headcount: Option<u32>,
    /// Who may answer it once it is published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audience: Option<BTreeSet<Audience>>,
    /// What the work is, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<FreeText>,
    /// The recruiter in charge.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recruiter: Option<ActorId>,
    /// The manager who hires.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hiring_manager: Option<ActorId>,
    /// The unit that approves offers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approver_unit: Option<String>,
}
