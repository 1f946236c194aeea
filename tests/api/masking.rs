//! Decision 9: recruiters, hiring managers and interviewers never learn why somebody left, when they were born, or what they
//! earned; searched for in the bodies as they come, whatever member they might stand in.

use okaeri::identity::Role;
use okaeri::identity::permissions::{Access, Method, Permissions};
use serde_json::{Value, json};

use super::no_rehire_flags::{grounds, person_of};
use super::pricing::{approved_with_a_plan, assessment, compensation, extend, measured, offered};
use super::programme_policies::{published, with};
use crate::program::client::Client;
use crate::program::people::{Tenant, id, tenant};
use crate::program::served_by_both_stores;
use crate::program::steps::{having_read, yen};
use crate::support::StoreKind;

served_by_both_stores!(
    those_who_select_never_learn_why_somebody_left_how_old_they_are_or_what_they_earned,
    where_pay_history_is_banned_those_who_audit_alone_learn_what_somebody_earned,
    in_the_united_states_exit_pay_is_kept_back_unless_a_policy_says_otherwise,
    the_tier_is_for_those_who_decide,
);

/// A case in which everything is said that selectors must not learn; the ids by which it can be read, and the secrets.
fn case(tenant: &Tenant<'_>) -> (Vec<(&'static str, String)>, Vec<String>) {
    let (people_ops, leaver, alumnus) = (tenant.people_ops(), tenant.person(), tenant.alumnus("megumi"));
    let mut works = leaver.works("E-1", "2015-04-01");
    works["base_salary"] = json!({"amount": 6_287_431, "currency": "JPY"});
    let employment = id(&tenant.hris().post("/v1/employments", &works).expect(201));
    let mut leaves = leaver.left("E-1");
    leaves["reason"] = json!("family_care");
    leaves["employment"]["base_salary"] = json!({"amount": 6_287_431, "currency": "JPY"});
    let departure = tenant.record(&leaves);
    let (why, notes, note) = (tenant.words("源泉票の誤記"), tenant.words("母の介護のため"), tenant.words("評価メモ"));
    let command = |by: &Client, name: &str, body: serde_json::Value| {
        tenant.command(by, "departures", &departure, name, &body).expect(200)
    };
    command(&people_ops, "record-exit-interview", json!({"held_on": "2024-03-01", "notes": notes}));
    let salary = json!({"amount": 6_287_432, "currency": "JPY"});
    command(
        &people_ops,
        "correct",
        json!({"why": why, "base_salary": salary, "reason": "misconduct", "birth_date": "1947-11-23"}),
    );
    tenant.tell("1947-11-23");
    let assessment = json!({"verdict": "not_eligible", "reason_code": "misconduct", "clause": "第12条", "note": note});
    command(&people_ops, "assess-eligibility", assessment);
    let confirmation = json!({"clause": "第12条", "evidence_ref": "HR-2024-017", "expires_on": tenant.day(300), "appeal_route": "窓口"});
    command(&tenant.second_people_ops(), "confirm-eligibility", confirmation);
    let member = tenant.register(&departure, &leaver, &alumnus);
    let person = person_of(tenant, &departure);
    let flag = id(&tenant.compliance().post("/v1/no-rehire-flags", &grounds(tenant, &person)).expect(201));
    let claimed = json!({
        "claim": {"name_at_departure": leaver.name, "birth_date": leaver.birth_date}, "terms_version": "1",
    });
    let claimant = id(&tenant.alumnus("claimant").post("/v1/members", &claimed).expect(201));
    let ids = vec![
        ("departures", departure),
        ("employments", employment),
        ("persons", person),
        ("members", member),
        ("members", claimant),
        ("no-rehire-flags", flag),
    ];
    let secrets = vec![
        "family_care".into(),
        "misconduct".into(),
        "介護".into(),
        "harassment".into(),
        leaver.birth_date.clone(),
        "1947-11-23".into(),
        "6287431".into(),
        "6287432".into(),
        why,
        notes,
        note,
        "HR-2024-017".into(),
    ];
    (ids, secrets)
}

