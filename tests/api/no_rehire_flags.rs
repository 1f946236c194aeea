//! `/v1/no-rehire-flags`: raised by one, upheld by another, open to appeal, and seen by few (PRV-13).

use okaeri::identity::Role;
use serde_json::{Value, json};

use crate::program::client::{Client, Reply};
use crate::program::people::{Tenant, id, tenant};
use crate::program::served_by_both_stores;
use crate::support::StoreKind;

served_by_both_stores!(
    a_flag_has_no_effect_until_a_second_person_upholds_it,
    a_flag_rests_on_named_grounds_and_ends,
    an_appeal_goes_to_somebody_who_was_not_involved,
    the_person_sees_what_they_can_act_on_and_others_see_nothing,
);

pub fn grounds(tenant: &Tenant<'_>, person: &str) -> Value {
    json!({
        "person_id": person, "reason": "harassment", "clause": "就業規則第62条", "evidence_ref": "legal/2026-3",
        "appeal_route": "コンプライアンス窓口", "expires_on": tenant.day(900),
    })
}

pub fn person_of(tenant: &Tenant<'_>, departure: &str) -> String {
    tenant.people_ops().read(&format!("/v1/departures/{departure}"))["person_id"].as_str().unwrap().to_owned()
}

fn review(tenant: &Tenant<'_>, by: &Client, flag: &str, decision: &str) -> Reply {
    tenant.command(by, "no-rehire-flags", flag, "review", &json!({"decision": decision}))
}

fn waits(by: &Client, kind: &str) -> bool {
    by.all("/v1/tasks").into_iter().any(|task| task["kind"] == kind)
}

fn a_flag_has_no_effect_until_a_second_person_upholds_it(kind: StoreKind) {
    let tenant = tenant(kind);
    let (first, second) = (tenant.compliance(), tenant.second_compliance());
    let (leaver, alumnus) = (tenant.person(), tenant.alumnus("megumi"));
    let departure = tenant.record(&leaver.left("E-1"));
    let member = tenant.register(&departure, &leaver, &alumnus);
    let person = person_of(&tenant, &departure);
    let raised = first.post("/v1/no-rehire-flags", &grounds(&tenant, &person)).expect(201);
    let flag = id(&raised);
    assert_eq!(raised["state"], "raised");
    first.post("/v1/no-rehire-flags", &grounds(&tenant, &person)).problem(409, "duplicate");
    let must_look = || tenant.recruiter().read(&format!("/v1/members/{member}"))["review_required"].clone();
    let verdict = || tenant.compliance().read(&format!("/v1/members/{member}"))["departure_verdict"].clone();
    assert_eq!((must_look(), verdict()), (json!("yes"), json!("eligible")), "somebody has to look; nothing is decided");
    review(&tenant, &first, &flag, "uphold").refused(422, "second_person_required");
    assert!(!waits(&first, "review_flag") && waits(&second, "review_flag"));
    assert_eq!(review(&tenant, &second, &flag, "uphold").expect(200)["state"], "active");
    assert!(!waits(&second, "review_flag"));
    assert_eq!(must_look(), "yes");
    review(&tenant, &second, &flag, "uphold").refused(409, "nothing_to_review");
    let early = json!({"evidence_ref": "legal/2026-4", "expires_on": tenant.day(1000), "clause": "第62条"});
    tenant.command(&first, "no-rehire-flags", &flag, "renew", &early).refused(409, "too_early_to_renew");
    let lift = json!({"reason_code": "evidence_refuted"});
    assert_eq!(tenant.command(&first, "no-rehire-flags", &flag, "lift", &lift).expect(200)["state"], "lifted");
    assert_eq!(must_look(), "no");
    review(&tenant, &second, &flag, "uphold").refused(409, "ended");
    let rejected = id(&tenant.people_ops().post("/v1/no-rehire-flags", &grounds(&tenant, &person)).expect(201));
    assert_eq!(review(&tenant, &second, &rejected, "reject").expect(200)["state"], "rejected");
}

fn a_flag_rests_on_named_grounds_and_ends(kind: StoreKind) {
    let tenant = tenant(kind);
    let person = person_of(&tenant, &tenant.record(&tenant.person().left("E-1")));
    let with = |field: &str, value: Value| {
        let mut body = grounds(&tenant, &person);
        body[field] = value;
        tenant.compliance().post("/v1/no-rehire-flags", &body)
    };
    for field in ["clause", "evidence_ref", "appeal_route"] {
        with(field, json!(" ")).points_at(&format!("/{field}"), "required");
    }
    // Whoever joined a union, took leave or blew a whistle cannot be flagged for it: there is no such reason.
    for reason in ["union_activity", "childcare_leave", "whistleblowing", "complaint", "other"] {
        with("reason", json!(reason)).points_at("/reason", "unknown_value");
    }
    with("expires_on", json!(tenant.day(0))).points_at("/expires_on", "expiry_out_of_range");
    with("expires_on", json!(tenant.day(1200))).points_at("/expires_on", "expiry_out_of_range");
    with("person_id", json!(uuid::Uuid::now_v7())).points_at("/person_id", "person_not_found");
    with("person_id", json!("x")).points_at("/person_id", "not_an_id");
    let mut service = tenant.person_token("robot", &[Role::Compliance]);
    service.service = true;
    let robot = tenant.with_token(&service);
    robot.post("/v1/no-rehire-flags", &grounds(&tenant, &person)).problem(403, "natural_person_required");
}

