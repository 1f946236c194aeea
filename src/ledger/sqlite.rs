//! The ledger on an embedded SQLite file: the statements that are its own.
//!
//! There is exactly one writer, a connection behind a fair lock: each group of appends is one transaction, and so is each
//! slice of the feed; they take turns. Many rows go in by one statement over `json_each`, blobs as hexadecimal. `cross join`
//! keeps the planner, which knows no statistics, from scanning the table and searching the list.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::PoisonError;
use std::time::Duration;

use serde_json::{Value, json};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Connection as _, Sqlite, Transaction};
use tokio::sync::Mutex;
use uuid::Uuid;

use super::append::{BatchOutcome, Outcome, Prepared};
use super::vault::hex;
use super::{AppendError, StoreError, StoredEvent, StreamKey, TimerChange};

const READERS: u32 = 4;

pub(crate) struct SqliteStore {
    pub(crate) writer: Mutex<SqliteConnection>,
    pub(crate) readers: SqlitePool,
    lock: DirectoryLock,
}

/// Keeps a second program out of the data directory while it lives.
pub struct DirectoryLock(std::sync::Mutex<Option<File>>);

impl DirectoryLock {
    /// Takes the lock, or says who has it.
    pub fn acquire(directory: &Path) -> Result<Self, StoreError> {
        std::fs::create_dir_all(directory)?;
        let file = File::options().create(true).write(true).truncate(false).open(directory.join("lock"))?;
        match file.try_lock() {
            Ok(()) => Ok(Self(std::sync::Mutex::new(Some(file)))),
            Err(std::fs::TryLockError::WouldBlock) => Err(StoreError::Refused(format!(
                "the data directory {} is in use by another okaeri process",
                directory.display()
            ))),
            Err(std::fs::TryLockError::Error(error)) => Err(error.into()),
        }
    }
}

