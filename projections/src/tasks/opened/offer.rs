//! What waits about an offer.

use aggregates::checks::{CheckAnswer, Outcome, Settlement};
use aggregates::ids::ActorId;
use aggregates::labour::{Duty, LabourCheck};
use aggregates::offer::{OfferEvent, Retest, SPLIT};
use aggregates::rehire_policy::DISPATCHED;
use chrono::{DateTime, Utc};

use super::Step;
use crate::tasks::Kind;

pub(super) fn steps(what: &OfferEvent) -> Vec<Step> {
    use Kind::{
        AnswerEnquiry, AnswerOffer, ApproveOffer, CarryOutRemedy, CollectDocuments, DecideException, ExtendOffer,
        ReviewRange, ReviewSplitOffer, TellAgency,
    };
    use OfferEvent as E;
    match what {
        E::ApprovalRequested { requested_by, hiring_manager, .. } => {
            let waits = Step::open(ApproveOffer).not_by([*requested_by]);
            let waits = match hiring_manager {
                Some(manager) => waits.asks(*manager),
                None => waits,
            };
            vec![Step::End(ExtendOffer, None), waits.step()]
        }
        E::Approved { missing: 1.., .. } => vec![],
        E::Approved { .. } | E::ApprovalForced { .. } => {
            vec![Step::End(ApproveOffer, None), Step::open(ExtendOffer).step()]
        }
        E::ExceptionRequested { requested_by, .. } => {
            vec![Step::open(DecideException).not_by([*requested_by]).step()]
        }
        E::ExceptionDecided { .. } => Step::end(&[DecideException]),
        E::Assessed(_) => Step::end(&[DecideException, ApproveOffer, ExtendOffer]),
        E::Revised { changed, .. } if !changed.is_empty() => {
            Step::end(&[DecideException, ApproveOffer, ExtendOffer, AnswerOffer])
        }
        E::SentBack { .. } => Step::end(&[ApproveOffer, ExtendOffer]),
        E::Refused { .. } => Step::end(&[ApproveOffer]),
        E::Extended(extended) => {
            let mut steps = Step::end(&[ExtendOffer]);
            steps.extend(asks(extended.account, extended.expires_at));
            steps
        }
        E::ExpiryExtended { expires_at, account, .. } => asks(*account, *expires_at).into_iter().collect(),
        E::Accepted { remedy, hands_in, .. } => {
            let mut steps = Step::end(&[AnswerOffer]);
            steps.extend(hands_in.as_ref().map(|asked| Step::open(CollectDocuments).due(asked.due_on).step()));
            steps.extend(
                remedy.as_ref().map(|plan| Step::open(CarryOutRemedy).asks(plan.owner).due(plan.due_on).step()),
            );
            steps
        }
        E::PayChanged(change) if change.retest.as_ref().is_some_and(Retest::is_split) => {
            vec![Step::open(ReviewSplitOffer).step()]
        }
        E::PayChanged(change) if change.retest.is_some() => Step::end(&[ReviewSplitOffer]),
        E::OneOffRecorded(paid) if paid.retest.as_ref().is_some_and(Retest::is_split) => {
            vec![Step::open(ReviewSplitOffer).step()]
        }
        E::OneOffRecorded(paid) if paid.retest.is_some() => Step::end(&[ReviewSplitOffer]),
        E::DocumentRecorded { missing: 0, .. } => Step::end(&[CollectDocuments]),
        E::RangeReviewOpened { due_on, proposed_by, .. } => {
            vec![Step::open(ReviewRange).due(*due_on).not_by(proposed_by.iter().copied()).step()]
        }
        E::RangeReviewed { .. } => Step::end(&[ReviewRange]),
        E::DutiesNoted { due, .. } => {
            due.iter().map(|one| Step::open(filing(one.duty)).due(one.due_on).step()).collect()
        }
        E::DutyDone { done, .. } => Step::end(&[filing(done.duty)]),
        E::ExplanationRequested { answer_by, .. } => vec![Step::open(AnswerEnquiry).due(*answer_by).step()],
        E::ExplanationGiven { .. } => Step::end(&[AnswerEnquiry]),
        E::Settled { settlement } if settlement.rule() == SPLIT => Step::end(&[ReviewSplitOffer]),
        E::Settled { settlement: Settlement::Answered { answer: CheckAnswer::AgencyTold, .. } } => {
            Step::end(&[TellAgency])
        }
        E::LabourChecked { agency_told: false, checks, .. } if checks.iter().any(bars_dispatch) => {
            vec![Step::open(TellAgency).step()]
        }
        E::LabourChecked { .. } => Step::end(&[TellAgency]),
        E::RemedyRecorded { fulfilled: true, .. } => Step::end(&[CarryOutRemedy]),
        E::Declined { .. } | E::Expired { .. } | E::Rescinded { .. } | E::Lapsed { .. } => vec![Step::EndAll],
        E::Drafted(_)
        | E::Revised { .. }
        | E::DocumentRecorded { missing: 1.., .. }
        | E::RemedyRecorded { fulfilled: false, .. }
        | E::PayChanged(_)
        | E::OneOffRecorded(_)
        | E::ConflictDeclared { .. }
        | E::ApprovalDelegated { .. }
        | E::Settled { .. } => vec![],
    }
}

fn bars_dispatch(check: &LabourCheck) -> bool {
    check.result.rule == DISPATCHED && check.result.outcome == Outcome::Block
}

const fn filing(duty: Duty) -> Kind {
    match duty {
        Duty::HealthAndPension => Kind::FileHealthAndPension,
        Duty::EmploymentInsurance => Kind::FileEmploymentInsurance,
        Duty::HealthCheck => Kind::ExamineReturner,
    }
}

/// The candidate answers by the day, in UTC, on which the offer lapses: east of it the last whole day.
fn asks(account: Option<ActorId>, expires_at: DateTime<Utc>) -> Option<Step> {
    account.map(|account| Step::open(Kind::AnswerOffer).asks(account).due(expires_at.date_naive()).step())
}
