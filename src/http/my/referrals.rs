//! `GET /v1/my/referrals`: what became of one's own referrals, in words that are safe to tell: no score, no pay, no reason
//! for a rejection, no earlier record.

use std::collections::{BTreeSet, HashMap};

use aggregates::checks::Outcome;
use axum::Json;
use axum::extract::State;
use chrono::{DateTime, NaiveDate, Utc};
use projections::applications::Application;
use projections::model::ReadModel;
use projections::requisitions::Requisition;
use projections::rewards::{self, Reward};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::http::App;
use crate::http::problem::{INTERNAL_ERROR, Problem};
use crate::http::reading::{self, Listed, Order, Paging};
use crate::http::referrals::reading::REFERRALS;
use crate::http::request::{Params, Session};
use crate::http::scope::by_id;
use crate::http::told::lapse_rule;
use crate::http::views::referrals::{ReferralStatus, refusal};
use crate::http::views::{MoneyView, Page, table};
use crate::ledger::{PageQuery, Waited};

/// How many rewards of a page of referrals are read.
const REWARDS: i64 = 500;

/// One's own referral.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MyReferral {
    id: Uuid,
    status: ReferralStatus,
    /// As the caller named them; `null` once it is destroyed.
    candidate_name: Option<String>,
    requisition_id: Option<Uuid>,
    /// The title of the position.
    title: Option<String>,
    submitted_at: DateTime<Utc>,
    /// While it is creditable: the first day on which it is not.
    creditable_until: Option<NaiveDate>,
    /// Why it is not creditable: the rule.
    rule: Option<String>,
    /// The law or clause behind the rule.
    basis: Option<String>,
    /// What is paid for it, or why nothing is; `null` while that is open.
    reward: Option<MyReward>,
}

/// What is paid for a referral.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub(super) struct MyReward {
    status: MyRewardStatus,
    /// The day on which it falls due.
    due_on: Option<NaiveDate>,
    /// How much, by the plan.
    #[schema(value_type = Option<MoneyView>)]
    amount: Option<Value>,
    /// Why nothing is paid, or what is looked at: the rule.
    rule: Option<String>,
    /// The law or clause behind the rule.
    basis: Option<String>,
}

/// How far a payment has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum MyRewardStatus {
    /// It falls due on `due_on`.
    Upcoming,
    /// It fell due, and is on its way to payroll.
    Due,
    /// Somebody has to look at it first.
    UnderReview,
    /// Nothing is paid; `rule` says by which rule.
    NotPayable,
}

/// Which of them.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct MyReferralsPage {
    /// In which direction; `asc` when not given.
    #[param(inline)]
    order: Option<Order>,
    /// How many items, 1 to 500; 50 when not given.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<i64>,
    /// Where the previous page ended, from its `next_cursor`.
    cursor: Option<String>,
}

/// Read one's own referrals.
///
/// In the order in which they were made. Until the candidate has agreed, and while an earlier record is in question, all that
/// is told is `received`.
#[utoipa::path(get, path = "/v1/my/referrals", tag = "my", params(MyReferralsPage),
    responses((status = 200, description = "A page of the caller's referrals", body = Page<MyReferral>)))]
pub(super) async fn referrals(
    State(app): State<App>,
    session: Session,
    Params(asked): Params<MyReferralsPage>,
) -> Result<Json<Page<MyReferral>>, Problem> {
    let paging = Paging { order: asked.order, limit: asked.limit, cursor: asked.cursor };
    let filters = vec![("referrer", vec![session.actor.to_string()])];
    let as_it_is = |_: &Session, _: &mut Value| {};
    let listed: Listed<Value> = reading::list(&app, &session, &REFERRALS, filters, None, &paging, as_it_is).await?;
    let beside = Beside::read(&app, &session, &listed.items).await?;
    let items = listed.items.iter().map(|body| beside.told(body)).collect::<Result<_, _>>()?;
    Ok(Json(Listed { items, next_cursor: listed.next_cursor }.into()))
}

