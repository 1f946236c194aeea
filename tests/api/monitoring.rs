//! Reports of closed months: figures as computed by hand, nothing about few people, and to some of many people alone.

use okaeri::identity::Role;
use serde_json::{Value, json};

use super::offers::{evaluated, having_seen};
use super::pricing::extend;
use super::programme_policies::{published, with};
use crate::program::client::Client;
use crate::program::people::{Tenant, clocked_tenant, id, tenant};
use crate::program::served_by_both_stores;
use crate::program::server::Home;
use crate::program::steps::{having_read, yen};
use crate::support::StoreKind;

served_by_both_stores!(
    closed_months_are_reported_to_few_and_less_to_many,
    a_gap_is_published_in_japan_and_assessed_jointly_in_the_union,
    rates_of_selection_are_for_counsel_in_the_united_states,
);

const BANDS: &str = "band_version,effective_from,grade,job_family,location,minimum,midpoint,maximum\n\
    2026-04,2026-04-01,G4,driver,sendai,6000000,7500000,9000000\n\
    2026-04,2026-04-01,G5,driver,sendai,7300000,9000000,10800000\n";
const HEADING: &str = "employee_number,hired_on,grade,job_family,location,employment_type,base_salary,\
    relevant_experience_months,last_rating,manager_employee_number,on_notice,red_circled,sex,birth_year";
/// Names whose interviews lie on days of their own.
const RETURNERS: [&str; 6] = ["a", "b", "c", "d", "e", "f"];
const APPLICANTS: [&str; 5] = ["g", "h", "i", "j", "k"];

/// Eight women and one of whom nothing is told in G4; six women, six men and their manager in G5.
fn incumbents() -> String {
    let mut file = format!("{HEADING}\n");
    let mut add = |number: String, grade: &str, base: i64, notice: bool, sex: &str| {
        let manager = if number == "A-90" { "" } else { "A-90" };
        // Those who earn least have the least experience: nobody is overtaken by 7.4 million.
        let months = if base < 7_100_000 { 60 } else { 120 };
        let line = format!(
            "{number},2015-04-01,{grade},driver,sendai,regular,{base},{months},4,{manager},{notice},false,{sex},"
        );
        file = format!("{file}{line}\n");
    };
    let bases = [6_600_000, 6_900_000, 7_000_000, 7_200_000, 7_400_000, 7_600_000, 7_900_000, 8_000_000];
    for (nth, base) in bases.into_iter().enumerate() {
        add(format!("A-{nth}"), "G4", base, false, "female");
    }
    add("A-8".to_owned(), "G4", 20_000_000, true, "");
    for nth in 0..6 {
        add(format!("B-{nth}"), "G5", 8_000_000, false, "female");
        add(format!("C-{nth}"), "G5", 10_000_000, false, "male");
    }
    add("A-90".to_owned(), "G5", 9_200_000, false, "male");
    file
}

/// A policy is in force, bands and incumbents are known.
fn measured(tenant: &Tenant<'_>) -> String {
    let compensation = tenant.user("hoshu", Role::Compensation);
    compensation.upload("/v1/pay-bands/import?approval_ref=board/4", BANDS.as_bytes()).expect(200);
    let report = compensation.upload("/v1/incumbent-snapshots", incumbents().as_bytes()).expect(200);
    assert_eq!(report["accepted"], 22, "{report}");
    let named = |name: &str| json!([tenant.subject(name)]);
    let policy = json!({
        "legal_entity": "JP-HQ", "clause": "賃金規程第12条",
        "minimum_wages": [{"hourly": yen(1_038), "effective_from": "2025-10-04"}],
        "approvers": {
            "hr": named("jinji"), "compensation": named("hoshu"), "division_head": named("honbucho"),
            "executive": named("shacho"),
        },
    });
    let policy = id(&tenant.programme_admin().post("/v1/pay-policies", &policy).expect(201));
    having_read(&tenant.user("mori", Role::Executive), "pay-policies", &policy, "approve", &json!({})).expect(200);
    tenant.command(&tenant.programme_admin(), "pay-policies", &policy, "publish", &json!({})).expect(200);
    policy
}

/// So many women of six million and so many men of eight in G4, and contractors who earn what they like.
fn unequal(women: usize, men: usize, contractors: usize) -> String {
    let line = |number: String, sex: &str, base: i64, how: &str| {
        format!("{number},2015-04-01,G4,driver,sendai,{how},{base},120,4,,false,false,{sex},\n")
    };
    let lines = (0..women).map(|nth| line(format!("W-{nth}"), "female", 6_000_000, "regular"));
    let lines = lines.chain((0..men).map(|nth| line(format!("M-{nth}"), "male", 8_000_000, "regular")));
    let lines = lines.chain((0..contractors).map(|nth| line(format!("X-{nth}"), "male", 8_000_000, "contractor")));
    format!("{HEADING}\n{}", lines.collect::<String>())
}

