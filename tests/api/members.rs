//! `/v1/members`: registered by invitation or self-claim, and from then on master of their own data.

use okaeri::identity::Role;
use serde_json::{Value, json};

use crate::program::client::Client;
use crate::program::people::{Tenant, id, tenant};
use crate::program::served_by_both_stores;
use crate::support::StoreKind;

served_by_both_stores!(
    an_invitation_opens_one_membership_to_whoever_holds_it,
    a_short_code_is_typed_in_any_spelling,
    a_self_claim_waits_for_somebody_who_knows,
    a_self_claim_that_fits_nobody_is_turned_down,
    consents_are_given_and_taken_back_one_by_one,
    a_profile_holds_what_its_member_says_and_records_only_what_differs,
    a_pause_ends_and_leaving_ends_every_consent,
    a_recruiter_says_whom_they_contacted_about_what,
    nobody_is_contacted_who_has_not_consented_or_wishes_to_be_left_alone,
    nobody_touches_the_membership_of_another,
    of_many_who_hold_one_invitation_one_is_let_in,
);

fn say(tenant: &Tenant<'_>, by: &Client, member: &str, command: &str, body: &Value) -> Value {
    tenant.command(by, "members", member, command, body).expect(200)
}

fn claim(person: &crate::program::people::Person, number: Option<&str>) -> Value {
    json!({
        "claim": {"employee_number": number, "name_at_departure": person.name, "birth_date": person.birth_date},
        "contact": {"email": person.email}, "consents": ["contact"], "terms_version": "2026-10",
    })
}

fn an_invitation_opens_one_membership_to_whoever_holds_it(kind: StoreKind) {
    let tenant = tenant(kind);
    let (leaver, alumnus) = (tenant.person(), tenant.alumnus("megumi"));
    let departure = tenant.record(&leaver.left("E-1"));
    let invitation = tenant.invite(&departure);
    let registered = alumnus.post("/v1/members", &leaver.registers(&invitation));
    let member = id(&registered.expect(201));
    assert_eq!(registered.json()["state"], "active");
    assert_eq!(registered.header("location"), Some(format!("/v1/members/{member}").as_str()));

    let own = alumnus.read(&format!("/v1/members/{member}"));
    assert_eq!(own["contact"], json!({"email": leaver.email, "phone": leaver.phone}));
    assert_eq!(own["name"], leaver.name.as_str());
    assert_eq!(tenant.people_ops().read(&format!("/v1/departures/{departure}"))["member_id"], member.as_str());

    let other = tenant.alumnus("mallory");
    other.post("/v1/members", &leaver.registers(&invitation)).problem(409, "duplicate");
    alumnus.post("/v1/members", &leaver.registers(&invitation)).problem(409, "duplicate");
    tenant
        .command(&tenant.people_ops(), "departures", &departure, "invite", &json!({}))
        .refused(409, "already_registered");
    let mut forged = invitation.into_bytes();
    forged[20] = if forged[20] == b'A' { b'B' } else { b'A' };
    let forged = String::from_utf8(forged).unwrap();
    other.post("/v1/members", &leaver.registers(&forged)).refused(422, "invitation_not_valid");
    other.post("/v1/members", &json!({"terms_version": "1"})).points_at("/invitation_token", "exactly_one");
}

fn a_short_code_is_typed_in_any_spelling(kind: StoreKind) {
    let tenant = tenant(kind);
    let leaver = tenant.person();
    let departure = tenant.record(&leaver.left("E-1"));
    let invited = tenant.command(&tenant.people_ops(), "departures", &departure, "invite", &json!({})).expect(200);
    let code = invited["short_code"].as_str().unwrap();
    tenant.tell(code);
    let typed = code.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
    tenant.tell(&typed);
    let alumnus = tenant.alumnus("megumi");
    let body = |code: &str| json!({"short_code": code, "consents": [], "terms_version": "2026-10"});
    alumnus.post("/v1/members", &body("0000-0000-0000")).refused(422, "invitation_not_valid");
    assert_eq!(alumnus.post("/v1/members", &body(&typed)).expect(201)["state"], "active");
}