/// What else the page tells of.
struct Beside {
    applications: HashMap<Uuid, String>,
    titles: HashMap<Uuid, String>,
    rewards: HashMap<Uuid, Reward>,
}

fn id(body: &Value, member: &str) -> Option<Uuid> {
    body.get(member).and_then(Value::as_str).and_then(|id| Uuid::parse_str(id).ok())
}

impl Beside {
    async fn read(app: &App, session: &Session, referrals: &[Value]) -> Result<Self, Problem> {
        let ids = |member: &str| referrals.iter().filter_map(|body| id(body, member)).collect::<BTreeSet<_>>();
        let requisitions = by_id::<Requisition>(app, session, &ids("requisition_id")).await?;
        let applications = states::<Application>(app, session, ids("application_id")).await?;
        let titles = requisitions.into_iter().map(|(id, requisition)| (id, requisition.title)).collect();
        Ok(Self { applications, titles, rewards: rewards_of(app, session, &ids("id")).await? })
    }

    fn told(&self, body: &Value) -> Result<MyReferral, Problem> {
        let state = body.get("state").and_then(Value::as_str).unwrap_or_default();
        let application = id(body, "application_id").and_then(|id| self.applications.get(&id));
        let status = status(state, application.map(String::as_str));
        let (rule, basis) = refusal(body);
        let reward = id(body, "id").and_then(|id| self.rewards.get(&id)).map(of_reward);
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
        Ok(MyReferral {
            id: id(body, "id").ok_or_else(|| Problem::of(INTERNAL_ERROR))?,
            status,
            candidate_name: text(body.pointer("/candidate/name")),
            title: id(body, "requisition_id").and_then(|id| self.titles.get(&id).cloned()),
            requisition_id: id(body, "requisition_id"),
            submitted_at: serde_json::from_value(body["submitted_at"].clone())
                .map_err(|_| Problem::of(INTERNAL_ERROR))?,
            creditable_until: (status == ReferralStatus::Creditable)
                .then(|| serde_json::from_value(body["owned_until"].clone()).ok())
                .flatten(),
            rule,
            basis,
            // Unless the candidate has agreed, nothing but what became of it; nor while that is not told.
            reward: reward.or_else(|| {
                barred(body).filter(|_| body["accepted_on"].is_string() && status != ReferralStatus::Received)
            }),
        })
    }
}

/// Where a referral stands, told by its application where there is one.
fn status(state: &str, application: Option<&str>) -> ReferralStatus {
    match (ReferralStatus::of(state), application) {
        (ReferralStatus::InReview, Some("interviewing" | "evaluated")) => ReferralStatus::Interview,
        (ReferralStatus::InReview, Some("offer_pending" | "offer_accepted" | "joining")) => ReferralStatus::Offer,
        (ReferralStatus::InReview, Some("rejoined")) => ReferralStatus::Joined,
        (
            ReferralStatus::InReview,
            Some(
                "not_eligible" | "rejected" | "withdrawn" | "offer_declined" | "offer_expired" | "offer_rescinded"
                | "no_show" | "cancelled" | "closed",
            ),
        ) => ReferralStatus::Closed,
        (status, _) => status,
    }
}

fn of_reward(reward: &Reward) -> MyReward {
    use rewards::State as S;
    let ending = reward.ending.as_ref();
    let lapsed = ending.and_then(|ending| ending.because).and_then(lapse_rule).map(str::to_owned);
    let (status, rule, basis) = match reward.state {
        S::Waiting => (MyRewardStatus::Upcoming, None, None),
        S::Due | S::Verified | S::AwaitingApproval | S::Approved => (MyRewardStatus::Due, None, None),
        S::Held => {
            let hold = reward.hold.as_ref();
            (
                MyRewardStatus::UnderReview,
                hold.and_then(|hold| hold.rule.clone()),
                hold.and_then(|hold| hold.basis.clone()),
            )
        }
        S::Lapsed | S::Ineligible | S::Forfeited => (
            MyRewardStatus::NotPayable,
            ending.and_then(|ending| ending.rule.clone()).or(lapsed),
            ending.and_then(|ending| ending.basis.clone()),
        ),
    };
    let amount = reward.amount.as_ref().and_then(|amount| serde_json::to_value(amount).ok());
    MyReward { status, due_on: reward.due_on, amount, rule, basis }
}

