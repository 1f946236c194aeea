//! `/v1/departures`: who left, what that means for a return, and the invitation to stay in touch.

use aggregates::departure::{
    CONTACT_REFUSED, Channel, Departure, DepartureChanges, DepartureCommand, DepartureError, OutreachBasis, Source,
};
use aggregates::eligibility::SeparationReason;
use aggregates::personal::{Personal, RecordClass};
use aggregates::values::{EmploymentType, Verdict};
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

mod batch;
pub(super) mod invitations;
pub(super) mod reading;

use super::App;
use super::fields::named;
use super::problem::Problem;
use super::reply::{Answer, CommandReply};
use super::request::{
    Body, Day, Email, Id, Line, MoneyField, NothingMore, Phone, Reach, Session, Words, one_of, one_of_or_null,
};
use super::scope::within;
use crate::dispatch::{DispatchError, Dispatcher, Envelope, Gathered, Reply};
use crate::gather::{AsOf, SameHuman};
use crate::intake::{NewDeparture, record_departure};
use crate::invitation;
use crate::ledger::Token;
use crate::search::{INVITATION_CODE, Known, departure_tokens};

/// The routes.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(record))
        .routes(routes!(correct))
        .routes(routes!(rescind))
        .routes(routes!(record_exit_interview))
        .routes(routes!(assess_eligibility))
        .routes(routes!(confirm_eligibility))
        .routes(routes!(invite))
        .routes(routes!(refuse_contact))
        .merge(batch::router())
        .merge(reading::router())
}

/// The person as the employer's records name them at departure.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PersonField {
    name: Line,
    name_kana: Option<Line>,
    email: Option<Email>,
    phone: Option<Phone>,
    birth_date: Option<Day>,
}

/// The period of employment that ends.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EmploymentField {
    hired_on: Day,
    left_on: Day,
    department: Option<Line>,
    job_family: Option<Line>,
    job_title: Option<Line>,
    grade: Option<Line>,
    location: Option<Line>,
    #[schema(schema_with = one_of::<EmploymentType>)]
    employment_type: String,
    /// Annual, full-time equivalent.
    base_salary: Option<MoneyField>,
}

/// A departure to be recorded.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordDeparture {
    /// The number of the period that ends.
    employee_number: Line,
    /// The number of an earlier period of the same person in the same entity.
    previous_employee_number: Option<Line>,
    /// The entity that employed the person; the employer's first when not given.
    legal_entity: Option<Line>,
    person: PersonField,
    employment: EmploymentField,
    /// Why they left. It only proposes a verdict.
    #[schema(schema_with = one_of::<SeparationReason>)]
    reason: String,
    wishes_to_return: Option<bool>,
}

/// Record a departure.
///
/// `scheduled` while the last day lies ahead, `effective` on the local day after it.
#[utoipa::path(post, path = "/v1/departures", tag = "departures", request_body = RecordDeparture,
    responses((status = 201, description = "Recorded", body = CommandReply)))]
async fn record(State(app): State<App>, session: Session, body: Body<RecordDeparture>) -> Result<Answer, Problem> {
    let Body { value: asked, bytes } = body;
    let legal_entity = asked.legal_entity.map_or_else(|| session.employer.default_legal_entity.clone(), |line| line.0);
    if !session.covers(&legal_entity) {
        return Err(Problem::forbidden(format!("legal entity {legal_entity}")).reason("legal_entity"));
    }
    let employment_type = named("/employment/employment_type", &asked.employment.employment_type)?;
    let reason = named("/reason", &asked.reason)?;
    let departure = NewDeparture {
        legal_entity,
        employee_number: asked.employee_number.0,
        previous_employee_number: asked.previous_employee_number.map(|line| line.0),
        name: asked.person.name.0,
        name_kana: asked.person.name_kana.map(|line| line.0),
        email: asked.person.email.map(|email| email.0),
        phone: asked.person.phone.map(|phone| phone.0),
        birth_date: asked.person.birth_date.map(|day| day.0),
        hired_on: asked.employment.hired_on.0,
        left_on: asked.employment.left_on.0,
        department: asked.employment.department.map(|line| line.0),
        job_family: asked.employment.job_family.map(|line| line.0),
        job_title: asked.employment.job_title.map(|line| line.0),
        grade: asked.employment.grade.map(|line| line.0),
        location: asked.employment.location.map(|line| line.0),
        employment_type,
        base_salary: asked.employment.base_salary.map(Into::into),
        reason,
        wishes_to_return: asked.wishes_to_return,
        source: Source::Api,
    };
    let envelope = session.envelope("departures.record", 201, &bytes);
    Ok(Answer::created("departures", &record_departure(app.dispatcher(), &envelope, &departure, None).await?))
}

