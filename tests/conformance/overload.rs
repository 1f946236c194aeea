//! The queue is bounded: what does not fit is told to come back, and is not recorded.

use std::sync::Arc;

use okaeri::ledger::{AppendError, QueueLimits};
use serde_json::json;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::{assert_gapless, payload};
use crate::support::{ACME, StoreKind, on_both_stores, open_with, probe, stream, whole_log};

const FLOOD: u64 = 200;

on_both_stores!(a_flood_is_recorded_or_told_to_come_back);

async fn a_flood_is_recorded_or_told_to_come_back(kind: StoreKind) {
    let test = open_with(kind, QueueLimits { waiting: 8, batch: 4 }).await;
    let barrier = Arc::new(Barrier::new(usize::try_from(FLOOD).expect("small")));
    let mut flood = JoinSet::new();
    for nth in 0..FLOOD {
        let (ledger, barrier) = (Arc::clone(&test.ledger), Arc::clone(&barrier));
        flood.spawn(async move {
            barrier.wait().await;
            (nth, ledger.append(probe(&stream(ACME), 0, [json!({"nth": nth})])).await)
        });
    }
    let mut recorded = Vec::new();
    let mut overloaded = 0;
    for (nth, outcome) in flood.join_all().await {
        match outcome {
            Ok(appended) => recorded.push((appended.position, nth)),
            Err(error) => {
                assert_eq!(error, AppendError::Overloaded);
                overloaded += 1;
            }
        }
    }
    assert!(overloaded > 0, "a queue of 8 took a flood of {FLOOD}");
    assert!(recorded.len() >= 8, "what fitted was not recorded");
    recorded.sort_unstable();
    let log = whole_log(&test.ledger, ACME).await;
    assert_gapless(&log);
    let logged: Vec<_> =
        log.iter().map(|entry| (entry.position, payload(&entry.leaf)["nth"].as_u64().expect("a number"))).collect();
    assert_eq!(logged, recorded);
    assert_eq!(test.ledger.waiting(), 0);
    test.ledger.append(probe(&stream(ACME), 0, [json!({})])).await.expect("after the flood there is room");
}
