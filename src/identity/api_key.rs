//! Keys for other systems that cannot fetch tokens: an HRIS, a payroll system.
//!
//! Text: `okk_<id>_<secret>`, the id 12 characters of base32 (`a-z2-7`), the secret 32 random
//! bytes as 43 characters of base64url. Stored is the hash alone. Storage lies elsewhere: it
//! looks a record up by [`PresentedKey::id`] and asks [`verify`].
//!
//! The hash is a single SHA-256, not a slow password hash: slowness protects what people choose
//! and could be guessed, while 256 random bits cannot be searched however fast the hash is; and
//! it is computed at every call.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use aws_lc_rs::{constant_time, digest, rand};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{ActingScope, AuthError, Caller, CallerKind, Role, is_employer_name};

/// What stands as issuer in a [`Caller`] who came with a key.
pub const ISSUER: &str = "okaeri-api-key";
/// How every key begins; secret scanners look for it too.
pub const PREFIX: &str = "okk_";
const ID_LENGTH: usize = 12;
const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// The public half of a key: names it in lists and logs, opens nothing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ApiKeyId(String);

impl ApiKeyId {
    /// The 12 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ApiKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ApiKeyId {
    type Err = ApiKeyError;

    fn from_str(text: &str) -> Result<Self, ApiKeyError> {
        let well_formed = text.len() == ID_LENGTH && text.bytes().all(|byte| ALPHABET.contains(&byte));
        if well_formed { Ok(Self(text.to_owned())) } else { Err(ApiKeyError::MalformedId) }
    }
}

impl TryFrom<String> for ApiKeyId {
    type Error = ApiKeyError;

    fn try_from(text: String) -> Result<Self, ApiKeyError> {
        text.parse()
    }
}

impl From<ApiKeyId> for String {
    fn from(id: ApiKeyId) -> Self {
        id.0
    }
}

/// SHA-256 of a key's secret bytes; stored as 43 characters of base64url.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SecretHash([u8; 32]);

impl SecretHash {
    fn of(secret: &[u8; 32]) -> Result<Self, AuthError> {
        digest::digest(&digest::SHA256, secret).as_ref().try_into().map(Self).map_err(|_| AuthError::Malformed)
    }
}

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash(…)")
    }
}

impl TryFrom<String> for SecretHash {
    type Error = ApiKeyError;

    fn try_from(text: String) -> Result<Self, ApiKeyError> {
        decode_32(&text).map(Self).ok_or(ApiKeyError::MalformedHash)
    }
}

impl From<SecretHash> for String {
    fn from(hash: SecretHash) -> Self {
        URL_SAFE_NO_PAD.encode(hash.0)
    }
}

fn decode_32(text: &str) -> Option<[u8; 32]> {
    URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()
}

/// Why a key cannot be made or a stored one cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApiKeyError {
    /// Not 12 characters of base32.
    #[error("a key's id has {ID_LENGTH} characters of a-z and 2-7")]
    MalformedId,
    /// Not 32 bytes in base64url.
    #[error("a key's hash has 43 characters of base64url")]
    MalformedHash,
    /// The employer's name is none.
    #[error("the key names no employer")]
    MalformedEmployer,
    /// The system's name is empty.
    #[error("the key names no system as its subject")]
    NoSubject,
    /// No role at all.
    #[error("a key needs a role")]
    NoRole,
    /// People sign in; keys are passed around.
    #[error("a key cannot hold the role {0}, only hris and payroll_system")]
    NotAMachineRole(Role),
    /// The system gave no random bytes.
    #[error("no random bytes could be had")]
    NoRandomness,
}

/// A key's full text, shown once to whoever made it and kept nowhere.
pub struct Plaintext(String);

impl Plaintext {
    /// The text to hand over.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Plaintext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Plaintext(…)")
    }
}

/// Makes a new key: its id, its text for the other system, its hash for the record.
pub fn generate() -> Result<(ApiKeyId, Plaintext, SecretHash), ApiKeyError> {
    let (mut id, mut secret) = ([0; ID_LENGTH], [0; 32]);
    rand::fill(&mut id).map_err(|_| ApiKeyError::NoRandomness)?;
    rand::fill(&mut secret).map_err(|_| ApiKeyError::NoRandomness)?;
    let letters = id.iter().filter_map(|byte| ALPHABET.get(usize::from(byte % 32)));
    let id = ApiKeyId(letters.copied().map(char::from).collect());
    let plaintext = Plaintext(format!("{PREFIX}{id}_{}", URL_SAFE_NO_PAD.encode(secret)));
    let hash = SecretHash::of(&secret).map_err(|_| ApiKeyError::MalformedHash)?;
    Ok((id, plaintext, hash))
}

