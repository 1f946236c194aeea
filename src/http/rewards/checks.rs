//! Answers to rules that hold a reward: a HOLD is answered, a WARN acknowledged, a LEGAL lifted by a recorded opinion.

use aggregates::checks::{CheckAnswer, Settlement};
use aggregates::reward::RewardCommand;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{pay_decision, send};
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

/// The answer to a rule that waits for a fact.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AnswerRewardCheck {
    #[schema(examples("REF-18"))]
    rule: Line,
    #[schema(schema_with = one_of::<CheckAnswer>)]
    answer: String,
    /// Where the evidence lies in the employer's own records.
    evidence_ref: Line,
}

/// Answer a rule that holds a reward until a fact is there. It stays held until somebody lets it go on.
#[utoipa::path(post, path = "/v1/rewards/{id}/answer-check", tag = "rewards", params(("id" = Uuid, Path)),
    request_body = AnswerRewardCheck, responses((status = 200, description = "Answered", body = CommandReply)))]
async fn answer_check(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<AnswerRewardCheck>,
) -> Result<Answer, Problem> {
    let settlement = Settlement::Answered {
        rule: body.value.rule.0,
        answer: named("/answer", &body.value.answer)?,
        evidence_ref: body.value.evidence_ref.0,
        by: session.actor,
    };
    let envelope = session.envelope("rewards.answer-check", 200, &body.bytes);
    send(&app, &session, id.0, &envelope, RewardCommand::Settle(settlement)).await
}

/// Why it goes on in spite of a warning.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AcknowledgeRewardCheck {
    rule: Line,
    /// In words.
    reason: Words,
}

/// Acknowledge a rule that warns of a reward.
#[utoipa::path(post, path = "/v1/rewards/{id}/acknowledge", tag = "rewards", params(("id" = Uuid, Path)),
    request_body = AcknowledgeRewardCheck, responses((status = 200, description = "Acknowledged", body = CommandReply)))]
async fn acknowledge(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<AcknowledgeRewardCheck>,
) -> Result<Answer, Problem> {
    let settlement = Settlement::Acknowledged {
        rule: body.value.rule.0,
        reason: pay_decision(body.value.reason),
        by: session.actor,
    };
    let envelope = session.envelope("rewards.acknowledge", 200, &body.bytes);
    send(&app, &session, id.0, &envelope, RewardCommand::Settle(settlement)).await
}

/// A legal opinion.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RewardLegalOpinion {
    rule: Line,
    /// Where the opinion lies in the employer's own records.
    r#ref: Line,
    /// The last day on which it may be relied on.
    valid_until: Day,
}

/// Record a legal opinion about a rule that only such an opinion lifts.
#[utoipa::path(post, path = "/v1/rewards/{id}/record-legal-opinion", tag = "rewards", params(("id" = Uuid, Path)),
    request_body = RewardLegalOpinion, responses((status = 200, description = "Recorded", body = CommandReply)))]
async fn record_legal_opinion(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<RewardLegalOpinion>,
) -> Result<Answer, Problem> {
    let settlement = Settlement::LegalOpinion {
        rule: body.value.rule.0,
        opinion_ref: body.value.r#ref.0,
        valid_until: body.value.valid_until.0,
        by: session.actor,
    };
    let envelope = session.envelope("rewards.record-legal-opinion", 200, &body.bytes);
    send(&app, &session, id.0, &envelope, RewardCommand::Settle(settlement)).await
}
