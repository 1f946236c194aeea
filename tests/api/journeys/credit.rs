//! Whose referral a return is credited to.

use okaeri::identity::Role;
use serde_json::{Value, json};

use super::super::independence::{linked, works};
use super::story::{Story, refers, task, terms};
use crate::program::client::Client;
use crate::program::people::{Person, clocked_tenant, id, tenant};
use crate::program::served_by_both_stores;
use crate::support::StoreKind;

served_by_both_stores!(
    nobody_applies_on_a_referral_before_the_candidate_has_agreed,
    whoever_comes_back_before_it_is_decided_whose_referral_it_was_is_hired_on_it_by_the_decision,
    a_case_keeps_its_credit_when_its_referral_owns_the_candidate_no_more,
    one_hire_is_credited_to_one_referral,
    whoever_gets_the_credit_later_approves_no_offer,
    whoever_is_not_shown_to_be_the_candidate_earns_a_reward_that_somebody_looks_at,
    somebody_elses_return_takes_no_credit,
    one_human_being_releases_a_reward_once_whatever_they_sign_in_as,
    whoever_referred_or_wrote_decides_nothing_under_another_account,
);

fn nobody_applies_on_a_referral_before_the_candidate_has_agreed(kind: StoreKind) {
    let tenant = tenant(kind);
    let story = Story::of(&tenant);
    let (referrer, _) = tenant.employed("ema", "E-100");
    let requisition = story.requisition(1);
    let returner = story.returner("H-7", "megumi");
    let referral = refers(&referrer, &requisition, &returner.person);
    let body = story.application(&returner, &requisition, Some(&referral));
    let refused = returner.account.post("/v1/applications", &body);
    refused.points_at("/referral_id", "awaits_candidate");
    assert_eq!(refused.json()["rule"], "REF-11");
    assert_eq!(story.agrees(&referral), "owned");
    returner.account.post("/v1/applications", &body).expect(201);
    assert_eq!(story.state("referrals", &referral), "in_process");
    assert_eq!(task(&story.compliance, "reaction_refused"), None);
}

fn whoever_comes_back_before_it_is_decided_whose_referral_it_was_is_hired_on_it_by_the_decision(kind: StoreKind) {
    let (tenant, _clock) = clocked_tenant(kind);
    let story = Story::of(&tenant);
    let ((first_by, _), (second_by, _)) = (tenant.employed("ema", "E-100"), tenant.employed("rin", "E-200"));
    story.reward_plan("not_required");
    let (requisition, returner) = (story.requisition(1), story.returner("H-7", "megumi"));
    let [first, second] = [&first_by, &second_by].map(|by| refers(by, &requisition, &returner.person));
    assert_eq!((story.agrees(&first), story.agrees(&second)), (json!("owned"), json!("held_as_duplicate")));
    story.returns(&returner, &requisition, &second, "E-20001", 0);
    assert_eq!(story.state("referrals", &second), "held_as_duplicate");
    assert!(story.payroll.all(&format!("/v1/rewards?referral_id={second}")).is_empty(), "nobody has decided");
    assert_eq!(task(&story.compliance, "reaction_refused"), None);
    assert_eq!(task(&story.compliance, "resolve_ownership").unwrap()["subject"]["id"], second);

    let decide =
        |referral: &str, body| story.command(&story.compliance, "referrals", referral, "resolve-ownership", body);
    let contacted = json!({"decision": "refuse", "because": "earlier_contact"});
    assert_eq!(decide(&first, &contacted).expect(200)["state"], "refused_duplicate");
    decide(&second, &json!({"decision": "grant"})).expect(200);
    assert_eq!(story.state("referrals", &second), "hired");
    assert_eq!(story.reward(&second)["state"], "waiting");
    assert_eq!(task(&story.compliance, "resolve_ownership"), None);
    assert_eq!(task(&story.compliance, "reaction_refused"), None);
}

