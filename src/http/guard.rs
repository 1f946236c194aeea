//! What every request passes: measured and logged without personal data, authenticated, authorised.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tracing::Instrument as _;
use uuid::Uuid;

use super::problem::{NATURAL_PERSON_REQUIRED, Problem};
use super::request::{Reach, Session, conditions};
use super::{App, Identity};
use crate::identity::permissions::{Access, Grant};
use crate::identity::{AuthError, Caller, CallerKind, Role, api_key, bearer};
use crate::ledger::LedgerMode;

/// Whether the caller's address is this machine, by what the client claims: `Host`, and no proxy in between.
fn is_local(headers: &HeaderMap) -> bool {
    let forwarded = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"];
    if forwarded.iter().any(|name| headers.contains_key(*name)) {
        return false;
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let (name, here) = match host.strip_prefix('[') {
        Some(rest) => (rest.split(']').next().unwrap_or_default(), &["::1"][..]),
        None => (host.split(':').next().unwrap_or_default(), &["localhost", "127.0.0.1"][..]),
    };
    here.iter().any(|here| name.eq_ignore_ascii_case(here))
}

/// Gives the request an id, a span and a row in the metrics; authenticates and authorises, so that handlers find the [`Session`]
/// in the request. One middleware does both: each costs every request a copy of its route.
pub(super) async fn enter(State(app): State<App>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = Uuid::now_v7();
    let method = request.method().clone();
    // The template, never the path: paths may hold what a client mistook for an id.
    let path = request.extensions().get::<MatchedPath>().cloned();
    let route = path.as_ref().map_or("unmatched", MatchedPath::as_str);
    let span = tracing::info_span!("request", %id, %method, route);
    let answer = async {
        match check(&app, request).await {
            Ok(request) => next.run(request).await,
            Err(problem) => problem.into_response(),
        }
    };
    let mut response = answer.instrument(span.clone()).await;
    let elapsed = started.elapsed();
    let status = response.status().as_u16();
    app.metrics().request(method.as_str(), route, status, elapsed);
    span.in_scope(|| {
        tracing::info!(status, micros = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX), "answered");
    });
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        response.headers_mut().insert("x-request-id", value);
    }
    response.headers_mut().insert("x-content-type-options", HeaderValue::from_static("nosniff"));
    if !response.headers().contains_key(header::CACHE_CONTROL) {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

async fn check(app: &App, mut request: Request) -> Result<Request, Problem> {
    let trial = app.dispatcher().ledger().mode() == LedgerMode::Trial;
    if trial && !is_local(request.headers()) {
        return Err(
            Problem::forbidden("a trial ledger answers to localhost only, without proxies").reason("trial_is_local")
        );
    }
    let template = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let Some(route) = app.permissions().route(request.method().as_str(), template) else { return Ok(request) };
    if route.trial_only && !trial {
        return Err(Problem::not_found());
    }
    if route.access == Access::Public {
        return Ok(request);
    }
    let caller = authenticate(app, request.headers()).await?;
    let any_of = route.granted(&caller.roles);
    let (role, reach) = farthest(&any_of).ok_or_else(|| Problem::forbidden(route.to_string()))?;
    let asked_for = request.headers().get("on-behalf-of").map(|value| value.to_str().unwrap_or_default().to_owned());
    if route.natural_person && (caller.kind == CallerKind::Service || asked_for.is_some()) {
        return Err(Problem::of(NATURAL_PERSON_REQUIRED));
    }
    let employer = app.dispatcher().employers().get(&caller.employer).await?;
    let on_behalf_of = match asked_for {
        None => None,
        Some(subject) if caller.may_act_for(&subject) => Some(app.account(&employer, &subject).await?),
        Some(_) => return Err(Problem::forbidden("may_act_for").reason("may_not_act_for")),
    };
    let actor = app.actor(&employer, &caller.issuer, &caller.subject, caller.display_name.as_deref()).await?;
    let (idempotency_key, if_match) = conditions(request.headers())?;
    let session = Session {
        caller,
        employer,
        actor,
        on_behalf_of,
        role,
        reach,
        any_of: any_of.into(),
        route: Arc::from(route.to_string()),
        path: Arc::from(request.uri().path()),
        idempotency_key,
        if_match,
        exit_pay_kept_back: None,
    };
    request.extensions_mut().insert(session);
    Ok(request)
}

/// Before a case is known: the first role that needs nothing of it, or else the first of all.
fn farthest(any_of: &[Grant]) -> Option<(Role, Reach)> {
    let mut reaches = any_of.iter().map(|grant| (grant.role, Reach::of(&grant.when)));
    reaches.clone().find(|(_, reach)| *reach == Reach::All).or_else(|| reaches.next())
}

async fn authenticate(app: &App, headers: &HeaderMap) -> Result<Arc<Caller>, Problem> {
    let header = headers.get(header::AUTHORIZATION).map(|value| value.to_str().unwrap_or_default());
    let token = bearer(header)?;
    if api_key::is_api_key(token) {
        let presented: api_key::PresentedKey = token.parse()?;
        let ledger = app.dispatcher().ledger();
        let (record, revoked) = ledger.api_key(&presented.id.to_string()).await?.ok_or(AuthError::UnknownKey)?;
        if revoked.is_some() {
            return Err(AuthError::Revoked.into());
        }
        let record: api_key::ApiKeyRecord = serde_json::from_str(&record).map_err(|_| AuthError::UnknownKey)?;
        return Ok(Arc::new(api_key::verify_presented(&presented, &record)?));
    }
    Ok(match &app.inner.identity {
        Identity::Trial(verifier) => verifier.verify(token)?,
        Identity::Oidc(verifier) => verifier.verify(token).await?,
    })
}

pub(super) async fn no_such_route() -> Problem {
    Problem::not_found()
}

pub(super) async fn no_such_method(State(app): State<App>, request: Request) -> Problem {
    let template = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned()).unwrap_or_default();
    let methods: Vec<&str> =
        ["GET", "POST"].into_iter().filter(|method| app.permissions().route(method, &template).is_some()).collect();
    Problem::method_not_allowed(&methods.join(", "))
}

#[cfg(test)]
mod tests {
    use super::farthest;
    use crate::http::request::Reach;
    use crate::identity::Role;
    use crate::identity::permissions::{Condition, Grant};

    #[test]
    fn before_a_case_is_known_a_caller_is_taken_by_what_needs_nothing_of_it() {
        let grant = |role, when: &[Condition]| Grant { role, when: when.to_vec() };
        let own = grant(Role::Alumnus, &[Condition::Own]);
        let assigned = grant(Role::HiringManager, &[Condition::Assigned, Condition::NotConflicted]);
        let free = grant(Role::Executive, &[Condition::NotConflicted]);
        assert_eq!(farthest(&[]), None);
        assert_eq!(farthest(&[own.clone(), assigned.clone()]), Some((Role::Alumnus, Reach::Own)));
        assert_eq!(farthest(&[assigned.clone(), own.clone()]), Some((Role::HiringManager, Reach::Assigned)));
        assert_eq!(farthest(&[own, assigned, free]), Some((Role::Executive, Reach::All)));
    }
}
