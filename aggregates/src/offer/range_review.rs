//! Whether the pay range of a role still fits (給与レンジの見直し): somebody looks at it once a second exception for the role is
//! granted within a year. What is excepted twice is the rule.

use chrono::{Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{OfferError, OfferEvent, Standing};
use crate::issued::{Actor, ActorKind};
use crate::pay::OfferedPay;
use crate::values::{EvidenceRef, FreeText};

/// Exceptions of so many months count together.
pub const TOGETHER: Months = Months::new(12);
/// Within how many days somebody looks.
const REVIEW_DAYS: u64 = 30;

/// A role, as a pay range is laid down for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayRole {
    /// Its grade.
    pub grade: String,
    /// Its job family.
    pub job_family: String,
}

impl PayRole {
    /// The role that an offer is compared in.
    pub fn of(offered: &OfferedPay) -> Self {
        Self { grade: offered.grade.clone(), job_family: offered.job_family.clone() }
    }
}

/// What came of looking at a range.
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
pub enum RangeOutcome {
    /// It stays as it is.
    Kept,
    /// It is to be changed.
    Changed,
}

/// A review of a range.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RangeReviewed {
    /// What came of it.
    pub outcome: RangeOutcome,
    /// Why. Class `pay_decision`.
    pub reason: FreeText,
    /// Where the review lies.
    pub evidence_ref: EvidenceRef,
}

/// The review that an exception brought about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RangeReview {
    /// Of which role.
    pub role: PayRole,
    /// By when somebody looks.
    pub due_on: NaiveDate,
    /// What came of it.
    pub done: Option<RangeReviewed>,
}

/// What can be asked about the range of the role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReviewRange {
    /// Have somebody look at it (reaction).
    Open {
        /// Which role.
        role: PayRole,
        /// How many exceptions for the role stand, this one among them.
        exceptions: u32,
        /// The day on which the first of them was granted.
        since: NaiveDate,
    },
    /// Record what came of it.
    Record(RangeReviewed),
}

impl Standing {
    pub(super) fn review_range(
        &self,
        by: Actor,
        on: NaiveDate,
        order: ReviewRange,
    ) -> Result<Vec<OfferEvent>, OfferError> {
        match (order, self.range_review.as_deref()) {
            (ReviewRange::Open { role, .. }, Some(known)) if known.role == role => Ok(vec![]),
            // An offer that was revised to another role has the range of that one looked at.
            (ReviewRange::Open { role, exceptions, since }, _) => {
                let due_on = on.checked_add_days(Days::new(REVIEW_DAYS)).unwrap_or(on);
                let proposed_by = self.proposers.clone();
                Ok(vec![OfferEvent::RangeReviewOpened { role, exceptions, since, due_on, proposed_by }])
            }
            (ReviewRange::Record(_), _) if by.kind != ActorKind::Person => Err(OfferError::NaturalPersonRequired),
            (ReviewRange::Record(_), None) => Err(OfferError::NoRangeReview),
            (ReviewRange::Record(reviewed), Some(RangeReview { done: Some(known), .. })) => {
                if *known == reviewed {
                    Ok(vec![])
                } else {
                    Err(OfferError::RangeReviewed)
                }
            }
            // Whoever asked for the exception does not say that the range fits.
            (ReviewRange::Record(_), Some(_)) if self.proposers.contains(&by.id) => {
                Err(OfferError::RangeReviewerExcluded)
            }
            (ReviewRange::Record(reviewed), Some(_)) => {
                Ok(vec![OfferEvent::RangeReviewed { reviewed, recorded_by: by.id }])
            }
        }
    }
}
