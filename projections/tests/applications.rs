//! Applications: what each shows, what waits in it, and how it is told.

mod agreement;
mod waiting;

use aggregates::application::{
    ApplicationEvent, Channel, EligibilityFacts, EligibilityResult, HoldCause, InterviewOutcome, MembershipFact,
    OfferEnding, Recommendation, RejectionReason, Rejoined, RequisitionFact, ReviewDecision, Scorecard, Side, Slot,
    Stage, Stint, Submitted, WithdrawalReason,
};
use aggregates::checks::{Outcome, RuleResult, found, passed};
use aggregates::ids::{ActorId, DepartureId, InterviewId, MemberId, OfferId, PersonId, RequisitionId};
use aggregates::person::RecordClasses;
use aggregates::personal::{Personal, RecordClass};
use aggregates::requisition::{Audience, Engagement, Line};
use aggregates::values::{EmploymentType, Verdict};
use chrono::{NaiveDate, TimeDelta};
use projections::applications::{Application, State};
use projections::history::describe;
use projections::model::ReadModel;
use projections::parts::YesNo;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Log, day, erased, instant, may_be_filtered_by, only, samples, sealed, uuid};

#[test]
fn an_application_is_shown_whole() {
    let mut shown = serde_json::to_value(screening().document::<Application>(application())).unwrap();
    let eligibility = shown["eligibility"].take();
    assert_eq!(
        eligibility,
        json!({
            "result": "eligible",
            "rules": [{"rule": "ELG-01", "outcome": "pass", "code": "active", "basis": "programme/0"}],
            "programme_version": "programme/0",
            "facts": {
                "stints": [{
                    "departure_id": uuid(3),
                    "legal_entity": "JP-HQ",
                    "hired_on": "2015-04-01",
                    "left_on": "2024-03-31",
                    "verdict": "eligible",
                }],
                "membership": "active",
                "requisition": "published",
                "audience": ["alumni"],
                "engagement": "direct",
                "legal_entity": "JP-HQ",
                "on": "2026-10-01",
            },
            "because": null,
            "assessed_at": "2026-10-01T03:00:00Z",
        })
    );
    assert_eq!(shown.as_object_mut().unwrap().remove("disclosed_range"), Some(Value::Null));
    assert_eq!(
        shown,
        json!({
            "id": application(),
            "state": "screening",
            "stage_since": "2026-10-01",
            "stage": "screening",
            "eligibility_result": "eligible",
            "on_hold": "no",
            "hold_because": null,
            "hold_until": null,
            "assessed": "eligible",
            "version": 2,
            "position": 2,
            "person_id": uuid(1),
            "member_id": uuid(4),
            "account": uuid(70),
            "requisition_id": uuid(5),
            "legal_entity": "JP-HQ",
            "recruiter": uuid(51),
            "hiring_manager": uuid(54),
            "approver_unit": null,
            "owner": null,
            "channel": "alumni",
            "referral_id": null,
            "motivation": {"ref": uuid(0xface_0001), "commitment": format!("{:064x}", 1)},
            "submitted_by": uuid(70),
            "recorded_for": null,
            "submitted_at": "2026-10-01T03:00:00Z",
            "submitted_on": "2026-10-01",
            "submitted_position": 1,
            "eligibility": null,
            "reviews": [],
            "review_request": null,
            "settlements": [],
            "hold": null,
            "steps": [],
            "interviews": [],
            "evaluation": null,
            "offer_id": null,
            "offer": null,
            "start": null,
            "transfers": [],
            "ending": null,
        })
    );
    for filter in Application::FILTERS {
        assert!(may_be_filtered_by(&shown, filter), "{filter}");
    }
}

