//! The only door to the write side: gather → load → check → decide → append → follow up.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use aggregates::catalogue::HrEvent;
use aggregates::ids::{ActorId, PersonId};
use aggregates::issued::{Actor, ActorKind, Issued};
use aggregates::personal::RecordClass;
use aggregates::stream::{Claim, ClaimChange, Stream, full_type};
use aggregates::upcast::{DecodeError, decode_stream};
use chrono::{DateTime, Utc};
use cqrs_es::DomainEvent as _;
use projections::model::Recorded;
use uuid::Uuid;

use crate::employer::{Employer, Employers};
use crate::feed::Feed;
use crate::ledger::{
    Append, AppendError, Appended, ClaimRow, Leaf, Ledger, NewEvent, Receipt, ReceiptKey, StoreError, StreamKey,
    TimerChange, Token, micros,
};
use crate::reactions;

/// How often a command that lost a race is decided again.
const ATTEMPTS: u32 = 4;
/// How long a reply waits for the command's follow-ups; the background runner does what is left.
const FOLLOW_UP_PATIENCE: Duration = Duration::from_secs(2);

/// The circumstances of one command.
#[derive(Clone)]
pub struct Envelope {
    /// For which employer.
    pub employer: Arc<Employer>,
    /// Who.
    pub actor: Actor,
    /// In which role; `system` for timers and reactions.
    pub role: &'static str,
    /// For whom a service acts.
    pub on_behalf_of: Option<ActorId>,
    /// Which command, such as `departures.record`.
    pub command: &'static str,
    /// Unique; the same for a repeat after a crash.
    pub command_id: Uuid,
    /// What keeps a repeat of the request from doing it twice.
    pub receipt: Option<ReceiptKey>,
    /// The version the caller saw (`If-Match`).
    pub expected: Option<i64>,
    /// The position of the event that caused this command, for reactions.
    pub cause: Option<i64>,
    /// Whether a lost race may be decided again without asking the caller.
    pub repeatable: bool,
}

impl Envelope {
    /// A command of the program itself.
    pub fn system(employer: Arc<Employer>, command: &'static str, command_id: Uuid, cause: Option<i64>) -> Self {
        Self {
            employer,
            actor: Actor { id: SYSTEM_ACTOR, kind: ActorKind::System },
            role: "system",
            on_behalf_of: None,
            command,
            command_id,
            receipt: None,
            expected: None,
            cause,
            repeatable: true,
        }
    }

    /// Who answers for the command: see [`Issued::by`].
    fn answers_for_it(&self) -> Actor {
        Actor { id: self.on_behalf_of.unwrap_or(self.actor.id), kind: self.actor.kind }
    }
}

/// Timers and reactions act under this id, which no directory entry has.
pub const SYSTEM_ACTOR: ActorId = ActorId(Uuid::from_u128(0x6f6b_6165_7269_8000_8000_0000_0000_0001));

/// An order with the facts that other streams own.
pub struct Gathered<A: Stream> {
    /// What is asked.
    pub order: A::Order,
    /// The streams the facts came from, with the version read.
    pub guards: Vec<(StreamKey, i64)>,
    /// Search tokens to store with the events.
    pub tokens: Vec<Token>,
    /// Persons whose data is destroyed with the events.
    pub erase: Vec<(Uuid, Option<RecordClass>)>,
    /// Claims that nobody else may hold when this is recorded: scope and key. They are asked for, not held.
    pub free: Vec<(&'static str, String)>,
    /// What one command at a time arranges, as it was when the facts were read.
    pub turns: Vec<Turn>,
    /// Whether the person's data may have been sealed before, in another stream.
    pub subject_known: bool,
    /// Whether this caller may see the stream at all; `false` is answered as "not there".
    pub permit: Option<Permit<A>>,
    /// The caller's other accounts, where several are one human being's: what they may not do as one of them they may not do as
    /// another, and what they have done they do not do again.
    pub also_as: BTreeSet<ActorId>,
}

/// Something that no stream owns and one command at a time arranges, such as somebody's hours: a command whose facts were read
/// before another one arranged it has lost a race.
#[derive(Clone, Debug)]
pub struct Turn {
    /// The scope of its claim.
    pub scope: &'static str,
    /// The key of its claim.
    pub key: String,
    /// Who arranged it last, as far as was known before the facts were read.
    pub seen: Option<Uuid>,
}

impl Turn {
    fn claims(self, holder: Uuid) -> impl Iterator<Item = Claim> {
        let Self { scope, key, seen } = self;
        let given_back = seen.map(|seen| Claim::release(scope, key.clone(), seen));
        given_back.into_iter().chain([Claim::take(scope, key, holder)])
    }
}

/// A question to the stream's state about the caller.
pub type Permit<A> = Box<dyn Fn(&A) -> bool + Send + Sync>;

impl<A: Stream> Gathered<A> {
    /// An order that depends on nothing but its own stream.
    pub fn order(order: A::Order) -> Self {
        let (guards, tokens, erase, free, turns) = (vec![], vec![], vec![], vec![], vec![]);
        let also_as = BTreeSet::new();
        Self { order, guards, tokens, erase, free, turns, subject_known: false, permit: None, also_as }
    }

