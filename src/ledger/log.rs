//! Reading the log itself: by position, by type, by subject; receipts, claims and timers.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use uuid::Uuid;

use super::{Ledger, Receipt, StoreError, StoredEvent, StreamKey, reading};

/// What a reader of the log asks for.
#[derive(Clone, Debug, Default)]
pub struct LogQuery {
    /// Only events after this position.
    pub after: i64,
    /// How many at most.
    pub limit: i64,
    /// Only events of this type (`departure.recorded`) or of this kind of stream (`departure.`).
    pub event_type: Option<String>,
    /// Only events of this stream, or linked to this person or case.
    pub subject: Option<Uuid>,
}

/// An event of the log.
#[derive(Clone, Debug)]
pub struct LogEntry {
    /// Its place in the employer's log.
    pub position: i64,
    /// The canonical leaf, exactly as hashed.
    pub leaf: String,
    /// The leaf's hash.
    pub leaf_hash: Vec<u8>,
}

/// Request, status, stream kind and id, version, position, state.
type ReceiptRow = (Vec<u8>, i32, String, Uuid, i64, i64, String);

/// Sequence, position, type, version, recorded at, leaf.
type EventRow = (i64, i64, String, i32, i64, String);

fn stored((sequence, position, event_type, event_version, recorded_at, leaf): EventRow) -> StoredEvent {
    StoredEvent { sequence, position, event_type, event_version, recorded_at, leaf }
}

