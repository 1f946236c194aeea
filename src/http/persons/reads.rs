//! Reading persons: what stands between records, and the periods of employment of all records that are one person.

use std::collections::{BTreeMap, BTreeSet};

use aggregates::person::RecordClasses;
use aggregates::personal::RecordClass;
use axum::Json;
use axum::extract::State;
use chrono::{DateTime, NaiveDate, Utc};
use projections::departures::Departure;
use projections::employments::Employment;
use projections::model::ReadModel;
use projections::persons::{self, Person, Relation};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use strum::IntoEnumIterator as _;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::http::App;
use crate::http::problem::Problem;
use crate::http::reading::{self, Listed, Order, Paging};
use crate::http::request::{Id, Params, Session};
use crate::http::views::{One, Page, table};
use crate::ledger::{Document, PageQuery, TableId, Waited};

/// The read model's table.
const TABLE: TableId = table::<Person>();
/// How many records are resolved into one person at most.
const MOST_RECORDS: usize = 100;
/// How many documents are fetched at a time.
const CHUNK: usize = 1000;

/// What most needs somebody to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub(in crate::http) enum PersonState {
    /// A person of their own.
    Apart,
    /// The same as another record.
    Linked,
    /// Perhaps the same as another record.
    MatchPossible,
    /// Somebody proposed a link.
    LinkProposed,
    /// Somebody proposed to undo a link.
    UnlinkProposed,
    /// Nothing is left to decide on.
    Erased,
}

/// Whether the record is linked with another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub(in crate::http) enum LinkedFilter {
    /// It is.
    Yes,
    /// It is not.
    No,
}

/// A period of employment (在籍期間), from what its employment and its departure say.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(in crate::http) struct StintView {
    /// The record that it stands under.
    person_id: Uuid,
    legal_entity: String,
    employee_number: Option<String>,
    /// The name in that record.
    name: Option<String>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    employment_id: Option<Uuid>,
    /// `current` or `ended`.
    employment_state: Option<String>,
    departure_id: Option<Uuid>,
    /// `scheduled`, `effective` or `rescinded`.
    departure_state: Option<String>,
}

/// A membership.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(in crate::http) struct MembershipView {
    id: Uuid,
    /// The record that it stands under.
    person_id: Uuid,
    state: String,
}

/// How another record relates to this one.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(in crate::http) struct RelationView {
    /// A random id, which stays when the data behind it is erased.
    other: Uuid,
    /// Whether the other record's data has been erased. What spoke for and against the relation is not told then.
    other_erased: bool,
    /// The one of the two that keeps the relation: `If-Match` compares its version.
    asked_by: Uuid,
    /// `match_possible`, `dismissed`, `link_proposed`, `not_linked`, `linked`, `unlink_proposed` or `unlinked`.
    #[schema(examples("match_possible"))]
    standing: String,
    /// What speaks for and against it: `same_name`, `same_birth_date`, `same_email`, `overlapping_periods`.
    evidence: Vec<String>,
    reason: Option<String>,
    evidence_ref: Option<String>,
    /// Who decided, dismissed or proposed last: an id of the actor directory.
    by: Option<Uuid>,
    at: DateTime<Utc>,
}

/// That personal data was erased.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(in crate::http) struct ErasureView {
    /// The record classes.
    classes: Vec<String>,
    ground: String,
    at: DateTime<Utc>,
    /// The event that proves it.
    position: i64,
}

/// A person: one record, and what holds of all records that are linked with it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(in crate::http) struct PersonView {
    id: Uuid,
    state: PersonState,
    /// What `If-Match` compares; 0 while nothing was asked about this record.
    version: i64,
    /// The place of its latest event in the employer's log.
    position: i64,
    /// The latest name on record.
    name: Option<String>,
    /// Its reading.
    name_kana: Option<String>,
    /// The other records that are the same person.
    same_person: Vec<Uuid>,
    /// All periods of employment of these records, in order of their first day.
    stints: Vec<StintView>,
    members: Vec<MembershipView>,
    relations: Vec<RelationView>,
    erased: Vec<ErasureView>,
}

/// What a list of persons is filtered by.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct PersonFilters {
    #[param(inline)]
    state: Option<PersonState>,
    #[param(inline)]
    linked: Option<LinkedFilter>,
    /// In which direction; `asc` when not given.
    #[param(inline)]
    order: Option<Order>,
    /// How many items, 1 to 500; 50 when not given. A caller who is confined to some entities may get fewer.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<i64>,
    /// Where the previous page ended, from its `next_cursor`.
    cursor: Option<String>,
}

