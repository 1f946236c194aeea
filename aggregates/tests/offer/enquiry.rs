//! Returners ask why their conditions are as they are, and are answered (PAY-02).

use aggregates::offer::{Enquiry, Explanation, Offer, OfferCommand as C, OfferError, OfferEvent};
use aggregates::pay::{DifferenceReason, RegularComparison};

use super::{accepted, candidate, drafted_event, out, recruiter, today};
use crate::samples::offer::{self as samples, fixed_term};
use crate::support::{Given, person, sealed, system};

/// A question without words, from the candidate.
pub fn ask() -> C {
    C::RequestExplanation(Enquiry { question: None, recorded_for: None, within_days: 14 })
}

/// An answer in words alone.
pub fn answer() -> C {
    answered_with(None)
}

fn answered_with(comparison: Option<RegularComparison>) -> C {
    let comparison = comparison.map(Box::new);
    C::AnswerExplanation(Explanation { answer: sealed(21), comparison, role: "compensation".to_owned() })
}

/// What is asked on that day is answered within fourteen days.
pub fn asked() -> OfferEvent {
    OfferEvent::ExplanationRequested {
        requested_by: candidate().id,
        answer_by: today() + chrono::Days::new(14),
        question: None,
        recorded_for: None,
    }
}

fn with_question() -> C {
    C::RequestExplanation(Enquiry { question: Some(sealed(20)), recorded_for: None, within_days: 14 })
}

#[test]
fn whoever_has_the_offer_asks_and_one_question_waits_at_a_time() {
    for past in [out(), accepted()] {
        let offer = Given::<Offer>::events(past);
        offer.when(candidate(), today(), ask()).then([asked()]);
        let offer = offer.and([asked()]);
        offer.when(candidate(), today(), ask()).quiet();
        let answer_by = today() + chrono::Days::new(14);
        offer.when(candidate(), today(), with_question()).refused(OfferError::ExplanationPending { answer_by });
        let given = offer.when(person(62), today(), answer()).recorded();
        assert!(matches!(given[..], [OfferEvent::ExplanationGiven { comparison: None, .. }]), "{given:?}");
        let answered = offer.and(given);
        answered.when(person(62), today(), answer()).refused(OfferError::NoExplanationPending);
        assert_eq!(answered.when(candidate(), today(), with_question()).recorded().len(), 1, "and asks again");
    }
}

#[test]
fn nobody_asks_for_the_candidate_without_saying_how_it_came_in() {
    let offer = Given::<Offer>::events(out());
    offer.when(recruiter(), today(), ask()).refused(OfferError::CandidateOnly);
    let noted = || C::RequestExplanation(Enquiry { question: None, recorded_for: Some(sealed(22)), within_days: 14 });
    assert_eq!(offer.when(recruiter(), today(), noted()).recorded().len(), 1);
    offer.when(system(), today(), noted()).refused(OfferError::NaturalPersonRequired);
    // Nobody answers themselves.
    offer.and([asked()]).when(candidate(), today(), answer()).refused(OfferError::CandidateExcluded);
}

#[test]
fn what_has_not_gone_out_is_not_asked_about() {
    Given::<Offer>::events([drafted_event()]).when(candidate(), today(), ask()).refused(OfferError::NotExtended);
    Given::<Offer>::events([drafted_event()]).when(person(62), today(), answer()).refused(OfferError::NotExtended);
}

/// Whoever asked reads the answer: an offer that was pulled back answers once it is with them again.
#[test]
fn an_offer_that_was_pulled_back_does_not_answer() {
    let offer = Given::<Offer>::events(out()).and([asked()]);
    let revised = offer.when(recruiter(), today(), super::revise(super::raised())).recorded();
    let offer = offer.and(revised);
    assert_eq!(offer.state(), "drafting");
    offer.when(person(62), today(), answer()).refused(OfferError::NotExtended);
}

/// A letter that comes in while a question waits is not lost without a word.
#[test]
fn what_is_recorded_while_a_question_waits_is_refused() {
    let offer = Given::<Offer>::events(out()).and([asked()]);
    let noted = C::RequestExplanation(Enquiry { question: None, recorded_for: Some(sealed(22)), within_days: 14 });
    let answer_by = today() + chrono::Days::new(14);
    offer.when(recruiter(), today(), noted).refused(OfferError::ExplanationPending { answer_by });
}

/// That a contract is of another type explains nothing.
#[test]
fn who_is_no_regular_worker_is_told_how_they_stand_beside_them() {
    let mut past = out();
    let Some(OfferEvent::Drafted(drafted)) = past.first_mut() else { panic!("it was drafted") };
    drafted.terms = fixed_term();
    let offer = Given::<Offer>::events(past).and([asked()]);
    let compensation = person(62);
    offer.when(compensation, today(), answer()).refused(OfferError::ComparisonRequired);
    let comparison = samples::priced_beside_regular_workers().facts.comparison.unwrap();
    let with = |comparison: &RegularComparison| answered_with(Some(comparison.clone()));
    assert_eq!(offer.when(compensation, today(), with(&comparison)).recorded().len(), 1);
    let mut unexplained = comparison.clone();
    unexplained.items[1].reasons.clear();
    let code = "worse_without_reason";
    offer.when(compensation, today(), with(&unexplained)).refused(OfferError::ComparisonLacks { code });
    unexplained.items[1].reasons.insert(DifferenceReason::Duties);
    let code = "reason_does_not_hold";
    offer.when(compensation, today(), with(&unexplained)).refused(OfferError::ComparisonLacks { code });
    // Regular workers are compared with nobody.
    let regular = Given::<Offer>::events(out()).and([asked()]);
    regular.when(compensation, today(), with(&comparison)).refused(OfferError::NothingToCompare);
}
