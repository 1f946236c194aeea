//! The fairness ledger: events, then pay decisions.

use aggregates::catalogue::HrEvent;
use aggregates::checks::{Outcome, Settlement, found, passed};
use aggregates::ids::ActorId;
use aggregates::offer::{OfferEvent, RangeOutcome, Retest, SPLIT};
use aggregates::pay::Tier;
use aggregates::personal::RecordClass;
use projections::fairness_ledger::{PayDecision, RemedyState};
use projections::model::ReadModel;
use projections::offers::{Offer, State};
use projections::tasks::{Kind, Task};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Log, day, erased, only, sample, samples, sealed, uuid};

#[test]
fn an_offer_that_nothing_assesses_stands_here_as_such() {
    let decision = drafted().document::<PayDecision>(offer());
    let shown = serde_json::to_value(&decision).unwrap();
    assert_eq!((&shown["assessment"], &shown["pay_policy"]), (&json!("not_assessed"), &json!("pay/0")));
    assert_eq!((&shown["tier"], &shown["finding"], &shown["state"]), (&Value::Null, &Value::Null, &json!("drafting")));
    assert_eq!(shown["base"], json!({"amount": 7_400_000, "currency": "JPY"}));
}

#[test]
fn what_was_found_is_told_without_naming_anybody() {
    let decision = assessed().document::<PayDecision>(offer());
    let finding = decision.finding.as_ref().unwrap();
    assert_eq!((finding.peers, finding.qualified, finding.leapfrogged), (8, Some(5), 3));
    let shown = serde_json::to_value(&decision).unwrap();
    assert_eq!(shown["tier"], "D");
    assert_eq!(shown["finding"]["ratios"]["peer_ratio"], json!({"is": {"num": "81", "den": "73"}}));
    assert_eq!(shown["finding"]["remedy_cost"], json!({"num": "885000", "den": "1"}));
    for name in ["A-00003", "A-51011"] {
        assert!(!shown.to_string().contains(name), "{name}");
    }
    for filter in ["state", "tier", "assessment", "legal_entity", "application_id", "person_id"] {
        assert!(PayDecision::FILTERS.contains(&filter) && shown[filter].is_string(), "{filter}");
    }
}

#[test]
fn an_exception_and_its_approvals_stand_beside_what_was_found() {
    let granted = assessed().then(offer(), sample("offer.exception_requested"));
    assert_eq!(granted.document::<PayDecision>(offer()).state, State::ExceptionPending);
    let granted = granted.then(offer(), sample("offer.exception_decided"));
    let decision = granted.document::<PayDecision>(offer());
    let exception = decision.exception.as_ref().unwrap();
    assert_eq!(exception.remedy.as_ref().map(|plan| plan.amount.amount), Some(885_000));
    assert!(exception.decided_by.is_some() && exception.decision.is_some());
    let approved = granted.then(offer(), sample("offer.approval_requested")).then(offer(), sample("offer.approved"));
    let decision = approved.document::<PayDecision>(offer());
    assert_eq!((decision.state, decision.approvals.len()), (State::Approved, 1));
    // Another assessment is of other facts: nothing of what was excepted and approved stands.
    let again = approved.then(offer(), sample("offer.assessed")).document::<PayDecision>(offer());
    assert_eq!((again.state, again.exception, again.approvals.len()), (State::Drafting, None, 0));
    let earlier = again.earlier.last().unwrap();
    assert_eq!((earlier.state, earlier.exception.is_some(), earlier.approvals.len()), (State::Approved, true, 1));
}

