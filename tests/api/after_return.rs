//! What becomes of an offer once somebody is back on it: what they earn is followed, and what they ask is answered.

use okaeri::identity::Role;
use serde_json::{Value, json};

use super::offers::having_seen;
use super::pricing::{
    acknowledge, approve, compensation, extend, incumbents, measured, measured_by, offered, request_approval,
};
use super::programme_policies::{published, with};
use crate::program::client::Client;
use crate::program::people::{Tenant, clocked_tenant, tenant};
use crate::program::served_by_both_stores;
use crate::program::steps::yen;
use crate::support::StoreKind;

served_by_both_stores!(
    an_offer_is_not_split_to_stay_within_the_policy,
    pay_is_followed_for_as_long_as_the_policy_says,
    what_may_lie_within_six_months_is_tested_however_late_its_file_comes,
    what_is_paid_once_after_the_return_counts_as_if_it_had_been_offered,
    whoever_returns_asks_why_their_conditions_are_as_they_are_and_is_told,
    who_is_no_regular_worker_is_told_how_they_stand_beside_them,
    what_the_programme_policy_has_handed_in_is_collected_by_the_first_day,
    whoever_is_back_is_registered_and_examined_by_the_days_of_the_law,
);

/// An offer of 7.4 million that went out: to whom, and which.
fn extended(tenant: &Tenant<'_>, name: &str) -> (Client, String) {
    let (alumnus, offer) = offered(tenant, name, 7_400_000);
    acknowledge(tenant, &offer, "SR");
    request_approval(tenant, &offer).expect(200);
    approve(tenant, &tenant.user("jinji", Role::PeopleOps), &offer).expect(200);
    extend(tenant, &offer);
    (alumnus, offer)
}

/// Somebody who came back on it, 41 days later: their account, the offer and the case.
fn back(tenant: &Tenant<'_>, name: &str) -> (Client, String, String) {
    let (alumnus, offer) = extended(tenant, name);
    having_seen(tenant, &alumnus, &offer, "accept", json!({})).expect(200);
    let case = tenant.recruiter().read(&format!("/v1/offers/{offer}"))["application_id"].as_str().unwrap().to_owned();
    let rejoin = json!({"employee_number": "B-1", "started_on": tenant.day(40)});
    tenant.command(&tenant.recruiter(), "applications", &case, "record-rejoin", &rejoin).expect(200);
    tenant.advance("P41D");
    (alumnus, offer, case)
}

/// Those of the worked example as of a day, and somebody who came back among them.
fn with_a_returner(tenant: &Tenant<'_>, base: i64, as_of: &str) {
    let line = format!("B-1,2027-01-04,G4,driver,Sendai,regular,{base},120,4,A-90,false,false,female,1990\n");
    let path = format!("/v1/incumbent-snapshots?as_of={as_of}");
    compensation(tenant).upload(&path, (incumbents() + &line).as_bytes()).expect(200);
}

fn an_offer_is_not_split_to_stay_within_the_policy(kind: StoreKind) {
    let (tenant, _clock) = clocked_tenant(kind);
    measured(&tenant);
    let (_, offer, _) = back(&tenant, "megumi");
    with_a_returner(&tenant, 7_400_000, &tenant.day(0));
    let decision = || tenant.compliance().all("/v1/fairness-ledger?tier=A")[0].clone();
    assert_eq!(decision()["pay_changes"], json!([]), "as offered");

    tenant.advance("P60D");
    with_a_returner(&tenant, 8_100_000, &tenant.day(0));
    let changes = decision()["pay_changes"].clone();
    assert_eq!((&changes[0]["before"], &changes[0]["base"]), (&yen(7_400_000), &yen(8_100_000)));
    assert_eq!(changes[0]["peers"]["size"], 9, "the eight and one who is on notice");
    let retest = &changes[0]["retest"];
    assert_eq!((&retest["tier"], &retest["rule"]["outcome"]), (&json!("D"), &json!("warn")));
    let asked = || tenant.compliance().all("/v1/tasks").iter().any(|task| task["kind"] == "review_split_offer");
    assert!(asked());
    let seen = json!({"rule": "PAY-27", "reason": tenant.words("昇格による")});
    tenant.command(&tenant.compliance(), "offers", &offer, "acknowledge", &seen).expect(200);
    assert!(!asked());
    let history = tenant.compliance().all(&format!("/v1/history/offers/{offer}"));
    assert!(history.iter().any(|line| line["rule"] == "PAY-27" && line["event"] == "offer.pay_changed"));
    let told = tenant.recruiter().all(&format!("/v1/history/offers/{offer}"));
    let line = told.iter().find(|line| line["event"] == "offer.pay_changed").unwrap();
    assert!(line["rule"].is_null() && line["title_en"] == "A later file of those who work here was compared", "{line}");
}

