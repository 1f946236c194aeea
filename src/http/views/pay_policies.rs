//! A pay policy as everybody sees it who writes, approves or applies it: what governs, what waits, and every version. And
//! version 0, which every employer starts with.

use std::collections::BTreeMap;

use aggregates::ids::PayPolicyId;
use aggregates::offer::PayAssessment;
use aggregates::pay::{
    EXPLANATION_DAYS, FISCAL_YEAR_ENDS, FOLLOWED_MONTHS, FULL_TIME_HOURS, HistoryBan, PolicyTerms, RangeDisclosure,
    Seat,
};
use aggregates::pay_policy::AlertOutcome;
use chrono::{DateTime, NaiveDate, Utc};
use projections::monitoring::Kind;
use projections::monitoring::suppression::SMALLEST_FOR_MANY;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::pay::sees_everything;
use super::programme_policies::BilingualView;
use super::versions::{self, BuiltInReach, PolicyRetirementView, PolicyState, PolicyVersionState};
use super::{MoneyView, Seen, each, nulls, unsaid};
use crate::http::reading::remove;
use crate::http::request::{Session, one_of, one_of_or_null};
use crate::identity::Role;

/// A pay policy (賃金決定の基準) with every version.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PayPolicyView {
    id: Uuid,
    /// A published policy goes on governing while its next version waits.
    state: PolicyState,
    /// The same as `ETag`.
    version: i64,
    /// The place in the employer's log of the last event that this shows.
    position: i64,
    /// The entity whose offers it governs.
    legal_entity: String,
    /// The number of the version that governs today.
    governing_version: Option<u32>,
    /// The number of the published version that governs next.
    upcoming_version: Option<u32>,
    /// The number of the version that waits for a second person or for its publication.
    waiting_version: Option<u32>,
    /// Its latest versions, oldest first.
    versions: Vec<PolicyVersionView>,
    drafted_at: Option<DateTime<Utc>>,
    retirement: Option<PolicyRetirementView>,
    /// What is watched over under it, once a month was over: for compensation, compliance and people operations.
    watch: Option<WatchView>,
}

/// What is watched over under a policy.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WatchView {
    /// The last day of the last month whose figures were looked at.
    closed: Option<NaiveDate>,
    /// The alerts that stand, oldest first (MON-01…05): for compensation and compliance.
    alerts: Option<Vec<PayAlertView>>,
    /// The fiscal years whose pay gap is published, oldest first (PAY-08).
    publications: Vec<PublicationView>,
}

/// A row of a monitoring report that has somebody look.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PayAlertView {
    #[schema(schema_with = one_of::<Kind>)]
    report: String,
    #[schema(examples("grade"))]
    table: String,
    /// The row; `null` for everybody.
    #[schema(examples("G4"))]
    row: Option<String>,
    #[schema(examples("MON-03"))]
    rule: String,
    /// The last day of the first month in which it was so.
    since: NaiveDate,
    /// The day that the rule names; `null` where it names none.
    due_on: Option<NaiveDate>,
    /// The last day to look.
    look_by: NaiveDate,
    raised_at: DateTime<Utc>,
    /// By when it is assessed with the workers' representatives; `null` where nobody has to (PAY-06).
    jointly_by: Option<NaiveDate>,
    /// What came of the look; `null` while nobody has looked.
    #[schema(schema_with = one_of_or_null::<AlertOutcome>)]
    outcome: Option<String>,
    evidence_ref: Option<String>,
    reviewed_by: Option<Uuid>,
    reviewed_at: Option<DateTime<Utc>>,
}

/// A fiscal year whose pay gap is published.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PublicationView {
    /// Its last day.
    year_ends: NaiveDate,
    /// The last day to publish it.
    due_on: NaiveDate,
    published_on: Option<NaiveDate>,
    evidence_ref: Option<String>,
    recorded_by: Option<Uuid>,
}

/// A pay policy (賃金決定の基準) in a list: what governs, and what is to come.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PayPolicyItem {
    id: Uuid,
    /// A published policy goes on governing while its next version waits.
    state: PolicyState,
    /// The same as `ETag`.
    version: i64,
    /// The place in the employer's log of the last event that this shows.
    position: i64,
    /// The entity whose offers it governs.
    legal_entity: String,
    /// The version that governs today.
    governing: Option<PolicyVersionView>,
    /// The published version that governs next.
    upcoming: Option<PolicyVersionView>,
    /// The version that waits for a second person or for its publication.
    waiting: Option<PolicyVersionView>,
    drafted_at: Option<DateTime<Utc>>,
    retirement: Option<PolicyRetirementView>,
}

