//! Log → read models, in order, exactly once.
//!
//! One task a node. It takes the leases of an employer's models, reads and decodes a slice of the log once, folds it in
//! memory for every model that stands at the same position, writes all documents of a model back at once, and moves the
//! checkpoints in the same transaction. While the store writes, the slice behind it is read and decoded. An event that a fold cannot read stops that model loudly; it is never skipped.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use aggregates::catalogue::HrEvent;
use aggregates::ids::PersonId;
use chrono::DateTime;
use chrono_tz::Tz;
use projections::model::{ReadModel, Recorded, Route};
use serde_json::Value;
use serde_json::value::RawValue;
use tokio::sync::Notify;
use tokio::task::{JoinError, JoinHandle, spawn_blocking};
use uuid::Uuid;

use crate::ledger::{Checkpoint, Document, Folded, Leaf, Ledger, Slice, StoreError, TableId, Written};

/// How many events a slice takes at most.
const SLICE: i64 = 500;
/// Of how many employers the next slice is read ahead at most.
const MOST_AHEAD: usize = 4;
/// When the feed lags more than this, new commands are told to come back instead of burying it.
const TOO_FAR_BEHIND: Duration = Duration::from_millis(500);
/// How long a feed that could not move waits before it tries again.
const RETRY: Duration = Duration::from_millis(200);
/// How long the feed lets events gather before it folds them, unless a reader waits for them or a slice is full: one slice of
/// many events costs little more than one of a few.
const GATHER: Duration = Duration::from_millis(50);

type Routes = fn(&Recorded) -> Vec<Route>;
type FoldAll = fn(&Touched, &[Recorded]) -> Result<Folded, String>;

/// A read model with its types erased.
#[derive(Clone, Copy)]
pub struct Model {
    /// Its table.
    pub table: TableId,
    routes: Routes,
    fold: FoldAll,
}

/// Events of the log as they were read, and what they lead to in every model.
struct Chunk {
    events: Vec<Recorded>,
    /// In the order of the models.
    routed: Vec<Routed>,
    /// The position of the last.
    last: i64,
    /// The first event that cannot be read, and why.
    unreadable: Option<(i64, String)>,
    /// A chunk that is not full ended with the log, which tells of what comes after it.
    full: bool,
}

/// The next chunk, read and decoded while the store writes what came of the one before.
struct Ahead {
    from: i64,
    reading: JoinHandle<Result<Option<Chunk>, StoreError>>,
}

impl Drop for Ahead {
    fn drop(&mut self) {
        self.reading.abort();
    }
}

/// Which documents of a model events lead to: by id, or by what a filter says.
#[derive(Default)]
struct Routed {
    ids: BTreeSet<Uuid>,
    matching: BTreeSet<(&'static str, String)>,
}

impl Routed {
    fn of(model: &Model, events: &[Recorded]) -> Self {
        let mut routed = Self::default();
        for route in events.iter().flat_map(|event| (model.routes)(event)) {
            match route {
                Route::One(id) => routed.ids.insert(id),
                Route::Where(filter, value) => routed.matching.insert((filter, value)),
            };
        }
        routed
    }
}

/// The stored documents that a slice's events touch in a model.
struct Touched {
    documents: HashMap<Uuid, String>,
    /// For each filter value that an event of this slice names: the stored documents that have it.
    matching: HashMap<(&'static str, String), Vec<Uuid>>,
}

impl Model {
    /// Erases the types of a read model.
    pub fn of<M: ReadModel>() -> Self {
        Self {
            table: TableId { name: M::NAME, version: M::VERSION, filters: M::FILTERS },
            routes: M::routes,
            fold: fold_all::<M>,
        }
    }

