//! The ledger on an embedded SQLite file: the statements that are its own.
//!
//! There is exactly one writer, a connection behind a fair lock: each group of appends is one transaction, and so is each
//! slice of the feed; they take turns. Many rows go in by one statement. A list of keys comes as `json_each`; `cross join`
//! keeps the planner, which knows no statistics, from scanning the table and searching the list.

mod reads;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Connection as _, Sqlite, Transaction};
use tokio::sync::Mutex;
use uuid::Uuid;

use super::append::{BatchOutcome, Outcome, Prepared};
use super::lock::DirectoryLock;
use super::vault::{UsedKey, hex, references_of};
use super::{AppendError, StoreError, TimerChange};

const READERS: u32 = 4;
/// How long a statement waits for another connection.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long emptying the log waits for readers, while every writer waits for it.
const BLANK_PATIENCE: Duration = Duration::from_millis(250);
/// After how long it is tried again.
const BLANK_AGAIN: Duration = Duration::from_secs(1);

pub(crate) struct SqliteStore {
    pub(crate) writer: Mutex<SqliteConnection>,
    pub(crate) readers: SqlitePool,
    lock: DirectoryLock,
    /// Something has been destroyed whose pages the write-ahead log may still hold: from when on it is emptied.
    blank_at: std::sync::Mutex<Option<Instant>>,
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
            .busy_timeout(PATIENCE)
            // Erased rows are overwritten, not only unlinked.
            .pragma("secure_delete", "on")
            // A replacing insert fires the triggers that refuse deletes.
            .pragma("recursive_triggers", "on")
            // What a statement needs to undo itself is not written to a file.
            .pragma("temp_store", "memory")
            // The log's pages go to their places sixteen megabytes at a time, not four.
            .pragma("wal_autocheckpoint", "4096")
            .pragma("cache_size", "-65536");
        let mut writer = SqliteConnection::connect_with(&options).await?;
        migrator().run_direct(&mut writer).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(Duration::from_secs(5))
            .test_before_acquire(false)
            .connect_with(options.read_only(true).create_if_missing(false))
            .await?;
        // A program that was killed may have left an erasure in the log.
        let store =
            Self { writer: Mutex::new(writer), readers, lock, blank_at: std::sync::Mutex::new(Some(Instant::now())) };
        store.blank_log(&mut *store.writer.lock().await).await;
        Ok(store)
    }

    /// Writes the log's pages to their places and empties it, if something was destroyed: until then it holds older copies.
    /// Where a reader holds on to them for longer than a moment, that is tried again a second later, with the next append.
    async fn blank_log(&self, writer: &mut SqliteConnection) {
        let due = |at: Option<Instant>| at.is_some_and(|at| at <= Instant::now());
        if !due(*self.blank_at.lock().unwrap_or_else(PoisonError::into_inner)) {
            return;
        }
        let again = match truncate_log(writer).await {
            Ok(true) => None,
            Ok(false) => Some(Instant::now() + BLANK_AGAIN),
            Err(error) => {
                tracing::warn!(%error, "the log could not be emptied after an erasure");
                Some(Instant::now() + BLANK_AGAIN)
            }
        };
        *self.blank_at.lock().unwrap_or_else(PoisonError::into_inner) = again;
    }

    /// Closes the readers and lets another program in. The writer is idle: whoever closes has drained the queue.
    pub(super) async fn close(&self) {
        self.readers.close().await;
        let _idle = self.writer.lock().await;
        self.lock.release();
    }

    pub(super) async fn append(&self, commands: &[Prepared], instant: i64) -> Result<BatchOutcome, StoreError> {
        let mut writer = self.writer.lock().await;
        if commands.iter().any(|command| !command.append.vault.erase.is_empty()) {
            *self.blank_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        }
        let outcome = append(&mut writer, commands, instant).await?;
        self.blank_log(&mut writer).await;
        Ok(outcome)
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
}

type Tx<'c> = Transaction<'c, Sqlite>;
type Heads = BTreeMap<String, (i64, i64)>;

