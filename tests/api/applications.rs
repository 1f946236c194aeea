//! `/v1/applications`, `/v1/pipeline`, `/v1/my/applications`: from the first word to the evaluation.

use chrono::{DateTime, TimeDelta, Utc};
use okaeri::identity::Role;
use serde_json::{Value, json};

use super::departures::encoded;
use super::no_rehire_flags::{grounds, person_of};
use super::referrals::{refers, token_of};
use crate::program::client::{Client, Reply};
use crate::program::people::{Tenant, clocked_tenant, id, tenant};
use crate::program::served_by_both_stores;
use crate::support::StoreKind;

served_by_both_stores!(
    a_member_applies_and_is_led_through_interviews_to_an_evaluation,
    somebody_who_may_not_apply_asks_for_a_review,
    somebody_records_an_application_for_another,
    what_is_wrong_with_an_application_is_named,
    interviews_do_not_overlap_and_a_repeat_names_the_same_one,
    scorecards_of_others_are_shown_once_ones_own_is_in,
    a_case_rests_ends_and_is_opened_again,
    a_case_moves_to_another_requisition,
    nobody_sees_a_case_that_is_not_theirs,
    the_pipeline_shows_what_is_due_and_what_the_caller_may_do,
    the_pipeline_is_sorted_and_searched_by_name,
    whoever_also_recruits_reads_their_own_case_as_the_candidate,
    a_repeat_is_answered_after_the_membership_has_ended,
    a_referral_counts_for_its_own_entity,
    lists_reach_as_far_as_the_cases_themselves,
    whoever_retired_may_come_back_through_an_agency_and_the_recruiter_is_not_told,
);

/// LAB-04, and who is free of it; why they left is not the recruiter's (PRV-12).
fn whoever_retired_may_come_back_through_an_agency_and_the_recruiter_is_not_told(kind: StoreKind) {
    let tenant = tenant(kind);
    let position = tenant.published(&json!({"engagement": "dispatched"}));
    let case = |name: &str, reason: &str, days: i64| {
        let (leaver, alumnus) = (tenant.person(), tenant.alumnus(name));
        let mut departure = leaver.left(&format!("E-{name}"));
        departure["reason"] = json!(reason);
        departure["employment"]["left_on"] = json!(tenant.day(-days));
        let member = tenant.register(&tenant.record(&departure), &leaver, &alumnus);
        id(&alumnus.post("/v1/applications", &applies(&member, &position)).expect(201))
    };
    let told = |by: &Client, case: &str| {
        let eligibility = shown(by, case)["eligibility"].clone();
        let rule =
            eligibility["rules"].as_array().unwrap().iter().find(|rule| rule["rule"] == "LAB-04").unwrap().clone();
        let retired = eligibility["facts"]["stints"][0].get("retired").cloned();
        (rule["outcome"].clone(), rule["code"].clone(), rule["basis"].clone(), retired)
    };
    let law = json!("労働者派遣法35条の5");
    let (retired, moved, long_ago) =
        (case("hanako", "retirement", 100), case("taro", "career_change", 100), case("jiro", "retirement", 400));
    let compliance = tenant.compliance();
    let free = (json!("pass"), json!("retired"), json!("労働者派遣法40条の9第1項"), Some(json!(true)));
    assert_eq!(told(&compliance, &retired), free);
    assert_eq!(told(&compliance, &moved), (json!("hold"), json!("start_unknown"), law.clone(), Some(json!(false))));
    assert_eq!(told(&compliance, &long_ago).1, "a_year_has_passed");
    let hidden = (json!("pass"), json!("not_barred"), law, None);
    for case in [&retired, &long_ago] {
        assert_eq!(told(&tenant.recruiter(), case), hidden);
    }
}

/// A published requisition led by the recruiter, with a hiring manager.
fn requisition(tenant: &Tenant<'_>) -> String {
    tenant.published(&json!({"headcount": 2, "hiring_manager": tenant.subject("watanabe")}))
}

fn manager(tenant: &Tenant<'_>) -> Client {
    tenant.user("watanabe", Role::HiringManager)
}

/// Somebody who left, registered as a member: their departure, membership and account.
pub fn returner(tenant: &Tenant<'_>, name: &str) -> (String, String, Client) {
    let (leaver, alumnus) = (tenant.person(), tenant.alumnus(name));
    let departure = tenant.record(&leaver.left(&format!("E-{name}")));
    let member = tenant.register(&departure, &leaver, &alumnus);
    (departure, member, alumnus)
}

pub fn applies(member: &str, requisition: &str) -> Value {
    json!({"member_id": member, "requisition_id": requisition, "channel": "alumni"})
}

