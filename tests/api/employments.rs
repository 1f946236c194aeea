//! `/v1/employments`: who works here, kept by people operations and the HRIS, ended by departures.

use okaeri::identity::Role;
use serde_json::{Value, json};

use crate::program::client::Client;
use crate::program::people::{Tenant, id, tenant};
use crate::program::served_by_both_stores;
use crate::support::StoreKind;

served_by_both_stores!(
    an_employment_is_recorded_transferred_corrected_and_ended,
    a_departure_ends_the_employment_whichever_is_recorded_first,
    an_employee_reads_their_own_employment_and_no_other,
    what_is_no_employment_is_refused,
    a_secondment_is_a_second_span_of_one_person,
);

fn hire(tenant: &Tenant<'_>, employment: &Value) -> String {
    id(&tenant.hris().post("/v1/employments", employment).expect(201))
}

fn read(by: &Client, id: &str) -> Value {
    by.read(&format!("/v1/employments/{id}"))
}

fn an_employment_is_recorded_transferred_corrected_and_ended(kind: StoreKind) {
    let tenant = tenant(kind);
    let (hris, employee) = (tenant.hris(), tenant.person());
    let mut employment = employee.works("A-1", "2020-04-01");
    employment["base_salary"] = json!({"amount": 6_400_000, "currency": "JPY"});
    let employment = hire(&tenant, &employment);
    let command = |name: &str, body: &Value| tenant.command(&hris, "employments", &employment, name, body);
    assert_eq!(read(&hris, &employment)["state"], "current");
    command("transfer", &json!({"on": "2022-04-01", "department": "営業部", "grade": "G5"})).expect(200);
    command("transfer", &json!({"on": "2022-04-01", "department": "人事部"})).refused(409, "transfer_already_recorded");
    command("transfer", &json!({"on": "2023-04-01"})).refused(422, "nothing_transferred");
    command("transfer", &json!({"on": "2019-04-01", "grade": "G1"})).refused(422, "outside_employment");
    let stands = read(&hris, &employment);
    assert_eq!((&stands["department"], &stands["grade"]), (&json!("営業部"), &json!("G5")));
    assert_eq!(stands["base_salary"]["amount"], 6_400_000, "what is not given stays");
    command("correct", &json!({"why": "誤記", "corrects": 2, "grade": "G6"})).expect(200);
    assert_eq!(read(&hris, &employment)["grade"], "G6");
    command("end", &json!({"to": tenant.day(3)})).points_at("/to", "not_ended_yet");
    assert_eq!(command("end", &json!({"to": "2024-03-31"})).expect(200)["state"], "ended");
    command("end", &json!({"to": "2024-04-30"})).refused(409, "already_ended");
    command("correct", &json!({"why": "終了日の誤り", "to": "2024-04-30"})).expect(200);
    assert_eq!(read(&hris, &employment)["to"], "2024-04-30");
    let both = json!({"why": "x", "to": "2024-04-30", "withdraw_end": true});
    command("correct", &both).points_at("/withdraw_end", "contradiction");
    assert_eq!(command("correct", &json!({"why": "在籍中", "withdraw_end": true})).expect(200)["state"], "current");
}

fn a_departure_ends_the_employment_whichever_is_recorded_first(kind: StoreKind) {
    let tenant = tenant(kind);
    let (people_ops, before, after) = (tenant.people_ops(), tenant.person(), tenant.person());
    let first = hire(&tenant, &before.works("A-1", "2015-04-01"));
    let departure = tenant.record(&before.left("A-1"));
    tenant.record(&after.left("A-2"));
    let second = hire(&tenant, &after.works("A-2", "2015-04-01"));
    for (employment, by) in [(&first, Some(&departure)), (&second, None)] {
        let ended = read(&people_ops, employment);
        assert_eq!((&ended["state"], &ended["to"]), (&json!("ended"), &json!("2024-03-31")));
        assert_eq!(ended["ended_because"]["kind"], "departure");
        assert!(by.is_none_or(|departure| ended["ended_because"]["departure_id"] == departure.as_str()));
    }
    let moved = json!({"why": "x", "to": "2024-04-30"});
    tenant.command(&people_ops, "employments", &first, "correct", &moved).refused(409, "end_stands_in_departure");
    let persons = people_ops.all("/v1/persons");
    assert_eq!(persons.len(), 2, "a number is one person's: {persons:?}");
    let stint = &people_ops.read(&format!("/v1/persons/{}", read(&people_ops, &first)["person_id"].as_str().unwrap()))
        ["stints"];
    assert_eq!(stint.as_array().unwrap().len(), 1, "employment and departure are one period: {stint}");
}

