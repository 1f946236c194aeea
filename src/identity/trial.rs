//! Tokens that the program signs itself, for trial ledgers alone.
//!
//! `okaeri token` signs them, `http/` verifies them. A live ledger never constructs a
//! [`TrialKey`], so there such a token is only one from a wrong issuer.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header};
use serde::{Serialize, Serializer};

use super::jwt::Unverified;
use super::verified::{Validity, Verified};
use super::{AuthError, Caller, Role, is_employer_name};

/// `iss` of every trial token.
pub const ISSUER: &str = "okaeri-trial";
/// `aud` of every trial token.
pub const AUDIENCE: &str = "okaeri";
/// How long a trial token lives when nothing else is asked for: 30 days.
pub const DEFAULT_LIFETIME_SECONDS: u64 = 30 * 24 * 60 * 60;

/// The ledger's own signing key.
#[derive(Clone)]
pub struct TrialKey([u8; 32]);

impl TrialKey {
    /// Takes 32 random bytes that the trial ledger keeps.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Debug for TrialKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TrialKey(…)")
    }
}

/// What a trial token is to say.
#[derive(Clone, Debug)]
pub struct TrialToken {
    /// Who calls.
    pub subject: String,
    /// At which employer.
    pub employer: String,
    /// In which roles.
    pub roles: BTreeSet<Role>,
    /// Confined to these legal entities; `None` is all.
    pub legal_entities: Option<BTreeSet<String>>,
    /// Whether a program calls, not a person.
    pub service: bool,
    /// Whether that program may send `On-Behalf-Of` for anyone.
    pub may_act_for: bool,
    /// Seconds until it expires; see [`DEFAULT_LIFETIME_SECONDS`].
    pub lifetime_seconds: u64,
}

impl TrialToken {
    /// A person's token with the default lifetime.
    #[must_use]
    pub fn person(subject: &str, employer: &str, roles: BTreeSet<Role>) -> Self {
        Self {
            subject: subject.to_owned(),
            employer: employer.to_owned(),
            roles,
            legal_entities: None,
            service: false,
            may_act_for: false,
            lifetime_seconds: DEFAULT_LIFETIME_SECONDS,
        }
    }
}

#[derive(Serialize)]
struct Payload<'a> {
    iss: &'a str,
    aud: &'a str,
    sub: &'a str,
    employer: &'a str,
    roles: &'a BTreeSet<Role>,
    #[serde(skip_serializing_if = "Option::is_none")]
    legal_entities: Option<&'a BTreeSet<String>>,
    #[serde(rename = "token_use", serialize_with = "service", skip_serializing_if = "is_false")]
    service: bool,
    #[serde(skip_serializing_if = "is_false")]
    may_act_for: bool,
    iat: u64,
    exp: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

/// Said as other issuers say it, so that one reading serves all.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn service<S: Serializer>(_: &bool, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str("service")
}

/// Signs a token at `now` (epoch seconds of the real clock, not of the moved one).
pub fn sign(key: &TrialKey, token: &TrialToken, now: u64) -> Result<String, AuthError> {
    if !is_employer_name(&token.employer) {
        return Err(AuthError::EmployerMissing);
    }
    let payload = Payload {
        iss: ISSUER,
        aud: AUDIENCE,
        sub: &token.subject,
        employer: &token.employer,
        roles: &token.roles,
        legal_entities: token.legal_entities.as_ref(),
        service: token.service,
        may_act_for: token.may_act_for,
        iat: now,
        exp: now.saturating_add(token.lifetime_seconds),
    };
    let header = Header::new(Algorithm::HS256);
    let signed =
        jsonwebtoken::encode(&header, &payload, &EncodingKey::from_secret(&key.0)).map_err(|_| AuthError::Malformed)?;
    // What could not be used (an empty subject, say) is refused here, not at its first use.
    verify_at(key, &signed, now).map(|_| signed)
}

/// Verifies a trial token at `now` (epoch seconds of the real clock).
pub fn verify_at(key: &TrialKey, token: &str, now: u64) -> Result<Caller, AuthError> {
    judge(key, token, now).map(|(caller, _)| caller)
}

fn judge(key: &TrialKey, token: &str, now: u64) -> Result<(Caller, Validity), AuthError> {
    let token = Unverified::parse(token)?;
    if token.algorithm != Algorithm::HS256 {
        return Err(AuthError::AlgorithmRefused);
    }
    token.verify(&DecodingKey::from_secret(&key.0))?.into_caller(ISSUER, AUDIENCE, now)
}

/// Verifies bearer tokens of one trial ledger.
pub struct TrialVerifier {
    key: TrialKey,
    verified: Verified,
}

impl TrialVerifier {
    /// Takes the ledger's key.
    #[must_use]
    pub fn new(key: TrialKey) -> Self {
        Self { key, verified: Verified::default() }
    }

    /// Verifies a token now, by the machine's clock.
    pub fn verify(&self, token: &str) -> Result<Arc<Caller>, AuthError> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        if let Some(caller) = self.verified.recall(token, now) {
            return Ok(caller);
        }
        let (caller, validity) = judge(&self.key, token, now)?;
        Ok(self.verified.keep(token, caller, validity))
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use serde_json::{Value, json};

