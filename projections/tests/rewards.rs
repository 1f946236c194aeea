//! Rewards.

use std::collections::BTreeSet;

use aggregates::catalogue::HrEvent;
use aggregates::checks::{CheckAnswer, Outcome, Settlement, found};
use aggregates::ids::{ActorId, DepartureId};
use aggregates::person::RecordClasses;
use aggregates::reward::{DeclineReason, LapseCause, Planned, RewardCommand, RewardEvent};
use aggregates::stream::Stream;
use projections::history::describe;
use projections::model::ReadModel;
use projections::rewards::{Reward, State};
use projections::tasks::{Kind, Task};
use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

use crate::agreement::{grown, steps};
use crate::support::{Log, day, erased, sealed, uuid};

#[test]
fn a_planned_reward_is_shown_whole() {
    let mut shown = serde_json::to_value(planned().document::<Reward>(reward())).unwrap();
    assert_eq!(shown["plan"]["version"], 2);
    shown["plan"] = json!(null);
    assert_eq!(
        shown,
        json!({
            "id": reward(),
            "state": "waiting",
            "version": 1,
            "position": 1,
            "referral_id": uuid(12),
            "payee": uuid(60),
            "payee_person_id": uuid(2),
            "payee_employee_number": "E-10231",
            "legal_entity": "JP-HQ",
            "hired_person_id": uuid(1),
            "hire": {
                "via": {"kind": "application", "application_id": uuid(11)},
                "employee_number": "E-10239",
                "started_on": "2027-01-04",
            },
            "tranche": 1,
            "plan": null,
            "amount": {"amount": 100_000, "currency": "JPY"},
            "milestone_on": "2027-04-04",
            "due_on": "2027-04-05",
            "period": "2027-04",
            "channel": "payroll",
            "payee_was": {
                "at_referral": {"class": "employee", "on": "2026-11-20"},
                "at_hire": {"class": "employee", "on": "2027-01-04"},
                "at_award": null,
            },
            "checks": [
                {
                    "rule": "REF-01", "outcome": "pass", "code": "employee", "basis": "職業安定法36条・40条",
                    "settlement": null,
                },
                {
                    "rule": "REF-02", "outcome": "pass", "code": "plan_in_force", "basis": "労働基準法89条",
                    "settlement": null,
                },
            ],
            "hold": null,
            "verified_by": null,
            "verified_at": null,
            "approvals": [],
            "refusals": [],
            "correction_case": null,
            "ending": null,
            "planned_at": "2027-01-04T03:00:00Z",
            "planned_position": 1,
        })
    );
    for filter in Reward::FILTERS {
        assert!(shown[filter].is_string(), "{filter}");
    }
}

#[test]
fn it_comes_to_two_approvals_step_by_step() {
    let mut log = planned();
    for (event, state) in [
        (sample("fell_due"), State::Due),
        (sample("verified"), State::Verified),
        (approved(1), State::AwaitingApproval),
        (approved(2), State::Approved),
    ] {
        log = log.then(reward(), event);
        assert_eq!(log.document::<Reward>(reward()).state, state);
    }
    let shown: Reward = log.document(reward());
    assert_eq!(shown.approvals.iter().map(|approval| approval.by.0).collect::<Vec<_>>(), [uuid(51), uuid(52)]);
    assert_eq!(shown.verified_by, Some(ActorId(uuid(51))));
    assert!(shown.payee_was.at_award.is_some());
}

#[test]
fn a_hold_keeps_how_far_it_had_come() {
    let held = verified().then(reward(), sample("held"));
    let shown: Reward = held.document(reward());
    assert_eq!((shown.state, shown.stage()), (State::Held, State::Verified));
    assert_eq!(shown.hold.map(|hold| hold.code).as_deref(), Some("payroll_note_missing"));
    let shown: Reward = held.then(reward(), sample("hold_lifted")).document(reward());
    assert_eq!((shown.state, shown.hold), (State::Verified, None));
}

#[test]
fn what_is_declined_begins_anew() {
    let declined = verified().then(reward(), approved(1)).then(reward(), sample("declined"));
    let shown: Reward = declined.document(reward());
    assert_eq!((shown.state, shown.stage(), shown.approvals.len()), (State::Held, State::Waiting, 0));
    assert_eq!(shown.refusals[0].note, Some(sealed(3)));
    let again = declined.then(reward(), sample("hold_lifted")).then(reward(), sample("fell_due"));
    assert_eq!(again.document::<Reward>(reward()).state, State::Due);
}

