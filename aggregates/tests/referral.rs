//! A referral: the candidate agrees, one referral owns them for six months, and nobody is rewarded whom the law does not
//! allow to be.

mod gate;
mod given;
mod hires;
mod transitions;

use std::collections::BTreeSet;

use aggregates::checks::{CheckAnswer, Outcome, Settlement, SettlementError};
use aggregates::ids::ReferralId;
use aggregates::issued::{Actor, Due};
use aggregates::referral::{
    CandidateHistory, Duplicate, DuplicateCause, Ending, Exclusion, Likeness, Offices, OutcomeReason,
    OwnershipDecision, Phase, Reassigning, Referral, ReferralCommand, ReferralError, ReferralEvent, ReferrerClass,
    Relationship, Submitting, Vacancy,
};
use aggregates::stream::{Claim, ClaimChange, Stream};
use chrono::Days;
use proptest::prelude::*;

use crate::samples;
use crate::support::{Given, assert_goldens, day, instant, person, sealed, service, system, uuid};
use given::*;

// submit

#[test]
fn an_employee_refers_a_candidate_who_has_fourteen_days_to_agree() {
    let outcome = Given::<Referral>::nothing().when(referrer(), today(), submit(submitting()));
    outcome.then([submitted()]);
    let referral = made();
    assert_eq!(referral.state(), "awaiting_candidate");
    assert_eq!(referral.subject(), Some(candidate()));
    assert_eq!(referral.wake(), Some(Due::On(day("2026-10-16"))));
    let standing = referral.folded().standing().unwrap();
    assert!(standing.checks.open(today()).is_empty(), "an employee of the entity with a filed plan");
}

#[test]
fn an_outsider_is_refused_before_anything_is_recorded() {
    for (class, code) in [(ReferrerClass::FormerEmployee, "former_employee"), (ReferrerClass::Outsider, "outsider")] {
        let submitting = Submitting { relation: relation(class), ..submitting() };
        Given::<Referral>::nothing().when(referrer(), today(), submit(submitting)).refused(
            ReferralError::RuleBlocked {
                rule: "REF-06".to_owned(),
                basis: "職業安定法36条・40条".to_owned(),
                code: code.to_owned(),
            },
        );
    }
}

/// Unpaid, and on record: what lets them refer is recorded with what was found, and that they earn nothing as well.
#[test]
fn an_outsider_refers_unpaid_where_the_programme_says_by_what() {
    for class in [ReferrerClass::FormerEmployee, ReferrerClass::Outsider] {
        let submitting = Submitting { relation: relation(class), permitted: Some(permitted()), ..submitting() };
        let events = Given::<Referral>::nothing().when(referrer(), today(), submit(submitting)).recorded();
        let [ReferralEvent::Submitted(submitted)] = events.as_slice() else { panic!("{events:?}") };
        let said: Vec<_> = submitted.gate.iter().filter(|one| ["REF-06", "REF-09"].contains(&&*one.rule)).collect();
        let [outsider, status] = said.as_slice() else { panic!("{said:?}") };
        assert_eq!((outsider.outcome, outsider.code.as_str()), (Outcome::Pass, "notification"));
        let basis = outsider.basis.as_deref().unwrap();
        assert!(
            basis.contains("職業安定法36条3項") && basis.contains("第123号") && basis.contains("programme/"),
            "{basis}"
        );
        assert_eq!((status.outcome, status.code.as_str()), (Outcome::Block, "not_employed_at_referral"));
    }
}

#[test]
fn nobody_refers_themselves() {
    let submitting = Submitting { likeness: Likeness::Same, ..submitting() };
    let Err(ReferralError::RuleBlocked { rule, .. }) = decided(&Given::nothing(), referrer(), submit(submitting))
    else {
        panic!("a referral of oneself was recorded")
    };
    assert_eq!(rule, "REF-10");
}

