//! Whoever reads the log while it grows sees every event, once and in order.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Instant;

use okaeri::ledger::{Ledger, LogEntry, LogQuery};
use serde_json::json;
use tokio::task::JoinSet;

use super::payload;
use crate::support::{ACME, StoreKind, on_both_stores, open, probe, stream};

const WRITERS: u64 = 6;
const APPENDS: u64 = 834;
const EVENTS: u64 = 20;

on_both_stores!(a_reader_never_misses_or_repeats_an_event_while_six_write);

async fn a_reader_never_misses_or_repeats_an_event_while_six_write(kind: StoreKind) {
    let test = open(kind).await;
    let started = Instant::now();
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        let ledger = Arc::clone(&test.ledger);
        writers.spawn(async move {
            for nth in 0..APPENDS {
                let events = (0..EVENTS).map(|part| json!({"id": (writer * APPENDS + nth) * EVENTS + part}));
                ledger.append(probe(&stream(ACME), 0, events)).await.expect("recorded");
            }
        });
    }
    let log = follow(&test.ledger, usize::try_from(WRITERS * APPENDS * EVENTS).expect("it fits")).await;
    writers.join_all().await;
    println!("{} events in {:?}", log.len(), started.elapsed());
    assert!(started.elapsed().as_secs() < 60, "too slow: {:?}", started.elapsed());
    let ids: HashSet<_> = log.iter().map(|entry| payload(&entry.leaf)["id"].as_u64().expect("an id")).collect();
    assert_eq!(ids.len() as u64, WRITERS * APPENDS * EVENTS);
}

/// Reads on from the last position until `count` events have been seen.
async fn follow(ledger: &Ledger, count: usize) -> Vec<LogEntry> {
    let mut log: Vec<LogEntry> = Vec::with_capacity(count);
    let mut reads = 0;
    while log.len() < count {
        let after = log.last().map_or(0, |entry| entry.position);
        let page = ledger.log(ACME, &LogQuery { after, limit: 1_000, ..LogQuery::default() }).await.expect("the log");
        for (entry, position) in page.into_iter().zip(after + 1..) {
            assert_eq!(entry.position, position, "the reader missed an event");
            log.push(entry);
        }
        reads += 1;
    }
    assert!(reads > 100, "the reader was not there while the log grew");
    log
}
