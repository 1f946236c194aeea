//! `/v1/rewards` and `/v1/reward-payables`: planned by hires, due by the calendar, approved by two people, taken by payroll.

use aggregates::checks::{Outcome, RuleResult, found, passed};
use aggregates::ids::{ActorId, PersonId, ReferralId, RewardPlanId};
use aggregates::referral::{HiredVia, ReferrerClass, ReferrerRelation};
use aggregates::reward::{HireFact, PaymentChannel, Planned, Reward, RewardCommand};
use aggregates::reward_plan::{
    Milestone, PayrollTreatment, PlanPin, PlanTerms, PresenceAtPayment, SocialInsuranceClass,
};
use aggregates::values::Money;
use chrono::{DateTime, Months, NaiveDate, Utc};
use okaeri::dispatch::Envelope;
use okaeri::identity::Role;
use okaeri::identity::trial::ISSUER;
use okaeri::serve::Engine;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::program::client::{Client, Reply};
use crate::program::people::{Tenant, local, tenant};
use crate::program::served_by_both_stores;
use crate::program::server::Home;
use crate::program::sql_views;
use crate::program::steps::having_read;
use crate::support::StoreKind;

served_by_both_stores!(
    a_reward_is_verified_by_one_approved_by_two_and_taken_by_payroll,
    what_is_asked_about_no_reward_is_answered_by_name,
);

/// Every route of the collection that takes a body, with one that it would take.
pub fn routes(tenant: &Tenant<'_>) -> Vec<(Client, String, Value)> {
    let (people_ops, compliance) = (tenant.people_ops(), tenant.compliance());
    let on = |command: &str| format!("/v1/rewards/{}/{command}", Uuid::now_v7());
    let note = json!({"note": "x"});
    vec![
        (people_ops.clone(), on("verify"), json!({})),
        (people_ops.clone(), on("approve"), json!({})),
        (people_ops.clone(), on("decline"), json!({"reason_code": "other", "note": "x"})),
        (people_ops.clone(), on("hold"), note.clone()),
        (people_ops.clone(), on("lift-hold"), note.clone()),
        (people_ops.clone(), on("forfeit"), json!({"clause": "x", "note": "x"})),
        (people_ops.clone(), on("close-correction-case"), note),
        (people_ops.clone(), on("answer-check"), json!({"rule": "REF-18", "answer": "satisfied", "evidence_ref": "x"})),
        (people_ops, on("acknowledge"), json!({"rule": "REF-21", "reason": "x"})),
        (compliance, on("record-legal-opinion"), json!({"rule": "REF-05", "ref": "x", "valid_until": "2030-03-31"})),
    ]
}

fn terms() -> PlanTerms {
    PlanTerms {
        name: "リファラル手当".into(),
        legal_entity: "JP-HQ".into(),
        clause: "賃金規程第20条".into(),
        filed_on: NaiveDate::from_ymd_opt(2024, 4, 1),
        amount: Money { amount: 100_000, currency: "JPY".into() },
        milestone: Milestone::Months(3),
        presence_at_payment: PresenceAtPayment::Required,
        payroll: PayrollTreatment {
            item_code: "REF01".into(),
            social_insurance: Some(SocialInsuranceClass::Bonus),
            note_ref: Some("sr/1".into()),
        },
    }
}

/// A reward for a hire of so many months ago, as the hire plans it.
fn planned(payee: ActorId, today: NaiveDate, months_ago: u32, gate: Vec<RuleResult>) -> Planned {
    let started_on = today - Months::new(months_ago);
    let relation = |on| ReferrerRelation {
        class: ReferrerClass::Employee,
        on,
        person_id: None,
        employee_number: Some("E-10231".into()),
        spans: vec![],
    };
    Planned {
        referral_id: ReferralId(Uuid::now_v7()),
        payee,
        payee_person_id: None,
        payee_employee_number: Some("E-10231".into()),
        legal_entity: "JP-HQ".into(),
        hire: HireFact {
            via: HiredVia::Record,
            person_id: PersonId(Uuid::now_v7()),
            employee_number: "E-20001".into(),
            started_on,
        },
        tranche: 1,
        plan: Some(PlanPin { plan_id: RewardPlanId(Uuid::now_v7()), version: 1, terms: terms() }),
        amount: Some(terms().amount),
        milestone_on: Some(terms().milestone.reached_on(started_on)),
        channel: PaymentChannel::Payroll,
        at_referral: relation(started_on),
        at_hire: relation(started_on),
        gate,
    }
}

