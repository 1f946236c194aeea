//! `/v1/offers` (オファー): drafted by a recruiter, approved by somebody else who saw the terms, extended on one seat, and
//! answered by the candidate alone.

mod answers;
mod approval;
mod checks;
mod drafting;
mod enquiry;
mod extension;
mod fields;
mod pricing;
mod reading;

use std::collections::BTreeSet;

use aggregates::ids::{ActorId, ApplicationId};
use aggregates::offer::{Case, Offer, OfferCommand, OfferError, Phase, Seen, Standing};
use aggregates::personal::{Personal, RecordClass};
use aggregates::requisition::Requisition;
use aggregates::values::FreeText;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use super::App;
use super::problem::Problem;
use super::reply::Answer;
use super::request::{self, Line, Session, Words};
use super::scope::{CaseScope, acts_as, case_session};
use crate::dispatch::{DispatchError, Dispatcher, Envelope, Gathered};
use crate::gather::offer as gather;
use crate::gather::{accounts_of, pay};
use crate::ledger::StreamKey;

/// The routes.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(reading::router())
        .merge(drafting::router())
        .merge(pricing::router())
        .merge(approval::router())
        .merge(extension::router())
        .merge(answers::router())
        .merge(enquiry::router())
        .merge(checks::router())
}

/// An offer as this caller comes to it: in which role, and how far that reaches.
async fn come_to(app: &App, session: &Session, id: Uuid) -> Result<(Session, Standing), Problem> {
    let loaded = app.dispatcher().load::<Offer>(&session.employer, id).await?;
    let standing = loaded.state.standing().ok_or_else(Problem::not_found)?;
    Ok((case_session(session, &scope_of(standing))?, standing.clone()))
}

fn scope_of(standing: &Standing) -> CaseScope<'_> {
    CaseScope {
        account: Some(standing.account),
        line: Some(&standing.line),
        legal_entity: &standing.legal_entity,
        ..CaseScope::default()
    }
}

/// An offer that this caller acts in: of one that has not gone out the candidate is told nothing.
async fn case_of(app: &App, session: &Session, id: Uuid) -> Result<(Session, Standing), Problem> {
    let (session, standing) = come_to(app, session, id).await?;
    if standing.account == session.actor && !has_gone_out(&standing) {
        return Err(Problem::not_found());
    }
    Ok((acts_as(session, standing.account)?, standing))
}

fn has_gone_out(standing: &Standing) -> bool {
    matches!(standing.phase, Phase::Extended | Phase::Accepted) || !standing.documents.is_empty()
}

/// Sends an order that depends on the offer alone.
async fn send(app: &App, envelope: &Envelope, id: Uuid, order: OfferCommand) -> Result<Answer, Problem> {
    Ok(Answer::done(&app.dispatcher().send::<Offer>(envelope, id, order).await?))
}

/// Sends a decision that nobody takes who is, under another account, kept from it or has taken theirs.
async fn send_alone(
    app: &App,
    session: &Session,
    (envelope, id): (&Envelope, Uuid),
    order: OfferCommand,
) -> Result<Answer, Problem> {
    let gather = || async {
        let (offer, mut guards) = as_it_stands(app, session, id).await?;
        let (others, same) = other_selves(app, session).await?;
        for other in others {
            offer.may_vote_beside(other).map_err(DispatchError::Refused)?;
        }
        guards.extend(same);
        Ok(Gathered { guards, ..Gathered::order(order.clone()) })
    };
    Ok(Answer::done(&app.dispatcher().send_with::<Offer, _, _>(envelope, id, gather).await?))
}

/// Sends a command that reads how far the case has come, which nothing may change in the same moment.
async fn send_about_case(
    app: &App,
    envelope: &Envelope,
    (id, application): (Uuid, ApplicationId),
    order: impl Fn(Case) -> OfferCommand + Send + Sync,
) -> Result<Answer, Problem> {
    let dispatcher = app.dispatcher();
    let gather = || async {
        let (case, guard) =
            gather::how_far_it_is(dispatcher, &envelope.employer, application).await?.ok_or(DispatchError::NotFound)?;
        Ok(Gathered { guards: vec![guard], ..Gathered::order(order(case)) })
    };
    Ok(Answer::done(&dispatcher.send_with::<Offer, _, _>(envelope, id, gather).await?))
}

/// Who else takes no part in a decision about the offer.
struct Barred {
    /// Those who edited the measure lately (PAY-24), whoever has the credit for the candidate by now (PAY-20), and whoever
    /// handed their approval over and is, under another account, kept from it or has given it.
    people: BTreeSet<ActorId>,
    /// The offer as it was read for that.
    offer: Standing,
    /// The caller's other accounts.
    others: BTreeSet<ActorId>,
    /// The streams that say so.
    guards: Vec<(StreamKey, i64)>,
}

