//! The contract over HTTP, collection by collection, as its users meet it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod departures;
