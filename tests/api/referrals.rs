//! `/v1/referrals`: made by employees, agreed to by the candidate, owned by one, judged by the rules about who may be paid.

use okaeri::identity::Role;
use serde_json::{Value, json};

use super::applications::interview;
use super::departures::encoded;
use crate::program::client::{Client, Reply};
use crate::program::people::{Person, Tenant, clocked_tenant, id, tenant};
use crate::program::served_by_both_stores;
use crate::support::StoreKind;

served_by_both_stores!(
    a_candidate_agrees_before_anything_is_told,
    an_outsider_is_refused_before_anything_is_recorded,
    whoever_was_employed_under_a_linked_record_counts_whichever_record_the_link_was_asked_on,
    somebody_of_whom_no_employment_is_known_is_held_and_answered,
    one_referral_owns_a_candidate_and_compliance_decides,
    whoever_had_applied_is_no_new_candidate,
    whoever_a_recruiter_had_contacted_is_no_new_candidate,
    whoever_says_that_they_worked_here_is_invited_and_the_referral_keeps_its_credit,
    whoever_referred_a_candidate_has_no_part_in_judging_them,
    a_referral_to_a_position_follows_its_requisition_and_the_plan_in_force,
    nobody_is_kept_who_does_not_wish_it,
    a_referral_is_taken_back_by_whoever_made_it,
    a_candidate_who_does_not_answer_is_forgotten,
    a_hire_and_an_outcome_are_recorded,
    the_credit_goes_to_another_employee,
    nobody_refers_themselves_and_relatives_earn_nothing,
    whoever_tries_without_a_token_is_slowed_down,
    each_role_sees_its_part,
    a_referral_is_found_by_the_name_of_its_candidate,
    a_candidate_of_whom_one_referral_gives_no_mail_address_has_one_owner,
);

pub fn refers(candidate: &Person) -> Value {
    json!({
        "kind": "talent", "candidate": {"name": candidate.name, "email": candidate.email},
        "relationship": "former_colleague",
    })
}

/// Every route of the collection that takes a body and a bearer, with one that it would take.
pub fn routes(tenant: &Tenant<'_>) -> Vec<(Client, String, Value)> {
    let (ema, compliance, people_ops) = (tenant.employee("ema"), tenant.compliance(), tenant.people_ops());
    let body = refers(&tenant.person());
    let referral = id(&ema.post("/v1/referrals", &body).expect(201));
    let on = |command: &str| format!("/v1/referrals/{referral}/{command}");
    let resolves = json!({"decision": "grant", "because": "earlier_contact", "reason": "x"});
    let hires = json!({"employee_number": "A-9", "legal_entity": "JP-HQ", "started_on": tenant.day(0)});
    let opinion = json!({"rule": "REF-01", "ref": "x", "valid_until": "2027-10-01"});
    vec![
        (ema.clone(), "/v1/referrals".into(), body),
        (compliance.clone(), on("resolve-ownership"), resolves),
        (
            compliance.clone(),
            on("reassign-credit"),
            json!({"to": "kenta", "clause": "x", "relationship": "friend", "exclusions": [], "note": "x"}),
        ),
        (people_ops.clone(), on("record-hire"), hires),
        (people_ops.clone(), on("record-outcome"), json!({"outcome": "not_hired", "reason_code": "rejected"})),
        (people_ops.clone(), on("answer-check"), json!({"rule": "REF-01", "answer": "satisfied", "evidence_ref": "x"})),
        (people_ops, on("acknowledge"), json!({"rule": "REF-01", "reason": "x"})),
        (compliance, on("record-legal-opinion"), opinion),
        (ema, on("withdraw"), json!({})),
    ]
}

fn submit(by: &Client, candidate: &Person) -> String {
    id(&by.post("/v1/referrals", &refers(candidate)).expect(201))
}

/// What a recruiter hands to the candidate.
pub fn token_of(tenant: &Tenant<'_>, referral: &str) -> String {
    let read = tenant.recruiter().read(&format!("/v1/referrals/{referral}"));
    let token = read["candidate_token"].as_str().unwrap_or_else(|| panic!("no token: {read}")).to_owned();
    tenant.tell(&token);
    token
}

fn answer(tenant: &Tenant<'_>, referral: &str, answer: &str, token: &str) -> Reply {
    tenant.anyone.post(&format!("/v1/referrals/{referral}/{answer}"), &json!({"token": token}))
}

fn accepted(tenant: &Tenant<'_>, referral: &str) -> Value {
    answer(tenant, referral, "accept-as-candidate", &token_of(tenant, referral)).expect(200)
}

fn seen(by: &Client, referral: &str) -> Value {
    by.read(&format!("/v1/referrals/{referral}"))
}

fn mine(by: &Client) -> Vec<Value> {
    by.all("/v1/my/referrals")
}

