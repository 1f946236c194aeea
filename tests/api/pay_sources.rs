//! What an assessment reads of the incumbents: what the rule asks for, and nothing else. What is read is what its basis names.

use serde_json::{Value, json};

use super::pricing::{BANDS, HEADING, assessment, compensation, offered};
use crate::program::people::{Tenant, id, tenant};
use crate::program::served_by_both_stores;
use crate::program::steps::{having_read, yen};
use crate::support::StoreKind;

served_by_both_stores!(nothing_is_read_that_the_rule_does_not_ask_for);

/// So many of a grade and job family, hired in one month.
fn some(grade: &str, job_family: &str, how_many: u32, base: i64) -> String {
    (0..how_many).fold(String::new(), |file, nth| {
        let number = format!("{grade}-{job_family}-{nth}");
        file + &format!(
            "{number},2015-05-01,{grade},{job_family},sendai,regular,{base},60,4,,false,false,female,1990\n"
        )
    })
}

/// Takes over as many drivers as there are, in three grades, and others.
fn snapshot(tenant: &Tenant<'_>, drivers: u32, as_of: Option<&str>) {
    let cohorts = [
        ("G4", "driver", drivers),
        ("G5", "driver", 6),
        ("G6", "driver", 6),
        ("G4", "logistics", 6),
        ("G4", "sales", 6),
    ];
    let now = if as_of.is_some() { 6_000_000 } else { 7_000_000 };
    let file: String = cohorts
        .iter()
        .map(|(grade, family, many)| some(grade, family, *many, if *grade == "G4" { now } else { 6_500_000 }))
        .collect();
    let dated = as_of.map(|day| format!("?as_of={day}")).unwrap_or_default();
    let path = format!("/v1/incumbent-snapshots{dated}");
    let report = compensation(tenant).upload(&path, format!("{HEADING}\n{file}").as_bytes()).expect(200);
    assert_eq!(report["refused"], json!([]));
}

/// The cohorts of a snapshot that a basis names.
fn read(basis: &Value, snapshot: &str) -> Vec<String> {
    let cohort = |one: &Value| format!("{} {}", one["grade"].as_str().unwrap(), one["job_family"].as_str().unwrap());
    let mut read: Vec<String> = basis[snapshot]["cohorts"].as_array().unwrap().iter().map(cohort).collect();
    read.sort();
    read
}

fn nothing_is_read_that_the_rule_does_not_ask_for(kind: StoreKind) {
    let tenant = tenant(kind);
    let bands = BANDS.replace("2023-04,2023-04-01,G4", "2023-04,2023-04-01,G5,driver,sendai,7300000,9000000,10800000\n2023-04,2023-04-01,G6,driver,sendai,9000000,11000000,13000000\n2023-04,2023-04-01,G4");
    compensation(&tenant).upload("/v1/pay-bands/import?approval_ref=board/4", bands.as_bytes()).expect(200);
    snapshot(&tenant, 9, Some("2024-03-01"));
    snapshot(&tenant, 9, None);
    let named = |name: &str| json!([tenant.subject(name)]);
    let policy = json!({
        "legal_entity": "JP-HQ", "clause": "賃金規程第12条",
        "functions": [{"name": "物流", "job_families": ["driver", "logistics"]}],
        "minimum_wages": [{"hourly": yen(1_038), "effective_from": "2025-10-04"}],
        "approvers": {
            "hr": named("jinji"), "compensation": named("hoshu"), "division_head": named("honbucho"),
            "executive": named("shacho"),
        },
    });
    let admin = tenant.programme_admin();
    let policy = id(&admin.post("/v1/pay-policies", &policy).expect(201));
    having_read(&tenant.compliance(), "pay-policies", &policy, "approve", &json!({})).expect(200);
    tenant.command(&admin, "pay-policies", &policy, "publish", &json!({})).expect(200);

    let (_, first) = offered(&tenant, "megumi", 7_400_000);
    let whole = assessment(&compensation(&tenant), &first);
    assert_eq!(whole["assessment"]["peers"]["size"], 9);
    assert_eq!(read(&whole["basis"], "snapshot"), ["G4 driver"], "they are enough: no other family is looked at");
    assert_eq!(
        read(&whole["basis"], "snapshot_at_exit"),
        ["G4 driver", "G5 driver"],
        "the grade, and the one beside it"
    );

    // Where they are too few, those of the same function are looked at, and nobody else.
    snapshot(&tenant, 3, None);
    let (_, offer) = offered(&tenant, "haruka", 7_400_000);
    let whole = assessment(&compensation(&tenant), &offer);
    assert_eq!(
        (&whole["assessment"]["peers"]["scope"], &whole["assessment"]["peers"]["size"]),
        (&json!("function"), &json!(9))
    );
    assert_eq!(read(&whole["basis"], "snapshot"), ["G4 driver", "G4 logistics"]);
    let replayed = tenant.command(&tenant.compliance(), "offers", &offer, "replay", &json!({})).expect(200);
    assert_eq!(replayed["replays"][0]["identical"], true, "{replayed}");
    // A policy for which the snapshot of the exit is too old compares with nobody of that time; so its backtest says.
    let stayed = &whole["assessment"]["stayers"]["size"];
    assert_eq!(stayed, 9, "{whole}");
    let run = |days: u32| {
        tenant.command(&admin, "pay-policies", &policy, "revise", &json!({"stayer_snapshot_days": days})).expect(200);
        let report =
            tenant.command(&compensation(&tenant), "pay-policies", &policy, "backtest", &json!({})).expect(200);
        (report["milder"].clone(), report["changed"][0]["offer_id"].clone())
    };
    assert_eq!(run(40), (json!(0), Value::Null));
    assert_eq!(run(20), (json!(1), json!(offer)));
}
