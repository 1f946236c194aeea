//! Answers to rules that hold a reward: a HOLD is answered, a WARN acknowledged, a LEGAL lifted by a recorded opinion.

use aggregates::personal::RecordClass;
use aggregates::reward::RewardCommand;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::send;
use crate::http::App;
use crate::http::checks::{AcknowledgeCheck, AnswerCheck, RecordLegalOpinion};
use crate::http::problem::Problem;
use crate::http::reply::{Answer, CommandReply};
use crate::http::request::{Body, Id, Session};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(answer_check))
        .routes(routes!(acknowledge))
        .routes(routes!(record_legal_opinion))
}

/// Answer a rule that holds a reward until a fact is there. It stays held until somebody lets it go on.
#[utoipa::path(post, path = "/v1/rewards/{id}/answer-check", tag = "rewards", params(("id" = Uuid, Path)),
    request_body = AnswerCheck, responses((status = 200, description = "Answered", body = CommandReply)))]
async fn answer_check(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<AnswerCheck>,
) -> Result<Answer, Problem> {
    let settlement = body.value.settlement(session.answers_for_it())?;
    let envelope = session.envelope("rewards.answer-check", 200, &body.bytes);
    send(&app, &session, id.0, &envelope, RewardCommand::Settle(settlement)).await
}

/// Acknowledge a rule that warns of a reward.
#[utoipa::path(post, path = "/v1/rewards/{id}/acknowledge", tag = "rewards", params(("id" = Uuid, Path)),
    request_body = AcknowledgeCheck, responses((status = 200, description = "Acknowledged", body = CommandReply)))]
async fn acknowledge(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<AcknowledgeCheck>,
) -> Result<Answer, Problem> {
    let settlement = body.value.settlement(session.answers_for_it(), RecordClass::PayDecision);
    let envelope = session.envelope("rewards.acknowledge", 200, &body.bytes);
    send(&app, &session, id.0, &envelope, RewardCommand::Settle(settlement)).await
}

/// Record a legal opinion about a rule that only such an opinion lifts.
#[utoipa::path(post, path = "/v1/rewards/{id}/record-legal-opinion", tag = "rewards", params(("id" = Uuid, Path)),
    request_body = RecordLegalOpinion, responses((status = 200, description = "Recorded", body = CommandReply)))]
async fn record_legal_opinion(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<RecordLegalOpinion>,
) -> Result<Answer, Problem> {
    let settlement = body.value.settlement(session.answers_for_it());
    let envelope = session.envelope("rewards.record-legal-opinion", 200, &body.bytes);
    send(&app, &session, id.0, &envelope, RewardCommand::Settle(settlement)).await
}
