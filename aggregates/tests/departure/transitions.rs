//! What a departure answers in every state to every command.

use aggregates::departure::{Departure, DepartureChanges, DepartureCommand as C, DepartureEvent};
use aggregates::eligibility::SeparationReason;
use aggregates::ids::MemberId;
use aggregates::values::Verdict;

use super::{
    after, assess, assessed_ineligible, before, confirm, confirmed, correct, in_effect, interview, invite, record,
    rescinded, scheduled,
};
use crate::support::{Given, day, person, sealed, system, uuid};
use crate::transitions::{Asked, Named, Past, Table, past, past_where};

const DEPARTURE: &str = include_str!("../../src/departure.rs");

#[test]
fn every_state_answers_every_command() {
    Table::<Departure> {
        named: vec![Named::Strings(DEPARTURE, "fn state(&self)")],
        orders: (DEPARTURE, "pub enum DepartureCommand"),
        pasts: pasts(),
        commands: commands(),
        ended: &["rescinded"],
    }
    .hold();
}

fn pasts() -> Vec<Past<Departure>> {
    let registered = || DepartureEvent::RegistrationNoted { member_id: MemberId(uuid(3)), verdict: Verdict::Eligible };
    let found = || in_effect().and([assessed_ineligible(1), confirmed(2)]);
    vec![
        past("unrecorded", before(), Given::nothing()),
        past("scheduled", before(), scheduled()),
        past_where(
            "scheduled",
            "not eligible, as one person found",
            before(),
            scheduled().and([assessed_ineligible(1)]),
        ),
        past_where("scheduled", "the last day has passed", after(), scheduled()),
        past("effective", after(), in_effect()),
        past_where(
            "effective",
            "not eligible, as one person found",
            after(),
            in_effect().and([assessed_ineligible(1)]),
        ),
        past_where("effective", "not eligible, as two people found", after(), found()),
        past_where("effective", "not eligible, until today", day("2027-03-31"), found()),
        past_where("effective", "the person is a member", after(), in_effect().and([registered()])),
        past("rescinded", before(), rescinded()),
    ]
}

fn commands() -> Vec<Asked<C>> {
    let (first, second) = (person(1), person(2));
    let moved = DepartureChanges { left_on: Some(day("2024-03-30")), ..DepartureChanges::default() };
    vec![
        ("record", first, record(SeparationReason::Relocation)),
        ("correct", first, correct(None, moved)),
        ("rescind", first, C::Rescind { why: sealed(9) }),
        ("record-exit-interview", first, interview(None)),
        ("assess-eligibility", first, assess(Verdict::Eligible)),
        ("assess-eligibility (not eligible)", first, assess(Verdict::NotEligible)),
        ("confirm-eligibility", second, confirm("2026-03-31")),
        ("confirm-eligibility (sent back)", second, C::ReturnAssessment { note: None }),
        ("invite", first, invite()),
        ("refuse-contact", first, C::RefuseContact),
        ("note-registration", system(), C::NoteRegistration { member_id: MemberId(uuid(3)) }),
        ("wake", system(), C::Wake),
    ]
}
