//! What commands wait to know, on PostgreSQL: one statement for many keys.

use std::sync::LazyLock;
use std::time::Instant;

use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::QueryAs;
use sqlx::{FromRow, Postgres};
use uuid::Uuid;

use super::PostgresStore;
use crate::ledger::documents::Document;
use crate::ledger::reads::{
    DocumentsOf, HoldersOf, KeyRow, KeysOf, MOST_RESEMBLING, Resembling, sorted, streams_of, tables,
};
use crate::ledger::{StoreError, StoredEvent, StreamKey};

/// How long a plan of a read lives that is made for many keys at once.
const PLAN_SECONDS: u64 = 2;

/// The statement under a name of these seconds. A plan that was made while a table was empty may take any index of the
/// employer, and read them all: it must not outlive the table's growth.
pub(in crate::ledger) fn planned_lately(sql: &str) -> String {
    static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);
    format!("{sql} -- {}", BEGAN.elapsed().as_secs() / PLAN_SECONDS)
}

impl PostgresStore {
    pub(in crate::ledger) async fn load(&self, streams: &[&StreamKey]) -> Result<Vec<Vec<StoredEvent>>, StoreError> {
        let employers: Vec<&str> = streams.iter().map(|s| &*s.employer).collect();
        let kinds: Vec<&str> = streams.iter().map(|s| s.kind).collect();
        let ids: Vec<Uuid> = streams.iter().map(|s| s.id).collect();
        let sql = "select k.nth - 1, e.sequence, e.position, e.event_type, e.event_version, e.recorded_at, e.leaf
                   from unnest($1::text[], $2::text[], $3::uuid[]) with ordinality as k (employer, kind, id, nth)
                   cross join lateral (
                       select sequence, position, event_type, event_version, recorded_at, leaf
                       from events
                       where employer = k.employer and stream_kind = k.kind and stream_id = k.id
                       order by sequence
                   ) e";
        let sql = planned_lately(sql);
        let query = sqlx::query_as(&sql).bind(&employers).bind(&kinds).bind(&ids);
        Ok(streams_of(streams.len(), self.read(query).await?))
    }

