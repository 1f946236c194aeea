//! The table that the API shows, held against what `decide` says: state by state, command by command.

use std::collections::BTreeSet;

use aggregates::application::{
    Application, ApplicationCommand as C, ApplicationEvent, EligibilityResult, HoldCause, OfferEnding, Office,
    PostponementReason, Recommendation, RejectionReason, ReviewDecision, Scorecard, Side, Slot, Stage, Transferring,
    WithdrawalReason, next_allowed_commands, transitions,
};
use aggregates::checks::{CheckAnswer, Outcome, Settlement, found};
use aggregates::ids::{InterviewId, RequisitionId};
use aggregates::issued::Actor;
use aggregates::values::Verdict;
use chrono::{NaiveDate, TimeDelta};

use super::{
    another_in_compliance, candidate, compliance, evaluation, facts, first_day, given, interview_id, interviewer,
    joining_recorded, line, manager, of, offer_accepted, offer_id, recruiter, rejoin, requisition_id, scheduled,
    scored, second_recruiter, slot, submitted,
};
use crate::support::{sealed, system, uuid};
use crate::transitions::{Answer, Asked, Named, Past, Table, past_where};

const APPLICATION: &str = include_str!("../../src/application.rs");
const COMMANDS: &str = include_str!("../../src/application/commands.rs");
const FACTS: &str = include_str!("../../src/application/facts.rs");
const STANDING: &str = include_str!("../../src/application/standing.rs");

/// What sets a case apart that waits.
const ON_HOLD: &str = "on hold";

/// The day of the commands: the first day has come, and every period is still open.
fn day_of_commands() -> NaiveDate {
    first_day()
}

/// Every rule that somebody can answer, and an interview of which one scorecard is in.
fn begun(result: EligibilityResult) -> Vec<ApplicationEvent> {
    let rules = vec![
        found("A", Outcome::Hold, "a", "規程"),
        found("B", Outcome::Warn, "b", "規程"),
        found("C", Outcome::Legal, "c", "規程"),
    ];
    let assessed = ApplicationEvent::EligibilityAssessed {
        result,
        rules,
        programme_version: "programme/0".to_owned(),
        facts: Box::new(aggregates::application::EligibilityFacts { on: day_of_commands(), ..facts() }),
        because: None,
    };
    vec![submitted(), assessed, scheduled(), scored(), another_interview()]
}

/// One of which no scorecard is in: it can still be moved.
fn another_interview() -> ApplicationEvent {
    let by = TimeDelta::days(1);
    let slot = Slot { starts_at: slot().starts_at + by, ends_at: slot().ends_at + by, ..slot() };
    ApplicationEvent::InterviewScheduled {
        interview_id: InterviewId(uuid(71)),
        slot: Box::new(slot),
        scheduled_by: recruiter().id,
    }
}

