//! May this referral be paid for? Pure rules over what the periods of employment, the plan and the position say, evaluated
//! on three days: of the referral, of the hire and of the award. Each rule gives one result; those that pass are recorded too.
//! What the periods of employment said of the day of the referral may be corrected later: on each day it is read anew. What
//! barred a reward bars it still: a referral that was made and agreed as an unpaid one stays unpaid (REF-09).
//!
//! Only wages to one's own employees may reward the referral of a candidate (職業安定法40条); everybody else is an outsider
//! (REF-06). What counts is what the referrer was when they referred (REF-01, REF-09).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{ReferrerClass, ReferrerRelation, Relationship};
use crate::checks::{Outcome, RuleResult, found, passed};
use crate::employment::Span;
use crate::programme_policy::ReferralBasis;
use crate::reward::PaymentChannel;
use crate::reward_plan::{HARD_CAP, PlanPin, PlanTerms, SOFT_CAP};

/// The rule that the referrer is an employee of the entity that hires.
pub const EMPLOYEE: &str = "REF-01";
/// The rule that a plan, laid down and filed as wage, governs the day of the referral.
pub const PLAN: &str = "REF-02";
/// The rule that it is paid as wage, in yen.
pub const CHANNEL: &str = "REF-03";
/// The rule that the amount stays reasonable.
pub const AMOUNT: &str = "REF-04";
/// The rule that nobody makes a trade of it.
pub const REPEATED: &str = "REF-05";
/// The rule that no outsider is rewarded for a candidate.
pub const OUTSIDER: &str = "REF-06";
/// The rule that a later employment does not make an earlier referral payable.
pub const STATUS_COUNTS: &str = "REF-09";
/// The rule that nobody refers themselves.
pub const SELF_REFERRAL: &str = "REF-10";
/// The rule that one referral of whoever was hired earns the reward, and no other.
pub const CANDIDATE: &str = "REF-13";
/// The rule that whoever selects, approves or is related earns nothing.
pub const EXCLUDED: &str = "REF-14";
/// The rule that whoever was hired is still there when it is earned.
pub const PRESENCE: &str = "REF-15";
/// The rule that payroll knows how to treat it.
pub const TREATMENT: &str = "REF-18";

/// The rules about whoever has the credit: they are asked anew when somebody else gets it.
pub const ABOUT_REFERRER: [&str; 6] = [EMPLOYEE, REPEATED, OUTSIDER, STATUS_COUNTS, SELF_REFERRAL, EXCLUDED];

/// The law behind REF-06.
pub const OUTSIDER_BASIS: &str = "職業安定法36条・40条";
/// The law by which outsiders may refer unpaid, once it is notified.
const UNPAID_BASIS: &str = "職業安定法36条3項";
/// The law behind REF-10.
pub const SELF_REFERRAL_BASIS: &str = "職業安定法40条・リファラル手当規程";

const EMPLOYEE_BASIS: &str = "職業安定法36条・40条";
const PLAN_BASIS: &str = "職業安定法40条・労働基準法89条";
const CHANNEL_BASIS: &str = "職業安定法40条・労働基準法24条";
const AMOUNT_BASIS: &str = "職業安定法40条";
const REPEATED_BASIS: &str = "職業安定法30条";
const STATUS_BASIS: &str = "職業安定法40条";
const EXCLUDED_BASIS: &str = "リファラル手当規程";
/// The law behind REF-15: nothing is taken back from whoever leaves later.
const PRESENCE_BASIS: &str = "労基法16条";
const TREATMENT_BASIS: &str = "所得税法28条・健康保険法3条";

/// How many paid referrals of one person within twelve months raise no question, the one in question among them (REF-05).
pub const PAID_WITHOUT_QUESTION: u32 = 5;

/// Why somebody may refer but earns nothing (REF-14).
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Exclusion {
    /// They are the recruiter in charge of the requisition.
    RecruiterOfRequisition,
    /// They are the hiring manager of the requisition.
    HiringManagerOfRequisition,
    /// They recruit.
    Recruiter,
    /// They work in people operations.
    PeopleOps,
    /// They approve last.
    Executive,
    /// They are a relative of the candidate.
    Relative,
}

