//! What a referral reward answers in every state to every command.

use aggregates::checks::{Outcome, Settlement, found};
use aggregates::ids::DepartureId;
use aggregates::reward::{LapseCause, Planned, Reward, RewardCommand as C, RewardEvent};

use super::{
    approve, approved, awaiting, bare, close_case, compliance, decline, due, fell_due, forfeit, forfeited, gate, held,
    held_late, hired, hold, is_due, is_planned, lapse, lapsed, lift, people_ops, plan, planned, second, settle,
    verified, verify,
};
use crate::support::{Given, day, person, sealed, system, uuid};
use crate::transitions::{Asked, Named, Past, Table, past, past_where};

const REWARD: &str = include_str!("../../src/reward.rs");
const STANDING: &str = include_str!("../../src/reward/standing.rs");

#[test]
fn every_state_answers_every_command() {
    Table::<Reward> {
        named: vec![
            Named::Strings(REWARD, "fn state(&self)"),
            Named::Variants(STANDING, "pub enum Stage"),
            Named::Variants(STANDING, "pub enum Ending"),
        ],
        orders: (REWARD, "pub enum RewardCommand"),
        pasts: pasts(),
        commands: commands(),
        ended: &["forfeited", "ineligible", "lapsed"],
    }
    .hold();
}

fn pasts() -> Vec<Past<Reward>> {
    let with = |past: Vec<RewardEvent>, more: Vec<RewardEvent>| Given::events([past, more].concat());
    let rules = vec![
        found("A", Outcome::Hold, "a", "規程"),
        found("B", Outcome::Warn, "b", "規程"),
        found("C", Outcome::Legal, "c", "規程"),
    ];
    let open = || RewardEvent::Planned(Box::new(Planned { gate: rules.clone(), ..planned() }));
    let unplanned = RewardEvent::Planned(Box::new(bare()));
    let by_rule = RewardEvent::Held {
        rule: Some("A".to_owned()),
        code: "a".to_owned(),
        basis: None,
        held_by: people_ops().id,
        note: None,
    };
    let opened =
        RewardEvent::CorrectionCaseOpened { departure_id: Some(DepartureId(uuid(3))), left_on: day("2027-02-28") };
    let barred = RewardEvent::RuledIneligible {
        rule: "REF-06".to_owned(),
        basis: "職業安定法36条・40条".to_owned(),
        code: "outsider".to_owned(),
    };
    vec![
        past("unplanned", hired(), Given::nothing()),
        past("waiting", hired(), with(vec![is_planned()], vec![])),
        past_where("waiting", "its day has come", due(), with(vec![is_planned()], vec![])),
        past("due", due(), with(is_due(), vec![])),
        past_where("due", "rules wait for an answer", due(), with(vec![open()], vec![fell_due()])),
        past("verified", due(), with(verified(), vec![])),
        past("awaiting_approval", due(), with(awaiting(), vec![])),
        past("approved", due(), with(approved(), vec![])),
        past("held", hired(), with(held(), vec![])),
        past_where("held", "by a rule that waits for an answer", due(), with(vec![open(), fell_due()], vec![by_rule])),
        past_where("held", "no plan governs it", hired(), with(vec![unplanned], vec![held()[1].clone()])),
        past_where("held", "a departure was recorded late", due(), with(approved(), vec![opened, held_late()])),
        past("ineligible", due(), with(vec![is_planned()], vec![barred])),
        past("lapsed", due(), with(lapsed(), vec![])),
        past("forfeited", due(), with(is_due(), vec![forfeited()])),
    ]
}

fn commands() -> Vec<Asked<C>> {
    let by = compliance().id;
    let acknowledged = Settlement::Acknowledged { rule: "B".to_owned(), reason: sealed(1), by };
    let (opinion_ref, valid_until) = ("legal/9".to_owned(), day("2028-01-01"));
    let opinion = Settlement::LegalOpinion { rule: "C".to_owned(), opinion_ref, valid_until, by };
    vec![
        ("verify", people_ops(), verify(gate())),
        ("approve", second(), approve()),
        ("approve (by whoever approved first)", people_ops(), approve()),
        ("decline", person(54), decline()),
        ("hold", compliance(), hold(None)),
        ("lift-hold", compliance(), lift()),
        ("forfeit", people_ops(), forfeit()),
        ("close-correction-case", compliance(), close_case()),
        ("answer-check", compliance(), settle("A")),
        ("acknowledge", compliance(), C::Settle(acknowledged)),
        ("record-legal-opinion", compliance(), C::Settle(opinion)),
        ("plan", system(), plan(planned())),
        ("lapse", system(), lapse(LapseCause::HireLeft, "2027-02-28")),
        ("wake", system(), C::Wake),
    ]
}
