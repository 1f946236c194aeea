//! `/v1/departures` as people operations, recruiters and leavers use it.

use std::collections::BTreeSet;

use okaeri::identity::Role;
use serde_json::{Value, json};

use crate::program::people::{id, tenant};
use crate::program::served_by_both_stores;
use crate::support::StoreKind;

served_by_both_stores!(
    a_departure_is_recorded_once,
    corrections_name_what_they_correct_and_the_earlier_facts_stay_readable,
    who_stays_has_not_left_and_may_leave_another_time,
    whoever_refused_contact_is_never_written_to_again,
    whoever_is_about_to_leave_refuses_contact_themselves,
    whoever_refused_contact_is_invited_by_no_departure_of_theirs,
    a_refusal_and_an_invitation_at_once_leave_one_order,
    the_first_letter_is_repeated_once_and_the_dead_get_none,
    not_eligible_takes_two_people_and_an_end,
    departures_are_found_by_field_and_by_name,
    a_batch_of_invitations_is_a_file_in_which_each_line_stands_for_itself,
    a_caller_of_one_entity_sees_and_records_nothing_of_another,
);

fn a_departure_is_recorded_once(kind: StoreKind) {
    let tenant = tenant(kind);
    let (people_ops, leaver) = (tenant.people_ops(), tenant.person());
    let recorded = people_ops.post("/v1/departures", &leaver.left("E-1"));
    let body = recorded.expect(201);
    assert_eq!(body["state"], "effective");
    assert_eq!(recorded.header("location"), Some(format!("/v1/departures/{}", id(&body)).as_str()));
    assert_eq!(recorded.header("etag"), Some(format!("\"{}\"", body["version"]).as_str()));

    let read = people_ops.get(recorded.header("location").unwrap());
    let departure = read.expect(200);
    assert_eq!(read.header("etag"), recorded.header("etag"));
    assert_eq!((&departure["version"], &departure["position"]), (&body["version"], &body["position"]));
    assert_eq!(departure["person"], leaver.json());
    assert_eq!(departure["employment"]["base_salary"], json!({"amount": 6_200_000, "currency": "JPY"}));
    assert_eq!((&departure["reason"], &departure["verdict"]), (&json!("relocation"), &json!("eligible")));

    people_ops.post("/v1/departures", &leaver.left("E-1")).problem(409, "duplicate");
    let elsewhere = people_ops.post("/v1/departures", &leaver.leaves("E-1", "2024-05-01", "2025-03-31")).expect(201);
    let elsewhere = people_ops.read(&format!("/v1/departures/{}", id(&elsewhere)));
    assert_eq!(elsewhere["person_id"], departure["person_id"], "one number, one person");
}

fn corrections_name_what_they_correct_and_the_earlier_facts_stay_readable(kind: StoreKind) {
    let tenant = tenant(kind);
    let (people_ops, leaver, married) = (tenant.people_ops(), tenant.person(), tenant.person());
    let departure = tenant.record(&leaver.left("E-1"));
    let correct = |body: &Value| tenant.command(&people_ops, "departures", &departure, "correct", body);
    let why = tenant.words("婚姻による改姓");
    correct(&json!({"why": why, "name": married.name, "left_on": "2024-03-30"})).expect(200);
    correct(&json!({"why": "x", "corrects": 2, "grade": "G5"})).points_at("/corrects", "nothing_to_correct");
    correct(&json!({"why": "x", "left_on": "2014-03-30"})).points_at("/employment/left_on", "before_hired_on");
    correct(&json!({"why": "x", "left_on": tenant.day(3)})).points_at("/left_on", "cannot_undo_effect");
    correct(&json!({"grade": "G5"})).points_at("/why", "required");

    let stands = people_ops.read(&format!("/v1/departures/{departure}"));
    assert_eq!(stands["person"]["name"], married.name.as_str());
    assert_eq!(stands["employment"]["left_on"], "2024-03-30");
    assert_eq!((&stands["corrections"][0]["corrects"], &stands["corrections"][0]["why"]), (&json!(1), &json!(why)));
    let history = tenant.compliance().all(&format!("/v1/history/departures/{departure}"));
    let corrected = history.iter().find(|item| item["event"] == "departure.corrected").unwrap();
    let change = |field: &str| {
        let changes = corrected["changes"].as_array().unwrap();
        changes.iter().find(|change| change["field"] == field).cloned().unwrap_or_default()
    };
    assert_eq!(change("person.name")["before"], leaver.name.as_str());
    assert_eq!(change("person.name")["after"], married.name.as_str());
    assert_eq!(change("employment.left_on")["before"], "2024-03-31");
    assert_eq!(corrected["why"]["words"], why.as_str());
    let found = people_ops.read(&format!("/v1/departures?q={}", encoded(&married.name)));
    assert_eq!(found["items"][0]["id"], departure.as_str(), "found under the new name");
}

