//! What whoever comes back hands in (入社時提出書類), as the programme policy of their case lays it down.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{OfferError, OfferEvent, Standing};
use crate::ids::ActorId;
use crate::programme_policy::RequiredDocument;
use crate::values::EvidenceRef;

/// What a version of a programme policy has handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Required {
    /// The version, such as `programme/0195…/2`.
    pub programme: String,
    /// Each document.
    pub documents: Vec<RequiredDocument>,
}

/// What is to be handed in, and by when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentsDue {
    /// The version of the programme policy that lays it down.
    pub programme: String,
    /// The last day: the first day of work as it was agreed.
    pub due_on: NaiveDate,
    /// Each document.
    pub documents: Vec<RequiredDocument>,
}

/// What became of a document that was asked for.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum DocumentOutcome {
    /// It was handed in.
    #[default]
    Received,
    /// Somebody found that this returner need not hand it in.
    Waived,
}

/// A document that was handed in, or need not be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandedIn {
    /// Its code.
    pub code: String,
    /// What became of it.
    pub outcome: DocumentOutcome,
    /// The day on which it came in, or on which that was found.
    pub on: NaiveDate,
    /// Where it lies, or where the reason lies.
    pub evidence_ref: EvidenceRef,
}

/// What is asked for, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Documents {
    /// What is asked for.
    pub due: DocumentsDue,
    /// What came of it.
    pub done: Vec<HandedIn>,
}

impl Documents {
    pub(super) const fn asked(due: DocumentsDue) -> Self {
        Self { due, done: Vec::new() }
    }

    pub(super) fn with(mut self, done: HandedIn) -> Self {
        self.done.push(done);
        self
    }
}

impl Standing {
    /// What is to be handed in once these terms are accepted; nothing where the policy asks for nothing.
    pub(super) fn asks_for(&self, required: Option<Required>) -> Option<Box<DocumentsDue>> {
        let Required { programme, documents } = required.filter(|required| !required.documents.is_empty())?;
        Some(Box::new(DocumentsDue { programme, due_on: self.terms.starts_on, documents }))
    }

    pub(super) fn record_document(
        &self,
        recorded_by: ActorId,
        on: NaiveDate,
        document: HandedIn,
    ) -> Result<Vec<OfferEvent>, OfferError> {
        let asked = self.hands_in.as_ref().ok_or(OfferError::DocumentNotAsked)?;
        if !asked.due.documents.iter().any(|one| one.code == document.code) {
            return Err(OfferError::DocumentNotAsked);
        }
        if let Some(known) = asked.done.iter().find(|known| known.code == document.code) {
            return if *known == document { Ok(vec![]) } else { Err(OfferError::DocumentRecorded { on: known.on }) };
        }
        if document.on > on {
            return Err(OfferError::DocumentInTheFuture { today: on });
        }
        let missing = asked.due.documents.len().saturating_sub(asked.done.len() + 1);
        let missing = u32::try_from(missing).unwrap_or(u32::MAX);
        Ok(vec![OfferEvent::DocumentRecorded { document, missing, recorded_by }])
    }
}
