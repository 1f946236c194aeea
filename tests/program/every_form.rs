//! Every stored form of an event, and whatever the API makes of it: each collection as each role reads it.
//!
//! The events are appended below the API, in orders that commands would never leave: what the log may hold is read without
//! an error of the program, and in the shape that the API promises, which this build of the program checks with every reply.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use okaeri::dispatch::Dispatcher;
use okaeri::feed::Feed;
use okaeri::http::{self, Identity};
use okaeri::identity::Role;
use okaeri::identity::permissions::{Access, Decision, Method, Permissions};
use okaeri::identity::trial::{TrialToken, TrialVerifier};
use okaeri::ledger::{Append, Ledger, MasterKey, NewEvent, StreamKey, TimerChange};
use okaeri::serve;
use okaeri::telemetry::Metrics;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use uuid::Uuid;

use super::client::Client;
use super::server::Home;
use crate::support::StoreKind;

const EMPLOYER: &str = "acme";

/// Each kind of stream, its collection, and the number of the stream that the samples of other kinds name.
const KINDS: [(&str, &str, u64); 18] = [
    ("departure", "departures", 3),
    ("member", "members", 4),
    ("employment", "employments", 5),
    ("no_rehire_flag", "no-rehire-flags", 6),
    ("follow_up", "", 7),
    ("offer", "offers", 8),
    ("application", "applications", 9),
    ("requisition", "requisitions", 10),
    ("referral", "referrals", 12),
    ("reward_plan", "reward-plans", 13),
    ("reward", "rewards", 14),
    ("pay_policy", "pay-policies", 15),
    ("pay_bands", "pay-bands", 16),
    ("incumbent_snapshot", "incumbent-snapshots", 17),
    ("incumbent_part", "", 18),
    ("programme_policy", "programme-policies", 19),
    ("access", "", 20),
    // Last, since it erases.
    ("person", "persons", 2),
];
/// Members of events that name whoever acts or is concerned: there, the caller does.
const ACCOUNTS: [&str; 6] = ["account", "hiring_manager", "owner", "payee", "recruiter", "referrer"];

/// A fixed id for each number, as the samples have them.
fn uuid(number: u64) -> Uuid {
    Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0000 | u128::from(number))
}

/// One sample or more of every event of a kind, from the stored forms that the aggregates pin; all accounts are this one.
fn samples(kind: &str, account: Uuid) -> Vec<NewEvent> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("aggregates/tests/goldens").join(format!("{kind}.json"));
    let forms: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    let read = |mut form: Value| {
        put(&mut form, account);
        NewEvent {
            event_type: format!("{kind}.{}", form["type"].as_str().unwrap()),
            event_version: 1,
            payload: form,
            person: Some(uuid(2)),
        }
    };
    forms.into_iter().map(read).collect()
}

fn put(value: &mut Value, account: Uuid) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                if ACCOUNTS.contains(&name.as_str()) && member.is_string() {
                    *member = json!(account);
                } else if name == "interviewers" && member.is_array() {
                    *member = json!([account]);
                } else {
                    put(member, account);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| put(item, account)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A command that records these events as a new stream.
fn told(kind: &'static str, id: Uuid, events: Vec<NewEvent>, account: Uuid, at: i64) -> Append {
    let metadata = [
        ("actor", account.to_string()),
        ("actor_kind", "person".to_owned()),
        ("role", "people_ops".to_owned()),
        ("person_id", uuid(2).to_string()),
    ];
    Append {
        stream: StreamKey { employer: Arc::from(EMPLOYER), kind, id },
        expected: 0,
        guards: vec![],
        command_id: Uuid::now_v7(),
        at,
        metadata: metadata.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        events,
        claims: vec![],
        receipt: None,
        state: "told",
        quiet_position: 0,
        timer: TimerChange::Keep,
        vault: <_>::default(),
    }
}

/// Tells of every kind three stories: all of it, each event behind the first, and all of it up to each event. The streams of
/// each collection.
async fn tell(ledger: &Ledger, account: Uuid) -> BTreeMap<&'static str, Vec<Uuid>> {
    let mut streams: BTreeMap<&'static str, Vec<Uuid>> = BTreeMap::new();
    for (kind, collection, named) in KINDS {
        let all = samples(kind, account);
        let mut stories = vec![(uuid(named), all.clone())];
        for nth in 1..all.len() {
            stories.push((Uuid::now_v7(), vec![all[0].clone(), all[nth].clone()]));
            stories.push((Uuid::now_v7(), all[..nth].to_vec()));
        }
        // What is about everybody's person would erase all the others.
        if kind == "person" {
            stories.truncate(1);
        }
        for (id, events) in stories {
            let at = ledger.now().timestamp_micros();
            ledger.append(told(kind, id, events, account, at)).await.unwrap();
            streams.entry(collection).or_default().push(id);
        }
    }
    streams
}

