//! The wake-up between the nodes on one PostgreSQL: whoever has appended says so, and the others look at the log at once.
//!
//! A `NOTIFY` outside the append, without payload, at most one in [`BREATH`]. It is a hint: one that is lost, or a pooler in
//! between that knows no `LISTEN`, costs the time until the next poll and never an event.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use sqlx::{Connection as _, Executor as _, PgConnection};
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

/// The channel, one a database.
const CHANNEL: &str = "okaeri";
/// The least time between two notifications of a node.
const BREATH: Duration = Duration::from_millis(10);
/// How long a node that cannot hear the others waits before it tries again.
const PAUSE: Duration = Duration::from_millis(500);
/// How long a connection may take to be made.
const PATIENCE: Duration = Duration::from_secs(5);

/// This node's mouth and ear: two tasks, each with a connection of its own.
pub(super) struct Nodes {
    appended: Arc<Notify>,
    tasks: [JoinHandle<()>; 2],
}

impl Nodes {
    /// Starts to listen; `arrivals` is told whenever another node has appended.
    pub(super) fn join(options: &PgConnectOptions, arrivals: watch::Sender<()>) -> Self {
        let (appended, ours) = (Arc::new(Notify::new()), Arc::new(AtomicU32::new(0)));
        let tasks = [
            tokio::spawn(speak(options.clone(), Arc::clone(&appended), Arc::clone(&ours))),
            tokio::spawn(listen(options.clone(), arrivals, ours)),
        ];
        Self { appended, tasks }
    }

    /// Tells the others that there is something to see, soon and once for all that is told meanwhile. Never waits.
    pub(super) fn tell(&self) {
        self.appended.notify_one();
    }

    /// Ends both tasks.
    pub(super) fn leave(&self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

impl Drop for Nodes {
    fn drop(&mut self) {
        self.leave();
    }
}

async fn speak(options: PgConnectOptions, appended: Arc<Notify>, ours: Arc<AtomicU32>) {
    let mut connection = None;
    loop {
        appended.notified().await;
        // A connection that died while nothing was to say is replaced; beyond that the others' polls have to do.
        let mut said = say(&options, &mut connection, &ours).await;
        if said.is_err() {
            said = say(&options, &mut connection, &ours).await;
        }
        if let Err(error) = said {
            tracing::debug!(%error, "the other nodes could not be told");
        }
        tokio::time::sleep(BREATH).await;
    }
}

async fn say(
    options: &PgConnectOptions,
    connection: &mut Option<PgConnection>,
    ours: &AtomicU32,
) -> Result<(), sqlx::Error> {
    let mut open = if let Some(open) = connection.take() {
        open
    } else {
        let mut made = PgConnection::connect_with(options).await?;
        let process: i32 = sqlx::query_scalar("select pg_backend_pid()").fetch_one(&mut made).await?;
        ours.store(process.unsigned_abs(), Ordering::Relaxed);
        made
    };
    open.execute(format!("notify {CHANNEL}").as_str()).await?;
    *connection = Some(open);
    Ok(())
}

async fn listen(options: PgConnectOptions, arrivals: watch::Sender<()>, ours: Arc<AtomicU32>) {
    let mut deaf = false;
    loop {
        match hear(&options, &arrivals, &ours, &mut deaf).await {
            Ok(()) => tracing::debug!("the connection on which this node hears the others was lost"),
            Err(error) if deaf => tracing::debug!(%error, "this node still does not hear the others"),
            Err(error) => {
                tracing::warn!(%error, "this node does not hear the others and looks for itself until it does");
                deaf = true;
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Listens until the connection is lost.
async fn hear(
    options: &PgConnectOptions,
    arrivals: &watch::Sender<()>,
    ours: &AtomicU32,
    deaf: &mut bool,
) -> Result<(), sqlx::Error> {
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(PATIENCE)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(options.clone())
        .await?;
    let mut listener = PgListener::connect_with(&pool).await?;
    listener.eager_reconnect(false);
    listener.listen(CHANNEL).await?;
    *deaf = false;
    // What was said before is not heard any more.
    arrivals.send_replace(());
    while let Some(heard) = listener.try_recv().await? {
        if heard.process_id() != ours.load(Ordering::Relaxed) {
            arrivals.send_replace(());
        }
    }
    Ok(())
}