/// Whether the log is empty now.
async fn truncate_log(writer: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    let patience = |patience: Duration| format!("pragma busy_timeout = {}", patience.as_millis());
    sqlx::query(&patience(BLANK_PATIENCE)).execute(&mut *writer).await?;
    let busy = sqlx::query_scalar::<_, bool>("pragma wal_checkpoint(truncate)").fetch_one(&mut *writer).await;
    sqlx::query(&patience(PATIENCE)).execute(&mut *writer).await?;
    Ok(!busy?)
}

async fn append(
    writer: &mut SqliteConnection,
    commands: &[Prepared],
    instant: i64,
) -> Result<BatchOutcome, StoreError> {
    let mut tx = writer.begin().await?;
    let heads = heads(&mut tx, commands).await?;
    if let Some(log) = heads.values().map(|(_, last)| *last).max().filter(|last| *last > instant) {
        return Ok(BatchOutcome::ClockBehind(log));
    }
    let all: Vec<&Prepared> = commands.iter().collect();
    if let Some(positions) = write(&mut tx, &all, heads.clone(), instant).await? {
        tx.commit().await?;
        return Ok(BatchOutcome::Done(positions.into_iter().map(Outcome::Recorded).collect()));
    }
    // Something stands in the way of one of them: nothing is written, and each is looked at by itself.
    tx.rollback().await?;
    let mut tx = writer.begin().await?;
    let mut outcomes = Vec::with_capacity(commands.len());
    let mut free = Vec::with_capacity(commands.len());
    for (index, verdict) in verdicts(&mut tx, commands, &heads).await?.into_iter().enumerate() {
        outcomes.push(verdict.map_or(Outcome::Recorded(None), Outcome::Lost));
        if let (Some(Outcome::Recorded(_)), Some(command)) = (outcomes.last(), commands.get(index)) {
            free.push((index, command));
        }
    }
    let those: Vec<&Prepared> = free.iter().map(|(_, command)| *command).collect();
    let Some(positions) = write(&mut tx, &those, heads, instant).await? else {
        return Err(StoreError::Refused("a batch without conflicts has one".to_owned()));
    };
    tx.commit().await?;
    for ((index, _), position) in free.iter().zip(positions) {
        if let Some(outcome) = outcomes.get_mut(*index) {
            *outcome = Outcome::Recorded(position);
        }
    }
    Ok(BatchOutcome::Done(outcomes))
}

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

    let streams = each().map(|(i, a)| seen(i, &a.stream.employer, a.stream.kind, a.stream.id, a.expected));
    for index in matching(tx, STREAMS_MOVED, streams.collect()).await? {
        refuse(index, AppendError::StreamMoved);
    }
    let guards = each().flat_map(|(i, a)| {
        a.guards.iter().map(move |(stream, version)| seen(i, &a.stream.employer, stream.kind, stream.id, *version))
    });
    for index in matching(tx, STREAMS_MOVED, guards.collect()).await? {
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

    let keys = each().flat_map(|(i, a)| a.vault.used_keys.iter().map(move |key| used(i, &a.stream.employer, key)));
    for index in matching(tx, KEYS_GONE, keys.collect()).await? {
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

/// Writes all of these commands; the position of each one's last event. `None` when one of them cannot be recorded, since
/// something that is unique is there or what it relied on has moved: the transaction is then of no use any more.
async fn write(
    tx: &mut Tx<'_>,
    commands: &[&Prepared],
    mut heads: Heads,
    instant: i64,
) -> Result<Option<Vec<Option<i64>>>, StoreError> {
    if commands.iter().any(|command| !heads.contains_key(&*command.append.stream.employer)) {
        return Ok(None);
    }
    if moved(tx, commands).await? {
        return Ok(None);
    }
    let mut rows = Rows::default();
    let mut positions = Vec::with_capacity(commands.len());
    for command in commands {
        let head = heads.entry(command.append.stream.employer.to_string()).or_default();
        positions.push(rows.push(command, instant, head));
    }
    Ok(rows.write(tx, commands, &heads, instant).await?.then_some(positions))
}

/// Whether the stream or a guard of one of these commands has moved, or a key under which it seals is gone.
async fn moved(tx: &mut Tx<'_>, commands: &[&Prepared]) -> Result<bool, StoreError> {
    let mut guards = Vec::new();
    let mut keys = Vec::new();
    for append in commands.iter().map(|command| &command.append) {
        let employer = &*append.stream.employer;
        // That a new stream is new, its first event's key says.
        if append.expected > 0 || append.events.is_empty() {
            guards.push(seen(0, employer, append.stream.kind, append.stream.id, append.expected));
        }
        guards
            .extend(append.guards.iter().map(|(stream, version)| seen(0, employer, stream.kind, stream.id, *version)));
        keys.extend(append.vault.used_keys.iter().map(|key| used(0, employer, key)));
    }
    Ok(!matching(tx, STREAMS_MOVED, guards).await?.is_empty() || !matching(tx, KEYS_GONE, keys).await?.is_empty())
}

fn seen(index: usize, employer: &str, kind: &str, id: Uuid, version: i64) -> Value {
    json!([index, employer, kind, hex(id.as_bytes()), version])
}

fn used(index: usize, employer: &str, key: &UsedKey) -> Value {
    json!([index, employer, hex(key.id.as_bytes()), hex(key.subject.as_bytes()), key.class])
}

const STREAMS_MOVED: &str = "select value ->> 0 from json_each($1) where value ->> 4 <> coalesce((
    select max(sequence) from events
    where employer = value ->> 1 and stream_kind = value ->> 2 and stream_id = unhex(value ->> 3)), 0)";
