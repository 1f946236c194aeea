//! A real issuer on a loopback port, with keys made on the spot.

mod issuer;

use std::task::Poll;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use issuer::{Answer, FakeIssuer, SigningKey, token};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use super::super::{CallerKind, Role};
use super::*;

const NOW: u64 = 1_800_000_000;

fn claims(issuer: &FakeIssuer) -> Value {
    json!({ "iss": issuer.url, "aud": ["account", "okaeri"], "sub": "suzuki", "employer": "acme",
            "roles": ["recruiter", "offline_access"], "iat": NOW, "exp": NOW + 1_000_000,
            "name": "鈴木 一郎" })
}

fn header(alg: &str, kid: &str) -> Value {
    json!({ "alg": alg, "kid": kid, "typ": "JWT" })
}

/// An issuer with one elliptic-curve key `k1`, and its verifier.
fn with_one_key() -> (FakeIssuer, OidcVerifier, SigningKey) {
    let key = SigningKey::p256();
    let issuer = FakeIssuer::start();
    issuer.publish(&[key.jwk("k1")]);
    let verifier = OidcVerifier::new(&issuer.url, "okaeri").unwrap();
    (issuer, verifier, key)
}

#[tokio::test]
async fn a_good_token_names_its_caller_and_the_keys_are_fetched_once() {
    let (issuer, verifier, key) = with_one_key();
    let good = token(&key, &header("ES256", "k1"), &claims(&issuer));
    for at in [NOW, NOW + 1, NOW + KEY_LIFETIME_SECONDS - 1] {
        let caller = verifier.verify_at(&good, at).await.unwrap();
        assert_eq!((caller.subject.as_str(), caller.employer.as_str()), ("suzuki", "acme"));
        assert_eq!(caller.issuer, issuer.url);
        assert_eq!(caller.roles, [Role::Recruiter].into());
        assert_eq!(caller.kind, CallerKind::Person);
        assert_eq!(caller.display_name.as_deref(), Some("鈴木 一郎"));
    }
    assert_eq!(issuer.key_requests(), 1);
    verifier.verify_at(&good, NOW + KEY_LIFETIME_SECONDS).await.unwrap();
    assert_eq!(issuer.key_requests(), 2);
}

#[tokio::test]
async fn every_allowed_algorithm_verifies_with_its_own_kind_of_key() {
    let (rsa, p256, p384, ed) = (SigningKey::rsa(), SigningKey::p256(), SigningKey::p384(), SigningKey::ed25519());
    let issuer = FakeIssuer::start();
    issuer.publish(&[rsa.jwk("r"), p256.jwk("p"), p384.jwk("q"), ed.jwk("e")]);
    let verifier = OidcVerifier::new(&issuer.url, "okaeri").unwrap();
    let mut pairs = vec![(&p256, "ES256", "p"), (&p384, "ES384", "q"), (&ed, "EdDSA", "e")];
    let rsa_algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];
    pairs.extend(rsa_algorithms.map(|alg| (&rsa, alg, "r")));
    for (key, alg, kid) in pairs {
        let good = token(key, &header(alg, kid), &claims(&issuer));
        assert!(verifier.verify_at(&good, NOW).await.is_ok(), "{alg}");
        let crossed = token(key, &header(alg, if kid == "r" { "p" } else { "r" }), &claims(&issuer));
        let refused = verifier.verify_at(&crossed, NOW).await;
        assert_eq!(refused, Err(AuthError::AlgorithmRefused), "{alg}");
    }
    let unnamed = token(&rsa, &json!({ "alg": "RS256" }), &claims(&issuer));
    assert_eq!(verifier.verify_at(&unnamed, NOW).await, Err(AuthError::UnknownKey));
}

#[tokio::test]
async fn unsigned_tokens_and_shared_secrets_are_refused_before_anybody_is_asked() {
    let rsa = SigningKey::rsa();
    let issuer = FakeIssuer::start();
    issuer.publish(&[rsa.jwk("r")]);
    let verifier = OidcVerifier::new(&issuer.url, "okaeri").unwrap();
    let none = URL_SAFE_NO_PAD.encode(header("none", "r").to_string());
    let none = format!("{none}.{}.", URL_SAFE_NO_PAD.encode(claims(&issuer).to_string()));
    assert_eq!(verifier.verify_at(&none, NOW).await, Err(AuthError::AlgorithmRefused));
    // The published key, in each form it may be taken for a secret.
    let jwk = rsa.jwk("r");
    let modulus = URL_SAFE_NO_PAD.decode(jwk["n"].as_str().unwrap()).unwrap();
    for secret in [rsa.public_der(), modulus, jwk.to_string().into_bytes()] {
        let header = Header { kid: Some("r".into()), ..Header::new(Algorithm::HS256) };
        let secret = EncodingKey::from_secret(&secret);
        let confused = jsonwebtoken::encode(&header, &claims(&issuer), &secret).unwrap();
        let refused = verifier.verify_at(&confused, NOW).await;
        assert_eq!(refused, Err(AuthError::AlgorithmRefused));
    }
    assert_eq!(issuer.key_requests(), 0);
}

