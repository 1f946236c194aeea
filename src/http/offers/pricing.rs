//! The pay of an offer: why it was found as it was, exceptions from the policy, and whether it can be found again.

use std::collections::BTreeSet;

use aggregates::checks::{Outcome, RuleResult};
use aggregates::offer::{
    Assessed, ExceptionDecision, ExceptionReason, Offer, OfferCommand, OneOff, OneOffPayment, PayException, Phase,
    RangeOutcome, RangeReviewed, Remedied, RemedyPlan, ReviewRange, Standing,
};
use aggregates::pay::{Assessment, Ratio};
use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::reading::may_read;
use super::{Barred, about_pay, barred, case_of, come_to, has_gone_out, scope_of, seen};
use crate::dispatch::{DispatchError, Gathered};
use crate::gather::offer::came_back_on;
use crate::gather::pay;
use crate::http::App;
use crate::http::fields::named;
use crate::http::pay_history::{is_kept_back, kept_back};
use crate::http::printed::{self, PdfFile, Print};
use crate::http::problem::Problem;
use crate::http::reading::remove;
use crate::http::reply::{Answer, CommandReply};
use crate::http::request::{Body, Day, Id, Line, MoneyField, NothingMore, Session, Words, one_of};
use crate::http::scope::{CaseScope, as_one, case_session};
use crate::http::views::pay::{PayVerdict, sees_everything, sees_tier, verdict};
use crate::identity::Role;
use crate::offer_pack::{Contents, Sent};
use crate::printed::Rendered;
use crate::replay::{self, Replayed};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(request_exception))
        .routes(routes!(decide_exception))
        .routes(routes!(record_remedy))
        .routes(routes!(record_range_review))
        .routes(routes!(record_one_off))
        .routes(routes!(assessment))
        .routes(routes!(explanation))
        .routes(routes!(replay_offer))
}

/// The most reasons that one exception names.
const MOST_REASONS: usize = 6;

/// An exception from the pay policy.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RequestOfferException {
    /// The hash that GET returned; or `If-Match` with its version.
    terms_hash: Option<Line>,
    /// Why; of the closed list. That somebody else offered as much is no reason.
    #[schema(min_items = 1, max_items = 6, examples(json!(["scarce_skill"])))]
    reasons: Vec<String>,
    /// Where the evidence lies; needed for `scarce_skill`, `certified_level`, `market_move` and `retention_risk`.
    evidence_ref: Option<Line>,
    /// Why, in at least 80 characters.
    justification: Words,
    /// What else was considered.
    alternatives: Option<Words>,
    /// How those who are overtaken are remedied; needed from tier C on where anybody is (PAY-28).
    remedy: Option<RemedyPlanField>,
}

/// A plan to remedy (是正計画).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RemedyPlanField {
    /// The login (token subject) of whoever sees to it.
    #[schema(examples("suzuki"))]
    owner: Line,
    due_on: Day,
    /// A year; at least what a remedy costs.
    amount: MoneyField,
    /// From which budget.
    budget_ref: Line,
}

/// Ask for an exception from the pay policy.
///
/// For an offer that the assessment found outside the policy; it waits for somebody else's decision. What is approved later
/// includes the exception: `terms_hash` becomes another one.
#[utoipa::path(post, path = "/v1/offers/{id}/request-exception", tag = "offers", params(("id" = Uuid, Path)),
    request_body = RequestOfferException, responses((status = 200, description = "Waits for the decision", body = CommandReply)))]
