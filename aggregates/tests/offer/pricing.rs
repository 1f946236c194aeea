//! What a pay policy does with an offer: it is assessed, excepted, and approved by those whom the policy names.

use std::collections::BTreeSet;

use aggregates::checks::{Outcome, Settlement};
use aggregates::ids::ActorId;
use aggregates::issued::Actor;
use aggregates::offer::{
    Allowance, Assessed, DocumentKind, Drafting, ExceptionDecision, ExceptionReason, Offer, OfferCommand as C,
    OfferError, OfferEvent, PayException, Period, Priced, RemedyPlan, Revision, Seen,
};
use aggregates::pay::{Condition, Fraction, Ground, PayError, Seat, Tier};
use aggregates::personal::{Personal, RecordClass};
use aggregates::requisition::Line;
use aggregates::values::EmploymentType;
use chrono::Days;

use super::{approver, candidate, draft, drafted_event, drafting, paid, raised, recruiter, revise, same, today};
use crate::samples::offer::{self as samples, yen};
use crate::support::{Given, day, person, sealed, service, system, uuid};

// draft

#[test]
fn a_draft_under_a_policy_is_assessed_at_once() {
    let order = draft(Drafting { priced: boxed(samples::priced(8_100_000)), ..drafting() });
    Given::<Offer>::nothing().when(recruiter(), today(), order).then([drafted_event(), assessed_event()]);
    let offer = Given::<Offer>::events(priced());
    assert_eq!(offer.state(), "drafting");
    let standing = offer.folded().standing().unwrap();
    let assessed = standing.assessed.as_ref().unwrap();
    assert_eq!((assessed.tier, assessed.leapfrogged), (Tier::D, 3));
    assert_eq!(assessed.remedy_cost, Fraction::whole(885_000));
    assert_eq!(standing.pay_policy, format!("pay/{}/2", uuid(73)));
}

#[test]
fn whoever_edited_the_measure_proposes_nothing_under_it() {
    let order = || draft(Drafting { priced: boxed(samples::priced(7_400_000)), ..drafting() });
    Given::<Offer>::nothing().when(person(57), today(), order()).refused(OfferError::EditedLately);
    let revision = Revision { priced: boxed(samples::priced(7_400_000)), ..raised() };
    Given::<Offer>::events(priced()).when(person(57), today(), revise(revision)).refused(OfferError::EditedLately);
}

#[test]
fn amounts_that_do_not_compare_are_refused() {
    let mut dollars = samples::priced(7_400_000);
    dollars.facts.currency = "USD".to_owned();
    let mismatch = PayError::CurrencyMismatch { offered: "JPY".to_owned(), compared: "USD".to_owned() };
    let order = draft(Drafting { priced: boxed(dollars), ..drafting() });
    Given::<Offer>::nothing().when(recruiter(), today(), order).refused(OfferError::PayFigures(mismatch));
}

#[test]
fn regular_employment_is_not_compared_with_itself() {
    let asked = |employment_type| {
        let mut priced = samples::priced_beside_regular_workers();
        priced.facts.offered.employment_type = employment_type;
        if employment_type == EmploymentType::Regular {
            priced.facts.offered.items.clear();
        }
        draft(Drafting { priced: boxed(priced), ..drafting() })
    };
    let refused = Given::<Offer>::nothing().when(recruiter(), today(), asked(EmploymentType::Regular));
    refused.refused(OfferError::NothingToCompare);
    for kind in [EmploymentType::FixedTerm, EmploymentType::PartTime] {
        let recorded = Given::<Offer>::nothing().when(recruiter(), today(), asked(kind)).recorded();
        let Some(OfferEvent::Assessed(assessed)) = recorded.last() else { panic!("it is assessed") };
        assert_eq!(assessed.basis.comparison, samples::priced_beside_regular_workers().facts.comparison);
    }
}