    fn is(&self, name: &str, version: i32) -> bool {
        self.table.name == name && i64::from(self.table.version) == i64::from(version)
    }
}

/// Reads what events touch in a model; nothing where they touch nothing.
async fn touched(
    slice: &mut Slice<'_>,
    employer: &str,
    model: &Model,
    routed: &Routed,
) -> Result<Option<Touched>, StoreError> {
    let mut ids = routed.ids.clone();
    let mut matching: HashMap<(&'static str, String), Vec<Uuid>> =
        routed.matching.iter().map(|sought| (sought.clone(), vec![])).collect();
    for filter in model.table.filters {
        let values = routed.matching.iter().filter(|(of, _)| of == filter).map(|(_, value)| value.clone());
        let values: Vec<String> = values.collect();
        if values.is_empty() {
            continue;
        }
        for (value, id) in slice.matching(&model.table, employer, filter, &values).await? {
            ids.insert(id);
            matching.entry((filter, value)).or_default().push(id);
        }
    }
    if ids.is_empty() {
        return Ok(None);
    }
    let ids: Vec<Uuid> = ids.into_iter().collect();
    let documents = slice.documents(&model.table, employer, &ids).await?.into_iter().collect();
    Ok(Some(Touched { documents, matching }))
}

/// What came of work on a slice, which is done beside the threads that answer commands: hundreds of events take a while. Work
/// that panicked found something that it cannot read; work that was not begun says nothing.
fn done<T>(finished: Result<Result<T, String>, JoinError>) -> Result<Result<T, String>, StoreError> {
    match finished {
        Ok(outcome) => Ok(outcome),
        Err(error) if error.is_panic() => Ok(Err(error.to_string())),
        Err(error) => Err(StoreError::Refused(format!("a slice was not folded: {error}"))),
    }
}

fn fold_all<M: ReadModel>(input: &Touched, events: &[Recorded]) -> Result<Folded, String> {
    let mut documents: HashMap<Uuid, Option<M>> = HashMap::with_capacity(input.documents.len());
    for (id, body) in &input.documents {
        let document = serde_json::from_str(body).map_err(|error| format!("document {id}: {error}"))?;
        documents.insert(*id, Some(document));
    }
    let mut touched: BTreeSet<Uuid> = BTreeSet::new();
    for event in events {
        let mut ids: BTreeSet<Uuid> = BTreeSet::new();
        for route in M::routes(event) {
            match route {
                Route::One(id) => {
                    ids.insert(id);
                }
                Route::Where(filter, value) => {
                    let stored = input.matching.get(&(filter, value.clone())).map_or(&[][..], Vec::as_slice);
                    // What a document's filter says now, not when the slice began.
                    let candidates = stored.iter().chain(touched.iter()).copied().collect::<BTreeSet<_>>();
                    ids.extend(candidates.into_iter().filter(|id| {
                        documents.get(id).and_then(Option::as_ref).is_some_and(|d| has(d, filter, &value))
                    }));
                }
            }
        }
        for id in ids {
            let before = documents.remove(&id).flatten();
            documents.insert(id, M::fold(id, before, event));
            touched.insert(id);
        }
    }
    let mut folded = Folded::default();
    for id in touched {
        match (documents.remove(&id).flatten(), input.documents.contains_key(&id)) {
            (Some(document), true) => folded.changed.push(written(id, &document)?),
            (Some(document), false) => folded.begun.push(written(id, &document)?),
            (None, true) => folded.removed.push(id),
            (None, false) => {}
        }
    }
    Ok(folded)
}

fn written<M: ReadModel>(id: Uuid, document: &M) -> Result<Written, String> {
    let unwritable = |error| format!("document {id}: {error}");
    let body = serde_json::to_string(document).map_err(unwritable)?;
    let shown: HashMap<Cow<'_, str>, &RawValue> = serde_json::from_str(&body).map_err(unwritable)?;
    let text = |filter: &&str| serde_json::from_str(shown.get(*filter)?.get()).ok();
    let filters = M::FILTERS.iter().map(text).collect();
    let document = Document { id, body, sort_key: document.sort_key(), version: document.version() };
    Ok(Written { document, filters })
}

fn has<M: ReadModel>(document: &M, filter: &str, value: &str) -> bool {
    serde_json::to_value(document).is_ok_and(|json| json.get(filter).and_then(Value::as_str) == Some(value))
}

/// Decodes one leaf into the events that folds see.
pub fn decode(position: i64, leaf: &str, zone: Tz) -> Result<Vec<Recorded>, String> {
    let read = Leaf::read(leaf).map_err(|error| format!("event {position}: {error}"))?;
    let recorded_at =
        DateTime::parse_from_rfc3339(&read.recorded_at).map_err(|error| format!("event {position}: {error}"))?.to_utc();
    let stream_id = read.stream_id().ok_or_else(|| format!("event {position}: stream {:?}", read.stream))?;
    let version = u32::try_from(read.version).unwrap_or(u32::MAX);
    let events = HrEvent::decode(&read.r#type, version, read.payload.get())
        .map_err(|error| format!("event {position} ({}): {error}", read.r#type))?;
    let id = |name: &str| read.metadata.get(name).and_then(|id| Uuid::parse_str(id).ok());
    let (actor, subject) = (id("actor"), id("person_id").map(PersonId));
    Ok(events
        .into_iter()
        .map(|event| Recorded {
            position,
            stream_id,
            sequence: read.sequence,
            recorded_at,
            on: recorded_at.with_timezone(&zone).date_naive(),
            actor,
            role: read.metadata.get("role").cloned(),
            subject,
            event,
        })
        .collect())
}

/// Decodes leaves, up to the first that cannot be read; its position, and why.
fn decode_all(rows: &[(i64, String)], zone: Tz) -> (Vec<Recorded>, Option<(i64, String)>) {
    let mut events = Vec::with_capacity(rows.len());
    for (position, leaf) in rows {
        match decode(*position, leaf, zone) {
            Ok(recorded) => events.extend(recorded),
            Err(why) => return (events, Some((*position, why))),
        }
    }
    (events, None)
}

/// The read side's engine. Cloning shares it.
#[derive(Clone)]
pub struct Feed {
    inner: Arc<Inner>,
}

struct Inner {
    ledger: Arc<Ledger>,
    models: Vec<Model>,
    zones: RwLock<HashMap<String, Tz>>,
    wake: Notify,
    /// Appends of this node that are not folded yet: employer, position, since when.
    pending: Mutex<VecDeque<(Arc<str>, i64, Instant)>>,
    paused: std::sync::atomic::AtomicBool,
}

impl Feed {
    /// A feed for these models; [`Self::run`] moves it.
    pub fn new(ledger: Arc<Ledger>, models: Vec<Model>) -> Self {
        Self {
            inner: Arc::new(Inner {
                ledger,
                models,
                zones: RwLock::new(HashMap::new()),
                wake: Notify::new(),
                pending: Mutex::new(VecDeque::new()),
                paused: std::sync::atomic::AtomicBool::new(false),
            }),
        }
    }

    /// The models.
    pub fn models(&self) -> &[Model] {
        &self.inner.models
    }

    /// Makes tables and checkpoints.
    pub async fn prepare(&self) -> Result<(), StoreError> {
        for model in &self.inner.models {
            self.inner.ledger.prepare_model(&model.table).await?;
        }
        self.refresh_zones().await
    }

    async fn refresh_zones(&self) -> Result<(), StoreError> {
        let zones = self
            .inner
            .ledger
            .employers()
            .await?
            .into_iter()
            .map(|(name, settings)| (name, settings.time_zone.parse().unwrap_or(chrono_tz::Asia::Tokyo)))
            .collect();
        *self.inner.zones.write().unwrap_or_else(PoisonError::into_inner) = zones;
        Ok(())
    }

    /// Tells the feed that there is something to fold.
    pub fn appended(&self, employer: &Arc<str>, position: i64) {
        if !self.paused() {
            let mut pending = self.inner.pending.lock().unwrap_or_else(PoisonError::into_inner);
            pending.push_back((Arc::clone(employer), position, Instant::now()));
        }
        self.inner.wake.notify_one();
    }

    /// How long the oldest append of this node has been waiting to be folded.
    pub fn lag(&self) -> Duration {
        let pending = self.inner.pending.lock().unwrap_or_else(PoisonError::into_inner);
        pending.front().map_or(Duration::ZERO, |(_, _, since)| since.elapsed())
    }

    /// Whether a slice can be filled with what this node has appended.
    fn is_full(&self) -> bool {
        let pending = self.inner.pending.lock().unwrap_or_else(PoisonError::into_inner);
        i64::try_from(pending.len()).is_ok_and(|waiting| waiting >= SLICE)
    }

    /// Whether new commands should come back later.
    pub fn is_too_far_behind(&self) -> bool {
        self.lag() > TOO_FAR_BEHIND
    }

    /// Stops or resumes folding on this node: for measurements and tests.
    pub fn pause(&self, paused: bool) {
        self.inner.paused.store(paused, std::sync::atomic::Ordering::Release);
        if paused {
            self.inner.pending.lock().unwrap_or_else(PoisonError::into_inner).clear();
        }
        self.inner.wake.notify_one();
    }

    fn paused(&self) -> bool {
        self.inner.paused.load(std::sync::atomic::Ordering::Acquire)
    }

    /// Folds for ever: when this node or another has appended, and every `poll` in case it was not heard.
    pub async fn run(self, poll: Duration) {
        let mut arrivals = self.inner.ledger.arrivals();
        loop {
            tokio::select! {
                () = self.inner.wake.notified() => {}
                _ = arrivals.changed() => {}
                () = tokio::time::sleep(poll) => {}
            }
            if !self.is_full() {
                // Whoever reads what is not folded yet ends the wait.
                let _ = tokio::time::timeout(GATHER, self.inner.ledger.readers_waiting()).await;
            }
            if self.paused() {
                continue;
            }
            if let Err(error) = self.catch_up().await {
                tracing::warn!(%error, "the feed could not move; it tries again");
                tokio::time::sleep(RETRY).await;
                self.inner.wake.notify_one();
            }
        }
    }

    /// Folds until nothing that can be folded is left.
    pub async fn catch_up(&self) -> Result<(), StoreError> {
        let ledger = &self.inner.ledger;
        let mut ahead: HashMap<String, Ahead> = HashMap::new();
        loop {
            let (heads, checkpoints) = tokio::try_join!(ledger.heads(), ledger.checkpoints())?;
            if heads.keys().any(|employer| !checkpoints.iter().any(|c| &c.employer == employer)) {
                // An employer that was added while the program runs.
                for model in &self.inner.models {
                    ledger.ensure_checkpoints(model.table.name, model.table.version).await?;
                }
                self.refresh_zones().await?;
                continue;
            }
            let moving = self.moving(&checkpoints);
            self.settle(&moving);
            let mut moved = false;
            for (employer, head) in &heads {
                if moving.iter().any(|c| &c.employer == employer && c.position < *head) {
                    moved |= self.slice(employer, &mut ahead).await?;
                }
            }
            if !moved {
                let checkpoints = ledger.checkpoints().await?;
                self.settle(&self.moving(&checkpoints));
                return Ok(());
            }
        }
    }

    /// The checkpoints of this program's models that have not stopped.
    fn moving<'c>(&self, checkpoints: &'c [Checkpoint]) -> Vec<&'c Checkpoint> {
        let known = |c: &Checkpoint| self.inner.models.iter().any(|m| m.is(&c.model, c.version));
        checkpoints.iter().filter(|c| c.stopped.is_none() && known(c)).collect()
    }

    /// Forgets appends that every model has folded.
    fn settle(&self, moving: &[&Checkpoint]) {
        let reached = |employer: &str| {
            moving.iter().filter(|c| c.employer == employer).map(|checkpoint| checkpoint.position).min()
        };
        let mut pending = self.inner.pending.lock().unwrap_or_else(PoisonError::into_inner);
        let mut known: HashMap<Arc<str>, Option<i64>> = HashMap::new();
        pending.retain(|(employer, position, _)| {
            known.entry(Arc::clone(employer)).or_insert_with(|| reached(employer)).is_some_and(|done| done < *position)
        });
    }

    /// Decodes what was read behind a position; nothing where the log ends.
    async fn chunk(self, employer: &str, from: i64, rows: Vec<(i64, String)>) -> Result<Option<Chunk>, StoreError> {
        let zone = {
            let zones = self.inner.zones.read().unwrap_or_else(PoisonError::into_inner);
            zones.get(employer).copied().unwrap_or(chrono_tz::Asia::Tokyo)
        };
        let Some((last, _)) = rows.last() else { return Ok(None) };
        let last = *last;
        let full = i64::try_from(rows.len()).is_ok_and(|rows| rows >= SLICE);
        let decoding = spawn_blocking(move || {
            let (events, unreadable) = decode_all(&rows, zone);
            let routed = self.inner.models.iter().map(|model| Routed::of(model, &events)).collect();
            Ok(Chunk { events, routed, last, unreadable, full })
        });
        Ok(Some(done(decoding.await)?.unwrap_or_else(|why| Chunk {
            events: vec![],
            routed: vec![],
            last,
            unreadable: Some((from + 1, why)),
            full,
        })))
    }

    /// Reads and decodes the chunk behind a position beside a slice.
    fn look_ahead(&self, employer: &str, from: i64) -> Ahead {
        let (feed, employer) = (self.clone(), employer.to_owned());
        let reading = tokio::spawn(async move {
            let rows = feed.inner.ledger.events_after(&employer, from, SLICE).await?;
            feed.chunk(&employer, from, rows).await
        });
        Ahead { from, reading }
    }

    /// The chunk behind a position: the one that was read ahead, if it is that, there already, and full, since more may have
    /// come meanwhile. Otherwise within the slice: whoever holds leases does not queue for another connection.
    async fn next_chunk(
        &self,
        slice: &mut Slice<'_>,
        employer: &str,
        from: i64,
        ahead: Option<Ahead>,
    ) -> Result<Option<Chunk>, StoreError> {
        if let Some(mut read) = ahead
            && read.from == from
            && read.reading.is_finished()
            && let Ok(Ok(Some(chunk))) = (&mut read.reading).await
            && chunk.full
        {
            return Ok(Some(chunk));
        }
        let rows = slice.events(employer, from, SLICE).await?;
        self.clone().chunk(employer, from, rows).await
    }

    /// One transaction: the models that are furthest behind move by one slice. Whether there may be more to fold.
    async fn slice(&self, employer: &str, ahead: &mut HashMap<String, Ahead>) -> Result<bool, StoreError> {
        let mut source = self.inner.ledger.slice_source().await;
        let mut slice = source.begin().await?;
        let names: Vec<(&'static str, u32)> =
            self.inner.models.iter().map(|m| (m.table.name, m.table.version)).collect();
        let leased = slice.lease(employer, &names).await?;
        let Some(from) = leased.iter().map(|(_, _, position)| *position).min() else { return Ok(false) };
        let read = ahead.remove(employer);
        let Some(chunk) = self.next_chunk(&mut slice, employer, from, read).await? else { return Ok(false) };
        let Chunk { events, routed, last, unreadable, full } = chunk;
        // Models that stand between would be next.
        let together = leased.iter().all(|(_, _, position)| *position == from || *position >= last);
        if full && unreadable.is_none() && together && ahead.len() < MOST_AHEAD {
            ahead.insert(employer.to_owned(), self.look_ahead(employer, last));
        }
        let events = Arc::new(events);
        // What can be read is folded; the models then stop before the event that cannot.
        let reached = unreadable.as_ref().map_or(last, |(position, _)| position - 1);
        // While the store answers for one model, another is folded.
        let mut folding = Vec::new();
        for (name, version, _) in leased.iter().filter(|(_, _, position)| *position == from) {
            let mut models = self.inner.models.iter().enumerate();
            let Some((nth, model)) = models.find(|(_, model)| model.is(name, *version)) else { continue };
            let found = match routed.get(nth) {
                Some(routed) => touched(&mut slice, employer, model, routed).await?,
                None => None,
            };
            let (fold, events) = (model.fold, Arc::clone(&events));
            let task = found.map(|documents| spawn_blocking(move || fold(&documents, &events)));
            folding.push((model, *version, task));
        }
        let mut folded: Vec<(&str, i32)> = Vec::with_capacity(folding.len());
        for (model, version, task) in folding {
            let name = model.table.name;
            let outcome = match task {
                Some(task) => done(task.await)?,
                None => Ok(Folded::default()),
            };
            let stopped = match outcome {
                Ok(documents) => {
                    slice.put(&model.table, employer, reached, &documents).await?;
                    folded.push((name, version));
                    unreadable.as_ref().map(|(_, why)| why.clone())
                }
                Err(why) => Some(why),
            };
            if let Some(why) = stopped {
                tracing::error!(model = name, %why, "a read model stopped");
                slice.stop(employer, name, version, &why).await?;
            }
        }
        slice.advance(employer, &folded, reached).await?;
        slice.commit().await?;
        Ok(full || unreadable.is_some() || leased.iter().any(|(_, _, position)| *position != from))
    }

    /// Folds an employer's whole log in memory and compares the result with the live documents of each model.
    pub async fn compare(&self, employer: &str) -> Result<Vec<Difference>, StoreError> {
        let zone = self.inner.ledger.employers().await?.get(employer).and_then(|s| s.time_zone.parse().ok());
        let zone = zone.unwrap_or(chrono_tz::Asia::Tokyo);
        let mut documents: Vec<HashMap<Uuid, String>> = self.inner.models.iter().map(|_| HashMap::new()).collect();
        let mut after = 0;
        loop {
            let query = crate::ledger::LogQuery { after, limit: 10_000, ..Default::default() };
            let entries = self.inner.ledger.log(employer, &query).await?;
            let Some(last) = entries.last() else { break };
            after = last.position;
            let mut events = Vec::with_capacity(entries.len());
            for entry in &entries {
                events.extend(decode(entry.position, &entry.leaf, zone).map_err(StoreError::Unreadable)?);
            }
            for (model, documents) in self.inner.models.iter().zip(&mut documents) {
                fold_in_memory(model, documents, &events).map_err(StoreError::Unreadable)?;
            }
        }
        let mut differences = Vec::new();
        for (model, folded) in self.inner.models.iter().zip(documents) {
            let live: HashMap<Uuid, String> =
                self.inner.ledger.all_documents(&model.table, employer).await?.into_iter().collect();
            let all: BTreeSet<Uuid> = live.keys().chain(folded.keys()).copied().collect();
            let parsed = |body: Option<&String>| body.and_then(|body| serde_json::from_str::<Value>(body).ok());
            for id in all {
                let (live, folded) = (parsed(live.get(&id)), parsed(folded.get(&id)));
                if live != folded {
                    differences.push(Difference { model: model.table.name, id, live, folded });
                }
            }
        }
        Ok(differences)
    }
}

fn fold_in_memory(model: &Model, documents: &mut HashMap<Uuid, String>, events: &[Recorded]) -> Result<(), String> {
    let Routed { mut ids, matching } = Routed::of(model, events);
    let mut matching: HashMap<(&'static str, String), Vec<Uuid>> =
        matching.into_iter().map(|sought| (sought, vec![])).collect();
    for ((filter, value), found) in &mut matching {
        for (id, body) in documents.iter() {
            let json: Value = serde_json::from_str(body).map_err(|error| error.to_string())?;
            if json.get(*filter).and_then(Value::as_str) == Some(value) {
                found.push(*id);
                ids.insert(*id);
            }
        }
    }
    let touched: HashMap<Uuid, String> =
        ids.iter().filter_map(|id| documents.get(id).map(|body| (*id, body.clone()))).collect();
    let folded = (model.fold)(&Touched { documents: touched, matching }, events)?;
    for Written { document, .. } in folded.begun.into_iter().chain(folded.changed) {
        documents.insert(document.id, document.body);
    }
    for id in folded.removed {
        documents.remove(&id);
    }
    Ok(())
}

/// A document that a fold from zero makes differently than it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The model.
    pub model: &'static str,
    /// The document.
    pub id: Uuid,
    /// As it stands.
    pub live: Option<Value>,
    /// As the log says.
    pub folded: Option<Value>,
}

#[cfg(test)]
mod tests {
    use tokio::task::spawn_blocking;

    use super::done;

    #[tokio::test]
    async fn work_that_panicked_stops_a_model_and_work_that_was_not_begun_stops_none() {
        let read = spawn_blocking(|| Ok(1)).await;
        assert!(matches!(done::<i32>(read), Ok(Ok(1))));
        let panicked = spawn_blocking(|| panic!("an event that no fold expects")).await;
        assert!(matches!(done::<i32>(panicked), Ok(Err(_))));
        let waiting = tokio::spawn(std::future::pending());
        waiting.abort();
        assert!(done::<i32>(waiting.await).is_err());
    }
}
