//! Interviews (面接) and what interviewers found.

use aggregates::application::{
    Application, ApplicationCommand, ApplicationEvent, AttributeRating, Disclosing, InterviewOutcome, Recommendation,
    Scheduling, Scorecard, Slot, Standing,
};
use aggregates::catalogue::HrEvent;
use aggregates::ids::{ApplicationId, InterviewId};
use aggregates::member::ContactChannel;
use aggregates::requisition::Requisition;
use axum::extract::State;
use chrono::{DateTime, Datelike as _, SubsecRound as _, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{case_of, recruiting, send};
use crate::dispatch::{Dispatcher, Gathered, LoadError, Reply};
use crate::gather::application::{busy, candidate_busy, referrer};
use crate::gather::pay::range_first;
use crate::http::App;
use crate::http::fields::{id_at, named};
use crate::http::problem::Problem;
use crate::http::reply::{Answer, CommandReply};
use crate::http::request::{Body, Id, Line, Session, Words, one_of};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(disclose_range))
        .routes(routes!(schedule_interview))
        .routes(routes!(reschedule_interview))
        .routes(routes!(cancel_interview))
        .routes(routes!(record_interview))
        .routes(routes!(submit_scorecard))
        .routes(routes!(amend_scorecard))
}

/// When and where an interview is, and with whom. The past is allowed: it is recorded afterwards.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ScheduleInterview {
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    /// 1 to 10, each by the subject of their token; neither the candidate nor whoever referred them.
    #[schema(min_items = 1, max_items = 10)]
    interviewers: Vec<Line>,
    /// A place or an address on the net.
    location: Option<Line>,
}

/// Another time, place or company for an interview.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RescheduleInterview {
    #[schema(value_type = Uuid)]
    interview_id: String,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    /// 1 to 10, each by the subject of their token, as for a new one; those who were to interview before when not given.
    #[schema(min_items = 1, max_items = 10)]
    interviewers: Option<Vec<Line>>,
    /// A place or an address on the net; where it was to be before when not given.
    location: Option<Line>,
}

/// The answer to an interview that was scheduled.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct InterviewReply {
    #[serde(flatten)]
    reply: CommandReply,
    /// The interview.
    interview_id: Uuid,
}

/// An instant that can be one of an interview, cut to microseconds.
fn instant(pointer: &str, at: DateTime<Utc>) -> Result<DateTime<Utc>, Problem> {
    if (1900..=2100).contains(&at.year()) {
        return Ok(at.trunc_subsecs(6));
    }
    Err(Problem::field(
        pointer,
        "out_of_range",
        "The year must lie between 1900 and 2100.",
        "1900年から2100年までの日時で入力してください。",
    ))
}

async fn people(app: &App, session: &Session, subjects: &[Line]) -> Result<Vec<aggregates::ids::ActorId>, Problem> {
    let mut people = Vec::with_capacity(subjects.len());
    // The directory is not filled by a list that is refused anyway.
    for subject in subjects.iter().take(aggregates::application::MOST_INTERVIEWERS + 1) {
        people.push(app.account(&session.employer, &subject.0).await?);
    }
    Ok(people)
}