fn states() -> Vec<(&'static str, Vec<ApplicationEvent>)> {
    let eligible = || begun(EligibilityResult::Eligible);
    let with = |past: Vec<ApplicationEvent>, more: Vec<ApplicationEvent>| [past, more].concat();
    let on = Some(day_of_commands());
    let interviewing =
        ApplicationEvent::Advanced { from: Stage::Screening, to: Stage::Interviewing, advanced_by: recruiter().id };
    let evaluated = || with(eligible(), vec![evaluation()]);
    let offered = || with(evaluated(), vec![ApplicationEvent::OfferOpened { offer_id: offer_id() }]);
    let over = |ending| with(offered(), vec![ApplicationEvent::OfferEnded { offer_id: offer_id(), ending, on }]);
    let accepted = || with(offered(), vec![offer_accepted()]);
    let joining = || with(accepted(), vec![joining_recorded()]);
    let requested = ApplicationEvent::ReviewRequested { requested_by: candidate().id, grounds: None };
    let rejected = ApplicationEvent::Rejected {
        side: Side::Employer,
        reason_code: RejectionReason::Other,
        rejected_by: recruiter().id,
        note: None,
        on,
    };
    let withdrawn = ApplicationEvent::Withdrawn {
        reason_code: WithdrawalReason::Other,
        withdrawn_by: candidate().id,
        recorded_for: None,
        on,
    };
    let no_show = ApplicationEvent::NoShowRecorded { recorded_by: recruiter().id, note: None };
    let cancelled = ApplicationEvent::Cancelled { requisition_id: requisition_id() };
    let back = given(joining()).when_woken(day_of_commands()).recorded();
    vec![
        ("eligibility_review", begun(EligibilityResult::NeedsReview)),
        ("not_eligible", begun(EligibilityResult::NotEligible)),
        ("not_eligible", with(begun(EligibilityResult::NotEligible), vec![requested])),
        ("screening", eligible()),
        ("interviewing", with(eligible(), vec![interviewing])),
        ("evaluated", evaluated()),
        ("offer_pending", offered()),
        ("offer_declined", over(OfferEnding::Declined)),
        ("offer_expired", over(OfferEnding::Expired)),
        ("offer_accepted", accepted()),
        ("joining", joining()),
        ("rejoined", with(joining(), back)),
        ("rejected", with(eligible(), vec![rejected])),
        ("withdrawn", with(eligible(), vec![withdrawn])),
        ("offer_rescinded", over(OfferEnding::RescindedAfterAcceptance)),
        ("no_show", with(joining(), vec![no_show])),
        ("cancelled", with(eligible(), vec![cancelled])),
        ("closed", with(eligible(), vec![ApplicationEvent::Closed { on: day_of_commands() }])),
    ]
}

/// Each command of the API, as somebody would send it who may, and only then.
fn commands() -> Vec<(&'static str, Actor, C)> {
    let later = Slot {
        starts_at: slot().starts_at + TimeDelta::hours(5),
        ends_at: slot().ends_at + TimeDelta::hours(5),
        ..slot()
    };
    let schedule = |interview_id| Box::new(super::scheduling(interview_id, later.clone()));
    let scorecard =
        || Box::new(Scorecard { rating: 3, recommendation: Recommendation::No, attributes: vec![], notes: None });
    let by = compliance().id;
    let answered = Settlement::Answered {
        rule: "A".to_owned(),
        answer: CheckAnswer::Satisfied,
        evidence_ref: "hr/9".to_owned(),
        by,
    };
    let acknowledged = Settlement::Acknowledged { rule: "B".to_owned(), reason: sealed(1), by };
    let opinion = Settlement::LegalOpinion {
        rule: "C".to_owned(),
        opinion_ref: "legal/9".to_owned(),
        valid_until: day_of_commands(),
        by,
    };
    let transfer = Transferring {
        requisition_id: RequisitionId(uuid(55)),
        legal_entity: "JP-HQ".to_owned(),
        line: line(),
        facts: facts(),
    };
    let decision = ReviewDecision::Eligible;
    let clause = || "第5条".to_owned();
    vec![
        (
            "review-eligibility",
            another_in_compliance(),
            C::ReviewEligibility { decision, clause: clause(), note: None, involved: [].into() },
        ),
        ("request-review", candidate(), C::RequestReview { grounds: None }),
        ("assign", recruiter(), super::assign(second_recruiter().id)),
        ("advance", recruiter(), C::Advance { to: Stage::Interviewing }),
        ("skip-stage", recruiter(), C::SkipStage { to: Stage::Evaluated, clause: clause(), referrer: None }),
        ("disclose-range", recruiter(), C::DiscloseRange(Box::new(super::disclosing(9_000_000)))),
        ("schedule-interview", recruiter(), C::ScheduleInterview(schedule(InterviewId(uuid(70))))),
        ("reschedule-interview", recruiter(), C::RescheduleInterview(schedule(InterviewId(uuid(71))))),
        ("cancel-interview", recruiter(), C::CancelInterview { interview_id: interview_id(), note: None }),
        (
            "record-interview",
            recruiter(),
            C::RecordInterview {
                interview_id: interview_id(),
                outcome: aggregates::application::InterviewOutcome::Held,
            },
        ),
        (
            "submit-scorecard",
            interviewer(),
            C::SubmitScorecard { interview_id: interview_id(), scorecard: scorecard() },
        ),
        (
            "amend-scorecard",
            manager(),
            C::AmendScorecard { interview_id: interview_id(), scorecard: scorecard(), why: sealed(8) },
        ),
        (
            "record-evaluation",
            manager(),
            C::RecordEvaluation { recommendation: Recommendation::Yes, note: None, referrer: None },
        ),
        ("hold", recruiter(), C::Hold { until: None, note: Some(sealed(10)) }),
        (
            "resume",
            recruiter(),
            C::Resume { office: Office::Recruiting, clause: None, involved: [].into(), note: None },
        ),
        (
            "reject",
            recruiter(),
            C::Reject { side: Side::Employer, reason_code: RejectionReason::Qualifications, note: None },
        ),
        ("withdraw", candidate(), C::Withdraw { reason_code: WithdrawalReason::OtherOffer, recorded_for: None }),
        ("reopen", second_recruiter(), C::Reopen { facts: Box::new(facts()), note: None }),
        ("transfer", recruiter(), C::Transfer(Box::new(transfer))),
        (
            "postpone-start",
            recruiter(),
            C::PostponeStart { to: crate::support::day("2027-02-01"), reason_code: PostponementReason::Health },
        ),
        ("record-rejoin", recruiter(), rejoin("E-20009", first_day())),
        ("record-no-show", recruiter(), C::RecordNoShow { note: None }),
        ("answer-check", compliance(), C::Settle(answered)),
        ("acknowledge", compliance(), C::Settle(acknowledged)),
        ("record-legal-opinion", compliance(), C::Settle(opinion)),
    ]
}

