//! `/v1/incumbent-snapshots`: who works here on a day, taken over from files and shown to nobody one by one.

use okaeri::identity::Role;
use serde_json::{Value, json};

use crate::program::client::Client;
use crate::program::people::{Tenant, tenant};
use crate::program::served_by_both_stores;
use crate::support::StoreKind;

served_by_both_stores!(
    the_sample_becomes_one_snapshot_once,
    sex_and_year_of_birth_are_read_nowhere,
    lines_that_are_refused_are_left_out_and_counted,
    a_file_that_was_corrected_counts_from_then_on,
    the_day_of_a_snapshot_is_never_ahead,
    a_snapshot_lies_in_the_entities_of_its_caller,
);

const SAMPLE: &[u8] = include_bytes!("../data/incumbents.csv");
const HEADING: &str = "employee_number,legal_entity,hired_on,grade,job_family,location,employment_type,base_salary";
const PATH: &str = "/v1/incumbent-snapshots";

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
        (line["line"].as_u64().unwrap(), text("field"), text("code"))
    };
    report["refused"].as_array().unwrap().iter().map(line).collect()
}

fn told(lines: &[(u64, &str, &str)]) -> Vec<(u64, String, String)> {
    lines.iter().map(|(line, field, code)| (*line, (*field).to_owned(), (*code).to_owned())).collect()
}

/// Every event so far.
fn events(tenant: &Tenant<'_>, query: &str) -> Vec<Value> {
    let page = tenant.compliance().read(&format!("/v1/log?limit=500{query}"));
    page["items"].as_array().unwrap().clone()
}

fn snapshot(tenant: &Tenant<'_>, report: &Value) -> Value {
    compensation(tenant).read(&format!("{PATH}/{}", report["recorded"][0].as_str().unwrap()))
}

fn the_sample_becomes_one_snapshot_once(kind: StoreKind) {
    let tenant = tenant(kind);
    let people_ops = tenant.people_ops();
    let report = people_ops.upload(&format!("{PATH}/import"), SAMPLE).expect(200);
    assert_eq!(counts(&report), (5000, 0, 0), "{report}");
    assert_eq!(report["ignored_columns"], json!(["weekly_hours"]));
    let before = events(&tenant, "").len();
    let today = tenant.day(0);
    for path in [PATH.to_owned(), format!("{PATH}/import"), format!("{PATH}/import?as_of={today}")] {
        let again = tenant.hris().upload(&path, SAMPLE).expect(200);
        assert_eq!((counts(&again), &again["recorded"]), ((0, 5000, 0), &report["recorded"]), "{path}");
    }
    assert_eq!(events(&tenant, "").len(), before, "a repeat leaves no event");

    let listed = compensation(&tenant).all(PATH);
    assert_eq!(listed.len(), 1);
    assert_eq!(
        (&listed[0]["size"], &listed[0]["as_of"], &listed[0]["left_out"]),
        (&json!(5000), &json!(today), &json!(0))
    );
    assert!(listed[0].get("cohorts").is_none());
    let shown = snapshot(&tenant, &report);
    let cohorts = shown["cohorts"].as_array().unwrap();
    assert_eq!(json!(cohorts.len()), shown["cohort_count"]);
    let sizes: Vec<u64> = cohorts.iter().filter_map(|cohort| cohort["size"].as_u64()).collect();
    assert!(sizes.iter().all(|size| *size >= 5));
    assert!(!shown.to_string().contains("A-5"), "nobody's number is shown");
    people_ops.get(PATH).problem(403, "forbidden");
    let id = shown["id"].as_str().unwrap();
    let history = tenant.compliance().read(&format!("/v1/history/incumbent-snapshots/{id}"));
    assert_eq!(history["items"][0]["event"], "incumbent_snapshot.imported");
    assert!(!history.to_string().contains("A-5"));

    let earlier = people_ops.upload(&format!("{PATH}?as_of=2024-03-31"), SAMPLE).expect(200);
    assert_eq!(counts(&earlier), (5000, 0, 0), "of another day it is another snapshot");
    let cohort = events(&tenant, "&type=incumbent_part.cohort_recorded");
    assert!(cohort.iter().all(|event| event["payload"]["groups"]["ref"].is_string()));
}

