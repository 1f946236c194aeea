//! Verifies tokens of the employer's own identity provider (`OpenID` Connect).
//!
//! Owns the provider's signing keys: where they are found, how long they are trusted, how often
//! they are asked for. Called by `http/` for every bearer token of a live ledger.

use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::Deserialize;
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};
use ureq::http::{StatusCode, Uri};
use ureq::tls::TlsConfig;

use super::jwks::{KeySet, is_allowed};
use super::jwt::Unverified;
use super::verified::Verified;
use super::{AuthError, Caller};

/// How long fetched keys are used without asking again: 5 minutes.
pub const KEY_LIFETIME_SECONDS: u64 = 5 * 60;
/// How long they are used while the issuer does not answer: 24 hours.
pub const STALE_KEY_LIFETIME_SECONDS: u64 = 24 * 60 * 60;
/// The least time between two requests, whatever tokens arrive: 30 seconds.
pub const REFRESH_INTERVAL_SECONDS: u64 = 30;
/// The same while there are no keys at all and nobody can come in: 5 seconds.
const FIRST_FETCH_INTERVAL_SECONDS: u64 = 5;
/// Each of the two requests (discovery, keys) may take this long.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(5);
const LARGEST_RESPONSE_BYTES: u64 = 256 * 1024;

/// Why the issuer's settings or keys cannot be used. For the operator, never for a caller.
#[derive(Debug, thiserror::Error)]
pub enum OidcError {
    /// The configured issuer or audience can be none.
    #[error("`{0}` cannot be used as OIDC issuer or audience")]
    Settings(String),
    /// Keys must not travel where they can be exchanged on the way.
    #[error("`{0}` is neither https nor http on this very machine")]
    Insecure(String),
    /// No answer in time, or none that could be read.
    #[error("{url} cannot be read: {detail}")]
    Unreachable {
        /// What was asked for.
        url: String,
        /// What went wrong.
        detail: String,
    },
    /// An answer other than `200`; redirects are not followed.
    #[error("{url} answered {status}")]
    Status {
        /// What was asked for.
        url: String,
        /// What it answered.
        status: u16,
    },
    /// Not the document that belongs there.
    #[error("{0} holds no document of the expected form")]
    Unreadable(String),
    /// Another issuer's discovery document.
    #[error("the discovery document is that of issuer `{found}`, configured is `{configured}`")]
    OtherIssuer {
        /// What it says.
        found: String,
        /// What it ought to say.
        configured: String,
    },
    /// Nothing in the set could verify a token.
    #[error("{0} holds no key that can be used")]
    NoUsableKey(String),
}

/// Verifies bearer tokens of one issuer for one audience. Cheap to clone; clones share the keys.
#[derive(Clone)]
pub struct OidcVerifier {
    issuer: Arc<Issuer>,
}

struct Issuer {
    name: String,
    audience: String,
    agent: ureq::Agent,
    keys: RwLock<Option<Fetched>>,
    /// Held while the issuer is being asked: by one at a time.
    gate: Arc<AsyncMutex<LastAttempt>>,
    failure: Mutex<Option<String>>,
}

#[derive(Clone)]
struct Fetched {
    at: u64,
    keys: Arc<KeySet>,
    /// What these keys have verified.
    verified: Arc<Verified>,
}

impl Fetched {
    /// Measured both ways, so that a clock set back does not make keys last for ever.
    fn age(&self, now: u64) -> u64 {
        now.abs_diff(self.at)
    }
}

#[derive(Default)]
struct LastAttempt(Option<u64>);

impl OidcVerifier {
    /// Takes the settings; asks nobody yet.
    pub fn new(issuer: &str, audience: &str) -> Result<Self, OidcError> {
        if audience.trim().is_empty() {
            return Err(OidcError::Settings(audience.to_owned()));
        }
        if issuer.contains(['?', '#']) {
            return Err(OidcError::Settings(issuer.to_owned()));
        }
        let transport = Transport::of(issuer)?;
        Ok(Self {
            issuer: Arc::new(Issuer {
                name: issuer.to_owned(),
                audience: audience.to_owned(),
                agent: agent(transport),
                keys: RwLock::new(None),
                gate: Arc::default(),
                failure: Mutex::new(None),
            }),
        })
    }

