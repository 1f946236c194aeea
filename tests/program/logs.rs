//! What the program writes about itself: enough to operate it, nothing about people.
//!
//! Every test looks at what its own use of the program left in the log, see [`super::people::Tenant`]. Here everything that
//! can be said about a person is said once, with the log at its most talkative.

use std::fs;

use serde_json::{Value, json};

use super::needles::Needles;
use super::people::{Tenant, id};
use super::served_by_both_stores;
use super::server::Home;
use crate::support::StoreKind;

served_by_both_stores!(the_most_talkative_log_tells_nothing_about_people);

fn the_most_talkative_log_tells_nothing_about_people(kind: StoreKind) {
    let mut home = Home::with_employers(kind, &["acme"]);
    home.set("OKAERI_LOG", "trace");
    let server = home.serve();
    let tenant = Tenant::of(&home, &server, "acme");
    let (people_ops, admin) = (tenant.people_ops(), tenant.programme_admin());
    let (person, other) = (tenant.person(), tenant.person());
    let words = |about: &str| tenant.words(about);
    let departure = tenant.record(&person.left("E-1"));
    let on = |name: &str, body: Value| tenant.command(&people_ops, "departures", &departure, name, &body).expect(200);
    on("record-exit-interview", json!({"held_on": "2024-03-01", "notes": words("面談メモ")}));
    on("correct", json!({"why": words("訂正理由"), "name": other.name, "phone": other.phone}));
    on("assess-eligibility", json!({"verdict": "needs_review", "note": words("評価メモ")}));
    let alumnus = tenant.alumnus("megumi");
    let member = tenant.register(&departure, &person, &alumnus);
    let profile = json!({"contact": {"email": other.email}, "profile": {"current_employer": words("株式会社"), "skills": [words("技能")]}});
    tenant.command(&alumnus, "members", &member, "update-profile", &profile).expect(200);
    let claim = json!({
        "claim": {"name_at_departure": other.name, "birth_date": other.birth_date, "employee_number": "E-1"},
        "contact": {"email": other.email, "phone": other.phone}, "terms_version": "1",
    });
    let claimant = id(&tenant.alumnus("claimant").post("/v1/members", &claim).expect(201));
    let rejection = json!({"reason_code": "no_match", "note": words("却下理由")});
    tenant.command(&admin, "members", &claimant, "reject", &rejection).expect(200);
    // Refusals hold what was sent, too.
    people_ops.post("/v1/departures", &person.left("E-1")).problem(409, "duplicate");
    let mut wrong = other.left("E-2");
    wrong["person"]["email"] = json!(words("not-an-address"));
    wrong["person"][words("unknown-field")] = json!(1);
    people_ops.post("/v1/departures", &wrong).problem(422, "validation_failed");
    people_ops
        .request("POST", "/v1/departures")
        .body("application/json", other.name.as_bytes())
        .send()
        .problem(400, "malformed_json");
    for path in ["/v1/departures", "/v1/persons", "/v1/departures/"] {
        let name: String = other.name.bytes().map(|byte| format!("%{byte:02X}")).collect();
        tenant.tell(&name);
        people_ops.get(&format!("{path}{}{name}", if path.ends_with('/') { "" } else { "?q=" }));
        people_ops.get(&format!("/v1/{name}"));
    }
    people_ops.request("GET", "/v1/departures").header("if-match", &other.email).send();
    people_ops.request("POST", "/v1/departures").json(&json!({})).key(&other.email).send();
    let file = format!(
        "employee_number,name,email,birth_date,hired_on,left_on,employment_type,reason\n\
         E-3,{},{},{},2015-04-01,2024-03-31,regular,study\nE-4,{},{},not a day,2015-04-01,2024-03-31,regular,study\n",
        other.name, other.email, other.birth_date, person.name, person.email
    );
    people_ops.upload("/v1/departures/import", file.as_bytes()).expect(200);
    people_ops.upload("/v1/departures/import", format!("{},{}\n", other.name, other.email).as_bytes());
    tenant.anyone.bearing(&format!("not-a-token-{}", person.email)).get("/v1/departures");
    let told = tenant.told();
    for role in okaeri::identity::Role::ALL {
        let caller = tenant.user("reader", role);
        for path in [
            "departures",
            "members",
            "persons",
            "tasks",
            "my/data",
            "my/consents",
            "log?open=true",
            "history/departures/",
        ] {
            let id = if path.ends_with('/') { departure.as_str() } else { "" };
            caller.get(&format!("/v1/{path}{id}"));
        }
    }
    drop(tenant);
    assert!(server.terminate().success());

    let log = fs::read(home.log()).unwrap();
    let text = String::from_utf8_lossy(&log);
    assert!(text.contains("\"answered\"") && text.contains("/v1/departures/{id}"), "the log was looked at");
    assert!(text.len() > 100_000, "at its most talkative");
    let found = Needles::in_every_form(told.iter().map(String::as_str)).found_in(&log);
    assert!(found.is_empty(), "{found:?}");
    assert!(!text.contains(home.master_key()) && !text.contains("okk_") && !text.contains("postgres://"));
    assert_eq!(home.run_well(&["rebuild"]).trim(), "every document is what the log says");
}
