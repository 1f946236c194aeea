//! Group commit: one appender task.
//!
//! It takes everything that waits, never waits for more, and tells the callers of a batch what became of it while the store
//! works on the next. A conflict fails its own command only, a command's
//! events stand or fall together. Commands that depend on each other (same stream, a guard on a stream written beside them,
//! the same claim, receipt or command id) never share a batch: the later one goes into the next, where it meets the
//! earlier one's outcome.

use std::collections::{HashSet, VecDeque};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use super::leaf::Draft;
use super::time::Clock;
use super::{Append, AppendError, Appended, ClaimRow, Store, StoreError, StreamKey};

/// Bounds of the queue.
#[derive(Clone, Copy, Debug)]
pub struct QueueLimits {
    /// How many commands may wait before new ones are told to come back.
    pub waiting: usize,
    /// How many commands one transaction takes at most.
    pub batch: usize,
}

impl Default for QueueLimits {
    fn default() -> Self {
        Self { waiting: 2_048, batch: 256 }
    }
}

/// A command with its leaves, ready but for the instant of recording.
pub(super) struct Prepared {
    pub(super) append: Append,
    pub(super) drafts: Vec<Draft>,
}

impl Prepared {
    /// The stream's last sequence once it is recorded.
    pub(super) fn version(&self) -> i64 {
        self.append.expected + i64::try_from(self.append.events.len()).unwrap_or_default()
    }
}

/// What the store says of one command of a batch.
pub(super) enum Outcome {
    /// Recorded; the position of its last event, if it had any.
    Recorded(Option<i64>),
    /// Recorded by an earlier attempt of the same batch: the position of its last event, and when.
    Found { position: i64, at: i64 },
    /// Not recorded.
    Lost(AppendError),
}

/// What the store says of a batch.
pub(super) enum BatchOutcome {
    /// One outcome a command, in order.
    Done(Vec<Outcome>),
    /// The log's last instant lies after ours: nothing was written.
    ClockBehind(i64),
}

struct AppendJob {
    prepared: Prepared,
    answer: oneshot::Sender<Result<Appended, AppendError>>,
}

/// The task's mailbox.
pub(super) struct Queue {
    appends: mpsc::Sender<AppendJob>,
    accepted: Arc<AtomicUsize>,
    limit: usize,
}

impl Queue {
    pub(super) fn start(store: Arc<Store>, clock: Clock, limits: QueueLimits) -> Self {
        let (appends, jobs) = mpsc::channel(limits.waiting);
        let accepted = Arc::new(AtomicUsize::new(0));
        tokio::spawn(run(store, clock, limits.batch, jobs, Arc::clone(&accepted)));
        Self { appends, accepted, limit: limits.waiting }
    }

    pub(super) fn waiting(&self) -> usize {
        self.accepted.load(Ordering::Relaxed)
    }

