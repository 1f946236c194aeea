//! What each reader sees: pure folds of the log into documents. No commands, no SQL, no clock.

pub mod departures;
pub mod employments;
pub mod history;
pub mod members;
pub mod model;
pub mod no_rehire_flags;
pub mod parts;
pub mod persons;
mod subject;
pub mod tasks;