async fn request_exception(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<RequestOfferException>,
) -> Result<Answer, Problem> {
    let (session, _) = case_of(&app, &session, id.0).await?;
    let envelope = session.answering("offers.request-exception", 200, &body.bytes);
    let asked = body.value;
    let seen = seen(&session, asked.terms_hash.as_ref())?;
    let exception = PayException {
        reasons: reasons(&asked.reasons)?,
        evidence_ref: asked.evidence_ref.map(|line| line.0),
        justification: about_pay(asked.justification),
        alternatives: asked.alternatives.map(about_pay),
        remedy: match asked.remedy {
            None => None,
            Some(remedy) => Some(RemedyPlan {
                owner: app.account(&session.employer, &remedy.owner.0).await?,
                due_on: remedy.due_on.0,
                amount: remedy.amount.into(),
                budget_ref: remedy.budget_ref.0,
            }),
        },
    };
    let dispatcher = app.dispatcher();
    let gather = || async {
        let loaded = dispatcher.load::<Offer>(&session.employer, id.0).await?;
        let standing = loaded.state.standing().ok_or(DispatchError::NotFound)?;
        // Without an assessment there is nothing to except, which the offer itself says.
        let terms_hash = match &standing.assessed {
            None => standing.terms_hash.clone(),
            Some(assessed) => pay::approval_hash(&standing.terms, &assessed.basis, Some(&exception))?,
        };
        let exception = Box::new(exception.clone());
        let entity = standing.legal_entity.as_str();
        let editors = pay::editors(dispatcher, &session.employer, entity).await?;
        let seen = seen.clone();
        let order = OfferCommand::RequestException { seen, exception, terms_hash, editors };
        as_one(&app, &session, Gathered::order(order)).await
    };
    Ok(Answer::done(&dispatcher.send_with::<Offer, _, _>(&envelope, id.0, gather).await?))
}

fn reasons(names: &[String]) -> Result<BTreeSet<ExceptionReason>, Problem> {
    if names.len() > MOST_REASONS {
        return Err(Problem::field(
            "/reasons",
            "too_many",
            format!("At most {MOST_REASONS} reasons."),
            format!("理由は{MOST_REASONS}件まで指定できます。"),
        ));
    }
    names.iter().enumerate().map(|(nth, name)| named(&format!("/reasons/{nth}"), name)).collect()
}

/// A decision about an exception.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DecideOfferException {
    /// The hash that GET returned; or `If-Match` with its version.
    terms_hash: Option<Line>,
    #[schema(schema_with = one_of::<ExceptionDecision>)]
    decision: String,
    /// In words.
    comment: Option<Words>,
}

/// Decide an exception from the pay policy.
///
/// Never whoever proposed the offer, asked for the exception or gains (PAY-20), or edited bands or thresholds in the last 30
/// days (PAY-24). A refusal is final for the same exception
/// (PAY-26). Granted, the offer is put before the approvers of its tier.
#[utoipa::path(post, path = "/v1/offers/{id}/decide-exception", tag = "offers", params(("id" = Uuid, Path)),
    request_body = DecideOfferException, responses((status = 200, description = "Decided", body = CommandReply)))]
async fn decide_exception(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<DecideOfferException>,
) -> Result<Answer, Problem> {
    let (session, _) = come_to(&app, &session, id.0).await?;
    let envelope = session.answering("offers.decide-exception", 200, &body.bytes);
    let seen = seen(&session, body.value.terms_hash.as_ref())?;
    let decision = named("/decision", &body.value.decision)?;
    let comment = body.value.comment.map(about_pay);
    let dispatcher = app.dispatcher();
    let gather = || async {
        let Barred { people: editors, guards, .. } = barred(&app, &session, id.0).await?;
        let (seen, role, comment) = (seen.clone(), session.role.as_str().to_owned(), comment.clone());
        let order = OfferCommand::DecideException { seen, decision, role, comment, editors };
        Ok(Gathered { guards, ..Gathered::order(order) })
    };
    Ok(Answer::done(&dispatcher.send_with::<Offer, _, _>(&envelope, id.0, gather).await?))
}

/// What of a plan to remedy was carried out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordOfferRemedy {
    /// The day on which the raises took effect.
    done_on: Day,
    /// By how much a year in all.
    amount: MoneyField,
    /// Where the order lies; one order counts once.
    #[schema(examples("昇給発令 2027-12"))]
    evidence_ref: Line,
}

/// Record what of the plan to remedy was carried out.
///
/// Once the candidate has accepted, those whom the offer overtakes are owed what the plan sets aside (PAY-28). Until as much
/// was recorded, the plan is open; compensation records it, or whoever owns the plan. Past its day, the next offers of tier C and
/// D in the same unit, or of the same grade, family and zone, are on hold.
#[utoipa::path(post, path = "/v1/offers/{id}/record-remedy", tag = "offers", params(("id" = Uuid, Path)),
    request_body = RecordOfferRemedy, responses((status = 200, description = "Recorded", body = CommandReply)))]
