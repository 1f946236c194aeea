//! A departure, given events, when a command, then events.
#![expect(clippy::expect_used, reason = "a test that cannot be set up has failed")]

mod contact;
mod eligibility;
mod transitions;

use aggregates::departure::{
    Channel, Departure, DepartureChanges, DepartureCommand as Command, DepartureError as Error,
    DepartureEvent as Event, FIRST_LETTERS, OutreachBar, OutreachBasis, Recorded, Reopening, natural_key, number_key,
};
use aggregates::eligibility::{PROPOSAL_RULE, SeparationReason, proposal};
use aggregates::ids::MemberId;
use aggregates::issued::Due;
use aggregates::personal::{Personal, RecordClass};
use aggregates::stream::{Claim, Stream};
use aggregates::values::Verdict;
use chrono::{Days, NaiveDate};
use cqrs_es::Aggregate;
use proptest::prelude::*;
use strum::IntoEnumIterator;

use crate::samples::departure::{recorded, samples};
use crate::support::{Given, Moment, assert_goldens, day, instant, person, sealed, service, system, uuid};

#[test]
fn a_departure_whose_last_day_lies_ahead_is_scheduled() {
    Given::<Departure>::nothing()
        .when(person(1), before(), record(SeparationReason::Relocation))
        .then([stated(SeparationReason::Relocation), proposed(Verdict::Eligible)]);
    assert_eq!(scheduled().state(), "scheduled");
}

#[test]
fn a_departure_whose_last_day_has_passed_takes_effect_at_once() {
    Given::<Departure>::nothing().when(service(9), after(), record(SeparationReason::Redundancy)).then([
        stated(SeparationReason::Redundancy),
        proposed(Verdict::NeedsReview),
        effective(None),
    ]);
    assert_eq!(in_effect().state(), "effective");
}

#[test]
fn the_last_day_itself_is_still_a_day_of_employment() {
    let events = Given::<Departure>::nothing()
        .when(person(1), recorded().employment.left_on, record(SeparationReason::Study))
        .recorded();
    assert!(!events.contains(&effective(None)));
}

#[test]
fn every_reason_leads_to_its_proposal_and_only_death_bars_the_letter() {
    for reason in SeparationReason::iter() {
        let events = Given::<Departure>::nothing().when(person(1), before(), record(reason)).recorded();
        assert_eq!(events[..2], [stated(reason), proposed(proposal(reason))]);
        let bars: Vec<_> = events[2..].to_vec();
        let expected = if reason == SeparationReason::Death { vec![barred(OutreachBar::Deceased)] } else { Vec::new() };
        assert_eq!(bars, expected, "{reason:?}");
    }
}

#[test]
fn misconduct_alone_makes_nobody_ineligible() {
    let given = Given::<Departure>::events([record_sample(), proposed(Verdict::NotEligible)]);
    assert_eq!(verdict(&given), Verdict::NeedsReview);
}

#[test]
fn nobody_leaves_before_they_came() {
    let mut record = recorded();
    record.employment.left_on = day("2015-03-31");
    let command = Command::Record { record: Box::new(record), reason: SeparationReason::Study };
    Given::<Departure>::nothing()
        .when(person(1), before(), command)
        .refused(Error::LeftBeforeHired { hired_on: day("2015-04-01"), left_on: day("2015-03-31") });
}

#[test]
fn a_departure_is_recorded_once() {
    for given in [scheduled(), in_effect(), rescinded()] {
        given.when(person(1), before(), record(SeparationReason::Study)).refused(Error::AlreadyRecorded);
    }
}

#[test]
fn before_the_record_there_is_nothing_to_ask() {
    for command in commands() {
        let given = Given::<Departure>::nothing();
        if matches!(command, Command::Wake) {
            given.when_woken(before()).quiet();
        } else if !matches!(command, Command::Record { .. }) {
            given.when(person(1), before(), command).refused(Error::Unrecorded);
        }
    }
}

#[test]
fn the_departure_takes_effect_on_the_day_after_the_last_day() {
    assert_eq!(scheduled().wake(), Some(Due::On(day("2024-04-01"))));
    scheduled().when_woken(day("2024-04-01")).then([effective(None)]);
    scheduled()
        .and([noted(3, Verdict::Eligible)])
        .when_woken(day("2024-04-02"))
        .then([effective(Some(MemberId(uuid(3))))]);
}