impl DirectoryLock {
    /// Lets another program in.
    fn release(&self) {
        drop(self.0.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}

fn migrator() -> Migrator {
    let ledger = Migration::new(
        1,
        Cow::Borrowed("ledger"),
        MigrationType::Simple,
        Cow::Borrowed(include_str!("../../migrations/sqlite/0001_ledger.sql")),
        false,
    );
    Migrator { migrations: Cow::Owned(vec![ledger]), ..Migrator::DEFAULT }
}

impl SqliteStore {
    pub(super) async fn open(directory: &Path) -> Result<Self, StoreError> {
        let lock = DirectoryLock::acquire(directory)?;
        let path: PathBuf = directory.join("ledger.sqlite");
        let options = SqliteConnectOptions::new()
            .filename(&path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5))
            // Erased rows are overwritten, not only unlinked.
            .pragma("secure_delete", "on")
            // A replacing insert fires the triggers that refuse deletes.
            .pragma("recursive_triggers", "on")
            .pragma("cache_size", "-65536");
        let mut writer = SqliteConnection::connect_with(&options).await?;
        migrator().run_direct(&mut writer).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(Duration::from_secs(5))
            .test_before_acquire(false)
            .connect_with(options.read_only(true).create_if_missing(false))
            .await?;
        Ok(Self { writer: Mutex::new(writer), readers, lock })
    }

    /// Closes the readers and lets another program in. The writer is idle: whoever closes has drained the queue.
    pub(super) async fn close(&self) {
        self.readers.close().await;
        let _idle = self.writer.lock().await;
        self.lock.release();
    }

    pub(super) async fn append(&self, commands: &[Prepared], instant: i64) -> Result<BatchOutcome, StoreError> {
        let mut writer = self.writer.lock().await;
        let mut tx = writer.begin().await?;
        let mut heads = heads(&mut tx, commands).await?;
        if let Some(log) = heads.values().map(|(_, last)| *last).max().filter(|last| *last > instant) {
            return Ok(BatchOutcome::ClockBehind(log));
        }
        let verdicts = verdicts(&mut tx, commands, &heads).await?;
        let mut rows = Rows::default();
        let mut outcomes = Vec::with_capacity(commands.len());
        for (command, verdict) in commands.iter().zip(verdicts) {
            outcomes.push(if let Some(error) = verdict {
                Outcome::Lost(error)
            } else {
                let head = heads.entry(command.append.stream.employer.to_string()).or_default();
                Outcome::Recorded(rows.push(command, instant, head))
            });
        }
        rows.write(&mut tx, &heads, instant).await?;
        tx.commit().await?;
        Ok(BatchOutcome::Done(outcomes))
    }

    pub(super) async fn recorded(&self, commands: &[Prepared]) -> Result<Vec<Option<(i64, i64)>>, StoreError> {
        let mut writer = self.writer.lock().await;
        let mut found = Vec::with_capacity(commands.len());
        for command in commands {
            let sql =
                "select position, recorded_at from events where employer = $1 and command_id = $2 and sequence = $3";
            let row: Option<(i64, i64)> = sqlx::query_as(sql)
                .bind(&*command.append.stream.employer)
                .bind(command.append.command_id)
                .bind(command.version())
                .fetch_optional(&mut *writer)
                .await?;
            found.push(row);
        }
        Ok(found)
    }

    pub(super) async fn load(&self, streams: &[&StreamKey]) -> Result<Vec<Vec<StoredEvent>>, StoreError> {
        let keys: Vec<Value> = streams.iter().map(|s| json!([&*s.employer, s.kind, hex(s.id.as_bytes())])).collect();
        let sql = "select k.key, e.sequence, e.position, e.event_type, e.event_version, e.recorded_at, e.leaf
                   from json_each($1) k cross join events e
                   where e.employer = k.value ->> 0 and e.stream_kind = k.value ->> 1 and e.stream_id = unhex(k.value ->> 2)
                   order by k.key, e.sequence";
        let rows: Vec<(i64, i64, i64, String, i32, i64, String)> =
            sqlx::query_as(sql).bind(Value::Array(keys).to_string()).fetch_all(&self.readers).await?;
        let mut loaded: Vec<Vec<StoredEvent>> = streams.iter().map(|_| Vec::new()).collect();
        for (nth, sequence, position, event_type, event_version, recorded_at, leaf) in rows {
            if let Some(events) = usize::try_from(nth).ok().and_then(|index| loaded.get_mut(index)) {
                events.push(StoredEvent { sequence, position, event_type, event_version, recorded_at, leaf });
            }
        }
        Ok(loaded)
    }
}

type Tx<'c> = Transaction<'c, Sqlite>;
type Heads = BTreeMap<String, (i64, i64)>;

async fn heads(tx: &mut Tx<'_>, commands: &[Prepared]) -> Result<Heads, StoreError> {
    let mut heads = Heads::new();
    for command in commands {
        let employer = &*command.append.stream.employer;
        if !heads.contains_key(employer) {
            let sql = "select position, last_recorded_at from log_heads where employer = $1";
            if let Some(head) = sqlx::query_as(sql).bind(employer).fetch_optional(&mut **tx).await? {
                heads.insert(employer.to_owned(), head);
            }
        }
    }
    Ok(heads)
}

/// Why each command cannot be recorded; the same questions in the same order as `append_batch` on PostgreSQL.
async fn verdicts(
    tx: &mut Tx<'_>,
    commands: &[Prepared],
    known: &Heads,
) -> Result<Vec<Option<AppendError>>, StoreError> {
    let mut verdicts: Vec<Option<AppendError>> = commands
        .iter()
        .map(|c| (!known.contains_key(&*c.append.stream.employer)).then_some(AppendError::EmployerUnknown))
        .collect();
    let mut refuse = |index: usize, error: AppendError| {
        if let Some(verdict @ None) = verdicts.get_mut(index) {
            *verdict = Some(error);
        }
    };
    let each = || commands.iter().map(|c| &c.append).enumerate();

    let ids = each().map(|(i, a)| json!([i, &*a.stream.employer, hex(a.command_id.as_bytes())]));
    let sql = "select value ->> 0 from json_each($1) where exists (
                   select 1 from events where employer = value ->> 1 and command_id = unhex(value ->> 2))";
    for index in matching(tx, sql, ids.collect()).await? {
        refuse(index, AppendError::Repeated);
    }

