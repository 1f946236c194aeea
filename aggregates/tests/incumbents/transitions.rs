//! What snapshots and their parts answer in every state to every command.

use aggregates::incumbents::{
    IncumbentPart, IncumbentPartCommand as P, IncumbentSnapshot, IncumbentSnapshotCommand as S, Snapshot,
};

use super::{cohort, import, imported, part, record, today, whole};
use crate::samples::incumbents::{entry, snapshot};
use crate::support::{person, system};
use crate::transitions::{Named, Table, past, past_where};

const PART: &str = include_str!("../../src/incumbents/part.rs");
const SNAPSHOT: &str = include_str!("../../src/incumbents/snapshot.rs");

#[test]
fn a_part_answers_every_command() {
    let cohort_stands = || part().and(part().when(person(57), today(), record(cohort(2), vec![])).recorded());
    let page = || P::RecordPage(vec![entry("A-1")]);
    let page_stands = || part().and(part().when(person(57), today(), page()).recorded());
    Table::<IncumbentPart> {
        named: vec![Named::Strings(PART, "fn state(&self)")],
        orders: (PART, "pub enum IncumbentPartCommand"),
        pasts: vec![
            past("unrecorded", today(), part()),
            past_where("recorded", "a cohort", today(), cohort_stands()),
            past_where("recorded", "a page of the directory", today(), page_stands()),
        ],
        commands: vec![
            ("record_cohort", person(57), record(cohort(2), vec![])),
            ("record_page", person(57), page()),
            ("wake", system(), P::Wake),
        ],
        ended: &["recorded"],
    }
    .hold();
}

#[test]
fn a_snapshot_answers_every_command() {
    let other = Snapshot { sha256: "f".repeat(64), ..snapshot() };
    Table::<IncumbentSnapshot> {
        named: vec![Named::Strings(SNAPSHOT, "fn state(&self)")],
        orders: (SNAPSHOT, "pub enum IncumbentSnapshotCommand"),
        pasts: vec![past("unrecorded", today(), whole()), past("imported", today(), whole().and([imported()]))],
        commands: vec![
            ("import", person(57), import(snapshot())),
            ("import (other content)", person(57), import(other)),
            ("wake", system(), S::Wake),
        ],
        ended: &["imported"],
    }
    .hold();
}
