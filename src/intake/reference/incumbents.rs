//! Incumbents: one snapshot an entity. Its parts are recorded first, the snapshot that names them last; the ids follow from
//! the content, so that a file that broke off is simply sent again.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::sync::Arc;

use aggregates::ids::{IncumbentPartId, SnapshotId};
use aggregates::incumbents::{
    CohortRef, Entry, IncumbentPart, IncumbentPartCommand, IncumbentSnapshot, IncumbentSnapshotCommand, MOST_MEMBERS,
    PageRef, Snapshot,
};
use aggregates::pay::{Cohort, Incumbent};
use aggregates::personal::{Personal, RecordClass};
use chrono::NaiveDate;
use projections::incumbent_snapshots::IncumbentSnapshot as SnapshotDocument;
use serde::Serialize;
use serde_json::{Map, Value, json};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::super::file::{ImportError, ImportReport, Importer, RefusedLine, later, refused};
use super::{Sorted, Whole, one_currency, refuse_mixed, sha256, whole};
use crate::dispatch::Dispatcher;
use crate::employer::Employer;
use crate::gather;
use crate::import::IncumbentRow;
use crate::ledger::hex;

/// How many parts are under way at once; they share group commits.
const AT_ONCE: usize = 32;
/// How many entries a page of the directory has at most.
const PAGE: usize = 500;

/// Takes over a snapshot of incumbents for each entity of the file. Lines that are refused are left out, and counted in the
/// snapshot. A file that says what the latest snapshot says (of its day, or without `as_of` of whatever day) changes nothing;
/// any other one counts from now on, also where an earlier snapshot said the same. Without `as_of` it is of today.
pub async fn import_incumbents(
    dispatcher: &Arc<Dispatcher>,
    importer: &Importer,
    as_of: Option<NaiveDate>,
    file: impl Read + Send + 'static,
) -> Result<ImportReport, ImportError> {
    let employer = &importer.envelope.employer;
    let today = employer.local_date(dispatcher.ledger().now());
    if let Some(as_of) = as_of.filter(|as_of| *as_of > today) {
        return Err(ImportError::InTheFuture { as_of, today });
    }
    let Whole { rows, unread, ignored, in_yen } = whole::<IncumbentRow>(file).await?;
    let mut report = ImportReport { ignored_columns: ignored, ..ImportReport::default() };
    let mut left_out = Vec::with_capacity(unread.len());
    for line in unread {
        let hidden = line.hides_its_entity();
        left_out.push(line.belongs_to.legal_entity.filter(|_| !hidden));
        report.refuse(refused(line.line, line.errors));
    }
    let currency = match one_currency(rows.iter().map(|(_, row)| row.currency.as_deref()), in_yen) {
        Ok(currency) => currency.to_owned(),
        Err(two) => {
            refuse_mixed(&mut report, rows.iter().map(|(line, _)| *line), two);
            report.refused.sort();
            return Ok(report);
        }
    };
    let entities = entities(importer, rows, &mut left_out, &mut report);
    let left_out = counted(importer, left_out, &entities);
    for (entity, rows) in entities {
        let (lines, owner) = (rows.len() as u64, Arc::clone(employer));
        let (name, currency) = (entity.clone(), currency.clone());
        let sorting = tokio::task::spawn_blocking(move || Content::of(&owner, name, currency, rows));
        let content = sorting.await.map_err(|error| ImportError::Store(error.to_string()))??;
        let of_day = as_of.unwrap_or(today);
        let latest = latest(dispatcher, employer, &entity, as_of).await?;
        if let Some(known) = latest.as_ref().filter(|latest| latest.sha256 == content.sha256) {
            report.repeated += lines;
            report.recorded.push(known.snapshot_id.0);
            continue;
        }
        let mut id = content.id(employer, of_day, "snapshot");
        if let (true, Some(latest)) = (stands(dispatcher, employer, id).await?, &latest) {
            id = content.id(employer, of_day, &json!(["snapshot", latest.snapshot_id]).to_string());
        }
        let left_out = left_out.get(&entity).copied().unwrap_or_default();
        record(dispatcher, importer, content, SnapshotId(id), (of_day, left_out)).await?;
        report.accepted += lines;
        report.recorded.push(id);
    }
    report.refused.sort();
    Ok(report)
}

