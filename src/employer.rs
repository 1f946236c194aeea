//! What the program knows of an employer while it serves: zone, default entity, keys.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use aggregates::issued::Due;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;

use crate::ledger::{EmployerKeys, EmployerSettings, Ledger, StoreError};

/// One employer (tenant).
#[derive(Clone)]
pub struct Employer {
    /// Its name in tokens, rows and leaves.
    pub name: Arc<str>,
    /// Whether it has been added to this ledger.
    pub known: bool,
    /// Where its statutory dates are computed (AUD-10).
    pub zone: Tz,
    /// The entity of records that name none.
    pub default_legal_entity: String,
    /// Keys for tokens, receipts and invitations.
    pub keys: EmployerKeys,
}

impl Employer {
    fn new(ledger: &Ledger, name: &str, settings: &EmployerSettings, known: bool) -> Self {
        Self {
            name: Arc::from(name),
            known,
            zone: settings.time_zone.parse().unwrap_or(chrono_tz::Asia::Tokyo),
            default_legal_entity: settings.default_legal_entity.clone(),
            keys: ledger.vault().employer_keys(name),
        }
    }

    /// The employer's calendar day at an instant.
    pub fn local_date(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.zone).date_naive()
    }

    /// The first instant of a local day. Where the clock jumps over midnight, the first instant that exists.
    pub fn start_of(&self, day: NaiveDate) -> DateTime<Utc> {
        let midnight = day.and_time(NaiveTime::MIN);
        (0..4)
            .filter_map(|hour| self.zone.from_local_datetime(&(midnight + TimeDelta::hours(hour))).earliest())
            .map(|local| local.with_timezone(&Utc))
            .next()
            .unwrap_or_else(|| midnight.and_utc())
    }

    /// The instant at which a stream wants to be woken.
    pub fn instant(&self, due: Due) -> DateTime<Utc> {
        match due {
            Due::On(day) => self.start_of(day),
            Due::At(at) => at,
        }
    }
}

/// All employers of the ledger, read again when an unknown one appears.
pub struct Employers {
    ledger: Arc<Ledger>,
    known: RwLock<HashMap<String, Arc<Employer>>>,
}

impl Employers {
    /// Reads the employers.
    pub async fn load(ledger: Arc<Ledger>) -> Result<Self, StoreError> {
        let employers = Self { ledger, known: RwLock::new(HashMap::new()) };
        employers.refresh().await?;
        Ok(employers)
    }

    async fn refresh(&self) -> Result<(), StoreError> {
        let all = self.ledger.employers().await?;
        let all = all
            .iter()
            .map(|(name, settings)| (name.clone(), Arc::new(Employer::new(&self.ledger, name, settings, true))))
            .collect();
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = all;
        Ok(())
    }

    /// The employer of this name. One that is not in the ledger has no rows: whoever asks finds nothing.
    pub async fn get(&self, name: &str) -> Result<Arc<Employer>, StoreError> {
        let find = || self.known.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned();
        if let Some(employer) = find() {
            return Ok(employer);
        }
        self.refresh().await?;
        Ok(find().unwrap_or_else(|| Arc::new(Employer::new(&self.ledger, name, &EmployerSettings::default(), false))))
    }

    /// The employers known now.
    pub fn all(&self) -> Vec<Arc<Employer>> {
        let mut all: Vec<_> = self.known.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect();
        all.sort_by(|a, b| a.name.cmp(&b.name));
        all
    }
}
