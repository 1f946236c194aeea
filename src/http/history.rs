//! `/v1/history/{collection}/{id}`: every event of one case in order: who, in which role, when, what, why, by which rule,
//! before and after. Read from the events themselves, and folded as the collection's own read model folds them, so that no
//! history shows what the collection would not.

use std::collections::{BTreeMap, BTreeSet};

use aggregates::catalogue::HrEvent;
use aggregates::person::{Person, PersonEvent};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, NaiveDate, Utc};
use projections::history::describe;
use projections::model::{ReadModel, Recorded};
use projections::{
    applications, departures, employments, incumbent_snapshots, members, no_rehire_flags, offers, pay_bands,
    pay_policies, persons, programme_policies, referrals, requisitions, reward_plans, rewards,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::App;
use super::pay_history;
use super::problem::{MALFORMED_REQUEST, Problem};
use super::reading::{self, Listed};
use super::request::{Params, Session, parse_id};
use super::scope::is_own;
use super::told::to_the_person;
use super::views::{self, Page};
use crate::dispatch::{Dispatcher, LoadError};
use crate::identity::Role;
use crate::ledger::Leaf;

mod changes;
mod seen;

/// The kinds of streams that tell what somebody earned when they left.
const PAID: [&str; 2] = ["departure", "employment"];

/// The routes.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(history))
}

/// The collections that have a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ToSchema, strum::EnumString, strum::IntoStaticStr)]
#[schema(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub(super) enum Collection {
    /// Departures (退職).
    Departures,
    /// Memberships (会員).
    Members,
    /// Periods of employment (在籍期間).
    Employments,
    /// Persons: which records are one human being.
    Persons,
    /// No-rehire flags (再雇用不可).
    NoRehireFlags,
    /// Requisitions (求人).
    Requisitions,
    /// Applications to come back (再入社応募).
    Applications,
    /// Offers (オファー).
    Offers,
    /// Referrals (紹介).
    Referrals,
    /// Rewards (リファラル手当).
    Rewards,
    /// Plans of rewards (リファラル手当規程).
    RewardPlans,
    /// Versions of pay bands (賃金テーブル).
    PayBands,
    /// Snapshots of incumbents (在籍者スナップショット).
    IncumbentSnapshots,
    /// Pay policies (賃金決定の基準).
    PayPolicies,
    /// Programme policies (アルムナイ制度規程).
    ProgrammePolicies,
}

/// How much of a history to show.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct HistoryParams {
    /// How many events, 1 to 500; 500 when not given, which shows nearly every case whole.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<usize>,
    /// Where the previous page ended, from its `next_cursor`.
    cursor: Option<String>,
}

/// Who did something.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct ActorView {
    /// The id in the actor directory.
    id: Option<Uuid>,
    /// `person`, `service`, or `system` for timers and follow-ups.
    #[schema(examples("person"))]
    kind: Option<String>,
    /// Name or login. For compliance and people operations; `null` where it has been erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
}

/// Why something happened.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct WhyView {
    /// The coded ground.
    code: Option<String>,
    /// Where the evidence lies.
    evidence_ref: Option<String>,
    /// In words; `null` also where they have been erased.
    words: Option<String>,
}

/// A field that has another value than before; of lists, what came and what went.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct ChangeView {
    /// The field as the collection's GET names it.
    #[schema(examples("employment.left_on"))]
    field: String,
    /// What stood before; `null` for nothing, and for what has been erased.
    before: Value,
    /// What stands after.
    after: Value,
}

