//! Pay at return: the vectors of the rules, and what holds for any offer whatever.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod equal_treatment;
mod fraction;
mod policy;
mod properties;
mod sets;

use std::collections::BTreeSet;

use aggregates::checks::Outcome;
use aggregates::pay::{
    Assessment, Band, Cohort, Condition, Facts, Fraction, Incumbent, LastRating, MinimumWage, OfferedPay, PayError,
    PolicyTerms, Qualification, RULES, Ratio, Stayer, Stint, Tier, Undefined, assess,
};
use aggregates::values::{EmploymentType, Money};
use chrono::NaiveDate;

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn yen(amount: i64) -> Money {
    Money { amount, currency: "JPY".to_owned() }
}

pub fn over(num: i128, den: i128) -> Fraction {
    Fraction::new(num, den).unwrap()
}

pub fn policy() -> PolicyTerms {
    let mut policy = PolicyTerms::defaults("JP-HQ", "賃金規程第12条");
    policy.guide.clear();
    policy
}

pub fn incumbent(number: usize, base: i64, experience_months: u32, rating: u8) -> Incumbent {
    Incumbent {
        employee_number: format!("A-{number:05}").into(),
        hired_on: day("2015-04-01"),
        location: "osaka".into(),
        employment_type: EmploymentType::Regular,
        base,
        experience_months: Some(experience_months),
        rating: Some(rating),
        manager_employee_number: None,
        on_notice: false,
        red_circled: false,
    }
}

pub fn band() -> Band {
    Band {
        grade: "G4".to_owned(),
        job_family: "driver".to_owned(),
        location: "osaka".to_owned(),
        minimum: 6_000_000,
        midpoint: 7_500_000,
        maximum: 9_000_000,
    }
}

pub fn cohort(members: Vec<Incumbent>) -> Cohort {
    Cohort { grade: "G4".to_owned(), job_family: "driver".to_owned(), members }
}

/// The worked example of the rules: a band of 6.0/7.5/9.0 million, eight peers, five of them equally or better qualified.
pub fn example(base: i64) -> Facts {
    let bases = [6_600_000, 6_900_000, 7_000_000, 7_200_000, 7_400_000, 7_600_000, 7_900_000, 8_000_000];
    let member = |(number, base): (usize, i64)| incumbent(number, base, if number < 3 { 60 } else { 120 }, 4);
    Facts {
        on: day("2026-11-25"),
        currency: "JPY".to_owned(),
        offered: OfferedPay {
            grade: "G4".to_owned(),
            job_family: "driver".to_owned(),
            location: "osaka".to_owned(),
            employment_type: EmploymentType::Regular,
            base: yen(base),
            sign_on: None,
            every_year: None,
            starts_on: None,
            items: BTreeSet::new(),
        },
        qualification: Qualification {
            experience_months: Some(100),
            rating: Some(LastRating { rating: 4, rated_on: day("2024-03-31") }),
            scarce_skill_ref: None,
            assessed_level_ref: None,
        },
        comparison: None,
        band: Some((day("2026-04-01"), band())),
        cohorts: vec![cohort(bases.into_iter().enumerate().map(member).collect())],
        stayers: None,
        manager: Some(9_200_000),
        stint: Some(Stint {
            hired_on: day("2015-04-01"),
            left_on: day("2024-03-31"),
            grade: Some("G4".to_owned()),
            job_family: Some("driver".to_owned()),
            location: Some("osaka".to_owned()),
            base: Some(yen(6_200_000)),
        }),
        rules: RULES,
        range_told: None,
        overdue_remedies: 0,
        exit_bands: (Some(Band { midpoint: 6_800_000, ..band() }), Some(band())),
        left_out: Some(0),
        grades: ["G3", "G4", "G5"].map(str::to_owned).to_vec(),
    }
}

pub fn assessed(facts: &Facts) -> Assessment {
    assess(&policy(), facts).unwrap()
}

fn conditions(assessment: &Assessment) -> Vec<Condition> {
    assessment.fired.iter().map(|fired| fired.condition).collect()
}