fn a_candidate_agrees_before_anything_is_told(kind: StoreKind) {
    let tenant = tenant(kind);
    let (ema, _) = tenant.employed("ema", "A-1");
    let candidate = tenant.person();
    let reply = ema.post("/v1/referrals", &refers(&candidate)).expect(201);
    let referral = id(&reply);
    assert_eq!(reply["state"], "awaiting_candidate");
    let own = seen(&ema, &referral);
    assert_eq!((&own["status"], &own["candidate"]["name"]), (&json!("received"), &json!(candidate.name)));
    assert_eq!((own.get("state"), own.get("candidate_token"), own.get("checks")), (None, None, None));
    let told = &mine(&ema)[0];
    assert_eq!((&told["status"], &told["creditable_until"]), (&json!("received"), &Value::Null));
    let token = token_of(&tenant, &referral);
    answer(&tenant, &referral, "accept-as-candidate", "okc_nonsense").points_at("/token", "token_not_valid");
    let other = submit(&ema, &tenant.person());
    answer(&tenant, &other, "accept-as-candidate", &token).points_at("/token", "token_not_valid");

    let agreed = answer(&tenant, &referral, "accept-as-candidate", &token).expect(200);
    assert_eq!((&agreed["state"], &agreed["version"]), (&json!("owned"), &json!(3)));
    answer(&tenant, &referral, "accept-as-candidate", &token).refused(409, "already_answered");
    assert_eq!(seen(&tenant.recruiter(), &referral).get("candidate_token"), None);
    let told = mine(&ema).into_iter().find(|one| one["id"] == referral.as_str()).unwrap();
    assert_eq!(told["status"], "creditable");
    assert!(told["creditable_until"].as_str().unwrap() > tenant.day(170).as_str());
    let whole = seen(&tenant.compliance(), &referral);
    assert_eq!((&whole["state"], &whole["candidate_history"]), (&json!("owned"), &json!("never_employed")));
    assert_eq!(
        (&whole["relation"]["class"], &whole["relation"]["employee_number"]),
        (&json!("employee"), &json!("A-1"))
    );
}

fn an_outsider_is_refused_before_anything_is_recorded(kind: StoreKind) {
    let tenant = tenant(kind);
    let (leaver, alumna) = (tenant.person(), tenant.alumnus("megumi"));
    tenant.register(&tenant.record(&leaver.left("E-1")), &leaver, &alumna);
    let candidate = tenant.person();
    let problem = alumna.post("/v1/referrals", &refers(&candidate)).problem(422, "rule_blocked");
    assert_eq!((&problem["rule"], &problem["basis"]), (&json!("REF-06"), &json!("職業安定法36条・40条")));
    assert!(problem["detail"].as_str().unwrap().contains("link"), "{problem}");

    let gone = tenant.person();
    let mut works = gone.works("A-9", "2015-04-01");
    works["subject"] = json!(tenant.subject("goro"));
    works["to"] = json!("2024-03-31");
    tenant.hris().post("/v1/employments", &works).expect(201);
    let problem = tenant.employee("goro").post("/v1/referrals", &refers(&candidate)).problem(422, "rule_blocked");
    assert_eq!((&problem["rule"], &problem["reason"]), (&json!("REF-06"), &json!("former_employee")));
    assert_eq!(tenant.compliance().all("/v1/referrals"), Vec::<Value>::new());
    assert_eq!(mine(&alumna), Vec::<Value>::new());
}

fn whoever_was_employed_under_a_linked_record_counts_whichever_record_the_link_was_asked_on(kind: StoreKind) {
    for asked_on_the_newer in [true, false] {
        let tenant = tenant(kind);
        let works = |mut employment: Value, changes: Value| {
            employment.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
            let employment = id(&tenant.hris().post("/v1/employments", &employment).expect(201));
            let read = tenant.people_ops().read(&format!("/v1/employments/{employment}"));
            read["person_id"].as_str().unwrap().to_owned()
        };
        let subject = tenant.subject("goro");
        let left = json!({"subject": subject, "to": "2024-03-31"});
        let first = works(tenant.person().works("A-1", "2015-04-01"), left);
        let goro = tenant.employee("goro");
        let problem = goro.post("/v1/referrals", &refers(&tenant.person())).problem(422, "rule_blocked");
        assert_eq!(problem["reason"], "former_employee");

        // Employed again, under a record of its own, which names no account.
        let second = works(tenant.person().works("A-2", "2024-06-01"), json!({}));
        let (on, same_as) = if asked_on_the_newer { (&second, &first) } else { (&first, &second) };
        let link = json!({"same_as": same_as, "reason": "documents_seen", "evidence_ref": "hr/2026-4"});
        for by in [&tenant.people_ops(), &tenant.second_people_ops()] {
            tenant.command(by, "persons", on, "link", &link).expect(200);
        }
        let referral = submit(&goro, &tenant.person());
        let relation = &seen(&tenant.compliance(), &referral)["relation"];
        assert_eq!((&relation["class"], &relation["employee_number"]), (&json!("employee"), &json!("A-2")));
    }
}