/// The program without what would follow from events that no command decided.
async fn served(home: &Home, ledger: Arc<Ledger>) -> Client {
    let key = serve::trial_key(&MasterKey::parse(home.master_key()).unwrap());
    let feed = Feed::new(Arc::clone(&ledger), serve::models());
    feed.prepare().await.unwrap();
    tokio::spawn(feed.clone().run(Duration::from_millis(20)));
    let dispatcher = Arc::new(Dispatcher::new(ledger, feed).await.unwrap());
    let identity = Identity::Trial(TrialVerifier::new(key));
    let router = http::router(dispatcher, identity, Permissions::embedded().unwrap(), Metrics::default());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(http::answer(listener, router, std::future::pending()));
    Client::new(address)
}

/// What a route is asked with, as this role may.
fn paths(table: &Permissions, template: &str, role: Role, streams: &BTreeMap<&'static str, Vec<Uuid>>) -> Vec<String> {
    let filled = |collection: &str| -> Vec<String> {
        let path = template.replace("{collection}", collection);
        let ids = streams.get(collection).into_iter().flatten();
        ids.map(|id| path.replace("{id}", &id.to_string())).collect()
    };
    if template.contains("{collection}") {
        let may = |collection: &&&str| table.decide_history(collection, &[role].into()) != Decision::Denied;
        return streams.keys().filter(may).flat_map(|collection| filled(collection)).collect();
    }
    if table.granted("GET", template, &[role].into()).is_empty() {
        return vec![];
    }
    if template.contains("{id}") {
        return filled(template.split('/').nth(2).unwrap());
    }
    // What is payable is asked for a month.
    let asked = if template == "/v1/reward-payables" { "period=2027-04" } else { "limit=500" };
    vec![template.to_owned(), format!("{template}?{asked}")]
}

#[test]
fn whatever_the_log_may_hold_is_read_in_the_shape_that_the_api_promises() {
    let home = Home::with_employers(StoreKind::Sqlite, &[EMPLOYER]);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let ledger = runtime.block_on(home.ledger());
    let anyone = runtime.block_on(served(&home, Arc::clone(&ledger)));
    let somebody = |role| anyone.bearing(&home.sign(&TrialToken::person("somebody", EMPLOYER, [role].into())));
    let account = somebody(Role::Alumnus).read("/v1/my/data")["account"]["id"].as_str().unwrap().parse().unwrap();
    let streams = runtime.block_on(tell(&ledger, account));

    let table = Permissions::embedded().unwrap();
    let (mut read, mut failed, mut silent) = (0, BTreeMap::new(), BTreeSet::new());
    for role in Role::ALL {
        let somebody = somebody(role);
        for route in table.routes().filter(|route| route.method == Method::Get && route.access != Access::Public) {
            let paths = paths(&table, &route.path, role, &streams);
            let mut answered = paths.is_empty();
            for path in paths {
                let reply = somebody.get(&path);
                (read, answered) = (read + u32::from(reply.status == 200), answered || reply.status == 200);
                if reply.status >= 500 {
                    failed.entry((role.to_string(), route.path.clone())).or_insert_with(|| (path, reply.text()));
                }
            }
            if !answered {
                silent.insert((role.to_string(), route.path.clone()));
            }
        }
    }
    let stopped = runtime.block_on(ledger.checkpoints()).unwrap().into_iter().find(|one| one.stopped.is_some());
    assert!(stopped.is_none(), "{stopped:?}");
    assert!(failed.is_empty(), "{failed:#?}");
    assert!(read > 1_000, "{read}");
    // No version in the samples governs today: there is nothing to explain.
    silent.retain(|(_, path)| path != "/v1/pay-policies/{id}/explanation");
    assert!(silent.is_empty(), "nothing of them was read: {silent:#?}");
    runtime.shutdown_background();
}
