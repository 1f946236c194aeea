//! What is recorded late, or turns out otherwise: people decide, and nothing is taken back by itself.

use okaeri::identity::Role;
use serde_json::{Value, json};

use super::super::no_rehire_flags::person_of;
use super::story::{Returner, Story, task};
use crate::program::client::Client;
use crate::program::people::{Tenant, clocked_tenant, id, tenant};
use crate::program::served_by_both_stores;
use crate::support::StoreKind;

served_by_both_stores!(
    a_referrer_who_had_left_before_they_referred_earns_nothing,
    whether_somebody_was_employed_whose_period_was_a_mistake_is_asked_again,
    nobody_earns_a_reward_for_their_own_return,
    what_payroll_may_have_paid_is_corrected_by_two_people,
    whoever_does_not_come_on_the_day_to_which_it_was_postponed_has_no_case_left,
    a_corrected_departure_rests_a_live_case,
    whom_the_hr_system_knows_already_is_employed_once,
    what_somebody_was_in_another_entity_is_told_to_whom_it_is_told_anyway,
    a_review_lets_nobody_apply_twice,
);

/// Somebody is back on a referral, and its reward is due.
fn due(tenant: &Tenant<'_>, story: &Story<'_, '_>) -> (Returner, String) {
    let (returner, referral) = story.back_on_a_referral();
    tenant.advance("P91D");
    let reward = id(&story.reward(&referral));
    assert_eq!(story.state("rewards", &reward), "due");
    (returner, reward)
}

fn a_referrer_who_had_left_before_they_referred_earns_nothing(kind: StoreKind) {
    let (tenant, _clock) = clocked_tenant(kind);
    let story = Story::of(&tenant);
    let (_, reward) = due(&tenant, &story);
    let was = |when: &str| story.compliance.read(&format!("/v1/rewards/{reward}"))["payee_was"][when]["class"].clone();
    assert_eq!(was("at_referral"), "employee");
    // That they had left long before is recorded only now.
    let employment = id(&story.people_ops.all("/v1/employments?employee_number=E-100")[0]);
    let ends = json!({"to": tenant.day(-120), "because": "transfer_out"});
    story.command(&tenant.hris(), "employments", &employment, "end", &ends).expect(200);
    assert_eq!(story.state("rewards", &reward), "due", "somebody looks before anything is decided");
    story.command(&story.people_ops, "rewards", &reward, "verify", &json!({})).expect(200);
    let barred = story.compliance.read(&format!("/v1/rewards/{reward}"));
    assert_eq!((&barred["state"], &barred["ending"]["rule"]), (&json!("ineligible"), &json!("REF-06")), "{barred}");
    assert_eq!(was("at_referral"), "former_employee");
    assert_eq!(task(&story.compliance, "reaction_refused"), None);
}

fn whether_somebody_was_employed_whose_period_was_a_mistake_is_asked_again(kind: StoreKind) {
    let (tenant, _clock) = clocked_tenant(kind);
    let story = Story::of(&tenant);
    let (_, reward) = due(&tenant, &story);
    let employment = id(&story.people_ops.all("/v1/employments?employee_number=E-100")[0]);
    let ends = json!({"to": tenant.day(-1), "because": "correction"});
    story.command(&tenant.hris(), "employments", &employment, "end", &ends).expect(200);
    story.command(&story.people_ops, "rewards", &reward, "verify", &json!({})).expect(200);
    let held = story.compliance.read(&format!("/v1/rewards/{reward}"));
    assert_eq!((&held["state"], &held["hold"]["rule"]), (&json!("held"), &json!("REF-01")), "{held}");
    assert_eq!(held["hold"]["code"], "employment_unknown");
}

/// Two records of one human being, whom nobody has linked yet: the account that both bear shows it.
fn nobody_earns_a_reward_for_their_own_return(kind: StoreKind) {
    let (tenant, _clock) = clocked_tenant(kind);
    let story = Story::of(&tenant);
    let (referrer, _) = tenant.employed("megumi", "E-100");
    story.reward_plan("not_required");
    let requisition = story.requisition(1);
    let returner = story.returner("H-7", "megumi");
    let referral = story.referral(&referrer, &requisition, &returner.person);
    story.returns(&returner, &requisition, &referral, "E-20001", 0);
    let reward = story.reward(&referral);
    assert_eq!((&reward["state"], &reward["ending"]["rule"]), (&json!("ineligible"), &json!("REF-10")), "{reward}");
}

