//! How another record relates to a person, and who may change that: one person to propose or dismiss, two to link or unlink.

use serde::{Deserialize, Serialize};

use super::{LinkReason, MatchEvidence, PersonError, PersonEvent, UnlinkReason};
use crate::ids::{ActorId, PersonId};
use crate::issued::Actor;
use crate::values::{EvidenceRef, FreeText};

/// How another record relates to this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Relation {
    /// Somebody has to look.
    MatchPossible,
    /// Somebody proposed a link.
    LinkProposed {
        /// Who.
        by: ActorId,
        /// The coded ground.
        reason: LinkReason,
        /// Where the evidence lies.
        evidence_ref: EvidenceRef,
    },
    /// One person.
    Linked {
        /// The coded ground.
        reason: LinkReason,
        /// Where the evidence lies.
        evidence_ref: EvidenceRef,
    },
    /// One person until a second one confirms that they are two.
    UnlinkProposed {
        /// Who.
        by: ActorId,
        /// The coded ground.
        reason: UnlinkReason,
        /// Where the evidence lies.
        evidence_ref: Option<EvidenceRef>,
    },
    /// Somebody decided that they are two people.
    Apart {
        /// The coded ground.
        reason: UnlinkReason,
        /// Where the evidence lies.
        evidence_ref: Option<EvidenceRef>,
    },
}

impl Relation {
    /// What most needs a person comes first.
    pub(super) const fn urgency(&self) -> (u8, &'static str) {
        match self {
            Self::Apart { .. } => (0, "apart"),
            Self::Linked { .. } => (1, "linked"),
            Self::MatchPossible => (2, "match_possible"),
            Self::LinkProposed { .. } => (3, "link_proposed"),
            Self::UnlinkProposed { .. } => (4, "unlink_proposed"),
        }
    }
}

/// What a person who links or unlinks relies on.
pub(super) struct Grounds<R, E> {
    pub(super) other: PersonId,
    pub(super) reason: R,
    pub(super) evidence_ref: E,
    pub(super) note: Option<FreeText>,
}

impl<R: PartialEq, E: PartialEq> Grounds<R, E> {
    /// Whether the same grounds stand already. A note is always something new.
    fn stand(&self, reason: &R, evidence_ref: &E) -> bool {
        self.reason == *reason && self.evidence_ref == *evidence_ref && self.note.is_none()
    }
}

pub(super) fn note_match(
    relation: Option<&Relation>,
    person_id: PersonId,
    other: PersonId,
    mut evidence: Vec<MatchEvidence>,
) -> Result<Vec<PersonEvent>, PersonError> {
    if person_id == other {
        return Err(PersonError::SelfLink);
    }
    evidence.sort_unstable();
    evidence.dedup();
    if !evidence.iter().any(|evidence| evidence.speaks_for()) {
        return Err(PersonError::EvidenceRequired);
    }
    match relation {
        None => Ok(vec![PersonEvent::PossibleMatchNoted { person_id, other, evidence }]),
        // Known, or already decided by people: whatever a machine notices again changes nothing.
        Some(
            Relation::MatchPossible
            | Relation::LinkProposed { .. }
            | Relation::Linked { .. }
            | Relation::UnlinkProposed { .. }
            | Relation::Apart { .. },
        ) => Ok(vec![]),
    }
}

pub(super) fn link(
    relation: Option<&Relation>,
    person_id: PersonId,
    by: Actor,
    grounds: Grounds<LinkReason, EvidenceRef>,
) -> Result<Vec<PersonEvent>, PersonError> {
    let by = by.natural_person().ok_or(PersonError::NaturalPersonRequired)?;
    match relation {
        Some(Relation::LinkProposed { by: first, reason, evidence_ref }) if *first == by => {
            if grounds.stand(reason, evidence_ref) { Ok(vec![]) } else { Err(PersonError::SecondPersonRequired) }
        }
        Some(Relation::LinkProposed { .. }) => {
            let Grounds { other, reason, evidence_ref, note } = grounds;
            Ok(vec![PersonEvent::Linked { other, confirmed_by: by, reason, evidence_ref, note }])
        }
        Some(Relation::Linked { reason, evidence_ref }) => {
            if grounds.stand(reason, evidence_ref) {
                Ok(vec![])
            } else {
                Err(PersonError::AlreadyLinked)
            }
        }
        Some(Relation::UnlinkProposed { .. }) => {
            let Grounds { other, reason, evidence_ref, note } = grounds;
            Ok(vec![PersonEvent::UnlinkProposalWithdrawn { other, reason, evidence_ref, note }])
        }
        None | Some(Relation::MatchPossible | Relation::Apart { .. }) => {
            let Grounds { other, reason, evidence_ref, note } = grounds;
            Ok(vec![PersonEvent::LinkProposed { person_id, other, reason, evidence_ref, proposed_by: by, note }])
        }
    }
}

pub(super) fn unlink(
    relation: Option<&Relation>,
    by: Actor,
    grounds: Grounds<UnlinkReason, Option<EvidenceRef>>,
) -> Result<Vec<PersonEvent>, PersonError> {
    let by = by.natural_person().ok_or(PersonError::NaturalPersonRequired)?;
    match relation {
        None => Err(PersonError::NothingToUnlink),
        Some(Relation::Apart { reason, evidence_ref }) => {
            if grounds.stand(reason, evidence_ref) {
                Ok(vec![])
            } else {
                Err(PersonError::NothingToUnlink)
            }
        }
        Some(Relation::MatchPossible) => {
            let Grounds { other, reason, evidence_ref, note } = grounds;
            Ok(vec![PersonEvent::MatchDismissed { other, reason, evidence_ref, note }])
        }
        Some(Relation::LinkProposed { .. }) => {
            let Grounds { other, reason, evidence_ref, note } = grounds;
            Ok(vec![PersonEvent::LinkProposalWithdrawn { other, reason, evidence_ref, note }])
        }
        Some(Relation::Linked { .. }) => {
            let Grounds { other, reason, evidence_ref, note } = grounds;
            Ok(vec![PersonEvent::UnlinkProposed { other, reason, evidence_ref, proposed_by: by, note }])
        }
        Some(Relation::UnlinkProposed { by: first, reason, evidence_ref }) if *first == by => {
            if grounds.stand(reason, evidence_ref) { Ok(vec![]) } else { Err(PersonError::SecondPersonRequired) }
        }
        Some(Relation::UnlinkProposed { .. }) => {
            let Grounds { other, reason, evidence_ref, note } = grounds;
            Ok(vec![PersonEvent::Unlinked { other, confirmed_by: by, reason, evidence_ref, note }])
        }
    }
}