/// The lines of each entity, every employee number once. Whoever is left out is added to the list by the entity.
fn entities(
    importer: &Importer,
    rows: Vec<(u64, IncumbentRow)>,
    left_out: &mut Vec<Option<String>>,
    report: &mut ImportReport,
) -> BTreeMap<String, Vec<IncumbentRow>> {
    let mut entities: BTreeMap<String, Vec<IncumbentRow>> = BTreeMap::new();
    let mut numbers = BTreeSet::new();
    for (line, row) in rows {
        let error = match importer.covered_entity(line, row.legal_entity.clone()) {
            Ok(entity) if numbers.insert((entity.clone(), row.employee_number.clone())) => {
                entities.entry(entity).or_default().push(row);
                continue;
            }
            Ok(entity) => {
                left_out.push(Some(entity));
                twice(line)
            }
            Err(error) => error,
        };
        report.refuse(vec![error]);
    }
    entities
}

/// How many lines were left out of each entity. What names none belongs to the file's only entity, where it has one, and
/// otherwise to the entity of lines that name none.
fn counted(
    importer: &Importer,
    left_out: Vec<Option<String>>,
    entities: &BTreeMap<String, Vec<IncumbentRow>>,
) -> BTreeMap<String, u32> {
    let mut names = entities.keys();
    let home = match (names.next(), names.next()) {
        (Some(only), None) => only,
        _ => &importer.legal_entity,
    };
    let mut counted = BTreeMap::new();
    for entity in left_out {
        *counted.entry(entity.unwrap_or_else(|| home.clone())).or_default() += 1;
    }
    counted
}

fn twice(line: u64) -> RefusedLine {
    RefusedLine::new(
        line,
        "employee_number",
        "duplicate",
        "This employee number stands in an earlier line of the file.",
        "この社員番号は、ファイルの前の行にすでにあります。",
    )
}

/// What a file says of an entity, in the order in which it is recorded.
struct Content {
    legal_entity: String,
    currency: String,
    cohorts: Vec<Part>,
    pages: Vec<Vec<Entry>>,
    size: usize,
    sha256: String,
}

/// A cohort, with what monitoring alone may read of each thousand.
struct Part {
    cohort: Cohort,
    groups: Vec<Option<String>>,
    sha256: String,
}

impl Content {
    fn of(
        employer: &Employer,
        legal_entity: String,
        currency: String,
        rows: Vec<IncumbentRow>,
    ) -> Result<Self, ImportError> {
        let size = rows.len();
        let mut directory: Vec<Entry> = rows.iter().map(entry).collect();
        directory.sort_by(|one, other| one.employee_number.cmp(&other.employee_number));
        let mut places: BTreeMap<(String, String), Vec<IncumbentRow>> = BTreeMap::new();
        for row in rows {
            places.entry((row.grade.clone(), row.job_family.clone())).or_default().push(row);
        }
        let part = |((grade, job_family), rows)| Part::of(grade, job_family, rows);
        let cohorts = places.into_iter().map(part).collect::<Result<Vec<_>, _>>()?;
        let sha256 = hash(employer, &legal_entity, &currency, &cohorts)?;
        let pages = directory.chunks(PAGE).map(<[Entry]>::to_vec).collect();
        Ok(Self { legal_entity, currency, cohorts, pages, size, sha256 })
    }

    /// The id of a part of the snapshot, or of the snapshot itself.
    fn id(&self, employer: &Employer, as_of: NaiveDate, name: &str) -> Uuid {
        let path = json!([&*employer.name, self.legal_entity, as_of, self.sha256, name]).to_string();
        Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("okaeri incumbents {path}").as_bytes())
    }
}

