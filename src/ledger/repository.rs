//! Single streams through the repository trait of cqrs-es: `postgres-es` on PostgreSQL, our own on SQLite.
//!
//! For history, explanation and replay. Reading only: writing goes through [`super::Ledger::append`], and the crates' own
//! streaming readers lose events when a connection dies, so they are refused here.

use cqrs_es::Aggregate;
use cqrs_es::persist::{PersistedEventRepository, PersistenceError, ReplayStream, SerializedEvent, SerializedSnapshot};
use postgres_es::PostgresEventRepository;
use serde_json::Value;
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::SqlitePool;
use uuid::Uuid;

use super::{Ledger, Store};

/// One employer's streams, read only.
pub enum LedgerRepository {
    /// Through the view `employer_events`, which shows one employer's rows in the shape of `postgres-es`.
    Postgres(PostgresEventRepository),
    /// The same rows of the embedded store.
    Sqlite {
        /// The employer.
        employer: String,
        /// The readers.
        pool: SqlitePool,
    },
}

impl Ledger {
    /// The repository of one employer's streams.
    pub fn repository(&self, employer: &str) -> LedgerRepository {
        match &*self.store {
            Store::Postgres(store) => {
                // The view shows the rows of the employer that the connection is set to, so each employer has its own.
                let options = store.options.clone().options([("okaeri.employer", employer)]);
                let pool = PgPoolOptions::new()
                    .max_connections(1)
                    .idle_timeout(std::time::Duration::from_secs(30))
                    .connect_lazy_with(options);
                LedgerRepository::Postgres(
                    PostgresEventRepository::new(pool).with_tables("employer_events", "no_snapshots"),
                )
            }
            Store::Sqlite(store) => {
                LedgerRepository::Sqlite { employer: employer.to_owned(), pool: store.readers.clone() }
            }
        }
    }
}

fn refused(what: &str) -> PersistenceError {
    PersistenceError::UnknownError(format!("{what}: the ledger writes and streams by itself").into())
}

impl LedgerRepository {
    async fn sqlite_events<A: Aggregate>(
        employer: &str,
        pool: &SqlitePool,
        id: &str,
        after: usize,
    ) -> Result<Vec<SerializedEvent>, PersistenceError> {
        let Ok(stream) = Uuid::parse_str(id) else { return Ok(vec![]) };
        let sql = "select sequence, event_type, cast(event_version as text), leaf -> 'payload', leaf -> 'metadata' from events
                   where employer = $1 and stream_kind = $2 and stream_id = $3 and sequence > $4 order by sequence";
        let rows: Vec<(i64, String, String, String, String)> = sqlx::query_as(sql)
            .bind(employer)
            .bind(A::TYPE)
            .bind(stream)
            .bind(i64::try_from(after).unwrap_or(i64::MAX))
            .fetch_all(pool)
            .await
            .map_err(|error| PersistenceError::ConnectionError(Box::new(error)))?;
        let parse = |text: &str| {
            serde_json::from_str::<Value>(text).map_err(|error| PersistenceError::DeserializationError(Box::new(error)))
        };
        rows.into_iter()
            .map(|(sequence, event_type, event_version, payload, metadata)| {
                Ok(SerializedEvent::new(
                    id.to_owned(),
                    usize::try_from(sequence).unwrap_or_default(),
                    A::TYPE.to_owned(),
                    event_type,
                    event_version,
                    parse(&payload)?,
                    parse(&metadata)?,
                ))
            })
            .collect()
    }
}

impl PersistedEventRepository for LedgerRepository {
    async fn get_events<A: Aggregate>(&self, id: &str) -> Result<Vec<SerializedEvent>, PersistenceError> {
        match self {
            Self::Postgres(repository) => repository.get_events::<A>(id).await,
            Self::Sqlite { employer, pool } => Self::sqlite_events::<A>(employer, pool, id, 0).await,
        }
    }

    async fn get_last_events<A: Aggregate>(
        &self,
        id: &str,
        after: usize,
    ) -> Result<Vec<SerializedEvent>, PersistenceError> {
        match self {
            Self::Postgres(repository) => repository.get_last_events::<A>(id, after).await,
            Self::Sqlite { employer, pool } => Self::sqlite_events::<A>(employer, pool, id, after).await,
        }
    }

    async fn get_snapshot<A: Aggregate>(&self, _: &str) -> Result<Option<SerializedSnapshot>, PersistenceError> {
        Ok(None)
    }

    async fn persist<A: Aggregate>(
        &self,
        _: &[SerializedEvent],
        _: Option<(String, Value, usize)>,
    ) -> Result<(), PersistenceError> {
        Err(refused("persist"))
    }

    async fn stream_events<A: Aggregate>(&self, _: &str) -> Result<ReplayStream, PersistenceError> {
        Err(refused("stream_events"))
    }

    async fn stream_all_events<A: Aggregate>(&self) -> Result<ReplayStream, PersistenceError> {
        Err(refused("stream_all_events"))
    }
}
