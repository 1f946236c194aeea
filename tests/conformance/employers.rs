//! One employer's rows are out of reach for another, whatever is asked for.

use okaeri::ledger::{
    Append, ClaimRow, EmployerSettings, LogQuery, PageQuery, ReceiptKey, StreamKey, TableId, TimerChange, Token, Waited,
};
use serde_json::json;
use uuid::Uuid;

use super::assert_gapless;
use crate::support::{ACME, AT, OTHER, StoreKind, on_both_stores, open, probe, stream, whole_log};

on_both_stores!(
    nothing_of_an_employer_is_seen_by_another,
    what_one_employer_holds_another_may_take,
    documents_belong_to_their_employer,
    an_unknown_employer_records_nothing,
);

const DOCUMENTS: TableId = TableId { name: "probe", version: 1, filters: &["stage"] };

/// A command that leaves a row in every table.
fn everything(stream: &StreamKey, person: Uuid) -> Append {
    let mut append = probe(stream, 0, [json!({})]);
    append.events[0].person = Some(person);
    append.claims.push(ClaimRow { scope: "seat".into(), key: "1".into(), holder: stream.id, until: None, take: true });
    append.receipt = Some(ReceiptKey { key: b"key".to_vec(), request: b"request".to_vec(), status: 201 });
    append.timer = TimerChange::Set(AT);
    append.vault.tokens.push(Token { scope: "person.name", token: vec![7; 16], owner: stream.id, subject: person });
    append
}

async fn nothing_of_an_employer_is_seen_by_another(kind: StoreKind) {
    let test = open(kind).await;
    let ledger = &test.ledger;
    let (here, person) = (stream(ACME), Uuid::now_v7());
    let there = StreamKey { employer: OTHER.into(), ..here.clone() };
    let mut payloads = [json!({"name": {"unsealed": "Hanako", "class": "profile"}})];
    let sealing = ledger.seal(ACME, person, false, &mut payloads).await.expect("it is sealed");
    let reference: Uuid = payloads[0]["name"]["ref"].as_str().expect("a reference").parse().expect("an id");
    let mut append = everything(&here, person);
    let tokens = std::mem::take(&mut append.vault.tokens);
    append.vault = sealing;
    append.vault.tokens = tokens;
    append.events[0].payload = payloads[0].clone();
    let command = append.command_id;
    ledger.append(append).await.expect("recorded");
    let actor = ledger.actor(ACME, b"token", json!({"name": "Caller"})).await.expect("an actor");
    ledger.add_api_key(ACME, "key-1", "{}").await.expect("an API key");

    for (employer, seen) in [(ACME, 1), (OTHER, 0)] {
        let stream = if employer == ACME { &here } else { &there };
        let of_person = LogQuery { limit: 10, subject: Some(person), ..LogQuery::default() };
        let of_kind = LogQuery { limit: 10, event_type: Some("probe.".to_owned()), ..LogQuery::default() };
        let of_type = LogQuery { limit: 10, event_type: Some("probe.sent".to_owned()), ..LogQuery::default() };
        assert_eq!(ledger.load(stream.clone()).await.expect("the stream").len(), seen);
        assert_eq!(whole_log(ledger, employer).await.len(), seen);
        for query in [of_person, of_kind, of_type] {
            assert_eq!(ledger.log(employer, &query).await.expect("the log").len(), seen, "{query:?}");
        }
        assert_eq!(ledger.recorded_command(employer, command).await.expect("the look-up").is_some(), seen == 1);
        assert_eq!(ledger.receipt(employer, b"key").await.expect("the look-up").is_some(), seen == 1);
        let holders = ledger.claim_holders(employer, "seat", &["1".to_owned()], AT).await.expect("the holders");
        assert_eq!(holders, vec![(seen == 1).then_some(here.id)]);
        assert_eq!(ledger.timers(employer).await.expect("the timers").len(), seen);
        assert_eq!(ledger.owners(employer, "person.name", &[7; 16], 10).await.expect("the owners").len(), seen);
        assert_eq!(ledger.open_values(employer, &[reference]).await.expect("the values").len(), seen);
        let held = ledger.held_of(employer, person).await.expect("the count");
        assert_eq!(held, if seen == 1 { (1, 1, 1) } else { (0, 0, 0) });
        assert_eq!(ledger.actor_references(employer, &[actor]).await.expect("the actors").len(), seen);
        assert_eq!(ledger.api_keys(employer).await.expect("the keys").len(), seen);
    }
    assert!(!ledger.revoke_api_key(OTHER, "key-1").await.expect("an answer"));
    ledger.clear_timer(&there, AT).await.expect("an answer");
    assert_eq!(ledger.timers(ACME).await.expect("the timers").len(), 1);
    let mut erase = probe(&stream(OTHER), 0, [json!({})]);
    erase.vault.erase.push((person, None));
    ledger.append(erase).await.expect("another's erasure");
    assert_eq!(ledger.held_of(ACME, person).await.expect("the count"), (1, 1, 1));
}