/// An event of a case.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct HistoryItem {
    /// The place in the employer's log.
    position: i64,
    /// The stream it stands in, `<kind>/<id>`.
    #[schema(examples("departure/01990000-0000-7000-8000-000000000001"))]
    stream: String,
    /// The place in its stream: the version that it made.
    sequence: i64,
    at: DateTime<Utc>,
    actor: ActorView,
    /// For whom a service acted.
    on_behalf_of: Option<ActorView>,
    /// In which role; `system` for timers and follow-ups.
    #[schema(examples("people_ops"))]
    role: Option<String>,
    /// The command, such as `departures.record`.
    #[schema(examples("departures.record"))]
    command: Option<String>,
    /// The position of the event that this follows from.
    caused_by: Option<i64>,
    /// The event's type.
    #[schema(examples("departure.recorded"))]
    event: String,
    title_en: String,
    title_ja: String,
    /// For compliance and people operations.
    why: Option<WhyView>,
    /// The rule that was followed.
    #[schema(examples("PRV-13"))]
    rule: Option<String>,
    /// The clause, notice, text or law relied on.
    basis: Option<String>,
    state_before: Option<String>,
    state_after: Option<String>,
    changes: Vec<ChangeView>,
    /// What the event holds, as far as the caller may see it.
    #[schema(value_type = Option<Object>)]
    data: Option<Value>,
}

/// Read the history of a case.
///
/// Open to a role that may read histories and that collection's single items. Recruiters see it masked: no exit reason, birth
/// date, pay or notes.
#[utoipa::path(get, path = "/v1/history/{collection}/{id}", tag = "history",
    params(("collection" = inline(Collection), Path), ("id" = Uuid, Path), HistoryParams),
    responses((status = 200, description = "The events in order", body = Page<HistoryItem>)))]
async fn history(
    State(app): State<App>,
    session: Session,
    path: Result<Path<(String, String)>, PathRejection>,
    Params(asked): Params<HistoryParams>,
) -> Result<Json<Page<HistoryItem>>, Problem> {
    let Path((collection, id)) = path.map_err(|_| Problem::not_found())?;
    let collection: Collection = collection.parse().map_err(|_| Problem::not_found())?;
    let name: &'static str = collection.into();
    let decision = app.permissions().decide_history(name, &session.caller.roles);
    let role =
        decision.role_if(|_| false).ok_or_else(|| Problem::forbidden(format!("GET /v1/history/{name}/{{id}}")))?;
    let mut session = Session { role, ..session };
    if matches!(collection, Collection::Departures | Collection::Employments) {
        session = pay_history::kept_back(&app, session).await?;
    }
    let (id, page) = (parse_id(&id)?, Window::of(&asked)?);
    let case = Case { app: &app, session: &session, id };
    let items = match collection {
        Collection::Departures => case.told::<departures::Departure>("departure", &[id], views::departures::mask).await,
        Collection::Members => case.told::<members::Member>("member", &[id], views::members::mask).await,
        Collection::Employments => {
            case.told::<employments::Employment>("employment", &[id], super::employments::mask).await
        }
        Collection::Persons => {
            let streams = super::persons::streams(&app, &session, id).await?;
            case.told::<persons::Person>("person", &streams, super::persons::mask).await
        }
        Collection::NoRehireFlags => {
            case.told::<no_rehire_flags::NoRehireFlag>("no_rehire_flag", &[id], views::no_rehire_flags::mask).await
        }
        Collection::Requisitions => {
            case.told::<requisitions::Requisition>("requisition", &[id], views::requisitions::mask).await
        }
        Collection::Applications => {
            // What may be asked for today is no part of what happened.
            let mask: Mask = |session, body| views::applications::mask(session, NaiveDate::MIN, body);
            case.told::<applications::Application>("application", &[id], mask).await
        }
        Collection::Offers => case.told::<offers::Offer>("offer", &[id], views::offers::mask).await,
        Collection::Referrals => case.told::<referrals::Referral>("referral", &[id], views::referrals::mask).await,
        Collection::Rewards => case.told::<rewards::Reward>("reward", &[id], views::rewards::mask).await,
        Collection::RewardPlans => {
            case.told::<reward_plans::RewardPlan>("reward_plan", &[id], views::reward_plans::mask).await
        }
        Collection::PayBands => case.told::<pay_bands::PayBands>("pay_bands", &[id], views::pay_bands::mask).await,
        Collection::IncumbentSnapshots => {
            let mask = views::incumbent_snapshots::mask;
            case.told::<incumbent_snapshots::IncumbentSnapshot>("incumbent_snapshot", &[id], mask).await
        }
        Collection::PayPolicies => {
            case.told::<pay_policies::PayPolicy>("pay_policy", &[id], views::pay_policies::mask).await
        }
        Collection::ProgrammePolicies => {
            let mask = views::programme_policies::mask;
            case.told::<programme_policies::ProgrammePolicy>("programme_policy", &[id], mask).await
        }
    }?;
    Ok(Json(page.cut(items).into()))
}

