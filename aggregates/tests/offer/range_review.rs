//! A second exception for a role within a year has somebody look at its pay range.

use aggregates::offer::{
    Ending, LapseCause, Offer, OfferCommand as C, OfferError, OfferEvent, PayRole, RangeOutcome, RangeReviewed,
    ReviewRange,
};

use super::pricing::granted;
use super::{day, person, recruiter, today};
use crate::support::{Given, sealed, system};

/// What an exception granted on 1 March adds up to.
pub fn open() -> C {
    of("G4")
}

fn role(grade: &str) -> PayRole {
    PayRole { grade: grade.to_owned(), job_family: "driver".to_owned() }
}

fn of(grade: &str) -> C {
    C::ReviewRange(ReviewRange::Open { role: role(grade), exceptions: 2, since: day("2026-03-01") })
}

/// Somebody is to look within thirty days.
pub fn opened() -> OfferEvent {
    opened_for("G4")
}

fn opened_for(grade: &str) -> OfferEvent {
    OfferEvent::RangeReviewOpened {
        role: role(grade),
        exceptions: 2,
        since: day("2026-03-01"),
        due_on: today() + chrono::Days::new(30),
        proposed_by: [recruiter().id].into(),
    }
}

fn reviewed(outcome: RangeOutcome) -> RangeReviewed {
    RangeReviewed { outcome, reason: sealed(31), evidence_ref: "pay/ranges/2027-3".to_owned() }
}

/// The range stays.
pub fn record() -> C {
    C::ReviewRange(ReviewRange::Record(reviewed(RangeOutcome::Kept)))
}

#[test]
fn a_range_is_looked_at_once_by_somebody_who_did_not_propose_the_offer() {
    let offer = Given::<Offer>::events(granted());
    let compensation = person(62);
    offer.when(compensation, today(), record()).refused(OfferError::NoRangeReview);
    offer.when(system(), today(), open()).then([opened()]);
    let offer = offer.and([opened()]);
    offer.when(system(), today(), open()).quiet();
    offer.when(system(), today(), of("G5")).then([opened_for("G5")]);
    offer.when(system(), today(), record()).refused(OfferError::NaturalPersonRequired);
    offer.when(recruiter(), today(), record()).refused(OfferError::RangeReviewerExcluded);
    let done = OfferEvent::RangeReviewed { reviewed: reviewed(RangeOutcome::Kept), recorded_by: compensation.id };
    offer.when(compensation, today(), record()).then([done.clone()]);
    let offer = offer.and([done]);
    offer.when(compensation, today(), record()).quiet();
    let otherwise = C::ReviewRange(ReviewRange::Record(reviewed(RangeOutcome::Changed)));
    offer.when(compensation, today(), otherwise).refused(OfferError::RangeReviewed);
}

/// By an offer that came to nothing nobody is paid.
#[test]
fn an_offer_that_has_ended_asks_for_no_look() {
    let because = LapseCause::ApplicationWithdrawn;
    let offer = Given::<Offer>::events(granted()).and([opened(), OfferEvent::Lapsed { because }]);
    for (by, order) in [(system(), open()), (person(62), record())] {
        offer.when(by, today(), order).refused(OfferError::Ended { ending: Ending::Lapsed { because } });
    }
}