/// What would not fit into 128 bits is refused, and never wrapped: here a tolerance of many digits, times a base.
#[test]
fn a_figure_that_would_not_fit_is_refused() {
    let mut fine = policy();
    fine.leapfrog_tolerance = Fraction::new(5 * 10_i128.pow(35) + 1, 10_i128.pow(37)).unwrap();
    assert!(fine.check().is_err(), "no policy may say so in the first place");
    assert_eq!(assess(&fine, &example(8_100_000)), Err(PayError::Overflow));
    // Amounts as large as can be written fit by themselves.
    assert!(assess(&policy(), &example(i64::MAX)).is_ok());
}

#[test]
fn the_worked_example_is_tier_d() {
    let found = assessed(&example(8_100_000));
    let ratios = &found.ratios;
    assert_eq!(ratios.compa_ratio, Ratio::Is(over(27, 25)));
    assert_eq!(ratios.range_penetration, Ratio::Is(over(7, 10)));
    assert_eq!(found.peers.median, Some(Fraction::whole(7_300_000)));
    assert_eq!(ratios.peer_ratio, Ratio::Is(over(81, 73)));
    assert_eq!(ratios.peer_ratio.value().unwrap().decimal(4), "1.1096");
    assert_eq!(found.qualified, Some(5));
    assert_eq!(ratios.leapfrog_share, Ratio::Is(over(3, 5)));
    let overtaken: Vec<(i64, Fraction)> = found.leapfrogged.iter().map(|one| (one.base, one.shortfall)).collect();
    let short = |yen: i64| Fraction::whole(yen);
    assert_eq!(overtaken, [(7_200_000, short(495_000)), (7_400_000, short(295_000)), (7_600_000, short(95_000))]);
    assert_eq!(found.remedy_cost, Fraction::whole(885_000));
    assert_eq!(ratios.manager_differential, Ratio::Is(over(11, 81)));
    assert_eq!(ratios.stayer_ratio, Ratio::Undefined(Undefined::NoSnapshotAtExit));
    assert_eq!(found.after_pricing.compa_ratio_change.unwrap().decimal(3), "0.168");
    assert_eq!(found.after_pricing.return_premium.unwrap().decimal(3), "0.185");
    assert_eq!(
        conditions(&found),
        [Condition::ManyLeapfrogged, Condition::WellAbovePeers, Condition::RangeThirdQuarter]
    );
    assert_eq!(found.tier, Tier::D);
}

#[test]
fn a_lower_offer_of_the_same_example_is_tier_a() {
    let found = assessed(&example(7_400_000));
    assert_eq!(found.ratios.compa_ratio.value().unwrap().decimal(4), "0.9867");
    assert_eq!(found.ratios.range_penetration.value().unwrap().decimal(4), "0.4667");
    assert_eq!(found.ratios.peer_ratio.value().unwrap().decimal(4), "1.0137");
    assert_eq!(found.ratios.manager_differential.value().unwrap().decimal(3), "0.243");
    assert!(found.leapfrogged.is_empty());
    assert_eq!(found.remedy_cost, Fraction::ZERO);
    assert_eq!((found.tier, found.fired.len()), (Tier::A, 0));
}

#[test]
fn an_assessment_is_read_back_as_it_was_written() {
    let found = assessed(&example(8_100_000));
    let written = serde_json::to_value(&found).unwrap();
    assert_eq!(written["ratios"]["peer_ratio"], serde_json::json!({"is": {"num": "81", "den": "73"}}));
    assert_eq!(written["ratios"]["stayer_ratio"], serde_json::json!({"undefined": "no_snapshot_at_exit"}));
    assert_eq!(serde_json::from_value::<Assessment>(written).unwrap(), found);
}

