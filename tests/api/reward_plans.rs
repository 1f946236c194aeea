//! `/v1/reward-plans`: written by one, approved by another, published once the wage rules are filed.

use okaeri::identity::Role;
use serde_json::{Value, json};

use crate::program::client::{Client, Reply};
use crate::program::people::{Tenant, id, tenant};
use crate::program::served_by_both_stores;
use crate::program::steps::{having_read, yen};
use crate::support::StoreKind;

served_by_both_stores!(
    a_plan_is_approved_by_a_second_person_before_it_is_published,
    a_plan_pays_a_wage_and_no_fee,
    one_plan_governs_an_entity_and_employees_see_it,
);

/// A hundred thousand yen after three months.
pub fn terms() -> Value {
    json!({
        "name": "リファラル手当", "legal_entity": "JP-HQ", "clause": "賃金規程第20条", "filed_on": "2024-04-01",
        "amount": yen(100_000), "milestone": {"months": 3}, "presence_at_payment": "required",
        "payroll": {"item_code": "REF01", "social_insurance": "bonus", "note_ref": "社労士回答 2024-018"},
    })
}

/// Every route of the collection that takes a body, with one that it would take.
pub fn routes(tenant: &Tenant<'_>) -> Vec<(Client, String, Value)> {
    let (admin, other) = (tenant.programme_admin(), tenant.user("takagi", Role::ProgrammeAdmin));
    let plan = id(&admin.post("/v1/reward-plans", &terms()).expect(201));
    let on = |command: &str| format!("/v1/reward-plans/{plan}/{command}");
    vec![
        (admin.clone(), "/v1/reward-plans".into(), terms()),
        (admin.clone(), on("revise"), terms()),
        (other, on("approve"), json!({})),
        (admin.clone(), on("publish"), json!({"effective_from": tenant.day(9)})),
        (admin, on("retire"), json!({"note": "x"})),
    ]
}

fn approve(by: &Client, plan: &str) -> Reply {
    having_read(by, "reward-plans", plan, "approve", &json!({}))
}

/// A plan that governs from today on; its id.
pub fn published(tenant: &Tenant<'_>, terms: &Value) -> String {
    let admin = tenant.programme_admin();
    let plan = id(&admin.post("/v1/reward-plans", terms).expect(201));
    approve(&tenant.user("mori", Role::Executive), &plan).expect(200);
    tenant.command(&admin, "reward-plans", &plan, "publish", &json!({})).expect(200);
    plan
}

