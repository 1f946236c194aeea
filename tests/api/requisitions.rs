//! `/v1/requisitions`: opened, revised and published by recruiters, answered by whom it was published to, closed.

use okaeri::identity::Role;
use serde_json::{Value, json};

use crate::program::client::Client;
use crate::program::people::{Tenant, id, tenant};
use crate::program::served_by_both_stores;
use crate::program::steps::yen;
use crate::support::StoreKind;

served_by_both_stores!(
    a_requisition_is_opened_revised_published_and_closed,
    what_a_requisition_states_is_checked_by_name,
    employees_and_alumni_see_what_is_published_to_them,
    a_requisition_lies_in_its_entity,
);

/// Two seats for drivers in Sendai.
pub fn drivers() -> Value {
    json!({
        "title": "配送ドライバー", "legal_entity": "JP-HQ", "department": "物流部", "job_family": "driver", "grade": "G4",
        "location": "Sendai", "employment_type": "regular", "engagement": "direct", "headcount": 2,
        "pay_range": {"minimum": yen(6_000_000), "midpoint": yen(7_000_000), "maximum": yen(8_000_000)},
        "audience": ["alumni", "employees"], "description": "仙台市内の定期配送", "hiring_manager": "watanabe",
        "recruiter": "sato", "approver_unit": "本社人事",
    })
}

/// Every route of the collection that takes a body, with one that it would take.
pub fn routes(tenant: &Tenant<'_>) -> Vec<(Client, String, Value)> {
    let recruiter = tenant.recruiter();
    let requisition = id(&recruiter.post("/v1/requisitions", &drivers()).expect(201));
    let on = |command: &str| format!("/v1/requisitions/{requisition}/{command}");
    let mut revision = drivers();
    revision.as_object_mut().unwrap().remove("legal_entity");
    vec![
        (recruiter.clone(), "/v1/requisitions".into(), drivers()),
        (recruiter.clone(), on("revise"), revision),
        (recruiter.clone(), on("publish"), json!({"audience": ["alumni"]})),
        (recruiter, on("close"), json!({"reason": "budget", "cancel_live": true, "note": "x"})),
    ]
}