/// Another comparison is another measure: what was approved falls.
#[test]
fn another_comparison_is_assessed_anew() {
    let beside = samples::priced_beside_regular_workers;
    let drafted = Given::<Offer>::nothing()
        .when(recruiter(), today(), draft(Drafting { priced: boxed(beside()), ..drafting() }))
        .recorded();
    let again = |priced: Priced| revise(Revision { priced: boxed(priced), ..same() });
    Given::<Offer>::events(drafted.clone()).when(recruiter(), today(), again(beside())).quiet();
    let mut other = beside();
    other.basis.comparison.as_mut().unwrap().items.pop();
    other.facts.comparison = other.basis.comparison.clone();
    let recorded = Given::<Offer>::events(drafted).when(recruiter(), today(), again(other)).recorded();
    assert!(matches!(recorded[..], [OfferEvent::Assessed(_)]), "{recorded:?}");
}

#[test]
fn peers_are_compared_as_they_stand() {
    let aged = |on: &str| {
        let mut priced = samples::priced(7_400_000);
        priced.basis.on = day(on);
        draft(Drafting { priced: boxed(priced), ..drafting() })
    };
    let fresh = Given::<Offer>::nothing().when(recruiter(), today(), aged("2027-05-03")).recorded();
    assert_eq!(fresh.len(), 2, "183 days after the snapshot");
    let stale = OfferError::SnapshotStale { as_of: day("2026-11-01"), days: 183 };
    Given::<Offer>::nothing().when(recruiter(), today(), aged("2027-05-04")).refused(stale);
}

/// PAY-23: nobody of the hiring line sits for the division outside it.
#[test]
fn the_hiring_line_heads_no_division_outside_it() {
    let mut own = samples::priced(8_100_000);
    let line = BTreeSet::from([ActorId(uuid(61)), ActorId(uuid(62)), ActorId(uuid(69))]);
    own.policy.approvers.insert(Seat::DivisionHead, line);
    let order = draft(Drafting { priced: boxed(own), ..drafting() });
    let recorded = Given::<Offer>::nothing().when(recruiter(), today(), order).recorded();
    let Some(OfferEvent::Assessed(assessed)) = recorded.last() else { panic!("it is assessed") };
    assert_eq!(assessed.approvers[&Seat::DivisionHead], BTreeSet::from([ActorId(uuid(69))]));
    // Whoever leads the position by now is of the line as well.
    let mut since = samples::priced(8_100_000);
    since.policy.approvers.insert(Seat::DivisionHead, BTreeSet::from([ActorId(uuid(68)), ActorId(uuid(69))]));
    let line = Line { recruiter: ActorId(uuid(61)), hiring_manager: Some(ActorId(uuid(69))), approver_unit: None };
    since.basis.line = Some(line);
    let order = draft(Drafting { priced: boxed(since), ..drafting() });
    let recorded = Given::<Offer>::nothing().when(recruiter(), today(), order).recorded();
    let Some(OfferEvent::Assessed(assessed)) = recorded.last() else { panic!("it is assessed") };
    assert_eq!(assessed.approvers[&Seat::DivisionHead], BTreeSet::from([ActorId(uuid(68))]));
}

#[test]
fn the_rating_that_counts_is_the_last_one_at_exit() {
    let rated = |on: &str| {
        let mut priced = samples::priced(7_400_000);
        priced.basis.qualification.rating.as_mut().unwrap().rated_on = day(on);
        Given::<Offer>::nothing().when(recruiter(), today(), draft(Drafting { priced: boxed(priced), ..drafting() }))
    };
    assert_eq!(rated("2024-03-31").recorded().len(), 2);
    let (rated_on, left_on) = (day("2024-04-01"), day("2024-03-31"));
    rated("2024-04-01").refused(OfferError::RatingAfterExit { rated_on, left_on });
    rated("2099-01-01").refused(OfferError::RatingInTheFuture { rated_on: day("2099-01-01") });
}

// revise

