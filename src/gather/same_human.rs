//! Which records are one human being, as far as links reach, and what holds of all of them.

use std::collections::{BTreeMap, BTreeSet};

use aggregates::departure::CONTACT_REFUSED;
use aggregates::ids::{ActorId, PersonId};
use aggregates::person::Person;
use projections::employments::Employment;
use projections::members::Member;
use projections::persons;
use uuid::Uuid;

use super::application::Missing;
use super::{documents, page, read, table_of};
use crate::dispatch::Dispatcher;
use crate::employer::Employer;
use crate::ledger::{LogQuery, PageQuery, StoreError, StreamKey, micros};

/// How many records are taken for one human being at most.
const MOST_RECORDS: usize = 100;

/// Whether a read model is asked as of the head of the log, or as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AsOf {
    /// Waits for the feed.
    Now,
    /// May be a moment behind, and never waits.
    Stands,
}

/// The records that are one human being, as far as links reach: each with the version of its stream.
#[derive(Clone, Debug)]
pub struct SameHuman(BTreeMap<Uuid, i64>);

impl SameHuman {
    /// The human being that these records belong to; `None` while the read model is behind.
    pub async fn of(
        dispatcher: &Dispatcher,
        employer: &Employer,
        persons: impl IntoIterator<Item = PersonId>,
        as_of: AsOf,
    ) -> Result<Option<Self>, StoreError> {
        let mut records: BTreeMap<Uuid, i64> = persons.into_iter().map(|person| (person.0, 0)).collect();
        let mut asked: Vec<Uuid> = records.keys().copied().collect();
        while !asked.is_empty() {
            let ids = std::mem::take(&mut asked);
            let documents = match as_of {
                AsOf::Stands => {
                    let table = table_of::<persons::Person>();
                    dispatcher.ledger().standing_documents(&table, &employer.name, ids).await?
                }
                AsOf::Now => {
                    let limit = i64::try_from(ids.len()).unwrap_or(i64::MAX);
                    let query = PageQuery { ids: Some(ids), limit, ..PageQuery::default() };
                    let Some(page) = page::<persons::Person>(dispatcher, employer, &query).await? else {
                        return Ok(None);
                    };
                    page.documents
                }
            };
            for document in documents {
                let record: persons::Person = read(&document)?;
                records.insert(document.id, document.version);
                for other in record.same_person() {
                    if records.len() < MOST_RECORDS && !records.contains_key(&other.0) {
                        records.insert(other.0, 0);
                        asked.push(other.0);
                    }
                }
            }
        }
        Ok(Some(Self(records)))
    }

    /// The records.
    pub fn records(&self) -> impl Iterator<Item = PersonId> {
        self.0.keys().copied().map(PersonId)
    }

    /// What a command that relies on this depends on.
    pub fn guards(&self, employer: &Employer) -> Vec<(StreamKey, i64)> {
        let guard = |(id, version): (&Uuid, &i64)| (Dispatcher::stream::<Person>(employer, *id), *version);
        self.0.iter().map(guard).collect()
    }

    /// Whether they asked, at any of their departures, not to be contacted (decided: for ever).
    pub async fn refused_contact(&self, dispatcher: &Dispatcher, employer: &Employer) -> Result<bool, StoreError> {
        let keys: Vec<String> = self.records().map(|record| record.to_string()).collect();
        let ledger = dispatcher.ledger();
        let holders = ledger.claim_holders(&employer.name, CONTACT_REFUSED, &keys, micros(ledger.now())).await?;
        Ok(holders.iter().any(Option::is_some))
    }
}

/// Every account of the human being behind one of them, by their employments and memberships and as far as links reach; with
/// what a command that relies on this depends on.
pub async fn accounts_of(
    dispatcher: &Dispatcher,
    employer: &Employer,
    account: ActorId,
) -> Result<(BTreeSet<ActorId>, Vec<(StreamKey, i64)>), Missing> {
    let known = async |field: &'static str, values: Vec<String>| {
        let worked = documents::<Employment>(dispatcher, employer, vec![(field, values.clone())], |_| true);
        let belonged = documents::<Member>(dispatcher, employer, vec![(field, values)], |_| true);
        let (worked, belonged) = (worked.await?.ok_or(Missing::Behind)?, belonged.await?.ok_or(Missing::Behind)?);
        let worked = worked.into_iter().map(|one| (one.person_id, one.account));
        Ok::<Vec<_>, Missing>(worked.chain(belonged.into_iter().map(|one| (one.person_id, one.account))).collect())
    };
    let persons: Vec<PersonId> =
        known("account", vec![account.to_string()]).await?.into_iter().map(|(person, _)| person).collect();
    if persons.is_empty() {
        return Ok((BTreeSet::from([account]), vec![]));
    }
    let human = SameHuman::of(dispatcher, employer, persons, AsOf::Now).await?.ok_or(Missing::Behind)?;
    let records = human.records().map(|record| record.to_string()).collect();
    let accounts = known("person_id", records).await?.into_iter().filter_map(|(_, account)| account);
    Ok((accounts.chain([account]).collect(), human.guards(employer)))
}

/// The departures of one record, as the log knows them now.
pub async fn departures_of(
    dispatcher: &Dispatcher,
    employer: &Employer,
    person: PersonId,
) -> Result<Vec<Uuid>, StoreError> {
    let mut departures = Vec::new();
    let mut after = 0;
    loop {
        let recorded = Some("departure.recorded".to_owned());
        let query = LogQuery { after, limit: 500, event_type: recorded, subject: Some(person.0) };
        let entries = dispatcher.ledger().log(&employer.name, &query).await?;
        let Some(last) = entries.last() else { return Ok(departures) };
        after = last.position;
        for entry in &entries {
            let events =
                crate::feed::decode(entry.position, &entry.leaf, employer.zone).map_err(StoreError::Unreadable)?;
            departures.extend(events.first().map(|event| event.stream_id));
        }
    }
}