fn what_payroll_may_have_paid_is_corrected_by_two_people(kind: StoreKind) {
    let (tenant, _clock) = clocked_tenant(kind);
    let story = Story::of(&tenant);
    let (returner, reward) = due(&tenant, &story);
    let decide = |by, command: &str, body: Value| story.seen(by, "rewards", &reward, command, &body);
    decide(&story.people_ops, "verify", json!({})).expect(200);
    decide(&story.people_ops, "approve", json!({})).expect(200);
    decide(&story.executive, "approve", json!({})).expect(200);
    let (second, close) = (tenant.second_people_ops(), "close-correction-case");
    decide(&second, close, json!({})).refused(409, "no_correction_case");

    // Payroll may have it when it comes to light that whoever was hired had left before the milestone.
    let person = story.people_ops.read(&format!("/v1/departures/{}", returner.departure))["person"].clone();
    let mut left = tenant.person().leaves("E-20001", &tenant.day(-91), &tenant.day(-30));
    left["person"] = person;
    let departure = tenant.record(&left);
    let held = story.compliance.read(&format!("/v1/rewards/{reward}"));
    assert_eq!((&held["state"], &held["hold"]["rule"]), (&json!("held"), &json!("REF-15")), "{held}");
    assert_eq!(held["correction_case"]["departure_id"], departure.as_str());
    let asked = task(&story.compliance, "decide_correction_case").expect("somebody has to decide");
    assert_eq!(asked["subject"]["id"], reward.as_str());
    let clause = json!({"clause": "賃金規程第21条"});
    decide(&second, "forfeit", clause.clone()).refused(409, "correction_case_open");
    decide(&story.people_ops, close, json!({})).refused(422, "second_person_required");
    let note = tenant.words("支給前に判明。返還は求めない");
    decide(&second, close, json!({"note": note})).expect(200);
    assert_eq!(task(&story.compliance, "decide_correction_case"), None);
    decide(&second, "forfeit", clause.clone()).refused(422, "second_person_required");
    assert_eq!(decide(&story.people_ops, "forfeit", clause).expect(200)["state"], "forfeited");
    let told = story.events("rewards", &reward);
    for event in ["reward.correction_case_opened", "reward.correction_case_closed", "reward.forfeited"] {
        assert_eq!(told.iter().filter(|one| *one == event).count(), 1, "{event}: {told:?}");
    }
    assert_eq!(task(&story.compliance, "reaction_refused"), None);
}

fn whoever_does_not_come_on_the_day_to_which_it_was_postponed_has_no_case_left(kind: StoreKind) {
    let (tenant, _clock) = clocked_tenant(kind);
    let story = Story::of(&tenant);
    let (referrer, _) = tenant.employed("ema", "E-100");
    let (requisition, returner) = (story.requisition(1), story.returner("H-7", "megumi"));
    let referral = story.referral(&referrer, &requisition, &returner.person);
    let body = story.application(&returner, &requisition, Some(&referral));
    let application = id(&returner.account.post("/v1/applications", &body).expect(201));
    story.evaluate(&application);
    let offer = story.extended(&application, &tenant.day(5));
    story.accept(&returner, &offer).expect(200);
    let on_case =
        |command: &str, body: Value| story.command(&story.recruiter, "applications", &application, command, &body);
    let later = |days: i64| json!({"to": tenant.day(days), "reason_code": "notice_period"});
    on_case("postpone-start", later(5)).points_at("/to", "not_later");
    on_case("postpone-start", later(10)).expect(200);
    on_case("record-rejoin", json!({"employee_number": "E-20001", "started_on": tenant.day(5)}))
        .points_at("/started_on", "before_agreed_day");
    on_case("record-rejoin", json!({"employee_number": "E-20001", "started_on": tenant.day(10)})).expect(200);
    on_case("postpone-start", later(20)).expect(200);
    tenant.advance("P11D");
    assert_eq!(story.state("applications", &application), "joining", "nobody is back before the day that was agreed");
    on_case("record-no-show", json!({})).refused(409, "day_not_come");
    let hold = json!({"until": tenant.day(30)});
    on_case("hold", hold).expect(200);
    tenant.advance("P10D");
    assert_eq!(story.state("applications", &application), "joining", "on hold: nothing happens by itself");
    let note = tenant.words("初日に連絡なし");
    assert_eq!(on_case("record-no-show", json!({"note": note})).expect(200)["state"], "no_show");
    assert_eq!(story.state("offers", &offer), "declined", "by staying away");
    assert_eq!(story.state("referrals", &referral), "not_hired");
    assert_eq!(story.state("members", &returner.member), "active");
    assert!(story.people_ops.all("/v1/employments?employee_number=E-20001").is_empty());
    // The seat is free again.
    let other = story.returner("H-8", "haruka");
    let next = story.apply(&other, &requisition);
    story.evaluate(&next);
    story.extended(&next, &tenant.day(30));
    assert_eq!(task(&story.compliance, "reaction_refused"), None);
}