async fn record_remedy(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<RecordOfferRemedy>,
) -> Result<Answer, Problem> {
    let (session, standing) = come_to_remedy(&app, &session, id.0).await?;
    let owns = standing.remedy_plan().is_some_and(|plan| plan.owner == session.answers_for_it());
    if session.role != Role::Compensation && !owns {
        return Err(Problem::forbidden("a plan to remedy that somebody else owns".to_owned()).reason("plan_owner"));
    }
    let RecordOfferRemedy { done_on, amount, evidence_ref } = body.value;
    let remedied = Remedied { done_on: done_on.0, amount: amount.into(), evidence_ref: evidence_ref.0 };
    let envelope = session.envelope("offers.record-remedy", 200, &body.bytes);
    super::send(&app, &envelope, id.0, OfferCommand::RecordRemedy(remedied)).await
}

/// The offer, which is assigned to whoever owns its plan to remedy as well.
async fn come_to_remedy(app: &App, session: &Session, id: Uuid) -> Result<(Session, Standing), Problem> {
    let loaded = app.dispatcher().load::<Offer>(&session.employer, id).await?;
    let standing = loaded.state.standing().ok_or_else(Problem::not_found)?;
    let scope = CaseScope { owner: standing.remedy_plan().map(|plan| plan.owner), ..scope_of(standing) };
    Ok((case_session(session, &scope)?, standing.clone()))
}

/// What came of a look at a pay range.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordOfferRangeReview {
    #[schema(schema_with = one_of::<RangeOutcome>)]
    outcome: String,
    /// Why.
    reason: Words,
    /// Where the review lies, or the decision about new bands.
    #[schema(examples("賃金改定検討 2027-3"))]
    evidence_ref: Line,
}

/// Record what came of a look at the pay range of a role (給与レンジの見直し).
///
/// A second exception for one grade and job family within twelve months has somebody look whether the range fits: compensation
/// and executives have a task of thirty days. Whoever proposed the offer does not say that it does.
#[utoipa::path(post, path = "/v1/offers/{id}/record-range-review", tag = "offers", params(("id" = Uuid, Path)),
    request_body = RecordOfferRangeReview, responses((status = 200, description = "Recorded", body = CommandReply)))]
async fn record_range_review(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<RecordOfferRangeReview>,
) -> Result<Answer, Problem> {
    let (session, _) = case_of(&app, &session, id.0).await?;
    let RecordOfferRangeReview { outcome, reason, evidence_ref } = body.value;
    let outcome = named("/outcome", &outcome)?;
    let reviewed = RangeReviewed { outcome, reason: about_pay(reason), evidence_ref: evidence_ref.0 };
    let envelope = session.envelope("offers.record-range-review", 200, &body.bytes);
    super::send(&app, &envelope, id.0, OfferCommand::ReviewRange(ReviewRange::Record(reviewed))).await
}

/// A payment to whoever came back, besides their pay.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordOfferOneOff {
    /// The day of payment.
    paid_on: Day,
    amount: MoneyField,
    /// Where the payment stands; one counts once.
    #[schema(examples("給与明細 2027-03 一時金"))]
    evidence_ref: Line,
}

/// Record what whoever came back was paid once (一時金).
///
/// A retention bonus, a settlement, whatever the terms did not state. What is paid within six months of the return is tested
/// as if it had been offered, with the last base of those months and with the one that was offered (PAY-27); where that is
/// stricter than what was approved, compliance gets a task.
#[utoipa::path(post, path = "/v1/offers/{id}/record-one-off", tag = "offers", params(("id" = Uuid, Path)),
    request_body = RecordOfferOneOff, responses((status = 200, description = "Recorded", body = CommandReply)))]
async fn record_one_off(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<RecordOfferOneOff>,
) -> Result<Answer, Problem> {
    let (session, _) = case_of(&app, &session, id.0).await?;
    let RecordOfferOneOff { paid_on, amount, evidence_ref } = body.value;
    let payment = OneOffPayment { paid_on: paid_on.0, amount: amount.into(), evidence_ref: evidence_ref.0 };
    let envelope = session.envelope("offers.record-one-off", 200, &body.bytes);
    let dispatcher = app.dispatcher();
    let gather = || async {
        let loaded = dispatcher.load::<Offer>(&session.employer, id.0).await?;
        let standing = loaded.state.standing().ok_or(DispatchError::NotFound)?;
        let (started_on, guard) = came_back_on(dispatcher, &session.employer, standing.application_id)
            .await?
            .ok_or(DispatchError::NotFound)?;
        let priced_by = match &standing.assessed {
            Some(assessed) => pay::priced_by(dispatcher, &session.employer, &assessed.basis).await?.map(Box::new),
            None => None,
        };
        let one_off = OneOff { payment: payment.clone(), started_on, priced_by };
        Ok(Gathered { guards: vec![guard], ..Gathered::order(OfferCommand::RecordOneOff(Box::new(one_off))) })
    };
    Ok(Answer::done(&dispatcher.send_with::<Offer, _, _>(&envelope, id.0, gather).await?))
}