/// Everything that can be read of these things, and lists.
fn readable(ids: &[(&'static str, String)]) -> Vec<String> {
    let mut paths = Vec::new();
    for route in Permissions::embedded().unwrap().routes().filter(|route| route.method == Method::Get) {
        if route.access == Access::Public {
            continue;
        }
        if !route.path.contains('{') {
            paths.extend(["", "?limit=500", "?verdict=not_eligible"].map(|query| format!("{}{query}", route.path)));
            continue;
        }
        for (collection, id) in ids {
            let path = route.path.replace("{collection}", collection).replace("{id}", id);
            if route.path.contains("{collection}") || path.contains(&format!("/{collection}/")) {
                paths.push(path);
            }
        }
    }
    assert!(paths.len() > 25, "{paths:?}");
    paths
}

/// What a caller learns from each page: its status, which secrets, and whether none.
fn look(caller: &Client, paths: &[String], secrets: &[String]) -> Vec<(String, u16, String, bool)> {
    let mut seen = Vec::new();
    for path in paths {
        let reply = caller.get(path);
        assert!(reply.status < 500, "{path}: {}", reply.text());
        let told: Vec<&String> = secrets.iter().filter(|secret| reply.text().contains(secret.as_str())).collect();
        seen.push((path.clone(), reply.status, format!("{told:?}"), told.is_empty()));
    }
    seen
}

/// Where a law bans pay history, what somebody earned here before is neither read nor recorded, and nobody who has a part in
/// setting pay learns it, even of what was assessed earlier (PAY-07).
fn where_pay_history_is_banned_those_who_audit_alone_learn_what_somebody_earned(kind: StoreKind) {
    let tenant = tenant(kind);
    let (mut ids, _) = case(&tenant);
    measured(&tenant);
    let (_, offer) = offered(&tenant, "hanako", 7_400_000);
    let earned = |by: &Client, offer: &str| assessment(by, offer)["basis"]["stint"]["base"].clone();
    assert_eq!(earned(&compensation(&tenant), &offer), yen(6_200_000));
    let ledger = |by: &Client| by.all("/v1/fairness-ledger")[0]["finding"]["after_pricing"].clone();
    assert!(ledger(&compensation(&tenant)).is_object());
    ids.push(("offers", offer.clone()));
    let (paths, secrets) = (readable(&ids), ["6287431", "6287432", "6200000"].map(str::to_owned));
    let learns = |role: Role| look(&tenant.user("reader", role), &paths, &secrets).iter().any(|seen| !seen.3);
    assert!([Role::PeopleOps, Role::Compensation, Role::Compliance].into_iter().all(learns));

    let policy = compensation(&tenant).all("/v1/pay-policies")[0]["id"].as_str().unwrap().to_owned();
    let admin = tenant.programme_admin();
    tenant.command(&admin, "pay-policies", &policy, "revise", &json!({"history_ban": "banned"})).expect(200);
    having_read(&tenant.user("mori", Role::Executive), "pay-policies", &policy, "approve", &json!({})).expect(200);
    tenant.command(&admin, "pay-policies", &policy, "publish", &json!({})).expect(200);
    for role in Role::ALL.into_iter().filter(|role| ![Role::Compliance, Role::Hris].contains(role)) {
        for (path, status, told, nothing) in look(&tenant.user("reader", role), &paths, &secrets) {
            assert!(nothing, "{role} learns from {path} ({status}): {told}");
        }
    }
    assert!(learns(Role::Compliance));
    assert_eq!(ledger(&compensation(&tenant)), Value::Null);
    assert!(ledger(&tenant.compliance()).is_object());
    let (_, later) = offered(&tenant, "haruka", 7_400_000);
    assert_eq!(earned(&tenant.compliance(), &later), Value::Null);
}

/// Whoever proposes an offer learns the verdict and what waits for an answer.
fn the_tier_is_for_those_who_decide(kind: StoreKind) {
    let tenant = tenant(kind);
    measured(&tenant);
    let (_, offer) = offered(&tenant, "hanako", 8_100_000);
    approved_with_a_plan(&tenant, &offer, 40);
    extend(&tenant, &offer);
    let sheet = |by: &Client| {
        let shown = by.read(&format!("/v1/offers/{offer}"));
        let documents = shown["extension"]["documents"].as_array().unwrap().clone();
        documents.into_iter().find(|one| one["kind"] == "approval_sheet").unwrap()
    };
    assert!(sheet(&compensation(&tenant))["text"].as_str().unwrap().contains("885000"));
    let recruiter = tenant.recruiter();
    assert_eq!((&sheet(&recruiter)["text"], sheet(&recruiter)["sha256"].is_string()), (&Value::Null, true));
    let found = assessment(&recruiter, &offer);
    assert_eq!((&found["verdict"], &found["seats"]), (&json!("exception_needed"), &Value::Null));
    assert!(found["rules"].as_array().unwrap().iter().all(|rule| rule["outcome"] != "pass"), "{found}");
    let told = recruiter.read(&format!("/v1/offers/{offer}")).to_string();
    assert!(!told.contains("tier D") && !told.contains("区分D"), "{told}");
}

/// An entity in the United States whose law no pay policy speaks of keeps exit pay back likewise.
fn in_the_united_states_exit_pay_is_kept_back_unless_a_policy_says_otherwise(kind: StoreKind) {
    let tenant = tenant(kind);
    let (leaver, works) = (tenant.person(), tenant.person());
    let departure = tenant.record(&leaver.left("E-1"));
    let mut works = works.works("A-1", "2020-04-01");
    works["base_salary"] = yen(5_100_000);
    let employment = id(&tenant.hris().post("/v1/employments", &works).expect(201));
    let reads = |path: &str| tenant.people_ops().read(path);
    let left = || reads(&format!("/v1/departures/{departure}"))["employment"].get("base_salary").is_some();
    let earns = || reads(&format!("/v1/employments/{employment}"))["base_salary"].clone();
    assert!(left());
    published(&tenant, &with(&json!({"country": "US"})));
    assert!(!left());
    assert_eq!(earns(), yen(5_100_000), "what somebody earns who works here is no exit pay");
    let history = reads(&format!("/v1/history/employments/{employment}")).to_string();
    assert!(history.contains("5100000"), "{history}");
    measured(&tenant);
    assert!(left());
}

fn those_who_select_never_learn_why_somebody_left_how_old_they_are_or_what_they_earned(kind: StoreKind) {
    let tenant = tenant(kind);
    let (ids, secrets) = case(&tenant);
    let paths = readable(&ids);
    let look = |caller: &Client| look(caller, &paths, &secrets);
    for role in [Role::Recruiter, Role::HiringManager, Role::Interviewer] {
        for roles in [vec![role], vec![role, Role::Employee], vec![role, Role::Partner, Role::Alumnus]] {
            let seen = look(&tenant.with_token(&tenant.person_token("selector", &roles)));
            for (path, status, told, nothing) in &seen {
                assert!(nothing, "{roles:?} learn from {path} ({status}): {told}");
            }
            if role == Role::Recruiter {
                let read = seen.iter().filter(|(_, status, _, _)| *status == 200).count();
                assert!(read >= 8, "a recruiter reads departures, members and their histories: {seen:?}");
            }
        }
    }
    // The search itself finds what is there: those who may know do see all of it.
    let staff = look(&tenant.compliance());
    let staff: String = staff.into_iter().map(|(_, _, told, _)| told).collect();
    for secret in secrets.iter().filter(|secret| *secret != "介護") {
        assert!(staff.contains(secret.as_str()), "compliance does not find {secret}");
    }
}
