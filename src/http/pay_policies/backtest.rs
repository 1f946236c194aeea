//! A draft over past decisions, before anybody approves it.

use std::fmt::Write as _;
use std::sync::Arc;

use aggregates::ids::PayPolicyId;
use aggregates::pay::{Fraction, Tier};
use aggregates::pay_policy::{PayPolicy, PayPolicyError, policy_version};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::backtest::{self, Backtest, Changed};
use crate::dispatch::DispatchError;
use crate::http::App;
use crate::http::accept::preferred;
use crate::http::problem::Problem;
use crate::http::request::{Body, Day, Id, Session, one_of};
use crate::http::views::pay::FractionView;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(backtest))
}

/// The forms in which a report comes.
const FORMS: [&str; 2] = ["application/json", "text/plain"];
/// How many changed decisions a report lists.
const MOST_CHANGED: usize = 500;

/// Over which decisions.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BacktestPayPolicy {
    /// Assessed on this day or later; all of them when not given.
    since: Option<Day>,
}

/// What the latest version of a policy would have made of past decisions.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BacktestView {
    policy_id: Uuid,
    /// Which version was run: the one that waits, or else the one published last.
    policy_version: u32,
    /// How many offers were assessed, each by its latest assessment.
    decisions: u64,
    /// How many of them the policy cannot assess.
    not_assessable: u64,
    /// How many would have been dealt with more strictly.
    stricter: u64,
    /// How many would have been dealt with less strictly: what the policy loosens.
    milder: u64,
    /// From which tier to which, and how many.
    moves: Vec<TierMoveView>,
    /// How many were blocked, so that neither approval nor exception lifts it.
    blocked: u64,
    /// How many would be.
    blocked_then: u64,
    /// How many approvals were needed, over the decisions that are blocked neither way.
    approvals_needed: u64,
    /// How many would be.
    approvals_needed_then: u64,
    /// How many of those needed an exception, which somebody decides.
    exceptions_needed: u64,
    /// How many would.
    exceptions_needed_then: u64,
    /// What remedies cost a year, over all decisions.
    remedy_cost: FractionView,
    /// What they would.
    remedy_cost_then: FractionView,
    /// The offers whose tier would be another, in the order of the log; up to 500.
    changed: Vec<ChangedDecisionView>,
    /// How many there are in all: the list ends with the five hundredth.
    changed_total: u64,
}

/// So many offers would move from one tier to another.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TierMoveView {
    #[schema(schema_with = one_of::<Tier>)]
    from: String,
    #[schema(schema_with = one_of::<Tier>)]
    to: String,
    count: u64,
}

/// An offer whose tier would be another.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ChangedDecisionView {
    offer_id: Uuid,
    /// Which version of its terms.
    version: u32,
    #[schema(schema_with = one_of::<Tier>)]
    tier: String,
    #[schema(schema_with = one_of::<Tier>)]
    tier_then: String,
    /// None where it was blocked.
    approvals_needed: usize,
    /// None where it would be blocked.
    approvals_needed_then: usize,
    remedy_cost: FractionView,
    remedy_cost_then: FractionView,
}

fn named(tier: Tier) -> String {
    <&str>::from(tier).to_owned()
}

impl ChangedDecisionView {
    fn of(changed: &Changed) -> Self {
        let Changed { offer_id, version, tier, approvals, remedy } = *changed;
        Self {
            offer_id,
            version,
            tier: named(tier.0),
            tier_then: named(tier.1),
            approvals_needed: approvals.0,
            approvals_needed_then: approvals.1,
            remedy_cost: FractionView::of(remedy.0),
            remedy_cost_then: FractionView::of(remedy.1),
        }
    }
}

