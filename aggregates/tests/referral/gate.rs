//! The rules about paid referrals, rule by rule: the fact, and what it says.

use std::collections::BTreeSet;

use aggregates::checks::{Outcome, RuleResult, found, passed};
use aggregates::employment::Span;
use aggregates::referral::gate::{
    AskedAnew, AwardFacts, HireFacts, HirePresence, ReferralFacts, at_award, at_hire, at_referral, bar,
};
use aggregates::referral::{Exclusion, Likeness, Offices, ReferrerClass, ReferrerRelation, Relationship};
use aggregates::reward::PaymentChannel;
use aggregates::reward_plan::PlanPin;
use aggregates::values::Money;
use proptest::prelude::*;
use strum::IntoEnumIterator;

use super::given::{permitted, plan, relation};

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
        let results = hire(&[], &then, &plan);
        assert_eq!(says(&results, "REF-09"), Some((Outcome::Block, "not_employed_at_referral")));
    }
    let then = relation(ReferrerClass::Employee);
    assert_eq!(says(&hire(&[], &then, &plan), "REF-09"), Some((Outcome::Pass, "status_at_referral")));
}

#[test]
fn hire_and_award_show_who_referred_themselves() {
    let (then, plan) = (relation(ReferrerClass::Employee), plan());
    let found = at_referral(&facts(&then, &BTreeSet::new()));
    for found in [&[], &found[..]] {
        for (likeness, says_so) in [
            (Likeness::Same, (Outcome::Block, "self_referral")),
            (Likeness::NotShown, (Outcome::Pass, "another_person")),
        ] {
            let referrer = AskedAnew { likeness, ..known(found, &then) };
            assert_eq!(says(&at_hire(&hire_facts(referrer, &plan)), "REF-10"), Some(says_so));
            assert_eq!(says(&at_award(&award_facts(referrer, &plan)), "REF-10"), Some(says_so));
        }
    }
}

/// They had left before they referred, and that was recorded later: what the periods say counts, on every day that asks.
#[test]
fn a_correction_of_the_periods_is_noticed_at_hire_and_award() {
    let (then, plan) = (relation(ReferrerClass::Employee), plan());
    let found = at_referral(&facts(&then, &BTreeSet::new()));
    let of = |class, judged| {
        let now = relation(class);
        let referrer = AskedAnew { judged, ..known(&found, &now) };
        let both = [at_hire(&hire_facts(referrer, &plan)), at_award(&award_facts(referrer, &plan))];
        both.map(|results| {
            ["REF-01", "REF-06", "REF-09"].map(|rule| says(&results, rule).map(|(_, code)| code.to_owned()))
        })
    };
    let told = |codes: [Option<&str>; 3]| [(); 2].map(|()| codes.map(|code| code.map(str::to_owned)));
    let stays = told([Some("employee"), Some("no_outsider"), Some("status_at_referral")]);
    assert_eq!(of(ReferrerClass::Employee, ReferrerClass::Employee), stays);
    let gone = told([None, Some("former_employee"), Some("not_employed_at_referral")]);
    assert_eq!(of(ReferrerClass::FormerEmployee, ReferrerClass::Employee), gone);
    let elsewhere = told([Some("group_employee"), None, Some("status_at_referral")]);
    assert_eq!(of(ReferrerClass::GroupEmployee, ReferrerClass::Employee), elsewhere);
}

#[test]
fn what_barred_the_referral_bars_the_reward() {
    let (then, plan) = (relation(ReferrerClass::Employee), plan());
    let none = BTreeSet::new();
    let related = ReferralFacts { relationship: Some(Relationship::Relative), ..facts(&then, &none) };
    let found = at_referral(&related);
    assert_eq!(says(&hire(&found, &then, &plan), "REF-14"), Some((Outcome::Block, "relative")));
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
        let results = at_hire(&hire_facts(AskedAnew { legal_entity: "JP-WEST", ..known(&found, &then) }, &plan));
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
    let results = hire(std::slice::from_ref(&settled), &then, &plan);
    assert_eq!(says(&results, "REF-18"), Some((Outcome::Pass, "note_missing")));
    plan.terms.payroll.note_ref = Some("payroll/1".to_owned());
    plan.terms.payroll.social_insurance = None;
    let results = hire(&[settled], &then, &plan);
    assert_eq!(says(&results, "REF-18"), Some((Outcome::Hold, "class_missing")), "another finding");
}

