//! The recruiters' pipeline (選考パイプライン): every live case, what is due next, and the offer that it waits for.
//! Folds `application.*` and `offer.*`. Serves `GET /v1/pipeline`.
//!
//! A case that has ended for good is gone. One that may still be opened again, or answered by a review, stays with `live`
//! `no`, so that it can come back as it was; lists show `live` `yes` only.

use std::collections::BTreeSet;

use aggregates::application::{ApplicationEvent, Channel, Submitted, service_levels};
use aggregates::catalogue::HrEvent;
use aggregates::ids::{ActorId, ApplicationId, InterviewId, MemberId, OfferId, PersonId, ReferralId, RequisitionId};
use aggregates::offer::OfferEvent;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::applications::{Progress, State};
use crate::model::{DocumentId, ReadModel, Recorded, Route, date_key};
use crate::parts::{YesNo, position_key};

/// A case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PipelineEntry {
    /// The application.
    pub application_id: ApplicationId,
    /// Where it stands.
    #[serde(flatten)]
    pub progress: Progress,
    /// Whether it is going on.
    pub live: YesNo,
    /// The application's last sequence.
    pub version: i64,
    /// The last event that this document shows.
    pub position: i64,
    /// The human being.
    pub person_id: PersonId,
    /// Their membership.
    pub member_id: MemberId,
    /// The position.
    pub requisition_id: RequisitionId,
    /// The entity that hires.
    pub legal_entity: String,
    /// The recruiter in charge.
    pub recruiter: ActorId,
    /// The manager who hires.
    pub hiring_manager: Option<ActorId>,
    /// Who owns the case.
    pub owner: Option<ActorId>,
    /// How it came in.
    pub channel: Channel,
    /// The referral it is credited to.
    pub referral_id: Option<ReferralId>,
    /// The interviews that are to come, or of which nobody has said what became of them.
    pub open_interviews: BTreeSet<InterviewId>,
    /// The local day on which it was handed in.
    pub submitted_on: NaiveDate,
    /// Its first position.
    pub submitted_position: i64,
    /// The local day by which there is a first answer; none once there was one.
    pub first_answer_due: Option<NaiveDate>,
    /// The local day by which the present stage ends.
    pub stage_due: NaiveDate,
    /// The local day by which there is a result; none once an offer is accepted.
    pub result_due: Option<NaiveDate>,
    /// The earliest of them.
    pub due_on: NaiveDate,
    /// The latest offer, by its id.
    pub offer_id: Option<OfferId>,
    /// The latest offer.
    pub offer: Option<OfferSummary>,
}

/// How far an offer has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferSummary {
    /// How far it has come.
    pub state: OfferState,
    /// The version of its terms.
    pub terms_version: u32,
    /// The first instant at which it could not be accepted any more.
    pub expires_at: DateTime<Utc>,
    /// How many distinct people have to approve.
    pub approvals_needed: u32,
    /// How many have.
    pub approvals: u32,
}

/// How far an offer has come, for those who wait for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum OfferState {
    /// Its terms are written.
    Drafting,
    /// An exception from the pay policy waits for its decision.
    ExceptionPending,
    /// It waits for approval.
    AwaitingApproval,
    /// It is approved.
    Approved,
    /// It is with the candidate.
    Extended,
    /// The candidate accepted.
    Accepted,
    /// The candidate declined.
    Declined,
    /// It lapsed.
    Expired,
    /// An approver refused it.
    Refused,
    /// The employer took it back.
    Rescinded,
}

impl ReadModel for PipelineEntry {
    const NAME: &'static str = "pipeline";
    const VERSION: u32 = 2;
    const FILTERS: &'static [&'static str] = &[
        "live",
        "state",
        "on_hold",
        "owner",
        "requisition_id",
        "legal_entity",
        "hiring_manager",
        "recruiter",
        "channel",
        "person_id",
        "offer_id",
        "stage_since",
        "submitted_on",
    ];

    fn routes(event: &Recorded) -> Vec<Route> {
        match &event.event {
            HrEvent::Application(_) => vec![Route::One(event.stream_id)],
            HrEvent::Offer(OfferEvent::Drafted(drafted)) => vec![Route::One(drafted.application_id.0)],
            HrEvent::Offer(_) => vec![Route::Where("offer_id", event.stream_id.to_string())],
            HrEvent::Person(_)
            | HrEvent::Departure(_)
            | HrEvent::Member(_)
            | HrEvent::Employment(_)
            | HrEvent::NoRehireFlag(_)
            | HrEvent::FollowUp(_)
            | HrEvent::Requisition(_)
            | HrEvent::Referral(_)
            | HrEvent::Reward(_)
            | HrEvent::RewardPlan(_)
            | HrEvent::PayPolicy(_)
            | HrEvent::ProgrammePolicy(_)
            | HrEvent::PayBands(_)
            | HrEvent::Access(_)
            | HrEvent::IncumbentSnapshot(_)
            | HrEvent::IncumbentPart(_) => vec![],
        }
    }

    fn fold(id: DocumentId, document: Option<Self>, event: &Recorded) -> Option<Self> {
        match &event.event {
            HrEvent::Application(what) => match (document, what) {
                (None, ApplicationEvent::Submitted(submitted)) => {
                    Some(Self::submitted(ApplicationId(id), submitted, event))
                }
                (None, _) => None,
                (Some(document), what) => document.after(what, event),
            },
            HrEvent::Offer(what) => document.map(|document| document.after_offer(what, event)),
            HrEvent::Person(_)
            | HrEvent::Departure(_)
            | HrEvent::Member(_)
            | HrEvent::Employment(_)
            | HrEvent::NoRehireFlag(_)
            | HrEvent::FollowUp(_)
            | HrEvent::Requisition(_)
            | HrEvent::Referral(_)
            | HrEvent::Reward(_)
            | HrEvent::RewardPlan(_)
            | HrEvent::PayPolicy(_)
            | HrEvent::ProgrammePolicy(_)
            | HrEvent::PayBands(_)
            | HrEvent::Access(_)
            | HrEvent::IncumbentSnapshot(_)
            | HrEvent::IncumbentPart(_) => document,
        }
    }

    fn sort_key(&self) -> String {
        format!("{}/{}", date_key(Some(self.due_on)), position_key(self.submitted_position))
    }

    fn version(&self) -> i64 {
        self.version
    }
}

