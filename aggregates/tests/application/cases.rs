//! How a case goes on, rests and ends.

use aggregates::application::{
    Application, ApplicationCommand as C, ApplicationError, ApplicationEvent, EligibilityFacts, HoldCause, Office,
    Recommendation, RejectionReason, RequisitionFact, Side, Stage, Transferring, WithdrawalReason, live_key,
};
use aggregates::ids::{PersonId, RequisitionId};
use aggregates::issued::Due;
use aggregates::requisition::{Engagement, Line};
use aggregates::stream::Claim;
use aggregates::values::Verdict;
use chrono::Days;

use super::{
    accepted, advanced, application_id, assessed, assign, candidate, compliance, eligibility, evaluated, evaluation,
    facts, found_again, given, held, in_review, interviewing, line, manager, offered, recruiter, rejoin,
    requisition_id, scheduling, scored, screening, second_recruiter, slot, today,
};
use crate::support::{Given, day, sealed, service, system, uuid};

// assign, advance, skip

#[test]
fn somebody_takes_the_case_on() {
    let owned = ApplicationEvent::OwnerAssigned { owner: second_recruiter().id, assigned_by: recruiter().id };
    let case = given(screening());
    case.when(recruiter(), today(), assign(second_recruiter().id)).then([owned.clone()]);
    case.and([owned]).when(recruiter(), today(), assign(second_recruiter().id)).quiet();
    Given::<Application>::nothing()
        .when(recruiter(), today(), assign(recruiter().id))
        .refused(ApplicationError::NotSubmitted);
}

#[test]
fn a_case_advances_to_interviews_and_no_further_by_itself() {
    let case = given(screening());
    let to = |to| C::Advance { to };
    case.when(recruiter(), today(), to(Stage::Interviewing)).then([advanced()]);
    case.when(recruiter(), today(), to(Stage::Screening)).quiet();
    case.when(recruiter(), today(), to(Stage::Evaluated)).refused(ApplicationError::EvaluationRequired);
    let case = given(interviewing());
    case.when(recruiter(), today(), to(Stage::Interviewing)).quiet();
    case.when(recruiter(), today(), to(Stage::Evaluated)).refused(ApplicationError::EvaluationRequired);
    case.when(recruiter(), today(), to(Stage::Screening))
        .refused(ApplicationError::StageNotNext { from: "interviewing", to: "screening" });
    given(in_review()).when(recruiter(), today(), to(Stage::Interviewing)).refused(ApplicationError::AwaitsReview);
    given(offered())
        .when(recruiter(), today(), to(Stage::Interviewing))
        .refused(ApplicationError::StageNotNext { from: "offer_pending", to: "interviewing" });
}

#[test]
fn the_fast_track_cites_a_clause_and_needs_a_clean_start() {
    let skip = |to, clause: &str| C::SkipStage { to, clause: clause.to_owned(), referrer: None };
    let skipped = ApplicationEvent::StageSkipped {
        from: Stage::Screening,
        to: Stage::Evaluated,
        clause: "第5条".to_owned(),
        skipped_by: recruiter().id,
    };
    let case = given(screening());
    case.when(recruiter(), today(), skip(Stage::Evaluated, "第5条")).then([skipped.clone()]);
    assert_eq!(case.clone().and([skipped]).state(), "evaluated");
    // Whoever may earn by the return does not go past the interviews.
    let own = C::SkipStage { to: Stage::Evaluated, clause: "第5条".to_owned(), referrer: Some(recruiter().id) };
    case.when(recruiter(), today(), own).refused(ApplicationError::ReferrerEvaluates);
    case.when(recruiter(), today(), skip(Stage::Evaluated, "")).refused(ApplicationError::ClauseRequired);
    case.when(recruiter(), today(), skip(Stage::Interviewing, "第5条"))
        .refused(ApplicationError::StageNotNext { from: "screening", to: "interviewing" });
    let reviewed = ApplicationEvent::EligibilityReviewed {
        decision: aggregates::application::ReviewDecision::Eligible,
        clause: "第3条".to_owned(),
        reviewed_by: compliance().id,
        note: None,
        on: None,
    };
    given(in_review())
        .and([reviewed])
        .when(recruiter(), today(), skip(Stage::Evaluated, "第5条"))
        .refused(ApplicationError::FastTrackClosed);
}