/// The figures of an assessment as people read them, to four places; `null` where one is undefined. What was decided by are
/// the fractions.
#[derive(Debug, Serialize, ToSchema)]
struct RoundedView {
    #[schema(examples("1.0800"))]
    compa_ratio: Option<String>,
    range_penetration: Option<String>,
    peer_ratio: Option<String>,
    leapfrog_share: Option<String>,
    manager_differential: Option<String>,
    stayer_ratio: Option<String>,
    guide_distance: Option<String>,
    /// What it costs a year to remedy those who are overtaken, in minor units.
    #[schema(examples("885000"))]
    remedy_cost: String,
}

impl RoundedView {
    fn of(assessment: &Assessment) -> Self {
        let read = |ratio: Ratio| match ratio {
            Ratio::Is(value) => Some(value.decimal(4)),
            Ratio::Undefined(_) => None,
        };
        let ratios = &assessment.ratios;
        Self {
            compa_ratio: read(ratios.compa_ratio),
            range_penetration: read(ratios.range_penetration),
            peer_ratio: read(ratios.peer_ratio),
            leapfrog_share: read(ratios.leapfrog_share),
            manager_differential: read(ratios.manager_differential),
            stayer_ratio: read(ratios.stayer_ratio),
            guide_distance: read(ratios.guide_distance),
            remedy_cost: assessment.remedy_cost.decimal(0),
        }
    }
}

/// Why an offer's pay was found as it was. Compensation and compliance see all of it, others the verdict and the rules.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OfferAssessmentView {
    offer_id: Uuid,
    /// Of which version of the terms.
    version: u32,
    /// The hash of everything that is to be approved.
    terms_hash: String,
    #[schema(inline)]
    verdict: PayVerdict,
    /// The version of the pay policy.
    #[schema(examples("pay/0195f7c2-0000-7000-8000-000000000001/2"))]
    pay_policy: String,
    /// What it rests on: policy, bands and snapshots with their hashes, what was offered, the qualification, the comparison with
    /// regular workers, the manager.
    #[serde(skip_serializing_if = "Option::is_none")]
    basis: Option<Value>,
    /// What was found: every ratio as an exact fraction, the conditions met, peers with each exclusion and its reason, who is
    /// overtaken and by how much, every rule; and what was compared once the tier stood.
    #[serde(skip_serializing_if = "Option::is_none")]
    assessment: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rounded: Option<RoundedView>,
    /// Every rule that was evaluated, those that passed as well; to whoever is not told the tier, those that did not pass.
    rules: Value,
    /// Which seats approve it; `null` to whoever is not told the tier.
    seats: Value,
}

