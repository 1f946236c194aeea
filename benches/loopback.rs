//! The program's router on loopback, asked by clients that keep their connections.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use okaeri::dispatch::Dispatcher;
use okaeri::http::{self, Identity};
use okaeri::identity::Role;
use okaeri::identity::permissions::Permissions;
use okaeri::identity::trial::{self, TrialKey, TrialToken, TrialVerifier};
use okaeri::telemetry::Metrics;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// How soon a client comes back that was told to.
pub const RETRY_AFTER: Duration = Duration::from_millis(20);

/// One client's connection, and where it reads its replies.
struct Connection {
    stream: TcpStream,
    read: Vec<u8>,
}

/// A server of this process.
pub struct Loopback {
    address: SocketAddr,
    key: TrialKey,
    idle: Mutex<Vec<Connection>>,
    server: tokio::task::JoinHandle<()>,
}

impl Loopback {
    /// Serves until it is closed.
    pub async fn serve(dispatcher: Arc<Dispatcher>, key: TrialKey) -> Self {
        let permissions = Permissions::embedded().expect("the table");
        let router =
            http::router(dispatcher, Identity::Trial(TrialVerifier::new(key.clone())), permissions, Metrics::default());
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

    /// Sends one request, again where the server says that it has too much to do, and reads its reply, which must be `200 OK`; its
    /// body.
    pub async fn ask(&self, request: &str) -> String {
        let idle = self.idle.lock().expect("nobody panicked").pop();
        let mut connection = if let Some(connection) = idle {
            connection
        } else {
            let stream = TcpStream::connect(self.address).await.expect("a connection");
            stream.set_nodelay(true).expect("a socket");
            Connection { stream, read: Vec::with_capacity(4096) }
        };
        let body = loop {
            connection.stream.write_all(request.as_bytes()).await.expect("the request is sent");
            let (head, body) = reply(&mut connection).await;
            if head.starts_with("HTTP/1.1 503") {
                tokio::time::sleep(RETRY_AFTER).await;
                continue;
            }
            assert!(head.starts_with("HTTP/1.1 200"), "{head}\n{body}");
            break body.to_owned();
        };
        self.idle.lock().expect("nobody panicked").push(connection);
        body
    }

    /// Serves no more.
    pub fn close(&self) {
        self.server.abort();
        self.idle.lock().expect("nobody panicked").clear();
    }
}

/// Reads one reply to its end: head and body.
async fn reply(Connection { stream, read }: &mut Connection) -> (&str, &str) {
    read.clear();
    let body = loop {
        assert!(stream.read_buf(read).await.expect("the reply") > 0, "the connection was closed");
        let Some(end) = read.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        let head = std::str::from_utf8(&read[..end]).expect("a head of text");
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).expect("a length");
        if read.len() - end - 4 >= length.parse().expect("a number") {
            break end + 4;
        }
    };
    std::str::from_utf8(read).expect("a reply of text").split_at(body)
}