/// Every bound of the outcome table, on either side of it.
#[test]
fn each_bound_of_the_table_parts_two_tiers() {
    let tier = |change: &dyn Fn(&mut Facts)| {
        let mut facts = example(7_400_000);
        change(&mut facts);
        assessed(&facts).tier
    };
    let base = |amount: i64| move |facts: &mut Facts| facts.offered.base = yen(amount);
    assert_eq!(tier(&base(6_000_000)), Tier::BPrime, "at the minimum, and below the peers");
    assert_eq!(tier(&base(5_999_999)), Tier::F);
    assert_eq!(tier(&base(6_570_000)), Tier::A, "PR 0.90");
    assert_eq!(tier(&base(6_569_999)), Tier::BPrime);
    assert_eq!(tier(&base(7_500_000)), Tier::A, "RP 0.50");
    assert_eq!(tier(&base(7_500_001)), Tier::B);
    assert_eq!(tier(&base(9_000_001)), Tier::E);
    let manager = |amount: Option<i64>| move |facts: &mut Facts| facts.manager = amount;
    assert_eq!(tier(&manager(Some(8_140_000))), Tier::A, "MD 0.10");
    assert_eq!(tier(&manager(Some(8_139_999))), Tier::C);
    assert_eq!(tier(&manager(Some(7_400_000))), Tier::C);
    assert_eq!(tier(&manager(Some(7_399_999))), Tier::D);
    assert_eq!(tier(&manager(None)), Tier::A, "undefined neither satisfies nor fails");
    let stayers = |base: i64| {
        move |facts: &mut Facts| {
            let stayer = |number: usize| Stayer { employee_number: format!("S-{number}"), base };
            facts.stayers = Some((0..5).map(stayer).collect());
        }
    };
    assert_eq!(tier(&stayers(7_400_000)), Tier::A);
    assert_eq!(tier(&stayers(8_222_223)), Tier::BPrime, "SR below 0.90");
    assert_eq!(tier(&stayers(6_727_272)), Tier::C, "SR above 1.10");
    assert_eq!(tier(&stayers(5_919_999)), Tier::D, "SR above 1.25");
    let sign_on = |amount: i64| move |facts: &mut Facts| facts.offered.sign_on = Some(yen(amount));
    assert_eq!(tier(&sign_on(616_666)), Tier::A);
    assert_eq!(tier(&sign_on(616_667)), Tier::D, "more than a month's base");
    let fresh = |from: &'static str| move |facts: &mut Facts| facts.band.as_mut().unwrap().0 = day(from);
    assert_eq!(tier(&fresh("2026-11-18")), Tier::A);
    assert_eq!(tier(&fresh("2026-11-19")), Tier::C);
    assert_eq!(tier(&|facts| facts.cohorts.clear()), Tier::C, "thin comparators");
}

/// The range, the guide pay and the share of those who are overtaken, at their bounds and just beyond.
#[test]
fn range_guide_and_leapfrogs_part_the_tiers() {
    let fired = |change: &dyn Fn(&mut Facts)| {
        let mut facts = example(7_400_000);
        facts.manager = Some(20_000_000);
        facts.cohorts = vec![cohort((0..20).map(|number| incumbent(number, 7_400_000, 200, 4)).collect())];
        change(&mut facts);
        conditions(&assess(&PolicyTerms::defaults("JP-HQ", "賃金規程第12条"), &facts).unwrap())
    };
    let base = |amount: i64| move |facts: &mut Facts| facts.offered.base = yen(amount);
    assert!(fired(&base(8_250_000)).contains(&Condition::RangeThirdQuarter), "RP 0.75");
    assert!(fired(&base(8_250_001)).contains(&Condition::RangeTopQuarter));
    assert!(fired(&base(9_000_000)).contains(&Condition::RangeTopQuarter), "RP 1.00");
    assert!(fired(&base(9_000_001)).contains(&Condition::AboveMaximum));
    // Eight years and four months are worth three eighths of the range: 7,125,000.
    assert!(!fired(&base(7_837_500)).contains(&Condition::AwayFromGuide), "G 0.10");
    assert!(fired(&base(7_837_501)).contains(&Condition::AwayFromGuide));
    assert!(!fired(&base(6_412_500)).contains(&Condition::AwayFromGuide), "G -0.10");
    assert!(fired(&base(6_412_499)).contains(&Condition::AwayFromGuide));
    let overtaken = |few: usize| {
        move |facts: &mut Facts| {
            for member in facts.cohorts[0].members.iter_mut().take(few) {
                member.base = 7_000_000;
            }
        }
    };
    assert!(!fired(&overtaken(0)).iter().any(|one| matches!(one, Condition::FewLeapfrogged)));
    assert!(fired(&overtaken(2)).contains(&Condition::FewLeapfrogged), "LS 0.10");
    assert!(fired(&overtaken(3)).contains(&Condition::SomeLeapfrogged));
    assert!(fired(&overtaken(5)).contains(&Condition::SomeLeapfrogged), "LS 0.25");
    assert!(fired(&overtaken(6)).contains(&Condition::ManyLeapfrogged));
}

