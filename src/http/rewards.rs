//! `/v1/rewards` (リファラル手当): verified by one, approved by two, held or forfeited on the way. Hires plan them; nobody
//! creates one.

mod checks;
mod payables;
mod reading;

use aggregates::personal::{Personal, RecordClass};
use aggregates::reward::{DeclineReason, Reward, RewardCommand, RewardError};
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::App;
use super::fields::named;
use super::problem::Problem;
use super::reply::{Answer, CommandReply};
use super::request::{Body, Id, Line, NothingMore, Session, Words, one_of};
use super::scope::{as_one, within};
use crate::dispatch::{DispatchError, Envelope, Gathered};
use crate::gather::reward::{plan_editors, recruiters, verification};

/// The routes.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(reading::router())
        .merge(payables::router())
        .merge(checks::router())
        .routes(routes!(verify))
        .routes(routes!(approve))
        .routes(routes!(decline))
        .routes(routes!(hold))
        .routes(routes!(lift_hold))
        .routes(routes!(forfeit))
        .routes(routes!(close_correction_case))
}

/// An order to a reward that this caller may see.
fn order(session: &Session, order: RewardCommand) -> Gathered<Reward> {
    Gathered::order(order).permit(within(session, |reward: &Reward| {
        reward.standing().map(|standing| standing.planned.legal_entity.as_str())
    }))
}

async fn send(
    app: &App,
    session: &Session,
    id: Uuid,
    envelope: &Envelope,
    command: RewardCommand,
) -> Result<Answer, Problem> {
    let gather = || as_one(app, session, order(session, command.clone()));
    Ok(Answer::done(&app.dispatcher().send_with::<Reward, _, _>(envelope, id, gather).await?))
}

fn pay_decision(words: Words) -> Personal<String> {
    Personal::new(RecordClass::PayDecision, words.0)
}

/// Verify that the conditions of a reward are met on the day of the award.
///
/// Plan, amount, channel and whether the hire has lasted count, and once more what the periods of employment say of the day
/// of the referral, which may have been corrected; not whether the payee is still employed: whoever met all conditions before
/// leaving is owed the wage. A rule that waits for an answer holds it, one that nothing lifts bars it.
#[utoipa::path(post, path = "/v1/rewards/{id}/verify", tag = "rewards", params(("id" = Uuid, Path)),
    request_body = NothingMore, responses((status = 200, description = "Verified", body = CommandReply)))]
async fn verify(State(app): State<App>, session: Session, id: Id, body: Body<NothingMore>) -> Result<Answer, Problem> {
    let envelope = session.envelope("rewards.verify", 200, &body.bytes);
    let dispatcher = app.dispatcher();
    let gather = || async {
        let employer = &session.employer;
        let loaded = dispatcher.load::<Reward>(employer, id.0).await?;
        let planned = loaded.state.standing().map(|standing| &*standing.planned);
        let planned = planned.ok_or(DispatchError::Refused(RewardError::Unplanned))?;
        let on = employer.local_date(dispatcher.ledger().now());
        let (command, guards) = verification(dispatcher, employer, planned, on).await?;
        as_one(&app, &session, Gathered { guards, ..order(&session, command) }).await
    };
    Ok(Answer::done(&dispatcher.send_with::<Reward, _, _>(&envelope, id.0, gather).await?))
}

/// Approve the payment of a reward; it takes two people.
///
/// Neither the payee, nor who wrote the plan, nor who selected whoever was hired. Needs `If-Match`: nobody approves what
/// they did not see.
#[utoipa::path(post, path = "/v1/rewards/{id}/approve", tag = "rewards", params(("id" = Uuid, Path)),
    request_body = NothingMore, responses((status = 200, description = "Approved", body = CommandReply)))]
