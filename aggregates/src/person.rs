//! A human being as the employer knows them, over all their periods of employment: which other records are the same
//! person, and what of their data has been erased.
//! Stream `person/{person_id}`; the newer, asking record holds the relation to an older one. Strangers are never merged: a
//! link needs two people, changes no other stream, and can be undone the same way. Claim `person_link`, key the two ids in
//! ascending order, while a link is proposed or stands, so that the other record cannot ask the same question.

mod erasure;
mod facts;
mod linking;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use erasure::{ErasureCertificate, ErasureGround, KeptBecause, KeptClass, RecordClasses};
pub use facts::{LinkReason, MatchEvidence, UnlinkReason};
pub use linking::Relation;

use crate::ids::{ActorId, PersonId};
use crate::issued::Issued;
use crate::keys::pair_key;
use crate::personal::RecordClass;
use crate::stream::{Claim, Stream, event_sourced};
use crate::values::{EvidenceRef, FreeText};
use linking::Grounds;

/// Facts about persons, kept forever. Add a variant or an optional field; never edit or remove one.
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
    name(PersonEventType),
    doc = "The types of [`PersonEvent`].",
    derive(strum::EnumIter, strum::EnumMessage, strum::IntoStaticStr),
    strum(serialize_all = "snake_case")
)]
pub enum PersonEvent {
    /// Two records may be one person; somebody has to look.
    PossibleMatchNoted {
        /// The person whose stream this is.
        person_id: PersonId,
        /// The other record.
        other: PersonId,
        /// What speaks for it and against it.
        evidence: Vec<MatchEvidence>,
    },
    /// Somebody looked: the two records are two people, or nothing shows otherwise.
    MatchDismissed {
        /// The other record.
        other: PersonId,
        /// The coded ground.
        reason: UnlinkReason,
        /// Where the evidence lies.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        evidence_ref: Option<EvidenceRef>,
        /// Remarks.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<FreeText>,
    },
    /// Somebody proposed that the two records are one person; a second one has to confirm.
    LinkProposed {
        /// The person whose stream this is.
        person_id: PersonId,
        /// The other record.
        other: PersonId,
        /// The coded ground.
        reason: LinkReason,
        /// Where the evidence lies.
        evidence_ref: EvidenceRef,
        /// Who proposed.
        proposed_by: ActorId,
        /// Remarks.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<FreeText>,
    },
    /// The proposal to link was withdrawn or not confirmed; the two records stay apart.
    LinkProposalWithdrawn {
        /// The other record.
        other: PersonId,
        /// The coded ground.
        reason: UnlinkReason,
        /// Where the evidence lies.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        evidence_ref: Option<EvidenceRef>,
        /// Remarks.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<FreeText>,
    },
    /// A second person confirmed: the two records are one person.
    Linked {
        /// The other record.
        other: PersonId,
        /// Who confirmed.
        confirmed_by: ActorId,
        /// The coded ground of the second person.
        reason: LinkReason,
        /// Where the evidence of the second person lies.
        evidence_ref: EvidenceRef,
        /// Remarks.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<FreeText>,
    },
    /// Somebody proposed to undo the link; a second one has to confirm.
    UnlinkProposed {
        /// The other record.
        other: PersonId,
        /// The coded ground.
        reason: UnlinkReason,
        /// Where the evidence lies.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        evidence_ref: Option<EvidenceRef>,
        /// Who proposed.
        proposed_by: ActorId,
        /// Remarks.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<FreeText>,
    },
    /// The proposal to undo the link was withdrawn or not confirmed; the link stands.
    UnlinkProposalWithdrawn {
        /// The other record.
        other: PersonId,
        /// The coded ground on which the link stands.
        reason: LinkReason,
        /// Where the evidence lies.
        evidence_ref: EvidenceRef,
        /// Remarks.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<FreeText>,
    },
    /// A second person confirmed: the two records are two people after all.
    Unlinked {
        /// The other record.
        other: PersonId,
        /// Who confirmed.
        confirmed_by: ActorId,
        /// The coded ground of the second person.
        reason: UnlinkReason,
        /// Where the evidence of the second person lies.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        evidence_ref: Option<EvidenceRef>,
        /// Remarks.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<FreeText>,
    },
    /// Personal data was erased: its keys and rows are destroyed with this event, and every fold drops what is left.
    Erased {
        /// The person whose stream this is.
        person_id: PersonId,
        /// What was erased.
        classes: RecordClasses,
        /// Why.
        ground: ErasureGround,
        /// What remains as proof.
        certificate: ErasureCertificate,
    },
}

