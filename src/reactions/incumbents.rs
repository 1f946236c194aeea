//! What follows from a snapshot of those who work here.

use aggregates::ids::{OfferId, SnapshotId};
use aggregates::incumbents::{IncumbentSnapshotEvent, Snapshot};
use aggregates::offer::{Offer, OfferCommand, OfferError, Tracking};
use aggregates::pay::SPLIT_MONTHS;
use aggregates::values::Money;
use chrono::{Months, NaiveDate};
use projections::applications::{Application, State};
use projections::incumbent_snapshots::IncumbentSnapshot;

use super::{Followed, Reaction, Undone};
use crate::dispatch::{DispatchError, Gathered};
use crate::gather::pay::{followed_months, own_base, peers_now, priced_by, smallest_group};

/// Somebody who came back, as their case knows them.
struct Returner {
    offer_id: OfferId,
    employee_number: String,
    started_on: NaiveDate,
}

impl Reaction<'_> {
    pub(super) async fn after_snapshot(&self, event: &IncumbentSnapshotEvent) -> Option<Followed> {
        let IncumbentSnapshotEvent::Imported { snapshot, .. } = event;
        Some(self.track_returners(snapshot).await)
    }

    /// Whenever a snapshot was taken over, then the pay of those who came back is compared with what was offered (PAY-27).
    async fn track_returners(&self, snapshot: &Snapshot) -> Followed {
        let previous = match self.previous(snapshot).await {
            Ok(previous) => previous,
            Err(undone) => return vec![Err(undone)],
        };
        let returners = match self.returners_of(snapshot, previous).await {
            Ok(returners) => returners,
            Err(undone) => return vec![Err(undone)],
        };
        let mut followed = Vec::with_capacity(returners.len());
        for returner in returners {
            followed.push(self.track(snapshot, previous, &returner).await);
        }
        followed
    }

    /// The day of the file before a snapshot.
    async fn previous(&self, snapshot: &Snapshot) -> Result<Option<NaiveDate>, Undone> {
        let of_entity = vec![("legal_entity", vec![snapshot.legal_entity.clone()])];
        let before = |one: &IncumbentSnapshot| one.as_of < snapshot.as_of;
        let known = self.documents(of_entity, before).await?;
        Ok(known.into_iter().map(|one| one.as_of).max())
    }

    async fn returners_of(&self, snapshot: &Snapshot, previous: Option<NaiveDate>) -> Result<Vec<Returner>, Undone> {
        let filters = vec![
            ("legal_entity", vec![snapshot.legal_entity.clone()]),
            ("state", vec![<&str>::from(State::Rejoined).to_owned()]),
        ];
        let (dispatcher, employer) = (self.dispatcher, self.employer);
        let months = followed_months(dispatcher, employer, &snapshot.legal_entity, snapshot.as_of).await?;
        let back: Vec<Application> = self.documents(filters, |_| true).await?;
        let ends = |started_on: &NaiveDate, months| started_on.checked_add_months(Months::new(months));
        let followed = |started_on: &NaiveDate| {
            let within = ends(started_on, months).is_none_or(|until| snapshot.as_of < until);
            // What may have changed within the first six months is tested, whenever the file comes that shows it (PAY-27).
            let since = previous.map_or(*started_on, |previous| previous.max(*started_on));
            let split = ends(started_on, SPLIT_MONTHS).is_none_or(|until| since < until);
            *started_on <= snapshot.as_of && (within || split)
        };
        Ok(back
            .into_iter()
            .filter_map(|case| {
                let start = case.start?;
                Some(Returner {
                    offer_id: case.offer_id?,
                    employee_number: start.employee_number?,
                    started_on: start.started_on.filter(followed)?,
                })
            })
            .collect())
    }

    async fn track(&self, snapshot: &Snapshot, previous: Option<NaiveDate>, returner: &Returner) -> Result<(), Undone> {
        let (dispatcher, employer, id) = (self.dispatcher, self.employer, returner.offer_id.0);
        let gather = || async {
            let loaded = dispatcher.load::<Offer>(employer, id).await?;
            let standing = loaded.state.standing().ok_or(DispatchError::NotFound)?;
            let own = own_base(dispatcher, employer, snapshot, &returner.employee_number, returner.started_on).await?;
            let peers = match &standing.assessed {
                Some(assessed) => {
                    let (offered, number) = (&assessed.basis.offered, &returner.employee_number);
                    let least = smallest_group(dispatcher, employer, &standing.legal_entity, snapshot.as_of).await?;
                    Some(peers_now(dispatcher, employer, snapshot, number, offered, least).await?)
                }
                None => None,
            };
            let tracking = Tracking {
                snapshot_id: SnapshotId(self.event.stream_id),
                as_of: snapshot.as_of,
                previous: previous.filter(|previous| *previous > returner.started_on),
                started_on: returner.started_on,
                base: own.map(|amount| Money { amount, currency: snapshot.currency.clone() }),
                peers,
                priced_by: match &standing.assessed {
                    Some(assessed) => priced_by(dispatcher, employer, &assessed.basis).await?.map(Box::new),
                    None => None,
                },
            };
            Ok(Gathered::<Offer>::order(OfferCommand::Track(Box::new(tracking))))
        };
        let moot = |error: &OfferError| matches!(error, OfferError::NotAccepted | OfferError::Ended { .. });
        self.send_with("offers.track", id, id, gather, moot).await
    }
}
