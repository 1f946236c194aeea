//! How many decisions about pay are replayed and backtested in a second, against a plain loop over the arithmetic.
//!
//! `cargo bench --bench proof -- [--decisions N] [--rounds N]`
//!
//! The embedded store in a directory of its own, without network. A replay reads a decision from the log, finds its policy,
//! bands and snapshot by their ids, compares their hashes, assesses again and compares the bytes; a backtest assesses the
//! latest decision of each offer under another policy. The plain loop assesses facts that lie in memory, on one thread.
//! Figures are medians of rounds in turn.

#![expect(clippy::expect_used, reason = "a benchmark that cannot go on ends")]
#![expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]

#[path = "../../tests/support/decisions.rs"]
mod decisions;

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use aggregates::pay::{Fraction, assess};
use clap::Parser;
use okaeri::dispatch::Dispatcher;
use okaeri::feed::Feed;
use okaeri::gather::archive::Archive;
use okaeri::ledger::{EmployerSettings, Ledger, LedgerMode, MasterKey, StoreLocation};
use okaeri::{backtest, replay, serve};

/// Measures proofs.
#[derive(Parser)]
struct Options {
    /// How many offers were decided.
    #[arg(long, default_value_t = 10_000)]
    decisions: usize,
    /// How many rounds.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Given by `cargo bench`.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() {
    let options = Options::parse();
    tokio::runtime::Runtime::new().expect("a runtime").block_on(run(&options));
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times.get(times.len() / 2).map_or(0.0, Duration::as_secs_f64)
}

async fn run(options: &Options) {
    let directory = tempfile::tempdir().expect("a directory");
    let location = StoreLocation::Directory(directory.path().to_owned());
    let master = MasterKey::generate().expect("randomness");
    let ledger = Ledger::open(&location, &master, LedgerMode::Live).await.expect("a ledger");
    ledger.add_employer("example", &EmployerSettings::default()).await.expect("an employer");
    let feed = Feed::new(Arc::clone(&ledger), serve::models());
    feed.prepare().await.expect("tables");
    let dispatcher = Arc::new(Dispatcher::new(Arc::clone(&ledger), feed.clone()).await.expect("a dispatcher"));
    let employer = dispatcher.employers().get("example").await.expect("the employer");
    let measure = decisions::following(&feed, decisions::measure(&dispatcher, &employer)).await;
    let measure = Arc::new(measure);
    let begun = Instant::now();
    decisions::decide(&dispatcher, &employer, &measure, options.decisions).await;
    eprintln!("{} offers decided in {:.1?}", options.decisions, begun.elapsed());
    feed.catch_up().await.expect("the models follow");

    let archive = Archive::keeping(&dispatcher, &employer, Arc::default());
    let mut facts = Vec::new();
    for nth in 0..options.decisions.min(200) {
        facts.push(measure.priced(&archive, nth).await.facts);
    }
    let mut other = measure.policy.clone();
    other.leapfrog_tolerance = Fraction::percent(10);
    let other = Arc::new(other);
    let (mut loops, mut replays, mut backtests) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..options.rounds {
        let begun = Instant::now();
        for facts in facts.iter().cycle().take(options.decisions) {
            black_box(assess(&measure.policy, black_box(facts)).expect("it can be assessed"));
        }
        loops.push(begun.elapsed());
        let begun = Instant::now();
        let same = |one: &replay::Replayed| assert!(one.identical, "{one:?}");
        let replayed = replay::all(&dispatcher, &employer, None, same).await.expect("the log");
        replays.push(begun.elapsed());
        assert_eq!(usize::try_from(replayed.assessments).expect("it fits"), options.decisions);
        let begun = Instant::now();
        let report = backtest::run(&dispatcher, &employer, &other, None).await.expect("the log");
        backtests.push(begun.elapsed());
        assert_eq!(usize::try_from(report.decisions).expect("it fits"), options.decisions);
        assert!(report.milder > 0, "the other policy is milder");
    }
    let a_second = |times| options.decisions as f64 / median(times);
    let (plain, replayed, backtested) = (a_second(loops), a_second(replays), a_second(backtests));
    println!(
        "{} decisions, each against {} incumbents; medians of {} rounds",
        options.decisions,
        decisions::INCUMBENTS,
        options.rounds
    );
    println!("{plain:>9.0} assessments a second in a plain loop");
    println!("{replayed:>9.0} replays a second    {:.2} of the loop", replayed / plain);
    println!("{backtested:>9.0} backtests a second  {:.2} of the loop", backtested / plain);
    drop(archive);
    ledger.close(Duration::from_secs(10)).await;
}