/// Of whom the record does not tell whether they are equally qualified, somebody is told (Q).
#[test]
fn who_may_be_equally_qualified_is_said() {
    let asked = |change: fn(&mut Incumbent), rated: bool| {
        let mut facts = example(7_400_000);
        change(&mut facts.cohorts[0].members[3]);
        if !rated {
            facts.qualification.rating = None;
        }
        let found = assessed(&facts);
        let rule = found.rules.iter().find(|rule| rule.rule == "Q").map(|rule| (rule.outcome, rule.code.clone()));
        (rule, found.qualification_unknown, found.qualified)
    };
    let unknown = || Some((Outcome::Warn, "qualification_unknown".to_owned()));
    assert_eq!(asked(|_| {}, true), (None, 0, Some(5)));
    assert_eq!(asked(|one| one.experience_months = None, true), (unknown(), 1, Some(4)));
    assert_eq!(asked(|one| one.rating = None, true), (unknown(), 1, Some(4)));
    assert_eq!(asked(|one| one.rating = None, false), (None, 0, Some(5)), "by experience alone");
}

/// What comes every year beside the base is in no ratio: whoever answers for the offer says why it is so much.
#[test]
fn what_is_beside_the_base_is_said_above_a_month() {
    let asked = |every_year: Option<i64>| {
        let mut facts = example(7_400_000);
        facts.offered.every_year = every_year.map(yen);
        let found = assessed(&facts);
        let rule = found.rules.iter().find(|rule| rule.rule == "BESIDE_BASE").unwrap();
        (found.tier, rule.outcome, rule.code.clone())
    };
    assert_eq!(asked(None), (Tier::A, Outcome::Pass, "nothing_beside_base".to_owned()));
    // A month of 7.4 million a year is 616,666 and two thirds.
    assert_eq!(asked(Some(616_666)), (Tier::A, Outcome::Pass, "within_a_month".to_owned()));
    assert_eq!(asked(Some(616_667)), (Tier::A, Outcome::Warn, "above_a_month".to_owned()));
    assert_eq!(asked(Some(9_007_199_254_740_991)).1, Outcome::Warn);
}

/// What was assessed by earlier rules is assessed by them for ever, so that it replays to the same bytes.
#[test]
fn earlier_rules_go_on_as_they_were() {
    let mut facts = Facts { rules: 0, grades: vec![], ..example(7_400_000) };
    facts.cohorts[0].members[3].rating = None;
    let found = |facts: &Facts| {
        let found = assessed(facts);
        let asked = found.rules.iter().any(|rule| rule.rule == "Q");
        (asked, found.qualification_unknown, found.after_pricing.needs_reason, found.after_pricing.undefined)
    };
    assert_eq!(found(&facts), (false, 0, vec![], vec![]));
    facts.exit_bands.1 = Some(Band { midpoint: 7_500_001, ..band() });
    assert_eq!(found(&facts).2, ["grade_below_exit"]);
    let names = |facts: &Facts| -> Vec<String> { assessed(facts).rules.into_iter().map(|rule| rule.rule).collect() };
    assert!(names(&facts).iter().all(|rule| !["BESIDE_BASE", "Q"].contains(&rule.as_str())));
    facts.rules = 1;
    facts.offered.every_year = Some(yen(9_000_000));
    let first = names(&facts);
    assert!(first.contains(&"Q".to_owned()) && !first.contains(&"BESIDE_BASE".to_owned()), "{first:?}");
    facts.offered.every_year = None;
    assert!(!first.contains(&"SNAPSHOT".to_owned()), "{first:?}");
    facts.rules = RULES;
    let file = |left_out| {
        let found = assessed(&Facts { left_out, ..example(7_400_000) }).rules;
        found.into_iter().find(|rule| rule.rule == "SNAPSHOT").map(|rule| (rule.outcome, rule.code))
    };
    assert_eq!(file(None), None, "nobody is compared with");
    assert_eq!(file(Some(0)), Some((Outcome::Pass, "file_whole".to_owned())));
    assert_eq!(file(Some(1)), Some((Outcome::Warn, "lines_left_out".to_owned())));
    facts.stint.as_mut().unwrap().grade = Some("G5".to_owned());
    assert_eq!(found(&facts), (true, 1, vec![], vec!["exit_grade_unknown".to_owned()]));
}

