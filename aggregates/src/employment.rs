//! A period of employment (在籍期間): what every relation check reads by effective date.
//! Stream `employment/{employment_id}`. Claims: `employment`, key `{legal_entity}/{employee_number}/{from}`;
//! `employee_number`, key `{legal_entity}/{employee_number}`, held by the person who bears it; `open_employment`, the same
//! key, held by the period while it is current, so that a number has one open period.
//!
//! A period is `current` from its record on, also when its first day lies ahead: what holds on a day is asked of its
//! [`Span`]. A last day that is agreed in advance ends it by timer on the day after. A departure that takes effect ends it
//! by reaction; a corrected departure moves that end by a correction, which only the reaction may ask for.

mod facts;
mod standing;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use crate::departure::Source;
pub use facts::{
    EmployeeDetails, EmploymentChanges, EmploymentKind, EndChange, EndedBecause, Placement, Presence, Recorded, Span,
    TenureSegment, Transfer, employed_on,
};
pub use standing::Standing;

use crate::ids::{ApplicationId, DepartureId, PersonId};
use crate::issued::{Due, Issued};
use crate::stream::{Claim, Stream, Wakes, event_sourced};
use crate::values::FreeText;

/// Facts about periods of employment, kept forever. Add a variant or an optional field; never edit or remove one.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumMessage,
    strum::VariantNames,
    strum::EnumDiscriminants,
)]
#[serde(tag = "type", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[strum_discriminants(
    name(EmploymentEventType),
    doc = "The types of [`EmploymentEvent`].",
    derive(strum::EnumIter, strum::EnumMessage, strum::IntoStaticStr),
    strum(serialize_all = "snake_case")
)]
pub enum EmploymentEvent {
    /// The employer recorded that somebody is, will be or was employed.
    Recorded(Box<Recorded>),
    /// Recorded facts were wrong; the new ones stand from now on, the old ones stay readable.
    Corrected {
        /// The sequence of the event whose facts are corrected.
        corrects: u64,
        /// The facts that change.
        changes: Box<EmploymentChanges>,
        /// Why, in words.
        why: FreeText,
    },
    /// The person took another place within the entity (異動); the earlier one stays readable.
    Transferred(Box<Transfer>),
    /// The last day has passed.
    Ended {
        /// The last day.
        ended_on: NaiveDate,
        /// Why it ended.
        because: EndedBecause,
        /// The entity that employed the person.
        legal_entity: String,
        /// The employee number of the period that ended.
        employee_number: String,
    },
    /// The period is a return (再入社): the earlier ones are handed on to it, and count as the programme policy says of each
    /// benefit.
    ReturnNoted {
        /// The application that led to it.
        application_id: ApplicationId,
        /// Earlier periods, oldest first.
        tenure: Vec<TenureSegment>,
    },
}

/// What can be asked of a period of employment.
#[derive(Clone, Debug)]
pub enum EmploymentCommand {
    /// Record it; it has ended as well where its last day has passed.
    Record {
        /// The facts. Whether a last day stands as `to` or as `ends_on` follows from the day of the record.
        record: Box<Recorded>,
    },
    /// Replace recorded facts that were wrong.
    Correct {
        /// The sequence of the statement that is corrected; the record as it now stands when `None`.
        corrects: Option<u64>,
        /// The facts that differ from what stands.
        changes: Box<EmploymentChanges>,
        /// Why, in words.
        why: FreeText,
    },
    /// The person takes another place within the entity.
    Transfer {
        /// From when, and where.
        transfer: Box<Transfer>,
    },
    /// The last day has passed (also by reaction to `departure.became_effective`).
    End {
        /// The last day.
        ended_on: NaiveDate,
        /// Why.
        because: EndedBecause,
    },
    /// It is a return (by reaction to `application.rejoined`).
    NoteReturn {
        /// The application that led to it.
        application_id: ApplicationId,
        /// Earlier periods, oldest first.
        tenure: Vec<TenureSegment>,
    },
    /// Look at the clock.
    Wake,
}

impl Wakes for EmploymentCommand {
    fn wake() -> Self {
        Self::Wake
    }
}

/// State: only what `decide` reads.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Employment {
    /// Nothing is recorded under this id.
    #[default]
    Unrecorded,
    /// No last day has passed; the first day may lie ahead.
    Current(Standing),
    /// The last day has passed.
    Ended {
        /// What stands about it.
        standing: Standing,
        /// The last day.
        ended_on: NaiveDate,
        /// Why it ended.
        because: EndedBecause,
    },
}