/// What can be asked of a person's record.
#[derive(Clone, Debug)]
pub enum PersonCommand {
    /// Note that another record may be the same person (reaction to a record that comes in).
    NotePossibleMatch {
        /// The person whose stream this is.
        person_id: PersonId,
        /// The other record.
        other: PersonId,
        /// What speaks for it and against it.
        evidence: Vec<MatchEvidence>,
    },
    /// Propose that both records are one person; from a second person, confirm it. Upholds a link that is about to be
    /// undone.
    Link {
        /// The person whose stream this is.
        person_id: PersonId,
        /// The other record.
        other: PersonId,
        /// The coded ground.
        reason: LinkReason,
        /// Where the evidence lies.
        evidence_ref: EvidenceRef,
        /// Remarks.
        note: Option<FreeText>,
    },
    /// Dismiss a possible match, withdraw a proposal, or propose to undo a link; from a second person, confirm that.
    Unlink {
        /// The other record.
        other: PersonId,
        /// The coded ground.
        reason: UnlinkReason,
        /// Where the evidence lies.
        evidence_ref: Option<EvidenceRef>,
        /// Remarks.
        note: Option<FreeText>,
    },
    /// Erase personal data.
    Erase {
        /// The person whose stream this is.
        person_id: PersonId,
        /// What to erase.
        classes: RecordClasses,
        /// Why.
        ground: ErasureGround,
        /// What remains as proof.
        certificate: ErasureCertificate,
    },
}

/// State: only what `decide` reads.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Person {
    /// Nothing has been asked about this person yet.
    #[default]
    Unasked,
    /// Something stands.
    Known(Known),
}

/// What stands about a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Known {
    /// The person itself.
    pub person_id: PersonId,
    /// Sequence of the last event.
    pub version: u64,
    /// How other records relate to this one.
    pub relations: BTreeMap<PersonId, Relation>,
    /// What has been erased.
    pub erased: RecordClasses,
}

/// Why a command is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum PersonError {
    /// Nobody is their own namesake.
    #[error("a person cannot be linked with themselves")]
    SelfLink,
    /// Nothing speaks for it.
    #[error("a possible match needs something that speaks for it")]
    EvidenceRequired,
    /// A machine may not say who somebody is (AUD-12).
    #[error("only a natural person may link, unlink or dismiss a match")]
    NaturalPersonRequired,
    /// The same person may not do both.
    #[error("the person who proposed may not confirm")]
    SecondPersonRequired,
    /// The link stands on other grounds.
    #[error("the two records are already linked")]
    AlreadyLinked,
    /// There is nothing between the two.
    #[error("the two records are not linked, and no match is noted")]
    NothingToUnlink,
    /// Nothing is left to decide on.
    #[error("the person's data has been erased")]
    Erased,
    /// No class is named.
    #[error("an erasure names at least one record class")]
    NothingToErase,
    /// The certificate contradicts the erasure.
    #[error("the record class {} cannot be both erased and kept", <&str>::from(.class))]
    KeptAndErased {
        /// The class.
        class: RecordClass,
    },
}

impl Person {
    /// Everybody whom this record is linked with.
    pub fn linked(&self) -> BTreeSet<PersonId> {
        self.relations()
            .filter(|(_, relation)| matches!(relation, Relation::Linked { .. } | Relation::UnlinkProposed { .. }))
            .map(|(&other, _)| other)
            .collect()
    }

    fn relations(&self) -> impl Iterator<Item = (&PersonId, &Relation)> {
        match self {
            Self::Unasked => None,
            Self::Known(known) => Some(&known.relations),
        }
        .into_iter()
        .flatten()
    }

    fn relation(&self, other: PersonId) -> Option<&Relation> {
        match self {
            Self::Unasked => None,
            Self::Known(known) => known.relations.get(&other),
        }
    }

    fn erased(&self) -> RecordClasses {
        match self {
            Self::Unasked => RecordClasses::none(),
            Self::Known(known) => known.erased.clone(),
        }
    }

