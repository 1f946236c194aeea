//! The pay of an offer under a published policy: found exactly, shown to few, excepted with reason and remedy, approved by
//! whom the policy names, explained to the returner, and found again from the log.

use okaeri::identity::Role;
use serde_json::{Value, json};

use super::offers::{evaluated, having_seen};
use super::programme_policies;
use crate::program::client::Client;
use crate::program::people::{Tenant, clocked_tenant, id, tenant};
use crate::program::served_by_both_stores;
use crate::program::steps::{having_read, yen};
use crate::support::StoreKind;

served_by_both_stores!(
    the_worked_example_is_found_exactly,
    an_offer_within_the_policy_is_approved_by_whom_it_names_and_explained,
    an_exception_is_justified_remedied_and_approved_by_four,
    those_who_are_overtaken_are_remedied_before_others_overtake_them,
    whoever_edited_the_measure_neither_proposes_nor_approves,
    those_who_stayed_are_compared_by_the_snapshot_of_their_time,
    pay_that_the_policy_blocks_goes_nowhere,
    a_draft_policy_is_run_over_past_decisions_before_anybody_approves_it,
    an_approval_is_not_handed_to_whoever_reports_to_the_proposer,
    nobody_of_the_hiring_line_stands_for_whoever_is_outside_it,
    a_draft_that_outlasts_its_snapshot_is_measured_anew,
    who_returns_for_a_fixed_term_is_compared_with_regular_workers_item_by_item,
);

/// What offers to drivers are measured by.
pub const BANDS: &str = "band_version,effective_from,grade,job_family,location,minimum,midpoint,maximum\n\
    2023-04,2023-04-01,G4,driver,sendai,5400000,6800000,8200000\n\
    2026-04,2026-04-01,G4,driver,sendai,6000000,7500000,9000000\n\
    2026-04,2026-04-01,G5,driver,sendai,7300000,9000000,10800000\n";
/// What a file of incumbents begins with.
pub const HEADING: &str = "employee_number,hired_on,grade,job_family,location,employment_type,base_salary,\
    relevant_experience_months,last_rating,manager_employee_number,on_notice,red_circled,sex,birth_year";

pub fn compensation(tenant: &Tenant<'_>) -> Client {
    tenant.user("hoshu", Role::Compensation)
}

/// Those of the worked example: eight drivers, five of them of more experience, and their manager.
pub fn incumbents() -> String {
    let bases = [6_600_000, 6_900_000, 7_000_000, 7_200_000, 7_400_000, 7_600_000, 7_900_000, 8_000_000];
    let mut file = format!("{HEADING}\n");
    for (number, base) in bases.into_iter().enumerate() {
        let months = if number < 3 { 60 } else { 120 };
        let line =
            format!("A-{number},2015-04-01,G4,driver,Sendai,regular,{base},{months},4,A-90,false,false,female,1990");
        file = format!("{file}{line}\n");
    }
    file + "A-8,2015-04-01,G4,driver,sendai,regular,20000000,300,5,A-90,true,false,male,1980\n\
            A-90,2010-04-01,G5,driver,sendai,regular,9200000,300,4,,false,false,male,1975\n"
}

/// A policy is in force, bands and incumbents are known.
pub fn measured(tenant: &Tenant<'_>) {
    measured_by(tenant, &json!({}));
}

/// The same, under a policy that lays down something else besides.
pub fn measured_by(tenant: &Tenant<'_>, besides: &Value) {
    let compensation = compensation(tenant);
    let report = compensation.upload("/v1/pay-bands/import?approval_ref=board/4", BANDS.as_bytes()).expect(200);
    assert_eq!(report["accepted"], 3, "{report}");
    let report = compensation.upload("/v1/incumbent-snapshots", incumbents().as_bytes()).expect(200);
    assert_eq!(report["accepted"], 10, "{report}");
    let named = |name: &str| json!([tenant.subject(name)]);
    let mut policy = json!({
        "legal_entity": "JP-HQ", "clause": "賃金規程第12条",
        "minimum_wages": [{"hourly": yen(1_038), "effective_from": "2025-10-04"}],
        "notice": {"ja": "労働局でも相談できます。", "en": "The labour bureau answers questions, too."},
        "approvers": {
            "hr": named("jinji"), "compensation": named("hoshu"), "division_head": named("honbucho"),
            "executive": named("shacho"),
        },
    });
    policy.as_object_mut().unwrap().extend(besides.as_object().unwrap().clone());
    let policy = id(&tenant.programme_admin().post("/v1/pay-policies", &policy).expect(201));
    let approver = tenant.user("mori", Role::Executive);
    having_read(&approver, "pay-policies", &policy, "approve", &json!({})).expect(200);
    // What is looser than the defaults is published by somebody else, with a reason.
    let (publisher, why) = (tenant.user("daini", Role::ProgrammeAdmin), json!({"reason": tenant.words("試行")}));
    tenant.command(&publisher, "pay-policies", &policy, "publish", &why).expect(200);
}

pub fn terms(tenant: &Tenant<'_>, case: &str, base: i64) -> Value {
    json!({
        "application_id": case, "grade": "G4", "employment_type": "regular", "starts_on": tenant.day(40),
        "location": "sendai", "expires_at": format!("{}T15:00:00Z", tenant.day(20)),
        "pay": {"base": yen(base), "sign_on": null},
        "qualification": {"experience_months": 100, "rating": {"rating": 4, "rated_on": "2024-03-31"}},
        "manager_employee_number": "A-90",
    })
}

