//! `GET /v1/rewards`: all of them for those who pay and judge, one's own for whoever referred.

use aggregates::ids::ActorId;
use axum::Json;
use axum::extract::State;
use projections::rewards::Reward;
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::http::App;
use crate::http::problem::Problem;
use crate::http::reading::{self, Order, Paging};
use crate::http::request::{Id, Line, Params, Session};
use crate::http::scope::{CaseScope, case_session};
use crate::http::views::rewards::{RewardState, RewardView, mask};
use crate::http::views::{One, Page, Seen, entity_filter, one, one_value, table};
use crate::identity::Role;
use crate::ledger::TableId;

/// The read model.
pub(in crate::http) const REWARDS: TableId = table::<Reward>();

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(read))
}

/// Which rewards.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct RewardFilters {
    /// How far they have come.
    #[param(inline)]
    state: Option<RewardState>,
    /// Who is paid: an id of the actor directory.
    payee: Option<Uuid>,
    /// The referral that earned them.
    referral_id: Option<Uuid>,
    /// Whoever was hired.
    hired_person_id: Option<Uuid>,
    /// The human being who is paid.
    payee_person_id: Option<Uuid>,
    /// The entity that pays.
    #[param(value_type = Option<String>)]
    legal_entity: Option<Line>,
    /// The month of the day on which they are due, `YYYY-MM`.
    #[param(value_type = Option<String>, pattern = "^[0-9]{4}-[0-9]{2}$")]
    period: Option<Line>,
    /// In which direction; `asc` when not given.
    #[param(inline)]
    order: Option<Order>,
    /// How many items, 1 to 500; 50 when not given.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<i64>,
    /// Where the previous page ended, from its `next_cursor`.
    cursor: Option<String>,
}

/// List rewards, in the order in which they were planned. Employees and alumni see their own.
#[utoipa::path(get, path = "/v1/rewards", tag = "rewards", params(RewardFilters),
    responses((status = 200, description = "A page of rewards", body = Page<RewardView>)))]
async fn list(
    State(app): State<App>,
    session: Session,
    Params(asked): Params<RewardFilters>,
) -> Result<Json<Page<Seen<RewardView>>>, Problem> {
    let own = matches!(session.role, Role::Employee | Role::Alumnus);
    if own && (asked.hired_person_id.is_some() || asked.payee_person_id.is_some() || asked.payee.is_some()) {
        return Err(Problem::forbidden("GET /v1/rewards?payee").reason("person_search"));
    }
    let payee = if own { Some(session.actor.0) } else { asked.payee };
    let filters = [
        one_value("state", asked.state.map(<&'static str>::from)),
        one_value("payee", payee),
        one_value("referral_id", asked.referral_id),
        one_value("hired_person_id", asked.hired_person_id),
        one_value("payee_person_id", asked.payee_person_id),
        if own {
            one_value("legal_entity", asked.legal_entity.map(|line| line.0))
        } else {
            entity_filter(&session, asked.legal_entity)
        },
        one_value("period", asked.period.map(|line| line.0)),
    ];
    let paging = Paging { order: asked.order, limit: asked.limit, cursor: asked.cursor };
    let filters = filters.into_iter().flatten().collect();
    Ok(Json(reading::list(&app, &session, &REWARDS, filters, None, &paging, mask).await?.into()))
}

/// Read a reward.
///
/// Whoever is paid sees what they get and when, and where nothing is owed by which rule; never who held it and why.
#[utoipa::path(get, path = "/v1/rewards/{id}", tag = "rewards", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The reward, its version as `ETag`", body = RewardView)))]
async fn read(State(app): State<App>, session: Session, id: Id) -> Result<One<Seen<RewardView>>, Problem> {
    let (document, body) = reading::document(&app, &session, &REWARDS, id.0).await?;
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let case = CaseScope {
        account: text("payee").and_then(|id| Uuid::parse_str(id).ok()).map(ActorId),
        legal_entity: text("legal_entity").unwrap_or_default(),
        ..CaseScope::default()
    };
    let session = case_session(&session, &case)?;
    one(&app, &session, document, mask).await
}