fn somebody_of_whom_no_employment_is_known_is_held_and_answered(kind: StoreKind) {
    let tenant = tenant(kind);
    let unknown = tenant.employee("new");
    let (first, second) = (submit(&unknown, &tenant.person()), submit(&unknown, &tenant.person()));
    let check = |referral: &str, rule: &str| {
        let whole = seen(&tenant.compliance(), referral);
        whole["checks"].as_array().unwrap().iter().find(|check| check["rule"] == rule).unwrap().clone()
    };
    assert_eq!(check(&first, "REF-01")["outcome"], "hold");
    assert_eq!(check(&first, "REF-01")["code"], "employment_unknown");
    assert_eq!(
        (&check(&first, "REF-02")["outcome"], &check(&first, "REF-02")["code"]),
        (&json!("hold"), &json!("no_plan"))
    );
    let says = |referral: &str, answer: &str, rule: &str| {
        let body = json!({"rule": rule, "answer": answer, "evidence_ref": "hr/70"});
        tenant.command(&tenant.people_ops(), "referrals", referral, "answer-check", &body)
    };
    says(&first, "satisfied", "REF-99").points_at("/rule", "rule_not_evaluated");
    says(&first, "satisfied", "REF-03").refused(409, "wrong_answer");
    says(&first, "satisfied", "REF-01").expect(200);
    assert_eq!(check(&first, "REF-01")["settled"], "answered");
    assert_eq!(says(&second, "not_satisfied", "REF-01").expect(200)["state"], "blocked");
    let told = mine(&unknown).into_iter().find(|one| one["id"] == second.as_str()).unwrap();
    assert_eq!((&told["status"], &told["rule"]), (&json!("not_creditable"), &json!("REF-06")));
    assert_eq!(told["candidate_name"], Value::Null, "nobody may agree to it any more");
    let opinion = json!({"rule": "REF-01", "ref": "legal/1", "valid_until": tenant.day(90)});
    tenant
        .command(&tenant.compliance(), "referrals", &first, "record-legal-opinion", &opinion)
        .refused(409, "wrong_answer");
    let words = json!({"rule": "REF-01", "reason": "x"});
    tenant.command(&tenant.people_ops(), "referrals", &first, "acknowledge", &words).refused(409, "wrong_answer");
}

fn one_referral_owns_a_candidate_and_compliance_decides(kind: StoreKind) {
    let tenant = tenant(kind);
    let ((ema, _), (kenta, _)) = (tenant.employed("ema", "A-1"), tenant.employed("kenta", "A-2"));
    let candidate = tenant.person();
    let (first, second) = (submit(&ema, &candidate), submit(&kenta, &candidate));
    assert_eq!(accepted(&tenant, &first)["state"], "owned");
    assert_eq!(accepted(&tenant, &second)["state"], "held_as_duplicate");
    let third = submit(&kenta, &tenant.person());
    let whole = |referral: &str| kenta.get(&format!("/v1/referrals/{referral}"));
    let told = |referral: &str| {
        let body = whole(referral).expect(200);
        ["status", "version", "position", "owned_until"].map(|member| body.get(member).cloned().unwrap_or_default())
    };
    assert_eq!(told(&second)[0], "received", "a doubt is not told");
    assert_eq!(told(&second), told(&third), "nor that the candidate agreed");
    assert_eq!((whole(&second).header("etag"), whole(&third).header("etag")), (None, None));
    let stale = kenta.request("POST", &format!("/v1/referrals/{third}/withdraw")).if_match(9).json(&json!({})).send();
    stale.expect(200);
    assert_eq!(seen(&tenant.recruiter(), &second).get("duplicate"), None);
    let held = seen(&tenant.compliance(), &second);
    assert_eq!(
        (&held["duplicate"]["because"], &held["duplicate"]["earlier"]),
        (&json!("earlier_referral"), &json!(first))
    );

    let decide = |by: &Client, referral: &str, body: &Value| {
        tenant.command(by, "referrals", referral, "resolve-ownership", body)
    };
    let grant = json!({"decision": "grant"});
    decide(&tenant.recruiter(), &second, &grant).problem(403, "forbidden");
    decide(&tenant.compliance(), &second, &grant).problem(409, "duplicate");
    decide(&tenant.compliance(), &first, &json!({"decision": "refuse"})).points_at("/because", "cause_required");
    let words = tenant.words("先に連絡済み");
    let contacted = json!({"decision": "refuse", "because": "earlier_contact", "reason": words});
    assert_eq!(decide(&tenant.compliance(), &first, &contacted).expect(200)["state"], "refused_duplicate");
    let told = seen(&ema, &first);
    assert_eq!((&told["status"], &told["rule"]), (&json!("not_creditable"), &json!("REF-13")));
    assert!(!told.to_string().contains("contact"), "which record it was is not told");
    assert_eq!(decide(&tenant.compliance(), &second, &grant).expect(200)["state"], "owned");
    assert_eq!(seen(&kenta, &second)["status"], "creditable");
    let mut service = tenant.person_token("robot", &[Role::Compliance]);
    service.service = true;
    let robot = tenant.with_token(&service);
    decide(&robot, &second, &contacted).problem(403, "natural_person_required");
}