#[test]
fn whoever_earns_nothing_may_still_refer() {
    let lenient = [
        Submitting { relationship: Relationship::Relative, ..submitting() },
        Submitting { exclusions: BTreeSet::from([Exclusion::RecruiterOfRequisition]), ..submitting() },
        Submitting { plan: None, ..submitting() },
        Submitting { relation: relation(ReferrerClass::Unknown), ..submitting() },
        Submitting { relation: relation(ReferrerClass::GroupEmployee), ..submitting() },
    ];
    let rules = ["REF-14", "REF-14", "REF-02", "REF-01", "REF-01"];
    for (submitting, rule) in lenient.into_iter().zip(rules) {
        let referral = recorded(Given::nothing(), referrer(), submit(submitting));
        assert_eq!(referral.state(), "awaiting_candidate");
        let standing = referral.folded().standing().unwrap();
        let open: Vec<&str> = standing.checks.open(today()).iter().map(|one| &*one.rule).collect();
        assert_eq!(open, [rule]);
    }
}

#[test]
fn a_closed_position_takes_no_referral() {
    let submitting = Submitting { vacancy: Vacancy::Closed, ..submitting() };
    Given::<Referral>::nothing()
        .when(referrer(), today(), submit(submitting))
        .refused(ReferralError::RequisitionNotOpen);
}

/// Quiet is not possible: a repeated request is replayed from its receipt before it comes here.
#[test]
fn a_referral_is_made_once() {
    for referral in [made(), owned(), held(), in_process(), hired(), not_hired(), declined()] {
        referral.when(referrer(), today(), submit(submitting())).refused(ReferralError::AlreadyRecorded);
    }
}

#[test]
fn nothing_can_be_asked_of_a_referral_that_nobody_made() {
    let orders = [
        accept(None),
        ReferralCommand::DeclineAsCandidate,
        resolve(OwnershipDecision::Grant),
        ReferralCommand::ReassignCredit(Box::new(reassigning())),
        credit(1),
        note_hired(),
        not_hired_because(OutcomeReason::Rejected),
        ReferralCommand::Withdraw { reason: None },
        ReferralCommand::Settle(answered("REF-01", CheckAnswer::Satisfied)),
    ];
    for order in orders {
        Given::<Referral>::nothing().when(compliance(), today(), order).refused(ReferralError::Unrecorded);
    }
    let nothing = Given::<Referral>::nothing();
    nothing.when_woken(today()).quiet();
    assert_eq!((nothing.state(), nothing.subject(), nothing.wake()), ("unrecorded", None, None));
}

// accept and decline as the candidate

#[test]
fn a_candidate_who_agrees_is_owned_for_six_months() {
    let referral = made();
    referral.when(system(), day("2026-10-15"), accept(None)).then([
        ReferralEvent::CandidateAccepted { history: CandidateHistory::NeverEmployed, accepted_on: day("2026-10-15") },
        ReferralEvent::OwnershipGranted { key: key(), until: day("2027-04-15") },
    ]);
    let owned = owned();
    assert_eq!((owned.state(), owned.wake()), ("owned", Some(Due::On(day("2027-04-05")))));
    let standing = owned.folded().standing().unwrap();
    assert_eq!(standing.history, Some(CandidateHistory::NeverEmployed));
}

#[test]
fn one_referral_owns_a_candidate_at_a_time() {
    let granted = ReferralEvent::OwnershipGranted { key: key(), until: day("2027-04-05") };
    let until = Some(instant("2027-04-05T12:00:00Z"));
    let take = Claim { scope: "candidate_owner", key: key(), change: ClaimChange::Take { holder: uuid(5), until } };
    assert_eq!(made().claims(uuid(5), &granted), [take]);
    let release = Claim::release("candidate_owner", key(), uuid(5));
    let endings = [
        ReferralEvent::OwnershipLapsed { on: day("2027-04-05") },
        ReferralEvent::CandidateDeclined { declined_on: today() },
        ReferralEvent::Withdrawn { withdrawn_by: referrer().id, reason: None },
        ReferralEvent::RefusedDuplicate {
            because: DuplicateCause::EarlierContact,
            decided_by: compliance().id,
            note: None,
        },
    ];
    // One hire is one referral's (REF-13).
    let hire = Claim::take("referral_hire", "JP-HQ/E-20001/2027-01-04".to_owned(), uuid(5));
    assert_eq!(owned().claims(uuid(5), &hire_event()), [release.clone(), hire.clone()]);
    assert_eq!(made().claims(uuid(5), &hire_event()), [hire]);
    for ending in endings {
        assert_eq!(owned().claims(uuid(5), &ending), std::slice::from_ref(&release), "{ending:?}");
        assert!(made().claims(uuid(5), &ending).is_empty(), "{ending:?}");
    }
}

