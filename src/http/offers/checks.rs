//! Human answers to rules that do not pass by themselves: a HOLD is answered, a WARN acknowledged, a LEGAL lifted by a
//! recorded opinion.

use aggregates::checks::{CheckAnswer, Settlement};
use aggregates::offer::OfferCommand;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{about_pay, case_of, send};
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
pub(super) struct AnswerOfferCheck {
    #[schema(examples("LAB-04"))]
    rule: Line,
    #[schema(schema_with = one_of::<CheckAnswer>)]
    answer: String,
    /// Where the evidence lies.
    evidence_ref: Line,
}

/// Answer a rule that misses a fact (HOLD).
#[utoipa::path(post, path = "/v1/offers/{id}/answer-check", tag = "offers", params(("id" = Uuid, Path)),
    request_body = AnswerOfferCheck, responses((status = 200, description = "Answered", body = CommandReply)))]
async fn answer_check(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<AnswerOfferCheck>,
) -> Result<Answer, Problem> {
    let (session, _) = case_of(&app, &session, id.0).await?;
    let settlement = Settlement::Answered {
        rule: body.value.rule.0,
        answer: named("/answer", &body.value.answer)?,
        evidence_ref: body.value.evidence_ref.0,
        by: session.actor,
    };
    let envelope = session.envelope("offers.answer-check", 200, &body.bytes);
    send(&app, &envelope, id.0, OfferCommand::Settle(settlement)).await
}

/// The acknowledgement of a WARN.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AcknowledgeOfferRule {
    #[schema(examples("PAY-01"))]
    rule: Line,
    /// Why it goes on all the same, in words.
    reason: Words,
}

/// Acknowledge a rule that warns (WARN).
#[utoipa::path(post, path = "/v1/offers/{id}/acknowledge", tag = "offers", params(("id" = Uuid, Path)),
    request_body = AcknowledgeOfferRule, responses((status = 200, description = "Acknowledged", body = CommandReply)))]
async fn acknowledge(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<AcknowledgeOfferRule>,
) -> Result<Answer, Problem> {
    let (session, _) = case_of(&app, &session, id.0).await?;
    let settlement =
        Settlement::Acknowledged { rule: body.value.rule.0, reason: about_pay(body.value.reason), by: session.actor };
    let envelope = session.envelope("offers.acknowledge", 200, &body.bytes);
    send(&app, &envelope, id.0, OfferCommand::Settle(settlement)).await
}

/// A legal opinion about a LEGAL.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordOfferOpinion {
    rule: Line,
    /// Where the opinion lies.
    r#ref: Line,
    /// The last day on which it may be relied on.
    valid_until: Day,
}

/// Record a legal opinion about a rule that only one lifts (LEGAL).
#[utoipa::path(post, path = "/v1/offers/{id}/record-legal-opinion", tag = "offers", params(("id" = Uuid, Path)),
    request_body = RecordOfferOpinion, responses((status = 200, description = "Recorded", body = CommandReply)))]
async fn record_legal_opinion(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<RecordOfferOpinion>,
) -> Result<Answer, Problem> {
    let (session, _) = case_of(&app, &session, id.0).await?;
    let settlement = Settlement::LegalOpinion {
        rule: body.value.rule.0,
        opinion_ref: body.value.r#ref.0,
        valid_until: body.value.valid_until.0,
        by: session.actor,
    };
    let envelope = session.envelope("offers.record-legal-opinion", 200, &body.bytes);
    send(&app, &envelope, id.0, OfferCommand::Settle(settlement)).await
}
