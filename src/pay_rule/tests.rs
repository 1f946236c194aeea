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
            "returners",
            ALL,
            Some(month()),
            &[
                ("returners", Fraction::whole(12), 0),
                ("median_stayer_ratio", ratio, 4),
                ("leapfrog_share", share, 4),
                ("cost_a_year", Fraction::whole(1_885_000), 0),
            ],
        ),
        line("remedies", ALL, None, &[]),
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

/// Bounds between the tiers are known to nobody who is measured by them, and so is what the policy names people for.
#[test]
fn no_bound_between_the_tiers_is_told() {
    let before = terms();
    let mut after = terms();
    after.thresholds.peers_c = Fraction::new(117, 100).unwrap();
    after.thresholds.stayers_d = Fraction::new(131, 100).unwrap();
    after.thresholds.leapfrog_d = Fraction::new(29, 100).unwrap();
    assert_eq!(told(&before, &report(vec![])), told(&after, &report(vec![])));
}

/// What may not be told is said to be kept back, whether the row is suppressed or was never there.
#[test]
fn few_people_are_not_told_of() {
    for lines in [vec![], vec![line("returners", ALL, None, &[]), line("remedies", ALL, None, &[])]] {
        let text = told(&terms(), &report(lines));
        assert!(text.contains("再入社者 / Those who came back: 人数が少ないためお示しできません"), "{text}");
        assert!(text.contains("是正計画 / Plans to remedy: 人数が少ないためお示しできません"), "{text}");
        assert!(text.contains("10人に満たない集団"));
    }
}

/// A report that names a figure which this document does not know would leave it out in silence.
#[test]
fn every_figure_of_the_tables_has_its_words() {
    let names = [
        "returners",
        "median_stayer_ratio",
        "leapfrog_share",
        "cost_a_year",
        "plans",
        "planned_a_year",
        "carried_out_a_year",
        "past_their_day",
        "planned_a_year_past_its_day",
    ];
    for name in names {
        let one = line("returners", ALL, Some(month()), &[(name, Fraction::whole(77), 0)]);
        assert!(told(&terms(), &report(vec![one])).contains(": 77"), "{name}");
    }
}
