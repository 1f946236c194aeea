//! Pay bands: every version of the file as a whole, or nothing of it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::sync::Arc;

use aggregates::pay::Band;
use aggregates::pay_bands::{BandVersion, PayBands, PayBandsCommand, PayBandsError, band_key};
use aggregates::values::EvidenceRef;
use chrono::NaiveDate;
use serde::Serialize;
use uuid::Uuid;

use super::super::file::{ImportError, ImportReport, Importer, RefusedLine, later, refused};
use super::{Sorted, Whole, one_currency, refuse_mixed, sha256, whole};
use crate::dispatch::{DispatchError, Dispatcher};
use crate::import::BandRow;
use crate::ledger::micros;

/// How often a version is looked for again that somebody else records at the same time.
const ATTEMPTS: u32 = 5;

/// The entity and the name of a version.
type Name = (String, String);

/// The lines of a version.
struct Version {
    effective_from: NaiveDate,
    bands: Vec<(u64, Band)>,
}

/// What became of a version.
enum Outcome {
    Recorded(Uuid),
    Repeated(Uuid),
    Refused(PayBandsError),
}

/// Takes over pay bands. A version of which any line is refused is not recorded; one that stands already is recognised by its
/// content.
pub async fn import_pay_bands(
    dispatcher: &Arc<Dispatcher>,
    importer: &Importer,
    approval_ref: Option<EvidenceRef>,
    file: impl Read + Send + 'static,
) -> Result<ImportReport, ImportError> {
    let Whole { rows, unread, ignored, in_yen } = whole::<BandRow>(file).await?;
    let mut report = ImportReport { ignored_columns: ignored, ..ImportReport::default() };
    let mut spoilt: BTreeSet<Name> = BTreeSet::new();
    // A line that does not say which version it is of may be of any.
    let mut all_spoilt = false;
    for line in unread {
        match line.belongs_to.band_version.clone().filter(|_| !line.hides_its_entity()) {
            Some(version) => {
                let entity = line.belongs_to.legal_entity.clone();
                spoilt.insert((entity.unwrap_or_else(|| importer.legal_entity.clone()), version));
            }
            None => all_spoilt = true,
        }
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
    for (name, version) in versions(importer, rows, &mut spoilt, &mut report) {
        let lines: Vec<u64> = version.bands.iter().map(|(line, _)| *line).collect();
        if all_spoilt || spoilt.contains(&name) {
            for line in lines {
                report.refuse(vec![incomplete(line, &name.1)]);
            }
            continue;
        }
        let version = band_version(name, version, &currency, approval_ref.clone())?;
        let count = lines.len() as u64;
        match record(dispatcher, importer, &version).await? {
            Outcome::Recorded(id) => {
                report.accepted += count;
                report.recorded.push(id);
            }
            Outcome::Repeated(id) => {
                report.repeated += count;
                report.recorded.push(id);
            }
            Outcome::Refused(error) => {
                for line in lines {
                    report.refuse(vec![not_recorded(line, &version.version, &error)]);
                }
            }
        }
    }
    report.refused.sort();
    Ok(report)
}

/// The versions of a file, without the lines that do not fit into theirs; whichever has such a line is spoilt.
fn versions(
    importer: &Importer,
    rows: Vec<(u64, BandRow)>,
    spoilt: &mut BTreeSet<Name>,
    report: &mut ImportReport,
) -> BTreeMap<Name, Version> {
    let mut versions: BTreeMap<Name, Version> = BTreeMap::new();
    let mut places = BTreeSet::new();
    for (line, row) in rows {
        let entity = match importer.covered_entity(line, row.legal_entity) {
            Ok(entity) => entity,
            Err(error) => {
                report.refuse(vec![error]);
                continue;
            }
        };
        let name = (entity, row.band_version);
        let (grade, job_family, location) = (row.grade, row.job_family, row.location);
        let first_day = versions.get(&name).map_or(row.effective_from, |version| version.effective_from);
        let error = if first_day != row.effective_from {
            Some(another_first_day(line, &name.1, first_day))
        } else if !places.insert((name.clone(), grade.clone(), job_family.clone(), location.clone())) {
            Some(twice(line, &name.1))
        } else {
            None
        };
        if let Some(error) = error {
            report.refuse(vec![error]);
            spoilt.insert(name);
            continue;
        }
        let (minimum, midpoint, maximum) = (row.minimum, row.midpoint, row.maximum);
        let band = Band { grade, job_family, location, minimum, midpoint, maximum };
        let version = versions.entry(name);
        version.or_insert_with(|| Version { effective_from: first_day, bands: vec![] }).bands.push((line, band));
    }
    versions
}

fn band_version(
    (legal_entity, version): Name,
    lines: Version,
    currency: &str,
    approval_ref: Option<EvidenceRef>,
) -> Result<BandVersion, ImportError> {
    /// What the hash covers, in the order of the names.
    #[derive(Serialize)]
    struct Content<'a> {
        bands: Vec<Sorted<'a, Band>>,
        currency: &'a str,
        effective_from: NaiveDate,
        legal_entity: &'a str,
        version: &'a str,
    }
    let effective_from = lines.effective_from;
    let mut bands: Vec<Band> = lines.bands.into_iter().map(|(_, band)| band).collect();
    bands.sort_by(|one, other| {
        (&one.grade, &one.job_family, &one.location).cmp(&(&other.grade, &other.job_family, &other.location))
    });
    let sha256 = sha256(&Content {
        bands: bands.iter().map(Sorted).collect(),
        currency,
        effective_from,
        legal_entity: &legal_entity,
        version: &version,
    })?;
    let currency = currency.to_owned();
    Ok(BandVersion { legal_entity, version, effective_from, currency, bands, sha256, approval_ref })
}

