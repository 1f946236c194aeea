//! Leaves: canonical bytes, hashed as RFC 9162 says, that nobody can change.

use aws_lc_rs::digest;
use okaeri::ledger::{AppendError, leaf_hash};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestError, TestRunner};
use serde_json::{Map, Value, json};
use tokio::runtime::Handle;

use super::{assert_gapless, payload};
use crate::support::{ACME, StoreKind, on_both_stores, open, probe, stream, whole_log};

const MAX_SAFE: i64 = (1 << 53) - 1;

on_both_stores!(
    every_leaf_is_canonical_and_hashed,
    nothing_that_is_recorded_can_be_changed,
    what_has_no_canonical_form_is_refused_and_spares_its_neighbours,
);

/// JSON as events carry it: no fractions, safe integers, ASCII names, no U+0000.
fn payloads() -> impl Strategy<Value = Value> {
    let text = any::<String>().prop_map(|text| text.replace('\0', ""));
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-MAX_SAFE..=MAX_SAFE).prop_map(Value::from),
        prop_oneof![Just(0), Just(MAX_SAFE), Just(-MAX_SAFE)].prop_map(Value::from),
        text.prop_map(Value::from),
        "[\\u{1}-\\u{1f}\\u{7f}-\\u{9f}\"\\\\/\\u{2028}\\u{2029}\\u{fffd}\\u{ffff}\\u{1f600}]{0,8}"
            .prop_map(Value::from),
    ];
    scalar.prop_recursive(4, 24, 6, |inner| {
        let names = "[ -~]{0,6}".prop_filter("not a personal value", |name| name != "unsealed");
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            proptest::collection::btree_map(names, inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// RFC 8785, written a second time and straight from its text: members sorted by UTF-16 units, the escapes of ECMAScript.
fn canonical(value: &Value) -> String {
    match value {
        Value::Null | Value::Bool(_) => value.to_string(),
        Value::Number(number) => number.as_i64().expect("an integer").to_string(),
        Value::String(text) => quoted(text),
        Value::Array(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|(name, _)| name.encode_utf16().collect::<Vec<_>>());
            let members = members.iter().map(|(name, value)| format!("{}:{}", quoted(name), canonical(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        }
    }
}

fn quoted(text: &str) -> String {
    let escaped = text.chars().map(|c| match c {
        '"' => "\\\"".to_owned(),
        '\\' => "\\\\".to_owned(),
        '\u{8}' => "\\b".to_owned(),
        '\t' => "\\t".to_owned(),
        '\n' => "\\n".to_owned(),
        '\u{c}' => "\\f".to_owned(),
        '\r' => "\\r".to_owned(),
        c if c < ' ' => format!("\\u{:04x}", u32::from(c)),
        c => c.to_string(),
    });
    format!("\"{}\"", escaped.collect::<String>())
}

async fn every_leaf_is_canonical_and_hashed(kind: StoreKind) {
    let test = open(kind).await;
    let ledger = &test.ledger;
    let mut runner = TestRunner::new(Config { cases: 200, failure_persistence: None, ..Config::default() });
    let outcome = tokio::task::block_in_place(|| {
        runner.run(&payloads(), |given| {
            let stream = stream(ACME);
            let events = Handle::current().block_on(async {
                ledger.append(probe(&stream, 0, [given.clone()])).await.expect("it is recorded");
                ledger.load(stream.clone()).await.expect("it loads")
            });
            let leaf = &events[0].leaf;
            let value: Value = serde_json::from_str(leaf).expect("it is JSON");
            prop_assert_eq!(leaf, &canonical(&value));
            prop_assert_eq!(&value["payload"], &given);
            Ok(())
        })
    });
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(reason, payload)) => panic!("{reason}: {payload}"),
        Err(TestError::Abort(reason)) => panic!("{reason}"),
    }

    let log = whole_log(ledger, ACME).await;
    assert_gapless(&log);
    assert!(log.len() >= 200);
    for entry in log {
        let prefixed: Vec<u8> = [&[0], entry.leaf.as_bytes()].concat();
        assert_eq!(entry.leaf_hash, digest::digest(&digest::SHA256, &prefixed).as_ref());
        assert_eq!(entry.leaf_hash, leaf_hash(entry.leaf.as_bytes()));
    }
}

async fn nothing_that_is_recorded_can_be_changed(kind: StoreKind) {
    let test = open(kind).await;
    test.ledger.append(probe(&stream(ACME), 0, (0..3).map(|nth| json!({"nth": nth})))).await.expect("recorded");
    let before = whole_log(&test.ledger, ACME).await;
    let mut below = test.below().await;
    let mut forbidden = vec![
        "update events set event_type = 'probe.changed'",
        "update events set leaf = leaf where position = 1",
        "delete from events where position = 3",
        "delete from events",
    ];
    if kind == StoreKind::Postgres {
        forbidden.extend(["truncate events", "truncate events cascade"]);
    }
    for statement in forbidden {
        let refusal = below.execute(statement).await.expect_err(statement).to_string();
        assert!(refusal.contains("append-only"), "{statement}: {refusal}");
    }
    let after = whole_log(&test.ledger, ACME).await;
    assert_eq!(before.len(), 3);
    assert!(before.iter().zip(&after).all(|(a, b)| (a.position, &a.leaf) == (b.position, &b.leaf)));
}

async fn what_has_no_canonical_form_is_refused_and_spares_its_neighbours(kind: StoreKind) {
    let test = open(kind).await;
    let refused = [
        json!({"fraction": 0.5}),
        json!({"large": MAX_SAFE + 1}),
        json!({"small": -MAX_SAFE - 1}),
        json!({"text": "a\0b"}),
        json!({"deep": [{"姓": 1}]}),
        json!({"name": {"unsealed": "Hanako", "class": "profile"}}),
    ];
    for given in refused {
        let (good, bad) = (stream(ACME), stream(ACME));
        let (recorded, refused) = tokio::join!(
            test.ledger.append(probe(&good, 0, [json!({"good": true})])),
            test.ledger.append(probe(&bad, 0, [json!({}), given.clone()])),
        );
        recorded.expect("its neighbour is recorded");
        assert!(matches!(refused, Err(AppendError::Unencodable(_))), "{given}: {refused:?}");
        assert!(test.ledger.load(bad).await.expect("the stream").is_empty());
    }
    let log = whole_log(&test.ledger, ACME).await;
    assert_gapless(&log);
    assert!(log.iter().all(|entry| payload(&entry.leaf) == json!({"good": true})));
}