/// Whether it is known which offices the referrer holds: of whoever asks for it themselves their roles say so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offices {
    /// It is.
    Known,
    /// Nobody said so.
    Unknown,
}

/// Whether two are one person, as far as anybody can tell: candidate and referrer, candidate and hire, or hire and referrer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Likeness {
    /// They share a mail address or an account, or what else is known of both says so.
    Same,
    /// Nothing says so.
    NotShown,
}

/// What a programme policy lets those refer by who are not employed: unpaid, and on record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permitted {
    /// The version of the policy, such as `programme/0195…/2`.
    pub programme: String,
    /// What it rests on.
    pub basis: ReferralBasis,
}

/// What the rules read on the day of the referral.
#[derive(Clone, Copy, Debug)]
pub struct ReferralFacts<'a> {
    /// What the referrer is to the entity that hires.
    pub relation: &'a ReferrerRelation,
    /// The entity that hires.
    pub legal_entity: &'a str,
    /// The plan in force for it.
    pub plan: Option<&'a PlanPin>,
    /// How the referrer knows the candidate, where that is known.
    pub relationship: Option<Relationship>,
    /// What else excludes them from earning.
    pub exclusions: &'a BTreeSet<Exclusion>,
    /// Whether more might exclude them.
    pub offices: Offices,
    /// Whether they refer themselves.
    pub likeness: Likeness,
    /// How many other referrals of theirs were paid, or are to be, in the twelve months before.
    pub paid_in_twelve_months: u32,
    /// What lets them refer where they are not employed.
    pub permitted: Option<&'a Permitted>,
}

/// What was found of the referrer on an earlier day, and what is known of them now.
#[derive(Clone, Copy, Debug)]
pub struct AskedAnew<'a> {
    /// What was found, with what was answered to it since: `referral::Standing::carried`.
    pub found: &'a [RuleResult],
    /// What they were taken for then, on the day of the referral.
    pub judged: ReferrerClass,
    /// The entity to which.
    pub judged_for: &'a str,
    /// What the periods of employment say now of the day of the referral, and of that entity.
    pub at_referral: &'a ReferrerRelation,
    /// The entity that hires and pays.
    pub legal_entity: &'a str,
    /// Whether they are whoever was hired: one human being, or one account.
    pub likeness: Likeness,
    /// What they were to the selection of whoever was hired, if anything.
    pub selected_as: Option<Exclusion>,
    /// How many other referrals of theirs were paid, or are to be, in the twelve months before.
    pub paid_in_twelve_months: u32,
}

/// What the rules read on the day of the hire.
#[derive(Clone, Copy, Debug)]
pub struct HireFacts<'a> {
    /// Of the referrer.
    pub referrer: AskedAnew<'a>,
    /// The plan that governed the day of the referral.
    pub plan: Option<&'a PlanPin>,
    /// Whether whoever was hired is the candidate who was referred. An application may name a referral by its id alone.
    pub candidate: Likeness,
}

/// Whether whoever was hired was employed until the milestone, by the periods that are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HirePresence {
    /// They were.
    Employed,
    /// They had left before it.
    Left,
    /// Their term had run out before it, and no renewal is recorded.
    TermOver,
    /// No period of their employment is known.
    Unknown,
}

/// What the rules read on the day of the award. What the referrer is on that day is none of it, since a referrer who met all
/// conditions before leaving is owed the wage (REF-17).
#[derive(Clone, Copy, Debug)]
pub struct AwardFacts<'a> {
    /// Of the referrer.
    pub referrer: AskedAnew<'a>,
    /// The plan that governed the day of the referral.
    pub plan: Option<&'a PlanPin>,
    /// Through what it is paid.
    pub channel: PaymentChannel,
    /// Whether the hire has lasted.
    pub hire: HirePresence,
}

