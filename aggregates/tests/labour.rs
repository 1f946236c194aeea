//! What labour law asks when somebody comes back: the vectors of the rules, and what holds of every history.

use std::collections::BTreeMap;

use aggregates::checks::{Outcome, RuleResult};
use aggregates::labour::{
    FIRST_REVIEW, Figure, LabourCheck, LabourFacts, Law, Length, ProgrammeRules, ServicePeriod, checks, counted_before,
    needed_gap, question,
};
use aggregates::offer::{ContractTerm, Terms};
use aggregates::programme_policy::{Bridging, BridgingBenefit, FirstReview};
use aggregates::requisition::Engagement;
use aggregates::values::EmploymentType;
use chrono::Days;
use proptest::prelude::*;

use crate::samples::offer::terms;
use crate::support::day;

/// 労働者派遣法35条の5: counted from the last day, by the calendar.
#[test]
fn nobody_is_sent_back_by_an_agency_within_a_year() {
    let dispatched = |facts: LabourFacts| LabourFacts { engagement: Engagement::Dispatched, ..facts };
    let left = || dispatched(regular("2015-04-01", "2024-03-31"));
    let told = |facts: &LabourFacts, starts_on: &str| {
        let check = one(facts, &Terms { starts_on: day(starts_on), ..terms() }, "LAB-04");
        (check.result.outcome, check.result.code.clone(), check.figures.get("free_from").cloned())
    };
    let free_from = Some(Figure::Day(day("2025-03-31")));
    let barred = (Outcome::Block, "dispatched_within_a_year".to_owned(), free_from.clone());
    assert_eq!(told(&left(), "2025-03-30"), barred);
    assert_eq!(told(&left(), "2025-03-31"), (Outcome::Pass, "a_year_has_passed".to_owned(), free_from));
    let of = |facts: LabourFacts| told(&facts, "2024-06-01").1;
    // The year of whoever left on 29 February ends with the last of the next (民法143条2項).
    let leapt = dispatched(regular("2015-04-01", "2024-02-29"));
    assert_eq!(told(&leapt, "2025-02-28").0, Outcome::Block);
    assert_eq!(told(&leapt, "2025-03-01").0, Outcome::Pass);
    // What is known bars, whatever else is not told.
    assert_eq!(of(LabourFacts { untold: true, ..left() }), "dispatched_within_a_year");
    assert_eq!(told(&LabourFacts { untold: true, ..left() }, "2025-04-01").1, "service_unknown");
    // Who retired at sixty or later is free of it (40条の9).
    assert_eq!(of(LabourFacts { retired: true, ..left() }), "retired");
    assert_eq!(told(&LabourFacts { retired: true, ..left() }, "2025-03-31").1, "a_year_has_passed");
    assert_eq!(of(regular("2015-04-01", "2024-03-31")), "direct");
    assert_eq!(of(dispatched(LabourFacts::default())), "never_employed_here");
    assert_eq!(of(dispatched(LabourFacts { untold: true, ..LabourFacts::default() })), "service_unknown");
    assert!(question("LAB-04", "dispatched_within_a_year").is_some());
}

/// The cooling table: by the length of the contracts before, the gap that makes them count no more.
#[test]
fn the_gap_that_cools_off_is_half_the_contracts_six_months_at_most() {
    for (months, days, gap) in [
        (0, 1, 1),
        (1, 0, 1),
        (2, 0, 1),
        (2, 1, 2),
        (4, 0, 2),
        (4, 1, 3),
        (6, 0, 3),
        (6, 1, 4),
        (8, 0, 4),
        (8, 1, 5),
        (10, 0, 5),
        (10, 1, 6),
        (12, 0, 6),
        (59, 29, 6),
    ] {
        assert_eq!(needed_gap(Length { months, days }), gap, "{months} months and {days} days");
    }
}

#[test]
fn contracts_count_unless_a_gap_has_cooled_them_off() {
    let two_years = [(day("2022-04-01"), day("2024-03-31"))];
    let counted = |contracts: &[_], starts_on: &str| counted_before(contracts, day(starts_on)).length;
    assert_eq!(counted(&two_years, "2025-01-01"), Length::default(), "nine months");
    assert_eq!(counted(&two_years, "2024-07-01"), Length { months: 24, days: 0 }, "three months");
    assert_eq!(counted(&two_years, "2024-10-01"), Length::default(), "six months to the day");
    assert_eq!(counted(&two_years, "2024-09-30"), Length { months: 24, days: 0 }, "a day short of six");
    let three_months = [(day("2024-01-01"), day("2024-03-31"))];
    assert_eq!(counted(&three_months, "2024-05-01"), Length { months: 3, days: 0 }, "one month, two are needed");
    assert_eq!(counted(&three_months, "2024-06-01"), Length::default());
}

