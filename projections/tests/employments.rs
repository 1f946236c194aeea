//! Periods of employment.

use aggregates::employment::{
    EmployeeDetails, EmploymentChanges, EmploymentEvent, EmploymentKind, EndChange, EndedBecause, Placement, Recorded,
    Source, TenureSegment, Transfer,
};
use aggregates::ids::{ActorId, ApplicationId, DepartureId, PersonId};
use aggregates::values::EmploymentType;
use projections::employments::{Employment, Returned, State};
use projections::model::ReadModel;
use serde_json::json;
use uuid::Uuid;

use crate::support::{Log, day, sealed, uuid};

#[test]
fn a_record_is_shown_whole() {
    let shown = serde_json::to_value(hired().document::<Employment>(employment())).unwrap();
    assert_eq!(
        shown,
        json!({
            "id": employment(),
            "state": "current",
            "version": 1,
            "position": 1,
            "person_id": uuid(1),
            "legal_entity": "JP-HQ",
            "employee_number": "A-50000",
            "previous_employee_number": null,
            "account": uuid(61),
            "person": {"name": {"ref": uuid(0xface_000b), "commitment": format!("{:064x}", 11)}},
            "kind": "primary",
            "employment_type": "regular",
            "from": "2020-04-01",
            "to": null,
            "ended_because": null,
            "placement": {"department": "物流部", "grade": "G4", "manager_employee_number": "A-1"},
            "manager_employee_number": "A-1",
            "placements": [{
                "sequence": 1, "from": "2020-04-01",
                "department": "物流部", "grade": "G4", "manager_employee_number": "A-1",
            }],
            "corrections": [],
            "returned": null,
            "source": "api",
            "recorded_at": "2020-04-01T03:00:00Z",
            "recorded_position": 1,
        })
    );
    for filter in Employment::FILTERS {
        assert!(shown[filter].is_string(), "{filter}");
    }
}

#[test]
fn a_return_is_shown_with_the_periods_before_it() {
    let departure_id = DepartureId(uuid(5));
    let (from, to) = (day("2010-04-01"), day("2018-03-31"));
    let tenure = vec![TenureSegment { legal_entity: "JP-HQ".to_owned(), from, to, departure_id }];
    let noted = EmploymentEvent::ReturnNoted { application_id: ApplicationId(uuid(6)), tenure: tenure.clone() };
    let shown: Employment = hired().then(employment(), noted).document(employment());
    assert_eq!(shown.version, 2);
    assert_eq!(shown.returned, Some(Returned { application_id: ApplicationId(uuid(6)), tenure }));
}

#[test]
fn transfers_are_laid_over_one_another_by_their_day() {
    let log = hired().then(employment(), transferred("2023-04-01", grade("G6"))).then(
        employment(),
        transferred("2022-04-01", Placement { manager_employee_number: number("A-2"), ..grade("G5") }),
    );
    let shown: Employment = log.document(employment());
    assert_eq!(shown.placement.grade.as_deref(), Some("G6"), "the later day counts, not the later record");
    assert_eq!(shown.placement.department.as_deref(), Some("物流部"), "what is not stated stays");
    assert_eq!(shown.manager_employee_number.as_deref(), Some("A-2"));
    assert_eq!(shown.placements.iter().map(|placed| placed.sequence).collect::<Vec<_>>(), [1, 3, 2]);
}

#[test]
fn a_correction_reaches_the_record_or_the_transfer_that_it_names() {
    let log = hired().then(employment(), transferred("2022-04-01", grade("G5")));
    let record = EmploymentChanges {
        employee_number: number("A-50001"),
        person: Some(EmployeeDetails { email: Some(sealed(13)), ..EmployeeDetails::default() }),
        from: Some(day("2020-05-01")),
        placement: Placement { department: number("営業部"), ..grade("G3") },
        ..EmploymentChanges::default()
    };
    let log = log.then(employment(), corrected(1, record));
    let shown: Employment = log.document(employment());
    assert_eq!((shown.employee_number.as_deref(), shown.from), (Some("A-50001"), Some(day("2020-05-01"))));
    assert_eq!(shown.placement.grade.as_deref(), Some("G5"), "the transfer still lies over the record");
    assert_eq!(shown.placement.department.as_deref(), Some("営業部"));
    let person = shown.person.expect("there was one");
    assert_eq!((person.name, person.email), (Some(sealed(11)), Some(sealed(13))));

    let transfer = EmploymentChanges {
        transferred_on: Some(day("2022-10-01")),
        placement: grade("G7"),
        ..EmploymentChanges::default()
    };
    let again = EmploymentChanges { placement: grade("G8"), ..EmploymentChanges::default() };
    let log = log.then(employment(), corrected(2, transfer)).then(employment(), corrected(4, again));
    let shown: Employment = log.document(employment());
    assert_eq!(shown.placements[1].from, day("2022-10-01"));
    assert_eq!(shown.placement.grade.as_deref(), Some("G8"), "a correction of a correction reaches the same transfer");
    assert_eq!(shown.corrections.iter().map(|told| told.states).collect::<Vec<_>>(), [1, 2, 2]);
    assert_eq!(shown.from, Some(day("2020-05-01")));
}