fn pay_is_followed_for_as_long_as_the_policy_says(kind: StoreKind) {
    let (tenant, _clock) = clocked_tenant(kind);
    measured_by(&tenant, &json!({"followed_months": 48}));
    back(&tenant, "megumi");
    let followed = |base| {
        with_a_returner(&tenant, base, &tenant.day(0));
        let changes = tenant.compliance().all("/v1/fairness-ledger?tier=A")[0]["pay_changes"].clone();
        changes.as_array().unwrap().iter().map(|change| change["base"].clone()).collect::<Vec<_>>()
    };
    tenant.advance("P1200D");
    assert_eq!(followed(7_450_000), [yen(7_450_000)]);
    tenant.advance("P300D");
    assert_eq!(followed(7_900_000), [yen(7_450_000)], "four years are over");
}

fn what_may_lie_within_six_months_is_tested_however_late_its_file_comes(kind: StoreKind) {
    let (tenant, _clock) = clocked_tenant(kind);
    measured_by(&tenant, &json!({"followed_months": 6}));
    back(&tenant, "megumi");
    with_a_returner(&tenant, 7_400_000, &tenant.day(0));
    tenant.advance("P250D");
    with_a_returner(&tenant, 8_100_000, &tenant.day(0));
    let changes = tenant.compliance().all("/v1/fairness-ledger?tier=A")[0]["pay_changes"].clone();
    assert_eq!(changes[0]["retest"]["tier"], "D", "the raise may lie within the six months: {changes}");
    // Between two files after that nothing does.
    tenant.advance("P30D");
    with_a_returner(&tenant, 8_300_000, &tenant.day(0));
    let changes = tenant.compliance().all("/v1/fairness-ledger?tier=A")[0]["pay_changes"].clone();
    assert_eq!(changes.as_array().unwrap().len(), 1, "{changes}");
}

fn waits(by: &Client, kind: &str) -> bool {
    by.all("/v1/tasks").iter().any(|task| task["kind"] == kind)
}

