//! The aggregates, given events, when a command, then events.

mod catalogue;
mod departure;
mod employment;
mod follow_up;
mod member;
mod no_rehire_flag;
mod person;
mod samples {
    pub mod departure;
    pub mod employment;
    pub mod follow_up;
    pub mod member;
    pub mod no_rehire_flag;
    pub mod person;
}
mod support;
