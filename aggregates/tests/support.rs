//! Given events, when a command, then events: the shared vocabulary of these tests, and the goldens of stored forms.
#![expect(clippy::expect_used, reason = "a test that cannot be set up has failed")]

use std::fmt::Debug;
use std::path::PathBuf;

use aggregates::ids::{ActorId, PersonId, VaultRef};
use aggregates::issued::{Actor, ActorKind, Due, Issued};
use aggregates::personal::{Personal, Sealed};
use aggregates::stream::{Claim, Stream, Wakes};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use cqrs_es::DomainEvent;
use serde::Serialize;
use serde::de::DeserializeOwned;
use strum::VariantNames;
use uuid::Uuid;

/// A stream as its past events left it.
#[derive(Clone)]
pub struct Given<A> {
    state: A,
}

impl<A> Given<A>
where
    A: Stream + Clone,
    A::Event: Clone + PartialEq + Debug,
    A::Error: PartialEq + Debug,
{
    /// A stream without a past.
    pub fn nothing() -> Self {
        Self { state: A::default() }
    }

    /// A stream with a past.
    pub fn events(events: impl IntoIterator<Item = A::Event>) -> Self {
        Self::nothing().and(events)
    }

    /// The same stream with more of a past.
    #[must_use]
    pub fn and(mut self, events: impl IntoIterator<Item = A::Event>) -> Self {
        for event in events {
            self.state.apply(event);
        }
        self
    }

    /// Issues a command. `moment` is a day (at midnight UTC) or an instant (and Tokyo's day at it).
    pub fn when(&self, by: Actor, moment: impl Into<Moment>, order: A::Order) -> Outcome<A> {
        let Moment { at, on } = moment.into();
        Outcome { result: self.state.decide(Issued { by, at, on, command: order }) }
    }

    /// Lets the clock look at the stream.
    pub fn when_woken(&self, moment: impl Into<Moment>) -> Outcome<A>
    where
        A::Order: Wakes,
    {
        self.when(system(), moment, A::Order::wake())
    }

    /// The state's name as the API shows it.
    pub fn state(&self) -> &'static str {
        self.state.state()
    }

    /// When the stream wants to be woken.
    pub fn wake(&self) -> Option<Due> {
        self.state.wake()
    }

    /// What recording `event` next takes and releases.
    pub fn claims(&self, id: Uuid, event: &A::Event) -> Vec<Claim> {
        self.state.claims(id, event)
    }

    /// Whose personal data the stream's events hold.
    pub fn subject(&self) -> Option<PersonId> {
        self.state.subject()
    }

    /// The state itself.
    pub const fn folded(&self) -> &A {
        &self.state
    }
}

/// What a command led to.
#[must_use]
pub struct Outcome<A: Stream> {
    result: Result<Vec<A::Event>, A::Error>,
}

impl<A> Outcome<A>
where
    A: Stream,
    A::Event: PartialEq + Debug,
    A::Error: PartialEq + Debug,
{
    /// The command recorded exactly these events.
    #[track_caller]
    pub fn then(self, events: impl IntoIterator<Item = A::Event>) {
        let expected: Vec<_> = events.into_iter().collect();
        assert!(!expected.is_empty(), "say quiet() where nothing is recorded");
        assert_eq!(self.result, Ok(expected));
    }

    /// The command was refused with exactly this error.
    #[track_caller]
    pub fn refused(self, error: impl Into<A::Error>) {
        assert_eq!(self.result, Err(error.into()));
    }

    /// The command found its fact already standing.
    #[track_caller]
    pub fn quiet(self) {
        assert_eq!(self.result, Ok(vec![]));
    }

    /// What was answered, refusals included.
    pub fn answer(self) -> Result<Vec<A::Event>, A::Error> {
        self.result
    }

    /// What the command recorded, for tests that go on from there; nothing when it was refused.
    pub fn recorded(self) -> Vec<A::Event> {
        self.result.unwrap_or_default()
    }
}

/// An instant and the employer's calendar day at it (Asia/Tokyo).
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// The instant.
    pub at: DateTime<Utc>,
    /// The day.
    pub on: NaiveDate,
}

impl From<NaiveDate> for Moment {
    fn from(on: NaiveDate) -> Self {
        Self { at: on.and_time(NaiveTime::MIN).and_utc(), on }
    }
}

impl From<DateTime<Utc>> for Moment {
    fn from(at: DateTime<Utc>) -> Self {
        Self { at, on: (at + TimeDelta::hours(9)).date_naive() }
    }
}

/// A calendar day, `YYYY-MM-DD`.
pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// An instant, RFC 3339.
pub fn instant(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

/// A fixed UUIDv7 for each number.
pub fn uuid(number: u64) -> Uuid {
    Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0000 | u128::from(number))
}

/// A human being; a number is one and the same person.
pub fn person(number: u64) -> Actor {
    Actor { id: ActorId(uuid(number)), kind: ActorKind::Person }
}

/// A program with credentials of its own.
pub fn service(number: u64) -> Actor {
    Actor { id: ActorId(uuid(number)), kind: ActorKind::Service }
}

/// The program itself: timers and reactions.
pub fn system() -> Actor {
    Actor { id: ActorId(uuid(0)), kind: ActorKind::System }
}

/// A personal value as an event holds it; a number is one and the same value.
pub fn sealed<T>(number: u64) -> Personal<T> {
    Personal::Sealed(Sealed { reference: VaultRef(uuid(0xface_0000 | number)), commitment: format!("{number:064x}") })
}

/// Holds the stored forms of one sample of each event against `tests/goldens/<aggregate>.json`, and reads them back.
/// `UPDATE_GOLDENS=1` rewrites the file; a form that is already stored somewhere must never change.
#[track_caller]
pub fn assert_goldens<A>(samples: &[A::Event])
where
    A: Stream,
    A::Event: DomainEvent + VariantNames + Serialize + DeserializeOwned + PartialEq + Debug,
{
    let forms: Vec<serde_json::Value> =
        samples.iter().map(|event| serde_json::to_value(event).expect("an event serializes")).collect();
    for (event, form) in samples.iter().zip(&forms) {
        assert_eq!(form["type"], event.event_type(), "the serde tag and the event's type differ");
        let read: A::Event = serde_json::from_value(form.clone()).expect("a stored form is readable");
        assert_eq!(&read, event);
    }
    for name in A::Event::VARIANTS {
        assert!(forms.iter().any(|form| form["type"] == *name), "there is no sample of {}.{name}", A::TYPE);
    }

    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/goldens").join(format!("{}.json", A::TYPE));
    if std::env::var_os("UPDATE_GOLDENS").is_some() {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder of goldens");
        let text = serde_json::to_string_pretty(&forms).expect("JSON");
        std::fs::write(&path, text + "\n").expect("a golden is written");
    }
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}; UPDATE_GOLDENS=1 writes it", path.display()));
    let golden: Vec<serde_json::Value> = serde_json::from_str(&text).expect("a golden is JSON");
    assert_eq!(forms, golden, "a stored form differs from {}", path.display());
}