/// Whether this caller may see the record: somebody of an entity that they may see.
fn seen(session: &Session, person: &Person) -> bool {
    let entities =
        person.departures.iter().map(|d| &d.legal_entity).chain(person.employments.iter().map(|e| &e.legal_entity));
    session.legal_entities().is_none_or(|covered| entities.into_iter().any(|entity| covered.contains(entity)))
}

fn read<M: ReadModel>(document: &Document) -> Result<M, Problem> {
    reading::typed(serde_json::from_str(&document.body).unwrap_or_default())
}

/// Whether there is a person's record that this caller may see.
pub(in crate::http) async fn sees(app: &App, session: &Session, id: Uuid) -> Result<bool, Problem> {
    let persons = fetch::<Person>(app, session, &BTreeSet::from([id])).await?;
    Ok(persons.values().any(|person| seen(session, person)))
}

/// The streams that hold what is between the person and others: their own, and those of newer records that ask about them.
pub(in crate::http) async fn streams(app: &App, session: &Session, id: Uuid) -> Result<Vec<Uuid>, Problem> {
    let (document, _) = reading::document(app, session, &TABLE, id).await?;
    let person: Person = read(&document)?;
    if !seen(session, &person) {
        return Err(Problem::not_found());
    }
    let asked: BTreeSet<Uuid> = person.relations.iter().map(|relation| relation.asked_by.0).chain([id]).collect();
    Ok(asked.into_iter().collect())
}

/// Who may read a person at all may read what is between records.
pub(in crate::http) fn mask(_: &Session, _: &mut Value) {}

async fn fetch<M: ReadModel>(app: &App, session: &Session, ids: &BTreeSet<Uuid>) -> Result<BTreeMap<Uuid, M>, Problem> {
    let ids: Vec<Uuid> = ids.iter().copied().collect();
    let mut found = BTreeMap::new();
    for chunk in ids.chunks(CHUNK) {
        let limit = i64::try_from(chunk.len()).unwrap_or(i64::MAX);
        let query = PageQuery { ids: Some(chunk.to_vec()), limit, ..PageQuery::default() };
        match app.dispatcher().ledger().page(&table::<M>(), &session.employer.name, &query).await? {
            Waited::Behind => return Err(Problem::behind()),
            Waited::Ready(page) => {
                for document in &page.documents {
                    found.insert(document.id, read(document)?);
                }
            }
        }
    }
    Ok(found)
}

fn same_person(person: &Person) -> impl Iterator<Item = Uuid> {
    person.same_person().map(|other| other.0)
}

/// All records that are one person with these, as far as links reach.
async fn resolve(app: &App, session: &Session, known: &mut BTreeMap<Uuid, Person>) -> Result<(), Problem> {
    let enough = known.len() + MOST_RECORDS;
    loop {
        let linked: BTreeSet<Uuid> = known.values().flat_map(same_person).collect();
        let missing: BTreeSet<Uuid> = linked.into_iter().filter(|id| !known.contains_key(id)).collect();
        if missing.is_empty() || known.len() >= enough {
            return Ok(());
        }
        let more = fetch::<Person>(app, session, &missing).await?;
        if more.is_empty() {
            return Ok(());
        }
        known.extend(more);
    }
}

/// The records that are one person with `id`, itself first.
fn circle(known: &BTreeMap<Uuid, Person>, id: Uuid) -> Vec<&Person> {
    let mut found: Vec<&Person> = known.get(&id).into_iter().collect();
    let mut next = 0;
    while let Some(person) = found.get(next).copied() {
        for other in same_person(person).filter_map(|other| known.get(&other)) {
            if found.iter().all(|one| one.id != other.id) {
                found.push(other);
            }
        }
        next += 1;
    }
    found
}

/// What the records of some persons point to.
struct Records {
    departures: BTreeMap<Uuid, Departure>,
    employments: BTreeMap<Uuid, Employment>,
}

