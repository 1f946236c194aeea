//! `/v1/offers`: approved by somebody else who saw the terms, extended on one seat, answered by the candidate alone.

use std::fmt::Write as _;

use aws_lc_rs::digest;
use okaeri::identity::Role;
use serde_json::{Value, json};

use super::no_rehire_flags::grounds;
use super::no_rehire_flags::person_of;
use super::programme_policies::{published, with};
use crate::program::client::{Client, Reply};
use crate::program::people::{Person, Tenant, clocked_tenant, id, tenant};
use crate::program::served_by_both_stores;
use crate::program::steps::yen;
use crate::support::StoreKind;

served_by_both_stores!(
    an_offer_is_approved_by_another_extended_on_a_seat_and_accepted,
    nobody_decides_about_terms_that_they_have_not_seen,
    nobody_approves_what_they_proposed_or_gain_from,
    the_offer_beyond_the_last_seat_does_not_go_out,
    a_refused_offer_is_revived_by_other_terms_only,
    revising_what_the_candidate_has_pulls_it_back,
    the_candidate_alone_answers_unless_somebody_says_how_it_came_in,
    what_was_accepted_is_taken_back_by_an_executive_on_a_legal_opinion_only,
    the_candidate_sees_what_went_out_to_them_and_others_see_nothing,
    terms_that_nobody_may_offer_are_pointed_at,
    an_offer_that_nobody_answers_lapses,
    a_flag_stops_an_offer_and_is_told_to_few,
    whoever_also_recruits_reads_their_own_offer_as_the_candidate,
    what_labour_law_asks_stands_on_the_offer_and_stops_nothing,
    an_offer_through_an_agency_may_go_to_whoever_retired,
    an_agency_is_told_that_it_may_not_send_whoever_left_within_the_year,
    whoever_left_another_entity_last_is_asked_how_the_two_are_related,
    in_germany_nobody_returns_to_a_fixed_term_without_a_ground,
    labour_law_is_asked_once_more_before_an_offer_goes_on,
    an_offer_does_not_follow_its_case_to_another_position,
);

/// Whoever prices offers.
pub fn approver(tenant: &Tenant<'_>) -> Client {
    tenant.user("mori", Role::Compensation)
}

fn executive(tenant: &Tenant<'_>) -> Client {
    tenant.user("shacho", Role::Executive)
}

/// A published requisition.
pub fn requisition(tenant: &Tenant<'_>, headcount: u32) -> String {
    tenant.published(&json!({"headcount": headcount, "hiring_manager": tenant.subject("bucho")}))
}

/// Somebody who left, is a member, and has been evaluated for a requisition: their account and the case.
pub fn evaluated(tenant: &Tenant<'_>, requisition: &str, name: &str) -> (Client, String) {
    let leaver = tenant.person();
    evaluated_after(tenant, requisition, name, (&leaver, &leaver.left(&format!("E-{name}"))))
}

/// The same, of somebody with a departure of their own.
fn evaluated_after(
    tenant: &Tenant<'_>,
    requisition: &str,
    name: &str,
    (leaver, departure): (&Person, &Value),
) -> (Client, String) {
    let alumnus = tenant.alumnus(name);
    let member = tenant.register(&tenant.record(departure), leaver, &alumnus);
    let applied = json!({"member_id": member, "requisition_id": requisition, "channel": "alumni"});
    let case = id(&alumnus.post("/v1/applications", &applied).expect(201));
    // Nobody is in two interviews at once: each candidate has a day of their own.
    let day = tenant.day(-1 - name.bytes().map(i64::from).sum::<i64>() % 20);
    let hour = [1, 2].map(|hour| format!("{day}T0{hour}:00:00Z"));
    tenant.evaluate(&case, &[("sato", &tenant.recruiter())], [&hour[0], &hour[1]]);
    (alumnus, case)
}

/// The terms of an offer.
fn terms(tenant: &Tenant<'_>, case: &str) -> Value {
    json!({
        "application_id": case, "grade": "G4", "employment_type": "regular", "starts_on": tenant.day(40),
        "location": "sendai", "expires_at": format!("{}T15:00:00Z", tenant.day(20)),
        "pay": {
            "base": {"amount": 7_400_000, "currency": "JPY"},
            "allowances": [{"code": "commute", "amount": {"amount": 12_000, "currency": "JPY"}}], "sign_on": null,
        },
    })
}

/// A drafted offer for which approval was asked.
pub fn waiting(tenant: &Tenant<'_>, case: &str) -> String {
    let offer = id(&tenant.recruiter().post("/v1/offers", &terms(tenant, case)).expect(201));
    tenant.command(&tenant.recruiter(), "offers", &offer, "request-approval", &json!({})).expect(200);
    offer
}

/// The hash of the terms as the caller sees them.
fn hash(by: &Client, offer: &str) -> Value {
    by.read(&format!("/v1/offers/{offer}"))["terms_hash"].clone()
}

/// Sends a command with the hash of the terms that the caller sees.
pub fn having_seen(tenant: &Tenant<'_>, by: &Client, offer: &str, command: &str, body: Value) -> Reply {
    let mut body = body;
    body["terms_hash"] = hash(by, offer);
    tenant.command(by, "offers", offer, command, &body)
}

