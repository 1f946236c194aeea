//! The terms of an offer in a request.

use aggregates::offer::{Allowance, ContractTerm, FULL_TIME_HOURS, FixedOvertime, Pay, Period, Terms};
use aggregates::pay::{ComparedItem, DifferenceReason, LastRating, Qualification, RegularComparison, Treatment};
use aggregates::values::EmploymentType;
use chrono::{DateTime, Datelike as _, SubsecRound as _, Utc};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::http::fields::named;
use crate::http::problem::Problem;
use crate::http::request::{Day, Line, MoneyField, one_of};

/// The most allowances of one offer.
const MOST_ALLOWANCES: usize = 30;

/// Until when the contract runs.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ContractField {
    /// `indefinite` or `fixed`.
    #[schema(inline)]
    kind: ContractKind,
    /// The last day of a fixed term.
    ends_on: Option<Day>,
    /// How a fixed term is renewed, and up to how often or how long (更新上限).
    renewal: Option<Line>,
    /// Why it is for a fixed term (客観的事由), where the law of the country asks for a reason (LAB-12). It stays in the record and
    /// stands in the returner's contract: it names nobody.
    ground: Option<Line>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ContractKind {
    Indefinite,
    Fixed,
}

impl ContractField {
    pub(super) fn term(self) -> Result<ContractTerm, Problem> {
        let Self { kind, ends_on, renewal, ground } = self;
        match (kind, ends_on) {
            (ContractKind::Fixed, Some(ends_on)) => {
                let (renewal, ground) = (renewal.map(|line| line.0), ground.map(|line| line.0));
                Ok(ContractTerm::Fixed { ends_on: ends_on.0, renewal, ground })
            }
            (ContractKind::Fixed, None) => Err(Problem::field(
                "/contract/ends_on",
                "required",
                "A fixed term needs its last day.",
                "期間の定めのある契約には、終了日が必要です。",
            )),
            (ContractKind::Indefinite, None) if renewal.is_none() && ground.is_none() => Ok(ContractTerm::Indefinite),
            (ContractKind::Indefinite, _) => Err(Problem::field(
                "/contract",
                "indefinite_has_no_end",
                "An indefinite contract has neither a last day nor a renewal nor a ground.",
                "期間の定めのない契約に、終了日や更新の定め、有期の事由は指定できません。",
            )),
        }
    }
}

/// What the returner is able to do, as far as pay is compared by it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct QualificationField {
    /// Relevant experience, inside and outside, in months.
    #[schema(minimum = 0, maximum = 720)]
    experience_months: Option<u32>,
    rating: Option<RatingField>,
    /// Where the evidence of a scarce skill lies.
    scarce_skill_ref: Option<Line>,
    /// Where the assessment of the level lies that the grade follows: needed to give an offer above its band another grade.
    assessed_level_ref: Option<Line>,
}

/// The last job-related rating at exit.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RatingField {
    /// On the scale of the incumbents' ratings.
    #[schema(minimum = 1, maximum = 9)]
    rating: u32,
    rated_on: Day,
}

/// The offer beside regular workers, for whoever returns part-time or for a fixed term (同一労働同一賃金, PAY-01).
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ComparisonField {
    /// Beside which regular work, that is closest to what is offered. Names nobody.
    #[schema(examples("正社員 G4 ドライバー職"))]
    compared_with: Line,
    /// Whether work and responsibility are the same.
    same_duties: bool,
    /// Whether the scope of change of place and work is the same.
    same_change_scope: bool,
    /// Every item that is offered (`base`, `fixed_overtime`, `bonus`, `sign_on`, `allowance.` and its code), and what regular
    /// workers have besides.
    #[schema(min_items = 1, max_items = 60)]
    items: Vec<ComparedItemField>,
}

/// An item of pay or another condition, beside that of regular workers.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ComparedItemField {
    #[schema(examples("allowance.commute"))]
    item: Line,
    /// What is paid in proportion to hours is the same.
    #[schema(schema_with = one_of::<Treatment>)]
    treatment: String,
    /// Why it is worse; each reason has to hold, and the returner is told all of them. That the contract is of another type is
    /// none.
    #[schema(max_items = 6, examples(json!(["change_scope"])))]
    reasons: Option<Vec<String>>,
}

/// The most items that are compared.
const MOST_COMPARED: usize = 60;