/// Short contracts with short gaps are one, which then needs the longer gap.
#[test]
fn contracts_that_run_on_are_merged_first() {
    let contracts = [
        (day("2024-03-01"), day("2024-04-30")),
        (day("2024-01-01"), day("2024-01-31")),
        (day("2024-05-15"), day("2024-07-14")),
    ];
    // One month, then a month without: cooled off. Two months, two weeks, two months: four, which need two months.
    let counted = counted_before(&contracts, day("2024-09-14"));
    assert_eq!((counted.length, counted.needed_gap_months), (Length { months: 4, days: 0 }, Some(2)));
    assert_eq!(counted_before(&contracts, day("2024-09-15")).length, Length::default());
    assert_eq!(counted_before(&[], day("2024-09-15")).needed_gap_months, None);
}

/// A month from the 31st ends with the month that has none (民法143条2項).
#[test]
fn months_end_with_the_month() {
    let january = [(day("2025-01-01"), day("2025-01-30"))];
    assert_eq!(counted_before(&january, day("2025-02-28")).length, Length { months: 1, days: 0 }, "thirty days");
    assert_eq!(counted_before(&january, day("2025-03-01")).length, Length::default());
    assert_eq!(Length::between(day("2025-01-31"), day("2025-02-28")), Length { months: 1, days: 0 });
    assert_eq!(Length::between(day("2025-01-31"), day("2025-02-27")), Length { months: 0, days: 28 });
    assert_eq!(Length::between(day("2024-02-29"), day("2025-02-28")), Length { months: 12, days: 0 });
    assert_eq!(Length::between(day("2025-02-01"), day("2025-01-31")), Length::default());
}

#[test]
fn an_indefinite_contract_converts_nothing() {
    let check = one(&regular("2015-04-01", "2024-03-31"), &terms(), "LAB-03");
    assert_eq!((check.result.outcome, check.result.code.as_str()), (Outcome::Pass, "indefinite_contract"));
}

#[test]
fn fixed_terms_come_near_to_five_years_and_exceed_them() {
    let before = |from, to| facts([period(from, to, EmploymentType::FixedTerm)]);
    let fixed = |ends_on: &str| Terms {
        employment_type: EmploymentType::FixedTerm,
        contract: ContractTerm::Fixed { ends_on: day(ends_on), renewal: None, ground: None },
        ..terms()
    };
    let told = |facts: &LabourFacts, terms: &Terms| {
        let check = one(facts, terms, "LAB-03");
        (
            check.result.outcome,
            check.result.code.clone(),
            count(&check, "counted_months"),
            count(&check, "total_months"),
        )
    };
    let start = terms().starts_on;
    assert_eq!(start, day("2027-01-04"));
    let four_years = before("2022-11-04", "2026-11-03");
    assert_eq!(told(&four_years, &fixed("2028-01-03")), (Outcome::Warn, "near_conversion".into(), 48, 60));
    assert_eq!(told(&four_years, &fixed("2028-01-04")), (Outcome::Warn, "right_to_conversion".into(), 48, 60));
    assert_eq!(told(&four_years, &fixed("2028-02-04")).1, "right_to_conversion");
    // One contract alone gives no right, however long.
    let long = fixed("2032-06-30");
    assert_eq!(told(&LabourFacts::default(), &long).1, "near_conversion");
    assert_eq!(told(&before("2019-01-01", "2022-12-31"), &long).1, "near_conversion");
    let long_ago = before("2019-01-01", "2022-12-31");
    assert_eq!(told(&long_ago, &fixed("2028-01-03")), (Outcome::Pass, "cooled_off".into(), 0, 12));
    let short = before("2026-10-01", "2026-12-31");
    assert_eq!(told(&short, &fixed("2028-01-03")), (Outcome::Pass, "counted".into(), 3, 15));
    assert_eq!(told(&regular("2015-04-01", "2024-03-31"), &fixed("2028-01-03")).1, "no_fixed_term_before");
}

