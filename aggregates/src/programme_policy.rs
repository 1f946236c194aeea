//! The policy of the alumni programme (アルムナイ制度規程): what an entity offers to those who left, who may come back and on
//! what conditions, word for word in Japanese and English. Drafted, approved by a second person, published from a day on,
//! superseded or retired. Stream `programme_policy/{policy_id}`. One policy that governs an entity at a time: claim
//! `programme_policy`, key `{legal_entity}`. Where none governs, version 0 does: [`crate::rehire_policy`].

mod terms;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use terms::{
    AgeLimitGround, Bridging, BridgingBenefit, ClauseText, FirstReview, JobReturn, LONGEST_DAYS, LONGEST_MONTHS,
    MOST_CLAUSES, MOST_ENTRIES, Offering, ProgrammeTerms, ReferralBasis, ReferralBasisKind, Rehire, RequiredDocument,
    Unsound,
};

use crate::ids::{ActorId, PersonId, ProgrammePolicyId};
use crate::issued::{ActorKind, Issued};
use crate::stream::{Claim, Stream, Wakes, event_sourced};
use crate::values::FreeText;
use crate::versions::{Governing, VersionError, Versions};

/// Facts about programme policies, kept forever. Add a variant or an optional field; never edit or remove one.
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
    name(ProgrammePolicyEventType),
    doc = "The types of [`ProgrammePolicyEvent`].",
    derive(strum::EnumIter, strum::EnumMessage, strum::IntoStaticStr),
    strum(serialize_all = "snake_case")
)]
pub enum ProgrammePolicyEvent {
    /// A policy was drafted.
    Drafted {
        /// What it lays down.
        terms: Box<ProgrammeTerms>,
        /// Who drafted it.
        drafted_by: ActorId,
    },
    /// A new version was drafted.
    Revised {
        /// Which version.
        version: u32,
        /// What it lays down.
        terms: Box<ProgrammeTerms>,
        /// Who revised it.
        revised_by: ActorId,
    },
    /// A second person approved a version.
    Approved {
        /// Which version.
        version: u32,
        /// Who.
        approved_by: ActorId,
    },
    /// A version was published: it governs applications that are handed in from a day on, and supersedes the version before.
    Published {
        /// Which version.
        version: u32,
        /// The first day.
        effective_from: NaiveDate,
        /// Who.
        published_by: ActorId,
    },
    /// The policy was retired: it governs no further application.
    Retired {
        /// The first day on which it does not.
        effective_from: NaiveDate,
        /// Who.
        retired_by: ActorId,
        /// In words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<FreeText>,
    },
}

/// What can be asked of a policy.
#[derive(Clone, Debug)]
pub enum ProgrammePolicyCommand {
    /// Draft a policy.
    Draft(Box<ProgrammeTerms>),
    /// Draft a new version of it.
    Revise(Box<ProgrammeTerms>),
    /// Approve the version that waits. Never whoever drafted it; needs a natural person.
    Approve {
        /// Whether they answer for compliance: what referring by those who are not employed rests on, nobody else approves.
        compliance: bool,
    },
    /// Publish the approved version.
    Publish {
        /// The first day on which it governs; today where it is not stated.
        effective_from: Option<NaiveDate>,
    },
    /// Retire the policy from today on.
    Retire {
        /// In words. Class `restricted`.
        note: Option<FreeText>,
    },
    /// Look at the clock.
    Wake,
}

impl Wakes for ProgrammePolicyCommand {
    fn wake() -> Self {
        Self::Wake
    }
}

/// State: only what `decide` reads, and what applications read of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum ProgrammePolicy {
    /// No policy was drafted under this id.
    #[default]
    Unrecorded,
    /// A policy, whether or not a version of it was published.
    Standing(Standing),
    /// A policy that governs nothing from a day on.
    Retired {
        /// What stood.
        standing: Standing,
        /// The first day on which it governs nothing.
        from: NaiveDate,
    },
}

/// What stands of a policy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// The entity whose programme it is.
    pub legal_entity: String,
    /// Its versions.
    pub versions: Versions<ProgrammeTerms>,
}

