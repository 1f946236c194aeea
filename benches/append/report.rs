//! What came of a run: medians with their spread, ratios within rounds, and the bars we hold ourselves to.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use serde_json::{Value, json};

use crate::BARS_AT;
use crate::measure::{Sample, Slot};

/// Everything measured.
pub struct Report {
    server: String,
    seconds: f64,
    rounds: usize,
    /// By concurrency and contestant, in the order of the first round: one slot a round.
    contestants: BTreeMap<usize, Vec<Rounds>>,
}

/// A contestant's name and its slots by round.
type Rounds = (String, BTreeMap<usize, Slot>);

/// The median of some values and how far they spread.
#[derive(Clone, Copy)]
struct Spread {
    median: f64,
    least: f64,
    most: f64,
}

impl Spread {
    fn of(mut values: Vec<f64>) -> Option<Self> {
        values.sort_by(f64::total_cmp);
        let (least, most) = (*values.first()?, *values.last()?);
        let middle = values.len() / 2;
        let upper = *values.get(middle)?;
        let median = if values.len() % 2 == 1 { upper } else { f64::midpoint(upper, *values.get(middle - 1)?) };
        Some(Self { median, least, most })
    }

    fn json(self) -> Value {
        json!({"median": self.median, "min": self.least, "max": self.most})
    }
}

/// What of a slot is looked at; not every slot has every figure.
type Figure = fn(&Slot) -> Option<f64>;

#[expect(clippy::unnecessary_wraps, reason = "a figure among others that may be missing")]
fn first(slot: &Slot) -> Option<f64> {
    Some(slot.first.rate())
}

fn second(slot: &Slot) -> Option<f64> {
    slot.second.as_ref().map(Sample::rate)
}

/// Both commands taken together: a stream's two commands at this rate.
#[expect(clippy::unnecessary_wraps, reason = "a figure among others that may be missing")]
fn mean(slot: &Slot) -> Option<f64> {
    Some(match &slot.second {
        Some(second) => 2.0 / (1.0 / slot.first.rate() + 1.0 / second.rate()),
        None => slot.first.rate(),
    })
}

#[expect(clippy::unnecessary_wraps, reason = "a figure among others that may be missing")]
fn millis(part: f64, slot: &Slot) -> Option<f64> {
    let of = |sample: &Sample| sample.percentile(part).as_secs_f64() * 1_000.0;
    Some(slot.second.as_ref().map_or(of(&slot.first), |second| of(&slot.first).max(of(second))))
}

fn p50(slot: &Slot) -> Option<f64> {
    millis(0.5, slot)
}

fn p99(slot: &Slot) -> Option<f64> {
    millis(0.99, slot)
}

/// Of the command where it is worse.
#[expect(clippy::unnecessary_wraps, reason = "a figure among others that may be missing")]
fn tail(slot: &Slot) -> Option<f64> {
    let of = |sample: &Sample| sample.percentile(0.99).as_secs_f64() / sample.percentile(0.5).as_secs_f64();
    Some(slot.second.as_ref().map_or(of(&slot.first), |second| of(&slot.first).max(of(second))))
}

fn processor(slot: &Slot, which: fn((Duration, Duration)) -> Duration) -> Option<f64> {
    let samples = [Some(&slot.first), slot.second.as_ref()];
    let commands: usize = samples.iter().flatten().map(|sample| sample.commands).sum();
    let times: Vec<Duration> = samples.iter().flatten().filter_map(|sample| sample.processor.map(which)).collect();
    (!times.is_empty()).then(|| times.iter().sum::<Duration>().as_secs_f64() * 1e6 / commands.max(1) as f64)
}

fn client_micros(slot: &Slot) -> Option<f64> {
    processor(slot, |(client, _)| client)
}

fn server_micros(slot: &Slot) -> Option<f64> {
    processor(slot, |(_, server)| server)
}

/// Processor time of client and server together for the second command alone.
fn second_micros(slot: &Slot) -> Option<f64> {
    let sample = slot.second.as_ref()?;
    let (client, server) = sample.processor?;
    Some((client + server).as_secs_f64() * 1e6 / sample.commands.max(1) as f64)
}

const STOCK: &str = "stock, no view";
const STOCK_VIEW: &str = "stock, its view";
const INSERTS: &str = "single-row inserts (pgbench)";
const PAUSED: &str = "ours, feed paused";
const RUNNING: &str = "ours, feed and reactions running";
const OVER_HTTP: &str = "departures: ours over HTTP, feed paused";
const OVER_HTTP_RUNNING: &str = "departures: ours over HTTP, feed and reactions running";
const IN_PROCESS: &str = "departures: ours, feed paused";
const IN_PROCESS_RUNNING: &str = "departures: ours, feed and reactions running";
const SQLITE: &str = "SQLite: ours, feed paused";
const SQLITE_SINGLE: &str = "SQLite: ours, one transaction a command";
const SQLITE_INSERTS: &str = "SQLite: single-row inserts";