#[test]
fn other_terms_are_assessed_anew_and_drop_the_exception() {
    let revision = Revision { priced: boxed(samples::priced(7_400_000)), ..raised() };
    let offer = Given::<Offer>::events(granted());
    let recorded = offer.when(recruiter(), today(), revise(revision)).recorded();
    let [OfferEvent::Revised { version: 2, .. }, OfferEvent::Assessed(assessed)] = &recorded[..] else {
        panic!("{recorded:?}")
    };
    assert_eq!((assessed.version, assessed.assessment.tier, &assessed.terms_hash), (2, Tier::A, &"3".repeat(64)));
    let offer = offer.and(recorded);
    let standing = offer.folded().standing().unwrap();
    assert_eq!((standing.exception.as_ref(), offer.state()), (None, "drafting"));
    assert_eq!(standing.terms_hash, "3".repeat(64));
}

#[test]
fn other_facts_under_the_same_terms_are_assessed_until_the_offer_goes_out() {
    let mut later = samples::priced(8_100_000);
    later.basis.snapshot.as_mut().unwrap().sha256 = "e".repeat(64);
    let revision = || Revision { terms_hash: "6".repeat(64), priced: boxed(later.clone()), ..same() };
    for past in [priced(), pending(), granted()] {
        let offer = Given::<Offer>::events(past);
        let recorded = offer.when(recruiter(), today(), revise(revision())).recorded();
        let [OfferEvent::Assessed(assessed)] = &recorded[..] else { panic!("{recorded:?}") };
        assert_eq!((assessed.version, &assessed.terms_hash), (1, &"6".repeat(64)));
        let offer = offer.and(recorded);
        assert_eq!((offer.state(), offer.folded().standing().unwrap().exception.as_ref()), ("drafting", None));
    }
    let mut another_day = samples::priced(8_100_000);
    another_day.basis.on = today() + Days::new(1);
    let same_facts = Revision { terms_hash: "6".repeat(64), priced: boxed(another_day), ..same() };
    Given::<Offer>::events(granted()).when(recruiter(), today(), revise(same_facts)).quiet();
}

#[test]
fn a_later_expiry_alone_keeps_what_was_found_and_granted() {
    let expires_at = super::expiry() + Days::new(3);
    let revision =
        Revision { expires_at, terms_hash: "6".repeat(64), priced: boxed(samples::priced(8_100_000)), ..same() };
    let offer = Given::<Offer>::events(granted());
    let recorded = offer.when(recruiter(), today(), revise(revision)).recorded();
    let [OfferEvent::Revised { version: 2, terms_hash, changed, .. }] = &recorded[..] else { panic!("{recorded:?}") };
    assert_eq!((terms_hash, changed.len()), (&"5".repeat(64), 0));
    assert!(offer.and(recorded).folded().standing().unwrap().exception.as_ref().unwrap().granted);
}

// request-exception

#[test]
fn an_offer_outside_the_policy_is_excepted_with_reason_and_remedy() {
    let offer = Given::<Offer>::events(priced());
    offer.when(recruiter(), today(), ask(exception())).then([asked()]);
    assert_eq!(Given::<Offer>::events(pending()).state(), "exception_pending");
    let pending = Given::<Offer>::events(pending());
    pending.when(recruiter(), today(), ask(exception())).refused(OfferError::ExceptionPending);
    pending
        .when(recruiter(), today(), C::RequestApproval { overdue: vec![], editors: [].into(), labour: None })
        .refused(OfferError::ExceptionPending);
    Given::<Offer>::events(granted())
        .when(recruiter(), today(), ask(exception()))
        .refused(OfferError::ExceptionGranted);
}

