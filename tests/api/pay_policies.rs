//! `/v1/pay-policies`: written by one, approved by another, published once somebody different is named for every seat.

use okaeri::identity::Role;
use serde_json::{Value, json};

use super::applications::{applies, interview, returner, shown};
use crate::program::client::{Client, Reply};
use crate::program::people::{Tenant, id, tenant};
use crate::program::served_by_both_stores;
use crate::program::steps::{having_read, version, yen};
use crate::support::StoreKind;

served_by_both_stores!(
    a_policy_is_approved_by_a_second_person_before_it_is_published,
    a_policy_that_could_not_be_followed_is_refused_by_field_and_rule,
    a_policy_is_published_once_different_people_are_named_for_all_seats,
    what_a_revision_does_not_say_stays,
    one_policy_governs_an_entity_and_version_0_where_none_does,
    candidates_are_told_the_range_before_the_interview_where_the_policy_says_so,
    who_approves_is_asked_in_the_entities_they_see,
    those_who_stayed_are_told_the_rule_and_nobody_s_pay,
);

/// The usual values, and somebody for each of the four seats.
pub fn terms(tenant: &Tenant<'_>) -> Value {
    json!({
        "legal_entity": "JP-HQ", "clause": "賃金規程第12条",
        "approvers": {
            "hr": [tenant.subject("jinji")], "compensation": [tenant.subject("hoshu")],
            "division_head": [tenant.subject("honbucho")], "executive": [tenant.subject("shacho")],
        },
    })
}

