//! Monitoring reports: reads what of the log they are computed from, and opens what is sealed for them alone.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use aggregates::incumbents::{IncumbentPart, IncumbentPartEvent, Snapshot};
use aggregates::labour::Law;
use aggregates::member::{AgeBand, GroupDeclaration};
use aggregates::pay::Incumbent;
use aggregates::pay_policy::{AlertKey, Figures, PayGapLaw, Raised};
use aggregates::upcast::decode_stream;
use aggregates::values::EmploymentType;
use chrono::NaiveDate;
use projections::monitoring::suppression::Least;
use projections::monitoring::{ALL, History, Kind, Month, Opened, Report, Sex, TYPES, Worker, report, reports};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use crate::dispatch::{Dispatcher, LoadError};
use crate::employer::Employer;
use crate::gather::labour;
use crate::ledger::{Leaf, LogQuery, StoreError};

/// How many events of the log are read at a time.
const PAGE: i64 = 500;

/// The report of a closed month about an entity. Nothing is recorded.
pub async fn run(
    dispatcher: &Dispatcher,
    employer: &Employer,
    kind: Kind,
    legal_entity: String,
    month: Month,
    least: Least,
) -> Result<Report, LoadError> {
    let history = history(dispatcher, employer).await?;
    let opened = opened(dispatcher, employer, &history, &legal_entity, month).await?;
    let computed = tokio::task::spawn_blocking(move || report(kind, &history, &opened, &legal_entity, month, least));
    computed.await.map_err(LoadError::unreadable)
}

/// What of the figures of a month that is over has somebody look, in every report, as compliance is told it.
pub async fn figures(
    dispatcher: &Dispatcher,
    employer: &Employer,
    legal_entity: &str,
    last_day: NaiveDate,
) -> Result<Figures, LoadError> {
    let month = Month::of(last_day);
    let history = history(dispatcher, employer).await?;
    let opened = opened(dispatcher, employer, &history, legal_entity, month).await?;
    let latest = history.snapshots_of(legal_entity, last_day).max_by_key(|(_, snapshot)| snapshot.as_of);
    let workers = latest.and_then(|(id, _)| opened.incumbents.get(id)).map_or(&[][..], Vec::as_slice);
    let staff = workers.iter().filter(|worker| worker.employment_type != EmploymentType::Contractor).count();
    let law = match labour::law(dispatcher, employer, legal_entity).await.map_err(LoadError::from)? {
        Law::Japan => PayGapLaw::Japan,
        Law::Germany | Law::EuropeanUnion => PayGapLaw::EuropeanUnion,
        Law::UnitedStates | Law::Other => PayGapLaw::None,
    };
    let entity = legal_entity.to_owned();
    let computed = tokio::task::spawn_blocking(move || {
        let reports = reports(&history, &opened, &entity, month, Least::FEW);
        let (mut raised, mut quiet) = (Vec::new(), Vec::new());
        for report in reports {
            looked_at(&report, &mut raised, &mut quiet);
        }
        (raised, quiet)
    });
    let (raised, quiet) = computed.await.map_err(LoadError::unreadable)?;
    Ok(Figures { last_day, raised, quiet, employees: u32::try_from(staff).unwrap_or(u32::MAX), law })
}

/// The rows of a report that have somebody look, and those that have nobody. A row without figures is neither.
fn looked_at(report: &Report, raised: &mut Vec<Raised>, quiet: &mut Vec<AlertKey>) {
    let name: &str = report.kind.into();
    for line in &report.lines {
        let Some(alert) = &line.alert else { continue };
        let row = Some(line.row.clone()).filter(|row| row != ALL);
        let key = AlertKey { report: name.to_owned(), table: line.table.to_owned(), row };
        if alert.raised {
            let (rule, since) = (report.kind.rule().to_owned(), alert.since.unwrap_or(report.month).last_day());
            raised.push(Raised { alert: key, rule, since, due_on: alert.due_on });
        } else {
            quiet.push(key);
        }
    }
}

/// The last month that is over, in the employer's local time.
pub fn last_closed(dispatcher: &Dispatcher, employer: &Employer) -> Month {
    Month::of(employer.local_date(dispatcher.ledger().now())).before(1)
}

