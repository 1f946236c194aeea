//! What an offer is measured by holds when it is approved, and measures all of it: bands and policy in force, everything that
//! is paid once, the range that a candidate was told, and what was refused before.

use okaeri::identity::Role;
use serde_json::{Value, json};

use super::offers::{evaluated, having_seen};
use super::pricing::{
    BANDS, acknowledge, approve, assessment, compensation, extend, measured, measured_by, offered, request_approval,
    terms,
};
use crate::program::people::{Tenant, id, tenant};
use crate::program::served_by_both_stores;
use crate::program::steps::yen;
use crate::support::StoreKind;

served_by_both_stores!(
    bands_that_changed_since_are_measured_by_before_anybody_approves,
    the_lower_paid_of_two_managers_is_compared_with,
    another_range_than_the_positions_was_told_to_nobody,
    what_comes_every_year_beside_the_base_is_answered_for,
    what_is_paid_once_counts_whatever_it_is_called,
    whoever_was_told_no_range_gets_no_offer_where_the_law_wants_it_told,
    what_was_refused_is_refused_in_every_offer_of_the_case,
    who_was_told_the_rule_stands_in_the_log,
);

fn bands_that_changed_since_are_measured_by_before_anybody_approves(kind: StoreKind) {
    let tenant = tenant(kind);
    measured(&tenant);
    let (_, offer) = offered(&tenant, "hanako", 7_400_000);
    acknowledge(&tenant, &offer, "SR");
    let later = BANDS.replace("2026-04,2026-04-01", "2026-07,2026-07-01");
    compensation(&tenant).upload("/v1/pay-bands/import?approval_ref=board/5", later.as_bytes()).expect(200);
    let refused = request_approval(&tenant, &offer).refused(422, "measure_changed");
    assert_eq!(refused["rule"], "PAY-21");
    // The same terms, measured anew.
    tenant.command(&tenant.recruiter(), "offers", &offer, "revise", &json!({})).expect(200);
    assert_eq!(assessment(&compensation(&tenant), &offer)["basis"]["bands"]["version"], "2026-07");
    request_approval(&tenant, &offer).expect(200);

    // Nor does it go out approved by what others have replaced since.
    let jinji = tenant.user("jinji", Role::PeopleOps);
    approve(&tenant, &jinji, &offer).expect(200);
    let later = BANDS.replace("2026-04,2026-04-01", "2026-10,2026-10-01");
    compensation(&tenant).upload("/v1/pay-bands/import?approval_ref=board/6", later.as_bytes()).expect(200);
    let refused =
        having_seen(&tenant, &tenant.recruiter(), &offer, "extend", json!({})).refused(422, "measure_changed");
    assert_eq!(refused["rule"], "PAY-21");
    tenant.command(&tenant.recruiter(), "offers", &offer, "revise", &json!({})).expect(200);
    assert_eq!(tenant.recruiter().read(&format!("/v1/offers/{offer}"))["state"], "drafting");
    request_approval(&tenant, &offer).expect(200);
    approve(&tenant, &jinji, &offer).expect(200);
    extend(&tenant, &offer);
}

fn what_is_paid_once_counts_whatever_it_is_called(kind: StoreKind) {
    let tenant = tenant(kind);
    measured(&tenant);
    let (_, offer) = offered(&tenant, "hanako", 7_400_000);
    let tier = || assessment(&compensation(&tenant), &offer)["assessment"]["tier"].clone();
    assert_eq!(tier(), "A");
    let once = json!({"code": "return", "amount": yen(616_667), "period": "once"});
    let pay = json!({"pay": {"base": yen(7_400_000), "sign_on": null, "allowances": [once]}});
    tenant.command(&tenant.recruiter(), "offers", &offer, "revise", &pay).expect(200);
    assert_eq!(tier(), "D");
}

fn the_lower_paid_of_two_managers_is_compared_with(kind: StoreKind) {
    let tenant = tenant(kind);
    measured(&tenant);
    // The position's hiring manager is known, and earns less than whoever the proposer names.
    tenant.employed("bucho", "A-7");
    let (_, offer) = offered(&tenant, "hanako", 7_400_000);
    let found = assessment(&compensation(&tenant), &offer);
    assert_eq!(found["basis"]["manager"], json!({"employee_number": "A-7", "base": 8_000_000}));
    assert_eq!(found["assessment"]["tier"], "C", "less than a tenth above");
}