/// Which part of a history.
struct Window {
    after: i64,
    limit: usize,
}

impl Window {
    fn of(asked: &HistoryParams) -> Result<Self, Problem> {
        let limit = asked.limit.unwrap_or(500);
        if !(1..=500).contains(&limit) {
            return Err(Problem::of(MALFORMED_REQUEST)
                .detail("limit must lie between 1 and 500.", "limitは1から500までで指定してください。"));
        }
        let read = |cursor: &String| String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?.parse().ok();
        let after = match &asked.cursor {
            None => 0,
            Some(cursor) => read(cursor).ok_or_else(|| {
                Problem::of(MALFORMED_REQUEST).detail(
                    "The cursor is not one that a list returned.",
                    "cursorは、一覧が返した値を指定してください。",
                )
            })?,
        };
        Ok(Self { after, limit })
    }

    fn cut(&self, items: Vec<HistoryItem>) -> Listed<HistoryItem> {
        let mut items: Vec<HistoryItem> = items.into_iter().filter(|item| item.position > self.after).collect();
        let more = items.len() > self.limit;
        items.truncate(self.limit);
        let next_cursor = items.last().filter(|_| more).map(|last| URL_SAFE_NO_PAD.encode(last.position.to_string()));
        Listed { items, next_cursor }
    }
}

/// An event as it is stored, and as folds see it.
struct Line {
    stream: String,
    metadata: BTreeMap<String, String>,
    payload: Value,
    recorded: Recorded,
}

impl Line {
    fn actor(&self, member: &str) -> Option<Uuid> {
        self.metadata.get(member).and_then(|id| Uuid::parse_str(id).ok())
    }
}

type Mask = fn(&Session, &mut Value);

/// One case and its reader.
struct Case<'a> {
    app: &'a App,
    session: &'a Session,
    id: Uuid,
}

