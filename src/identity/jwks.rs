//! An issuer's published signing keys, and which of them may verify which token.
//!
//! Used by `oidc`. A key that cannot be used safely is left out when the set is read, so that
//! choosing can only find good ones.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;

use super::AuthError;

/// The keys of one issuer as they were published at one time.
#[derive(Debug)]
pub(super) struct KeySet {
    keys: Vec<Key>,
}

#[derive(Debug)]
struct Key {
    kid: Option<String>,
    /// The one algorithm the issuer confines the key to, if it does.
    only: Option<Algorithm>,
    shape: Shape,
    decoding: DecodingKey,
}

#[derive(Clone, Copy, Debug)]
enum Shape {
    Rsa,
    P256,
    P384,
    Ed25519,
}

/// Whether tokens of an outside issuer may be signed so: never unsigned, never with a shared
/// secret, which would let the published key itself sign.
pub(super) fn is_allowed(algorithm: Algorithm) -> bool {
    use Shape::{Ed25519, P256, P384, Rsa};
    [Rsa, P256, P384, Ed25519].into_iter().any(|shape| shape.signs(algorithm))
}

impl Shape {
    fn signs(self, algorithm: Algorithm) -> bool {
        use Algorithm::{ES256, ES384, EdDSA, PS256, PS384, PS512, RS256, RS384, RS512};
        match self {
            Self::Rsa => matches!(algorithm, RS256 | RS384 | RS512 | PS256 | PS384 | PS512),
            Self::P256 => algorithm == ES256,
            Self::P384 => algorithm == ES384,
            Self::Ed25519 => algorithm == EdDSA,
        }
    }
}

