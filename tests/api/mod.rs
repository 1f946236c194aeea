//! The contract over HTTP, collection by collection, as its users meet it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod after_return;
mod applications;
mod contract;
mod departures;
mod employments;
mod idempotency;
mod identity;
mod incumbent_snapshots;
mod independence;
mod journeys;
mod log;
mod masking;
mod measure;
mod members;
mod monitoring;
mod my;
mod no_rehire_flags;
mod offers;
mod ops;
mod paging;
mod pay_bands;
mod pay_policies;
mod pay_sources;
mod persons;
pub mod pricing;
pub mod programme_policies;
mod range_reviews;
mod referrals;
mod requisitions;
mod reward_plans;
mod rewards;
mod tampering;
mod tasks;
