//! `GET /v1/my/data`: everything that is held about the caller (個人情報保護法33条), opened for them.

use std::collections::BTreeSet;

use aggregates::member::{AgeBand, DeclaredSex, GroupDeclaration, MemberEvent};
use aggregates::personal::Personal;
use axum::Json;
use axum::extract::State;
use chrono::{DateTime, NaiveDate, Utc};
use projections::departures::Departure;
use projections::employments::Employment;
use projections::model::{ReadModel, Recorded};
use projections::no_rehire_flags::NoRehireFlag;
use projections::offers::Offer;
use projections::parts::YesNo;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::openapi::schema::ArrayBuilder;
use utoipa::openapi::{Ref, Schema};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::consents::{History, MembershipConsents, group_event};
use crate::http::App;
use crate::http::departures::reading::MOST;
use crate::http::employments;
use crate::http::members::reading::{MEMBERS, OwnMembership, own_memberships};
use crate::http::problem::{INTERNAL_ERROR, Problem};
use crate::http::reading::{open, present, remove, typed};
use crate::http::request::{Params, Reach, Session, one_of, one_of_or_null};
use crate::http::told::to_the_person;
use crate::http::views::departures::DepartureView;
use crate::http::views::members::MemberView;
use crate::http::views::no_rehire_flags::NoRehireFlagView;
use crate::http::views::{Seen, departures, members, no_rehire_flags, nulls, table};
use crate::ledger::{PageQuery, Waited};

/// How many events are told at once.
const TOLD: usize = 500;

/// What a source may give of an employee.
const PERSON: [&str; 5] = ["name", "name_kana", "email", "phone", "birth_date"];
/// What may be known of somebody's place.
const PLACEMENT: [&str; 8] = [
    "department",
    "job_family",
    "job_title",
    "grade",
    "location",
    "manager_employee_number",
    "weekly_hours",
    "base_salary",
];

fn employment_views() -> Schema {
    ArrayBuilder::new().items(Ref::from_schema_name("EmploymentView")).build().into()
}

/// Everything that is held about the caller. What others wrote about them, where evidence lies, and who decided, is not
/// part of it (PRV-10).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MyData {
    /// How the caller is known to the program.
    #[schema(value_type = MyAccount)]
    account: Value,
    /// The caller's memberships, oldest first.
    #[schema(value_type = Vec<MyMembership>)]
    memberships: Vec<Seen<MyMembership>>,
    /// Their departures.
    #[schema(value_type = Vec<DepartureView>)]
    departures: Vec<Seen<DepartureView>>,
    /// Their periods of employment, as `GET /v1/employments/{id}` shows them.
    #[schema(schema_with = employment_views)]
    employments: Vec<Value>,
    /// The no-rehire flags about them.
    #[schema(value_type = Vec<NoRehireFlagView>)]
    no_rehire_flags: Vec<Seen<NoRehireFlagView>>,
    /// Which consents stand now, and their whole history.
    consents: Vec<MembershipConsents>,
    /// What was done about them, oldest first: when, in which role and what, without names. Of applications, offers,
    /// referrals and rewards what they did themselves and what they were told. The latest of it.
    history: Vec<MyHistoryLine>,
    /// Whether there is more before it.
    history_truncated: bool,
    /// Where to read the same with the history before this one.
    #[schema(examples("/v1/my/data?history_before=4711"))]
    history_next: Option<String>,
}

/// Which part of the history.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct MyDataParams {
    /// Tells the history before this place in the log; the latest of it when not given.
    #[param(minimum = 1)]
    history_before: Option<i64>,
}

/// How the caller is known to the program.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MyAccount {
    /// The id in the actor directory, which stands for the caller in every event.
    id: Uuid,
    /// Who vouches for the caller.
    issuer: Option<String>,
    /// Their name at that issuer.
    subject: Option<String>,
    /// The name that came with the token.
    name: Option<String>,
}

/// A membership with all that the member said.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MyMembership {
    member: MemberView,
    /// What they stated when they registered without an invitation.
    claim: Option<MyClaim>,
    /// The group that they declared for monitoring.
    group: Option<MyGroup>,
}

/// What the caller stated about their time here.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MyClaim {
    employee_number: Option<String>,
    /// 退職時の氏名
    name_at_departure: Option<String>,
    birth_date: Option<NaiveDate>,
}

/// What the caller declared for monitoring.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MyGroup {
    #[schema(schema_with = one_of::<DeclaredSex>)]
    sex: String,
    /// When the caller was born, by tens of years, where they said so.
    #[schema(schema_with = one_of_or_null::<AgeBand>)]
    age_band: Option<String>,
}