#[test]
fn a_short_gap_asks_whether_the_employment_went_on() {
    let told = |to: &str| {
        let check = one(&regular("2015-04-01", to), &terms(), "LAB-05");
        (check.result.outcome, check.result.code.clone(), count(&check, "gap_days"))
    };
    assert_eq!(told("2026-11-04"), (Outcome::Hold, "continuity".into(), 60));
    assert_eq!(told("2026-11-03"), (Outcome::Pass, "new_start".into(), 61));
    assert_eq!(told("2027-01-03"), (Outcome::Hold, "continuity".into(), 0));
    assert_eq!(told("2027-03-31"), (Outcome::Hold, "continuity".into(), 0), "who has not left has no gap");
    let never = one(&LabourFacts::default(), &terms(), "LAB-05");
    assert_eq!((never.result.outcome, never.figures), (Outcome::Pass, BTreeMap::new()));
}

/// Whoever worked here in a time that the record does not tell may have done the same work lately (LAB-10).
#[test]
fn probation_after_a_time_that_no_record_tells_is_asked_about() {
    for law in [Law::Japan, Law::Germany, Law::EuropeanUnion] {
        let untold = LabourFacts { untold: true, law, ..LabourFacts::default() };
        let found = one(&untold, &terms(), "LAB-10").result;
        assert_eq!((found.outcome, found.code.as_str()), (Outcome::Hold, "service_unknown"));
        let none = Terms { probation_months: None, ..terms() };
        assert!(all(&untold, &none).iter().all(|check| check.result.rule != "LAB-10"));
    }
}

/// The policy may ask sooner, or not as soon (LAB-05).
#[test]
fn the_policy_says_up_to_how_many_days_it_is_asked_whether_employment_went_on() {
    let asked = |continuity_days, starts_on: &str| {
        let programme = Some(ProgrammeRules { continuity_days, ..programme(vec![]) });
        let facts = LabourFacts { programme, ..regular("2015-04-01", "2024-03-31") };
        one(&facts, &Terms { starts_on: day(starts_on), ..terms() }, "LAB-05").result.code
    };
    assert_eq!(asked(None, "2024-05-31"), "continuity");
    assert_eq!(asked(None, "2024-06-01"), "new_start");
    assert_eq!(asked(Some(30), "2024-05-31"), "new_start");
    assert_eq!(asked(Some(90), "2024-06-01"), "continuity");
}

fn programme(bridging: Vec<Bridging>) -> ProgrammeRules {
    ProgrammeRules {
        version: "programme/1/2".to_owned(),
        bridging,
        first_review: FirstReview::Prorated,
        continuity_days: None,
    }
}

#[test]
fn earlier_time_is_credited_by_what_the_policy_says_of_each_benefit() {
    let bridges = |benefit, longest_gap_months| Bridging {
        benefit,
        clause: "第9条".into(),
        longest_gap_months,
        after_months: None,
    };
    let mut facts = facts([
        period("2015-04-01", "2018-03-31", EmploymentType::Regular),
        // Days that two records share count once.
        period("2018-01-01", "2024-03-31", EmploymentType::Regular),
    ]);
    facts.programme = Some(programme(vec![
        bridges(BridgingBenefit::AnnualLeave, None),
        bridges(BridgingBenefit::RetirementAllowance, Some(36)),
        bridges(BridgingBenefit::Pension, Some(33)),
    ]));
    let check = one(&facts, &terms(), "LAB-06");
    let credited = |name: &str| count(&check, name);
    assert_eq!((credited("annual_leave"), credited("retirement_allowance"), credited("pension")), (0, 108, 0));
    assert_eq!(check.result.basis.as_deref(), Some("programme/1/2"));
    let review = |check: &LabourCheck| check.figures.get(FIRST_REVIEW).cloned();
    assert_eq!(review(&check), Some(Figure::Way("prorated".to_owned())));
    let none = one(&LabourFacts { programme: Some(programme(vec![])), ..facts.clone() }, &terms(), "LAB-06");
    assert_eq!((none.result.code.as_str(), review(&none)), ("nothing_bridged", review(&check)));
    let version_0 = one(&LabourFacts { programme: None, ..facts.clone() }, &terms(), "LAB-06");
    assert_eq!((version_0.result.code.as_str(), review(&version_0)), ("nothing_bridged", None));
    // What counts only after some months says from when on; what counts for nothing does not.
    let later = |most| Bridging { after_months: Some(6), ..bridges(BridgingBenefit::Pension, most) };
    let credited_from = |most| {
        let check =
            one(&LabourFacts { programme: Some(programme(vec![later(most)])), ..facts.clone() }, &terms(), "LAB-06");
        (count(&check, "pension"), check.figures.get("pension_from").cloned())
    };
    assert_eq!(credited_from(Some(36)), (108, Some(Figure::Day(day("2027-07-04")))));
    assert_eq!(credited_from(Some(33)), (0, None));
    // What lies before a gap that is too long is not reached.
    facts.periods = vec![
        period("2000-04-01", "2005-03-31", EmploymentType::Regular),
        period("2020-04-01", "2024-03-31", EmploymentType::Regular),
        period("2025-01-01", "2026-06-30", EmploymentType::Regular),
    ];
    let check = one(&facts, &terms(), "LAB-06");
    let credited = |name: &str| count(&check, name);
    assert_eq!((credited("annual_leave"), credited("retirement_allowance"), credited("pension")), (0, 66, 66));
}