fn what_is_paid_once_after_the_return_counts_as_if_it_had_been_offered(kind: StoreKind) {
    let (tenant, _clock) = clocked_tenant(kind);
    measured(&tenant);
    let (_, early) = extended(&tenant, "hanako");
    let payment = |amount: i64, paid_on: &str, evidence: &str| json!({"paid_on": paid_on, "amount": yen(amount), "evidence_ref": evidence});
    let today = tenant.day(0);
    let payer = compensation(&tenant);
    let payroll = tenant.user("kyuyo", Role::Payroll);
    let record = |by: &Client, offer: &str, body: &Value| tenant.command(by, "offers", offer, "record-one-off", body);
    record(&payroll, &early, &payment(1, &today, "p/0")).problem(403, "forbidden");
    record(&payer, &early, &payment(1, &today, "p/0")).refused(409, "not_accepted");
    having_seen(&tenant, &tenant.alumnus("hanako"), &early, "accept", json!({})).expect(200);
    record(&payer, &early, &payment(1, &today, "p/0")).refused(409, "not_back_yet");

    let (_, offer, _) = back(&tenant, "megumi");
    let record = |body: &Value| record(&payer, &offer, body);
    let today = tenant.day(0);
    record(&payment(0, &today, "p/1")).points_at("/amount", "not_positive");
    record(&payment(1, &tenant.day(-100), "p/1")).points_at("/paid_on", "one_off_too_early");
    record(&payment(1, &tenant.day(1), "p/1")).points_at("/paid_on", "one_off_in_the_future");
    let dollars = json!({"paid_on": today, "amount": {"amount": 1, "currency": "USD"}, "evidence_ref": "p/1"});
    record(&dollars).points_at("/amount/currency", "one_off_currency");
    record(&payment(400_000, &today, "p/1")).expect(200);
    record(&payment(400_001, &today, "p/1")).points_at("/evidence_ref", "one_off_recorded_otherwise");
    assert!(!waits(&tenant.compliance(), "review_split_offer"), "less than a month's base");
    tenant.advance("P30D");
    record(&payment(300_000, &tenant.day(0), "p/2")).expect(200);
    assert!(waits(&tenant.compliance(), "review_split_offer"));
    let decision = tenant.compliance().all("/v1/fairness-ledger").into_iter().find(|one| one["id"] == offer.as_str());
    let paid = decision.unwrap()["paid_once"].clone();
    assert_eq!((&paid[0]["retest"]["tier"], &paid[1]["retest"]["tier"]), (&json!("A"), &json!("D")), "{paid}");
    assert_eq!(paid[1]["retest"]["rule"]["code"], "split_offer");
    assert_eq!(paid[1]["payment"]["amount"], yen(300_000));

    let lines = |by: &Client| -> Vec<Value> {
        let lines = by.all(&format!("/v1/history/offers/{offer}"));
        lines.into_iter().filter(|line| line["event"] == "offer.one_off_recorded").collect()
    };
    assert!(lines(&tenant.compliance()).iter().all(|line| line["rule"] == "PAY-27"));
    for line in lines(&tenant.recruiter()) {
        assert!(line["rule"].is_null() && line["title_en"] == "A payment after the return was recorded", "{line}");
    }
    let seen = json!({"rule": "PAY-27", "reason": tenant.words("定着一時金")});
    tenant.command(&tenant.compliance(), "offers", &offer, "acknowledge", &seen).expect(200);
    assert!(!waits(&tenant.compliance(), "review_split_offer"));
    // Six months after the return nothing is part of the offer any more.
    tenant.advance("P200D");
    record(&payment(9_000_000, &tenant.day(0), "p/3")).expect(200);
    assert!(!waits(&tenant.compliance(), "review_split_offer"));
}

