//! Whether a leaver may be rehired: one person assesses, a second one confirms.

use aggregates::departure::{DepartureCommand as Command, DepartureError as Error, DepartureEvent as Event};
use aggregates::values::Verdict;

use super::{after, assess, assessed, assessed_ineligible, confirm, confirmed, in_effect, verdict};
use crate::support::{day, person, sealed, service, system};

#[test]
fn a_person_assesses() {
    in_effect().when(person(1), after(), assess(Verdict::Eligible)).then([assessed(Verdict::Eligible, 1)]);
    in_effect().when(person(1), after(), assess(Verdict::NotEligible)).then([assessed_ineligible(1)]);
}

#[test]
fn an_assessed_ineligibility_counts_as_a_review_until_it_is_confirmed() {
    assert_eq!(verdict(&in_effect().and([assessed_ineligible(1)])), Verdict::NeedsReview);
    assert_eq!(verdict(&in_effect().and([assessed_ineligible(1), confirmed(2)])), Verdict::NotEligible);
}

#[test]
fn ineligibility_needs_grounds() {
    let command =
        Command::AssessEligibility { verdict: Verdict::NotEligible, reason_code: None, clause: None, note: None };
    in_effect().when(person(1), after(), command).refused(Error::GroundsRequired);
}

#[test]
fn a_machine_judges_nobody() {
    for by in [service(9), system()] {
        let given = || in_effect().and([assessed_ineligible(1)]);
        given().when(by, after(), assess(Verdict::Eligible)).refused(Error::NaturalPersonRequired);
        given().when(by, after(), confirm("2027-03-31")).refused(Error::NaturalPersonRequired);
        given().when(by, after(), Command::ReturnAssessment { note: None }).refused(Error::NaturalPersonRequired);
    }
}

#[test]
fn the_same_assessment_is_quiet_and_another_one_stands_in_its_place() {
    in_effect().and([assessed(Verdict::Eligible, 1)]).when(person(2), after(), assess(Verdict::Eligible)).quiet();
    in_effect().and([assessed_ineligible(1)]).when(person(1), after(), assess(Verdict::NotEligible)).quiet();
    in_effect()
        .and([assessed_ineligible(1)])
        .when(person(2), after(), assess(Verdict::NotEligible))
        .then([assessed_ineligible(2)]);
    in_effect()
        .and([assessed(Verdict::Eligible, 1)])
        .when(person(1), after(), assess(Verdict::NeedsReview))
        .then([assessed(Verdict::NeedsReview, 1)]);
}

#[test]
fn a_second_person_confirms() {
    in_effect().and([assessed_ineligible(1)]).when(person(2), after(), confirm("2027-03-31")).then([confirmed(2)]);
}

#[test]
fn nobody_confirms_their_own_assessment() {
    let given = || in_effect().and([assessed_ineligible(1)]);
    given().when(person(1), after(), confirm("2027-03-31")).refused(Error::SecondPersonRequired);
    given().when(person(1), after(), Command::ReturnAssessment { note: None }).refused(Error::SecondPersonRequired);
}

#[test]
fn without_an_assessment_there_is_nothing_to_confirm() {
    let returned = Event::AssessmentReturned { note: None };
    for past in [
        vec![],
        vec![assessed(Verdict::Eligible, 1)],
        vec![assessed_ineligible(1), returned],
        vec![assessed_ineligible(1), confirmed(2)],
    ] {
        in_effect().and(past.clone()).when(person(3), after(), confirm("2026-03-31")).refused(Error::NothingToConfirm);
        in_effect()
            .and(past)
            .when(person(3), after(), Command::ReturnAssessment { note: None })
            .refused(Error::NothingToConfirm);
    }
}

#[test]
fn an_ineligibility_ends_within_three_years() {
    let given = || in_effect().and([assessed_ineligible(1)]);
    let refused = |expires_on| Error::ExpiryOutOfRange {
        expires_on: day(expires_on),
        today: day("2024-04-10"),
        latest: day("2027-04-10"),
    };
    given().when(person(2), after(), confirm("2024-04-10")).refused(refused("2024-04-10"));
    given().when(person(2), after(), confirm("2027-04-11")).refused(refused("2027-04-11"));
    assert_eq!(given().when(person(2), after(), confirm("2027-04-10")).recorded().len(), 1);
}

#[test]
fn the_same_confirmation_is_quiet_and_another_is_not() {
    let given = || in_effect().and([assessed_ineligible(1), confirmed(2)]);
    given().when(person(2), after(), confirm("2027-03-31")).quiet();
    let Command::ConfirmEligibility { clause, evidence_ref, expires_on, .. } = confirm("2027-03-31") else { panic!() };
    let elsewhere =
        Command::ConfirmEligibility { clause, evidence_ref, expires_on, appeal_route: "労働組合".to_owned() };
    given().when(person(2), after(), elsewhere).refused(Error::NothingToConfirm);
}

#[test]
fn a_second_person_sends_an_assessment_back() {
    let returned = Event::AssessmentReturned { note: Some(sealed(36)) };
    in_effect()
        .and([assessed_ineligible(1)])
        .when(person(2), after(), Command::ReturnAssessment { note: Some(sealed(36)) })
        .then([returned.clone()]);
    let given = in_effect().and([assessed_ineligible(1), returned]);
    assert_eq!(verdict(&given), Verdict::NeedsReview);
}
