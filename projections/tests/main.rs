//! Read models, given events, then documents.

mod agreement;
mod applications;
mod departures;
mod employments;
mod erasure;
mod fairness_ledger;
mod history;
mod incumbent_snapshots;
mod invariance;
mod members;
mod monitoring;
mod no_rehire_flags;
mod offers;
mod pay_bands;
mod pay_policies;
mod persons;
mod pipeline;
mod programme_policies;
mod referrals;
mod requisitions;
mod reward_plans;
mod rewards;
mod support;
mod tasks;
