//! `POST /v1/departures/import` and `/v1/employments/import`: a CSV file as the body, taken line by line. The other
//! collections that take files read them and answer as these do.

use std::io::Read;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, header};
use serde::Deserialize;
use tokio::sync::mpsc;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;
use super::problem::{BODY_TOO_LARGE, Problem, STORE_UNAVAILABLE, UNSUPPORTED_MEDIA_TYPE};
use super::request::{Line, Params, Session};
use crate::intake::{ImportError, ImportReport, Importer, import_departures, import_employments};

/// The largest file.
const MAX_FILE: usize = 64 << 20;

/// The routes.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(departures)).routes(routes!(employments))
}

/// Which entity the lines belong to.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct ImportParams {
    /// The entity of lines that name none; the employer's first when not given.
    #[param(value_type = Option<String>)]
    legal_entity: Option<Line>,
}

/// The body as a reader on another thread: bounded, and waiting for its reader.
pub(super) struct BodyReader {
    chunks: mpsc::Receiver<Result<Bytes, std::io::Error>>,
    chunk: Bytes,
}

impl Read for BodyReader {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        while self.chunk.is_empty() {
            match self.chunks.blocking_recv() {
                Some(chunk) => self.chunk = chunk?,
                None => return Ok(0),
            }
        }
        let taken = self.chunk.split_to(out.len().min(self.chunk.len()));
        let (head, _) = out.split_at_mut(taken.len());
        head.copy_from_slice(&taken);
        Ok(taken.len())
    }
}

pub(super) fn reader(body: Body) -> BodyReader {
    let (sender, chunks) = mpsc::channel(8);
    tokio::spawn(async move {
        let mut frames = body.into_data_stream();
        let mut total = 0;
        while let Some(frame) = next(&mut frames).await {
            let chunk = match frame {
                Ok(chunk) => {
                    total += chunk.len();
                    if total > MAX_FILE {
                        Err(std::io::Error::from(std::io::ErrorKind::FileTooLarge))
                    } else {
                        Ok(chunk)
                    }
                }
                Err(error) => Err(std::io::Error::other(error)),
            };
            let failed = chunk.is_err();
            if sender.send(chunk).await.is_err() || failed {
                return;
            }
        }
    });
    BodyReader { chunks, chunk: Bytes::new() }
}

async fn next(frames: &mut axum::body::BodyDataStream) -> Option<Result<Bytes, axum::Error>> {
    std::future::poll_fn(|context| futures_core::Stream::poll_next(std::pin::Pin::new(&mut *frames), context)).await
}

/// Whether the request brings a file at all.
pub(super) fn check(session: &Session, headers: &HeaderMap) -> Result<(), Problem> {
    if !session.employer.known {
        return Err(Problem::not_found());
    }
    let essence = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .map(|essence| essence.trim().to_ascii_lowercase());
    if essence.as_deref() != Some("text/csv") {
        return Err(Problem::of(UNSUPPORTED_MEDIA_TYPE));
    }
    let length = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|length| length > MAX_FILE) {
        return Err(Problem::of(BODY_TOO_LARGE));
    }
    Ok(())
}

/// In whose name the lines of a file are recorded.
pub(super) fn importer(app: &App, session: &Session, legal_entity: Option<Line>, command: &'static str) -> Importer {
    Importer {
        envelope: session.envelope(command, 200, b""),
        issuer: app.login_issuer().to_owned(),
        legal_entity: legal_entity.map_or_else(|| session.employer.default_legal_entity.clone(), |line| line.0),
        covered: session.legal_entities().cloned(),
    }
}

impl From<ImportError> for Problem {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Header(header) => Self::field("", "header", header.to_string(), header.detail_ja()),
            ImportError::Read(error) if error.kind() == std::io::ErrorKind::FileTooLarge => Self::of(BODY_TOO_LARGE),
            ImportError::Read(error) => Self::field(
                "",
                "unreadable",
                format!("The file could not be read: {error}."),
                "ファイルを読み取れませんでした。",
            ),
            ImportError::TooManyLines { limit } => Self::of(BODY_TOO_LARGE).detail(
                format!("The file has more than {limit} lines. Nothing of it was recorded."),
                format!("ファイルの行数が上限（{limit}行）を超えています。何も登録されていません。"),
            ),
            ImportError::InTheFuture { as_of, today } => Self::field(
                "/as_of",
                "in_the_future",
                format!("A snapshot of {as_of} cannot be taken over on {today}."),
                format!("基準日（{as_of}）が本日（{today}）より後です。"),
            ),
            ImportError::Store(why) => {
                tracing::warn!(why, "an import was broken off");
                Self::of(STORE_UNAVAILABLE).detail(
                    "The store failed in the middle of the file. What was recorded so far stays; send the same file again to go on.",
                    "ファイルの途中でデータストアに障害が発生しました。記録済みの内容はそのまま残ります。同じファイルを再送すると続きから処理されます。",
                )
            }
        }
    }
}

/// Import leavers from a CSV file.
///
/// UTF-8 or CP932, found by itself; English or Japanese headers; western, full-width and Japanese-era dates. Each line is
/// recorded, refused or recognised as a repeat; sending a file again changes nothing.
#[utoipa::path(post, path = "/v1/departures/import", tag = "departures", params(ImportParams),
    request_body(content = Vec<u8>, content_type = "text/csv"),
    responses((status = 200, description = "What became of each line", body = ImportReport)))]
async fn departures(
    State(app): State<App>,
    session: Session,
    Params(params): Params<ImportParams>,
    headers: HeaderMap,
    body: Body,
) -> Result<axum::Json<ImportReport>, Problem> {
    check(&session, &headers)?;
    let importer = importer(&app, &session, params.legal_entity, "departures.import");
    Ok(axum::Json(import_departures(app.dispatcher(), &importer, reader(body)).await?))
}

/// Import current employees from a CSV file.
///
/// As for departures. Columns about pay history, ratings, sex and birth year are not kept here and are named in the answer.
#[utoipa::path(post, path = "/v1/employments/import", tag = "employments", params(ImportParams),
    request_body(content = Vec<u8>, content_type = "text/csv"),
    responses((status = 200, description = "What became of each line", body = ImportReport)))]
async fn employments(
    State(app): State<App>,
    session: Session,
    Params(params): Params<ImportParams>,
    headers: HeaderMap,
    body: Body,
) -> Result<axum::Json<ImportReport>, Problem> {
    check(&session, &headers)?;
    let importer = importer(&app, &session, params.legal_entity, "employments.import");
    Ok(axum::Json(import_employments(app.dispatcher(), &importer, reader(body)).await?))
}