/// Lets hires plan rewards of an employee while no program runs: one that is due, one that a rule holds, one that is barred.
/// Their ids.
fn plan(home: &Home, employee: &str) -> [String; 3] {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let ids = runtime.block_on(async {
        let engine = Engine::start(&home.config()).await.unwrap();
        let dispatcher = &engine.dispatcher;
        let employer = dispatcher.employers().get("acme").await.unwrap();
        let token = employer.keys.token("actor", &format!("{ISSUER}\n{employee}"));
        let who = json!({"issuer": ISSUER, "subject": employee, "name": null});
        let payee = ActorId(dispatcher.ledger().actor(&employer.name, &token, who).await.unwrap());
        let today = employer.local_date(dispatcher.ledger().now());
        let rules = [
            (4, vec![passed("REF-01", "employee", "職業安定法36条・40条")]),
            (1, vec![found("REF-18", Outcome::Hold, "note_missing", "通達")]),
            (4, vec![found("REF-14", Outcome::Block, "relative", "リファラル手当規程")]),
        ];
        let mut ids = Vec::new();
        for (months_ago, gate) in rules {
            let id = Uuid::now_v7();
            let envelope = Envelope::system(employer.clone(), "rewards.plan", Uuid::now_v7(), None);
            let order = RewardCommand::Plan(Box::new(planned(payee, today, months_ago, gate)));
            dispatcher.send::<Reward>(&envelope, id, order).await.unwrap();
            ids.push(id.to_string());
        }
        engine.stop().await;
        ids
    });
    runtime.shutdown_timeout(std::time::Duration::from_mins(1));
    ids.try_into().unwrap()
}

fn approve(by: &Client, reward: &str) -> Reply {
    having_read(by, "rewards", reward, "approve", &json!({}))
}