fn say(tenant: &Tenant<'_>, by: &Client, application: &str, command: &str, body: &Value) -> Reply {
    tenant.command(by, "applications", application, command, body)
}

pub fn shown(by: &Client, application: &str) -> Value {
    by.read(&format!("/v1/applications/{application}"))
}

/// An hour that has passed, so that scorecards can be submitted.
fn hour(nth: i64) -> (DateTime<Utc>, DateTime<Utc>) {
    let begins = Utc::now() - TimeDelta::days(2) + TimeDelta::hours(nth);
    (begins, begins + TimeDelta::hours(1))
}

pub fn interview(tenant: &Tenant<'_>, nth: i64, interviewers: &[&str]) -> Value {
    let (starts_at, ends_at) = hour(nth);
    let interviewers: Vec<String> = interviewers.iter().map(|name| tenant.subject(name)).collect();
    json!({"starts_at": starts_at, "ends_at": ends_at, "interviewers": interviewers, "location": "仙台支店"})
}

fn card(interview: &str) -> Value {
    json!({
        "interview_id": interview, "rating": 4, "recommendation": "yes",
        "attributes": [{"name": "安全意識", "rating": 5}],
    })
}

fn a_member_applies_and_is_led_through_interviews_to_an_evaluation(kind: StoreKind) {
    let tenant = tenant(kind);
    let (recruiter, requisition) = (tenant.recruiter(), requisition(&tenant));
    let (_, member, alumnus) = returner(&tenant, "hanako");
    let motivation = tenant.words("また皆さんと働きたい");
    let mut body = applies(&member, &requisition);
    body["motivation"] = json!(motivation);
    let submitted = alumnus.post("/v1/applications", &body).expect(201);
    assert_eq!(submitted["state"], "screening");
    let application = id(&submitted);
    alumnus.post("/v1/applications", &body).problem(409, "duplicate");

    let seen = shown(&recruiter, &application);
    assert_eq!((&seen["motivation"], &seen["on_hold"]), (&json!(motivation), &json!(false)));
    assert_eq!((&seen["title"], &seen["eligibility"]["result"]), (&json!("配送ドライバー"), &json!("eligible")));
    assert!(seen["name"].is_string() && seen.get("account").is_some());
    let advance = |by: &Client, to: &str| say(&tenant, by, &application, "advance", &json!({"to": to}));
    advance(&recruiter, "evaluated").refused(409, "evaluation_required");
    assert_eq!(advance(&manager(&tenant), "interviewing").expect(200)["state"], "interviewing");

    let scheduled = say(&tenant, &recruiter, &application, "schedule-interview", &interview(&tenant, 0, &["mori"]));
    let interview_id = scheduled.expect(200)["interview_id"].as_str().unwrap().to_owned();
    let mori = tenant.user("mori", Role::Interviewer);
    let evaluate = |by: &Client| say(&tenant, by, &application, "record-evaluation", &json!({"recommendation": "yes"}));
    evaluate(&recruiter).refused(409, "scorecard_required");
    assert!(mori.all("/v1/tasks").iter().any(|task| task["kind"] == "submit_scorecard"));
    assert_eq!(mori.all("/v1/applications").len(), 1);
    say(&tenant, &mori, &application, "submit-scorecard", &card(&interview_id)).expect(200);
    say(&tenant, &mori, &application, "submit-scorecard", &card(&interview_id)).refused(409, "scorecard_submitted");
    let outcome = json!({"interview_id": interview_id, "outcome": "held"});
    say(&tenant, &recruiter, &application, "record-interview", &outcome).expect(200);
    assert_eq!(evaluate(&manager(&tenant)).expect(200)["state"], "evaluated");

    let own = shown(&alumnus, &application);
    assert_eq!((&own["state"], &own["interviews"][0]["location"]), (&json!("in_review"), &json!("仙台支店")));
    for hidden in ["scorecard", "recommendation", "interviewers", "recruiter"] {
        assert!(!own.to_string().contains(hidden), "{hidden}: {own}");
    }
    let mine = alumnus.all("/v1/my/applications");
    assert_eq!((mine.len(), &mine[0]["id"], &mine[0]["title"]), (1, &json!(application), &json!("配送ドライバー")));
}

