//! Whether what stands in the log is what was recorded: each leaf beside the hash that was taken of it, and beside the columns
//! by which it is found. Whoever rewrites the hash as well is found by the tree over all leaves alone.

use uuid::Uuid;

use super::leaf::leaf_hash;
use super::time::rfc3339;
use super::vault::hex;
use super::{Leaf, Ledger, StoreError, StoredEvent, StreamKey, reading};

/// An event as it stands, with everything that was recorded beside its leaf.
#[derive(Clone, Debug)]
pub struct HashedEvent {
    /// The event.
    pub event: StoredEvent,
    /// The kind of its stream.
    pub stream_kind: String,
    /// Its stream.
    pub stream_id: Uuid,
    /// The command that recorded it.
    pub command_id: Uuid,
    /// Whom it is about.
    pub person: Option<Uuid>,
    /// SHA-256(0x00 ‖ leaf), as it was recorded.
    pub leaf_hash: Vec<u8>,
}

/// Something of an event that is not what was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alteration {
    /// The event's place in its stream, or in the log where the whole log is read.
    pub place: i64,
    /// What of it: `leaf_hash`, `leaf`, or a column by its name.
    pub what: &'static str,
    /// As it was recorded.
    pub recorded: String,
    /// As it stands.
    pub found: String,
}

/// Sequence, position, stream, type, version, command, recorded at, person, leaf, its hash.
type Row = (i64, i64, String, Uuid, String, i32, Uuid, i64, Option<Uuid>, String, Vec<u8>);

const COLUMNS: &str =
    "sequence, position, stream_kind, stream_id, event_type, event_version, command_id, recorded_at, person,
                       leaf, leaf_hash";

impl From<Row> for HashedEvent {
    fn from(row: Row) -> Self {
        let (sequence, position, stream_kind, stream_id, event_type, event_version, command_id, at, person, leaf, hash) =
            row;
        let event = StoredEvent { sequence, position, event_type, event_version, recorded_at: at, leaf };
        Self { event, stream_kind, stream_id, command_id, person, leaf_hash: hash }
    }
}

impl Ledger {
    /// The events of a stream, each with what was recorded beside it, oldest first.
    pub async fn hashed(&self, stream: &StreamKey) -> Result<Vec<HashedEvent>, StoreError> {
        let sql = format!(
            "select {COLUMNS} from events where employer = $1 and stream_kind = $2 and stream_id = $3 order by sequence"
        );
        let rows: Vec<Row> = reading!(self.store, db => {
            sqlx::query_as(&sql).bind(&*stream.employer).bind(stream.kind).bind(stream.id).fetch_all(db).await?
        });
        self.count_read(rows.len());
        Ok(rows.into_iter().map(HashedEvent::from).collect())
    }

    /// So many events of the employer's log after a position, each with what was recorded beside it.
    pub async fn hashed_log(&self, employer: &str, after: i64, limit: i64) -> Result<Vec<HashedEvent>, StoreError> {
        let sql =
            format!("select {COLUMNS} from events where employer = $1 and position > $2 order by position limit $3");
        let rows: Vec<Row> = reading!(self.store, db => {
            sqlx::query_as(&sql).bind(employer).bind(after).bind(limit).fetch_all(db).await?
        });
        self.count_read(rows.len());
        Ok(rows.into_iter().map(HashedEvent::from).collect())
    }
}

/// What of a stream is not what was recorded, in its order.
pub fn alterations(stream: &StreamKey, events: &[HashedEvent]) -> Vec<Alteration> {
    let mut altered = Vec::new();
    for (next, event) in (1_i64..).zip(events) {
        let sequence = event.event.sequence;
        let missing =
            Alteration { place: sequence, what: "sequence", recorded: next.to_string(), found: sequence.to_string() };
        altered.extend((next != sequence).then_some(missing));
        altered.extend(event.alterations(&stream.employer, sequence));
    }
    altered
}

