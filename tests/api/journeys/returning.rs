//! From leaving to coming back, and to the wage for whoever brought them.

use chrono::{Datelike as _, NaiveDate};
use okaeri::identity::Role;
use serde_json::{Value, json};

use super::super::no_rehire_flags::{grounds, person_of};
use super::story::{Returner, Story, task};
use crate::api::departures::encoded;
use crate::program::client::Client;
use crate::program::people::{clocked_tenant, id, tenant};
use crate::program::served_by_both_stores;
use crate::support::StoreKind;

served_by_both_stores!(
    a_leaver_comes_back_on_a_referral_and_whoever_referred_them_is_paid,
    whoever_comes_back_and_leaves_on_day_sixty_earns_nobody_a_reward,
    a_hire_that_is_known_by_its_number_lapses_with_it,
    a_hire_of_whom_no_departure_is_recorded_is_looked_for_all_the_same,
    a_month_from_the_last_of_january_ends_with_february,
    whoever_is_back_has_no_offer_that_could_be_taken_back,
    a_referrer_who_leaves_is_paid_unless_the_plan_wants_them_there,
    a_person_with_two_periods_of_which_one_bars_them_may_not_apply,
    a_flag_rests_a_case_until_it_falls_away,
    whoever_left_for_care_is_found_when_a_position_is_published,
    nobody_leaves_the_programme_in_the_middle_of_a_case,
);

const COLUMNS: &str = "employee_number,legal_entity,name,name_kana,email,birth_date,hired_on,left_on,department,\
                       job_family,grade,employment_type,reason,wishes_to_return";

