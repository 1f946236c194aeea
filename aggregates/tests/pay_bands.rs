//! A version of pay bands: taken over once, and never changed.

mod transitions;

use aggregates::pay::Band;
use aggregates::pay_bands::{BandVersion, MOST_BANDS, PayBands, PayBandsCommand, PayBandsError, PayBandsEvent};
use aggregates::stream::Claim;
use chrono::{Days, NaiveDate};

use crate::samples::pay_bands::{band, samples, version};
use crate::support::{Given, assert_goldens, day, person, uuid};

#[test]
fn a_version_is_taken_over() {
    nothing().when(person(57), today(), import(version())).then([imported()]);
    let bands = given([imported()]);
    assert_eq!((bands.state(), bands.subject(), bands.wake()), ("imported", None, None));
    let known = bands.folded().version().expect("it stands");
    assert_eq!(known.band("G4", "driver", "osaka").map(|band| band.minimum), Some(6_000_000));
    assert_eq!(known.band("G4", "driver", "sendai"), None);
    assert_eq!(known.grades(), ["G3", "G4"]);
}

/// What families pay differs: a grade ranks as its own family has it.
#[test]
fn grades_are_ranked_as_their_family_ranks_them() {
    let of = |grade: &str, family: &str, midpoint: i64| Band {
        grade: grade.to_owned(),
        job_family: family.to_owned(),
        minimum: midpoint - 1,
        midpoint,
        maximum: midpoint + 1,
        ..band("G4", 1)
    };
    let bands =
        vec![of("G3", "engineer", 500), of("G4", "engineer", 600), of("G4", "driver", 470), of("M1", "medical", 480)];
    let known = BandVersion { bands, ..version() };
    assert_eq!(known.grades(), ["G4", "M1", "G3"]);
    assert_eq!(known.ranking(&["engineer"], &["G3", "G4"]), ["G3", "G4"]);
    assert_eq!(known.ranking(&["driver", "engineer"], &["G3", "G4"]), ["G3", "G4"], "the first that knows both");
    assert_eq!(known.ranking(&["driver"], &["G4"]), ["G4"]);
    assert_eq!(known.ranking(&["driver", "medical"], &["G3"]), ["G4", "M1", "G3"], "none knows it");
}

#[test]
fn the_same_file_changes_nothing_and_another_content_is_another_version() {
    given([imported()]).when(person(58), today(), import(version())).quiet();
    let other = BandVersion { sha256: "e".repeat(64), ..version() };
    given([imported()])
        .when(person(57), today(), import(other))
        .refused(PayBandsError::VersionDiffers { version: "2026-04".to_owned() });
    given([imported()]).when_woken(today()).quiet();
    nothing().when_woken(today()).quiet();
}

#[test]
fn bounds_are_in_order_and_every_place_stands_once() {
    let of = |bands: Vec<Band>| BandVersion { bands, ..version() };
    let place = || ("G4".to_owned(), "driver".to_owned(), "osaka".to_owned());
    let unordered = || {
        let (grade, job_family, location) = place();
        PayBandsError::BandUnordered { grade, job_family, location }
    };
    for wrong in [
        Band { minimum: 7_500_000, ..band("G4", 6_000_000) },
        Band { minimum: 0, ..band("G4", 6_000_000) },
        Band { maximum: 7_500_000, ..band("G4", 6_000_000) },
    ] {
        nothing().when(person(57), today(), import(of(vec![wrong]))).refused(unordered());
    }
    let twice = of(vec![band("G4", 6_000_000), band("G4", 6_400_000)]);
    let (grade, job_family, location) = place();
    nothing().when(person(57), today(), import(twice)).refused(PayBandsError::BandTwice {
        grade,
        job_family,
        location,
    });
    nothing().when(person(57), today(), import(of(vec![]))).refused(PayBandsError::BandCount);
    let many = (0..=MOST_BANDS).map(|number| band(&format!("G{number}"), 6_000_000)).collect();
    nothing().when(person(57), today(), import(of(many))).refused(PayBandsError::BandCount);
}

#[test]
fn a_name_is_one_version() {
    let id = uuid(31);
    assert_eq!(nothing().claims(id, &imported()), [Claim::take("pay_bands", "JP-HQ/2026-04", id)]);
}

#[test]
fn whoever_takes_over_what_was_approved_elsewhere_has_not_edited_it() {
    let editor = |bands: &Given<PayBands>, on: NaiveDate| bands.folded().edited_lately(on);
    let edited = given([imported()]);
    assert_eq!(editor(&edited, today() + Days::new(29)), Some(person(57).id));
    assert_eq!(editor(&edited, today() + Days::new(30)), None);
    let approved = BandVersion { approval_ref: Some("board/2026-03/4".to_owned()), ..version() };
    assert_eq!(editor(&given([taken_over(approved)]), today()), None);
    assert_eq!(editor(&nothing(), today()), None);
}

#[test]
fn stored_forms_are_golden() {
    assert_goldens::<PayBands>(&samples());
}

pub(super) fn given(events: impl IntoIterator<Item = PayBandsEvent>) -> Given<PayBands> {
    Given::events(events)
}

fn nothing() -> Given<PayBands> {
    Given::nothing()
}

pub(super) fn today() -> NaiveDate {
    day("2026-03-20")
}

pub(super) fn import(version: BandVersion) -> PayBandsCommand {
    PayBandsCommand::Import(Box::new(version))
}

fn taken_over(version: BandVersion) -> PayBandsEvent {
    PayBandsEvent::Imported { version: Box::new(version), imported_by: person(57).id, imported_on: today() }
}

pub(super) fn imported() -> PayBandsEvent {
    taken_over(version())
}
