//! Erasing a person: nothing about anybody ever stands in the clear on the disk, and afterwards nothing can be opened.

use std::collections::BTreeSet;
use std::path::PathBuf;

use okaeri::identity::Role;
use okaeri::ledger::{LogQuery, StoreLocation, leaf_hash};
use serde_json::{Value, json};
use sqlx::Connection as _;

use super::client::Client;
use super::needles::Needles;
use super::people::{Person, Tenant, id};
use super::served_by_both_stores;
use super::server::Home;
use crate::support::StoreKind;
use crate::support::postgres::{Durability, Server as Postgres};

served_by_both_stores!(nothing_about_anybody_is_on_the_disk_and_an_erased_person_is_gone);

/// A ledger with all of its files for itself, and where these are.
fn alone(kind: StoreKind) -> (Home, Option<Postgres>, PathBuf) {
    match kind {
        StoreKind::Sqlite => {
            let home = Home::with_employers(kind, &["acme"]);
            let files = home.data();
            (home, None, files)
        }
        StoreKind::Postgres => {
            let postgres = Postgres::start(Durability::Synced);
            let mut home = Home::on(Some(postgres.fresh_database()));
            home.set("OKAERI_TRIAL", "1");
            home.add_employers(&["acme"]);
            let files = postgres.socket().parent().unwrap().join("data");
            (home, Some(postgres), files)
        }
    }
}

/// What is kept of somebody, by collection.
struct Kept {
    departure: String,
    employment: String,
    member: String,
    flag: String,
    person: String,
}

impl Kept {
    fn paths(&self) -> Vec<String> {
        let of =
            |collection: &str, id: &str| [format!("/v1/{collection}/{id}"), format!("/v1/history/{collection}/{id}")];
        [
            of("departures", &self.departure),
            of("employments", &self.employment),
            of("members", &self.member),
            of("no-rehire-flags", &self.flag),
            of("persons", &self.person),
        ]
        .concat()
    }
}

/// Everything that can be said about somebody is said.
fn tell(tenant: &Tenant<'_>, person: &Person, number: &str, login: &str) -> Kept {
    let (people_ops, compliance, admin) = (tenant.people_ops(), tenant.compliance(), tenant.programme_admin());
    let (alumnus, renamed) = (tenant.alumnus(login), tenant.person());
    let employment = id(&tenant.hris().post("/v1/employments", &person.works(number, "2015-04-01")).expect(201));
    let departure = tenant.record(&person.left(number));
    let on = |collection: &str, of: &str, by: &Client, name: &str, body: Value| {
        tenant.command(by, collection, of, name, &body).expect(200)
    };
    let words = |about: &str| tenant.words(about);
    let interview = json!({"held_on": "2024-03-01", "notes": words("面談メモ")});
    on("departures", &departure, &people_ops, "record-exit-interview", interview);
    let correction = json!({"why": words("訂正理由"), "name": renamed.name, "email": renamed.email});
    on("departures", &departure, &people_ops, "correct", correction);
    let correction = json!({"why": words("訂正理由"), "person": {"phone": renamed.phone}});
    on("employments", &employment, &people_ops, "correct", correction);
    let assessment = json!({"verdict": "needs_review", "note": words("評価メモ")});
    on("departures", &departure, &people_ops, "assess-eligibility", assessment);
    // By a self-claim, so that a part is sealed under a person whom nobody knew yet.
    let claim = json!({
        "claim": {"name_at_departure": renamed.name, "birth_date": person.birth_date, "employee_number": number},
        "contact": {"email": person.email, "phone": person.phone}, "consents": ["jobs"], "terms_version": "1",
    });
    let member = id(&alumnus.post("/v1/members", &claim).expect(201));
    on("members", &member, &admin, "approve", json!({"departure_id": departure}));
    let profile = json!({"contact": {"email": renamed.email}, "profile": {"current_employer": words("株式会社"), "skills": [words("技能")]}});
    on("members", &member, &alumnus, "update-profile", profile);
    on("members", &member, &alumnus, "declare-group", json!({"group": {"sex": "female"}}));
    let known = people_ops.read(&format!("/v1/departures/{departure}"))["person_id"].as_str().unwrap().to_owned();
    let flag = json!({
        "person_id": known, "reason": "harassment", "clause": "第62条", "evidence_ref": "x", "appeal_route": "y",
        "expires_on": tenant.day(300), "note": words("通報内容"),
    });
    let flag = id(&compliance.post("/v1/no-rehire-flags", &flag).expect(201));
    let upheld = json!({"decision": "uphold", "note": words("審査メモ")});
    on("no-rehire-flags", &flag, &tenant.second_compliance(), "review", upheld);
    on("no-rehire-flags", &flag, &alumnus, "appeal", json!({"grounds": words("異議の理由")}));
    Kept { departure, employment, member, flag, person: known }
}