fn who_stays_has_not_left_and_may_leave_another_time(kind: StoreKind) {
    let tenant = tenant(kind);
    let (people_ops, stayer) = (tenant.people_ops(), tenant.person());
    let ahead = stayer.leaves("E-1", "2015-04-01", &tenant.day(20));
    let departure = tenant.record(&ahead);
    let rescind = |id: &str| tenant.command(&people_ops, "departures", id, "rescind", &json!({"why": "慰留に応じた"}));
    assert_eq!(people_ops.read(&format!("/v1/departures/{departure}"))["state"], "scheduled");
    assert_eq!(rescind(&departure).expect(200)["state"], "rescinded");
    let again = rescind(&departure).expect(200);
    assert_eq!(people_ops.read(&format!("/v1/departures/{departure}"))["version"], again["version"]);
    tenant.command(&people_ops, "departures", &departure, "invite", &json!({})).refused(409, "rescinded");

    let later = tenant.record(&ahead);
    assert_ne!(later, departure);
    let gone = tenant.record(&tenant.person().left("E-2"));
    rescind(&gone).refused(409, "already_effective");
}

fn whoever_refused_contact_is_never_written_to_again(kind: StoreKind) {
    let tenant = tenant(kind);
    let people_ops = tenant.people_ops();
    let departure = tenant.record(&tenant.person().left("E-1"));
    let refuse = || tenant.command(&tenant.programme_admin(), "departures", &departure, "refuse-contact", &json!({}));
    let first = refuse().expect(200);
    assert_eq!(refuse().expect(200)["version"], first["version"], "already so");
    for basis in ["exit_consent", "exit_notice", "published_purpose", "notice_with_invitation"] {
        let invited = tenant.command(&people_ops, "departures", &departure, "invite", &json!({"basis": basis}));
        let problem = invited.refused(422, "contact_refused");
        assert_eq!((&problem["code"], &problem["rule"]), (&json!("rule_blocked"), &json!("PRV-01")));
    }
    let stands = people_ops.read(&format!("/v1/departures/{departure}"));
    assert_eq!(stands["outreach"]["barred_because"], json!(["contact_refused"]));
}

fn whoever_is_about_to_leave_refuses_contact_themselves(kind: StoreKind) {
    let tenant = tenant(kind);
    let (leaver, login) = (tenant.person(), tenant.employee("megumi"));
    let mut works = leaver.works("E-1", "2015-04-01");
    works["subject"] = json!(tenant.subject("megumi"));
    tenant.hris().post("/v1/employments", &works).expect(201);
    let departure = tenant.record(&leaver.leaves("E-1", "2015-04-01", &tenant.day(20)));
    let another = tenant.record(&tenant.person().leaves("E-2", "2015-04-01", &tenant.day(20)));
    let refuse = |departure: &str| tenant.command(&login, "departures", departure, "refuse-contact", &json!({}));
    refuse(&another).problem(404, "not_found");
    refuse(&departure).expect(200);
    tenant
        .command(&tenant.people_ops(), "departures", &departure, "invite", &json!({}))
        .refused(422, "contact_refused");
    let own = tenant.alumnus("megumi");
    assert_eq!(own.read(&format!("/v1/departures/{departure}"))["person"]["name"], leaver.name.as_str());
    own.get(&format!("/v1/departures/{another}")).problem(404, "not_found");
}

