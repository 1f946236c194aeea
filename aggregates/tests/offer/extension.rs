//! Extension: approved, complete, one seat, and a person who may still come back.

use aggregates::application::EligibilityResult;
use aggregates::offer::{
    ApplicationFacts, Case, ContractTerm, Drafted, Extended, Hold, NoticeItem, Offer, OfferCommand as C, OfferError,
    OfferEvent, Pack, Position, Seen, Terms,
};
use aggregates::stream::Claim;
use chrono::TimeDelta;

use super::{
    accepted, approved, approved_event, barred_by_flag, candidate, drafted_event, expiry, extend, extended_event,
    ineligible, out, ready, recruiter, requested, seat, today, waiting,
};
use crate::samples::offer::{drafted, extended, fixed_term};
use crate::support::{Given, day, instant, uuid};

#[test]
fn an_approved_offer_goes_out_on_a_seat_with_its_documents() {
    let offer = Given::<Offer>::events(approved());
    offer.when(recruiter(), today(), extend()).then([extended_event()]);
    assert_eq!(offer.claims(uuid(10), &extended_event()), [Claim::take("seat", seat(2), uuid(9))]);
    let out = offer.and([extended_event()]);
    assert_eq!(out.state(), "extended");
    let standing = out.folded().standing().unwrap();
    assert_eq!((standing.seat, standing.documents.len()), (Some(2), 3));
}

#[test]
fn nothing_goes_out_unapproved_or_twice() {
    for (past, refusal) in [
        (vec![drafted_event()], OfferError::NotApproved),
        (waiting(), OfferError::NotApproved),
        (out(), OfferError::AlreadyExtended),
        (accepted(), OfferError::AlreadyAccepted),
    ] {
        Given::<Offer>::events(past).when(recruiter(), today(), extend()).refused(refusal);
    }
}

#[test]
fn no_seat_no_offer() {
    given_approved(|parts| parts.seat = None).refused(OfferError::HeadcountFull);
    given_approved(|parts| parts.position = Position::Closed).refused(OfferError::RequisitionClosed);
}

#[test]
fn what_changed_since_it_was_seen_or_rendered_does_not_go_out() {
    given_approved(|parts| parts.seen = Seen::Terms("9".repeat(64))).refused(OfferError::TermsChanged);
    given_approved(|parts| parts.pack = "9".repeat(64)).refused(OfferError::TermsChanged);
}

#[test]
fn whether_the_person_may_come_back_is_looked_at_again() {
    for (application, refusal) in [
        (ApplicationFacts { hold: Hold::OnHold, ..ready() }, OfferError::ApplicationOnHold),
        (ApplicationFacts { case: Case::Early, ..ready() }, OfferError::ApplicationNotEvaluated),
        (ApplicationFacts { case: Case::Ended, ..ready() }, OfferError::ApplicationEnded),
        (ApplicationFacts { case: Case::Accepted, ..ready() }, OfferError::OfferLive),
        (ApplicationFacts { eligibility: EligibilityResult::NeedsReview, ..ready() }, ineligible("needs_review")),
        (
            ApplicationFacts { open: vec![barred_by_flag()], ..ready() },
            OfferError::NotEligibleAnyMore {
                rule: "PRV-13".to_owned(),
                code: "flag_in_force".to_owned(),
                basis: Some("第12条".to_owned()),
            },
        ),
    ] {
        given_approved(|parts| parts.application = application).refused(refusal);
    }
}

#[test]
fn old_approvals_carry_nothing_out() {
    let offer = Given::<Offer>::events(approved());
    offer.when(recruiter(), day("2026-12-15"), extend()).then([extended_event()]);
    let until = day("2026-12-15");
    offer.when(recruiter(), day("2026-12-16"), extend()).refused(OfferError::ApprovalsExpired { until });
}

#[test]
fn an_incomplete_notice_of_working_conditions_stops_the_offer() {
    let unrenewed = ContractTerm::Fixed { ends_on: day("2027-12-31"), renewal: None, ground: None };
    let terms = Terms { contract: unrenewed, ..fixed_term() };
    let incomplete = OfferEvent::Drafted(Box::new(Drafted { terms, ..drafted() }));
    Given::<Offer>::events([incomplete, requested(), approved_event()])
        .when(recruiter(), today(), extend())
        .refused(OfferError::TermsIncomplete { item: NoticeItem::Renewal });
}

#[test]
fn an_offer_whose_time_is_over_does_not_go_out() {
    let short = instant("2026-12-02T00:00:00Z");
    let drafted = OfferEvent::Drafted(Box::new(Drafted { expires_at: short, ..drafted() }));
    Given::<Offer>::events([drafted, requested(), approved_event()])
        .when(recruiter(), short, extend())
        .refused(OfferError::ExpiryNotInFuture { expires_at: short });
}

#[test]
fn the_candidate_is_given_more_time_and_never_less() {
    let later = expiry() + TimeDelta::days(7);
    let more = |expires_at| C::ExtendExpiry { expires_at };
    let offer = Given::<Offer>::events(out());
    let extended =
        OfferEvent::ExpiryExtended { expires_at: later, extended_by: recruiter().id, account: Some(candidate().id) };
    offer.when(recruiter(), today(), more(later)).then([extended.clone()]);
    offer.when(recruiter(), today(), more(expiry())).quiet();
    offer
        .when(recruiter(), today(), more(expiry() - TimeDelta::seconds(1)))
        .refused(OfferError::ExpiryNotLater { expires_at: expiry() });
    offer.when(recruiter(), expiry(), more(later)).refused(OfferError::Expired { expires_at: expiry() });
    offer.and([extended]).when_woken(expiry()).quiet();
    for past in [vec![drafted_event()], waiting(), approved()] {
        Given::<Offer>::events(past).when(recruiter(), today(), more(later)).refused(OfferError::NotExtended);
    }
    Given::<Offer>::events(accepted()).when(recruiter(), today(), more(later)).refused(OfferError::AlreadyAccepted);
}

// helpers

struct Parts {
    seen: Seen,
    seat: Option<u32>,
    application: ApplicationFacts,
    position: Position,
    pack: String,
}

fn given_approved(change: impl FnOnce(&mut Parts)) -> crate::support::Outcome<Offer> {
    let mut parts = Parts {
        seen: Seen::Version,
        seat: Some(2),
        application: ready(),
        position: Position::Open,
        pack: "1".repeat(64),
    };
    change(&mut parts);
    let Parts { seen, seat, application, position, pack } = parts;
    let Extended { documents, .. } = extended();
    let order = C::Extend {
        seen,
        seat,
        application: Box::new(application),
        position,
        pack: Pack { terms_hash: pack, documents },
        labour: None,
    };
    Given::<Offer>::events(approved()).when(recruiter(), today(), order)
}