async fn what_one_employer_holds_another_may_take(kind: StoreKind) {
    let test = open(kind).await;
    let (here, person) = (stream(ACME), Uuid::now_v7());
    let there = StreamKey { employer: OTHER.into(), ..here.clone() };
    let command = everything(&here, person);
    test.ledger.append(command.clone()).await.expect("recorded for one");
    // Everything the same but the employer, the command's id included.
    let twin = Append { stream: there.clone(), ..command };
    test.ledger.append(twin).await.expect("recorded for the other");
    // A guard speaks of the command's own employer.
    test.ledger.append(probe(&there, 1, [json!({})])).await.expect("recorded for the other");
    let guarded = Append { guards: vec![(here.clone(), 1)], ..probe(&stream(ACME), 0, [json!({})]) };
    test.ledger.append(guarded).await.expect("the guard holds");
    for (employer, count) in [(ACME, 2), (OTHER, 2)] {
        let log = whole_log(&test.ledger, employer).await;
        assert_gapless(&log);
        assert_eq!(log.len(), count);
        assert!(log.iter().all(|entry| entry.leaf.starts_with(&format!("{{\"employer\":\"{employer}\""))));
    }
}

async fn documents_belong_to_their_employer(kind: StoreKind) {
    let test = open(kind).await;
    let ledger = &test.ledger;
    ledger.prepare_model(&DOCUMENTS).await.expect("the table is made");
    ledger.prepare_model(&DOCUMENTS).await.expect("and made again");
    let id = Uuid::now_v7();
    let mut below = test.below().await;
    let row = format!(
        "insert into rm_probe_1 (employer, id, body, sort_key, version, position, by_stage)
         values ('{ACME}', {}, '{{\"stage\":\"open\"}}', 'a', 1, 0, 'open')",
        below.id(id)
    );
    below.execute(&row).await.expect("a document");
    for (employer, seen) in [(ACME, 1), (OTHER, 0)] {
        let Waited::Ready(found) = ledger.document(&DOCUMENTS, employer, id).await.expect("the document") else {
            panic!("nothing is behind")
        };
        assert_eq!(found.is_some(), seen == 1);
        let filters = vec![("stage", vec!["open".to_owned()])];
        for query in [
            PageQuery { limit: 10, ..PageQuery::default() },
            PageQuery { limit: 10, ids: Some(vec![id]), ..PageQuery::default() },
            PageQuery { limit: 10, filters, ..PageQuery::default() },
        ] {
            let Waited::Ready(page) = ledger.page(&DOCUMENTS, employer, &query).await.expect("the page") else {
                panic!("nothing is behind")
            };
            assert_eq!(page.documents.len(), seen, "{query:?}");
        }
        assert_eq!(ledger.all_documents(&DOCUMENTS, employer).await.expect("the documents").len(), seen);
    }
    ledger.reset_model(&DOCUMENTS, OTHER).await.expect("another's reset");
    assert_eq!(ledger.all_documents(&DOCUMENTS, ACME).await.expect("the documents").len(), 1);
    ledger.reset_model(&DOCUMENTS, ACME).await.expect("a reset");
    assert!(ledger.all_documents(&DOCUMENTS, ACME).await.expect("the documents").is_empty());
}

async fn an_unknown_employer_records_nothing(kind: StoreKind) {
    let test = open(kind).await;
    let nobody = stream("nobody");
    let (known, unknown) = tokio::join!(
        test.ledger.append(probe(&stream(ACME), 0, [json!({})])),
        test.ledger.append(probe(&nobody, 0, [json!({})])),
    );
    known.expect("a known employer's command beside it is recorded");
    assert_eq!(unknown, Err(okaeri::ledger::AppendError::EmployerUnknown));
    assert!(test.ledger.load(nobody.clone()).await.expect("the stream").is_empty());
    assert!(test.ledger.add_employer("nobody", &EmployerSettings::default()).await.expect("it is added"));
    assert!(!test.ledger.add_employer("nobody", &EmployerSettings::default()).await.expect("it is there"));
    let appended = test.ledger.append(probe(&nobody, 0, [json!({})])).await.expect("recorded");
    assert_eq!(appended.position, 1, "its log is its own");
}