/// Under the law of the United States rates of selection are compared for counsel (MON-04).
fn rates_of_selection_are_for_counsel_in_the_united_states(kind: StoreKind) {
    let tenant = tenant(kind);
    let handling = |report: &str| tenant.compliance().read(&format!("/v1/monitoring/{report}"))["handling"].clone();
    assert_eq!(handling("selection-rates"), Value::Null);
    published(&tenant, &with(&json!({"country": "US"})));
    assert_eq!(handling("selection-rates"), "internal_under_counsel");
    assert_eq!(handling("pay-gaps"), Value::Null);
}

/// PAY-08 where the law is that of Japan, PAY-06 where it is that of the Union.
fn a_gap_is_published_in_japan_and_assessed_jointly_in_the_union(kind: StoreKind) {
    let (tenant, _clock) = clocked_tenant(kind);
    let compensation = tenant.user("hoshu", Role::Compensation);
    let named = |name: &str| json!([tenant.subject(name)]);
    let month: u32 = tenant.today().format("%m").to_string().parse().unwrap();
    let policy = json!({
        "legal_entity": "JP-HQ", "clause": "賃金規程第12条", "fiscal_year_ends": month,
        "approvers": {
            "hr": named("jinji"), "compensation": named("hoshu"), "division_head": named("honbucho"),
            "executive": named("shacho"),
        },
    });
    let policy = id(&tenant.programme_admin().post("/v1/pay-policies", &policy).expect(201));
    having_read(&tenant.user("mori", Role::Executive), "pay-policies", &policy, "approve", &json!({})).expect(200);
    tenant.command(&tenant.programme_admin(), "pay-policies", &policy, "publish", &json!({})).expect(200);
    let (people_ops, compliance) = (tenant.people_ops(), tenant.compliance());
    let task = |by: &Client, kind: &str| by.all("/v1/tasks").into_iter().find(|task| task["kind"] == kind);

    compensation.upload("/v1/incumbent-snapshots", unequal(50, 50, 5).as_bytes()).expect(200);
    tenant.advance("P1M");
    assert_eq!(task(&people_ops, "publish_pay_gap"), None, "a hundred employees; contractors are none");
    let path = format!("/v1/incumbent-snapshots?as_of={}", tenant.day(0));
    compensation.upload(&path, unequal(51, 50, 0).as_bytes()).expect(200);
    tenant.advance("P1M");
    assert!(task(&people_ops, "publish_pay_gap").is_some(), "the year may still be published in time");
    let watch = people_ops.read(&format!("/v1/pay-policies/{policy}"))["watch"].clone();
    let year_ends = watch["publications"][0]["year_ends"].clone();
    assert!(watch["alerts"].is_null() && year_ends.is_string(), "{watch}");
    let body = json!({"year_ends": year_ends, "published_on": tenant.day(0), "evidence_ref": "db/1"});
    let publish = |by: &Client| tenant.command(by, "pay-policies", &policy, "record-publication", &body);
    publish(&tenant.recruiter()).problem(403, "forbidden");
    publish(&people_ops).expect(200);
    assert_eq!(task(&people_ops, "publish_pay_gap"), None);

    published(&tenant, &with(&json!({"country": "DE"})));
    assert_eq!(task(&compliance, "assess_pay_jointly"), None);
    for _ in 0..6 {
        tenant.advance("P1M");
    }
    assert!(task(&compliance, "assess_pay_jointly").is_some(), "nobody justified it in six months");
    let look = |outcome: &str| {
        let body = json!({
            "report": "pay-gaps", "table": "grade", "row": "G4", "outcome": outcome,
            "reason": tenant.words("検証結果"), "evidence_ref": "pay/gap/9",
        });
        tenant.command(&compliance, "pay-policies", &policy, "review-alert", &body)
    };
    let refused = look("justified").refused(422, "joint_assessment_required");
    assert_eq!(refused["rule"], "PAY-06");
    look("jointly_assessed").expect(200);
    assert_eq!(task(&compliance, "assess_pay_jointly"), None);
}

