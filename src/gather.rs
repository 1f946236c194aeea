//! Facts of other streams that commands record: what holds now, as the register of claims knows it, and what documents say
//! as of now.

pub mod application;
pub mod archive;
pub mod contact;
pub mod labour;
pub mod offer;
pub mod pay;
pub mod referral;
pub mod referrer;
pub mod reports;
pub mod requisition;
pub mod reward;
mod same_human;

use std::collections::{BTreeSet, HashMap};

use aggregates::ids::{ActorId, FlagId, PersonId};
use aggregates::no_rehire_flag::{FlagReason, flag_key};
use projections::model::ReadModel;
use projections::parts::YesNo;
use projections::pipeline::PipelineEntry;
use projections::referrals;
use strum::IntoEnumIterator as _;
use uuid::Uuid;

pub use same_human::{AsOf, SameHuman, accounts_of, departures_of};

use crate::dispatch::Dispatcher;
use crate::employer::Employer;
use crate::ledger::{Document, Page, PageQuery, StoreError, TableId, Waited, micros};

/// How many documents are read at a time.
const CHUNK: usize = 500;

/// A referral of which something may still come.
const GOING_ON: [referrals::State; 4] = [
    referrals::State::AwaitingCandidate,
    referrals::State::Owned,
    referrals::State::HeldAsDuplicate,
    referrals::State::InProcess,
];

/// The no-rehire flags about a person that are raised and have not ended.
pub async fn live_flags(
    dispatcher: &Dispatcher,
    employer: &Employer,
    person: PersonId,
) -> Result<Vec<FlagId>, StoreError> {
    let keys: Vec<String> = FlagReason::iter().map(|reason| flag_key(person, reason)).collect();
    let ledger = dispatcher.ledger();
    let holders = ledger.claim_holders(&employer.name, "no_rehire_flag", &keys, micros(ledger.now())).await?;
    Ok(holders.into_iter().flatten().map(FlagId).collect())
}

/// What of a member's is going on, which they withdraw or finish before they leave: applications, each with its offer, and
/// referrals that they have made. `None` while a read model is behind.
pub async fn live_cases(
    dispatcher: &Dispatcher,
    employer: &Employer,
    person: PersonId,
    account: ActorId,
) -> Result<Option<u32>, StoreError> {
    let live = vec![("person_id", vec![person.to_string()]), ("live", vec![<&str>::from(YesNo::Yes).to_owned()])];
    let applications = documents::<PipelineEntry>(dispatcher, employer, live, |_| true).await?;
    let made = vec![
        ("referrer", vec![account.to_string()]),
        ("state", GOING_ON.map(|state| <&str>::from(state).to_owned()).to_vec()),
    ];
    let referrals = documents::<referrals::Referral>(dispatcher, employer, made, |_| true).await?;
    let (Some(applications), Some(referrals)) = (applications, referrals) else { return Ok(None) };
    Ok(Some(u32::try_from(applications.len() + referrals.len()).unwrap_or(u32::MAX)))
}

/// Every document of a model with these values that is kept; `None` while the model is behind.
pub async fn documents<M: ReadModel>(
    dispatcher: &Dispatcher,
    employer: &Employer,
    filters: Vec<(&'static str, Vec<String>)>,
    keep: impl Fn(&M) -> bool,
) -> Result<Option<Vec<M>>, StoreError> {
    let mut query = PageQuery { filters, limit: limit(CHUNK), ..PageQuery::default() };
    let mut kept = Vec::new();
    loop {
        let Some(page) = page::<M>(dispatcher, employer, &query).await? else { return Ok(None) };
        for document in &page.documents {
            kept.extend(Some(read(document)?).filter(&keep));
        }
        match page.next {
            Some(next) => query.after = Some(next),
            None => return Ok(Some(kept)),
        }
    }
}

/// The documents of a model with these ids; `None` while the model is behind.
pub async fn documents_of<M: ReadModel>(
    dispatcher: &Dispatcher,
    employer: &Employer,
    ids: &BTreeSet<Uuid>,
) -> Result<Option<HashMap<Uuid, M>>, StoreError> {
    let mut found = HashMap::with_capacity(ids.len());
    let ids: Vec<Uuid> = ids.iter().copied().collect();
    for chunk in ids.chunks(CHUNK) {
        let query = PageQuery { ids: Some(chunk.to_vec()), limit: limit(chunk.len()), ..PageQuery::default() };
        let Some(page) = page::<M>(dispatcher, employer, &query).await? else { return Ok(None) };
        for document in &page.documents {
            found.insert(document.id, read(document)?);
        }
    }
    Ok(Some(found))
}

const fn table_of<M: ReadModel>() -> TableId {
    TableId { name: M::NAME, version: M::VERSION, filters: M::FILTERS }
}

async fn page<M: ReadModel>(
    dispatcher: &Dispatcher,
    employer: &Employer,
    query: &PageQuery,
) -> Result<Option<Page>, StoreError> {
    match dispatcher.ledger().page(&table_of::<M>(), &employer.name, query).await? {
        Waited::Ready(page) => Ok(Some(page)),
        Waited::Behind => Ok(None),
    }
}

fn read<M: ReadModel>(document: &Document) -> Result<M, StoreError> {
    let unreadable = |error| StoreError::Unreadable(format!("document {} of {}: {error}", document.id, M::NAME));
    serde_json::from_str(&document.body).map_err(unreadable)
}

fn limit(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
