//! The rules about paid referrals, rule by rule: the fact, and what it says.

use std::collections::BTreeSet;

use aggregates::checks::{Outcome, RuleResult, found, passed};
use aggregates::employment::Span;
use aggregates::ids::PersonId;
use aggregates::referral::gate::{
    AwardFacts, HireFacts, HirePresence, ReferralFacts, at_award, at_hire, at_referral, bar,
};
use aggregates::referral::{Exclusion, Likeness, Offices, ReferrerClass, ReferrerRelation, Relationship};
use aggregates::reward::PaymentChannel;
use aggregates::reward_plan::PlanPin;
use aggregates::values::Money;
use proptest::prelude::*;
use strum::IntoEnumIterator;

use super::given::{permitted, plan, relation};
use crate::support::uuid;

#[test]
fn only_an_employee_of_the_entity_that_hires_passes_ref_01() {
    let vectors = [
        (ReferrerClass::Employee, "REF-01", Outcome::Pass, "employee"),
        (ReferrerClass::GroupEmployee, "REF-01", Outcome::Legal, "group_employee"),
        (ReferrerClass::Unknown, "REF-01", Outcome::Hold, "employment_unknown"),
        (ReferrerClass::FormerEmployee, "REF-06", Outcome::Block, "former_employee"),
        (ReferrerClass::Outsider, "REF-06", Outcome::Block, "outsider"),
    ];
    for (class, rule, outcome, code) in vectors {
        let relation = relation(class);
        let results = at_referral(&ReferralFacts { relation: &relation, ..facts(&relation, &BTreeSet::new()) });
        assert_eq!(says(&results, rule), Some((outcome, code)), "{class:?}");
    }
}

#[test]
fn without_a_plan_it_is_held_and_a_plan_of_another_entity_is_none() {
    let relation = relation(ReferrerClass::Employee);
    let none = at_referral(&ReferralFacts { plan: None, ..facts(&relation, &BTreeSet::new()) });
    assert_eq!(says(&none, "REF-02"), Some((Outcome::Hold, "no_plan")));
    assert_eq!(says(&none, "REF-04"), None, "there is no amount to judge");
    let vectors: [(Spoil, &str); 2] = [
        (|plan| plan.terms.filed_on = None, "not_filed"),
        (|plan| "JP-WEST".clone_into(&mut plan.terms.legal_entity), "plan_of_another_entity"),
    ];
    for (spoil, code) in vectors {
        assert_eq!(says(&with_plan(spoil), "REF-02"), Some((Outcome::Hold, code)));
    }
}

#[test]
fn it_is_paid_in_yen_as_wage() {
    assert_eq!(says(&with_plan(|_| {}), "REF-03"), Some((Outcome::Pass, "payroll")));
    let dollars = with_plan(|plan| plan.terms.amount = Money { amount: 100, currency: "USD".to_owned() });
    assert_eq!(says(&dollars, "REF-03"), Some((Outcome::Block, "not_in_yen")));
}

#[test]
fn the_amount_stays_within_the_caps() {
    let vectors = [
        (100_000, Outcome::Pass, "within_soft_cap"),
        (100_001, Outcome::Pass, "within_hard_cap"),
        (300_000, Outcome::Pass, "within_hard_cap"),
        (300_001, Outcome::Legal, "above_hard_cap"),
    ];
    for (amount, outcome, code) in vectors {
        let results = with_plan(|plan| plan.terms.amount.amount = amount);
        assert_eq!(says(&results, "REF-04"), Some((outcome, code)), "{amount}");
    }
}

#[test]
fn the_sixth_paid_referral_in_twelve_months_needs_an_opinion() {
    let relation = relation(ReferrerClass::Employee);
    for (others, outcome) in [(4, Outcome::Pass), (5, Outcome::Legal)] {
        let none = BTreeSet::new();
        let facts = ReferralFacts { paid_in_twelve_months: others, ..facts(&relation, &none) };
        assert_eq!(says(&at_referral(&facts), "REF-05").map(|(outcome, _)| outcome), Some(outcome));
    }
}

