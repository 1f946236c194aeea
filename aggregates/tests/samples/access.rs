//! One sample of every event of a reading.

use aggregates::access::{AccessEvent, FiguresRead};
use aggregates::ids::ActorId;

use crate::support::uuid;

/// What somebody was told.
pub fn figures() -> FiguresRead {
    FiguresRead {
        report: "compa-ratios".to_owned(),
        rule: "MON-01".to_owned(),
        legal_entity: "JP-HQ".to_owned(),
        month: "2026-10".to_owned(),
        smallest_group: 5,
        sha256: "a".repeat(64),
    }
}

/// All samples.
pub fn samples() -> Vec<AccessEvent> {
    vec![AccessEvent::FiguresTold { figures: figures(), told_to: ActorId(uuid(51)) }]
}