#[test]
fn years_of_service_are_rounded_up_for_the_tax() {
    let years = |to: &str| count(&one(&regular("2015-04-01", to), &terms(), "LAB-07"), "tax_service_years");
    assert_eq!((years("2024-03-31"), years("2024-04-01"), years("2015-04-01")), (9, 10, 1));
    assert!(all(&LabourFacts::default(), &terms()).iter().all(|check| check.result.rule != "LAB-07"));
}

#[test]
fn whoever_agrees_before_they_leave_is_told_about_the_allowance() {
    let code = |to: &str| one(&regular("2015-04-01", to), &terms(), "LAB-08").result.code;
    assert_eq!(code("2024-03-31"), "not_payable_by_same_employer");
    assert_eq!(code("2026-11-25"), "agreed_before_exit");
}

#[test]
fn probation_in_known_work_is_justified_within_a_year() {
    let mut facts = regular("2015-04-01", "2026-01-04");
    facts.job_family = Some("driver".to_owned());
    let on_probation = Terms { probation_months: Some(3), ..terms() };
    let told = |facts: &LabourFacts| one(facts, &on_probation, "LAB-10").result.code;
    assert_eq!(told(&facts), "probation_in_known_work");
    assert_eq!(told(&LabourFacts { job_family: Some("sales".to_owned()), ..facts.clone() }), "probation_stated");
    let mut earlier = regular("2015-04-01", "2026-01-03");
    earlier.job_family = Some("driver".to_owned());
    assert_eq!(told(&earlier), "probation_stated");
    let unstated = Terms { probation_months: None, ..terms() };
    assert!(all(&facts, &unstated).iter().all(|check| check.result.rule != "LAB-10"));
}

#[test]
fn what_is_filed_has_its_days() {
    let check = one(&LabourFacts::default(), &Terms { starts_on: day("2026-12-31"), ..terms() }, "LAB-11");
    let days = [
        ("employment_insurance_by", "2027-01-10"),
        ("health_and_pension_by", "2027-01-05"),
        ("health_check_by", "2026-12-31"),
        ("health_check_not_before", "2026-09-30"),
    ];
    let expected: BTreeMap<String, Figure> =
        days.into_iter().map(|(name, on)| (name.to_owned(), Figure::Day(day(on)))).collect();
    assert_eq!(check.figures, expected);
}

#[test]
fn each_country_is_asked_by_its_own_law() {
    let rules = |law, terms: &Terms| {
        let facts = LabourFacts { law, ..regular("2015-04-01", "2024-03-31") };
        all(&facts, terms).into_iter().map(|check| check.result.rule).collect::<Vec<_>>()
    };
    let on_probation = Terms { probation_months: Some(3), ..terms() };
    let japanese = ["LAB-03", "LAB-04", "LAB-05", "LAB-06", "LAB-07", "LAB-08", "LAB-10", "LAB-11", "LAB-14"];
    assert_eq!(rules(Law::Japan, &on_probation), japanese);
    assert_eq!(rules(Law::Germany, &on_probation), ["LAB-06", "LAB-10", "LAB-12", "LAB-14"]);
    assert_eq!(rules(Law::UnitedStates, &on_probation), ["LAB-06", "LAB-13", "LAB-14"]);
    assert_eq!(rules(Law::EuropeanUnion, &on_probation), ["LAB-06", "LAB-10", "LAB-14"]);
    assert_eq!(rules(Law::Other, &on_probation), ["LAB-06", "LAB-14"]);
    let countries = [None, Some("JP"), Some("DE"), Some("US"), Some("FR"), Some("GB")];
    let laws = [Law::Japan, Law::Japan, Law::Germany, Law::UnitedStates, Law::EuropeanUnion, Law::Other];
    assert_eq!(countries.map(Law::of), laws);
}

