//! A person's record, given events, when a command, then events.

mod transitions;

use std::collections::BTreeSet;

use aggregates::ids::PersonId;
use aggregates::issued::Issued;
use aggregates::person::{
    ErasureCertificate, ErasureGround, LinkReason, MatchEvidence, Person, PersonCommand as Command,
    PersonError as Error, PersonEvent as Event, RecordClasses, UnlinkReason,
};
use aggregates::personal::RecordClass;
use aggregates::stream::{Claim, Stream};
use chrono::NaiveDate;
use cqrs_es::Aggregate;
use proptest::prelude::*;
use strum::IntoEnumIterator;

use crate::samples::person::{certificate, samples};
use crate::support::{Given, Moment, assert_goldens, day, person, sealed, service, system, uuid};

#[test]
fn a_possible_match_is_noted_with_what_speaks_for_and_against_it() {
    use MatchEvidence::{OverlappingPeriods, SameBirthDate, SameName};
    Given::<Person>::nothing()
        .when(system(), today(), note_match(vec![OverlappingPeriods, SameName, SameBirthDate, SameName]))
        .then([noted_with(vec![SameName, SameBirthDate, OverlappingPeriods])]);
    assert_eq!(noted().state(), "match_possible");
}

#[test]
fn what_is_known_or_decided_is_not_noted_again() {
    for given in [noted(), dismissed(), proposed(1), linked(), unlink_proposed(3), unlinked()] {
        given.when(system(), today(), note_match(vec![MatchEvidence::SameEmail])).quiet();
    }
}

#[test]
fn a_match_needs_something_that_speaks_for_it() {
    for evidence in [vec![], vec![MatchEvidence::OverlappingPeriods]] {
        Given::<Person>::nothing().when(system(), today(), note_match(evidence)).refused(Error::EvidenceRequired);
    }
    for evidence in MatchEvidence::iter().filter(|evidence| evidence.speaks_for()) {
        assert_eq!(
            Given::<Person>::nothing().when(system(), today(), note_match(vec![evidence])).recorded(),
            [noted_with(vec![evidence])]
        );
    }
}

#[test]
fn one_person_dismisses_a_possible_match() {
    for reason in UnlinkReason::iter() {
        noted().when(person(1), today(), unlink_for(reason)).then([Event::MatchDismissed {
            other: other(),
            reason,
            evidence_ref: None,
            note: None,
        }]);
    }
    assert_eq!(dismissed().state(), "apart");
}

#[test]
fn dismissing_again_on_the_same_ground_is_quiet() {
    dismissed().when(person(2), today(), unlink()).quiet();
    dismissed().when(person(2), today(), unlink_for(UnlinkReason::PersonObjected)).refused(Error::NothingToUnlink);
}

#[test]
fn the_first_person_proposes_and_the_second_confirms_for_every_reason() {
    for reason in LinkReason::iter() {
        Given::<Person>::nothing().when(person(1), today(), link_for(reason)).then([proposal(1, reason)]);
        Given::<Person>::events([proposal(1, reason)]).when(person(2), today(), link_for(reason)).then([
            Event::Linked {
                other: other(),
                confirmed_by: person(2).id,
                reason,
                evidence_ref: "HR-1".to_owned(),
                note: None,
            },
        ]);
    }
    assert_eq!(proposed(1).state(), "link_proposed");
    assert_eq!(linked().state(), "linked");
    assert_eq!(linked().folded().linked(), BTreeSet::from([other()]));
}

#[test]
fn a_link_can_be_proposed_from_a_possible_match_and_again_after_a_decision() {
    for given in [noted(), dismissed(), unlinked()] {
        given.when(person(1), today(), link()).then([proposal(1, LinkReason::DocumentsSeen)]);
    }
}

#[test]
fn nobody_confirms_their_own_proposal() {
    proposed(1).when(person(1), today(), link_for(LinkReason::PersonConfirmed)).refused(Error::SecondPersonRequired);
    let noted = Command::Link {
        person_id: me(),
        other: other(),
        reason: LinkReason::DocumentsSeen,
        evidence_ref: "HR-1".to_owned(),
        note: Some(sealed(5)),
    };
    proposed(1).when(person(1), today(), noted).refused(Error::SecondPersonRequired);
}

#[test]
fn the_same_proposal_and_the_same_link_are_quiet() {
    proposed(1).when(person(1), today(), link()).quiet();
    linked().when(person(3), today(), link()).quiet();
}

#[test]
fn a_link_stands_on_one_ground() {
    linked().when(person(3), today(), link_for(LinkReason::Other)).refused(Error::AlreadyLinked);
}