/// What an offer says of its referral was so when it was drafted; who gains is asked of the day (PAY-20).
fn whoever_gets_the_credit_later_approves_no_offer(kind: StoreKind) {
    let tenant = tenant(kind);
    let story = Story::of(&tenant);
    let (referrer, _) = tenant.employed("ema", "E-100");
    tenant.employed("chika", "E-200");
    story.reward_plan("not_required");
    let requisition = story.requisition(1);
    let returner = story.returner("H-7", "megumi");
    let referral = story.referral(&referrer, &requisition, &returner.person);
    let body = story.application(&returner, &requisition, Some(&referral));
    let application = id(&returner.account.post("/v1/applications", &body).expect(201));
    story.evaluate(&application);
    let drafted = terms(&application, &tenant.day(30), &story.after(30 * 86_400));
    let offer = id(&story.recruiter.post("/v1/offers", &drafted).expect(201));
    story.command(&story.recruiter, "offers", &offer, "request-approval", &json!({})).expect(200);
    let credit = json!({"to": tenant.subject("chika"), "clause": "リファラル手当規程 第7条"});
    story.command(&story.compliance, "referrals", &referral, "reassign-credit", &credit).expect(200);
    story.seen(&story.compensation, "offers", &offer, "approve", &json!({})).refused(422, "referrer_excluded");
    story.seen(&story.executive, "offers", &offer, "approve", &json!({})).expect(200);
    // Nor does it go out on the approval of somebody who has got the credit since.
    tenant.employed("eiko", "E-300");
    let credit = json!({"to": tenant.subject("eiko"), "clause": "リファラル手当規程 第7条"});
    story.command(&story.compliance, "referrals", &referral, "reassign-credit", &credit).expect(200);
    story.extend(&offer).refused(422, "referrer_excluded");
}

/// An application may name a referral by its id alone: that it is of the same person is asked before anything is paid (REF-13).
fn whoever_is_not_shown_to_be_the_candidate_earns_a_reward_that_somebody_looks_at(kind: StoreKind) {
    let (tenant, _clock) = clocked_tenant(kind);
    let story = Story::of(&tenant);
    let (referrer, _) = tenant.employed("ema", "E-100");
    story.reward_plan("not_required");
    let requisition = story.requisition(3);
    let found = |referral: &str| {
        let reward = id(&story.reward(referral));
        let whole = story.compliance.read(&format!("/v1/rewards/{reward}"));
        let rule = whole["checks"].as_array().unwrap().iter().find(|one| one["rule"] == "REF-13").cloned();
        (reward, whole["state"].clone(), rule.unwrap()["code"].clone())
    };
    let stranger = story.referral(&referrer, &requisition, &tenant.person());
    story.returns(&story.returner("H-7", "megumi"), &requisition, &stranger, "E-20001", 0);
    let (reward, state, code) = found(&stranger);
    assert_eq!((state, code), (json!("held"), json!("candidate_not_shown")));
    let seen = json!({"rule": "REF-13", "answer": "satisfied", "evidence_ref": "hr/2026/13"});
    story.command(&story.compliance, "rewards", &reward, "answer-check", &seen).expect(200);
    story.command(&story.compliance, "rewards", &reward, "lift-hold", &json!({})).expect(200);
    assert_eq!(story.state("rewards", &reward), "waiting");

    // A namesake with another mail address is somebody else; where no address is known, the name is what there is.
    let [other, unknown] = ["haruka", "chihiro"].map(|login| story.returner(&format!("H-{login}"), login));
    let namesake = Person { email: tenant.person().email, ..other.person.clone() };
    let referral = story.referral(&referrer, &requisition, &namesake);
    story.returns(&other, &requisition, &referral, "E-20002", 0);
    let (_, state, code) = found(&referral);
    assert_eq!((state, code), (json!("held"), json!("candidate_not_shown")));
    let body = json!({"kind": "talent", "requisition_id": requisition, "relationship": "former_colleague",
        "candidate": {"name": unknown.person.name}});
    let referral = id(&referrer.post("/v1/referrals", &body).expect(201));
    story.agrees(&referral);
    story.returns(&unknown, &requisition, &referral, "E-20003", 0);
    let (_, state, code) = found(&referral);
    assert_eq!((state, code), (json!("waiting"), json!("candidate_hired")));
    assert_eq!(task(&story.compliance, "reaction_refused"), None);
}

