//! The limits: one row of about 400 bytes a transaction and nothing else. No stream, no order, no decision.

use std::process::{Command, Stdio};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{Connection as _, Executor as _, PgConnection};
use tempfile::TempDir;
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::cluster::Cluster;
use crate::measure::{Contestant, Doing, Pace, Sample};
use crate::stock::database_of;
use crate::work::Turn;

const PAYLOAD: &str = r#"{"grounds":{"appeal_route":"appeals@example.co.jp","clause":"第74条第2項","evidence_ref":"compliance/2026/0417","expires_on":"2028-10-24","note":{"commitment":"0193f2d4c8b77c2e9d1a5e6f7a8b9c0d0193f2d4c8b77c2e9d1a5e6f7a8b9c0d","ref":"0193f2d4-c8b7-7c2e-9d1a-5e6f7a8b9c0d"},"reason":"confidentiality_breach"},"person_id":"0193f2d4-c8b7-7c2e-9d1a-5e6f7a8b9c0e","raised_by":"00000000-0000-0000-0000-0000000a11ce","raised_on":"2026-11-23","type":"raised"}"#;

/// PostgreSQL's own benchmark program, inserting.
pub struct PgBench {
    cluster: Arc<Cluster>,
    program: std::path::PathBuf,
    directory: TempDir,
}

impl PgBench {
    /// Where it is installed.
    pub fn find(cluster: &Arc<Cluster>) -> Option<Self> {
        let program = cluster.program("pgbench")?;
        let directory = tempfile::tempdir().expect("a directory");
        Some(Self { cluster: Arc::clone(cluster), program, directory })
    }
}

impl Contestant for PgBench {
    fn name(&self) -> String {
        "single-row inserts (pgbench)".to_owned()
    }

    fn open(&mut self) -> Doing<'_, ()> {
        Box::pin(async {
            let database = database_of(&self.cluster, &self.name()).await;
            let mut connection = PgConnection::connect(&self.cluster.url(&database)).await.expect("the server answers");
            let table = "create table if not exists inserted (stream_id uuid not null, sequence bigint not null,
                             event_type text not null, payload json not null, primary key (stream_id, sequence))";
            connection.execute(table).await.expect("a table");
            let script =
                format!("insert into inserted values (gen_random_uuid(), 1, 'no_rehire_flag.raised', '{PAYLOAD}');\n");
            std::fs::write(self.directory.path().join("insert.sql"), script).expect("a script");
        })
    }

    fn send(&self, _: Turn, _: Uuid) -> Doing<'_, ()> {
        Box::pin(async { unreachable!("it brings its own clients") })
    }

    fn measure_alone(&self, pace: Pace) -> Option<Doing<'_, Sample>> {
        Some(Box::pin(async move {
            let database = database_of(&self.cluster, &self.name()).await;
            let clients = pace.concurrency.to_string();
            let threads = pace.concurrency.min(2).to_string();
            let seconds = pace.duration.as_secs_f64().ceil().to_string();
            let before = self.cluster.processor_time();
            let mut program = Command::new(&self.program);
            program
                .args(["-n", "-M", "prepared", "-f", "insert.sql", "-l", "--log-prefix=each", "-U", "postgres"])
                .args(["-c", &clients, "-j", &threads, "-T", &seconds])
                .arg("-h")
                .arg(self.cluster.socket())
                .arg(&database)
                .current_dir(self.directory.path())
                .stdin(Stdio::null());
            let running = tokio::task::spawn_blocking(move || program.output());
            let ended = running.await.expect("nobody panicked").expect("pgbench runs");
            assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
            let server = self.cluster.processor_time().zip(before).map(|(after, before)| after.saturating_sub(before));
            let said = String::from_utf8_lossy(&ended.stdout).into_owned();
            let after = |label: &str| {
                let line = said.lines().find_map(|line| line.strip_prefix(label)).unwrap_or_default();
                line.split_whitespace().next().and_then(|number| number.parse::<f64>().ok()).unwrap_or_default()
            };
            let rate = after("tps = ");
            let mut latencies = latencies(self.directory.path());
            latencies.sort_unstable();
            let commands = latencies.len();
            let elapsed = Duration::from_secs_f64(commands as f64 / rate.max(f64::EPSILON));
            Sample { commands, elapsed, latencies, processor: server.map(|server| (Duration::ZERO, server)) }
        }))
    }
}

/// The third field of each line of pgbench's logs, in microseconds. The logs are put away.
fn latencies(directory: &std::path::Path) -> Vec<Duration> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(directory).expect("a directory").flatten() {
        if entry.file_name().to_string_lossy().starts_with("each") {
            let text = std::fs::read_to_string(entry.path()).expect("a log");
            let micros = text.lines().filter_map(|line| line.split_whitespace().nth(2)?.parse().ok());
            all.extend(micros.map(Duration::from_micros));
            std::fs::remove_file(entry.path()).expect("the log can be removed");
        }
    }
    all
}

/// The embedded store, one insert a transaction, as safe as ours: WAL, `synchronous = FULL`.
#[derive(Default)]
pub struct SqliteInserts {
    opened: OnceLock<(TempDir, Mutex<SqliteConnection>)>,
}

impl Contestant for SqliteInserts {
    fn name(&self) -> String {
        "SQLite: single-row inserts".to_owned()
    }

    fn open(&mut self) -> Doing<'_, ()> {
        Box::pin(async {
            let directory = tempfile::tempdir().expect("a directory");
            let options = SqliteConnectOptions::new()
                .filename(directory.path().join("plain.sqlite"))
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full);
            let mut connection = SqliteConnection::connect_with(&options).await.expect("a file");
            let table = "create table inserted (stream_id blob not null, sequence integer not null,
                             event_type text not null, payload text not null, primary key (stream_id, sequence))";
            connection.execute(table).await.expect("a table");
            assert!(self.opened.set((directory, Mutex::new(connection))).is_ok(), "opened twice");
        })
    }

    fn send(&self, _: Turn, id: Uuid) -> Doing<'_, ()> {
        Box::pin(async move {
            let (_, connection) = self.opened.get().expect("it is open");
            let mut connection = connection.lock().await;
            sqlx::query("insert into inserted values ($1, 1, 'no_rehire_flag.raised', $2)")
                .bind(id)
                .bind(PAYLOAD)
                .execute(&mut *connection)
                .await
                .expect("a row");
        })
    }

    fn has_second(&self) -> bool {
        false
    }
}
