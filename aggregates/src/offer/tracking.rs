//! The pay of somebody who came back, as later snapshots of those who work here show it. What changes within six months of the
//! return is tested as if it had been offered (PAY-27): an offer is not split to stay within the policy.

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{OfferError, OfferEvent, Standing};
use crate::checks::{Outcome, RuleResult, found, passed};
use crate::ids::{ActorId, SnapshotId};
use crate::pay::{Facts, Fired, Fraction, PolicyTerms, SPLIT_MONTHS, Tier, assess};
use crate::values::{EvidenceRef, Money};

/// The rule about split offers.
pub const SPLIT: &str = "PAY-27";

/// What a snapshot says about somebody who came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tracking {
    /// The snapshot.
    pub snapshot_id: SnapshotId,
    /// The day that it tells of.
    pub as_of: NaiveDate,
    /// The day that the snapshot before it tells of, where one lies after the first day of work.
    pub previous: Option<NaiveDate>,
    /// The first day of work.
    pub started_on: NaiveDate,
    /// Their annual base on that day; none where the file does not know them under their number and first day.
    pub base: Option<Money>,
    /// Those who were then in the grade and job family that was offered; none under pay policy 0.
    pub peers: Option<PeersNow>,
    /// The policy and the facts that the offer was assessed by; nothing under pay policy 0.
    pub priced_by: Option<Box<(PolicyTerms, Facts)>>,
}

/// Those in the grade and job family that was offered, as a snapshot knows them, without the returner.
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
    /// Those who are in the grade and job family that was offered now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peers: Option<PeersNow>,
    /// What the offer's own assessment says of the base now, within six months of the return.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retest: Option<Retest>,
}

/// What whoever came back was paid once (一時金).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OneOffPayment {
    /// The day of payment.
    pub paid_on: NaiveDate,
    /// How much.
    pub amount: Money,
    /// Where the payment stands. One counts once.
    pub evidence_ref: EvidenceRef,
}

/// A payment, and what it is tested by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OneOff {
    /// What was paid.
    pub payment: OneOffPayment,
    /// The first day of work; none as long as they are not back.
    pub started_on: Option<NaiveDate>,
    /// The policy and the facts that the offer was assessed by; nothing under pay policy 0.
    pub priced_by: Option<Box<(PolicyTerms, Facts)>>,
}

/// A payment that was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaidOnce {
    /// What was paid.
    pub payment: OneOffPayment,
    /// Who recorded it.
    pub recorded_by: ActorId,
    /// What the offer's own assessment says with everything that was paid once within six months of the return.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retest: Option<Retest>,
}

/// An offer assessed once more as if what came later had been offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retest {
    /// The tier then.
    pub tier: Tier,
    /// The conditions met, strictest first.
    pub fired: Vec<Fired>,
    /// Whether it is stricter than the one that was approved, or costs more to remedy than was planned: then the offer was split,
    /// which somebody has to acknowledge.
    pub rule: RuleResult,
}

impl Retest {
    /// Whether the offer was split.
    pub fn is_split(&self) -> bool {
        self.rule.outcome != Outcome::Pass
    }
}

impl Standing {
    pub(super) fn track(&self, tracking: Tracking) -> Vec<OfferEvent> {
        let Tracking { snapshot_id, as_of, previous, started_on, base, peers, priced_by } = tracking;
        let last = self.tracked.as_ref();
        let before = last.map_or(&self.terms.pay.base, |(_, base)| base);
        // Whom the file does not know, or pays in another currency, it says nothing about.
        let Some(base) = base.filter(|base| base.currency == before.currency) else { return vec![] };
        // An older file says nothing new about what came after it.
        if as_of < started_on || last.is_some_and(|(known, _)| as_of <= *known) || *before == base {
            return vec![];
        }
        // The change lies between the two files: it counts where it may lie within the six months.
        let since = previous.map_or(started_on, |previous| previous.max(started_on));
        let counts = is_of_the_offer(started_on, since);
        let retest =
            priced_by.filter(|_| counts).and_then(|priced_by| self.retest(*priced_by, &base, started_on, None));
        let before = before.clone();
        let change = PayChange { snapshot_id, as_of, before, base, peers, retest };
        vec![OfferEvent::PayChanged(Box::new(change))]
    }

