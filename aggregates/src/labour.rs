//! What labour law asks when somebody comes back (再入社の労務確認), by rule id: what can be computed is computed, with every
//! figure; what only a human being knows is asked, with the question written out. Which rules are asked, the law of the
//! entity's country says. A bar stops an offer before it is approved (LAB-04, LAB-10, LAB-12); what is asked of a human being
//! is answered by the time the offer goes out under a published pay policy, and stops nothing under pay policy 0, which no
//! later policy breaks. Whether somebody may come back is decided with the application, and a notice without an item does not
//! go out (LAB-09).

mod periods;
mod questions;

use std::collections::BTreeMap;

use chrono::{Datelike as _, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

pub(crate) use periods::months_later;
pub use periods::{Length, counted_before, needed_gap};
pub use questions::{answers, question};

use crate::checks::{Outcome, RuleResult, found, passed};
use crate::offer::{ContractTerm, Terms};
use crate::programme_policy::{Bridging, FirstReview};
use crate::rehire_policy::{DISPATCHED, DISPATCHED_BASIS, RETIRED_BASIS, VERSION_0, barred_until};
use crate::requisition::Engagement;
use crate::values::EmploymentType;

/// The fixed-term contracts that count towards an indefinite one (無期転換).
pub const CONVERSION: &str = "LAB-03";
/// Whether annual leave begins anew (年次有給休暇の継続勤務).
pub const LEAVE: &str = "LAB-05";
/// What the company counts of the earlier time (勤続年数の通算).
pub const BRIDGING: &str = "LAB-06";
/// Among the figures of LAB-06, how the first review goes ([`FirstReview`]).
pub const FIRST_REVIEW: &str = "first_review";
/// Years of service that a retirement payment is taxed by (退職所得控除).
pub const RETIREMENT_TAX: &str = "LAB-07";
/// The allowance for finding work again (再就職手当).
pub const ALLOWANCE: &str = "LAB-08";
/// Probation (試用期間).
pub const PROBATION: &str = "LAB-10";
/// What has to be filed and done by when (入社時の届出).
pub const DEADLINES: &str = "LAB-11";
/// No fixed term without a ground for whoever was employed before (Germany).
pub const FIXED_TERM_BAR: &str = "LAB-12";
/// What a break in service changes (United States).
pub const BREAK_IN_SERVICE: &str = "LAB-13";
/// What the returner owes others (前職に対する義務).
pub const PRIOR_DUTIES: &str = "LAB-14";

/// A gap of so many days or fewer raises the question whether the employment went on, where the programme policy says nothing
/// else (LAB-05).
pub const CONTINUITY_DAYS: u32 = 60;
/// After so many months of fixed-term contracts the right to an indefinite one is near, and past so many it arises (労働契約法18条).
const CONVERSION_MONTHS: (u32, u32) = (48, 60);
/// Probation after a gap of fewer months in the same work has to be justified.
const PROBATION_GAP: Months = Months::new(12);
/// An examination of so many months before stands for the one at hiring (労働安全衛生規則43条).
pub const EXAMINED_WITHIN: Months = Months::new(3);
/// After so many days without work somebody counts as newly hired (26 CFR 54.4980H-3(c)(4): 13 weeks).
const NEWLY_HIRED_AFTER_DAYS: u32 = 13 * 7;
/// Where the directive on working conditions lays down what probation there is.
const PROBATION_IN_THE_UNION: &str = "Directive (EU) 2019/1152 Art. 8";
/// Service before a break of so many months is left out (29 CFR 825.110(b): 7 years).
const SERVICE_KEPT_MONTHS: u32 = 7 * 12;
/// For so long after it was filled in the form I-9 serves again (8 CFR 274a.2(c): 3 years).
const FORM_REUSED: Months = Months::new(36);
/// Employment that ended so long before bars a fixed term no more, if a lawyer says so: 22 years did (BAG 7 AZR 452/17), 15 did
/// not (BAG 7 AZR 477/17).
const LONG_AGO: Months = Months::new(20 * 12);
/// The other member states of the European Union (ISO 3166-1).
const MEMBER_STATES: [&str; 26] = [
    "AT", "BE", "BG", "CY", "CZ", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT",
    "NL", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// The labour law that employment by an entity follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Law {
    /// Of Japan.
    #[default]
    Japan,
    /// Of Germany.
    Germany,
    /// Of another member state of the European Union: what its directives lay down.
    EuropeanUnion,
    /// Of the United States.
    UnitedStates,
    /// Of another country: only what holds everywhere is asked.
    Other,
}

impl Law {
    /// By the code of a country (ISO 3166-1), as a programme policy states it.
    pub fn of(country: Option<&str>) -> Self {
        match country {
            None | Some("JP") => Self::Japan,
            Some("DE") => Self::Germany,
            Some("US") => Self::UnitedStates,
            Some(country) if MEMBER_STATES.contains(&country) => Self::EuropeanUnion,
            Some(_) => Self::Other,
        }
    }
}

/// An earlier period of employment in the same entity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServicePeriod {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// How they were employed.
    pub employment_type: EmploymentType,
    /// In which job family.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job_family: Option<String>,
}

