//! Two programs on one PostgreSQL: each sees at once what the other acknowledged, and what one was told the other knows.

use std::collections::BTreeSet;
use std::time::Duration;

use aggregates::ids::{ActorId, PersonId};
use aggregates::person::{LinkReason, PersonEvent};
use okaeri::ledger::{Append, NewEvent, StreamKey, TimerChange};
use serde_json::{Value, json};
use uuid::Uuid;

use super::client::Client;
use super::people::{Tenant, id};
use super::server::Home;
use crate::support::StoreKind;

#[test]
fn whoever_wrote_on_one_node_reads_it_on_the_other() {
    let home = Home::with_employers(StoreKind::Postgres, &["acme"]);
    let (one, other) = (home.serve(), home.serve());
    let (here, there) = (Tenant::of(&home, &one, "acme"), Tenant::of(&home, &other, "acme"));
    std::thread::scope(|scope| {
        for (name, writing, reading) in [("A", &here, &there), ("B", &there, &here)] {
            scope.spawn(move || {
                for nth in 0..12 {
                    let person = writing.person();
                    let number = format!("{name}-{nth}");
                    let works = writing.hris().post("/v1/employments", &person.works(&number, "2015-04-01"));
                    let employment = id(&works.expect(201));
                    let recorded = writing.people_ops().post("/v1/departures", &person.left(&number)).expect(201);
                    let departure = id(&recorded);
                    let seen = reading.people_ops().read(&format!("/v1/departures/{departure}"));
                    assert_eq!(seen["version"], recorded["version"]);
                    // What followed is there as well.
                    let ended = reading.hris().read(&format!("/v1/employments/{employment}"));
                    assert_eq!(ended["state"], "ended");
                    let member = reading.register(&departure, &person, &reading.alumnus(&number));
                    let departure = writing.people_ops().read(&format!("/v1/departures/{departure}"));
                    assert_eq!(departure["member_id"], member.as_str());
                }
            });
        }
    });
    let log = here.compliance().read("/v1/log?limit=500");
    let positions: Vec<u64> =
        log["items"].as_array().unwrap().iter().map(|item| item["position"].as_u64().unwrap()).collect();
    assert_eq!(positions, (1..=positions.len() as u64).collect::<Vec<_>>());
    assert_eq!(there.compliance().read("/v1/log?limit=500"), log);
}

#[test]
fn a_request_repeated_on_another_node_is_done_once() {
    let home = Home::with_employers(StoreKind::Postgres, &["acme"]);
    let (one, other) = (home.serve(), home.serve());
    let (here, there) = (Tenant::of(&home, &one, "acme"), Tenant::of(&home, &other, "acme"));
    let send = |tenant: &Tenant<'_>, key: &str, body: &Value| {
        tenant.people_ops().request("POST", "/v1/departures").json(body).key(key).send()
    };
    let leaver = here.person().left("E-1");
    let first = send(&here, "k", &leaver);
    let again = send(&there, "k", &leaver);
    assert_eq!((again.expect(201), again.header("idempotency-replayed")), (first.expect(201), Some("true")));
    for round in 0..5 {
        let leaver = here.person().left(&format!("R-{round}"));
        let key = format!("k-{round}");
        let replies: BTreeSet<String> = std::thread::scope(|scope| {
            let (leaver, key, send) = (&leaver, &key, &send);
            let twins: Vec<_> = [&here, &there, &here, &there]
                .into_iter()
                .map(|tenant| scope.spawn(move || id(&send(tenant, key, leaver).expect(201))))
                .collect();
            twins.into_iter().map(|twin| twin.join().unwrap()).collect()
        });
        assert_eq!(replies.len(), 1, "{replies:?}");
    }
    // Of many on both nodes who ask for the same thing without a key one gets it.
    let contested = here.person().left("E-2");
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let contested = &contested;
        let racers: Vec<_> = [&here, &there, &here, &there, &here, &there]
            .into_iter()
            .map(|tenant| scope.spawn(move || tenant.people_ops().post("/v1/departures", contested).status))
            .collect();
        racers.into_iter().map(|racer| racer.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| [201, 409].contains(status)), "{statuses:?}");
}

