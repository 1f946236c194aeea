//! The engine: the dispatcher, which every request goes through.

use std::marker::PhantomData;
use std::sync::{Arc, LazyLock, OnceLock};
use std::time::Duration;

use okaeri::dispatch::{DispatchError, Dispatcher, Envelope, Gathered};
use okaeri::employer::Employer;
use okaeri::feed::Feed;
use okaeri::ledger::{EmployerSettings, Ledger, LedgerMode, MasterKey, QueueLimits, ReceiptKey, StoreLocation};
use okaeri::reactions;
use okaeri::serve::{self, Engine};
use tempfile::TempDir;
use uuid::Uuid;

use crate::cluster::Cluster;
use crate::loopback::RETRY_AFTER;
use crate::measure::{Contestant, Doing};
use crate::stock::database_of;
use crate::work::{Form, Turn, Work, actor};

pub const EMPLOYER: &str = "example";

pub static MASTER: LazyLock<MasterKey> = LazyLock::new(|| MasterKey::generate().expect("randomness"));

/// What happens beside the commands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ReadSide {
    /// Nothing.
    Paused,
    /// All read models are folded, reactions and timers run. The clock stops when the models have caught up.
    Running,
}

enum Place {
    Postgres(Arc<Cluster>),
    Sqlite { directory: TempDir, batch: Option<usize> },
}

/// The engine in a database of its own.
pub struct Ours<W: Work> {
    place: Place,
    read_side: ReadSide,
    opened: OnceLock<Opened>,
    work: PhantomData<W>,
}

struct Opened {
    dispatcher: Arc<Dispatcher>,
    employer: Arc<Employer>,
    engine: std::sync::Mutex<Option<Engine>>,
}

impl<W: Work> Ours<W> {
    /// On the shared server.
    pub fn on_postgres(cluster: &Arc<Cluster>, read_side: ReadSide) -> Self {
        let place = Place::Postgres(Arc::clone(cluster));
        Self { place, read_side, opened: OnceLock::new(), work: PhantomData }
    }

    /// On the embedded store, the read side paused; `batch` limits how many commands share a transaction.
    pub fn on_sqlite(batch: Option<usize>) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let place = Place::Sqlite { directory, batch };
        Self { place, read_side: ReadSide::Paused, opened: OnceLock::new(), work: PhantomData }
    }

    /// The write side, once it is open.
    pub fn dispatcher(&self) -> &Arc<Dispatcher> {
        &self.opened().dispatcher
    }

    fn opened(&self) -> &Opened {
        self.opened.get().expect("it is open")
    }
}

impl<W: Work> Contestant for Ours<W> {
    fn name(&self) -> String {
        let kind = W::NAME;
        match (&self.place, self.read_side) {
            (Place::Postgres(_), ReadSide::Paused) => format!("{kind}ours, feed paused"),
            (Place::Postgres(_), ReadSide::Running) => format!("{kind}ours, feed and reactions running"),
            (Place::Sqlite { batch: None, .. }, _) => format!("{kind}SQLite: ours, feed paused"),
            (Place::Sqlite { batch: Some(_), .. }, _) => format!("{kind}SQLite: ours, one transaction a command"),
        }
    }

    fn open(&mut self) -> Doing<'_, ()> {
        Box::pin(async {
            let (location, limits) = match &self.place {
                Place::Postgres(cluster) => {
                    let database = database_of(cluster, &self.name()).await;
                    (StoreLocation::Postgres(cluster.url(&database)), QueueLimits::default())
                }
                Place::Sqlite { directory, batch } => {
                    let default = QueueLimits::default();
                    let limits = QueueLimits { batch: batch.unwrap_or(default.batch), ..default };
                    (StoreLocation::Directory(directory.path().to_owned()), limits)
                }
            };
            let ledger = Ledger::open_with(&location, &MASTER, LedgerMode::Live, limits).await.expect("a ledger");
            ledger.add_employer(EMPLOYER, &EmployerSettings::default()).await.expect("an employer");
            let (dispatcher, engine) = match self.read_side {
                ReadSide::Running => {
                    let engine = Engine::on(ledger).await.expect("the engine starts");
                    (Arc::clone(&engine.dispatcher), Some(engine))
                }
                ReadSide::Paused => {
                    let feed = Feed::new(Arc::clone(&ledger), serve::models());
                    feed.prepare().await.expect("tables");
                    feed.pause(true);
                    (Arc::new(Dispatcher::new(ledger, feed).await.expect("a dispatcher")), None)
                }
            };
            let employer = dispatcher.employers().get(EMPLOYER).await.expect("the employer");
            let opened = self.opened.set(Opened { dispatcher, employer, engine: std::sync::Mutex::new(engine) });
            assert!(opened.is_ok(), "opened twice");
        })
    }

    fn send(&self, turn: Turn, id: Uuid) -> Doing<'_, ()> {
        Box::pin(async move {
            let Opened { dispatcher, employer, .. } = self.opened();
            let by = actor(turn);
            let command = W::COMMANDS[usize::from(turn == Turn::Second)];
            let asked = [by.id.0.as_bytes(), command.as_bytes(), id.as_bytes()];
            let envelope = Envelope {
                employer: Arc::clone(employer),
                actor: by,
                role: "compliance",
                on_behalf_of: None,
                command,
                command_id: Uuid::now_v7(),
                receipt: Some(ReceiptKey {
                    key: employer.keys.receipt(&asked),
                    request: employer.keys.receipt(&asked[1..]),
                    status: 201,
                }),
                expected: None,
                cause: None,
                repeatable: true,
            };
            loop {
                let gather = || async {
                    let order = W::order(turn, id, Form::Clear);
                    let tokens = W::tokens(turn, id, employer);
                    Ok(Gathered::<W::Stream> { tokens, ..Gathered::order(order) })
                };
                let sent = match turn {
                    Turn::First => dispatcher.create_with(&envelope, id, gather).await,
                    Turn::Second => dispatcher.send_with(&envelope, id, gather).await,
                };
                match sent {
                    Ok(_) => return,
                    Err(DispatchError::Overloaded) => tokio::time::sleep(RETRY_AFTER).await,
                    Err(error) => panic!("{command} was not taken: {error}"),
                }
            }
        })
    }

    fn settle(&self) -> Doing<'_, ()> {
        Box::pin(async {
            if self.read_side == ReadSide::Paused {
                return;
            }
            let ledger = self.opened().dispatcher.ledger();
            loop {
                let heads = ledger.heads().await.expect("heads");
                let checkpoints = ledger.checkpoints().await.expect("checkpoints");
                let folded = checkpoints.iter().filter(|checkpoint| checkpoint.model != reactions::CHECKPOINT);
                if folded.into_iter().all(|checkpoint| Some(&checkpoint.position) >= heads.get(&checkpoint.employer)) {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        })
    }

    fn close(&self) -> Doing<'_, ()> {
        Box::pin(async {
            let engine = self.opened().engine.lock().expect("nobody panicked").take();
            match engine {
                Some(engine) => engine.stop().await,
                None => self.opened().dispatcher.ledger().close(Duration::from_secs(10)).await,
            }
        })
    }
}
