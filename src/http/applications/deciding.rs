//! Deciding about a case: whether the person may apply, how it goes on, rests and ends.

use aggregates::application::{
    Application, ApplicationCommand, Office, Recommendation, RejectionReason, ReviewDecision, Side, Stage, Standing,
    Transferring, WithdrawalReason,
};
use aggregates::ids::{ActorId, RequisitionId};
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{case_of, no_requisition, recorded_for, recruiting, restricted, send, unknown};
use crate::dispatch::Gathered;
use crate::gather::application::{Asked, Gathering, Missing, alone, eligibility, involved, referrer};
use crate::http::App;
use crate::http::fields::{id_at, named};
use crate::http::problem::Problem;
use crate::http::reply::{Answer, CommandReply};
use crate::http::request::{Body, Day, Id, Line, RecordedFor, Session, Words, one_of};
use crate::identity::Role;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(review_eligibility))
        .routes(routes!(request_review))
        .routes(routes!(assign))
        .routes(routes!(advance))
        .routes(routes!(skip_stage))
        .routes(routes!(record_evaluation))
        .routes(routes!(hold))
        .routes(routes!(resume))
        .routes(routes!(reject))
        .routes(routes!(withdraw))
        .routes(routes!(reopen))
        .routes(routes!(transfer))
}

/// A decision about whether the person may apply.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReviewEligibility {
    #[schema(schema_with = one_of::<ReviewDecision>)]
    decision: String,
    /// The clause relied on, which is all that the person is told.
    #[schema(examples("再雇用規程第3条"))]
    clause: Line,
    /// In words.
    note: Option<Words>,
}

/// Decide whether the person may apply, or answer their request for a review.
///
/// Never whoever leads the case, handed it in, or decided about it before, nor whoever had a part in a flag or a verdict that
/// it rests on.
#[utoipa::path(post, path = "/v1/applications/{id}/review-eligibility", tag = "applications", params(("id" = Uuid, Path)),
    request_body = ReviewEligibility, responses((status = 200, description = "Decided", body = CommandReply)))]
async fn review_eligibility(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<ReviewEligibility>,
) -> Result<Answer, Problem> {
    let (session, case) = case_of(&app, &session, id.0).await?;
    let (decision, clause) = (named("/decision", &body.value.decision)?, body.value.clause.0);
    let note = body.value.note.map(restricted);
    let envelope = session.envelope("applications.review-eligibility", 200, &body.bytes);
    let dispatcher = app.dispatcher();
    let gather = || async {
        let (free, guards) = if decision == ReviewDecision::Eligible {
            alone(dispatcher, &session.employer, &case).await?
        } else {
            (vec![], vec![])
        };
        let involved = involved(dispatcher, &session.employer, &case).await?;
        let (clause, note) = (clause.clone(), note.clone());
        let order = ApplicationCommand::ReviewEligibility { decision, clause, note, involved };
        Ok(Gathered { guards, free, ..Gathered::order(order) })
    };
    Ok(Answer::done(&dispatcher.send_with::<Application, _, _>(&envelope, id.0, gather).await?))
}

/// A request for a review of "not eligible".
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RequestReview {
    /// Why, in the person's words.
    grounds: Option<Words>,
}

/// Ask for a review of "not eligible", once, within 30 days. Somebody who was not involved before answers.
#[utoipa::path(post, path = "/v1/applications/{id}/request-review", tag = "applications", params(("id" = Uuid, Path)),
    request_body = RequestReview, responses((status = 200, description = "Asked for", body = CommandReply)))]
async fn request_review(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<RequestReview>,
) -> Result<Answer, Problem> {
    let (session, _) = case_of(&app, &session, id.0).await?;
    let order = ApplicationCommand::RequestReview { grounds: body.value.grounds.map(restricted) };
    send(&app, &session, id.0, "applications.request-review", &body.bytes, order).await
}

/// Who is put in charge.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AssignApplication {
    /// By the subject of their token.
    owner: Line,
}

/// Put somebody in charge of the case.
#[utoipa::path(post, path = "/v1/applications/{id}/assign", tag = "applications", params(("id" = Uuid, Path)),
    request_body = AssignApplication, responses((status = 200, description = "Assigned", body = CommandReply)))]
async fn assign(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<AssignApplication>,
) -> Result<Answer, Problem> {
    let (session, _) = case_of(&app, &session, id.0).await?;
    let owner = app.account(&session.employer, &body.value.owner.0).await?;
    send(&app, &session, id.0, "applications.assign", &body.bytes, ApplicationCommand::Assign { owner }).await
}

/// The next stage.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AdvanceApplication {
    #[schema(schema_with = one_of::<Stage>)]
    to: String,
}

/// Go on to the next stage. From interviews the case goes on by recording an evaluation.
#[utoipa::path(post, path = "/v1/applications/{id}/advance", tag = "applications", params(("id" = Uuid, Path)),
    request_body = AdvanceApplication, responses((status = 200, description = "Advanced", body = CommandReply)))]
