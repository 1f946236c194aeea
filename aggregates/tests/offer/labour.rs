//! What labour law asks of an offer: checked with its terms, answered by people, and in the way where it bars
//! (LAB-12) and, under a published policy, until they have answered.

use aggregates::checks::{CheckAnswer, Outcome, Settlement};
use aggregates::ids::ActorId;
use aggregates::labour::{self, LabourFacts, Law};
use aggregates::offer::{Drafted, Drafting, Offer, OfferCommand as C, OfferError, OfferEvent, Revision, Terms};
use aggregates::requisition::Engagement;
use chrono::NaiveDate;

use super::{
    approved, approved_event, draft, drafted_event, drafting, extend, out, paid, raised, raised_event, recruiter,
    requested, revise, same, today,
};
use crate::samples::offer::{self as samples, fixed_term, labour_facts, terms};
use crate::support::{Given, day, person, sealed};

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

/// Whether employment went on, and whether a retirement payment was made, is decided: the answer says which.
#[test]
fn a_decision_is_recorded_as_what_was_decided() {
    for (rule, answer, taken) in [
        ("LAB-05", CheckAnswer::Continuous, true),
        ("LAB-05", CheckAnswer::NewStart, true),
        ("LAB-05", CheckAnswer::Satisfied, false),
        ("LAB-07", CheckAnswer::RetirementUnpaid, true),
        ("LAB-07", CheckAnswer::NotSatisfied, false),
        ("LAB-14", CheckAnswer::Satisfied, true),
        ("LAB-14", CheckAnswer::NewStart, false),
    ] {
        let Settlement::Answered { rule, evidence_ref, by, .. } = answered(rule) else { unreachable!() };
        let settlement = Settlement::Answered { rule: rule.clone(), answer, evidence_ref, by };
        let recorded = offer().when(recruiter(), today(), C::Settle(settlement.clone())).answer();
        let expected = if taken {
            Ok(vec![OfferEvent::Settled { settlement }])
        } else {
            Err(OfferError::WrongAnswer { rule, outcome: Outcome::Hold })
        };
        assert_eq!(recorded, expected);
    }
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
    // The finding is the same, and its figures are not: they start right after they left.
    let at_once = Terms { starts_on: day("2026-12-06"), ..paid(7_600_000) };
    let other = offer.clone().and([checked(2, &labour_facts(), &at_once)]);
    assert!(open(&other).contains(&"LAB-05".to_owned()), "{:?}", open(&other));
    // With nothing left behind, only the duties to others are asked about.
    let other = offer.and([checked(2, &LabourFacts::default(), &terms())]);
    assert_eq!(open(&other), ["LAB-14"]);
}

/// Not even the extension, where nothing is assessed.
#[test]
fn an_open_question_stops_nothing_under_pay_policy_0() {
    let recorded = offer()
        .when(recruiter(), today(), C::RequestApproval { overdue: vec![], editors: [].into(), labour: None })
        .recorded();
    assert!(matches!(recorded.as_slice(), [OfferEvent::ApprovalRequested { .. }]), "{recorded:?}");
    let asked = Given::<Offer>::events(approved()).and([checked(1, &labour_facts(), &terms())]);
    let recorded = asked.when(recruiter(), today(), extend()).recorded();
    assert!(matches!(recorded.as_slice(), [OfferEvent::Extended(_)]), "{recorded:?}");
}

/// Questions of a human being and warnings alike.
#[test]
fn under_a_published_policy_an_offer_goes_out_with_every_question_answered() {
    let mut approved = approved();
    approved.insert(1, OfferEvent::Assessed(Box::new(samples::assessed())));
    let mut asked = Given::<Offer>::events(approved).and([checked(1, &labour_facts(), &terms())]);
    let mut open = Vec::new();
    while let Err(refusal) = asked.clone().when(recruiter(), today(), extend()).answer() {
        let OfferError::RuleOpen { rule, outcome, .. } = refusal else { panic!("a question is open: {refusal:?}") };
        let settlement = if outcome == Outcome::Hold { answered(&rule) } else { acknowledged(&rule) };
        open.push(settlement.rule().to_owned());
        asked = asked.and([OfferEvent::Settled { settlement }]);
    }
    let labour: Vec<&str> = open.iter().map(String::as_str).filter(|rule| rule.starts_with("LAB-")).collect();
    assert_eq!(labour, ["LAB-05", "LAB-07", "LAB-08", "LAB-10", "LAB-14"]);
    let recorded = asked.when(recruiter(), today(), extend()).recorded();
    assert!(matches!(recorded.as_slice(), [OfferEvent::Extended(_)]), "{recorded:?}");
}