/// What an employer files or sees to once somebody starts (LAB-11).
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Duty {
    /// 健康保険・厚生年金保険 被保険者資格取得届.
    HealthAndPension,
    /// 雇用保険 被保険者資格取得届.
    EmploymentInsurance,
    /// 雇入時の健康診断.
    HealthCheck,
}

/// The last day of each duty towards somebody who starts on a day. A period that runs from an event leaves out its first day
/// (民法140条).
pub fn duties(start: NaiveDate) -> impl Iterator<Item = (Duty, NaiveDate)> {
    let tenth = start.with_day(1).and_then(|first| first.checked_add_months(Months::new(1)));
    let days = [
        (Duty::HealthAndPension, start.checked_add_days(Days::new(5))),
        (Duty::EmploymentInsurance, tenth.and_then(|first| first.with_day(10))),
        (Duty::HealthCheck, Some(start)),
    ];
    days.into_iter().filter_map(|(duty, day)| Some((duty, day?)))
}

/// What the checks read beside the terms.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LabourFacts {
    /// The earlier periods in the entity that employs, in any order.
    pub periods: Vec<ServicePeriod>,
    /// Whether they were employed there for a time that the record does not tell: from when, until when, or how.
    pub untold: bool,
    /// The last day that they worked in another entity of the employer, or will have: whether it is closely related to this one
    /// (資本・人事等の密接な関係) no record says.
    pub left_elsewhere: Option<NaiveDate>,
    /// Whether they left at the age of retirement (定年). Asked of a dispatched position alone.
    pub retired: bool,
    /// The job family of the position.
    pub job_family: Option<String>,
    /// How whoever is hired would work.
    pub engagement: Engagement,
    /// What the programme policy of the application lays down; nothing under version 0.
    pub programme: Option<ProgrammeRules>,
    /// The law that the entity follows.
    pub law: Law,
}

/// What a version of a programme policy lays down about whoever comes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgrammeRules {
    /// The version, such as `programme/0195…/2`.
    pub version: String,
    /// What it counts of earlier time.
    pub bridging: Vec<Bridging>,
    /// How the first review goes.
    pub first_review: FirstReview,
    /// Up to how many days without employment it is asked whether the employment went on, where it says so.
    pub continuity_days: Option<u32>,
}

/// What the name of a benefit is followed by in the figure that says from which day on earlier time is credited for it.
pub const CREDITED_FROM: &str = "_from";

/// A figure of a check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Figure {
    /// So many.
    Count(u32),
    /// A day.
    Day(NaiveDate),
    /// A way, by its name.
    Way(String),
}

impl From<u32> for Figure {
    fn from(count: u32) -> Self {
        Self::Count(count)
    }
}

impl From<FirstReview> for Figure {
    fn from(way: FirstReview) -> Self {
        Self::Way(<&str>::from(way).to_owned())
    }
}

impl From<NaiveDate> for Figure {
    fn from(day: NaiveDate) -> Self {
        Self::Day(day)
    }
}