#[test]
fn an_exception_without_reason_evidence_words_or_remedy_is_refused() {
    let offer = Given::<Offer>::events(priced());
    let cost = Fraction::whole(885_000);
    let remedy = |change: fn(&mut RemedyPlan)| {
        let mut exception = exception();
        change(exception.remedy.as_mut().unwrap());
        exception
    };
    let words = |count: usize| Personal::new(RecordClass::PayDecision, "あ".repeat(count));
    // Lines that say nothing are no words.
    let padded = || PayException {
        justification: Personal::new(RecordClass::PayDecision, format!("理由{}あ", "\n".repeat(100))),
        ..exception()
    };
    for (exception, refusal) in [
        (PayException { reasons: BTreeSet::new(), ..exception() }, OfferError::ReasonRequired),
        (
            PayException { evidence_ref: Some(" ".to_owned()), ..exception() },
            OfferError::EvidenceRequired { reason: ExceptionReason::ScarceSkill },
        ),
        (PayException { justification: words(79), ..exception() }, OfferError::JustificationTooShort),
        (PayException { remedy: None, ..exception() }, OfferError::RemedyRequired { cost }),
        (remedy(|plan| plan.amount = yen(884_999)), OfferError::RemedyTooSmall { cost }),
        (remedy(|plan| plan.due_on = today()), OfferError::RemedyDueInThePast { due_on: today() }),
        (remedy(|plan| plan.due_on = day("2027-12-02")), OfferError::RemedyDueTooLate { due_on: day("2027-12-02") }),
        (remedy(|plan| plan.owner = candidate().id), OfferError::RemedyOwnerGains),
        (remedy(|plan| plan.owner = ActorId(uuid(66))), OfferError::RemedyOwnerGains),
        (padded(), OfferError::JustificationTooShort),
        (remedy(|plan| plan.budget_ref.clear()), OfferError::RemedyUnbudgeted),
        (
            remedy(|plan| plan.amount.currency = "USD".to_owned()),
            OfferError::RemedyCurrencyDiffers { currency: "JPY".to_owned() },
        ),
        (
            PayException {
                reasons: BTreeSet::from([ExceptionReason::LargerScope, ExceptionReason::MarketMove]),
                evidence_ref: None,
                ..exception()
            },
            OfferError::EvidenceRequired { reason: ExceptionReason::MarketMove },
        ),
    ] {
        offer.when(recruiter(), today(), ask(exception)).refused(refusal);
    }
    let enough = PayException { justification: words(80), ..exception() };
    assert_eq!(offer.when(recruiter(), today(), ask(enough)).recorded().len(), 1);
    let stale = C::RequestException {
        seen: Seen::Terms("9".repeat(64)),
        exception: Box::new(exception()),
        terms_hash: "5".repeat(64),
        editors: [].into(),
    };
    offer.when(recruiter(), today(), stale).refused(OfferError::TermsChanged);
    let edited = C::RequestException {
        seen: Seen::Version,
        exception: Box::new(exception()),
        terms_hash: "5".repeat(64),
        editors: [recruiter().id].into(),
    };
    offer.when(recruiter(), today(), edited).refused(OfferError::EditedLately);
}

#[test]
fn nothing_is_excepted_within_the_policy_or_where_it_blocks() {
    Given::<Offer>::events([drafted_event()])
        .when(recruiter(), today(), ask(exception()))
        .refused(OfferError::ExceptionNotNeeded);
    Given::<Offer>::events([drafted_event(), of(samples::priced(7_400_000))])
        .when(recruiter(), today(), ask(exception()))
        .refused(OfferError::ExceptionNotNeeded);
    let above = Given::<Offer>::events([drafted_event(), of(samples::priced(9_100_000))]);
    let blocked = || OfferError::PayBlocked { ground: Ground::RangePenetration, condition: Condition::AboveMaximum };
    above.when(recruiter(), today(), ask(exception())).refused(blocked());
    above
        .when(recruiter(), today(), C::RequestApproval { overdue: vec![], editors: [].into(), labour: None })
        .refused(blocked());
}

// decide-exception