/// Schedules or moves, with who is elsewhere at that time.
async fn arrange(
    app: &App,
    session: &Session,
    (id, case): (Uuid, &Standing),
    (name, bytes): (&'static str, &[u8]),
    interview_id: InterviewId,
    slot: &Slot,
    order: fn(Box<Scheduling>) -> ApplicationCommand,
) -> Result<Reply, Problem> {
    let dispatcher = app.dispatcher();
    let envelope = session.envelope(name, 200, bytes);
    let gather = || async {
        let own = ApplicationId(id);
        let (busy, turns) = busy(dispatcher, &session.employer, own, slot).await?;
        let (candidate_busy, other) = candidate_busy(dispatcher, &session.employer, own, slot).await?;
        let (range_first, mut guards) = range_first(dispatcher, &session.employer, &case.legal_entity).await?;
        let (referrer, referral) = referrer(dispatcher, &session.employer, case.referral_id).await?;
        guards.extend(other.into_iter().chain(referral));
        let position = dispatcher.load::<Requisition>(&session.employer, case.requisition_id.0).await?;
        let range = position.state.standing().and_then(|position| position.pay_range.clone());
        if range_first {
            let stream = Dispatcher::stream::<Requisition>(&session.employer, case.requisition_id.0);
            guards.push((stream, position.version));
        }
        let slot = slot.clone();
        let scheduling = Scheduling { interview_id, slot, busy, candidate_busy, range_first, range, referrer };
        Ok(Gathered { guards, turns, ..Gathered::order(order(Box::new(scheduling))) })
    };
    Ok(dispatcher.send_with::<Application, _, _>(&envelope, id, gather).await?)
}

/// How the candidate was told the pay range.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DiscloseRange {
    #[schema(schema_with = one_of::<ContactChannel>)]
    channel: String,
}

/// Record that the candidate was told the pay range of the position (PAY-05).
///
/// The range is the one that the requisition publishes. Where the pay policy in force says `before_interview`, no interview
/// is scheduled without it. The person reads it in their application.
#[utoipa::path(post, path = "/v1/applications/{id}/disclose-range", tag = "applications", params(("id" = Uuid, Path)),
    request_body = DiscloseRange, responses((status = 200, description = "Recorded", body = CommandReply)))]
async fn disclose_range(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<DiscloseRange>,
) -> Result<Answer, Problem> {
    let channel = named("/channel", &body.value.channel)?;
    let (session, case) = case_of(&app, &session, id.0).await?;
    let envelope = session.envelope("applications.disclose-range", 200, &body.bytes);
    let dispatcher = app.dispatcher();
    let requisition_id = case.requisition_id;
    let gather = || async {
        let requisition = dispatcher.load::<Requisition>(&session.employer, requisition_id.0).await?;
        let range = requisition.state.standing().and_then(|standing| standing.pay_range.clone());
        let disclosing = Disclosing { requisition_id, range, channel };
        let guards =
            vec![(Dispatcher::stream::<Requisition>(&session.employer, requisition_id.0), requisition.version)];
        Ok(Gathered { guards, ..Gathered::order(ApplicationCommand::DiscloseRange(Box::new(disclosing))) })
    };
    Ok(Answer::done(&dispatcher.send_with::<Application, _, _>(&envelope, id.0, gather).await?))
}

/// Schedule an interview. Nobody is in two at once, and where the pay policy says so, the candidate has been told the pay
/// range before (PAY-05).
#[utoipa::path(post, path = "/v1/applications/{id}/schedule-interview", tag = "applications", params(("id" = Uuid, Path)),
    request_body = ScheduleInterview, responses((status = 200, description = "Scheduled", body = InterviewReply)))]
async fn schedule_interview(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<ScheduleInterview>,
) -> Result<Answer<InterviewReply>, Problem> {
    let (session, case) = case_of(&app, &session, id.0).await?;
    let Body { value: asked, bytes } = body;
    let slot = Slot {
        starts_at: instant("/starts_at", asked.starts_at)?,
        ends_at: instant("/ends_at", asked.ends_at)?,
        interviewers: people(&app, &session, &asked.interviewers).await?,
        location: asked.location.map(|line| line.0),
    };
    let interview_id = InterviewId(Uuid::now_v7());
    let what = ("applications.schedule-interview", &*bytes);
    let order = ApplicationCommand::ScheduleInterview;
    let reply = arrange(&app, &session, (id.0, &case), what, interview_id, &slot, order).await?;
    // A repeat of the request answers with the interview that it scheduled then.
    let interview_id =
        if reply.replayed { scheduled_at(&app, &session, id.0, reply.version).await? } else { interview_id.0 };
    Ok(Answer::with(&reply, InterviewReply { reply: (&reply).into(), interview_id }))
}