    /// Fetches the keys, so that wrong settings show at start and not at the first call.
    pub async fn warm_up(&self) -> Result<(), OidcError> {
        let gate = Arc::clone(&self.issuer.gate).lock_owned().await;
        self.ask(gate, epoch_seconds(SystemTime::now())).await
    }

    /// The issuer's name, as its tokens and the settings spell it.
    pub fn name(&self) -> &str {
        &self.issuer.name
    }

    /// Why the issuer could not be read the last time; `None` when it could.
    #[must_use]
    pub fn last_failure(&self) -> Option<String> {
        self.issuer.failure.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Verifies a token now, by the machine's clock.
    pub async fn verify(&self, token: &str) -> Result<Arc<Caller>, AuthError> {
        self.verify_at(token, epoch_seconds(SystemTime::now())).await
    }

    /// Verifies a token at `now` (epoch seconds).
    pub async fn verify_at(&self, token: &str, now: u64) -> Result<Arc<Caller>, AuthError> {
        let fresh = self.issuer.known(now).filter(|fetched| fetched.age(now) < KEY_LIFETIME_SECONDS);
        if let Some(caller) = fresh.and_then(|fetched| fetched.verified.recall(token, now)) {
            return Ok(caller);
        }
        let unverified = Unverified::parse(token)?;
        if !is_allowed(unverified.algorithm) {
            return Err(AuthError::AlgorithmRefused);
        }
        let kid = unverified.kid.as_deref();
        let mut fetched = self.current_keys(now).await?;
        let unknown = matches!(fetched.keys.select(kid, unverified.algorithm), Err(AuthError::UnknownKey));
        if kid.is_some() && unknown {
            fetched = self.newer_keys(fetched, now).await;
        }
        let key = fetched.keys.select(kid, unverified.algorithm)?;
        let claims = unverified.verify(key)?;
        let (caller, validity) = claims.into_caller(&self.issuer.name, &self.issuer.audience, now)?;
        Ok(fetched.verified.keep(token, caller, validity))
    }

    /// Keys that may be used at `now`, fetched if need be.
    async fn current_keys(&self, now: u64) -> Result<Fetched, AuthError> {
        let known = self.issuer.known(now);
        match known {
            Some(fetched) if fetched.age(now) < KEY_LIFETIME_SECONDS => return Ok(fetched),
            Some(_) => {
                // One caller asks; the others go on with what there is, lest an issuer that is
                // away slows everybody down.
                if let Ok(gate) = Arc::clone(&self.issuer.gate).try_lock_owned() {
                    self.ask_unless_too_soon(gate, REFRESH_INTERVAL_SECONDS, now).await;
                }
            }
            None => {
                let gate = Arc::clone(&self.issuer.gate).lock_owned().await;
                if self.issuer.known(now).is_none() {
                    self.ask_unless_too_soon(gate, FIRST_FETCH_INTERVAL_SECONDS, now).await;
                }
            }
        }
        self.issuer.known(now).ok_or(AuthError::KeysUnavailable)
    }

    /// The keys after a look whether the issuer has new ones, as far as that is allowed.
    async fn newer_keys(&self, seen: Fetched, now: u64) -> Fetched {
        let gate = Arc::clone(&self.issuer.gate).lock_owned().await;
        let meanwhile = self.issuer.known(now).filter(|known| !Arc::ptr_eq(&known.keys, &seen.keys));
        if let Some(newer) = meanwhile {
            return newer;
        }
        self.ask_unless_too_soon(gate, REFRESH_INTERVAL_SECONDS, now).await;
        self.issuer.known(now).unwrap_or(seen)
    }

    async fn ask_unless_too_soon(&self, gate: OwnedMutexGuard<LastAttempt>, interval: u64, now: u64) {
        if gate.0.is_none_or(|last| now.abs_diff(last) >= interval) {
            // The outcome shows in the keys, and for the operator in `last_failure`.
            let _ = self.ask(gate, now).await;
        }
    }

    /// Asks the issuer. Runs as its own task: a caller who hangs up must not use up the attempt
    /// without its result, or a stranger could keep new keys out by hanging up in time.
    async fn ask(&self, mut gate: OwnedMutexGuard<LastAttempt>, now: u64) -> Result<(), OidcError> {
        gate.0 = Some(now);
        let issuer = Arc::clone(&self.issuer);
        let task = tokio::task::spawn_blocking(move || {
            let outcome = issuer.fetch();
            let outcome = issuer.keep(outcome, now);
            drop(gate);
            outcome
        });
        task.await.unwrap_or_else(|error| {
            Err(OidcError::Unreachable { url: self.issuer.name.clone(), detail: error.to_string() })
        })
    }
}

impl Issuer {
    /// The keys that may still be used at `now`.
    fn known(&self, now: u64) -> Option<Fetched> {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        keys.as_ref().filter(|fetched| fetched.age(now) < STALE_KEY_LIFETIME_SECONDS).cloned()
    }

