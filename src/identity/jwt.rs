//! Signed tokens in compact form: taken apart, verified, and read as a [`Caller`].
//!
//! Used by `trial` and `oidc`, which differ only in the key they bring. Claims can be reached
//! through [`Unverified::verify`] alone, so nothing reads what has not been checked.

use std::collections::BTreeSet;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde_json::Number;

use super::verified::Validity;
use super::{ActingScope, AuthError, Caller, CallerKind, Role, is_employer_name};

/// How far the issuer's clock and ours may differ.
pub(super) const CLOCK_SKEW_SECONDS: u64 = 60;
/// Longer tokens are refused unread; no proxy would pass them in a header either.
const LONGEST_TOKEN_BYTES: usize = 16 * 1024;
const LONGEST_SUBJECT_BYTES: usize = 255;
const LONGEST_NAME_CHARS: usize = 200;

/// A token whose header has been read and whose signature has not.
#[derive(Debug)]
pub(super) struct Unverified<'a> {
    pub algorithm: Algorithm,
    pub kid: Option<String>,
    message: &'a str,
    payload: &'a str,
    signature: &'a str,
}

/// Only what is acted upon: keys that a token brings along (`jwk`, `jku`, `x5c`) are never used.
#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    typ: Option<String>,
    crit: Option<serde_json::Value>,
}

impl<'a> Unverified<'a> {
    pub fn parse(token: &'a str) -> Result<Self, AuthError> {
        if token.len() > LONGEST_TOKEN_BYTES {
            return Err(AuthError::Malformed);
        }
        let (message, signature) = token.rsplit_once('.').ok_or(AuthError::Malformed)?;
        let (header, payload) = message.split_once('.').ok_or(AuthError::Malformed)?;
        let header: Header = read_part(header)?;
        // A critical extension changes what the token means (RFC 7515, 4.1.11); we know none.
        if header.crit.is_some() || !header.typ.as_deref().is_none_or(is_access_token) {
            return Err(AuthError::Malformed);
        }
        let algorithm = Algorithm::from_str(&header.alg).map_err(|_| AuthError::AlgorithmRefused)?;
        Ok(Self { algorithm, kid: header.kid, message, payload, signature })
    }

    /// The caller has made sure that `key` may be used with this token's algorithm.
    pub fn verify(&self, key: &DecodingKey) -> Result<Claims, AuthError> {
        let message = self.message.as_bytes();
        match jsonwebtoken::crypto::verify(self.signature, message, key, self.algorithm) {
            Ok(true) => read_part(self.payload),
            Ok(false) | Err(_) => Err(AuthError::BadSignature),
        }
    }
}

/// Logout tokens, `DPoP` proofs and the like are signed by the same keys but let nobody in.
fn is_access_token(typ: &str) -> bool {
    ["jwt", "at+jwt", "application/at+jwt"].iter().any(|known| typ.eq_ignore_ascii_case(known))
}

fn read_part<T: serde::de::DeserializeOwned>(part: &str) -> Result<T, AuthError> {
    let json = URL_SAFE_NO_PAD.decode(part).map_err(|_| AuthError::Malformed)?;
    serde_json::from_slice(&json).map_err(|_| AuthError::Malformed)
}

#[derive(Clone, Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    fn as_slice(&self) -> &[String] {
        match self {
            Self::One(text) => std::slice::from_ref(text),
            Self::Many(texts) => texts,
        }
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum MayActFor {
    Everybody(bool),
    These(BTreeSet<String>),
}

/// What a verified token says; nothing in here has been judged yet.
#[derive(Deserialize)]
pub(super) struct Claims {
    iss: Option<String>,
    sub: Option<String>,
    aud: Option<OneOrMany>,
    exp: Option<Number>,
    nbf: Option<Number>,
    iat: Option<Number>,
    employer: Option<String>,
    roles: Option<OneOrMany>,
    legal_entities: Option<OneOrMany>,
    may_act_for: Option<MayActFor>,
    name: Option<String>,
    preferred_username: Option<String>,
    client_id: Option<String>,
    azp: Option<String>,
    token_use: Option<String>,
    idtyp: Option<String>,
    gty: Option<OneOrMany>,
}

