//! Files of many lines: each line is recorded, refused or recognised as a repeat, never half; running a file again changes
//! nothing.
//!
//! Parsing runs on a thread of its own and waits for the recording, so that memory stays bounded. Lines go to lanes by
//! employee number: those of one number keep their order, the others share group commits.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

use aggregates::departure::Source;
use aggregates::employment::{EmploymentKind, Placement};
use aggregates::ids::ActorId;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{NewDeparture, NewEmployment, record_departure, record_employment};
use crate::dispatch::{DispatchError, Dispatcher, Envelope};
use crate::import::{DepartureRow, EmploymentRow, FieldError, FromRecord, HeaderError, Line, Rows};
use crate::ledger::{StoreError, micros};
use crate::search::{DEPARTURE_LINE, EMPLOYMENT_LINE};

/// How many lines are under way at once.
const LANES: usize = 64;
/// How many errors a report lists: a file of another kind has them on every line.
const MOST_ERRORS: usize = 10_000;

/// What became of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportReport {
    /// How many lines were recorded.
    #[schema(examples(252))]
    pub accepted: u64,
    /// How many lines were recorded before, by this file or another.
    #[schema(examples(6))]
    pub repeated: u64,
    /// The lines that were not recorded, and why; up to 10,000 errors.
    pub refused: Vec<RefusedLine>,
    /// How many more lines were refused than are listed, where it was more than a report holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused_unlisted: Option<u64>,
    /// Columns of the file that nothing was taken from.
    pub ignored_columns: Vec<String>,
    /// What a file of pay bands or of incumbents now stands as, also where it stood before: the ids of versions or snapshots.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recorded: Vec<Uuid>,
}

impl ImportReport {
    /// Counts a line that was not recorded, and lists what is wrong with it while the report holds more.
    pub(super) fn refuse(&mut self, errors: Vec<RefusedLine>) {
        if self.refused.len() < MOST_ERRORS {
            self.refused.extend(errors);
        } else {
            *self.refused_unlisted.get_or_insert_default() += 1;
        }
    }
}

/// A line that was not recorded.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub struct RefusedLine {
    /// The physical line of the file; the header is line 1.
    #[schema(examples(7))]
    pub line: u64,
    /// The field that breaks a rule.
    #[schema(examples("left_on"))]
    pub field: String,
    /// The rule.
    #[schema(examples("not_a_date"))]
    pub code: String,
    /// What is wrong, in English.
    pub detail: String,
    /// What is wrong, in Japanese.
    pub detail_ja: String,
}

impl RefusedLine {
    pub(super) fn new(line: u64, field: &str, code: &str, detail: &str, detail_ja: &str) -> Self {
        Self {
            line,
            field: field.to_owned(),
            code: code.to_owned(),
            detail: detail.to_owned(),
            detail_ja: detail_ja.to_owned(),
        }
    }
}

/// Why a file could not be taken to its end. Lines recorded until then stay recorded; running it again goes on.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The header does not fit.
    #[error("{0}")]
    Header(HeaderError),
    /// The file could not be read on.
    #[error("the file could not be read: {0}")]
    Read(std::io::Error),
    /// The store failed.
    #[error("the store is not available: {0}")]
    Store(String),
    /// A file that is taken as a whole has too many lines. Nothing of it was recorded.
    #[error("the file has more than {limit} lines; a file of this kind is taken as a whole")]
    TooManyLines {
        /// How many it may have.
        limit: usize,
    },
    /// Nobody knows yet who will work here. Nothing of the file was recorded.
    #[error("a snapshot of {as_of} cannot be taken over on {today}")]
    InTheFuture {
        /// The day asked for.
        as_of: NaiveDate,
        /// Today.
        today: NaiveDate,
    },
}

/// In whose name, and for which entities.
#[derive(Clone)]
pub struct Importer {
    /// Circumstances of every line; each line gets an id of its own.
    pub envelope: Envelope,
    /// The issuer of the logins that lines may name.
    pub issuer: String,
    /// The entity of lines that name none.
    pub legal_entity: String,
    /// The entities the caller is limited to.
    pub covered: Option<BTreeSet<String>>,
}

enum Recorded {
    Accepted,
    Repeated,
    Refused(Vec<RefusedLine>),
}