fn another_range_than_the_positions_was_told_to_nobody(kind: StoreKind) {
    let tenant = tenant(kind);
    measured_by(&tenant, &json!({"range_disclosure": "before_interview"}));
    let range = |minimum: i64, maximum: i64| json!({"minimum": yen(minimum), "midpoint": yen(minimum + 1), "maximum": yen(maximum)});
    let position = json!({"hiring_manager": tenant.subject("bucho"), "location": "Sendai", "pay_range": range(1, 3)});
    let requisition = tenant.published(&position);
    let (leaver, alumnus) = (tenant.person(), tenant.alumnus("hanako"));
    let member = tenant.register(&tenant.record(&leaver.left("E-hanako")), &leaver, &alumnus);
    let applied = json!({"member_id": member, "requisition_id": requisition, "channel": "alumni"});
    let case = id(&alumnus.post("/v1/applications", &applied).expect(201));
    let recruiter = tenant.recruiter();
    let command = |name: &str, body: &Value| tenant.command(&recruiter, "applications", &case, name, body);
    let day = tenant.day(3);
    let slot = json!({"starts_at": format!("{day}T01:00:00Z"), "ends_at": format!("{day}T02:00:00Z"),
        "interviewers": [tenant.subject("haru")], "location": "本社"});
    command("disclose-range", &json!({"channel": "email"})).expect(200);
    let real = json!({"pay_range": range(6_000_000, 9_000_000)});
    tenant.command(&recruiter, "requisitions", &requisition, "revise", &real).expect(200);
    let refused = command("schedule-interview", &slot).refused(422, "range_not_disclosed");
    assert_eq!(refused["rule"], "PAY-05");
    command("disclose-range", &json!({"channel": "email"})).expect(200);
    command("schedule-interview", &slot).expect(200);
}

fn what_comes_every_year_beside_the_base_is_answered_for(kind: StoreKind) {
    let tenant = tenant(kind);
    measured(&tenant);
    let (_, offer) = offered(&tenant, "hanako", 7_400_000);
    acknowledge(&tenant, &offer, "SR");
    let revise = |amount: i64| {
        let post = json!({"code": "post", "amount": yen(amount), "period": "month"});
        let pay = json!({"pay": {"base": yen(7_400_000), "sign_on": null, "allowances": [post]}});
        tenant.command(&tenant.recruiter(), "offers", &offer, "revise", &pay)
    };
    revise(900_000_000_000_000).points_at("/pay", "allowances_too_large");
    revise(100_000).expect(200);
    let every_year = || assessment(&compensation(&tenant), &offer)["basis"]["offered"]["every_year"].clone();
    assert_eq!(every_year(), yen(1_200_000));
    // Whatever it is called.
    let overtime = json!({"hours_a_month": 20, "amount_a_month": yen(50_000)});
    let pay =
        json!({"pay": {"base": yen(7_400_000), "sign_on": null, "bonus": yen(100_000), "fixed_overtime": overtime}});
    tenant.command(&tenant.recruiter(), "offers", &offer, "revise", &pay).expect(200);
    assert_eq!(every_year(), yen(700_000));
    acknowledge(&tenant, &offer, "SR");
    let refused = request_approval(&tenant, &offer).refused(422, "rule_open");
    assert_eq!(refused["rule"], "BESIDE_BASE");
    let why = json!({"rule": "BESIDE_BASE", "reason": tenant.words("役職手当規程どおり")});
    let refused = tenant.command(&tenant.recruiter(), "offers", &offer, "acknowledge", &why);
    refused.refused(422, "distinct_approver_required");
    tenant.command(&tenant.compliance(), "offers", &offer, "acknowledge", &why).expect(200);
    request_approval(&tenant, &offer).expect(200);
    let replayed = tenant.command(&compensation(&tenant), "offers", &offer, "replay", &json!({})).expect(200);
    assert!(replayed["replays"].as_array().unwrap().iter().all(|one| one["identical"] == json!(true)), "{replayed}");
}

