//! The bytes that are hashed: the canonical form of one event.
//!
//! `{"employer","metadata","payload","recorded_at","sequence","stream","type","version"}` as RFC 8785 JSON. There are no
//! floats, all integers lie within ±(2⁵³−1), and all member names are ASCII, so that sorting by bytes is sorting by UTF-16.
//! The position is not part of it: the leaf's index in the employer's RFC 9162 tree *is* the position.

use std::collections::BTreeMap;

use aws_lc_rs::digest;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::time::rfc3339;
use super::{NewEvent, StreamKey};

/// Why an event has no canonical form.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum LeafError {
    /// Floats have no place in a record that is compared byte for byte.
    #[error("{0} is not an integer")]
    Float(String),
    /// Beyond ±(2⁵³−1) JSON numbers are not exact.
    #[error("{0} lies outside ±(2^53-1)")]
    TooLarge(String),
    /// Text must be storable on both stores.
    #[error("text contains U+0000")]
    Nul,
    /// Member names are ASCII identifiers.
    #[error("the member name {0:?} is not ASCII")]
    Name(String),
    /// A personal value would reach the disk in the clear.
    #[error("a personal value is not sealed")]
    Unsealed,
    /// The JSON library refused.
    #[error("{0}")]
    Json(String),
}

#[derive(Serialize)]
struct Written<'a> {
    employer: &'a str,
    metadata: &'a BTreeMap<String, String>,
    payload: &'a Value,
    recorded_at: &'a str,
    sequence: i64,
    stream: &'a str,
    r#type: &'a str,
    version: i32,
}

/// A leaf as it is read back.
#[derive(Debug, Deserialize)]
pub struct Leaf<'a> {
    /// The employer.
    #[serde(borrow)]
    pub employer: std::borrow::Cow<'a, str>,
    /// Who, in which role, why.
    pub metadata: BTreeMap<String, String>,
    /// What happened.
    #[serde(borrow)]
    pub payload: &'a RawValue,
    /// When, RFC 3339 with six digits.
    pub recorded_at: String,
    /// The place in the stream.
    pub sequence: i64,
    /// `<kind>/<id>`.
    pub stream: String,
    /// Full name.
    pub r#type: String,
    /// The stored form's version.
    pub version: i32,
}

impl<'a> Leaf<'a> {
    /// Reads a leaf.
    pub fn read(text: &'a str) -> Result<Self, LeafError> {
        serde_json::from_str(text).map_err(|error| LeafError::Json(error.to_string()))
    }

    /// The id of its stream.
    pub fn stream_id(&self) -> Option<Uuid> {
        self.stream.rsplit('/').next().and_then(|id| Uuid::parse_str(id).ok())
    }
}

/// What most leaves have room in.
const USUAL_LENGTH: usize = 4_096;

/// Any instant: replaced when the group is recorded, same length always.
const UNTIMED: &str = "0000-00-00T00:00:00.000000Z";

/// A leaf that waits for its instant.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    text: String,
    instant_at: usize,
}

impl Draft {
    pub(super) fn new(
        stream: &StreamKey,
        sequence: i64,
        metadata: &BTreeMap<String, String>,
        event: &NewEvent,
    ) -> Result<Self, LeafError> {
        check(&event.payload)?;
        if metadata.iter().any(|(name, value)| !name.is_ascii() || value.contains('\0')) {
            return Err(LeafError::Nul);
        }
        let stream_name = format!("{}/{}", stream.kind, stream.id);
        let mut bytes = Vec::with_capacity(USUAL_LENGTH);
        let written = Written {
            employer: &stream.employer,
            metadata,
            payload: &event.payload,
            recorded_at: UNTIMED,
            sequence,
            stream: &stream_name,
            r#type: &event.event_type,
            version: event.event_version,
        };
        serde_json::to_writer(&mut bytes, &written).map_err(|error| LeafError::Json(error.to_string()))?;
        let text = String::from_utf8(bytes).map_err(|error| LeafError::Json(error.to_string()))?;
        // The members after `recorded_at` have a known shape, so the last occurrence is ours.
        let instant_at = text.rfind(UNTIMED).ok_or_else(|| LeafError::Json("no instant".to_owned()))?;
        Ok(Self { text, instant_at })
    }

