//! Offers of re-employment (オファー): every version of their terms, who approved which, what went out, and how it was
//! answered.
//! Folds `offer.*`, and `person.erased` to drop what is destroyed. Serves `GET /v1/offers` and `GET /v1/offers/{id}`.

mod afterwards;
mod document;

use aggregates::catalogue::HrEvent;
use aggregates::ids::{ActorId, ApplicationId, MemberId, OfferId, PersonId, RequisitionId};
use aggregates::offer::{Assessed, Drafted, OfferEvent, PAY_POLICY, PayAssessment, Terms, TermsHash};
use aggregates::pay_policy::policy_version;
use aggregates::person::{PersonEvent, RecordClasses};
use aggregates::personal::RecordClass;
use aggregates::requisition::Line;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use afterwards::{DocumentStanding, DutyStanding, Explained, Explanation, HandsIn, RangeReview, RemedyDone};
pub use document::{
    Answer, Approval, Conflict, Decision, DecisionKind, Delegation, Ending, EndingKind, ExceptionDecided,
    ExceptionRequest, Extension, LabourStanding, PayFinding, Request, Settled, Version,
};

use crate::model::{DocumentId, ReadModel, Recorded, Route};
use crate::parts::{Erasure, keep, position_key};
use crate::subject::all_about_them;

/// An offer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Offer {
    /// The stream's id.
    pub id: OfferId,
    /// How far it has come.
    pub state: State,
    /// The stream's last sequence.
    pub version: i64,
    /// The last event that this document shows.
    pub position: i64,
    /// The case.
    pub application_id: ApplicationId,
    /// The position.
    pub requisition_id: RequisitionId,
    /// The human being.
    pub person_id: PersonId,
    /// Their membership.
    pub member_id: MemberId,
    /// The account that alone may answer.
    pub account: Option<ActorId>,
    /// The entity that employs.
    pub legal_entity: String,
    /// Who leads the case.
    pub line: Line,
    /// Who referred the candidate.
    pub referrer: Option<ActorId>,
    /// Which version of the terms stands, from 1.
    pub terms_version: u32,
    /// The terms that stand.
    pub terms: Option<Terms>,
    /// Their hash, which approvers and the candidate name.
    pub terms_hash: TermsHash,
    /// The first instant at which it cannot be accepted any more.
    pub expires_at: DateTime<Utc>,
    /// The version of the pay policy.
    pub pay_policy: String,
    /// How the pay was assessed against those who stayed.
    pub assessment: PayAssessment,
    /// What the assessment of this version found, in short; the whole of it stands in the log.
    pub finding: Option<PayFinding>,
    /// The exception that was asked for, for this version.
    pub exception: Option<ExceptionRequest>,
    /// Who drafted it.
    pub drafted_by: ActorId,
    /// When.
    pub drafted_at: DateTime<Utc>,
    /// Its first position, which lists are ordered by.
    pub drafted_position: i64,
    /// The latest versions of the terms, oldest first.
    pub versions: Vec<Version>,
    /// The approval that was asked for last, while it counts.
    pub request: Option<Request>,
    /// The approvals of the terms that stand.
    pub approvals: Vec<Approval>,
    /// The latest decisions of approvers, oldest first; of whatever version.
    pub decisions: Vec<Decision>,
    /// Who stepped aside.
    pub conflicts: Vec<Conflict>,
    /// Approvals that were handed to somebody else.
    pub delegations: Vec<Delegation>,
    /// How it went out, while the candidate has it.
    pub extension: Option<Extension>,
    /// When it was accepted.
    pub acceptance: Option<Answer>,
    /// What of the plan to remedy those who are overtaken was carried out, oldest first (PAY-28).
    pub remedied: Vec<RemedyDone>,
    /// The look at the pay range of the role that the exception brought about.
    #[serde(default)]
    pub range_review: Option<RangeReview>,
    /// What whoever comes back hands in by their first day, as the programme policy of the case lays it down.
    #[serde(default)]
    pub hands_in: Option<HandsIn>,
    /// What is to be filed and done since whoever came back has started (LAB-11).
    #[serde(default)]
    pub duties: Vec<DutyStanding>,
    /// What the candidate asked about their conditions, and what they were answered, oldest first (PAY-02).
    #[serde(default)]
    pub explained: Vec<Explained>,
    /// The human answers to rules that did not pass by themselves, oldest first.
    pub settlements: Vec<Settled>,
    /// What labour law asks of this version, in the order of the rules.
    #[serde(default)]
    pub labour: Vec<LabourStanding>,
    /// How it ended.
    pub ending: Option<Ending>,
}

