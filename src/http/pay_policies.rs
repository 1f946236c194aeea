//! `/v1/pay-policies` (賃金決定の基準): written by one person, approved by another, published from a day on.

mod backtest;
mod fields;
mod reading;
mod rule;
mod watch;

use aggregates::pay::PolicyTerms;
use aggregates::pay_policy::{PayPolicy, PayPolicyCommand, Publishing};
use aggregates::personal::{Personal, RecordClass};
use aggregates::versions::Proposal;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::App;
use super::problem::Problem;
use super::reply::{Answer, CommandReply};
use super::request::{Body, Day, Id, NothingMore, Session, Words};
use super::scope::{as_one, within};
use crate::backtest::{decisions, loosening};
use crate::dispatch::{DispatchError, Dispatcher, Envelope, Gathered};
use fields::{DraftPayPolicy, PayPolicyField};

/// The routes.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(reading::router())
        .merge(backtest::router())
        .merge(rule::router())
        .merge(watch::router())
        .routes(routes!(draft))
        .routes(routes!(revise))
        .routes(routes!(approve))
        .routes(routes!(publish))
        .routes(routes!(retire))
}

/// An order to a policy of an entity that this caller may see.
fn order(session: &Session, order: PayPolicyCommand) -> Gathered<PayPolicy> {
    Gathered::order(order)
        .permit(within(session, |policy: &PayPolicy| policy.standing().map(|standing| standing.legal_entity.as_str())))
}

async fn send(
    app: &App,
    session: &Session,
    id: Uuid,
    envelope: &Envelope,
    command: PayPolicyCommand,
) -> Result<Answer, Problem> {
    let gather = || async { as_one(app, session, order(session, command.clone())).await };
    Ok(Answer::done(&app.dispatcher().send_with::<PayPolicy, _, _>(envelope, id, gather).await?))
}

/// Draft a pay policy.
///
/// It governs nothing before a second person has approved it and it is published. What is not given takes the usual value;
/// a policy is published once different people are named for all seats of its tiers.
#[utoipa::path(post, path = "/v1/pay-policies", tag = "pay-policies", request_body = DraftPayPolicy,
    responses((status = 201, description = "Drafted", body = CommandReply)))]
async fn draft(State(app): State<App>, session: Session, body: Body<DraftPayPolicy>) -> Result<Answer, Problem> {
    let asked = body.value.0;
    let entity = asked.legal_entity().unwrap_or(&session.employer.default_legal_entity).to_owned();
    if !session.covers(&entity) {
        return Err(Problem::forbidden(format!("legal entity {entity}")).reason("legal_entity"));
    }
    let terms = asked.read(&app, &session).await?.onto(PolicyTerms::defaults(entity, ""));
    let envelope = session.envelope("pay-policies.draft", 201, &body.bytes);
    let order = PayPolicyCommand::Draft(Box::new(terms));
    let reply = app.dispatcher().create::<PayPolicy>(&envelope, Uuid::now_v7(), order).await?;
    Ok(Answer::created("pay-policies", &reply))
}

/// Draft a new version of a pay policy.
///
/// What is not given stays as the latest version has it. A published version goes on governing until the new one is approved
/// and published.
#[utoipa::path(post, path = "/v1/pay-policies/{id}/revise", tag = "pay-policies", params(("id" = Uuid, Path)),
    request_body = PayPolicyField, responses((status = 200, description = "Drafted", body = CommandReply)))]
async fn revise(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<PayPolicyField>,
) -> Result<Answer, Problem> {
    let changes = body.value.read(&app, &session).await?;
    let envelope = session.envelope("pay-policies.revise", 200, &body.bytes);
    let dispatcher = app.dispatcher();
    let gather = || async {
        let known = dispatcher.load::<PayPolicy>(&session.employer, id.0).await?;
        let latest = known.state.standing().and_then(|standing| standing.versions.latest());
        let (_, stands) = latest.ok_or(DispatchError::NotFound)?;
        let command = PayPolicyCommand::Revise(Box::new(changes.clone().onto(stands.clone())));
        let mut gathered = order(&session, command);
        // What stays is what was read: after a revision by somebody else it is read again.
        gathered.guards.push((Dispatcher::stream::<PayPolicy>(&session.employer, id.0), known.version));
        as_one(&app, &session, gathered).await
    };
    Ok(Answer::done(&dispatcher.send_with::<PayPolicy, _, _>(&envelope, id.0, gather).await?))
}