#[test]
fn rules_are_told_in_their_order_whenever_they_were_asked() {
    let asked = ["REF-20", "REF-15", "REF-17"]
        .into_iter()
        .fold(planned(), |log, rule| log.then(reward(), verifies(found(rule, Outcome::Hold, "asked", "規程"))));
    let rules: Vec<String> =
        asked.document::<Reward>(reward()).checks.into_iter().map(|check| check.result.rule).collect();
    assert!(rules.is_sorted() && rules.len() > 3, "{rules:?}");
}

#[test]
fn an_answer_stands_beside_the_rule_while_the_finding_is_the_same() {
    let hold = found("REF-18", Outcome::Hold, "payroll_note_missing", "通達");
    let answered = planned().then(reward(), verifies(hold.clone())).then(reward(), sample("settled"));
    let answer = |log: &Log| {
        let shown: Reward = log.document(reward());
        shown.checks.into_iter().find(|check| check.result.rule == "REF-18").and_then(|check| check.settlement)
    };
    assert!(matches!(answer(&answered), Some(Settlement::Answered { answer: CheckAnswer::Satisfied, .. })));
    assert!(answer(&answered.clone().then(reward(), verifies(hold))).is_some());
    let other = found("REF-18", Outcome::Hold, "class_undecided", "通達");
    assert_eq!(answer(&answered.then(reward(), verifies(other))), None);
}

#[test]
fn endings_tell_how() {
    for (name, state, rule) in [
        ("lapsed", State::Lapsed, None),
        ("ruled_ineligible", State::Ineligible, Some("REF-06")),
        ("forfeited", State::Forfeited, None),
    ] {
        let shown: Reward = planned().then(reward(), sample(name)).document(reward());
        assert_eq!((shown.state, shown.ending.and_then(|ending| ending.rule).as_deref()), (state, rule));
    }
}

#[test]
fn a_late_departure_is_shown_until_it_is_decided() {
    let opened = verified().then(reward(), sample("correction_case_opened"));
    let case = |log: &Log| log.document::<Reward>(reward()).correction_case.expect("a case");
    assert_eq!(case(&opened).decided_by, None);
    let closed = opened.then(reward(), sample("correction_case_closed"));
    assert_eq!((case(&closed).decided_by, case(&closed).note), (Some(ActorId(uuid(56))), Some(sealed(5))));
}

#[test]
fn each_step_asks_whoever_takes_the_next() {
    let waits = |log: &Log| log.documents::<Task>().list().iter().map(|task| task.kind).collect::<Vec<_>>();
    assert_eq!(waits(&planned()), []);
    let due = planned().then(reward(), sample("fell_due"));
    assert_eq!(waits(&due), [Kind::VerifyReward]);
    assert_eq!(waits(&verified()), [Kind::ApproveReward]);
    let once = verified().then(reward(), approved(1));
    assert_eq!(waits(&once), [Kind::ApproveReward]);
    assert!(once.documents::<Task>().list()[0].not_by.contains(&ActorId(uuid(51))));
    assert_eq!(waits(&once.clone().then(reward(), approved(2))), []);
    let declined = once.then(reward(), sample("declined"));
    assert_eq!(waits(&declined), [Kind::SeeToHeldReward]);
    let again = declined.then(reward(), sample("hold_lifted")).then(reward(), sample("fell_due"));
    assert_eq!(waits(&again), [Kind::VerifyReward]);
    for end in ["lapsed", "ruled_ineligible", "forfeited"] {
        let held = due.clone().then(reward(), sample("held")).then(reward(), sample("correction_case_opened"));
        assert_eq!(held.documents::<Task>().list().len(), 3);
        assert_eq!(waits(&held.then(reward(), sample(end))), [], "{end}");
    }
}

#[test]
fn lines_tell_the_rule() {
    let told = |name: &str| describe(planned().then(reward(), sample(name)).last());
    assert_eq!(told("ruled_ineligible").rule.as_deref(), Some("REF-06"));
    assert_eq!(told("held").why.and_then(|why| why.code).as_deref(), Some("payroll_note_missing"));
    assert_eq!(told("lapsed").rule.as_deref(), Some("REF-15"));
    assert_eq!(told("settled").why.and_then(|why| why.evidence_ref).as_deref(), Some("sr/2027/4"));
    assert_eq!(told("forfeited").basis.as_deref(), Some("賃金規程第21条"));
}