fn a_self_claim_waits_for_somebody_who_knows(kind: StoreKind) {
    let tenant = tenant(kind);
    let (leaver, namesake) = (tenant.person(), tenant.person());
    let (alumnus, admin) = (tenant.alumnus("megumi"), tenant.programme_admin());
    let departure = tenant.record(&leaver.left("E-1"));
    tenant.record(&namesake.left("E-2"));
    let registered = alumnus.post("/v1/members", &claim(&leaver, Some("e-2"))).expect(201);
    let member = id(&registered);
    assert_eq!(registered["state"], "pending_review");
    let task = |by: &Client| by.all("/v1/tasks").into_iter().any(|task| task["kind"] == "review_registration");
    assert!(task(&admin) && !task(&tenant.people_ops()));

    let seen = admin.read(&format!("/v1/members/{member}"));
    assert_eq!(seen["claim"]["name_at_departure"], leaver.name.as_str());
    let matches = seen["claim"]["matches"].as_array().unwrap();
    assert_eq!(matches.len(), 2, "one by name and birth date, one by number: {matches:?}");
    let fits = matches.iter().find(|one| one["departure_id"] == departure.as_str()).unwrap();
    assert_eq!(fits["evidence"], json!(["name_matches", "birth_date_matches"]));
    for other in [tenant.people_ops(), tenant.compliance(), tenant.recruiter(), alumnus.clone()] {
        let seen = other.read(&format!("/v1/members/{member}"));
        assert!(seen.get("claim").is_none() && seen["name"].is_null(), "{seen}");
        assert_eq!(seen["state"], "pending_review");
    }

    let approve = |by: &Client, departure: &str| {
        tenant.command(by, "members", &member, "approve", &json!({"departure_id": departure}))
    };
    let unknown = uuid::Uuid::now_v7().to_string();
    approve(&admin, &unknown).points_at("/departure_id", "departure_not_found");
    approve(&admin, "x").points_at("/departure_id", "not_an_id");
    let both =
        tenant.person_token("megumi", &[okaeri::identity::Role::Alumnus, okaeri::identity::Role::ProgrammeAdmin]);
    approve(&tenant.with_token(&both), &departure).refused(422, "second_person_required");
    assert_eq!(approve(&admin, &departure).expect(200)["state"], "active");
    assert!(!task(&admin));
    let own = alumnus.read(&format!("/v1/members/{member}"));
    assert_eq!((&own["name"], &own["departure_id"]), (&json!(leaver.name), &json!(departure)));
    tenant
        .command(&admin, "members", &member, "reject", &json!({"reason_code": "no_match"}))
        .refused(409, "not_pending");
}

fn a_self_claim_that_fits_nobody_is_turned_down(kind: StoreKind) {
    let tenant = tenant(kind);
    let (stranger, alumnus, admin) = (tenant.person(), tenant.alumnus("mallory"), tenant.programme_admin());
    let registered = alumnus.post("/v1/members", &claim(&stranger, None)).expect(201);
    assert_eq!(registered["state"], "pending_review", "the answer tells nothing of who is known");
    let member = id(&registered);
    assert_eq!(admin.read(&format!("/v1/members/{member}"))["claim"]["matches"], json!([]));
    alumnus.post("/v1/members", &claim(&stranger, None)).problem(409, "duplicate");
    let note = tenant.words("該当者なし");
    let rejection = json!({"reason_code": "no_match", "note": note});
    assert_eq!(say(&tenant, &admin, &member, "reject", &rejection)["state"], "rejected");
    let own = alumnus.get(&format!("/v1/members/{member}"));
    assert_eq!(own.expect(200)["ending"]["rejected_because"], "no_match");
    assert!(!own.text().contains(&note), "what an approver wrote is not for the claimant");
    alumnus.post("/v1/members", &claim(&stranger, None)).expect(201);
}

