//! `GET /v1/departures`: found by field or by name, masked by role.

use std::collections::HashMap;

use aggregates::values::Verdict;
use axum::Json;
use axum::extract::State;
use projections::departures::Departure;
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::http::App;
use crate::http::names;
use crate::http::own::must_be_own_departure;
use crate::http::pay_history::kept_back;
use crate::http::problem::Problem;
use crate::http::reading::{self, Order, Paging};
use crate::http::request::{Id, Line, Params, Reach, Session, one_of};
use crate::http::views::departures::{DepartureState, DepartureView, mask};
use crate::http::views::{One, Page, Seen, entity_filter, in_scope, one, one_value, only, table};
use crate::identity::Role;
use crate::ledger::{PageQuery, TableId, Waited};
use crate::search::DEPARTURE_WORDS;

/// The read model.
pub(in crate::http) const DEPARTURES: TableId = table::<Departure>();

/// How many departures are looked up at once.
pub(in crate::http) const MOST: i64 = 500;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(read))
}

/// Which departures.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct DepartureFilters {
    /// How far they have come.
    #[param(inline)]
    state: Option<DepartureState>,
    /// The entity that employed the person.
    #[param(value_type = Option<String>)]
    legal_entity: Option<Line>,
    /// The number of the period that ended.
    #[param(value_type = Option<String>)]
    employee_number: Option<Line>,
    /// All departures of one human being.
    person_id: Option<Uuid>,
    /// The verdict that others may rely on.
    #[param(schema_with = one_of::<Verdict>)]
    verdict: Option<Verdict>,
    /// The department at exit.
    #[param(value_type = Option<String>)]
    department: Option<Line>,
    /// Part of a name (at least two characters, as written or in katakana), or a whole mail address. For people operations.
    #[param(max_length = 200, example = "山田")]
    q: Option<String>,
    /// In which direction; `asc` when not given.
    #[param(inline)]
    order: Option<Order>,
    /// How many items, 1 to 500; 50 when not given.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<i64>,
    /// Where the previous page ended, from its `next_cursor`.
    cursor: Option<String>,
}

/// List departures.
///
/// In the order in which they were recorded. Recruiters see verdict and clause, never why somebody left, when they were
/// born or what they earned.
#[utoipa::path(get, path = "/v1/departures", tag = "departures", params(DepartureFilters),
    responses((status = 200, description = "A page of departures", body = Page<DepartureView>)))]
async fn list(
    State(app): State<App>,
    session: Session,
    Params(asked): Params<DepartureFilters>,
) -> Result<Json<Page<Seen<DepartureView>>>, Problem> {
    let ids = match names::given(asked.q.as_deref()) {
        Some(_) if session.role != Role::PeopleOps => {
            return Err(Problem::forbidden("GET /v1/departures?q").reason("name_search"));
        }
        Some(text) => Some(names::found(&app, &session, DEPARTURE_WORDS, text).await?),
        None => None,
    };
    let filters = [
        one_value("state", asked.state.map(<&'static str>::from)),
        one_value("employee_number", asked.employee_number.map(|line| line.0)),
        one_value("person_id", asked.person_id),
        one_value("verdict", asked.verdict.map(<&'static str>::from)),
        one_value("department", asked.department.map(|line| line.0)),
        entity_filter(&session, asked.legal_entity),
    ];
    let paging = Paging { order: asked.order, limit: asked.limit, cursor: asked.cursor };
    let filters = filters.into_iter().flatten().collect();
    let session = kept_back(&app, session).await?;
    Ok(Json(reading::list(&app, &session, &DEPARTURES, filters, ids, &paging, mask).await?.into()))
}

/// Read a departure.
///
/// Everybody but people operations, compliance and executives sees it masked; the person themselves sees their own data. Where
/// the pay policy of the entity says that a law bans pay history, people operations do not see exit pay (PAY-07).
#[utoipa::path(get, path = "/v1/departures/{id}", tag = "departures", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The departure, its version as `ETag`", body = DepartureView)))]
async fn read(State(app): State<App>, session: Session, id: Id) -> Result<One<Seen<DepartureView>>, Problem> {
    let (document, body) = reading::document(&app, &session, &DEPARTURES, id.0).await?;
    if !in_scope(&session, &body) {
        return Err(Problem::not_found());
    }
    if session.reach == Reach::Own {
        must_be_own_departure(&app, &session, id.0).await?;
    }
    let session = kept_back(&app, session).await?;
    one(&app, &session, document, mask).await
}

/// What other pages show of a departure.
#[derive(Clone, Debug, Default)]
pub(in crate::http) struct Leaver {
    /// The entity that employed the person.
    pub(in crate::http) legal_entity: String,
    /// Whether the person stayed.
    pub(in crate::http) rescinded: bool,
    /// The person's name, unless it has been erased.
    pub(in crate::http) name: Option<String>,
    /// The person's private mail address, if it is known.
    pub(in crate::http) email: Option<String>,
}

/// Those of these departures that there are, whatever the caller's entities; at most [`MOST`] are asked for at once.
pub(in crate::http) async fn leavers(
    app: &App,
    session: &Session,
    ids: Vec<Uuid>,
) -> Result<HashMap<Uuid, Leaver>, Problem> {
    let query = PageQuery { ids: Some(ids), limit: MOST, ..PageQuery::default() };
    let page = match app.dispatcher().ledger().page(&DEPARTURES, &session.employer.name, &query).await? {
        Waited::Ready(page) => page,
        Waited::Behind => return Err(Problem::behind()),
    };
    let shown =
        |_: &Session, body: &mut Value| only(body, &["id", "state", "legal_entity", "person.name", "person.email"]);
    let bodies: Vec<Value> = reading::present(app, session, page.documents, shown).await?;
    let text = |body: &Value, pointer: &str| body.pointer(pointer).and_then(Value::as_str).map(ToOwned::to_owned);
    let leavers = bodies.iter().filter_map(|body| {
        let leaver = Leaver {
            legal_entity: text(body, "/legal_entity")?,
            rescinded: text(body, "/state")? == "rescinded",
            name: text(body, "/person/name"),
            email: text(body, "/person/email"),
        };
        Some((Uuid::parse_str(&text(body, "/id")?).ok()?, leaver))
    });
    Ok(leavers.collect())
}
