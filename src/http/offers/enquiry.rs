//! Questions of a returner about their conditions, and the employer's answers (パート有期法14条2項, PAY-02).

use aggregates::offer::{Enquiry, Explanation, OfferCommand};
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answers::{answering, recorded};
use super::fields::ComparisonField;
use super::{about_pay, about_them, case_of, send};
use crate::gather::pay::explanation_days;
use crate::http::App;
use crate::http::problem::Problem;
use crate::http::reply::{Answer, CommandReply};
use crate::http::request::{Body, Id, RecordedFor, Session, Words};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(request_explanation)).routes(routes!(answer_explanation))
}

/// A question about conditions.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RequestOfferExplanation {
    /// What they want to know, in words.
    question: Option<Words>,
    /// How the question came in, from somebody who records it for the candidate; not from the candidate.
    recorded_for: Option<RecordedFor>,
}

/// Ask why the conditions are as they are (待遇の説明の求め).
///
/// Whoever has the offer asks, also after the return; one question waits at a time. Compensation or people operations answer
/// within the days of the pay policy in force, fourteen where it names none, by a task (PAY-02). Nobody is treated worse for asking (パート有期法14条3項).
#[utoipa::path(post, path = "/v1/offers/{id}/request-explanation", tag = "offers", params(("id" = Uuid, Path)),
    request_body = RequestOfferExplanation, responses((status = 200, description = "Asked", body = CommandReply)))]
async fn request_explanation(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<RequestOfferExplanation>,
) -> Result<Answer, Problem> {
    let (session, standing) = answering(&app, &session, id.0).await?;
    let question = body.value.question.map(about_them);
    let recorded_for = recorded(session.reach, body.value.recorded_for)?;
    let envelope = session.envelope("offers.request-explanation", 200, &body.bytes);
    let within_days = explanation_days(app.dispatcher(), &session.employer, &standing.legal_entity).await?;
    let enquiry = Enquiry { question, recorded_for, within_days };
    send(&app, &envelope, id.0, OfferCommand::RequestExplanation(enquiry)).await
}

/// An answer to a question about conditions.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AnswerOfferExplanation {
    /// What differs from others who do such work, and why. The candidate reads it; it tells nobody else's pay.
    answer: Words,
    /// The conditions beside regular workers, item by item: for whoever works part-time or for a fixed term, where the
    /// assessment has no comparison. That the contract is of another type is no reason.
    comparison: Option<ComparisonField>,
}

/// Tell why the conditions are as they are (待遇の説明).
#[utoipa::path(post, path = "/v1/offers/{id}/answer-explanation", tag = "offers", params(("id" = Uuid, Path)),
    request_body = AnswerOfferExplanation, responses((status = 200, description = "Answered", body = CommandReply)))]
async fn answer_explanation(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<AnswerOfferExplanation>,
) -> Result<Answer, Problem> {
    let (session, _) = case_of(&app, &session, id.0).await?;
    let AnswerOfferExplanation { answer, comparison } = body.value;
    let comparison = comparison.map(ComparisonField::comparison).transpose()?.map(Box::new);
    let (answer, role) = (about_pay(answer), session.role.as_str().to_owned());
    let envelope = session.envelope("offers.answer-explanation", 200, &body.bytes);
    send(&app, &envelope, id.0, OfferCommand::AnswerExplanation(Explanation { answer, comparison, role })).await
}
