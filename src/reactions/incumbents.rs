//! What follows from a snapshot of those who work here.

use std::collections::BTreeSet;

use aggregates::ids::{OfferId, SnapshotId};
use aggregates::incumbents::{IncumbentSnapshotEvent, Snapshot};
use aggregates::offer::{FOLLOWED_MONTHS, Offer, OfferCommand, OfferError, Tracking};
use aggregates::values::Money;
use chrono::{Months, NaiveDate};
use projections::applications::{Application, State};

use super::{Followed, Reaction, Undone};
use crate::dispatch::{DispatchError, Gathered};
use crate::gather::pay::{base_and_peers, priced_by};

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
        let returners = match self.returners_of(snapshot).await {
            Ok(returners) => returners,
            Err(undone) => return vec![Err(undone)],
        };
        let mut followed = Vec::with_capacity(returners.len());
        for returner in returners {
            followed.push(self.track(snapshot, &returner).await);
        }
        followed
    }

    async fn returners_of(&self, snapshot: &Snapshot) -> Result<Vec<Returner>, Undone> {
        let filters = vec![
            ("legal_entity", vec![snapshot.legal_entity.clone()]),
            ("state", vec![<&str>::from(State::Rejoined).to_owned()]),
        ];
        let back: Vec<Application> = self.documents(filters, |_| true).await?;
        let followed = |started_on: &NaiveDate| {
            let until = started_on.checked_add_months(Months::new(FOLLOWED_MONTHS));
            *started_on <= snapshot.as_of && until.is_none_or(|until| snapshot.as_of < until)
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

    async fn track(&self, snapshot: &Snapshot, returner: &Returner) -> Result<(), Undone> {
        let (dispatcher, employer, id) = (self.dispatcher, self.employer, returner.offer_id.0);
        let gather = || async {
            let loaded = dispatcher.load::<Offer>(employer, id).await?;
            let standing = loaded.state.standing().ok_or(DispatchError::NotFound)?;
            let families = BTreeSet::from([standing
                .assessed
                .as_ref()
                .map_or_else(String::new, |assessed| assessed.basis.offered.job_family.clone())]);
            let grade = &standing.terms.grade;
            let number = &returner.employee_number;
            let (base, peers) = base_and_peers(dispatcher, employer, snapshot, number, grade, &families).await?;
            // Whoever is not in the file is not compared: there is nothing to say.
            let base = base.unwrap_or(standing.terms.pay.base.amount);
            let tracking = Tracking {
                snapshot_id: SnapshotId(self.event.stream_id),
                as_of: snapshot.as_of,
                started_on: returner.started_on,
                base: Money { amount: base, currency: snapshot.currency.clone() },
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
