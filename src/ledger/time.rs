//! Domain time: the real clock, moved forward in trial ledgers alone.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};

use super::directory::{self, LedgerMode};
use super::{Store, StoreError};

/// Microseconds since 1970 of an instant.
pub fn micros(at: DateTime<Utc>) -> i64 {
    at.timestamp_micros()
}

/// RFC 3339 in UTC with exactly six digits, as it stands in a leaf.
pub fn rfc3339(micros: i64) -> String {
    DateTime::from_timestamp_micros(micros).unwrap_or_default().to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// The clock of domain time. Cloning shares it.
#[derive(Clone, Debug)]
pub struct Clock {
    offset: Arc<AtomicI64>,
    movable: bool,
}

impl Clock {
    pub(super) async fn load(store: &Store, mode: LedgerMode) -> Result<Self, StoreError> {
        let offset = match mode {
            LedgerMode::Live => 0,
            LedgerMode::Trial => directory::clock_offset(store).await?,
        };
        Ok(Self { offset: Arc::new(AtomicI64::new(offset)), movable: mode == LedgerMode::Trial })
    }

    /// Now, in domain time, cut to microseconds.
    pub fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.now_micros()).unwrap_or_default()
    }

    /// Now, in microseconds.
    pub fn now_micros(&self) -> i64 {
        Utc::now().timestamp_micros().saturating_add(self.offset.load(Ordering::Acquire))
    }

    /// How far domain time is ahead of real time.
    pub fn ahead(&self) -> TimeDelta {
        TimeDelta::microseconds(self.offset.load(Ordering::Acquire))
    }

    /// Takes over another node's offset, forward only.
    pub(super) fn follow(&self, offset: i64) {
        if self.movable {
            self.offset.fetch_max(offset, Ordering::AcqRel);
        }
    }

    /// Moves domain time forward so that now is at least `target` (microseconds). Returns the new offset, or `None` in a
    /// live ledger.
    pub(super) fn advance_to(&self, target: i64) -> Option<i64> {
        self.movable.then(|| {
            let needed = target.saturating_sub(Utc::now().timestamp_micros());
            self.offset.fetch_max(needed, Ordering::AcqRel).max(needed)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::rfc3339;

    #[test]
    fn instants_always_carry_six_digits() {
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00.000000Z");
        assert_eq!(rfc3339(1_764_000_000_500_000), "2025-11-24T16:00:00.500000Z");
    }
}
