//! Time: an instant is a prefix of the log, whoever's clock is behind.

use std::sync::Arc;

use okaeri::ledger::{Leaf, LogEntry, micros, rfc3339};
use serde_json::json;
use tokio::task::JoinSet;

use crate::support::{ACME, OTHER, StoreKind, on_both_stores, open, probe, run, stream, whole_log};

const DAY: i64 = 86_400_000_000;

on_both_stores!(
    the_log_never_goes_back_in_time,
    what_an_append_answers_is_what_is_recorded,
    a_moved_clock_is_remembered,
    a_clock_never_moves_back,
);

fn assert_never_back(log: &[LogEntry]) {
    let instants: Vec<_> = log.iter().map(|entry| Leaf::read(&entry.leaf).expect("a leaf").recorded_at).collect();
    assert!(instants.is_sorted(), "the log goes back in time");
}

async fn the_log_never_goes_back_in_time(kind: StoreKind) {
    let test = open(kind).await;
    let mut writers = JoinSet::new();
    for writer in 0..8 {
        let ledger = Arc::clone(&test.ledger);
        writers.spawn(async move {
            let stream = stream(if writer % 4 == 0 { OTHER } else { ACME });
            for version in 0..40 {
                if writer == 1 && version == 20 {
                    ledger.advance_clock(micros(ledger.now()) + DAY).await.expect("the clock is moved");
                }
                ledger.append(probe(&stream, version, [json!({})])).await.expect("recorded");
            }
        });
    }
    writers.join_all().await;
    for employer in [ACME, OTHER] {
        assert_never_back(&whole_log(&test.ledger, employer).await);
    }
}

async fn what_an_append_answers_is_what_is_recorded(kind: StoreKind) {
    let test = open(kind).await;
    let stream = stream(ACME);
    let before = micros(test.ledger.now());
    let appended = test.ledger.append(probe(&stream, 0, [json!({}), json!({})])).await.expect("recorded");
    assert!((before..=micros(test.ledger.now())).contains(&appended.recorded_at));
    let events = test.ledger.load(stream).await.expect("the stream");
    assert_eq!(events.iter().map(|event| (event.sequence, event.position)).collect::<Vec<_>>(), vec![(1, 1), (2, 2)]);
    for event in events {
        assert_eq!(event.recorded_at, appended.recorded_at);
        assert_eq!(Leaf::read(&event.leaf).expect("a leaf").recorded_at, rfc3339(appended.recorded_at));
    }
}

async fn a_moved_clock_is_remembered(kind: StoreKind) {
    let test = open(kind).await;
    let target = micros(test.ledger.now()) + 400 * DAY;
    assert!(test.ledger.advance_clock(target).await.expect("the clock is moved"));
    assert!(micros(test.ledger.now()) >= target);
    let recorded = test.ledger.append(probe(&stream(ACME), 0, [json!({})])).await.expect("recorded").recorded_at;
    assert!(recorded >= target);
    let test = test.reopen().await;
    assert!(micros(test.ledger.now()) >= target);
    let later = test.ledger.append(probe(&stream(ACME), 0, [json!({})])).await.expect("recorded").recorded_at;
    assert!(later >= recorded);
}

async fn a_clock_never_moves_back(kind: StoreKind) {
    let test = open(kind).await;
    let start = micros(test.ledger.now());
    test.ledger.advance_clock(start + 10 * DAY).await.expect("the clock is moved");
    test.ledger.advance_clock(start + DAY).await.expect("this changes nothing");
    assert!(micros(test.ledger.now()) >= start + 10 * DAY);
    let test = test.reopen().await;
    assert!(micros(test.ledger.now()) >= start + 10 * DAY);
}

#[test]
fn a_program_whose_clock_is_behind_the_log_does_not_take_it_back() {
    run(async {
        let test = open(StoreKind::Postgres).await;
        let behind = test.another().await;
        let target = micros(test.ledger.now()) + 30 * DAY;
        test.ledger.advance_clock(target).await.expect("the clock is moved");
        let ahead = test.ledger.append(probe(&stream(ACME), 0, [json!({})])).await.expect("recorded").recorded_at;
        assert!(ahead >= target);
        assert!(micros(behind.now()) < target, "this program has not heard of it");
        let stream = stream(ACME);
        for version in 0..3 {
            let appended = behind.append(probe(&stream, version, [json!({})])).await.expect("recorded all the same");
            assert!(appended.recorded_at >= ahead);
        }
        // One batch of two employers, of which only one is ahead.
        let calm = crate::support::stream(OTHER);
        let (one, two) =
            tokio::join!(behind.append(probe(&stream, 3, [json!({})])), behind.append(probe(&calm, 0, [json!({})])));
        one.expect("recorded");
        two.expect("recorded");
        for employer in [ACME, OTHER] {
            assert_never_back(&whole_log(&test.ledger, employer).await);
        }
    });
}

#[test]
fn of_two_programs_neither_moves_the_clock_back() {
    run(async {
        let test = open(StoreKind::Postgres).await;
        let another = test.another().await;
        let start = micros(test.ledger.now());
        test.ledger.advance_clock(start + 30 * DAY).await.expect("the clock is moved");
        another.advance_clock(start + DAY).await.expect("not so far");
        let third = test.another().await;
        assert!(micros(third.now()) >= start + 30 * DAY);
    });
}