/// A period of employment while it is put together; names are sealed.
#[derive(Default)]
struct Stint {
    person_id: Uuid,
    legal_entity: String,
    employee_number: Option<String>,
    name: Value,
    name_kana: Value,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    employment: Option<(Uuid, &'static str)>,
    departure: Option<(Uuid, &'static str)>,
}

fn sealed<T: Serialize>(value: Option<&T>) -> Value {
    value.and_then(|value| serde_json::to_value(value).ok()).unwrap_or_default()
}

impl Stint {
    fn employed(person_id: Uuid, employment: &Employment) -> Self {
        let person = employment.person.as_ref();
        Self {
            person_id,
            legal_entity: employment.legal_entity.clone(),
            employee_number: employment.employee_number.clone(),
            name: sealed(person.and_then(|person| person.name.as_ref())),
            name_kana: sealed(person.and_then(|person| person.name_kana.as_ref())),
            from: employment.from,
            to: employment.to,
            employment: Some((employment.id.0, employment.state.into())),
            departure: None,
        }
    }

    fn left(person_id: Uuid, departure: &Departure) -> Self {
        Self {
            person_id,
            legal_entity: departure.legal_entity.clone(),
            employee_number: departure.employee_number.clone(),
            name: sealed(Some(&departure.person.name)),
            name_kana: sealed(departure.person.name_kana.as_ref()),
            from: departure.employment.hired_on,
            to: departure.employment.left_on,
            employment: None,
            departure: Some((departure.id.0, departure.state.into())),
        }
    }

    fn is_same(&self, other: &Self) -> bool {
        self.employee_number.is_some()
            && (&self.legal_entity, &self.employee_number, self.from)
                == (&other.legal_entity, &other.employee_number, other.from)
    }

    fn view(&self) -> Value {
        json!({
            "person_id": self.person_id,
            "legal_entity": self.legal_entity,
            "employee_number": self.employee_number,
            "name": self.name,
            "from": self.from,
            "to": self.to,
            "employment_id": self.employment.map(|(id, _)| id),
            "employment_state": self.employment.map(|(_, state)| state),
            "departure_id": self.departure.map(|(id, _)| id),
            "departure_state": self.departure.map(|(_, state)| state),
        })
    }
}

impl Records {
    async fn of(app: &App, session: &Session, persons: &BTreeMap<Uuid, Person>) -> Result<Self, Problem> {
        let departures = persons.values().flat_map(|person| person.departures.iter().map(|d| d.id.0)).collect();
        let employments = persons.values().flat_map(|person| person.employments.iter().map(|e| e.id.0)).collect();
        Ok(Self {
            departures: fetch(app, session, &departures).await?,
            employments: fetch(app, session, &employments).await?,
        })
    }

    fn stints(&self, session: &Session, circle: &[&Person]) -> Vec<Stint> {
        let mut stints: Vec<Stint> = Vec::new();
        for person in circle {
            let employments = person.employments.iter().filter_map(|e| self.employments.get(&e.id.0));
            stints.extend(employments.map(|employment| Stint::employed(person.id.0, employment)));
        }
        for person in circle {
            for departure in person.departures.iter().filter_map(|d| self.departures.get(&d.id.0)) {
                let left = Stint::left(person.id.0, departure);
                match stints.iter_mut().find(|stint| stint.departure.is_none() && stint.is_same(&left)) {
                    Some(stint) => *stint = Stint { employment: stint.employment, ..left },
                    None => stints.push(left),
                }
            }
        }
        stints.retain(|stint| session.covers(&stint.legal_entity));
        stints.sort_by_key(|stint| (stint.from.is_none(), stint.from, stint.to.is_none(), stint.to));
        stints
    }

    fn view(
        &self,
        session: &Session,
        known: &BTreeMap<Uuid, Person>,
        erased: &BTreeSet<Uuid>,
        person: &Person,
    ) -> Value {
        let relations = person.relations.iter().map(|one| relation(one, erased.contains(&one.other.0)));
        let circle = circle(known, person.id.0);
        let stints = self.stints(session, &circle);
        let latest = stints.iter().rev().find(|stint| !stint.name.is_null());
        let members = circle.iter().flat_map(|one| {
            one.members.iter().map(|member| json!({"id": member.id, "person_id": one.id, "state": member.state}))
        });
        let erasures = person.erased.iter().map(|erased| {
            json!({"classes": classes(&erased.classes), "ground": erased.ground, "at": erased.at, "position": erased.position})
        });
        json!({
            "id": person.id,
            "state": person.state,
            "version": person.version,
            "position": person.position,
            "name": latest.map(|stint| &stint.name),
            "name_kana": latest.map(|stint| &stint.name_kana),
            "same_person": circle.iter().skip(1).map(|one| one.id).collect::<Vec<_>>(),
            "stints": stints.iter().map(Stint::view).collect::<Vec<_>>(),
            "members": members.collect::<Vec<_>>(),
            "relations": relations.collect::<Vec<_>>(),
            "erased": erasures.collect::<Vec<_>>(),
        })
    }
}

/// A relation as it is shown. Of one with an erased record only the id and how it was decided: what the two had in common
/// would tell something of a person of whom nothing is left.
fn relation(relation: &Relation, other_erased: bool) -> Value {
    let mut view = serde_json::to_value(relation).unwrap_or_default();
    view["other_erased"] = json!(other_erased);
    if other_erased {
        view["evidence"] = json!([]);
        view["evidence_ref"] = Value::Null;
    }
    view
}

/// Which of the records that these persons are related to have been erased.
async fn erased(app: &App, session: &Session, known: &BTreeMap<Uuid, Person>) -> Result<BTreeSet<Uuid>, Problem> {
    let others: BTreeSet<Uuid> =
        known.values().flat_map(|person| person.relations.iter().map(|relation| relation.other.0)).collect();
    let missing = others.into_iter().filter(|id| !known.contains_key(id)).collect();
    let others = fetch::<Person>(app, session, &missing).await?;
    let gone = known.iter().chain(&others).filter(|(_, person)| person.state == persons::State::Erased);
    Ok(gone.map(|(id, _)| *id).collect())
}

fn classes(classes: &RecordClasses) -> Vec<&'static str> {
    RecordClass::iter().filter(|class| classes.contains(*class)).map(Into::into).collect()
}

async fn views(app: &App, session: &Session, persons: Vec<Person>) -> Result<Vec<PersonView>, Problem> {
    let order: Vec<Uuid> = persons.iter().map(|person| person.id.0).collect();
    let mut known: BTreeMap<Uuid, Person> = persons.into_iter().map(|person| (person.id.0, person)).collect();
    resolve(app, session, &mut known).await?;
    let records = Records::of(app, session, &known).await?;
    let erased = erased(app, session, &known).await?;
    let shown = order.iter().filter_map(|id| known.get(id));
    let mut bodies: Vec<Value> = shown.map(|person| records.view(session, &known, &erased, person)).collect();
    reading::open(app, &session.employer, &mut bodies).await?;
    bodies.into_iter().map(reading::typed).collect()
}

/// List persons, in the order in which they became known.
///
/// `state=match_possible` lists whom somebody has to look at.
#[utoipa::path(get, path = "/v1/persons", tag = "persons", params(PersonFilters),
    responses((status = 200, description = "A page", body = Page<PersonView>)))]
