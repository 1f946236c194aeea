//! Programme policies over HTTP: who may come back, in words and clauses that decisions cite.

use okaeri::identity::Role;
use serde_json::{Value, json};

use super::applications::{applies, returner, shown};
use super::referrals::{refers, token_of};
use crate::program::client::{Client, Reply};
use crate::program::people::{Tenant, id, tenant};
use crate::program::served_by_both_stores;
use crate::program::steps::having_read;
use crate::support::StoreKind;

served_by_both_stores!(
    a_policy_is_approved_by_a_second_person_and_shown_to_whom_it_governs,
    a_policy_that_could_not_be_followed_is_refused_by_field,
    applications_are_judged_by_the_version_in_force_when_they_are_handed_in,
    a_job_return_is_judged_by_why_they_left_and_nobody_is_told,
    where_no_return_is_offered_nobody_applies,
    members_accept_the_policy_version_by_version,
    an_alumnus_refers_unpaid_once_compliance_approved_what_it_rests_on,
);

/// A programme that takes back whoever was here for three years, and after care whoever was here for one.
fn terms() -> Value {
    json!({
        "legal_entity": "JP-HQ",
        "name": {"ja": "アルムナイ制度規程", "en": "Alumni programme policy"},
        "clauses": [
            {"id": "第3条", "ja": "退職後30日を経過した者は応募できる。", "en": "Whoever left 30 days ago may apply."},
            {"id": "第7条", "ja": "育児または介護により退職した者は5年以内に復職を申し出ることができる。", "en": "Job return."},
        ],
        "offers": ["community", "rehire"], "contact": "alumni@example.jp",
        "rehire": {"clause": "第3条", "cooling_off_days": 30, "minimum_tenure_months": 36},
        "job_return": {
            "clause": "第7条", "reasons": ["childcare", "family_care"], "within_months": 60, "minimum_tenure_months": 12,
        },
        "tenure_bridging": [{"benefit": "annual_leave", "clause": "第7条", "longest_gap_months": 12}],
        "required_documents": [{"code": "resume", "ja": "職務経歴書", "en": "Curriculum vitae"}],
    })
}

pub fn with(changes: &Value) -> Value {
    let mut body = terms();
    body.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    body
}

/// Every route of the collection that takes a body, with one that it would take.
pub fn routes(tenant: &Tenant<'_>) -> Vec<(Client, String, Value)> {
    let (admin, executive) = (tenant.programme_admin(), tenant.user("mori", Role::Executive));
    let policy = id(&admin.post("/v1/programme-policies", &terms()).expect(201));
    let on = |command: &str| format!("/v1/programme-policies/{policy}/{command}");
    let whole = with(&json!({"first_review": "prorated", "community_clause": "第3条"}));
    vec![
        (admin.clone(), "/v1/programme-policies".into(), whole.clone()),
        (admin.clone(), on("revise"), whole),
        (executive, on("approve"), json!({})),
        (admin.clone(), on("publish"), json!({"effective_from": tenant.day(9)})),
        (admin, on("retire"), json!({"note": "x"})),
    ]
}

fn command(tenant: &Tenant<'_>, policy: &str, name: &str, body: &Value) -> Reply {
    tenant.command(&tenant.programme_admin(), "programme-policies", policy, name, body)
}

fn approve(by: &Client, policy: &str) -> Reply {
    having_read(by, "programme-policies", policy, "approve", &json!({}))
}

/// A policy that is in force; its id.
pub fn published(tenant: &Tenant<'_>, terms: &Value) -> String {
    let policy = id(&tenant.programme_admin().post("/v1/programme-policies", terms).expect(201));
    approve(&tenant.user("mori", Role::Executive), &policy).expect(200);
    command(tenant, &policy, "publish", &json!({})).expect(200);
    policy
}

