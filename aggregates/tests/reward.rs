//! A referral reward: planned on a hire, due after its milestone, verified, approved by two, or ended on the way.

mod transitions;

use std::collections::BTreeSet;

use aggregates::checks::{CheckAnswer, Outcome, RuleResult, Settlement, SettlementError, found, passed};
use aggregates::ids::{DepartureId, PersonId};
use aggregates::issued::{Actor, Due};
use aggregates::reward::{
    BY_HAND, DeclineReason, Ending, LapseCause, NO_PLAN, Planned, RECORDED_LATE, Reward, RewardCommand, RewardError,
    RewardEvent,
};
use aggregates::reward_plan::{PlanPin, PlanTerms, PresenceAtPayment};
use chrono::{Days, NaiveDate};
use proptest::prelude::*;

use crate::samples::reward::{bare, employee_on, gate, pin, planned, samples};
use crate::support::{Given, Outcome as Decided, assert_goldens, day, person, sealed, service, system, uuid};

// plan

#[test]
fn a_tranche_is_planned_on_a_hire_and_waits_for_its_milestone() {
    nothing().when(system(), hired(), plan(planned())).then([is_planned()]);
    let reward = given([is_planned()]);
    assert_eq!((reward.state(), reward.subject()), ("waiting", Some(PersonId(uuid(2)))));
    assert_eq!(reward.wake(), Some(Due::On(due())));
}

#[test]
fn a_tranche_is_planned_once() {
    for past in [vec![is_planned()], held(), approved(), lapsed()] {
        given(past.clone()).when(system(), hired(), plan(planned())).quiet();
        given(past).when(system(), hired(), plan(bare())).refused(RewardError::AlreadyPlanned);
    }
}

#[test]
fn a_rule_that_nothing_lifts_bars_it_at_once() {
    let block = found("REF-06", Outcome::Block, "outsider", "職業安定法36条・40条");
    let outsider = Planned { gate: vec![passed("REF-03", "payroll", "労働基準法24条"), block], ..bare() };
    let barred = RewardEvent::RuledIneligible {
        rule: "REF-06".to_owned(),
        basis: "職業安定法36条・40条".to_owned(),
        code: "outsider".to_owned(),
    };
    let planned = RewardEvent::Planned(Box::new(outsider.clone()));
    nothing().when(system(), hired(), plan(outsider)).then([planned.clone(), barred.clone()]);
    let reward = given([planned, barred]);
    assert_eq!((reward.state(), reward.wake()), ("ineligible", None));
}

#[test]
fn without_a_plan_it_is_held() {
    let no_plan = Planned { gate: vec![], ..bare() };
    let recorded = nothing().when(system(), hired(), plan(no_plan)).recorded();
    assert!(
        matches!(&recorded[1], RewardEvent::Held { rule, code, .. } if rule.as_deref() == Some("REF-02") && code == NO_PLAN)
    );
    let reward = given(recorded);
    assert_eq!((reward.state(), reward.wake(), reward.subject()), ("held", None, None));
    reward.when(compliance(), hired(), lift()).refused(RewardError::NoPlan);
    reward.when(system(), hired(), lapse(LapseCause::HireLeft, "2027-02-28")).refused(RewardError::NoPlan);
    reward.when(people_ops(), hired(), forfeit()).then([forfeited()]);
}

#[test]
fn a_rule_that_waits_for_an_answer_or_an_opinion_holds_it() {
    for outcome in [Outcome::Hold, Outcome::Legal] {
        let waits = Planned { gate: vec![found("REF-18", outcome, "payroll_note_missing", "通達")], ..planned() };
        let recorded = nothing().when(system(), hired(), plan(waits)).recorded();
        assert_eq!(recorded.len(), 2);
        assert_eq!(given(recorded).state(), "held");
    }
    let warns = Planned { gate: vec![found("REF-21", Outcome::Warn, "concentration", "規程")], ..planned() };
    assert_eq!(nothing().when(system(), hired(), plan(warns)).recorded().len(), 1);
}

