//! A period of employment, given events, when a command, then events.

mod transitions;

use aggregates::employment::{
    Employment, EmploymentChanges, EmploymentCommand as Command, EmploymentError as Error, EmploymentEvent as Event,
    EmploymentKind, EndChange, EndedBecause, Placement, Presence, Recorded, Span, Transfer, employed_on,
};
use aggregates::ids::{ApplicationId, DepartureId};
use aggregates::issued::{Due, Issued};
use aggregates::stream::{Claim, Stream};
use aggregates::values::EmploymentType;
use chrono::{Days, NaiveDate};
use cqrs_es::Aggregate;
use proptest::prelude::*;

use crate::samples::employment::{placement, recorded, samples, tenure};
use crate::support::{Given, Moment, assert_goldens, day, person, sealed, service, system, uuid};

#[test]
fn a_period_without_a_last_day_is_current_also_before_its_first_day() {
    let record = Command::Record { record: Box::new(recorded()) };
    for on in [day("2019-12-01"), today()] {
        Given::<Employment>::nothing().when(service(9), on, record.clone()).then([stated(recorded())]);
    }
    assert_eq!(current().state(), "current");
    assert_eq!(current().wake(), None);
    assert_eq!(Given::<Employment>::nothing().state(), "unrecorded");
}

#[test]
fn a_period_whose_last_day_has_passed_has_ended() {
    let record = Recorded { to: Some(day("2024-03-31")), ..recorded() };
    Given::<Employment>::nothing()
        .when(person(1), today(), Command::Record { record: Box::new(record.clone()) })
        .then([stated(record), ended("2024-03-31", EndedBecause::TermEnded)]);
}

#[test]
fn a_period_whose_last_day_lies_ahead_ends_by_itself() {
    let record = Recorded { to: Some(day("2024-09-30")), ..recorded() };
    for on in [today(), day("2024-09-30")] {
        Given::<Employment>::nothing()
            .when(person(1), on, Command::Record { record: Box::new(record.clone()) })
            .then([for_a_term_event()]);
    }
    assert_eq!(for_a_term().state(), "current");
    assert_eq!(for_a_term().wake(), Some(Due::On(day("2024-10-01"))));
    for_a_term().when_woken(day("2024-09-30")).quiet();
    for_a_term().when_woken(day("2024-10-01")).then([ended("2024-09-30", EndedBecause::TermEnded)]);
    let over = for_a_term().and([ended("2024-09-30", EndedBecause::TermEnded)]);
    over.when_woken(day("2024-10-01")).quiet();
    assert_eq!((over.state(), over.wake()), ("ended", None));
}

#[test]
fn a_period_ends_after_it_starts() {
    let record = Recorded { to: Some(day("2020-03-31")), ..recorded() };
    Given::<Employment>::nothing()
        .when(person(1), today(), Command::Record { record: Box::new(record) })
        .refused(Error::EndsBeforeStart { from: day("2020-04-01"), to: day("2020-03-31") });
}

#[test]
fn a_contractor_is_not_employed() {
    let record = Recorded { employment_type: EmploymentType::Contractor, ..recorded() };
    Given::<Employment>::nothing()
        .when(person(1), today(), Command::Record { record: Box::new(record) })
        .refused(Error::ContractorNotEmployed);
    let changes =
        EmploymentChanges { employment_type: Some(EmploymentType::Contractor), ..EmploymentChanges::default() };
    current().when(person(1), today(), correct(None, changes)).refused(Error::ContractorNotEmployed);
}

#[test]
fn a_period_is_recorded_once() {
    for given in [current(), over()] {
        given
            .when(person(1), today(), Command::Record { record: Box::new(recorded()) })
            .refused(Error::AlreadyRecorded);
    }
}

#[test]
fn before_the_record_there_is_nothing_to_ask() {
    for command in commands() {
        if matches!(command, Command::Wake) {
            Given::<Employment>::nothing().when_woken(today()).quiet();
        } else if !matches!(command, Command::Record { .. }) {
            Given::<Employment>::nothing().when(person(1), today(), command).refused(Error::Unrecorded);
        }
    }
}

#[test]
fn a_departure_that_takes_effect_ends_it() {
    current().when(system(), today(), end("2024-03-31", by_departure())).then([ended("2024-03-31", by_departure())]);
    assert_eq!(over().state(), "ended");
}

