//! The vault: personal data sealed on the way in, opened at the edge, erased by destroying keys.
//!
//! A value is stored as AES-256-GCM(key, salt ‖ canonical JSON), its key belongs to one person and record class and is
//! itself stored wrapped by the master key. The event holds a reference and SHA-256(salt ‖ value): with the salt gone the
//! commitment tells nothing (ERA-01, ERA-02). Search goes through tokens, HMACs under a key per employer.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use aggregates::personal::{RecordClass, UNSEALED};
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::{constant_time, digest, hmac, rand};
use base64::Engine as _;
use serde_json::{Value, json};
use unicode_normalization::UnicodeNormalization as _;
use uuid::Uuid;

use super::{Ledger, Store, StoreError, reading};

const SALT: usize = 16;
const CACHED_KEYS: usize = 20_000;

/// Why a master key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MasterKeyError {
    /// Not 32 bytes of base64.
    #[error("the master key must be 32 bytes in base64 (44 characters)")]
    Malformed,
    /// The key file could not be read or written.
    #[error("the master key file {path} cannot be used: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        source: std::io::Error,
    },
    /// Others can read the key file.
    #[error("the master key file {0} can be read by others; its mode must be 0600")]
    TooOpen(PathBuf),
    /// The system has no randomness.
    #[error("the system gave no random bytes")]
    NoRandomness,
}

/// The key that wraps all others. Whoever has it and the store can read everything; without it nothing can be read.
pub struct MasterKey([u8; 32]);

impl MasterKey {
    /// Reads 32 bytes of standard base64.
    pub fn parse(text: &str) -> Result<Self, MasterKeyError> {
        let bytes =
            base64::engine::general_purpose::STANDARD.decode(text.trim()).map_err(|_| MasterKeyError::Malformed)?;
        bytes.try_into().map(Self).map_err(|_| MasterKeyError::Malformed)
    }

    /// Makes a new one.
    pub fn generate() -> Result<Self, MasterKeyError> {
        let mut bytes = [0; 32];
        rand::fill(&mut bytes).map_err(|_| MasterKeyError::NoRandomness)?;
        Ok(Self(bytes))
    }

    /// Reads the key file of a data directory, or makes one with mode 0600.
    pub fn load_or_make(directory: &Path) -> Result<Self, MasterKeyError> {
        let path = directory.join("master.key");
        match std::fs::read_to_string(&path) {
            Ok(text) => {
                check_mode(&path)?;
                Self::parse(&text)
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Self::generate()?.keep(&path),
            Err(source) => Err(MasterKeyError::File { path, source }),
        }
    }

    /// Writes the key to a new file that only its owner can read.
    pub fn keep(self, path: &Path) -> Result<Self, MasterKeyError> {
        let failed = |source| MasterKeyError::File { path: path.to_owned(), source };
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(failed)?;
        }
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        match options.open(path) {
            Ok(mut file) => {
                writeln!(file, "{}", self.text()).and_then(|()| file.sync_all()).map_err(failed)?;
                Ok(self)
            }
            // Another process was faster: its key is the key.
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                Self::parse(&std::fs::read_to_string(path).map_err(failed)?)
            }
            Err(source) => Err(failed(source)),
        }
    }

    /// The key as text, for a backup.
    pub fn text(&self) -> String {
        base64::engine::general_purpose::STANDARD.encode(self.0)
    }

    /// A short name for the key that does not reveal it.
    pub fn fingerprint(&self) -> String {
        hex(&self.derive("okaeri fingerprint v1")[..8])
    }

    /// A key for one purpose.
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        mac(&self.0, &[purpose.as_bytes()])
    }
}

#[cfg(unix)]
fn check_mode(path: &Path) -> Result<(), MasterKeyError> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(path).map_err(|source| MasterKeyError::File { path: path.to_owned(), source })?;
    if mode.permissions().mode() & 0o077 != 0 {
        return Err(MasterKeyError::TooOpen(path.to_owned()));
    }
    Ok(())
}