/// A rule that bars the reward from the beginning: it is told before anything is planned, so that nobody waits for what never
/// comes.
fn barred(body: &Value) -> Option<MyReward> {
    let blocks = |check: &&Value| check["outcome"] == json!(Outcome::Block);
    let check = body.get("checks")?.as_array()?.iter().find(blocks)?;
    let text = |member: &str| check.get(member).and_then(Value::as_str).map(str::to_owned);
    let (rule, basis) = (text("rule"), text("basis"));
    Some(MyReward { status: MyRewardStatus::NotPayable, due_on: None, amount: None, rule, basis })
}

/// The states of these documents.
async fn states<M: ReadModel>(
    app: &App,
    session: &Session,
    ids: BTreeSet<Uuid>,
) -> Result<HashMap<Uuid, String>, Problem> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let limit = i64::try_from(ids.len()).unwrap_or(i64::MAX);
    let query = PageQuery { ids: Some(ids.into_iter().collect()), limit, ..PageQuery::default() };
    match app.dispatcher().ledger().page(&table::<M>(), &session.employer.name, &query).await? {
        Waited::Behind => Err(Problem::behind()),
        Waited::Ready(page) => Ok(page
            .documents
            .into_iter()
            .filter_map(|document| {
                let body: Value = serde_json::from_str(&document.body).ok()?;
                Some((document.id, body.get("state")?.as_str()?.to_owned()))
            })
            .collect()),
    }
}

/// The latest tranche of what the caller is paid for each referral.
async fn rewards_of(app: &App, session: &Session, ids: &BTreeSet<Uuid>) -> Result<HashMap<Uuid, Reward>, Problem> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let referrals = ids.iter().map(ToString::to_string).collect();
    let filters = vec![("payee", vec![session.actor.to_string()]), ("referral_id", referrals)];
    let query = PageQuery { filters, limit: REWARDS, ..PageQuery::default() };
    match app.dispatcher().ledger().page(&table::<Reward>(), &session.employer.name, &query).await? {
        Waited::Behind => Err(Problem::behind()),
        Waited::Ready(page) => page
            .documents
            .iter()
            .map(|document| {
                let reward: Reward = serde_json::from_str(&document.body).map_err(|error| {
                    tracing::error!(%error, "a document cannot be read");
                    Problem::of(INTERNAL_ERROR)
                })?;
                Ok((reward.referral_id.0, reward))
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{MyRewardStatus, ReferralStatus, barred, status};

    #[test]
    fn the_application_tells_more_and_never_why() {
        for (state, application, told) in [
            ("in_process", None, ReferralStatus::InReview),
            ("in_process", Some("screening"), ReferralStatus::InReview),
            ("in_process", Some("evaluated"), ReferralStatus::Interview),
            ("in_process", Some("offer_pending"), ReferralStatus::Offer),
            ("in_process", Some("rejoined"), ReferralStatus::Joined),
            ("in_process", Some("rejected"), ReferralStatus::Closed),
            ("held_as_duplicate", Some("screening"), ReferralStatus::Received),
            ("awaiting_candidate", None, ReferralStatus::Received),
            ("hired", Some("rejoined"), ReferralStatus::Joined),
        ] {
            assert_eq!(status(state, application), told, "{state} {application:?}");
        }
    }

    #[test]
    fn what_is_never_paid_is_told_at_once() {
        let body = json!({"checks": [
            {"rule": "REF-01", "outcome": "pass"},
            {"rule": "REF-14", "outcome": "block", "basis": "リファラル手当規程"},
        ]});
        let told = barred(&body).unwrap();
        assert_eq!((told.status, told.rule.as_deref()), (MyRewardStatus::NotPayable, Some("REF-14")));
        assert_eq!(barred(&json!({"checks": [{"rule": "REF-02", "outcome": "hold"}]})), None);
    }
}
