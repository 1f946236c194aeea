//! Who returns part-time or for a fixed term beside regular workers (PAY-01).

use std::collections::BTreeSet;

use aggregates::checks::{Outcome, RuleResult};
use aggregates::pay::{ComparedItem, Condition, DifferenceReason, Facts, RegularComparison, Tier, Treatment};
use aggregates::values::EmploymentType;
use proptest::prelude::*;
use strum::IntoEnumIterator as _;

use super::{assessed, conditions, example};

fn item(item: &str, treatment: Treatment, reasons: &[DifferenceReason]) -> ComparedItem {
    ComparedItem { item: item.to_owned(), treatment, reasons: reasons.iter().copied().collect() }
}

/// Beside work of the same content, that may be changed further.
pub fn comparison(items: Vec<ComparedItem>) -> RegularComparison {
    let compared_with = "正社員 G4 ドライバー職".to_owned();
    RegularComparison { compared_with, same_duties: true, same_change_scope: false, items }
}

fn offered(employment_type: EmploymentType, comparison: Option<RegularComparison>) -> Facts {
    let mut facts = example(7_400_000);
    facts.offered.employment_type = employment_type;
    facts.offered.items = ["allowance.commute", "base", "bonus"].map(str::to_owned).into();
    facts.comparison = comparison;
    facts
}

fn judged(comparison: Option<RegularComparison>) -> (RuleResult, Tier) {
    let found = assessed(&offered(EmploymentType::FixedTerm, comparison));
    let unequal = conditions(&found).contains(&Condition::WorseThanRegular);
    let rule = found.rules.into_iter().find(|rule| rule.rule == "PAY-01").unwrap();
    assert_eq!(unequal, rule.outcome == Outcome::Block, "what is blocked is a condition of tier F");
    assert_eq!(unequal, found.tier == Tier::F);
    (rule, found.tier)
}

fn told(comparison: Option<RegularComparison>) -> (Outcome, String) {
    let (rule, _) = judged(comparison);
    (rule.outcome, rule.code)
}

#[test]
fn every_item_that_is_worse_has_a_reason_that_holds() {
    use DifferenceReason as R;
    use Treatment::{Better, Same, Worse};
    let with = |bonus: ComparedItem| {
        Some(comparison(vec![item("base", Same, &[]), item("allowance.commute", Better, &[]), bonus]))
    };
    let expect = |outcome, code: &str| (outcome, code.to_owned());
    assert_eq!(told(None), expect(Outcome::Hold, "items_to_compare"));
    assert_eq!(told(with(item("bonus", Same, &[]))), expect(Outcome::Pass, "items_compared"));
    assert_eq!(told(with(item("bonus", Worse, &[]))), expect(Outcome::Block, "worse_without_reason"));
    // The work is the same: that it is other work is no reason.
    assert_eq!(told(with(item("bonus", Worse, &[R::Duties]))), expect(Outcome::Block, "reason_does_not_hold"));
    assert_eq!(told(with(item("bonus", Worse, &[R::Responsibility]))), expect(Outcome::Block, "reason_does_not_hold"));
    for reason in [R::ChangeScope, R::Skill, R::Performance, R::CollectiveAgreement] {
        assert_eq!(told(with(item("bonus", Worse, &[reason]))), expect(Outcome::Pass, "items_compared"));
    }
    // The returner is told every reason: a false one beside a true one is false.
    let both = with(item("bonus", Worse, &[R::Duties, R::Skill]));
    assert_eq!(told(both), expect(Outcome::Block, "reason_does_not_hold"));
    // What regular workers have besides is compared, too; what is offered is compared in any case.
    let lacking = with(item("retirement_allowance", Worse, &[R::ChangeScope]));
    assert_eq!(told(lacking), expect(Outcome::Hold, "items_not_compared"));
}

#[test]
fn the_same_work_in_the_same_scope_is_treated_no_worse_for_any_reason() {
    for reason in DifferenceReason::iter() {
        let items = vec![item("base", Treatment::Worse, &[reason])];
        let (rule, tier) = judged(Some(RegularComparison { same_change_scope: true, ..comparison(items) }));
        assert_eq!((rule.outcome, rule.code.as_str(), tier), (Outcome::Block, "worse_for_the_same_work", Tier::F));
        assert_eq!(rule.basis.as_deref(), Some("パートタイム・有期雇用労働法9条"));
    }
}

#[test]
fn regular_workers_are_compared_with_nobody() {
    let worse = || Some(comparison(vec![item("base", Treatment::Worse, &[])]));
    for comparison in [None, worse()] {
        let mut facts = offered(EmploymentType::Regular, comparison);
        facts.offered.items.clear();
        let found = assessed(&facts);
        assert!(found.rules.iter().any(|rule| rule.rule == "PAY-01" && rule.code == "regular"));
        assert_eq!(found.tier, Tier::A);
    }
    // Whoever works fewer hours than they do is no regular worker, whatever it is called: their items are told.
    let shorter = assessed(&offered(EmploymentType::Regular, None));
    assert!(shorter.rules.iter().any(|rule| rule.rule == "PAY-01" && rule.code == "items_to_compare"));
}

fn comparisons() -> impl Strategy<Value = RegularComparison> {
    let reasons = prop::collection::btree_set(prop::sample::select(DifferenceReason::iter().collect::<Vec<_>>()), 0..4);
    let treatment = prop::sample::select(Treatment::iter().collect::<Vec<_>>());
    let names = ["base", "bonus", "allowance.commute", "retirement_allowance"];
    let one = (prop::sample::select(names.to_vec()), treatment, reasons);
    (any::<bool>(), any::<bool>(), prop::collection::vec(one, 1..6)).prop_map(
        |(same_duties, same_change_scope, all)| {
            let items = all.into_iter().map(|(item, treatment, reasons)| {
                let item = item.to_owned();
                ComparedItem { item, treatment, reasons }
            });
            RegularComparison { same_duties, same_change_scope, ..comparison(items.collect()) }
        },
    )
}

proptest! {
    #[test]
    fn nothing_passes_that_is_worse_without_a_reason_of_its_own(comparison in comparisons()) {
        let passes = told(Some(comparison.clone())).0 == Outcome::Pass;
        let worse = || comparison.items.iter().filter(|item| item.treatment == Treatment::Worse);
        let same_work = comparison.same_duties && comparison.same_change_scope;
        let named: BTreeSet<&str> = comparison.items.iter().map(|item| item.item.as_str()).collect();
        let all_compared = ["base", "bonus", "allowance.commute"].iter().all(|item| named.contains(item));
        let kept_by = |item: &ComparedItem| !item.reasons.is_empty() && item.reasons.iter().all(|reason| match reason {
            DifferenceReason::Duties | DifferenceReason::Responsibility => !comparison.same_duties,
            DifferenceReason::ChangeScope => !comparison.same_change_scope,
            DifferenceReason::Skill | DifferenceReason::Performance | DifferenceReason::CollectiveAgreement => true,
        });
        prop_assert_eq!(passes, all_compared && worse().all(|item| !same_work && kept_by(item)));
    }

    /// Another order of the items changes nothing.
    #[test]
    fn the_order_of_the_items_changes_nothing(comparison in comparisons()) {
        let turned = RegularComparison { items: comparison.items.iter().rev().cloned().collect(), ..comparison.clone() };
        prop_assert_eq!(told(Some(turned)), told(Some(comparison)));
    }
}