impl Claims {
    /// Judges the claims at `now` (epoch seconds) and reads out of them who calls and how long that counts.
    pub fn into_caller(self, issuer: &str, audience: &str, now: u64) -> Result<(Caller, Validity), AuthError> {
        if self.iss.as_deref() != Some(issuer) {
            return Err(AuthError::WrongIssuer);
        }
        if !self.aud.as_ref().is_some_and(|aud| aud.as_slice().iter().any(|one| one == audience)) {
            return Err(AuthError::WrongAudience);
        }
        let validity = self.validity(now)?;
        let employer = self
            .employer
            .as_deref()
            .filter(|name| is_employer_name(name))
            .ok_or(AuthError::EmployerMissing)?
            .to_owned();
        let subject = self.sub.as_deref().filter(|sub| is_subject(sub)).ok_or(AuthError::Malformed)?;
        let roles = self.known_roles();
        let caller = Caller {
            employer,
            issuer: issuer.to_owned(),
            subject: subject.to_owned(),
            kind: self.kind(subject, &roles),
            roles,
            legal_entities: self.legal_entities.as_ref().map(|entities| entities.as_slice().iter().cloned().collect()),
            may_act_for: match self.may_act_for {
                None | Some(MayActFor::Everybody(false)) => ActingScope::Nobody,
                Some(MayActFor::Everybody(true)) => ActingScope::Anyone,
                Some(MayActFor::These(subjects)) => ActingScope::Only(subjects),
            },
            display_name: self.name.as_deref().and_then(display_name),
        };
        Ok((caller, validity))
    }

    fn validity(&self, now: u64) -> Result<Validity, AuthError> {
        let expires = seconds(self.exp.as_ref())?.ok_or(AuthError::Malformed)?;
        let until = expires.saturating_add(CLOCK_SKEW_SECONDS);
        if now >= until {
            return Err(AuthError::Expired);
        }
        let begins = seconds(self.nbf.as_ref())?.max(seconds(self.iat.as_ref())?);
        let from = begins.unwrap_or_default().saturating_sub(CLOCK_SKEW_SECONDS);
        if now < from {
            return Err(AuthError::NotYetValid);
        }
        Ok(Validity { from, until })
    }

    /// Identity providers send many roles that are none of ours.
    fn known_roles(&self) -> BTreeSet<Role> {
        let claimed = self.roles.as_ref().map_or(&[][..], OneOrMany::as_slice);
        claimed.iter().filter_map(|role| role.parse().ok()).collect()
    }

    /// A token that a program got for itself; each provider marks it in its own way. When in
    /// doubt it is a service, which may do less than a person.
    fn kind(&self, subject: &str, roles: &BTreeSet<Role>) -> CallerKind {
        let clients = [self.client_id.as_deref(), self.azp.as_deref()];
        let is_its_own_client =
            clients.into_iter().flatten().any(|client| subject.strip_suffix("@clients").unwrap_or(subject) == client);
        let only_machine_roles = !roles.is_empty() && roles.iter().all(|role| role.is_machine());
        let service_account =
            self.preferred_username.as_deref().is_some_and(|name| name.starts_with("service-account-"));
        let granted_to_client =
            self.gty.as_ref().is_some_and(|gty| gty.as_slice().iter().any(|one| one == "client-credentials"));
        if only_machine_roles
            || is_its_own_client
            || service_account
            || granted_to_client
            || self.token_use.as_deref() == Some("service")
            || self.idtyp.as_deref() == Some("app")
        {
            CallerKind::Service
        } else {
            CallerKind::Person
        }
    }
}

/// `NumericDate` may carry a fraction; it is cut off. Negative and huge numbers are malformed.
fn seconds(date: Option<&Number>) -> Result<Option<u64>, AuthError> {
    let Some(date) = date else { return Ok(None) };
    let text = date.to_string();
    let whole = text.split_once('.').map_or(text.as_str(), |(whole, _)| whole);
    whole.parse().map(Some).map_err(|_| AuthError::Malformed)
}

