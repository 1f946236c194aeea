//! What a draft or a revision of a pay policy says, and what that changes.

use std::collections::{BTreeMap, BTreeSet};

use aggregates::ids::ActorId;
use aggregates::pay::{
    Fraction, GuideStep, HistoryBan, JobFunction, MinimumWage, PolicyTerms, RangeDisclosure, Seat, Thresholds, Tier,
};
use aggregates::values::Bilingual;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::http::App;
use crate::http::fields::{Given, all_named, named, restate, several_of};
use crate::http::problem::Problem;
use crate::http::request::{Day, Line, MoneyField, Session, Words, fault, one_of_or_null};

/// How many functions, and job families in each, a policy has at most.
const MOST_FAMILIES: usize = 100;
/// How many steps its guide-pay table has at most.
const MOST_STEPS: usize = 100;
/// How many minimum wages it holds at most.
const MOST_WAGES: usize = 200;
/// How many people may be named for a seat.
const MOST_PEOPLE: usize = 50;

/// An integer, as text or as a number.
#[derive(Clone, Copy, Debug)]
struct Whole(i64);

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let text = match &value {
            Value::Number(number) => number.to_string(),
            Value::String(text) if !text.starts_with('+') => text.clone(),
            Value::String(_) | Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => String::new(),
        };
        let digits = text.strip_prefix('-').unwrap_or(&text);
        let number: Option<i64> = text.parse().ok();
        if number.is_none() && !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(fault(
                "too_large",
                "The integer has more than nineteen digits, or does not fit 64 bits.",
                "整数が大きすぎます。64ビットに収まる19桁以内の値で指定してください。",
            ));
        }
        let expected = || {
            fault("not_an_integer", "An integer such as \"27\" is expected.", "\"27\" のような整数で指定してください。")
        };
        number.map(Self).ok_or_else(expected)
    }
}

/// The schema of an integer as text or as a number.
fn whole() -> Schema {
    let either = SchemaType::from_iter([Type::String, Type::Integer]);
    ObjectBuilder::new().schema_type(either).pattern(Some("^-?[0-9]{1,19}$")).examples(["27"]).build().into()
}

/// An exact fraction: `{"num": "5", "den": "100"}`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FractionParts {
    /// The numerator.
    #[schema(schema_with = whole)]
    num: Whole,
    /// The denominator; not 0.
    #[schema(schema_with = whole)]
    den: Whole,
}

/// An exact fraction, read.
#[derive(Clone, Copy, Debug)]
pub(super) struct FractionField(Fraction);

impl<'de> Deserialize<'de> for FractionField {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let FractionParts { num, den } = FractionParts::deserialize(deserializer)?;
        let none = || fault("zero_denominator", "The denominator must not be 0.", "分母に0は指定できません。");
        Fraction::new(num.0.into(), den.0.into()).map(Self).ok_or_else(none)
    }
}

impl PartialSchema for FractionField {
    fn schema() -> RefOr<Schema> {
        FractionParts::schema()
    }
}
impl ToSchema for FractionField {}

/// The bounds between the tiers. What is not given stays as it is.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ThresholdsField {
    /// Range penetration above which an offer lies in the third quarter: tier B.
    range_b: Option<FractionField>,
    /// Range penetration above which it lies in the top quarter: tier C.
    range_c: Option<FractionField>,
    /// Peer ratio below which the returner is under-placed: tier B'.
    peers_low: Option<FractionField>,
    /// Peer ratio above which: tier B.
    peers_b: Option<FractionField>,
    /// Peer ratio above which: tier C.
    peers_c: Option<FractionField>,
    /// Peer ratio above which: tier D.
    peers_d: Option<FractionField>,
    /// Stayer ratio below which the returner is under-placed: tier B'.
    stayers_low: Option<FractionField>,
    /// Stayer ratio above which: tier C.
    stayers_c: Option<FractionField>,
    /// Stayer ratio above which: tier D.
    stayers_d: Option<FractionField>,
    /// Share of peers leapfrogged above which: tier C; anybody leapfrogged at all is tier B.
    leapfrog_c: Option<FractionField>,
    /// Share of peers leapfrogged above which: tier D.
    leapfrog_d: Option<FractionField>,
    /// Distance to the manager below which: tier C; below nothing: tier D.
    manager_c: Option<FractionField>,
    /// The distance from guide pay, either way, above which: tier B.
    guide: Option<FractionField>,
}

