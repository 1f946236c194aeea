//! A follow-up: a reaction whose command was refused, so that somebody looks at it. It never blocks and never loops.
//! Stream `follow_up/{command_id}`, the id of the reaction's command. Holds nobody's personal data but the note of whoever
//! resolves it.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ids::{ActorId, PersonId};
use crate::issued::Issued;
use crate::stream::{Stream, event_sourced};
use crate::values::FreeText;

/// Facts about follow-ups, kept forever. Add a variant or an optional field; never edit or remove one.
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
    name(FollowUpEventType),
    doc = "The types of [`FollowUpEvent`].",
    derive(strum::EnumIter, strum::EnumMessage, strum::IntoStaticStr),
    strum(serialize_all = "snake_case")
)]
pub enum FollowUpEvent {
    /// What should have followed an event was refused; somebody has to look.
    Refused(Refused),
    /// Somebody saw to it.
    Resolved {
        /// Who.
        resolved_by: ActorId,
        /// How, in words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<FreeText>,
    },
}

/// What was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// The reaction's name.
    pub reaction: String,
    /// The position of the event it reacts to.
    pub event_position: u64,
    /// The stream that refused.
    pub on_stream: StreamName,
    /// The refusal's code.
    pub error_code: String,
    /// The refusal in words, which name nobody.
    pub error_text: String,
}

/// Which stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamName {
    /// The aggregate's type, such as `employment`.
    pub kind: String,
    /// The stream's id.
    pub id: Uuid,
}

/// What can be asked of a follow-up.
#[derive(Clone, Debug)]
pub enum FollowUpCommand {
    /// Record the refusal.
    Refuse(Refused),
    /// Record that somebody saw to it.
    Resolve {
        /// How, in words.
        note: Option<FreeText>,
    },
}

/// State: only what `decide` reads.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum FollowUp {
    /// Nothing was refused.
    #[default]
    Unrecorded,
    /// Somebody has to look.
    Open(Refused),
    /// Somebody saw to it.
    Resolved(Refused),
}

/// Why a command is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum FollowUpError {
    /// No such follow-up.
    #[error("no refused follow-up is recorded under this id")]
    Unrecorded,
    /// Somebody was faster.
    #[error("the follow-up is already resolved")]
    AlreadyResolved,
}

impl FollowUp {
    fn after(self, event: FollowUpEvent) -> Self {
        match (self, event) {
            (_, FollowUpEvent::Refused(refused)) => Self::Open(refused),
            (Self::Open(refused) | Self::Resolved(refused), FollowUpEvent::Resolved { .. }) => Self::Resolved(refused),
            // History cannot be refused: what does not fit changes nothing.
            (Self::Unrecorded, FollowUpEvent::Resolved { .. }) => Self::Unrecorded,
        }
    }
}

impl Stream for FollowUp {
    type Order = FollowUpCommand;

    fn decide(&self, issued: Issued<FollowUpCommand>) -> Result<Vec<FollowUpEvent>, FollowUpError> {
        use FollowUpCommand as C;
        let Issued { by, command, .. } = issued;
        match (self, command) {
            // A repeat says nothing new, also after somebody saw to it; another refusal does.
            (Self::Open(known) | Self::Resolved(known), C::Refuse(refused)) if *known == refused => Ok(vec![]),
            (Self::Unrecorded | Self::Open(_) | Self::Resolved(_), C::Refuse(refused)) => {
                Ok(vec![FollowUpEvent::Refused(refused)])
            }
            (Self::Unrecorded, C::Resolve { .. }) => Err(FollowUpError::Unrecorded),
            (Self::Open(_), C::Resolve { note }) => Ok(vec![FollowUpEvent::Resolved { resolved_by: by.id, note }]),
            (Self::Resolved(_), C::Resolve { note: None }) => Ok(vec![]),
            (Self::Resolved(_), C::Resolve { note: Some(_) }) => Err(FollowUpError::AlreadyResolved),
        }
    }

    fn state(&self) -> &'static str {
        match self {
            Self::Unrecorded => "unrecorded",
            Self::Open(_) => "open",
            Self::Resolved(_) => "resolved",
        }
    }

    fn subject(&self) -> Option<PersonId> {
        None
    }
}

event_sourced!(FollowUp, FollowUpEvent, FollowUpCommand, FollowUpError, "follow_up");
