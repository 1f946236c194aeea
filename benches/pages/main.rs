//! How long a page of a list takes as what it lists grows.
//!
//! `cargo bench --bench pages -- [--cases 1000,100000] [--pages N]`
//!
//! One private PostgreSQL; an employer for each number of live cases, asked over HTTP in turns by one client. A page of a
//! hundred times as many cases may take 1.5 times as long at most.

#![expect(clippy::expect_used, reason = "a benchmark that cannot go on ends")]

#[path = "../cluster.rs"]
#[expect(dead_code, reason = "the other benchmark also measures the server")]
mod cluster;
#[path = "../loopback.rs"]
mod loopback;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use aggregates::application::{
    Application, ApplicationCommand, Channel, EligibilityFacts, MembershipFact, RequisitionFact, Stint, Submitted,
    Submitting,
};
use aggregates::ids::{ActorId, DepartureId, MemberId, PersonId, RequisitionId};
use aggregates::issued::{Actor, ActorKind};
use aggregates::requisition::{Audience, Engagement, Line};
use aggregates::values::Verdict;
use chrono::{Days, Utc};
use clap::Parser;
use okaeri::dispatch::{DispatchError, Dispatcher, Envelope};
use okaeri::employer::Employer;
use okaeri::feed::Feed;
use okaeri::identity::Role;
use okaeri::ledger::{EmployerSettings, Ledger, LedgerMode, MasterKey, StoreLocation};
use okaeri::serve;
use tokio::task::JoinSet;
use uuid::Uuid;

use cluster::Cluster;
use loopback::Loopback;

/// Measures pages.
#[derive(Parser)]
struct Options {
    /// How many live cases there are, employer by employer; the first is what the others are held against.
    #[arg(long, value_delimiter = ',', default_values_t = [1_000, 100_000])]
    cases: Vec<usize>,
    /// How many times each page is read.
    #[arg(long, default_value_t = 200)]
    pages: usize,
    /// Given by `cargo bench`.
    #[arg(long, hide = true)]
    bench: bool,
}

/// How much longer a page of the larger list may take.
const BAR: f64 = 1.5;
/// How many send at a time while the cases are made.
const CLIENTS: usize = 64;
/// How many recruiters share the cases.
const RECRUITERS: usize = 100;

fn main() {
    let options = Options::parse();
    tokio::runtime::Runtime::new().expect("a runtime").block_on(run(&options));
}

/// The recruiter of a case.
fn recruiter(nth: usize) -> ActorId {
    ActorId(Uuid::from_u128(0x5ec0_0000 + u128::try_from(nth % RECRUITERS).expect("a small number")))
}

fn submitting(nth: usize, account: ActorId, requisition_id: RequisitionId) -> ApplicationCommand {
    let today = Utc::now().date_naive();
    let person_id = PersonId(Uuid::now_v7());
    let submitted = Submitted {
        person_id,
        member_id: MemberId(Uuid::now_v7()),
        account,
        requisition_id,
        legal_entity: "JP-HQ".to_owned(),
        line: Line { recruiter: recruiter(nth), hiring_manager: None, approver_unit: None },
        channel: if nth.is_multiple_of(3) { Channel::Referral } else { Channel::Alumni },
        referral_id: None,
        motivation: None,
        submitted_by: account,
        recorded_for: None,
    };
    let stint = Stint {
        departure_id: DepartureId(Uuid::now_v7()),
        legal_entity: "JP-HQ".to_owned(),
        hired_on: today - Days::new(3_000),
        left_on: today - Days::new(900),
        verdict: Verdict::Eligible,
        clause: None,
        reason_counts: false,
        wish_registered: false,
        employment_type: None,
        retired: false,
    };
    let facts = EligibilityFacts {
        stints: vec![stint],
        flags: vec![],
        membership: MembershipFact::Active,
        jobs_consent: None,
        requisition: RequisitionFact::Published,
        audience: vec![Audience::Alumni],
        engagement: Engagement::Direct,
        legal_entity: Some("JP-HQ".to_owned()),
        on: today,
        programme: None,
    };
    ApplicationCommand::Submit(Box::new(Submitting { submitted, facts }))
}

