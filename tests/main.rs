//! Whole-program tests: the ledger on both stores, the program over HTTP, the house rules.
#![expect(clippy::expect_used, reason = "a test that cannot be set up has failed")]

mod api;
mod conformance;
mod house;
mod program;
mod support;