/// A check, with its figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabourCheck {
    /// The rule and what it says.
    #[serde(flatten)]
    pub result: RuleResult,
    /// What was computed, by name: days, months, years, or a day.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub figures: BTreeMap<String, Figure>,
}

impl LabourCheck {
    fn of(result: RuleResult) -> Self {
        Self { result, figures: BTreeMap::new() }
    }

    fn with(mut self, name: &str, figure: impl Into<Figure>) -> Self {
        self.figures.insert(name.to_owned(), figure.into());
        self
    }
}

/// Every check of an offer that was first drafted on a day, in the order of the rules.
pub fn checks(facts: &LabourFacts, terms: &Terms, drafted_on: NaiveDate) -> Vec<LabourCheck> {
    // Whoever has not left when they begin anew has no gap.
    let eve = terms.starts_on.pred_opt().unwrap_or(terms.starts_on);
    let before = |period: &ServicePeriod| ServicePeriod { to: period.to.min(eve), ..period.clone() };
    let mut periods: Vec<ServicePeriod> = facts
        .periods
        .iter()
        .filter(|period| period.employment_type != EmploymentType::Contractor && period.from <= eve)
        .map(before)
        .collect();
    periods.sort_unstable_by_key(|period| (period.from, period.to));
    let served =
        Served { last: periods.iter().max_by_key(|period| period.to), periods: &periods, untold: facts.untold };
    let mut all = vec![bridging(&served, facts, terms), prior_duties(facts.law)];
    match facts.law {
        Law::Japan => {
            all.extend([conversion(&served, terms), leave(&served, facts, terms), deadlines(terms)]);
            all.push(dispatched_back(&served, facts, terms));
            all.extend(retirement_tax(&served));
            all.extend(allowance(&served, facts.left_elsewhere, drafted_on));
            all.extend(probation(&served, facts, terms, "労働契約法16条・試用期間に関する判例法理"));
        }
        Law::Germany => {
            all.push(fixed_term_bar(&served, terms));
            all.extend(probation(&served, facts, terms, PROBATION_IN_THE_UNION));
        }
        Law::EuropeanUnion => all.extend(probation(&served, facts, terms, PROBATION_IN_THE_UNION)),
        Law::UnitedStates => all.push(break_in_service(&served, terms)),
        Law::Other => {}
    }
    all.sort_by(|one, other| one.result.rule.cmp(&other.result.rule));
    all
}

/// What is known of the earlier employment by the entity.
struct Served<'a> {
    /// The periods, in their order.
    periods: &'a [ServicePeriod],
    /// The one that ended last.
    last: Option<&'a ServicePeriod>,
    /// Whether there was more, of which the record does not tell when.
    untold: bool,
}

/// A human being tells what the record does not: without it there is no figure, and none is made up.
fn untold(rule: &str, basis: &str) -> LabourCheck {
    LabourCheck::of(found(rule, Outcome::Hold, "service_unknown", basis))
}

fn prior_duties(law: Law) -> LabourCheck {
    let basis = match law {
        Law::Japan => "不正競争防止法2条1項・職業選択の自由",
        Law::Germany => "HGB §74, GeschGehG",
        Law::EuropeanUnion => "law of the country on trade secrets (Directive (EU) 2016/943) and on competition",
        Law::UnitedStates => "18 USC 1836, state law on covenants not to compete",
        Law::Other => "law of the country on trade secrets and on competition after employment",
    };
    LabourCheck::of(found(PRIOR_DUTIES, Outcome::Hold, "prior_duties", basis))
}

