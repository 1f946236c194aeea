//! Referrals: who referred whom to what, whether the candidate agreed, whose candidate it is, and what came of it.
//! Folds `referral.*`, and `person.erased` to drop what is destroyed. Serves `GET /v1/referrals`,
//! `GET /v1/referrals/{id}` and, in words that are safe for the referrer, `GET /v1/my/referrals`.

mod parts;

use aggregates::catalogue::HrEvent;
use aggregates::ids::{ActorId, ApplicationId, PersonId, ReferralId, RequisitionId};
use aggregates::person::{PersonEvent, RecordClasses};
use aggregates::personal::{Personal, RecordClass};
use aggregates::referral::gate::ABOUT_REFERRER;
use aggregates::referral::{
    CandidateDetails, CandidateHistory, HiredVia, ReferralEvent, ReferrerRelation, Relationship, Submitted,
};
use aggregates::reward_plan::PlanPin;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

pub use parts::{Check, Decided, Duplicate, Ending, Hire, Outcome, Reassignment, Settled, State};

use crate::model::{DocumentId, ReadModel, Recorded, Route};
use crate::parts::{Erasure, keep, position_key};
use crate::subject::person_of;

/// A talent referral.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Referral {
    /// The stream's id.
    pub id: ReferralId,
    /// How far it has come.
    pub state: State,
    /// The stream's last sequence.
    pub version: i64,
    /// The last event that this document shows.
    pub position: i64,
    /// The account that has the credit.
    pub referrer: ActorId,
    /// The human being who has it, where known.
    pub referrer_person_id: Option<PersonId>,
    /// What they were to the entity that hires, on the day of the referral.
    pub relation: ReferrerRelation,
    /// The candidate, provisionally.
    pub candidate_person_id: PersonId,
    /// Who the candidate is, sealed.
    pub candidate: CandidateDetails,
    /// How the referrer knows them.
    pub relationship: Relationship,
    /// The position.
    pub requisition_id: Option<RequisitionId>,
    /// The entity that hires.
    pub legal_entity: String,
    /// The job family.
    pub job_family: Option<String>,
    /// The plan of rewards that governs it.
    pub plan: Option<PlanPin>,
    /// The rules about who may refer for money, each with its latest finding and what was answered to it.
    pub checks: Vec<Check>,
    /// When it was made.
    pub submitted_at: DateTime<Utc>,
    /// Its first position, which lists are ordered by.
    pub submitted_position: i64,
    /// The last day on which the candidate can agree.
    pub answer_by: NaiveDate,
    /// When the candidate agreed.
    pub accepted_on: Option<NaiveDate>,
    /// Whether the candidate says that they worked here.
    pub candidate_history: Option<CandidateHistory>,
    /// The first day on which it does not own the candidate.
    pub owned_until: Option<NaiveDate>,
    /// An earlier record that may stand, or stands, before it.
    pub duplicate: Option<Duplicate>,
    /// The latest changes of credit, oldest first.
    pub reassignments: Vec<Reassignment>,
    /// The application that is credited to it.
    pub application_id: Option<ApplicationId>,
    /// The human being who was hired.
    pub hired_person_id: Option<PersonId>,
    /// The hire.
    pub hire: Option<Hire>,
    /// That the candidate was not hired.
    pub outcome: Option<Outcome>,
    /// How it ended without a hire.
    pub ending: Option<Ending>,
}

