//! Versions of pay bands (賃金テーブル): which there are, from which day each is in force, who took it over and when. The
//! bands themselves are read from the stream.
//! Folds `pay_bands.*`. Serves `GET /v1/pay-bands` and the head of `GET /v1/pay-bands/{id}`.

use aggregates::catalogue::HrEvent;
use aggregates::ids::{ActorId, PayBandsId};
use aggregates::pay_bands::{BandVersion, PayBandsEvent};
use aggregates::values::EvidenceRef;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::model::{DocumentId, ReadModel, Recorded, Route};
use crate::parts::position_key;

/// A version of pay bands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayBands {
    /// The stream's id.
    pub pay_bands_id: PayBandsId,
    /// The entity.
    pub legal_entity: String,
    /// The version's name, such as `2026-04`.
    pub band_version: String,
    /// The first day on which it is in force.
    pub effective_from: NaiveDate,
    /// The currency of its amounts.
    pub currency: String,
    /// How many bands it has.
    pub bands: u32,
    /// SHA-256 of its canonical JSON, in lower-case hexadecimal.
    pub sha256: String,
    /// Where its approval outside this program lies.
    pub approval_ref: Option<EvidenceRef>,
    /// Who took it over.
    pub imported_by: ActorId,
    /// On which local day.
    pub imported_on: NaiveDate,
    /// When.
    pub imported_at: DateTime<Utc>,
    /// At which position, which lists are ordered by.
    pub imported_position: i64,
    /// The stream's last sequence.
    pub version: i64,
}

impl ReadModel for PayBands {
    const NAME: &'static str = "pay_bands";
    const VERSION: u32 = 1;
    const FILTERS: &'static [&'static str] = &["legal_entity"];

    fn routes(event: &Recorded) -> Vec<Route> {
        match &event.event {
            HrEvent::PayBands(_) => vec![Route::One(event.stream_id)],
            HrEvent::Access(_)
            | HrEvent::Person(_)
            | HrEvent::Departure(_)
            | HrEvent::Member(_)
            | HrEvent::Employment(_)
            | HrEvent::NoRehireFlag(_)
            | HrEvent::FollowUp(_)
            | HrEvent::Requisition(_)
            | HrEvent::Application(_)
            | HrEvent::Offer(_)
            | HrEvent::Referral(_)
            | HrEvent::Reward(_)
            | HrEvent::RewardPlan(_)
            | HrEvent::PayPolicy(_)
            | HrEvent::ProgrammePolicy(_)
            | HrEvent::IncumbentSnapshot(_)
            | HrEvent::IncumbentPart(_) => vec![],
        }
    }

    fn fold(id: DocumentId, document: Option<Self>, event: &Recorded) -> Option<Self> {
        match (document, &event.event) {
            (None, HrEvent::PayBands(PayBandsEvent::Imported { version, imported_by, imported_on })) => {
                Some(Self::imported(PayBandsId(id), version, *imported_by, *imported_on, event))
            }
            // A version is never changed: only its stream has gone on.
            (Some(document), HrEvent::PayBands(_)) => Some(Self { version: event.sequence, ..document }),
            (document, _) => document,
        }
    }

    fn sort_key(&self) -> String {
        position_key(self.imported_position)
    }

    fn version(&self) -> i64 {
        self.version
    }
}

impl PayBands {
    fn imported(
        id: PayBandsId,
        version: &BandVersion,
        imported_by: ActorId,
        imported_on: NaiveDate,
        event: &Recorded,
    ) -> Self {
        Self {
            pay_bands_id: id,
            legal_entity: version.legal_entity.clone(),
            band_version: version.version.clone(),
            effective_from: version.effective_from,
            currency: version.currency.clone(),
            bands: u32::try_from(version.bands.len()).unwrap_or(u32::MAX),
            sha256: version.sha256.clone(),
            approval_ref: version.approval_ref.clone(),
            imported_by,
            imported_on,
            imported_at: event.recorded_at,
            imported_position: event.position,
            version: event.sequence,
        }
    }
}