/// One bounty for each hire (REF-13).
fn one_hire_is_credited_to_one_referral(kind: StoreKind) {
    let tenant = tenant(kind);
    let story = Story::of(&tenant);
    let ((first_by, _), (second_by, _)) = (tenant.employed("ema", "E-100"), tenant.employed("rin", "E-200"));
    story.reward_plan("not_required");
    let requisition = story.requisition(2);
    let [first, second] = [&first_by, &second_by].map(|by| story.referral(by, &requisition, &tenant.person()));
    let hired = |referral: &str, number: &str| {
        let hire = json!({"employee_number": number, "legal_entity": "JP-HQ", "started_on": tenant.day(0)});
        story.command(&story.recruiter, "referrals", referral, "record-hire", &hire)
    };
    let early = json!({"employee_number": "E-20001", "started_on": tenant.day(-1)});
    let early = story.command(&story.recruiter, "referrals", &first, "record-hire", &early);
    early.points_at("/started_on", "hired_before");
    assert_eq!(early.json()["rule"], "REF-13");
    hired(&first, "E-200").points_at("/employee_number", "employed_at_referral");
    hired(&first, "E-20001").expect(200);
    hired(&second, "E-20001").problem(409, "duplicate");
    assert!(story.payroll.all(&format!("/v1/rewards?referral_id={second}")).is_empty());
    hired(&second, "E-20002").expect(200);
    assert_eq!(story.reward(&second)["state"], "waiting");
}

fn a_case_keeps_its_credit_when_its_referral_owns_the_candidate_no_more(kind: StoreKind) {
    let (tenant, _clock) = clocked_tenant(kind);
    let story = Story::of(&tenant);
    let ((first_by, _), (second_by, _)) = (tenant.employed("ema", "E-100"), tenant.employed("rin", "E-200"));
    story.reward_plan("not_required");
    let (requisition, returner) = (story.requisition(1), story.returner("H-7", "megumi"));
    let first = refers(&first_by, &requisition, &returner.person);
    story.agrees(&first);
    let body = story.application(&returner, &requisition, Some(&first));
    let application = id(&returner.account.post("/v1/applications", &body).expect(201));
    tenant.advance("P190D");
    assert_eq!(story.count("referrals", &first, "referral.ownership_lapsed"), 1);
    assert_eq!(story.state("referrals", &first), "in_process", "the case goes on");
    let second = refers(&second_by, &requisition, &returner.person);
    assert_eq!(story.agrees(&second), "held_as_duplicate", "they have applied meanwhile");

    story.evaluate(&application);
    let offer = story.extended(&application, &tenant.day(1));
    story.accept(&returner, &offer).expect(200);
    let start = json!({"employee_number": "E-20001", "started_on": tenant.day(1)});
    story.command(&story.recruiter, "applications", &application, "record-rejoin", &start).expect(200);
    tenant.advance("P2D");
    assert_eq!(story.state("referrals", &first), "hired");
    assert_eq!(story.reward(&first)["state"], "waiting");
    assert_eq!(task(&story.compliance, "reaction_refused"), None);
}

/// An application may name any referral; the one that has its credit is the one whose return counts.
fn somebody_elses_return_takes_no_credit(kind: StoreKind) {
    let tenant = tenant(kind);
    let story = Story::of(&tenant);
    let (referrer, _) = tenant.employed("ema", "E-100");
    story.reward_plan("not_required");
    let requisition = story.requisition(2);
    let candidate = story.returner("H-7", "megumi");
    let referral = story.referral(&referrer, &requisition, &candidate.person);
    let body = story.application(&candidate, &requisition, Some(&referral));
    candidate.account.post("/v1/applications", &body).expect(201);
    assert_eq!(story.state("referrals", &referral), "in_process");
    story.returns(&story.returner("H-8", "haruka"), &requisition, &referral, "E-20001", 0);
    assert_eq!(story.state("referrals", &referral), "in_process", "its candidate is not back");
    assert!(story.payroll.all(&format!("/v1/rewards?referral_id={referral}")).is_empty());
    assert_eq!(task(&story.compliance, "reaction_refused"), None);
}

