//! Those whom an accepted offer overtakes are remedied as planned, and nobody else overtakes them before (PAY-28).

use aggregates::checks::{CheckAnswer, Outcome, Settlement, found, passed};
use aggregates::offer::{
    Case, Drafting, Offer, OfferCommand as C, OfferError, OfferEvent, REMEDY, Remedied, Revision, Seen,
};
use aggregates::pay::assess;
use aggregates::values::Money;
use chrono::Days;

use super::pricing::{exception, granted};
use super::{accepted, candidate, draft, drafting, extend, person, recruiter, revise, same, today};
use crate::samples::offer::{self as samples, yen};
use crate::support::Given;

/// Raises of so much by an order that took effect today.
pub fn remedied(amount: i64, evidence_ref: &str) -> Remedied {
    Remedied { done_on: today(), amount: yen(amount), evidence_ref: evidence_ref.to_owned() }
}

fn record(remedied: Remedied) -> C {
    C::RecordRemedy(remedied)
}

/// An offer that was excepted with a plan of 885,000, approved by four and accepted.
pub fn owed() -> Vec<OfferEvent> {
    let mut past = super::pricing::past_of_four();
    let mut offer = Given::<Offer>::events(past.clone());
    for who in [71, 62, 63, 64] {
        let approved = offer.when(person(who), today(), super::pricing::approve()).recorded();
        past.extend(approved.clone());
        offer = offer.and(approved);
    }
    let C::Extend { seen, seat, application, position, mut pack, labour } = extend() else {
        unreachable!("it extends")
    };
    pack.terms_hash = "5".repeat(64);
    for (by, order) in [
        (recruiter(), C::Extend { seen, seat, application, position, pack, labour }),
        (candidate(), C::Accept { seen: Seen::Version, recorded_for: None, case: Case::Offered, required: None }),
    ] {
        let recorded = offer.when(by, today(), order).recorded();
        past.extend(recorded.clone());
        offer = offer.and(recorded);
    }
    past
}

fn recorded(amount: i64, evidence_ref: &str, fulfilled: bool) -> OfferEvent {
    OfferEvent::RemedyRecorded { remedied: remedied(amount, evidence_ref), recorded_by: person(62).id, fulfilled }
}

#[test]
fn an_acceptance_says_what_is_owed_from_then_on() {
    let past = owed();
    let Some(OfferEvent::Accepted { remedy, .. }) = past.last() else { panic!("{past:?}") };
    assert_eq!(remedy.as_deref(), exception().remedy.as_ref());
    let Some(OfferEvent::Accepted { remedy, .. }) = accepted().pop() else { panic!("it is accepted") };
    assert_eq!(remedy, None, "an offer within the policy owes nobody anything");
}

#[test]
fn a_plan_is_carried_out_order_by_order() {
    let offer = Given::<Offer>::events(owed());
    offer.when(person(62), today(), record(remedied(500_000, "hr/7"))).then([recorded(500_000, "hr/7", false)]);
    let offer = offer.and([recorded(500_000, "hr/7", false)]);
    offer.when(person(62), today(), record(remedied(500_000, "hr/7"))).quiet();
    offer.when(person(62), today(), record(remedied(400_000, "hr/7"))).refused(OfferError::RemedyRecordedOtherwise);
    offer.when(person(62), today(), record(remedied(385_000, "hr/8"))).then([recorded(385_000, "hr/8", true)]);
    let offer = offer.and([recorded(385_000, "hr/8", true)]);
    offer.when(person(62), today(), record(remedied(1, "hr/9"))).refused(OfferError::RemedyCarriedOut);
}

#[test]
fn what_is_no_remedy_is_refused() {
    let offer = Given::<Offer>::events(owed());
    let tomorrow = today() + Days::new(1);
    let dollars = Money { amount: 9_000, currency: "USD".to_owned() };
    for (remedied, refusal) in [
        (Remedied { done_on: tomorrow, ..remedied(885_000, "hr/7") }, OfferError::RemedyInTheFuture { today: today() }),
        (
            Remedied { done_on: today() - Days::new(1), ..remedied(885_000, "hr/7") },
            OfferError::RemedyBeforeApproval { from: today() },
        ),
        (remedied(0, "hr/7"), OfferError::RemedyAmountRequired),
        (remedied(885_000, " "), OfferError::RemedyEvidenceRequired),
        (
            Remedied { amount: dollars, ..remedied(1, "hr/7") },
            OfferError::RemedyCurrency { currency: "JPY".to_owned() },
        ),
    ] {
        offer.when(person(62), today(), record(remedied)).refused(refusal);
    }
    let order = || record(remedied(885_000, "hr/7"));
    Given::<Offer>::events(granted()).when(person(62), today(), order()).refused(OfferError::RemedyNotOwed);
    Given::<Offer>::events(accepted()).when(person(62), today(), order()).refused(OfferError::NoRemedyPlanned);
}

