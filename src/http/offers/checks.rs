//! Human answers to rules that do not pass by themselves: a HOLD is answered, a WARN acknowledged, a LEGAL lifted by a
//! recorded opinion; and what is filed once somebody is back.

use aggregates::checks::Settlement;
use aggregates::labour::Duty;
use aggregates::offer::{DocumentOutcome, DutyDone, DutyOutcome, HandedIn, Offer, OfferCommand};
use aggregates::personal::RecordClass;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{case_of, send};
use crate::dispatch::{Envelope, Gathered};
use crate::http::App;
use crate::http::checks::{AcknowledgeCheck, AnswerCheck, RecordLegalOpinion};
use crate::http::fields::named;
use crate::http::problem::Problem;
use crate::http::reply::{Answer, CommandReply};
use crate::http::request::{Body, Day, Id, Line, Session, one_of, one_of_or_null};
use crate::http::scope::as_one;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(answer_check))
        .routes(routes!(acknowledge))
        .routes(routes!(record_legal_opinion))
        .routes(routes!(record_duty))
        .routes(routes!(record_document))
}

async fn settle(
    app: &App,
    session: &Session,
    (envelope, id): (&Envelope, Uuid),
    settlement: Settlement,
) -> Result<Answer, Problem> {
    let gather = || async { as_one(app, session, Gathered::order(OfferCommand::Settle(settlement.clone()))).await };
    Ok(Answer::done(&app.dispatcher().send_with::<Offer, _, _>(envelope, id, gather).await?))
}

/// Answer a rule that misses a fact (HOLD).
///
/// Of a bar of LAB-04 it is told that the agency was told of it (`agency_told`); the bar stands all the same.
#[utoipa::path(post, path = "/v1/offers/{id}/answer-check", tag = "offers", params(("id" = Uuid, Path)),
    request_body = AnswerCheck, responses((status = 200, description = "Answered", body = CommandReply)))]
async fn answer_check(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<AnswerCheck>,
) -> Result<Answer, Problem> {
    let (session, _) = case_of(&app, &session, id.0).await?;
    let settlement = body.value.settlement(session.answers_for_it())?;
    let envelope = session.envelope("offers.answer-check", 200, &body.bytes);
    settle(&app, &session, (&envelope, id.0), settlement).await
}

/// Acknowledge a rule that warns (WARN).
#[utoipa::path(post, path = "/v1/offers/{id}/acknowledge", tag = "offers", params(("id" = Uuid, Path)),
    request_body = AcknowledgeCheck, responses((status = 200, description = "Acknowledged", body = CommandReply)))]
async fn acknowledge(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<AcknowledgeCheck>,
) -> Result<Answer, Problem> {
    let (session, _) = case_of(&app, &session, id.0).await?;
    let settlement = body.value.settlement(session.answers_for_it(), RecordClass::PayDecision);
    let envelope = session.envelope("offers.acknowledge", 200, &body.bytes);
    settle(&app, &session, (&envelope, id.0), settlement).await
}

/// Record a legal opinion about a rule that only one lifts (LEGAL).
#[utoipa::path(post, path = "/v1/offers/{id}/record-legal-opinion", tag = "offers", params(("id" = Uuid, Path)),
    request_body = RecordLegalOpinion, responses((status = 200, description = "Recorded", body = CommandReply)))]
async fn record_legal_opinion(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<RecordLegalOpinion>,
) -> Result<Answer, Problem> {
    let (session, _) = case_of(&app, &session, id.0).await?;
    let settlement = body.value.settlement(session.answers_for_it());
    let envelope = session.envelope("offers.record-legal-opinion", 200, &body.bytes);
    settle(&app, &session, (&envelope, id.0), settlement).await
}

/// Something that was filed or done for whoever came back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordOfferDuty {
    #[schema(schema_with = one_of::<Duty>)]
    duty: String,
    /// `done` when not given; `not_owed` where somebody has looked at it and found so.
    #[schema(schema_with = one_of_or_null::<DutyOutcome>)]
    outcome: Option<String>,
    /// The day on which it was filed, done or looked at.
    done_on: Day,
    /// Where the receipt, the certificate, or the reason why it is not owed lies.
    #[schema(examples("資格取得確認通知書 2027-118"))]
    evidence_ref: Line,
}

/// Record that whoever came back was registered or examined (入社時の届出, LAB-11), or that it is not owed.
///
/// Once they have started, each has a task by its day. Who works few hours may be in neither insurance: that somebody finds, and
/// says where the reason lies. An examination of the three months before stands for the one at hiring.
#[utoipa::path(post, path = "/v1/offers/{id}/record-duty", tag = "offers", params(("id" = Uuid, Path)),
    request_body = RecordOfferDuty, responses((status = 200, description = "Recorded", body = CommandReply)))]
async fn record_duty(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<RecordOfferDuty>,
) -> Result<Answer, Problem> {
    let (session, _) = case_of(&app, &session, id.0).await?;
    let duty = named("/duty", &body.value.duty)?;
    let outcome = body.value.outcome.as_deref().map(|name| named("/outcome", name)).transpose()?.unwrap_or_default();
    let (done_on, evidence_ref) = (body.value.done_on.0, body.value.evidence_ref.0);
    let envelope = session.envelope("offers.record-duty", 200, &body.bytes);
    send(&app, &envelope, id.0, OfferCommand::RecordDuty(DutyDone { duty, outcome, done_on, evidence_ref })).await
}

/// Something of what was to be handed in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordOfferDocument {
    /// Its code in the programme policy.
    #[schema(examples("health_certificate"))]
    code: Line,
    /// `received` when not given; `waived` where somebody has found that this returner need not hand it in.
    #[schema(schema_with = one_of_or_null::<DocumentOutcome>)]
    outcome: Option<String>,
    /// The day on which it came in, or on which that was found.
    on: Day,
    /// Where it lies, or where the reason lies why it need not be handed in; never the reason itself.
    #[schema(examples("人事ファイル 2027-118"))]
    evidence_ref: Line,
}

/// Record that something of what a returner hands in came in (入社時提出書類), or need not.
///
/// What is to be handed in, the programme policy of the case lays down; once the offer is accepted, people operations have a task
/// by the first day of work, which ends with the last document.
#[utoipa::path(post, path = "/v1/offers/{id}/record-document", tag = "offers", params(("id" = Uuid, Path)),
    request_body = RecordOfferDocument, responses((status = 200, description = "Recorded", body = CommandReply)))]
async fn record_document(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<RecordOfferDocument>,
) -> Result<Answer, Problem> {
    let (session, _) = case_of(&app, &session, id.0).await?;
    let RecordOfferDocument { code, outcome, on, evidence_ref } = body.value;
    let outcome = outcome.as_deref().map(|name| named("/outcome", name)).transpose()?.unwrap_or_default();
    let document = HandedIn { code: code.0, outcome, on: on.0, evidence_ref: evidence_ref.0 };
    let envelope = session.envelope("offers.record-document", 200, &body.bytes);
    send(&app, &envelope, id.0, OfferCommand::RecordDocument(document)).await
}
