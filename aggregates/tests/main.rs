//! The aggregates, given events, when a command, then events.

mod access;
mod application;
mod catalogue;
mod departure;
mod employment;
mod follow_up;
mod incumbents;
mod labour;
mod member;
mod no_rehire_flag;
mod offer;
mod pay;
mod pay_bands;
mod pay_policy;
mod person;
mod programme_policy;
mod referral;
mod requisition;
mod reward;
mod reward_plan;
mod samples {
    pub mod access;
    pub mod application;
    pub mod departure;
    pub mod employment;
    pub mod follow_up;
    pub mod incumbents;
    pub mod member;
    pub mod no_rehire_flag;
    pub mod offer;
    pub mod pay_bands;
    pub mod pay_policy;
    pub mod person;
    pub mod programme_policy;
    pub mod referral;
    pub mod requisition;
    pub mod reward;
    pub mod reward_plan;
}
mod support;
mod transitions;
