//! `/v1/persons`: which records are one human being. Linking is a judgement on evidence, by two people, and can be undone.
//!
//! Of two records the newer one keeps what is between them, whichever of the two a request names: its stream is the one that
//! replies tell the id and version of.

use aggregates::ids::PersonId;
use aggregates::person::{LinkReason, Person, PersonCommand, UnlinkReason};
use aggregates::personal::{Personal, RecordClass};
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::App;
use super::problem::Problem;
use super::reply::{Answer, CommandReply};
use super::request::{Body, Id, Line, Session, Words, one_of};
use crate::dispatch::{Envelope, Gathered, Reply};

mod reads;

pub(super) use reads::{mask, sees, streams};

/// The routes.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create, reads::list))
        .routes(routes!(reads::one))
        .routes(routes!(link))
        .routes(routes!(unlink))
}

/// Which record keeps what is between two: the newer, which is the one that raised the question.
fn newer_first(one: Uuid, other: Uuid) -> (PersonId, PersonId) {
    (PersonId(one.max(other)), PersonId(one.min(other)))
}

/// The other record, which must be there for this caller too.
async fn must_see_other(app: &App, session: &Session, pointer: &str, id: Uuid) -> Result<(), Problem> {
    if sees(app, session, id).await? {
        Ok(())
    } else {
        Err(Problem::field(pointer, "unknown_person", "There is no such person.", "該当する人物の記録がありません。"))
    }
}

/// Both records, of which one is in the path.
async fn must_see(app: &App, session: &Session, id: Uuid, same_as: Uuid) -> Result<(), Problem> {
    if !sees(app, session, id).await? {
        return Err(Problem::not_found());
    }
    must_see_other(app, session, "/same_as", same_as).await
}

async fn send(app: &App, envelope: &Envelope, kept_by: PersonId, command: PersonCommand) -> Result<Reply, Problem> {
    let gather = || async {
        // The person's data was sealed before, under what their employments and departures brought.
        Ok(Gathered::<Person> { subject_known: true, ..Gathered::order(command.clone()) })
    };
    Ok(app.dispatcher().send_with(envelope, kept_by.0, gather).await?)
}

fn note(words: Option<Words>) -> Option<Personal<String>> {
    words.map(|words| Personal::new(RecordClass::Restricted, words.0))
}

/// Two records that are one person.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateLink {
    /// One record.
    person_id: Uuid,
    /// The other record.
    same_as: Uuid,
    /// The coded ground.
    #[schema(schema_with = one_of::<LinkReason>)]
    reason: LinkReason,
    /// Where the evidence lies in the employer's own records.
    evidence_ref: Line,
    note: Option<Words>,
}

/// Propose that two records are one person, or confirm it as the second person.
///
/// Changes nothing else: read models resolve the link, and `unlink` undoes it.
#[utoipa::path(post, path = "/v1/persons", tag = "persons", request_body = CreateLink,
    responses((status = 201, description = "Proposed or confirmed", body = CommandReply)))]
async fn create(State(app): State<App>, session: Session, body: Body<CreateLink>) -> Result<Answer, Problem> {
    let envelope = session.envelope("persons.link", 201, &body.bytes);
    let CreateLink { person_id, same_as, reason, evidence_ref, note: words } = body.value;
    must_see_other(&app, &session, "/person_id", person_id).await?;
    must_see_other(&app, &session, "/same_as", same_as).await?;
    let (person_id, other) = newer_first(person_id, same_as);
    let command = PersonCommand::Link { person_id, other, reason, evidence_ref: evidence_ref.0, note: note(words) };
    Ok(Answer::created("persons", &send(&app, &envelope, person_id, command).await?))
}

/// Another record of the same person.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LinkPerson {
    /// The other record.
    same_as: Uuid,
    /// The coded ground.
    #[schema(schema_with = one_of::<LinkReason>)]
    reason: LinkReason,
    /// Where the evidence lies in the employer's own records.
    evidence_ref: Line,
    note: Option<Words>,
}

/// Propose a link, confirm one as the second person, or uphold one that is about to be undone.
#[utoipa::path(post, path = "/v1/persons/{id}/link", tag = "persons", params(("id" = Uuid, Path)),
    request_body = LinkPerson, responses((status = 200, description = "Proposed, confirmed or upheld", body = CommandReply)))]
async fn link(State(app): State<App>, session: Session, id: Id, body: Body<LinkPerson>) -> Result<Answer, Problem> {
    let envelope = session.envelope("persons.link", 200, &body.bytes);
    let LinkPerson { same_as, reason, evidence_ref, note: words } = body.value;
    must_see(&app, &session, id.0, same_as).await?;
    let (person_id, other) = newer_first(id.0, same_as);
    let command = PersonCommand::Link { person_id, other, reason, evidence_ref: evidence_ref.0, note: note(words) };
    Ok(Answer::done(&send(&app, &envelope, person_id, command).await?))
}

/// Another record that is not the same person.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UnlinkPerson {
    /// The other record.
    same_as: Uuid,
    /// The coded ground.
    #[schema(schema_with = one_of::<UnlinkReason>)]
    reason: UnlinkReason,
    /// Where the evidence lies in the employer's own records.
    evidence_ref: Option<Line>,
    note: Option<Words>,
}

/// Dismiss a possible match, withdraw a proposal, or propose to undo a link; as the second person, confirm that.
#[utoipa::path(post, path = "/v1/persons/{id}/unlink", tag = "persons", params(("id" = Uuid, Path)),
    request_body = UnlinkPerson, responses((status = 200, description = "Dismissed, withdrawn, proposed or undone", body = CommandReply)))]
async fn unlink(State(app): State<App>, session: Session, id: Id, body: Body<UnlinkPerson>) -> Result<Answer, Problem> {
    let envelope = session.envelope("persons.unlink", 200, &body.bytes);
    let UnlinkPerson { same_as, reason, evidence_ref, note: words } = body.value;
    must_see(&app, &session, id.0, same_as).await?;
    let (person_id, other) = newer_first(id.0, same_as);
    let evidence_ref = evidence_ref.map(|line| line.0);
    let command = PersonCommand::Unlink { other, reason, evidence_ref, note: note(words) };
    Ok(Answer::done(&send(&app, &envelope, person_id, command).await?))
}
