//! A connection that dies in an append: its outcome is looked up, never guessed.

use std::sync::Arc;
use std::time::Duration;

use okaeri::ledger::{
    Append, AppendError, Appended, ClaimRow, Ledger, LedgerMode, MasterKey, PageQuery, StoreLocation, TableId, Waited,
};
use serde_json::json;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::proxy::{Cut, Proxy, Then};
use super::{assert_gapless, payload};
use crate::support::postgres::{Durability, Server, shared};
use crate::support::{ACME, AT, open_on, probe, run, stream, version, whole_log};

/// A ledger behind a proxy, and one that reaches the same database directly.
struct Behind {
    proxy: Proxy,
    ledger: Arc<Ledger>,
    direct: Arc<Ledger>,
}

async fn behind_a_proxy() -> Behind {
    behind(shared()).await
}

async fn behind(server: &Server) -> Behind {
    let key = MasterKey::generate().expect("a key");
    let proxy = Proxy::start(&server.socket()).await;
    let url = server.fresh_database();
    let open = async |url: String| {
        Ledger::open(&StoreLocation::Postgres(url), &key, LedgerMode::Trial).await.expect("the ledger opens")
    };
    let direct = open(url.clone()).await;
    direct.add_employer(ACME, &<_>::default()).await.expect("an employer");
    Behind { ledger: open(proxy.url(&url)).await, proxy, direct }
}

