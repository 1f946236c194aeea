//! `/v1/requisitions` (求人): opened and led by recruiters, published to whoever may answer.

mod reading;

use std::collections::BTreeSet;

use aggregates::ids::{ActorId, RequisitionId};
use aggregates::personal::{Personal, RecordClass};
use aggregates::requisition::{
    Audience, CloseReason, Engagement, Line as CaseLine, LiveCases, Opened, PayRange, Requisition, RequisitionChanges,
    RequisitionCommand,
};
use aggregates::values::EmploymentType;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::App;
use super::fields::{all_named, named, several_of};
use super::problem::Problem;
use super::reply::{Answer, CommandReply};
use super::request::{Body, Id, Line, MoneyField, Session, Words, one_of, one_of_or_null};
use super::scope::within;
use crate::dispatch::{DispatchError, Gathered};
use crate::gather::offer::{promised_seats, waiting_offers};
use crate::gather::requisition::live_applications;

/// The routes.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(reading::router())
        .routes(routes!(open))
        .routes(routes!(revise))
        .routes(routes!(publish))
        .routes(routes!(close))
}

/// An order to a requisition that this caller may see.
fn order(session: &Session, order: RequisitionCommand) -> Gathered<Requisition> {
    Gathered::order(order).permit(within(session, |requisition: &Requisition| {
        requisition.standing().map(|standing| standing.legal_entity.as_str())
    }))
}

async fn send(
    app: &App,
    session: &Session,
    id: Uuid,
    name: &'static str,
    bytes: &[u8],
    command: RequisitionCommand,
) -> Result<Answer, Problem> {
    let envelope = session.envelope(name, 200, bytes);
    let gather = || async { Ok(order(session, command.clone())) };
    Ok(Answer::done(&app.dispatcher().send_with::<Requisition, _, _>(&envelope, id, gather).await?))
}

/// The account of a subject, as the caller's issuer names it.
async fn account(app: &App, session: &Session, subject: Option<Line>) -> Result<Option<ActorId>, Problem> {
    match subject {
        Some(subject) => Ok(Some(app.account(&session.employer, &subject.0).await?)),
        None => Ok(None),
    }
}

fn recruiting(words: Words) -> Personal<String> {
    Personal::new(RecordClass::Recruiting, words.0)
}

/// The published range of annual, full-time equivalent base pay.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PayRangeField {
    minimum: MoneyField,
    midpoint: Option<MoneyField>,
    maximum: MoneyField,
}

impl From<PayRangeField> for PayRange {
    fn from(range: PayRangeField) -> Self {
        Self { minimum: range.minimum.into(), midpoint: range.midpoint.map(Into::into), maximum: range.maximum.into() }
    }
}

/// A position to be opened.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OpenRequisition {
    /// The title of the position.
    #[schema(examples("配送ドライバー"))]
    title: Line,
    /// The entity that hires; the employer's first when not given.
    legal_entity: Option<Line>,
    department: Option<Line>,
    job_family: Option<Line>,
    grade: Option<Line>,
    /// Place of work.
    location: Option<Line>,
    #[schema(schema_with = one_of::<EmploymentType>)]
    employment_type: String,
    /// Employed directly, or dispatched (派遣); directly when not given.
    #[schema(schema_with = one_of_or_null::<Engagement>)]
    engagement: Option<String>,
    /// The published range.
    pay_range: Option<PayRangeField>,
    /// How many seats.
    #[schema(minimum = 1, maximum = 1000)]
    headcount: u32,
    /// Who may answer it once it is published.
    #[schema(schema_with = several_of::<Audience>)]
    audience: Vec<String>,
    /// What the work is, in words.
    description: Option<Words>,
    /// The recruiter in charge, by the subject of their token; the caller when not given.
    recruiter: Option<Line>,
    /// The manager who hires, by the subject of their token.
    hiring_manager: Option<Line>,
    /// The unit that approves offers.
    approver_unit: Option<Line>,
}

fn audience(names: &[String]) -> Result<BTreeSet<Audience>, Problem> {
    Ok(all_named::<Audience>("/audience", names)?.into_iter().collect())
}

/// Open a requisition.
///
/// Nobody can answer it before it is published.
#[utoipa::path(post, path = "/v1/requisitions", tag = "requisitions", request_body = OpenRequisition,
    responses((status = 201, description = "Opened", body = CommandReply)))]