#[test]
fn a_review_that_the_person_asked_for_is_shown_with_its_answer() {
    let log = not_eligible().then(
        application(),
        ApplicationEvent::ReviewRequested { requested_by: ActorId(uuid(70)), grounds: Some(sealed(4)) },
    );
    let shown: Application = log.document(application());
    assert_eq!((shown.progress.state, shown.ending.is_some()), (State::NotEligible, true));
    let request = shown.review_request.expect("it was asked for");
    assert_eq!((request.grounds, request.answered_at), (Some(sealed(4)), None));

    let answered = ApplicationEvent::ReviewAnswered {
        decision: ReviewDecision::Eligible,
        clause: "第3条".to_owned(),
        reviewed_by: ActorId(uuid(56)),
        note: None,
    };
    let shown: Application = log.then(application(), answered).document(application());
    assert_eq!((shown.progress.state, shown.ending), (State::Screening, None));
    assert_eq!(shown.reviews.last().map(|review| review.by), Some(ActorId(uuid(56))));
    assert!(shown.review_request.is_some_and(|request| request.answered_at.is_some()));
}

#[test]
fn a_scorecard_keeps_what_it_said_before() {
    let amended = ApplicationEvent::ScorecardAmended {
        interview_id: interview_id(),
        interviewer: ActorId(uuid(53)),
        scorecard: Box::new(Scorecard { rating: 2, ..scorecard() }),
        why: sealed(8),
    };
    let shown: Application = scored().then(application(), amended).document(application());
    let [interview] = &shown.interviews[..] else { panic!("one interview") };
    let [card] = &interview.scorecards[..] else { panic!("one scorecard") };
    assert_eq!((card.scorecard.rating, card.amended[0].original.rating), (2, 4));
    assert_eq!((&card.scorecard.notes, &card.amended[0].why), (&Some(sealed(7)), &sealed(8)));
    let json = serde_json::to_value(card).unwrap();
    assert_eq!((&json["rating"], &json["recommendation"]), (&json!(2), &json!("yes")));
}

#[test]
fn an_interview_is_moved_and_what_became_of_it_is_shown() {
    let later = Slot {
        starts_at: slot().starts_at + TimeDelta::days(1),
        ends_at: slot().ends_at + TimeDelta::days(1),
        ..slot()
    };
    let log = interviewing()
        .then(
            application(),
            ApplicationEvent::InterviewRescheduled {
                interview_id: interview_id(),
                slot: Box::new(later.clone()),
                number: 1,
                rescheduled_by: ActorId(uuid(51)),
                released: vec![],
            },
        )
        .then(application(), held(InterviewOutcome::Held));
    let shown: Application = log.document(application());
    let interview = &shown.interviews[0];
    assert_eq!((interview.starts_at, interview.sequence), (later.starts_at, 1));
    assert_eq!(interview.outcome, Some(InterviewOutcome::Held));
    assert_eq!(shown.progress.state, State::Interviewing);
}

#[test]
fn a_hold_lies_over_the_state() {
    let log = screening().then(application(), on_hold(HoldCause::Manual));
    let shown: Application = log.document(application());
    assert_eq!((shown.progress.state, shown.progress.on_hold), (State::Screening, YesNo::Yes));
    assert_eq!(shown.hold.and_then(|hold| hold.note), Some(sealed(10)));
    let resumed = ApplicationEvent::Resumed { resumed_by: ActorId(uuid(51)), clause: None, note: None };
    let shown: Application = log.then(application(), resumed).document(application());
    assert_eq!((shown.progress.on_hold, shown.hold), (YesNo::No, None));
}

#[test]
fn an_offer_its_end_and_a_return_are_shown() {
    let shown: Application = accepted().document(application());
    assert_eq!(shown.progress.state, State::OfferAccepted);
    assert!(shown.offer.is_some_and(|offer| offer.accepted_at.is_some() && offer.ending.is_none()));
    assert_eq!(shown.start.and_then(|start| start.starts_on), Some(day("2027-01-04")));

    let ended = |ending| ApplicationEvent::OfferEnded { offer_id: offer_id(), ending, on: Some(day("2026-11-20")) };
    for (ending, state) in [
        (OfferEnding::Declined, State::OfferDeclined),
        (OfferEnding::Expired, State::OfferExpired),
        (OfferEnding::Refused, State::Evaluated),
        (OfferEnding::Rescinded, State::Evaluated),
        (OfferEnding::RescindedAfterAcceptance, State::OfferRescinded),
    ] {
        let shown: Application = accepted().then(application(), ended(ending)).document(application());
        assert_eq!((shown.progress.state, shown.start), (state, None));
        assert_eq!(shown.offer.and_then(|offer| offer.ending), Some(ending));
        assert_eq!(shown.ending.is_some(), state == State::OfferRescinded);
    }

    let shown: Application = joining().document(application());
    let start = shown.start.expect("it is arranged");
    assert_eq!((shown.progress.state, start.employee_number.as_deref()), (State::Joining, Some("E-20001")));
    let shown: Application = joining().then(application(), rejoined()).document(application());
    assert_eq!((shown.progress.state, shown.ending.is_some()), (State::Rejoined, true));
}