fn is_subject(text: &str) -> bool {
    !text.trim().is_empty() && text.len() <= LONGEST_SUBJECT_BYTES && !text.chars().any(char::is_control)
}

/// A name that is too long to be one is left out, not a reason to refuse its bearer.
fn display_name(text: &str) -> Option<String> {
    let text = text.trim();
    let fits = !text.is_empty() && text.chars().count() <= LONGEST_NAME_CHARS;
    (fits && !text.chars().any(char::is_control)).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const NOW: u64 = 1_800_000_000;

    fn judged(changes: &Value) -> Result<Caller, AuthError> {
        let mut claims = json!({
            "iss": "https://id.example", "sub": "suzuki", "aud": "okaeri", "exp": NOW + 600,
            "iat": NOW, "employer": "acme", "roles": ["recruiter"],
        });
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        let claims: Claims = serde_json::from_value(claims).map_err(|_| AuthError::Malformed)?;
        let (caller, validity) = claims.into_caller("https://id.example", "okaeri", NOW)?;
        assert!((validity.from..validity.until).contains(&NOW), "{validity:?}");
        Ok(caller)
    }

    fn refused(changes: &Value) -> AuthError {
        judged(changes).unwrap_err()
    }

    #[test]
    fn a_token_lives_until_a_minute_after_its_end() {
        assert!(judged(&json!({ "exp": NOW - 59 })).is_ok());
        assert_eq!(refused(&json!({ "exp": NOW - 60 })), AuthError::Expired);
        assert_eq!(refused(&json!({ "exp": NOW - 61 })), AuthError::Expired);
        assert!(judged(&json!({ "exp": u64::MAX })).is_ok());
    }

    #[test]
    fn a_token_begins_at_most_a_minute_from_now() {
        for claim in ["nbf", "iat"] {
            assert!(judged(&json!({ claim: NOW + 60 })).is_ok(), "{claim}");
            assert_eq!(refused(&json!({ claim: NOW + 61 })), AuthError::NotYetValid, "{claim}");
        }
    }

    #[test]
    fn dates_may_carry_a_fraction_but_must_be_there_and_be_dates() {
        assert!(judged(&json!({ "exp": 1_800_000_000.75 })).is_ok());
        for exp in [json!(null), json!("soon"), json!(-1), json!(1e300)] {
            assert_eq!(refused(&json!({ "exp": exp })), AuthError::Malformed, "{exp}");
        }
    }

    #[test]
    fn the_audience_may_be_one_of_several() {
        assert!(judged(&json!({ "aud": ["other", "okaeri"] })).is_ok());
        for aud in [json!("okaeri2"), json!(["other"]), json!([]), json!(null)] {
            assert_eq!(refused(&json!({ "aud": aud })), AuthError::WrongAudience, "{aud}");
        }
    }

    #[test]
    fn the_issuer_must_be_the_same_to_the_letter() {
        for iss in [json!("https://id.example/"), json!("https://ID.example"), json!(null)] {
            assert_eq!(refused(&json!({ "iss": iss })), AuthError::WrongIssuer, "{iss}");
        }
    }

    #[test]
    fn an_employer_must_be_named_and_well_formed() {
        for employer in [json!(null), json!(""), json!("ACME"), json!("a/b"), json!("-a")] {
            assert_eq!(refused(&json!({ "employer": employer })), AuthError::EmployerMissing);
        }
    }

    #[test]
    fn a_subject_must_be_there_and_printable() {
        for sub in [json!(null), json!(""), json!("  "), json!("a\nb"), json!("x".repeat(256))] {
            assert_eq!(refused(&json!({ "sub": sub })), AuthError::Malformed, "{sub}");
        }
    }

    #[test]
    fn unknown_roles_are_ignored_even_when_none_is_left() {
        let caller = judged(&json!({ "roles": ["offline_access", "recruiter"] })).unwrap();
        assert_eq!(caller.roles, BTreeSet::from([Role::Recruiter]));
        for roles in [json!(null), json!([]), json!(["admin"])] {
            assert!(judged(&json!({ "roles": roles })).unwrap().roles.is_empty(), "{roles}");
        }
        let one = judged(&json!({ "roles": "alumnus" })).unwrap();
        assert_eq!(one.roles, BTreeSet::from([Role::Alumnus]));
    }

    #[test]
    fn a_token_that_a_program_got_for_itself_is_a_service() {
        for marks in [
            json!({ "roles": ["hris"] }),
            json!({ "roles": ["hris", "payroll_system", "offline_access"] }),
            json!({ "client_id": "suzuki" }),
            json!({ "azp": "suzuki" }),
            json!({ "sub": "abc@clients", "azp": "abc" }),
            json!({ "token_use": "service" }),
            json!({ "idtyp": "app" }),
            json!({ "gty": "client-credentials" }),
            json!({ "preferred_username": "service-account-sync" }),
        ] {
            assert_eq!(judged(&marks).unwrap().kind, CallerKind::Service, "{marks}");
        }
        for marks in [
            json!({}),
            json!({ "roles": [] }),
            json!({ "roles": ["hris", "people_ops"] }),
            json!({ "azp": "browser", "client_id": "browser" }),
            json!({ "token_use": "access" }),
        ] {
            assert_eq!(judged(&marks).unwrap().kind, CallerKind::Person, "{marks}");
        }
    }

    #[test]
    fn scopes_default_to_all_entities_and_to_acting_for_nobody() {
        let plain = judged(&json!({})).unwrap();
        assert_eq!((plain.legal_entities, plain.may_act_for), (None, ActingScope::Nobody));
        let scoped = judged(&json!({
            "legal_entities": ["JP-HQ"], "may_act_for": ["megumi"], "name": " 鈴木 一郎 "
        }))
        .unwrap();
        assert_eq!(scoped.legal_entities, Some(BTreeSet::from(["JP-HQ".into()])));
        assert_eq!(scoped.may_act_for, ActingScope::Only(BTreeSet::from(["megumi".into()])));
        assert_eq!(scoped.display_name.as_deref(), Some("鈴木 一郎"));
        let none = judged(&json!({ "legal_entities": [] })).unwrap();
        assert_eq!(none.legal_entities, Some(BTreeSet::new()));
        let anyone = judged(&json!({ "may_act_for": true })).unwrap();
        assert_eq!(anyone.may_act_for, ActingScope::Anyone);
    }

    fn parse_header(header: &Value) -> Result<(), AuthError> {
        let header = URL_SAFE_NO_PAD.encode(header.to_string());
        Unverified::parse(&format!("{header}.e30.c2ln")).map(|_| ())
    }

    #[test]
    fn headers_that_mean_something_else_are_refused() {
        assert_eq!(parse_header(&json!({ "alg": "RS256", "typ": "at+JWT" })), Ok(()));
        for alg in ["none", "None", "", "RS1", "rs256", "ES512"] {
            let refused = parse_header(&json!({ "alg": alg }));
            assert_eq!(refused, Err(AuthError::AlgorithmRefused), "{alg}");
        }
        for header in [
            json!({ "typ": "JWT" }),
            json!({ "alg": "RS256", "typ": "logout+jwt" }),
            json!({ "alg": "RS256", "crit": ["b64"], "b64": false }),
            json!({ "alg": 1 }),
            json!([]),
        ] {
            assert_eq!(parse_header(&header), Err(AuthError::Malformed), "{header}");
        }
    }

    #[test]
    fn what_is_no_token_is_malformed() {
        let long = format!("{}.b.c", "a".repeat(LONGEST_TOKEN_BYTES));
        for token in ["", "a", "a.b", "..", "a.b.c", "!!.b.c", long.as_str()] {
            assert_eq!(Unverified::parse(token).unwrap_err(), AuthError::Malformed, "{token}");
        }
    }
}