fn the_first_letter_is_repeated_once_and_the_dead_get_none(kind: StoreKind) {
    let tenant = tenant(kind);
    let people_ops = tenant.people_ops();
    let departure = tenant.record(&tenant.person().left("E-1"));
    let invite = |body: &Value| tenant.command(&people_ops, "departures", &departure, "invite", body);
    let first = invite(&json!({})).expect(200);
    let second = invite(&json!({"basis": "exit_notice", "notice_version": "2026-10", "channel": "post"})).expect(200);
    assert_ne!(first["invitation_token"], second["invitation_token"]);
    assert!(second["qr_svg"].as_str().unwrap().contains("<svg"));
    invite(&json!({})).refused(422, "first_letter_repeated");
    invite(&json!({"basis": "exit_consent"})).expect(200);
    invite(&json!({"basis": "curiosity"})).points_at("/basis", "unknown_value");

    let mut dead = tenant.person().left("E-2");
    dead["reason"] = json!("death");
    let dead = tenant.record(&dead);
    tenant.command(&people_ops, "departures", &dead, "invite", &json!({})).refused(422, "deceased");
    let dead = people_ops.read(&format!("/v1/departures/{dead}"));
    assert_eq!(dead["outreach"]["barred_because"], json!(["deceased"]));
}

fn not_eligible_takes_two_people_and_an_end(kind: StoreKind) {
    let tenant = tenant(kind);
    let (first, second) = (tenant.people_ops(), tenant.second_people_ops());
    let mut misconduct = tenant.person().left("E-1");
    misconduct["reason"] = json!("misconduct");
    let departure = tenant.record(&misconduct);
    let verdict = || first.read(&format!("/v1/departures/{departure}"))["verdict"].clone();
    assert_eq!(verdict(), "needs_review", "a reason is never a verdict");
    let task = |by: &crate::program::client::Client, kind: &str| {
        by.all("/v1/tasks").into_iter().any(|task| task["kind"] == kind && task["subject"]["id"] == departure.as_str())
    };
    assert!(task(&first, "assess_eligibility"));

    let assess = |body: &Value| tenant.command(&first, "departures", &departure, "assess-eligibility", body);
    assess(&json!({"verdict": "not_eligible"})).points_at("/clause", "grounds_required");
    let assessed = json!({"verdict": "not_eligible", "reason_code": "misconduct", "clause": "第12条"});
    assess(&assessed).expect(200);
    assert_eq!(verdict(), "needs_review", "one person's word");
    assert!(!task(&first, "confirm_eligibility") && task(&second, "confirm_eligibility"));

    let confirmation = |days: i64| {
        json!({"clause": "第12条", "evidence_ref": "HR-2024-017", "expires_on": tenant.day(days),
            "appeal_route": "人事部 異議申立窓口"})
    };
    let confirm = |by: &crate::program::client::Client, body: &Value| {
        tenant.command(by, "departures", &departure, "confirm-eligibility", body)
    };
    confirm(&first, &confirmation(700)).refused(422, "second_person_required");
    confirm(&second, &confirmation(0)).points_at("/expires_on", "expiry_out_of_range");
    confirm(&second, &confirmation(1200)).points_at("/expires_on", "expiry_out_of_range");
    confirm(&second, &json!({"clause": "第12条"})).points_at("/evidence_ref", "required");
    confirm(&second, &json!({"decision": "return", "note": "証拠不十分"})).expect(200);
    assert!(task(&first, "reassess_eligibility"));
    assess(&assessed).expect(200);
    confirm(&tenant.user("president", Role::Executive), &confirmation(700)).expect(200);
    assert_eq!(verdict(), "not_eligible");
    confirm(&second, &confirmation(701)).refused(409, "nothing_to_confirm");
    let recruiter = tenant.recruiter().read(&format!("/v1/departures/{departure}"));
    assert_eq!(recruiter["eligibility"], json!({"verdict": "not_eligible", "clause": "第12条"}));
}