/// Somebody evaluated, and an offer to them: their account and the offer.
pub fn offered(tenant: &Tenant<'_>, name: &str, base: i64) -> (Client, String) {
    let position = json!({"headcount": 2, "hiring_manager": tenant.subject("bucho"), "location": "Sendai"});
    let (alumnus, case) = evaluated(tenant, &tenant.published(&position), name);
    let offer = id(&tenant.recruiter().post("/v1/offers", &terms(tenant, &case, base)).expect(201));
    (alumnus, offer)
}

pub fn assessment(by: &Client, offer: &str) -> Value {
    by.read(&format!("/v1/offers/{offer}/assessment"))
}

fn fraction(num: i64, den: i64) -> Value {
    json!({"num": num.to_string(), "den": den.to_string()})
}

pub fn acknowledge(tenant: &Tenant<'_>, offer: &str, rule: &str) {
    let body = json!({"rule": rule, "reason": tenant.words("確認済み")});
    tenant.command(&tenant.recruiter(), "offers", offer, "acknowledge", &body).expect(200);
}

/// What labour law asks of the offer is answered, as it stands before an offer goes out under a published policy.
fn labour_answered(tenant: &Tenant<'_>, offer: &str) {
    let by = tenant.recruiter();
    for check in by.read(&format!("/v1/offers/{offer}"))["labour"].as_array().unwrap() {
        let rule = &check["rule"];
        match check["outcome"].as_str().unwrap() {
            _ if !check["answer"].is_null() => {}
            "hold" => {
                let body = json!({"rule": rule, "answer": check["answers"][0], "evidence_ref": "hr/2026/77"});
                tenant.command(&by, "offers", offer, "answer-check", &body).expect(200);
            }
            "warn" => acknowledge(tenant, offer, rule.as_str().unwrap()),
            _ => {}
        }
    }
}

/// Lets an approved offer go out, with what labour law asks answered.
pub fn extend(tenant: &Tenant<'_>, offer: &str) -> Value {
    labour_answered(tenant, offer);
    having_seen(tenant, &tenant.recruiter(), offer, "extend", json!({})).expect(200)
}

pub fn request_approval(tenant: &Tenant<'_>, offer: &str) -> crate::program::client::Reply {
    tenant.command(&tenant.recruiter(), "offers", offer, "request-approval", &json!({}))
}

pub fn approve(tenant: &Tenant<'_>, by: &Client, offer: &str) -> crate::program::client::Reply {
    having_seen(tenant, by, offer, "approve", json!({}))
}

fn the_worked_example_is_found_exactly(kind: StoreKind) {
    let tenant = tenant(kind);
    measured(&tenant);
    let (_, offer) = offered(&tenant, "megumi", 8_100_000);
    let whole = assessment(&compensation(&tenant), &offer);
    let found = &whole["assessment"];
    assert_eq!((&found["tier"], &whole["verdict"]), (&json!("D"), &json!("exception_needed")));
    let ratio = |name: &str| found["ratios"][name].clone();
    assert_eq!(ratio("compa_ratio"), json!({"is": fraction(27, 25)}));
    let rounded = |name: &str| whole["rounded"][name].clone();
    for (name, read) in [
        ("compa_ratio", "1.0800"),
        ("range_penetration", "0.7000"),
        ("peer_ratio", "1.1096"),
        ("leapfrog_share", "0.6000"),
    ] {
        assert_eq!(rounded(name), read, "{name}");
    }
    assert_eq!(rounded("remedy_cost"), "885000");
    assert_eq!(ratio("range_penetration"), json!({"is": fraction(7, 10)}));
    assert_eq!(ratio("peer_ratio"), json!({"is": fraction(81, 73)}));
    assert_eq!(ratio("leapfrog_share"), json!({"is": fraction(3, 5)}));
    assert_eq!(ratio("manager_differential"), json!({"is": fraction(11, 81)}));
    assert_eq!(ratio("stayer_ratio"), json!({"undefined": "no_snapshot_at_exit"}));
    assert_eq!(found["remedy_cost"], fraction(885_000, 1));
    assert_eq!(found["leapfrogged"].as_array().unwrap().len(), 3);
    assert_eq!((&found["peers"]["size"], &found["peers"]["median"]), (&json!(8), &fraction(7_300_000, 1)));
    assert_eq!(found["peers"]["excluded"], json!([{"employee_number": "A-8", "because": "on_notice"}]));
    // 8.1 ÷ (6.2 × 7.5 ÷ 6.8) − 1, the premium net of how the band drifted: computed, and no condition of it.
    assert_eq!(found["after_pricing"]["return_premium"], fraction(143, 775));
    let conditions: Vec<&Value> = found["fired"].as_array().unwrap().iter().map(|one| &one["condition"]).collect();
    assert_eq!(conditions, ["many_leapfrogged", "well_above_peers", "range_third_quarter", "away_from_guide"]);

    // The recruiter is told the verdict and the rules, and nobody's pay.
    let told = assessment(&tenant.recruiter(), &offer);
    assert_eq!(told["verdict"], "exception_needed");
    assert!(told.get("assessment").is_none() && told.get("basis").is_none(), "{told}");
    let seen = tenant.recruiter().read(&format!("/v1/offers/{offer}"));
    for hidden in ["tier", "leapfrogged", "remedy_cost"] {
        assert!(seen["finding"].get(hidden).is_none(), "{seen}");
    }
    let head = tenant.user("honbucho", Role::Executive).read(&format!("/v1/offers/{offer}"));
    assert_eq!((&head["finding"]["leapfrogged"], &head["finding"]["tier"]), (&json!(3), &json!("D")), "{head}");
    tenant.recruiter().get("/v1/fairness-ledger").problem(403, "forbidden");

    let lower = json!({"pay": {"base": yen(7_400_000), "sign_on": null}});
    tenant.command(&tenant.recruiter(), "offers", &offer, "revise", &lower).expect(200);
    let whole = assessment(&compensation(&tenant), &offer);
    assert_eq!((&whole["version"], &whole["assessment"]["tier"]), (&json!(2), &json!("A")));
    assert_eq!(whole["assessment"]["ratios"]["peer_ratio"], json!({"is": fraction(74, 73)}));
    assert_eq!(whole["assessment"]["leapfrogged"], json!([]));

    let replayed = tenant.command(&tenant.compliance(), "offers", &offer, "replay", &json!({})).expect(200);
    let replays = replayed["replays"].as_array().unwrap();
    assert_eq!(replays.len(), 2);
    assert!(replays.iter().all(|one| one["identical"] == true), "{replayed}");

    let ledger = tenant.compliance().all("/v1/fairness-ledger?tier=A");
    assert_eq!((ledger.len(), &ledger[0]["id"], &ledger[0]["finding"]["peers"]), (1, &json!(offer), &json!(8)));
    assert!(!ledger[0].to_string().contains("A-3"), "the ledger names nobody: {}", ledger[0]);
    let earlier = &ledger[0]["earlier"];
    assert_eq!(
        (earlier.as_array().unwrap().len(), &earlier[0]["tier"], &earlier[0]["terms_version"]),
        (1, &json!("D"), &json!(1))
    );
    assert_eq!((&earlier[0]["finding"]["leapfrogged"], &earlier[0]["base"]), (&json!(3), &yen(8_100_000)), "{earlier}");
}

