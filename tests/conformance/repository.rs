//! The repository trait of cqrs-es gives the answers of the ledger itself, on either store.

use cqrs_es::event_sink::EventSink;
use cqrs_es::persist::{PersistedEventRepository as _, SerializedEvent};
use cqrs_es::{Aggregate, DomainEvent};
use okaeri::ledger::{Leaf, NewEvent, StoredEvent, StreamKey};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::support::{ACME, OTHER, StoreKind, on_both_stores, open, probe, stream};

on_both_stores!(
    single_streams_read_as_the_ledger_loads_them,
    streams_of_others_read_as_empty,
    writing_and_streaming_are_refused,
);

/// The made-up aggregate whose streams the tests write.
#[derive(Default, Serialize, Deserialize)]
struct Probe;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Sent;

#[derive(Debug, thiserror::Error)]
#[error("never")]
struct Never;

impl DomainEvent for Sent {
    fn event_type(&self) -> String {
        "probe.sent".to_owned()
    }

    fn event_version(&self) -> String {
        "1".to_owned()
    }
}

impl Aggregate for Probe {
    const TYPE: &'static str = "probe";
    type Command = ();
    type Event = Sent;
    type Error = Never;
    type Services = ();

    async fn handle(&mut self, (): (), (): &(), _: &EventSink<Self>) -> Result<(), Never> {
        Ok(())
    }

    fn apply(&mut self, _: Sent) {}
}

fn as_repository(stream: &StreamKey, event: &StoredEvent) -> SerializedEvent {
    let leaf = Leaf::read(&event.leaf).expect("a leaf");
    SerializedEvent::new(
        stream.id.to_string(),
        usize::try_from(event.sequence).expect("a sequence"),
        "probe".to_owned(),
        event.event_type.clone(),
        event.event_version.to_string(),
        serde_json::from_str(leaf.payload.get()).expect("a payload"),
        json!(leaf.metadata),
    )
}

async fn single_streams_read_as_the_ledger_loads_them(kind: StoreKind) {
    let test = open(kind).await;
    let stream = stream(ACME);
    let payloads: [Value; 6] = [
        json!({"text": "é\"\\\u{7}\u{1f600}", "list": [1, null, {"a": -1}]}),
        json!({}),
        json!([]),
        json!("text"),
        json!(5),
        Value::Null,
    ];
    let mut append = probe(&stream, 0, payloads);
    append.events[1] = NewEvent { event_type: "probe.other".to_owned(), event_version: 12, ..append.events[1].clone() };
    append.metadata.insert("reason".to_owned(), "\"quoted\"".to_owned());
    test.ledger.append(append).await.expect("recorded");
    test.ledger.append(probe(&crate::support::stream(ACME), 0, [json!({"noise": true})])).await.expect("recorded");

    let loaded = test.ledger.load(stream.clone()).await.expect("the stream");
    let expected: Vec<_> = loaded.iter().map(|event| as_repository(&stream, event)).collect();
    let repository = test.ledger.repository(ACME);
    let id = stream.id.to_string();
    assert_eq!(repository.get_events::<Probe>(&id).await.expect("the events"), expected);
    for after in [0, 1, 5, 6, 7] {
        let later = repository.get_last_events::<Probe>(&id, after).await.expect("the events");
        assert_eq!(later, expected.get(after..).unwrap_or_default(), "after {after}");
    }
    assert!(repository.get_snapshot::<Probe>(&id).await.expect("no snapshot").is_none());
}

async fn streams_of_others_read_as_empty(kind: StoreKind) {
    let test = open(kind).await;
    let stream = stream(ACME);
    test.ledger.append(probe(&stream, 0, [json!({})])).await.expect("recorded");
    let id = stream.id.to_string();
    for (employer, id, seen) in
        [(ACME, &*id, 1), (OTHER, &*id, 0), ("nobody", &*id, 0), ("", &*id, 0), (ACME, "no-such-id", 0), (ACME, "", 0)]
    {
        let repository = test.ledger.repository(employer);
        assert_eq!(repository.get_events::<Probe>(id).await.expect("the events").len(), seen, "{employer:?} {id:?}");
    }
}

async fn writing_and_streaming_are_refused(kind: StoreKind) {
    let test = open(kind).await;
    let stream = stream(ACME);
    test.ledger.append(probe(&stream, 0, [json!({})])).await.expect("recorded");
    let repository = test.ledger.repository(ACME);
    let loaded = test.ledger.load(stream.clone()).await.expect("the stream");
    let next = SerializedEvent { sequence: 2, ..as_repository(&stream, &loaded[0]) };
    assert!(repository.persist::<Probe>(&[next], None).await.is_err());
    assert!(repository.stream_events::<Probe>(&stream.id.to_string()).await.is_err());
    assert!(repository.stream_all_events::<Probe>().await.is_err());
    assert_eq!(test.ledger.load(stream).await.expect("the stream").len(), 1);
}
