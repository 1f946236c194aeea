//! A requisition: opened, published to its audience, filled seat by seat, closed.

mod transitions;

use std::collections::BTreeSet;

use aggregates::ids::ApplicationId;
use aggregates::personal::{Personal, RecordClass};
use aggregates::requisition::{
    Audience, CloseReason, LiveCases, MOST_SEATS, Opened, PayRange, Phase, Requisition, RequisitionChanges,
    RequisitionCommand, RequisitionError, RequisitionEvent, Standing,
};
use aggregates::values::Money;
use chrono::NaiveDate;
use proptest::prelude::*;

use crate::samples::requisition::{both, changes, opened, samples, yen};
use crate::support::{Given, assert_goldens, day, person, sealed, service, system, uuid};

// open

#[test]
fn an_opened_requisition_stands_as_it_was_stated() {
    nothing().when(recruiter(), today(), open(opened())).then([is_open()]);
    let requisition = given([is_open()]);
    assert_eq!((requisition.state(), requisition.subject(), requisition.wake()), ("open", None, None));
    let standing = requisition.folded().standing().expect("it is opened");
    assert_eq!((standing.phase, standing.headcount, standing.free_seats()), (Phase::Open, 2, 2));
    assert_eq!((&standing.audience, &standing.line), (&both(), &opened().line));
}

#[test]
fn a_requisition_needs_a_sensible_number_of_seats() {
    for headcount in [0, MOST_SEATS + 1] {
        nothing()
            .when(recruiter(), today(), open(Opened { headcount, ..opened() }))
            .refused(RequisitionError::HeadcountOutOfRange { headcount });
    }
    for headcount in [1, MOST_SEATS] {
        assert_eq!(nothing().when(recruiter(), today(), open(Opened { headcount, ..opened() })).recorded().len(), 1);
    }
}

#[test]
fn a_requisition_needs_an_audience() {
    nothing()
        .when(recruiter(), today(), open(Opened { audience: BTreeSet::new(), ..opened() }))
        .refused(RequisitionError::AudienceRequired);
}

#[test]
fn a_pay_range_runs_upwards_in_one_currency() {
    let range = |minimum, midpoint, maximum| PayRange { minimum, midpoint, maximum };
    let dollars = Money { amount: 7_000_000, currency: "USD".to_owned() };
    for (range, error) in [
        (range(yen(7), None, yen(6)), RequisitionError::PayRangeDisordered),
        (range(yen(6), Some(yen(5)), yen(8)), RequisitionError::PayRangeDisordered),
        (range(yen(6), Some(yen(9)), yen(8)), RequisitionError::PayRangeDisordered),
        (range(yen(-1), None, yen(8)), RequisitionError::PayRangeDisordered),
        (range(yen(6), None, dollars.clone()), RequisitionError::PayRangeCurrenciesDiffer),
        (range(yen(6), Some(dollars), yen(8_000_000)), RequisitionError::PayRangeCurrenciesDiffer),
    ] {
        nothing()
            .when(recruiter(), today(), open(Opened { pay_range: Some(range.clone()), ..opened() }))
            .refused(error.clone());
        given([is_open()])
            .when(
                recruiter(),
                today(),
                revise(RequisitionChanges { pay_range: Some(range), ..RequisitionChanges::default() }),
            )
            .refused(error);
    }
    let flat = Opened { pay_range: Some(range(yen(6), Some(yen(6)), yen(6))), ..opened() };
    assert_eq!(nothing().when(recruiter(), today(), open(flat)).recorded().len(), 1);
}

/// Quiet is not possible: a repeated request is replayed from its receipt before it comes here.
#[test]
fn an_opened_requisition_is_not_opened_again() {
    for past in [vec![is_open()], published(), closed()] {
        given(past).when(recruiter(), today(), open(opened())).refused(RequisitionError::AlreadyOpened);
    }
}

#[test]
fn nothing_can_be_asked_of_what_nobody_opened() {
    for order in [revise(changes()), publish(None), close(LiveCases::None, 0, None), note_returners(1), fill(11)] {
        nothing().when(recruiter(), today(), order).refused(RequisitionError::Unrecorded);
    }
    nothing().when_woken(today()).quiet();
    assert_eq!((nothing().state(), nothing().folded().standing()), ("unrecorded", None));
}

// revise

