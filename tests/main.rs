//! Whole-program tests: the ledger on both stores, the program over HTTP, crashes, the house rules.
#![expect(clippy::expect_used, reason = "a test that cannot be set up has failed")]
#![expect(
    clippy::format_collect,
    clippy::similar_names,
    reason = "short texts and short stories read best as they are"
)]

mod api;
mod conformance;
mod crash;
mod house;
mod model;
mod program;
mod support;