impl ThresholdsField {
    fn onto(self, bounds: &mut Thresholds) {
        let given = [
            (&mut bounds.range_b, self.range_b),
            (&mut bounds.range_c, self.range_c),
            (&mut bounds.peers_low, self.peers_low),
            (&mut bounds.peers_b, self.peers_b),
            (&mut bounds.peers_c, self.peers_c),
            (&mut bounds.peers_d, self.peers_d),
            (&mut bounds.stayers_low, self.stayers_low),
            (&mut bounds.stayers_c, self.stayers_c),
            (&mut bounds.stayers_d, self.stayers_d),
            (&mut bounds.leapfrog_c, self.leapfrog_c),
            (&mut bounds.leapfrog_d, self.leapfrog_d),
            (&mut bounds.manager_c, self.manager_c),
            (&mut bounds.guide, self.guide),
        ];
        for (bound, value) in given {
            restate(bound, value.map(|value| value.0));
        }
    }
}

/// Job families that are compared with one another where one of them alone is too small.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct JobFunctionField {
    name: Line,
    #[schema(max_items = 100)]
    job_families: Vec<Line>,
}

/// A step of the guide-pay table.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GuideStepField {
    /// Months of relevant experience from which the step counts.
    from_months: u32,
    /// The share of the range above its minimum.
    share: FractionField,
}

/// A minimum wage (最低賃金).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MinimumWageField {
    /// The zone; everywhere that no other line names when not given.
    location: Option<Line>,
    /// For an hour, in the currency of the policy.
    hourly: MoneyField,
    /// The first day on which it is in force.
    effective_from: Day,
}

/// Who has to approve, by tier: each tier all seats of the milder ones, and at least one. A tier that is not given stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SeatsField {
    /// Allowed.
    #[serde(rename = "A")]
    #[schema(schema_with = several_of::<Seat>)]
    a: Option<Vec<String>>,
    /// Placed too low.
    #[serde(rename = "B'")]
    #[schema(schema_with = several_of::<Seat>)]
    b_prime: Option<Vec<String>>,
    /// One exception.
    #[serde(rename = "B")]
    #[schema(schema_with = several_of::<Seat>)]
    b: Option<Vec<String>>,
    /// Two exceptions.
    #[serde(rename = "C")]
    #[schema(schema_with = several_of::<Seat>)]
    c: Option<Vec<String>>,
    /// Three exceptions.
    #[serde(rename = "D")]
    #[schema(schema_with = several_of::<Seat>)]
    d: Option<Vec<String>>,
    /// Blocked: nobody approves it.
    #[serde(rename = "E")]
    #[schema(schema_with = several_of::<Seat>)]
    e: Option<Vec<String>>,
    /// Blocked: nobody approves it.
    #[serde(rename = "F")]
    #[schema(schema_with = several_of::<Seat>)]
    f: Option<Vec<String>>,
}

impl SeatsField {
    fn read(self) -> Result<BTreeMap<Tier, BTreeSet<Seat>>, Problem> {
        let tiers = [
            (Tier::A, self.a),
            (Tier::BPrime, self.b_prime),
            (Tier::B, self.b),
            (Tier::C, self.c),
            (Tier::D, self.d),
            (Tier::E, self.e),
            (Tier::F, self.f),
        ];
        let given = tiers.into_iter().filter_map(|(tier, names)| names.map(|names| (tier, names)));
        let read = |(tier, names): (Tier, Vec<String>)| {
            let seats = all_named::<Seat>(&format!("/seats/{}", <&str>::from(tier)), &names)?;
            Ok((tier, seats.into_iter().collect()))
        };
        given.map(read).collect()
    }
}

