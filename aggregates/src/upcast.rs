//! Reading events in the form in which they were stored: older forms are brought up to date here, and nowhere else.
//!
//! The load of one stream ([`decode_stream`]) and the feed of all ([`crate::catalogue::HrEvent::decode`]) both come through
//! this module. A form that is current is read straight from its text; only an older one is taken apart. Each older form
//! has one step, from one event to none, one or several in a newer form, and a golden of what it makes.

use cqrs_es::{Aggregate, DomainEvent};
use serde_json::{Value, json};

use crate::catalogue;

/// An event in a form in which it is or was stored.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredEvent {
    /// `<aggregate>.<event>`.
    pub full_type: String,
    /// The version of that type.
    pub version: u32,
    /// The event, with its own `type`.
    pub payload: Value,
}

/// Why an older form cannot be brought up to date.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{full_type} version {version}: {expected} was expected")]
pub struct UpcastError {
    /// The older form's type.
    pub full_type: &'static str,
    /// The older form's version.
    pub version: u32,
    /// What is missing or of another shape.
    pub expected: &'static str,
}

/// Why a stored event cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// A newer program wrote it, or no program did.
    #[error("{full_type} is no event that this program knows")]
    UnknownType {
        /// Its type.
        full_type: String,
    },
    /// A newer program wrote it.
    #[error("{full_type} is stored in version {version}, and this program knows it up to version {known}")]
    UnknownVersion {
        /// Its type.
        full_type: String,
        /// Its version.
        version: u32,
        /// The current version here.
        known: u32,
    },
    /// The payload is not what its type and version promise.
    #[error("{full_type} version {version} is unreadable")]
    Unreadable {
        /// Its type.
        full_type: String,
        /// Its version.
        version: u32,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// The payload calls itself something else.
    #[error("{full_type} holds a payload of the type {payload_type}")]
    TypesDiffer {
        /// The type it is stored under.
        full_type: String,
        /// The type in its payload.
        payload_type: String,
    },
    /// An older form could not be brought up to date.
    #[error(transparent)]
    Upcast(#[from] UpcastError),
}

/// One older form, and how it becomes newer ones.
struct Step {
    full_type: &'static str,
    version: u32,
    newer: fn(&Value) -> Result<Vec<StoredEvent>, UpcastError>,
}

/// Every older form. Entries are only ever added.
const STEPS: &[Step] = &[Step { full_type: CONSENTS_GRANTED, version: 1, newer: one_consent_each }];

fn step(full_type: &str, version: u32) -> Option<&'static Step> {
    STEPS.iter().find(|step| step.full_type == full_type && step.version == version)
}

/// The version in which an event of this type is written today: one more than its latest older form.
pub fn current_version(full_type: &str) -> u32 {
    STEPS.iter().filter(|step| step.full_type == full_type).map(|step| step.version + 1).max().unwrap_or(1)
}

/// Brings an event up to date, step by step. What is current already stays as it is.
pub fn upcast(event: StoredEvent) -> Result<Vec<StoredEvent>, UpcastError> {
    let Some(step) = step(&event.full_type, event.version) else { return Ok(vec![event]) };
    let mut current = Vec::new();
    for newer in (step.newer)(&event.payload)? {
        current.extend(upcast(newer)?);
    }
    Ok(current)
}

/// Reads one stored event of one stream.
pub fn decode_stream<A: Aggregate>(full_type: &str, version: u32, payload: &str) -> Result<Vec<A::Event>, DecodeError> {
    if step(full_type, version).is_none() {
        return Ok(vec![checked::<A>(full_type, version, || serde_json::from_str(payload))?]);
    }
    let payload = serde_json::from_str(payload).map_err(|source| unreadable(full_type, version, source))?;
    upcast(StoredEvent { full_type: full_type.to_owned(), version, payload })?
        .into_iter()
        .map(|StoredEvent { full_type, version, payload }| {
            checked::<A>(&full_type, version, || serde_json::from_value(payload))
        })
        .collect()
}

/// Reads a current form, and makes sure that it is what it is stored as.
fn checked<A: Aggregate>(
    full_type: &str,
    version: u32,
    read: impl FnOnce() -> serde_json::Result<A::Event>,
) -> Result<A::Event, DecodeError> {
    let name = full_type.strip_prefix(A::TYPE).and_then(|rest| rest.strip_prefix('.'));
    let name = name
        .filter(|_| catalogue::knows(full_type))
        .ok_or_else(|| DecodeError::UnknownType { full_type: full_type.to_owned() })?;
    let known = current_version(full_type);
    if version != known {
        return Err(DecodeError::UnknownVersion { full_type: full_type.to_owned(), version, known });
    }
    let event = read().map_err(|source| unreadable(full_type, version, source))?;
    let payload_type = event.event_type();
    if payload_type != name {
        return Err(DecodeError::TypesDiffer { full_type: full_type.to_owned(), payload_type });
    }
    Ok(event)
}

fn unreadable(full_type: &str, version: u32, source: serde_json::Error) -> DecodeError {
    DecodeError::Unreadable { full_type: full_type.to_owned(), version, source }
}

const CONSENTS_GRANTED: &str = "member.consents_granted";

/// `member.consents_granted` held several purposes at once. A consent is given and withdrawn for one purpose, so each is
/// an event of its own since.
fn one_consent_each(payload: &Value) -> Result<Vec<StoredEvent>, UpcastError> {
    let missing = |expected| UpcastError { full_type: CONSENTS_GRANTED, version: 1, expected };
    let purposes = payload["purposes"].as_array().ok_or_else(|| missing("a list `purposes`"))?;
    let text_version = payload["text_version"].as_str().ok_or_else(|| missing("a text `text_version`"))?;
    Ok(purposes
        .iter()
        .map(|purpose| StoredEvent {
            full_type: "member.consent_granted".to_owned(),
            version: 1,
            payload: json!({"type": "consent_granted", "purpose": purpose, "text_version": text_version}),
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::STEPS;
    use crate::catalogue;

    #[test]
    fn an_older_form_is_no_current_one() {
        for step in STEPS {
            assert!(
                !catalogue::knows(step.full_type) || step.version < super::current_version(step.full_type),
                "{} version {} is current",
                step.full_type,
                step.version
            );
        }
    }

    #[test]
    fn each_older_form_has_one_step() {
        let mut forms: Vec<_> = STEPS.iter().map(|step| (step.full_type, step.version)).collect();
        forms.sort_unstable();
        forms.dedup();
        assert_eq!(forms.len(), STEPS.len());
    }
}
