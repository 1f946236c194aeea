//! Many writers, few streams: every acknowledged command is in the log once, whole and in order.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use okaeri::ledger::{Append, AppendError, Appended, ClaimRow, Ledger, LogEntry, StreamKey};
use serde_json::json;
use tokio::sync::Barrier;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::{assert_gapless, payload};
use crate::support::{ACME, StoreKind, append_until_recorded, on_both_stores, open, probe, run, stream, whole_log};

const WRITERS: u64 = 32;
const COMMANDS: u64 = 25;
const PARTS: u64 = 3;

on_both_stores!(
    every_acknowledged_command_of_racing_writers_is_recorded_once,
    a_conflict_spares_its_neighbours,
    a_repeated_command_id_is_recognised,
    commands_of_one_caller_keep_their_order,
);

fn three_events(writer: u64, nth: u64) -> Vec<serde_json::Value> {
    (0..PARTS).map(|part| json!({"writer": writer, "nth": nth, "part": part})).collect()
}

async fn every_acknowledged_command_of_racing_writers_is_recorded_once(kind: StoreKind) {
    let test = open(kind).await;
    let streams: Vec<StreamKey> = (0..4).map(|_| stream(ACME)).collect();
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        let (ledger, streams) = (Arc::clone(&test.ledger), streams.clone());
        writers.spawn(async move {
            let mut acknowledged = Vec::new();
            for (nth, stream) in
                (0..COMMANDS).zip(streams.iter().cycle().skip(usize::try_from(writer % 4).expect("small")))
            {
                let appended = append_until_recorded(&ledger, probe(stream, 0, three_events(writer, nth))).await;
                acknowledged.push((writer, nth, appended));
            }
            acknowledged
        });
    }
    let acknowledged: Vec<_> = writers.join_all().await.into_iter().flatten().collect();
    let log = whole_log(&test.ledger, ACME).await;
    assert_gapless(&log);
    assert_eq!(log.len() as u64, WRITERS * COMMANDS * PARTS);
    assert_recorded_once(&log, &acknowledged);
}

/// Each command stands whole and once where its acknowledgement says.
fn assert_recorded_once(log: &[LogEntry], acknowledged: &[(u64, u64, Appended)]) {
    let mut found: BTreeMap<(u64, u64), Vec<(u64, i64)>> = BTreeMap::new();
    for entry in log {
        let payload = payload(&entry.leaf);
        let number = |name: &str| payload[name].as_u64().expect("a number");
        found.entry((number("writer"), number("nth"))).or_default().push((number("part"), entry.position));
    }
    assert_eq!(found.len(), acknowledged.len());
    for (writer, nth, appended) in acknowledged {
        let last = appended.position;
        assert_eq!(found.get(&(*writer, *nth)), Some(&vec![(0, last - 2), (1, last - 1), (2, last)]));
    }
}

#[test]
fn two_programs_on_one_database_have_one_winner_a_version() {
    run(async {
        let test = open(StoreKind::Postgres).await;
        let ledgers = [Arc::clone(&test.ledger), test.another().await];
        let streams: Vec<StreamKey> = (0..4).map(|_| stream(ACME)).collect();
        let mut writers = JoinSet::new();
        for writer in 0..WRITERS {
            let ledger = Arc::clone(&ledgers[usize::from(writer % 2 == 0)]);
            let streams = streams.clone();
            writers.spawn(async move { take_versions(&ledger, writer, &streams).await });
        }
        let won: Vec<_> = writers.join_all().await.into_iter().flatten().collect();
        let versions: HashSet<_> =
            won.iter().map(|(stream, _, _, appended)| (stream.clone(), appended.version)).collect();
        assert_eq!(versions.len(), won.len(), "a version was won twice");
        let log = whole_log(&test.ledger, ACME).await;
        assert_gapless(&log);
        assert_eq!(log.len(), won.len() * 3, "there are partial commands");
        let acknowledged: Vec<_> = won.into_iter().map(|(_, writer, nth, appended)| (writer, nth, appended)).collect();
        assert_recorded_once(&log, &acknowledged);
    });
}

/// One attempt a command, without repeating what another program was faster with.
async fn take_versions(ledger: &Ledger, writer: u64, streams: &[StreamKey]) -> Vec<(StreamKey, u64, u64, Appended)> {
    let mut won = Vec::new();
    for (nth, stream) in (0..60).zip(streams.iter().cycle()) {
        let expected = crate::support::version(ledger, stream).await;
        match ledger.append(probe(stream, expected, three_events(writer, nth))).await {
            Ok(appended) => {
                assert_eq!(appended.version, expected + 3);
                won.push((stream.clone(), writer, nth, appended));
            }
            Err(error) => assert_eq!(error, AppendError::StreamMoved),
        }
    }
    won
}