#[test]
fn in_germany_nobody_returns_to_a_fixed_term_without_a_ground() {
    let fixed = |ground: Option<&str>| Terms {
        employment_type: EmploymentType::FixedTerm,
        contract: ContractTerm::Fixed { ends_on: day("2028-01-03"), renewal: None, ground: ground.map(str::to_owned) },
        ..terms()
    };
    let german = |facts: LabourFacts| LabourFacts { law: Law::Germany, ..facts };
    let told = |facts: LabourFacts, terms: &Terms| {
        let RuleResult { outcome, code, .. } = one(&german(facts), terms, "LAB-12").result;
        (outcome, code)
    };
    let before = || regular("2015-04-01", "2024-03-31");
    assert_eq!(told(before(), &fixed(None)), (Outcome::Block, "employed_before".into()));
    assert_eq!(told(before(), &fixed(Some("Vertretung"))), (Outcome::Pass, "ground_stated".into()));
    assert_eq!(told(before(), &terms()), (Outcome::Pass, "indefinite_contract".into()));
    assert_eq!(told(LabourFacts::default(), &fixed(None)), (Outcome::Pass, "never_employed_here".into()));
    let contractor = facts([period("2015-04-01", "2024-03-31", EmploymentType::Contractor)]);
    assert_eq!(told(contractor, &fixed(None)).1, "never_employed_here");
    // Work begins on 4 January 2027. Whenever it was, it bars; after more than twenty years a lawyer may see it otherwise.
    let untold = LabourFacts { untold: true, ..LabourFacts::default() };
    assert_eq!(told(untold, &fixed(None)), (Outcome::Block, "employed_before".into()));
    assert_eq!(told(regular("2000-04-01", "2007-01-04"), &fixed(None)), (Outcome::Block, "employed_before".into()));
    let long_ago = || regular("2000-04-01", "2007-01-03");
    assert_eq!(told(long_ago(), &fixed(None)), (Outcome::Legal, "employed_long_ago".into()));
    let and_untold = LabourFacts { untold: true, ..long_ago() };
    assert_eq!(told(and_untold, &fixed(None)), (Outcome::Block, "employed_before".into()));
}

#[test]
fn in_the_union_a_contract_is_renewed_without_probation() {
    let driving = |law, kind, to: &str| {
        let mut facts =
            LabourFacts { law, job_family: Some("driver".to_owned()), ..facts([period("2024-04-01", to, kind)]) };
        facts.periods.iter_mut().for_each(|period| period.job_family = Some("driver".to_owned()));
        facts
    };
    let on_probation = Terms { probation_months: Some(3), ..terms() };
    let told = |facts: &LabourFacts| {
        let RuleResult { outcome, code, .. } = one(facts, &on_probation, "LAB-10").result;
        (outcome, code)
    };
    let warned = || (Outcome::Warn, "probation_in_known_work".to_owned());
    // Sixty days lie between 4 November 2026 and 4 January 2027.
    for law in [Law::Germany, Law::EuropeanUnion] {
        let renewed = driving(law, EmploymentType::FixedTerm, "2026-11-04");
        assert_eq!(told(&renewed), (Outcome::Block, "probation_on_renewal".into()));
        assert_eq!(told(&driving(law, EmploymentType::FixedTerm, "2026-11-03")), warned());
        assert_eq!(told(&driving(law, EmploymentType::Regular, "2026-11-04")), warned());
        let other_work = LabourFacts { job_family: Some("sales".to_owned()), ..renewed };
        assert_eq!(told(&other_work).0, Outcome::Pass);
    }
    assert_eq!(told(&driving(Law::Japan, EmploymentType::FixedTerm, "2026-11-04")), warned());
}

