//! Who uses the ledger: its mode, employers, callers, API keys.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::vault::MasterKey;
use super::{Ledger, Store, StoreError, reading, writing};

/// Whether a ledger is for trying out or for real; marked when it is made, never changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr, strum::EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum LedgerMode {
    /// Tokens signed by the program, a clock that can be moved, loopback only.
    Trial,
    /// An OIDC issuer is required.
    Live,
}

/// What the program must know of an employer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmployerSettings {
    /// IANA name of the zone in which statutory dates are computed.
    pub time_zone: String,
    /// The entity that records without one belong to.
    pub default_legal_entity: String,
}

impl Default for EmployerSettings {
    fn default() -> Self {
        Self { time_zone: "Asia/Tokyo".to_owned(), default_legal_entity: "JP-HQ".to_owned() }
    }
}

async fn meta(store: &Store, key: &str) -> Result<Option<String>, StoreError> {
    let sql = "select value from ledger_meta where key = $1";
    Ok(reading!(store, db => sqlx::query_scalar(sql).bind(key).fetch_optional(db).await?))
}

/// Writes `value` unless there is one; returns what stands.
async fn meta_once(store: &Store, key: &str, value: &str) -> Result<String, StoreError> {
    let sql = "insert into ledger_meta (key, value) values ($1, $2) on conflict (key) do nothing";
    writing!(store, db => { sqlx::query(sql).bind(key).bind(value).execute(db).await?; });
    Ok(meta(store, key).await?.unwrap_or_default())
}

async fn set_meta(store: &Store, key: &str, value: &str) -> Result<(), StoreError> {
    let sql =
        "insert into ledger_meta (key, value) values ($1, $2) on conflict (key) do update set value = excluded.value";
    writing!(store, db => { sqlx::query(sql).bind(key).bind(value).execute(db).await?; });
    Ok(())
}

/// Marks a new ledger, or checks that an existing one fits this key, mode and program.
pub(super) async fn check(store: &Store, key: &MasterKey, mode: LedgerMode) -> Result<(), StoreError> {
    let name: &'static str = mode.into();
    let stands = meta_once(store, "mode", name).await?;
    if stands != name {
        return Err(StoreError::Refused(format!(
            "this ledger was made as {stands:?} and cannot be opened as {name:?}: a {} ledger {}",
            stands,
            if stands == "trial" { "refuses an OIDC issuer" } else { "needs an OIDC issuer" }
        )));
    }
    let fingerprint = key.fingerprint();
    let stands = meta_once(store, "master_key_fingerprint", &fingerprint).await?;
    if stands != fingerprint {
        return Err(StoreError::Refused(format!(
            "this ledger was made with the master key {stands}, the one given is {fingerprint}"
        )));
    }
    let known = aggregates::catalogue::CATALOGUE_VERSION;
    let stands = meta_once(store, "catalogue_version", &known.to_string()).await?;
    match stands.parse::<u32>() {
        Ok(stands) if stands > known => Err(StoreError::Refused(format!(
            "this ledger holds events of catalogue version {stands}; this program reads up to {known}"
        ))),
        Ok(stands) if stands < known => set_meta(store, "catalogue_version", &known.to_string()).await,
        Ok(_) => Ok(()),
        Err(_) => Err(StoreError::Unreadable(format!("catalogue_version {stands:?}"))),
    }
}

pub(super) async fn clock_offset(store: &Store) -> Result<i64, StoreError> {
    let text = meta(store, "clock_offset_micros").await?;
    text.map_or(Ok(0), |text| text.parse().map_err(|_| StoreError::Unreadable(format!("clock_offset_micros {text:?}"))))
}

impl Ledger {
    /// Moves domain time forward to `target` (microseconds) and stores the offset. `false` in a live ledger.
    pub async fn advance_clock(&self, target: i64) -> Result<bool, StoreError> {
        let Some(offset) = self.clock.advance_to(target) else { return Ok(false) };
        // Another node may have moved it further: what is stored never goes back either.
        let sql = "insert into ledger_meta (key, value) values ('clock_offset_micros', $1) on conflict (key) do update
                   set value = excluded.value where cast(ledger_meta.value as bigint) < cast(excluded.value as bigint)";
        writing!(self.store, db => { sqlx::query(sql).bind(offset.to_string()).execute(db).await?; });
        if let Store::Postgres(store) = &*self.store {
            store.nodes.tell();
        }
        Ok(true)
    }

    /// Takes over an offset that another node has stored. Nothing in a live ledger.
    pub async fn refresh_clock(&self) -> Result<(), StoreError> {
        let offset = clock_offset(&self.store).await?;
        self.clock.follow(offset);
        Ok(())
    }

    /// Adds an employer; `false` if it exists.
    pub async fn add_employer(&self, employer: &str, settings: &EmployerSettings) -> Result<bool, StoreError> {
        let settings = serde_json::to_string(settings).map_err(|e| StoreError::Unreadable(e.to_string()))?;
        let sql =
            "insert into employers (employer, settings, made_at) values ($1, $2, $3) on conflict (employer) do nothing";
        let head = "insert into log_heads (employer) values ($1) on conflict (employer) do nothing";
        let now = self.clock.now_micros();
        Ok(writing!(self.store, db => {
            let mut tx = sqlx::Acquire::begin(db).await?;
            let added = sqlx::query(sql).bind(employer).bind(settings).bind(now).execute(&mut *tx).await?.rows_affected();
            sqlx::query(head).bind(employer).execute(&mut *tx).await?;
            tx.commit().await?;
            added == 1
        }))
    }