    let receipts = each().filter_map(|(i, a)| a.receipt.as_ref().map(|r| json!([i, &*a.stream.employer, hex(&r.key)])));
    let sql = "select value ->> 0 from json_each($1) where exists (
                   select 1 from receipts where employer = value ->> 1 and key = unhex(value ->> 2))";
    for index in matching(tx, sql, receipts.collect()).await? {
        refuse(index, AppendError::ReceiptExists);
    }

    let seen = |i: usize, employer: &str, kind: &str, id: Uuid, version: i64| {
        json!([i, employer, kind, hex(id.as_bytes()), version])
    };
    let sql = "select value ->> 0 from json_each($1) where value ->> 4 <> coalesce((
                   select max(sequence) from events
                   where employer = value ->> 1 and stream_kind = value ->> 2 and stream_id = unhex(value ->> 3)), 0)";
    let streams = each().map(|(i, a)| seen(i, &a.stream.employer, a.stream.kind, a.stream.id, a.expected));
    for index in matching(tx, sql, streams.collect()).await? {
        refuse(index, AppendError::StreamMoved);
    }
    let guards = each().flat_map(|(i, a)| {
        a.guards.iter().map(move |(stream, version)| seen(i, &a.stream.employer, stream.kind, stream.id, *version))
    });
    for index in matching(tx, sql, guards.collect()).await? {
        refuse(index, AppendError::GuardMoved);
    }

    let claims: Vec<Value> = each()
        .flat_map(|(i, a)| {
            a.claims
                .iter()
                .filter(|c| c.take)
                .map(move |c| json!([i, &*a.stream.employer, c.scope, c.key, hex(c.holder.as_bytes()), a.at]))
        })
        .collect();
    if !claims.is_empty() {
        let sql = "select k.value ->> 0, c.scope from json_each($1) k cross join claims c
                   where c.employer = k.value ->> 1 and c.scope = k.value ->> 2 and c.key = k.value ->> 3 and c.holder <> unhex(k.value ->> 4) and (c.until is null or c.until > k.value ->> 5)
                   order by 1, 2";
        let rows: Vec<(i64, String)> =
            sqlx::query_as(sql).bind(Value::Array(claims).to_string()).fetch_all(&mut **tx).await?;
        for (index, scope) in rows {
            refuse(usize::try_from(index).unwrap_or(usize::MAX), AppendError::ClaimHeld { scope });
        }
    }

    let keys = each().flat_map(|(i, a)| {
        a.vault.used_keys.iter().map(move |key| json!([i, &*a.stream.employer, hex(key.as_bytes())]))
    });
    let sql = "select value ->> 0 from json_each($1) where not exists (
                   select 1 from vault_keys where employer = value ->> 1 and key_id = unhex(value ->> 2))";
    for index in matching(tx, sql, keys.collect()).await? {
        refuse(index, AppendError::KeyGone);
    }
    Ok(verdicts)
}

async fn matching(tx: &mut Tx<'_>, sql: &str, rows: Vec<Value>) -> Result<Vec<usize>, StoreError> {
    if rows.is_empty() {
        return Ok(vec![]);
    }
    let found: Vec<i64> = sqlx::query_scalar(sql).bind(Value::Array(rows).to_string()).fetch_all(&mut **tx).await?;
    Ok(found.into_iter().filter_map(|index| usize::try_from(index).ok()).collect())
}

/// What a batch writes, table by table.
#[derive(Default)]
struct Rows {
    tables: HashMap<&'static str, Vec<Value>>,
}

