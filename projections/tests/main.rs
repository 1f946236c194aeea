//! Read models, given events, then documents.

mod agreement;
mod departures;
mod employments;
mod erasure;
mod history;
mod invariance;
mod members;
mod no_rehire_flags;
mod persons;
mod support;
mod tasks;