/// A key as a caller presents it, not verified yet.
pub struct PresentedKey {
    /// Where to find the record.
    pub id: ApiKeyId,
    secret: [u8; 32],
}

/// Whether a bearer credential is meant as a key and not as a token.
#[must_use]
pub fn is_api_key(credential: &str) -> bool {
    credential.starts_with(PREFIX)
}

impl FromStr for PresentedKey {
    type Err = AuthError;

    fn from_str(text: &str) -> Result<Self, AuthError> {
        let (id, secret) =
            text.strip_prefix(PREFIX).and_then(|rest| rest.split_once('_')).ok_or(AuthError::Malformed)?;
        let id = id.parse().map_err(|_| AuthError::Malformed)?;
        let secret = decode_32(secret).ok_or(AuthError::Malformed)?;
        Ok(Self { id, secret })
    }
}

/// What is stored of a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKeyRecord {
    /// Names the key.
    pub id: ApiKeyId,
    /// Whose data it opens.
    pub employer: String,
    /// The system that holds it; recorded as actor.
    pub subject: String,
    /// Machine roles only; any other is passed over when the key is used.
    pub roles: BTreeSet<Role>,
    /// Confined to these legal entities; `None` is all.
    pub legal_entities: Option<BTreeSet<String>>,
    /// For whom the system may send `On-Behalf-Of`.
    #[serde(default)]
    pub may_act_for: ActingScope,
    /// What the secret must hash to.
    pub hash: SecretHash,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Since when it opens nothing.
    pub revoked_at: Option<DateTime<Utc>>,
}

impl ApiKeyRecord {
    /// Makes a key for one system of an employer, at an instant given by the caller.
    pub fn issue(
        employer: &str,
        subject: &str,
        roles: BTreeSet<Role>,
        created_at: DateTime<Utc>,
    ) -> Result<(Self, Plaintext), ApiKeyError> {
        if !is_employer_name(employer) {
            return Err(ApiKeyError::MalformedEmployer);
        }
        if subject.trim().is_empty() {
            return Err(ApiKeyError::NoSubject);
        }
        if roles.is_empty() {
            return Err(ApiKeyError::NoRole);
        }
        if let Some(role) = roles.iter().find(|role| !role.is_machine()) {
            return Err(ApiKeyError::NotAMachineRole(*role));
        }
        let (id, plaintext, hash) = generate()?;
        let record = Self {
            id,
            employer: employer.to_owned(),
            subject: subject.to_owned(),
            roles,
            legal_entities: None,
            may_act_for: ActingScope::Nobody,
            hash,
            created_at,
            revoked_at: None,
        };
        Ok((record, plaintext))
    }
}

/// Verifies a key's text against its record.
pub fn verify(plaintext: &str, record: &ApiKeyRecord) -> Result<Caller, AuthError> {
    verify_presented(&plaintext.parse()?, record)
}

