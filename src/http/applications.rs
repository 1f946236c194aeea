//! `/v1/applications` (再入社応募): handed in by members, led by recruiters and their line, judged by natural persons.

mod checks;
mod deciding;
mod interviews;
mod reading;
mod start;

use aggregates::application::{
    Application, ApplicationCommand, ApplicationError, Channel, Standing, Submitted, Submitting,
};
use aggregates::ids::{ActorId, MemberId, ReferralId, RequisitionId};
use aggregates::personal::{Personal, RecordClass};
use aggregates::referral::{self, Referral};
use aggregates::values::FreeText;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::App;
use super::fields::{id_at, named};
use super::problem::{Problem, Refusal as _};
use super::reply::{Answer, CommandReply};
use super::request::{Body, Reach, RecordedFor, Session, Words, one_of};
use super::scope::{CaseScope, acts_as, case_session};
use crate::dispatch::{Gathered, Reply};
use crate::gather::application::{Asked, Gathering, Missing, eligibility};

/// The routes.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(submit))
        .merge(reading::router())
        .merge(deciding::router())
        .merge(interviews::router())
        .merge(start::router())
        .merge(checks::router())
}

/// A case that this caller acts in: in which role, and how far that reaches.
async fn case_of(app: &App, session: &Session, id: Uuid) -> Result<(Session, Standing), Problem> {
    let (session, standing) = come_to(app, session, id).await?;
    Ok((acts_as(session, standing.account)?, standing))
}

/// A case as this caller comes to it: in which role, and how far that reaches.
async fn come_to(app: &App, session: &Session, id: Uuid) -> Result<(Session, Standing), Problem> {
    let loaded = app.dispatcher().load::<Application>(&session.employer, id).await?;
    let standing = loaded.state.standing().ok_or_else(Problem::not_found)?;
    let interviews = standing.interviews.values();
    let scope = CaseScope {
        account: Some(standing.account),
        line: Some(&standing.line),
        owner: standing.owner,
        interviewers: interviews.flat_map(|one| one.slot.interviewers.iter().copied()).collect(),
        legal_entity: &standing.legal_entity,
    };
    Ok((case_session(session, &scope)?, standing.clone()))
}

/// Sends an order that depends on the case alone.
async fn send(
    app: &App,
    session: &Session,
    id: Uuid,
    name: &'static str,
    bytes: &[u8],
    order: ApplicationCommand,
) -> Result<Answer, Problem> {
    Ok(Answer::done(&reply(app, session, id, name, bytes, order).await?))
}

async fn reply(
    app: &App,
    session: &Session,
    id: Uuid,
    name: &'static str,
    bytes: &[u8],
    order: ApplicationCommand,
) -> Result<Reply, Problem> {
    let envelope = session.envelope(name, 200, bytes);
    Ok(app.dispatcher().send::<Application>(&envelope, id, order).await?)
}

/// What is missing, as the fields that name it.
fn unknown(missing: Missing) -> Problem {
    match missing {
        Missing::Member => Problem::field(
            "/member_id",
            "member_not_found",
            "There is no such membership, or it has ended.",
            "該当する会員登録がないか、すでに終了しています。",
        ),
        Missing::Requisition => no_requisition(),
        Missing::Behind => Problem::behind(),
        Missing::Load(error) => error.into(),
    }
}

fn no_requisition() -> Problem {
    Problem::field(
        "/requisition_id",
        "requisition_not_found",
        "There is no such requisition.",
        "該当する求人がありません。",
    )
}

/// Words about the candidate.
fn recruiting(words: Words) -> FreeText {
    Personal::new(RecordClass::Recruiting, words.0)
}

/// Words that few may read.
fn restricted(words: Words) -> FreeText {
    Personal::new(RecordClass::Restricted, words.0)
}

/// How it came in: whoever speaks for themselves needs not say so, whoever records for another must.
fn recorded_for(session: &Session, account: ActorId, told: Option<RecordedFor>) -> Result<Option<FreeText>, Problem> {
    match (session.reach, told) {
        (Reach::Own, Some(_)) => Err(Problem::field(
            "/recorded_for",
            "not_for_oneself",
            "This field is for whoever records what somebody else said.",
            "この項目は、他の方の申し出を代わりに記録する場合にのみ指定できます。",
        )),
        (Reach::All | Reach::Assigned, None) if session.actor != account => {
            Err(ApplicationError::NotTheCandidate.problem())
        }
        (Reach::Own | Reach::All | Reach::Assigned, told) => Ok(told.map(|told| recruiting(told.reason))),
    }
}

/// The command by which applications come in.
const SUBMIT: &str = "applications.submit";