fn consents_are_given_and_taken_back_one_by_one(kind: StoreKind) {
    let tenant = tenant(kind);
    let (leaver, alumnus) = (tenant.person(), tenant.alumnus("megumi"));
    let member = tenant.register(&tenant.record(&leaver.left("E-1")), &leaver, &alumnus);
    let recruiter = tenant.recruiter();
    let seen = || recruiter.read(&format!("/v1/members/{member}"));
    assert_eq!(seen()["contact"]["email"], leaver.email.as_str());
    say(&tenant, &alumnus, &member, "withdraw-consent", &json!({"purpose": "contact"}));
    say(&tenant, &alumnus, &member, "withdraw-consent", &json!({"purpose": "jobs"}));
    assert!(seen().get("contact").is_none(), "no consent, no address");
    let before = seen()["version"].clone();
    assert_eq!(say(&tenant, &alumnus, &member, "withdraw-consent", &json!({"purpose": "jobs"}))["version"], before);
    let grant = json!({"purpose": "jobs", "text_version": "2027-04"});
    say(&tenant, &alumnus, &member, "grant-consent", &grant);
    assert_eq!(seen()["contact"]["phone"], leaver.phone.as_str());
    let mine = alumnus.read("/v1/my/consents");
    let purposes = mine["memberships"][0]["purposes"].as_array().unwrap();
    let standing: Vec<_> = purposes.iter().filter(|p| p["granted"] == true).map(|p| &p["purpose"]).collect();
    assert_eq!(standing, ["jobs", "referral"]);
    let jobs = purposes.iter().find(|purpose| purpose["purpose"] == "jobs").unwrap();
    assert_eq!(jobs["text_version"], "2027-04");
    let first = mine["memberships"][0]["history"][0]["at"].as_str().unwrap();
    let then = alumnus.read(&format!("/v1/my/consents?at={first}"));
    assert!(then["memberships"][0]["purposes"].to_string().contains("2026-10"));
    tenant
        .command(&alumnus, "members", &member, "grant-consent", &json!({"purpose": "marketing", "text_version": "1"}))
        .points_at("/purpose", "unknown_value");
    alumnus.get("/v1/my/consents?at=yesterday").problem(400, "malformed_request");
}

fn a_profile_holds_what_its_member_says_and_records_only_what_differs(kind: StoreKind) {
    let tenant = tenant(kind);
    let (leaver, alumnus) = (tenant.person(), tenant.alumnus("megumi"));
    let member = tenant.register(&tenant.record(&leaver.left("E-1")), &leaver, &alumnus);
    let (now_at, skill) = (tenant.words("株式会社"), tenant.words("大型免許"));
    let told = json!({
        "contact": {"phone": null}, "intents": ["return", "side_job"],
        "profile": {"current_employer": now_at, "skills": [skill, "運行管理者"], "region": "JP-04", "language": "ja"},
    });
    let first = say(&tenant, &alumnus, &member, "update-profile", &told);
    let again = say(&tenant, &alumnus, &member, "update-profile", &told);
    assert_eq!(first["version"], again["version"], "nothing differs");
    let own = alumnus.read(&format!("/v1/members/{member}"));
    assert_eq!(own["contact"], json!({"email": leaver.email, "phone": null}));
    assert_eq!(own["profile"]["skills"], json!([skill, "運行管理者"]));
    assert_eq!(own["intents"], json!(["return", "side_job"]));
    say(&tenant, &alumnus, &member, "update-profile", &json!({"profile": {"skills": null}, "intents": []}));
    let own = alumnus.read(&format!("/v1/members/{member}"));
    assert_eq!((&own["profile"]["skills"], &own["profile"]["current_employer"]), (&Value::Null, &json!(now_at)));
    let update = |body: &Value| tenant.command(&alumnus, "members", &member, "update-profile", body);
    update(&json!({"profile": {"region": "a village near Sendai"}})).points_at("/profile/region", "not_a_code");
    update(&json!({"contact": {"email": "nobody"}})).points_at("/contact/email", "not_an_email");
    update(&json!({"profile": {"religion": "x"}})).points_at("/profile/religion", "unknown_field");
    update(&json!({"intents": ["return", "x"]})).points_at("/intents/1", "unknown_value");
    let group = json!({"group": {"sex": "female"}});
    let declared = say(&tenant, &alumnus, &member, "declare-group", &group);
    assert_eq!(alumnus.read(&format!("/v1/members/{member}"))["declared_group"], "yes");
    assert_eq!(alumnus.read("/v1/my/data")["memberships"][0]["group"]["sex"], "female");
    for other in [tenant.programme_admin(), tenant.compliance(), tenant.people_ops(), tenant.recruiter()] {
        let seen = other.get(&format!("/v1/members/{member}"));
        assert!(!seen.text().contains("declared_group") && !seen.text().contains("female"));
    }
    say(&tenant, &alumnus, &member, "declare-group", &json!({"group": null}));
    update(&json!({"group": "x"})).problem(422, "validation_failed");
    assert!(declared["version"].as_i64() < alumnus.read(&format!("/v1/members/{member}"))["version"].as_i64());
}

