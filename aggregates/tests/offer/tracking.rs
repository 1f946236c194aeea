//! What somebody who came back earns later, against what was offered (PAY-27).

use aggregates::checks::{Outcome, Settlement};
use aggregates::ids::SnapshotId;
use aggregates::offer::{Drafting, Offer, OfferCommand as C, OfferError, OfferEvent, PeersNow, SPLIT, Tracking};
use aggregates::pay::{Fraction, Tier};
use aggregates::values::Money;

use super::{accepted, accepted_event, drafting, out, recruiter};
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
