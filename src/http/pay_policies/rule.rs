//! What those who stayed, and their managers, are told of a pay policy: the rule and the aggregate.

use aggregates::ids::PayPolicyId;
use aggregates::pay_policy::policy_version;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use projections::monitoring::Kind;
use projections::monitoring::suppression::Least;
use projections::pay_policies::PayPolicy;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::reading::{PAY_POLICIES, today};
use crate::http::App;
use crate::http::monitoring::{Entity, closed_month, read};
use crate::http::printed::{self, PdfFile, Print};
use crate::http::problem::{INTERNAL_ERROR, Problem};
use crate::http::reading;
use crate::http::request::{Id, Params, Session};
use crate::http::views::in_scope;
use crate::pay_rule::PayRule;
use crate::printed::Rendered;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(explanation))
}

/// Up to which month.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct PayRuleMonth {
    /// A month that is over in the employer's local time, `YYYY-MM`; the last one when not given.
    #[param(pattern = "^[0-9]{4}-[0-9]{2}$", example = "2026-10")]
    month: Option<String>,
}

/// What those who stayed, and their managers, are told about pay at return.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PayRuleView {
    /// The version that governs, as offers name it.
    #[schema(examples("pay/0193f2d4-c8b7-7c2e-9d1a-5e6f7a8b9c0e/1"))]
    pay_policy: String,
    /// Up to the end of which month the figures are.
    #[schema(examples("2026-10"))]
    month: String,
    /// No figure is about fewer people (MON-06).
    #[schema(examples(10))]
    smallest_group: usize,
    /// The template and its version.
    #[schema(examples("pay-rule/1"))]
    template: String,
    /// SHA-256 of the text.
    sha256: String,
    /// What it says, in Japanese with English beside it.
    text: String,
}

/// Read what those who stayed, and their managers, are told about pay at return.
///
/// The rule, from the version that governs today, and the aggregate up to a month: of ten people and more, without amounts, and
/// never what anybody earns. It names nobody, so that it may be handed on. Every offer names its policy in `pay_policy`. As
/// `application/json`, as `text/html` (a page that loads nothing) or as `application/pdf` (for archives, PDF/A-2a). Where no
/// version governs there is nothing to tell: `404`.
#[utoipa::path(get, path = "/v1/pay-policies/{id}/explanation", tag = "pay-policies",
    params(("id" = Uuid, Path), PayRuleMonth),
    responses((status = 200, description = "The explanation",
        content((PayRuleView = "application/json"), (String = "text/html"), (PdfFile = "application/pdf")))))]
async fn explanation(
    State(app): State<App>,
    session: Session,
    headers: HeaderMap,
    id: Id,
    Params(asked): Params<PayRuleMonth>,
) -> Result<Response, Problem> {
    let form = printed::form(&headers)?;
    let month = closed_month(&app, &session, asked.month.as_deref())?;
    let (_, body) = reading::document(&app, &session, &PAY_POLICIES, id.0).await?;
    if !in_scope(&session, &body) {
        return Err(Problem::not_found());
    }
    let policy: PayPolicy = serde_json::from_value(body).map_err(|error| {
        tracing::error!(%error, policy = %id.0, "a pay policy cannot be read");
        Problem::of(INTERNAL_ERROR)
    })?;
    let governing = policy.governing(today(&app, &session)).ok_or_else(Problem::not_found)?;
    let effective_from = governing.effective_from.ok_or_else(Problem::not_found)?;
    let entity = policy.legal_entity.clone();
    // No group is told of that the policy itself would not compare with.
    let compared = usize::try_from(governing.terms.smallest_group).unwrap_or(usize::MAX);
    let least = Least::MANY.or_more(compared);
    let (report, _) = read(&app, &session, Kind::StayerRatios, Entity::Known(entity), month, least).await?;
    let name = policy_version(PayPolicyId(id.0), governing.number);
    let document = PayRule { policy: &name, effective_from, terms: &governing.terms, report: &report }.render();
    let print = Print {
        remark: None,
        dated: Some(month.last_day().max(effective_from)),
        name: format!("pay-rule-{}-{month}", governing.number),
    };
    let told = |document: Rendered| PayRuleView {
        pay_policy: name,
        month: month.to_string(),
        smallest_group: report.least,
        template: document.template.to_owned(),
        sha256: document.sha256(),
        text: document.text,
    };
    printed::answer(form, document, print, told).await
}
