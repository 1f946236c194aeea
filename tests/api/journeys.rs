//! Whole stories, told by the people in them; time is moved where a story needs it to pass.

mod corrections;
mod credit;
mod races;
mod returning;
mod story;

use serde_json::{Value, json};

use super::no_rehire_flags::{grounds, person_of};
use crate::program::client::Client;
use crate::program::people::{Tenant, clocked_tenant, id};
use crate::program::served_by_both_stores;
use crate::support::StoreKind;

served_by_both_stores!(
    a_leaver_registers_at_the_exit_interview_and_belongs_from_the_day_after_the_last,
    a_leaver_who_stays_after_all_is_no_member,
    a_verdict_of_not_eligible_lapses_into_a_fresh_look,
    a_flag_is_renewed_on_fresh_evidence_or_lapses,
    a_member_who_does_not_answer_is_left_alone,
    an_invitation_is_good_for_thirty_days,
    an_employment_ends_on_the_day_after_the_last,
    an_old_departure_does_not_end_the_employment_of_somebody_who_came_back,
);

fn state(by: &Client, path: &str) -> Value {
    by.read(path)["state"].clone()
}

fn task(by: &Client, kind: &str) -> Option<Value> {
    by.all("/v1/tasks").into_iter().find(|task| task["kind"] == kind)
}

fn events(tenant: &Tenant<'_>, collection: &str, id: &str) -> Vec<String> {
    let history = tenant.compliance().all(&format!("/v1/history/{collection}/{id}"));
    history.iter().map(|item| item["event"].as_str().unwrap().to_owned()).collect()
}

fn a_leaver_registers_at_the_exit_interview_and_belongs_from_the_day_after_the_last(kind: StoreKind) {
    let (tenant, _clock) = clocked_tenant(kind);
    let (people_ops, leaver, account) = (tenant.people_ops(), tenant.person(), tenant.employee("megumi"));
    let mut employment = leaver.works("E-1", "2015-04-01");
    employment["subject"] = json!(tenant.subject("megumi"));
    let employment = id(&tenant.hris().post("/v1/employments", &employment).expect(201));
    let last_day = tenant.day(20);
    let departure = tenant.record(&leaver.leaves("E-1", "2015-04-01", &last_day));
    let path = format!("/v1/departures/{departure}");
    assert_eq!(state(&people_ops, &path), "scheduled");
    let notes = tenant.words("数年後の復帰を希望");
    let interview = json!({"held_on": tenant.day(0), "wishes_to_return": true, "notes": notes});
    tenant.command(&people_ops, "departures", &departure, "record-exit-interview", &interview).expect(200);
    let member = tenant.register(&departure, &leaver, &account);
    let own = format!("/v1/members/{member}");
    assert_eq!(state(&account, &own), "pending_review");
    tenant.command(&account, "members", &member, "confirm-data", &json!({})).refused(409, "awaits_departure");
    let granted = json!({"purpose": "publicity", "text_version": "2026-10"});
    tenant.command(&account, "members", &member, "grant-consent", &granted).expect(200);

    tenant.advance("P20D");
    assert_eq!((state(&people_ops, &path), state(&account, &own)), (json!("scheduled"), json!("pending_review")));
    tenant.advance("P1D");
    let left = people_ops.read(&path);
    assert_eq!((&left["state"], &left["effective_on"]), (&json!("effective"), &json!(tenant.day(0))));
    let mine = account.read(&own);
    assert_eq!((&mine["state"], &mine["active_from"]), (&json!("active"), &json!(tenant.day(0))));
    let ended = people_ops.read(&format!("/v1/employments/{employment}"));
    assert_eq!((&ended["state"], &ended["to"]), (&json!("ended"), &json!(last_day)));
    assert_eq!(ended["ended_because"], json!({"kind": "departure", "departure_id": departure}));

    // From now on they come as an alumnus, under the same login.
    let alumnus = tenant.alumnus("megumi");
    let all = alumnus.read("/v1/my/data");
    assert_eq!(
        (&all["departures"][0]["id"], &all["memberships"][0]["member"]["id"]),
        (&json!(departure), &json!(member))
    );
    assert_eq!(all["employments"][0]["id"], employment.as_str());
    assert_eq!(all["departures"][0]["reason"], "relocation", "their own reason they may know");
    assert!(!all.to_string().contains(&notes), "what others wrote is not theirs to read");
    tenant.command(&alumnus, "members", &member, "confirm-data", &json!({})).expect(200);
    let profile = json!({"profile": {"region": "JP-04"}, "intents": ["return"]});
    tenant.command(&alumnus, "members", &member, "update-profile", &profile).expect(200);
    tenant.command(&alumnus, "members", &member, "pause", &json!({"until": tenant.day(10)})).expect(200);
    tenant.advance("P9D");
    assert_eq!(state(&alumnus, &own), "paused");
    tenant.advance("P1D");
    assert_eq!(state(&alumnus, &own), "active", "a pause ends by itself");
    tenant.command(&alumnus, "departures", &departure, "refuse-contact", &json!({})).expect(200);
    tenant.command(&alumnus, "members", &member, "leave", &json!({})).expect(200);
    assert_eq!(state(&alumnus, &own), "left");
    let story = events(&tenant, "members", &member);
    assert_eq!(story.first().map(String::as_str), Some("member.registered"));
    assert_eq!(story.last().map(String::as_str), Some("member.left"));
}

