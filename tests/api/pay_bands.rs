//! `/v1/pay-bands`: versions of pay bands, taken over from files whole or not at all.

use okaeri::identity::Role;
use serde_json::{Value, json};

use crate::program::client::Client;
use crate::program::people::{Tenant, tenant};
use crate::program::served_by_both_stores;
use crate::program::steps::yen;
use crate::support::StoreKind;

served_by_both_stores!(
    the_sample_becomes_two_versions_once,
    a_version_with_a_bad_line_is_not_recorded_and_the_others_are,
    a_version_is_never_changed,
    a_file_has_one_currency,
    a_version_lies_in_the_entities_of_its_caller,
);

const SAMPLE: &[u8] = include_bytes!("../data/pay_bands.csv");
const HEADING: &str = "band_version,effective_from,grade,job_family,location,minimum,midpoint,maximum";

fn compensation(tenant: &Tenant<'_>) -> Client {
    tenant.user("mori", Role::Compensation)
}

fn file(lines: &[&str]) -> Vec<u8> {
    format!("{HEADING}\n{}\n", lines.join("\n")).into_bytes()
}

fn counts(report: &Value) -> (u64, u64, usize) {
    let count = |name: &str| report[name].as_u64().unwrap();
    (count("accepted"), count("repeated"), report["refused"].as_array().unwrap().len())
}

/// Line, field and code of every refusal.
fn refused(report: &Value) -> Vec<(u64, String, String)> {
    let line = |line: &Value| {
        let text = |name: &str| line[name].as_str().unwrap().to_owned();
        assert!(!line["detail"].as_str().unwrap().is_empty() && !line["detail_ja"].as_str().unwrap().is_ascii());
        (line["line"].as_u64().unwrap(), text("field"), text("code"))
    };
    report["refused"].as_array().unwrap().iter().map(line).collect()
}

fn told(lines: &[(u64, &str, &str)]) -> Vec<(u64, String, String)> {
    lines.iter().map(|(line, field, code)| (*line, (*field).to_owned(), (*code).to_owned())).collect()
}

fn head(tenant: &Tenant<'_>) -> usize {
    tenant.compliance().read("/v1/log?limit=500")["items"].as_array().unwrap().len()
}

fn the_sample_becomes_two_versions_once(kind: StoreKind) {
    let tenant = tenant(kind);
    let compensation = compensation(&tenant);
    let report = compensation.upload("/v1/pay-bands/import?approval_ref=board/2025-3", SAMPLE).expect(200);
    assert_eq!((counts(&report), report["ignored_columns"].clone()), ((192, 0, 0), json!([])));
    let events = head(&tenant);
    let again = compensation.upload("/v1/pay-bands", SAMPLE).expect(200);
    assert_eq!((counts(&again), &again["recorded"]), ((0, 192, 0), &report["recorded"]));
    assert_eq!(head(&tenant), events, "a repeat leaves no event");

    let versions = tenant.user("kato", Role::Executive).all("/v1/pay-bands?limit=1");
    let shown: Vec<_> = versions.iter().map(|one| (one["band_version"].as_str(), one["band_count"].as_u64())).collect();
    assert_eq!(shown.len(), 2);
    assert!(shown.iter().all(|(_, count)| *count == Some(96)), "{shown:?}");
    assert!(versions.iter().all(|one| one.get("bands").is_none() && one["approval_ref"] == "board/2025-3"));
    let ids: Vec<_> = versions.iter().map(|one| one["id"].clone()).collect();
    assert_eq!(report["recorded"], json!(ids));
    let first = versions[0]["id"].as_str().unwrap();
    let whole = compensation.get(&format!("/v1/pay-bands/{first}"));
    assert_eq!(whole.header("etag"), Some("\"1\""));
    let whole = whole.expect(200);
    let bands = whole["bands"].as_array().unwrap();
    assert_eq!((bands.len(), &whole["effective_from"]), (96, &json!("2025-04-01")));
    let band =
        bands.iter().find(|one| one["grade"] == "G2" && one["job_family"] == "driver" && one["location"] == "sendai");
    let band = band.unwrap();
    assert_eq!((&band["minimum"], &band["maximum"]), (&yen(3_760_000), &yen(5_640_000)));
    let history = tenant.compliance().read(&format!("/v1/history/pay-bands/{first}"));
    assert_eq!(history["items"][0]["event"], "pay_bands.imported");
}

