//! Versions of pay bands.

use aggregates::catalogue::HrEvent;
use aggregates::pay_bands::{BandVersion, PayBandsCommand, PayBandsEvent};
use aggregates::stream::Stream;
use projections::model::ReadModel;
use projections::pay_bands::PayBands;
use projections::tasks::Task;
use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

use crate::agreement::{grown, steps};
use crate::support::{Log, sample, uuid};

#[test]
fn a_version_is_shown_without_its_bands() {
    let shown = serde_json::to_value(imported().document::<PayBands>(bands())).unwrap();
    assert_eq!(
        shown,
        json!({
            "pay_bands_id": bands(),
            "legal_entity": "JP-HQ",
            "band_version": "2026-04",
            "effective_from": "2026-04-01",
            "currency": "JPY",
            "bands": 2,
            "sha256": "b".repeat(64),
            "approval_ref": null,
            "imported_by": uuid(57),
            "imported_on": "2026-03-20",
            "imported_at": "2026-03-20T03:00:00Z",
            "imported_position": 1,
            "version": 1,
        })
    );
    for filter in PayBands::FILTERS {
        assert!(shown[filter].is_string(), "{filter}");
    }
}

#[test]
fn lists_are_in_the_order_in_which_versions_came() {
    let (first, second) = (uuid(160), uuid(16));
    let log = Log::on("2026-03-20").then(first, sample("pay_bands.imported")).then(second, approved());
    let shown = log.documents::<PayBands>().list();
    assert_eq!(shown.iter().map(|one| one.pay_bands_id.0).collect::<Vec<_>>(), [first, second]);
    assert_eq!(shown[1].approval_ref.as_deref(), Some("board/2026-03/4"));
}

#[test]
fn nobody_is_asked_to_do_anything() {
    assert!(imported().documents::<Task>().list().is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_decided_is_shown(steps in steps()) {
        let (decided, log) = grown::<aggregates::pay_bands::PayBands>(bands(), &orders(), &steps);
        let shown: PayBands = log.document(bands());
        let version = decided.version().expect("it was taken over");
        prop_assert_eq!(decided.state(), "imported");
        prop_assert_eq!(shown.version, log.last().sequence);
        prop_assert_eq!(&shown.band_version, &version.version);
        prop_assert_eq!(&shown.sha256, &version.sha256);
        prop_assert_eq!(shown.bands as usize, version.bands.len());
    }
}

// helpers

fn orders() -> Vec<PayBandsCommand> {
    let HrEvent::PayBands(PayBandsEvent::Imported { version, .. }) = sample("pay_bands.imported") else {
        panic!("a sample")
    };
    let other = BandVersion { sha256: "e".repeat(64), ..*version.clone() };
    vec![PayBandsCommand::Import(version), PayBandsCommand::Import(Box::new(other)), PayBandsCommand::Wake]
}

fn bands() -> Uuid {
    uuid(16)
}

fn imported() -> Log {
    Log::on("2026-03-20").then(bands(), sample("pay_bands.imported"))
}

fn approved() -> HrEvent {
    crate::support::samples("pay_bands").remove(1)
}