/// Who takes no part in a decision about an offer, as it stands. The caller is refused if they are among them, whatever they sign
/// in as; and nobody decides about an offer that was measured by what is in force no more (PAY-21).
async fn barred(app: &App, session: &Session, id: Uuid) -> Result<Barred, DispatchError<OfferError>> {
    let dispatcher = app.dispatcher();
    let (offer, mut guards) = as_it_stands(app, session, id).await?;
    let mut people = pay::editors(dispatcher, &session.employer, &offer.legal_entity).await?;
    let case = gather::case(dispatcher, &session.employer, offer.application_id).await?;
    let case = case.ok_or(DispatchError::NotFound)?;
    let (others, same) = other_selves(app, session).await?;
    for self_or_other in others.iter().chain([&session.actor]) {
        if case.referrer == Some(*self_or_other) {
            return Err(DispatchError::Refused(OfferError::ReferrerExcluded));
        }
    }
    for other in &others {
        if people.contains(other) {
            return Err(DispatchError::Refused(OfferError::EditedLately));
        }
        offer.may_vote_beside(*other).map_err(DispatchError::Refused)?;
    }
    guards.extend(same);
    people.extend(case.referrer);
    for delegation in offer.delegations.iter().filter(|delegation| delegation.to == session.actor) {
        let (accounts, same) = accounts_of(dispatcher, &session.employer, delegation.by).await?;
        if accounts.iter().any(|one| people.contains(one) || offer.may_vote_beside(*one).is_err()) {
            people.insert(delegation.by);
        }
        guards.extend(same);
    }
    guards.extend(case.referral);
    guards.extend(still_measured(app, session, &offer).await?);
    Ok(Barred { people, offer, others, guards })
}

/// An offer as it stands, and its stream, which nothing may change until something is decided by it.
async fn as_it_stands(
    app: &App,
    session: &Session,
    id: Uuid,
) -> Result<(Standing, Vec<(StreamKey, i64)>), DispatchError<OfferError>> {
    let loaded = app.dispatcher().load::<Offer>(&session.employer, id).await?;
    let standing = loaded.state.standing().ok_or(DispatchError::NotFound)?;
    Ok((standing.clone(), vec![(Dispatcher::stream::<Offer>(&session.employer, id), loaded.version)]))
}

/// The caller's other accounts, where several are one human being's (PAY-20); the streams that say so.
async fn other_selves(
    app: &App,
    session: &Session,
) -> Result<(BTreeSet<ActorId>, Vec<(StreamKey, i64)>), DispatchError<OfferError>> {
    let (mut accounts, guards) = accounts_of(app.dispatcher(), &session.employer, session.actor).await?;
    accounts.remove(&session.actor);
    Ok((accounts, guards))
}

/// Refuses where an offer was measured by what is in force no more (PAY-21); the streams of the policy that governs and of the
/// position. Under pay policy 0 nothing is measured.
async fn still_measured(
    app: &App,
    session: &Session,
    offer: &Standing,
) -> Result<Vec<(StreamKey, i64)>, DispatchError<OfferError>> {
    let Some(assessed) = &offer.assessed else { return Ok(vec![]) };
    let (dispatcher, employer) = (app.dispatcher(), &session.employer);
    let on = employer.local_date(dispatcher.ledger().now());
    let position = dispatcher.load::<Requisition>(employer, offer.requisition_id.0).await?;
    let line = position.state.standing().map(|standing| &standing.line);
    let measured = pay::measure_changed(dispatcher, employer, &offer.legal_entity, &assessed.basis, line, on).await?;
    if let Some(what) = measured.changed {
        return Err(DispatchError::Refused(OfferError::MeasureChanged { what }));
    }
    let stream = Dispatcher::stream::<Requisition>(employer, offer.requisition_id.0);
    Ok(measured.guard.into_iter().chain([(stream, position.version)]).collect())
}

/// What the caller says that they have seen of the terms.
fn seen(session: &Session, terms_hash: Option<&Line>) -> Result<Seen, Problem> {
    Ok(match session.must_have_seen(terms_hash.map(|line| line.0.as_str()))? {
        request::Seen::Terms(hash) => Seen::Terms(hash),
        request::Seen::Version => Seen::Version,
    })
}

/// Words about why pay is as it is.
fn about_pay(words: Words) -> FreeText {
    Personal::new(RecordClass::PayDecision, words.0)
}

/// Words about the candidate.
fn about_them(words: Words) -> FreeText {
    Personal::new(RecordClass::Recruiting, words.0)
}
