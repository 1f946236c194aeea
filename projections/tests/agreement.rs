//! What the aggregates decide, the documents show: grown by random commands, a stream and its document agree.
#![expect(clippy::expect_used, reason = "a test that cannot be set up has failed")]

mod orders;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use aggregates::catalogue::HrEvent;
use aggregates::departure::{Departure, Eligibility, OutreachBar};
use aggregates::employment::Employment;
use aggregates::ids::{ActorId, PersonId};
use aggregates::issued::{Actor, ActorKind, Issued};
use aggregates::member::Member;
use aggregates::no_rehire_flag::{NoRehireFlag, Term};
use aggregates::person::Person;
use aggregates::stream::Stream;
use aggregates::values::Verdict;
use projections::tasks::{Kind, Task};
use projections::{departures, employments, members, no_rehire_flags, persons};
use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Log, day, instant, uuid};

/// Days until it is given, by which of three people or the program, and which order of a list.
pub type Step = (u64, u64, prop::sample::Index);

pub fn steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(
        (prop_oneof![3 => 0_u64..20, 1 => 20_u64..400], 0_u64..4, any::<prop::sample::Index>()),
        1..25,
    )
}

/// Gives the first order, and then any, each when its day has come; what is refused leaves no trace.
pub fn grown<A>(id: Uuid, orders: &[A::Order], steps: &[Step]) -> (A, Log)
where
    A: Stream,
    A::Order: Clone,
    A::Event: Clone + Into<HrEvent>,
    A::Error: Debug,
{
    let mut log = Log::on("2024-03-01");
    let mut today = day("2024-03-01");
    let mut state = A::default();
    let first = std::iter::once((0, 1, 0));
    let later = steps.iter().map(|(days, by, index)| (*days, *by, index.index(orders.len())));
    for (days, by, index) in first.chain(later) {
        today = today.checked_add_days(chrono::Days::new(days)).expect("not so late");
        let kind = if by == 0 { ActorKind::System } else { ActorKind::Person };
        let by = Actor { id: ActorId(uuid(90 + by)), kind };
        let issued = Issued { by, at: instant(today), on: today, command: orders[index].clone() };
        log = log.later(&today.to_string());
        for event in state.decide(issued).unwrap_or_default() {
            log.push(id, sealed_whole(&event.clone().into()));
            state.apply(event);
            assert_eq!(log.last().subject, state.subject(), "every event is recorded with whom it is about");
        }
    }
    (state, log)
}