const EVENTS: &str = "insert into events
    select value ->> 0, value ->> 1, value ->> 2, unhex(value ->> 3), value ->> 4, value ->> 5, value ->> 6,
           unhex(value ->> 7), value ->> 8, value ->> 9, value ->> 10, unhex(value ->> 11) from json_each($1)";
const LINKS: &str = "insert into event_links
    select value ->> 0, value ->> 1, unhex(value ->> 2), value ->> 3 from json_each($1) where true on conflict do nothing";
const CLAIMS_RELEASED: &str = "delete from claims where (employer, scope, key, holder) in (
    select value ->> 0, value ->> 1, value ->> 2, unhex(value ->> 3) from json_each($1))";
const CLAIMS_TAKEN: &str = "insert into claims
    select value ->> 0, value ->> 1, value ->> 2, unhex(value ->> 3), value ->> 4 from json_each($1) where true
    on conflict (employer, scope, key) do update set holder = excluded.holder, until = excluded.until";
const RECEIPTS: &str = "insert into receipts
    select value ->> 0, unhex(value ->> 1), unhex(value ->> 2), value ->> 3, value ->> 4, unhex(value ->> 5), value ->> 6,
           value ->> 7, value ->> 8, value ->> 9 from json_each($1)";
const KEYS_ERASED: &str = "delete from vault_keys
    where (employer, subject) in (select value ->> 0, unhex(value ->> 1) from json_each($1))
      and exists (select 1 from json_each($1) x where employer = x.value ->> 0 and subject = unhex(x.value ->> 1)
                  and (x.value ->> 2 is null or class = x.value ->> 2))";
const VALUES_ERASED: &str = "delete from vault_values
    where (employer, subject) in (select value ->> 0, unhex(value ->> 1) from json_each($1))
      and exists (select 1 from json_each($1) x where employer = x.value ->> 0 and subject = unhex(x.value ->> 1)
                  and (x.value ->> 2 is null or class = x.value ->> 2))";
const TOKENS_ERASED: &str = "delete from vault_tokens
    where (employer, subject) in (select value ->> 0, unhex(value ->> 1) from json_each($1))";
const KEYS: &str = "insert into vault_keys
    select value ->> 0, unhex(value ->> 1), unhex(value ->> 2), value ->> 3, unhex(value ->> 4) from json_each($1)";
const VALUES: &str = "insert into vault_values
    select value ->> 0, unhex(value ->> 1), unhex(value ->> 2), unhex(value ->> 3), value ->> 4, unhex(value ->> 5)
    from json_each($1)";
const TOKENS: &str = "insert into vault_tokens
    select value ->> 0, value ->> 1, unhex(value ->> 2), unhex(value ->> 3), unhex(value ->> 4) from json_each($1)
    where true on conflict do nothing";
const TIMERS_CLEARED: &str = "delete from timers where (employer, stream_kind, stream_id) in (
    select value ->> 0, value ->> 1, unhex(value ->> 2) from json_each($1))";
const TIMERS_SET: &str = "insert into timers
    select value ->> 0, value ->> 1, unhex(value ->> 2), value ->> 3 from json_each($1) where true
    on conflict (employer, stream_kind, stream_id) do update set due_at = excluded.due_at";

/// In this order, as on PostgreSQL: releases before takes, erasures before new keys.
const STATEMENTS: [&str; 13] = [
    EVENTS,
    LINKS,
    CLAIMS_RELEASED,
    CLAIMS_TAKEN,
    RECEIPTS,
    KEYS_ERASED,
    VALUES_ERASED,
    TOKENS_ERASED,
    KEYS,
    VALUES,
    TOKENS,
    TIMERS_CLEARED,
    TIMERS_SET,
];

impl Rows {
    fn add(&mut self, statement: &'static str, row: Value) {
        self.tables.entry(statement).or_default().push(row);
    }