/// An offer that is with the candidate.
fn extended(tenant: &Tenant<'_>, case: &str) -> String {
    let offer = waiting(tenant, case);
    having_seen(tenant, &approver(tenant), &offer, "approve", json!({})).expect(200);
    having_seen(tenant, &tenant.recruiter(), &offer, "extend", json!({})).expect(200);
    offer
}

fn state(by: &Client, path: &str) -> Value {
    by.read(path)["state"].clone()
}

fn waits(by: &Client, kind: &str) -> bool {
    by.all("/v1/tasks").into_iter().any(|task| task["kind"] == kind)
}

fn an_offer_is_approved_by_another_extended_on_a_seat_and_accepted(kind: StoreKind) {
    let tenant = tenant(kind);
    let recruiter = tenant.recruiter();
    let (alumnus, case) = evaluated(&tenant, &requisition(&tenant, 1), "megumi");
    let drafted = recruiter.post("/v1/offers", &terms(&tenant, &case));
    let offer = id(&drafted.expect(201));
    assert_eq!(drafted.header("location"), Some(format!("/v1/offers/{offer}").as_str()));
    let shown = recruiter.read(&format!("/v1/offers/{offer}"));
    assert_eq!((&shown["state"], &shown["assessment"]), (&json!("drafting"), &json!("not_assessed")));
    assert_eq!((&shown["terms"]["duties"], &shown["terms"]["weekly_hours"]), (&json!("配送ドライバー"), &json!(40)));
    assert_eq!(state(&recruiter, &format!("/v1/applications/{case}")), "offer_pending");
    recruiter.post("/v1/offers", &terms(&tenant, &case)).refused(409, "offer_live");

    tenant.command(&recruiter, "offers", &offer, "request-approval", &json!({})).expect(200);
    assert!(waits(&approver(&tenant), "approve_offer"));
    for other in [tenant.second_people_ops(), tenant.user("shacho", Role::Executive)] {
        assert!(waits(&other, "approve_offer"), "whoever may approve knows of it");
    }
    assert!(!waits(&tenant.compliance(), "approve_offer"));
    // The manager of the position may approve it, of another one not.
    let [own, other] = ["bucho", "kacho"].map(|name| waits(&tenant.user(name, Role::HiringManager), "approve_offer"));
    assert_eq!((own, other), (true, false));
    let comment = tenant.words("妥当");
    having_seen(&tenant, &approver(&tenant), &offer, "approve", json!({"comment": comment})).expect(200);
    assert!(!waits(&approver(&tenant), "approve_offer") && waits(&recruiter, "extend_offer"));
    having_seen(&tenant, &recruiter, &offer, "extend", json!({})).expect(200);
    assert!(waits(&alumnus, "answer_offer"));
    let out = recruiter.read(&format!("/v1/offers/{offer}"));
    assert_eq!((&out["state"], &out["extension"]["seat"]), (&json!("extended"), &json!(1)));
    assert_eq!(out["approvals"][0]["role"], "compensation");

    let accepted = having_seen(&tenant, &alumnus, &offer, "accept", json!({})).expect(200);
    assert_eq!(accepted["state"], "accepted");
    assert_eq!(having_seen(&tenant, &alumnus, &offer, "accept", json!({})).expect(200)["version"], accepted["version"]);
    assert_eq!(state(&recruiter, &format!("/v1/applications/{case}")), "offer_accepted");
    let list = recruiter.all(&format!("/v1/offers?application_id={case}&state=accepted"));
    assert_eq!(list.len(), 1);
}

fn nobody_decides_about_terms_that_they_have_not_seen(kind: StoreKind) {
    let tenant = tenant(kind);
    let (alumnus, case) = evaluated(&tenant, &requisition(&tenant, 1), "megumi");
    let (offer, approver) = (waiting(&tenant, &case), approver(&tenant));
    let path = |command: &str| format!("/v1/offers/{offer}/{command}");
    let refuse = json!({"reason_code": "budget"});
    for (command, body) in [("approve", json!({})), ("send-back", json!({})), ("refuse", refuse)] {
        approver.post(&path(command), &body).problem(428, "precondition_required");
        let any = approver.request("POST", &path(command)).header("if-match", "*").json(&body).send();
        any.problem(428, "precondition_required");
        let mut wrong = body.clone();
        wrong["terms_hash"] = json!("0".repeat(64));
        approver.post(&path(command), &wrong).problem(412, "version_mismatch");
        approver.request("POST", &path(command)).if_match(1).json(&body).send().problem(412, "version_mismatch");
    }
    let version = approver.read(&format!("/v1/offers/{offer}"))["version"].as_i64().unwrap();
    approver.request("POST", &path("approve")).if_match(version).json(&json!({})).send().expect(200);
    let recruiter = tenant.recruiter();
    recruiter.post(&path("extend"), &json!({})).problem(428, "precondition_required");
    recruiter.request("POST", &path("extend")).if_match(version + 1).json(&json!({})).send().expect(200);
    alumnus.post(&path("accept"), &json!({})).problem(428, "precondition_required");
    alumnus.post(&path("accept"), &json!({"terms_hash": "0".repeat(64)})).problem(412, "version_mismatch");
}