/// Nobody could have answered what is found only then: it stands on the page from then on, and a bar stops all the same.
#[test]
fn what_is_found_when_an_offer_goes_out_does_not_keep_it_back() {
    let mut approved = approved();
    approved.insert(1, OfferEvent::Assessed(Box::new(samples::assessed())));
    let sr = OfferEvent::Settled { settlement: acknowledged("SR") };
    let offer = Given::<Offer>::events(approved).and([sr]);
    let found = |facts: LabourFacts| {
        let C::Extend { seen, seat, application, position, pack, .. } = extend() else { panic!("it extends") };
        let order = C::Extend { seen, seat, application, position, pack, labour: Some(Box::new(facts)) };
        offer.when(recruiter(), today(), order).answer()
    };
    let recorded = found(labour_facts()).expect("it goes out");
    assert!(matches!(recorded[..], [OfferEvent::LabourChecked { .. }, OfferEvent::Extended(_)]), "{recorded:?}");
}

/// What went out was rendered from what was found then: nothing is found anew beside it.
#[test]
fn what_is_out_is_not_checked_again() {
    let other = || Revision { labour: Some(Box::new(labour_facts())), ..same() };
    let out = Given::<Offer>::events(out());
    out.when(recruiter(), today(), revise(other())).quiet();
    let drafted = Given::<Offer>::events([drafted_event()]);
    let found = drafted.when(recruiter(), today(), revise(other())).recorded();
    assert!(matches!(found.as_slice(), [OfferEvent::LabourChecked { .. }]), "{found:?}");
}

