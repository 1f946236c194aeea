//! `/v1/reward-plans` (リファラル手当規程): written by one person, approved by another, published from a day on.

mod reading;

use aggregates::personal::{Personal, RecordClass};
use aggregates::reward_plan::{
    Milestone, PayrollTreatment, PlanTerms, PresenceAtPayment, RewardPlan, RewardPlanCommand, SocialInsuranceClass,
};
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::App;
use super::fields::named;
use super::problem::Problem;
use super::reply::{Answer, CommandReply};
use super::request::{Body, Day, Id, Line, MoneyField, NothingMore, Session, Words, one_of_or_null};
use super::scope::{as_one, within};
use crate::dispatch::Gathered;

/// The routes.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(reading::router())
        .routes(routes!(draft))
        .routes(routes!(revise))
        .routes(routes!(approve))
        .routes(routes!(publish))
        .routes(routes!(retire))
}

async fn send(
    app: &App,
    session: &Session,
    id: Uuid,
    name: &'static str,
    bytes: &[u8],
    command: RewardPlanCommand,
) -> Result<Answer, Problem> {
    let envelope = session.envelope(name, 200, bytes);
    let gather = || {
        let order = Gathered::order(command.clone()).permit(within(session, |plan: &RewardPlan| {
            plan.standing().map(|standing| standing.legal_entity.as_str())
        }));
        as_one(app, session, order)
    };
    Ok(Answer::done(&app.dispatcher().send_with::<RewardPlan, _, _>(&envelope, id, gather).await?))
}

/// How long after the first day it falls due: `{"days": 90}` or `{"months": 3}`.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum PlanMilestoneField {
    /// So many days after the first day.
    Days(u32),
    /// So many months after it: the day of the same number (応当日), the month's last where it has none.
    Months(u32),
}

/// How payroll treats it: wage, taxed as 給与.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PlanPayrollField {
    /// The pay item.
    item_code: Line,
    /// What it is for social insurance, once that is decided.
    #[schema(schema_with = one_of_or_null::<SocialInsuranceClass>)]
    social_insurance: Option<String>,
    /// Where the note of the pension office or 社労士 lies; rewards are held without one.
    note_ref: Option<Line>,
}

/// What a version of a plan lays down (賃金規程の定め).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RewardPlanField {
    name: Line,
    /// The entity whose employees it rewards; the employer's first when not given, and that of the plan on a revision.
    legal_entity: Option<Line>,
    /// The clause of the wage rules.
    #[schema(examples("賃金規程第20条"))]
    clause: Line,
    /// When the rules were filed (届出); a plan is not published without.
    filed_on: Option<Day>,
    /// In yen; up to ¥100,000 anybody approves, up to ¥300,000 an executive, more is not published.
    amount: MoneyField,
    milestone: PlanMilestoneField,
    /// Whether the referrer must still be employed on the day of payment (支給日在籍要件); `required` when not given.
    #[schema(schema_with = one_of_or_null::<PresenceAtPayment>)]
    presence_at_payment: Option<String>,
    payroll: PlanPayrollField,
}

impl RewardPlanField {
    fn terms(self, default_entity: &str) -> Result<PlanTerms, Problem> {
        let presence =
            self.presence_at_payment.as_deref().map(|name| named("/presence_at_payment", name)).transpose()?;
        let social_insurance = self.payroll.social_insurance.as_deref();
        Ok(PlanTerms {
            name: self.name.0,
            legal_entity: self.legal_entity.map_or_else(|| default_entity.to_owned(), |line| line.0),
            clause: self.clause.0,
            filed_on: self.filed_on.map(|day| day.0),
            amount: self.amount.into(),
            milestone: match self.milestone {
                PlanMilestoneField::Days(days) => Milestone::Days(days),
                PlanMilestoneField::Months(months) => Milestone::Months(months),
            },
            presence_at_payment: presence.unwrap_or(PresenceAtPayment::Required),
            payroll: PayrollTreatment {
                item_code: self.payroll.item_code.0,
                social_insurance: social_insurance.map(|name| named("/payroll/social_insurance", name)).transpose()?,
                note_ref: self.payroll.note_ref.map(|line| line.0),
            },
        })
    }
}

