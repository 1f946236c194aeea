//! Persons.

use aggregates::catalogue::HrEvent;
use aggregates::departure::{DepartureChanges, DepartureEvent};
use aggregates::employment::{EmploymentChanges, EmploymentEvent, EndChange, EndedBecause};
use aggregates::ids::{ActorId, PersonId};
use aggregates::member::{MemberEvent, RejectionReason};
use aggregates::person::{LinkReason, MatchEvidence, PersonEvent, UnlinkReason};
use projections::departures;
use projections::employments;
use projections::members;
use projections::model::ReadModel;
use projections::parts::YesNo;
use projections::persons::{Person, Standing, State};
use serde_json::json;
use uuid::Uuid;

use crate::departures::{departure, effective, record};
use crate::employments::{corrected, employment, ended};
use crate::members::{approved, claimed, member, registration};
use crate::support::{Log, day, instant, sealed, uuid};

#[test]
fn everything_of_a_person_is_shown_together() {
    let shown = serde_json::to_value(known().document::<Person>(person())).unwrap();
    assert_eq!(
        shown,
        json!({
            "id": person(),
            "state": "apart",
            "version": 0,
            "position": 6,
            "recorded_position": 1,
            "linked": "no",
            "departures": [{
                "id": departure(), "state": "scheduled", "legal_entity": "JP-HQ", "employee_number": "E-10234",
                "hired_on": "2015-04-01", "left_on": "2024-03-31",
            }],
            "employments": [{
                "id": employment(), "state": "current", "legal_entity": "JP-HQ", "employee_number": "A-50000",
                "from": "2020-04-01", "to": null,
            }],
            "members": [{"id": member(), "state": "active"}],
            "relations": [],
            "erased": [],
        })
    );
    for filter in Person::FILTERS {
        assert!(shown[filter].is_string(), "{filter}");
    }
}

#[test]
fn a_relation_is_shown_on_both_persons() {
    let log = noted().then(newer(), proposed());
    for (id, other) in [(newer(), person()), (person(), newer())] {
        let shown: Person = log.document(id);
        let relation = &shown.relations[0];
        assert_eq!(shown.relations.len(), 1);
        assert_eq!((relation.other, relation.asked_by), (PersonId(other), PersonId(newer())));
        assert_eq!(relation.standing, Standing::LinkProposed);
        assert_eq!(relation.evidence, [MatchEvidence::SameName], "what was noted stays beside what was decided");
        assert_eq!(relation.reason.as_deref(), Some("documents_seen"));
        assert_eq!((relation.by, relation.at), (Some(ActorId(uuid(51))), instant(day("2026-10-01"))));
        assert_eq!(shown.linked, YesNo::No);
    }
    let newer: Person = log.document(newer());
    assert_eq!((newer.state, newer.version), (State::LinkProposed, 2));
    let older: Person = log.document(person());
    assert_eq!((older.state, older.version), (State::Apart, 0), "its own stream was asked nothing");
}

#[test]
fn a_link_needs_two_and_can_be_undone() {
    let linked = noted().then(newer(), proposed()).then(newer(), confirmed());
    assert_eq!(standing(&linked), (Standing::Linked, YesNo::Yes));
    let questioned = linked.then(newer(), questioned());
    assert_eq!(standing(&questioned), (Standing::UnlinkProposed, YesNo::Yes), "it stands until a second person");
    let upheld = questioned.clone().then(
        newer(),
        PersonEvent::UnlinkProposalWithdrawn {
            other: PersonId(person()),
            reason: LinkReason::PersonConfirmed,
            evidence_ref: "HR-5".to_owned(),
            note: None,
        },
    );
    assert_eq!(standing(&upheld), (Standing::Linked, YesNo::Yes));
    let undone = PersonEvent::Unlinked {
        other: PersonId(person()),
        confirmed_by: ActorId(uuid(53)),
        reason: UnlinkReason::DifferentPeople,
        evidence_ref: None,
        note: None,
    };
    assert_eq!(standing(&questioned.then(newer(), undone)), (Standing::Unlinked, YesNo::No));
}

#[test]
fn a_dismissal_and_a_withdrawal_leave_two_people() {
    assert_eq!(standing(&noted().then(newer(), dismissed())), (Standing::Dismissed, YesNo::No));
    let withdrawn = PersonEvent::LinkProposalWithdrawn {
        other: PersonId(person()),
        reason: UnlinkReason::EvidenceInsufficient,
        evidence_ref: None,
        note: None,
    };
    let log = noted().then(newer(), proposed()).then(newer(), withdrawn);
    assert_eq!(standing(&log), (Standing::NotLinked, YesNo::No));
}