fn a_version_with_a_bad_line_is_not_recorded_and_the_others_are(kind: StoreKind) {
    let tenant = tenant(kind);
    let compensation = compensation(&tenant);
    let lines = [
        "a,2026-04-01,G3,driver,Tokyo,5,4,6",
        "a,2026-04-01,G4,driver,tokyo,4,5,6",
        "b,2026-04-01,G3,driver,tokyo,4,5,6",
        "b,2026-05-01,G4,driver,tokyo,4,5,6",
        "c,2026-04-01,G3,driver,tokyo,4,5,6",
        "c,2026-04-01,G3,driver,TOKYO,4,5,6",
        "d,2026-04-01,G3,driver,TOKYO,4,5,6",
    ];
    let report = compensation.upload("/v1/pay-bands/import", &file(&lines)).expect(200);
    let expected = told(&[
        (2, "midpoint", "not_ascending"),
        (3, "band_version", "version_incomplete"),
        (4, "band_version", "version_incomplete"),
        (5, "effective_from", "effective_from_differs"),
        (6, "band_version", "version_incomplete"),
        (7, "location", "duplicate"),
    ]);
    assert_eq!((refused(&report), counts(&report).0), (expected, 1));
    let report = compensation.upload("/v1/pay-bands", &file(&["e,2026-04-01,G3,driver,tokyo,4,5,6", "half a line"]));
    let report = report.expect(200);
    let expected = told(&[(2, "band_version", "version_incomplete"), (3, "line", "wrong_column_count")]);
    assert_eq!((refused(&report), report.get("recorded")), (expected, None), "it may be a line of any version");
    let names: Vec<_> = compensation.all("/v1/pay-bands").iter().map(|one| one["band_version"].clone()).collect();
    assert_eq!(names, [json!("d")]);
}

fn a_version_is_never_changed(kind: StoreKind) {
    let tenant = tenant(kind);
    let compensation = compensation(&tenant);
    let (high, low) = ("v,2026-04-01,G4,driver,tokyo,4,5,6", "v,2026-04-01,G3,driver,tokyo,1,2,3");
    let first = compensation.upload("/v1/pay-bands", &file(&[high, low])).expect(200);
    let turned = compensation.upload("/v1/pay-bands", &file(&[low, high])).expect(200);
    assert_eq!((counts(&turned), &turned["recorded"]), ((0, 2, 0), &first["recorded"]), "the order means nothing");
    let changed = compensation.upload("/v1/pay-bands", &file(&[low])).expect(200);
    assert_eq!(refused(&changed), told(&[(2, "band_version", "version_differs")]));
    assert!(changed["refused"][0]["detail"].as_str().unwrap().contains("another version name"));
}

fn a_file_has_one_currency(kind: StoreKind) {
    let tenant = tenant(kind);
    let mixed =
        format!("{HEADING},currency\nv,2026-04-01,G3,driver,tokyo,4,5,6,JPY\nw,2026-04-01,G3,driver,tokyo,4,5,6,USD\n");
    let report = compensation(&tenant).upload("/v1/pay-bands", mixed.as_bytes()).expect(200);
    let expected = told(&[(2, "currency", "currency_mismatch"), (3, "currency", "currency_mismatch")]);
    assert_eq!((refused(&report), counts(&report).0), (expected, 0));
    // A heading that says yen is a currency as well.
    let heading = HEADING.replace("minimum", "minimum_jpy");
    let in_yen = format!("{heading},currency\nv,2026-04-01,G3,driver,tokyo,4,5,6,USD\n");
    let report = compensation(&tenant).upload("/v1/pay-bands", in_yen.as_bytes()).expect(200);
    assert_eq!(refused(&report), told(&[(2, "currency", "currency_mismatch")]));
    assert_eq!(compensation(&tenant).all("/v1/pay-bands").len(), 0);
}

fn a_version_lies_in_the_entities_of_its_caller(kind: StoreKind) {
    let tenant = tenant(kind);
    let lines = file(&["v,2026-04-01,G3,driver,tokyo,4,5,6"]);
    let here = compensation(&tenant).upload("/v1/pay-bands", &lines).expect(200);
    let mut confined = tenant.person_token("west", &[Role::Compensation]);
    confined.legal_entities = Some(["JP-WEST".to_owned()].into());
    let west = tenant.with_token(&confined);
    let report = west.upload("/v1/pay-bands", &lines).expect(200);
    assert_eq!(refused(&report), told(&[(2, "legal_entity", "not_covered")]));
    let report = west.upload("/v1/pay-bands?legal_entity=JP-WEST", &lines).expect(200);
    assert_eq!(counts(&report), (1, 0, 0), "another entity's version of the same name is another one");
    assert_ne!(report["recorded"], here["recorded"]);
    let seen: Vec<_> = west.all("/v1/pay-bands").iter().map(|one| one["legal_entity"].clone()).collect();
    assert_eq!(seen, [json!("JP-WEST")]);
    let path = here["recorded"][0].as_str().unwrap().to_owned();
    west.get(&format!("/v1/pay-bands/{path}")).problem(404, "not_found");
    west.request("POST", "/v1/pay-bands").json(&json!({})).send().problem(415, "unsupported_media_type");
}
