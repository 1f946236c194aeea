//! What came of a referral of somebody who was selected in the employer's own system.

use aggregates::ids::PersonId;
use aggregates::keys::number_key;
use aggregates::referral::{HiredVia, OutcomeReason, Referral, ReferralCommand, ReferralError};
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{entity, entity_not_found, send};
use crate::dispatch::{DispatchError, Gathered};
use crate::gather::referrer::was_employed;
use crate::http::App;
use crate::http::fields::named;
use crate::http::problem::Problem;
use crate::http::reply::{Answer, CommandReply};
use crate::http::request::{Body, Day, Id, Line, Session, one_of};
use crate::http::scope::within;
use crate::ledger::micros;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(record_hire)).routes(routes!(record_outcome))
}

/// A hire.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordHire {
    #[schema(examples("E-20001"))]
    employee_number: Line,
    /// The entity that hired; the referral's when not given.
    legal_entity: Option<Line>,
    /// First day.
    started_on: Day,
}

/// Record that the candidate was hired.
///
/// For candidates selected in the employer's own system; a return through an application is noted by itself. A reward is
/// planned from here. The first day is not before the referral, and whoever the entity employed then was no candidate (REF-13).
#[utoipa::path(post, path = "/v1/referrals/{id}/record-hire", tag = "referrals", params(("id" = Uuid, Path)),
    request_body = RecordHire, responses((status = 200, description = "Hired", body = CommandReply)))]
async fn record_hire(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<RecordHire>,
) -> Result<Answer, Problem> {
    let (dispatcher, employer) = (app.dispatcher(), &*session.employer);
    let RecordHire { employee_number, legal_entity, started_on } = body.value;
    if legal_entity.as_ref().is_some_and(|entity| !session.covers(&entity.0)) {
        return Err(entity_not_found());
    }
    let envelope = session.envelope("referrals.record-hire", 200, &body.bytes);
    let gather = || async {
        let read = dispatcher.load::<Referral>(employer, id.0).await?;
        let standing = read.state.standing().ok_or(DispatchError::NotFound)?;
        let legal_entity = legal_entity.as_ref().map_or_else(|| standing.legal_entity.clone(), |line| line.0.clone());
        let keys = [number_key(&legal_entity, &employee_number.0)];
        let ledger = dispatcher.ledger();
        let bearer = ledger.claim_holders(&employer.name, "employee_number", &keys, micros(ledger.now())).await?;
        // Whoever is not in the records yet is known as the candidate.
        let bearer = bearer.into_iter().flatten().next().map(PersonId);
        if let Some(bearer) = bearer {
            let (referred_on, entity) = (standing.relation.on, &*legal_entity);
            if was_employed(dispatcher, employer, bearer, entity, (referred_on, started_on.0)).await? {
                return Err(DispatchError::Refused(ReferralError::EmployedAtReferral));
            }
        }
        let hired_person_id = bearer.unwrap_or(standing.candidate_person_id);
        let order = ReferralCommand::NoteHired {
            via: HiredVia::Record,
            hired_person_id,
            employee_number: employee_number.0.clone(),
            legal_entity,
            started_on: started_on.0,
        };
        Ok(Gathered::<Referral>::order(order).permit(within(&session, entity)))
    };
    let reply = dispatcher.send_with::<Referral, _, _>(&envelope, id.0, gather).await?;
    Ok(Answer::done(&reply))
}

/// How it ended.
#[derive(Debug, strum::EnumIter, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
enum ReferralOutcome {
    /// The candidate was not hired.
    NotHired,
}

/// That a referral came to nothing.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordOutcome {
    /// `not_hired`, also when not given; a hire is recorded by `record-hire`.
    #[schema(schema_with = crate::http::request::one_of_or_null::<ReferralOutcome>)]
    outcome: Option<String>,
    #[schema(schema_with = one_of::<OutcomeReason>)]
    reason_code: String,
}

/// Record that the candidate was not hired. The referrer is told that it is closed, and not why.
#[utoipa::path(post, path = "/v1/referrals/{id}/record-outcome", tag = "referrals", params(("id" = Uuid, Path)),
    request_body = RecordOutcome, responses((status = 200, description = "Recorded", body = CommandReply)))]
async fn record_outcome(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<RecordOutcome>,
) -> Result<Answer, Problem> {
    if let Some(outcome) = &body.value.outcome {
        named::<ReferralOutcome>("/outcome", outcome)?;
    }
    let order = ReferralCommand::NoteNotHired { reason_code: named("/reason_code", &body.value.reason_code)? };
    send(&app, &session, id.0, "referrals.record-outcome", &body.bytes, order).await
}