#[cfg(not(unix))]
fn check_mode(_: &Path) -> Result<(), MasterKeyError> {
    Ok(())
}

/// HMAC-SHA-256 over length-prefixed parts, so that no two lists of parts collide.
fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    let mut context = hmac::Context::with_key(&key);
    for part in parts {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part);
    }
    let mut out = [0; 32];
    out.copy_from_slice(context.sign().as_ref());
    out
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = std::fmt::Write::write_fmt(&mut text, format_args!("{byte:02x}"));
        text
    })
}

/// A keyed token to be stored or looked up: never reversible, deleted with the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// What the token is of, such as `person.name`.
    pub scope: &'static str,
    /// HMAC of the folded value.
    pub token: Vec<u8>,
    /// What a look-up finds: the id of a departure, member, person.
    pub owner: Uuid,
    /// Whose data it is.
    pub subject: Uuid,
}

/// The keys of one employer, derived from the master key.
#[derive(Clone)]
pub struct EmployerKeys {
    tokens: [u8; 32],
    receipts: [u8; 32],
    invitations: [u8; 32],
}

impl EmployerKeys {
    /// The keys that a master key gives an employer.
    pub fn derive(master: &MasterKey, employer: &str) -> Self {
        let derive = |purpose: &str| mac(&master.0, &[purpose.as_bytes(), employer.as_bytes()]);
        Self {
            tokens: derive("okaeri search tokens v1"),
            receipts: derive("okaeri receipts v1"),
            invitations: derive("okaeri invitations v1"),
        }
    }

    /// The token of a value that was folded by the caller.
    pub fn token(&self, scope: &str, value: &str) -> Vec<u8> {
        mac(&self.tokens, &[scope.as_bytes(), value.as_bytes()])[..16].to_vec()
    }

    /// The HMAC of parts of a request.
    pub fn receipt(&self, parts: &[&[u8]]) -> Vec<u8> {
        mac(&self.receipts, parts).to_vec()
    }

    /// The secret of an invitation: derived, stored nowhere.
    pub fn invitation(&self, parts: &[&[u8]]) -> [u8; 32] {
        mac(&self.invitations, parts)
    }
}

/// Compares secrets without telling where they differ.
pub(crate) fn same_secret(a: &[u8], b: &[u8]) -> bool {
    constant_time::verify_slices_are_equal(a, b).is_ok()
}

/// Text as it is compared and searched: NFKC, lower case, without white space, variants of kanji kept apart.
pub fn fold_text(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).filter(|c| !c.is_whitespace()).collect()
}

/// The distinct bigrams of a folded text; a text of one character is its own bigram.
pub fn bigrams(text: &str) -> Vec<String> {
    let folded: Vec<char> = fold_text(text).chars().collect();
    let mut grams: Vec<String> = match folded.as_slice() {
        [] => vec![],
        [one] => vec![one.to_string()],
        many => many.windows(2).map(|pair| pair.iter().collect()).collect(),
    };
    grams.sort();
    grams.dedup();
    grams
}

/// What one command puts into the vault, with its events or not at all.
#[derive(Clone, Debug, Default)]
pub struct Sealing {
    pub(super) new_keys: Vec<NewKey>,
    pub(super) used_keys: Vec<UsedKey>,
    pub(super) values: Vec<SealedValue>,
    /// Search tokens to store.
    pub tokens: Vec<Token>,
    /// Persons whose keys, values and tokens are destroyed; every class when `None`.
    pub erase: Vec<(Uuid, Option<RecordClass>)>,
}

impl Sealing {
    /// Whose data is sealed.
    pub fn subjects(&self) -> Vec<Uuid> {
        let mut subjects: Vec<Uuid> = self.values.iter().map(|value| value.subject).collect();
        subjects.dedup();
        subjects
    }
}