#[test]
fn somebody_else_decides_an_exception() {
    let offer = Given::<Offer>::events(pending());
    offer.when(approver(), today(), decide(ExceptionDecision::Granted)).then([decided(ExceptionDecision::Granted)]);
    for (by, refusal) in [
        (recruiter(), OfferError::DistinctApproverRequired),
        (candidate(), OfferError::CandidateExcluded),
        (service(9), OfferError::NaturalPersonRequired),
        (system(), OfferError::NaturalPersonRequired),
    ] {
        offer.when(by, today(), decide(ExceptionDecision::Granted)).refused(refusal);
    }
    let stale = C::DecideException {
        seen: Seen::Terms("1".repeat(64)),
        decision: ExceptionDecision::Granted,
        role: "compensation".to_owned(),
        comment: None,
        editors: [].into(),
    };
    offer.when(approver(), today(), stale).refused(OfferError::TermsChanged);
    for past in [vec![drafted_event()], priced(), granted()] {
        Given::<Offer>::events(past)
            .when(approver(), today(), decide(ExceptionDecision::Granted))
            .refused(OfferError::NoExceptionPending);
    }
}

#[test]
fn a_refused_exception_is_final_for_what_was_asked() {
    let refused = decided(ExceptionDecision::Refused);
    let offer = Given::<Offer>::events([pending(), vec![refused]].concat());
    assert_eq!(offer.state(), "drafting");
    offer.when(recruiter(), today(), ask(exception())).refused(OfferError::HashRefused);
    let other = C::RequestException {
        seen: Seen::Version,
        exception: Box::new(exception()),
        terms_hash: "7".repeat(64),
        editors: [].into(),
    };
    assert_eq!(offer.when(recruiter(), today(), other).recorded().len(), 1);
}

// request-approval

#[test]
fn approval_waits_for_exception_and_answers() {
    let unanswered = Given::<Offer>::events(priced());
    let open = |rule: &str, outcome, code: &str, basis: &str| OfferError::RuleOpen {
        rule: rule.to_owned(),
        outcome,
        code: code.to_owned(),
        basis: Some(basis.to_owned()),
    };
    unanswered
        .when(recruiter(), today(), C::RequestApproval { overdue: vec![], editors: [].into(), labour: None })
        .refused(open("SR", Outcome::Warn, "no_snapshot_at_exit", "賃金規程第12条"));
    let answered = unanswered.and(acknowledged());
    answered
        .when(recruiter(), today(), C::RequestApproval { overdue: vec![], editors: [].into(), labour: None })
        .refused(OfferError::ExceptionRequired);
    let ready = Given::<Offer>::events(granted()).and(acknowledged());
    let recorded = ready
        .when(recruiter(), today(), C::RequestApproval { overdue: vec![], editors: [].into(), labour: None })
        .recorded();
    let [OfferEvent::ApprovalRequested { approvals_needed: 4, terms_hash, .. }] = &recorded[..] else {
        panic!("{recorded:?}")
    };
    assert_eq!(*terms_hash, "5".repeat(64));
}

/// Whoever is left has to be enough before anybody is asked.
#[test]
fn an_offer_that_nobody_could_approve_is_not_put_before_anybody() {
    let mut own = samples::priced(8_100_000);
    own.policy.approvers.insert(Seat::Hr, people(&[61]));
    let past = [vec![drafted_event(), of(own), asked(), decided(ExceptionDecision::Granted)], acknowledged()].concat();
    Given::<Offer>::events(past)
        .when(recruiter(), today(), C::RequestApproval { overdue: vec![], editors: [].into(), labour: None })
        .refused(OfferError::ApproversMissing { tier: Tier::D });
}

/// What an assessment waits for is answered by somebody else than whoever proposed the offer.
#[test]
fn whoever_proposed_an_offer_does_not_answer_what_its_assessment_waits_for() {
    let mut unbanded = samples::priced(7_400_000);
    (unbanded.facts.band, unbanded.facts.offered.employment_type) = (None, EmploymentType::FixedTerm);
    unbanded.facts.offered.every_year = Some(yen(6_000_000));
    unbanded.facts.offered.items = ["base".to_owned()].into();
    let offer = Given::<Offer>::events([drafted_event(), of(unbanded)]);
    for rule in ["RP", "PAY-01"] {
        let answered = |by: Actor| Settlement::Answered {
            rule: rule.to_owned(),
            answer: aggregates::checks::CheckAnswer::Satisfied,
            evidence_ref: "hr/2026/77".to_owned(),
            by: by.id,
        };
        let answer = |by: Actor| offer.when(by, today(), C::Settle(answered(by)));
        answer(recruiter()).refused(OfferError::DistinctApproverRequired);
        answer(approver()).then([OfferEvent::Settled { settlement: answered(approver()) }]);
    }
    let beside = |by: Actor| Settlement::Acknowledged { rule: "BESIDE_BASE".to_owned(), reason: sealed(1), by: by.id };
    let acknowledge = |by: Actor| offer.when(by, today(), C::Settle(beside(by)));
    acknowledge(recruiter()).refused(OfferError::DistinctApproverRequired);
    acknowledge(approver()).then([OfferEvent::Settled { settlement: beside(approver()) }]);
}