/// What the ledger does before it records: every new personal value becomes a reference.
fn sealed_whole(event: &HrEvent) -> HrEvent {
    fn seal(value: &mut Value) {
        match value {
            Value::Object(members) if members.contains_key("unsealed") => {
                *value = json!({"ref": uuid(0xface), "commitment": "0".repeat(64)});
            }
            Value::Object(members) => members.values_mut().for_each(seal),
            Value::Array(items) => items.iter_mut().for_each(seal),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let mut payload = match event {
        HrEvent::Departure(event) => serde_json::to_value(event),
        HrEvent::Member(event) => serde_json::to_value(event),
        HrEvent::Employment(event) => serde_json::to_value(event),
        HrEvent::Person(event) => serde_json::to_value(event),
        HrEvent::NoRehireFlag(event) => serde_json::to_value(event),
        HrEvent::FollowUp(event) => serde_json::to_value(event),
        HrEvent::Requisition(event) => serde_json::to_value(event),
        HrEvent::Application(event) => serde_json::to_value(event),
        HrEvent::Offer(event) => serde_json::to_value(event),
        HrEvent::Referral(event) => serde_json::to_value(event),
        HrEvent::Reward(event) => serde_json::to_value(event),
        HrEvent::RewardPlan(event) => serde_json::to_value(event),
        HrEvent::PayPolicy(event) => serde_json::to_value(event),
        HrEvent::ProgrammePolicy(event) => serde_json::to_value(event),
        HrEvent::PayBands(event) => serde_json::to_value(event),
        HrEvent::IncumbentSnapshot(event) => serde_json::to_value(event),
        HrEvent::IncumbentPart(event) => serde_json::to_value(event),
        HrEvent::Access(event) => serde_json::to_value(event),
    }
    .expect("an event serializes");
    seal(&mut payload);
    HrEvent::decode(&event.full_type(), 1, &payload.to_string()).expect("an event is readable").remove(0)
}

pub fn name(state: impl Into<&'static str>) -> &'static str {
    state.into()
}

fn waiting(log: &Log) -> BTreeSet<&'static str> {
    log.documents::<Task>().list().into_iter().map(|task| task.kind.into()).collect()
}

fn kinds<const N: usize>(expected: [(Kind, bool); N]) -> BTreeSet<&'static str> {
    expected.into_iter().filter(|(_, waits)| *waits).map(|(kind, _)| kind.into()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn departures_agree(steps in steps()) {
        let (departure, log) = grown::<Departure>(uuid(3), &orders::departure(), &steps);
        let shown: departures::Departure = log.document(uuid(3));
        prop_assert_eq!(name(shown.state), departure.state());
        prop_assert_eq!(shown.version, log.last().sequence);
        prop_assert_eq!(Some(shown.person_id), departure.subject());
        let Some(standing) = departure.standing() else {
            prop_assert_eq!(waiting(&log), kinds([]));
            return Ok(());
        };
        prop_assert_eq!(shown.employee_number.as_ref(), Some(&standing.employee_number));
        prop_assert_eq!(shown.employment.hired_on, Some(standing.hired_on));
        prop_assert_eq!(shown.employment.left_on, Some(standing.left_on));
        prop_assert_eq!(shown.verdict, standing.eligibility.verdict());
        prop_assert_eq!(shown.eligibility.proposed, Some(standing.proposed));
        prop_assert_eq!(&shown.outreach.barred_because, &standing.barred);
        prop_assert_eq!(shown.member_id, standing.member_id);
        prop_assert_eq!(shown.invitations.last().map_or(0, |one| one.number), standing.invitations);

        let found = &standing.eligibility;
        prop_assert_eq!(shown.eligibility.awaits_confirmation, matches!(found, Eligibility::AwaitingConfirmation { .. }));
        let open = kinds([
            (Kind::AssessEligibility, matches!(found, Eligibility::Proposed(verdict) if *verdict != Verdict::Eligible)),
            (Kind::ReassessEligibility, matches!(found, Eligibility::Reopened)),
            (Kind::ConfirmEligibility, matches!(found, Eligibility::AwaitingConfirmation { .. })),
        ]);
        if standing.barred.contains(&OutreachBar::Deceased) {
            prop_assert!(waiting(&log).is_subset(&open), "nobody is asked about the dead");
        } else {
            prop_assert_eq!(waiting(&log), open);
        }
    }

    #[test]
    fn memberships_agree(steps in steps(), claimed in any::<bool>()) {
        let (member, log) = grown::<Member>(uuid(4), &orders::member(claimed), &steps);
        let shown: members::Member = log.document(uuid(4));
        prop_assert_eq!(name(shown.state), member.state());
        prop_assert_eq!(Some(shown.person_id), member.subject());
        let granted: BTreeMap<_, _> = shown
            .consents
            .iter()
            .filter(|(_, consent)| consent.state == members::ConsentState::Granted)
            .map(|(purpose, consent)| (*purpose, consent.text_version.clone()))
            .collect();
        prop_assert_eq!(granted, member.standing().map(|standing| standing.consents.clone()).unwrap_or_default());
        let asked = shown.confirmation.is_some();
        let pending = claimed && shown.state == members::State::PendingReview && shown.approved_by.is_none();
        prop_assert_eq!(waiting(&log), kinds([(Kind::ConfirmData, asked), (Kind::ReviewRegistration, pending)]));
        let account = member.standing().map(|standing| standing.account);
        let asks = |task: &Task| task.kind == Kind::ConfirmData;
        prop_assert!(log.documents::<Task>().list().iter().filter(|task| asks(task)).all(|task| task.account == account));
    }

    #[test]
    fn flags_agree(steps in steps()) {
        let (flag, log) = grown::<NoRehireFlag>(uuid(6), &orders::no_rehire_flag(), &steps);
        let shown: no_rehire_flags::NoRehireFlag = log.document(uuid(6));
        prop_assert_eq!(name(shown.state), flag.state());
        prop_assert_eq!(shown.ending.is_some(), flag.term().is_none());
        let Some(Term { clause, evidence_ref, expires_on, involved, renewal, .. }) = flag.term() else {
            prop_assert_eq!(waiting(&log), kinds([]));
            return Ok(());
        };
        prop_assert_eq!((&shown.clause, shown.evidence_ref.as_ref()), (clause, Some(evidence_ref)));
        prop_assert_eq!(shown.expires_on, Some(*expires_on));
        prop_assert_eq!(shown.renewal.is_some(), renewal.is_some());
        let noticed = shown.expiry_noticed_at.is_some();
        let waiting = waiting(&log);
        prop_assert_eq!(waiting.contains("review_flag"), matches!(flag, NoRehireFlag::Raised { .. }));
        prop_assert_eq!(waiting.contains("decide_appeal"), matches!(flag, NoRehireFlag::UnderAppeal(_)));
        let tasks = log.documents::<Task>().list();
        if let Some(task) = tasks.iter().find(|task| task.kind == Kind::DecideAppeal) {
            prop_assert_eq!(&task.not_by, involved, "whoever may not decide is not asked");
        }
        prop_assert_eq!(waiting.contains("review_renewal"), renewal.is_some());
        // A renewal that was proposed before the notice does not keep the notice away.
        prop_assert!(!waiting.contains("renew_flag") || noticed);
    }

    #[test]
    fn employments_agree(steps in steps()) {
        let (employment, log) = grown::<Employment>(uuid(5), &orders::employment(), &steps);
        let shown: employments::Employment = log.document(uuid(5));
        prop_assert_eq!(name(shown.state), employment.state());
        let span = employment.span().expect("it is recorded");
        prop_assert_eq!((shown.from, shown.to, shown.kind), (Some(span.from), span.to, span.kind));
        let standing = employment.standing().expect("it is recorded");
        prop_assert_eq!(shown.employee_number.as_ref(), Some(&standing.employee_number));
        let told = |sequence| shown.placements.iter().find(|placed| placed.sequence == sequence);
        for (sequence, transfer) in &standing.transfers {
            let placed = told(*sequence).expect("a transfer is shown");
            prop_assert_eq!((placed.from, &placed.placement), (transfer.on, &transfer.placement));
        }
        prop_assert_eq!(shown.placements.len(), standing.transfers.len() + 1);
        prop_assert_eq!(told(1).map(|placed| placed.from), shown.from);
    }

    #[test]
    fn persons_agree(steps in steps()) {
        let (person, log) = grown::<Person>(uuid(2), &orders::person(), &steps);
        let shown: persons::Person = log.document(uuid(2));
        prop_assert_eq!(name(shown.state), person.state());
        let holds = |standing| matches!(standing, persons::Standing::Linked | persons::Standing::UnlinkProposed);
        let linked: BTreeSet<PersonId> =
            shown.relations.iter().filter(|relation| holds(relation.standing)).map(|relation| relation.other).collect();
        prop_assert_eq!(linked, person.linked());
        let erased = shown.erased.iter().any(|one| one.classes.contains(aggregates::personal::RecordClass::Statutory));
        let tasks = waiting(&log);
        for (kind, standing) in [
            ("possible_same_person", persons::Standing::MatchPossible),
            ("confirm_link", persons::Standing::LinkProposed),
            ("confirm_unlink", persons::Standing::UnlinkProposed),
        ] {
            let stands = shown.relations.iter().any(|relation| relation.standing == standing);
            prop_assert!(!tasks.contains(kind) || stands, "{kind} waits for nothing");
            prop_assert!(tasks.contains(kind) || !stands || erased, "nobody is told of {kind}");
        }
    }
}