/// Somebody comes back for 7.4 million, within the policy, and says that she is a woman.
fn returns(tenant: &Tenant<'_>, requisition: &str, name: &str) {
    let (alumnus, case) = evaluated(tenant, requisition, name);
    let terms = json!({
        "application_id": case, "grade": "G4", "employment_type": "regular", "starts_on": tenant.day(90),
        "location": "sendai", "expires_at": format!("{}T15:00:00Z", tenant.day(20)),
        "pay": {"base": yen(7_400_000), "sign_on": null},
        "qualification": {"experience_months": 100, "rating": {"rating": 4, "rated_on": "2024-03-31"}},
        "manager_employee_number": "A-90",
    });
    let offer = id(&tenant.recruiter().post("/v1/offers", &terms).expect(201));
    let on = |by: &Client, command: &str, body: &Value| tenant.command(by, "offers", &offer, command, body).expect(200);
    on(&tenant.recruiter(), "acknowledge", &json!({"rule": "SR", "reason": tenant.words("確認済み")}));
    on(&tenant.recruiter(), "request-approval", &json!({}));
    having_seen(tenant, &tenant.user("jinji", Role::PeopleOps), &offer, "approve", json!({})).expect(200);
    extend(tenant, &offer);
    let shown = alumnus.read(&format!("/v1/offers/{offer}"));
    on(&alumnus, "accept", &json!({"terms_hash": shown["terms_hash"]}));
    let case = tenant.recruiter().read(&format!("/v1/applications/{case}"));
    let member = case["member_id"].as_str().unwrap();
    tenant.command(&alumnus, "members", member, "declare-group", &json!({"group": {"sex": "female"}})).expect(200);
}

/// Somebody applies, and nothing comes of it.
fn applies(tenant: &Tenant<'_>, requisition: &str, name: &str) {
    let (leaver, alumnus) = (tenant.person(), tenant.alumnus(name));
    let member = tenant.register(&tenant.record(&leaver.left(&format!("E-{name}"))), &leaver, &alumnus);
    let applied = json!({"member_id": member, "requisition_id": requisition, "channel": "alumni"});
    alumnus.post("/v1/applications", &applied).expect(201);
}

fn row<'a>(report: &'a Value, table: &str, row: Option<&str>) -> &'a Value {
    let rows = report["rows"].as_array().unwrap().iter().chain(report["left_out"].as_array().unwrap());
    let mut found = rows.filter(|one| one["table"] == table && one["row"].as_str() == row);
    found.next().unwrap_or_else(|| panic!("{table} {row:?}: {report}"))
}

/// The figures of a row, for reading.
fn figures(report: &Value, table: &str, name: Option<&str>) -> Value {
    let row = row(report, table, name);
    assert_eq!((&row["suppressed"], &row["reason"]), (&json!(false), &Value::Null), "{row}");
    let figure = |figure: &Value| (figure["name"].as_str().unwrap().to_owned(), figure["decimal"].clone());
    row["figures"].as_array().unwrap().iter().map(figure).collect::<serde_json::Map<_, _>>().into()
}

/// Kept back, and not a number in it.
fn suppressed(report: &Value, table: &str, name: Option<&str>) {
    let row = row(report, table, name);
    let expected = json!({
        "table": table, "row": name, "suppressed": true, "reason": "MON-06", "as_of": null, "figures": [], "alert": null,
    });
    assert_eq!(*row, expected);
}

