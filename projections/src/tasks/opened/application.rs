//! What waits about an application.

use aggregates::application::{
    ApplicationEvent, EligibilityResult, HoldCause, InterviewOutcome, OFFER_DAYS, OfferEnding, ReviewDecision, Slot,
    Stage, service_levels,
};
use aggregates::ids::{ActorId, InterviewId};
use chrono::Days;
use uuid::Uuid;

use super::{Kind, Step};
use crate::model::Recorded;

pub(super) fn steps(event: &Recorded, what: &ApplicationEvent) -> Vec<Step> {
    use ApplicationEvent as E;
    use Kind::{
        AnswerReviewRequest, ArrangeStart, DecideAfterOffer, FirstResponse, RecordEvaluation, ReviewEligibility,
        ReviewHeldCase,
    };
    match what {
        E::Submitted(_) => vec![Step::open(FirstResponse).due(service_levels::first_answer_due(event.on)).step()],
        // Somebody who had been found eligible is held, should that change.
        E::EligibilityAssessed { because: Some(_), .. } => vec![],
        E::EligibilityAssessed { result: EligibilityResult::NeedsReview, .. } => {
            vec![Step::open(ReviewEligibility).step()]
        }
        E::EligibilityAssessed { result: EligibilityResult::Eligible, .. } => Step::end(&[ReviewEligibility]),
        E::EligibilityReviewed { decision: ReviewDecision::Eligible, .. } => {
            Step::end(&[ReviewEligibility, FirstResponse])
        }
        E::ReviewRequested { requested_by, .. } => {
            vec![Step::open(AnswerReviewRequest).not_by([*requested_by]).step()]
        }
        E::ReviewAnswered { .. } => Step::end(&[AnswerReviewRequest]),
        E::Held { because: HoldCause::Manual, .. } => vec![],
        E::Held { .. } => vec![Step::open(ReviewHeldCase).step()],
        E::Resumed { .. } => Step::end(&[ReviewHeldCase]),
        // Whose case it is tells the candidate nothing.
        E::OwnerAssigned { .. } => vec![],
        E::StageSkipped { .. } => Step::end(&[FirstResponse]),
        E::Advanced { to: Stage::Interviewing, .. } => {
            vec![Step::End(FirstResponse, None), Step::open(RecordEvaluation).step()]
        }
        E::Reopened { to: Stage::Interviewing, .. } => vec![Step::open(RecordEvaluation).step()],
        E::Advanced { to: Stage::Screening | Stage::Evaluated, .. }
        | E::Reopened { to: Stage::Screening | Stage::Evaluated, .. } => vec![],
        E::EvaluationRecorded { .. } => Step::end(&[RecordEvaluation]),
        E::InterviewScheduled { interview_id, slot, .. } => {
            [Step::End(FirstResponse, None)].into_iter().chain(asked(*interview_id, slot)).collect()
        }
        E::InterviewRescheduled { interview_id, slot, released, .. } => {
            done(*interview_id, released).chain(asked(*interview_id, slot)).collect()
        }
        E::InterviewCancelled { interview_id, interviewers, .. }
        | E::InterviewRecorded {
            interview_id,
            outcome: InterviewOutcome::NoShow | InterviewOutcome::Cancelled,
            interviewers,
            ..
        } => done(*interview_id, interviewers).collect(),
        E::ScorecardSubmitted { interview_id, interviewer, .. } => {
            done(*interview_id, std::slice::from_ref(interviewer)).collect()
        }
        E::OfferOpened { .. } => Step::end(&[DecideAfterOffer]),
        E::OfferAccepted { starts_on, .. } => {
            vec![Step::open(ArrangeStart).due(*starts_on).step()]
        }
        E::OfferEnded {
            ending: OfferEnding::Declined | OfferEnding::Expired | OfferEnding::Refused | OfferEnding::Rescinded,
            on,
            ..
        } => {
            let due = on.unwrap_or(event.on).checked_add_days(Days::new(OFFER_DAYS)).unwrap_or(event.on);
            vec![Step::End(ArrangeStart, None), Step::open(DecideAfterOffer).due(due).step()]
        }
        E::JoiningRecorded { .. } => Step::end(&[ArrangeStart]),
        E::EligibilityAssessed { result: EligibilityResult::NotEligible, .. }
        | E::EligibilityReviewed { decision: ReviewDecision::NotEligible, .. }
        | E::OfferEnded { ending: OfferEnding::RescindedAfterAcceptance, .. }
        | E::Rejoined(_)
        | E::Rejected { .. }
        | E::Withdrawn { .. }
        | E::NoShowRecorded { .. }
        | E::Cancelled { .. }
        | E::Closed { .. } => vec![Step::EndAll],
        E::InterviewRecorded { outcome: InterviewOutcome::Held, .. }
        | E::RangeDisclosed { .. }
        | E::ScorecardAmended { .. }
        | E::StartPostponed { .. }
        | E::Transferred { .. }
        | E::Settled { .. } => vec![],
    }
}

/// One scorecard of each interviewer, two days after the interview.
fn asked(interview_id: InterviewId, slot: &Slot) -> impl Iterator<Item = Step> {
    let due = slot.ends_at.date_naive();
    let due = due.checked_add_days(Days::new(Kind::SubmitScorecard.days())).unwrap_or(due);
    slot.interviewers.iter().map(move |interviewer| {
        Step::open(Kind::SubmitScorecard).nth(of(interview_id, *interviewer)).asks(*interviewer).due(due).step()
    })
}

fn done(interview_id: InterviewId, interviewers: &[ActorId]) -> impl Iterator<Item = Step> {
    interviewers.iter().map(move |one| Step::End(Kind::SubmitScorecard, Some(of(interview_id, *one))))
}

/// What tells the scorecards of one interview apart.
fn of(interview_id: InterviewId, interviewer: ActorId) -> Uuid {
    Uuid::new_v5(&interview_id.0, interviewer.0.as_bytes())
}
