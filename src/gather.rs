//! Facts of other streams that commands record: what holds now, as the register of claims knows it.

use aggregates::ids::{FlagId, PersonId};
use aggregates::no_rehire_flag::{FlagReason, flag_key};
use strum::IntoEnumIterator as _;

use crate::dispatch::Dispatcher;
use crate::employer::Employer;
use crate::ledger::{StoreError, micros};

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
