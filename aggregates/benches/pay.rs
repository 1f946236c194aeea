//! How long it takes to assess an offer, against the sort that it has to contain; and how many recorded assessments are
//! computed again in a second, against a plain loop over the arithmetic.
//!
//! `cargo bench -p okaeri-aggregates --bench pay`. Medians of interleaved rounds, in one process, without a store.
#![expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
#![expect(clippy::expect_used, reason = "a benchmark that cannot be set up has failed")]

use std::collections::BTreeSet;
use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use aggregates::pay::{
    Band, Cohort, Facts, Incumbent, LastRating, OfferedPay, PolicyTerms, Qualification, RULES, assess,
};
use aggregates::values::{EmploymentType, Money};
use chrono::NaiveDate;

/// Incumbents of the one large cohort.
const INCUMBENTS: usize = 50_000;
/// Incumbents of a usual cohort.
const USUAL: usize = 200;
/// Rounds; the figures are medians.
const ROUNDS: usize = 31;
/// What an assessment may take of the sort.
const BAR: f64 = 3.0;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn yen(amount: i64) -> Money {
    Money { amount, currency: "JPY".to_owned() }
}

/// Numbers that look like nothing in particular, the same every time.
fn scattered(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *seed >> 33
}

fn incumbents(count: usize) -> Vec<Incumbent> {
    let mut seed = 2026;
    (0..count)
        .map(|number| Incumbent {
            employee_number: format!("A-{number:06}").into(),
            hired_on: day("2015-04-01"),
            location: "osaka".into(),
            employment_type: EmploymentType::Regular,
            base: 6_000_000 + i64::try_from(scattered(&mut seed) % 3_000_000).unwrap_or(0),
            experience_months: Some(u32::try_from(scattered(&mut seed) % 360).unwrap_or(0)),
            rating: Some(u8::try_from(1 + scattered(&mut seed) % 5).unwrap_or(1)),
            manager_employee_number: None,
            on_notice: scattered(&mut seed).is_multiple_of(50),
            red_circled: scattered(&mut seed).is_multiple_of(50),
        })
        .collect()
}

fn facts(count: usize) -> Facts {
    let band = Band {
        grade: "G4".to_owned(),
        job_family: "driver".to_owned(),
        location: "osaka".to_owned(),
        minimum: 6_000_000,
        midpoint: 7_500_000,
        maximum: 9_000_000,
    };
    Facts {
        on: day("2026-11-25"),
        currency: "JPY".to_owned(),
        offered: OfferedPay {
            grade: "G4".to_owned(),
            job_family: "driver".to_owned(),
            location: "osaka".to_owned(),
            employment_type: EmploymentType::Regular,
            base: yen(7_600_000),
            sign_on: None,
            every_year: None,
            starts_on: None,
            items: BTreeSet::new(),
        },
        qualification: Qualification {
            experience_months: Some(120),
            rating: Some(LastRating { rating: 4, rated_on: day("2024-03-31") }),
            scarce_skill_ref: None,
            assessed_level_ref: None,
        },
        comparison: None,
        band: Some((day("2026-04-01"), band)),
        cohorts: vec![Cohort { grade: "G4".to_owned(), job_family: "driver".to_owned(), members: incumbents(count) }],
        stayers: None,
        manager: Some(9_200_000),
        stint: None,
        rules: RULES,
        range_told: None,
        overdue_remedies: 0,
        exit_bands: (None, None),
        left_out: Some(0),
        grades: Vec::new(),
    }
}

fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let begun = Instant::now();
    black_box(work());
    begun.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn main() -> ExitCode {
    let policy = PolicyTerms::defaults("JP-HQ", "賃金規程第12条");
    let large = facts(INCUMBENTS);
    let bases: Vec<i64> =
        large.cohorts.iter().flat_map(|cohort| &cohort.members).map(|incumbent| incumbent.base).collect();
    let (mut sorts, mut assessments) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let mut unsorted = bases.clone();
        sorts.push(timed(|| unsorted.sort_unstable()));
        assessments.push(timed(|| assess(&policy, black_box(&large)).expect("it can be assessed")));
    }
    let (sort, assessment) = (median(sorts), median(assessments));
    let ratio = assessment.as_secs_f64() / sort.as_secs_f64();
    let verdict = if ratio <= BAR { "holds" } else { "FAILS" };
    println!("{INCUMBENTS} incumbents: sort {sort:.2?}, assessment {assessment:.2?}");
    println!("{verdict} assessment / sort {ratio:.2} (bar {BAR:.1})");

    let usual = facts(USUAL);
    let recorded = serde_json::to_string(&assess(&policy, &usual).expect("it can be assessed")).expect("JSON");
    let (mut loops, mut replays) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        loops.push(timed(|| (0..100).map(|_| assess(&policy, black_box(&usual)).is_ok()).filter(|ok| *ok).count()));
        replays.push(timed(|| {
            let same = |_: &u32| {
                let again = assess(&policy, black_box(&usual)).expect("it can be assessed");
                serde_json::to_string(&again).expect("JSON") == recorded
            };
            assert_eq!((0..100).filter(same).count(), 100, "the same bytes");
        }));
    }
    let a_second = |hundred: Duration| 100.0 / hundred.as_secs_f64();
    let (plain, replayed) = (a_second(median(loops)), a_second(median(replays)));
    println!("{USUAL} incumbents: {plain:.0} assessments a second, {replayed:.0} compared byte for byte");
    println!("replay / plain loop {:.2}", replayed / plain);
    if ratio <= BAR { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
