//! A part of a snapshot: a cohort, or a page of the directory.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::ids::PersonId;
use crate::issued::Issued;
use crate::pay::{Cohort, Incumbent};
use crate::stream::{Stream, Wakes, event_sourced};
use crate::values::FreeText;

/// The most incumbents that one event tells of.
pub const MOST_MEMBERS: usize = 1_000;

/// An entry of the directory: whoever is looked for by number, such as a manager.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The number in this employment.
    pub employee_number: String,
    /// First day of this employment.
    pub hired_on: NaiveDate,
    /// Annual base, full-time equivalent.
    pub base: i64,
}

/// Facts about parts of snapshots, kept forever. Add a variant or an optional field; never edit or remove one.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumMessage,
    strum::VariantNames,
    strum::EnumDiscriminants,
)]
#[serde(tag = "type", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[strum_discriminants(
    name(IncumbentPartEventType),
    doc = "The types of [`IncumbentPartEvent`].",
    derive(strum::EnumIter, strum::EnumMessage, strum::IntoStaticStr),
    strum(serialize_all = "snake_case")
)]
pub enum IncumbentPartEvent {
    /// Incumbents of one grade and job family, at most a thousand at a time.
    CohortRecorded {
        /// Grade.
        grade: String,
        /// Job family.
        job_family: String,
        /// Who, in the order of their numbers.
        members: Vec<Incumbent>,
        /// Sex and year of birth by number, for monitoring alone: sealed under a class of their own (MON-, PAY-03).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        groups: Option<FreeText>,
    },
    /// A page of the directory.
    PageRecorded {
        /// Its entries, in the order of their numbers.
        entries: Vec<Entry>,
    },
}

/// What can be asked of a part.
#[derive(Clone, Debug)]
pub enum IncumbentPartCommand {
    /// Record a cohort, with what monitoring alone may read of each thousand. Class `monitoring`.
    RecordCohort(Box<Cohort>, Vec<Option<FreeText>>),
    /// Record a page of the directory.
    RecordPage(Vec<Entry>),
    /// Look at the clock.
    Wake,
}

impl Wakes for IncumbentPartCommand {
    fn wake() -> Self {
        Self::Wake
    }
}

/// State: what the part holds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum IncumbentPart {
    /// Nothing was recorded under this id.
    #[default]
    Unrecorded,
    /// A cohort.
    Cohort(Cohort),
    /// A page of the directory.
    Page(Vec<Entry>),
}

/// Why a part is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum IncumbentPartError {
    /// It says nothing.
    #[error("a part of a snapshot names somebody")]
    Empty,
    /// Its id follows from its content, so that nothing else can stand there.
    #[error("another part stands under this id")]
    Differs,
}

impl IncumbentPart {
    fn after(self, event: IncumbentPartEvent) -> Self {
        match (self, event) {
            (Self::Unrecorded, IncumbentPartEvent::CohortRecorded { grade, job_family, members, .. }) => {
                Self::Cohort(Cohort { grade, job_family, members })
            }
            (Self::Cohort(mut cohort), IncumbentPartEvent::CohortRecorded { members, .. }) => {
                cohort.members.extend(members);
                Self::Cohort(cohort)
            }
            (Self::Unrecorded, IncumbentPartEvent::PageRecorded { entries }) => Self::Page(entries),
            // History cannot be refused: what does not fit changes nothing.
            (state @ (Self::Cohort(_) | Self::Page(_)), _) => state,
        }
    }

    /// The cohort, where the part is one.
    pub fn into_cohort(self) -> Option<Cohort> {
        match self {
            Self::Cohort(cohort) => Some(cohort),
            Self::Unrecorded | Self::Page(_) => None,
        }
    }

    /// The page of the directory, where the part is one.
    pub fn into_page(self) -> Option<Vec<Entry>> {
        match self {
            Self::Page(entries) => Some(entries),
            Self::Unrecorded | Self::Cohort(_) => None,
        }
    }
}

impl Stream for IncumbentPart {
    type Order = IncumbentPartCommand;

    fn decide(&self, issued: Issued<IncumbentPartCommand>) -> Result<Vec<IncumbentPartEvent>, IncumbentPartError> {
        use IncumbentPartCommand as C;
        match (self, issued.command) {
            (Self::Unrecorded | Self::Cohort(_) | Self::Page(_), C::Wake) => Ok(vec![]),
            (Self::Unrecorded, C::RecordCohort(cohort, _)) if cohort.members.is_empty() => {
                Err(IncumbentPartError::Empty)
            }
            (Self::Unrecorded, C::RecordPage(entries)) if entries.is_empty() => Err(IncumbentPartError::Empty),
            (Self::Unrecorded, C::RecordCohort(cohort, groups)) => {
                let Cohort { grade, job_family, members } = *cohort;
                let mut groups = groups.into_iter();
                let event = |members: &[Incumbent]| IncumbentPartEvent::CohortRecorded {
                    grade: grade.clone(),
                    job_family: job_family.clone(),
                    members: members.to_vec(),
                    groups: groups.next().flatten(),
                };
                Ok(members.chunks(MOST_MEMBERS).map(event).collect())
            }
            (Self::Unrecorded, C::RecordPage(entries)) => Ok(vec![IncumbentPartEvent::PageRecorded { entries }]),
            (Self::Cohort(known), C::RecordCohort(cohort, _)) if *known == *cohort => Ok(vec![]),
            (Self::Page(known), C::RecordPage(entries)) if *known == entries => Ok(vec![]),
            (Self::Cohort(_) | Self::Page(_), C::RecordCohort(..) | C::RecordPage(_)) => {
                Err(IncumbentPartError::Differs)
            }
        }
    }

    fn state(&self) -> &'static str {
        match self {
            Self::Unrecorded => "unrecorded",
            Self::Cohort(_) | Self::Page(_) => "recorded",
        }
    }

    /// A part is of many; what monitoring alone may read of it is sealed under its own id.
    fn subject(&self) -> Option<PersonId> {
        None
    }
}

event_sourced!(IncumbentPart, IncumbentPartEvent, IncumbentPartCommand, IncumbentPartError, "incumbent_part");
