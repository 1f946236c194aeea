//! Applications to come back (再入社応募): what each rests on, how far it has come, and everything said and decided in it.
//! Folds `application.*`, and `person.erased` to drop what is destroyed. Serves `GET /v1/applications`,
//! `GET /v1/applications/{id}` and `GET /v1/my/applications`.

mod parts;
mod progress;

use aggregates::application::{ApplicationEvent, Channel, InterviewOutcome, ReviewDecision, Submitted};
use aggregates::catalogue::HrEvent;
use aggregates::ids::{ActorId, ApplicationId, InterviewId, MemberId, OfferId, PersonId, ReferralId, RequisitionId};
use aggregates::person::{PersonEvent, RecordClasses};
use aggregates::personal::RecordClass;
use aggregates::requisition::Line;
use aggregates::values::{Clause, FreeText};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

pub use parts::{
    Amendment, Assessment, DisclosedRange, Ending, Evaluation, Hold, Interview, Offer, Review, ReviewRequest,
    ScorecardShown, Settled, Start, Step, Transfer,
};
pub use progress::{Progress, State};

use crate::model::{DocumentId, ReadModel, Recorded, Route};
use crate::parts::{Erasure, keep, position_key};
use crate::subject::all_about_them;

/// An application.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Application {
    /// The stream's id.
    pub id: ApplicationId,
    /// Where it stands.
    #[serde(flatten)]
    pub progress: Progress,
    /// The stream's last sequence.
    pub version: i64,
    /// The last event that this document shows.
    pub position: i64,
    /// The human being.
    pub person_id: PersonId,
    /// Their membership.
    pub member_id: MemberId,
    /// The account that bears it, until it is erased.
    pub account: Option<ActorId>,
    /// The position.
    pub requisition_id: RequisitionId,
    /// The entity that hires.
    pub legal_entity: String,
    /// The recruiter in charge.
    pub recruiter: ActorId,
    /// The manager who hires.
    pub hiring_manager: Option<ActorId>,
    /// The unit that approves offers.
    pub approver_unit: Option<String>,
    /// Who owns the case.
    pub owner: Option<ActorId>,
    /// How it came in.
    pub channel: Channel,
    /// The referral it is credited to.
    pub referral_id: Option<ReferralId>,
    /// Why they wish to return, sealed.
    pub motivation: Option<FreeText>,
    /// Who handed it in.
    pub submitted_by: Option<ActorId>,
    /// How it came in, where somebody recorded it, sealed.
    pub recorded_for: Option<FreeText>,
    /// When.
    pub submitted_at: DateTime<Utc>,
    /// The local day.
    pub submitted_on: NaiveDate,
    /// Its first position, which lists are ordered by.
    pub submitted_position: i64,
    /// What the rules said last.
    pub eligibility: Option<Assessment>,
    /// What people decided about it, oldest first.
    pub reviews: Vec<Review>,
    /// The review that the person asked for.
    pub review_request: Option<ReviewRequest>,
    /// Answers to rules that do not pass by themselves.
    pub settlements: Vec<Settled>,
    /// Why it rests.
    pub hold: Option<Hold>,
    /// The stages that it reached, oldest first.
    pub steps: Vec<Step>,
    /// What the candidate was told last of the position's pay.
    pub disclosed_range: Option<DisclosedRange>,
    /// The interviews, in the order in which they were scheduled.
    pub interviews: Vec<Interview>,
    /// The evaluation.
    pub evaluation: Option<Evaluation>,
    /// The latest offer, by its id.
    pub offer_id: Option<OfferId>,
    /// The latest offer.
    pub offer: Option<Offer>,
    /// The first day.
    pub start: Option<Start>,
    /// Moves from one position to another.
    pub transfers: Vec<Transfer>,
    /// How it ended.
    pub ending: Option<Ending>,
}

