//! What documents show of rules that an employer lays down version by version: every version, who wrote, approved and
//! published it, and from which day it governs.

use aggregates::ids::ActorId;
use aggregates::pay::Loosening;
use aggregates::values::FreeText;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::model::Recorded;
use crate::parts::KEPT;
use crate::watch::Watch;

/// A rule and its versions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Versioned<I, T> {
    /// The stream's id.
    pub id: I,
    /// How far it has come. What is published goes on governing while its next version waits.
    pub state: State,
    /// The stream's last sequence.
    pub version: i64,
    /// The last event that this document shows.
    pub position: i64,
    /// The entity that it governs.
    pub legal_entity: String,
    /// Its latest versions, oldest first.
    pub versions: Vec<Version<T>>,
    /// When it was drafted.
    pub drafted_at: DateTime<Utc>,
    /// Its first position, which lists are ordered by.
    pub drafted_position: i64,
    /// How it was retired.
    pub retirement: Option<Retirement>,
    /// Of a pay policy: what is watched over under it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub watch: Option<Watch>,
}

/// How far a rule has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum State {
    /// Waits for a second person.
    Draft,
    /// Waits to be published.
    Approved,
    /// Governs from a day on.
    Published,
    /// Governs nothing any more.
    Retired,
}

/// A version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Version<T> {
    /// Which version, from 1.
    pub number: u32,
    /// How far it has come.
    pub state: VersionState,
    /// What it lays down.
    pub terms: T,
    /// Who drafted it.
    pub drafted_by: ActorId,
    /// When.
    pub drafted_at: DateTime<Utc>,
    /// Who approved it.
    pub approved_by: Option<ActorId>,
    /// When.
    pub approved_at: Option<DateTime<Utc>>,
    /// The first day on which it governs.
    pub effective_from: Option<NaiveDate>,
    /// Who published it.
    pub published_by: Option<ActorId>,
    /// Of a pay policy: where it is looser than the defaults, and what that would have flipped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loosening: Option<Loosening>,
    /// Why it is looser, sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<FreeText>,
}

/// How far a version has come. Which published one governs a day, and which is superseded, follows from their first days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VersionState {
    /// Waits for a second person.
    Draft,
    /// Waits to be published.
    Approved,
    /// Was published.
    Published,
    /// A later draft took its place before it was published.
    Discarded,
}

/// How a rule was retired.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Retirement {
    /// The first day on which it governs nothing.
    pub effective_from: NaiveDate,
    /// Who retired it.
    pub retired_by: ActorId,
    /// When.
    pub at: DateTime<Utc>,
    /// In words, sealed.
    pub note: Option<FreeText>,
}

/// That a version is looser than the defaults, and why.
#[derive(Clone, Copy)]
pub(crate) struct Looser<'a> {
    pub(crate) loosening: &'a Loosening,
    pub(crate) reason: Option<&'a FreeText>,
}