async fn approve(State(app): State<App>, session: Session, id: Id, body: Body<NothingMore>) -> Result<Answer, Problem> {
    session.must_have_seen(None)?;
    let envelope = session.answering("rewards.approve", 200, &body.bytes);
    let dispatcher = app.dispatcher();
    let gather = || async {
        let employer = &session.employer;
        let loaded = dispatcher.load::<Reward>(employer, id.0).await?;
        let planned = loaded.state.standing().map(|standing| &*standing.planned);
        let planned = planned.ok_or(DispatchError::Refused(RewardError::Unplanned))?;
        let command = RewardCommand::Approve {
            role: session.role.as_str().to_owned(),
            plan_editors: plan_editors(dispatcher, employer, planned.plan.as_ref().map(|plan| plan.plan_id)).await?,
            recruiters: recruiters(dispatcher, employer, planned).await?,
        };
        as_one(&app, &session, order(&session, command)).await
    };
    Ok(Answer::done(&dispatcher.send_with::<Reward, _, _>(&envelope, id.0, gather).await?))
}

/// Why the payment is declined.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DeclineReward {
    #[schema(schema_with = one_of::<DeclineReason>)]
    reason_code: String,
    /// In words.
    note: Option<Words>,
}

/// Decline the payment of a reward: it is held, and verified anew should somebody let it go on.
#[utoipa::path(post, path = "/v1/rewards/{id}/decline", tag = "rewards", params(("id" = Uuid, Path)),
    request_body = DeclineReward, responses((status = 200, description = "Declined", body = CommandReply)))]
async fn decline(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<DeclineReward>,
) -> Result<Answer, Problem> {
    let order = RewardCommand::Decline {
        reason_code: named("/reason_code", &body.value.reason_code)?,
        note: body.value.note.map(pay_decision),
    };
    send(&app, &session, id.0, &session.envelope("rewards.decline", 200, &body.bytes), order).await
}

/// Why, where there is something to say.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RewardNote {
    /// In words.
    note: Option<Words>,
}

/// Hold a reward by hand.
#[utoipa::path(post, path = "/v1/rewards/{id}/hold", tag = "rewards", params(("id" = Uuid, Path)),
    request_body = RewardNote, responses((status = 200, description = "Held", body = CommandReply)))]
async fn hold(State(app): State<App>, session: Session, id: Id, body: Body<RewardNote>) -> Result<Answer, Problem> {
    let order = RewardCommand::Hold { note: body.value.note.map(pay_decision) };
    send(&app, &session, id.0, &session.envelope("rewards.hold", 200, &body.bytes), order).await
}

/// Let a held reward go on.
///
/// Not before the rules that hold it are answered. It falls due at once where its day has come meanwhile.
#[utoipa::path(post, path = "/v1/rewards/{id}/lift-hold", tag = "rewards", params(("id" = Uuid, Path)),
    request_body = RewardNote, responses((status = 200, description = "Goes on", body = CommandReply)))]
async fn lift_hold(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<RewardNote>,
) -> Result<Answer, Problem> {
    let order = RewardCommand::LiftHold { note: body.value.note.map(pay_decision) };
    send(&app, &session, id.0, &session.envelope("rewards.lift-hold", 200, &body.bytes), order).await
}

/// What says that nothing is owed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ForfeitReward {
    #[schema(examples("賃金規程第21条"))]
    clause: Line,
    /// In words.
    note: Option<Words>,
}

/// Record that the payee gave a reward up, or lost it under the plan.
#[utoipa::path(post, path = "/v1/rewards/{id}/forfeit", tag = "rewards", params(("id" = Uuid, Path)),
    request_body = ForfeitReward, responses((status = 200, description = "Forfeited", body = CommandReply)))]
async fn forfeit(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<ForfeitReward>,
) -> Result<Answer, Problem> {
    let order = RewardCommand::Forfeit { clause: body.value.clause.0, note: body.value.note.map(pay_decision) };
    send(&app, &session, id.0, &session.envelope("rewards.forfeit", 200, &body.bytes), order).await
}

/// Decide the case about a departure that was recorded after the reward was approved.
///
/// Never whoever approved it. The reward stays held until it is let go on or forfeited; nothing is taken back by itself.
#[utoipa::path(post, path = "/v1/rewards/{id}/close-correction-case", tag = "rewards", params(("id" = Uuid, Path)),
    request_body = RewardNote, responses((status = 200, description = "Decided", body = CommandReply)))]
async fn close_correction_case(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<RewardNote>,
) -> Result<Answer, Problem> {
    let order = RewardCommand::CloseCorrectionCase { note: body.value.note.map(pay_decision) };
    send(&app, &session, id.0, &session.envelope("rewards.close-correction-case", 200, &body.bytes), order).await
}