/// Why a command is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum EmploymentError {
    /// No such period.
    #[error("no employment is recorded under this id")]
    Unrecorded,
    /// The id is taken.
    #[error("this employment is already recorded")]
    AlreadyRecorded,
    /// 業務委託 is no employment.
    #[error("a contractor is not employed; contract engagements are not recorded here")]
    ContractorNotEmployed,
    /// The last day lies before the first.
    #[error("the last day {to} lies before the first day {from}")]
    EndsBeforeStart {
        /// First day.
        from: NaiveDate,
        /// Last day.
        to: NaiveDate,
    },
    /// The last day lies ahead.
    #[error("the last day {ended_on} has not passed; a departure recorded ahead takes effect by itself")]
    NotEndedYet {
        /// Last day.
        ended_on: NaiveDate,
    },
    /// It ended on another day.
    #[error("the employment ended on {ended_on}; a wrong last day is corrected")]
    AlreadyEnded {
        /// The last day that stands.
        ended_on: NaiveDate,
    },
    /// There is no last day to withdraw.
    #[error("no last day is recorded or agreed")]
    NoEnd,
    /// The end follows the departure.
    #[error("the last day follows departure {departure_id}; it is corrected there")]
    EndStandsInDeparture {
        /// The departure.
        departure_id: DepartureId,
    },
    /// The correction names an event that does not state these facts.
    #[error("event {corrects} of this employment does not state the facts to be corrected")]
    NothingToCorrect {
        /// The sequence named.
        corrects: u64,
    },
    /// The transfer states nothing.
    #[error("a transfer needs at least one fact that changes")]
    NothingTransferred,
    /// The transfer lies outside the period.
    #[error("{on} lies outside the employment")]
    OutsideEmployment {
        /// The day named.
        on: NaiveDate,
    },
    /// Another transfer stands on that day.
    #[error("another transfer on {on} is recorded; a wrong one is corrected")]
    TransferAlreadyRecorded {
        /// The day named.
        on: NaiveDate,
    },
    /// Another application led to it.
    #[error("application {application_id} led to this employment")]
    ReturnOfAnother {
        /// That application.
        application_id: ApplicationId,
    },
}

impl Employment {
    /// The period as relation checks read it.
    pub fn span(&self) -> Option<Span> {
        match self {
            Self::Unrecorded => None,
            Self::Current(standing) => Some(standing.span(standing.ends_on)),
            Self::Ended { standing, ended_on, .. } => Some(standing.span(Some(*ended_on))),
        }
    }

    /// What stands, once something is recorded.
    pub const fn standing(&self) -> Option<&Standing> {
        match self {
            Self::Unrecorded => None,
            Self::Current(standing) | Self::Ended { standing, .. } => Some(standing),
        }
    }

    fn after(self, event: EmploymentEvent) -> Self {
        use EmploymentEvent as E;
        match (self, event) {
            (Self::Unrecorded, E::Recorded(recorded)) => match recorded.to {
                None => Self::Current(Standing::new(*recorded)),
                Some(ended_on) => {
                    Self::Ended { standing: Standing::new(*recorded), ended_on, because: EndedBecause::TermEnded }
                }
            },
            (Self::Current(standing) | Self::Ended { standing, .. }, E::Ended { ended_on, because, .. }) => {
                Self::Ended { standing: standing.counted(), ended_on, because }
            }
            (Self::Current(standing), E::Corrected { corrects, changes, .. }) => {
                Self::Current(standing.corrected(corrects, *changes))
            }
            (Self::Ended { standing, ended_on, because }, E::Corrected { corrects, changes, .. }) => {
                let end = changes.end;
                let standing = standing.corrected(corrects, *changes);
                match end {
                    None => Self::Ended { standing, ended_on, because },
                    Some(EndChange::Moved { on }) => Self::Ended { standing, ended_on: on, because },
                    Some(EndChange::Withdrawn) => Self::Current(standing),
                }
            }
            (Self::Current(standing), E::Transferred(transfer)) => Self::Current(standing.transferred(*transfer)),
            (Self::Ended { standing, ended_on, because }, E::Transferred(transfer)) => {
                Self::Ended { standing: standing.transferred(*transfer), ended_on, because }
            }
            (Self::Current(standing), E::ReturnNoted { application_id, .. }) => {
                Self::Current(standing.returned(application_id))
            }
            (Self::Ended { standing, ended_on, because }, E::ReturnNoted { application_id, .. }) => {
                Self::Ended { standing: standing.returned(application_id), ended_on, because }
            }
            // History cannot be refused: what does not fit changes nothing.
            (Self::Current(standing), E::Recorded(_)) => Self::Current(standing.counted()),
            (Self::Ended { standing, ended_on, because }, E::Recorded(_)) => {
                Self::Ended { standing: standing.counted(), ended_on, because }
            }
            (Self::Unrecorded, E::Corrected { .. } | E::Transferred(_) | E::Ended { .. } | E::ReturnNoted { .. }) => {
                Self::Unrecorded
            }
        }
    }

