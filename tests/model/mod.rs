//! Histories at random, held against a simple model of each machine: whatever people ask for in whatever state, no history
//! breaks what must always hold, and everything that waits for somebody ends.
//!
//! The same histories each time; `PROPTEST_RNG_SEED` draws others, and `PROPTEST_CASES` says how many. What is found is
//! shrunk to the fewest steps and printed with its seed.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(
    clippy::wildcard_enum_match_arm,
    clippy::struct_excessive_bools,
    clippy::fn_params_excessive_bools,
    reason = "a model is a table of facts, and what is not in it is refused"
)]

mod cast;
mod commands;
mod end;
mod history;
mod log;
mod machines;
mod request;

use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};
use serde_json::Value;

use self::cast::Cast;
use self::commands::{Command, Setting, certain_return, histories};
use self::history::History;
use crate::program::people::Tenant;
use crate::program::served_by_both_stores;
use crate::program::server::Home;
use crate::support::StoreKind;

served_by_both_stores!(no_history_breaks_what_must_always_hold);

/// What the histories are drawn from, unless `PROPTEST_RNG_SEED` says otherwise.
const SEED: u64 = 2026;

/// How many histories, unless `PROPTEST_CASES` says otherwise.
const fn cases(kind: StoreKind) -> u32 {
    match kind {
        StoreKind::Sqlite => 16,
        StoreKind::Postgres => 8,
    }
}

fn no_history_breaks_what_must_always_hold(kind: StoreKind) {
    let asked = Config::default();
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { asked.cases } else { cases(kind) };
    let seed = match asked.rng_seed {
        RngSeed::Fixed(seed) => seed,
        RngSeed::Random => SEED,
    };
    for setting in [Setting::Plain, Setting::OutsidersRefer, Setting::TwoApprove] {
        let log = happens(kind, setting, &certain_return());
        for event in ["offer.extended", "application.rejoined", "reward.fell_due"] {
            assert!(log.iter().any(|one| one["type"] == event), "{setting:?}: never {event}");
        }
    }
    let config =
        Config { failure_persistence: None, cases, max_shrink_iters: 60, rng_seed: RngSeed::Fixed(seed), ..asked };
    let told = TestRunner::new(config).run(&histories(), |(setting, commands)| {
        happens(kind, setting, &commands);
        Ok::<(), TestCaseError>(())
    });
    if let Err(failure) = told {
        panic!("PROPTEST_RNG_SEED={seed}: {failure}");
    }
}

/// One history, on a ledger of its own with a clock of its own; its log.
fn happens(kind: StoreKind, setting: Setting, commands: &[Command]) -> Vec<Value> {
    let mut home = Home::with_employers(kind, &["acme"]);
    home.set("OKAERI_LOG", "warn");
    let server = home.serve();
    let mut history = History::begin(Cast::prepare(Tenant::of(&home, &server, "acme"), setting));
    for command in commands {
        history.step(command);
    }
    log::check(&log::whole(&history.cast.compliance), setting);
    end::no_task_outlives_its_subject(&history);
    end::run_out(&mut history);
    let log = log::whole(&history.cast.compliance);
    log::check(&log, setting);
    end::no_task_outlives_its_subject(&history);
    end::nothing_waits(&history);
    end::decisions_replay(&history);
    log
}