/// Above its band, an offer is given another grade where the assessment of the level is named.
#[test]
fn an_offer_above_its_band_is_regraded_on_evidence() {
    let above = Given::<Offer>::events([drafted_event(), of(samples::priced(9_100_000))]);
    assert_eq!(above.folded().standing().unwrap().assessed.as_ref().map(|one| one.tier), Some(Tier::E));
    let regraded = |evidence: Option<&str>| {
        let mut priced = samples::priced(9_100_000);
        priced.basis.qualification.assessed_level_ref = evidence.map(str::to_owned);
        let terms = aggregates::offer::Terms { grade: "G5".to_owned(), ..paid(9_100_000) };
        above.when(recruiter(), today(), revise(Revision { terms, priced: boxed(priced), ..raised() }))
    };
    regraded(None).refused(OfferError::GradeEvidenceRequired);
    assert_eq!(regraded(Some("人事 2026-88")).recorded().len(), 2);
    let lower = Revision { priced: boxed(samples::priced(7_400_000)), ..raised() };
    let lowered = above.when(recruiter(), today(), revise(lower)).recorded();
    assert_eq!(lowered.len(), 2, "less pay needs none");
    // Nor is the grade reached by less pay in between.
    let terms = aggregates::offer::Terms { grade: "G5".to_owned(), ..paid(9_100_000) };
    let later = Revision { terms, priced: boxed(samples::priced(9_100_000)), ..raised() };
    let lowered = above.clone().and(lowered);
    lowered.when(recruiter(), today(), revise(later)).refused(OfferError::GradeEvidenceRequired);
}

/// Whoever stands for those who are missing has decided nothing of it before, and is not of the line that hires.
#[test]
fn an_approval_is_forced_by_somebody_who_took_no_part() {
    let force = || C::ForceApprove {
        seen: Seen::Version,
        authority: "第8条".to_owned(),
        reason: sealed(9),
        editors: [].into(),
    };
    let offer = waiting_for_four();
    offer.when(person(62), today(), force()).refused(OfferError::ForcedByTheLine);
    offer.when(approver(), today(), force()).refused(OfferError::ForcedByDecider);
    let voted = voted(offer.clone(), person(64));
    voted.when(person(64), today(), force()).refused(OfferError::AlreadyVoted);
    let forced = voted.when(person(75), today(), force()).recorded();
    assert!(matches!(&forced[..], [OfferEvent::ApprovalForced { .. }]), "{forced:?}");
}

/// Who proposes the offer may have changed since an approval was handed over (PAY-25).
#[test]
fn nobody_stands_for_another_who_reports_to_a_proposer_by_now() {
    let delegated = OfferEvent::ApprovalDelegated {
        delegated_by: ActorId(uuid(71)),
        delegated_to: ActorId(uuid(75)),
        until: day("2027-01-31"),
        reason: None,
    };
    let offer = waiting_for_four().and([delegated]);
    let C::Approve { seen, role, comment, editors, .. } = approve() else { unreachable!() };
    let below = C::Approve { seen, role, comment, editors, reports_to_proposer: true };
    offer.when(person(75), today(), below).refused(OfferError::NoSeatForApprover);
    let recorded = offer.when(person(75), today(), approve()).recorded();
    assert!(matches!(&recorded[..], [OfferEvent::Approved { delegated_by: Some(_), .. }]), "{recorded:?}");
    let unknown =
        C::Delegate { to: ActorId(uuid(76)), until: day("2027-01-31"), reason: None, reports_to_proposer: None };
    offer.when(person(71), today(), unknown).refused(OfferError::DelegateUnknown);
}

