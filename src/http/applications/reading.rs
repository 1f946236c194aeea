//! `GET /v1/applications`, `GET /v1/pipeline` and `GET /v1/my/applications`: masked by role, each with the name that the
//! departure's record holds and the title of the position.

use std::collections::{BTreeSet, HashMap};

use aggregates::application::Channel;
use axum::Json;
use axum::extract::State;
use projections::applications::Application;
use projections::members::Member;
use projections::pipeline::PipelineEntry;
use projections::requisitions::Requisition;
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{come_to, unknown};
use crate::gather::application::interviewed_by;
use crate::http::App;
use crate::http::departures::reading::leavers;
use crate::http::names;
use crate::http::problem::Problem;
use crate::http::reading::{self, Listed, Order, Paging, typed};
use crate::http::request::{Id, Line, Params, Reach, Session, one_of};
use crate::http::scope::{by_id, reads_as};
use crate::http::views::applications::{ApplicationState, ApplicationView, mask};
use crate::http::views::pipeline::{PipelineView, shape};
use crate::http::views::{One, Page, Seen, entity_filter, one_value, table};
use crate::identity::Role;
use crate::ledger::{PageQuery, TableId};

/// The read models.
const APPLICATIONS: TableId = table::<Application>();
const PIPELINE: TableId = table::<PipelineEntry>();

/// Where a document says, until it leaves, by whose departure the person is named.
const NAMED_BY: &str = "named_by";

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(read)).routes(routes!(pipeline)).routes(routes!(mine))
}

/// Which applications.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct ApplicationFilters {
    /// How far they have come.
    #[param(inline)]
    state: Option<ApplicationState>,
    /// The position.
    requisition_id: Option<Uuid>,
    /// The entity that hires.
    #[param(value_type = Option<String>)]
    legal_entity: Option<Line>,
    /// All applications of one human being.
    person_id: Option<Uuid>,
    /// All applications of one membership.
    member_id: Option<Uuid>,
    /// Who owns the case: an id of the actor directory.
    owner: Option<Uuid>,
    /// The recruiter in charge: an id of the actor directory.
    recruiter: Option<Uuid>,
    /// The manager who hires: an id of the actor directory.
    hiring_manager: Option<Uuid>,
    /// How they came in.
    #[param(schema_with = one_of::<Channel>)]
    channel: Option<Channel>,
    /// The referral that they are credited to.
    referral_id: Option<Uuid>,
    /// Whether they rest.
    on_hold: Option<bool>,
    /// Part of a name at a departure (at least two characters, as written or in katakana).
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

type Filters = Vec<(&'static str, Vec<String>)>;

fn yes_no(name: &'static str, value: Option<bool>) -> Option<(&'static str, Vec<String>)> {
    one_value(name, value.map(|yes| if yes { "yes" } else { "no" }))
}

/// What a caller's reach leaves of a list: everything of their entities, their own, or what is assigned to them.
async fn reached(
    app: &App,
    session: &Session,
    legal_entity: Option<Line>,
) -> Result<(Filters, Option<Vec<Uuid>>), Problem> {
    let actor = session.actor.to_string();
    // Whoever comes by what is theirs, or assigned to them, is not held to the entities of their token.
    let entity = match session.reach {
        Reach::All => entity_filter(session, legal_entity),
        Reach::Own | Reach::Assigned => one_value("legal_entity", legal_entity.map(|line| line.0)),
    };
    let (whose, cases) = match (session.reach, session.role) {
        (Reach::Own, _) => (Some(("account", vec![actor])), None),
        (Reach::Assigned, Role::Interviewer) => {
            let cases = interviewed_by(app.dispatcher(), &session.employer, session.actor).await.map_err(unknown)?;
            (None, Some(cases.into_iter().collect()))
        }
        (Reach::Assigned, _) => (Some(("hiring_manager", vec![actor])), None),
        (Reach::All, _) => (None, None),
    };
    Ok((whose.into_iter().chain(entity).collect(), cases))
}

/// What a filter would tell of a case that the person whose it is does not see.
const HIDDEN: &str = "GET /v1/applications?state&on_hold&owner&recruiter&hiring_manager";

/// List applications.
///
/// In the order in which they were handed in. Hiring managers see those of their requisitions, interviewers those in which
/// they owe a scorecard, alumni their own.
#[utoipa::path(get, path = "/v1/applications", tag = "applications", params(ApplicationFilters),
    responses((status = 200, description = "A page of applications", body = Page<ApplicationView>)))]