#[tokio::test]
async fn a_changed_payload_or_another_hand_is_found_out() {
    let (issuer, verifier, key) = with_one_key();
    let good = token(&key, &header("ES256", "k1"), &claims(&issuer));
    let (message, signature) = good.rsplit_once('.').unwrap();
    let (head, _) = message.split_once('.').unwrap();
    let mut richer = claims(&issuer);
    richer["roles"] = json!(["compliance"]);
    let richer = URL_SAFE_NO_PAD.encode(richer.to_string());
    for forged in [
        format!("{head}.{richer}.{signature}"),
        format!("{message}."),
        token(&SigningKey::p256(), &header("ES256", "k1"), &claims(&issuer)),
    ] {
        assert_eq!(verifier.verify_at(&forged, NOW).await, Err(AuthError::BadSignature));
    }
}

#[tokio::test]
async fn a_well_signed_token_still_has_to_be_for_us_and_for_now() {
    let (issuer, verifier, key) = with_one_key();
    for (claim, value, error) in [
        ("aud", json!("account"), AuthError::WrongAudience),
        ("iss", json!("https://id.example"), AuthError::WrongIssuer),
        ("exp", json!(NOW - 60), AuthError::Expired),
        ("nbf", json!(NOW + 61), AuthError::NotYetValid),
        ("employer", json!(null), AuthError::EmployerMissing),
    ] {
        let mut claims = claims(&issuer);
        claims[claim] = value;
        let token = token(&key, &header("ES256", "k1"), &claims);
        assert_eq!(verifier.verify_at(&token, NOW).await, Err(error), "{claim}");
    }
}

#[tokio::test]
async fn rotated_keys_are_fetched_when_first_met_and_old_ones_are_gone() {
    let (issuer, verifier, old) = with_one_key();
    let old_token = token(&old, &header("ES256", "k1"), &claims(&issuer));
    verifier.verify_at(&old_token, NOW).await.unwrap();
    let new = SigningKey::p256();
    issuer.publish(&[new.jwk("k2")]);
    let new_token = token(&new, &header("ES256", "k2"), &claims(&issuer));
    let at = NOW + REFRESH_INTERVAL_SECONDS;
    verifier.verify_at(&new_token, at).await.unwrap();
    assert_eq!(verifier.verify_at(&old_token, at).await, Err(AuthError::UnknownKey));
    assert_eq!(issuer.key_requests(), 2);
}