#[test]
fn a_machine_neither_links_nor_unlinks() {
    for by in [service(9), system()] {
        Given::<Person>::nothing().when(by, today(), link()).refused(Error::NaturalPersonRequired);
        proposed(1).when(by, today(), link()).refused(Error::NaturalPersonRequired);
        noted().when(by, today(), unlink()).refused(Error::NaturalPersonRequired);
        linked().when(by, today(), unlink()).refused(Error::NaturalPersonRequired);
    }
}

#[test]
fn nobody_is_linked_with_themselves() {
    let myself = Command::Link {
        person_id: me(),
        other: me(),
        reason: LinkReason::Other,
        evidence_ref: "HR-1".to_owned(),
        note: None,
    };
    Given::<Person>::nothing().when(person(1), today(), myself).refused(Error::SelfLink);
    let match_myself =
        Command::NotePossibleMatch { person_id: me(), other: me(), evidence: vec![MatchEvidence::SameName] };
    Given::<Person>::nothing().when(system(), today(), match_myself).refused(Error::SelfLink);
}

#[test]
fn a_proposal_to_link_can_be_withdrawn_by_anybody() {
    for by in [1, 2] {
        proposed(1).when(person(by), today(), unlink()).then([withdrawn()]);
    }
    let given = proposed(1).and([withdrawn()]);
    assert_eq!(given.state(), "apart");
    given.when(person(1), today(), unlink()).quiet();
}

#[test]
fn a_link_is_undone_by_two_people_for_every_reason() {
    for reason in UnlinkReason::iter() {
        linked().when(person(3), today(), unlink_for(reason)).then([unlink_proposal(3, reason)]);
        linked().and([unlink_proposal(3, reason)]).when(person(4), today(), unlink_for(reason)).then([
            Event::Unlinked { other: other(), confirmed_by: person(4).id, reason, evidence_ref: None, note: None },
        ]);
    }
    assert_eq!(unlink_proposed(3).state(), "unlink_proposed");
    assert_eq!(unlinked().state(), "apart");
}

#[test]
fn the_link_stands_until_the_second_person_confirms() {
    assert_eq!(unlink_proposed(3).folded().linked(), BTreeSet::from([other()]));
    assert_eq!(unlinked().folded().linked(), BTreeSet::new());
}

#[test]
fn nobody_confirms_their_own_undoing() {
    unlink_proposed(3).when(person(3), today(), unlink()).quiet();
    unlink_proposed(3).when(person(3), today(), unlink_for(UnlinkReason::Other)).refused(Error::SecondPersonRequired);
}

#[test]
fn a_link_about_to_be_undone_can_be_upheld() {
    let upheld = Event::UnlinkProposalWithdrawn {
        other: other(),
        reason: LinkReason::DocumentsSeen,
        evidence_ref: "HR-1".to_owned(),
        note: None,
    };
    unlink_proposed(3).when(person(4), today(), link()).then([upheld.clone()]);
    assert_eq!(unlink_proposed(3).and([upheld]).state(), "linked");
}

#[test]
fn where_nothing_was_asked_there_is_nothing_to_unlink() {
    Given::<Person>::nothing().when(person(1), today(), unlink()).refused(Error::NothingToUnlink);
    let stranger = Command::Unlink {
        other: PersonId(uuid(99)),
        reason: UnlinkReason::DifferentPeople,
        evidence_ref: None,
        note: None,
    };
    linked().when(person(1), today(), stranger).refused(Error::NothingToUnlink);
}

#[test]
fn the_state_is_what_most_needs_a_person() {
    let third = PersonId(uuid(77));
    let noted_third =
        Event::PossibleMatchNoted { person_id: me(), other: third, evidence: vec![MatchEvidence::SameName] };
    assert_eq!(linked().and([noted_third.clone()]).state(), "match_possible");
    assert_eq!(proposed(1).and([noted_third.clone()]).state(), "link_proposed");
    assert_eq!(unlink_proposed(3).and([noted_third.clone()]).state(), "unlink_proposed");
    assert_eq!(unlinked().and([noted_third]).state(), "match_possible");
    assert_eq!(Given::<Person>::nothing().state(), "apart");
}

#[test]
fn relations_to_different_others_do_not_mix() {
    let third = PersonId(uuid(77));
    let link_third = Command::Link {
        person_id: me(),
        other: third,
        reason: LinkReason::DocumentsSeen,
        evidence_ref: "HR-1".to_owned(),
        note: None,
    };
    let events = proposed(1).when(person(2), today(), link_third).recorded();
    assert!(matches!(&events[..], [Event::LinkProposed { other, .. }] if *other == third));
}

#[test]
fn classes_are_erased_for_every_ground() {
    for ground in ErasureGround::iter() {
        let command = erase_for(only([RecordClass::Profile]), ground);
        let events = Given::<Person>::nothing().when(system(), today(), command).recorded();
        let [Event::Erased { classes, ground: stated, .. }] = &events[..] else { panic!("{events:?}") };
        assert_eq!((classes, *stated), (&only([RecordClass::Profile]), ground));
    }
}

