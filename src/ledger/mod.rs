//! Everything durable, on SQLite or PostgreSQL: events, claims, receipts, vault, timers, checkpoints, documents.
//!
//! The only folder that knows SQL. What it stores of an event is its leaf: canonical JSON (RFC 8785) in which every
//! personal value is sealed, hashed as an RFC 9162 leaf. Who calls it: [`crate::dispatch`] for the write side,
//! [`crate::feed`] for the read side.

mod altered;
mod append;
mod directory;
mod documents;
mod leaf;
mod lock;
mod log;
mod nodes;
mod postgres;
mod reads;
mod repository;
mod sqlite;
mod time;
mod vault;
pub mod views;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::watch;
use uuid::Uuid;

pub use altered::{Alteration, HashedEvent, alterations};
use append::Queue;
pub use append::QueueLimits;
pub use directory::{EmployerSettings, LedgerMode};
pub use documents::{After, Checkpoint, Document, Order, Page, PageQuery, TableId, Waited, Written};
pub(crate) use documents::{Folded, Slice};
pub use leaf::{Leaf, LeafError, leaf_hash};
pub use log::{LogEntry, LogQuery};
pub use repository::LedgerRepository;
pub use time::{Clock, micros, rfc3339};
pub(crate) use vault::same_secret;
pub use vault::{EmployerKeys, MasterKey, MasterKeyError, Token, Vault, bigrams, fold_text, hex};

/// What can go wrong between this program and its store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused or could not be reached.
    #[error("the store is not available: {0}")]
    Database(#[from] sqlx::Error),
    /// A migration failed.
    #[error("the store could not be brought up to date: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// What is stored cannot be read: named, never skipped.
    #[error("stored data cannot be read: {0}")]
    Unreadable(String),
    /// The ledger does not fit this program or configuration.
    #[error("{0}")]
    Refused(String),
    /// The data directory could not be used.
    #[error("the data directory cannot be used: {0}")]
    Directory(#[from] std::io::Error),
}

/// The two stores behind one API.
pub(crate) enum Store {
    /// For real use.
    Postgres(Box<postgres::PostgresStore>),
    /// Embedded: one writer, many readers.
    Sqlite(Box<sqlite::SqliteStore>),
}

/// Runs one expression that only reads against whichever store there is; `$db` is a pool. On PostgreSQL it runs again where
/// the connection had died: nobody asks a connection that was in use a moment ago whether it still lives, and each of the
/// pool's may have died.
macro_rules! reading {
    ($store:expr, $db:ident => $body:expr) => {
        match &*$store {
            $crate::ledger::Store::Postgres(store) => {
                let mut lost = 0;
                loop {
                    let $db = &store.pool;
                    let read = async { Ok::<_, sqlx::Error>($body) }.await;
                    match read {
                        Err(error) if lost < $crate::ledger::append::LOST_CONNECTIONS && store.was_broken(&error) => {
                            lost += 1;
                        }
                        read => break read?,
                    }
                }
            }
            $crate::ledger::Store::Sqlite(store) => {
                let $db = &store.readers;
                $body
            }
        }
    };
}
pub(crate) use reading;

/// Runs one statement that writes; on SQLite it waits for the one writer. `$db` is an executor.
macro_rules! writing {
    ($store:expr, $db:ident => $body:expr) => {
        match &*$store {
            $crate::ledger::Store::Postgres(store) => {
                let $db = &store.pool;
                $body
            }
            $crate::ledger::Store::Sqlite(store) => {
                let mut writer = store.writer.lock().await;
                let $db = &mut *writer;
                $body
            }
        }
    };
}
pub(crate) use writing;

/// One stream of one employer.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StreamKey {
    /// The employer (tenant).
    pub employer: Arc<str>,
    /// The aggregate type, such as `departure`.
    pub kind: &'static str,
    /// The aggregate's id.
    pub id: Uuid,
}

/// An event as the appender takes it: sealed and encoded but for the instant of recording.
#[derive(Clone, Debug)]
pub struct NewEvent {
    /// Full name, such as `departure.recorded`.
    pub event_type: String,
    /// The stored form's version.
    pub event_version: i32,
    /// What happened, every personal value sealed.
    pub payload: serde_json::Value,
    /// The human being that it is about.
    pub person: Option<Uuid>,
}