impl ReadModel for Application {
    const NAME: &'static str = "applications";
    const VERSION: u32 = 2;
    const FILTERS: &'static [&'static str] = &[
        "state",
        "on_hold",
        "owner",
        "requisition_id",
        "legal_entity",
        "recruiter",
        "hiring_manager",
        "channel",
        "person_id",
        "member_id",
        "account",
        "referral_id",
    ];

    fn routes(event: &Recorded) -> Vec<Route> {
        match &event.event {
            HrEvent::Application(_) => vec![Route::One(event.stream_id)],
            HrEvent::Person(PersonEvent::Erased { .. }) => all_about_them(event),
            HrEvent::Person(_)
            | HrEvent::Departure(_)
            | HrEvent::Member(_)
            | HrEvent::Employment(_)
            | HrEvent::NoRehireFlag(_)
            | HrEvent::FollowUp(_)
            | HrEvent::Requisition(_)
            | HrEvent::Offer(_)
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
                (Some(document), what) => Some(document.after(what, event)),
            },
            HrEvent::Person(PersonEvent::Erased { classes, .. }) => {
                document.map(|document| document.erase(classes, event))
            }
            HrEvent::Person(_)
            | HrEvent::Departure(_)
            | HrEvent::Member(_)
            | HrEvent::Employment(_)
            | HrEvent::NoRehireFlag(_)
            | HrEvent::FollowUp(_)
            | HrEvent::Requisition(_)
            | HrEvent::Offer(_)
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
        position_key(self.submitted_position)
    }

    fn version(&self) -> i64 {
        self.version
    }
}

impl Application {
    fn submitted(id: ApplicationId, submitted: &Submitted, event: &Recorded) -> Self {
        let Submitted {
            person_id,
            member_id,
            account,
            requisition_id,
            legal_entity,
            line: Line { recruiter, hiring_manager, approver_unit },
            channel,
            referral_id,
            motivation,
            submitted_by,
            recorded_for,
        } = submitted.clone();
        Self {
            id,
            progress: Progress::submitted(event.on),
            version: event.sequence,
            position: event.position,
            person_id,
            member_id,
            account: Some(account),
            requisition_id,
            legal_entity,
            recruiter,
            hiring_manager,
            approver_unit,
            owner: None,
            channel,
            referral_id,
            motivation,
            submitted_by: Some(submitted_by),
            recorded_for,
            submitted_at: event.recorded_at,
            submitted_on: event.on,
            submitted_position: event.position,
            eligibility: None,
            reviews: Vec::new(),
            review_request: None,
            settlements: Vec::new(),
            hold: None,
            steps: Vec::new(),
            disclosed_range: None,
            interviews: Vec::new(),
            evaluation: None,
            offer_id: None,
            offer: None,
            start: None,
            transfers: Vec::new(),
            ending: None,
        }
    }