#[test]
fn waking_early_or_again_changes_nothing() {
    scheduled().when_woken(day("2024-03-31")).quiet();
    in_effect().when_woken(day("2024-04-01")).quiet();
    rescinded().when_woken(day("2024-04-01")).quiet();
    assert_eq!(in_effect().wake(), None);
    assert_eq!(rescinded().wake(), None);
}

#[test]
fn a_confirmed_ineligibility_lapses_into_a_review() {
    let given = in_effect().and([assessed_ineligible(1), confirmed(2)]);
    assert_eq!(given.wake(), Some(Due::On(day("2027-03-31"))));
    let lapsed = Event::IneligibilityLapsed { on: day("2027-03-31") };
    given.when_woken(day("2027-03-31")).then([lapsed.clone()]);
    let given = in_effect().and([assessed_ineligible(1), confirmed(2), lapsed]);
    assert_eq!(verdict(&given), Verdict::NeedsReview);
    assert_eq!(given.wake(), None);
}

#[test]
fn an_ineligibility_that_lapses_before_the_last_day_is_not_slept_through() {
    let short = Event::IneligibilityConfirmed {
        clause: "第3条".to_owned(),
        evidence_ref: "HR-2024-017".to_owned(),
        expires_on: day("2024-03-20"),
        appeal_route: "人事部".to_owned(),
        confirmed_by: person(2).id,
    };
    let given = scheduled().and([assessed_ineligible(1), short]);
    assert_eq!(given.wake(), Some(Due::On(day("2024-03-20"))));
    given.when_woken(day("2024-03-20")).then([Event::IneligibilityLapsed { on: day("2024-03-20") }]);
}

#[test]
fn a_correction_names_the_latest_statement_it_corrects() {
    let changes = DepartureChanges { grade: Some("G5".to_owned()), ..DepartureChanges::default() };
    scheduled().when(person(1), before(), correct(None, changes.clone())).then([corrected(1, changes.clone())]);
    scheduled()
        .and([corrected(1, changes.clone())])
        .when(person(1), before(), correct(None, changes.clone()))
        .then([corrected(3, changes.clone())]);
    scheduled()
        .and([corrected(1, changes.clone())])
        .when(person(1), before(), correct(Some(1), changes.clone()))
        .then([corrected(1, changes)]);
}

#[test]
fn a_correction_names_an_event_that_states_facts() {
    let changes = DepartureChanges { grade: Some("G5".to_owned()), ..DepartureChanges::default() };
    scheduled()
        .when(person(1), before(), correct(Some(2), changes.clone()))
        .refused(Error::NothingToCorrect { corrects: 2 });
    scheduled().when(person(1), before(), correct(Some(9), changes)).refused(Error::NothingToCorrect { corrects: 9 });
}

#[test]
fn a_correction_that_changes_nothing_is_quiet() {
    scheduled().when(person(1), before(), correct(None, DepartureChanges::default())).quiet();
    in_effect().when(person(1), after(), correct(None, DepartureChanges::default())).quiet();
}

#[test]
fn a_last_day_corrected_into_the_past_takes_effect() {
    let changes = DepartureChanges { left_on: Some(day("2024-02-10")), ..DepartureChanges::default() };
    let events = scheduled().when(person(1), before(), correct(None, changes.clone())).recorded();
    assert_eq!(events[0], corrected(1, changes));
    let Event::BecameEffective { left_on, effective_on, .. } = &events[1] else { panic!("{events:?}") };
    assert_eq!((*left_on, *effective_on), (day("2024-02-10"), day("2024-02-11")));
}

#[test]
fn what_took_effect_cannot_be_moved_ahead() {
    let changes = DepartureChanges { left_on: Some(day("2024-06-30")), ..DepartureChanges::default() };
    in_effect()
        .when(person(1), day("2024-05-01"), correct(None, changes.clone()))
        .refused(Error::CannotUndoEffect { left_on: day("2024-06-30") });
    in_effect()
        .when(person(1), day("2024-06-30"), correct(None, changes.clone()))
        .refused(Error::CannotUndoEffect { left_on: day("2024-06-30") });
    in_effect().when(person(1), day("2024-07-01"), correct(None, changes.clone())).then([corrected(1, changes)]);
}