/// Whoever was employed by the entity before, whenever that was, is given no fixed term without an objective ground.
fn fixed_term_bar(served: &Served<'_>, terms: &Terms) -> LabourCheck {
    const LAW: &str = "TzBfG §14(2)";
    let barred = |outcome, code| found(FIXED_TERM_BAR, outcome, code, LAW);
    let long_ago = |last: &ServicePeriod| last.to.checked_add_months(LONG_AGO).is_some_and(|day| day < terms.starts_on);
    LabourCheck::of(match (&terms.contract, served.last) {
        (ContractTerm::Indefinite, _) => passed(FIXED_TERM_BAR, "indefinite_contract", LAW),
        (ContractTerm::Fixed { ground: Some(_), .. }, _) => passed(FIXED_TERM_BAR, "ground_stated", LAW),
        (ContractTerm::Fixed { ground: None, .. }, None) if !served.untold => {
            passed(FIXED_TERM_BAR, "never_employed_here", LAW)
        }
        (ContractTerm::Fixed { ground: None, .. }, Some(last)) if !served.untold && long_ago(last) => {
            barred(Outcome::Legal, "employed_long_ago")
        }
        (ContractTerm::Fixed { ground: None, .. }, _) => barred(Outcome::Block, "employed_before"),
    })
}

/// Health insurance, family leave and the form I-9, by how long somebody was away.
fn break_in_service(served: &Served<'_>, terms: &Terms) -> LabourCheck {
    const LAW: &str = "26 CFR 54.4980H-3(c)(4), 29 CFR 825.110(b)";
    if served.untold {
        return untold(BREAK_IN_SERVICE, LAW);
    }
    let Some(last) = served.last else { return LabourCheck::of(passed(BREAK_IN_SERVICE, "never_employed_here", LAW)) };
    let gap = gap_days(last, terms);
    let code = if gap >= NEWLY_HIRED_AFTER_DAYS { "newly_hired" } else { "service_continues" };
    let check = LabourCheck::of(passed(BREAK_IN_SERVICE, code, LAW))
        .with("break_weeks", gap / 7)
        .with("family_leave_months", bridged(served.periods, SERVICE_KEPT_MONTHS, terms).months);
    match last.from.checked_add_months(FORM_REUSED) {
        Some(until) => check.with("form_i9_until", until),
        None => check,
    }
}

/// Nobody is back through an agency within a year, in whatever work: the agency is told at once (労働者派遣法40条の9).
/// Who retired at sixty or later is free of it.
fn dispatched_back(served: &Served<'_>, facts: &LabourFacts, terms: &Terms) -> LabourCheck {
    if facts.engagement == Engagement::Direct {
        return LabourCheck::of(passed(DISPATCHED, "direct", DISPATCHED_BASIS));
    }
    let known = served.last.map(|last| (last.to, barred_until(last.to)));
    let told = |result| match known {
        Some((left_on, free_from)) => LabourCheck::of(result).with("left_on", left_on).with("free_from", free_from),
        None => LabourCheck::of(result),
    };
    match known {
        Some((_, free_from)) if terms.starts_on < free_from && facts.retired => {
            told(passed(DISPATCHED, "retired", RETIRED_BASIS))
        }
        Some((_, free_from)) if terms.starts_on < free_from => {
            told(found(DISPATCHED, Outcome::Block, "dispatched_within_a_year", DISPATCHED_BASIS))
        }
        Some(_) | None if served.untold => untold(DISPATCHED, DISPATCHED_BASIS),
        Some(_) => told(passed(DISPATCHED, "a_year_has_passed", DISPATCHED_BASIS)),
        None => told(passed(DISPATCHED, "never_employed_here", DISPATCHED_BASIS)),
    }
}

fn conversion(served: &Served<'_>, terms: &Terms) -> LabourCheck {
    const LAW: &str = "労働契約法18条・通算契約期間基準省令";
    let ContractTerm::Fixed { ends_on, .. } = &terms.contract else {
        return LabourCheck::of(passed(CONVERSION, "indefinite_contract", LAW));
    };
    if served.untold {
        return untold(CONVERSION, LAW);
    }
    // Of part-time work the record does not say for what time: it counts, which nobody loses by.
    let contracts: Vec<(NaiveDate, NaiveDate)> = served
        .periods
        .iter()
        .filter(|period| matches!(period.employment_type, EmploymentType::FixedTerm | EmploymentType::PartTime))
        .map(|period| (period.from, period.to))
        .collect();
    let counted = counted_before(&contracts, terms.starts_on);
    let total = counted.length.plus(Length::between(terms.starts_on, *ends_on));
    let (near, past) = CONVERSION_MONTHS;
    // One contract alone gives no such right, however long it is: the law asks for two.
    let counts = counted.length != Length::default();
    let result = match total.months {
        months if counts && (months > past || (months == past && total.days > 0)) => {
            found(CONVERSION, Outcome::Warn, "right_to_conversion", LAW)
        }
        months if months >= near => found(CONVERSION, Outcome::Warn, "near_conversion", LAW),
        _ if contracts.is_empty() => passed(CONVERSION, "no_fixed_term_before", LAW),
        _ if !counts => passed(CONVERSION, "cooled_off", LAW),
        _ => passed(CONVERSION, "counted", LAW),
    };
    let check = LabourCheck::of(result)
        .with("counted_months", counted.length.months)
        .with("counted_days", counted.length.days)
        .with("total_months", total.months)
        .with("total_days", total.days);
    match counted.needed_gap_months {
        Some(months) => check.with("needed_gap_months", months),
        None => check,
    }
}