async fn advance(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<AdvanceApplication>,
) -> Result<Answer, Problem> {
    let (session, _) = case_of(&app, &session, id.0).await?;
    let order = ApplicationCommand::Advance { to: named("/to", &body.value.to)? };
    send(&app, &session, id.0, "applications.advance", &body.bytes, order).await
}

/// A stage gone past.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SkipStage {
    #[schema(schema_with = one_of::<Stage>)]
    to: String,
    /// The clause that allows it.
    clause: Line,
}

/// Go past the interviews on the fast track: for those who were eligible without a review. Never whoever referred them.
#[utoipa::path(post, path = "/v1/applications/{id}/skip-stage", tag = "applications", params(("id" = Uuid, Path)),
    request_body = SkipStage, responses((status = 200, description = "Went on", body = CommandReply)))]
async fn skip_stage(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<SkipStage>,
) -> Result<Answer, Problem> {
    let (session, case) = case_of(&app, &session, id.0).await?;
    let (to, clause) = (named("/to", &body.value.to)?, body.value.clause.0);
    let order = |referrer| ApplicationCommand::SkipStage { to, clause: clause.clone(), referrer };
    judge(&app, &session, (id.0, &case), ("applications.skip-stage", &body.bytes), order).await
}

/// The evaluation of the candidate.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordEvaluation {
    #[schema(schema_with = one_of::<Recommendation>)]
    recommendation: String,
    /// In words.
    note: Option<Words>,
}

/// Record the evaluation, once a scorecard is in. Never whoever referred the candidate.
#[utoipa::path(post, path = "/v1/applications/{id}/record-evaluation", tag = "applications", params(("id" = Uuid, Path)),
    request_body = RecordEvaluation, responses((status = 200, description = "Evaluated", body = CommandReply)))]
async fn record_evaluation(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<RecordEvaluation>,
) -> Result<Answer, Problem> {
    let (session, case) = case_of(&app, &session, id.0).await?;
    let recommendation = named("/recommendation", &body.value.recommendation)?;
    let note = body.value.note.map(recruiting);
    let order = |referrer| ApplicationCommand::RecordEvaluation { recommendation, note: note.clone(), referrer };
    judge(&app, &session, (id.0, &case), ("applications.record-evaluation", &body.bytes), order).await
}

/// Judges a candidate, with who referred them.
async fn judge(
    app: &App,
    session: &Session,
    (id, case): (Uuid, &Standing),
    (name, bytes): (&'static str, &[u8]),
    order: impl Fn(Option<ActorId>) -> ApplicationCommand,
) -> Result<Answer, Problem> {
    let (dispatcher, order) = (app.dispatcher(), &order);
    let envelope = session.envelope(name, 200, bytes);
    let gather = || async move {
        let (referrer, referral) = referrer(dispatcher, &session.employer, case.referral_id).await?;
        Ok(Gathered { guards: referral.into_iter().collect(), ..Gathered::order(order(referrer)) })
    };
    Ok(Answer::done(&dispatcher.send_with::<Application, _, _>(&envelope, id, gather).await?))
}

/// For how long the case rests.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct HoldApplication {
    /// The local day on which it goes on by itself; until somebody resumes it when not given.
    until: Option<Day>,
    /// In words.
    note: Option<Words>,
}

/// Put the case on hold. Withdrawal, rejection and answers to offers go through.
#[utoipa::path(post, path = "/v1/applications/{id}/hold", tag = "applications", params(("id" = Uuid, Path)),
    request_body = HoldApplication, responses((status = 200, description = "On hold", body = CommandReply)))]
async fn hold(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<HoldApplication>,
) -> Result<Answer, Problem> {
    let (session, _) = case_of(&app, &session, id.0).await?;
    let order =
        ApplicationCommand::Hold { until: body.value.until.map(|day| day.0), note: body.value.note.map(recruiting) };
    send(&app, &session, id.0, "applications.hold", &body.bytes, order).await
}

/// Why the case goes on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ResumeApplication {
    /// The clause relied on, where a changed fact put the case on hold.
    #[schema(examples("再雇用規程第3条"))]
    clause: Option<Line>,
    /// In words.
    note: Option<Words>,
}

/// Let the case go on.
///
/// Where a changed fact put it on hold, compliance alone, with the clause relied on: that is to decide that the person may
/// apply, and whoever may not review that may not let the case go on.
#[utoipa::path(post, path = "/v1/applications/{id}/resume", tag = "applications", params(("id" = Uuid, Path)),
    request_body = ResumeApplication, responses((status = 200, description = "Goes on", body = CommandReply)))]
async fn resume(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<ResumeApplication>,
) -> Result<Answer, Problem> {
    let (session, case) = case_of(&app, &session, id.0).await?;
    let office = if session.has(Role::Compliance) { Office::Compliance } else { Office::Recruiting };
    let (clause, note) = (body.value.clause.map(|line| line.0), body.value.note.map(recruiting));
    let envelope = session.envelope("applications.resume", 200, &body.bytes);
    let dispatcher = app.dispatcher();
    let gather = || async {
        let involved = involved(dispatcher, &session.employer, &case).await?;
        let (clause, note) = (clause.clone(), note.clone());
        Ok(Gathered::order(ApplicationCommand::Resume { office, clause, involved, note }))
    };
    Ok(Answer::done(&dispatcher.send_with::<Application, _, _>(&envelope, id.0, gather).await?))
}

