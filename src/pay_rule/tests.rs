use super::*;
use projections::monitoring::{Kind, Month};

fn terms() -> PolicyTerms {
    PolicyTerms::defaults("JP-HQ", "賃金規程第12条")
}

fn month() -> Month {
    "2026-10".parse().unwrap()
}

fn report(lines: Vec<Line>) -> Report {
    Report { kind: Kind::StayerRatios, month: month(), least: 10, lines }
}

fn line(table: &'static str, row: &str, as_of: Option<Month>, figures: &[(&'static str, Fraction, u32)]) -> Line {
    let figure = |(name, value, places): &(&'static str, Fraction, u32)| Figure {
        name,
        value: *value,
        places: *places,
        method: None,
    };
    Line { table, row: row.to_owned(), as_of, figures: figures.iter().map(figure).collect(), alert: None }
}

fn told(terms: &PolicyTerms, report: &Report) -> String {
    let effective_from = NaiveDate::from_ymd_opt(2026, 4, 1).unwrap();
    PayRule { policy: "pay/0193f2d4-c8b7-7c2e-9d1a-5e6f7a8b9c0e/1", effective_from, terms, report }.render().text
}

/// What was handed on under a template's name says for ever what it said: another text is another template.
#[test]
fn the_template_says_for_ever_what_it_says() {
    let ratio = Fraction::new(103, 100).unwrap();
    let share = Fraction::new(3, 40).unwrap();
    let report = report(vec![
        line(
            RETURNERS,
            ALL,
            Some(month()),
            &[
                ("returners", Fraction::whole(12), 0),
                ("median_stayer_ratio", ratio, 4),
                ("leapfrog_share", share, 4),
                ("cost_a_year", Fraction::whole(1_885_000), 0),
            ],
        ),
        line(
            REMEDIES,
            ALL,
            Some("2026-08".parse().unwrap()),
            &[("plans", Fraction::whole(10), 0), ("past_their_day", Fraction::ZERO, 0)],
        ),
        line("left_out", "returners_not_assessed", Some(month()), &[("people", Fraction::whole(11), 0)]),
    ]);
    let text = told(&terms(), &report);
    let path = format!("{}/src/pay_rule/goldens/{}.txt", env!("CARGO_MANIFEST_DIR"), TEMPLATE.replace('/', "-"));
    if std::env::var_os("UPDATE_GOLDENS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    assert_eq!(text, std::fs::read_to_string(&path).unwrap(), "{TEMPLATE} does not say what stands in {path}");
}

/// Each number in the rule is the policy's own.
#[test]
fn the_rule_is_that_of_the_version() {
    let mut terms = terms();
    terms.leapfrog_tolerance = Fraction::new(1, 40).unwrap();
    (terms.smallest_group, terms.peer_tenure_months) = (8, 6);
    (terms.stayer_tenure_months, terms.followed_months) = (18, 48);
    terms.seats.get_mut(&Tier::A).unwrap().insert(Seat::Executive);
    let text = told(&terms, &report(vec![]));
    for said in [
        "2.50%を超えて下回る",
        "2.50 % less",
        "入社から6か月未満",
        "8人に満たないとき",
        "勤続の差が18か月以内",
        "48か月",
        "2人から4人",
    ] {
        assert!(text.contains(said), "{said} is missing:\n{text}");
    }
    assert!(told(&self::terms(), &report(vec![])).contains("5%を超えて下回る"));
}

/// Bounds between the tiers are known to nobody who is measured by them.
#[test]
fn no_bound_between_the_tiers_is_told() {
    let mut after = terms();
    let bounds = &mut after.thresholds;
    for bound in [
        &mut bounds.range_b,
        &mut bounds.range_c,
        &mut bounds.peers_low,
        &mut bounds.peers_b,
        &mut bounds.peers_c,
        &mut bounds.peers_d,
        &mut bounds.stayers_low,
        &mut bounds.stayers_c,
        &mut bounds.stayers_d,
        &mut bounds.leapfrog_c,
        &mut bounds.leapfrog_d,
        &mut bounds.manager_c,
        &mut bounds.guide,
    ] {
        *bound = bound.plus(Fraction::new(1, 97).unwrap()).unwrap();
    }
    assert_eq!(told(&terms(), &report(vec![])), told(&after, &report(vec![])));
}

/// What does not hold under a version is not said of it.
#[test]
fn no_more_is_said_than_the_version_does() {
    let mut terms = terms();
    terms.followed_months = 6;
    let all: BTreeSet<Seat> = terms.seats[&Tier::D].clone();
    terms.seats.insert(Tier::A, all);
    let text = told(&terms, &report(vec![]));
    assert!(text.contains("4人の、それぞれ別の方が承認します") && !text.contains("必要な承認者は多く"), "{text}");
    assert!(!text.contains("その後も") && !text.contains("Later changes"), "{text}");
}

/// What may not be told is said to be left out, whether the row is suppressed or was never there.
#[test]
fn few_people_are_not_told_of() {
    for lines in [vec![], vec![line(RETURNERS, ALL, None, &[]), line(REMEDIES, ALL, None, &[])]] {
        let text = told(&terms(), &report(lines));
        assert!(text.contains("再入社者 / Those who came back: 個人が分かるおそれ"), "{text}");
        assert!(text.contains("是正計画 / Plans to remedy: 個人が分かるおそれ"), "{text}");
        assert!(text.contains("10人に満たない集団"));
    }
}

/// Whoever was overtaken knows their own pay and the tolerance: a sum over few people, or a share of them, would tell them the
/// returner's.
#[test]
fn neither_amounts_nor_shares_are_told() {
    let hidden =
        ["leapfrog_share", "cost_a_year", "planned_a_year", "carried_out_a_year", "planned_a_year_past_its_day"];
    for name in hidden {
        let one = |figures: &[_]| told(&terms(), &report(vec![line(RETURNERS, ALL, Some(month()), figures)]));
        assert_eq!(one(&[(name, Fraction::whole(7_654_321), 0)]), one(&[]), "{name}");
    }
    for name in ["returners", "median_stayer_ratio", "plans", "past_their_day"] {
        let one = line(REMEDIES, ALL, Some(month()), &[(name, Fraction::whole(77), 4)]);
        assert!(told(&terms(), &report(vec![one])).contains(": 77"), "{name}");
    }
}