fn a_reward_is_verified_by_one_approved_by_two_and_taken_by_payroll(kind: StoreKind) {
    let home = Home::with_employers(kind, &["acme"]);
    let [due, held, barred] = plan(&home, "subject-ema-of-acme");
    let server = home.serve();
    let tenant = Tenant::of(&home, &server, "acme");
    let (people_ops, second, compliance) = (tenant.people_ops(), tenant.second_people_ops(), tenant.compliance());
    let payroll = tenant.user("hayashi", Role::Payroll);
    tenant.advance("PT1S");
    let works = tenant.person().works("E-20001", &tenant.day(-150));
    tenant.hris().post("/v1/employments", &works).expect(201);
    tenant.employed("ema", "E-10231");
    let read = |by: &Client, id: &str| by.read(&format!("/v1/rewards/{id}"));
    let command = |by: &Client, id: &str, name: &str, body: Value| tenant.command(by, "rewards", id, name, &body);
    let states = |ids: [&String; 3]| ids.map(|id| read(&people_ops, id)["state"].as_str().unwrap().to_owned());
    assert_eq!(states([&due, &held, &barred]), ["due", "held", "ineligible"]);

    // Whoever is paid sees their own, and by which rule nothing is owed.
    let employee = tenant.employee("ema");
    let own = employee.all("/v1/rewards");
    assert_eq!(own.len(), 3);
    assert_eq!((&own[2]["ending"]["rule"], &own[2]["ending"]["code"]), (&json!("REF-14"), &json!("relative")));
    assert!(own.iter().all(|reward| reward.get("checks").is_none() && reward.get("hire").is_none()));
    let other = tenant.employee("eiji");
    assert!(other.all("/v1/rewards").is_empty());
    other.get(&format!("/v1/rewards/{due}")).problem(404, "not_found");
    read(&employee, &due);
    employee.get("/v1/rewards?payee_person_id=0199a1b0-0000-7000-8000-000000000001").problem(403, "forbidden");

    // Verified by one, approved by two.
    approve(&people_ops, &due).refused(409, "not_verified");
    let verified = command(&people_ops, &due, "verify", json!({}));
    assert_eq!(verified.expect(200)["state"], "verified");
    assert_eq!(read(&compliance, &due)["payee_was"]["at_award"]["class"], "employee");
    command(&people_ops, &due, "approve", json!({})).problem(428, "precondition_required");
    assert_eq!(approve(&people_ops, &due).expect(200)["state"], "awaiting_approval");
    assert_eq!(approve(&people_ops, &due).refused(422, "second_person_required")["rule"], "REF-20");
    let payee = tenant.with_token(&tenant.person_token("ema", &[Role::PeopleOps]));
    assert_eq!(approve(&payee, &due).refused(422, "payee_may_not_decide")["rule"], "REF-14");
    assert_eq!(approve(&second, &due).expect(200)["state"], "approved");
    command(&second, &due, "decline", json!({"reason_code": "budget"})).refused(409, "already_approved");

    // Held until the rule is answered.
    command(&compliance, &held, "lift-hold", json!({})).refused(409, "checks_open");
    let answer = json!({"rule": "REF-18", "answer": "satisfied", "evidence_ref": "sr/2"});
    command(&people_ops, &held, "acknowledge", json!({"rule": "REF-18", "reason": "x"})).refused(409, "wrong_answer");
    command(&people_ops, &held, "answer-check", json!({"rule": "REF-99", "answer": "satisfied", "evidence_ref": "x"}))
        .points_at("/rule", "rule_not_evaluated");
    command(&people_ops, &held, "answer-check", answer).expect(200);
    assert_eq!(command(&compliance, &held, "lift-hold", json!({})).expect(200)["state"], "waiting");
    let words = tenant.words("本人からの申し出");
    assert_eq!(command(&payroll, &held, "hold", json!({"note": words})).expect(200)["state"], "held");
    assert_eq!(read(&payroll, &held)["hold"]["note"], words.as_str());
    command(&people_ops, &held, "forfeit", json!({"clause": "賃金規程第21条"})).expect(200);
    command(&people_ops, &held, "verify", json!({})).refused(409, "ended");

    // What payroll takes.
    let due_on = read(&people_ops, &due)["due_on"].as_str().unwrap().to_owned();
    let period = due_on.get(..7).unwrap();
    let rows = payroll.all(&format!("/v1/reward-payables?period={period}&state=approved"));
    assert_eq!(
        rows,
        [json!({
            "reward_id": due, "state": "approved", "legal_entity": "JP-HQ", "employee_number": "E-10231", "tranche": 1,
            "item_code": "REF01", "amount": {"amount": 100_000, "currency": "JPY"}, "tax_class": "salary",
            "social_insurance": "bonus", "clause": "賃金規程第20条", "due_on": due_on, "period": period,
        })]
    );
    assert_eq!(payroll.all(&format!("/v1/reward-payables?period={period}")).len(), 2, "with the one that is barred");
    if kind == StoreKind::Postgres {
        let sql =
            "select to_json(v)::text from reward_payables_v1 v where employer = 'acme' and period = $1 order by state";
        let shown = sql_views::rows(&home, sql, &[period]);
        let states: Vec<&Value> = shown.iter().map(|row| &row["state"]).collect();
        assert_eq!(states, ["approved", "ineligible"]);
        let mut row = shown[0].clone();
        assert!(row["position"].as_i64().is_some_and(|position| position > 0));
        row["position"] = Value::Null;
        assert_eq!(
            row,
            json!({
                "employer": "acme", "reward_id": due, "state": "approved", "legal_entity": "JP-HQ",
                "employee_number": "E-10231", "tranche": 1, "item_code": "REF01", "amount": 100_000, "currency": "JPY",
                "social_insurance": "bonus", "clause": "賃金規程第20条", "due_on": due_on, "period": period, "position": null,
            })
        );
    }
    assert!(payroll.all("/v1/reward-payables?period=2020-01").is_empty());
    let now: DateTime<Utc> = people_ops.read("/dev/clock")["now"].as_str().unwrap().parse().unwrap();
    assert!(due_on.parse::<NaiveDate>().unwrap() <= local(now));
}

fn what_is_asked_about_no_reward_is_answered_by_name(kind: StoreKind) {
    let tenant = tenant(kind);
    for (by, path, body) in routes(&tenant) {
        let reply = by.request("POST", &path).if_match(1).json(&body).send();
        assert!([404, 412].contains(&reply.status), "{path}: {}", reply.text());
    }
    let payroll = tenant.user("hayashi", Role::Payroll);
    for period in ["2027-4", "2027-13", "now"] {
        payroll.get(&format!("/v1/reward-payables?period={period}")).refused(400, "malformed_period");
    }
    payroll.get("/v1/reward-payables").problem(400, "malformed_request");
    assert!(payroll.all("/v1/reward-payables?period=2027-04").is_empty());
    for role in [Role::Employee, Role::Recruiter, Role::PeopleOps, Role::Alumnus] {
        tenant.user("other", role).get("/v1/reward-payables?period=2027-04").problem(403, "forbidden");
    }
}
