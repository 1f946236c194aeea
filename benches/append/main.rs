//! Commands per second, from decision to durable row, against the stock repositories and the machine's own limits.
//!
//! `cargo bench --bench append -- [--seconds N] [--rounds N] [--concurrency 1,8,64,256] [--json FILE]`
//!
//! One private PostgreSQL and one run for everything: the contestants take turns in short rounds, so that whatever else
//! the machine does meets all of them. Ratios are made within a round; their median counts, spread beside it.
//!
//! What is measured is a whole command: load the stream, decide, append, durably (`fsync` and `synchronous_commit` on).
//! Both sides run the same aggregates. Ours writes receipt, claim, timer, link, sealed value, key and leaf hash with the
//! event; stock writes the event alone, its personal values already in their sealed form. What is sent is in `work.rs`.

#![expect(clippy::expect_used, reason = "a benchmark that cannot go on ends")]
#![expect(clippy::cast_precision_loss, reason = "counts and rates are far below 2^52")]

#[path = "../cluster.rs"]
mod cluster;
mod http;
#[path = "../loopback.rs"]
mod loopback;
mod measure;
mod ours;
mod plain;
mod report;
mod stock;
mod work;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;

use cluster::Cluster;
use http::OverHttp;
use measure::{Contestant, Pace};
use ours::{Ours, ReadSide};
use plain::{PgBench, SqliteInserts};
use report::Report;
use stock::Stock;
use work::{Departures, Flags, Referrals};

/// Measures commands per second.
#[derive(Parser)]
struct Options {
    /// How long each command of each contestant is measured in a round.
    #[arg(long, default_value_t = 2.0)]
    seconds: f64,
    /// How many rounds.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// How many clients send at a time.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 8, 64, 256])]
    concurrency: Vec<usize>,
    /// Only contestants whose name contains one of these.
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// Also says what the server's statements cost, which makes them a little slower.
    #[arg(long)]
    statements: bool,
    /// Writes the figures to this file as well.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Given by `cargo bench`.
    #[arg(long, hide = true)]
    bench: bool,
}

/// At this concurrency the bars are set, the embedded store and the larger commands are measured.
const BARS_AT: usize = 64;

fn main() {
    let options = Options::parse();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(run(&options));
}

/// Every contestant of one concurrency.
fn contestants(cluster: &Arc<Cluster>, concurrency: usize) -> Vec<Box<dyn Contestant>> {
    let mut all: Vec<Box<dyn Contestant>> = vec![
        Box::new(Stock::<Referrals>::viewless(cluster)),
        Box::new(Stock::<Referrals>::with_view(cluster)),
        Box::new(Ours::<Referrals>::on_postgres(cluster, ReadSide::Paused)),
        Box::new(Ours::<Referrals>::on_postgres(cluster, ReadSide::Running)),
    ];
    if let Some(inserts) = PgBench::find(cluster) {
        all.push(Box::new(inserts));
    }
    if concurrency == BARS_AT {
        all.extend([
            Box::new(Stock::<Flags>::viewless(cluster)) as Box<dyn Contestant>,
            Box::new(Stock::<Flags>::with_view(cluster)),
            Box::new(Ours::<Flags>::on_postgres(cluster, ReadSide::Paused)),
            Box::new(Ours::<Flags>::on_postgres(cluster, ReadSide::Running)),
            Box::new(Stock::<Departures>::viewless(cluster)),
            Box::new(Stock::<Departures>::with_view(cluster)),
            Box::new(Ours::<Departures>::on_postgres(cluster, ReadSide::Paused)),
            Box::new(Ours::<Departures>::on_postgres(cluster, ReadSide::Running)),
            Box::new(OverHttp::on_postgres(cluster, ReadSide::Paused)),
            Box::new(OverHttp::on_postgres(cluster, ReadSide::Running)),
            Box::new(Ours::<Referrals>::on_sqlite(None)),
            Box::new(Ours::<Referrals>::on_sqlite(Some(1))),
            Box::new(SqliteInserts::default()),
        ]);
    }
    all
}

async fn run(options: &Options) {
    let cluster = Arc::new(Cluster::start(options.statements).await);
    let wanted = |name: &str| options.only.is_empty() || options.only.iter().any(|part| name.contains(part.as_str()));
    let mut report = Report::new(cluster.version().await, options.seconds, options.rounds);
    for round in 0..options.rounds {
        for &concurrency in &options.concurrency {
            let mut contestants = contestants(&cluster, concurrency);
            contestants.retain(|contestant| wanted(&contestant.name()));
            // Nobody is always the first after a pause, or always behind the same neighbour.
            let first = round % contestants.len().max(1);
            contestants.rotate_left(first);
            for contestant in contestants {
                let name = contestant.name();
                let pace = Pace { concurrency, duration: Duration::from_secs_f64(options.seconds) };
                let slot = measure::slot(Arc::from(contestant), pace, &cluster).await;
                eprintln!(
                    "round {} of {}, {concurrency:>3} clients: {name:<42} {:>8.0} {:>8.0} commands/s",
                    round + 1,
                    options.rounds,
                    slot.first.rate(),
                    slot.second.as_ref().map_or(0.0, measure::Sample::rate),
                );
                if options.statements {
                    for (millis, calls, rows, statement) in cluster.costliest().await {
                        eprintln!("{millis:>10.1} ms {calls:>7} calls {rows:>8} rows  {statement}");
                    }
                }
                report.add(round, concurrency, name, slot);
            }
        }
    }
    println!("{report}");
    if let Some(path) = &options.json {
        std::fs::write(path, format!("{:#}\n", report.json())).expect("the file can be written");
    }
}