fn whoever_returns_asks_why_their_conditions_are_as_they_are_and_is_told(kind: StoreKind) {
    let (tenant, _clock) = clocked_tenant(kind);
    measured_by(&tenant, &json!({"explanation_days": 7}));
    let (_, draft) = offered(&tenant, "hanako", 7_400_000);
    let asked = json!({"question": tenant.words("賞与の決め方")});
    let hanako = tenant.alumnus("hanako");
    tenant.command(&hanako, "offers", &draft, "request-explanation", &asked).refused(409, "not_extended");

    let (alumnus, offer, _) = back(&tenant, "megumi");
    // Whoever is back is an employee by now, and reads what they were told as before.
    let employee = tenant.employee("megumi");
    let path = format!("/v1/offers/{offer}");
    assert_eq!(employee.read(&path)["state"], "accepted");
    assert!(employee.read(&format!("{path}/explanation"))["text"].as_str().unwrap().contains("7,400,000"));
    tenant.employee("sonota").get(&path).problem(404, "not_found");
    let ask = |by: &Client, body: &Value| tenant.command(by, "offers", &offer, "request-explanation", body);
    ask(&tenant.recruiter(), &asked).points_at("/recorded_for", "required");
    ask(&tenant.user("kyuyo", Role::Payroll), &asked).problem(403, "forbidden");
    ask(&employee, &asked).expect(200);
    ask(&alumnus, &asked).refused(409, "explanation_pending");
    ask(&alumnus, &json!({})).expect(200);
    let compensation = compensation(&tenant);
    let task = compensation.all("/v1/tasks").into_iter().find(|task| task["kind"] == "answer_enquiry").unwrap();
    assert_eq!((&task["audience"], &task["due_on"]), (&json!("explainers"), &json!(tenant.day(7))), "{task}");
    assert!(waits(&tenant.people_ops(), "answer_enquiry") && !waits(&tenant.recruiter(), "answer_enquiry"));

    let told = tenant.words("賃金規程第20条による");
    let answer = |by: &Client, body: &Value| tenant.command(by, "offers", &offer, "answer-explanation", body);
    let words = json!({"answer": told});
    answer(&tenant.recruiter(), &words).problem(403, "forbidden");
    answer(&tenant.hris(), &words).problem(403, "forbidden");
    let items = json!([{"item": "base", "treatment": "same"}]);
    let compared = json!({"compared_with": "正社員", "same_duties": true, "same_change_scope": true, "items": items});
    answer(&compensation, &json!({"answer": told, "comparison": compared}))
        .points_at("/comparison", "nothing_to_compare");
    answer(&compensation, &words).expect(200);
    assert!(!waits(&compensation, "answer_enquiry"));
    answer(&compensation, &words).refused(409, "no_explanation_pending");
    let own = employee.read(&path)["explained"].clone();
    assert_eq!((&own[0]["question"], &own[0]["answered"]["answer"]), (&asked["question"], &json!(told)), "{own}");
    assert!(own[0]["requested_by"].is_null() && own[0]["answered"]["given_by"].is_null(), "{own}");
    assert!(tenant.compliance().read(&path)["explained"][0]["answered"]["given_by"].is_string());
    assert!(tenant.recruiter().read(&path).get("explained").is_none(), "nobody who leads them reads that they asked");
    for (by, event) in
        [(&tenant.compliance(), "offer.explanation_requested"), (&tenant.compliance(), "offer.explanation_given")]
    {
        let lines = by.all(&format!("/v1/history/offers/{offer}"));
        let line = lines.iter().find(|line| line["event"] == event).unwrap();
        assert_eq!(
            (&line["rule"], &line["basis"]),
            (&json!("PAY-02"), &json!("パートタイム・有期雇用労働法14条")),
            "{line}"
        );
    }
}

fn who_is_no_regular_worker_is_told_how_they_stand_beside_them(kind: StoreKind) {
    let tenant = tenant(kind);
    measured(&tenant);
    let (alumnus, offer) = offered(&tenant, "hanako", 7_400_000);
    let fixed = json!({
        "employment_type": "fixed_term", "location_scope": "仙台市内", "duties_scope": "配送業務",
        "contract": {"kind": "fixed", "ends_on": tenant.day(400), "renewal": "通算5年を上限とする"},
        "pay": {"base": yen(7_400_000)},
    });
    tenant.command(&tenant.recruiter(), "offers", &offer, "revise", &fixed).expect(200);
    // No comparison was given: a human being answers on evidence that there is one.
    let evidence = json!({"rule": "PAY-01", "answer": "satisfied", "evidence_ref": "hr/2026/77"});
    tenant
        .command(&tenant.recruiter(), "offers", &offer, "answer-check", &evidence)
        .refused(422, "distinct_approver_required");
    tenant.command(&tenant.compliance(), "offers", &offer, "answer-check", &evidence).expect(200);
    acknowledge(&tenant, &offer, "SR");
    request_approval(&tenant, &offer).expect(200);
    approve(&tenant, &tenant.user("jinji", Role::PeopleOps), &offer).expect(200);
    extend(&tenant, &offer);
    tenant.command(&alumnus, "offers", &offer, "request-explanation", &json!({})).expect(200);
    let with = |items: Value| {
        let comparison =
            json!({"compared_with": "正社員 G4", "same_duties": true, "same_change_scope": false, "items": items});
        json!({"answer": tenant.words("説明"), "comparison": comparison})
    };
    let compensation = compensation(&tenant);
    let answer = |body: &Value| tenant.command(&compensation, "offers", &offer, "answer-explanation", body);
    answer(&json!({"answer": tenant.words("説明")})).points_at("/comparison", "comparison_required");
    let base = json!({"item": "base", "treatment": "same"});
    let worse = |reasons: Value| json!({"item": "bonus", "treatment": "worse", "reasons": reasons});
    answer(&with(json!([base, worse(json!([]))]))).points_at("/comparison/items", "comparison_lacks");
    answer(&with(json!([base, worse(json!(["duties"]))]))).points_at("/comparison/items", "comparison_lacks");
    answer(&with(json!([worse(json!(["change_scope"]))]))).points_at("/comparison/items", "comparison_lacks");
    answer(&with(json!([base, worse(json!(["change_scope"]))]))).expect(200);
    let own = alumnus.read(&format!("/v1/offers/{offer}"))["explained"][0]["answered"]["comparison"].clone();
    assert_eq!((&own["compared_with"], &own["items"][1]["reasons"]), (&json!("正社員 G4"), &json!(["change_scope"])));
}