/// The rules on the day of the referral, in order of their ids.
pub fn at_referral(facts: &ReferralFacts<'_>) -> Vec<RuleResult> {
    let mut results = vec![may_refer(facts.relation.class, facts.permitted)];
    if facts.relation.class == ReferrerClass::Employee {
        results.push(passed(OUTSIDER, "no_outsider", OUTSIDER_BASIS));
    }
    results.extend(plan_rules(facts.legal_entity, facts.plan, PaymentChannel::Payroll));
    results.push(repeated(facts.paid_in_twelve_months));
    results.push(status_counts(facts.relation.class));
    results.push(themselves(facts.likeness));
    results.push(excluded(facts));
    in_order(results)
}

/// The rules on the day of the hire: what was found on the day of the referral, and what only the hire tells.
pub fn at_hire(facts: &HireFacts<'_>) -> Vec<RuleResult> {
    let mut again = plan_rules(facts.referrer.legal_entity, facts.plan, PaymentChannel::Payroll);
    let lays_down = facts.plan.map_or(EXCLUDED_BASIS, |plan| plan.terms.clause.as_str());
    again.push(match facts.candidate {
        Likeness::Same => passed(CANDIDATE, "candidate_hired", lays_down),
        Likeness::NotShown => found(CANDIDATE, Outcome::Hold, "candidate_not_shown", lays_down),
    });
    asked_anew(&facts.referrer, again, Opinions::Hold)
}

/// Whether an opinion that was relied on when something was found holds still: what was found says no more until when.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Opinions {
    /// It was looked at on the same day.
    Hold,
    /// Months may lie between: it is asked for again.
    AreAskedForAgain,
}

/// What was found before, with what is evaluated again: the rules about the referrer, and those given.
///
/// Where another entity hires than the one referred to, what counts is what the referrer was to that one (REF-01), and where
/// the periods of employment were corrected since, what they say now: what was found and answered about the other says nothing.
fn asked_anew(facts: &AskedAnew<'_>, mut again: Vec<RuleResult>, opinions: Opinions) -> Vec<RuleResult> {
    let class = towards(facts.at_referral, facts.judged_for, facts.legal_entity);
    again.push(repeated(facts.paid_in_twelve_months));
    again.push(status_counts(class));
    again.push(themselves(facts.likeness));
    if let Some(exclusion) = facts.selected_as {
        again.push(found(EXCLUDED, Outcome::Block, exclusion.into(), EXCLUDED_BASIS));
    }
    if facts.legal_entity == facts.judged_for && class == facts.judged {
        return overlaid(facts.found, again, opinions);
    }
    again.push(status(class));
    if class == ReferrerClass::Employee {
        again.push(passed(OUTSIDER, "no_outsider", OUTSIDER_BASIS));
    }
    let of_the_other = |one: &&RuleResult| one.outcome != Outcome::Block && [EMPLOYEE, OUTSIDER].contains(&&*one.rule);
    let found: Vec<RuleResult> = facts.found.iter().filter(|one| !of_the_other(one)).cloned().collect();
    overlaid(&found, again, opinions)
}

/// What somebody was to an entity on the same day, who was something to another by the same periods. Whoever was employed, and
/// not there, was so elsewhere in the group.
pub fn towards(relation: &ReferrerRelation, of: &str, legal_entity: &str) -> ReferrerClass {
    if of == legal_entity {
        return relation.class;
    }
    let there = |span: &Span| span.legal_entity == legal_entity && span.covers(relation.on);
    match relation.class {
        ReferrerClass::Employee | ReferrerClass::GroupEmployee if relation.spans.iter().any(there) => {
            ReferrerClass::Employee
        }
        ReferrerClass::Employee | ReferrerClass::GroupEmployee => ReferrerClass::GroupEmployee,
        class @ (ReferrerClass::FormerEmployee | ReferrerClass::Outsider | ReferrerClass::Unknown) => class,
    }
}