async fn open(State(app): State<App>, session: Session, body: Body<OpenRequisition>) -> Result<Answer, Problem> {
    let Body { value: asked, bytes } = body;
    let legal_entity = asked.legal_entity.map_or_else(|| session.employer.default_legal_entity.clone(), |line| line.0);
    if !session.covers(&legal_entity) {
        return Err(Problem::forbidden(format!("legal entity {legal_entity}")).reason("legal_entity"));
    }
    let engagement = asked.engagement.as_deref().map(|name| named("/engagement", name)).transpose()?;
    let opened = Opened {
        title: asked.title.0,
        legal_entity,
        department: asked.department.map(|line| line.0),
        job_family: asked.job_family.map(|line| line.0),
        grade: asked.grade.map(|line| line.0),
        location: asked.location.map(|line| line.0),
        employment_type: named("/employment_type", &asked.employment_type)?,
        engagement: engagement.unwrap_or(Engagement::Direct),
        pay_range: asked.pay_range.map(Into::into),
        headcount: asked.headcount,
        audience: audience(&asked.audience)?,
        description: asked.description.map(recruiting),
        line: CaseLine {
            recruiter: account(&app, &session, asked.recruiter).await?.unwrap_or(session.answers_for_it()),
            hiring_manager: account(&app, &session, asked.hiring_manager).await?,
            approver_unit: asked.approver_unit.map(|line| line.0),
        },
        opened_by: session.answers_for_it(),
    };
    let envelope = session.envelope("requisitions.open", 201, &bytes);
    let order = RequisitionCommand::Open(Box::new(opened));
    let reply = app.dispatcher().create::<Requisition>(&envelope, Uuid::now_v7(), order).await?;
    Ok(Answer::created("requisitions", &reply))
}

/// What is stated anew; what is not given stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReviseRequisition {
    title: Option<Line>,
    department: Option<Line>,
    job_family: Option<Line>,
    grade: Option<Line>,
    location: Option<Line>,
    #[schema(schema_with = one_of_or_null::<EmploymentType>)]
    employment_type: Option<String>,
    #[schema(schema_with = one_of_or_null::<Engagement>)]
    engagement: Option<String>,
    pay_range: Option<PayRangeField>,
    /// Not below the seats that are filled.
    #[schema(minimum = 1, maximum = 1000)]
    headcount: Option<u32>,
    #[schema(schema_with = several_of::<Audience>)]
    audience: Option<Vec<String>>,
    description: Option<Words>,
    /// The recruiter in charge, by the subject of their token.
    recruiter: Option<Line>,
    /// The manager who hires, by the subject of their token.
    hiring_manager: Option<Line>,
    approver_unit: Option<Line>,
}

/// Revise a requisition, open or published.
///
/// Its headcount goes below neither the seats that are filled nor those that offers have promised.
#[utoipa::path(post, path = "/v1/requisitions/{id}/revise", tag = "requisitions", params(("id" = Uuid, Path)),
    request_body = ReviseRequisition, responses((status = 200, description = "Revised", body = CommandReply)))]
async fn revise(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<ReviseRequisition>,
) -> Result<Answer, Problem> {
    let Body { value: asked, bytes } = body;
    let changes = RequisitionChanges {
        title: asked.title.map(|line| line.0),
        department: asked.department.map(|line| line.0),
        job_family: asked.job_family.map(|line| line.0),
        grade: asked.grade.map(|line| line.0),
        location: asked.location.map(|line| line.0),
        employment_type: asked.employment_type.as_deref().map(|name| named("/employment_type", name)).transpose()?,
        engagement: asked.engagement.as_deref().map(|name| named("/engagement", name)).transpose()?,
        pay_range: asked.pay_range.map(Into::into),
        headcount: asked.headcount,
        audience: asked.audience.as_deref().map(audience).transpose()?,
        description: asked.description.map(recruiting),
        recruiter: account(&app, &session, asked.recruiter).await?,
        hiring_manager: account(&app, &session, asked.hiring_manager).await?,
        approver_unit: asked.approver_unit.map(|line| line.0),
    };
    let envelope = session.envelope("requisitions.revise", 200, &bytes);
    let dispatcher = app.dispatcher();
    let gather = || async {
        let requisition = RequisitionId(id.0);
        // Read before the seats: an offer that goes out meanwhile takes one, and has it asked again.
        let guards = match changes.headcount {
            Some(_) => waiting_offers(dispatcher, &session.employer, requisition).await?,
            None => Vec::new(),
        };
        let promised = promised_seats(dispatcher, &session.employer, requisition).await?;
        let order = RequisitionCommand::Revise { changes: Box::new(changes.clone()), promised };
        Ok(Gathered { guards, ..Gathered::order(order) })
    };
    Ok(Answer::done(&dispatcher.send_with::<Requisition, _, _>(&envelope, id.0, gather).await?))
}