/// Who may take which seat, by the subjects of their tokens. A seat that is not given stays as it is.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ApproversField {
    /// Human resources (人事).
    #[schema(max_items = 50)]
    hr: Option<Vec<Line>>,
    /// Compensation (報酬).
    #[schema(max_items = 50)]
    compensation: Option<Vec<Line>>,
    /// The head of a division outside the hiring line.
    #[schema(max_items = 50)]
    division_head: Option<Vec<Line>>,
    /// The CHRO or the pay committee.
    #[schema(max_items = 50)]
    executive: Option<Vec<Line>>,
}

impl ApproversField {
    async fn read(self, app: &App, session: &Session) -> Result<BTreeMap<Seat, BTreeSet<ActorId>>, Problem> {
        let seats = [
            (Seat::Hr, self.hr),
            (Seat::Compensation, self.compensation),
            (Seat::DivisionHead, self.division_head),
            (Seat::Executive, self.executive),
        ];
        let given: Vec<_> =
            seats.into_iter().filter_map(|(seat, people)| people.map(|people| (seat, people))).collect();
        for (seat, people) in &given {
            at_most(&format!("/approvers/{}", <&str>::from(*seat)), people.len(), MOST_PEOPLE)?;
        }
        let mut read = BTreeMap::new();
        for (seat, people) in given {
            let mut accounts = BTreeSet::new();
            for subject in people {
                accounts.insert(app.account(&session.employer, &subject.0).await?);
            }
            read.insert(seat, accounts);
        }
        Ok(read)
    }
}

/// What a version of a policy lays down. What is not given takes the usual value on a draft, and stays on a revision.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PayPolicyField {
    /// The entity whose offers it governs; the employer's first when not given. A policy stays with its entity.
    legal_entity: Option<Line>,
    /// The clause of the pay rules that lays it down.
    #[schema(examples("賃金規程第12条"))]
    clause: Option<Line>,
    /// The currency of the entity's pay, an ISO 4217 code; `JPY` when not given.
    #[schema(pattern = "^[A-Z]{3}$", examples("JPY"))]
    currency: Option<String>,
    /// Whether what somebody earned before may be looked at; `none` when not given: no law forbids it.
    #[schema(schema_with = one_of_or_null::<HistoryBan>)]
    history_ban: Option<String>,
    /// Whether the range is told before the first interview; `not_required` when not given.
    #[schema(schema_with = one_of_or_null::<RangeDisclosure>)]
    range_disclosure: Option<String>,
    thresholds: Option<ThresholdsField>,
    /// k: no group smaller than this is compared with or shown.
    #[schema(minimum = 5, maximum = 3660)]
    smallest_group: Option<u32>,
    /// τ: how much less than the returner somebody may earn before they are leapfrogged; 5 % when not given.
    leapfrog_tolerance: Option<FractionField>,
    /// Months of tenure below which an incumbent is no peer; 3 when not given.
    #[schema(maximum = 3660)]
    peer_tenure_months: Option<u32>,
    /// How many months the tenure of a stayer may differ from the returner's at exit; 24 when not given.
    #[schema(maximum = 3660)]
    stayer_tenure_months: Option<u32>,
    /// How many days before the exit a snapshot may lie that says who worked beside the returner; 366 when not given.
    #[schema(maximum = 3660)]
    stayer_snapshot_days: Option<u32>,
    /// How many days old the snapshot of the peers may be; 183 when not given.
    #[schema(maximum = 3660)]
    snapshot_days: Option<u32>,
    /// For how many days a new band counts as fresh; 7 when not given.
    #[schema(maximum = 3660)]
    fresh_band_days: Option<u32>,
    /// Job families that are compared with one another where one alone is too small.
    #[schema(max_items = 100)]
    functions: Option<Vec<JobFunctionField>>,
    /// The guide-pay table, by months of experience; an empty one means that there is no guide pay.
    #[schema(max_items = 100)]
    guide: Option<Vec<GuideStepField>>,
    /// The minimum wages.
    #[schema(max_items = 200)]
    minimum_wages: Option<Vec<MinimumWageField>>,
    /// Ratio to the last pay above which a return needs a reason; `null` takes the limit back.
    #[serde(default)]
    #[schema(value_type = Option<FractionField>)]
    return_premium_limit: Given<FractionField>,
    /// Within how many days a question about conditions is answered (PAY-02); 14 when not given.
    #[schema(minimum = 1, maximum = 90)]
    explanation_days: Option<u32>,
    /// For how many months after the return later changes of pay are followed; 36 when not given: three yearly reviews.
    #[schema(minimum = 6, maximum = 120)]
    followed_months: Option<u32>,
    /// The month with which the fiscal year of the entity ends (PAY-08); 3 when not given: March.
    #[schema(minimum = 1, maximum = 12)]
    fiscal_year_ends: Option<u32>,
    /// The weekly hours of a regular worker; 40 when not given. Whoever works fewer is compared with them (PAY-01).
    #[schema(minimum = 1, maximum = 44)]
    full_time_hours: Option<u32>,
    /// What is told with every offer besides, as the law of the place or the employer wants it; `null` takes it back.
    #[serde(default)]
    #[schema(value_type = Option<NoticeField>)]
    notice: Given<NoticeField>,
    seats: Option<SeatsField>,
    approvers: Option<ApproversField>,
}