const KEYS_GONE: &str = "select value ->> 0 from json_each($1) where not exists (
    select 1 from vault_keys where employer = value ->> 1 and subject = unhex(value ->> 3) and class = value ->> 4
                               and key_id = unhex(value ->> 2))";

/// A value to be bound.
enum Bound<'a> {
    Text(std::borrow::Cow<'a, str>),
    Integer(i64),
    Bytes(std::borrow::Cow<'a, [u8]>),
    Nothing,
}

impl<'a> From<&'a str> for Bound<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text.into())
    }
}

impl<'a> From<&'a [u8]> for Bound<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Bytes(bytes.into())
    }
}

impl From<Uuid> for Bound<'_> {
    fn from(id: Uuid) -> Self {
        Self::Bytes(id.as_bytes().to_vec().into())
    }
}

impl From<i64> for Bound<'_> {
    fn from(integer: i64) -> Self {
        Self::Integer(integer)
    }
}

/// A table that rows are put into. They go in many at a time, in as few different statements as there are sizes, so that
/// all of them stay prepared.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Target {
    columns: usize,
    table: &'static str,
    conflict: &'static str,
}

const EVENTS: Target = Target { columns: 13, table: "events", conflict: "" };
const CLAIMS_TAKEN: Target = Target {
    columns: 5,
    table: "claims as c",
    conflict: "on conflict (employer, scope, key) do update set holder = excluded.holder, until = excluded.until
               where c.holder = excluded.holder or c.until <= ",
};
const RECEIPTS: Target = Target { columns: 10, table: "receipts", conflict: "" };
const KEYS: Target = Target { columns: 5, table: "vault_keys", conflict: "" };
const VALUES: Target = Target { columns: 6, table: "vault_values", conflict: "" };
const TOKENS: Target = Target { columns: 5, table: "vault_tokens", conflict: "on conflict do nothing" };
const TIMERS_SET: Target = Target {
    columns: 4,
    table: "timers",
    conflict: "on conflict (employer, stream_kind, stream_id) do update set due_at = excluded.due_at",
};

/// How many rows go in by one statement.
const SIZES: [usize; 7] = [64, 32, 16, 8, 4, 2, 1];

impl Target {
    fn statement(&self, rows: usize) -> String {
        let row = format!("({})", vec!["?"; self.columns].join(","));
        // The instant of the claims comes as the last of the values.
        let last = if self.conflict.ends_with("<= ") { "?" } else { "" };
        // What fails makes the whole batch fail: no statement has to be able to undo itself alone.
        format!("insert or fail into {} values {} {}{last}", self.table, vec![row; rows].join(","), self.conflict)
    }

