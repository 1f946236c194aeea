//! Whatever was decided about pay is found again from the log, to the byte.

use std::collections::BTreeMap;
use std::sync::Arc;

use okaeri::dispatch::Dispatcher;
use okaeri::feed::Feed;
use okaeri::{replay, serve};

use crate::support::decisions::{decide, following, measure};
use crate::support::{ACME, StoreKind, on_both_stores, open};

on_both_stores!(every_decision_of_a_year_is_found_again_to_the_byte);

async fn every_decision_of_a_year_is_found_again_to_the_byte(kind: StoreKind) {
    // One store carries the number; that both tell the same, a tenth of it shows.
    let decisions = match kind {
        StoreKind::Sqlite => 10_000,
        StoreKind::Postgres => 1_000,
    };
    let test = open(kind).await;
    let feed = Feed::new(Arc::clone(&test.ledger), serve::models());
    feed.prepare().await.expect("tables");
    let dispatcher = Arc::new(Dispatcher::new(Arc::clone(&test.ledger), feed.clone()).await.expect("a dispatcher"));
    let employer = dispatcher.employers().get(ACME).await.expect("the employer");
    let measure = Arc::new(following(&feed, measure(&dispatcher, &employer)).await);
    decide(&dispatcher, &employer, &measure, decisions).await;
    let mut tiers: BTreeMap<String, usize> = BTreeMap::new();
    let replayed = replay::all(&dispatcher, &employer, None, |one| {
        assert!(one.identical, "{one:?}");
        *tiers.entry(one.tier.clone()).or_default() += 1;
    })
    .await
    .expect("the log");
    assert_eq!(replayed.altered, []);
    assert_eq!(usize::try_from(replayed.assessments).expect("it fits"), decisions);
    assert_eq!(tiers.values().sum::<usize>(), decisions);
    let found: Vec<&str> = tiers.keys().map(String::as_str).collect();
    assert_eq!(found, ["A", "B", "B'", "C", "D"], "decisions of every tier that can be drafted");
}