    #[expect(clippy::too_many_lines, reason = "one entry for each event")]
    fn after(mut self, what: &ApplicationEvent, event: &Recorded) -> Self {
        use ApplicationEvent as E;
        let at = event.recorded_at;
        self.version = event.sequence;
        self.position = event.position;
        self.progress = self.progress.after(what, event);
        match what {
            E::EligibilityAssessed { result, rules, programme_version, facts, because } => {
                self.eligibility = Some(Assessment {
                    result: *result,
                    rules: rules.clone(),
                    programme_version: programme_version.clone(),
                    facts: Some(*facts.clone()),
                    because: *because,
                    assessed_at: at,
                });
            }
            E::EligibilityReviewed { decision, clause, reviewed_by: by, note, .. } => {
                self.review(*decision, clause, *by, note.as_ref(), at);
            }
            E::ReviewRequested { requested_by, grounds } => {
                self.review_request = Some(ReviewRequest {
                    requested_by: Some(*requested_by),
                    requested_at: at,
                    grounds: grounds.clone(),
                    answered_at: None,
                });
            }
            E::ReviewAnswered { decision, clause, reviewed_by: by, note } => {
                self.review(*decision, clause, *by, note.as_ref(), at);
                self.review_request.iter_mut().for_each(|request| request.answered_at = Some(at));
                self.ending = None;
            }
            E::Settled { settlement } => keep(&mut self.settlements, Settled { settlement: settlement.clone(), at }),
            E::OwnerAssigned { owner, .. } => self.owner = Some(*owner),
            E::Advanced { from, to, advanced_by: by } => {
                keep(&mut self.steps, Step { from: *from, to: *to, clause: None, by: *by, at });
            }
            E::StageSkipped { from, to, clause, skipped_by: by } => {
                let clause = Some(clause.clone());
                keep(&mut self.steps, Step { from: *from, to: *to, clause, by: *by, at });
            }
            E::Transferred { from, to, line, transferred_by: by } => {
                self.requisition_id = *to;
                self.recruiter = line.recruiter;
                self.hiring_manager = line.hiring_manager;
                self.approver_unit.clone_from(&line.approver_unit);
                keep(&mut self.transfers, Transfer { from: *from, to: *to, by: *by, at });
            }
            E::Held { held_by, note, .. } => {
                self.hold = Some(Hold { held_by: *held_by, held_at: at, note: note.clone() });
            }
            E::Resumed { resumed_by: by, clause, .. } => {
                self.hold = None;
                if let Some(clause) = clause {
                    self.review(ReviewDecision::Eligible, clause, *by, None, at);
                }
            }
            E::RangeDisclosed { requisition_id, range, channel, at, disclosed_by } => {
                self.disclosed_range = Some(DisclosedRange {
                    requisition_id: *requisition_id,
                    range: *range.clone(),
                    channel: *channel,
                    by: *disclosed_by,
                    at: *at,
                });
            }
            E::InterviewScheduled { interview_id, slot, .. } => {
                keep(&mut self.interviews, Interview::of(*interview_id, slot));
            }
            E::InterviewRescheduled { interview_id, slot, number, .. } => {
                self.with(*interview_id, |interview| interview.moved(slot, *number));
            }
            E::InterviewCancelled { interview_id, note, .. } => self.with(*interview_id, |interview| {
                interview.outcome = Some(InterviewOutcome::Cancelled);
                interview.note.clone_from(note);
            }),
            E::InterviewRecorded { interview_id, outcome, .. } => {
                self.with(*interview_id, |interview| interview.outcome = Some(*outcome));
            }
            E::ScorecardSubmitted { interview_id, interviewer, scorecard } => {
                let scorecard = *scorecard.clone();
                let submitted =
                    ScorecardShown { interviewer: *interviewer, submitted_at: at, scorecard, amended: Vec::new() };
                self.with(*interview_id, |interview| keep(&mut interview.scorecards, submitted));
            }
            E::ScorecardAmended { interview_id, interviewer, scorecard, why } => {
                self.with(*interview_id, |interview| interview.amend(*interviewer, scorecard, why, at));
            }
            E::EvaluationRecorded { recommendation, evaluated_by, note } => {
                let note = note.clone();
                let evaluated_by = *evaluated_by;
                self.evaluation =
                    Some(Evaluation { recommendation: *recommendation, evaluated_by, evaluated_at: at, note });
            }
            E::OfferOpened { offer_id } => {
                self.offer_id = Some(*offer_id);
                self.offer = Some(Offer::opened(*offer_id, at));
            }
            E::OfferAccepted { starts_on, employment_type, grade, location, .. } => {
                self.offer.iter_mut().for_each(|offer| offer.accepted_at = Some(at));
                self.start = Some(Start::agreed(*starts_on, *employment_type, grade, location.as_ref()));
            }
            E::OfferEnded { ending, .. } => {
                if let Some(offer) = &mut self.offer {
                    (offer.ending, offer.ended_at) = (Some(*ending), Some(at));
                }
                self.start = None;
            }
            E::StartPostponed { to, reason_code, .. } => {
                self.start.iter_mut().for_each(|start| start.postpone(*to, *reason_code));
            }
            E::JoiningRecorded { employee_number, started_on, recorded_by, .. } => {
                if let Some(start) = &mut self.start {
                    start.employee_number = Some(employee_number.clone());
                    start.started_on = Some(*started_on);
                    start.recorded_by = Some(*recorded_by);
                }
            }
            E::Rejected { side, reason_code, rejected_by, note, .. } => {
                let (side, rejection, by) = (Some(*side), Some(*reason_code), Some(*rejected_by));
                self.ending = Some(Ending { side, rejection, by, note: note.clone(), ..Ending::at(at) });
            }
            E::Withdrawn { reason_code, withdrawn_by, recorded_for, .. } => {
                let (withdrawal, by) = (Some(*reason_code), Some(*withdrawn_by));
                self.ending = Some(Ending { withdrawal, by, recorded_for: recorded_for.clone(), ..Ending::at(at) });
            }
            E::NoShowRecorded { recorded_by, note } => {
                self.ending = Some(Ending { by: Some(*recorded_by), note: note.clone(), ..Ending::at(at) });
            }
            E::Reopened { .. } => self.ending = None,
            E::Submitted(_) | E::Rejoined(_) | E::Cancelled { .. } | E::Closed { .. } => {}
        }
        if !self.progress.state.is_live() {
            self.hold = None;
            self.ending.get_or_insert(Ending::at(at));
        }
        self
    }