#[test]
fn a_revision_records_what_is_new_and_only_that() {
    for past in [vec![is_open()], published()] {
        given(past.clone())
            .when(recruiter(), today(), revise(changes()))
            .then([RequisitionEvent::Revised { changes: Box::new(changes()), revised_by: recruiter().id }]);
        let same_but_place = RequisitionChanges {
            title: Some(opened().title),
            location: Some("Aomori".to_owned()),
            headcount: Some(2),
            audience: Some(both()),
            recruiter: Some(opened().line.recruiter),
            ..RequisitionChanges::default()
        };
        let place = RequisitionChanges { location: Some("Aomori".to_owned()), ..RequisitionChanges::default() };
        given(past).when(recruiter(), today(), revise(same_but_place)).then([revised(place)]);
    }
}

#[test]
fn what_is_revised_stands() {
    let requisition = given([is_open(), revised(changes())]);
    let standing = requisition.folded().standing().expect("it is opened");
    assert_eq!((standing.title.as_str(), standing.headcount), ("長距離ドライバー", 3));
    assert_eq!(Some(standing.line.recruiter), changes().recruiter);
    assert_eq!(standing.line.approver_unit, changes().approver_unit);
    assert_eq!(Some(&standing.audience), changes().audience.as_ref());
    assert_eq!(requisition.state(), "open");
}

#[test]
fn a_revision_that_changes_nothing_says_nothing() {
    let same = RequisitionChanges {
        title: Some(opened().title),
        department: opened().department,
        job_family: opened().job_family,
        grade: opened().grade,
        location: opened().location,
        employment_type: Some(opened().employment_type),
        engagement: Some(opened().engagement),
        pay_range: opened().pay_range,
        headcount: Some(2),
        audience: Some(both()),
        description: None,
        recruiter: Some(opened().line.recruiter),
        hiring_manager: opened().line.hiring_manager,
        approver_unit: opened().line.approver_unit,
    };
    for changes in [RequisitionChanges::default(), same] {
        given(published()).when(recruiter(), today(), revise(changes)).quiet();
    }
}

#[test]
fn new_words_always_say_something_new() {
    let words = RequisitionChanges {
        description: Some(Personal::new(RecordClass::Recruiting, "夜勤あり".to_owned())),
        ..RequisitionChanges::default()
    };
    assert_eq!(given([is_open()]).when(recruiter(), today(), revise(words)).recorded().len(), 1);
}

#[test]
fn the_headcount_never_falls_below_the_filled_seats() {
    let headcount =
        |headcount| revise(RequisitionChanges { headcount: Some(headcount), ..RequisitionChanges::default() });
    let both_filled = given(filled());
    both_filled.when(recruiter(), today(), headcount(1)).refused(RequisitionError::HeadcountBelowFilled { filled: 2 });
    both_filled
        .when(recruiter(), today(), headcount(0))
        .refused(RequisitionError::HeadcountOutOfRange { headcount: 0 });
    let more = RequisitionChanges { headcount: Some(3), ..RequisitionChanges::default() };
    both_filled.when(recruiter(), today(), headcount(3)).then([revised(more.clone())]);
    assert_eq!((both_filled.state(), both_filled.and([revised(more)]).state()), ("filled", "published"));
    let nobody = RequisitionChanges { audience: Some(BTreeSet::new()), ..RequisitionChanges::default() };
    given([is_open()]).when(recruiter(), today(), revise(nobody)).refused(RequisitionError::AudienceRequired);
}

// publish

#[test]
fn an_open_requisition_is_published_to_its_audience_or_another() {
    given([is_open()]).when(recruiter(), today(), publish(None)).then([is_published()]);
    let alumni = BTreeSet::from([Audience::Alumni]);
    given([is_open()])
        .when(recruiter(), today(), publish(Some(alumni.clone())))
        .then([RequisitionEvent::Published { audience: alumni, published_by: recruiter().id }]);
    given([is_open()])
        .when(recruiter(), today(), publish(Some(BTreeSet::new())))
        .refused(RequisitionError::AudienceRequired);
    assert_eq!(given(published()).state(), "published");
}

#[test]
fn publishing_again_to_the_same_audience_says_nothing() {
    for past in [published(), filled()] {
        given(past.clone()).when(recruiter(), today(), publish(None)).quiet();
        given(past.clone()).when(recruiter(), today(), publish(Some(both()))).quiet();
        given(past)
            .when(recruiter(), today(), publish(Some(BTreeSet::from([Audience::Public]))))
            .refused(RequisitionError::AlreadyPublished);
    }
}

// returners