impl Part {
    fn of(grade: String, job_family: String, mut rows: Vec<IncumbentRow>) -> Result<Self, ImportError> {
        rows.sort_by(|one, other| one.employee_number.cmp(&other.employee_number));
        let groups = rows.chunks(MOST_MEMBERS).map(groups).collect();
        let members = rows.into_iter().map(incumbent).collect::<Result<Vec<_>, _>>()?;
        let sha256 = sha256(&members.iter().map(Sorted).collect::<Vec<_>>())?;
        Ok(Self { cohort: Cohort { grade, job_family, members }, groups, sha256 })
    }

    fn order(&self) -> IncumbentPartCommand {
        let sealed = |text: &String| Personal::new(RecordClass::Monitoring, text.clone());
        let groups = self.groups.iter().map(|group| group.as_ref().map(sealed)).collect();
        IncumbentPartCommand::RecordCohort(Box::new(self.cohort.clone()), groups)
    }
}

/// The hash of everything that the file says of an entity. What is for monitoring alone enters it under the employer's key:
/// another file is noticed, and nobody can try out what it said.
fn hash(employer: &Employer, legal_entity: &str, currency: &str, cohorts: &[Part]) -> Result<String, ImportError> {
    /// In the order of the names.
    #[derive(Serialize)]
    struct OfCohort<'a> {
        grade: &'a str,
        job_family: &'a str,
        members: Vec<Sorted<'a, Incumbent>>,
    }
    impl<'a> OfCohort<'a> {
        fn new(Cohort { grade, job_family, members }: &'a Cohort) -> Self {
            Self { grade, job_family, members: members.iter().map(Sorted).collect() }
        }
    }
    /// In the order of the names.
    #[derive(Serialize)]
    struct OfAll<'a> {
        cohorts: Vec<OfCohort<'a>>,
        currency: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        groups: Option<String>,
        legal_entity: &'a str,
    }
    let groups: Vec<&String> = cohorts.iter().flat_map(|part| part.groups.iter().flatten()).collect();
    let token = || hex(&employer.keys.token("incumbent_groups", &json!(groups).to_string()));
    sha256(&OfAll {
        cohorts: cohorts.iter().map(|part| OfCohort::new(&part.cohort)).collect(),
        currency,
        groups: (!groups.is_empty()).then(token),
        legal_entity,
    })
}

fn entry(row: &IncumbentRow) -> Entry {
    Entry { employee_number: row.employee_number.clone(), hired_on: row.hired_on, base: row.base_salary }
}

fn incumbent(row: IncumbentRow) -> Result<Incumbent, ImportError> {
    let employment_type = row.employment_type.parse();
    Ok(Incumbent {
        employee_number: row.employee_number.into(),
        hired_on: row.hired_on,
        location: row.location.into(),
        employment_type: employment_type.map_err(|_| ImportError::Store(row.employment_type.to_owned()))?,
        base: row.base_salary,
        experience_months: row.relevant_experience_months,
        rating: row.last_rating,
        manager_employee_number: row.manager_employee_number,
        on_notice: row.on_notice,
        red_circled: row.red_circled,
    })
}

/// Sex and year of birth by number, of those whom the file tells any of; nothing where it does of nobody.
fn groups(rows: &[IncumbentRow]) -> Option<String> {
    let mut told = Map::new();
    for row in rows {
        let mut group = Map::new();
        group.extend(row.sex.map(|sex| ("sex".to_owned(), Value::from(sex))));
        group.extend(row.birth_year.map(|year| ("birth_year".to_owned(), Value::from(year))));
        if !group.is_empty() {
            told.insert(row.employee_number.clone(), group.into());
        }
    }
    (!told.is_empty()).then(|| Value::from(told).to_string())
}

/// Whether a snapshot was taken over under this id.
async fn stands(dispatcher: &Dispatcher, employer: &Employer, id: Uuid) -> Result<bool, ImportError> {
    let loaded = dispatcher.load::<IncumbentSnapshot>(employer, id).await;
    let loaded = loaded.map_err(|error| ImportError::Store(error.to_string()))?;
    Ok(loaded.state.snapshot().is_some())
}