/// The same on a draft, which needs the clause.
#[derive(Debug)]
pub(super) struct DraftPayPolicy(pub(super) PayPolicyField);

impl<'de> Deserialize<'de> for DraftPayPolicy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let field = PayPolicyField::deserialize(deserializer)?;
        if field.clause.is_none() {
            return Err(D::Error::missing_field("clause"));
        }
        Ok(Self(field))
    }
}

impl PartialSchema for DraftPayPolicy {
    fn schema() -> RefOr<Schema> {
        match PayPolicyField::schema() {
            RefOr::T(Schema::Object(mut object)) => {
                object.required.push("clause".to_owned());
                RefOr::T(Schema::Object(object))
            }
            other @ (RefOr::Ref(_) | RefOr::T(_)) => other,
        }
    }
}

impl ToSchema for DraftPayPolicy {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        PayPolicyField::schemas(schemas);
    }
}

/// What is told with every offer besides.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NoticeField {
    /// In Japanese.
    ja: Words,
    /// In English.
    en: Words,
}

/// What a draft or a revision states, read.
#[derive(Clone, Debug)]
pub(super) struct Changes {
    legal_entity: Option<String>,
    clause: Option<String>,
    currency: Option<String>,
    history_ban: Option<HistoryBan>,
    range_disclosure: Option<RangeDisclosure>,
    thresholds: ThresholdsField,
    smallest_group: Option<u32>,
    leapfrog_tolerance: Option<Fraction>,
    peer_tenure_months: Option<u32>,
    stayer_tenure_months: Option<u32>,
    stayer_snapshot_days: Option<u32>,
    snapshot_days: Option<u32>,
    fresh_band_days: Option<u32>,
    functions: Option<Vec<JobFunction>>,
    guide: Option<Vec<GuideStep>>,
    minimum_wages: Option<Vec<MinimumWage>>,
    return_premium_limit: Given<Fraction>,
    explanation_days: Option<u32>,
    followed_months: Option<u32>,
    fiscal_year_ends: Option<u32>,
    full_time_hours: Option<u32>,
    notice: Given<Bilingual>,
    seats: BTreeMap<Tier, BTreeSet<Seat>>,
    approvers: BTreeMap<Seat, BTreeSet<ActorId>>,
}

impl PayPolicyField {
    pub(super) fn legal_entity(&self) -> Option<&str> {
        self.legal_entity.as_ref().map(|line| line.0.as_str())
    }

