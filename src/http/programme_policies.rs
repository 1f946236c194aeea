//! `/v1/programme-policies` (アルムナイ制度規程): written by one person, approved by another, published from a day on.

mod fields;
mod reading;

use aggregates::personal::{Personal, RecordClass};
use aggregates::programme_policy::{ProgrammePolicy, ProgrammePolicyCommand};
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
use crate::dispatch::{DispatchError, Dispatcher, Envelope, Gathered};
use crate::identity::Role;
use fields::{DraftProgrammePolicy, ProgrammePolicyField, nothing_yet};

/// The routes.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(reading::router())
        .routes(routes!(draft))
        .routes(routes!(revise))
        .routes(routes!(approve))
        .routes(routes!(publish))
        .routes(routes!(retire))
}

/// An order to a policy of an entity that this caller may see.
fn order(session: &Session, order: ProgrammePolicyCommand) -> Gathered<ProgrammePolicy> {
    Gathered::order(order).permit(within(session, |policy: &ProgrammePolicy| {
        policy.standing().map(|standing| standing.legal_entity.as_str())
    }))
}

async fn send(
    app: &App,
    session: &Session,
    id: Uuid,
    envelope: &Envelope,
    command: ProgrammePolicyCommand,
) -> Result<Answer, Problem> {
    let gather = || async { as_one(app, session, order(session, command.clone())).await };
    Ok(Answer::done(&app.dispatcher().send_with::<ProgrammePolicy, _, _>(envelope, id, gather).await?))
}

/// Draft a programme policy.
///
/// It governs nothing before a second person has approved it and it is published. Every clause that it cites is one of its
/// own text, in Japanese and English.
#[utoipa::path(post, path = "/v1/programme-policies", tag = "programme-policies", request_body = DraftProgrammePolicy,
    responses((status = 201, description = "Drafted", body = CommandReply)))]
async fn draft(State(app): State<App>, session: Session, body: Body<DraftProgrammePolicy>) -> Result<Answer, Problem> {
    let asked = body.value.0;
    let entity = asked.legal_entity().unwrap_or(&session.employer.default_legal_entity).to_owned();
    if !session.covers(&entity) {
        return Err(Problem::forbidden(format!("legal entity {entity}")).reason("legal_entity"));
    }
    let terms = asked.read()?.onto(nothing_yet(entity));
    let envelope = session.envelope("programme-policies.draft", 201, &body.bytes);
    let order = ProgrammePolicyCommand::Draft(Box::new(terms));
    let reply = app.dispatcher().create::<ProgrammePolicy>(&envelope, Uuid::now_v7(), order).await?;
    Ok(Answer::created("programme-policies", &reply))
}

/// Draft a new version of a programme policy.
///
/// What is not given stays as the latest version has it. A published version goes on governing until the new one is approved
/// and published.
#[utoipa::path(post, path = "/v1/programme-policies/{id}/revise", tag = "programme-policies", params(("id" = Uuid, Path)),
    request_body = ProgrammePolicyField, responses((status = 200, description = "Drafted", body = CommandReply)))]
async fn revise(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<ProgrammePolicyField>,
) -> Result<Answer, Problem> {
    let changes = body.value.read()?;
    let envelope = session.envelope("programme-policies.revise", 200, &body.bytes);
    let dispatcher = app.dispatcher();
    let gather = || async {
        let known = dispatcher.load::<ProgrammePolicy>(&session.employer, id.0).await?;
        let latest = known.state.standing().and_then(|standing| standing.versions.latest());
        let (_, stands) = latest.ok_or(DispatchError::NotFound)?;
        let command = ProgrammePolicyCommand::Revise(Box::new(changes.clone().onto(stands.clone())));
        let mut gathered = order(&session, command);
        // What stays is what was read: after a revision by somebody else it is read again.
        gathered.guards.push((Dispatcher::stream::<ProgrammePolicy>(&session.employer, id.0), known.version));
        Ok(gathered)
    };
    Ok(Answer::done(&dispatcher.send_with::<ProgrammePolicy, _, _>(&envelope, id.0, gather).await?))
}

/// Approve the version that waits.
///
/// Never whoever drafted it; compliance, where a version says why those who are not employed may refer candidates. Needs
/// `If-Match`: nobody approves what they did not see.
#[utoipa::path(post, path = "/v1/programme-policies/{id}/approve", tag = "programme-policies", params(("id" = Uuid, Path)),
    request_body = NothingMore, responses((status = 200, description = "Approved", body = CommandReply)))]
async fn approve(State(app): State<App>, session: Session, id: Id, body: Body<NothingMore>) -> Result<Answer, Problem> {
    session.must_have_seen(None)?;
    let envelope = session.answering("programme-policies.approve", 200, &body.bytes);
    let compliance = session.has(Role::Compliance);
    send(&app, &session, id.0, &envelope, ProgrammePolicyCommand::Approve { compliance }).await
}

/// From when on it governs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PublishProgrammePolicy {
    /// Not before today; today when not given.
    effective_from: Option<Day>,
}

/// Publish the approved version: it governs the applications handed in from its first day on.
#[utoipa::path(post, path = "/v1/programme-policies/{id}/publish", tag = "programme-policies", params(("id" = Uuid, Path)),
    request_body = PublishProgrammePolicy, responses((status = 200, description = "Published", body = CommandReply)))]
async fn publish(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<PublishProgrammePolicy>,
) -> Result<Answer, Problem> {
    let envelope = session.envelope("programme-policies.publish", 200, &body.bytes);
    let command = ProgrammePolicyCommand::Publish { effective_from: body.value.effective_from.map(|day| day.0) };
    send(&app, &session, id.0, &envelope, command).await
}

/// Why it is retired.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RetireProgrammePolicy {
    /// In words.
    note: Option<Words>,
}

/// Retire a programme policy: it governs no application from today on, and version 0 does until another is published.
#[utoipa::path(post, path = "/v1/programme-policies/{id}/retire", tag = "programme-policies", params(("id" = Uuid, Path)),
    request_body = RetireProgrammePolicy, responses((status = 200, description = "Retired", body = CommandReply)))]
async fn retire(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<RetireProgrammePolicy>,
) -> Result<Answer, Problem> {
    let envelope = session.envelope("programme-policies.retire", 200, &body.bytes);
    let note = body.value.note.map(|words| Personal::new(RecordClass::Restricted, words.0));
    send(&app, &session, id.0, &envelope, ProgrammePolicyCommand::Retire { note }).await
}