/// Where a law has the candidate told the range, an offer to whoever was told none is blocked (PAY-05).
#[test]
fn an_offer_to_whoever_was_told_no_range_is_blocked() {
    let found = |range_told| {
        let found = assessed(&Facts { range_told, ..example(7_400_000) });
        let rule = found.rules.into_iter().find(|rule| rule.rule == "PAY-05").unwrap();
        (found.tier, rule.outcome, rule.code)
    };
    let none = assessed(&example(7_400_000));
    assert!(none.rules.iter().all(|rule| rule.rule != "PAY-05"), "where no law requires it nothing is asked");
    assert_eq!(found(Some(true)), (Tier::A, Outcome::Pass, "range_told".to_owned()));
    assert_eq!(found(Some(false)), (Tier::F, Outcome::Block, "range_not_told".to_owned()));
}

/// To the yen, of the zone however it is written, and by the wage of the first day of work (PAY-09).
#[test]
fn nobody_is_offered_less_than_the_minimum_wage() {
    let mut policy = policy();
    let wage = |hourly: i64, from: &str| MinimumWage {
        location: Some(" Osaka".to_owned()),
        hourly: yen(hourly),
        effective_from: day(from),
    };
    policy.minimum_wages = vec![
        MinimumWage { location: None, ..wage(1_000, "2025-10-01") },
        wage(3_000, "2025-10-01"),
        wage(3_100, "2027-01-01"),
    ];
    let tier = |base: i64, starts_on: Option<&str>| {
        let mut facts = example(base);
        facts.band = Some((day("2026-04-01"), Band { minimum: 6_000_000, ..band() }));
        facts.offered.starts_on = starts_on.map(day);
        let found = assess(&policy, &facts).unwrap();
        let rule = found.rules.into_iter().find(|rule| rule.rule == "PAY-09").unwrap();
        assert_eq!(
            found.fired.iter().any(|one| one.condition == Condition::BelowMinimumWage),
            rule.outcome == Outcome::Block
        );
        (found.tier, rule.code)
    };
    let below = (Tier::F, "below_minimum_wage".to_owned());
    assert_eq!(tier(6_240_000, None).1, "minimum_wage_met");
    assert_eq!(tier(6_239_999, None), below);
    assert_eq!(tier(6_240_000, Some("2026-12-31")).1, "minimum_wage_met");
    assert_eq!(tier(6_447_999, Some("2027-01-01")), below);
    assert_eq!(tier(6_448_000, Some("2027-01-01")).1, "minimum_wage_met");
}

#[test]
fn peer_ratios_part_the_tiers_above() {
    let tier = |base: i64| {
        let mut facts = example(base);
        facts.cohorts = vec![cohort((0..6).map(|number| incumbent(number, 7_000_000, 10, 1)).collect())];
        facts.band =
            Some((day("2026-04-01"), Band { minimum: 6_000_000, midpoint: 9_000_000, maximum: 12_000_000, ..band() }));
        facts.manager = Some(20_000_000);
        assessed(&facts).tier
    };
    assert_eq!(tier(7_350_000), Tier::A);
    assert_eq!(tier(7_350_001), Tier::B);
    assert_eq!(tier(7_700_000), Tier::B);
    assert_eq!(tier(7_700_001), Tier::C);
    assert_eq!(tier(8_400_000), Tier::C);
    assert_eq!(tier(8_400_001), Tier::D);
}

#[test]
fn amounts_of_two_currencies_are_refused() {
    let mut facts = example(7_400_000);
    facts.offered.base.currency = "USD".to_owned();
    let mismatch = PayError::CurrencyMismatch { offered: "USD".to_owned(), compared: "JPY".to_owned() };
    assert_eq!(assess(&policy(), &facts), Err(mismatch.clone()));
    facts.offered.base.currency = "JPY".to_owned();
    facts.offered.sign_on = Some(Money { amount: 1, currency: "USD".to_owned() });
    assert_eq!(assess(&policy(), &facts), Err(mismatch));
}

