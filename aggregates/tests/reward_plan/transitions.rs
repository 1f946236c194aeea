//! What a plan of referral rewards answers in every state to every command.

use aggregates::reward_plan::{PlanTerms, RewardPlan, RewardPlanCommand as C, RewardPlanEvent};

use super::{
    admin, approve, approved, approver, draft, drafted, end, is_approved, other_admin, publish, published, retire,
    retired, revise, terms, today, yen,
};
use crate::support::{Given, system};
use crate::transitions::{Asked, Named, Past, Table, past, past_where};

const PLAN: &str = include_str!("../../src/reward_plan.rs");
const VERSIONS: &str = include_str!("../../src/versions.rs");

#[test]
fn every_state_answers_every_command() {
    Table::<RewardPlan> {
        named: vec![Named::Strings(PLAN, "fn state(&self)"), Named::Strings(VERSIONS, "pub(crate) fn state(&self)")],
        orders: (PLAN, "pub enum RewardPlanCommand"),
        pasts: pasts(),
        commands: commands(),
        ended: &["retired"],
    }
    .hold();
}

fn next(amount: i64) -> PlanTerms {
    PlanTerms { amount: yen(amount), ..terms() }
}

fn pasts() -> Vec<Past<RewardPlan>> {
    let revised =
        || RewardPlanEvent::Revised { version: 2, terms: Box::new(next(90_000)), revised_by: other_admin().id };
    let waits = || [published(), vec![revised()]].concat();
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
    vec![
        ("draft", admin(), draft(terms())),
        ("revise", other_admin(), revise(next(80_000))),
        ("approve", approver(), approve()),
        ("approve (by whoever drafted it)", admin(), approve()),
        ("publish", admin(), publish(None)),
        ("retire", admin(), retire(None)),
        ("wake", system(), C::Wake),
    ]
}