async fn a_conflict_spares_its_neighbours(kind: StoreKind) {
    const NEIGHBOURS: usize = 20;
    let test = open(kind).await;
    let moved = stream(ACME);
    test.ledger.append(probe(&moved, 0, [json!({})])).await.expect("the first event");
    for _ in 0..20 {
        let barrier = Arc::new(Barrier::new(NEIGHBOURS + 1));
        let mut commands = JoinSet::new();
        for neighbour in 0..=NEIGHBOURS {
            let stream = if neighbour == NEIGHBOURS / 2 { moved.clone() } else { stream(ACME) };
            let (ledger, barrier) = (Arc::clone(&test.ledger), Arc::clone(&barrier));
            commands.spawn(async move {
                barrier.wait().await;
                ledger.append(probe(&stream, 0, [json!({"neighbour": neighbour})])).await
            });
        }
        let (recorded, lost): (Vec<_>, Vec<_>) = commands.join_all().await.into_iter().partition(Result::is_ok);
        assert_eq!(recorded.len(), NEIGHBOURS);
        assert_eq!(lost, vec![Err(AppendError::StreamMoved)]);
    }
    let log = whole_log(&test.ledger, ACME).await;
    assert_gapless(&log);
    assert_eq!(log.len(), 1 + 20 * NEIGHBOURS);
}

#[test]
fn a_command_that_the_database_cannot_take_spares_its_neighbours() {
    run(async {
        let test = open(StoreKind::Postgres).await;
        for _ in 0..5 {
            let mut commands = JoinSet::new();
            for nth in 0..12 {
                let mut append = probe(&stream(ACME), 0, [json!({})]);
                if nth == 7 {
                    // PostgreSQL has no text with U+0000.
                    append.claims.push(claim_of("a\0b"));
                }
                let ledger = Arc::clone(&test.ledger);
                commands.spawn(async move { (nth == 7, ledger.append(append).await) });
            }
            for (is_impossible, outcome) in commands.join_all().await {
                assert_eq!(matches!(outcome, Err(AppendError::Store(_))), is_impossible, "{outcome:?}");
            }
        }
        let log = whole_log(&test.ledger, ACME).await;
        assert_gapless(&log);
        assert_eq!(log.len(), 5 * 11);
    });
}

fn claim_of(key: &str) -> ClaimRow {
    ClaimRow { scope: "seat".to_owned(), key: key.to_owned(), holder: Uuid::now_v7(), until: None, take: true }
}

async fn a_repeated_command_id_is_recognised(kind: StoreKind) {
    let test = open(kind).await;
    let stream = stream(ACME);
    let command = probe(&stream, 0, [json!({"once": true})]);
    let recorded = test.ledger.append(command.clone()).await.expect("the first time");
    assert_eq!(test.ledger.append(command.clone()).await, Err(AppendError::Repeated));
    // Also where the repeat has seen the first one's event.
    let later = probe(&stream, recorded.version, [json!({"once": true})]);
    let later = Append { command_id: command.command_id, ..later };
    assert_eq!(test.ledger.append(later).await, Err(AppendError::Repeated));

    let test = test.reopen().await;
    assert_eq!(test.ledger.append(command.clone()).await, Err(AppendError::Repeated));
    let found = test.ledger.recorded_command(ACME, command.command_id).await.expect("the look-up").expect("the event");
    assert_eq!((found.sequence, found.position, found.recorded_at), (1, recorded.position, recorded.recorded_at));
    assert_eq!(whole_log(&test.ledger, ACME).await.len(), 1);
}

async fn commands_of_one_caller_keep_their_order(kind: StoreKind) {
    let test = open(kind).await;
    let stream = stream(ACME);
    let mut last = 0;
    for nth in 0..50 {
        let appended = test.ledger.append(probe(&stream, nth, [json!({"nth": nth})])).await.expect("in order");
        assert!(appended.position > last && appended.version == nth + 1);
        last = appended.position;
    }
    let events = test.ledger.load(stream).await.expect("the stream");
    let order: Vec<_> = events.iter().map(|event| payload(&event.leaf)["nth"].as_i64()).collect();
    assert_eq!(order, (0..50).map(Some).collect::<Vec<_>>());
}
