//! The closed lists that events about persons draw on.

use serde::{Deserialize, Serialize};

/// What speaks for or against two records being one person.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum MatchEvidence {
    /// For: the same name, by characters or by reading.
    SameName,
    /// For: born on the same day.
    SameBirthDate,
    /// For: the same private mail address.
    SameEmail,
    /// Against: both were employed at the same time.
    OverlappingPeriods,
}

impl MatchEvidence {
    /// Whether it speaks for one person rather than two.
    pub const fn speaks_for(self) -> bool {
        match self {
            Self::SameName | Self::SameBirthDate | Self::SameEmail => true,
            Self::OverlappingPeriods => false,
        }
    }
}

/// Why two records are held to be one person.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum LinkReason {
    /// The same employee number within an entity.
    SameEmployeeNumber,
    /// One record names the other's number as an earlier one.
    PreviousEmployeeNumber,
    /// Papers were seen.
    DocumentsSeen,
    /// The person said so, and was identified.
    PersonConfirmed,
    /// Another ground, told in the note.
    Other,
}

/// Why two records are held to be two people.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum UnlinkReason {
    /// They are two people, such as namesakes born on one day.
    DifferentPeople,
    /// The evidence does not carry the link.
    EvidenceInsufficient,
    /// The link was recorded by mistake.
    RecordedByMistake,
    /// The person said so, and was identified.
    PersonObjected,
    /// Another ground, told in the note.
    Other,
}
