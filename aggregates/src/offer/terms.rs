//! What may be agreed at all, what differs between two versions, and what the notice of working conditions needs.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{ContractTerm, OfferError, Pay, TermField, Terms};
use crate::pay::is_compared;
use crate::values::{EmploymentType, LARGEST_AMOUNT, Money};

/// The hours of a full week. Whoever works part time works fewer.
pub use crate::pay::FULL_TIME_HOURS;
/// The most hours a week that may be agreed (労基法32条・40条).
pub const MOST_WEEKLY_HOURS: u32 = 44;
/// The scope of change in regular employment where the terms name none: whatever the company's work rules allow.
pub const COMPANY_SCOPE: &str = "会社の定める範囲（就業規則による）";

/// An item of the notice of working conditions that the terms have to tell (労基法15条, LAB-09).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr, strum::EnumIter)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum NoticeItem {
    /// The place of work (就業の場所).
    Location,
    /// The scope within which it may change.
    LocationScope,
    /// The work (従事すべき業務).
    Duties,
    /// The scope within which it may change.
    DutiesScope,
    /// How a fixed term is renewed, and up to when (更新上限).
    Renewal,
    /// The hours of whoever works part time.
    WeeklyHours,
}

impl Terms {
    /// Whether these terms may be offered on a day.
    pub(super) fn check(&self, expires_at: DateTime<Utc>, at: DateTime<Utc>, on: NaiveDate) -> Result<(), OfferError> {
        if expires_at <= at {
            return Err(OfferError::ExpiryNotInFuture { expires_at });
        }
        if self.starts_on < on {
            return Err(OfferError::StartInThePast { starts_on: self.starts_on });
        }
        self.check_contract()?;
        if !(1..=MOST_WEEKLY_HOURS).contains(&self.weekly_hours) {
            return Err(OfferError::WeeklyHoursOutOfRange { most: MOST_WEEKLY_HOURS });
        }
        if self.amounts().any(|money| money.currency != self.pay.base.currency) {
            return Err(OfferError::MixedCurrencies);
        }
        if self.pay.base.amount <= 0 || self.amounts().any(|money| money.amount < 0) {
            return Err(OfferError::AmountNotPositive);
        }
        let sums = [self.pay.paid_once(), self.beside_base_a_year()];
        if sums.iter().flatten().any(|sum| sum.amount > LARGEST_AMOUNT) {
            return Err(OfferError::AllowancesTooLarge);
        }
        Ok(())
    }

    /// What a year brings beside the base, as it would at 40 hours a week, to the next whole unit: the base is told so, too.
    pub fn beside_base_a_year(&self) -> Option<Money> {
        let Money { amount, currency } = self.pay.beside_base_a_year()?;
        let (full, hours) = (i64::from(FULL_TIME_HOURS), i64::from(self.weekly_hours.max(1)));
        let amount = if hours == full { amount } else { amount.saturating_mul(full).saturating_add(hours - 1) / hours };
        Some(Money { amount, currency })
    }

    fn check_contract(&self) -> Result<(), OfferError> {
        match (self.employment_type, &self.contract) {
            (EmploymentType::Contractor, _) => Err(OfferError::ContractorNotOffered),
            (EmploymentType::Regular, ContractTerm::Fixed { .. }) => Err(OfferError::TermEndNotAllowed),
            (EmploymentType::FixedTerm, ContractTerm::Indefinite) => Err(OfferError::TermEndRequired),
            (EmploymentType::FixedTerm | EmploymentType::PartTime, ContractTerm::Fixed { ends_on, .. })
                if *ends_on < self.starts_on =>
            {
                Err(OfferError::TermEndsBeforeStart { starts_on: self.starts_on, ends_on: *ends_on })
            }
            (EmploymentType::FixedTerm | EmploymentType::PartTime, ContractTerm::Fixed { .. })
            | (EmploymentType::Regular | EmploymentType::PartTime, ContractTerm::Indefinite) => Ok(()),
        }
    }

    fn amounts(&self) -> impl Iterator<Item = &Money> {
        let pay = &self.pay;
        std::iter::once(&pay.base)
            .chain(pay.allowances.iter().map(|allowance| &allowance.amount))
            .chain(pay.fixed_overtime.iter().map(|overtime| &overtime.amount_a_month))
            .chain(&pay.bonus)
            .chain(&pay.sign_on)
    }

    /// The items of pay, where they are compared with those of regular workers (PAY-01): `base`, `fixed_overtime`, `bonus`,
    /// `sign_on`, and an allowance as `allowance.` and its code.
    ///
    /// Whoever works fewer hours than regular workers do is compared as well, whatever their employment is called.
    pub fn compared_items(&self, full_time_hours: u32) -> BTreeSet<String> {
        if !is_compared(self.employment_type) && self.weekly_hours >= full_time_hours {
            return BTreeSet::new();
        }
        let Pay { base: _, allowances, fixed_overtime, bonus, sign_on } = &self.pay;
        let once = [
            ("base", true),
            ("fixed_overtime", fixed_overtime.is_some()),
            ("bonus", bonus.is_some()),
            ("sign_on", sign_on.is_some()),
        ];
        let once = once.into_iter().filter(|(_, offered)| *offered).map(|(item, _)| item.to_owned());
        once.chain(allowances.iter().map(|allowance| format!("allowance.{}", allowance.code))).collect()
    }

    /// What differs from an earlier version, field by field. Every field of the terms is material.
    pub(super) fn changed_since(&self, before: &Self) -> Vec<TermField> {
        use TermField as F;
        [
            (F::Grade, self.grade != before.grade),
            (F::EmploymentType, self.employment_type != before.employment_type),
            (F::Contract, self.contract != before.contract),
            (F::StartsOn, self.starts_on != before.starts_on),
            (F::Location, self.location != before.location),
            (F::LocationScope, self.location_scope != before.location_scope),
            (F::Duties, self.duties != before.duties),
            (F::DutiesScope, self.duties_scope != before.duties_scope),
            (F::WeeklyHours, self.weekly_hours != before.weekly_hours),
            (F::ProbationMonths, self.probation_months != before.probation_months),
            (F::Base, self.pay.base != before.pay.base),
            (F::Allowances, self.pay.allowances != before.pay.allowances),
            (F::FixedOvertime, self.pay.fixed_overtime != before.pay.fixed_overtime),
            (F::Bonus, self.pay.bonus != before.pay.bonus),
            (F::SignOn, self.pay.sign_on != before.pay.sign_on),
        ]
        .into_iter()
        .filter_map(|(field, differs)| differs.then_some(field))
        .collect()
    }

    /// The first item that the notice of working conditions would lack. In regular employment the scope of change is the
    /// company's where the terms name none; everybody else is told theirs.
    pub fn incomplete(&self) -> Option<NoticeItem> {
        let told = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.trim().is_empty());
        let regular = self.employment_type == EmploymentType::Regular;
        let renewal_told = match &self.contract {
            ContractTerm::Indefinite => true,
            ContractTerm::Fixed { renewal, .. } => told(renewal),
        };
        [
            (NoticeItem::Location, told(&self.location)),
            (NoticeItem::LocationScope, regular || told(&self.location_scope)),
            (NoticeItem::Duties, told(&self.duties)),
            (NoticeItem::DutiesScope, regular || told(&self.duties_scope)),
            (NoticeItem::Renewal, renewal_told),
            (
                NoticeItem::WeeklyHours,
                self.employment_type != EmploymentType::PartTime || self.weekly_hours < FULL_TIME_HOURS,
            ),
        ]
        .into_iter()
        .find_map(|(item, complete)| (!complete).then_some(item))
    }
}