/// By those who are told the name; and a name that is destroyed is found no more.
fn a_referral_is_found_by_the_name_of_its_candidate(kind: StoreKind) {
    let tenant = tenant(kind);
    let (ema, _) = tenant.employed("ema", "A-1");
    let (candidate, other) = (tenant.person(), tenant.person());
    let [referral, declined] = [&candidate, &other].map(|one| submit(&ema, one));
    let found = |by: &Client, q: &str| {
        let items = by.all(&format!("/v1/referrals?q={}", encoded(q)));
        items.iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let (recruiter, people_ops) = (tenant.recruiter(), tenant.people_ops());
    for by in [&recruiter, &people_ops, &tenant.compliance()] {
        assert_eq!(found(by, &candidate.name), std::slice::from_ref(&referral));
    }
    assert_eq!(found(&people_ops, &candidate.email), [referral.as_str()]);
    recruiter.get(&format!("/v1/referrals?q={}", encoded(&candidate.email))).refused(403, "name_search");
    for by in [&ema, &tenant.programme_admin()] {
        by.get(&format!("/v1/referrals?q={}", encoded(&candidate.name))).refused(403, "name_search");
    }
    // Whoever refers and recruits as well finds other people's.
    let mut both = tenant.person_token("rina", &[Role::Employee, Role::Recruiter]);
    both.service = false;
    let (rina, friend) = (tenant.with_token(&both), tenant.person());
    let own = submit(&rina, &friend);
    assert_eq!((found(&rina, &friend.name), found(&recruiter, &friend.name)), (vec![], vec![own]));
    assert_eq!(found(&rina, &candidate.name), std::slice::from_ref(&referral));
    assert_eq!(found(&recruiter, &other.name), std::slice::from_ref(&declined));
    answer(&tenant, &declined, "decline-as-candidate", &token_of(&tenant, &declined)).expect(200);
    assert!(found(&recruiter, &other.name).is_empty(), "nothing is kept of whoever declined");
}

/// A mail address tells one person from another of the same name; where it is missing, somebody looks (REF-13).
fn a_candidate_of_whom_one_referral_gives_no_mail_address_has_one_owner(kind: StoreKind) {
    let tenant = tenant(kind);
    let ((ema, _), (kenta, _)) = (tenant.employed("ema", "A-1"), tenant.employed("kenta", "A-2"));
    let owned = |by: &Client, candidate: &Value| {
        let mut body = refers(&tenant.person());
        body["candidate"] = candidate.clone();
        let referral = id(&by.post("/v1/referrals", &body).expect(201));
        (accepted(&tenant, &referral)["state"].clone(), referral)
    };
    for mail_first in [true, false] {
        let one = tenant.person();
        let (with, without) = (json!({"name": one.name, "email": one.email}), json!({"name": one.name}));
        let (first, second) = if mail_first { (&with, &without) } else { (&without, &with) };
        assert_eq!(owned(&ema, first).0, "owned");
        let (state, held) = owned(&kenta, second);
        assert_eq!(state, "held_as_duplicate");
        let whole = seen(&tenant.compliance(), &held);
        assert_eq!(whole["duplicate"]["because"], "earlier_referral", "{whole}");
    }
    // Two of one name, each with an address of their own.
    let (one, namesake) = (tenant.person(), tenant.person());
    assert_eq!(owned(&ema, &json!({"name": one.name, "email": one.email})).0, "owned");
    assert_eq!(owned(&kenta, &json!({"name": one.name, "email": namesake.email})).0, "owned");
}

fn whoever_had_applied_is_no_new_candidate(kind: StoreKind) {
    let tenant = tenant(kind);
    let (ema, _) = tenant.employed("ema", "A-1");
    let (applicant, alumna, left) = (tenant.person(), tenant.alumnus("megumi"), tenant.person());
    let departure = tenant.record(&applicant.left("E-1"));
    let member = tenant.register(&departure, &applicant, &alumna);
    tenant.record(&left.left("E-2"));
    // The applicant has another record, with another address.
    let renamed = tenant.person();
    let other = tenant.record(&renamed.left("E-3"));
    let person = |departure: &str| {
        tenant.people_ops().read(&format!("/v1/departures/{departure}"))["person_id"].as_str().unwrap().to_owned()
    };
    let link = json!({"same_as": person(&departure), "reason": "documents_seen", "evidence_ref": "hr/2026-4"});
    for by in [&tenant.people_ops(), &tenant.second_people_ops()] {
        tenant.command(by, "persons", &person(&other), "link", &link).expect(200);
    }
    let position = tenant.published(&json!({}));
    let applies = json!({"member_id": member, "requisition_id": position, "channel": "alumni"});
    alumna.post("/v1/applications", &applies).expect(201);
    let (known, new) = (submit(&ema, &applicant), submit(&ema, &left));
    assert_eq!(accepted(&tenant, &known)["state"], "held_as_duplicate");
    let held = seen(&tenant.compliance(), &known);
    assert_eq!(held["duplicate"]["because"], "earlier_application");
    let linked = submit(&ema, &renamed);
    assert_eq!(accepted(&tenant, &linked)["state"], "held_as_duplicate", "under another record of theirs");
    let body = json!({"token": token_of(&tenant, &new), "formerly_employed": true});
    let path = format!("/v1/referrals/{new}/accept-as-candidate");
    assert_eq!(tenant.anyone.post(&path, &body).expect(200)["state"], "owned", "having left is no application");
    assert_eq!(seen(&tenant.recruiter(), &new)["candidate_history"], "formerly_employed");
}

fn whoever_a_recruiter_had_contacted_is_no_new_candidate(kind: StoreKind) {
    let tenant = tenant(kind);
    let (ema, _) = tenant.employed("ema", "A-1");
    let position = tenant.published(&json!({}));
    let nth = std::cell::Cell::new(0);
    let joined = || {
        nth.set(nth.get() + 1);
        let (person, account) = (tenant.person(), tenant.alumnus(&format!("alumna-{}", nth.get())));
        let member = tenant.register(&tenant.record(&person.left(&format!("E-{}", nth.get()))), &person, &account);
        (person, account, member)
    };
    let today = tenant.day(0);
    let contacts = |member: &str, about: (&str, &str)| {
        let body = json!({"contacted_on": today, "channel": "phone", (about.0): about.1});
        tenant.command(&tenant.recruiter(), "members", member, "record-contact", &body)
    };
    let refers_to_position = |candidate: &Person| {
        let mut body = refers(candidate);
        body["requisition_id"] = json!(position);
        id(&ema.post("/v1/referrals", &body).expect(201))
    };

    let (candidate, _, member) = joined();
    contacts(&member, ("requisition_id", &position)).expect(200);
    let referral = refers_to_position(&candidate);
    assert_eq!(accepted(&tenant, &referral)["state"], "held_as_duplicate");
    let duplicate = &seen(&tenant.compliance(), &referral)["duplicate"];
    assert_eq!((&duplicate["because"], &duplicate["earlier"]), (&json!("earlier_contact"), &Value::Null));
    assert_eq!(seen(&tenant.recruiter(), &referral).get("duplicate"), None);
    let told = seen(&ema, &referral);
    assert_eq!(told["status"], "received", "a doubt is not told");
    assert!(!told.to_string().contains("contact"), "{told}");

    let (candidate, _, member) = joined();
    contacts(&member, ("job_family", "driver")).expect(200);
    assert_eq!(accepted(&tenant, &refers_to_position(&candidate))["state"], "held_as_duplicate", "a family like it");
    let (candidate, _, member) = joined();
    contacts(&member, ("job_family", "clerk")).expect(200);
    assert_eq!(accepted(&tenant, &refers_to_position(&candidate))["state"], "owned", "another family");
    let (candidate, _, member) = joined();
    let referral = refers_to_position(&candidate);
    contacts(&member, ("requisition_id", &position)).expect(200);
    assert_eq!(accepted(&tenant, &referral)["state"], "owned", "after the referral");
    let (candidate, account, member) = joined();
    tenant.command(&account, "members", &member, "withdraw-consent", &json!({"purpose": "jobs"})).expect(200);
    contacts(&member, ("requisition_id", &position)).refused(422, "jobs_consent_missing");
    assert_eq!(accepted(&tenant, &refers_to_position(&candidate))["state"], "owned", "nothing was recorded");
}

fn whoever_says_that_they_worked_here_is_invited_and_the_referral_keeps_its_credit(kind: StoreKind) {
    let tenant = tenant(kind);
    let (ema, _) = tenant.employed("ema", "A-1");
    let (candidate, account) = (tenant.person(), tenant.alumnus("megumi"));
    let departure = tenant.record(&candidate.left("E-1"));
    let referral = submit(&ema, &candidate);
    let invites = || tenant.people_ops().all("/v1/tasks?kind=invite_candidate");
    assert_eq!(invites(), Vec::<Value>::new());
    let body = json!({"token": token_of(&tenant, &referral), "formerly_employed": true});
    let path = format!("/v1/referrals/{referral}/accept-as-candidate");
    assert_eq!(tenant.anyone.post(&path, &body).expect(200)["state"], "owned");
    let waiting = invites();
    assert_eq!((waiting.len(), &waiting[0]["subject"]), (1, &json!({"collection": "referrals", "id": referral})));

    let member = tenant.register(&departure, &candidate, &account);
    let position = tenant.published(&json!({}));
    assert_eq!(invites().len(), 1, "they have not applied");
    let applies =
        json!({"member_id": member, "requisition_id": position, "channel": "referral", "referral_id": referral});
    account.post("/v1/applications", &applies).expect(201);
    assert_eq!(seen(&tenant.compliance(), &referral)["state"], "in_process");
    assert_eq!(invites(), Vec::<Value>::new());
}

/// A hiring manager who referred the candidate may earn by their return: they neither interview nor evaluate.
fn whoever_referred_a_candidate_has_no_part_in_judging_them(kind: StoreKind) {
    let tenant = tenant(kind);
    let (ema, _) = tenant.employed("ema", "A-1");
    let (candidate, account) = (tenant.person(), tenant.alumnus("megumi"));
    let departure = tenant.record(&candidate.left("E-1"));
    let referral = submit(&ema, &candidate);
    assert_eq!(accepted(&tenant, &referral)["state"], "owned");
    let member = tenant.register(&departure, &candidate, &account);
    let position = tenant.published(&json!({"hiring_manager": tenant.subject("ema")}));
    let applies =
        json!({"member_id": member, "requisition_id": position, "channel": "referral", "referral_id": referral});
    let application = id(&account.post("/v1/applications", &applies).expect(201));
    let recruiter = tenant.recruiter();
    let command =
        |by: &Client, command: &str, body: &Value| tenant.command(by, "applications", &application, command, body);
    command(&recruiter, "advance", &json!({"to": "interviewing"})).expect(200);
    let schedule = |people: &[&str]| command(&recruiter, "schedule-interview", &interview(&tenant, 1, people));
    schedule(&["haru", "ema"]).points_at("/interviewers", "referrer_interviews");
    let scheduled = schedule(&["haru"]).expect(200)["interview_id"].clone();
    let mut moved = interview(&tenant, 2, &["ema"]);
    moved["interview_id"] = scheduled.clone();
    command(&recruiter, "reschedule-interview", &moved).points_at("/interviewers", "referrer_interviews");

    let card = json!({"interview_id": scheduled, "rating": 4, "recommendation": "yes"});
    command(&tenant.user("haru", Role::Interviewer), "submit-scorecard", &card).expect(200);
    let evaluation = json!({"recommendation": "strong_yes"});
    let manager = tenant.user("ema", Role::HiringManager);
    command(&manager, "record-evaluation", &evaluation).refused(422, "referrer_evaluates");
    // Nor does the credit go to whoever judges them.
    tenant.employed("haru", "A-2");
    let gives = json!({"to": tenant.subject("haru"), "clause": "リファラル手当規程 第7条"});
    let give = || tenant.command(&tenant.compliance(), "referrals", &referral, "reassign-credit", &gives);
    give().refused(422, "judged_the_candidate");
    assert_eq!(command(&recruiter, "record-evaluation", &evaluation).expect(200)["state"], "evaluated");
    give().refused(422, "judged_the_candidate");
}

fn a_referral_to_a_position_follows_its_requisition_and_the_plan_in_force(kind: StoreKind) {
    let tenant = tenant(kind);
    let (ema, _) = tenant.employed("ema", "A-1");
    super::reward_plans::published(&tenant, &super::reward_plans::terms());
    let refers_to = |by: &Client, requisition: &str| {
        let mut body = refers(&tenant.person());
        body["requisition_id"] = json!(requisition);
        by.post("/v1/referrals", &body)
    };
    let manager = tenant.subject("ema");
    let (open, hers) = (tenant.published(&json!({})), tenant.published(&json!({"hiring_manager": manager})));
    let alumni = tenant.published(&json!({"audience": ["alumni"]}));
    let referral = id(&refers_to(&ema, &open).expect(201));
    let whole = seen(&tenant.compliance(), &referral);
    assert_eq!((&whole["job_family"], &whole["legal_entity"]), (&json!("driver"), &json!("JP-HQ")));
    assert_eq!(whole["plan"]["version"], 1);
    let outcome = |whole: &Value, rule: &str| {
        let checks = whole["checks"].as_array().unwrap();
        checks.iter().find(|check| check["rule"] == rule).map(|check| check["code"].clone())
    };
    assert_eq!(outcome(&whole, "REF-02"), Some(json!("plan_in_force")));
    assert_eq!(mine(&ema)[0]["title"], "配送ドライバー");
    let referral = id(&refers_to(&ema, &hers).expect(201));
    let whole = seen(&tenant.compliance(), &referral);
    assert_eq!(outcome(&whole, "REF-14"), Some(json!("hiring_manager_of_requisition")));
    refers_to(&ema, &alumni).points_at("/requisition_id", "requisition_not_found");
    let close = json!({"reason": "no_longer_needed"});
    tenant.command(&tenant.recruiter(), "requisitions", &open, "close", &close).expect(200);
    refers_to(&ema, &open).refused(409, "requisition_not_open");
    let mut both = refers(&tenant.person());
    both["requisition_id"] = json!(open);
    both["legal_entity"] = json!("JP-HQ");
    ema.post("/v1/referrals", &both).points_at("/legal_entity", "follows_from_requisition");
}

fn nobody_is_kept_who_does_not_wish_it(kind: StoreKind) {
    let tenant = tenant(kind);
    let (ema, _) = tenant.employed("ema", "A-1");
    let (before, after) = (submit(&ema, &tenant.person()), submit(&ema, &tenant.person()));
    let token = token_of(&tenant, &before);
    assert_eq!(answer(&tenant, &before, "decline-as-candidate", &token).expect(200)["state"], "declined");
    answer(&tenant, &before, "accept-as-candidate", &token).refused(409, "already_answered");
    let token = token_of(&tenant, &after);
    answer(&tenant, &after, "accept-as-candidate", &token).expect(200);
    assert_eq!(answer(&tenant, &after, "decline-as-candidate", &token).expect(200)["state"], "declined");
    for referral in [&before, &after] {
        let left = seen(&tenant.recruiter(), referral);
        assert_eq!((&left["state"], &left["candidate"]["name"]), (&json!("declined"), &Value::Null));
        assert_eq!(left["candidate"]["email"], Value::Null);
        assert_eq!(seen(&ema, referral)["status"], "closed");
    }
}

fn a_referral_is_taken_back_by_whoever_made_it(kind: StoreKind) {
    let tenant = tenant(kind);
    let ((ema, _), (kenta, _)) = (tenant.employed("ema", "A-1"), tenant.employed("kenta", "A-2"));
    let referral = submit(&ema, &tenant.person());
    let withdraw = |by: &Client| tenant.command(by, "referrals", &referral, "withdraw", &json!({}));
    withdraw(&kenta).problem(404, "not_found");
    kenta.get(&format!("/v1/referrals/{referral}")).problem(404, "not_found");
    assert_eq!(withdraw(&ema).expect(200)["state"], "withdrawn");
    assert_eq!(seen(&tenant.recruiter(), &referral)["candidate"]["name"], Value::Null);
    assert_eq!(withdraw(&ema).expect(200)["state"], "withdrawn", "already so");
}

fn a_candidate_who_does_not_answer_is_forgotten(kind: StoreKind) {
    let (tenant, _clock) = clocked_tenant(kind);
    let (ema, _) = tenant.employed("ema", "A-1");
    let (silent, owned) = (submit(&ema, &tenant.person()), submit(&ema, &tenant.person()));
    let token = token_of(&tenant, &silent);
    accepted(&tenant, &owned);
    tenant.advance("P14D");
    assert_eq!(seen(&tenant.recruiter(), &silent)["state"], "awaiting_candidate", "the last day is theirs");
    tenant.advance("P1D");
    let gone = seen(&tenant.recruiter(), &silent);
    assert_eq!((&gone["state"], &gone["candidate"]["name"]), (&json!("expired"), &Value::Null));
    answer(&tenant, &silent, "accept-as-candidate", &token).refused(409, "ended");
    assert_eq!(seen(&tenant.recruiter(), &owned)["state"], "owned");
    tenant.advance("P185D");
    assert_eq!(seen(&tenant.recruiter(), &owned)["state"], "expired");
    assert_eq!(seen(&ema, &owned)["status"], "closed");
}

fn a_hire_and_an_outcome_are_recorded(kind: StoreKind) {
    let tenant = tenant(kind);
    let (ema, _) = tenant.employed("ema", "A-1");
    let (hired, not_hired) = (submit(&ema, &tenant.person()), submit(&ema, &tenant.person()));
    let command = |referral: &str, command: &str, body: &Value| {
        tenant.command(&tenant.recruiter(), "referrals", referral, command, body)
    };
    let hire = json!({"employee_number": "E-20001", "legal_entity": "JP-HQ", "started_on": tenant.day(0)});
    command(&hired, "record-hire", &hire).refused(409, "awaits_candidate");
    accepted(&tenant, &hired);
    accepted(&tenant, &not_hired);
    assert_eq!(command(&hired, "record-hire", &hire).expect(200)["state"], "hired");
    assert_eq!(command(&hired, "record-hire", &hire).expect(200)["version"], 4, "already so");
    let other = json!({"employee_number": "E-20002", "started_on": tenant.day(0)});
    command(&hired, "record-hire", &other).refused(409, "already_hired");
    let mut confined = tenant.person_token("sato", &[Role::Recruiter]);
    confined.legal_entities = Some(["JP-HQ".to_owned()].into());
    let confined = tenant.with_token(&confined);
    let elsewhere = json!({"employee_number": "E-20003", "legal_entity": "JP-WEST", "started_on": tenant.day(0)});
    tenant
        .command(&confined, "referrals", &not_hired, "record-hire", &elsewhere)
        .points_at("/legal_entity", "entity_not_found");
    assert_eq!(seen(&ema, &hired)["status"], "joined");
    assert_eq!(seen(&tenant.compliance(), &hired)["hire"]["employee_number"], "E-20001");
    let outcome = json!({"outcome": "not_hired", "reason_code": "rejected"});
    assert_eq!(command(&not_hired, "record-outcome", &outcome).expect(200)["state"], "not_hired");
    command(&not_hired, "record-outcome", &json!({"reason_code": "no_show"})).refused(409, "outcome_recorded");
    command(&not_hired, "record-outcome", &json!({"outcome": "hired", "reason_code": "no_show"}))
        .points_at("/outcome", "unknown_value");
    let told = seen(&ema, &not_hired);
    assert_eq!((&told["status"], told.get("outcome")), (&json!("closed"), None), "and not why");
}

fn the_credit_goes_to_another_employee(kind: StoreKind) {
    let tenant = tenant(kind);
    let ((ema, _), (kenta, _)) = (tenant.employed("ema", "A-1"), tenant.employed("kenta", "A-2"));
    let referral = submit(&ema, &tenant.person());
    accepted(&tenant, &referral);
    let give = |by: &Client, to: &str| {
        let body = json!({"to": tenant.subject(to), "clause": "リファラル手当規程 第7条"});
        tenant.command(by, "referrals", &referral, "reassign-credit", &body)
    };
    let (leaver, alumna) = (tenant.person(), tenant.alumnus("megumi"));
    tenant.register(&tenant.record(&leaver.left("E-1")), &leaver, &alumna);
    give(&tenant.compliance(), "ema").refused(409, "credit_already_theirs");
    give(&tenant.programme_admin(), "kenta").expect(200);
    let own = mine(&kenta);
    assert_eq!((own.len(), &own[0]["status"]), (1, &json!("creditable")));
    assert_eq!(mine(&ema), Vec::<Value>::new());
    ema.get(&format!("/v1/referrals/{referral}")).problem(404, "not_found");
    let whole = seen(&tenant.compliance(), &referral);
    assert_eq!(whole["reassignments"][0]["clause"], "リファラル手当規程 第7条");
    assert_eq!(whole["relation"]["employee_number"], "A-2");
    let excluded = || {
        let whole = seen(&tenant.compliance(), &referral);
        let checks = whole["checks"].as_array().unwrap();
        checks.iter().find(|check| check["rule"] == "REF-14").map(|check| check["code"].clone())
    };
    assert_eq!(excluded(), Some(json!("relationship_unknown")), "nobody has said how they know the candidate");
    let said = |to: &str, relationship: &str, exclusions: Value| {
        let body = json!({
            "to": tenant.subject(to), "clause": "リファラル手当規程 第7条", "relationship": relationship, "exclusions": exclusions,
        });
        tenant.command(&tenant.compliance(), "referrals", &referral, "reassign-credit", &body)
    };
    for (to, relationship, exclusions, code) in [
        ("ema", "friend", json!([]), "not_excluded"),
        ("kenta", "relative", json!([]), "relative"),
        ("ema", "friend", json!(["people_ops"]), "people_ops"),
    ] {
        said(to, relationship, exclusions).expect(200);
        assert_eq!(excluded(), Some(json!(code)));
    }
    said("kenta", "sibling", json!([])).points_at("/relationship", "unknown_value");
    said("kenta", "friend", json!(["boss"])).points_at("/exclusions/0", "unknown_value");
}

fn nobody_refers_themselves_and_relatives_earn_nothing(kind: StoreKind) {
    let tenant = tenant(kind);
    let (ema, herself) = tenant.employed("ema", "A-1");
    let problem = ema.post("/v1/referrals", &refers(&herself)).problem(422, "rule_blocked");
    assert_eq!(problem["rule"], "REF-10");
    let mut sister = refers(&tenant.person());
    sister["relationship"] = json!("relative");
    let referral = id(&ema.post("/v1/referrals", &sister).expect(201));
    let told = &mine(&ema)[0];
    assert_eq!((&told["id"], &told["status"]), (&json!(referral), &json!("received")));
    assert_eq!(told["reward"], Value::Null, "nothing more, until the candidate has agreed");
    accepted(&tenant, &referral);
    let told = &mine(&ema)[0];
    assert_eq!((&told["reward"]["status"], &told["reward"]["rule"]), (&json!("not_payable"), &json!("REF-14")));
    let mut recruits = tenant.person_token("rina", &[Role::Employee, Role::Recruiter]);
    recruits.service = false;
    let rina = tenant.with_token(&recruits);
    let referral = submit(&rina, &tenant.person());
    let whole = seen(&tenant.compliance(), &referral);
    let excluded = whole["checks"].as_array().unwrap().iter().find(|check| check["rule"] == "REF-14").unwrap();
    assert_eq!((&excluded["outcome"], &excluded["code"]), (&json!("block"), &json!("recruiter")));
    let own = seen(&rina, &referral);
    assert_eq!(own.get("candidate_token"), None, "nobody agrees for another, whatever else they are");
}

fn whoever_tries_without_a_token_is_slowed_down(kind: StoreKind) {
    let tenant = tenant(kind);
    let (ema, _) = tenant.employed("ema", "A-1");
    let referral = submit(&ema, &tenant.person());
    let token = token_of(&tenant, &referral);
    for _ in 0..5 {
        answer(&tenant, &referral, "accept-as-candidate", "okc_guess").points_at("/token", "token_not_valid");
    }
    let refused = answer(&tenant, &referral, "accept-as-candidate", &token);
    refused.problem(429, "rate_limited");
    let wait: u32 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=600).contains(&wait), "{wait}");
    let other = submit(&ema, &tenant.person());
    assert_eq!(accepted(&tenant, &other)["state"], "owned", "others are not concerned");
}