    /// Asks the state whether the caller may see the stream.
    #[must_use]
    pub fn permit(mut self, permit: impl Fn(&A) -> bool + Send + Sync + 'static) -> Self {
        self.permit = Some(Box::new(permit));
        self
    }
}

/// What a command answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The stream's id.
    pub id: Uuid,
    /// The stream's last sequence.
    pub version: i64,
    /// The place in the employer's log.
    pub position: i64,
    /// The state's name.
    pub state: String,
    /// Whether this is the answer to an earlier, identical request.
    pub replayed: bool,
}

/// Why a command did not happen.
#[derive(Debug, thiserror::Error)]
pub enum DispatchError<E: std::error::Error> {
    /// The aggregate refused.
    #[error("{0}")]
    Refused(E),
    /// Not there, or not for this caller.
    #[error("not found")]
    NotFound,
    /// `If-Match` named another version.
    #[error("the version is {current}")]
    VersionMismatch {
        /// The version that stands.
        current: i64,
    },
    /// Lost a race; the caller has to look again.
    #[error("changed by somebody else at the same time")]
    Contended,
    /// Something that must be unique is taken.
    #[error("{scope} is taken")]
    Claimed {
        /// What kind of thing.
        scope: String,
    },
    /// The same `Idempotency-Key` came with another body.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// No such employer.
    #[error("no such employer")]
    EmployerUnknown,
    /// Too much is waiting, or the read side is too far behind.
    #[error("overloaded")]
    Overloaded,
    /// It is not known whether the command was recorded.
    #[error("outcome unknown")]
    OutcomeUnknown,
    /// The store failed; nothing was recorded.
    #[error("store: {0}")]
    Store(#[from] StoreError),
    /// A stored event cannot be read.
    #[error("stored event: {0}")]
    Decode(#[from] DecodeError),
    /// A value cannot be recorded.
    #[error("cannot be recorded: {0}")]
    Unencodable(String),
}

/// A stream as loaded: its state, version and the position of its last event.
#[derive(Clone, Debug, Default)]
pub struct Loaded<A> {
    /// The fold of its events.
    pub state: A,
    /// Its last sequence; 0 when there is no event.
    pub version: i64,
    /// The position of its last event.
    pub position: i64,
}

/// The stream that an order goes to.
#[derive(Clone, Copy)]
enum Target {
    /// It begins with this order.
    New(Uuid),
    /// It may have events.
    Known(Uuid),
}

/// The write side.
pub struct Dispatcher {
    ledger: Arc<Ledger>,
    employers: Employers,
    feed: Feed,
    reacted: reactions::Done,
}

impl Dispatcher {
    /// The write side of a ledger. The feed is told of every append.
    pub async fn new(ledger: Arc<Ledger>, feed: Feed) -> Result<Self, StoreError> {
        let employers = Employers::load(Arc::clone(&ledger)).await?;
        Ok(Self { ledger, employers, feed, reacted: reactions::Done::default() })
    }

    /// The ledger.
    pub fn ledger(&self) -> &Arc<Ledger> {
        &self.ledger
    }

    /// The employers.
    pub fn employers(&self) -> &Employers {
        &self.employers
    }

    /// The read side's engine.
    pub fn feed(&self) -> &Feed {
        &self.feed
    }

    /// The events whose follow-ups this node has done.
    pub fn reacted(&self) -> &reactions::Done {
        &self.reacted
    }

    /// The key of a stream.
    pub fn stream<A: Stream>(employer: &Employer, id: Uuid) -> StreamKey {
        StreamKey { employer: Arc::clone(&employer.name), kind: A::TYPE, id }
    }

    /// Loads a stream and folds it.
    pub async fn load<A: Stream>(&self, employer: &Employer, id: Uuid) -> Result<Loaded<A>, LoadError> {
        let mut loaded = Loaded { state: A::default(), version: 0, position: 0 };
        for stored in self.ledger.load(Self::stream::<A>(employer, id)).await? {
            let leaf = Leaf::read(&stored.leaf).map_err(LoadError::unreadable)?;
            let version = u32::try_from(stored.event_version).unwrap_or(u32::MAX);
            for event in decode_stream::<A>(&stored.event_type, version, leaf.payload.get())? {
                loaded.state.apply(event);
            }
            loaded.version = stored.sequence;
            loaded.position = stored.position;
        }
        Ok(loaded)
    }

    /// Sends an order that depends on its own stream only.
    pub async fn send<A>(
        &self,
        envelope: &Envelope,
        id: Uuid,
        order: A::Order,
    ) -> Result<Reply, DispatchError<A::Error>>
    where
        A: Stream,
        A::Order: Clone + Sync,
    {
        self.send_with(envelope, id, || async { Ok(Gathered::<A>::order(order.clone())) }).await
    }

    /// Sends an order whose facts are gathered from other streams, again after each lost race.
    pub async fn send_with<A, F, G>(
        &self,
        envelope: &Envelope,
        id: Uuid,
        gather: F,
    ) -> Result<Reply, DispatchError<A::Error>>
    where
        A: Stream,
        F: Fn() -> G,
        G: Future<Output = Result<Gathered<A>, DispatchError<A::Error>>>,
    {
        self.send_to(Target::Known(id), envelope, gather).await
    }

    /// As [`Self::send_with`], to a stream that begins with this order. The id is a new one, so nothing is loaded; should it
    /// be taken all the same, then the append refuses.
    pub async fn create_with<A, F, G>(
        &self,
        envelope: &Envelope,
        id: Uuid,
        gather: F,
    ) -> Result<Reply, DispatchError<A::Error>>
    where
        A: Stream,
        F: Fn() -> G,
        G: Future<Output = Result<Gathered<A>, DispatchError<A::Error>>>,
    {
        self.send_to(Target::New(id), envelope, gather).await
    }

    /// As [`Self::create_with`], for an order that depends on nothing.
    pub async fn create<A>(
        &self,
        envelope: &Envelope,
        id: Uuid,
        order: A::Order,
    ) -> Result<Reply, DispatchError<A::Error>>
    where
        A: Stream,
        A::Order: Clone + Sync,
    {
        self.create_with(envelope, id, || async { Ok(Gathered::<A>::order(order.clone())) }).await
    }

    async fn send_to<A, F, G>(
        &self,
        target: Target,
        envelope: &Envelope,
        gather: F,
    ) -> Result<Reply, DispatchError<A::Error>>
    where
        A: Stream,
        F: Fn() -> G,
        G: Future<Output = Result<Gathered<A>, DispatchError<A::Error>>>,
    {
        if envelope.role != "system" && self.feed.is_too_far_behind() {
            return Err(DispatchError::Overloaded);
        }
        for attempt in 1..=ATTEMPTS {
            let tried = match gather().await {
                Ok(gathered) => self.attempt(envelope, target, gathered).await,
                Err(error) => Err(error),
            };
            match tried {
                Ok(reply) => return Ok(reply),
                Err(DispatchError::Contended)
                    if attempt < ATTEMPTS && envelope.expected.is_none() && envelope.repeatable => {}
                // Before anything is refused: this may be the repeat of a request that was done. That of one that is still
                // to be done meets its receipt in the append.
                Err(error) => return self.replayed(envelope).await?.ok_or(error),
            }
        }
        Err(DispatchError::Contended)
    }

    /// The answer to an earlier request with the same `Idempotency-Key`, if there was one. [`Self::send_with`] looks for it
    /// by itself; whoever refuses a request before asks here first.
    pub async fn replayed<E: std::error::Error>(&self, envelope: &Envelope) -> Result<Option<Reply>, DispatchError<E>> {
        let Some(receipt) = &envelope.receipt else { return Ok(None) };
        let stored = self.ledger.receipt(&envelope.employer.name, &receipt.key).await?;
        stored.map(|stored| replay(&stored, receipt)).transpose()
    }

    async fn attempt<A: Stream>(
        &self,
        envelope: &Envelope,
        target: Target,
        gathered: Gathered<A>,
    ) -> Result<Reply, DispatchError<A::Error>> {
        let employer = &*envelope.employer;
        let (id, loaded) = match target {
            Target::New(id) => (id, Loaded::default()),
            Target::Known(id) => (id, self.load::<A>(employer, id).await?),
        };
        let Gathered { order, guards, tokens, erase, free, turns, subject_known, permit, also_as } = gathered;
        let in_turn: Vec<&str> = turns.iter().map(|turn| turn.scope).collect();
        if loaded.version > 0 && permit.is_some_and(|permit| !permit(&loaded.state)) {
            return Err(DispatchError::NotFound);
        }
        if envelope.expected.is_some_and(|expected| expected != loaded.version) {
            return Err(DispatchError::VersionMismatch { current: loaded.version });
        }
        let at = self.ledger.now();
        let (by, on) = (envelope.answers_for_it(), employer.local_date(at));
        let as_others = also_as.into_iter().map(|id| Issued { by: Actor { id, ..by }, at, on, command: order.clone() });
        let as_others: Vec<_> = as_others.collect();
        let mut events = loaded.state.decide(Issued { by, at, on, command: order }).map_err(DispatchError::Refused)?;
        // Whoever repeats themselves is answered as they are.
        for issued in as_others {
            if events.is_empty() {
                break;
            }
            if loaded.state.decide(issued).map_err(DispatchError::Refused)?.is_empty() {
                events.clear();
            }
        }
        if events.is_empty() && envelope.receipt.is_none() {
            return Ok(Reply {
                id,
                version: loaded.version,
                position: loaded.position,
                state: loaded.state.state().to_owned(),
                replayed: false,
            });
        }
        let beside = Beside { guards, tokens, erase, free, turns, subject_known };
        let append = self.prepare(envelope, id, &loaded, events, beside, at).await?;
        let (recorded, triggers) = (!append.events.is_empty(), Triggers::of(envelope, &append));
        let state = append.state;
        let erased: Vec<Uuid> = append.vault.erase.iter().map(|(subject, _)| *subject).collect();
        let subjects = append.vault.subjects();
        match self.ledger.append(append).await {
            Ok(appended) => {
                for subject in erased {
                    self.ledger.vault().forget(&employer.name, subject);
                }
                if recorded {
                    self.feed.appended(&employer.name, appended.position);
                    self.follow_up(envelope, triggers.recorded(employer, &appended)).await;
                }
                let (version, position) = (appended.version, appended.position);
                Ok(Reply { id, version, position, state: state.to_owned(), replayed: false })
            }
            Err(AppendError::StreamMoved | AppendError::GuardMoved) => Err(DispatchError::Contended),
            Err(AppendError::KeyGone) => {
                for subject in subjects {
                    self.ledger.vault().forget(&employer.name, subject);
                }
                Err(DispatchError::Contended)
            }
            Err(AppendError::ReceiptExists) => self.replayed(envelope).await?.ok_or(DispatchError::Contended),
            Err(AppendError::Repeated) => {
                let now = self.load::<A>(employer, id).await?;
                let state = now.state.state().to_owned();
                Ok(Reply { id, version: now.version, position: now.position, state, replayed: false })
            }
            Err(AppendError::ClaimHeld { scope }) if in_turn.contains(&&*scope) => Err(DispatchError::Contended),
            Err(AppendError::ClaimHeld { scope }) => Err(DispatchError::Claimed { scope }),
            Err(AppendError::EmployerUnknown) => Err(DispatchError::EmployerUnknown),
            Err(AppendError::Overloaded) => Err(DispatchError::Overloaded),
            Err(AppendError::OutcomeUnknown) => Err(DispatchError::OutcomeUnknown),
            Err(AppendError::Unencodable(why)) => Err(DispatchError::Unencodable(why)),
            Err(AppendError::Store(why)) => Err(DispatchError::Store(StoreError::Refused(why))),
        }
    }

    /// Turns decided events into what the ledger writes: sealed, with claims, timer, tokens and links.
    async fn prepare<A: Stream>(
        &self,
        envelope: &Envelope,
        id: Uuid,
        loaded: &Loaded<A>,
        events: Vec<A::Event>,
        beside: Beside,
        at: DateTime<Utc>,
    ) -> Result<Append, DispatchError<A::Error>> {
        let employer = &*envelope.employer;
        let unencodable = |error: serde_json::Error| DispatchError::Unencodable(error.to_string());
        let names: Vec<(String, i32)> =
            events.iter().map(|event| (full_type::<A>(event), event.event_version().parse().unwrap_or(1))).collect();
        let mut payloads =
            events.iter().map(serde_json::to_value).collect::<Result<Vec<_>, _>>().map_err(unencodable)?;
        let mut claims: Vec<ClaimRow> = Vec::new();
        let mut destroyed: Vec<(Uuid, Option<RecordClass>)> = Vec::new();
        let mut after = loaded.state.clone();
        for event in events {
            destroyed.extend(after.destroys(&event).into_iter().map(|(person, class)| (person.0, class)));
            for claim in after.claims(id, &event) {
                // The last word on a key counts: a key released and taken again by one command stays taken.
                claims.retain(|c| !(c.scope == claim.scope && c.key == claim.key));
                claims.push(row(claim));
            }
            after.apply(event);
        }
        let free = beside.free.into_iter().filter(|_| !names.is_empty());
        claims.extend(free.map(|(scope, key)| row(Claim::probe(scope, key, id))));
        let turns = beside.turns.into_iter().filter(|_| !names.is_empty());
        claims.extend(turns.flat_map(|turn| turn.claims(envelope.command_id)).map(row));
        let subject = after.subject().map_or(id, |person| person.0);
        let known = loaded.version > 0 || beside.subject_known;
        let mut vault = self.ledger.seal(&employer.name, subject, known, &mut payloads).await?;
        vault.tokens = beside.tokens;
        vault.erase = beside.erase;
        vault.erase.extend(destroyed);
        let (before_due, due) = (loaded.state.wake(), after.wake());
        let timer = match due {
            due if due == before_due => TimerChange::Keep,
            Some(due) => TimerChange::Set(micros(employer.instant(due))),
            None => TimerChange::Clear,
        };
        let person = after.subject().map(|person| person.0);
        let events = names
            .into_iter()
            .zip(payloads)
            .map(|((event_type, event_version), payload)| NewEvent { event_type, event_version, payload, person })
            .collect();
        Ok(Append {
            stream: Self::stream::<A>(employer, id),
            expected: loaded.version,
            guards: beside.guards,
            command_id: envelope.command_id,
            at: micros(at),
            metadata: metadata(envelope, after.subject()),
            events,
            claims,
            receipt: envelope.receipt.clone(),
            state: after.state(),
            quiet_position: loaded.position,
            timer,
            vault,
        })
    }

    /// Runs what follows from the events just recorded, before the reply; what takes longer is left to the runner.
    async fn follow_up(&self, envelope: &Envelope, triggers: Vec<Recorded>) {
        if triggers.is_empty() {
            return;
        }
        let running = reactions::follow(self, &envelope.employer, &triggers);
        if tokio::time::timeout(FOLLOW_UP_PATIENCE, running).await.is_err() {
            tracing::warn!(
                command = envelope.command,
                "follow-ups take longer than the reply waits; they go on in the background"
            );
        }
    }
}

/// The events of an append that something follows from, as the runner would read them from the log.
struct Triggers {
    stream_id: Uuid,
    count: i64,
    actor: Uuid,
    role: &'static str,
    subject: Option<PersonId>,
    /// Each with its place in the append, from 0.
    events: Vec<(i64, HrEvent)>,
}

impl Triggers {
    fn of(envelope: &Envelope, append: &Append) -> Self {
        let follows = |(_, event): &(i64, &NewEvent)| reactions::TRIGGERS.contains(&event.event_type.as_str());
        let decoded = |(place, event): (i64, &NewEvent)| {
            let version = u32::try_from(event.event_version).unwrap_or(u32::MAX);
            match HrEvent::decode(&event.event_type, version, &event.payload.to_string()) {
                Ok(events) => events.into_iter().map(|event| (place, event)).collect(),
                Err(error) => {
                    // The runner reads it from the log, and stops there loudly.
                    tracing::error!(%error, event = event.event_type, "an event cannot be read back");
                    vec![]
                }
            }
        };
        Self {
            stream_id: append.stream.id,
            count: i64::try_from(append.events.len()).unwrap_or(i64::MAX),
            actor: envelope.actor.id.0,
            role: envelope.role,
            subject: append.events.iter().find_map(|event| event.person).map(PersonId),
            events: (0..).zip(&append.events).filter(follows).flat_map(decoded).collect(),
        }
    }

    fn recorded(self, employer: &Employer, appended: &Appended) -> Vec<Recorded> {
        let recorded_at = DateTime::from_timestamp_micros(appended.recorded_at).unwrap_or_default();
        let Self { stream_id, count, actor, role, subject, events } = self;
        let recorded = |(place, event)| Recorded {
            position: appended.position - count + 1 + place,
            stream_id,
            sequence: appended.version - count + 1 + place,
            recorded_at,
            on: employer.local_date(recorded_at),
            actor: Some(actor),
            role: Some(role.to_owned()),
            subject,
            event,
        };
        events.into_iter().map(recorded).collect()
    }
}

fn row(claim: Claim) -> ClaimRow {
    let (holder, until, take) = match claim.change {
        ClaimChange::Take { holder, until } => (holder, until.map(micros), true),
        ClaimChange::Release { holder } => (holder, None, false),
    };
    ClaimRow { scope: claim.scope.to_owned(), key: claim.key, holder, until, take }
}

/// What goes into the append beside the events.
struct Beside {
    guards: Vec<(StreamKey, i64)>,
    tokens: Vec<Token>,
    erase: Vec<(Uuid, Option<RecordClass>)>,
    free: Vec<(&'static str, String)>,
    turns: Vec<Turn>,
    subject_known: bool,
}

/// Why a stream could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A stored event cannot be read.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// A leaf cannot be read.
    #[error("a stored event is not readable: {0}")]
    Unreadable(String),
}

impl LoadError {
    /// What was stored cannot be read, and why.
    pub fn unreadable(error: impl std::fmt::Display) -> Self {
        Self::Unreadable(error.to_string())
    }
}

impl<E: std::error::Error> From<LoadError> for DispatchError<E> {
    fn from(error: LoadError) -> Self {
        match error {
            LoadError::Store(error) => Self::Store(error),
            LoadError::Decode(error) => Self::Decode(error),
            LoadError::Unreadable(why) => Self::Store(StoreError::Unreadable(why)),
        }
    }
}

fn replay<E: std::error::Error>(stored: &Receipt, asked: &ReceiptKey) -> Result<Reply, DispatchError<E>> {
    if stored.request != asked.request {
        return Err(DispatchError::KeyReused);
    }
    Ok(Reply {
        id: stored.id,
        version: stored.version,
        position: stored.position,
        state: stored.state.clone(),
        replayed: true,
    })
}

fn metadata(envelope: &Envelope, subject: Option<PersonId>) -> BTreeMap<String, String> {
    let kind: &'static str = envelope.actor.kind.into();
    let mut metadata = BTreeMap::from([
        ("actor".to_owned(), envelope.actor.id.to_string()),
        ("actor_kind".to_owned(), kind.to_owned()),
        ("role".to_owned(), envelope.role.to_owned()),
        ("command".to_owned(), envelope.command.to_owned()),
        ("command_id".to_owned(), envelope.command_id.to_string()),
    ]);
    if let Some(subject) = subject {
        metadata.insert("person_id".to_owned(), subject.to_string());
    }
    if let Some(person) = envelope.on_behalf_of {
        metadata.insert("on_behalf_of".to_owned(), person.to_string());
    }
    if let Some(cause) = envelope.cause {
        metadata.insert("caused_by_position".to_owned(), cause.to_string());
    }
    metadata
}