/// A claim to take or release; see [`aggregates::stream::Claim`].
#[derive(Clone, Debug)]
pub struct ClaimRow {
    /// What kind of thing is unique.
    pub scope: String,
    /// The key, never personal data in the clear.
    pub key: String,
    /// Who takes or releases it.
    pub holder: Uuid,
    /// When it becomes free by itself.
    pub until: Option<i64>,
    /// Taken, or released.
    pub take: bool,
}

/// What is kept of an accepted request, so that a repeat gets the same answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptKey {
    /// HMAC of actor, method, path and `Idempotency-Key`.
    pub key: Vec<u8>,
    /// HMAC of the request's body.
    pub request: Vec<u8>,
    /// The status of the first reply.
    pub status: i32,
}

/// A stored receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// HMAC of the first request's body.
    pub request: Vec<u8>,
    /// The status of the first reply.
    pub status: i32,
    /// The stream's kind.
    pub kind: String,
    /// The stream's id.
    pub id: Uuid,
    /// The stream's last sequence after the command.
    pub version: i64,
    /// The place in the employer's log.
    pub position: i64,
    /// The state's name after the command.
    pub state: String,
}

/// What an append does to the stream's timer row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimerChange {
    /// Leave it.
    Keep,
    /// The stream waits for nothing.
    Clear,
    /// The stream waits for this instant (microseconds).
    Set(i64),
}

/// Everything one command writes, together or not at all.
#[derive(Clone, Debug)]
pub struct Append {
    /// The stream written to.
    pub stream: StreamKey,
    /// The sequence of the stream's last event as the decision saw it.
    pub expected: i64,
    /// Streams the decision depended on, with the sequence it saw.
    pub guards: Vec<(StreamKey, i64)>,
    /// Unique per command; a repeat is recognised by it.
    pub command_id: Uuid,
    /// The instant the command was issued (microseconds), against which claims are free or held.
    pub at: i64,
    /// Who, in which role, why; strings only.
    pub metadata: BTreeMap<String, String>,
    /// The facts. Empty for a command that was already so.
    pub events: Vec<NewEvent>,
    /// What must be unique.
    pub claims: Vec<ClaimRow>,
    /// The receipt, if the client sent an `Idempotency-Key`.
    pub receipt: Option<ReceiptKey>,
    /// The name of the state after the command, for the receipt.
    pub state: &'static str,
    /// The position to put on the receipt when there are no events.
    pub quiet_position: i64,
    /// The stream's timer.
    pub timer: TimerChange,
    /// Sealed personal data.
    pub vault: vault::Sealing,
}

/// What an append answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
    /// The stream's last sequence.
    pub version: i64,
    /// The position of the command's last event; of the stream's last one when nothing was recorded.
    pub position: i64,
    /// When it was recorded.
    pub recorded_at: i64,
}

/// Why an append did not happen. Nothing of it is half-done.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum AppendError {
    /// Another command reached the stream first.
    #[error("the stream has moved")]
    StreamMoved,
    /// Another command moved a stream this one depended on.
    #[error("a stream this command depends on has moved")]
    GuardMoved,
    /// Somebody else holds what must be unique.
    #[error("the claim {scope} is held by another")]
    ClaimHeld {
        /// The claim's scope.
        scope: String,
    },
    /// A command with this id is already recorded.
    #[error("this command is already recorded")]
    Repeated,
    /// A request with this key has been answered.
    #[error("this request has already been answered")]
    ReceiptExists,
    /// A key under which data was sealed has been destroyed meanwhile.
    #[error("the person's key has been destroyed")]
    KeyGone,
    /// No such employer.
    #[error("no such employer")]
    EmployerUnknown,
    /// Too much is waiting.
    #[error("too many commands are waiting")]
    Overloaded,
    /// The store cannot be reached; nothing was recorded.
    #[error("the store is not available: {0}")]
    Store(String),
    /// The connection died in commit and the outcome could not be found out.
    #[error("it is not known whether the command was recorded")]
    OutcomeUnknown,
    /// The event cannot be encoded: a bug or a value outside the format.
    #[error("the event cannot be recorded: {0}")]
    Unencodable(String),
}

/// An event as loaded from a stream.
#[derive(Clone, Debug)]
pub struct StoredEvent {
    /// Its place in the stream, from 1.
    pub sequence: i64,
    /// Its place in the employer's log, from 1.
    pub position: i64,
    /// Full name.
    pub event_type: String,
    /// The stored form's version.
    pub event_version: i32,
    /// When it was recorded (microseconds).
    pub recorded_at: i64,
    /// The whole canonical leaf.
    pub leaf: String,
}