    use super::super::{ActingScope, CallerKind};
    use super::*;

    const NOW: u64 = 1_800_000_000;
    const KEY: TrialKey = TrialKey::new([7; 32]);

    fn token() -> TrialToken {
        TrialToken::person("suzuki", "acme", BTreeSet::from([Role::Recruiter]))
    }

    fn signed(header: &Header, payload: &Value, secret: &[u8]) -> String {
        jsonwebtoken::encode(header, payload, &EncodingKey::from_secret(secret)).unwrap()
    }

    fn payload() -> Value {
        json!({ "iss": ISSUER, "aud": AUDIENCE, "sub": "suzuki", "employer": "acme",
                "roles": ["recruiter"], "iat": NOW, "exp": NOW + 60 })
    }

    #[test]
    fn a_signed_token_gives_the_caller_it_was_signed_for() {
        let caller = verify_at(&KEY, &sign(&KEY, &token(), NOW).unwrap(), NOW).unwrap();
        assert_eq!((caller.subject.as_str(), caller.employer.as_str()), ("suzuki", "acme"));
        assert_eq!(caller.issuer, ISSUER);
        assert_eq!(caller.roles, BTreeSet::from([Role::Recruiter]));
        assert_eq!((caller.kind, caller.legal_entities), (CallerKind::Person, None));
    }

    #[test]
    fn a_service_token_says_so_and_carries_its_scopes() {
        let service = TrialToken {
            service: true,
            may_act_for: true,
            legal_entities: Some(BTreeSet::from(["JP-HQ".into()])),
            ..token()
        };
        let caller = verify_at(&KEY, &sign(&KEY, &service, NOW).unwrap(), NOW).unwrap();
        assert_eq!((caller.kind, caller.may_act_for), (CallerKind::Service, ActingScope::Anyone));
        assert_eq!(caller.legal_entities, service.legal_entities);
    }

    #[test]
    fn it_lives_thirty_days_and_a_minute_of_skew() {
        let signed = sign(&KEY, &token(), NOW).unwrap();
        let end = NOW + DEFAULT_LIFETIME_SECONDS;
        assert!(verify_at(&KEY, &signed, end + 59).is_ok());
        assert_eq!(verify_at(&KEY, &signed, end + 60), Err(AuthError::Expired));
        assert_eq!(verify_at(&KEY, &signed, NOW - 61), Err(AuthError::NotYetValid));
    }

    #[test]
    fn a_token_that_nobody_could_use_is_not_signed() {
        let nameless = TrialToken { subject: String::new(), ..token() };
        assert_eq!(sign(&KEY, &nameless, NOW), Err(AuthError::Malformed));
        let nowhere = TrialToken { employer: "Acme!".into(), ..token() };
        assert_eq!(sign(&KEY, &nowhere, NOW), Err(AuthError::EmployerMissing));
    }

    #[test]
    fn another_key_or_a_changed_payload_is_found_out() {
        let signed = sign(&KEY, &token(), NOW).unwrap();
        let other = TrialKey::new([8; 32]);
        assert_eq!(verify_at(&other, &signed, NOW), Err(AuthError::BadSignature));
        let mut parts = signed.split('.');
        let (header, signature) = (parts.next().unwrap(), parts.nth(1).unwrap());
        let mut richer = payload();
        richer["roles"] = json!(["compliance"]);
        let richer = URL_SAFE_NO_PAD.encode(richer.to_string());
        let forged = format!("{header}.{richer}.{signature}");
        assert_eq!(verify_at(&KEY, &forged, NOW), Err(AuthError::BadSignature));
        let unsigned = format!("{header}.{richer}.");
        assert_eq!(verify_at(&KEY, &unsigned, NOW), Err(AuthError::BadSignature));
    }

    #[test]
    fn no_other_algorithm_is_accepted_even_with_the_right_key() {
        for algorithm in [Algorithm::HS384, Algorithm::HS512] {
            let token = signed(&Header::new(algorithm), &payload(), &KEY.0);
            assert_eq!(verify_at(&KEY, &token, NOW), Err(AuthError::AlgorithmRefused));
        }
        let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#);
        let none = format!("{none}.{}.", URL_SAFE_NO_PAD.encode(payload().to_string()));
        assert_eq!(verify_at(&KEY, &none, NOW), Err(AuthError::AlgorithmRefused));
    }

    #[test]
    fn issuer_and_audience_are_ours_alone() {
        for (claim, error) in [("iss", AuthError::WrongIssuer), ("aud", AuthError::WrongAudience)] {
            let mut payload = payload();
            payload[claim] = json!("other");
            let token = signed(&Header::new(Algorithm::HS256), &payload, &KEY.0);
            assert_eq!(verify_at(&KEY, &token, NOW), Err(error));
        }
    }

    #[test]
    fn the_key_is_never_printed() {
        assert_eq!(format!("{KEY:?}"), "TrialKey(…)");
    }
}
