//! What several documents are made of.

use aggregates::person::RecordClasses;
use aggregates::personal::{Personal, RecordClass};
use serde::{Deserialize, Serialize};

/// How many entries a list inside a document keeps: the latest ones. All of them are read from the events.
pub const KEPT: usize = 50;

/// A yes or a no that lists can be filtered by, which a boolean cannot.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr, strum::EnumString,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum YesNo {
    /// It is so.
    Yes,
    /// It is not so.
    #[default]
    No,
}

impl From<bool> for YesNo {
    fn from(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}

/// The sort key of a position: what was recorded first comes first, whatever happens to it later.
pub(crate) fn position_key(position: i64) -> String {
    format!("{position:019}")
}

/// Adds to a list that must not grow without limit.
pub(crate) fn keep<T>(list: &mut Vec<T>, latest: T) {
    if list.len() >= KEPT {
        list.drain(..=list.len() - KEPT);
    }
    list.push(latest);
}

/// What is destroyed of a person, for documents to drop.
///
/// A sealed reference goes with its class; where a fact stood in the clear, it goes with the class that it belongs to. What
/// the employer's records say about a worker is `statutory`, all words about them `restricted`, what a member tells about
/// themselves `profile`. A reference that should outlive its value by mistake opens to nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Erasure<'a> {
    classes: &'a RecordClasses,
}

impl<'a> Erasure<'a> {
    pub(crate) const fn of(classes: &'a RecordClasses) -> Self {
        Self { classes }
    }

    /// Whether what is recorded under `class` is gone.
    pub(crate) fn covers(self, class: RecordClass) -> bool {
        self.classes.contains(class)
    }

    /// A reference of which only the mark remains.
    pub(crate) fn seal<T>(self, class: RecordClass, value: &mut Personal<T>) {
        if self.covers(class) {
            *value = Personal::Erased;
        }
    }

    /// The same where there may be none.
    pub(crate) fn seals<T>(self, class: RecordClass, value: Option<&mut Personal<T>>) {
        if let Some(value) = value {
            self.seal(class, value);
        }
    }

    /// A fact that stood in the clear under a random id.
    pub(crate) fn fact<T>(self, class: RecordClass, value: &mut Option<T>) {
        if self.covers(class) {
            *value = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{KEPT, keep, position_key};

    #[test]
    fn positions_sort_as_text() {
        assert!(position_key(9) < position_key(10));
        assert_eq!(position_key(i64::MAX).len(), position_key(1).len());
    }

    #[test]
    fn a_list_keeps_the_latest() {
        let mut list = Vec::new();
        for entry in 0..=KEPT {
            keep(&mut list, entry);
        }
        assert_eq!((list.len(), list.first(), list.last()), (KEPT, Some(&1), Some(&KEPT)));
    }
}