#[test]
fn what_is_undefined_is_said() {
    let mut facts = example(7_400_000);
    facts.manager = None;
    facts.qualification = Qualification::default();
    facts.band = None;
    let found = assessed(&facts);
    let open: Vec<(&str, &str)> = found
        .rules
        .iter()
        .filter(|rule| rule.outcome != aggregates::checks::Outcome::Pass)
        .map(|rule| (&*rule.rule, &*rule.code))
        .collect();
    assert_eq!(
        open,
        [
            ("PAY-09", "minimum_wage_not_in_policy"),
            ("RP", "no_band"),
            ("LS", "no_experience"),
            ("MD", "no_manager"),
            ("SR", "no_snapshot_at_exit")
        ]
    );
    assert_eq!(found.qualified, None);
}

#[test]
fn exit_pay_is_compared_afterwards_and_changes_no_tier() {
    let mut facts = example(7_400_000);
    let without = {
        let mut facts = facts.clone();
        facts.stint.as_mut().unwrap().base = None;
        assessed(&facts)
    };
    let mut policy = policy();
    policy.return_premium_limit = Some(Fraction::percent(5));
    let with = assess(&policy, &facts).unwrap();
    assert_eq!((with.tier, &with.fired, &with.ratios), (without.tier, &without.fired, &without.ratios));
    assert_eq!(without.after_pricing.return_premium, None);
    assert_eq!(without.after_pricing.undefined, ["exit_base_unknown"]);
    assert_eq!(with.after_pricing.undefined, [""; 0]);
    let unbanded = Facts { exit_bands: (None, None), band: None, ..facts.clone() };
    let unbanded = assess(&policy, &unbanded).unwrap().after_pricing;
    assert_eq!(
        (unbanded.undefined, unbanded.return_premium),
        (vec!["exit_band_unknown".into(), "no_band".into()], None)
    );
    // Whoever returns to a higher grade earns more: the band that they left in is what may have drifted.
    let (_, higher) = facts.band.clone().unwrap();
    let promoted = Facts { band: Some((facts.on, Band { midpoint: 9_000_000, ..higher })), ..facts.clone() };
    let promoted = assess(&policy, &promoted).unwrap().after_pricing.return_premium;
    assert_eq!(promoted, with.after_pricing.return_premium);
    assert_eq!(with.after_pricing.needs_reason, ["return_premium_above_limit"]);
    // Grades are ranked, whatever their bands lie at: a lower one needs a reason, the same in a cheaper zone does not.
    let mut needs = |grade: &str, midpoint: i64| {
        facts.stint.as_mut().unwrap().grade = Some(grade.to_owned());
        facts.exit_bands.1 = Some(Band { midpoint, ..band() });
        let found = assess(&policy, &facts).unwrap().after_pricing;
        (found.needs_reason.contains(&"grade_below_exit".to_owned()), found.undefined)
    };
    assert_eq!(needs("G4", 9_500_000), (false, vec![]));
    assert_eq!(needs("G5", 6_500_000), (true, vec![]));
    assert_eq!(needs("G3", 9_500_000), (false, vec![]));
    assert_eq!(needs("M1", 9_500_000), (false, vec!["exit_grade_unknown".to_owned()]));
    policy.history_ban = aggregates::pay::HistoryBan::Banned;
    assert_eq!(assess(&policy, &facts).unwrap().after_pricing, aggregates::pay::AfterPricing::default());
}

#[test]
fn a_fraction_is_rounded_half_away_from_nothing() {
    let rounded = |num, den, places| Fraction::new(num, den).unwrap().rounded(places);
    assert_eq!(rounded(81, 73, 3), Fraction::new(1_110, 1_000).unwrap());
    assert_eq!(rounded(1, 2_000, 3), Fraction::new(1, 1_000).unwrap());
    assert_eq!(rounded(-1, 2_000, 3), Fraction::new(-1, 1_000).unwrap());
    assert_eq!(rounded(1, 2_001, 3), Fraction::ZERO);
    let widest = Fraction::new(i128::MAX, 7).unwrap();
    assert_eq!(widest.rounded(3), widest, "what does not fit stays as it is");
}
