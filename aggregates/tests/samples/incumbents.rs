//! One sample of each event of snapshots of incumbents and of their parts, as it is stored.

use aggregates::ids::{ActorId, IncumbentPartId};
use aggregates::incumbents::{CohortRef, Entry, IncumbentPartEvent, IncumbentSnapshotEvent, PageRef, Snapshot};
use aggregates::pay::Incumbent;
use aggregates::values::EmploymentType;

use crate::support::{day, sealed, uuid};

/// Each variant once, the optional fields once set and once not.
pub fn parts() -> Vec<IncumbentPartEvent> {
    let cohort = |members, groups| IncumbentPartEvent::CohortRecorded {
        grade: "G4".to_owned(),
        job_family: "driver".to_owned(),
        members,
        groups,
    };
    vec![
        cohort(vec![incumbent("A-50000")], Some(sealed(1))),
        cohort(vec![bare("A-50001")], None),
        IncumbentPartEvent::PageRecorded { entries: vec![entry("A-50000"), entry("A-50001")] },
    ]
}

/// Each variant once, the optional fields once set and once not.
pub fn snapshots() -> Vec<IncumbentSnapshotEvent> {
    let imported = |snapshot| IncumbentSnapshotEvent::Imported {
        snapshot: Box::new(snapshot),
        imported_by: ActorId(uuid(57)),
        imported_on: day("2026-11-02"),
    };
    vec![imported(snapshot()), imported(Snapshot { left_out: 3, ..snapshot() })]
}

/// Two incumbents of one cohort.
pub fn snapshot() -> Snapshot {
    Snapshot {
        legal_entity: "JP-HQ".to_owned(),
        as_of: day("2026-11-01"),
        currency: "JPY".to_owned(),
        size: 2,
        left_out: 0,
        cohorts: vec![CohortRef {
            part: IncumbentPartId(uuid(71)),
            grade: "G4".to_owned(),
            job_family: "driver".to_owned(),
            size: 2,
            sha256: "c".repeat(64),
        }],
        pages: vec![PageRef { part: IncumbentPartId(uuid(72)), first: "A-50000".to_owned(), sha256: "e".repeat(64) }],
        sha256: "d".repeat(64),
    }
}

/// An incumbent with everything that can be told.
pub fn incumbent(number: &str) -> Incumbent {
    Incumbent {
        experience_months: Some(264),
        rating: Some(4),
        manager_employee_number: Some("A-51011".to_owned()),
        on_notice: true,
        red_circled: true,
        ..bare(number)
    }
}

/// An incumbent with what must be told.
pub fn bare(number: &str) -> Incumbent {
    Incumbent {
        employee_number: number.into(),
        hired_on: day("2006-04-25"),
        location: "osaka".into(),
        employment_type: EmploymentType::Regular,
        base: 8_190_000,
        experience_months: None,
        rating: None,
        manager_employee_number: None,
        on_notice: false,
        red_circled: false,
    }
}

/// Their entry in the directory.
pub fn entry(number: &str) -> Entry {
    Entry { employee_number: number.to_owned(), hired_on: day("2006-04-25"), base: 8_190_000 }
}
