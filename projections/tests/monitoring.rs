//! What monitoring computes, and what of it may be told.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod disclosure;
mod statistics;
