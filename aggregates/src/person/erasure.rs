//! Erasing a person's data: what, why, and what remains as proof (ERA-03 to ERA-06).

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use strum::IntoEnumIterator;

use super::{PersonError, PersonEvent};
use crate::ids::PersonId;
use crate::personal::RecordClass;

/// Record classes of one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordClasses {
    /// Every class, also those that come to be known later.
    All,
    /// These alone.
    Only(BTreeSet<RecordClass>),
}

impl RecordClasses {
    /// No class.
    pub const fn none() -> Self {
        Self::Only(BTreeSet::new())
    }

    /// Whether every class is among them.
    pub fn is_all(&self) -> bool {
        RecordClass::iter().all(|class| self.contains(class))
    }

    /// Whether the class is among them.
    pub fn contains(&self, class: RecordClass) -> bool {
        match self {
            Self::All => true,
            Self::Only(classes) => classes.contains(&class),
        }
    }

    /// These and the others.
    #[must_use]
    pub fn with(self, others: Self) -> Self {
        match (self, others) {
            (Self::Only(mut classes), Self::Only(others)) => {
                classes.extend(others);
                Self::Only(classes)
            }
            (Self::All, _) | (_, Self::All) => Self::All,
        }
    }

    /// What is left of these without the others. `All` stays `All` unless every class is among the others.
    #[must_use]
    pub fn without(self, others: &Self) -> Self {
        match self {
            Self::All if others.is_all() => Self::none(),
            Self::All => Self::All,
            Self::Only(classes) => Self::Only(classes.into_iter().filter(|&class| !others.contains(class)).collect()),
        }
    }
}

/// Why personal data is erased.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr, strum::EnumString, strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ErasureGround {
    /// The retention period has ended (PRV-04).
    RetentionEnded,
    /// The person asked for it (PRV-09).
    PersonRequest,
    /// The person left the programme.
    ProgrammeLeft,
    /// It was made up for a trial.
    TestData,
}

/// What remains as proof of an erasure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ErasureCertificate {
    /// The fingerprint of each key that is destroyed, in lower-case hexadecimal.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub key_fingerprints: BTreeMap<RecordClass, String>,
    /// What had to be kept, why, and until when (ERA-05).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<KeptClass>,
    /// The day on which the last backup of the keys expires; the erasure is complete from then on (ERA-04).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backups_expire_on: Option<NaiveDate>,
}

/// A record class that an erasure leaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptClass {
    /// The class.
    pub class: RecordClass,
    /// Why it is kept.
    pub because: KeptBecause,
    /// The day on which it will be erased, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
}

/// Why a record class is kept.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr, strum::EnumString, strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum KeptBecause {
    /// A law says how long (労基法109条 and others).
    StatutoryPeriod,
    /// A legal hold suspends its erasure.
    LegalHold,
    /// A case of the person is open.
    OpenCase,
}

pub(super) fn erase(
    erased: &RecordClasses,
    person_id: PersonId,
    classes: RecordClasses,
    ground: ErasureGround,
    certificate: ErasureCertificate,
) -> Result<Vec<PersonEvent>, PersonError> {
    if classes == RecordClasses::none() {
        return Err(PersonError::NothingToErase);
    }
    if let Some(kept) = certificate.kept.iter().find(|kept| classes.contains(kept.class)) {
        return Err(PersonError::KeptAndErased { class: kept.class });
    }
    let classes = classes.without(erased);
    if classes == RecordClasses::none() {
        return Ok(vec![]);
    }
    Ok(vec![PersonEvent::Erased { person_id, classes, ground, certificate }])
}
