//! Snapshots of incumbents.

use aggregates::catalogue::HrEvent;
use aggregates::incumbents::{IncumbentSnapshotCommand, IncumbentSnapshotEvent, Snapshot};
use aggregates::stream::Stream;
use chrono::NaiveDate;
use projections::incumbent_snapshots::IncumbentSnapshot;
use projections::model::ReadModel;
use projections::tasks::Task;
use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

use crate::agreement::{grown, steps};
use crate::support::{Log, day, sample, samples, uuid};

#[test]
fn a_snapshot_is_shown_without_anybody_in_it() {
    let shown = serde_json::to_value(imported().document::<IncumbentSnapshot>(snapshot())).unwrap();
    assert_eq!(
        shown,
        json!({
            "snapshot_id": snapshot(),
            "legal_entity": "JP-HQ",
            "as_of": "2026-11-01",
            "currency": "JPY",
            "size": 2,
            "left_out": 0,
            "cohorts": 1,
            "sha256": "d".repeat(64),
            "imported_by": uuid(57),
            "imported_on": "2026-11-02",
            "imported_at": "2026-11-02T03:00:00Z",
            "imported_position": 1,
            "version": 1,
        })
    );
    for filter in IncumbentSnapshot::FILTERS {
        assert!(shown[filter].is_string(), "{filter}");
    }
}

#[test]
fn lists_are_in_the_order_in_which_snapshots_came() {
    let (first, second) = (uuid(170), uuid(17));
    let some_left_out = samples("incumbent_snapshot").remove(1);
    let log = Log::on("2026-11-02").then(first, sample("incumbent_snapshot.imported")).then(second, some_left_out);
    let shown = log.documents::<IncumbentSnapshot>().list();
    assert_eq!(shown.iter().map(|one| one.snapshot_id.0).collect::<Vec<_>>(), [first, second]);
    assert_eq!(shown.iter().map(|one| one.left_out).collect::<Vec<_>>(), [0, 3]);
}

#[test]
fn its_parts_have_no_document_of_their_own() {
    let parts = samples("incumbent_part");
    let log = parts.into_iter().fold(Log::on("2026-11-02"), |log, part| log.then(uuid(18), part));
    assert!(log.documents::<IncumbentSnapshot>().list().is_empty());
    assert!(log.documents::<Task>().list().is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_decided_is_shown(steps in steps()) {
        let (decided, log) = grown::<aggregates::incumbents::IncumbentSnapshot>(snapshot(), &orders(), &steps);
        let shown: IncumbentSnapshot = log.document(snapshot());
        let taken = decided.snapshot().expect("it was taken over");
        prop_assert_eq!(decided.state(), "imported");
        prop_assert_eq!(shown.version, log.last().sequence);
        prop_assert_eq!((shown.size, shown.left_out, shown.as_of), (taken.size, taken.left_out, taken.as_of));
        prop_assert_eq!(&shown.sha256, &taken.sha256);
        prop_assert_eq!(shown.cohorts as usize, taken.cohorts.len());
    }
}

// helpers

fn orders() -> Vec<IncumbentSnapshotCommand> {
    use IncumbentSnapshotCommand as C;
    let as_of: NaiveDate = day("2024-02-29");
    let HrEvent::IncumbentSnapshot(IncumbentSnapshotEvent::Imported { snapshot, .. }) =
        sample("incumbent_snapshot.imported")
    else {
        panic!("a sample")
    };
    let taken = Snapshot { as_of, ..*snapshot };
    let other = Snapshot { sha256: "e".repeat(64), ..taken.clone() };
    vec![C::Import(Box::new(taken)), C::Import(Box::new(other)), C::Wake]
}

fn snapshot() -> Uuid {
    uuid(17)
}

fn imported() -> Log {
    Log::on("2026-11-02").then(snapshot(), sample("incumbent_snapshot.imported"))
}
