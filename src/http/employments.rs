//! `/v1/employments`: who works here, in which place, from when to when.

use aggregates::employment::{
    EmployeeDetails, Employment, EmploymentChanges, EmploymentCommand, EmploymentKind, EndChange, EndedBecause,
    Placement, Source, Transfer,
};
use aggregates::ids::ActorId;
use aggregates::personal::{Personal, RecordClass};
use aggregates::values::EmploymentType;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;
use super::problem::Problem;
use super::reply::{Answer, CommandReply};
use super::request::{Body, Day, Email, Id, Line, MoneyField, Phone, Session, Words, one_of, one_of_or_null};
use crate::dispatch::{Envelope, Gathered, Reply};
use crate::intake::{NewEmployment, bearer, record_employment};

mod reads;

pub(super) use reads::mask;

/// The routes.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(record, reads::list))
        .routes(routes!(reads::one))
        .routes(routes!(correct))
        .routes(routes!(transfer))
        .routes(routes!(end))
}

/// An employee as the records name them, as far as they do.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EmployeeField {
    name: Option<Line>,
    /// The name's reading in katakana (フリガナ).
    name_kana: Option<Line>,
    email: Option<Email>,
    phone: Option<Phone>,
    birth_date: Option<Day>,
}

impl EmployeeField {
    fn sealed(self) -> Option<EmployeeDetails> {
        let statutory = |value: Option<String>| value.map(|value| Personal::new(RecordClass::Statutory, value));
        let details = EmployeeDetails {
            name: statutory(self.name.map(|line| line.0)),
            name_kana: statutory(self.name_kana.map(|line| line.0)),
            email: statutory(self.email.map(|email| email.0)),
            phone: statutory(self.phone.map(|phone| phone.0)),
            birth_date: self.birth_date.map(|day| Personal::new(RecordClass::Statutory, day.0)),
        };
        (details != EmployeeDetails::default()).then_some(details)
    }
}

/// Agreed hours a week, checked.
fn weekly(hours: Option<u8>) -> Result<Option<u8>, Problem> {
    match hours {
        Some(0 | 61..) => Err(Problem::field(
            "/weekly_hours",
            "out_of_range",
            "1 to 60 hours a week are expected.",
            "週の所定労働時間は、1〜60時間で入力してください。",
        )),
        Some(1..=60) | None => Ok(hours),
    }
}

/// The number that somebody bears with their own employer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct HomeField {
    legal_entity: Line,
    employee_number: Line,
}

/// A period of employment to be recorded.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordEmployment {
    employee_number: Line,
    /// The number of an earlier period of the same person in the same entity.
    previous_employee_number: Option<Line>,
    /// The entity that employs the person; the employer's first when not given.
    legal_entity: Option<Line>,
    /// The login that is theirs: `sub` in the tokens that they come with.
    subject: Option<Line>,
    person: Option<EmployeeField>,
    /// `primary` when not given. A secondment (在籍出向) is a second span beside the one at home.
    #[schema(schema_with = one_of_or_null::<EmploymentKind>)]
    kind: Option<EmploymentKind>,
    /// For a secondment: the person's number at their own employer, by which both spans are one person's.
    home: Option<HomeField>,
    /// A contractor (業務委託) is not employed and is refused.
    #[schema(schema_with = one_of::<EmploymentType>)]
    employment_type: EmploymentType,
    /// First day.
    from: Day,
    /// Last day, where one is agreed or has passed.
    to: Option<Day>,
    department: Option<Line>,
    job_family: Option<Line>,
    job_title: Option<Line>,
    grade: Option<Line>,
    location: Option<Line>,
    /// The number of the one they report to.
    manager_employee_number: Option<Line>,
    /// 40 where nothing is said.
    #[schema(minimum = 1, maximum = 60, examples(40))]
    weekly_hours: Option<u8>,
    /// Annual, full-time equivalent at 40 hours.
    base_salary: Option<MoneyField>,
}

/// Moves the fields of a placement out of a request.
macro_rules! placement {
    ($asked:ident) => {
        Placement {
            department: $asked.department.map(|line| line.0),
            job_family: $asked.job_family.map(|line| line.0),
            job_title: $asked.job_title.map(|line| line.0),
            grade: $asked.grade.map(|line| line.0),
            location: $asked.location.map(|line| line.0),
            manager_employee_number: $asked.manager_employee_number.map(|line| line.0),
            weekly_hours: weekly($asked.weekly_hours)?,
            base_salary: $asked.base_salary.map(Into::into),
        }
    };
}

async fn account(app: &App, session: &Session, subject: Option<Line>) -> Result<Option<ActorId>, Problem> {
    match subject {
        None => Ok(None),
        Some(subject) => Ok(Some(app.account(&session.employer, &subject.0).await?)),
    }
}

