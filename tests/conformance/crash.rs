//! The database server is killed in mid-work: what was acknowledged is there, once.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use aggregates::pay::PolicyTerms;
use aggregates::pay_policy::{PayPolicy, PayPolicyCommand, PayPolicyError};
use okaeri::dispatch::{DispatchError, Dispatcher, Envelope};
use okaeri::employer::Employer;
use okaeri::feed::Feed;
use okaeri::ledger::{AppendError, Ledger};
use okaeri::serve;
use serde_json::json;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::{assert_gapless, payload};
use crate::support::postgres::{Durability, Server};
use crate::support::{ACME, open_on, probe, run, stream, whole_log};

const CLIENTS: u64 = 8;
const COMMANDS: u64 = 150;

/// How far the clients have come all together.
#[derive(Default)]
struct Progress {
    acknowledged: AtomicU64,
    moved: Notify,
}

impl Progress {
    fn add_one(&self) {
        self.acknowledged.fetch_add(1, Ordering::Relaxed);
        self.moved.notify_one();
    }

    async fn reach(&self, count: u64) {
        while self.acknowledged.load(Ordering::Relaxed) < count {
            self.moved.notified().await;
        }
    }
}

#[test]
fn what_was_acknowledged_survives_a_killed_server() {
    run(async {
        let server = Server::start(Durability::Synced);
        let test = open_on(server.fresh_database()).await;
        let progress = Arc::new(Progress::default());
        let mut clients = JoinSet::new();
        for client in 0..CLIENTS {
            let (ledger, progress) = (Arc::clone(&test.ledger), Arc::clone(&progress));
            clients.spawn(async move { insist(&ledger, client, &progress).await });
        }
        for kill in 1..=3 {
            progress.reach(kill * CLIENTS * COMMANDS / 5).await;
            server.kill9();
            server.restart();
        }
        let repeats: u64 = clients.join_all().await.into_iter().sum();
        println!("{repeats} commands were sent again");
        assert_eq!(progress.acknowledged.load(Ordering::Relaxed), CLIENTS * COMMANDS);

        let log = whole_log(&test.ledger, ACME).await;
        assert_gapless(&log);
        let mut copies: HashMap<(Option<u64>, Option<u64>), u64> = HashMap::new();
        for entry in &log {
            let payload = payload(&entry.leaf);
            *copies.entry((payload["client"].as_u64(), payload["nth"].as_u64())).or_default() += 1;
        }
        assert_eq!(copies.len() as u64, CLIENTS * COMMANDS, "an acknowledged command is missing");
        assert!(copies.values().all(|count| *count == 1), "a command is there twice");
    });
}

/// How often each client drafts a policy anew.
const REVISIONS: u32 = 60;

