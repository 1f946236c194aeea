//! May this former worker apply to come back? Pure rules over facts that the caller gathered, each of which answers, passed
//! or not: an adverse decision names all its grounds, and every decision can be replayed (AUD-05).

use chrono::{Datelike as _, Days, Months, NaiveDate};

use crate::application::{
    Channel, EligibilityFacts, EligibilityResult, FlagForce, MembershipFact, RequisitionFact, Stint,
};
use crate::checks::{Outcome, RuleResult, each, found, passed};
use crate::labour::months_later;
use crate::programme_policy::{JobReturn, programme_version};
use crate::requisition::{Audience, Engagement};
use crate::values::{Clause, EmploymentType, Verdict};

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
/// How long somebody was here.
pub const TENURE: &str = "ELG-08";
/// Why somebody left, and how long ago, where they come back for it (ジョブリターン).
pub const JOB_RETURN: &str = "ELG-09";
/// No-rehire flags: in force only once a second person upheld them.
pub const FLAG: &str = "PRV-13";
/// The purpose of the contact. Applying is the person's own initiative.
pub const PURPOSE: &str = "PRV-01";
/// No age limits: there is no input of an age.
pub const AGE: &str = "LAB-01";
/// Not back as an agency worker within a year of leaving the same entity.
pub const DISPATCHED: &str = "LAB-04";

/// The law behind LAB-04.
pub const DISPATCHED_BASIS: &str = "労働者派遣法35条の5";
/// The law that leaves out who retired at sixty or later: 「厚生労働省令で定める者を除く」.
pub const RETIRED_BASIS: &str = "労働者派遣法40条の9第1項";
const PURPOSE_BASIS: &str = "個人情報保護法17条・18条";
const AGE_BASIS: &str = "労働施策総合推進法9条";

/// The version that every employer starts with.
pub const VERSION_0: &str = "programme/0";

/// What governs an application: the version of the programme policy, and its conditions.
struct Policy<'a> {
    version: String,
    /// The clause of the conditions, or the version where it has no text.
    clause: &'a str,
    cooling_off_days: u32,
    minimum_tenure_months: u32,
    /// Whether the case is a job return.
    is_job_return: bool,
    /// The conditions of its own that the policy has for one.
    own: Option<&'a JobReturn>,
}

impl<'a> Policy<'a> {
    fn of(facts: &'a EligibilityFacts) -> Self {
        let programme = facts.programme.as_deref();
        let rehire = programme.and_then(|programme| programme.rehire.as_ref());
        let is_job_return = programme.is_some_and(|programme| programme.channel == Channel::JobReturn);
        let own = programme.filter(|_| is_job_return).and_then(|programme| programme.job_return.as_ref());
        Self {
            version: version(facts),
            clause: own
                .map(|own| &own.clause)
                .or(rehire.map(|rehire| &rehire.clause))
                .map_or(VERSION_0, String::as_str),
            cooling_off_days: own
                .map(|own| own.cooling_off_days)
                .or(rehire.map(|rehire| rehire.cooling_off_days))
                .unwrap_or_default(),
            minimum_tenure_months: own
                .map(|own| own.minimum_tenure_months)
                .or(rehire.map(|rehire| rehire.minimum_tenure_months))
                .unwrap_or_default(),
            is_job_return,
            own,
        }
    }
}