/// The interview that an event of a case scheduled.
async fn scheduled_at(app: &App, session: &Session, id: Uuid, sequence: i64) -> Result<Uuid, Problem> {
    let employer = &*session.employer;
    for stored in app.dispatcher().ledger().load(Dispatcher::stream::<Application>(employer, id)).await? {
        if stored.sequence != sequence {
            continue;
        }
        let events =
            crate::feed::decode(stored.position, &stored.leaf, employer.zone).map_err(LoadError::Unreadable)?;
        for recorded in events {
            if let HrEvent::Application(ApplicationEvent::InterviewScheduled { interview_id, .. }) = recorded.event {
                return Ok(interview_id.0);
            }
        }
    }
    Err(Problem::not_found())
}

/// Move an interview.
#[utoipa::path(post, path = "/v1/applications/{id}/reschedule-interview", tag = "applications",
    params(("id" = Uuid, Path)), request_body = RescheduleInterview,
    responses((status = 200, description = "Moved", body = CommandReply)))]
async fn reschedule_interview(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<RescheduleInterview>,
) -> Result<Answer, Problem> {
    let Body { value: asked, bytes } = body;
    let interview_id = InterviewId(id_at("/interview_id", &asked.interview_id)?);
    let (session, case) = case_of(&app, &session, id.0).await?;
    let before = case.interviews.get(&interview_id).map(|interview| &interview.slot);
    let slot = Slot {
        starts_at: instant("/starts_at", asked.starts_at)?,
        ends_at: instant("/ends_at", asked.ends_at)?,
        interviewers: match asked.interviewers {
            Some(subjects) => people(&app, &session, &subjects).await?,
            None => before.map(|slot| slot.interviewers.clone()).unwrap_or_default(),
        },
        location: asked.location.map(|line| line.0).or_else(|| before.and_then(|slot| slot.location.clone())),
    };
    let what = ("applications.reschedule-interview", &*bytes);
    let order = ApplicationCommand::RescheduleInterview;
    Ok(Answer::done(&arrange(&app, &session, (id.0, &case), what, interview_id, &slot, order).await?))
}

/// Which interview does not take place.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CancelInterview {
    #[schema(value_type = Uuid)]
    interview_id: String,
    /// In words.
    note: Option<Words>,
}

/// Cancel an interview.
#[utoipa::path(post, path = "/v1/applications/{id}/cancel-interview", tag = "applications", params(("id" = Uuid, Path)),
    request_body = CancelInterview, responses((status = 200, description = "Cancelled", body = CommandReply)))]
async fn cancel_interview(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<CancelInterview>,
) -> Result<Answer, Problem> {
    let interview_id = InterviewId(id_at("/interview_id", &body.value.interview_id)?);
    let (session, _) = case_of(&app, &session, id.0).await?;
    let order = ApplicationCommand::CancelInterview { interview_id, note: body.value.note.map(recruiting) };
    send(&app, &session, id.0, "applications.cancel-interview", &body.bytes, order).await
}

/// What became of an interview.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordInterview {
    #[schema(value_type = Uuid)]
    interview_id: String,
    #[schema(schema_with = one_of::<InterviewOutcome>)]
    outcome: String,
}

/// Record what became of an interview.
#[utoipa::path(post, path = "/v1/applications/{id}/record-interview", tag = "applications", params(("id" = Uuid, Path)),
    request_body = RecordInterview, responses((status = 200, description = "Recorded", body = CommandReply)))]
async fn record_interview(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<RecordInterview>,
) -> Result<Answer, Problem> {
    let interview_id = InterviewId(id_at("/interview_id", &body.value.interview_id)?);
    let (session, _) = case_of(&app, &session, id.0).await?;
    let order = ApplicationCommand::RecordInterview { interview_id, outcome: named("/outcome", &body.value.outcome)? };
    send(&app, &session, id.0, "applications.record-interview", &body.bytes, order).await
}