#[test]
fn a_correction_keeps_the_days_in_order() {
    let changes = DepartureChanges { hired_on: Some(day("2024-04-01")), ..DepartureChanges::default() };
    scheduled()
        .when(person(1), before(), correct(None, changes))
        .refused(Error::LeftBeforeHired { hired_on: day("2024-04-01"), left_on: day("2024-03-31") });
}

#[test]
fn a_corrected_reason_is_proposed_on_anew_while_nobody_has_assessed() {
    scheduled()
        .when(person(1), before(), correct_reason(SeparationReason::Misconduct))
        .then([corrected(1, reason_changes(SeparationReason::Misconduct)), proposed(Verdict::NotEligible)]);
    scheduled()
        .when(person(1), before(), correct_reason(SeparationReason::Health))
        .then([corrected(1, reason_changes(SeparationReason::Health))]);
}

#[test]
fn a_corrected_reason_never_overrules_a_person() {
    let reopened = Event::AssessmentReopened {
        because: Reopening::ReasonCorrected,
        proposal: Verdict::NotEligible,
        rule: PROPOSAL_RULE.to_owned(),
    };
    let events = [corrected(1, reason_changes(SeparationReason::Misconduct)), reopened.clone()];
    for past in [
        vec![assessed(Verdict::Eligible, 1)],
        vec![assessed_ineligible(1)],
        vec![assessed_ineligible(1), confirmed(2)],
        vec![assessed_ineligible(1), Event::AssessmentReturned { note: None }],
    ] {
        in_effect()
            .and(past.clone())
            .when(person(1), after(), correct_reason(SeparationReason::Misconduct))
            .then(events.clone());
        let given = in_effect().and(past).and(events.clone());
        assert_eq!(verdict(&given), Verdict::NeedsReview);
    }
}

#[test]
fn a_death_recorded_by_mistake_is_lifted_and_a_refusal_is_not() {
    scheduled().when(person(1), before(), correct_reason(SeparationReason::Death)).then([
        corrected(1, reason_changes(SeparationReason::Death)),
        proposed(Verdict::NotEligible),
        barred(OutreachBar::Deceased),
    ]);
    let lifted = Event::OutreachBarLifted { was: OutreachBar::Deceased };
    let given = || scheduled().and([barred(OutreachBar::Deceased), barred(OutreachBar::ContactRefused)]);
    let events = given().when(person(1), before(), correct_reason(SeparationReason::Study)).recorded();
    assert_eq!(events.last(), Some(&lifted));
    given().and([lifted]).when(person(1), before(), invite()).refused(Error::ContactRefused);
}

#[test]
fn whoever_lives_after_all_is_looked_at_again() {
    let lifted = Event::OutreachBarLifted { was: OutreachBar::Deceased };
    let corrected = corrected(1, reason_changes(SeparationReason::Misconduct));
    let dead = || in_effect().and([proposed(Verdict::NotEligible), barred(OutreachBar::Deceased)]);
    dead().when(person(1), after(), correct_reason(SeparationReason::Misconduct)).then([
        corrected.clone(),
        proposed(Verdict::NotEligible),
        lifted.clone(),
    ]);
    let reopened = Event::AssessmentReopened {
        because: Reopening::ReasonCorrected,
        proposal: Verdict::NotEligible,
        rule: PROPOSAL_RULE.to_owned(),
    };
    for past in [vec![assessed(Verdict::Eligible, 1)], vec![assessed_ineligible(1)]] {
        dead().and(past).when(person(1), after(), correct_reason(SeparationReason::Misconduct)).then([
            corrected.clone(),
            reopened.clone(),
            lifted.clone(),
        ]);
    }
    let again = correct_reason(SeparationReason::Death);
    assert_eq!(dead().when(person(1), after(), again).recorded().len(), 1, "still dead");
}

#[test]
fn a_scheduled_departure_can_be_rescinded() {
    scheduled()
        .and([noted(3, Verdict::Eligible)])
        .when(person(1), before(), Command::Rescind { why: sealed(9) })
        .then([Event::Rescinded { why: sealed(9), member_id: Some(MemberId(uuid(3))) }]);
    assert_eq!(rescinded().state(), "rescinded");
    assert_eq!(rescinded().folded().subject(), Some(recorded().person_id));
}