fn an_offer_within_the_policy_is_approved_by_whom_it_names_and_explained(kind: StoreKind) {
    let tenant = tenant(kind);
    measured(&tenant);
    let programme = programme_policies::published(&tenant, &programme_policies::with(&json!({})));
    let (alumnus, offer) = offered(&tenant, "hanako", 7_400_000);
    let refused = request_approval(&tenant, &offer).refused(422, "rule_open");
    assert_eq!(refused["rule"], "SR", "{refused}");
    acknowledge(&tenant, &offer, "SR");
    request_approval(&tenant, &offer).expect(200);
    let unnamed = tenant.user("mori", Role::Executive);
    let refused = approve(&tenant, &unnamed, &offer).refused(422, "no_seat_for_approver");
    assert_eq!(refused["rule"], "PAY-20");
    let (recruiter, path) = (tenant.recruiter(), format!("/v1/offers/{offer}/explanation"));
    let draft = recruiter.request("GET", &path).header("accept", "application/pdf").send().body;
    assert!(draft.starts_with(b"%PDF-1.7") && !draft.windows(6).any(|window| window == b"pdfaid"), "no archive yet");
    let hr = tenant.user("jinji", Role::PeopleOps);
    assert_eq!(approve(&tenant, &hr, &offer).expect(200)["state"], "approved");
    // What labour law asks of a human being is answered before it goes out.
    let refused = having_seen(&tenant, &tenant.recruiter(), &offer, "extend", json!({})).refused(422, "rule_open");
    assert_eq!(refused["rule"], "LAB-07", "{refused}");
    extend(&tenant, &offer);

    let explained = alumnus.read(&format!("/v1/offers/{offer}/explanation"));
    assert_eq!((&explained["template"], &explained["sent"]), (&json!("explanation/6"), &json!(true)));
    let text = explained["text"].as_str().unwrap();
    assert!(text.contains("6,000,000円〜9,000,000円") && text.contains("100か月"), "{text}");
    assert!(!text.contains("7,300,000") && !text.contains("A-"), "{text}");
    let version = format!("programme/{programme}/1");
    for told in ["労働局でも相談できます。", "The labour bureau answers questions, too.", "年次有給休暇", &version]
    {
        assert!(text.contains(told), "{told} is missing: {text}");
    }
    printed(&alumnus, &offer, explained["sha256"].as_str().unwrap());
    alumnus.get(&format!("/v1/offers/{offer}/assessment")).problem(403, "forbidden");
    let shown = alumnus.read(&format!("/v1/offers/{offer}"));
    assert!(shown.get("finding").is_none() && shown.get("exception").is_none(), "{shown}");
    let own = tenant.command(&alumnus, "offers", &offer, "accept", &json!({"terms_hash": shown["terms_hash"]}));
    assert_eq!(own.expect(200)["state"], "accepted");
}

/// The explanation as a page and as a file, each with the hash of the text that was recorded.
fn printed(reader: &Client, offer: &str, sha256: &str) {
    let path = format!("/v1/offers/{offer}/explanation");
    let asked = |form: &str| reader.request("GET", &path).header("accept", form).send();
    let page = asked("text/html,application/xhtml+xml,*/*;q=0.8");
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    assert_eq!((page.header("vary"), asked("application/json").header("vary")), (Some("accept"), Some("accept")));
    assert_eq!(page.header("content-security-policy"), Some("default-src 'none'; style-src 'unsafe-inline'"));
    let text = page.text();
    assert!(text.contains("<h1>処遇決定のご説明</h1>") && text.contains("6,000,000円〜9,000,000円"), "{text}");
    assert!(text.contains(sha256) && !text.contains("A draft that has not gone out"), "{text}");
    let file = asked("application/pdf");
    assert_eq!((file.status, file.header("content-type")), (200, Some("application/pdf")));
    assert!(file.body.starts_with(b"%PDF-1.7") && file.body.len() > 20_000, "{} bytes", file.body.len());
    let says = |text: &str| file.body.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(says("<pdfaid:part>2</pdfaid:part>"), "a file for archives");
    assert_eq!(asked("application/pdf").body, file.body, "the same bytes");
    asked("image/png").problem(406, "not_acceptable");
}