fn nobody_approves_what_they_proposed_or_gain_from(kind: StoreKind) {
    let tenant = tenant(kind);
    let (_, case) = evaluated(&tenant, &requisition(&tenant, 1), "megumi");
    let offer = waiting(&tenant, &case);
    let as_proposer = tenant.with_token(&tenant.person_token("sato", &[Role::Compensation]));
    having_seen(&tenant, &as_proposer, &offer, "approve", json!({})).refused(422, "distinct_approver_required");
    let as_candidate = tenant.with_token(&tenant.person_token("megumi", &[Role::Executive]));
    as_candidate.get(&format!("/v1/offers/{offer}")).problem(404, "not_found");
    let seen = json!({"terms_hash": hash(&approver(&tenant), &offer)});
    tenant.command(&as_candidate, "offers", &offer, "approve", &seen).refused(422, "candidate_excluded");
    let mut robot = tenant.person_token("robot", &[Role::Compensation]);
    robot.service = true;
    let robot = tenant.with_token(&robot);
    let seen = json!({"terms_hash": hash(&robot, &offer)});
    tenant.command(&robot, "offers", &offer, "approve", &seen).problem(403, "natural_person_required");
    let conflicted = tenant.user("okada", Role::Compensation);
    let declared = json!({"conflict": "relative"});
    tenant.command(&conflicted, "offers", &offer, "declare-conflict", &declared).expect(200);
    having_seen(&tenant, &conflicted, &offer, "approve", json!({})).refused(422, "conflict_declared");
    let to = |name: &str| json!({"to": tenant.subject(name), "until": tenant.day(3)});
    let approver = approver(&tenant);
    tenant.command(&approver, "offers", &offer, "delegate", &to("sato")).refused(422, "delegate_excluded");
    tenant.command(&approver, "offers", &offer, "delegate", &to("shacho")).expect(200);
    having_seen(&tenant, &executive(&tenant), &offer, "approve", json!({})).expect(200);
    let approval = approver.read(&format!("/v1/offers/{offer}"))["approvals"][0].clone();
    assert!(approval["delegated_by"].is_string() && approval["role"] == "executive", "{approval}");
}

fn the_offer_beyond_the_last_seat_does_not_go_out(kind: StoreKind) {
    let tenant = tenant(kind);
    let position = requisition(&tenant, 1);
    let (first, case) = evaluated(&tenant, &position, "megumi");
    let (_, other_case) = evaluated(&tenant, &position, "haruka");
    let held = extended(&tenant, &case);
    let other = waiting(&tenant, &other_case);
    having_seen(&tenant, &approver(&tenant), &other, "approve", json!({})).expect(200);
    let full = having_seen(&tenant, &tenant.recruiter(), &other, "extend", json!({}));
    full.problem(409, "headcount_full");
    tenant.command(&first, "offers", &held, "decline", &json!({"reason_code": "timing"})).expect(200);
    let out = having_seen(&tenant, &tenant.recruiter(), &other, "extend", json!({})).expect(200);
    assert_eq!(out["state"], "extended");
    assert_eq!(state(&tenant.recruiter(), &format!("/v1/applications/{case}")), "offer_declined");
}

fn a_refused_offer_is_revived_by_other_terms_only(kind: StoreKind) {
    let tenant = tenant(kind);
    let recruiter = tenant.recruiter();
    let (_, case) = evaluated(&tenant, &requisition(&tenant, 1), "megumi");
    let offer = waiting(&tenant, &case);
    let path = format!("/v1/offers/{offer}");
    having_seen(&tenant, &approver(&tenant), &offer, "send-back", json!({"reason_code": "incomplete"})).expect(200);
    assert_eq!(state(&recruiter, &path), "drafting");
    tenant.command(&recruiter, "offers", &offer, "request-approval", &json!({})).expect(200);
    let refusal = json!({"reason_code": "pay_too_high", "comment": tenant.words("高すぎる")});
    having_seen(&tenant, &approver(&tenant), &offer, "refuse", refusal).expect(200);
    assert_eq!(state(&recruiter, &format!("/v1/applications/{case}")), "evaluated");
    let later = json!({"expires_at": format!("{}T15:00:00Z", tenant.day(25))});
    tenant.command(&recruiter, "offers", &offer, "revise", &later).refused(422, "hash_refused");
    let lower = json!({"pay": {"base": {"amount": 7_000_000, "currency": "JPY"}}});
    assert_eq!(tenant.command(&recruiter, "offers", &offer, "revise", &lower).expect(200)["state"], "drafting");
    assert_eq!(state(&recruiter, &format!("/v1/applications/{case}")), "offer_pending");
    let shown = recruiter.read(&path);
    assert_eq!(shown["versions"][1]["changed"], json!(["base", "allowances"]));
    assert!(shown["versions"][0]["superseded_at"].is_string());
}

fn revising_what_the_candidate_has_pulls_it_back(kind: StoreKind) {
    let tenant = tenant(kind);
    let (alumnus, case) = evaluated(&tenant, &requisition(&tenant, 1), "megumi");
    let offer = extended(&tenant, &case);
    let seen = hash(&alumnus, &offer);
    let recruiter = tenant.recruiter();
    let later = json!({"expires_at": format!("{}T15:00:00Z", tenant.day(25))});
    tenant.command(&recruiter, "offers", &offer, "revise", &later).refused(409, "terms_unchanged");
    tenant.command(&recruiter, "offers", &offer, "extend-expiry", &later).expect(200);
    tenant.command(&recruiter, "offers", &offer, "revise", &json!({"grade": "G5"})).expect(200);
    alumnus.get(&format!("/v1/offers/{offer}")).problem(404, "not_found");
    tenant.command(&alumnus, "offers", &offer, "accept", &json!({"terms_hash": seen})).refused(409, "not_extended");
    tenant.command(&recruiter, "offers", &offer, "request-approval", &json!({})).expect(200);
    having_seen(&tenant, &approver(&tenant), &offer, "approve", json!({})).expect(200);
    having_seen(&tenant, &recruiter, &offer, "extend", json!({})).expect(200);
    tenant.command(&alumnus, "offers", &offer, "accept", &json!({"terms_hash": seen})).problem(412, "version_mismatch");
    having_seen(&tenant, &alumnus, &offer, "accept", json!({})).expect(200);
}

