//! `/v1/no-rehire-flags` (再雇用不可): seen by those who raise and those who review, and by the person concerned (PRV-13).

mod reading;

use std::collections::BTreeSet;

use aggregates::ids::PersonId;
use aggregates::no_rehire_flag::{FlagReason, Grounds, LiftReason, NoRehireFlag, NoRehireFlagCommand, ReviewDecision};
use aggregates::personal::{Personal, RecordClass};
use aggregates::stream::Stream as _;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::App;
use super::fields::{id_at, named};
use super::members::reading::own_persons;
use super::problem::Problem;
use super::reply::{Answer, CommandReply};
use super::request::{Body, Day, Id, Line, Reach, RecordedFor, Session, Words, one_of};
use super::scope::visible_persons;
use crate::dispatch::Gathered;

/// The routes.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(reading::router())
        .routes(routes!(raise))
        .routes(routes!(review))
        .routes(routes!(renew))
        .routes(routes!(lift))
        .routes(routes!(appeal))
}

/// Whether the caller may see flags of a person.
async fn may_see(app: &App, session: &Session, person: Uuid) -> Result<bool, Problem> {
    Ok(match session.reach {
        Reach::Own => own_persons(app, session).await?.contains(&person),
        Reach::All if session.legal_entities().is_none() => true,
        Reach::Assigned => false,
        Reach::All => !visible_persons(app, session, &BTreeSet::from([person])).await?.is_empty(),
    })
}

/// Sends an order to a flag that this caller may see.
async fn send(
    app: &App,
    session: &Session,
    id: Uuid,
    name: &'static str,
    bytes: &[u8],
    order: NoRehireFlagCommand,
) -> Result<Answer, Problem> {
    let dispatcher = app.dispatcher();
    let flag = dispatcher.load::<NoRehireFlag>(&session.employer, id).await?;
    // Whom a flag is about never changes.
    let person = flag.state.subject().ok_or_else(Problem::not_found)?;
    if !may_see(app, session, person.0).await? {
        return Err(Problem::not_found());
    }
    let envelope = session.envelope(name, 200, bytes);
    Ok(Answer::done(&dispatcher.send::<NoRehireFlag>(&envelope, id, order).await?))
}

fn restricted(words: Words) -> Personal<String> {
    Personal::new(RecordClass::Restricted, words.0)
}

/// What a flag rests on. All but the note is required; union activity, leave, whistleblowing and complaints are no reasons.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RaiseFlag {
    /// The human being, as departures and employments name them.
    #[schema(value_type = Uuid)]
    person_id: String,
    #[schema(schema_with = one_of::<FlagReason>)]
    reason: String,
    /// The clause relied on.
    #[schema(examples("就業規則第62条"))]
    clause: Line,
    /// Where the evidence lies in the employer's own records.
    evidence_ref: Line,
    /// How the person can appeal.
    appeal_route: Line,
    /// The day on which the flag lapses, at most three years ahead.
    expires_on: Day,
    /// In words.
    note: Option<Words>,
}

/// Raise a no-rehire flag.
///
/// Without effect until a second person upholds it; it falls away when nobody has reviewed it after 30 days.
#[utoipa::path(post, path = "/v1/no-rehire-flags", tag = "no-rehire-flags", request_body = RaiseFlag,
    responses((status = 201, description = "Raised", body = CommandReply)))]
async fn raise(State(app): State<App>, session: Session, body: Body<RaiseFlag>) -> Result<Answer, Problem> {
    let Body { value: asked, bytes } = body;
    let person = id_at("/person_id", &asked.person_id)?;
    let reason = named("/reason", &asked.reason)?;
    if visible_persons(&app, &session, &BTreeSet::from([person])).await?.is_empty() {
        return Err(Problem::field(
            "/person_id",
            "person_not_found",
            "There is no departure or employment of such a person.",
            "該当する方の退職または在籍の記録がありません。",
        ));
    }
    let grounds = Grounds {
        reason,
        clause: asked.clause.0,
        evidence_ref: asked.evidence_ref.0,
        appeal_route: asked.appeal_route.0,
        expires_on: asked.expires_on.0,
        note: asked.note.map(restricted),
    };
    let order = NoRehireFlagCommand::Raise { person_id: PersonId(person), grounds: Box::new(grounds) };
    let envelope = session.envelope("no-rehire-flags.raise", 201, &bytes);
    let gather = || async { Ok(Gathered { subject_known: true, ..Gathered::order(order.clone()) }) };
    let reply = app.dispatcher().create_with::<NoRehireFlag, _, _>(&envelope, Uuid::now_v7(), gather).await?;
    Ok(Answer::created("no-rehire-flags", &reply))
}

/// A decision on what waits: the flag, an appeal, or a renewal.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReviewFlag {
    /// `uphold`: the flag stands, the appeal is dismissed, the renewal is confirmed; `reject`: the opposite.
    #[schema(schema_with = one_of::<ReviewDecision>)]
    decision: String,
    /// The clause relied on, where it is not the one already cited.
    clause: Option<Line>,
    /// In words.
    note: Option<Words>,
}

/// Decide on what waits about a flag.
///
/// Never whoever raised or renewed it; an appeal is decided by somebody who was not involved before.
#[utoipa::path(post, path = "/v1/no-rehire-flags/{id}/review", tag = "no-rehire-flags", params(("id" = Uuid, Path)),
    request_body = ReviewFlag, responses((status = 200, description = "Decided", body = CommandReply)))]