fn a_leaver_who_stays_after_all_is_no_member(kind: StoreKind) {
    let (tenant, _clock) = clocked_tenant(kind);
    let (people_ops, leaver, account) = (tenant.people_ops(), tenant.person(), tenant.employee("megumi"));
    let employment = id(&tenant.hris().post("/v1/employments", &leaver.works("E-1", "2015-04-01")).expect(201));
    let departure = tenant.record(&leaver.leaves("E-1", "2015-04-01", &tenant.day(20)));
    let member = tenant.register(&departure, &leaver, &account);
    let why = json!({"why": tenant.words("慰留に応じた")});
    tenant.command(&people_ops, "departures", &departure, "rescind", &why).expect(200);
    let mine = account.read(&format!("/v1/members/{member}"));
    assert_eq!(
        (&mine["state"], &mine["ending"]["rejected_because"]),
        (&json!("rejected"), &json!("departure_rescinded"))
    );
    tenant.advance("P30D");
    assert_eq!(state(&people_ops, &format!("/v1/departures/{departure}")), "rescinded");
    assert_eq!(state(&people_ops, &format!("/v1/employments/{employment}")), "current");
    // They leave later after all: the same number, a new departure, and the same login registers anew.
    let later = tenant.record(&leaver.leaves("E-1", "2015-04-01", &tenant.day(-1)));
    assert_eq!(state(&people_ops, &format!("/v1/employments/{employment}")), "ended");
    let anew = tenant.register(&later, &leaver, &account);
    assert_eq!(state(&account, &format!("/v1/members/{anew}")), "active");
}

fn a_verdict_of_not_eligible_lapses_into_a_fresh_look(kind: StoreKind) {
    let (tenant, _clock) = clocked_tenant(kind);
    let (first, second) = (tenant.people_ops(), tenant.second_people_ops());
    let mut misconduct = tenant.person().left("E-1");
    misconduct["reason"] = json!("misconduct");
    let departure = tenant.record(&misconduct);
    let path = format!("/v1/departures/{departure}");
    let assessment = json!({"verdict": "not_eligible", "reason_code": "misconduct", "clause": "第12条"});
    tenant.command(&first, "departures", &departure, "assess-eligibility", &assessment).expect(200);
    let confirmation = json!({"clause": "第12条", "evidence_ref": "HR-2024-017", "expires_on": tenant.day(300),
        "appeal_route": "人事部 異議申立窓口"});
    tenant.command(&second, "departures", &departure, "confirm-eligibility", &confirmation).expect(200);
    tenant.advance("P299D");
    assert_eq!(first.read(&path)["verdict"], "not_eligible");
    tenant.advance("P1D");
    let lapsed = first.read(&path);
    assert_eq!(lapsed["verdict"], "needs_review", "never eligible by time alone");
    assert_eq!(lapsed["eligibility"]["reopened_because"], "lapsed");
    assert_eq!(task(&first, "reassess_eligibility").unwrap()["subject"]["id"], departure.as_str());
    tenant.command(&first, "departures", &departure, "assess-eligibility", &json!({"verdict": "eligible"})).expect(200);
    assert_eq!(first.read(&path)["verdict"], "eligible");
    assert!(task(&first, "reassess_eligibility").is_none());
}