#[test]
fn what_took_effect_cannot_be_rescinded() {
    in_effect()
        .when(person(1), after(), Command::Rescind { why: sealed(9) })
        .refused(Error::AlreadyEffective { left_on: day("2024-03-31") });
    let on = |today: &str| scheduled().when(person(1), day(today), Command::Rescind { why: sealed(9) });
    assert_eq!(on("2024-03-31").recorded().len(), 1, "on the last day");
    on("2024-04-01").refused(Error::AlreadyEffective { left_on: day("2024-03-31") });
}

#[test]
fn rescinding_again_is_quiet_and_anything_else_is_refused() {
    for command in commands() {
        if matches!(command, Command::Rescind { .. } | Command::Wake) {
            rescinded().when(person(1), before(), command).quiet();
        } else if !matches!(command, Command::Record { .. }) {
            rescinded().when(person(1), before(), command).refused(Error::Rescinded);
        }
    }
}

#[test]
fn an_exit_interview_is_recorded() {
    scheduled().when(person(1), before(), interview(Some(sealed(34)))).then([interviewed()]);
    in_effect().when(person(1), after(), interview(Some(sealed(34)))).then([interviewed()]);
}

#[test]
fn an_exit_interview_is_recorded_once_and_after_it_was_held() {
    scheduled()
        .when(person(1), day("2024-03-14"), interview(None))
        .refused(Error::InterviewNotHeldYet { held_on: day("2024-03-15") });
    scheduled()
        .and([interviewed()])
        .when(person(1), before(), interview(Some(sealed(34))))
        .refused(Error::AlreadyInterviewed);
}

#[test]
fn the_same_exit_interview_without_new_words_is_quiet() {
    scheduled().and([interviewed()]).when(person(1), before(), interview(None)).quiet();
}

#[test]
fn a_record_claims_its_period_and_its_numbers() {
    let claims = Given::<Departure>::nothing().claims(uuid(7), &record_sample());
    assert_eq!(
        claims,
        [
            Claim::take("departure", "JP-HQ/E-10234/2015-04-01", uuid(7)),
            Claim::take("employee_number", "JP-HQ/E-10234", recorded().person_id.0),
            Claim::take("employee_number", "JP-HQ/E-00871", recorded().person_id.0),
        ]
    );
    assert_eq!(natural_key("JP-HQ", "E-10234", day("2015-04-01")), "JP-HQ/E-10234/2015-04-01");
    assert_eq!(number_key("JP-HQ", "E-10234"), "JP-HQ/E-10234");
}

#[test]
fn claims_follow_a_correction_of_what_they_are_made_of() {
    let number = DepartureChanges { employee_number: Some("E-2".to_owned()), ..DepartureChanges::default() };
    assert_eq!(
        scheduled().claims(uuid(7), &corrected(1, number)),
        [
            Claim::release("departure", "JP-HQ/E-10234/2015-04-01", uuid(7)),
            Claim::take("departure", "JP-HQ/E-2/2015-04-01", uuid(7)),
            Claim::take("employee_number", "JP-HQ/E-2", recorded().person_id.0),
        ]
    );
    let same = DepartureChanges { hired_on: Some(day("2015-04-01")), ..DepartureChanges::default() };
    assert_eq!(scheduled().claims(uuid(7), &corrected(1, same)), []);
}

#[test]
fn a_rescinded_departure_gives_its_period_back() {
    let event = Event::Rescinded { why: sealed(9), member_id: None };
    assert_eq!(scheduled().claims(uuid(7), &event), [Claim::release("departure", "JP-HQ/E-10234/2015-04-01", uuid(7))]);
    let person = scheduled().subject().expect("a person");
    let key = person.to_string();
    assert_eq!(
        scheduled().claims(uuid(7), &invited(1, "2024-05-01T00:00:00Z")),
        [Claim::probe("contact_refused", &*key, uuid(7))],
        "asked for, and free again"
    );
    assert_eq!(
        scheduled().claims(uuid(7), &barred(OutreachBar::ContactRefused)),
        [Claim::take("contact_refused", &*key, person.0)]
    );
    assert_eq!(scheduled().claims(uuid(7), &barred(OutreachBar::Deceased)), []);
}