#[test]
fn what_is_destroyed_of_either_person_is_not_shown() {
    let log = verified().then(reward(), sample("declined")).then(reward(), sample("correction_case_opened"));
    let of_payee: Reward = log.clone().then(uuid(2), erased(uuid(2), RecordClasses::All)).document(reward());
    assert_eq!((of_payee.payee_employee_number, of_payee.correction_case.and_then(|case| case.left_on)), (None, None));
    assert!(of_payee.refusals[0].note.as_ref().is_some_and(|note| note.reference().is_none()));
    assert_eq!(of_payee.hire.employee_number.as_deref(), Some("E-10239"));
    assert_eq!(of_payee.amount.map(|money| money.amount), Some(100_000), "that a wage was owed stays");
    let of_hire: Reward = log.then(uuid(1), erased(uuid(1), RecordClasses::All)).document(reward());
    assert_eq!((of_hire.hire.employee_number, of_hire.hire.started_on), (None, None));
    assert_eq!(of_hire.payee_employee_number.as_deref(), Some("E-10231"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_decided_is_shown(steps in steps(), late in any::<bool>()) {
        let (decided, log) = grown::<aggregates::reward::Reward>(reward(), &orders(late), &steps);
        let shown: Reward = log.document(reward());
        prop_assert_eq!(<&str>::from(shown.state), decided.state());
        prop_assert_eq!(shown.payee_person_id, decided.subject());
        let standing = decided.standing().expect("it is planned");
        prop_assert_eq!(shown.due_on, standing.due_on());
        prop_assert_eq!(shown.due_on.is_some_and(|due_on| due_on <= log.events()[0].on), late);
        prop_assert_eq!(<&str>::from(shown.stage()), match shown.ending {
            Some(_) => decided.state(),
            None => standing.stage.into(),
        });
        prop_assert_eq!(shown.hold.is_some(), decided.state() == "held");
        let approvers: BTreeSet<ActorId> = shown.approvals.iter().map(|approval| approval.by).collect();
        prop_assert_eq!(&approvers, &standing.approvers);
        let undecided = shown.correction_case.filter(|case| case.decided_by.is_none());
        prop_assert_eq!(undecided.and_then(|case| case.left_on), standing.correction_case);
        let waits = log.documents::<Task>().list();
        prop_assert_eq!(waits.iter().any(|task| task.kind == Kind::SeeToHeldReward), decided.state() == "held");
        prop_assert!(shown.ending.is_none() || waits.is_empty());
    }
}

// helpers

/// What a reward is asked, the first order being the one that begins it; a late one is planned after its milestone.
fn orders(late: bool) -> Vec<RewardCommand> {
    use RewardCommand as C;
    let HrEvent::Reward(RewardEvent::Planned(planned)) = sample("planned") else { panic!("a sample") };
    let verify = C::Verify { at_referral: Box::new(at_award()), at_award: Box::new(at_award()), gate: vec![] };
    let approve =
        C::Approve { role: "people_ops".to_owned(), plan_editors: BTreeSet::new(), recruiters: BTreeSet::new() };
    let lapse = |left_on| C::Lapse {
        because: LapseCause::HireLeft,
        departure_id: Some(DepartureId(uuid(3))),
        left_on: Some(day(left_on)),
    };
    let (in_time, too_late) = ("2024-03-20", "2024-02-20");
    let plan =
        |milestone| C::Plan(Box::new(Planned { milestone_on: Some(day(milestone)), ..Planned::clone(&planned) }));
    let (first, other) = if late { (too_late, in_time) } else { (in_time, too_late) };
    vec![
        plan(first),
        plan(other),
        C::Wake,
        C::Wake,
        verify.clone(),
        verify,
        approve.clone(),
        approve.clone(),
        approve,
        C::Decline { reason_code: DeclineReason::Other, note: None },
        C::Hold { note: None },
        C::LiftHold { note: None },
        C::LiftHold { note: None },
        lapse("2027-02-28"),
        lapse("2024-03-10"),
        lapse("2024-02-10"),
        C::CloseCorrectionCase { note: None },
        C::Forfeit { clause: "第21条".to_owned(), note: None },
    ]
}

fn reward() -> Uuid {
    uuid(14)
}

fn sample(name: &str) -> HrEvent {
    crate::support::sample(&format!("reward.{name}"))
}

/// The conditions were verified, of which one rule is told.
fn verifies(result: aggregates::checks::RuleResult) -> RewardEvent {
    RewardEvent::Verified {
        at_referral: None,
        at_award: Box::new(at_award()),
        gate: vec![result],
        verified_by: ActorId(uuid(51)),
    }
}

fn at_award() -> aggregates::referral::ReferrerRelation {
    let HrEvent::Reward(RewardEvent::Verified { at_award, .. }) = sample("verified") else { panic!("a sample") };
    *at_award
}

fn planned() -> Log {
    Log::on("2027-01-04").then(reward(), sample("planned"))
}

fn verified() -> Log {
    planned().later("2027-04-05").then(reward(), sample("fell_due")).then(reward(), sample("verified"))
}

fn approved(number: u32) -> HrEvent {
    let by = ActorId(uuid(50 + u64::from(number)));
    RewardEvent::Approved { approved_by: by, role: "people_ops".to_owned(), number }.into()
}
