//! What commands wait to know, on SQLite: one statement for many keys.

use serde_json::{Value, json};
use sqlx::FromRow;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

use super::SqliteStore;
use crate::ledger::documents::Document;
use crate::ledger::reads::{
    DocumentsOf, HoldersOf, KeyRow, KeysOf, MOST_RESEMBLING, Resembling, sorted, streams_of, tables,
};
use crate::ledger::vault::hex;
use crate::ledger::{StoreError, StoredEvent, StreamKey};

impl SqliteStore {
    pub(in crate::ledger) async fn load(&self, streams: &[&StreamKey]) -> Result<Vec<Vec<StoredEvent>>, StoreError> {
        let keys: Vec<Value> = streams.iter().map(|s| json!([&*s.employer, s.kind, hex(s.id.as_bytes())])).collect();
        let sql = "select k.key, e.sequence, e.position, e.event_type, e.event_version, e.recorded_at, e.leaf
                   from json_each($1) k cross join events e
                   where e.employer = k.value ->> 0 and e.stream_kind = k.value ->> 1 and e.stream_id = unhex(k.value ->> 2)
                   order by k.key, e.sequence";
        Ok(streams_of(streams.len(), self.read(sql, keys).await?))
    }

    pub(in crate::ledger) async fn holders(
        &self,
        asked: &[&HoldersOf],
    ) -> Result<Vec<Vec<(String, Uuid)>>, StoreError> {
        let of_one = |(nth, asked): (usize, &&HoldersOf)| {
            let key = |key: &String| json!([nth, asked.employer, asked.scope, key, asked.at]);
            asked.keys.iter().map(key).collect::<Vec<_>>()
        };
        let sql = "select k.value ->> 0, c.key, c.holder from json_each($1) k cross join claims c
                   where c.employer = k.value ->> 1 and c.scope = k.value ->> 2 and c.key = k.value ->> 3
                     and (c.until is null or c.until > k.value ->> 4)";
        let rows: Vec<(i64, String, Uuid)> =
            self.read(sql, asked.iter().enumerate().flat_map(of_one).collect()).await?;
        Ok(sorted(asked.len(), rows.into_iter().map(|(nth, key, holder)| (nth, (key, holder)))))
    }

    pub(in crate::ledger) async fn documents(&self, asked: &[&DocumentsOf]) -> Result<Vec<Vec<Document>>, StoreError> {
        let mut found: Vec<(i64, Document)> = Vec::new();
        for table in tables(asked) {
            let of_one = |(nth, asked): (usize, &&DocumentsOf)| {
                let id = |id: &Uuid| json!([nth, asked.employer, hex(id.as_bytes())]);
                asked.ids.iter().map(id).collect::<Vec<_>>()
            };
            let of_table = asked.iter().enumerate().filter(|(_, asked)| asked.table == table);
            let sql = format!(
                "select k.value ->> 0, d.id, d.body, d.sort_key, d.version from json_each($1) k cross join {} d
                 where d.employer = k.value ->> 1 and d.id = unhex(k.value ->> 2)",
                table.table()
            );
            let rows: Vec<(i64, Uuid, String, String, i64)> =
                self.read(&sql, of_table.flat_map(of_one).collect()).await?;
            let document = |(nth, id, body, sort_key, version)| (nth, Document { id, body, sort_key, version });
            found.extend(rows.into_iter().map(document));
        }
        Ok(sorted(asked.len(), found))
    }

    pub(in crate::ledger) async fn resembling(
        &self,
        asked: &[&Resembling],
    ) -> Result<Vec<Vec<(Uuid, Uuid)>>, StoreError> {
        let key = |asked: &&Resembling| json!([asked.employer, asked.scope, hex(asked.owner.as_bytes())]);
        let sql = "select k.key, b.owner, b.subject
                   from json_each($1) k cross join vault_tokens a cross join vault_tokens b
                   where a.employer = k.value ->> 0 and a.scope = k.value ->> 1 and a.owner = unhex(k.value ->> 2)
                     and b.employer = a.employer and b.scope = a.scope and b.token = a.token and b.subject <> a.subject
                   order by k.key, b.owner";
        let rows: Vec<(i64, Uuid, Uuid)> = self.read(sql, asked.iter().map(key).collect()).await?;
        let mut resembling = sorted(asked.len(), rows.into_iter().map(|(nth, owner, subject)| (nth, (owner, subject))));
        for found in &mut resembling {
            found.truncate(MOST_RESEMBLING);
        }
        Ok(resembling)
    }

    pub(in crate::ledger) async fn keys(&self, asked: &[&KeysOf]) -> Result<Vec<Vec<KeyRow>>, StoreError> {
        let keys = asked.iter().map(|asked| json!([asked.employer, hex(asked.subject.as_bytes())])).collect();
        let sql = "select k.key, y.key_id, y.class, y.wrapped from json_each($1) k cross join vault_keys y
                   where y.employer = k.value ->> 0 and y.subject = unhex(k.value ->> 1)
                   order by k.key, y.key_id";
        let rows: Vec<(i64, Uuid, String, Vec<u8>)> = self.read(sql, keys).await?;
        Ok(sorted(asked.len(), rows.into_iter().map(|(nth, id, class, wrapped)| (nth, (id, class, wrapped)))))
    }

    /// Reads for a list of keys.
    async fn read<R>(&self, sql: &str, keys: Vec<Value>) -> Result<Vec<R>, StoreError>
    where
        R: Send + Unpin + for<'r> FromRow<'r, SqliteRow>,
    {
        Ok(sqlx::query_as(sql).bind(Value::Array(keys).to_string()).fetch_all(&self.readers).await?)
    }
}
