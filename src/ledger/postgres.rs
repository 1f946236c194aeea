//! The ledger on PostgreSQL 15 and later: the statements that are its own.

mod reads;

use std::borrow::Cow;
use std::fmt::Write as _;
use std::str::FromStr as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::postgres::{PgArguments, PgConnectOptions, PgPoolOptions};
use sqlx::{Arguments as _, Connection as _, Encode, PgConnection, PgPool, Postgres, Type};
use tokio::sync::{Mutex, watch};
use uuid::Uuid;

pub(super) use reads::planned_lately;

use super::append::{BatchOutcome, Outcome, Prepared};
use super::nodes::Nodes;
use super::vault::references_of;
use super::{AppendError, StoreError, TimerChange};

/// The connections: a bigger pool is slower.
const CONNECTIONS: u32 = 10;

/// How long a connection may take to be made.
const PATIENCE: Duration = Duration::from_secs(5);

pub(crate) struct PostgresStore {
    pub(crate) pool: PgPool,
    pub(super) options: PgConnectOptions,
    pub(super) nodes: Nodes,
    breaks: Arc<Breaks>,
    appender: Own,
    reader: Own,
}

/// When a connection was last found broken. Whatever has not been used since may have died of the same.
struct Breaks {
    began: Instant,
    /// Microseconds since then; 0 while none was found.
    last: AtomicU64,
}

impl Breaks {
    fn new() -> Arc<Self> {
        Arc::new(Self { began: Instant::now(), last: AtomicU64::new(0) })
    }

    fn micros(&self, before: Duration) -> u64 {
        u64::try_from(self.began.elapsed().saturating_sub(before).as_micros()).unwrap_or(u64::MAX)
    }

    fn note(&self) {
        self.last.fetch_max(self.micros(Duration::ZERO), Ordering::Relaxed);
    }

    fn lie_after(&self, idle_for: Duration) -> bool {
        let last = self.last.load(Ordering::Relaxed);
        last > 0 && self.micros(idle_for) <= last
    }
}

/// Whether the connection is gone, rather than the statement wrong.
fn is_broken(error: &sqlx::Error) -> bool {
    if let sqlx::Error::Database(error) = error {
        // A server that shuts down, crashed or is not up yet; connection exceptions.
        return error.code().is_some_and(|code| code.starts_with("57P") || code.starts_with("08"));
    }
    matches!(error, sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::Tls(_))
}

/// A connection that one task has to itself. A pool asks the server after every use whether the connection still lives:
/// with one of its own a single command takes half the time.
type Own = Mutex<Option<PgConnection>>;

