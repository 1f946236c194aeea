//! Who decides about pay is independent of it, whatever they sign in as and whoever leads the position by now.

use okaeri::identity::Role;
use serde_json::{Value, json};

use super::offers::{evaluated, having_seen};
use super::pricing::{
    BANDS, acknowledge, approve, compensation, excepted, measured, measured_by, offered, request_approval, terms,
};
use crate::program::people::{Tenant, id, tenant};
use crate::program::served_by_both_stores;
use crate::program::steps::{having_read, yen};
use crate::support::StoreKind;

served_by_both_stores!(
    one_human_being_takes_one_seat_whatever_they_sign_in_as,
    a_candidate_decides_nothing_under_another_account,
    whoever_edited_the_measure_decides_nothing_under_another_account,
    whoever_leads_the_position_by_now_heads_no_division_outside_it,
    what_was_refused_is_refused_under_another_line,
    whoever_a_service_acts_for_proposes_what_it_drafts,
    a_policy_is_approved_by_another_human_being,
    whoever_the_hiring_manager_reports_to_heads_no_division_outside_it,
);

/// Two people link two records.
pub fn linked(tenant: &Tenant<'_>, one: &Value, other: &Value) {
    let same = |other: &Value| json!({"same_as": other, "reason": "documents_seen", "evidence_ref": "HR-2026-021"});
    let one = one.as_str().unwrap();
    tenant.command(&tenant.people_ops(), "persons", one, "link", &same(other)).expect(200);
    let done = tenant.command(&tenant.second_people_ops(), "persons", one, "link", &same(other)).expect(200);
    assert_eq!(done["state"], "linked");
}

/// Somebody works here under a name to sign in with; their record.
pub fn works(tenant: &Tenant<'_>, name: &str, number: &str) -> Value {
    tenant.employed(name, number);
    let found = tenant.people_ops().all(&format!("/v1/employments?employee_number={number}"));
    found[0]["person_id"].clone()
}

/// Named for each seat, one of them by another name.
fn named(tenant: &Tenant<'_>, compensation: &str) -> Value {
    let named = |name: &str| json!([tenant.subject(name)]);
    json!({"approvers": {
        "hr": named("jinji"), "compensation": named(compensation), "division_head": named("honbucho"),
        "executive": named("shacho"),
    }})
}

fn one_human_being_takes_one_seat_whatever_they_sign_in_as(kind: StoreKind) {
    let tenant = tenant(kind);
    measured_by(&tenant, &named(&tenant, "jinji2"));
    let (_, offer) = offered(&tenant, "megumi", 8_100_000);
    excepted(&tenant, &offer, 40);
    request_approval(&tenant, &offer).expect(200);
    approve(&tenant, &tenant.user("jinji", Role::PeopleOps), &offer).expect(200);
    let again = tenant.user("jinji2", Role::Compensation);
    let (one, other) = (works(&tenant, "jinji", "A-301"), works(&tenant, "jinji2", "A-302"));
    linked(&tenant, &one, &other);
    approve(&tenant, &again, &offer).refused(422, "already_voted");
    // Two records that nobody has linked are two people.
    tenant.employed("honbucho", "A-303");
    approve(&tenant, &tenant.user("honbucho", Role::Executive), &offer).expect(200);
}

fn a_candidate_decides_nothing_under_another_account(kind: StoreKind) {
    let tenant = tenant(kind);
    measured_by(&tenant, &named(&tenant, "megumi2"));
    let (_, offer) = offered(&tenant, "megumi", 8_100_000);
    excepted(&tenant, &offer, 40);
    request_approval(&tenant, &offer).expect(200);
    let theirs = tenant.compliance().read(&format!("/v1/offers/{offer}"))["person_id"].clone();
    linked(&tenant, &works(&tenant, "megumi2", "A-304"), &theirs);
    let again = tenant.user("megumi2", Role::Compensation);
    approve(&tenant, &again, &offer).refused(422, "candidate_excluded");
    having_seen(&tenant, &again, &offer, "send-back", json!({})).refused(422, "candidate_excluded");
    let refusal = json!({"reason_code": "pay_too_high"});
    having_seen(&tenant, &again, &offer, "refuse", refusal).refused(422, "candidate_excluded");
}