fn a_flag_is_renewed_on_fresh_evidence_or_lapses(kind: StoreKind) {
    let (tenant, _clock) = clocked_tenant(kind);
    let (first, second) = (tenant.compliance(), tenant.second_compliance());
    let person = person_of(&tenant, &tenant.record(&tenant.person().left("E-1")));
    let other = person_of(&tenant, &tenant.record(&tenant.person().left("E-2")));
    let raise = |person: &str, expires_on: &str| {
        let mut body = grounds(&tenant, person);
        body["expires_on"] = json!(expires_on);
        id(&first.post("/v1/no-rehire-flags", &body).expect(201))
    };
    let of = |flag: &str| state(&first, &format!("/v1/no-rehire-flags/{flag}"));
    let (flag, never_reviewed) = (raise(&person, &tenant.day(100)), raise(&other, &tenant.day(100)));
    let review = |by: &Client, decision: &str| {
        tenant.command(by, "no-rehire-flags", &flag, "review", &json!({"decision": decision}))
    };
    review(&second, "uphold").expect(200);
    tenant.advance("P30D");
    assert_eq!(of(&never_reviewed), "expired", "nobody upheld it in time");
    assert!(task(&first, "renew_flag").is_none());
    tenant.advance("P10D");
    let due = task(&first, "renew_flag").expect("sixty days before its end compliance is told");
    assert_eq!(due["due_on"], tenant.day(60));

    let renew = |evidence: &str, days: i64| {
        let body = json!({"evidence_ref": evidence, "expires_on": tenant.day(days), "clause": "就業規則第62条"});
        tenant.command(&first, "no-rehire-flags", &flag, "renew", &body)
    };
    renew("legal/2026-3", 400).points_at("/evidence_ref", "fresh_evidence_required");
    renew("legal/2026-9", 1200).points_at("/expires_on", "expiry_out_of_range");
    renew("legal/2026-9", 400).expect(200);
    review(&first, "uphold").refused(422, "second_person_required");
    assert!(task(&second, "review_renewal").is_some());
    review(&second, "uphold").expect(200);
    let renewed = first.read(&format!("/v1/no-rehire-flags/{flag}"));
    assert_eq!((&renewed["expires_on"], &renewed["evidence_ref"]), (&json!(tenant.day(400)), &json!("legal/2026-9")));
    tenant.advance("P399D");
    assert_eq!(of(&flag), "active");
    assert!(task(&first, "renew_flag").is_some(), "told again before the new end");
    tenant.advance("P1D");
    assert_eq!(of(&flag), "expired");
    assert!(task(&first, "renew_flag").is_none());
    let expired = first.read(&format!("/v1/no-rehire-flags/{flag}"));
    assert_eq!(expired["ending"]["because"], "term_ended");
    review(&second, "uphold").refused(409, "ended");
    first.post("/v1/no-rehire-flags", &grounds(&tenant, &person)).expect(201);
}

