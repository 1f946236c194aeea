//! What the feed reads and writes in one transaction, on either store.

use serde_json::{Value, json};
use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::{Connection as _, Postgres, Sqlite, Transaction};
use uuid::Uuid;

use super::{Document, EVENTS, Folded, TableId, Written, column};
use crate::ledger::StoreError;
use crate::ledger::postgres::planned_lately;
use crate::ledger::vault::hex;

/// One slice of the feed: a transaction that holds the leases of some models of one employer.
pub(crate) enum Slice<'a> {
    Postgres(Transaction<'a, Postgres>),
    Sqlite(Transaction<'a, Sqlite>),
}

/// Runs one expression against whichever transaction a slice is.
macro_rules! within {
    ($slice:expr, $db:ident => $body:expr) => {
        match $slice {
            Slice::Postgres(tx) => {
                let $db = &mut **tx;
                $body
            }
            Slice::Sqlite(tx) => {
                let $db = &mut **tx;
                $body
            }
        }
    };
}

/// Holds the SQLite writer while a slice runs; nothing on PostgreSQL.
pub(crate) enum SliceSource<'a> {
    Postgres(&'a sqlx::PgPool),
    Sqlite(tokio::sync::MutexGuard<'a, sqlx::SqliteConnection>),
}

impl SliceSource<'_> {
    pub(crate) async fn begin(&mut self) -> Result<Slice<'_>, StoreError> {
        Ok(match self {
            // What a crash of the server loses of it is folded again: documents and checkpoints stand or fall together, and
            // the log does not depend on them.
            Self::Postgres(pool) => {
                Slice::Postgres(pool.begin_with("begin; set local synchronous_commit = off").await?)
            }
            Self::Sqlite(writer) => Slice::Sqlite(writer.begin().await?),
        })
    }
}

