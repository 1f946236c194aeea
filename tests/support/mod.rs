//! What whole-program tests share: a ledger on either store, commands for a made-up stream, a look below the API.

pub mod decisions;
pub mod postgres;

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use okaeri::ledger::{
    Append, AppendError, Appended, EmployerSettings, Ledger, LedgerMode, LogEntry, LogQuery, MasterKey, NewEvent,
    QueueLimits, StoreError, StoreLocation, StreamKey, TimerChange,
};
use serde_json::Value;
use sqlx::{Connection as _, Executor as _};
use tempfile::TempDir;
use uuid::Uuid;

/// The employer most tests write as.
pub const ACME: &str = "acme";
/// An employer that must see nothing of the first.
pub const OTHER: &str = "other";
/// When commands are issued unless a test says otherwise.
pub const AT: i64 = 1_764_000_000_000_000;

/// How long a test may take before it counts as hanging.
const PATIENCE: Duration = Duration::from_mins(3);

/// Which of the two stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreKind {
    Sqlite,
    Postgres,
}

/// A trial ledger of its own for one test, with the employers [`ACME`] and [`OTHER`].
pub struct TestLedger {
    pub ledger: Arc<Ledger>,
    pub location: StoreLocation,
    pub key: MasterKey,
    directory: Option<TempDir>,
}

/// Makes two tests of an `async fn name(kind: StoreKind)`: `name::sqlite` and `name::postgres`.
macro_rules! on_both_stores {
    ($($name:ident),+ $(,)?) => {
        $(
            mod $name {
                use $crate::support::{StoreKind, run};

                #[test]
                fn sqlite() {
                    run(super::$name(StoreKind::Sqlite));
                }

                #[test]
                fn postgres() {
                    run(super::$name(StoreKind::Postgres));
                }
            }
        )+
    };
}
pub(crate) use on_both_stores;

/// Runs a test on a multi-thread runtime, for a bounded time.
pub fn run(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let done = runtime.block_on(async { tokio::time::timeout(PATIENCE, test).await });
    runtime.shutdown_background();
    assert!(done.is_ok(), "the test did not end in {PATIENCE:?}");
}

/// Opens a new ledger.
pub async fn open(kind: StoreKind) -> TestLedger {
    open_with(kind, QueueLimits::default()).await
}

/// Opens a new ledger with limits for its queue.
pub async fn open_with(kind: StoreKind, limits: QueueLimits) -> TestLedger {
    let (location, directory) = match kind {
        StoreKind::Postgres => (StoreLocation::Postgres(postgres::fresh_database()), None),
        StoreKind::Sqlite => {
            let directory = tempfile::tempdir().expect("a directory");
            (StoreLocation::Directory(directory.path().join("data")), Some(directory))
        }
    };
    open_at(location, directory, limits).await
}

/// Opens a new ledger in a database of a server that the test has to itself.
pub async fn open_on(url: String) -> TestLedger {
    open_at(StoreLocation::Postgres(url), None, QueueLimits::default()).await
}

async fn open_at(location: StoreLocation, directory: Option<TempDir>, limits: QueueLimits) -> TestLedger {
    let key = MasterKey::generate().expect("a master key");
    let ledger = Ledger::open_with(&location, &key, LedgerMode::Trial, limits).await.expect("a new ledger opens");
    for employer in [ACME, OTHER] {
        assert!(ledger.add_employer(employer, &EmployerSettings::default()).await.expect("an employer is added"));
    }
    TestLedger { ledger, location, key, directory }
}

