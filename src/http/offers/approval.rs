//! What approvers decide about an offer: each of terms that they have seen, none about an offer of their own making.

use std::collections::BTreeSet;

use aggregates::ids::ActorId;
use aggregates::offer::{AssessedOffer, ConflictKind, Offer, OfferCommand, RefusalReason, Standing};
use aggregates::pay::Seat;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Barred, about_pay, barred, come_to, seen, send, send_alone};
use crate::dispatch::{DispatchError, Gathered};
use crate::gather::reports::reports_to;
use crate::http::App;
use crate::http::fields::named;
use crate::http::problem::Problem;
use crate::http::reply::{Answer, CommandReply};
use crate::http::request::{Body, Day, Id, Line, Session, Words, one_of, one_of_or_null};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(approve))
        .routes(routes!(send_back))
        .routes(routes!(refuse))
        .routes(routes!(force_approve))
        .routes(routes!(declare_conflict))
        .routes(routes!(delegate))
}

/// An approval of the terms that were seen.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ApproveOffer {
    /// The hash that GET returned; or `If-Match` with its version.
    terms_hash: Option<Line>,
    /// In words.
    comment: Option<Words>,
}

/// Approve an offer.
///
/// Never whoever drafted, revised or asked, the candidate, whoever referred them, or whoever declared a conflict (PAY-20).
/// Under a published pay policy each approver takes a seat that the policy names them for, and nobody who edited bands or
/// thresholds in the last 30 days approves (PAY-24). The approval can be relied on for 14 days.
#[utoipa::path(post, path = "/v1/offers/{id}/approve", tag = "offers", params(("id" = Uuid, Path)),
    request_body = ApproveOffer, responses((status = 200, description = "Approved", body = CommandReply)))]
async fn approve(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<ApproveOffer>,
) -> Result<Answer, Problem> {
    let (session, _) = come_to(&app, &session, id.0).await?;
    let envelope = session.answering("offers.approve", 200, &body.bytes);
    let seen = seen(&session, body.value.terms_hash.as_ref())?;
    let (role, comment) = (session.role.as_str().to_owned(), body.value.comment.map(about_pay));
    let dispatcher = app.dispatcher();
    let gather = || async {
        let Barred { people: editors, offer: standing, guards, .. } = barred(&app, &session, id.0).await?;
        // Who proposes the offer may have changed since it was handed over (PAY-25).
        let handed = standing.delegations.iter().filter(|delegation| delegation.to == session.actor);
        let leaders: BTreeSet<ActorId> = handed.flat_map(|one| above_delegates(&standing, one.by)).collect();
        let reports_to_proposer = if leaders.is_empty() {
            false
        } else {
            let reports = reports_to(dispatcher, &session.employer, session.actor, &leaders).await?;
            reports.unwrap_or(standing.assessed.is_some())
        };
        let (seen, role, comment) = (seen.clone(), role.clone(), comment.clone());
        let order = OfferCommand::Approve { seen, role, comment, editors, reports_to_proposer };
        Ok(Gathered { guards, ..Gathered::order(order) })
    };
    Ok(Answer::done(&dispatcher.send_with::<Offer, _, _>(&envelope, id.0, gather).await?))
}

/// Why an offer goes back to be drafted anew.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SendOfferBack {
    /// The hash that GET returned; or `If-Match` with its version.
    terms_hash: Option<Line>,
    #[schema(schema_with = one_of_or_null::<RefusalReason>)]
    reason_code: Option<String>,
    /// In words.
    comment: Option<Words>,
}

/// Send an offer back to be drafted anew (差戻し).
#[utoipa::path(post, path = "/v1/offers/{id}/send-back", tag = "offers", params(("id" = Uuid, Path)),
    request_body = SendOfferBack, responses((status = 200, description = "Back in drafting", body = CommandReply)))]
async fn send_back(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<SendOfferBack>,
) -> Result<Answer, Problem> {
    let (session, _) = come_to(&app, &session, id.0).await?;
    let order = OfferCommand::SendBack {
        seen: seen(&session, body.value.terms_hash.as_ref())?,
        reason_code: body.value.reason_code.as_deref().map(|name| named("/reason_code", name)).transpose()?,
        comment: body.value.comment.map(about_pay),
    };
    let envelope = session.answering("offers.send-back", 200, &body.bytes);
    send_alone(&app, &session, (&envelope, id.0), order).await
}

/// Why an offer is refused.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RefuseOffer {
    /// The hash that GET returned; or `If-Match` with its version.
    terms_hash: Option<Line>,
    #[schema(schema_with = one_of::<RefusalReason>)]
    reason_code: String,
    /// In words.
    comment: Option<Words>,
}

/// Refuse an offer.
///
/// Final for the same terms (PAY-26); other terms revive it.
#[utoipa::path(post, path = "/v1/offers/{id}/refuse", tag = "offers", params(("id" = Uuid, Path)),
    request_body = RefuseOffer, responses((status = 200, description = "Refused", body = CommandReply)))]
async fn refuse(State(app): State<App>, session: Session, id: Id, body: Body<RefuseOffer>) -> Result<Answer, Problem> {
    let (session, _) = come_to(&app, &session, id.0).await?;
    let order = OfferCommand::Refuse {
        seen: seen(&session, body.value.terms_hash.as_ref())?,
        reason_code: named("/reason_code", &body.value.reason_code)?,
        comment: body.value.comment.map(about_pay),
    };
    let envelope = session.answering("offers.refuse", 200, &body.bytes);
    send_alone(&app, &session, (&envelope, id.0), order).await
}

