//! The running program: ledger, feed, reactions and HTTP together, and their orderly end.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::config::{Config, ConfigError};
use crate::dispatch::Dispatcher;
use crate::feed::{Feed, Model};
use crate::http::{self, Identity};
use crate::identity::oidc::OidcVerifier;
use crate::identity::permissions::Permissions;
use crate::identity::trial::{TrialKey, TrialVerifier};
use crate::ledger::{EmployerSettings, Ledger, LedgerMode, MasterKey, StoreError, micros};
use crate::reactions;
use crate::telemetry::Metrics;

/// The employer that a trial ledger starts with.
pub const TRIAL_EMPLOYER: &str = "trial";
/// How long receipts are kept.
const RECEIPT_DAYS: i64 = 30;
/// How long a stopping program waits for what was accepted.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often a node looks for what others appended, in case it was not told.
const POLL: Duration = Duration::from_millis(200);

/// Why the program could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The permissions table.
    #[error("permissions.toml: {0}")]
    Permissions(String),
    /// The issuer.
    #[error("the OIDC issuer cannot be used: {0}")]
    Oidc(String),
    /// The address.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address.
        address: String,
        /// What went wrong.
        source: std::io::Error,
    },
}

/// All read models.
pub fn models() -> Vec<Model> {
    vec![
        Model::of::<projections::departures::Departure>(),
        Model::of::<projections::members::Member>(),
        Model::of::<projections::employments::Employment>(),
        Model::of::<projections::persons::Person>(),
        Model::of::<projections::no_rehire_flags::NoRehireFlag>(),
        Model::of::<projections::requisitions::Requisition>(),
        Model::of::<projections::applications::Application>(),
        Model::of::<projections::pipeline::PipelineEntry>(),
        Model::of::<projections::offers::Offer>(),
        Model::of::<projections::fairness_ledger::PayDecision>(),
        Model::of::<projections::referrals::Referral>(),
        Model::of::<projections::reward_plans::RewardPlan>(),
        Model::of::<projections::pay_policies::PayPolicy>(),
        Model::of::<projections::programme_policies::ProgrammePolicy>(),
        Model::of::<projections::rewards::Reward>(),
        Model::of::<projections::pay_bands::PayBands>(),
        Model::of::<projections::incumbent_snapshots::IncumbentSnapshot>(),
        Model::of::<projections::tasks::Task>(),
    ]
}

/// The key that signs trial tokens.
pub fn trial_key(master: &MasterKey) -> TrialKey {
    TrialKey::new(master.derive("okaeri trial tokens v1"))
}

/// The engine without HTTP: what `serve`, `import` and tests share.
pub struct Engine {
    /// The write side.
    pub dispatcher: Arc<Dispatcher>,
    tasks: Vec<JoinHandle<()>>,
}

impl Engine {
    /// Opens the ledger and starts feed, reactions and timers.
    pub async fn start(config: &Config) -> Result<Self, StartError> {
        let ledger = Ledger::open(&config.location(), &config.master_key()?, config.mode()?).await?;
        Self::on(ledger).await
    }

    /// Starts on a ledger that is open.
    pub async fn on(ledger: Arc<Ledger>) -> Result<Self, StartError> {
        Self::polling(ledger, POLL).await
    }

    /// As [`Self::on`], looking for what others appended every `poll` when nobody says anything.
    pub async fn polling(ledger: Arc<Ledger>, poll: Duration) -> Result<Self, StartError> {
        if ledger.mode() == LedgerMode::Trial && ledger.employers().await?.is_empty() {
            ledger.add_employer(TRIAL_EMPLOYER, &EmployerSettings::default()).await?;
        }
        let feed = Feed::new(Arc::clone(&ledger), models());
        feed.prepare().await?;
        let dispatcher = Arc::new(Dispatcher::new(Arc::clone(&ledger), feed.clone()).await?);
        let tasks = vec![
            tokio::spawn(feed.run(poll)),
            tokio::spawn(reactions::run(Arc::clone(&dispatcher), poll)),
            tokio::spawn(forget_receipts(ledger)),
        ];
        Ok(Self { dispatcher, tasks })
    }

    /// Does what a crash left undone, so that whoever repeats a request after it meets what followed from the first one.
    /// What takes longer goes on in the background.
    async fn settle(&self) {
        match tokio::time::timeout(PATIENCE, reactions::catch_up(&self.dispatcher)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "follow-ups could not be looked for at the start"),
            Err(_) => tracing::warn!("follow-ups left by the last run take long; they go on in the background"),
        }
    }

    /// Lets what was accepted finish and the read models catch up, then stops.
    pub async fn stop(self) {
        let feed = self.dispatcher.feed().clone();
        if tokio::time::timeout(PATIENCE, feed.catch_up()).await.is_err() {
            tracing::warn!("the read models did not catch up before the end; they will after the next start");
        }
        for task in self.tasks {
            task.abort();
            let _ = task.await;
        }
        self.dispatcher.ledger().close(PATIENCE).await;
    }
}

async fn forget_receipts(ledger: Arc<Ledger>) {
    loop {
        let before = micros(ledger.now()) - RECEIPT_DAYS * 86_400_000_000;
        if let Err(error) = ledger.forget_receipts(before).await {
            tracing::warn!(%error, "old receipts could not be put away");
        }
        tokio::time::sleep(Duration::from_hours(1)).await;
    }
}

/// Serves until `stop` is ready, then finishes what was accepted. `ready` is told the address.
pub async fn serve(
    config: &Config,
    ready: impl FnOnce(std::net::SocketAddr),
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), StartError> {
    let permissions = Permissions::embedded().map_err(|error| StartError::Permissions(error.to_string()))?;
    let identity = match config.oidc() {
        Some((issuer, audience)) => {
            let verifier = OidcVerifier::new(issuer, audience).map_err(|error| StartError::Oidc(error.to_string()))?;
            if let Err(error) = verifier.warm_up().await {
                // The issuer may come later; until then its tokens are answered with 503.
                tracing::warn!(%error, "the OIDC issuer's keys could not be fetched yet");
            }
            Identity::Oidc(verifier)
        }
        None => Identity::Trial(TrialVerifier::new(trial_key(&config.master_key()?))),
    };
    let address = config.listen()?;
    let engine = Engine::start(config).await?;
    engine.settle().await;
    let listener = TcpListener::bind(address)
        .await
        .map_err(|source| StartError::Listen { address: address.to_string(), source })?;
    let local = listener.local_addr().unwrap_or(address);
    let router = http::router(Arc::clone(&engine.dispatcher), identity, permissions, Metrics::default());
    ready(local);
    if let Err(error) = http::answer(listener, router, stop).await {
        tracing::error!(%error, "serving ended with an error");
    }
    engine.stop().await;
    Ok(())
}
