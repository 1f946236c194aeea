//! `GET /v1/fairness-ledger` (公正性台帳): every pay decision with what it rested on, what was found, and who decided.

use aggregates::offer::PayAssessment;
use aggregates::pay::Tier;
use axum::Json;
use axum::extract::State;
use chrono::{DateTime, NaiveDate, Utc};
use projections::fairness_ledger::{PayDecision, RemedyState};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::App;
use super::fields::several_of;
use super::pay_history::{is_kept_back, kept_back};
use super::problem::Problem;
use super::reading::{self, Order, Paging, remove};
use super::request::{Line, Params, Session, one_of, one_of_or_null};
use super::views::applications::RuleView;
use super::views::offers::{OfferState, RangeReviewView};
use super::views::pay::{FractionView, PayVerdict, RemedyPlanView, verdict};
use super::views::{MoneyView, Page, Seen, each, entity_filter, nulls, one_value, table};
use crate::ledger::TableId;

/// The read model.
const DECISIONS: TableId = table::<PayDecision>();

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(fairness_ledger))
}

/// Which decisions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct DecisionFilters {
    /// How far the offers have come.
    #[param(inline)]
    state: Option<OfferState>,
    /// The tier.
    #[param(schema_with = one_of::<Tier>)]
    tier: Option<Tier>,
    /// `not_assessed`: under pay policy 0.
    #[param(schema_with = one_of::<PayAssessment>)]
    assessment: Option<PayAssessment>,
    /// How far the plan to remedy has come.
    #[param(schema_with = one_of::<RemedyState>)]
    remedy: Option<RemedyState>,
    /// The decisions of one case.
    application_id: Option<Uuid>,
    /// The entity that employs.
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

/// A pay decision. What names those whom an offer was compared with is on `GET /v1/offers/{id}/assessment`.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PayDecisionView {
    /// The offer.
    id: Uuid,
    state: OfferState,
    version: i64,
    application_id: Uuid,
    requisition_id: Uuid,
    person_id: Uuid,
    legal_entity: String,
    /// The unit that approves it.
    unit: Option<String>,
    terms_version: u32,
    /// The hash of everything that is approved.
    terms_hash: String,
    /// The base that is offered.
    base: Option<MoneyView>,
    #[schema(schema_with = one_of::<PayAssessment>)]
    assessment: String,
    /// The version of the pay policy.
    #[schema(examples("pay/0"))]
    pay_policy: String,
    #[schema(schema_with = one_of_or_null::<Tier>)]
    tier: Option<String>,
    /// What follows; nothing where it was not assessed.
    #[schema(inline)]
    verdict: Option<PayVerdict>,
    finding: Option<FindingView>,
    exception: Option<LedgerExceptionView>,
    /// Whether a plan to remedy those who are overtaken is owed, once the offer is accepted.
    #[schema(schema_with = one_of_or_null::<RemedyState>)]
    remedy: Option<String>,
    /// By when.
    remedy_due_on: Option<NaiveDate>,
    /// What of it was carried out, oldest first.
    remedied: Vec<RemediedView>,
    /// What the base became of whoever came back, as later snapshots show it, oldest first (PAY-27).
    pay_changes: Vec<PayChangeView>,
    /// What whoever came back was paid once, oldest first (PAY-27).
    paid_once: Vec<PaidOnceView>,
    /// The look at the pay range of the role that the exception brought about.
    range_review: Option<RangeReviewView>,
    approvals: Vec<LedgerApprovalView>,
    /// What was decided before of other terms, or by other facts, oldest first.
    earlier: Vec<EarlierDecisionView>,
    drafted_at: DateTime<Utc>,
    extended_at: Option<DateTime<Utc>>,
}

/// A decision in whose place another one came.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EarlierDecisionView {
    /// How far the offer had come.
    state: OfferState,
    terms_version: u32,
    /// The hash of everything that was to be approved.
    terms_hash: String,
    /// The base that was offered.
    base: Option<MoneyView>,
    #[schema(examples("pay/0"))]
    pay_policy: String,
    #[schema(schema_with = one_of_or_null::<Tier>)]
    tier: Option<String>,
    /// What followed; nothing where it was not assessed.
    #[schema(inline)]
    verdict: Option<PayVerdict>,
    finding: Option<FindingView>,
    exception: Option<LedgerExceptionView>,
    /// Who had approved it.
    approvals: Vec<LedgerApprovalView>,
    replaced_at: DateTime<Utc>,
}

/// What was found.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FindingView {
    /// The local day.
    on: NaiveDate,
    /// What was compared: grade, job family, zone, employment type, base and what is paid once.
    offered: Option<Value>,
    /// The name of the bands' version.
    bands: Option<String>,
    /// The band and its first day.
    band: Option<Value>,
    /// The day that the snapshot of the peers tells of.
    snapshot_as_of: Option<NaiveDate>,
    /// How far one had to look for peers: `zone`, `country` or `function`.
    scope: String,
    peers: u32,
    peer_median: Option<FractionView>,
    /// How many were left out, by reason.
    excluded: Vec<(String, u32)>,
    /// Those who stayed: how many, and the median of their base.
    stayers: Option<Value>,
    qualified: Option<u32>,
    leapfrogged: u32,
    remedy_cost: FractionView,
    /// Every ratio as an exact fraction, or why it is undefined.
    ratios: Value,
    /// The conditions met, strictest first.
    fired: Vec<Value>,
    exception_needed: bool,
    seats: Vec<String>,
    /// What was compared once the tier stood; `null` where a law bans pay history, but to compliance (PAY-07).
    after_pricing: Value,
    at: DateTime<Utc>,
}