/// Verifies a key that has been read already, to look its record up.
pub fn verify_presented(key: &PresentedKey, record: &ApiKeyRecord) -> Result<Caller, AuthError> {
    if key.id != record.id {
        return Err(AuthError::UnknownKey);
    }
    let hash = SecretHash::of(&key.secret)?;
    constant_time::verify_slices_are_equal(&hash.0, &record.hash.0).map_err(|_| AuthError::BadSignature)?;
    // After the secret: only who has the key learns that it was revoked.
    if record.revoked_at.is_some() {
        return Err(AuthError::Revoked);
    }
    if !is_employer_name(&record.employer) {
        return Err(AuthError::EmployerMissing);
    }
    Ok(Caller {
        employer: record.employer.clone(),
        issuer: ISSUER.to_owned(),
        subject: record.subject.clone(),
        roles: record.roles.iter().copied().filter(|role| role.is_machine()).collect(),
        legal_entities: record.legal_entities.clone(),
        may_act_for: record.may_act_for.clone(),
        kind: CallerKind::Service,
        display_name: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn issued() -> (ApiKeyRecord, Plaintext) {
        ApiKeyRecord::issue("acme", "smarthr", [Role::Hris].into(), DateTime::UNIX_EPOCH).unwrap()
    }

    #[test]
    fn an_issued_key_opens_its_employer_to_a_service() {
        let (record, plaintext) = issued();
        let caller = verify(plaintext.expose(), &record).unwrap();
        assert_eq!((caller.employer.as_str(), caller.subject.as_str()), ("acme", "smarthr"));
        assert_eq!((caller.issuer.as_str(), caller.kind), (ISSUER, CallerKind::Service));
        assert_eq!(caller.roles, [Role::Hris].into());
    }

    #[test]
    fn keys_have_the_agreed_form_and_differ() {
        let mut ids = BTreeSet::new();
        for _ in 0..200 {
            let (id, plaintext, _) = generate().unwrap();
            let text = plaintext.expose();
            assert_eq!(text.len(), 4 + 12 + 1 + 43);
            assert!(is_api_key(text) && text.parse::<PresentedKey>().unwrap().id == id, "{text}");
            assert!(ids.insert(id));
        }
    }

    #[test]
    fn a_wrong_secret_and_a_wrong_id_are_refused() {
        let (record, plaintext) = issued();
        let (_, other) = issued();
        assert_eq!(verify(other.expose(), &record), Err(AuthError::UnknownKey));
        let (_, secret) = other.expose()[PREFIX.len()..].split_once('_').unwrap();
        let mixed = format!("{PREFIX}{}_{secret}", record.id);
        assert_eq!(verify(&mixed, &record), Err(AuthError::BadSignature));
        assert!(verify(plaintext.expose(), &record).is_ok());
    }

    #[test]
    fn a_revoked_key_says_so_only_to_whoever_has_it() {
        let (mut record, plaintext) = issued();
        record.revoked_at = Some(DateTime::UNIX_EPOCH);
        assert_eq!(verify(plaintext.expose(), &record), Err(AuthError::Revoked));
        let guess = format!("{PREFIX}{}_{}", record.id, "A".repeat(43));
        assert_eq!(verify(&guess, &record), Err(AuthError::BadSignature));
    }

    #[test]
    fn text_of_another_form_is_malformed() {
        let secret = "A".repeat(43);
        for text in [
            String::new(),
            "okk_".into(),
            format!("okk_abcdefghijkl{secret}"),
            format!("okk_abcdefghijk_{secret}"),
            format!("okk_ABCDEFGHIJKL_{secret}"),
            format!("okk_abcdefghijk1_{secret}"),
            format!("okk_abcdefghijkl_{secret}A"),
            format!("okk_abcdefghijkl_{}B", &secret[1..]),
            format!("okk_abcdefghijkl_{secret}="),
            format!("okx_abcdefghijkl_{secret}"),
        ] {
            assert_eq!(text.parse::<PresentedKey>().err(), Some(AuthError::Malformed), "{text}");
        }
    }

    #[test]
    fn keys_are_for_machines_alone() {
        let issue =
            |employer, subject, roles| ApiKeyRecord::issue(employer, subject, roles, DateTime::UNIX_EPOCH).unwrap_err();
        let mixed = BTreeSet::from([Role::Hris, Role::Compliance]);
        assert_eq!(issue("acme", "x", mixed), ApiKeyError::NotAMachineRole(Role::Compliance));
        assert_eq!(issue("acme", "x", BTreeSet::new()), ApiKeyError::NoRole);
        assert_eq!(issue("acme", " ", [Role::Hris].into()), ApiKeyError::NoSubject);
        assert_eq!(issue("ACME", "x", [Role::Hris].into()), ApiKeyError::MalformedEmployer);
    }

    #[test]
    fn a_tampered_record_lends_no_role_of_a_person() {
        let (mut record, plaintext) = issued();
        record.roles.insert(Role::Compliance);
        assert_eq!(verify(plaintext.expose(), &record).unwrap().roles, [Role::Hris].into());
    }

    #[test]
    fn records_read_back_from_their_stored_form() {
        let (record, plaintext) = issued();
        let stored = serde_json::to_string(&record).unwrap();
        assert_eq!(serde_json::from_str::<ApiKeyRecord>(&stored).unwrap(), record);
        assert!(!stored.contains(&plaintext.expose()[17..]));
        let broken = stored.replace(record.id.as_str(), "short");
        assert!(serde_json::from_str::<ApiKeyRecord>(&broken).is_err());
    }

    #[test]
    fn neither_text_nor_hash_is_ever_printed() {
        let (record, plaintext) = issued();
        let printed = format!("{record:?} {plaintext:?}");
        assert!(!printed.contains(&String::from(record.hash)) && !printed.contains(PREFIX));
    }
}
