//! An exception from the pay policy: a closed list of reasons, evidence, words, and a plan to remedy those who are overtaken.

use std::collections::BTreeSet;

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::assessed::AssessedOffer;
use super::{OfferError, TermsHash};
use crate::ids::ActorId;
use crate::pay::Fraction;
use crate::personal::Personal;
use crate::values::{EvidenceRef, FreeText, Money};

/// The fewest characters in which an exception is justified.
pub const SHORTEST_JUSTIFICATION: usize = 80;

/// Within how many months a plan to remedy is carried out.
const LATEST_REMEDY: Months = Months::new(12);

/// How many characters somebody wrote: any space between words is one.
fn written_characters(text: &str) -> usize {
    let words = text.split_whitespace();
    words.map(|word| word.chars().count() + 1).sum::<usize>().saturating_sub(1)
}

/// Why an offer departs from the policy. That somebody else offered as much is no reason.
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
pub enum ExceptionReason {
    /// A skill that is scarce, with evidence.
    ScarceSkill,
    /// A larger scope than the peers'.
    LargerScope,
    /// A level certified outside, with the certificate.
    CertifiedLevel,
    /// The market moved, with the survey.
    MarketMove,
    /// The risk of losing others, in figures.
    RetentionRisk,
    /// Past pay was too low.
    PastUnderpay,
}

impl ExceptionReason {
    /// Whether it stands on evidence.
    const fn needs_evidence(self) -> bool {
        match self {
            Self::ScarceSkill | Self::CertifiedLevel | Self::MarketMove | Self::RetentionRisk => true,
            Self::LargerScope | Self::PastUnderpay => false,
        }
    }
}

/// A plan to remedy what an offer does to those who stayed (是正計画, PAY-28).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemedyPlan {
    /// Who sees to it.
    pub owner: ActorId,
    /// By when.
    pub due_on: NaiveDate,
    /// How much a year is set aside.
    pub amount: Money,
    /// From which budget.
    pub budget_ref: EvidenceRef,
}

/// An exception as it is asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PayException {
    /// Why; at least one reason.
    pub reasons: BTreeSet<ExceptionReason>,
    /// Where the evidence lies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence_ref: Option<EvidenceRef>,
    /// Why, in at least eighty characters. Class `pay_decision`.
    pub justification: FreeText,
    /// What else was considered. Class `pay_decision`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alternatives: Option<FreeText>,
    /// How those who are overtaken are remedied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<RemedyPlan>,
}

impl PayException {
    /// Whether it can be asked for on a day, for an offer that was assessed so.
    pub(super) fn check(&self, assessed: &AssessedOffer, currency: &str, on: NaiveDate) -> Result<(), OfferError> {
        if self.reasons.is_empty() {
            return Err(OfferError::ReasonRequired);
        }
        if self.evidence_ref.as_deref().is_none_or(|evidence| evidence.trim().is_empty())
            && let Some(reason) = self.reasons.iter().find(|reason| reason.needs_evidence())
        {
            return Err(OfferError::EvidenceRequired { reason: *reason });
        }
        if let Personal::New { value, .. } = &self.justification
            && written_characters(value) < SHORTEST_JUSTIFICATION
        {
            return Err(OfferError::JustificationTooShort);
        }
        match &self.remedy {
            None if assessed.remedy_needed() => Err(OfferError::RemedyRequired { cost: assessed.remedy_cost }),
            None => Ok(()),
            Some(remedy) => remedy.check(assessed, currency, on),
        }
    }
}

impl RemedyPlan {
    fn check(&self, assessed: &AssessedOffer, currency: &str, on: NaiveDate) -> Result<(), OfferError> {
        if self.amount.currency != currency {
            return Err(OfferError::RemedyCurrencyDiffers { currency: currency.to_owned() });
        }
        if self.due_on <= on {
            return Err(OfferError::RemedyDueInThePast { due_on: self.due_on });
        }
        if on.checked_add_months(LATEST_REMEDY).is_some_and(|latest| self.due_on > latest) {
            return Err(OfferError::RemedyDueTooLate { due_on: self.due_on });
        }
        if Fraction::whole(self.amount.amount) < assessed.remedy_cost {
            return Err(OfferError::RemedyTooSmall { cost: assessed.remedy_cost });
        }
        if self.budget_ref.trim().is_empty() {
            return Err(OfferError::RemedyUnbudgeted);
        }
        Ok(())
    }
}

/// How an exception was decided.
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
pub enum ExceptionDecision {
    /// The offer may be put before its approvers.
    Granted,
    /// It may not; the same exception is not asked for again (PAY-26).
    Refused,
}

/// An exception that was asked for, and how far it has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StandingException {
    /// What was asked for.
    pub exception: PayException,
    /// Who asked.
    pub requested_by: ActorId,
    /// Whether it was granted.
    pub granted: bool,
    /// Who granted it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<ActorId>,
    /// The hash that was approved with it.
    pub terms_hash: TermsHash,
}