fn a_policy_is_approved_by_a_second_person_and_shown_to_whom_it_governs(kind: StoreKind) {
    let tenant = tenant(kind);
    let (admin, executive) = (tenant.programme_admin(), tenant.user("mori", Role::Executive));
    let alumnus = tenant.alumnus("hanako");
    let built_in = |by: &Client| by.read("/v1/programme-policies")["built_in"].clone();
    let version_0 =
        |governs| json!({"policy": "programme/0", "entities": [{"legal_entity": "JP-HQ", "governs": governs}]});
    assert_eq!(built_in(&alumnus), version_0(true));

    let policy = id(&admin.post("/v1/programme-policies", &terms()).expect(201));
    let path = format!("/v1/programme-policies/{policy}");
    alumnus.get(&path).problem(404, "not_found");
    assert_eq!(alumnus.all("/v1/programme-policies"), Vec::<Value>::new(), "a draft is nobody's yet");
    let asked = |by: &Client| by.all("/v1/tasks").iter().any(|task| task["kind"] == "approve_programme_policy");
    assert!(asked(&tenant.user("kimura", Role::ProgrammeAdmin)) && !asked(&admin));
    assert_eq!(approve(&admin, &policy).refused(422, "second_person_required")["rule"], "AUD-06");
    command(&tenant, &policy, "publish", &json!({})).refused(409, "not_approved");
    tenant
        .command(&executive, "programme-policies", &policy, "approve", &json!({}))
        .problem(428, "precondition_required");
    approve(&executive, &policy).expect(200);
    command(&tenant, &policy, "publish", &json!({"effective_from": tenant.day(-1)}))
        .points_at("/effective_from", "effective_in_the_past");
    command(&tenant, &policy, "publish", &json!({})).expect(200);
    assert_eq!(built_in(&alumnus), version_0(false));
    let second = id(&admin.post("/v1/programme-policies", &with(&json!({"contact": "y"}))).expect(201));
    approve(&executive, &second).expect(200);
    command(&tenant, &second, "publish", &json!({})).problem(409, "duplicate");

    // What waits is for those who write it; what is published is for everybody, word for word.
    command(&tenant, &policy, "revise", &json!({"job_return": null, "first_review": "standard_rating"})).expect(200);
    let whole = admin.read(&path);
    assert_eq!((&whole["governing_version"], &whole["waiting_version"]), (&json!(1), &json!(2)));
    let revised = &whole["versions"][1]["terms"];
    assert_eq!((&revised["job_return"], &revised["rehire"]["clause"]), (&Value::Null, &json!("第3条")));
    let told = alumnus.read(&path);
    assert_eq!((told["versions"].as_array().unwrap().len(), &told["waiting_version"]), (1, &Value::Null));
    let seen = &told["versions"][0];
    assert_eq!((&seen["terms"]["clauses"][1]["id"], seen.get("drafted_by")), (&json!("第7条"), None));
    let listed = &alumnus.all("/v1/programme-policies")[0];
    assert_eq!((&listed["governing"]["number"], &listed["waiting"]), (&json!(1), &Value::Null));

    command(&tenant, &policy, "retire", &json!({"note": "規程統合"})).expect(200);
    alumnus.get(&path).problem(404, "not_found");
    assert_eq!(built_in(&alumnus), version_0(true));
    let history = tenant.compliance().read(&format!("/v1/history/programme-policies/{policy}"));
    assert_eq!(history["items"].as_array().unwrap().len(), 5);
    command(&tenant, &second, "publish", &json!({})).expect(200);
}

fn a_policy_that_could_not_be_followed_is_refused_by_field(kind: StoreKind) {
    let tenant = tenant(kind);
    let admin = tenant.programme_admin();
    let draft = |changes: &Value| admin.post("/v1/programme-policies", &with(changes));
    for name in ["name", "clauses", "offers", "contact"] {
        let mut body = terms();
        body.as_object_mut().unwrap().remove(name);
        admin.post("/v1/programme-policies", &body).points_at(&format!("/{name}"), "required");
    }
    let clause = |id: &str, en: &str| json!({"id": id, "ja": "文", "en": en});
    draft(&json!({"clauses": [clause("第3条", "a"), clause("第3条", "b")]})).points_at("/clauses", "clause_twice");
    draft(&json!({"clauses": [clause("第3条", "a")]})).points_at("/job_return/clause", "clause_unknown");
    draft(&json!({"offers": []})).points_at("/offers", "nothing_offered");
    draft(&json!({"offers": ["rehire", "magic"]})).points_at("/offers/1", "unknown_value");
    draft(&json!({"offers": ["community"]})).points_at("/rehire", "rehire_not_offered");
    draft(&json!({"rehire": null})).points_at("/rehire", "rehire_required");
    draft(&json!({"country": "Japan"})).points_at("/country", "country_unknown");
    let basis = json!({"referral_basis": {"kind": "notification", "reference": "届出 第123号"}});
    draft(&basis).points_at("/referral_basis", "referral_basis_unfounded");
    draft(&json!({"referral_basis": {"kind": "custom", "reference": "x"}}))
        .points_at("/referral_basis/kind", "unknown_value");
    let job_return =
        |reasons: Value| json!({"job_return": {"clause": "第7条", "reasons": reasons, "within_months": 60}});
    draft(&job_return(json!(["misconduct"]))).points_at("/job_return/reasons", "job_return_reasons");
    draft(&job_return(json!(["boredom"]))).points_at("/job_return/reasons/0", "unknown_value");
    draft(&json!({"rehire": {"clause": "第3条", "cooling_off_days": 9_999}}))
        .points_at("/rehire/cooling_off_days", "out_of_range");
    draft(&json!({"tenure_bridging": [{"benefit": "gold", "clause": "第3条"}]}))
        .points_at("/tenure_bridging/0/benefit", "unknown_value");
    assert_eq!(admin.all("/v1/programme-policies"), Vec::<Value>::new(), "nothing is half-done");
    let policy = id(&draft(&json!({})).expect(201));
    command(&tenant, &policy, "revise", &json!({"legal_entity": "JP-NORTH"}))
        .points_at("/legal_entity", "entity_differs");
}