#[test]
fn an_earlier_record_holds_the_referral() {
    let duplicate = Duplicate { because: DuplicateCause::EarlierReferral, earlier: Some(ReferralId(uuid(11))) };
    made().when(system(), accepted_on(), accept(Some(duplicate))).then([accepted(), held_event()]);
    assert_eq!((held().state(), held().wake()), ("held_as_duplicate", Some(Due::On(day("2027-04-05")))));
}

#[test]
fn the_token_is_good_for_one_answer() {
    for referral in [owned(), held(), in_process(), hired(), not_hired(), declined()] {
        referral.when(system(), accepted_on(), accept(None)).refused(ReferralError::AlreadyAnswered);
    }
    withdrawn().when(system(), accepted_on(), accept(None)).refused(ended(Ending::Withdrawn));
}

#[test]
fn nobody_agrees_after_fourteen_days_even_if_the_timer_is_late() {
    let late = day("2026-10-16");
    made().when(system(), late, accept(None)).refused(ReferralError::AnswerTooLate { answer_by: day("2026-10-15") });
    made().when_woken(day("2026-10-15")).quiet();
    let lapsed = ReferralEvent::AcceptanceLapsed { on: late };
    made().when_woken(day("2026-11-01")).then([lapsed.clone()]);
    let expired = made().and([lapsed]);
    assert_eq!(expired.state(), "expired");
    expired.when(system(), late, accept(None)).refused(ended(Ending::Expired));
}

#[test]
fn a_candidate_declines_before_or_after_agreeing() {
    let declined_event = ReferralEvent::CandidateDeclined { declined_on: accepted_on() };
    for referral in [made(), owned(), held(), not_hired()] {
        let decline = referral.when(system(), accepted_on(), ReferralCommand::DeclineAsCandidate);
        decline.then([declined_event.clone()]);
    }
    declined().when(system(), accepted_on(), ReferralCommand::DeclineAsCandidate).quiet();
    in_process()
        .when(system(), accepted_on(), ReferralCommand::DeclineAsCandidate)
        .refused(ReferralError::AlreadyCredited { application_id: application(1) });
    hired().when(system(), today(), ReferralCommand::DeclineAsCandidate).refused(ReferralError::AlreadyHired);
}

#[test]
fn what_is_held_of_a_candidate_goes_with_the_purpose() {
    let destroyed = [
        (made(), ReferralEvent::CandidateDeclined { declined_on: today() }),
        (made(), ReferralEvent::AcceptanceLapsed { on: day("2026-10-16") }),
        (made(), ReferralEvent::Withdrawn { withdrawn_by: referrer().id, reason: None }),
        (made(), blocked("REF-06", "not_employed_at_referral")),
        (owned(), ReferralEvent::OwnershipLapsed { on: day("2027-04-05") }),
    ];
    for (referral, event) in destroyed {
        assert_eq!(referral.folded().destroys(&event), [(candidate(), None)], "{event:?}");
    }
    for event in [hire_event(), ReferralEvent::Credited { application_id: application(1) }] {
        assert!(owned().folded().destroys(&event).is_empty());
    }
    assert!(owned().folded().destroys(&blocked("REF-10", "self_referral")).is_empty());
}

// resolve-ownership

#[test]
fn compliance_decides_whose_candidate_it_is() {
    held().when(compliance(), day("2026-10-20"), resolve(OwnershipDecision::Grant)).then([dismissed()]);
    let refused = ReferralEvent::RefusedDuplicate {
        because: DuplicateCause::EarlierReferral,
        decided_by: compliance().id,
        note: Some(sealed(4)),
    };
    held().when(compliance(), day("2026-10-20"), resolve(OwnershipDecision::Refuse)).then([refused.clone()]);
    assert_eq!(held().and([refused]).state(), "refused_duplicate");
}