fn departures_are_found_by_field_and_by_name(kind: StoreKind) {
    let tenant = tenant(kind);
    let people_ops = tenant.people_ops();
    let people: Vec<_> = (0..4).map(|_| tenant.person()).collect();
    let mut ids = Vec::new();
    for (nth, person) in people.iter().enumerate() {
        let mut departure = person.left(&format!("E-{nth}"));
        departure["employment"]["department"] = json!(if nth < 2 { "営業部" } else { "物流部" });
        ids.push(tenant.record(&departure));
    }
    let found =
        |query: &str| -> Vec<String> { people_ops.all(&format!("/v1/departures?{query}")).iter().map(id).collect() };
    assert_eq!(found("limit=3"), ids, "in the order of recording, over pages");
    assert_eq!(found("employee_number=E-2"), ids[2..3]);
    assert_eq!(found(&format!("department={}", encoded("営業部"))), ids[..2]);
    assert_eq!(found("state=scheduled"), Vec::<String>::new());
    assert_eq!(found("verdict=eligible&state=effective&limit=1"), ids);
    assert_eq!(found(&format!("q={}", encoded(&people[1].name))), ids[1..2]);
    assert_eq!(found(&format!("q={}", encoded(&people[1].name_kana))), ids[1..2]);
    assert_eq!(found(&format!("q={}", people[3].email.to_uppercase())), ids[3..]);
    assert_eq!(found(&format!("q={}", encoded("灰谷"))).iter().collect::<BTreeSet<_>>(), ids.iter().collect());
    assert_eq!(found(&format!("q={}", encoded("存在しない"))), Vec::<String>::new());
    for wrong in ["state=gone", "limit=0", "limit=501", "limit=x", "cursor=x", "nonsense=1", "person_id=7"] {
        people_ops.get(&format!("/v1/departures?{wrong}")).problem(400, "malformed_request");
    }
    tenant.recruiter().get(&format!("/v1/departures?q={}", encoded("灰谷"))).refused(403, "name_search");
}

fn a_batch_of_invitations_is_a_file_in_which_each_line_stands_for_itself(kind: StoreKind) {
    let tenant = tenant(kind);
    let people_ops = tenant.people_ops();
    let (one, other) = (tenant.person(), tenant.person());
    let (invited, refused) = (tenant.record(&one.left("E-1")), tenant.record(&other.left("E-2")));
    tenant.command(&people_ops, "departures", &refused, "refuse-contact", &json!({})).expect(200);
    let unknown = uuid::Uuid::now_v7().to_string();
    let body = json!({"departure_ids": [invited, refused, unknown], "basis": "exit_notice"});
    let batch = people_ops.request("POST", "/v1/departures/invite-batch").json(&body).key("batch-1").send();
    assert_eq!(batch.status, 200, "{}", batch.text());
    assert!(batch.header("content-type").unwrap().starts_with("text/csv"));
    let text = batch.text();
    let mut lines = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let lines: Vec<csv::StringRecord> = lines.records().map(Result::unwrap).collect();
    let cells = |nth: usize| lines[nth].iter().map(ToOwned::to_owned).collect::<Vec<_>>();
    assert_eq!((cells(0)[0].as_str(), cells(0)[1].as_str()), (invited.as_str(), one.name.as_str()));
    assert_eq!((cells(0)[2].as_str(), cells(0)[6].as_str()), (one.email.as_str(), "invited"));
    assert_eq!(cells(1)[1..].join("|"), "|||||contact_refused");
    assert_eq!((cells(2)[0].as_str(), cells(2)[6].as_str()), (unknown.as_str(), "not_found"));
    tenant.tell(&cells(0)[3]);
    let again = people_ops.request("POST", "/v1/departures/invite-batch").json(&body).key("batch-1").send();
    assert_eq!(again.text(), text, "a repeat invites nobody again");
    people_ops
        .post("/v1/departures/invite-batch", &json!({"departure_ids": []}))
        .points_at("/departure_ids", "out_of_range");
    let member = tenant.alumnus("megumi").post("/v1/members", &one.registers(&cells(0)[3])).expect(201);
    assert_eq!(member["state"], "active");
}

