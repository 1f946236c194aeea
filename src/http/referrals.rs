//! `/v1/referrals` (紹介): made by employees, or unpaid by whom the programme policy lets, agreed to by the candidate, owned for a
//! time, decided by compliance where an earlier record stands.

mod candidate;
mod checks;
mod deciding;
mod outcome;
pub(super) mod reading;

use std::collections::BTreeSet;

use aggregates::ids::{ActorId, PersonId, RequisitionId};
use aggregates::personal::{Personal, RecordClass};
use aggregates::referral::{
    CandidateDetails, Exclusion, Likeness, Referral, ReferralCommand, ReferralError, ReferrerClass, Relationship,
    Submitting, Vacancy,
};
use aggregates::requisition::{Audience, Line as RequisitionLine, Phase, Requisition};
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::App;
use super::fields::{id_at, named};
use super::problem::Problem;
use super::reply::{Answer, CommandReply};
use super::request::{Body, Email, Id, Line, NothingMore, Phone, Session, Words, one_of};
use super::scope::{as_one, within};
use crate::dispatch::{DispatchError, Dispatcher, Envelope, Gathered};
use crate::gather::referral::{permitted, plan_in_force};
use crate::gather::referrer::{Referrer, bears, paid_in_twelve_months, relation};
use crate::identity::Role;
use crate::ledger::{StreamKey, fold_text};
use crate::search::referral_tokens;

/// The routes.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(reading::router())
        .merge(candidate::router())
        .merge(deciding::router())
        .merge(outcome::router())
        .merge(checks::router())
        .routes(routes!(submit))
        .routes(routes!(withdraw))
}

fn recruiting<T>(value: T) -> Personal<T> {
    Personal::new(RecordClass::Recruiting, value)
}

/// An order to a referral that this caller may see.
fn to_referral(session: &Session, order: ReferralCommand) -> Gathered<Referral> {
    Gathered::order(order).permit(within(session, entity))
}

/// Sends an order to a referral that this caller may see.
async fn send(
    app: &App,
    session: &Session,
    id: Uuid,
    name: &'static str,
    bytes: &[u8],
    order: ReferralCommand,
) -> Result<Answer, Problem> {
    let envelope = session.envelope(name, 200, bytes);
    let gather = || async { Ok(to_referral(session, order.clone())) };
    let reply = app.dispatcher().send_with::<Referral, _, _>(&envelope, id, gather).await?;
    Ok(Answer::done(&reply))
}

/// The same of what whoever referred does not decide themselves, under whatever account.
async fn decide(
    app: &App,
    session: &Session,
    id: Uuid,
    name: &'static str,
    bytes: &[u8],
    order: ReferralCommand,
) -> Result<Answer, Problem> {
    let envelope = session.envelope(name, 200, bytes);
    let gather = || as_one(app, session, to_referral(session, order.clone()));
    let reply = app.dispatcher().send_with::<Referral, _, _>(&envelope, id, gather).await?;
    Ok(Answer::done(&reply))
}

/// The entity that a referral is to.
fn entity(referral: &Referral) -> Option<&str> {
    referral.standing().map(|standing| standing.legal_entity.as_str())
}

fn entity_not_found() -> Problem {
    Problem::field(
        "/legal_entity",
        "entity_not_found",
        "There is no such entity for this caller.",
        "該当する会社がありません。",
    )
}

/// What a referral is of. Business introductions come later.
#[derive(Debug, strum::EnumIter, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
enum ReferralKind {
    /// A candidate.
    Talent,
}

/// A candidate as the referrer names them.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CandidateField {
    name: Line,
    email: Option<Email>,
    phone: Option<Phone>,
}

/// A referral. The caller is the referrer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SubmitReferral {
    #[schema(schema_with = one_of::<ReferralKind>)]
    kind: String,
    /// The position, where the candidate is referred to one.
    #[schema(value_type = Option<Uuid>)]
    requisition_id: Option<String>,
    /// Without a position: the entity; the employer's first when not given.
    legal_entity: Option<Line>,
    /// Without a position: the job family.
    job_family: Option<Line>,
    candidate: CandidateField,
    /// How the referrer knows the candidate. A relative can be referred, and no reward is paid (REF-14).
    #[schema(schema_with = one_of::<Relationship>)]
    relationship: String,
}

/// What the referral is to.
struct Position {
    legal_entity: String,
    job_family: Option<String>,
    vacancy: Vacancy,
    line: Option<RequisitionLine>,
    guard: Option<(StreamKey, i64)>,
}

