//! The vault: sealed with the event, opened while the key lives, gone with it.

use std::collections::HashSet;
use std::time::Duration;

use okaeri::ledger::{Append, AppendError, Appended, Ledger, StoreLocation, StreamKey, Token};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{
    ACME, OTHER, StoreKind, append_until_recorded, on_both_stores, open, probe, run, stream, whole_log,
};

on_both_stores!(
    what_is_sealed_opens_again,
    what_is_erased_is_gone,
    one_class_can_be_erased_alone,
    a_destroyed_key_is_noticed_and_replaced,
    tokens_are_found_and_go_with_the_person,
    two_first_sealings_at_once_both_stay_readable,
    a_lost_command_leaves_nothing_in_the_vault,
);

fn personal(name: &str) -> Value {
    json!({
        "name": {"unsealed": name, "class": "profile"},
        "reasons": [{"unsealed": {"text": format!("{name}'s reason"), "weight": 3}, "class": "restricted"}],
        "grade": 7,
    })
}

/// Seals one event about `subject`; the command, not yet appended, and its two references.
async fn sealed(ledger: &Ledger, to: &StreamKey, subject: Uuid, known: bool, name: &str) -> (Append, [Uuid; 2]) {
    let mut payloads = [personal(name)];
    let sealing = ledger.seal(&to.employer, subject, known, &mut payloads).await.expect("it is sealed");
    let reference = |value: &Value| value["ref"].as_str().and_then(|text| text.parse().ok()).expect("a reference");
    let references = [reference(&payloads[0]["name"]), reference(&payloads[0]["reasons"][0])];
    (Append { vault: sealing, ..probe(to, 0, payloads) }, references)
}

async fn erase(ledger: &Ledger, subject: Uuid, class: Option<&str>) -> Appended {
    let mut append = probe(&stream(ACME), 0, [json!({"erased": subject})]);
    append.vault.erase.push((subject, class.map(|class| class.parse().expect("a record class"))));
    ledger.append(append).await.expect("the person is erased")
}

async fn opened(ledger: &Ledger, employer: &str, references: &[Uuid]) -> Vec<Option<Value>> {
    let mut values = ledger.open_values(employer, references).await.expect("the vault answers");
    references.iter().map(|reference| values.remove(reference)).collect()
}

async fn what_is_sealed_opens_again(kind: StoreKind) {
    let test = open(kind).await;
    let (subject, to) = (Uuid::now_v7(), stream(ACME));
    let (append, references) = sealed(&test.ledger, &to, subject, false, "花子").await;
    test.ledger.append(append).await.expect("recorded");
    let expected = vec![Some(json!("花子")), Some(json!({"text": "花子's reason", "weight": 3}))];
    assert_eq!(opened(&test.ledger, ACME, &references).await, expected);
    let log = whole_log(&test.ledger, ACME).await;
    assert!(!log[0].leaf.contains("花子") && log[0].leaf.contains("\"grade\":7"));

    let test = test.reopen().await;
    assert_eq!(opened(&test.ledger, ACME, &references).await, expected);
    // More than one page of references, some of them unknown.
    let mut many: Vec<Uuid> = (0..1_100).map(|_| Uuid::now_v7()).collect();
    many.splice(700..700, references);
    let found = opened(&test.ledger, ACME, &many).await;
    assert_eq!(found.iter().flatten().count(), 2);
    assert_eq!(found[700..702].to_vec(), expected);

    let again = Append { expected: 1, ..sealed(&test.ledger, &to, subject, true, "花子").await.0 };
    test.ledger.append(again).await.expect("recorded under the same keys");
    assert_eq!(test.ledger.held_of(ACME, subject).await.expect("the count"), (2, 4, 0));
}

async fn what_is_erased_is_gone(kind: StoreKind) {
    let test = open(kind).await;
    let (gone, stays) = (Uuid::now_v7(), Uuid::now_v7());
    let (append, of_gone) = sealed(&test.ledger, &stream(ACME), gone, false, "Gone").await;
    test.ledger.append(append).await.expect("recorded");
    let (append, of_stays) = sealed(&test.ledger, &stream(ACME), stays, false, "Stays").await;
    test.ledger.append(append).await.expect("recorded");
    erase(&test.ledger, gone, None).await;
    assert_eq!(opened(&test.ledger, ACME, &of_gone).await, vec![None, None]);
    assert_eq!(test.ledger.held_of(ACME, gone).await.expect("the count"), (0, 0, 0));
    assert_eq!(opened(&test.ledger, ACME, &of_stays).await.iter().flatten().count(), 2);
    assert_eq!(whole_log(&test.ledger, ACME).await.len(), 3, "the events stay");
}