fn an_exception_is_justified_remedied_and_approved_by_four(kind: StoreKind) {
    let tenant = tenant(kind);
    measured(&tenant);
    let (_, offer) = offered(&tenant, "megumi", 8_100_000);
    acknowledge(&tenant, &offer, "SR");
    request_approval(&tenant, &offer).refused(422, "exception_required");
    let words = tenant.words(&"大型免許と危険物の資格を併せ持つ運転者を二年間採用できていない。".repeat(3));
    let asked = |remedy: Value| json!({"reasons": ["scarce_skill"], "evidence_ref": "hr/2026/100", "justification": words, "remedy": remedy});
    let plan = |amount: i64| json!({"owner": tenant.subject("bucho"), "due_on": tenant.day(120), "amount": yen(amount), "budget_ref": "b/7"});
    let ask = |body: Value| having_seen(&tenant, &tenant.recruiter(), &offer, "request-exception", body);
    ask(asked(Value::Null)).points_at("/remedy", "remedy_required");
    ask(asked(plan(884_999))).points_at("/remedy/amount", "remedy_too_small");
    let mut short = asked(plan(885_000));
    short["justification"] = json!("他社提示額に合わせる。");
    ask(short).points_at("/justification", "justification_too_short");
    let mut other = asked(plan(885_000));
    other["reasons"] = json!(["matched_other_offer"]);
    ask(other).points_at("/reasons/0", "unknown_value");
    let before = tenant.recruiter().read(&format!("/v1/offers/{offer}"))["terms_hash"].clone();
    assert_eq!(ask(asked(plan(885_000))).expect(200)["state"], "exception_pending");
    let shown = compensation(&tenant).read(&format!("/v1/offers/{offer}"));
    assert_ne!(shown["terms_hash"], before, "what is approved includes the exception");
    let waits = tenant.recruiter().all("/v1/pipeline");
    assert_eq!(waits[0]["offer"]["state"], "exception_pending", "{waits:?}");
    assert_eq!(shown["exception"]["justification"], json!(words));

    let decide = |by: &Client| having_seen(&tenant, by, &offer, "decide-exception", json!({"decision": "granted"}));
    tenant
        .command(
            &tenant.user("shacho", Role::Executive),
            "offers",
            &offer,
            "decide-exception",
            &json!({"decision": "granted", "terms_hash": before}),
        )
        .refused(412, "terms_changed");
    decide(&tenant.recruiter()).problem(403, "forbidden");
    assert_eq!(decide(&compensation(&tenant)).expect(200)["state"], "drafting");
    request_approval(&tenant, &offer).expect(200);
    let (hr, head) = (tenant.user("jinji", Role::PeopleOps), tenant.user("honbucho", Role::Executive));
    let last = tenant.user("shacho", Role::Executive);
    for by in [&hr, &compensation(&tenant), &head] {
        assert_eq!(approve(&tenant, by, &offer).expect(200)["state"], "awaiting_approval");
        approve(&tenant, by, &offer).refused(422, "already_voted");
    }
    assert_eq!(approve(&tenant, &last, &offer).expect(200)["state"], "approved");
    extend(&tenant, &offer);
    let ledger = tenant.compliance().all("/v1/fairness-ledger?tier=D");
    let decision = &ledger[0];
    assert_eq!((&decision["state"], decision["approvals"].as_array().unwrap().len()), (&json!("extended"), 4));
    assert_eq!(decision["exception"]["remedy"]["amount"], yen(885_000));
    let history = tenant.compliance().all(&format!("/v1/history/offers/{offer}"));
    let told: Vec<&str> = history.iter().filter_map(|line| line["event"].as_str()).collect();
    for event in ["offer.assessed", "offer.exception_requested", "offer.exception_decided", "offer.approved"] {
        assert!(told.contains(&event), "{told:?}");
    }
}

/// An offer of tier D is excepted with a plan that is due in so many days, and approved.
pub fn approved_with_a_plan(tenant: &Tenant<'_>, offer: &str, days: i64) {
    excepted(tenant, offer, days);
    request_approval(tenant, offer).expect(200);
    let hr = tenant.user("jinji", Role::PeopleOps);
    let heads = ["honbucho", "shacho"].map(|name| tenant.user(name, Role::Executive));
    for by in [&hr, &compensation(tenant), &heads[0], &heads[1]] {
        approve(tenant, by, offer).expect(200);
    }
}

/// An exception is asked for with a plan to remedy, due in so many days, and granted.
pub fn excepted(tenant: &Tenant<'_>, offer: &str, days: i64) {
    acknowledge(tenant, offer, "SR");
    let words = tenant.words(&"大型免許と危険物の資格を併せ持つ運転者を二年間採用できていない。".repeat(3));
    let plan = json!({
        "owner": tenant.subject("bucho"), "due_on": tenant.day(days), "amount": yen(885_000), "budget_ref": "b/7",
    });
    let asked = json!({"reasons": ["scarce_skill"], "evidence_ref": "hr/1", "justification": words, "remedy": plan});
    having_seen(tenant, &tenant.recruiter(), offer, "request-exception", asked).expect(200);
    having_seen(tenant, &compensation(tenant), offer, "decide-exception", json!({"decision": "granted"})).expect(200);
}

