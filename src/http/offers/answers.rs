//! The candidate's answer: theirs alone, or recorded by somebody who says how it came in.

use aggregates::offer::{DeclineReason, Offer, OfferCommand, OfferError, Standing};
use aggregates::values::FreeText;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{about_them, come_to, has_gone_out, seen, send_about_case};
use crate::dispatch::{DispatchError, Gathered};
use crate::gather::offer::what_they_agree_to;
use crate::http::App;
use crate::http::fields::named;
use crate::http::problem::{Problem, Refusal as _};
use crate::http::reply::{Answer, CommandReply};
use crate::http::request::{Body, Id, Line, Reach, RecordedFor, Session, one_of};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(accept)).routes(routes!(decline))
}

/// The session of whoever answers. A candidate who knows of an offer that is not with them, because it has not gone out or
/// was pulled back, is told so before anything else.
pub(super) async fn answering(app: &App, session: &Session, id: Uuid) -> Result<(Session, Standing), Problem> {
    let (session, standing) = come_to(app, session, id).await?;
    if session.reach == Reach::Own && !has_gone_out(&standing) {
        return Err(OfferError::NotExtended.problem());
    }
    Ok((session, standing))
}

/// The words with which what somebody else says is recorded; none where the candidate says it.
pub(super) fn recorded(reach: Reach, recorded_for: Option<RecordedFor>) -> Result<Option<FreeText>, Problem> {
    match (reach, recorded_for) {
        (Reach::Own, None) => Ok(None),
        (Reach::Own, Some(_)) => Err(Problem::field(
            "/recorded_for",
            "not_for_oneself",
            "This field is for whoever records what somebody else says.",
            "この項目は、他の方の回答や求めを代わりに記録する場合にのみ指定できます。",
        )),
        (Reach::All | Reach::Assigned, None) => Err(Problem::field(
            "/recorded_for",
            "required",
            "Whoever records what the candidate says tells how it came in.",
            "候補者の回答や求めを記録する場合は、受け付けの経緯を指定してください。",
        )),
        (Reach::All | Reach::Assigned, Some(RecordedFor { reason })) => Ok(Some(about_them(reason))),
    }
}

/// An acceptance of the terms that were seen.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AcceptOffer {
    /// The hash that GET returned; or `If-Match` with its version.
    terms_hash: Option<Line>,
    /// How the answer came in, from somebody who records it for the candidate; not from the candidate.
    recorded_for: Option<RecordedFor>,
}

/// Accept an offer (内定承諾).
///
/// Before the instant at which it expires, and only terms that were seen.
#[utoipa::path(post, path = "/v1/offers/{id}/accept", tag = "offers", params(("id" = Uuid, Path)),
    request_body = AcceptOffer, responses((status = 200, description = "Accepted", body = CommandReply)))]
async fn accept(State(app): State<App>, session: Session, id: Id, body: Body<AcceptOffer>) -> Result<Answer, Problem> {
    let (session, standing) = answering(&app, &session, id.0).await?;
    let seen = seen(&session, body.value.terms_hash.as_ref())?;
    let recorded_for = recorded(session.reach, body.value.recorded_for)?;
    let envelope = session.answering("offers.accept", 200, &body.bytes);
    let (dispatcher, application) = (app.dispatcher(), standing.application_id);
    let gather = || async {
        let (case, required, guard) =
            what_they_agree_to(dispatcher, &session.employer, application).await?.ok_or(DispatchError::NotFound)?;
        let (seen, recorded_for) = (seen.clone(), recorded_for.clone());
        let order = OfferCommand::Accept { seen, recorded_for, case, required };
        Ok(Gathered { guards: vec![guard], ..Gathered::order(order) })
    };
    Ok(Answer::done(&dispatcher.send_with::<Offer, _, _>(&envelope, id.0, gather).await?))
}

/// Why the candidate declines.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DeclineOffer {
    #[schema(schema_with = one_of::<DeclineReason>)]
    reason_code: String,
    /// How the answer came in, from somebody who records it for the candidate; not from the candidate.
    recorded_for: Option<RecordedFor>,
}

/// Decline an offer (オファー辞退); after acceptance that is 内定辞退, until the first day of work has come.
#[utoipa::path(post, path = "/v1/offers/{id}/decline", tag = "offers", params(("id" = Uuid, Path)),
    request_body = DeclineOffer, responses((status = 200, description = "Declined", body = CommandReply)))]
async fn decline(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<DeclineOffer>,
) -> Result<Answer, Problem> {
    let (session, standing) = answering(&app, &session, id.0).await?;
    let reason_code = named("/reason_code", &body.value.reason_code)?;
    let recorded_for = recorded(session.reach, body.value.recorded_for)?;
    let order = |case| OfferCommand::Decline { reason_code, recorded_for: recorded_for.clone(), case };
    let envelope = session.envelope("offers.decline", 200, &body.bytes);
    send_about_case(&app, &envelope, (id.0, standing.application_id), order).await
}

#[cfg(test)]
mod tests {
    use super::recorded;
    use crate::http::request::{Reach, RecordedFor, Words};

    fn letter() -> RecordedFor {
        RecordedFor { reason: Words("letter of 10 December".into()) }
    }

    #[test]
    fn the_candidate_answers_for_themselves_and_others_say_how_it_came_in() {
        assert_eq!(recorded(Reach::Own, None).unwrap(), None);
        assert_eq!(recorded(Reach::Own, Some(letter())).unwrap_err().errors[0].code, "not_for_oneself");
        assert_eq!(recorded(Reach::All, None).unwrap_err().errors[0].code, "required");
        assert!(recorded(Reach::All, Some(letter())).unwrap().is_some());
    }
}