    pub(super) fn record_one_off(
        &self,
        recorded_by: ActorId,
        on: NaiveDate,
        one_off: OneOff,
    ) -> Result<Vec<OfferEvent>, OfferError> {
        let OneOff { payment, started_on, priced_by } = one_off;
        if let Some(known) = self.paid_once.iter().find(|known| known.evidence_ref == payment.evidence_ref) {
            return if *known == payment { Ok(vec![]) } else { Err(OfferError::OneOffRecordedOtherwise) };
        }
        let started_on = started_on.ok_or(OfferError::NotBackYet)?;
        let offered = &self.terms.pay.base;
        if payment.amount.currency != offered.currency {
            return Err(OfferError::OneOffCurrency { currency: offered.currency.clone() });
        }
        if payment.amount.amount < 1 {
            return Err(OfferError::OneOffAmountRequired);
        }
        if payment.paid_on > on {
            return Err(OfferError::OneOffInTheFuture { today: on });
        }
        let approved = self.approvals.iter().filter_map(|approval| approval.on).min();
        if let Some(from) = approved.filter(|from| payment.paid_on < *from) {
            return Err(OfferError::OneOffTooEarly { from });
        }
        let base = self.counted.as_ref().unwrap_or(offered);
        let counts = is_of_the_offer(started_on, payment.paid_on);
        let retest = priced_by
            .filter(|_| counts)
            .and_then(|priced_by| self.retest(*priced_by, base, started_on, Some(&payment)));
        Ok(vec![OfferEvent::OneOffRecorded(Box::new(PaidOnce { payment, recorded_by, retest }))])
    }

    /// With a base, and with everything that was paid once within the six months. A raise makes no payment smaller: that is held
    /// against what was offered as well, and the stricter tier counts. Nothing where the figures do not compare any more.
    fn retest(
        &self,
        (policy, mut facts): (PolicyTerms, Facts),
        base: &Money,
        started_on: NaiveDate,
        paid: Option<&OneOffPayment>,
    ) -> Option<Retest> {
        let counted = self.paid_once.iter().chain(paid).filter(|one| is_of_the_offer(started_on, one.paid_on));
        let once = counted.map(|one| one.amount.amount).fold(0_i64, i64::saturating_add);
        if once > 0 {
            let sign_on = facts.offered.sign_on.as_ref().map_or(0, |sign_on| sign_on.amount);
            facts.offered.sign_on =
                Some(Money { amount: sign_on.saturating_add(once), currency: base.currency.clone() });
        }
        let mut with = |base: &Money| {
            facts.offered.base = base.clone();
            assess(&policy, &facts).ok()
        };
        let now = with(base)?;
        let assessment = match (once > 0).then(|| with(&self.terms.pay.base)).flatten() {
            Some(offered) if (offered.tier, offered.remedy_cost) > (now.tier, now.remedy_cost) => offered,
            Some(_) | None => now,
        };
        let stricter = self.assessed.as_ref().is_some_and(|approved| assessment.tier > approved.tier);
        let rule = if stricter {
            found(SPLIT, Outcome::Warn, "split_offer", &policy.clause)
        } else if assessment.remedy_cost > self.remedied_for() {
            found(SPLIT, Outcome::Warn, "remedy_exceeded", &policy.clause)
        } else {
            passed(SPLIT, "within_approval", &policy.clause)
        };
        Some(Retest { tier: assessment.tier, fired: assessment.fired, rule })
    }

    /// What a year the plan that was approved has for those who are overtaken; what it costs them where it needed none.
    fn remedied_for(&self) -> Fraction {
        let plan = self.exception.as_ref().and_then(|standing| standing.exception.remedy.as_ref());
        let planned = plan.map_or(Fraction::ZERO, |plan| Fraction::whole(plan.amount.amount));
        let cost = self.assessed.as_ref().map_or(Fraction::ZERO, |assessed| assessed.remedy_cost);
        planned.max(cost)
    }
}

/// Whether a day lies within the six months that count as part of the offer (PAY-27).
fn is_of_the_offer(started_on: NaiveDate, day: NaiveDate) -> bool {
    started_on.checked_add_months(Months::new(SPLIT_MONTHS)).is_none_or(|until| day < until)
}