/// Refer a candidate.
///
/// For employees of the company that hires. Nothing about the candidate is kept without their own agreement: they answer
/// within 14 days with a token that a recruiter hands them, or their data is destroyed. An alumnus, or anybody else who is
/// not employed, is refused before anything is recorded (REF-06), and may share a plain link instead; where the programme
/// policy of the company says by what notification or opinion they may (職業安定法36条3項), their referral stands and is never paid.
#[utoipa::path(post, path = "/v1/referrals", tag = "referrals", request_body = SubmitReferral,
    responses((status = 201, description = "Waits for the candidate", body = CommandReply)))]
async fn submit(State(app): State<App>, session: Session, body: Body<SubmitReferral>) -> Result<Answer, Problem> {
    let Body { value: asked, bytes } = body;
    named::<ReferralKind>("/kind", &asked.kind)?;
    let relationship: Relationship = named("/relationship", &asked.relationship)?;
    let requisition = asked.requisition_id.as_deref().map(|id| id_at("/requisition_id", id)).transpose()?;
    if requisition.is_some() && (asked.legal_entity.is_some() || asked.job_family.is_some()) {
        let pointer = if asked.legal_entity.is_some() { "/legal_entity" } else { "/job_family" };
        return Err(Problem::field(
            pointer,
            "follows_from_requisition",
            "The requisition says so; leave this field out.",
            "求人を指定した場合、この項目は指定できません。",
        ));
    }
    let unplaced = Position {
        legal_entity: asked.legal_entity.map_or_else(|| session.employer.default_legal_entity.clone(), |line| line.0),
        job_family: asked.job_family.map(|line| line.0),
        vacancy: Vacancy::Open,
        line: None,
        guard: None,
    };
    if requisition.is_none() && !session.covers(&unplaced.legal_entity) {
        return Err(entity_not_found());
    }
    let name = asked.candidate.name.0;
    let candidate = CandidateDetails {
        name: recruiting(name.clone()),
        email: asked.candidate.email.as_ref().map(|email| recruiting(email.0.clone())),
        phone: asked.candidate.phone.map(|phone| recruiting(phone.0)),
    };
    let email = asked.candidate.email.map(|email| email.0);
    let (id, person) = (Uuid::now_v7(), PersonId(Uuid::now_v7()));
    let envelope = session.envelope("referrals.submit", 201, &bytes);
    let gather = || async {
        let position = match requisition {
            Some(requisition) => visible_position(&app, &session, requisition).await?,
            None => Position {
                legal_entity: unplaced.legal_entity.clone(),
                job_family: unplaced.job_family.clone(),
                line: None,
                guard: None,
                ..unplaced
            },
        };
        let facts = Asked { person, candidate: &candidate, email: email.as_deref(), requisition, relationship };
        let tokens = referral_tokens(&session.employer.keys, id, person.0, &name, email.as_deref());
        Ok(Gathered { tokens, ..gathered(&app, &session, position, &facts).await? })
    };
    let submitted = app.dispatcher().create_with::<Referral, _, _>(&envelope, id, gather).await;
    let reply = submitted.map_err(|error| {
        if !matches!(error, DispatchError::NotFound) {
            return Problem::from(error);
        }
        Problem::field(
            "/requisition_id",
            "requisition_not_found",
            "There is no such requisition for this caller.",
            "該当する求人がありません。",
        )
    })?;
    Ok(Answer::created("referrals", &reply))
}

/// What was asked, once it is known to be well formed.
struct Asked<'a> {
    person: PersonId,
    candidate: &'a CandidateDetails,
    email: Option<&'a str>,
    requisition: Option<Uuid>,
    relationship: Relationship,
}

/// The order with what other streams say on this day.
async fn gathered(
    app: &App,
    session: &Session,
    position: Position,
    asked: &Asked<'_>,
) -> Result<Gathered<Referral>, DispatchError<ReferralError>> {
    let (dispatcher, employer) = (app.dispatcher(), &*session.employer);
    let on = employer.local_date(dispatcher.ledger().now());
    let mut referrer = relation(dispatcher, employer, (session.actor, None), &position.legal_entity, on).await?;
    if session.role == Role::Alumnus && referrer.relation.class == ReferrerClass::Unknown {
        // Whoever comes as an alumnus has said what they are.
        referrer.relation.class = ReferrerClass::FormerEmployee;
    }
    let permitted = permitted(dispatcher, employer, &referrer.relation, &position.legal_entity).await?;
    let likeness = likeness(dispatcher, session, &referrer, asked.email).await?;
    let plan = plan_in_force(dispatcher, employer, &position.legal_entity, on).await?;
    let mut guards = referrer.guards;
    guards.extend(position.guard);
    let permitted = permitted.and_then(|(permitted, guard)| {
        guards.push(guard);
        permitted
    });
    let plan = plan.map(|(plan, guard)| {
        guards.push(guard);
        plan
    });
    let order = ReferralCommand::Submit(Box::new(Submitting {
        relation: referrer.relation,
        candidate_person_id: asked.person,
        candidate: asked.candidate.clone(),
        requisition_id: asked.requisition.map(RequisitionId),
        vacancy: position.vacancy,
        legal_entity: position.legal_entity,
        job_family: position.job_family,
        relationship: asked.relationship,
        plan,
        exclusions: exclusions(session, position.line.as_ref()),
        likeness,
        paid_in_twelve_months: paid_in_twelve_months(dispatcher, employer, session.actor, None).await?,
        permitted,
    }));
    Ok(Gathered { guards, ..Gathered::order(order) })
}

