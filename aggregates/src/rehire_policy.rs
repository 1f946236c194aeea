//! May this former worker apply to come back? Pure rules over facts that the caller gathered, each of which answers, passed
//! or not: an adverse decision names all its grounds, and every decision can be replayed (AUD-05).

use chrono::{Days, Months, NaiveDate};

use crate::application::{EligibilityFacts, EligibilityResult, FlagForce, MembershipFact, RequisitionFact, Stint};
use crate::checks::{Outcome, RuleResult, found, passed};
use crate::requisition::{Audience, Engagement};
use crate::values::Verdict;

/// The membership.
pub const MEMBERSHIP: &str = "ELG-01";
/// The requisition.
pub const REQUISITION: &str = "ELG-02";
/// Whom the requisition addresses.
pub const AUDIENCE: &str = "ELG-03";
/// That somebody was here at all.
pub const STINT: &str = "ELG-04";
/// That somebody has left.
pub const LEFT: &str = "ELG-05";
/// What was found about a return, stint by stint.
pub const VERDICT: &str = "ELG-06";
/// How long after leaving.
pub const COOLING_OFF: &str = "ELG-07";
/// No-rehire flags: in force only once a second person upheld them.
pub const FLAG: &str = "PRV-13";
/// The purpose of the contact. Applying is the person's own initiative.
pub const PURPOSE: &str = "PRV-01";
/// No age limits: there is no input of an age.
pub const AGE: &str = "LAB-01";
/// Not back as an agency worker within a year of leaving the same entity.
pub const DISPATCHED: &str = "LAB-04";

const DISPATCHED_BASIS: &str = "労働者派遣法35条の5";

/// What a version of the programme policy says about who may apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RehirePolicy {
    /// The version that events cite.
    pub version: &'static str,
    /// How many days after leaving nobody may apply.
    pub cooling_off_days: u64,
}

type Rule = fn(&RehirePolicy, &EligibilityFacts) -> RuleResult;

impl RehirePolicy {
    /// What every employer starts with.
    pub const VERSION_0: Self = Self { version: "programme/0", cooling_off_days: 0 };

    /// What each rule says of an application, in the order in which they are read. Its first day is not known.
    pub fn assess(&self, facts: &EligibilityFacts) -> Vec<RuleResult> {
        self.read(facts, None)
    }

    /// What each rule says of a return that begins on a day: that of the offer.
    pub fn assess_start(&self, facts: &EligibilityFacts, starts_on: NaiveDate) -> Vec<RuleResult> {
        self.read(facts, Some(starts_on))
    }

    fn read(&self, facts: &EligibilityFacts, starts_on: Option<NaiveDate>) -> Vec<RuleResult> {
        const OF_FACTS: [Rule; 9] =
            [membership, requisition, audience, was_here, has_left, verdicts, flags, purpose, age];
        let of_facts = OF_FACTS.iter().map(|rule| rule(self, facts));
        of_facts.chain([not_dispatched_back(facts, starts_on), cooling_off(self, facts)]).collect()
    }
}

/// What the rules say together: one that blocks suffices, else one that holds.
pub fn result(rules: &[RuleResult]) -> EligibilityResult {
    let says = |outcome| rules.iter().any(|rule| rule.outcome == outcome);
    if says(Outcome::Block) {
        EligibilityResult::NotEligible
    } else if says(Outcome::Hold) || says(Outcome::Legal) || says(Outcome::Warn) {
        EligibilityResult::NeedsReview
    } else {
        EligibilityResult::Eligible
    }
}

fn blocked(rule: &str, code: &str, basis: &str) -> RuleResult {
    found(rule, Outcome::Block, code, basis)
}

fn membership(policy: &RehirePolicy, facts: &EligibilityFacts) -> RuleResult {
    match facts.membership {
        MembershipFact::Active => passed(MEMBERSHIP, "active"),
        MembershipFact::Paused => passed(MEMBERSHIP, "paused"),
        MembershipFact::Dormant => passed(MEMBERSHIP, "dormant"),
        MembershipFact::PendingReview => blocked(MEMBERSHIP, "pending_review", policy.version),
        MembershipFact::Ended => blocked(MEMBERSHIP, "membership_ended", policy.version),
    }
}

/// A requisition that takes nobody refuses the command itself; what becomes of it later does not make a person less eligible.
fn requisition(_: &RehirePolicy, facts: &EligibilityFacts) -> RuleResult {
    passed(
        REQUISITION,
        match facts.requisition {
            RequisitionFact::Open => "open",
            RequisitionFact::Published => "published",
            RequisitionFact::Filled => "filled",
            RequisitionFact::Closed => "closed",
        },
    )
}

