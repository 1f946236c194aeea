//! What assessments rest on, read from the log by the ids that they name. A replay of many assessments reads each policy,
//! version of bands, snapshot and cohort once, and hashes it once: most decisions of a year rest on the same few.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use aggregates::ids::{PayBandsId, PayPolicyId, SnapshotId};
use aggregates::incumbents::{Entry, IncumbentPart, IncumbentSnapshot, Snapshot};
use aggregates::pay::{Cohort, PolicyTerms};
use aggregates::pay_bands::{BandVersion, PayBands};
use aggregates::pay_policy::PayPolicy;
use aggregates::stream::Stream;
use aggregates::versions::Governing;
use serde_json::json;
use uuid::Uuid;

use super::pay::hash;
use crate::dispatch::{Dispatcher, LoadError};
use crate::employer::Employer;
use crate::ledger::{Alteration, StoreError, alterations};

/// How many things of a kind are kept at most. A part of a snapshot tells of a thousand people at most.
const KEPT: usize = 256;

/// Something that was read, which is hashed once if it is asked for.
#[derive(Debug)]
pub struct Hashed<T> {
    /// What was read.
    pub value: T,
    hash: fn(&T) -> Result<String, StoreError>,
    sha256: OnceLock<String>,
}

impl<T> Hashed<T> {
    const fn of(value: T, hash: fn(&T) -> Result<String, StoreError>) -> Self {
        Self { value, hash, sha256: OnceLock::new() }
    }

    /// The hash of its canonical JSON, in hexadecimal, as whatever refers to it names it.
    pub fn sha256(&self) -> Result<&str, StoreError> {
        if let Some(known) = self.sha256.get() {
            return Ok(known);
        }
        let computed = (self.hash)(&self.value)?;
        Ok(self.sha256.get_or_init(|| computed))
    }
}

/// A version of a pay policy, with the day from which it governs.
type PublishedPolicy = Governing<PolicyTerms>;

/// What was read before.
#[derive(Default)]
pub struct Kept {
    policies: Shelf<(Uuid, u32), Hashed<PublishedPolicy>>,
    bands: Shelf<Uuid, Hashed<BandVersion>>,
    snapshots: Shelf<Uuid, Snapshot>,
    cohorts: Shelf<Uuid, Hashed<Cohort>>,
    pages: Shelf<Uuid, Hashed<Vec<Entry>>>,
    altered: Shelf<(&'static str, Uuid), Vec<Alteration>>,
}

struct Shelf<K, T>(Mutex<HashMap<K, Arc<T>>>);

impl<K, T> Default for Shelf<K, T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: std::hash::Hash + Eq, T> Shelf<K, T> {
    fn find(&self, key: &K) -> Option<Arc<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    fn keep(&self, key: K, value: &Arc<T>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(key, Arc::clone(value));
    }
}

/// The log of an employer, as assessments read it.
#[derive(Clone)]
pub struct Archive<'a> {
    /// The write side, which loads streams.
    pub dispatcher: &'a Dispatcher,
    /// Whose log.
    pub employer: &'a Employer,
    kept: Option<Arc<Kept>>,
}

impl<'a> Archive<'a> {
    /// Reads everything anew, as it stands now.
    pub const fn of(dispatcher: &'a Dispatcher, employer: &'a Employer) -> Self {
        Self { dispatcher, employer, kept: None }
    }

    /// Reads what is not kept. What is kept stands in the log and never changes; what is not there is asked for again.
    pub const fn keeping(dispatcher: &'a Dispatcher, employer: &'a Employer, kept: Arc<Kept>) -> Self {
        Self { dispatcher, employer, kept: Some(kept) }
    }

    async fn kept<K, T, R>(&self, of: fn(&Kept) -> &Shelf<K, T>, key: K, read: R) -> Result<Option<Arc<T>>, LoadError>
    where
        K: std::hash::Hash + Eq,
        R: Future<Output = Result<Option<T>, LoadError>>,
    {
        let Some(kept) = &self.kept else { return Ok(read.await?.map(Arc::new)) };
        if let Some(known) = of(kept).find(&key) {
            return Ok(Some(known));
        }
        let found = read.await?.map(Arc::new);
        if let Some(found) = &found {
            of(kept).keep(key, found);
        }
        Ok(found)
    }

    /// What of a stream is not what was recorded.
    pub async fn altered<A: Stream>(&self, id: Uuid) -> Result<Arc<Vec<Alteration>>, LoadError> {
        let read = async {
            let stream = Dispatcher::stream::<A>(self.employer, id);
            let events = self.dispatcher.ledger().hashed(&stream).await?;
            Ok(Some(alterations(&stream, &events)))
        };
        Ok(self.kept(|kept| &kept.altered, (A::TYPE, id), read).await?.unwrap_or_default())
    }

    /// A published version of a pay policy; its hash is that of what it lays down.
    pub async fn policy(
        &self,
        id: PayPolicyId,
        version: u32,
    ) -> Result<Option<Arc<Hashed<PublishedPolicy>>>, LoadError> {
        let read = async {
            let loaded = self.dispatcher.load::<PayPolicy>(self.employer, id.0).await?;
            let found = loaded.state.standing().and_then(|standing| standing.versions.version(version));
            Ok(found.map(|found| Hashed::of(found.clone(), |found| hash(&found.terms))))
        };
        self.kept(|kept| &kept.policies, (id.0, version), read).await
    }

    /// A version of pay bands.
    pub async fn bands(&self, id: PayBandsId) -> Result<Option<Arc<Hashed<BandVersion>>>, LoadError> {
        let read = async {
            let loaded = self.dispatcher.load::<PayBands>(self.employer, id.0).await?;
            Ok(loaded.state.version().cloned().map(|version| Hashed::of(version, bands_hash)))
        };
        self.kept(|kept| &kept.bands, id.0, read).await
    }

    /// A snapshot of incumbents.
    pub async fn snapshot(&self, id: SnapshotId) -> Result<Option<Arc<Snapshot>>, LoadError> {
        let read = async {
            let loaded = self.dispatcher.load::<IncumbentSnapshot>(self.employer, id.0).await?;
            Ok(loaded.state.snapshot().cloned())
        };
        self.kept(|kept| &kept.snapshots, id.0, read).await
    }

    /// A cohort of a snapshot.
    pub async fn cohort(&self, part: Uuid) -> Result<Option<Arc<Hashed<Cohort>>>, LoadError> {
        let read = async {
            let loaded = self.dispatcher.load::<IncumbentPart>(self.employer, part).await?;
            Ok(loaded.state.into_cohort().map(|cohort| Hashed::of(cohort, |cohort| hash(&cohort.members))))
        };
        self.kept(|kept| &kept.cohorts, part, read).await
    }

    /// A page of a snapshot's directory.
    pub async fn page(&self, part: Uuid) -> Result<Option<Arc<Hashed<Vec<Entry>>>>, LoadError> {
        let read = async {
            let page = self.dispatcher.load::<IncumbentPart>(self.employer, part).await?.state.into_page();
            Ok(page.map(|page| Hashed::of(page, hash)))
        };
        self.kept(|kept| &kept.pages, part, read).await
    }
}

/// What a version of bands was hashed over when it was taken over: everything but where it was approved.
fn bands_hash(version: &BandVersion) -> Result<String, StoreError> {
    hash(&json!({
        "bands": version.bands,
        "currency": version.currency,
        "effective_from": version.effective_from,
        "legal_entity": version.legal_entity,
        "version": version.version,
    }))
}
