//! Snapshots of those who work here (在籍者スナップショット), for the pay comparison. A file becomes parts, each a stream of
//! its own, so that an assessment loads the cohorts it reads and nothing else, and a snapshot that names them. Streams
//! `incumbent_part/{id}` and `incumbent_snapshot/{id}`; the ids follow from the content, so that the same file is the same
//! snapshot.

mod part;
mod snapshot;

pub use part::{
    Entry, IncumbentPart, IncumbentPartCommand, IncumbentPartError, IncumbentPartEvent, IncumbentPartEventType,
    MOST_MEMBERS,
};
pub use snapshot::{
    CohortRef, IncumbentSnapshot, IncumbentSnapshotCommand, IncumbentSnapshotError, IncumbentSnapshotEvent,
    IncumbentSnapshotEventType, PageRef, Snapshot,
};
