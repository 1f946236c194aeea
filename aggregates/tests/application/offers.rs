//! What offers do to a case, and the return.

use aggregates::application::{
    ApplicationCommand as C, ApplicationError, ApplicationEvent, HoldCause, OfferEnding, Office, PostponementReason,
    Rejoined,
};
use aggregates::employment::TenureSegment;
use aggregates::ids::{DepartureId, MemberId, OfferId, PersonId, ReferralId};
use aggregates::issued::Due;
use aggregates::stream::Claim;
use aggregates::values::EmploymentType;
use chrono::{Days, NaiveDate};

use super::{
    acceptance, accepted, application_id, candidate, compliance, evaluated, first_day, given, held, in_review,
    interviewing, joining, joining_recorded, offer_accepted, offer_id, offered, recruiter, rejoin, requisition_id,
    screening, today,
};
use crate::support::{day, system, uuid};

fn other_offer() -> OfferId {
    OfferId(uuid(88))
}

fn opened() -> ApplicationEvent {
    ApplicationEvent::OfferOpened { offer_id: offer_id() }
}

fn ended(ending: OfferEnding) -> ApplicationEvent {
    ApplicationEvent::OfferEnded { offer_id: offer_id(), ending, on: Some(today()) }
}

fn note(offer_id: OfferId) -> C {
    C::NoteOffer { offer_id }
}

fn note_ended(ending: OfferEnding) -> C {
    C::NoteOfferEnded { offer_id: offer_id(), ending }
}

#[test]
fn an_offer_needs_an_evaluation() {
    given(evaluated()).when(system(), today(), note(offer_id())).then([opened()]);
    for past in [screening(), interviewing()] {
        given(past).when(system(), today(), note(offer_id())).refused(ApplicationError::NotEvaluated);
    }
    given(in_review()).when(system(), today(), note(offer_id())).refused(ApplicationError::AwaitsReview);
}

#[test]
fn one_offer_at_a_time() {
    for (past, error) in [(offered(), ApplicationError::OfferLive), (accepted(), ApplicationError::AfterAcceptance)] {
        let case = given(past);
        case.when(system(), today(), note(offer_id())).quiet();
        case.when(system(), today(), note(other_offer())).refused(error);
    }
}

#[test]
fn a_notice_about_an_offer_goes_through_a_hold() {
    let on_hold = |past: Vec<ApplicationEvent>| given(past).and([held(HoldCause::Manual)]);
    on_hold(evaluated()).when(system(), today(), note(offer_id())).then([opened()]);
    on_hold(offered()).when(system(), today(), acceptance(offer_id())).then([offer_accepted()]);
    on_hold(offered()).when(system(), today(), note_ended(OfferEnding::Declined)).then([ended(OfferEnding::Declined)]);
}

#[test]
fn an_offer_that_ends_does_not_end_the_case() {
    for (ending, state, due) in [
        (OfferEnding::Declined, "offer_declined", Some(Due::On(day("2026-10-31")))),
        (OfferEnding::Expired, "offer_expired", Some(Due::On(day("2026-10-31")))),
        (OfferEnding::Refused, "evaluated", Some(Due::On(day("2026-10-31")))),
        (OfferEnding::Rescinded, "evaluated", Some(Due::On(day("2026-10-31")))),
    ] {
        let case = given(offered());
        case.when(system(), today(), note_ended(ending)).then([ended(ending)]);
        let after = case.and([ended(ending)]);
        assert_eq!((after.state(), after.wake()), (state, due));
        after.when(system(), today(), note_ended(ending)).quiet();
        after
            .when(system(), today(), note(other_offer()))
            .then([ApplicationEvent::OfferOpened { offer_id: other_offer() }]);
        assert!(after.folded().standing().is_some_and(aggregates::application::Standing::may_be_offered));
    }
    given(offered())
        .when(system(), today(), C::NoteOfferEnded { offer_id: other_offer(), ending: OfferEnding::Expired })
        .refused(ApplicationError::OtherOffer);
}

