//! What a requisition answers in every state to every command.

use std::collections::BTreeSet;

use aggregates::requisition::{Audience, LiveCases, Requisition, RequisitionChanges, RequisitionCommand as C};

use super::{
    close, closed, fill, filled, is_open, note_returners, open, opened, publish, published, recruiter, revise, today,
};
use crate::support::{Given, system};
use crate::transitions::{Asked, Named, Past, Table, past};

const REQUISITION: &str = include_str!("../../src/requisition.rs");
const STANDING: &str = include_str!("../../src/requisition/standing.rs");

#[test]
fn every_state_answers_every_command() {
    Table::<Requisition> {
        named: vec![
            Named::Strings(REQUISITION, "fn state(&self)"),
            Named::Strings(STANDING, "pub(super) fn state(&self)"),
        ],
        orders: (REQUISITION, "pub enum RequisitionCommand"),
        pasts: pasts(),
        commands: commands(),
        ended: &["closed"],
    }
    .hold();
}

fn pasts() -> Vec<Past<Requisition>> {
    vec![
        past("unrecorded", today(), Given::nothing()),
        past("open", today(), Given::events([is_open()])),
        past("published", today(), Given::events(published())),
        past("filled", today(), Given::events(filled())),
        past("closed", today(), Given::events(closed())),
    ]
}

fn commands() -> Vec<Asked<C>> {
    let more = RequisitionChanges { headcount: Some(3), ..RequisitionChanges::default() };
    let fewer = RequisitionChanges { headcount: Some(1), ..RequisitionChanges::default() };
    let employees = BTreeSet::from([Audience::Employees]);
    vec![
        ("open", recruiter(), open(opened())),
        ("revise", recruiter(), revise(more)),
        ("revise (fewer seats)", recruiter(), revise(fewer)),
        ("publish", recruiter(), publish(None)),
        ("publish (to others)", recruiter(), publish(Some(employees))),
        ("close", recruiter(), close(LiveCases::None, 0, None)),
        ("close (with cases that run)", recruiter(), close(LiveCases::None, 1, None)),
        ("close (and cancel the cases)", recruiter(), close(LiveCases::Cancelled, 1, None)),
        ("note-returners", system(), note_returners(1)),
        ("fill-seat", system(), fill(13)),
        ("wake", system(), C::Wake),
    ]
}