#[test]
fn the_table_and_the_decisions_agree() {
    let mut seen = BTreeSet::new();
    let mut wrong = Vec::new();
    for (state, past) in states() {
        for on_hold in [false, true] {
            let case = given(past.clone());
            assert_eq!(case.state(), state);
            if on_hold && !case.folded().is_live() {
                continue;
            }
            let case = if on_hold { case.and([super::held(HoldCause::Manual)]) } else { case };
            for (command, by, order) in commands() {
                let row = transitions().iter().find(|one| one.state == state && one.command == command);
                let recorded = case.when(by, day_of_commands(), order).recorded();
                let shown =
                    row.is_some_and(|row| next_allowed_commands(state, on_hold, &row.roles[..1]).contains(&command));
                if recorded.is_empty() {
                    // What one past forbids another of the same state may allow.
                    if shown && state != "not_eligible" {
                        wrong.push(format!("{state} (on hold: {on_hold}) shows {command}, which is refused"));
                    }
                    continue;
                }
                seen.insert((state, command));
                if !shown {
                    wrong.push(format!("{state} (on hold: {on_hold}) hides {command}, which is done"));
                }
                let to = case.clone().and(recorded).state();
                if !row.is_some_and(|row| row.to.contains(&to)) {
                    wrong.push(format!("{command} leads from {state} to {to}, which the table does not say"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    for row in transitions() {
        assert!(seen.contains(&(row.state, row.command)), "nothing does {} in {}", row.command, row.state);
    }
}

fn table() -> Table<Application> {
    Table {
        named: vec![
            Named::Strings(APPLICATION, "fn state(&self)"),
            Named::Strings(STANDING, "fn name(&self)"),
            Named::Variants(FACTS, "pub enum Stage"),
        ],
        orders: (COMMANDS, "pub enum ApplicationCommand"),
        pasts: pasts(),
        commands: every_command(),
        ended: &["cancelled", "closed", "no_show", "offer_rescinded", "rejoined"],
    }
}

/// Each state, and each live one on hold.
fn pasts() -> Vec<Past<Application>> {
    let on = day_of_commands();
    let mut pasts = vec![past_where("unsubmitted", "", on, given(vec![]))];
    for (state, events) in states() {
        let requested = events.iter().any(|event| matches!(event, ApplicationEvent::ReviewRequested { .. }));
        let case = given(events);
        let held = case.folded().is_live().then(|| case.clone().and([super::held(HoldCause::Manual)]));
        pasts.push(past_where(state, if requested { "a review is asked for" } else { "" }, on, case));
        pasts.extend(held.map(|case| past_where(state, ON_HOLD, on, case)));
    }
    pasts
}

/// The commands of the API, and what the program itself asks.
fn every_command() -> Vec<Asked<C>> {
    let barred = of(Verdict::NotEligible);
    let ended = |ending| C::NoteOfferEnded { offer_id: offer_id(), ending };
    let mut commands = vec![("submit", candidate(), super::submit(facts()))];
    commands.extend(self::commands());
    commands.extend([
        ("note-offer", system(), C::NoteOffer { offer_id: offer_id() }),
        ("note-offer-accepted", system(), super::acceptance(offer_id())),
        ("note-offer-ended (declined)", system(), ended(OfferEnding::Declined)),
        ("note-offer-ended (expired)", system(), ended(OfferEnding::Expired)),
        ("note-offer-ended (refused)", system(), ended(OfferEnding::Refused)),
        ("note-offer-ended (rescinded after acceptance)", system(), ended(OfferEnding::RescindedAfterAcceptance)),
        ("cancel", system(), C::Cancel { requisition_id: requisition_id() }),
        (
            "reassess (not eligible any more)",
            system(),
            C::Reassess { facts: Box::new(barred), because: HoldCause::VerdictChanged },
        ),
        ("wake", system(), C::Wake),
    ]);
    commands
}

#[test]
fn every_state_answers_every_command() {
    table().hold();
}

#[test]
fn the_table_that_the_api_shows_and_the_golden_answers_agree() {
    let rows = table().rows();
    for shown in transitions() {
        let answers = |on_hold: bool| {
            let of_state = rows.iter().filter(move |row| row.state == shown.state && (row.apart == ON_HOLD) == on_hold);
            of_state
                .flat_map(|row| &row.answers)
                .filter(|(command, _)| *command == shown.command)
                .map(|(_, answer)| answer)
        };
        let done = |answer: &Answer| matches!(answer, Answer::Recorded(_, to) if shown.to.contains(to));
        // Nothing resumes that is not on hold.
        let met = answers(shown.command == "resume").any(done);
        assert!(met, "{} is shown in {}, where nothing does it", shown.command, shown.state);
        for answer in answers(true) {
            assert!(shown.on_hold || matches!(answer, Answer::Refused(_)), "{} on hold: {answer:?}", shown.command);
        }
    }
    let known: BTreeSet<_> = commands().into_iter().map(|(command, ..)| command).collect();
    for row in &rows {
        for (command, answer) in row.answers.iter().filter(|(command, _)| known.contains(command)) {
            let shown = transitions().iter().any(|one| one.state == row.state && one.command == *command);
            assert!(shown || !matches!(answer, Answer::Recorded(..)), "{command} is done in {}, unseen", row.state);
        }
    }
}

#[test]
fn each_row_of_the_table_names_states_and_somebody() {
    let known: BTreeSet<_> = states().into_iter().map(|(state, _)| state).collect();
    for row in transitions() {
        assert!(known.contains(row.state) && !row.roles.is_empty() && !row.to.is_empty(), "{row:?}");
        assert!(row.to.iter().all(|state| known.contains(state)), "{row:?}");
    }
}

#[test]
fn what_comes_next_depends_on_the_role_and_on_a_hold() {
    assert_eq!(
        next_allowed_commands("screening", false, &["compliance"]),
        ["answer-check", "acknowledge", "record-legal-opinion"]
    );
    let recruiter = next_allowed_commands("screening", false, &["recruiter"]);
    assert!(recruiter.contains(&"advance") && !recruiter.contains(&"resume"));
    let on_hold = next_allowed_commands("screening", true, &["recruiter"]);
    assert!(!on_hold.contains(&"advance") && on_hold.contains(&"resume") && on_hold.contains(&"reject"));
    assert_eq!(next_allowed_commands("not_eligible", false, &["alumnus"]), ["request-review"]);
    assert!(next_allowed_commands("rejoined", false, &["recruiter"]).is_empty());
}