// evaluation

#[test]
fn an_evaluation_needs_a_scorecard_and_a_natural_person() {
    let referred = |referrer| C::RecordEvaluation { recommendation: Recommendation::Yes, note: None, referrer };
    let evaluate = || referred(None);
    let case = given(interviewing());
    case.when(manager(), today(), evaluate()).refused(ApplicationError::ScorecardRequired);
    let scored = case.and([scored()]);
    scored.when(service(60), today(), evaluate()).refused(ApplicationError::NaturalPersonRequired);
    scored.when(manager(), today(), evaluate()).then([evaluation()]);
    scored.when(manager(), today(), referred(Some(recruiter().id))).then([evaluation()]);
    scored.when(manager(), today(), referred(Some(manager().id))).refused(ApplicationError::ReferrerEvaluates);
    given(evaluated()).when(manager(), today(), evaluate()).refused(ApplicationError::AlreadyEvaluated);
    given(screening())
        .when(manager(), today(), evaluate())
        .refused(ApplicationError::StageNotNext { from: "screening", to: "evaluated" });
}

// hold, resume

#[test]
fn on_hold_nothing_goes_forward_and_what_ends_it_goes_through() {
    let case = given(interviewing()).and([scored(), held(HoldCause::Manual)]);
    for order in [
        C::Advance { to: Stage::Interviewing },
        C::SkipStage { to: Stage::Evaluated, clause: "第5条".to_owned(), referrer: None },
        C::ScheduleInterview(Box::new(scheduling(super::interview_id(), slot()))),
        C::RescheduleInterview(Box::new(scheduling(super::interview_id(), slot()))),
        C::RecordEvaluation { recommendation: Recommendation::Yes, note: None, referrer: None },
        rejoin("E-1", today()),
    ] {
        case.when(recruiter(), today(), order).refused(ApplicationError::OnHold);
    }
    assert_eq!(case.when(recruiter(), today(), reject()).recorded().len(), 1);
    assert_eq!(case.when(candidate(), today(), withdraw()).recorded().len(), 1);
    let cancel = C::Cancel { requisition_id: requisition_id() };
    assert_eq!(case.when(system(), today(), cancel).recorded().len(), 1);
}

#[test]
fn a_hold_ends_by_hand_or_on_its_day() {
    let until = day("2026-11-01");
    let rest = |until| C::Hold { until, note: None };
    let case = given(screening());
    let held =
        ApplicationEvent::Held { because: HoldCause::Manual, until: Some(until), held_by: recruiter().id, note: None };
    case.when(recruiter(), today(), rest(Some(until))).then([held.clone()]);
    case.when(recruiter(), today(), rest(Some(today()))).refused(ApplicationError::HoldOverAlready { until: today() });
    let resume = C::Resume { office: Office::Recruiting, clause: None, involved: [].into(), note: None };
    case.when(recruiter(), today(), resume.clone()).quiet();
    let case = case.and([held]);
    case.when(recruiter(), today(), rest(Some(until))).quiet();
    assert_eq!(case.when(recruiter(), today(), rest(None)).recorded().len(), 1);
    assert_eq!(case.wake(), Some(Due::On(until)));
    case.when_woken(until - Days::new(1)).quiet();
    case.when_woken(until).then([ApplicationEvent::Resumed { resumed_by: system().id, clause: None, note: None }]);
    case.when(recruiter(), today(), resume).then([ApplicationEvent::Resumed {
        resumed_by: recruiter().id,
        clause: None,
        note: None,
    }]);
    assert_eq!(case.state(), "screening", "a hold lies over the state");
}

// reject, withdraw, reopen

fn reject() -> C {
    C::Reject { side: Side::Employer, reason_code: RejectionReason::Qualifications, note: None }
}

fn rejected() -> ApplicationEvent {
    ApplicationEvent::Rejected {
        side: Side::Employer,
        reason_code: RejectionReason::Qualifications,
        rejected_by: recruiter().id,
        note: None,
        on: Some(today()),
    }
}

fn withdraw() -> C {
    C::Withdraw { reason_code: WithdrawalReason::OtherOffer, recorded_for: None }
}