/// An employer with so many live cases, in the order in which they came.
async fn fill(dispatcher: &Arc<Dispatcher>, employer: &Arc<Employer>, cases: usize) {
    let (next, requisition_id) = (Arc::new(AtomicUsize::new(0)), RequisitionId(Uuid::now_v7()));
    let mut clients = JoinSet::new();
    for _ in 0..CLIENTS.min(cases) {
        let (dispatcher, employer, next) = (Arc::clone(dispatcher), Arc::clone(employer), Arc::clone(&next));
        clients.spawn(async move {
            loop {
                let nth = next.fetch_add(1, Ordering::Relaxed);
                if nth >= cases {
                    return;
                }
                let account = ActorId(Uuid::now_v7());
                let envelope = Envelope {
                    actor: Actor { id: account, kind: ActorKind::Person },
                    role: "alumnus",
                    ..Envelope::system(Arc::clone(&employer), "applications.submit", Uuid::now_v7(), None)
                };
                let order = submitting(nth, account, requisition_id);
                loop {
                    match dispatcher.create::<Application>(&envelope, Uuid::now_v7(), order.clone()).await {
                        Ok(_) => break,
                        Err(DispatchError::Overloaded) => tokio::time::sleep(Duration::from_millis(20)).await,
                        Err(error) => panic!("a case was not taken: {error}"),
                    }
                }
            }
        });
    }
    clients.join_all().await;
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times.get(times.len() / 2).map_or(0.0, |time| time.as_secs_f64() * 1_000.0)
}

async fn run(options: &Options) {
    let cluster = Cluster::start(false).await;
    let location = StoreLocation::Postgres(cluster.url(&cluster.database().await));
    let master = MasterKey::generate().expect("randomness");
    let ledger = Ledger::open(&location, &master, LedgerMode::Live).await.expect("a ledger");
    let names: Vec<String> = options.cases.iter().map(|cases| format!("cases-{cases}")).collect();
    for name in &names {
        ledger.add_employer(name, &EmployerSettings::default()).await.expect("an employer");
    }
    let feed = Feed::new(Arc::clone(&ledger), serve::models());
    feed.prepare().await.expect("tables");
    feed.pause(true);
    let dispatcher = Arc::new(Dispatcher::new(Arc::clone(&ledger), feed.clone()).await.expect("a dispatcher"));
    for (name, cases) in names.iter().zip(&options.cases) {
        let begun = Instant::now();
        let employer = dispatcher.employers().get(name).await.expect("the employer");
        fill(&dispatcher, &employer, *cases).await;
        let filled = begun.elapsed();
        feed.catch_up().await.expect("the models follow");
        let folded = begun.elapsed().saturating_sub(filled);
        eprintln!("{cases:>8} cases: handed in within {filled:.1?}, folded within {folded:.1?}");
    }
    let loopback = Loopback::serve(Arc::clone(&dispatcher), serve::trial_key(&master)).await;
    let questions = [
        ("unfiltered", "/v1/pipeline?limit=50".to_owned()),
        ("by state", "/v1/pipeline?limit=50&state=screening".to_owned()),
        ("by channel", "/v1/pipeline?limit=50&channel=referral".to_owned()),
        ("by recruiter", format!("/v1/pipeline?limit=10&recruiter={}", recruiter(7).0)),
    ];
    println!("PostgreSQL {}: median of {} first pages, ms", cluster.version().await, options.pages);
    for (what, path) in questions {
        let mut times: Vec<Vec<Duration>> = vec![Vec::new(); names.len()];
        for _ in 0..options.pages {
            for (name, times) in names.iter().zip(&mut times) {
                let bearer = loopback.bearer("sato", name, Role::Recruiter);
                let begun = Instant::now();
                let page = loopback.ask(&format!("GET {path} HTTP/1.1\r\nhost: bench\r\n{bearer}\r\n\r\n")).await;
                times.push(begun.elapsed());
                assert!(page.contains("application_id"), "an empty page proves nothing: {page}");
            }
        }
        let medians: Vec<f64> = times.into_iter().map(median).collect();
        let least = medians.first().copied().unwrap_or_default();
        let worst = medians.iter().copied().fold(0.0, f64::max) / least;
        let held = if worst <= BAR { "holds" } else { "FAILS" };
        let told: Vec<String> = options.cases.iter().zip(&medians).map(|(n, ms)| format!("{n}: {ms:.2}")).collect();
        println!("{held} {what:<14} {:<40} {worst:.2} (bar {BAR})", told.join(", "));
    }
    loopback.close();
    ledger.close(Duration::from_secs(10)).await;
}
