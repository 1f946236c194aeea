//! What somebody who came back earns later, against what was offered (PAY-27).

use aggregates::checks::{Outcome, Settlement};
use aggregates::ids::SnapshotId;
use aggregates::offer::{
    Drafting, Offer, OfferCommand as C, OfferError, OfferEvent, OneOff, OneOffPayment, PaidOnce, PeersNow, RemedyPlan,
    SPLIT, Tracking,
};
use aggregates::pay::{Fraction, Tier};
use aggregates::values::Money;

use super::{accepted, accepted_event, drafting, out, recruiter, today};
use crate::samples::offer::{self as samples, yen};
use crate::support::{Given, day, person, system, uuid};

/// A snapshot shows a base on a day after a return on 2027-01-04.
pub fn shows(base: i64, as_of: &str) -> Tracking {
    let priced = samples::priced(7_400_000);
    Tracking {
        snapshot_id: SnapshotId(uuid(77)),
        as_of: day(as_of),
        previous: None,
        started_on: day("2027-01-04"),
        base: Some(yen(base)),
        peers: Some(PeersNow { size: 8, median: Some(Fraction::whole(7_300_000)) }),
        priced_by: Some(Box::new((priced.policy, priced.facts))),
    }
}

/// So much was paid once on a day, after a return on 2027-01-04.
pub fn paid(amount: i64, paid_on: &str) -> OneOff {
    let priced = samples::priced(7_400_000);
    OneOff {
        payment: OneOffPayment {
            paid_on: day(paid_on),
            amount: yen(amount),
            evidence_ref: format!("payroll/{paid_on}"),
        },
        started_on: Some(day("2027-01-04")),
        priced_by: Some(Box::new((priced.policy, priced.facts))),
    }
}

/// Accepted at 7.4 million, which was within the policy.
fn back() -> Given<Offer> {
    let within = Drafting { priced: Some(Box::new(samples::priced(7_400_000))), ..drafting() };
    let drafted = Given::<Offer>::nothing().when(recruiter(), day("2026-12-01"), super::draft(within)).recorded();
    let rest = out().into_iter().filter(|event| !matches!(event, OfferEvent::Drafted(_)));
    Given::events(drafted.into_iter().chain(rest).chain([accepted_event()]))
}

fn track(offer: &Given<Offer>, tracking: Tracking) -> Vec<OfferEvent> {
    offer.when(system(), day("2027-05-01"), C::Track(Box::new(tracking))).recorded()
}

#[test]
fn a_base_that_would_have_been_stricter_is_a_split_offer_that_somebody_acknowledges() {
    let offer = back();
    let recorded = track(&offer, shows(8_100_000, "2027-04-01"));
    let [OfferEvent::PayChanged(change)] = &recorded[..] else { panic!("{recorded:?}") };
    assert_eq!((&change.before, &change.base), (&yen(7_400_000), &yen(8_100_000)));
    assert_eq!(change.peers.map(|peers| peers.size), Some(8));
    let retest = change.retest.as_ref().unwrap();
    assert_eq!((retest.tier, retest.is_split(), retest.rule.outcome), (Tier::D, true, Outcome::Warn));
    let offer = offer.and(recorded);
    assert_eq!(offer.state(), "accepted");
    let acknowledged =
        |by| C::Settle(Settlement::Acknowledged { rule: SPLIT.to_owned(), reason: crate::support::sealed(3), by });
    offer
        .when(recruiter(), day("2027-05-02"), acknowledged(recruiter().id))
        .refused(OfferError::DistinctApproverRequired);
    let compliance = person(65);
    assert_eq!(offer.when(compliance, day("2027-05-02"), acknowledged(compliance.id)).recorded().len(), 1);
}

/// As one offer it would have needed a larger plan, and a tier that is the strictest already tells nothing of it.
#[test]
fn a_base_that_costs_more_to_remedy_than_was_planned_is_a_split_offer() {
    let planned = |amount: i64| {
        let overtaking = Drafting { priced: Some(Box::new(samples::priced(8_100_000))), ..drafting() };
        let drafted = Given::<Offer>::nothing().when(recruiter(), day("2026-12-01"), super::draft(overtaking));
        let mut exception = samples::exception();
        exception.remedy = exception.remedy.map(|plan| RemedyPlan { amount: yen(amount), ..plan });
        let (terms_hash, requested_by) = ("5".repeat(64), recruiter().id);
        let asked =
            OfferEvent::ExceptionRequested { version: 1, terms_hash, exception: Box::new(exception), requested_by };
        let rest = out().into_iter().filter(|event| !matches!(event, OfferEvent::Drafted(_)));
        Given::events(drafted.recorded().into_iter().chain([asked]).chain(rest).chain([accepted_event()]))
    };
    let tested = |offer: &Given<Offer>| {
        let recorded = track(offer, shows(8_150_000, "2027-04-01"));
        let [OfferEvent::PayChanged(change)] = &recorded[..] else { panic!("{recorded:?}") };
        let retest = change.retest.clone().unwrap();
        (retest.tier, retest.rule.outcome, retest.rule.code)
    };
    assert_eq!(tested(&planned(885_000)), (Tier::D, Outcome::Warn, "remedy_exceeded".to_owned()));
    assert_eq!(tested(&planned(9_000_000)), (Tier::D, Outcome::Pass, "within_approval".to_owned()));
}