/// A new fact puts a case on hold; people who had no part in it decide whether it goes on, as in a review.
fn a_corrected_departure_rests_a_live_case(kind: StoreKind) {
    let (tenant, _clock) = clocked_tenant(kind);
    let story = Story::of(&tenant);
    let (requisition, returner) = (story.requisition(1), story.returner("H-7", "megumi"));
    let application = story.apply(&returner, &requisition);
    let case = || story.compliance.read(&format!("/v1/applications/{application}"));
    let corrected = |changes: Value| {
        let mut body = changes;
        body["why"] = json!(tenant.words("記録の誤り"));
        story.command(&story.people_ops, "departures", &returner.departure, "correct", &body).expect(200);
    };
    corrected(json!({"department": "総務部"}));
    assert_eq!(case()["on_hold"], false, "nothing that a rule reads");
    corrected(json!({"reason": "misconduct"}));
    let rests = case();
    assert_eq!((&rests["state"], &rests["on_hold"]), (&json!("screening"), &json!(true)), "{rests}");
    let advance = json!({"to": "interviewing"});
    story.command(&story.recruiter, "applications", &application, "advance", &advance).refused(409, "on_hold");
    let told = story.compliance.all(&format!("/v1/history/applications/{application}"));
    let held = told.iter().find(|line| line["event"] == "application.held").expect("it is told");
    assert_eq!((&held["role"], &held["why"]["code"]), (&json!("system"), &json!("departure_corrected")));
    assert_eq!(task(&story.compliance, "reaction_refused"), None);
    let resume = |by: &Client, body: Value| story.command(by, "applications", &application, "resume", &body);
    let clause = json!({"clause": "再雇用規程第3条"});
    let leads = tenant.with_token(&tenant.person_token("sato", &[Role::Recruiter, Role::Compliance]));
    resume(&story.recruiter, clause.clone()).refused(409, "held_by_fact");
    resume(&leads, clause.clone()).refused(422, "uninvolved_person_required");
    resume(&story.compliance, json!({})).points_at("/clause", "clause_required");
    resume(&story.compliance, clause).expect(200);
    let goes_on = case();
    assert_eq!((&goes_on["on_hold"], &goes_on["eligibility"]["result"]), (&json!(false), &json!("eligible")));
    assert_eq!(goes_on["reviews"][0]["clause"], "再雇用規程第3条");
}

