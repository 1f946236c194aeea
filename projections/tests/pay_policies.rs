//! Pay policies.

use std::collections::BTreeSet;

use aggregates::catalogue::HrEvent;
use aggregates::ids::{ActorId, PayPolicyId};
use aggregates::pay::{Fraction, PolicyTerms, Seat};
use aggregates::pay_policy::{AlertOutcome, AlertReview, PayPolicyCommand, PayPolicyEvent, Publishing};
use aggregates::stream::Stream;
use chrono::Days;
use projections::history::describe;
use projections::model::ReadModel;
use projections::parts::KEPT;
use projections::pay_policies::PayPolicy;
use projections::tasks::{Audience, Kind, Task};
use projections::versions::{State, VersionState};
use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

use crate::agreement::{grown, steps};
use crate::support::{Log, day, sealed, uuid};

#[test]
fn a_drafted_policy_is_shown_whole() {
    let shown = serde_json::to_value(drafted().document::<PayPolicy>(policy())).unwrap();
    let HrEvent::PayPolicy(PayPolicyEvent::Drafted { terms, .. }) = sample("drafted") else { panic!("a sample") };
    assert_eq!(
        shown,
        json!({
            "id": policy(),
            "state": "draft",
            "version": 1,
            "position": 1,
            "legal_entity": "JP-HQ",
            "versions": [{
                "number": 1,
                "state": "draft",
                "terms": terms,
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
    assert_eq!(shown["versions"][0]["terms"]["thresholds"]["peers_d"], json!({"num": "6", "den": "5"}));
    for filter in PayPolicy::FILTERS {
        assert!(shown[filter].is_string(), "{filter}");
    }
}

/// What the figures of a month raise stands with the policy, each row with a task of its own.
#[test]
fn what_is_watched_over_stands_with_the_policy() {
    let all = || crate::support::samples("pay_policy").into_iter();
    let alert_of = |report: &'static str| {
        let of_it = move |event: &HrEvent| matches!(event, HrEvent::PayPolicy(PayPolicyEvent::AlertRaised { raised, .. }) if raised.alert.report == report);
        all().find(of_it).expect("a sample")
    };
    let closed = published().then(policy(), sample("month_closed"));
    let shown: PayPolicy = closed.document(policy());
    assert_eq!((shown.version, shown.position), (closed.last().sequence, closed.last().position), "as its ETag says");
    let raised = closed.then(policy(), alert_of("pay-gaps")).then(policy(), alert_of("stayer-ratios"));
    let tasks = |log: &Log, kind: Kind| -> Vec<_> {
        let list = log.documents::<Task>().list();
        list.into_iter().filter(|task| task.kind == kind).map(|task| (task.audience, task.due_on)).collect()
    };
    let mut waits = tasks(&raised, Kind::ReviewAlert);
    waits.sort_by_key(|(_, due_on)| *due_on);
    assert_eq!(waits, [(Audience::Compliance, day("2027-01-31")), (Audience::Compliance, day("2027-06-30"))]);
    let alerts = |log: &Log| log.document::<PayPolicy>(policy()).watch.expect("it is watched").alerts;
    assert_eq!(alerts(&raised).iter().map(|one| one.outcome).collect::<Vec<_>>(), [None, None]);

    let HrEvent::PayPolicy(PayPolicyEvent::AlertReviewed { alert, review, reviewed_by }) = sample("alert_reviewed")
    else {
        panic!("a sample")
    };
    let review = AlertReview { outcome: AlertOutcome::Mended, ..review };
    let mended = raised.clone().then(policy(), PayPolicyEvent::AlertReviewed { alert, review, reviewed_by });
    assert_eq!(tasks(&mended, Kind::ReviewAlert).len(), 2, "what is being mended is still there");
    let late = raised.clone().then(policy(), sample("joint_assessment_due"));
    assert_eq!(tasks(&late, Kind::AssessPayJointly), [(Audience::Compliance, day("2028-01-01"))]);
    assert_eq!(tasks(&late, Kind::ReviewAlert).len(), 1, "of the other row");
    assert_eq!(alerts(&late)[0].jointly_by, Some(day("2028-01-01")));
    let looked = late.then(policy(), sample("alert_reviewed"));
    assert_eq!((tasks(&looked, Kind::AssessPayJointly).len(), tasks(&looked, Kind::ReviewAlert).len()), (0, 1));
    assert_eq!(alerts(&looked)[0].outcome, Some(AlertOutcome::Justified));
    let cleared = raised.clone().then(policy(), sample("alert_cleared"));
    assert_eq!((alerts(&cleared).len(), tasks(&cleared, Kind::ReviewAlert).len()), (1, 1));
    let ended = raised.then(policy(), retired());
    assert!(tasks(&ended, Kind::ReviewAlert).is_empty());
}

#[test]
fn a_pay_gap_is_published_once_a_year() {
    let due = published().then(policy(), sample("publication_due"));
    let waits = |log: &Log| log.documents::<Task>().list().into_iter().find(|task| task.kind == Kind::PublishPayGap);
    let task = waits(&due).expect("it is to be published");
    assert_eq!((task.audience, task.due_on), (Audience::PeopleOps, day("2027-06-30")));
    let published = due.then(policy(), sample("pay_gap_published"));
    assert!(waits(&published).is_none());
    let watch = published.document::<PayPolicy>(policy()).watch.expect("it is watched");
    assert_eq!(watch.publications[0].published_on, Some(day("2027-06-15")));
}

#[test]
fn the_version_that_governs_a_day_follows_from_their_first_days() {
    let shown: PayPolicy = published().document(policy());
    assert_eq!((shown.state, shown.waiting()), (State::Published, None));
    assert_eq!((governs(&shown, "2026-11-30"), governs(&shown, "2026-12-01")), (None, Some(1)));
    assert_eq!((next(&shown, "2026-11-30"), next(&shown, "2026-12-01")), (Some(1), None));

    let waits = published().then(policy(), revised(2));
    let shown: PayPolicy = waits.document(policy());
    assert_eq!((shown.state, governs(&shown, "2027-06-01")), (State::Published, Some(1)), "it goes on governing");
    assert_eq!(shown.waiting().map(|version| version.number), Some(2));
    let shown: PayPolicy =
        waits.then(policy(), approved(2)).then(policy(), publishes(2, "2027-04-01")).document(policy());
    assert_eq!((governs(&shown, "2027-03-31"), governs(&shown, "2027-04-01")), (Some(1), Some(2)));
    assert_eq!((next(&shown, "2027-03-31"), superseded(&shown, "2027-03-31")), (Some(2), vec![]));
    assert_eq!((next(&shown, "2027-04-01"), superseded(&shown, "2027-04-01")), (None, vec![1]));

    let retired: PayPolicy = published().then(policy(), revised(2)).then(policy(), retired()).document(policy());
    assert_eq!((governs(&retired, "2027-03-30"), governs(&retired, "2027-03-31")), (Some(1), None));
    assert_eq!((retired.waiting(), next(&retired, "2027-03-31")), (None, None), "nothing of it will govern");
    assert_eq!((retired.state, retired.retirement.and_then(|one| one.note)), (State::Retired, Some(sealed(1))));
}

#[test]
fn a_version_that_never_began_is_superseded_by_one_that_begins_no_later() {
    let log = published().then(policy(), revised(2)).then(policy(), approved(2));
    let log = log.then(policy(), publishes(2, "2027-04-01")).then(policy(), revised(3)).then(policy(), approved(3));
    let sooner: PayPolicy = log.clone().then(policy(), publishes(3, "2027-03-01")).document(policy());
    assert_eq!(superseded(&sooner, "2027-01-01"), [2]);
    assert_eq!((next(&sooner, "2027-01-01"), governs(&sooner, "2027-04-01")), (Some(3), Some(3)));
    let later: PayPolicy = log.then(policy(), publishes(3, "2027-05-01")).document(policy());
    assert_eq!(superseded(&later, "2027-01-01"), Vec::<u32>::new());
    assert_eq!((next(&later, "2027-01-01"), next(&later, "2027-04-01")), (Some(2), Some(3)));
}

#[test]
fn a_draft_that_was_never_published_is_discarded_by_the_next() {
    let log = drafted().then(policy(), approved(1));
    assert_eq!(log.document::<PayPolicy>(policy()).state, State::Approved);
    let shown: PayPolicy = log.then(policy(), revised(2)).document(policy());
    let states: Vec<VersionState> = shown.versions.iter().map(|version| version.state).collect();
    assert_eq!((shown.state, states), (State::Draft, vec![VersionState::Discarded, VersionState::Draft]));
    assert_eq!(shown.versions[0].approved_by, Some(ActorId(uuid(58))), "what was approved is told");
}

#[test]
fn however_often_it_is_revised_what_governs_is_kept() {
    let last = u32::try_from(KEPT).unwrap() + 20;
    let log = (2..=last).fold(published(), |log, number| log.then(policy(), revised(number)));
    let shown: PayPolicy = log.document(policy());
    assert_eq!((shown.versions.len(), governs(&shown, "2026-12-01")), (KEPT, Some(1)));
    assert_eq!(shown.waiting().map(|version| version.number), Some(last));
}

#[test]
fn somebody_else_is_asked_to_approve() {
    let tasks = drafted().documents::<Task>().list();
    assert_eq!(tasks.iter().map(|task| task.kind).collect::<Vec<_>>(), [Kind::ApprovePayPolicy]);
    assert_eq!((tasks[0].audience, tasks[0].subject.collection.as_str()), (Audience::ProgrammeAdmin, "pay-policies"));
    assert!(tasks[0].not_by.contains(&ActorId(uuid(57))));
    for end in [approved(1), retired()] {
        assert!(drafted().then(policy(), end).documents::<Task>().list().is_empty());
    }
    assert_eq!(published().then(policy(), revised(2)).documents::<Task>().list().len(), 1);
}

#[test]
fn somebody_else_is_asked_whether_it_is_retired() {
    let proposed =
        || PayPolicyEvent::RetirementProposed { reason: sealed(4), proposed_by: ActorId(uuid(58)), decisions: 41 };
    let asked = published().then(policy(), proposed());
    let tasks = asked.documents::<Task>().list();
    assert_eq!(tasks.iter().map(|task| task.kind).collect::<Vec<_>>(), [Kind::RetirePayPolicy]);
    assert!(tasks[0].not_by.contains(&ActorId(uuid(58))));
    assert!(asked.then(policy(), retired()).documents::<Task>().list().is_empty());
    let anew = published().then(policy(), proposed()).then(policy(), revised(2)).then(policy(), approved(2));
    let again = PayPolicyEvent::Published {
        version: 2,
        effective_from: day("2027-01-01"),
        published_by: ActorId(uuid(57)),
        loosening: None,
        reason: None,
    };
    assert!(anew.then(policy(), again).documents::<Task>().list().is_empty(), "a new version takes it back");
}

#[test]
fn a_publication_is_told_with_its_first_day() {
    let told = describe(published().last());
    assert_eq!((told.event.as_str(), told.rule.as_deref()), ("pay_policy.published", Some("AUD-05")));
    assert_eq!(told.title_en, "Version 1 was published; it governs offers drafted from 2026-12-01");
    assert_eq!(describe(drafted().last()).basis.as_deref(), Some("賃金規程第12条"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_decided_is_shown(steps in steps(), ahead in 0_u64..900) {
        let (decided, log) = grown::<aggregates::pay_policy::PayPolicy>(policy(), &orders(), &steps);
        let shown: PayPolicy = log.document(policy());
        prop_assert_eq!(<&str>::from(shown.state), decided.state());
        let standing = decided.standing().expect("it is drafted");
        let on = day("2024-03-01") + Days::new(ahead);
        let governing = decided.governing(on);
        prop_assert_eq!(shown.governing(on).map(|one| (one.number, &one.terms)), governing.map(|one| (one.version, &one.terms)));
        let writers: BTreeSet<ActorId> = shown.versions.iter().map(|version| version.drafted_by).collect();
        prop_assert_eq!(&writers, &standing.edited.keys().copied().collect());
        let retired = shown.retirement.is_some();
        let proposal = standing.versions.proposal.as_ref().filter(|_| !retired);
        prop_assert_eq!(shown.waiting().map(|version| version.number), proposal.map(|proposal| proposal.version));
        let asked = proposal.is_some_and(|proposal| proposal.approved_by.is_none());
        prop_assert_eq!(!log.documents::<Task>().list().is_empty(), asked);
        // What comes next is what will govern on its first day.
        if let Some(next) = shown.upcoming(on) {
            let first = next.effective_from.expect("it is published");
            prop_assert_eq!(shown.governing(first).map(|version| version.number), Some(next.number));
        }
    }
}

// helpers

#[test]
fn what_a_looser_version_would_have_flipped_stands_with_it() {
    let sample = crate::support::samples("pay_policy")
        .into_iter()
        .find(|event| matches!(event, HrEvent::PayPolicy(PayPolicyEvent::Published { loosening: Some(_), .. })));
    let Some(HrEvent::PayPolicy(PayPolicyEvent::Published { effective_from, published_by, loosening, reason, .. })) =
        sample
    else {
        panic!("a sample")
    };
    let looser = PayPolicyEvent::Published {
        version: 1,
        effective_from,
        published_by,
        loosening: loosening.clone(),
        reason: reason.clone(),
    };
    let shown: PayPolicy = drafted().then(policy(), approved(1)).then(policy(), looser).document(policy());
    let [version] = shown.versions.as_slice() else { panic!("{shown:?}") };
    assert_eq!((&version.loosening, &version.reason), (&loosening.map(|counted| *counted), &reason));
    let [usual] = published().document::<PayPolicy>(policy()).versions.try_into().unwrap_or_else(|_| panic!("one"));
    assert_eq!((usual.loosening, usual.reason), (None, None));
}

fn orders() -> Vec<PayPolicyCommand> {
    use PayPolicyCommand as C;
    let HrEvent::PayPolicy(PayPolicyEvent::Drafted { terms, .. }) = sample("drafted") else { panic!("a sample") };
    let other = PolicyTerms { leapfrog_tolerance: Fraction::percent(3), ..*terms.clone() };
    let mut short = other.clone();
    short.approvers.remove(&Seat::Executive);
    vec![
        C::Draft(terms.clone()),
        C::Revise(Box::new(other)),
        C::Revise(terms),
        C::Revise(Box::new(short)),
        C::Approve,
        C::Approve,
        publishing(None),
        publishing(Some("2024-06-01")),
        publishing(Some("2025-01-01")),
        C::Retire { note: None, decisions: 41 },
    ]
}

fn publishing(from: Option<&str>) -> PayPolicyCommand {
    PayPolicyCommand::Publish(Box::new(Publishing { effective_from: from.map(day), ..Publishing::default() }))
}

fn policy() -> Uuid {
    PayPolicyId(uuid(15)).0
}

fn sample(name: &str) -> HrEvent {
    crate::support::sample(&format!("pay_policy.{name}"))
}

fn governs(shown: &PayPolicy, on: &str) -> Option<u32> {
    shown.governing(day(on)).map(|version| version.number)
}

fn next(shown: &PayPolicy, on: &str) -> Option<u32> {
    shown.upcoming(day(on)).map(|version| version.number)
}

fn superseded(shown: &PayPolicy, on: &str) -> Vec<u32> {
    let gone = shown.versions.iter().filter(|version| shown.is_superseded(version, day(on)));
    gone.map(|version| version.number).collect()
}

fn drafted() -> Log {
    Log::on("2026-11-25").then(policy(), sample("drafted"))
}

fn published() -> Log {
    drafted().then(policy(), approved(1)).then(policy(), publishes(1, "2026-12-01"))
}

fn revised(number: u32) -> HrEvent {
    let HrEvent::PayPolicy(PayPolicyEvent::Revised { terms, revised_by, revised_on, .. }) = sample("revised") else {
        panic!("a sample")
    };
    PayPolicyEvent::Revised { version: number, terms, revised_by, revised_on }.into()
}

fn retired() -> HrEvent {
    sample("retired")
}

fn approved(version: u32) -> HrEvent {
    PayPolicyEvent::Approved { version, approved_by: ActorId(uuid(58)) }.into()
}

fn publishes(version: u32, from: &str) -> PayPolicyEvent {
    let (effective_from, published_by) = (day(from), ActorId(uuid(57)));
    PayPolicyEvent::Published { version, effective_from, published_by, loosening: None, reason: None }
}
