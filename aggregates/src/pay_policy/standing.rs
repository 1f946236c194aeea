//! What stands of a pay policy: the versions that were published, the one that waits, and who wrote lately.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{PayPolicyError, PayPolicyEvent};
use crate::ids::ActorId;
use crate::pay::PolicyTerms;

/// For how many days whoever edited bands or thresholds proposes and approves nothing under them (PAY-24).
pub const EDIT_DAYS: u64 = 30;

/// What stands of a policy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// The entity whose offers it governs.
    pub legal_entity: String,
    /// The published versions, in the order of their publication.
    pub published: Vec<Governing>,
    /// The version that waits to be approved or published.
    pub proposal: Option<Proposal>,
    /// Everybody who wrote a version, with the last day on which they did.
    pub edited: BTreeMap<ActorId, NaiveDate>,
}

/// A published version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Governing {
    /// Which version.
    pub version: u32,
    /// The first day on which it governs.
    pub effective_from: NaiveDate,
    /// What it lays down.
    pub terms: PolicyTerms,
}

/// A version that is not published.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    /// Which version.
    pub version: u32,
    /// What it lays down.
    pub terms: PolicyTerms,
    /// Who drafted it.
    pub drafted_by: ActorId,
    /// Who approved it.
    pub approved_by: Option<ActorId>,
}

impl Standing {
    pub(super) fn drafted(terms: PolicyTerms, drafted_by: ActorId, drafted_on: NaiveDate) -> Self {
        Self {
            legal_entity: terms.legal_entity.clone(),
            published: Vec::new(),
            proposal: Some(Proposal { version: 1, terms, drafted_by, approved_by: None }),
            edited: BTreeMap::from([(drafted_by, drafted_on)]),
        }
    }

    pub(super) fn after(mut self, event: PayPolicyEvent) -> Self {
        use PayPolicyEvent as E;
        match event {
            E::Revised { version, terms, revised_by, revised_on } => {
                self.edited.insert(revised_by, revised_on);
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

    /// A published version, by its number.
    pub fn version(&self, version: u32) -> Option<&Governing> {
        self.published.iter().find(|one| one.version == version)
    }

    /// Who wrote a version within the days that bar from proposing and approving (PAY-24).
    pub fn edited_lately(&self, on: NaiveDate) -> BTreeSet<ActorId> {
        let lately = |day: &NaiveDate| day.checked_add_days(Days::new(EDIT_DAYS)).is_none_or(|until| on < until);
        self.edited.iter().filter(|(_, day)| lately(day)).map(|(who, _)| *who).collect()
    }

    /// A published policy goes on governing while its next version waits.
    pub(super) fn state(&self) -> &'static str {
        match &self.proposal {
            _ if !self.published.is_empty() => "published",
            Some(Proposal { approved_by: Some(_), .. }) => "approved",
            Some(Proposal { approved_by: None, .. }) | None => "draft",
        }
    }

    /// The version that waits, or else the one published last.
    pub fn latest(&self) -> Option<(u32, &PolicyTerms)> {
        let proposed = self.proposal.as_ref().map(|proposal| (proposal.version, &proposal.terms));
        proposed.or_else(|| self.published.last().map(|last| (last.version, &last.terms)))
    }

    pub(super) fn revise(
        &self,
        terms: Box<PolicyTerms>,
        revised_by: ActorId,
        revised_on: NaiveDate,
    ) -> Result<Vec<PayPolicyEvent>, PayPolicyError> {
        terms.check().map_err(PayPolicyError::Unsound)?;
        if terms.legal_entity != self.legal_entity {
            return Err(PayPolicyError::EntityDiffers { legal_entity: self.legal_entity.clone() });
        }
        match self.latest() {
            Some((_, known)) if *known == *terms => Ok(vec![]),
            latest => {
                let version = latest.map_or(1, |(version, _)| version.saturating_add(1));
                Ok(vec![PayPolicyEvent::Revised { version, terms, revised_by, revised_on }])
            }
        }
    }

    pub(super) fn approve(&self, approved_by: ActorId) -> Result<Vec<PayPolicyEvent>, PayPolicyError> {
        match &self.proposal {
            None => Err(PayPolicyError::NothingToApprove),
            Some(Proposal { approved_by: Some(known), .. }) if *known == approved_by => Ok(vec![]),
            Some(Proposal { approved_by: Some(_), .. }) => Err(PayPolicyError::AlreadyApproved),
            Some(Proposal { drafted_by, .. }) if *drafted_by == approved_by => {
                Err(PayPolicyError::SecondPersonRequired)
            }
            Some(Proposal { version, .. }) => Ok(vec![PayPolicyEvent::Approved { version: *version, approved_by }]),
        }
    }

    pub(super) fn publish(
        &self,
        effective_from: NaiveDate,
        today: NaiveDate,
        published_by: ActorId,
    ) -> Result<Vec<PayPolicyEvent>, PayPolicyError> {
        match (&self.proposal, self.published.last()) {
            (None, Some(last)) if last.effective_from == effective_from => Ok(vec![]),
            (None, Some(_) | None) => Err(PayPolicyError::NothingToPublish),
            (Some(Proposal { approved_by: None, .. }), _) => Err(PayPolicyError::NotApproved),
            (Some(_), _) if effective_from < today => Err(PayPolicyError::EffectiveInThePast { effective_from, today }),
            (Some(Proposal { version, terms, .. }), _) => {
                terms.check_approvers().map_err(PayPolicyError::Unsound)?;
                Ok(vec![PayPolicyEvent::Published { version: *version, effective_from, published_by }])
            }
        }
    }
}