/// A key that was there before, and must still be.
#[derive(Clone, Debug)]
pub(super) struct UsedKey {
    pub(super) id: Uuid,
    pub(super) subject: Uuid,
    pub(super) class: &'static str,
}

#[derive(Clone)]
pub(super) struct NewKey {
    pub(super) id: Uuid,
    pub(super) subject: Uuid,
    pub(super) class: &'static str,
    pub(super) wrapped: Vec<u8>,
    key: [u8; 32],
}

impl std::fmt::Debug for NewKey {
    /// Never shows the key: debug output ends in logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NewKey({}, {}, {})", self.id, self.subject, self.class)
    }
}

#[derive(Clone, Debug)]
pub(super) struct SealedValue {
    pub(super) reference: Uuid,
    pub(super) key: Uuid,
    pub(super) subject: Uuid,
    pub(super) class: &'static str,
    pub(super) sealed: Vec<u8>,
}

type KeyName = (String, Uuid, RecordClass);

/// Seals and opens. Holds the master key and a bounded cache of unwrapped keys.
pub struct Vault {
    wrapping: LessSafeKey,
    master: MasterKey,
    cached: Mutex<HashMap<KeyName, (Uuid, [u8; 32])>>,
}

impl Vault {
    pub(super) fn new(master: &MasterKey) -> Self {
        Self {
            wrapping: cipher(&master.derive("okaeri key wrapping v1")),
            master: MasterKey(master.0),
            cached: Mutex::new(HashMap::new()),
        }
    }

    /// The keys of one employer.
    pub fn employer_keys(&self, employer: &str) -> EmployerKeys {
        EmployerKeys::derive(&self.master, employer)
    }

    fn remember(&self, name: KeyName, key: (Uuid, [u8; 32])) {
        let mut cached = self.cached.lock().unwrap_or_else(PoisonError::into_inner);
        if cached.len() >= CACHED_KEYS {
            cached.clear();
        }
        cached.insert(name, key);
    }

    /// Remembers keys that have just been recorded: what follows seals under them.
    pub(super) fn recorded(&self, employer: &str, keys: Vec<NewKey>) {
        for NewKey { id, subject, class, key, .. } in keys {
            if let Ok(class) = class.parse::<RecordClass>() {
                self.remember((employer.to_owned(), subject, class), (id, key));
            }
        }
    }

    /// Forgets cached keys of a person, after a command found one destroyed or destroyed it itself.
    pub fn forget(&self, employer: &str, subject: Uuid) {
        self.cached
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .retain(|(e, s, _), _| !(e == employer && *s == subject));
    }

    fn wrap(&self, employer: &str, id: Uuid, key: &[u8; 32]) -> Vec<u8> {
        seal_bytes(&self.wrapping, &context("key", employer, id), key)
    }

    fn unwrap(&self, employer: &str, id: Uuid, wrapped: &[u8]) -> Option<[u8; 32]> {
        open_bytes(&self.wrapping, &context("key", employer, id), wrapped)?.try_into().ok()
    }
}

/// How many bytes of a reference say whose it is.
const WHOSE: usize = 6;

fn whose(subject: Uuid) -> [u8; WHOSE] {
    let mut whose = [0; WHOSE];
    whose.copy_from_slice(&digest::digest(&digest::SHA256, subject.as_bytes()).as_ref()[..WHOSE]);
    whose
}

