//! `okaeri import`: into the ledger directly, or through the server where one has the embedded store open.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use chrono::NaiveDate;
use indicatif::{ProgressBar, ProgressStyle};
use okaeri::config::Config;
use okaeri::identity::Role;
use okaeri::intake::{
    ImportReport, Importer, import_departures, import_employments, import_incumbents, import_pay_bands,
};
use okaeri::ledger::{LedgerMode, StoreLocation, directory_in_use};
use okaeri::serve::{Engine, TRIAL_EMPLOYER};

use super::{Failure, Kind, manage};

/// What holds for all lines of a file.
pub(super) struct About {
    /// The entity of lines that name none.
    pub(super) legal_entity: Option<String>,
    /// Of pay bands: where the approval lies.
    pub(super) approval_ref: Option<String>,
    /// Of incumbents: on which day they work here.
    pub(super) as_of: Option<NaiveDate>,
}

impl About {
    fn check(&self, kind: Kind) -> Result<(), Failure> {
        if self.approval_ref.is_some() && !matches!(kind, Kind::PayBands) {
            return Err("--approval-ref is for pay-bands only".into());
        }
        let approved = self.approval_ref.as_deref().is_some_and(|approval| !approval.trim().is_empty());
        if !approved && matches!(kind, Kind::PayBands) {
            let why = "pay bands taken in on the command line need --approval-ref, where their approval lies: \
                       the program is nobody whom PAY-24 could keep from pricing under them for thirty days";
            return Err(why.into());
        }
        if self.as_of.is_some() && !matches!(kind, Kind::Incumbents) {
            return Err("--as-of is for incumbents only".into());
        }
        Ok(())
    }

    /// As the query of a request.
    fn query(&self) -> String {
        let as_of = self.as_of.map(|day| day.to_string());
        let told = [("legal_entity", &self.legal_entity), ("approval_ref", &self.approval_ref), ("as_of", &as_of)];
        let told = told.iter().filter_map(|(name, value)| Some(format!("{name}={}", encode(value.as_ref()?))));
        let told: Vec<String> = told.collect();
        if told.is_empty() { String::new() } else { format!("?{}", told.join("&")) }
    }
}

impl Kind {
    const fn collection(self) -> &'static str {
        match self {
            Self::Departures => "departures",
            Self::Employments => "employments",
            Self::PayBands => "pay-bands",
            Self::Incumbents => "incumbent-snapshots",
        }
    }

    const fn command(self) -> &'static str {
        match self {
            Self::Departures => "departures.import",
            Self::Employments => "employments.import",
            Self::PayBands => "pay-bands.import",
            Self::Incumbents => "incumbent-snapshots.import",
        }
    }

    /// A role that may import it.
    const fn role(self) -> Role {
        match self {
            Self::Departures | Self::Employments | Self::Incumbents => Role::PeopleOps,
            Self::PayBands => Role::Compensation,
        }
    }
}

/// Imports a file and prints what became of it.
pub(super) async fn run(
    config: &Config,
    kind: Kind,
    path: &Path,
    about: About,
    employer: Option<String>,
) -> Result<(), Failure> {
    about.check(kind)?;
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
        through_server(config, kind, reader, size, &about, employer).await?
    } else {
        let engine = Engine::start(config).await?;
        let employer = manage::pick(&engine, employer).await?;
        let importer = Importer {
            legal_entity: about.legal_entity.clone().unwrap_or_else(|| employer.default_legal_entity.clone()),
            covered: None,
            issuer: config.oidc().map_or(okaeri::identity::trial::ISSUER, |(issuer, _)| issuer).to_owned(),
            envelope: manage::envelope(&engine, employer, kind.command()).await?,
        };
        let done = match kind {
            Kind::Departures => import_departures(&engine.dispatcher, &importer, reader).await,
            Kind::Employments => import_employments(&engine.dispatcher, &importer, reader).await,
            Kind::PayBands => import_pay_bands(&engine.dispatcher, &importer, about.approval_ref, reader).await,
            Kind::Incumbents => import_incumbents(&engine.dispatcher, &importer, about.as_of, reader).await,
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
    about: &About,
    employer: Option<String>,
) -> Result<serde_json::Value, Failure> {
    let token = match (std::env::var("OKAERI_TOKEN"), config.mode()?) {
        (Ok(token), _) => token,
        (Err(_), LedgerMode::Trial) => {
            let employer = employer.unwrap_or_else(|| TRIAL_EMPLOYER.to_owned());
            manage::sign(config, "command-line", vec![kind.role()], &employer, None, false)?
        }
        (Err(_), LedgerMode::Live) => {
            return Err("the server has the store open: set OKAERI_TOKEN to a bearer token that may import".into());
        }
    };
    let url = format!("http://{}/v1/{}/import{}", config.listen()?, kind.collection(), about.query());
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
    for id in &report.recorded {
        println!("recorded as {id}");
    }
    let more = report.refused_unlisted.map_or_else(String::new, |lines| format!(" and {lines} more lines"));
    println!("accepted {}, repeated {}, refused {}{more}", report.accepted, report.repeated, report.refused.len());
}