/// Draft a reward plan.
///
/// It governs nothing before a second person has approved it and it is published.
#[utoipa::path(post, path = "/v1/reward-plans", tag = "reward-plans", request_body = RewardPlanField,
    responses((status = 201, description = "Drafted", body = CommandReply)))]
async fn draft(State(app): State<App>, session: Session, body: Body<RewardPlanField>) -> Result<Answer, Problem> {
    let terms = body.value.terms(&session.employer.default_legal_entity)?;
    if !session.covers(&terms.legal_entity) {
        return Err(Problem::forbidden(format!("legal entity {}", terms.legal_entity)).reason("legal_entity"));
    }
    let envelope = session.envelope("reward-plans.draft", 201, &body.bytes);
    let order = RewardPlanCommand::Draft(Box::new(terms));
    let reply = app.dispatcher().create::<RewardPlan>(&envelope, Uuid::now_v7(), order).await?;
    Ok(Answer::created("reward-plans", &reply))
}

/// Draft a new version of a reward plan.
///
/// A published version goes on governing until the new one is approved and published.
#[utoipa::path(post, path = "/v1/reward-plans/{id}/revise", tag = "reward-plans", params(("id" = Uuid, Path)),
    request_body = RewardPlanField, responses((status = 200, description = "Drafted", body = CommandReply)))]
async fn revise(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<RewardPlanField>,
) -> Result<Answer, Problem> {
    let plan = app.dispatcher().load::<RewardPlan>(&session.employer, id.0).await?;
    // The entity of a plan never changes.
    let entity = plan.state.standing().map(|standing| standing.legal_entity.clone()).ok_or_else(Problem::not_found)?;
    let order = RewardPlanCommand::Revise(Box::new(body.value.terms(&entity)?));
    send(&app, &session, id.0, "reward-plans.revise", &body.bytes, order).await
}

/// Approve the version that waits.
///
/// Never whoever drafted it. Needs `If-Match`: nobody approves what they did not see.
#[utoipa::path(post, path = "/v1/reward-plans/{id}/approve", tag = "reward-plans", params(("id" = Uuid, Path)),
    request_body = NothingMore, responses((status = 200, description = "Approved", body = CommandReply)))]
async fn approve(State(app): State<App>, session: Session, id: Id, body: Body<NothingMore>) -> Result<Answer, Problem> {
    session.must_have_seen(None)?;
    let order = RewardPlanCommand::Approve { role: session.role.as_str().to_owned() };
    send(&app, &session, id.0, "reward-plans.approve", &body.bytes, order).await
}

/// From when on it governs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PublishPlan {
    /// Not before today; today when not given.
    effective_from: Option<Day>,
}

/// Publish the approved version: it governs the referrals made from its first day on.
#[utoipa::path(post, path = "/v1/reward-plans/{id}/publish", tag = "reward-plans", params(("id" = Uuid, Path)),
    request_body = PublishPlan, responses((status = 200, description = "Published", body = CommandReply)))]
async fn publish(State(app): State<App>, session: Session, id: Id, body: Body<PublishPlan>) -> Result<Answer, Problem> {
    let order = RewardPlanCommand::Publish { effective_from: body.value.effective_from.map(|day| day.0) };
    send(&app, &session, id.0, "reward-plans.publish", &body.bytes, order).await
}

/// Why it is retired.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RetirePlan {
    /// In words.
    note: Option<Words>,
}

/// Retire a reward plan: it governs no referral from today on. Referrals made before keep the version that governed them.
#[utoipa::path(post, path = "/v1/reward-plans/{id}/retire", tag = "reward-plans", params(("id" = Uuid, Path)),
    request_body = RetirePlan, responses((status = 200, description = "Retired", body = CommandReply)))]
async fn retire(State(app): State<App>, session: Session, id: Id, body: Body<RetirePlan>) -> Result<Answer, Problem> {
    let note = body.value.note.map(|words| Personal::new(RecordClass::PayDecision, words.0));
    send(&app, &session, id.0, "reward-plans.retire", &body.bytes, RewardPlanCommand::Retire { note }).await
}