type Rule = fn(&Policy<'_>, &EligibilityFacts) -> RuleResult;

/// The version of the programme policy that governs, as events cite it.
pub fn version(facts: &EligibilityFacts) -> String {
    facts
        .programme
        .as_ref()
        .map_or_else(|| VERSION_0.to_owned(), |programme| programme_version(programme.policy_id, programme.version))
}

/// What each rule says of an application, in the order in which they are read. Its first day is not known.
pub fn assess(facts: &EligibilityFacts) -> Vec<RuleResult> {
    read(facts, None)
}

/// What each rule says of a return that begins on a day: that of the offer.
pub fn assess_start(facts: &EligibilityFacts, starts_on: NaiveDate) -> Vec<RuleResult> {
    read(facts, Some(starts_on))
}

fn read(facts: &EligibilityFacts, starts_on: Option<NaiveDate>) -> Vec<RuleResult> {
    const OF_FACTS: [Rule; 9] = [membership, requisition, audience, was_here, has_left, verdicts, flags, purpose, age];
    let policy = Policy::of(facts);
    let of_facts = OF_FACTS.iter().map(|rule| rule(&policy, facts));
    let everywhere = of_facts.chain([not_dispatched_back(facts, starts_on), cooling_off(&policy, facts)]);
    // Version 0 knows no further conditions.
    let published = facts.programme.is_some().then(|| tenure(&policy, facts));
    everywhere.chain(published).chain(policy.is_job_return.then(|| job_return(&policy, facts))).collect()
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

fn membership(policy: &Policy<'_>, facts: &EligibilityFacts) -> RuleResult {
    match facts.membership {
        MembershipFact::Active => passed(MEMBERSHIP, "active", &policy.version),
        MembershipFact::Paused => passed(MEMBERSHIP, "paused", &policy.version),
        MembershipFact::Dormant => passed(MEMBERSHIP, "dormant", &policy.version),
        MembershipFact::PendingReview => blocked(MEMBERSHIP, "pending_review", &policy.version),
        MembershipFact::Ended => blocked(MEMBERSHIP, "membership_ended", &policy.version),
    }
}

/// A requisition that takes nobody refuses the command itself; what becomes of it later does not make a person less eligible.
fn requisition(policy: &Policy<'_>, facts: &EligibilityFacts) -> RuleResult {
    let stands = match facts.requisition {
        RequisitionFact::Open => "open",
        RequisitionFact::Published => "published",
        RequisitionFact::Filled => "filled",
        RequisitionFact::Closed => "closed",
    };
    passed(REQUISITION, stands, &policy.version)
}

fn audience(policy: &Policy<'_>, facts: &EligibilityFacts) -> RuleResult {
    let addressed = facts.audience.iter().any(|one| matches!(one, Audience::Alumni | Audience::Public));
    if addressed {
        passed(AUDIENCE, "addressed", &policy.version)
    } else {
        blocked(AUDIENCE, "not_addressed", &policy.version)
    }
}

fn was_here(policy: &Policy<'_>, facts: &EligibilityFacts) -> RuleResult {
    if facts.stints.is_empty() {
        blocked(STINT, "no_stint", &policy.version)
    } else {
        passed(STINT, "former_employee", &policy.version)
    }
}

fn has_left(policy: &Policy<'_>, facts: &EligibilityFacts) -> RuleResult {
    let employed = facts.stints.iter().any(|stint| stint.left_on >= facts.on);
    if employed { blocked(LEFT, "still_employed", &policy.version) } else { passed(LEFT, "left", &policy.version) }
}

/// Every stint counts: one that bars a return is not outweighed by another, and each that does is named by its clause.
fn verdicts(policy: &Policy<'_>, facts: &EligibilityFacts) -> RuleResult {
    let with = |verdict| facts.stints.iter().filter(move |stint| stint.verdict == verdict);
    let basis = |stint: &Stint| stint.clause.clone().unwrap_or_else(|| policy.version.clone());
    let barred: Vec<Clause> = with(Verdict::NotEligible).map(basis).collect();
    let looked_at: Vec<Clause> = with(Verdict::NeedsReview).map(basis).collect();
    if !barred.is_empty() {
        blocked(VERDICT, "not_eligible", &each(barred))
    } else if !looked_at.is_empty() {
        found(VERDICT, Outcome::Hold, "needs_review", &each(looked_at))
    } else {
        let cleared: Vec<Clause> = with(Verdict::Eligible).map(basis).collect();
        let basis = if cleared.is_empty() { policy.version.clone() } else { each(cleared) };
        passed(VERDICT, "eligible", &basis)
    }
}

/// Every flag in force is named by its clause: whoever lifts one does not lift the others. One that is only raised is held
/// against nobody.
fn flags(policy: &Policy<'_>, facts: &EligibilityFacts) -> RuleResult {
    let with = |force| facts.flags.iter().filter(move |flag| flag.force == force).map(|flag| flag.clause.clone());
    let in_force: Vec<Clause> = with(FlagForce::InForce).collect();
    let raised: Vec<Clause> = with(FlagForce::Raised).collect();
    if !in_force.is_empty() {
        blocked(FLAG, "flag_in_force", &each(in_force))
    } else if !raised.is_empty() {
        found(FLAG, Outcome::Hold, "flag_raised", &each(raised))
    } else {
        passed(FLAG, "no_flag", &policy.version)
    }
}

/// Consent lets the employer bring openings to a person; whoever applies by themselves needs none.
fn purpose(_: &Policy<'_>, facts: &EligibilityFacts) -> RuleResult {
    passed(PURPOSE, if facts.jobs_consent.is_some() { "consented" } else { "own_initiative" }, PURPOSE_BASIS)
}

fn age(_: &Policy<'_>, _: &EligibilityFacts) -> RuleResult {
    passed(AGE, "no_age_input", AGE_BASIS)
}

/// What counts is the first day of work, which the offer states. Until then nobody can tell, unless the year is over already:
/// nobody begins before they apply.
fn not_dispatched_back(facts: &EligibilityFacts, starts_on: Option<NaiveDate>) -> RuleResult {
    // Whoever worked on a contract of their own left no employment.
    let same = |stint: &&Stint| {
        stint.employment_type != Some(EmploymentType::Contractor)
            && facts.legal_entity.as_ref().is_none_or(|entity| *entity == stint.legal_entity)
    };
    let within_a_year =
        |day: NaiveDate| facts.stints.iter().filter(same).any(|stint| day < barred_until(stint.left_on));
    // Even if they were employed on for a time.
    let retired = facts.stints.iter().filter(same).any(|stint| stint.retired);
    if facts.engagement == Engagement::Direct {
        return passed(DISPATCHED, "direct", DISPATCHED_BASIS);
    }
    match starts_on {
        Some(day) if !within_a_year(day) => passed(DISPATCHED, "a_year_has_passed", DISPATCHED_BASIS),
        None if !within_a_year(facts.on) => passed(DISPATCHED, "a_year_has_passed", DISPATCHED_BASIS),
        Some(_) | None if retired => passed(DISPATCHED, "retired", RETIRED_BASIS),
        Some(_) => blocked(DISPATCHED, "dispatched_within_a_year", DISPATCHED_BASIS),
        None => found(DISPATCHED, Outcome::Hold, "start_unknown", DISPATCHED_BASIS),
    }
}

/// The first day on which somebody who left on a day may be back as a dispatched worker.
pub fn barred_until(left_on: NaiveDate) -> NaiveDate {
    months_later(left_on, 12).unwrap_or(NaiveDate::MAX)
}

fn cooling_off(policy: &Policy<'_>, facts: &EligibilityFacts) -> RuleResult {
    let days = Days::new(policy.cooling_off_days.into());
    let over = |stint: &Stint| stint.left_on.checked_add_days(days).unwrap_or(stint.left_on);
    // Whoever has not left yet is not cooling off: another rule says so.
    let waits = facts.stints.iter().filter(|stint| stint.left_on < facts.on).any(|stint| facts.on <= over(stint));
    if waits { blocked(COOLING_OFF, "cooling_off", policy.clause) } else { passed(COOLING_OFF, "over", policy.clause) }
}

/// All periods count together, in whichever entity, and a day once: a secondment lies beside another period. One that goes on
/// counts up to the day of the assessment.
fn tenure(policy: &Policy<'_>, facts: &EligibilityFacts) -> RuleResult {
    let mut periods: Vec<(NaiveDate, NaiveDate)> =
        facts.stints.iter().map(|stint| (stint.hired_on, stint.left_on.min(facts.on))).collect();
    periods.sort_unstable();
    let mut apart: Vec<(NaiveDate, NaiveDate)> = Vec::with_capacity(periods.len());
    for (first, last) in periods {
        match apart.last_mut() {
            Some((_, until)) if first <= *until => *until = last.max(*until),
            Some(_) | None => apart.push((first, last)),
        }
    }
    let worked = apart.into_iter().map(|(first, last)| full_months(first, last)).fold(0_u32, u32::saturating_add);
    if worked >= policy.minimum_tenure_months {
        passed(TENURE, "long_enough", policy.clause)
    } else {
        blocked(TENURE, "too_short", policy.clause)
    }
}

/// The full months from a first to a last day, both included.
fn full_months(first: NaiveDate, last: NaiveDate) -> u32 {
    let Some(after) = last.succ_opt() else { return 0 };
    let whole = (after.year() - first.year()) * 12 + i32::try_from(after.month()).unwrap_or_default()
        - i32::try_from(first.month()).unwrap_or_default()
        - i32::from(after.day() < first.day());
    u32::try_from(whole).unwrap_or_default()
}

/// Whether one left for a reason that counts, not too long ago, and registered the wish to return where that is asked for.
/// Where not, somebody looks: they may come back without it.
fn job_return(policy: &Policy<'_>, facts: &EligibilityFacts) -> RuleResult {
    let Some(own) = policy.own else { return found(JOB_RETURN, Outcome::Hold, "not_offered", &policy.version) };
    let within = |stint: &Stint, months| {
        stint.left_on.checked_add_months(Months::new(months)).is_none_or(|until| facts.on <= until)
    };
    let registered = |stint: &Stint| stint.wish_registered || own.registration_months.is_none();
    let still_registered = |stint: &Stint| own.registration_months.is_none_or(|months| within(stint, months));
    let counting = || facts.stints.iter().filter(|stint| stint.reason_counts);
    let in_time = || counting().filter(|stint| within(stint, own.within_months));
    let stands_against = if counting().next().is_none() {
        "reason_does_not_count"
    } else if in_time().next().is_none() {
        "too_long_ago"
    } else if !in_time().any(registered) {
        "not_registered"
    } else if !in_time().any(|stint| registered(stint) && still_registered(stint)) {
        "registration_over"
    } else {
        return passed(JOB_RETURN, "within_time", &own.clause);
    };
    found(JOB_RETURN, Outcome::Hold, stands_against, &own.clause)
}