/// An opinion has an end, which what was found does not tell: months later it is asked for again.
#[test]
fn an_opinion_that_carried_the_hire_is_asked_for_again_at_the_award() {
    let (then, plan) = (relation(ReferrerClass::GroupEmployee), plan());
    let found = at_referral(&facts(&then, &BTreeSet::new()));
    let carried: Vec<RuleResult> =
        found.into_iter().map(|one| RuleResult { outcome: one.outcome.min(Outcome::Pass), ..one }).collect();
    let referrer = known(&carried, &then);
    assert_eq!(says(&at_hire(&hire_facts(referrer, &plan)), "REF-01"), Some((Outcome::Pass, "group_employee")));
    let repeated = AskedAnew { paid_in_twelve_months: 9, ..referrer };
    let awarded = at_award(&award_facts(repeated, &plan));
    assert_eq!(says(&awarded, "REF-05"), Some((Outcome::Legal, "repeated")));
    let once =
        [RuleResult { outcome: Outcome::Pass, ..aggregates::checks::found("REF-05", Outcome::Legal, "repeated", "x") }];
    let again = at_award(&award_facts(AskedAnew { found: &once, ..repeated }, &plan));
    assert_eq!(says(&again, "REF-05"), Some((Outcome::Legal, "repeated")));
}

#[test]
fn the_day_of_the_award_asks_everything_anew_but_for_presence() {
    let (then, plan) = (relation(ReferrerClass::Employee), plan());
    let found = at_referral(&facts(&then, &BTreeSet::new()));
    let results = at_award(&award_facts(known(&found, &then), &plan));
    let rules: Vec<&str> = results.iter().map(|one| &*one.rule).collect();
    let all = ["REF-01", "REF-02", "REF-03", "REF-04", "REF-05", "REF-06", "REF-09", "REF-10", "REF-14", "REF-15"];
    assert_eq!(rules, [&all[..], &["REF-18"]].concat());
    assert!(results.iter().all(|one| one.outcome == Outcome::Pass), "{results:?}");
    let led = AskedAnew { selected_as: Some(Exclusion::RecruiterOfRequisition), ..known(&found, &then) };
    let results = at_award(&award_facts(led, &plan));
    assert_eq!(says(&results, "REF-14"), Some((Outcome::Block, "recruiter_of_requisition")));
}

#[test]
fn the_day_of_the_award_asks_whether_the_hire_has_lasted() {
    let (then, plan) = (relation(ReferrerClass::Employee), plan());
    let told = |hire| {
        let facts = AwardFacts { hire, ..award_facts(known(&[], &then), &plan) };
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
    let referrer = known(&before, &then);
    assert_eq!(says(&at_hire(&hire_facts(referrer, &plan)), "REF-14"), Some((Outcome::Pass, "not_excluded")));
    let led = AskedAnew { selected_as: Some(Exclusion::RecruiterOfRequisition), ..referrer };
    assert_eq!(says(&at_hire(&hire_facts(led, &plan)), "REF-14"), Some((Outcome::Block, "recruiter_of_requisition")));
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
        let hired = hire(&found, &then, &plan);
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

fn hire(found: &[RuleResult], at_referral: &ReferrerRelation, plan: &PlanPin) -> Vec<RuleResult> {
    at_hire(&hire_facts(known(found, at_referral), plan))
}

fn known<'a>(found: &'a [RuleResult], at_referral: &'a ReferrerRelation) -> AskedAnew<'a> {
    AskedAnew {
        found,
        judged: at_referral.class,
        judged_for: "JP-HQ",
        at_referral,
        legal_entity: "JP-HQ",
        likeness: Likeness::NotShown,
        selected_as: None,
        paid_in_twelve_months: 0,
    }
}

fn award_facts<'a>(referrer: AskedAnew<'a>, plan: &'a PlanPin) -> AwardFacts<'a> {
    AwardFacts { referrer, plan: Some(plan), channel: PaymentChannel::Payroll, hire: HirePresence::Employed }
}

fn hire_facts<'a>(referrer: AskedAnew<'a>, plan: &'a PlanPin) -> HireFacts<'a> {
    HireFacts { referrer, plan: Some(plan), candidate: Likeness::Same }
}

#[test]
fn a_hire_who_is_not_shown_to_be_the_candidate_is_looked_at_before_anything_is_paid() {
    let (then, plan) = (relation(ReferrerClass::Employee), plan());
    let shown = hire_facts(known(&[], &then), &plan);
    assert_eq!(says(&at_hire(&shown), "REF-13"), Some((Outcome::Pass, "candidate_hired")));
    let another = HireFacts { candidate: Likeness::NotShown, ..shown };
    assert_eq!(says(&at_hire(&another), "REF-13"), Some((Outcome::Hold, "candidate_not_shown")));
}

fn says<'a>(results: &'a [RuleResult], rule: &str) -> Option<(Outcome, &'a str)> {
    results.iter().find(|one| one.rule == rule).map(|one| (one.outcome, &*one.code))
}
