//! The pay of somebody who came back, as later snapshots of those who work here show it. What changes within six months of the
//! return is tested as if it had been offered (PAY-27): an offer is not split to stay within the policy.

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{OfferError, OfferEvent, Standing};
use crate::checks::{Outcome, RuleResult, found, passed};
use crate::ids::SnapshotId;
use crate::pay::{Facts, Fired, Fraction, PolicyTerms, Tier, assess};
use crate::values::Money;

/// The rule about split offers.
pub const SPLIT: &str = "PAY-27";
/// For how many months after the first day a change counts as part of the offer (PAY-27).
pub const SPLIT_MONTHS: u32 = 6;
/// For how many months after the first day changes are followed.
pub const FOLLOWED_MONTHS: u32 = 36;

/// What a snapshot says about somebody who came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tracking {
    /// The snapshot.
    pub snapshot_id: SnapshotId,
    /// The day that it tells of.
    pub as_of: NaiveDate,
    /// The first day of work.
    pub started_on: NaiveDate,
    /// Their annual base on that day.
    pub base: Money,
    /// Those of the same grade and job family on that day.
    pub peers: PeersNow,
    /// The policy and the facts that the offer was assessed by; nothing under pay policy 0.
    pub priced_by: Option<Box<(PolicyTerms, Facts)>>,
}

/// Those beside whom somebody works now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeersNow {
    /// How many.
    pub size: u32,
    /// The median of their base; none where they are too few.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub median: Option<Fraction>,
}

/// A change of the base of somebody who came back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayChange {
    /// The snapshot that shows it.
    pub snapshot_id: SnapshotId,
    /// The day that it tells of.
    pub as_of: NaiveDate,
    /// The base before: what was offered, or what an earlier snapshot showed.
    pub before: Money,
    /// The base now.
    pub base: Money,
    /// Those beside whom they work now.
    pub peers: PeersNow,
    /// What the offer's own assessment says of the base now, within six months of the return.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retest: Option<Retest>,
}

/// An offer assessed once more as if the base of a later day had been offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retest {
    /// The tier then.
    pub tier: Tier,
    /// The conditions met, strictest first.
    pub fired: Vec<Fired>,
    /// Whether it is stricter than the one that was approved: then the offer was split, which somebody has to acknowledge.
    pub rule: RuleResult,
}

impl Retest {
    /// Whether the offer was split.
    pub fn is_split(&self) -> bool {
        self.rule.outcome != Outcome::Pass
    }
}

impl Standing {
    pub(super) fn track(&self, tracking: Tracking) -> Result<Vec<OfferEvent>, OfferError> {
        let Tracking { snapshot_id, as_of, started_on, base, peers, priced_by } = tracking;
        let last = self.tracked.as_ref();
        let before = last.map_or(&self.terms.pay.base, |last| &last.base);
        // An older file says nothing new about what came after it.
        if as_of < started_on || last.is_some_and(|last| as_of <= last.as_of) || *before == base {
            return Ok(vec![]);
        }
        let counts = started_on.checked_add_months(Months::new(SPLIT_MONTHS)).is_none_or(|until| as_of < until);
        let retest = match priced_by.filter(|_| counts) {
            None => None,
            Some(priced_by) => {
                let (policy, mut facts) = *priced_by;
                facts.offered.base = base.clone();
                let assessment = assess(&policy, &facts).map_err(OfferError::PayFigures)?;
                let split = self.assessed.as_ref().is_some_and(|approved| assessment.tier > approved.tier);
                let rule = if split {
                    found(SPLIT, Outcome::Warn, "split_offer", &policy.clause)
                } else {
                    passed(SPLIT, "within_approval")
                };
                Some(Retest { tier: assessment.tier, fired: assessment.fired, rule })
            }
        };
        let before = before.clone();
        let change = PayChange { snapshot_id, as_of, before, base, peers, retest };
        Ok(vec![OfferEvent::PayChanged(Box::new(change))])
    }
}