fn nothing_about_anybody_is_on_the_disk_and_an_erased_person_is_gone(kind: StoreKind) {
    let (home, postgres, files) = alone(kind);
    let server = home.serve();
    let (kept, bystander, name, other_name, told);
    {
        let tenant = Tenant::of(&home, &server, "acme");
        let (person, other) = (tenant.person(), tenant.person());
        (name, other_name) = (person.name.clone(), other.name.clone());
        bystander = tell(&tenant, &other, "KEPT-NUMBER-1", "bystander");
        let before = tenant.told();
        kept = tell(&tenant, &person, "ERASED-NUMBER-1", "erased");
        let link = json!({"same_as": bystander.person, "reason": "other", "evidence_ref": "x", "note": tenant.words("同一人物か")});
        tenant.command(&tenant.people_ops(), "persons", &kept.person, "link", &link).expect(200);
        told = Told { all: tenant.told(), erased: tenant.told().difference(&before).cloned().collect(), person };
        let found = told.looked_for().found_below(&files);
        assert!(found.is_empty(), "in the clear before the erasure: {found:?}");
        // The search does find what is there in the clear.
        let numbers = Needles::plain(["KEPT-NUMBER-1", "ERASED-NUMBER-1"]).found_below(&files);
        assert_eq!(numbers.len(), 2);
    }
    assert!(server.terminate().success());
    let (keys, values) = vault_of(&home, &kept.person);
    assert!(keys.len() > 2 && values.len() > 8, "{} {}", keys.len(), values.len());
    for sealed in [&keys, &values] {
        assert_eq!(Needles::bytes(sealed).found_below(&files).len(), sealed.len());
    }

    let log_before = leaves(&home);
    assert!(home.run_badly(&["erase", &kept.person, "--ground", "boredom"]).contains("not a ground"));
    let erased = home.run_well(&["erase", &kept.person, "--ground", "person_request", "--employer", "acme"]);
    assert!(erased.contains("erased"), "{erased}");
    assert_eq!(vault_of(&home, &kept.person), (vec![], vec![]), "keys and values are destroyed");
    let log = leaves(&home);
    assert_eq!(log[..log_before.len()], log_before, "the log stays as it was");
    assert_eq!(log.len(), log_before.len() + 1);
    assert_eq!(home.run_well(&["rebuild"]).trim(), "every document is what the log says");

    let server = home.serve();
    let tenant = Tenant::of(&home, &server, "acme");
    nothing_is_shown(&tenant, &kept, &told);
    // What others' records say about them is a random id, and that nothing is behind it.
    let relation = tenant.people_ops().read(&format!("/v1/persons/{}", bystander.person))["relations"][0].clone();
    assert_eq!((&relation["other"], &relation["other_erased"]), (&json!(kept.person), &json!(true)));
    assert_eq!((&relation["evidence"], &relation["evidence_ref"]), (&json!([]), &Value::Null));
    let erased = tenant.people_ops().read(&format!("/v1/persons/{}", kept.person))["relations"][0].clone();
    assert_eq!((&erased["other"], &erased["other_erased"]), (&json!(bystander.person), &json!(false)));
    let readable = tenant.people_ops().read(&format!("/v1/departures/{}", bystander.departure));
    assert!(readable["person"]["name"].is_string() && readable["person"]["birth_date"].is_string());
    let search = |name: &str| {
        let name: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
        tenant.tell(&name);
        tenant.people_ops().all(&format!("/v1/departures?q={name}")).len()
    };
    assert_eq!((search(&name), search(&other_name)), (0, 1), "found by nothing any more");
    // The number is taken up again by somebody: nothing of the past comes back, nothing breaks.
    let again = tenant
        .people_ops()
        .post("/v1/departures", &tenant.person().leaves("ERASED-NUMBER-1", "2024-05-01", "2024-06-30"));
    assert!(again.status < 500, "{}", again.text());
    assert!(
        tenant.anyone.get("/readyz").json()["models"].as_array().unwrap().iter().all(|model| model["stopped"] == false)
    );
    drop(tenant);
    assert!(server.terminate().success());
    let found = told.looked_for().found_below(&files);
    assert!(found.is_empty(), "in the clear after the erasure: {found:?}");
    if kind == StoreKind::Sqlite {
        // PostgreSQL keeps what is gone until it is vacuumed, and its log until the next checkpoints. SQLite may leave a
        // copy of a sealed value where it has arranged a page anew, which nothing opens once the key is gone.
        let found = Needles::bytes(&keys).found_below(&files);
        assert!(found.is_empty(), "keys that were destroyed are still in the files: {found:?}");
    }
    let found = Needles::plain(told.all.iter().map(String::as_str)).found_below(home.directory());
    assert!(found.is_empty(), "in a log: {found:?}");
    drop(postgres);
}