fn the_candidate_alone_answers_unless_somebody_says_how_it_came_in(kind: StoreKind) {
    let tenant = tenant(kind);
    let (alumnus, case) = evaluated(&tenant, &requisition(&tenant, 2), "megumi");
    let offer = extended(&tenant, &case);
    let recruiter = tenant.recruiter();
    having_seen(&tenant, &recruiter, &offer, "accept", json!({})).points_at("/recorded_for", "required");
    let letter = json!({"recorded_for": {"reason": tenant.words("書面による承諾")}});
    having_seen(&tenant, &alumnus, &offer, "accept", letter.clone()).points_at("/recorded_for", "not_for_oneself");
    let seen = json!({"terms_hash": hash(&alumnus, &offer)});
    tenant.command(&tenant.alumnus("mallory"), "offers", &offer, "accept", &seen).problem(404, "not_found");
    having_seen(&tenant, &recruiter, &offer, "accept", letter).expect(200);
    let declined = json!({"reason_code": "personal"});
    let ended = tenant.command(&alumnus, "offers", &offer, "decline", &declined).expect(200);
    assert_eq!(ended["state"], "declined");
    let shown = alumnus.read(&format!("/v1/offers/{offer}"));
    assert_eq!(shown["ending"]["acceptance"], "after");
}

fn what_was_accepted_is_taken_back_by_an_executive_on_a_legal_opinion_only(kind: StoreKind) {
    let tenant = tenant(kind);
    let (alumnus, case) = evaluated(&tenant, &requisition(&tenant, 1), "megumi");
    let offer = extended(&tenant, &case);
    having_seen(&tenant, &alumnus, &offer, "accept", json!({})).expect(200);
    let bare = json!({"reason_code": "false_statement"});
    tenant.command(&tenant.recruiter(), "offers", &offer, "rescind", &bare).refused(409, "executive_required");
    let executive = executive(&tenant);
    tenant.command(&executive, "offers", &offer, "rescind", &bare).points_at("/opinion_ref", "legal_opinion_required");
    let founded = json!({"reason_code": "false_statement", "clause": "就業規則第20条", "opinion_ref": "legal/2026-77"});
    let ended = tenant.command(&executive, "offers", &offer, "rescind", &founded).expect(200);
    assert_eq!(ended["state"], "rescinded");
    assert_eq!(state(&tenant.recruiter(), &format!("/v1/applications/{case}")), "offer_rescinded");
}

fn sha256(text: &str) -> String {
    let mut hex = String::new();
    for byte in digest::digest(&digest::SHA256, text.as_bytes()).as_ref() {
        write!(hex, "{byte:02x}").unwrap();
    }
    hex
}

