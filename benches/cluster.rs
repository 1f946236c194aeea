//! A private PostgreSQL for one run: made from the installed programs, gone with this process.

use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use sqlx::{Connection as _, Executor as _, PgConnection};
use tempfile::TempDir;

/// The same for everybody. Neither checkpoints nor a full log may fall into one contestant's round alone.
const SETTINGS: [&str; 9] = [
    "listen_addresses=",
    "fsync=on",
    "synchronous_commit=on",
    "shared_buffers=256MB",
    "max_connections=300",
    "max_wal_size=8GB",
    "min_wal_size=3GB",
    "checkpoint_timeout=1h",
    "lc_messages=C",
];

/// A server that has been in use writes its log into files that it has already; a new one makes each when it comes to it,
/// in the middle of somebody's round. About 3 GB.
const LOG_FILES: &str = "do $$ begin
    for i in 1..190 loop perform pg_logical_emit_message(false, '', ''); perform pg_switch_wal(); end loop;
end $$";

/// The server.
pub struct Cluster {
    programs: PathBuf,
    directory: TempDir,
    databases: AtomicU32,
    keeper: Child,
    postmaster: u32,
}

/// Waits for this process to end in whatever way, then stops the server. `$1` programs, `$2` directory, then settings.
const KEEPER: &str = r#"
    programs=$1 directory=$2
    shift 2
    "$programs/initdb" --username=postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync \
        -D "$directory/data" >/dev/null || exit 1
    "$programs/postgres" -D "$directory/data" -k "$directory" "$@" >"$directory/log" 2>&1 &
    server=$!
    echo "$server"
    read -r _
    kill -INT "$server"
    wait "$server"
    rm -rf "$directory/data""#;

impl Cluster {
    /// Makes and starts a server.
    ///
    /// With `statements` the server counts what each statement costs, which costs something itself.
    pub async fn start(statements: bool) -> Self {
        let programs = programs();
        // A socket's path is short, so the directory is not made below a long TMPDIR.
        let directory = tempfile::Builder::new().prefix("okaeri-bench-").tempdir_in("/tmp").expect("a directory");
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", KEEPER, "keeper"]).arg(&programs).arg(directory.path());
        shell.args(SETTINGS.iter().flat_map(|setting| ["-c", setting]));
        if statements {
            let counting = ["shared_preload_libraries=pg_stat_statements", "pg_stat_statements.track=all"];
            shell.args(counting.iter().flat_map(|setting| ["-c", setting]));
        }
        shell.current_dir(directory.path()).stdin(Stdio::piped()).stdout(Stdio::piped()).process_group(0);
        if std::fs::metadata(directory.path()).expect("the directory's owner").uid() == 0 {
            // PostgreSQL refuses to run as root.
            let (user, group) = unprivileged();
            std::os::unix::fs::chown(directory.path(), Some(user), Some(group)).expect("the directory is given away");
            shell.uid(user).gid(group);
        }
        let mut keeper = shell.spawn().expect("a shell runs");
        let mut line = String::new();
        BufReader::new(keeper.stdout.take().expect("an output")).read_line(&mut line).expect("a line");
        let postmaster = line.trim().parse().expect("PostgreSQL starts");
        let cluster = Self { programs, directory, databases: AtomicU32::new(0), keeper, postmaster };
        for _ in 0..600 {
            if let Ok(mut connection) = PgConnection::connect(&cluster.url("postgres")).await {
                if statements {
                    connection.execute("create extension pg_stat_statements").await.expect("the extension");
                }
                for statement in [LOG_FILES, "checkpoint"] {
                    connection.execute(statement).await.expect("the files of the log");
                }
                return cluster;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("PostgreSQL does not answer");
    }

    /// Where a database is.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@localhost/{database}?host={}", self.directory.path().display())
    }

    /// The directory of the server's socket.
    pub fn socket(&self) -> &Path {
        self.directory.path()
    }

    /// One of the server's programs, where it is installed.
    pub fn program(&self, name: &str) -> Option<PathBuf> {
        Some(self.programs.join(name)).filter(|path| path.exists())
    }

    /// The name of a new, empty database.
    pub async fn database(&self) -> String {
        let name = format!("bench_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let mut connection = PgConnection::connect(&self.url("postgres")).await.expect("the server answers");
        connection.execute(format!("create database {name}").as_str()).await.expect("a new database");
        name
    }

    /// The server's version.
    pub async fn version(&self) -> String {
        let mut connection = PgConnection::connect(&self.url("postgres")).await.expect("the server answers");
        sqlx::query_scalar("show server_version").fetch_one(&mut connection).await.expect("a version")
    }

    /// What the costliest statements since the last call cost: milliseconds, calls, rows, text.
    pub async fn costliest(&self) -> Vec<(f64, i64, i64, String)> {
        let mut connection = PgConnection::connect(&self.url("postgres")).await.expect("the server answers");
        let sql = "select total_exec_time, calls, rows, left(regexp_replace(query, '\\s+', ' ', 'g'), 110)
                   from pg_stat_statements order by total_exec_time desc limit 25";
        let costliest = sqlx::query_as(sql).fetch_all(&mut connection).await.expect("statements");
        connection.execute("select pg_stat_statements_reset()").await.expect("a new count");
        costliest
    }

    /// The processor time that the server has taken, where the system tells.
    pub fn processor_time(&self) -> Option<Duration> {
        let processes = std::fs::read_dir("/proc").ok()?;
        let children: Duration = processes
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
            .filter_map(ProcessTime::of)
            .filter(|process| process.parent == self.postmaster)
            .map(|process| process.own)
            .sum();
        let postmaster = ProcessTime::of(self.postmaster)?;
        Some(postmaster.own + postmaster.ended_children + children)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

/// What `/proc/<pid>/stat` says.
pub struct ProcessTime {
    parent: u32,
    /// Of the process itself.
    pub own: Duration,
    ended_children: Duration,
}

impl ProcessTime {
    /// Reads it for one process.
    pub fn of(process: u32) -> Option<Self> {
        let text = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
        let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
        let number = |index: usize| fields.get(index)?.parse::<u64>().ok();
        // In ticks of a hundredth of a second on every Linux.
        let ticks = |a: usize, b: usize| Some(Duration::from_millis((number(a)? + number(b)?) * 10));
        Some(Self { parent: u32::try_from(number(1)?).ok()?, own: ticks(11, 12)?, ended_children: ticks(13, 14)? })
    }
}

/// The directory of the server's programs.
fn programs() -> PathBuf {
    let found = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/postgres"))
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .expect("scripts/postgres runs");
    assert!(found.status.success(), "the benchmark needs PostgreSQL 15 or later");
    PathBuf::from(String::from_utf8(found.stdout).expect("a path").trim())
}

/// Debian's user for PostgreSQL if there is one, else nobody.
fn unprivileged() -> (u32, u32) {
    let accounts = std::fs::read_to_string("/etc/passwd").expect("the system's accounts");
    let find = |name: &str| {
        let line = accounts.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut numbers = line.split(':').skip(2).map(str::parse);
        Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
    };
    find("postgres").or_else(|| find("nobody")).expect("an account that is not root")
}