/// The rules on the day of the award: channel, plan, amount, how payroll treats it, whether the hire has lasted, and once more
/// what is known of the referrer.
pub fn at_award(facts: &AwardFacts<'_>) -> Vec<RuleResult> {
    let mut again = plan_rules(facts.referrer.legal_entity, facts.plan, facts.channel);
    again.push(match facts.hire {
        HirePresence::Employed => passed(PRESENCE, "employed_at_milestone", PRESENCE_BASIS),
        HirePresence::Left => found(PRESENCE, Outcome::Block, "hire_left", PRESENCE_BASIS),
        HirePresence::TermOver => found(PRESENCE, Outcome::Hold, "term_over", PRESENCE_BASIS),
        HirePresence::Unknown => found(PRESENCE, Outcome::Hold, "employment_unknown", PRESENCE_BASIS),
    });
    asked_anew(&facts.referrer, again, Opinions::AreAskedForAgain)
}

/// The rule that bars a referral from being recorded at all, if one does: an outsider's, or one's own. Other exclusions
/// leave the referral standing and only the reward out.
pub fn bar(results: &[RuleResult]) -> Option<&RuleResult> {
    results.iter().find(|one| one.outcome == Outcome::Block && [OUTSIDER, SELF_REFERRAL].contains(&&*one.rule))
}

/// REF-01 or REF-06, as the programme policy lets outsiders refer: that they earn nothing, REF-09 says.
fn may_refer(class: ReferrerClass, permitted: Option<&Permitted>) -> RuleResult {
    match (class, permitted) {
        (ReferrerClass::FormerEmployee | ReferrerClass::Outsider, Some(Permitted { programme, basis })) => {
            let basis_in_full = format!("{UNPAID_BASIS}・{}・{programme}", basis.reference);
            passed(OUTSIDER, basis.kind.into(), &basis_in_full)
        }
        (
            ReferrerClass::Employee
            | ReferrerClass::GroupEmployee
            | ReferrerClass::Unknown
            | ReferrerClass::FormerEmployee
            | ReferrerClass::Outsider,
            _,
        ) => status(class),
    }
}

/// REF-01, or REF-06 where the referrer is an outsider.
fn status(class: ReferrerClass) -> RuleResult {
    match class {
        ReferrerClass::Employee => passed(EMPLOYEE, "employee", EMPLOYEE_BASIS),
        ReferrerClass::GroupEmployee => found(EMPLOYEE, Outcome::Legal, "group_employee", EMPLOYEE_BASIS),
        ReferrerClass::Unknown => found(EMPLOYEE, Outcome::Hold, "employment_unknown", EMPLOYEE_BASIS),
        ReferrerClass::FormerEmployee | ReferrerClass::Outsider => {
            found(OUTSIDER, Outcome::Block, class.into(), OUTSIDER_BASIS)
        }
    }
}

/// REF-10.
fn themselves(likeness: Likeness) -> RuleResult {
    match likeness {
        Likeness::Same => found(SELF_REFERRAL, Outcome::Block, "self_referral", SELF_REFERRAL_BASIS),
        Likeness::NotShown => passed(SELF_REFERRAL, "another_person", SELF_REFERRAL_BASIS),
    }
}

/// REF-09. Whether a group employee or somebody unknown may be paid is REF-01's question.
pub fn status_counts(class: ReferrerClass) -> RuleResult {
    match class {
        ReferrerClass::Employee | ReferrerClass::GroupEmployee | ReferrerClass::Unknown => {
            passed(STATUS_COUNTS, "status_at_referral", STATUS_BASIS)
        }
        ReferrerClass::FormerEmployee | ReferrerClass::Outsider => {
            found(STATUS_COUNTS, Outcome::Block, "not_employed_at_referral", STATUS_BASIS)
        }
    }
}

/// REF-02, 03, 04 and 18. Without a plan there is no amount and no treatment to judge.
fn plan_rules(legal_entity: &str, plan: Option<&PlanPin>, channel: PaymentChannel) -> Vec<RuleResult> {
    let Some(PlanPin { terms, .. }) = plan else {
        return vec![found(PLAN, Outcome::Hold, "no_plan", PLAN_BASIS), through(channel, None)];
    };
    vec![laid_down(legal_entity, terms), through(channel, Some(terms)), reasonable(terms), treated(terms)]
}

