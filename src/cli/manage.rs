//! Subcommands that look after a ledger.

use std::sync::Arc;

use aggregates::ids::PersonId;
use aggregates::person::{ErasureGround, RecordClasses};
use chrono::Utc;
use indicatif::ProgressBar;
use okaeri::config::Config;
use okaeri::dispatch::Envelope;
use okaeri::employer::Employer;
use okaeri::erasure::erase_person;
use okaeri::identity::api_key::ApiKeyRecord;
use okaeri::identity::{Role, is_employer_name, trial};
use okaeri::ledger::{EmployerSettings, Ledger, LedgerMode, MasterKey};
use okaeri::replay::{Difference, Replayed};
use okaeri::serve::{Engine, trial_key};
use uuid::Uuid;

use super::{ApiKeyCommand, EmployerCommand, Failure, KeysCommand};

/// Prints a trial token.
pub(super) fn token(
    config: &Config,
    subject: &str,
    roles: Vec<Role>,
    employer: &str,
    legal_entities: Option<Vec<String>>,
    service: bool,
) -> Result<(), Failure> {
    if config.mode()? == LedgerMode::Live {
        return Err(
            "tokens signed by the program exist in trial ledgers alone; here they come from the OIDC issuer".into()
        );
    }
    println!("{}", sign(config, subject, roles, employer, legal_entities, service)?);
    Ok(())
}

/// Signs a trial token.
pub(super) fn sign(
    config: &Config,
    subject: &str,
    roles: Vec<Role>,
    employer: &str,
    legal_entities: Option<Vec<String>>,
    service: bool,
) -> Result<String, Failure> {
    let mut token = trial::TrialToken::person(subject, employer, roles.into_iter().collect());
    token.legal_entities = legal_entities.map(|entities| entities.into_iter().collect());
    token.service = service;
    let now = u64::try_from(Utc::now().timestamp())?;
    Ok(trial::sign(&trial_key(&config.master_key()?), &token, now)?)
}

async fn open(config: &Config) -> Result<Arc<Ledger>, Failure> {
    Ok(Ledger::open(&config.location(), &config.master_key()?, config.mode()?).await?)
}

/// Adds or lists employers.
pub(super) async fn employer(config: &Config, command: EmployerCommand) -> Result<(), Failure> {
    let ledger = open(config).await?;
    match command {
        EmployerCommand::Add { name, time_zone, legal_entity } => {
            if !is_employer_name(&name) {
                return Err(format!(
                    "{name:?} cannot name an employer: a-z, 0-9 and hyphens, at most 63, not a hyphen first"
                )
                .into());
            }
            if time_zone.parse::<chrono_tz::Tz>().is_err() {
                return Err(format!("{time_zone:?} is not an IANA time zone such as Asia/Tokyo").into());
            }
            let settings = EmployerSettings { time_zone, default_legal_entity: legal_entity };
            if ledger.add_employer(&name, &settings).await? {
                println!("added {name}");
            } else {
                println!("{name} is already there");
            }
        }
        EmployerCommand::List => {
            for (name, settings) in ledger.employers().await? {
                println!("{name}  {}  {}", settings.time_zone, settings.default_legal_entity);
            }
        }
    }
    Ok(())
}

/// Makes, lists or revokes API keys.
pub(super) async fn api_key(config: &Config, command: ApiKeyCommand) -> Result<(), Failure> {
    let ledger = open(config).await?;
    match command {
        ApiKeyCommand::Add { employer, subject, roles } => {
            if !ledger.employers().await?.contains_key(&employer) {
                return Err(format!("there is no employer {employer}").into());
            }
            let (record, plaintext) =
                ApiKeyRecord::issue(&employer, &subject, roles.into_iter().collect(), Utc::now())?;
            let id = record.id.to_string();
            ledger.add_api_key(&employer, &id, &serde_json::to_string(&record)?).await?;
            println!("{}", plaintext.expose());
            eprintln!("This key ({id}) is shown once; only its hash is kept.");
        }
        ApiKeyCommand::List { employer } => {
            for (id, record, _, revoked) in ledger.api_keys(&employer).await? {
                let record: ApiKeyRecord = serde_json::from_str(&record)?;
                let roles: Vec<String> = record.roles.iter().map(ToString::to_string).collect();
                let state = if revoked.is_some() { "revoked" } else { "live" };
                println!("{id}  {}  {}  {}  {state}", record.subject, roles.join(","), record.created_at);
            }
        }
        ApiKeyCommand::Revoke { employer, id } => {
            if !ledger.revoke_api_key(&employer, &id).await? {
                return Err(format!("{employer} has no live key {id}").into());
            }
            println!("revoked {id}");
        }
    }
    Ok(())
}

/// Generates, shows or backs up the master key.
pub(super) fn keys(config: &Config, command: KeysCommand) -> Result<(), Failure> {
    match command {
        KeysCommand::Generate => println!("{}", MasterKey::generate()?.text()),
        KeysCommand::Show => println!("fingerprint {}", config.master_key()?.fingerprint()),
        KeysCommand::Backup { file } => {
            if file.exists() {
                return Err(format!("{} is already there", file.display()).into());
            }
            let key = config.master_key()?.keep(&file)?;
            println!("fingerprint {} written to {}", key.fingerprint(), file.display());
        }
    }
    Ok(())
}

