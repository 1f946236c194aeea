//! The program is killed in the middle of its work, again and again: what it acknowledged is there afterwards, nothing is
//! there twice, and what should have followed has followed.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod consistency;

use std::net::SocketAddr;
use std::sync::RwLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use aggregates::departure::DepartureEvent;
use chrono::TimeDelta;
use okaeri::ledger::{Append, NewEvent, StreamKey, TimerChange};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::program::client::{Client, Reply};
use crate::program::people::{Person, Tenant, id, unique};
use crate::program::served_by_both_stores;
use crate::program::server::Home;
use crate::support::StoreKind;

served_by_both_stores!(
    what_was_acknowledged_survives_kills_and_nothing_is_done_twice,
    what_a_crash_left_undone_follows_after_the_restart,
    what_has_followed_does_not_follow_again,
);

const CLIENTS: usize = 8;
const STORIES: usize = 5;
/// Requests of one story.
const STEPS: usize = 6;
const KILLS: usize = 4;

/// What a client remembers of a request that was answered.
struct Answered {
    caller: String,
    path: String,
    key: String,
    body: Value,
    reply: Value,
}

/// A client that repeats each request with the same key until it is answered.
struct Stubborn<'t> {
    tenant: &'t Tenant<'t>,
    address: &'t RwLock<SocketAddr>,
    answered: Vec<Answered>,
    done: &'t AtomicUsize,
}

impl Stubborn<'_> {
    fn ask(&mut self, caller: &str, by: &Client, path: &str, key: &str, body: &Value) -> Value {
        for _ in 0..1000 {
            let address = *self.address.read().unwrap();
            let client = Client::without_pool(address).bearing(by.token());
            match client.request("POST", path).json(body).key(key).try_send() {
                Ok(reply) if reply.status == 503 => {}
                Ok(reply) => {
                    assert!([200, 201].contains(&reply.status), "{path} {key}: {}", reply.text());
                    let (caller, path, key) = (caller.to_owned(), path.to_owned(), key.to_owned());
                    let (body, reply) = (body.clone(), reply.json());
                    self.answered.push(Answered { caller, path, key, body, reply: reply.clone() });
                    self.done.fetch_add(1, Ordering::Relaxed);
                    return reply;
                }
                // Killed, or not up yet.
                Err(_) => {}
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("{path} {key} was never answered");
    }

    /// One person's story, from employment to membership.
    fn tell(&mut self, number: &str, person: &Person) {
        let tenant = self.tenant;
        let (hris, people_ops, alumnus) = (tenant.hris(), tenant.people_ops(), tenant.alumnus(number));
        let key = |step: &str| format!("{step}-{number}");
        self.ask("hris-sync", &hris, "/v1/employments", &key("works"), &person.works(number, "2015-04-01"));
        let departure = id(&self.ask("suzuki", &people_ops, "/v1/departures", &key("leaves"), &person.left(number)));
        let command = |name: &str| format!("/v1/departures/{departure}/{name}");
        let interview = json!({"held_on": "2024-03-01", "notes": "円満"});
        self.ask("suzuki", &people_ops, &command("record-exit-interview"), &key("interview"), &interview);
        let invited = self.ask("suzuki", &people_ops, &command("invite"), &key("invite"), &json!({}));
        let invitation = invited["invitation_token"].as_str().unwrap();
        tenant.tell(invitation);
        let member = id(&self.ask(number, &alumnus, "/v1/members", &key("registers"), &person.registers(invitation)));
        let granted = json!({"purpose": "publicity", "text_version": "2026-10"});
        self.ask(number, &alumnus, &format!("/v1/members/{member}/grant-consent"), &key("consents"), &granted);
    }
}

fn what_was_acknowledged_survives_kills_and_nothing_is_done_twice(kind: StoreKind) {
    let mut home = Home::with_employers(kind, &["acme"]);
    home.set("OKAERI_LOG", "okaeri=debug,warn");
    let mut server = Some(home.serve());
    let address = RwLock::new(server.as_ref().unwrap().address);
    let before = Tenant::of(&home, server.as_ref().unwrap(), "acme");
    let done = AtomicUsize::new(0);
    let answered: Vec<Answered> = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                let (tenant, address, done) = (&before, &address, &done);
                scope.spawn(move || {
                    let mut stubborn = Stubborn { tenant, address, answered: vec![], done };
                    let mut earlier: Option<Person> = None;
                    for story in 0..STORIES {
                        let mut person = tenant.person();
                        // Every second person has the name and birth date of the one before.
                        match earlier.take() {
                            Some(earlier) => (person.name, person.birth_date) = (earlier.name, earlier.birth_date),
                            None => earlier = Some(person.clone()),
                        }
                        stubborn.tell(&format!("C{client}-{story}"), &person);
                    }
                    stubborn.answered
                })
            })
            .collect();
        for kill in 1..=KILLS {
            // Spread over the whole work, at no particular moment.
            while done.load(Ordering::Relaxed) < CLIENTS * STORIES * STEPS * kill / (KILLS + 1) {
                std::thread::sleep(Duration::from_micros(u64::from(300 + unique() % 700)));
            }
            server.take().unwrap().kill9();
            let again = home.serve();
            *address.write().unwrap() = again.address;
            server = Some(again);
        }
        clients.into_iter().flat_map(|client| client.join().unwrap()).collect()
    });
    assert_eq!(answered.len(), CLIENTS * STORIES * STEPS);

    let server = server.take().unwrap();
    let tenant = Tenant::of(&home, &server, "acme");
    // A store may end a commit whose program is gone, after the next one has looked for follow-ups.
    consistency::await_what_follows(&home, "acme", consistency::whole_log(&tenant).len());
    nothing_is_there_twice(&tenant);
    for asked in &answered {
        let by = if asked.caller == "hris-sync" {
            tenant.hris()
        } else if asked.caller == "suzuki" {
            tenant.people_ops()
        } else {
            tenant.alumnus(&asked.caller)
        };
        let again = by.request("POST", &asked.path).json(&asked.body).key(&asked.key).send();
        assert_eq!(again.header("idempotency-replayed"), Some("true"), "{} {}", asked.path, asked.key);
        assert_eq!(again.json(), asked.reply, "{} {}", asked.path, asked.key);
    }
    drop(tenant);
    assert!(server.terminate().success());
    home.run_well(&["rebuild"]);
    consistency::claims_and_timers_are_what_the_log_says(&home, "acme");
}

