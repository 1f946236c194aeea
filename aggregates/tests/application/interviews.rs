//! Interviews and scorecards.

use aggregates::application::{
    ApplicationCommand as C, ApplicationError, ApplicationEvent, AttributeRating, Disclosing, InterviewOutcome,
    MOST_INTERVIEWERS, Scheduling, Scorecard, Slot,
};
use aggregates::ids::{ActorId, InterviewId, RequisitionId};
use aggregates::member::ContactChannel;
use chrono::{DateTime, TimeDelta, Utc};

use super::{
    accepted, candidate, compliance, disclosing, evaluated, given, in_review, interview_id, interviewer, interviewing,
    line, manager, range, recruiter, requisition_id, scheduled, scheduling, scorecard, screening, slot, today,
};
use crate::support::{Moment, day, instant, sealed, uuid};

fn other_id() -> InterviewId {
    InterviewId(uuid(70))
}

fn later(hours: i64) -> Slot {
    let by = TimeDelta::hours(hours);
    Slot { starts_at: slot().starts_at + by, ends_at: slot().ends_at + by, ..slot() }
}

#[test]
fn an_interview_is_scheduled_once_in_screening_or_interviewing() {
    let order = || C::ScheduleInterview(Box::new(scheduling(interview_id(), slot())));
    given(screening()).when(recruiter(), today(), order()).then([scheduled()]);
    let case = given(interviewing());
    case.when(recruiter(), today(), order()).quiet();
    let otherwise = C::ScheduleInterview(Box::new(scheduling(interview_id(), later(2))));
    case.when(recruiter(), today(), otherwise).refused(ApplicationError::InterviewKnown);
    given(in_review()).when(recruiter(), today(), order()).refused(ApplicationError::AwaitsReview);
    for (past, from) in [(evaluated(), "evaluated"), (accepted(), "offer_accepted")] {
        let order = C::ScheduleInterview(Box::new(scheduling(other_id(), later(2))));
        given(past)
            .when(recruiter(), today(), order)
            .refused(ApplicationError::StageNotNext { from, to: "interviewing" });
    }
}

// disclose-range

/// The instant of the commands.
fn midnight() -> DateTime<Utc> {
    Moment::from(today()).at
}

fn disclosed(maximum: i64) -> ApplicationEvent {
    ApplicationEvent::RangeDisclosed {
        requisition_id: requisition_id(),
        range: Box::new(range(maximum)),
        channel: ContactChannel::Email,
        at: midnight(),
        disclosed_by: recruiter().id,
    }
}

fn told(maximum: i64) -> C {
    C::DiscloseRange(Box::new(disclosing(maximum)))
}

#[test]
fn a_candidate_is_told_a_range_once_and_anew_when_it_changed() {
    let case = given(screening());
    case.when(recruiter(), today(), told(9_000_000)).then([disclosed(9_000_000)]);
    let case = case.and([disclosed(9_000_000)]);
    case.when(recruiter(), today(), told(9_000_000)).quiet();
    case.when(recruiter(), today(), told(9_500_000)).then([disclosed(9_500_000)]);
    let none = C::DiscloseRange(Box::new(Disclosing { range: None, ..disclosing(0) }));
    case.when(recruiter(), today(), none).refused(ApplicationError::RangeMissing);
    let elsewhere = Disclosing { requisition_id: RequisitionId(uuid(55)), ..disclosing(9_000_000) };
    case.when(recruiter(), today(), C::DiscloseRange(Box::new(elsewhere))).refused(ApplicationError::OtherRequisition);
}

#[test]
fn where_the_policy_says_so_the_range_comes_before_the_interview() {
    let order = |slot| C::ScheduleInterview(Box::new(Scheduling { range_first: true, ..scheduling(other_id(), slot) }));
    let begins = |starts_at| Slot { starts_at, ends_at: starts_at + TimeDelta::hours(1), ..slot() };
    let case = given(interviewing());
    case.when(recruiter(), today(), order(later(5))).refused(ApplicationError::RangeNotDisclosed);
    let case = case.and([disclosed(9_000_000)]);
    // Another range than the position has by now is none that they know.
    let by_now = |maximum| {
        let range = Some(range(maximum));
        C::ScheduleInterview(Box::new(Scheduling { range_first: true, range, ..scheduling(other_id(), later(5)) }))
    };
    case.when(recruiter(), today(), by_now(9_500_000)).refused(ApplicationError::RangeNotDisclosed);
    assert_eq!(case.when(recruiter(), today(), by_now(9_000_000)).recorded().len(), 1);
    // The instant of the telling is not before it.
    case.when(recruiter(), today(), order(begins(midnight()))).refused(ApplicationError::RangeNotDisclosed);
    let after = begins(midnight() + TimeDelta::microseconds(1));
    assert_eq!(case.when(recruiter(), today(), order(after.clone())).recorded().len(), 1);
    // Another range is known from the instant on in which it is told.
    let anew = ApplicationEvent::RangeDisclosed {
        requisition_id: requisition_id(),
        range: Box::new(range(9_500_000)),
        channel: ContactChannel::Post,
        at: midnight() + TimeDelta::days(1),
        disclosed_by: recruiter().id,
    };
    let case = case.and([anew]);
    case.when(recruiter(), today(), order(after)).refused(ApplicationError::RangeNotDisclosed);
    let after = begins(midnight() + TimeDelta::days(1) + TimeDelta::microseconds(1));
    assert_eq!(case.when(recruiter(), today(), order(after.clone())).recorded().len(), 1);
    let moved = C::RescheduleInterview(Box::new(Scheduling {
        range_first: true,
        ..scheduling(interview_id(), begins(midnight() - TimeDelta::hours(1)))
    }));
    let scheduled = given(interviewing()).and([disclosed(9_000_000)]);
    scheduled.when(recruiter(), today(), moved).refused(ApplicationError::RangeNotDisclosed);
    // Another position has another range.
    let transferred = ApplicationEvent::Transferred {
        from: requisition_id(),
        to: RequisitionId(uuid(55)),
        line: line(),
        transferred_by: recruiter().id,
    };
    case.and([transferred]).when(recruiter(), today(), order(after)).refused(ApplicationError::RangeNotDisclosed);
}