#[test]
fn every_ground_ends_it() {
    for because in [by_departure(), EndedBecause::TermEnded, EndedBecause::TransferOut, EndedBecause::Correction] {
        current().when(person(1), today(), end("2024-03-31", because)).then([ended("2024-03-31", because)]);
    }
}

#[test]
fn who_leaves_before_the_agreed_last_day_leaves_then() {
    for_a_term().when(system(), today(), end("2024-03-31", by_departure())).then([ended("2024-03-31", by_departure())]);
}

#[test]
fn ending_it_on_the_same_day_again_is_quiet() {
    over().when(system(), today(), end("2024-03-31", by_departure())).quiet();
    over().when(person(1), today(), end("2024-03-31", EndedBecause::TermEnded)).quiet();
}

#[test]
fn it_ends_once_not_before_it_starts_and_not_ahead_of_time() {
    over()
        .when(person(1), today(), end("2024-03-30", by_departure()))
        .refused(Error::AlreadyEnded { ended_on: day("2024-03-31") });
    current()
        .when(person(1), today(), end("2020-03-31", by_departure()))
        .refused(Error::EndsBeforeStart { from: day("2020-04-01"), to: day("2020-03-31") });
    current()
        .when(person(1), today(), end("2024-05-01", EndedBecause::TransferOut))
        .refused(Error::NotEndedYet { ended_on: day("2024-05-01") });
    current()
        .when(person(1), day("2024-05-01"), end("2024-05-01", EndedBecause::TransferOut))
        .refused(Error::NotEndedYet { ended_on: day("2024-05-01") });
}

#[test]
fn a_transfer_takes_effect_on_its_day() {
    let transfer = grade_transfer("2022-04-01", "G5");
    current().when(person(1), today(), transfer_to(&transfer)).then([Event::Transferred(Box::new(transfer.clone()))]);
    over().when(person(1), today(), transfer_to(&transfer)).then([Event::Transferred(Box::new(transfer))]);
}

#[test]
fn the_same_transfer_again_is_quiet_and_another_on_that_day_is_refused() {
    let transfer = grade_transfer("2022-04-01", "G5");
    let given = current().and([Event::Transferred(Box::new(transfer.clone()))]);
    given.when(person(1), today(), transfer_to(&transfer)).quiet();
    given
        .when(person(1), today(), transfer_to(&grade_transfer("2022-04-01", "G6")))
        .refused(Error::TransferAlreadyRecorded { on: day("2022-04-01") });
}

#[test]
fn a_transfer_changes_something_within_the_period() {
    let nothing = Transfer { on: day("2022-04-01"), placement: Placement::default() };
    current().when(person(1), today(), transfer_to(&nothing)).refused(Error::NothingTransferred);
    for (given, on) in [(current(), "2020-03-31"), (over(), "2024-04-01"), (for_a_term(), "2024-10-01")] {
        given
            .when(person(1), today(), transfer_to(&grade_transfer(on, "G5")))
            .refused(Error::OutsideEmployment { on: day(on) });
    }
}

#[test]
fn a_correction_names_what_it_corrects() {
    let transfer = Event::Transferred(Box::new(grade_transfer("2022-04-01", "G5")));
    let given = current().and([corrected(1, number("A-2")), transfer]);
    given.when(person(1), today(), correct(None, number("A-3"))).then([corrected(2, number("A-3"))]);
    given.when(person(1), today(), correct(Some(1), number("A-3"))).then([corrected(1, number("A-3"))]);
    given.when(person(1), today(), correct(Some(3), grade("G6"))).then([corrected(3, grade("G6"))]);
}

#[test]
fn a_correction_of_a_transfer_changes_what_the_transfer_states() {
    let given = current().and([Event::Transferred(Box::new(grade_transfer("2022-04-01", "G5")))]);
    let moved = EmploymentChanges { transferred_on: Some(day("2022-05-01")), ..EmploymentChanges::default() };
    given.when(person(1), today(), correct(Some(2), moved.clone())).then([corrected(2, moved.clone())]);
    let given = given.and([corrected(2, moved.clone())]);
    given.when(person(1), today(), transfer_to(&grade_transfer("2022-05-01", "G5"))).quiet();
    given.when(person(1), today(), correct(Some(3), grade("G6"))).then([corrected(3, grade("G6"))]);
    given.when(person(1), today(), correct(Some(3), number("A-2"))).refused(Error::NothingToCorrect { corrects: 3 });
    given.when(person(1), today(), correct(Some(1), moved)).refused(Error::NothingToCorrect { corrects: 1 });
}