fn somebody_who_may_not_apply_asks_for_a_review(kind: StoreKind) {
    let tenant = tenant(kind);
    let requisition = requisition(&tenant);
    let (departure, member, alumnus) = returner(&tenant, "hanako");
    let flag = id(&tenant
        .compliance()
        .post("/v1/no-rehire-flags", &grounds(&tenant, &person_of(&tenant, &departure)))
        .expect(201));
    tenant
        .command(&tenant.second_compliance(), "no-rehire-flags", &flag, "review", &json!({"decision": "uphold"}))
        .expect(200);
    let submitted = alumnus.post("/v1/applications", &applies(&member, &requisition)).expect(201);
    assert_eq!(submitted["state"], "not_eligible");
    let application = id(&submitted);

    let own = shown(&alumnus, &application);
    assert_eq!((&own["state"], &own["refusal_clause"]), (&json!("not_eligible"), &json!("就業規則第62条")));
    assert_eq!(own["next_allowed_commands"], json!(["request-review"]));
    let seen = shown(&tenant.recruiter(), &application).to_string();
    assert!(!seen.contains("PRV-13") && !seen.contains(&flag), "a recruiter sees no flag: {seen}");
    assert!(shown(&tenant.compliance(), &application).to_string().contains(&flag));

    let decide = |by: &Client| {
        let body = json!({"decision": "eligible", "clause": "再雇用規程第3条2項"});
        say(&tenant, by, &application, "review-eligibility", &body)
    };
    decide(&tenant.compliance()).refused(409, "nothing_to_review");
    let ask = |by: &Client| say(&tenant, by, &application, "request-review", &json!({}));
    ask(&tenant.alumnus("mallory")).problem(404, "not_found");
    ask(&alumnus).expect(200);
    assert!(tenant.compliance().all("/v1/tasks").iter().any(|task| task["kind"] == "answer_review_request"));
    let mut service = tenant.person_token("robot", &[Role::Compliance]);
    service.service = true;
    decide(&tenant.with_token(&service)).problem(403, "natural_person_required");
    for involved in [tenant.compliance(), tenant.second_compliance()] {
        decide(&involved).refused(422, "uninvolved_person_required");
    }
    assert_eq!(decide(&tenant.user("shiori", Role::Compliance)).expect(200)["state"], "screening");
    ask(&alumnus).refused(409, "nothing_to_review");
}

fn somebody_records_an_application_for_another(kind: StoreKind) {
    let tenant = tenant(kind);
    let requisition = requisition(&tenant);
    let (_, member, alumnus) = returner(&tenant, "hanako");
    let recruiter = tenant.recruiter();
    recruiter.post("/v1/applications", &applies(&member, &requisition)).points_at("/recorded_for", "not_the_candidate");
    let mut body = applies(&member, &requisition);
    body["recorded_for"] = json!({"reason": tenant.words("電話で応募")});
    alumnus.post("/v1/applications", &body).points_at("/recorded_for", "not_for_oneself");
    tenant.alumnus("mallory").post("/v1/applications", &body).problem(404, "not_found");
    let application = id(&recruiter.post("/v1/applications", &body).expect(201));
    let withdraw = |by: &Client, body: &Value| say(&tenant, by, &application, "withdraw", body);
    withdraw(&recruiter, &json!({"reason_code": "timing"})).points_at("/recorded_for", "not_the_candidate");
    assert_eq!(withdraw(&alumnus, &json!({"reason_code": "timing"})).expect(200)["state"], "withdrawn");
    assert_eq!(shown(&alumnus, &application)["state"], "withdrawn");
    let again = applies(&member, &requisition);
    alumnus.post("/v1/applications", &again).expect(201);
}

fn what_is_wrong_with_an_application_is_named(kind: StoreKind) {
    let tenant = tenant(kind);
    let published = requisition(&tenant);
    let (_, member, alumnus) = returner(&tenant, "hanako");
    let with = |field: &str, value: Value| {
        let mut body = applies(&member, &published);
        body[field] = value;
        alumnus.post("/v1/applications", &body)
    };
    with("member_id", json!(uuid::Uuid::now_v7())).points_at("/member_id", "member_not_found");
    with("requisition_id", json!(uuid::Uuid::now_v7())).points_at("/requisition_id", "requisition_not_found");
    with("referral_id", json!(uuid::Uuid::now_v7())).points_at("/referral_id", "referral_not_found");
    with("channel", json!("street")).points_at("/channel", "unknown_value");
    with("member_id", json!("x")).points_at("/member_id", "not_an_id");
    let open = json!({
        "title": "x", "employment_type": "regular", "headcount": 1, "audience": ["alumni"],
    });
    let open = id(&tenant.recruiter().post("/v1/requisitions", &open).expect(201));
    with("requisition_id", json!(open)).refused(409, "requisition_not_open");
    let employees = tenant.published(&json!({"audience": ["employees"]}));
    let refused = with("requisition_id", json!(employees)).expect(201);
    assert_eq!(refused["state"], "not_eligible", "every rule is recorded, and a decision with it");
}