#[test]
fn a_slot_makes_sense() {
    let refuses = |slot, error| {
        let order = C::ScheduleInterview(Box::new(scheduling(other_id(), slot)));
        given(interviewing()).when(recruiter(), today(), order).refused(error);
    };
    refuses(Slot { ends_at: later(5).starts_at, ..later(5) }, ApplicationError::EndsBeforeItBegins);
    let range = || ApplicationError::InterviewersOutOfRange { most: MOST_INTERVIEWERS };
    refuses(Slot { interviewers: vec![], ..later(5) }, range());
    refuses(Slot { interviewers: vec![manager().id, manager().id], ..later(5) }, range());
    refuses(Slot { interviewers: (100..111).map(|one| ActorId(uuid(one))).collect(), ..later(5) }, range());
    refuses(
        Slot { interviewers: vec![manager().id, candidate().id], ..later(5) },
        ApplicationError::CandidateInterviews,
    );
    // Nor does whoever may earn by their return, whether it is scheduled or moved.
    let referred = |id| Box::new(Scheduling { referrer: Some(manager().id), ..scheduling(id, later(5)) });
    let case = given(interviewing());
    for order in [C::ScheduleInterview(referred(other_id())), C::RescheduleInterview(referred(interview_id()))] {
        case.when(recruiter(), today(), order).refused(ApplicationError::ReferrerInterviews);
    }
}

#[test]
fn nobody_is_in_two_interviews_at_once() {
    let schedule = |slot, busy| C::ScheduleInterview(Box::new(Scheduling { busy, ..scheduling(other_id(), slot) }));
    let case = given(interviewing());
    let half = Slot { starts_at: slot().starts_at + TimeDelta::minutes(30), ..later(1) };
    case.when(recruiter(), today(), schedule(half.clone(), vec![]))
        .refused(ApplicationError::InterviewOverlaps { interview_id: interview_id() });
    assert_eq!(case.when(recruiter(), today(), schedule(later(1), vec![])).recorded().len(), 1, "one after the other");
    case.when(recruiter(), today(), schedule(later(3), vec![manager().id, compliance().id]))
        .refused(ApplicationError::InterviewerBusy { interviewers: vec![manager().id] });
    let elsewhere = Scheduling { candidate_busy: true, ..scheduling(other_id(), later(3)) };
    case.when(recruiter(), today(), C::ScheduleInterview(Box::new(elsewhere))).refused(ApplicationError::CandidateBusy);
    let cancelled = case.and([cancelled(None)]);
    assert_eq!(cancelled.when(recruiter(), today(), schedule(half, vec![])).recorded().len(), 1);
}

#[test]
fn an_interview_is_moved_and_counts_how_often() {
    let case = given(interviewing());
    let move_to = |slot| C::RescheduleInterview(Box::new(scheduling(interview_id(), slot)));
    let moved = ApplicationEvent::InterviewRescheduled {
        interview_id: interview_id(),
        slot: Box::new(later(1)),
        number: 1,
        rescheduled_by: recruiter().id,
        released: vec![],
    };
    case.when(recruiter(), today(), move_to(slot())).quiet();
    case.when(recruiter(), today(), move_to(later(1))).then([moved.clone()]);
    let again = case.and([moved]).when(recruiter(), today(), move_to(later(2))).recorded();
    assert!(matches!(again[..], [ApplicationEvent::InterviewRescheduled { number: 2, .. }]));
    given(screening()).when(recruiter(), today(), move_to(later(1))).refused(ApplicationError::InterviewUnknown);
    let without = Slot { interviewers: vec![manager().id], ..later(1) };
    let recorded = given(interviewing()).when(recruiter(), today(), move_to(without)).recorded();
    let expected = vec![interviewer().id];
    assert!(
        matches!(&recorded[..], [ApplicationEvent::InterviewRescheduled { released, .. }] if *released == expected)
    );
    given(interviewing())
        .and([super::scored()])
        .when(recruiter(), today(), move_to(later(1)))
        .refused(ApplicationError::InterviewHeld);
}