/// A rated quality.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AttributeField {
    name: Line,
    #[schema(minimum = 1, maximum = 5)]
    rating: u8,
}

/// What an interviewer found.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SubmitScorecard {
    #[schema(value_type = Uuid)]
    interview_id: String,
    #[schema(minimum = 1, maximum = 5)]
    rating: u8,
    #[schema(schema_with = one_of::<Recommendation>)]
    recommendation: String,
    /// Qualities, each rated; 30 at most.
    #[serde(default)]
    #[schema(max_items = 30)]
    attributes: Vec<AttributeField>,
    /// In words.
    notes: Option<Words>,
}

/// What an interviewer finds after all.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AmendScorecard {
    #[schema(value_type = Uuid)]
    interview_id: String,
    #[schema(minimum = 1, maximum = 5)]
    rating: u8,
    #[schema(schema_with = one_of::<Recommendation>)]
    recommendation: String,
    /// Qualities, each rated; 30 at most.
    #[serde(default)]
    #[schema(max_items = 30)]
    attributes: Vec<AttributeField>,
    /// In words.
    notes: Option<Words>,
    /// Why it is amended.
    why: Words,
}

/// How many qualities a scorecard rates at most.
const MOST_ATTRIBUTES: usize = 30;

fn scorecard(
    rating: u8,
    recommendation: &str,
    attributes: Vec<AttributeField>,
    notes: Option<Words>,
) -> Result<Box<Scorecard>, Problem> {
    if attributes.len() > MOST_ATTRIBUTES {
        return Err(Problem::field(
            "/attributes",
            "too_many",
            "At most 30 qualities are rated.",
            "評価項目は30件までです。",
        ));
    }
    let rated = |one: AttributeField| AttributeRating { name: one.name.0, rating: one.rating };
    Ok(Box::new(Scorecard {
        rating,
        recommendation: named("/recommendation", recommendation)?,
        attributes: attributes.into_iter().map(rated).collect(),
        notes: notes.map(recruiting),
    }))
}

/// Submit one's scorecard, once the interview has begun.
///
/// Those of others are shown only once one's own is in.
#[utoipa::path(post, path = "/v1/applications/{id}/submit-scorecard", tag = "applications", params(("id" = Uuid, Path)),
    request_body = SubmitScorecard, responses((status = 200, description = "Submitted", body = CommandReply)))]
async fn submit_scorecard(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<SubmitScorecard>,
) -> Result<Answer, Problem> {
    let Body { value: asked, bytes } = body;
    let interview_id = InterviewId(id_at("/interview_id", &asked.interview_id)?);
    let (session, _) = case_of(&app, &session, id.0).await?;
    let scorecard = scorecard(asked.rating, &asked.recommendation, asked.attributes, asked.notes)?;
    let order = ApplicationCommand::SubmitScorecard { interview_id, scorecard };
    send(&app, &session, id.0, "applications.submit-scorecard", &bytes, order).await
}

/// Amend one's scorecard. What it said before stays readable.
#[utoipa::path(post, path = "/v1/applications/{id}/amend-scorecard", tag = "applications", params(("id" = Uuid, Path)),
    request_body = AmendScorecard, responses((status = 200, description = "Amended", body = CommandReply)))]
async fn amend_scorecard(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<AmendScorecard>,
) -> Result<Answer, Problem> {
    let Body { value: asked, bytes } = body;
    let interview_id = InterviewId(id_at("/interview_id", &asked.interview_id)?);
    let (session, _) = case_of(&app, &session, id.0).await?;
    let scorecard = scorecard(asked.rating, &asked.recommendation, asked.attributes, asked.notes)?;
    let order = ApplicationCommand::AmendScorecard { interview_id, scorecard, why: recruiting(asked.why) };
    send(&app, &session, id.0, "applications.amend-scorecard", &bytes, order).await
}
