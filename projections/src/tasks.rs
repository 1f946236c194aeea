//! What waits for somebody, oldest due first: one document a task, which is gone once it is done or has fallen away.
//! Folds all that opens and ends tasks, which [`kind`] tells. Serves `GET /v1/tasks`.
//!
//! A task is for everybody who holds a role, or for the bearer of one account. It says what waits, about which thing and
//! until when, and names nobody: whoever may do it reads the thing itself.

pub mod kind;
mod opened;

use std::collections::BTreeSet;

use aggregates::catalogue::HrEvent;
use aggregates::ids::{ActorId, PersonId};
use aggregates::person::{PersonEvent, RecordClasses};
use aggregates::personal::RecordClass;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use kind::{Audience, Kind};
use opened::{Step, steps};

use crate::model::{DocumentId, ReadModel, Recorded, Route, date_key};
use crate::parts::{Erasure, position_key};
use crate::subject::all_about_them;

/// Something that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// The same for every task of one kind about one thing.
    pub id: Uuid,
    /// It waits.
    pub state: State,
    /// The event that opened it.
    pub position: i64,
    /// What is to be done.
    pub kind: Kind,
    /// The role for which it waits, or `account`.
    pub audience: Audience,
    /// The stream whose event opened it.
    pub about: String,
    /// The account for which it waits, where it is somebody's own; with a role beside it, of somebody who may do it as well.
    pub account: Option<ActorId>,
    /// The thing that whoever does it looks at.
    pub subject: Subject,
    /// The human being concerned.
    pub person_id: Option<PersonId>,
    /// The other person of a relation.
    pub other_person_id: Option<PersonId>,
    /// The follow-up that was refused.
    pub follow_up: Option<FollowUp>,
    /// The local day by which it is to be done.
    pub due_on: NaiveDate,
    /// When it opened.
    pub opened_at: DateTime<Utc>,
    /// What it is, in English.
    pub title_en: String,
    /// What it is, in Japanese.
    pub title_ja: String,
    /// Who must not do it, since it needs another person.
    pub not_by: BTreeSet<ActorId>,
}

/// A task that does not wait any more is gone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It waits.
    #[default]
    Open,
}

/// A thing that the API serves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// Its collection.
    pub collection: String,
    /// Its id.
    pub id: Uuid,
}

/// A reaction whose command was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowUp {
    /// The stream of the refusal.
    pub id: Uuid,
    /// The reaction's name.
    pub reaction: String,
    /// The position of the event that it reacts to.
    pub event_position: u64,
    /// The refusal's code.
    pub error_code: String,
}

/// The collection of a kind of stream; a kind without one stands for itself.
pub(crate) fn collection(kind: &str) -> &str {
    match kind {
        "departure" => "departures",
        "member" => "members",
        "employment" => "employments",
        "person" => "persons",
        "no_rehire_flag" => "no-rehire-flags",
        "requisition" => "requisitions",
        "application" => "applications",
        "offer" => "offers",
        "referral" => "referrals",
        "reward" => "rewards",
        "reward_plan" => "reward-plans",
        "pay_bands" => "pay-bands",
        "incumbent_snapshot" => "incumbent-snapshots",
        "pay_policy" => "pay-policies",
        "programme_policy" => "programme-policies",
        other => other,
    }
}

impl ReadModel for Task {
    const NAME: &'static str = "tasks";
    const VERSION: u32 = 6;
    const FILTERS: &'static [&'static str] = &["audience", "kind", "account", "person_id", "about"];

    fn routes(event: &Recorded) -> Vec<Route> {
        let mut routes: Vec<Route> = steps(event)
            .iter()
            .map(|step| match step.id(event) {
                Some(id) => Route::One(id),
                None => Route::Where("about", event.stream_id.to_string()),
            })
            .collect();
        if matches!(event.event, HrEvent::Person(PersonEvent::Erased { .. })) {
            routes.extend(all_about_them(event));
        }
        routes
    }

    fn fold(id: DocumentId, document: Option<Self>, event: &Recorded) -> Option<Self> {
        if let HrEvent::Person(PersonEvent::Erased { classes, .. }) = &event.event {
            return document.and_then(|task| task.erase(classes));
        }
        match steps(event).into_iter().rev().find(|step| step.id(event).is_none_or(|own| own == id)) {
            Some(Step::Open(opening)) => Some(opening.task(event)),
            Some(Step::End(..) | Step::EndAll) => None,
            None => document,
        }
    }

    fn sort_key(&self) -> String {
        format!("{}/{}", date_key(Some(self.due_on)), position_key(self.position))
    }
}

impl Task {
    /// Falls away with what it rests on. Whoever handed in an appeal may be the person; the flag still refuses whoever
    /// may not decide.
    fn erase(mut self, classes: &RecordClasses) -> Option<Self> {
        let erasure = Erasure::of(classes);
        if self.kind.rests_on().is_some_and(|class| erasure.covers(class)) {
            return None;
        }
        if self.kind == Kind::DecideAppeal && erasure.covers(RecordClass::Profile) {
            self.not_by.clear();
        }
        Some(self)
    }
}