/// An approval in place of those who are missing.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ForceOfferApproval {
    /// The hash that GET returned; or `If-Match` with its version.
    terms_hash: Option<Line>,
    /// What allows it.
    #[schema(examples("職務権限規程第8条"))]
    authority: Line,
    /// Why, in words.
    reason: Words,
}

/// Approve an offer in place of those who are missing.
///
/// An event of its own, which stands on the report to compliance. Never whoever proposed the offer (PAY-20), or edited bands
/// or thresholds in the last 30 days (PAY-24).
#[utoipa::path(post, path = "/v1/offers/{id}/force-approve", tag = "offers", params(("id" = Uuid, Path)),
    request_body = ForceOfferApproval, responses((status = 200, description = "Approved", body = CommandReply)))]
async fn force_approve(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<ForceOfferApproval>,
) -> Result<Answer, Problem> {
    let (session, _) = come_to(&app, &session, id.0).await?;
    let envelope = session.answering("offers.force-approve", 200, &body.bytes);
    let seen = seen(&session, body.value.terms_hash.as_ref())?;
    let (authority, reason) = (body.value.authority.0, about_pay(body.value.reason));
    let dispatcher = app.dispatcher();
    let gather = || async {
        let Barred { people: editors, offer, others, guards } = barred(&app, &session, id.0).await?;
        for other in others {
            offer.may_force(other).map_err(DispatchError::Refused)?;
        }
        let (seen, authority, reason) = (seen.clone(), authority.clone(), reason.clone());
        let order = OfferCommand::ForceApprove { seen, authority, reason, editors };
        Ok(Gathered { guards, ..Gathered::order(order) })
    };
    Ok(Answer::done(&dispatcher.send_with::<Offer, _, _>(&envelope, id.0, gather).await?))
}

/// A conflict of interest.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DeclareOfferConflict {
    #[schema(schema_with = one_of::<ConflictKind>)]
    conflict: String,
    /// In words.
    note: Option<Words>,
}

/// Step aside for a conflict of interest.
///
/// For good as to this offer. An approval or an exception that the same person gave falls with it, and the offer goes back to be drafted
/// as long as it has not gone out.
#[utoipa::path(post, path = "/v1/offers/{id}/declare-conflict", tag = "offers", params(("id" = Uuid, Path)),
    request_body = DeclareOfferConflict, responses((status = 200, description = "Declared", body = CommandReply)))]
async fn declare_conflict(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<DeclareOfferConflict>,
) -> Result<Answer, Problem> {
    let (session, _) = come_to(&app, &session, id.0).await?;
    let order = OfferCommand::DeclareConflict {
        conflict: named("/conflict", &body.value.conflict)?,
        note: body.value.note.map(about_pay),
    };
    send(&app, &session.envelope("offers.declare-conflict", 200, &body.bytes), id.0, order).await
}

/// To whom nobody reports who approves in somebody's place: those who propose the offer (PAY-25), and where that somebody heads a
/// division outside the hiring line, its manager (PAY-23).
fn above_delegates(standing: &Standing, by: ActorId) -> BTreeSet<ActorId> {
    let heads =
        |assessed: &AssessedOffer| assessed.approvers.get(&Seat::DivisionHead).is_some_and(|heads| heads.contains(&by));
    let outside = standing.assessed.as_deref().is_some_and(heads);
    standing.proposers.iter().copied().chain(standing.line.hiring_manager.filter(|_| outside)).collect()
}

/// To whom an approval is handed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DelegateOfferApproval {
    /// The login (token subject) of whoever approves instead; they need a role that approves, too.
    #[schema(examples("tanaka"))]
    to: Line,
    /// The last day on which it may be used.
    until: Day,
    /// Why, in words.
    reason: Option<Words>,
}

/// Hand one's approval of this offer to somebody else.
///
/// Logged before it is used, and never to whoever proposed the offer, reports to them, or may not decide about it (PAY-25);
/// whoever heads a division outside the hiring line hands it to nobody of that line (PAY-23).
#[utoipa::path(post, path = "/v1/offers/{id}/delegate", tag = "offers", params(("id" = Uuid, Path)),
    request_body = DelegateOfferApproval, responses((status = 200, description = "Delegated", body = CommandReply)))]
async fn delegate(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<DelegateOfferApproval>,
) -> Result<Answer, Problem> {
    let (session, standing) = come_to(&app, &session, id.0).await?;
    let envelope = session.envelope("offers.delegate", 200, &body.bytes);
    let to = app.account(&session.employer, &body.value.to.0).await?;
    let (until, reason) = (body.value.until.0, body.value.reason.map(about_pay));
    let dispatcher = app.dispatcher();
    let gather = || async {
        let leaders = above_delegates(&standing, session.actor);
        let reports_to_proposer = reports_to(dispatcher, &session.employer, to, &leaders).await?;
        Ok(Gathered::order(OfferCommand::Delegate { to, until, reason: reason.clone(), reports_to_proposer }))
    };
    Ok(Answer::done(&dispatcher.send_with::<Offer, _, _>(&envelope, id.0, gather).await?))
}