#[test]
fn a_small_raise_is_within_what_was_approved() {
    let recorded = track(&back(), shows(7_450_000, "2027-04-01"));
    let [OfferEvent::PayChanged(change)] = &recorded[..] else { panic!("{recorded:?}") };
    let retest = change.retest.as_ref().unwrap();
    assert_eq!((retest.tier, retest.is_split()), (Tier::A, false));
}

#[test]
fn a_raise_is_tested_where_it_may_lie_within_six_months_and_followed_afterwards() {
    for (previous, as_of, tested) in [
        (None, "2027-07-03", true),
        (None, "2027-07-31", true),
        (Some("2027-07-03"), "2027-07-31", true),
        (Some("2027-07-04"), "2027-07-31", false),
    ] {
        let shown = Tracking { previous: previous.map(day), ..shows(8_100_000, as_of) };
        let recorded = track(&back(), shown);
        let [OfferEvent::PayChanged(change)] = &recorded[..] else { panic!("{recorded:?}") };
        assert_eq!(change.retest.is_some(), tested, "{previous:?} {as_of}");
    }
}

#[test]
fn what_says_nothing_new_is_quiet() {
    let offer = back();
    let quiet = |offer: &Given<Offer>, tracking: Tracking| {
        offer.when(system(), day("2027-05-01"), C::Track(Box::new(tracking))).quiet();
    };
    quiet(&offer, shows(7_400_000, "2027-04-01"));
    quiet(&offer, shows(8_100_000, "2027-01-03"));
    let raised = offer.and(track(&back(), shows(8_100_000, "2027-04-01")));
    quiet(&raised, Tracking { base: None, ..shows(0, "2027-05-01") });
    let dollars = Money { amount: 80_000, currency: "USD".to_owned() };
    quiet(&raised, Tracking { base: Some(dollars), ..shows(0, "2027-05-01") });
    quiet(&raised, shows(8_100_000, "2027-05-01"));
    quiet(&raised, shows(9_000_000, "2027-03-01"));
    assert_eq!(track(&raised, shows(8_200_000, "2027-06-01")).len(), 1);
}

#[test]
fn under_version_0_a_change_is_told_and_nothing_is_tested() {
    let recorded =
        track(&Given::events(accepted()), Tracking { priced_by: None, peers: None, ..shows(8_100_000, "2027-04-01") });
    let [OfferEvent::PayChanged(change)] = &recorded[..] else { panic!("{recorded:?}") };
    assert_eq!(change.retest, None);
    Given::<Offer>::events(out())
        .when(system(), day("2027-05-01"), C::Track(Box::new(shows(8_100_000, "2027-04-01"))))
        .refused(OfferError::NotAccepted);
}

fn record(offer: &Given<Offer>, one_off: OneOff) -> Vec<OfferEvent> {
    offer.when(person(62), day("2027-09-01"), C::RecordOneOff(Box::new(one_off))).recorded()
}

fn tested(recorded: &[OfferEvent]) -> Option<(Tier, bool)> {
    let [OfferEvent::OneOffRecorded(paid)] = recorded else { panic!("{recorded:?}") };
    paid.retest.as_ref().map(|retest| (retest.tier, retest.is_split()))
}

/// More than a month's base, paid once: as a sign-on payment it would have been tier D.
#[test]
fn what_is_paid_once_soon_after_the_return_counts_as_if_it_had_been_offered() {
    let offer = back();
    assert_eq!(tested(&record(&offer, paid(616_666, "2027-03-25"))), Some((Tier::A, false)));
    assert_eq!(tested(&record(&offer, paid(616_667, "2027-03-25"))), Some((Tier::D, true)));
    // Two payments are added up, and neither is after six months.
    let first = record(&offer, paid(400_000, "2027-03-25"));
    let offer = offer.and(first);
    assert_eq!(tested(&record(&offer, paid(216_666, "2027-07-03"))), Some((Tier::A, false)));
    let split = record(&offer, paid(216_667, "2027-07-03"));
    assert_eq!(tested(&split), Some((Tier::D, true)));
    assert_eq!(tested(&record(&offer, paid(216_667, "2027-07-04"))), None, "it is recorded, and not tested");
    let offer = offer.and(split);
    let by = person(65).id;
    let acknowledged =
        C::Settle(Settlement::Acknowledged { rule: SPLIT.to_owned(), reason: crate::support::sealed(3), by });
    assert_eq!(offer.when(person(65), day("2027-09-01"), acknowledged).recorded().len(), 1);
}

