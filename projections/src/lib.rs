//! What each reader sees: pure folds of the log into documents. No commands, no SQL, no clock.

pub mod applications;
pub mod departures;
pub mod employments;
pub mod fairness_ledger;
pub mod history;
pub mod incumbent_snapshots;
pub mod members;
pub mod model;
pub mod monitoring;
pub mod no_rehire_flags;
pub mod offers;
pub mod parts;
pub mod pay_bands;
pub mod pay_policies;
pub mod persons;
pub mod pipeline;
pub mod programme_policies;
pub mod referrals;
pub mod requisitions;
pub mod reward_plans;
pub mod rewards;
mod subject;
pub mod tasks;
pub mod versions;
pub mod watch;