#[test]
fn a_case_that_nobody_takes_up_again_closes_after_thirty_days() {
    let last = day("2026-10-31");
    for ending in [OfferEnding::Declined, OfferEnding::Expired, OfferEnding::Refused, OfferEnding::Rescinded] {
        let case = given(offered()).and([ended(ending)]);
        case.when_woken(last - Days::new(1)).quiet();
        case.when_woken(last).then([ApplicationEvent::Closed { on: last }]);
        case.when(system(), last, note(other_offer())).refused(ApplicationError::OfferPeriodOver { until: last });
        // Another offer ends the time, and the next end begins a time of its own.
        let offered = case.and([ApplicationEvent::OfferOpened { offer_id: other_offer() }]);
        assert_eq!(offered.wake(), None, "{ending:?}");
        offered.when_woken(last).quiet();
    }
    let case = given(offered()).and([ended(OfferEnding::Declined)]);
    let closed = case.and([ApplicationEvent::Closed { on: last }]);
    assert_eq!((closed.state(), closed.wake()), ("closed", None));
    closed.when_woken(last).quiet();
    closed.when(system(), last, note_ended(OfferEnding::Declined)).quiet();
}

#[test]
fn an_acceptance_is_noted_once() {
    given(offered()).when(system(), today(), acceptance(offer_id())).then([offer_accepted()]);
    for past in [accepted(), joining()] {
        given(past.clone()).when(system(), today(), acceptance(offer_id())).quiet();
        given(past).when(system(), today(), acceptance(other_offer())).refused(ApplicationError::OtherOffer);
    }
    given(evaluated()).when(system(), today(), acceptance(offer_id())).refused(ApplicationError::OtherOffer);
}

#[test]
fn a_contract_that_the_employer_takes_back_ends_the_case() {
    for past in [accepted(), joining()] {
        let ending = OfferEnding::RescindedAfterAcceptance;
        given(past.clone()).when(system(), today(), note_ended(ending)).then([ended(ending)]);
        assert_eq!(given(past).and([ended(ending)]).state(), "offer_rescinded");
    }
}

// the first day

fn rejoined(started_on: NaiveDate) -> ApplicationEvent {
    ApplicationEvent::Rejoined(Box::new(Rejoined {
        person_id: PersonId(uuid(1)),
        member_id: MemberId(uuid(4)),
        account: candidate().id,
        requisition_id: requisition_id(),
        offer_id: offer_id(),
        referral_id: Some(ReferralId(uuid(9))),
        legal_entity: "JP-HQ".to_owned(),
        employee_number: "E-20001".to_owned(),
        started_on,
        employment_type: EmploymentType::Regular,
        department: None,
        job_family: None,
        grade: Some("G4".to_owned()),
        location: None,
        tenure: vec![TenureSegment {
            legal_entity: "JP-HQ".to_owned(),
            from: day("2015-04-01"),
            to: day("2024-03-31"),
            departure_id: DepartureId(uuid(3)),
        }],
    }))
}

#[test]
fn a_return_takes_effect_on_its_day() {
    let case = given(accepted());
    case.when(recruiter(), today(), rejoin("E-20001", first_day())).then([joining_recorded()]);
    let case = case.and([joining_recorded()]);
    assert_eq!((case.state(), case.wake()), ("joining", Some(Due::On(first_day()))));
    case.when_woken(first_day() - Days::new(1)).quiet();
    case.when_woken(first_day()).then([rejoined(first_day())]);
    let back = case.and([rejoined(first_day())]);
    assert_eq!((back.state(), back.wake(), back.folded().is_live()), ("rejoined", None, false));
    back.when(recruiter(), first_day(), rejoin("E-20001", first_day())).quiet();
    back.when(recruiter(), first_day(), rejoin("E-20002", first_day()))
        .refused(ApplicationError::Ended { state: "rejoined" });
}

#[test]
fn a_return_whose_day_has_come_takes_effect_at_once() {
    given(accepted())
        .when(recruiter(), first_day(), rejoin("E-20001", first_day()))
        .then([joining_recorded(), rejoined(first_day())]);
}

#[test]
fn a_return_needs_an_accepted_offer_a_number_and_a_day_that_was_agreed() {
    for past in [screening(), evaluated(), offered()] {
        given(past)
            .when(recruiter(), today(), rejoin("E-20001", first_day()))
            .refused(ApplicationError::OfferNotAccepted);
    }
    let case = given(accepted());
    case.when(recruiter(), today(), rejoin(" ", first_day())).refused(ApplicationError::EmployeeNumberMissing);
    case.when(recruiter(), today(), rejoin("E-20001", first_day() - Days::new(1)))
        .refused(ApplicationError::BeforeAgreedDay { agreed: first_day() });
    let joining = given(joining());
    joining.when(recruiter(), today(), rejoin("E-20001", first_day())).quiet();
    joining
        .when(recruiter(), today(), rejoin("E-20001", first_day() + Days::new(1)))
        .refused(ApplicationError::JoiningRecordedOtherwise);
}

