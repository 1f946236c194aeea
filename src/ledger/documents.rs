//! Read models on disk: one table a model and version, checkpoints with leases, and the reads that wait for them.

mod slice;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use uuid::Uuid;

use super::{Ledger, Store, StoreError, reading};
pub(crate) use slice::{Slice, SliceSource};

/// A model's table: its name, version and filters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableId {
    /// The model's name: a Rust constant, `[a-z_]+`.
    pub name: &'static str,
    /// The fold's version.
    pub version: u32,
    /// The members that are indexed.
    pub filters: &'static [&'static str],
}

impl TableId {
    pub(super) fn table(&self) -> String {
        format!("rm_{}_{}", self.name, self.version)
    }

    /// The columns of the filters, each after a comma, as `form` writes one by its number and name.
    fn columns(&self, form: impl Fn(usize, &str) -> String) -> String {
        self.filters.iter().enumerate().fold(String::new(), |mut columns, (number, filter)| {
            let _ = write!(columns, ", {}", form(number, &column(filter)));
            columns
        })
    }
}

/// The column that holds what a document's filter says: an index over the body would be written anew with every change of it.
fn column(filter: &str) -> String {
    format!("by_{filter}")
}

/// A stored document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its id.
    pub id: Uuid,
    /// Its JSON.
    pub body: String,
    /// What lists are ordered by.
    pub sort_key: String,
    /// The version of the stream it shows.
    pub version: i64,
}

/// A document as it is written: with what its filters say, in the order of the table's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The document.
    pub document: Document,
    /// Each filter's value.
    pub filters: Vec<Option<String>>,
}

/// What a slice makes of the documents of a model.
#[derive(Debug, Default)]
pub(crate) struct Folded {
    /// Those that were not there before.
    pub(crate) begun: Vec<Written>,
    /// Those that were.
    pub(crate) changed: Vec<Written>,
    /// Those that are not any more.
    pub(crate) removed: Vec<Uuid>,
}

/// A page of documents.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// In the order that was asked for.
    pub documents: Vec<Document>,
    /// Where the next page starts; nothing where none follows.
    pub next: Option<After>,
}

/// In which direction a list goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// The least first.
    #[default]
    Ascending,
    /// The greatest first.
    Descending,
}

/// Where a page starts: behind this document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct After {
    /// What its column says, where the list is sorted by one.
    pub by: Option<String>,
    /// Its sort key.
    pub sort_key: String,
    /// Its id.
    pub id: Uuid,
}

/// What a list asks for.
#[derive(Clone, Debug, Default)]
pub struct PageQuery {
    /// Every filter must match: (member, accepted values).
    pub filters: Vec<(&'static str, Vec<String>)>,
    /// Only these ids, where given.
    pub ids: Option<Vec<Uuid>>,
    /// Sorted by what this filter says before the sort key; without the documents of which it says nothing.
    pub by: Option<&'static str>,
    /// In which direction.
    pub order: Order,
    /// Start behind this one.
    pub after: Option<After>,
    /// How many at most.
    pub limit: i64,
}

/// What a read of a model that may lag finds.
#[derive(Debug)]
pub enum Waited<T> {
    /// As of the head of the log when the read began.
    Ready(T),
    /// The model did not catch up in time.
    Behind,
}

/// How far a model has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The employer.
    pub employer: String,
    /// The model's name.
    pub model: String,
    /// The fold's version.
    pub version: i32,
    /// The last position folded.
    pub position: i64,
    /// Why it stopped, if an event could not be read.
    pub stopped: Option<String>,
}

/// Head, checkpoint, and the document if there is one: id, body, sort key, version.
type DocumentRow = (i64, Option<i64>, Option<Uuid>, Option<String>, Option<String>, Option<i64>);

/// What a slice of the feed is made of.
const EVENTS: &str =
    "select position, leaf from events where employer = $1 and position > $2 order by position limit $3";
/// How long a read waits for the feed.
const PATIENCE: Duration = Duration::from_secs(2);