    /// Reads it. Who is named comes last, since that asks the directory.
    pub(super) async fn read(self, app: &App, session: &Session) -> Result<Changes, Problem> {
        Ok(Changes {
            legal_entity: self.legal_entity.map(|line| line.0),
            clause: self.clause.map(|line| line.0),
            currency: self.currency.map(currency).transpose()?,
            history_ban: self.history_ban.as_deref().map(|name| named("/history_ban", name)).transpose()?,
            range_disclosure: self
                .range_disclosure
                .as_deref()
                .map(|name| named("/range_disclosure", name))
                .transpose()?,
            thresholds: self.thresholds.unwrap_or_default(),
            smallest_group: self.smallest_group,
            leapfrog_tolerance: self.leapfrog_tolerance.map(|value| value.0),
            peer_tenure_months: self.peer_tenure_months,
            stayer_tenure_months: self.stayer_tenure_months,
            stayer_snapshot_days: self.stayer_snapshot_days,
            snapshot_days: self.snapshot_days,
            fresh_band_days: self.fresh_band_days,
            functions: self.functions.map(functions).transpose()?,
            guide: self.guide.map(guide).transpose()?,
            minimum_wages: self.minimum_wages.map(minimum_wages).transpose()?,
            return_premium_limit: self.return_premium_limit.map(|value| value.0),
            explanation_days: self.explanation_days,
            followed_months: self.followed_months,
            fiscal_year_ends: self.fiscal_year_ends,
            full_time_hours: self.full_time_hours,
            notice: self.notice.map(|words| Bilingual { ja: words.ja.0, en: words.en.0 }),
            seats: self.seats.unwrap_or_default().read()?,
            approvers: self.approvers.unwrap_or_default().read(app, session).await?,
        })
    }
}

impl Changes {
    /// What a policy lays down with these changes.
    pub(super) fn onto(self, mut terms: PolicyTerms) -> PolicyTerms {
        restate(&mut terms.legal_entity, self.legal_entity);
        restate(&mut terms.clause, self.clause);
        restate(&mut terms.currency, self.currency);
        restate(&mut terms.history_ban, self.history_ban);
        restate(&mut terms.range_disclosure, self.range_disclosure);
        self.thresholds.onto(&mut terms.thresholds);
        restate(&mut terms.smallest_group, self.smallest_group);
        restate(&mut terms.leapfrog_tolerance, self.leapfrog_tolerance);
        restate(&mut terms.peer_tenure_months, self.peer_tenure_months);
        restate(&mut terms.stayer_tenure_months, self.stayer_tenure_months);
        restate(&mut terms.stayer_snapshot_days, self.stayer_snapshot_days);
        restate(&mut terms.snapshot_days, self.snapshot_days);
        restate(&mut terms.fresh_band_days, self.fresh_band_days);
        restate(&mut terms.functions, self.functions);
        restate(&mut terms.guide, self.guide);
        restate(&mut terms.minimum_wages, self.minimum_wages);
        self.return_premium_limit.onto(&mut terms.return_premium_limit);
        restate(&mut terms.explanation_days, self.explanation_days);
        restate(&mut terms.followed_months, self.followed_months);
        restate(&mut terms.fiscal_year_ends, self.fiscal_year_ends);
        restate(&mut terms.full_time_hours, self.full_time_hours);
        self.notice.onto(&mut terms.notice);
        terms.seats.extend(self.seats);
        terms.seats.retain(|_, seats| !seats.is_empty());
        terms.approvers.extend(self.approvers);
        terms.approvers.retain(|_, people| !people.is_empty());
        terms
    }
}

fn at_most(pointer: &str, count: usize, most: usize) -> Result<(), Problem> {
    if count <= most {
        return Ok(());
    }
    let (english, japanese) =
        (format!("At most {most} entries are allowed."), format!("{most}件以内で指定してください。"));
    Err(Problem::field(pointer, "too_many", english, japanese))
}

fn currency(code: String) -> Result<String, Problem> {
    if code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Ok(code);
    }
    let (english, japanese) =
        ("An ISO 4217 code such as JPY is expected.", "JPYのような通貨コードで入力してください。");
    Err(Problem::field("/currency", "not_a_currency", english, japanese))
}

fn functions(asked: Vec<JobFunctionField>) -> Result<Vec<JobFunction>, Problem> {
    at_most("/functions", asked.len(), MOST_FAMILIES)?;
    let read = |(index, function): (usize, JobFunctionField)| {
        at_most(&format!("/functions/{index}/job_families"), function.job_families.len(), MOST_FAMILIES)?;
        let job_families = function.job_families.into_iter().map(|line| line.0).collect();
        Ok(JobFunction { name: function.name.0, job_families })
    };
    asked.into_iter().enumerate().map(read).collect()
}