impl PipelineEntry {
    fn submitted(id: ApplicationId, submitted: &Submitted, event: &Recorded) -> Self {
        let first_answer_due = service_levels::first_answer_due(event.on);
        Self {
            application_id: id,
            progress: Progress::submitted(event.on),
            live: YesNo::Yes,
            version: event.sequence,
            position: event.position,
            person_id: submitted.person_id,
            member_id: submitted.member_id,
            requisition_id: submitted.requisition_id,
            legal_entity: submitted.legal_entity.clone(),
            recruiter: submitted.line.recruiter,
            hiring_manager: submitted.line.hiring_manager,
            owner: None,
            channel: submitted.channel,
            referral_id: submitted.referral_id,
            open_interviews: BTreeSet::new(),
            submitted_on: event.on,
            submitted_position: event.position,
            first_answer_due: Some(first_answer_due),
            stage_due: service_levels::stage_due(event.on),
            result_due: Some(service_levels::result_due(event.on)),
            due_on: first_answer_due,
            offer_id: None,
            offer: None,
        }
    }

    fn after(mut self, what: &ApplicationEvent, event: &Recorded) -> Option<Self> {
        use ApplicationEvent as E;
        self.version = event.sequence;
        self.position = event.position;
        self.progress = self.progress.after(what, event);
        match what {
            E::OwnerAssigned { owner, .. } => self.owner = Some(*owner),
            E::Transferred { to, line, .. } => {
                self.requisition_id = *to;
                self.recruiter = line.recruiter;
                self.hiring_manager = line.hiring_manager;
            }
            E::OfferOpened { offer_id } => self.about(*offer_id),
            E::InterviewScheduled { interview_id, .. } => _ = self.open_interviews.insert(*interview_id),
            E::InterviewCancelled { interview_id, .. } | E::InterviewRecorded { interview_id, .. } => {
                self.open_interviews.remove(interview_id);
            }
            E::Submitted(_)
            | E::EligibilityAssessed { .. }
            | E::EligibilityReviewed { .. }
            | E::ReviewRequested { .. }
            | E::ReviewAnswered { .. }
            | E::Advanced { .. }
            | E::StageSkipped { .. }
            | E::RangeDisclosed { .. }
            | E::InterviewRescheduled { .. }
            | E::ScorecardSubmitted { .. }
            | E::ScorecardAmended { .. }
            | E::EvaluationRecorded { .. }
            | E::Held { .. }
            | E::Resumed { .. }
            | E::Rejected { .. }
            | E::Withdrawn { .. }
            | E::Reopened { .. }
            | E::OfferAccepted { .. }
            | E::OfferEnded { .. }
            | E::StartPostponed { .. }
            | E::JoiningRecorded { .. }
            | E::Rejoined(_)
            | E::NoShowRecorded { .. }
            | E::Cancelled { .. }
            | E::Closed { .. }
            | E::Settled { .. } => {}
        }
        if answers(what) {
            self.first_answer_due = None;
        }
        let live = self.progress.state.is_live();
        let may_come_back = matches!(self.progress.state, State::Rejected | State::Withdrawn | State::NotEligible);
        self.live = live.into();
        self.dates();
        (live || may_come_back).then_some(self)
    }