/// Nothing is computed of a time that the record does not tell: it is asked.
#[test]
fn what_the_record_does_not_tell_is_asked() {
    let fixed = Terms {
        contract: ContractTerm::Fixed { ends_on: day("2028-01-03"), renewal: None, ground: None },
        probation_months: None,
        ..terms()
    };
    let leave = Bridging {
        benefit: BridgingBenefit::AnnualLeave,
        clause: "第9条".into(),
        longest_gap_months: Some(12),
        after_months: None,
    };
    let untold = |law, facts: LabourFacts| {
        let facts = LabourFacts { law, untold: true, programme: Some(programme(vec![leave.clone()])), ..facts };
        all(&facts, &fixed)
            .into_iter()
            .filter(|check| check.result.code == "service_unknown")
            .map(|LabourCheck { result, figures }| {
                let computed = figures.keys().filter(|name| *name != FIRST_REVIEW).count();
                assert_eq!((result.outcome, computed), (Outcome::Hold, 0), "{}", result.rule);
                result.rule
            })
            .collect::<Vec<_>>()
    };
    for known in [LabourFacts::default(), regular("2015-04-01", "2024-03-31")] {
        assert_eq!(untold(Law::Japan, known.clone()), ["LAB-03", "LAB-05", "LAB-06", "LAB-07"]);
        assert_eq!(untold(Law::UnitedStates, known.clone()), ["LAB-06", "LAB-13"]);
        assert_eq!(untold(Law::Other, known), ["LAB-06"]);
    }
    let told = one(&LabourFacts { untold: true, ..LabourFacts::default() }, &terms(), "LAB-08");
    assert_eq!((told.result.code.as_str(), told.figures.len()), ("not_payable_by_same_employer", 0));
}

/// Of the allowance it is the employer that they left last which counts, and whoever is closely related to it (LAB-08).
#[test]
fn whoever_left_another_entity_last_is_asked_how_the_two_are_related() {
    let elsewhere = |left_on: &str, facts: LabourFacts| {
        let check = one(&LabourFacts { left_elsewhere: Some(day(left_on)), ..facts }, &terms(), "LAB-08");
        assert_eq!(check.result.outcome, Outcome::Warn);
        (check.result.code, check.figures.contains_key("left_on"))
    };
    let related = ("not_payable_by_related_employer".to_owned(), false);
    assert_eq!(elsewhere("2025-03-31", LabourFacts::default()), related);
    assert_eq!(elsewhere("2025-03-31", regular("2015-04-01", "2024-03-31")), related);
    let same = ("not_payable_by_same_employer".to_owned(), true);
    assert_eq!(elsewhere("2024-03-31", regular("2015-04-01", "2024-03-31")), same, "they went on here as long");
    assert_eq!(elsewhere("2020-03-31", regular("2015-04-01", "2024-03-31")), same);
    assert_eq!(elsewhere("2099-03-31", LabourFacts::default()), related, "a notice given there is nobody's business");
    let unknown = LabourFacts { untold: true, ..LabourFacts::default() };
    assert_eq!(elsewhere("2025-03-31", unknown), ("not_payable_by_same_employer".to_owned(), false));
}

#[test]
fn in_the_united_states_a_break_is_measured() {
    let american = |periods: Vec<ServicePeriod>| LabourFacts { law: Law::UnitedStates, ..facts(periods) };
    let told = |periods: Vec<ServicePeriod>| one(&american(periods), &terms(), "LAB-13");
    let one_period = |from: &str, to: &str| vec![period(from, to, EmploymentType::Regular)];
    // Work begins on 4 January 2027: 91 days without work are 13 weeks.
    let continued = told(one_period("2024-04-01", "2026-10-05"));
    assert_eq!((continued.result.code.as_str(), count(&continued, "break_weeks")), ("service_continues", 12));
    let anew = told(one_period("2024-04-01", "2026-10-04"));
    assert_eq!((anew.result.code.as_str(), count(&anew, "break_weeks")), ("newly_hired", 13));
    assert_eq!(anew.figures.get("form_i9_until"), Some(&Figure::Day(day("2027-04-01"))));
    // Service before a break of seven years does not count.
    let months = |periods| count(&told(periods), "family_leave_months");
    assert_eq!(months(one_period("2019-01-04", "2020-01-04")), 12);
    assert_eq!(months(one_period("2019-01-03", "2020-01-03")), 0);
    assert_eq!(told(vec![]).result.code, "never_employed_here");
}

