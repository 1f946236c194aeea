//! Who commands, and when: everything a decision may know about its own circumstances.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::ActorId;

/// What kind of caller stands behind an [`Actor`]: some decisions need a natural person (AUD-12).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ActorKind {
    /// A human being, acting for themselves.
    Person,
    /// A program with credentials of its own (HRIS, payroll system, command line).
    Service,
    /// This program: a timer that fell due or a reaction to an event.
    System,
}

/// The caller of a command: a random id from the actor directory, never a name (ERA-08).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The directory's id of the caller, or of whom a service acts for.
    pub id: ActorId,
    /// What kind of caller it is.
    pub kind: ActorKind,
}

impl Actor {
    /// The caller's id where a human being acts for themselves; nothing where a program does (AUD-12).
    pub fn natural_person(self) -> Option<ActorId> {
        (self.kind == ActorKind::Person).then_some(self.id)
    }
}

/// A command together with who issued it, at which instant, and on which of the employer's calendar days.
#[derive(Clone, Debug)]
pub struct Issued<C> {
    /// Who answers for the command: whoever issues it, and where a service does so on somebody's behalf that person, as acting
    /// through a program. Whoever must not decide about their own work is told by it.
    pub by: Actor,
    /// The instant, cut to microseconds.
    pub at: DateTime<Utc>,
    /// The employer's local date at that instant; statutory dates are computed from it (AUD-10).
    pub on: NaiveDate,
    /// What is asked.
    pub command: C,
}

/// When a stream wants to be woken next: its one timer row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Due {
    /// At the first instant of this day in the employer's time zone.
    On(NaiveDate),
    /// At this instant.
    At(DateTime<Utc>),
}