#[test]
fn whoever_selects_approves_or_is_related_earns_nothing() {
    let relation = relation(ReferrerClass::Employee);
    for exclusion in Exclusion::iter().filter(|one| *one != Exclusion::Relative) {
        let exclusions = BTreeSet::from([exclusion]);
        let results = at_referral(&facts(&relation, &exclusions));
        assert_eq!(says(&results, "REF-14"), Some((Outcome::Block, exclusion.into())));
        assert_eq!(bar(&results), None, "they may refer all the same");
    }
    let none = BTreeSet::new();
    let related = ReferralFacts { relationship: Some(Relationship::Relative), ..facts(&relation, &none) };
    assert_eq!(says(&at_referral(&related), "REF-14"), Some((Outcome::Block, "relative")));
}

#[test]
fn payroll_needs_a_note_and_a_class() {
    let vectors: [(Spoil, &str); 2] = [
        (|plan| plan.terms.payroll.note_ref = None, "note_missing"),
        (|plan| plan.terms.payroll.social_insurance = None, "class_missing"),
    ];
    for (spoil, code) in vectors {
        assert_eq!(says(&with_plan(spoil), "REF-18"), Some((Outcome::Hold, code)));
    }
}

#[test]
fn a_referral_made_as_an_alumna_stays_unpaid_after_her_return() {
    let plan = plan();
    for class in [ReferrerClass::FormerEmployee, ReferrerClass::Outsider] {
        let then = relation(class);
        let results = hire(&[], &then, &plan, 1);
        assert_eq!(says(&results, "REF-09"), Some((Outcome::Block, "not_employed_at_referral")));
    }
    let then = relation(ReferrerClass::Employee);
    assert_eq!(says(&hire(&[], &then, &plan, 1), "REF-09"), Some((Outcome::Pass, "status_at_referral")));
}

#[test]
fn the_hire_shows_who_referred_themselves() {
    let (then, plan) = (relation(ReferrerClass::Employee), plan());
    assert_eq!(says(&hire(&[], &then, &plan, 7), "REF-10"), Some((Outcome::Block, "self_referral")));
    let found = at_referral(&facts(&then, &BTreeSet::new()));
    assert_eq!(says(&hire(&found, &then, &plan, 1), "REF-10"), Some((Outcome::Pass, "another_person")));
}

#[test]
fn what_barred_the_referral_bars_the_reward() {
    let (then, plan) = (relation(ReferrerClass::Employee), plan());
    let none = BTreeSet::new();
    let related = ReferralFacts { relationship: Some(Relationship::Relative), ..facts(&then, &none) };
    let found = at_referral(&related);
    assert_eq!(says(&hire(&found, &then, &plan, 1), "REF-14"), Some((Outcome::Block, "relative")));
}

#[test]
fn a_hire_at_another_entity_asks_what_the_referrer_was_to_that_one() {
    let west = |class, seconded: bool| {
        let mut then = relation(class);
        let span = then.spans[0].clone();
        then.spans.extend(seconded.then(|| Span { legal_entity: "JP-WEST".to_owned(), ..span }));
        let mut plan = plan();
        "JP-WEST".clone_into(&mut plan.terms.legal_entity);
        let at_jp_hq = at_referral(&facts(&then, &BTreeSet::new()));
        // Whatever was open then was answered.
        let found: Vec<RuleResult> =
            at_jp_hq.into_iter().map(|one| RuleResult { outcome: one.outcome.min(Outcome::Pass), ..one }).collect();
        let results = at_hire(&HireFacts { legal_entity: "JP-WEST", ..hire_facts(&found, &then, &plan, 1) });
        let outcome = |rule| says(&results, rule).map(|(outcome, code)| (outcome, code.to_owned()));
        (outcome("REF-01"), outcome("REF-06"))
    };
    let employee = (Some((Outcome::Pass, "employee".to_owned())), Some((Outcome::Pass, "no_outsider".to_owned())));
    let of_the_group = (Some((Outcome::Legal, "group_employee".to_owned())), None);
    assert_eq!(west(ReferrerClass::Employee, true), employee, "seconded there");
    assert_eq!(west(ReferrerClass::Employee, false), of_the_group);
    assert_eq!(west(ReferrerClass::GroupEmployee, true), employee);
    assert_eq!(west(ReferrerClass::GroupEmployee, false), of_the_group);
    let unknown = (Some((Outcome::Hold, "employment_unknown".to_owned())), None);
    assert_eq!(west(ReferrerClass::Unknown, false), unknown, "the answer was about the other entity");
}

