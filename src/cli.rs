//! Subcommands. Without one, `serve`.

mod demo;
mod import;
mod manage;

use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use okaeri::config::Config;
use okaeri::identity::Role;
use okaeri::serve::{StartError, serve};
use okaeri::telemetry::start_logging;

/// Okaeri (おかえり): the event-sourced engine on which an employer runs its alumni programme.
///
/// Settings come from the environment and from `okaeri.toml`; `okaeri config` shows them.
#[derive(Parser)]
#[command(name = "okaeri", version, about, long_about)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API (what happens without a subcommand).
    Serve,
    /// Serve with a sample employer whose story so far is played through the API.
    Demo,
    /// Import a CSV file, also while the server runs.
    Import {
        /// What the lines are.
        #[arg(value_enum)]
        kind: Kind,
        /// The file: UTF-8 or CP932.
        file: std::path::PathBuf,
        /// The entity of lines that name none.
        #[arg(long)]
        legal_entity: Option<String>,
        /// The employer; the first one when not given.
        #[arg(long)]
        employer: Option<String>,
        /// Of pay bands, which need it here: where the approval of the file lies.
        #[arg(long)]
        approval_ref: Option<String>,
        /// Of incumbents: the day on which the file tells who works here; today when not given.
        #[arg(long)]
        as_of: Option<chrono::NaiveDate>,
    },
    /// Print a bearer token. In a trial ledger only.
    Token {
        /// Whom the token names.
        #[arg(long)]
        subject: String,
        /// Roles, separated by commas.
        #[arg(long, value_delimiter = ',', required = true)]
        roles: Vec<Role>,
        /// The employer.
        #[arg(long, default_value = okaeri::serve::TRIAL_EMPLOYER)]
        employer: String,
        /// Legal entities the token is limited to, separated by commas.
        #[arg(long, value_delimiter = ',')]
        legal_entities: Option<Vec<String>>,
        /// The token names a service, not a person.
        #[arg(long)]
        service: bool,
    },
    /// Employers of this ledger.
    Employer {
        #[command(subcommand)]
        command: EmployerCommand,
    },
    /// API keys for machine roles.
    ApiKey {
        #[command(subcommand)]
        command: ApiKeyCommand,
    },
    /// The master key.
    Keys {
        #[command(subcommand)]
        command: KeysCommand,
    },
    /// Fold the whole log again and compare the result with the live documents.
    Rebuild {
        /// The employer; all when not given.
        #[arg(long)]
        employer: Option<String>,
        /// Make the live documents anew instead of comparing only.
        #[arg(long)]
        replace: bool,
    },
    /// Compute recorded pay assessments again from the log, and name whatever differs.
    Replay {
        /// One offer.
        #[arg(long, conflicts_with_all = ["all", "since"])]
        offer: Option<uuid::Uuid>,
        /// Every offer.
        #[arg(long, required_unless_present = "offer")]
        all: bool,
        /// With `--all`: what was recorded on this day (UTC) or later.
        #[arg(long)]
        since: Option<chrono::NaiveDate>,
        /// The employer; the first one when not given.
        #[arg(long)]
        employer: Option<String>,
    },
    /// Destroy a person's keys and personal data; the log stays whole.
    Erase {
        /// The person's id.
        person: uuid::Uuid,
        /// Why: `retention_ended`, `person_request`, `programme_left` or `test_data`.
        #[arg(long)]
        ground: String,
        /// The employer; the first one when not given.
        #[arg(long)]
        employer: Option<String>,
    },
    /// Show the settings in force and where they come from.
    Config,
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    /// People who left.
    Departures,
    /// Current employees.
    Employments,
    /// Versions of pay bands.
    PayBands,
    /// Incumbents, for the comparison of pay.
    Incumbents,
}

