//! `GET /v1/tasks`: what waits for the caller, oldest due first.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use aggregates::ids::ActorId;
use axum::Json;
use axum::extract::State;
use projections::applications::Application;
use projections::departures::Departure;
use projections::employments::Employment;
use projections::members::Member;
use projections::model::ReadModel;
use projections::no_rehire_flags::NoRehireFlag;
use projections::offers::Offer;
use projections::pay_policies::PayPolicy;
use projections::programme_policies::ProgrammePolicy;
use projections::referrals::Referral;
use projections::requisitions::Requisition;
use projections::reward_plans::RewardPlan;
use projections::rewards::Reward;
use projections::tasks::{Audience, Kind, Task};
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::App;
use super::problem::Problem;
use super::reading::{Listed, Paging, cursor_after, present, typed};
use super::request::{Params, Session, one_of};
use super::scope::{by_id, visible_persons};
use super::views::tasks::{TaskView, mask};
use super::views::{Page, Seen, table};
use crate::identity::Role;
use crate::ledger::{After, Document, PageQuery, TableId, Waited};

/// The read model.
const TASKS: TableId = table::<Task>();

/// How often a page is filled up when tasks on it are not for the caller; then a shorter page is answered.
const ROUNDS: usize = 5;

/// The routes.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}

/// Which tasks.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct TaskFilters {
    /// What is to be done.
    #[param(schema_with = one_of::<Kind>)]
    kind: Option<Kind>,
    /// Those about one human being.
    person_id: Option<Uuid>,
    /// How many items, 1 to 500; 50 when not given.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<i64>,
    /// Where the previous page ended, from its `next_cursor`.
    cursor: Option<String>,
}

/// List what waits for the caller, oldest due first.
///
/// What waits for one of the caller's roles, and what waits for the caller; without what needs another person, because
/// the caller has already had a hand in it. A page may hold fewer items than the limit before the last one.
#[utoipa::path(get, path = "/v1/tasks", tag = "tasks", params(TaskFilters),
    responses((status = 200, description = "A page of tasks", body = Page<TaskView>)))]
async fn list(
    State(app): State<App>,
    session: Session,
    Params(asked): Params<TaskFilters>,
) -> Result<Json<Page<Seen<TaskView>>>, Problem> {
    let paging = Paging { order: None, limit: asked.limit, cursor: asked.cursor.clone() };
    let limit = paging.limit()?;
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let sources = sources(&session, &asked);
    let mut after = paging.after(None)?;
    let mut taken: Vec<Document> = Vec::new();
    let mut next_cursor = None;
    for _ in 0..ROUNDS {
        let (documents, more) = merged(&app, &session, &sources, after.as_ref(), limit).await?;
        let visible = visible(&app, &session, &documents).await?;
        let mut left = documents.len();
        for document in documents {
            left -= 1;
            let place = After { by: None, sort_key: document.sort_key.clone(), id: document.id };
            next_cursor = Some(cursor_after(&place));
            after = Some(place);
            if visible.contains(&document.id) {
                taken.push(document);
            }
            if taken.len() == wanted {
                break;
            }
        }
        if left == 0 && !more {
            next_cursor = None;
            break;
        }
        if taken.len() == wanted {
            break;
        }
    }
    let bodies: Vec<Value> = present(&app, &session, taken, |_, body| mask(body)).await?;
    let items = bodies.into_iter().map(typed).collect::<Result<_, _>>()?;
    Ok(Json(Listed { items, next_cursor }.into()))
}

