//! Human answers to the rules about paid referrals.

use aggregates::personal::RecordClass;
use aggregates::referral::ReferralCommand;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::decide;
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

/// Answer a HOLD of a referral.
///
/// Where a referrer of whom no employment is known (REF-01) proves not to be employed, the referral is barred (REF-06).
#[utoipa::path(post, path = "/v1/referrals/{id}/answer-check", tag = "referrals", params(("id" = Uuid, Path)),
    request_body = AnswerCheck, responses((status = 200, description = "Answered", body = CommandReply)))]
async fn answer_check(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<AnswerCheck>,
) -> Result<Answer, Problem> {
    let settlement = body.value.settlement(session.answers_for_it())?;
    let order = ReferralCommand::Settle(settlement);
    decide(&app, &session, id.0, "referrals.answer-check", &body.bytes, order).await
}

/// Acknowledge a WARN of a referral.
#[utoipa::path(post, path = "/v1/referrals/{id}/acknowledge", tag = "referrals", params(("id" = Uuid, Path)),
    request_body = AcknowledgeCheck,
    responses((status = 200, description = "Acknowledged", body = CommandReply)))]
async fn acknowledge(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<AcknowledgeCheck>,
) -> Result<Answer, Problem> {
    let settlement = body.value.settlement(session.answers_for_it(), RecordClass::Recruiting);
    let order = ReferralCommand::Settle(settlement);
    decide(&app, &session, id.0, "referrals.acknowledge", &body.bytes, order).await
}

/// Record a legal opinion about a rule of a referral: nothing else lifts a LEGAL.
#[utoipa::path(post, path = "/v1/referrals/{id}/record-legal-opinion", tag = "referrals", params(("id" = Uuid, Path)),
    request_body = RecordLegalOpinion, responses((status = 200, description = "Recorded", body = CommandReply)))]
async fn record_legal_opinion(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<RecordLegalOpinion>,
) -> Result<Answer, Problem> {
    let settlement = body.value.settlement(session.answers_for_it());
    let order = ReferralCommand::Settle(settlement);
    decide(&app, &session, id.0, "referrals.record-legal-opinion", &body.bytes, order).await
}