fn interviews_do_not_overlap_and_a_repeat_names_the_same_one(kind: StoreKind) {
    let tenant = tenant(kind);
    let (recruiter, requisition) = (tenant.recruiter(), requisition(&tenant));
    let case = |name: &str| {
        let (_, member, alumnus) = returner(&tenant, name);
        id(&alumnus.post("/v1/applications", &applies(&member, &requisition)).expect(201))
    };
    let (first, second) = (case("hanako"), case("taro"));
    let path = format!("/v1/applications/{first}/schedule-interview");
    let body = interview(&tenant, 0, &["mori", "hayashi"]);
    let send = || recruiter.request("POST", &path).key("slot-1").json(&body).send();
    let interview_id = send().expect(200)["interview_id"].clone();
    let repeated = send();
    assert_eq!(repeated.header("idempotency-replayed"), Some("true"));
    assert_eq!(repeated.expect(200)["interview_id"], interview_id);

    let schedule = |application: &str, body: &Value| say(&tenant, &recruiter, application, "schedule-interview", body);
    schedule(&first, &body).refused(409, "interview_overlaps");
    schedule(&second, &interview(&tenant, 0, &["mori"])).refused(409, "interviewer_busy");
    schedule(&second, &interview(&tenant, 0, &["kimura"])).expect(200);
    // Somebody with two cases is in one interview at a time.
    let other = tenant.published(&json!({"title": "配車担当"}));
    let (_, member, saburo) = returner(&tenant, "saburo");
    let cases =
        [&requisition, &other].map(|to| id(&saburo.post("/v1/applications", &applies(&member, to)).expect(201)));
    schedule(&cases[0], &interview(&tenant, 0, &["ito"])).expect(200);
    schedule(&cases[1], &interview(&tenant, 0, &["goto"])).refused(409, "candidate_busy");
    schedule(&cases[1], &interview(&tenant, 5, &["goto"])).expect(200);
    schedule(&second, &interview(&tenant, 5, &[])).points_at("/interviewers", "interviewers_out_of_range");
    let mut backwards = interview(&tenant, 5, &["mori"]);
    backwards["ends_at"] = backwards["starts_at"].clone();
    schedule(&second, &backwards).points_at("/ends_at", "ends_before_it_begins");
    schedule(&second, &interview(&tenant, 5, &["taro"])).points_at("/interviewers", "candidate_interviews");

    let (starts_at, ends_at) = hour(9);
    let moved = json!({"interview_id": interview_id, "starts_at": starts_at, "ends_at": ends_at});
    say(&tenant, &recruiter, &first, "reschedule-interview", &moved).expect(200);
    let seen = shown(&recruiter, &first);
    assert_eq!(
        (&seen["interviews"][0]["sequence"], &seen["interviews"][0]["location"]),
        (&json!(1), &json!("仙台支店"))
    );
    assert_eq!(seen["interviews"][0]["interviewers"].as_array().unwrap().len(), 2);
    schedule(&second, &interview(&tenant, 2, &["mori"])).expect(200);
    let hayashi = tenant.user("hayashi", Role::Interviewer);
    let asked = || hayashi.all("/v1/tasks").iter().any(|task| task["kind"] == "submit_scorecard");
    assert!(asked());
    say(&tenant, &recruiter, &first, "cancel-interview", &json!({"interview_id": interview_id})).expect(200);
    assert!(!asked(), "whoever does not interview has nothing to submit");
}

fn scorecards_of_others_are_shown_once_ones_own_is_in(kind: StoreKind) {
    let tenant = tenant(kind);
    let (recruiter, requisition) = (tenant.recruiter(), requisition(&tenant));
    let (_, member, alumnus) = returner(&tenant, "hanako");
    let application = id(&alumnus.post("/v1/applications", &applies(&member, &requisition)).expect(201));
    let both = interview(&tenant, 0, &["mori", "watanabe"]);
    let scheduled = say(&tenant, &recruiter, &application, "schedule-interview", &both).expect(200);
    let interview_id = scheduled["interview_id"].as_str().unwrap().to_owned();
    let mori = tenant.user("mori", Role::Interviewer);
    let notes = tenant.words("受け答えが的確");
    let mut found = card(&interview_id);
    found["notes"] = json!(notes);
    say(&tenant, &mori, &application, "submit-scorecard", &found).expect(200);
    let cards = |by: &Client| shown(by, &application)["interviews"][0]["scorecards"].as_array().unwrap().len();
    assert_eq!((cards(&mori), cards(&manager(&tenant)), cards(&recruiter)), (1, 0, 1));
    say(&tenant, &recruiter, &application, "submit-scorecard", &card(&interview_id))
        .refused(409, "not_the_interviewer");
    say(&tenant, &manager(&tenant), &application, "submit-scorecard", &card(&interview_id)).expect(200);
    assert_eq!((cards(&mori), cards(&manager(&tenant))), (2, 2));
    let mut amended = card(&interview_id);
    amended["rating"] = json!(2);
    amended["why"] = json!(tenant.words("録画を見直した"));
    say(&tenant, &mori, &application, "amend-scorecard", &amended).expect(200);
    let seen = shown(&recruiter, &application);
    let card = &seen["interviews"][0]["scorecards"][0];
    assert_eq!((&card["rating"], &card["amended"][0]["original"]["rating"]), (&json!(2), &json!(4)));
    assert_eq!(card["amended"][0]["original"]["notes"], json!(notes));
}

