//! `/v1/members`: who stays in touch. Registered by invitation or self-claim, and from then on master of their own data.

mod contact;
mod profile;
pub(super) mod reading;
mod registration;
pub(super) mod terms;

use aggregates::catalogue::HrEvent;
use aggregates::ids::ActorId;
use aggregates::member::{
    AgeBand, ConsentPurpose, DeclaredSex, GroupDeclaration, Member, MemberCommand, MemberError, MemberEvent,
};
use aggregates::personal::{Personal, RecordClass};
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
use super::request::{Body, Day, Id, Line, NothingMore, Reach, Session, Words, one_of, one_of_or_null};
use crate::dispatch::{DispatchError, Dispatcher, Gathered, LoadError};
use crate::employer::Employer;
use crate::gather::live_cases;

/// The routes.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(registration::router())
        .merge(reading::router())
        .merge(profile::router())
        .merge(contact::router())
        .routes(routes!(grant_consent))
        .routes(routes!(withdraw_consent))
        .routes(routes!(confirm_data))
        .routes(routes!(declare_group))
        .routes(routes!(pause))
        .routes(routes!(resume))
        .routes(routes!(leave))
}

/// Whether the caller bears the membership; one that has ended is still theirs.
async fn must_be_own(app: &App, session: &Session, id: Uuid) -> Result<(), Problem> {
    if session.reach == Reach::All || account(app.dispatcher(), &session.employer, id).await? == Some(session.actor) {
        Ok(())
    } else {
        Err(Problem::not_found())
    }
}

/// The account that registered, as the first event says.
async fn account(dispatcher: &Dispatcher, employer: &Employer, id: Uuid) -> Result<Option<ActorId>, LoadError> {
    let stored = dispatcher.ledger().load(Dispatcher::stream::<Member>(employer, id)).await?;
    let Some(first) = stored.first() else { return Ok(None) };
    let events = crate::feed::decode(first.position, &first.leaf, employer.zone).map_err(LoadError::Unreadable)?;
    Ok(events.into_iter().find_map(|recorded| {
        let HrEvent::Member(MemberEvent::Registered(registered)) = recorded.event else { return None };
        Some(registered.account)
    }))
}

/// Sends what a member asks about their own membership.
async fn own(
    app: &App,
    session: &Session,
    id: Uuid,
    name: &'static str,
    bytes: &[u8],
    command: MemberCommand,
) -> Result<Answer, Problem> {
    must_be_own(app, session, id).await?;
    let envelope = session.envelope(name, 200, bytes);
    Ok(Answer::done(&app.dispatcher().send::<Member>(&envelope, id, command).await?))
}

/// A consent to one purpose.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GrantConsent {
    #[schema(schema_with = one_of::<ConsentPurpose>)]
    purpose: String,
    /// The version of the text that is consented to.
    text_version: Line,
}

/// Consent to one purpose.
#[utoipa::path(post, path = "/v1/members/{id}/grant-consent", tag = "members", params(("id" = Uuid, Path)),
    request_body = GrantConsent, responses((status = 200, description = "Granted", body = CommandReply)))]
async fn grant_consent(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<GrantConsent>,
) -> Result<Answer, Problem> {
    let purpose = named("/purpose", &body.value.purpose)?;
    let command = MemberCommand::GrantConsent { purpose, text_version: body.value.text_version.0 };
    own(&app, &session, id.0, "members.grant-consent", &body.bytes, command).await
}

/// Which consent is withdrawn.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WithdrawConsent {
    #[schema(schema_with = one_of::<ConsentPurpose>)]
    purpose: String,
}

/// Withdraw a consent, as easily as it was given.
///
/// Outreach under it stops at once; a selection that the person asked for goes on.
#[utoipa::path(post, path = "/v1/members/{id}/withdraw-consent", tag = "members", params(("id" = Uuid, Path)),
    request_body = WithdrawConsent, responses((status = 200, description = "Withdrawn", body = CommandReply)))]
async fn withdraw_consent(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<WithdrawConsent>,
) -> Result<Answer, Problem> {
    let purpose = named("/purpose", &body.value.purpose)?;
    let command = MemberCommand::WithdrawConsent { purpose };
    own(&app, &session, id.0, "members.withdraw-consent", &body.bytes, command).await
}

/// That the data is right, and perhaps that new terms are.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ConfirmData {
    /// The version of the terms (規約) that the member accepts with it, where a new one was shown: one of the programme policy
    /// as `my/consents` names it, or of terms that are kept elsewhere.
    #[schema(examples("programme/0195f7c2-0000-7000-8000-000000000001/2"))]
    terms_version: Option<Line>,
}

/// Say that the data is right; a dormant membership is active again.
///
/// Where the terms of the programme have changed, their new version is accepted with it; the one that stands says nothing new.
#[utoipa::path(post, path = "/v1/members/{id}/confirm-data", tag = "members", params(("id" = Uuid, Path)),
    request_body = ConfirmData, responses((status = 200, description = "Confirmed", body = CommandReply)))]
