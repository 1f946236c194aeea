//! Equal treatment of those who return part-time or for a fixed term (同一労働同一賃金, PAY-01): item by item beside regular
//! workers. Who does the same work within the same scope of change is treated no worse (パートタイム・有期雇用労働法9条); whoever
//! does not is treated worse only for a reason that the law knows (8条). That the contract is of another type is none.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Facts;
use crate::checks::{Outcome, RuleResult, found, passed};
use crate::values::EmploymentType;

/// The rule.
pub const RULE: &str = "PAY-01";
/// The law behind it.
const LAW: &str = "パートタイム・有期雇用労働法8条・9条";
/// The law where the work and its scope of change are the same.
const SAME_WORK: &str = "パートタイム・有期雇用労働法9条";

/// How an item of the offer stands beside that of regular workers. What is paid in proportion to hours is the same.
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
pub enum Treatment {
    /// The same.
    Same,
    /// Better.
    Better,
    /// Worse, or missing.
    Worse,
}

/// Why an item is worse. A closed list: the type of the contract is no reason.
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
pub enum DifferenceReason {
    /// Other work (業務の内容).
    Duties,
    /// Less responsibility (責任の程度).
    Responsibility,
    /// A narrower scope of change of place and work (職務の内容・配置の変更の範囲).
    ChangeScope,
    /// Skill and experience, by the scale that regular workers are measured by.
    Skill,
    /// Results, by the scale that regular workers are measured by.
    Performance,
    /// An agreement with those who represent the workers.
    CollectiveAgreement,
}

/// An item of pay or another condition, beside that of regular workers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparedItem {
    /// Which: an item of the offer ([`super::OfferedPay::items`]), or one that regular workers have besides.
    pub item: String,
    /// How it stands beside theirs.
    pub treatment: Treatment,
    /// Why it is worse: each of them has to hold.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub reasons: BTreeSet<DifferenceReason>,
}

/// The offer beside regular workers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegularComparison {
    /// Beside which regular work, that is closest to what is offered. Names nobody.
    pub compared_with: String,
    /// Whether work and responsibility are the same.
    pub same_duties: bool,
    /// Whether the scope of change of place and work is the same.
    pub same_change_scope: bool,
    /// Item by item.
    pub items: Vec<ComparedItem>,
}

/// Whether somebody who is employed so is compared with regular workers, however many hours they work.
pub const fn is_compared(employment_type: EmploymentType) -> bool {
    match employment_type {
        EmploymentType::FixedTerm | EmploymentType::PartTime => true,
        EmploymentType::Regular | EmploymentType::Contractor => false,
    }
}

impl RegularComparison {
    /// What it lacks to explain these items, as the code of the rule says it; nothing where it explains them.
    pub fn lacks(&self, offered: &BTreeSet<String>) -> Option<&'static str> {
        self.objection(offered).map(|(_, code, _)| code)
    }

    /// What stands in the way, strictest first.
    fn objection(&self, offered: &BTreeSet<String>) -> Option<(Outcome, &'static str, &'static str)> {
        let worse = || self.items.iter().filter(|item| item.treatment == Treatment::Worse);
        if self.same_duties && self.same_change_scope && worse().next().is_some() {
            return Some((Outcome::Block, "worse_for_the_same_work", SAME_WORK));
        }
        if worse().any(|item| item.reasons.is_empty()) {
            return Some((Outcome::Block, "worse_without_reason", LAW));
        }
        let holds = |reason: &DifferenceReason| match reason {
            DifferenceReason::Duties | DifferenceReason::Responsibility => !self.same_duties,
            DifferenceReason::ChangeScope => !self.same_change_scope,
            DifferenceReason::Skill | DifferenceReason::Performance | DifferenceReason::CollectiveAgreement => true,
        };
        if worse().any(|item| !item.reasons.iter().all(holds)) {
            return Some((Outcome::Block, "reason_does_not_hold", LAW));
        }
        let is_compared = |item: &&String| self.items.iter().any(|compared| compared.item == **item);
        (!offered.iter().all(|item| is_compared(&item))).then_some((Outcome::Hold, "items_not_compared", LAW))
    }
}

/// PAY-01. Without a comparison a human being answers that there is one.
pub(super) fn rule(facts: &Facts) -> RuleResult {
    if !facts.offered.is_compared() {
        return passed(RULE, "regular", LAW);
    }
    let Some(comparison) = &facts.comparison else { return found(RULE, Outcome::Hold, "items_to_compare", LAW) };
    match comparison.objection(&facts.offered.items) {
        Some((outcome, code, law)) => found(RULE, outcome, code, law),
        None => passed(RULE, "items_compared", LAW),
    }
}
