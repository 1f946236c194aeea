//! `GET /v1/members`: masked by role, each with the name that its departure's record holds.

use std::collections::{BTreeSet, HashMap};

use axum::Json;
use axum::extract::State;
use projections::members::Member;
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::http::App;
use crate::http::departures::reading::{Leaver, MOST, leavers};
use crate::http::problem::Problem;
use crate::http::reading::{self, Listed, Order, Paging, typed};
use crate::http::request::{Id, Params, Reach, Session};
use crate::http::views::members::{MemberState, MemberView, YesNoView, mask};
use crate::http::views::{One, Page, Seen, one_value, table};
use crate::ledger::{Document, PageQuery, TableId, Waited};

/// The read model.
pub(in crate::http) const MEMBERS: TableId = table::<Member>();

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(read))
}

/// Which memberships.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct MemberFilters {
    /// How far they have come.
    #[param(inline)]
    state: Option<MemberState>,
    /// All memberships of one human being.
    person_id: Option<Uuid>,
    /// Those that follow one departure.
    departure_id: Option<Uuid>,
    /// Whether somebody has to look before the person may come back.
    #[param(inline)]
    review_required: Option<YesNoView>,
    /// In which direction; `asc` when not given.
    #[param(inline)]
    order: Option<Order>,
    /// How many items, 1 to 500; 50 when not given.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<i64>,
    /// Where the previous page ended, from its `next_cursor`.
    cursor: Option<String>,
}

/// List memberships.
///
/// In the order of registration. Recruiters see contact details of active members while a consent to `contact` or
/// `jobs` stands. A caller
/// who is limited to legal entities sees the members who left those, and may get fewer items than the limit on a page.
#[utoipa::path(get, path = "/v1/members", tag = "members", params(MemberFilters),
    responses((status = 200, description = "A page of memberships", body = Page<MemberView>)))]
async fn list(
    State(app): State<App>,
    session: Session,
    Params(asked): Params<MemberFilters>,
) -> Result<Json<Page<Seen<MemberView>>>, Problem> {
    let filters = [
        one_value("state", asked.state.map(<&'static str>::from)),
        one_value("person_id", asked.person_id),
        one_value("departure_id", asked.departure_id),
        one_value("review_required", asked.review_required.map(<&'static str>::from)),
    ];
    let paging = Paging { order: asked.order, limit: asked.limit, cursor: asked.cursor };
    let filters = filters.into_iter().flatten().collect();
    let listed: Listed<Value> = reading::list(&app, &session, &MEMBERS, filters, None, &paging, mask).await?;
    let items = named(&app, &session, listed.items).await?;
    let items = items.into_iter().map(typed).collect::<Result<_, _>>()?;
    Ok(Json(Listed { items, next_cursor: listed.next_cursor }.into()))
}

/// Read a membership. Members read their own.
#[utoipa::path(get, path = "/v1/members/{id}", tag = "members", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The membership, its version as `ETag`", body = MemberView)))]
async fn read(State(app): State<App>, session: Session, id: Id) -> Result<One<Seen<MemberView>>, Problem> {
    let (document, body) = reading::document(&app, &session, &MEMBERS, id.0).await?;
    let account = body.get("account").and_then(Value::as_str);
    if session.reach == Reach::Own && account != Some(session.actor.to_string().as_str()) {
        return Err(Problem::not_found());
    }
    let version = document.version;
    let seen = reading::present(&app, &session, vec![document], mask).await?;
    let body = named(&app, &session, seen).await?.pop().ok_or_else(Problem::not_found)?;
    Ok(One::new(typed(body)?, version))
}

/// Whether a caller who asks about somebody else sees the membership, as its reading is limited to legal entities.
pub(super) async fn must_cover(app: &App, session: &Session, id: Uuid) -> Result<(), Problem> {
    if session.legal_entities().is_none() {
        return Ok(());
    }
    let (_, body) = reading::document(app, session, &MEMBERS, id).await?;
    named(app, session, vec![body]).await?.pop().map(drop).ok_or_else(Problem::not_found)
}

/// Adds the names to memberships as the caller sees them, and drops those that followed a departure from an entity which
/// the caller may not see.
async fn named(app: &App, session: &Session, bodies: Vec<Value>) -> Result<Vec<Value>, Problem> {
    let departure =
        |body: &Value| body.get("departure_id").and_then(Value::as_str).and_then(|id| Uuid::parse_str(id).ok());
    let mut ids: Vec<Uuid> = bodies.iter().filter_map(departure).collect();
    ids.sort_unstable();
    ids.dedup();
    let leavers = leavers(app, session, ids).await?;
    Ok(bodies.into_iter().filter_map(|body| with_name(session, &leavers, departure(&body), body)).collect())
}

fn with_name(
    session: &Session,
    leavers: &HashMap<Uuid, Leaver>,
    departure: Option<Uuid>,
    mut body: Value,
) -> Option<Value> {
    let leaver = departure.and_then(|id| leavers.get(&id));
    let limited = session.legal_entities().is_some() && session.reach == Reach::All;
    if limited && !leaver.is_some_and(|leaver| session.covers(&leaver.legal_entity)) {
        return None;
    }
    let name = leaver.and_then(|leaver| leaver.name.clone()).map_or(Value::Null, Value::from);
    if let Some(members) = body.as_object_mut() {
        members.insert("name".to_owned(), name);
    }
    Some(body)
}

/// A membership of the caller's.
#[derive(Clone, Debug)]
pub(in crate::http) struct OwnMembership {
    /// Which.
    pub(in crate::http) id: Uuid,
    /// The human being; a provisional one until a self-claim is approved.
    pub(in crate::http) person: Uuid,
    /// As it stands.
    pub(in crate::http) document: Document,
    /// The same, read.
    pub(in crate::http) member: Member,
}

/// The memberships that the caller's account bears or bore, oldest first.
pub(in crate::http) async fn own_memberships(app: &App, session: &Session) -> Result<Vec<OwnMembership>, Problem> {
    let filters = vec![("account", vec![session.actor.to_string()])];
    let query = PageQuery { filters, limit: MOST, ..PageQuery::default() };
    let page = match app.dispatcher().ledger().page(&MEMBERS, &session.employer.name, &query).await? {
        Waited::Ready(page) => page,
        Waited::Behind => return Err(Problem::behind()),
    };
    let own = page.documents.into_iter().map(|document| {
        let member: Member = typed(serde_json::from_str(&document.body).unwrap_or(Value::Null))?;
        Ok(OwnMembership { id: document.id, person: member.person_id.0, document, member })
    });
    own.collect()
}

/// The human beings that the caller's memberships say they are.
pub(in crate::http) async fn own_persons(app: &App, session: &Session) -> Result<BTreeSet<Uuid>, Problem> {
    Ok(own_memberships(app, session).await?.into_iter().map(|own| own.person).collect())
}