#[test]
fn a_case_without_a_live_offer_can_be_rejected() {
    for past in [in_review(), screening(), interviewing(), evaluated()] {
        given(past).when(recruiter(), today(), reject()).then([rejected()]);
    }
    given(offered()).when(recruiter(), today(), reject()).refused(ApplicationError::OfferLive);
    given(accepted()).when(recruiter(), today(), reject()).refused(ApplicationError::AfterAcceptance);
    let ended = given(screening()).and([rejected()]);
    ended.when(recruiter(), today(), reject()).quiet();
    let otherwise = C::Reject { side: Side::Employer, reason_code: RejectionReason::Other, note: None };
    ended.when(recruiter(), today(), otherwise).refused(ApplicationError::Ended { state: "rejected" });
}

#[test]
fn the_candidate_withdraws_whenever_they_like() {
    let withdrawn = |withdrawn_by, recorded_for| ApplicationEvent::Withdrawn {
        reason_code: WithdrawalReason::OtherOffer,
        withdrawn_by,
        recorded_for,
        on: Some(today()),
    };
    for past in [in_review(), screening(), evaluated(), offered(), accepted(), super::joining()] {
        let case = given(past);
        case.when(candidate(), today(), withdraw()).then([withdrawn(candidate().id, None)]);
        case.when(recruiter(), today(), withdraw()).refused(ApplicationError::NotTheCandidate);
        let told = C::Withdraw { reason_code: WithdrawalReason::OtherOffer, recorded_for: Some(sealed(13)) };
        case.when(recruiter(), today(), told).then([withdrawn(recruiter().id, Some(sealed(13)))]);
        let ended = case.and([withdrawn(candidate().id, None)]);
        assert_eq!((ended.state(), ended.wake()), ("withdrawn", None));
        ended.when(candidate(), today(), withdraw()).quiet();
        ended.when(recruiter(), today(), reject()).refused(ApplicationError::Ended { state: "withdrawn" });
    }
}

#[test]
fn somebody_else_opens_a_case_again_within_thirty_days() {
    let reopen = |requisition| C::Reopen { facts: Box::new(EligibilityFacts { requisition, ..facts() }), note: None };
    let published = RequisitionFact::Published;
    let case = given(interviewing()).and([rejected()]);
    let reopened =
        ApplicationEvent::Reopened { to: Stage::Interviewing, reopened_by: second_recruiter().id, note: None };
    let last = day("2026-10-31");
    case.when(second_recruiter(), last, reopen(published)).then([reopened.clone()]);
    case.when(recruiter(), today(), reopen(published)).refused(ApplicationError::SecondPersonRequired);
    case.when(second_recruiter(), last + Days::new(1), reopen(published))
        .refused(ApplicationError::ReopenPeriodOver { until: last });
    case.when(second_recruiter(), today(), reopen(RequisitionFact::Closed))
        .refused(ApplicationError::RequisitionNotOpen);
    case.when(second_recruiter(), today(), reopen(RequisitionFact::Filled)).refused(ApplicationError::HeadcountFull);
    let key = live_key(PersonId(uuid(1)), requisition_id());
    let taken = Claim::take("live_application", key, application_id());
    assert_eq!(case.claims(application_id(), &reopened), [taken]);
    assert_eq!(case.and([reopened]).state(), "interviewing");
    for past in [screening(), super::not_eligible()] {
        given(past).when(second_recruiter(), today(), reopen(published)).refused(ApplicationError::NotReopenable);
    }
}

#[test]
fn what_needed_a_review_needs_it_still_when_it_is_opened_again() {
    let reopened = ApplicationEvent::Reopened { to: Stage::Screening, reopened_by: second_recruiter().id, note: None };
    let needs = super::of(Verdict::NeedsReview);
    let case = given(in_review()).and([rejected()]);
    let reopen = |facts| C::Reopen { facts: Box::new(facts), note: None };
    case.when(second_recruiter(), today(), reopen(needs.clone())).then([reopened.clone(), assessed(needs.clone())]);
    assert_eq!(case.clone().and([reopened.clone(), assessed(needs)]).state(), "eligibility_review");
    assert_eq!(case.and([reopened, assessed(facts())]).state(), "screening");
}

