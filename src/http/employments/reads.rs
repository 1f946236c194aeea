//! Reading periods of employment: lists for those who keep them, single ones also for the employee.

use aggregates::employment::EmploymentKind;
use aggregates::values::EmploymentType;
use axum::Json;
use axum::extract::State;
use chrono::{DateTime, NaiveDate, Utc};
use projections::employments::Employment;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::http::App;
use crate::http::pay_history::{is_kept_back, kept_back, without_pay};
use crate::http::problem::Problem;
use crate::http::reading::{self, Order, Paging};
use crate::http::request::{Id, Line, Params, Reach, Session, one_of, one_of_or_null};
use crate::http::views::{MoneyView, One, Page, entity_filter, in_scope, one as shown, one_value, table};
use crate::identity::Role;
use crate::ledger::TableId;

/// The read model's table.
pub(in crate::http) const TABLE: TableId = table::<Employment>();

/// How far a period of employment has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub(in crate::http) enum EmploymentState {
    /// No last day has passed; the first may lie ahead.
    Current,
    /// The last day has passed.
    Ended,
}

/// An employee as the records name them; `null` where the source gave nothing, or where it has been erased.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(in crate::http) struct EmployeeView {
    name: Option<String>,
    name_kana: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    birth_date: Option<NaiveDate>,
}

/// Why a period of employment ended.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(in crate::http) struct EndedView {
    /// `departure`, `term_ended`, `transfer_out` or `correction`.
    #[schema(examples("departure"))]
    kind: String,
    /// The departure that ended it.
    #[serde(default)]
    departure_id: Option<Uuid>,
}

/// A place that somebody took; what is `null` stayed as it was before that day.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(in crate::http) struct PlacedView {
    /// The version of the record or transfer that states it; what a correction names in `corrects`.
    sequence: i64,
    /// The first day in it.
    from: NaiveDate,
    department: Option<String>,
    job_family: Option<String>,
    job_title: Option<String>,
    grade: Option<String>,
    location: Option<String>,
    manager_employee_number: Option<String>,
    weekly_hours: Option<u8>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    base_salary: Option<MoneyView>,
}

/// That recorded facts were wrong.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(in crate::http) struct EmploymentCorrectionView {
    /// The version that the correction made.
    sequence: i64,
    /// The version whose facts were wrong.
    corrects: i64,
    at: DateTime<Utc>,
    /// By whom: an id of the actor directory.
    by: Option<Uuid>,
    /// Why, in words.
    why: Option<String>,
}

/// A return (再入社), and the earlier periods that are handed on to it (勤続期間の通算): of each benefit the programme policy
/// says whether they count.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(in crate::http) struct ReturnedView {
    /// The application that led to it.
    application_id: Uuid,
    /// Oldest first.
    tenure: Vec<TenureSegmentView>,
}

/// An earlier period of employment.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(in crate::http) struct TenureSegmentView {
    legal_entity: String,
    from: NaiveDate,
    to: NaiveDate,
    /// The departure that ended it.
    departure_id: Uuid,
}

/// A period of employment (在籍期間) as it stands after corrections and transfers.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(in crate::http) struct EmploymentView {
    id: Uuid,
    state: EmploymentState,
    /// What `If-Match` compares; the same as `ETag`.
    version: i64,
    /// The place of its latest event in the employer's log.
    position: i64,
    /// The human being.
    person_id: Uuid,
    legal_entity: String,
    employee_number: Option<String>,
    previous_employee_number: Option<String>,
    /// The login that is theirs: an id of the actor directory.
    account: Option<Uuid>,
    person: Option<EmployeeView>,
    #[schema(schema_with = one_of::<EmploymentKind>)]
    kind: EmploymentKind,
    #[schema(schema_with = one_of_or_null::<EmploymentType>)]
    employment_type: Option<EmploymentType>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    ended_because: Option<EndedView>,
    department: Option<String>,
    job_family: Option<String>,
    job_title: Option<String>,
    grade: Option<String>,
    location: Option<String>,
    manager_employee_number: Option<String>,
    weekly_hours: Option<u8>,
    /// For people operations, compliance and the HRIS, and the employee. Once it has ended, not for people operations where a law
    /// bans pay history (PAY-07).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    base_salary: Option<MoneyView>,
    /// What the record and each transfer state, by the day from which it holds.
    placements: Vec<PlacedView>,
    /// The latest corrections.
    corrections: Vec<EmploymentCorrectionView>,
    /// What it is the return of, where it is one.
    returned: Option<ReturnedView>,
    /// How the record came in.
    #[schema(examples("api"))]
    source: String,
    recorded_at: DateTime<Utc>,
}