#[test]
fn an_end_tells_how_and_is_gone_when_the_case_is_opened_again() {
    let log = screening().later("2026-10-20").then(application(), rejected());
    let shown: Application = log.document(application());
    let ending = shown.ending.expect("it ended");
    assert_eq!((ending.side, ending.rejection), (Some(Side::Employer), Some(RejectionReason::Qualifications)));
    assert_eq!((shown.progress.state, shown.progress.stage_since), (State::Rejected, day("2026-10-20")));
    let reopened = ApplicationEvent::Reopened { to: Stage::Screening, reopened_by: ActorId(uuid(52)), note: None };
    let shown: Application = log.then(application(), reopened).document(application());
    assert_eq!((shown.progress.state, shown.ending), (State::Screening, None));

    let withdrawn = ApplicationEvent::Withdrawn {
        reason_code: WithdrawalReason::Timing,
        withdrawn_by: ActorId(uuid(51)),
        recorded_for: Some(sealed(13)),
        on: None,
    };
    let shown: Application = screening().then(application(), withdrawn).document(application());
    let ending = shown.ending.expect("it ended");
    assert_eq!((ending.withdrawal, ending.recorded_for), (Some(WithdrawalReason::Timing), Some(sealed(13))));
}

#[test]
fn a_moved_case_belongs_to_its_new_line() {
    let moved = ApplicationEvent::Transferred {
        from: RequisitionId(uuid(5)),
        to: RequisitionId(uuid(55)),
        line: Line { recruiter: ActorId(uuid(52)), hiring_manager: None, approver_unit: None },
        transferred_by: ActorId(uuid(51)),
    };
    let shown: Application = screening().then(application(), moved).document(application());
    assert_eq!((shown.requisition_id, shown.recruiter), (RequisitionId(uuid(55)), ActorId(uuid(52))));
    assert_eq!((shown.hiring_manager, shown.transfers.len()), (None, 1));
}

#[test]
fn erasing_what_selection_produced_leaves_the_decisions() {
    let log = scored().then(application(), rejected()).then(uuid(1), erased(uuid(1), only([RecordClass::Recruiting])));
    let shown: Application = log.document(application());
    assert_eq!(shown.motivation, Some(Personal::Erased));
    assert!(shown.interviews[0].scorecards.is_empty() && shown.interviews[0].location.is_none());
    assert_eq!(shown.ending.and_then(|ending| ending.rejection), Some(RejectionReason::Qualifications));
    assert_eq!(shown.account, Some(ActorId(uuid(70))));
    assert_eq!(shown.position, log.last().position);
}

#[test]
fn nothing_personal_remains_when_everything_is_erased() {
    let everything = || {
        joining()
            .then(application(), on_hold(HoldCause::Manual))
            .then(
                application(),
                ApplicationEvent::ReviewRequested { requested_by: ActorId(uuid(70)), grounds: Some(sealed(4)) },
            )
            .then(application(), rejected())
    };
    let body = |log: Log| serde_json::to_string(&log.document::<Application>(application())).unwrap();
    let (before, after) = (body(everything()), body(everything().then(uuid(1), erased(uuid(1), RecordClasses::All))));
    for secret in ["\"ref\"", &uuid(70).to_string(), "2015-04-01", "2024-03-31", "E-20001", "仙台支店", "2027-01-04"]
    {
        assert!(before.contains(secret), "{secret} was there");
        assert!(!after.contains(secret), "{secret} is still there: {after}");
    }
}