fn the_candidate_sees_what_went_out_to_them_and_others_see_nothing(kind: StoreKind) {
    let tenant = tenant(kind);
    let (alumnus, case) = evaluated(&tenant, &requisition(&tenant, 1), "megumi");
    let offer = waiting(&tenant, &case);
    let path = format!("/v1/offers/{offer}");
    alumnus.get(&path).problem(404, "not_found");
    let manager = tenant.user("bucho", Role::HiringManager);
    let other_manager = tenant.user("kacho", Role::HiringManager);
    other_manager.get(&path).problem(404, "not_found");
    assert!(other_manager.all("/v1/offers").is_empty());
    assert_eq!(manager.all("/v1/offers").len(), 1);
    having_seen(&tenant, &manager, &offer, "approve", json!({})).expect(200);
    having_seen(&tenant, &tenant.recruiter(), &offer, "extend", json!({})).expect(200);

    let own = alumnus.read(&path);
    for hidden in ["approvals", "decisions", "versions", "line", "drafted_by", "assessment", "person_id"] {
        assert_eq!(own.get(hidden), None, "{hidden}");
    }
    let kinds = |shown: &Value| -> Vec<String> {
        let documents = shown["extension"]["documents"].as_array().unwrap();
        documents.iter().map(|document| document["kind"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(kinds(&own), ["working_conditions_notice", "explanation"]);
    let whole = tenant.compliance().read(&path);
    assert_eq!(kinds(&whole), ["approval_sheet", "working_conditions_notice", "explanation"]);
    for document in whole["extension"]["documents"].as_array().unwrap() {
        assert_eq!(document["sha256"], sha256(document["text"].as_str().unwrap()), "{}", document["kind"]);
    }
    let notice = own["extension"]["documents"][0]["text"].as_str().unwrap();
    assert!(notice.contains("7,400,000円") && notice.contains("変更の範囲"), "{notice}");
    for role in [Role::Interviewer, Role::ProgrammeAdmin, Role::Payroll] {
        tenant.user("other", role).get(&path).problem(403, "forbidden");
    }
    for role in [Role::Alumnus, Role::Employee] {
        tenant.user("mallory", role).get(&path).problem(404, "not_found");
    }
}

fn terms_that_nobody_may_offer_are_pointed_at(kind: StoreKind) {
    let tenant = tenant(kind);
    let (_, case) = evaluated(&tenant, &requisition(&tenant, 1), "megumi");
    let with = |field: &str, value: Value| {
        let mut body = terms(&tenant, &case);
        body[field] = value;
        tenant.recruiter().post("/v1/offers", &body)
    };
    with("employment_type", json!("contractor")).points_at("/employment_type", "contractor_not_offered");
    with("employment_type", json!("fixed_term")).points_at("/contract/ends_on", "term_end_required");
    with("employment_type", json!("part_time")).points_at("/weekly_hours", "required");
    with("expires_at", json!(format!("{}T00:00:00Z", tenant.day(-1)))).points_at("/expires_at", "expiry_not_in_future");
    with("expires_at", json!("tomorrow")).points_at("/expires_at", "not_an_instant");
    with("starts_on", json!(tenant.day(-1))).points_at("/starts_on", "start_in_the_past");
    with("contract", json!({"kind": "fixed"})).points_at("/contract/ends_on", "required");
    with("weekly_hours", json!(60)).points_at("/weekly_hours", "weekly_hours_out_of_range");
    with("exit_pay", json!({"amount": 1, "currency": "JPY"})).points_at("/exit_pay", "unknown_field");
    with("application_id", json!(uuid::Uuid::now_v7())).points_at("/application_id", "application_not_found");
    // A fixed term that does not say how it is renewed is approved, and does not go out.
    let mut fixed = terms(&tenant, &case);
    fixed["employment_type"] = json!("fixed_term");
    fixed["contract"] = json!({"kind": "fixed", "ends_on": tenant.day(400)});
    fixed["location_scope"] = json!("変更なし");
    fixed["duties_scope"] = json!("変更なし");
    let offer = id(&tenant.recruiter().post("/v1/offers", &fixed).expect(201));
    tenant.command(&tenant.recruiter(), "offers", &offer, "request-approval", &json!({})).expect(200);
    having_seen(&tenant, &approver(&tenant), &offer, "approve", json!({})).expect(200);
    let refused = having_seen(&tenant, &tenant.recruiter(), &offer, "extend", json!({}));
    assert_eq!(refused.refused(422, "terms_incomplete")["rule"], "LAB-09");
}

fn an_offer_that_nobody_answers_lapses(kind: StoreKind) {
    let (tenant, _clock) = clocked_tenant(kind);
    let (alumnus, case) = evaluated(&tenant, &requisition(&tenant, 1), "megumi");
    let offer = extended(&tenant, &case);
    let seen = json!({"terms_hash": hash(&alumnus, &offer)});
    tenant.advance("P22D");
    assert_eq!(state(&alumnus, &format!("/v1/offers/{offer}")), "expired");
    tenant.command(&alumnus, "offers", &offer, "accept", &seen).refused(409, "expired");
    assert_eq!(state(&tenant.recruiter(), &format!("/v1/applications/{case}")), "offer_expired");
    assert!(!waits(&alumnus, "answer_offer"));
    let again = extended(&tenant, &case);
    assert_ne!(again, offer);
    tenant.advance("P15D");
    let stale = waiting_again(&tenant);
    having_seen(&tenant, &approver(&tenant), &stale, "approve", json!({})).expect(200);
    tenant.advance("P15D");
    let refused = having_seen(&tenant, &tenant.recruiter(), &stale, "extend", json!({}));
    assert_eq!(refused.refused(422, "approvals_expired")["rule"], "PAY-22");
}

fn a_flag_stops_an_offer_and_is_told_to_few(kind: StoreKind) {
    let tenant = tenant(kind);
    let (recruiter, compliance) = (tenant.recruiter(), tenant.compliance());
    let position = requisition(&tenant, 2);
    let (_, case) = evaluated(&tenant, &position, "megumi");
    let path = format!("/v1/offers/{}", extended(&tenant, &case));
    let rechecked = |by: &Client| by.read(&path)["extension"]["rechecked"].clone().to_string();
    for by in [&compliance, &tenant.people_ops()] {
        assert!(rechecked(by).contains("PRV-13"));
    }
    let manager = tenant.user("bucho", Role::HiringManager);
    for by in [&recruiter, &manager, &approver(&tenant), &executive(&tenant)] {
        assert!(rechecked(by).contains("LAB-04") && !rechecked(by).contains("PRV-13"), "{}", rechecked(by));
    }

    let (_, case) = evaluated(&tenant, &position, "haruka");
    let offer = waiting(&tenant, &case);
    having_seen(&tenant, &approver(&tenant), &offer, "approve", json!({})).expect(200);
    let person = recruiter.read(&format!("/v1/applications/{case}"))["person_id"].as_str().unwrap().to_owned();
    let flag = id(&compliance.post("/v1/no-rehire-flags", &grounds(&tenant, &person)).expect(201));
    let uphold = json!({"decision": "uphold"});
    tenant.command(&tenant.second_compliance(), "no-rehire-flags", &flag, "review", &uphold).expect(200);
    let refused = having_seen(&tenant, &recruiter, &offer, "extend", json!({})).refused(409, "review_required");
    for secret in ["PRV-13", "就業規則第62条", "flag"] {
        assert!(!refused.to_string().contains(secret), "{refused}");
    }
    assert_eq!((refused.get("rule"), refused.get("basis")), (None, None));
}

fn whoever_also_recruits_reads_their_own_offer_as_the_candidate(kind: StoreKind) {
    let tenant = tenant(kind);
    let (_, case) = evaluated(&tenant, &requisition(&tenant, 1), "megumi");
    let offer = waiting(&tenant, &case);
    let both = tenant.with_token(&tenant.person_token("megumi", &[Role::Alumnus, Role::Recruiter]));
    let (path, history) = (format!("/v1/offers/{offer}"), format!("/v1/history/offers/{offer}"));
    both.get(&path).problem(404, "not_found");
    both.get(&history).problem(404, "not_found");
    assert!(both.all("/v1/offers").is_empty());
    let extend = |by: &Client| tenant.command(by, "offers", &offer, "extend", &json!({"terms_hash": "0".repeat(64)}));
    extend(&both).problem(404, "not_found");
    both.post("/v1/offers", &terms(&tenant, &case)).refused(403, "own_case");
    having_seen(&tenant, &approver(&tenant), &offer, "approve", json!({})).expect(200);
    having_seen(&tenant, &tenant.recruiter(), &offer, "extend", json!({})).expect(200);
    for seen in [both.read(&path), both.all("/v1/offers").remove(0)] {
        assert_eq!(seen["terms"]["pay"]["base"]["amount"], 7_400_000);
        for hidden in ["approvals", "decisions", "versions", "line", "drafted_by", "person_id"] {
            assert_eq!(seen.get(hidden), None, "{hidden}");
        }
    }
    extend(&both).refused(403, "own_case");
    assert!(both.all("/v1/offers?state=extended").is_empty(), "what is hidden no filter tells");
    let told = both.all(&history);
    assert_eq!(told.iter().map(|item| &item["event"]).collect::<Vec<_>>(), ["offer.extended"]);
    assert_eq!(
        (&told[0]["data"], &told[0]["command"], &told[0]["actor"]["id"]),
        (&json!(null), &json!(null), &json!(null))
    );
}

/// Another offer that waits for approval, with time enough.
fn waiting_again(tenant: &Tenant<'_>) -> String {
    let (_, case) = evaluated(tenant, &requisition(tenant, 1), "haruka");
    waiting(tenant, &case)
}

fn what_labour_law_asks_stands_on_the_offer_and_stops_nothing(kind: StoreKind) {
    let tenant = tenant(kind);
    let (alumnus, case) = evaluated(&tenant, &requisition(&tenant, 1), "hanako");
    let offer = id(&tenant.recruiter().post("/v1/offers", &terms(&tenant, &case)).expect(201));
    let read = |by: &Client| by.read(&format!("/v1/offers/{offer}"));
    let check = |rule: &str| {
        let shown = read(&tenant.recruiter());
        let found = shown["labour"].as_array().unwrap().iter().find(|check| check["rule"] == rule).cloned();
        found.unwrap_or_else(|| panic!("{rule} of {shown}"))
    };
    let (leave, tax, duties) = (check("LAB-05"), check("LAB-07"), check("LAB-14"));
    assert_eq!((&leave["code"], &leave["question"]), (&json!("new_start"), &Value::Null), "{leave}");
    assert!(leave["figures"]["gap_days"].as_u64().unwrap() > 60, "{leave}");
    assert_eq!((&tax["outcome"], &tax["answer"]), (&json!("hold"), &Value::Null), "{tax}");
    assert!(tax["figures"]["tax_service_years"].as_u64().unwrap() > 0, "{tax}");
    assert!(duties["question_ja"].as_str().unwrap().contains("秘密保持義務"), "{duties}");
    let deadlines = check("LAB-11");
    assert_eq!(deadlines["figures"]["health_and_pension_by"], tenant.day(45), "{deadlines}");

    let say = |command: &str, body: Value| tenant.command(&tenant.recruiter(), "offers", &offer, command, &body);
    let answer = json!({"rule": "LAB-14", "answer": "satisfied", "evidence_ref": "hr/2026/77"});
    say("answer-check", answer.clone()).expect(200);
    assert_eq!(check("LAB-14")["answer"]["settlement"]["evidence_ref"], "hr/2026/77");
    say("acknowledge", json!({"rule": "LAB-08", "reason": tenant.words("本人に説明した")})).expect(200);
    assert_eq!(check("LAB-08")["answer"]["settlement"]["rule"], "LAB-08");
    say("acknowledge", json!({"rule": "LAB-07", "reason": tenant.words("説明した")}))
        .points_at("/rule", "wrong_answer");
    say("answer-check", json!({"rule": "LAB-99", "answer": "satisfied", "evidence_ref": "hr/1"}))
        .points_at("/rule", "rule_not_evaluated");

    // A fixed term brings another question; what was answered stays so.
    let fixed = json!({"employment_type": "fixed_term", "contract": {"kind": "fixed", "ends_on": tenant.day(400)}});
    say("revise", fixed).expect(200);
    assert_eq!(check("LAB-03")["code"], "no_fixed_term_before");
    assert_eq!(check("LAB-14")["answer"]["settlement"]["evidence_ref"], "hr/2026/77");
    say("revise", json!({"employment_type": "regular", "contract": {"kind": "indefinite"}})).expect(200);

    // What is still open stops nothing, and is none of the candidate's reading.
    say("request-approval", json!({})).expect(200);
    having_seen(&tenant, &approver(&tenant), &offer, "approve", json!({})).expect(200);
    having_seen(&tenant, &tenant.recruiter(), &offer, "extend", json!({})).expect(200);
    assert!(read(&alumnus).get("labour").is_none());
    let told = tenant.recruiter().all(&format!("/v1/history/offers/{offer}"));
    assert!(told.iter().any(|line| line["event"] == "offer.labour_checked" && line["rule"] == "LAB-09"), "{told:?}");
}

/// Why they left is not the recruiter's (LAB-04, PRV-12).
fn an_offer_through_an_agency_may_go_to_whoever_retired(kind: StoreKind) {
    let tenant = tenant(kind);
    let leaver = tenant.person();
    let mut departure = leaver.left("E-hanako");
    departure["reason"] = json!("retirement");
    departure["employment"]["left_on"] = json!(tenant.day(-100));
    let position = tenant.published(&json!({"engagement": "dispatched"}));
    let (_, case) = evaluated_after(&tenant, &position, "hanako", (&leaver, &departure));
    let offer = id(&tenant.recruiter().post("/v1/offers", &terms(&tenant, &case)).expect(201));
    let told = |by: &Client| {
        let shown = by.read(&format!("/v1/offers/{offer}"));
        let check = shown["labour"].as_array().unwrap().iter().find(|check| check["rule"] == "LAB-04").unwrap().clone();
        (check["outcome"].clone(), check["code"].clone())
    };
    assert_eq!(told(&tenant.compliance()), (json!("pass"), json!("retired")));
    assert_eq!(told(&tenant.recruiter()), (json!("pass"), json!("not_barred")));
    tenant.command(&tenant.recruiter(), "offers", &offer, "request-approval", &json!({})).expect(200);
}

/// The bar stands; that the agency was told of it is recorded (LAB-04).
fn an_agency_is_told_that_it_may_not_send_whoever_left_within_the_year(kind: StoreKind) {
    let tenant = tenant(kind);
    let leaver = tenant.person();
    let mut departure = leaver.left("E-hanako");
    departure["employment"]["left_on"] = json!(tenant.day(-100));
    let position = tenant.published(&json!({"engagement": "dispatched"}));
    let alumnus = tenant.alumnus("hanako");
    let member = tenant.register(&tenant.record(&departure), &leaver, &alumnus);
    let applied = json!({"member_id": member, "requisition_id": position, "channel": "alumni"});
    let case = id(&alumnus.post("/v1/applications", &applied).expect(201));
    // Whether they may be sent depends on a first day that nobody knows yet.
    let review = json!({"decision": "eligible", "clause": "規程第7条"});
    tenant.command(&tenant.compliance(), "applications", &case, "review-eligibility", &review).expect(200);
    let hour = [1, 2].map(|hour| format!("{}T0{hour}:00:00Z", tenant.day(-3)));
    tenant.evaluate(&case, &[("sato", &tenant.recruiter())], [&hour[0], &hour[1]]);
    let recruiter = tenant.recruiter();
    let offer = id(&recruiter.post("/v1/offers", &terms(&tenant, &case)).expect(201));
    let say = |command: &str, body: Value| tenant.command(&recruiter, "offers", &offer, command, &body);
    let read = || {
        let shown = recruiter.read(&format!("/v1/offers/{offer}"));
        shown["labour"].as_array().unwrap().iter().find(|check| check["rule"] == "LAB-04").unwrap().clone()
    };
    assert_eq!((&read()["outcome"], &read()["answers"]), (&json!("block"), &json!(["agency_told"])));
    assert!(waits(&recruiter, "tell_agency"));
    say("answer-check", json!({"rule": "LAB-04", "answer": "satisfied", "evidence_ref": "x"}))
        .points_at("/rule", "wrong_answer");
    let told = json!({"rule": "LAB-04", "answer": "agency_told", "evidence_ref": "agency/2026/77"});
    say("answer-check", told.clone()).expect(200);
    say("answer-check", told).expect(200);
    assert_eq!(read()["answer"]["settlement"]["answer"], "agency_told");
    assert!(!waits(&recruiter, "tell_agency"));
    say("request-approval", json!({})).refused(422, "rule_open");
    // A year after they left they may be sent.
    let later = json!({"starts_on": tenant.day(270), "expires_at": terms(&tenant, &case)["expires_at"]});
    say("revise", later).expect(200);
    assert_eq!((&read()["outcome"], &read()["answers"]), (&json!("pass"), &json!([])));
    say("request-approval", json!({})).expect(200);
}

/// Which employer they left last is asked of every entity, and when they left another one is told to nobody here (LAB-08).
/// Whoever worked there on a contract of their own was not employed.
fn whoever_left_another_entity_last_is_asked_how_the_two_are_related(kind: StoreKind) {
    let tenant = tenant(kind);
    let asked = |name: &str, number: &str, employment_type: &str| {
        let leaver = tenant.person();
        let mut elsewhere = leaver.leaves(number, "2024-05-01", "2025-09-30");
        elsewhere["legal_entity"] = json!("JP-WEST");
        elsewhere["employment"]["employment_type"] = json!(employment_type);
        let elsewhere = person_of(&tenant, &tenant.record(&elsewhere));
        let position = requisition(&tenant, 1);
        let (_, case) = evaluated_after(&tenant, &position, name, (&leaver, &leaver.left(&format!("E-{name}"))));
        let here = tenant.people_ops().read(&format!("/v1/applications/{case}"))["person_id"].clone();
        let link = json!({"same_as": here, "reason": "documents_seen", "evidence_ref": "HR-1"});
        for by in [tenant.people_ops(), tenant.second_people_ops()] {
            tenant.command(&by, "persons", &elsewhere, "link", &link).expect(200);
        }
        let offer = id(&tenant.recruiter().post("/v1/offers", &terms(&tenant, &case)).expect(201));
        let shown = tenant.recruiter().read(&format!("/v1/offers/{offer}"));
        shown["labour"].as_array().unwrap().iter().find(|check| check["rule"] == "LAB-08").unwrap().clone()
    };
    let check = asked("hanako", "W-1", "regular");
    assert_eq!((&check["outcome"], &check["code"]), (&json!("warn"), &json!("not_payable_by_related_employer")));
    assert!(check["question_ja"].as_str().unwrap().contains("密接な関係"), "{check}");
    assert_eq!(check["figures"], json!({}), "{check}");
    let check = asked("taro", "W-2", "contractor");
    assert_eq!(check["code"], "not_payable_by_same_employer");
    assert_eq!(check["figures"]["left_on"], "2024-03-31");
}

fn in_germany_nobody_returns_to_a_fixed_term_without_a_ground(kind: StoreKind) {
    let tenant = tenant(kind);
    published(&tenant, &with(&json!({"country": "DE"})));
    let (_, case) = evaluated(&tenant, &requisition(&tenant, 1), "hanako");
    let fixed = |ground: Value| json!({"kind": "fixed", "ends_on": tenant.day(400), "ground": ground});
    let mut terms = terms(&tenant, &case);
    (terms["employment_type"], terms["contract"]) = (json!("fixed_term"), fixed(Value::Null));
    let offer = id(&tenant.recruiter().post("/v1/offers", &terms).expect(201));
    let read = || tenant.recruiter().read(&format!("/v1/offers/{offer}"));
    let asked: Vec<Value> = read()["labour"].as_array().unwrap().iter().map(|check| check["rule"].clone()).collect();
    assert_eq!(asked, ["LAB-06", "LAB-12", "LAB-14"], "none of them of another country");
    let say = |command: &str, body: Value| tenant.command(&tenant.recruiter(), "offers", &offer, command, &body);
    let problem = say("request-approval", json!({})).refused(422, "rule_open");
    assert_eq!((&problem["rule"], &problem["basis"]), (&json!("LAB-12"), &json!("TzBfG §14(2)")), "{problem}");
    say("answer-check", json!({"rule": "LAB-12", "answer": "satisfied", "evidence_ref": "hr/1"}))
        .points_at("/rule", "wrong_answer");
    say("revise", json!({"contract": fixed(json!("Vertretung während der Elternzeit"))})).expect(200);
    assert_eq!(read()["terms"]["contract"]["ground"], "Vertretung während der Elternzeit");
    say("request-approval", json!({})).expect(200);
}

fn an_offer_does_not_follow_its_case_to_another_position(kind: StoreKind) {
    let tenant = tenant(kind);
    let (_, case) = evaluated(&tenant, &requisition(&tenant, 1), "hanako");
    let offer = waiting(&tenant, &case);
    having_seen(&tenant, &approver(&tenant), &offer, "refuse", json!({"reason_code": "budget"})).expect(200);
    let to = json!({"requisition_id": requisition(&tenant, 1)});
    tenant.command(&tenant.recruiter(), "applications", &case, "transfer", &to).expect(200);
    let revise = json!({"pay": {"base": yen(7_200_000), "sign_on": null}});
    tenant.command(&tenant.recruiter(), "offers", &offer, "revise", &revise).refused(409, "application_transferred");
}

/// What the page says is of the day on which it was checked; what goes on is checked on its own.
fn labour_law_is_asked_once_more_before_an_offer_goes_on(kind: StoreKind) {
    let tenant = tenant(kind);
    let (_, case) = evaluated(&tenant, &requisition(&tenant, 1), "hanako");
    let mut terms = terms(&tenant, &case);
    let fixed = |ground: Value| json!({"kind": "fixed", "ends_on": tenant.day(400), "ground": ground});
    (terms["employment_type"], terms["contract"]) = (json!("fixed_term"), fixed(Value::Null));
    let offer = id(&tenant.recruiter().post("/v1/offers", &terms).expect(201));
    let say = |command: &str, body: Value| tenant.command(&tenant.recruiter(), "offers", &offer, command, &body);
    say("request-approval", json!({})).expect(200);
    having_seen(&tenant, &approver(&tenant), &offer, "approve", json!({})).expect(200);

    let policy = published(&tenant, &with(&json!({"country": "DE"})));
    let barred = || {
        let problem = having_seen(&tenant, &tenant.recruiter(), &offer, "extend", json!({})).refused(422, "rule_open");
        assert_eq!((&problem["rule"], &problem["basis"]), (&json!("LAB-12"), &json!("TzBfG §14(2)")), "{problem}");
    };
    barred();
    // No law ends with the policy that says which one holds.
    tenant.command(&tenant.programme_admin(), "programme-policies", &policy, "retire", &json!({})).expect(200);
    barred();
    say("revise", json!({"contract": fixed(json!("Vertretung während der Elternzeit"))})).expect(200);
    say("request-approval", json!({})).expect(200);
}