impl Slice<'_> {
    /// Takes the leases of these models: those that are free, with their positions.
    pub(crate) async fn lease(
        &mut self,
        employer: &str,
        models: &[(&'static str, u32)],
    ) -> Result<Vec<(String, i32, i64)>, StoreError> {
        let rows: Vec<(String, i32, i64)> = match self {
            Self::Postgres(tx) => {
                // Of these alone: whoever else keeps a checkpoint does not wait for the feed.
                let names: Vec<&str> = models.iter().map(|(name, _)| *name).collect();
                let sql = "select model, version, position from checkpoints
                           where employer = $1 and model = any ($2) and stopped is null
                           order by model, version for update skip locked";
                sqlx::query_as(sql).bind(employer).bind(names).fetch_all(&mut **tx).await?
            }
            Self::Sqlite(tx) => {
                let sql = "select model, version, position from checkpoints
                           where employer = $1 and stopped is null order by model, version";
                sqlx::query_as(sql).bind(employer).fetch_all(&mut **tx).await?
            }
        };
        Ok(rows
            .into_iter()
            .filter(|(name, version, _)| models.iter().any(|(n, v)| n == name && i64::from(*v) == i64::from(*version)))
            .collect())
    }

    /// The events after a position: position, leaf.
    pub(crate) async fn events(
        &mut self,
        employer: &str,
        after: i64,
        limit: i64,
    ) -> Result<Vec<(i64, String)>, StoreError> {
        Ok(within!(self, db => sqlx::query_as(EVENTS).bind(employer).bind(after).bind(limit).fetch_all(db).await?))
    }

    /// The documents with these ids.
    pub(crate) async fn documents(
        &mut self,
        table: &TableId,
        employer: &str,
        ids: &[Uuid],
    ) -> Result<Vec<(Uuid, String)>, StoreError> {
        if ids.is_empty() {
            return Ok(vec![]);
        }
        let name = table.table();
        Ok(match self {
            Self::Postgres(tx) => {
                // One search of the key a document.
                let sql = planned_lately(&format!(
                    "select d.id, d.body from unnest($2::uuid[]) k (id) cross join lateral (
                         select id, body from {name} where employer = $1 and id = k.id offset 0) d"
                ));
                sqlx::query_as(&sql).bind(employer).bind(ids).fetch_all(&mut **tx).await?
            }
            Self::Sqlite(tx) => {
                let sql = format!(
                    "select d.id, d.body from json_each($2) j cross join {name} d where d.employer = $1 and d.id = unhex(j.value)"
                );
                let ids: Vec<String> = ids.iter().map(|id| hex(id.as_bytes())).collect();
                sqlx::query_as(&sql).bind(employer).bind(json!(ids).to_string()).fetch_all(&mut **tx).await?
            }
        })
    }

    /// The documents whose filter has one of these values: each with the value it has.
    pub(crate) async fn matching(
        &mut self,
        table: &TableId,
        employer: &str,
        filter: &'static str,
        values: &[String],
    ) -> Result<Vec<(String, Uuid)>, StoreError> {
        let (name, column) = (table.table(), column(filter));
        Ok(match self {
            Self::Postgres(tx) => {
                // One search of the index a value.
                let sql = planned_lately(&format!(
                    "select v.value, d.id from unnest($2::text[]) v (value) cross join lateral (
                         select id from {name} where employer = $1 and {column} = v.value offset 0) d"
                ));
                sqlx::query_as(&sql).bind(employer).bind(values).fetch_all(&mut **tx).await?
            }
            Self::Sqlite(tx) => {
                let sql = format!(
                    "select v.value, d.id from json_each($2) v cross join {name} d
                     where d.employer = $1 and d.{column} = v.value"
                );
                sqlx::query_as(&sql).bind(employer).bind(json!(values).to_string()).fetch_all(&mut **tx).await?
            }
        })
    }

    /// Writes documents back in one statement for those that begin and one for those that were there, and removes the rest.
    pub(crate) async fn put(
        &mut self,
        table: &TableId,
        employer: &str,
        position: i64,
        folded: &Folded,
    ) -> Result<(), StoreError> {
        let name = table.table();
        let columns = table.columns(|_, column| column.to_owned());
        let Folded { begun, changed, removed } = folded;
        match self {
            Self::Postgres(tx) => {
                let rows = format!(
                    "unnest($3::uuid[], $4::text[], $5::text[], $6::bigint[]{}) as d (id, body, sort_key, version{columns})",
                    table.columns(|number, _| format!("${}::text[]", number + 7))
                );
                if !begun.is_empty() {
                    let shown = table.columns(|_, column| format!("d.{column}"));
                    let sql = format!(
                        "insert into {name} (employer, id, body, sort_key, version, position{columns})
                         select $1, d.id, d.body, d.sort_key, d.version, $2{shown} from {rows}"
                    );
                    bound(&sql, table, employer, position, begun).execute(&mut **tx).await?;
                }
                if !changed.is_empty() {
                    // Neither a search for a conflict nor a lock before the change: the lease is ours, and they are there.
                    let set = table.columns(|_, column| format!("{column} = d.{column}"));
                    let sql = planned_lately(&format!(
                        "update {name} t set body = d.body, sort_key = d.sort_key, version = d.version, position = $2{set}
                         from {rows} where t.employer = $1 and t.id = d.id"
                    ));
                    bound(&sql, table, employer, position, changed).execute(&mut **tx).await?;
                }
                if !removed.is_empty() {
                    let sql = format!("delete from {name} where employer = $1 and id = any ($2)");
                    sqlx::query(&sql).bind(employer).bind(removed).execute(&mut **tx).await?;
                }
            }
            Self::Sqlite(tx) => {
                if !begun.is_empty() || !changed.is_empty() {
                    let set = table.columns(|_, column| format!("{column} = excluded.{column}"));
                    let sql = format!(
                        "insert into {name} (employer, id, body, sort_key, version, position{columns})
                         select $1, unhex(value ->> 0), value ->> 1, value ->> 2, value ->> 3, $2{}
                         from json_each($3) where true
                         on conflict (employer, id) do update set body = excluded.body, sort_key = excluded.sort_key,
                         version = excluded.version, position = excluded.position{set}",
                        table.columns(|number, _| format!("value ->> {}", number + 4))
                    );
                    let row = |Written { document, filters }: &Written| {
                        let Document { id, body, sort_key, version } = document;
                        let shown = [json!(hex(id.as_bytes())), json!(body), json!(sort_key), json!(version)];
                        Value::Array(shown.into_iter().chain(filters.iter().map(|value| json!(value))).collect())
                    };
                    let rows: Vec<Value> = begun.iter().chain(changed).map(row).collect();
                    sqlx::query(&sql)
                        .bind(employer)
                        .bind(position)
                        .bind(json!(rows).to_string())
                        .execute(&mut **tx)
                        .await?;
                }
                if !removed.is_empty() {
                    let sql = format!(
                        "delete from {name} where employer = $1 and id in (select unhex(value) from json_each($2))"
                    );
                    let ids: Vec<String> = removed.iter().map(|id| hex(id.as_bytes())).collect();
                    sqlx::query(&sql).bind(employer).bind(json!(ids).to_string()).execute(&mut **tx).await?;
                }
            }
        }
        Ok(())
    }

    /// Moves the checkpoints of these models to a position.
    pub(crate) async fn advance(
        &mut self,
        employer: &str,
        models: &[(&str, i32)],
        position: i64,
    ) -> Result<(), StoreError> {
        match self {
            Self::Postgres(tx) => {
                let (names, versions): (Vec<&str>, Vec<i32>) = models.iter().copied().unzip();
                let sql = "update checkpoints c set position = $4 from unnest($2::text[], $3::integer[]) as m (model, version)
                           where c.employer = $1 and c.model = m.model and c.version = m.version";
                sqlx::query(sql).bind(employer).bind(names).bind(versions).bind(position).execute(&mut **tx).await?;
            }
            Self::Sqlite(tx) => {
                let sql = "update checkpoints set position = $3 where employer = $1 and (model, version) in (
                               select value ->> 0, value ->> 1 from json_each($2))";
                let models = json!(models).to_string();
                sqlx::query(sql).bind(employer).bind(models).bind(position).execute(&mut **tx).await?;
            }
        }
        Ok(())
    }

    /// Stops a model at an event it cannot read.
    pub(crate) async fn stop(
        &mut self,
        employer: &str,
        model: &str,
        version: i32,
        why: &str,
    ) -> Result<(), StoreError> {
        let sql = "update checkpoints set stopped = $4 where employer = $1 and model = $2 and version = $3";
        within!(self, db => { sqlx::query(sql).bind(employer).bind(model).bind(version).bind(why).execute(db).await?; });
        Ok(())
    }

    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Postgres(tx) => tx.commit().await?,
            Self::Sqlite(tx) => tx.commit().await?,
        }
        Ok(())
    }
}

/// A statement over these documents: the employer, the position, and an array a column.
fn bound<'q>(
    sql: &'q str,
    table: &TableId,
    employer: &'q str,
    position: i64,
    written: &'q [Written],
) -> Query<'q, Postgres, PgArguments> {
    let documents = || written.iter().map(|written| &written.document);
    let statement = sqlx::query(sql)
        .bind(employer)
        .bind(position)
        .bind(documents().map(|document| document.id).collect::<Vec<_>>())
        .bind(documents().map(|document| document.body.as_str()).collect::<Vec<_>>())
        .bind(documents().map(|document| document.sort_key.as_str()).collect::<Vec<_>>())
        .bind(documents().map(|document| document.version).collect::<Vec<_>>());
    (0..table.filters.len()).fold(statement, |statement, filter| {
        let value = |written: &'q Written| written.filters.get(filter).and_then(Option::as_deref);
        statement.bind(written.iter().map(value).collect::<Vec<_>>())
    })
}
