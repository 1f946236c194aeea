//! A proxy between ledger and PostgreSQL that understands just enough of the protocol to cut an append in two.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;

/// What happens to the connection of an append.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    /// It dies before the call reaches the server.
    Before,
    /// It dies when the call has been sent, while the server works on it.
    During,
    /// It dies when the server has committed and answered.
    After,
    /// It dies first; the call still reaches the server, just before the next append does.
    Late,
}

/// Whether the server can be reached after a cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Then {
    /// New connections are made.
    Reachable,
    /// All connections die, and new ones are refused.
    Unreachable,
}

/// A call on its way, and the connection to the server on which it is.
type Underway = (Vec<u8>, UnixStream);

struct Shared {
    server: PathBuf,
    plan: Mutex<Option<(Cut, Then)>>,
    late: Mutex<Option<Underway>>,
    /// Whether connections are let through. Those that are open end with every change.
    open: watch::Sender<bool>,
}

/// The running proxy.
pub(super) struct Proxy {
    port: u16,
    shared: Arc<Shared>,
}

fn take<T>(slot: &Mutex<Option<T>>) -> Option<T> {
    slot.lock().unwrap_or_else(PoisonError::into_inner).take()
}

fn put<T>(slot: &Mutex<Option<T>>, value: T) {
    *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
}

impl Proxy {
    /// Starts a proxy in front of the server that listens on this socket.
    pub(super) async fn start(server: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let shared = Arc::new(Shared {
            server: server.to_owned(),
            plan: Mutex::new(None),
            late: Mutex::new(None),
            open: watch::Sender::new(true),
        });
        let accepting = Arc::clone(&shared);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if *accepting.open.borrow() {
                    tokio::spawn(serve(client, Arc::clone(&accepting)));
                }
            }
        });
        Self { port, shared }
    }

    /// The URL of a database behind the proxy.
    pub(super) fn url(&self, direct: &str) -> String {
        let database = direct.split(['/', '?']).nth(3).expect("the database's name");
        format!("postgres://postgres@127.0.0.1:{}/{database}?sslmode=disable", self.port)
    }

    /// Cuts the connection of the next append.
    pub(super) fn cut_next_append(&self, cut: Cut, then: Then) {
        put(&self.shared.plan, (cut, then));
    }

    /// Ends all connections; new ones are made or not.
    pub(super) fn end_all(&self, then: Then) {
        self.shared.open.send_replace(then == Then::Reachable);
    }

    /// Whether the planned cut has happened.
    pub(super) fn has_cut(&self) -> bool {
        self.shared.plan.lock().unwrap_or_else(PoisonError::into_inner).is_none()
    }
}

/// Carries one connection until either side ends it or it is cut. What goes wrong is an end like any other.
async fn serve(mut client: TcpStream, shared: Arc<Shared>) -> std::io::Result<()> {
    let mut open = shared.open.subscribe();
    let mut server = UnixStream::connect(&shared.server).await?;
    let mut requests = Requests::default();
    let mut answer = vec![0; 1 << 16];
    loop {
        tokio::select! {
            _ = open.changed() => return Ok(()),
            read = server.read(&mut answer) => match read? {
                0 => return Ok(()),
                count => client.write_all(&answer[..count]).await?,
            },
            read = client.read_buf(&mut requests.unread) => {
                if read? == 0 {
                    return Ok(());
                }
                while let Some((request, is_append)) = requests.next() {
                    if is_append {
                        if let Some((late, mut connection)) = take(&shared.late) {
                            exchange(&mut connection, &late).await?;
                        }
                        if let Some((cut, then)) = take(&shared.plan) {
                            match cut {
                                Cut::Before => {}
                                Cut::During => server.write_all(&request).await?,
                                Cut::After => exchange(&mut server, &request).await?,
                                Cut::Late => put(&shared.late, (request, server)),
                            }
                            if then == Then::Unreachable {
                                shared.open.send_replace(false);
                                // Nothing else may slip through: this connection is the last to end.
                                while shared.open.receiver_count() > 1 {
                                    tokio::task::yield_now().await;
                                }
                            }
                            return Ok(());
                        }
                    }
                    server.write_all(&request).await?;
                }
            }
        }
    }
}

/// Sends a request to the server and takes its whole answer.
async fn exchange(server: &mut UnixStream, request: &[u8]) -> std::io::Result<()> {
    server.write_all(request).await?;
    loop {
        let kind = server.read_u8().await?;
        let length = server.read_u32().await?;
        let mut body = vec![0; usize::try_from(length).unwrap_or_default().saturating_sub(4)];
        server.read_exact(&mut body).await?;
        if kind == b'Z' {
            return Ok(());
        }
    }
}

/// A client's messages, grouped into requests: what is sent up to a `Sync`.
#[derive(Default)]
struct Requests {
    unread: Vec<u8>,
    request: Vec<u8>,
    started: bool,
    /// Names of the prepared statements that append.
    appends: HashSet<Vec<u8>>,
    is_append: bool,
}

impl Requests {
    /// The next whole request, and whether it appends.
    fn next(&mut self) -> Option<(Vec<u8>, bool)> {
        loop {
            // The first message has no kind.
            let head = usize::from(self.started);
            let length = self.unread.get(head..head + 4)?.try_into().map(u32::from_be_bytes).ok()?;
            let end = head + usize::try_from(length).ok()?;
            if self.unread.len() < end {
                return None;
            }
            let message: Vec<u8> = self.unread.drain(..end).collect();
            self.request.extend_from_slice(&message);
            if !std::mem::replace(&mut self.started, true) {
                return Some((std::mem::take(&mut self.request), false));
            }
            let mut texts = message[5..].split(|byte| *byte == 0);
            let (first, second) = (texts.next().unwrap_or_default(), texts.next().unwrap_or_default());
            match message[0] {
                b'P' if second.windows(13).any(|text| text == b"append_batch(") => {
                    self.appends.insert(first.to_vec());
                }
                b'B' => self.is_append |= self.appends.contains(second),
                b'S' | b'Q' | b'X' | b'p' => {
                    return Some((std::mem::take(&mut self.request), std::mem::take(&mut self.is_append)));
                }
                _ => {}
            }
        }
    }
}