/// Days between the last day of the earlier employment and the first day of the new one.
fn gap_days(last: &ServicePeriod, terms: &Terms) -> u32 {
    let days = terms.starts_on.signed_duration_since(last.to).num_days() - 1;
    u32::try_from(days).unwrap_or_default()
}

fn leave(served: &Served<'_>, facts: &LabourFacts, terms: &Terms) -> LabourCheck {
    const LAW: &str = "労働基準法39条・昭63.3.14基発150号";
    let Some(last) = served.last.filter(|_| !served.untold) else {
        return if served.untold {
            untold(LEAVE, LAW)
        } else {
            LabourCheck::of(passed(LEAVE, "never_employed_here", LAW))
        };
    };
    let gap = gap_days(last, terms);
    let short = facts.programme.as_ref().and_then(|programme| programme.continuity_days);
    let result = if gap <= short.unwrap_or(CONTINUITY_DAYS) {
        found(LEAVE, Outcome::Hold, "continuity", LAW)
    } else {
        passed(LEAVE, "new_start", LAW)
    };
    LabourCheck::of(result).with("gap_days", gap)
}

fn bridging(served: &Served<'_>, facts: &LabourFacts, terms: &Terms) -> LabourCheck {
    let Some(ProgrammeRules { version, bridging, first_review, .. }) = &facts.programme else {
        return LabourCheck::of(passed(BRIDGING, "nothing_bridged", VERSION_0));
    };
    let told = |check: LabourCheck| check.with(FIRST_REVIEW, *first_review);
    if bridging.is_empty() || served.periods.is_empty() && !served.untold {
        return told(LabourCheck::of(passed(BRIDGING, "nothing_bridged", version)));
    }
    if served.untold {
        return told(untold(BRIDGING, version));
    }
    let credited =
        |rule: &Bridging| rule.longest_gap_months.map_or(0, |most| bridged(served.periods, most, terms).months);
    let check = told(LabourCheck::of(passed(BRIDGING, "credited_months", version)));
    bridging.iter().fold(check, |check, rule| {
        let (benefit, months): (&str, u32) = (rule.benefit.into(), credited(rule));
        let from = rule.after_months.filter(|_| months > 0);
        let from = from.and_then(|after| terms.starts_on.checked_add_months(Months::new(after)));
        let check = check.with(benefit, months);
        match from {
            Some(from) => check.with(&format!("{benefit}{CREDITED_FROM}"), from),
            None => check,
        }
    })
}

/// The time that counts back from the new employment, up to the first gap that is too long.
fn bridged(periods: &[ServicePeriod], longest_gap_months: u32, terms: &Terms) -> Length {
    let mut next = terms.starts_on;
    let mut latest_first: Vec<&ServicePeriod> = periods.iter().collect();
    latest_first.sort_unstable_by_key(|period| std::cmp::Reverse((period.to, period.from)));
    let reached: Vec<ServicePeriod> = latest_first
        .into_iter()
        .take_while(|period| {
            let reaches = periods::months_later(period.to, longest_gap_months).is_some_and(|until| next <= until);
            next = next.min(period.from);
            reaches
        })
        .cloned()
        .collect();
    service(reached)
}