fn those_who_are_overtaken_are_remedied_before_others_overtake_them(kind: StoreKind) {
    let (tenant, _clock) = clocked_tenant(kind);
    measured(&tenant);
    let (alumnus, offer) = offered(&tenant, "megumi", 8_100_000);
    approved_with_a_plan(&tenant, &offer, 40);
    extend(&tenant, &offer);
    let raise =
        |amount: i64, order: &str| json!({"done_on": tenant.day(0), "amount": yen(amount), "evidence_ref": order});
    let record = |body: &Value| tenant.command(&compensation(&tenant), "offers", &offer, "record-remedy", body);
    record(&raise(885_000, "hr/7")).refused(409, "remedy_not_owed");
    having_seen(&tenant, &alumnus, &offer, "accept", json!({})).expect(200);
    let bucho = tenant.user("bucho", Role::HiringManager);
    let asked = || bucho.all("/v1/tasks").into_iter().find(|task| task["kind"] == "carry_out_remedy");
    assert_eq!(asked().expect("the owner of the plan is asked")["due_on"], tenant.day(40));
    assert_eq!(record(&raise(400_000, "hr/7")).expect(200)["state"], "accepted");
    record(&raise(1, "hr/7")).points_at("/evidence_ref", "remedy_recorded_otherwise");
    let mut ahead = raise(485_000, "hr/8");
    ahead["done_on"] = json!(tenant.day(1));
    record(&ahead).points_at("/done_on", "remedy_in_the_future");
    let body = raise(485_000, "hr/8");
    tenant.command(&tenant.recruiter(), "offers", &offer, "record-remedy", &body).problem(403, "forbidden");
    let open = tenant.compliance().all("/v1/fairness-ledger?remedy=open");
    assert_eq!((open.len(), &open[0]["remedied"][0]["amount"]), (1, &yen(400_000)));
    assert!(tenant.recruiter().read(&format!("/v1/offers/{offer}")).get("remedied").is_none(), "nobody's raise");

    // Assessed while nothing was overdue, and put before approvers afterwards.
    let (_, before) = offered(&tenant, "hanako", 8_100_000);
    tenant.advance("P41D");
    request_approval(&tenant, &before).refused(422, "remedies_overdue");
    let (_, held) = offered(&tenant, "taro", 8_100_000);
    let rule = |offer: &str| {
        let rules = assessment(&compensation(&tenant), offer)["rules"].as_array().unwrap().clone();
        rules.into_iter().find(|rule| rule["rule"] == "PAY-28").map(|rule| rule["outcome"].clone())
    };
    assert_eq!(rule(&held), Some(json!("hold")));
    acknowledge(&tenant, &held, "SR");
    let refused = request_approval(&tenant, &held).refused(422, "rule_open");
    assert_eq!(refused["rule"], "PAY-28");
    // Whatever the unit is called, the same people were overtaken.
    let renamed = json!({"hiring_manager": tenant.subject("bucho"), "location": "Sendai", "approver_unit": "物流第二"});
    let (_, case) = evaluated(&tenant, &tenant.published(&renamed), "saburo");
    let elsewhere = id(&tenant.recruiter().post("/v1/offers", &terms(&tenant, &case, 8_100_000)).expect(201));
    assert_eq!(rule(&elsewhere), Some(json!("hold")));
    let (_, within) = offered(&tenant, "jiro", 7_400_000);
    assert_eq!(rule(&within), Some(json!("pass")), "tier A overtakes nobody");
    let replayed = tenant.command(&tenant.compliance(), "offers", &held, "replay", &json!({})).expect(200);
    assert!(replayed["replays"].as_array().unwrap().iter().all(|one| one["identical"] == true), "{replayed}");

    let other = tenant.user("shacho", Role::Executive);
    tenant.command(&other, "offers", &offer, "record-remedy", &raise(485_000, "hr/8")).refused(403, "plan_owner");
    tenant.command(&bucho, "offers", &offer, "record-remedy", &raise(485_000, "hr/8")).expect(200);
    assert!(asked().is_none());
    tenant.command(&tenant.recruiter(), "offers", &held, "revise", &json!({})).expect(200);
    assert_eq!(rule(&held), Some(json!("pass")), "what is carried out holds nobody up");
}

fn whoever_edited_the_measure_neither_proposes_nor_approves(kind: StoreKind) {
    let tenant = tenant(kind);
    measured(&tenant);
    let (_, offer) = offered(&tenant, "hanako", 7_400_000);
    acknowledge(&tenant, &offer, "SR");
    request_approval(&tenant, &offer).expect(200);
    // A version of bands that nobody approved elsewhere is an edit by whoever takes it over.
    let begins = |days: i64| BANDS.replace("2026-04,2026-04-01", &format!("later-{days},{}", tenant.day(days)));
    let editor = tenant.with_token(&tenant.person_token("jinji", &[Role::Compensation, Role::PeopleOps]));
    editor.upload("/v1/pay-bands", begins(60).as_bytes()).expect(200);
    let refused = approve(&tenant, &tenant.user("jinji", Role::PeopleOps), &offer).refused(422, "edited_lately");
    assert_eq!(refused["rule"], "PAY-24");
    let position = json!({"headcount": 1, "hiring_manager": tenant.subject("bucho"), "location": "Sendai"});
    let (_, case) = evaluated(&tenant, &tenant.published(&position), "taro");
    let proposer = tenant.with_token(&tenant.person_token("jinji", &[Role::Recruiter]));
    proposer.post("/v1/offers", &terms(&tenant, &case, 7_400_000)).refused(422, "edited_lately");
    let drafted = id(&tenant.recruiter().post("/v1/offers", &terms(&tenant, &case, 7_400_000)).expect(201));
    tenant.command(&proposer, "offers", &drafted, "request-approval", &json!({})).refused(422, "edited_lately");

    tenant.employed("hoshu", "A-201");
    let handed = json!({"to": tenant.subject("hoshu"), "until": tenant.day(5)});
    tenant.command(&tenant.user("jinji", Role::PeopleOps), "offers", &offer, "delegate", &handed).expect(200);
    let upper = tenant.with_token(&tenant.person_token("shacho", &[Role::Executive, Role::Compensation]));
    upper.upload("/v1/pay-bands", begins(61).as_bytes()).expect(200);
    let forced = json!({"authority": "職務権限規程第8条", "reason": tenant.words("不在のため")});
    let last = tenant.user("shacho", Role::Executive);
    having_seen(&tenant, &last, &offer, "force-approve", forced).refused(422, "edited_lately");
    // Nor does anybody for them.
    approve(&tenant, &compensation(&tenant), &offer).refused(422, "no_seat_for_approver");

    // Nobody approves what was measured by bands that others have replaced.
    compensation(&tenant).upload("/v1/pay-bands/import?approval_ref=board/5", begins(0).as_bytes()).expect(200);
    let refused = approve(&tenant, &compensation(&tenant), &offer).refused(422, "measure_changed");
    assert_eq!(refused["rule"], "PAY-21");
}