/// A page of pay policies, and where version 0 governs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PayPolicyPage {
    /// The items, in the list's order.
    #[schema(value_type = Vec<PayPolicyItem>)]
    pub(crate) items: Vec<Seen<PayPolicyItem>>,
    /// `cursor` of the next page; `null` on the last one.
    pub(crate) next_cursor: Option<String>,
    pub(crate) built_in: BuiltInPayPolicy,
}

/// Version 0, which every employer starts with and which is never drafted nor retired.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BuiltInPayPolicy {
    /// As offers name it.
    #[schema(examples("pay/0"))]
    pub(crate) policy: String,
    /// How offers are assessed under it: they are not, and stand so on the report to compliance.
    #[schema(schema_with = one_of::<PayAssessment>)]
    pub(crate) assessment: PayAssessment,
    /// How many different people have to approve an offer under it.
    pub(crate) approvals_needed: u32,
    /// The entity that was asked for, those that the caller is limited to, or else the employer's first.
    pub(crate) entities: Vec<BuiltInReach>,
}

/// A version of a policy.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PolicyVersionView {
    /// Which version, from 1.
    number: u32,
    state: PolicyVersionState,
    terms: PolicyTermsView,
    drafted_by: Option<Uuid>,
    drafted_at: Option<DateTime<Utc>>,
    approved_by: Option<Uuid>,
    approved_at: Option<DateTime<Utc>>,
    /// The first day on which it governs.
    effective_from: Option<NaiveDate>,
    published_by: Option<Uuid>,
    /// Where it is looser than the defaults, and what that would have flipped; `null` where it is not.
    loosening: Option<LooseningView>,
    /// Why it is looser.
    reason: Option<String>,
}

/// Where a version is looser than the defaults, counted when it was published over the latest assessment of each offer. Whoever is
/// not shown all pay is told of ten decisions or more, or of k where that is more, and in multiples of it; `null` of fewer.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LooseningView {
    /// What it loosens, as JSON pointers into `terms`.
    #[schema(examples(json!(["/thresholds/peers_c"])))]
    fields: Vec<String>,
    /// How many decisions there were.
    decisions: Option<u64>,
    /// How many of them it would have put in a milder tier.
    milder: Option<u64>,
    /// How many of them it would have put in a stricter tier.
    stricter: Option<u64>,
    /// How many of them it could not have assessed.
    not_assessable: Option<u64>,
}

/// An exact fraction.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FractionView {
    #[schema(examples("27"))]
    num: String,
    #[schema(examples("25"))]
    den: String,
}

/// What a version lays down.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PolicyTermsView {
    legal_entity: String,
    /// The clause of the pay rules that lays it down.
    clause: String,
    /// The currency of the entity's pay.
    currency: String,
    /// Whether pay history may be looked at.
    #[schema(schema_with = one_of::<HistoryBan>)]
    history_ban: HistoryBan,
    /// Whether the range is told before the interview.
    #[schema(schema_with = one_of::<RangeDisclosure>)]
    range_disclosure: RangeDisclosure,
    thresholds: ThresholdsView,
    /// k: no group smaller than this is compared with or shown.
    smallest_group: u32,
    /// τ: how much less than the returner somebody may earn before they are leapfrogged.
    leapfrog_tolerance: FractionView,
    /// Months of tenure below which an incumbent is no peer.
    peer_tenure_months: u32,
    /// How many months the tenure of a stayer may differ from the returner's at exit.
    stayer_tenure_months: u32,
    /// How many days before the exit a snapshot may lie that says who worked beside the returner.
    stayer_snapshot_days: u32,
    /// How many days old the snapshot of the peers may be.
    snapshot_days: u32,
    /// For how many days a new band counts as fresh.
    fresh_band_days: u32,
    /// Job families that are compared with one another where one alone is too small.
    functions: Vec<JobFunctionView>,
    /// The guide-pay table; where it is empty there is no guide pay.
    guide: Vec<GuideStepView>,
    minimum_wages: Vec<MinimumWageView>,
    /// Ratio to the last pay above which a return needs a reason.
    return_premium_limit: Option<FractionView>,
    /// Within how many days a question about conditions is answered.
    explanation_days: u32,
    /// For how many months after the return later changes of pay are followed.
    followed_months: u32,
    /// The month with which the fiscal year of the entity ends.
    fiscal_year_ends: u32,
    /// The weekly hours of a regular worker.
    full_time_hours: u32,
    /// What is told with every offer besides.
    notice: Option<BilingualView>,
    /// Who has to approve, by tier.
    #[schema(value_type = BTreeMap<String, Vec<String>>)]
    seats: BTreeMap<String, Vec<Seat>>,
    /// Who may take which seat: ids of the actor directory.
    #[schema(value_type = BTreeMap<String, Vec<Uuid>>)]
    approvers: BTreeMap<Seat, Vec<Uuid>>,
}