fn must_cover(session: &Session, legal_entity: &str) -> Result<(), Problem> {
    if session.covers(legal_entity) {
        Ok(())
    } else {
        Err(Problem::forbidden(format!("legal entity {legal_entity}")).reason("legal_entity"))
    }
}

/// The home number of a secondment, if it is one that somebody bears.
async fn home(
    app: &App,
    session: &Session,
    envelope: &Envelope,
    kind: EmploymentKind,
    asked: Option<HomeField>,
) -> Result<Option<(String, String)>, Problem> {
    let Some(HomeField { legal_entity, employee_number }) = asked else { return Ok(None) };
    if kind != EmploymentKind::Secondment {
        let (english, japanese) =
            ("Only a secondment has a home employer.", "出向元は、出向の場合にのみ指定できます。");
        return Err(Problem::field("/home", "not_a_secondment", english, japanese));
    }
    must_cover(session, &legal_entity.0)?;
    let ledger = app.dispatcher().ledger();
    let answered = match &envelope.receipt {
        // A repeat gets the first reply, whatever has become of the number since.
        Some(receipt) => ledger.receipt(&envelope.employer.name, &receipt.key).await?.is_some(),
        None => false,
    };
    match bearer(app.dispatcher(), envelope, &legal_entity.0, &[&employee_number.0]).await? {
        None if !answered => Err(Problem::field(
            "/home/employee_number",
            "unknown_employee_number",
            "Nobody is recorded under this number at the home employer.",
            "出向元に、この社員番号の記録がありません。",
        )),
        None | Some(_) => Ok(Some((legal_entity.0, employee_number.0))),
    }
}

/// Record a period of employment.
///
/// `current` from its record on, also where the first day lies ahead; `ended` where the last day has passed. A last day that
/// is agreed ends it by itself, and so does a departure that takes effect.
#[utoipa::path(post, path = "/v1/employments", tag = "employments", request_body = RecordEmployment,
    responses((status = 201, description = "Recorded", body = CommandReply)))]
async fn record(State(app): State<App>, session: Session, body: Body<RecordEmployment>) -> Result<Answer, Problem> {
    let Body { value: asked, bytes } = body;
    let legal_entity = asked.legal_entity.map_or_else(|| session.employer.default_legal_entity.clone(), |line| line.0);
    must_cover(&session, &legal_entity)?;
    let envelope = session.envelope("employments.record", 201, &bytes);
    let kind = asked.kind.unwrap_or(EmploymentKind::Primary);
    let home = home(&app, &session, &envelope, kind, asked.home).await?;
    let person = asked.person.unwrap_or_default();
    let employment = NewEmployment {
        legal_entity,
        employee_number: asked.employee_number.0,
        previous_employee_number: asked.previous_employee_number.map(|line| line.0),
        home,
        account: account(&app, &session, asked.subject).await?,
        name: person.name.map(|line| line.0),
        name_kana: person.name_kana.map(|line| line.0),
        email: person.email.map(|email| email.0),
        phone: person.phone.map(|phone| phone.0),
        birth_date: person.birth_date.map(|day| day.0),
        kind,
        employment_type: asked.employment_type,
        from: asked.from.0,
        to: asked.to.map(|day| day.0),
        placement: placement!(asked),
        source: Source::Api,
    };
    Ok(Answer::created("employments", &record_employment(app.dispatcher(), &envelope, &employment, None).await?))
}

/// Sends an order to a period of employment that this caller may see.
async fn send(
    app: &App,
    session: &Session,
    id: Id,
    envelope: &Envelope,
    command: EmploymentCommand,
) -> Result<Reply, Problem> {
    let gather = || async {
        let entities = session.legal_entities().cloned();
        Ok(Gathered::order(command.clone()).permit(move |employment: &Employment| {
            entities.as_ref().is_none_or(|e| employment.standing().is_none_or(|s| e.contains(&s.legal_entity)))
        }))
    };
    Ok(app.dispatcher().send_with(envelope, id.0, gather).await?)
}

/// Facts that were recorded wrongly; what is not given stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CorrectEmployment {
    /// The version (sequence) of the record, transfer or correction that was wrong; the record as it now stands when not given.
    #[schema(minimum = 1)]
    corrects: Option<u64>,
    /// Why, in words.
    why: Words,
    employee_number: Option<Line>,
    previous_employee_number: Option<Line>,
    /// The login that is theirs.
    subject: Option<Line>,
    person: Option<EmployeeField>,
    #[schema(schema_with = one_of_or_null::<EmploymentKind>)]
    kind: Option<EmploymentKind>,
    #[schema(schema_with = one_of_or_null::<EmploymentType>)]
    employment_type: Option<EmploymentType>,
    /// First day.
    from: Option<Day>,
    /// Last day.
    to: Option<Day>,
    /// That there is no last day: the end was recorded or agreed by mistake.
    #[serde(default)]
    withdraw_end: bool,
    /// Where a transfer is corrected: the first day in the new place.
    on: Option<Day>,
    department: Option<Line>,
    job_family: Option<Line>,
    job_title: Option<Line>,
    grade: Option<Line>,
    location: Option<Line>,
    manager_employee_number: Option<Line>,
    #[schema(minimum = 1, maximum = 60, examples(40))]
    weekly_hours: Option<u8>,
    base_salary: Option<MoneyField>,
}

