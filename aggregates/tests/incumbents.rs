//! Snapshots of those who work here, and the parts they are made of.

mod transitions;

use std::collections::BTreeSet;

use aggregates::ids::IncumbentPartId;
use aggregates::incumbents::{
    IncumbentPart, IncumbentPartCommand, IncumbentPartError, IncumbentPartEvent, IncumbentSnapshot,
    IncumbentSnapshotCommand, IncumbentSnapshotError, IncumbentSnapshotEvent, MOST_MEMBERS, PageRef, Snapshot,
};
use aggregates::pay::Cohort;
use chrono::NaiveDate;

use crate::samples::incumbents::{bare, entry, parts, snapshot, snapshots};
use crate::support::{Given, assert_goldens, day, person, sealed, uuid};

// parts

#[test]
fn a_cohort_is_recorded_a_thousand_at_a_time() {
    let many = cohort(2 * MOST_MEMBERS + 1);
    let groups = vec![Some(sealed(1)), None, Some(sealed(2))];
    let recorded = part().when(person(57), today(), record(many.clone(), groups)).recorded();
    let told: Vec<(usize, bool)> = recorded
        .iter()
        .map(|event| match event {
            IncumbentPartEvent::CohortRecorded { members, groups, .. } => (members.len(), groups.is_some()),
            IncumbentPartEvent::PageRecorded { entries } => (entries.len(), false),
        })
        .collect();
    assert_eq!(told, [(MOST_MEMBERS, true), (MOST_MEMBERS, false), (1, true)]);
    let stands = part().and(recorded);
    assert_eq!(stands.folded().clone().into_cohort(), Some(many.clone()));
    assert_eq!((stands.state(), stands.subject()), ("recorded", None));
    stands.when(person(57), today(), record(many, vec![])).quiet();
    stands.when(person(57), today(), record(cohort(1), vec![])).refused(IncumbentPartError::Differs);
}

#[test]
fn a_page_of_the_directory_is_recorded() {
    let page = || IncumbentPartCommand::RecordPage(vec![entry("A-1"), entry("A-2")]);
    let recorded = IncumbentPartEvent::PageRecorded { entries: vec![entry("A-1"), entry("A-2")] };
    part().when(person(57), today(), page()).then([recorded.clone()]);
    let stands = part().and([recorded]);
    assert_eq!(stands.folded().clone().into_page().map(|entries| entries.len()), Some(2));
    assert_eq!(stands.folded().clone().into_cohort(), None);
    stands.when(person(57), today(), page()).quiet();
    stands
        .when(person(57), today(), IncumbentPartCommand::RecordPage(vec![entry("A-3")]))
        .refused(IncumbentPartError::Differs);
    stands.when_woken(today()).quiet();
}

#[test]
fn a_part_names_somebody() {
    part().when(person(57), today(), record(cohort(0), vec![])).refused(IncumbentPartError::Empty);
    part().when(person(57), today(), IncumbentPartCommand::RecordPage(vec![])).refused(IncumbentPartError::Empty);
}

// snapshots

#[test]
fn a_snapshot_is_taken_over_once() {
    whole().when(person(57), today(), import(snapshot())).then([imported()]);
    let stands = whole().and([imported()]);
    assert_eq!((stands.state(), stands.subject(), stands.wake()), ("imported", None, None));
    stands.when(person(58), today(), import(snapshot())).quiet();
    let other = Snapshot { sha256: "f".repeat(64), ..snapshot() };
    stands.when(person(57), today(), import(other)).refused(IncumbentSnapshotError::Differs);
    stands.when_woken(today()).quiet();
}

#[test]
fn a_snapshot_names_somebody_and_a_day_that_has_come() {
    let empty = Snapshot { cohorts: vec![], ..snapshot() };
    whole().when(person(57), today(), import(empty)).refused(IncumbentSnapshotError::Empty);
    let tomorrow = day("2026-11-03");
    whole()
        .when(person(57), today(), import(Snapshot { as_of: tomorrow, ..snapshot() }))
        .refused(IncumbentSnapshotError::InTheFuture { as_of: tomorrow, today: today() });
}

#[test]
fn what_is_looked_for_is_found_without_the_rest() {
    let page = |number: u64, first: &str| PageRef {
        part: IncumbentPartId(uuid(number)),
        first: first.to_owned(),
        sha256: "e".repeat(64),
    };
    let snapshot = Snapshot { pages: vec![page(1, "A-100"), page(2, "A-200"), page(3, "A-300")], ..snapshot() };
    let found = |number: &str| snapshot.page_of(number).map(|page| page.first.as_str());
    assert_eq!((found("A-099"), found("A-100"), found("A-199")), (None, Some("A-100"), Some("A-100")));
    assert_eq!((found("A-200"), found("A-999")), (Some("A-200"), Some("A-300")));
    let families = |family: &str| BTreeSet::from([family.to_owned()]);
    let (driver, sales) = (families("driver"), families("sales"));
    assert_eq!(snapshot.cohorts_of("G4", &driver).count(), 1);
    assert_eq!(snapshot.cohorts_of("G4", &sales).count() + snapshot.cohorts_of("G3", &driver).count(), 0);
}

#[test]
fn stored_forms_are_golden() {
    assert_goldens::<IncumbentPart>(&parts());
    assert_goldens::<IncumbentSnapshot>(&snapshots());
}

pub(super) fn part() -> Given<IncumbentPart> {
    Given::nothing()
}

pub(super) fn whole() -> Given<IncumbentSnapshot> {
    Given::nothing()
}

pub(super) fn today() -> NaiveDate {
    day("2026-11-02")
}

pub(super) fn cohort(size: usize) -> Cohort {
    let members = (0..size).map(|number| bare(&format!("A-{number:05}"))).collect();
    Cohort { grade: "G4".to_owned(), job_family: "driver".to_owned(), members }
}

pub(super) fn record(cohort: Cohort, groups: Vec<Option<aggregates::values::FreeText>>) -> IncumbentPartCommand {
    IncumbentPartCommand::RecordCohort(Box::new(cohort), groups)
}

pub(super) fn import(snapshot: Snapshot) -> IncumbentSnapshotCommand {
    IncumbentSnapshotCommand::Import(Box::new(snapshot))
}

pub(super) fn imported() -> IncumbentSnapshotEvent {
    let (imported_by, imported_on) = (person(57).id, today());
    IncumbentSnapshotEvent::Imported { snapshot: Box::new(snapshot()), imported_by, imported_on }
}

/// A page that an earlier build recorded names no hash.
#[test]
fn a_page_without_a_hash_can_be_read() {
    let page = PageRef { part: IncumbentPartId(uuid(72)), first: "A-1".to_owned(), sha256: String::new() };
    let stored = serde_json::json!({"part": uuid(72), "first": "A-1"});
    assert_eq!(serde_json::from_value::<PageRef>(stored.clone()).unwrap(), page);
    assert_eq!(serde_json::to_value(page).unwrap(), stored);
}
