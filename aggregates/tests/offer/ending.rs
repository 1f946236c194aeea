//! How an offer is answered, and how it ends.

use aggregates::offer::{
    Acceptance, Case, DeclineReason, Ending, LapseCause, Offer, OfferCommand as C, OfferError, OfferEvent, Rescinder,
    RescissionReason, Seen,
};
use aggregates::stream::Claim;
use chrono::TimeDelta;

use super::{
    accepted, accepted_event, approved, candidate, drafted_event, executive, expiry, orders, out, recruiter, seat,
    seen, today, waiting,
};
use crate::samples::offer::drafted;
use crate::support::{Given, sealed, service, uuid};

// accept

#[test]
fn the_candidate_accepts_what_they_saw_before_it_lapses() {
    let offer = Given::<Offer>::events(out());
    let last = expiry() - TimeDelta::microseconds(1);
    offer.when(candidate(), last, accept()).then([accepted_event()]);
    assert_eq!(offer.claims(uuid(10), &accepted_event()), [], "the seat stays theirs");
    let accepted = offer.and([accepted_event()]);
    assert_eq!((accepted.state(), accepted.wake()), ("accepted", None));
    accepted.when(candidate(), today(), accept()).quiet();
}

#[test]
fn an_acceptance_in_the_instant_of_expiry_is_late() {
    let offer = Given::<Offer>::events(out());
    for at in [expiry(), expiry() + TimeDelta::days(1)] {
        offer.when(candidate(), at, accept()).refused(OfferError::Expired { expires_at: expiry() });
        offer.when(candidate(), at, decline(None)).refused(OfferError::Expired { expires_at: expiry() });
    }
    let expired = offer.and([OfferEvent::Expired { expired_at: expiry() }]);
    expired.when(candidate(), expiry(), accept()).refused(OfferError::Expired { expires_at: expiry() });
}

#[test]
fn nobody_answers_for_the_candidate_unless_they_say_so() {
    let offer = Given::<Offer>::events(out());
    offer.when(recruiter(), today(), accept()).refused(OfferError::CandidateOnly);
    offer.when(recruiter(), today(), decline(None)).refused(OfferError::CandidateOnly);
    let recorded = C::Accept { seen: seen(), recorded_for: Some(sealed(7)), case: Case::Offered, required: None };
    offer.when(service(9), today(), recorded.clone()).refused(OfferError::NaturalPersonRequired);
    offer.when(recruiter(), today(), recorded).then([OfferEvent::Accepted {
        version: 1,
        terms_hash: "1".repeat(64),
        accepted_by: recruiter().id,
        recorded_for: Some(sealed(7)),
        remedy: None,
        hands_in: None,
    }]);
}

#[test]
fn the_candidate_accepts_no_other_terms_than_they_saw() {
    let order =
        C::Accept { seen: Seen::Terms("9".repeat(64)), recorded_for: None, case: Case::Offered, required: None };
    Given::<Offer>::events(out()).when(candidate(), today(), order.clone()).refused(OfferError::TermsChanged);
    Given::<Offer>::events(accepted()).when(candidate(), today(), order).refused(OfferError::AlreadyAccepted);
}

#[test]
fn only_what_went_out_is_answered() {
    for past in [vec![drafted_event()], waiting(), approved()] {
        let offer = Given::<Offer>::events(past);
        offer.when(candidate(), today(), accept()).refused(OfferError::NotExtended);
        offer.when(candidate(), today(), decline(None)).refused(OfferError::NotExtended);
    }
}

// decline

#[test]
fn the_candidate_declines_before_or_after_accepting() {
    for (past, acceptance) in [(out(), Acceptance::Before), (accepted(), Acceptance::After)] {
        let offer = Given::<Offer>::events(past);
        let declined = declined(acceptance);
        offer.when(candidate(), today(), decline(None)).then([declined.clone()]);
        assert_eq!(offer.claims(uuid(10), &declined), freed());
        let ended = offer.and([declined]);
        assert_eq!(ended.state(), "declined");
        ended.when(candidate(), today(), decline(None)).quiet();
        let ending = Ending::Declined { acceptance, reason_code: DeclineReason::Timing };
        ended.when(candidate(), today(), decline(Some(8))).refused(OfferError::Ended { ending });
        ended.when(candidate(), today(), accept()).refused(OfferError::Ended { ending });
    }
}

// expiry

#[test]
fn an_unanswered_offer_lapses_at_its_expiry() {
    let offer = Given::<Offer>::events(out());
    offer.when_woken(expiry() - TimeDelta::microseconds(1)).quiet();
    let expired = OfferEvent::Expired { expired_at: expiry() };
    offer.when_woken(expiry()).then([expired.clone()]);
    offer.when_woken(expiry() + TimeDelta::days(3)).then([expired.clone()]);
    assert_eq!(offer.claims(uuid(10), &expired), freed());
    let ended = offer.and([expired]);
    assert_eq!((ended.state(), ended.wake()), ("expired", None));
    ended.when_woken(expiry()).quiet();
}

