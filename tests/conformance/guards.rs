//! Guards: of two commands that each depend on the other's stream, one is recorded.

use std::sync::Arc;

use okaeri::ledger::{Append, AppendError, Appended, Ledger, StreamKey};
use serde_json::json;

use super::assert_gapless;
use crate::support::{ACME, StoreKind, on_both_stores, open, probe, run, stream, whole_log};

on_both_stores!(
    of_two_commands_that_depend_on_each_other_one_wins,
    a_guard_on_a_stream_that_stood_still_holds,
    a_guard_on_an_empty_stream_sees_its_first_event,
);

async fn of_two_commands_that_depend_on_each_other_one_wins(kind: StoreKind) {
    let test = open(kind).await;
    cross_guarded_rounds(&test.ledger, &test.ledger, 300).await;
}

#[test]
fn of_two_programs_whose_commands_depend_on_each_other_one_wins() {
    run(async {
        let test = open(StoreKind::Postgres).await;
        let another = test.another().await;
        cross_guarded_rounds(&test.ledger, &another, 300).await;
    });
}

/// Two commands at once, each written to one stream and guarded by the other.
async fn cross_guarded_rounds(one: &Arc<Ledger>, two: &Arc<Ledger>, rounds: usize) {
    let (left, right) = (stream(ACME), stream(ACME));
    let (mut left_version, mut right_version) = (0, 0);
    for _ in 0..rounds {
        let on_left = guarded(one, &left, left_version, &right, right_version);
        let on_right = guarded(two, &right, right_version, &left, left_version);
        match (on_left.await.expect("no panic"), on_right.await.expect("no panic")) {
            (Ok(won), Err(AppendError::GuardMoved)) => left_version = won.version,
            (Err(AppendError::GuardMoved), Ok(won)) => right_version = won.version,
            outcome => panic!("exactly one wins, not {outcome:?}"),
        }
    }
    let log = whole_log(one, ACME).await;
    assert_gapless(&log);
    assert_eq!(log.len(), rounds);
}

fn guarded(
    ledger: &Arc<Ledger>,
    to: &StreamKey,
    expected: i64,
    on: &StreamKey,
    seen: i64,
) -> tokio::task::JoinHandle<Result<Appended, AppendError>> {
    let ledger = Arc::clone(ledger);
    let append = Append { guards: vec![(on.clone(), seen)], ..probe(to, expected, [json!({})]) };
    tokio::spawn(async move { ledger.append(append).await })
}

async fn a_guard_on_a_stream_that_stood_still_holds(kind: StoreKind) {
    let test = open(kind).await;
    let (target, fact) = (stream(ACME), stream(ACME));
    let seen = test.ledger.append(probe(&fact, 0, [json!({}), json!({})])).await.expect("the fact").version;
    let command = |seen| Append { guards: vec![(fact.clone(), seen)], ..probe(&target, 0, [json!({})]) };
    assert_eq!(test.ledger.append(command(seen - 1)).await, Err(AppendError::GuardMoved));
    assert_eq!(test.ledger.append(command(seen + 1)).await, Err(AppendError::GuardMoved));
    test.ledger.append(command(seen)).await.expect("the guard holds");
}

async fn a_guard_on_an_empty_stream_sees_its_first_event(kind: StoreKind) {
    let test = open(kind).await;
    let (target, fact) = (stream(ACME), stream(ACME));
    let command = Append { guards: vec![(fact.clone(), 0)], ..probe(&target, 0, [json!({})]) };
    test.ledger.append(probe(&fact, 0, [json!({})])).await.expect("the fact");
    assert_eq!(test.ledger.append(command).await, Err(AppendError::GuardMoved));
    assert!(test.ledger.load(target).await.expect("the stream").is_empty());
}