#[test]
fn a_record_that_comes_to_light_later_stands_before_the_referral() {
    let because = Some(DuplicateCause::EarlierContact);
    let late = ReferralCommand::ResolveOwnership { decision: OwnershipDecision::Refuse, because, note: None };
    for referral in [owned(), in_process()] {
        referral.when(compliance(), today(), resolve(OwnershipDecision::Refuse)).refused(ReferralError::CauseRequired);
        referral.when(compliance(), today(), late.clone()).then([ReferralEvent::RefusedDuplicate {
            because: DuplicateCause::EarlierContact,
            decided_by: compliance().id,
            note: None,
        }]);
        referral
            .when(compliance(), today(), resolve(OwnershipDecision::Grant))
            .refused(ReferralError::NothingToResolve);
    }
}

#[test]
fn nobody_decides_about_their_own_referral_and_no_program_about_anybodys() {
    for by in [service(9), system()] {
        held().when(by, today(), resolve(OwnershipDecision::Grant)).refused(ReferralError::NaturalPersonRequired);
        owned()
            .when(by, today(), ReferralCommand::ReassignCredit(Box::new(reassigning())))
            .refused(ReferralError::NaturalPersonRequired);
    }
    held().when(referrer(), today(), resolve(OwnershipDecision::Grant)).refused(ReferralError::SecondPersonRequired);
    made().when(compliance(), today(), resolve(OwnershipDecision::Grant)).refused(ReferralError::AwaitsCandidate);
}

#[test]
fn a_doubt_that_outlasts_the_time_of_ownership_grants_nothing() {
    let until = day("2027-04-05");
    held().when(compliance(), until, resolve(OwnershipDecision::Grant)).refused(ReferralError::OwnershipOver { until });
}

// reassign-credit

/// Or one decision and a friend would be paid for it.
#[test]
fn the_credit_of_an_unpaid_referral_stays_where_it_is() {
    for class in [ReferrerClass::FormerEmployee, ReferrerClass::Outsider] {
        let submitting = Submitting { relation: relation(class), permitted: Some(permitted()), ..submitting() };
        let referral = recorded(Given::nothing(), referrer(), submit(submitting));
        let refused = referral.when(compliance(), today(), ReferralCommand::ReassignCredit(Box::new(reassigning())));
        refused.refused(ReferralError::RuleBlocked {
            rule: "REF-09".to_owned(),
            basis: "職業安定法40条".to_owned(),
            code: "not_employed_at_referral".to_owned(),
        });
    }
}

#[test]
fn the_credit_goes_to_another_employee_under_a_clause() {
    let outcome = owned().when(compliance(), today(), ReferralCommand::ReassignCredit(Box::new(reassigning())));
    let events = outcome.recorded();
    let [ReferralEvent::CreditReassigned { from, to, gate, .. }] = &events[..] else { panic!("{events:?}") };
    assert_eq!((*from, *to), (referrer().id, person(71).id));
    assert!(gate.iter().all(|one| one.outcome == Outcome::Pass), "{gate:?}");
    let referral = owned().and(events);
    assert_eq!(referral.folded().standing().unwrap().referrer, person(71).id);
    referral
        .when(compliance(), today(), ReferralCommand::ReassignCredit(Box::new(reassigning())))
        .refused(ReferralError::CreditAlreadyTheirs);
}

#[test]
fn the_credit_goes_to_no_outsider_not_to_oneself_and_not_without_a_clause() {
    let refused = |by: Actor, reassigning: Reassigning| {
        decided(&owned(), by, ReferralCommand::ReassignCredit(Box::new(reassigning))).unwrap_err()
    };
    let outsider = Reassigning { relation: relation(ReferrerClass::FormerEmployee), ..reassigning() };
    assert!(matches!(refused(compliance(), outsider), ReferralError::RuleBlocked { rule, .. } if rule == "REF-06"));
    assert_eq!(refused(person(71), reassigning()), ReferralError::OwnCredit);
    let recruiter = Reassigning { recruiter: Some(compliance().id), ..reassigning() };
    assert_eq!(refused(compliance(), recruiter), ReferralError::RecruiterOfRequisition);
    let judge = Reassigning { judges: [reassigning().to].into(), ..reassigning() };
    assert_eq!(refused(compliance(), judge), ReferralError::JudgedTheCandidate);
    let silent = Reassigning { clause: " ".to_owned(), ..reassigning() };
    assert_eq!(refused(compliance(), silent), ReferralError::ClauseRequired);
    let order = ReferralCommand::ReassignCredit(Box::new(reassigning()));
    hired().when(compliance(), today(), order).refused(ReferralError::AlreadyHired);
}

