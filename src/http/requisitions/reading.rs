//! `GET /v1/requisitions`: what is looked for, and for employees and alumni what they may answer.

use axum::Json;
use axum::extract::State;
use projections::requisitions::Requisition;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::http::App;
use crate::http::problem::Problem;
use crate::http::reading::{self, Listed, Order, Paging, typed};
use crate::http::request::{Id, Line, Params, Session};
use crate::http::views::requisitions::{RequisitionState, RequisitionView, addressed, answers, mask, states};
use crate::http::views::{One, Page, Seen, entity_filter, in_scope, one, one_value, table};
use crate::ledger::TableId;

/// The read model.
pub(in crate::http) const REQUISITIONS: TableId = table::<Requisition>();

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(read))
}

/// Which requisitions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct RequisitionFilters {
    /// How far they have come.
    #[param(inline)]
    state: Option<RequisitionState>,
    /// The entity that hires.
    #[param(value_type = Option<String>)]
    legal_entity: Option<Line>,
    #[param(value_type = Option<String>)]
    department: Option<Line>,
    #[param(value_type = Option<String>)]
    job_family: Option<Line>,
    #[param(value_type = Option<String>)]
    grade: Option<Line>,
    #[param(value_type = Option<String>)]
    location: Option<Line>,
    /// The recruiter in charge: an id of the actor directory.
    recruiter: Option<Uuid>,
    /// The manager who hires: an id of the actor directory.
    hiring_manager: Option<Uuid>,
    /// In which direction; `asc` when not given.
    #[param(inline)]
    order: Option<Order>,
    /// How many items, 1 to 500; 50 when not given.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<i64>,
    /// Where the previous page ended, from its `next_cursor`.
    cursor: Option<String>,
}

/// List requisitions.
///
/// In the order in which they were opened. Employees and alumni see what is published to them, and may get fewer items than
/// the limit on a page.
#[utoipa::path(get, path = "/v1/requisitions", tag = "requisitions", params(RequisitionFilters),
    responses((status = 200, description = "A page of requisitions", body = Page<RequisitionView>)))]
async fn list(
    State(app): State<App>,
    session: Session,
    Params(asked): Params<RequisitionFilters>,
) -> Result<Json<Page<Seen<RequisitionView>>>, Problem> {
    // By whom it is led is not told to whoever only answers, so it is no question of theirs either.
    if answers(session.role) && (asked.recruiter.is_some() || asked.hiring_manager.is_some()) {
        return Err(Problem::forbidden("GET /v1/requisitions?recruiter").reason("line_search"));
    }
    let filters = [
        states(session.role, asked.state),
        entity_filter(&session, asked.legal_entity),
        one_value("department", asked.department.map(|line| line.0)),
        one_value("job_family", asked.job_family.map(|line| line.0)),
        one_value("grade", asked.grade.map(|line| line.0)),
        one_value("location", asked.location.map(|line| line.0)),
        one_value("recruiter", asked.recruiter),
        one_value("hiring_manager", asked.hiring_manager),
    ];
    let paging = Paging { order: asked.order, limit: asked.limit, cursor: asked.cursor };
    let filters = filters.into_iter().flatten().collect();
    let listed: Listed<serde_json::Value> =
        reading::list(&app, &session, &REQUISITIONS, filters, None, &paging, mask).await?;
    let seen = listed.items.into_iter().filter(|body| addressed(session.role, body));
    let items = seen.map(typed).collect::<Result<_, _>>()?;
    Ok(Json(Listed { items, next_cursor: listed.next_cursor }.into()))
}

/// Read a requisition.
///
/// Employees and alumni read what is published to them, without who leads it and whose seats are filled.
#[utoipa::path(get, path = "/v1/requisitions/{id}", tag = "requisitions", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The requisition, its version as `ETag`", body = RequisitionView)))]
async fn read(State(app): State<App>, session: Session, id: Id) -> Result<One<Seen<RequisitionView>>, Problem> {
    let (document, body) = reading::document(&app, &session, &REQUISITIONS, id.0).await?;
    if !in_scope(&session, &body) || !addressed(session.role, &body) {
        return Err(Problem::not_found());
    }
    one(&app, &session, document, mask).await
}