fn bounded(name: &str) -> Result<(), StoreError> {
    let fits = !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    if fits { Ok(()) } else { Err(StoreError::Refused(format!("{name:?} cannot name a table or filter"))) }
}

impl Ledger {
    /// Makes a model's table and indexes, and the checkpoints of every employer that lacks one.
    pub async fn prepare_model(&self, table: &TableId) -> Result<(), StoreError> {
        bounded(table.name)?;
        table.filters.iter().try_for_each(|filter| bounded(filter))?;
        let name = table.table();
        let (id, integer, collate, spare, plain) = match &*self.store {
            // Room for the next form of a document beside the present one, which then needs no new entries in the indexes.
            // Entries of an index end with the id: no two are alike but of versions of one row, which are not looked for.
            Store::Postgres(_) => {
                ("uuid", "bigint", "collate \"C\"", "with (fillfactor = 70)", "with (deduplicate_items = off)")
            }
            Store::Sqlite(_) => ("blob", "integer", "", "", ""),
        };
        let columns = table.columns(|_, column| format!("{column} text {collate}"));
        let mut statements = vec![
            format!(
                "create table if not exists {name} (employer text {collate} not null, id {id} not null, body text not null,
                 sort_key text {collate} not null, version {integer} not null, position {integer} not null{columns},
                 primary key (id, employer)) {spare}"
            ),
            format!("create index if not exists {name}_sort on {name} (employer, sort_key, id) {plain}"),
        ];
        for filter in table.filters {
            statements.push(format!(
                "create index if not exists {name}_{filter} on {name} (employer, {column}, sort_key, id)
                 {plain} where {column} is not null",
                column = column(filter)
            ));
        }
        match &*self.store {
            Store::Postgres(store) => {
                let mut tx = store.pool.begin().await?;
                // Two nodes that start together would race for the same catalogue rows.
                sqlx::query("select pg_advisory_xact_lock(hashtext('okaeri read models'))").execute(&mut *tx).await?;
                for statement in statements.into_iter().chain(super::views::statements(table)) {
                    sqlx::query(&statement).execute(&mut *tx).await?;
                }
                tx.commit().await?;
            }
            Store::Sqlite(store) => {
                let mut writer = store.writer.lock().await;
                for statement in &statements {
                    sqlx::query(statement).execute(&mut *writer).await?;
                }
            }
        }
        self.ensure_checkpoints(table.name, table.version).await
    }

    /// Makes the checkpoint of a model for every employer that lacks one.
    pub async fn ensure_checkpoints(&self, model: &str, version: u32) -> Result<(), StoreError> {
        let sql = "insert into checkpoints (employer, model, version, position)
                   select employer, $1, $2, 0 from employers where true on conflict do nothing";
        let version = i32::try_from(version).unwrap_or(i32::MAX);
        super::writing!(self.store, db => { sqlx::query(sql).bind(model).bind(version).execute(db).await?; });
        Ok(())
    }

    /// Where the heads of all logs stand.
    pub async fn heads(&self) -> Result<HashMap<String, i64>, StoreError> {
        let rows: Vec<(String, i64)> =
            reading!(self.store, db => sqlx::query_as("select employer, position from log_heads").fetch_all(db).await?);
        Ok(rows.into_iter().collect())
    }

    /// Where all checkpoints stand.
    pub async fn checkpoints(&self) -> Result<Vec<Checkpoint>, StoreError> {
        let sql =
            "select employer, model, version, position, stopped from checkpoints order by employer, model, version";
        let rows: Vec<(String, String, i32, i64, Option<String>)> =
            reading!(self.store, db => sqlx::query_as(sql).fetch_all(db).await?);
        Ok(rows
            .into_iter()
            .map(|(employer, model, version, position, stopped)| Checkpoint {
                employer,
                model,
                version,
                position,
                stopped,
            })
            .collect())
    }

    /// The events after a position: position, leaf. They stay as they are, so that the feed may read them before it begins a
    /// slice.
    pub(crate) async fn events_after(
        &self,
        employer: &str,
        after: i64,
        limit: i64,
    ) -> Result<Vec<(i64, String)>, StoreError> {
        Ok(
            reading!(self.store, db => sqlx::query_as(EVENTS).bind(employer).bind(after).bind(limit).fetch_all(db).await?),
        )
    }

    /// Puts a model's documents away and its checkpoint back to the beginning.
    pub async fn reset_model(&self, table: &TableId, employer: &str) -> Result<(), StoreError> {
        let delete = format!("delete from {} where employer = $1", table.table());
        let back =
            "update checkpoints set position = 0, stopped = null where employer = $1 and model = $2 and version = $3";
        let version = i32::try_from(table.version).unwrap_or(i32::MAX);
        super::writing!(self.store, db => {
            let mut tx = sqlx::Acquire::begin(db).await?;
            sqlx::query(back).bind(employer).bind(table.name).bind(version).execute(&mut *tx).await?;
            sqlx::query(&delete).bind(employer).execute(&mut *tx).await?;
            tx.commit().await?;
        });
        Ok(())
    }

    pub(crate) async fn slice_source(&self) -> SliceSource<'_> {
        match &*self.store {
            Store::Postgres(store) => SliceSource::Postgres(&store.pool),
            Store::Sqlite(store) => SliceSource::Sqlite(store.writer.lock().await),
        }
    }

    /// One document, as of the log's head when the read began.
    pub async fn document(
        &self,
        table: &TableId,
        employer: &str,
        id: Uuid,
    ) -> Result<Waited<Option<Document>>, StoreError> {
        let sql = format!(
            "select h.position, c.position, d.id, d.body, d.sort_key, d.version
             from log_heads h
             left join checkpoints c on c.employer = h.employer and c.model = $2 and c.version = $3
             left join {} d on d.employer = h.employer and d.id = $4
             where h.employer = $1",
            table.table()
        );
        let version = i32::try_from(table.version).unwrap_or(i32::MAX);
        let until = Instant::now() + PATIENCE;
        let mut wanted = None;
        loop {
            let row: Option<DocumentRow> = reading!(self.store, db => sqlx::query_as(&sql)
                .bind(employer).bind(table.name).bind(version).bind(id).fetch_optional(db).await?);
            let Some((head, checkpoint, id, body, sort_key, version)) = row else { return Ok(Waited::Ready(None)) };
            if checkpoint.unwrap_or(0) >= *wanted.get_or_insert(head) {
                let document = match (id, body, sort_key, version) {
                    (Some(id), Some(body), Some(sort_key), Some(version)) => {
                        Some(Document { id, body, sort_key, version })
                    }
                    _ => None,
                };
                return Ok(Waited::Ready(document));
            }
            if Instant::now() >= until {
                return Ok(Waited::Behind);
            }
            self.reader_waits.notify_one();
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// Waits until a model has folded all that was in the log when the call began.
    pub async fn wait_for(&self, table: &TableId, employer: &str) -> Result<Waited<()>, StoreError> {
        let sql = "select h.position, coalesce(c.position, 0) from log_heads h
                   left join checkpoints c on c.employer = h.employer and c.model = $2 and c.version = $3
                   where h.employer = $1";
        let version = i32::try_from(table.version).unwrap_or(i32::MAX);
        let until = Instant::now() + PATIENCE;
        let mut wanted = None;
        loop {
            let row: Option<(i64, i64)> = reading!(self.store, db => sqlx::query_as(sql)
                .bind(employer).bind(table.name).bind(version).fetch_optional(db).await?);
            let Some((head, checkpoint)) = row else { return Ok(Waited::Ready(())) };
            if checkpoint >= *wanted.get_or_insert(head) {
                return Ok(Waited::Ready(()));
            }
            if Instant::now() >= until {
                return Ok(Waited::Behind);
            }
            self.reader_waits.notify_one();
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// A page of a model's documents, as of the log's head when the read began.
    pub async fn page(&self, table: &TableId, employer: &str, query: &PageQuery) -> Result<Waited<Page>, StoreError> {
        if matches!(self.wait_for(table, employer).await?, Waited::Behind) {
            return Ok(Waited::Behind);
        }
        let known = |filter: &&str| table.filters.contains(filter);
        if let Some(unknown) = query.filters.iter().map(|(filter, _)| *filter).chain(query.by).find(|one| !known(one)) {
            return Err(StoreError::Refused(format!("{} has no filter {unknown}", table.name)));
        }
        let by = query.by.map(column);
        let shown = by.as_deref().unwrap_or("null");
        let mut sql = format!("select id, body, sort_key, version, {shown} from {} where employer = $1", table.table());
        let mut parameters: Vec<String> = Vec::new();
        let mut ids: Vec<Uuid> = Vec::new();
        let mut next = 2;
        let list = |count: usize, next: &mut usize| {
            let slots: Vec<String> = (0..count).map(|slot| format!("${}", *next + slot)).collect();
            *next += count;
            slots.join(",")
        };
        for (filter, values) in &query.filters {
            if values.is_empty() {
                return Ok(Waited::Ready(Page::default()));
            }
            let slots = list(values.len(), &mut next);
            let _ = write!(sql, " and {} in ({slots})", column(filter));
            parameters.extend(values.iter().cloned());
        }
        let (further, direction) = match query.order {
            Order::Ascending => ('>', ""),
            Order::Descending => ('<', " desc"),
        };
        if let Some(by) = &by {
            let _ = write!(sql, " and {by} is not null");
        }
        if let Some(after) = &query.after {
            let said = by.as_ref().map(|by| format!("{by}, ")).unwrap_or_default();
            let keys: Vec<String> =
                after.by.iter().filter(|_| by.is_some()).chain([&after.sort_key]).cloned().collect();
            let slots = list(keys.len() + 1, &mut next);
            let _ = write!(sql, " and ({said}sort_key, id) {further} ({slots})");
            parameters.extend(keys);
        }
        if let Some(only) = &query.ids {
            if only.is_empty() {
                return Ok(Waited::Ready(Page::default()));
            }
            let slots = list(only.len(), &mut next);
            let _ = std::fmt::Write::write_fmt(&mut sql, format_args!(" and id in ({slots})"));
            ids.extend(only);
        }
        let first = by.map(|by| format!("{by}{direction}, ")).unwrap_or_default();
        let _ = write!(sql, " order by {first}sort_key{direction}, id{direction} limit ${next}");
        let after_id = query.after.as_ref().map(|after| after.id);
        let mut rows: Vec<(Uuid, String, String, i64, Option<String>)> = reading!(self.store, db => {
            let mut statement = sqlx::query_as(&sql).bind(employer);
            for parameter in &parameters {
                statement = statement.bind(parameter);
            }
            if let Some(id) = after_id {
                statement = statement.bind(id);
            }
            for id in &ids {
                statement = statement.bind(*id);
            }
            statement.bind(query.limit + 1).fetch_all(db).await?
        });
        let limit = usize::try_from(query.limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|(id, _, key, _, by)| After {
            by: by.clone(),
            sort_key: key.clone(),
            id: *id,
        });
        let document = |(id, body, sort_key, version, _)| Document { id, body, sort_key, version };
        Ok(Waited::Ready(Page { documents: rows.into_iter().map(document).collect(), next }))
    }

    /// All documents of a model, in order of id: for comparing a rebuild with what is live.
    pub async fn all_documents(&self, table: &TableId, employer: &str) -> Result<Vec<(Uuid, String)>, StoreError> {
        let sql = format!("select id, body from {} where employer = $1 order by id", table.table());
        Ok(reading!(self.store, db => sqlx::query_as(&sql).bind(employer).fetch_all(db).await?))
    }
}
