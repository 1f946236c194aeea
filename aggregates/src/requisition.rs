//! A requisition (求人): a position that is opened, published to its audience, and filled or closed. Its seats are claims of
//! the offers that are extended on it: scope `seat`, key `{requisition_id}/{number}`.
//! Stream `requisition/{requisition_id}`.

mod facts;
mod standing;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use facts::{Audience, CloseReason, Engagement, Line, LiveCases, Opened, PayRange, RequisitionChanges};
pub use standing::{Closing, Phase, Standing};

use crate::ids::{ActorId, ApplicationId, DepartureId, PersonId};
use crate::issued::{Actor, ActorKind, Issued};
use crate::personal::Personal;
use crate::stream::{Stream, Wakes, event_sourced};
use crate::values::FreeText;

/// The most seats that one requisition has.
pub const MOST_SEATS: u32 = 1000;

/// Facts about requisitions, kept forever. Add a variant or an optional field; never edit or remove one.
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
    name(RequisitionEventType),
    doc = "The types of [`RequisitionEvent`].",
    derive(strum::EnumIter, strum::EnumMessage, strum::IntoStaticStr),
    strum(serialize_all = "snake_case")
)]
pub enum RequisitionEvent {
    /// A position was opened.
    Opened(Box<Opened>),
    /// Some of what it states was stated anew.
    Revised {
        /// What changes.
        changes: Box<RequisitionChanges>,
        /// Who revised it.
        revised_by: ActorId,
    },
    /// It was published to its audience.
    Published {
        /// Who may answer it.
        audience: BTreeSet<Audience>,
        /// Who published it.
        published_by: ActorId,
    },
    /// People who left for childcare or care and wish to return were found for it (LAB-02, 育児・介護休業法27条).
    ReturnersNoted {
        /// Their departures: sealed, since the list tells why they left.
        departures: Personal<Vec<DepartureId>>,
        /// How many.
        count: u32,
    },
    /// Somebody came back on one of its seats.
    SeatFilled {
        /// Their application.
        application_id: ApplicationId,
    },
    /// It was closed: nobody can apply any more.
    Closed {
        /// Why.
        because: CloseReason,
        /// What becomes of live applications.
        live_cases: LiveCases,
        /// Who closed it.
        closed_by: ActorId,
        /// In words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<FreeText>,
    },
}

/// What can be asked of a requisition.
#[derive(Clone, Debug)]
pub enum RequisitionCommand {
    /// Open a position.
    Open(Box<Opened>),
    /// State some of it anew.
    Revise {
        /// What changes.
        changes: Box<RequisitionChanges>,
        /// How many of its seats are promised by offers that are out or accepted, filled ones included.
        promised: u32,
    },
    /// Publish it.
    Publish {
        /// To whom, where that is not what was stated before.
        audience: Option<BTreeSet<Audience>>,
    },
    /// Close it: nobody can apply any more.
    Close {
        /// Why.
        because: CloseReason,
        /// What becomes of live applications.
        cancel_live: LiveCases,
        /// How many there are, apart from accepted and joining ones.
        live_applications: u32,
        /// In words. Class `recruiting`.
        note: Option<FreeText>,
    },
    /// Record who left for childcare or care and wishes to return.
    NoteReturners {
        /// Their departures. Class `restricted`.
        departures: Personal<Vec<DepartureId>>,
        /// How many.
        count: u32,
    },
    /// Record that somebody came back on one of its seats.
    FillSeat {
        /// Their application.
        application_id: ApplicationId,
    },
    /// Look at the clock.
    Wake,
}

impl Wakes for RequisitionCommand {
    fn wake() -> Self {
        Self::Wake
    }
}

/// State: only what `decide` reads, and what decisions about its applications, offers and referrals read of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Requisition {
    /// No position was opened under this id.
    #[default]
    Unrecorded,
    /// A position, open or closed.
    Recorded(Box<Standing>),
}

/// Why a command is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum RequisitionError {
    /// There is no such requisition.
    #[error("no requisition is opened under this id")]
    Unrecorded,
    /// The id is taken.
    #[error("this requisition is already opened")]
    AlreadyOpened,
    /// A requisition has at least one seat, and not any number.
    #[error("a requisition has 1 to {MOST_SEATS} seats, not {headcount}")]
    HeadcountOutOfRange {
        /// The number asked for.
        headcount: u32,
    },
    /// Nobody could answer it.
    #[error("a requisition needs an audience")]
    AudienceRequired,
    /// The range runs backwards, or begins below zero.
    #[error("a pay range runs from a minimum, not below zero, over the midpoint to the maximum")]
    PayRangeDisordered,
    /// The range is in more than one currency.
    #[error("a pay range is stated in one currency")]
    PayRangeCurrenciesDiffer,
    /// People sit on the seats that would go, or were promised them.
    #[error("{filled} seats are filled or promised; the headcount cannot be lower")]
    HeadcountBelowFilled {
        /// How many.
        filled: u32,
    },
    /// It stands before another audience already.
    #[error("the requisition is already published to another audience; revise it")]
    AlreadyPublished,
    /// Nobody is looked for before it is published.
    #[error("the requisition is not published")]
    NotPublished,
    /// People are waiting for an answer.
    #[error("{count} applications are live; cancel them with the closing, or end them first")]
    LiveApplications {
        /// How many.
        count: u32,
    },
    /// A program may not close it: people are waiting on it.
    #[error("only a natural person may close a requisition")]
    NaturalPersonRequired,
    /// It is over.
    #[error("the requisition is closed")]
    AlreadyClosed,
}