fn an_appeal_goes_to_somebody_who_was_not_involved(kind: StoreKind) {
    let tenant = tenant(kind);
    let (first, second) = (tenant.compliance(), tenant.second_compliance());
    let third = tenant.user("yoshida", Role::Compliance);
    let (leaver, alumnus) = (tenant.person(), tenant.alumnus("megumi"));
    let departure = tenant.record(&leaver.left("E-1"));
    tenant.register(&departure, &leaver, &alumnus);
    let person = person_of(&tenant, &departure);
    let flag = id(&first.post("/v1/no-rehire-flags", &grounds(&tenant, &person)).expect(201));
    let appeal = |by: &Client, body: &Value| tenant.command(by, "no-rehire-flags", &flag, "appeal", body);
    let words = tenant.words("事実と異なります");
    appeal(&alumnus, &json!({"grounds": words})).refused(409, "awaits_review");
    review(&tenant, &second, &flag, "uphold").expect(200);
    appeal(&alumnus, &json!({"recorded_for": {"reason": "書面"}})).points_at("/recorded_for", "not_for_oneself");
    appeal(&third, &json!({"grounds": words})).points_at("/recorded_for", "required");
    appeal(&tenant.alumnus("mallory"), &json!({})).problem(404, "not_found");
    assert_eq!(appeal(&alumnus, &json!({"grounds": words})).expect(200)["state"], "under_appeal");
    for involved in [&first, &second] {
        review(&tenant, involved, &flag, "reject").refused(422, "uninvolved_person_required");
    }
    assert!(waits(&third, "decide_appeal"));
    assert_eq!(review(&tenant, &third, &flag, "uphold").expect(200)["state"], "active");
    appeal(&alumnus, &json!({})).refused(409, "appeal_decided");

    let other = tenant.person();
    let departure = tenant.record(&other.left("E-2"));
    let person = person_of(&tenant, &departure);
    let flag = id(&first.post("/v1/no-rehire-flags", &grounds(&tenant, &person)).expect(201));
    review(&tenant, &second, &flag, "uphold").expect(200);
    let letter = json!({"grounds": words, "recorded_for": {"reason": "2026年11月20日付の書面"}});
    tenant.command(&third, "no-rehire-flags", &flag, "appeal", &letter).expect(200);
    review(&tenant, &third, &flag, "reject").refused(422, "uninvolved_person_required");
    let fourth = tenant.user("ueda", Role::Compliance);
    assert_eq!(review(&tenant, &fourth, &flag, "reject").expect(200)["state"], "lifted");
}

fn the_person_sees_what_they_can_act_on_and_others_see_nothing(kind: StoreKind) {
    let tenant = tenant(kind);
    let (leaver, alumnus) = (tenant.person(), tenant.alumnus("megumi"));
    let departure = tenant.record(&leaver.left("E-1"));
    tenant.register(&departure, &leaver, &alumnus);
    let mut body = grounds(&tenant, &person_of(&tenant, &departure));
    let note = tenant.words("目撃者あり");
    body["note"] = json!(note);
    let flag = id(&tenant.compliance().post("/v1/no-rehire-flags", &body).expect(201));
    review(&tenant, &tenant.second_compliance(), &flag, "uphold").expect(200);
    let own = alumnus.get(&format!("/v1/no-rehire-flags/{flag}"));
    let members = own.expect(200);
    let mut names: Vec<&str> = members.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["appeal_route", "clause", "expires_on", "id", "position", "raised_at", "state", "version"]);
    let mine = alumnus.get("/v1/my/data");
    assert_eq!(mine.expect(200)["no_rehire_flags"][0]["id"], flag.as_str());
    assert!(
        !mine.text().contains("harassment") && !mine.text().contains(&note) && !mine.text().contains("legal/2026-3")
    );
    tenant.alumnus("mallory").get(&format!("/v1/no-rehire-flags/{flag}")).problem(404, "not_found");
    for role in [Role::Recruiter, Role::HiringManager, Role::Interviewer, Role::ProgrammeAdmin, Role::Executive] {
        let other = tenant.user("other", role);
        other.get(&format!("/v1/no-rehire-flags/{flag}")).problem(403, "forbidden");
        other.get("/v1/no-rehire-flags").problem(403, "forbidden");
        assert!(!other.read("/v1/tasks").to_string().contains(&flag));
    }
    let all = tenant.people_ops().all("/v1/no-rehire-flags?state=active&reason=harassment");
    assert_eq!(all[0]["note"], note.as_str());
}