#[test]
fn what_was_answered_about_the_old_referrer_is_asked_anew_of_the_new_one() {
    let unknown = relation(ReferrerClass::Unknown);
    let unsure = Submitting { relation: unknown.clone(), paid_in_twelve_months: 5, ..submitting() };
    let opinion = Settlement::LegalOpinion {
        rule: "REF-05".to_owned(),
        opinion_ref: "legal/5".to_owned(),
        valid_until: day("2027-12-31"),
        by: compliance().id,
    };
    let mut plan_unnoted = plan();
    plan_unnoted.terms.payroll.note_ref = None;
    let referral = [
        submit(Submitting { plan: Some(plan_unnoted), ..unsure }),
        ReferralCommand::Settle(answered("REF-01", CheckAnswer::Satisfied)),
        ReferralCommand::Settle(answered("REF-18", CheckAnswer::Satisfied)),
        ReferralCommand::Settle(opinion),
    ]
    .into_iter()
    .fold(Given::nothing(), |referral, order| {
        let by = if matches!(order, ReferralCommand::Submit(_)) { referrer() } else { compliance() };
        recorded(referral, by, order)
    });
    let open = |referral: &Given<Referral>| -> Vec<String> {
        let standing = referral.folded().standing().unwrap();
        standing.checks.open(today()).iter().map(|one| one.rule.clone()).collect()
    };
    assert!(open(&referral).is_empty(), "{:?}", open(&referral));
    let same_findings = Reassigning { relation: unknown, paid_in_twelve_months: 5, ..reassigning() };
    let order = ReferralCommand::ReassignCredit(Box::new(same_findings));
    let reassigned = recorded(referral.clone(), compliance(), order);
    assert_eq!(open(&reassigned), ["REF-01", "REF-05"], "what concerns the plan stays answered");
    let employee = ReferralCommand::ReassignCredit(Box::new(reassigning()));
    assert!(open(&recorded(referral, compliance(), employee)).is_empty());
}

#[test]
fn a_new_referrer_of_whom_too_little_is_known_earns_nothing_until_somebody_has_asked() {
    let says = |reassigning: Reassigning| {
        let order = ReferralCommand::ReassignCredit(Box::new(reassigning));
        let referral = recorded(owned(), compliance(), order);
        let carried = referral.folded().standing().unwrap().carried(today());
        let one = carried.into_iter().find(|one| one.rule == "REF-14").unwrap();
        (one.outcome, one.code)
    };
    for (relationship, offices, exclusion, outcome, code) in [
        (Some(Relationship::Friend), Offices::Known, None, Outcome::Pass, "not_excluded"),
        (Some(Relationship::Relative), Offices::Known, None, Outcome::Block, "relative"),
        (Some(Relationship::Relative), Offices::Unknown, None, Outcome::Block, "relative"),
        (Some(Relationship::Friend), Offices::Known, Some(Exclusion::PeopleOps), Outcome::Block, "people_ops"),
        (
            None,
            Offices::Unknown,
            Some(Exclusion::HiringManagerOfRequisition),
            Outcome::Block,
            "hiring_manager_of_requisition",
        ),
        (None, Offices::Known, None, Outcome::Hold, "relationship_unknown"),
        (Some(Relationship::Friend), Offices::Unknown, None, Outcome::Hold, "offices_unknown"),
    ] {
        let exclusions = exclusion.into_iter().collect();
        let said = says(Reassigning { relationship, offices, exclusions, ..reassigning() });
        assert_eq!(said, (outcome, code.to_owned()), "{relationship:?}, {offices:?}, {exclusion:?}");
    }
    let related = Reassigning { relationship: Some(Relationship::Friend), ..reassigning() };
    let made = Submitting { relationship: Relationship::Relative, ..submitting() };
    let referral = recorded(Given::nothing(), referrer(), submit(made));
    let referral = recorded(referral, compliance(), ReferralCommand::ReassignCredit(Box::new(related)));
    assert!(
        referral.folded().standing().unwrap().checks.open(today()).is_empty(),
        "the relative has the credit no more"
    );
}

