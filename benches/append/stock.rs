//! cqrs-es with postgres-es as they come: event store, framework, and where wanted the generic query with its view.

use std::marker::PhantomData;
use std::sync::{Arc, Mutex, OnceLock};

use chrono::Utc;
use cqrs_es::event_sink::EventSink;
use cqrs_es::persist::{GenericQuery, PersistedEventStore};
use cqrs_es::{Aggregate, CqrsFramework, EventEnvelope, Query, View};
use postgres_es::{PostgresEventRepository, PostgresViewRepository, default_postgress_pool};
use projections::model::{ReadModel, Recorded};
use serde::{Deserialize, Serialize};
use sqlx::{Executor as _, PgPool};
use uuid::Uuid;

use aggregates::issued::Issued;
use aggregates::stream::Stream;

use crate::cluster::Cluster;
use crate::measure::{Contestant, Doing};
use crate::work::{Form, Turn, Work, actor, person};

/// As `db/init.sql` of postgres-es has them.
const TABLES: &str = "
    create table if not exists events (
        aggregate_type text not null, aggregate_id text not null, sequence bigint check (sequence >= 0) not null,
        event_type text not null, event_version text not null, payload json not null, metadata json not null,
        primary key (aggregate_type, aggregate_id, sequence));
    create table if not exists shown (
        view_id text not null, version bigint check (version >= 0) not null, payload json not null,
        primary key (view_id));";

/// The aggregate of a work, its events such as the stock store can read them again.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct Stored<W: Work>(W::Stream);

impl<W: Work> Default for Stored<W> {
    fn default() -> Self {
        Self(W::Stream::default())
    }
}

impl<W: Work> Aggregate for Stored<W> {
    const TYPE: &'static str = <W::Stream as Aggregate>::TYPE;
    type Command = Issued<<W::Stream as Stream>::Order>;
    type Event = <W::Stream as Aggregate>::Event;
    type Error = <W::Stream as Aggregate>::Error;
    type Services = ();

    async fn handle(&mut self, command: Self::Command, (): &(), sink: &EventSink<Self>) -> Result<(), Self::Error> {
        for event in self.0.decide(command)? {
            sink.write(W::sealed(event), self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: Self::Event) {
        self.0.apply(event);
    }
}

/// The read model of a work as a view: the same document by the same fold.
#[derive(Debug, Serialize, Deserialize)]
#[serde(bound = "")]
struct Shown<W: Work>(Option<W::Model>);

impl<W: Work> Default for Shown<W> {
    fn default() -> Self {
        Self(None)
    }
}

impl<W: Work> View<Stored<W>> for Shown<W> {
    fn update(&mut self, event: &EventEnvelope<Stored<W>>) {
        let at = Utc::now();
        let id = Uuid::parse_str(&event.aggregate_id).unwrap_or_default();
        let recorded = Recorded {
            position: 0,
            stream_id: id,
            sequence: i64::try_from(event.sequence).unwrap_or_default(),
            recorded_at: at,
            on: at.date_naive(),
            actor: None,
            role: None,
            subject: Some(person(id)),
            event: W::catalogued(event.payload.clone()),
        };
        self.0 = W::Model::fold(id, self.0.take(), &recorded);
    }
}

type Framework<W> = CqrsFramework<Stored<W>, PersistedEventStore<PostgresEventRepository, Stored<W>>>;

/// Stock, in a database of its own.
pub struct Stock<W: Work> {
    cluster: Arc<Cluster>,
    view: bool,
    opened: OnceLock<(PgPool, Framework<W>)>,
    work: PhantomData<W>,
}

/// The databases of this run, kept from round to round: work and whether there is a view.
static DATABASES: Mutex<Vec<(String, String)>> = Mutex::new(Vec::new());

/// The database of a contestant.
pub async fn database_of(cluster: &Cluster, name: &str) -> String {
    let known = |name: &str| {
        let databases = DATABASES.lock().expect("nobody panicked");
        databases.iter().find(|(of, _)| of == name).map(|(_, database)| database.clone())
    };
    if let Some(database) = known(name) {
        return database;
    }
    let database = cluster.database().await;
    DATABASES.lock().expect("nobody panicked").push((name.to_owned(), database.clone()));
    database
}

impl<W: Work> Stock<W> {
    fn new(cluster: &Arc<Cluster>, view: bool) -> Self {
        Self { cluster: Arc::clone(cluster), view, opened: OnceLock::new(), work: PhantomData }
    }

    /// Without a read side.
    pub fn viewless(cluster: &Arc<Cluster>) -> Self {
        Self::new(cluster, false)
    }

    /// With its generic query and one view.
    pub fn with_view(cluster: &Arc<Cluster>) -> Self {
        Self::new(cluster, true)
    }
}

impl<W: Work> Contestant for Stock<W> {
    fn name(&self) -> String {
        format!("{}stock{}", W::NAME, if self.view { ", its view" } else { ", no view" })
    }

    fn open(&mut self) -> Doing<'_, ()> {
        Box::pin(async {
            let database = database_of(&self.cluster, &self.name()).await;
            let pool = default_postgress_pool(&self.cluster.url(&database)).await;
            pool.execute(TABLES).await.expect("tables");
            let mut queries: Vec<Box<dyn Query<Stored<W>>>> = vec![];
            if self.view {
                let view = PostgresViewRepository::<Shown<W>, Stored<W>>::new("shown", pool.clone());
                let mut query = GenericQuery::new(Arc::new(view));
                query.use_error_handler(Box::new(|error| panic!("the view failed: {error}")));
                queries.push(Box::new(query));
            }
            let store = PersistedEventStore::new_event_store(PostgresEventRepository::new(pool.clone()));
            let opened = self.opened.set((pool, CqrsFramework::new(store, queries, ())));
            assert!(opened.is_ok(), "opened twice");
        })
    }

    fn send(&self, turn: Turn, id: Uuid) -> Doing<'_, ()> {
        Box::pin(async move {
            let (_, framework) = self.opened.get().expect("it is open");
            let at = Utc::now();
            let command =
                Issued { by: actor(turn), at, on: at.date_naive(), command: W::order(turn, id, Form::Sealed) };
            framework.execute(&id.to_string(), command).await.expect("the command is taken");
        })
    }

    fn close(&self) -> Doing<'_, ()> {
        Box::pin(async {
            if let Some((pool, _)) = self.opened.get() {
                pool.close().await;
            }
        })
    }
}