fn with(changes: &Value) -> Value {
    let mut body = terms();
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

fn a_plan_is_approved_by_a_second_person_before_it_is_published(kind: StoreKind) {
    let tenant = tenant(kind);
    let (admin, executive) = (tenant.programme_admin(), tenant.user("mori", Role::Executive));
    let drafted = admin.post("/v1/reward-plans", &terms()).expect(201);
    let plan = id(&drafted);
    assert_eq!(drafted["state"], "draft");
    let command = |by: &Client, name: &str, body: Value| tenant.command(by, "reward-plans", &plan, name, &body);
    command(&admin, "publish", json!({})).refused(409, "not_approved");
    command(&executive, "approve", json!({})).problem(428, "precondition_required");
    approve(&admin, &plan).refused(422, "second_person_required");
    let mut service = tenant.person_token("robot", &[Role::Executive]);
    service.service = true;
    let robot = tenant.with_token(&service);
    command(&robot, "approve", json!({})).problem(403, "natural_person_required");
    let stale = executive.request("POST", &format!("/v1/reward-plans/{plan}/approve")).if_match(9).json(&json!({}));
    stale.send().problem(412, "version_mismatch");
    assert_eq!(approve(&executive, &plan).expect(200)["state"], "approved");
    let revised = command(&admin, "revise", with(&json!({"amount": yen(80_000)})));
    assert_eq!(revised.expect(200)["state"], "draft", "what is written anew is approved anew");
    approve(&executive, &plan).expect(200);
    command(&admin, "publish", json!({"effective_from": tenant.day(-1)}))
        .points_at("/effective_from", "effective_in_the_past");
    assert_eq!(command(&admin, "publish", json!({"effective_from": tenant.day(5)})).expect(200)["state"], "published");
    let shown = admin.read(&format!("/v1/reward-plans/{plan}"));
    let states: Vec<&Value> = shown["versions"].as_array().unwrap().iter().map(|version| &version["state"]).collect();
    assert_eq!(states, ["discarded", "published"]);
    assert_eq!(shown["versions"][1]["effective_from"], tenant.day(5));
    let mut elsewhere = terms();
    elsewhere["legal_entity"] = json!("JP-NORTH");
    command(&admin, "revise", elsewhere).points_at("/legal_entity", "entity_differs");
    assert_eq!(command(&admin, "retire", json!({})).expect(200)["state"], "retired");
    command(&admin, "publish", json!({})).refused(409, "retired");
}

fn a_plan_pays_a_wage_and_no_fee(kind: StoreKind) {
    let tenant = tenant(kind);
    let admin = tenant.programme_admin();
    for (changes, pointer, code) in [
        (json!({"clause": " "}), "/clause", "required"),
        (json!({"amount": {"amount": 900, "currency": "USD"}}), "/amount/currency", "not_in_yen"),
        (json!({"amount": yen(0)}), "/amount", "not_positive"),
        (json!({"milestone": {"months": 0}}), "/milestone", "milestone_out_of_range"),
        (json!({"milestone": {"weeks": 3}}), "/milestone", "unknown_value"),
        (json!({"presence_at_payment": "maybe"}), "/presence_at_payment", "unknown_value"),
    ] {
        admin.post("/v1/reward-plans", &with(&changes)).points_at(pointer, code);
    }
    let drafted = |changes: &Value| id(&admin.post("/v1/reward-plans", &with(changes)).expect(201));
    let publish = |plan: &str| tenant.command(&admin, "reward-plans", plan, "publish", &json!({}));
    let (other, executive) = (tenant.user("takagi", Role::ProgrammeAdmin), tenant.user("mori", Role::Executive));

    let unfiled = drafted(&json!({"filed_on": null}));
    approve(&other, &unfiled).expect(200);
    assert_eq!(publish(&unfiled).refused(422, "not_filed")["rule"], "REF-02");

    let high = drafted(&json!({"amount": yen(150_000)}));
    assert_eq!(approve(&other, &high).refused(422, "executive_required")["rule"], "REF-04");
    approve(&executive, &high).expect(200);
    publish(&high).expect(200);

    let too_high = drafted(&json!({"amount": yen(300_001)}));
    approve(&executive, &too_high).expect(200);
    assert_eq!(publish(&too_high).refused(422, "above_hard_cap")["rule"], "REF-04");
}

fn one_plan_governs_an_entity_and_employees_see_it(kind: StoreKind) {
    let tenant = tenant(kind);
    let (admin, executive) = (tenant.programme_admin(), tenant.user("mori", Role::Executive));
    let first = published(&tenant, &terms());
    let second = id(&admin.post("/v1/reward-plans", &terms()).expect(201));
    approve(&executive, &second).expect(200);
    let publish = || tenant.command(&admin, "reward-plans", &second, "publish", &json!({}));
    publish().problem(409, "duplicate");

    let employee = tenant.employee("ema");
    let seen = employee.all("/v1/reward-plans");
    assert_eq!(seen.iter().map(id).collect::<Vec<_>>(), std::slice::from_ref(&first));
    assert_eq!(seen[0]["versions"][0]["terms"]["amount"]["amount"], 100_000);
    assert!(seen[0]["versions"][0].get("drafted_by").is_none());
    assert!(seen[0]["versions"][0]["terms"].get("payroll").is_none());
    employee.get(&format!("/v1/reward-plans/{second}")).problem(404, "not_found");
    assert!(employee.all("/v1/reward-plans?state=approved").is_empty());
    assert_eq!(admin.all("/v1/reward-plans?legal_entity=JP-HQ").len(), 2);

    tenant.command(&admin, "reward-plans", &first, "retire", &json!({})).expect(200);
    publish().expect(200);
    employee.get(&format!("/v1/reward-plans/{first}")).problem(404, "not_found");
    for role in [Role::Recruiter, Role::HiringManager, Role::Alumnus, Role::Partner, Role::Hris] {
        tenant.user("other", role).get("/v1/reward-plans").problem(403, "forbidden");
    }
}