/// A kind of line.
trait Row: FromRecord + Clone + Send + 'static {
    fn lane(&self) -> &str;
    fn record(
        self,
        line: u64,
        importer: &Importer,
        dispatcher: &Dispatcher,
    ) -> impl Future<Output = Result<Recorded, ImportError>> + Send;
}

/// Imports leavers.
pub async fn import_departures(
    dispatcher: &Arc<Dispatcher>,
    importer: &Importer,
    file: impl Read + Send + 'static,
) -> Result<ImportReport, ImportError> {
    import::<DepartureRow>(dispatcher, importer, file).await
}

/// Imports current employees.
pub async fn import_employments(
    dispatcher: &Arc<Dispatcher>,
    importer: &Importer,
    file: impl Read + Send + 'static,
) -> Result<ImportReport, ImportError> {
    import::<EmploymentRow>(dispatcher, importer, file).await
}

async fn import<T: Row>(
    dispatcher: &Arc<Dispatcher>,
    importer: &Importer,
    file: impl Read + Send + 'static,
) -> Result<ImportReport, ImportError> {
    let (outcomes, mut told) = mpsc::channel::<(u64, Result<Recorded, ImportError>)>(LANES * 4);
    let mut lanes = Vec::with_capacity(LANES);
    for _ in 0..LANES {
        let (sender, mut waiting) = mpsc::channel::<(u64, T)>(4);
        let (dispatcher, importer, outcomes) = (Arc::clone(dispatcher), importer.clone(), outcomes.clone());
        tokio::spawn(async move {
            while let Some((line, row)) = waiting.recv().await {
                let done = row.record(line, &importer, &dispatcher).await;
                let failed = done.is_err();
                if outcomes.send((line, done)).await.is_err() || failed {
                    return;
                }
            }
        });
        lanes.push(sender);
    }
    let parsing = tokio::task::spawn_blocking(move || parse::<T>(file, &lanes, &outcomes));
    let mut report = ImportReport::default();
    let mut failure = None;
    while let Some((_, done)) = told.recv().await {
        match done {
            Ok(Recorded::Accepted) => report.accepted += 1,
            Ok(Recorded::Repeated) => report.repeated += 1,
            Ok(Recorded::Refused(errors)) => report.refuse(errors),
            Err(error) => failure = Some(error),
        }
    }
    let parsed = parsing.await.map_err(|error| ImportError::Store(error.to_string()))?;
    report.ignored_columns = parsed?;
    report.refused.sort();
    failure.map_or(Ok(report), Err)
}

/// Reads the file to its end or until nobody records any more; the columns that were ignored.
fn parse<T: Row>(
    file: impl Read,
    lanes: &[mpsc::Sender<(u64, T)>],
    outcomes: &mpsc::Sender<(u64, Result<Recorded, ImportError>)>,
) -> Result<Vec<String>, ImportError> {
    let rows = Rows::<_, T>::new(file).map_err(ImportError::Header)?;
    let ignored = rows.ignored_columns().to_vec();
    for line in rows {
        let Line { line, row, .. } = line.map_err(ImportError::Read)?;
        let sent = match row {
            Ok(row) => {
                let mut hasher = DefaultHasher::new();
                row.lane().hash(&mut hasher);
                let lane = usize::try_from(hasher.finish() % LANES as u64).unwrap_or_default();
                lanes.get(lane).is_some_and(|lane| lane.blocking_send((line, row)).is_ok())
            }
            Err(errors) => outcomes.blocking_send((line, Ok(Recorded::Refused(refused(line, errors))))).is_ok(),
        };
        if !sent {
            // A lane met a store that is away: its outcome says so.
            break;
        }
    }
    Ok(ignored)
}

pub(super) fn refused(line: u64, errors: Vec<FieldError>) -> Vec<RefusedLine> {
    errors.into_iter().map(|e| RefusedLine::new(line, e.field, e.code, &e.detail_en, &e.detail_ja)).collect()
}

impl Importer {
    pub(super) fn line_envelope(&self) -> Envelope {
        Envelope { command_id: Uuid::now_v7(), receipt: None, expected: None, ..self.envelope.clone() }
    }

