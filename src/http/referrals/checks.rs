//! Human answers to the rules about paid referrals.

use aggregates::checks::{CheckAnswer, Settlement};
use aggregates::referral::ReferralCommand;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{recruiting, send};
use crate::http::App;
use crate::http::fields::named;
use crate::http::problem::Problem;
use crate::http::reply::{Answer, CommandReply};
use crate::http::request::{Body, Day, Id, Line, Session, Words, one_of};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(answer_check))
        .routes(routes!(acknowledge))
        .routes(routes!(record_legal_opinion))
}

/// The missing fact.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AnswerReferralCheck {
    #[schema(examples("REF-01"))]
    rule: Line,
    #[schema(schema_with = one_of::<CheckAnswer>)]
    answer: String,
    /// Where the evidence lies.
    evidence_ref: Line,
}

/// Answer a HOLD of a referral.
///
/// Where a referrer of whom no employment is known (REF-01) proves not to be employed, the referral is barred (REF-06).
#[utoipa::path(post, path = "/v1/referrals/{id}/answer-check", tag = "referrals", params(("id" = Uuid, Path)),
    request_body = AnswerReferralCheck, responses((status = 200, description = "Answered", body = CommandReply)))]
async fn answer_check(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<AnswerReferralCheck>,
) -> Result<Answer, Problem> {
    let settlement = Settlement::Answered {
        rule: body.value.rule.0,
        answer: named("/answer", &body.value.answer)?,
        evidence_ref: body.value.evidence_ref.0,
        by: session.actor,
    };
    let order = ReferralCommand::Settle(settlement);
    send(&app, &session, id.0, "referrals.answer-check", &body.bytes, order).await
}

/// Why it goes on all the same.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AcknowledgeReferralCheck {
    #[schema(examples("REF-19"))]
    rule: Line,
    /// In words.
    reason: Words,
}

/// Acknowledge a WARN of a referral.
#[utoipa::path(post, path = "/v1/referrals/{id}/acknowledge", tag = "referrals", params(("id" = Uuid, Path)),
    request_body = AcknowledgeReferralCheck,
    responses((status = 200, description = "Acknowledged", body = CommandReply)))]
async fn acknowledge(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<AcknowledgeReferralCheck>,
) -> Result<Answer, Problem> {
    let AcknowledgeReferralCheck { rule, reason } = body.value;
    let settlement = Settlement::Acknowledged { rule: rule.0, reason: recruiting(reason.0), by: session.actor };
    let order = ReferralCommand::Settle(settlement);
    send(&app, &session, id.0, "referrals.acknowledge", &body.bytes, order).await
}

/// A legal opinion.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordReferralOpinion {
    #[schema(examples("REF-01"))]
    rule: Line,
    /// Where the opinion lies.
    r#ref: Line,
    /// The last day on which it may be relied on.
    valid_until: Day,
}

/// Record a legal opinion about a rule of a referral: nothing else lifts a LEGAL.
#[utoipa::path(post, path = "/v1/referrals/{id}/record-legal-opinion", tag = "referrals", params(("id" = Uuid, Path)),
    request_body = RecordReferralOpinion, responses((status = 200, description = "Recorded", body = CommandReply)))]
async fn record_legal_opinion(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<RecordReferralOpinion>,
) -> Result<Answer, Problem> {
    let settlement = Settlement::LegalOpinion {
        rule: body.value.rule.0,
        opinion_ref: body.value.r#ref.0,
        valid_until: body.value.valid_until.0,
        by: session.actor,
    };
    let order = ReferralCommand::Settle(settlement);
    send(&app, &session, id.0, "referrals.record-legal-opinion", &body.bytes, order).await
}