    fn keep(&self, outcome: Result<KeySet, OidcError>, now: u64) -> Result<(), OidcError> {
        let mut failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
        *failure = outcome.as_ref().err().map(ToString::to_string);
        let fetched = Fetched { at: now, keys: Arc::new(outcome?), verified: Arc::default() };
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Some(fetched);
        Ok(())
    }

    fn fetch(&self) -> Result<KeySet, OidcError> {
        #[derive(Deserialize)]
        struct Discovery {
            issuer: String,
            jwks_uri: String,
        }
        let url = format!("{}/.well-known/openid-configuration", self.name.trim_end_matches('/'));
        let discovery: Discovery =
            serde_json::from_slice(&self.get(&url)?).map_err(|_| OidcError::Unreadable(url.clone()))?;
        if discovery.issuer != self.name {
            return Err(OidcError::OtherIssuer { found: discovery.issuer, configured: self.name.clone() });
        }
        // An issuer out there has no business with services on this machine.
        if Transport::of(&discovery.jwks_uri)? != Transport::of(&self.name)? {
            return Err(OidcError::Insecure(discovery.jwks_uri));
        }
        let url = discovery.jwks_uri;
        let keys = KeySet::parse(&self.get(&url)?).ok_or_else(|| OidcError::Unreadable(url.clone()))?;
        if keys.is_empty() { Err(OidcError::NoUsableKey(url)) } else { Ok(keys) }
    }

    fn get(&self, url: &str) -> Result<Vec<u8>, OidcError> {
        let unreachable =
            |error: ureq::Error| OidcError::Unreachable { url: url.to_owned(), detail: error.to_string() };
        let request = self.agent.get(url).header("accept", "application/json");
        let mut response = request.call().map_err(unreachable)?;
        if response.status() != StatusCode::OK {
            let status = response.status().as_u16();
            return Err(OidcError::Status { url: url.to_owned(), status });
        }
        let body = response.body_mut().with_config().limit(LARGEST_RESPONSE_BYTES);
        body.read_to_vec().map_err(unreachable)
    }
}

/// How a URL is reached.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Transport {
    Https,
    LoopbackHttp,
}

impl Transport {
    fn of(url: &str) -> Result<Self, OidcError> {
        let uri: Uri = url.parse().map_err(|_| OidcError::Settings(url.to_owned()))?;
        let authority = uri.authority().ok_or_else(|| OidcError::Settings(url.to_owned()))?;
        if authority.as_str().contains('@') || authority.host().is_empty() {
            return Err(OidcError::Settings(url.to_owned()));
        }
        match uri.scheme_str() {
            Some("https") => Ok(Self::Https),
            Some("http") if is_loopback(authority.host()) => Ok(Self::LoopbackHttp),
            _ => Err(OidcError::Insecure(url.to_owned())),
        }
    }
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || address.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn agent(transport: Transport) -> ureq::Agent {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let tls = TlsConfig::builder().unversioned_rustls_crypto_provider(provider).build();
    let config = ureq::Agent::config_builder()
        .tls_config(tls)
        .timeout_global(Some(REQUEST_TIMEOUT))
        .max_redirects(0)
        .http_status_as_error(false)
        .max_idle_connections(0);
    match transport {
        Transport::Https => config.https_only(true).build().new_agent(),
        Transport::LoopbackHttp => config.proxy(None).build().new_agent(),
    }
}

fn epoch_seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests;
