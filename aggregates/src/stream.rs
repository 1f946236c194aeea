//! What every aggregate tells the ledger about itself, beside its events.

use chrono::{DateTime, Utc};
use cqrs_es::{Aggregate, DomainEvent};
use uuid::Uuid;

use crate::ids::PersonId;
use crate::issued::{Due, Issued};
use crate::personal::RecordClass;

/// An aggregate of this house: a total `apply`, a pure `decide`, and four questions that only its state can answer.
pub trait Stream: Aggregate<Command = Issued<Self::Order>, Services = ()> + Clone {
    /// What can be asked of it.
    type Order: Clone + Send;

    /// The state × command table. No clock, no IO, no randomness. `[]` means "already so".
    fn decide(&self, issued: Issued<Self::Order>) -> Result<Vec<Self::Event>, Self::Error>;

    /// The state's name as the API shows it.
    fn state(&self) -> &'static str;

    /// Whose personal data this stream's events hold. Before the first event there is nobody.
    fn subject(&self) -> Option<PersonId>;

    /// The instant or day on which the stream wants a `Wake` command. `None` when it waits for nothing.
    fn wake(&self) -> Option<Due> {
        None
    }

    /// What must be unique across streams once `event` is recorded: claims to take or release with it. `self` is the
    /// state before the event, `id` the stream's own id.
    fn claims(&self, _id: Uuid, _event: &Self::Event) -> Vec<Claim> {
        Vec::new()
    }

    /// Whose personal data is destroyed with `event`: all of it, or one record class. `self` is the state before the event.
    fn destroys(&self, _event: &Self::Event) -> Vec<(PersonId, Option<RecordClass>)> {
        Vec::new()
    }
}

/// The `Wake` command, which the clock sends to streams whose timer fell due.
pub trait Wakes {
    /// The order that means "look at the clock".
    fn wake() -> Self;
}

/// A change to the register of unique things. Keys never contain personal data in the clear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// What kind of thing is unique, such as `membership`.
    pub scope: &'static str,
    /// The unique key within the scope.
    pub key: String,
    /// Taken or released.
    pub change: ClaimChange,
}

/// What happens to a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimChange {
    /// Taken for `holder`; refused while another holder has it. Free again once `until ≤ at`.
    Take {
        /// The id of whatever holds it.
        holder: Uuid,
        /// The first instant at which it is free by itself.
        until: Option<DateTime<Utc>>,
    },
    /// Given back by `holder`; nothing happens if another holds it.
    Release {
        /// The id of whatever held it.
        holder: Uuid,
    },
}

impl Claim {
    /// Takes `key` for `holder` until it is released.
    pub fn take(scope: &'static str, key: impl Into<String>, holder: Uuid) -> Self {
        Self { scope, key: key.into(), change: ClaimChange::Take { holder, until: None } }
    }

    /// Asks that nobody else holds `key`, without holding it.
    pub fn probe(scope: &'static str, key: impl Into<String>, holder: Uuid) -> Self {
        let until = Some(DateTime::UNIX_EPOCH);
        Self { scope, key: key.into(), change: ClaimChange::Take { holder, until } }
    }

    /// Gives `key` back.
    pub fn release(scope: &'static str, key: impl Into<String>, holder: Uuid) -> Self {
        Self { scope, key: key.into(), change: ClaimChange::Release { holder } }
    }
}

/// An event's full name, `<aggregate>.<event>`, as it stands in the log.
pub fn full_type<A: Aggregate>(event: &A::Event) -> String {
    format!("{}.{}", A::TYPE, event.event_type())
}

/// The thin adapter from our pure `decide` and `apply` to the traits of cqrs-es.
macro_rules! event_sourced {
    ($aggregate:ty, $event:ty, $order:ty, $error:ty, $kind:literal) => {
        impl cqrs_es::Aggregate for $aggregate {
            const TYPE: &'static str = $kind;
            type Command = $crate::issued::Issued<$order>;
            type Event = $event;
            type Error = $error;
            type Services = ();

            async fn handle(
                &mut self,
                command: Self::Command,
                (): &(),
                sink: &cqrs_es::event_sink::EventSink<Self>,
            ) -> Result<(), $error> {
                for event in $crate::stream::Stream::decide(self, command)? {
                    sink.write(event, self).await;
                }
                Ok(())
            }

            fn apply(&mut self, event: $event) {
                *self = std::mem::take(self).after(event);
            }
        }

        impl cqrs_es::DomainEvent for $event {
            fn event_type(&self) -> String {
                <&'static str>::from(self).to_owned()
            }

            fn event_version(&self) -> String {
                "1".to_owned()
            }
        }
    };
}
pub(crate) use event_sourced;