fn whoever_was_told_no_range_gets_no_offer_where_the_law_wants_it_told(kind: StoreKind) {
    let tenant = tenant(kind);
    let range = json!({"minimum": yen(6_000_000), "midpoint": yen(7_500_000), "maximum": yen(9_000_000)});
    let position = json!({"hiring_manager": tenant.subject("bucho"), "location": "Sendai", "pay_range": range});
    // They were interviewed before the policy asked for it.
    let (_, case) = evaluated(&tenant, &tenant.published(&position), "hanako");
    measured_by(&tenant, &json!({"range_disclosure": "before_interview"}));
    let recruiter = tenant.recruiter();
    let offer = id(&recruiter.post("/v1/offers", &terms(&tenant, &case, 7_400_000)).expect(201));
    assert_eq!(assessment(&compensation(&tenant), &offer)["assessment"]["tier"], "F");
    // A draft that asks for it no more flips what is blocked for it.
    let milder = json!({"range_disclosure": "not_required"});
    let policy = compensation(&tenant).all("/v1/pay-policies")[0]["id"].as_str().unwrap().to_owned();
    tenant.command(&tenant.programme_admin(), "pay-policies", &policy, "revise", &milder).expect(200);
    let would = tenant.command(&compensation(&tenant), "pay-policies", &policy, "backtest", &json!({})).expect(200);
    assert_eq!((&would["decisions"], &would["milder"]), (&json!(1), &json!(1)), "{would}");
    acknowledge(&tenant, &offer, "SR");
    let refused = request_approval(&tenant, &offer).refused(422, "pay_blocked");
    assert_eq!(refused["rule"], "PAY-05");
    tenant.command(&recruiter, "applications", &case, "disclose-range", &json!({"channel": "email"})).expect(200);
    tenant.command(&recruiter, "offers", &offer, "revise", &json!({})).expect(200);
    request_approval(&tenant, &offer).expect(200);
}

/// Not by drafting it again (PAY-26).
fn what_was_refused_is_refused_in_every_offer_of_the_case(kind: StoreKind) {
    let tenant = tenant(kind);
    let position = json!({"hiring_manager": tenant.subject("bucho"), "location": "Sendai"});
    let (_, case) = evaluated(&tenant, &tenant.published(&position), "hanako");
    let drafted = |base: i64| {
        let mut body = terms(&tenant, &case, base);
        for member in ["qualification", "manager_employee_number"] {
            body.as_object_mut().unwrap().remove(member);
        }
        id(&tenant.recruiter().post("/v1/offers", &body).expect(201))
    };
    let first = drafted(7_400_000);
    request_approval(&tenant, &first).expect(200);
    let approver = tenant.user("hoshu", Role::Compensation);
    having_seen(&tenant, &approver, &first, "refuse", json!({"reason_code": "pay_too_high"})).expect(200);
    let again = drafted(7_400_000);
    let refused = request_approval(&tenant, &again).refused(422, "hash_refused");
    assert_eq!(refused["rule"], "PAY-26");
    let lower = json!({"pay": {"base": yen(7_300_000), "sign_on": null}});
    tenant.command(&tenant.recruiter(), "offers", &again, "revise", &lower).expect(200);
    request_approval(&tenant, &again).expect(200);
}

/// The page for those who stayed tells figures as well (MON-06).
fn who_was_told_the_rule_stands_in_the_log(kind: StoreKind) {
    let tenant = tenant(kind);
    measured(&tenant);
    let policy = compensation(&tenant).all("/v1/pay-policies")[0]["id"].as_str().unwrap().to_owned();
    let manager = tenant.user("kacho", Role::HiringManager);
    manager.read(&format!("/v1/pay-policies/{policy}/explanation"));
    let told = tenant.compliance().all("/v1/log?type=access.figures_told");
    let [reading] = &told[..] else { panic!("{told:?}") };
    let expected = json!({"report": "stayer-ratios", "rule": "MON-02", "legal_entity": "JP-HQ", "smallest_group": 10});
    for (member, value) in expected.as_object().unwrap() {
        assert_eq!(reading["payload"]["figures"][member], *value);
    }
    assert_eq!(reading["metadata"]["role"], "hiring_manager");
    assert!(labels(&tenant, &policy).is_empty(), "a reading is no history of the policy");
}

/// What a policy's history says of readings.
fn labels(tenant: &Tenant<'_>, policy: &str) -> Vec<Value> {
    let lines = tenant.compliance().all(&format!("/v1/history/pay-policies/{policy}"));
    lines.into_iter().filter(|line| line["event"].as_str().unwrap().starts_with("access.")).collect()
}
