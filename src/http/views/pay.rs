//! What each role sees of a pay assessment: compensation and compliance all of it, those who approve the tier and what it
//! costs, a recruiter the verdict and the rules that wait for an answer.

use aggregates::offer::{ExceptionDecision, ExceptionReason};
use aggregates::pay::{Fraction, Seat, Tier};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::applications::RuleView;
use super::{MoneyView, each, nulls};
use crate::http::fields::several_of;
use crate::http::reading::remove;
use crate::http::request::{one_of, one_of_or_null};
use crate::identity::Role;

/// An exact fraction; its parts are text, since they may lie beyond what a JSON number carries.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FractionView {
    #[schema(examples("81"))]
    num: String,
    #[schema(examples("73"))]
    den: String,
}

impl FractionView {
    /// A fraction as it is shown.
    pub(crate) fn of(fraction: Fraction) -> Self {
        Self { num: fraction.num().to_string(), den: fraction.den().to_string() }
    }
}

/// What follows from an assessment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub(crate) enum PayVerdict {
    /// Approval can be asked for.
    WithinPolicy,
    /// An exception has to be granted first.
    ExceptionNeeded,
    /// Nothing lifts it but other terms.
    Blocked,
}

/// What the assessment of a version found, in short. A member that the caller may not see is absent.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfferFindingView {
    /// Of which version.
    version: u32,
    #[schema(inline)]
    verdict: PayVerdict,
    /// The tier.
    #[schema(schema_with = one_of_or_null::<Tier>)]
    tier: Option<String>,
    /// How many are leapfrogged.
    #[serde(skip_serializing_if = "Option::is_none")]
    leapfrogged: Option<u32>,
    /// What it costs a year to remedy them.
    remedy_cost: Option<FractionView>,
    /// Which seats approve it.
    #[schema(schema_with = several_of::<Seat>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    seats: Option<Vec<String>>,
    /// Every rule that was evaluated; what does not pass is answered before approval is asked for.
    rules: Vec<RuleView>,
    at: DateTime<Utc>,
}

/// An exception from the pay policy.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfferExceptionView {
    version: u32,
    #[schema(schema_with = several_of::<ExceptionReason>)]
    reasons: Vec<String>,
    evidence_ref: Option<String>,
    justification: Option<String>,
    alternatives: Option<String>,
    remedy: Option<RemedyPlanView>,
    requested_by: Uuid,
    requested_at: DateTime<Utc>,
    decided: Option<ExceptionDecidedView>,
}

/// How those who are overtaken are remedied (PAY-28).
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RemedyPlanView {
    owner: Uuid,
    due_on: NaiveDate,
    amount: MoneyView,
    budget_ref: String,
}

/// What of a plan to remedy was carried out.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RemedyDoneView {
    /// The day on which the raises took effect.
    done_on: NaiveDate,
    /// By how much a year in all.
    amount: MoneyView,
    /// Where the order lies.
    evidence_ref: String,
    recorded_by: Uuid,
    at: DateTime<Utc>,
}

/// How an exception was decided.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExceptionDecidedView {
    #[schema(schema_with = one_of::<ExceptionDecision>)]
    decision: String,
    decided_by: Uuid,
    role: String,
    decided_at: DateTime<Utc>,
    comment: Option<String>,
}

/// Whether a role is shown all of an assessment, those who are overtaken by number included.
pub(crate) const fn sees_everything(role: Role) -> bool {
    matches!(role, Role::Compensation | Role::Compliance)
}

/// Whether a role is shown the tier and what a remedy costs.
pub(crate) const fn sees_tier(role: Role) -> bool {
    sees_everything(role) || matches!(role, Role::Executive | Role::PeopleOps)
}

/// What follows from a tier.
pub(crate) fn verdict(tier: &str, exception_needed: bool) -> PayVerdict {
    match tier {
        "E" | "F" => PayVerdict::Blocked,
        _ if exception_needed => PayVerdict::ExceptionNeeded,
        _ => PayVerdict::WithinPolicy,
    }
}

/// Leaves of what an offer says about its assessment what a role may see.
pub(crate) fn mask_finding(role: Role, body: &mut Value) {
    if !sees_tier(role) {
        remove(body, &["remedied"]);
    }
    if let Some(finding) = body.get_mut("finding").filter(|finding| finding.is_object()) {
        let tier = finding.get("tier").and_then(Value::as_str).unwrap_or_default();
        let needed = finding.get("exception_needed").and_then(Value::as_bool).unwrap_or(true);
        finding["verdict"] = json!(verdict(tier, needed));
        each(finding.get_mut("rules"), |rule| nulls(Some(rule), &["basis"]));
        remove(finding, &["exception_needed", "band", "compared_with", "qualification", "comparison", "notice"]);
        if !sees_tier(role) {
            remove(finding, &["tier", "leapfrogged", "remedy_cost", "seats"]);
        }
    }
    if let Some(exception) = body.get_mut("exception").filter(|exception| exception.is_object()) {
        // The document keeps the exception as it was asked for; readers find it flat.
        if let Some(asked) = exception.get_mut("exception").map(Value::take)
            && let (Some(flat), Value::Object(asked)) = (exception.as_object_mut(), asked)
        {
            flat.remove("exception");
            flat.extend(asked);
        }
        nulls(Some(exception), &["evidence_ref", "alternatives", "remedy"]);
    }
}