fn a_case_rests_ends_and_is_opened_again(kind: StoreKind) {
    let tenant = tenant(kind);
    let (recruiter, requisition) = (tenant.recruiter(), requisition(&tenant));
    let (_, member, alumnus) = returner(&tenant, "hanako");
    let application = id(&alumnus.post("/v1/applications", &applies(&member, &requisition)).expect(201));
    let command = |by: &Client, name: &str, body: &Value| say(&tenant, by, &application, name, body);
    command(&recruiter, "hold", &json!({"until": tenant.day(0)})).points_at("/until", "hold_over_already");
    command(&recruiter, "hold", &json!({"until": tenant.day(9)})).expect(200);
    assert_eq!(shown(&recruiter, &application)["on_hold"], true);
    assert_eq!(recruiter.all("/v1/applications?on_hold=true").len(), 1);
    command(&recruiter, "advance", &json!({"to": "interviewing"})).refused(409, "on_hold");
    command(&recruiter, "resume", &json!({})).expect(200);
    command(&recruiter, "skip-stage", &json!({"to": "evaluated", "clause": "再入社規程第5条"})).expect(200);
    let reject = json!({"side": "employer", "reason_code": "qualifications"});
    assert_eq!(command(&recruiter, "reject", &reject).expect(200)["state"], "rejected");
    assert_eq!(shown(&alumnus, &application)["state"], "ended");
    assert!(recruiter.all("/v1/pipeline").is_empty(), "an ended case is not in the pipeline");
    command(&recruiter, "reopen", &json!({})).refused(422, "second_person_required");
    let other = tenant.user("yamada", Role::Recruiter);
    assert_eq!(command(&other, "reopen", &json!({})).expect(200)["state"], "evaluated");
    assert_eq!(recruiter.all("/v1/pipeline").len(), 1);
    command(&recruiter, "record-rejoin", &json!({"employee_number": "E-9", "started_on": tenant.day(0)}))
        .refused(409, "offer_not_accepted");
}

fn a_case_moves_to_another_requisition(kind: StoreKind) {
    let tenant = tenant(kind);
    let (recruiter, requisition) = (tenant.recruiter(), requisition(&tenant));
    let (_, member, alumnus) = returner(&tenant, "hanako");
    let application = id(&alumnus.post("/v1/applications", &applies(&member, &requisition)).expect(201));
    let to = tenant.published(&json!({"title": "配車担当"}));
    let transfer = |to: &str| say(&tenant, &recruiter, &application, "transfer", &json!({"requisition_id": to}));
    transfer(&uuid::Uuid::now_v7().to_string()).points_at("/requisition_id", "requisition_not_found");
    transfer(&to).expect(200);
    assert_eq!(shown(&alumnus, &application)["title"], "配車担当");
    alumnus.post("/v1/applications", &applies(&member, &requisition)).expect(201);
    alumnus.post("/v1/applications", &applies(&member, &to)).problem(409, "duplicate");
}

fn nobody_sees_a_case_that_is_not_theirs(kind: StoreKind) {
    let tenant = tenant(kind);
    let (recruiter, requisition) = (tenant.recruiter(), requisition(&tenant));
    let (_, member, alumnus) = returner(&tenant, "hanako");
    let application = id(&alumnus.post("/v1/applications", &applies(&member, &requisition)).expect(201));
    let path = format!("/v1/applications/{application}");
    for other in [
        tenant.alumnus("mallory"),
        tenant.employee("mallory"),
        tenant.user("mallory", Role::HiringManager),
        tenant.user("mallory", Role::Interviewer),
    ] {
        other.get(&path).problem(404, "not_found");
        assert!(other.all("/v1/applications").is_empty());
    }
    for role in [Role::Payroll, Role::ProgrammeAdmin, Role::Partner] {
        tenant.user("mallory", role).get(&path).problem(403, "forbidden");
    }
    let mut elsewhere = tenant.person_token("nishi", &[Role::Recruiter]);
    elsewhere.legal_entities = Some(["JP-WEST".to_owned()].into());
    let elsewhere = tenant.with_token(&elsewhere);
    elsewhere.get(&path).problem(404, "not_found");
    assert!(elsewhere.all("/v1/applications").is_empty() && elsewhere.all("/v1/pipeline").is_empty());
    say(&tenant, &elsewhere, &application, "advance", &json!({"to": "interviewing"})).problem(404, "not_found");
    assert_eq!(shown(&manager(&tenant), &application)["id"], application.as_str());
    assert_eq!(manager(&tenant).all("/v1/applications").len(), 1);
    alumnus.get("/v1/applications?state=evaluated").problem(403, "forbidden");
    assert_eq!(recruiter.all(&format!("/v1/applications?requisition_id={requisition}&state=screening")).len(), 1);
}