#[test]
fn a_range_that_was_excepted_from_twice_is_looked_at() {
    let granted =
        assessed().then(offer(), sample("offer.exception_requested")).then(offer(), sample("offer.exception_decided"));
    let excepted = |log: &Log| log.document::<PayDecision>(offer()).excepted_at();
    assert!(excepted(&granted).is_some());
    assert_eq!(excepted(&granted.clone().then(offer(), sample("offer.rescinded"))), None, "nobody is paid by it");
    let opened = granted.then(offer(), sample("offer.range_review_opened"));
    let review = |log: &Log| log.document::<PayDecision>(offer()).range_review.expect("it is looked at");
    assert_eq!((review(&opened).exceptions, review(&opened).outcome), (2, None));
    let gone = opened.clone().then(offer(), sample("offer.rescinded"));
    assert_eq!(gone.document::<PayDecision>(offer()).range_review, None, "nobody looks because of it");
    let waits = |log: &Log| log.documents::<Task>().list().into_iter().find(|task| task.kind == Kind::ReviewRange);
    assert_eq!(waits(&opened).map(|task| task.due_on), Some(day("2027-01-02")));
    let reviewed = opened.then(offer(), sample("offer.range_reviewed"));
    let done = review(&reviewed);
    assert_eq!((done.outcome, done.recorded_by), (Some(RangeOutcome::Changed), Some(ActorId(uuid(62)))));
    assert!(done.recorded_at.is_some() && waits(&reviewed).is_none());
}

#[test]
fn what_an_accepted_offer_owes_stands_until_it_is_carried_out() {
    let owing = |event: &HrEvent| matches!(event, HrEvent::Offer(OfferEvent::Accepted { remedy: Some(_), .. }));
    let accepted = assessed().then(offer(), samples("offer").into_iter().find(owing).expect("a sample"));
    let owed = accepted.document::<PayDecision>(offer());
    assert_eq!((owed.remedy, owed.remedy_due_on), (Some(RemedyState::Open), Some(day("2027-04-01"))));
    let tasks = |log: &Log| log.documents::<Task>().list();
    let asked = tasks(&accepted);
    let waits = asked.iter().find(|task| task.kind == Kind::CarryOutRemedy).expect("the owner is asked");
    assert_eq!((waits.account, waits.due_on), (Some(ActorId(uuid(64))), day("2027-04-01")));
    let done = accepted.clone().then(offer(), sample("offer.remedy_recorded"));
    let decision = done.document::<PayDecision>(offer());
    assert_eq!((decision.remedy, decision.remedied.len()), (Some(RemedyState::CarriedOut), 1));
    assert!(tasks(&done).iter().all(|task| task.kind != Kind::CarryOutRemedy));
    let shown = done.document::<Offer>(offer());
    assert_eq!((shown.state, shown.remedied[0].remedied.amount.amount), (State::Accepted, 885_000));
    // Whoever does not come after all overtakes nobody.
    let rescinded = accepted.then(offer(), sample("offer.rescinded"));
    assert_eq!(rescinded.document::<PayDecision>(offer()).remedy, None);
    assert!(tasks(&rescinded).is_empty());
}

#[test]
fn a_split_offer_is_looked_at_until_somebody_acknowledges_it() {
    let raised = assessed().then(offer(), sample("offer.accepted")).then(offer(), sample("offer.pay_changed"));
    let decision = raised.document::<PayDecision>(offer());
    assert_eq!((decision.state, decision.pay_changes.len()), (State::Accepted, 1));
    let waits = |log: &Log| log.documents::<Task>().list().iter().any(|task| task.kind == Kind::ReviewSplitOffer);
    assert!(waits(&raised));
    let reason = sealed(9);
    let settlement = Settlement::Acknowledged { rule: SPLIT.to_owned(), reason, by: ActorId(uuid(65)) };
    let acknowledged = raised.clone().then(offer(), OfferEvent::Settled { settlement });
    assert!(!waits(&acknowledged));
    // A file that was put right says that there was nothing to look at.
    let HrEvent::Offer(OfferEvent::PayChanged(mut change)) = sample("offer.pay_changed") else { panic!("a sample") };
    change.retest.iter_mut().for_each(|retest| retest.rule = passed(SPLIT, "within_approval", "賃金規程第8条"));
    assert!(!waits(&raised.clone().then(offer(), OfferEvent::PayChanged(change))));
    let erased = raised.then(uuid(1), erased(uuid(1), only([RecordClass::PayDecision])));
    assert_eq!(erased.document::<PayDecision>(offer()).pay_changes, []);
}