/// One thing we hold ourselves to: ours against a peer, at a concurrency.
struct Bar {
    what: &'static str,
    /// Of what.
    figure: Figure,
    at: usize,
    ours: &'static str,
    peer: &'static str,
    least: f64,
    goal: f64,
}

const BARS: [Bar; 7] = [
    Bar {
        what: "feed paused / stock without view",
        figure: mean,
        at: BARS_AT,
        ours: PAUSED,
        peer: STOCK,
        least: 3.5,
        goal: 5.0,
    },
    Bar {
        what: "all running / stock with its view",
        figure: mean,
        at: BARS_AT,
        ours: RUNNING,
        peer: STOCK_VIEW,
        least: 4.5,
        goal: 8.0,
    },
    Bar {
        what: "feed paused / single-row inserts",
        figure: mean,
        at: BARS_AT,
        ours: PAUSED,
        peer: INSERTS,
        least: 0.9,
        goal: 1.3,
    },
    Bar {
        what: "feed paused / stock without view",
        figure: mean,
        at: 1,
        ours: PAUSED,
        peer: STOCK,
        least: 1.0,
        goal: 1.5,
    },
    Bar {
        what: "over HTTP / in process (exit interview), feed paused",
        figure: second,
        at: BARS_AT,
        ours: OVER_HTTP,
        peer: IN_PROCESS,
        least: 0.7,
        goal: 0.9,
    },
    Bar {
        what: "over HTTP / in process (exit interview), all running",
        figure: second,
        at: BARS_AT,
        ours: OVER_HTTP_RUNNING,
        peer: IN_PROCESS_RUNNING,
        least: 0.7,
        goal: 0.9,
    },
    Bar {
        what: "SQLite / one transaction a command",
        figure: mean,
        at: BARS_AT,
        ours: SQLITE,
        peer: SQLITE_SINGLE,
        least: 5.0,
        goal: 10.0,
    },
];

/// The most that p99 may be of p50.
const TAIL: (f64, f64) = (2.5, 2.0);

impl Report {
    /// Nothing measured yet.
    pub const fn new(server: String, seconds: f64, rounds: usize) -> Self {
        Self { server, seconds, rounds, contestants: BTreeMap::new() }
    }

    /// Takes a slot in.
    pub fn add(&mut self, round: usize, concurrency: usize, name: String, slot: Slot) {
        let contestants = self.contestants.entry(concurrency).or_default();
        if let Some((_, slots)) = contestants.iter_mut().find(|(known, _)| *known == name) {
            slots.insert(round, slot);
        } else {
            contestants.push((name, BTreeMap::from([(round, slot)])));
        }
    }

    fn slots(&self, concurrency: usize, name: &str) -> Option<&BTreeMap<usize, Slot>> {
        self.contestants.get(&concurrency)?.iter().find(|(known, _)| known == name).map(|(_, slots)| slots)
    }

    fn figure(slots: &BTreeMap<usize, Slot>, figure: Figure) -> Option<Spread> {
        Spread::of(slots.values().filter_map(figure).collect())
    }

    /// Ours against a peer of the same rounds.
    fn ratio(&self, concurrency: usize, ours: &str, peer: &str, figure: Figure) -> Option<Spread> {
        let (ours, peers) = (self.slots(concurrency, ours)?, self.slots(concurrency, peer)?);
        let ratios = ours.iter().filter_map(|(round, slot)| Some(figure(slot)? / figure(peers.get(round)?)?));
        Spread::of(ratios.collect())
    }