    pub(in crate::ledger) async fn holders(
        &self,
        asked: &[&HoldersOf],
    ) -> Result<Vec<Vec<(String, Uuid)>>, StoreError> {
        let each =
            || (0_i64..).zip(asked).flat_map(|(nth, asked)| asked.keys.iter().map(move |key| (nth, *asked, key)));
        let numbers: Vec<i64> = each().map(|(nth, _, _)| nth).collect();
        let employers: Vec<&str> = each().map(|(_, asked, _)| asked.employer.as_str()).collect();
        let scopes: Vec<&str> = each().map(|(_, asked, _)| asked.scope.as_str()).collect();
        let keys: Vec<&str> = each().map(|(_, _, key)| key.as_str()).collect();
        let instants: Vec<i64> = each().map(|(_, asked, _)| asked.at).collect();
        let sql = "select k.nth, k.key, c.holder
                   from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::bigint[])
                       as k (nth, employer, scope, key, at)
                   cross join lateral (
                       select holder from claims
                       where employer = k.employer and scope = k.scope and key = k.key and (until is null or until > k.at)
                       offset 0
                   ) c";
        let sql = planned_lately(sql);
        let query = sqlx::query_as(&sql).bind(&numbers).bind(&employers).bind(&scopes).bind(&keys).bind(&instants);
        let rows: Vec<(i64, String, Uuid)> = self.read(query).await?;
        Ok(sorted(asked.len(), rows.into_iter().map(|(nth, key, holder)| (nth, (key, holder)))))
    }

    pub(in crate::ledger) async fn documents(&self, asked: &[&DocumentsOf]) -> Result<Vec<Vec<Document>>, StoreError> {
        let mut found: Vec<(i64, Document)> = Vec::new();
        for table in tables(asked) {
            let of_table = || (0_i64..).zip(asked).filter(|(_, asked)| asked.table == table);
            let each = || of_table().flat_map(|(nth, asked)| asked.ids.iter().map(move |id| (nth, *asked, *id)));
            let numbers: Vec<i64> = each().map(|(nth, _, _)| nth).collect();
            let employers: Vec<&str> = each().map(|(_, asked, _)| asked.employer.as_str()).collect();
            let ids: Vec<Uuid> = each().map(|(_, _, id)| id).collect();
            let sql = planned_lately(&format!(
                "select k.nth, d.id, d.body, d.sort_key, d.version
                 from unnest($1::bigint[], $2::text[], $3::uuid[]) as k (nth, employer, id)
                 cross join lateral (
                     select id, body, sort_key, version from {}
                     where employer = k.employer and id = k.id
                     offset 0
                 ) d",
                table.table()
            ));
            let query = sqlx::query_as(&sql).bind(&numbers).bind(&employers).bind(&ids);
            let rows: Vec<(i64, Uuid, String, String, i64)> = self.read(query).await?;
            let document = |(nth, id, body, sort_key, version)| (nth, Document { id, body, sort_key, version });
            found.extend(rows.into_iter().map(document));
        }
        Ok(sorted(asked.len(), found))
    }

    pub(in crate::ledger) async fn resembling(
        &self,
        asked: &[&Resembling],
    ) -> Result<Vec<Vec<(Uuid, Uuid)>>, StoreError> {
        let employers: Vec<&str> = asked.iter().map(|asked| asked.employer.as_str()).collect();
        let scopes: Vec<&str> = asked.iter().map(|asked| asked.scope.as_str()).collect();
        let owners: Vec<Uuid> = asked.iter().map(|asked| asked.owner).collect();
        // One search of an index a step.
        let sql = "select k.nth - 1, b.owner, b.subject
                   from unnest($1::text[], $2::text[], $3::uuid[]) with ordinality as k (employer, scope, owner, nth)
                   cross join lateral (
                       select token, subject from vault_tokens
                       where employer = k.employer and owner = k.owner and scope = k.scope
                       offset 0
                   ) a
                   cross join lateral (
                       select owner, subject from vault_tokens
                       where employer = k.employer and scope = k.scope and token = a.token and subject <> a.subject
                       order by owner limit 100 -- as many as are told
                   ) b
                   order by k.nth, b.owner";
        let sql = planned_lately(sql);
        let query = sqlx::query_as(&sql).bind(&employers).bind(&scopes).bind(&owners);
        let rows: Vec<(i64, Uuid, Uuid)> = self.read(query).await?;
        let mut resembling = sorted(asked.len(), rows.into_iter().map(|(nth, owner, subject)| (nth, (owner, subject))));
        for found in &mut resembling {
            found.truncate(MOST_RESEMBLING);
        }
        Ok(resembling)
    }

    pub(in crate::ledger) async fn keys(&self, asked: &[&KeysOf]) -> Result<Vec<Vec<KeyRow>>, StoreError> {
        let employers: Vec<&str> = asked.iter().map(|asked| asked.employer.as_str()).collect();
        let subjects: Vec<Uuid> = asked.iter().map(|asked| asked.subject).collect();
        let sql = "select k.nth - 1, y.key_id, y.class, y.wrapped
                   from unnest($1::text[], $2::uuid[]) with ordinality as k (employer, subject, nth)
                   cross join lateral (
                       select key_id, class, wrapped from vault_keys
                       where employer = k.employer and subject = k.subject
                       order by key_id
                   ) y";
        let sql = planned_lately(sql);
        let rows: Vec<(i64, Uuid, String, Vec<u8>)> =
            self.read(sqlx::query_as(&sql).bind(&employers).bind(&subjects)).await?;
        Ok(sorted(asked.len(), rows.into_iter().map(|(nth, id, class, wrapped)| (nth, (id, class, wrapped)))))
    }

    /// Reads on the connection of the reading task.
    async fn read<'q, R>(&self, query: QueryAs<'q, Postgres, R, PgArguments>) -> Result<Vec<R>, StoreError>
    where
        R: Send + Unpin + for<'r> FromRow<'r, PgRow>,
    {
        let mut own = self.reader.lock().await;
        let mut connection = self.connection(&mut own).await?;
        let rows = query.fetch_all(&mut connection).await?;
        *own = Some(connection);
        Ok(rows)
    }
}