fn closed_months_are_reported_to_few_and_less_to_many(kind: StoreKind) {
    let home = Home::with_employers(kind, &["acme"]);
    let server = home.serve();
    let tenant = Tenant::of(&home, &server, "acme");
    let policy = measured(&tenant);
    let month = tenant.today().format("%Y-%m").to_string();
    let position = json!({
        "headcount": 11, "hiring_manager": tenant.subject("bucho"), "location": "Sendai", "approver_unit": "logistics",
    });
    let requisition = tenant.published(&position);
    for name in RETURNERS {
        returns(&tenant, &requisition, name);
    }
    for name in APPLICANTS {
        applies(&tenant, &requisition, name);
    }
    let compliance = tenant.compliance();
    let at = |by: &Client, report: &str| by.read(&format!("/v1/monitoring/{report}?month={month}"));
    let asked = |query: &str| compliance.get(&format!("/v1/monitoring/pay-gaps?{query}"));
    let refused = asked(&format!("month={month}")).points_at("/month", "month_not_closed");
    assert_eq!((&refused["status"], &refused["rule"]), (&json!(422), &json!("MON-06")));

    tenant.advance("P1M");
    let known = compliance.read("/v1/monitoring");
    assert_eq!((&known["last_closed_month"], &known["smallest_group"]), (&json!(month), &json!(5)));
    assert_eq!(known["reports"].as_array().unwrap().len(), 5);
    asked("month=2999-01").points_at("/month", "month_not_closed");
    asked("month=2026-1").points_at("/month", "not_a_month");
    asked("grade=G4").problem(400, "malformed_request");

    few_are_told(&tenant, &|report| at(&compliance, report));
    what_is_raised_waits_for_somebody(&tenant, &policy);
    for role in [Role::Executive, Role::ProgrammeAdmin] {
        let wider = tenant.user("shacho", role);
        assert_eq!(wider.read("/v1/monitoring")["smallest_group"], 10);
        suppressed(&at(&wider, "compa-ratios"), "grade", Some("G4"));
        suppressed(&at(&wider, "pay-gaps"), "grade", Some("G5"));
        suppressed(&at(&wider, "selection-rates"), "applied_offered", Some("female"));
        suppressed(&at(&wider, "exceptions"), "unit", Some("logistics"));
    }
    for role in [Role::Recruiter, Role::PeopleOps, Role::HiringManager, Role::Payroll, Role::Alumnus] {
        let other = tenant.user("somebody", role);
        for report in ["", "/compa-ratios", "/stayer-ratios", "/pay-gaps", "/selection-rates", "/exceptions"] {
            other.get(&format!("/v1/monitoring{report}")).problem(403, "forbidden");
        }
    }
    let elsewhere = compliance.read(&format!("/v1/monitoring/pay-gaps?month={month}&legal_entity=JP-OTHER"));
    assert_eq!((&elsewhere["rows"], &elsewhere["left_out"]), (&json!([]), &json!([])));

    // What comes later changes no closed month; and one more applicant does not show in the next one.
    let before: Vec<Value> = ["compa-ratios", "selection-rates"].map(|report| at(&compliance, report)).into();
    applies(&tenant, &requisition, "l");
    tenant.advance("P1M");
    let after: Vec<Value> = ["compa-ratios", "selection-rates"].map(|report| at(&compliance, report)).into();
    assert_eq!(before, after);
    let next = compliance.read("/v1/monitoring/selection-rates");
    let repeated = row(&next, "applied_offered", Some("undeclared"));
    assert_eq!((&repeated["as_of"], &repeated["reason"]), (&json!(month), &json!("MON-06")), "{next}");
    // Who was told what stands in the log: the same hash where the same was told.
    let told = compliance.all("/v1/log?type=access.figures_told");
    let of = |report: &str, role: &str, asked: &str| -> Vec<Value> {
        let read = |item: &&Value| {
            let figures = &item["payload"]["figures"];
            figures["report"] == report && figures["month"] == asked && item["metadata"]["role"] == role
        };
        told.iter().filter(read).map(|item| item["payload"]["figures"]["sha256"].clone()).collect()
    };
    let to_few = of("compa-ratios", "compliance", &month);
    let (first, others) = to_few.split_first().unwrap();
    assert!(!others.is_empty() && others.iter().all(|other| other == first), "{to_few:?}");
    assert_eq!(of("compa-ratios", "executive", &month).len(), 1);
    assert_ne!(of("compa-ratios", "executive", &month)[0], *first);
    assert!(of("selection-rates", "recruiter", &month).is_empty(), "whoever is refused was told nothing");
}

