//! What a program knows after it was started again, and what it says of itself before.

use chrono::{DateTime, NaiveDate, TimeDelta, Timelike as _, Utc};
use okaeri::identity::Role;
use serde_json::json;

use super::people::{Tenant, id};
use super::served_by_both_stores;
use super::server::Home;
use crate::support::StoreKind;

served_by_both_stores!(
    everything_is_there_after_a_restart_even_the_answers,
    a_key_of_another_system_is_shown_once_works_and_is_revoked,
    the_settings_in_force_are_shown_without_secrets,
    a_ledger_opens_with_its_own_key_and_in_its_own_mode_only,
    a_day_begins_when_it_begins_where_the_employer_is,
);

fn everything_is_there_after_a_restart_even_the_answers(kind: StoreKind) {
    let home = Home::with_employers(kind, &["acme"]);
    let server = home.serve();
    let (person, another, departure, member, first, version, log, ahead);
    {
        let tenant = Tenant::of(&home, &server, "acme");
        (person, another) = (tenant.person(), tenant.person());
        let people_ops = tenant.people_ops();
        first = people_ops.request("POST", "/v1/departures").json(&person.left("E-1")).key("k-1").send();
        departure = id(&first.expect(201));
        member = tenant.register(&departure, &person, &tenant.alumnus("megumi"));
        let path = format!("/v1/departures/{departure}");
        version = people_ops.read(&path)["version"].as_i64().unwrap();
        let assess =
            people_ops.request("POST", &format!("{path}/assess-eligibility")).json(&json!({"verdict": "eligible"}));
        assess.key("k-2").if_match(version).send().expect(200);
        tenant.advance("P3D");
        ahead = people_ops.read("/dev/clock")["ahead"].clone();
        log = tenant.compliance().read("/v1/log?limit=500");
    }
    assert!(server.terminate().success());
    let server = home.serve();
    let tenant = Tenant::of(&home, &server, "acme");
    let people_ops = tenant.people_ops();
    assert_eq!(tenant.compliance().read("/v1/log?limit=500"), log);
    let again = people_ops.request("POST", "/v1/departures").json(&person.left("E-1")).key("k-1").send();
    assert_eq!((again.expect(201), again.header("idempotency-replayed")), (first.json(), Some("true")));
    people_ops
        .request("POST", "/v1/departures")
        .json(&another.left("E-1"))
        .key("k-1")
        .send()
        .problem(422, "idempotency_key_reused");
    let path = format!("/v1/departures/{departure}/assess-eligibility");
    let again =
        people_ops.request("POST", &path).json(&json!({"verdict": "eligible"})).key("k-2").if_match(version).send();
    assert_eq!((again.status, again.header("idempotency-replayed")), (200, Some("true")));
    assert_eq!(
        tenant.alumnus("megumi").read(&format!("/v1/members/{member}"))["contact"]["email"],
        person.email.as_str()
    );
    assert!(people_ops.read("/dev/clock")["ahead"].as_str().unwrap().starts_with(&ahead.as_str().unwrap()[..3]));
    assert!(server.terminate().success());
    home.run_well(&["rebuild"]);
}