fn whoever_also_recruits_reads_their_own_case_as_the_candidate(kind: StoreKind) {
    let tenant = tenant(kind);
    let (recruiter, requisition) = (tenant.recruiter(), requisition(&tenant));
    let case = |name: &str| {
        let (_, member, alumnus) = returner(&tenant, name);
        (id(&alumnus.post("/v1/applications", &applies(&member, &requisition)).expect(201)), alumnus)
    };
    let ((own, alumnus), (other, _)) = (case("hanako"), case("taro"));
    for application in [&own, &other] {
        say(&tenant, &recruiter, application, "advance", &json!({"to": "interviewing"})).expect(200);
        say(&tenant, &recruiter, application, "assign", &json!({"owner": tenant.subject("sato")})).expect(200);
    }
    let both = tenant.with_token(&tenant.person_token("hanako", &[Role::Alumnus, Role::Recruiter]));
    let all = both.all("/v1/applications");
    let [mine, theirs] = all.as_slice() else { panic!("{all:?}") };
    assert_eq!((&mine["id"], &mine["state"]), (&json!(own), &json!("interview")));
    for hidden in ["recruiter", "owner", "person_id", "eligibility", "on_hold", "name"] {
        assert_eq!(mine.get(hidden), None, "{hidden}");
        assert!(theirs.get(hidden).is_some(), "{hidden}");
    }
    let owner = theirs["owner"].as_str().unwrap();
    let hidden = ["on_hold=false".to_owned(), "state=interviewing".to_owned(), format!("owner={owner}")];
    for filter in hidden.iter().chain([&format!("recruiter={owner}"), &format!("hiring_manager={owner}")]) {
        let path = format!("/v1/applications?{filter}");
        assert!(both.all(&path).iter().all(|case| case["id"] == other.as_str()), "{filter}");
        alumnus.get(&path).problem(403, "forbidden");
    }
    assert_eq!(both.all("/v1/applications?on_hold=false").len(), 1);
    let cases: Vec<Value> = both.all("/v1/pipeline").into_iter().map(|case| case["application_id"].clone()).collect();
    assert_eq!(cases, [json!(other)]);

    let told = both.all(&format!("/v1/history/applications/{own}"));
    let events: Vec<&Value> = told.iter().map(|item| &item["event"]).collect();
    assert_eq!(events, ["application.submitted", "application.advanced"]);
    assert_eq!((&told[1]["state_before"], &told[1]["state_after"]), (&json!("in_review"), &json!("interview")));
    assert_eq!((&told[1]["actor"]["id"], &told[1]["data"]), (&Value::Null, &Value::Null));
    let whole = both.all(&format!("/v1/history/applications/{other}"));
    assert!(whole.iter().any(|item| item["event"] == "application.owner_assigned"));

    // Nor do they lead it, with or without the account of a member; they may still withdraw.
    let recruits = tenant.with_token(&tenant.person_token("hanako", &[Role::Recruiter]));
    let owner = json!({"owner": tenant.subject("sato")});
    for by in [&both, &recruits] {
        say(&tenant, by, &own, "assign", &owner).refused(403, "own_case");
        say(&tenant, by, &own, "hold", &json!({})).refused(403, "own_case");
        say(&tenant, by, &other, "assign", &owner).expect(200);
    }
    say(&tenant, &both, &own, "withdraw", &json!({"reason_code": "other_offer"})).expect(200);
}

fn a_repeat_is_answered_after_the_membership_has_ended(kind: StoreKind) {
    let tenant = tenant(kind);
    let requisition = requisition(&tenant);
    let (_, member, alumnus) = returner(&tenant, "hanako");
    let body = applies(&member, &requisition);
    let send = || alumnus.request("POST", "/v1/applications").key("apply-1").json(&body).send();
    let first = send();
    let application = id(&first.expect(201));
    say(&tenant, &alumnus, &application, "withdraw", &json!({"reason_code": "timing"})).expect(200);
    tenant.command(&alumnus, "members", &member, "leave", &json!({})).expect(200);
    let again = send();
    assert_eq!(again.expect(201), first.json());
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(again.header("location"), first.header("location"));
    alumnus.post("/v1/applications", &body).points_at("/member_id", "member_not_found");
    let mut other = body.clone();
    other["channel"] = json!("job_return");
    let reused = alumnus.request("POST", "/v1/applications").key("apply-1").json(&other).send();
    reused.problem(422, "idempotency_key_reused");
}