/// PostgreSQL keeps what is gone until it is vacuumed, and its log until the next checkpoints; SQLite is all ours.
#[test]
fn no_trace_of_a_destroyed_key_stays_in_the_files() {
    run(async {
        let test = open(StoreKind::Sqlite).await;
        let mut below = test.below().await;
        let (mut living, mut destroyed) = (Vec::new(), Vec::new());
        for nth in 0..400_usize {
            // Some come between those that there are, so that pages are divided; others go, so that pages are joined.
            let subject = if nth % 3 == 0 { Uuid::new_v5(&Uuid::nil(), &nth.to_be_bytes()) } else { Uuid::now_v7() };
            let (append, _) = sealed(&test.ledger, &stream(ACME), subject, false, "Somebody").await;
            test.ledger.append(append).await.expect("recorded");
            living.push((subject, below.wrapped_keys(subject).await));
            if nth % 5 > 1 {
                let (subject, keys) = living.swap_remove(nth * 7919 % living.len());
                erase(&test.ledger, subject, None).await;
                assert!(below.wrapped_keys(subject).await.is_empty());
                destroyed.extend(keys);
            }
        }
        let StoreLocation::Directory(data) = &test.location else { panic!("it is a directory") };
        let read = |name| std::fs::read(data.join(name)).expect("the file");
        // The program is running: what it has written stands in its log first.
        let files = [read("ledger.sqlite"), read("ledger.sqlite-wal")];
        // A key is random: its beginning tells it from all others.
        let begun: HashSet<&[u8]> = files.iter().flat_map(|file| file.windows(16)).collect();
        let holds = |key: &Vec<u8>| begun.contains(&key[..16]);
        let living: Vec<_> = living.into_iter().flat_map(|(_, keys)| keys).collect();
        assert_eq!((living.len(), destroyed.len()), (320, 480));
        assert!(living.iter().all(holds), "a key that lives is in no file: it was not looked for well");
        assert_eq!(destroyed.iter().filter(|key| holds(key)).count(), 0, "keys that were destroyed are in the files");
        test.ledger.close(Duration::from_secs(5)).await;
    });
}

/// A reader, such as a backup, keeps the log as it was; it is emptied once that reader lets go.
#[test]
fn what_a_reader_holds_on_to_is_blanked_once_it_lets_go() {
    run(async {
        let test = open(StoreKind::Sqlite).await;
        let mut below = test.below().await;
        let subject = Uuid::now_v7();
        let (append, _) = sealed(&test.ledger, &stream(ACME), subject, false, "Somebody").await;
        test.ledger.append(append).await.expect("recorded");
        below.execute("begin").await.expect("a snapshot");
        let keys = below.wrapped_keys(subject).await;
        erase(&test.ledger, subject, None).await;
        let StoreLocation::Directory(data) = &test.location else { panic!("it is a directory") };
        let stays = || {
            let read = |name| std::fs::read(data.join(name)).expect("the file");
            let files = [read("ledger.sqlite"), read("ledger.sqlite-wal")];
            keys.iter().any(|key| files.iter().any(|file| file.windows(16).any(|part| *part == key[..16])))
        };
        assert!(stays(), "the reader still sees it");
        below.execute("commit").await.expect("it lets go");
        tokio::time::sleep(Duration::from_millis(1_100)).await;
        test.ledger.append(probe(&stream(ACME), 0, [json!({})])).await.expect("recorded");
        assert!(!stays(), "nothing of it is left");
    });
}

async fn one_class_can_be_erased_alone(kind: StoreKind) {
    let test = open(kind).await;
    let subject = Uuid::now_v7();
    let (append, references) = sealed(&test.ledger, &stream(ACME), subject, false, "Hanako").await;
    test.ledger.append(append).await.expect("recorded");
    erase(&test.ledger, subject, Some("restricted")).await;
    assert_eq!(opened(&test.ledger, ACME, &references).await, vec![Some(json!("Hanako")), None]);
    assert_eq!(test.ledger.held_of(ACME, subject).await.expect("the count"), (1, 1, 0));
}

