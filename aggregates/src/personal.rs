//! Personal data in events: sealed before anything is recorded, so that it can be erased without touching the log.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::ids::VaultRef;

/// What a piece of personal data is kept for. Keys exist per person and class, so that erasing one class leaves the
/// others readable (ERA-03).
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
pub enum RecordClass {
    /// What a member tells the programme about themselves: contact, skills, intents.
    Profile,
    /// What the employer must keep about its workers (労働者名簿, 労基法107・109条).
    Statutory,
    /// What selection produces: motivation, scorecards, notes.
    Recruiting,
    /// What a pay decision was based on.
    PayDecision,
    /// Health and family circumstances.
    Health,
    /// Exit reason, misconduct and other sensitive facts with few readers (PRV-12, PRV-13).
    Restricted,
    /// What a member writes to other members.
    Community,
    /// Groups declared for monitoring (MON-, 任意申告), never joined to decisions.
    Monitoring,
}

/// A value that names or describes a person.
///
/// `New` exists only between the edge and the ledger; events, states and documents hold `Sealed`; whoever may read the
/// value is given it by the edge, which opens the reference. `Erased` is what remains when the key is gone.
#[derive(Clone, PartialEq, Eq)]
pub enum Personal<T> {
    /// Not recorded yet.
    New {
        /// Which key the ledger seals it under.
        class: RecordClass,
        /// The value itself.
        value: T,
    },
    /// Recorded: a reference into the vault and a commitment to the value.
    Sealed(Sealed),
    /// The key or the value has been destroyed.
    Erased,
}

/// What an event holds of a personal value.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sealed {
    /// Where the vault keeps the value.
    #[serde(rename = "ref")]
    pub reference: VaultRef,
    /// SHA-256(salt ‖ value) in lower-case hexadecimal; the salt is 128 random bits kept with the value (ERA-01, ERA-02).
    pub commitment: String,
}

impl<T> Personal<T> {
    /// A value that is about to be recorded under `class`.
    pub const fn new(class: RecordClass, value: T) -> Self {
        Self::New { class, value }
    }

    /// The vault reference, once there is one.
    pub const fn reference(&self) -> Option<VaultRef> {
        match self {
            Self::Sealed(sealed) => Some(sealed.reference),
            Self::New { .. } | Self::Erased => None,
        }
    }
}

impl<T> std::fmt::Debug for Personal<T> {
    /// Never shows the value: debug output ends in logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::New { class, .. } => write!(f, "New({class:?}, …)"),
            Self::Sealed(sealed) => write!(f, "Sealed({})", sealed.reference),
            Self::Erased => f.write_str("Erased"),
        }
    }
}

/// The member that marks an unsealed value in serialized form. The ledger replaces every object that has it, and refuses
/// to store one that still does.
pub const UNSEALED: &str = "unsealed";

#[derive(Serialize)]
struct UnsealedForm<'a, T> {
    unsealed: &'a T,
    class: RecordClass,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ErasedForm {
    erased: bool,
}

impl<T: Serialize> Serialize for Personal<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::New { class, value } => UnsealedForm { unsealed: value, class: *class }.serialize(serializer),
            Self::Sealed(sealed) => sealed.serialize(serializer),
            Self::Erased => ErasedForm { erased: true }.serialize(serializer),
        }
    }
}

impl<'de, T> Deserialize<'de> for Personal<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Stored {
            Sealed(Sealed),
            Erased(#[expect(dead_code, reason = "its presence is the whole message")] ErasedForm),
        }
        match Stored::deserialize(deserializer) {
            Ok(Stored::Sealed(sealed)) => Ok(Self::Sealed(sealed)),
            Ok(Stored::Erased(_)) => Ok(Self::Erased),
            Err(_) => Err(de::Error::custom("a personal value is stored neither sealed nor erased")),
        }
    }
}
