//! Whether what the ledger keeps beside its log is what the log says: claims and timers folded anew and compared.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use aggregates::departure::Departure;
use aggregates::employment::Employment;
use aggregates::follow_up::FollowUp;
use aggregates::member::Member;
use aggregates::no_rehire_flag::NoRehireFlag;
use aggregates::person::Person;
use aggregates::stream::{ClaimChange, Stream};
use aggregates::upcast::decode_stream;
use okaeri::employer::{Employer, Employers};
use okaeri::ledger::{Leaf, LogQuery, StoreLocation, micros};
use serde_json::Value;
use sqlx::Connection as _;
use uuid::Uuid;

use crate::program::people::Tenant;
use crate::program::server::Home;

/// Scope and key of a claim, who holds it, and until when.
type Claims = BTreeMap<(String, String), (Uuid, Option<i64>)>;
/// Kind and id of a stream, and when it is woken.
type Timers = BTreeSet<(String, Uuid, i64)>;

/// The employer's log as compliance reads it.
pub(super) fn whole_log(tenant: &Tenant<'_>) -> Vec<Value> {
    let compliance = tenant.compliance();
    let mut log: Vec<Value> = Vec::new();
    loop {
        let page = compliance.read(&format!("/v1/log?after={}&limit=500", log.len()));
        let items = page["items"].as_array().unwrap();
        if items.is_empty() {
            return log;
        }
        log.extend(items.iter().cloned());
    }
}

/// The streams of one kind as they are folded.
struct Streams<A>(HashMap<Uuid, A>);

impl<A: Stream> Streams<A> {
    fn new() -> Self {
        Self(HashMap::new())
    }

    fn step(&mut self, leaf: &Leaf<'_>, id: Uuid, claims: &mut Claims) {
        let state = self.0.entry(id).or_default();
        let version = u32::try_from(leaf.version).unwrap();
        for event in decode_stream::<A>(&leaf.r#type, version, leaf.payload.get()).unwrap() {
            for claim in state.claims(id, &event) {
                let key = (claim.scope.to_owned(), claim.key);
                match claim.change {
                    ClaimChange::Take { holder, until } => {
                        claims.insert(key, (holder, until.map(micros)));
                    }
                    ClaimChange::Release { holder } => {
                        if claims.get(&key).is_some_and(|(held_by, _)| *held_by == holder) {
                            claims.remove(&key);
                        }
                    }
                }
            }
            state.apply(event);
        }
    }

    fn timers(&self, employer: &Employer) -> Timers {
        let woken = self.0.iter().filter_map(|(id, state)| Some((id, state.wake()?)));
        woken.map(|(id, due)| (A::TYPE.to_owned(), *id, micros(employer.instant(due)))).collect()
    }
}

/// Folds the whole log anew and compares.
pub(super) fn claims_and_timers_are_what_the_log_says(home: &Home, employer: &str) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let ledger = home.ledger().await;
        let employer = Employers::load(Arc::clone(&ledger)).await.unwrap().get(employer).await.unwrap();
        let mut claims = Claims::new();
        let (mut departures, mut members) = (Streams::<Departure>::new(), Streams::<Member>::new());
        let (mut employments, mut persons) = (Streams::<Employment>::new(), Streams::<Person>::new());
        let (mut flags, mut follow_ups) = (Streams::<NoRehireFlag>::new(), Streams::<FollowUp>::new());
        let mut after = 0;
        loop {
            let query = LogQuery { after, limit: 1000, ..LogQuery::default() };
            let log = ledger.log(&employer.name, &query).await.unwrap();
            let Some(last) = log.last() else { break };
            after = last.position;
            for entry in &log {
                let leaf = Leaf::read(&entry.leaf).unwrap();
                let (kind, id) = leaf.stream.split_once('/').unwrap();
                let id: Uuid = id.parse().unwrap();
                match kind {
                    "departure" => departures.step(&leaf, id, &mut claims),
                    "member" => members.step(&leaf, id, &mut claims),
                    "employment" => employments.step(&leaf, id, &mut claims),
                    "person" => persons.step(&leaf, id, &mut claims),
                    "no_rehire_flag" => flags.step(&leaf, id, &mut claims),
                    "follow_up" => follow_ups.step(&leaf, id, &mut claims),
                    other => panic!("a stream of an unknown kind: {other}"),
                }
            }
        }
        let mut timers = departures.timers(&employer);
        timers.extend(members.timers(&employer));
        timers.extend(employments.timers(&employer));
        timers.extend(persons.timers(&employer));
        timers.extend(flags.timers(&employer));
        let kept: Timers = ledger.timers(&employer.name).await.unwrap().into_iter().collect();
        assert_eq!(kept, timers);
        let kept: Claims = rows(home, &employer.name).await.into_iter().collect();
        assert!(!claims.is_empty());
        assert_eq!(kept, claims);
        ledger.close(Duration::from_secs(10)).await;
    });
}

async fn rows(home: &Home, employer: &str) -> Vec<((String, String), (Uuid, Option<i64>))> {
    let sql = "select scope, key, holder, until from claims where employer = $1";
    let rows: Vec<(String, String, Uuid, Option<i64>)> = match home.config().location() {
        StoreLocation::Postgres(url) => {
            let mut connection = sqlx::PgConnection::connect(&url).await.unwrap();
            sqlx::query_as(sql).bind(employer).fetch_all(&mut connection).await.unwrap()
        }
        StoreLocation::Directory(path) => {
            let url = format!("sqlite://{}", path.join("ledger.sqlite").display());
            let mut connection = sqlx::SqliteConnection::connect(&url).await.unwrap();
            sqlx::query_as(sql).bind(employer).fetch_all(&mut connection).await.unwrap()
        }
    };
    rows.into_iter().map(|(scope, key, holder, until)| ((scope, key), (holder, until))).collect()
}

/// Makes the program think that nothing has followed from anything yet.
pub(super) fn forget_what_followed(home: &Home) {
    let sql = "update checkpoints set position = 0 where model = 'reactions'";
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let touched = runtime.block_on(async {
        match home.config().location() {
            StoreLocation::Postgres(url) => {
                let mut connection = sqlx::PgConnection::connect(&url).await.unwrap();
                sqlx::query(sql).execute(&mut connection).await.unwrap().rows_affected()
            }
            StoreLocation::Directory(path) => {
                let url = format!("sqlite://{}", path.join("ledger.sqlite").display());
                let mut connection = sqlx::SqliteConnection::connect(&url).await.unwrap();
                sqlx::query(sql).execute(&mut connection).await.unwrap().rows_affected()
            }
        }
    });
    assert_eq!(touched, 1);
}

/// Waits until the program has looked at every event again.
pub(super) fn await_what_follows(home: &Home, employer: &str, head: usize) {
    let sql = "select position from checkpoints where model = 'reactions' and employer = $1";
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        for _ in 0..500 {
            let position: i64 = match home.config().location() {
                StoreLocation::Postgres(url) => {
                    let mut connection = sqlx::PgConnection::connect(&url).await.unwrap();
                    sqlx::query_scalar(sql).bind(employer).fetch_one(&mut connection).await.unwrap()
                }
                StoreLocation::Directory(path) => {
                    let url = format!("sqlite://{}?mode=ro", path.join("ledger.sqlite").display());
                    let mut connection = sqlx::SqliteConnection::connect(&url).await.unwrap();
                    sqlx::query_scalar(sql).bind(employer).fetch_one(&mut connection).await.unwrap()
                }
            };
            if usize::try_from(position).unwrap() >= head {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the follow-ups were not looked for");
    });
}
