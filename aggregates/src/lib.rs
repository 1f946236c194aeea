//! What is true and what is allowed: the domain of Okaeri as pure aggregates.
//!
//! Nothing in this crate has a clock, randomness or IO. A command arrives as [`issued::Issued`], with its actor, instant
//! and local date; [`stream::Stream::decide`] answers with events or a named refusal; `apply` folds events and cannot fail.

pub mod access;
pub mod application;
pub mod catalogue;
pub mod checks;
pub mod departure;
pub mod eligibility;
pub mod employment;
pub mod follow_up;
pub mod ids;
pub mod incumbents;
pub mod issued;
pub mod keys;
pub mod labour;
pub mod member;
pub mod no_rehire_flag;
pub mod offer;
pub mod pay;
pub mod pay_bands;
pub mod pay_policy;
pub mod person;
pub mod personal;
pub mod programme_policy;
pub mod referral;
pub mod rehire_policy;
pub mod requisition;
pub mod reward;
pub mod reward_plan;
pub mod stream;
pub mod upcast;
pub mod values;
pub mod versions;