fn applications_are_judged_by_the_version_in_force_when_they_are_handed_in(kind: StoreKind) {
    let tenant = tenant(kind);
    let requisition = tenant.published(&json!({"headcount": 3}));
    let case = |name: &str| {
        let (_, member, alumnus) = returner(&tenant, name);
        id(&alumnus.post("/v1/applications", &applies(&member, &requisition)).expect(201))
    };
    let before = case("hanako");
    let policy = published(&tenant, &terms());
    let compliance = tenant.compliance();
    let version = |case: &str| shown(&compliance, case)["eligibility"]["programme_version"].clone();
    let after = case("taro");
    assert_eq!((version(&before), version(&after)), (json!("programme/0"), json!(format!("programme/{policy}/1"))));
    let rules = shown(&compliance, &after)["eligibility"]["rules"].clone();
    let tenure = rules.as_array().unwrap().iter().find(|rule| rule["rule"] == "ELG-08").unwrap();
    assert_eq!((&tenure["outcome"], &tenure["code"]), (&json!("pass"), &json!("long_enough")));
    let facts = &shown(&compliance, &after)["eligibility"]["facts"]["programme"];
    assert_eq!((&facts["version"], &facts["rehire"]["cooling_off_days"]), (&json!(1), &json!(30)));

    // A stricter version governs whoever applies from then on, and cites its clause; nobody else.
    let strict = json!({"rehire": {"clause": "第3条", "minimum_tenure_months": 600}});
    command(&tenant, &policy, "revise", &strict).expect(200);
    approve(&tenant.user("mori", Role::Executive), &policy).expect(200);
    command(&tenant, &policy, "publish", &json!({})).expect(200);
    let refused = case("jiro");
    let seen = shown(&compliance, &refused);
    assert_eq!((&seen["state"], &seen["refusal_clause"]), (&json!("not_eligible"), &json!("第3条")));
    let transfer = json!({"requisition_id": tenant.published(&json!({}))});
    tenant.command(&tenant.recruiter(), "applications", &after, "transfer", &transfer).expect(200);
    assert_eq!(version(&after), json!(format!("programme/{policy}/1")), "the case keeps its version");
    assert_eq!(shown(&compliance, &after)["state"], "screening");
}

fn a_job_return_is_judged_by_why_they_left_and_nobody_is_told(kind: StoreKind) {
    let tenant = tenant(kind);
    let requisition = tenant.published(&json!({"headcount": 3}));
    let mut policy = terms();
    policy["job_return"]["registration_months"] = json!(24);
    published(&tenant, &policy);
    let compliance = tenant.compliance();
    let case = |name: &str, reason: &str, wishes: bool| {
        let (leaver, alumnus) = (tenant.person(), tenant.alumnus(name));
        let mut departure = leaver.left(&format!("E-{name}"));
        departure["reason"] = json!(reason);
        departure["wishes_to_return"] = json!(wishes);
        // Thirteen months in all: too few for anybody else.
        departure["employment"]["hired_on"] = json!(tenant.day(-800));
        departure["employment"]["left_on"] = json!(tenant.day(-400));
        let member = tenant.register(&tenant.record(&departure), &leaver, &alumnus);
        let mut asked = applies(&member, &requisition);
        asked["channel"] = json!("job_return");
        id(&alumnus.post("/v1/applications", &asked).expect(201))
    };
    let found = |case: &str| {
        let rules = shown(&compliance, case)["eligibility"]["rules"].clone();
        let rule = rules.as_array().unwrap().iter().find(|rule| rule["rule"] == "ELG-09").unwrap().clone();
        (shown(&compliance, case)["state"].clone(), rule["code"].clone())
    };
    let (care, career) = (case("hanako", "family_care", true), case("taro", "career_change", true));
    let unregistered = case("jiro", "childcare", false);
    assert_eq!(found(&unregistered), (json!("eligibility_review"), json!("not_registered")));
    assert_eq!(found(&care), (json!("screening"), json!("within_time")));
    assert_eq!(found(&career), (json!("eligibility_review"), json!("reason_does_not_count")));
    let recruiter = shown(&tenant.recruiter(), &care);
    assert!(recruiter["eligibility"].get("facts").is_none(), "why somebody left is not the recruiter's (PRV-12)");
    let told = recruiter["eligibility"]["rules"].as_array().unwrap();
    assert!(told.iter().any(|rule| rule["rule"] == "ELG-08") && told.iter().all(|rule| rule["rule"] != "ELG-09"));
    let stint = &shown(&compliance, &care)["eligibility"]["facts"]["stints"][0];
    assert_eq!(
        (&stint["reason_counts"], stint.get("reason")),
        (&json!(true), None),
        "whether it counts, not what it is"
    );
}