    fn after(self, event: PersonEvent) -> Self {
        use PersonEvent as E;
        let mut known = match (self, &event) {
            (Self::Known(known), _) => known,
            (
                Self::Unasked,
                E::PossibleMatchNoted { person_id, .. }
                | E::LinkProposed { person_id, .. }
                | E::Erased { person_id, .. },
            ) => Known { person_id: *person_id, version: 0, relations: BTreeMap::new(), erased: RecordClasses::none() },
            // History cannot be refused: what does not fit changes nothing.
            (
                Self::Unasked,
                E::MatchDismissed { .. }
                | E::LinkProposalWithdrawn { .. }
                | E::Linked { .. }
                | E::UnlinkProposed { .. }
                | E::UnlinkProposalWithdrawn { .. }
                | E::Unlinked { .. },
            ) => return Self::Unasked,
        };
        known.version += 1;
        let (other, relation) = match event {
            E::Erased { classes, .. } => {
                known.erased = known.erased.with(classes);
                return Self::Known(known);
            }
            E::PossibleMatchNoted { other, .. } => (other, Relation::MatchPossible),
            E::LinkProposed { other, reason, evidence_ref, proposed_by, .. } => {
                (other, Relation::LinkProposed { by: proposed_by, reason, evidence_ref })
            }
            E::Linked { other, reason, evidence_ref, .. }
            | E::UnlinkProposalWithdrawn { other, reason, evidence_ref, .. } => {
                (other, Relation::Linked { reason, evidence_ref })
            }
            E::UnlinkProposed { other, reason, evidence_ref, proposed_by, .. } => {
                (other, Relation::UnlinkProposed { by: proposed_by, reason, evidence_ref })
            }
            E::MatchDismissed { other, reason, evidence_ref, .. }
            | E::LinkProposalWithdrawn { other, reason, evidence_ref, .. }
            | E::Unlinked { other, reason, evidence_ref, .. } => (other, Relation::Apart { reason, evidence_ref }),
        };
        known.relations.insert(other, relation);
        Self::Known(known)
    }
}

impl Stream for Person {
    type Order = PersonCommand;

    fn decide(&self, issued: Issued<PersonCommand>) -> Result<Vec<PersonEvent>, PersonError> {
        use PersonCommand as C;
        let Issued { by, command, .. } = issued;
        match command {
            C::Erase { person_id, classes, ground, certificate } => {
                erasure::erase(&self.erased(), person_id, classes, ground, certificate)
            }
            C::NotePossibleMatch { .. } | C::Link { .. } | C::Unlink { .. } if self.erased().is_all() => {
                Err(PersonError::Erased)
            }
            C::NotePossibleMatch { person_id, other, evidence } => {
                linking::note_match(self.relation(other), person_id, other, evidence)
            }
            C::Link { person_id, other, .. } if person_id == other => Err(PersonError::SelfLink),
            C::Link { person_id, other, reason, evidence_ref, note } => {
                let grounds = Grounds { other, reason, evidence_ref, note };
                linking::link(self.relation(other), person_id, by, grounds)
            }
            C::Unlink { other, reason, evidence_ref, note } => {
                linking::unlink(self.relation(other), by, Grounds { other, reason, evidence_ref, note })
            }
        }
    }

    fn state(&self) -> &'static str {
        if self.erased().is_all() {
            return "erased";
        }
        self.relations().map(|(_, relation)| relation.urgency()).max().map_or("apart", |(_, name)| name)
    }

    fn subject(&self) -> Option<PersonId> {
        match self {
            Self::Unasked => None,
            Self::Known(known) => Some(known.person_id),
        }
    }

    fn claims(&self, _id: Uuid, event: &PersonEvent) -> Vec<Claim> {
        use PersonEvent as E;
        let claim = |one: PersonId, other: PersonId, change: fn(&'static str, String, Uuid) -> Claim| {
            vec![change("person_link", pair_key(one.0, other.0), one.0)]
        };
        match (self, event) {
            (_, E::LinkProposed { person_id, other, .. }) => claim(*person_id, *other, Claim::take),
            (Self::Known(known), E::LinkProposalWithdrawn { other, .. } | E::Unlinked { other, .. }) => {
                claim(known.person_id, *other, Claim::release)
            }
            (
                Self::Unasked | Self::Known(_),
                E::PossibleMatchNoted { .. }
                | E::MatchDismissed { .. }
                | E::LinkProposalWithdrawn { .. }
                | E::Linked { .. }
                | E::UnlinkProposed { .. }
                | E::UnlinkProposalWithdrawn { .. }
                | E::Unlinked { .. }
                | E::Erased { .. },
            ) => Vec::new(),
        }
    }
}

event_sourced!(Person, PersonEvent, PersonCommand, PersonError, "person");