    fn entity(&self, line: u64, named: Option<String>) -> Result<String, Recorded> {
        self.covered_entity(line, named).map_err(|refused| Recorded::Refused(vec![refused]))
    }

    /// The entity of a line, where the caller may record for it.
    pub(super) fn covered_entity(&self, line: u64, named: Option<String>) -> Result<String, RefusedLine> {
        let entity = named.unwrap_or_else(|| self.legal_entity.clone());
        if self.covered.as_ref().is_none_or(|covered| covered.contains(&entity)) {
            return Ok(entity);
        }
        Err(RefusedLine::new(
            line,
            "legal_entity",
            "not_covered",
            "The caller may not record for this legal entity.",
            "この法人の記録を行う権限がありません。",
        ))
    }

    /// The directory's id of a login that a line names.
    async fn account(&self, dispatcher: &Dispatcher, subject: &str) -> Result<ActorId, ImportError> {
        let employer = &self.envelope.employer;
        let token = employer.keys.token("actor", &format!("{}\n{subject}", self.issuer));
        let who = serde_json::json!({"issuer": self.issuer, "subject": subject, "name": null});
        let actor = dispatcher.ledger().actor(&employer.name, &token, who).await;
        actor.map(ActorId).map_err(|error| ImportError::Store(error.to_string()))
    }

    /// Whether the thing that holds a claim was recorded from this very line.
    async fn seen(
        &self,
        dispatcher: &Dispatcher,
        claim: &str,
        key: String,
        scope: &str,
        token: &[u8],
    ) -> Result<Option<bool>, ImportError> {
        let ledger = dispatcher.ledger();
        let employer = &self.envelope.employer.name;
        let store = |error: StoreError| ImportError::Store(error.to_string());
        let holders = ledger.claim_holders(employer, claim, &[key], micros(ledger.now())).await.map_err(store)?;
        let Some(holder) = holders.into_iter().flatten().next() else { return Ok(None) };
        Ok(Some(ledger.owners(employer, scope, token, 10).await.map_err(store)?.contains(&holder)))
    }
}

fn unknown(line: u64, field: &str) -> Recorded {
    Recorded::Refused(vec![RefusedLine::new(
        line,
        field,
        "unknown_value",
        "This value is not known.",
        "使用できない値です。",
    )])
}

/// What the domain refuses although every field is well formed.
fn not_possible(line: u64, code: &str, error: &impl std::error::Error) -> Recorded {
    Recorded::Refused(vec![RefusedLine::new(line, "line", code, &error.to_string(), "この行は登録できません。")])
}

fn recorded_differently(line: u64) -> Recorded {
    Recorded::Refused(vec![RefusedLine::new(
        line,
        "employee_number",
        "already_recorded",
        "This period of employment is already recorded with other content; correct the record instead.",
        "この在籍期間は、異なる内容ですでに登録されています。訂正として記録してください。",
    )])
}

fn belongs_to_another(line: u64) -> Recorded {
    Recorded::Refused(vec![RefusedLine::new(
        line,
        "employee_number",
        "belongs_to_another_person",
        "The employee numbers of this line belong to different persons.",
        "この行の社員番号は、別々の方のものとして登録されています。",
    )])
}

/// Waits while the store asks for a pause; what cannot be helped by waiting ends the import.
pub(super) async fn later<E: std::error::Error>(error: &DispatchError<E>, attempt: u32) -> Result<(), ImportError> {
    let patient = matches!(error, DispatchError::Overloaded | DispatchError::Contended | DispatchError::OutcomeUnknown);
    if patient && attempt < 200 {
        tokio::time::sleep(Duration::from_millis(u64::from(attempt.min(20)) * 10)).await;
        return Ok(());
    }
    Err(ImportError::Store(error.to_string()))
}

impl Row for DepartureRow {
    fn lane(&self) -> &str {
        &self.employee_number
    }

