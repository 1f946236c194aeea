//! A log that somebody has changed below the program: a replay names what is not what it was.

use okaeri::ledger::StoreLocation;
use serde_json::json;
use sqlx::Connection as _;

use super::offers::having_seen;
use super::pricing::{approved_with_a_plan, extend, measured, offered};
use crate::program::people::Tenant;
use crate::program::served_by_both_stores;
use crate::program::server::Home;
use crate::support::StoreKind;

served_by_both_stores!(
    what_was_tampered_with_is_named_by_the_replay,
    what_no_formula_reads_is_named_as_well,
    what_can_no_longer_be_read_is_named,
    nothing_is_hidden_from_a_replay_of_everything,
);

/// Somebody with the rights of the database's owner changes what others decided, and lowers an incumbent's pay in the log.
const CHANGES: [&str; 13] = [
    "update events set leaf = replace(leaf, '\"snapshot_days\":183', '\"snapshot_days\":182')
     where event_type = 'pay_policy.drafted'",
    "update events set leaf = replace(leaf, '\"midpoint\":6800000', '\"midpoint\":6900000')
     where event_type = 'pay_bands.imported'",
    "update events set leaf = replace(leaf, '\"basis\":{', '\"basis\":{\"remark\":\"x\",')
     where event_type = 'offer.assessed'",
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
    "update events set leaf = replace(leaf, '\"role\":\"people_ops\"', '\"role\":\"executive\"')
     where event_type = 'offer.approved'",
    "update events set leaf = replace(leaf, '\"terms_hash\":\"', '\"terms_hash\":\"0')
     where event_type = 'offer.accepted'",
    "update events set leaf = replace(leaf, '\"as_of\":\"20', '\"as_of\":\"19')
     where event_type = 'incumbent_snapshot.imported'",
    "update events set leaf = replace(leaf, '\"effective_from\":\"20', '\"effective_from\":\"29')
     where event_type = 'pay_policy.published'",
];
/// What of it no formula reads: who approved the bands, in which role somebody approved, and what was approved at all.
const BESIDE: [&str; 3] = [
    "update events set leaf = replace(leaf, '\"approval_ref\":\"', '\"approval_ref\":\"x')
     where event_type = 'pay_bands.imported'",
    "update events set leaf = replace(leaf, '\"role\":\"compensation\"', '\"role\":\"executive\"')
     where event_type = 'offer.approved'",
    "update events set event_type = 'offer.rescinded' where event_type = 'offer.extended'",
];
/// What cannot be read at all.
const TORN: [&str; 2] = [
    "update events set leaf = replace(leaf, '\"currency\":\"JPY\"', '\"currency\":7') where event_type = 'pay_bands.imported'",
    "update events set leaf = replace(leaf, '\"grade\":\"G4\"', '\"grade\":4') where event_type = 'offer.drafted'",
];
/// What a list of all decisions would pass over: a decision by another name, one whose beginning cannot be read, and the end of
/// a story that nobody finds any more.
const HIDDEN: [&str; 4] = [
    "update events set event_type = 'offer.labour_checked' where event_type = 'offer.assessed'",
    "update events set person = null where event_type = 'departure.recorded'",
    "delete from events where event_type = 'offer.accepted'",
    "update events set leaf = 'x' || leaf where event_type = 'offer.drafted'",
];
/// And on which day it was assessed.
const EARLIER: &str = "update events set leaf = replace(leaf, '\"on\":\"20', '\"on\":\"19')
     where event_type = 'offer.assessed'";
/// And where the assessment stands.
const MOVED: &str = "update events set leaf = replace(leaf, '\"sequence\":' || sequence || ',', '\"sequence\":99,')
     where event_type = 'offer.assessed'";

