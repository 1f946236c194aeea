//! The program itself: a process of its own on a ledger of its own.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write as _;
use std::net::SocketAddr;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use okaeri::config::Config;
use okaeri::identity::trial::{self, TrialToken};
use okaeri::ledger::{EmployerSettings, Ledger, MasterKey};
use tempfile::TempDir;

use crate::support::{StoreKind, postgres};

/// The program under test.
const OKAERI: &str = env!("CARGO_BIN_EXE_okaeri");
/// How long it may take to start or to end.
const PATIENCE: Duration = Duration::from_mins(1);

/// A ledger and the settings under which the program runs on it; outlives the processes.
pub struct Home {
    directory: TempDir,
    environment: BTreeMap<String, String>,
    key: String,
}

impl Home {
    /// A trial ledger that is not made yet.
    pub fn new(kind: StoreKind) -> Self {
        let database = (kind == StoreKind::Postgres).then(postgres::fresh_database);
        let mut home = Self::on(database);
        if kind == StoreKind::Postgres {
            home.set("OKAERI_TRIAL", "1");
        }
        home
    }

    /// A ledger without a mode, in a database that is there.
    pub fn on(database: Option<String>) -> Self {
        let key = MasterKey::generate().unwrap().text();
        let directory = tempfile::Builder::new().prefix("okaeri-home-").tempdir().unwrap();
        let mut home = Self { environment: BTreeMap::new(), key: key.clone(), directory };
        home.set("OKAERI_LISTEN", "127.0.0.1:0");
        home.set("OKAERI_LOG", "debug");
        home.set("OKAERI_MASTER_KEY", &key);
        home.set("OKAERI_DATA_DIR", &home.data().display().to_string());
        if let Some(url) = database {
            home.set("DATABASE_URL", &url);
        }
        home
    }

    /// A trial ledger with employers.
    pub fn with_employers(kind: StoreKind, employers: &[&str]) -> Self {
        let home = Self::new(kind);
        home.add_employers(employers);
        home
    }