#[test]
fn nothing_can_be_asked_of_what_nobody_planned() {
    for order in [
        lapse(LapseCause::HireLeft, "2027-02-28"),
        verify(gate()),
        approve(),
        decline(),
        hold(None),
        lift(),
        forfeit(),
        settle("REF-18"),
        close_case(),
    ] {
        nothing().when(people_ops(), due(), order).refused(RewardError::Unplanned);
    }
    nothing().when_woken(due()).quiet();
    assert_eq!((nothing().state(), nothing().subject(), nothing().wake()), ("unplanned", None, None));
}

#[test]
fn a_program_decides_about_no_wage() {
    for by in [service(9), system()] {
        for order in [verify(gate()), approve(), decline(), hold(None), lift(), forfeit(), close_case()] {
            given(is_due()).when(by, due(), order).refused(RewardError::NaturalPersonRequired);
        }
    }
}

// due

#[test]
fn it_falls_due_the_day_after_its_milestone() {
    let reward = given([is_planned()]);
    reward.when_woken(day("2027-04-04")).quiet();
    reward.when_woken(day("2027-04-05")).then([fell_due()]);
    reward.when_woken(day("2027-06-01")).then([fell_due()]);
    let reward = given(is_due());
    assert_eq!((reward.state(), reward.wake()), ("due", None));
    reward.when_woken(day("2027-06-01")).quiet();
}

#[test]
fn what_is_held_falls_due_when_it_is_let_go() {
    let reward = given(held());
    assert_eq!(reward.wake(), None);
    reward.when_woken(day("2027-06-01")).quiet();
    reward.when(compliance(), day("2027-02-01"), lift()).then([lifted()]);
    reward.when(compliance(), day("2027-06-01"), lift()).then([lifted(), fell_due()]);
    let reward = reward.and([lifted()]);
    assert_eq!((reward.state(), reward.wake()), ("waiting", Some(Due::On(due()))));
}

// lapse

#[test]
fn it_lapses_with_whoever_was_hired_leaving_before_the_milestone() {
    for past in [vec![is_planned()], held()] {
        given(past.clone()).when(system(), hired(), lapse(LapseCause::HireLeft, "2027-04-03")).then([
            RewardEvent::Lapsed {
                because: LapseCause::HireLeft,
                departure_id: Some(DepartureId(uuid(3))),
                left_on: Some(day("2027-04-03")),
            },
        ]);
        given(past).when(system(), hired(), lapse(LapseCause::HireLeft, "2027-04-04")).quiet();
    }
    assert_eq!(given(lapsed()).state(), "lapsed");
}

#[test]
fn the_referrers_leaving_lapses_it_only_where_the_plan_wants_them_there() {
    let leaves = || lapse(LapseCause::PayeeLeft, "2027-02-28");
    assert_eq!(given([is_planned()]).when(system(), hired(), leaves()).recorded().len(), 1);
    let terms = PlanTerms { presence_at_payment: PresenceAtPayment::NotRequired, ..pin().terms };
    let lenient = Planned { plan: Some(PlanPin { terms, ..pin() }), ..planned() };
    let lenient = given([RewardEvent::Planned(Box::new(lenient))]);
    lenient.when(system(), hired(), leaves()).quiet();
    assert_eq!(lenient.when(system(), hired(), lapse(LapseCause::HireLeft, "2027-02-28")).recorded().len(), 1);
}

#[test]
fn a_hire_that_did_not_happen_earns_nothing() {
    let undone = RewardCommand::Lapse { because: LapseCause::HireUndone, departure_id: None, left_on: None };
    given([is_planned()]).when(system(), hired(), undone.clone()).then([RewardEvent::Lapsed {
        because: LapseCause::HireUndone,
        departure_id: None,
        left_on: None,
    }]);
    let recorded = given(approved()).when(system(), due(), undone).recorded();
    assert!(matches!(&recorded[..], [RewardEvent::Held { code, .. }] if code == "hire_undone"));
}

