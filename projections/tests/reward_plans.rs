//! Reward plans.

use std::collections::BTreeSet;

use aggregates::catalogue::HrEvent;
use aggregates::ids::{ActorId, RewardPlanId};
use aggregates::reward_plan::{PlanTerms, RewardPlanCommand, RewardPlanEvent};
use aggregates::stream::Stream;
use aggregates::values::Money;
use chrono::Days;
use projections::history::describe;
use projections::model::ReadModel;
use projections::reward_plans::RewardPlan;
use projections::tasks::{Audience, Kind, Task};
use projections::versions::{State, VersionState};
use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

use crate::agreement::{grown, steps};
use crate::support::{Log, day, sealed, uuid};

#[test]
fn a_drafted_plan_is_shown_whole() {
    let shown = serde_json::to_value(drafted().document::<RewardPlan>(plan())).unwrap();
    assert_eq!(
        shown,
        json!({
            "id": plan(),
            "state": "draft",
            "version": 1,
            "position": 1,
            "legal_entity": "JP-HQ",
            "versions": [{
                "number": 1,
                "state": "draft",
                "terms": {
                    "name": "リファラル手当",
                    "legal_entity": "JP-HQ",
                    "clause": "賃金規程第20条",
                    "filed_on": "2026-09-15",
                    "amount": {"amount": 100_000, "currency": "JPY"},
                    "milestone": {"months": 3},
                    "presence_at_payment": "required",
                    "payroll": {"item_code": "REF01", "social_insurance": "bonus", "note_ref": "sr/2026/18"},
                },
                "drafted_by": uuid(57),
                "drafted_at": "2026-11-25T03:00:00Z",
                "approved_by": null,
                "approved_at": null,
                "effective_from": null,
                "published_by": null,
            }],
            "drafted_at": "2026-11-25T03:00:00Z",
            "drafted_position": 1,
            "retirement": null,
        })
    );
    for filter in RewardPlan::FILTERS {
        assert!(shown[filter].is_string(), "{filter}");
    }
}

#[test]
fn the_version_that_governs_a_day_follows_from_their_first_days() {
    let shown: RewardPlan = published().document(plan());
    assert_eq!(shown.state, State::Published);
    let governs = |shown: &RewardPlan, on| shown.governing(day(on)).map(|version| version.number);
    assert_eq!((governs(&shown, "2026-11-30"), governs(&shown, "2026-12-01")), (None, Some(1)));

    let next = published().then(plan(), revised());
    let shown: RewardPlan = next.document(plan());
    assert_eq!((shown.state, governs(&shown, "2027-06-01")), (State::Published, Some(1)), "it goes on governing");
    let next: RewardPlan = next.then(plan(), approved(2)).then(plan(), publishes(2, "2027-04-01")).document(plan());
    assert_eq!((governs(&next, "2027-03-31"), governs(&next, "2027-04-01")), (Some(1), Some(2)));

    let retired: RewardPlan = published().then(plan(), retired()).document(plan());
    assert_eq!((governs(&retired, "2027-03-30"), governs(&retired, "2027-03-31")), (Some(1), None));
    assert_eq!((retired.state, retired.retirement.and_then(|one| one.note)), (State::Retired, Some(sealed(1))));
}

#[test]
fn a_draft_that_was_never_published_is_discarded_by_the_next() {
    let log = drafted().then(plan(), approved(1));
    assert_eq!(log.document::<RewardPlan>(plan()).state, State::Approved);
    let shown: RewardPlan = log.then(plan(), revised()).document(plan());
    let states: Vec<VersionState> = shown.versions.iter().map(|version| version.state).collect();
    assert_eq!((shown.state, states), (State::Draft, vec![VersionState::Discarded, VersionState::Draft]));
    assert_eq!(shown.versions[0].approved_by, Some(ActorId(uuid(58))), "what was approved is told");
}

#[test]
fn somebody_else_is_asked_to_approve() {
    let tasks = drafted().documents::<Task>().list();
    assert_eq!(tasks.iter().map(|task| task.kind).collect::<Vec<_>>(), [Kind::ApproveRewardPlan]);
    assert_eq!(tasks[0].audience, Audience::ProgrammeAdmin);
    assert!(tasks[0].not_by.contains(&ActorId(uuid(57))));
    for end in [approved(1), retired()] {
        assert!(drafted().then(plan(), end).documents::<Task>().list().is_empty());
    }
    assert_eq!(published().then(plan(), revised()).documents::<Task>().list().len(), 1);
}

#[test]
fn a_publication_is_told_with_its_first_day() {
    let told = describe(published().last());
    assert_eq!((told.event.as_str(), told.rule.as_deref()), ("reward_plan.published", Some("REF-02")));
    assert_eq!(told.title_en, "Version 1 was published; it governs from 2026-12-01");
    assert_eq!(describe(drafted().last()).basis.as_deref(), Some("賃金規程第20条"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_decided_is_shown(steps in steps(), ahead in 0_u64..900) {
        let (decided, log) = grown::<aggregates::reward_plan::RewardPlan>(plan(), &orders(), &steps);
        let shown: RewardPlan = log.document(plan());
        prop_assert_eq!(<&str>::from(shown.state), decided.state());
        let standing = decided.standing().expect("it is drafted");
        let on = day("2024-03-01") + Days::new(ahead);
        let pin = decided.pin(RewardPlanId(plan()), on);
        prop_assert_eq!(shown.governing(on).map(|version| version.number), pin.map(|pin| pin.version));
        let writers: BTreeSet<ActorId> = shown.versions.iter().map(|version| version.drafted_by).collect();
        prop_assert_eq!(&writers, &standing.editors);
        let waits = standing.versions.proposal.as_ref().is_some_and(|proposal| proposal.approved_by.is_none());
        let retired = shown.retirement.is_some();
        prop_assert_eq!(!log.documents::<Task>().list().is_empty(), waits && !retired);
    }
}

// helpers

fn orders() -> Vec<RewardPlanCommand> {
    use RewardPlanCommand as C;
    let HrEvent::RewardPlan(RewardPlanEvent::Drafted { terms, .. }) = sample("drafted") else { panic!("a sample") };
    let filed = PlanTerms { filed_on: Some(day("2024-01-01")), ..*terms };
    let less = PlanTerms { amount: Money { amount: 50_000, currency: "JPY".to_owned() }, ..filed.clone() };
    let approve = C::Approve { role: "executive".to_owned() };
    vec![
        C::Draft(Box::new(filed.clone())),
        C::Revise(Box::new(less)),
        C::Revise(Box::new(filed)),
        approve.clone(),
        approve.clone(),
        approve,
        C::Publish { effective_from: None },
        C::Publish { effective_from: None },
        C::Publish { effective_from: Some(day("2025-04-01")) },
        C::Retire { note: None },
    ]
}

fn plan() -> Uuid {
    uuid(13)
}

fn sample(name: &str) -> HrEvent {
    crate::support::sample(&format!("reward_plan.{name}"))
}

fn drafted() -> Log {
    Log::on("2026-11-25").then(plan(), sample("drafted"))
}

fn published() -> Log {
    drafted().then(plan(), approved(1)).then(plan(), publishes(1, "2026-12-01"))
}

fn revised() -> HrEvent {
    sample("revised")
}

fn retired() -> HrEvent {
    sample("retired")
}

fn approved(version: u32) -> HrEvent {
    RewardPlanEvent::Approved { version, approved_by: ActorId(uuid(58)) }.into()
}

fn publishes(version: u32, from: &str) -> RewardPlanEvent {
    RewardPlanEvent::Published { version, effective_from: day(from), published_by: ActorId(uuid(57)) }
}