#[test]
fn returners_are_noted_for_what_is_published() {
    let noted = RequisitionEvent::ReturnersNoted { departures: sealed(2), count: 2 };
    given(published()).when(system(), today(), note_returners(2)).then([noted.clone()]);
    given(published()).when(system(), today(), note_returners(0)).quiet();
    assert_eq!(given(published()).and([noted]).when(system(), today(), note_returners(0)).recorded().len(), 1);
    given([is_open()]).when(system(), today(), note_returners(2)).refused(RequisitionError::NotPublished);
    given(closed()).when(system(), today(), note_returners(2)).refused(RequisitionError::AlreadyClosed);
}

// seats

#[test]
fn each_return_fills_one_seat_once() {
    let seat = |number| RequisitionEvent::SeatFilled { application_id: ApplicationId(uuid(number)) };
    let one = given(published()).and([seat(11)]);
    given(published()).when(system(), today(), fill(11)).then([seat(11)]);
    one.when(system(), today(), fill(11)).quiet();
    one.when(system(), today(), fill(12)).then([seat(12)]);
    assert_eq!(one.state(), "published");
    let two = one.and([seat(12)]);
    assert_eq!(two.state(), "filled");
}

#[test]
fn a_promised_seat_is_filled_also_after_the_headcount_was_lowered() {
    let seat = |number| RequisitionEvent::SeatFilled { application_id: ApplicationId(uuid(number)) };
    let headcount = |headcount| RequisitionChanges { headcount: Some(headcount), ..RequisitionChanges::default() };
    let lowered = given(published()).and([seat(11), revised(headcount(1))]);
    assert_eq!((lowered.state(), lowered.folded().standing().map(Standing::free_seats)), ("filled", Some(0)));
    lowered.when(system(), today(), fill(12)).then([seat(12)]);
    let both = lowered.and([seat(12)]);
    assert_eq!((both.state(), both.folded().standing().map(Standing::free_seats)), ("filled", Some(0)));
    both.when(system(), today(), fill(12)).quiet();
    both.when(recruiter(), today(), revise(headcount(1))).quiet();
    let two = headcount(2);
    both.when(recruiter(), today(), revise(two.clone())).then([revised(two)]);
}

#[test]
fn a_promised_seat_is_filled_also_after_the_closing() {
    for past in [vec![is_open()], closed()] {
        let state = given(past.clone()).state();
        assert_eq!(given(past.clone()).when(system(), today(), fill(11)).recorded().len(), 1, "{state}");
        let filled = given(past).and([RequisitionEvent::SeatFilled { application_id: ApplicationId(uuid(11)) }]);
        assert_eq!(filled.state(), state);
    }
}

#[test]
fn the_headcount_goes_below_no_promise() {
    let headcount = |headcount| RequisitionChanges { headcount: Some(headcount), ..RequisitionChanges::default() };
    let lower = |seats, promised| RequisitionCommand::Revise { changes: Box::new(headcount(seats)), promised };
    given(published())
        .when(recruiter(), today(), lower(1, 2))
        .refused(RequisitionError::HeadcountBelowFilled { filled: 2 });
    given(published()).when(recruiter(), today(), lower(3, 3)).then([revised(headcount(3))]);
    given(published()).when(recruiter(), today(), lower(1, 1)).then([revised(headcount(1))]);
}

// close

#[test]
fn a_requisition_without_live_applications_is_closed() {
    for past in [vec![is_open()], published(), filled()] {
        for by in [recruiter(), system()] {
            given(past.clone()).when(by, today(), close(LiveCases::None, 0, None)).then([RequisitionEvent::Closed {
                because: CloseReason::NoLongerNeeded,
                live_cases: LiveCases::None,
                closed_by: by.id,
                note: None,
            }]);
        }
    }
    let requisition = given(closed());
    assert_eq!(requisition.state(), "closed");
    assert_eq!(requisition.folded().standing().map(|standing| standing.phase), Some(Phase::Closed));
}

#[test]
fn people_who_wait_are_not_forgotten() {
    given(published())
        .when(recruiter(), today(), close(LiveCases::None, 3, None))
        .refused(RequisitionError::LiveApplications { count: 3 });
    given(published()).when(recruiter(), today(), close(LiveCases::Cancelled, 3, Some(sealed(3)))).then([
        RequisitionEvent::Closed {
            because: CloseReason::NoLongerNeeded,
            live_cases: LiveCases::Cancelled,
            closed_by: recruiter().id,
            note: Some(sealed(3)),
        },
    ]);
}

#[test]
fn a_program_of_others_closes_nothing() {
    given(published())
        .when(service(9), today(), close(LiveCases::None, 0, None))
        .refused(RequisitionError::NaturalPersonRequired);
}

