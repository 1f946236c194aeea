//! What labour law asks of an offer: checked with its terms, answered by people, and in the way only where it bars (LAB-12).

use aggregates::checks::{CheckAnswer, Outcome, Settlement};
use aggregates::ids::ActorId;
use aggregates::labour::{self, LabourFacts, Law};
use aggregates::offer::{Drafting, Offer, OfferCommand as C, OfferError, OfferEvent, Revision, Terms};
use chrono::NaiveDate;

use super::{
    approved, draft, drafted_event, drafting, extend, paid, raised, raised_event, recruiter, revise, same, today,
};
use crate::samples::offer::{fixed_term, labour_facts, terms};
use crate::support::{Given, person, sealed};

#[test]
fn a_draft_is_checked_with_its_terms() {
    Given::<Offer>::nothing()
        .when(recruiter(), today(), draft(Drafting { labour: Some(Box::new(labour_facts())), ..drafting() }))
        .then([drafted_event(), checked(1, &labour_facts(), &terms())]);
}

#[test]
fn other_terms_and_other_facts_are_checked_anew() {
    let revision = Revision { labour: Some(Box::new(LabourFacts::default())), ..raised() };
    offer()
        .when(recruiter(), today(), revise(revision))
        .then([raised_event(2), checked(2, &LabourFacts::default(), &paid(7_600_000))]);
    let unchanged = Revision { labour: Some(Box::new(LabourFacts::default())), ..same() };
    offer().when(recruiter(), today(), revise(unchanged)).then([checked(1, &LabourFacts::default(), &terms())]);
}

#[test]
fn the_same_checks_are_not_recorded_again() {
    let revision = || Revision { labour: Some(Box::new(labour_facts())), ..same() };
    offer().when(recruiter(), today(), revise(revision())).quiet();
    let raised = Revision { labour: Some(Box::new(labour_facts())), ..raised() };
    offer().when(recruiter(), today(), revise(raised)).then([raised_event(2)]);
}

#[test]
fn what_is_asked_is_answered_by_its_own_command() {
    let answer = answered("LAB-14");
    let settled = OfferEvent::Settled { settlement: answer.clone() };
    offer().when(recruiter(), today(), C::Settle(answer.clone())).then([settled.clone()]);
    offer().and([settled]).when(recruiter(), today(), C::Settle(answer)).quiet();
    let told = acknowledged("LAB-08");
    offer().when(person(66), today(), C::Settle(told.clone())).then([OfferEvent::Settled { settlement: told }]);
    offer()
        .when(recruiter(), today(), C::Settle(answered("LAB-08")))
        .refused(OfferError::WrongAnswer { rule: "LAB-08".to_owned(), outcome: Outcome::Warn });
    offer()
        .when(recruiter(), today(), C::Settle(answered("LAB-99")))
        .refused(OfferError::RuleNotEvaluated { rule: "LAB-99".to_owned() });
}

/// A finding that is the same stays answered; another one is asked again.
#[test]
fn what_was_answered_stays_so_while_the_finding_is_the_same() {
    let settled = OfferEvent::Settled { settlement: answered("LAB-05") };
    let open = |offer: &Given<Offer>| {
        let standing = offer.folded();
        let open = standing.standing().expect("it stands").labour.open(today());
        open.into_iter().map(|result| result.rule.clone()).collect::<Vec<_>>()
    };
    let offer = offer().and([settled]);
    assert_eq!(open(&offer), ["LAB-07", "LAB-08", "LAB-10", "LAB-14"]);
    let same = offer.clone().and([checked(2, &labour_facts(), &paid(7_600_000))]);
    assert_eq!(open(&same), ["LAB-07", "LAB-08", "LAB-10", "LAB-14"]);
    // With nothing left behind, only the duties to others are asked about.
    let other = offer.and([checked(2, &LabourFacts::default(), &terms())]);
    assert_eq!(open(&other), ["LAB-14"]);
}

#[test]
fn an_open_question_stops_nothing() {
    let recorded =
        offer().when(recruiter(), today(), C::RequestApproval { overdue: vec![], edited_lately: false }).recorded();
    assert!(matches!(recorded.as_slice(), [OfferEvent::ApprovalRequested { .. }]), "{recorded:?}");
}

/// Until the ground is stated, or the contract has no end.
#[test]
fn a_bar_stops_the_approval_and_the_extension() {
    let german = || LabourFacts { law: Law::Germany, ..labour_facts() };
    let barred = checked(1, &german(), &fixed_term());
    let request = || C::RequestApproval { overdue: vec![], edited_lately: false };
    let refusal = || OfferError::RuleOpen {
        rule: "LAB-12".to_owned(),
        outcome: Outcome::Block,
        code: "employed_before".to_owned(),
        basis: Some("TzBfG §14(2)".to_owned()),
    };
    let drafted = Given::<Offer>::events([drafted_event(), barred.clone()]);
    drafted.clone().when(recruiter(), today(), request()).refused(refusal());
    drafted
        .clone()
        .when(recruiter(), today(), C::Settle(answered("LAB-12")))
        .refused(OfferError::WrongAnswer { rule: "LAB-12".to_owned(), outcome: Outcome::Block });
    let stated = drafted.and([checked(1, &german(), &terms())]);
    assert!(matches!(
        stated.when(recruiter(), today(), request()).recorded()[..],
        [OfferEvent::ApprovalRequested { .. }]
    ));
    let found_later = Given::<Offer>::events(approved().into_iter().chain([barred]));
    found_later.when(recruiter(), today(), extend()).refused(refusal());
}

fn offer() -> Given<Offer> {
    Given::events([drafted_event(), checked(1, &labour_facts(), &terms())])
}

fn checked(version: u32, facts: &LabourFacts, terms: &Terms) -> OfferEvent {
    let on: NaiveDate = today();
    OfferEvent::LabourChecked { version, on, checks: labour::checks(facts, terms, on) }
}

fn by() -> ActorId {
    recruiter().id
}

fn answered(rule: &str) -> Settlement {
    let evidence_ref = "hr/2026/77".to_owned();
    Settlement::Answered { rule: rule.to_owned(), answer: CheckAnswer::Satisfied, evidence_ref, by: by() }
}

fn acknowledged(rule: &str) -> Settlement {
    Settlement::Acknowledged { rule: rule.to_owned(), reason: sealed(4), by: by() }
}