/// An order to a departure that this caller may see.
fn order(session: &Session, order: DepartureCommand) -> Gathered<Departure> {
    Gathered::order(order).permit(within(session, |departure: &Departure| {
        departure.standing().map(|standing| standing.legal_entity.as_str())
    }))
}

async fn send(
    app: &App,
    session: &Session,
    id: Uuid,
    envelope: &Envelope,
    command: DepartureCommand,
) -> Result<Reply, Problem> {
    Ok(app.dispatcher().send_with(envelope, id, || async { Ok(order(session, command.clone())) }).await?)
}

/// Facts that were recorded wrongly; what is not given stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CorrectDeparture {
    /// The version (sequence) of the record or correction that was wrong; the latest one when not given.
    #[schema(minimum = 1)]
    corrects: Option<u64>,
    /// Why, in words.
    why: Words,
    employee_number: Option<Line>,
    name: Option<Line>,
    name_kana: Option<Line>,
    email: Option<Email>,
    phone: Option<Phone>,
    birth_date: Option<Day>,
    hired_on: Option<Day>,
    left_on: Option<Day>,
    department: Option<Line>,
    job_family: Option<Line>,
    job_title: Option<Line>,
    grade: Option<Line>,
    location: Option<Line>,
    #[schema(schema_with = one_of_or_null::<EmploymentType>)]
    employment_type: Option<String>,
    base_salary: Option<MoneyField>,
    #[schema(schema_with = one_of_or_null::<SeparationReason>)]
    reason: Option<String>,
    wishes_to_return: Option<bool>,
}

/// Correct a departure.
///
/// The correction names what it corrects; the earlier facts stay readable in the history.
#[utoipa::path(post, path = "/v1/departures/{id}/correct", tag = "departures", params(("id" = Uuid, Path)),
    request_body = CorrectDeparture, responses((status = 200, description = "Corrected", body = CommandReply)))]
async fn correct(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<CorrectDeparture>,
) -> Result<Answer, Problem> {
    let Body { value: asked, bytes } = body;
    let statutory = |value: Option<String>| value.map(|value| Personal::new(RecordClass::Statutory, value));
    let reason: Option<SeparationReason> = asked.reason.as_deref().map(|name| named("/reason", name)).transpose()?;
    let employment_type =
        asked.employment_type.as_deref().map(|name| named::<EmploymentType>("/employment_type", name)).transpose()?;
    let (name, name_kana) = (asked.name.map(|line| line.0), asked.name_kana.map(|line| line.0));
    let (email, birth_date) = (asked.email.map(|email| email.0), asked.birth_date.map(|day| day.0));
    let changes = Box::new(DepartureChanges {
        employee_number: asked.employee_number.map(|line| line.0),
        name: statutory(name.clone()),
        name_kana: statutory(name_kana.clone()),
        email: statutory(email.clone()),
        phone: statutory(asked.phone.map(|phone| phone.0)),
        birth_date: birth_date.map(|day| Personal::new(RecordClass::Statutory, day)),
        hired_on: asked.hired_on.map(|day| day.0),
        left_on: asked.left_on.map(|day| day.0),
        department: asked.department.map(|line| line.0),
        job_family: asked.job_family.map(|line| line.0),
        job_title: asked.job_title.map(|line| line.0),
        grade: asked.grade.map(|line| line.0),
        location: asked.location.map(|line| line.0),
        employment_type,
        base_salary: asked.base_salary.map(Into::into),
        reason: reason.map(|reason| Personal::new(RecordClass::Restricted, reason)),
        wishes_to_return: asked.wishes_to_return,
    });
    let why = Personal::new(RecordClass::Restricted, asked.why.0);
    let envelope = session.envelope("departures.correct", 200, &bytes);
    let dispatcher = app.dispatcher();
    let reply = dispatcher
        .send_with(&envelope, id.0, || async {
            let command = DepartureCommand::Correct {
                corrects: asked.corrects,
                changes: changes.clone(),
                reason,
                why: why.clone(),
            };
            let mut gathered = order(&session, command);
            let departure = dispatcher.load::<Departure>(&session.employer, id.0).await?;
            if let Some(person) = departure.state.standing().map(|s| s.person_id.0) {
                let about = Known {
                    name: name.as_deref(),
                    name_kana: name_kana.as_deref(),
                    email: email.as_deref(),
                    birth_date,
                };
                gathered.tokens = departure_tokens(&session.employer.keys, id.0, person, about);
            }
            Ok(gathered)
        })
        .await?;
    Ok(Answer::done(&reply))
}

/// Why the departure does not happen.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RescindDeparture {
    /// Why, in words.
    why: Words,
}

/// Rescind a departure that has not taken effect: the person stays.
#[utoipa::path(post, path = "/v1/departures/{id}/rescind", tag = "departures", params(("id" = Uuid, Path)),
    request_body = RescindDeparture, responses((status = 200, description = "Rescinded", body = CommandReply)))]
