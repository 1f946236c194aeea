//! What a no-rehire flag answers in every state to every command.

use aggregates::no_rehire_flag::{LiftReason, NoRehireFlag, NoRehireFlagCommand as C, NoRehireFlagEvent};

use super::{
    active, alumna, appeal, dismissed, expired, expiry, grounds, lift, lifted, near_expiry, noticed, outsider,
    proposed_by, raise, raised, raiser, reject, renew, today, under_appeal, uphold,
};
use crate::support::{Given, day, person, system};
use crate::transitions::{Asked, Named, Past, Table, past, past_where};

const FLAG: &str = include_str!("../../src/no_rehire_flag.rs");
const TERM: &str = include_str!("../../src/no_rehire_flag/term.rs");

#[test]
fn every_state_answers_every_command() {
    Table::<NoRehireFlag> {
        named: vec![Named::Strings(FLAG, "fn state(&self)"), Named::Strings(TERM, "pub const fn state(&self)")],
        orders: (FLAG, "pub enum NoRehireFlagCommand"),
        pasts: pasts(),
        commands: commands(),
        ended: &["expired", "lifted", "rejected"],
    }
    .hold();
}

fn pasts() -> Vec<Past<NoRehireFlag>> {
    let with = |past: Vec<NoRehireFlagEvent>, more: Vec<NoRehireFlagEvent>| Given::events([past, more].concat());
    let rejected = NoRehireFlagEvent::Rejected { reviewed_by: person(2).id, note: None };
    let granted = NoRehireFlagEvent::AppealGranted { reviewed_by: outsider().id, note: None };
    let renewal = vec![noticed(), proposed_by(person(21))];
    vec![
        past("unraised", today(), Given::nothing()),
        past("raised", today(), with(vec![raised()], vec![])),
        past_where("raised", "nobody reviewed it in time", day("2027-10-01"), with(vec![raised()], vec![])),
        past("active", today(), with(active(), vec![])),
        past_where("active", "within sixty days before it expires", near_expiry(), with(active(), vec![])),
        past_where("active", "another term is proposed", near_expiry(), with(active(), renewal)),
        past_where("active", "an appeal was dismissed", today(), with(under_appeal(), vec![dismissed()])),
        past_where("active", "its term is over", expiry(), with(active(), vec![])),
        past("under_appeal", today(), with(under_appeal(), vec![])),
        past("rejected", today(), with(vec![raised()], vec![rejected])),
        past("lifted", today(), with(lifted(), vec![])),
        past_where("lifted", "an appeal was granted", today(), with(under_appeal(), vec![granted])),
        past("expired", expiry(), with(active(), vec![expired()])),
    ]
}

fn commands() -> Vec<Asked<C>> {
    vec![
        ("raise", raiser(), raise(grounds())),
        ("review (uphold)", outsider(), uphold()),
        ("review (reject)", outsider(), reject()),
        ("renew", person(21), renew("legal/2029/7")),
        ("lift", outsider(), lift(LiftReason::LegalAdvice)),
        ("appeal", alumna(), appeal(None)),
        ("wake", system(), C::Wake),
    ]
}