fn a_leaver_comes_back_on_a_referral_and_whoever_referred_them_is_paid(kind: StoreKind) {
    let (tenant, _clock) = clocked_tenant(kind);
    let story = Story::of(&tenant);
    let leaver = tenant.person();
    let line = format!(
        "H-7,JP-HQ,{},{},{},{},2015-04-01,2024-03-31,物流部,driver,G4,regular,relocation,true",
        leaver.name, leaver.name_kana, leaver.email, leaver.birth_date
    );
    let report =
        story.people_ops.upload("/v1/departures/import", format!("{COLUMNS}\n{line}\n").as_bytes()).expect(200);
    assert_eq!((&report["accepted"], &report["refused"]), (&json!(1), &json!([])));
    let departure = id(&story.people_ops.all("/v1/departures?employee_number=H-7")[0]);
    let account = tenant.alumnus("megumi");
    let member = tenant.register(&departure, &leaver, &account);
    let returner = Returner { person: leaver, account, member, departure };

    let (referrer, _) = tenant.employed("ema", "E-100");
    story.reward_plan("not_required");
    let requisition = story.requisition(1);
    let referral = story.referral(&referrer, &requisition, &returner.person);
    assert_eq!(story.state("referrals", &referral), "owned");

    let body = story.application(&returner, &requisition, Some(&referral));
    let application = id(&returner.account.post("/v1/applications", &body).expect(201));
    assert_eq!(story.state("referrals", &referral), "in_process", "credited before the reply");
    let owner = tenant.user("keiko", Role::Executive);
    let assigned = json!({"owner": story.tenant.subject("keiko")});
    story.command(&story.recruiter, "applications", &application, "assign", &assigned).expect(200);
    story.evaluate(&application);
    let first_day = tenant.day(30);
    let offer = story.extended(&application, &first_day);
    let named = format!("/v1/offers?q={}", encoded(&returner.person.name));
    assert_eq!(story.recruiter.all(&named).iter().map(|one| &one["id"]).collect::<Vec<_>>(), [&json!(offer)]);
    assert_eq!(story.state("applications", &application), "offer_pending");
    assert_eq!(story.accept(&returner, &offer).expect(200)["state"], "accepted");
    assert_eq!(story.state("applications", &application), "offer_accepted");
    let starts = |number: &str| {
        let start = json!({"employee_number": number, "started_on": first_day});
        story.command(&story.recruiter, "applications", &application, "record-rejoin", &start)
    };
    starts("E-100").points_at("/employee_number", "number_taken");
    assert_eq!(starts("E-2001").expect(200)["state"], "joining");
    assert_eq!(starts("E-20001").expect(200)["state"], "joining", "mistyped before");

    tenant.advance("P31D");
    assert_eq!(story.state("applications", &application), "rejoined", "on that day, by the clock");
    assert_eq!(story.state("members", &returner.member), "returned");
    assert_eq!(story.state("requisitions", &requisition), "filled");
    assert_eq!(story.state("referrals", &referral), "hired");
    let again = &story.people_ops.all("/v1/employments?employee_number=E-20001")[0];
    assert_eq!(
        (&again["from"], &again["state"], &again["grade"]),
        (&json!(first_day), &json!("current"), &json!("G4"))
    );
    assert_eq!(again["person"]["name"], returner.person.name.as_str(), "under the name in the record of the departure");
    assert_eq!(again["source"], "reaction");
    let before = json!([{"legal_entity": "JP-HQ", "from": "2015-04-01", "to": "2024-03-31", "departure_id": returner.departure}]);
    assert_eq!(again["returned"], json!({"application_id": application, "tenure": before}));
    let reward = story.reward(&referral);
    assert_eq!((&reward["state"], &reward["amount"]["amount"]), (&json!("waiting"), &json!(50_000)));

    tenant.advance("P90D");
    let reward = id(&reward);
    assert_eq!(story.state("rewards", &reward), "due", "the day after the milestone");
    assert!(task(&story.people_ops, "verify_reward").is_some());
    let decide = |by, command| story.seen(by, "rewards", &reward, command, &json!({}));
    decide(&story.people_ops, "verify").expect(200);
    decide(&owner, "approve").refused(422, "recruiter_may_not_approve");
    decide(&story.compensation, "approve").expect(200);
    decide(&story.compensation, "approve").refused(422, "second_person_required");
    decide(&story.executive, "approve").expect(200);
    let due_on = story.reward(&referral)["due_on"].as_str().unwrap().to_owned();
    let period = due_on.get(..7).unwrap();
    let payables = story.payroll.all(&format!("/v1/reward-payables?period={period}"));
    assert_eq!(payables.len(), 1, "{payables:?}");
    let payable = &payables[0];
    assert_eq!(
        (&payable["reward_id"], &payable["state"], &payable["employee_number"], &payable["amount"]["amount"]),
        (&json!(reward), &json!("approved"), &json!("E-100"), &json!(50_000))
    );

    everybody_is_told_with_their_role(&story, [&referral, &application, &offer, &reward]);
    // Every follow-up is recorded once, and nothing waits for somebody to see to it.
    assert_eq!(story.count("applications", &application, "application.rejoined"), 1);
    assert_eq!(story.count("referrals", &referral, "referral.hired"), 1);
    assert_eq!(task(&story.compliance, "reaction_refused"), None);
    let log = story.compliance.all("/v1/log?limit=500");
    let positions: Vec<u64> = log.iter().map(|event| event["position"].as_u64().unwrap()).collect();
    assert!(positions.iter().copied().eq(1..=positions.len() as u64), "gapless");
}

/// Who did what in a return, in which role, and by which rule and clause.
fn everybody_is_told_with_their_role(story: &Story<'_, '_>, [referral, application, offer, reward]: [&String; 4]) {
    let told = |collection: &str, id: &str| why_each_step_was_allowed(story, collection, id);
    assert_eq!(
        told("referrals", referral),
        [
            "submitted by employee",
            "candidate_accepted by candidate",
            "ownership_granted by candidate",
            "credited by system",
            "hired by system",
        ]
    );
    assert_eq!(
        told("applications", application),
        [
            "submitted by alumnus",
            "eligibility_assessed by alumnus",
            "owner_assigned by recruiter",
            "advanced by recruiter",
            "interview_scheduled by recruiter",
            "scorecard_submitted by interviewer",
            "scorecard_submitted by recruiter",
            "evaluation_recorded by recruiter",
            "offer_opened by system",
            "offer_accepted by system",
            "joining_recorded by recruiter",
            "joining_recorded by recruiter",
            "rejoined by system",
        ]
    );
    assert_eq!(
        told("offers", offer),
        [
            "drafted by recruiter",
            "labour_checked by recruiter",
            "approval_requested by recruiter",
            "approved by compensation",
            "extended by recruiter",
            "accepted by alumnus",
            "duties_noted by system",
        ]
    );
    assert_eq!(
        told("rewards", reward),
        [
            "planned by system",
            "fell_due by system",
            "verified by people_ops",
            "approved by compensation",
            "approved by executive",
        ]
    );
}

