//! What stands of a plan: the versions that were published, and the one that waits.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::facts::PlanTerms;
use super::{ABOVE_SOFT_CAP, HARD_CAP, RewardPlanError, RewardPlanEvent, SOFT_CAP, is_sound};
use crate::ids::ActorId;
use crate::versions::Versions;

/// What stands of a plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// The entity whose employees it rewards.
    pub legal_entity: String,
    /// Its versions.
    pub versions: Versions<PlanTerms>,
    /// Everybody who wrote a version.
    pub editors: BTreeSet<ActorId>,
}

impl Standing {
    pub(super) fn drafted(terms: PlanTerms, drafted_by: ActorId) -> Self {
        Self {
            legal_entity: terms.legal_entity.clone(),
            versions: Versions::drafted(terms, drafted_by),
            editors: BTreeSet::from([drafted_by]),
        }
    }

    pub(super) fn after(mut self, event: RewardPlanEvent) -> Self {
        use RewardPlanEvent as E;
        match event {
            E::Revised { version, terms, revised_by } => {
                self.editors.insert(revised_by);
                self.versions.revised(version, *terms, revised_by);
            }
            E::Approved { approved_by, .. } => self.versions.approved(approved_by),
            E::Published { version, effective_from, .. } => self.versions.published(version, effective_from),
            // History cannot be refused: what does not fit changes nothing.
            E::Drafted { .. } | E::Retired { .. } => {}
        }
        self
    }

    pub(super) fn revise(
        &self,
        terms: Box<PlanTerms>,
        revised_by: ActorId,
    ) -> Result<Vec<RewardPlanEvent>, RewardPlanError> {
        is_sound(&terms)?;
        if terms.legal_entity != self.legal_entity {
            return Err(RewardPlanError::EntityDiffers { legal_entity: self.legal_entity.clone() });
        }
        let Some(version) = self.versions.revise(&terms) else { return Ok(vec![]) };
        Ok(vec![RewardPlanEvent::Revised { version, terms, revised_by }])
    }

    pub(super) fn approve(&self, approved_by: ActorId, role: &str) -> Result<Vec<RewardPlanEvent>, RewardPlanError> {
        let Some(proposal) = self.versions.approve(approved_by)? else { return Ok(vec![]) };
        if proposal.terms.amount.amount > SOFT_CAP && role != ABOVE_SOFT_CAP {
            return Err(RewardPlanError::ExecutiveRequired);
        }
        Ok(vec![RewardPlanEvent::Approved { version: proposal.version, approved_by }])
    }

    pub(super) fn publish(
        &self,
        effective_from: NaiveDate,
        today: NaiveDate,
        published_by: ActorId,
    ) -> Result<Vec<RewardPlanEvent>, RewardPlanError> {
        let Some(proposal) = self.versions.publish(effective_from, today)? else { return Ok(vec![]) };
        if proposal.terms.filed_on.is_none_or(|filed_on| filed_on > today) {
            return Err(RewardPlanError::NotFiled);
        }
        if proposal.terms.amount.amount > HARD_CAP {
            return Err(RewardPlanError::AboveHardCap);
        }
        Ok(vec![RewardPlanEvent::Published { version: proposal.version, effective_from, published_by }])
    }
}