/// With the faster compression, where the server was built with it: long leaves and documents are compressed with every
/// write, on which the server's own spends a sixth of an append.
async fn compressing(options: PgConnectOptions) -> Result<PgConnectOptions, StoreError> {
    const SETTING: &str = "default_toast_compression";
    let mut connection = PgConnection::connect_with(&options).await?;
    let known = sqlx::query_scalar("select 'lz4' = any (enumvals) from pg_settings where name = $1");
    let known: Option<bool> = known.bind(SETTING).fetch_optional(&mut connection).await?;
    connection.close().await?;
    Ok(if known == Some(true) { options.options([(SETTING, "lz4")]) } else { options })
}

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
    pub(super) async fn open(url: &str, arrivals: watch::Sender<()>) -> Result<Self, StoreError> {
        let options = PgConnectOptions::from_str(url)?
            .application_name("okaeri")
            // The append is one call of a function whose arrays differ in length only: one plan serves all.
            // A plan is made once, perhaps while its table is empty: it must not be one that reads all of it, nor one that
            // collects all that matches and sorts it where an index has the order.
            .options([
                ("plan_cache_mode", "force_generic_plan"),
                ("enable_seqscan", "off"),
                ("enable_bitmapscan", "off"),
                ("jit", "off"),
                ("idle_in_transaction_session_timeout", "5s"),
            ]);
        let options = compressing(options).await?;
        let breaks = Breaks::new();
        let asked = Arc::clone(&breaks);
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(PATIENCE)
            .test_before_acquire(false)
            // A ping before each use costs a fifth of small reads; after a pause, or when another connection was found
            // broken, it finds those that died.
            .before_acquire(move |connection, meta| {
                let doubtful = meta.idle_for > Duration::from_secs(1) || asked.lie_after(meta.idle_for);
                Box::pin(async move {
                    if doubtful {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
            .connect_with(options.clone())
            .await?;
        migrator().run(&pool).await?;
        let nodes = Nodes::join(&options, arrivals);
        Ok(Self { pool, options, nodes, breaks, appender: Own::default(), reader: Own::default() })
    }

    /// Whether a read failed because its connection had died, so that it can be done again on one that lives: from now on
    /// those that lie idle are asked first.
    pub(super) fn was_broken(&self, error: &sqlx::Error) -> bool {
        let broken = is_broken(error);
        if broken {
            self.breaks.note();
        }
        broken
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
        self.nodes.leave();
        for own in [&self.appender, &self.reader] {
            if let Some(connection) = own.lock().await.take() {
                // It is going away in any case.
                let _ = connection.close().await;
            }
        }
        self.pool.close().await;
    }

    pub(super) async fn append(&self, commands: &[Prepared], instant: i64) -> Result<BatchOutcome, StoreError> {
        let mut own = self.appender.lock().await;
        let mut connection = self.connection(&mut own).await?;
        let all: Vec<&Prepared> = commands.iter().collect();
        let outcome = match record(&all, instant, &mut connection).await {
            Ok(positions) => BatchOutcome::Done(positions.into_iter().map(Outcome::Recorded).collect()),
            Err(error) if is_conflict(&error) => append_what_can_be(commands, instant, &mut connection).await?,
            Err(error) => return Err(error),
        };
        *own = Some(connection);
        if let BatchOutcome::Done(outcomes) = &outcome
            && outcomes.iter().any(|outcome| matches!(outcome, Outcome::Recorded(Some(_))))
        {
            self.nodes.tell();
        }
        Ok(outcome)
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
}

/// Whether a command of the batch cannot be recorded: something that is unique is there, or what it relied on has moved.
fn is_conflict(error: &StoreError) -> bool {
    const UNIQUE_VIOLATION: &str = "23505";
    const CONFLICT: &str = "OK001";
    match error {
        StoreError::Database(sqlx::Error::Database(error)) => {
            error.code().is_some_and(|code| code == UNIQUE_VIOLATION || code == CONFLICT)
        }
        StoreError::Database(_)
        | StoreError::Migration(_)
        | StoreError::Unreadable(_)
        | StoreError::Refused(_)
        | StoreError::Directory(_) => false,
    }
}

/// Records all of these commands or none; the position of each one's last event.
async fn record(
    commands: &[&Prepared],
    instant: i64,
    connection: &mut PgConnection,
) -> Result<Vec<Option<i64>>, StoreError> {
    if commands.is_empty() {
        return Ok(vec![]);
    }
    let columns = Columns::of(commands, instant);
    let before = columns.call(connection).await?;
    let position = |(head, nth): &(i32, i64)| {
        let head = usize::try_from(head - 1).ok()?;
        before.get(head).map(|before| before + nth)
    };
    Ok(columns.last.iter().map(|last| last.as_ref().and_then(position)).collect())
}

/// Finds out which commands stand in the way of the batch, and records the others.
async fn append_what_can_be(
    commands: &[Prepared],
    instant: i64,
    connection: &mut PgConnection,
) -> Result<BatchOutcome, StoreError> {
    let mut tx = connection.begin().await?;
    let rows = Questions::of(commands).ask(instant, &mut tx).await?;
    if let Some((_, 7, Some(log), _)) = rows.first() {
        let behind = BatchOutcome::ClockBehind(*log);
        tx.rollback().await?;
        return Ok(behind);
    }
    let mut outcomes: Vec<Outcome> = Vec::with_capacity(commands.len());
    let mut free: Vec<(usize, &Prepared)> = Vec::with_capacity(commands.len());
    for (index, ((_, code, _, detail), command)) in rows.into_iter().zip(commands).enumerate() {
        outcomes.push(match code {
            0 => {
                free.push((index, command));
                Outcome::Recorded(None)
            }
            1 => Outcome::Lost(AppendError::Repeated),
            2 => Outcome::Lost(AppendError::ReceiptExists),
            3 => Outcome::Lost(AppendError::StreamMoved),
            4 => Outcome::Lost(AppendError::GuardMoved),
            5 => Outcome::Lost(AppendError::ClaimHeld { scope: detail.unwrap_or_default() }),
            6 => Outcome::Lost(AppendError::KeyGone),
            8 => Outcome::Lost(AppendError::EmployerUnknown),
            other => Outcome::Lost(AppendError::Store(format!("check_batch answered {other}"))),
        });
    }
    if outcomes.len() != commands.len() {
        return Err(StoreError::Refused("check_batch did not answer for every command".to_owned()));
    }
    let those: Vec<&Prepared> = free.iter().map(|(_, command)| *command).collect();
    let positions = record(&those, instant, &mut tx).await?;
    tx.commit().await?;
    for ((index, _), position) in free.iter().zip(positions) {
        if let Some(outcome) = outcomes.get_mut(*index) {
            *outcome = Outcome::Recorded(position);
        }
    }
    Ok(BatchOutcome::Done(outcomes))
}

type AnswerRow = (i32, i32, Option<i64>, Option<String>);

/// The arguments of `check_batch`: one array a column. `…_cmd` counts from 1.
#[derive(Default)]
struct Questions<'a> {
    employer: Vec<&'a str>,
    id: Vec<Uuid>,
    kind: Vec<&'a str>,
    stream: Vec<Uuid>,
    expected: Vec<i64>,
    at: Vec<i64>,
    receipt: Vec<Option<&'a [u8]>>,
    g_cmd: Vec<i32>,
    g_kind: Vec<&'a str>,
    g_stream: Vec<Uuid>,
    g_version: Vec<i64>,
    k_cmd: Vec<i32>,
    k_scope: Vec<&'a str>,
    k_key: Vec<&'a str>,
    k_holder: Vec<Uuid>,
    u_cmd: Vec<i32>,
    u_key: Vec<Uuid>,
    u_subject: Vec<Uuid>,
    u_class: Vec<&'a str>,
}

impl<'a> Questions<'a> {
    fn of(commands: &'a [Prepared]) -> Self {
        let mut questions = Self::default();
        for (command, cmd) in commands.iter().zip(1..) {
            let append = &command.append;
            questions.employer.push(&append.stream.employer);
            questions.id.push(append.command_id);
            questions.kind.push(append.stream.kind);
            questions.stream.push(append.stream.id);
            questions.expected.push(append.expected);
            questions.at.push(append.at);
            questions.receipt.push(append.receipt.as_ref().map(|receipt| receipt.key.as_slice()));
            for (stream, version) in &append.guards {
                questions.g_cmd.push(cmd);
                questions.g_kind.push(stream.kind);
                questions.g_stream.push(stream.id);
                questions.g_version.push(*version);
            }
            for claim in append.claims.iter().filter(|claim| claim.take) {
                questions.k_cmd.push(cmd);
                questions.k_scope.push(&claim.scope);
                questions.k_key.push(&claim.key);
                questions.k_holder.push(claim.holder);
            }
            for key in &append.vault.used_keys {
                questions.u_cmd.push(cmd);
                questions.u_key.push(key.id);
                questions.u_subject.push(key.subject);
                questions.u_class.push(key.class);
            }
        }
        questions
    }

    async fn ask(&self, instant: i64, connection: &mut PgConnection) -> Result<Vec<AnswerRow>, StoreError> {
        let sql = "select o_cmd, o_outcome, o_clock, o_detail
                   from check_batch($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20)";
        let query = sqlx::query_as(sql).bind(instant).bind(&self.employer).bind(&self.id).bind(&self.kind);
        let query = query.bind(&self.stream).bind(&self.expected).bind(&self.at).bind(&self.receipt);
        let query = query.bind(&self.g_cmd).bind(&self.g_kind).bind(&self.g_stream).bind(&self.g_version);
        let query = query.bind(&self.k_cmd).bind(&self.k_scope).bind(&self.k_key).bind(&self.k_holder);
        Ok(query
            .bind(&self.u_cmd)
            .bind(&self.u_key)
            .bind(&self.u_subject)
            .bind(&self.u_class)
            .fetch_all(connection)
            .await?)
    }
}

/// The arguments of `append_batch`: one array a column. `…head` counts the employers from 1, `…nth` an employer's events.
#[derive(Default)]
struct Columns<'a> {
    instant: i64,
    issued: i64,
    employers: Vec<&'a str>,
    counts: Vec<i64>,
    /// Of each command its employer and its last event.
    last: Vec<Option<(i32, i64)>>,
    e_head: Vec<i32>,
    e_nth: Vec<i64>,
    e_kind: Vec<&'a str>,
    e_stream: Vec<Uuid>,
    e_sequence: Vec<i64>,
    e_type: Vec<&'a str>,
    e_version: Vec<i32>,
    e_command: Vec<Uuid>,
    e_ordinal: Vec<i32>,
    e_person: Vec<Option<Uuid>>,
    e_leaf: Vec<String>,
    e_hash: Vec<Vec<u8>>,
    g_head: Vec<i32>,
    g_kind: Vec<&'a str>,
    g_stream: Vec<Uuid>,
    g_version: Vec<i64>,
    f_head: Vec<i32>,
    f_scope: Vec<&'a str>,
    f_key: Vec<&'a str>,
    f_holder: Vec<Uuid>,
    k_head: Vec<i32>,
    k_scope: Vec<&'a str>,
    k_key: Vec<&'a str>,
    k_holder: Vec<Uuid>,
    k_until: Vec<Option<i64>>,
    r_head: Vec<i32>,
    r_key: Vec<&'a [u8]>,
    r_request: Vec<&'a [u8]>,
    r_status: Vec<i32>,
    r_kind: Vec<&'a str>,
    r_stream: Vec<Uuid>,
    r_version: Vec<i64>,
    r_nth: Vec<Option<i64>>,
    r_position: Vec<i64>,
    r_state: Vec<&'a str>,
    n_head: Vec<i32>,
    n_key: Vec<Uuid>,
    n_subject: Vec<Uuid>,
    n_class: Vec<&'a str>,
    n_wrapped: Vec<&'a [u8]>,
    u_head: Vec<i32>,
    u_key: Vec<Uuid>,
    u_subject: Vec<Uuid>,
    u_class: Vec<&'a str>,
    v_head: Vec<i32>,
    v_reference: Vec<Uuid>,
    v_key: Vec<Uuid>,
    v_subject: Vec<Uuid>,
    v_class: Vec<&'a str>,
    v_sealed: Vec<&'a [u8]>,
    s_head: Vec<i32>,
    s_scope: Vec<&'a str>,
    s_token: Vec<&'a [u8]>,
    s_owner: Vec<Uuid>,
    s_subject: Vec<Uuid>,
    x_head: Vec<i32>,
    x_subject: Vec<Uuid>,
    x_class: Vec<Option<&'a str>>,
    x_first: Vec<Uuid>,
    x_last: Vec<Uuid>,
    c_head: Vec<i32>,
    c_kind: Vec<&'a str>,
    c_stream: Vec<Uuid>,
    t_head: Vec<i32>,
    t_kind: Vec<&'a str>,
    t_stream: Vec<Uuid>,
    t_due: Vec<i64>,
    b_head: Vec<i32>,
    b_kind: Vec<&'a str>,
    b_stream: Vec<Uuid>,
    b_due: Vec<i64>,
}

/// A call of a function with named arguments.
#[derive(Default)]
struct Call {
    named: String,
    arguments: PgArguments,
}

impl Call {
    fn pass<'q, T>(&mut self, name: &str, value: T) -> Result<(), StoreError>
    where
        T: Encode<'q, Postgres> + Type<Postgres> + 'q,
    {
        self.arguments.add(value).map_err(|error| StoreError::Refused(format!("{name}: {error}")))?;
        let separator = if self.named.is_empty() { "" } else { ", " };
        let _ = write!(self.named, "{separator}{name} => ${}", self.arguments.len());
        Ok(())
    }
}

impl<'a> Columns<'a> {
    fn of(commands: &[&'a Prepared], instant: i64) -> Self {
        let issued = commands.iter().map(|command| command.append.at).min().unwrap_or(instant);
        let mut columns = Self { instant, issued, ..Self::default() };
        for command in commands {
            let last = columns.push(command);
            columns.last.push(last);
        }
        columns
    }

    /// The place of an employer among those of the batch, from 1. A batch has few.
    fn head(&mut self, employer: &'a str) -> usize {
        if let Some(index) = self.employers.iter().position(|known| *known == employer) {
            return index;
        }
        self.employers.push(employer);
        self.counts.push(0);
        self.employers.len() - 1
    }

    fn push(&mut self, command: &'a Prepared) -> Option<(i32, i64)> {
        let append = &command.append;
        let index = self.head(&append.stream.employer);
        let head = i32::try_from(index + 1).unwrap_or(i32::MAX);
        let (kind, stream) = (append.stream.kind, append.stream.id);
        let mut last = None;
        for (((event, draft), ordinal), sequence) in
            append.events.iter().zip(&command.drafts).zip(0..).zip(append.expected + 1..)
        {
            let (leaf, hash) = draft.recorded(self.instant);
            let nth = self.counts.get_mut(index).map_or(0, |count| {
                *count += 1;
                *count
            });
            last = Some((head, nth));
            self.e_head.push(head);
            self.e_nth.push(nth);
            self.e_kind.push(kind);
            self.e_stream.push(stream);
            self.e_sequence.push(sequence);
            self.e_type.push(&event.event_type);
            self.e_version.push(event.event_version);
            self.e_command.push(append.command_id);
            self.e_ordinal.push(ordinal);
            self.e_person.push(event.person);
            self.e_leaf.push(leaf);
            self.e_hash.push(hash);
        }
        // That a new stream is new, its first event's key says.
        let own = (append.expected > 0 || append.events.is_empty()).then_some((&append.stream, append.expected));
        let others = append.guards.iter().map(|(guarded, version)| (guarded, *version));
        for (guarded, version) in own.into_iter().chain(others) {
            self.g_head.push(head);
            self.g_kind.push(guarded.kind);
            self.g_stream.push(guarded.id);
            self.g_version.push(version);
        }
        for claim in &append.claims {
            if claim.take {
                self.k_head.push(head);
                self.k_scope.push(&claim.scope);
                self.k_key.push(&claim.key);
                self.k_holder.push(claim.holder);
                self.k_until.push(claim.until);
            } else {
                self.f_head.push(head);
                self.f_scope.push(&claim.scope);
                self.f_key.push(&claim.key);
                self.f_holder.push(claim.holder);
            }
        }
        if let Some(receipt) = &append.receipt {
            self.r_head.push(head);
            self.r_key.push(&receipt.key);
            self.r_request.push(&receipt.request);
            self.r_status.push(receipt.status);
            self.r_kind.push(kind);
            self.r_stream.push(stream);
            self.r_version.push(command.version());
            self.r_nth.push(last.map(|(_, nth)| nth));
            self.r_position.push(append.quiet_position);
            self.r_state.push(append.state);
        }
        match append.timer {
            TimerChange::Keep => {}
            TimerChange::Clear => {
                self.c_head.push(head);
                self.c_kind.push(kind);
                self.c_stream.push(stream);
            }
            TimerChange::Set(due) if append.expected == 0 => {
                self.b_head.push(head);
                self.b_kind.push(kind);
                self.b_stream.push(stream);
                self.b_due.push(due);
            }
            TimerChange::Set(due) => {
                self.t_head.push(head);
                self.t_kind.push(kind);
                self.t_stream.push(stream);
                self.t_due.push(due);
            }
        }
        self.push_vault(command, head);
        last
    }

    fn push_vault(&mut self, command: &'a Prepared, head: i32) {
        let vault = &command.append.vault;
        for key in &vault.new_keys {
            self.n_head.push(head);
            self.n_key.push(key.id);
            self.n_subject.push(key.subject);
            self.n_class.push(key.class);
            self.n_wrapped.push(&key.wrapped);
        }
        for key in &vault.used_keys {
            self.u_head.push(head);
            self.u_key.push(key.id);
            self.u_subject.push(key.subject);
            self.u_class.push(key.class);
        }
        for value in &vault.values {
            self.v_head.push(head);
            self.v_reference.push(value.reference);
            self.v_key.push(value.key);
            self.v_subject.push(value.subject);
            self.v_class.push(value.class);
            self.v_sealed.push(&value.sealed);
        }
        for token in &vault.tokens {
            self.s_head.push(head);
            self.s_scope.push(token.scope);
            self.s_token.push(&token.token);
            self.s_owner.push(token.owner);
            self.s_subject.push(token.subject);
        }
        for (subject, class) in &vault.erase {
            self.x_head.push(head);
            self.x_subject.push(*subject);
            self.x_class.push(class.map(<&str>::from));
            let (first, last) = references_of(*subject);
            self.x_first.push(first);
            self.x_last.push(last);
        }
    }

    /// The position of each employer before. What no command of the batch has is not sent at all: a statement's arguments
    /// cost more than most of what is done with them.
    async fn call(&self, connection: &mut PgConnection) -> Result<Vec<i64>, StoreError> {
        let mut call = Call::default();
        macro_rules! pass {
            ($first:ident $(, $other:ident)*) => {
                if !self.$first.is_empty() {
                    call.pass(stringify!($first), &self.$first)?;
                    $(call.pass(stringify!($other), &self.$other)?;)*
                }
            };
        }
        call.pass("at_recorded", self.instant)?;
        call.pass("at_issued", self.issued)?;
        call.pass("h_employer", &self.employers)?;
        call.pass("h_events", &self.counts)?;
        pass!(
            e_head, e_nth, e_kind, e_stream, e_sequence, e_type, e_version, e_command, e_ordinal, e_person, e_leaf,
            e_hash
        );
        pass!(g_head, g_kind, g_stream, g_version);
        pass!(f_head, f_scope, f_key, f_holder);
        pass!(k_head, k_scope, k_key, k_holder, k_until);
        pass!(r_head, r_key, r_request, r_status, r_kind, r_stream, r_version, r_nth, r_position, r_state);
        pass!(n_head, n_key, n_subject, n_class, n_wrapped);
        pass!(u_head, u_key, u_subject, u_class);
        pass!(v_head, v_reference, v_key, v_subject, v_class, v_sealed);
        pass!(s_head, s_scope, s_token, s_owner, s_subject);
        pass!(x_head, x_subject, x_class, x_first, x_last);
        pass!(c_head, c_kind, c_stream);
        pass!(t_head, t_kind, t_stream, t_due);
        pass!(b_head, b_kind, b_stream, b_due);
        let Call { named, arguments } = call;
        let sql = format!("select append_batch({named})");
        Ok(sqlx::query_scalar_with(&sql, arguments).fetch_one(&mut *connection).await?)
    }
}