#[test]
fn a_case_is_told_with_its_rule_and_clause() {
    let tell = |event: ApplicationEvent| describe(Log::on("2026-10-01").then(application(), event).last());
    let rules = vec![
        passed("ELG-01", "active", "programme/0"),
        found("PRV-13", Outcome::Hold, "flag_raised", "第12条"),
        found("ELG-06", Outcome::Block, "not_eligible", "第3条"),
    ];
    let told = tell(assessed(EligibilityResult::NotEligible, rules));
    assert_eq!(told.title_en, "The rules about applying say: not eligible");
    assert_eq!((told.rule.as_deref(), told.basis.as_deref()), (Some("ELG-06"), Some("第3条")));
    let told = tell(assessed(EligibilityResult::Eligible, vec![passed("ELG-01", "active", "programme/0")]));
    assert_eq!((told.rule, told.basis.as_deref()), (None, Some("programme/0")));
    let told = tell(rejected());
    assert_eq!(told.why.and_then(|why| why.code).as_deref(), Some("qualifications"));
}

#[test]
fn every_event_of_a_case_is_told_in_both_languages() {
    for event in samples("application") {
        let full_type = event.full_type();
        let told = describe(Log::on("2026-10-01").then(application(), event).last());
        assert!(told.title_en.is_ascii() && !told.title_en.is_empty() && told.title_en.len() <= 90, "{full_type}");
        assert!(!told.title_ja.is_ascii(), "{full_type}");
    }
}

// helpers

pub fn application() -> Uuid {
    uuid(11)
}

pub fn interview_id() -> InterviewId {
    InterviewId(uuid(7))
}

pub fn offer_id() -> OfferId {
    OfferId(uuid(8))
}

pub fn submitted() -> ApplicationEvent {
    ApplicationEvent::Submitted(Box::new(Submitted {
        person_id: PersonId(uuid(1)),
        member_id: MemberId(uuid(4)),
        account: ActorId(uuid(70)),
        requisition_id: RequisitionId(uuid(5)),
        legal_entity: "JP-HQ".to_owned(),
        line: Line { recruiter: ActorId(uuid(51)), hiring_manager: Some(ActorId(uuid(54))), approver_unit: None },
        channel: Channel::Alumni,
        referral_id: None,
        motivation: Some(sealed(1)),
        submitted_by: ActorId(uuid(70)),
        recorded_for: None,
    }))
}

pub fn assessed(result: EligibilityResult, rules: Vec<RuleResult>) -> ApplicationEvent {
    ApplicationEvent::EligibilityAssessed {
        result,
        rules,
        programme_version: "programme/0".to_owned(),
        facts: Box::new(facts()),
        because: None,
    }
}

pub fn facts() -> EligibilityFacts {
    EligibilityFacts {
        stints: vec![Stint {
            departure_id: DepartureId(uuid(3)),
            legal_entity: "JP-HQ".to_owned(),
            hired_on: day("2015-04-01"),
            left_on: day("2024-03-31"),
            verdict: Verdict::Eligible,
            clause: None,
            reason_counts: false,
            wish_registered: false,
            employment_type: None,
            retired: false,
        }],
        flags: vec![],
        membership: MembershipFact::Active,
        jobs_consent: None,
        requisition: RequisitionFact::Published,
        audience: vec![Audience::Alumni],
        engagement: Engagement::Direct,
        legal_entity: Some("JP-HQ".to_owned()),
        programme: None,
        on: day("2026-10-01"),
    }
}

pub fn handed_in(result: EligibilityResult) -> Log {
    Log::on("2026-10-01")
        .then(application(), submitted())
        .then(application(), assessed(result, vec![passed("ELG-01", "active", "programme/0")]))
}

pub fn screening() -> Log {
    handed_in(EligibilityResult::Eligible)
}

