//! However the log is cut into batches, and whatever order events come in, the documents are the same.

use aggregates::catalogue::HrEvent;
use projections::applications::Application;
use projections::departures::Departure;
use projections::employments::Employment;
use projections::fairness_ledger::PayDecision;
use projections::incumbent_snapshots::IncumbentSnapshot;
use projections::members::Member;
use projections::model::{ReadModel, Recorded};
use projections::no_rehire_flags::NoRehireFlag;
use projections::offers::Offer;
use projections::pay_bands::PayBands;
use projections::pay_policies::PayPolicy;
use projections::persons::Person;
use projections::pipeline::PipelineEntry;
use projections::programme_policies::ProgrammePolicy;
use projections::referrals::Referral;
use projections::requisitions::Requisition;
use projections::reward_plans::RewardPlan;
use projections::rewards::Reward;
use projections::tasks::Task;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use uuid::Uuid;

use crate::support::{AGGREGATES, Documents, Log, samples, uuid};

/// Whether the documents are the same after one batch and after two, with the documents stored in between.
fn is_the_same_in_two<M: ReadModel>(events: &[Recorded], cut: usize) -> Result<(), TestCaseError> {
    let (mut whole, mut parts) = (Documents::<M>::default(), Documents::<M>::default());
    whole.fold(events);
    let (first, second) = events.split_at(cut.min(events.len()));
    parts.fold(first);
    parts.fold(second);
    prop_assert_eq!(whole.stored(), parts.stored());
    let mut singly = Documents::<M>::default();
    for event in events {
        singly.fold(std::slice::from_ref(event));
    }
    prop_assert_eq!(whole.stored(), singly.stored());
    Ok(())
}

fn are_the_same_in_two(events: &[Recorded], cut: usize) -> Result<(), TestCaseError> {
    is_the_same_in_two::<Departure>(events, cut)?;
    is_the_same_in_two::<Member>(events, cut)?;
    is_the_same_in_two::<Employment>(events, cut)?;
    is_the_same_in_two::<Person>(events, cut)?;
    is_the_same_in_two::<NoRehireFlag>(events, cut)?;
    is_the_same_in_two::<Requisition>(events, cut)?;
    is_the_same_in_two::<RewardPlan>(events, cut)?;
    is_the_same_in_two::<PayBands>(events, cut)?;
    is_the_same_in_two::<IncumbentSnapshot>(events, cut)?;
    is_the_same_in_two::<PayPolicy>(events, cut)?;
    is_the_same_in_two::<ProgrammePolicy>(events, cut)?;
    is_the_same_in_two::<Reward>(events, cut)?;
    is_the_same_in_two::<Referral>(events, cut)?;
    is_the_same_in_two::<Offer>(events, cut)?;
    is_the_same_in_two::<PayDecision>(events, cut)?;
    is_the_same_in_two::<Application>(events, cut)?;
    is_the_same_in_two::<PipelineEntry>(events, cut)?;
    is_the_same_in_two::<Task>(events, cut)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn two_batches_make_the_documents_of_one(log in any_log(), cut in 0_usize..60) {
        are_the_same_in_two(log.events(), cut)?;
    }

    #[test]
    fn a_story_told_in_order_does_too(log in story(), cut in 0_usize..80) {
        are_the_same_in_two(log.events(), cut)?;
        prop_assert!(!log.documents::<Departure>().list().is_empty());
    }
}

#[test]
fn stories_come_to_a_case_that_waits_for_its_offer() {
    let mut runner = TestRunner::deterministic();
    let mut logs = || story().new_tree(&mut runner).expect("a story").current();
    let waits = |log: &Log| log.documents::<PipelineEntry>().list().iter().any(|entry| entry.offer.is_some());
    let found = (0..64).map(|_| logs()).filter(waits).count();
    assert!(found >= 8, "{found} of 64: events of applications and offers do not meet");
}

/// Any events on a few streams, in any order.
fn any_log() -> impl Strategy<Value = Log> {
    let all: Vec<HrEvent> = AGGREGATES.iter().flat_map(|aggregate| samples(aggregate)).collect();
    prop::collection::vec((prop::sample::select(all), 0_u64..2), 0..60).prop_map(|picked| {
        picked.into_iter().fold(Log::on("2026-10-01"), |log, (event, which)| {
            let stream = stream(&event, which);
            log.then(stream, event)
        })
    })
}

/// What begins each stream, and then anything.
fn story() -> impl Strategy<Value = Log> {
    let beginnings: Vec<HrEvent> =
        AGGREGATES.iter().filter_map(|aggregate| samples(aggregate).into_iter().next()).collect();
    (Just(beginnings).prop_shuffle(), any_log()).prop_map(|(beginnings, rest)| {
        let begun = beginnings.into_iter().fold(Log::on("2026-09-01"), |log, event| {
            let stream = stream(&event, 0);
            log.then(stream, event)
        });
        rest.events().iter().fold(begun, |log, told| log.then(told.stream_id, told.event.clone()))
    })
}

/// Streams whose ids the samples name, so that what is routed by a filter meets something.
fn stream(event: &HrEvent, which: u64) -> Uuid {
    let streams = match event {
        HrEvent::Departure(_) => [uuid(3), uuid(30)],
        HrEvent::Member(_) => [uuid(4), uuid(44)],
        HrEvent::Employment(_) => [uuid(5), uuid(50)],
        HrEvent::NoRehireFlag(_) => [uuid(6), uuid(60)],
        HrEvent::FollowUp(_) => [uuid(7), uuid(77)],
        HrEvent::Person(_) => [uuid(2), uuid(1)],
        HrEvent::Requisition(_) => [uuid(10), uuid(100)],
        HrEvent::Application(_) => [uuid(9), uuid(110)],
        HrEvent::Referral(_) => [uuid(12), uuid(120)],
        HrEvent::RewardPlan(_) => [uuid(13), uuid(130)],
        HrEvent::Reward(_) => [uuid(14), uuid(140)],
        HrEvent::Offer(_) => [uuid(8), uuid(150)],
        HrEvent::PayPolicy(_) => [uuid(15), uuid(160)],
        HrEvent::ProgrammePolicy(_) => [uuid(19), uuid(200)],
        HrEvent::PayBands(_) => [uuid(16), uuid(170)],
        HrEvent::IncumbentSnapshot(_) => [uuid(17), uuid(180)],
        HrEvent::IncumbentPart(_) => [uuid(18), uuid(190)],
        HrEvent::Access(_) => [uuid(20), uuid(210)],
    };
    streams[usize::from(which == 1)]
}
