//! Requisitions (求人): what each states, who leads its cases, and which seats are filled.
//! Folds `requisition.*`. Serves `GET /v1/requisitions` and `GET /v1/requisitions/{id}`.

use std::collections::BTreeSet;

use aggregates::catalogue::HrEvent;
use aggregates::ids::{ActorId, ApplicationId, DepartureId, RequisitionId};
use aggregates::personal::Personal;
use aggregates::requisition::{
    Audience, CloseReason, Engagement, LiveCases, Opened, PayRange, RequisitionChanges, RequisitionEvent,
};
use aggregates::values::{EmploymentType, FreeText};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::model::{DocumentId, ReadModel, Recorded, Route};
use crate::parts::position_key;

/// A requisition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Requisition {
    /// The stream's id.
    pub id: RequisitionId,
    /// How far it has come.
    pub state: State,
    /// The stream's last sequence.
    pub version: i64,
    /// The last event that this document shows.
    pub position: i64,
    /// The title of the position.
    pub title: String,
    /// The entity that hires.
    pub legal_entity: String,
    /// Department.
    pub department: Option<String>,
    /// Job family.
    pub job_family: Option<String>,
    /// Grade (等級).
    pub grade: Option<String>,
    /// Place of work.
    pub location: Option<String>,
    /// How whoever is hired is employed.
    pub employment_type: EmploymentType,
    /// Employed directly, or dispatched.
    pub engagement: Engagement,
    /// The published range.
    pub pay_range: Option<PayRange>,
    /// How many seats.
    pub headcount: u32,
    /// Who came back on which, in the order of their return; as many as there are seats at most.
    pub filled_seats: Vec<ApplicationId>,
    /// Who may answer it once it is published.
    pub audience: BTreeSet<Audience>,
    /// What the work is, sealed.
    pub description: Option<FreeText>,
    /// The recruiter in charge.
    pub recruiter: ActorId,
    /// The manager who hires.
    pub hiring_manager: Option<ActorId>,
    /// The unit that approves offers.
    pub approver_unit: Option<String>,
    /// Who opened it.
    pub opened_by: ActorId,
    /// When.
    pub opened_at: DateTime<Utc>,
    /// Its first position, which lists are ordered by.
    pub opened_position: i64,
    /// When it was published.
    pub published_at: Option<DateTime<Utc>>,
    /// Who left for childcare or care and wishes to return.
    pub returners: Option<Returners>,
    /// How it was closed.
    pub closing: Option<Closing>,
}

/// How far a requisition has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum State {
    /// Nobody can answer it yet.
    Open,
    /// Its audience can answer it.
    Published,
    /// Somebody came back on every seat.
    Filled,
    /// Nobody can answer it any more.
    Closed,
}

/// People who left for childcare or care and wish to return (LAB-02).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Returners {
    /// Their departures, sealed.
    pub departures: Personal<Vec<DepartureId>>,
    /// How many.
    pub count: u32,
    /// When they were found.
    pub noted_at: DateTime<Utc>,
}

/// How a requisition was closed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Closing {
    /// Why.
    pub because: CloseReason,
    /// What became of live applications.
    pub live_cases: LiveCases,
    /// Who closed it.
    pub closed_by: ActorId,
    /// When.
    pub at: DateTime<Utc>,
    /// In words, sealed.
    pub note: Option<FreeText>,
}

impl ReadModel for Requisition {
    const NAME: &'static str = "requisitions";
    const VERSION: u32 = 1;
    const FILTERS: &'static [&'static str] =
        &["state", "legal_entity", "department", "job_family", "grade", "location", "recruiter", "hiring_manager"];

    fn routes(event: &Recorded) -> Vec<Route> {
        match &event.event {
            HrEvent::Requisition(_) => vec![Route::One(event.stream_id)],
            HrEvent::Person(_)
            | HrEvent::Departure(_)
            | HrEvent::Member(_)
            | HrEvent::Employment(_)
            | HrEvent::NoRehireFlag(_)
            | HrEvent::FollowUp(_)
            | HrEvent::Application(_)
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
        match (document, &event.event) {
            (None, HrEvent::Requisition(RequisitionEvent::Opened(opened))) => {
                Some(Self::opened(RequisitionId(id), opened, event))
            }
            (Some(document), HrEvent::Requisition(what)) => Some(document.after(what, event)),
            (document, _) => document,
        }
    }

    fn sort_key(&self) -> String {
        position_key(self.opened_position)
    }

    fn version(&self) -> i64 {
        self.version
    }
}