#[test]
fn stored_forms_are_golden() {
    assert_goldens::<Departure>(&samples());
}

proptest! {
    #[test]
    fn no_sequence_of_commands_breaks_a_departure(steps in prop::collection::vec(step(), 1..40)) {
        let mut state = Departure::default();
        let mut events = Vec::new();
        for (actor, date, index) in steps {
            let at = Moment::from(date);
            let order = commands().swap_remove(index % commands().len());
            let by = [person(1), person(2), service(9), system()][actor % 4];
            let issued = aggregates::issued::Issued { by, at: at.at, on: at.on, command: order };
            if let Ok(recorded) = state.decide(issued) {
                for event in recorded {
                    state.claims(uuid(7), &event);
                    state.apply(event.clone());
                    events.push(event);
                }
            }
            if let Some(standing) = state.standing() {
                prop_assert_eq!(standing.version, events.len() as u64);
                prop_assert!(standing.hired_on <= standing.left_on);
                prop_assert!(standing.first_letters <= FIRST_LETTERS);
                if standing.eligibility.verdict() == Verdict::NotEligible {
                    prop_assert!(two_people_found_it(&events));
                }
            }
            let refolded = Given::<Departure>::events(events.clone());
            prop_assert_eq!(&state, refolded.folded());
        }
    }

    #[test]
    fn waking_twice_on_a_day_is_waking_once(offset in 0u64..2000) {
        let on = day("2023-01-01") + Days::new(offset);
        let given = || scheduled().and([assessed_ineligible(1), confirmed(2)]);
        let events = given().when_woken(on);
        let state = given();
        match events.recorded() {
            events if events.is_empty() => state.when_woken(on).quiet(),
            events => state.and(events).when_woken(on).quiet(),
        }
    }
}

/// The last assessment and its confirmation come from two people.
fn two_people_found_it(events: &[Event]) -> bool {
    let mut assessor = None;
    let mut confirmer = None;
    for event in events {
        if let Event::EligibilityAssessed { assessed_by, .. } = event {
            assessor = Some(*assessed_by);
        }
        if let Event::IneligibilityConfirmed { confirmed_by, .. } = event {
            confirmer = Some(*confirmed_by);
        }
    }
    assessor.is_some() && confirmer.is_some() && assessor != confirmer
}

fn step() -> impl Strategy<Value = (usize, NaiveDate, usize)> {
    (0usize..4, (0u64..1600).prop_map(|offset| day("2024-01-01") + Days::new(offset)), 0usize..100)
}

fn commands() -> Vec<Command> {
    let moved = |left_on| DepartureChanges { left_on: Some(day(left_on)), ..DepartureChanges::default() };
    let hired = DepartureChanges { hired_on: Some(day("2024-05-01")), ..DepartureChanges::default() };
    vec![
        record(SeparationReason::Relocation),
        record(SeparationReason::Death),
        correct(None, moved("2024-02-10")),
        correct(None, moved("2024-06-30")),
        correct(Some(1), hired),
        correct(None, DepartureChanges::default()),
        correct_reason(SeparationReason::Misconduct),
        correct_reason(SeparationReason::Death),
        correct_reason(SeparationReason::Study),
        Command::Rescind { why: sealed(9) },
        interview(None),
        interview(Some(sealed(34))),
        assess(Verdict::Eligible),
        assess(Verdict::NotEligible),
        confirm("2025-03-31"),
        confirm("2027-03-31"),
        Command::ReturnAssessment { note: None },
        invite(),
        Command::Invite {
            basis: OutreachBasis::ExitConsent,
            notice_version: None,
            channel: Channel::InPerson,
            refused: false,
        },
        Command::RefuseContact,
        Command::NoteRegistration { member_id: MemberId(uuid(3)) },
        Command::Wake,
    ]
}

fn scheduled() -> Given<Departure> {
    Given::events([record_sample(), proposed(Verdict::Eligible)])
}

fn in_effect() -> Given<Departure> {
    scheduled().and([effective(None)])
}

fn rescinded() -> Given<Departure> {
    scheduled().and([Event::Rescinded { why: sealed(9), member_id: None }])
}

fn before() -> NaiveDate {
    day("2024-03-20")
}

fn after() -> NaiveDate {
    day("2024-04-10")
}