impl Requisition {
    fn after(self, event: RequisitionEvent) -> Self {
        match (self, event) {
            (Self::Unrecorded, RequisitionEvent::Opened(opened)) => Self::Recorded(Box::new(Standing::opened(*opened))),
            (Self::Recorded(standing), event) => Self::Recorded(Box::new(standing.after(event))),
            // History cannot be refused: what does not fit changes nothing.
            (Self::Unrecorded, _) => Self::Unrecorded,
        }
    }

    /// What stands, also once it is closed; nothing before it was opened.
    pub fn standing(&self) -> Option<&Standing> {
        match self {
            Self::Unrecorded => None,
            Self::Recorded(standing) => Some(standing),
        }
    }
}

impl Stream for Requisition {
    type Order = RequisitionCommand;

    fn decide(&self, issued: Issued<RequisitionCommand>) -> Result<Vec<RequisitionEvent>, RequisitionError> {
        use RequisitionCommand as C;
        let Issued { by, command, .. } = issued;
        match (self, command) {
            (Self::Unrecorded, C::Wake) => Ok(vec![]),
            (Self::Unrecorded, C::Open(opened)) => open(opened),
            (
                Self::Unrecorded,
                C::Revise { .. } | C::Publish { .. } | C::Close { .. } | C::NoteReturners { .. } | C::FillSeat { .. },
            ) => Err(RequisitionError::Unrecorded),
            (Self::Recorded(standing), command) => match (standing.phase, command) {
                (Phase::Open | Phase::Published, C::Revise { changes, promised }) => {
                    standing.revise(*changes, promised, by.id)
                }
                (Phase::Open, C::Publish { audience }) => standing.publish(audience, by.id),
                (Phase::Published, C::Publish { audience }) => standing.publish_again(audience),
                (Phase::Open | Phase::Published, C::Close { because, cancel_live, live_applications, note }) => {
                    close(by, because, cancel_live, live_applications, note)
                }
                (Phase::Open, C::NoteReturners { .. }) => Err(RequisitionError::NotPublished),
                (Phase::Published, C::NoteReturners { departures, count }) => {
                    Ok(standing.note_returners(departures, count))
                }
                (Phase::Closed, C::Close { because, cancel_live, note: None, .. })
                    if standing.closing == Some(Closing { because, live_cases: cancel_live }) =>
                {
                    Ok(vec![])
                }
                (Phase::Closed, C::Revise { .. } | C::Publish { .. } | C::Close { .. } | C::NoteReturners { .. }) => {
                    Err(RequisitionError::AlreadyClosed)
                }
                (Phase::Open | Phase::Published | Phase::Closed, C::Open(_)) => Err(RequisitionError::AlreadyOpened),
                (Phase::Open | Phase::Published | Phase::Closed, C::FillSeat { application_id }) => {
                    Ok(standing.fill(application_id))
                }
                (Phase::Open | Phase::Published | Phase::Closed, C::Wake) => Ok(vec![]),
            },
        }
    }

    fn state(&self) -> &'static str {
        match self {
            Self::Unrecorded => "unrecorded",
            Self::Recorded(standing) => standing.state(),
        }
    }

    /// A position is nobody's; its words are sealed under its own id.
    fn subject(&self) -> Option<PersonId> {
        None
    }
}

event_sourced!(Requisition, RequisitionEvent, RequisitionCommand, RequisitionError, "requisition");

fn open(opened: Box<Opened>) -> Result<Vec<RequisitionEvent>, RequisitionError> {
    has_seats(opened.headcount)?;
    has_audience(&opened.audience)?;
    opened.pay_range.as_ref().map_or(Ok(()), in_order)?;
    Ok(vec![RequisitionEvent::Opened(opened)])
}

fn close(
    by: Actor,
    because: CloseReason,
    live_cases: LiveCases,
    live_applications: u32,
    note: Option<FreeText>,
) -> Result<Vec<RequisitionEvent>, RequisitionError> {
    match (by.kind, live_cases, live_applications) {
        (ActorKind::Service, _, _) => Err(RequisitionError::NaturalPersonRequired),
        (ActorKind::Person | ActorKind::System, LiveCases::None, count @ 1..) => {
            Err(RequisitionError::LiveApplications { count })
        }
        (ActorKind::Person | ActorKind::System, LiveCases::None | LiveCases::Cancelled, _) => {
            Ok(vec![RequisitionEvent::Closed { because, live_cases, closed_by: by.id, note }])
        }
    }
}

const fn has_seats(headcount: u32) -> Result<(), RequisitionError> {
    if headcount == 0 || headcount > MOST_SEATS {
        return Err(RequisitionError::HeadcountOutOfRange { headcount });
    }
    Ok(())
}

fn has_audience(audience: &BTreeSet<Audience>) -> Result<(), RequisitionError> {
    if audience.is_empty() { Err(RequisitionError::AudienceRequired) } else { Ok(()) }
}

fn in_order(range: &PayRange) -> Result<(), RequisitionError> {
    let PayRange { minimum, midpoint, maximum } = range;
    let middle = midpoint.as_ref().unwrap_or(minimum);
    if [middle, maximum].iter().any(|money| money.currency != minimum.currency) {
        return Err(RequisitionError::PayRangeCurrenciesDiffer);
    }
    if minimum.amount < 0 || middle.amount < minimum.amount || maximum.amount < middle.amount {
        return Err(RequisitionError::PayRangeDisordered);
    }
    Ok(())
}