impl BacktestView {
    fn of(policy_id: Uuid, policy_version: u32, report: Backtest) -> Self {
        let changed_total = u64::try_from(report.changed.len()).unwrap_or(u64::MAX);
        let changed = report.changed.iter().take(MOST_CHANGED);
        let moves = report.moves.into_iter();
        Self {
            policy_id,
            policy_version,
            decisions: report.decisions,
            not_assessable: report.not_assessable,
            stricter: report.stricter,
            milder: report.milder,
            moves: moves.map(|((from, to), count)| TierMoveView { from: named(from), to: named(to), count }).collect(),
            blocked: report.blocked.0,
            blocked_then: report.blocked.1,
            approvals_needed: report.approvals.0,
            approvals_needed_then: report.approvals.1,
            exceptions_needed: report.exceptions.0,
            exceptions_needed_then: report.exceptions.1,
            remedy_cost: FractionView::of(report.remedies.0),
            remedy_cost_then: FractionView::of(report.remedies.1),
            changed_total,
            changed: changed.map(ChangedDecisionView::of).collect(),
        }
    }
}

/// Run a pay policy over past decisions.
///
/// The version that waits, or else the one published last: which offers it would have put in another tier, how many approvals
/// more or fewer of those that it blocks neither way, and what remedies would cost. As `application/json`, or as a table to read (`text/plain`). For whoever is shown
/// all pay alone: a bound that is moved until an offer crosses it tells what that offer pays. Records nothing.
#[utoipa::path(post, path = "/v1/pay-policies/{id}/backtest", tag = "pay-policies", params(("id" = Uuid, Path)),
    request_body = BacktestPayPolicy, responses((status = 200, description = "What would have changed",
        content((BacktestView = "application/json"), (String = "text/plain")))))]
async fn backtest(
    State(app): State<App>,
    session: Session,
    headers: HeaderMap,
    id: Id,
    body: Body<BacktestPayPolicy>,
) -> Result<Response, Problem> {
    let dispatcher = app.dispatcher();
    let loaded = dispatcher.load::<PayPolicy>(&session.employer, id.0).await?;
    let standing = loaded.state.standing().filter(|standing| session.covers(&standing.legal_entity));
    let (version, terms) = standing.and_then(|standing| standing.versions.latest()).ok_or_else(Problem::not_found)?;
    let since = body.value.since.map(|day| day.0);
    let report = backtest::run(dispatcher, &session.employer, &Arc::new(terms.clone()), since)
        .await
        .map_err(DispatchError::<PayPolicyError>::from)?;
    let varies = [(header::VARY, "accept")];
    // Whoever takes neither is told in JSON, as all of the API tells.
    Ok(match preferred(&headers, &FORMS).and_then(|form| FORMS.get(form)) {
        Some(&"text/plain") => (varies, table(&policy_version(PayPolicyId(id.0), version), &report)).into_response(),
        Some(_) | None => (varies, Json(BacktestView::of(id.0, version, report))).into_response(),
    })
}

/// The report as a table.
fn table(policy: &str, report: &Backtest) -> String {
    let cost = |cost: Fraction| cost.decimal(0);
    let Backtest { decisions, not_assessable, stricter, milder, blocked, approvals, exceptions, remedies, .. } = report;
    let mut told = format!(
        "{policy} over past decisions\n\n\
         decisions        {decisions:>12}\n\
         not assessable   {not_assessable:>12}\n\
         stricter         {stricter:>12}\n\
         milder           {milder:>12}\n\
         blocked          {:>12} -> {}\n\
         approvals        {:>12} -> {}\n\
         exceptions       {:>12} -> {}\n\
         remedies a year  {:>12} -> {}\n\n\
         from  to    offers\n",
        blocked.0,
        blocked.1,
        approvals.0,
        approvals.1,
        exceptions.0,
        exceptions.1,
        cost(remedies.0),
        cost(remedies.1),
    );
    for ((from, to), count) in &report.moves {
        let _ = writeln!(told, "{:<4}  {:<4}  {count:>6}", named(*from), named(*to));
    }
    told.push_str("\noffer                                 version  from  to    approvals    remedy a year\n");
    for Changed { offer_id, version, tier, approvals, remedy } in report.changed.iter().take(MOST_CHANGED) {
        let (from, to) = (named(tier.0), named(tier.1));
        let approvals = format!("{} -> {}", approvals.0, approvals.1);
        let remedy = format!("{} -> {}", cost(remedy.0), cost(remedy.1));
        let _ = writeln!(told, "{offer_id}  {version:>7}  {from:<4}  {to:<4}  {approvals:<11}  {remedy}");
    }
    told
}