/// How to reach the store.
#[derive(Clone, Debug)]
pub enum StoreLocation {
    /// A PostgreSQL URL.
    Postgres(String),
    /// The directory of the embedded store.
    Directory(std::path::PathBuf),
}

/// The ledger: one handle for the whole program.
pub struct Ledger {
    pub(crate) store: Arc<Store>,
    queue: Queue,
    reads: reads::Reads,
    vault: Vault,
    clock: Clock,
    mode: LedgerMode,
    /// Told by reads that find a model behind the log.
    reader_waits: tokio::sync::Notify,
    arrivals: watch::Sender<()>,
    events_read: AtomicU64,
}

impl Ledger {
    /// Opens the store, brings its tables up to date, and checks that it fits this program and key.
    pub async fn open(location: &StoreLocation, key: &MasterKey, mode: LedgerMode) -> Result<Arc<Self>, StoreError> {
        Self::open_with(location, key, mode, QueueLimits::default()).await
    }

    /// As [`Self::open`], with limits for the queue.
    pub async fn open_with(
        location: &StoreLocation,
        key: &MasterKey,
        mode: LedgerMode,
        limits: QueueLimits,
    ) -> Result<Arc<Self>, StoreError> {
        let arrivals = watch::Sender::new(());
        let store = Arc::new(match location {
            StoreLocation::Postgres(url) => {
                Store::Postgres(Box::new(postgres::PostgresStore::open(url, arrivals.clone()).await?))
            }
            StoreLocation::Directory(path) => Store::Sqlite(Box::new(sqlite::SqliteStore::open(path).await?)),
        });
        directory::check(&store, key, mode).await?;
        let clock = Clock::load(&store, mode).await?;
        let vault = Vault::new(key);
        let queue = Queue::start(Arc::clone(&store), clock.clone(), limits);
        let reads = reads::Reads::start(Arc::clone(&store), limits.waiting);
        let (reader_waits, events_read) = (tokio::sync::Notify::new(), AtomicU64::new(0));
        Ok(Arc::new(Self { store, queue, reads, vault, clock, mode, reader_waits, arrivals, events_read }))
    }

    /// Whether this is a trial or a live ledger.
    pub const fn mode(&self) -> LedgerMode {
        self.mode
    }

    /// The clock of domain time.
    pub const fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Seals and opens personal data.
    pub const fn vault(&self) -> &Vault {
        &self.vault
    }

    /// Now, in domain time, cut to microseconds.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Appends one command's events; waits for its group to be committed.
    pub async fn append(&self, append: Append) -> Result<Appended, AppendError> {
        let employer = Arc::clone(&append.stream.employer);
        let new_keys = append.vault.new_keys.clone();
        let appended = self.queue.append(append).await?;
        self.vault.recorded(&employer, new_keys);
        Ok(appended)
    }

    /// Loads a stream; waits for its group to be read.
    pub async fn load(&self, stream: StreamKey) -> Result<Vec<StoredEvent>, StoreError> {
        let events = self.reads.stream(stream).await?;
        self.count_read(events.len());
        Ok(events)
    }

    fn count_read(&self, events: usize) {
        self.events_read.fetch_add(u64::try_from(events).unwrap_or_default(), Ordering::Relaxed);
    }

    /// How many events have been read for commands and readers since the ledger was opened; what the feed folds is not counted.
    pub fn events_read(&self) -> u64 {
        self.events_read.load(Ordering::Relaxed)
    }

    /// Changes whenever another node may have appended something, or moved a trial's clock. A hint, which may be lost: whoever
    /// waits for it looks by themselves from time to time. The embedded store has one node and never says anything.
    pub fn arrivals(&self) -> watch::Receiver<()> {
        self.arrivals.subscribe()
    }

    /// How many commands wait to be appended.
    pub fn waiting(&self) -> usize {
        self.queue.waiting()
    }

    /// Until a read finds that a model is behind the log.
    pub(crate) async fn readers_waiting(&self) {
        self.reader_waits.notified().await;
    }

    /// Lets what was accepted finish, then closes the connections.
    pub async fn close(&self, patience: Duration) {
        self.queue.drain(patience).await;
        match &*self.store {
            Store::Postgres(store) => store.close().await,
            Store::Sqlite(store) => store.close().await,
        }
    }
}

/// The lock that keeps a second program out of an embedded store.
pub use lock::DirectoryLock;

/// Whether another program has the embedded store in `path` open.
pub fn directory_in_use(path: &Path) -> bool {
    matches!(DirectoryLock::acquire(path), Err(StoreError::Refused(_)))
}
