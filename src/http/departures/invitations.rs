//! Invitations read back from the events of their departure: what a token or a short code stands for.

use aggregates::catalogue::HrEvent;
use aggregates::departure::{Departure, DepartureEvent};
use chrono::{DateTime, Utc};
use cqrs_es::Aggregate as _;
use uuid::Uuid;

use crate::dispatch::{Dispatcher, LoadError};
use crate::employer::Employer;

/// An invitation as its departure issued it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::http) struct Issued {
    /// The event that issued it: what token and short code are derived from.
    pub(in crate::http) sequence: i64,
    /// Which of the departure's invitations, from 1.
    pub(in crate::http) number: u32,
    /// The first instant at which it cannot be used any more.
    pub(in crate::http) expires_at: DateTime<Utc>,
}

/// A departure and the invitations it issued.
#[derive(Clone, Debug, Default)]
pub(in crate::http) struct Inviting {
    /// What stands.
    pub(in crate::http) departure: Departure,
    /// Its last sequence; 0 when there is no such departure.
    pub(in crate::http) version: i64,
    /// In order.
    pub(in crate::http) invitations: Vec<Issued>,
}

impl Inviting {
    /// The invitation that an event issued.
    pub(in crate::http) fn issued_by(&self, sequence: i64) -> Option<Issued> {
        self.invitations.iter().copied().find(|issued| issued.sequence == sequence)
    }
}

/// Reads a departure with its invitations.
pub(in crate::http) async fn inviting(
    dispatcher: &Dispatcher,
    employer: &Employer,
    id: Uuid,
) -> Result<Inviting, LoadError> {
    let mut read = Inviting::default();
    for stored in dispatcher.ledger().load(Dispatcher::stream::<Departure>(employer, id)).await? {
        let events =
            crate::feed::decode(stored.position, &stored.leaf, employer.zone).map_err(LoadError::Unreadable)?;
        for recorded in events {
            let HrEvent::Departure(event) = recorded.event else { continue };
            if let DepartureEvent::Invited { number, expires_at, .. } = &event {
                read.invitations.push(Issued { sequence: recorded.sequence, number: *number, expires_at: *expires_at });
            }
            read.departure.apply(event);
        }
        read.version = stored.sequence;
    }
    Ok(read)
}