fn one_human_being_releases_a_reward_once_whatever_they_sign_in_as(kind: StoreKind) {
    let (tenant, _clock) = clocked_tenant(kind);
    let story = Story::of(&tenant);
    let (_, referral) = story.back_on_a_referral();
    tenant.advance("P91D");
    let reward = id(&story.reward(&referral));
    let decide = |by: &Client, command: &str, body: Value| story.seen(by, "rewards", &reward, command, &body);
    let [again, paid] = ["eiko2", "ema2"].map(|name| tenant.user(name, Role::PeopleOps));
    linked(&tenant, &works(&tenant, "eiko", "A-301"), &works(&tenant, "eiko2", "A-302"));
    let payee = story.people_ops.all("/v1/employments?employee_number=E-100")[0]["person_id"].clone();
    linked(&tenant, &works(&tenant, "ema2", "A-303"), &payee);
    decide(&paid, "verify", json!({})).refused(422, "payee_may_not_decide");
    decide(&story.people_ops, "verify", json!({})).expect(200);
    decide(&paid, "approve", json!({})).refused(422, "payee_may_not_decide");
    decide(&paid, "decline", json!({"reason_code": "budget"})).refused(422, "payee_may_not_decide");
    decide(&story.executive, "approve", json!({})).expect(200);
    decide(&again, "approve", json!({})).refused(422, "second_person_required");
    assert_eq!(decide(&story.people_ops, "approve", json!({})).expect(200)["state"], "approved");
}

fn whoever_referred_or_wrote_decides_nothing_under_another_account(kind: StoreKind) {
    let tenant = tenant(kind);
    let story = Story::of(&tenant);
    let ((ema, _), (rin, _)) = (tenant.employed("ema", "E-100"), tenant.employed("rin", "E-200"));
    let (requisition, returner) = (story.requisition(1), story.returner("H-7", "megumi"));
    let [first, second] = [&ema, &rin].map(|by| refers(by, &requisition, &returner.person));
    assert_eq!((story.agrees(&first), story.agrees(&second)), (json!("owned"), json!("held_as_duplicate")));
    let referrer = story.people_ops.all("/v1/employments?employee_number=E-200")[0]["person_id"].clone();
    linked(&tenant, &works(&tenant, "rin2", "A-301"), &referrer);
    let again = tenant.user("rin2", Role::Compliance);
    let refuse = json!({"decision": "refuse", "because": "earlier_referral"});
    story.command(&again, "referrals", &second, "resolve-ownership", &refuse).refused(422, "second_person_required");
    story.command(&story.compliance, "referrals", &second, "resolve-ownership", &refuse).expect(200);

    let plan = story.reward_plan("not_required");
    let revised = json!({
        "name": "リファラル手当", "clause": "賃金規程第20条", "filed_on": tenant.day(-200),
        "amount": {"amount": 60_000, "currency": "JPY"}, "milestone": {"days": 90},
        "payroll": {"item_code": "REF01", "social_insurance": "remuneration", "note_ref": "nenkin/2026-3"},
    });
    let admin = tenant.programme_admin();
    story.command(&admin, "reward-plans", &plan, "revise", &revised).expect(200);
    linked(&tenant, &works(&tenant, "kato", "A-302"), &works(&tenant, "kato2", "A-303"));
    let again = tenant.user("kato2", Role::Executive);
    story.seen(&again, "reward-plans", &plan, "approve", &json!({})).refused(422, "second_person_required");
    story.seen(&story.executive, "reward-plans", &plan, "approve", &json!({})).expect(200);
}