fn tamper(home: &Home, changes: &[&str]) {
    let opening: &[&str] = match home.config().location() {
        StoreLocation::Postgres(_) => &["alter table events disable trigger events_append_only"],
        StoreLocation::Directory(_) => {
            &["drop trigger if exists events_no_update", "drop trigger if exists events_no_delete"]
        }
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        for statement in opening.iter().chain(changes).copied() {
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

/// An offer outside the policy that went out and was accepted; the program is down afterwards.
fn accepted(home: &Home) -> String {
    let server = home.serve();
    let offer = {
        let tenant = Tenant::of(home, &server, "acme");
        measured(&tenant);
        let (alumnus, offer) = offered(&tenant, "megumi", 8_100_000);
        approved_with_a_plan(&tenant, &offer, 40);
        extend(&tenant, &offer);
        having_seen(&tenant, &alumnus, &offer, "accept", json!({})).expect(200);
        offer
    };
    assert!(server.terminate().success());
    offer
}

/// What the replays of an offer name, and how many replays there are.
fn named(home: &Home, offer: &str) -> (usize, Vec<String>) {
    let server = home.serve();
    let tenant = Tenant::of(home, &server, "acme");
    let replayed = tenant.command(&tenant.compliance(), "offers", offer, "replay", &json!({})).expect(200);
    let replays = replayed["replays"].as_array().unwrap();
    let differences = replays.iter().flat_map(|one| one["differences"].as_array().unwrap());
    let at = differences.map(|one| one["at"].as_str().unwrap().to_owned()).collect();
    assert!(replays.iter().all(|one| one["identical"] == json!(false)), "{replayed}");
    assert!(server.terminate().success());
    (replays.len(), at)
}

fn what_no_formula_reads_is_named_as_well(kind: StoreKind) {
    let home = Home::with_employers(kind, &["acme"]);
    let offer = accepted(&home);
    tamper(&home, &BESIDE);
    let (replays, at) = named(&home, &offer);
    assert_eq!(replays, 1);
    let count = |from: &str, what: &str| at.iter().filter(|at| at.starts_with(from) && at.ends_with(what)).count();
    assert_eq!(count("bands/events/1/", "leaf_hash"), 1, "{at:?}");
    assert_eq!(count("bands_at_exit/events/1/", "leaf_hash"), 1, "{at:?}");
    assert_eq!(count("offer/events/", "/leaf_hash"), 1, "{at:?}");
    assert_eq!(count("offer/events/", "/event_type"), 1, "{at:?}");
}

fn what_can_no_longer_be_read_is_named(kind: StoreKind) {
    let home = Home::with_employers(kind, &["acme"]);
    let offer = accepted(&home);
    tamper(&home, &TORN[..1]);
    let (replays, at) = named(&home, &offer);
    assert_eq!(replays, 1);
    for named in ["bands/events/1/leaf_hash", "/assessment"] {
        assert!(at.iter().any(|at| at == named), "{named} is not among {at:?}");
    }
    tamper(&home, &TORN[1..]);
    let (replays, at) = named(&home, &offer);
    assert_eq!((replays, at), (1, ["offer/events/1/leaf_hash", "offer/events/1"].map(str::to_owned).to_vec()));
    // The others are computed again nevertheless, and the list goes on.
    let told = home.run(&["replay", "--all"]);
    let told = String::from_utf8(told.stdout).unwrap();
    assert!(told.contains(&offer) && told.contains("offer/events/1/leaf_hash"), "{told}");
    // What was cut off the end is known by the document that showed it.
    tamper(&home, &["delete from events where event_type like 'offer.%' and event_type <> 'offer.drafted'"]);
    let (replays, at) = named(&home, &offer);
    assert_eq!((replays, at.last().map(String::as_str)), (1, Some("offer/events/16/sequence")), "{at:?}");
    assert!(!home.run(&["replay", "--offer", &offer]).status.success(), "nothing of it is found again");
}

fn nothing_is_hidden_from_a_replay_of_everything(kind: StoreKind) {
    let home = Home::with_employers(kind, &["acme"]);
    let offer = accepted(&home);
    let replayed = |change: &'static str| {
        tamper(&home, &[change]);
        let done = home.run(&["replay", "--all"]);
        assert!(!done.status.success());
        String::from_utf8(done.stdout).unwrap()
    };
    let [renamed, nobody, deleted, torn] = HIDDEN;
    let told = replayed(renamed);
    assert!(told.contains("/event_type was \"offer.assessed\", is \"offer.labour_checked\""), "{told}");
    assert!(told.contains(&format!("offer {offer}")), "the leaf says that it was assessed: {told}");
    let told = replayed(nobody);
    assert!(told.contains("/person was "), "{told}");
    let told = replayed(deleted);
    assert!(told.contains("/position was "), "a gap in the log: {told}");
    let told = replayed(torn);
    assert!(told.contains("/leaf was ") && told.contains("offer/events/1"), "{told}");
}

fn what_was_tampered_with_is_named_by_the_replay(kind: StoreKind) {
    let home = Home::with_employers(kind, &["acme"]);
    let offer = accepted(&home);
    let told = home.run_well(&["replay", "--all"]);
    assert!(told.contains("1 assessments computed again"), "{told}");
    home.run_well(&["replay", "--offer", &offer]);

    tamper(&home, &CHANGES);
    home.run_badly(&["replay", "--all"]);
    let server = home.serve();
    let tenant = Tenant::of(&home, &server, "acme");
    let replayed = tenant.command(&tenant.compliance(), "offers", &offer, "replay", &json!({})).expect(200);
    let one = &replayed["replays"][0];
    assert_eq!(one["identical"], false);
    let at: Vec<&str> = one["differences"].as_array().unwrap().iter().filter_map(|one| one["at"].as_str()).collect();
    for named in [
        "policy",
        "policy/events/1/leaf_hash",
        "policy/effective_from",
        "snapshot/as_of",
        "bands_at_exit",
        "/basis/remark",
        "terms_hash",
        "exception/terms_hash",
        "accepted/terms_hash",
        "documents/approval_sheet",
        "documents/explanation",
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
    for unchanged in ["approved/terms_hash", "documents/working_conditions_notice"] {
        assert!(!at.contains(&unchanged), "{unchanged} is as it was: {at:?}");
    }
    assert!(server.terminate().success());

    tamper(&home, &[EARLIER]);
    let told = String::from_utf8(home.run(&["replay", "--offer", &offer]).stdout).unwrap();
    assert!(told.contains("on was \"19"), "{told}");

    // The log tells of an assessment that the stream of its offer does not.
    tamper(&home, &[MOVED]);
    let told = home.run(&["replay", "--all"]);
    let told = String::from_utf8(told.stdout).unwrap();
    assert!(told.contains(&offer) && told.contains("sequence was 99"), "{told}");
}