/// The position, where it was published to those who ask. One that is not is not there for them.
async fn visible_position(app: &App, session: &Session, id: Uuid) -> Result<Position, DispatchError<ReferralError>> {
    let read = app.dispatcher().load::<Requisition>(&session.employer, id).await?;
    let standing = read.state.standing().ok_or(DispatchError::NotFound)?;
    let audience = if session.role == Role::Alumnus { Audience::Alumni } else { Audience::Employees };
    let theirs = standing.audience.contains(&audience) || standing.audience.contains(&Audience::Public);
    if standing.phase == Phase::Open || !theirs || !session.covers(&standing.legal_entity) {
        return Err(DispatchError::NotFound);
    }
    let filled = u32::try_from(standing.filled.len()).is_ok_and(|filled| filled >= standing.headcount);
    let takes = standing.phase == Phase::Published && !filled;
    Ok(Position {
        legal_entity: standing.legal_entity.clone(),
        job_family: standing.job_family.clone(),
        vacancy: if takes { Vacancy::Open } else { Vacancy::Closed },
        line: Some(standing.line.clone()),
        guard: Some((Dispatcher::stream::<Requisition>(&session.employer, id), read.version)),
    })
}

/// Whether the candidate's mail address is the referrer's.
async fn likeness(
    dispatcher: &Dispatcher,
    session: &Session,
    referrer: &Referrer,
    email: Option<&str>,
) -> Result<Likeness, DispatchError<ReferralError>> {
    let Some(email) = email else { return Ok(Likeness::NotShown) };
    let same = fold_text(&session.caller.subject) == fold_text(email)
        || bears(dispatcher, &session.employer, referrer, email).await?;
    Ok(if same { Likeness::Same } else { Likeness::NotShown })
}

/// What excludes the caller from earning with a referral to this position (REF-14).
fn exclusions(session: &Session, line: Option<&RequisitionLine>) -> BTreeSet<Exclusion> {
    let roles = [
        (Role::Recruiter, Exclusion::Recruiter),
        (Role::PeopleOps, Exclusion::PeopleOps),
        (Role::Executive, Exclusion::Executive),
    ];
    let mut exclusions = in_line(session.actor, line);
    exclusions.extend(roles.into_iter().filter(|(role, _)| session.has(*role)).map(|(_, exclusion)| exclusion));
    exclusions
}

/// What excludes an account that leads the cases of a position.
fn in_line(account: ActorId, line: Option<&RequisitionLine>) -> BTreeSet<Exclusion> {
    let Some(line) = line else { return BTreeSet::new() };
    let recruits = (line.recruiter == account).then_some(Exclusion::RecruiterOfRequisition);
    let manages = (line.hiring_manager == Some(account)).then_some(Exclusion::HiringManagerOfRequisition);
    recruits.into_iter().chain(manages).collect()
}

/// Take one's referral back. What is held of the candidate is destroyed.
#[utoipa::path(post, path = "/v1/referrals/{id}/withdraw", tag = "referrals", params(("id" = Uuid, Path)),
    request_body = NothingMore, responses((status = 200, description = "Withdrawn", body = CommandReply)))]
async fn withdraw(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<NothingMore>,
) -> Result<Answer, Problem> {
    let account = session.actor;
    let own = move |referral: &Referral| referral.standing().is_some_and(|standing| standing.referrer == account);
    // The referrer is told no version, and a guess would be answered by the one that stands.
    let envelope = Envelope { expected: None, ..session.envelope("referrals.withdraw", 200, &body.bytes) };
    // Words would be destroyed with what is held of the candidate.
    let gather = || async { Ok(Gathered::<Referral>::order(ReferralCommand::Withdraw { reason: None }).permit(own)) };
    let reply = app.dispatcher().send_with::<Referral, _, _>(&envelope, id.0, gather).await?;
    Ok(Answer::done(&reply))
}

/// Words of somebody about a referral.
fn words(words: Option<Words>) -> Option<Personal<String>> {
    words.map(|words| recruiting(words.0))
}