fn sex_and_year_of_birth_are_read_nowhere(kind: StoreKind) {
    let tenant = tenant(kind);
    let with = |born: &str| {
        let line = "A-1,JP-HQ,2020-04-01,G4,driver,tokyo,regular,7000000";
        format!("{HEADING},sex,birth_year\n{line},undisclosed,{born}\n").into_bytes()
    };
    let report = tenant.people_ops().upload(PATH, &with("1931")).expect(200);
    let id = report["recorded"][0].as_str().unwrap().to_owned();
    let part = events(&tenant, "&type=incumbent_part.cohort_recorded")[0]["stream"].as_str().unwrap().to_owned();
    let part = part.rsplit('/').next().unwrap();
    let by = [compensation(&tenant), tenant.compliance()];
    let paths = [
        PATH.to_owned(),
        format!("{PATH}/{id}"),
        format!("/v1/history/incumbent-snapshots/{id}"),
        "/v1/log?limit=500".to_owned(),
        "/v1/log?limit=500&open=true".to_owned(),
        format!("/v1/log?open=true&subject={part}"),
        format!("/v1/persons/{part}"),
    ];
    for (client, path) in by.iter().flat_map(|client| paths.iter().map(move |path| (client, path))) {
        let text = client.get(path).text();
        assert!(!text.contains("undisclosed") && !tells(&text, "1931"), "{path}: {text}");
    }
    for form in ["application/jsonl", "application/cloudevents-batch+json"] {
        let text = tenant.compliance().request("GET", "/v1/log?limit=500").header("accept", form).send().text();
        assert!(text.contains("A-1") && !text.contains("undisclosed") && !tells(&text, "1931"), "{form}");
    }
    // What only monitoring may read makes another file all the same.
    let other = tenant.people_ops().upload(PATH, &with("1932")).expect(200);
    assert_eq!(counts(&other), (1, 0, 0));
}

/// Whether a text has a number, not only its digits within an id, a hash or a fraction of a second.
fn tells(text: &str, number: &str) -> bool {
    let letter = |byte: &u8| byte.is_ascii_alphanumeric();
    text.match_indices(number).any(|(at, _)| {
        let (before, after) = (&text.as_bytes()[..at], &text.as_bytes()[at + number.len()..]);
        let within = before.last().is_some_and(|byte| letter(byte) || *byte == b'-');
        !within && !after.first().is_some_and(letter)
    })
}

#[test]
fn a_number_is_told_where_it_stands_alone() {
    for text in [r#"{"birth_year":1931}"#, r#""1931-04-01""#, "A-1,1931", "born 1931"] {
        assert!(tells(text, "1931"), "{text}");
    }
    for text in ["01a21931-79d2-7000-8000-000000000000", "01a2a931-1931-7000", "af1931", "18:49:31.1931Z"] {
        assert!(!tells(text, "1931"), "{text}");
    }
}

/// Also where it says what an earlier one said.
fn a_file_that_was_corrected_counts_from_then_on(kind: StoreKind) {
    let tenant = tenant(kind);
    let paid = |base: u64| file(&[&format!("A-1,JP-HQ,2020-04-01,G4,driver,tokyo,regular,{base}")]);
    let (right, wrong) = (paid(7_000_000), paid(70_000_000));
    let today = tenant.day(0);
    for path in [PATH.to_owned(), format!("{PATH}?as_of={today}")] {
        let taken = |content: &[u8]| {
            let report = tenant.people_ops().upload(&path, content).expect(200);
            (report["accepted"] == json!(1), report["recorded"][0].clone())
        };
        let (_, first) = taken(&right);
        let (news, second) = taken(&wrong);
        assert!(news && first != second, "{path}");
        let (news, third) = taken(&right);
        assert!(news && third != first && third != second, "{path}");
        assert_eq!(taken(&right), (false, third), "the same file changes nothing");
    }
}

