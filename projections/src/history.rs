//! One event as a line that a person can read: what happened, why, and which rule it followed. Serves
//! `GET /v1/history/{collection}/{id}`, which adds who and when. No line names anybody.

mod law;
mod lines;

use aggregates::values::FreeText;
use serde::{Deserialize, Serialize};

use crate::model::Recorded;

/// An event, told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HistoryLine {
    /// Its full type.
    pub event: String,
    /// What happened, in English.
    pub title_en: String,
    /// What happened, in Japanese.
    pub title_ja: String,
    /// Why, where the event says so.
    pub why: Option<Why>,
    /// The rule that was followed.
    pub rule: Option<String>,
    /// The clause, notice, text or law relied on.
    pub basis: Option<String>,
}

/// Why something happened.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Why {
    /// The coded ground.
    pub code: Option<String>,
    /// Where the evidence lies.
    pub evidence_ref: Option<String>,
    /// In words, sealed.
    pub words: Option<FreeText>,
}

/// Tells an event.
pub fn describe(event: &Recorded) -> HistoryLine {
    let lines::Line { en, ja, why, rule, basis } = lines::line(&event.event);
    HistoryLine {
        event: event.event.full_type(),
        title_en: en,
        title_ja: ja,
        why: (why != Why::default()).then_some(why),
        basis: basis.or_else(|| rule.as_deref().and_then(law::behind).map(str::to_owned)),
        rule,
    }
}