/// What happened to a rule after it was drafted.
pub(crate) enum Change<'a, T> {
    /// A new version was drafted.
    Revised { version: u32, terms: &'a T, by: ActorId },
    /// A second person approved a version.
    Approved { version: u32, by: ActorId },
    /// A version was published.
    Published { version: u32, effective_from: NaiveDate, by: ActorId, looser: Option<Looser<'a>> },
    /// The rule was retired.
    Retired { effective_from: NaiveDate, by: ActorId, note: Option<&'a FreeText> },
}

impl<I, T: Clone> Versioned<I, T> {
    pub(crate) fn drafted(id: I, legal_entity: &str, terms: &T, drafted_by: ActorId, event: &Recorded) -> Self {
        Self {
            id,
            state: State::Draft,
            version: event.sequence,
            position: event.position,
            legal_entity: legal_entity.to_owned(),
            versions: vec![Version::drafted(1, terms, drafted_by, event)],
            drafted_at: event.recorded_at,
            drafted_position: event.position,
            retirement: None,
            watch: None,
        }
    }

    pub(crate) fn after(mut self, change: &Change<'_, T>, event: &Recorded) -> Self {
        self.version = event.sequence;
        self.position = event.position;
        let published = matches!(change, Change::Published { .. });
        match *change {
            Change::Revised { version, terms, by } => {
                for waiting in self.versions.iter_mut().filter(|one| one.state != VersionState::Published) {
                    waiting.state = VersionState::Discarded;
                }
                self.keep(Version::drafted(version, terms, by, event));
            }
            Change::Approved { version, by } => {
                if let Some(one) = self.numbered(version) {
                    one.state = VersionState::Approved;
                    one.approved_by = Some(by);
                    one.approved_at = Some(event.recorded_at);
                }
            }
            Change::Published { version, effective_from, by, looser } => {
                if let Some(one) = self.numbered(version) {
                    one.state = VersionState::Published;
                    one.effective_from = Some(effective_from);
                    one.published_by = Some(by);
                    one.loosening = looser.map(|looser| looser.loosening.clone());
                    one.reason = looser.and_then(|looser| looser.reason.cloned());
                }
            }
            Change::Retired { effective_from, by, note } => {
                self.retirement =
                    Some(Retirement { effective_from, retired_by: by, at: event.recorded_at, note: note.cloned() });
            }
        }
        self.state = self.reached(published);
        self
    }

    /// Adds a version. Of too many the oldest goes that never governed, or else the oldest.
    fn keep(&mut self, latest: Version<T>) {
        if self.versions.len() >= KEPT {
            let discarded = self.versions.iter().position(|version| version.state == VersionState::Discarded);
            self.versions.remove(discarded.unwrap_or_default());
        }
        self.versions.push(latest);
    }

    fn numbered(&mut self, number: u32) -> Option<&mut Version<T>> {
        self.versions.iter_mut().rev().find(|version| version.number == number)
    }

    fn reached(&self, published: bool) -> State {
        match self.versions.last().map(|version| version.state) {
            _ if self.retirement.is_some() => State::Retired,
            _ if published || self.state == State::Published => State::Published,
            Some(VersionState::Approved) => State::Approved,
            Some(VersionState::Draft | VersionState::Published | VersionState::Discarded) | None => State::Draft,
        }
    }

    /// The version that governs a day: of those published that had begun, the one published last.
    pub fn governing(&self, on: NaiveDate) -> Option<&Version<T>> {
        self.stands(on).then(|| self.last_governing(on)).flatten()
    }

    /// The version that governs a day, or governed last before the policy was retired.
    pub fn last_governing(&self, on: NaiveDate) -> Option<&Version<T>> {
        let begun = |version: &&Version<T>| version.effective_from.is_some_and(|from| from <= on);
        self.versions.iter().rev().find(begun)
    }

    /// The published version that governs next after a day.
    pub fn upcoming(&self, on: NaiveDate) -> Option<&Version<T>> {
        let ahead = |version: &&Version<T>| version.effective_from.is_some_and(|from| from > on && self.stands(from));
        let next = self.versions.iter().filter(ahead).filter(|version| !self.is_superseded(version, on));
        next.min_by_key(|version| version.effective_from)
    }

    /// The version that waits for a second person or for its publication.
    pub fn waiting(&self) -> Option<&Version<T>> {
        let waits = |version: &&Version<T>| matches!(version.state, VersionState::Draft | VersionState::Approved);
        self.retirement.is_none().then(|| self.versions.iter().rev().find(waits)).flatten()
    }

    /// Whether a published version governs neither a day nor any later one, since another took or takes its place.
    pub fn is_superseded(&self, version: &Version<T>, on: NaiveDate) -> bool {
        let Some(from) = version.effective_from else { return false };
        let later = self.versions.iter().filter(|other| other.number > version.number);
        later.filter_map(|other| other.effective_from).any(|other| other <= from.max(on))
    }

    fn stands(&self, on: NaiveDate) -> bool {
        self.retirement.as_ref().is_none_or(|retirement| retirement.effective_from > on)
    }
}

impl<T: Clone> Version<T> {
    fn drafted(number: u32, terms: &T, drafted_by: ActorId, event: &Recorded) -> Self {
        Self {
            number,
            state: VersionState::Draft,
            terms: terms.clone(),
            drafted_by,
            drafted_at: event.recorded_at,
            approved_by: None,
            approved_at: None,
            effective_from: None,
            published_by: None,
            loosening: None,
            reason: None,
        }
    }
}