    /// Puts the rows in; how many were put in or changed.
    async fn put(&self, tx: &mut Tx<'_>, values: Vec<Bound<'_>>, last: Option<i64>) -> Result<u64, StoreError> {
        let mut left = values.len() / self.columns;
        let mut values = values.into_iter();
        let mut put = 0;
        while left > 0 {
            let rows = SIZES.into_iter().find(|size| *size <= left).unwrap_or(1);
            let sql = self.statement(rows);
            let mut query = sqlx::query(&sql);
            for value in values.by_ref().take(rows * self.columns) {
                query = match value {
                    Bound::Text(text) => query.bind(text.into_owned()),
                    Bound::Integer(integer) => query.bind(integer),
                    Bound::Bytes(bytes) => query.bind(bytes.into_owned()),
                    Bound::Nothing => query.bind(None::<i64>),
                };
            }
            if let Some(last) = last {
                query = query.bind(last);
            }
            put += query.execute(&mut **tx).await?.rows_affected();
            left -= rows;
        }
        Ok(put)
    }
}

const CLAIMS_RELEASED: &str = "delete from claims where (employer, scope, key, holder) in (
    select value ->> 0, value ->> 1, value ->> 2, unhex(value ->> 3) from json_each($1))";
const KEYS_ERASED: &str = "delete from vault_keys
    where (employer, subject) in (select value ->> 0, unhex(value ->> 1) from json_each($1))
      and exists (select 1 from json_each($1) x where employer = x.value ->> 0 and subject = unhex(x.value ->> 1)
                  and (x.value ->> 2 is null or class = x.value ->> 2))";
const VALUES_ERASED: &str = "delete from vault_values where (employer, reference) in (
    select v.employer, v.reference from json_each($1) x cross join vault_values v
    where v.employer = x.value ->> 0 and v.reference between unhex(x.value ->> 3) and unhex(x.value ->> 4)
      and v.subject = unhex(x.value ->> 1) and (x.value ->> 2 is null or v.class = x.value ->> 2))";
const TOKENS_ERASED: &str = "delete from vault_tokens
    where (employer, subject) in (select value ->> 0, unhex(value ->> 1) from json_each($1))";
const TIMERS_CLEARED: &str = "delete from timers where (employer, stream_kind, stream_id) in (
    select value ->> 0, value ->> 1, unhex(value ->> 2) from json_each($1))";

/// What a batch writes, table by table.
#[derive(Default)]
struct Rows<'a> {
    put: HashMap<Target, Vec<Bound<'a>>>,
    removed: HashMap<&'static str, Vec<Value>>,
}