#[test]
fn a_figure_reads_as_it_was_written() {
    for check in all(&regular("2015-04-01", "2026-11-25"), &terms()) {
        let written = serde_json::to_string(&check).expect("JSON");
        assert_eq!(serde_json::from_str::<LabourCheck>(&written).expect("a check"), check, "{written}");
    }
}

proptest! {
    /// Whatever does not pass asks a question in both languages, nothing is asked of what passes, and the order of the records
    /// says nothing.
    #[test]
    fn every_open_check_asks_and_the_order_of_records_says_nothing(
        spans in prop::collection::vec((0_u64..4_000, 1_u64..2_000, 0_usize..4), 0..5),
        fixed in any::<bool>(),
        probation in prop::option::of(1_u32..7),
        law in prop::sample::select(vec![
            Law::Japan, Law::Germany, Law::EuropeanUnion, Law::UnitedStates, Law::Other,
        ]),
        untold in any::<bool>(),
    ) {
        let kinds = [
            EmploymentType::Regular, EmploymentType::FixedTerm, EmploymentType::PartTime, EmploymentType::Contractor,
        ];
        let periods = |span: &(u64, u64, usize)| {
            let from = day("2014-01-01") + Days::new(span.0);
            ServicePeriod { from, to: from + Days::new(span.1), employment_type: kinds[span.2], job_family: None }
        };
        let contract = if fixed {
            ContractTerm::Fixed { ends_on: day("2028-03-31"), renewal: None, ground: None }
        } else {
            ContractTerm::Indefinite
        };
        let terms = Terms { contract, probation_months: probation, ..terms() };
        let mut facts = LabourFacts { periods: spans.iter().map(periods).collect(), law, untold, ..LabourFacts::default() };
        let found = all(&facts, &terms);
        for LabourCheck { result, .. } in &found {
            let asks = question(&result.rule, &result.code);
            prop_assert_eq!(asks.is_some(), result.outcome != Outcome::Pass, "{} {}", result.rule, result.code);
            prop_assert!(result.basis.as_deref().is_some_and(|basis| !basis.is_empty()), "{}", result.rule);
            prop_assert!(asks.is_none_or(|(ja, en)| !ja.is_ascii() && en.is_ascii()));
        }
        let rules: Vec<&str> = found.iter().map(|check| check.result.rule.as_str()).collect();
        prop_assert!(rules.is_sorted_by(|one, two| one < two), "{:?}", rules);
        facts.periods.reverse();
        prop_assert_eq!(found, all(&facts, &terms));
    }

    /// More contracts never count for less, and a longer gap never for more.
    #[test]
    fn a_longer_gap_never_counts_more(length in 1_u64..2_500, gap in 0_u64..400, more in 0_u64..400) {
        let from = day("2015-01-01");
        let to = from + Days::new(length);
        let counted = |gap: u64| counted_before(&[(from, to)], to + Days::new(1 + gap)).length;
        prop_assert!(counted(gap + more) <= counted(gap));
        prop_assert_eq!(counted(0), Length::between(from, to));
        prop_assert_eq!(counted(190), Length::default());
    }
}

fn all(facts: &LabourFacts, terms: &Terms) -> Vec<LabourCheck> {
    checks(facts, terms, day("2026-11-25"))
}

fn one(facts: &LabourFacts, terms: &Terms, rule: &str) -> LabourCheck {
    all(facts, terms).into_iter().find(|check| check.result.rule == rule).unwrap_or_else(|| panic!("{rule} is checked"))
}

fn count(check: &LabourCheck, name: &str) -> u32 {
    match check.figures.get(name) {
        Some(Figure::Count(count)) => *count,
        other => panic!("{name} is {other:?}"),
    }
}

fn period(from: &str, to: &str, employment_type: EmploymentType) -> ServicePeriod {
    ServicePeriod { from: day(from), to: day(to), employment_type, job_family: Some("driver".to_owned()) }
}

fn facts(periods: impl IntoIterator<Item = ServicePeriod>) -> LabourFacts {
    LabourFacts { periods: periods.into_iter().collect(), ..LabourFacts::default() }
}

fn regular(from: &str, to: &str) -> LabourFacts {
    facts([period(from, to, EmploymentType::Regular)])
}
