//! What stands of a plan: the versions that were published, and the one that waits.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::facts::PlanTerms;
use super::{ABOVE_SOFT_CAP, HARD_CAP, RewardPlanError, RewardPlanEvent, SOFT_CAP, is_sound};
use crate::ids::ActorId;

/// What stands of a plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// The entity whose employees it rewards.
    pub legal_entity: String,
    /// The published versions, in the order of their publication.
    pub published: Vec<Governing>,
    /// The version that waits to be approved or published.
    pub proposal: Option<Proposal>,
    /// Everybody who wrote a version.
    pub editors: BTreeSet<ActorId>,
}

/// A published version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Governing {
    /// Which version.
    pub version: u32,
    /// The first day on which it governs.
    pub effective_from: NaiveDate,
    /// What it lays down.
    pub terms: PlanTerms,
}

/// A version that is not published.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    /// Which version.
    pub version: u32,
    /// What it lays down.
    pub terms: PlanTerms,
    /// Who drafted it.
    pub drafted_by: ActorId,
    /// Who approved it.
    pub approved_by: Option<ActorId>,
}

impl Standing {
    pub(super) fn drafted(terms: PlanTerms, drafted_by: ActorId) -> Self {
        Self {
            legal_entity: terms.legal_entity.clone(),
            published: Vec::new(),
            proposal: Some(Proposal { version: 1, terms, drafted_by, approved_by: None }),
            editors: BTreeSet::from([drafted_by]),
        }
    }

    pub(super) fn after(mut self, event: RewardPlanEvent) -> Self {
        use RewardPlanEvent as E;
        match event {
            E::Revised { version, terms, revised_by } => {
                self.editors.insert(revised_by);
                self.proposal = Some(Proposal { version, terms: *terms, drafted_by: revised_by, approved_by: None });
            }
            E::Approved { approved_by, .. } => {
                if let Some(proposal) = &mut self.proposal {
                    proposal.approved_by = Some(approved_by);
                }
            }
            E::Published { version, effective_from, .. } => {
                let terms = self.proposal.take().map(|proposal| proposal.terms);
                self.published.extend(terms.map(|terms| Governing { version, effective_from, terms }));
            }
            // History cannot be refused: what does not fit changes nothing.
            E::Drafted { .. } | E::Retired { .. } => {}
        }
        self
    }

    /// The version that governs a day: of those that had begun, the one published last.
    pub fn governing(&self, on: NaiveDate) -> Option<&Governing> {
        self.published.iter().rev().find(|version| version.effective_from <= on)
    }

    /// A published plan goes on governing while its next version waits.
    pub(super) fn state(&self) -> &'static str {
        match &self.proposal {
            _ if !self.published.is_empty() => "published",
            Some(Proposal { approved_by: Some(_), .. }) => "approved",
            Some(Proposal { approved_by: None, .. }) | None => "draft",
        }
    }

    fn latest(&self) -> Option<(u32, &PlanTerms)> {
        let proposed = self.proposal.as_ref().map(|proposal| (proposal.version, &proposal.terms));
        proposed.or_else(|| self.published.last().map(|last| (last.version, &last.terms)))
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
        match self.latest() {
            Some((_, known)) if *known == *terms => Ok(vec![]),
            latest => {
                let version = latest.map_or(1, |(version, _)| version.saturating_add(1));
                Ok(vec![RewardPlanEvent::Revised { version, terms, revised_by }])
            }
        }
    }

    pub(super) fn approve(&self, approved_by: ActorId, role: &str) -> Result<Vec<RewardPlanEvent>, RewardPlanError> {
        match &self.proposal {
            None => Err(RewardPlanError::NothingToApprove),
            Some(Proposal { approved_by: Some(known), .. }) if *known == approved_by => Ok(vec![]),
            Some(Proposal { approved_by: Some(_), .. }) => Err(RewardPlanError::AlreadyApproved),
            Some(Proposal { drafted_by, .. }) if *drafted_by == approved_by => {
                Err(RewardPlanError::SecondPersonRequired)
            }
            Some(Proposal { terms, .. }) if terms.amount.amount > SOFT_CAP && role != ABOVE_SOFT_CAP => {
                Err(RewardPlanError::ExecutiveRequired)
            }
            Some(Proposal { version, .. }) => Ok(vec![RewardPlanEvent::Approved { version: *version, approved_by }]),
        }
    }

    pub(super) fn publish(
        &self,
        effective_from: NaiveDate,
        today: NaiveDate,
        published_by: ActorId,
    ) -> Result<Vec<RewardPlanEvent>, RewardPlanError> {
        match (&self.proposal, self.published.last()) {
            (None, Some(last)) if last.effective_from == effective_from => Ok(vec![]),
            (None, Some(_) | None) => Err(RewardPlanError::NothingToPublish),
            (Some(Proposal { approved_by: None, .. }), _) => Err(RewardPlanError::NotApproved),
            (Some(_), _) if effective_from < today => {
                Err(RewardPlanError::EffectiveInThePast { effective_from, today })
            }
            (Some(Proposal { terms, .. }), _) if terms.filed_on.is_none_or(|filed_on| filed_on > today) => {
                Err(RewardPlanError::NotFiled)
            }
            (Some(Proposal { terms, .. }), _) if terms.amount.amount > HARD_CAP => Err(RewardPlanError::AboveHardCap),
            (Some(Proposal { version, .. }), _) => {
                Ok(vec![RewardPlanEvent::Published { version: *version, effective_from, published_by }])
            }
        }
    }
}