    /// Adds a command's rows; the position of its last event.
    fn push(&mut self, command: &Prepared, instant: i64, head: &mut (i64, i64)) -> Option<i64> {
        let append = &command.append;
        let employer = &*append.stream.employer;
        let (kind, id) = (append.stream.kind, hex(append.stream.id.as_bytes()));
        let command_id = hex(append.command_id.as_bytes());
        let mut last = None;
        for ((event, draft), ordinal) in append.events.iter().zip(&command.drafts).zip(0_i64..) {
            let (leaf, hash) = draft.recorded(instant);
            head.0 += 1;
            let position = head.0;
            last = Some(position);
            let row = json!([
                employer,
                position,
                kind,
                id,
                append.expected + ordinal + 1,
                event.event_type,
                event.event_version,
                command_id,
                ordinal,
                instant,
                leaf,
                hex(&hash)
            ]);
            self.add(EVENTS, row);
            for (kind, id) in &event.links {
                self.add(LINKS, json!([employer, kind, hex(id.as_bytes()), position]));
            }
        }
        for claim in &append.claims {
            let (statement, until) = if claim.take { (CLAIMS_TAKEN, claim.until) } else { (CLAIMS_RELEASED, None) };
            self.add(statement, json!([employer, claim.scope, claim.key, hex(claim.holder.as_bytes()), until]));
        }
        if let Some(receipt) = &append.receipt {
            let version = append.expected + i64::try_from(append.events.len()).unwrap_or_default();
            let position = last.unwrap_or(append.quiet_position);
            let row = json!([
                employer,
                hex(&receipt.key),
                hex(&receipt.request),
                receipt.status,
                kind,
                id,
                version,
                position,
                append.state,
                instant
            ]);
            self.add(RECEIPTS, row);
        }
        self.push_vault(command, employer);
        match append.timer {
            TimerChange::Keep => {}
            TimerChange::Clear => self.add(TIMERS_CLEARED, json!([employer, kind, id])),
            TimerChange::Set(due) => self.add(TIMERS_SET, json!([employer, kind, id, due])),
        }
        last
    }

    fn push_vault(&mut self, command: &Prepared, employer: &str) {
        let vault = &command.append.vault;
        for (subject, class) in &vault.erase {
            for statement in [KEYS_ERASED, VALUES_ERASED, TOKENS_ERASED] {
                self.add(statement, json!([employer, hex(subject.as_bytes()), class.map(<&str>::from)]));
            }
        }
        for key in &vault.new_keys {
            let row =
                json!([employer, hex(key.id.as_bytes()), hex(key.subject.as_bytes()), key.class, hex(&key.wrapped)]);
            self.add(KEYS, row);
        }
        for value in &vault.values {
            let row = json!([
                employer,
                hex(value.reference.as_bytes()),
                hex(value.key.as_bytes()),
                hex(value.subject.as_bytes()),
                value.class,
                hex(&value.sealed)
            ]);
            self.add(VALUES, row);
        }
        for token in &vault.tokens {
            let row = json!([
                employer,
                token.scope,
                hex(&token.token),
                hex(token.owner.as_bytes()),
                hex(token.subject.as_bytes())
            ]);
            self.add(TOKENS, row);
        }
    }

    async fn write(mut self, tx: &mut Tx<'_>, heads: &Heads, instant: i64) -> Result<(), StoreError> {
        let wrote_events = self.tables.contains_key(EVENTS);
        for statement in STATEMENTS {
            if let Some(rows) = self.tables.remove(statement) {
                sqlx::query(statement).bind(Value::Array(rows).to_string()).execute(&mut **tx).await?;
            }
        }
        if wrote_events {
            let sql = "update log_heads set position = $2, last_recorded_at = $3 where employer = $1 and position < $2";
            for (employer, (position, _)) in heads {
                sqlx::query(sql).bind(employer).bind(position).bind(instant).execute(&mut **tx).await?;
            }
        }
        Ok(())
    }
}
