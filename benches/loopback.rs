//! The program's router on loopback, asked by clients that keep their connections.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use okaeri::dispatch::Dispatcher;
use okaeri::http::{self, Identity};
use okaeri::identity::Role;
use okaeri::identity::permissions::Permissions;
use okaeri::identity::trial::{self, TrialKey, TrialToken};
use okaeri::telemetry::Metrics;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// A server of this process.
pub struct Loopback {
    address: SocketAddr,
    key: TrialKey,
    idle: Mutex<Vec<TcpStream>>,
    server: tokio::task::JoinHandle<()>,
}

impl Loopback {
    /// Serves until it is closed.
    pub async fn serve(dispatcher: Arc<Dispatcher>, key: TrialKey) -> Self {
        let permissions = Permissions::embedded().expect("the table");
        let router = http::router(dispatcher, Identity::Trial(key.clone()), permissions, Metrics::default());
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let answering = http::answer(listener, router, std::future::pending());
        let server = tokio::spawn(async move { answering.await.expect("it serves") });
        Self { address, key, idle: Mutex::default(), server }
    }

    /// The `authorization` of somebody at an employer.
    pub fn bearer(&self, subject: &str, employer: &str, role: Role) -> String {
        let now = u64::try_from(chrono::Utc::now().timestamp()).expect("after 1970");
        let token = TrialToken::person(subject, employer, [role].into());
        format!("authorization: Bearer {}", trial::sign(&self.key, &token, now).expect("a token"))
    }

    /// Sends one request and reads its reply, which must be `200 OK`; its body.
    pub async fn ask(&self, request: &str) -> String {
        let idle = self.idle.lock().expect("nobody panicked").pop();
        let mut stream = if let Some(stream) = idle {
            stream
        } else {
            let stream = TcpStream::connect(self.address).await.expect("a connection");
            stream.set_nodelay(true).expect("a socket");
            stream
        };
        stream.write_all(request.as_bytes()).await.expect("the request is sent");
        let (head, body) = reply(&mut stream).await;
        assert!(head.starts_with("HTTP/1.1 200"), "{head}\n{body}");
        self.idle.lock().expect("nobody panicked").push(stream);
        body
    }

    /// Serves no more.
    pub fn close(&self) {
        self.server.abort();
        self.idle.lock().expect("nobody panicked").clear();
    }
}

/// Reads one reply to its end: head and body.
async fn reply(stream: &mut TcpStream) -> (String, String) {
    let mut read = Vec::with_capacity(1024);
    loop {
        assert!(stream.read_buf(&mut read).await.expect("the reply") > 0, "the connection was closed");
        let Some(end) = read.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        let (head, body) = (String::from_utf8_lossy(&read[..end]), &read[end + 4..]);
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).expect("a length");
        if body.len() >= length.parse().expect("a number") {
            return (head.into_owned(), String::from_utf8_lossy(body).into_owned());
        }
    }
}