fn nobody_of_the_hiring_line_stands_for_whoever_is_outside_it(kind: StoreKind) {
    let tenant = tenant(kind);
    measured(&tenant);
    let (_, offer) = offered(&tenant, "hanako", 8_100_000);
    let delegate = |by: &str, role: Role, to: &str| {
        let body = json!({"to": tenant.subject(to), "until": tenant.day(5)});
        tenant.command(&tenant.user(by, role), "offers", &offer, "delegate", &body)
    };
    for (name, number) in [("bucho", "A-201"), ("jinji", "A-202")] {
        tenant.employed(name, number);
    }
    delegate("honbucho", Role::Executive, "bucho").refused(422, "delegate_excluded");
    delegate("honbucho", Role::Executive, "jinji").expect(200);
    delegate("hoshu", Role::Compensation, "bucho").expect(200);
}

fn a_draft_that_outlasts_its_snapshot_is_measured_anew(kind: StoreKind) {
    let (tenant, _clock) = clocked_tenant(kind);
    measured(&tenant);
    let (_, offer) = offered(&tenant, "hanako", 7_400_000);
    acknowledge(&tenant, &offer, "SR");
    tenant.advance("P184D");
    let refused = request_approval(&tenant, &offer).refused(422, "snapshot_stale");
    assert_eq!(
        (&refused["rule"], &refused["errors"][0]["pointer"]),
        (&json!("PAY-21"), &json!("/basis/snapshot/as_of"))
    );
    let later = incumbents().replace("6600000", "6610000");
    let report = compensation(&tenant).upload("/v1/incumbent-snapshots", later.as_bytes());
    assert_eq!(report.expect(200)["accepted"], 10);
    let later = json!({"starts_on": tenant.day(40), "expires_at": format!("{}T15:00:00Z", tenant.day(20))});
    tenant.command(&tenant.recruiter(), "offers", &offer, "revise", &later).expect(200);
    request_approval(&tenant, &offer).expect(200);
}

fn those_who_stayed_are_compared_by_the_snapshot_of_their_time(kind: StoreKind) {
    let tenant = tenant(kind);
    measured(&tenant);
    // As of the month before the exit: the same people, one of whom has left since, and one who came much later.
    let mut then = incumbents().replace(",8000000,", ",7000000,");
    then += "A-70,2015-04-01,G4,driver,sendai,regular,6500000,90,4,A-90,false,false,female,1988\n\
             A-71,2021-04-01,G4,driver,sendai,regular,6500000,90,4,A-90,false,false,female,1988\n";
    let report = compensation(&tenant).upload("/v1/incumbent-snapshots?as_of=2024-03-01", then.as_bytes()).expect(200);
    assert_eq!(report["accepted"], 12, "{report}");
    let (_, offer) = offered(&tenant, "megumi", 7_400_000);
    let found = assessment(&compensation(&tenant), &offer);
    let stayers = &found["assessment"]["stayers"];
    // Nine of them worked beside the returner and are here; what counts is what they earn now.
    assert_eq!((&stayers["size"], &stayers["median"]), (&json!(9), &fraction(7_400_000, 1)), "{found}");
    assert_eq!(found["assessment"]["ratios"]["stayer_ratio"], json!({"is": fraction(1, 1)}));
    let replayed = tenant.command(&compensation(&tenant), "offers", &offer, "replay", &json!({})).expect(200);
    assert_eq!(replayed["replays"][0]["differences"], json!([]));
    request_approval(&tenant, &offer).expect(200);
}

fn pay_that_the_policy_blocks_goes_nowhere(kind: StoreKind) {
    let tenant = tenant(kind);
    measured(&tenant);
    let (_, offer) = offered(&tenant, "megumi", 9_100_000);
    assert_eq!(assessment(&tenant.recruiter(), &offer)["verdict"], "blocked");
    acknowledge(&tenant, &offer, "SR");
    let refused = request_approval(&tenant, &offer).refused(422, "pay_blocked");
    assert_eq!(refused["rule"], "RP");
    let body = json!({"reasons": ["larger_scope"], "justification": tenant.words(&"広い職責を担う。".repeat(12))});
    having_seen(&tenant, &tenant.recruiter(), &offer, "request-exception", body).refused(422, "pay_blocked");
    let dollars = json!({"pay": {"base": {"amount": 90_000, "currency": "USD"}, "sign_on": null}});
    tenant
        .command(&tenant.recruiter(), "offers", &offer, "revise", &dollars)
        .points_at("/pay/base/currency", "currency_mismatch");
}