async fn rescind(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<RescindDeparture>,
) -> Result<Answer, Problem> {
    let envelope = session.envelope("departures.rescind", 200, &body.bytes);
    let why = Personal::new(RecordClass::Restricted, body.value.why.0);
    Ok(Answer::done(&send(&app, &session, id.0, &envelope, DepartureCommand::Rescind { why }).await?))
}

/// What the exit interview brought.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ExitInterview {
    held_on: Day,
    wishes_to_return: Option<bool>,
    notes: Option<Words>,
}

/// Record the exit interview (退職面談).
#[utoipa::path(post, path = "/v1/departures/{id}/record-exit-interview", tag = "departures", params(("id" = Uuid, Path)),
    request_body = ExitInterview, responses((status = 200, description = "Recorded", body = CommandReply)))]
async fn record_exit_interview(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<ExitInterview>,
) -> Result<Answer, Problem> {
    let envelope = session.envelope("departures.record-exit-interview", 200, &body.bytes);
    let command = DepartureCommand::RecordExitInterview {
        held_on: body.value.held_on.0,
        wishes_to_return: body.value.wishes_to_return,
        notes: body.value.notes.map(|words| Personal::new(RecordClass::Restricted, words.0)),
    };
    Ok(Answer::done(&send(&app, &session, id.0, &envelope, command).await?))
}

/// An assessment of a later return.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AssessEligibility {
    #[schema(schema_with = one_of::<Verdict>)]
    verdict: String,
    /// The coded ground; required for `not_eligible`.
    reason_code: Option<Line>,
    /// The clause relied on; required for `not_eligible`.
    clause: Option<Line>,
    note: Option<Words>,
}

/// Assess whether the leaver may be rehired.
///
/// `not_eligible` counts as `needs_review` until a second person has confirmed it (PRV-13).
#[utoipa::path(post, path = "/v1/departures/{id}/assess-eligibility", tag = "departures", params(("id" = Uuid, Path)),
    request_body = AssessEligibility, responses((status = 200, description = "Assessed", body = CommandReply)))]
async fn assess_eligibility(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<AssessEligibility>,
) -> Result<Answer, Problem> {
    let envelope = session.envelope("departures.assess-eligibility", 200, &body.bytes);
    let command = DepartureCommand::AssessEligibility {
        verdict: named("/verdict", &body.value.verdict)?,
        reason_code: body.value.reason_code.map(|line| line.0),
        clause: body.value.clause.map(|line| line.0),
        note: body.value.note.map(|words| Personal::new(RecordClass::Restricted, words.0)),
    };
    Ok(Answer::done(&send(&app, &session, id.0, &envelope, command).await?))
}

/// A second person's answer to an assessment of "not eligible".
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ConfirmEligibility {
    /// `confirm`, which needs the four fields below it, or `return`.
    #[serde(default)]
    decision: ConfirmDecision,
    clause: Option<Line>,
    evidence_ref: Option<Line>,
    expires_on: Option<Day>,
    /// How the person can appeal.
    appeal_route: Option<Line>,
    note: Option<Words>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ConfirmDecision {
    #[default]
    Confirm,
    Return,
}

/// Confirm that the leaver may not be rehired, or send the assessment back.
#[utoipa::path(post, path = "/v1/departures/{id}/confirm-eligibility", tag = "departures", params(("id" = Uuid, Path)),
    request_body = ConfirmEligibility, responses((status = 200, description = "Confirmed or sent back", body = CommandReply)))]
async fn confirm_eligibility(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<ConfirmEligibility>,
) -> Result<Answer, Problem> {
    let envelope = session.envelope("departures.confirm-eligibility", 200, &body.bytes);
    let asked = body.value;
    let missing = |pointer: &str| {
        Problem::field(pointer, "required", "This field is required to confirm.", "確認には、この項目が必須です。")
    };
    let command = match asked.decision {
        ConfirmDecision::Return => DepartureCommand::ReturnAssessment {
            note: asked.note.map(|words| Personal::new(RecordClass::Restricted, words.0)),
        },
        ConfirmDecision::Confirm => DepartureCommand::ConfirmEligibility {
            clause: asked.clause.ok_or_else(|| missing("/clause"))?.0,
            evidence_ref: asked.evidence_ref.ok_or_else(|| missing("/evidence_ref"))?.0,
            expires_on: asked.expires_on.ok_or_else(|| missing("/expires_on"))?.0,
            appeal_route: asked.appeal_route.ok_or_else(|| missing("/appeal_route"))?.0,
        },
    };
    Ok(Answer::done(&send(&app, &session, id.0, &envelope, command).await?))
}

