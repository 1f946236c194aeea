//! What a read model is: a struct, the JSON that the API returns, and a fold.

use aggregates::catalogue::HrEvent;
use aggregates::ids::PersonId;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

/// The id of a document within its model.
pub type DocumentId = Uuid;

/// An event as folds see it: what happened, where in the log, and under whose name.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The place in the employer's log, from 1.
    pub position: i64,
    /// The aggregate's id.
    pub stream_id: Uuid,
    /// The place in the stream, from 1; the version that `If-Match` compares.
    pub sequence: i64,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// The employer's local date at that instant.
    pub on: NaiveDate,
    /// Who caused it: an entry of the actor directory.
    pub actor: Option<Uuid>,
    /// In which role.
    pub role: Option<String>,
    /// The human being that it is about.
    pub subject: Option<PersonId>,
    /// What happened, in its current form.
    pub event: HrEvent,
}

/// Which documents an event touches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// The one with this id; made if it does not exist.
    One(DocumentId),
    /// Every one whose filter has this value.
    Where(&'static str, String),
}

/// A read model. `fold` is total: no clock, no lookup, no counter.
pub trait ReadModel: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {
    /// The name of the model and of its table.
    const NAME: &'static str;
    /// Raised when the fold or the document changes: a new table fills beside the old one, then takes over.
    const VERSION: u32;
    /// Top-level members of the document that lists filter by: text or enums, never numbers or booleans.
    const FILTERS: &'static [&'static str];

    /// The documents that `event` touches.
    fn routes(event: &Recorded) -> Vec<Route>;

    /// The document after `event`; `None` when there is none any more.
    fn fold(id: DocumentId, document: Option<Self>, event: &Recorded) -> Option<Self>;

    /// What lists are ordered by, bytewise. Total and of fixed width; a missing date sorts as `~`.
    fn sort_key(&self) -> String;

    /// The version of the stream the document shows, for `ETag`; 0 where it shows none.
    fn version(&self) -> i64 {
        0
    }
}

/// The sort key of a date; a missing one sorts last.
pub fn date_key(date: Option<NaiveDate>) -> String {
    date.map_or_else(|| "~".to_owned(), |date| date.to_string())
}
