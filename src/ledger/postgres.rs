//! The ledger on PostgreSQL 15 and later: the statements that are its own.

use std::borrow::Cow;
use std::str::FromStr as _;
use std::time::Duration;

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection as _, PgConnection, PgPool};
use tokio::sync::Mutex;
use uuid::Uuid;

use super::append::{BatchOutcome, Outcome, Prepared};
use super::{AppendError, StoreError, StoredEvent, StreamKey, TimerChange};

/// The connections: a bigger pool is slower.
const CONNECTIONS: u32 = 10;

/// How long a connection may take to be made.
const PATIENCE: Duration = Duration::from_secs(5);

pub(crate) struct PostgresStore {
    pub(crate) pool: PgPool,
    pub(super) options: PgConnectOptions,
    appender: Own,
    loader: Own,
}

/// A connection that one task has to itself. A pool asks the server after every use whether the connection still lives:
/// with one of its own a single command takes half the time.
type Own = Mutex<Option<PgConnection>>;

fn migrator() -> Migrator {
    let ledger = Migration::new(
        1,
        Cow::Borrowed("ledger"),
        MigrationType::Simple,
        Cow::Borrowed(include_str!("../../migrations/postgres/0001_ledger.sql")),
        false,
    );
    Migrator { migrations: Cow::Owned(vec![ledger]), ..Migrator::DEFAULT }
}

