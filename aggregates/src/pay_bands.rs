//! A version of an entity's pay bands (賃金テーブル), taken over from a file as a dated fact. Stream `pay_bands/{id}`. One
//! version of a name: claim `pay_bands`, key `{legal_entity}/{version}`. A version is never changed; another one follows it.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ids::{ActorId, PersonId};
use crate::issued::Issued;
use crate::keys::number_key;
use crate::pay::Band;
use crate::pay_policy::EDIT_DAYS;
use crate::stream::{Claim, Stream, Wakes, event_sourced};
use crate::values::EvidenceRef;

/// The most bands that a version may have.
pub const MOST_BANDS: usize = 5_000;

/// A version of pay bands as it was taken over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BandVersion {
    /// The entity.
    pub legal_entity: String,
    /// Its name, such as `2026-04`.
    pub version: String,
    /// The first day on which it is in force.
    pub effective_from: NaiveDate,
    /// The currency of its amounts.
    pub currency: String,
    /// The bands, in the order of grade, job family and zone.
    pub bands: Vec<Band>,
    /// SHA-256 of the canonical JSON of all of it above, in lower-case hexadecimal.
    pub sha256: String,
    /// Where its approval outside this program lies: whoever takes an approved file over has not edited it (PAY-24).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval_ref: Option<EvidenceRef>,
}

/// Facts about versions of pay bands, kept forever. Add a variant or an optional field; never edit or remove one.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumMessage,
    strum::VariantNames,
    strum::EnumDiscriminants,
)]
#[serde(tag = "type", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[strum_discriminants(
    name(PayBandsEventType),
    doc = "The types of [`PayBandsEvent`].",
    derive(strum::EnumIter, strum::EnumMessage, strum::IntoStaticStr),
    strum(serialize_all = "snake_case")
)]
pub enum PayBandsEvent {
    /// A version was taken over from a file.
    Imported {
        /// The version.
        version: Box<BandVersion>,
        /// Who took it over.
        imported_by: ActorId,
        /// The local day (PAY-24).
        imported_on: NaiveDate,
    },
}

/// What can be asked of a version of pay bands.
#[derive(Clone, Debug)]
pub enum PayBandsCommand {
    /// Take it over.
    Import(Box<BandVersion>),
    /// Look at the clock.
    Wake,
}

impl Wakes for PayBandsCommand {
    fn wake() -> Self {
        Self::Wake
    }
}

/// State: the version, and who took it over.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum PayBands {
    /// No version was taken over under this id.
    #[default]
    Unrecorded,
    /// One was.
    Imported {
        /// The version.
        version: Box<BandVersion>,
        /// Who took it over.
        by: ActorId,
        /// The local day.
        on: NaiveDate,
    },
}

/// Why a command is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum PayBandsError {
    /// A version that says nothing.
    #[error("a version of pay bands has 1 to {MOST_BANDS} bands")]
    BandCount,
    /// The bounds of a band are in no order.
    #[error("the band of {grade}, {job_family}, {location} needs 0 < minimum < midpoint < maximum")]
    BandUnordered {
        /// Grade.
        grade: String,
        /// Job family.
        job_family: String,
        /// Zone.
        location: String,
    },
    /// Two bands for the same place.
    #[error("the band of {grade}, {job_family}, {location} stands twice")]
    BandTwice {
        /// Grade.
        grade: String,
        /// Job family.
        job_family: String,
        /// Zone.
        location: String,
    },
    /// A version is never changed.
    #[error("the version {version} was taken over with other content; a change is another version")]
    VersionDiffers {
        /// The version.
        version: String,
    },
}

impl PayBands {
    fn after(self, event: PayBandsEvent) -> Self {
        match (self, event) {
            (Self::Unrecorded, PayBandsEvent::Imported { version, imported_by: by, imported_on: on }) => {
                Self::Imported { version, by, on }
            }
            // History cannot be refused: what does not fit changes nothing.
            (state @ Self::Imported { .. }, _) => state,
        }
    }

    /// The version, once it was taken over.
    pub const fn version(&self) -> Option<&BandVersion> {
        match self {
            Self::Unrecorded => None,
            Self::Imported { version, .. } => Some(version),
        }
    }