impl ComparisonField {
    pub(super) fn comparison(self) -> Result<RegularComparison, Problem> {
        let Self { compared_with, same_duties, same_change_scope, items } = self;
        let mut compared: Vec<ComparedItem> = Vec::with_capacity(items.len().min(MOST_COMPARED));
        for (nth, ComparedItemField { item, treatment, reasons }) in items.into_iter().enumerate() {
            let pointer = format!("/comparison/items/{nth}");
            if nth == MOST_COMPARED {
                return Err(Problem::field(
                    "/comparison/items",
                    "too_many",
                    format!("At most {MOST_COMPARED} items are compared."),
                    format!("比較する項目は{MOST_COMPARED}件以内で指定してください。"),
                ));
            }
            if compared.iter().any(|known| known.item == item.0) {
                return Err(Problem::field(
                    &format!("{pointer}/item"),
                    "repeated",
                    "An item is compared once.",
                    "同じ項目は、一度だけ指定してください。",
                ));
            }
            let reason =
                |(nth, name): (usize, &String)| named::<DifferenceReason>(&format!("{pointer}/reasons/{nth}"), name);
            let treatment = named(&format!("{pointer}/treatment"), &treatment)?;
            let reasons = reasons.unwrap_or_default();
            if treatment != Treatment::Worse && !reasons.is_empty() {
                return Err(Problem::field(
                    &format!("{pointer}/reasons"),
                    "not_worse",
                    "Only what is worse has reasons.",
                    "理由は、待遇が下回る項目にのみ指定できます。",
                ));
            }
            let reasons = reasons.iter().enumerate().map(reason).collect::<Result<_, _>>()?;
            compared.push(ComparedItem { item: item.0, treatment, reasons });
        }
        if compared.is_empty() {
            return Err(Problem::field(
                "/comparison/items",
                "required",
                "A comparison has items.",
                "比較には、項目が必要です。",
            ));
        }
        Ok(RegularComparison { compared_with: compared_with.0, same_duties, same_change_scope, items: compared })
    }
}

/// The longest experience that counts, in months.
const MOST_EXPERIENCE: u32 = 720;

impl QualificationField {
    pub(super) fn qualification(self) -> Result<Qualification, Problem> {
        let Self { experience_months, rating, scarce_skill_ref, assessed_level_ref } = self;
        let rated = |RatingField { rating, rated_on }| {
            let rating = within("/qualification/rating/rating", rating, 1, 9)?;
            Ok::<_, Problem>(LastRating { rating: u8::try_from(rating).unwrap_or(u8::MAX), rated_on: rated_on.0 })
        };
        Ok(Qualification {
            experience_months: experience_months
                .map(|months| within("/qualification/experience_months", months, 0, MOST_EXPERIENCE))
                .transpose()?,
            rating: rating.map(rated).transpose()?,
            scarce_skill_ref: scarce_skill_ref.map(|line| line.0),
            assessed_level_ref: assessed_level_ref.map(|line| line.0),
        })
    }
}

/// An allowance (手当).
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AllowanceField {
    /// Which, such as `commute`.
    #[schema(examples("commute"))]
    code: Line,
    amount: MoneyField,
    /// For what time; a month when not given.
    #[schema(schema_with = one_of::<Period>)]
    period: Option<String>,
}

/// Overtime that is paid whether it is worked or not (固定残業代).
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FixedOvertimeField {
    /// For how many hours a month.
    #[schema(minimum = 1, maximum = 100)]
    hours_a_month: u32,
    /// How much a month.
    amount_a_month: MoneyField,
}

/// Pay. Nobody is asked what they earned before, here or elsewhere.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PayField {
    /// Annual base, full-time equivalent at 40 hours a week.
    base: MoneyField,
    #[schema(max_items = 30)]
    allowances: Option<Vec<AllowanceField>>,
    fixed_overtime: Option<FixedOvertimeField>,
    /// A year's bonus, where one is agreed.
    bonus: Option<MoneyField>,
    /// Paid once on return.
    sign_on: Option<MoneyField>,
}

impl PayField {
    pub(super) fn pay(self) -> Result<Pay, Problem> {
        let allowances = self.allowances.unwrap_or_default();
        if allowances.len() > MOST_ALLOWANCES {
            return Err(Problem::field(
                "/pay/allowances",
                "too_many",
                format!("At most {MOST_ALLOWANCES} allowances are allowed."),
                format!("手当は{MOST_ALLOWANCES}件以内で指定してください。"),
            ));
        }
        let allowance = |(index, asked): (usize, AllowanceField)| {
            let period = asked.period.as_deref().map(|name| named(&format!("/pay/allowances/{index}/period"), name));
            let period = period.transpose()?.unwrap_or(Period::Month);
            Ok(Allowance { code: asked.code.0, amount: asked.amount.into(), period })
        };
        let fixed_overtime = self.fixed_overtime.map(|asked| {
            within("/pay/fixed_overtime/hours_a_month", asked.hours_a_month, 1, 100)?;
            let FixedOvertimeField { hours_a_month, amount_a_month } = asked;
            Ok::<_, Problem>(FixedOvertime { hours_a_month, amount_a_month: amount_a_month.into() })
        });
        Ok(Pay {
            base: self.base.into(),
            allowances: allowances.into_iter().enumerate().map(allowance).collect::<Result<_, Problem>>()?,
            fixed_overtime: fixed_overtime.transpose()?,
            bonus: self.bonus.map(Into::into),
            sign_on: self.sign_on.map(Into::into),
        })
    }
}