#[test]
fn a_departure_recorded_late_holds_what_is_due_already() {
    for past in [is_due(), verified(), awaiting()] {
        let reward = given(past);
        reward.when(system(), due(), lapse(LapseCause::HireLeft, "2027-02-28")).then([held_late()]);
        reward.when(system(), due(), lapse(LapseCause::HireLeft, "2027-04-04")).quiet();
        let reward = reward.and([held_late()]);
        assert_eq!(reward.state(), "held");
        reward.when(system(), due(), lapse(LapseCause::HireLeft, "2027-02-28")).quiet();
    }
    let by_hand = given(is_due()).and([by_hand()]);
    by_hand.when(system(), due(), lapse(LapseCause::HireLeft, "2027-02-28")).then([held_late()]);
}

#[test]
fn nothing_is_taken_back_by_itself_once_payroll_may_know_of_it() {
    let opened =
        RewardEvent::CorrectionCaseOpened { departure_id: Some(DepartureId(uuid(3))), left_on: day("2027-02-28") };
    let reward = given(approved());
    reward.when(system(), due(), lapse(LapseCause::HireLeft, "2027-02-28")).then([opened.clone(), held_late()]);
    let reward = reward.and([opened, held_late()]);
    reward.when(system(), due(), lapse(LapseCause::HireLeft, "2027-02-28")).quiet();
    reward.when(compliance(), due(), lift()).refused(RewardError::CorrectionCaseOpen);
    reward.when(people_ops(), due(), close_case()).refused(RewardError::SecondPersonRequired);
    let closed = RewardEvent::CorrectionCaseClosed { decided_by: compliance().id, note: None };
    reward.when(compliance(), due(), close_case()).then([closed.clone()]);
    let reward = reward.and([closed]);
    reward.when(compliance(), due(), close_case()).refused(RewardError::NoCorrectionCase);
    assert_eq!(reward.and([lifted()]).state(), "approved");
}

#[test]
fn a_case_opens_as_well_where_nobody_recorded_a_departure() {
    let (because, left_on) = (LapseCause::HireLeft, day("2027-02-28"));
    let ended = RewardCommand::Lapse { because, departure_id: None, left_on: Some(left_on) };
    let opened = RewardEvent::CorrectionCaseOpened { departure_id: None, left_on };
    let reward = given(approved());
    reward.when(system(), due(), ended).then([opened.clone(), held_late()]);
    reward.and([opened, held_late()]).when(compliance(), due(), lift()).refused(RewardError::CorrectionCaseOpen);
}

#[test]
fn two_people_correct_what_payroll_may_know_of() {
    let opened =
        RewardEvent::CorrectionCaseOpened { departure_id: Some(DepartureId(uuid(3))), left_on: day("2027-02-28") };
    let closed = RewardEvent::CorrectionCaseClosed { decided_by: compliance().id, note: None };
    let in_question = given(approved()).and([opened, held_late()]);
    in_question.when(people_ops(), due(), forfeit()).refused(RewardError::CorrectionCaseOpen);
    let decided = in_question.and([closed]);
    for order in [lift(), forfeit()] {
        decided.when(compliance(), due(), order).refused(RewardError::SecondPersonRequired);
    }
    let lifted_by_another = RewardEvent::HoldLifted { lifted_by: people_ops().id, note: None };
    decided.when(people_ops(), due(), lift()).then([lifted_by_another.clone()]);
    decided.when(people_ops(), due(), forfeit()).then([forfeited()]);
    let held_again = decided.and([lifted_by_another, by_hand()]);
    assert_eq!(held_again.when(compliance(), due(), lift()).recorded().len(), 1, "another hold is another matter");
}

// verify

