//! Requisitions.

use std::collections::BTreeSet;

use aggregates::catalogue::HrEvent;
use aggregates::ids::ApplicationId;
use aggregates::requisition::{CloseReason, LiveCases, RequisitionChanges, RequisitionCommand, RequisitionEvent};
use aggregates::stream::Stream;
use projections::history::describe;
use projections::model::ReadModel;
use projections::requisitions::{Requisition, State};
use projections::tasks::{Audience, Kind, Task};
use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

use crate::agreement::{grown, steps};
use crate::support::{Log, samples, sealed, uuid};

#[test]
fn an_opened_requisition_is_shown_whole() {
    let shown = serde_json::to_value(open().document::<Requisition>(requisition())).unwrap();
    let yen = |amount: u32| json!({"amount": amount, "currency": "JPY"});
    assert_eq!(
        shown,
        json!({
            "id": requisition(),
            "state": "open",
            "version": 1,
            "position": 1,
            "title": "配送ドライバー",
            "legal_entity": "JP-HQ",
            "department": "物流部",
            "job_family": "driver",
            "grade": "G4",
            "location": "Sendai",
            "employment_type": "regular",
            "engagement": "direct",
            "pay_range": {"minimum": yen(6_000_000), "midpoint": yen(7_000_000), "maximum": yen(8_000_000)},
            "headcount": 2,
            "filled_seats": [],
            "audience": ["alumni", "employees"],
            "description": {"ref": uuid(0xface_0001), "commitment": format!("{:064x}", 1)},
            "recruiter": uuid(53),
            "hiring_manager": uuid(54),
            "approver_unit": "本社人事",
            "opened_by": uuid(53),
            "opened_at": "2026-11-25T03:00:00Z",
            "opened_position": 1,
            "published_at": null,
            "returners": null,
            "closing": null,
        })
    );
    for filter in Requisition::FILTERS {
        assert!(shown[filter].is_string(), "{filter}");
    }
}

#[test]
fn a_revision_shows_what_it_states_anew_and_leaves_the_rest() {
    let [_, _, everything, headcount, ..] = &samples("requisition")[..] else { panic!("the samples") };
    let before: Requisition = open().document(requisition());
    let shown: Requisition = open().then(requisition(), headcount.clone()).document(requisition());
    assert_eq!(shown.headcount, 3);
    assert_eq!(
        Requisition { headcount: 2, version: before.version, position: before.position, ..shown },
        before,
        "nothing else"
    );
    let shown: Requisition = open().then(requisition(), everything.clone()).document(requisition());
    assert_eq!((shown.title.as_str(), shown.grade.as_deref()), ("長距離ドライバー", Some("G5")));
    assert_eq!((shown.recruiter.0, shown.hiring_manager.map(|actor| actor.0)), (uuid(55), Some(uuid(56))));
    assert_eq!(shown.description, Some(sealed(4)));
}

#[test]
fn it_is_filled_when_somebody_came_back_on_every_seat() {
    let one = published().then(requisition(), seat(11));
    assert_eq!(one.document::<Requisition>(requisition()).state, State::Published);
    let two = one.then(requisition(), seat(12));
    let shown: Requisition = two.document(requisition());
    assert_eq!((shown.state, shown.filled_seats.len()), (State::Filled, 2));
    let [_, _, _, headcount, ..] = &samples("requisition")[..] else { panic!("the samples") };
    let more: Requisition = two.then(requisition(), headcount.clone()).document(requisition());
    assert_eq!(more.state, State::Published, "a third seat is free");
}

#[test]
fn a_closing_tells_why_and_what_became_of_whoever_waited() {
    let shown: Requisition = published().then(requisition(), closed()).document(requisition());
    assert_eq!(shown.state, State::Closed);
    let closing = shown.closing.expect("it is closed");
    assert_eq!((closing.because, closing.live_cases), (CloseReason::Reorganisation, LiveCases::Cancelled));
    assert_eq!(closing.note, Some(sealed(3)));
}

