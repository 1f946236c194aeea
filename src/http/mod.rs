//! The edge: one file a collection, one file an audience; [`problem`] alone knows status codes.
//!
//! Order of checks on every request: authenticate, authorise, `If-Match`, decide. Before a command is refused its receipt
//! is looked for: a repeat of what was done is answered as it was the first time.

mod accept;
mod applications;
mod checks;
mod departures;
mod dev;
mod employments;
mod fairness_ledger;
mod fields;
mod guard;
mod history;
mod import;
mod incumbent_snapshots;
mod log;
mod members;
mod monitoring;
mod my;
mod names;
mod no_rehire_flags;
mod offers;
mod openapi;
mod ops;
mod own;
mod pay_bands;
mod pay_history;
mod pay_policies;
mod persons;
mod printed;
mod rate;
mod referrals;

mod reading;
mod reply;
mod requisitions;
mod reward_plans;
mod rewards;
mod scope;
mod selves;
mod tasks;
mod told;
mod views;

pub mod problem;
mod programme_policies;
pub mod request;

use std::collections::HashMap;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::{Arc, PoisonError, RwLock};

use aggregates::ids::ActorId;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::serve::ListenerExt as _;
use serde_json::json;
use tokio::net::TcpListener;
use utoipa::OpenApi as _;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use crate::dispatch::Dispatcher;
use crate::employer::Employer;
use crate::identity::oidc::OidcVerifier;
use crate::identity::permissions::Permissions;
use crate::identity::trial::{self, TrialVerifier};
use crate::ledger::StoreError;
use crate::telemetry::Metrics;

/// How tokens are verified.
pub enum Identity {
    /// Trial ledgers: tokens signed by the program.
    Trial(TrialVerifier),
    /// Live ledgers: an OIDC issuer.
    Oidc(OidcVerifier),
}

/// What every handler needs. Cloning shares it.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

struct Inner {
    dispatcher: Arc<Dispatcher>,
    identity: Identity,
    permissions: Permissions,
    metrics: Metrics,
    /// By employer, issuer and subject, one a line.
    actors: RwLock<HashMap<String, ActorId>>,
    tries: rate::Limiter,
    openapi: String,
}

/// The most callers remembered by id.
const REMEMBERED_ACTORS: usize = 50_000;

impl App {
    /// The dispatcher.
    pub fn dispatcher(&self) -> &Arc<Dispatcher> {
        &self.inner.dispatcher
    }

    /// The permissions.
    pub fn permissions(&self) -> &Permissions {
        &self.inner.permissions
    }

    /// The metrics.
    pub fn metrics(&self) -> &Metrics {
        &self.inner.metrics
    }

    /// The OpenAPI document as served.
    pub fn openapi(&self) -> &str {
        &self.inner.openapi
    }

    /// Who vouches for the logins of this ledger. Whoever names somebody by their login means one of these, also a machine
    /// that comes with a key of the program itself.
    pub fn login_issuer(&self) -> &str {
        match &self.inner.identity {
            Identity::Trial(_) => trial::ISSUER,
            Identity::Oidc(verifier) => verifier.name(),
        }
    }

    /// The account of whoever signs in so.
    pub(super) async fn account(&self, employer: &Employer, login: &str) -> Result<ActorId, StoreError> {
        self.actor(employer, self.login_issuer(), login, None).await
    }

    /// The directory's id of a caller.
    pub async fn actor(
        &self,
        employer: &Employer,
        issuer: &str,
        subject: &str,
        name: Option<&str>,
    ) -> Result<ActorId, StoreError> {
        if !employer.known {
            return Ok(ActorId(Uuid::nil()));
        }
        let key = format!("{}\n{issuer}\n{subject}", employer.name);
        let known = self.inner.actors.read().unwrap_or_else(PoisonError::into_inner).get(&key).copied();
        if let Some(actor) = known {
            return Ok(actor);
        }
        let token = employer.keys.token("actor", &format!("{issuer}\n{subject}"));
        let who = json!({"issuer": issuer, "subject": subject, "name": name});
        let actor = ActorId(self.dispatcher().ledger().actor(&employer.name, &token, who).await?);
        let mut actors = self.inner.actors.write().unwrap_or_else(PoisonError::into_inner);
        if actors.len() >= REMEMBERED_ACTORS {
            actors.clear();
        }
        actors.insert(key, actor);
        Ok(actor)
    }
}

/// Answers whoever connects until `stop` is ready, then finishes what was accepted.
pub async fn answer(
    listener: TcpListener,
    router: Router,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let listener = listener.tap_io(|connection| {
        // A reply is written whole: there is nothing to collect, and waiting for the client's word would only delay it.
        if let Err(error) = connection.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY could not be set");
        }
    });
    // Who is connected is what tries without a token are counted by.
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(stop).await
}

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Okaeri",
        description = "The event-sourced engine on which an employer runs its alumni programme (アルムナイ制度).",
        license(name = "Apache-2.0")
    ),
    components(schemas(problem::Details))
)]
struct Described;

fn described() -> (Router<App>, utoipa::openapi::OpenApi) {
    OpenApiRouter::<App>::with_openapi(Described::openapi())
        .merge(applications::router())
        .merge(departures::router())
        .merge(members::router())
        .merge(no_rehire_flags::router())
        .merge(requisitions::router())
        .merge(reward_plans::router())
        .merge(pay_policies::router())
        .merge(programme_policies::router())
        .merge(rewards::router())
        .merge(pay_bands::router())
        .merge(incumbent_snapshots::router())
        .merge(referrals::router())
        .merge(offers::router())
        .merge(fairness_ledger::router())
        .merge(monitoring::router())
        .merge(tasks::router())
        .merge(my::router())
        .merge(employments::router())
        .merge(persons::router())
        .merge(history::router())
        .merge(log::router())
        .merge(ops::router())
        .merge(dev::router())
        .merge(import::router())
        .split_for_parts()
}

/// The router of a running program.
pub fn router(dispatcher: Arc<Dispatcher>, identity: Identity, permissions: Permissions, metrics: Metrics) -> Router {
    let (routes, described) = described();
    let openapi = openapi::text(&described, &permissions);
    let app = App {
        inner: Arc::new(Inner {
            dispatcher,
            identity,
            permissions,
            metrics,
            actors: RwLock::new(HashMap::new()),
            tries: rate::Limiter::default(),
            openapi,
        }),
    };
    routes
        .fallback(guard::no_such_route)
        .method_not_allowed_fallback(guard::no_such_method)
        .layer(DefaultBodyLimit::max(request::MAX_BODY))
        .layer(axum::middleware::from_fn_with_state(app.clone(), guard::authorise))
        .layer(axum::middleware::from_fn_with_state(app.clone(), guard::observe))
        .with_state(app)
}
