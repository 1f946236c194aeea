//! The permissions table held against the running program: every route, every role, one's own employer and another.

use std::collections::BTreeMap;

use okaeri::identity::Role;
use okaeri::identity::permissions::{Access, Decision, Method, Permissions, Route};
use serde_json::{Value, json};

use super::client::{Client, Reply};
use super::people::{Tenant, id, tenant};
use super::served_by_both_stores;
use crate::support::StoreKind;

served_by_both_stores!(every_role_reaches_what_the_table_grants_and_nothing_else);

/// One thing of each collection, of which nobody who asks in this test is the owner.
fn things(tenant: &Tenant<'_>) -> BTreeMap<&'static str, String> {
    let (leaver, owner) = (tenant.person(), tenant.alumnus("owner"));
    let departure = tenant.record(&leaver.left("E-1"));
    let member = tenant.register(&departure, &leaver, &owner);
    let works = tenant.person().works("A-1", "2020-04-01");
    let employment = id(&tenant.hris().post("/v1/employments", &works).expect(201));
    let people_ops = tenant.people_ops();
    let person = people_ops.read(&format!("/v1/departures/{departure}"))["person_id"].as_str().unwrap().to_owned();
    let flag = json!({
        "person_id": person, "reason": "harassment", "clause": "第62条", "evidence_ref": "x", "appeal_route": "x",
        "expires_on": tenant.day(300),
    });
    let flag = id(&people_ops.post("/v1/no-rehire-flags", &flag).expect(201));
    let requisition = json!({
        "title": "x", "employment_type": "regular", "headcount": 1, "audience": ["alumni", "public"],
    });
    let requisition = id(&tenant.recruiter().post("/v1/requisitions", &requisition).expect(201));
    tenant.command(&tenant.recruiter(), "requisitions", &requisition, "publish", &json!({})).expect(200);
    let applies = json!({"member_id": member, "requisition_id": requisition, "channel": "alumni"});
    let application = id(&owner.post("/v1/applications", &applies).expect(201));
    let plan = json!({
        "name": "x", "clause": "x", "amount": {"amount": 1, "currency": "JPY"}, "milestone": {"days": 1},
        "payroll": {"item_code": "x"},
    });
    let plan = id(&tenant.programme_admin().post("/v1/reward-plans", &plan).expect(201));
    let compensation = tenant.user("mori", Role::Compensation);
    let bands = "band_version,effective_from,grade,job_family,location,minimum,midpoint,maximum\n\
                 v,2026-04-01,G3,driver,tokyo,1,2,3\n";
    let bands = recorded(&compensation.upload("/v1/pay-bands", bands.as_bytes()).expect(200));
    let incumbents = format!(
        "employee_number,hired_on,grade,job_family,location,employment_type,base_salary\n\
         {},2020-04-01,G3,driver,tokyo,regular,2\n",
        tenant.employer
    );
    let snapshot = recorded(&compensation.upload("/v1/incumbent-snapshots", incumbents.as_bytes()).expect(200));
    let policy = id(&tenant.programme_admin().post("/v1/pay-policies", &json!({"clause": "x"})).expect(201));
    let programme = json!({
        "name": {"ja": "規程", "en": "Policy"}, "clauses": [{"id": "1", "ja": "目的", "en": "Purpose"}],
        "offers": ["community"], "contact": "x",
    });
    let programme = id(&tenant.programme_admin().post("/v1/programme-policies", &programme).expect(201));
    let candidate = tenant.person();
    let refers = json!({"kind": "talent", "candidate": {"name": candidate.name}, "relationship": "friend"});
    let referral = id(&tenant.employee("referrer").post("/v1/referrals", &refers).expect(201));
    BTreeMap::from([
        ("requisitions", requisition),
        ("reward-plans", plan),
        ("pay-bands", bands),
        ("incumbent-snapshots", snapshot),
        ("pay-policies", policy),
        ("programme-policies", programme),
        ("applications", application),
        // Nobody was evaluated yet.
        ("offers", uuid::Uuid::now_v7().to_string()),
        // Hires plan them, and nobody was hired.
        ("rewards", uuid::Uuid::now_v7().to_string()),
        ("departures", departure),
        ("members", member),
        ("employments", employment),
        ("persons", person),
        ("no-rehire-flags", flag),
        ("referrals", referral),
    ])
}

/// What a file was recorded as.
fn recorded(report: &Value) -> String {
    report["recorded"][0].as_str().unwrap().to_owned()
}

/// The addresses that a route stands for, with the collection whose history each is, where it is one.
fn addresses(route: &Route, things: &BTreeMap<&'static str, String>) -> Vec<(String, Option<&'static str>)> {
    if route.path.contains("{collection}") {
        let filled = |(name, id): (&&'static str, &String)| {
            (route.path.replace("{collection}", name).replace("{id}", id), Some(*name))
        };
        return things.iter().map(filled).collect();
    }
    let collection = route.path.split('/').nth(2).unwrap_or_default();
    let id = things.get(collection).cloned().unwrap_or_default();
    vec![(route.path.replace("{id}", &id).replace("{code}", "forbidden"), None)]
}

fn ask(by: &Client, method: Method, path: &str) -> Reply {
    match method {
        Method::Get => by.get(path),
        Method::Post => by.post(path, &json!({})),
    }
}

fn every_role_reaches_what_the_table_grants_and_nothing_else(kind: StoreKind) {
    let (tenant, neighbour) = (tenant(kind), tenant(kind));
    let things = things(&tenant);
    let table = Permissions::embedded().unwrap();
    let mut looked = 0;
    for route in table.routes() {
        for (path, history_of) in addresses(route, &things) {
            let anonymous = ask(&tenant.anyone, route.method, &path);
            if route.access == Access::Public {
                // A command without a bearer is authenticated by what its body holds, and here it holds nothing.
                let fine: &[u16] = if route.method == Method::Post { &[400, 422] } else { &[200, 503] };
                assert!(fine.contains(&anonymous.status), "{route}: {}", anonymous.text());
                continue;
            }
            anonymous.refused(401, "token_missing");
            for role in Role::ALL {
                let decision = match history_of {
                    Some(collection) => table.decide_history(collection, &[role].into()),
                    None => Decision::of(table.granted(&route.method.to_string(), &route.path, &[role].into())),
                };
                let what = format!("{role}: {route} at {path}");
                let reply = ask(&tenant.user("somebody", role), route.method, &path);
                match decision {
                    Decision::Denied => {
                        let problem = reply.problem(403, "forbidden");
                        let named = problem["permission"].as_str().unwrap();
                        let expected = route.to_string().replace("{collection}", history_of.unwrap_or("{collection}"));
                        assert!([route.to_string(), expected].contains(&named.to_owned()), "{what}: {named}");
                    }
                    Decision::Allowed { .. } => {
                        assert!(![401, 403].contains(&reply.status) && reply.status < 500, "{what}: {}", reply.text());
                    }
                    // What is another's is not there, and a list of one's own holds nothing.
                    Decision::AllowedIf { .. } => {
                        let empty = reply.status == 200 && reply.json()["items"] == json!([]);
                        let unknown = empty || [404, 422].contains(&reply.status);
                        assert!(unknown, "{what}: {} {}", reply.status, reply.text());
                    }
                }
                let elsewhere = ask(&neighbour.user("somebody", role), route.method, &path);
                assert_eq!(elsewhere.status == 403, decision_denies(&reply), "{what} elsewhere: {}", elsewhere.text());
                nothing_of(&things, &elsewhere, &what);
                if route.natural_person && reply.status != 403 {
                    let mut service = tenant.person_token("robot", &[role]);
                    service.service = true;
                    let robot = tenant.with_token(&service);
                    ask(&robot, route.method, &path).problem(403, "natural_person_required");
                }
                looked += 1;
            }
        }
    }
    assert!(looked > 14 * 40, "{looked}");
}

fn decision_denies(reply: &Reply) -> bool {
    reply.status == 403
}

/// Another employer's answer tells nothing, whatever its status.
fn nothing_of(things: &BTreeMap<&'static str, String>, reply: &Reply, what: &str) {
    assert!(reply.status < 500, "{what}: {}", reply.text());
    let text = reply.text();
    for id in things.values() {
        assert!(!text.contains(id.as_str()), "{what} told another employer: {text}");
    }
    if what.contains("{id}") {
        assert!(reply.status >= 400, "{what} went well for another employer: {text}");
    }
}
