//! Somebody about whom thousands of events are recorded reads their own data: in parts, with bounded work for each.

use std::collections::BTreeSet;
use std::time::Duration;

use aggregates::member::{ConsentPurpose, Intent, MemberEvent};
use okaeri::ledger::{Append, NewEvent, StreamKey, TimerChange};
use serde_json::{Value, json};
use uuid::Uuid;

use super::client::Client;
use super::people::Tenant;
use super::served_by_both_stores;
use super::server::Home;
use crate::support::StoreKind;

served_by_both_stores!(data_of_a_long_membership_is_read_in_parts);

/// How many events follow the registration.
const EVENTS: i64 = 3_000;
/// How many a command records.
const AT_ONCE: i64 = 100;

/// What the member says the nth time.
fn said(nth: i64) -> (MemberEvent, &'static str) {
    let purpose = ConsentPurpose::Publicity;
    match nth % 100 {
        10 => (MemberEvent::ConsentGranted { purpose, text_version: nth.to_string() }, "consent_granted"),
        60 => (MemberEvent::ConsentWithdrawn { purpose }, "consent_withdrawn"),
        _ => {
            let intents = if nth % 2 == 0 { BTreeSet::from([Intent::Return]) } else { BTreeSet::new() };
            (MemberEvent::IntentsDeclared { intents }, "intents_declared")
        }
    }
}

/// Appends them below the API, while no program runs.
fn say_it_all(home: &Home, member: &str, version: i64, person: &str) {
    let (id, person): (Uuid, Uuid) = (member.parse().unwrap(), person.parse().unwrap());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let ledger = home.ledger().await;
        for first in (0..EVENTS).step_by(usize::try_from(AT_ONCE).unwrap()) {
            let events = (first..first + AT_ONCE).map(said).map(|(event, name)| NewEvent {
                event_type: format!("member.{name}"),
                event_version: 1,
                payload: serde_json::to_value(event).unwrap(),
                person: Some(person),
            });
            let metadata = [("actor", Uuid::nil().to_string()), ("actor_kind", "person".into())];
            let append = Append {
                stream: StreamKey { employer: "acme".into(), kind: "member", id },
                expected: version + first,
                guards: vec![],
                command_id: Uuid::now_v7(),
                at: ledger.now().timestamp_micros(),
                metadata: metadata.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
                events: events.collect(),
                claims: vec![],
                receipt: None,
                state: "active",
                quiet_position: 0,
                timer: TimerChange::Keep,
                vault: <_>::default(),
            };
            ledger.append(append).await.unwrap();
        }
        ledger.close(Duration::from_secs(10)).await;
    });
}

/// How many events the program has read for readers and commands.
fn events_read(anyone: &Client) -> u64 {
    let metrics = anyone.get("/metrics").text();
    let line = metrics.lines().find_map(|line| line.strip_prefix("okaeri_events_read_total "));
    line.unwrap_or_else(|| panic!("{metrics}")).parse().unwrap()
}

fn data_of_a_long_membership_is_read_in_parts(kind: StoreKind) {
    let home = Home::with_employers(kind, &["acme"]);
    let server = home.serve();
    let (member, person, version);
    {
        let tenant = Tenant::of(&home, &server, "acme");
        let leaver = tenant.person();
        let departure = tenant.record(&leaver.left("E-1"));
        let alumnus = tenant.alumnus("megumi");
        member = tenant.register(&departure, &leaver, &alumnus);
        tenant.command(&alumnus, "members", &member, "declare-group", &json!({"group": {"sex": "female"}})).expect(200);
        let document = alumnus.read(&format!("/v1/members/{member}"));
        (person, version) = (document["person_id"].as_str().unwrap().to_owned(), document["version"].as_i64().unwrap());
    }
    assert!(server.terminate().success());
    say_it_all(&home, &member, version, &person);

    let server = home.serve();
    let tenant = Tenant::of(&home, &server, "acme");
    let alumnus = tenant.alumnus("megumi");
    let path = format!("/v1/members/{member}");
    let mut attempts = 0;
    while alumnus.get(&path).json()["version"] != version + EVENTS {
        attempts += 1;
        assert!(attempts < 100, "the read model does not catch up");
    }
    let head = tenant.compliance().read(&format!("/v1/log?after={EVENTS}&limit=500"))["items"].clone();
    let head = head.as_array().unwrap().last().unwrap()["position"].as_i64().unwrap();

    let before = events_read(&tenant.anyone);
    let latest = alumnus.read("/v1/my/data");
    let read = events_read(&tenant.anyone) - before;
    assert!(read < 700, "{read} events were read for {} lines", latest["history"].as_array().unwrap().len());
    assert_eq!(latest["memberships"][0]["group"]["sex"], "female", "said long ago, and still standing");
    // Publicity was granted and withdrawn in turn; what was given at the beginning stands.
    let consents = &latest["consents"][0];
    let whole = alumnus.read("/v1/my/consents")["memberships"][0].clone();
    for part in ["purposes", "state", "terms_version", "terms_accepted_at", "history", "history_truncated"] {
        assert_eq!(consents[part], whole[part], "{part}");
    }
    let granted = consents["purposes"].as_array().unwrap().iter().filter(|purpose| purpose["granted"] == true).count();
    assert_eq!(granted, 3);

    let (mut page, mut seen, mut pages): (Value, Vec<i64>, usize) = (latest, vec![], 0);
    loop {
        let lines = page["history"].as_array().unwrap();
        let positions: Vec<i64> = lines.iter().map(|line| line["position"].as_i64().unwrap()).collect();
        assert!(positions.is_sorted() && positions.len() <= 500);
        seen.splice(0..0, positions);
        pages += 1;
        assert_eq!(page["history_truncated"], !page["history_next"].is_null());
        let Some(next) = page["history_next"].as_str() else { break };
        page = alumnus.read(next);
    }
    assert_eq!(seen, (1..=head).collect::<Vec<_>>(), "nothing is left out, nothing told twice");
    assert!(pages > 6, "{pages}");
}