/// How far an offer has come.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr, strum::EnumString, strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum State {
    /// Being drafted.
    Drafting,
    /// An exception from the pay policy waits for its decision.
    ExceptionPending,
    /// Waits for approval.
    AwaitingApproval,
    /// Approved.
    Approved,
    /// The candidate has it.
    Extended,
    /// The candidate accepted.
    Accepted,
    /// The candidate declined.
    Declined,
    /// Nobody answered in time.
    Expired,
    /// An approver refused it; other terms revive it.
    Refused,
    /// The employer took it back.
    Rescinded,
}

impl ReadModel for Offer {
    const NAME: &'static str = "offers";
    const VERSION: u32 = 9;
    const FILTERS: &'static [&'static str] =
        &["state", "application_id", "requisition_id", "person_id", "legal_entity"];

    fn routes(event: &Recorded) -> Vec<Route> {
        match &event.event {
            HrEvent::Offer(_) => vec![Route::One(event.stream_id)],
            HrEvent::Person(PersonEvent::Erased { .. }) => all_about_them(event),
            HrEvent::Person(_)
            | HrEvent::Departure(_)
            | HrEvent::Member(_)
            | HrEvent::Employment(_)
            | HrEvent::NoRehireFlag(_)
            | HrEvent::FollowUp(_)
            | HrEvent::Requisition(_)
            | HrEvent::Application(_)
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
            HrEvent::Offer(what) => match (document, what) {
                (None, OfferEvent::Drafted(drafted)) => Some(Self::drafted(OfferId(id), drafted, event)),
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
            | HrEvent::Application(_)
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
        position_key(self.drafted_position)
    }

    fn version(&self) -> i64 {
        self.version
    }
}

impl Offer {
    fn drafted(id: OfferId, drafted: &Drafted, event: &Recorded) -> Self {
        let drafted = drafted.clone();
        Self {
            id,
            state: State::Drafting,
            version: event.sequence,
            position: event.position,
            application_id: drafted.application_id,
            requisition_id: drafted.requisition_id,
            person_id: drafted.person_id,
            member_id: drafted.member_id,
            account: Some(drafted.account),
            legal_entity: drafted.legal_entity,
            line: drafted.line,
            referrer: drafted.referrer,
            terms_version: 1,
            terms: Some(drafted.terms.clone()),
            terms_hash: drafted.terms_hash.clone(),
            expires_at: drafted.expires_at,
            pay_policy: drafted.pay_policy,
            assessment: drafted.assessment,
            finding: None,
            exception: None,
            drafted_by: drafted.drafted_by,
            drafted_at: event.recorded_at,
            drafted_position: event.position,
            versions: vec![Version {
                number: 1,
                terms: Some(drafted.terms),
                terms_hash: drafted.terms_hash,
                expires_at: drafted.expires_at,
                changed: Vec::new(),
                by: drafted.drafted_by,
                at: event.recorded_at,
                superseded_at: None,
            }],
            request: None,
            approvals: Vec::new(),
            decisions: Vec::new(),
            conflicts: Vec::new(),
            delegations: Vec::new(),
            extension: None,
            acceptance: None,
            remedied: Vec::new(),
            range_review: None,
            hands_in: None,
            duties: Vec::new(),
            explained: Vec::new(),
            settlements: Vec::new(),
            labour: Vec::new(),
            ending: None,
        }
    }

    fn after(mut self, what: &OfferEvent, event: &Recorded) -> Self {
        use OfferEvent as E;
        self.version = event.sequence;
        self.position = event.position;
        let at = event.recorded_at;
        if let Some(decision) = Decision::of(what, at) {
            keep(&mut self.decisions, decision);
        }
        if let Some((state, ending)) = Ending::of(what, at) {
            self.state = state;
            self.ending = Some(ending);
            return self;
        }
        match what {
            E::Revised { version, terms, terms_hash, expires_at, changed, revised_by } => {
                let (terms, terms_hash) = (Some((**terms).clone()), terms_hash.clone());
                let (number, expires_at, changed, by) = (*version, *expires_at, changed.clone(), *revised_by);
                let superseded_at = None;
                self.supersede(Version { number, terms, terms_hash, expires_at, changed, by, at, superseded_at });
            }
            E::Assessed(assessed) => self.assessed(assessed, at),
            E::LabourChecked { checks, .. } => self.labour = LabourStanding::checked(&self.labour, checks),
            E::ExceptionRequested { version, terms_hash, exception, requested_by } => {
                self.state = State::ExceptionPending;
                self.hash_anew(terms_hash);
                self.exception = Some(ExceptionRequest::of(*version, exception, *requested_by, at));
            }
            E::ExceptionDecided { decision, decided_by, role, comment, .. } => {
                self.state = State::Drafting;
                let decided = ExceptionDecided::of(*decision, *decided_by, role, comment.as_ref(), at);
                self.exception.iter_mut().for_each(|exception| exception.decided = Some(decided.clone()));
            }
            E::ApprovalRequested { version, approvals_needed, requested_by, .. } => {
                let (version, approvals_needed, requested_by) = (*version, *approvals_needed, *requested_by);
                self.draft_anew(State::AwaitingApproval);
                self.request = Some(Request { version, approvals_needed, requested_by, requested_at: at });
            }
            E::Approved { .. } | E::ApprovalForced { .. } => {
                self.approvals_grow(Approval::of(what, at));
            }
            E::SentBack { .. } => self.draft_anew(State::Drafting),
            E::Refused { .. } => self.draft_anew(State::Refused),
            E::ConflictDeclared { declared_by, conflict, note } => {
                keep(&mut self.conflicts, Conflict::of(*declared_by, *conflict, note.as_ref(), at));
            }
            E::ApprovalDelegated { delegated_by, delegated_to, until, reason } => {
                let (delegated_by, delegated_to, until) = (*delegated_by, *delegated_to, *until);
                let reason = reason.clone();
                keep(&mut self.delegations, Delegation { delegated_by, delegated_to, until, delegated_at: at, reason });
            }
            E::Extended(extended) => {
                self.state = State::Extended;
                self.expires_at = extended.expires_at;
                let approved = self.approvals.iter().map(|approval| approval.approved_by).collect();
                self.extension = Some(Extension::of(extended, approved, at));
            }
            E::Accepted { version, accepted_by, recorded_for, hands_in, .. } => {
                self.hands_in = hands_in.as_deref().map(HandsIn::asked);
                self.state = State::Accepted;
                let (version, accepted_by, recorded_for) = (*version, Some(*accepted_by), recorded_for.clone());
                self.acceptance = Some(Answer { version, accepted_by, accepted_at: at, recorded_for });
            }
            E::RemedyRecorded { remedied, recorded_by, .. } => {
                keep(&mut self.remedied, RemedyDone { remedied: remedied.clone(), recorded_by: *recorded_by, at });
            }
            E::RangeReviewOpened { role, exceptions, since, due_on, .. } => {
                self.range_review = Some(RangeReview::opened(role.clone(), *exceptions, *since, *due_on));
            }
            E::RangeReviewed { reviewed, recorded_by } => {
                self.range_review.iter_mut().for_each(|review| review.is_done(reviewed, *recorded_by, at));
            }
            E::DocumentRecorded { document, recorded_by, .. } => {
                self.hands_in.iter_mut().for_each(|asked| asked.came_in(document, *recorded_by));
            }
            E::DutiesNoted { due, .. } => self.duties = due.iter().copied().map(DutyStanding::waits).collect(),
            E::DutyDone { done, recorded_by } => {
                let of_it = |one: &&mut DutyStanding| one.due.duty == done.duty;
                self.duties.iter_mut().filter(of_it).for_each(|one| one.is_done(done, *recorded_by));
            }
            E::ExplanationRequested { requested_by, answer_by, question, recorded_for } => {
                let asked = Explained::asked((*requested_by, at), *answer_by, question.as_ref(), recorded_for.as_ref());
                keep(&mut self.explained, asked);
            }
            E::ExplanationGiven { given_by, role, answer, comparison } => {
                let (given_by, role, answer) = (*given_by, role.clone(), Some(answer.clone()));
                let comparison = comparison.as_deref().cloned();
                self.explain(Explanation { given_by, role, given_at: at, answer, comparison });
            }
            E::ExpiryExtended { expires_at, .. } => self.expires_at = *expires_at,
            E::Settled { settlement } => {
                self.settled(Settled { settlement: settlement.clone(), at });
            }
            E::Drafted(_)
            | E::PayChanged(_)
            | E::OneOffRecorded(_)
            | E::Declined { .. }
            | E::Expired { .. }
            | E::Rescinded { .. }
            | E::Lapsed { .. } => {}
        }
        self
    }

    /// A rule was answered, of labour law on the check itself as well.
    fn settled(&mut self, settled: Settled) {
        for standing in self.labour.iter_mut().filter(|one| one.check.result.rule == settled.settlement.rule()) {
            standing.answer = Some(settled.clone());
        }
        keep(&mut self.settlements, settled);
    }

    /// Answers the question that waits.
    fn explain(&mut self, given: Explanation) {
        if let Some(asked) = self.explained.iter_mut().rev().find(|asked| asked.answered.is_none()) {
            asked.answered = Some(given);
        }
    }

    /// Another version of the terms takes the place of the one that stood.
    fn supersede(&mut self, latest: Version) {
        for superseded in self.versions.iter_mut().filter(|known| known.superseded_at.is_none()) {
            superseded.superseded_at = Some(latest.at);
        }
        self.terms_version = latest.number;
        self.terms.clone_from(&latest.terms);
        self.terms_hash.clone_from(&latest.terms_hash);
        self.expires_at = latest.expires_at;
        if !latest.changed.is_empty() {
            self.draft_anew(State::Drafting);
            PAY_POLICY.clone_into(&mut self.pay_policy);
            (self.assessment, self.finding, self.exception) = (PayAssessment::NotAssessed, None, None);
        }
        keep(&mut self.versions, latest);
    }

    /// What the pay was found to be: nothing of what was approved before stands.
    fn assessed(&mut self, assessed: &Assessed, at: DateTime<Utc>) {
        self.draft_anew(State::Drafting);
        self.assessment = PayAssessment::Assessed;
        self.pay_policy = policy_version(assessed.basis.policy.policy_id, assessed.basis.policy.version);
        self.hash_anew(&assessed.terms_hash);
        self.finding = Some(PayFinding::of(assessed, at));
        self.exception = None;
    }

    /// One approval more; a forced one stands for all that are missing.
    fn approvals_grow(&mut self, approval: Option<Approval>) {
        let Some(approval) = approval else { return };
        let forced = approval.authority.is_some();
        keep(&mut self.approvals, approval);
        let needed = self.request.as_ref().map_or(0, |request| request.approvals_needed);
        if forced || self.approvals.len() >= usize::try_from(needed).unwrap_or(usize::MAX) {
            self.state = State::Approved;
        }
    }

    /// What is to be approved is more than before, or other.
    fn hash_anew(&mut self, terms_hash: &TermsHash) {
        self.terms_hash.clone_from(terms_hash);
        if let Some(latest) = self.versions.last_mut() {
            latest.terms_hash.clone_from(terms_hash);
        }
    }

    /// Nothing of what was approved stands any more, and the candidate does not have it.
    fn draft_anew(&mut self, state: State) {
        self.state = state;
        self.request = None;
        self.approvals.clear();
        self.extension = None;
    }

    /// Drops what is destroyed. That there was an offer, who approved it, and how it ended remain for the audit (ERA-06).
    fn erase(mut self, classes: &RecordClasses, event: &Recorded) -> Self {
        use RecordClass::{PayDecision, Profile, Recruiting};
        let erasure = Erasure::of(classes);
        self.position = event.position;
        erasure.fact(Profile, &mut self.account);
        erasure.fact(PayDecision, &mut self.terms);
        erasure.fact(PayDecision, &mut self.finding);
        if let Some(exception) = &mut self.exception {
            erasure.seals(PayDecision, Some(&mut exception.exception.justification));
            erasure.seals(PayDecision, exception.exception.alternatives.as_mut());
            erasure.seals(PayDecision, exception.decided.as_mut().and_then(|decided| decided.comment.as_mut()));
        }
        for version in &mut self.versions {
            erasure.fact(PayDecision, &mut version.terms);
        }
        for approval in &mut self.approvals {
            erasure.seals(PayDecision, approval.comment.as_mut());
        }
        for decision in &mut self.decisions {
            erasure.seals(PayDecision, decision.comment.as_mut());
        }
        for conflict in &mut self.conflicts {
            erasure.seals(PayDecision, conflict.note.as_mut());
        }
        for delegation in &mut self.delegations {
            erasure.seals(PayDecision, delegation.reason.as_mut());
        }
        if let Some(acceptance) = &mut self.acceptance {
            erasure.seals(Recruiting, acceptance.recorded_for.as_mut());
            erasure.fact(Profile, &mut acceptance.accepted_by);
        }
        for asked in &mut self.explained {
            erasure.seals(Recruiting, asked.question.as_mut());
            erasure.seals(Recruiting, asked.recorded_for.as_mut());
            erasure.fact(Profile, &mut asked.requested_by);
            if let Some(given) = &mut asked.answered {
                erasure.seals(PayDecision, given.answer.as_mut());
                erasure.fact(PayDecision, &mut given.comparison);
            }
        }
        if erasure.covers(Recruiting) {
            self.settlements.clear();
            self.duties.clear();
            self.hands_in = None;
        }
        // What was computed of the terms goes with them.
        if erasure.covers(Recruiting) || erasure.covers(PayDecision) {
            self.labour.clear();
        }
        if let Some(ending) = &mut self.ending {
            erasure.seals(Recruiting, ending.words.as_mut());
            erasure.fact(Recruiting, &mut ending.opinion_ref);
            if ending.kind == EndingKind::Declined {
                erasure.fact(Profile, &mut ending.by);
            }
        }
        self
    }
}
