//! `GET /v1/pay-policies`: what governs and what waits, every version of one policy, and where version 0 still governs.

use std::collections::BTreeSet;

use aggregates::offer::{APPROVALS_NEEDED, PAY_POLICY, PayAssessment};
use axum::Json;
use axum::extract::State;
use chrono::NaiveDate;
use projections::pay_policies::PayPolicy;
use projections::versions::State as Reached;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::App;
use crate::http::problem::Problem;
use crate::http::reading::{self, Order, Paging};
use crate::http::request::{Id, Line, Params, Session};
use crate::http::views::pay_policies::{BuiltInPayPolicy, PayPolicyPage, PayPolicyView, listed, shown};
use crate::http::views::versions::{BuiltInReach, PolicyState};
use crate::http::views::{One, Seen, entity_filter, in_scope, one, one_value, table};
use crate::ledger::TableId;

/// The read model.
pub(in crate::http) const PAY_POLICIES: TableId = table::<PayPolicy>();

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(read))
}

/// Which policies.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct PayPolicyFilters {
    /// How far they have come.
    #[param(inline)]
    state: Option<PolicyState>,
    /// The entity whose offers they govern.
    #[param(value_type = Option<String>)]
    legal_entity: Option<Line>,
    /// In which direction; `asc` when not given.
    #[param(inline)]
    order: Option<Order>,
    /// How many items, 1 to 500; 50 when not given.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<i64>,
    /// Where the previous page ended, from its `next_cursor`.
    cursor: Option<String>,
}

pub(super) fn today(app: &App, session: &Session) -> NaiveDate {
    session.employer.local_date(app.dispatcher().ledger().now())
}

/// List pay policies, in the order in which they were drafted.
///
/// Of each what governs today, what governs next and what waits. `built_in` tells of version 0, which governs an entity until
/// a policy of its own does: no offer is assessed, and one person approves.
#[utoipa::path(get, path = "/v1/pay-policies", tag = "pay-policies", params(PayPolicyFilters),
    responses((status = 200, description = "A page of policies", body = PayPolicyPage)))]
async fn list(
    State(app): State<App>,
    session: Session,
    Params(asked): Params<PayPolicyFilters>,
) -> Result<Json<PayPolicyPage>, Problem> {
    let today = today(&app, &session);
    let scope = entity_filter(&session, asked.legal_entity);
    let entities = match &scope {
        Some((_, names)) => names.iter().cloned().collect(),
        None => BTreeSet::from([session.employer.default_legal_entity.clone()]),
    };
    let filters = [one_value("state", asked.state.map(<&'static str>::from)), scope];
    let paging = Paging { order: asked.order, limit: asked.limit, cursor: asked.cursor };
    let filters = filters.into_iter().flatten().collect();
    let mask = |session: &Session, body: &mut serde_json::Value| listed(session.role, today, body);
    let page = reading::list(&app, &session, &PAY_POLICIES, filters, None, &paging, mask).await?;
    let built_in = built_in(&app, &session, entities, today).await?;
    Ok(Json(PayPolicyPage { items: page.items, next_cursor: page.next_cursor, built_in }))
}

/// Where version 0 governs today: wherever no published policy does.
async fn built_in(
    app: &App,
    session: &Session,
    entities: BTreeSet<String>,
    today: NaiveDate,
) -> Result<BuiltInPayPolicy, Problem> {
    let published = <&'static str>::from(Reached::Published).to_owned();
    let filters = vec![("state", vec![published]), ("legal_entity", entities.iter().cloned().collect::<Vec<String>>())];
    // One published policy an entity at most.
    let paging = Paging { order: None, limit: Some(500), cursor: None };
    let found = reading::list::<PayPolicy>(app, session, &PAY_POLICIES, filters, None, &paging, |_, _| {}).await?;
    let governed: BTreeSet<String> = found
        .items
        .into_iter()
        .filter(|policy| policy.governing(today).is_some())
        .map(|one| one.legal_entity)
        .collect();
    let reach = |legal_entity: String| BuiltInReach { governs: !governed.contains(&legal_entity), legal_entity };
    Ok(BuiltInPayPolicy {
        policy: PAY_POLICY.to_owned(),
        assessment: PayAssessment::NotAssessed,
        approvals_needed: APPROVALS_NEEDED,
        entities: entities.into_iter().map(reach).collect(),
    })
}

/// Read a pay policy with every version.
#[utoipa::path(get, path = "/v1/pay-policies/{id}", tag = "pay-policies", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The policy, its version as `ETag`", body = PayPolicyView)))]
async fn read(State(app): State<App>, session: Session, id: Id) -> Result<One<Seen<PayPolicyView>>, Problem> {
    let today = today(&app, &session);
    let (document, body) = reading::document(&app, &session, &PAY_POLICIES, id.0).await?;
    if !in_scope(&session, &body) {
        return Err(Problem::not_found());
    }
    one(&app, &session, document, |session, body| shown(session.role, today, body)).await
}
