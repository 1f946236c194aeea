//! What the ledger promises, held against both stores.

mod claims;
mod connection;
mod crash;
mod employers;
mod guards;
mod leaves;
mod nodes;
mod overload;
mod proxy;
mod racing;
mod reader;
mod receipts;
mod replay;
mod repository;
mod time;
mod vault;

use std::collections::HashMap;

use okaeri::ledger::{Leaf, LogEntry};
use serde_json::Value;

/// The payload in a leaf.
fn payload(leaf: &str) -> Value {
    let leaf = Leaf::read(leaf).expect("a leaf");
    serde_json::from_str(leaf.payload.get()).expect("a payload")
}

/// A whole log has the positions 1..n, and each of its streams the sequences 1..m in that order.
fn assert_gapless(log: &[LogEntry]) {
    let mut sequences: HashMap<String, i64> = HashMap::new();
    for (entry, position) in log.iter().zip(1..) {
        assert_eq!(entry.position, position, "the log has a gap");
        let leaf = Leaf::read(&entry.leaf).expect("a leaf");
        let last = sequences.entry(leaf.stream).or_default();
        assert_eq!(leaf.sequence, *last + 1, "a stream has a gap at position {position}");
        *last = leaf.sequence;
    }
}