/// What happened to a thing, and in which role; each step told in both languages, each rule with the clause or law behind it,
/// in the history and in the log.
#[track_caller]
fn why_each_step_was_allowed(story: &Story<'_, '_>, collection: &str, id: &str) -> Vec<String> {
    let history = story.compliance.all(&format!("/v1/history/{collection}/{id}"));
    let log = story.compliance.all("/v1/log?limit=500");
    let told = |line: &Value| {
        assert!(["title_en", "title_ja"].iter().all(|title| line[title].as_str().is_some_and(|text| !text.is_empty())));
        assert!(line["actor"]["id"].is_string(), "{line}");
        let rules = rules_in(&line["data"]);
        assert!(rules.iter().all(|rule| rule["basis"].as_str().is_some_and(|basis| !basis.is_empty())), "{rules:?}");
        assert!(line["rule"].is_null() || line["basis"].is_string(), "{line}");
        let logged = log.iter().find(|event| event["position"] == line["position"]).expect("it is in the log");
        assert_eq!((&logged["type"], &logged["metadata"]["role"]), (&line["event"], &line["role"]));
        let (_, event) = line["event"].as_str().unwrap().split_once('.').unwrap();
        format!("{event} by {}", line["role"].as_str().unwrap_or("nobody"))
    };
    history.iter().map(told).collect()
}

/// Every rule that an event tells of.
fn rules_in(data: &Value) -> Vec<&Value> {
    match data {
        Value::Object(members) if members.contains_key("rule") && members.contains_key("outcome") => vec![data],
        Value::Object(members) => members.values().flat_map(rules_in).collect(),
        Value::Array(items) => items.iter().flat_map(rules_in).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => vec![],
    }
}

fn whoever_comes_back_and_leaves_on_day_sixty_earns_nobody_a_reward(kind: StoreKind) {
    let (tenant, _clock) = clocked_tenant(kind);
    let story = Story::of(&tenant);
    let (returner, referral) = story.back_on_a_referral();
    let reward = id(&story.reward(&referral));
    assert_eq!(story.state("rewards", &reward), "waiting", "the first day had come: back at once");

    let person = story.people_ops.read(&format!("/v1/departures/{}", returner.departure))["person"].clone();
    let mut leaves = tenant.person().leaves("E-20001", &tenant.day(0), &tenant.day(60));
    leaves["person"] = person;
    let departure = tenant.record(&leaves);
    tenant.advance("P60D");
    assert_eq!(story.state("rewards", &reward), "waiting");
    tenant.advance("P1D");
    let lapsed = story.reward(&referral);
    assert_eq!((&lapsed["state"], &lapsed["ending"]["because"]), (&json!("lapsed"), &json!("hire_left")));
    assert_eq!(lapsed["ending"]["departure_id"], departure.as_str());
    tenant.advance("P60D");
    assert_eq!(story.state("rewards", &reward), "lapsed", "and stays so when the milestone would have come");
    assert_eq!(task(&story.compliance, "reaction_refused"), None);
}

