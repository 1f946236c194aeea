//! What a pay policy answers in every state to every command.

use aggregates::pay_policy::{AlertOutcome, Figures, PayGapLaw, PayPolicy, PayPolicyCommand as C};

use super::watch::{publish_gap, quiet, review, with_a_gap, with_a_publication};
use super::{
    admin, approved, approver, draft, drafted, end, is_approved, other_admin, publish, published, retire, retired,
    revise, revised, today,
};
use crate::samples::pay_policy::{bare, terms};
use crate::support::{Given, day, sealed, system};
use crate::transitions::{Asked, Named, Past, Table, past, past_where};

const POLICY: &str = include_str!("../../src/pay_policy.rs");
const VERSIONS: &str = include_str!("../../src/versions.rs");

#[test]
fn every_state_answers_every_command() {
    Table::<PayPolicy> {
        named: vec![Named::Strings(POLICY, "fn state(&self)"), Named::Strings(VERSIONS, "pub(crate) fn state(&self)")],
        orders: (POLICY, "pub enum PayPolicyCommand"),
        pasts: pasts(),
        commands: commands(),
        ended: &["retired"],
    }
    .hold();
}

fn pasts() -> Vec<Past<PayPolicy>> {
    let waits = || [published(), vec![revised(2)]].concat();
    let agreed = || [waits(), vec![is_approved(2)]].concat();
    vec![
        past("unrecorded", today(), Given::nothing()),
        past("draft", today(), Given::events([drafted()])),
        past("approved", today(), Given::events(approved())),
        past("published", today(), Given::events(published())),
        past_where("published", "the next version waits for approval", today(), Given::events(waits())),
        past_where("published", "the next version is approved, and names nobody", today(), Given::events(agreed())),
        past_where("published", "a gap has somebody look", day("2027-01-01"), Given::events(with_a_gap())),
        past_where("published", "a gap is to be published", day("2027-06-20"), Given::events(with_a_publication())),
        past("retired", end(), Given::events(retired())),
    ]
}

/// Figures of December that have nobody look.
fn nothing() -> Figures {
    Figures { last_day: day("2026-12-31"), raised: vec![], quiet: vec![quiet()], employees: 8, law: PayGapLaw::None }
}

fn commands() -> Vec<Asked<C>> {
    let mut other = terms();
    other.smallest_group = 10;
    let mut another = bare();
    another.smallest_group = 8;
    vec![
        ("draft", admin(), draft(other)),
        ("revise", other_admin(), revise(another)),
        ("approve", approver(), C::Approve),
        ("approve (by whoever drafted it)", admin(), C::Approve),
        ("publish", admin(), publish(None)),
        ("retire", admin(), retire(None)),
        ("retire (with a reason)", admin(), retire(Some(sealed(3)))),
        ("note-figures (a month is over)", system(), C::NoteFigures(nothing())),
        ("review-alert", other_admin(), review(AlertOutcome::Justified)),
        ("record-publication", admin(), publish_gap("2027-06-15")),
        ("wake", system(), C::Wake),
    ]
}
