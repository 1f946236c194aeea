//! `Idempotency-Key`: done once, answered as often as asked.

use serde_json::{Value, json};

use crate::program::client::{Client, Reply};
use crate::program::people::{id, tenant};
use crate::program::served_by_both_stores;
use crate::support::StoreKind;

served_by_both_stores!(
    a_repeat_gets_the_first_answer,
    a_repeat_is_answered_before_its_version_is_looked_at,
    a_key_belongs_to_its_caller_method_and_path,
    what_was_refused_is_decided_anew,
    twins_do_it_once,
);

fn send(by: &Client, path: &str, key: &str, body: &Value) -> Reply {
    by.request("POST", path).json(body).key(key).send()
}

fn a_repeat_gets_the_first_answer(kind: StoreKind) {
    let tenant = tenant(kind);
    let people_ops = tenant.people_ops();
    let leaver = tenant.person().left("E-1");
    let first = send(&people_ops, "/v1/departures", "k-1", &leaver);
    let departure = id(&first.expect(201));
    assert_eq!(first.header("idempotency-replayed"), None);
    // Meanwhile the departure has moved on.
    tenant.command(&people_ops, "departures", &departure, "refuse-contact", &json!({})).expect(200);
    let again = send(&people_ops, "/v1/departures", "k-1", &leaver);
    assert_eq!(again.expect(201), first.json());
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    for header in ["location", "etag"] {
        assert_eq!(again.header(header), first.header(header));
    }
    let mut other = leaver.clone();
    other["reason"] = json!("study");
    send(&people_ops, "/v1/departures", "k-1", &other).problem(422, "idempotency_key_reused");

    let invite = format!("/v1/departures/{}/invite", tenant.record(&tenant.person().left("E-2")));
    let first = send(&people_ops, &invite, "k-2", &json!({}));
    let again = send(&people_ops, &invite, "k-2", &json!({}));
    assert_eq!(first.expect(200), again.expect(200), "the very same invitation");
    tenant.tell(first.json()["invitation_token"].as_str().unwrap());
}

fn a_repeat_is_answered_before_its_version_is_looked_at(kind: StoreKind) {
    let tenant = tenant(kind);
    let people_ops = tenant.people_ops();
    let departure = tenant.record(&tenant.person().left("E-1"));
    let path = format!("/v1/departures/{departure}");
    let version = people_ops.read(&path)["version"].as_i64().unwrap();
    let assess = || {
        let path = format!("{path}/assess-eligibility");
        people_ops.request("POST", &path).json(&json!({"verdict": "needs_review"})).key("k").if_match(version).send()
    };
    let first = assess();
    assert_eq!(first.expect(200)["version"], version + 1);
    let again = assess();
    assert_eq!((again.status, again.json()), (200, first.json()), "not a mismatch: it is done");
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
}

fn a_key_belongs_to_its_caller_method_and_path(kind: StoreKind) {
    let tenant = tenant(kind);
    let (one, other) = (tenant.people_ops(), tenant.second_people_ops());
    let (a, b) = (tenant.record(&tenant.person().left("E-1")), tenant.record(&tenant.person().left("E-2")));
    let interview = json!({"held_on": "2024-03-01"});
    let path = |id: &str| format!("/v1/departures/{id}/record-exit-interview");
    assert_eq!(send(&one, &path(&a), "k", &interview).expect(200)["id"], a.as_str());
    let elsewhere = send(&one, &path(&b), "k", &interview);
    assert_eq!(
        (elsewhere.expect(200)["id"].as_str(), elsewhere.header("idempotency-replayed")),
        (Some(b.as_str()), None)
    );
    let by_another = send(&other, &path(&a), "k", &interview);
    assert_eq!(by_another.header("idempotency-replayed"), None);
    // Already so: nothing is recorded, yet the answer is kept.
    let version = by_another.expect(200)["version"].clone();
    assert_eq!(version, one.read(&format!("/v1/departures/{a}"))["version"]);
    assert_eq!(send(&other, &path(&a), "k", &interview).header("idempotency-replayed"), Some("true"));
}

fn what_was_refused_is_decided_anew(kind: StoreKind) {
    let tenant = tenant(kind);
    let (first, second) = (tenant.people_ops(), tenant.second_people_ops());
    let departure = tenant.record(&tenant.person().left("E-1"));
    let path = format!("/v1/departures/{departure}/confirm-eligibility");
    let confirmation =
        json!({"clause": "第12条", "evidence_ref": "x", "expires_on": tenant.day(300), "appeal_route": "y"});
    send(&second, &path, "k", &confirmation).refused(409, "nothing_to_confirm");
    let assessment = json!({"verdict": "not_eligible", "reason_code": "misconduct", "clause": "第12条"});
    tenant.command(&first, "departures", &departure, "assess-eligibility", &assessment).expect(200);
    let decided = send(&second, &path, "k", &confirmation);
    decided.expect(200);
    assert_eq!(decided.header("idempotency-replayed"), None);
    assert_eq!(send(&second, &path, "k", &confirmation).header("idempotency-replayed"), Some("true"));
}

fn twins_do_it_once(kind: StoreKind) {
    let tenant = tenant(kind);
    let people_ops = tenant.people_ops();
    for round in 0..5 {
        let leaver = tenant.person().left(&format!("E-{round}"));
        let key = format!("k-{round}");
        let replies: Vec<Reply> = std::thread::scope(|scope| {
            let (people_ops, leaver, key) = (&people_ops, &leaver, &key);
            let twins: Vec<_> =
                (0..8).map(|_| scope.spawn(move || send(people_ops, "/v1/departures", key, leaver))).collect();
            twins.into_iter().map(|twin| twin.join().unwrap()).collect()
        });
        let first = replies[0].expect(201);
        assert!(replies.iter().all(|reply| reply.expect(201) == first));
        let replayed = replies.iter().filter(|reply| reply.header("idempotency-replayed").is_some()).count();
        assert_eq!(replayed, 7);
    }
    assert_eq!(people_ops.all("/v1/departures").len(), 5);
}