/// Why a command is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum ProgrammePolicyError {
    /// There is no such policy.
    #[error("no programme policy is drafted under this id")]
    Unrecorded,
    /// The id is taken.
    #[error("this programme policy is already drafted")]
    AlreadyDrafted,
    /// It could not be followed.
    #[error("{0}")]
    Unsound(Unsound),
    /// A policy stays with its entity.
    #[error("the policy is one of {legal_entity}; another entity needs a policy of its own")]
    EntityDiffers {
        /// Whose it is.
        legal_entity: String,
    },
    /// What referring by those who are not employed rests on, compliance has to know (REF-06, REF-07).
    #[error("a version with a basis of referring by those who are not employed is approved by compliance")]
    ComplianceRequired,
    /// A program approves nothing (AUD-12).
    #[error("only a natural person may approve a programme policy")]
    NaturalPersonRequired,
    /// The version is not approved or published.
    #[error(transparent)]
    #[strum(transparent)]
    Version(#[from] VersionError),
    /// It is over.
    #[error("the policy is retired from {from} on")]
    Retired {
        /// The first day on which it governs nothing.
        from: NaiveDate,
    },
}

/// A version of a policy as a decision names it, such as `programme/0195…/2`.
pub fn programme_version(policy: ProgrammePolicyId, version: u32) -> String {
    format!("programme/{policy}/{version}")
}

impl ProgrammePolicy {
    fn after(self, event: ProgrammePolicyEvent) -> Self {
        match (self, event) {
            (Self::Unrecorded, ProgrammePolicyEvent::Drafted { terms, drafted_by }) => Self::Standing(Standing {
                legal_entity: terms.legal_entity.clone(),
                versions: Versions::drafted(*terms, drafted_by),
            }),
            (Self::Standing(standing), ProgrammePolicyEvent::Retired { effective_from, .. }) => {
                Self::Retired { standing, from: effective_from }
            }
            (Self::Standing(standing), event) => Self::Standing(standing.after(event)),
            // History cannot be refused: what does not fit changes nothing.
            (state @ (Self::Unrecorded | Self::Retired { .. }), _) => state,
        }
    }

    /// What stands, also once it is retired.
    pub const fn standing(&self) -> Option<&Standing> {
        match self {
            Self::Unrecorded => None,
            Self::Standing(standing) | Self::Retired { standing, .. } => Some(standing),
        }
    }

    /// The version that governs applications handed in on a day: of those published, the latest that had begun.
    pub fn governing(&self, on: NaiveDate) -> Option<&Governing<ProgrammeTerms>> {
        match self {
            Self::Unrecorded => None,
            Self::Retired { from, .. } if *from <= on => None,
            Self::Standing(standing) | Self::Retired { standing, .. } => standing.versions.governing(on),
        }
    }
}

impl Standing {
    fn after(mut self, event: ProgrammePolicyEvent) -> Self {
        use ProgrammePolicyEvent as E;
        match event {
            E::Revised { version, terms, revised_by } => self.versions.revised(version, *terms, revised_by),
            E::Approved { approved_by, .. } => self.versions.approved(approved_by),
            E::Published { version, effective_from, .. } => self.versions.published(version, effective_from),
            // History cannot be refused: what does not fit changes nothing.
            E::Drafted { .. } | E::Retired { .. } => {}
        }
        self
    }

    fn revise(
        &self,
        terms: Box<ProgrammeTerms>,
        revised_by: ActorId,
    ) -> Result<Vec<ProgrammePolicyEvent>, ProgrammePolicyError> {
        terms.check().map_err(ProgrammePolicyError::Unsound)?;
        if terms.legal_entity != self.legal_entity {
            return Err(ProgrammePolicyError::EntityDiffers { legal_entity: self.legal_entity.clone() });
        }
        let Some(version) = self.versions.revise(&terms) else { return Ok(vec![]) };
        Ok(vec![ProgrammePolicyEvent::Revised { version, terms, revised_by }])
    }