/// Every field that a policy has.
fn whole(tenant: &Tenant<'_>) -> Value {
    let mut body = terms(tenant);
    let more = json!({
        "currency": "JPY", "history_ban": "banned", "range_disclosure": "before_interview",
        "thresholds": {"range_b": percent(50), "peers_d": percent(130), "guide": {"num": 1, "den": 10}},
        "smallest_group": 6, "leapfrog_tolerance": percent(4), "peer_tenure_months": 4, "stayer_tenure_months": 23,
        "stayer_snapshot_days": 360, "snapshot_days": 180, "fresh_band_days": 8,
        "explanation_days": 7, "followed_months": 60,
        "functions": [{"name": "物流", "job_families": ["driver", "logistics"]}],
        "guide": [{"from_months": 0, "share": percent(20)}, {"from_months": 60, "share": percent(60)}],
        "minimum_wages": [{"location": "sendai", "hourly": yen(1_038), "effective_from": "2025-10-04"}],
        "return_premium_limit": percent(125),
        "seats": {"A": ["hr"], "B'": ["hr"], "B": ["hr", "compensation"]},
    });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

fn percent(hundredths: i64) -> Value {
    json!({"num": hundredths.to_string(), "den": "100"})
}

/// Every route of the collection that takes a body, with one that it would take.
pub fn routes(tenant: &Tenant<'_>) -> Vec<(Client, String, Value)> {
    let (admin, executive) = (tenant.programme_admin(), tenant.user("mori", Role::Executive));
    let policy = id(&admin.post("/v1/pay-policies", &terms(tenant)).expect(201));
    let on = |command: &str| format!("/v1/pay-policies/{policy}/{command}");
    vec![
        (admin.clone(), "/v1/pay-policies".into(), whole(tenant)),
        (admin.clone(), on("revise"), whole(tenant)),
        (executive, on("approve"), json!({})),
        (admin.clone(), on("publish"), json!({"effective_from": tenant.day(9)})),
        (admin, on("retire"), json!({"note": "x"})),
    ]
}

/// Two people retire what was published.
fn retire(tenant: &Tenant<'_>, policy: &str) {
    let why = json!({"note": tenant.words("規程改定")});
    for by in [tenant.programme_admin(), tenant.user("rei", Role::ProgrammeAdmin)] {
        tenant.command(&by, "pay-policies", policy, "retire", &why).expect(200);
    }
}

fn approve(by: &Client, policy: &str) -> Reply {
    having_read(by, "pay-policies", policy, "approve", &json!({}))
}

/// A policy that is approved; its id.
fn approved(tenant: &Tenant<'_>, terms: &Value) -> String {
    let policy = id(&tenant.user("hoshu", Role::Compensation).post("/v1/pay-policies", terms).expect(201));
    approve(&tenant.user("mori", Role::Executive), &policy).expect(200);
    policy
}

fn with(tenant: &Tenant<'_>, changes: &Value) -> Value {
    let mut body = terms(tenant);
    body.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    body
}

fn states(shown: &Value) -> Vec<&str> {
    shown["versions"].as_array().unwrap().iter().map(|version| version["state"].as_str().unwrap()).collect()
}

fn a_policy_is_approved_by_a_second_person_before_it_is_published(kind: StoreKind) {
    let tenant = tenant(kind);
    let (admin, executive) = (tenant.programme_admin(), tenant.user("mori", Role::Executive));
    let drafted = admin.post("/v1/pay-policies", &terms(&tenant)).expect(201);
    let policy = id(&drafted);
    assert_eq!((&drafted["state"], &drafted["version"]), (&json!("draft"), &json!(1)));
    let command = |by: &Client, name: &str, body: Value| tenant.command(by, "pay-policies", &policy, name, &body);
    command(&admin, "publish", json!({})).refused(409, "not_approved");
    command(&executive, "approve", json!({})).problem(428, "precondition_required");
    assert_eq!(approve(&admin, &policy).refused(422, "second_person_required")["rule"], "AUD-06");
    let mut service = tenant.person_token("robot", &[Role::Executive]);
    service.service = true;
    command(&tenant.with_token(&service), "approve", json!({})).problem(403, "natural_person_required");
    let stale = executive.request("POST", &format!("/v1/pay-policies/{policy}/approve")).if_match(9).json(&json!({}));
    stale.send().problem(412, "version_mismatch");
    approve(&tenant.user("hoshu", Role::Compensation), &policy).problem(403, "forbidden");
    assert_eq!(approve(&executive, &policy).expect(200)["state"], "approved");
    approve(&tenant.compliance(), &policy).refused(409, "already_approved");

    let revised = command(&admin, "revise", json!({"smallest_group": 7}));
    assert_eq!(revised.expect(200)["state"], "draft", "what is written anew is approved anew");
    approve(&tenant.compliance(), &policy).expect(200);
    command(&admin, "publish", json!({"effective_from": tenant.day(-1)}))
        .points_at("/effective_from", "effective_in_the_past");
    assert_eq!(command(&admin, "publish", json!({})).expect(200)["state"], "published");
    let shown = admin.read(&format!("/v1/pay-policies/{policy}"));
    assert_eq!(states(&shown), ["discarded", "published"]);
    assert_eq!((&shown["governing_version"], &shown["waiting_version"]), (&json!(2), &Value::Null));
    assert_eq!(shown["versions"][1]["effective_from"], tenant.day(0));

    // It goes on governing while the next one waits, and until the first day of that one.
    command(&admin, "revise", json!({"smallest_group": 8})).expect(200);
    let listed = admin.all("/v1/pay-policies");
    assert_eq!((&listed[0]["state"], &listed[0]["governing"]["number"]), (&json!("published"), &json!(2)));
    assert_eq!((&listed[0]["waiting"]["number"], &listed[0]["upcoming"]), (&json!(3), &Value::Null));
    assert_eq!(listed[0]["waiting"]["terms"]["smallest_group"], 8);
    approve(&executive, &policy).expect(200);
    command(&admin, "publish", json!({"effective_from": tenant.day(5)})).expect(200);
    let shown = admin.read(&format!("/v1/pay-policies/{policy}"));
    assert_eq!((&shown["governing_version"], &shown["upcoming_version"]), (&json!(2), &json!(3)));
    command(&admin, "revise", json!({"smallest_group": 9})).expect(200);
    approve(&executive, &policy).expect(200);
    command(&admin, "publish", json!({})).expect(200);
    let shown = admin.read(&format!("/v1/pay-policies/{policy}"));
    assert_eq!(states(&shown), ["discarded", "superseded", "superseded", "published"]);

    // Nothing is looser than no policy: two people retire it, and one says why.
    command(&admin, "retire", json!({})).points_at("/note", "retirement_reason_required");
    assert_eq!(
        command(&admin, "retire", json!({"note": tenant.words("統合のため")})).expect(200)["state"],
        "published"
    );
    assert_eq!(command(&admin, "retire", json!({})).expect(200)["state"], "published", "not by the same person");
    let second = tenant.user("rei", Role::ProgrammeAdmin);
    let waits = second.all("/v1/tasks").into_iter().any(|task| task["kind"] == "retire_pay_policy");
    assert!(waits, "somebody else is asked");
    assert_eq!(command(&second, "retire", json!({"note": "規程改定"})).expect(200)["state"], "retired");
    command(&admin, "publish", json!({})).refused(409, "retired");
    command(&admin, "revise", json!({"smallest_group": 5})).refused(409, "retired");
    let shown = admin.read(&format!("/v1/pay-policies/{policy}"));
    assert_eq!((&shown["retirement"]["note"], &shown["governing_version"]), (&json!("規程改定"), &Value::Null));

    let told = tenant.compliance().read(&format!("/v1/history/pay-policies/{policy}"));
    let told: Vec<&Value> = told["items"].as_array().unwrap().iter().collect();
    assert_eq!((&told[0]["event"], &told[0]["basis"]), (&json!("pay_policy.drafted"), &json!("賃金規程第12条")));
    assert_eq!(told.last().unwrap()["why"]["words"], "規程改定");
}

fn a_policy_that_could_not_be_followed_is_refused_by_field_and_rule(kind: StoreKind) {
    let tenant = tenant(kind);
    let admin = tenant.programme_admin();
    let wage =
        |currency: &str| json!([{"hourly": {"amount": 9, "currency": currency}, "effective_from": "2025-10-04"}]);
    let families = json!([{"name": "a", "job_families": ["x"]}, {"name": "b", "job_families": ["x"]}]);
    for (changes, pointer, code, rule) in [
        (json!({"clause": " "}), "/clause", "required", None),
        (json!({"clause": null}), "/clause", "required", None),
        (json!({"smallest_group": 4}), "/smallest_group", "group_too_small", Some("MON-06")),
        (json!({"leapfrog_tolerance": percent(101)}), "/leapfrog_tolerance", "out_of_range", None),
        (json!({"leapfrog_tolerance": percent(-1)}), "/leapfrog_tolerance", "out_of_range", None),
        (json!({"leapfrog_tolerance": 0.05}), "/leapfrog_tolerance", "wrong_type", None),
        (json!({"leapfrog_tolerance": {"num": 1, "den": 0}}), "/leapfrog_tolerance", "zero_denominator", None),
        (json!({"leapfrog_tolerance": {"num": 1, "den": 1_000_001}}), "/leapfrog_tolerance", "too_fine", None),
        (
            json!({"leapfrog_tolerance": {"num": 1, "den": "9".repeat(44)}}),
            "/leapfrog_tolerance/den",
            "too_large",
            None,
        ),
        (json!({"thresholds": {"peers_b": percent(121)}}), "/thresholds/peers", "not_ascending", None),
        (json!({"thresholds": {"range_b": percent(80)}}), "/thresholds/range_c", "not_ascending", None),
        (json!({"thresholds": {"peers_e": percent(80)}}), "/thresholds/peers_e", "unknown_field", None),
        (json!({"snapshot_days": 4_000}), "/snapshot_days", "out_of_range", None),
        (json!({"seats": {"A": ["boss"]}}), "/seats/A/0", "unknown_value", None),
        (json!({"seats": {"G": ["hr"]}}), "/seats/G", "unknown_field", None),
        (json!({"seats": {"B'": []}}), "/seats/B'", "seats_missing", Some("PAY-20")),
        (json!({"seats": {"E": ["executive"]}}), "/seats/E", "seats_on_blocked", Some("PAY-20")),
        (json!({"approvers": {"boss": ["x"]}}), "/approvers/boss", "unknown_field", None),
        (json!({"approvers": {"hr": vec!["x"; 51]}}), "/approvers/hr", "too_many", None),
        (json!({"minimum_wages": wage("USD")}), "/minimum_wages", "wage_currency", None),
        (json!({"functions": families}), "/functions", "family_twice", None),
        (json!({"currency": "yen"}), "/currency", "not_a_currency", None),
        (json!({"history_ban": "maybe"}), "/history_ban", "unknown_value", None),
    ] {
        let problem = admin.post("/v1/pay-policies", &with(&tenant, &changes)).points_at(pointer, code);
        assert_eq!(problem["rule"].as_str(), rule, "{problem}");
    }
    let policy = id(&admin.post("/v1/pay-policies", &terms(&tenant)).expect(201));
    let revise = |body: Value| tenant.command(&admin, "pay-policies", &policy, "revise", &body);
    let problem = revise(json!({"smallest_group": 4})).points_at("/smallest_group", "group_too_small");
    assert_eq!(problem["rule"], "MON-06");
    revise(json!({"legal_entity": "JP-NORTH"})).points_at("/legal_entity", "entity_differs");
    let nowhere = uuid::Uuid::now_v7().to_string();
    tenant.command(&admin, "pay-policies", &nowhere, "revise", &json!({})).problem(404, "not_found");
}

fn a_policy_is_published_once_different_people_are_named_for_all_seats(kind: StoreKind) {
    let tenant = tenant(kind);
    let admin = tenant.programme_admin();
    let [jinji, shacho] = ["jinji", "shacho"].map(|name| tenant.subject(name));
    let two = json!({"approvers": {
        "hr": [jinji, shacho], "compensation": [jinji, shacho], "division_head": [shacho], "executive": [shacho],
    }});
    let policy = approved(&tenant, &with(&tenant, &two));
    let publish = || tenant.command(&admin, "pay-policies", &policy, "publish", &json!({}));
    assert_eq!(publish().points_at("/approvers", "approver_missing")["rule"], "PAY-20");
    let named =
        json!({"approvers": {"compensation": [tenant.subject("hoshu")], "division_head": [tenant.subject("ono")]}});
    tenant.command(&admin, "pay-policies", &policy, "revise", &named).expect(200);
    approve(&tenant.user("mori", Role::Executive), &policy).expect(200);
    assert_eq!(publish().expect(200)["state"], "published");
}

fn what_a_revision_does_not_say_stays(kind: StoreKind) {
    let tenant = tenant(kind);
    let admin = tenant.programme_admin();
    let drafted = admin.post("/v1/pay-policies", &whole(&tenant)).expect(201);
    let policy = id(&drafted);
    let latest = || {
        let shown = admin.read(&format!("/v1/pay-policies/{policy}"));
        shown["versions"].as_array().unwrap().last().unwrap()["terms"].clone()
    };
    let first = latest();
    assert_eq!(first["thresholds"]["peers_d"], json!({"num": "13", "den": "10"}), "in lowest terms");
    assert_eq!(first["thresholds"]["peers_c"], json!({"num": "11", "den": "10"}), "the usual value");
    assert_eq!(first["return_premium_limit"], json!({"num": "5", "den": "4"}));
    assert_eq!(first["seats"]["B'"], json!(["hr"]));
    assert_eq!(first["seats"]["D"], json!(["hr", "compensation", "division_head", "executive"]));
    let people = first["approvers"].as_object().unwrap();
    assert!(people.len() == 4 && people.values().all(|ids| ids[0].as_str().is_some_and(|id| id.len() == 36)));

    let revise = |body: &Value| tenant.command(&admin, "pay-policies", &policy, "revise", body).expect(200);
    assert_eq!(revise(&json!({}))["version"], 1, "nothing new");
    assert_eq!(revise(&whole(&tenant))["version"], 1, "nothing new");
    revise(&json!({
        "return_premium_limit": null, "thresholds": {"guide": percent(15)}, "guide": [],
        "approvers": {"hr": [tenant.subject("ono")]}, "fresh_band_days": 9,
    }));
    let second = latest();
    assert_eq!((&second["return_premium_limit"], &second["guide"]), (&Value::Null, &json!([])));
    assert_eq!(
        (&second["thresholds"]["guide"], &second["fresh_band_days"]),
        (&json!({"num": "3", "den": "20"}), &json!(9))
    );
    assert_ne!(second["approvers"]["hr"], first["approvers"]["hr"]);
    let mut restored = second;
    for name in ["return_premium_limit", "guide", "fresh_band_days"] {
        restored[name] = first[name].clone();
    }
    restored["thresholds"]["guide"] = first["thresholds"]["guide"].clone();
    restored["approvers"]["hr"] = first["approvers"]["hr"].clone();
    assert_eq!(restored, first, "all else stays");

    // Two who revise at once do not undo one another.
    std::thread::scope(|scope| {
        for body in [json!({"snapshot_days": 100}), json!({"peer_tenure_months": 9})] {
            let revise = &revise;
            scope.spawn(move || revise(&body));
        }
    });
    let both = latest();
    assert_eq!((&both["snapshot_days"], &both["peer_tenure_months"]), (&json!(100), &json!(9)));
    assert_eq!(version(&admin, "pay-policies", &policy), 4);
}

fn one_policy_governs_an_entity_and_version_0_where_none_does(kind: StoreKind) {
    let tenant = tenant(kind);
    let admin = tenant.programme_admin();
    let built_in = |by: &Client, query: &str| by.read(&format!("/v1/pay-policies{query}"))["built_in"].clone();
    let governs = |entity: &str, governs: bool| {
        json!({
            "policy": "pay/0", "assessment": "not_assessed", "approvals_needed": 1,
            "entities": [{"legal_entity": entity, "governs": governs}],
        })
    };
    assert_eq!(built_in(&admin, ""), governs("JP-HQ", true));
    let first = approved(&tenant, &terms(&tenant));
    let second = approved(&tenant, &terms(&tenant));
    let publish = |policy: &str, body: &Value| tenant.command(&admin, "pay-policies", policy, "publish", body);
    publish(&first, &json!({"effective_from": tenant.day(9)})).expect(200);
    assert_eq!(built_in(&admin, ""), governs("JP-HQ", true), "until its first day");
    publish(&second, &json!({})).problem(409, "duplicate");
    retire(&tenant, &first);
    publish(&second, &json!({})).expect(200);
    assert_eq!(built_in(&admin, ""), governs("JP-HQ", false));
    assert_eq!(built_in(&admin, "?state=retired"), governs("JP-HQ", false), "whatever is listed");
    assert_eq!(built_in(&admin, "?legal_entity=JP-NORTH"), governs("JP-NORTH", true));

    let north = approved(&tenant, &with(&tenant, &json!({"legal_entity": "JP-NORTH"})));
    publish(&north, &json!({})).expect(200);
    assert_eq!(built_in(&admin, "?legal_entity=JP-NORTH"), governs("JP-NORTH", false));
    let listed = |query: &str| admin.all(&format!("/v1/pay-policies{query}")).iter().map(id).collect::<Vec<_>>();
    assert_eq!(listed(""), [first.clone(), second.clone(), north.clone()]);
    assert_eq!(listed("?legal_entity=JP-NORTH"), std::slice::from_ref(&north));
    assert_eq!(listed("?state=retired"), [first]);

    // Whoever is limited to an entity sees that one alone.
    let mut token = tenant.person_token("minami", &[Role::ProgrammeAdmin]);
    token.legal_entities = Some(["JP-NORTH".to_owned()].into());
    let limited = tenant.with_token(&token);
    assert_eq!(limited.all("/v1/pay-policies").iter().map(id).collect::<Vec<_>>(), std::slice::from_ref(&north));
    assert_eq!(built_in(&limited, ""), governs("JP-NORTH", false));
    assert_eq!(built_in(&limited, "?legal_entity=JP-HQ")["entities"], json!([]));
    limited.get(&format!("/v1/pay-policies/{second}")).problem(404, "not_found");
    for (command, body) in [("revise", json!({"smallest_group": 6})), ("publish", json!({})), ("retire", json!({}))] {
        tenant.command(&limited, "pay-policies", &second, command, &body).problem(404, "not_found");
    }
    limited.post("/v1/pay-policies", &terms(&tenant)).refused(403, "legal_entity");
    let why = json!({"note": tenant.words("統合")});
    tenant.command(&limited, "pay-policies", &north, "retire", &why).expect(200);

    for role in [Role::Executive, Role::Compliance, Role::PeopleOps, Role::Compensation] {
        assert_eq!(tenant.user("other", role).all("/v1/pay-policies").len(), 3, "{role}");
    }
    for role in [Role::Recruiter, Role::HiringManager, Role::Payroll, Role::Employee, Role::Alumnus, Role::Hris] {
        tenant.user("other", role).get("/v1/pay-policies").problem(403, "forbidden");
    }
}

fn who_approves_is_asked_in_the_entities_they_see(kind: StoreKind) {
    let tenant = tenant(kind);
    let policy = id(&tenant.user("hoshu", Role::Compensation).post("/v1/pay-policies", &terms(&tenant)).expect(201));
    let asked = |entity: Option<&str>| {
        let mut token = tenant.person_token("takagi", &[Role::ProgrammeAdmin]);
        token.legal_entities = entity.map(|entity| [entity.to_owned()].into());
        let tasks = tenant.with_token(&token).all("/v1/tasks");
        let about = tasks.iter().filter(|task| task["kind"] == "approve_pay_policy");
        about.map(|task| task["subject"]["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(asked(None), std::slice::from_ref(&policy));
    assert_eq!(asked(Some("JP-HQ")), std::slice::from_ref(&policy));
    assert!(asked(Some("JP-NORTH")).is_empty());
    approve(&tenant.user("takagi", Role::ProgrammeAdmin), &policy).expect(200);
    assert!(asked(None).is_empty());
}

fn candidates_are_told_the_range_before_the_interview_where_the_policy_says_so(kind: StoreKind) {
    let tenant = tenant(kind);
    let (recruiter, admin) = (tenant.recruiter(), tenant.programme_admin());
    let requisition = tenant.published(&json!({}));
    let (_, member, alumnus) = returner(&tenant, "hanako");
    let case = id(&alumnus.post("/v1/applications", &applies(&member, &requisition)).expect(201));
    let say = |command: &str, body: &Value| tenant.command(&recruiter, "applications", &case, command, body);
    let past = interview(&tenant, 0, &["mori"]);
    say("schedule-interview", &past).expect(200);
    let mut ahead = past.clone();
    ahead["starts_at"] = json!(format!("{}T01:00:00Z", tenant.day(9)));
    ahead["ends_at"] = json!(format!("{}T02:00:00Z", tenant.day(9)));

    let policy = approved(&tenant, &with(&tenant, &json!({"range_disclosure": "before_interview"})));
    tenant.command(&admin, "pay-policies", &policy, "publish", &json!({})).expect(200);
    let refused = say("schedule-interview", &ahead).refused(422, "range_not_disclosed");
    assert_eq!((&refused["code"], &refused["rule"]), (&json!("rule_blocked"), &json!("PAY-05")));
    say("disclose-range", &json!({"channel": "fax"})).points_at("/channel", "unknown_value");
    say("disclose-range", &json!({"channel": "email"})).refused(409, "range_missing");
    assert_eq!(shown(&alumnus, &case)["disclosed_range"], Value::Null);

    let range = json!({"minimum": yen(6_000_000), "midpoint": yen(7_500_000), "maximum": yen(9_000_000)});
    having_read(&recruiter, "requisitions", &requisition, "revise", &json!({"pay_range": range})).expect(200);
    say("disclose-range", &json!({"channel": "email"})).expect(200);
    let before = version(&recruiter, "applications", &case);
    say("disclose-range", &json!({"channel": "email"})).expect(200);
    assert_eq!(version(&recruiter, "applications", &case), before, "nothing new is told");
    say("schedule-interview", &interview(&tenant, 5, &["mori"])).refused(422, "range_not_disclosed");
    say("schedule-interview", &ahead).expect(200);
    let told = &shown(&alumnus, &case)["disclosed_range"];
    assert_eq!((&told["range"], &told["channel"]), (&range, &json!("email")));
    assert!(told.get("by").is_none(), "who told them is not for the candidate");
    let by = shown(&recruiter, &case)["disclosed_range"]["by"].clone();
    assert!(by.is_string(), "{by}");
    let history = tenant.compliance().read(&format!("/v1/history/applications/{case}"));
    let rules = |one: &&Value| one["rule"] == "PAY-05";
    assert_eq!(history["items"].as_array().unwrap().iter().filter(rules).count(), 1);
}

/// Managers read the rule that governs, from the version that prices offers, as text, page and file; and no bound of it.
fn those_who_stayed_are_told_the_rule_and_nobody_s_pay(kind: StoreKind) {
    let tenant = tenant(kind);
    let manager = tenant.user("kacho", Role::HiringManager);
    let stricter = with(&tenant, &json!({"leapfrog_tolerance": percent(4), "smallest_group": 12}));
    let policy = id(&tenant.programme_admin().post("/v1/pay-policies", &stricter).expect(201));
    let path = format!("/v1/pay-policies/{policy}/explanation");
    manager.get(&path).expect(404);
    approve(&tenant.user("mori", Role::Executive), &policy).expect(200);
    tenant.command(&tenant.programme_admin(), "pay-policies", &policy, "publish", &json!({})).expect(200);

    let told = manager.get(&path).expect(200);
    assert_eq!(told["pay_policy"], format!("pay/{policy}/1"));
    assert_eq!(
        (&told["template"], &told["smallest_group"]),
        (&json!("pay-rule/1"), &json!(12)),
        "no group is told of that is compared with nobody"
    );
    let text = told["text"].as_str().unwrap();
    for said in [
        "賃金規程第12条",
        "4%を超えて下回る",
        "入社から3か月未満",
        "12人に満たない集団",
        "個人が分かるおそれがあるため示しません",
    ] {
        assert!(text.contains(said), "{said} is missing:\n{text}");
    }
    for name in ["jinji", "hoshu", "honbucho", "shacho"] {
        assert!(!text.contains(&tenant.subject(name)), "{name} is named:\n{text}");
    }
    let hash = told["sha256"].as_str().unwrap();
    let printed = |form: &str| manager.request("GET", &path).header("accept", form).send();
    let page = printed("text/html");
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    assert!(page.text().contains(hash) && page.text().contains("再入社者の処遇の決め方"), "{}", page.text());
    let file = printed("application/pdf");
    assert_eq!((file.status, file.header("content-type")), (200, Some("application/pdf")));
    assert!(file.body.starts_with(b"%PDF-1.7"));
    printed("image/png").problem(406, "not_acceptable");

    let month = told["month"].as_str().unwrap();
    assert_eq!(manager.get(&format!("{path}?month={month}")).expect(200), told);
    manager.get(&format!("{path}?month=2999-12")).points_at("/month", "month_not_closed");
    let mut elsewhere = tenant.person_token("kitano", &[Role::HiringManager]);
    elsewhere.legal_entities = Some(["JP-NORTH".to_owned()].into());
    tenant.with_token(&elsewhere).get(&path).expect(404);
}
