//! A refused follow-up, given events, when a command, then events.

use aggregates::follow_up::{
    FollowUp, FollowUpCommand as Command, FollowUpError as Error, FollowUpEvent as Event, Refused,
};
use aggregates::issued::Issued;
use aggregates::stream::Stream;
use cqrs_es::Aggregate;
use proptest::prelude::*;

use crate::samples::follow_up::{refused, samples};
use crate::support::{Given, Moment, assert_goldens, day, person, sealed, system};

#[test]
fn a_refusal_is_recorded() {
    Given::<FollowUp>::nothing()
        .when(system(), day("2024-04-01"), Command::Refuse(refused()))
        .then([Event::Refused(refused())]);
    assert_eq!(open().state(), "open");
    assert_eq!(Given::<FollowUp>::nothing().state(), "unrecorded");
}

#[test]
fn the_same_refusal_again_is_quiet_also_after_it_is_resolved() {
    open().when(system(), day("2024-04-02"), Command::Refuse(refused())).quiet();
    resolved().when(system(), day("2024-04-02"), Command::Refuse(refused())).quiet();
}

#[test]
fn another_refusal_opens_it_again() {
    open().when(system(), day("2024-04-02"), Command::Refuse(otherwise())).then([Event::Refused(otherwise())]);
    resolved().when(system(), day("2024-04-02"), Command::Refuse(otherwise())).then([Event::Refused(otherwise())]);
    assert_eq!(resolved().and([Event::Refused(otherwise())]).state(), "open");
}

#[test]
fn somebody_resolves_it() {
    let event = Event::Resolved { resolved_by: person(5).id, note: Some(sealed(47)) };
    open().when(person(5), day("2024-04-02"), Command::Resolve { note: Some(sealed(47)) }).then([event]);
    assert_eq!(resolved().state(), "resolved");
}

#[test]
fn resolving_again_is_quiet_and_another_word_is_refused() {
    resolved().when(person(6), day("2024-04-02"), Command::Resolve { note: None }).quiet();
    resolved()
        .when(person(6), day("2024-04-02"), Command::Resolve { note: Some(sealed(48)) })
        .refused(Error::AlreadyResolved);
}

#[test]
fn what_was_not_refused_needs_no_resolution() {
    Given::<FollowUp>::nothing()
        .when(person(5), day("2024-04-02"), Command::Resolve { note: None })
        .refused(Error::Unrecorded);
}

#[test]
fn it_is_about_nobody_and_waits_for_no_clock() {
    assert_eq!(open().folded().subject(), None);
    assert_eq!(open().wake(), None);
}

#[test]
fn stored_forms_are_golden() {
    assert_goldens::<FollowUp>(&samples());
}

proptest! {
    #[test]
    fn no_sequence_of_commands_breaks_a_follow_up(steps in prop::collection::vec(0usize..4, 1..30)) {
        let mut state = FollowUp::default();
        let mut events = Vec::new();
        for step in steps {
            let command = [
                Command::Refuse(refused()),
                Command::Refuse(otherwise()),
                Command::Resolve { note: None },
                Command::Resolve { note: Some(sealed(47)) },
            ][step].clone();
            let Moment { at, on } = day("2024-04-02").into();
            if let Ok(recorded) = state.decide(Issued { by: person(5), at, on, command: command.clone() }) {
                for event in recorded {
                    state.apply(event.clone());
                    events.push(event);
                }
                if !matches!(command, Command::Resolve { note: Some(_) }) {
                    let again = state.decide(Issued { by: person(5), at, on, command });
                    prop_assert_eq!(again, Ok(vec![]));
                }
            }
            let refolded = Given::<FollowUp>::events(events.clone());
            prop_assert_eq!(&state, refolded.folded());
        }
    }
}

fn open() -> Given<FollowUp> {
    Given::events([Event::Refused(refused())])
}

fn resolved() -> Given<FollowUp> {
    open().and([Event::Resolved { resolved_by: person(5).id, note: Some(sealed(47)) }])
}

fn otherwise() -> Refused {
    Refused { error_code: "ends_before_start".to_owned(), ..refused() }
}