/// A reference to a value of a person: random, but for a beginning that all of theirs share, so that they lie together and
/// are found together when they are erased.
fn new_reference(subject: Uuid) -> Uuid {
    let mut bytes: [u8; 16] = random();
    bytes[..WHOSE].copy_from_slice(&whose(subject));
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// The first and the last reference that a value of a person can have. Those of others may lie between them.
pub(super) fn references_of(subject: Uuid) -> (Uuid, Uuid) {
    let (mut first, mut last) = ([0; 16], [u8::MAX; 16]);
    first[..WHOSE].copy_from_slice(&whose(subject));
    last[..WHOSE].copy_from_slice(&whose(subject));
    (Uuid::from_bytes(first), Uuid::from_bytes(last))
}

fn cipher(key: &[u8; 32]) -> LessSafeKey {
    // A 32-byte key always fits AES-256.
    match UnboundKey::new(&AES_256_GCM, key) {
        Ok(key) => LessSafeKey::new(key),
        Err(_) => unreachable!("AES-256 takes every 32-byte key"),
    }
}

fn context(what: &str, employer: &str, id: Uuid) -> Vec<u8> {
    format!("okaeri {what} v1|{employer}|{id}").into_bytes()
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    // aws-lc aborts the process rather than hand out weak randomness; the error is for other providers.
    let filled = rand::fill(&mut bytes);
    debug_assert!(filled.is_ok());
    bytes
}

fn seal_bytes(key: &LessSafeKey, context: &[u8], plain: &[u8]) -> Vec<u8> {
    let nonce: [u8; NONCE_LEN] = random();
    let mut out = Vec::with_capacity(NONCE_LEN + plain.len() + AES_256_GCM.tag_len());
    out.extend_from_slice(plain);
    if key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(context), &mut out).is_err() {
        unreachable!("AES-GCM seals every text below 64 GiB");
    }
    out.splice(0..0, nonce);
    out
}

fn open_bytes(key: &LessSafeKey, context: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, rest) = sealed.split_at_checked(NONCE_LEN)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let mut bytes = rest.to_vec();
    let plain = key.open_in_place(nonce, Aad::from(context), &mut bytes).ok()?;
    Some(plain.to_vec())
}