// credit, hire, outcome

#[test]
fn an_application_is_credited_once() {
    let credited = ReferralEvent::Credited { application_id: application(1) };
    owned().when(system(), today(), credit(1)).then([credited.clone()]);
    assert_eq!((in_process().state(), in_process().wake()), ("in_process", Some(Due::On(day("2027-04-05")))));
    in_process().when(system(), today(), credit(1)).quiet();
    let other = ReferralError::AlreadyCredited { application_id: application(1) };
    in_process().when(system(), today(), credit(2)).refused(other);
    made().when(system(), today(), credit(1)).refused(ReferralError::AwaitsCandidate);
    let until = day("2027-04-05");
    owned().when(system(), until, credit(1)).refused(ReferralError::OwnershipOver { until });
}

#[test]
fn a_held_referral_keeps_its_application_until_the_decision() {
    let held = recorded(held(), system(), credit(1));
    assert_eq!(held.state(), "held_as_duplicate");
    held.when(system(), today(), note_hired()).refused(ReferralError::OwnershipUnresolved);
    assert_eq!(recorded(held, compliance(), resolve(OwnershipDecision::Grant)).state(), "in_process");
}

#[test]
fn a_doubt_outlasts_an_outcome() {
    let over =
        recorded(recorded(held(), system(), credit(1)), person(52), not_hired_because(OutcomeReason::OfferDeclined));
    assert_eq!(over.state(), "not_hired");
    over.when(system(), today(), note_hired()).refused(ReferralError::OwnershipUnresolved);
    let credited = ReferralEvent::Credited { application_id: application(1) };
    over.when(system(), today(), credit(1)).then([credited.clone(), held_event()]);
    for again in [over.clone().and([credited.clone(), held_event()]), over.clone().and([credited])] {
        assert_eq!(again.state(), "held_as_duplicate");
        again.when(system(), today(), note_hired()).refused(ReferralError::OwnershipUnresolved);
        let granted = recorded(again, compliance(), resolve(OwnershipDecision::Grant));
        assert_eq!(granted.state(), "in_process");
        granted.when(system(), today(), note_hired()).then([hire_event()]);
    }
    let granted = recorded(over.clone(), compliance(), resolve(OwnershipDecision::Grant));
    assert_eq!((granted.state(), granted.wake()), ("not_hired", Some(Due::On(day("2027-04-05")))));
    granted.when(system(), today(), note_hired()).then([hire_event()]);
    assert_eq!(recorded(granted, system(), credit(1)).state(), "in_process");
    assert_eq!(recorded(over, compliance(), resolve(OwnershipDecision::Refuse)).state(), "refused_duplicate");
}

#[test]
fn whoever_applied_in_time_does_not_lose_by_how_long_the_decision_takes() {
    let until = day("2027-04-05");
    recorded(held(), system(), credit(1))
        .when(compliance(), until, resolve(OwnershipDecision::Grant))
        .then([dismissed()]);
}

#[test]
fn a_case_taken_up_again_takes_its_referral_with_it() {
    let over = not_hired().and([ReferralEvent::OwnershipLapsed { on: day("2027-04-05") }]);
    assert_eq!((over.state(), over.wake()), ("not_hired", None));
    for referral in [not_hired(), over.clone()] {
        assert_eq!(recorded(referral.clone(), system(), credit(1)).state(), "in_process");
        referral.when(system(), today(), note_hired()).then([hire_event()]);
    }
    let until = day("2027-04-05");
    over.when(system(), today(), credit(2)).refused(ReferralError::OwnershipOver { until });
    assert_eq!(not_hired().wake(), Some(Due::On(until)));
}

#[test]
fn an_outcome_is_recorded_once() {
    let order = || not_hired_because(OutcomeReason::OfferDeclined);
    in_process().when(person(52), today(), order()).then([not_hired_event()]);
    not_hired().when(person(52), today(), order()).quiet();
    not_hired()
        .when(person(52), today(), not_hired_because(OutcomeReason::Rejected))
        .refused(ReferralError::OutcomeRecorded { reason_code: OutcomeReason::OfferDeclined });
    made().when(person(52), today(), order()).refused(ReferralError::AwaitsCandidate);
    hired().when(person(52), today(), order()).refused(ReferralError::AlreadyHired);
}

