//! What a referred candidate answers. They have no account: a token names the referral and the employer, and is good for
//! one answer. Whoever tries without one is told nothing, and not often.

use std::sync::Arc;

use aggregates::issued::{Actor, ActorKind};
use aggregates::referral::{CandidateHistory, Referral, ReferralCommand};
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::dispatch::{Envelope, Gathered};
use crate::gather::referral::{Candidate, candidate};
use crate::http::App;
use crate::http::problem::Problem;
use crate::http::rate;
use crate::http::reply::{Answer, CommandReply};
use crate::http::request::{Body, Id, Line, conditions};
use crate::invitation::{is_candidate_token, named_by_candidate_token};
use crate::ledger::ReceiptKey;

/// In which role a candidate's answer is recorded.
const ROLE: &str = "candidate";
/// Under which issuer the actor directory knows whoever answers with a token.
const ISSUER: &str = "okaeri:candidate";

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(accept)).routes(routes!(decline))
}

/// A try without a token, counted before anything is read.
struct Attempt {
    referral: Uuid,
    path: Arc<str>,
    idempotency_key: Option<Arc<str>>,
    if_match: Option<i64>,
}

impl FromRequestParts<App> for Attempt {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let id = Id::from_request_parts(parts, app).await?;
        app.inner.tries.take(rate::address(parts), id.0)?;
        let (idempotency_key, if_match) = conditions(&parts.headers)?;
        Ok(Self { referral: id.0, path: Arc::from(parts.uri.path()), idempotency_key, if_match })
    }
}

impl Attempt {
    /// The circumstances of an answer, if the token is the referral's.
    async fn envelope(&self, app: &App, command: &'static str, token: &str, body: &[u8]) -> Result<Envelope, Problem> {
        let named = named_by_candidate_token(token).filter(|(referral, _)| *referral == self.referral);
        let (_, employer) = named.ok_or_else(not_valid)?;
        let employer = app.dispatcher().employers().get(&employer).await?;
        if !employer.known || !is_candidate_token(&employer.keys, &employer.name, self.referral, token) {
            return Err(not_valid());
        }
        let actor = app.actor(&employer, ISSUER, &self.referral.to_string(), None).await?;
        let receipt = self.idempotency_key.as_ref().map(|key| ReceiptKey {
            key: employer.keys.receipt(&[actor.0.as_bytes(), b"POST", self.path.as_bytes(), key.as_bytes()]),
            request: employer.keys.receipt(&[body]),
            status: 200,
        });
        Ok(Envelope {
            employer,
            actor: Actor { id: actor, kind: ActorKind::Person },
            role: ROLE,
            on_behalf_of: None,
            command,
            command_id: Uuid::now_v7(),
            receipt,
            expected: self.if_match,
            cause: None,
            repeatable: true,
        })
    }
}

/// One answer for a token that is wrong, of another referral, or of none at all.
fn not_valid() -> Problem {
    Problem::field(
        "/token",
        "token_not_valid",
        "This token is not valid for this referral.",
        "このトークンは、この紹介には使用できません。",
    )
    .reason("token_not_valid")
}

/// An agreement.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AcceptAsCandidate {
    /// The token that a recruiter handed over; it is good for one answer.
    token: Line,
    /// Whether the candidate worked here before: an invitation follows, and the referral keeps its credit.
    #[serde(default)]
    formerly_employed: bool,
}

/// Agree to be referred.
///
/// By the candidate, without an account. From now on their data may be kept (REF-11), and the referral owns them for six
/// months, unless an earlier record may stand before it.
#[utoipa::path(post, path = "/v1/referrals/{id}/accept-as-candidate", tag = "referrals", params(("id" = Uuid, Path)),
    request_body = AcceptAsCandidate, responses((status = 200, description = "Agreed", body = CommandReply)))]
async fn accept(State(app): State<App>, attempt: Attempt, body: Body<AcceptAsCandidate>) -> Result<Answer, Problem> {
    let envelope = attempt.envelope(&app, "referrals.accept-as-candidate", &body.value.token.0, &body.bytes).await?;
    let history =
        if body.value.formerly_employed { CandidateHistory::FormerlyEmployed } else { CandidateHistory::NeverEmployed };
    let dispatcher = app.dispatcher();
    let gather = || async {
        let Candidate { key, duplicate, guards } = candidate(dispatcher, &envelope.employer, attempt.referral).await?;
        let order = ReferralCommand::AcceptAsCandidate { history, key, duplicate };
        Ok(Gathered { guards, ..Gathered::order(order) })
    };
    let mut sent = dispatcher.send_with::<Referral, _, _>(&envelope, attempt.referral, gather).await;
    if matches!(&sent, Err(crate::dispatch::DispatchError::Claimed { .. })) {
        // Another referral became the owner at the same moment: now it is the earlier one.
        sent = dispatcher.send_with::<Referral, _, _>(&envelope, attempt.referral, gather).await;
    }
    Ok(Answer::done(&sent?))
}

/// A refusal.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DeclineAsCandidate {
    /// The token that a recruiter handed over.
    token: Line,
}

/// Not wish to be referred, or not any more.
///
/// By the candidate, without an account. What is held of them is destroyed. An agreement can be taken back with the same
/// token until there is an application, which is withdrawn by itself.
#[utoipa::path(post, path = "/v1/referrals/{id}/decline-as-candidate", tag = "referrals", params(("id" = Uuid, Path)),
    request_body = DeclineAsCandidate, responses((status = 200, description = "Declined", body = CommandReply)))]
async fn decline(State(app): State<App>, attempt: Attempt, body: Body<DeclineAsCandidate>) -> Result<Answer, Problem> {
    let envelope = attempt.envelope(&app, "referrals.decline-as-candidate", &body.value.token.0, &body.bytes).await?;
    let order = ReferralCommand::DeclineAsCandidate;
    Ok(Answer::done(&app.dispatcher().send::<Referral>(&envelope, attempt.referral, order).await?))
}