/// What was done about the caller.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MyHistoryLine {
    /// The place in the employer's log.
    position: i64,
    at: DateTime<Utc>,
    /// The event's type; `application.ended` for whatever ended an application.
    #[schema(examples("departure.recorded"))]
    event: String,
    title_en: String,
    title_ja: String,
    /// In which role it was done; `system` for timers and follow-ups.
    #[schema(examples("people_ops"))]
    role: Option<String>,
    /// Whether the caller did it.
    by_me: bool,
    /// The rule that was followed.
    rule: Option<String>,
    /// The clause, notice, text or law relied on.
    basis: Option<String>,
}

/// Read everything that is held about oneself.
///
/// Of a long history the latest 500 lines are told, with the place where the lines before them are read.
#[utoipa::path(get, path = "/v1/my/data", tag = "my", params(MyDataParams),
    responses((status = 200, description = "All data about the caller", body = MyData)))]
pub(crate) async fn data(
    State(app): State<App>,
    session: Session,
    Params(asked): Params<MyDataParams>,
) -> Result<Json<MyData>, Problem> {
    // What the caller sees here is what they see of their own, whatever else their roles let them see.
    let mine = Mine { session: Session { reach: Reach::Own, ..session }, app };
    let own = own_memberships(&mine.app, &mine.session).await?;
    let mut persons: BTreeSet<Uuid> = own.iter().map(|own| own.person).collect();
    persons.extend(mine.employed_as().await?);
    let mut memberships = Vec::new();
    let mut consents = Vec::new();
    for own in &own {
        let history = History::read(&mine.app, &mine.session, own.id, i64::try_from(TOLD).ok()).await?;
        consents.push(MembershipConsents::now(own, &history).with_terms(&mine.app, &mine.session, own).await?);
        memberships.push(mine.membership(own).await?);
    }
    let mut about = persons.clone();
    about.extend(own.iter().map(|own| own.id));
    let told = mine.history(&persons, &about, asked.history_before).await?;
    Ok(Json(MyData {
        account: mine.account().await?,
        memberships,
        departures: mine.about::<Departure, _>(&persons, departures::mask).await?,
        employments: mine
            .about::<Employment, _>(&persons, |session, body| {
                nulls(body.get_mut("person"), &PERSON);
                nulls(body.get_mut("placement"), &PLACEMENT);
                employments::mask(session, body);
                remove(body, &["recorded_position", "corrections.*.why", "corrections.*.by"]);
            })
            .await?,
        no_rehire_flags: mine.about::<NoRehireFlag, _>(&persons, no_rehire_flags::mask).await?,
        consents,
        history_truncated: told.before.is_some(),
        history_next: told.before.map(|before| format!("/v1/my/data?history_before={before}")),
        history: told.lines,
    }))
}

/// Whose data is read.
struct Mine {
    app: App,
    session: Session,
}

impl Mine {
    async fn page<M: ReadModel>(&self, query: PageQuery) -> Result<Vec<crate::ledger::Document>, Problem> {
        match self.app.dispatcher().ledger().page(&table::<M>(), &self.session.employer.name, &query).await? {
            Waited::Ready(page) => Ok(page.documents),
            Waited::Behind => Err(Problem::behind()),
        }
    }

    /// The human beings that the caller's periods of employment say they are.
    async fn employed_as(&self) -> Result<Vec<Uuid>, Problem> {
        let filters = vec![("account", vec![self.session.actor.to_string()])];
        let documents = self.page::<Employment>(PageQuery { filters, limit: MOST, ..PageQuery::default() }).await?;
        let employment = |body: &str| typed::<Employment>(serde_json::from_str(body).unwrap_or(Value::Null));
        documents.iter().map(|document| Ok(employment(&document.body)?.person_id.0)).collect()
    }

    /// The documents of a model about these persons, as the person sees them.
    async fn about<M: ReadModel, T: serde::de::DeserializeOwned>(
        &self,
        persons: &BTreeSet<Uuid>,
        mask: impl Fn(&Session, &mut Value),
    ) -> Result<Vec<T>, Problem> {
        let filters = vec![("person_id", persons.iter().map(ToString::to_string).collect())];
        let documents = self.page::<M>(PageQuery { filters, limit: MOST, ..PageQuery::default() }).await?;
        present(&self.app, &self.session, documents, mask).await
    }