/// To whom it is published.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PublishRequisition {
    /// What was stated before when not given.
    #[schema(schema_with = several_of::<Audience>)]
    audience: Option<Vec<String>>,
}

/// Publish a requisition to its audience.
///
/// Whoever left for childcare or care and wishes to return is looked for at once (育児・介護休業法27条).
#[utoipa::path(post, path = "/v1/requisitions/{id}/publish", tag = "requisitions", params(("id" = Uuid, Path)),
    request_body = PublishRequisition, responses((status = 200, description = "Published", body = CommandReply)))]
async fn publish(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<PublishRequisition>,
) -> Result<Answer, Problem> {
    let order = RequisitionCommand::Publish { audience: body.value.audience.as_deref().map(audience).transpose()? };
    send(&app, &session, id.0, "requisitions.publish", &body.bytes, order).await
}

/// Why it is closed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CloseRequisition {
    /// Required with `cancel_live`; `other` when not given.
    #[schema(schema_with = one_of_or_null::<CloseReason>)]
    reason: Option<String>,
    /// Whether live applications are cancelled with it, but for accepted and joining ones.
    #[serde(default)]
    cancel_live: bool,
    /// In words.
    note: Option<Words>,
}

/// Close a requisition: nobody can apply any more.
///
/// Refused while applications are live, unless they are cancelled with it; so is one that comes in the same moment. Accepted
/// and joining ones are never touched.
#[utoipa::path(post, path = "/v1/requisitions/{id}/close", tag = "requisitions", params(("id" = Uuid, Path)),
    request_body = CloseRequisition, responses((status = 200, description = "Closed", body = CommandReply)))]
async fn close(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<CloseRequisition>,
) -> Result<Answer, Problem> {
    let Body { value: asked, bytes } = body;
    let (because, cancel_live) = closing(asked.reason.as_deref(), asked.cancel_live)?;
    let note = asked.note.map(recruiting);
    let envelope = session.envelope("requisitions.close", 200, &bytes);
    let dispatcher = app.dispatcher();
    let gather = || async {
        let requisition_id = RequisitionId(id.0);
        let live_applications =
            live_applications(dispatcher, &session.employer, requisition_id).await?.ok_or(DispatchError::Overloaded)?;
        let command = RequisitionCommand::Close { because, cancel_live, live_applications, note: note.clone() };
        Ok(order(&session, command))
    };
    Ok(Answer::done(&dispatcher.send_with::<Requisition, _, _>(&envelope, id.0, gather).await?))
}

fn closing(reason: Option<&str>, cancels: bool) -> Result<(CloseReason, LiveCases), Problem> {
    let reason = reason.map(|name| named("/reason", name)).transpose()?;
    match (reason, cancels) {
        (Some(reason), true) => Ok((reason, LiveCases::Cancelled)),
        (None, true) => Err(Problem::field(
            "/reason",
            "required",
            "Whoever cancels live applications says why.",
            "選考中の応募を取り止める場合は、理由を指定してください。",
        )),
        (reason, false) => Ok((reason.unwrap_or(CloseReason::Other), LiveCases::None)),
    }
}

#[cfg(test)]
mod tests {
    use aggregates::requisition::{CloseReason, LiveCases};

    use super::closing;

    #[test]
    fn whoever_cancels_says_why() {
        assert_eq!(closing(Some("budget"), true).unwrap(), (CloseReason::Budget, LiveCases::Cancelled));
        assert_eq!(closing(None, true).unwrap_err().errors[0].code, "required");
        assert_eq!(closing(None, false).unwrap(), (CloseReason::Other, LiveCases::None));
        assert_eq!(closing(Some("mood"), false).unwrap_err().errors[0].code, "unknown_value");
    }
}
