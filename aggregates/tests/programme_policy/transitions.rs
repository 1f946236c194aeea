//! What a programme policy answers in every state to every command.

use aggregates::programme_policy::{ProgrammePolicy, ProgrammePolicyCommand as C, ProgrammeTerms};

use super::{
    admin, approved, approver, draft, drafted, end, is_approved, other_admin, publish, published, retired, revise,
    revised, today,
};
use crate::samples::programme_policy::{bare, terms};
use crate::support::{Given, system};
use crate::transitions::{Asked, Named, Past, Table, past, past_where};

const POLICY: &str = include_str!("../../src/programme_policy.rs");
const VERSIONS: &str = include_str!("../../src/versions.rs");

#[test]
fn every_state_answers_every_command() {
    Table::<ProgrammePolicy> {
        named: vec![Named::Strings(POLICY, "fn state(&self)"), Named::Strings(VERSIONS, "pub(crate) fn state(&self)")],
        orders: (POLICY, "pub enum ProgrammePolicyCommand"),
        pasts: pasts(),
        commands: commands(),
        ended: &["retired"],
    }
    .hold();
}

fn pasts() -> Vec<Past<ProgrammePolicy>> {
    let waits = || [published(), vec![revised(2)]].concat();
    let agreed = || [waits(), vec![is_approved(2)]].concat();
    vec![
        past("unrecorded", today(), Given::nothing()),
        past("draft", today(), Given::events([drafted()])),
        past("approved", today(), Given::events(approved())),
        past("published", today(), Given::events(published())),
        past_where("published", "the next version waits for approval", today(), Given::events(waits())),
        past_where("published", "the next version is approved", today(), Given::events(agreed())),
        past("retired", end(), Given::events(retired())),
    ]
}

fn commands() -> Vec<Asked<C>> {
    let contact = || "https://example.jp/alumni".to_owned();
    let other = ProgrammeTerms { contact: contact(), ..terms() };
    let another = ProgrammeTerms { contact: contact(), ..bare() };
    vec![
        ("draft", admin(), draft(other)),
        ("revise", other_admin(), revise(another)),
        ("approve", approver(), C::Approve { compliance: false }),
        ("approve (by whoever drafted it)", admin(), C::Approve { compliance: false }),
        ("publish", admin(), publish(None)),
        ("retire", admin(), C::Retire { note: None }),
        ("wake", system(), C::Wake),
    ]
}