    /// The key of the open period that this is, if it is one.
    fn open_key(&self) -> Option<String> {
        match self {
            Self::Current(standing) => Some(standing.number_key()),
            Self::Unrecorded | Self::Ended { .. } => None,
        }
    }
}

impl Stream for Employment {
    type Order = EmploymentCommand;

    fn decide(&self, issued: Issued<EmploymentCommand>) -> Result<Vec<EmploymentEvent>, EmploymentError> {
        use EmploymentCommand as C;
        let Issued { by, on, command, .. } = issued;
        match (self, command) {
            (Self::Unrecorded, C::Record { record }) => record_employment(record, on),
            (Self::Unrecorded, C::Wake) => Ok(vec![]),
            (Self::Unrecorded, C::Correct { .. } | C::Transfer { .. } | C::End { .. } | C::NoteReturn { .. }) => {
                Err(EmploymentError::Unrecorded)
            }
            (Self::Current(_) | Self::Ended { .. }, C::Record { .. }) => Err(EmploymentError::AlreadyRecorded),
            (Self::Current(standing), C::Wake) => Ok(standing.due(on)),
            (Self::Ended { .. }, C::Wake) => Ok(vec![]),
            (Self::Current(standing), C::End { ended_on, because }) => standing.end(ended_on, because, on),
            (Self::Ended { ended_on: known, .. }, C::End { ended_on, .. }) if *known == ended_on => Ok(vec![]),
            (Self::Ended { ended_on, .. }, C::End { .. }) => Err(EmploymentError::AlreadyEnded { ended_on: *ended_on }),
            (Self::Current(standing), C::Transfer { transfer }) => standing.transfer(transfer, standing.ends_on),
            (Self::Ended { standing, ended_on, .. }, C::Transfer { transfer }) => {
                standing.transfer(transfer, Some(*ended_on))
            }
            (Self::Current(standing) | Self::Ended { standing, .. }, C::NoteReturn { application_id, tenure }) => {
                standing.note_return(application_id, tenure)
            }
            (Self::Current(standing), C::Correct { corrects, changes, why }) => {
                standing.correct(corrects, changes, why, on)
            }
            (Self::Ended { standing, ended_on, because }, C::Correct { corrects, changes, why }) => {
                standing.correct_ended((*ended_on, *because), corrects, changes, why, (by, on))
            }
        }
    }

    fn state(&self) -> &'static str {
        match self {
            Self::Unrecorded => "unrecorded",
            Self::Current(_) => "current",
            Self::Ended { .. } => "ended",
        }
    }

    fn subject(&self) -> Option<PersonId> {
        self.standing().map(|standing| standing.person_id)
    }

    fn wake(&self) -> Option<Due> {
        match self {
            Self::Current(standing) => standing.ends_on.and_then(|day| day.succ_opt()).map(Due::On),
            Self::Unrecorded | Self::Ended { .. } => None,
        }
    }

    fn claims(&self, id: Uuid, event: &EmploymentEvent) -> Vec<Claim> {
        let next = self.clone().after(event.clone());
        let mut claims = Vec::new();
        if let Some(after) = next.standing() {
            let before = self.standing();
            if before.map(Standing::natural_key) != Some(after.natural_key()) {
                claims.extend(before.map(|before| Claim::release("employment", before.natural_key(), id)));
                claims.push(Claim::take("employment", after.natural_key(), id));
            }
            if before.map(Standing::number_key) != Some(after.number_key()) {
                claims.push(Claim::take("employee_number", after.number_key(), after.person_id.0));
            }
        }
        if self.open_key() != next.open_key() {
            claims.extend(self.open_key().map(|key| Claim::release("open_employment", key, id)));
            claims.extend(next.open_key().map(|key| Claim::take("open_employment", key, id)));
        }
        claims
    }
}

event_sourced!(Employment, EmploymentEvent, EmploymentCommand, EmploymentError, "employment");

fn record_employment(mut record: Box<Recorded>, on: NaiveDate) -> Result<Vec<EmploymentEvent>, EmploymentError> {
    standing::employee(record.employment_type)?;
    let last_day = record.to.or(record.ends_on);
    standing::in_order(record.from, last_day)?;
    record.to = last_day.filter(|&day| day < on);
    record.ends_on = last_day.filter(|&day| day >= on);
    let ended = record.to.map(|to| Standing::new((*record).clone()).ended(to, EndedBecause::TermEnded));
    let mut events = vec![EmploymentEvent::Recorded(record)];
    events.extend(ended);
    Ok(events)
}
