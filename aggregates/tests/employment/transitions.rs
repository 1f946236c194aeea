//! What a period of employment answers in every state to every command.

use aggregates::employment::{Employment, EmploymentCommand as C, EndedBecause};

use super::{
    back, by_departure, correct, current, end, end_moved, for_a_term, grade_transfer, note_return, number, over,
    recorded, today, transfer_to,
};
use crate::support::{Given, day, person, system};
use crate::transitions::{Asked, Named, Past, Table, past, past_where};

const EMPLOYMENT: &str = include_str!("../../src/employment.rs");

#[test]
fn every_state_answers_every_command() {
    Table::<Employment> {
        named: vec![Named::Strings(EMPLOYMENT, "fn state(&self)")],
        orders: (EMPLOYMENT, "pub enum EmploymentCommand"),
        pasts: pasts(),
        commands: commands(),
        // What was recorded wrong is corrected afterwards too.
        ended: &[],
    }
    .hold();
}

fn pasts() -> Vec<Past<Employment>> {
    vec![
        past("unrecorded", today(), Given::nothing()),
        past("current", today(), current()),
        past_where("current", "for a term", today(), for_a_term()),
        past_where("current", "the term is over", day("2024-10-01"), for_a_term()),
        past("ended", today(), over()),
        past_where("current", "a return", today(), back()),
    ]
}

fn commands() -> Vec<Asked<C>> {
    let people_ops = person(1);
    vec![
        ("record", people_ops, C::Record { record: Box::new(recorded()) }),
        ("correct", people_ops, correct(None, number("A-2"))),
        ("correct (the last day)", people_ops, correct(None, end_moved("2024-09-29"))),
        ("transfer", people_ops, transfer_to(&grade_transfer("2022-04-01", "G5"))),
        ("end", people_ops, end("2024-03-30", EndedBecause::TransferOut)),
        ("note-departure", system(), end("2024-03-31", by_departure())),
        ("note-return", system(), note_return(6)),
        ("wake", system(), C::Wake),
    ]
}