/// A pack without the explanation goes nowhere (PAY-04).
#[test]
fn nothing_goes_out_without_the_explanation() {
    let offer = Given::<Offer>::events(super::approved());
    let C::Extend { seen, seat, application, position, mut pack, labour } = super::extend() else { unreachable!() };
    pack.documents.retain(|document| document.kind != DocumentKind::Explanation);
    let without = C::Extend { seen, seat, application, position, pack, labour };
    offer.when(recruiter(), today(), without).refused(OfferError::ExplanationMissing);
    assert_eq!(offer.when(recruiter(), today(), super::extend()).recorded().len(), 1);
}

/// An allowance that is paid once is measured like a sign-on payment.
#[test]
fn what_is_paid_once_is_measured_whatever_it_is_called() {
    let mut pay = super::paid(7_400_000).pay;
    assert_eq!(pay.paid_once(), Some(yen(300_000)));
    let allowance = |period| Allowance { code: "return".to_owned(), amount: yen(500_000), period };
    pay.allowances.extend([allowance(Period::Once), allowance(Period::Once), allowance(Period::Month)]);
    assert_eq!(pay.paid_once(), Some(yen(1_300_000)));
    pay.sign_on = None;
    assert_eq!(pay.paid_once(), Some(yen(1_000_000)));
    pay.allowances.clear();
    assert_eq!(pay.paid_once(), None);
}

// approve

#[test]
fn each_seat_is_taken_by_somebody_whom_the_policy_names() {
    let mut offer = waiting_for_four();
    let by = [person(61), person(62), person(63), person(64)];
    offer.when(person(68), today(), approve()).refused(OfferError::NoSeatForApprover);
    let lately = C::Approve {
        seen: Seen::Version,
        role: "compensation".to_owned(),
        comment: None,
        editors: [by[1].id].into(),
        reports_to_proposer: false,
    };
    offer.when(by[1], today(), lately).refused(OfferError::EditedLately);
    // The recruiter who proposed it is named for a seat and may not take it.
    offer.when(by[0], today(), approve()).refused(OfferError::DistinctApproverRequired);
    for who in [by[1], by[2], by[3]] {
        assert_eq!(offer.state(), "awaiting_approval");
        offer = voted(offer, who);
        offer.when(who, today(), approve()).refused(OfferError::AlreadyVoted);
    }
    assert_eq!(offer.state(), "awaiting_approval", "human resources is missing");
    offer = voted(offer, person(71));
    assert_eq!(offer.state(), "approved");
}

#[test]
fn whoever_is_named_twice_leaves_the_other_seat_to_the_rest() {
    let mut both = samples::priced(8_100_000);
    both.policy.approvers.insert(Seat::Hr, people(&[63]));
    both.policy.approvers.insert(Seat::Compensation, people(&[63, 72]));
    both.policy.approvers.insert(Seat::DivisionHead, people(&[73]));
    let past = [vec![drafted_event(), of(both), asked(), decided(ExceptionDecision::Granted)], acknowledged()].concat();
    let offer = asked_for_approval(Given::<Offer>::events(past));
    let offer = voted(offer, person(63));
    let offer = voted(offer, person(72));
    offer.when(person(74), today(), approve()).refused(OfferError::NoSeatForApprover);
    let offer = voted(voted(offer, person(73)), person(64));
    assert_eq!(offer.state(), "approved");
}

pub fn exception() -> PayException {
    samples::exception()
}

pub fn ask(exception: PayException) -> C {
    C::RequestException {
        seen: Seen::Version,
        exception: Box::new(exception),
        terms_hash: "5".repeat(64),
        editors: [].into(),
    }
}