/// Every unsealed personal value in `payload`, replaced by what `seal` returns for it.
fn replace_unsealed(payload: &mut Value, seal: &mut impl FnMut(RecordClass, &Value) -> Value) {
    match payload {
        Value::Object(members) => {
            if let Some(value) = members.get(UNSEALED)
                && let Some(class) = members.get("class").and_then(Value::as_str).and_then(|name| name.parse().ok())
            {
                *payload = seal(class, value);
            } else {
                members.values_mut().for_each(|value| replace_unsealed(value, seal));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|value| replace_unsealed(value, seal)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn unsealed_classes(payload: &Value, classes: &mut Vec<RecordClass>) {
    match payload {
        Value::Object(members) => {
            if members.contains_key(UNSEALED) {
                let class = members.get("class").and_then(Value::as_str);
                classes.extend(class.and_then(|name| name.parse::<RecordClass>().ok()));
            } else {
                members.values().for_each(|value| unsealed_classes(value, classes));
            }
        }
        Value::Array(items) => items.iter().for_each(|value| unsealed_classes(value, classes)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

impl Ledger {
    /// Seals every unsealed personal value of `payloads`. `known` says that the subject may have keys already.
    pub async fn seal(
        &self,
        employer: &str,
        subject: Uuid,
        known: bool,
        payloads: &mut [Value],
    ) -> Result<Sealing, StoreError> {
        let mut sealing = Sealing::default();
        let mut classes = Vec::new();
        for payload in payloads.iter() {
            unsealed_classes(payload, &mut classes);
        }
        classes.sort_unstable();
        classes.dedup();
        if classes.is_empty() {
            return Ok(sealing);
        }
        let keys = self.keys_for(employer, subject, known, &classes, &mut sealing).await?;
        let mut seal = |class: RecordClass, value: &Value| {
            let Some((key_id, key)) = keys.get(&class) else { return json!({"erased": true}) };
            let reference = new_reference(subject);
            let salt: [u8; SALT] = random();
            let mut plain = salt.to_vec();
            plain.extend_from_slice(value.to_string().as_bytes());
            let commitment = hex(digest::digest(&digest::SHA256, &plain).as_ref());
            sealing.values.push(SealedValue {
                reference,
                key: *key_id,
                subject,
                class: class.into(),
                sealed: seal_bytes(&cipher(key), &context("value", employer, reference), &plain),
            });
            json!({"ref": reference, "commitment": commitment})
        };
        for payload in payloads.iter_mut() {
            replace_unsealed(payload, &mut seal);
        }
        Ok(sealing)
    }

    async fn keys_for(
        &self,
        employer: &str,
        subject: Uuid,
        known: bool,
        classes: &[RecordClass],
        sealing: &mut Sealing,
    ) -> Result<BTreeMap<RecordClass, (Uuid, [u8; 32])>, StoreError> {
        let vault = &self.vault;
        let mut keys = BTreeMap::new();
        if known {
            {
                let cached = vault.cached.lock().unwrap_or_else(PoisonError::into_inner);
                for class in classes {
                    if let Some(key) = cached.get(&(employer.to_owned(), subject, *class)) {
                        keys.insert(*class, *key);
                    }
                }
            }
            if keys.len() < classes.len() {
                for (id, class, wrapped) in self.stored_keys(employer, subject).await? {
                    let Ok(class) = class.parse::<RecordClass>() else { continue };
                    if let Some(key) = vault.unwrap(employer, id, &wrapped) {
                        vault.remember((employer.to_owned(), subject, class), (id, key));
                        keys.entry(class).or_insert((id, key));
                    }
                }
            }
            sealing.used_keys.extend(classes.iter().filter_map(|class| {
                keys.get(class).map(|(id, _)| UsedKey { id: *id, subject, class: (*class).into() })
            }));
        }
        for class in classes {
            keys.entry(*class).or_insert_with(|| {
                let id = Uuid::now_v7();
                let key: [u8; 32] = random();
                sealing.new_keys.push(NewKey {
                    id,
                    subject,
                    class: (*class).into(),
                    wrapped: vault.wrap(employer, id, &key),
                    key,
                });
                (id, key)
            });
        }
        Ok(keys)
    }

    /// Opens sealed values. What has been erased is not in the answer.
    pub async fn open_values(&self, employer: &str, references: &[Uuid]) -> Result<HashMap<Uuid, Value>, StoreError> {
        let mut opened = HashMap::with_capacity(references.len());
        for chunk in references.chunks(500) {
            for (reference, key_id, sealed, wrapped) in sealed_values(&self.store, employer, chunk).await? {
                let plain = self
                    .vault
                    .unwrap(employer, key_id, &wrapped)
                    .and_then(|key| open_bytes(&cipher(&key), &context("value", employer, reference), &sealed))
                    .ok_or_else(|| StoreError::Unreadable(format!("vault value {reference} does not open")))?;
                let value = plain.get(SALT..).and_then(|json| serde_json::from_slice(json).ok());
                opened.insert(reference, value.unwrap_or(Value::Null));
            }
        }
        Ok(opened)
    }

    /// The owners of a token, at most `limit`.
    pub async fn owners(&self, employer: &str, scope: &str, token: &[u8], limit: i64) -> Result<Vec<Uuid>, StoreError> {
        let sql =
            "select owner from vault_tokens where employer = $1 and scope = $2 and token = $3 order by owner limit $4";
        Ok(reading!(self.store, db => sqlx::query_scalar(sql)
            .bind(employer).bind(scope).bind(token).bind(limit).fetch_all(db).await?))
    }

    /// The names of a person's keys, by class: what remains as proof of which key was destroyed.
    pub async fn key_fingerprints(
        &self,
        employer: &str,
        subject: Uuid,
    ) -> Result<Vec<(RecordClass, String)>, StoreError> {
        let keys = self.stored_keys(employer, subject).await?;
        Ok(keys
            .into_iter()
            .filter_map(|(id, class, wrapped)| {
                let key = self.vault.unwrap(employer, id, &wrapped)?;
                Some((class.parse().ok()?, hex(&mac(&key, &[b"okaeri fingerprint v1"])[..8])))
            })
            .collect())
    }

    /// How many rows of the vault belong to a person: keys, values, tokens.
    pub async fn held_of(&self, employer: &str, subject: Uuid) -> Result<(i64, i64, i64), StoreError> {
        let sql = "select (select count(*) from vault_keys where employer = $1 and subject = $2),
                          (select count(*) from vault_values where employer = $1 and subject = $2 and reference between $3 and $4),
                          (select count(*) from vault_tokens where employer = $1 and subject = $2)";
        let (first, last) = references_of(subject);
        Ok(reading!(self.store, db => sqlx::query_as(sql)
            .bind(employer).bind(subject).bind(first).bind(last).fetch_one(db).await?))
    }
}

type ValueRow = (Uuid, Uuid, Vec<u8>, Vec<u8>);

async fn sealed_values(store: &Store, employer: &str, references: &[Uuid]) -> Result<Vec<ValueRow>, StoreError> {
    let Some(last) = references.last() else { return Ok(vec![]) };
    // Padded to a power of two: few statement texts, so that they stay prepared.
    let slots = references.len().next_power_of_two();
    let mut sql = "select v.reference, v.key_id, v.sealed, k.wrapped from vault_values v
                   join vault_keys k on k.employer = v.employer and k.subject = v.subject and k.class = v.class
                                  and k.key_id = v.key_id
                   where v.employer = $1 and v.reference in ("
        .to_owned();
    for slot in 0..slots {
        let _ = std::fmt::Write::write_fmt(&mut sql, format_args!("{}${}", if slot == 0 { "" } else { "," }, slot + 2));
    }
    let _ = sql.write_char(')');
    Ok(reading!(store, db => {
        let mut query = sqlx::query_as(&sql).bind(employer);
        for slot in 0..slots {
            query = query.bind(*references.get(slot).unwrap_or(last));
        }
        query.fetch_all(db).await?
    }))
}

#[cfg(test)]
mod tests {
    use super::{
        MasterKey, Vault, bigrams, cipher, context, fold_text, new_reference, open_bytes, references_of, seal_bytes,
    };

    #[test]
    fn text_is_folded_before_it_is_compared() {
        assert_eq!(fold_text("ﾔﾏﾀﾞ　ハナコ"), "ヤマダハナコ");
        assert_eq!(fold_text("Ｈａｎａｋｏ@Example.JP"), "hanako@example.jp");
        assert_eq!(bigrams("山田 花子"), vec!["山田", "田花", "花子"]);
        assert_eq!(bigrams("恵"), vec!["恵"]);
    }

    #[test]
    fn a_sealed_value_opens_only_in_its_own_place() {
        let key = cipher(&[7; 32]);
        let (here, there) = (uuid::Uuid::from_u128(1), uuid::Uuid::from_u128(2));
        let sealed = seal_bytes(&key, &context("value", "acme", here), b"secret");
        assert_eq!(open_bytes(&key, &context("value", "acme", here), &sealed).as_deref(), Some(&b"secret"[..]));
        assert_eq!(open_bytes(&key, &context("value", "acme", there), &sealed), None);
        assert_eq!(open_bytes(&key, &context("value", "other", here), &sealed), None);
        assert_eq!(open_bytes(&cipher(&[8; 32]), &context("value", "acme", here), &sealed), None);
    }

    #[test]
    fn the_references_of_a_person_lie_together() {
        let (one, other) = (uuid::Uuid::from_u128(1), uuid::Uuid::from_u128(2));
        let (first, last) = references_of(one);
        for _ in 0..100 {
            let reference = new_reference(one);
            assert!(first <= reference && reference <= last && reference.get_version_num() == 8);
            assert!(!(first..=last).contains(&new_reference(other)));
        }
        assert_ne!(new_reference(one), new_reference(one));
    }

    #[test]
    fn employers_have_keys_of_their_own() {
        let vault = Vault::new(&MasterKey::parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").unwrap());
        let token = |employer: &str| vault.employer_keys(employer).token("person.name", "山田");
        assert_ne!(token("acme"), token("other"));
        assert_eq!(token("acme"), token("acme"));
    }
}