/// Until the ground is stated, or the contract has no end.
#[test]
fn a_bar_stops_the_approval_and_the_extension() {
    let german = || LabourFacts { law: Law::Germany, ..labour_facts() };
    let barred = checked(1, &german(), &fixed_term());
    let request = || C::RequestApproval { overdue: vec![], editors: [].into(), labour: None };
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

/// A record may have come in since the offer was drafted: what is news is recorded, and a bar is none that waits.
#[test]
fn it_is_checked_once_more_before_it_goes_on() {
    let request =
        |facts: LabourFacts| C::RequestApproval { overdue: vec![], editors: [].into(), labour: Some(Box::new(facts)) };
    offer().when(recruiter(), today(), request(labour_facts())).then([requested()]);
    let less = LabourFacts::default;
    offer().when(recruiter(), today(), request(less())).then([checked(1, &less(), &terms()), requested()]);

    let german = |facts: LabourFacts| LabourFacts { law: Law::Germany, ..facts };
    let unknown = checked(1, &german(less()), &fixed_term());
    let fixed = OfferEvent::Drafted(Box::new(Drafted { terms: fixed_term(), ..drafting().drafted }));
    let drafted = Given::<Offer>::events([fixed, unknown]);
    drafted.clone().when(recruiter(), today(), request(german(less()))).then([requested()]);
    let told = || {
        let C::Extend { seen, seat, application, position, pack, .. } = extend() else { unreachable!("it extends") };
        C::Extend { seen, seat, application, position, pack, labour: Some(Box::new(german(labour_facts()))) }
    };
    for refused in [
        drafted.clone().when(recruiter(), today(), request(german(labour_facts()))),
        drafted.and([requested(), approved_event()]).when(recruiter(), today(), told()),
    ] {
        refused.refused(OfferError::RuleOpen {
            rule: "LAB-12".to_owned(),
            outcome: Outcome::Block,
            code: "employed_before".to_owned(),
            basis: Some("TzBfG §14(2)".to_owned()),
        });
    }
    let approved = Given::<Offer>::events(approved());
    let recorded = approved.when(recruiter(), today(), told()).recorded();
    assert!(matches!(recorded[..], [OfferEvent::LabourChecked { .. }, OfferEvent::Extended(_)]), "{recorded:?}");
}

/// Whoever had not left when coming back was first agreed has left when it is checked again: that does not unsay it (LAB-08).
#[test]
fn what_was_agreed_before_the_exit_stays_so() {
    let later = day("2026-12-20");
    let revision = Revision { labour: Some(Box::new(labour_facts())), ..same() };
    offer().when(recruiter(), later, revise(revision)).quiet();
    let request = C::RequestApproval { overdue: vec![], editors: [].into(), labour: Some(Box::new(labour_facts())) };
    offer().when(recruiter(), later, request).then([requested()]);
}

/// Only the opinion of a lawyer lifts it, while it may be relied on.
#[test]
fn a_bar_of_long_ago_waits_for_an_opinion() {
    let mut facts = LabourFacts { law: Law::Germany, ..labour_facts() };
    facts.periods.iter_mut().for_each(|period| (period.from, period.to) = (day("1998-04-01"), day("2003-03-31")));
    let long_ago = Given::<Offer>::events([drafted_event(), checked(1, &facts, &fixed_term())]);
    let request = || C::RequestApproval { overdue: vec![], editors: [].into(), labour: None };
    long_ago.clone().when(recruiter(), today(), request()).refused(OfferError::RuleOpen {
        rule: "LAB-12".to_owned(),
        outcome: Outcome::Legal,
        code: "employed_long_ago".to_owned(),
        basis: Some("TzBfG §14(2)".to_owned()),
    });
    let opinion = |valid_until| OfferEvent::Settled {
        settlement: Settlement::LegalOpinion {
            rule: "LAB-12".to_owned(),
            opinion_ref: "legal/12".to_owned(),
            valid_until,
            by: by(),
        },
    };
    long_ago.clone().and([opinion(today())]).when(recruiter(), today(), request()).then([requested()]);
    let stale = long_ago.and([opinion(today().pred_opt().expect("a day before"))]);
    let refused = stale.when(recruiter(), today(), request()).answer();
    assert!(matches!(refused, Err(OfferError::RuleOpen { .. })), "{refused:?}");
}

/// The bar stands, and what the law asks beside it is recorded: that the agency was told (LAB-04, 労働者派遣法40条の9第2項).
#[test]
fn that_the_agency_was_told_of_a_bar_is_recorded_once() {
    let facts = LabourFacts { engagement: Engagement::Dispatched, ..labour_facts() };
    let barred = Given::<Offer>::events([drafted_event(), checked(1, &facts, &terms())]);
    let told = |answer| {
        let (rule, evidence_ref) = ("LAB-04".to_owned(), "agency/2026/12/02".to_owned());
        Settlement::Answered { rule, answer, evidence_ref, by: by() }
    };
    let settled = OfferEvent::Settled { settlement: told(CheckAnswer::AgencyTold) };
    let tell = || C::Settle(told(CheckAnswer::AgencyTold));
    barred.clone().when(recruiter(), today(), tell()).then([settled.clone()]);
    barred.clone().and([settled.clone()]).when(recruiter(), today(), tell()).quiet();
    // Other terms that are barred likewise have nobody tell it again.
    let revision = Revision { labour: Some(Box::new(LabourFacts { job_family: None, ..facts.clone() })), ..raised() };
    let revised = barred.clone().and([settled.clone()]).when(recruiter(), today(), revise(revision)).recorded();
    let again = |event: &OfferEvent| matches!(event, OfferEvent::LabourChecked { agency_told: true, .. });
    assert!(revised.iter().any(again), "{revised:?}");
    let request = C::RequestApproval { overdue: vec![], editors: [].into(), labour: None };
    let refused = barred.clone().and([settled]).when(recruiter(), today(), request).answer();
    assert!(matches!(refused, Err(OfferError::RuleOpen { outcome: Outcome::Block, .. })), "{refused:?}");
    let wrong = OfferError::WrongAnswer { rule: "LAB-04".to_owned(), outcome: Outcome::Block };
    barred.when(recruiter(), today(), C::Settle(told(CheckAnswer::Satisfied))).refused(wrong);
    let passed = OfferError::WrongAnswer { rule: "LAB-04".to_owned(), outcome: Outcome::Pass };
    offer().when(recruiter(), today(), tell()).refused(passed);
}

fn offer() -> Given<Offer> {
    Given::events([drafted_event(), checked(1, &labour_facts(), &terms())])
}

fn checked(version: u32, facts: &LabourFacts, terms: &Terms) -> OfferEvent {
    let on: NaiveDate = today();
    OfferEvent::LabourChecked { version, on, checks: labour::checks(facts, terms, on), agency_told: false }
}

fn by() -> ActorId {
    recruiter().id
}

fn answered(rule: &str) -> Settlement {
    let evidence_ref = "hr/2026/77".to_owned();
    let answer = labour::answers(rule, Outcome::Hold)[0];
    Settlement::Answered { rule: rule.to_owned(), answer, evidence_ref, by: by() }
}

fn acknowledged(rule: &str) -> Settlement {
    Settlement::Acknowledged { rule: rule.to_owned(), reason: sealed(4), by: by() }
}