/// Appends the same command until its outcome is known.
async fn until_known(ledger: &Ledger, append: &Append) -> Result<Appended, AppendError> {
    loop {
        match ledger.append(append.clone()).await {
            Err(AppendError::OutcomeUnknown | AppendError::Store(_)) => {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            known => return known,
        }
    }
}

#[test]
fn a_cut_connection_loses_and_doubles_nothing() {
    run(async {
        let Behind { proxy, ledger, direct } = behind_a_proxy().await;
        let stream = stream(ACME);
        let mut expected = 0;
        for cut in [Cut::Before, Cut::During, Cut::After, Cut::Late].repeat(10) {
            proxy.cut_next_append(cut, Then::Reachable);
            let events = [json!({"nth": expected, "cut": format!("{cut:?}")}), json!({"nth": expected + 1})];
            let appended = ledger.append(probe(&stream, expected, events)).await;
            assert!(proxy.has_cut());
            expected += 2;
            let appended = appended.unwrap_or_else(|error| panic!("{cut:?}: {error}"));
            assert_eq!((appended.version, appended.position), (expected, expected), "{cut:?}");
            let events = direct.load(stream.clone()).await.expect("the stream");
            assert_eq!(events.last().map(|event| event.recorded_at), Some(appended.recorded_at), "{cut:?}");
        }
        let log = whole_log(&direct, ACME).await;
        assert_gapless(&log);
        let order: Vec<_> = log.iter().map(|entry| payload(&entry.leaf)["nth"].as_i64()).collect();
        assert_eq!(order, (0..expected).map(Some).collect::<Vec<_>>());
    });
}

#[test]
fn a_cut_connection_leaves_every_command_of_its_batch_answered() {
    run(async {
        let Behind { proxy, ledger, direct } = behind_a_proxy().await;
        let moved = stream(ACME);
        direct.append(probe(&moved, 0, [json!({})])).await.expect("recorded");
        for cut in [Cut::Before, Cut::During, Cut::After, Cut::Late].repeat(5) {
            proxy.cut_next_append(cut, Then::Reachable);
            let before = whole_log(&direct, ACME).await.len();
            let mut commands = JoinSet::new();
            for nth in 0..12 {
                let to = if nth == 5 { moved.clone() } else { stream(ACME) };
                let ledger = Arc::clone(&ledger);
                commands.spawn(async move { (nth == 5, ledger.append(probe(&to, 0, [json!({})])).await) });
            }
            for (is_stale, outcome) in commands.join_all().await {
                if is_stale {
                    assert_eq!(outcome, Err(AppendError::StreamMoved), "{cut:?}");
                } else {
                    outcome.unwrap_or_else(|error| panic!("{cut:?}: {error}"));
                }
            }
            assert!(proxy.has_cut());
            assert_eq!(whole_log(&direct, ACME).await.len(), before + 11, "{cut:?}");
        }
        assert_gapless(&whole_log(&direct, ACME).await);
    });
}

#[test]
fn an_unreachable_server_leaves_the_outcome_unknown_until_the_command_is_repeated() {
    run(async {
        let Behind { proxy, ledger, direct } = behind_a_proxy().await;
        let stream = stream(ACME);
        let mut expected = 0;
        for cut in [Cut::Before, Cut::During, Cut::After, Cut::Late].repeat(3) {
            proxy.cut_next_append(cut, Then::Unreachable);
            let append = probe(&stream, expected, [json!({"nth": expected})]);
            assert_eq!(ledger.append(append.clone()).await, Err(AppendError::OutcomeUnknown), "{cut:?}");
            proxy.end_all(Then::Reachable);
            expected += 1;
            let again = until_known(&ledger, &append).await;
            match cut {
                Cut::Before => assert!(again.is_ok(), "{cut:?}: {again:?}"),
                Cut::After | Cut::Late => assert_eq!(again, Err(AppendError::Repeated), "{cut:?}"),
                Cut::During => assert!(matches!(again, Ok(_) | Err(AppendError::Repeated)), "{cut:?}: {again:?}"),
            }
            assert_eq!(version(&direct, &stream).await, expected, "{cut:?}");
            let found = direct.recorded_command(ACME, append.command_id).await.expect("the look-up");
            assert_eq!(found.expect("the command is recorded").sequence, expected);
        }
        assert_gapless(&whole_log(&direct, ACME).await);
    });
}

#[test]
fn when_every_connection_died_the_next_command_does_not_notice() {
    run(async {
        let Behind { proxy, ledger, direct } = behind_a_proxy().await;
        let stream = stream(ACME);
        for round in 0..5 {
            fill_the_pool(&ledger).await;
            proxy.end_all(Then::Reachable);
            if round % 2 == 0 {
                ledger.append(probe(&stream, round, [json!({})])).await.expect("recorded");
                assert_eq!(version(&ledger, &stream).await, round + 1);
            } else {
                assert_eq!(version(&ledger, &stream).await, round);
                ledger.append(probe(&stream, round, [json!({})])).await.expect("recorded");
            }
        }
        assert_eq!(whole_log(&direct, ACME).await.len(), 5);
    });
}

/// Reads at once, so that the pool is full of connections, each used a moment ago.
async fn fill_the_pool(ledger: &Arc<Ledger>) {
    let mut reads = JoinSet::new();
    for _ in 0..40 {
        let ledger = Arc::clone(ledger);
        reads.spawn(async move { ledger.receipt(ACME, b"none").await.expect("a read") });
    }
    reads.join_all().await;
}

#[test]
fn when_every_connection_died_the_next_reads_do_not_notice() {
    run(async {
        let Behind { proxy, ledger, .. } = behind_a_proxy().await;
        for _ in 0..5 {
            // Whoever reads here has met the dead connections of the round before.
            fill_the_pool(&ledger).await;
            proxy.end_all(Then::Reachable);
        }
    });
}

#[test]
fn after_a_restart_of_the_server_the_first_reads_find_what_was_there() {
    run(async {
        let server = Server::start(Durability::Synced);
        let test = open_on(server.fresh_database()).await;
        let ledger = &test.ledger;
        let table = TableId { name: "probes", version: 1, filters: &["kind"] };
        ledger.prepare_model(&table).await.expect("a model");
        let person = Uuid::now_v7();
        let mut payloads = [json!({"name": {"unsealed": "灰谷 美穂", "class": "statutory"}})];
        let sealing = ledger.seal(ACME, person, false, &mut payloads).await.expect("sealed");
        let reference = payloads[0]["name"]["ref"].as_str().expect("a reference").parse().expect("an id");
        let [payload] = payloads;
        let claim = ClaimRow { scope: "one".into(), key: "k".into(), holder: person, until: None, take: true };
        let append = Append { vault: sealing, claims: vec![claim], ..probe(&stream(ACME), 0, [payload]) };
        ledger.append(append.clone()).await.expect("recorded");
        ledger.advance_checkpoint(ACME, table.name, 1, 1).await.expect("folded");

        fill_the_pool(ledger).await;
        server.kill9();
        server.restart();
        // Each is the first of its round: as many dead connections wait for it as the pool can hold.
        let keys = ["k".to_owned()];
        let page = PageQuery { limit: 10, ..PageQuery::default() };
        let document = ledger.document(&table, ACME, person).await.expect("a document");
        assert!(matches!(document, Waited::Ready(None)), "{document:?}");
        for read in 0..6 {
            if read > 0 {
                fill_the_pool(ledger).await;
                server.kill9();
                server.restart();
            }
            match read {
                0 => assert!(matches!(ledger.page(&table, ACME, &page).await.expect("a page"), Waited::Ready(_))),
                1 => assert_eq!(whole_log(ledger, ACME).await.len(), 1),
                2 => assert_eq!(ledger.claim_holders(ACME, "one", &keys, AT).await.expect("claims"), [Some(person)]),
                3 => assert_eq!(ledger.open_values(ACME, &[reference]).await.expect("the vault").len(), 1),
                4 => assert_eq!(ledger.employers().await.expect("the employers").len(), 2),
                _ => assert_eq!(version(ledger, &append.stream).await, 1),
            }
        }
    });
}

#[test]
fn a_server_that_is_down_is_said_to_be_down() {
    run(async {
        let server = Server::start(Durability::Unsynced);
        let Behind { ledger, .. } = behind(&server).await;
        let append = probe(&stream(ACME), 0, [json!({})]);
        server.kill9();
        let refused = ledger.append(append.clone()).await;
        assert!(matches!(refused, Err(AppendError::OutcomeUnknown | AppendError::Store(_))), "{refused:?}");
        assert!(ledger.ping().await.is_err());
        assert!(ledger.load(append.stream.clone()).await.is_err());
        server.restart();
        until_known(&ledger, &append).await.expect("recorded when it is back");
        assert_eq!(version(&ledger, &append.stream).await, 1);
    });
}
