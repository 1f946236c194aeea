//! The periods of employment (在籍期間) as they stand after corrections and transfers: what relation checks gather their
//! spans from, and what people operations and the HRIS compare.
//! Folds `employment.*`, and `person.erased` to drop what is destroyed. Serves `GET /v1/employments` and
//! `GET /v1/employments/{id}`.

use aggregates::catalogue::HrEvent;
use aggregates::employment::{
    EmployeeDetails, EmploymentChanges, EmploymentEvent, EmploymentKind, EndChange, EndedBecause, Placement,
    Recorded as Record, Source, TenureSegment,
};
use aggregates::ids::{ActorId, ApplicationId, EmploymentId, PersonId};
use aggregates::person::{PersonEvent, RecordClasses};
use aggregates::personal::RecordClass;
use aggregates::values::{EmploymentType, FreeText};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::model::{DocumentId, ReadModel, Recorded, Route};
use crate::parts::{Erasure, keep, position_key};
use crate::subject::all_about_them;

/// The sequence of the record, which is always the first event of its stream.
const RECORD: u64 = 1;

/// A period of employment. `legal_entity`, `from`, `to` and `kind` are its span.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Employment {
    /// The stream's id.
    pub id: EmploymentId,
    /// How far it has come.
    pub state: State,
    /// The stream's last sequence.
    pub version: i64,
    /// The last event that this document shows.
    pub position: i64,
    /// The human being.
    pub person_id: PersonId,
    /// The entity that employs them.
    pub legal_entity: String,
    /// Their number in it.
    pub employee_number: Option<String>,
    /// Their number in an earlier period.
    pub previous_employee_number: Option<String>,
    /// The account that is theirs.
    pub account: Option<ActorId>,
    /// Name, contact and birth date, sealed, as far as the source gave them.
    pub person: Option<EmployeeDetails>,
    /// Own employer or secondment.
    pub kind: EmploymentKind,
    /// How they are employed.
    pub employment_type: Option<EmploymentType>,
    /// First day.
    pub from: Option<NaiveDate>,
    /// Last day, where one is agreed or has passed.
    pub to: Option<NaiveDate>,
    /// Why it ended.
    pub ended_because: Option<EndedBecause>,
    /// Where they stand after the latest transfer, be it one that is agreed for a day ahead.
    pub placement: Placement,
    /// The number of the one they report to once more, where lists filter by it.
    pub manager_employee_number: Option<String>,
    /// What the record and each transfer state, by the day from which it holds.
    pub placements: Vec<Placed>,
    /// The latest corrections; the facts above are what stands after them.
    pub corrections: Vec<Correction>,
    /// What it is the return of, where it is one.
    pub returned: Option<Returned>,
    /// How the record came in.
    pub source: Source,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Its first position, which lists are ordered by.
    pub recorded_position: i64,
}

/// How far a period of employment has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum State {
    /// No last day has passed; the first may lie ahead.
    Current,
    /// The last day has passed.
    Ended,
}

/// A place that somebody took; what is not stated stays as it was before that day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    /// The sequence of the record or transfer.
    pub sequence: u64,
    /// The first day in it.
    pub from: NaiveDate,
    /// What is stated.
    #[serde(flatten)]
    pub placement: Placement,
}

/// A return, and the earlier periods that are handed on to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned {
    /// The application that led to it.
    pub application_id: ApplicationId,
    /// Earlier periods, oldest first.
    pub tenure: Vec<TenureSegment>,
}

/// That recorded facts were wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Correction {
    /// The sequence of the correction.
    pub sequence: u64,
    /// The sequence of the event whose facts were wrong.
    pub corrects: u64,
    /// The record or transfer whose facts they are.
    pub states: u64,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Option<ActorId>,
    /// Why, sealed.
    pub why: FreeText,
}

