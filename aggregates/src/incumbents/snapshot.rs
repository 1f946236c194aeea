//! A snapshot: what it tells of, and the parts that hold it.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::ids::{ActorId, IncumbentPartId, PersonId};
use crate::issued::Issued;
use crate::stream::{Stream, Wakes, event_sourced};

/// A cohort that a snapshot names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CohortRef {
    /// The part that holds it.
    pub part: IncumbentPartId,
    /// Grade.
    pub grade: String,
    /// Job family.
    pub job_family: String,
    /// How many.
    pub size: u32,
    /// SHA-256 of the canonical JSON of its members, in lower-case hexadecimal.
    pub sha256: String,
}

/// A page of the directory that a snapshot names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageRef {
    /// The part that holds it.
    pub part: IncumbentPartId,
    /// The number of its first entry.
    pub first: String,
    /// SHA-256 of the canonical JSON of its entries, in lower-case hexadecimal.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sha256: String,
}

/// A snapshot as it was taken over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The entity.
    pub legal_entity: String,
    /// The day on which the file tells who works here.
    pub as_of: NaiveDate,
    /// The currency of its amounts.
    pub currency: String,
    /// How many incumbents there are.
    pub size: u32,
    /// How many lines of the file were refused: who stands there is missing from every comparison.
    #[serde(default, skip_serializing_if = "crate::values::is_zero")]
    pub left_out: u32,
    /// The cohorts, in the order of grade and job family.
    pub cohorts: Vec<CohortRef>,
    /// The directory, in the order of its numbers.
    pub pages: Vec<PageRef>,
    /// SHA-256 of the canonical JSON of every line, in lower-case hexadecimal.
    pub sha256: String,
}

impl Snapshot {
    /// The parts that hold a grade's incumbents of some job families.
    pub fn cohorts_of<'a>(
        &'a self,
        grade: &'a str,
        families: &'a BTreeSet<String>,
    ) -> impl Iterator<Item = &'a CohortRef> {
        self.cohorts.iter().filter(move |one| one.grade == grade && families.contains(&one.job_family))
    }

    /// The page of the directory on which a number stands, if it stands anywhere.
    pub fn page_of(&self, employee_number: &str) -> Option<&PageRef> {
        let after = self.pages.partition_point(|page| *page.first <= *employee_number);
        self.pages.get(after.checked_sub(1)?)
    }
}

/// Facts about snapshots, kept forever. Add a variant or an optional field; never edit or remove one.
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
    name(IncumbentSnapshotEventType),
    doc = "The types of [`IncumbentSnapshotEvent`].",
    derive(strum::EnumIter, strum::EnumMessage, strum::IntoStaticStr),
    strum(serialize_all = "snake_case")
)]
pub enum IncumbentSnapshotEvent {
    /// A snapshot was taken over; its parts stand already.
    Imported {
        /// The snapshot.
        snapshot: Box<Snapshot>,
        /// Who took it over.
        imported_by: ActorId,
        /// The local day.
        imported_on: NaiveDate,
    },
}

/// What can be asked of a snapshot.
#[derive(Clone, Debug)]
pub enum IncumbentSnapshotCommand {
    /// Take it over.
    Import(Box<Snapshot>),
    /// Look at the clock.
    Wake,
}

impl Wakes for IncumbentSnapshotCommand {
    fn wake() -> Self {
        Self::Wake
    }
}

/// State: the snapshot.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum IncumbentSnapshot {
    /// None was taken over under this id.
    #[default]
    Unrecorded,
    /// One was.
    Imported(Box<Snapshot>),
}

/// Why a snapshot is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum IncumbentSnapshotError {
    /// It says nothing.
    #[error("a snapshot names somebody")]
    Empty,
    /// Nobody knows yet who will work here.
    #[error("a snapshot of {as_of} cannot be taken over on {today}")]
    InTheFuture {
        /// The day asked for.
        as_of: NaiveDate,
        /// Today.
        today: NaiveDate,
    },
    /// Its id follows from its content, so that nothing else can stand there.
    #[error("another snapshot stands under this id")]
    Differs,
}

impl IncumbentSnapshot {
    fn after(self, event: IncumbentSnapshotEvent) -> Self {
        match (self, event) {
            (Self::Unrecorded, IncumbentSnapshotEvent::Imported { snapshot, .. }) => Self::Imported(snapshot),
            // History cannot be refused: what does not fit changes nothing.
            (state @ Self::Imported(_), _) => state,
        }
    }

    /// The snapshot, once it was taken over.
    pub const fn snapshot(&self) -> Option<&Snapshot> {
        match self {
            Self::Unrecorded => None,
            Self::Imported(snapshot) => Some(snapshot),
        }
    }
}

impl Stream for IncumbentSnapshot {
    type Order = IncumbentSnapshotCommand;

    fn decide(
        &self,
        issued: Issued<IncumbentSnapshotCommand>,
    ) -> Result<Vec<IncumbentSnapshotEvent>, IncumbentSnapshotError> {
        use IncumbentSnapshotCommand as C;
        let Issued { by, on, command, .. } = issued;
        match (self, command) {
            (Self::Unrecorded | Self::Imported(_), C::Wake) => Ok(vec![]),
            (Self::Unrecorded, C::Import(snapshot)) if snapshot.cohorts.is_empty() => {
                Err(IncumbentSnapshotError::Empty)
            }
            (Self::Unrecorded, C::Import(snapshot)) if snapshot.as_of > on => {
                Err(IncumbentSnapshotError::InTheFuture { as_of: snapshot.as_of, today: on })
            }
            (Self::Unrecorded, C::Import(snapshot)) => {
                Ok(vec![IncumbentSnapshotEvent::Imported { snapshot, imported_by: by.id, imported_on: on }])
            }
            (Self::Imported(known), C::Import(snapshot)) if known.sha256 == snapshot.sha256 => Ok(vec![]),
            (Self::Imported(_), C::Import(_)) => Err(IncumbentSnapshotError::Differs),
        }
    }

    fn state(&self) -> &'static str {
        match self {
            Self::Unrecorded => "unrecorded",
            Self::Imported(_) => "imported",
        }
    }

    /// A snapshot is of many.
    fn subject(&self) -> Option<PersonId> {
        None
    }
}

event_sourced!(
    IncumbentSnapshot,
    IncumbentSnapshotEvent,
    IncumbentSnapshotCommand,
    IncumbentSnapshotError,
    "incumbent_snapshot"
);