async fn list(
    State(app): State<App>,
    session: Session,
    Params(asked): Params<ApplicationFilters>,
) -> Result<Json<Page<Seen<ApplicationView>>>, Problem> {
    let hidden: Filters = [
        one_value("state", asked.state.map(<&'static str>::from)),
        one_value("owner", asked.owner),
        one_value("recruiter", asked.recruiter),
        one_value("hiring_manager", asked.hiring_manager),
        yes_no("on_hold", asked.on_hold),
    ]
    .into_iter()
    .flatten()
    .collect();
    // What is decided about them meanwhile is not told by a filter either.
    let tells = !hidden.is_empty();
    if session.reach == Reach::Own && tells {
        return Err(Problem::forbidden(HIDDEN).reason("own_state"));
    }
    let (mut filters, ids) = reached(&app, &session, asked.legal_entity).await?;
    let more = [
        one_value("requisition_id", asked.requisition_id),
        one_value("person_id", asked.person_id),
        one_value("member_id", asked.member_id),
        one_value("channel", asked.channel.map(<&'static str>::from)),
        one_value("referral_id", asked.referral_id),
    ];
    filters.extend(more.into_iter().flatten().chain(hidden));
    filters.extend(names::persons(&app, &session, asked.q.as_deref()).await?);
    let paging = Paging { order: asked.order, limit: asked.limit, cursor: asked.cursor };
    let mut listed = listed_cases(&app, &session, filters, ids, &paging).await?;
    listed.items.retain(|case| !tells || case.get(NAMED_BY).is_some());
    Ok(Json(finished(&app, &session, listed).await?.into()))
}

/// A page of cases, masked; whoever is named is named by [`NAMED_BY`], which the caller's own case has not.
async fn listed_cases(
    app: &App,
    session: &Session,
    filters: Filters,
    ids: Option<Vec<Uuid>>,
    paging: &Paging,
) -> Result<Listed<Value>, Problem> {
    reading::list(app, session, &APPLICATIONS, filters, ids, paging, seen_today(app, session)).await
}

async fn finished(
    app: &App,
    session: &Session,
    listed: Listed<Value>,
) -> Result<Listed<Seen<ApplicationView>>, Problem> {
    let items = told(app, session, listed.items).await?;
    let items = items.into_iter().map(typed).collect::<Result<_, _>>()?;
    Ok(Listed { items, next_cursor: listed.next_cursor })
}

/// Read an application. The person reads their own, in words that tell nothing of what is decided meanwhile.
#[utoipa::path(get, path = "/v1/applications/{id}", tag = "applications", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The application, its version as `ETag`", body = ApplicationView)))]
async fn read(State(app): State<App>, session: Session, id: Id) -> Result<One<Seen<ApplicationView>>, Problem> {
    let (session, _) = come_to(&app, &session, id.0).await?;
    let (document, _) = reading::document(&app, &session, &APPLICATIONS, id.0).await?;
    let version = document.version;
    let seen = reading::present(&app, &session, vec![document], seen_today(&app, &session)).await?;
    let body = told(&app, &session, seen).await?.pop().ok_or_else(Problem::not_found)?;
    Ok(One::new(typed(body)?, version))
}

/// Read one's own applications: where each stands, when and where its interviews are, and the clause of a refusal.
#[utoipa::path(get, path = "/v1/my/applications", tag = "my", params(Paging),
    responses((status = 200, description = "A page of the caller's applications", body = Page<ApplicationView>)))]
async fn mine(
    State(app): State<App>,
    session: Session,
    Params(paging): Params<Paging>,
) -> Result<Json<Page<Seen<ApplicationView>>>, Problem> {
    let session = Session { reach: Reach::Own, ..session };
    let filters = vec![("account", vec![session.actor.to_string()])];
    let listed = listed_cases(&app, &session, filters, None, &paging).await?;
    Ok(Json(finished(&app, &session, listed).await?.into()))
}

/// Masks a document as it is seen today, and keeps by which departure the person is named.
fn seen_today(app: &App, session: &Session) -> impl Fn(&Session, &mut Value) + use<> {
    let today = session.employer.local_date(app.dispatcher().ledger().now());
    move |session, body| {
        let departure = body.pointer("/eligibility/facts/stints/0/departure_id").cloned();
        let (_, reach) = reads_as(session, body);
        mask(session, today, body);
        if reach != Reach::Own {
            body[NAMED_BY] = departure.unwrap_or(Value::Null);
        }
    }
}

fn id_in(body: &Value, member: &str) -> Option<Uuid> {
    body.get(member).and_then(Value::as_str).and_then(|id| Uuid::parse_str(id).ok())
}

async fn titles(app: &App, session: &Session, bodies: &[Value]) -> Result<HashMap<Uuid, Requisition>, Problem> {
    let ids: BTreeSet<Uuid> = bodies.iter().filter_map(|body| id_in(body, "requisition_id")).collect();
    by_id::<Requisition>(app, session, &ids).await
}

/// Adds names and titles to what the caller sees.
async fn told(app: &App, session: &Session, mut bodies: Vec<Value>) -> Result<Vec<Value>, Problem> {
    let titles = titles(app, session, &bodies).await?;
    let departures: BTreeSet<Uuid> = bodies.iter().filter_map(|body| id_in(body, NAMED_BY)).collect();
    let leavers = leavers(app, session, departures.into_iter().collect()).await?;
    for body in &mut bodies {
        let title = id_in(body, "requisition_id").and_then(|id| titles.get(&id)).map(|one| one.title.clone());
        let name = id_in(body, NAMED_BY).and_then(|id| leavers.get(&id)).and_then(|leaver| leaver.name.clone());
        let Some(members) = body.as_object_mut() else { continue };
        members.insert("title".to_owned(), json!(title));
        if members.remove(NAMED_BY).is_some() {
            members.insert("name".to_owned(), json!(name));
        }
    }
    Ok(bodies)
}

/// Which cases.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct PipelineFilters {
    /// How far they have come.
    #[param(inline)]
    state: Option<ApplicationState>,
    /// The position.
    requisition_id: Option<Uuid>,
    /// The entity that hires.
    #[param(value_type = Option<String>)]
    legal_entity: Option<Line>,
    /// Who owns the case: an id of the actor directory.
    owner: Option<Uuid>,
    /// The recruiter in charge: an id of the actor directory.
    recruiter: Option<Uuid>,
    /// The manager who hires: an id of the actor directory.
    hiring_manager: Option<Uuid>,
    /// How they came in.
    #[param(schema_with = one_of::<Channel>)]
    channel: Option<Channel>,
    /// Whether they rest.
    on_hold: Option<bool>,
    /// Part of a name at a departure (at least two characters, as written or in katakana).
    #[param(max_length = 200, example = "山田")]
    q: Option<String>,
    /// By which day; `due_on` when not given.
    #[param(inline)]
    sort: Option<PipelineSort>,
    /// In which direction; `asc` when not given.
    #[param(inline)]
    order: Option<Order>,
    /// How many items, 1 to 500; 50 when not given.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<i64>,
    /// Where the previous page ended, from its `next_cursor`.
    cursor: Option<String>,
}

/// What the pipeline is sorted by; the rest by what is due first.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum PipelineSort {
    /// The first day by which something is due.
    DueOn,
    /// Since when the case has stood where it does.
    StageSince,
    /// When it was handed in.
    SubmittedOn,
}

