//! For those who run the program and those who program against it: health, metrics, the API's description and its pages.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::OnceLock;

use aws_lc_rs::digest;
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;
use super::accept::preferred;
use super::problem::{self, CODES, Code, Problem};
use crate::ledger::{Checkpoint, StoreError};

/// How many events a read model may be behind before the node takes no part: reads would only wait.
const KEEPS_UP: i64 = 10_000;

const STYLE: &str = include_str!("pages/style.css");
const SCRIPT: &str = include_str!("pages/docs.js");
const DOCS: &str = include_str!("pages/docs.html");
const PROBLEM: &str = include_str!("pages/problem.html");

/// The routes.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(healthz))
        .routes(routes!(readyz))
        .routes(routes!(metrics))
        .routes(routes!(openapi))
        .routes(routes!(docs))
        .routes(routes!(problem_page))
}

/// That the program runs.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Health {
    #[schema(examples("ok"))]
    status: String,
}

/// Whether the program is alive.
#[utoipa::path(get, path = "/healthz", tag = "operation", responses((status = 200, description = "It is", body = Health)))]
async fn healthz() -> Json<Health> {
    Json(Health { status: "ok".to_owned() })
}

/// A read model's progress, over all employers.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(super) struct ModelHealth {
    name: String,
    /// How many events it has not folded yet, where it lags most.
    behind: i64,
    /// Whether it stopped at an event that it cannot read.
    stopped: bool,
    /// The position before which it stopped.
    #[serde(skip_serializing_if = "Option::is_none")]
    stopped_before: Option<i64>,
}

/// Whether the program can do its work.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Readiness {
    /// `ready` or `not_ready`.
    #[schema(examples("ready"))]
    status: String,
    /// `trial` or `live`.
    #[schema(examples("trial"))]
    mode: String,
    /// `reachable` or `away`.
    #[schema(examples("reachable"))]
    store: String,
    /// How long the oldest command of this node waits to be folded.
    lag_milliseconds: u64,
    models: Vec<ModelHealth>,
}

/// Where all logs and read models stand.
async fn progress(app: &App) -> Result<Vec<(Checkpoint, i64)>, StoreError> {
    let ledger = app.dispatcher().ledger();
    ledger.ping().await?;
    // Checkpoints first: read the other way round, a model could seem to be ahead of its log.
    let checkpoints = ledger.checkpoints().await?;
    let heads = ledger.heads().await?;
    let behind =
        |checkpoint: &Checkpoint| heads.get(&checkpoint.employer).map_or(0, |head| (head - checkpoint.position).max(0));
    Ok(checkpoints
        .into_iter()
        .map(|checkpoint| {
            let behind = behind(&checkpoint);
            (checkpoint, behind)
        })
        .collect())
}

/// Whether the program can serve: its store is reachable and its read models keep up.
#[utoipa::path(get, path = "/readyz", tag = "operation", responses(
    (status = 200, description = "It can", body = Readiness), (status = 503, description = "It cannot at present", body = Readiness)))]
async fn readyz(State(app): State<App>) -> Response {
    let feed = app.dispatcher().feed();
    let progress = progress(&app).await;
    let mut models: BTreeMap<&str, ModelHealth> = BTreeMap::new();
    for model in feed.models() {
        let health = models.entry(model.table.name).or_default();
        model.table.name.clone_into(&mut health.name);
        let mine = |checkpoint: &Checkpoint| {
            checkpoint.model == model.table.name && u32::try_from(checkpoint.version) == Ok(model.table.version)
        };
        for (checkpoint, behind) in progress.iter().flatten().filter(|(checkpoint, _)| mine(checkpoint)) {
            health.behind = health.behind.max(*behind);
            if checkpoint.stopped.is_some() {
                health.stopped = true;
                health.stopped_before = Some(checkpoint.position + 1);
            }
        }
    }
    let keeps_up = models.values().all(|model| !model.stopped && model.behind <= KEEPS_UP);
    let ready = progress.is_ok() && keeps_up && !feed.is_too_far_behind();
    let readiness = Readiness {
        status: if ready { "ready" } else { "not_ready" }.to_owned(),
        mode: <&str>::from(app.dispatcher().ledger().mode()).to_owned(),
        store: if progress.is_ok() { "reachable" } else { "away" }.to_owned(),
        lag_milliseconds: u64::try_from(feed.lag().as_millis()).unwrap_or(u64::MAX),
        models: models.into_values().collect(),
    };
    (problem::readiness(ready), Json(readiness)).into_response()
}

/// Metrics in the `OpenMetrics` text format, for Prometheus.
#[utoipa::path(get, path = "/metrics", tag = "operation", responses((status = 200, description = "The metrics",
    body = String, content_type = "application/openmetrics-text; version=1.0.0; charset=utf-8")))]
async fn metrics(State(app): State<App>) -> Response {
    let (ledger, metrics) = (app.dispatcher().ledger(), app.metrics());
    metrics.waiting(ledger.waiting());
    metrics.events_read(ledger.events_read());
    match progress(&app).await {
        Ok(progress) => {
            for (checkpoint, behind) in progress {
                metrics.model(&checkpoint.employer, &checkpoint.model, behind, checkpoint.stopped.is_some());
            }
        }
        Err(error) => tracing::warn!(%error, "the metrics of the read models could not be read"),
    }
    let form = HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");
    ([(header::CONTENT_TYPE, form)], metrics.text()).into_response()
}