// rescind

#[test]
fn a_recruiter_takes_back_what_nobody_accepted() {
    for past in [vec![drafted_event()], waiting(), approved(), out()] {
        let offer = Given::<Offer>::events(past);
        let rescinded = OfferEvent::Rescinded {
            acceptance: Acceptance::Before,
            reason_code: RescissionReason::PositionWithdrawn,
            clause: None,
            opinion_ref: None,
            rescinded_by: recruiter().id,
            note: None,
        };
        offer.when(recruiter(), today(), rescind(Rescinder::Recruiter, None, None)).then([rescinded.clone()]);
        let freed = if offer.state() == "extended" { freed() } else { vec![live()] };
        assert_eq!(offer.claims(uuid(10), &rescinded), freed);
        assert_eq!(offer.and([rescinded]).state(), "rescinded");
    }
}

#[test]
fn what_was_accepted_is_taken_back_by_an_executive_on_a_legal_opinion_only() {
    let offer = Given::<Offer>::events(accepted());
    let (clause, opinion) = (Some("第20条"), Some("legal/77"));
    offer
        .when(recruiter(), today(), rescind(Rescinder::Recruiter, clause, opinion))
        .refused(OfferError::ExecutiveRequired);
    offer
        .when(service(9), today(), rescind(Rescinder::Executive, clause, opinion))
        .refused(OfferError::NaturalPersonRequired);
    for (clause, opinion) in [(None, opinion), (clause, None), (Some(" "), opinion), (None, None)] {
        offer
            .when(executive(), today(), rescind(Rescinder::Executive, clause, opinion))
            .refused(OfferError::LegalOpinionRequired);
    }
    let recorded = offer.when(executive(), today(), rescind(Rescinder::Executive, clause, opinion)).recorded();
    assert!(matches!(&recorded[..], [OfferEvent::Rescinded { acceptance: Acceptance::After, .. }]));
    assert_eq!(offer.claims(uuid(10), &recorded[0]), freed());
    assert_eq!(offer.and(recorded).state(), "rescinded");
}

// lapse

#[test]
fn an_offer_falls_away_with_its_case() {
    for (because, state) in [
        (LapseCause::ApplicationWithdrawn, "declined"),
        (LapseCause::NoShow, "declined"),
        (LapseCause::ApplicationRejected, "rescinded"),
        (LapseCause::RequisitionClosed, "rescinded"),
    ] {
        for past in [vec![drafted_event()], waiting(), approved(), out(), accepted()] {
            let offer = Given::<Offer>::events(past);
            let lapsed = OfferEvent::Lapsed { because };
            offer.when(crate::support::system(), today(), C::Lapse { because }).then([lapsed.clone()]);
            let ended = offer.and([lapsed]);
            assert_eq!(ended.state(), state);
            ended.when(crate::support::system(), today(), C::Lapse { because }).quiet();
            ended
                .when(candidate(), today(), accept())
                .refused(OfferError::Ended { ending: Ending::Lapsed { because } });
        }
    }
}

#[test]
fn an_ended_offer_answers_nothing_any_more() {
    let rescinded = Given::<Offer>::events(out()).and([OfferEvent::Rescinded {
        acceptance: Acceptance::Before,
        reason_code: RescissionReason::Other,
        clause: None,
        opinion_ref: None,
        rescinded_by: recruiter().id,
        note: None,
    }]);
    let ending = Ending::Rescinded { acceptance: Acceptance::Before, reason_code: RescissionReason::Other };
    for order in orders() {
        rescinded.when(executive(), today(), order).refused(OfferError::Ended { ending });
    }
    rescinded.when_woken(expiry()).quiet();
}

// helpers

fn accept() -> C {
    C::Accept { seen: seen(), recorded_for: None, case: Case::Offered, required: None }
}

fn decline(recorded_for: Option<u64>) -> C {
    C::Decline { reason_code: DeclineReason::Timing, recorded_for: recorded_for.map(sealed), case: Case::Offered }
}

fn declined(acceptance: Acceptance) -> OfferEvent {
    OfferEvent::Declined {
        acceptance,
        reason_code: DeclineReason::Timing,
        declined_by: candidate().id,
        recorded_for: None,
    }
}

fn rescind(role: Rescinder, clause: Option<&str>, opinion_ref: Option<&str>) -> C {
    C::Rescind {
        reason_code: RescissionReason::PositionWithdrawn,
        clause: clause.map(str::to_owned),
        opinion_ref: opinion_ref.map(str::to_owned),
        role,
        note: None,
        case: Case::Accepted,
    }
}

fn live() -> Claim {
    Claim::release("live_offer", drafted().application_id.to_string(), uuid(10))
}

fn freed() -> Vec<Claim> {
    vec![Claim::release("seat", seat(2), uuid(9)), live()]
}