#[tokio::test]
async fn unknown_key_ids_ask_the_issuer_at_most_every_thirty_seconds() {
    let (issuer, verifier, key) = with_one_key();
    verifier.verify_at(&token(&key, &header("ES256", "k1"), &claims(&issuer)), NOW).await.unwrap();
    for (at, requests) in [(NOW, 1), (NOW + 29, 1), (NOW + 30, 2), (NOW + 31, 2), (NOW + 60, 3)] {
        let stray = token(&key, &header("ES256", &format!("stray-{at}")), &claims(&issuer));
        assert_eq!(verifier.verify_at(&stray, at).await, Err(AuthError::UnknownKey));
        assert_eq!(issuer.key_requests(), requests, "at {}", at - NOW);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_callers_at_once_ask_the_issuer_once() {
    let (issuer, verifier, key) = with_one_key();
    let good = token(&key, &header("ES256", "k1"), &claims(&issuer));
    let calls: Vec<_> = (0..16)
        .map(|_| {
            let (verifier, good) = (verifier.clone(), good.clone());
            tokio::spawn(async move { verifier.verify_at(&good, NOW).await })
        })
        .collect();
    for call in calls {
        assert!(call.await.unwrap().is_ok());
    }
    assert_eq!(issuer.key_requests(), 1);
}

#[tokio::test]
async fn known_keys_outlive_an_issuer_that_is_away_by_a_day() {
    let (issuer, verifier, key) = with_one_key();
    let good = token(&key, &header("ES256", "k1"), &claims(&issuer));
    verifier.verify_at(&good, NOW).await.unwrap();
    issuer.answer_keys(Answer::HangUp);
    let at = NOW + KEY_LIFETIME_SECONDS;
    verifier.verify_at(&good, at).await.unwrap();
    assert!(verifier.last_failure().is_some());
    let requests = issuer.key_requests();
    verifier.verify_at(&good, at + 29).await.unwrap();
    assert_eq!(issuer.key_requests(), requests, "a refusal is not asked for again at once");
    verifier.verify_at(&good, NOW + STALE_KEY_LIFETIME_SECONDS - 1).await.unwrap();
    let refused = verifier.verify_at(&good, NOW + STALE_KEY_LIFETIME_SECONDS).await;
    assert_eq!(refused, Err(AuthError::KeysUnavailable));
    issuer.publish(&[key.jwk("k1")]);
    verifier.verify_at(&good, NOW + STALE_KEY_LIFETIME_SECONDS + 5).await.unwrap();
    assert_eq!(verifier.last_failure(), None);
}

#[tokio::test]
async fn an_empty_or_broken_key_set_does_not_replace_the_good_one() {
    let (issuer, verifier, key) = with_one_key();
    let good = token(&key, &header("ES256", "k1"), &claims(&issuer));
    verifier.verify_at(&good, NOW).await.unwrap();
    let mut at = NOW;
    let keys = json!({ "keys": [key.jwk("k1")] }).to_string();
    let too_long = format!("{keys}{}", " ".repeat(256 * 1024));
    for broken in [
        Answer::json(&json!({ "keys": [] })),
        Answer::Body { status: 200, body: "<html>maintenance</html>".into(), location: None },
        Answer::Body { status: 503, body: String::new(), location: None },
        Answer::Body { status: 200, body: too_long, location: None },
    ] {
        issuer.answer_keys(broken);
        at += KEY_LIFETIME_SECONDS;
        verifier.verify_at(&good, at).await.unwrap();
        assert!(verifier.last_failure().is_some());
    }
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let (elsewhere, _, _) = with_one_key();
    let (issuer, verifier, _) = with_one_key();
    let location = Some(format!("{}/keys", elsewhere.url));
    issuer.answer_keys(Answer::Body { status: 302, body: String::new(), location });
    let refused = verifier.warm_up().await;
    assert!(matches!(refused, Err(OidcError::Status { status: 302, .. })), "{refused:?}");
    assert_eq!(elsewhere.key_requests(), 0);
}

#[tokio::test]
async fn a_discovery_document_of_another_issuer_is_refused() {
    let (issuer, verifier, _) = with_one_key();
    let keys = format!("{}/keys", issuer.url);
    let slash = format!("{}/", issuer.url);
    issuer.answer_discovery(Answer::json(&json!({ "issuer": slash, "jwks_uri": keys })));
    assert!(matches!(verifier.warm_up().await, Err(OidcError::OtherIssuer { .. })));
    for jwks_uri in ["http://keys.example/k", "https://keys.example/k", "ftp://localhost/k"] {
        let document = json!({ "issuer": issuer.url, "jwks_uri": jwks_uri });
        issuer.answer_discovery(Answer::json(&document));
        let refused = verifier.warm_up().await;
        assert!(matches!(refused, Err(OidcError::Insecure(_))), "{jwks_uri}: {refused:?}");
    }
    assert_eq!(issuer.key_requests(), 0);
}

#[tokio::test]
async fn a_caller_who_hangs_up_does_not_use_up_the_attempt() {
    let (issuer, verifier, key) = with_one_key();
    let good = token(&key, &header("ES256", "k1"), &claims(&issuer));
    {
        let mut call = Box::pin(verifier.verify_at(&good, NOW));
        let waits = std::future::poll_fn(|context| Poll::Ready(call.as_mut().poll(context).is_pending())).await;
        assert!(waits, "it asks the issuer, and is not waited for any longer");
    }
    assert!(verifier.verify_at(&good, NOW).await.is_ok());
    assert_eq!(issuer.key_requests(), 1);
}

#[tokio::test]
async fn an_https_issuer_is_spoken_to_in_tls_and_has_to_prove_who_it_is() {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let issuer = format!("https://{}", listener.local_addr().unwrap());
    let peer = std::thread::spawn(move || {
        let mut first = [0; 1];
        std::io::Read::read_exact(&mut listener.accept().unwrap().0, &mut first).unwrap();
        first
    });
    let verifier = OidcVerifier::new(&issuer, "okaeri").unwrap();
    let refused = verifier.warm_up().await;
    assert!(matches!(refused, Err(OidcError::Unreachable { .. })), "{refused:?}");
    assert_eq!(peer.join().unwrap(), [0x16], "a TLS handshake record");
}

#[test]
fn only_https_or_this_very_machine_can_be_an_issuer() {
    for issuer in [
        "https://id.example",
        "https://id.example/realms/acme/",
        "http://localhost:8080",
        "http://127.0.0.1:1",
        "http://[::1]:8080/x",
    ] {
        assert!(OidcVerifier::new(issuer, "okaeri").is_ok(), "{issuer}");
    }
    for issuer in [
        "",
        "id.example",
        "http://id.example",
        "http://localhost.example",
        "http://127.0.0.1.example",
        "http://localhost@id.example",
        "https://user:word@id.example",
        "https://id.example?tenant=1",
        "https://id.example#a",
        "file:///etc/passwd",
    ] {
        assert!(OidcVerifier::new(issuer, "okaeri").is_err(), "{issuer}");
    }
    assert!(OidcVerifier::new("https://id.example", " ").is_err());
}