fn a_key_of_another_system_is_shown_once_works_and_is_revoked(kind: StoreKind) {
    let home = Home::with_employers(kind, &["acme", "other"]);
    let add = |roles: &str| {
        vec!["api-key", "add", "--employer", "acme", "--subject", "smart-hr", "--roles"]
            .into_iter()
            .map(ToOwned::to_owned)
            .chain([roles.to_owned()])
            .collect::<Vec<_>>()
    };
    let run = |arguments: &[String]| home.run_well(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    let key = run(&add("hris")).trim().to_owned();
    assert!(key.starts_with("okk_"));
    let complaint =
        home.run_badly(&["api-key", "add", "--employer", "acme", "--subject", "x", "--roles", "people_ops"]);
    assert!(complaint.contains("people_ops"), "{complaint}");
    assert!(
        home.run_badly(&["api-key", "add", "--employer", "nobody", "--subject", "x", "--roles", "hris"])
            .contains("nobody")
    );
    let listed = home.run_well(&["api-key", "list", "--employer", "acme"]);
    let key_id = key.split('_').nth(1).unwrap();
    let secret = key.splitn(3, '_').nth(2).unwrap();
    assert!(listed.contains(key_id) && listed.contains("smart-hr") && listed.contains("live"));
    assert!(!listed.contains(secret), "shown once");
    assert_eq!(home.run_well(&["api-key", "list", "--employer", "other"]), "");

    let server = home.serve();
    let departure = {
        let tenant = Tenant::of(&home, &server, "acme");
        tenant.tell(&key);
        tenant.tell(secret);
        let system = tenant.anyone.bearing(&key);
        let departure = id(&system.post("/v1/departures", &tenant.person().left("E-1")).expect(201));
        system.get(&format!("/v1/departures/{departure}")).problem(403, "forbidden");
        system.post("/v1/persons", &json!({})).problem(403, "forbidden");
        let for_somebody =
            system.request("POST", "/v1/departures").json(&tenant.person().left("E-2")).header("on-behalf-of", "x");
        for_somebody.send().refused(403, "may_not_act_for");
        let mut wrong = key.clone().into_bytes();
        let last = wrong.len() - 2;
        wrong[last] = if wrong[last] == b'A' { b'B' } else { b'A' };
        tenant
            .anyone
            .bearing(&String::from_utf8(wrong).unwrap())
            .get("/v1/employments")
            .problem(401, "unauthenticated");
        let unknown = key.replace(key_id, "abcdefghijkl");
        tenant.anyone.bearing(&unknown).get("/v1/employments").refused(401, "token_unknown_key");
        let history = tenant.compliance().all(&format!("/v1/history/departures/{departure}"));
        assert_eq!(
            (&history[0]["actor"]["kind"], &history[0]["actor"]["name"]),
            (&json!("service"), &json!("smart-hr"))
        );
        departure
    };
    // The embedded store lets nobody else in while the program has it; PostgreSQL revokes at once.
    let server = if kind == StoreKind::Sqlite {
        assert!(home.run_badly(&["api-key", "revoke", "--employer", "acme", key_id]).contains("in use"));
        assert!(server.terminate().success());
        home.run_well(&["api-key", "revoke", "--employer", "acme", key_id]);
        home.serve()
    } else {
        assert!(home.run_badly(&["api-key", "revoke", "--employer", "other", key_id]).contains("no live key"));
        home.run_well(&["api-key", "revoke", "--employer", "acme", key_id]);
        server
    };
    let tenant = Tenant::of(&home, &server, "acme");
    tenant.anyone.bearing(&key).get("/v1/employments").refused(401, "key_revoked");
    assert_eq!(tenant.people_ops().read(&format!("/v1/departures/{departure}"))["state"], "effective");
    drop(tenant);
    assert!(server.terminate().success());
    assert!(home.run_well(&["api-key", "list", "--employer", "acme"]).contains("revoked"));
    assert!(home.run_badly(&["api-key", "revoke", "--employer", "acme", key_id]).contains("no live key"));
}

fn the_settings_in_force_are_shown_without_secrets(kind: StoreKind) {
    let mut home = Home::new(kind);
    let shown = home.run_well(&["config"]);
    assert!(!shown.contains(home.master_key()) && !shown.contains("postgres://"), "{shown}");
    assert!(shown.contains("127.0.0.1:0") && shown.contains("********"));
    let fingerprint = home.run_well(&["keys", "show"]);
    assert!(fingerprint.starts_with("fingerprint ") && !fingerprint.contains(home.master_key()));
    let token =
        home.run_well(&["token", "--subject", "suzuki", "--roles", "people_ops,recruiter", "--employer", "acme"]);
    assert_eq!(token.trim().split('.').count(), 3);
    home.set("OKAERI_LITSEN", "127.0.0.1:1");
    assert!(home.run_well(&["config"]).contains("OKAERI_LITSEN is not a setting"));
    let file = home.directory().join("okaeri.toml");
    std::fs::write(&file, "log = \"warn\"\nmaster_key = \"c2VjcmV0LXRleHQ=\"\n").unwrap();
    home.unset("OKAERI_MASTER_KEY");
    let shown = home.run_well(&["config"]);
    assert!(shown.contains("okaeri.toml") && !shown.contains("c2VjcmV0LXRleHQ="), "{shown}");
    assert!(home.run_badly(&["keys", "show"]).contains("32 bytes"));
    std::fs::write(&file, "litsen = \"x\"\n").unwrap();
    assert!(home.run_badly(&["config"]).contains("litsen"));
    std::fs::remove_file(&file).unwrap();
    for (variable, value, complaint) in [
        ("OKAERI_LISTEN", "0.0.0.0:0", "loopback"),
        ("OKAERI_LISTEN", "nowhere", "not an address"),
        ("OKAERI_TRIAL", "perhaps", "neither 1 nor 0"),
    ] {
        let before = home.config();
        home.set(variable, value);
        let told = home.run_badly(&["config"]);
        assert!(told.contains(complaint), "{variable}={value}: {told}");
        drop(before);
        home.set("OKAERI_LISTEN", "127.0.0.1:0");
        home.set("OKAERI_TRIAL", "1");
    }
    for command in
        ["serve", "demo", "import", "token", "employer", "api-key", "keys", "rebuild", "replay", "erase", "config"]
    {
        assert!(home.run_well(&[command, "--help"]).contains("Usage:"), "{command}");
    }
}

fn a_ledger_opens_with_its_own_key_and_in_its_own_mode_only(kind: StoreKind) {
    let mut home = Home::with_employers(kind, &["acme"]);
    assert!(home.run_well(&["employer", "list"]).contains("acme  Asia/Tokyo  JP-HQ"));
    assert!(
        home.run_well(&["employer", "add", "berlin", "--time-zone", "Europe/Berlin", "--legal-entity", "DE"])
            .contains("added")
    );
    assert!(home.run_well(&["employer", "add", "acme"]).contains("already"));
    assert!(home.run_badly(&["employer", "add", "ACME Corp"]).contains("cannot name"));
    assert!(home.run_badly(&["employer", "add", "x", "--time-zone", "Asia/Edo"]).contains("IANA"));
    let key = home.master_key().to_owned();
    let other = home.run_well(&["keys", "generate"]);
    home.set("OKAERI_MASTER_KEY", other.trim());
    assert!(home.serve_badly().contains("made with the master key"));
    home.set("OKAERI_MASTER_KEY", &key);
    home.unset("OKAERI_TRIAL");
    home.set("OKAERI_OIDC_ISSUER", "http://127.0.0.1:9");
    assert!(home.serve_badly().contains("refuses an OIDC issuer"));
    assert!(home.run_badly(&["token", "--subject", "x", "--roles", "people_ops"]).contains("trial ledgers alone"));
    home.unset("OKAERI_OIDC_ISSUER");
    if kind == StoreKind::Postgres {
        assert!(home.serve_badly().contains("OKAERI_TRIAL"));
        home.set("OKAERI_TRIAL", "1");
    }
    let server = home.serve();
    if kind == StoreKind::Sqlite {
        assert!(home.serve_badly().contains("in use"));
    }
    let tenant = Tenant::of(&home, &server, "berlin");
    let day = tenant.user("suzuki", Role::PeopleOps).read("/dev/clock");
    assert!(day["now"].is_string());
}

fn a_day_begins_when_it_begins_where_the_employer_is(kind: StoreKind) {
    let home = Home::new(kind);
    for (name, zone) in [("early", "Pacific/Kiritimati"), ("late", "Pacific/Pago_Pago")] {
        home.run_well(&["employer", "add", name, "--time-zone", zone]);
    }
    let server = home.serve();
    for (name, hours) in [("early", 14), ("late", -11)] {
        let tenant = Tenant::of(&home, &server, name);
        let people_ops = tenant.people_ops();
        let now: DateTime<Utc> = people_ops.read("/dev/clock")["now"].as_str().unwrap().parse().unwrap();
        let local = now + TimeDelta::hours(hours);
        let today = local.date_naive();
        let leave = |number: &str, last_day: NaiveDate| {
            let leaves = tenant.person().leaves(number, "2015-04-01", &last_day.to_string());
            tenant.people_ops().post("/v1/departures", &leaves).expect(201)
        };
        assert_eq!(leave("E-1", today.pred_opt().unwrap())["state"], "effective");
        let leaving = leave("E-2", today);
        assert_eq!(leaving["state"], "scheduled");
        let to_midnight = 86_400 - i64::from(local.num_seconds_from_midnight());
        if to_midnight > 60 {
            tenant.advance(&format!("PT{}S", to_midnight - 60));
        }
        let state = || people_ops.read(&format!("/v1/departures/{}", id(&leaving)))["state"].clone();
        assert_eq!(state(), "scheduled", "a minute before midnight on {name}");
        tenant.advance("PT2M");
        assert_eq!(state(), "effective", "after midnight on {name}");
    }
}