/// LAB-11: from the day on which work begins, each duty waits by its day until somebody records it.
fn whoever_is_back_is_registered_and_examined_by_the_days_of_the_law(kind: StoreKind) {
    let (tenant, _clock) = clocked_tenant(kind);
    measured(&tenant);
    let (alumnus, early) = extended(&tenant, "hanako");
    having_seen(&tenant, &alumnus, &early, "accept", json!({})).expect(200);
    let people_ops = tenant.people_ops();
    let done = |duty: &str, done_on: &str| json!({"duty": duty, "done_on": done_on, "evidence_ref": "hr/receipts/7"});
    let soon = done("health_check", &tenant.day(0));
    tenant.command(&people_ops, "offers", &early, "record-duty", &soon).refused(409, "duty_not_owed");

    let (_, offer, _) = back(&tenant, "megumi");
    let record = |by: &Client, body: &Value| tenant.command(by, "offers", &offer, "record-duty", body);
    let started = tenant.day(-1);
    let shown = || people_ops.read(&format!("/v1/offers/{offer}"))["duties"].clone();
    assert_eq!(
        (shown()[0]["duty"].as_str(), shown()[0]["due_on"].as_str()),
        (Some("health_and_pension"), Some(&*tenant.day(4)))
    );
    let kinds = ["file_health_and_pension", "file_employment_insurance", "examine_returner"];
    let waiting = || kinds.map(|kind| waits(&people_ops, kind));
    assert_eq!(waiting(), [true, true, true]);
    record(&tenant.recruiter(), &done("health_check", &started)).problem(403, "forbidden");
    record(&people_ops, &done("retirement", &started)).points_at("/duty", "unknown_value");
    record(&people_ops, &done("health_and_pension", &tenant.day(-2))).points_at("/done_on", "duty_too_early");
    record(&people_ops, &done("health_and_pension", &tenant.day(1))).points_at("/done_on", "duty_in_the_future");
    record(&tenant.hris(), &done("health_and_pension", &started)).problem(403, "forbidden");
    record(&people_ops, &done("health_and_pension", &started)).expect(200);
    record(&people_ops, &done("health_and_pension", &started)).expect(200);
    let other = json!({"duty": "health_and_pension", "done_on": started, "evidence_ref": "hr/receipts/8"});
    record(&people_ops, &other).refused(409, "duty_done");
    // An examination of the last three months stands for the one at hiring.
    record(&people_ops, &done("health_check", &tenant.day(-60))).expect(200);
    assert_eq!(waiting(), [false, true, false]);
    // Who works few hours is not insured: somebody looks at it, and says where the reason lies.
    let mut few_hours = done("employment_insurance", &started);
    few_hours["outcome"] = json!("not_owed");
    record(&people_ops, &few_hours).expect(200);
    assert_eq!((&shown()[1]["outcome"], &shown()[2]["outcome"]), (&json!("not_owed"), &json!("done")));
    assert_eq!(waiting(), [false, false, false]);
    assert!(shown().as_array().unwrap().iter().all(|duty| duty["done_on"].is_string()));
    let lines = tenant.compliance().all(&format!("/v1/history/offers/{offer}"));
    let of = |event: &str| lines.iter().filter(|line| line["event"] == event && line["rule"] == "LAB-11").count();
    assert_eq!((of("offer.duties_noted"), of("offer.duty_done")), (1, 3));
    let own = tenant.employee("megumi").read(&format!("/v1/offers/{offer}"));
    assert!(own.get("duties").is_none(), "{own}");
}