/// The bounds between the tiers.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ThresholdsView {
    range_b: FractionView,
    range_c: FractionView,
    peers_low: FractionView,
    peers_b: FractionView,
    peers_c: FractionView,
    peers_d: FractionView,
    stayers_low: FractionView,
    stayers_c: FractionView,
    stayers_d: FractionView,
    leapfrog_c: FractionView,
    leapfrog_d: FractionView,
    manager_c: FractionView,
    guide: FractionView,
}

/// Job families that are compared with one another.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct JobFunctionView {
    name: String,
    job_families: Vec<String>,
}

/// A step of the guide-pay table.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GuideStepView {
    /// Months of relevant experience from which the step counts.
    from_months: u32,
    /// The share of the range above its minimum.
    share: FractionView,
}

/// A minimum wage (最低賃金).
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MinimumWageView {
    /// The zone; `null` for everywhere that no other line names.
    location: Option<String>,
    /// For an hour.
    hourly: MoneyView,
    /// The first day on which it is in force.
    effective_from: NaiveDate,
}

/// What everybody sees who may read policies, as histories compare it: without what follows from the day.
pub(crate) fn mask(session: &Session, body: &mut Value) {
    told(session.role, body);
    watched(session.role, body);
}

/// How many decisions a version would have flipped, to whoever is not shown all pay: one that flips alone is somebody's, and lies
/// between two bounds that can be read.
fn flipped(role: Role, body: &mut Value) {
    if sees_everything(role) {
        return;
    }
    each(body.get_mut("versions"), |version| {
        let least = version.pointer("/terms/smallest_group").and_then(Value::as_u64);
        let least = least.unwrap_or_default().max(SMALLEST_FOR_MANY as u64);
        let Some(counted) = version.get_mut("loosening").and_then(Value::as_object_mut) else { return };
        for count in counted.values_mut().filter(|count| count.is_u64()) {
            let many = count.as_u64().map(|count| count - count % least).filter(|many| *many > 0);
            *count = json!(many);
        }
    });
}

/// Monitoring is told to whoever reads its reports whole.
fn watched(role: Role, body: &mut Value) {
    nulls(Some(&mut *body), &["watch"]);
    if role == Role::PeopleOps {
        remove(body, &["watch.alerts"]);
    } else if !sees_everything(role) {
        body["watch"] = Value::Null;
    }
    each(body.pointer_mut("/watch/alerts"), |alert| nulls(Some(alert), &["row", "due_on"]));
}

fn told(role: Role, body: &mut Value) {
    flipped(role, body);
    remove(body, &["drafted_position"]);
    each(body.get_mut("versions"), |version| {
        nulls(Some(&mut *version), &["loosening", "reason"]);
        let Some(terms) = version.get_mut("terms") else { return };
        each(terms.get_mut("minimum_wages"), |wage| nulls(Some(wage), &["location"]));
        unsaid(Some(&mut *terms), &["functions", "guide", "minimum_wages"], &json!([]));
        unsaid(Some(&mut *terms), &["explanation_days"], &json!(EXPLANATION_DAYS));
        unsaid(Some(&mut *terms), &["followed_months"], &json!(FOLLOWED_MONTHS));
        unsaid(Some(&mut *terms), &["fiscal_year_ends"], &json!(FISCAL_YEAR_ENDS));
        unsaid(Some(&mut *terms), &["full_time_hours"], &json!(FULL_TIME_HOURS));
        nulls(Some(terms), &["return_premium_limit", "notice"]);
    });
}

/// A policy with every version, as it stands today.
pub(crate) fn shown(role: Role, today: NaiveDate, body: &mut Value) {
    versions::shown::<PayPolicyId, PolicyTerms>(today, body, |body| told(role, body));
    watched(role, body);
}

/// A policy as lists show it: of its versions those that count today.
pub(crate) fn listed(role: Role, today: NaiveDate, body: &mut Value) {
    versions::listed::<PayPolicyId, PolicyTerms>(today, body, |body| told(role, body));
    remove(body, &["watch"]);
}

#[cfg(test)]
mod tests {
    use aggregates::ids::{ActorId, PayPolicyId};
    use aggregates::pay::{MinimumWage, PolicyTerms, Seat};
    use aggregates::values::Money;
    use chrono::{DateTime, NaiveDate};
    use projections::pay_policies::PayPolicy;
    use projections::versions as model;
    use serde_json::{Value, json};
    use uuid::Uuid;

