//! The repository trait of cqrs-es gives the answers of the ledger itself, on either store.

use cqrs_es::event_sink::EventSink;
use cqrs_es::persist::{PersistedEventRepository as _, SerializedEvent};
use cqrs_es::{Aggregate, DomainEvent};
use okaeri::ledger::{Leaf, NewEvent, StoredEvent, StreamKey};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use sqlx::Executor as _;

use crate::support::{ACME, Below, OTHER, StoreKind, on_both_stores, open, probe, run, stream};

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

/// What `postgres-es` asks the view must not read the whole log.
#[test]
fn the_view_finds_a_stream_by_an_index() {
    run(async {
        let test = open(StoreKind::Postgres).await;
        let streams: Vec<StreamKey> = (0..200).map(|_| stream(ACME)).collect();
        for stream in &streams {
            test.ledger.append(probe(stream, 0, [json!({}), json!({})])).await.expect("recorded");
        }
        let Below::Postgres(mut connection) = test.below().await else { panic!("another store") };
        for setting in [
            "analyze events",
            "set okaeri.employer = 'acme'",
            "set plan_cache_mode = force_generic_plan",
            // Tables of tests are small enough to be read whole.
            "set enable_seqscan = off",
            "prepare every (text, text) as select * from employer_events
             where aggregate_type = $1 and aggregate_id = $2 order by sequence",
            "prepare later (text, text) as select * from employer_events
             where aggregate_type = $1 and aggregate_id = $2 and sequence > 1 order by sequence",
        ] {
            connection.execute(setting).await.expect("a setting");
        }
        for asked in ["every", "later"] {
            let sql = format!("explain execute {asked} ('probe', '{}')", streams[7].id);
            let plan: Vec<String> = sqlx::query_scalar(&sql).fetch_all(&mut connection).await.expect("a plan");
            let plan = plan.join("\n");
            assert_eq!(plan.matches("Index Cond").count(), 2, "{plan}");
            assert!(plan.contains("events_streams") && !plan.contains("Seq Scan"), "{plan}");
        }
        let found: Vec<i64> =
            sqlx::query_scalar("select sequence from employer_events where aggregate_id = $1 order by 1")
                .bind(streams[7].id.to_string())
                .fetch_all(&mut connection)
                .await
                .expect("the stream");
        assert_eq!(found, [1, 2]);
    });
}