fn where_no_return_is_offered_nobody_applies(kind: StoreKind) {
    let tenant = tenant(kind);
    let requisition = tenant.published(&json!({}));
    let community = json!({"offers": ["community", "business_referral"], "rehire": null, "job_return": null});
    published(&tenant, &with(&community));
    let (_, member, alumnus) = returner(&tenant, "hanako");
    let refused = alumnus.post("/v1/applications", &applies(&member, &requisition));
    let problem = refused.problem(409, "programme_not_offering_rehire");
    assert!(problem["detail"].as_str().unwrap().contains("alumni@example.jp"), "{problem}");
    assert!(problem["detail_ja"].as_str().unwrap().contains("alumni@example.jp"), "{problem}");
    assert_eq!(alumnus.all("/v1/my/applications"), Vec::<Value>::new());
}

fn members_accept_the_policy_version_by_version(kind: StoreKind) {
    let tenant = tenant(kind);
    let (_, member, alumnus) = returner(&tenant, "hanako");
    let standing = || {
        let mine = alumnus.read("/v1/my/consents")["memberships"][0].clone();
        let held = alumnus.read("/v1/my/data")["consents"][0].clone();
        assert_eq!(held["terms_to_accept"], mine["terms_to_accept"]);
        [mine["terms_version"].clone(), mine["terms_to_accept"].clone()]
    };
    let confirm = |version: &str| {
        tenant.command(&alumnus, "members", &member, "confirm-data", &json!({"terms_version": version}))
    };
    assert_eq!(standing(), [json!("2026-10"), Value::Null], "version 0 asks for nothing");
    let policy = published(&tenant, &terms());
    let version = |number: u32| format!("programme/{policy}/{number}");
    assert_eq!(standing(), [json!("2026-10"), json!(version(1))]);

    // Nobody accepts what was not published.
    command(&tenant, &policy, "revise", &json!({"first_review": "prorated"})).expect(200);
    for unknown in [version(2), version(7), format!("programme/{policy}"), "programme/0".to_owned(), version(1) + "0"] {
        confirm(&unknown).points_at("/terms_version", "unknown_terms_version");
    }
    let upper = version(1).to_uppercase().replace("PROGRAMME", "programme");
    confirm(&upper).points_at("/terms_version", "unknown_terms_version");
    let keyed = || {
        let path = format!("/v1/members/{member}/confirm-data");
        alumnus.request("POST", &path).key("accepts").json(&json!({"terms_version": version(1)})).send()
    };
    let accepted = keyed().expect(200);
    assert_eq!(standing(), [json!(version(1)), Value::Null]);

    // A new version asks again once it governs; what was accepted stands until then.
    approve(&tenant.user("mori", Role::Executive), &policy).expect(200);
    command(&tenant, &policy, "publish", &json!({})).expect(200);
    assert_eq!(standing(), [json!(version(1)), json!(version(2))]);
    confirm(&version(1)).expect(200);
    confirm(&version(2)).expect(200);
    assert_eq!(standing(), [json!(version(2)), Value::Null]);
    confirm(&version(1)).points_at("/terms_version", "unknown_terms_version");
    assert_eq!(keyed().expect(200), accepted, "a repeat is answered as it was");

    // Whoever registers accepts a published version just as well.
    let (leaver, account) = (tenant.person(), tenant.alumnus("taro"));
    let departure = tenant.record(&leaver.left("E-taro"));
    let mut registers = leaver.registers(&tenant.invite(&departure));
    registers["terms_version"] = json!(version(7));
    account.post("/v1/members", &registers).points_at("/terms_version", "unknown_terms_version");
    registers["terms_version"] = json!(version(2));
    account.post("/v1/members", &registers).expect(201);
    let mine = account.read("/v1/my/consents")["memberships"][0].clone();
    assert_eq!((&mine["terms_version"], &mine["terms_to_accept"]), (&json!(version(2)), &Value::Null));

    // Who has left is asked for nothing.
    tenant.command(&alumnus, "members", &member, "leave", &json!({})).expect(200);
    command(&tenant, &policy, "revise", &json!({"first_review": "standard_rating"})).expect(200);
    approve(&tenant.user("mori", Role::Executive), &policy).expect(200);
    command(&tenant, &policy, "publish", &json!({})).expect(200);
    assert_eq!(standing(), [json!(version(2)), Value::Null]);
}