#[test]
fn a_stranger_who_claims_makes_nobody_known_until_an_approver_does() {
    assert!(claimed().documents::<Person>().list().is_empty());
    let log = claimed().then(member(), approved());
    let shown: Person = log.document(person());
    assert_eq!(shown.members[0].state, members::State::PendingReview);
    let shown: Person = log.clone().then(member(), MemberEvent::Left { reason: None }).document(person());
    assert_eq!(shown.members[0].state, members::State::Left);
    let rejected = MemberEvent::Rejected { reason_code: RejectionReason::NoMatch, note: None };
    for log in [log, claimed().all(member(), registration().into_iter().skip(1).take(2)).then(member(), rejected)] {
        assert!(log.documents::<Person>().get(uuid(8)).is_none(), "the provisional person is nobody");
    }
}

#[test]
fn what_becomes_of_the_records_is_shown() {
    let mut log = known();
    let mut tell = |stream: Uuid, event: HrEvent| -> Person {
        log.push(stream, event);
        log.document(person())
    };
    let moved = DepartureChanges { left_on: Some(day("2024-02-29")), ..DepartureChanges::default() };
    tell(departure(), DepartureEvent::Corrected { corrects: 1, changes: Box::new(moved), why: sealed(1) }.into());
    let left = tell(departure(), effective().into()).departures.remove(0);
    assert_eq!((left.state, left.left_on), (departures::State::Effective, Some(day("2024-02-29"))));

    let gone = tell(employment(), ended("2024-03-31", EndedBecause::TermEnded).into()).employments.remove(0);
    assert_eq!((gone.state, gone.to), (employments::State::Ended, Some(day("2024-03-31"))));
    let withdrawn = EmploymentChanges { end: Some(EndChange::Withdrawn), ..EmploymentChanges::default() };
    let back = tell(employment(), corrected(1, withdrawn).into()).employments.remove(0);
    assert_eq!((back.state, back.to), (employments::State::Current, None));

    let left = tell(member(), MemberEvent::Left { reason: None }.into()).members.remove(0);
    assert_eq!(left.state, members::State::Left);
}

// helpers

pub fn person() -> Uuid {
    uuid(1)
}

pub fn newer() -> Uuid {
    uuid(2)
}

pub fn known() -> Log {
    Log::on("2024-03-01")
        .then(departure(), DepartureEvent::Recorded(Box::new(record())))
        .then(employment(), EmploymentEvent::Recorded(Box::new(crate::employments::record())))
        .all(member(), registration())
}

pub fn noted() -> Log {
    let noted = PersonEvent::PossibleMatchNoted {
        person_id: PersonId(newer()),
        other: PersonId(person()),
        evidence: vec![MatchEvidence::SameName],
    };
    Log::on("2026-10-01").then(newer(), noted)
}

pub fn dismissed() -> PersonEvent {
    PersonEvent::MatchDismissed {
        other: PersonId(person()),
        reason: UnlinkReason::DifferentPeople,
        evidence_ref: None,
        note: Some(sealed(41)),
    }
}

pub fn proposed() -> PersonEvent {
    PersonEvent::LinkProposed {
        person_id: PersonId(newer()),
        other: PersonId(person()),
        reason: LinkReason::DocumentsSeen,
        evidence_ref: "HR-2".to_owned(),
        proposed_by: ActorId(uuid(51)),
        note: None,
    }
}

pub fn confirmed() -> PersonEvent {
    PersonEvent::Linked {
        other: PersonId(person()),
        confirmed_by: ActorId(uuid(52)),
        reason: LinkReason::DocumentsSeen,
        evidence_ref: "HR-3".to_owned(),
        note: None,
    }
}

pub fn questioned() -> PersonEvent {
    PersonEvent::UnlinkProposed {
        other: PersonId(person()),
        reason: UnlinkReason::RecordedByMistake,
        evidence_ref: None,
        proposed_by: ActorId(uuid(52)),
        note: None,
    }
}

/// On both persons alike.
#[track_caller]
fn standing(log: &Log) -> (Standing, YesNo) {
    let [newer, older]: [Person; 2] = [log.document(newer()), log.document(person())];
    assert_eq!((newer.relations[0].standing, newer.linked), (older.relations[0].standing, older.linked));
    (newer.relations[0].standing, newer.linked)
}