#[test]
fn what_is_due_is_verified_on_the_day_of_the_award() {
    given(is_due()).when(people_ops(), due(), verify(gate())).then([is_verified(gate())]);
    assert_eq!(given(verified()).state(), "verified");
    given([is_planned()]).when(people_ops(), hired(), verify(gate())).refused(RewardError::NotDue);
    given(verified()).when(people_ops(), due(), verify(gate())).refused(RewardError::AlreadyVerified);
    given(awaiting()).when(people_ops(), due(), verify(gate())).refused(RewardError::AlreadyVerified);
    given(approved()).when(people_ops(), due(), verify(gate())).refused(RewardError::AlreadyApproved);
    given(is_due()).when(payee(), due(), verify(gate())).refused(RewardError::PayeeMayNotDecide);
    given(is_due())
        .and([by_hand()])
        .when(people_ops(), due(), verify(gate()))
        .refused(RewardError::OnHold { code: BY_HAND.to_owned() });
}

#[test]
fn what_the_rules_say_on_that_day_counts() {
    let waits = vec![found("REF-18", Outcome::Hold, "payroll_note_missing", "通達")];
    let reward = given(is_due()).also(|reward| reward.when(people_ops(), due(), verify(waits.clone())));
    assert_eq!(reward.state(), "held");
    reward.when(compliance(), due(), lift()).refused(open("REF-18"));
    let reward = reward.and([settled("REF-18")]).and([lifted()]);
    assert_eq!(reward.state(), "verified");

    let bars = vec![found("REF-03", Outcome::Block, "off_payroll", "職業安定法40条")];
    let reward = given(is_due()).also(|reward| reward.when(people_ops(), due(), verify(bars.clone())));
    assert_eq!(reward.state(), "ineligible");
}

// approve

#[test]
fn it_takes_two_people_to_approve() {
    given(verified()).when(people_ops(), due(), approve()).then([is_approved(people_ops(), 1)]);
    let reward = given(awaiting());
    assert_eq!(reward.state(), "awaiting_approval");
    reward.when(people_ops(), due(), approve()).refused(RewardError::SecondPersonRequired);
    reward.when(second(), due(), approve()).then([is_approved(second(), 2)]);
    let reward = given(approved());
    assert_eq!(reward.state(), "approved");
    for by in [people_ops(), second()] {
        reward.when(by, due(), approve()).quiet();
    }
    reward.when(compliance(), due(), approve()).refused(RewardError::AlreadyApproved);
}

#[test]
fn nobody_approves_who_has_a_stake_in_it() {
    for past in [verified(), awaiting()] {
        let reward = given(past);
        reward.when(payee(), due(), approve()).refused(RewardError::PayeeMayNotDecide);
        reward.when(editor(), due(), approve()).refused(RewardError::PlanEditorMayNotApprove);
        reward.when(recruiter(), due(), approve()).refused(RewardError::RecruiterMayNotApprove);
    }
}

#[test]
fn nothing_is_approved_before_it_is_verified() {
    given([is_planned()]).when(people_ops(), hired(), approve()).refused(RewardError::NotDue);
    given(is_due()).when(people_ops(), due(), approve()).refused(RewardError::NotVerified);
    given(held()).when(people_ops(), due(), approve()).refused(RewardError::OnHold { code: BY_HAND.to_owned() });
}

#[test]
fn a_warning_is_acknowledged_before_anybody_approves() {
    let warns = vec![found("REF-21", Outcome::Warn, "concentration", "規程")];
    let reward = given(is_due()).and([is_verified(warns)]);
    reward.when(people_ops(), due(), approve()).refused(open("REF-21"));
    let reason = Settlement::Acknowledged { rule: "REF-21".to_owned(), reason: sealed(6), by: people_ops().id };
    let reward = reward.and([RewardEvent::Settled { settlement: reason }]);
    assert_eq!(reward.when(people_ops(), due(), approve()).recorded().len(), 1);
}

// decline

#[test]
fn what_is_declined_is_held_and_begins_anew_when_it_is_let_go() {
    for past in [verified(), awaiting()] {
        let reward = given(past);
        reward.when(second(), due(), decline()).then([declined()]);
        reward.when(payee(), due(), decline()).refused(RewardError::PayeeMayNotDecide);
        let reward = reward.and([declined()]);
        assert_eq!(reward.state(), "held");
        reward.when(second(), due(), decline()).refused(RewardError::OnHold { code: "declined".to_owned() });
        reward.when(compliance(), due(), lift()).then([lifted(), fell_due()]);
        assert_eq!(reward.and([lifted(), fell_due()]).state(), "due");
    }
    given([is_planned()]).when(second(), hired(), decline()).refused(RewardError::NotDue);
    given(is_due()).when(second(), due(), decline()).refused(RewardError::NotVerified);
    given(approved()).when(second(), due(), decline()).refused(RewardError::AlreadyApproved);
}