/// An exception; its words are with the offer.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LedgerExceptionView {
    #[schema(schema_with = several_of::<aggregates::offer::ExceptionReason>)]
    reasons: Vec<String>,
    evidence_ref: Option<String>,
    remedy: Option<RemedyPlanView>,
    requested_by: Uuid,
    requested_at: DateTime<Utc>,
    #[schema(schema_with = one_of_or_null::<aggregates::offer::ExceptionDecision>)]
    decision: Option<String>,
    decided_by: Option<Uuid>,
    decided_at: Option<DateTime<Utc>>,
}

/// What of a plan to remedy was carried out.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RemediedView {
    /// The day on which the raises took effect.
    done_on: NaiveDate,
    /// By how much a year in all.
    amount: MoneyView,
    /// Where the order lies.
    evidence_ref: String,
}

/// A change of the base of whoever came back.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PayChangeView {
    /// The snapshot that shows it.
    snapshot_id: Uuid,
    /// The day that it tells of.
    as_of: NaiveDate,
    before: MoneyView,
    base: MoneyView,
    /// Those who were then in the grade and job family that was offered; `null` under pay policy 0.
    peers: Option<PeersNowView>,
    /// What the offer's own assessment says of the base now; `null` from six months after the return on.
    retest: Option<RetestView>,
}

/// Those in the grade and job family that was offered, without the returner.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PeersNowView {
    size: u32,
    /// `null` where they are too few.
    median: Option<FractionView>,
}

/// What whoever came back was paid once.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PaidOnceView {
    payment: OneOffView,
    recorded_by: Uuid,
    /// What the offer's own assessment says with everything that was paid once by then; `null` from six months after the return
    /// on.
    retest: Option<RetestView>,
}

/// A payment.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OneOffView {
    paid_on: NaiveDate,
    amount: MoneyView,
    /// Where the payment stands.
    evidence_ref: String,
}

/// An offer assessed once more as if what came later had been offered.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RetestView {
    #[schema(schema_with = one_of::<Tier>)]
    tier: String,
    /// The conditions met, strictest first.
    fired: Vec<Value>,
    /// Whether it is stricter than the one that was approved.
    rule: RuleView,
}

/// An approval.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LedgerApprovalView {
    by: Uuid,
    role: String,
    delegated_by: Option<Uuid>,
    /// What allows it to stand for those who are missing, where it was forced.
    authority: Option<String>,
    at: DateTime<Utc>,
}

/// Read the fairness ledger.
///
/// Every pay decision in the order in which offers were drafted: inputs, ratios as exact fractions, conditions, tier,
/// exceptions and approvals; with an offer, also what was decided of its earlier terms. Offers under pay policy 0 stand here as `not_assessed`.
#[utoipa::path(get, path = "/v1/fairness-ledger", tag = "offers", params(DecisionFilters),
    responses((status = 200, description = "A page of decisions", body = Page<PayDecisionView>)))]
async fn fairness_ledger(
    State(app): State<App>,
    session: Session,
    Params(asked): Params<DecisionFilters>,
) -> Result<Json<Page<Seen<PayDecisionView>>>, Problem> {
    let filters = [
        one_value("state", asked.state.map(<&'static str>::from)),
        one_value("tier", asked.tier.map(<&'static str>::from)),
        one_value("assessment", asked.assessment.map(<&'static str>::from)),
        one_value("remedy", asked.remedy.map(<&'static str>::from)),
        one_value("application_id", asked.application_id),
        entity_filter(&session, asked.legal_entity),
    ];
    let paging = Paging { order: asked.order, limit: asked.limit, cursor: asked.cursor };
    let filters = filters.into_iter().flatten().collect();
    let session = kept_back(&app, session).await?;
    Ok(Json(reading::list(&app, &session, &DECISIONS, filters, None, &paging, shown).await?.into()))
}

fn shown(session: &Session, body: &mut Value) {
    remove(body, &["drafted_position"]);
    let kept_back = is_kept_back(session, body);
    decided(body, kept_back);
    each(body.get_mut("earlier"), |decision| decided(decision, kept_back));
    let retested = |change: &mut Value| {
        nulls(Some(&mut *change), &["retest"]);
        if let Some(rule) = change.pointer_mut("/retest/rule") {
            nulls(Some(rule), &["basis"]);
        }
    };
    each(body.get_mut("pay_changes"), |change| {
        nulls(Some(&mut *change), &["peers"]);
        nulls(change.get_mut("peers"), &["median"]);
        retested(change);
    });
    each(body.get_mut("paid_once"), retested);
}

/// What a decision says, whether it stands or another one came in its place; without what follows from exit pay, where that is
/// kept back.
fn decided(decision: &mut Value, kept_back: bool) {
    if let Some(after_pricing) = decision.pointer_mut("/finding/after_pricing").filter(|_| kept_back) {
        *after_pricing = Value::Null;
    }
    let tier = decision.get("tier").and_then(Value::as_str).map(str::to_owned);
    let needed = decision.pointer("/finding/exception_needed").and_then(Value::as_bool).unwrap_or(false);
    decision["verdict"] = tier.map_or(Value::Null, |tier| json!(verdict(&tier, needed)));
    nulls(decision.get_mut("exception"), &["evidence_ref", "remedy"]);
    each(decision.get_mut("approvals"), |approval| nulls(Some(approval), &["delegated_by", "authority"]));
}