impl Requisition {
    fn opened(id: RequisitionId, opened: &Opened, event: &Recorded) -> Self {
        let Opened {
            title,
            legal_entity,
            department,
            job_family,
            grade,
            location,
            employment_type,
            engagement,
            pay_range,
            headcount,
            audience,
            description,
            line,
            opened_by,
        } = opened.clone();
        Self {
            id,
            state: State::Open,
            version: event.sequence,
            position: event.position,
            title,
            legal_entity,
            department,
            job_family,
            grade,
            location,
            employment_type,
            engagement,
            pay_range,
            headcount,
            filled_seats: Vec::new(),
            audience,
            description,
            recruiter: line.recruiter,
            hiring_manager: line.hiring_manager,
            approver_unit: line.approver_unit,
            opened_by,
            opened_at: event.recorded_at,
            opened_position: event.position,
            published_at: None,
            returners: None,
            closing: None,
        }
    }

    fn after(mut self, what: &RequisitionEvent, event: &Recorded) -> Self {
        use RequisitionEvent as E;
        self.version = event.sequence;
        self.position = event.position;
        match what {
            E::Revised { changes, .. } => self.take((**changes).clone()),
            E::Published { audience, .. } => {
                self.audience.clone_from(audience);
                self.published_at = Some(event.recorded_at);
            }
            E::ReturnersNoted { departures, count } => {
                self.returners =
                    Some(Returners { departures: departures.clone(), count: *count, noted_at: event.recorded_at });
            }
            E::SeatFilled { application_id } => {
                if !self.filled_seats.contains(application_id) {
                    self.filled_seats.push(*application_id);
                }
            }
            E::Closed { because, live_cases, closed_by, note } => {
                self.closing = Some(Closing {
                    because: *because,
                    live_cases: *live_cases,
                    closed_by: *closed_by,
                    at: event.recorded_at,
                    note: note.clone(),
                });
            }
            E::Opened(_) => {}
        }
        self.state = self.reached();
        self
    }

    fn reached(&self) -> State {
        let filled = u32::try_from(self.filled_seats.len()).unwrap_or(u32::MAX);
        match (&self.closing, self.published_at) {
            (Some(_), _) => State::Closed,
            (None, Some(_)) if filled >= self.headcount => State::Filled,
            (None, Some(_)) => State::Published,
            (None, None) => State::Open,
        }
    }

    fn take(&mut self, changes: RequisitionChanges) {
        let RequisitionChanges {
            title,
            department,
            job_family,
            grade,
            location,
            employment_type,
            engagement,
            pay_range,
            headcount,
            audience,
            description,
            recruiter,
            hiring_manager,
            approver_unit,
        } = changes;
        self.title = title.unwrap_or_else(|| std::mem::take(&mut self.title));
        self.department = department.or(self.department.take());
        self.job_family = job_family.or(self.job_family.take());
        self.grade = grade.or(self.grade.take());
        self.location = location.or(self.location.take());
        self.employment_type = employment_type.unwrap_or(self.employment_type);
        self.engagement = engagement.unwrap_or(self.engagement);
        self.pay_range = pay_range.or(self.pay_range.take());
        self.headcount = headcount.unwrap_or(self.headcount);
        self.audience = audience.unwrap_or_else(|| std::mem::take(&mut self.audience));
        self.description = description.or(self.description.take());
        self.recruiter = recruiter.unwrap_or(self.recruiter);
        self.hiring_manager = hiring_manager.or(self.hiring_manager);
        self.approver_unit = approver_unit.or(self.approver_unit.take());
    }
}
