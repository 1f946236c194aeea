//! A private PostgreSQL: made from the installed programs in a temporary directory, gone with this process.
//!
//! Each server is the child of a small shell, its keeper, which waits for this process to end in whatever way, stops the
//! server and removes its directory. Nothing is ever ended that was not started here.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError, mpsc};
use std::time::Duration;

/// How long a server may take to come up, crash recovery included.
const PATIENCE: Duration = Duration::from_mins(1);

/// Whether what is committed must survive the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// `fsync` on, as in real use.
    Synced,
    /// `fsync` off, for tests that crash nothing.
    Unsynced,
}

/// A PostgreSQL server of our own.
pub struct Server {
    programs: PathBuf,
    directory: PathBuf,
    account: Option<Account>,
    durability: Durability,
    databases: AtomicU32,
    running: Mutex<Option<Running>>,
}

/// The user that the server runs as when we are root, which PostgreSQL refuses.
#[derive(Clone, Copy)]
struct Account {
    user: u32,
    group: u32,
}

struct Running {
    /// The shell whose standard input ends with us.
    keeper: Child,
    postmaster: u32,
}

/// The server that the tests of this process share.
pub fn shared() -> &'static Server {
    static SHARED: OnceLock<Server> = OnceLock::new();
    SHARED.get_or_init(|| Server::start(Durability::Unsynced))
}

/// The URL of a new, empty database on the shared server.
pub fn fresh_database() -> String {
    shared().fresh_database()
}

/// What the keeper runs: programs, directory and `fsync` are its parameters.
const KEEPER: &str = r#"
    [ -d "$2/data" ] ||
        "$1/initdb" --username=postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync -D "$2/data" >/dev/null ||
        exit 1
    "$1/postgres" -D "$2/data" -k "$2" -c listen_addresses= -c fsync="$3" -c shared_buffers=128MB \
        -c max_connections=200 -c max_wal_size=1GB -c lc_messages=C >/dev/null &
    server=$!
    echo "$server"
    exec 2>/dev/null
    read -r word
    [ "$word" = keep ] || kill -QUIT "$server"
    wait "$server"
    [ "$word" = keep ] || rm -rf "$2""#;

impl Server {
    /// Makes and starts a server. A missing PostgreSQL is a failure, never a reason to skip.
    pub fn start(durability: Durability) -> Self {
        let programs = programs();
        // A socket's path is short, so the directory is not made below a long TMPDIR.
        let directory =
            tempfile::Builder::new().prefix("okaeri-pg-").tempdir_in("/tmp").expect("a directory in /tmp").keep();
        let root = fs::metadata(&directory).expect("the directory's owner").uid() == 0;
        let account = root.then(unprivileged);
        if let Some(Account { user, group }) = account {
            std::os::unix::fs::chown(&directory, Some(user), Some(group)).expect("the directory is given away");
        }
        let (databases, running) = (AtomicU32::new(0), Mutex::new(None));
        let server = Self { programs, directory, account, durability, databases, running };
        server.restart();
        server
    }

    /// Starts the server, the first time and after [`Self::kill9`]; returns when it takes connections.
    pub fn restart(&self) {
        let mut running = self.running.lock().expect("the server's state");
        assert!(running.is_none(), "the server is running");
        let mut shell = Command::new("/bin/sh");
        shell
            .args(["-c", KEEPER, "keeper"])
            .arg(&self.programs)
            .arg(&self.directory)
            .arg(if self.durability == Durability::Synced { "on" } else { "off" })
            .current_dir(&self.directory)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // What interrupts the tests does not reach it: it has to tidy up after them.
            .process_group(0);
        if let Some(Account { user, group }) = self.account {
            shell.uid(user).gid(group);
        }
        let mut keeper = shell.spawn().expect("a shell runs");
        let log = keeper.stderr.take().expect("the server's log");
        let mut first = String::new();
        BufReader::new(keeper.stdout.take().expect("the keeper's output")).read_line(&mut first).expect("a line");
        await_ready(log);
        *running = Some(Running { keeper, postmaster: first.trim().parse().expect("the server's pid") });
    }