fn audience(policy: &RehirePolicy, facts: &EligibilityFacts) -> RuleResult {
    let addressed = facts.audience.iter().any(|one| matches!(one, Audience::Alumni | Audience::Public));
    if addressed { passed(AUDIENCE, "addressed") } else { blocked(AUDIENCE, "not_addressed", policy.version) }
}

fn was_here(policy: &RehirePolicy, facts: &EligibilityFacts) -> RuleResult {
    if facts.stints.is_empty() { blocked(STINT, "no_stint", policy.version) } else { passed(STINT, "former_employee") }
}

fn has_left(policy: &RehirePolicy, facts: &EligibilityFacts) -> RuleResult {
    let employed = facts.stints.iter().any(|stint| stint.left_on >= facts.on);
    if employed { blocked(LEFT, "still_employed", policy.version) } else { passed(LEFT, "left") }
}

/// Every stint counts: one that bars a return is not outweighed by another.
fn verdicts(policy: &RehirePolicy, facts: &EligibilityFacts) -> RuleResult {
    let with = |verdict| facts.stints.iter().find(|stint| stint.verdict == verdict);
    let basis = |stint: &Stint| stint.clause.clone().unwrap_or_else(|| policy.version.to_owned());
    if let Some(stint) = with(Verdict::NotEligible) {
        blocked(VERDICT, "not_eligible", &basis(stint))
    } else if let Some(stint) = with(Verdict::NeedsReview) {
        found(VERDICT, Outcome::Hold, "needs_review", &basis(stint))
    } else {
        passed(VERDICT, "eligible")
    }
}

fn flags(_: &RehirePolicy, facts: &EligibilityFacts) -> RuleResult {
    let with = |force| facts.flags.iter().find(|flag| flag.force == force);
    if let Some(flag) = with(FlagForce::InForce) {
        blocked(FLAG, "flag_in_force", &flag.clause)
    } else if let Some(flag) = with(FlagForce::Raised) {
        found(FLAG, Outcome::Hold, "flag_raised", &flag.clause)
    } else {
        passed(FLAG, "no_flag")
    }
}

/// Consent lets the employer bring openings to a person; whoever applies by themselves needs none.
fn purpose(_: &RehirePolicy, facts: &EligibilityFacts) -> RuleResult {
    passed(PURPOSE, if facts.jobs_consent.is_some() { "consented" } else { "own_initiative" })
}

fn age(_: &RehirePolicy, _: &EligibilityFacts) -> RuleResult {
    passed(AGE, "no_age_input")
}

/// What counts is the first day of work, which the offer states. Until then nobody can tell, unless the year is over already:
/// nobody begins before they apply.
fn not_dispatched_back(facts: &EligibilityFacts, starts_on: Option<NaiveDate>) -> RuleResult {
    let same = |stint: &&Stint| facts.legal_entity.as_ref().is_none_or(|entity| *entity == stint.legal_entity);
    let barred_until = |stint: &Stint| stint.left_on.checked_add_months(Months::new(12)).unwrap_or(NaiveDate::MAX);
    let within_a_year = |day: NaiveDate| facts.stints.iter().filter(same).any(|stint| day < barred_until(stint));
    match (facts.engagement, starts_on) {
        (Engagement::Direct, _) => passed(DISPATCHED, "direct"),
        (Engagement::Dispatched, Some(starts_on)) if within_a_year(starts_on) => {
            blocked(DISPATCHED, "dispatched_within_a_year", DISPATCHED_BASIS)
        }
        (Engagement::Dispatched, None) if within_a_year(facts.on) => {
            found(DISPATCHED, Outcome::Hold, "start_unknown", DISPATCHED_BASIS)
        }
        (Engagement::Dispatched, _) => passed(DISPATCHED, "a_year_has_passed"),
    }
}

fn cooling_off(policy: &RehirePolicy, facts: &EligibilityFacts) -> RuleResult {
    let over =
        |stint: &Stint| stint.left_on.checked_add_days(Days::new(policy.cooling_off_days)).unwrap_or(stint.left_on);
    // Whoever has not left yet is not cooling off: another rule says so.
    let waits = facts.stints.iter().filter(|stint| stint.left_on < facts.on).any(|stint| facts.on < over(stint));
    if waits { blocked(COOLING_OFF, "cooling_off", policy.version) } else { passed(COOLING_OFF, "over") }
}
