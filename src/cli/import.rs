//! `okaeri import`: into the ledger directly, or through the server where one has the embedded store open.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};
use okaeri::config::Config;
use okaeri::identity::Role;
use okaeri::intake::{ImportReport, Importer, import_departures, import_employments};
use okaeri::ledger::{LedgerMode, StoreLocation, directory_in_use};
use okaeri::serve::{Engine, TRIAL_EMPLOYER};

use super::{Failure, Kind, manage};

/// Imports a file and prints what became of it.
pub(super) async fn run(
    config: &Config,
    kind: Kind,
    path: &Path,
    legal_entity: Option<String>,
    employer: Option<String>,
) -> Result<(), Failure> {
    let file = File::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let size = file.metadata()?.len();
    let progress = ProgressBar::new(size).with_style(
        ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes} {elapsed}")
            .unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    let reader = progress.wrap_read(file);
    let served = match config.location() {
        StoreLocation::Directory(directory) => directory_in_use(&directory),
        StoreLocation::Postgres(_) => false,
    };
    let report = if served {
        through_server(config, kind, reader, size, legal_entity, employer).await?
    } else {
        let engine = Engine::start(config).await?;
        let employer = manage::pick(&engine, employer).await?;
        let importer = Importer {
            legal_entity: legal_entity.unwrap_or_else(|| employer.default_legal_entity.clone()),
            covered: None,
            issuer: config.oidc().map_or(okaeri::identity::trial::ISSUER, |(issuer, _)| issuer).to_owned(),
            envelope: manage::envelope(
                &engine,
                employer,
                match kind {
                    Kind::Departures => "departures.import",
                    Kind::Employments => "employments.import",
                },
            )
            .await?,
        };
        let done = match kind {
            Kind::Departures => import_departures(&engine.dispatcher, &importer, reader).await,
            Kind::Employments => import_employments(&engine.dispatcher, &importer, reader).await,
        };
        engine.stop().await;
        serde_json::to_value(done?)?
    };
    progress.finish_and_clear();
    print_report(&serde_json::from_value(report)?);
    Ok(())
}

/// Sends the file to the server that has the store open.
async fn through_server(
    config: &Config,
    kind: Kind,
    mut reader: impl Read + Send + 'static,
    size: u64,
    legal_entity: Option<String>,
    employer: Option<String>,
) -> Result<serde_json::Value, Failure> {
    let token = match (std::env::var("OKAERI_TOKEN"), config.mode()?) {
        (Ok(token), _) => token,
        (Err(_), LedgerMode::Trial) => {
            let employer = employer.unwrap_or_else(|| TRIAL_EMPLOYER.to_owned());
            manage::sign(config, "command-line", vec![Role::PeopleOps], &employer, None, false)?
        }
        (Err(_), LedgerMode::Live) => {
            return Err("the server has the store open: set OKAERI_TOKEN to a bearer token that may import".into());
        }
    };
    let collection = match kind {
        Kind::Departures => "departures",
        Kind::Employments => "employments",
    };
    let mut url = format!("http://{}/v1/{collection}/import", config.listen()?);
    if let Some(entity) = legal_entity {
        url.push_str("?legal_entity=");
        url.push_str(&encode(&entity));
    }
    tokio::task::spawn_blocking(move || {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let mut answer = agent
            .post(&url)
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "text/csv")
            .header("content-length", size.to_string())
            .send(ureq::SendBody::from_reader(&mut reader))?;
        let body: serde_json::Value = answer.body_mut().with_config().limit(256 << 20).read_json()?;
        if answer.status().is_success() {
            Ok(body)
        } else {
            let text = |name: &str| body.get(name).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
            Err(format!("{} {}\n{}", answer.status().as_u16(), text("detail"), text("detail_ja")).into())
        }
    })
    .await?
}

fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

fn print_report(report: &ImportReport) {
    for line in &report.refused {
        println!("line {:>6}  {:<18} {:<18} {}  {}", line.line, line.field, line.code, line.detail, line.detail_ja);
    }
    for column in &report.ignored_columns {
        println!("column {column:?} was not taken over");
    }
    let more = report.refused_unlisted.map_or_else(String::new, |lines| format!(" and {lines} more lines"));
    println!("accepted {}, repeated {}, refused {}{more}", report.accepted, report.repeated, report.refused.len());
}
