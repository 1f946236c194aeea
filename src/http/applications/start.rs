//! Between acceptance and the first day.

use aggregates::application::{Application, ApplicationCommand, PostponementReason, Rejoining, Standing};
use aggregates::keys::number_key;
use aggregates::requisition::Requisition;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{case_of, recruiting, send};
use crate::dispatch::Gathered;
use crate::gather::{AsOf, SameHuman};
use crate::http::App;
use crate::http::fields::named;
use crate::http::problem::Problem;
use crate::http::reply::{Answer, CommandReply};
use crate::http::request::{Body, Day, Id, Line, Session, Words, one_of};
use crate::ledger::micros;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(postpone_start)).routes(routes!(record_rejoin)).routes(routes!(record_no_show))
}

/// A later first day.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PostponeStart {
    /// Later than the day agreed.
    to: Day,
    #[schema(schema_with = one_of::<PostponementReason>)]
    reason_code: String,
}

/// Postpone the first day, after the offer was accepted.
#[utoipa::path(post, path = "/v1/applications/{id}/postpone-start", tag = "applications", params(("id" = Uuid, Path)),
    request_body = PostponeStart, responses((status = 200, description = "Postponed", body = CommandReply)))]
async fn postpone_start(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<PostponeStart>,
) -> Result<Answer, Problem> {
    let (session, _) = case_of(&app, &session, id.0).await?;
    let order = ApplicationCommand::PostponeStart {
        to: body.value.to.0,
        reason_code: named("/reason_code", &body.value.reason_code)?,
    };
    send(&app, &session, id.0, "applications.postpone-start", &body.bytes, order).await
}

/// A return.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordRejoin {
    /// The new number.
    #[schema(examples("E-20001"))]
    employee_number: Line,
    /// First day, not before the day agreed.
    started_on: Day,
}

/// Record the return (再入社).
///
/// `joining` until the first day, then `rejoined`; at once where the day has come. Until then a mistyped number is stated anew
/// in the same way; another day is a postponement.
#[utoipa::path(post, path = "/v1/applications/{id}/record-rejoin", tag = "applications", params(("id" = Uuid, Path)),
    request_body = RecordRejoin, responses((status = 200, description = "Recorded", body = CommandReply)))]
async fn record_rejoin(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<RecordRejoin>,
) -> Result<Answer, Problem> {
    let (session, case) = case_of(&app, &session, id.0).await?;
    let (employee_number, started_on) = (body.value.employee_number.0, body.value.started_on.0);
    is_free(&app, &session, &case, &employee_number).await?;
    let envelope = session.envelope("applications.record-rejoin", 200, &body.bytes);
    let dispatcher = app.dispatcher();
    let gather = || async {
        let position = dispatcher.load::<Requisition>(&session.employer, case.requisition_id.0).await?;
        let position = position.state.standing();
        let order = ApplicationCommand::RecordRejoin(Box::new(Rejoining {
            employee_number: employee_number.clone(),
            started_on,
            department: position.and_then(|position| position.department.clone()),
            job_family: position.and_then(|position| position.job_family.clone()),
        }));
        Ok(Gathered::order(order))
    };
    Ok(Answer::done(&dispatcher.send_with::<Application, _, _>(&envelope, id.0, gather).await?))
}

/// A number is borne by one human being, also after they have left.
async fn is_free(app: &App, session: &Session, case: &Standing, employee_number: &str) -> Result<(), Problem> {
    let (dispatcher, employer) = (app.dispatcher(), &session.employer);
    let (ledger, keys) = (dispatcher.ledger(), [number_key(&case.legal_entity, employee_number)]);
    let bearers = ledger.claim_holders(&employer.name, "employee_number", &keys, micros(ledger.now())).await?;
    let Some(bearer) = bearers.into_iter().flatten().next() else { return Ok(()) };
    let human = SameHuman::of(dispatcher, employer, [case.person_id], AsOf::Now).await?;
    if human.ok_or_else(Problem::behind)?.records().any(|record| record.0 == bearer) {
        return Ok(());
    }
    Err(Problem::field(
        "/employee_number",
        "number_taken",
        "Another person bears this number.",
        "この社員番号は、別の人に付与されています。",
    ))
}

/// Somebody who did not come.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordNoShow {
    /// In words.
    note: Option<Words>,
}

/// Record that the person did not come on the first day.
#[utoipa::path(post, path = "/v1/applications/{id}/record-no-show", tag = "applications", params(("id" = Uuid, Path)),
    request_body = RecordNoShow, responses((status = 200, description = "Recorded", body = CommandReply)))]
async fn record_no_show(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<RecordNoShow>,
) -> Result<Answer, Problem> {
    let (session, _) = case_of(&app, &session, id.0).await?;
    let order = ApplicationCommand::RecordNoShow { note: body.value.note.map(recruiting) };
    send(&app, &session, id.0, "applications.record-no-show", &body.bytes, order).await
}