    /// Whom a contestant is compared with: those of the same work and store.
    fn peers_of(name: &str) -> &'static [(&'static str, &'static str)] {
        if name.starts_with("SQLite") {
            &[("single", SQLITE_SINGLE), ("inserts", SQLITE_INSERTS)]
        } else if name.starts_with("flags") {
            &[("stock", "flags: stock, no view"), ("view", "flags: stock, its view"), ("inserts", INSERTS)]
        } else if name.starts_with("departures") {
            &[("stock", "departures: stock, no view"), ("view", "departures: stock, its view"), ("inserts", INSERTS)]
        } else {
            &[("stock", STOCK), ("view", STOCK_VIEW), ("inserts", INSERTS)]
        }
    }

    fn bars(&self) -> Vec<(String, Spread, f64, f64, bool)> {
        let ratios = BARS.iter().filter_map(|bar| {
            let ratio = self.ratio(bar.at, bar.ours, bar.peer, bar.figure)?;
            let name = format!("{} at {}", bar.what, bar.at);
            Some((name, ratio, bar.least, bar.goal, ratio.median >= bar.least))
        });
        let tails = [PAUSED, RUNNING].into_iter().filter_map(|name| {
            let tail = Self::figure(self.slots(BARS_AT, name)?, tail)?;
            Some((format!("p99 / p50, {name}, at {BARS_AT}"), tail, TAIL.0, TAIL.1, tail.median < TAIL.0))
        });
        ratios.chain(tails).collect()
    }

    /// Everything, for programs.
    pub fn json(&self) -> Value {
        let runs: Vec<Value> = self
            .contestants
            .iter()
            .flat_map(|(concurrency, contestants)| {
                contestants.iter().map(move |(name, slots)| (concurrency, name, slots))
            })
            .map(|(concurrency, name, slots)| {
                let spread = |figure: Figure| Self::figure(slots, figure).map(Spread::json);
                let ratios: BTreeMap<&str, Value> = Self::peers_of(name)
                    .iter()
                    .filter(|(_, peer)| peer != name)
                    .filter_map(|(_, peer)| Some((*peer, self.ratio(*concurrency, name, peer, mean)?.json())))
                    .collect();
                json!({
                    "concurrency": concurrency,
                    "contestant": name,
                    "first_per_second": spread(first),
                    "second_per_second": spread(second),
                    "both_per_second": spread(mean),
                    "p50_ms": spread(p50),
                    "p99_ms": spread(p99),
                    "p99_to_p50": spread(tail),
                    "client_cpu_us": spread(client_micros),
                    "server_cpu_us": spread(server_micros),
                    "second_cpu_us": spread(second_micros),
                    "ratio_to": ratios,
                })
            })
            .collect();
        let bars: Vec<Value> = self
            .bars()
            .into_iter()
            .map(|(bar, spread, least, goal, held)| {
                json!({"bar": bar, "value": spread.json(), "bound": least, "goal": goal, "held": held})
            })
            .collect();
        json!({
            "postgresql": self.server,
            "cores": std::thread::available_parallelism().map_or(0, usize::from),
            "seconds": self.seconds,
            "rounds": self.rounds,
            "runs": runs,
            "bars": bars,
        })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cores = std::thread::available_parallelism().map_or(0, usize::from);
        writeln!(
            f,
            "\nPostgreSQL {}, {cores} cores, {} rounds of {} s a command. Commands/s: median [least–most]; p50 and p99 in ms \
             of the slower command; CPU in µs a command.",
            self.server, self.rounds, self.seconds
        )?;
        for (concurrency, contestants) in &self.contestants {
            writeln!(f, "\n{concurrency} clients")?;
            writeln!(
                f,
                "{:<44} {:>7} {:>7} {:>7} {:<15} {:>7} {:>7} {:>6} {:>7} {:>7}  against",
                "", "first", "second", "both", "", "p50", "p99", "tail", "client", "server"
            )?;
            for (name, slots) in contestants {
                let median = |figure: Figure| Self::figure(slots, figure).map(|spread| spread.median);
                let number = |value: Option<f64>, digits: usize| {
                    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.digits$}"))
                };
                let both = Self::figure(slots, mean);
                let spread = both.map_or_else(String::new, |both| format!("[{:.0}–{:.0}]", both.least, both.most));
                let against: Vec<String> = Self::peers_of(name)
                    .iter()
                    .filter(|(_, peer)| peer != name)
                    .filter_map(|(short, peer)| {
                        let ratio = self.ratio(*concurrency, name, peer, mean)?;
                        Some(format!("{short} {:.2}", ratio.median))
                    })
                    .collect();
                writeln!(
                    f,
                    "{name:<44} {:>7} {:>7} {:>7} {spread:<15} {:>7} {:>7} {:>6} {:>7} {:>7}  {}",
                    number(median(first), 0),
                    number(median(second), 0),
                    number(median(mean), 0),
                    number(median(p50), 2),
                    number(median(p99), 2),
                    number(median(tail), 2),
                    number(median(client_micros), 0),
                    number(median(server_micros), 0),
                    against.join(", ")
                )?;
            }
        }
        writeln!(f, "\nBars (median of the ratios within a round [least–most])")?;
        for (bar, spread, least, goal, held) in self.bars() {
            writeln!(
                f,
                "{} {bar:<62} {:>6.2} [{:.2}–{:.2}]  bar {least}, goal {goal}",
                if held { "holds" } else { "FAILS" },
                spread.median,
                spread.least,
                spread.most
            )?;
        }
        Ok(())
    }
}