#[test]
fn a_corrected_transfer_finds_its_day_free_and_within_the_period() {
    let given = over().and([
        Event::Transferred(Box::new(grade_transfer("2022-04-01", "G5"))),
        Event::Transferred(Box::new(grade_transfer("2023-04-01", "G6"))),
    ]);
    let moved = |on| EmploymentChanges { transferred_on: Some(day(on)), ..EmploymentChanges::default() };
    given
        .when(person(1), today(), correct(Some(3), moved("2023-04-01")))
        .refused(Error::TransferAlreadyRecorded { on: day("2023-04-01") });
    given.when(person(1), today(), correct(Some(3), moved("2022-04-01"))).then([corrected(3, moved("2022-04-01"))]);
    given
        .when(person(1), today(), correct(Some(3), moved("2024-04-01")))
        .refused(Error::OutsideEmployment { on: day("2024-04-01") });
}

#[test]
fn a_correction_names_an_event_that_states_facts() {
    over().when(person(1), today(), correct(Some(2), grade("G6"))).refused(Error::NothingToCorrect { corrects: 2 });
    over().when(person(1), today(), correct(Some(7), grade("G6"))).refused(Error::NothingToCorrect { corrects: 7 });
}

#[test]
fn a_correction_that_changes_nothing_is_quiet() {
    for given in [current(), over(), for_a_term()] {
        given.when(person(1), today(), correct(None, EmploymentChanges::default())).quiet();
    }
    over().when(person(1), today(), correct(None, end_moved("2024-03-31"))).quiet();
    for_a_term().when(person(1), today(), correct(None, end_moved("2024-09-30"))).quiet();
}

#[test]
fn a_correction_keeps_the_days_in_order() {
    let later = EmploymentChanges { from: Some(day("2024-04-01")), ..EmploymentChanges::default() };
    over()
        .when(person(1), today(), correct(None, later))
        .refused(Error::EndsBeforeStart { from: day("2024-04-01"), to: day("2024-03-31") });
    for_a_term()
        .when(person(1), today(), correct(None, end_moved("2020-01-01")))
        .refused(Error::EndsBeforeStart { from: day("2020-04-01"), to: day("2020-01-01") });
}

#[test]
fn an_agreed_last_day_can_be_moved_and_withdrawn() {
    for_a_term()
        .when(person(1), today(), correct(None, end_moved("2025-03-31")))
        .then([corrected(1, end_moved("2025-03-31"))]);
    for_a_term()
        .when(person(1), today(), correct(None, end_moved("2024-03-31")))
        .then([corrected(1, end_moved("2024-03-31")), ended("2024-03-31", EndedBecause::TermEnded)]);
    for_a_term().when(person(1), today(), correct(None, withdrawn())).then([corrected(1, withdrawn())]);
    assert_eq!(for_a_term().and([corrected(1, withdrawn())]).wake(), None);
    current().when(person(1), today(), correct(None, withdrawn())).refused(Error::NoEnd);
}

#[test]
fn an_end_recorded_by_mistake_can_be_moved_and_withdrawn() {
    let given = current().and([ended("2024-03-31", EndedBecause::TransferOut)]);
    given
        .when(person(1), today(), correct(None, end_moved("2024-04-05")))
        .then([corrected(1, end_moved("2024-04-05"))]);
    given
        .when(person(1), today(), correct(None, end_moved("2024-06-30")))
        .refused(Error::NotEndedYet { ended_on: day("2024-06-30") });
    given.when(person(1), today(), correct(None, withdrawn())).then([corrected(1, withdrawn())]);
    let reopened = given.and([corrected(1, withdrawn())]);
    assert_eq!((reopened.state(), reopened.wake()), ("current", None));
}

