//! A second exception for a role within a year has somebody look whether its pay range still fits.

use okaeri::identity::Role;
use serde_json::{Value, json};

use super::pricing::{compensation, excepted, incumbents, measured, offered};
use crate::program::client::Client;
use crate::program::people::{Tenant, clocked_tenant};
use crate::program::served_by_both_stores;
use crate::support::StoreKind;

served_by_both_stores!(
    a_second_exception_for_a_role_has_its_range_looked_at,
    exceptions_that_lie_a_year_apart_or_came_to_nothing_do_not_add_up,
);

/// An offer of tier D whose exception was granted.
fn exception_for(tenant: &Tenant<'_>, name: &str) -> String {
    let (_, offer) = offered(tenant, name, 8_100_000);
    excepted(tenant, &offer, 40);
    offer
}

fn waits(by: &Client) -> Option<Value> {
    by.all("/v1/tasks").into_iter().find(|task| task["kind"] == "review_range")
}

fn a_second_exception_for_a_role_has_its_range_looked_at(kind: StoreKind) {
    let (tenant, _clock) = clocked_tenant(kind);
    measured(&tenant);
    let compensation = compensation(&tenant);
    let first = exception_for(&tenant, "megumi");
    assert_eq!(waits(&compensation), None, "one exception is one");
    let since = tenant.day(0);
    tenant.advance("P30D");
    let second = exception_for(&tenant, "taro");
    let task = waits(&compensation).expect("somebody is asked");
    assert_eq!((&task["subject"]["id"], &task["due_on"]), (&json!(second), &json!(tenant.day(30))), "{task}");
    assert!(waits(&tenant.user("shacho", Role::Executive)).is_some() && waits(&tenant.recruiter()).is_none());

    let body = json!({"outcome": "changed", "reason": tenant.words("市場水準"), "evidence_ref": "pay/2027-3"});
    let record =
        |by: &Client, offer: &str, body: &Value| tenant.command(by, "offers", offer, "record-range-review", body);
    record(&tenant.recruiter(), &second, &body).problem(403, "forbidden");
    // Whoever proposed the offer looks at nothing about it, in whichever role.
    let proposer = tenant.with_token(&tenant.person_token("sato", &[Role::Recruiter, Role::Compensation]));
    assert_eq!(waits(&proposer), None);
    record(&proposer, &second, &body).refused(422, "range_reviewer_excluded");
    record(&compensation, &first, &body).refused(409, "no_range_review");
    let unknown = json!({"outcome": "forgotten", "reason": tenant.words("x"), "evidence_ref": "x"});
    record(&compensation, &second, &unknown).points_at("/outcome", "unknown_value");
    record(&compensation, &second, &body).expect(200);
    assert_eq!(waits(&compensation), None);
    let decisions = tenant.compliance().all("/v1/fairness-ledger?tier=D");
    let review = |offer: &str| decisions.iter().find(|one| one["id"] == offer).unwrap()["range_review"].clone();
    assert_eq!(review(&first), Value::Null);
    let found = review(&second);
    let told = (&found["exceptions"], &found["since"], &found["outcome"], &found["evidence_ref"]);
    assert_eq!(told, (&json!(2), &json!(since), &json!("changed"), &json!("pay/2027-3")));
    let lines = tenant.compliance().all(&format!("/v1/history/offers/{second}"));
    let line = lines.iter().find(|line| line["event"] == "offer.range_reviewed").unwrap();
    assert!(line["title_ja"].as_str().unwrap().contains("給与レンジ"), "{line}");

    // What was looked at counts no more: the next exception is the first after it.
    exception_for(&tenant, "jiro");
    assert_eq!(waits(&compensation), None);
    exception_for(&tenant, "saburo");
    assert!(waits(&compensation).is_some());
}

fn exceptions_that_lie_a_year_apart_or_came_to_nothing_do_not_add_up(kind: StoreKind) {
    let (tenant, _clock) = clocked_tenant(kind);
    measured(&tenant);
    let compensation = compensation(&tenant);
    let first = exception_for(&tenant, "megumi");
    let rescind = json!({"reason_code": "business"});
    tenant.command(&tenant.recruiter(), "offers", &first, "rescind", &rescind).expect(200);
    let second = exception_for(&tenant, "taro");
    assert_eq!(waits(&compensation), None, "nobody is paid by the first");
    // A look that an offer brought about ends with it, and the next exception brings about another.
    let third = exception_for(&tenant, "saburo");
    assert!(waits(&compensation).is_some());
    tenant.command(&tenant.recruiter(), "offers", &third, "rescind", &rescind).expect(200);
    assert_eq!(waits(&compensation), None);
    let fourth = exception_for(&tenant, "shiro");
    assert_eq!(waits(&compensation).expect("somebody is asked")["subject"]["id"], json!(fourth));
    let executive = tenant.user("shacho", Role::Executive);
    assert_eq!(executive.read(&format!("/v1/offers/{fourth}"))["range_review"]["exceptions"], 2);
    assert!(tenant.recruiter().read(&format!("/v1/offers/{fourth}")).get("range_review").is_none());
    for offer in [&second, &fourth] {
        tenant.command(&tenant.recruiter(), "offers", offer, "rescind", &rescind).expect(200);
    }
    exception_for(&tenant, "goro");
    tenant.advance("P366D");
    // The figures of a year ago are none to assess by.
    let path = format!("/v1/incumbent-snapshots?as_of={}", tenant.day(0));
    compensation.upload(&path, incumbents().as_bytes()).expect(200);
    exception_for(&tenant, "jiro");
    assert_eq!(waits(&compensation), None, "a year lies between them");
}