    fn approve(
        &self,
        approved_by: ActorId,
        compliance: bool,
    ) -> Result<Vec<ProgrammePolicyEvent>, ProgrammePolicyError> {
        let Some(proposal) = self.versions.approve(approved_by)? else { return Ok(vec![]) };
        if proposal.terms.referral_basis.is_some() && !compliance {
            return Err(ProgrammePolicyError::ComplianceRequired);
        }
        Ok(vec![ProgrammePolicyEvent::Approved { version: proposal.version, approved_by }])
    }

    fn publish(
        &self,
        effective_from: NaiveDate,
        today: NaiveDate,
        published_by: ActorId,
    ) -> Result<Vec<ProgrammePolicyEvent>, ProgrammePolicyError> {
        let Some(proposal) = self.versions.publish(effective_from, today)? else { return Ok(vec![]) };
        Ok(vec![ProgrammePolicyEvent::Published { version: proposal.version, effective_from, published_by }])
    }
}

impl Stream for ProgrammePolicy {
    type Order = ProgrammePolicyCommand;

    fn decide(
        &self,
        issued: Issued<ProgrammePolicyCommand>,
    ) -> Result<Vec<ProgrammePolicyEvent>, ProgrammePolicyError> {
        use ProgrammePolicyCommand as C;
        let Issued { by, on, command, .. } = issued;
        match (self, command) {
            (Self::Unrecorded | Self::Standing(_) | Self::Retired { .. }, C::Wake) => Ok(vec![]),
            (_, C::Approve { .. }) if by.kind != ActorKind::Person => Err(ProgrammePolicyError::NaturalPersonRequired),
            (Self::Unrecorded, C::Draft(terms)) => {
                terms.check().map_err(ProgrammePolicyError::Unsound)?;
                Ok(vec![ProgrammePolicyEvent::Drafted { terms, drafted_by: by.id }])
            }
            (Self::Unrecorded, C::Revise(_) | C::Approve { .. } | C::Publish { .. } | C::Retire { .. }) => {
                Err(ProgrammePolicyError::Unrecorded)
            }
            (Self::Standing(_) | Self::Retired { .. }, C::Draft(_)) => Err(ProgrammePolicyError::AlreadyDrafted),
            (Self::Standing(standing), C::Revise(terms)) => standing.revise(terms, by.id),
            (Self::Standing(standing), C::Approve { compliance }) => standing.approve(by.id, compliance),
            (Self::Standing(standing), C::Publish { effective_from }) => {
                standing.publish(effective_from.unwrap_or(on), on, by.id)
            }
            (Self::Standing(_), C::Retire { note }) => {
                Ok(vec![ProgrammePolicyEvent::Retired { effective_from: on, retired_by: by.id, note }])
            }
            (Self::Retired { .. }, C::Retire { note: None }) => Ok(vec![]),
            (
                Self::Retired { from, .. },
                C::Revise(_) | C::Approve { .. } | C::Publish { .. } | C::Retire { note: Some(_) },
            ) => Err(ProgrammePolicyError::Retired { from: *from }),
        }
    }

    fn state(&self) -> &'static str {
        match self {
            Self::Unrecorded => "unrecorded",
            Self::Standing(standing) => standing.versions.state(),
            Self::Retired { .. } => "retired",
        }
    }

    /// A policy is nobody's; its words are sealed under its own id.
    fn subject(&self) -> Option<PersonId> {
        None
    }

    fn claims(&self, id: Uuid, event: &ProgrammePolicyEvent) -> Vec<Claim> {
        match (self, event) {
            (Self::Standing(standing), ProgrammePolicyEvent::Published { .. })
                if standing.versions.published.is_empty() =>
            {
                vec![Claim::take("programme_policy", &standing.legal_entity, id)]
            }
            (Self::Standing(standing), ProgrammePolicyEvent::Retired { .. })
                if !standing.versions.published.is_empty() =>
            {
                vec![Claim::release("programme_policy", &standing.legal_entity, id)]
            }
            (Self::Unrecorded | Self::Standing(_) | Self::Retired { .. }, _) => Vec::new(),
        }
    }
}

event_sourced!(ProgrammePolicy, ProgrammePolicyEvent, ProgrammePolicyCommand, ProgrammePolicyError, "programme_policy");
