//! What waits in a case, and that each ends.

use std::collections::BTreeSet;

use aggregates::application::{
    ApplicationEvent, EligibilityResult, HoldCause, InterviewOutcome, OfferEnding, ReviewDecision, Slot, Stage,
};
use aggregates::catalogue::HrEvent;
use aggregates::ids::ActorId;
use projections::tasks::{Kind, Task};

use super::{
    accepted, advanced, application, handed_in, held, interview_id, interviewing, joining, not_eligible, offer_id,
    offered, on_hold, rejected, rejoined, scheduled, screening, slot, submitted_scorecard,
};
use crate::support::{Log, day, sealed, uuid};

fn waiting(log: &Log) -> Vec<Kind> {
    log.documents::<Task>().list().iter().map(|task| task.kind).collect()
}

fn told(log: &Log, kind: Kind) -> Task {
    log.documents::<Task>().list().into_iter().find(|task| task.kind == kind).unwrap_or_else(|| panic!("no {kind:?}"))
}

fn with(log: Log, event: impl Into<HrEvent>) -> Log {
    log.then(application(), event)
}

#[test]
fn somebody_who_applied_waits_for_a_first_answer() {
    assert_eq!(waiting(&screening()), [Kind::FirstResponse]);
    assert_eq!(told(&screening(), Kind::FirstResponse).due_on, day("2026-10-15"));
    let owned = ApplicationEvent::OwnerAssigned { owner: ActorId(uuid(51)), assigned_by: ActorId(uuid(51)) };
    assert_eq!(waiting(&with(screening(), owned)), [Kind::FirstResponse], "which tells the candidate nothing");
    for event in [scheduled(), rejected()] {
        assert!(!waiting(&with(screening(), event)).contains(&Kind::FirstResponse));
    }
    assert_eq!(waiting(&not_eligible()), []);
}

#[test]
fn a_review_waits_until_somebody_decides() {
    let log = handed_in(EligibilityResult::NeedsReview);
    assert_eq!(
        waiting(&log).into_iter().map(<&str>::from).collect::<BTreeSet<_>>(),
        BTreeSet::from(["first_response", "review_eligibility"])
    );
    let reviewed = |decision| ApplicationEvent::EligibilityReviewed {
        decision,
        clause: "第3条".to_owned(),
        reviewed_by: ActorId(uuid(55)),
        note: None,
        on: None,
    };
    assert_eq!(waiting(&with(log.clone(), reviewed(ReviewDecision::Eligible))), []);
    assert_eq!(waiting(&with(log, reviewed(ReviewDecision::NotEligible))), []);
}

#[test]
fn a_request_for_a_review_waits_for_its_answer() {
    let requested = ApplicationEvent::ReviewRequested { requested_by: ActorId(uuid(70)), grounds: Some(sealed(4)) };
    let log = with(not_eligible(), requested);
    assert_eq!(waiting(&log), [Kind::AnswerReviewRequest]);
    let answered = ApplicationEvent::ReviewAnswered {
        decision: ReviewDecision::NotEligible,
        clause: "第3条".to_owned(),
        reviewed_by: ActorId(uuid(56)),
        note: None,
    };
    assert_eq!(waiting(&with(log, answered)), []);
}

#[test]
fn a_changed_fact_waits_for_compliance_and_a_manual_hold_for_nobody() {
    assert_eq!(waiting(&with(screening(), on_hold(HoldCause::Manual))), [Kind::FirstResponse]);
    let log = with(screening(), on_hold(HoldCause::FlagRaised));
    assert!(waiting(&log).contains(&Kind::ReviewHeldCase));
    let resumed = ApplicationEvent::Resumed { resumed_by: ActorId(uuid(55)), clause: None, note: None };
    for event in [resumed, rejected()] {
        assert!(!waiting(&with(log.clone(), event)).contains(&Kind::ReviewHeldCase));
    }
}

#[test]
fn each_interviewer_owes_one_scorecard() {
    let asked = |log: &Log| -> BTreeSet<ActorId> {
        let tasks = log.documents::<Task>().list();
        tasks.iter().filter(|task| task.kind == Kind::SubmitScorecard).filter_map(|task| task.account).collect()
    };
    let both = BTreeSet::from([ActorId(uuid(53)), ActorId(uuid(54))]);
    let log = interviewing();
    assert_eq!(asked(&log), both);
    assert_eq!(told(&log, Kind::SubmitScorecard).due_on, day("2026-10-10"));
    assert_eq!(asked(&with(log.clone(), submitted_scorecard())), BTreeSet::from([ActorId(uuid(54))]));
    assert_eq!(asked(&with(log.clone(), held(InterviewOutcome::Held))), both);
    let cancelled = ApplicationEvent::InterviewCancelled {
        interview_id: interview_id(),
        cancelled_by: ActorId(uuid(51)),
        note: None,
        interviewers: slot().interviewers,
    };
    for event in [cancelled, held(InterviewOutcome::NoShow), rejected()] {
        assert_eq!(asked(&with(log.clone(), event)), BTreeSet::new());
    }
    let moved = ApplicationEvent::InterviewRescheduled {
        interview_id: interview_id(),
        slot: Box::new(Slot { interviewers: vec![ActorId(uuid(54)), ActorId(uuid(57))], ..slot() }),
        number: 1,
        rescheduled_by: ActorId(uuid(51)),
        released: vec![ActorId(uuid(53))],
    };
    assert_eq!(asked(&with(log, moved)), BTreeSet::from([ActorId(uuid(54)), ActorId(uuid(57))]));
}

#[test]
fn a_case_in_interviews_waits_for_its_evaluation() {
    let log = with(screening(), advanced());
    assert_eq!(waiting(&log), [Kind::RecordEvaluation]);
    assert_eq!(waiting(&with(log.clone(), super::evaluation())), []);
    let reopened = ApplicationEvent::Reopened { to: Stage::Interviewing, reopened_by: ActorId(uuid(52)), note: None };
    assert_eq!(waiting(&with(with(log, rejected()), reopened)), [Kind::RecordEvaluation]);
}

#[test]
fn what_follows_an_offer_waits() {
    let ended = |ending| ApplicationEvent::OfferEnded { offer_id: offer_id(), ending, on: Some(day("2026-11-20")) };
    for ending in [OfferEnding::Declined, OfferEnding::Expired, OfferEnding::Refused, OfferEnding::Rescinded] {
        let log = with(offered(), ended(ending));
        assert!(waiting(&log).contains(&Kind::DecideAfterOffer), "{ending:?}");
        for event in [rejected(), ApplicationEvent::Closed { on: day("2026-12-20") }] {
            assert_eq!(waiting(&with(log.clone(), event)), []);
        }
        let again = ApplicationEvent::OfferOpened { offer_id: offer_id() };
        assert!(!waiting(&with(log, again)).contains(&Kind::DecideAfterOffer));
    }
    let declined = with(offered(), ended(OfferEnding::Declined));
    assert_eq!(told(&declined, Kind::DecideAfterOffer).due_on, day("2026-12-20"));
    assert_eq!(waiting(&with(accepted(), ended(OfferEnding::RescindedAfterAcceptance))), []);
}

#[test]
fn an_accepted_offer_waits_for_its_start() {
    assert_eq!(told(&accepted(), Kind::ArrangeStart).due_on, day("2027-01-04"));
    assert!(!waiting(&joining()).contains(&Kind::ArrangeStart));
    assert_eq!(waiting(&with(joining(), rejoined())), []);
}