impl HashedEvent {
    /// What of it is not what was recorded, at its place.
    pub fn alterations(&self, employer: &str, place: i64) -> Vec<Alteration> {
        let Self { event, stream_kind, stream_id, command_id, person, leaf_hash: recorded } = self;
        let mut altered = Vec::new();
        let mut found = |what, recorded: String, found: String| {
            if recorded != found {
                altered.push(Alteration { place, what, recorded, found });
            }
        };
        found("leaf_hash", hex(recorded), hex(&leaf_hash(event.leaf.as_bytes())));
        match Leaf::read(&event.leaf) {
            Ok(leaf) => {
                let told = |name: &str| leaf.metadata.get(name).cloned().unwrap_or_default();
                found("command_id", told("command_id"), command_id.to_string());
                found("person", told("person_id"), person.map(|person| person.to_string()).unwrap_or_default());
                found("employer", leaf.employer.into_owned(), employer.to_owned());
                found("stream", leaf.stream, format!("{stream_kind}/{stream_id}"));
                found("sequence", leaf.sequence.to_string(), event.sequence.to_string());
                found("event_type", leaf.r#type, event.event_type.clone());
                found("event_version", leaf.version.to_string(), event.event_version.to_string());
                found("recorded_at", leaf.recorded_at, rfc3339(event.recorded_at));
            }
            Err(why) => found("leaf", String::new(), why.to_string()),
        }
        altered
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use uuid::Uuid;

    use super::{HashedEvent, StoredEvent, StreamKey, alterations, leaf_hash, rfc3339};

    fn stream() -> StreamKey {
        StreamKey { employer: Arc::from("acme"), kind: "offer", id: Uuid::nil() }
    }

    fn event(sequence: i64) -> HashedEvent {
        let (id, at) = (Uuid::nil(), rfc3339(0));
        let leaf = format!(
            "{{\"employer\":\"acme\",\"metadata\":{{\"command_id\":\"{id}\"}},\"payload\":{{}},\"recorded_at\":\"{at}\",\
             \"sequence\":{sequence},\"stream\":\"offer/{id}\",\"type\":\"offer.drafted\",\"version\":1}}"
        );
        HashedEvent {
            stream_kind: "offer".to_owned(),
            stream_id: id,
            command_id: id,
            person: None,
            leaf_hash: leaf_hash(leaf.as_bytes()),
            event: StoredEvent {
                sequence,
                position: sequence,
                event_type: "offer.drafted".to_owned(),
                event_version: 1,
                recorded_at: 0,
                leaf,
            },
        }
    }

    fn found(change: impl FnOnce(&mut Vec<HashedEvent>)) -> Vec<(i64, &'static str)> {
        let mut events = vec![event(1), event(2), event(3)];
        change(&mut events);
        alterations(&stream(), &events).into_iter().map(|one| (one.place, one.what)).collect()
    }

    #[test]
    fn what_is_as_it_was_recorded_is_not_named() {
        assert_eq!(found(|_| ()), []);
    }

    #[test]
    fn whatever_is_not_what_was_recorded_is_named_by_its_place() {
        let leaf = |from: &'static str, to: &'static str| {
            move |events: &mut Vec<HashedEvent>| events[1].event.leaf = events[1].event.leaf.replace(from, to)
        };
        assert_eq!(found(leaf("\"payload\":{}", "\"payload\":{\"x\":1}")), [(2, "leaf_hash")]);
        assert_eq!(found(leaf("acme", "other")), [(2, "leaf_hash"), (2, "employer")]);
        assert_eq!(found(leaf("}", "")), [(2, "leaf_hash"), (2, "leaf")]);
        assert_eq!(found(|events| events[0].leaf_hash[7] ^= 1), [(1, "leaf_hash")]);
        assert_eq!(found(|events| events[2].event.event_type = "offer.approved".to_owned()), [(3, "event_type")]);
        assert_eq!(found(|events| events[2].event.event_version = 2), [(3, "event_version")]);
        assert_eq!(found(|events| events[0].event.recorded_at = 1), [(1, "recorded_at")]);
        assert_eq!(found(|events| events[0].person = Some(Uuid::from_u128(1))), [(1, "person")]);
        assert_eq!(found(|events| events[1].command_id = Uuid::from_u128(1)), [(2, "command_id")]);
        assert_eq!(found(|events| events[1].stream_id = Uuid::from_u128(1)), [(2, "stream")]);
        // What is missing is noticed by what follows it.
        assert_eq!(found(|events| drop(events.remove(1))), [(3, "sequence")]);
    }
}