/// Why the case ends.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RejectApplication {
    #[schema(schema_with = one_of::<Side>)]
    side: String,
    #[schema(schema_with = one_of::<RejectionReason>)]
    reason_code: String,
    /// In words.
    note: Option<Words>,
}

/// End the case without an offer. A live offer must end first; after acceptance only rescission does.
#[utoipa::path(post, path = "/v1/applications/{id}/reject", tag = "applications", params(("id" = Uuid, Path)),
    request_body = RejectApplication, responses((status = 200, description = "Rejected", body = CommandReply)))]
async fn reject(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<RejectApplication>,
) -> Result<Answer, Problem> {
    let (session, _) = case_of(&app, &session, id.0).await?;
    let order = ApplicationCommand::Reject {
        side: named("/side", &body.value.side)?,
        reason_code: named("/reason_code", &body.value.reason_code)?,
        note: body.value.note.map(recruiting),
    };
    send(&app, &session, id.0, "applications.reject", &body.bytes, order).await
}

/// Why the candidate withdraws.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WithdrawApplication {
    #[schema(schema_with = one_of::<WithdrawalReason>)]
    reason_code: String,
    /// How it came in, from somebody who records it for the person; not from the person.
    recorded_for: Option<RecordedFor>,
}

/// Withdraw. From an accepted offer on that is 内定辞退.
#[utoipa::path(post, path = "/v1/applications/{id}/withdraw", tag = "applications", params(("id" = Uuid, Path)),
    request_body = WithdrawApplication, responses((status = 200, description = "Withdrawn", body = CommandReply)))]
async fn withdraw(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<WithdrawApplication>,
) -> Result<Answer, Problem> {
    let (session, standing) = case_of(&app, &session, id.0).await?;
    let order = ApplicationCommand::Withdraw {
        reason_code: named("/reason_code", &body.value.reason_code)?,
        recorded_for: recorded_for(&session, standing.account, body.value.recorded_for)?,
    };
    send(&app, &session, id.0, "applications.withdraw", &body.bytes, order).await
}

/// What the rules read about a case's person and a position, today.
async fn facts(app: &App, session: &Session, case: &Standing, to: RequisitionId) -> Result<Gathering, Missing> {
    eligibility(app.dispatcher(), &session.employer, Asked::Case(case), to).await
}

/// Why the case is opened again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReopenApplication {
    /// In words.
    note: Option<Words>,
}

/// Open a rejected or withdrawn case again, within 30 days: somebody other than whoever ended it.
#[utoipa::path(post, path = "/v1/applications/{id}/reopen", tag = "applications", params(("id" = Uuid, Path)),
    request_body = ReopenApplication, responses((status = 200, description = "Open again", body = CommandReply)))]
async fn reopen(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<ReopenApplication>,
) -> Result<Answer, Problem> {
    let (session, case) = case_of(&app, &session, id.0).await?;
    let note = body.value.note.map(recruiting);
    let envelope = session.envelope("applications.reopen", 200, &body.bytes);
    let gather = || async {
        let Gathering { facts, guards, other_cases, .. } = facts(&app, &session, &case, case.requisition_id).await?;
        let order = ApplicationCommand::Reopen { facts: Box::new(facts), note: note.clone() };
        Ok(Gathered { guards, free: other_cases, ..Gathered::order(order) })
    };
    Ok(Answer::done(&app.dispatcher().send_with::<Application, _, _>(&envelope, id.0, gather).await?))
}

/// Where the case moves.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TransferApplication {
    /// The new position, of the same legal entity.
    #[schema(value_type = Uuid)]
    requisition_id: String,
}

/// Move the case to another position. What was said and decided in it stays.
#[utoipa::path(post, path = "/v1/applications/{id}/transfer", tag = "applications", params(("id" = Uuid, Path)),
    request_body = TransferApplication, responses((status = 200, description = "Moved", body = CommandReply)))]
async fn transfer(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<TransferApplication>,
) -> Result<Answer, Problem> {
    let to = RequisitionId(id_at("/requisition_id", &body.value.requisition_id)?);
    let (session, case) = case_of(&app, &session, id.0).await?;
    let found = facts(&app, &session, &case, to).await.map_err(unknown)?;
    if !session.covers(&found.position.legal_entity) {
        return Err(no_requisition());
    }
    let envelope = session.envelope("applications.transfer", 200, &body.bytes);
    let gather = || async {
        let Gathering { facts, position, guards, other_cases, .. } = facts(&app, &session, &case, to).await?;
        let order = ApplicationCommand::Transfer(Box::new(Transferring {
            requisition_id: to,
            legal_entity: position.legal_entity,
            line: position.line,
            facts,
        }));
        Ok(Gathered { guards, free: other_cases, ..Gathered::order(order) })
    };
    Ok(Answer::done(&app.dispatcher().send_with::<Application, _, _>(&envelope, id.0, gather).await?))
}
