//! Human answers to rules that do not pass by themselves: a HOLD is answered, a WARN acknowledged, a LEGAL lifted by a
//! recorded opinion. Whether the person may apply is decided by a review, and not by these.

use aggregates::application::ApplicationCommand;
use aggregates::personal::RecordClass;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{case_of, send};
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

/// Answer a rule that misses a fact (HOLD).
#[utoipa::path(post, path = "/v1/applications/{id}/answer-check", tag = "applications", params(("id" = Uuid, Path)),
    request_body = AnswerCheck, responses((status = 200, description = "Answered", body = CommandReply)))]
async fn answer_check(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<AnswerCheck>,
) -> Result<Answer, Problem> {
    let (session, _) = case_of(&app, &session, id.0).await?;
    let settlement = body.value.settlement(session.answers_for_it())?;
    let order = ApplicationCommand::Settle(settlement);
    send(&app, &session, id.0, "applications.answer-check", &body.bytes, order).await
}

/// Acknowledge a rule that warns (WARN).
#[utoipa::path(post, path = "/v1/applications/{id}/acknowledge", tag = "applications", params(("id" = Uuid, Path)),
    request_body = AcknowledgeCheck,
    responses((status = 200, description = "Acknowledged", body = CommandReply)))]
async fn acknowledge(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<AcknowledgeCheck>,
) -> Result<Answer, Problem> {
    let (session, _) = case_of(&app, &session, id.0).await?;
    let settlement = body.value.settlement(session.answers_for_it(), RecordClass::Recruiting);
    let order = ApplicationCommand::Settle(settlement);
    send(&app, &session, id.0, "applications.acknowledge", &body.bytes, order).await
}

/// Record a legal opinion about a rule that only one lifts (LEGAL).
#[utoipa::path(post, path = "/v1/applications/{id}/record-legal-opinion", tag = "applications",
    params(("id" = Uuid, Path)), request_body = RecordLegalOpinion,
    responses((status = 200, description = "Recorded", body = CommandReply)))]
async fn record_legal_opinion(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<RecordLegalOpinion>,
) -> Result<Answer, Problem> {
    let (session, _) = case_of(&app, &session, id.0).await?;
    let settlement = body.value.settlement(session.answers_for_it());
    let order = ApplicationCommand::Settle(settlement);
    send(&app, &session, id.0, "applications.record-legal-opinion", &body.bytes, order).await
}
