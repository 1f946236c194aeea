//! `GET /v1/reward-plans`: every version for those who write and judge them, what is published for employees.

use axum::Json;
use axum::extract::State;
use projections::reward_plans::RewardPlan;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::App;
use crate::http::problem::Problem;
use crate::http::reading::{self, Order, Paging};
use crate::http::request::{Id, Line, Params, Session};
use crate::http::views::reward_plans::{RewardPlanState, RewardPlanView, mask, published_to, states};
use crate::http::views::{One, Page, Seen, entity_filter, in_scope, one, table};
use crate::ledger::TableId;

/// The read model.
pub(in crate::http) const REWARD_PLANS: TableId = table::<RewardPlan>();

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(read))
}

/// Which plans.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct RewardPlanFilters {
    /// How far they have come.
    #[param(inline)]
    state: Option<RewardPlanState>,
    /// The entity whose employees they reward.
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

/// List reward plans, in the order in which they were drafted. Employees see what is published.
#[utoipa::path(get, path = "/v1/reward-plans", tag = "reward-plans", params(RewardPlanFilters),
    responses((status = 200, description = "A page of plans", body = Page<RewardPlanView>)))]
async fn list(
    State(app): State<App>,
    session: Session,
    Params(asked): Params<RewardPlanFilters>,
) -> Result<Json<Page<Seen<RewardPlanView>>>, Problem> {
    let filters = [states(session.role, asked.state), entity_filter(&session, asked.legal_entity)];
    let paging = Paging { order: asked.order, limit: asked.limit, cursor: asked.cursor };
    let filters = filters.into_iter().flatten().collect();
    Ok(Json(reading::list(&app, &session, &REWARD_PLANS, filters, None, &paging, mask).await?.into()))
}

/// Read a reward plan. Employees read what is published.
#[utoipa::path(get, path = "/v1/reward-plans/{id}", tag = "reward-plans", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The plan, its version as `ETag`", body = RewardPlanView)))]
async fn read(State(app): State<App>, session: Session, id: Id) -> Result<One<Seen<RewardPlanView>>, Problem> {
    let (document, body) = reading::document(&app, &session, &REWARD_PLANS, id.0).await?;
    if !in_scope(&session, &body) || !published_to(session.role, &body) {
        return Err(Problem::not_found());
    }
    one(&app, &session, document, mask).await
}