fn with(changes: &Value) -> Value {
    let mut body = drivers();
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

fn a_requisition_is_opened_revised_published_and_closed(kind: StoreKind) {
    let tenant = tenant(kind);
    let recruiter = tenant.recruiter();
    let mut plain = drivers();
    plain.as_object_mut().unwrap().remove("recruiter");
    let opened = recruiter.post("/v1/requisitions", &plain);
    let requisition = id(&opened.expect(201));
    assert_eq!(opened.json()["state"], "open");
    assert_eq!(opened.header("location"), Some(format!("/v1/requisitions/{requisition}").as_str()));
    let path = format!("/v1/requisitions/{requisition}");
    let command = |name: &str, body: Value| tenant.command(&recruiter, "requisitions", &requisition, name, &body);

    let shown = recruiter.read(&path);
    assert_eq!((&shown["headcount"], &shown["description"]), (&json!(2), &json!("仙台市内の定期配送")));
    assert_eq!(shown["recruiter"], shown["opened_by"], "whoever opens it is in charge");
    assert_ne!(shown["hiring_manager"], shown["recruiter"]);
    assert_eq!(command("revise", json!({"location": "Aomori"})).expect(200)["version"], 2);
    assert_eq!(command("revise", json!({"location": "Aomori"})).expect(200)["version"], 2, "nothing new");
    assert_eq!(command("publish", json!({})).expect(200)["state"], "published");
    assert_eq!(command("publish", json!({"audience": ["employees", "alumni"]})).expect(200)["version"], 3);
    command("publish", json!({"audience": ["public"]})).refused(409, "already_published");
    let listed = recruiter.all("/v1/requisitions?state=published&location=Aomori&job_family=driver");
    assert_eq!(listed.iter().map(id).collect::<Vec<_>>(), std::slice::from_ref(&requisition));
    assert!(recruiter.all("/v1/requisitions?state=open").is_empty());

    command("close", json!({"cancel_live": true})).points_at("/reason", "required");
    let mut service = tenant.person_token("ats", &[Role::Recruiter]);
    service.service = true;
    let robot = tenant.with_token(&service);
    tenant.command(&robot, "requisitions", &requisition, "close", &json!({})).problem(403, "natural_person_required");
    let closing = json!({"reason": "budget"});
    assert_eq!(command("close", closing.clone()).expect(200)["state"], "closed");
    assert_eq!(command("close", closing).expect(200)["version"], 4, "closed is closed");
    command("revise", json!({"headcount": 3})).refused(409, "already_closed");
    assert_eq!(recruiter.read(&path)["closing"]["because"], "budget");
    recruiter.get(&format!("/v1/requisitions/{}", uuid::Uuid::now_v7())).problem(404, "not_found");
}

fn what_a_requisition_states_is_checked_by_name(kind: StoreKind) {
    let tenant = tenant(kind);
    let recruiter = tenant.recruiter();
    let range = |minimum: Value, maximum: Value| json!({"pay_range": {"minimum": minimum, "maximum": maximum}});
    let dollars = json!({"amount": 90_000, "currency": "USD"});
    for (changes, pointer, code) in [
        (json!({"title": " "}), "/title", "required"),
        (json!({"headcount": 0}), "/headcount", "headcount_out_of_range"),
        (json!({"headcount": 1001}), "/headcount", "headcount_out_of_range"),
        (json!({"headcount": -1}), "/headcount", "wrong_type"),
        (json!({"audience": []}), "/audience", "audience_required"),
        (json!({"audience": ["alumni", "friends"]}), "/audience/1", "unknown_value"),
        (json!({"employment_type": "intern"}), "/employment_type", "unknown_value"),
        (json!({"engagement": "lent"}), "/engagement", "unknown_value"),
        (range(yen(8), yen(6)), "/pay_range", "pay_range_disordered"),
        (range(yen(6), dollars), "/pay_range", "pay_range_currencies_differ"),
        (range(yen(0), yen(6)), "/pay_range/minimum", "not_positive"),
    ] {
        recruiter.post("/v1/requisitions", &with(&changes)).points_at(pointer, code);
    }
    assert!(recruiter.all("/v1/requisitions").is_empty());
}

fn employees_and_alumni_see_what_is_published_to_them(kind: StoreKind) {
    let tenant = tenant(kind);
    let recruiter = tenant.recruiter();
    let opened = |audience: Value, publish: bool| {
        let requisition = id(&recruiter.post("/v1/requisitions", &with(&json!({"audience": audience}))).expect(201));
        if publish {
            tenant.command(&recruiter, "requisitions", &requisition, "publish", &json!({})).expect(200);
        }
        requisition
    };
    let for_alumni = opened(json!(["alumni"]), true);
    let for_employees = opened(json!(["employees"]), true);
    let for_all = opened(json!(["public"]), true);
    let not_yet = opened(json!(["public"]), false);
    let sees =
        |by: &Client, query: &str| by.all(&format!("/v1/requisitions{query}")).iter().map(id).collect::<Vec<_>>();
    let (alumnus, employee) = (tenant.alumnus("megumi"), tenant.employee("ema"));
    assert_eq!(sees(&alumnus, ""), [for_alumni.clone(), for_all.clone()]);
    assert_eq!(sees(&employee, "?grade=G4"), [for_employees.clone(), for_all.clone()]);
    assert!(sees(&alumnus, "?state=open").is_empty());
    assert_eq!(sees(&recruiter, "").len(), 4);
    for (by, hidden) in [(&alumnus, &for_employees), (&employee, &for_alumni), (&alumnus, &not_yet)] {
        by.get(&format!("/v1/requisitions/{hidden}")).problem(404, "not_found");
    }
    let shown = alumnus.read(&format!("/v1/requisitions/{for_alumni}"));
    assert_eq!(shown["pay_range"]["maximum"]["amount"], 8_000_000);
    for name in ["recruiter", "hiring_manager", "approver_unit", "filled_seats", "returners", "opened_by", "closing"] {
        assert!(shown.get(name).is_none(), "{name}");
    }
    let line = recruiter.read(&format!("/v1/requisitions/{for_alumni}"))["recruiter"].clone();
    let asked = format!("/v1/requisitions?recruiter={}", line.as_str().unwrap());
    alumnus.get(&asked).problem(403, "forbidden");
    assert_eq!(recruiter.all(&asked).len(), 4);
    tenant.command(&recruiter, "requisitions", &for_all, "close", &json!({})).expect(200);
    assert_eq!(sees(&employee, ""), [for_employees]);
    for role in [Role::Payroll, Role::Partner, Role::Hris, Role::PayrollSystem] {
        tenant.user("other", role).get("/v1/requisitions").problem(403, "forbidden");
    }
    for role in [Role::HiringManager, Role::Interviewer, Role::Compensation, Role::Executive, Role::Compliance] {
        assert_eq!(tenant.user("other", role).all("/v1/requisitions").len(), 4, "{role}");
    }
}

fn a_requisition_lies_in_its_entity(kind: StoreKind) {
    let tenant = tenant(kind);
    let requisition = id(&tenant.recruiter().post("/v1/requisitions", &drivers()).expect(201));
    let mut confined = tenant.person_token("north", &[Role::Recruiter]);
    confined.legal_entities = Some(["JP-NORTH".to_owned()].into());
    let north = tenant.with_token(&confined);
    north.get(&format!("/v1/requisitions/{requisition}")).problem(404, "not_found");
    tenant.command(&north, "requisitions", &requisition, "publish", &json!({})).problem(404, "not_found");
    north.post("/v1/requisitions", &drivers()).problem(403, "forbidden");
    assert!(north.all("/v1/requisitions").is_empty());
    let own = id(&north.post("/v1/requisitions", &with(&json!({"legal_entity": "JP-NORTH"}))).expect(201));
    assert_eq!(north.all("/v1/requisitions").iter().map(id).collect::<Vec<_>>(), [own]);
}