/// What was paid once after the return stands beside it, and what it was tested with.
#[test]
fn a_payment_that_splits_the_offer_is_looked_at() {
    let accepted = assessed().then(offer(), sample("offer.accepted"));
    let HrEvent::Offer(OfferEvent::OneOffRecorded(mut paid)) = sample("offer.one_off_recorded") else {
        panic!("a sample")
    };
    let waits = |log: &Log| log.documents::<Task>().list().iter().any(|task| task.kind == Kind::ReviewSplitOffer);
    paid.retest =
        Some(Retest { tier: Tier::A, fired: vec![], rule: passed(SPLIT, "within_approval", "賃金規程第8条") });
    let passes = OfferEvent::OneOffRecorded(paid.clone());
    let within = accepted.clone().then(offer(), passes.clone());
    assert!(!waits(&within));
    paid.retest = Some(Retest {
        tier: Tier::D,
        fired: vec![],
        rule: found(SPLIT, Outcome::Warn, "split_offer", "賃金規程第8条"),
    });
    let split = within.then(offer(), OfferEvent::OneOffRecorded(paid));
    assert!(waits(&split));
    // What is found to be within the approval after all is not looked at any more.
    assert!(!waits(&split.clone().then(offer(), passes)));
    assert_eq!(split.document::<PayDecision>(offer()).paid_once.len(), 2);
    let erased = split.then(uuid(1), erased(uuid(1), only([RecordClass::PayDecision])));
    assert_eq!(erased.document::<PayDecision>(offer()).paid_once, []);
}

#[test]
fn other_terms_are_another_decision() {
    let before = assessed().document::<PayDecision>(offer());
    let log = assessed().then(offer(), sample("offer.revised"));
    let revised = log.document::<PayDecision>(offer());
    assert_eq!((revised.terms_version, revised.finding, revised.tier), (2, None, None));
    assert_eq!(revised.pay_policy, "pay/0");
    // What was decided of the earlier terms stays on record, with what it rested on.
    let [earlier] = &revised.earlier[..] else { panic!("{:?}", revised.earlier) };
    assert_eq!((earlier.state, earlier.terms_version, earlier.tier), (before.state, 1, before.tier));
    assert_eq!(
        (&earlier.finding, &earlier.pay_policy, &earlier.base),
        (&before.finding, &before.pay_policy, &before.base)
    );
    // The first assessment of what was revised is the decision of it; the next one is another.
    let again = log.then(offer(), sample("offer.assessed"));
    assert_eq!(again.document::<PayDecision>(offer()).earlier.len(), 1);
    let twice = again.then(offer(), sample("offer.assessed")).document::<PayDecision>(offer());
    assert_eq!((twice.earlier.len(), twice.finding.is_some(), twice.tier), (2, true, before.tier));
}

#[test]
fn the_ledger_and_the_offer_tell_the_same_state() {
    let mut log = drafted();
    for event in [
        "offer.assessed",
        "offer.exception_requested",
        "offer.exception_decided",
        "offer.approval_requested",
        "offer.approved",
        "offer.extended",
        "offer.accepted",
    ] {
        log = log.then(offer(), sample(event));
        let (ledger, shown) = (log.document::<PayDecision>(offer()), log.document::<Offer>(offer()));
        assert_eq!((ledger.state, &ledger.terms_hash), (shown.state, &shown.terms_hash), "{event}");
        assert_eq!(ledger.pay_policy, shown.pay_policy, "{event}");
    }
}

#[test]
fn what_was_offered_goes_with_the_pay_decision() {
    let log = assessed().then(uuid(1), erased(uuid(1), only([RecordClass::PayDecision])));
    let decision = log.document::<PayDecision>(offer());
    assert_eq!((decision.base, decision.finding.unwrap().offered), (None, None));
    let revised = assessed().then(offer(), sample("offer.revised"));
    let erased =
        revised.then(uuid(1), erased(uuid(1), only([RecordClass::PayDecision]))).document::<PayDecision>(offer());
    let [earlier] = &erased.earlier[..] else { panic!("{:?}", erased.earlier) };
    assert_eq!((&earlier.base, &earlier.finding.as_ref().unwrap().offered), (&None, &None));
}

fn offer() -> Uuid {
    uuid(10)
}

fn drafted() -> Log {
    let HrEvent::Offer(OfferEvent::Drafted(drafted)) = sample("offer.drafted") else { panic!("a sample") };
    Log::on("2026-12-01").then(offer(), OfferEvent::Drafted(drafted))
}

fn assessed() -> Log {
    drafted().then(offer(), sample("offer.assessed"))
}
