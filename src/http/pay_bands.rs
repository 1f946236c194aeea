//! `/v1/pay-bands` (賃金テーブル): versions of pay bands, taken over from files as dated facts.

use aggregates::pay_bands::PayBands;
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
use super::request::{Id, Line, Params, Session};
use super::views::pay_bands::{PayBandsView, bands, mask};
use super::views::{One, Page, Seen, entity_filter, in_scope, one, table};
use crate::intake::{ImportReport, import_pay_bands};
use crate::ledger::TableId;

/// The read model.
const PAY_BANDS: TableId = table::<projections::pay_bands::PayBands>();

/// The routes.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(import)).routes(routes!(list, create)).routes(routes!(read))
}

/// What holds for all lines.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct BandsImportParams {
    /// The entity of lines that name none; the employer's first when not given.
    #[param(value_type = Option<String>)]
    legal_entity: Option<Line>,
    /// Where the approval of the file lies. Whoever takes an approved file over has not edited the bands (PAY-24).
    #[param(value_type = Option<String>)]
    approval_ref: Option<Line>,
}

async fn take_over(
    app: &App,
    session: &Session,
    params: BandsImportParams,
    headers: &HeaderMap,
    body: Body,
) -> Result<Json<ImportReport>, Problem> {
    check(session, headers)?;
    let importer = importer(app, session, params.legal_entity, "pay-bands.import");
    let approval = params.approval_ref.map(|line| line.0);
    Ok(Json(import_pay_bands(app.dispatcher(), &importer, approval, reader(body)).await?))
}

/// Take over pay bands from a CSV file.
///
/// A line is a band: version, first day, grade, job family, zone, minimum, midpoint and maximum. A version is recorded with
/// all its lines or not at all, and never changed: the same content again is a repeat, other content needs another name.
#[utoipa::path(post, path = "/v1/pay-bands/import", tag = "pay-bands", params(BandsImportParams),
    request_body(content = Vec<u8>, content_type = "text/csv"),
    responses((status = 200, description = "What became of each line", body = ImportReport)))]
async fn import(
    State(app): State<App>,
    session: Session,
    Params(params): Params<BandsImportParams>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<ImportReport>, Problem> {
    take_over(&app, &session, params, &headers, body).await
}

/// Take over pay bands from a CSV file: the same as `POST /v1/pay-bands/import`.
#[utoipa::path(post, path = "/v1/pay-bands", tag = "pay-bands", params(BandsImportParams),
    request_body(content = Vec<u8>, content_type = "text/csv"),
    responses((status = 200, description = "What became of each line", body = ImportReport)))]
async fn create(
    State(app): State<App>,
    session: Session,
    Params(params): Params<BandsImportParams>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<ImportReport>, Problem> {
    take_over(&app, &session, params, &headers, body).await
}

/// Which versions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct PayBandsFilters {
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

/// List versions of pay bands, in the order in which they were taken over, without the bands.
#[utoipa::path(get, path = "/v1/pay-bands", tag = "pay-bands", params(PayBandsFilters),
    responses((status = 200, description = "A page of versions", body = Page<PayBandsView>)))]
async fn list(
    State(app): State<App>,
    session: Session,
    Params(asked): Params<PayBandsFilters>,
) -> Result<Json<Page<Seen<PayBandsView>>>, Problem> {
    let filters = entity_filter(&session, asked.legal_entity).into_iter().collect();
    let paging = Paging { order: asked.order, limit: asked.limit, cursor: asked.cursor };
    Ok(Json(reading::list(&app, &session, &PAY_BANDS, filters, None, &paging, mask).await?.into()))
}

/// Read a version of pay bands, with its bands.
#[utoipa::path(get, path = "/v1/pay-bands/{id}", tag = "pay-bands", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The version, with its bands", body = PayBandsView)))]
async fn read(State(app): State<App>, session: Session, id: Id) -> Result<One<Seen<PayBandsView>>, Problem> {
    let (document, body) = reading::document(&app, &session, &PAY_BANDS, id.0).await?;
    if !in_scope(&session, &body) {
        return Err(Problem::not_found());
    }
    let loaded = app.dispatcher().load::<PayBands>(&session.employer, id.0).await?;
    let bands = loaded.state.version().map(bands).unwrap_or_default();
    one(&app, &session, document, |session, body| {
        mask(session, body);
        body["bands"] = json!(bands);
    })
    .await
}