fn a_draft_policy_is_run_over_past_decisions_before_anybody_approves_it(kind: StoreKind) {
    let tenant = tenant(kind);
    measured(&tenant);
    let (_, far) = offered(&tenant, "megumi", 8_100_000);
    let (_, near) = offered(&tenant, "hanako", 7_400_000);
    let policies = compensation(&tenant).read("/v1/pay-policies");
    let policy = policies["items"][0]["id"].as_str().unwrap();
    let run =
        |body: Value| tenant.command(&compensation(&tenant), "pay-policies", policy, "backtest", &body).expect(200);
    let unchanged = run(json!({}));
    assert_eq!((&unchanged["decisions"], &unchanged["changed"]), (&json!(2), &json!([])), "{unchanged}");
    assert_eq!((&unchanged["approvals_needed"], &unchanged["approvals_needed_then"]), (&json!(5), &json!(5)));

    // Whoever loosens what is materially overtaken, and tightens what is above the peers, is told what both would do.
    let percent = |hundredths: i64| json!({"num": hundredths, "den": 100});
    let draft = json!({"leapfrog_tolerance": percent(20), "thresholds": {"peers_b": percent(101)}});
    tenant.command(&tenant.programme_admin(), "pay-policies", policy, "revise", &draft).expect(200);
    let report = run(json!({"since": tenant.day(-1)}));
    assert_eq!((&report["policy_version"], &report["stricter"], &report["milder"]), (&json!(2), &json!(1), &json!(1)));
    let moves = json!([{"from": "A", "to": "B", "count": 1}, {"from": "D", "to": "C", "count": 1}]);
    assert_eq!(report["moves"], moves, "{report}");
    assert_eq!((&report["approvals_needed"], &report["approvals_needed_then"]), (&json!(5), &json!(5)));
    assert_eq!((&report["exceptions_needed"], &report["exceptions_needed_then"]), (&json!(1), &json!(2)));
    assert_eq!((&report["blocked"], &report["blocked_then"]), (&json!(0), &json!(0)));
    assert_eq!((&report["remedy_cost"], &report["remedy_cost_then"]), (&fraction(885_000, 1), &fraction(0, 1)));
    // Whoever is not shown all pay could find what an offer pays by moving a bound until the offer crosses it.
    for by in [tenant.programme_admin(), tenant.recruiter()] {
        tenant.command(&by, "pay-policies", policy, "backtest", &json!({})).problem(403, "forbidden");
    }
    let changed: Vec<&Value> = report["changed"].as_array().unwrap().iter().map(|one| &one["offer_id"]).collect();
    assert_eq!(changed, [&json!(far), &json!(near)]);
    assert_eq!(run(json!({"since": tenant.day(1)}))["decisions"], 0);

    // The same to read.
    let path = format!("/v1/pay-policies/{policy}/backtest");
    let by = compensation(&tenant);
    let table = by.request("POST", &path).header("accept", "text/plain").json(&json!({})).send();
    assert_eq!((table.status, table.header("content-type")), (200, Some("text/plain; charset=utf-8")));
    let told = table.text();
    for line in [
        format!("pay/{policy}/2 over past decisions"),
        "D     C          1".to_owned(),
        format!("{far}        1  D     C     4 -> 3       885000 -> 0"),
    ] {
        assert!(told.lines().any(|one| one.trim_end() == line), "{line} is not in:\n{told}");
    }

    // It is looser than the defaults: a second approver publishes it and says why, and what it would have flipped stands with it.
    let (approver, second) = (tenant.user("takagi", Role::ProgrammeAdmin), tenant.user("kimura", Role::ProgrammeAdmin));
    having_read(&approver, "pay-policies", policy, "approve", &json!({})).expect(200);
    let publish = |by: &Client, body: &Value| tenant.command(by, "pay-policies", policy, "publish", body);
    let why = json!({"reason": "人材が不足する職種に限らず、許容幅を広げる"});
    for by in [&tenant.programme_admin(), &approver] {
        let refused = publish(by, &why).refused(422, "second_approver_required");
        assert_eq!(refused["rule"], "AUD-06", "{refused}");
    }
    publish(&second, &json!({})).points_at("/reason", "loosening_reason_required");
    publish(&second, &why).expect(200);
    let shown = compensation(&tenant).read(&format!("/v1/pay-policies/{policy}"));
    let [first, published] = shown["versions"].as_array().unwrap().as_slice() else { panic!("{shown}") };
    assert_eq!((&first["loosening"], &first["reason"]), (&Value::Null, &Value::Null));
    let counted =
        json!({"fields": ["/leapfrog_tolerance"], "decisions": 2, "milder": 1, "stricter": 1, "not_assessable": 0});
    assert_eq!((&published["loosening"], &published["reason"]), (&counted, &why["reason"]));
    // One decision that flips is somebody's: whoever publishes is told that it is looser and by what, and no such count.
    let told = &second.read(&format!("/v1/pay-policies/{policy}"))["versions"][1]["loosening"];
    assert_eq!((&told["fields"], &told["milder"]), (&counted["fields"], &Value::Null), "{told}");
}

fn an_approval_is_not_handed_to_whoever_reports_to_the_proposer(kind: StoreKind) {
    let tenant = tenant(kind);
    measured(&tenant);
    tenant.employed_under("sato", "A-100", &Value::Null);
    tenant.employed_under("buka", "A-101", &json!("A-100"));
    tenant.employed_under("mago", "A-102", &json!("A-101"));
    tenant.employed_under("hoshu", "A-103", &json!("A-1"));
    let (_, offer) = offered(&tenant, "hanako", 7_400_000);
    let delegate = |to: &str| {
        let body = json!({"to": tenant.subject(to), "until": tenant.day(5)});
        tenant.command(&tenant.user("jinji", Role::PeopleOps), "offers", &offer, "delegate", &body)
    };
    let refused = delegate("buka").refused(422, "delegate_reports_to_proposer");
    assert_eq!(refused["rule"], "PAY-25");
    delegate("mago").refused(422, "delegate_reports_to_proposer");
    delegate("shacho").refused(422, "delegate_unknown");
    delegate("hoshu").expect(200);
}