/// The whole time of earlier employment, days that two periods share once.
fn service(mut periods: Vec<ServicePeriod>) -> Length {
    periods.sort_unstable_by_key(|period| (period.from, period.to));
    let mut total = Length::default();
    let mut counted_to: Option<NaiveDate> = None;
    for period in periods {
        let from = counted_to.and_then(|to| to.succ_opt()).map_or(period.from, |next| next.max(period.from));
        if from <= period.to {
            total = total.plus(Length::between(from, period.to));
            counted_to = Some(period.to);
        }
    }
    total
}

fn retirement_tax(served: &Served<'_>) -> Option<LabourCheck> {
    const LAW: &str = "所得税法施行令69条1項";
    if served.untold {
        return Some(untold(RETIREMENT_TAX, LAW));
    }
    served.last?;
    let past = service(served.periods.to_vec());
    let years = past.months / 12 + u32::from(!past.months.is_multiple_of(12) || past.days > 0);
    let asked = LabourCheck::of(found(RETIREMENT_TAX, Outcome::Hold, "earlier_retirement_payment", LAW));
    Some(asked.with("tax_service_years", years))
}

/// Whoever is rehired by the employer that they left last, or by one closely related to it, receives no allowance.
fn allowance(served: &Served<'_>, left_elsewhere: Option<NaiveDate>, drafted_on: NaiveDate) -> Option<LabourCheck> {
    let told = |code| LabourCheck::of(found(ALLOWANCE, Outcome::Warn, code, "雇用保険法施行規則82条"));
    if let Some(left_on) = left_elsewhere
        && served.last.is_none_or(|last| last.to < left_on)
        && !served.untold
    {
        // When they left it, or will, only those read who may read of that entity.
        return Some(told("not_payable_by_related_employer"));
    }
    match served.last {
        Some(last) if drafted_on <= last.to => Some(told("agreed_before_exit").with("left_on", last.to)),
        Some(last) => Some(told("not_payable_by_same_employer").with("left_on", last.to)),
        None => served.untold.then(|| told("not_payable_by_same_employer")),
    }
}

/// Probation in work that somebody did lately is justified; where a contract is renewed for the same work, there is none.
fn probation(served: &Served<'_>, facts: &LabourFacts, terms: &Terms, basis: &'static str) -> Option<LabourCheck> {
    let months = terms.probation_months?;
    let Some(last) = served.last else { return served.untold.then(|| untold(PROBATION, basis)) };
    let same_work = facts.job_family.is_some() && last.job_family == facts.job_family;
    let short = last.to.checked_add_months(PROBATION_GAP).is_none_or(|until| terms.starts_on <= until);
    let gap = gap_days(last, terms);
    let in_the_union = matches!(facts.law, Law::Germany | Law::EuropeanUnion);
    let renewed = in_the_union && last.employment_type == EmploymentType::FixedTerm && gap <= CONTINUITY_DAYS;
    let result = match (same_work, short) {
        (true, _) if renewed => found(PROBATION, Outcome::Block, "probation_on_renewal", basis),
        (true, true) => found(PROBATION, Outcome::Warn, "probation_in_known_work", basis),
        // What the record does not tell may lie later, and be of this work.
        (true, false) | (false, _) if served.untold => return Some(untold(PROBATION, basis)),
        (true, false) | (false, _) => passed(PROBATION, "probation_stated", basis),
    };
    Some(LabourCheck::of(result).with("probation_months", months).with("gap_days", gap))
}

fn deadlines(terms: &Terms) -> LabourCheck {
    const LAW: &str = "健康保険法施行規則24条・厚生年金保険法施行規則15条・雇用保険法施行規則6条・労働安全衛生規則43条";
    let check = LabourCheck::of(passed(DEADLINES, "deadlines", LAW));
    let check = duties(terms.starts_on)
        .fold(check, |check, (duty, day)| check.with(&format!("{}_by", <&str>::from(duty)), day));
    match terms.starts_on.checked_sub_months(EXAMINED_WITHIN) {
        Some(day) => check.with("health_check_not_before", day),
        None => check,
    }
}
