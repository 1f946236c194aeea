//! One sample or more of every event of a period of employment.

use aggregates::employment::{
    EmployeeDetails, EmploymentChanges, EmploymentEvent, EmploymentKind, EndChange, EndedBecause, Placement, Recorded,
    Source, TenureSegment, Transfer,
};
use aggregates::ids::{ActorId, ApplicationId, DepartureId, PersonId};
use aggregates::values::{EmploymentType, Money};

use crate::support::{day, sealed, uuid};

/// A regular record without a last day, complete.
pub fn recorded() -> Recorded {
    Recorded {
        person_id: PersonId(uuid(1)),
        legal_entity: "JP-HQ".to_owned(),
        employee_number: "A-50000".to_owned(),
        previous_employee_number: Some("E-10234".to_owned()),
        account: Some(ActorId(uuid(61))),
        person: Some(EmployeeDetails {
            name: Some(sealed(11)),
            name_kana: Some(sealed(12)),
            email: Some(sealed(13)),
            phone: Some(sealed(14)),
            birth_date: Some(sealed(15)),
        }),
        kind: EmploymentKind::Primary,
        employment_type: EmploymentType::Regular,
        from: day("2020-04-01"),
        to: None,
        ends_on: None,
        placement: placement(),
        source: Source::Api,
    }
}

/// Where the sample stands, complete.
pub fn placement() -> Placement {
    Placement {
        department: Some("物流部".to_owned()),
        job_family: Some("logistics".to_owned()),
        job_title: Some("物流管理者".to_owned()),
        grade: Some("G4".to_owned()),
        location: Some("osaka".to_owned()),
        manager_employee_number: Some("A-51011".to_owned()),
        weekly_hours: Some(30),
        base_salary: Some(Money { amount: 8_190_000, currency: "JPY".to_owned() }),
    }
}

/// The least that a record holds.
fn recorded_sparsely() -> Recorded {
    Recorded {
        previous_employee_number: None,
        account: None,
        person: None,
        kind: EmploymentKind::Secondment,
        employment_type: EmploymentType::FixedTerm,
        ends_on: Some(day("2021-03-31")),
        placement: Placement::default(),
        source: Source::Reaction,
        ..recorded()
    }
}

/// A period that had ended when it was recorded.
fn recorded_late() -> Recorded {
    Recorded { to: Some(day("2024-03-31")), ends_on: None, source: Source::Import, ..recorded_sparsely() }
}

/// Every change that a correction can hold.
fn changes() -> EmploymentChanges {
    EmploymentChanges {
        employee_number: Some("A-50001".to_owned()),
        previous_employee_number: Some("E-10235".to_owned()),
        account: Some(ActorId(uuid(62))),
        person: Some(EmployeeDetails { name: Some(sealed(21)), ..EmployeeDetails::default() }),
        kind: Some(EmploymentKind::Secondment),
        employment_type: Some(EmploymentType::PartTime),
        from: Some(day("2020-05-01")),
        end: Some(EndChange::Moved { on: day("2024-04-30") }),
        transferred_on: None,
        placement: placement(),
    }
}

fn ended(because: EndedBecause) -> EmploymentEvent {
    EmploymentEvent::Ended {
        ended_on: day("2024-03-31"),
        because,
        legal_entity: "JP-HQ".to_owned(),
        employee_number: "A-50000".to_owned(),
    }
}

pub fn tenure() -> Vec<TenureSegment> {
    vec![TenureSegment {
        legal_entity: "JP-HQ".to_owned(),
        from: day("2010-04-01"),
        to: day("2018-03-31"),
        departure_id: DepartureId(uuid(5)),
    }]
}

/// All samples.
pub fn samples() -> Vec<EmploymentEvent> {
    use EmploymentEvent as E;
    let corrected = |corrects, changes| E::Corrected { corrects, changes: Box::new(changes), why: sealed(31) };
    vec![
        E::Recorded(Box::new(recorded())),
        E::Recorded(Box::new(recorded_sparsely())),
        E::Recorded(Box::new(recorded_late())),
        corrected(1, changes()),
        corrected(2, EmploymentChanges { transferred_on: Some(day("2022-10-01")), ..EmploymentChanges::default() }),
        corrected(1, EmploymentChanges { end: Some(EndChange::Withdrawn), ..EmploymentChanges::default() }),
        E::Transferred(Box::new(Transfer { on: day("2022-04-01"), placement: placement() })),
        E::Transferred(Box::new(Transfer {
            on: day("2023-04-01"),
            placement: Placement { grade: Some("G5".to_owned()), ..Placement::default() },
        })),
        ended(EndedBecause::Departure { departure_id: DepartureId(uuid(4)) }),
        ended(EndedBecause::TermEnded),
        ended(EndedBecause::TransferOut),
        ended(EndedBecause::Correction),
        E::ReturnNoted { application_id: ApplicationId(uuid(6)), tenure: tenure() },
        E::ReturnNoted { application_id: ApplicationId(uuid(6)), tenure: vec![] },
    ]
}