    /// Ends every process of the server at once, as a power cut would, and waits until they are gone.
    pub fn kill9(&self) {
        let mut running = self.running.lock().expect("the server's state");
        let Running { mut keeper, postmaster } = running.take().expect("the server is running");
        // Stopped first, so that it starts no other process while we look for those it has.
        signal("STOP", &[postmaster]);
        let mut processes = children(postmaster);
        processes.push(postmaster);
        signal("KILL", &processes);
        writeln!(keeper.stdin.take().expect("the keeper's input"), "keep").expect("the keeper listens");
        keeper.wait().expect("the keeper ends");
        for process in processes {
            while is_alive(process) {
                std::thread::yield_now();
            }
        }
    }

    /// The URL of a new, empty database.
    pub fn fresh_database(&self) -> String {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let admin = self.url("postgres");
        let statement = format!("create database {name}");
        // On a thread of its own: the caller may be inside a runtime.
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                use sqlx::{Connection as _, Executor as _};
                let mut connection = sqlx::PgConnection::connect(&admin).await.expect("the server answers");
                connection.execute(statement.as_str()).await.expect("a new database");
                connection.close().await.expect("a connection that closes");
            });
        })
        .join()
        .expect("a new database");
        self.url(&name)
    }

    /// The socket on which it listens.
    pub fn socket(&self) -> PathBuf {
        self.directory.join(".s.PGSQL.5432")
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://postgres@localhost/{database}?host={}", self.directory.display())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let running = self.running.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        match running {
            Some(Running { mut keeper, .. }) => {
                drop(keeper.stdin.take());
                let _ = keeper.wait();
            }
            None => drop(fs::remove_dir_all(&self.directory)),
        }
    }
}

/// The directory of the server's programs.
fn programs() -> PathBuf {
    let found = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/postgres"))
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .expect("scripts/postgres runs");
    assert!(
        found.status.success(),
        "the tests need PostgreSQL 15 or later and do not pass without it: {}",
        String::from_utf8_lossy(&found.stderr)
    );
    PathBuf::from(String::from_utf8(found.stdout).expect("a path").trim())
}

/// Debian's user for PostgreSQL if there is one, else nobody.
fn unprivileged() -> Account {
    let accounts = fs::read_to_string("/etc/passwd").expect("the system's accounts");
    let find = |name: &str| {
        let line = accounts.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut numbers = line.split(':').skip(2).map(str::parse);
        Some(Account { user: numbers.next()?.ok()?, group: numbers.next()?.ok()? })
    };
    find("postgres").or_else(|| find("nobody")).expect("an account that is not root")
}

/// Waits for the server to say that it takes connections; its log is read as long as it lives.
fn await_ready(log: ChildStderr) {
    let (ready, is_ready) = mpsc::channel();
    std::thread::spawn(move || {
        let mut said = String::new();
        for line in BufReader::new(log).lines().map_while(Result::ok) {
            if line.contains("database system is ready to accept connections") {
                let _ = ready.send(Ok(()));
                said.clear();
            }
            said.push_str(&line);
            said.push('\n');
            if said.len() > 100_000 {
                said.clear();
            }
        }
        let _ = ready.send(Err(said));
    });
    match is_ready.recv_timeout(PATIENCE) {
        Ok(Ok(())) => {}
        Ok(Err(said)) => panic!("PostgreSQL did not start:\n{said}"),
        Err(error) => panic!("PostgreSQL did not start in {PATIENCE:?}: {error}"),
    }
}

/// Sends a signal to processes of ours, by their ids.
fn signal(name: &str, processes: &[u32]) {
    let processes = processes.iter().map(u32::to_string).collect::<Vec<_>>().join(" ");
    // One may have ended by itself meanwhile, so the outcome says nothing.
    let _ = Command::new("/bin/sh").args(["-c", &format!("kill -{name} {processes}")]).output();
}

fn children(parent: u32) -> Vec<u32> {
    let Ok(processes) = fs::read_dir("/proc") else { return vec![] };
    processes
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter(|process| stat(*process).is_some_and(|(_, of)| of == parent))
        .collect()
}

fn is_alive(process: u32) -> bool {
    stat(process).is_some_and(|(state, _)| state != "Z")
}

/// A process's state and parent.
fn stat(process: u32) -> Option<(String, u32)> {
    let text = fs::read_to_string(Path::new("/proc").join(process.to_string()).join("stat")).ok()?;
    let mut fields = text.rsplit_once(')')?.1.split_whitespace();
    Some((fields.next()?.to_owned(), fields.next()?.parse().ok()?))
}