#[test]
fn what_changed_while_a_case_was_closed_holds_it() {
    let reopened = ApplicationEvent::Reopened { to: Stage::Screening, reopened_by: second_recruiter().id, note: None };
    let needs = super::of(Verdict::NeedsReview);
    let held = ApplicationEvent::Held {
        because: HoldCause::FactsChanged,
        until: None,
        held_by: second_recruiter().id,
        note: None,
    };
    given(screening())
        .and([rejected()])
        .when(second_recruiter(), today(), C::Reopen { facts: Box::new(needs.clone()), note: None })
        .then([reopened, found_again(needs, HoldCause::FactsChanged), held]);
}

// transfer, cancel

#[test]
fn a_case_moves_to_another_position_of_its_entity() {
    let to = RequisitionId(uuid(55));
    let leads = Line { recruiter: second_recruiter().id, ..line() };
    let transfer = |facts: EligibilityFacts, entity: &str| {
        C::Transfer(Box::new(Transferring {
            requisition_id: to,
            legal_entity: entity.to_owned(),
            line: leads.clone(),
            facts,
        }))
    };
    let case = given(interviewing());
    let transferred = ApplicationEvent::Transferred {
        from: requisition_id(),
        to,
        line: leads.clone(),
        transferred_by: recruiter().id,
    };
    case.when(recruiter(), today(), transfer(facts(), "JP-HQ"))
        .then([transferred.clone(), found_again(facts(), HoldCause::FactsChanged)]);
    case.when(recruiter(), today(), transfer(facts(), "JP-EAST")).refused(ApplicationError::OtherEntity);
    let full = EligibilityFacts { requisition: RequisitionFact::Filled, ..facts() };
    case.when(recruiter(), today(), transfer(full, "JP-HQ")).refused(ApplicationError::HeadcountFull);
    let dispatched = EligibilityFacts {
        engagement: Engagement::Dispatched,
        stints: vec![super::stint("2026-09-01", Verdict::Eligible)],
        ..facts()
    };
    case.when(recruiter(), today(), transfer(dispatched, "JP-HQ"))
        .refused(ApplicationError::NotEligibleThere { rule: "LAB-04".to_owned(), code: "start_unknown".to_owned() });
    given(offered()).when(recruiter(), today(), transfer(facts(), "JP-HQ")).refused(ApplicationError::OfferLive);

    let person = PersonId(uuid(1));
    assert_eq!(
        case.claims(application_id(), &transferred),
        [
            Claim::release("live_application", live_key(person, requisition_id()), application_id()),
            Claim::take("live_application", live_key(person, to), application_id()),
        ]
    );
    let moved = case.and([transferred]);
    moved.when(recruiter(), today(), transfer(facts(), "JP-HQ")).quiet();
    assert_eq!(moved.folded().standing().map(|standing| standing.line.clone()), Some(leads));
    assert_eq!(moved.state(), "interviewing");
}

#[test]
fn a_closed_requisition_cancels_what_has_no_contract() {
    let cancel = || C::Cancel { requisition_id: requisition_id() };
    let cancelled = ApplicationEvent::Cancelled { requisition_id: requisition_id() };
    for past in [in_review(), screening(), evaluated(), offered()] {
        let case = given(past);
        case.when(system(), today(), cancel()).then([cancelled.clone()]);
        case.and([cancelled.clone()]).when(system(), today(), cancel()).quiet();
    }
    for past in [accepted(), super::joining()] {
        given(past).when(system(), today(), cancel()).refused(ApplicationError::AfterAcceptance);
    }
    given(screening())
        .when(system(), today(), C::Cancel { requisition_id: RequisitionId(uuid(55)) })
        .refused(ApplicationError::OtherRequisition);
    given(screening())
        .and([rejected()])
        .when(system(), today(), cancel())
        .refused(ApplicationError::Ended { state: "rejected" });
}

#[test]
fn a_case_that_ended_on_hold_is_not_on_hold_when_it_is_opened_again() {
    let reopened = ApplicationEvent::Reopened { to: Stage::Screening, reopened_by: second_recruiter().id, note: None };
    let case = given(screening()).and([held(HoldCause::Manual), rejected(), reopened]);
    assert_eq!(case.folded().standing().and_then(|standing| standing.hold), None);
    assert_eq!((case.state(), eligibility(&case).is_some()), ("screening", true));
}
