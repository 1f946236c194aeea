//! What stands about a live flag, and what its reviews may decide.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{
    FlagReason, Grounds, LiftReason, NOTICE_DAYS, NoRehireFlagError, NoRehireFlagEvent, ReviewDecision, within_a_term,
};
use crate::ids::{ActorId, PersonId};
use crate::values::{Clause, EvidenceRef, FreeText, stated};

type Decision = Result<Vec<NoRehireFlagEvent>, NoRehireFlagError>;

/// What stands about a flag that has not ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Term {
    /// The human being.
    pub person_id: PersonId,
    /// The coded reason.
    pub reason: FlagReason,
    /// The clause relied on.
    pub clause: Clause,
    /// Where the evidence of this term lies.
    pub evidence_ref: EvidenceRef,
    /// The day on which it lapses.
    pub expires_on: NaiveDate,
    /// Everybody who raised, reviewed, renewed or appealed, in this term and before.
    pub involved: BTreeSet<ActorId>,
    /// Whether compliance was told that the term ends.
    pub notice: Notice,
    /// Whether an appeal is possible in this term.
    pub appeal: Appeal,
    /// A renewal that waits for review.
    pub renewal: Option<Renewal>,
}

/// Whether compliance was told that a term ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Notice {
    /// Not yet.
    Outstanding,
    /// It was.
    Given,
}

/// Whether an appeal is possible in a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Appeal {
    /// None was decided.
    Possible,
    /// One was dismissed.
    Decided,
}

/// A proposed renewal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renewal {
    /// The clause relied on.
    pub clause: Clause,
    /// Where the fresh evidence lies.
    pub evidence_ref: EvidenceRef,
    /// The day on which it would lapse.
    pub expires_on: NaiveDate,
    /// Who proposed it.
    pub renewed_by: ActorId,
}

/// How a flag ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr, strum::Display)]
#[strum(serialize_all = "snake_case")]
pub enum Ending {
    /// A second person did not uphold it.
    Rejected,
    /// It was taken away.
    Lifted {
        /// The coded reason.
        reason_code: LiftReason,
    },
    /// An appeal was granted.
    AppealGranted,
    /// It fell away by itself.
    Expired,
}

impl Ending {
    /// The state's name as the API shows it.
    pub const fn state(&self) -> &'static str {
        match self {
            Self::Rejected => "rejected",
            Self::Lifted { .. } | Self::AppealGranted => "lifted",
            Self::Expired => "expired",
        }
    }

    /// The end that an event is, if it is one.
    pub(super) const fn of(event: &NoRehireFlagEvent) -> Option<Self> {
        use NoRehireFlagEvent as E;
        match event {
            E::Rejected { .. } => Some(Self::Rejected),
            E::Lifted { reason_code, .. } => Some(Self::Lifted { reason_code: *reason_code }),
            E::AppealGranted { .. } => Some(Self::AppealGranted),
            E::Expired { .. } => Some(Self::Expired),
            E::Raised { .. }
            | E::Upheld { .. }
            | E::Appealed { .. }
            | E::AppealDismissed { .. }
            | E::ExpiryNoticed { .. }
            | E::RenewalProposed { .. }
            | E::RenewalConfirmed { .. }
            | E::RenewalRefused { .. } => None,
        }
    }
}

impl Term {
    pub(super) fn raised(person_id: PersonId, grounds: Grounds, raised_by: ActorId) -> Self {
        Self {
            person_id,
            reason: grounds.reason,
            clause: grounds.clause,
            evidence_ref: grounds.evidence_ref,
            expires_on: grounds.expires_on,
            involved: BTreeSet::from([raised_by]),
            notice: Notice::Outstanding,
            appeal: Appeal::Possible,
            renewal: None,
        }
    }

    pub(super) fn after(mut self, event: NoRehireFlagEvent) -> Self {
        use NoRehireFlagEvent as E;
        match event {
            E::Upheld { clause, reviewed_by, .. } => {
                self.clause = clause;
                self.involved.insert(reviewed_by);
            }
            E::Appealed { appealed_by, .. } => {
                self.involved.insert(appealed_by);
            }
            E::AppealDismissed { clause, reviewed_by, .. } => {
                self.clause = clause;
                self.appeal = Appeal::Decided;
                self.involved.insert(reviewed_by);
            }
            E::ExpiryNoticed { .. } => self.notice = Notice::Given,
            E::RenewalProposed { clause, evidence_ref, expires_on, renewed_by } => {
                self.involved.insert(renewed_by);
                self.renewal = Some(Renewal { clause, evidence_ref, expires_on, renewed_by });
            }
            E::RenewalConfirmed { clause, evidence_ref, expires_on, reviewed_by, .. } => {
                self.involved.insert(reviewed_by);
                self.clause = clause;
                self.evidence_ref = evidence_ref;
                self.expires_on = expires_on;
                self.notice = Notice::Outstanding;
                self.appeal = Appeal::Possible;
                self.renewal = None;
            }
            E::RenewalRefused { reviewed_by, .. } => {
                self.involved.insert(reviewed_by);
                self.renewal = None;
            }
            E::Raised { .. } | E::Rejected { .. } | E::AppealGranted { .. } | E::Lifted { .. } | E::Expired { .. } => {}
        }
        self
    }