/// A month that is over has its figures looked at (PAY-06).
fn what_is_raised_waits_for_somebody(tenant: &Tenant<'_>, policy: &str) {
    let (compliance, compensation) = (tenant.compliance(), tenant.user("hoshu", Role::Compensation));
    let path = format!("/v1/pay-policies/{policy}");
    let gap = |by: &Client| {
        let alerts = by.read(&path)["watch"]["alerts"].as_array().cloned().unwrap_or_default();
        alerts.into_iter().find(|one| one["report"] == "pay-gaps" && one["row"] == "G5")
    };
    let waits = |by: &Client| by.all("/v1/tasks").iter().filter(|task| task["kind"] == "review_alert").count();
    let found = gap(&compensation).expect("women of G5 earn a fifth less");
    assert_eq!((&found["table"], &found["rule"], &found["outcome"]), (&json!("grade"), &json!("MON-03"), &Value::Null));
    assert_eq!(found["due_on"], found["look_by"], "six months from the end of the first month");
    for role in [Role::ProgrammeAdmin, Role::Executive] {
        assert_eq!(tenant.user("shacho", role).read(&path)["watch"], Value::Null, "{role}");
    }
    let before = waits(&compliance);
    assert!(before > 0 && waits(&tenant.people_ops()) == 0);
    let body = json!({
        "report": "pay-gaps", "table": "grade", "row": "G5", "outcome": "justified",
        "reason": tenant.words("職種構成の差"), "evidence_ref": "pay/gap/1",
    });
    let review = |by: &Client, body: &Value| tenant.command(by, "pay-policies", policy, "review-alert", body);
    review(&tenant.programme_admin(), &body).problem(403, "forbidden");
    let change = |name: &str, value: Value| {
        let mut changed = body.clone();
        changed[name] = value;
        changed
    };
    review(&compensation, &change("row", json!("G9"))).refused(409, "no_such_alert");
    review(&compensation, &change("report", json!("rumours"))).points_at("/report", "unknown_value");
    review(&compensation, &body).expect(200);
    review(&compliance, &change("outcome", json!("mended"))).refused(409, "alert_reviewed");
    assert_eq!(waits(&compliance), before - 1);
    assert_eq!(gap(&compliance).unwrap()["outcome"], "justified");
    let none = json!({"year_ends": "2027-03-31", "published_on": tenant.day(0), "evidence_ref": "x"});
    tenant
        .command(&tenant.people_ops(), "pay-policies", policy, "record-publication", &none)
        .points_at("/year_ends", "publication_not_due");
    let lines = |by: &Client| by.all(&format!("/v1/history/pay-policies/{policy}"));
    let of = |lines: Vec<Value>| lines.into_iter().find(|line| line["event"] == "pay_policy.alert_raised").unwrap();
    assert_eq!(of(lines(&compliance))["rule"], "MON-03");
    let neutral = of(lines(&tenant.people_ops()));
    assert!(neutral["rule"].is_null() && !neutral.to_string().contains("G5"), "{neutral}");
}

fn few_are_told(tenant: &Tenant<'_>, at: &dyn Fn(&str) -> Value) {
    // 7.4 ÷ 7.5 beside the median of nine, which is the same; four lie below and four above.
    let report = at("compa-ratios");
    let expected = json!({
        "returners": "6", "incumbents": "9", "median_of_returners": "0.9867", "median_of_incumbents": "0.9867",
        "difference": "0.0000", "p": "1.000000",
    });
    assert_eq!(figures(&report, "grade", Some("G4")), expected, "{report}");
    assert_eq!(row(&report, "grade", Some("G4"))["alert"]["raised"], false);
    suppressed(&report, "grade", Some("G5"));
    let exact = &row(&report, "grade", Some("G4"))["figures"][2];
    assert_eq!(exact["value"], json!({"num": "74", "den": "75"}), "{exact}");

    // Men: six of 10.0 and one of 9.2 million.
    let report = at("pay-gaps");
    let expected = json!({"women": "6", "men": "7", "gap": "0.1908", "women_to_men": "0.8092"});
    assert_eq!(figures(&report, "grade", Some("G5")), expected, "{report}");
    let alert = &row(&report, "grade", Some("G5"))["alert"];
    assert_eq!((&alert["raised"], &alert["since"]), (&json!(true), &report["month"]));
    suppressed(&report, "grade", Some("G4"));
    suppressed(&report, "grade", None);
    suppressed(&report, "left_out", Some("sex_not_declared"));

    let report = at("selection-rates");
    let rates =
        |people: &str, further: &str, rate: &str| json!({"people": people, "came_further": further, "rate": rate});
    assert_eq!(figures(&report, "applied_offered", Some("female")), rates("6", "6", "1.0000"), "{report}");
    assert_eq!(figures(&report, "applied_offered", Some("undeclared")), rates("5", "0", "0.0000"));
    assert_eq!(figures(&report, "invited_applied", Some("undeclared")), rates("5", "5", "1.0000"));
    assert_eq!(figures(&report, "offered_accepted", Some("female")), rates("6", "6", "1.0000"));

    let report = at("exceptions");
    let unit = figures(&report, "unit", Some("logistics"));
    assert_eq!(
        (&unit["offers"], &unit["exceptions"], &unit["exception_rate"]),
        (&json!("6"), &json!("0"), &json!("0.0000"))
    );
    let approver = report["rows"].as_array().unwrap().iter().find(|row| row["table"] == "approver").unwrap();
    assert_eq!(approver["figures"][0]["decimal"], "6", "{approver}");
    assert!(!report.to_string().contains(&tenant.subject("jinji")), "approvers are named by keys alone");

    // Nobody knows who worked beside them, since no file tells of the time of their exit.
    let report = at("stayer-ratios");
    suppressed(&report, "returners", None);
    assert_eq!(figures(&report, "left_out", Some("returners_without_stayers_or_peers")), json!({"people": "6"}));
}