/// Correct a period of employment.
///
/// The correction names what it corrects; the earlier facts stay readable in the history. A last day that follows a departure
/// is corrected there.
#[utoipa::path(post, path = "/v1/employments/{id}/correct", tag = "employments", params(("id" = Uuid, Path)),
    request_body = CorrectEmployment, responses((status = 200, description = "Corrected", body = CommandReply)))]
async fn correct(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<CorrectEmployment>,
) -> Result<Answer, Problem> {
    let envelope = session.envelope("employments.correct", 200, &body.bytes);
    let asked = body.value;
    let end = match (asked.to, asked.withdraw_end) {
        (Some(_), true) => {
            let english = "A last day is either moved or withdrawn.";
            return Err(Problem::field(
                "/withdraw_end",
                "contradiction",
                english,
                "最終日の変更と取消は、同時に指定できません。",
            ));
        }
        (Some(day), false) => Some(EndChange::Moved { on: day.0 }),
        (None, true) => Some(EndChange::Withdrawn),
        (None, false) => None,
    };
    let changes = Box::new(EmploymentChanges {
        employee_number: asked.employee_number.map(|line| line.0),
        previous_employee_number: asked.previous_employee_number.map(|line| line.0),
        account: account(&app, &session, asked.subject).await?,
        person: asked.person.and_then(EmployeeField::sealed),
        kind: asked.kind,
        employment_type: asked.employment_type,
        from: asked.from.map(|day| day.0),
        end,
        transferred_on: asked.on.map(|day| day.0),
        placement: placement!(asked),
    });
    let why = Personal::new(RecordClass::Restricted, asked.why.0);
    let command = EmploymentCommand::Correct { corrects: asked.corrects, changes, why };
    Ok(Answer::done(&send(&app, &session, id, &envelope, command).await?))
}

/// Another place within the entity (異動); what is not given stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TransferEmployment {
    /// The first day in the new place.
    on: Day,
    department: Option<Line>,
    job_family: Option<Line>,
    job_title: Option<Line>,
    grade: Option<Line>,
    location: Option<Line>,
    manager_employee_number: Option<Line>,
    #[schema(minimum = 1, maximum = 60, examples(40))]
    weekly_hours: Option<u8>,
    base_salary: Option<MoneyField>,
}

/// Record a transfer within the entity (異動).
#[utoipa::path(post, path = "/v1/employments/{id}/transfer", tag = "employments", params(("id" = Uuid, Path)),
    request_body = TransferEmployment, responses((status = 200, description = "Recorded", body = CommandReply)))]
async fn transfer(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<TransferEmployment>,
) -> Result<Answer, Problem> {
    let envelope = session.envelope("employments.transfer", 200, &body.bytes);
    let asked = body.value;
    let transfer = Box::new(Transfer { on: asked.on.0, placement: placement!(asked) });
    Ok(Answer::done(&send(&app, &session, id, &envelope, EmploymentCommand::Transfer { transfer }).await?))
}

/// Why a period of employment ended. One that ends by a departure is ended by that departure.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum EndReason {
    /// The last day that was agreed has passed.
    #[default]
    TermEnded,
    /// They went to another entity (転籍, or the end of a secondment).
    TransferOut,
    /// The period should never have been open.
    Correction,
}

/// The end of a period of employment.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EndEmployment {
    /// The last day, which has passed.
    to: Day,
    /// `term_ended` when not given.
    #[serde(default)]
    because: EndReason,
}

/// Record that the last day has passed.
///
/// Somebody who leaves is recorded as a departure, which ends the employment by itself.
#[utoipa::path(post, path = "/v1/employments/{id}/end", tag = "employments", params(("id" = Uuid, Path)),
    request_body = EndEmployment, responses((status = 200, description = "Ended", body = CommandReply)))]
async fn end(State(app): State<App>, session: Session, id: Id, body: Body<EndEmployment>) -> Result<Answer, Problem> {
    let envelope = session.envelope("employments.end", 200, &body.bytes);
    let because = match body.value.because {
        EndReason::TermEnded => EndedBecause::TermEnded,
        EndReason::TransferOut => EndedBecause::TransferOut,
        EndReason::Correction => EndedBecause::Correction,
    };
    let command = EmploymentCommand::End { ended_on: body.value.to.0, because };
    Ok(Answer::done(&send(&app, &session, id, &envelope, command).await?))
}