fn cancelled(note: Option<aggregates::values::FreeText>) -> ApplicationEvent {
    ApplicationEvent::InterviewCancelled {
        interview_id: interview_id(),
        cancelled_by: recruiter().id,
        note,
        interviewers: slot().interviewers,
    }
}

#[test]
fn an_interview_is_cancelled_once_and_then_over() {
    let case = given(interviewing());
    let cancel = || C::CancelInterview { interview_id: interview_id(), note: None };
    case.when(recruiter(), today(), cancel()).then([cancelled(None)]);
    let over = case.and([cancelled(None)]);
    over.when(recruiter(), today(), cancel()).quiet();
    let refused = || ApplicationError::InterviewOver { outcome: InterviewOutcome::Cancelled };
    let told = C::CancelInterview { interview_id: interview_id(), note: Some(sealed(6)) };
    over.when(recruiter(), today(), told).refused(refused());
    over.when(recruiter(), today(), C::RescheduleInterview(Box::new(scheduling(interview_id(), later(1)))))
        .refused(refused());
    over.when(interviewer(), day("2026-10-09"), submit()).refused(ApplicationError::InterviewNotHeld);
}

#[test]
fn what_became_of_an_interview_is_recorded_once() {
    let case = given(interviewing());
    let record = |outcome| C::RecordInterview { interview_id: interview_id(), outcome };
    let held = ApplicationEvent::InterviewRecorded {
        interview_id: interview_id(),
        outcome: InterviewOutcome::Held,
        recorded_by: recruiter().id,
        interviewers: slot().interviewers,
    };
    case.when(recruiter(), today(), record(InterviewOutcome::Held)).then([held.clone()]);
    let over = case.clone().and([held]);
    over.when(recruiter(), today(), record(InterviewOutcome::Held)).quiet();
    over.when(recruiter(), today(), record(InterviewOutcome::NoShow))
        .refused(ApplicationError::InterviewOver { outcome: InterviewOutcome::Held });
    case.and([super::scored()])
        .when(recruiter(), today(), record(InterviewOutcome::NoShow))
        .refused(ApplicationError::InterviewHeld);
}

fn submit() -> C {
    C::SubmitScorecard { interview_id: interview_id(), scorecard: Box::new(scorecard()) }
}

fn submitted() -> ApplicationEvent {
    ApplicationEvent::ScorecardSubmitted {
        interview_id: interview_id(),
        interviewer: interviewer().id,
        scorecard: Box::new(scorecard()),
    }
}

#[test]
fn an_interviewer_says_once_what_they_found() {
    let case = given(interviewing());
    let begins = slot().starts_at;
    case.when(interviewer(), begins, submit()).then([submitted()]);
    case.when(interviewer(), begins - TimeDelta::seconds(1), submit())
        .refused(ApplicationError::InterviewNotBegun { starts_at: begins });
    case.when(recruiter(), begins, submit()).refused(ApplicationError::NotTheInterviewer);
    case.clone().and([submitted()]).when(interviewer(), begins, submit()).refused(ApplicationError::ScorecardSubmitted);
    let unknown = C::SubmitScorecard { interview_id: other_id(), scorecard: Box::new(scorecard()) };
    case.when(interviewer(), begins, unknown).refused(ApplicationError::InterviewUnknown);
}

#[test]
fn ratings_go_from_one_to_five() {
    let rate = |rating, attribute| {
        let attributes = vec![AttributeRating { name: "safety".to_owned(), rating: attribute }];
        C::SubmitScorecard {
            interview_id: interview_id(),
            scorecard: Box::new(Scorecard { rating, attributes, ..scorecard() }),
        }
    };
    let case = given(interviewing());
    let at = instant("2026-10-08T03:00:00Z");
    for (rating, attribute) in [(0, 3), (6, 3), (3, 0), (3, 6)] {
        case.when(interviewer(), at, rate(rating, attribute)).refused(ApplicationError::RatingOutOfRange);
    }
    for rating in 1..=5 {
        assert_eq!(case.when(interviewer(), at, rate(rating, rating)).recorded().len(), 1);
    }
}

#[test]
fn a_scorecard_is_amended_by_whoever_submitted_it_and_says_why() {
    let amend = || C::AmendScorecard {
        interview_id: interview_id(),
        scorecard: Box::new(Scorecard { rating: 2, ..scorecard() }),
        why: sealed(8),
    };
    let case = given(interviewing());
    let at = instant("2026-10-08T03:00:00Z");
    case.when(interviewer(), at, amend()).refused(ApplicationError::ScorecardMissing);
    let scored = case.and([submitted()]);
    scored.when(manager(), at, amend()).refused(ApplicationError::ScorecardMissing);
    scored.when(interviewer(), at, amend()).then([ApplicationEvent::ScorecardAmended {
        interview_id: interview_id(),
        interviewer: interviewer().id,
        scorecard: Box::new(Scorecard { rating: 2, ..scorecard() }),
        why: sealed(8),
    }]);
}
