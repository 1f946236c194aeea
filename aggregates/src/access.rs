//! A reading that is a fact itself (閲覧記録): who was told which figures about people (MON-06, AUD-07). Stream `access/{id}`,
//! one for each reading. Holds nobody's personal data.

use serde::{Deserialize, Serialize};

use crate::ids::{ActorId, PersonId};
use crate::issued::Issued;
use crate::stream::{Stream, event_sourced};

/// Facts about readings, kept forever. Add a variant or an optional field; never edit or remove one.
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
    name(AccessEventType),
    doc = "The types of [`AccessEvent`].",
    derive(strum::EnumIter, strum::EnumMessage, strum::IntoStaticStr),
    strum(serialize_all = "snake_case")
)]
pub enum AccessEvent {
    /// Somebody asked for a report about groups of people, and was told it.
    FiguresTold {
        /// Which figures.
        figures: FiguresRead,
        /// Whom.
        told_to: ActorId,
    },
}

/// Figures about groups of people, as somebody was told them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FiguresRead {
    /// The report, such as `compa-ratios`.
    pub report: String,
    /// The rule that it computes, such as `MON-01`.
    pub rule: String,
    /// The entity asked about.
    pub legal_entity: String,
    /// The month asked for, such as `2026-10`.
    pub month: String,
    /// k: how many people at least a figure was about.
    pub smallest_group: u32,
    /// SHA-256 of the rows as they were computed for this reader, in lower-case hexadecimal: two readings with one hash were
    /// told the same.
    pub sha256: String,
}

/// What can be asked of a reading.
#[derive(Clone, Debug)]
pub enum AccessCommand {
    /// Record it.
    Tell(FiguresRead),
}

/// State: only what `decide` reads.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Access {
    /// Nothing was read.
    #[default]
    Unrecorded,
    /// Somebody was told figures.
    Recorded(FiguresRead),
}

/// Why a command is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum AccessError {
    /// A reading is of one report, once.
    #[error("another reading is recorded under this id")]
    AlreadyRecorded,
}

impl Access {
    fn after(self, event: AccessEvent) -> Self {
        match (self, event) {
            (Self::Unrecorded, AccessEvent::FiguresTold { figures, .. }) => Self::Recorded(figures),
            // History cannot be refused: what does not fit changes nothing.
            (state @ Self::Recorded(_), AccessEvent::FiguresTold { .. }) => state,
        }
    }
}

impl Stream for Access {
    type Order = AccessCommand;

    fn decide(&self, issued: Issued<AccessCommand>) -> Result<Vec<AccessEvent>, AccessError> {
        let Issued { by, command: AccessCommand::Tell(figures), .. } = issued;
        match self {
            Self::Unrecorded => Ok(vec![AccessEvent::FiguresTold { figures, told_to: by.id }]),
            Self::Recorded(known) if *known == figures => Ok(vec![]),
            Self::Recorded(_) => Err(AccessError::AlreadyRecorded),
        }
    }

    fn state(&self) -> &'static str {
        match self {
            Self::Unrecorded => "unrecorded",
            Self::Recorded(_) => "recorded",
        }
    }

    /// Figures about groups are nobody's.
    fn subject(&self) -> Option<PersonId> {
        None
    }
}

event_sourced!(Access, AccessEvent, AccessCommand, AccessError, "access");
