//! The aggregates, given events, when a command, then events.