/// PAY-24.
fn whoever_edited_the_measure_decides_nothing_under_another_account(kind: StoreKind) {
    let tenant = tenant(kind);
    measured_by(&tenant, &named(&tenant, "jinji2"));
    let (_, offer) = offered(&tenant, "megumi", 8_100_000);
    excepted(&tenant, &offer, 40);
    request_approval(&tenant, &offer).expect(200);
    let later = BANDS.replace("2026-04,2026-04-01", &format!("later,{}", tenant.day(60)));
    let editor = tenant.user("hensha", Role::Compensation);
    editor.upload("/v1/pay-bands", later.as_bytes()).expect(200);
    let (one, other) = (works(&tenant, "hensha", "A-305"), works(&tenant, "jinji2", "A-306"));
    let again = tenant.user("jinji2", Role::Compensation);
    linked(&tenant, &one, &other);
    let refused = approve(&tenant, &again, &offer).refused(422, "edited_lately");
    assert_eq!(refused["rule"], "PAY-24");
    // Whoever handed their approval over did so for all their accounts.
    tenant.employed("dairi", "A-307");
    let handed = json!({"to": tenant.subject("dairi"), "until": tenant.day(5)});
    tenant.command(&again, "offers", &offer, "delegate", &handed).expect(200);
    approve(&tenant, &tenant.user("dairi", Role::Compensation), &offer).refused(422, "no_seat_for_approver");
}

/// PAY-26.
fn what_was_refused_is_refused_under_another_line(kind: StoreKind) {
    let tenant = tenant(kind);
    measured(&tenant);
    let position = json!({"headcount": 2, "hiring_manager": tenant.subject("bucho"), "location": "Sendai"});
    let requisition = tenant.published(&position);
    let (_, case) = evaluated(&tenant, &requisition, "megumi");
    let drafted = || {
        let offer = id(&tenant.recruiter().post("/v1/offers", &terms(&tenant, &case, 7_400_000)).expect(201));
        acknowledge(&tenant, &offer, "SR");
        offer
    };
    let first = drafted();
    request_approval(&tenant, &first).expect(200);
    let refusal = json!({"reason_code": "pay_too_high"});
    having_seen(&tenant, &tenant.user("jinji", Role::PeopleOps), &first, "refuse", refusal).expect(200);
    let other = json!({"hiring_manager": tenant.subject("kacho")});
    tenant.command(&tenant.recruiter(), "requisitions", &requisition, "revise", &other).expect(200);
    let refused = request_approval(&tenant, &drafted()).refused(422, "hash_refused");
    assert_eq!(refused["rule"], "PAY-26");
}

/// PAY-23.
fn whoever_leads_the_position_by_now_heads_no_division_outside_it(kind: StoreKind) {
    let tenant = tenant(kind);
    measured(&tenant);
    let position = json!({"headcount": 2, "hiring_manager": tenant.subject("bucho"), "location": "Sendai"});
    let requisition = tenant.published(&position);
    let led_by = |name: &str| {
        let body = json!({"hiring_manager": tenant.subject(name)});
        tenant.command(&tenant.recruiter(), "requisitions", &requisition, "revise", &body).expect(200);
    };
    let (_, case) = evaluated(&tenant, &requisition, "megumi");
    let offer = id(&tenant.recruiter().post("/v1/offers", &terms(&tenant, &case, 8_100_000)).expect(201));
    excepted(&tenant, &offer, 40);
    request_approval(&tenant, &offer).expect(200);
    led_by("honbucho");
    let head = tenant.user("honbucho", Role::Executive);
    let refused = approve(&tenant, &head, &offer).refused(422, "measure_changed");
    assert_eq!(refused["rule"], "PAY-21");
    // Measured anew, nobody outside the line is left to head a division.
    tenant.command(&tenant.recruiter(), "offers", &offer, "revise", &json!({})).expect(200);
    excepted(&tenant, &offer, 40);
    request_approval(&tenant, &offer).refused(422, "approvers_missing");
    led_by("bucho");
    tenant.command(&tenant.recruiter(), "offers", &offer, "revise", &json!({})).expect(200);
    excepted(&tenant, &offer, 40);
    request_approval(&tenant, &offer).expect(200);
    approve(&tenant, &head, &offer).expect(200);
    let replayed = tenant.command(&compensation(&tenant), "offers", &offer, "replay", &json!({})).expect(200);
    assert!(replayed["replays"].as_array().unwrap().iter().all(|one| one["identical"] == true), "{replayed}");
}