impl ReadModel for Referral {
    const NAME: &'static str = "referrals";
    const VERSION: u32 = 3;
    const FILTERS: &'static [&'static str] = &[
        "state",
        "referrer",
        "requisition_id",
        "legal_entity",
        "candidate_person_id",
        "referrer_person_id",
        "hired_person_id",
    ];

    fn routes(event: &Recorded) -> Vec<Route> {
        match &event.event {
            HrEvent::Referral(_) => vec![Route::One(event.stream_id)],
            HrEvent::Person(PersonEvent::Erased { .. }) => everywhere(event),
            HrEvent::Person(_)
            | HrEvent::Departure(_)
            | HrEvent::Member(_)
            | HrEvent::Employment(_)
            | HrEvent::NoRehireFlag(_)
            | HrEvent::FollowUp(_)
            | HrEvent::Requisition(_)
            | HrEvent::Application(_)
            | HrEvent::Offer(_)
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
            HrEvent::Referral(what) => match (document, what) {
                (None, ReferralEvent::Submitted(submitted)) => Some(Self::submitted(ReferralId(id), submitted, event)),
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
            | HrEvent::Offer(_)
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

/// Wherever a person stands in a referral: as the candidate, as the referrer, or as whoever was hired.
fn everywhere(event: &Recorded) -> Vec<Route> {
    let roles = ["candidate_person_id", "referrer_person_id", "hired_person_id"];
    person_of(event).into_iter().flat_map(|person| roles.map(|role| Route::Where(role, person.to_string()))).collect()
}

impl Referral {
    fn submitted(id: ReferralId, submitted: &Submitted, event: &Recorded) -> Self {
        let Submitted { referrer, relation, candidate_person_id, candidate, requisition_id, .. } = submitted.clone();
        let Submitted { legal_entity, job_family, relationship, plan, gate, answer_by, .. } = submitted.clone();
        let mut referral = Self {
            id,
            state: State::AwaitingCandidate,
            version: event.sequence,
            position: event.position,
            referrer,
            referrer_person_id: relation.person_id,
            relation,
            candidate_person_id,
            candidate,
            relationship,
            requisition_id,
            legal_entity,
            job_family,
            plan,
            checks: Vec::new(),
            submitted_at: event.recorded_at,
            submitted_position: event.position,
            answer_by,
            accepted_on: None,
            candidate_history: None,
            owned_until: None,
            duplicate: None,
            reassignments: Vec::new(),
            application_id: None,
            hired_person_id: None,
            hire: None,
            outcome: None,
            ending: None,
        };
        for result in &gate {
            Check::evaluate(&mut referral.checks, result);
        }
        referral
    }

    fn after(mut self, what: &ReferralEvent, event: &Recorded) -> Self {
        use ReferralEvent as E;
        self.version = event.sequence;
        self.position = event.position;
        match what {
            E::Submitted(_) => {}
            E::CandidateAccepted { history, accepted_on } => {
                self.accepted_on = Some(*accepted_on);
                self.candidate_history = Some(*history);
            }
            E::CandidateDeclined { .. } => self.forgotten(State::Declined, Ending::at(event)),
            E::AcceptanceLapsed { .. } => self.forgotten(State::Expired, Ending::at(event)),
            E::OwnershipGranted { until, .. } => self.owned(*until),
            E::DuplicateDismissed { until, note, .. } => {
                self.owned(*until);
                if let Some(duplicate) = &mut self.duplicate {
                    duplicate.note.clone_from(note);
                }
                self.decided(Decided::Granted, event);
            }
            E::HeldAsDuplicate { because, earlier, .. } => {
                self.state = State::HeldAsDuplicate;
                self.duplicate = Some(Duplicate::held(*because, *earlier, event));
            }
            E::RefusedDuplicate { because, note, .. } => {
                let held = self.duplicate.take().unwrap_or_else(|| Duplicate::held(*because, None, event));
                self.duplicate = Some(Duplicate { because: *because, note: note.clone(), ..held });
                self.decided(Decided::Refused, event);
                self.end(State::RefusedDuplicate, Ending::at(event));
            }
            E::CreditReassigned { from, to, relation, clause, decided_by, note, gate } => {
                let (clause, note) = (clause.clone(), note.clone());
                let (by, at) = (*decided_by, event.recorded_at);
                keep(&mut self.reassignments, Reassignment { from: *from, to: *to, clause, by, at, note });
                self.referrer = *to;
                self.referrer_person_id = relation.person_id;
                self.relation = relation.as_ref().clone();
                Check::forget(&mut self.checks, &ABOUT_REFERRER, gate);
                for result in gate {
                    Check::evaluate(&mut self.checks, result);
                }
            }
            E::Credited { application_id } => {
                self.application_id = Some(*application_id);
                self.outcome = None;
                if self.state != State::HeldAsDuplicate {
                    self.state = State::InProcess;
                }
            }
            E::Hired { via, hired_person_id, employee_number, legal_entity, started_on } => {
                self.state = State::Hired;
                self.outcome = None;
                self.owned_until = None;
                self.hired_person_id = Some(*hired_person_id);
                self.hire = Some(Hire {
                    via: *via,
                    employee_number: Some(employee_number.clone()),
                    legal_entity: legal_entity.clone(),
                    started_on: Some(*started_on),
                    at: event.recorded_at,
                });
                if let HiredVia::Application { application_id } = via {
                    self.application_id = Some(*application_id);
                }
            }
            E::NotHired { reason_code, recorded_by } => {
                if self.state == State::InProcess && self.owned_until.is_none() {
                    self.destroyed();
                }
                self.state = State::NotHired;
                self.outcome = Some(Outcome { reason_code: *reason_code, by: *recorded_by, at: event.recorded_at });
            }
            // A case that runs is seen to its end.
            E::OwnershipLapsed { .. } if self.state == State::InProcess => self.owned_until = None,
            // What never owned the candidate, since nobody decided so in time, is over.
            E::OwnershipLapsed { .. } if self.state == State::NotHired && !self.in_doubt() => {
                self.owned_until = None;
                self.destroyed();
            }
            E::OwnershipLapsed { .. } => self.forgotten(State::Expired, Ending::at(event)),
            E::Withdrawn { .. } => self.forgotten(State::Withdrawn, Ending::at(event)),
            E::Blocked { rule, basis, code } => {
                let (rule, basis, code) = (Some(rule.clone()), Some(basis.clone()), Some(code.clone()));
                let ending = Ending { rule, basis, code, ..Ending::at(event) };
                match self.accepted_on {
                    None => self.forgotten(State::Blocked, ending),
                    Some(_) => self.end(State::Blocked, ending),
                }
            }
            E::Settled { settlement } => Check::settle(&mut self.checks, settlement, event),
        }
        self
    }

    fn owned(&mut self, until: NaiveDate) {
        self.owned_until = Some(until);
        // That nothing came of it stands, whoever owns the candidate.
        if self.state != State::NotHired {
            self.state = if self.application_id.is_some() { State::InProcess } else { State::Owned };
        }
    }

    fn in_doubt(&self) -> bool {
        self.duplicate.as_ref().is_some_and(|duplicate| duplicate.decided.is_none())
    }

    fn decided(&mut self, decided: Decided, event: &Recorded) {
        if let Some(duplicate) = &mut self.duplicate {
            duplicate.decided = Some(decided);
            duplicate.decided_by = event.actor.map(ActorId);
            duplicate.decided_at = Some(event.recorded_at);
        }
    }

    fn end(&mut self, state: State, ending: Ending) {
        self.state = state;
        self.owned_until = None;
        self.ending = Some(ending);
    }

    /// It ends, and what was held of the candidate is destroyed with it: all words of this stream are sealed under them.
    fn forgotten(&mut self, state: State, ending: Ending) {
        self.end(state, ending);
        self.destroyed();
    }

    fn destroyed(&mut self) {
        self.candidate = forgotten();
        self.wordless();
    }

    fn wordless(&mut self) {
        let duplicate = self.duplicate.iter_mut().filter_map(|duplicate| duplicate.note.as_mut());
        let reassigned = self.reassignments.iter_mut().filter_map(|one| one.note.as_mut());
        let acknowledged = self.checks.iter_mut().filter_map(|check| check.reason.as_mut());
        duplicate.chain(reassigned).chain(acknowledged).for_each(|words| *words = Personal::Erased);
    }

    /// Drops what is destroyed. That there was a referral, who made it and by which rule it was judged remains.
    fn erase(mut self, classes: &RecordClasses, event: &Recorded) -> Self {
        let erasure = Erasure::of(classes);
        let person = person_of(event);
        self.position = event.position;
        if person == Some(self.candidate_person_id) && erasure.covers(RecordClass::Recruiting) {
            self.destroyed();
        }
        if person.is_some() && person == self.referrer_person_id && erasure.covers(RecordClass::Statutory) {
            self.relation.employee_number = None;
            self.relation.spans.clear();
        }
        if let Some(hire) = self.hire.as_mut().filter(|_| person.is_some() && person == self.hired_person_id) {
            erasure.fact(RecordClass::Statutory, &mut hire.employee_number);
            erasure.fact(RecordClass::Statutory, &mut hire.started_on);
        }
        self
    }
}

/// Nobody can be led back to.
const fn forgotten() -> CandidateDetails {
    CandidateDetails { name: Personal::Erased, email: None, phone: None }
}
