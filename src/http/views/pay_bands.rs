//! A version of pay bands as everybody sees it who may see it.

use aggregates::pay::Band;
use aggregates::pay_bands::BandVersion;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{MoneyView, rename};
use crate::http::request::Session;

/// A version of pay bands (賃金テーブル).
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PayBandsView {
    id: Uuid,
    /// The same as `ETag`.
    version: i64,
    /// The place in the employer's log of the last event that this shows.
    position: i64,
    legal_entity: String,
    /// The version's name.
    #[schema(examples("2026-04"))]
    band_version: String,
    /// The first day on which it is in force.
    effective_from: NaiveDate,
    /// Of all its amounts.
    #[schema(examples("JPY"))]
    currency: String,
    /// How many bands it has.
    band_count: u32,
    /// SHA-256 of the canonical JSON (RFC 8785) of `bands`, `currency`, `effective_from`, `legal_entity` and `version`.
    sha256: String,
    /// Where its approval outside this program lies.
    approval_ref: Option<String>,
    imported_by: Uuid,
    imported_on: NaiveDate,
    imported_at: DateTime<Utc>,
    /// The bands, in the order of grade, job family and zone. Of one version; lists leave them out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bands: Option<Vec<BandView>>,
}

/// A pay band, in annual full-time base.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BandView {
    grade: String,
    job_family: String,
    /// The zone.
    location: String,
    minimum: MoneyView,
    midpoint: MoneyView,
    maximum: MoneyView,
}

/// The bands of a version.
pub(crate) fn bands(version: &BandVersion) -> Vec<BandView> {
    let view = |band: &Band| BandView {
        grade: band.grade.clone(),
        job_family: band.job_family.clone(),
        location: band.location.clone(),
        minimum: MoneyView::new(band.minimum, &version.currency),
        midpoint: MoneyView::new(band.midpoint, &version.currency),
        maximum: MoneyView::new(band.maximum, &version.currency),
    };
    version.bands.iter().map(view).collect()
}

/// Names the members of a document as the API does.
pub(crate) fn mask(_: &Session, body: &mut Value) {
    named(body);
}

fn named(body: &mut Value) {
    rename(body, "pay_bands_id", "id");
    rename(body, "bands", "band_count");
    rename(body, "imported_position", "position");
}

#[cfg(test)]
mod tests {
    use aggregates::ids::{ActorId, PayBandsId};
    use aggregates::pay::Band;
    use aggregates::pay_bands::BandVersion;
    use chrono::{DateTime, NaiveDate};
    use projections::pay_bands as model;
    use serde_json::json;
    use uuid::Uuid;

    use super::{PayBandsView, bands, named};

    #[test]
    fn documents_and_views_agree() {
        let day = NaiveDate::from_ymd_opt(2026, 4, 1).unwrap();
        let document = model::PayBands {
            pay_bands_id: PayBandsId(Uuid::from_u128(1)),
            legal_entity: "JP-HQ".into(),
            band_version: "2026-04".into(),
            effective_from: day,
            currency: "JPY".into(),
            bands: 2,
            sha256: "0".repeat(64),
            approval_ref: Some("board/2026-03/4".into()),
            imported_by: ActorId(Uuid::from_u128(2)),
            imported_on: day,
            imported_at: DateTime::from_timestamp(1_800_000_000, 0).unwrap(),
            imported_position: 7,
            version: 1,
        };
        let mut body = serde_json::to_value(document).unwrap();
        named(&mut body);
        assert_eq!(
            (&body["band_count"], &body["position"], &body["id"]),
            (&2.into(), &7.into(), &json!(Uuid::from_u128(1)))
        );
        serde_json::from_value::<PayBandsView>(body).unwrap();
    }

    #[test]
    fn a_band_is_shown_as_money() {
        let band = Band {
            grade: "G3".into(),
            job_family: "driver".into(),
            location: "osaka".into(),
            minimum: 1,
            midpoint: 2,
            maximum: 3,
        };
        let version = BandVersion {
            legal_entity: "JP-HQ".into(),
            version: "v".into(),
            effective_from: NaiveDate::from_ymd_opt(2026, 4, 1).unwrap(),
            currency: "JPY".into(),
            bands: vec![band],
            sha256: String::new(),
            approval_ref: None,
        };
        let money = |amount: i64| json!({"amount": amount, "currency": "JPY"});
        assert_eq!(
            serde_json::to_value(bands(&version)).unwrap(),
            json!([{
                "grade": "G3", "job_family": "driver", "location": "osaka",
                "minimum": money(1), "midpoint": money(2), "maximum": money(3),
            }])
        );
    }
}
