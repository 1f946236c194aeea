//! Contract periods as 労働契約法18条 and the ordinance on counting them have them (通算契約期間基準省令).

use chrono::{Datelike as _, Days, Months, NaiveDate};

/// A length in months and days; thirty days of fractions are a month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Length {
    /// Whole months.
    pub months: u32,
    /// Days beyond them, fewer than thirty.
    pub days: u32,
}

/// A month of fractions.
const MONTH_OF_DAYS: u32 = 30;
/// A gap of so many months always cools off.
const LONGEST_GAP: u32 = 6;

impl Length {
    /// From the first day to the last, both counted; nothing where the last lies before the first.
    pub fn between(from: NaiveDate, to: NaiveDate) -> Self {
        let Some(end) = to.succ_opt().filter(|end| *end > from) else { return Self::default() };
        let months = end.years_since(from).unwrap_or_default().saturating_mul(12);
        let months = (months..=months.saturating_add(12))
            .rev()
            .find(|months| months_later(from, *months).is_some_and(|day| day <= end))
            .unwrap_or_default();
        let whole = months_later(from, months).unwrap_or(end);
        let days = u32::try_from(end.signed_duration_since(whole).num_days()).unwrap_or_default();
        Self::default().plus(Self { months, days })
    }

    /// Both together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        let days = self.days.saturating_add(other.days);
        let months = self.months.saturating_add(other.months).saturating_add(days / MONTH_OF_DAYS);
        Self { months, days: days % MONTH_OF_DAYS }
    }
}

/// The first day after so many months that begin on a day. Where the last month has no such day, it ends with the month
/// (民法143条2項).
pub(crate) fn months_later(day: NaiveDate, months: u32) -> Option<NaiveDate> {
    let later = day.checked_add_months(Months::new(months))?;
    if later.day() == day.day() { Some(later) } else { later.checked_add_days(Days::new(1)) }
}

/// How many months without a contract make those before count no more, by the length of the contracts that run on from one
/// another: half of it, fractions of a month as a whole one, six at most.
pub const fn needed_gap(before: Length) -> u32 {
    let months = before.months.saturating_add(if before.days > 0 { 1 } else { 0 });
    let half = months.div_ceil(2);
    if half < 1 {
        1
    } else if half > LONGEST_GAP {
        LONGEST_GAP
    } else {
        half
    }
}

/// What of earlier fixed-term contracts counts when another begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// The time that counts; none where a gap has cooled it off.
    pub length: Length,
    /// How long the gap before the new contract had to be; none where there was no contract before.
    pub needed_gap_months: Option<u32>,
}

/// What counts of contracts, each from its first day to its last, when another begins on a day. Contracts with too short a gap
/// between them are one.
pub fn counted_before(contracts: &[(NaiveDate, NaiveDate)], starts_on: NaiveDate) -> Counted {
    let mut contracts: Vec<_> = contracts.iter().copied().filter(|(from, to)| from <= to && *to < starts_on).collect();
    contracts.sort_unstable();
    let mut running: Option<(Length, NaiveDate)> = None;
    let cooled = |(length, to): (Length, NaiveDate), next: NaiveDate| {
        let free = to.succ_opt().and_then(|free| months_later(free, needed_gap(length)));
        free.is_some_and(|enough| enough <= next)
    };
    for (from, to) in contracts {
        running = Some(match running {
            Some(before) if !cooled(before, from) => {
                let (length, until) = before;
                // What two contracts share counts once.
                let from = until.succ_opt().map_or(from, |next| next.max(from));
                (length.plus(Length::between(from, to)), until.max(to))
            }
            Some(_) | None => (Length::between(from, to), to),
        });
    }
    match running {
        None => Counted::default(),
        Some(before) => Counted {
            length: if cooled(before, starts_on) { Length::default() } else { before.0 },
            needed_gap_months: Some(needed_gap(before.0)),
        },
    }
}