#[test]
fn an_end_that_follows_a_departure_is_moved_with_the_departure_alone() {
    let refused = Error::EndStandsInDeparture { departure_id: DepartureId(uuid(4)) };
    for changes in [end_moved("2024-04-05"), withdrawn()] {
        over().when(person(1), today(), correct(None, changes.clone())).refused(refused.clone());
    }
    over().when(system(), today(), correct(None, withdrawn())).refused(refused);
    let moved = corrected(1, end_moved("2024-04-05"));
    over().when(system(), today(), correct(None, end_moved("2024-04-05"))).then([moved.clone()]);
    let span = over().and([moved]).folded().span().expect("a span");
    assert_eq!(span.to, Some(day("2024-04-05")));
}

#[test]
fn a_span_covers_its_first_and_its_last_day() {
    let over = over().folded().span().expect("a span");
    assert!(over.covers(day("2020-04-01")) && over.covers(day("2024-03-31")));
    assert!(!over.covers(day("2020-03-31")) && !over.covers(day("2024-04-01")));
    assert!(current().folded().span().expect("a span").covers(day("2999-12-31")));
    assert_eq!(Given::<Employment>::nothing().folded().span(), None);
}

#[test]
fn a_first_day_that_lies_ahead_is_not_covered_yet() {
    let ahead = Given::<Employment>::events([stated(Recorded { from: day("2024-10-01"), ..recorded() })]);
    assert_eq!(ahead.state(), "current");
    let spans = [ahead.folded().span().expect("a span")];
    assert_eq!(employed_on(&spans, today()), Presence::NotEmployed);
    assert_eq!(employed_on(&spans, day("2024-10-01")), Presence::Employed);
}

#[test]
fn without_a_span_nobody_is_said_not_to_be_employed() {
    assert_eq!(employed_on(&[], today()), Presence::Unknown);
    let over = over().folded().span().expect("a span");
    assert_eq!(employed_on(std::slice::from_ref(&over), today()), Presence::NotEmployed);
    let seconded =
        Span { legal_entity: "JP-SUB".to_owned(), from: today(), to: None, kind: EmploymentKind::Secondment };
    assert_eq!(employed_on(&[over, seconded], today()), Presence::Employed);
}

#[test]
fn the_subject_is_the_employee() {
    assert_eq!(Given::<Employment>::nothing().folded().subject(), None);
    assert_eq!(current().folded().subject(), Some(recorded().person_id));
    assert_eq!(over().folded().subject(), Some(recorded().person_id));
}

#[test]
fn a_record_claims_its_period_its_number_and_the_open_place() {
    let nothing = Given::<Employment>::nothing();
    let period = Claim::take("employment", "JP-HQ/A-50000/2020-04-01", uuid(7));
    let number = Claim::take("employee_number", "JP-HQ/A-50000", recorded().person_id.0);
    let open = Claim::take("open_employment", "JP-HQ/A-50000", uuid(7));
    for event in [stated(recorded()), for_a_term_event()] {
        assert_eq!(nothing.claims(uuid(7), &event), [period.clone(), number.clone(), open.clone()]);
    }
    let late = stated(Recorded { to: Some(day("2024-03-31")), ..recorded() });
    assert_eq!(nothing.claims(uuid(7), &late), [period, number]);
    assert_eq!(
        nothing.and([late]).claims(uuid(7), &ended("2024-03-31", EndedBecause::TermEnded)),
        [],
        "what had ended stands in nobody's way"
    );
}

#[test]
fn an_end_gives_the_open_place_back() {
    let event = ended("2024-03-31", by_departure());
    assert_eq!(current().claims(uuid(7), &event), [Claim::release("open_employment", "JP-HQ/A-50000", uuid(7))]);
    assert_eq!(over().claims(uuid(7), &corrected(1, grade("G6"))), []);
}

#[test]
fn claims_follow_a_correction_of_what_they_are_made_of() {
    assert_eq!(
        current().claims(uuid(7), &corrected(1, number("A-2"))),
        [
            Claim::release("employment", "JP-HQ/A-50000/2020-04-01", uuid(7)),
            Claim::take("employment", "JP-HQ/A-2/2020-04-01", uuid(7)),
            Claim::take("employee_number", "JP-HQ/A-2", recorded().person_id.0),
            Claim::release("open_employment", "JP-HQ/A-50000", uuid(7)),
            Claim::take("open_employment", "JP-HQ/A-2", uuid(7)),
        ]
    );
    let from = EmploymentChanges { from: Some(day("2020-05-01")), ..EmploymentChanges::default() };
    assert_eq!(
        over().claims(uuid(7), &corrected(1, from)),
        [
            Claim::release("employment", "JP-HQ/A-50000/2020-04-01", uuid(7)),
            Claim::take("employment", "JP-HQ/A-50000/2020-05-01", uuid(7)),
        ]
    );
    assert_eq!(current().claims(uuid(7), &corrected(1, grade("G6"))), []);
}