/// PAY-20.
fn whoever_a_service_acts_for_proposes_what_it_drafts(kind: StoreKind) {
    let tenant = tenant(kind);
    measured(&tenant);
    let position = json!({"hiring_manager": tenant.subject("bucho"), "location": "Sendai"});
    let (_, case) = evaluated(&tenant, &tenant.published(&position), "megumi");
    let mut token = tenant.person_token("saiyo-system", &[Role::Recruiter]);
    (token.service, token.may_act_for) = (true, true);
    let service = tenant.with_token(&token);
    let sent_for = |name: &str, path: &str, body: &Value| {
        service.request("POST", path).json(body).header("on-behalf-of", &tenant.subject(name)).send()
    };
    let for_them = |path: &str, body: &Value| sent_for("jinji", path, body);
    let offer = id(&for_them("/v1/offers", &terms(&tenant, &case, 7_400_000)).expect(201));
    acknowledge(&tenant, &offer, "SR");
    for_them(&format!("/v1/offers/{offer}/request-approval"), &json!({})).refused(422, "approvers_missing");
    let other = json!({"pay": {"base": yen(7_300_000), "sign_on": null}});
    tenant.command(&tenant.recruiter(), "offers", &offer, "revise", &other).expect(200);
    request_approval(&tenant, &offer).refused(422, "approvers_missing");
    // Nor does a service answer in the candidate's name.
    let withdraw = format!("/v1/applications/{case}/withdraw");
    sent_for("megumi", &withdraw, &json!({"reason_code": "other_offer"})).refused(403, "own_case");
    let (_, own) = evaluated(&tenant, &tenant.published(&position), "hanako");
    sent_for("hanako", "/v1/offers", &terms(&tenant, &own, 7_400_000)).refused(403, "own_case");
}

/// AUD-06.
fn a_policy_is_approved_by_another_human_being(kind: StoreKind) {
    let tenant = tenant(kind);
    let policy = id(&tenant
        .programme_admin()
        .post(
            "/v1/pay-policies",
            &json!({
                "legal_entity": "JP-HQ", "clause": "賃金規程第12条", "approvers": named(&tenant, "hoshu")["approvers"],
            }),
        )
        .expect(201));
    let again = tenant.user("mori", Role::Executive);
    let (one, other) = (works(&tenant, "kato", "A-311"), works(&tenant, "mori", "A-312"));
    linked(&tenant, &one, &other);
    having_read(&again, "pay-policies", &policy, "approve", &json!({})).refused(422, "second_person_required");
    let somebody = tenant.user("takagi", Role::Executive);
    having_read(&somebody, "pay-policies", &policy, "approve", &json!({})).expect(200);
}

/// PAY-23.
fn whoever_the_hiring_manager_reports_to_heads_no_division_outside_it(kind: StoreKind) {
    let tenant = tenant(kind);
    measured(&tenant);
    tenant.employed_under("honbucho", "A-321", &Value::Null);
    tenant.employed_under("bucho", "A-322", &json!("A-321"));
    let position = json!({"hiring_manager": tenant.subject("bucho"), "location": "Sendai"});
    let (_, case) = evaluated(&tenant, &tenant.published(&position), "megumi");
    let offer = id(&tenant.recruiter().post("/v1/offers", &terms(&tenant, &case, 8_100_000)).expect(201));
    excepted(&tenant, &offer, 40);
    request_approval(&tenant, &offer).refused(422, "approvers_missing");
    let replayed = tenant.command(&compensation(&tenant), "offers", &offer, "replay", &json!({})).expect(200);
    assert!(replayed["replays"].as_array().unwrap().iter().all(|one| one["identical"] == true), "{replayed}");
}