pub fn decide(decision: ExceptionDecision) -> C {
    C::DecideException {
        seen: Seen::Version,
        decision,
        role: "compensation".to_owned(),
        comment: None,
        editors: [].into(),
    }
}

pub fn priced() -> Vec<OfferEvent> {
    vec![drafted_event(), assessed_event()]
}

pub fn pending() -> Vec<OfferEvent> {
    [priced(), vec![asked()]].concat()
}

pub fn granted() -> Vec<OfferEvent> {
    [pending(), vec![decided(ExceptionDecision::Granted)]].concat()
}

fn asked() -> OfferEvent {
    OfferEvent::ExceptionRequested {
        version: 1,
        terms_hash: "5".repeat(64),
        exception: Box::new(exception()),
        requested_by: recruiter().id,
    }
}

fn decided(decision: ExceptionDecision) -> OfferEvent {
    OfferEvent::ExceptionDecided {
        version: 1,
        terms_hash: "5".repeat(64),
        decision,
        decided_by: approver().id,
        role: "compensation".to_owned(),
        comment: None,
    }
}

/// The stayer ratio is undefined in the example, and somebody acknowledges that.
fn acknowledged() -> Vec<OfferEvent> {
    let settlement = Settlement::Acknowledged { rule: "SR".to_owned(), reason: sealed(1), by: recruiter().id };
    vec![OfferEvent::Settled { settlement }]
}

pub fn approve() -> C {
    C::Approve {
        seen: Seen::Version,
        role: "compensation".to_owned(),
        comment: None,
        editors: [].into(),
        reports_to_proposer: false,
    }
}

fn people(numbers: &[u64]) -> BTreeSet<ActorId> {
    numbers.iter().map(|number| ActorId(uuid(*number))).collect()
}

/// An exception that waits for the approval of four people.
pub fn past_of_four() -> Vec<OfferEvent> {
    let mut four = samples::priced(8_100_000);
    four.policy.approvers.insert(Seat::Hr, people(&[61, 71]));
    let past = [vec![drafted_event(), of(four), asked(), decided(ExceptionDecision::Granted)], acknowledged()].concat();
    let asked = Given::<Offer>::events(past.clone());
    let requested = asked
        .when(recruiter(), today(), C::RequestApproval { overdue: vec![], editors: [].into(), labour: None })
        .recorded();
    assert_eq!(requested.len(), 1);
    [past, requested].concat()
}

fn waiting_for_four() -> Given<Offer> {
    Given::events(past_of_four())
}

fn asked_for_approval(offer: Given<Offer>) -> Given<Offer> {
    let requested = offer
        .when(recruiter(), today(), C::RequestApproval { overdue: vec![], editors: [].into(), labour: None })
        .recorded();
    assert_eq!(requested.len(), 1);
    offer.and(requested)
}

#[track_caller]
fn voted(offer: Given<Offer>, who: Actor) -> Given<Offer> {
    let vote = offer.when(who, today(), approve()).recorded();
    assert_eq!(vote.len(), 1, "their approval counts");
    offer.and(vote)
}

fn of(priced: Priced) -> OfferEvent {
    OfferEvent::Assessed(Box::new(samples::of(priced)))
}

fn assessed_event() -> OfferEvent {
    let assessed: Assessed = samples::assessed();
    OfferEvent::Assessed(Box::new(assessed))
}

#[expect(clippy::unnecessary_wraps, reason = "as drafts and revisions carry it")]
fn boxed(priced: Priced) -> Option<Box<Priced>> {
    Some(Box::new(priced))
}

#[test]
fn a_justification_of_other_terms_is_not_taken_along() {
    let offer = Given::<Offer>::events(granted());
    let unpriced = Revision { terms: paid(7_600_000), ..raised() };
    let offer = offer.clone().and(offer.when(recruiter(), day("2026-12-02"), revise(unpriced)).recorded());
    let standing = offer.folded().standing().unwrap();
    assert_eq!((standing.assessed.as_ref(), standing.exception.as_ref()), (None, None));
    assert_eq!(standing.pay_policy, "pay/0");
}