impl Case<'_> {
    /// The events of a stream in order.
    async fn lines(&self, kind: &'static str, id: Uuid) -> Result<Vec<Line>, Problem> {
        let employer = &self.session.employer;
        let stream = crate::ledger::StreamKey { employer: std::sync::Arc::clone(&employer.name), kind, id };
        let unreadable = |error: String| Problem::from(LoadError::Unreadable(error));
        let mut lines = Vec::new();
        for stored in self.app.dispatcher().ledger().load(stream).await? {
            let leaf = Leaf::read(&stored.leaf).map_err(|error| unreadable(error.to_string()))?;
            let payload: Value =
                serde_json::from_str(leaf.payload.get()).map_err(|error| unreadable(error.to_string()))?;
            let events = crate::feed::decode(stored.position, &stored.leaf, employer.zone).map_err(unreadable)?;
            for recorded in events {
                let (stream, metadata) = (leaf.stream.clone(), leaf.metadata.clone());
                lines.push(Line { stream, metadata, payload: payload.clone(), recorded });
            }
        }
        Ok(lines)
    }

    /// Tells all events of these streams that concern the case.
    async fn told<M: ReadModel>(
        &self,
        kind: &'static str,
        streams: &[Uuid],
        mask: Mask,
    ) -> Result<Vec<HistoryItem>, Problem> {
        let mut lines = Vec::new();
        for stream in streams {
            lines.extend(self.lines(kind, *stream).await?);
        }
        let own = self.id.to_string();
        let about = |line: &Line| {
            line.recorded.stream_id == self.id || line.payload.get("other").and_then(Value::as_str) == Some(&own)
        };
        lines.retain(about);
        lines.sort_by_key(|line| line.recorded.position);
        let mut documents: Vec<Option<M>> = vec![None];
        for line in &lines {
            let before = documents.last().cloned().flatten();
            documents.push(M::fold(self.id, before, &line.recorded));
        }
        let Some(latest) = documents.last().cloned().flatten() else { return Err(Problem::not_found()) };
        let latest = value(&latest);
        self.must_see(&latest).await?;
        let erasures = self.erasures(&latest).await?;
        let mut shown: Vec<Option<Value>> =
            documents.into_iter().map(|document| self.shown(document, &erasures, mask)).collect();
        // What somebody earned before they left is told as little as what they left with.
        let kept_back = PAID.contains(&kind) && pay_history::is_kept_back(self.session, &latest);
        if kept_back {
            shown.iter_mut().flatten().for_each(pay_history::without_pay);
        }
        let actors = self.actors(&lines).await?;
        let own = is_own(self.session, &latest);
        let mut items: Vec<Value> = Vec::with_capacity(lines.len());
        for (line, pair) in lines.iter().zip(shown.windows(2)) {
            let [before, after] = pair else { continue };
            if own {
                items.extend(self.own_item(line, before.as_ref(), after.as_ref()));
            } else {
                let mut item = self.item(line, before.as_ref(), after.as_ref(), &actors, !erasures.is_empty());
                if kept_back {
                    item.get_mut("data").into_iter().for_each(pay_history::without_pay);
                }
                items.push(item);
            }
        }
        if items.is_empty() {
            return Err(Problem::not_found());
        }
        reading::open(self.app, &self.session.employer, &mut items).await?;
        items.into_iter().map(|item| reading::typed(without_empty_changes(item))).collect()
    }

    /// A confined caller sees the cases of their entities, and what belongs to persons of these.
    async fn must_see(&self, latest: &Value) -> Result<(), Problem> {
        if self.session.legal_entities().is_none() {
            return Ok(());
        }
        let seen = match latest.get("legal_entity") {
            Some(_) => views::in_scope(self.session, latest),
            None => match person(latest) {
                Some(person) => super::persons::sees(self.app, self.session, person).await?,
                None => false,
            },
        };
        if seen { Ok(()) } else { Err(Problem::not_found()) }
    }

    /// What has been erased of the person since: no event shows more of it than the documents do.
    async fn erasures(&self, latest: &Value) -> Result<Vec<Recorded>, Problem> {
        let Some(person) = person(latest) else { return Ok(vec![]) };
        let stream = Dispatcher::stream::<Person>(&self.session.employer, person);
        let lines = self.lines(stream.kind, person).await?.into_iter();
        let erased = |event: &Recorded| matches!(event.event, HrEvent::Person(PersonEvent::Erased { .. }));
        Ok(lines.map(|line| line.recorded).filter(erased).collect())
    }

    fn shown<M: ReadModel>(&self, document: Option<M>, erasures: &[Recorded], mask: Mask) -> Option<Value> {
        let document = erasures.iter().fold(document, |document, erased| match document {
            Some(document) => M::fold(self.id, Some(document), erased),
            None => None,
        })?;
        let mut body = value(&document);
        let state = body.get("state").cloned().unwrap_or_default();
        let own = is_own(self.session, &body);
        mask(self.session, &mut body);
        if let Some(members) = body.as_object_mut().filter(|_| !own) {
            members.insert("state".to_owned(), state);
        }
        Some(body)
    }

    fn names(&self) -> bool {
        matches!(self.session.role, Role::Compliance | Role::PeopleOps)
    }

    /// The sealed identity of everybody who acted, for those who may know them.
    async fn actors(&self, lines: &[Line]) -> Result<BTreeMap<Uuid, String>, Problem> {
        if !self.names() {
            return Ok(BTreeMap::new());
        }
        let (ledger, employer) = (self.app.dispatcher().ledger(), &self.session.employer.name);
        let acted: BTreeSet<Uuid> =
            lines.iter().flat_map(|line| [line.actor("actor"), line.actor("on_behalf_of")]).flatten().collect();
        let acted: Vec<Uuid> = acted.into_iter().collect();
        let references = ledger.actor_references(employer, &acted).await?;
        let opened = ledger.open_values(employer, &references.iter().map(|(_, r)| *r).collect::<Vec<_>>()).await?;
        let name = |who: &Value| {
            ["name", "subject"].iter().find_map(|member| who.get(*member)?.as_str()).map(ToOwned::to_owned)
        };
        Ok(references.iter().filter_map(|(actor, reference)| Some((*actor, name(opened.get(reference)?)?))).collect())
    }

    fn item(
        &self,
        line: &Line,
        before: Option<&Value>,
        after: Option<&Value>,
        actors: &BTreeMap<Uuid, String>,
        erased: bool,
    ) -> Value {
        let actor = |member: &str| {
            let id = line.actor(member)?;
            let kind =
                if member == "actor" { line.metadata.get("actor_kind").map(String::as_str) } else { Some("person") };
            Some(json!({"id": id, "kind": kind, "name": actors.get(&id)}))
        };
        let told = seen::told(self.session.role, describe(&line.recorded));
        json!({
            "position": line.recorded.position,
            "stream": line.stream,
            "sequence": line.recorded.sequence,
            "at": line.recorded.recorded_at,
            "actor": actor("actor").unwrap_or_else(|| json!({"id": null, "kind": null})),
            "on_behalf_of": actor("on_behalf_of"),
            "role": line.recorded.role,
            "command": line.metadata.get("command"),
            "caused_by": line.metadata.get("caused_by_position").and_then(|text| text.parse::<i64>().ok()),
            "event": told.event,
            "title_en": told.title_en,
            "title_ja": told.title_ja,
            "why": told.why.map(|why| {
                json!({"code": why.code, "evidence_ref": why.evidence_ref, "words": why.words})
            }),
            "rule": told.rule,
            "basis": told.basis,
            "state_before": state(before),
            "state_after": state(after),
            "changes": changed(before, after),
            "data": if erased { Value::Null } else { seen::data(self.session.role, &told.event, line.payload.clone()) },
        })
    }

    /// An event of the caller's own case: what they are told of it, and nothing of who did it or how. Whoever works on cases
    /// reads their own as any candidate would.
    fn own_item(&self, line: &Line, before: Option<&Value>, after: Option<&Value>) -> Option<Value> {
        let went_out = [before, after].into_iter().flatten().any(views::offers::went_out);
        let told = to_the_person(&line.recorded, went_out)?;
        let by_me = line.recorded.actor == Some(self.session.actor.0);
        Some(json!({
            "position": line.recorded.position,
            "stream": line.stream,
            "sequence": line.recorded.sequence,
            "at": line.recorded.recorded_at,
            "actor": {"id": line.recorded.actor.filter(|_| by_me), "kind": null},
            "on_behalf_of": null,
            "role": line.recorded.role,
            "command": line.metadata.get("command").filter(|_| by_me),
            "caused_by": null,
            "event": told.event,
            "title_en": told.title_en,
            "title_ja": told.title_ja,
            "why": null,
            "rule": told.rule,
            "basis": told.basis,
            "state_before": state(before),
            "state_after": state(after),
            "changes": changed(before, after),
            "data": null,
        }))
    }
}

fn state(document: Option<&Value>) -> Option<Value> {
    document.and_then(|document| document.get("state").cloned())
}

fn changed(before: Option<&Value>, after: Option<&Value>) -> Vec<Value> {
    let changes = changes::changes(before, after).into_iter();
    changes.map(|change| json!({"field": change.field, "before": change.before, "after": change.after})).collect()
}

/// A document is made of what has been serialized before.
fn value<M: ReadModel>(document: &M) -> Value {
    serde_json::to_value(document).unwrap_or_default()
}

/// The human being a document is about.
fn person(document: &Value) -> Option<Uuid> {
    // A person's own document has no other.
    let names = ["person_id", "candidate_person_id", "payee_person_id", "id"];
    let id = names.iter().find_map(|name| document.get(*name).filter(|id| !id.is_null()))?;
    id.as_str().and_then(|text| Uuid::parse_str(text).ok())
}

/// A value that was sealed anew without becoming another one has not changed.
fn without_empty_changes(mut item: Value) -> Value {
    if let Some(changes) = item.get_mut("changes").and_then(Value::as_array_mut) {
        changes.retain(|change| change.get("before") != change.get("after"));
    }
    item
}