fn a_pause_ends_and_leaving_ends_every_consent(kind: StoreKind) {
    let tenant = tenant(kind);
    let (leaver, alumnus) = (tenant.person(), tenant.alumnus("megumi"));
    let departure = tenant.record(&leaver.left("E-1"));
    let member = tenant.register(&departure, &leaver, &alumnus);
    let until = tenant.day(40);
    assert_eq!(say(&tenant, &alumnus, &member, "pause", &json!({"until": until}))["state"], "paused");
    assert_eq!(alumnus.read(&format!("/v1/members/{member}"))["paused_until"], until.as_str());
    tenant
        .command(&alumnus, "members", &member, "pause", &json!({"until": tenant.day(0)}))
        .points_at("/until", "pause_over_already");
    assert_eq!(say(&tenant, &alumnus, &member, "resume", &json!({}))["state"], "active");
    say(&tenant, &alumnus, &member, "confirm-data", &json!({}));
    let terms = || alumnus.read("/v1/my/consents")["memberships"][0]["terms_version"].clone();
    assert_eq!(terms(), "2026-10");
    let accepting = json!({"terms_version": "2027-04"});
    let accepted = say(&tenant, &alumnus, &member, "confirm-data", &accepting);
    assert_eq!(say(&tenant, &alumnus, &member, "confirm-data", &accepting)["version"], accepted["version"], "quiet");
    assert_eq!(
        (terms(), &alumnus.read(&format!("/v1/members/{member}"))["terms_version"]),
        (json!("2027-04"), &json!("2027-04"))
    );
    let before = alumnus.read(&format!("/v1/members/{member}"))["registered_at"].clone();
    let then = alumnus.read(&format!("/v1/my/consents?at={}", before.as_str().unwrap()));
    assert_eq!(then["memberships"][0]["terms_version"], "2026-10", "what stood at an instant");
    tenant
        .command(&alumnus, "members", &member, "confirm-data", &json!({"terms_version": " "}))
        .problem(422, "validation_failed");
    let reason = tenant.words("もう連絡は不要");
    assert_eq!(say(&tenant, &alumnus, &member, "leave", &json!({"reason": reason}))["state"], "left");
    tenant.command(&alumnus, "members", &member, "resume", &json!({})).refused(409, "ended");
    let own = alumnus.read(&format!("/v1/members/{member}"));
    assert_eq!(own["ending"]["note"], reason.as_str(), "their own words");
    assert!(own["consents"].as_object().unwrap().values().all(|consent| consent["state"] == "ended"), "{own}");
    assert!(tenant.recruiter().read(&format!("/v1/members/{member}")).get("contact").is_none());

    let ended = alumnus.read("/v1/my/consents")["memberships"][0]["history"].as_array().unwrap().len();
    assert_eq!(ended, 6, "three given, three ended");
    // Whoever left may come again: a new membership of the same person, with fresh consents.
    let anew = id(&alumnus.post("/v1/members", &claim(&leaver, Some("E-1"))).expect(201));
    assert_ne!(anew, member);
    say(&tenant, &tenant.programme_admin(), &anew, "approve", &json!({"departure_id": departure}));
    let (again, before) = (alumnus.read(&format!("/v1/members/{anew}")), own["person_id"].clone());
    assert_eq!((&again["state"], &again["person_id"]), (&json!("active"), &before));
    assert_eq!(again["consents"].as_object().unwrap().keys().collect::<Vec<_>>(), ["contact"]);
}