/// What a list of periods of employment is filtered by.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct EmploymentFilters {
    #[param(inline)]
    state: Option<EmploymentState>,
    #[param(value_type = Option<String>)]
    legal_entity: Option<Line>,
    #[param(value_type = Option<String>)]
    employee_number: Option<Line>,
    person_id: Option<Uuid>,
    /// Those who report to this number.
    #[param(value_type = Option<String>)]
    manager_employee_number: Option<Line>,
    /// An id of the actor directory.
    account: Option<Uuid>,
    /// In which direction; `asc` when not given.
    #[param(inline)]
    order: Option<Order>,
    /// How many items, 1 to 500; 50 when not given.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<i64>,
    /// Where the previous page ended, from its `next_cursor`.
    cursor: Option<String>,
}

/// Where the person stands now, beside the other facts; and without pay and birth date for whoever has no business with them.
pub(in crate::http) fn mask(session: &Session, body: &mut Value) {
    if let Some(members) = body.as_object_mut()
        && let Some(Value::Object(placement)) = members.remove("placement")
    {
        members.extend(placement);
    }
    // What they were in another entity is told to whom it is told anyway.
    if let Some(tenure) = body.pointer_mut("/returned/tenure").and_then(Value::as_array_mut)
        && session.reach != Reach::Own
    {
        tenure.retain(|segment| segment["legal_entity"].as_str().is_some_and(|entity| session.covers(entity)));
    }
    let keeps = matches!(session.role, Role::PeopleOps | Role::Compliance | Role::Hris);
    if !keeps && session.reach != Reach::Own {
        reading::remove(body, &["base_salary", "placements.*.base_salary", "person.birth_date"]);
    }
    if is_kept_back(session, body) {
        without_pay(body);
    }
}

/// List periods of employment, in the order in which they were recorded.
#[utoipa::path(get, path = "/v1/employments", tag = "employments", params(EmploymentFilters),
    responses((status = 200, description = "A page", body = Page<EmploymentView>)))]
pub(in crate::http) async fn list(
    State(app): State<App>,
    session: Session,
    Params(asked): Params<EmploymentFilters>,
) -> Result<Json<Page<EmploymentView>>, Problem> {
    let filters = [
        one_value("state", asked.state.map(<&'static str>::from)),
        entity_filter(&session, asked.legal_entity),
        one_value("employee_number", asked.employee_number.map(|line| line.0)),
        one_value("person_id", asked.person_id),
        one_value("manager_employee_number", asked.manager_employee_number.map(|line| line.0)),
        one_value("account", asked.account),
    ];
    let paging = Paging { order: asked.order, limit: asked.limit, cursor: asked.cursor };
    let filters = filters.into_iter().flatten().collect();
    let session = kept_back(&app, session).await?;
    Ok(Json(reading::list(&app, &session, &TABLE, filters, None, &paging, mask).await?.into()))
}

/// Read a period of employment. An employee reads their own.
#[utoipa::path(get, path = "/v1/employments/{id}", tag = "employments", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The period of employment, its version as `ETag`", body = EmploymentView)))]
pub(in crate::http) async fn one(
    State(app): State<App>,
    session: Session,
    id: Id,
) -> Result<One<EmploymentView>, Problem> {
    let (document, body) = reading::document(&app, &session, &TABLE, id.0).await?;
    let account = body.get("account").and_then(Value::as_str);
    let own = account.is_some_and(|account| account == session.actor.to_string());
    if !in_scope(&session, &body) || (session.reach == Reach::Own && !own) {
        return Err(Problem::not_found());
    }
    let session = kept_back(&app, session).await?;
    shown(&app, &session, document, mask).await
}