fn whom_the_hr_system_knows_already_is_employed_once(kind: StoreKind) {
    let (tenant, _clock) = clocked_tenant(kind);
    let story = Story::of(&tenant);
    let (requisition, returner) = (story.requisition(1), story.returner("H-7", "megumi"));
    let application = story.apply(&returner, &requisition);
    story.evaluate(&application);
    let first_day = tenant.day(10);
    let offer = story.extended(&application, &first_day);
    story.accept(&returner, &offer).expect(200);
    // The HR system is ahead of the recruiter.
    let mut works = returner.person.works("E-20001", &first_day);
    works["previous_employee_number"] = json!("H-7");
    let known = id(&tenant.hris().post("/v1/employments", &works).expect(201));
    let start = json!({"employee_number": "E-20001", "started_on": first_day});
    story.command(&story.recruiter, "applications", &application, "record-rejoin", &start).expect(200);
    tenant.advance("P10D");
    assert_eq!(story.state("applications", &application), "rejoined");
    let employments = story.people_ops.all("/v1/employments?employee_number=E-20001");
    assert_eq!(employments.iter().map(id).collect::<Vec<_>>(), [known]);
    let returned = &employments[0]["returned"];
    assert_eq!(returned["application_id"], application.as_str());
    assert_eq!(returned["tenure"].as_array().map(Vec::len), Some(1), "{returned}");
    assert_eq!(task(&story.compliance, "reaction_refused"), None);
}

fn what_somebody_was_in_another_entity_is_told_to_whom_it_is_told_anyway(kind: StoreKind) {
    let tenant = tenant(kind);
    let story = Story::of(&tenant);
    let (person, account) = (tenant.person(), tenant.alumnus("megumi"));
    let mut left = person.left("W-7");
    left["legal_entity"] = json!("JP-WEST");
    let departure = tenant.record(&left);
    let member = tenant.register(&departure, &person, &account);
    let returner = Returner { person, account, member, departure };
    let application = story.apply(&returner, &story.requisition(1));
    story.evaluate(&application);
    let offer = story.extended(&application, &tenant.day(0));
    story.accept(&returner, &offer).expect(200);
    let start = json!({"employee_number": "E-20001", "started_on": tenant.day(0)});
    story.command(&story.recruiter, "applications", &application, "record-rejoin", &start).expect(200);
    let limited = |entities: &[&str]| {
        let mut token = tenant.person_token("suzuki", &[Role::PeopleOps]);
        token.legal_entities = Some(entities.iter().map(|entity| (*entity).to_owned()).collect());
        tenant.with_token(&token)
    };
    let told = |by: &Client| {
        let found = by.all("/v1/employments?employee_number=E-20001");
        found[0]["returned"]["tenure"].as_array().map(Vec::len)
    };
    assert_eq!((told(&story.people_ops), told(&limited(&["JP-HQ", "JP-WEST"]))), (Some(1), Some(1)));
    assert_eq!(told(&limited(&["JP-HQ"])), Some(0));
}

/// A case that was not eligible is nobody's live one: another may stand by the time it is reviewed.
fn a_review_lets_nobody_apply_twice(kind: StoreKind) {
    let tenant = tenant(kind);
    let story = Story::of(&tenant);
    let requisition = story.requisition(2);
    let [first, second] = [("H-7", "megumi"), ("H-8", "mei")].map(|(number, login)| story.returner(number, login));
    let assess = json!({"verdict": "not_eligible", "reason_code": "misconduct", "clause": "第12条"});
    let confirm =
        json!({"clause": "第12条", "evidence_ref": "HR-1", "expires_on": tenant.day(300), "appeal_route": "人事部"});
    story.command(&story.people_ops, "departures", &second.departure, "assess-eligibility", &assess).expect(200);
    let other = tenant.second_people_ops();
    story.command(&other, "departures", &second.departure, "confirm-eligibility", &confirm).expect(200);
    let body = story.application(&second, &requisition, None);
    let refused = second.account.post("/v1/applications", &body).expect(201);
    assert_eq!(refused["state"], "not_eligible");
    story.command(&second.account, "applications", &id(&refused), "request-review", &json!({})).expect(200);
    let case = story.apply(&first, &requisition);
    let [one, two] = [&first, &second].map(|of| person_of(&tenant, &of.departure));
    let link = json!({"same_as": one, "reason": "documents_seen", "evidence_ref": "HR-1"});
    for by in [&story.people_ops, &other] {
        story.command(by, "persons", &two, "link", &link).expect(200);
    }
    let review = || {
        let eligible = json!({"decision": "eligible", "clause": "第12条"});
        story.command(&story.compliance, "applications", &id(&refused), "review-eligibility", &eligible)
    };
    review().problem(409, "duplicate");
    story.command(&first.account, "applications", &case, "withdraw", &json!({"reason_code": "personal"})).expect(200);
    review().expect(200);
}