/// Approve the version that waits.
///
/// Never whoever drafted it. Needs `If-Match`: nobody approves what they did not see.
#[utoipa::path(post, path = "/v1/pay-policies/{id}/approve", tag = "pay-policies", params(("id" = Uuid, Path)),
    request_body = NothingMore, responses((status = 200, description = "Approved", body = CommandReply)))]
async fn approve(State(app): State<App>, session: Session, id: Id, body: Body<NothingMore>) -> Result<Answer, Problem> {
    session.must_have_seen(None)?;
    let envelope = session.answering("pay-policies.approve", 200, &body.bytes);
    send(&app, &session, id.0, &envelope, PayPolicyCommand::Approve).await
}

/// From when on it governs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PublishPayPolicy {
    /// Not before today; today when not given.
    effective_from: Option<Day>,
    /// Why the version is looser; required where it is.
    reason: Option<Words>,
}

/// Publish the approved version: it governs the offers drafted from its first day on.
///
/// Refused while fewer different people are named than a tier has seats. A version that is looser than the defaults, or would
/// have put past decisions in a milder tier, is published by a second approver, who neither drafted nor approved it, with a
/// reason (AUD-06); what it loosens, and how many past decisions that would have flipped, is counted and stands with it.
#[utoipa::path(post, path = "/v1/pay-policies/{id}/publish", tag = "pay-policies", params(("id" = Uuid, Path)),
    request_body = PublishPayPolicy, responses((status = 200, description = "Published", body = CommandReply)))]
async fn publish(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<PublishPayPolicy>,
) -> Result<Answer, Problem> {
    let envelope = session.envelope("pay-policies.publish", 200, &body.bytes);
    let publishing = Publishing {
        effective_from: body.value.effective_from.map(|day| day.0),
        loosening: None,
        reason: body.value.reason.map(|words| Personal::new(RecordClass::PayDecision, words.0)),
    };
    let dispatcher = app.dispatcher();
    let gather = || async {
        let known = dispatcher.load::<PayPolicy>(&session.employer, id.0).await?;
        let standing = known.state.standing().filter(|standing| session.covers(&standing.legal_entity));
        let waiting = standing.and_then(|standing| standing.versions.proposal.as_ref());
        // What is refused in any case is not counted first.
        let may = |proposal: &&Proposal<PolicyTerms>| proposal.approved_by.is_some();
        let loosening = match waiting.filter(may) {
            Some(proposal) => loosening(dispatcher, &session.employer, &proposal.terms).await?,
            None => None,
        };
        let mut gathered =
            order(&session, PayPolicyCommand::Publish(Box::new(Publishing { loosening, ..publishing.clone() })));
        // What was counted is what is published.
        gathered.guards.push((Dispatcher::stream::<PayPolicy>(&session.employer, id.0), known.version));
        as_one(&app, &session, gathered).await
    };
    Ok(Answer::done(&dispatcher.send_with::<PayPolicy, _, _>(&envelope, id.0, gather).await?))
}

/// Why it is retired.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RetirePayPolicy {
    /// In words; of a published policy, why, by whoever asks first.
    note: Option<Words>,
}

/// Retire a pay policy: it governs no offer from today on, and version 0 does until another is published.
///
/// Nothing is looser than that: of a published policy one person asks, with a reason, and another one asks as well (AUD-06). How
/// many offers were assessed so far is counted and stands with the first; a new version takes it back. A draft is retired at once.
#[utoipa::path(post, path = "/v1/pay-policies/{id}/retire", tag = "pay-policies", params(("id" = Uuid, Path)),
    request_body = RetirePayPolicy, responses((status = 200, description = "Retired", body = CommandReply)))]
async fn retire(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<RetirePayPolicy>,
) -> Result<Answer, Problem> {
    let envelope = session.envelope("pay-policies.retire", 200, &body.bytes);
    let note = body.value.note.map(|words| Personal::new(RecordClass::PayDecision, words.0));
    let dispatcher = app.dispatcher();
    let gather = || async {
        let known = dispatcher.load::<PayPolicy>(&session.employer, id.0).await?;
        let standing = known.state.standing().filter(|standing| session.covers(&standing.legal_entity));
        let decisions = match standing {
            Some(standing) => decisions(dispatcher, &session.employer, &standing.legal_entity).await?,
            None => 0,
        };
        as_one(&app, &session, order(&session, PayPolicyCommand::Retire { note: note.clone(), decisions })).await
    };
    Ok(Answer::done(&dispatcher.send_with::<PayPolicy, _, _>(&envelope, id.0, gather).await?))
}