/// 職業安定法36条3項: what it rests on is on record, whoever refers has the credit, and nobody is paid.
fn an_alumnus_refers_unpaid_once_compliance_approved_what_it_rests_on(kind: StoreKind) {
    let tenant = tenant(kind);
    let (leaver, alumna, candidate) = (tenant.person(), tenant.alumnus("megumi"), tenant.person());
    tenant.register(&tenant.record(&leaver.left("E-1")), &leaver, &alumna);
    alumna.post("/v1/referrals", &refers(&candidate)).refused(422, "former_employee");

    let founded = with(&json!({
        "offers": ["community", "rehire", "talent_referral"], "country": "JP",
        "referral_basis": {"kind": "notification", "reference": "委託募集届出 第123号"},
    }));
    let policy = id(&tenant.programme_admin().post("/v1/programme-policies", &founded).expect(201));
    let waits = |by: &Client| by.all("/v1/tasks").iter().any(|task| task["kind"] == "approve_programme_policy");
    assert!(waits(&tenant.compliance()) && !waits(&tenant.user("kimura", Role::ProgrammeAdmin)));
    let problem = approve(&tenant.user("mori", Role::Executive), &policy).refused(422, "compliance_required");
    assert_eq!((&problem["rule"], &problem["basis"]), (&json!("REF-06"), &json!("職業安定法36条3項")));
    approve(&tenant.compliance(), &policy).expect(200);
    alumna.post("/v1/referrals", &refers(&candidate)).refused(422, "former_employee");
    command(&tenant, &policy, "publish", &json!({})).expect(200);
    let published = alumna.read(&format!("/v1/programme-policies/{policy}"))["versions"][0]["terms"].clone();
    assert_eq!((&published["country"], &published["referral_basis"]["kind"]), (&json!("JP"), &json!("notification")));

    let referral = id(&alumna.post("/v1/referrals", &refers(&candidate)).expect(201));
    let token = json!({"token": token_of(&tenant, &referral)});
    let accepted = tenant.anyone.post(&format!("/v1/referrals/{referral}/accept-as-candidate"), &token).expect(200);
    assert_eq!(accepted["state"], "owned");
    let whole = tenant.compliance().read(&format!("/v1/referrals/{referral}"));
    let check = whole["checks"].as_array().unwrap().iter().find(|one| one["rule"] == "REF-06").unwrap();
    assert_eq!((&check["outcome"], &check["code"]), (&json!("pass"), &json!("notification")));
    assert_eq!(check["basis"], format!("職業安定法36条3項・委託募集届出 第123号・programme/{policy}/1"));

    let hire = json!({"employee_number": "E-20001", "legal_entity": "JP-HQ", "started_on": tenant.day(0)});
    tenant.command(&tenant.recruiter(), "referrals", &referral, "record-hire", &hire).expect(200);
    let told = &alumna.all("/v1/my/referrals")[0];
    assert_eq!((&told["status"], &told["reward"]["status"]), (&json!("joined"), &json!("not_payable")), "{told}");
    assert_eq!((&told["reward"]["rule"], &told["reward"]["basis"]), (&json!("REF-09"), &json!("職業安定法40条")));
    assert!(tenant.compliance().all("/v1/rewards").is_empty(), "nothing is planned that is not owed");

    // Taken back, it bars again; so it does until its first day has come.
    command(&tenant, &policy, "revise", &json!({"referral_basis": null})).expect(200);
    approve(&tenant.user("mori", Role::Executive), &policy).expect(200);
    command(&tenant, &policy, "publish", &json!({})).expect(200);
    alumna.post("/v1/referrals", &refers(&tenant.person())).refused(422, "former_employee");
    command(&tenant, &policy, "revise", &json!({"referral_basis": founded["referral_basis"]})).expect(200);
    approve(&tenant.compliance(), &policy).expect(200);
    command(&tenant, &policy, "publish", &json!({"effective_from": tenant.day(1)})).expect(200);
    alumna.post("/v1/referrals", &refers(&tenant.person())).refused(422, "former_employee");
}