impl ReadModel for Employment {
    const NAME: &'static str = "employments";
    const VERSION: u32 = 2;
    const FILTERS: &'static [&'static str] =
        &["state", "legal_entity", "employee_number", "person_id", "manager_employee_number", "account"];

    fn routes(event: &Recorded) -> Vec<Route> {
        match &event.event {
            HrEvent::Employment(_) => vec![Route::One(event.stream_id)],
            HrEvent::Person(PersonEvent::Erased { .. }) => all_about_them(event),
            HrEvent::Person(_)
            | HrEvent::Departure(_)
            | HrEvent::Member(_)
            | HrEvent::NoRehireFlag(_)
            | HrEvent::FollowUp(_)
            | HrEvent::Requisition(_)
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
        match &event.event {
            HrEvent::Employment(what) => match (document, what) {
                (None, EmploymentEvent::Recorded(record)) => Some(Self::recorded(EmploymentId(id), record, event)),
                (None, _) => None,
                (Some(document), what) => Some(document.after(what, event)),
            },
            HrEvent::Person(PersonEvent::Erased { classes, .. }) => {
                document.map(|document| document.erase(classes, event))
            }
            HrEvent::Person(_)
            | HrEvent::Departure(_)
            | HrEvent::Member(_)
            | HrEvent::NoRehireFlag(_)
            | HrEvent::FollowUp(_)
            | HrEvent::Requisition(_)
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
            | HrEvent::IncumbentPart(_) => document,
        }
    }

    fn sort_key(&self) -> String {
        position_key(self.recorded_position)
    }

    fn version(&self) -> i64 {
        self.version
    }
}

impl Employment {
    fn recorded(id: EmploymentId, record: &Record, event: &Recorded) -> Self {
        let record = record.clone();
        Self {
            id,
            state: State::recorded(&record),
            version: event.sequence,
            position: event.position,
            person_id: record.person_id,
            legal_entity: record.legal_entity,
            employee_number: Some(record.employee_number),
            previous_employee_number: record.previous_employee_number,
            account: record.account,
            person: record.person,
            kind: record.kind,
            employment_type: Some(record.employment_type),
            from: Some(record.from),
            to: record.to.or(record.ends_on),
            ended_because: record.to.map(|_| EndedBecause::TermEnded),
            placement: record.placement.clone(),
            manager_employee_number: record.placement.manager_employee_number.clone(),
            placements: vec![Placed { sequence: RECORD, from: record.from, placement: record.placement }],
            corrections: Vec::new(),
            returned: None,
            source: record.source,
            recorded_at: event.recorded_at,
            recorded_position: event.position,
        }
    }

    fn after(mut self, what: &EmploymentEvent, event: &Recorded) -> Self {
        use EmploymentEvent as E;
        self.version = event.sequence;
        self.position = event.position;
        match what {
            E::Corrected { corrects, changes, why } => {
                let states = self.stated_by(*corrects);
                self.correct(states, (**changes).clone());
                let correction = Correction {
                    sequence: event.sequence.unsigned_abs(),
                    corrects: *corrects,
                    states,
                    at: event.recorded_at,
                    by: event.actor.map(ActorId),
                    why: why.clone(),
                };
                keep(&mut self.corrections, correction);
            }
            E::Transferred(transfer) => {
                let sequence = event.sequence.unsigned_abs();
                self.placements.push(Placed { sequence, from: transfer.on, placement: transfer.placement.clone() });
            }
            E::Ended { ended_on, because, .. } => {
                self.state = State::Ended;
                self.to = Some(*ended_on);
                self.ended_because = Some(*because);
            }
            E::ReturnNoted { application_id, tenure } => {
                self.returned = Some(Returned { application_id: *application_id, tenure: tenure.clone() });
            }
            E::Recorded(_) => {}
        }
        self.placed()
    }

    /// The record or transfer whose facts an event states; a correction states those of what it corrects.
    fn stated_by(&self, sequence: u64) -> u64 {
        let placed = self.placements.iter().map(|placed| (placed.sequence, placed.sequence));
        let corrected = self.corrections.iter().map(|correction| (correction.sequence, correction.states));
        placed.chain(corrected).find(|(event, _)| *event == sequence).map_or(RECORD, |(_, states)| states)
    }