/// How and why the person is invited.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Invite {
    /// Why this contact is lawful (PRV-01); `notice_with_invitation` when not given.
    #[schema(schema_with = one_of_or_null::<OutreachBasis>)]
    basis: Option<String>,
    notice_version: Option<Line>,
    /// `email` when not given.
    #[schema(schema_with = one_of_or_null::<Channel>)]
    channel: Option<String>,
}

/// The answer to `invite`: the secrets are derived from the departure, stored nowhere, and valid for 30 days.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Invited {
    #[serde(flatten)]
    reply: CommandReply,
    /// For a link in a letter; single use.
    invitation_token: String,
    /// For people who type; single use.
    #[schema(examples("7K3M-Q9RD-2VXT"))]
    short_code: String,
    /// The token as a QR code, for a letter or a screen: an SVG image.
    qr_svg: String,
}

/// Invite the person to register as an alumnus.
#[utoipa::path(post, path = "/v1/departures/{id}/invite", tag = "departures", params(("id" = Uuid, Path)),
    request_body = Invite, responses((status = 200, description = "Invited", body = Invited)))]
async fn invite(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<Invite>,
) -> Result<Answer<Invited>, Problem> {
    let envelope = session.envelope("departures.invite", 200, &body.bytes);
    let basis = body.value.basis.as_deref().map(|name| named("/basis", name)).transpose()?;
    let channel = body.value.channel.as_deref().map(|name| named("/channel", name)).transpose()?;
    let command = DepartureCommand::Invite {
        basis: basis.unwrap_or(OutreachBasis::NoticeWithInvitation),
        notice_version: body.value.notice_version.map(|line| line.0),
        channel: channel.unwrap_or(Channel::Email),
        refused: false,
    };
    let reply = send_invitation(app.dispatcher(), &session, &envelope, id.0, &command).await?;
    let keys = &session.employer.keys;
    let invitation_token = invitation::token(keys, id.0, reply.version);
    let qr_svg = invitation::qr_svg(&invitation_token);
    let short_code = invitation::short_code(keys, id.0, reply.version);
    let answer = Invited { reply: (&reply).into(), invitation_token, short_code, qr_svg };
    Ok(Answer::with(&reply, answer))
}

/// Invites unless this human being refused contact at whichever departure, and stores the short code's keyed token, by which
/// the code is found again.
async fn send_invitation(
    dispatcher: &Dispatcher,
    session: &Session,
    envelope: &Envelope,
    id: Uuid,
    command: &DepartureCommand,
) -> Result<Reply, Problem> {
    let employer = &*session.employer;
    let reply = dispatcher
        .send_with(envelope, id, || async {
            let departure = dispatcher.load::<Departure>(employer, id).await?;
            let mut gathered = order(session, command.clone());
            if let Some(person) = departure.state.standing().map(|s| s.person_id) {
                // The event will be the stream's next one, or the append is lost and gathered anew.
                let code = invitation::short_code(&employer.keys, id, departure.version + 1);
                let token = employer.keys.token(INVITATION_CODE, &invitation::folded_code(&code));
                gathered.tokens.push(Token { scope: INVITATION_CODE, token, owner: id, subject: person.0 });
                gathered.guards.push((Dispatcher::stream::<Departure>(employer, id), departure.version));
                let Some(human) = SameHuman::of(dispatcher, employer, [person], AsOf::Now).await? else {
                    return Err(DispatchError::Overloaded);
                };
                if let DepartureCommand::Invite { refused, .. } = &mut gathered.order {
                    *refused = human.refused_contact(dispatcher, employer).await?;
                }
                gathered.guards.extend(human.guards(employer));
            }
            Ok(gathered)
        })
        .await;
    match reply {
        // Refused at another departure between the look and the append.
        Err(DispatchError::Claimed { scope }) if scope == CONTACT_REFUSED => {
            Err(DispatchError::Refused(DepartureError::ContactRefused).into())
        }
        reply => Ok(reply?),
    }
}

/// The person asked not to be contacted (連絡不要): bars outreach for ever.
///
/// It bars the human being: every other departure of theirs, also of records that are linked with this one, and every later
/// one shows the bar as well.
#[utoipa::path(post, path = "/v1/departures/{id}/refuse-contact", tag = "departures", params(("id" = Uuid, Path)),
    request_body = NothingMore, responses((status = 200, description = "Recorded", body = CommandReply)))]
async fn refuse_contact(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<NothingMore>,
) -> Result<Answer, Problem> {
    let envelope = session.envelope("departures.refuse-contact", 200, &body.bytes);
    if session.reach == Reach::Own {
        super::own::must_be_own_departure(&app, &session, id.0).await?;
    }
    Ok(Answer::done(&send(&app, &session, id.0, &envelope, DepartureCommand::RefuseContact).await?))
}