async fn history(dispatcher: &Dispatcher, employer: &Employer) -> Result<History, LoadError> {
    let mut history = History::default();
    for event_type in TYPES {
        let mut after = 0;
        loop {
            let query = LogQuery { after, limit: PAGE, event_type: Some(event_type.to_owned()), subject: None };
            let entries = dispatcher.ledger().log(&employer.name, &query).await?;
            let Some(last) = entries.last() else { break };
            after = last.position;
            for entry in &entries {
                let events = crate::feed::decode(entry.position, &entry.leaf, employer.zone);
                for event in events.map_err(StoreError::Unreadable)? {
                    history.add(&event);
                }
            }
        }
    }
    Ok(history)
}

async fn opened(
    dispatcher: &Dispatcher,
    employer: &Employer,
    history: &History,
    legal_entity: &str,
    month: Month,
) -> Result<Opened, LoadError> {
    let mut opened = Opened::default();
    let references = history.declarations();
    let sealed: Vec<Uuid> = references.iter().map(|reference| reference.0).collect();
    let values = dispatcher.ledger().open_values(&employer.name, &sealed).await?;
    for reference in references {
        // What does not open any more was erased.
        let declared = values.get(&reference.0).map(GroupDeclaration::deserialize);
        if let Some(declared) = declared.transpose().map_err(LoadError::unreadable)? {
            opened.declared.insert(reference, declared);
        }
    }
    for (id, snapshot) in history.snapshots_of(legal_entity, month.last_day()) {
        opened.incumbents.insert(*id, workers(dispatcher, employer, snapshot).await?);
    }
    Ok(opened)
}

/// What a file tells of one number for monitoring alone.
#[derive(Deserialize)]
struct Told {
    sex: Option<String>,
    birth_year: Option<i32>,
}

/// Everybody whom a snapshot tells of, with sex and age band where the file told them.
async fn workers(dispatcher: &Dispatcher, employer: &Employer, snapshot: &Snapshot) -> Result<Vec<Worker>, LoadError> {
    let mut parts = Vec::with_capacity(snapshot.cohorts.len());
    for cohort in &snapshot.cohorts {
        let stream = Dispatcher::stream::<IncumbentPart>(employer, cohort.part.0);
        for stored in dispatcher.ledger().load(stream).await? {
            let leaf = Leaf::read(&stored.leaf).map_err(LoadError::unreadable)?;
            let version = u32::try_from(stored.event_version).unwrap_or(u32::MAX);
            for event in decode_stream::<IncumbentPart>(&stored.event_type, version, leaf.payload.get())? {
                if let IncumbentPartEvent::CohortRecorded { grade, job_family, members, groups } = event {
                    parts.push((grade, job_family, members, groups.and_then(|groups| groups.reference())));
                }
            }
        }
    }
    let references: BTreeSet<Uuid> = parts.iter().filter_map(|(.., groups)| Some(groups.as_ref()?.0)).collect();
    let references: Vec<Uuid> = references.into_iter().collect();
    let values = dispatcher.ledger().open_values(&employer.name, &references).await?;
    let mut workers = Vec::new();
    for (grade, job_family, members, groups) in parts {
        let told = told(&values, groups.map(|groups| groups.0))?;
        let sex = |number: &str| told.get(number)?.sex.as_deref()?.parse::<Sex>().ok();
        let born = |number: &str| told.get(number)?.birth_year.map(AgeBand::of);
        workers.extend(members.into_iter().map(|member| {
            let Incumbent { employee_number, hired_on, location, employment_type, base, .. } = member;
            let (sex, age_band) = (sex(&employee_number), born(&employee_number));
            let (grade, job_family) = (grade.clone(), job_family.clone());
            let (employee_number, location) = (employee_number.into(), location.into());
            Worker { employee_number, hired_on, grade, job_family, location, employment_type, base, sex, age_band }
        }));
    }
    Ok(workers)
}

fn told(values: &HashMap<Uuid, Value>, groups: Option<Uuid>) -> Result<BTreeMap<String, Told>, LoadError> {
    let text = groups.and_then(|groups| values.get(&groups)).and_then(Value::as_str);
    text.map_or_else(|| Ok(BTreeMap::new()), |text| serde_json::from_str(text).map_err(LoadError::unreadable))
}