#[test]
fn a_person_is_erased_once_every_class_is() {
    assert_eq!(erased(only([RecordClass::Profile])).state(), "apart");
    assert_eq!(erased(RecordClasses::All).state(), "erased");
    assert_eq!(erased(RecordClasses::Only(RecordClass::iter().collect())).state(), "erased");
    assert_eq!(linked().and([erasure(RecordClasses::All)]).state(), "erased");
}

#[test]
fn what_is_erased_is_not_erased_again() {
    erased(only([RecordClass::Profile])).when(system(), today(), erase(only([RecordClass::Profile]))).quiet();
    erased(RecordClasses::All).when(system(), today(), erase(RecordClasses::All)).quiet();
    erased(RecordClasses::Only(RecordClass::iter().collect()))
        .when(system(), today(), erase(RecordClasses::All))
        .quiet();
    erased(only([RecordClass::Profile]))
        .when(system(), today(), erase(only([RecordClass::Profile, RecordClass::Health])))
        .then([erasure(only([RecordClass::Health]))]);
    erased(only([RecordClass::Profile]))
        .when(system(), today(), erase(RecordClasses::All))
        .then([erasure(RecordClasses::All)]);
}

#[test]
fn an_erasure_names_what_it_erases_and_keeps_none_of_it() {
    Given::<Person>::nothing().when(system(), today(), erase(RecordClasses::none())).refused(Error::NothingToErase);
    let command = Command::Erase {
        person_id: me(),
        classes: RecordClasses::All,
        ground: ErasureGround::PersonRequest,
        certificate: certificate(),
    };
    Given::<Person>::nothing()
        .when(system(), today(), command)
        .refused(Error::KeptAndErased { class: RecordClass::Statutory });
}

#[test]
fn after_an_erasure_nothing_is_left_to_decide_on() {
    for command in [note_match(vec![MatchEvidence::SameName]), link(), unlink()] {
        linked().and([erasure(RecordClasses::All)]).when(person(1), today(), command).refused(Error::Erased);
    }
    assert_eq!(
        erased(only([RecordClass::Community])).when(person(1), today(), link()).recorded(),
        [proposal(1, LinkReason::DocumentsSeen)]
    );
}

#[test]
fn the_subject_is_the_person_itself() {
    assert_eq!(Given::<Person>::nothing().folded().subject(), None);
    for given in [noted(), proposed(1), erased(RecordClasses::All)] {
        assert_eq!(given.folded().subject(), Some(me()));
    }
}

#[test]
fn a_pair_is_asked_about_in_one_stream_at_a_time() {
    let key = format!("{}/{}", other(), me());
    assert_eq!(
        noted().claims(me().0, &proposal(1, LinkReason::DocumentsSeen)),
        [Claim::take("person_link", key.clone(), me().0)]
    );
    assert_eq!(proposed(1).claims(me().0, &withdrawn()), [Claim::release("person_link", key.clone(), me().0)]);
    let undone = Event::Unlinked {
        other: other(),
        confirmed_by: person(4).id,
        reason: UnlinkReason::DifferentPeople,
        evidence_ref: None,
        note: None,
    };
    assert_eq!(unlink_proposed(3).claims(me().0, &undone), [Claim::release("person_link", key, me().0)]);
    assert_eq!(proposed(1).claims(me().0, &confirmation(2)), []);
    assert_eq!(Given::<Person>::nothing().claims(me().0, &erasure(RecordClasses::All)), []);
}

#[test]
fn stored_forms_are_golden() {
    assert_goldens::<Person>(&samples());
}

proptest! {
    #[test]
    fn a_link_always_rests_on_two_people(steps in prop::collection::vec((0usize..5, 0usize..100), 1..40)) {
        let mut state = Person::default();
        let mut events: Vec<Event> = Vec::new();
        for (actor, index) in steps {
            let by = [person(1), person(2), person(3), service(9), system()][actor];
            let command = commands().swap_remove(index % commands().len());
            let Moment { at, on } = today().into();
            if let Ok(recorded) = state.decide(Issued { by, at, on, command }) {
                for event in recorded {
                    match &event {
                        Event::Linked { confirmed_by, .. } => prop_assert_ne!(Some(confirmed_by), proposer(&events)),
                        Event::Unlinked { confirmed_by, .. } => prop_assert_ne!(Some(confirmed_by), proposer(&events)),
                        Event::PossibleMatchNoted { .. }
                        | Event::MatchDismissed { .. }
                        | Event::LinkProposed { .. }
                        | Event::LinkProposalWithdrawn { .. }
                        | Event::UnlinkProposed { .. }
                        | Event::UnlinkProposalWithdrawn { .. }
                        | Event::Erased { .. } => {}
                    }
                    state.claims(me().0, &event);
                    state.apply(event.clone());
                    events.push(event);
                }
            }
            if let Person::Known(known) = &state {
                prop_assert_eq!(known.version, events.len() as u64);
            }
            let refolded = Given::<Person>::events(events.clone());
            prop_assert_eq!(&state, refolded.folded());
        }
    }
}

