//! One sample of each event of pay bands, as it is stored.

use aggregates::ids::ActorId;
use aggregates::pay::Band;
use aggregates::pay_bands::{BandVersion, PayBandsEvent};

use crate::support::{day, uuid};

/// Each variant once, the optional fields once set and once not.
pub fn samples() -> Vec<PayBandsEvent> {
    let imported = |version| PayBandsEvent::Imported {
        version: Box::new(version),
        imported_by: ActorId(uuid(57)),
        imported_on: day("2026-03-20"),
    };
    vec![imported(version()), imported(BandVersion { approval_ref: Some("board/2026-03/4".to_owned()), ..version() })]
}

/// Two bands.
pub fn version() -> BandVersion {
    BandVersion {
        legal_entity: "JP-HQ".to_owned(),
        version: "2026-04".to_owned(),
        effective_from: day("2026-04-01"),
        currency: "JPY".to_owned(),
        bands: vec![band("G3", 5_000_000), band("G4", 6_000_000)],
        sha256: "b".repeat(64),
        approval_ref: None,
    }
}

/// A band of drivers in Osaka.
pub fn band(grade: &str, minimum: i64) -> Band {
    Band {
        grade: grade.to_owned(),
        job_family: "driver".to_owned(),
        location: "osaka".to_owned(),
        minimum,
        midpoint: minimum / 4 * 5,
        maximum: minimum / 2 * 3,
    }
}