#[test]
fn what_was_answered_stays_answered_while_the_finding_is_the_same() {
    let (then, mut plan) = (relation(ReferrerClass::Employee), plan());
    plan.terms.payroll.note_ref = None;
    let settled = RuleResult { outcome: Outcome::Pass, ..found("REF-18", Outcome::Hold, "note_missing", "x") };
    let results = hire(std::slice::from_ref(&settled), &then, &plan, 1);
    assert_eq!(says(&results, "REF-18"), Some((Outcome::Pass, "note_missing")));
    plan.terms.payroll.note_ref = Some("payroll/1".to_owned());
    plan.terms.payroll.social_insurance = None;
    let results = hire(&[settled], &then, &plan, 1);
    assert_eq!(says(&results, "REF-18"), Some((Outcome::Hold, "class_missing")), "another finding");
}

#[test]
fn the_day_of_the_award_asks_for_channel_and_plan_and_not_for_presence() {
    let plan = plan();
    let results = at_award(&AwardFacts {
        legal_entity: "JP-HQ",
        plan: Some(&plan),
        channel: PaymentChannel::Payroll,
        hire: HirePresence::Employed,
        paid_in_twelve_months: 0,
    });
    let rules: Vec<&str> = results.iter().map(|one| &*one.rule).collect();
    assert_eq!(rules, ["REF-02", "REF-03", "REF-04", "REF-05", "REF-15", "REF-18"]);
}

#[test]
fn the_day_of_the_award_asks_whether_the_hire_has_lasted() {
    let plan = plan();
    let told = |hire| {
        let (plan, channel) = (Some(&plan), PaymentChannel::Payroll);
        let facts = AwardFacts { legal_entity: "JP-HQ", plan, channel, hire, paid_in_twelve_months: 0 };
        at_award(&facts).into_iter().find(|one| one.rule == "REF-15").map(|one| (one.outcome, one.code))
    };
    assert_eq!(told(HirePresence::Employed), Some((Outcome::Pass, "employed_at_milestone".into())));
    assert_eq!(told(HirePresence::Left), Some((Outcome::Block, "hire_left".into())));
    assert_eq!(told(HirePresence::TermOver), Some((Outcome::Hold, "term_over".into())));
    assert_eq!(told(HirePresence::Unknown), Some((Outcome::Hold, "employment_unknown".into())));
}

