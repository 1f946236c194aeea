//! Plans to remedy those who are overtaken, once an offer is accepted (PAY-28): what was carried out, and what is overdue.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{AssessedOffer, OfferError, OfferEvent, RemedyPlan, Standing};
use crate::ids::{ActorId, OfferId};
use crate::pay::Tier;
use crate::values::{EvidenceRef, Money};

/// The rule about overdue plans.
pub const REMEDY: &str = "PAY-28";

/// What of a plan was carried out: raises of those who were overtaken, as the payroll order or the decision says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remedied {
    /// The day on which the raises took effect.
    pub done_on: NaiveDate,
    /// By how much a year in all.
    pub amount: Money,
    /// Where the order lies. One order counts once.
    pub evidence_ref: EvidenceRef,
}

/// A plan of another offer of the same unit, or of the same place, that is overdue.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct OverdueRemedy {
    /// The offer.
    pub offer_id: OfferId,
    /// By when it was to be carried out.
    pub due_on: NaiveDate,
}

impl AssessedOffer {
    /// Nothing is put before its approvers while plans have fallen overdue that its assessment knows nothing of.
    pub(super) fn knows_of(&self, overdue: &[OverdueRemedy]) -> Result<(), OfferError> {
        let concerned = matches!(self.tier, Tier::C | Tier::D);
        let unknown = overdue.iter().filter(|one| !self.basis.overdue_remedies.contains(one)).count();
        if concerned && unknown > 0 { Err(OfferError::RemediesOverdue { plans: unknown }) } else { Ok(()) }
    }
}

impl Standing {
    /// The plan that an accepted offer carries out.
    pub fn remedy_plan(&self) -> Option<&RemedyPlan> {
        let granted = self.exception.as_deref().filter(|exception| exception.granted)?;
        granted.exception.remedy.as_ref()
    }

    pub(super) fn record_remedy(
        &self,
        recorded_by: ActorId,
        on: NaiveDate,
        remedied: Remedied,
    ) -> Result<Vec<OfferEvent>, OfferError> {
        let plan = self.remedy_plan().ok_or(OfferError::NoRemedyPlanned)?;
        if let Some(known) = self.remedied.iter().find(|known| known.evidence_ref == remedied.evidence_ref) {
            return if *known == remedied { Ok(vec![]) } else { Err(OfferError::RemedyRecordedOtherwise) };
        }
        if remedied.evidence_ref.trim().is_empty() {
            return Err(OfferError::RemedyEvidenceRequired);
        }
        if remedied.amount.currency != plan.amount.currency {
            return Err(OfferError::RemedyCurrency { currency: plan.amount.currency.clone() });
        }
        if remedied.amount.amount < 1 {
            return Err(OfferError::RemedyAmountRequired);
        }
        if remedied.done_on > on {
            return Err(OfferError::RemedyInTheFuture { today: on });
        }
        let approved = self.approvals.iter().filter_map(|approval| approval.on).min();
        if let Some(from) = approved.filter(|from| remedied.done_on < *from) {
            return Err(OfferError::RemedyBeforeApproval { from });
        }
        let before = self.remedied.iter().map(|known| known.amount.amount).fold(0_i64, i64::saturating_add);
        if before >= plan.amount.amount {
            return Err(OfferError::RemedyCarriedOut);
        }
        let fulfilled = before.saturating_add(remedied.amount.amount) >= plan.amount.amount;
        Ok(vec![OfferEvent::RemedyRecorded { remedied, recorded_by, fulfilled }])
    }
}