// hold and lift

#[test]
fn anything_on_its_way_can_be_held_by_hand() {
    for past in [vec![is_planned()], is_due(), verified(), awaiting(), approved()] {
        given(past.clone()).when(compliance(), due(), hold(None)).then([by_hand()]);
        let state = given(past.clone()).state();
        assert_eq!(given(past).and([by_hand(), lifted()]).state(), state);
    }
    let reward = given(held());
    reward.when(people_ops(), due(), hold(None)).quiet();
    reward.when(people_ops(), due(), hold(Some(sealed(1)))).refused(RewardError::OnHold { code: BY_HAND.to_owned() });
    given(is_due())
        .and([held_late()])
        .when(people_ops(), due(), hold(None))
        .refused(RewardError::OnHold { code: RECORDED_LATE.to_owned() });
}

#[test]
fn only_what_is_held_is_let_go_and_not_by_whoever_is_paid() {
    given(is_due()).when(compliance(), due(), lift()).refused(RewardError::NotHeld);
    given(held()).when(payee(), due(), lift()).refused(RewardError::PayeeMayNotDecide);
}

// forfeit

#[test]
fn anything_on_its_way_can_be_forfeited_under_a_clause() {
    for past in [vec![is_planned()], held(), is_due(), verified(), awaiting(), approved()] {
        given(past.clone()).when(people_ops(), due(), forfeit()).then([forfeited()]);
        given(past.clone()).when(payee(), due(), forfeit()).refused(RewardError::PayeeMayNotDecide);
        let without = RewardCommand::Forfeit { clause: " ".to_owned(), note: None };
        given(past).when(people_ops(), due(), without).refused(RewardError::ClauseRequired);
    }
}

// answers to rules

#[test]
fn a_rule_is_answered_once() {
    let waits = Planned { gate: vec![found("REF-18", Outcome::Hold, "payroll_note_missing", "通達")], ..planned() };
    let reward = nothing().also(|reward| reward.when(system(), hired(), plan(waits.clone())));
    reward.when(compliance(), hired(), lift()).refused(open("REF-18"));
    reward.when(compliance(), hired(), settle("REF-18")).then([settled("REF-18")]);
    let reward = reward.and([settled("REF-18")]);
    reward.when(compliance(), hired(), settle("REF-18")).quiet();
    reward.when(compliance(), hired(), lift()).then([lifted()]);
    reward
        .when(compliance(), hired(), settle("REF-05"))
        .refused(SettlementError::RuleNotEvaluated { rule: "REF-05".to_owned() });
}

#[test]
fn nobody_answers_a_rule_about_their_own_pay() {
    let gate = vec![
        found("REF-05", Outcome::Legal, "repeated", "職業安定法30条"),
        found("REF-18", Outcome::Hold, "payroll_note_missing", "通達"),
        found("REF-21", Outcome::Warn, "concentration", "規程"),
    ];
    let waits = Planned { gate, ..planned() };
    let reward = nothing().also(|reward| reward.when(system(), hired(), plan(waits.clone())));
    let opinion = Settlement::LegalOpinion {
        rule: "REF-05".to_owned(),
        opinion_ref: "legal/5".to_owned(),
        valid_until: due(),
        by: payee().id,
    };
    let reason = Settlement::Acknowledged { rule: "REF-21".to_owned(), reason: sealed(6), by: payee().id };
    for settlement in [answered("REF-18"), opinion, reason] {
        let order = RewardCommand::Settle(settlement);
        reward.when(payee(), hired(), order.clone()).refused(RewardError::PayeeMayNotDecide);
        assert_eq!(reward.when(compliance(), hired(), order).recorded().len(), 1);
    }
}