async fn a_destroyed_key_is_noticed_and_replaced(kind: StoreKind) {
    let test = open(kind).await;
    let (subject, to) = (Uuid::now_v7(), stream(ACME));
    let (first, before) = sealed(&test.ledger, &to, subject, false, "Before").await;
    test.ledger.append(first).await.expect("recorded");
    // This one reads the keys, and keeps them.
    let (second, _) = sealed(&test.ledger, &to, subject, true, "Before").await;
    append_until_recorded(&test.ledger, second).await;
    erase(&test.ledger, subject, None).await;
    let (third, _) = sealed(&test.ledger, &to, subject, true, "After").await;
    assert_eq!(test.ledger.append(Append { expected: 2, ..third }).await, Err(AppendError::KeyGone));
    test.ledger.vault().forget(ACME, subject);
    let (fourth, after) = sealed(&test.ledger, &to, subject, true, "After").await;
    test.ledger.append(Append { expected: 2, ..fourth }).await.expect("recorded under new keys");
    assert_eq!(opened(&test.ledger, ACME, &before).await, vec![None, None]);
    assert_eq!(opened(&test.ledger, ACME, &after).await[0], Some(json!("After")));
}

#[test]
fn a_key_that_another_program_destroyed_is_noticed() {
    run(async {
        let test = open(StoreKind::Postgres).await;
        let another = test.another().await;
        let (subject, to) = (Uuid::now_v7(), stream(ACME));
        for known in [false, true] {
            let (append, _) = sealed(&test.ledger, &to, subject, known, "Hanako").await;
            append_until_recorded(&test.ledger, append).await;
        }
        erase(&another, subject, None).await;
        let (append, _) = sealed(&test.ledger, &to, subject, true, "Hanako").await;
        assert_eq!(test.ledger.append(Append { expected: 2, ..append }).await, Err(AppendError::KeyGone));
    });
}

async fn tokens_are_found_and_go_with_the_person(kind: StoreKind) {
    let test = open(kind).await;
    let subject = Uuid::now_v7();
    let owners = [Uuid::now_v7(), Uuid::now_v7()];
    let token = test.ledger.vault().employer_keys(ACME).token("person.name", "花子");
    for owner in owners {
        let mut append = probe(&stream(ACME), 0, [json!({})]);
        let scopes = ["person.name", "person.name", "person.code"];
        append.vault.tokens.extend(scopes.map(|scope| Token { scope, token: token.clone(), owner, subject }));
        test.ledger.append(append).await.expect("recorded");
    }
    let found = |limit| test.ledger.owners(ACME, "person.name", &token, limit);
    assert_eq!(found(10).await.expect("the owners"), owners);
    assert_eq!(found(1).await.expect("the owners"), owners[..1]);
    assert!(test.ledger.owners(ACME, "person.mail", &token, 10).await.expect("the owners").is_empty());
    assert!(test.ledger.owners(OTHER, "person.name", &token, 10).await.expect("the owners").is_empty());
    assert_eq!(test.ledger.held_of(ACME, subject).await.expect("the count"), (0, 0, 4));
    erase(&test.ledger, subject, None).await;
    assert!(found(10).await.expect("the owners").is_empty());
    assert_eq!(test.ledger.held_of(ACME, subject).await.expect("the count"), (0, 0, 0));
}

async fn two_first_sealings_at_once_both_stay_readable(kind: StoreKind) {
    let test = open(kind).await;
    for _ in 0..10 {
        let subject = Uuid::now_v7();
        let (one_stream, two_stream) = (stream(ACME), stream(ACME));
        let ((one, of_one), (two, of_two)) = tokio::join!(
            sealed(&test.ledger, &one_stream, subject, true, "One"),
            sealed(&test.ledger, &two_stream, subject, true, "Two"),
        );
        let (one, two) = tokio::join!(test.ledger.append(one), test.ledger.append(two));
        one.expect("recorded");
        two.expect("recorded");
        let (three, of_three) = sealed(&test.ledger, &stream(ACME), subject, true, "Three").await;
        test.ledger.append(three).await.expect("recorded under one of the keys");
        for (references, name) in [(&of_one, "One"), (&of_two, "Two"), (&of_three, "Three")] {
            assert_eq!(opened(&test.ledger, ACME, references).await[0], Some(json!(name)));
        }
        erase(&test.ledger, subject, None).await;
        assert_eq!(test.ledger.held_of(ACME, subject).await.expect("the count"), (0, 0, 0));
        test.ledger.vault().forget(ACME, subject);
    }
}

async fn a_lost_command_leaves_nothing_in_the_vault(kind: StoreKind) {
    let test = open(kind).await;
    let subject = Uuid::now_v7();
    let (mut append, references) = sealed(&test.ledger, &stream(ACME), subject, false, "Nobody").await;
    append.expected = 4;
    let token = Token { scope: "person.name", token: vec![1; 16], owner: subject, subject };
    append.vault.tokens.push(token);
    assert_eq!(test.ledger.append(append).await, Err(AppendError::StreamMoved));
    assert_eq!(opened(&test.ledger, ACME, &references).await, vec![None, None]);
    assert_eq!(test.ledger.held_of(ACME, subject).await.expect("the count"), (0, 0, 0));
}