// withdraw

#[test]
fn only_the_referrer_takes_a_referral_back() {
    let withdraw = |reason| ReferralCommand::Withdraw { reason };
    for referral in [made(), owned(), held(), in_process(), not_hired()] {
        referral
            .when(referrer(), today(), withdraw(Some(sealed(6))))
            .then([ReferralEvent::Withdrawn { withdrawn_by: referrer().id, reason: Some(sealed(6)) }]);
        referral.when(compliance(), today(), withdraw(None)).refused(ReferralError::ReferrerOnly);
    }
    withdrawn().when(referrer(), today(), withdraw(None)).quiet();
    withdrawn().when(referrer(), today(), withdraw(Some(sealed(6)))).refused(ended(Ending::Withdrawn));
    hired().when(referrer(), today(), withdraw(None)).refused(ReferralError::AlreadyHired);
}

// the time in which it owns

#[test]
fn ownership_ends_by_itself() {
    let until = day("2027-04-05");
    owned().when_woken(day("2027-04-04")).quiet();
    owned().when_woken(day("2027-05-01")).then([ReferralEvent::OwnershipLapsed { on: until }]);
    assert_eq!(owned().and([ReferralEvent::OwnershipLapsed { on: until }]).state(), "expired");
    for referral in [recorded(held(), system(), credit(1)), hired(), declined()] {
        assert_eq!(referral.wake(), None);
        referral.when_woken(day("2028-01-01")).quiet();
    }
}

#[test]
fn a_case_that_runs_keeps_its_credit_when_others_may_refer_the_candidate_again() {
    let until = day("2027-04-05");
    let lapsed = ReferralEvent::OwnershipLapsed { on: until };
    in_process().when_woken(day("2027-04-04")).quiet();
    in_process().when_woken(until).then([lapsed.clone()]);
    assert!(in_process().folded().destroys(&lapsed).is_empty());
    assert_eq!(in_process().claims(uuid(5), &lapsed), [Claim::release("candidate_owner", key(), uuid(5))]);
    let over = in_process().and([lapsed]);
    assert_eq!((over.state(), over.wake()), ("in_process", None));
    over.when(system(), until, note_hired()).then([hire_event()]);
    // Nothing came of it, and nobody may be led to the candidate by it any more.
    let ended = not_hired_event();
    over.when(system(), until, not_hired_because(OutcomeReason::OfferDeclined)).recorded();
    assert_eq!(over.folded().destroys(&ended), [(candidate(), None)]);
    assert!(in_process().folded().destroys(&ended).is_empty(), "while it owns the candidate");
    let over = over.and([ended]);
    assert_eq!((over.state(), over.wake()), ("not_hired", None));
    over.when(system(), until, credit(2)).refused(ReferralError::OwnershipOver { until });
}

#[test]
fn a_doubt_that_nobody_decides_ends_with_the_time_of_ownership() {
    let until = day("2027-04-05");
    let lapsed = ReferralEvent::OwnershipLapsed { on: until };
    let not_hired_in_doubt = recorded(held(), person(52), not_hired_because(OutcomeReason::OfferDeclined));
    for referral in [held(), not_hired_in_doubt] {
        assert_eq!(referral.wake(), Some(Due::On(until)));
        referral.when_woken(day("2027-04-04")).quiet();
        referral.when(system(), until, credit(1)).refused(ReferralError::OwnershipOver { until });
        referral.when_woken(day("2027-05-01")).then([lapsed.clone()]);
        assert_eq!(referral.folded().destroys(&lapsed), [(candidate(), None)]);
        assert!(referral.claims(uuid(5), &lapsed).is_empty(), "it never owned the candidate");
        let over = referral.and([lapsed.clone()]);
        assert_eq!((over.state(), over.wake()), ("expired", None));
    }
}

// answers to rules