async fn confirm_data(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<ConfirmData>,
) -> Result<Answer, Problem> {
    let terms_version = body.value.terms_version.map(|line| line.0);
    if let Some(version) = &terms_version
        && let Err(refused) = terms::must_be_asked_for(&app, &session, id.0, version).await
    {
        // The repeat of what was done is answered as it was, whatever is asked for now.
        let envelope = session.envelope("members.confirm-data", 200, &body.bytes);
        let done = app.dispatcher().replayed::<MemberError>(&envelope).await?;
        return done.map(|reply| Answer::done(&reply)).ok_or(refused);
    }
    let command = MemberCommand::ConfirmData { terms_version };
    own(&app, &session, id.0, "members.confirm-data", &body.bytes, command).await
}

/// A voluntary declaration for monitoring.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DeclareGroup {
    /// The declaration; `null` takes it back.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(required = true)]
    group: Option<GroupField>,
}

/// What is declared.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GroupField {
    #[schema(schema_with = one_of::<DeclaredSex>)]
    sex: String,
    /// When the member was born, by tens of years; nothing where they do not say.
    #[schema(schema_with = one_of_or_null::<AgeBand>)]
    age_band: Option<String>,
}

/// Declare a group for monitoring, or take the declaration back (任意申告).
///
/// Kept under a key of its own; no decision reads it.
#[utoipa::path(post, path = "/v1/members/{id}/declare-group", tag = "members", params(("id" = Uuid, Path)),
    request_body = DeclareGroup, responses((status = 200, description = "Declared or taken back", body = CommandReply)))]
async fn declare_group(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<DeclareGroup>,
) -> Result<Answer, Problem> {
    let read = |group: GroupField| {
        let sex = named::<DeclaredSex>("/group/sex", &group.sex)?;
        let age_band = group.age_band.as_deref().map(|band| named("/group/age_band", band)).transpose()?;
        Ok::<_, Problem>(GroupDeclaration { sex, age_band })
    };
    let group = body.value.group.map(read).transpose()?;
    let group = group.map(|group| Personal::new(RecordClass::Monitoring, group));
    own(&app, &session, id.0, "members.declare-group", &body.bytes, MemberCommand::DeclareGroup { group }).await
}

/// For how long the member is left alone.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PauseMembership {
    /// The local day on which the membership resumes by itself; until the member resumes it when not given.
    until: Option<Day>,
}

/// Be left alone for a while.
#[utoipa::path(post, path = "/v1/members/{id}/pause", tag = "members", params(("id" = Uuid, Path)),
    request_body = PauseMembership, responses((status = 200, description = "Paused", body = CommandReply)))]
async fn pause(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<PauseMembership>,
) -> Result<Answer, Problem> {
    let command = MemberCommand::Pause { until: body.value.until.map(|day| day.0) };
    own(&app, &session, id.0, "members.pause", &body.bytes, command).await
}

/// End the pause.
#[utoipa::path(post, path = "/v1/members/{id}/resume", tag = "members", params(("id" = Uuid, Path)),
    request_body = NothingMore, responses((status = 200, description = "Resumed", body = CommandReply)))]
async fn resume(State(app): State<App>, session: Session, id: Id, body: Body<NothingMore>) -> Result<Answer, Problem> {
    own(&app, &session, id.0, "members.resume", &body.bytes, MemberCommand::Resume).await
}

/// Why the member leaves, if they wish to say.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LeaveProgramme {
    /// In words.
    reason: Option<Words>,
}

/// Leave the programme. Every consent ends with it; a new registration later is a new membership.
#[utoipa::path(post, path = "/v1/members/{id}/leave", tag = "members", params(("id" = Uuid, Path)),
    request_body = LeaveProgramme, responses((status = 200, description = "Left", body = CommandReply)))]
async fn leave(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<LeaveProgramme>,
) -> Result<Answer, Problem> {
    must_be_own(&app, &session, id.0).await?;
    let dispatcher = app.dispatcher();
    let envelope = session.envelope("members.leave", 200, &body.bytes);
    let done = dispatcher.send_with::<Member, _, _>(&envelope, id.0, || async {
        let member = dispatcher.load::<Member>(&session.employer, id.0).await?;
        let live_cases = match member.state.standing() {
            Some(standing) => {
                let live = live_cases(dispatcher, &session.employer, standing.person_id, standing.account).await?;
                live.ok_or(DispatchError::Overloaded)?
            }
            None => 0,
        };
        let reason = body.value.reason.as_ref().map(|words| Personal::new(RecordClass::Profile, words.0.clone()));
        Ok(Gathered::order(MemberCommand::Leave { reason, live_cases }))
    });
    Ok(Answer::done(&done.await?))
}