pub fn not_eligible() -> Log {
    handed_in(EligibilityResult::NotEligible)
}

pub fn advanced() -> ApplicationEvent {
    ApplicationEvent::Advanced { from: Stage::Screening, to: Stage::Interviewing, advanced_by: ActorId(uuid(51)) }
}

pub fn scheduled() -> ApplicationEvent {
    ApplicationEvent::InterviewScheduled {
        interview_id: interview_id(),
        slot: Box::new(slot()),
        scheduled_by: ActorId(uuid(51)),
    }
}

pub fn slot() -> Slot {
    Slot {
        starts_at: instant(day("2026-10-08")),
        ends_at: instant(day("2026-10-08")) + TimeDelta::hours(1),
        interviewers: vec![ActorId(uuid(53)), ActorId(uuid(54))],
        location: Some("仙台支店".to_owned()),
    }
}

pub fn interviewing() -> Log {
    screening().then(application(), advanced()).then(application(), scheduled())
}

pub fn held(outcome: InterviewOutcome) -> ApplicationEvent {
    ApplicationEvent::InterviewRecorded {
        interview_id: interview_id(),
        outcome,
        recorded_by: ActorId(uuid(51)),
        interviewers: slot().interviewers,
    }
}

pub fn scorecard() -> Scorecard {
    Scorecard { rating: 4, recommendation: Recommendation::Yes, attributes: vec![], notes: Some(sealed(7)) }
}

pub fn submitted_scorecard() -> ApplicationEvent {
    ApplicationEvent::ScorecardSubmitted {
        interview_id: interview_id(),
        interviewer: ActorId(uuid(53)),
        scorecard: Box::new(scorecard()),
    }
}

pub fn scored() -> Log {
    interviewing().then(application(), submitted_scorecard())
}

pub fn evaluation() -> ApplicationEvent {
    ApplicationEvent::EvaluationRecorded {
        recommendation: Recommendation::Yes,
        evaluated_by: ActorId(uuid(54)),
        note: None,
    }
}

pub fn offered() -> Log {
    scored()
        .then(application(), evaluation())
        .then(application(), ApplicationEvent::OfferOpened { offer_id: offer_id() })
}

pub fn accepted() -> Log {
    offered().then(
        application(),
        ApplicationEvent::OfferAccepted {
            offer_id: offer_id(),
            starts_on: day("2027-01-04"),
            employment_type: EmploymentType::Regular,
            grade: "G4".to_owned(),
            location: Some("Sendai".to_owned()),
        },
    )
}

pub fn joining() -> Log {
    accepted().then(
        application(),
        ApplicationEvent::JoiningRecorded {
            employee_number: "E-20001".to_owned(),
            started_on: first_day(),
            department: None,
            job_family: None,
            recorded_by: ActorId(uuid(51)),
        },
    )
}

fn first_day() -> NaiveDate {
    day("2027-01-04")
}

pub fn rejoined() -> ApplicationEvent {
    ApplicationEvent::Rejoined(Box::new(Rejoined {
        person_id: PersonId(uuid(1)),
        member_id: MemberId(uuid(4)),
        account: ActorId(uuid(70)),
        requisition_id: RequisitionId(uuid(5)),
        offer_id: offer_id(),
        referral_id: None,
        legal_entity: "JP-HQ".to_owned(),
        employee_number: "E-20001".to_owned(),
        started_on: first_day(),
        employment_type: EmploymentType::Regular,
        department: None,
        job_family: None,
        grade: None,
        location: None,
        tenure: vec![],
    }))
}

pub fn on_hold(because: HoldCause) -> ApplicationEvent {
    ApplicationEvent::Held { because, until: None, held_by: ActorId(uuid(51)), note: Some(sealed(10)) }
}

pub fn rejected() -> ApplicationEvent {
    ApplicationEvent::Rejected {
        side: Side::Employer,
        reason_code: RejectionReason::Qualifications,
        rejected_by: ActorId(uuid(51)),
        note: Some(sealed(12)),
        on: Some(day("2026-10-20")),
    }
}