impl<'a> Rows<'a> {
    fn add<const N: usize>(&mut self, table: Target, row: [Bound<'a>; N]) {
        debug_assert_eq!(N, table.columns);
        self.put.entry(table).or_default().extend(row);
    }

    fn remove(&mut self, statement: &'static str, row: Value) {
        self.removed.entry(statement).or_default().push(row);
    }

    /// Adds a command's rows; the position of its last event.
    fn push(&mut self, command: &'a Prepared, instant: i64, head: &mut (i64, i64)) -> Option<i64> {
        let append = &command.append;
        let employer: &'a str = &append.stream.employer;
        let (kind, id) = (append.stream.kind, append.stream.id);
        let mut last = None;
        for ((event, draft), ordinal) in append.events.iter().zip(&command.drafts).zip(0_i64..) {
            let (leaf, hash) = draft.recorded(instant);
            head.0 += 1;
            let position = head.0;
            last = Some(position);
            self.add(
                EVENTS,
                [
                    employer.into(),
                    position.into(),
                    kind.into(),
                    id.into(),
                    (append.expected + ordinal + 1).into(),
                    event.event_type.as_str().into(),
                    i64::from(event.event_version).into(),
                    append.command_id.into(),
                    ordinal.into(),
                    instant.into(),
                    event.person.map_or(Bound::Nothing, Bound::from),
                    Bound::Text(leaf.into()),
                    Bound::Bytes(hash.into()),
                ],
            );
        }
        for claim in &append.claims {
            if claim.take {
                let until = claim.until.map_or(Bound::Nothing, Bound::Integer);
                let (scope, key) = (claim.scope.as_str(), claim.key.as_str());
                self.add(CLAIMS_TAKEN, [employer.into(), scope.into(), key.into(), claim.holder.into(), until]);
            } else {
                self.remove(CLAIMS_RELEASED, json!([employer, claim.scope, claim.key, hex(claim.holder.as_bytes())]));
            }
        }
        if let Some(receipt) = &append.receipt {
            self.add(
                RECEIPTS,
                [
                    employer.into(),
                    receipt.key.as_slice().into(),
                    receipt.request.as_slice().into(),
                    i64::from(receipt.status).into(),
                    kind.into(),
                    id.into(),
                    command.version().into(),
                    last.unwrap_or(append.quiet_position).into(),
                    append.state.into(),
                    instant.into(),
                ],
            );
        }
        self.push_vault(command, employer);
        match append.timer {
            TimerChange::Keep => {}
            TimerChange::Clear => self.remove(TIMERS_CLEARED, json!([employer, kind, hex(id.as_bytes())])),
            TimerChange::Set(due) => self.add(TIMERS_SET, [employer.into(), kind.into(), id.into(), due.into()]),
        }
        last
    }

    fn push_vault(&mut self, command: &'a Prepared, employer: &'a str) {
        let vault = &command.append.vault;
        for (subject, class) in &vault.erase {
            let (first, last) = references_of(*subject);
            let whose = json!([
                employer,
                hex(subject.as_bytes()),
                class.map(<&str>::from),
                hex(first.as_bytes()),
                hex(last.as_bytes())
            ]);
            for statement in [KEYS_ERASED, VALUES_ERASED, TOKENS_ERASED] {
                self.remove(statement, whose.clone());
            }
        }
        for key in &vault.new_keys {
            let wrapped = key.wrapped.as_slice();
            self.add(KEYS, [employer.into(), key.id.into(), key.subject.into(), key.class.into(), wrapped.into()]);
        }
        for value in &vault.values {
            let (reference, sealed) = (value.reference, value.sealed.as_slice());
            self.add(
                VALUES,
                [
                    employer.into(),
                    reference.into(),
                    value.key.into(),
                    value.subject.into(),
                    value.class.into(),
                    sealed.into(),
                ],
            );
        }
        for token in &vault.tokens {
            let bytes = token.token.as_slice();
            self.add(
                TOKENS,
                [employer.into(), token.scope.into(), bytes.into(), token.owner.into(), token.subject.into()],
            );
        }
    }

    /// In this order, as on PostgreSQL: releases before takes, erasures before new keys. `false` when a command cannot be
    /// recorded.
    async fn write(
        mut self,
        tx: &mut Tx<'_>,
        commands: &[&Prepared],
        heads: &Heads,
        instant: i64,
    ) -> Result<bool, StoreError> {
        let issued = commands.iter().map(|command| command.append.at).min().unwrap_or(instant);
        let wrote_events = self.put.contains_key(&EVENTS);
        for statement in [CLAIMS_RELEASED, KEYS_ERASED, VALUES_ERASED, TOKENS_ERASED, TIMERS_CLEARED] {
            if let Some(rows) = self.removed.remove(statement) {
                sqlx::query(statement).bind(Value::Array(rows).to_string()).execute(&mut **tx).await?;
            }
        }
        for table in [EVENTS, CLAIMS_TAKEN, RECEIPTS, KEYS, VALUES, TOKENS, TIMERS_SET] {
            let Some(rows) = self.put.remove(&table) else { continue };
            let wanted = u64::try_from(rows.len() / table.columns).unwrap_or(u64::MAX);
            match table.put(tx, rows, (table == CLAIMS_TAKEN).then_some(issued)).await {
                Ok(put) if table == CLAIMS_TAKEN && put < wanted => return Ok(false),
                Ok(_) => {}
                Err(StoreError::Database(sqlx::Error::Database(error))) if error.is_unique_violation() => {
                    return Ok(false);
                }
                Err(error) => return Err(error),
            }
        }
        if wrote_events {
            let sql = "update log_heads set position = $2, last_recorded_at = $3 where employer = $1 and position < $2";
            for (employer, (position, _)) in heads {
                sqlx::query(sql).bind(employer).bind(position).bind(instant).execute(&mut **tx).await?;
            }
        }
        Ok(true)
    }
}
