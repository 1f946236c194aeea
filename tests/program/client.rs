//! A small client: one request, one reply, nothing hidden.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;
use ureq::http::{HeaderMap, Request};

/// How long a reply may take.
const PATIENCE: Duration = Duration::from_secs(50);

/// A server as one caller reaches it.
#[derive(Clone)]
pub struct Client {
    agent: ureq::Agent,
    pub address: SocketAddr,
    token: Option<String>,
}

impl Client {
    /// A client that names nobody.
    pub fn new(address: SocketAddr) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(PATIENCE))
            .proxy(None);
        Self { agent: config.build().into(), address, token: None }
    }

    /// A client that opens a connection for each request.
    pub fn without_pool(address: SocketAddr) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(PATIENCE))
            .max_idle_connections(0)
            .proxy(None);
        Self { agent: config.build().into(), address, token: None }
    }

    /// The same client with a bearer token.
    pub fn bearing(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// The bearer token.
    pub fn token(&self) -> &str {
        self.token.as_deref().unwrap_or_default()
    }

    /// A request.
    pub fn request(&self, method: &str, path: &str) -> Call<'_> {
        Call { client: self, method: method.to_owned(), path: path.to_owned(), headers: vec![], body: None }
    }

    /// Reads.
    #[track_caller]
    pub fn get(&self, path: &str) -> Reply {
        self.request("GET", path).send()
    }

    /// Reads something that has to be there.
    #[track_caller]
    pub fn read(&self, path: &str) -> Value {
        self.get(path).expect(200)
    }

    /// Commands.
    #[track_caller]
    pub fn post(&self, path: &str, body: &Value) -> Reply {
        self.request("POST", path).json(body).send()
    }

    /// Sends a file.
    pub fn upload(&self, path: &str, file: &[u8]) -> Reply {
        self.request("POST", path).body("text/csv", file).send()
    }

    /// Every item of a list, page by page.
    #[track_caller]
    pub fn all(&self, path: &str) -> Vec<Value> {
        let mut items = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let joint = if path.contains('?') { '&' } else { '?' };
            let from = cursor.map(|cursor| format!("{joint}cursor={cursor}")).unwrap_or_default();
            let page = self.read(&format!("{path}{from}"));
            items.extend(page["items"].as_array().unwrap().iter().cloned());
            cursor = page["next_cursor"].as_str().map(ToOwned::to_owned);
            if cursor.is_none() {
                return items;
            }
        }
    }
}

/// A request before it is sent.
pub struct Call<'c> {
    client: &'c Client,
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

impl Call<'_> {
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    pub fn if_match(self, version: i64) -> Self {
        self.header("if-match", &format!("\"{version}\""))
    }

    pub fn json(self, body: &Value) -> Self {
        let body = body.to_string();
        self.body("application/json", body.as_bytes())
    }

    pub fn body(self, media_type: &str, body: &[u8]) -> Self {
        let mut call = self.header("content-type", media_type);
        call.body = Some(body.to_vec());
        call
    }

    /// Sends it, again whenever the server asks to come back; a connection that breaks fails the test.
    #[track_caller]
    pub fn send(&self) -> Reply {
        let mut closed = 0;
        for _ in 0..100 {
            match self.try_send() {
                Ok(reply) if reply.asks_to_come_back() => std::thread::sleep(Duration::from_millis(50)),
                Ok(reply) => return reply,
                // A server that refuses a request without reading its body closes the connection after its answer; a
                // pooled client may notice only when it sends the next one, which was not read then.
                Err(ureq::Error::Io(error)) if closed < 3 && is_closed(&error) => closed += 1,
                Err(error) => panic!("{} {}: {error}", self.method, self.path),
            }
        }
        panic!("{} {}: the server is never free", self.method, self.path);
    }

    /// Sends it once.
    pub fn try_send(&self) -> Result<Reply, ureq::Error> {
        let what = format!("{} {}", self.method, self.path);
        let mut request =
            Request::builder().method(self.method.as_str()).uri(format!("http://{}{}", self.client.address, self.path));
        if let Some(token) = &self.client.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let answer = match &self.body {
            Some(body) => self.client.agent.run(request.body(body.clone())?),
            None if self.method == "POST" => self.client.agent.run(request.body(Vec::new())?),
            None => self.client.agent.run(request.body(())?),
        };
        let mut answer = answer?;
        let body = answer.body_mut().with_config().limit(256 << 20).read_to_vec()?;
        Ok(Reply { what, status: answer.status().as_u16(), headers: answer.headers().clone(), body })
    }
}

fn is_closed(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof)
}

/// What the server answered.
#[derive(Debug)]
pub struct Reply {
    what: String,
    pub status: u16,
    headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Whether nothing was done, and a repeat may be.
    pub fn asks_to_come_back(&self) -> bool {
        let code = || self.json()["code"].as_str().map(ToOwned::to_owned);
        self.status == 503
            && self.header("retry-after").is_some()
            && code().is_some_and(|code| ["overloaded", "projection_behind"].contains(&code.as_str()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{}: {error}: {}", self.what, self.text()))
    }

    /// The body of a reply that has to have this status.
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}: {}", self.what, self.text());
        self.json()
    }

    /// The problem that the reply has to be; every problem is explained in the same members.
    #[track_caller]
    pub fn problem(&self, status: u16, code: &str) -> Value {
        assert_eq!(self.status, status, "{}: {}", self.what, self.text());
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{}", self.what);
        let problem = self.json();
        assert_eq!(problem["code"], code, "{}: {problem}", self.what);
        assert_eq!(problem["status"], status, "{}", self.what);
        assert_eq!(problem["type"], format!("/problems/{code}"), "{}", self.what);
        for member in ["title", "title_ja", "detail", "detail_ja"] {
            assert!(problem[member].as_str().is_some_and(|text| !text.is_empty()), "{}: {member}", self.what);
        }
        problem
    }

    /// A refusal by the domain, by its reason.
    #[track_caller]
    pub fn refused(&self, status: u16, reason: &str) -> Value {
        assert_eq!(self.status, status, "{}: {}", self.what, self.text());
        let problem = self.json();
        assert_eq!(problem["reason"], reason, "{}: {problem}", self.what);
        self.problem(status, problem["code"].as_str().unwrap())
    }

    /// A refusal that points at one field.
    #[track_caller]
    pub fn points_at(&self, pointer: &str, code: &str) -> Value {
        let problem = self.problem(422, "validation_failed");
        let errors = problem["errors"].as_array().unwrap();
        let named = errors.iter().any(|error| error["pointer"] == pointer && error["code"] == code);
        assert!(named, "{}: {pointer} {code}: {problem}", self.what);
        for error in errors {
            assert!(error["detail"].is_string() && error["detail_ja"].is_string(), "{}: {error}", self.what);
        }
        problem
    }
}

/// Sends bytes as they are and reads the answer to its end: status and body.
pub fn raw(address: SocketAddr, request: &[u8]) -> (u16, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(request).unwrap();
    let mut answer = Vec::new();
    // The server may close in the middle of a request that it refuses.
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
    (status, answer)
}
