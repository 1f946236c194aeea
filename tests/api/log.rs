//! `/v1/log` and `/v1/history`: the employer's own record of all that happened, for those who check it.

use okaeri::identity::Role;
use okaeri::ledger::leaf_hash;
use serde_json::{Value, json};

use crate::program::people::{Tenant, tenant};
use crate::program::served_by_both_stores;
use crate::support::StoreKind;

served_by_both_stores!(
    the_log_is_without_gaps_and_every_leaf_fits_its_hash,
    the_log_names_nobody_unless_it_is_opened,
    the_log_is_given_in_three_forms,
    a_history_tells_who_did_what_in_which_role_and_why,
);

/// A few things that happened.
fn happen(tenant: &Tenant<'_>) -> (String, crate::program::people::Person) {
    let (leaver, alumnus) = (tenant.person(), tenant.alumnus("megumi"));
    let departure = tenant.record(&leaver.left("E-1"));
    tenant.register(&departure, &leaver, &alumnus);
    tenant
        .command(&tenant.hris(), "departures", &departure, "correct", &json!({"why": "x", "grade": "G5"}))
        .expect(200);
    for nth in 2..6 {
        tenant.record(&tenant.person().left(&format!("E-{nth}")));
    }
    (departure, leaver)
}

fn whole(tenant: &Tenant<'_>, query: &str) -> Vec<Value> {
    let mut items = Vec::new();
    let mut after = 0;
    loop {
        let page = tenant.compliance().read(&format!("/v1/log?after={after}&limit=7{query}"));
        let found = page["items"].as_array().unwrap();
        if found.is_empty() {
            return items;
        }
        items.extend(found.iter().cloned());
        after = page["next_after"].as_i64().unwrap();
    }
}

fn the_log_is_without_gaps_and_every_leaf_fits_its_hash(kind: StoreKind) {
    let tenant = tenant(kind);
    happen(&tenant);
    let log = whole(&tenant, "");
    let positions: Vec<u64> = log.iter().map(|item| item["position"].as_u64().unwrap()).collect();
    assert_eq!(positions, (1..=log.len() as u64).collect::<Vec<_>>());
    let lines =
        tenant.compliance().request("GET", "/v1/log?limit=500").header("accept", "application/jsonl").send().text();
    for (leaf, item) in lines.lines().zip(&log) {
        let hash: String = leaf_hash(leaf.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(item["leaf_hash"], hash.as_str());
        let mut bare = item.clone();
        for member in ["position", "leaf_hash", "opened"] {
            bare.as_object_mut().unwrap().remove(member);
        }
        assert_eq!(serde_json::from_str::<Value>(leaf).unwrap(), bare);
    }
    assert_eq!(lines.lines().count(), log.len());
    let times: Vec<&str> = log.iter().map(|item| item["recorded_at"].as_str().unwrap()).collect();
    assert!(times.is_sorted(), "an instant is a prefix of the log");
    let recorded = whole(&tenant, "&type=departure.recorded");
    assert_eq!(recorded.len(), 5);
    assert_eq!(
        whole(&tenant, "&type=departure").len(),
        log.iter().filter(|i| i["type"].as_str().unwrap().starts_with("departure.")).count()
    );
    let person = recorded[0]["payload"]["person_id"].as_str().unwrap();
    let about = whole(&tenant, &format!("&subject={person}"));
    assert!(about.iter().any(|item| item["type"] == "member.registered") && about.len() < log.len());
    for role in Role::ALL.into_iter().filter(|role| *role != Role::Compliance) {
        tenant.user("other", role).get("/v1/log").problem(403, "forbidden");
    }
}

fn the_log_names_nobody_unless_it_is_opened(kind: StoreKind) {
    let tenant = tenant(kind);
    let (_, leaver) = happen(&tenant);
    let compliance = tenant.compliance();
    let closed = compliance.get("/v1/log?limit=500").text();
    for value in [&leaver.name, &leaver.name_kana, &leaver.email, &leaver.phone, &leaver.birth_date] {
        assert!(!closed.contains(value.as_str()));
    }
    assert!(!closed.contains("relocation") && !closed.contains("subject-"));
    let opened = compliance.read("/v1/log?limit=500&open=true");
    let first = &opened["items"][0]["opened"];
    assert_eq!((&first["person"]["name"], &first["reason"]), (&json!(leaver.name), &json!("relocation")));
    let jsonl = compliance.request("GET", "/v1/log?open=true").header("accept", "application/jsonl").send();
    jsonl.problem(400, "malformed_request");
}

fn the_log_is_given_in_three_forms(kind: StoreKind) {
    let tenant = tenant(kind);
    happen(&tenant);
    let compliance = tenant.compliance();
    let ask = |accept: &str| compliance.request("GET", "/v1/log?limit=3").header("accept", accept).send();
    let batch = ask("application/cloudevents-batch+json");
    let events = batch.expect(200);
    assert_eq!(batch.header("content-type"), Some("application/cloudevents-batch+json"));
    assert_eq!(events.as_array().unwrap().len(), 3);
    assert_eq!((&events[0]["specversion"], &events[0]["type"]), (&json!("1.0"), &json!("departure.recorded")));
    assert!(batch.header("link").unwrap().contains("after=3"));
    assert_eq!(ask("*/*").header("content-type"), Some("application/json"));
    ask("text/html").problem(406, "not_acceptable");
}

fn a_history_tells_who_did_what_in_which_role_and_why(kind: StoreKind) {
    let tenant = tenant(kind);
    let (departure, _) = happen(&tenant);
    let compliance = tenant.compliance();
    let history = compliance.all(&format!("/v1/history/departures/{departure}"));
    let told: Vec<(&str, &str)> =
        history.iter().map(|item| (item["event"].as_str().unwrap(), item["role"].as_str().unwrap())).collect();
    assert_eq!(
        told,
        [
            ("departure.recorded", "people_ops"),
            ("departure.eligibility_proposed", "people_ops"),
            ("departure.became_effective", "people_ops"),
            ("departure.invited", "people_ops"),
            ("departure.registration_noted", "system"),
            ("departure.corrected", "hris"),
        ]
    );
    for item in &history {
        for member in ["position", "sequence", "at", "actor", "title_en", "title_ja"] {
            assert!(!item[member].is_null(), "{member}: {item}");
        }
    }
    assert_eq!(history[0]["actor"]["name"], tenant.subject("suzuki"));
    let noted = &history[4];
    assert!(noted["caused_by"].is_i64() && noted["actor"]["kind"] == "system", "{noted}");
    let recruiter = tenant.recruiter().all(&format!("/v1/history/departures/{departure}"));
    assert_eq!(recruiter.len(), history.len());
    assert!(recruiter.iter().all(|item| item["actor"].get("name").is_none_or(Value::is_null)), "{recruiter:?}");
    let pages = compliance.all(&format!("/v1/history/departures/{departure}?limit=2"));
    assert_eq!(pages, history);
    tenant.user("other", Role::Executive).get(&format!("/v1/history/departures/{departure}")).problem(403, "forbidden");
    tenant.recruiter().get(&format!("/v1/history/persons/{departure}")).problem(403, "forbidden");
}