async fn review(State(app): State<App>, session: Session, id: Id, body: Body<ReviewFlag>) -> Result<Answer, Problem> {
    let order = NoRehireFlagCommand::Review {
        decision: named("/decision", &body.value.decision)?,
        clause: body.value.clause.map(|line| line.0),
        note: body.value.note.map(restricted),
    };
    send(&app, &session, id.0, "no-rehire-flags.review", &body.bytes, order).await
}

/// Another term on fresh evidence.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RenewFlag {
    /// Other evidence than that of the present term.
    evidence_ref: Line,
    /// The day on which the new term would lapse, at most three years ahead.
    expires_on: Day,
    clause: Line,
}

/// Propose another term, within 60 days before the flag expires. A second person confirms it by `review`.
#[utoipa::path(post, path = "/v1/no-rehire-flags/{id}/renew", tag = "no-rehire-flags", params(("id" = Uuid, Path)),
    request_body = RenewFlag, responses((status = 200, description = "Proposed", body = CommandReply)))]
async fn renew(State(app): State<App>, session: Session, id: Id, body: Body<RenewFlag>) -> Result<Answer, Problem> {
    let order = NoRehireFlagCommand::Renew {
        evidence_ref: body.value.evidence_ref.0,
        expires_on: body.value.expires_on.0,
        clause: body.value.clause.0,
    };
    send(&app, &session, id.0, "no-rehire-flags.renew", &body.bytes, order).await
}

/// Why the flag is taken away.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LiftFlag {
    #[schema(schema_with = one_of::<LiftReason>)]
    reason_code: String,
    /// In words.
    note: Option<Words>,
}

/// Take a flag away before its end.
#[utoipa::path(post, path = "/v1/no-rehire-flags/{id}/lift", tag = "no-rehire-flags", params(("id" = Uuid, Path)),
    request_body = LiftFlag, responses((status = 200, description = "Lifted", body = CommandReply)))]
async fn lift(State(app): State<App>, session: Session, id: Id, body: Body<LiftFlag>) -> Result<Answer, Problem> {
    let order = NoRehireFlagCommand::Lift {
        reason_code: named("/reason_code", &body.value.reason_code)?,
        note: body.value.note.map(restricted),
    };
    send(&app, &session, id.0, "no-rehire-flags.lift", &body.bytes, order).await
}

/// An appeal, by the person or recorded for them.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AppealFlag {
    /// Why, in the person's words.
    grounds: Option<Words>,
    /// How the appeal came in, from somebody who records it for the person; not from the person.
    recorded_for: Option<RecordedFor>,
}

/// Appeal against a flag, once a term.
///
/// Compliance records an appeal that comes by letter, with `recorded_for`, and then may not decide it.
#[utoipa::path(post, path = "/v1/no-rehire-flags/{id}/appeal", tag = "no-rehire-flags", params(("id" = Uuid, Path)),
    request_body = AppealFlag, responses((status = 200, description = "Under appeal", body = CommandReply)))]
async fn appeal(State(app): State<App>, session: Session, id: Id, body: Body<AppealFlag>) -> Result<Answer, Problem> {
    let grounds = recorded_grounds(session.reach, body.value.grounds, body.value.recorded_for)?;
    let order = NoRehireFlagCommand::Appeal { grounds: grounds.map(restricted) };
    send(&app, &session, id.0, "no-rehire-flags.appeal", &body.bytes, order).await
}

/// The grounds as they are recorded: with how they came in, where it was not the person who sent them.
fn recorded_grounds(
    reach: Reach,
    grounds: Option<Words>,
    recorded_for: Option<RecordedFor>,
) -> Result<Option<Words>, Problem> {
    match (reach, recorded_for) {
        (Reach::Own, None) => Ok(grounds),
        (Reach::Own, Some(_)) => Err(Problem::field(
            "/recorded_for",
            "not_for_oneself",
            "This field is for whoever records the appeal of somebody else.",
            "この項目は、他の方の異議申立てを代わりに記録する場合にのみ指定できます。",
        )),
        (Reach::All | Reach::Assigned, None) => Err(Problem::field(
            "/recorded_for",
            "required",
            "Whoever records somebody else's appeal says how it came in.",
            "他の方の異議申立てを記録する場合は、受け付けの経緯を指定してください。",
        )),
        (Reach::All | Reach::Assigned, Some(RecordedFor { reason })) => {
            let reason = format!("(recorded_for: {})", reason.0);
            Ok(Some(Words(grounds.map(|words| format!("{}\n\n{reason}", words.0)).unwrap_or(reason))))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::recorded_grounds;
    use crate::http::request::{Reach, RecordedFor, Words};

    fn letter() -> RecordedFor {
        RecordedFor { reason: Words("letter of 20 November".into()) }
    }

    #[test]
    fn whoever_records_for_another_says_how_it_came_in() {
        let grounds = recorded_grounds(Reach::All, Some(Words("not me".into())), Some(letter())).unwrap();
        assert_eq!(grounds, Some(Words("not me\n\n(recorded_for: letter of 20 November)".into())));
        assert_eq!(recorded_grounds(Reach::All, None, None).unwrap_err().errors[0].code, "required");
    }

    #[test]
    fn the_person_speaks_for_themselves() {
        assert_eq!(recorded_grounds(Reach::Own, None, None).unwrap(), None);
        assert_eq!(recorded_grounds(Reach::Own, None, Some(letter())).unwrap_err().errors[0].code, "not_for_oneself");
    }
}