    /// All employers.
    pub async fn employers(&self) -> Result<BTreeMap<String, EmployerSettings>, StoreError> {
        let sql = "select employer, settings from employers order by employer";
        let rows: Vec<(String, String)> = reading!(self.store, db => sqlx::query_as(sql).fetch_all(db).await?);
        rows.into_iter()
            .map(|(employer, settings)| {
                let parsed = serde_json::from_str(&settings)
                    .map_err(|error| StoreError::Unreadable(format!("settings of employer {employer}: {error}")))?;
                Ok((employer, parsed))
            })
            .collect()
    }

    /// The directory's id of a caller, made on first sight. `who` is sealed: `{"issuer","subject","name"}`.
    pub async fn actor(&self, employer: &str, token: &[u8], who: Value) -> Result<Uuid, StoreError> {
        let find = "select actor from actors where employer = $1 and token = $2";
        let found: Option<Uuid> =
            reading!(self.store, db => sqlx::query_scalar(find).bind(employer).bind(token).fetch_optional(db).await?);
        if let Some(actor) = found {
            return Ok(actor);
        }
        let actor = Uuid::now_v7();
        let mut sealed = [serde_json::json!({"unsealed": who, "class": "statutory"})];
        let sealing = self.seal(employer, actor, false, &mut sealed).await?;
        let (Some(key), Some(value)) = (sealing.new_keys.first(), sealing.values.first()) else {
            return Err(StoreError::Unreadable("a caller could not be sealed".to_owned()));
        };
        let insert = "insert into actors (employer, actor, token, reference) values ($1, $2, $3, $4)
                      on conflict (employer, token) do nothing";
        let keys = "insert into vault_keys (employer, key_id, subject, class, wrapped) values ($1, $2, $3, $4, $5)";
        let values = "insert into vault_values (employer, reference, key_id, subject, class, sealed)
                      values ($1, $2, $3, $4, $5, $6)";
        writing!(self.store, db => {
            let mut tx = sqlx::Acquire::begin(db).await?;
            let made = sqlx::query(insert).bind(employer).bind(actor).bind(token).bind(value.reference)
                .execute(&mut *tx).await?.rows_affected();
            if made == 1 {
                sqlx::query(keys).bind(employer).bind(key.id).bind(actor).bind(key.class).bind(&key.wrapped)
                    .execute(&mut *tx).await?;
                sqlx::query(values).bind(employer).bind(value.reference).bind(key.id).bind(actor).bind(value.class)
                    .bind(&value.sealed).execute(&mut *tx).await?;
            }
            tx.commit().await?;
        });
        let found: Option<Uuid> =
            writing!(self.store, db => sqlx::query_scalar(find).bind(employer).bind(token).fetch_optional(db).await?);
        found.ok_or_else(|| StoreError::Unreadable("a caller was not stored".to_owned()))
    }

    /// Where the vault keeps who these actors are.
    pub async fn actor_references(&self, employer: &str, actors: &[Uuid]) -> Result<Vec<(Uuid, Uuid)>, StoreError> {
        let sql = "select reference from actors where employer = $1 and actor = $2";
        let mut found = Vec::with_capacity(actors.len());
        for actor in actors {
            let reference: Option<Option<Uuid>> = reading!(self.store, db => sqlx::query_scalar(sql).bind(employer).bind(actor).fetch_optional(db).await?);
            found.extend(reference.flatten().map(|reference| (*actor, reference)));
        }
        Ok(found)
    }

    /// Stores a new API key's record (JSON, which holds the secret's hash only).
    pub async fn add_api_key(&self, employer: &str, id: &str, record: &str) -> Result<(), StoreError> {
        let sql = "insert into api_keys (employer, key_id, record, made_at) values ($1, $2, $3, $4)";
        let now = self.clock.now_micros();
        writing!(self.store, db => {
            sqlx::query(sql).bind(employer).bind(id).bind(record).bind(now).execute(db).await?;
        });
        Ok(())
    }

    /// An API key's record and the instant of its revocation.
    pub async fn api_key(&self, id: &str) -> Result<Option<(String, Option<i64>)>, StoreError> {
        let sql = "select record, revoked_at from api_keys where key_id = $1";
        Ok(reading!(self.store, db => sqlx::query_as(sql).bind(id).fetch_optional(db).await?))
    }

    /// The API keys of an employer: id, record, made at, revoked at.
    pub async fn api_keys(&self, employer: &str) -> Result<Vec<(String, String, i64, Option<i64>)>, StoreError> {
        let sql =
            "select key_id, record, made_at, revoked_at from api_keys where employer = $1 order by made_at, key_id";
        Ok(reading!(self.store, db => sqlx::query_as(sql).bind(employer).fetch_all(db).await?))
    }

    /// Revokes an API key; `false` if there is no such live key of this employer.
    pub async fn revoke_api_key(&self, employer: &str, id: &str) -> Result<bool, StoreError> {
        let sql = "update api_keys set revoked_at = $3 where employer = $1 and key_id = $2 and revoked_at is null";
        let now = self.clock.now_micros();
        Ok(writing!(self.store, db => {
            sqlx::query(sql).bind(employer).bind(id).bind(now).execute(db).await?.rows_affected() == 1
        }))
    }
}