/// This description of the API.
#[utoipa::path(get, path = "/openapi.json", tag = "operation",
    responses((status = 200, description = "An OpenAPI 3.1 document", content_type = "application/json", body = Object)))]
async fn openapi(State(app): State<App>) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], app.openapi().to_owned()).into_response()
}

/// `sha256-…` of an inline style or script, by which the page's policy admits it and nothing else.
fn hash(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(digest::digest(&digest::SHA256, text.as_bytes()).as_ref()))
}

/// A page that loads nothing from elsewhere and runs nothing but what it was made with.
fn page(html: String, scripted: bool) -> Response {
    static POLICIES: OnceLock<[String; 2]> = OnceLock::new();
    let policies = POLICIES.get_or_init(|| {
        let base = format!(
            "default-src 'none'; style-src {}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            hash(STYLE)
        );
        let scripted = format!("{base}; script-src {}; connect-src 'self'", hash(SCRIPT));
        [base, scripted]
    });
    let [plain, with_script] = policies;
    let mut response = Html(html).into_response();
    let headers = response.headers_mut();
    let policy = if scripted { with_script } else { plain };
    if let Ok(policy) = HeaderValue::from_str(policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin"));
    response
}

/// Pages that describe the API.
#[utoipa::path(get, path = "/docs", tag = "operation",
    responses((status = 200, description = "An HTML page", content_type = "text/html", body = String)))]
async fn docs() -> Response {
    page(DOCS.replace("{{style}}", STYLE).replace("{{script}}", SCRIPT), true)
}

/// What a problem's code means and what to do about it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ProblemHelp {
    #[schema(examples("rule_blocked"))]
    code: String,
    #[schema(examples(422))]
    status: u16,
    title: String,
    title_ja: String,
    help: String,
    help_ja: String,
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Words in backticks as code.
fn prose(text: &str) -> String {
    text.split('`').enumerate().fold(String::new(), |html, (index, part)| {
        let part = escaped(part);
        if index % 2 == 1 { html + "<code>" + &part + "</code>" } else { html + &part }
    })
}

fn problem_html(code: &Code) -> String {
    let others = CODES.iter().fold(String::new(), |mut html, other| {
        let here = if other.name == code.name { " aria-current=\"page\"" } else { "" };
        let (name, status) = (other.name, other.status.as_u16());
        let _ = writeln!(html, "<li><a href=\"/problems/{name}\"{here}>{name}</a> <span>{status}</span></li>");
        html
    });
    PROBLEM
        .replace("{{style}}", STYLE)
        .replace("{{others}}", &others)
        .replace("{{code}}", code.name)
        .replace("{{status}}", &code.status.as_u16().to_string())
        .replace("{{title}}", &escaped(code.title))
        .replace("{{title_ja}}", &escaped(code.title_ja))
        .replace("{{help}}", &prose(code.help))
        .replace("{{help_ja}}", &prose(code.help_ja))
}

/// Explain a problem: a page in English and Japanese, or JSON where `Accept` asks for it.
#[utoipa::path(get, path = "/problems/{code}", tag = "operation", params(("code" = String, Path, example = "rule_blocked")),
    responses((status = 200, description = "What it means", content((String = "text/html"), (ProblemHelp = "application/json")))))]
async fn problem_page(headers: HeaderMap, code: Result<Path<String>, PathRejection>) -> Result<Response, Problem> {
    let Path(name) = code.map_err(|_| Problem::not_found())?;
    let code = CODES.iter().find(|code| code.name == name).ok_or_else(Problem::not_found)?;
    let mut response = match preferred(&headers, &["text/html", "application/json"]) {
        Some(1) => Json(ProblemHelp {
            code: code.name.to_owned(),
            status: code.status.as_u16(),
            title: code.title.to_owned(),
            title_ja: code.title_ja.to_owned(),
            help: code.help.to_owned(),
            help_ja: code.help_ja.to_owned(),
        })
        .into_response(),
        // A page is better than nothing for whoever follows a `type`.
        _ => page(problem_html(code), false),
    };
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept"));
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::{CODES, DOCS, PROBLEM, SCRIPT, STYLE, hash, problem_html, prose};

    #[test]
    fn the_policy_names_exactly_what_stands_in_the_page() {
        // The hash covers all between the tags: the templates must not add white space of their own.
        for page in [DOCS, PROBLEM] {
            assert!(page.contains("<style>{{style}}</style>"));
        }
        assert!(DOCS.contains("<script>{{script}}</script>"));
        assert_eq!(hash(""), "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='");
        assert!(!SCRIPT.contains("{{") && !STYLE.contains("{{"));
    }

    #[test]
    fn the_pages_load_nothing_from_elsewhere() {
        for page in [DOCS, PROBLEM, SCRIPT, STYLE] {
            assert!(
                !page.contains("http:")
                    && !page.contains("https:")
                    && !page.contains("//cdn")
                    && !page.contains("@import")
            );
            assert!(!page.contains("innerHTML") && !page.contains(" style=") && !page.contains(" onclick="));
        }
    }

    #[test]
    fn every_problem_has_a_page_without_a_place_left_open() {
        for code in CODES {
            let html = problem_html(code);
            assert!(html.contains(code.title_ja) && !html.contains("{{"), "{}", code.name);
        }
        assert_eq!(prose("a `b<c` d"), "a <code>b&lt;c</code> d");
    }
}
