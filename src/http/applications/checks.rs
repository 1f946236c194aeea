//! Human answers to rules that do not pass by themselves: a HOLD is answered, a WARN acknowledged, a LEGAL lifted by a
//! recorded opinion. Whether the person may apply is decided by a review, and not by these.

use aggregates::application::ApplicationCommand;
use aggregates::checks::{CheckAnswer, Settlement};
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{case_of, recruiting, send};
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

/// The answer to a HOLD.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AnswerApplicationCheck {
    #[schema(examples("ELG-06"))]
    rule: Line,
    #[schema(schema_with = one_of::<CheckAnswer>)]
    answer: String,
    /// Where the evidence lies.
    evidence_ref: Line,
}

/// Answer a rule that misses a fact (HOLD).
#[utoipa::path(post, path = "/v1/applications/{id}/answer-check", tag = "applications", params(("id" = Uuid, Path)),
    request_body = AnswerApplicationCheck, responses((status = 200, description = "Answered", body = CommandReply)))]
async fn answer_check(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<AnswerApplicationCheck>,
) -> Result<Answer, Problem> {
    let (session, _) = case_of(&app, &session, id.0).await?;
    let settlement = Settlement::Answered {
        rule: body.value.rule.0,
        answer: named("/answer", &body.value.answer)?,
        evidence_ref: body.value.evidence_ref.0,
        by: session.actor,
    };
    let order = ApplicationCommand::Settle(settlement);
    send(&app, &session, id.0, "applications.answer-check", &body.bytes, order).await
}

/// The acknowledgement of a WARN.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AcknowledgeApplicationRule {
    rule: Line,
    /// Why it goes on all the same, in words.
    reason: Words,
}

/// Acknowledge a rule that warns (WARN).
#[utoipa::path(post, path = "/v1/applications/{id}/acknowledge", tag = "applications", params(("id" = Uuid, Path)),
    request_body = AcknowledgeApplicationRule,
    responses((status = 200, description = "Acknowledged", body = CommandReply)))]
async fn acknowledge(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<AcknowledgeApplicationRule>,
) -> Result<Answer, Problem> {
    let (session, _) = case_of(&app, &session, id.0).await?;
    let settlement =
        Settlement::Acknowledged { rule: body.value.rule.0, reason: recruiting(body.value.reason), by: session.actor };
    let order = ApplicationCommand::Settle(settlement);
    send(&app, &session, id.0, "applications.acknowledge", &body.bytes, order).await
}

/// A legal opinion about a LEGAL.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordApplicationOpinion {
    rule: Line,
    /// Where the opinion lies.
    r#ref: Line,
    /// The last day on which it may be relied on.
    valid_until: Day,
}

/// Record a legal opinion about a rule that only one lifts (LEGAL).
#[utoipa::path(post, path = "/v1/applications/{id}/record-legal-opinion", tag = "applications",
    params(("id" = Uuid, Path)), request_body = RecordApplicationOpinion,
    responses((status = 200, description = "Recorded", body = CommandReply)))]
async fn record_legal_opinion(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<RecordApplicationOpinion>,
) -> Result<Answer, Problem> {
    let (session, _) = case_of(&app, &session, id.0).await?;
    let settlement = Settlement::LegalOpinion {
        rule: body.value.rule.0,
        opinion_ref: body.value.r#ref.0,
        valid_until: body.value.valid_until.0,
        by: session.actor,
    };
    let order = ApplicationCommand::Settle(settlement);
    send(&app, &session, id.0, "applications.record-legal-opinion", &body.bytes, order).await
}