/// An application to come back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SubmitApplication {
    /// The membership of whoever applies.
    #[schema(value_type = Uuid)]
    member_id: String,
    /// The position.
    #[schema(value_type = Uuid)]
    requisition_id: String,
    #[schema(schema_with = one_of::<Channel>)]
    channel: String,
    /// The referral that it is credited to.
    #[schema(value_type = Option<Uuid>)]
    referral_id: Option<String>,
    /// Why they wish to return, in words.
    motivation: Option<Words>,
    /// How it came in, from somebody who records it for the person; not from the person.
    recorded_for: Option<RecordedFor>,
}

/// Apply to come back.
///
/// Every rule about applying is evaluated and recorded. The answer's state is `screening`, `eligibility_review` where
/// somebody has to look, or `not_eligible`, against which the person may ask for a review within 30 days.
#[utoipa::path(post, path = "/v1/applications", tag = "applications", request_body = SubmitApplication,
    responses((status = 201, description = "Handed in", body = CommandReply)))]
async fn submit(State(app): State<App>, session: Session, body: Body<SubmitApplication>) -> Result<Answer, Problem> {
    let Body { value: asked, bytes } = body;
    let member_id = MemberId(id_at("/member_id", &asked.member_id)?);
    let requisition_id = RequisitionId(id_at("/requisition_id", &asked.requisition_id)?);
    let channel: Channel = named("/channel", &asked.channel)?;
    let referral_id = asked.referral_id.as_deref().map(|id| id_at("/referral_id", id)).transpose()?.map(ReferralId);
    let (dispatcher, employer) = (app.dispatcher(), &*session.employer);
    // A repeat is answered as the request was, whatever has come of membership and position since.
    let repeated = dispatcher.replayed::<ApplicationError>(&session.envelope(SUBMIT, 201, &bytes)).await?;
    if let Some(reply) = repeated {
        return Ok(Answer::created("applications", &reply));
    }
    let found = eligibility(dispatcher, employer, Asked::Applying(member_id, channel), requisition_id)
        .await
        .map_err(unknown)?;
    // Whose membership it is and where the position lies decides as whom the caller comes.
    let scope = CaseScope {
        account: Some(found.account),
        line: Some(&found.position.line),
        legal_entity: &found.position.legal_entity,
        ..CaseScope::default()
    };
    let session = case_session(&session, &scope)?;
    let recorded_for = recorded_for(&session, found.account, asked.recorded_for)?;
    if let Some(referral_id) = referral_id {
        must_be_referred(&app, &session, referral_id, requisition_id, &found.position.legal_entity).await?;
    }
    let motivation = asked.motivation.map(recruiting);
    let envelope = session.envelope(SUBMIT, 201, &bytes);
    let gather = || async {
        let Gathering { facts, person_id, account, other_cases, position, guards } =
            eligibility(dispatcher, employer, Asked::Applying(member_id, channel), requisition_id).await?;
        let submitted = Submitted {
            person_id,
            member_id,
            account,
            requisition_id,
            legal_entity: position.legal_entity,
            line: position.line,
            channel,
            referral_id,
            motivation: motivation.clone(),
            submitted_by: session.answers_for_it(),
            recorded_for: recorded_for.clone(),
        };
        let order = ApplicationCommand::Submit(Box::new(Submitting { submitted, facts }));
        Ok(Gathered { guards, free: other_cases, subject_known: true, ..Gathered::order(order) })
    };
    let reply = dispatcher.create_with::<Application, _, _>(&envelope, Uuid::now_v7(), gather).await?;
    Ok(Answer::created("applications", &reply))
}

/// A referral is one of a candidate for that position, or for none in particular of the entity that hires.
async fn must_be_referred(
    app: &App,
    session: &Session,
    referral_id: ReferralId,
    requisition_id: RequisitionId,
    legal_entity: &str,
) -> Result<(), Problem> {
    let referral = app.dispatcher().load::<Referral>(&session.employer, referral_id.0).await?;
    let of_this = referral.state.standing().filter(|standing| {
        standing.legal_entity == legal_entity
            && standing.requisition_id.is_none_or(|referred| referred == requisition_id)
    });
    match of_this.map(|standing| &standing.phase) {
        None => Err(Problem::field(
            "/referral_id",
            "referral_not_found",
            "There is no such referral for this requisition.",
            "この求人に対する該当の紹介がありません。",
        )),
        // Nothing is kept about whoever has not agreed to be referred, a credit least of all (REF-11).
        Some(referral::Phase::AwaitingCandidate) => Err(Problem::field(
            "/referral_id",
            "awaits_candidate",
            "The candidate has not agreed to this referral yet; agree first, or apply without it.",
            "候補者本人の同意がまだ得られていません。先に同意するか、紹介を指定せずに応募してください。",
        )
        .rule("REF-11", "職業安定法5条の5")),
        Some(_) => Ok(()),
    }
}