    /// The new facts stand; what a correction does not name stays as it was.
    fn correct(&mut self, states: u64, changes: EmploymentChanges) {
        let EmploymentChanges {
            employee_number,
            previous_employee_number,
            account,
            person,
            kind,
            employment_type,
            from,
            end,
            transferred_on,
            placement,
        } = changes;
        let moved = if states == RECORD { from } else { transferred_on };
        if let Some(placed) = self.placements.iter_mut().find(|placed| placed.sequence == states) {
            placed.from = moved.unwrap_or(placed.from);
            placed.placement = std::mem::take(&mut placed.placement).overlaid(placement);
        }
        if states != RECORD {
            return;
        }
        self.employee_number = employee_number.or(self.employee_number.take());
        self.previous_employee_number = previous_employee_number.or(self.previous_employee_number.take());
        self.account = account.or(self.account);
        self.person = match (self.person.take(), person) {
            (Some(known), Some(corrected)) => Some(overlaid(known, corrected)),
            (known, corrected) => corrected.or(known),
        };
        self.kind = kind.unwrap_or(self.kind);
        self.employment_type = employment_type.or(self.employment_type);
        self.from = from.or(self.from);
        match end {
            Some(EndChange::Moved { on }) => self.to = Some(on),
            Some(EndChange::Withdrawn) => {
                self.state = State::Current;
                self.to = None;
                self.ended_because = None;
            }
            None => {}
        }
    }

    /// Everything that is stated, laid over one another by day.
    fn placed(mut self) -> Self {
        self.placements.sort_by_key(|placed| (placed.sequence != RECORD, placed.from, placed.sequence));
        self.placement =
            self.placements.iter().fold(Placement::default(), |under, over| under.overlaid(over.placement.clone()));
        self.manager_employee_number.clone_from(&self.placement.manager_employee_number);
        self
    }

    /// Drops what is destroyed: with the statutory record every fact that could lead back to the person.
    fn erase(mut self, classes: &RecordClasses, event: &Recorded) -> Self {
        use RecordClass::{Restricted, Statutory};
        let erasure = Erasure::of(classes);
        self.position = event.position;
        for correction in &mut self.corrections {
            erasure.seal(Restricted, &mut correction.why);
        }
        if let Some(EmployeeDetails { name, name_kana, email, phone, birth_date }) = &mut self.person {
            erasure.seals(Statutory, name.as_mut());
            erasure.seals(Statutory, name_kana.as_mut());
            erasure.seals(Statutory, email.as_mut());
            erasure.seals(Statutory, phone.as_mut());
            erasure.seals(Statutory, birth_date.as_mut());
        }
        erasure.fact(Statutory, &mut self.employee_number);
        erasure.fact(Statutory, &mut self.previous_employee_number);
        erasure.fact(Statutory, &mut self.account);
        erasure.fact(Statutory, &mut self.employment_type);
        erasure.fact(Statutory, &mut self.from);
        erasure.fact(Statutory, &mut self.to);
        erasure.fact(Statutory, &mut self.returned);
        if erasure.covers(Statutory) {
            self.placements.clear();
        }
        self.placed()
    }
}

impl State {
    /// A period that is recorded after its last day has ended.
    pub(crate) const fn recorded(record: &Record) -> Self {
        if record.to.is_some() { Self::Ended } else { Self::Current }
    }
}

fn overlaid(known: EmployeeDetails, corrected: EmployeeDetails) -> EmployeeDetails {
    EmployeeDetails {
        name: corrected.name.or(known.name),
        name_kana: corrected.name_kana.or(known.name_kana),
        email: corrected.email.or(known.email),
        phone: corrected.phone.or(known.phone),
        birth_date: corrected.birth_date.or(known.birth_date),
    }
}
