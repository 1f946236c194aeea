//! A log that somebody has changed below the program: a replay names what is not what it was.

use okaeri::ledger::StoreLocation;
use serde_json::json;
use sqlx::Connection as _;

use super::pricing::{approved_with_a_plan, measured, offered};
use crate::program::people::Tenant;
use crate::program::served_by_both_stores;
use crate::program::server::Home;
use crate::support::StoreKind;

served_by_both_stores!(what_was_tampered_with_is_named_by_the_replay);

/// Somebody with the rights of the database's owner lowers an incumbent's pay in the log.
fn tamper(home: &Home) {
    let opening = match home.config().location() {
        StoreLocation::Postgres(_) => "alter table events disable trigger events_append_only",
        StoreLocation::Directory(_) => "drop trigger events_no_update",
    };
    let statements = [
        opening,
        "update events set leaf = replace(leaf, '\"midpoint\":7500000', '\"midpoint\":7600000')
         where event_type = 'pay_bands.imported'",
        "update events set leaf = replace(leaf, '\"base\":9200000', '\"base\":9100000')
         where event_type = 'incumbent_part.page_recorded'",
        "update events set leaf = replace(leaf, '\"base\":7200000', '\"base\":7100000')
         where event_type = 'incumbent_part.cohort_recorded'",
        "update events set leaf = replace(replace(leaf, '\"seats\":[\"hr\",', '\"seats\":['), '労働局でも', '誰にも')
         where event_type = 'offer.assessed'",
        "update events set leaf = replace(leaf, '\"grade\":\"G4\"', '\"grade\":\"G5\"')
         where event_type = 'offer.drafted'",
        "update events set leaf = replace(leaf, '\"amount\":885000', '\"amount\":1')
         where event_type = 'offer.exception_requested'",
    ];
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        for statement in statements {
            match home.config().location() {
                StoreLocation::Postgres(url) => {
                    let mut connection = sqlx::PgConnection::connect(&url).await.unwrap();
                    sqlx::query(statement).execute(&mut connection).await.unwrap();
                }
                StoreLocation::Directory(path) => {
                    let url = format!("sqlite://{}", path.join("ledger.sqlite").display());
                    let mut connection = sqlx::SqliteConnection::connect(&url).await.unwrap();
                    sqlx::query(statement).execute(&mut connection).await.unwrap();
                }
            }
        }
    });
}

fn what_was_tampered_with_is_named_by_the_replay(kind: StoreKind) {
    let home = Home::with_employers(kind, &["acme"]);
    let server = home.serve();
    let offer = {
        let tenant = Tenant::of(&home, &server, "acme");
        measured(&tenant);
        let offer = offered(&tenant, "megumi", 8_100_000).1;
        approved_with_a_plan(&tenant, &offer, 40);
        offer
    };
    assert!(server.terminate().success());
    let told = home.run_well(&["replay", "--all"]);
    assert!(told.contains("1 assessments computed again"), "{told}");
    home.run_well(&["replay", "--offer", &offer]);

    tamper(&home);
    home.run_badly(&["replay", "--all"]);
    let server = home.serve();
    let tenant = Tenant::of(&home, &server, "acme");
    let replayed = tenant.command(&tenant.compliance(), "offers", &offer, "replay", &json!({})).expect(200);
    let one = &replayed["replays"][0];
    assert_eq!(one["identical"], false);
    let at: Vec<&str> = one["differences"].as_array().unwrap().iter().filter_map(|one| one["at"].as_str()).collect();
    for named in [
        "terms_hash",
        "exception/terms_hash",
        "bands",
        "manager",
        "snapshot/G4/driver",
        "snapshot/pages/0",
        "/leapfrogged/0/base",
        "/remedy_cost/num",
        "/peers/median/num",
        "seats",
        "notice",
    ] {
        assert!(at.contains(&named), "{named} is not among {at:?}");
    }
}
