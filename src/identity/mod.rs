//! Who is calling and what they may do.
//!
//! Owns token verification (trial, `OpenID` Connect, API keys) and the permissions table; knows
//! neither HTTP nor storage. `http/` turns the plain errors of this module into answers.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

pub mod api_key;
mod jwks;
mod jwt;
pub mod oidc;
pub mod permissions;
pub mod roles;
pub mod trial;
mod verified;

pub use roles::Role;

/// Somebody whose token or key has been verified.
#[derive(Clone, PartialEq, Eq)]
pub struct Caller {
    /// The employer (tenant) whose data this caller may touch; never another's.
    pub employer: String,
    /// Who vouches for the caller: an OIDC issuer, [`trial::ISSUER`] or [`api_key::ISSUER`].
    pub issuer: String,
    /// The caller's name at that issuer; unique only together with it.
    pub subject: String,
    /// The roles we know among those claimed; may be empty, and then nothing is allowed.
    pub roles: BTreeSet<Role>,
    /// The legal entities the caller is confined to; `None` is all of the employer's.
    pub legal_entities: Option<BTreeSet<String>>,
    /// For whom a service may send `On-Behalf-Of`.
    pub may_act_for: ActingScope,
    /// Whether a person or a program holds the token.
    pub kind: CallerKind,
    /// A name to show; personal data.
    pub display_name: Option<String>,
}

impl Caller {
    /// Whether `On-Behalf-Of: <subject>` is open to this caller: to services alone, within scope.
    #[must_use]
    pub fn may_act_for(&self, subject: &str) -> bool {
        match self.kind {
            CallerKind::Person => false,
            CallerKind::Service => self.may_act_for.covers(subject),
        }
    }

    /// Whether the caller may see or touch things of this legal entity.
    #[must_use]
    pub fn covers_legal_entity(&self, legal_entity: &str) -> bool {
        self.legal_entities.as_ref().is_none_or(|entities| entities.contains(legal_entity))
    }
}

/// Leaves out subject and display name: a caller may end up in a log line, a person may not.
impl fmt::Debug for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Caller")
            .field("employer", &self.employer)
            .field("issuer", &self.issuer)
            .field("roles", &self.roles)
            .field("legal_entities", &self.legal_entities)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// What holds the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallerKind {
    /// A natural person.
    Person,
    /// A program; it cannot do what needs a natural person.
    Service,
}

/// For whom a service may act.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActingScope {
    /// For nobody but itself.
    #[default]
    Nobody,
    /// For these subjects.
    Only(BTreeSet<String>),
    /// For every subject of its employer.
    Anyone,
}

impl ActingScope {
    fn covers(&self, subject: &str) -> bool {
        match self {
            Self::Nobody => false,
            Self::Only(subjects) => subjects.contains(subject),
            Self::Anyone => !subject.is_empty(),
        }
    }
}

/// Why a caller could not be established. Says nothing of the token's content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum AuthError {
    /// No `Authorization` header.
    #[error("no bearer token was sent")]
    Missing,
    /// Not a token or key of a form we accept.
    #[error("the token is malformed")]
    Malformed,
    /// Past its `exp`.
    #[error("the token has expired")]
    Expired,
    /// Before its `nbf` or `iat`.
    #[error("the token is not valid yet")]
    NotYetValid,
    /// `iss` is another's.
    #[error("the token comes from another issuer")]
    WrongIssuer,
    /// `aud` does not name us.
    #[error("the token is meant for another audience")]
    WrongAudience,
    /// The signature or the secret does not match.
    #[error("the token's signature does not match")]
    BadSignature,
    /// No such signing key or API key.
    #[error("the token names no key that is known here")]
    UnknownKey,
    /// `alg` is not allowed, or not for that key.
    #[error("the token's signing algorithm is refused")]
    AlgorithmRefused,
    /// No `employer` claim, or not one that can be an employer's name.
    #[error("the token names no employer")]
    EmployerMissing,
    /// The API key has been revoked.
    #[error("the key has been revoked")]
    Revoked,
    /// The issuer's keys cannot be had at present; the only error that is not the caller's.
    #[error("the issuer's signing keys are unavailable at present")]
    KeysUnavailable,
}

impl AuthError {
    /// Every error, for documents and tests.
    pub const ALL: [Self; 12] = [
        Self::Missing,
        Self::Malformed,
        Self::Expired,
        Self::NotYetValid,
        Self::WrongIssuer,
        Self::WrongAudience,
        Self::BadSignature,
        Self::UnknownKey,
        Self::AlgorithmRefused,
        Self::EmployerMissing,
        Self::Revoked,
        Self::KeysUnavailable,
    ];