fn a_referral_counts_for_its_own_entity(kind: StoreKind) {
    let tenant = tenant(kind);
    let requisition = requisition(&tenant);
    let (ema, _) = tenant.employed("ema", "A-1");
    let refer = |entity: &str| {
        let mut body = refers(&tenant.person());
        body["legal_entity"] = json!(entity);
        id(&ema.post("/v1/referrals", &body).expect(201))
    };
    let (here, elsewhere) = (refer("JP-HQ"), refer("JP-WEST"));
    let (_, member, alumnus) = returner(&tenant, "hanako");
    let with = |referral: &str| {
        let mut body = applies(&member, &requisition);
        body["channel"] = json!("referral");
        body["referral_id"] = json!(referral);
        alumnus.post("/v1/applications", &body)
    };
    with(&elsewhere).points_at("/referral_id", "referral_not_found");
    with(&here).points_at("/referral_id", "awaits_candidate");
    let agreed = json!({"token": token_of(&tenant, &here)});
    tenant.anyone.post(&format!("/v1/referrals/{here}/accept-as-candidate"), &agreed).expect(200);
    with(&here).expect(201);
}

fn lists_reach_as_far_as_the_cases_themselves(kind: StoreKind) {
    let tenant = tenant(kind);
    let (recruiter, requisition) = (tenant.recruiter(), requisition(&tenant));
    let (_, member, alumnus) = returner(&tenant, "hanako");
    let application = id(&alumnus.post("/v1/applications", &applies(&member, &requisition)).expect(201));
    say(&tenant, &recruiter, &application, "schedule-interview", &interview(&tenant, 0, &["mori"])).expect(200);
    let elsewhere = |name: &str, role: Role| {
        let mut token = tenant.person_token(name, &[role]);
        token.legal_entities = Some(["JP-WEST".to_owned()].into());
        tenant.with_token(&token)
    };
    let manager = elsewhere("watanabe", Role::HiringManager);
    let callers = [alumnus, manager.clone(), elsewhere("mori", Role::Interviewer)];
    for by in &callers {
        shown(by, &application);
        let listed = |query: &str| by.all(&format!("/v1/applications{query}")).len();
        assert_eq!((listed(""), listed("?legal_entity=JP-HQ"), listed("?legal_entity=JP-WEST")), (1, 1, 0));
    }
    assert_eq!(manager.all("/v1/pipeline").len(), 1);
    assert!(manager.all("/v1/pipeline?legal_entity=JP-WEST").is_empty());
}

fn the_pipeline_is_sorted_and_searched_by_name(kind: StoreKind) {
    let (tenant, _clock) = clocked_tenant(kind);
    let (recruiter, requisition) = (tenant.recruiter(), requisition(&tenant));
    let case = |name: &str| {
        let (_, member, alumnus) = returner(&tenant, name);
        id(&alumnus.post("/v1/applications", &applies(&member, &requisition)).expect(201))
    };
    let [first, second, third] = ["hanako", "taro", "jiro"].map(case);
    let named = recruiter.all("/v1/pipeline").into_iter().find(|case| case["application_id"] == first).unwrap();
    let name = encoded(named["name"].as_str().unwrap());
    tenant.advance("P1D");
    say(&tenant, &recruiter, &first, "advance", &json!({"to": "interviewing"})).expect(200);
    let listed = |query: &str| -> Vec<String> {
        let cases = recruiter.all(&format!("/v1/pipeline?limit=1&{query}"));
        cases.iter().map(|case| case["application_id"].as_str().unwrap().to_owned()).collect()
    };
    let mut by_stage = vec![second.clone(), third.clone(), first.clone()];
    assert_eq!(listed("sort=stage_since"), by_stage, "what has stood longest first");
    by_stage.reverse();
    assert_eq!(listed("sort=stage_since&order=desc"), by_stage);
    let mut by_day = listed("sort=due_on");
    assert_eq!(by_day, listed("order=asc"));
    by_day.reverse();
    assert_eq!(by_day, listed("order=desc"));
    assert_eq!(listed("sort=submitted_on&state=screening"), [second, third]);
    assert_eq!(listed(&format!("q={name}")), std::slice::from_ref(&first));
    assert!(listed(&format!("q={}", encoded("誰でもない名"))).is_empty());
    recruiter.get("/v1/pipeline?q=megumi@example.jp").problem(403, "forbidden");
    assert_eq!(id(&recruiter.all(&format!("/v1/applications?q={name}"))[0]), first);

    let page = recruiter.read("/v1/pipeline?limit=1&sort=stage_since");
    let cursor = page["next_cursor"].as_str().unwrap();
    recruiter.get(&format!("/v1/pipeline?limit=1&cursor={cursor}")).problem(400, "malformed_request");
    recruiter.get("/v1/pipeline?sort=name").problem(400, "malformed_request");
    let newest = tenant.people_ops().all("/v1/departures?order=desc&limit=2");
    let oldest = tenant.people_ops().all("/v1/departures?limit=2");
    assert_eq!(newest.iter().rev().map(id).collect::<Vec<_>>(), oldest.iter().map(id).collect::<Vec<_>>());
}