/// Who made the latest proposal.
fn proposer(events: &[Event]) -> Option<&aggregates::ids::ActorId> {
    events.iter().rev().find_map(|event| {
        if let Event::LinkProposed { proposed_by, .. } | Event::UnlinkProposed { proposed_by, .. } = event {
            Some(proposed_by)
        } else {
            None
        }
    })
}

fn commands() -> Vec<Command> {
    vec![
        note_match(vec![MatchEvidence::SameName]),
        link(),
        link(),
        link_for(LinkReason::Other),
        unlink(),
        unlink_for(UnlinkReason::Other),
        erase(only([RecordClass::Profile])),
        erase(only([RecordClass::Profile, RecordClass::Health])),
    ]
}

fn me() -> PersonId {
    PersonId(uuid(2))
}

fn other() -> PersonId {
    PersonId(uuid(1))
}

fn today() -> NaiveDate {
    day("2026-11-02")
}

fn note_match(evidence: Vec<MatchEvidence>) -> Command {
    Command::NotePossibleMatch { person_id: me(), other: other(), evidence }
}

fn link() -> Command {
    link_for(LinkReason::DocumentsSeen)
}

fn link_for(reason: LinkReason) -> Command {
    Command::Link { person_id: me(), other: other(), reason, evidence_ref: "HR-1".to_owned(), note: None }
}

fn unlink() -> Command {
    unlink_for(UnlinkReason::DifferentPeople)
}

fn unlink_for(reason: UnlinkReason) -> Command {
    Command::Unlink { other: other(), reason, evidence_ref: None, note: None }
}

fn only<const N: usize>(classes: [RecordClass; N]) -> RecordClasses {
    RecordClasses::Only(BTreeSet::from(classes))
}

fn erase(classes: RecordClasses) -> Command {
    erase_for(classes, ErasureGround::PersonRequest)
}

fn erase_for(classes: RecordClasses, ground: ErasureGround) -> Command {
    Command::Erase { person_id: me(), classes, ground, certificate: ErasureCertificate::default() }
}

fn erasure(classes: RecordClasses) -> Event {
    Event::Erased {
        person_id: me(),
        classes,
        ground: ErasureGround::PersonRequest,
        certificate: ErasureCertificate::default(),
    }
}

fn erased(classes: RecordClasses) -> Given<Person> {
    Given::events([erasure(classes)])
}

fn noted_with(evidence: Vec<MatchEvidence>) -> Event {
    Event::PossibleMatchNoted { person_id: me(), other: other(), evidence }
}

fn noted() -> Given<Person> {
    Given::events([noted_with(vec![MatchEvidence::SameName, MatchEvidence::SameBirthDate])])
}

fn dismissed() -> Given<Person> {
    noted().and([Event::MatchDismissed {
        other: other(),
        reason: UnlinkReason::DifferentPeople,
        evidence_ref: None,
        note: None,
    }])
}

fn proposal(by: u64, reason: LinkReason) -> Event {
    Event::LinkProposed {
        person_id: me(),
        other: other(),
        reason,
        evidence_ref: "HR-1".to_owned(),
        proposed_by: person(by).id,
        note: None,
    }
}

fn proposed(by: u64) -> Given<Person> {
    noted().and([proposal(by, LinkReason::DocumentsSeen)])
}

fn withdrawn() -> Event {
    Event::LinkProposalWithdrawn {
        other: other(),
        reason: UnlinkReason::DifferentPeople,
        evidence_ref: None,
        note: None,
    }
}

fn confirmation(by: u64) -> Event {
    Event::Linked {
        other: other(),
        confirmed_by: person(by).id,
        reason: LinkReason::DocumentsSeen,
        evidence_ref: "HR-1".to_owned(),
        note: None,
    }
}

fn linked() -> Given<Person> {
    proposed(1).and([confirmation(2)])
}

fn unlink_proposal(by: u64, reason: UnlinkReason) -> Event {
    Event::UnlinkProposed { other: other(), reason, evidence_ref: None, proposed_by: person(by).id, note: None }
}

fn unlink_proposed(by: u64) -> Given<Person> {
    linked().and([unlink_proposal(by, UnlinkReason::DifferentPeople)])
}

fn unlinked() -> Given<Person> {
    unlink_proposed(3).and([Event::Unlinked {
        other: other(),
        confirmed_by: person(4).id,
        reason: UnlinkReason::DifferentPeople,
        evidence_ref: None,
        note: None,
    }])
}