/// A hire may be recorded before anybody knows under which record, and the HR system may tell its end without a departure.
fn a_hire_that_is_known_by_its_number_lapses_with_it(kind: StoreKind) {
    let (tenant, _clock) = clocked_tenant(kind);
    let story = Story::of(&tenant);
    let (referrer, _) = tenant.employed("ema", "E-100");
    story.reward_plan("not_required");
    let requisition = story.requisition(2);
    let hired = |number: &str| {
        let person = tenant.person();
        let referral = story.referral(&referrer, &requisition, &person);
        let hire = json!({"employee_number": number, "legal_entity": "JP-HQ", "started_on": tenant.day(0)});
        story.command(&story.recruiter, "referrals", &referral, "record-hire", &hire).expect(200);
        let employment = tenant.hris().post("/v1/employments", &person.works(number, &tenant.day(0))).expect(201);
        (referral, person, id(&employment))
    };
    let [(leaves, leaver, _), (goes, _, moved)] = ["E-20004", "E-20005"].map(hired);
    let departure = tenant.record(&leaver.leaves("E-20004", &tenant.day(0), &tenant.day(60)));
    tenant.advance("P61D");
    let end = json!({"to": tenant.day(-1), "because": "transfer_out"});
    story.command(&tenant.hris(), "employments", &moved, "end", &end).expect(200);
    for (referral, departure) in [(&leaves, json!(departure)), (&goes, Value::Null)] {
        let lapsed = story.reward(referral);
        assert_eq!((&lapsed["state"], &lapsed["ending"]["because"]), (&json!("lapsed"), &json!("hire_left")));
        assert_eq!(lapsed["ending"]["departure_id"], departure);
    }
    assert_eq!(task(&story.compliance, "reaction_refused"), None);
}

/// The HRIS may know no departure of a fixed term that has run out; and where nobody knows of an employment, it is asked.
fn a_hire_of_whom_no_departure_is_recorded_is_looked_for_all_the_same(kind: StoreKind) {
    let (tenant, _clock) = clocked_tenant(kind);
    let story = Story::of(&tenant);
    let (referrer, _) = tenant.employed("ema", "E-100");
    story.reward_plan("not_required");
    let requisition = story.requisition(4);
    let back = |number: &str, name: &str, login: &str| {
        let returner = story.returner(number, login);
        let referral = story.referral(&referrer, &requisition, &returner.person);
        story.returns(&returner, &requisition, &referral, name, 0);
        let known = story.people_ops.all(&format!("/v1/employments?employee_number={name}"));
        let person = story.people_ops.read(&format!("/v1/departures/{}", returner.departure))["person"].clone();
        (referral, id(&known[0]), person)
    };
    let (over, term, _) = back("H-7", "E-20001", "megumi");
    let (lasted, until_later, _) = back("H-8", "E-20002", "haruka");
    let (renewed, first_term, person) = back("H-9", "E-20003", "chihiro");
    let hired = story.referral(&referrer, &requisition, &tenant.person());
    let hire = json!({"employee_number": "E-20004", "legal_entity": "JP-HQ", "started_on": tenant.day(0)});
    story.command(&story.recruiter, "referrals", &hired, "record-hire", &hire).expect(200);

    tenant.advance("P61D");
    let ends = |employment: &str| {
        let end = json!({"to": tenant.day(-1), "because": "term_ended"});
        story.command(&tenant.hris(), "employments", employment, "end", &end).expect(200);
    };
    ends(&term);
    ends(&first_term);
    let mut second_term = tenant.person().works("E-20003", &tenant.day(0));
    second_term["person"] = person;
    tenant.hris().post("/v1/employments", &second_term).expect(201);
    tenant.advance("P30D");
    // Whoever leaves after the milestone has lasted.
    ends(&until_later);

    let verified = |referral: &str| {
        let reward = story.reward(referral);
        assert_eq!(reward["state"], "due", "{reward}");
        story.command(&story.people_ops, "rewards", &id(&reward), "verify", &json!({})).expect(200);
        let whole = story.compliance.read(&format!("/v1/rewards/{}", id(&reward)));
        let found = whole["checks"].as_array().unwrap().iter().find(|one| one["rule"] == "REF-15").cloned();
        (whole["state"].clone(), found.unwrap()["code"].clone())
    };
    let employed = (json!("verified"), json!("employed_at_milestone"));
    assert_eq!(verified(&lasted), employed);
    assert_eq!(verified(&renewed), employed);
    assert_eq!(verified(&over), (json!("held"), json!("term_over")));
    assert_eq!(verified(&hired), (json!("held"), json!("employment_unknown")));
    assert_eq!(task(&story.compliance, "reaction_refused"), None);
}