    fn dates(&mut self) {
        self.stage_due = service_levels::stage_due(self.progress.stage_since);
        self.result_due = match self.progress.state {
            State::OfferAccepted | State::Joining => None,
            State::EligibilityReview
            | State::NotEligible
            | State::Screening
            | State::Interviewing
            | State::Evaluated
            | State::OfferPending
            | State::Rejoined
            | State::Rejected
            | State::Withdrawn
            | State::OfferDeclined
            | State::OfferExpired
            | State::OfferRescinded
            | State::NoShow
            | State::Cancelled
            | State::Closed => Some(service_levels::result_due(self.submitted_on)),
        };
        let dates = [self.first_answer_due, self.result_due];
        self.due_on = dates.into_iter().flatten().fold(self.stage_due, NaiveDate::min);
    }

    /// Whatever was known of another offer is not known of this one.
    fn about(&mut self, offer_id: OfferId) {
        if self.offer_id != Some(offer_id) {
            self.offer_id = Some(offer_id);
            self.offer = None;
        }
    }

    fn after_offer(mut self, what: &OfferEvent, event: &Recorded) -> Self {
        use OfferEvent as E;
        self.position = event.position;
        if let E::Drafted(drafted) = what {
            self.about(OfferId(event.stream_id));
            self.offer = Some(OfferSummary {
                state: OfferState::Drafting,
                terms_version: 1,
                expires_at: drafted.expires_at,
                approvals_needed: 0,
                approvals: 0,
            });
            return self;
        }
        let Some(offer) = &mut self.offer else { return self };
        match what {
            // More time to answer is no other offer: what was approved stays so.
            E::Revised { version, expires_at, changed, .. } => {
                offer.terms_version = *version;
                offer.expires_at = *expires_at;
                if !changed.is_empty() {
                    (offer.state, offer.approvals) = (OfferState::Drafting, 0);
                }
            }
            E::Assessed(_) => (offer.state, offer.approvals) = (OfferState::Drafting, 0),
            E::ExceptionRequested { .. } => offer.state = OfferState::ExceptionPending,
            E::ExceptionDecided { .. } => offer.state = OfferState::Drafting,
            E::ApprovalRequested { approvals_needed, .. } => {
                offer.state = OfferState::AwaitingApproval;
                (offer.approvals_needed, offer.approvals) = (*approvals_needed, 0);
            }
            E::Approved { .. } => {
                offer.approvals += 1;
                if offer.approvals >= offer.approvals_needed {
                    offer.state = OfferState::Approved;
                }
            }
            E::ApprovalForced { .. } => offer.state = OfferState::Approved,
            E::SentBack { .. } => (offer.state, offer.approvals) = (OfferState::Drafting, 0),
            E::Refused { .. } => offer.state = OfferState::Refused,
            E::Extended(_) => offer.state = OfferState::Extended,
            E::Accepted { .. } => offer.state = OfferState::Accepted,
            E::Declined { .. } => offer.state = OfferState::Declined,
            E::Expired { .. } => offer.state = OfferState::Expired,
            E::RemedyRecorded { .. }
            | E::PayChanged(_)
            | E::DocumentRecorded { .. }
            | E::RangeReviewOpened { .. }
            | E::RangeReviewed { .. }
            | E::OneOffRecorded(_)
            | E::DutiesNoted { .. }
            | E::DutyDone { .. }
            | E::ExplanationRequested { .. }
            | E::ExplanationGiven { .. }
            | E::LabourChecked { .. } => {}
            E::ExpiryExtended { expires_at, .. } => offer.expires_at = *expires_at,
            E::Rescinded { .. } => offer.state = OfferState::Rescinded,
            E::Lapsed { .. } => self.offer = None,
            E::Drafted(_) | E::ConflictDeclared { .. } | E::ApprovalDelegated { .. } | E::Settled { .. } => {}
        }
        self
    }
}

/// Whether somebody who applied has a first answer with it.
const fn answers(what: &ApplicationEvent) -> bool {
    use ApplicationEvent as E;
    match what {
        E::Advanced { .. }
        | E::StageSkipped { .. }
        | E::InterviewScheduled { .. }
        | E::EligibilityReviewed { .. }
        | E::EvaluationRecorded { .. }
        | E::Rejected { .. }
        | E::OfferOpened { .. } => true,
        E::Submitted(_)
        | E::EligibilityAssessed { .. }
        | E::ReviewRequested { .. }
        | E::ReviewAnswered { .. }
        | E::OwnerAssigned { .. }
        | E::RangeDisclosed { .. }
        | E::InterviewRescheduled { .. }
        | E::InterviewCancelled { .. }
        | E::InterviewRecorded { .. }
        | E::ScorecardSubmitted { .. }
        | E::ScorecardAmended { .. }
        | E::Held { .. }
        | E::Resumed { .. }
        | E::Withdrawn { .. }
        | E::Reopened { .. }
        | E::Transferred { .. }
        | E::OfferAccepted { .. }
        | E::OfferEnded { .. }
        | E::StartPostponed { .. }
        | E::JoiningRecorded { .. }
        | E::Rejoined(_)
        | E::NoShowRecorded { .. }
        | E::Cancelled { .. }
        | E::Closed { .. }
        | E::Settled { .. } => false,
    }
}