/// Every story happened once, with all that follows from it.
fn nothing_is_there_twice(tenant: &Tenant<'_>) {
    let (people_ops, stories) = (tenant.people_ops(), CLIENTS * STORIES);
    let departures = people_ops.all("/v1/departures?limit=500");
    assert_eq!(departures.len(), stories);
    for departure in &departures {
        // Recorded, proposed, effective, interviewed, invited, registered.
        assert_eq!((&departure["version"], &departure["state"]), (&json!(6), &json!("effective")), "{departure}");
    }
    let employments = people_ops.all("/v1/employments?limit=500");
    assert_eq!(employments.len(), stories);
    for employment in &employments {
        assert_eq!((&employment["version"], &employment["state"]), (&json!(2), &json!("ended")), "{employment}");
        assert_eq!(employment["ended_because"]["kind"], "departure");
    }
    let members = people_ops.all("/v1/members?limit=500");
    assert_eq!(members.len(), stories);
    for member in &members {
        // Registered, terms, three consents, activated, one more consent.
        assert_eq!((&member["version"], &member["state"]), (&json!(7), &json!("active")), "{member}");
    }
    assert_eq!(people_ops.all("/v1/persons?limit=500").len(), stories);
    let questions = people_ops.all("/v1/tasks?kind=possible_same_person&limit=500");
    assert_eq!(questions.len(), CLIENTS * (STORIES / 2), "each pair of one name and birth date is asked about");
    assert!(tenant.compliance().all("/v1/tasks").is_empty(), "no follow-up was refused");
    let log = consistency::whole_log(tenant);
    let positions: Vec<u64> = log.iter().map(|item| item["position"].as_u64().unwrap()).collect();
    assert_eq!(positions, (1..=positions.len() as u64).collect::<Vec<_>>(), "no gap, whatever was cut off");
}