impl TestLedger {
    /// Closes the ledger and opens it again.
    pub async fn reopen(self) -> Self {
        let Self { ledger, location, key, directory } = self;
        ledger.close(Duration::from_secs(5)).await;
        drop(ledger);
        let mut attempts = 0;
        let ledger = loop {
            match Ledger::open(&location, &key, LedgerMode::Trial).await {
                Ok(ledger) => break ledger,
                // The tasks of the closed one let go of the directory's lock when they are next run.
                Err(StoreError::Refused(_)) if attempts < 500 => attempts += 1,
                Err(error) => panic!("the ledger does not open again: {error}"),
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        };
        Self { ledger, location, key, directory }
    }

    /// A second program on the same PostgreSQL database.
    pub async fn another(&self) -> Arc<Ledger> {
        Ledger::open(&self.location, &self.key, LedgerMode::Trial).await.expect("a second ledger opens")
    }

    /// A connection of one's own to the store, below the ledger.
    pub async fn below(&self) -> Below {
        match &self.location {
            StoreLocation::Postgres(url) => {
                Below::Postgres(sqlx::PgConnection::connect(url).await.expect("a connection"))
            }
            StoreLocation::Directory(path) => {
                let url = format!("sqlite://{}", path.join("ledger.sqlite").display());
                Below::Sqlite(sqlx::SqliteConnection::connect(&url).await.expect("a connection"))
            }
        }
    }
}

/// A connection past the ledger, to see that the store itself refuses.
pub enum Below {
    Postgres(sqlx::PgConnection),
    Sqlite(sqlx::SqliteConnection),
}

impl Below {
    /// Runs a statement; how many rows it touched.
    pub async fn execute(&mut self, sql: &str) -> Result<u64, sqlx::Error> {
        Ok(match self {
            Self::Postgres(connection) => connection.execute(sql).await?.rows_affected(),
            Self::Sqlite(connection) => connection.execute(sql).await?.rows_affected(),
        })
    }

    /// The keys that are kept for a person.
    pub async fn wrapped_keys(&mut self, subject: Uuid) -> Vec<Vec<u8>> {
        let sql = "select wrapped from vault_keys where subject = $1";
        match self {
            Self::Postgres(connection) => sqlx::query_scalar(sql).bind(subject).fetch_all(connection).await,
            Self::Sqlite(connection) => sqlx::query_scalar(sql).bind(subject).fetch_all(connection).await,
        }
        .expect("the keys")
    }

    /// An id as it is written in a statement.
    pub fn id(&self, id: Uuid) -> String {
        match self {
            Self::Postgres(_) => format!("'{id}'"),
            Self::Sqlite(_) => format!("x'{}'", id.simple()),
        }
    }
}

/// A new stream of a made-up kind.
pub fn stream(employer: &str) -> StreamKey {
    StreamKey { employer: Arc::from(employer), kind: "probe", id: Uuid::now_v7() }
}

/// A command that records one made-up event a payload.
pub fn probe(stream: &StreamKey, expected: i64, payloads: impl IntoIterator<Item = Value>) -> Append {
    let event = |payload| NewEvent { event_type: "probe.sent".to_owned(), event_version: 1, payload, person: None };
    Append {
        stream: stream.clone(),
        expected,
        guards: vec![],
        command_id: Uuid::now_v7(),
        at: AT,
        metadata: BTreeMap::from([("actor".to_owned(), "tester".to_owned())]),
        events: payloads.into_iter().map(event).collect(),
        claims: vec![],
        receipt: None,
        state: "sent",
        quiet_position: 0,
        timer: TimerChange::Keep,
        vault: <_>::default(),
    }
}

/// The stream's last sequence.
pub async fn version(ledger: &Ledger, stream: &StreamKey) -> i64 {
    ledger.load(stream.clone()).await.expect("the stream loads").last().map_or(0, |event| event.sequence)
}

/// Appends, and looks at the stream again whenever another command was faster.
pub async fn append_until_recorded(ledger: &Ledger, mut append: Append) -> Appended {
    loop {
        append.expected = version(ledger, &append.stream).await;
        match ledger.append(append.clone()).await {
            Ok(appended) => return appended,
            Err(AppendError::StreamMoved) => {}
            Err(error) => panic!("an append failed: {error}"),
        }
    }
}

/// The employer's whole log.
pub async fn whole_log(ledger: &Ledger, employer: &str) -> Vec<LogEntry> {
    let mut log: Vec<LogEntry> = Vec::new();
    loop {
        let after = log.last().map_or(0, |entry| entry.position);
        let page = ledger.log(employer, &LogQuery { after, limit: 10_000, ..LogQuery::default() }).await;
        let page = page.expect("the log is read");
        if page.is_empty() {
            return log;
        }
        log.extend(page);
    }
}
