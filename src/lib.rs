//! Okaeri (おかえり, "welcome back"): the event-sourced engine on which an employer runs its alumni programme.
//!
//! [`aggregates`] decide, the [`ledger`] records, [`projections`] fold, this crate serves.

/// A command makes and drops thousands of small values, many of them on another thread than they were made on.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

pub mod backtest;
pub mod config;
pub mod dispatch;
pub mod employer;
pub mod erasure;
pub mod feed;
pub mod gather;
pub mod http;
pub mod identity;
pub mod import;
pub mod intake;
pub mod invitation;
pub mod ledger;
pub mod monitoring;
pub mod offer_pack;
pub mod pay_rule;
pub mod printed;
pub mod reactions;
pub mod replay;
pub mod search;
pub mod serve;
pub mod telemetry;