fn a_recruiter_says_whom_they_contacted_about_what(kind: StoreKind) {
    let tenant = tenant(kind);
    let (leaver, alumnus, recruiter) = (tenant.person(), tenant.alumnus("megumi"), tenant.recruiter());
    let member = tenant.register(&tenant.record(&leaver.left("E-1")), &leaver, &alumnus);
    let position = tenant.published(&json!({}));
    let (today, note) = (tenant.day(0), tenant.words("電話で案内"));
    let about = |more: Value| {
        let mut body = json!({"contacted_on": today, "channel": "phone"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let record = |by: &Client, body: &Value| tenant.command(by, "members", &member, "record-contact", body);
    let version = |more: Value| record(&recruiter, &about(more)).expect(200)["version"].clone();
    let first = version(json!({"requisition_id": position}));
    assert_eq!(version(json!({"requisition_id": position})), first, "said already");
    assert_ne!(version(json!({"requisition_id": position, "note": note})), first);
    record(&tenant.people_ops(), &about(json!({"job_family": "clerk"}))).expect(200);

    let refused = |more: Value| record(&recruiter, &about(more));
    refused(json!({})).points_at("/requisition_id", "exactly_one");
    refused(json!({"requisition_id": position, "job_family": "x"})).points_at("/requisition_id", "exactly_one");
    refused(json!({"requisition_id": position, "legal_entity": "JP-HQ"}))
        .points_at("/legal_entity", "follows_from_requisition");
    refused(json!({"requisition_id": member})).points_at("/requisition_id", "requisition_not_found");
    refused(json!({"job_family": "x", "channel": "newsletter"})).points_at("/channel", "unknown_value");
    refused(json!({"job_family": "x", "contacted_on": tenant.day(1)})).points_at("/contacted_on", "contact_ahead");
    refused(json!({"job_family": "x", "contacted_on": tenant.day(-1)}))
        .points_at("/contacted_on", "contact_before_membership");
    record(&alumnus, &about(json!({"job_family": "x"}))).problem(403, "forbidden");
    let mut confined = tenant.person_token("west", &[Role::Recruiter]);
    confined.legal_entities = Some(["JP-WEST".to_owned()].into());
    let west = tenant.with_token(&confined);
    record(&west, &about(json!({"job_family": "x", "legal_entity": "JP-WEST"}))).problem(404, "not_found");
    confined.legal_entities = Some(["JP-HQ".to_owned()].into());
    let headquarters = tenant.with_token(&confined);
    record(&headquarters, &about(json!({"job_family": "x", "legal_entity": "JP-HQ"}))).expect(200);
    record(&headquarters, &about(json!({"job_family": "x", "legal_entity": "JP-WEST"})))
        .points_at("/legal_entity", "entity_not_found");

    let told = alumnus.read("/v1/my/data").to_string();
    assert!(told.contains("A recruiter contacted you about a position") && !told.contains(&note), "{told}");
    let history = |by: &Client| -> Vec<Value> {
        let history = by.all(&format!("/v1/history/members/{member}")).into_iter();
        history.filter(|item| item["event"] == "member.contact_recorded").collect()
    };
    let seen = history(&recruiter);
    assert_eq!((seen.len(), &seen[0]["data"]["requisition_id"]), (4, &json!(position)));
    assert_eq!((&seen[0]["data"]["job_family"], &seen[1]["why"]), (&json!("driver"), &Value::Null));
    assert_eq!(history(&tenant.compliance())[1]["why"]["words"], note.as_str());
}

fn nobody_is_contacted_who_has_not_consented_or_wishes_to_be_left_alone(kind: StoreKind) {
    let tenant = tenant(kind);
    let (leaver, alumnus) = (tenant.person(), tenant.alumnus("megumi"));
    let member = tenant.register(&tenant.record(&leaver.left("E-1")), &leaver, &alumnus);
    let contact = json!({"contacted_on": tenant.day(0), "job_family": "driver", "channel": "email"});
    let record = || tenant.command(&tenant.recruiter(), "members", &member, "record-contact", &contact);
    say(&tenant, &alumnus, &member, "withdraw-consent", &json!({"purpose": "jobs"}));
    let problem = record().problem(422, "rule_blocked");
    assert_eq!((&problem["rule"], &problem["reason"]), (&json!("PRV-01"), &json!("jobs_consent_missing")));
    say(&tenant, &alumnus, &member, "grant-consent", &json!({"purpose": "jobs", "text_version": "2027-04"}));
    say(&tenant, &alumnus, &member, "pause", &json!({}));
    record().refused(409, "paused");
    say(&tenant, &alumnus, &member, "resume", &json!({}));
    record().expect(200);
    say(&tenant, &alumnus, &member, "leave", &json!({}));
    record().refused(409, "ended");
}

fn nobody_touches_the_membership_of_another(kind: StoreKind) {
    let tenant = tenant(kind);
    let (leaver, alumnus, other) = (tenant.person(), tenant.alumnus("megumi"), tenant.alumnus("mallory"));
    let member = tenant.register(&tenant.record(&leaver.left("E-1")), &leaver, &alumnus);
    other.get(&format!("/v1/members/{member}")).problem(404, "not_found");
    for (command, body) in [
        ("update-profile", json!({"intents": []})),
        ("grant-consent", json!({"purpose": "jobs", "text_version": "1"})),
        ("withdraw-consent", json!({"purpose": "jobs"})),
        ("confirm-data", json!({})),
        ("declare-group", json!({"group": null})),
        ("pause", json!({})),
        ("resume", json!({})),
        ("leave", json!({})),
    ] {
        tenant.command(&other, "members", &member, command, &body).problem(404, "not_found");
    }
    assert_eq!(other.read("/v1/my/data")["memberships"], json!([]));
    assert_eq!(other.read("/v1/my/consents")["memberships"], json!([]));
    assert_eq!(alumnus.read(&format!("/v1/members/{member}"))["state"], "active");
}

fn of_many_who_hold_one_invitation_one_is_let_in(kind: StoreKind) {
    let tenant = tenant(kind);
    for round in 0..3 {
        let leaver = tenant.person();
        let departure = tenant.record(&leaver.left(&format!("E-{round}")));
        let invitation = tenant.invite(&departure);
        let body = leaver.registers(&invitation);
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let (tenant, body) = (&tenant, &body);
            let register = |nth: i32| tenant.alumnus(&format!("r{round}-{nth}")).post("/v1/members", body).status;
            let racers: Vec<_> = (0..8).map(|nth| scope.spawn(move || register(nth))).collect();
            racers.into_iter().map(|racer| racer.join().unwrap()).collect()
        });
        assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
        assert!(statuses.iter().all(|status| [201, 409].contains(status)), "{statuses:?}");
    }
    assert_eq!(tenant.people_ops().all("/v1/members").len(), 3);
}
