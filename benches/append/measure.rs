//! Sending as many commands as a number of clients can, and what came of it.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use uuid::Uuid;

use crate::cluster::{Cluster, ProcessTime};
use crate::work::Turn;

/// What a contestant's methods return.
pub type Doing<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Whoever takes commands.
pub trait Contestant: Send + Sync {
    /// Its name in the report.
    fn name(&self) -> String;

    /// Opens connections; once before anything is sent.
    fn open(&mut self) -> Doing<'_, ()>;

    /// Sends one command; returns when it is durable.
    fn send(&self, turn: Turn, id: Uuid) -> Doing<'_, ()>;

    /// Whether there is a second command.
    fn has_second(&self) -> bool {
        true
    }

    /// Waits until whatever follows from the commands is done as well.
    fn settle(&self) -> Doing<'_, ()> {
        Box::pin(async {})
    }

    /// Closes connections.
    fn close(&self) -> Doing<'_, ()> {
        Box::pin(async {})
    }

    /// For a contestant that brings its own clients: measures by itself.
    fn measure_alone(&self, _pace: Pace) -> Option<Doing<'_, Sample>> {
        None
    }
}

/// How many clients, how long.
#[derive(Clone, Copy)]
pub struct Pace {
    pub concurrency: usize,
    pub duration: Duration,
}

/// One measurement.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    /// How many commands.
    pub commands: usize,
    /// From the first to the last, and until what follows was done.
    pub elapsed: Duration,
    /// How long each took, shortest first.
    pub latencies: Vec<Duration>,
    /// Processor time of the clients and of the server.
    pub processor: Option<(Duration, Duration)>,
}

impl Sample {
    /// Commands per second.
    pub fn rate(&self) -> f64 {
        self.commands as f64 / self.elapsed.as_secs_f64().max(f64::EPSILON)
    }

    /// The latency that this part of the commands did not exceed.
    pub fn percentile(&self, part: f64) -> Duration {
        let last = self.latencies.len().saturating_sub(1);
        let index = (last as f64 * part).round();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and the last index")]
        self.latencies.get(index as usize).copied().unwrap_or_default()
    }
}

/// A contestant's turn in a round.
pub struct Slot {
    pub first: Sample,
    pub second: Option<Sample>,
}

/// Opens a contestant, warms it up, measures both commands, closes it.
pub async fn slot(mut contestant: Arc<dyn Contestant>, pace: Pace, cluster: &Cluster) -> Slot {
    Arc::get_mut(&mut contestant).expect("nobody else has it yet").open().await;
    if let Some(measuring) = contestant.measure_alone(pace) {
        let first = measuring.await;
        contestant.close().await;
        return Slot { first, second: None };
    }
    let warm = Pace { duration: pace.duration.min(Duration::from_millis(400)), ..pace };
    let (_, ids) = sample(&contestant, Turn::First, Arc::default(), warm, cluster).await;
    if contestant.has_second() {
        sample(&contestant, Turn::Second, ids, warm, cluster).await;
    }
    let (first, ids) = sample(&contestant, Turn::First, Arc::default(), pace, cluster).await;
    let second = if contestant.has_second() {
        Some(sample(&contestant, Turn::Second, ids, pace, cluster).await.0)
    } else {
        None
    };
    contestant.close().await;
    Slot { first, second }
}

/// Sends until the time is over, or every stream has had its second command. Also returns the streams.
async fn sample(
    contestant: &Arc<dyn Contestant>,
    turn: Turn,
    streams: Arc<Vec<Uuid>>,
    pace: Pace,
    cluster: &Cluster,
) -> (Sample, Arc<Vec<Uuid>>) {
    let before = (ProcessTime::of(std::process::id()), cluster.processor_time());
    let next = Arc::new(AtomicUsize::new(0));
    let begun = Instant::now();
    let until = begun + pace.duration;
    let mut clients = JoinSet::new();
    for _ in 0..pace.concurrency {
        let (contestant, streams, next) = (Arc::clone(contestant), Arc::clone(&streams), Arc::clone(&next));
        clients.spawn(async move {
            let mut sent = Vec::new();
            while Instant::now() < until {
                let id = match turn {
                    Turn::First => Uuid::now_v7(),
                    Turn::Second => match streams.get(next.fetch_add(1, Ordering::Relaxed)) {
                        Some(id) => *id,
                        None => break,
                    },
                };
                let start = Instant::now();
                contestant.send(turn, id).await;
                sent.push((id, start.elapsed()));
            }
            sent
        });
    }
    let sent: Vec<(Uuid, Duration)> = clients.join_all().await.into_iter().flatten().collect();
    contestant.settle().await;
    let elapsed = begun.elapsed();
    let after = (ProcessTime::of(std::process::id()), cluster.processor_time());
    let (ids, mut latencies): (Vec<_>, Vec<_>) = sent.into_iter().unzip();
    latencies.sort_unstable();
    let processor = match (before, after) {
        ((Some(client), Some(server)), (Some(client_after), Some(server_after))) => {
            Some((client_after.own.saturating_sub(client.own), server_after.saturating_sub(server)))
        }
        _ => None,
    };
    (Sample { commands: latencies.len(), elapsed, latencies, processor }, Arc::new(ids))
}