    /// One membership, with what the member said and nobody judges.
    async fn membership(&self, own: &OwnMembership) -> Result<Seen<MyMembership>, Problem> {
        let stored: Value = serde_json::from_str(&own.document.body).map_err(|error| {
            tracing::error!(%error, model = MEMBERS.name, "a document cannot be read");
            Problem::of(INTERNAL_ERROR)
        })?;
        let mut member = stored.clone();
        members::mask(&self.session, &mut member);
        let mut claim = stored.get("claim").cloned().unwrap_or(Value::Null);
        remove(&mut claim, &["matches"]);
        let group = match own.member.declared_group {
            YesNo::Yes => group_event(&self.app, &self.session, own.id).await?,
            YesNo::No => None,
        };
        let mut mine = json!({"member": member, "claim": claim, "group": declared(group.as_ref())});
        nulls(mine.get_mut("claim"), &["employee_number"]);
        let mut opened = [mine];
        open(&self.app, &self.session.employer, &mut opened).await?;
        let [opened] = opened;
        typed(opened)
    }

    /// What the actor directory holds.
    async fn account(&self) -> Result<Value, Problem> {
        let (ledger, employer) = (self.app.dispatcher().ledger(), &self.session.employer.name);
        let actor = self.session.actor.0;
        let references = ledger.actor_references(employer, &[actor]).await?;
        let references: Vec<Uuid> = references.into_iter().map(|(_, reference)| reference).collect();
        let who = ledger.open_values(employer, &references).await?.into_values().next().unwrap_or(Value::Null);
        let part = |name: &str| who.get(name).cloned().unwrap_or(Value::Null);
        Ok(json!({"id": actor, "issuer": part("issuer"), "subject": part("subject"), "name": part("name")}))
    }

    /// What was done about these persons and memberships: the latest of it before a place in the log.
    async fn history(
        &self,
        persons: &BTreeSet<Uuid>,
        about: &BTreeSet<Uuid>,
        before: Option<i64>,
    ) -> Result<Told, Problem> {
        let offers = self.offers_that_went_out(persons).await?;
        let about: Vec<Uuid> = about.iter().copied().collect();
        let limit = i64::try_from(TOLD + 1).unwrap_or(i64::MAX);
        let ledger = self.app.dispatcher().ledger();
        let before = before.unwrap_or(i64::MAX);
        let mut entries = ledger.latest_about(&self.session.employer.name, &about, before, limit).await?;
        let truncated = entries.len() > TOLD;
        entries.truncate(TOLD);
        let mut lines = Vec::with_capacity(entries.len());
        for entry in entries.iter().rev() {
            lines.extend(self.lines(entry.position, &entry.leaf, &offers)?);
        }
        Ok(Told { lines, before: entries.last().filter(|_| truncated).map(|oldest| oldest.position) })
    }

    /// The offers to these persons that the candidate has, or had at their end.
    async fn offers_that_went_out(&self, persons: &BTreeSet<Uuid>) -> Result<BTreeSet<Uuid>, Problem> {
        let filters = vec![("person_id", persons.iter().map(ToString::to_string).collect())];
        let documents = self.page::<Offer>(PageQuery { filters, limit: MOST, ..PageQuery::default() }).await?;
        let went_out = |body: &str| serde_json::from_str::<Offer>(body).is_ok_and(|offer| offer.extension.is_some());
        Ok(documents.into_iter().filter(|document| went_out(&document.body)).map(|document| document.id).collect())
    }

    fn lines(&self, position: i64, leaf: &str, offers: &BTreeSet<Uuid>) -> Result<Vec<MyHistoryLine>, Problem> {
        let events = crate::feed::decode(position, leaf, self.session.employer.zone).map_err(|error| {
            tracing::error!(error, "a stored event cannot be read");
            Problem::of(INTERNAL_ERROR)
        })?;
        Ok(events.into_iter().filter_map(|recorded| self.line(recorded, offers)).collect())
    }

    fn line(&self, recorded: Recorded, offers: &BTreeSet<Uuid>) -> Option<MyHistoryLine> {
        let told = to_the_person(&recorded, offers.contains(&recorded.stream_id))?;
        Some(MyHistoryLine {
            position: recorded.position,
            at: recorded.recorded_at,
            event: told.event,
            title_en: told.title_en,
            title_ja: told.title_ja,
            role: recorded.role,
            by_me: recorded.actor == Some(self.session.actor.0),
            rule: told.rule,
            basis: told.basis,
        })
    }
}

/// A part of the history.
struct Told {
    lines: Vec<MyHistoryLine>,
    /// The place before which there is more of it; of what stands there, not all may be told.
    before: Option<i64>,
}

/// The group that stands declared, sealed.
const fn declared(event: Option<&MemberEvent>) -> Option<&Personal<GroupDeclaration>> {
    if let Some(MemberEvent::GroupDeclared { group }) = event { Some(group) } else { None }
}