/// The snapshot of the entity by which offers are measured: of a day, or without one the latest.
async fn latest(
    dispatcher: &Dispatcher,
    employer: &Employer,
    legal_entity: &str,
    as_of: Option<NaiveDate>,
) -> Result<Option<SnapshotDocument>, ImportError> {
    let filters = vec![("legal_entity", vec![legal_entity.to_owned()])];
    let of_day = |document: &SnapshotDocument| as_of.is_none_or(|as_of| document.as_of == as_of);
    let found = gather::documents::<SnapshotDocument>(dispatcher, employer, filters, of_day).await;
    let found = found.map_err(|error| ImportError::Store(error.to_string()))?;
    let found =
        found.ok_or_else(|| ImportError::Store("the snapshots taken over so far are not known yet".to_owned()))?;
    Ok(found.into_iter().max_by_key(|document| (document.as_of, document.imported_position)))
}

/// Records the parts, and then the snapshot.
async fn record(
    dispatcher: &Arc<Dispatcher>,
    importer: &Importer,
    content: Content,
    id: SnapshotId,
    (as_of, left_out): (NaiveDate, u32),
) -> Result<(), ImportError> {
    let employer = &importer.envelope.employer;
    let (mut cohorts, mut pages, mut parts) = (Vec::new(), Vec::new(), Parts::new(dispatcher, importer));
    for part in &content.cohorts {
        let Cohort { grade, job_family, members } = &part.cohort;
        let id = content.id(employer, as_of, &json!(["cohort", grade, job_family]).to_string());
        cohorts.push(CohortRef {
            part: IncumbentPartId(id),
            grade: grade.clone(),
            job_family: job_family.clone(),
            size: count(members.len()),
            sha256: part.sha256.clone(),
        });
        parts.record(id, part.order()).await?;
    }
    for (number, page) in content.pages.iter().enumerate() {
        let id = content.id(employer, as_of, &json!(["page", number]).to_string());
        let first = page.first().map(|entry| entry.employee_number.clone()).unwrap_or_default();
        let sha256 = gather::pay::hash(page).map_err(|error| ImportError::Store(error.to_string()))?;
        pages.push(PageRef { part: IncumbentPartId(id), first, sha256 });
        parts.record(id, IncumbentPartCommand::RecordPage(page.clone())).await?;
    }
    parts.all().await?;
    let Content { legal_entity, currency, size, sha256, .. } = content;
    let snapshot = Snapshot { legal_entity, as_of, currency, size: count(size), left_out, cohorts, pages, sha256 };
    let order = IncumbentSnapshotCommand::Import(Box::new(snapshot));
    for attempt in 1.. {
        match dispatcher.send::<IncumbentSnapshot>(&importer.line_envelope(), id.0, order.clone()).await {
            Ok(_) => break,
            Err(error) => later(&error, attempt).await?,
        }
    }
    Ok(())
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// Parts on their way into the ledger, a bounded number at a time.
struct Parts<'a> {
    dispatcher: &'a Arc<Dispatcher>,
    importer: &'a Importer,
    under_way: JoinSet<Result<(), ImportError>>,
}

impl<'a> Parts<'a> {
    fn new(dispatcher: &'a Arc<Dispatcher>, importer: &'a Importer) -> Self {
        Self { dispatcher, importer, under_way: JoinSet::new() }
    }

    async fn record(&mut self, id: Uuid, order: IncumbentPartCommand) -> Result<(), ImportError> {
        if self.under_way.len() >= AT_ONCE {
            self.one().await?;
        }
        let (dispatcher, importer) = (Arc::clone(self.dispatcher), self.importer.clone());
        self.under_way.spawn(async move {
            for attempt in 1.. {
                match dispatcher.send::<IncumbentPart>(&importer.line_envelope(), id, order.clone()).await {
                    Ok(_) => break,
                    Err(error) => later(&error, attempt).await?,
                }
            }
            Ok(())
        });
        Ok(())
    }

    /// Waits for one of them.
    async fn one(&mut self) -> Result<(), ImportError> {
        match self.under_way.join_next().await {
            Some(done) => done.map_err(|error| ImportError::Store(error.to_string()))?,
            None => Ok(()),
        }
    }

    /// Waits for all of them.
    async fn all(mut self) -> Result<(), ImportError> {
        while !self.under_way.is_empty() {
            self.one().await?;
        }
        Ok(())
    }
}
