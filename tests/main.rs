//! Whole-program tests: the ledger on both stores, the house rules.
#![expect(clippy::expect_used, reason = "a test that cannot be set up has failed")]

mod conformance;
mod house;
mod support;