fn an_employee_reads_their_own_employment_and_no_other(kind: StoreKind) {
    let tenant = tenant(kind);
    let (mine, another) = (tenant.employee("ema"), tenant.employee("ken"));
    let mut employment = tenant.person().works("A-1", "2020-04-01");
    employment["subject"] = json!(tenant.subject("ema"));
    employment["base_salary"] = json!({"amount": 6_400_000, "currency": "JPY"});
    let employment = hire(&tenant, &employment);
    let seen = read(&mine, &employment);
    assert_eq!(seen["base_salary"]["amount"], 6_400_000);
    another.get(&format!("/v1/employments/{employment}")).problem(404, "not_found");
    mine.get("/v1/employments").problem(403, "forbidden");
    tenant.recruiter().get(&format!("/v1/employments/{employment}")).problem(403, "forbidden");
    assert_eq!(mine.read("/v1/my/data")["employments"][0]["id"], employment.as_str());
    assert_eq!(another.read("/v1/my/data")["employments"], json!([]));
}

fn what_is_no_employment_is_refused(kind: StoreKind) {
    let tenant = tenant(kind);
    let hris = tenant.hris();
    let with = |field: &str, value: Value| {
        let mut employment = tenant.person().works("A-1", "2020-04-01");
        employment[field] = value;
        hris.post("/v1/employments", &employment)
    };
    with("employment_type", json!("contractor")).points_at("/employment_type", "contractor_not_employed");
    with("to", json!("2019-04-01")).points_at("/to", "ends_before_start");
    with("weekly_hours", json!(0)).points_at("/weekly_hours", "out_of_range");
    with("weekly_hours", json!(61)).points_at("/weekly_hours", "out_of_range");
    with("home", json!({"legal_entity": "JP-HQ", "employee_number": "A-9"})).points_at("/home", "not_a_secondment");
    with("kind", json!("friend")).problem(422, "validation_failed");
    with("base_salary", json!({"amount": 0, "currency": "JPY"})).points_at("/base_salary", "not_positive");
    hire(&tenant, &tenant.person().works("A-1", "2020-04-01"));
    with("grade", json!("G1")).problem(409, "duplicate");
    assert_eq!(hris.all("/v1/employments").len(), 1);
}

fn a_secondment_is_a_second_span_of_one_person(kind: StoreKind) {
    let tenant = tenant(kind);
    let (people_ops, employee) = (tenant.user("suzuki", Role::PeopleOps), tenant.person());
    let home = hire(&tenant, &employee.works("A-1", "2015-04-01"));
    let mut away = employee.works("W-1", "2023-04-01");
    away["legal_entity"] = json!("JP-WEST");
    away["kind"] = json!("secondment");
    away["home"] = json!({"legal_entity": "JP-HQ", "employee_number": "A-7"});
    people_ops.post("/v1/employments", &away).points_at("/home/employee_number", "unknown_employee_number");
    away["home"]["employee_number"] = json!("A-1");
    let away = hire(&tenant, &away);
    let (home, away) = (read(&people_ops, &home), read(&people_ops, &away));
    assert_eq!(home["person_id"], away["person_id"]);
    assert_eq!((&home["state"], &away["state"]), (&json!("current"), &json!("current")));
}