async fn record(dispatcher: &Dispatcher, importer: &Importer, version: &BandVersion) -> Result<Outcome, ImportError> {
    let (ledger, employer) = (dispatcher.ledger(), &importer.envelope.employer.name);
    let key = [band_key(&version.legal_entity, &version.version)];
    let order = PayBandsCommand::Import(Box::new(version.clone()));
    let mut attempt = 0;
    loop {
        attempt += 1;
        let holders = ledger.claim_holders(employer, "pay_bands", &key, micros(ledger.now())).await;
        let holders = holders.map_err(|error| ImportError::Store(error.to_string()))?;
        let known = holders.into_iter().flatten().next();
        let envelope = importer.line_envelope();
        let done = match known {
            Some(id) => dispatcher.send::<PayBands>(&envelope, id, order.clone()).await,
            None => dispatcher.create::<PayBands>(&envelope, Uuid::now_v7(), order.clone()).await,
        };
        match done {
            Ok(reply) if known.is_some() => return Ok(Outcome::Repeated(reply.id)),
            Ok(reply) => return Ok(Outcome::Recorded(reply.id)),
            Err(DispatchError::Refused(error)) => return Ok(Outcome::Refused(error)),
            // Somebody else took the same version over meanwhile: look again.
            Err(DispatchError::Claimed { .. }) if attempt < ATTEMPTS => {}
            Err(error) => later(&error, attempt).await?,
        }
    }
}

fn incomplete(line: u64, version: &str) -> RefusedLine {
    RefusedLine::new(
        line,
        "band_version",
        "version_incomplete",
        &format!(
            "A line that is or may be part of the version {version} is refused, so that nothing of the version is recorded."
        ),
        &format!(
            "版「{version}」に含まれる（または含まれる可能性がある）行に誤りがあるため、この版全体を登録していません。"
        ),
    )
}

fn another_first_day(line: u64, version: &str, first_day: NaiveDate) -> RefusedLine {
    RefusedLine::new(
        line,
        "effective_from",
        "effective_from_differs",
        &format!(
            "A version has one first day in force; that of the version {version} is {first_day} in the lines before."
        ),
        &format!("一つの版の適用開始日は一つです。版「{version}」の適用開始日は、前の行では{first_day}です。"),
    )
}

fn twice(line: u64, version: &str) -> RefusedLine {
    RefusedLine::new(
        line,
        "location",
        "duplicate",
        &format!("This grade, job family and zone stands in the version {version} already."),
        &format!("この等級・職群・勤務地域の行は、版「{version}」にすでにあります。"),
    )
}

fn not_recorded(line: u64, version: &str, error: &PayBandsError) -> RefusedLine {
    let code: &'static str = error.into();
    match error {
        PayBandsError::VersionDiffers { .. } => RefusedLine::new(
            line,
            "band_version",
            code,
            &format!(
                "The version {version} was recorded before with other content. A version is never changed: a change needs \
                 another version name."
            ),
            &format!(
                "版「{version}」は、異なる内容ですでに登録されています。登録済みの版は変更できません。変更する場合は、別の版名で登録してください。"
            ),
        ),
        PayBandsError::BandCount | PayBandsError::BandUnordered { .. } | PayBandsError::BandTwice { .. } => {
            RefusedLine::new(
                line,
                "band_version",
                code,
                &format!("The version {version} cannot be recorded: {error}."),
                &format!("版「{version}」は登録できません。"),
            )
        }
    }
}