/// PAY-01: without a comparison it is asked for; an item that is worse needs a reason that holds; and the returner is told both.
fn who_returns_for_a_fixed_term_is_compared_with_regular_workers_item_by_item(kind: StoreKind) {
    let tenant = tenant(kind);
    measured(&tenant);
    let (alumnus, offer) = offered(&tenant, "hanako", 7_400_000);
    let recruiter = tenant.recruiter();
    let revise = |body: &Value| tenant.command(&recruiter, "offers", &offer, "revise", body);
    let beside = |items: Value| {
        let (compared_with, same_duties, same_change_scope) = ("正社員 G4 ドライバー職", true, false);
        json!({
            "compared_with": compared_with, "same_duties": same_duties, "same_change_scope": same_change_scope,
            "items": items,
        })
    };
    let same = |item: &str| json!({"item": item, "treatment": "same"});
    let worse = |reasons: Value| json!({"item": "bonus", "treatment": "worse", "reasons": reasons});
    let found = || {
        let whole = assessment(&compensation(&tenant), &offer);
        let rules = whole["rules"].as_array().unwrap().clone();
        let rule = rules.into_iter().find(|rule| rule["rule"] == "PAY-01").unwrap();
        (rule["outcome"].clone(), rule["code"].clone(), whole["assessment"]["tier"].clone())
    };
    revise(&json!({"comparison": beside(json!([same("base")]))})).points_at("/comparison", "nothing_to_compare");

    let fixed = json!({
        "employment_type": "fixed_term", "location_scope": "仙台市内", "duties_scope": "配送業務",
        "contract": {"kind": "fixed", "ends_on": tenant.day(400), "renewal": "通算5年を上限とする"},
        "pay": {"base": yen(7_400_000), "bonus": yen(300_000)},
    });
    revise(&fixed).expect(200);
    assert_eq!(found(), (json!("hold"), json!("items_to_compare"), json!("A")));
    for (wrong, pointer, code) in [
        (json!([]), "/comparison/items", "required"),
        (json!([same("base"), same("base")]), "/comparison/items/1/item", "repeated"),
        (json!([{"item": "base", "treatment": "similar"}]), "/comparison/items/0/treatment", "unknown_value"),
        (json!([worse(json!(["contract_type"]))]), "/comparison/items/0/reasons/0", "unknown_value"),
    ] {
        revise(&json!({"comparison": beside(wrong)})).points_at(pointer, code);
    }
    let state = |items: Value| revise(&json!({"comparison": beside(items)})).expect(200);
    state(json!([same("base")]));
    assert_eq!(found(), (json!("hold"), json!("items_not_compared"), json!("A")));
    state(json!([same("base"), worse(json!(["duties"]))]));
    assert_eq!(found(), (json!("block"), json!("reason_does_not_hold"), json!("F")));
    let refused = request_approval(&tenant, &offer).refused(422, "pay_blocked");
    assert!(refused["detail"].as_str().unwrap().contains("worse_than_regular"), "{refused}");
    let reasoned = json!([{"item": "base", "treatment": "same", "reasons": ["skill"]}]);
    revise(&json!({"comparison": beside(reasoned)})).points_at("/comparison/items/0/reasons", "not_worse");
    state(json!([same("base"), worse(json!(["change_scope"]))]));
    assert_eq!(found(), (json!("pass"), json!("items_compared"), json!("A")));
    // It is a comparison of these very terms: others are compared anew.
    revise(&json!({"pay": {"base": yen(7_300_000), "bonus": yen(300_000)}})).expect(200);
    assert_eq!(found(), (json!("hold"), json!("items_to_compare"), json!("A")));
    state(json!([same("base"), worse(json!(["change_scope"]))]));
    let rating = json!({"rating": 4, "rated_on": "2024-03-31"});
    revise(&json!({"qualification": {"experience_months": 110, "rating": rating}})).expect(200);
    assert_eq!(found(), (json!("pass"), json!("items_compared"), json!("A")));

    acknowledge(&tenant, &offer, "SR");
    request_approval(&tenant, &offer).expect(200);
    approve(&tenant, &tenant.user("jinji", Role::PeopleOps), &offer).expect(200);
    extend(&tenant, &offer);
    let text = alumnus.read(&format!("/v1/offers/{offer}/explanation"))["text"].as_str().unwrap().to_owned();
    for told in [
        "待遇の比較（賞与）",
        "相違あり（理由：職務の内容・配置の変更の範囲）",
        "待遇の比較（基本給） / Comparison of the base: 相違なし",
    ] {
        assert!(text.contains(told), "{told} is missing: {text}");
    }
    let replayed = tenant.command(&tenant.compliance(), "offers", &offer, "replay", &json!({})).expect(200);
    assert!(replayed["replays"].as_array().unwrap().iter().all(|one| one["identical"] == true), "{replayed}");
    // Whoever becomes a regular worker after all is compared with nobody.
    let (_, other) = offered(&tenant, "megumi", 7_400_000);
    tenant.command(&recruiter, "offers", &other, "revise", &fixed).expect(200);
    let compared = json!({"comparison": beside(json!([same("base"), same("bonus")]))});
    tenant.command(&recruiter, "offers", &other, "revise", &compared).expect(200);
    let regular = json!({"employment_type": "regular", "contract": {"kind": "indefinite"}});
    tenant.command(&recruiter, "offers", &other, "revise", &regular).expect(200);
    let whole = assessment(&compensation(&tenant), &other);
    assert!(whole["basis"].get("comparison").is_none(), "{whole}");
}