#[test]
fn a_mistyped_number_is_stated_anew_before_the_first_day() {
    let ApplicationEvent::JoiningRecorded { started_on, department, job_family, recorded_by, .. } = joining_recorded()
    else {
        panic!("it is recorded")
    };
    let restated = ApplicationEvent::JoiningRecorded {
        employee_number: "E-20002".to_owned(),
        started_on,
        department,
        job_family,
        recorded_by,
    };
    let joining = given(joining());
    joining.when(recruiter(), today(), rejoin("E-20002", first_day())).then([restated.clone()]);
    joining.when(recruiter(), today(), rejoin(" ", first_day())).refused(ApplicationError::EmployeeNumberMissing);
    let restated = joining.and([restated]);
    restated.when(recruiter(), today(), rejoin("E-20002", first_day())).quiet();
    let ApplicationEvent::Rejoined(back) = rejoined(first_day()) else { panic!("they are back") };
    let back = Rejoined { employee_number: "E-20002".to_owned(), ..*back };
    restated.when_woken(first_day()).then([ApplicationEvent::Rejoined(Box::new(back))]);
}

#[test]
fn a_start_is_postponed_and_never_brought_forward() {
    let postpone = |to| C::PostponeStart { to, reason_code: PostponementReason::NoticePeriod };
    let to = day("2027-02-01");
    let postponed = ApplicationEvent::StartPostponed {
        from: first_day(),
        to,
        reason_code: PostponementReason::NoticePeriod,
        postponed_by: recruiter().id,
    };
    for past in [accepted(), joining()] {
        let case = given(past);
        case.when(recruiter(), today(), postpone(to)).then([postponed.clone()]);
        case.when(recruiter(), today(), postpone(first_day()))
            .refused(ApplicationError::NotLater { agreed: first_day() });
        let later = case.and([postponed.clone()]);
        later.when(recruiter(), today(), postpone(to)).refused(ApplicationError::NotLater { agreed: to });
    }
    assert_eq!(given(joining()).and([postponed]).wake(), Some(Due::On(to)));
    given(offered()).when(recruiter(), today(), postpone(to)).refused(ApplicationError::OfferNotAccepted);
}

#[test]
fn nobody_is_missing_before_the_first_day() {
    let missing = || C::RecordNoShow { note: None };
    let recorded = ApplicationEvent::NoShowRecorded { recorded_by: recruiter().id, note: None };
    for past in [accepted(), joining()] {
        let case = given(past);
        case.when(recruiter(), first_day() - Days::new(1), missing())
            .refused(ApplicationError::DayNotCome { on: first_day() });
        case.when(recruiter(), first_day(), missing()).then([recorded.clone()]);
        let gone = case.and([recorded.clone()]);
        assert_eq!(gone.state(), "no_show");
        gone.when(recruiter(), first_day(), missing()).quiet();
    }
}

#[test]
fn a_return_on_hold_waits_for_compliance_and_then_takes_effect() {
    let case = given(joining()).and([held(HoldCause::FlagRaised)]);
    assert_eq!(case.wake(), None);
    case.when_woken(first_day()).quiet();
    let clause = || Some("再雇用規程第3条".to_owned());
    let resume = C::Resume { office: Office::Compliance, clause: clause(), involved: [].into(), note: None };
    let resumed = ApplicationEvent::Resumed { resumed_by: compliance().id, clause: clause(), note: None };
    case.when(compliance(), today(), resume.clone()).then([resumed.clone()]);
    case.when(compliance(), first_day(), resume).then([resumed, rejoined(first_day())]);
}

#[test]
fn nobody_returns_twice_by_one_membership() {
    let case = given(joining());
    let taken = Claim::take("return", MemberId(uuid(4)).to_string(), application_id());
    assert!(case.claims(application_id(), &rejoined(first_day())).contains(&taken));
}