fn what_the_programme_policy_has_handed_in_is_collected_by_the_first_day(kind: StoreKind) {
    let tenant = tenant(kind);
    let card = json!({"code": "insurance_card", "ja": "雇用保険被保険者証", "en": "Employment insurance card"});
    let guarantor = json!({"code": "guarantor", "ja": "身元保証書", "en": "Letter of a guarantor"});
    published(&tenant, &with(&json!({"required_documents": [card, guarantor]})));
    measured(&tenant);
    let (alumnus, offer) = extended(&tenant, "megumi");
    let shown = |by: &Client| by.read(&format!("/v1/offers/{offer}"))["hands_in"].clone();
    assert_eq!(shown(&alumnus), Value::Null, "nothing is asked for before they agree");
    let people_ops = tenant.people_ops();
    let record = |by: &Client, body: &Value| tenant.command(by, "offers", &offer, "record-document", body);
    let received = json!({"code": "insurance_card", "on": tenant.day(0), "evidence_ref": "hr/7"});
    record(&people_ops, &received).refused(409, "not_accepted");
    having_seen(&tenant, &alumnus, &offer, "accept", json!({})).expect(200);

    let task = people_ops.all("/v1/tasks").into_iter().find(|task| task["kind"] == "collect_documents").unwrap();
    assert_eq!(task["due_on"], json!(tenant.day(40)), "{task}");
    assert_eq!(shown(&alumnus)["documents"][1]["ja"], "身元保証書");
    record(&tenant.user("watanabe", Role::HiringManager), &received).problem(403, "forbidden");
    record(&alumnus, &received).problem(403, "forbidden");
    let change = |name: &str, value: Value| {
        let mut body = received.clone();
        body[name] = value;
        body
    };
    record(&people_ops, &change("code", json!("passport"))).points_at("/code", "document_not_asked");
    record(&people_ops, &change("on", json!(tenant.day(1)))).points_at("/on", "document_in_the_future");
    record(&people_ops, &change("outcome", json!("lost"))).points_at("/outcome", "unknown_value");
    record(&people_ops, &received).expect(200);
    record(&people_ops, &change("evidence_ref", json!("hr/8"))).refused(409, "document_recorded");
    let own = shown(&alumnus)["documents"][0].clone();
    assert_eq!((&own["outcome"], &own["on"]), (&json!("received"), &json!(tenant.day(0))));
    assert!(own["evidence_ref"].is_null() && own["recorded_by"].is_null(), "{own}");
    assert_eq!(shown(&tenant.recruiter())["documents"][0]["evidence_ref"], "hr/7");
    assert_eq!(shown(&compensation(&tenant)), Value::Null, "what was handed in is not theirs");
    assert!(waits(&people_ops, "collect_documents"));
    let waived = json!({"code": "guarantor", "outcome": "waived", "on": tenant.day(0), "evidence_ref": "第7条"});
    record(&tenant.recruiter(), &waived).expect(200);
    assert!(!waits(&people_ops, "collect_documents"));
}