#[test]
fn an_end_can_be_moved_and_withdrawn() {
    let because = EndedBecause::Departure { departure_id: DepartureId(uuid(3)) };
    let ended = hired().then(employment(), ended("2024-03-31", because));
    let shown: Employment = ended.document(employment());
    assert_eq!((shown.state, shown.to, shown.ended_because), (State::Ended, Some(day("2024-03-31")), Some(because)));

    let end = |end| EmploymentChanges { end: Some(end), ..EmploymentChanges::default() };
    let moved = ended.then(employment(), corrected(1, end(EndChange::Moved { on: day("2024-04-15") })));
    let shown: Employment = moved.document(employment());
    assert_eq!((shown.state, shown.to), (State::Ended, Some(day("2024-04-15"))));

    let withdrawn = moved.then(employment(), corrected(1, end(EndChange::Withdrawn)));
    let shown: Employment = withdrawn.document(employment());
    assert_eq!((shown.state, shown.to, shown.ended_because), (State::Current, None, None));
}

#[test]
fn a_last_day_is_agreed_or_has_passed() {
    let agreed = Recorded { ends_on: Some(day("2021-03-31")), ..record() };
    let shown: Employment =
        Log::on("2020-04-01").then(employment(), EmploymentEvent::Recorded(Box::new(agreed))).document(employment());
    assert_eq!((shown.state, shown.to), (State::Current, Some(day("2021-03-31"))));
    let passed = Recorded { to: Some(day("2021-03-31")), ..record() };
    let shown: Employment =
        Log::on("2024-04-01").then(employment(), EmploymentEvent::Recorded(Box::new(passed))).document(employment());
    assert_eq!((shown.state, shown.to), (State::Ended, Some(day("2021-03-31"))));
    assert_eq!(shown.ended_because, Some(EndedBecause::TermEnded));
}

// helpers

pub fn employment() -> Uuid {
    uuid(5)
}

pub fn hired() -> Log {
    Log::on("2020-04-01").then(employment(), EmploymentEvent::Recorded(Box::new(record())))
}

pub fn record() -> Recorded {
    Recorded {
        person_id: PersonId(uuid(1)),
        legal_entity: "JP-HQ".to_owned(),
        employee_number: "A-50000".to_owned(),
        previous_employee_number: None,
        account: Some(ActorId(uuid(61))),
        person: Some(EmployeeDetails { name: Some(sealed(11)), ..EmployeeDetails::default() }),
        kind: EmploymentKind::Primary,
        employment_type: EmploymentType::Regular,
        from: day("2020-04-01"),
        to: None,
        ends_on: None,
        placement: Placement { department: number("物流部"), manager_employee_number: number("A-1"), ..grade("G4") },
        source: Source::Api,
    }
}

pub fn ended(on: &str, because: EndedBecause) -> EmploymentEvent {
    EmploymentEvent::Ended {
        ended_on: day(on),
        because,
        legal_entity: "JP-HQ".to_owned(),
        employee_number: "A-50000".to_owned(),
    }
}

fn transferred(on: &str, placement: Placement) -> EmploymentEvent {
    EmploymentEvent::Transferred(Box::new(Transfer { on: day(on), placement }))
}

pub fn corrected(corrects: u64, changes: EmploymentChanges) -> EmploymentEvent {
    EmploymentEvent::Corrected { corrects, changes: Box::new(changes), why: sealed(31) }
}

fn grade(grade: &str) -> Placement {
    Placement { grade: Some(grade.to_owned()), ..Placement::default() }
}

#[expect(clippy::unnecessary_wraps, reason = "where the number goes is optional")]
fn number(number: &str) -> Option<String> {
    Some(number.to_owned())
}