#[test]
fn returners_are_matched_until_the_requisition_is_closed() {
    let noted = published().then(requisition(), returners(2));
    let tasks = noted.documents::<Task>().list();
    assert_eq!(tasks.iter().map(|task| task.kind).collect::<Vec<_>>(), [Kind::MatchReturners]);
    assert_eq!((tasks[0].audience, tasks[0].subject.id), (Audience::PeopleOps, requisition()));
    assert_eq!(noted.document::<Requisition>(requisition()).returners.map(|returners| returners.count), Some(2));
    for end in [closed(), returners(0)] {
        assert!(noted.clone().then(requisition(), end).documents::<Task>().list().is_empty());
    }
}

#[test]
fn a_closing_is_told_with_its_reason() {
    let told = describe(published().then(requisition(), closed()).last());
    assert_eq!(told.event, "requisition.closed");
    assert_eq!(told.why.and_then(|why| why.code).as_deref(), Some("reorganisation"));
    let told = describe(published().then(requisition(), returners(2)).last());
    assert_eq!((told.rule.as_deref(), told.basis.as_deref()), (Some("LAB-02"), Some("育児・介護休業法27条")));
    assert!(told.title_en.starts_with("2 leavers"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_decided_is_shown(steps in steps()) {
        let (decided, log) = grown::<aggregates::requisition::Requisition>(requisition(), &orders(), &steps);
        let shown: Requisition = log.document(requisition());
        prop_assert_eq!(<&str>::from(shown.state), decided.state());
        let standing = decided.standing().expect("it is opened");
        prop_assert_eq!((&shown.title, shown.headcount), (&standing.title, standing.headcount));
        prop_assert_eq!((&shown.location, &shown.audience), (&standing.location, &standing.audience));
        prop_assert_eq!(&shown.filled_seats.iter().copied().collect::<BTreeSet<_>>(), &standing.filled);
        prop_assert_eq!((shown.recruiter, shown.hiring_manager), (standing.line.recruiter, standing.line.hiring_manager));
        prop_assert_eq!(shown.returners.as_ref().map_or(0, |returners| returners.count), standing.returners);
        prop_assert_eq!(shown.closing.is_some(), standing.closing.is_some());
        let matched = log.documents::<Task>().list().iter().any(|task| task.kind == Kind::MatchReturners);
        prop_assert_eq!(matched, standing.returners > 0 && standing.closing.is_none());
    }
}

// helpers

fn orders() -> Vec<RequisitionCommand> {
    use RequisitionCommand as C;
    let HrEvent::Requisition(RequisitionEvent::Opened(opened)) = sample("opened") else { panic!("a sample") };
    let HrEvent::Requisition(RequisitionEvent::Revised { changes, .. }) = sample("revised") else { panic!("a sample") };
    let headcount = |headcount| C::Revise {
        changes: Box::new(RequisitionChanges { headcount: Some(headcount), ..RequisitionChanges::default() }),
        promised: 0,
    };
    let fill = |number| C::FillSeat { application_id: ApplicationId(uuid(number)) };
    vec![
        C::Open(opened),
        C::Revise { changes, promised: 0 },
        headcount(1),
        headcount(4),
        C::Publish { audience: None },
        C::Publish { audience: None },
        fill(1),
        fill(2),
        fill(3),
        C::NoteReturners { departures: sealed(9), count: 2 },
        C::NoteReturners { departures: sealed(8), count: 0 },
        C::Close { because: CloseReason::Budget, cancel_live: LiveCases::None, live_applications: 0, note: None },
    ]
}

fn requisition() -> Uuid {
    uuid(10)
}

fn sample(name: &str) -> HrEvent {
    crate::support::sample(&format!("requisition.{name}"))
}

fn open() -> Log {
    Log::on("2026-11-25").then(requisition(), sample("opened"))
}

fn published() -> Log {
    open().then(requisition(), sample("published"))
}

fn closed() -> HrEvent {
    sample("closed")
}

fn seat(number: u64) -> RequisitionEvent {
    RequisitionEvent::SeatFilled { application_id: ApplicationId(uuid(number)) }
}

fn returners(count: u32) -> HrEvent {
    RequisitionEvent::ReturnersNoted { departures: sealed(2), count }.into()
}
