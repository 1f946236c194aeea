//! `GET /v1/no-rehire-flags`: the register, and one's own flag.

use std::collections::BTreeSet;

use aggregates::no_rehire_flag::FlagReason;
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::may_see;
use crate::http::App;
use crate::http::problem::Problem;
use crate::http::reading::{self, Listed, Order, Paging, typed};
use crate::http::request::{Id, Params, Session, one_of};
use crate::http::scope::visible_persons;
use crate::http::views::no_rehire_flags::{NoRehireFlagState, NoRehireFlagView, mask};
use crate::http::views::{One, Page, Seen, one, one_value, table};
use crate::ledger::TableId;

/// The read model.
const FLAGS: TableId = table::<projections::no_rehire_flags::NoRehireFlag>();

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(read))
}

/// Which flags.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct NoRehireFlagFilters {
    /// How far they have come.
    #[param(inline)]
    state: Option<NoRehireFlagState>,
    /// All flags of one human being.
    person_id: Option<Uuid>,
    /// The coded reason.
    #[param(schema_with = one_of::<FlagReason>)]
    reason: Option<FlagReason>,
    /// In which direction; `asc` when not given.
    #[param(inline)]
    order: Option<Order>,
    /// How many items, 1 to 500; 50 when not given.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<i64>,
    /// Where the previous page ended, from its `next_cursor`.
    cursor: Option<String>,
}

fn person(body: &Value) -> Option<Uuid> {
    body.get("person_id").and_then(Value::as_str).and_then(|id| Uuid::parse_str(id).ok())
}

/// List no-rehire flags.
///
/// In the order in which they were raised. A caller who is limited to legal entities sees flags of people who work or
/// worked there, and may get fewer items than the limit on a page.
#[utoipa::path(get, path = "/v1/no-rehire-flags", tag = "no-rehire-flags", params(NoRehireFlagFilters),
    responses((status = 200, description = "A page of flags", body = Page<NoRehireFlagView>)))]
async fn list(
    State(app): State<App>,
    session: Session,
    Params(asked): Params<NoRehireFlagFilters>,
) -> Result<Json<Page<Seen<NoRehireFlagView>>>, Problem> {
    let filters = [
        one_value("state", asked.state.map(<&'static str>::from)),
        one_value("person_id", asked.person_id),
        one_value("reason", asked.reason.map(<&'static str>::from)),
    ];
    let paging = Paging { order: asked.order, limit: asked.limit, cursor: asked.cursor };
    let filters = filters.into_iter().flatten().collect();
    let mut listed: Listed<Value> = reading::list(&app, &session, &FLAGS, filters, None, &paging, mask).await?;
    if session.legal_entities().is_some() {
        let persons: BTreeSet<Uuid> = listed.items.iter().filter_map(person).collect();
        let visible = visible_persons(&app, &session, &persons).await?;
        listed.items.retain(|body| person(body).is_some_and(|person| visible.contains(&person)));
    }
    let items = listed.items.into_iter().map(typed).collect::<Result<_, _>>()?;
    Ok(Json(Listed { items, next_cursor: listed.next_cursor }.into()))
}

/// Read a no-rehire flag.
///
/// The person concerned sees state, clause, expiry and appeal route of their own; nobody but them, people operations and
/// compliance sees it at all.
#[utoipa::path(get, path = "/v1/no-rehire-flags/{id}", tag = "no-rehire-flags", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The flag, its version as `ETag`", body = NoRehireFlagView)))]
async fn read(State(app): State<App>, session: Session, id: Id) -> Result<One<Seen<NoRehireFlagView>>, Problem> {
    let (document, body) = reading::document(&app, &session, &FLAGS, id.0).await?;
    let person = person(&body).ok_or_else(Problem::not_found)?;
    if !may_see(&app, &session, person).await? {
        return Err(Problem::not_found());
    }
    one(&app, &session, document, mask).await
}