#[test]
fn closing_again_says_nothing_unless_it_differs() {
    let requisition = given(closed());
    requisition.when(recruiter(), today(), close(LiveCases::None, 0, None)).quiet();
    for order in [
        close(LiveCases::Cancelled, 0, None),
        close(LiveCases::None, 0, Some(sealed(3))),
        revise(changes()),
        publish(None),
    ] {
        requisition.when(recruiter(), today(), order).refused(RequisitionError::AlreadyClosed);
    }
    requisition.when_woken(today()).quiet();
}

// whatever comes

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whoever_came_back_has_a_seat_and_the_headcount_is_never_set_below(orders in prop::collection::vec(any_order(), 0..40)) {
        let mut requisition = given([is_open()]);
        for order in orders {
            let asked = order.clone();
            let recorded = requisition.when(recruiter(), today(), order.clone()).recorded();
            let repeats = requisition.clone().and(recorded.clone());
            if let RequisitionCommand::Publish { .. } | RequisitionCommand::FillSeat { .. } = order
                && !recorded.is_empty()
            {
                repeats.when(recruiter(), today(), order).quiet();
            }
            let lowered = matches!(asked, RequisitionCommand::Revise { .. }) && !recorded.is_empty();
            requisition = repeats;
            let standing = requisition.folded().standing().expect("it is opened");
            if let RequisitionCommand::FillSeat { application_id } = asked {
                prop_assert!(standing.filled.contains(&application_id));
            }
            prop_assert!(!lowered || u32::try_from(standing.filled.len()).unwrap() <= standing.headcount);
            prop_assert!((1..=MOST_SEATS).contains(&standing.headcount) && !standing.audience.is_empty());
        }
    }
}

#[test]
fn the_stored_forms_are_golden() {
    assert_goldens::<Requisition>(&samples());
}

// helpers

fn any_order() -> impl Strategy<Value = RequisitionCommand> {
    prop_oneof![
        4 => (0_u64..6).prop_map(fill),
        4 => (0_u32..5).prop_map(|headcount| {
            revise(RequisitionChanges { headcount: Some(headcount), ..RequisitionChanges::default() })
        }),
        2 => Just(publish(None)),
        1 => Just(close(LiveCases::None, 0, None)),
    ]
}

fn nothing() -> Given<Requisition> {
    Given::nothing()
}

fn given(events: impl IntoIterator<Item = RequisitionEvent>) -> Given<Requisition> {
    Given::events(events)
}

fn recruiter() -> aggregates::issued::Actor {
    person(53)
}

fn today() -> NaiveDate {
    day("2026-11-25")
}

fn open(opened: Opened) -> RequisitionCommand {
    RequisitionCommand::Open(Box::new(opened))
}

fn revise(changes: RequisitionChanges) -> RequisitionCommand {
    RequisitionCommand::Revise { changes: Box::new(changes), promised: 0 }
}

const fn publish(audience: Option<BTreeSet<Audience>>) -> RequisitionCommand {
    RequisitionCommand::Publish { audience }
}

const fn close(cancel_live: LiveCases, live_applications: u32, note: Option<Personal<String>>) -> RequisitionCommand {
    RequisitionCommand::Close { because: CloseReason::NoLongerNeeded, cancel_live, live_applications, note }
}

fn note_returners(count: u32) -> RequisitionCommand {
    RequisitionCommand::NoteReturners { departures: sealed(2), count }
}

fn fill(number: u64) -> RequisitionCommand {
    RequisitionCommand::FillSeat { application_id: ApplicationId(uuid(number)) }
}

fn is_open() -> RequisitionEvent {
    RequisitionEvent::Opened(Box::new(opened()))
}

fn revised(changes: RequisitionChanges) -> RequisitionEvent {
    RequisitionEvent::Revised { changes: Box::new(changes), revised_by: recruiter().id }
}

fn is_published() -> RequisitionEvent {
    RequisitionEvent::Published { audience: both(), published_by: recruiter().id }
}

fn published() -> Vec<RequisitionEvent> {
    vec![is_open(), is_published()]
}

fn filled() -> Vec<RequisitionEvent> {
    let seat = |number| RequisitionEvent::SeatFilled { application_id: ApplicationId(uuid(number)) };
    [published(), vec![seat(11), seat(12)]].concat()
}

fn closed() -> Vec<RequisitionEvent> {
    let closed = RequisitionEvent::Closed {
        because: CloseReason::NoLongerNeeded,
        live_cases: LiveCases::None,
        closed_by: recruiter().id,
        note: None,
    };
    [published(), vec![closed]].concat()
}