/// Read why the pay of an offer was found as it was.
///
/// The latest assessment. 404 under pay policy 0, where nothing is assessed. The pay of an offer and of those it was compared
/// with is shown to compensation and compliance alone; where a law bans pay history, what the returner earned is for compliance
/// (PAY-07).
#[utoipa::path(get, path = "/v1/offers/{id}/assessment", tag = "offers", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The assessment", body = OfferAssessmentView)))]
async fn assessment(State(app): State<App>, session: Session, id: Id) -> Result<Json<OfferAssessmentView>, Problem> {
    let (session, standing) = come_to(&app, &session, id.0).await?;
    let found = replay::assessments(app.dispatcher(), &session.employer, id.0).await?;
    let stands =
        found.into_iter().rev().find(|one| standing.assessed.as_ref().is_some_and(|known| known.basis == one.basis));
    let Assessed { version, basis, assessment, seats, .. } = stands.ok_or_else(Problem::not_found)?;
    let needed = aggregates::offer::is_exception(&assessment);
    let (whole, tells) = (sees_everything(session.role), sees_tier(session.role));
    let rules: Vec<&RuleResult> =
        assessment.rules.iter().filter(|rule| tells || rule.outcome != Outcome::Pass).collect();
    let session = kept_back(&app, session).await?;
    let (mut whole_basis, mut whole_assessment) = (whole.then(|| json!(basis)), whole.then(|| json!(assessment)));
    if is_kept_back(&session, &json!({"legal_entity": standing.legal_entity}))
        && let (Some(basis), Some(found)) = (&mut whole_basis, &mut whole_assessment)
    {
        remove(basis, &["stint.base"]);
        remove(found, &["after_pricing"]);
    }
    Ok(Json(OfferAssessmentView {
        offer_id: id.0,
        version,
        terms_hash: standing.terms_hash.clone(),
        verdict: verdict(assessment.tier.into(), needed),
        pay_policy: standing.pay_policy.clone(),
        rules: json!(rules),
        seats: if tells { json!(seats) } else { Value::Null },
        basis: whole_basis,
        rounded: whole.then(|| RoundedView::of(&assessment)),
        assessment: whole_assessment,
    }))
}

/// What the returner is told about how their pay was set.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OfferExplanationView {
    offer_id: Uuid,
    version: u32,
    /// The template and its version.
    #[schema(examples("explanation/4"))]
    template: String,
    /// SHA-256 of the text.
    sha256: String,
    /// Whether this very text went out with the offer.
    sent: bool,
    /// What it says, in Japanese with English beside it.
    text: String,
}

/// Read what the returner is told about how their pay was set (PAY-04).
///
/// Rendered from what is recorded, by the rule version that priced the offer. The candidate reads it once the offer went out.
/// As `application/json`, as `text/html` (a page that loads nothing) or as `application/pdf` (for archives, PDF/A-2a, once it is
/// approved); page and file bear the hash of the text that was recorded.
#[utoipa::path(get, path = "/v1/offers/{id}/explanation", tag = "offers", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The explanation",
        content((OfferExplanationView = "application/json"), (String = "text/html"), (PdfFile = "application/pdf")))))]
async fn explanation(
    State(app): State<App>,
    session: Session,
    headers: HeaderMap,
    id: Id,
) -> Result<Response, Problem> {
    let form = printed::form(&headers)?;
    let (session, standing) = come_to(&app, &session, id.0).await?;
    if standing.account == session.actor && !has_gone_out(&standing) {
        return Err(Problem::not_found());
    }
    let [_, _, document] = Contents::of(&standing, &standing.labour_checks).render();
    let recorded = document.recorded();
    let sent = if standing.documents.contains(&recorded) { Sent::Yes } else { Sent::No };
    let approved = matches!(standing.phase, Phase::Approved | Phase::Extended | Phase::Accepted);
    let print = Print {
        remark: sent.remark(),
        dated: standing.approvals.iter().filter_map(|approval| approval.on).max().filter(|_| approved),
        name: format!("explanation-{}-{}", id.0, standing.version),
    };
    let told = |document: Rendered| OfferExplanationView {
        offer_id: id.0,
        version: standing.version,
        template: recorded.template,
        sha256: recorded.sha256,
        sent: sent == Sent::Yes,
        text: document.text,
    };
    printed::answer(form, document.rendered, print, told).await
}

/// Whether every assessment of an offer is found again.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OfferReplayView {
    offer_id: Uuid,
    /// One for each assessment, oldest first.
    replays: Vec<Replayed>,
}

/// Compute every assessment of an offer again, from the log alone.
///
/// With the policy, bands and snapshots that it names: the same bytes, or each difference by name. Every event that is read on
/// the way is held against the hash that was recorded of it. Records nothing.
#[utoipa::path(post, path = "/v1/offers/{id}/replay", tag = "offers", params(("id" = Uuid, Path)),
    request_body = NothingMore, responses((status = 200, description = "What was found", body = OfferReplayView)))]
async fn replay_offer(
    State(app): State<App>,
    session: Session,
    id: Id,
    _: Body<NothingMore>,
) -> Result<Json<OfferReplayView>, Problem> {
    may_read(&app, &session, id.0).await?;
    let replays = replay::offer(app.dispatcher(), &session.employer, id.0).await?;
    Ok(Json(OfferReplayView { offer_id: id.0, replays }))
}