fn the_pipeline_shows_what_is_due_and_what_the_caller_may_do(kind: StoreKind) {
    let tenant = tenant(kind);
    let (recruiter, requisition) = (tenant.recruiter(), requisition(&tenant));
    let (departure, member, alumnus) = returner(&tenant, "hanako");
    let application = id(&alumnus.post("/v1/applications", &applies(&member, &requisition)).expect(201));
    let entry = || recruiter.all("/v1/pipeline").remove(0);
    let seen = entry();
    assert_eq!((&seen["application_id"], &seen["state"]), (&json!(application), &json!("screening")));
    assert_eq!((&seen["days_in_stage"], &seen["first_answer_due"]), (&json!(0), &json!(tenant.day(14))));
    assert_eq!((&seen["title"], seen["name"].is_string()), (&json!("配送ドライバー"), true));
    let commands = |seen: &Value| seen["next_allowed_commands"].as_array().unwrap().clone();
    assert!(commands(&seen).contains(&json!("advance")) && !commands(&seen).contains(&json!("resume")));
    let managed = manager(&tenant).all("/v1/pipeline");
    assert_eq!(managed.len(), 1);
    assert!(!commands(&managed[0]).contains(&json!("reject")));
    assert!(tenant.user("mallory", Role::HiringManager).all("/v1/pipeline").is_empty());
    alumnus.get("/v1/pipeline").problem(403, "forbidden");
    let owner = json!({"owner": tenant.subject("sato")});
    say(&tenant, &recruiter, &application, "assign", &owner).expect(200);
    say(&tenant, &recruiter, &application, "advance", &json!({"to": "interviewing"})).expect(200);
    let seen = entry();
    assert_eq!((&seen["state"], &seen["first_answer_due"]), (&json!("interviewing"), &Value::Null));
    let owner = seen["owner"].as_str().unwrap();
    assert_eq!(recruiter.all(&format!("/v1/pipeline?owner={owner}")).len(), 1);
    assert!(recruiter.all("/v1/pipeline?state=screening").is_empty());

    // What is about an interview is there with the interview.
    let records = || commands(&entry()).contains(&json!("record-interview"));
    assert!(!records());
    let slot = interview(&tenant, 0, &["mori"]);
    let scheduled = say(&tenant, &recruiter, &application, "schedule-interview", &slot).expect(200);
    assert!(records() && !commands(&entry()).contains(&json!("submit-scorecard")), "the interviewer has a task");
    let cancelled = json!({"interview_id": scheduled["interview_id"]});
    say(&tenant, &recruiter, &application, "cancel-interview", &cancelled).expect(200);
    assert!(!records() && entry().get("open_interviews").is_none());

    // Somebody may be several things at once; what a fact holds, compliance alone lets go, and nobody who leads the case.
    let flagged = grounds(&tenant, &person_of(&tenant, &departure));
    let flag = id(&tenant.compliance().post("/v1/no-rehire-flags", &flagged).expect(201));
    let with = |name: &str, roles: &[Role]| tenant.with_token(&tenant.person_token(name, roles));
    let offered = |by: &Client, expected: [bool; 2]| {
        let found = [&by.all("/v1/pipeline")[0], &shown(by, &application)].map(|seen| {
            let commands = commands(seen);
            ["reject", "resume"].map(|command| commands.contains(&json!(command)))
        });
        assert_eq!(found, [expected, expected]);
    };
    let uninvolved = with("ueda", &[Role::Recruiter, Role::Compliance]);
    offered(&with("ueda", &[Role::Recruiter]), [true, false]);
    offered(&uninvolved, [true, true]);
    offered(&with("watanabe", &[Role::HiringManager, Role::Compliance]), [false, false]);
    let upheld = json!({"decision": "uphold"});
    tenant.command(&tenant.second_compliance(), "no-rehire-flags", &flag, "review", &upheld).expect(200);
    offered(&uninvolved, [true, false]);
}