/// A number within bounds.
pub(super) fn within(pointer: &str, number: u32, least: u32, most: u32) -> Result<u32, Problem> {
    if (least..=most).contains(&number) {
        return Ok(number);
    }
    Err(Problem::field(
        pointer,
        "out_of_range",
        format!("The number must lie between {least} and {most}."),
        format!("{least}から{most}までの数で指定してください。"),
    ))
}

/// Hours a week. Whoever works part time is told theirs; a full week stands where nothing else is said.
pub(super) fn weekly_hours(asked: Option<u32>, kind: EmploymentType) -> Result<u32, Problem> {
    match (asked, kind) {
        (Some(hours), _) => Ok(hours),
        (None, EmploymentType::PartTime) => Err(Problem::field(
            "/weekly_hours",
            "required",
            "Part-time employment needs its weekly hours.",
            "パートタイムの場合は、週の所定労働時間が必要です。",
        )),
        (None, EmploymentType::Regular | EmploymentType::FixedTerm | EmploymentType::Contractor) => Ok(FULL_TIME_HOURS),
    }
}

/// An instant in RFC 3339, cut to microseconds.
pub(super) fn instant_at(pointer: &str, text: &str) -> Result<DateTime<Utc>, Problem> {
    let at = DateTime::parse_from_rfc3339(text).ok().map(|at| at.with_timezone(&Utc).trunc_subsecs(6));
    at.filter(|at| (1900..=2100).contains(&at.year())).ok_or_else(|| {
        Problem::field(
            pointer,
            "not_an_instant",
            "An instant such as 2026-12-20T15:00:00Z is expected.",
            "2026-12-20T15:00:00Z のような日時で指定してください。",
        )
    })
}

/// What the terms leave open, taken from the position.
pub(super) fn completed(mut terms: Terms, location: Option<&String>, duties: &str) -> Terms {
    if terms.location.is_none() {
        terms.location = location.cloned();
    }
    if terms.duties.is_none() {
        terms.duties = Some(duties.to_owned());
    }
    terms
}

#[cfg(test)]
mod tests {
    use aggregates::values::EmploymentType;

    use super::{ContractField, PayField, instant_at, weekly_hours};
    use crate::http::request::parse;

    fn contract(text: &str) -> Result<aggregates::offer::ContractTerm, crate::http::problem::Problem> {
        parse::<ContractField>(text.as_bytes()).and_then(ContractField::term)
    }

    #[test]
    fn a_contract_has_an_end_or_none() {
        assert!(contract(r#"{"kind": "indefinite"}"#).is_ok());
        assert!(contract(r#"{"kind": "fixed", "ends_on": "2027-12-31", "renewal": "5年"}"#).is_ok());
        let code = |text: &str| contract(text).unwrap_err().errors[0].code.clone();
        assert_eq!(code(r#"{"kind": "fixed"}"#), "required");
        assert_eq!(code(r#"{"kind": "indefinite", "ends_on": "2027-12-31"}"#), "indefinite_has_no_end");
        assert_eq!(code(r#"{"kind": "seasonal"}"#), "unknown_value");
    }

    #[test]
    fn pay_points_at_what_is_wrong_with_it() {
        let pay = |text: &str| parse::<PayField>(text.as_bytes()).and_then(PayField::pay);
        let base = r#""base": {"amount": 7400000, "currency": "JPY"}"#;
        assert_eq!(pay(&format!("{{{base}}}")).unwrap().allowances, []);
        let wrong = pay(&format!(
            r#"{{{base}, "allowances": [{{"code": "a", "amount": {{"amount": 1, "currency": "JPY"}}, "period": "day"}}]}}"#
        ));
        assert_eq!(wrong.unwrap_err().errors[0].pointer, "/pay/allowances/0/period");
        let wrong = pay(&format!(
            r#"{{{base}, "fixed_overtime": {{"hours_a_month": 101, "amount_a_month": {{"amount": 1, "currency": "JPY"}}}}}}"#
        ));
        assert_eq!(wrong.unwrap_err().errors[0].code, "out_of_range");
        assert_eq!(pay(&format!(r#"{{{base}, "exit_pay": 1}}"#)).unwrap_err().errors[0].code, "unknown_field");
    }

    #[test]
    fn part_time_needs_its_hours() {
        assert_eq!(weekly_hours(None, EmploymentType::Regular).unwrap(), 40);
        assert_eq!(weekly_hours(Some(20), EmploymentType::PartTime).unwrap(), 20);
        assert_eq!(weekly_hours(None, EmploymentType::PartTime).unwrap_err().errors[0].pointer, "/weekly_hours");
    }

    #[test]
    fn an_instant_is_read_in_any_offset() {
        let at = instant_at("/expires_at", "2026-12-21T00:00:00.123456789+09:00").unwrap();
        assert_eq!(at.to_rfc3339(), "2026-12-20T15:00:00.123456+00:00");
        for text in ["", "2026-12-20", "2026-12-20T15:00:00", "+10000-01-01T00:00:00Z", "1899-12-31T00:00:00Z"] {
            assert_eq!(instant_at("/expires_at", text).unwrap_err().errors[0].code, "not_an_instant", "{text}");
        }
    }
}
