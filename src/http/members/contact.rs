//! `POST /v1/members/{id}/record-contact`: that a recruiter contacted a member about a position or a job family.

use aggregates::ids::RequisitionId;
use aggregates::member::{ContactChannel, Contacting, Member, MemberCommand};
use aggregates::personal::{Personal, RecordClass};
use aggregates::requisition::Requisition;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::reading::must_cover;
use crate::dispatch::{DispatchError, Dispatcher, Gathered, LoadError};
use crate::gather::contact::jobs_consent;
use crate::http::App;
use crate::http::fields::{id_at, named};
use crate::http::problem::Problem;
use crate::http::reply::{Answer, CommandReply};
use crate::http::request::{Body, Day, Id, Line, Session, Words, one_of};
use crate::ledger::StreamKey;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(record_contact))
}

/// An individual contact. Exactly one of `requisition_id` and `job_family` tells what it was about.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordContact {
    /// The local day: not ahead, and not before the membership.
    contacted_on: Day,
    /// The position, where it was about one.
    #[schema(value_type = Option<Uuid>)]
    requisition_id: Option<String>,
    /// Without a position: the job family.
    job_family: Option<Line>,
    /// Without a position: the entity that hires; the employer's first when not given.
    legal_entity: Option<Line>,
    #[schema(schema_with = one_of::<ContactChannel>)]
    channel: String,
    /// In words, for those who recruit.
    note: Option<Words>,
}

/// What a contact was about.
enum About {
    Position(RequisitionId),
    Family { legal_entity: String, job_family: String },
}

/// Where the contact would lead, as it stands now.
struct Place {
    requisition_id: Option<RequisitionId>,
    legal_entity: String,
    job_family: Option<String>,
    guard: Option<(StreamKey, i64)>,
}

impl About {
    fn of(
        session: &Session,
        position: Option<&str>,
        family: Option<Line>,
        entity: Option<Line>,
    ) -> Result<Self, Problem> {
        match (position, family, entity) {
            (Some(position), None, None) => Ok(Self::Position(RequisitionId(id_at("/requisition_id", position)?))),
            (Some(_), None, Some(_)) => Err(Problem::field(
                "/legal_entity",
                "follows_from_requisition",
                "The requisition says so; leave this field out.",
                "求人を指定した場合、この項目は指定できません。",
            )),
            (None, Some(family), entity) => {
                let legal_entity =
                    entity.map_or_else(|| session.employer.default_legal_entity.clone(), |entity| entity.0);
                if !session.covers(&legal_entity) {
                    return Err(Problem::field(
                        "/legal_entity",
                        "entity_not_found",
                        "There is no such entity for this caller.",
                        "該当する会社がありません。",
                    ));
                }
                Ok(Self::Family { legal_entity, job_family: family.0 })
            }
            (None, None, _) | (Some(_), Some(_), _) => Err(Problem::field(
                "/requisition_id",
                "exactly_one",
                "Exactly one of requisition_id and job_family is expected.",
                "requisition_id、job_familyのうち、いずれか1つだけを指定してください。",
            )),
        }
    }

    /// Where it leads; nothing where there is no such position for this caller.
    async fn place(&self, dispatcher: &Dispatcher, session: &Session) -> Result<Option<Place>, LoadError> {
        let id = match self {
            Self::Position(id) => *id,
            Self::Family { legal_entity, job_family } => {
                return Ok(Some(Place {
                    requisition_id: None,
                    legal_entity: legal_entity.clone(),
                    job_family: Some(job_family.clone()),
                    guard: None,
                }));
            }
        };
        let read = dispatcher.load::<Requisition>(&session.employer, id.0).await?;
        let standing = read.state.standing().filter(|standing| session.covers(&standing.legal_entity));
        Ok(standing.map(|standing| Place {
            requisition_id: Some(id),
            legal_entity: standing.legal_entity.clone(),
            job_family: standing.job_family.clone(),
            guard: Some((Dispatcher::stream::<Requisition>(&session.employer, id.0), read.version)),
        }))
    }
}

/// Record that a recruiter contacted the member about a position or a job family (REF-13).
///
/// An individual contact by the caller; mass mail is none. It needs the member's consent to `jobs` on that day. From its
/// recording on it stands for six months before a referral of the same human being to that position, or to that job family of
/// the same entity. A caller who is limited to legal entities reaches the members who left those.
#[utoipa::path(post, path = "/v1/members/{id}/record-contact", tag = "members", params(("id" = Uuid, Path)),
    request_body = RecordContact, responses((status = 200, description = "Recorded", body = CommandReply)))]
async fn record_contact(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<RecordContact>,
) -> Result<Answer, Problem> {
    let Body { value: asked, bytes } = body;
    let channel: ContactChannel = named("/channel", &asked.channel)?;
    let about = About::of(&session, asked.requisition_id.as_deref(), asked.job_family, asked.legal_entity)?;
    let (contacted_on, note) = (asked.contacted_on.0, asked.note);
    let dispatcher = app.dispatcher();
    must_cover(&app, &session, id.0).await?;
    about.place(dispatcher, &session).await?.ok_or_else(requisition_not_found)?;
    let envelope = session.envelope("members.record-contact", 200, &bytes);
    let recorded = dispatcher.send_with::<Member, _, _>(&envelope, id.0, || async {
        let place = about.place(dispatcher, &session).await?.ok_or(DispatchError::NotFound)?;
        let (consent, history) = jobs_consent(dispatcher, &session.employer, id.0, contacted_on).await?;
        let order = MemberCommand::RecordContact(Box::new(Contacting {
            contacted_on,
            requisition_id: place.requisition_id,
            legal_entity: place.legal_entity,
            job_family: place.job_family,
            channel,
            consent,
            note: note.as_ref().map(|words| Personal::new(RecordClass::Recruiting, words.0.clone())),
        }));
        Ok(Gathered { guards: place.guard.into_iter().chain([history]).collect(), ..Gathered::order(order) })
    });
    Ok(Answer::done(&recorded.await?))
}

fn requisition_not_found() -> Problem {
    Problem::field(
        "/requisition_id",
        "requisition_not_found",
        "There is no such requisition for this caller.",
        "該当する求人がありません。",
    )
}
