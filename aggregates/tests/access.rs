//! A reading of figures, given events, when a command, then events.

use aggregates::access::{Access, AccessCommand as Command, AccessError as Error, AccessEvent as Event, FiguresRead};
use aggregates::stream::Stream;

use crate::samples::access::{figures, samples};
use crate::support::{Given, assert_goldens, day, person};

#[test]
fn whoever_is_told_figures_is_recorded() {
    let told = Event::FiguresTold { figures: figures(), told_to: person(51).id };
    Given::<Access>::nothing().when(person(51), day("2026-11-05"), Command::Tell(figures())).then([told]);
    assert_eq!((Given::<Access>::nothing().state(), recorded().state()), ("unrecorded", "recorded"));
}

#[test]
fn the_same_reading_again_is_quiet() {
    recorded().when(person(51), day("2026-11-05"), Command::Tell(figures())).quiet();
}

#[test]
fn a_reading_is_of_one_report() {
    let other = FiguresRead { month: "2026-09".to_owned(), ..figures() };
    recorded().when(person(51), day("2026-11-05"), Command::Tell(other.clone())).refused(Error::AlreadyRecorded);
    let twice = recorded().and([Event::FiguresTold { figures: other, told_to: person(52).id }]);
    assert_eq!(twice.folded(), recorded().folded(), "history cannot be refused");
}

#[test]
fn it_is_about_nobody_and_waits_for_no_clock() {
    assert_eq!(recorded().folded().subject(), None);
    assert_eq!(recorded().wake(), None);
}

#[test]
fn stored_forms_are_golden() {
    assert_goldens::<Access>(&samples());
}

fn recorded() -> Given<Access> {
    Given::events(samples())
}