    /// Adds employers while no program runs.
    pub fn add_employers(&self, employers: &[&str]) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let ledger = self.ledger().await;
            for employer in employers {
                assert!(ledger.add_employer(employer, &EmployerSettings::default()).await.unwrap());
            }
            ledger.close(PATIENCE).await;
        });
        // The lock on the directory goes with the last task of the ledger.
        runtime.shutdown_timeout(PATIENCE);
    }

    /// The ledger, opened by the test itself while no program runs.
    pub async fn ledger(&self) -> Arc<Ledger> {
        let config = self.config();
        let (key, mode) = (config.master_key().unwrap(), config.mode().unwrap());
        Ledger::open(&config.location(), &key, mode).await.unwrap()
    }

    /// The settings as the program reads them.
    pub fn config(&self) -> Config {
        Config::from_environment(&self.environment).unwrap()
    }

    /// Sets a variable of the program's environment.
    pub fn set(&mut self, variable: &str, value: &str) {
        self.environment.insert(variable.to_owned(), value.to_owned());
    }

    /// Takes a variable away.
    pub fn unset(&mut self, variable: &str) {
        self.environment.remove(variable);
    }

    /// The directory of the embedded store.
    pub fn data(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    /// The directory that holds data, logs and files of the test.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// The master key as it is written in the settings.
    pub fn master_key(&self) -> &str {
        &self.key
    }

    /// A bearer token of this trial ledger.
    pub fn sign(&self, token: &TrialToken) -> String {
        let key = okaeri::serve::trial_key(&MasterKey::parse(&self.key).unwrap());
        trial::sign(&key, token, u64::try_from(chrono::Utc::now().timestamp()).unwrap()).unwrap()
    }

    /// Runs a subcommand to its end.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).stdin(Stdio::null()).output().unwrap()
    }

    /// Runs a subcommand that has to succeed; what it printed.
    pub fn run_well(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let (told, complaints) = (text(&output.stdout), text(&output.stderr));
        assert!(output.status.success(), "okaeri {arguments:?}: {told}{complaints}");
        told
    }

    /// Runs a subcommand that has to fail; what it complained about.
    pub fn run_badly(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(!output.status.success(), "okaeri {arguments:?} went well: {}", text(&output.stdout));
        text(&output.stderr)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(OKAERI);
        command.args(arguments).current_dir(self.directory()).env_clear().envs(&self.environment);
        command
    }

    /// Where the server writes its log.
    pub fn log(&self) -> PathBuf {
        self.directory().join("server.log")
    }

    /// Serves until the server is dropped.
    pub fn serve(&self) -> Server {
        self.start(None)
    }

    /// Serves and plays the sample story: the server, and what it told at the end of the story.
    pub fn play(&self) -> (Server, String) {
        let server = self.start_with("demo", None);
        let until = Instant::now() + PATIENCE;
        loop {
            let told = fs::read_to_string(&server.told).unwrap();
            if told.contains("Ctrl-C ends it") {
                return (server, told);
            }
            let complaints = tail(&self.log());
            assert!(!complaints.contains("could not be played"), "{complaints}");
            assert!(Instant::now() < until, "the story does not end: {complaints}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Serves as long as this process lives; directory and data are gone with it.
    pub fn serve_for_ever(&self) -> Server {
        self.start(Some(self.directory()))
    }

    /// Starts a server that has to refuse; what it complained about.
    pub fn serve_badly(&self) -> String {
        self.run_badly(&["serve"])
    }

    fn start(&self, leave_nothing_of: Option<&Path>) -> Server {
        self.start_with("serve", leave_nothing_of)
    }

    fn start_with(&self, command: &str, leave_nothing_of: Option<&Path>) -> Server {
        let log = File::options().create(true).append(true).open(self.log()).unwrap();
        // Each server has its own: what another that lives tells later is not taken for this one's address.
        let told = tempfile::Builder::new().prefix("told-").tempfile_in(self.directory()).unwrap();
        let (told, path) = told.keep().unwrap();
        let child = self.command(&[command]).stdin(Stdio::null()).stdout(told).stderr(log).spawn().unwrap();
        let mut server = Server {
            watcher: watch(child.id(), leave_nothing_of),
            child,
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            told: path,
        };
        server.address = self.await_address(&mut server);
        server
    }

    fn await_address(&self, server: &mut Server) -> SocketAddr {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            let told = fs::read_to_string(&server.told).unwrap();
            let serves = told.lines().find_map(|line| line.strip_prefix("Okaeri serves on http://"));
            let played = told.lines().find_map(|line| line.strip_prefix("API pages: http://"));
            if let Some(address) = serves.or(played).filter(|_| told.ends_with('\n')) {
                return address.trim().trim_end_matches("/docs").parse().unwrap();
            }
            if let Some(status) = server.child.try_wait().unwrap() {
                panic!("the server ended with {status}: {}", tail(&self.log()));
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("the server did not start: {}", tail(&self.log()));
    }
}

/// A shell that waits for this process to end, in whatever way, and then ends what it had started.
fn watch(process: u32, directory: Option<&Path>) -> Child {
    let script = r#"read -r word; [ "$word" = done ] && exit; kill -KILL "$1"; [ -z "$2" ] || rm -rf "$2""#;
    Command::new("/bin/sh")
        .args(["-c", script, "watcher", &process.to_string()])
        .arg(directory.unwrap_or(Path::new("")))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn tail(path: &Path) -> String {
    let log = fs::read(path).unwrap_or_default();
    text(&log[log.len().saturating_sub(3000)..])
}

/// A running program.
pub struct Server {
    child: Child,
    watcher: Child,
    pub address: SocketAddr,
    /// Where its standard output goes.
    told: PathBuf,
}

impl Server {
    /// Ends it at once, as a power cut would.
    pub fn kill9(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to end, and waits until it has.
    pub fn terminate(mut self) -> ExitStatus {
        self.ask_to_end();
        self.await_end()
    }

    /// Asks it to end.
    pub fn ask_to_end(&self) {
        let asked = Command::new("/bin/sh").args(["-c", &format!("kill -TERM {}", self.child.id())]).status();
        assert!(asked.unwrap().success());
    }

    /// Waits until it has ended.
    pub fn await_end(&mut self) -> ExitStatus {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("the server did not end");
    }

    /// The most memory it has ever held, in KiB.
    pub fn peak_memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches("kB").trim().parse().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if let Some(mut input) = self.watcher.stdin.take() {
            let _ = input.write_all(b"done\n");
        }
        let _ = self.watcher.wait();
    }
}