impl Ledger {
    /// The employer's log by position.
    ///
    /// A stream is found by its id: `+position` keeps a planner from walking the log by position instead.
    pub async fn log(&self, employer: &str, query: &LogQuery) -> Result<Vec<LogEntry>, StoreError> {
        let mut sql = match query.subject {
            None => "select e.position, e.leaf, e.leaf_hash from events e
                     where e.employer = $1 and e.position > $2"
                .to_owned(),
            Some(_) => "with about (position) as (
                     select position from events where employer = $1 and person = $4 and position > $2
                     union
                     select position from events where employer = $1 and stream_id = $4 and +position > $2)
                 select e.position, e.leaf, e.leaf_hash from about a cross join events e
                 where e.employer = $1 and e.position = a.position"
                .to_owned(),
        };
        if let Some(event_type) = &query.event_type {
            // A kind ends in a dot and matches every event of its streams.
            let column = if event_type.ends_with('.') { "stream_kind" } else { "event_type" };
            let slot = if query.subject.is_some() { 5 } else { 4 };
            let _ = write!(sql, " and e.{column} = ${slot}");
        }
        sql.push_str(" order by e.position limit $3");
        let event_type = query.event_type.as_deref().map(|name| name.trim_end_matches('.'));
        let rows: Vec<(i64, String, Vec<u8>)> = reading!(self.store, db => {
            let mut statement = sqlx::query_as(&sql).bind(employer).bind(query.after).bind(query.limit);
            if let Some(subject) = query.subject {
                statement = statement.bind(subject);
            }
            if let Some(event_type) = event_type {
                statement = statement.bind(event_type);
            }
            statement.fetch_all(db).await?
        });
        self.count_read(rows.len());
        Ok(rows.into_iter().map(|(position, leaf, leaf_hash)| LogEntry { position, leaf, leaf_hash }).collect())
    }

    /// The latest events before a position that are of these streams, or linked to these persons or cases; newest first.
    pub async fn latest_about(
        &self,
        employer: &str,
        subjects: &[Uuid],
        before: i64,
        limit: i64,
    ) -> Result<Vec<LogEntry>, StoreError> {
        let mut found: BTreeMap<i64, LogEntry> = BTreeMap::new();
        for chunk in subjects.chunks(50) {
            let mut sql = String::from("with about (position) as (");
            for slot in (0..chunk.len()).map(|nth| nth + 4) {
                let _ = write!(
                    sql,
                    "{} select position from (
                         select position from events where employer = $1 and person = ${slot} and position < $2
                         order by position desc limit $3) linked
                     union
                     select position from (
                         select position from events where employer = $1 and stream_id = ${slot} and +position < $2
                         order by +position desc limit $3) own",
                    if slot == 4 { "" } else { " union" }
                );
            }
            sql.push_str(
                "), latest (position) as (select position from about order by position desc limit $3)
                 select e.position, e.leaf, e.leaf_hash from latest a cross join events e
                 where e.employer = $1 and e.position = a.position order by e.position desc",
            );
            let rows: Vec<(i64, String, Vec<u8>)> = reading!(self.store, db => {
                let mut statement = sqlx::query_as(&sql).bind(employer).bind(before).bind(limit);
                for subject in chunk {
                    statement = statement.bind(*subject);
                }
                statement.fetch_all(db).await?
            });
            self.count_read(rows.len());
            found.extend(
                rows.into_iter().map(|(position, leaf, leaf_hash)| (position, LogEntry { position, leaf, leaf_hash })),
            );
        }
        Ok(found.into_values().rev().take(usize::try_from(limit).unwrap_or(usize::MAX)).collect())
    }

    /// The latest events of some types in a stream; newest first.
    pub async fn latest_of(
        &self,
        stream: &StreamKey,
        types: &[&str],
        limit: i64,
    ) -> Result<Vec<StoredEvent>, StoreError> {
        let slots: Vec<String> = (0..types.len()).map(|slot| format!("${}", slot + 5)).collect();
        let sql = format!(
            "select sequence, position, event_type, event_version, recorded_at, leaf from events
             where employer = $1 and stream_kind = $2 and stream_id = $3 and event_type in ({})
             order by sequence desc limit $4",
            slots.join(",")
        );
        let rows: Vec<EventRow> = reading!(self.store, db => {
            let mut statement =
                sqlx::query_as(&sql).bind(&*stream.employer).bind(stream.kind).bind(stream.id).bind(limit);
            for name in types {
                statement = statement.bind(*name);
            }
            statement.fetch_all(db).await?
        });
        self.count_read(rows.len());
        Ok(rows.into_iter().map(stored).collect())
    }

    /// The events of some types after a position and up to another: position, leaf.
    pub async fn triggers(
        &self,
        employer: &str,
        types: &[&str],
        after: i64,
        upto: i64,
        limit: i64,
    ) -> Result<Vec<(i64, String)>, StoreError> {
        let slots: Vec<String> = (0..types.len()).map(|slot| format!("${}", slot + 5)).collect();
        let sql = format!(
            "select position, leaf from events
             where employer = $1 and position > $2 and position <= $3 and event_type in ({}) order by position limit $4",
            slots.join(",")
        );
        Ok(reading!(self.store, db => {
            let mut statement = sqlx::query_as(&sql).bind(employer).bind(after).bind(upto).bind(limit);
            for name in types {
                statement = statement.bind(*name);
            }
            statement.fetch_all(db).await?
        }))
    }

    /// A stored receipt.
    pub async fn receipt(&self, employer: &str, key: &[u8]) -> Result<Option<Receipt>, StoreError> {
        let sql = "select request, status, stream_kind, stream_id, version, position, state from receipts
                   where employer = $1 and key = $2";
        let row: Option<ReceiptRow> =
            reading!(self.store, db => sqlx::query_as(sql).bind(employer).bind(key).fetch_optional(db).await?);
        Ok(row.map(|(request, status, kind, id, version, position, state)| Receipt {
            request,
            status,
            kind,
            id,
            version,
            position,
            state,
        }))
    }

    /// Forgets receipts made before an instant (microseconds).
    pub async fn forget_receipts(&self, before: i64) -> Result<u64, StoreError> {
        let sql = "delete from receipts where made_at < $1";
        Ok(super::writing!(self.store, db => sqlx::query(sql).bind(before).execute(db).await?.rows_affected()))
    }

    /// The streams whose timer is due by an instant (microseconds), soonest first: employer, kind, id, due.
    pub async fn due_timers(&self, by: i64, limit: i64) -> Result<Vec<(String, String, Uuid, i64)>, StoreError> {
        let sql = "select employer, stream_kind, stream_id, due_at from timers where due_at <= $1
                   order by due_at, employer, stream_kind, stream_id limit $2";
        Ok(reading!(self.store, db => sqlx::query_as(sql).bind(by).bind(limit).fetch_all(db).await?))
    }

    /// All timer rows of an employer: kind, id, due.
    pub async fn timers(&self, employer: &str) -> Result<Vec<(String, Uuid, i64)>, StoreError> {
        let sql =
            "select stream_kind, stream_id, due_at from timers where employer = $1 order by stream_kind, stream_id";
        Ok(reading!(self.store, db => sqlx::query_as(sql).bind(employer).fetch_all(db).await?))
    }

    /// A timer that no longer means anything to its stream.
    pub async fn clear_timer(&self, stream: &StreamKey, due: i64) -> Result<(), StoreError> {
        let sql = "delete from timers where employer = $1 and stream_kind = $2 and stream_id = $3 and due_at = $4";
        super::writing!(self.store, db => {
            sqlx::query(sql).bind(&*stream.employer).bind(stream.kind).bind(stream.id).bind(due).execute(db).await?;
        });
        Ok(())
    }

    /// The event of a command, if it is in the log: for commands that repeat after a crash.
    pub async fn recorded_command(&self, employer: &str, command_id: Uuid) -> Result<Option<StoredEvent>, StoreError> {
        let sql = "select sequence, position, event_type, event_version, recorded_at, leaf from events
                   where employer = $1 and command_id = $2 order by ordinal desc limit 1";
        let row: Option<EventRow> =
            reading!(self.store, db => sqlx::query_as(sql).bind(employer).bind(command_id).fetch_optional(db).await?);
        Ok(row.map(stored))
    }

    /// Moves a checkpoint forward, never back.
    pub async fn advance_checkpoint(
        &self,
        employer: &str,
        model: &str,
        version: i32,
        position: i64,
    ) -> Result<(), StoreError> {
        let sql = "update checkpoints set position = $4 where employer = $1 and model = $2 and version = $3 and position < $4";
        super::writing!(self.store, db => {
            sqlx::query(sql).bind(employer).bind(model).bind(version).bind(position).execute(db).await?;
        });
        Ok(())
    }

    /// Whether the store answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        reading!(self.store, db => { sqlx::query("select 1").execute(db).await?; });
        Ok(())
    }
}
