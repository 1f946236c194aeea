//! Snapshots of those who work here (在籍者スナップショット): of which day and how many, never who. The cohorts are read
//! from the stream and its parts.
//! Folds `incumbent_snapshot.*`. Serves `GET /v1/incumbent-snapshots` and the head of `GET /v1/incumbent-snapshots/{id}`.

use aggregates::catalogue::HrEvent;
use aggregates::ids::{ActorId, SnapshotId};
use aggregates::incumbents::{IncumbentSnapshotEvent, Snapshot};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::model::{DocumentId, ReadModel, Recorded, Route};
use crate::parts::position_key;

/// A snapshot of incumbents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncumbentSnapshot {
    /// The stream's id.
    pub snapshot_id: SnapshotId,
    /// The entity.
    pub legal_entity: String,
    /// The day on which it tells who works here.
    pub as_of: NaiveDate,
    /// The currency of its amounts.
    pub currency: String,
    /// How many incumbents it tells of.
    pub size: u32,
    /// How many lines of its file were refused.
    pub left_out: u32,
    /// How many cohorts it has.
    pub cohorts: u32,
    /// SHA-256 of its canonical JSON, in lower-case hexadecimal.
    pub sha256: String,
    /// Who took it over.
    pub imported_by: ActorId,
    /// On which local day.
    pub imported_on: NaiveDate,
    /// When.
    pub imported_at: DateTime<Utc>,
    /// At which position, which lists are ordered by.
    pub imported_position: i64,
    /// The stream's last sequence.
    pub version: i64,
}

impl ReadModel for IncumbentSnapshot {
    const NAME: &'static str = "incumbent_snapshots";
    const VERSION: u32 = 1;
    const FILTERS: &'static [&'static str] = &["legal_entity"];

    fn routes(event: &Recorded) -> Vec<Route> {
        match &event.event {
            HrEvent::IncumbentSnapshot(_) => vec![Route::One(event.stream_id)],
            HrEvent::Person(_)
            | HrEvent::Departure(_)
            | HrEvent::Member(_)
            | HrEvent::Employment(_)
            | HrEvent::NoRehireFlag(_)
            | HrEvent::FollowUp(_)
            | HrEvent::Requisition(_)
            | HrEvent::Application(_)
            | HrEvent::Offer(_)
            | HrEvent::Referral(_)
            | HrEvent::Reward(_)
            | HrEvent::RewardPlan(_)
            | HrEvent::PayPolicy(_)
            | HrEvent::ProgrammePolicy(_)
            | HrEvent::PayBands(_)
            | HrEvent::Access(_)
            | HrEvent::IncumbentPart(_) => vec![],
        }
    }

    fn fold(id: DocumentId, document: Option<Self>, event: &Recorded) -> Option<Self> {
        match (document, &event.event) {
            (
                None,
                HrEvent::IncumbentSnapshot(IncumbentSnapshotEvent::Imported { snapshot, imported_by, imported_on }),
            ) => Some(Self::imported(SnapshotId(id), snapshot, *imported_by, *imported_on, event)),
            // A snapshot is never changed: only its stream has gone on.
            (Some(document), HrEvent::IncumbentSnapshot(_)) => Some(Self { version: event.sequence, ..document }),
            (document, _) => document,
        }
    }

    fn sort_key(&self) -> String {
        position_key(self.imported_position)
    }

    fn version(&self) -> i64 {
        self.version
    }
}

impl IncumbentSnapshot {
    fn imported(
        id: SnapshotId,
        snapshot: &Snapshot,
        imported_by: ActorId,
        imported_on: NaiveDate,
        event: &Recorded,
    ) -> Self {
        Self {
            snapshot_id: id,
            legal_entity: snapshot.legal_entity.clone(),
            as_of: snapshot.as_of,
            currency: snapshot.currency.clone(),
            size: snapshot.size,
            left_out: snapshot.left_out,
            cohorts: u32::try_from(snapshot.cohorts.len()).unwrap_or(u32::MAX),
            sha256: snapshot.sha256.clone(),
            imported_by,
            imported_on,
            imported_at: event.recorded_at,
            imported_position: event.position,
            version: event.sequence,
        }
    }
}
