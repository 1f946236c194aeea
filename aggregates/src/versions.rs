//! Rules that an employer lays down, version by version: written by one person, approved by another, published from a day on.
//! What is laid down differs from one kind of rule to another; how its versions follow one another does not.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::ids::ActorId;

/// The versions of a rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Versions<T> {
    /// The published versions, in the order of their publication.
    pub published: Vec<Governing<T>>,
    /// The version that waits to be approved or published.
    pub proposal: Option<Proposal<T>>,
}

/// A published version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Governing<T> {
    /// Which version.
    pub version: u32,
    /// The first day on which it governs.
    pub effective_from: NaiveDate,
    /// What it lays down.
    pub terms: T,
}

/// A version that is not published.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proposal<T> {
    /// Which version.
    pub version: u32,
    /// What it lays down.
    pub terms: T,
    /// Who wrote it last.
    pub drafted_by: ActorId,
    /// Who wrote at it before, since the version that was published last.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub written_by: BTreeSet<ActorId>,
    /// Who approved it.
    pub approved_by: Option<ActorId>,
}

impl<T> Proposal<T> {
    /// Everybody who wrote at it: what one person wrote stays theirs when another goes on writing.
    pub fn writers(&self) -> impl Iterator<Item = ActorId> {
        self.written_by.iter().copied().chain([self.drafted_by])
    }

    /// Whether somebody wrote at it.
    pub fn was_written_by(&self, who: ActorId) -> bool {
        self.writers().any(|writer| writer == who)
    }
}

/// Why a version is not approved or published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum VersionError {
    /// Whoever wrote it may not approve it (AUD-06).
    #[error("whoever drafted this version may not approve it")]
    SecondPersonRequired,
    /// Somebody approved it already.
    #[error("this version is already approved")]
    AlreadyApproved,
    /// No version waits.
    #[error("no version waits for approval")]
    NothingToApprove,
    /// A second person comes first.
    #[error("the version is not approved")]
    NotApproved,
    /// No version waits to be published.
    #[error("no version waits to be published")]
    NothingToPublish,
    /// A rule does not govern the past.
    #[error("a version cannot govern from {effective_from}, which lies before today, {today}")]
    EffectiveInThePast {
        /// The day asked for.
        effective_from: NaiveDate,
        /// Today.
        today: NaiveDate,
    },
}

impl<T: Clone + PartialEq> Versions<T> {
    /// The first version, which waits for a second person.
    pub(crate) fn drafted(terms: T, drafted_by: ActorId) -> Self {
        let written_by = BTreeSet::new();
        let proposal = Proposal { version: 1, terms, drafted_by, written_by, approved_by: None };
        Self { published: Vec::new(), proposal: Some(proposal) }
    }

    /// A new version takes the place of one that waits.
    pub(crate) fn revised(&mut self, version: u32, terms: T, drafted_by: ActorId) {
        let before = self.proposal.take();
        let written_by = before.iter().flat_map(Proposal::writers).filter(|who| *who != drafted_by).collect();
        self.proposal = Some(Proposal { version, terms, drafted_by, written_by, approved_by: None });
    }

    /// A second person approved the version that waits.
    pub(crate) fn approved(&mut self, approved_by: ActorId) {
        if let Some(proposal) = &mut self.proposal {
            proposal.approved_by = Some(approved_by);
        }
    }

    /// The version that waited was published.
    pub(crate) fn published(&mut self, version: u32, effective_from: NaiveDate) {
        let terms = self.proposal.take().map(|proposal| proposal.terms);
        self.published.extend(terms.map(|terms| Governing { version, effective_from, terms }));
    }

    /// The version that governs a day: of those that had begun, the one published last.
    pub fn governing(&self, on: NaiveDate) -> Option<&Governing<T>> {
        self.published.iter().rev().find(|version| version.effective_from <= on)
    }

    /// A published version, by its number.
    pub fn version(&self, version: u32) -> Option<&Governing<T>> {
        self.published.iter().find(|one| one.version == version)
    }

    /// How far it has come. A published rule goes on governing while its next version waits.
    pub(crate) fn state(&self) -> &'static str {
        match &self.proposal {
            _ if !self.published.is_empty() => "published",
            Some(Proposal { approved_by: Some(_), .. }) => "approved",
            Some(Proposal { approved_by: None, .. }) | None => "draft",
        }
    }

    /// The version that waits, or else the one published last.
    pub fn latest(&self) -> Option<(u32, &T)> {
        let proposed = self.proposal.as_ref().map(|proposal| (proposal.version, &proposal.terms));
        proposed.or_else(|| self.published.last().map(|last| (last.version, &last.terms)))
    }

    /// The number that these terms would have as a version; nothing where the latest says the same.
    pub(crate) fn revise(&self, terms: &T) -> Option<u32> {
        match self.latest() {
            Some((_, known)) if known == terms => None,
            latest => Some(latest.map_or(1, |(version, _)| version.saturating_add(1))),
        }
    }

    /// The version that somebody may approve; nothing where they have.
    pub(crate) fn approve(&self, by: ActorId) -> Result<Option<&Proposal<T>>, VersionError> {
        match &self.proposal {
            None => Err(VersionError::NothingToApprove),
            Some(Proposal { approved_by: Some(known), .. }) if *known == by => Ok(None),
            Some(Proposal { approved_by: Some(_), .. }) => Err(VersionError::AlreadyApproved),
            Some(proposal) if proposal.was_written_by(by) => Err(VersionError::SecondPersonRequired),
            Some(proposal) => Ok(Some(proposal)),
        }
    }

    /// The version that can be published from a day on; nothing where it was.
    pub(crate) fn publish(
        &self,
        effective_from: NaiveDate,
        today: NaiveDate,
    ) -> Result<Option<&Proposal<T>>, VersionError> {
        match (&self.proposal, self.published.last()) {
            (None, Some(last)) if last.effective_from == effective_from => Ok(None),
            (None, Some(_) | None) => Err(VersionError::NothingToPublish),
            (Some(Proposal { approved_by: None, .. }), _) => Err(VersionError::NotApproved),
            (Some(_), _) if effective_from < today => Err(VersionError::EffectiveInThePast { effective_from, today }),
            (Some(proposal), _) => Ok(Some(proposal)),
        }
    }
}