    use super::{PayPolicyItem, PayPolicyView, listed, shown};
    use crate::identity::Role;

    fn day(month: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2027, month, 1).unwrap()
    }

    /// Versions from January and March, one from May, and one that waits.
    fn full() -> Value {
        let at = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let actor = ActorId(Uuid::from_u128(3));
        let mut terms = PolicyTerms::defaults("JP-HQ", "賃金規程第12条");
        let hourly = Money { amount: 1_200, currency: "JPY".into() };
        terms.minimum_wages = vec![MinimumWage { location: None, hourly, effective_from: day(1) }];
        terms.approvers.insert(Seat::Hr, [actor].into());
        let version = |number, month: Option<u32>| model::Version {
            number,
            state: if month.is_some() { model::VersionState::Published } else { model::VersionState::Draft },
            terms: terms.clone(),
            drafted_by: actor,
            drafted_at: at,
            approved_by: month.map(|_| actor),
            approved_at: month.map(|_| at),
            effective_from: month.map(day),
            published_by: month.map(|_| actor),
            loosening: None,
            reason: None,
        };
        let document = PayPolicy {
            id: PayPolicyId(Uuid::from_u128(1)),
            state: model::State::Published,
            version: 9,
            position: 40,
            legal_entity: "JP-HQ".into(),
            versions: vec![version(1, Some(1)), version(2, Some(3)), version(3, Some(5)), version(4, None)],
            drafted_at: at,
            drafted_position: 10,
            retirement: None,
            watch: None,
        };
        serde_json::to_value(document).unwrap()
    }

    #[test]
    fn every_version_is_shown_with_what_the_day_makes_of_it() {
        let mut body = full();
        shown(Role::Compliance, day(4), &mut body);
        serde_json::from_value::<PayPolicyView>(body.clone()).unwrap();
        let states: Vec<&Value> = body["versions"].as_array().unwrap().iter().map(|one| &one["state"]).collect();
        assert_eq!(states, ["superseded", "published", "published", "draft"]);
        let numbers = ["governing_version", "upcoming_version", "waiting_version"].map(|name| body[name].clone());
        assert_eq!(numbers, [json!(2), json!(3), json!(4)]);
        let terms = &body["versions"][0]["terms"];
        assert_eq!((&terms["functions"], &terms["return_premium_limit"]), (&json!([]), &Value::Null));
        assert_eq!(
            (&terms["minimum_wages"][0]["location"], &terms["seats"]["B'"]),
            (&Value::Null, &json!(["hr", "compensation"]))
        );
    }

    #[test]
    fn how_many_decisions_a_version_would_have_flipped_is_told_by_the_ten_to_whoever_is_not_shown_all_pay() {
        let counted = |role: Role, least: u32| {
            let mut body = full();
            body["versions"][1]["terms"]["smallest_group"] = json!(least);
            body["versions"][1]["loosening"] =
                json!({"fields": ["/guide"], "decisions": 47, "milder": 12, "stricter": 9, "not_assessable": 0});
            let mut item = body.clone();
            shown(role, day(4), &mut body);
            serde_json::from_value::<PayPolicyView>(body.clone()).unwrap();
            listed(role, day(4), &mut item);
            assert_eq!(item["governing"]["loosening"], body["versions"][1]["loosening"]);
            ["decisions", "milder", "stricter", "not_assessable"]
                .map(|name| item["governing"]["loosening"][name].clone())
        };
        assert_eq!(counted(Role::Compensation, 5), [json!(47), json!(12), json!(9), json!(0)]);
        let none = Value::Null;
        for role in [Role::ProgrammeAdmin, Role::Executive, Role::PeopleOps] {
            assert_eq!(counted(role, 5), [json!(40), json!(10), none.clone(), none.clone()]);
        }
        assert_eq!(counted(Role::ProgrammeAdmin, 12), [json!(36), json!(12), none.clone(), none]);
    }

    #[test]
    fn a_list_shows_the_versions_that_count() {
        let mut body = full();
        listed(Role::Compliance, day(1), &mut body);
        serde_json::from_value::<PayPolicyItem>(body.clone()).unwrap();
        let numbers = ["governing", "upcoming", "waiting"].map(|name| body[name]["number"].clone());
        assert_eq!(numbers, [json!(1), json!(2), json!(4)]);
        assert!(body.get("versions").is_none());
        let mut before = full();
        listed(Role::Compliance, day(1).pred_opt().unwrap(), &mut before);
        assert_eq!((&before["governing"], &before["upcoming"]["number"]), (&Value::Null, &json!(1)));
    }
}
