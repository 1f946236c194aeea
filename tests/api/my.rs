//! `/v1/my`: all that is held about the caller, and nothing that others wrote about them or that is about others (PRV-10).

use serde_json::{Value, json};

use super::no_rehire_flags::{grounds, person_of};
use super::offers::{approver, evaluated, having_seen, requisition, waiting};
use crate::program::people::{id, tenant};
use crate::program::served_by_both_stores;
use crate::support::StoreKind;

served_by_both_stores!(
    all_that_is_held_about_somebody_is_shown_to_them_and_nothing_else,
    of_ones_own_case_is_told_what_one_did_and_was_told,
    whoever_is_nobody_here_finds_nothing,
);

fn all_that_is_held_about_somebody_is_shown_to_them_and_nothing_else(kind: StoreKind) {
    let tenant = tenant(kind);
    let (people_ops, compliance) = (tenant.people_ops(), tenant.compliance());
    let (person, neighbour, alumnus) = (tenant.person(), tenant.person(), tenant.alumnus("megumi"));
    let mut works = person.works("E-1", "2015-04-01");
    works["subject"] = json!(tenant.subject("megumi"));
    let employment = id(&tenant.hris().post("/v1/employments", &works).expect(201));
    let departure = tenant.record(&person.left("E-1"));
    let notes = tenant.words("面談メモ");
    let interview = json!({"held_on": "2024-03-01", "notes": notes});
    tenant.command(&people_ops, "departures", &departure, "record-exit-interview", &interview).expect(200);
    let note = tenant.words("評価メモ");
    let assessment = json!({"verdict": "needs_review", "note": note});
    tenant.command(&people_ops, "departures", &departure, "assess-eligibility", &assessment).expect(200);
    let mut flag = grounds(&tenant, &person_of(&tenant, &departure));
    let report = tenant.words("通報内容");
    flag["note"] = json!(report);
    let flag = id(&compliance.post("/v1/no-rehire-flags", &flag).expect(201));
    let claim = json!({
        "claim": {"name_at_departure": person.name, "birth_date": person.birth_date, "employee_number": "E-1"},
        "contact": {"email": person.email}, "consents": ["contact"], "terms_version": "1",
    });
    let member = id(&alumnus.post("/v1/members", &claim).expect(201));
    tenant
        .command(&tenant.programme_admin(), "members", &member, "approve", &json!({"departure_id": departure}))
        .expect(200);
    let other = tenant.record(&neighbour.left("E-2"));
    tenant.register(&other, &neighbour, &tenant.alumnus("tonari"));

    let reply = alumnus.get("/v1/my/data");
    let mine = reply.expect(200);
    assert_eq!(mine["account"]["subject"], tenant.subject("megumi"));
    assert_eq!(mine["memberships"][0]["claim"]["name_at_departure"], person.name.as_str(), "their own words");
    let ids = |list: &str| mine[list].as_array().unwrap().iter().map(id).collect::<Vec<_>>();
    assert_eq!(ids("departures"), [departure]);
    assert_eq!(ids("employments"), [employment]);
    assert_eq!(ids("no_rehire_flags"), [flag]);
    assert_eq!(mine["departures"][0]["person"]["birth_date"], person.birth_date.as_str());
    assert_eq!(mine["departures"][0]["employment"]["base_salary"]["amount"], 6_200_000);
    assert_eq!(mine["consents"][0]["purposes"].as_array().unwrap().len(), 7);
    let history = mine["history"].as_array().unwrap();
    let by_me: Vec<&Value> = history.iter().filter(|line| line["by_me"] == true).map(|line| &line["event"]).collect();
    assert!(
        by_me.contains(&&json!("member.registered")) && !by_me.contains(&&json!("departure.recorded")),
        "{by_me:?}"
    );
    let told = reply.text();
    for others in [&notes, &note, &report, &neighbour.name, &neighbour.email, &other] {
        assert!(!told.contains(others.as_str()), "{others}");
    }
    assert!(!told.contains("subject-suzuki") && !told.contains("legal/2026-3"), "neither who nor on what evidence");
}

fn of_ones_own_case_is_told_what_one_did_and_was_told(kind: StoreKind) {
    let tenant = tenant(kind);
    let recruiter = tenant.recruiter();
    let (alumnus, case) = evaluated(&tenant, &requisition(&tenant, 1), "megumi");
    let note = tenant.words("他の候補者と比較中");
    tenant.command(&recruiter, "applications", &case, "hold", &json!({"note": note})).expect(200);
    tenant.command(&recruiter, "applications", &case, "resume", &json!({})).expect(200);
    let offer = waiting(&tenant, &case);
    let told = || {
        let reply = alumnus.get("/v1/my/data");
        let mine = reply.expect(200);
        let of_cases = |line: &&Value| {
            let event = line["event"].as_str().unwrap();
            ["application.", "offer.", "referral.", "reward."].iter().any(|kind| event.starts_with(kind))
        };
        let lines: Vec<Value> = mine["history"].as_array().unwrap().iter().filter(of_cases).cloned().collect();
        assert!(!reply.text().contains(&note), "what others wrote");
        lines
    };
    let events = |lines: &[Value]| lines.iter().map(|line| line["event"].clone()).collect::<Vec<_>>();
    let selection = ["application.submitted", "application.advanced", "application.interview_scheduled"];
    assert_eq!(events(&told()), selection, "what was found, and that an offer is made, is not theirs to read yet");
    having_seen(&tenant, &approver(&tenant), &offer, "send-back", json!({"reason_code": "incomplete"})).expect(200);
    tenant.command(&recruiter, "offers", &offer, "request-approval", &json!({})).expect(200);
    having_seen(&tenant, &approver(&tenant), &offer, "approve", json!({})).expect(200);
    having_seen(&tenant, &recruiter, &offer, "extend", json!({})).expect(200);
    having_seen(&tenant, &alumnus, &offer, "accept", json!({})).expect(200);
    let lines = told();
    let all = [&selection[..], &["offer.extended", "offer.accepted"]].concat();
    assert_eq!(events(&lines), all);
    let by_me: Vec<bool> = lines.iter().map(|line| line["by_me"].as_bool().unwrap()).collect();
    assert_eq!(by_me, [true, false, false, false, true]);
    for line in &lines {
        assert_eq!((&line["rule"], &line["basis"]), (&Value::Null, &Value::Null), "{line}");
    }
    assert_eq!(lines[3]["title_en"], "An offer was made", "neither which version it was nor which seat it holds");
    let ended = json!({"reason_code": "personal"});
    tenant.command(&alumnus, "offers", &offer, "decline", &ended).expect(200);
    assert_eq!(told().last().unwrap()["event"], "offer.declined");
}

fn whoever_is_nobody_here_finds_nothing(kind: StoreKind) {
    let tenant = tenant(kind);
    tenant.record(&tenant.person().left("E-1"));
    let stranger = tenant.alumnus("mallory");
    let mine = stranger.read("/v1/my/data");
    for list in ["memberships", "departures", "employments", "no_rehire_flags", "consents", "history"] {
        assert_eq!(mine[list], json!([]), "{list}");
    }
    assert_eq!(stranger.read("/v1/my/consents")["memberships"], json!([]));
    tenant.people_ops().get("/v1/my/data").problem(403, "forbidden");
    tenant.anyone.get("/v1/my/data").refused(401, "token_missing");
}