#[test]
fn while_a_plan_is_overdue_the_next_offers_of_its_tiers_are_on_hold() {
    let rule = |base| {
        let priced = samples::priced_while_overdue(base);
        let assessment = assess(&priced.policy, &priced.facts).unwrap();
        let clause = priced.policy.clause;
        (assessment.rules.into_iter().find(|rule| rule.rule == REMEDY).unwrap(), clause)
    };
    let (held, clause) = rule(8_100_000);
    assert_eq!(held, found(REMEDY, Outcome::Hold, "remedy_overdue", &clause));
    assert_eq!(rule(7_400_000).0, passed(REMEDY, "tier_not_concerned", &clause));
    let without = samples::priced(8_100_000);
    let rules = assess(&without.policy, &without.facts).unwrap().rules;
    let said: Vec<_> = rules.into_iter().filter(|rule| rule.rule == REMEDY).collect();
    assert_eq!(said, [passed(REMEDY, "nothing_overdue", &clause)]);
}

/// Whoever proposes an offer does not let it go on beside a plan that is overdue; and what is answered against it after the
/// approval stops it as well.
#[test]
fn another_person_answers_for_an_overdue_plan_and_the_answer_counts_to_the_end() {
    let says = |answer, by: u64| {
        let by = person(by).id;
        Settlement::Answered { rule: REMEDY.to_owned(), answer, evidence_ref: "hr/28".into(), by }
    };
    let mut past = super::pricing::past_of_four();
    let assessed =
        past.iter_mut().find_map(|event| if let OfferEvent::Assessed(one) = event { Some(one) } else { None });
    let rules = &mut assessed.unwrap().assessment.rules;
    rules.retain(|rule| rule.rule != REMEDY);
    rules.push(found(REMEDY, Outcome::Hold, "remedy_overdue", "賃金規程第12条"));
    let offer = Given::<Offer>::events(past);
    let satisfied = says(CheckAnswer::Satisfied, 65);
    offer
        .when(recruiter(), today(), C::Settle(says(CheckAnswer::Satisfied, 61)))
        .refused(OfferError::DistinctApproverRequired);
    offer
        .when(person(65), today(), C::Settle(satisfied.clone()))
        .then([OfferEvent::Settled { settlement: satisfied.clone() }]);
    let mut offer = offer.and([OfferEvent::Settled { settlement: satisfied }]);
    for who in [71, 62, 63, 64] {
        let approved = offer.when(person(who), today(), super::pricing::approve()).recorded();
        offer = offer.and(approved);
    }
    let extends = || {
        let C::Extend { seen, seat, application, position, mut pack, labour } = extend() else {
            unreachable!("it extends")
        };
        pack.terms_hash = "5".repeat(64);
        C::Extend { seen, seat, application, position, pack, labour }
    };
    assert!(offer.when(recruiter(), today(), extends()).answer().is_ok());
    let against = offer.and([OfferEvent::Settled { settlement: says(CheckAnswer::NotSatisfied, 65) }]);
    let refused = against.when(recruiter(), today(), extends()).answer().unwrap_err();
    assert!(matches!(&refused, OfferError::RuleOpen { rule, .. } if rule == REMEDY), "{refused:?}");
}

#[test]
fn a_plan_that_fell_overdue_since_has_the_offer_assessed_again() {
    let asks = |overdue| C::RequestApproval { overdue, editors: [].into(), labour: None };
    let offer = Given::<Offer>::events(granted());
    let refusal = OfferError::RemediesOverdue { plans: 1 };
    offer.when(recruiter(), today(), asks(vec![samples::overdue()])).refused(refusal);
    let priced = Some(Box::new(samples::priced_while_overdue(8_100_000)));
    let revision = Revision { terms_hash: "6".repeat(64), priced, ..same() };
    let recorded = offer.when(recruiter(), today(), revise(revision)).recorded();
    let [OfferEvent::Assessed(assessed)] = &recorded[..] else { panic!("{recorded:?}") };
    assert_eq!(assessed.basis.overdue_remedies, [samples::overdue()]);
    let held = offer.and(recorded).when(recruiter(), today(), asks(vec![samples::overdue()])).answer().unwrap_err();
    assert!(matches!(held, OfferError::RuleOpen { .. }), "{held:?}");

    let within = Drafting { priced: Some(Box::new(samples::priced(7_400_000))), ..drafting() };
    let drafted = Given::<Offer>::nothing().when(recruiter(), today(), draft(within)).recorded();
    let answer = Given::<Offer>::events(drafted).when(recruiter(), today(), asks(vec![samples::overdue()])).answer();
    assert!(!matches!(answer, Err(OfferError::RemediesOverdue { .. })), "tier A is not concerned: {answer:?}");
}