fn verdict(given: &Given<Departure>) -> Verdict {
    given.folded().standing().expect("something stands").eligibility.verdict()
}

fn record(reason: SeparationReason) -> Command {
    Command::Record { record: Box::new(recorded()), reason }
}

fn record_sample() -> Event {
    Event::Recorded(Box::new(recorded()))
}

fn stated(reason: SeparationReason) -> Event {
    let reason = Personal::new(RecordClass::Restricted, reason);
    Event::Recorded(Box::new(Recorded { reason, ..recorded() }))
}

fn proposed(verdict: Verdict) -> Event {
    Event::EligibilityProposed { verdict, rule: PROPOSAL_RULE.to_owned() }
}

fn barred(because: OutreachBar) -> Event {
    Event::OutreachBarred { because }
}

fn noted(member: u64, verdict: Verdict) -> Event {
    Event::RegistrationNoted { member_id: MemberId(uuid(member)), verdict }
}

fn effective(member_id: Option<MemberId>) -> Event {
    Event::BecameEffective {
        effective_on: day("2024-04-01"),
        hired_on: day("2015-04-01"),
        left_on: day("2024-03-31"),
        legal_entity: "JP-HQ".to_owned(),
        employee_number: "E-10234".to_owned(),
        member_id,
    }
}

fn correct(corrects: Option<u64>, changes: DepartureChanges) -> Command {
    Command::Correct { corrects, changes: Box::new(changes), reason: None, why: sealed(8) }
}

fn correct_reason(reason: SeparationReason) -> Command {
    Command::Correct { corrects: None, changes: Box::default(), reason: Some(reason), why: sealed(8) }
}

fn reason_changes(reason: SeparationReason) -> DepartureChanges {
    DepartureChanges { reason: Some(Personal::new(RecordClass::Restricted, reason)), ..DepartureChanges::default() }
}

fn corrected(corrects: u64, changes: DepartureChanges) -> Event {
    Event::Corrected { corrects, changes: Box::new(changes), why: sealed(8) }
}

fn interview(notes: Option<aggregates::values::FreeText>) -> Command {
    Command::RecordExitInterview { held_on: day("2024-03-15"), wishes_to_return: Some(true), notes }
}

fn interviewed() -> Event {
    Event::ExitInterviewRecorded { held_on: day("2024-03-15"), wishes_to_return: Some(true), notes: Some(sealed(34)) }
}

fn grounds(verdict: Verdict) -> (Option<String>, Option<String>) {
    match verdict {
        Verdict::NotEligible => (Some("misconduct".to_owned()), Some("第3条".to_owned())),
        Verdict::Eligible | Verdict::NeedsReview => (None, None),
    }
}

fn assess(verdict: Verdict) -> Command {
    let (reason_code, clause) = grounds(verdict);
    Command::AssessEligibility { verdict, reason_code, clause, note: None }
}

fn assessed(verdict: Verdict, by: u64) -> Event {
    let (reason_code, clause) = grounds(verdict);
    Event::EligibilityAssessed { verdict, assessed_by: person(by).id, reason_code, clause, note: None }
}

fn assessed_ineligible(by: u64) -> Event {
    assessed(Verdict::NotEligible, by)
}

fn confirm(expires_on: &str) -> Command {
    Command::ConfirmEligibility {
        clause: "第3条".to_owned(),
        evidence_ref: "HR-2024-017".to_owned(),
        expires_on: day(expires_on),
        appeal_route: "人事部".to_owned(),
    }
}

fn confirmed(by: u64) -> Event {
    Event::IneligibilityConfirmed {
        clause: "第3条".to_owned(),
        evidence_ref: "HR-2024-017".to_owned(),
        expires_on: day("2027-03-31"),
        appeal_route: "人事部".to_owned(),
        confirmed_by: person(by).id,
    }
}

fn invite() -> Command {
    Command::Invite {
        basis: OutreachBasis::NoticeWithInvitation,
        notice_version: None,
        channel: Channel::Email,
        refused: false,
    }
}

fn invited(number: u32, expires_at: &str) -> Event {
    Event::Invited {
        number,
        basis: OutreachBasis::NoticeWithInvitation,
        notice_version: None,
        channel: Channel::Email,
        expires_at: instant(expires_at),
    }
}
