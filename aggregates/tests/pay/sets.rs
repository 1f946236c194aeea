//! Who an offer is compared with.

use aggregates::pay::{
    Cohort, Condition, Excluded, Exclusion, JobFunction, Ratio, Scope, Tier, Undefined, stayer_candidates,
};
use aggregates::values::EmploymentType;

use super::{assessed, cohort, day, example, incumbent, policy};

#[test]
fn whoever_is_left_out_is_named_with_the_reason() {
    let mut facts = example(7_400_000);
    let before = assessed(&facts);
    let mut odd = [9, 10, 11, 12].map(|number| incumbent(number, 20_000_000, 120, 5));
    odd[0].employment_type = EmploymentType::Contractor;
    odd[1].red_circled = true;
    odd[2].on_notice = true;
    odd[3].hired_on = day("2026-08-26");
    facts.cohorts[0].members.extend(odd);
    let found = assessed(&facts);
    assert_eq!((found.tier, &found.ratios), (before.tier, &before.ratios));
    let reasons = [Exclusion::Contractor, Exclusion::RedCircled, Exclusion::OnNotice, Exclusion::ShortTenure];
    let expected: Vec<Excluded> = (9..)
        .zip(reasons)
        .map(|(number, because)| Excluded { employee_number: format!("A-{number:05}").into(), because })
        .collect();
    assert_eq!(found.peers.excluded, expected);
    facts.cohorts[0].members[11].hired_on = day("2026-08-25");
    assert_eq!(assessed(&facts).peers.excluded.len(), 3, "three months to the day are enough");
}

#[test]
fn too_few_peers_are_widened_in_the_fixed_order() {
    let mut facts = example(7_400_000);
    facts.cohorts[0].members.truncate(4);
    let thin = assessed(&facts);
    assert_eq!(thin.peers.scope, Scope::Function);
    assert_eq!(thin.peers.too_small, [(Scope::Zone, 4), (Scope::Country, 4)]);
    assert_eq!(thin.ratios.peer_ratio, Ratio::Undefined(Undefined::ThinComparators));
    assert_eq!(thin.tier, Tier::C);
    assert_eq!(thin.fired[0].condition, Condition::ThinComparators);

    let mut elsewhere = incumbent(20, 7_300_000, 1, 1);
    elsewhere.location = "sendai".into();
    let mut wider = facts.clone();
    wider.cohorts[0].members.push(elsewhere);
    let found = assessed(&wider);
    assert_eq!((found.peers.scope, found.peers.size), (Scope::Country, 5));
    assert_eq!(found.peers.too_small, [(Scope::Zone, 4)]);

    let mut function = facts.clone();
    let others = (30..32).map(|number| incumbent(number, 7_300_000, 1, 1)).collect();
    function.cohorts.push(Cohort { job_family: "logistics".to_owned(), ..cohort(others) });
    assert_eq!((assessed(&function).peers.scope, assessed(&function).peers.size), (Scope::Function, 6));
}

#[test]
fn families_of_one_function_belong_together() {
    let mut policy = policy();
    let families = ["driver", "logistics"].map(str::to_owned).into_iter().collect();
    policy.functions = vec![JobFunction { name: "transport".to_owned(), job_families: families }];
    assert_eq!(policy.families("driver").into_iter().collect::<Vec<_>>(), ["driver", "logistics"]);
    assert_eq!(policy.families("sales").into_iter().collect::<Vec<_>>(), ["sales"]);
}

#[test]
fn stayers_were_near_in_grade_and_tenure_at_the_exit() {
    let stint = example(1).stint.unwrap();
    let grades = ["G2", "G3", "G4", "G5", "G6"].map(str::to_owned);
    let of = |grade: &str, numbers: std::ops::Range<usize>| Cohort {
        grade: grade.to_owned(),
        ..cohort(numbers.map(|number| incumbent(number, 1, 1, 1)).collect())
    };
    let mut at_exit = vec![of("G2", 0..1), of("G3", 1..2), of("G4", 2..7), of("G5", 7..8), of("G6", 8..9)];
    at_exit.push(Cohort { job_family: "sales".to_owned(), ..of("G4", 9..10) });
    at_exit[2].members[0].hired_on = day("2013-04-01");
    at_exit[2].members[1].hired_on = day("2013-03-31");
    at_exit[2].members[2].hired_on = day("2017-04-01");
    at_exit[2].members[3].hired_on = day("2017-04-02");
    at_exit[2].members[4].employment_type = EmploymentType::Contractor;
    let found: Vec<&str> = stayer_candidates(&policy(), &stint, &grades, &at_exit).into_keys().collect();
    assert_eq!(found, ["A-00001", "A-00002", "A-00004", "A-00007"]);
}