    /// The canonical bytes and their hash, recorded at `micros`.
    pub(super) fn recorded(&self, micros: i64) -> (String, Vec<u8>) {
        let mut text = self.text.clone();
        text.replace_range(self.instant_at..self.instant_at + UNTIMED.len(), &rfc3339(micros));
        let hash = leaf_hash(text.as_bytes());
        (text, hash)
    }
}

/// SHA-256(0x00 ‖ leaf), the leaf hash of RFC 9162.
pub fn leaf_hash(leaf: &[u8]) -> Vec<u8> {
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(&[0]);
    context.update(leaf);
    context.finish().as_ref().to_vec()
}

const MAX_SAFE: u64 = (1 << 53) - 1;

fn check(value: &Value) -> Result<(), LeafError> {
    match value {
        Value::Null | Value::Bool(_) => Ok(()),
        Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(n), _) if n.unsigned_abs() <= MAX_SAFE => Ok(()),
            (None, None) => Err(LeafError::Float(number.to_string())),
            _ => Err(LeafError::TooLarge(number.to_string())),
        },
        Value::String(text) if text.contains('\0') => Err(LeafError::Nul),
        Value::String(_) => Ok(()),
        Value::Array(items) => items.iter().try_for_each(check),
        Value::Object(members) => members.iter().try_for_each(|(name, value)| {
            if name == aggregates::personal::UNSEALED {
                return Err(LeafError::Unsealed);
            }
            if !name.is_ascii() || name.contains('\0') {
                return Err(LeafError::Name(name.clone()));
            }
            check(value)
        }),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use serde_json::{Value, json};

    use super::{Draft, LeafError, leaf_hash};
    use crate::ledger::{NewEvent, StreamKey};

    fn draft(payload: Value) -> Result<Draft, LeafError> {
        let stream = StreamKey { employer: Arc::from("acme"), kind: "departure", id: uuid::Uuid::nil() };
        let event = NewEvent { event_type: "departure.recorded".into(), event_version: 1, payload, person: None };
        Draft::new(&stream, 1, &BTreeMap::from([("actor".to_owned(), "a".to_owned())]), &event)
    }

    /// The bytes that are hashed cannot change after the first real event: this text is pinned for ever.
    #[test]
    fn the_canonical_form_is_pinned_to_the_byte() {
        let (text, hash) = draft(json!({"z": 1, "a": "é\u{7}\"\\/\u{1f600}", "m": {"b": [true, null], "a": -3}}))
            .unwrap()
            .recorded(1_764_000_000_000_001);
        assert_eq!(
            text,
            "{\"employer\":\"acme\",\"metadata\":{\"actor\":\"a\"},\"payload\":{\"a\":\"é\\u0007\\\"\\\\/😀\",\
             \"m\":{\"a\":-3,\"b\":[true,null]},\"z\":1},\"recorded_at\":\"2025-11-24T16:00:00.000001Z\",\"sequence\":1,\
             \"stream\":\"departure/00000000-0000-0000-0000-000000000000\",\"type\":\"departure.recorded\",\"version\":1}"
        );
        assert_eq!(hash, leaf_hash(text.as_bytes()));
        let hex = crate::ledger::vault::hex(&hash);
        assert_eq!(hex, "5808d3a787a2b6748f0b7eb5fe5b706a62dd8cab848ebc857859ccec94e52293");
    }

    #[test]
    fn a_payload_that_quotes_the_placeholder_keeps_its_own_text() {
        let (text, _) = draft(json!({"quote": super::UNTIMED})).unwrap().recorded(0);
        assert!(text.contains(super::UNTIMED) && text.contains("1970-01-01T00:00:00.000000Z"));
    }

    #[test]
    fn what_has_no_exact_form_is_refused() {
        assert_eq!(draft(json!({"a": 1.5})).unwrap_err(), LeafError::Float("1.5".into()));
        assert!(matches!(draft(json!({"a": 1_u64 << 53})).unwrap_err(), LeafError::TooLarge(_)));
        assert_eq!(draft(json!({"a": "x\0"})).unwrap_err(), LeafError::Nul);
        assert_eq!(draft(json!({"a": {"unsealed": "x", "class": "profile"}})).unwrap_err(), LeafError::Unsealed);
        assert!(matches!(draft(json!({"ä": 1})).unwrap_err(), LeafError::Name(_)));
    }
}
