//! Programme policies: every version, and which governs.

use aggregates::catalogue::HrEvent;
use aggregates::ids::ActorId;
use aggregates::programme_policy::{ProgrammePolicyCommand, ProgrammePolicyEvent, ProgrammeTerms};
use chrono::Days;
use projections::history::describe;
use projections::programme_policies::ProgrammePolicy;
use projections::tasks::{Audience, Kind, Task};
use projections::versions::{State, VersionState};
use proptest::prelude::*;
use uuid::Uuid;

use crate::agreement::{grown, steps};
use crate::support::{Log, day, uuid};

fn policy() -> Uuid {
    uuid(19)
}

fn sample(name: &str) -> HrEvent {
    crate::support::sample(&format!("programme_policy.{name}"))
}

fn terms(name: &str) -> Box<ProgrammeTerms> {
    let HrEvent::ProgrammePolicy(
        ProgrammePolicyEvent::Drafted { terms, .. } | ProgrammePolicyEvent::Revised { terms, .. },
    ) = sample(name)
    else {
        panic!("no terms")
    };
    terms
}

fn revised(version: u32) -> HrEvent {
    let revised_by = ActorId(uuid(59));
    HrEvent::ProgrammePolicy(ProgrammePolicyEvent::Revised { version, terms: terms("revised"), revised_by })
}

fn approved(version: u32) -> HrEvent {
    HrEvent::ProgrammePolicy(ProgrammePolicyEvent::Approved { version, approved_by: ActorId(uuid(58)) })
}

fn publishes(version: u32, effective_from: &str) -> HrEvent {
    let published_by = ActorId(uuid(57));
    HrEvent::ProgrammePolicy(ProgrammePolicyEvent::Published {
        version,
        effective_from: day(effective_from),
        published_by,
    })
}

fn drafted() -> Log {
    Log::on("2026-11-25").then(policy(), sample("drafted"))
}

fn published() -> Log {
    drafted().then(policy(), approved(1)).then(policy(), publishes(1, "2026-12-01"))
}

#[test]
fn every_version_is_kept_and_the_day_says_which_governs() {
    let log = published().then(policy(), revised(2)).then(policy(), approved(2));
    let shown: ProgrammePolicy = log.then(policy(), publishes(2, "2027-04-01")).document(policy());
    let governs = |on| shown.governing(day(on)).map(|version| version.number);
    assert_eq!(["2026-11-30", "2026-12-01", "2027-04-01"].map(governs), [None, Some(1), Some(2)]);
    let states: Vec<VersionState> = shown.versions.iter().map(|version| version.state).collect();
    assert_eq!((shown.state, states), (State::Published, vec![VersionState::Published; 2]));
    assert_eq!(shown.versions[0].terms, *terms("drafted"));
    let retired: ProgrammePolicy = published().then(policy(), sample("retired")).document(policy());
    assert_eq!((retired.state, retired.governing(day("2027-03-31"))), (State::Retired, None));
}

#[test]
fn somebody_else_is_asked_to_approve() {
    let tasks = drafted().documents::<Task>().list();
    assert_eq!(tasks.iter().map(|task| task.kind).collect::<Vec<_>>(), [Kind::ApproveProgrammePolicy]);
    let subject = tasks[0].subject.collection.as_str();
    assert_eq!((tasks[0].audience, subject), (Audience::ProgrammeAdmin, "programme-policies"));
    assert!(tasks[0].not_by.contains(&ActorId(uuid(57))));
    for end in [approved(1), sample("retired")] {
        assert!(drafted().then(policy(), end).documents::<Task>().list().is_empty());
    }
}

#[test]
fn a_publication_is_told_with_its_first_day() {
    let told = describe(published().last());
    assert_eq!((told.event.as_str(), told.rule.as_deref()), ("programme_policy.published", Some("AUD-05")));
    assert_eq!(told.title_en, "Version 1 was published; it governs applications handed in from 2026-12-01 on");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_decided_is_shown(steps in steps(), ahead in 0_u64..900) {
        use aggregates::stream::Stream as _;
        let (decided, log) = grown::<aggregates::programme_policy::ProgrammePolicy>(policy(), &orders(), &steps);
        let shown: ProgrammePolicy = log.document(policy());
        prop_assert_eq!(<&str>::from(shown.state), decided.state());
        let on = day("2024-03-01") + Days::new(ahead);
        let governing = decided.governing(on);
        let governs = shown.governing(on).map(|one| (one.number, &one.terms));
        prop_assert_eq!(governs, governing.map(|one| (one.version, &one.terms)));
        let standing = decided.standing().expect("it is drafted");
        let proposal = standing.versions.proposal.as_ref().filter(|_| shown.retirement.is_none());
        prop_assert_eq!(shown.waiting().map(|version| version.number), proposal.map(|proposal| proposal.version));
        let asked = proposal.is_some_and(|proposal| proposal.approved_by.is_none());
        prop_assert_eq!(!log.documents::<Task>().list().is_empty(), asked);
    }
}

fn orders() -> Vec<ProgrammePolicyCommand> {
    use ProgrammePolicyCommand as C;
    let other = ProgrammeTerms { contact: "y".to_owned(), ..*terms("drafted") };
    vec![
        C::Draft(terms("drafted")),
        C::Revise(terms("revised")),
        C::Revise(Box::new(other)),
        C::Approve { compliance: true },
        C::Publish { effective_from: None },
        C::Publish { effective_from: Some(day("2025-01-01")) },
        C::Retire { note: None },
    ]
}