// endings

#[test]
fn what_has_ended_stays_ended() {
    let barred =
        RewardEvent::RuledIneligible { rule: "REF-06".into(), basis: "職安法40条".into(), code: "x".into() };
    for (end, ending) in
        [(lapsed().remove(1), Ending::Lapsed), (forfeited(), Ending::Forfeited), (barred, Ending::Ineligible)]
    {
        let reward = given([is_planned(), end]);
        for order in
            [verify(gate()), approve(), decline(), hold(None), lift(), forfeit(), settle("REF-18"), close_case()]
        {
            reward.when(people_ops(), due(), order).refused(RewardError::Ended { ending });
        }
        reward.when(system(), due(), lapse(LapseCause::HireLeft, "2027-02-28")).quiet();
        reward.when_woken(due()).quiet();
        assert_eq!((reward.state(), reward.wake()), (ending.into(), None));
    }
}

// whatever comes

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_paid_that_two_without_a_stake_did_not_approve(
        orders in prop::collection::vec((any_order(), 50_u64..64, 0_u64..20), 0..60)
    ) {
        let mut today = hired();
        let mut past = vec![is_planned()];
        for (order, by, days) in orders {
            today = today + Days::new(days);
            past.extend(given(past.clone()).when(person(by), today, order).recorded());
            past.extend(given(past.clone()).when_woken(today).recorded());
        }
        let reward = given(past.clone());
        if reward.state() == "approved" {
            let last = past.iter().rposition(|event| matches!(event, RewardEvent::Verified { .. })).unwrap();
            let mut approvers = BTreeSet::new();
            for event in &past[last..] {
                if let RewardEvent::Approved { approved_by, .. } = event {
                    approvers.insert(*approved_by);
                }
            }
            prop_assert_eq!(approvers.len(), 2);
            prop_assert!([payee(), editor(), recruiter()].iter().all(|one| !approvers.contains(&one.id)));
            prop_assert!(today >= due());
        }
    }
}

#[test]
fn the_stored_forms_are_golden() {
    assert_goldens::<Reward>(&samples());
}

// helpers

fn any_order() -> impl Strategy<Value = RewardCommand> {
    prop_oneof![
        6 => Just(verify(gate())),
        8 => Just(approve()),
        1 => Just(decline()),
        1 => Just(hold(None)),
        4 => Just(lift()),
        1 => Just(lapse(LapseCause::PayeeLeft, "2027-04-20")),
        1 => Just(close_case()),
    ]
}

trait Also {
    /// The same stream with what it records.
    fn also(self, order: impl FnOnce(&Self) -> Decided<Reward>) -> Self;
}

impl Also for Given<Reward> {
    fn also(self, order: impl FnOnce(&Self) -> Decided<Reward>) -> Self {
        let recorded = order(&self).recorded();
        assert!(!recorded.is_empty());
        self.and(recorded)
    }
}

fn nothing() -> Given<Reward> {
    Given::nothing()
}

fn given(events: impl IntoIterator<Item = RewardEvent>) -> Given<Reward> {
    Given::events(events)
}

fn people_ops() -> Actor {
    person(51)
}

fn second() -> Actor {
    person(52)
}

fn recruiter() -> Actor {
    person(53)
}

fn compliance() -> Actor {
    person(56)
}

fn editor() -> Actor {
    person(57)
}

fn payee() -> Actor {
    person(60)
}

fn hired() -> NaiveDate {
    day("2027-01-04")
}

fn due() -> NaiveDate {
    day("2027-04-05")
}

fn plan(planned: Planned) -> RewardCommand {
    RewardCommand::Plan(Box::new(planned))
}

fn lapse(because: LapseCause, left_on: &str) -> RewardCommand {
    RewardCommand::Lapse { because, departure_id: Some(DepartureId(uuid(3))), left_on: Some(day(left_on)) }
}

fn verify(gate: Vec<RuleResult>) -> RewardCommand {
    let at_referral = Box::new(employee_on("2026-11-25"));
    RewardCommand::Verify { at_referral, at_award: Box::new(employee_on("2027-04-05")), gate }
}