#[derive(Deserialize)]
struct Document {
    keys: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    key_ops: Option<Vec<String>>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

impl KeySet {
    /// Reads a JWKS document; one that is not JSON of that form gives `None`. Keys of unknown
    /// kinds are passed over, as RFC 7517 (section 5) asks.
    pub fn parse(json: &[u8]) -> Option<Self> {
        let document: Document = serde_json::from_slice(json).ok()?;
        let keys = document
            .keys
            .into_iter()
            .filter_map(|key| serde_json::from_value::<Jwk>(key).ok())
            .filter_map(Jwk::usable)
            .collect();
        Some(Self { keys })
    }

    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The key for a token with this `kid` and `alg`. Without `kid` there must be one key only.
    pub fn select(&self, kid: Option<&str>, algorithm: Algorithm) -> Result<&DecodingKey, AuthError> {
        let candidates: Vec<&Key> = match (kid, self.keys.as_slice()) {
            (Some(kid), keys) => keys.iter().filter(|k| k.kid.as_deref() == Some(kid)).collect(),
            (None, [only]) => vec![only],
            (None, _) => vec![],
        };
        if candidates.is_empty() {
            return Err(AuthError::UnknownKey);
        }
        candidates
            .into_iter()
            .find(|key| key.shape.signs(algorithm) && key.only.is_none_or(|only| only == algorithm))
            .map(|key| &key.decoding)
            .ok_or(AuthError::AlgorithmRefused)
    }
}

impl Jwk {
    fn usable(self) -> Option<Key> {
        let signs = self.usage.as_deref().is_none_or(|usage| usage == "sig");
        let verifies = self.key_ops.as_ref().is_none_or(|ops| ops.iter().any(|op| op == "verify"));
        if !signs || !verifies {
            return None;
        }
        let (shape, decoding) = match (self.kty.as_str(), self.crv.as_deref()) {
            ("RSA", _) => (Shape::Rsa, rsa(self.n.as_deref()?, self.e.as_deref()?)?),
            ("EC", Some("P-256")) => (Shape::P256, ec(self.x.as_deref()?, self.y.as_deref()?, 32)?),
            ("EC", Some("P-384")) => (Shape::P384, ec(self.x.as_deref()?, self.y.as_deref()?, 48)?),
            ("OKP", Some("Ed25519")) => (Shape::Ed25519, ed(self.x.as_deref()?)?),
            _ => return None,
        };
        let only = match self.alg {
            None => None,
            Some(alg) => Some(alg.parse().ok().filter(|alg| shape.signs(*alg))?),
        };
        Some(Key { kid: self.kid, only, shape, decoding })
    }
}

fn bytes(part: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(part).ok()
}

/// 2048 to 8192 bits: what the library verifies with.
fn rsa(n: &str, e: &str) -> Option<DecodingKey> {
    let (n, e) = (bytes(n)?, bytes(e)?);
    let length = n.iter().skip_while(|byte| **byte == 0).count();
    (256..=1024).contains(&length).then(|| DecodingKey::from_rsa_raw_components(&n, &e))
}

fn ec(x: &str, y: &str, length: usize) -> Option<DecodingKey> {
    let right = bytes(x)?.len() == length && bytes(y)?.len() == length;
    right.then(|| DecodingKey::from_ec_components(x, y).ok()).flatten()
}

fn ed(x: &str) -> Option<DecodingKey> {
    (bytes(x)?.len() == 32).then(|| DecodingKey::from_ed_components(x).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn part(length: usize) -> String {
        URL_SAFE_NO_PAD.encode(vec![0x81; length])
    }

    fn rsa_key(changes: &Value) -> Value {
        let mut key = json!({ "kty": "RSA", "kid": "r", "n": part(256), "e": "AQAB" });
        for (name, value) in changes.as_object().unwrap() {
            key[name] = value.clone();
        }
        key
    }

    fn set(keys: &[Value]) -> KeySet {
        KeySet::parse(json!({ "keys": keys }).to_string().as_bytes()).unwrap()
    }

    #[test]
    fn shared_secrets_and_no_signature_are_never_allowed() {
        use Algorithm::{ES256, ES384, EdDSA, HS256, HS384, HS512, PS256, PS512, RS256, RS512};
        assert!([RS256, RS512, PS256, PS512, ES256, ES384, EdDSA].into_iter().all(is_allowed));
        assert!(![HS256, HS384, HS512].into_iter().any(is_allowed));
    }

    #[test]
    fn keys_that_are_not_for_verifying_are_left_out() {
        for changes in [
            json!({ "use": "enc" }),
            json!({ "key_ops": ["encrypt"] }),
            json!({ "alg": "RSA-OAEP" }),
            json!({ "alg": "HS256" }),
            json!({ "alg": "ES256" }),
            json!({ "n": part(128) }),
            json!({ "n": part(1025) }),
            json!({ "n": "***" }),
            json!({ "kty": "oct", "k": part(32) }),
            json!({ "kty": "EC", "crv": "P-256", "x": part(32), "y": part(31) }),
            json!({ "kty": "EC", "crv": "P-521", "x": part(66), "y": part(66) }),
            json!({ "kty": "OKP", "crv": "X25519", "x": part(32) }),
            json!({ "kty": 7 }),
        ] {
            assert!(set(&[rsa_key(&changes)]).is_empty(), "{changes}");
        }
    }

    #[test]
    fn one_bad_key_does_not_hide_the_good_ones() {
        let keys = set(&[json!("?"), rsa_key(&json!({ "kty": "new" })), rsa_key(&json!({}))]);
        assert!(keys.select(Some("r"), Algorithm::RS256).is_ok());
        assert!(KeySet::parse(b"{}").is_none() && KeySet::parse(b"<html>").is_none());
    }

    #[test]
    fn the_algorithm_must_agree_with_the_key() {
        let free = set(&[rsa_key(&json!({}))]);
        assert!(free.select(Some("r"), Algorithm::PS384).is_ok());
        let refused = free.select(Some("r"), Algorithm::ES256).map(|_| ());
        assert_eq!(refused, Err(AuthError::AlgorithmRefused));
        let bound = set(&[rsa_key(&json!({ "alg": "RS256", "use": "sig" }))]);
        assert!(bound.select(Some("r"), Algorithm::RS256).is_ok());
        let refused = bound.select(Some("r"), Algorithm::PS256).map(|_| ());
        assert_eq!(refused, Err(AuthError::AlgorithmRefused));
    }

    #[test]
    fn the_key_id_is_needed_as_soon_as_there_are_two() {
        let one = set(&[rsa_key(&json!({}))]);
        assert!(one.select(None, Algorithm::RS256).is_ok());
        assert!(one.select(Some("other"), Algorithm::RS256).is_err());
        let two = set(&[rsa_key(&json!({})), rsa_key(&json!({ "kid": "s" }))]);
        let unnamed = two.select(None, Algorithm::RS256).map(|_| ());
        assert_eq!(unnamed, Err(AuthError::UnknownKey));
        assert!(two.select(Some("s"), Algorithm::RS256).is_ok());
    }

    #[test]
    fn keys_that_share_an_id_are_told_apart_by_their_kind() {
        let x = part(32);
        let ec = json!({ "kty": "EC", "kid": "r", "crv": "P-256", "x": x, "y": x });
        let both = set(&[rsa_key(&json!({})), ec]);
        assert!(both.select(Some("r"), Algorithm::ES256).is_ok());
        assert!(both.select(Some("r"), Algorithm::RS256).is_ok());
    }
}