fn whoever_refused_contact_is_invited_by_no_departure_of_theirs(kind: StoreKind) {
    let tenant = tenant(kind);
    let (people_ops, colleague) = (tenant.people_ops(), tenant.second_people_ops());
    let person = tenant.person();
    let again = |number: &str, before: &str, year: u32| {
        let mut departure = person.leaves(number, &format!("{year}-04-01"), &format!("{}-03-31", year + 1));
        departure["previous_employee_number"] = json!(before);
        tenant.record(&departure)
    };
    let shown = |departure: &str| people_ops.read(&format!("/v1/departures/{departure}"));
    let refused = || json!(["contact_refused"]);
    let (first, second) = (tenant.record(&person.leaves("E-1", "2010-04-01", "2015-03-31")), again("E-2", "E-1", 2016));
    assert_eq!(shown(&first)["person_id"], shown(&second)["person_id"]);
    tenant.invite(&second);
    tenant.command(&people_ops, "departures", &first, "refuse-contact", &json!({})).expect(200);
    assert_eq!(shown(&second)["outreach"]["barred_because"], refused());
    tenant.command(&people_ops, "departures", &second, "invite", &json!({})).refused(422, "contact_refused");
    // A departure that is recorded later is barred from the beginning.
    let third = again("E-3", "E-2", 2020);
    assert_eq!(shown(&third)["outreach"]["barred_because"], refused());
    tenant.command(&people_ops, "departures", &third, "invite", &json!({})).refused(422, "contact_refused");
    let body = json!({"departure_ids": [second, third]});
    let batch = people_ops.post("/v1/departures/invite-batch", &body).text();
    assert_eq!(batch.matches("contact_refused").count(), 2, "{batch}");

    // Another record of the same human being, as two people find out.
    let namesake = tenant.person();
    let fourth = tenant.record(&namesake.left("E-9"));
    tenant.invite(&fourth);
    assert_eq!(shown(&fourth)["outreach"]["barred_because"], json!([]));
    let record = shown(&fourth)["person_id"].as_str().unwrap().to_owned();
    let link = json!({"same_as": shown(&first)["person_id"], "reason": "documents_seen", "evidence_ref": "HR-1"});
    tenant.command(&people_ops, "persons", &record, "link", &link).expect(200);
    assert_eq!(shown(&fourth)["outreach"]["barred_because"], json!([]), "a proposal is not enough");
    tenant.command(&colleague, "persons", &record, "link", &link).expect(200);
    assert_eq!(shown(&fourth)["outreach"]["barred_because"], refused());
    tenant.command(&people_ops, "departures", &fourth, "invite", &json!({})).refused(422, "contact_refused");
    let mut fifth = namesake.leaves("E-10", "2024-05-01", "2024-06-30");
    fifth["previous_employee_number"] = json!("E-9");
    let fifth = tenant.record(&fifth);
    assert_eq!(shown(&fifth)["outreach"]["barred_because"], refused());
    // Nobody else is barred, and each departure says it once.
    tenant.invite(&tenant.record(&tenant.person().left("E-20")));
    for departure in [&first, &second, &third, &fourth, &fifth] {
        let history = tenant.compliance().all(&format!("/v1/history/departures/{departure}"));
        assert_eq!(history.iter().filter(|item| item["event"] == "departure.outreach_barred").count(), 1);
    }
    assert!(tenant.compliance().all("/v1/tasks").iter().all(|task| task["kind"] != "follow_up_refused"));
}

