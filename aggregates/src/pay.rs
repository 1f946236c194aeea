//! Pay at return: what an offer is compared with, the ratios, and the tier that they put it in (PAY-).
//!
//! Everything here is a pure function of its arguments, in integers and exact fractions. The same facts under the same
//! policy give the same [`Assessment`], byte for byte, which is how a decision is replayed years later.

mod assess;
mod condition;
mod equal_treatment;
mod facts;
mod fraction;
mod loosening;
mod peers;
mod policy;

pub use assess::{
    AfterPricing, Assessment, BandUsed, EVERY_YEAR, Excluded, Exclusion, Leapfrogged, PeerSet, Ratio, Ratios, Scope,
    StayerSet, Undefined, assess, median,
};
pub use condition::{Condition, Fired, Ground, Tier};
pub use equal_treatment::{
    ComparedItem, DifferenceReason, RULE as EQUAL_TREATMENT, RegularComparison, Treatment, is_compared,
};
pub use facts::{
    BY_FAMILY, Band, Cohort, Facts, Incumbent, LastRating, OfferedPay, Qualification, RULES, Stayer, Stint,
};
pub use fraction::Fraction;
pub use loosening::Loosening;
pub use peers::{enough_of_family, is_near, stayer_candidates};
pub use policy::{
    EXPLANATION_DAYS, FISCAL_YEAR_ENDS, FOLLOWED_MONTHS, FULL_TIME_HOURS, GuideStep, HistoryBan, JobFunction,
    MinimumWage, PolicyTerms, RangeDisclosure, SMALLEST_GROUP, SPLIT_MONTHS, Seat, Thresholds, Unsound, filled,
};

/// Why facts cannot be assessed at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum PayError {
    /// A figure would not fit; it is refused, not wrapped.
    #[error("a figure of the assessment does not fit into 128 bits")]
    Overflow,
    /// Amounts of two currencies do not compare.
    #[error("the offer is in {offered}, what it is compared with in {compared}")]
    CurrencyMismatch {
        /// The offer's.
        offered: String,
        /// The other.
        compared: String,
    },
}
