//! The token issuer that the tests talk to: a TCP listener, and keys to sign with.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{self, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RsaEncoding, RsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// A private key of one of the kinds that issuers use.
pub enum SigningKey {
    Rsa(RsaKeyPair),
    P256(EcdsaKeyPair),
    P384(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

impl SigningKey {
    pub fn rsa() -> Self {
        Self::Rsa(RsaKeyPair::generate(KeySize::Rsa2048).unwrap())
    }

    pub fn p256() -> Self {
        let kind = &signature::ECDSA_P256_SHA256_FIXED_SIGNING;
        Self::P256(EcdsaKeyPair::generate(kind).unwrap())
    }

    pub fn p384() -> Self {
        let kind = &signature::ECDSA_P384_SHA384_FIXED_SIGNING;
        Self::P384(EcdsaKeyPair::generate(kind).unwrap())
    }

    pub fn ed25519() -> Self {
        Self::Ed25519(Ed25519KeyPair::generate().unwrap())
    }

    /// The public key as it stands in a certificate.
    pub fn public_der(&self) -> Vec<u8> {
        match self {
            Self::Rsa(pair) => pair.public_key().as_der().unwrap().as_ref().to_vec(),
            Self::P256(pair) | Self::P384(pair) => pair.public_key().as_ref().to_vec(),
            Self::Ed25519(pair) => pair.public_key().as_ref().to_vec(),
        }
    }

    /// The public key as the issuer publishes it.
    pub fn jwk(&self, kid: &str) -> Value {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        match self {
            Self::Rsa(pair) => {
                // SEQUENCE { INTEGER n, INTEGER e }: 2048 bits have one length only.
                let der = pair.public_key().as_ref();
                assert_eq!((der.len(), &der[4..9]), (270, &[2, 0x82, 1, 1, 0][..]));
                let (n, e) = (text(&der[9..265]), text(&der[267..]));
                json!({ "kty": "RSA", "kid": kid, "use": "sig", "n": n, "e": e })
            }
            Self::P256(pair) => {
                let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
                json!({ "kty": "EC", "crv": "P-256", "kid": kid, "x": text(x), "y": text(y) })
            }
            Self::P384(pair) => {
                let (x, y) = pair.public_key().as_ref()[1..].split_at(48);
                json!({ "kty": "EC", "crv": "P-384", "kid": kid, "x": text(x), "y": text(y) })
            }
            Self::Ed25519(pair) => {
                let x = text(pair.public_key().as_ref());
                json!({ "kty": "OKP", "crv": "Ed25519", "kid": kid, "x": x, "alg": "EdDSA" })
            }
        }
    }

    fn sign(&self, alg: &str, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match self {
            Self::Rsa(pair) => {
                let padding: &'static dyn RsaEncoding = match alg {
                    "RS256" => &signature::RSA_PKCS1_SHA256,
                    "RS384" => &signature::RSA_PKCS1_SHA384,
                    "RS512" => &signature::RSA_PKCS1_SHA512,
                    "PS256" => &signature::RSA_PSS_SHA256,
                    "PS384" => &signature::RSA_PSS_SHA384,
                    "PS512" => &signature::RSA_PSS_SHA512,
                    other => panic!("{other} is not RSA"),
                };
                let mut signed = vec![0; pair.public_modulus_len()];
                pair.sign(padding, &random, message, &mut signed).unwrap();
                signed
            }
            Self::P256(pair) | Self::P384(pair) => pair.sign(&random, message).unwrap().as_ref().to_vec(),
            Self::Ed25519(pair) => pair.sign(message).as_ref().to_vec(),
        }
    }
}

/// A token signed as its header says.
pub fn token(key: &SigningKey, header: &Value, claims: &Value) -> String {
    let part = |json: &Value| URL_SAFE_NO_PAD.encode(json.to_string());
    let message = format!("{}.{}", part(header), part(claims));
    let signed = key.sign(header["alg"].as_str().unwrap(), message.as_bytes());
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signed))
}

/// What the issuer says when asked.
#[derive(Clone)]
pub enum Answer {
    Body { status: u16, body: String, location: Option<String> },
    HangUp,
}

impl Answer {
    pub fn json(body: &Value) -> Self {
        Self::Body { status: 200, body: body.to_string(), location: None }
    }
}

struct State {
    discovery: Answer,
    keys: Answer,
    key_requests: usize,
}

/// An issuer on a port of its own, for as long as the test runs.
pub struct FakeIssuer {
    pub url: String,
    state: Arc<Mutex<State>>,
}

impl FakeIssuer {
    pub fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let discovery = json!({ "issuer": url, "jwks_uri": format!("{url}/keys"), "scopes": [] });
        let state =
            Arc::new(Mutex::new(State { discovery: Answer::json(&discovery), keys: Answer::HangUp, key_requests: 0 }));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let _ = serve(stream.unwrap(), &shared);
            }
        });
        Self { url, state }
    }

    pub fn publish(&self, keys: &[Value]) {
        self.answer_keys(Answer::json(&json!({ "keys": keys })));
    }

    pub fn answer_keys(&self, answer: Answer) {
        self.state.lock().unwrap().keys = answer;
    }

    pub fn answer_discovery(&self, answer: Answer) {
        self.state.lock().unwrap().discovery = answer;
    }

    pub fn key_requests(&self) -> usize {
        self.state.lock().unwrap().key_requests
    }
}

fn serve(mut stream: TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let request = lines.next().transpose()?.unwrap_or_default();
    for line in lines {
        if line?.is_empty() {
            break;
        }
    }
    let answer = {
        let mut state = state.lock().unwrap();
        if request.starts_with("GET /.well-known/openid-configuration ") {
            state.discovery.clone()
        } else if request.starts_with("GET /keys ") {
            state.key_requests += 1;
            state.keys.clone()
        } else {
            Answer::Body { status: 404, body: String::new(), location: None }
        }
    };
    let Answer::Body { status, body, location } = answer else { return Ok(()) };
    let location = location.map(|url| format!("location: {url}\r\n")).unwrap_or_default();
    let length = body.len();
    write!(stream, "HTTP/1.1 {status} x\r\ncontent-length: {length}\r\n{location}connection: close\r\n\r\n{body}")
}