/// A month that has no such day ends with its last one (民法143条).
fn a_month_from_the_last_of_january_ends_with_february(kind: StoreKind) {
    let (tenant, _clock) = clocked_tenant(kind);
    let story = Story::of(&tenant);
    let (referrer, _) = tenant.employed("ema", "E-100");
    story.reward_plan_after("not_required", &json!({"months": 1}));
    let requisition = story.requisition(1);
    let returner = story.returner("H-7", "megumi");
    let referral = story.referral(&referrer, &requisition, &returner.person);
    let today = tenant.today();
    let last_of_january = |year| NaiveDate::from_ymd_opt(year, 1, 31).unwrap();
    let first_day = [today.year(), today.year() + 1].map(last_of_january).into_iter().find(|day| *day > today).unwrap();
    let days = first_day.signed_duration_since(today).num_days();
    story.returns(&returner, &requisition, &referral, "E-20001", days);
    tenant.advance(&format!("P{days}D"));
    let ends = NaiveDate::from_ymd_opt(first_day.year(), 3, 1).unwrap().pred_opt().unwrap();
    let waits = story.reward(&referral);
    assert_eq!((&waits["state"], &waits["milestone_on"]), (&json!("waiting"), &json!(ends)), "{waits}");
    let left = ends.signed_duration_since(first_day).num_days();
    tenant.advance(&format!("P{left}D"));
    assert_eq!(story.reward(&referral)["state"], "waiting", "its last day has not passed");
    tenant.advance("P1D");
    assert_eq!(story.reward(&referral)["state"], "due");
}

fn whoever_is_back_has_no_offer_that_could_be_taken_back(kind: StoreKind) {
    let tenant = tenant(kind);
    let story = Story::of(&tenant);
    let (requisition, returner) = (story.requisition(1), story.returner("H-7", "megumi"));
    let application = story.apply(&returner, &requisition);
    story.evaluate(&application);
    let offer = story.extended(&application, &tenant.day(0));
    story.accept(&returner, &offer).expect(200);
    let start = json!({"employee_number": "E-20001", "started_on": tenant.day(0)});
    story.command(&story.recruiter, "applications", &application, "record-rejoin", &start).expect(200);
    assert_eq!(story.state("applications", &application), "rejoined");

    let decline = json!({"reason_code": "timing"});
    story.command(&returner.account, "offers", &offer, "decline", &decline).refused(409, "application_ended");
    let rescind = json!({"reason_code": "business", "clause": "第20条", "opinion_ref": "legal/1"});
    story.command(&story.executive, "offers", &offer, "rescind", &rescind).refused(409, "application_ended");
    assert_eq!(story.state("offers", &offer), "accepted");
    let fewer = |headcount: u32| {
        let changes = json!({"headcount": headcount});
        story.command(&story.recruiter, "requisitions", &requisition, "revise", &changes)
    };
    fewer(2).expect(200);
    let other = story.returner("H-8", "haruka");
    let promised = story.apply(&other, &requisition);
    story.evaluate(&promised);
    story.extended(&promised, &tenant.day(30));
    fewer(1).refused(409, "headcount_below_filled");
}