fn laid_down(legal_entity: &str, terms: &PlanTerms) -> RuleResult {
    if terms.legal_entity != legal_entity {
        found(PLAN, Outcome::Hold, "plan_of_another_entity", PLAN_BASIS)
    } else if terms.filed_on.is_none() {
        found(PLAN, Outcome::Hold, "not_filed", PLAN_BASIS)
    } else {
        passed(PLAN, "plan_in_force", PLAN_BASIS)
    }
}

fn through(channel: PaymentChannel, terms: Option<&PlanTerms>) -> RuleResult {
    match channel {
        PaymentChannel::Payroll if terms.is_some_and(|terms| terms.amount.currency != "JPY") => {
            found(CHANNEL, Outcome::Block, "not_in_yen", CHANNEL_BASIS)
        }
        PaymentChannel::Payroll => passed(CHANNEL, "payroll", CHANNEL_BASIS),
    }
}

/// A plan above the soft cap was approved as the exception that it is.
fn reasonable(terms: &PlanTerms) -> RuleResult {
    let amount = terms.amount.amount;
    if amount <= SOFT_CAP {
        passed(AMOUNT, "within_soft_cap", AMOUNT_BASIS)
    } else if amount <= HARD_CAP {
        passed(AMOUNT, "within_hard_cap", AMOUNT_BASIS)
    } else {
        found(AMOUNT, Outcome::Legal, "above_hard_cap", AMOUNT_BASIS)
    }
}

fn treated(terms: &PlanTerms) -> RuleResult {
    if terms.payroll.note_ref.as_ref().is_none_or(|note| note.trim().is_empty()) {
        found(TREATMENT, Outcome::Hold, "note_missing", TREATMENT_BASIS)
    } else if terms.payroll.social_insurance.is_none() {
        found(TREATMENT, Outcome::Hold, "class_missing", TREATMENT_BASIS)
    } else {
        passed(TREATMENT, "treatment_noted", TREATMENT_BASIS)
    }
}

/// What is asked is whether this one may be paid as well: it counts beside the others.
fn repeated(others_in_twelve_months: u32) -> RuleResult {
    if others_in_twelve_months >= PAID_WITHOUT_QUESTION {
        found(REPEATED, Outcome::Legal, "repeated", REPEATED_BASIS)
    } else {
        passed(REPEATED, "not_repeated", REPEATED_BASIS)
    }
}

/// The relation to the candidate says more than a role; and what nobody has said is never "not excluded".
fn excluded(facts: &ReferralFacts<'_>) -> RuleResult {
    let relative = (facts.relationship == Some(Relationship::Relative)).then_some(Exclusion::Relative);
    if let Some(exclusion) = relative.or_else(|| facts.exclusions.first().copied()) {
        return found(EXCLUDED, Outcome::Block, exclusion.into(), EXCLUDED_BASIS);
    }
    match (facts.relationship, facts.offices) {
        (None, _) => found(EXCLUDED, Outcome::Hold, "relationship_unknown", EXCLUDED_BASIS),
        (Some(_), Offices::Unknown) => found(EXCLUDED, Outcome::Hold, "offices_unknown", EXCLUDED_BASIS),
        (Some(_), Offices::Known) => passed(EXCLUDED, "not_excluded", EXCLUDED_BASIS),
    }
}

/// What was found before, where it was not looked at again. A bar never goes away, and what was answered stays answered
/// while the finding is the same.
fn overlaid(before: &[RuleResult], again: Vec<RuleResult>, opinions: Opinions) -> Vec<RuleResult> {
    let holds = |new: &RuleResult| opinions == Opinions::Hold || new.outcome != Outcome::Legal;
    let stands = |new: &RuleResult| {
        let same = |one: &RuleResult| one.outcome == Outcome::Block || (one.code == new.code && holds(new));
        before.iter().any(|one| one.rule == new.rule && same(one))
    };
    let again: Vec<RuleResult> = again.into_iter().filter(|one| !stands(one)).collect();
    let kept = before.iter().filter(|one| !again.iter().any(|new| new.rule == one.rule));
    in_order(kept.cloned().chain(again.iter().cloned()).collect())
}

fn in_order(mut results: Vec<RuleResult>) -> Vec<RuleResult> {
    results.sort_by(|one, other| one.rule.cmp(&other.rule));
    results
}
