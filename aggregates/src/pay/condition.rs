//! The conditions that an offer can meet, and the tiers they put it in (compliance rules, outcome table of pay at return).

use serde::{Deserialize, Serialize};

/// How strictly an offer is dealt with. The order is the order of strictness.
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
pub enum Tier {
    /// Allowed.
    A,
    /// The returner would be placed too low: raise, or one exception.
    #[serde(rename = "B'")]
    #[strum(serialize = "B'")]
    BPrime,
    /// One exception.
    B,
    /// Two exceptions, and a plan to remedy where somebody is leapfrogged.
    C,
    /// Three exceptions, and a dated, budgeted plan to remedy.
    D,
    /// Blocked: above the band.
    E,
    /// Blocked: below the band, the minimum wage, or what law requires.
    F,
}

/// What a condition is about: a ratio, or something beside them. `rule` of what is to be acknowledged.
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
pub enum Ground {
    /// Compa-ratio: base ÷ midpoint.
    #[serde(rename = "CR")]
    #[strum(serialize = "CR")]
    CompaRatio,
    /// Range penetration: (base − minimum) ÷ (maximum − minimum).
    #[serde(rename = "RP")]
    #[strum(serialize = "RP")]
    RangePenetration,
    /// Peer ratio: base ÷ median of the peers.
    #[serde(rename = "PR")]
    #[strum(serialize = "PR")]
    PeerRatio,
    /// Leapfrog share: of the equally or better qualified peers, those materially overtaken.
    #[serde(rename = "LS")]
    #[strum(serialize = "LS")]
    LeapfrogShare,
    /// Manager differential: (manager's base − base) ÷ base.
    #[serde(rename = "MD")]
    #[strum(serialize = "MD")]
    ManagerDifferential,
    /// Stayer ratio: base ÷ median of those who stayed.
    #[serde(rename = "SR")]
    #[strum(serialize = "SR")]
    StayerRatio,
    /// Distance from guide pay: (base − guide pay) ÷ guide pay.
    #[serde(rename = "G")]
    #[strum(serialize = "G")]
    GuideDistance,
    /// The comparators themselves.
    #[serde(rename = "C")]
    #[strum(serialize = "C")]
    Comparators,
    /// The band itself.
    #[serde(rename = "BAND")]
    #[strum(serialize = "BAND")]
    Band,
    /// What is paid once.
    #[serde(rename = "SIGN-ON")]
    #[strum(serialize = "SIGN-ON")]
    SignOn,
    /// The minimum wage.
    #[serde(rename = "PAY-09")]
    #[strum(serialize = "PAY-09")]
    MinimumWage,
    /// Equal treatment of those who return part-time or for a fixed term.
    #[serde(rename = "PAY-01")]
    #[strum(serialize = "PAY-01")]
    EqualTreatment,
    /// That the candidate is told the range in time.
    #[serde(rename = "PAY-05")]
    #[strum(serialize = "PAY-05")]
    RangeDisclosure,
}

/// A condition of the outcome table that an offer met.
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
pub enum Condition {
    /// In the third quarter of the range.
    RangeThirdQuarter,
    /// In the top quarter of the range.
    RangeTopQuarter,
    /// Above the maximum of the band.
    AboveMaximum,
    /// Below the minimum of the band.
    BelowMinimum,
    /// Below what peers earn: under-placed.
    BelowPeers,
    /// Above what peers earn.
    AbovePeers,
    /// Well above it.
    WellAbovePeers,
    /// Far above it.
    FarAbovePeers,
    /// Below what those who stayed earn: under-placed.
    BelowStayers,
    /// Well above it.
    WellAboveStayers,
    /// Far above it.
    FarAboveStayers,
    /// Few of the equally or better qualified are overtaken.
    FewLeapfrogged,
    /// Some are.
    SomeLeapfrogged,
    /// Many are.
    ManyLeapfrogged,
    /// Close to what the manager earns.
    CloseToManager,
    /// Above it.
    AboveManager,
    /// Away from guide pay.
    AwayFromGuide,
    /// Too few comparators, however wide one looks.
    ThinComparators,
    /// The band has been in force for a few days only.
    FreshBand,
    /// What is paid once exceeds a month's base.
    LargeSignOn,
    /// Below the minimum wage.
    BelowMinimumWage,
    /// Worse than regular workers, without a reason that holds.
    WorseThanRegular,
    /// The candidate was told no range, where a law requires it.
    RangeNotTold,
}

impl Condition {
    /// The tier that it puts an offer in.
    pub const fn tier(self) -> Tier {
        match self {
            Self::BelowPeers | Self::BelowStayers => Tier::BPrime,
            Self::RangeThirdQuarter | Self::AbovePeers | Self::FewLeapfrogged | Self::AwayFromGuide => Tier::B,
            Self::RangeTopQuarter
            | Self::WellAbovePeers
            | Self::WellAboveStayers
            | Self::SomeLeapfrogged
            | Self::CloseToManager
            | Self::ThinComparators
            | Self::FreshBand => Tier::C,
            Self::FarAbovePeers
            | Self::FarAboveStayers
            | Self::ManyLeapfrogged
            | Self::AboveManager
            | Self::LargeSignOn => Tier::D,
            Self::AboveMaximum => Tier::E,
            Self::BelowMinimum | Self::BelowMinimumWage | Self::WorseThanRegular | Self::RangeNotTold => Tier::F,
        }
    }

    /// What it is about.
    pub const fn ground(self) -> Ground {
        match self {
            Self::RangeThirdQuarter | Self::RangeTopQuarter | Self::AboveMaximum | Self::BelowMinimum => {
                Ground::RangePenetration
            }
            Self::BelowPeers | Self::AbovePeers | Self::WellAbovePeers | Self::FarAbovePeers => Ground::PeerRatio,
            Self::BelowStayers | Self::WellAboveStayers | Self::FarAboveStayers => Ground::StayerRatio,
            Self::FewLeapfrogged | Self::SomeLeapfrogged | Self::ManyLeapfrogged => Ground::LeapfrogShare,
            Self::CloseToManager | Self::AboveManager => Ground::ManagerDifferential,
            Self::AwayFromGuide => Ground::GuideDistance,
            Self::ThinComparators => Ground::Comparators,
            Self::FreshBand => Ground::Band,
            Self::LargeSignOn => Ground::SignOn,
            Self::BelowMinimumWage => Ground::MinimumWage,
            Self::WorseThanRegular => Ground::EqualTreatment,
            Self::RangeNotTold => Ground::RangeDisclosure,
        }
    }
}

/// A condition that an offer met, with the tier of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fired {
    /// Which.
    pub condition: Condition,
    /// What it is about.
    pub ground: Ground,
    /// The tier that it puts the offer in.
    pub tier: Tier,
}

impl From<Condition> for Fired {
    fn from(condition: Condition) -> Self {
        Self { condition, ground: condition.ground(), tier: condition.tier() }
    }
}