    /// Who edited the bands within the days that bar from proposing and approving (PAY-24): nobody where the file was
    /// approved outside.
    pub fn edited_lately(&self, on: NaiveDate) -> Option<ActorId> {
        match self {
            Self::Imported { version, by, on: day } if version.approval_ref.is_none() => {
                let over = day.checked_add_days(Days::new(EDIT_DAYS)).is_some_and(|until| until <= on);
                (!over).then_some(*by)
            }
            Self::Unrecorded | Self::Imported { .. } => None,
        }
    }
}

impl BandVersion {
    /// The band of a grade, job family and zone.
    pub fn band(&self, grade: &str, job_family: &str, location: &str) -> Option<&Band> {
        self.bands.iter().find(|band| band.grade == grade && band.job_family == job_family && band.location == location)
    }

    /// The grades, lowest first, by the lowest midpoint that each has in any family. What families pay differs: assessments
    /// rank by [`Self::ranking`] since the third version of their rules.
    pub fn grades(&self) -> Vec<String> {
        ranked(&self.bands)
    }

    /// The grades, lowest first, as the first of these families ranks them that has a band for all of the grades asked for;
    /// where none has, by the lowest midpoint in any family.
    pub fn ranking(&self, job_families: &[&str], grades: &[&str]) -> Vec<String> {
        let of_family = |family: &&str| ranked(self.bands.iter().filter(|band| band.job_family == **family));
        let knows = |ranking: &Vec<String>| grades.iter().all(|grade| ranking.iter().any(|one| one == grade));
        job_families.iter().map(of_family).find(knows).unwrap_or_else(|| self.grades())
    }

    fn check(&self) -> Result<(), PayBandsError> {
        if !(1..=MOST_BANDS).contains(&self.bands.len()) {
            return Err(PayBandsError::BandCount);
        }
        let mut places = std::collections::BTreeSet::new();
        for band in &self.bands {
            let Band { grade, job_family, location, minimum, midpoint, maximum } = band.clone();
            if !(0 < minimum && minimum < midpoint && midpoint < maximum) {
                return Err(PayBandsError::BandUnordered { grade, job_family, location });
            }
            if !places.insert((&band.grade, &band.job_family, &band.location)) {
                return Err(PayBandsError::BandTwice { grade, job_family, location });
            }
        }
        Ok(())
    }
}

fn ranked<'a>(bands: impl IntoIterator<Item = &'a Band>) -> Vec<String> {
    let mut lowest: std::collections::BTreeMap<&str, i64> = std::collections::BTreeMap::new();
    for band in bands {
        let known = lowest.entry(&band.grade).or_insert(band.midpoint);
        *known = band.midpoint.min(*known);
    }
    let mut grades: Vec<(i64, &str)> = lowest.into_iter().map(|(grade, midpoint)| (midpoint, grade)).collect();
    grades.sort_unstable();
    grades.into_iter().map(|(_, grade)| grade.to_owned()).collect()
}

/// The key of the claim `pay_bands`.
pub fn band_key(legal_entity: &str, version: &str) -> String {
    number_key(legal_entity, version)
}

impl Stream for PayBands {
    type Order = PayBandsCommand;

    fn decide(&self, issued: Issued<PayBandsCommand>) -> Result<Vec<PayBandsEvent>, PayBandsError> {
        let Issued { by, on, command, .. } = issued;
        match (self, command) {
            (Self::Unrecorded | Self::Imported { .. }, PayBandsCommand::Wake) => Ok(vec![]),
            (Self::Unrecorded, PayBandsCommand::Import(version)) => {
                version.check()?;
                Ok(vec![PayBandsEvent::Imported { version, imported_by: by.id, imported_on: on }])
            }
            (Self::Imported { version: known, .. }, PayBandsCommand::Import(version)) => {
                if known.sha256 == version.sha256 {
                    return Ok(vec![]);
                }
                Err(PayBandsError::VersionDiffers { version: known.version.clone() })
            }
        }
    }

    fn state(&self) -> &'static str {
        match self {
            Self::Unrecorded => "unrecorded",
            Self::Imported { .. } => "imported",
        }
    }

    /// Bands are nobody's.
    fn subject(&self) -> Option<PersonId> {
        None
    }

    fn claims(&self, id: Uuid, event: &PayBandsEvent) -> Vec<Claim> {
        let PayBandsEvent::Imported { version, .. } = event;
        vec![Claim::take("pay_bands", band_key(&version.legal_entity, &version.version), id)]
    }
}

event_sourced!(PayBands, PayBandsEvent, PayBandsCommand, PayBandsError, "pay_bands");