#[test]
fn a_node_goes_on_when_the_other_is_killed_and_both_go_by_one_clock() {
    let home = Home::with_employers(StoreKind::Postgres, &["acme"]);
    let (one, other) = (home.serve(), home.serve());
    let (here, there) = (Tenant::of(&home, &one, "acme"), Tenant::of(&home, &other, "acme"));
    let leaver = here.person();
    let departure = here.record(&leaver.leaves("E-1", "2015-04-01", &here.day(5)));
    let member = there.register(&departure, &leaver, &there.alumnus("megumi"));
    here.advance("P6D");
    let effective = |by: &Client| by.read(&format!("/v1/departures/{departure}"))["state"] == "effective";
    assert!(effective(&there.people_ops()), "whatever time brought is there on both");
    let mut attempts = 0;
    while here.today() != there.today() {
        attempts += 1;
        assert!(attempts < 100, "the other node does not follow the clock");
        std::thread::sleep(Duration::from_millis(50));
    }
    one.kill9();
    let alumnus = there.alumnus("megumi");
    assert_eq!(alumnus.read(&format!("/v1/members/{member}"))["state"], "active");
    let paused = there.command(&alumnus, "members", &member, "pause", &json!({"until": there.day(3)}));
    paused.expect(200);
    there.advance("P3D");
    assert_eq!(alumnus.read(&format!("/v1/members/{member}"))["state"], "active");
    drop((here, there));
    assert!(other.terminate().success());
    home.run_well(&["rebuild"]);
}

/// Two records prove to be one human being who refused contact, and the node that recorded it dies before anything follows:
/// no letter goes out meanwhile.
#[test]
fn nobody_is_invited_between_a_link_and_what_follows_from_it() {
    let home = Home::with_employers(StoreKind::Postgres, &["acme"]);
    let server = home.serve();
    let tenant = Tenant::of(&home, &server, "acme");
    let people_ops = tenant.people_ops();
    let (refused, free) = (tenant.record(&tenant.person().left("E-1")), tenant.record(&tenant.person().left("E-2")));
    let person = |departure: &str| -> Uuid {
        people_ops.read(&format!("/v1/departures/{departure}"))["person_id"].as_str().unwrap().parse().unwrap()
    };
    let (asked, asking) = (person(&refused), person(&free));
    tenant.command(&people_ops, "departures", &refused, "refuse-contact", &json!({})).expect(200);
    let link = json!({"same_as": asked, "reason": "documents_seen", "evidence_ref": "HR-1"});
    let proposed = tenant.command(&people_ops, "persons", &asking.to_string(), "link", &link).expect(200);
    let linked = PersonEvent::Linked {
        other: PersonId(asked),
        confirmed_by: ActorId(Uuid::nil()),
        reason: LinkReason::DocumentsSeen,
        evidence_ref: "HR-1".to_owned(),
        note: None,
    };
    let append = Append {
        stream: StreamKey { employer: "acme".into(), kind: "person", id: asking },
        expected: proposed["version"].as_i64().unwrap(),
        guards: vec![],
        command_id: Uuid::now_v7(),
        at: chrono::Utc::now().timestamp_micros(),
        metadata: [("actor".to_owned(), Uuid::nil().to_string())].into(),
        events: vec![NewEvent {
            event_type: "person.linked".to_owned(),
            event_version: 1,
            payload: serde_json::to_value(linked).unwrap(),
            person: Some(asking),
        }],
        claims: vec![],
        receipt: None,
        state: "linked",
        quiet_position: 0,
        timer: TimerChange::Keep,
        vault: <_>::default(),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let ledger = runtime.block_on(home.ledger());
    runtime.block_on(ledger.append(append)).unwrap();
    tenant.command(&people_ops, "departures", &free, "invite", &json!({})).refused(422, "contact_refused");
    let shown = || people_ops.read(&format!("/v1/departures/{free}"))["outreach"]["barred_because"].clone();
    let mut attempts = 0;
    while shown() != json!(["contact_refused"]) {
        attempts += 1;
        assert!(attempts < 200, "the bar does not follow");
        std::thread::sleep(Duration::from_millis(50));
    }
    runtime.block_on(ledger.close(Duration::from_secs(10)));
}
