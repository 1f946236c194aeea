//! `/v1/incumbent-snapshots` (在籍者スナップショット): who works here on a day, for the comparison of pay. What the files hold
//! goes in and is compared; nobody in them is shown.

use aggregates::incumbents::IncumbentSnapshot;
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use serde::Deserialize;
use serde_json::json;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;
use super::import::{check, importer, reader};
use super::problem::Problem;
use super::reading::{self, Order, Paging};
use super::request::{Day, Id, Line, Params, Session};
use super::views::incumbent_snapshots::{IncumbentSnapshotView, cohorts, mask};
use super::views::{One, Page, Seen, entity_filter, in_scope, one, table};
use crate::intake::{ImportReport, import_incumbents};
use crate::ledger::TableId;

/// The read model.
const INCUMBENT_SNAPSHOTS: TableId = table::<projections::incumbent_snapshots::IncumbentSnapshot>();

/// The routes.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(import)).routes(routes!(list, create)).routes(routes!(read))
}

/// What holds for all lines.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct SnapshotImportParams {
    /// The entity of lines that name none; the employer's first when not given.
    #[param(value_type = Option<String>)]
    legal_entity: Option<Line>,
    /// The day on which the file tells who works here. When not given, a file whose content stands already is a repeat, and
    /// otherwise it is of today.
    #[param(value_type = Option<String>, format = Date)]
    as_of: Option<Day>,
}

async fn take_over(
    app: &App,
    session: &Session,
    params: SnapshotImportParams,
    headers: &HeaderMap,
    body: Body,
) -> Result<Json<ImportReport>, Problem> {
    check(session, headers)?;
    let importer = importer(app, session, params.legal_entity, "incumbent-snapshots.import");
    let as_of = params.as_of.map(|day| day.0);
    Ok(Json(import_incumbents(app.dispatcher(), &importer, as_of, reader(body)).await?))
}

/// Take over a snapshot of incumbents from a CSV file.
///
/// A line is an incumbent: number, first day, grade, job family, zone, employment type and annual full-time base; one
/// snapshot is made for each entity. Lines that are refused are left out and counted. Names are not read; sex and year of
/// birth are sealed for monitoring alone and shown nowhere.
#[utoipa::path(post, path = "/v1/incumbent-snapshots/import", tag = "incumbent-snapshots", params(SnapshotImportParams),
    request_body(content = Vec<u8>, content_type = "text/csv"),
    responses((status = 200, description = "What became of each line", body = ImportReport)))]
async fn import(
    State(app): State<App>,
    session: Session,
    Params(params): Params<SnapshotImportParams>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<ImportReport>, Problem> {
    take_over(&app, &session, params, &headers, body).await
}

/// Take over a snapshot of incumbents from a CSV file: the same as `POST /v1/incumbent-snapshots/import`.
#[utoipa::path(post, path = "/v1/incumbent-snapshots", tag = "incumbent-snapshots", params(SnapshotImportParams),
    request_body(content = Vec<u8>, content_type = "text/csv"),
    responses((status = 200, description = "What became of each line", body = ImportReport)))]
async fn create(
    State(app): State<App>,
    session: Session,
    Params(params): Params<SnapshotImportParams>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<ImportReport>, Problem> {
    take_over(&app, &session, params, &headers, body).await
}

/// Which snapshots.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct SnapshotFilters {
    /// The entity.
    #[param(value_type = Option<String>)]
    legal_entity: Option<Line>,
    /// In which direction; `asc` when not given.
    #[param(inline)]
    order: Option<Order>,
    /// How many items, 1 to 500; 50 when not given.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<i64>,
    /// Where the previous page ended, from its `next_cursor`.
    cursor: Option<String>,
}

/// List snapshots of incumbents, in the order in which they were taken over.
#[utoipa::path(get, path = "/v1/incumbent-snapshots", tag = "incumbent-snapshots", params(SnapshotFilters),
    responses((status = 200, description = "A page of snapshots", body = Page<IncumbentSnapshotView>)))]
async fn list(
    State(app): State<App>,
    session: Session,
    Params(asked): Params<SnapshotFilters>,
) -> Result<Json<Page<Seen<IncumbentSnapshotView>>>, Problem> {
    let filters = entity_filter(&session, asked.legal_entity).into_iter().collect();
    let paging = Paging { order: asked.order, limit: asked.limit, cursor: asked.cursor };
    Ok(Json(reading::list(&app, &session, &INCUMBENT_SNAPSHOTS, filters, None, &paging, mask).await?.into()))
}

/// Read a snapshot of incumbents, with the sizes of its cohorts and nobody in them.
#[utoipa::path(get, path = "/v1/incumbent-snapshots/{id}", tag = "incumbent-snapshots", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The snapshot, with its cohorts", body = IncumbentSnapshotView)))]
async fn read(State(app): State<App>, session: Session, id: Id) -> Result<One<Seen<IncumbentSnapshotView>>, Problem> {
    let (document, body) = reading::document(&app, &session, &INCUMBENT_SNAPSHOTS, id.0).await?;
    if !in_scope(&session, &body) {
        return Err(Problem::not_found());
    }
    let loaded = app.dispatcher().load::<IncumbentSnapshot>(&session.employer, id.0).await?;
    let cohorts = loaded.state.snapshot().map(cohorts).unwrap_or_default();
    one(&app, &session, document, |session, body| {
        mask(session, body);
        body["cohorts"] = json!(cohorts);
    })
    .await
}