    async fn record(self, line: u64, importer: &Importer, dispatcher: &Dispatcher) -> Result<Recorded, ImportError> {
        let entity = match importer.entity(line, self.legal_entity.clone()) {
            Ok(entity) => entity,
            Err(refused) => return Ok(refused),
        };
        // What the line says, however it was spelt in the file.
        let content = format!("{entity}\n{:?}", Self { legal_entity: None, ..self.clone() });
        let token = importer.envelope.employer.keys.token(DEPARTURE_LINE, &content);
        let Ok(employment_type) = self.employment_type.parse() else { return Ok(unknown(line, "employment_type")) };
        let Ok(reason) = self.reason.parse() else { return Ok(unknown(line, "reason")) };
        let departure = NewDeparture {
            legal_entity: entity,
            employee_number: self.employee_number,
            previous_employee_number: self.previous_employee_number,
            name: self.name,
            name_kana: self.name_kana,
            email: self.email,
            phone: self.phone,
            birth_date: self.birth_date,
            hired_on: self.hired_on,
            left_on: self.left_on,
            department: self.department,
            job_family: self.job_family,
            job_title: self.job_title,
            grade: self.grade,
            location: self.location,
            employment_type,
            base_salary: self.base_salary.map(super::yen),
            reason,
            wishes_to_return: self.wishes_to_return,
            source: Source::Import,
        };
        for attempt in 1.. {
            let key = departure.natural_key();
            match importer.seen(dispatcher, "departure", key, DEPARTURE_LINE, &token).await? {
                Some(true) => return Ok(Recorded::Repeated),
                Some(false) => return Ok(recorded_differently(line)),
                None => {}
            }
            match record_departure(dispatcher, &importer.line_envelope(), &departure, Some(token.clone())).await {
                Ok(_) => return Ok(Recorded::Accepted),
                // Somebody else recorded the same period meanwhile: look again.
                Err(DispatchError::Claimed { .. }) if attempt < 5 => {}
                Err(DispatchError::Claimed { .. }) => return Ok(belongs_to_another(line)),
                Err(DispatchError::Refused(error)) => return Ok(not_possible(line, (&error).into(), &error)),
                Err(error) => later(&error, attempt).await?,
            }
        }
        Ok(recorded_differently(line))
    }
}

impl Row for EmploymentRow {
    fn lane(&self) -> &str {
        &self.employee_number
    }

    async fn record(self, line: u64, importer: &Importer, dispatcher: &Dispatcher) -> Result<Recorded, ImportError> {
        let entity = match importer.entity(line, self.legal_entity.clone()) {
            Ok(entity) => entity,
            Err(refused) => return Ok(refused),
        };
        let content = format!("{entity}\n{:?}", Self { legal_entity: None, ..self.clone() });
        let token = importer.envelope.employer.keys.token(EMPLOYMENT_LINE, &content);
        let Ok(employment_type) = self.employment_type.parse() else { return Ok(unknown(line, "employment_type")) };
        let account = match &self.subject {
            Some(subject) => Some(importer.account(dispatcher, subject).await?),
            None => None,
        };
        let employment = NewEmployment {
            legal_entity: entity,
            employee_number: self.employee_number,
            previous_employee_number: None,
            home: None,
            account,
            name: self.name,
            name_kana: self.name_kana,
            email: self.email,
            phone: None,
            birth_date: self.birth_date,
            kind: EmploymentKind::Primary,
            employment_type,
            from: self.hired_on,
            to: self.ended_on,
            placement: Placement {
                department: self.department,
                job_family: self.job_family,
                job_title: self.job_title,
                grade: self.grade,
                location: self.location,
                manager_employee_number: self.manager_employee_number,
                weekly_hours: self.weekly_hours,
                base_salary: self.base_salary.map(super::yen),
            },
            source: Source::Import,
        };
        for attempt in 1.. {
            let key = employment.natural_key();
            match importer.seen(dispatcher, "employment", key, EMPLOYMENT_LINE, &token).await? {
                Some(true) => return Ok(Recorded::Repeated),
                Some(false) => return Ok(recorded_differently(line)),
                None => {}
            }
            match record_employment(dispatcher, &importer.line_envelope(), &employment, Some(token.clone())).await {
                Ok(_) => return Ok(Recorded::Accepted),
                Err(DispatchError::Claimed { .. }) if attempt < 5 => {}
                Err(DispatchError::Claimed { .. }) => return Ok(belongs_to_another(line)),
                Err(DispatchError::Refused(error)) => return Ok(not_possible(line, (&error).into(), &error)),
                Err(error) => later(&error, attempt).await?,
            }
        }
        Ok(recorded_differently(line))
    }
}