fn a_refusal_and_an_invitation_at_once_leave_one_order(kind: StoreKind) {
    let tenant = tenant(kind);
    let people_ops = tenant.people_ops();
    for round in 0..8 {
        let person = tenant.person();
        let numbers = [format!("A-{round}"), format!("B-{round}")];
        let first = tenant.record(&person.leaves(&numbers[0], "2010-04-01", "2015-03-31"));
        let mut again = person.leaves(&numbers[1], "2016-04-01", "2018-03-31");
        again["previous_employee_number"] = json!(numbers[0]);
        let second = tenant.record(&again);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                tenant.command(&people_ops, "departures", &first, "refuse-contact", &json!({})).expect(200);
            });
            scope.spawn(|| tenant.command(&people_ops, "departures", &second, "invite", &json!({})));
        });
        let place = |departure: &str, event: &str| {
            let told = tenant.compliance().all(&format!("/v1/history/departures/{departure}"));
            told.iter().find(|item| item["event"] == event).map(|item| item["position"].as_i64().unwrap())
        };
        let refused = place(&first, "departure.outreach_barred").expect("a refusal");
        assert!(
            place(&second, "departure.invited").is_none_or(|invited| invited < refused),
            "invited after the refusal"
        );
        assert!(place(&second, "departure.outreach_barred").expect("a bar") > refused);
        tenant.command(&people_ops, "departures", &second, "invite", &json!({})).refused(422, "contact_refused");
    }
}

fn a_caller_of_one_entity_sees_and_records_nothing_of_another(kind: StoreKind) {
    let tenant = tenant(kind);
    let confined = |name: &str, role: Role| {
        let mut token = tenant.person_token(name, &[role]);
        token.legal_entities = Some(BTreeSet::from(["JP-WEST".to_owned()]));
        tenant.with_token(&token)
    };
    let west = confined("nishi", Role::PeopleOps);
    let here = tenant.record(&tenant.person().left("E-1"));
    let mut there = tenant.person().left("E-1");
    there["legal_entity"] = json!("JP-WEST");
    let there = id(&west.post("/v1/departures", &there).expect(201));
    assert_eq!(west.all("/v1/departures").iter().map(id).collect::<Vec<_>>(), [there.as_str()]);
    assert_eq!(west.all("/v1/departures?legal_entity=JP-HQ"), Vec::<Value>::new());
    west.get(&format!("/v1/departures/{here}")).problem(404, "not_found");
    west.post("/v1/departures", &tenant.person().left("E-2")).refused(403, "legal_entity");
    tenant.command(&west, "departures", &here, "refuse-contact", &json!({})).problem(404, "not_found");
    tenant.command(&west, "departures", &here, "invite", &json!({})).problem(404, "not_found");
    let imported = west.upload("/v1/departures/import", &line_of_a_file(&tenant.person()));
    let refused = &imported.expect(200)["refused"][0];
    assert_eq!((&refused["field"], &refused["code"]), (&json!("legal_entity"), &json!("not_covered")));
    west.get(&format!("/v1/history/departures/{here}")).problem(404, "not_found");
    assert_eq!(west.all("/v1/tasks"), Vec::<Value>::new());
    assert_eq!(tenant.people_ops().all("/v1/departures").len(), 2);
    let compliance = confined("aki", Role::Compliance);
    compliance.get("/v1/log").refused(403, "legal_entity");
}

fn line_of_a_file(person: &crate::program::people::Person) -> Vec<u8> {
    let header = "employee_number,name,hired_on,left_on,employment_type,reason";
    format!("{header}\nE-9,{},2015-04-01,2024-03-31,regular,study\n", person.name).into_bytes()
}

/// A value as it stands in a query.
pub fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