fn approve() -> RewardCommand {
    RewardCommand::Approve {
        role: "people_ops".to_owned(),
        plan_editors: BTreeSet::from([editor().id]),
        recruiters: BTreeSet::from([recruiter().id]),
    }
}

const fn decline() -> RewardCommand {
    RewardCommand::Decline { reason_code: DeclineReason::NotEarned, note: None }
}

const fn hold(note: Option<aggregates::values::FreeText>) -> RewardCommand {
    RewardCommand::Hold { note }
}

const fn lift() -> RewardCommand {
    RewardCommand::LiftHold { note: None }
}

fn forfeit() -> RewardCommand {
    RewardCommand::Forfeit { clause: "賃金規程第21条".to_owned(), note: None }
}

fn answered(rule: &str) -> Settlement {
    Settlement::Answered {
        rule: rule.to_owned(),
        answer: CheckAnswer::Satisfied,
        evidence_ref: "sr/2027/4".to_owned(),
        by: compliance().id,
    }
}

fn settle(rule: &str) -> RewardCommand {
    RewardCommand::Settle(answered(rule))
}

const fn close_case() -> RewardCommand {
    RewardCommand::CloseCorrectionCase { note: None }
}

fn open(rule: &str) -> RewardError {
    RewardError::ChecksOpen { rules: vec![rule.to_owned()] }
}

fn is_planned() -> RewardEvent {
    RewardEvent::Planned(Box::new(planned()))
}

fn fell_due() -> RewardEvent {
    RewardEvent::FellDue { on: due() }
}

fn by_hand() -> RewardEvent {
    RewardEvent::Held { rule: None, code: BY_HAND.to_owned(), basis: None, held_by: compliance().id, note: None }
}

fn held_late() -> RewardEvent {
    RewardEvent::Held {
        rule: Some("REF-15".to_owned()),
        code: RECORDED_LATE.to_owned(),
        basis: Some("労基法16条".to_owned()),
        held_by: system().id,
        note: None,
    }
}

fn lifted() -> RewardEvent {
    RewardEvent::HoldLifted { lifted_by: compliance().id, note: None }
}

fn is_verified(gate: Vec<RuleResult>) -> RewardEvent {
    RewardEvent::Verified {
        at_referral: Some(Box::new(employee_on("2026-11-25"))),
        at_award: Box::new(employee_on("2027-04-05")),
        gate,
        verified_by: people_ops().id,
    }
}

fn is_approved(by: Actor, number: u32) -> RewardEvent {
    RewardEvent::Approved { approved_by: by.id, role: "people_ops".to_owned(), number }
}

fn declined() -> RewardEvent {
    RewardEvent::Declined { declined_by: second().id, reason_code: DeclineReason::NotEarned, note: None }
}

fn forfeited() -> RewardEvent {
    RewardEvent::Forfeited { clause: "賃金規程第21条".to_owned(), forfeited_by: people_ops().id, note: None }
}

fn settled(rule: &str) -> RewardEvent {
    RewardEvent::Settled { settlement: answered(rule) }
}

fn held() -> Vec<RewardEvent> {
    vec![is_planned(), by_hand()]
}

fn is_due() -> Vec<RewardEvent> {
    vec![is_planned(), fell_due()]
}

fn verified() -> Vec<RewardEvent> {
    [is_due(), vec![is_verified(gate())]].concat()
}

fn awaiting() -> Vec<RewardEvent> {
    [verified(), vec![is_approved(people_ops(), 1)]].concat()
}

fn approved() -> Vec<RewardEvent> {
    [awaiting(), vec![is_approved(second(), 2)]].concat()
}

fn lapsed() -> Vec<RewardEvent> {
    let lapsed = RewardEvent::Lapsed {
        because: LapseCause::HireLeft,
        departure_id: Some(DepartureId(uuid(3))),
        left_on: Some(day("2027-02-28")),
    };
    vec![is_planned(), lapsed]
}