fn guide(asked: Vec<GuideStepField>) -> Result<Vec<GuideStep>, Problem> {
    at_most("/guide", asked.len(), MOST_STEPS)?;
    let read = |step: GuideStepField| GuideStep { from_months: step.from_months, share: step.share.0 };
    Ok(asked.into_iter().map(read).collect())
}

fn minimum_wages(asked: Vec<MinimumWageField>) -> Result<Vec<MinimumWage>, Problem> {
    at_most("/minimum_wages", asked.len(), MOST_WAGES)?;
    let read = |wage: MinimumWageField| MinimumWage {
        location: wage.location.map(|line| line.0),
        hourly: wage.hourly.into(),
        effective_from: wage.effective_from.0,
    };
    Ok(asked.into_iter().map(read).collect())
}

#[cfg(test)]
mod tests {
    use aggregates::pay::Fraction;

    use super::{DraftPayPolicy, PayPolicyField, at_most};
    use crate::http::request::parse;

    fn fault(body: &str) -> (String, String) {
        let problem = parse::<PayPolicyField>(body.as_bytes()).unwrap_err();
        let error = problem.errors.first().unwrap();
        assert!(!error.detail_ja.is_ascii(), "{body}");
        (error.pointer.clone(), error.code.clone())
    }

    #[test]
    fn a_fraction_is_two_integers_as_text_or_as_numbers() {
        let read = |value: &str| {
            let body = format!(r#"{{"leapfrog_tolerance": {value}}}"#);
            parse::<PayPolicyField>(body.as_bytes()).unwrap().leapfrog_tolerance.map(|fraction| fraction.0)
        };
        for value in [r#"{"num": "5", "den": "100"}"#, r#"{"num": 1, "den": 20}"#, r#"{"num": "-1", "den": -20}"#] {
            assert_eq!(read(value), Some(Fraction::percent(5)), "{value}");
        }
        for (value, pointer, code) in [
            ("0.05", "", "wrong_type"),
            (r#"{"num": "5"}"#, "/den", "required"),
            (r#"{"num": 0.5, "den": 1}"#, "/num", "not_an_integer"),
            (r#"{"num": "+5", "den": 1}"#, "/num", "not_an_integer"),
            (r#"{"num": "9999999999999999999999", "den": 1}"#, "/num", "too_large"),
            (r#"{"num": 1, "den": "99999999999999999999999999999999999999999999"}"#, "/den", "too_large"),
            (r#"{"num": 1, "den": "-"}"#, "/den", "not_an_integer"),
            (r#"{"num": "5", "den": "0"}"#, "", "zero_denominator"),
            (r#"{"num": "5", "den": "9", "of": 1}"#, "/of", "unknown_field"),
        ] {
            let found = fault(&format!(r#"{{"thresholds": {{"peers_b": {value}}}}}"#));
            assert_eq!(found, (format!("/thresholds/peers_b{pointer}"), code.to_owned()), "{value}");
        }
    }

    #[test]
    fn what_there_is_not_is_pointed_at() {
        for (body, pointer) in [
            (r#"{"k": 7}"#, "/k"),
            (r#"{"thresholds": {"peers_e": 1}}"#, "/thresholds/peers_e"),
            (r#"{"approvers": {"boss": []}}"#, "/approvers/boss"),
            (r#"{"seats": {"G": []}}"#, "/seats/G"),
        ] {
            assert_eq!(fault(body), (pointer.to_owned(), "unknown_field".to_owned()));
        }
    }

    #[test]
    fn a_draft_needs_its_clause() {
        let problem = parse::<DraftPayPolicy>(b"{}").unwrap_err();
        assert_eq!((problem.errors[0].pointer.as_str(), problem.errors[0].code.as_str()), ("/clause", "required"));
        assert!(parse::<DraftPayPolicy>(r#"{"clause": "第12条"}"#.as_bytes()).is_ok());
    }

    #[test]
    fn lists_do_not_grow_without_limit() {
        assert!(at_most("/guide", 100, 100).is_ok());
        assert_eq!(at_most("/guide", 101, 100).unwrap_err().errors[0].code, "too_many");
    }
}