    pub(super) async fn append(&self, mut append: Append) -> Result<Appended, AppendError> {
        if self.waiting() >= self.limit {
            return Err(AppendError::Overloaded);
        }
        let drafts = append
            .events
            .iter()
            .zip(1..)
            .map(|(event, nth)| Draft::new(&append.stream, append.expected + nth, &append.metadata, event))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| AppendError::Unencodable(error.to_string()))?;
        // What is recorded is their text; here they are freed by whoever made them.
        append.events.iter_mut().for_each(|event| event.payload = serde_json::Value::Null);
        keep_last_changes(&mut append.claims);
        let (answer, outcome) = oneshot::channel();
        self.accepted.fetch_add(1, Ordering::Relaxed);
        let job = AppendJob { prepared: Prepared { append, drafts }, answer };
        if let Err(error) = self.appends.try_send(job) {
            self.accepted.fetch_sub(1, Ordering::Relaxed);
            return Err(match error {
                mpsc::error::TrySendError::Full(_) => AppendError::Overloaded,
                mpsc::error::TrySendError::Closed(_) => AppendError::Store("the ledger is closed".to_owned()),
            });
        }
        outcome.await.unwrap_or(Err(AppendError::OutcomeUnknown))
    }

    /// Waits until nothing that was accepted is waiting.
    pub(super) async fn drain(&self, patience: Duration) {
        let until = Instant::now() + patience;
        while self.waiting() > 0 && Instant::now() < until {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

/// Of several changes of one claim by one holder in a command, the last one counts.
fn keep_last_changes(claims: &mut Vec<ClaimRow>) {
    let mut seen = HashSet::new();
    claims.reverse();
    claims.retain(|claim| seen.insert((claim.scope.clone(), claim.key.clone(), claim.holder)));
    claims.reverse();
}

/// What the commands of a batch touch; a command that meets any of it waits for the next batch.
#[derive(Default)]
struct Touched {
    written: HashSet<StreamKey>,
    guarded: HashSet<StreamKey>,
    claims: HashSet<(Arc<str>, String, String)>,
    receipts: HashSet<(Arc<str>, Vec<u8>)>,
    commands: HashSet<(Arc<str>, Uuid)>,
    subjects: HashSet<(Arc<str>, Uuid)>,
    erased: HashSet<(Arc<str>, Uuid)>,
}

impl Touched {
    fn admits(&mut self, append: &Append) -> bool {
        let employer = &append.stream.employer;
        let claims = || append.claims.iter().map(|c| (Arc::clone(employer), c.scope.clone(), c.key.clone()));
        let receipt = || append.receipt.iter().map(|r| (Arc::clone(employer), r.key.clone()));
        let sealed = || append.vault.values.iter().map(|v| (Arc::clone(employer), v.subject));
        let erased = || append.vault.erase.iter().map(|(subject, _)| (Arc::clone(employer), *subject));
        let meets = self.written.contains(&append.stream)
            || self.guarded.contains(&append.stream)
            || append.guards.iter().any(|(stream, _)| self.written.contains(stream))
            || claims().any(|claim| self.claims.contains(&claim))
            || receipt().any(|receipt| self.receipts.contains(&receipt))
            || self.commands.contains(&(Arc::clone(employer), append.command_id))
            || sealed().any(|subject| self.erased.contains(&subject))
            || erased().any(|subject| self.erased.contains(&subject) || self.subjects.contains(&subject));
        if !meets {
            self.written.insert(append.stream.clone());
            self.guarded.extend(append.guards.iter().map(|(stream, _)| stream.clone()));
            self.claims.extend(claims());
            self.receipts.extend(receipt());
            self.commands.insert((Arc::clone(employer), append.command_id));
            self.subjects.extend(sealed());
            self.erased.extend(erased());
        }
        !meets
    }
}

async fn run(
    store: Arc<Store>,
    clock: Clock,
    limit: usize,
    mut jobs: mpsc::Receiver<AppendJob>,
    accepted: Arc<AtomicUsize>,
) {
    let mut held: VecDeque<AppendJob> = VecDeque::new();
    let mut last_instant = 0;
    let mut recorded: Option<Recorded> = None;
    loop {
        while let Ok(job) = jobs.try_recv() {
            held.push_back(job);
        }
        if held.is_empty() {
            tell(recorded.take(), &accepted);
            match jobs.recv().await {
                Some(job) => held.push_back(job),
                None => return,
            }
            tokio::task::yield_now().await;
            continue;
        }
        let mut touched = Touched::default();
        let mut batch = Vec::with_capacity(held.len().min(limit));
        let mut later = VecDeque::new();
        for job in held.drain(..) {
            if batch.len() < limit && touched.admits(&job.prepared.append) {
                batch.push(job);
            } else {
                later.push_back(job);
            }
        }
        held = later;
        let (commands, answers): (Vec<_>, Vec<_>) = batch.into_iter().map(|job| (job.prepared, job.answer)).unzip();
        // The store works on this batch while the callers of the one before are told.
        let told = async { tell(recorded.take(), &accepted) };
        let ((instant, outcomes), ()) = tokio::join!(record(&store, &clock, last_instant, &commands), told);
        last_instant = instant;
        recorded = Some(Recorded { commands, answers, instant, outcomes });
    }
}

/// A batch of which the store has said what became of it.
struct Recorded {
    commands: Vec<Prepared>,
    answers: Vec<oneshot::Sender<Result<Appended, AppendError>>>,
    instant: i64,
    outcomes: Vec<Outcome>,
}

/// Tells the callers of a batch what became of it.
fn tell(recorded: Option<Recorded>, accepted: &AtomicUsize) {
    let Some(Recorded { commands, answers, instant, outcomes }) = recorded else { return };
    accepted.fetch_sub(answers.len(), Ordering::Relaxed);
    for ((command, answer), outcome) in commands.iter().zip(answers).zip(outcomes) {
        let append = &command.append;
        let appended = |position: Option<i64>, recorded_at| Appended {
            version: command.version(),
            position: position.unwrap_or(append.quiet_position),
            recorded_at,
        };
        let result = match outcome {
            Outcome::Recorded(position) => Ok(appended(position, instant)),
            Outcome::Found { position, at } => Ok(appended(Some(position), at)),
            Outcome::Lost(error) => Err(error),
        };
        // A caller that went away has its outcome in the log all the same.
        let _ = answer.send(result);
    }
}

/// How many connections in a row may be lost before a batch is given up: more than the pool can hold dead ones.
pub(super) const LOST_CONNECTIONS: usize = 12;

/// Records one batch at an instant not before the log's last. When the connection dies, the batch is simply sent again:
/// what an attempt before has written, or still writes while we are trying, is recognised by its command id.
async fn record(store: &Store, clock: &Clock, last: i64, commands: &[Prepared]) -> (i64, Vec<Outcome>) {
    let mut instant = clock.now_micros().max(last);
    let mut broken = 0;
    loop {
        let error = match store.append(commands, instant).await {
            Ok(BatchOutcome::Done(outcomes)) if broken == 0 => return (instant, outcomes),
            Ok(BatchOutcome::Done(outcomes)) => match store.recorded(commands).await {
                Ok(found) => return (instant, recognise(outcomes, found)),
                Err(error) => error,
            },
            Ok(BatchOutcome::ClockBehind(log)) => {
                if log - clock.now_micros() > 5_000_000 {
                    tracing::error!(behind_micros = log - clock.now_micros(), "this node's clock is behind the log");
                }
                instant = log.max(clock.now_micros());
                continue;
            }
            Err(error) => error,
        };
        if broken > 0 && (is_definite(&error) || broken == LOST_CONNECTIONS) {
            tracing::error!(%error, commands = commands.len(), "the outcome of a batch could not be found out");
            return (last, fail(commands, &AppendError::OutcomeUnknown));
        }
        if is_definite(&error) {
            // One command that the database cannot take must not take its neighbours with it.
            if commands.len() > 1 && matches!(error, StoreError::Database(sqlx::Error::Database(_))) {
                let (left, right) = commands.split_at(commands.len() / 2);
                let (middle, mut outcomes) = Box::pin(record(store, clock, last, left)).await;
                let (last, others) = Box::pin(record(store, clock, middle, right)).await;
                outcomes.extend(others);
                return (last, outcomes);
            }
            tracing::error!(%error, commands = commands.len(), "a batch was refused by the store");
            return (last, fail(commands, &AppendError::Store(error.to_string())));
        }
        broken += 1;
        tracing::warn!(%error, commands = commands.len(), "the connection was broken in an append; sending it again");
    }
}

/// After a lost connection a repeated command may be our own: recorded by the attempt that was never answered.
fn recognise(outcomes: Vec<Outcome>, found: Vec<Option<(i64, i64)>>) -> Vec<Outcome> {
    outcomes
        .into_iter()
        .zip(found)
        .map(|(outcome, found)| match (outcome, found) {
            (Outcome::Lost(AppendError::Repeated), Some((position, at))) => Outcome::Found { position, at },
            (outcome, _) => outcome,
        })
        .collect()
}

fn fail(commands: &[Prepared], error: &AppendError) -> Vec<Outcome> {
    commands.iter().map(|_| Outcome::Lost(error.clone())).collect()
}

/// Whether the store itself said no, so that nothing can have been written.
pub(super) fn is_definite(error: &StoreError) -> bool {
    match error {
        StoreError::Database(sqlx::Error::Database(error)) => {
            // Class 57 and 58 are shutdowns and system errors, 08 connection exceptions: they come from a dying server.
            !error.code().is_some_and(|code| ["57", "58", "08"].iter().any(|class| code.starts_with(class)))
        }
        StoreError::Database(sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed) => true,
        StoreError::Database(_) => false,
        StoreError::Migration(_) | StoreError::Unreadable(_) | StoreError::Refused(_) | StoreError::Directory(_) => {
            true
        }
    }
}

impl Store {
    /// Boxed: the compiler cannot see through both stores that the future may be sent to another thread.
    fn append<'a>(
        &'a self,
        commands: &'a [Prepared],
        instant: i64,
    ) -> Pin<Box<dyn Future<Output = Result<BatchOutcome, StoreError>> + Send + 'a>> {
        match self {
            Self::Postgres(store) => Box::pin(store.append(commands, instant)),
            Self::Sqlite(store) => Box::pin(store.append(commands, instant)),
        }
    }

    /// For each command the position of its last event and when it was recorded, if it is in the log as it stands here.
    async fn recorded(&self, commands: &[Prepared]) -> Result<Vec<Option<(i64, i64)>>, StoreError> {
        match self {
            Self::Postgres(store) => store.recorded(commands).await,
            Self::Sqlite(store) => store.recorded(commands).await,
        }
    }
}
