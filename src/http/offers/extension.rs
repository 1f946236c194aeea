//! An offer goes out: on one free seat, with its documents, to a person who may still come back; more time, and taking it
//! back.

use std::collections::BTreeSet;

use aggregates::offer::{Approval, Offer, OfferCommand, OfferError, Pack, Rescinder, RescissionReason};
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::fields::instant_at;
use super::{about_them, case_of, seen, send, send_about_case, still_measured};
use crate::dispatch::{DispatchError, Gathered};
use crate::gather::{accounts_of, labour, offer as gather};
use crate::http::App;
use crate::http::fields::named;
use crate::http::problem::Problem;
use crate::http::reply::{Answer, CommandReply};
use crate::http::request::{Body, Id, Line, Session, Words, one_of};
use crate::identity::Role;
use crate::offer_pack::{Contents, Document};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(extend)).routes(routes!(extend_expiry)).routes(routes!(rescind))
}

/// How often another seat is tried when somebody else was faster.
const SEATS_TRIED: u32 = 16;

/// What whoever lets the offer go out has seen.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ExtendOffer {
    /// The hash that GET returned; or `If-Match` with its version.
    terms_hash: Option<Line>,
}

/// Extend an approved offer to the candidate (オファー提示).
///
/// Reserves a seat of the requisition, looks once more at whether the person may come back and at what labour law bars
/// (LAB-04, LAB-10, LAB-12), and renders the offer pack: the notice of working conditions must be complete (LAB-09). Under a
/// published pay policy every question of labour law is answered first, and every warning acknowledged; what was approved by a
/// policy, bands or a hiring line that others have replaced is revised and approved anew, for which the same terms will do (PAY-21).
#[utoipa::path(post, path = "/v1/offers/{id}/extend", tag = "offers", params(("id" = Uuid, Path)),
    request_body = ExtendOffer, responses((status = 200, description = "With the candidate", body = CommandReply)))]
async fn extend(State(app): State<App>, session: Session, id: Id, body: Body<ExtendOffer>) -> Result<Answer, Problem> {
    let (session, _) = case_of(&app, &session, id.0).await?;
    let seen = seen(&session, body.value.terms_hash.as_ref())?;
    let envelope = session.answering("offers.extend", 200, &body.bytes);
    let dispatcher = app.dispatcher();
    let gather = || async {
        let loaded = dispatcher.load::<Offer>(&session.employer, id.0).await?;
        let standing = loaded.state.standing().ok_or(DispatchError::NotFound)?;
        let (application, starts_on) = (standing.application_id, standing.terms.starts_on);
        let case = gather::rechecked_case(dispatcher, &session.employer, application, starts_on)
            .await?
            .ok_or(DispatchError::NotFound)?;
        // Whoever approved it and has the credit by now gains from it (PAY-20): somebody else approves it anew.
        let (credited, same) = match case.referrer {
            Some(referrer) => accounts_of(dispatcher, &session.employer, referrer).await?,
            None => (BTreeSet::new(), vec![]),
        };
        let gains =
            |one: &Approval| credited.contains(&one.by) || one.delegated_by.is_some_and(|who| credited.contains(&who));
        if standing.approvals.iter().any(gains) {
            return Err(DispatchError::Refused(OfferError::ReferrerExcluded));
        }
        let measured = still_measured(&app, &session, standing).await?;
        let labour = labour::facts(dispatcher, &session.employer, &case).await?;
        let on = session.employer.local_date(dispatcher.ledger().now());
        let documents = Contents::of(standing, &standing.labour_by(&labour, on)).render();
        let order = OfferCommand::Extend {
            seen: seen.clone(),
            seat: gather::free_seat(dispatcher, &session.employer, standing.requisition_id, &case.requisition).await?,
            position: case.position_of(standing.requisition_id),
            application: Box::new(case.facts),
            pack: Pack {
                terms_hash: standing.terms_hash.clone(),
                documents: documents.iter().map(Document::recorded).collect(),
            },
            labour: Some(Box::new(labour)),
        };
        let guards = case.guards.into_iter().chain(case.referral).chain(measured).chain(same).collect();
        Ok(Gathered { guards, ..Gathered::order(order) })
    };
    let mut tried = 1;
    loop {
        match dispatcher.send_with::<Offer, _, _>(&envelope, id.0, gather).await {
            // Somebody else took that seat; another one may be free.
            Err(DispatchError::Claimed { scope }) if scope == "seat" && tried < SEATS_TRIED => tried += 1,
            done => return Ok(Answer::done(&done?)),
        }
    }
}

/// A later expiry.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ExtendOfferExpiry {
    /// The first instant at which it cannot be accepted any more; later than the present one.
    #[schema(format = DateTime, examples("2026-12-27T15:00:00Z"))]
    expires_at: String,
}

/// Give the candidate more time to answer.
#[utoipa::path(post, path = "/v1/offers/{id}/extend-expiry", tag = "offers", params(("id" = Uuid, Path)),
    request_body = ExtendOfferExpiry, responses((status = 200, description = "More time", body = CommandReply)))]
async fn extend_expiry(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<ExtendOfferExpiry>,
) -> Result<Answer, Problem> {
    let order = OfferCommand::ExtendExpiry { expires_at: instant_at("/expires_at", &body.value.expires_at)? };
    let (session, _) = case_of(&app, &session, id.0).await?;
    send(&app, &session.envelope("offers.extend-expiry", 200, &body.bytes), id.0, order).await
}

/// Why the employer takes an offer back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RescindOffer {
    #[schema(schema_with = one_of::<RescissionReason>)]
    reason_code: String,
    /// The clause relied on; required once the candidate has accepted.
    clause: Option<Line>,
    /// Where the legal opinion lies; required once the candidate has accepted.
    opinion_ref: Option<Line>,
    /// In words.
    note: Option<Words>,
}

/// Take an offer back (オファー取下げ).
///
/// After acceptance that is 内定取消: by an executive only, with a clause and a recorded legal opinion. Whoever is back at work
/// has no offer any more that could be taken back.
#[utoipa::path(post, path = "/v1/offers/{id}/rescind", tag = "offers", params(("id" = Uuid, Path)),
    request_body = RescindOffer, responses((status = 200, description = "Taken back", body = CommandReply)))]
async fn rescind(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<RescindOffer>,
) -> Result<Answer, Problem> {
    let (session, standing) = case_of(&app, &session, id.0).await?;
    let envelope = session.envelope("offers.rescind", 200, &body.bytes);
    let reason_code = named("/reason_code", &body.value.reason_code)?;
    let [clause, opinion_ref] = [body.value.clause, body.value.opinion_ref].map(|line| line.map(|line| line.0));
    let role = if session.role == Role::Executive { Rescinder::Executive } else { Rescinder::Recruiter };
    let note = body.value.note.map(about_them);
    let order = |case| OfferCommand::Rescind {
        reason_code,
        clause: clause.clone(),
        opinion_ref: opinion_ref.clone(),
        role,
        note: note.clone(),
        case,
    };
    send_about_case(&app, &envelope, (id.0, standing.application_id), order).await
}