/// A raise makes no payment smaller: it is held against the base that was offered as well.
#[test]
fn raises_and_payments_are_tested_together() {
    let offer = back();
    let first = record(&offer, paid(616_666, "2027-02-25"));
    let offer = offer.and(first);
    let raised_to = |base| {
        let raise = track(&offer, shows(base, "2027-04-01"));
        let [OfferEvent::PayChanged(change)] = &raise[..] else { panic!("{raise:?}") };
        let retest = change.retest.as_ref().unwrap();
        ((retest.tier, retest.is_split()), raise)
    };
    let (tested_with, raise) = raised_to(7_450_000);
    assert_eq!(tested_with, (Tier::A, false));
    let raised = offer.clone().and(raise);
    assert_eq!(tested(&record(&raised, paid(1, "2027-05-25"))), Some((Tier::D, true)), "of the base that was offered");
    // Of a lower base it is more than a month.
    assert_eq!(raised_to(7_399_000).0, (Tier::D, true));
    // What was split stays so, whatever is raised afterwards.
    let split = back();
    let once = record(&split, paid(616_667, "2027-02-25"));
    let split = split.and(once);
    let [OfferEvent::PayChanged(change)] = &track(&split, shows(7_450_000, "2027-04-01"))[..] else {
        panic!("a raise")
    };
    assert!(change.retest.as_ref().unwrap().is_split());
}

/// What changes after six months is no part of the offer, and no payment of before is tested with it.
#[test]
fn a_late_record_of_a_payment_is_tested_with_the_base_of_then() {
    let offer = back();
    let promoted = track(&offer, Tracking { previous: Some(day("2027-07-04")), ..shows(8_100_000, "2027-08-15") });
    let [OfferEvent::PayChanged(change)] = &promoted[..] else { panic!("{promoted:?}") };
    assert_eq!(change.retest, None);
    let offer = offer.and(promoted);
    assert_eq!(tested(&record(&offer, paid(1, "2027-03-25"))), Some((Tier::A, false)));
    let raised = back();
    let raise = track(&raised, shows(8_100_000, "2027-04-01"));
    let raised = raised.and(raise);
    assert_eq!(tested(&record(&raised, paid(1, "2027-05-25"))), Some((Tier::D, true)), "a raise within them counts");
}

#[test]
fn a_payment_is_recorded_once_and_of_whoever_is_back() {
    let offer = back();
    let refused = |offer: &Given<Offer>, one_off: OneOff, error: OfferError| {
        offer.when(person(62), day("2027-09-01"), C::RecordOneOff(Box::new(one_off))).refused(error);
    };
    let fine = || paid(100_000, "2027-03-25");
    refused(&offer, OneOff { started_on: None, ..fine() }, OfferError::NotBackYet);
    refused(&offer, paid(0, "2027-03-25"), OfferError::OneOffAmountRequired);
    refused(&offer, paid(1, "2027-09-02"), OfferError::OneOffInTheFuture { today: day("2027-09-01") });
    let mut dollars = fine();
    dollars.payment.amount.currency = "USD".to_owned();
    refused(&offer, dollars, OfferError::OneOffCurrency { currency: "JPY".to_owned() });
    refused(&offer, paid(1, "2026-11-30"), OfferError::OneOffTooEarly { from: today() });
    refused(&Given::events(out()), fine(), OfferError::NotAccepted);
    let once = record(&offer, fine());
    let recorded = offer.and(once);
    recorded.when(person(62), day("2027-09-01"), C::RecordOneOff(Box::new(fine()))).quiet();
    refused(&recorded, paid(100_001, "2027-03-25"), OfferError::OneOffRecordedOtherwise);
    // Under version 0 nothing is tested.
    let untested = record(&Given::events(accepted()), OneOff { priced_by: None, ..paid(9_000_000, "2027-03-25") });
    let [OfferEvent::OneOffRecorded(paid)] = &untested[..] else { panic!("{untested:?}") };
    assert!(matches!(**paid, PaidOnce { retest: None, .. }));
}