    fn review(
        &mut self,
        decision: ReviewDecision,
        clause: &Clause,
        by: ActorId,
        note: Option<&FreeText>,
        at: DateTime<Utc>,
    ) {
        keep(&mut self.reviews, Review { decision, clause: clause.clone(), by, at, note: note.cloned() });
    }

    fn with(&mut self, id: InterviewId, change: impl FnOnce(&mut Interview)) {
        if let Some(interview) = self.interviews.iter_mut().find(|one| one.interview_id == id) {
            change(interview);
        }
    }

    /// Drops what is destroyed. That somebody applied, and each decision with its clause, remain for the audit (ERA-06).
    fn erase(mut self, classes: &RecordClasses, event: &Recorded) -> Self {
        use RecordClass::{Profile, Recruiting, Restricted, Statutory};
        let erasure = Erasure::of(classes);
        self.position = event.position;
        erasure.fact(Profile, &mut self.account);
        erasure.fact(Profile, &mut self.submitted_by);
        erasure.seals(Recruiting, self.motivation.as_mut());
        erasure.seals(Recruiting, self.recorded_for.as_mut());
        for review in &mut self.reviews {
            erasure.seals(Restricted, review.note.as_mut());
        }
        if let Some(request) = &mut self.review_request {
            erasure.seals(Restricted, request.grounds.as_mut());
            erasure.fact(Profile, &mut request.requested_by);
        }
        if let Some(assessment) = &mut self.eligibility {
            erasure.fact(Statutory, &mut assessment.facts);
        }
        for interview in &mut self.interviews {
            erasure.fact(Recruiting, &mut interview.location);
            erasure.seals(Recruiting, interview.note.as_mut());
        }
        if erasure.covers(Recruiting) {
            self.interviews.iter_mut().for_each(|interview| interview.scorecards.clear());
            self.settlements.clear();
            self.hold.iter_mut().for_each(|hold| erasure.seals(Recruiting, hold.note.as_mut()));
            self.evaluation.iter_mut().for_each(|one| erasure.seals(Recruiting, one.note.as_mut()));
        }
        if let Some(ending) = &mut self.ending {
            erasure.seals(Recruiting, ending.note.as_mut());
            erasure.seals(Recruiting, ending.recorded_for.as_mut());
            erasure.fact(Profile, &mut ending.by);
        }
        if let Some(start) = &mut self.start {
            erasure.fact(Statutory, &mut start.employee_number);
            erasure.fact(Statutory, &mut start.starts_on);
            erasure.fact(Statutory, &mut start.started_on);
            erasure.fact(Statutory, &mut start.grade);
            erasure.fact(Statutory, &mut start.location);
        }
        self
    }
}