/// Events that a program would have recorded just before it was killed: the append went through, what follows did not.
fn what_a_crash_left_undone_follows_after_the_restart(kind: StoreKind) {
    let home = Home::with_employers(kind, &["acme"]);
    let server = home.serve();
    let (departure, member, employment, last_day, version);
    {
        let tenant = Tenant::of(&home, &server, "acme");
        let leaver = tenant.person();
        employment = id(&tenant.hris().post("/v1/employments", &leaver.works("E-1", "2015-04-01")).expect(201));
        last_day = tenant.today();
        departure = tenant.record(&leaver.leaves("E-1", "2015-04-01", &last_day.to_string()));
        member = tenant.register(&departure, &leaver, &tenant.employee("megumi"));
        version = tenant.people_ops().read(&format!("/v1/departures/{departure}"))["version"].as_i64().unwrap();
    }
    assert!(server.terminate().success());
    let effect = DepartureEvent::BecameEffective {
        effective_on: last_day.succ_opt().unwrap(),
        hired_on: "2015-04-01".parse().unwrap(),
        left_on: last_day,
        legal_entity: "JP-HQ".to_owned(),
        employee_number: "E-1".to_owned(),
        member_id: Some(member.parse::<Uuid>().unwrap().into()),
    };
    record_alone_tomorrow(&home, &departure, version, serde_json::to_value(effect).unwrap());

    let server = home.serve();
    let tenant = Tenant::of(&home, &server, "acme");
    let people_ops = tenant.people_ops();
    let path = format!("/v1/employments/{employment}");
    let state = |path: &str| people_ops.read(path)["state"].clone();
    // Before anybody is answered: nobody has to wait for it.
    assert_eq!(state(&path), "ended");
    assert_eq!(state(&format!("/v1/members/{member}")), "active");
    assert_eq!(people_ops.read(&path)["to"], last_day.to_string());
    drop(tenant);
    assert!(server.terminate().success());
    home.run_well(&["rebuild"]);
}

/// Appends one event to a departure on the next day, and does nothing else.
fn record_alone_tomorrow(home: &Home, departure: &str, version: i64, payload: Value) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let ledger = home.ledger().await;
        assert!(ledger.advance_clock((ledger.now() + TimeDelta::days(1)).timestamp_micros()).await.unwrap());
        let id: Uuid = departure.parse().unwrap();
        let event =
            NewEvent { event_type: "departure.became_effective".to_owned(), event_version: 1, payload, person: None };
        let metadata = [("actor", Uuid::nil().to_string()), ("actor_kind", "system".into()), ("role", "system".into())];
        let append = Append {
            stream: StreamKey { employer: "acme".into(), kind: "departure", id },
            expected: version,
            guards: vec![],
            command_id: Uuid::now_v7(),
            at: ledger.now().timestamp_micros(),
            metadata: metadata.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            events: vec![event],
            claims: vec![],
            receipt: None,
            state: "effective",
            quiet_position: 0,
            timer: TimerChange::Clear,
            vault: <_>::default(),
        };
        ledger.append(append).await.unwrap();
        ledger.close(Duration::from_secs(10)).await;
    });
}

fn what_has_followed_does_not_follow_again(kind: StoreKind) {
    let home = Home::with_employers(kind, &["acme"]);
    let server = home.serve();
    let head = {
        let tenant = Tenant::of(&home, &server, "acme");
        let (one, mut namesake) = (tenant.person(), tenant.person());
        (namesake.name, namesake.birth_date) = (one.name.clone(), one.birth_date.clone());
        for (number, person) in [("E-1", &one), ("E-2", &namesake), ("E-3", &one)] {
            tenant.hris().post("/v1/employments", &person.works(number, "2015-04-01")).expect(201);
            tenant.register(&tenant.record(&person.left(number)), person, &tenant.alumnus(number));
        }
        let mut stays = tenant.person().leaves("E-4", "2015-04-01", &tenant.day(9));
        stays["reason"] = json!("study");
        let departure = tenant.record(&stays);
        tenant.register(&departure, &one, &tenant.alumnus("E-4"));
        tenant.command(&tenant.people_ops(), "departures", &departure, "rescind", &json!({"why": "x"})).expect(200);
        consistency::whole_log(&tenant).len()
    };
    server.kill9();
    consistency::forget_what_followed(&home);
    let server = home.serve();
    consistency::await_what_follows(&home, "acme", head);
    let tenant = Tenant::of(&home, &server, "acme");
    let again = consistency::whole_log(&tenant);
    assert_eq!(again.len(), head, "done again: {:?}", &again[head..]);
    let reply: Reply = tenant.anyone.get("/readyz");
    assert!(reply.json()["models"].as_array().unwrap().iter().all(|model| model["stopped"] == false));
    drop(tenant);
    assert!(server.terminate().success());
    home.run_well(&["rebuild"]);
    consistency::claims_and_timers_are_what_the_log_says(&home, "acme");
}