fn a_member_who_does_not_answer_is_left_alone(kind: StoreKind) {
    let (tenant, _clock) = clocked_tenant(kind);
    let (leaver, alumnus) = (tenant.person(), tenant.alumnus("megumi"));
    let (other, silent) = (tenant.person(), tenant.alumnus("shizuka"));
    let member = tenant.register(&tenant.record(&leaver.left("E-1")), &leaver, &alumnus);
    let quiet = tenant.register(&tenant.record(&other.left("E-2")), &other, &silent);
    assert!(task(&alumnus, "confirm_data").is_none());
    tenant.advance("P12M");
    let asked = task(&alumnus, "confirm_data").expect("after a year the member is asked");
    assert_eq!(asked["subject"], json!({"collection": "members", "id": member}));
    assert_eq!(task(&silent, "confirm_data").unwrap()["subject"]["id"], quiet.as_str(), "each sees their own");
    assert!(task(&tenant.programme_admin(), "confirm_data").is_none());
    tenant.command(&alumnus, "members", &member, "confirm-data", &json!({})).expect(200);
    assert!(task(&alumnus, "confirm_data").is_none());
    tenant.advance("P30D");
    assert_eq!(silent.read(&format!("/v1/members/{quiet}"))["confirmation"]["number"], 2);
    tenant.advance("P30D");
    assert_eq!(state(&silent, &format!("/v1/members/{quiet}")), "dormant");
    assert_eq!(state(&alumnus, &format!("/v1/members/{member}")), "active");
    tenant.command(&silent, "members", &quiet, "pause", &json!({})).refused(409, "dormant");
    let confirmed = tenant.command(&silent, "members", &quiet, "confirm-data", &json!({})).expect(200);
    assert_eq!(confirmed["state"], "active");
    let story = events(&tenant, "members", &quiet);
    assert_eq!(story.iter().filter(|event| *event == "member.confirmation_asked").count(), 2);
}

fn an_invitation_is_good_for_thirty_days(kind: StoreKind) {
    let (tenant, _clock) = clocked_tenant(kind);
    let (leaver, alumnus) = (tenant.person(), tenant.alumnus("megumi"));
    let departure = tenant.record(&leaver.left("E-1"));
    let early = tenant.invite(&departure);
    tenant.advance("P15D");
    let late = tenant.invite(&departure);
    tenant.advance("P15DT1H");
    alumnus.post("/v1/members", &leaver.registers(&early)).points_at("/invitation_token", "invitation_expired");
    assert_eq!(alumnus.post("/v1/members", &leaver.registers(&late)).expect(201)["state"], "active");
}

fn an_employment_ends_on_the_day_after_the_last(kind: StoreKind) {
    let (tenant, _clock) = clocked_tenant(kind);
    let hris = tenant.hris();
    let mut fixed = tenant.person().works("A-1", "2020-04-01");
    fixed["employment_type"] = json!("fixed_term");
    fixed["to"] = json!(tenant.day(5));
    let employment = id(&hris.post("/v1/employments", &fixed).expect(201));
    let path = format!("/v1/employments/{employment}");
    tenant.advance("P5D");
    assert_eq!(state(&hris, &path), "current");
    tenant.advance("P1D");
    let ended = hris.read(&path);
    assert_eq!((&ended["state"], &ended["ended_because"]["kind"]), (&json!("ended"), &json!("term_ended")));
    let clock = hris.read("/dev/clock");
    assert!(clock["ahead"].as_str().unwrap().starts_with('P'));
    for wrong in ["yesterday", "-P1D", "P0D", "P99Y"] {
        hris.post("/dev/clock/advance", &json!({"by": wrong})).problem(422, "validation_failed");
    }
}

fn an_old_departure_does_not_end_the_employment_of_somebody_who_came_back(kind: StoreKind) {
    let (tenant, _clock) = clocked_tenant(kind);
    let (people_ops, leaver, account) = (tenant.people_ops(), tenant.person(), tenant.alumnus("megumi"));
    // Under the number that they had, they start again in a month; that they leave first is recorded later.
    let again = id(&tenant.hris().post("/v1/employments", &leaver.works("E-1", &tenant.day(30))).expect(201));
    let departure = tenant.record(&leaver.leaves("E-1", "2015-04-01", &tenant.day(10)));
    let member = tenant.register(&departure, &leaver, &account);
    tenant.advance("P11D");
    assert_eq!(state(&people_ops, &format!("/v1/departures/{departure}")), "effective");
    assert_eq!(state(&account, &format!("/v1/members/{member}")), "active");
    assert_eq!(state(&people_ops, &format!("/v1/employments/{again}")), "current");
    assert_eq!(tenant.compliance().all("/v1/tasks"), Vec::<Value>::new(), "nothing for anybody to see to");
}