fn a_referrer_who_leaves_is_paid_unless_the_plan_wants_them_there(kind: StoreKind) {
    let (tenant, _clock) = clocked_tenant(kind);
    let story = Story::of(&tenant);
    let (stays_out, out_person) = tenant.employed("ema", "E-100");
    let (wanted, wanted_person) = tenant.employed("rin", "E-200");
    let requisition = story.requisition(2);
    let plan = story.reward_plan("not_required");
    let returners = [0, 1].map(|nth| story.returner(&format!("H-{nth}"), &format!("returner-{nth}")));
    let paid = story.referral(&stays_out, &requisition, &returners[0].person);
    story.command(&tenant.programme_admin(), "reward-plans", &plan, "retire", &json!({})).expect(200);
    story.reward_plan("required");
    let lapses = story.referral(&wanted, &requisition, &returners[1].person);
    for (nth, (referral, returner)) in [&paid, &lapses].into_iter().zip(&returners).enumerate() {
        story.returns(returner, &requisition, referral, &format!("E-2000{nth}"), 0);
    }
    for (number, person) in [("E-100", out_person), ("E-200", wanted_person)] {
        tenant.record(&person.leaves(number, "2020-04-01", &tenant.day(5)));
    }
    assert_eq!(story.reward(&lapses)["state"], "waiting");
    tenant.advance("P6D");
    assert_eq!(story.reward(&paid)["state"], "waiting", "owed to whoever was employed when they referred");
    let lapsed = story.reward(&lapses);
    assert_eq!((&lapsed["state"], &lapsed["ending"]["because"]), (&json!("lapsed"), &json!("payee_left")));
    tenant.advance("P90D");
    let reward = id(&story.reward(&paid));
    assert_eq!(story.state("rewards", &reward), "due");
    let verified = story.seen(&story.people_ops, "rewards", &reward, "verify", &json!({})).expect(200);
    assert_eq!(verified["state"], "verified", "present status is no condition of the award");
}

fn a_person_with_two_periods_of_which_one_bars_them_may_not_apply(kind: StoreKind) {
    let tenant = tenant(kind);
    let story = Story::of(&tenant);
    let returner = story.returner("H-7", "megumi");
    let requisition = story.requisition(1);
    let application = story.apply(&returner, &requisition);

    // An earlier period comes to light, under the number that the later record names; two people find it bars a return.
    let person = tenant.person();
    let mut earlier = person.leaves("H-1", "2005-04-01", "2010-03-31");
    earlier["reason"] = json!("misconduct");
    let earlier = tenant.record(&earlier);
    let (one, other) = (person_of(&tenant, &earlier), person_of(&tenant, &returner.departure));
    let link = json!({"same_as": other, "reason": "documents_seen", "evidence_ref": "hr/2026-4"});
    for by in [&story.people_ops, &tenant.second_people_ops()] {
        story.command(by, "persons", &one, "link", &link).expect(200);
    }
    assert_eq!(story.compliance.read(&format!("/v1/applications/{application}"))["on_hold"], true);
    let assessment = json!({"verdict": "not_eligible", "reason_code": "misconduct", "clause": "第12条"});
    story.command(&story.people_ops, "departures", &earlier, "assess-eligibility", &assessment).expect(200);
    let confirmation = json!({"clause": "第12条", "evidence_ref": "HR-2010-017", "expires_on": tenant.day(300),
        "appeal_route": "人事部 異議申立窓口"});
    story
        .command(&tenant.second_people_ops(), "departures", &earlier, "confirm-eligibility", &confirmation)
        .expect(200);
    let held = story.compliance.read(&format!("/v1/applications/{application}"));
    assert_eq!((&held["on_hold"], &held["eligibility"]["result"]), (&json!(true), &json!("not_eligible")));
    assert!(task(&story.compliance, "review_held_case").is_some());
    let advance = json!({"to": "interviewing"});
    story.command(&story.recruiter, "applications", &application, "advance", &advance).refused(409, "on_hold");
    story
        .command(&returner.account, "applications", &application, "withdraw", &json!({"reason_code": "personal"}))
        .expect(200);

    let second = story.requisition(1);
    let refused = returner.account.post("/v1/applications", &story.application(&returner, &second, None)).expect(201);
    assert_eq!(refused["state"], "not_eligible");
    let mine = returner.account.read(&format!("/v1/applications/{}", id(&refused)));
    assert_eq!(mine["refusal_clause"], "第12条", "the person is told the clause, and nothing else");
    assert!(!mine.to_string().contains("misconduct"));
}