pub(in crate::http) async fn list(
    State(app): State<App>,
    session: Session,
    Params(asked): Params<PersonFilters>,
) -> Result<Json<Page<PersonView>>, Problem> {
    let mut filters = Vec::new();
    filters.extend(asked.state.map(|state| ("state", vec![<&str>::from(state).to_owned()])));
    filters.extend(asked.linked.map(|linked| ("linked", vec![<&str>::from(linked).to_owned()])));
    let paging = Paging { order: asked.order, limit: asked.limit, cursor: asked.cursor };
    let page = reading::list::<Person>(&app, &session, &TABLE, filters, None, &paging, |_, _| {}).await?;
    let persons = page.items.into_iter().filter(|person| seen(&session, person)).collect();
    let items = views(&app, &session, persons).await?;
    Ok(Json(Listed { items, next_cursor: page.next_cursor }.into()))
}

/// Read a person: all periods of employment of all records that are one.
#[utoipa::path(get, path = "/v1/persons/{id}", tag = "persons", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The person, the version of its record as `ETag`", body = PersonView)))]
pub(in crate::http) async fn one(State(app): State<App>, session: Session, id: Id) -> Result<One<PersonView>, Problem> {
    let (document, _) = reading::document(&app, &session, &TABLE, id.0).await?;
    let person: Person = read(&document)?;
    if !seen(&session, &person) {
        return Err(Problem::not_found());
    }
    let view = views(&app, &session, vec![person]).await?.pop().ok_or_else(Problem::not_found)?;
    Ok(One::new(view, document.version))
}