#[test]
fn a_withdrawn_end_takes_the_open_place_again() {
    assert_eq!(
        over().claims(uuid(7), &corrected(1, withdrawn())),
        [Claim::take("open_employment", "JP-HQ/A-50000", uuid(7))]
    );
    assert_eq!(for_a_term().claims(uuid(7), &corrected(1, withdrawn())), []);
}

#[test]
fn stored_forms_are_golden() {
    assert_goldens::<Employment>(&samples());
}

#[test]
fn a_placement_is_overlaid_by_what_the_other_says() {
    let overlaid = placement().overlaid(Placement { grade: Some("G6".to_owned()), ..Placement::default() });
    assert_eq!(overlaid, Placement { grade: Some("G6".to_owned()), ..placement() });
    assert_eq!(Placement::default().overlaid(placement()), placement());
}

proptest! {
    #[test]
    fn no_sequence_of_commands_breaks_an_employment(steps in prop::collection::vec(step(), 1..40)) {
        let mut state = Employment::default();
        let mut events = Vec::new();
        let mut held: Vec<(&'static str, String)> = Vec::new();
        for (actor, on, index) in steps {
            let by = [person(1), service(9), system()][actor];
            let command = commands().swap_remove(index % commands().len());
            let Moment { at, on } = on.into();
            if let Ok(recorded) = state.decide(Issued { by, at, on, command }) {
                for event in recorded {
                    keep_register(&mut held, state.claims(uuid(7), &event));
                    state.apply(event.clone());
                    events.push(event);
                }
            }
            if let Some(standing) = state.standing() {
                prop_assert_eq!(standing.version, events.len() as u64);
                let span = state.span().expect("what stands has a span");
                prop_assert!(span.to.is_none_or(|to| span.from <= to));
                let open = held.iter().any(|(scope, _)| *scope == "open_employment");
                prop_assert_eq!(open, state.state() == "current");
                prop_assert_eq!(held.iter().filter(|(scope, _)| *scope == "employment").count(), 1);
            }
            let refolded = Given::<Employment>::events(events.clone());
            prop_assert_eq!(&state, refolded.folded());
        }
    }

    #[test]
    fn a_span_covers_one_stretch_of_days(length in 0u64..4000, offset in 0u64..6000) {
        let from = day("2020-04-01");
        let span = Span {
            legal_entity: "JP-HQ".to_owned(),
            from,
            to: Some(from + Days::new(length)),
            kind: EmploymentKind::Primary,
        };
        let on = day("2018-01-01") + Days::new(offset);
        prop_assert_eq!(span.covers(on), (from..=from + Days::new(length)).contains(&on));
    }
}

/// Keeps the register of unique things as the ledger would.
fn keep_register(held: &mut Vec<(&'static str, String)>, claims: Vec<Claim>) {
    use aggregates::stream::ClaimChange;
    for Claim { scope, key, change } in claims {
        let entry = (scope, key);
        match change {
            ClaimChange::Release { .. } => {
                assert!(held.contains(&entry), "{entry:?} is given back without being held");
                held.retain(|known| *known != entry);
            }
            ClaimChange::Take { .. } => held.push(entry),
        }
    }
}

fn step() -> impl Strategy<Value = (usize, NaiveDate, usize)> {
    (0usize..3, (0u64..2500).prop_map(|offset| day("2019-01-01") + Days::new(offset)), 0usize..100)
}

#[test]
fn a_return_is_noted_once_with_the_periods_before_it() {
    let noted = |application| Event::ReturnNoted { application_id: ApplicationId(uuid(application)), tenure: tenure() };
    for given in [current(), over()] {
        given.when(system(), today(), note_return(6)).then([noted(6)]);
        let back = given.and([noted(6)]);
        back.when(system(), today(), note_return(6)).quiet();
        let other = Error::ReturnOfAnother { application_id: ApplicationId(uuid(6)) };
        back.when(system(), today(), note_return(7)).refused(other);
    }
    Given::<Employment>::nothing().when(system(), today(), note_return(6)).refused(Error::Unrecorded);
    // What is corrected later is the record all the same.
    back().when(person(1), today(), correct(None, number("A-2"))).then([corrected(1, number("A-2"))]);
}

fn note_return(application: u64) -> Command {
    Command::NoteReturn { application_id: ApplicationId(uuid(application)), tenure: tenure() }
}

fn back() -> Given<Employment> {
    current().and([Event::ReturnNoted { application_id: ApplicationId(uuid(6)), tenure: tenure() }])
}

fn commands() -> Vec<Command> {
    let from = EmploymentChanges { from: Some(day("2021-01-01")), ..EmploymentChanges::default() };
    vec![
        Command::Record { record: Box::new(recorded()) },
        Command::Record { record: Box::new(Recorded { to: Some(day("2024-09-30")), ..recorded() }) },
        Command::Record { record: Box::new(Recorded { ends_on: Some(day("2021-09-30")), ..recorded() }) },
        end("2024-03-31", by_departure()),
        end("2024-03-31", EndedBecause::TransferOut),
        end("2019-03-31", EndedBecause::Correction),
        transfer_to(&grade_transfer("2022-04-01", "G5")),
        transfer_to(&grade_transfer("2023-04-01", "G6")),
        correct(None, number("A-2")),
        correct(None, number("A-50000")),
        correct(None, from),
        correct(None, end_moved("2024-02-29")),
        correct(None, end_moved("2025-03-31")),
        correct(None, withdrawn()),
        correct(Some(2), grade("G7")),
        correct(Some(3), grade("G7")),
        note_return(6),
        note_return(7),
        Command::Wake,
    ]
}

fn today() -> NaiveDate {
    day("2024-04-10")
}

fn stated(record: Recorded) -> Event {
    Event::Recorded(Box::new(record))
}

fn current() -> Given<Employment> {
    Given::events([stated(recorded())])
}

fn for_a_term_event() -> Event {
    stated(Recorded { ends_on: Some(day("2024-09-30")), ..recorded() })
}

fn for_a_term() -> Given<Employment> {
    Given::events([for_a_term_event()])
}

fn over() -> Given<Employment> {
    current().and([ended("2024-03-31", by_departure())])
}

fn by_departure() -> EndedBecause {
    EndedBecause::Departure { departure_id: DepartureId(uuid(4)) }
}

fn end(ended_on: &str, because: EndedBecause) -> Command {
    Command::End { ended_on: day(ended_on), because }
}

fn ended(ended_on: &str, because: EndedBecause) -> Event {
    Event::Ended {
        ended_on: day(ended_on),
        because,
        legal_entity: "JP-HQ".to_owned(),
        employee_number: "A-50000".to_owned(),
    }
}

fn grade_transfer(on: &str, grade: &str) -> Transfer {
    Transfer { on: day(on), placement: Placement { grade: Some(grade.to_owned()), ..Placement::default() } }
}

fn transfer_to(transfer: &Transfer) -> Command {
    Command::Transfer { transfer: Box::new(transfer.clone()) }
}

fn correct(corrects: Option<u64>, changes: EmploymentChanges) -> Command {
    Command::Correct { corrects, changes: Box::new(changes), why: sealed(8) }
}

fn corrected(corrects: u64, changes: EmploymentChanges) -> Event {
    Event::Corrected { corrects, changes: Box::new(changes), why: sealed(8) }
}

fn number(number: &str) -> EmploymentChanges {
    EmploymentChanges { employee_number: Some(number.to_owned()), ..EmploymentChanges::default() }
}

fn grade(grade: &str) -> EmploymentChanges {
    let placement = Placement { grade: Some(grade.to_owned()), ..Placement::default() };
    EmploymentChanges { placement, ..EmploymentChanges::default() }
}

fn end_moved(on: &str) -> EmploymentChanges {
    EmploymentChanges { end: Some(EndChange::Moved { on: day(on) }), ..EmploymentChanges::default() }
}

fn withdrawn() -> EmploymentChanges {
    EmploymentChanges { end: Some(EndChange::Withdrawn), ..EmploymentChanges::default() }
}
