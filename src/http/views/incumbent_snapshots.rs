//! A snapshot of incumbents as those see it who compare pay: of which day and how many, never who.

use aggregates::incumbents::{CohortRef, Snapshot};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::rename;
use crate::http::request::Session;

/// Fewer than these are people whom one knows.
const FEWEST: u32 = 5;

/// A snapshot of those who work here (在籍者スナップショット).
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct IncumbentSnapshotView {
    id: Uuid,
    /// The same as `ETag`.
    version: i64,
    /// The place in the employer's log of the last event that this shows.
    position: i64,
    legal_entity: String,
    /// The day on which it tells who works here.
    as_of: NaiveDate,
    /// Of all its amounts.
    #[schema(examples("JPY"))]
    currency: String,
    /// How many incumbents it tells of.
    size: u32,
    /// How many lines of its file were refused: who stands there is missing from every comparison.
    left_out: u32,
    /// How many cohorts it has.
    cohort_count: u32,
    /// SHA-256 of the canonical JSON (RFC 8785) of what the file says of this entity.
    sha256: String,
    imported_by: Uuid,
    imported_on: NaiveDate,
    imported_at: DateTime<Utc>,
    /// The cohorts, in the order of grade and job family. Of one snapshot; lists leave them out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cohorts: Option<Vec<CohortView>>,
}

/// The incumbents of one grade and job family.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CohortView {
    grade: String,
    job_family: String,
    /// How many; `null` where there are fewer than five, and where the number would tell how many these are.
    size: Option<u32>,
}

/// The cohorts of a snapshot, with the size of none that is small. What only one of them is hidden by would follow from the
/// sum of the others, so that the next larger one is hidden as well.
pub(crate) fn cohorts(snapshot: &Snapshot) -> Vec<CohortView> {
    let small = snapshot.cohorts.iter().filter(|cohort| cohort.size < FEWEST).count();
    let next = snapshot.cohorts.iter().map(|cohort| cohort.size).filter(|size| *size >= FEWEST).min();
    let next = next.filter(|_| small == 1);
    let mut hidden = false;
    let mut shown = |cohort: &CohortRef| {
        let hides = !hidden && next == Some(cohort.size);
        hidden |= hides;
        (cohort.size >= FEWEST && !hides).then_some(cohort.size)
    };
    let view = |cohort: &CohortRef| CohortView {
        grade: cohort.grade.clone(),
        job_family: cohort.job_family.clone(),
        size: shown(cohort),
    };
    snapshot.cohorts.iter().map(view).collect()
}

/// Names the members of a document as the API does.
pub(crate) fn mask(_: &Session, body: &mut Value) {
    named(body);
}

fn named(body: &mut Value) {
    rename(body, "snapshot_id", "id");
    rename(body, "cohorts", "cohort_count");
    rename(body, "imported_position", "position");
}

#[cfg(test)]
mod tests {
    use aggregates::ids::{ActorId, IncumbentPartId, SnapshotId};
    use aggregates::incumbents::{CohortRef, Snapshot};
    use chrono::{DateTime, NaiveDate};
    use projections::incumbent_snapshots as model;
    use uuid::Uuid;

    use super::{IncumbentSnapshotView, cohorts, named};

    fn day() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 1).unwrap()
    }

    fn sizes(of: &[u32]) -> Vec<Option<u32>> {
        let cohort = |size: &u32| CohortRef {
            part: IncumbentPartId(Uuid::from_u128(9)),
            grade: "G4".into(),
            job_family: "driver".into(),
            size: *size,
            sha256: String::new(),
        };
        let snapshot = Snapshot {
            legal_entity: "JP-HQ".into(),
            as_of: day(),
            currency: "JPY".into(),
            size: of.iter().sum(),
            left_out: 0,
            cohorts: of.iter().map(cohort).collect(),
            pages: vec![],
            sha256: String::new(),
        };
        cohorts(&snapshot).into_iter().map(|cohort| cohort.size).collect()
    }

    #[test]
    fn documents_and_views_agree() {
        let document = model::IncumbentSnapshot {
            snapshot_id: SnapshotId(Uuid::from_u128(1)),
            legal_entity: "JP-HQ".into(),
            as_of: day(),
            currency: "JPY".into(),
            size: 9,
            left_out: 1,
            cohorts: 2,
            sha256: "0".repeat(64),
            imported_by: ActorId(Uuid::from_u128(2)),
            imported_on: day(),
            imported_at: DateTime::from_timestamp(1_800_000_000, 0).unwrap(),
            imported_position: 7,
            version: 1,
        };
        let mut body = serde_json::to_value(document).unwrap();
        named(&mut body);
        assert_eq!((&body["cohort_count"], &body["position"]), (&2.into(), &7.into()));
        serde_json::from_value::<IncumbentSnapshotView>(body).unwrap();
    }

    #[test]
    fn a_small_cohort_is_hidden_and_does_not_follow_from_the_others() {
        assert_eq!(sizes(&[5, 9]), [Some(5), Some(9)]);
        assert_eq!(sizes(&[4, 1, 9]), [None, None, Some(9)]);
        assert_eq!(sizes(&[9, 4, 9, 20]), [None, None, Some(9), Some(20)]);
        assert_eq!(sizes(&[4]), [None]);
    }
}
