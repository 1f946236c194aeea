//! Pay policies (賃金決定の基準): every version, who wrote, approved and published it, and from which day it governs.
//! Folds `pay_policy.*`. Serves `GET /v1/pay-policies` and `GET /v1/pay-policies/{id}`.

use aggregates::catalogue::HrEvent;
use aggregates::ids::{ActorId, PayPolicyId};
use aggregates::pay::PolicyTerms;
use aggregates::pay_policy::PayPolicyEvent;
use aggregates::values::FreeText;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::model::{DocumentId, ReadModel, Recorded, Route};
use crate::parts::{KEPT, position_key};

/// A pay policy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PayPolicy {
    /// The stream's id.
    pub id: PayPolicyId,
    /// How far it has come. A published policy goes on governing while its next version waits.
    pub state: State,
    /// The stream's last sequence.
    pub version: i64,
    /// The last event that this document shows.
    pub position: i64,
    /// The entity whose offers it governs.
    pub legal_entity: String,
    /// Its latest versions, oldest first.
    pub versions: Vec<Version>,
    /// When it was drafted.
    pub drafted_at: DateTime<Utc>,
    /// Its first position, which lists are ordered by.
    pub drafted_position: i64,
    /// How it was retired.
    pub retirement: Option<Retirement>,
}

/// How far a policy has come.
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

/// A version of a policy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Version {
    /// Which version, from 1.
    pub number: u32,
    /// How far it has come.
    pub state: VersionState,
    /// What it lays down.
    pub terms: PolicyTerms,
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

/// How a policy was retired.
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

impl ReadModel for PayPolicy {
    const NAME: &'static str = "pay_policies";
    const VERSION: u32 = 1;
    const FILTERS: &'static [&'static str] = &["state", "legal_entity"];

    fn routes(event: &Recorded) -> Vec<Route> {
        match &event.event {
            HrEvent::PayPolicy(_) => vec![Route::One(event.stream_id)],
            HrEvent::Person(_)
            | HrEvent::Departure(_)
            | HrEvent::Member(_)
            | HrEvent::Employment(_)
            | HrEvent::NoRehireFlag(_)
            | HrEvent::FollowUp(_)
            | HrEvent::Requisition(_)
            | HrEvent::Application(_)
            | HrEvent::Offer(_)
            | HrEvent::Referral(_)
            | HrEvent::Reward(_)
            | HrEvent::RewardPlan(_)
            | HrEvent::PayBands(_)
            | HrEvent::IncumbentSnapshot(_)
            | HrEvent::IncumbentPart(_) => vec![],
        }
    }

    fn fold(id: DocumentId, document: Option<Self>, event: &Recorded) -> Option<Self> {
        match (document, &event.event) {
            (None, HrEvent::PayPolicy(PayPolicyEvent::Drafted { terms, drafted_by, .. })) => {
                Some(Self::drafted(PayPolicyId(id), terms, *drafted_by, event))
            }
            (Some(document), HrEvent::PayPolicy(what)) => Some(document.after(what, event)),
            (document, _) => document,
        }
    }

    fn sort_key(&self) -> String {
        position_key(self.drafted_position)
    }

    fn version(&self) -> i64 {
        self.version
    }
}

impl PayPolicy {
    fn drafted(id: PayPolicyId, terms: &PolicyTerms, drafted_by: ActorId, event: &Recorded) -> Self {
        Self {
            id,
            state: State::Draft,
            version: event.sequence,
            position: event.position,
            legal_entity: terms.legal_entity.clone(),
            versions: vec![Version::drafted(1, terms, drafted_by, event)],
            drafted_at: event.recorded_at,
            drafted_position: event.position,
            retirement: None,
        }
    }

    fn after(mut self, what: &PayPolicyEvent, event: &Recorded) -> Self {
        use PayPolicyEvent as E;
        self.version = event.sequence;
        self.position = event.position;
        match what {
            E::Revised { version, terms, revised_by, .. } => {
                for waiting in self.versions.iter_mut().filter(|one| one.state != VersionState::Published) {
                    waiting.state = VersionState::Discarded;
                }
                self.keep(Version::drafted(*version, terms, *revised_by, event));
            }
            E::Approved { version, approved_by } => {
                if let Some(one) = self.numbered(*version) {
                    one.state = VersionState::Approved;
                    one.approved_by = Some(*approved_by);
                    one.approved_at = Some(event.recorded_at);
                }
            }
            E::Published { version, effective_from, published_by } => {
                if let Some(one) = self.numbered(*version) {
                    one.state = VersionState::Published;
                    one.effective_from = Some(*effective_from);
                    one.published_by = Some(*published_by);
                }
            }
            E::Retired { effective_from, retired_by, note } => {
                self.retirement = Some(Retirement {
                    effective_from: *effective_from,
                    retired_by: *retired_by,
                    at: event.recorded_at,
                    note: note.clone(),
                });
            }
            E::Drafted { .. } => {}
        }
        self.state = self.reached(matches!(what, E::Published { .. }));
        self
    }

    /// Adds a version. Of too many the oldest goes that never governed, or else the oldest.
    fn keep(&mut self, latest: Version) {
        if self.versions.len() >= KEPT {
            let discarded = self.versions.iter().position(|version| version.state == VersionState::Discarded);
            self.versions.remove(discarded.unwrap_or_default());
        }
        self.versions.push(latest);
    }

    fn numbered(&mut self, number: u32) -> Option<&mut Version> {
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
    pub fn governing(&self, on: NaiveDate) -> Option<&Version> {
        let begun = |version: &&Version| version.effective_from.is_some_and(|from| from <= on);
        self.stands(on).then(|| self.versions.iter().rev().find(begun)).flatten()
    }

    /// The published version that governs next after a day.
    pub fn upcoming(&self, on: NaiveDate) -> Option<&Version> {
        let ahead = |version: &&Version| version.effective_from.is_some_and(|from| from > on && self.stands(from));
        let next = self.versions.iter().filter(ahead).filter(|version| !self.is_superseded(version, on));
        next.min_by_key(|version| version.effective_from)
    }

    /// The version that waits for a second person or for its publication.
    pub fn waiting(&self) -> Option<&Version> {
        let waits = |version: &&Version| matches!(version.state, VersionState::Draft | VersionState::Approved);
        self.retirement.is_none().then(|| self.versions.iter().rev().find(waits)).flatten()
    }

    /// Whether a published version governs neither a day nor any later one, since another took or takes its place.
    pub fn is_superseded(&self, version: &Version, on: NaiveDate) -> bool {
        let Some(from) = version.effective_from else { return false };
        let later = self.versions.iter().filter(|other| other.number > version.number);
        later.filter_map(|other| other.effective_from).any(|other| other <= from.max(on))
    }

    fn stands(&self, on: NaiveDate) -> bool {
        self.retirement.as_ref().is_none_or(|retirement| retirement.effective_from > on)
    }
}

impl Version {
    fn drafted(number: u32, terms: &PolicyTerms, drafted_by: ActorId, event: &Recorded) -> Self {
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
        }
    }
}
