//! A store that goes away and comes back: nothing half-done, nothing forgotten, and told as what it is.

use std::time::{Duration, Instant};

use serde_json::json;

use super::people::{Tenant, id};
use super::server::Home;
use crate::support::postgres::{Durability, Server as Postgres};

#[test]
fn a_store_that_is_away_is_told_and_waited_for() {
    let postgres = Postgres::start(Durability::Synced);
    let mut home = Home::on(Some(postgres.fresh_database()));
    home.set("OKAERI_TRIAL", "1");
    home.add_employers(&["acme"]);
    let server = home.serve();
    let tenant = Tenant::of(&home, &server, "acme");
    let (people_ops, leaver) = (tenant.people_ops(), tenant.person());
    let before = tenant.record(&tenant.person().left("E-1"));

    postgres.kill9();
    let body = leaver.left("E-2");
    let record = || people_ops.request("POST", "/v1/departures").json(&body).key("k").try_send().unwrap();
    for reply in [
        people_ops.request("GET", "/v1/departures").try_send().unwrap(),
        people_ops.request("GET", &format!("/v1/departures/{before}")).try_send().unwrap(),
        record(),
    ] {
        let code = reply.json()["code"].as_str().unwrap_or_default().to_owned();
        assert!(["store_unavailable", "outcome_unknown", "overloaded"].contains(&code.as_str()), "{}", reply.text());
        reply.problem(503, &code);
        assert!(reply.header("retry-after").is_some());
    }
    assert_eq!(tenant.anyone.get("/healthz").status, 200, "alive");
    let ready = tenant.anyone.get("/readyz");
    assert_eq!((ready.status, &ready.json()["store"]), (503, &json!("away")));

    postgres.restart();
    let until = Instant::now() + Duration::from_secs(30);
    let recorded = loop {
        let reply = record();
        if reply.status == 201 {
            break id(&reply.json());
        }
        assert_eq!(reply.status, 503, "{}", reply.text());
        assert!(Instant::now() < until, "it does not recover");
        std::thread::sleep(Duration::from_millis(100));
    };
    let all: Vec<String> = people_ops.all("/v1/departures").iter().map(id).collect();
    assert_eq!(all, [before, recorded]);
    while tenant.anyone.get("/readyz").status != 200 {
        assert!(Instant::now() < until, "it is not ready again");
        std::thread::sleep(Duration::from_millis(100));
    }
    drop(tenant);
    assert!(server.terminate().success());
    home.run_well(&["rebuild"]);
}

#[test]
fn a_store_that_was_restarted_is_read_as_if_nothing_had_happened() {
    let postgres = Postgres::start(Durability::Synced);
    let mut home = Home::on(Some(postgres.fresh_database()));
    home.set("OKAERI_TRIAL", "1");
    home.add_employers(&["acme"]);
    let server = home.serve();
    let tenant = Tenant::of(&home, &server, "acme");
    let person = tenant.person();
    let departure = tenant.record(&person.left("E-1"));
    let (people_ops, compliance, alumnus) = (tenant.people_ops(), tenant.compliance(), tenant.alumnus("megumi"));
    tenant.register(&departure, &person, &alumnus);
    for round in 0..2 {
        // Everybody is known here, and the pool is full of connections.
        std::thread::scope(|scope| {
            for _ in 0..12 {
                scope.spawn(|| people_ops.read("/v1/departures"));
            }
        });
        compliance.read("/v1/log?limit=10");
        alumnus.read("/v1/my/data");
        postgres.kill9();
        postgres.restart();
        if round == 0 {
            let read = people_ops.read(&format!("/v1/departures/{departure}"));
            assert_eq!(read["person"]["name"], person.name.as_str(), "opened from the vault");
        } else {
            assert_eq!(alumnus.read("/v1/my/data")["departures"][0]["id"], departure.as_str());
        }
        assert_eq!(people_ops.all("/v1/departures").len(), 1);
        assert!(!compliance.all("/v1/log").is_empty());
        tenant.anyone.get("/readyz").expect(200);
    }
}