/// The feed commits without waiting for the disk: what the server loses of it with a kill is folded again, and nothing twice.
#[test]
fn the_documents_are_what_the_log_says_after_a_killed_server() {
    run(async {
        let server = Server::start(Durability::Synced);
        let test = open_on(server.fresh_database()).await;
        let mut below = test.below().await;
        // What is not waited for stays unwritten long enough to be lost.
        below.execute("alter system set wal_writer_delay = '10s'").await.expect("the server's own setting");
        below.execute("select pg_reload_conf()").await.expect("it is read");
        let feed = Feed::new(Arc::clone(&test.ledger), serve::models());
        feed.prepare().await.expect("tables");
        let dispatcher = Arc::new(Dispatcher::new(Arc::clone(&test.ledger), feed.clone()).await.expect("a dispatcher"));
        let employer = dispatcher.employers().get(ACME).await.expect("the employer");
        let folding = tokio::spawn(feed.clone().run(Duration::from_millis(50)));
        let progress = Arc::new(Progress::default());
        let mut clients = JoinSet::new();
        for _ in 0..CLIENTS {
            let (dispatcher, employer) = (Arc::clone(&dispatcher), Arc::clone(&employer));
            let progress = Arc::clone(&progress);
            clients.spawn(async move { draft_again_and_again(&dispatcher, &employer, &progress).await });
        }
        let all = CLIENTS * u64::from(REVISIONS + 1);
        for kill in 1..=3 {
            progress.reach(kill * all / 5).await;
            server.kill9();
            server.restart();
        }
        clients.join_all().await;
        folding.abort();
        while let Err(error) = feed.catch_up().await {
            println!("the feed tries again: {error}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(whole_log(&test.ledger, ACME).await.len() as u64, all);
        assert_eq!(reached(&test.ledger).await, i64::try_from(all).expect("it fits"));
        assert_eq!(feed.compare(ACME).await.expect("the log"), []);

        // A kill right behind a slice loses it, sooner or later: then it is folded again.
        let mut lost = 0;
        for _ in 0..20 {
            draft_again_and_again(&dispatcher, &employer, &progress).await;
            feed.catch_up().await.expect("it folds");
            let before = reached(&test.ledger).await;
            server.kill9();
            server.restart();
            let after = settled(&test.ledger).await;
            lost += u32::from(after < before);
            feed.catch_up().await.expect("it folds again");
            assert_eq!(reached(&test.ledger).await, before);
            assert_eq!(feed.compare(ACME).await.expect("the log"), []);
            if lost > 0 {
                break;
            }
        }
        assert!(lost > 0, "no kill lost a slice, so that nothing was tried");
    });
}

/// How far the model that is furthest behind has come.
async fn reached(ledger: &Ledger) -> i64 {
    let checkpoints = ledger.checkpoints().await.expect("checkpoints");
    let of_models = checkpoints.iter().filter(|one| one.employer == ACME);
    assert_eq!(of_models.clone().count(), serve::models().len());
    of_models.map(|one| one.position).min().expect("a model")
}

/// The same once the server answers again.
async fn settled(ledger: &Ledger) -> i64 {
    while ledger.checkpoints().await.is_err() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    reached(ledger).await
}

/// Drafts a policy and revises it, each command again and again until it is known to be recorded.
async fn draft_again_and_again(dispatcher: &Dispatcher, employer: &Arc<Employer>, progress: &Progress) {
    let policy = Uuid::now_v7();
    let terms = |days: u32| {
        let terms = PolicyTerms::defaults("JP-HQ", "賃金規程第12条");
        Box::new(PolicyTerms { explanation_days: days, ..terms })
    };
    for nth in 0..=REVISIONS {
        let order = match nth {
            0 => PayPolicyCommand::Draft(terms(1)),
            later => PayPolicyCommand::Revise(terms(1 + later)),
        };
        let envelope = Envelope::system(Arc::clone(employer), "test", Uuid::now_v7(), None);
        loop {
            match dispatcher.send::<PayPolicy>(&envelope, policy, order.clone()).await {
                Ok(_) => break,
                // An attempt of which nothing was heard had been recorded.
                Err(DispatchError::Refused(PayPolicyError::AlreadyDrafted)) if nth == 0 => break,
                Err(DispatchError::Store(_) | DispatchError::OutcomeUnknown | DispatchError::Overloaded) => {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                Err(error) => panic!("revision {nth}: {error}"),
            }
        }
        progress.add_one();
    }
}

/// Sends command after command, each again and again under its own id until it is known to be recorded.
async fn insist(ledger: &Ledger, client: u64, progress: &Progress) -> u64 {
    let stream = stream(ACME);
    let mut repeats = 0;
    for (nth, expected) in (0..COMMANDS).zip(0..) {
        let append = probe(&stream, expected, [json!({"client": client, "nth": nth})]);
        loop {
            match ledger.append(append.clone()).await {
                Ok(_) | Err(AppendError::Repeated) => break,
                Err(AppendError::Store(_) | AppendError::OutcomeUnknown) => {
                    repeats += 1;
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                Err(error) => panic!("client {client}, command {nth}: {error}"),
            }
        }
        progress.add_one();
    }
    repeats
}