/// The audiences that the caller belongs to.
fn audiences(session: &Session) -> Vec<String> {
    [
        (Role::PeopleOps, Audience::PeopleOps),
        (Role::ProgrammeAdmin, Audience::ProgrammeAdmin),
        (Role::Compliance, Audience::Compliance),
        (Role::Recruiter, Audience::Recruiter),
        (Role::Compensation, Audience::ExceptionDeciders),
        (Role::Executive, Audience::ExceptionDeciders),
        (Role::Compensation, Audience::Explainers),
        (Role::PeopleOps, Audience::Explainers),
        (Role::Compensation, Audience::OfferApprovers),
        (Role::PeopleOps, Audience::OfferApprovers),
        (Role::Executive, Audience::OfferApprovers),
    ]
    .into_iter()
    .filter(|(role, _)| session.has(*role))
    .map(|(_, audience)| <&'static str>::from(audience).to_owned())
    .collect()
}

/// Where the caller's tasks are found: those of their roles, and those of their account.
fn sources(session: &Session, asked: &TaskFilters) -> [PageQuery; 2] {
    let mut narrowed: Vec<(&'static str, Vec<String>)> = Vec::new();
    narrowed.extend(asked.kind.map(|kind| ("kind", vec![<&'static str>::from(kind).to_owned()])));
    narrowed.extend(asked.person_id.map(|person| ("person_id", vec![person.to_string()])));
    let with = |one: (&'static str, Vec<String>)| {
        let filters = narrowed.iter().cloned().chain([one]).collect();
        PageQuery { filters, ..PageQuery::default() }
    };
    [with(("audience", audiences(session))), with(("account", vec![session.actor.to_string()]))]
}

/// The first tasks of all sources after a place, in order, and whether there are more.
async fn merged(
    app: &App,
    session: &Session,
    sources: &[PageQuery],
    after: Option<&After>,
    limit: i64,
) -> Result<(Vec<Document>, bool), Problem> {
    let mut found = BTreeMap::new();
    let mut more = false;
    for source in sources {
        let query = PageQuery { after: after.cloned(), limit, ..source.clone() };
        let page = match app.dispatcher().ledger().page(&TASKS, &session.employer.name, &query).await? {
            Waited::Ready(page) => page,
            Waited::Behind => return Err(Problem::behind()),
        };
        more |= page.next.is_some();
        found.extend(page.documents.into_iter().map(|document| ((document.sort_key.clone(), document.id), document)));
    }
    let mut documents: Vec<Document> = found.into_values().collect();
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    more |= documents.len() > wanted;
    documents.truncate(wanted);
    Ok((documents, more))
}

/// Those of these tasks that the caller may do and see.
async fn visible(app: &App, session: &Session, documents: &[Document]) -> Result<BTreeSet<Uuid>, Problem> {
    let mut tasks: Vec<Task> = Vec::with_capacity(documents.len());
    for document in documents {
        tasks.push(typed(serde_json::from_str(&document.body).unwrap_or(Value::Null))?);
    }
    tasks.retain(|task| may_do(task, session.actor));
    if session.legal_entities().is_some() {
        tasks = in_scope(app, session, tasks).await?;
    }
    Ok(tasks.into_iter().map(|task| task.id).collect())
}

fn may_do(task: &Task, actor: ActorId) -> bool {
    !task.not_by.contains(&actor)
}

/// Those of these tasks that lie in entities the caller may see, or are the caller's own.
async fn in_scope(app: &App, session: &Session, tasks: Vec<Task>) -> Result<Vec<Task>, Problem> {
    let subjects = |collection: &str| -> BTreeSet<Uuid> {
        tasks.iter().filter(|task| task.subject.collection == collection).map(|task| task.subject.id).collect()
    };
    let members = by_id::<Member>(app, session, &subjects("members")).await?;
    let flags = by_id::<NoRehireFlag>(app, session, &subjects("no-rehire-flags")).await?;
    let employments = by_id::<Employment>(app, session, &subjects("employments")).await?;
    let mut wanted = subjects("departures");
    wanted.extend(members.values().filter_map(|member| member.departure_id).map(|id| id.0));
    let departures = by_id::<Departure>(app, session, &wanted).await?;
    let entities = Entities::of(app, session, &tasks).await?;
    let mut persons = subjects("persons");
    persons.extend(flags.values().map(|flag| flag.person_id.0));
    let persons = visible_persons(app, session, &persons).await?;
    let departure = |id: &Uuid| departures.get(id).is_some_and(|departure| session.covers(&departure.legal_entity));
    let covered = |task: &Task| {
        let id = &task.subject.id;
        match task.subject.collection.as_str() {
            "departures" => departure(id),
            "members" => members.get(id).and_then(|member| member.departure_id).is_some_and(|id| departure(&id.0)),
            "employments" => employments.get(id).is_some_and(|employment| session.covers(&employment.legal_entity)),
            "no-rehire-flags" => flags.get(id).is_some_and(|flag| persons.contains(&flag.person_id.0)),
            "persons" => persons.contains(id),
            collection => entities.covered(session, collection, *id),
        }
    };
    Ok(tasks.iter().filter(|task| task.audience == Audience::Account || covered(task)).cloned().collect())
}

/// The entities of the things of cases: each says its own.
struct Entities(HashMap<(&'static str, Uuid), String>);

impl Entities {
    async fn of(app: &App, session: &Session, tasks: &[Task]) -> Result<Self, Problem> {
        let mut entities = Self(HashMap::new());
        entities.take::<Requisition>(app, session, tasks, "requisitions", |one| &one.legal_entity).await?;
        entities.take::<Application>(app, session, tasks, "applications", |one| &one.legal_entity).await?;
        entities.take::<Offer>(app, session, tasks, "offers", |one| &one.legal_entity).await?;
        entities.take::<Referral>(app, session, tasks, "referrals", |one| &one.legal_entity).await?;
        entities.take::<Reward>(app, session, tasks, "rewards", |one| &one.legal_entity).await?;
        entities.take::<RewardPlan>(app, session, tasks, "reward-plans", |one| &one.legal_entity).await?;
        entities.take::<PayPolicy>(app, session, tasks, "pay-policies", |one| &one.legal_entity).await?;
        entities.take::<ProgrammePolicy>(app, session, tasks, "programme-policies", |one| &one.legal_entity).await?;
        Ok(entities)
    }

    async fn take<M: ReadModel>(
        &mut self,
        app: &App,
        session: &Session,
        tasks: &[Task],
        collection: &'static str,
        entity: fn(&M) -> &str,
    ) -> Result<(), Problem> {
        let about = tasks.iter().filter(|task| task.subject.collection == collection);
        let found = by_id::<M>(app, session, &about.map(|task| task.subject.id).collect()).await?;
        self.0.extend(found.iter().map(|(id, one)| ((collection, *id), entity(one).to_owned())));
        Ok(())
    }

    fn covered(&self, session: &Session, collection: &str, id: Uuid) -> bool {
        let mut known = self.0.iter();
        known.any(|((kind, one), entity)| *kind == collection && *one == id && session.covers(entity))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use aggregates::catalogue::HrEvent;
    use aggregates::ids::{ActorId, PersonId};
    use aggregates::person::PersonEvent;
    use chrono::{DateTime, NaiveDate};
    use projections::model::{ReadModel as _, Recorded, Route};
    use projections::tasks::Task;
    use uuid::Uuid;

    use super::may_do;

    #[test]
    fn what_needs_another_person_is_not_for_whoever_had_a_hand_in_it() {
        let (older, newer) = (PersonId(Uuid::from_u128(1)), PersonId(Uuid::from_u128(2)));
        let noted = Recorded {
            position: 5,
            stream_id: newer.0,
            sequence: 1,
            recorded_at: DateTime::from_timestamp(1_800_000_000, 0).unwrap(),
            on: NaiveDate::from_ymd_opt(2027, 10, 1).unwrap(),
            actor: None,
            role: None,
            subject: Some(newer),
            event: HrEvent::Person(PersonEvent::PossibleMatchNoted {
                person_id: newer,
                other: older,
                evidence: vec![],
            }),
        };
        let Some(Route::One(id)) = Task::routes(&noted).pop() else { panic!("no task") };
        let mut task = Task::fold(id, None, &noted).unwrap();
        let (one, other) = (ActorId(Uuid::from_u128(3)), ActorId(Uuid::from_u128(4)));
        task.not_by = BTreeSet::from([one]);
        assert!(!may_do(&task, one) && may_do(&task, other));
    }
}