impl PostgresStore {
    pub(super) async fn open(url: &str) -> Result<Self, StoreError> {
        let options = PgConnectOptions::from_str(url)?
            .application_name("okaeri")
            // The append is one call of a function whose arrays differ in length only: one plan serves all.
            .options([("plan_cache_mode", "force_generic_plan"), ("idle_in_transaction_session_timeout", "5s")]);
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(PATIENCE)
            .test_before_acquire(false)
            // A ping before each use costs a fifth of small reads; after a pause it finds connections that died.
            .before_acquire(|connection, meta| {
                Box::pin(async move {
                    if meta.idle_for > Duration::from_secs(1) {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
            .connect_with(options.clone())
            .await?;
        migrator().run(&pool).await?;
        Ok(Self { pool, options, appender: Own::default(), loader: Own::default() })
    }

    /// The connection of a task, or a new one. Whoever takes it puts it back unless it failed.
    async fn connection(&self, own: &mut Option<PgConnection>) -> Result<PgConnection, StoreError> {
        if let Some(connection) = own.take() {
            return Ok(connection);
        }
        // Nothing has been sent: whatever goes wrong here is a definite no.
        let unreachable = |why: String| StoreError::Refused(format!("the store is not available: {why}"));
        match tokio::time::timeout(PATIENCE, PgConnection::connect_with(&self.options)).await {
            Ok(connection) => connection.map_err(|error| unreachable(error.to_string())),
            Err(_) => Err(unreachable("it does not answer".to_owned())),
        }
    }

    /// Says goodbye to the server.
    pub(super) async fn close(&self) {
        for own in [&self.appender, &self.loader] {
            if let Some(connection) = own.lock().await.take() {
                // It is going away in any case.
                let _ = connection.close().await;
            }
        }
        self.pool.close().await;
    }

    pub(super) async fn append(&self, commands: &[Prepared], instant: i64) -> Result<BatchOutcome, StoreError> {
        let columns = Columns::of(commands, instant);
        let mut own = self.appender.lock().await;
        let mut connection = self.connection(&mut own).await?;
        let rows = columns.call(&mut connection).await?;
        *own = Some(connection);
        if let Some((_, 7, Some(log), _)) = rows.first() {
            return Ok(BatchOutcome::ClockBehind(*log));
        }
        let mut outcomes: Vec<Outcome> = commands.iter().map(|_| Outcome::Lost(AppendError::OutcomeUnknown)).collect();
        for (cmd, code, position, detail) in rows {
            let outcome = match code {
                0 => Outcome::Recorded(position),
                1 => Outcome::Lost(AppendError::Repeated),
                2 => Outcome::Lost(AppendError::ReceiptExists),
                3 => Outcome::Lost(AppendError::StreamMoved),
                4 => Outcome::Lost(AppendError::GuardMoved),
                5 => Outcome::Lost(AppendError::ClaimHeld { scope: detail.unwrap_or_default() }),
                6 => Outcome::Lost(AppendError::KeyGone),
                8 => Outcome::Lost(AppendError::EmployerUnknown),
                other => Outcome::Lost(AppendError::Store(format!("append_batch answered {other}"))),
            };
            if let Some(slot) = usize::try_from(cmd - 1).ok().and_then(|index| outcomes.get_mut(index)) {
                *slot = outcome;
            }
        }
        Ok(BatchOutcome::Done(outcomes))
    }

    pub(super) async fn recorded(&self, commands: &[Prepared]) -> Result<Vec<Option<(i64, i64)>>, StoreError> {
        let employers: Vec<&str> = commands.iter().map(|c| &*c.append.stream.employer).collect();
        let ids: Vec<Uuid> = commands.iter().map(|c| c.append.command_id).collect();
        let versions: Vec<i64> = commands.iter().map(Prepared::version).collect();
        let sql = "select e.position, e.recorded_at
                   from unnest($1::text[], $2::uuid[], $3::bigint[]) with ordinality as c (employer, id, version, nth)
                   left join events e on e.employer = c.employer and e.command_id = c.id and e.sequence = c.version
                   order by nth";
        let mut own = self.appender.lock().await;
        let mut connection = self.connection(&mut own).await?;
        let rows: Vec<(Option<i64>, Option<i64>)> =
            sqlx::query_as(sql).bind(&employers).bind(&ids).bind(&versions).fetch_all(&mut connection).await?;
        *own = Some(connection);
        Ok(rows.into_iter().map(|(position, at)| position.zip(at)).collect())
    }

    pub(super) async fn load(&self, streams: &[&StreamKey]) -> Result<Vec<Vec<StoredEvent>>, StoreError> {
        let employers: Vec<&str> = streams.iter().map(|s| &*s.employer).collect();
        let kinds: Vec<&str> = streams.iter().map(|s| s.kind).collect();
        let ids: Vec<Uuid> = streams.iter().map(|s| s.id).collect();
        let sql = "select k.nth, e.sequence, e.position, e.event_type, e.event_version, e.recorded_at, e.leaf
                   from unnest($1::text[], $2::text[], $3::uuid[]) with ordinality as k (employer, kind, id, nth)
                   cross join lateral (
                       select sequence, position, event_type, event_version, recorded_at, cast(leaf as text) as leaf
                       from events
                       where employer = k.employer and stream_kind = k.kind and stream_id = k.id
                       order by sequence
                   ) e";
        let mut own = self.loader.lock().await;
        let mut connection = self.connection(&mut own).await?;
        let rows: Vec<(i64, i64, i64, String, i32, i64, String)> =
            sqlx::query_as(sql).bind(&employers).bind(&kinds).bind(&ids).fetch_all(&mut connection).await?;
        *own = Some(connection);
        let mut loaded: Vec<Vec<StoredEvent>> = streams.iter().map(|_| Vec::new()).collect();
        for (nth, sequence, position, event_type, event_version, recorded_at, leaf) in rows {
            if let Some(events) = usize::try_from(nth - 1).ok().and_then(|index| loaded.get_mut(index)) {
                events.push(StoredEvent { sequence, position, event_type, event_version, recorded_at, leaf });
            }
        }
        Ok(loaded)
    }
}

type AnswerRow = (i32, i32, Option<i64>, Option<String>);

/// The arguments of `append_batch`: one array a column. `…_cmd` counts from 1.
#[derive(Default)]
struct Columns<'a> {
    instant: i64,
    employer: Vec<&'a str>,
    id: Vec<Uuid>,
    kind: Vec<&'a str>,
    stream: Vec<Uuid>,
    expected: Vec<i64>,
    events: Vec<i32>,
    at: Vec<i64>,
    receipt_key: Vec<Option<&'a [u8]>>,
    receipt_request: Vec<Option<&'a [u8]>>,
    receipt_status: Vec<Option<i32>>,
    state: Vec<&'a str>,
    quiet_position: Vec<i64>,
    due: Vec<Option<i64>>,
    e_cmd: Vec<i32>,
    e_ordinal: Vec<i32>,
    e_type: Vec<&'a str>,
    e_version: Vec<i32>,
    e_leaf: Vec<String>,
    e_hash: Vec<Vec<u8>>,
    g_cmd: Vec<i32>,
    g_kind: Vec<&'a str>,
    g_stream: Vec<Uuid>,
    g_version: Vec<i64>,
    k_cmd: Vec<i32>,
    k_scope: Vec<&'a str>,
    k_key: Vec<&'a str>,
    k_holder: Vec<Uuid>,
    k_until: Vec<Option<i64>>,
    k_take: Vec<bool>,
    n_cmd: Vec<i32>,
    n_key: Vec<Uuid>,
    n_subject: Vec<Uuid>,
    n_class: Vec<&'a str>,
    n_wrapped: Vec<&'a [u8]>,
    u_cmd: Vec<i32>,
    u_key: Vec<Uuid>,
    v_cmd: Vec<i32>,
    v_reference: Vec<Uuid>,
    v_key: Vec<Uuid>,
    v_subject: Vec<Uuid>,
    v_class: Vec<&'a str>,
    v_sealed: Vec<&'a [u8]>,
    s_cmd: Vec<i32>,
    s_scope: Vec<&'a str>,
    s_token: Vec<&'a [u8]>,
    s_owner: Vec<Uuid>,
    s_subject: Vec<Uuid>,
    l_cmd: Vec<i32>,
    l_kind: Vec<&'a str>,
    l_id: Vec<Uuid>,
    l_ordinal: Vec<i32>,
    x_cmd: Vec<i32>,
    x_subject: Vec<Uuid>,
    x_class: Vec<Option<&'a str>>,
}

impl<'a> Columns<'a> {
    fn of(commands: &'a [Prepared], instant: i64) -> Self {
        let mut columns = Self { instant, ..Self::default() };
        for (command, cmd) in commands.iter().zip(1..) {
            columns.push(command, cmd);
        }
        columns
    }

    fn push(&mut self, command: &'a Prepared, cmd: i32) {
        let append = &command.append;
        self.employer.push(&append.stream.employer);
        self.id.push(append.command_id);
        self.kind.push(append.stream.kind);
        self.stream.push(append.stream.id);
        self.expected.push(append.expected);
        self.events.push(i32::try_from(append.events.len()).unwrap_or(i32::MAX));
        self.at.push(append.at);
        self.receipt_key.push(append.receipt.as_ref().map(|r| r.key.as_slice()));
        self.receipt_request.push(append.receipt.as_ref().map(|r| r.request.as_slice()));
        self.receipt_status.push(append.receipt.as_ref().map(|r| r.status));
        self.state.push(append.state);
        self.quiet_position.push(append.quiet_position);
        self.due.push(match append.timer {
            TimerChange::Keep => None,
            TimerChange::Clear => Some(-1),
            TimerChange::Set(due) => Some(due),
        });
        for ((event, draft), ordinal) in append.events.iter().zip(&command.drafts).zip(0..) {
            let (leaf, hash) = draft.recorded(self.instant);
            self.e_cmd.push(cmd);
            self.e_ordinal.push(ordinal);
            self.e_type.push(&event.event_type);
            self.e_version.push(event.event_version);
            self.e_leaf.push(leaf);
            self.e_hash.push(hash);
            for (kind, id) in &event.links {
                self.l_cmd.push(cmd);
                self.l_kind.push(kind);
                self.l_id.push(*id);
                self.l_ordinal.push(ordinal);
            }
        }
        for (stream, version) in &append.guards {
            self.g_cmd.push(cmd);
            self.g_kind.push(stream.kind);
            self.g_stream.push(stream.id);
            self.g_version.push(*version);
        }
        for claim in &append.claims {
            self.k_cmd.push(cmd);
            self.k_scope.push(&claim.scope);
            self.k_key.push(&claim.key);
            self.k_holder.push(claim.holder);
            self.k_until.push(claim.until);
            self.k_take.push(claim.take);
        }
        self.push_vault(command, cmd);
    }

    fn push_vault(&mut self, command: &'a Prepared, cmd: i32) {
        let vault = &command.append.vault;
        for key in &vault.new_keys {
            self.n_cmd.push(cmd);
            self.n_key.push(key.id);
            self.n_subject.push(key.subject);
            self.n_class.push(key.class);
            self.n_wrapped.push(&key.wrapped);
        }
        for key in &vault.used_keys {
            self.u_cmd.push(cmd);
            self.u_key.push(*key);
        }
        for value in &vault.values {
            self.v_cmd.push(cmd);
            self.v_reference.push(value.reference);
            self.v_key.push(value.key);
            self.v_subject.push(value.subject);
            self.v_class.push(value.class);
            self.v_sealed.push(&value.sealed);
        }
        for token in &vault.tokens {
            self.s_cmd.push(cmd);
            self.s_scope.push(token.scope);
            self.s_token.push(&token.token);
            self.s_owner.push(token.owner);
            self.s_subject.push(token.subject);
        }
        for (subject, class) in &vault.erase {
            self.x_cmd.push(cmd);
            self.x_subject.push(*subject);
            self.x_class.push(class.map(<&str>::from));
        }
    }

    async fn call(&self, connection: &mut PgConnection) -> Result<Vec<AnswerRow>, StoreError> {
        let sql = "select o_cmd, o_outcome, o_position, o_detail from append_batch(
            $1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25,$26,$27,$28,$29,
            $30,$31,$32,$33,$34,$35,$36,$37,$38,$39,$40,$41,$42,$43,$44,$45,$46,$47,$48,$49,$50,$51,$52,$53,$54,$55)";
        let query = sqlx::query_as(sql)
            .bind(self.instant)
            .bind(&self.employer)
            .bind(&self.id)
            .bind(&self.kind)
            .bind(&self.stream)
            .bind(&self.expected)
            .bind(&self.events)
            .bind(&self.at)
            .bind(&self.receipt_key)
            .bind(&self.receipt_request)
            .bind(&self.receipt_status)
            .bind(&self.state)
            .bind(&self.quiet_position)
            .bind(&self.due)
            .bind(&self.e_cmd)
            .bind(&self.e_ordinal)
            .bind(&self.e_type)
            .bind(&self.e_version)
            .bind(&self.e_leaf)
            .bind(&self.e_hash)
            .bind(&self.g_cmd)
            .bind(&self.g_kind)
            .bind(&self.g_stream)
            .bind(&self.g_version)
            .bind(&self.k_cmd)
            .bind(&self.k_scope)
            .bind(&self.k_key)
            .bind(&self.k_holder)
            .bind(&self.k_until)
            .bind(&self.k_take)
            .bind(&self.n_cmd)
            .bind(&self.n_key)
            .bind(&self.n_subject)
            .bind(&self.n_class)
            .bind(&self.n_wrapped)
            .bind(&self.u_cmd)
            .bind(&self.u_key)
            .bind(&self.v_cmd)
            .bind(&self.v_reference)
            .bind(&self.v_key)
            .bind(&self.v_subject)
            .bind(&self.v_class)
            .bind(&self.v_sealed)
            .bind(&self.s_cmd)
            .bind(&self.s_scope)
            .bind(&self.s_token)
            .bind(&self.s_owner)
            .bind(&self.s_subject)
            .bind(&self.l_cmd)
            .bind(&self.l_kind)
            .bind(&self.l_id)
            .bind(&self.l_ordinal)
            .bind(&self.x_cmd)
            .bind(&self.x_subject)
            .bind(&self.x_class);
        Ok(query.fetch_all(connection).await?)
    }
}