fn lines_that_are_refused_are_left_out_and_counted(kind: StoreKind) {
    let tenant = tenant(kind);
    let lines = [
        "A-1,JP-HQ,2020-04-01,G4,driver,Tokyo,regular,7000000",
        "A-2,JP-HQ,2020-04-01,G4,driver,tokyo,regular,0",
        "A-1,JP-HQ,2020-04-01,G5,driver,tokyo,regular,7000000",
        "A-1,JP-WEST,2020-04-01,G4,driver,tokyo,regular,7000000",
        "half a line",
    ];
    let report = compensation(&tenant).upload(PATH, &file(&lines)).expect(200);
    let expected = told(&[
        (3, "base_salary", "not_positive"),
        (4, "employee_number", "duplicate"),
        (6, "line", "wrong_column_count"),
    ]);
    assert_eq!((refused(&report), counts(&report).0), (expected, 2));
    let left_out: Vec<_> = compensation(&tenant)
        .all(PATH)
        .iter()
        .map(|one| (one["legal_entity"].clone(), one["left_out"].clone()))
        .collect();
    assert_eq!(left_out, [(json!("JP-HQ"), json!(3)), (json!("JP-WEST"), json!(0))]);
    assert_eq!(snapshot(&tenant, &report)["cohorts"], json!([{"grade": "G4", "job_family": "driver", "size": null}]));

    let mixed = format!("{HEADING},currency\n{},JPY\n{},USD\n", lines[0], lines[3]);
    let report = compensation(&tenant).upload(PATH, mixed.as_bytes()).expect(200);
    let expected = told(&[(2, "currency", "currency_mismatch"), (3, "currency", "currency_mismatch")]);
    assert_eq!((refused(&report), counts(&report).0), (expected, 0));
    assert_eq!(compensation(&tenant).all(PATH).len(), 2);
}

fn the_day_of_a_snapshot_is_never_ahead(kind: StoreKind) {
    let tenant = tenant(kind);
    let lines = file(&["A-1,JP-HQ,2020-04-01,G4,driver,tokyo,regular,7000000"]);
    let ahead = compensation(&tenant).upload(&format!("{PATH}?as_of={}", tenant.day(2)), &lines);
    let problem = ahead.problem(422, "validation_failed");
    assert_eq!(
        (&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]),
        (&json!("/as_of"), &json!("in_the_future"))
    );
    compensation(&tenant).upload(&format!("{PATH}?as_of=soon"), &lines).problem(400, "malformed_request");
    let past = compensation(&tenant).upload(&format!("{PATH}?as_of=2024-03-31"), &lines).expect(200);
    assert_eq!(snapshot(&tenant, &past)["as_of"], "2024-03-31");
    let today = compensation(&tenant).upload(PATH, &lines).expect(200);
    assert_eq!((counts(&today), &today["recorded"]), ((0, 1, 0), &past["recorded"]), "the content stands already");
}

fn a_snapshot_lies_in_the_entities_of_its_caller(kind: StoreKind) {
    let tenant = tenant(kind);
    let lines = [
        "A-1,JP-HQ,2020-04-01,G4,driver,tokyo,regular,7000000",
        "A-2,JP-WEST,2020-04-01,G4,driver,tokyo,regular,7000000",
    ];
    let here = compensation(&tenant).upload(PATH, &file(&lines[..1])).expect(200);
    let mut confined = tenant.person_token("west", &[Role::Compensation]);
    confined.legal_entities = Some(["JP-WEST".to_owned()].into());
    let west = tenant.with_token(&confined);
    let report = west.upload(PATH, &file(&lines)).expect(200);
    assert_eq!(refused(&report), told(&[(2, "legal_entity", "not_covered")]));
    assert_eq!(counts(&report).0, 1);
    let seen: Vec<_> = west.all(PATH).iter().map(|one| one["legal_entity"].clone()).collect();
    assert_eq!(seen, [json!("JP-WEST")]);
    west.get(&format!("{PATH}/{}", here["recorded"][0].as_str().unwrap())).problem(404, "not_found");
}