    /// A name that does not change between releases.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing => "token_missing",
            Self::Malformed => "token_malformed",
            Self::Expired => "token_expired",
            Self::NotYetValid => "token_not_yet_valid",
            Self::WrongIssuer => "token_wrong_issuer",
            Self::WrongAudience => "token_wrong_audience",
            Self::BadSignature => "token_bad_signature",
            Self::UnknownKey => "token_unknown_key",
            Self::AlgorithmRefused => "token_algorithm_refused",
            Self::EmployerMissing => "token_employer_missing",
            Self::Revoked => "key_revoked",
            Self::KeysUnavailable => "keys_unavailable",
        }
    }

    /// The Japanese text; the English one is `Display`.
    #[must_use]
    pub const fn japanese(self) -> &'static str {
        match self {
            Self::Missing => "ベアラートークンがありません",
            Self::Malformed => "トークンの形式が正しくありません",
            Self::Expired => "トークンの有効期限が切れています",
            Self::NotYetValid => "トークンはまだ有効ではありません",
            Self::WrongIssuer => "トークンの発行者が異なります",
            Self::WrongAudience => "トークンの宛先が異なります",
            Self::BadSignature => "トークンの署名が一致しません",
            Self::UnknownKey => "トークンが示す鍵は登録されていません",
            Self::AlgorithmRefused => "トークンの署名方式は受け付けられません",
            Self::EmployerMissing => "トークンに雇用主の指定がありません",
            Self::Revoked => "このキーは失効しています",
            Self::KeysUnavailable => "発行者の署名鍵を現在取得できません",
        }
    }
}

/// The credentials in an `Authorization` header's value; the scheme is read in any case.
pub fn bearer(header: Option<&str>) -> Result<&str, AuthError> {
    let (scheme, credentials) = header.ok_or(AuthError::Missing)?.split_once(' ').ok_or(AuthError::Malformed)?;
    let credentials = credentials.trim();
    let graphic = !credentials.is_empty() && credentials.bytes().all(|byte| byte.is_ascii_graphic());
    if scheme.eq_ignore_ascii_case("bearer") && graphic { Ok(credentials) } else { Err(AuthError::Malformed) }
}

/// Whether the text can be an employer's name: `^[a-z0-9][a-z0-9-]{0,62}$`.
#[must_use]
pub fn is_employer_name(text: &str) -> bool {
    let mut bytes = text.bytes();
    text.len() <= 63
        && bytes.next().is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        && bytes.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(kind: CallerKind, may_act_for: ActingScope) -> Caller {
        Caller {
            employer: "acme".into(),
            issuer: "https://id.example".into(),
            subject: "suzuki".into(),
            roles: BTreeSet::from([Role::Recruiter]),
            legal_entities: Some(BTreeSet::from(["JP-HQ".into()])),
            may_act_for,
            kind,
            display_name: Some("鈴木 一郎".into()),
        }
    }

    #[test]
    fn a_bearer_header_yields_its_token_and_anything_else_says_why() {
        assert_eq!(bearer(Some("Bearer abc.def")), Ok("abc.def"));
        assert_eq!(bearer(Some("bEARER  abc ")), Ok("abc"));
        assert_eq!(bearer(None), Err(AuthError::Missing));
        for header in ["", "Bearer", "Bearer ", "Basic abc", "Bearer a b", "Bearer 鍵"] {
            assert_eq!(bearer(Some(header)), Err(AuthError::Malformed), "{header}");
        }
    }

    #[test]
    fn an_employer_is_named_in_lower_case_letters_digits_and_hyphens() {
        let long = "a".repeat(63);
        for name in ["acme", "0", "a-b-", "9to5", long.as_str()] {
            assert!(is_employer_name(name), "{name}");
        }
        let longer = "a".repeat(64);
        for name in ["", "-a", "Acme", "a_b", "a b", "a\n", "会社", longer.as_str()] {
            assert!(!is_employer_name(name), "{name}");
        }
    }

    #[test]
    fn only_a_service_acts_for_others_and_only_within_its_scope() {
        let only = ActingScope::Only(BTreeSet::from(["megumi".into()]));
        assert!(caller(CallerKind::Service, only.clone()).may_act_for("megumi"));
        assert!(!caller(CallerKind::Service, only).may_act_for("hanako"));
        assert!(caller(CallerKind::Service, ActingScope::Anyone).may_act_for("hanako"));
        assert!(!caller(CallerKind::Service, ActingScope::Anyone).may_act_for(""));
        assert!(!caller(CallerKind::Service, ActingScope::Nobody).may_act_for("hanako"));
        assert!(!caller(CallerKind::Person, ActingScope::Anyone).may_act_for("hanako"));
    }

    #[test]
    fn a_caller_without_entities_sees_all_and_one_with_them_only_those() {
        let mut confined = caller(CallerKind::Person, ActingScope::Nobody);
        assert!(confined.covers_legal_entity("JP-HQ") && !confined.covers_legal_entity("JP-W"));
        confined.legal_entities = Some(BTreeSet::new());
        assert!(!confined.covers_legal_entity("JP-HQ"));
        confined.legal_entities = None;
        assert!(confined.covers_legal_entity("JP-W"));
    }

    #[test]
    fn a_logged_caller_names_no_person() {
        let text = format!("{:?}", caller(CallerKind::Person, ActingScope::Nobody));
        assert!(text.contains("acme") && !text.contains("鈴木") && !text.contains("suzuki"), "{text}");
    }

    #[test]
    fn every_refusal_has_its_own_code_and_a_text_in_both_languages() {
        let codes: BTreeSet<_> = AuthError::ALL.into_iter().map(AuthError::code).collect();
        assert_eq!(codes.len(), AuthError::ALL.len());
        let texts: BTreeSet<_> = AuthError::ALL.into_iter().map(AuthError::japanese).collect();
        assert_eq!(texts.len(), AuthError::ALL.len());
        assert!(AuthError::ALL.into_iter().all(|error| error.to_string().is_ascii()));
    }
}
