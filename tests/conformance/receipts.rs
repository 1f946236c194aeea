//! Receipts: a request that is sent again is answered again, and recorded once.

use std::sync::Arc;

use okaeri::ledger::{Append, AppendError, Receipt, ReceiptKey};
use serde_json::json;
use tokio::task::JoinSet;

use crate::support::{ACME, StoreKind, on_both_stores, open, probe, stream, whole_log};

on_both_stores!(
    of_twins_with_one_receipt_one_is_recorded,
    a_command_without_events_leaves_a_receipt,
    old_receipts_are_forgotten,
    a_refused_command_leaves_no_receipt,
);

fn receipt(key: &[u8]) -> ReceiptKey {
    ReceiptKey { key: key.to_vec(), request: b"request".to_vec(), status: 201 }
}

async fn of_twins_with_one_receipt_one_is_recorded(kind: StoreKind) {
    let test = open(kind).await;
    let shared = stream(ACME);
    let mut twins = JoinSet::new();
    for twin in 0..16 {
        let ledger = Arc::clone(&test.ledger);
        // Some make a stream each, as a request that creates something does.
        let stream = if twin % 2 == 0 { shared.clone() } else { stream(ACME) };
        let append =
            Append { receipt: Some(receipt(b"twins")), ..probe(&stream, 0, [json!({"twin": twin}), json!({})]) };
        twins.spawn(async move { ledger.append(append).await.map(|_| stream) });
    }
    let (recorded, twins): (Vec<_>, Vec<_>) = twins.join_all().await.into_iter().partition(Result::is_ok);
    assert!(twins.iter().all(|outcome| *outcome == Err(AppendError::ReceiptExists)), "{twins:?}");
    let [Ok(stream)] = recorded.as_slice() else { panic!("one is recorded, not {recorded:?}") };
    let expected = Receipt {
        request: b"request".to_vec(),
        status: 201,
        kind: "probe".to_owned(),
        id: stream.id,
        version: 2,
        position: 2,
        state: "sent".to_owned(),
    };
    assert_eq!(test.ledger.receipt(ACME, b"twins").await.expect("the look-up"), Some(expected.clone()));

    let stream = stream.clone();
    let test = test.reopen().await;
    assert_eq!(test.ledger.receipt(ACME, b"twins").await.expect("the look-up"), Some(expected));
    let again = Append { receipt: Some(receipt(b"twins")), ..probe(&stream, 2, [json!({})]) };
    assert_eq!(test.ledger.append(again).await, Err(AppendError::ReceiptExists));
    assert_eq!(whole_log(&test.ledger, ACME).await.len(), 2);
}

async fn a_command_without_events_leaves_a_receipt(kind: StoreKind) {
    let test = open(kind).await;
    let stream = stream(ACME);
    let first = test.ledger.append(probe(&stream, 0, [json!({})])).await.expect("the first event");
    let quiet = Append {
        receipt: Some(ReceiptKey { status: 200, ..receipt(b"quiet") }),
        quiet_position: first.position,
        state: "already_so",
        ..probe(&stream, 1, [])
    };
    let appended = test.ledger.append(quiet.clone()).await.expect("a command that was already so");
    assert_eq!((appended.version, appended.position), (1, first.position));
    let found = test.ledger.receipt(ACME, b"quiet").await.expect("the look-up").expect("a receipt");
    assert_eq!((found.status, found.version, found.position, &*found.state), (200, 1, first.position, "already_so"));
    assert_eq!(test.ledger.append(quiet).await, Err(AppendError::ReceiptExists));
    assert_eq!(whole_log(&test.ledger, ACME).await.len(), 1);
}

async fn old_receipts_are_forgotten(kind: StoreKind) {
    let test = open(kind).await;
    let mut recorded = Vec::new();
    for key in [b"early", b"later"] {
        let append = Append { receipt: Some(receipt(key)), ..probe(&stream(ACME), 0, [json!({})]) };
        recorded.push(test.ledger.append(append).await.expect("a new receipt").recorded_at);
    }
    assert!(recorded[0] < recorded[1], "two appends one after the other");
    assert_eq!(test.ledger.forget_receipts(recorded[1]).await.expect("receipts are forgotten"), 1);
    assert_eq!(test.ledger.receipt(ACME, b"early").await.expect("the look-up"), None);
    assert!(test.ledger.receipt(ACME, b"later").await.expect("the look-up").is_some());
    let again = Append { receipt: Some(receipt(b"early")), ..probe(&stream(ACME), 0, [json!({})]) };
    test.ledger.append(again).await.expect("a forgotten key is a new key");
}

async fn a_refused_command_leaves_no_receipt(kind: StoreKind) {
    let test = open(kind).await;
    let stream = stream(ACME);
    let refused = Append { receipt: Some(receipt(b"refused")), ..probe(&stream, 7, [json!({})]) };
    assert_eq!(test.ledger.append(refused).await, Err(AppendError::StreamMoved));
    assert_eq!(test.ledger.receipt(ACME, b"refused").await.expect("the look-up"), None);
    let again = Append { receipt: Some(receipt(b"refused")), ..probe(&stream, 0, [json!({})]) };
    test.ledger.append(again).await.expect("the key is still free");
}