/// What was said about people.
struct Told {
    all: BTreeSet<String>,
    erased: BTreeSet<String>,
    person: Person,
}

impl Told {
    /// Names, addresses, numbers, days and words; a token is no more than a caller's, and is looked for as well.
    fn looked_for(&self) -> Needles {
        Needles::in_every_form(self.all.iter().map(String::as_str))
    }
}

/// Whoever asks for whatever is told nothing about the person.
fn nothing_is_shown(tenant: &Tenant<'_>, kept: &Kept, told: &Told) {
    let login = |name: &str| format!("subject-{name}-of-acme");
    // Who acted stays in the directory of those who act, whoever it was.
    let about = told.erased.iter().filter(|value| !value.starts_with("subject-") && !value.starts_with("ey"));
    let about = Needles::plain(about.map(String::as_str));
    let mut paths = kept.paths();
    let lists =
        ["departures", "employments", "members", "no-rehire-flags", "persons", "tasks", "my/data", "my/consents"];
    paths.extend(lists.map(|list| format!("/v1/{list}")));
    paths.push("/v1/log?limit=500&open=true".to_owned());
    let mut callers: Vec<Client> = Role::ALL.iter().map(|role| tenant.user("reader", *role)).collect();
    callers.push(tenant.alumnus("erased"));
    let mut read = 0;
    for caller in &callers {
        for path in &paths {
            let reply = caller.get(path);
            assert!(reply.status < 500, "{path}: {}", reply.text());
            read += usize::from(reply.status == 200);
            let found = about.found_in(&reply.body);
            assert!(found.is_empty(), "{path} tells {found:?}");
        }
    }
    assert!(read > 60, "{read}");
    let people_ops = tenant.people_ops();
    let departure = people_ops.read(&format!("/v1/departures/{}", kept.departure));
    assert_eq!(departure["person"]["name"], Value::Null);
    assert_eq!((&departure["employee_number"], &departure["employment"]["left_on"]), (&Value::Null, &Value::Null));
    assert_eq!(people_ops.read(&format!("/v1/persons/{}", kept.person))["state"], "erased");
    let history = tenant.compliance().all(&format!("/v1/history/departures/{}", kept.departure));
    assert!(history.len() > 6 && history.iter().any(|item| item["actor"]["name"] == login("suzuki").as_str()));
    assert!(!told.person.name.is_empty());
}

/// Every leaf of the log, after a look whether it still has its hash.
fn leaves(home: &Home) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let ledger = home.ledger().await;
        let log = ledger.log("acme", &LogQuery { limit: 100_000, ..LogQuery::default() }).await.unwrap();
        for entry in &log {
            assert_eq!(leaf_hash(entry.leaf.as_bytes()), entry.leaf_hash, "leaf {}", entry.position);
        }
        ledger.close(std::time::Duration::from_secs(10)).await;
        log.into_iter().map(|entry| entry.leaf).collect()
    })
}

/// What the vault keeps under a person's own id: wrapped keys, and sealed values.
fn vault_of(home: &Home, person: &str) -> (Vec<Vec<u8>>, Vec<Vec<u8>>) {
    let person: uuid::Uuid = person.parse().unwrap();
    let keys = "select wrapped from vault_keys where subject = $1";
    let values = "select sealed from vault_values where subject = $1";
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        match home.config().location() {
            StoreLocation::Postgres(url) => {
                let mut connection = sqlx::PgConnection::connect(&url).await.unwrap();
                // In the write-ahead log alone a value may be cut in two by the head of a page.
                sqlx::query("checkpoint").execute(&mut connection).await.unwrap();
                let keys = sqlx::query_scalar(keys).bind(person).fetch_all(&mut connection).await.unwrap();
                (keys, sqlx::query_scalar(values).bind(person).fetch_all(&mut connection).await.unwrap())
            }
            StoreLocation::Directory(path) => {
                let url = format!("sqlite://{}", path.join("ledger.sqlite").display());
                let mut connection = sqlx::SqliteConnection::connect(&url).await.unwrap();
                let keys = sqlx::query_scalar(keys).bind(person).fetch_all(&mut connection).await.unwrap();
                (keys, sqlx::query_scalar(values).bind(person).fetch_all(&mut connection).await.unwrap())
            }
        }
    })
}
