//! Claims: what must be unique across streams has one holder.

use std::sync::Arc;

use okaeri::ledger::{Append, AppendError, Appended, ClaimRow, Ledger};
use serde_json::json;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::support::{ACME, AT, StoreKind, on_both_stores, open, probe, run, stream, whole_log};

const SCOPE: &str = "seat";
const KEY: &str = "window";

on_both_stores!(
    of_many_takers_one_has_the_claim,
    a_released_claim_can_be_taken_again,
    a_claim_is_free_when_its_time_is_up,
    its_holder_may_take_a_claim_again,
    the_last_word_of_a_command_on_a_claim_counts,
    a_lost_claim_loses_the_whole_command,
);

fn take(holder: Uuid, until: Option<i64>) -> ClaimRow {
    ClaimRow { scope: SCOPE.to_owned(), key: KEY.to_owned(), holder, until, take: true }
}

fn release(holder: Uuid) -> ClaimRow {
    ClaimRow { take: false, ..take(holder, None) }
}

fn held() -> AppendError {
    AppendError::ClaimHeld { scope: SCOPE.to_owned() }
}

/// One event on a stream of its own, with these claims, at an instant.
async fn claim(ledger: &Ledger, claims: Vec<ClaimRow>, at: i64) -> Result<Appended, AppendError> {
    ledger.append(Append { claims, at, ..probe(&stream(ACME), 0, [json!({})]) }).await
}

async fn holder(ledger: &Ledger, at: i64) -> Option<Uuid> {
    ledger.claim_holders(ACME, SCOPE, &[KEY.to_owned()], at).await.expect("the holders")[0]
}

async fn of_many_takers_one_has_the_claim(kind: StoreKind) {
    let test = open(kind).await;
    race(&[Arc::clone(&test.ledger)]).await;
}

#[test]
fn of_many_takers_in_two_programs_one_has_the_claim() {
    run(async {
        let test = open(StoreKind::Postgres).await;
        race(&[Arc::clone(&test.ledger), test.another().await]).await;
    });
}

async fn race(ledgers: &[Arc<Ledger>]) {
    for round in 0..10 {
        let mut takers = JoinSet::new();
        for (_, ledger) in (0..32).zip(ledgers.iter().cycle()) {
            let (ledger, holder) = (Arc::clone(ledger), Uuid::now_v7());
            let seat = ClaimRow { key: format!("seat {round}"), ..take(holder, None) };
            takers.spawn(async move { claim(&ledger, vec![seat], AT).await.map(|_| holder) });
        }
        let (won, lost): (Vec<_>, Vec<_>) = takers.join_all().await.into_iter().partition(Result::is_ok);
        assert!(lost.iter().all(|outcome| *outcome == Err(held())), "{lost:?}");
        assert_eq!(won.len(), 1);
        let holders = ledgers[0].claim_holders(ACME, SCOPE, &[format!("seat {round}")], AT).await.expect("the holders");
        assert_eq!(holders, vec![won[0].clone().ok()]);
    }
    assert_eq!(whole_log(&ledgers[0], ACME).await.len(), 10);
}

async fn a_released_claim_can_be_taken_again(kind: StoreKind) {
    let test = open(kind).await;
    let (first, second) = (Uuid::now_v7(), Uuid::now_v7());
    claim(&test.ledger, vec![take(first, None)], AT).await.expect("it is free");
    assert_eq!(claim(&test.ledger, vec![take(second, None)], AT).await, Err(held()));
    claim(&test.ledger, vec![release(second)], AT)
        .await
        .expect("what others hold is not released, and that is no error");
    assert_eq!(holder(&test.ledger, AT).await, Some(first));
    claim(&test.ledger, vec![release(first)], AT).await.expect("its holder gives it back");
    assert_eq!(holder(&test.ledger, AT).await, None);
    claim(&test.ledger, vec![take(second, None)], AT).await.expect("it is free again");
    assert_eq!(holder(&test.ledger, AT).await, Some(second));
}

async fn a_claim_is_free_when_its_time_is_up(kind: StoreKind) {
    let test = open(kind).await;
    let (first, second) = (Uuid::now_v7(), Uuid::now_v7());
    claim(&test.ledger, vec![take(first, Some(AT + 100))], AT).await.expect("it is free");
    assert_eq!(holder(&test.ledger, AT + 99).await, Some(first));
    assert_eq!(claim(&test.ledger, vec![take(second, None)], AT + 99).await, Err(held()));
    assert_eq!(holder(&test.ledger, AT + 100).await, None);
    claim(&test.ledger, vec![take(second, None)], AT + 100).await.expect("it has become free by itself");
    assert_eq!(holder(&test.ledger, AT + 100).await, Some(second));
}

async fn its_holder_may_take_a_claim_again(kind: StoreKind) {
    let test = open(kind).await;
    let (first, second) = (Uuid::now_v7(), Uuid::now_v7());
    claim(&test.ledger, vec![take(first, Some(AT + 100))], AT).await.expect("it is free");
    claim(&test.ledger, vec![take(first, Some(AT + 200))], AT + 50).await.expect("its holder prolongs it");
    assert_eq!(claim(&test.ledger, vec![take(second, None)], AT + 150).await, Err(held()));
    claim(&test.ledger, vec![take(first, None)], AT + 150).await.expect("for ever");
    assert_eq!(holder(&test.ledger, i64::MAX).await, Some(first));
}

async fn the_last_word_of_a_command_on_a_claim_counts(kind: StoreKind) {
    let test = open(kind).await;
    let first = Uuid::now_v7();
    let twice = vec![take(first, Some(AT + 1)), take(first, Some(AT + 100))];
    claim(&test.ledger, twice, AT).await.expect("taken twice");
    assert_eq!(holder(&test.ledger, AT + 99).await, Some(first));
    claim(&test.ledger, vec![take(first, None), release(first)], AT).await.expect("taken and given back");
    assert_eq!(holder(&test.ledger, AT).await, None);
    claim(&test.ledger, vec![release(first), take(first, None)], AT).await.expect("given back and taken");
    assert_eq!(holder(&test.ledger, AT).await, Some(first));
}

async fn a_lost_claim_loses_the_whole_command(kind: StoreKind) {
    let test = open(kind).await;
    let (first, second) = (Uuid::now_v7(), Uuid::now_v7());
    claim(&test.ledger, vec![take(first, None)], AT).await.expect("it is free");
    let free = ClaimRow { key: "aisle".to_owned(), ..take(second, None) };
    assert_eq!(claim(&test.ledger, vec![free, take(second, None)], AT).await, Err(held()));
    let holders = test.ledger.claim_holders(ACME, SCOPE, &["aisle".to_owned(), KEY.to_owned()], AT).await;
    assert_eq!(holders.expect("the holders"), vec![None, Some(first)]);
    assert_eq!(whole_log(&test.ledger, ACME).await.len(), 1);
}