/// Compares the live documents with a fold from zero; with `replace`, makes them anew.
pub(super) async fn rebuild(config: &Config, employer: Option<String>, replace: bool) -> Result<(), Failure> {
    let engine = Engine::start(config).await?;
    let (ledger, feed) = (Arc::clone(engine.dispatcher.ledger()), engine.dispatcher.feed().clone());
    let names: Vec<String> = match employer {
        Some(name) => vec![name],
        None => ledger.employers().await?.into_keys().collect(),
    };
    let mut differing = 0;
    for name in &names {
        if replace {
            for model in feed.models() {
                ledger.reset_model(&model.table, name).await?;
            }
        }
        feed.catch_up().await?;
        for difference in feed.compare(name).await? {
            differing += 1;
            println!("{name} {} {} differs", difference.model, difference.id);
        }
    }
    engine.stop().await;
    if differing > 0 {
        return Err(
            format!("{differing} documents differ from the log; `okaeri rebuild --replace` makes them anew").into()
        );
    }
    println!("every document is what the log says");
    Ok(())
}

/// Computes one offer's assessments again, or every one since a day.
pub(super) async fn replay(
    config: &Config,
    offer: Option<uuid::Uuid>,
    since: Option<chrono::NaiveDate>,
    employer: Option<String>,
) -> Result<(), Failure> {
    let engine = Engine::start(config).await?;
    let employer = pick(&engine, employer).await?;
    let progress = ProgressBar::new_spinner();
    let (mut count, mut differing) = (0_u64, 0_u64);
    let mut told = |one: &Replayed| {
        count += 1;
        progress.set_message(format!("{count} assessments computed again"));
        progress.tick();
        if !one.identical {
            differing += 1;
            progress.suspend(|| {
                for difference in &one.differences {
                    let Difference { at, recorded, found } = difference;
                    println!("offer {} version {}: {at} was {recorded}, is {found}", one.offer_id, one.version);
                }
            });
        }
    };
    let done = if let Some(offer) = offer {
        let replayed = okaeri::replay::offer(&engine.dispatcher, &employer, offer).await;
        replayed.map(|replayed| replayed.iter().for_each(&mut told)).map(|()| vec![])
    } else {
        let since = since.map(|day| day.and_time(chrono::NaiveTime::MIN).and_utc());
        let whole = okaeri::replay::all(&engine.dispatcher, &employer, since, &mut told).await;
        whole.map(|whole| whole.altered)
    };
    progress.finish_and_clear();
    engine.stop().await;
    let altered = done?;
    for Difference { at, recorded, found } in &altered {
        println!("{at} was {recorded}, is {found}");
    }
    if differing > 0 || !altered.is_empty() {
        let told = altered.len();
        let said =
            format!("{differing} of {count} assessments are not found again; {told} alterations of the log are named");
        return Err(said.into());
    }
    if let (Some(offer), 0) = (offer, count) {
        return Err(format!("the log tells of no assessment of an offer {offer}").into());
    }
    println!("{count} assessments computed again: every one to the same bytes");
    Ok(())
}

/// The employer named, or the first one.
pub(super) async fn pick(engine: &Engine, name: Option<String>) -> Result<Arc<Employer>, Failure> {
    let employers = engine.dispatcher.employers();
    match name {
        Some(name) => {
            let employer = employers.get(&name).await?;
            if employer.known { Ok(employer) } else { Err(format!("there is no employer {name}").into()) }
        }
        None => employers
            .all()
            .into_iter()
            .next()
            .ok_or_else(|| "there is no employer; `okaeri employer add` adds one".into()),
    }
}

/// The circumstances of a command given on the command line.
pub(super) async fn envelope(
    engine: &Engine,
    employer: Arc<Employer>,
    command: &'static str,
) -> Result<Envelope, Failure> {
    let who = serde_json::json!({"issuer": "okaeri", "subject": "command-line", "name": null});
    let token = employer.keys.token("actor", "okaeri\ncommand-line");
    let actor = engine.dispatcher.ledger().actor(&employer.name, &token, who).await?;
    let mut envelope = Envelope::system(employer, command, Uuid::now_v7(), None);
    envelope.actor = aggregates::issued::Actor { id: actor.into(), kind: aggregates::issued::ActorKind::Service };
    envelope.role = "operator";
    Ok(envelope)
}

/// Erases a person.
pub(super) async fn erase(
    config: &Config,
    person: Uuid,
    ground: &str,
    employer: Option<String>,
) -> Result<(), Failure> {
    let ground: ErasureGround = ground.parse().map_err(|_| format!("{ground:?} is not a ground; see --help"))?;
    let engine = Engine::start(config).await?;
    let employer = pick(&engine, employer).await?;
    let envelope = envelope(&engine, employer, "persons.erase").await?;
    let done = erase_person(&engine.dispatcher, &envelope, PersonId(person), &RecordClasses::All, ground).await;
    engine.stop().await;
    let reply = done?;
    println!("erased; event at position {}", reply.position);
    Ok(())
}
