//! What stands of a pay policy: the versions that were published, the one that waits, and who wrote lately.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{PayPolicyError, PayPolicyEvent, Publishing, Watch};
use crate::ids::ActorId;
use crate::issued::{Actor, ActorKind};
use crate::pay::PolicyTerms;
use crate::values::FreeText;
use crate::versions::{Proposal, Versions};

/// For how many days whoever edited bands or thresholds proposes and approves nothing under them (PAY-24).
pub const EDIT_DAYS: u64 = 30;

/// What stands of a policy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// The entity whose offers it governs.
    pub legal_entity: String,
    /// Its versions.
    pub versions: Versions<PolicyTerms>,
    /// Everybody who wrote a version, with the last day on which they did.
    pub edited: BTreeMap<ActorId, NaiveDate>,
    /// Who asked that it be retired.
    pub retiring: Option<ActorId>,
    /// What is watched over under it.
    pub watch: Watch,
}

impl Standing {
    pub(super) fn drafted(terms: PolicyTerms, drafted_by: ActorId, drafted_on: NaiveDate) -> Self {
        Self {
            legal_entity: terms.legal_entity.clone(),
            versions: Versions::drafted(terms, drafted_by),
            edited: BTreeMap::from([(drafted_by, drafted_on)]),
            retiring: None,
            watch: Watch::default(),
        }
    }

    pub(super) fn after(mut self, event: PayPolicyEvent) -> Self {
        use PayPolicyEvent as E;
        match event {
            E::Revised { version, terms, revised_by, revised_on } => {
                self.edited.insert(revised_by, revised_on);
                self.versions.revised(version, *terms, revised_by);
            }
            E::Approved { approved_by, .. } => self.versions.approved(approved_by),
            E::Published { version, effective_from, .. } => {
                // A change is as old as the day on which it begins to govern.
                let writers = self.versions.proposal.iter().flat_map(Proposal::writers);
                for who in writers {
                    let day = self.edited.entry(who).or_insert(effective_from);
                    *day = effective_from.max(*day);
                }
                self.retiring = None;
                self.versions.published(version, effective_from);
            }
            E::RetirementProposed { proposed_by, .. } => self.retiring = Some(proposed_by),
            // History cannot be refused: what does not fit changes nothing.
            E::Drafted { .. } | E::Retired { .. } => {}
            event @ (E::MonthClosed { .. }
            | E::AlertRaised { .. }
            | E::AlertCleared { .. }
            | E::JointAssessmentDue { .. }
            | E::AlertReviewed { .. }
            | E::PublicationDue { .. }
            | E::PayGapPublished { .. }) => self.watch.after(event),
        }
        self
    }

    /// Who wrote a version that was written, or began to govern, within the days that bar from proposing and approving (PAY-24).
    pub fn edited_lately(&self, on: NaiveDate) -> BTreeSet<ActorId> {
        let lately = |day: &NaiveDate| day.checked_add_days(Days::new(EDIT_DAYS)).is_none_or(|until| on < until);
        self.edited.iter().filter(|(_, day)| lately(day)).map(|(who, _)| *who).collect()
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
        let Some(version) = self.versions.revise(&terms) else { return Ok(vec![]) };
        Ok(vec![PayPolicyEvent::Revised { version, terms, revised_by, revised_on }])
    }

    pub(super) fn approve(&self, approved_by: ActorId) -> Result<Vec<PayPolicyEvent>, PayPolicyError> {
        let approved = |version| PayPolicyEvent::Approved { version, approved_by };
        Ok(self.versions.approve(approved_by)?.map(|proposal| approved(proposal.version)).into_iter().collect())
    }

    pub(super) fn publish(
        &self,
        publishing: Publishing,
        today: NaiveDate,
        by: Actor,
    ) -> Result<Vec<PayPolicyEvent>, PayPolicyError> {
        let Publishing { effective_from, loosening, reason } = publishing;
        let effective_from = effective_from.unwrap_or(today);
        let Some(proposal) = self.versions.publish(effective_from, today)? else { return Ok(vec![]) };
        proposal.terms.check_approvers().map_err(PayPolicyError::Unsound)?;
        let fields = proposal.terms.loosened();
        // What was counted besides would have put past decisions in a milder tier.
        let loosens = !fields.is_empty() || loosening.is_some();
        if loosens {
            let another = !proposal.was_written_by(by.id) && Some(by.id) != proposal.approved_by;
            if by.kind != ActorKind::Person || !another {
                return Err(PayPolicyError::SecondApproverRequired { fields });
            }
            if reason.is_none() {
                return Err(PayPolicyError::LooseningReasonRequired { fields });
            }
        }
        if loosening.as_ref().map_or(&[][..], |counted| &counted.fields) != fields {
            return Err(PayPolicyError::LooseningNotCounted);
        }
        Ok(vec![PayPolicyEvent::Published {
            version: proposal.version,
            effective_from,
            published_by: by.id,
            loosening: loosening.map(Box::new),
            // What loosens nothing needs no reason, and keeps none.
            reason: reason.filter(|_| loosens),
        }])
    }

    /// Nothing is looser than no policy: two people retire what governs. What was never published, whoever may.
    pub(super) fn retire(
        &self,
        by: Actor,
        on: NaiveDate,
        note: Option<FreeText>,
        decisions: u64,
    ) -> Result<Vec<PayPolicyEvent>, PayPolicyError> {
        let retired = |note| vec![PayPolicyEvent::Retired { effective_from: on, retired_by: by.id, note }];
        if self.versions.published.is_empty() {
            return Ok(retired(note));
        }
        if by.kind != ActorKind::Person {
            return Err(PayPolicyError::NaturalPersonRequired);
        }
        match (self.retiring, note) {
            (Some(asked), note) if asked != by.id => Ok(retired(note)),
            (Some(_), None) => Ok(vec![]),
            (Some(_) | None, Some(reason)) => {
                Ok(vec![PayPolicyEvent::RetirementProposed { reason, proposed_by: by.id, decisions }])
            }
            (None, None) => Err(PayPolicyError::RetirementReasonRequired),
        }
    }
}