fn each_role_sees_its_part(kind: StoreKind) {
    let tenant = tenant(kind);
    let (ema, _) = tenant.employed("ema", "A-1");
    let candidate = tenant.person();
    let referral = submit(&ema, &candidate);
    for by in [tenant.recruiter(), tenant.people_ops(), tenant.compliance()] {
        assert_eq!(seen(&by, &referral)["candidate"]["email"], json!(candidate.email));
    }
    let admin = seen(&tenant.programme_admin(), &referral);
    assert_eq!((admin.get("candidate"), &admin["state"]), (None, &json!("awaiting_candidate")));
    assert_eq!(seen(&tenant.compliance(), &referral).get("candidate_token"), None);
    for role in [Role::HiringManager, Role::Interviewer, Role::Compensation, Role::Payroll, Role::Executive] {
        tenant.user("other", role).get(&format!("/v1/referrals/{referral}")).problem(403, "forbidden");
    }
    // Whoever made it reads it as the referrer, whatever else they do.
    let both = tenant.with_token(&tenant.person_token("ema", &[Role::Employee, Role::Recruiter, Role::Compliance]));
    for shown in [seen(&both, &referral), both.all("/v1/referrals").remove(0)] {
        assert_eq!((&shown["status"], shown.get("state")), (&json!("received"), None), "{shown}");
    }
    assert_eq!(tenant.recruiter().all("/v1/referrals?state=awaiting_candidate").len(), 1);
    assert_eq!(tenant.recruiter().all("/v1/referrals?state=owned").len(), 0);
    ema.get("/v1/referrals?state=owned").problem(403, "forbidden");
    assert_eq!(ema.all("/v1/referrals").len(), 1);
    assert_eq!(tenant.employee("kenta").all("/v1/referrals").len(), 0);
    let mut limited = tenant.person_token("west", &[Role::Recruiter]);
    limited.legal_entities = Some(["JP-WEST".to_owned()].into());
    let west = tenant.with_token(&limited);
    west.get(&format!("/v1/referrals/{referral}")).problem(404, "not_found");
    assert_eq!(west.all("/v1/referrals").len(), 0);
    let outcome = json!({"reason_code": "rejected"});
    tenant.command(&west, "referrals", &referral, "record-outcome", &outcome).problem(404, "not_found");
    let body = refers(&tenant.person());
    let with = |field: &str, value: Value| {
        let mut body = body.clone();
        body[field] = value;
        ema.post("/v1/referrals", &body)
    };
    with("kind", json!("business")).points_at("/kind", "unknown_value");
    with("relationship", json!("enemy")).points_at("/relationship", "unknown_value");
    with("requisition_id", json!(uuid::Uuid::now_v7())).points_at("/requisition_id", "requisition_not_found");
    with("birthplace", json!("x")).points_at("/birthplace", "unknown_field");
}