#[test]
fn a_hold_is_answered_and_carried_on_as_passed() {
    let unknown = Submitting { relation: relation(ReferrerClass::Unknown), ..submitting() };
    let referral = recorded(Given::nothing(), referrer(), submit(unknown));
    let settle = |answer| ReferralCommand::Settle(answered("REF-01", answer));
    let settled = recorded(referral.clone(), compliance(), settle(CheckAnswer::Satisfied));
    settled.when(compliance(), today(), settle(CheckAnswer::Satisfied)).quiet();
    let outcomes = |referral: &Given<Referral>| -> Vec<(String, Outcome)> {
        let carried = referral.folded().standing().unwrap().carried(today());
        carried.into_iter().filter(|one| one.rule == "REF-01").map(|one| (one.code, one.outcome)).collect()
    };
    assert_eq!(outcomes(&referral), [("employment_unknown".to_owned(), Outcome::Hold)]);
    assert_eq!(outcomes(&settled), [("employment_unknown".to_owned(), Outcome::Pass)]);
    referral.when(referrer(), today(), settle(CheckAnswer::Satisfied)).refused(ReferralError::SecondPersonRequired);
}

#[test]
fn a_referrer_who_proves_to_be_no_employee_is_barred() {
    let unknown = Submitting { relation: relation(ReferrerClass::Unknown), ..submitting() };
    let referral = recorded(Given::nothing(), referrer(), submit(unknown));
    let settlement = answered("REF-01", CheckAnswer::NotSatisfied);
    referral
        .when(compliance(), today(), ReferralCommand::Settle(settlement.clone()))
        .then([ReferralEvent::Settled { settlement }, blocked("REF-06", "not_employed_at_referral")]);
}

#[test]
fn an_answer_fits_its_rule() {
    made().when(compliance(), today(), ReferralCommand::Settle(answered("REF-01", CheckAnswer::Satisfied))).refused(
        ReferralError::Settlement(SettlementError::WrongAnswer { rule: "REF-01".to_owned(), outcome: Outcome::Pass }),
    );
    made()
        .when(compliance(), today(), ReferralCommand::Settle(answered("REF-99", CheckAnswer::Satisfied)))
        .refused(ReferralError::Settlement(SettlementError::RuleNotEvaluated { rule: "REF-99".to_owned() }));
    let settle = || ReferralCommand::Settle(answered("REF-01", CheckAnswer::Satisfied));
    hired().when(compliance(), today(), settle()).refused(ReferralError::AlreadyHired);
    declined().when(compliance(), today(), settle()).refused(ended(Ending::Declined));
}

// properties

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is asked in whatever order: what is decided can be told again, and nobody is hired who did not agree.
    #[test]
    fn nobody_is_hired_through_a_referral_they_did_not_agree_to(
        orders in prop::collection::vec((0_usize..10, 0_u64..400), 0..30)
    ) {
        let mut referral = made();
        for (order, days) in orders {
            let on = today() + Days::new(days);
            let order = match order {
                0 => accept(None),
                1 => accept(Some(Duplicate { because: DuplicateCause::EarlierApplication, earlier: None })),
                2 => ReferralCommand::DeclineAsCandidate,
                3 => resolve(OwnershipDecision::Grant),
                4 => resolve(OwnershipDecision::Refuse),
                5 => credit(days % 2),
                6 => note_hired(),
                7 => not_hired_because(OutcomeReason::Rejected),
                8 => ReferralCommand::Withdraw { reason: None },
                _ => ReferralCommand::Wake,
            };
            let events = referral.when(compliance(), on, order).recorded();
            referral = referral.and(events);
            let standing = referral.folded().standing().unwrap();
            if matches!(standing.phase, Phase::Owned | Phase::InProcess | Phase::Hired(_)) {
                prop_assert!(standing.accepted_on.is_some());
            }
            prop_assert_eq!(standing.phase == Phase::Owned, referral.state() == "owned");
            prop_assert!(standing.phase != Phase::Owned || standing.ownership.is_some());
            let hired = matches!(standing.phase, Phase::Hired(_));
            prop_assert!(standing.doubt.is_none() || !hired, "a hire in doubt");
            prop_assert!(standing.phase != Phase::HeldAsDuplicate || standing.doubt.is_some());
        }
    }
}

#[test]
fn stored_forms_do_not_change() {
    assert_goldens::<Referral>(&samples::referral::samples());
}