impl PipelineSort {
    /// The filter of the read model that says it; none for the order of the model itself.
    const fn filter(self) -> Option<&'static str> {
        match self {
            Self::DueOn => None,
            Self::StageSince => Some("stage_since"),
            Self::SubmittedOn => Some("submitted_on"),
        }
    }
}

/// Read the pipeline: every live case, what is due first coming first, or sorted by another day.
///
/// Hiring managers see the cases of their requisitions.
#[utoipa::path(get, path = "/v1/pipeline", tag = "pipeline", params(PipelineFilters),
    responses((status = 200, description = "A page of live cases", body = Page<PipelineView>)))]
async fn pipeline(
    State(app): State<App>,
    session: Session,
    Params(asked): Params<PipelineFilters>,
) -> Result<Json<Page<Seen<PipelineView>>>, Problem> {
    let (mut filters, ids) = reached(&app, &session, asked.legal_entity).await?;
    let more = [
        yes_no("live", Some(true)),
        one_value("state", asked.state.map(<&'static str>::from)),
        one_value("requisition_id", asked.requisition_id),
        one_value("owner", asked.owner),
        one_value("recruiter", asked.recruiter),
        one_value("hiring_manager", asked.hiring_manager),
        one_value("channel", asked.channel.map(<&'static str>::from)),
        yes_no("on_hold", asked.on_hold),
    ];
    filters.extend(more.into_iter().flatten().chain(names::persons(&app, &session, asked.q.as_deref()).await?));
    let by = asked.sort.and_then(PipelineSort::filter);
    let paging = Paging { order: asked.order, limit: asked.limit, cursor: asked.cursor };
    let today = session.employer.local_date(app.dispatcher().ledger().now());
    let acting = app.permissions().granted("GET", "/v1/applications/{id}", &session.caller.roles);
    let shaped = |session: &Session, body: &mut Value| shape(session, &acting, today, body);
    let asked_for = PageQuery { filters, ids, by, ..PageQuery::default() };
    let mut listed: Listed<Value> = reading::sorted(&app, &session, &PIPELINE, asked_for, &paging, shaped).await?;
    let members: BTreeSet<Uuid> = listed.items.iter().filter_map(|body| id_in(body, "member_id")).collect();
    let members = by_id::<Member>(&app, &session, &members).await?;
    // How far one's own case has come, and what is due in it, is not the candidate's to read.
    listed.items.retain(|body| {
        let member = id_in(body, "member_id").and_then(|id| members.get(&id));
        member.is_none_or(|member| member.account != Some(session.actor))
    });
    for body in &mut listed.items {
        let departure = id_in(body, "member_id").and_then(|id| members.get(&id)).and_then(|one| one.departure_id);
        body[NAMED_BY] = json!(departure);
    }
    let items = told(&app, &session, listed.items).await?;
    let items = items.into_iter().map(typed).collect::<Result<_, _>>()?;
    Ok(Json(Listed { items, next_cursor: listed.next_cursor }.into()))
}