    /// The day on which compliance is told that the term ends, unless it was.
    pub(super) fn notice_on(&self) -> Option<NaiveDate> {
        match self.notice {
            Notice::Outstanding => self.renewable_from(),
            Notice::Given => None,
        }
    }

    fn renewable_from(&self) -> Option<NaiveDate> {
        self.expires_on.checked_sub_days(Days::new(NOTICE_DAYS))
    }

    pub(super) fn review_flag(
        &self,
        reviewed_by: ActorId,
        decision: ReviewDecision,
        clause: Option<Clause>,
        note: Option<FreeText>,
    ) -> Decision {
        if self.involved.contains(&reviewed_by) {
            return Err(NoRehireFlagError::SecondPersonRequired);
        }
        Ok(vec![match decision {
            ReviewDecision::Uphold => NoRehireFlagEvent::Upheld { clause: self.cited(clause)?, reviewed_by, note },
            ReviewDecision::Reject => NoRehireFlagEvent::Rejected { reviewed_by, note },
        }])
    }

    pub(super) fn review_appeal(
        &self,
        reviewed_by: ActorId,
        decision: ReviewDecision,
        clause: Option<Clause>,
        note: Option<FreeText>,
    ) -> Decision {
        if self.involved.contains(&reviewed_by) {
            return Err(NoRehireFlagError::UninvolvedPersonRequired);
        }
        Ok(vec![match decision {
            ReviewDecision::Uphold => {
                NoRehireFlagEvent::AppealDismissed { clause: self.cited(clause)?, reviewed_by, note }
            }
            ReviewDecision::Reject => NoRehireFlagEvent::AppealGranted { reviewed_by, note },
        }])
    }

    pub(super) fn review_renewal(
        &self,
        reviewed_by: ActorId,
        decision: ReviewDecision,
        clause: Option<Clause>,
        note: Option<FreeText>,
    ) -> Decision {
        let Some(Renewal { clause: proposed, evidence_ref, expires_on, renewed_by }) = self.renewal.clone() else {
            return Err(NoRehireFlagError::NothingToReview);
        };
        if renewed_by == reviewed_by {
            return Err(NoRehireFlagError::SecondPersonRequired);
        }
        Ok(vec![match decision {
            ReviewDecision::Uphold => {
                let clause = stated(clause.unwrap_or(proposed)).ok_or(NoRehireFlagError::GroundsRequired)?;
                NoRehireFlagEvent::RenewalConfirmed { clause, evidence_ref, expires_on, reviewed_by, note }
            }
            ReviewDecision::Reject => NoRehireFlagEvent::RenewalRefused { reviewed_by, note },
        }])
    }

    pub(super) fn renew(&self, on: NaiveDate, renewal: Renewal) -> Decision {
        match &self.renewal {
            Some(pending) if *pending == renewal => return Ok(vec![]),
            Some(_) => return Err(NoRehireFlagError::RenewalPending),
            None => {}
        }
        if let Some(from) = self.renewable_from().filter(|from| on < *from) {
            return Err(NoRehireFlagError::TooEarlyToRenew { from });
        }
        let Renewal { clause, evidence_ref, expires_on, renewed_by } = renewal;
        if evidence_ref.trim().is_empty() {
            return Err(NoRehireFlagError::GroundsRequired);
        }
        if evidence_ref.trim() == self.evidence_ref.trim() {
            return Err(NoRehireFlagError::FreshEvidenceRequired);
        }
        within_a_term(on, self.expires_on, expires_on)?;
        let clause = stated(clause).ok_or(NoRehireFlagError::GroundsRequired)?;
        Ok(vec![NoRehireFlagEvent::RenewalProposed { clause, evidence_ref, expires_on, renewed_by }])
    }

    fn cited(&self, clause: Option<Clause>) -> Result<Clause, NoRehireFlagError> {
        stated(clause.unwrap_or_else(|| self.clause.clone())).ok_or(NoRehireFlagError::GroundsRequired)
    }
}
