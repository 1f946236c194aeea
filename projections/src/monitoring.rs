//! Monitoring (モニタリング, MON-): whether returners are paid, chosen and excepted like those who stayed, month by month, and
//! never so that anybody could be told from it.
//!
//! [`History`] folds the log. Of each closed month it is asked what was recorded by its end; a report puts that into
//! tables, [`suppression`] decides what of them may be told, and the report computes its figures from what is told alone.
//! Serves `GET /v1/monitoring/*`; nothing of it is stored, since the same log gives the same reports.

mod as_of;
mod compa_ratios;
mod exceptions;
mod history;
mod pay_gaps;
pub mod remainders;
mod report;
mod selection_rates;
pub mod statistics;
mod stayer_ratios;
pub mod suppression;
#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike as _, Months, NaiveDate};

pub use as_of::{Opened, Sex, Worker};
pub use history::{History, TYPES};
pub use report::{Alert, Figure, Kind, Line, Report, Threshold, report, reports};
pub use stayer_ratios::{REMEDIES, RETURNERS};

/// The row of everybody in a table.
pub const ALL: &str = "";

/// How many months a window has.
pub const WINDOW_MONTHS: u32 = 12;

/// A calendar month, in the employer's local time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    first: NaiveDate,
}

impl Month {
    /// The month that a day lies in.
    pub fn of(day: NaiveDate) -> Self {
        Self { first: day.with_day(1).unwrap_or(day) }
    }

    /// The first day.
    pub const fn first_day(self) -> NaiveDate {
        self.first
    }

    /// The last day.
    pub fn last_day(self) -> NaiveDate {
        self.next().first.pred_opt().unwrap_or(self.first)
    }

    /// The month after.
    #[must_use]
    pub fn next(self) -> Self {
        self.after(1)
    }

    /// The month so many later.
    #[must_use]
    pub fn after(self, months: u32) -> Self {
        Self { first: self.first.checked_add_months(Months::new(months)).unwrap_or(self.first) }
    }

    /// The month so many earlier.
    #[must_use]
    pub fn before(self, months: u32) -> Self {
        Self { first: self.first.checked_sub_months(Months::new(months)).unwrap_or(self.first) }
    }

    /// The first day of the twelve months that end with this one.
    pub fn window_start(self) -> NaiveDate {
        self.before(WINDOW_MONTHS - 1).first
    }

    /// Whether a quarter of the calendar year ends with it.
    pub fn ends_quarter(self) -> bool {
        self.first.month().is_multiple_of(3)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.first.format("%Y-%m"))
    }
}

impl FromStr for Month {
    type Err = ();

    /// `YYYY-MM`.
    fn from_str(text: &str) -> Result<Self, ()> {
        let plain = text.len() == 7
            && text.bytes().enumerate().all(|(at, b)| if at == 4 { b == b'-' } else { b.is_ascii_digit() });
        let first = plain.then(|| format!("{text}-01").parse().ok()).flatten();
        first.map(Self::of).ok_or(())
    }
}
