//! By when a case goes on (応募者への回答期限): pure functions of days, for those who read and those who work.

use chrono::{Days, Months, NaiveDate};

/// Days in which somebody who applied has a first answer.
pub const FIRST_ANSWER_DAYS: u64 = 14;
/// Days in which a stage ends.
pub const STAGE_DAYS: u64 = 14;
/// Months in which there is a result.
pub const RESULT_MONTHS: u32 = 1;

/// The day by which somebody who applied on a day has a first answer.
pub fn first_answer_due(submitted_on: NaiveDate) -> NaiveDate {
    days_after(submitted_on, FIRST_ANSWER_DAYS)
}

/// The day by which a stage that began on a day ends.
pub fn stage_due(since: NaiveDate) -> NaiveDate {
    days_after(since, STAGE_DAYS)
}

/// The day by which somebody who applied on a day has a result.
pub fn result_due(submitted_on: NaiveDate) -> NaiveDate {
    submitted_on.checked_add_months(Months::new(RESULT_MONTHS)).unwrap_or(NaiveDate::MAX)
}

/// The day that many days later; the last day that there is where there is none.
pub(super) fn days_after(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).unwrap_or(NaiveDate::MAX)
}
