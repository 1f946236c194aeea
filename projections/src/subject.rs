//! Whom an event is about, and where their documents are.

use aggregates::ids::PersonId;

use crate::model::{Recorded, Route};

/// The human being that an event is about: whoever its stream was about when it was recorded, which for a self-claim is a
/// provisional person until it is approved.
pub(crate) const fn person_of(event: &Recorded) -> Option<PersonId> {
    event.subject
}

/// Every document about that human being, in a model that lists filter by `person_id`.
pub(crate) fn all_about_them(event: &Recorded) -> Vec<Route> {
    person_of(event).map(|person| Route::Where("person_id", person.to_string())).into_iter().collect()
}