#[derive(Subcommand)]
enum EmployerCommand {
    /// Add an employer.
    Add {
        /// Its name in tokens: a-z, 0-9, hyphens.
        name: String,
        /// IANA time zone in which statutory dates are computed.
        #[arg(long, default_value = "Asia/Tokyo")]
        time_zone: String,
        /// The entity of records that name none.
        #[arg(long, default_value = "JP-HQ")]
        legal_entity: String,
    },
    /// List the employers.
    List,
}

#[derive(Subcommand)]
enum ApiKeyCommand {
    /// Make a key; it is shown once.
    Add {
        /// The employer.
        #[arg(long)]
        employer: String,
        /// What the key is called in the log, such as `hris-sync`.
        #[arg(long)]
        subject: String,
        /// Machine roles, separated by commas: `hris`, `payroll_system`.
        #[arg(long, value_delimiter = ',', required = true)]
        roles: Vec<Role>,
    },
    /// List an employer's keys.
    List {
        /// The employer.
        #[arg(long)]
        employer: String,
    },
    /// Revoke a key at once.
    Revoke {
        /// The employer.
        #[arg(long)]
        employer: String,
        /// The key's id.
        id: String,
    },
}

#[derive(Subcommand)]
enum KeysCommand {
    /// Print a new master key.
    Generate,
    /// Show the fingerprint of the key in force.
    Show,
    /// Write the key in force to a new file that only its owner can read.
    Backup {
        /// The file.
        file: std::path::PathBuf,
    },
}

/// Any failure, as text for a person.
pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Runs the program.
pub(crate) fn run() -> ExitCode {
    let arguments = Arguments::parse();
    // One provider for all of TLS; a second call would only say that it is there.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let done = Config::load().map_err(Failure::from).and_then(|config| {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(dispatch(&config, arguments.command.unwrap_or(Command::Serve)))
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("okaeri: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn dispatch(config: &Config, command: Command) -> Result<(), Failure> {
    match command {
        Command::Serve => {
            start_logging(config.log());
            warn_unknown(config);
            Ok(serve_until_stopped(config, |address| {
                println!("Okaeri serves on http://{address}");
                println!(
                    "API pages: http://{address}/docs  ·  a token to try: okaeri token --subject me --roles people_ops"
                );
            })
            .await?)
        }
        Command::Demo => {
            start_logging(if std::env::var_os("OKAERI_LOG").is_some() { config.log() } else { "warn" });
            demo::run(config).await
        }
        Command::Import { kind, file, legal_entity, employer, approval_ref, as_of } => {
            start_logging("warn");
            let about = import::About { legal_entity, approval_ref, as_of };
            import::run(config, kind, &file, about, employer).await
        }
        Command::Token { subject, roles, employer, legal_entities, service } => {
            manage::token(config, &subject, roles, &employer, legal_entities, service)
        }
        Command::Employer { command } => manage::employer(config, command).await,
        Command::ApiKey { command } => manage::api_key(config, command).await,
        Command::Keys { command } => manage::keys(config, command),
        Command::Rebuild { employer, replace } => manage::rebuild(config, employer, replace).await,
        Command::Replay { offer, all: _, since, employer } => manage::replay(config, offer, since, employer).await,
        Command::Erase { person, ground, employer } => manage::erase(config, person, &ground, employer).await,
        Command::Config => {
            print!("{}", config.describe());
            Ok(())
        }
    }
}

fn warn_unknown(config: &Config) {
    for name in config.unknown_variables() {
        tracing::warn!(name, "not a setting of okaeri; it has no effect");
    }
}

async fn serve_until_stopped(config: &Config, ready: impl FnOnce(std::net::SocketAddr)) -> Result<(), StartError> {
    serve(config, ready, async {
        let interrupt = tokio::signal::ctrl_c();
        #[cfg(unix)]
        {
            match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
                Ok(mut terminate) => tokio::select! { _ = interrupt => {}, _ = terminate.recv() => {} },
                Err(_) => drop(interrupt.await),
            }
        }
        #[cfg(not(unix))]
        drop(interrupt.await);
    })
    .await
}