fn a_flag_rests_a_case_until_it_falls_away(kind: StoreKind) {
    let tenant = tenant(kind);
    let story = Story::of(&tenant);
    let returner = story.returner("H-7", "megumi");
    let application = story.apply(&returner, &story.requisition(1));
    let person = person_of(&tenant, &returner.departure);
    let raised = grounds(&tenant, &person);
    let flag = id(&story.compliance.post("/v1/no-rehire-flags", &raised).expect(201));
    let on_hold = || story.compliance.read(&format!("/v1/applications/{application}"))["on_hold"].clone();
    assert_eq!(on_hold(), true, "raised: without effect, but somebody has to look");
    let history = |by: &Client| by.all(&format!("/v1/history/applications/{application}"));
    let tells = |told: &[Value]| told.iter().any(|item| item.to_string().contains("flag"));
    let (told, whole) = (history(&story.recruiter), history(&story.compliance));
    assert_eq!(told.len(), whole.len());
    assert!(tells(&whole), "compliance sees why: {whole:?}");
    assert!(!tells(&told), "no recruiter learns of a flag: {told:?}");
    let review = json!({"decision": "reject"});
    story.command(&tenant.second_compliance(), "no-rehire-flags", &flag, "review", &review).expect(200);
    assert_eq!(on_hold(), false, "not upheld: the case goes on by itself");
    let advance = json!({"to": "interviewing"});
    story.command(&story.recruiter, "applications", &application, "advance", &advance).expect(200);
}

fn whoever_left_for_care_is_found_when_a_position_is_published(kind: StoreKind) {
    let tenant = tenant(kind);
    let story = Story::of(&tenant);
    let mut wanted = Vec::new();
    for (number, reason, family, wishes) in [
        ("H-1", "childcare", "driver", true),
        ("H-2", "family_care", "driver", true),
        ("H-3", "childcare", "driver", false),
        ("H-4", "childcare", "accounting", true),
        ("H-5", "relocation", "driver", true),
    ] {
        let mut left = tenant.person().left(number);
        left["reason"] = json!(reason);
        left["employment"]["job_family"] = json!(family);
        left["wishes_to_return"] = json!(wishes);
        let departure = tenant.record(&left);
        if ["H-1", "H-2"].contains(&number) {
            wanted.push(departure);
        }
    }
    // Whoever asked not to be written to is not looked for.
    let mut left = tenant.person().left("H-6");
    (left["reason"], left["wishes_to_return"]) = (json!("childcare"), json!(true));
    let barred = tenant.record(&left);
    story.command(&story.people_ops, "departures", &barred, "refuse-contact", &json!({})).expect(200);
    let requisition = story.requisition(1);
    assert!(task(&story.people_ops, "match_returners").is_some());
    let path = format!("/v1/requisitions/{requisition}");
    let found = story.people_ops.read(&path)["returners"]["departures"].clone();
    let mut found: Vec<String> = found.as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect();
    found.sort();
    wanted.sort();
    assert_eq!(found, wanted);
    assert!(story.recruiter.read(&path).get("returners").is_none(), "why they left is not for recruiters");
    let history = |by: &Client| by.all(&format!("/v1/history/requisitions/{requisition}"));
    let tells = |told: &[Value]| told.iter().any(|item| item["data"].to_string().contains("departures"));
    let (told, whole) = (history(&story.recruiter), history(&story.compliance));
    assert_eq!(told.len(), whole.len());
    assert!(tells(&whole), "compliance sees who was found: {whole:?}");
    assert!(!tells(&told), "{told:?}");
}

fn nobody_leaves_the_programme_in_the_middle_of_a_case(kind: StoreKind) {
    let tenant = tenant(kind);
    let story = Story::of(&tenant);
    let returner = story.returner("H-7", "megumi");
    let application = story.apply(&returner, &story.requisition(1));
    let leave = || story.command(&returner.account, "members", &returner.member, "leave", &json!({}));
    leave().refused(409, "live_case");
    let withdraw: Value = json!({"reason_code": "personal"});
    story.command(&returner.account, "applications", &application, "withdraw", &withdraw).expect(200);
    assert_eq!(leave().expect(200)["state"], "left");
}