/// Whoever came to select the candidate after they had referred them earns nothing (REF-14).
#[test]
fn the_day_of_the_hire_asks_who_selected() {
    let (then, plan) = (relation(ReferrerClass::Employee), plan());
    let before = [passed("REF-14", "not_excluded", "リファラル手当規程")];
    let facts = hire_facts(&before, &then, &plan, 1);
    assert_eq!(says(&at_hire(&facts), "REF-14"), Some((Outcome::Pass, "not_excluded")));
    let led = HireFacts { selected_as: Some(Exclusion::RecruiterOfRequisition), ..facts };
    assert_eq!(says(&at_hire(&led), "REF-14"), Some((Outcome::Block, "recruiter_of_requisition")));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// Nobody but an employee of the entity passes without a human answer, on the day of the referral or of the hire.
    #[test]
    fn no_outsider_is_ever_paid(
        class in 0_usize..5,
        amount in 0_i64..400_000,
        paid in 0_u32..9,
        lets in any::<bool>(),
    ) {
        let class = ReferrerClass::iter().nth(class).unwrap();
        let then = relation(class);
        let mut plan = plan();
        plan.terms.amount.amount = amount;
        let (exclusions, permitted) = (BTreeSet::new(), permitted());
        let referral = ReferralFacts {
            plan: Some(&plan),
            paid_in_twelve_months: paid,
            permitted: lets.then_some(&permitted),
            ..facts(&then, &exclusions)
        };
        let found = at_referral(&referral);
        let hired = hire(&found, &then, &plan, 1);
        for results in [&found, &hired] {
            let worst = results.iter().map(|one| one.outcome).max();
            prop_assert!(class == ReferrerClass::Employee || worst > Some(Outcome::Pass));
            let rules: Vec<&String> = results.iter().map(|one| &one.rule).collect();
            let mut once = rules.clone();
            once.sort();
            once.dedup();
            prop_assert_eq!(&rules, &once, "each rule once, in order");
        }
        let outsider = [ReferrerClass::FormerEmployee, ReferrerClass::Outsider].contains(&class);
        prop_assert_eq!(bar(&found).is_some(), outsider && !lets);
        prop_assert!(!outsider || hired.iter().any(|one| one.outcome == Outcome::Block), "a permit pays nothing");
    }
}

// helpers

/// What takes something from a plan that is as it should be.
type Spoil = fn(&mut PlanPin);

fn facts<'a>(relation: &'a ReferrerRelation, exclusions: &'a BTreeSet<Exclusion>) -> ReferralFacts<'a> {
    ReferralFacts {
        relation,
        legal_entity: "JP-HQ",
        plan: None,
        relationship: Some(Relationship::FormerColleague),
        exclusions,
        offices: Offices::Known,
        likeness: Likeness::NotShown,
        paid_in_twelve_months: 0,
        permitted: None,
    }
}

fn with_plan(spoil: impl FnOnce(&mut PlanPin)) -> Vec<RuleResult> {
    let mut plan = plan();
    spoil(&mut plan);
    let relation = relation(ReferrerClass::Employee);
    at_referral(&ReferralFacts { plan: Some(&plan), ..facts(&relation, &BTreeSet::new()) })
}

fn hire(found: &[RuleResult], at_referral: &ReferrerRelation, plan: &PlanPin, hired: u64) -> Vec<RuleResult> {
    at_hire(&hire_facts(found, at_referral, plan, hired))
}

fn hire_facts<'a>(
    found: &'a [RuleResult],
    at_referral: &'a ReferrerRelation,
    plan: &'a PlanPin,
    hired: u64,
) -> HireFacts<'a> {
    HireFacts {
        found,
        at_referral,
        referred_to: "JP-HQ",
        legal_entity: "JP-HQ",
        plan: Some(plan),
        hired_person_id: PersonId(uuid(hired)),
        candidate: Likeness::Same,
        selected_as: None,
        paid_in_twelve_months: 0,
    }
}

#[test]
fn a_hire_who_is_not_shown_to_be_the_candidate_is_looked_at_before_anything_is_paid() {
    let (then, plan) = (relation(ReferrerClass::Employee), plan());
    let shown = hire_facts(&[], &then, &plan, 1);
    assert_eq!(says(&at_hire(&shown), "REF-13"), Some((Outcome::Pass, "candidate_hired")));
    let another = HireFacts { candidate: Likeness::NotShown, ..shown };
    assert_eq!(says(&at_hire(&another), "REF-13"), Some((Outcome::Hold, "candidate_not_shown")));
}

fn says<'a>(results: &'a [RuleResult], rule: &str) -> Option<(Outcome, &'a str)> {
    results.iter().find(|one| one.rule == rule).map(|one| (one.outcome, &*one.code))
}
