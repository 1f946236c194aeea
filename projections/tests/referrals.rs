//! Referrals.

mod agreement;

use aggregates::checks::{CheckAnswer, Outcome, Settlement, found, passed};
use aggregates::employment::{EmploymentKind, Span};
use aggregates::ids::{ActorId, ApplicationId, PersonId, ReferralId, RequisitionId};
use aggregates::person::RecordClasses;
use aggregates::personal::Personal;
use aggregates::referral::{
    CandidateDetails, CandidateHistory, DuplicateCause, HiredVia, OutcomeReason, ReferralEvent, ReferrerClass,
    ReferrerRelation, Relationship, Submitted,
};
use projections::history::{HistoryLine, Why, describe};
use projections::model::ReadModel;
use projections::referrals::{Decided, Referral, Settled, State};
use projections::tasks::{Audience, Kind, Task};
use serde_json::json;
use uuid::Uuid;

use crate::support::{Log, day, erased, may_be_filtered_by, sealed, uuid};

#[test]
fn a_referral_is_shown_whole() {
    let shown = serde_json::to_value(made().document::<Referral>(referral())).unwrap();
    let check = |rule: &str, outcome: &str, code: &str, basis: Option<&str>| {
        json!({
            "rule": rule, "outcome": outcome, "code": code, "basis": basis, "settled": null, "answer": null,
            "evidence_ref": null, "valid_until": null, "reason": null, "settled_by": null, "settled_at": null,
        })
    };
    let reference = |number: u64| json!({"ref": uuid(0xface_0000 | number), "commitment": format!("{number:064x}")});
    assert_eq!(
        shown,
        json!({
            "id": referral(),
            "state": "awaiting_candidate",
            "version": 1,
            "position": 1,
            "referrer": uuid(70),
            "referrer_person_id": uuid(7),
            "relation": {
                "class": "employee",
                "on": "2026-10-01",
                "person_id": uuid(7),
                "employee_number": "E-00070",
                "spans": [{"legal_entity": "JP-HQ", "from": "2020-04-01", "to": null, "kind": "primary"}],
            },
            "candidate_person_id": uuid(9),
            "candidate": {"name": reference(1), "email": reference(2)},
            "relationship": "friend",
            "requisition_id": uuid(8),
            "legal_entity": "JP-HQ",
            "job_family": "driver",
            "plan": null,
            "checks": [
                check("REF-01", "pass", "employee", Some("職業安定法36条・40条")),
                check("REF-02", "hold", "no_plan", Some("労働基準法89条")),
            ],
            "submitted_at": "2026-10-01T03:00:00Z",
            "submitted_position": 1,
            "answer_by": "2026-10-15",
            "accepted_on": null,
            "candidate_history": null,
            "owned_until": null,
            "duplicate": null,
            "reassignments": [],
            "application_id": null,
            "hired_person_id": null,
            "hire": null,
            "outcome": null,
            "ending": null,
        })
    );
    for filter in Referral::FILTERS {
        assert!(may_be_filtered_by(&shown, filter), "{filter}");
    }
}

#[test]
fn a_candidate_who_agrees_is_owned_until_a_day() {
    let shown: Referral = owned().document(referral());
    assert_eq!((shown.state, shown.owned_until), (State::Owned, Some(day("2027-04-05"))));
    assert_eq!(shown.accepted_on, Some(day("2026-10-05")));
    assert_eq!(shown.candidate_history, Some(CandidateHistory::NeverEmployed));
    assert_eq!(shown.duplicate, None);
    let lapsed = owned().then(referral(), ReferralEvent::OwnershipLapsed { on: day("2027-04-05") });
    let shown: Referral = lapsed.document(referral());
    assert_eq!((shown.state, shown.owned_until, shown.candidate.name), (State::Expired, None, Personal::Erased));
}

#[test]
fn a_case_that_runs_is_seen_to_its_end_and_its_candidate_is_forgotten_then() {
    let lapsed = owned().all(referral(), [credited(), ReferralEvent::OwnershipLapsed { on: day("2027-04-05") }]);
    let shown: Referral = lapsed.clone().document(referral());
    assert_eq!((shown.state, shown.owned_until), (State::InProcess, None));
    assert_ne!(shown.candidate.name, Personal::Erased);
    let not_hired =
        ReferralEvent::NotHired { reason_code: OutcomeReason::OfferDeclined, recorded_by: ActorId(uuid(52)) };
    let shown: Referral = lapsed.then(referral(), not_hired).document(referral());
    assert_eq!((shown.state, shown.candidate.name), (State::NotHired, Personal::Erased));
}

#[test]
fn a_duplicate_is_held_and_decided() {
    let shown: Referral = held().document(referral());
    let duplicate = shown.duplicate.expect("one is in question");
    assert_eq!((shown.state, duplicate.earlier), (State::HeldAsDuplicate, Some(ReferralId(uuid(110)))));
    let granted: Referral = held().then(referral(), dismissed()).document(referral());
    assert_eq!(granted.state, State::Owned);
    let duplicate = granted.duplicate.expect("it was in question");
    assert_eq!((duplicate.decided, duplicate.note), (Some(Decided::Granted), Some(sealed(4))));
    let refused: Referral = held().then(referral(), refused()).document(referral());
    let duplicate = refused.duplicate.expect("it was in question");
    assert_eq!((refused.state, duplicate.decided), (State::RefusedDuplicate, Some(Decided::Refused)));
    assert_eq!((duplicate.note, duplicate.earlier), (Some(sealed(4)), Some(ReferralId(uuid(110)))));
}

#[test]
fn an_application_waits_for_the_decision_about_a_duplicate() {
    let log = held().then(referral(), credited());
    assert_eq!(log.document::<Referral>(referral()).state, State::HeldAsDuplicate);
    assert_eq!(log.then(referral(), dismissed()).document::<Referral>(referral()).state, State::InProcess);
}

#[test]
fn a_doubt_outlasts_an_outcome_and_not_the_time_of_ownership() {
    let not_hired =
        ReferralEvent::NotHired { reason_code: OutcomeReason::OfferDeclined, recorded_by: ActorId(uuid(52)) };
    let log = held().all(referral(), [credited(), not_hired]);
    let (because, earlier) = (DuplicateCause::EarlierReferral, Some(ReferralId(uuid(110))));
    let again = ReferralEvent::HeldAsDuplicate { key: "5f0c".to_owned(), because, earlier };
    let state = |log: Log| log.document::<Referral>(referral()).state;
    let held_again = log.clone().all(referral(), [credited(), again]);
    let waits = held_again.documents::<Task>().list().into_iter().any(|task| task.kind == Kind::ResolveOwnership);
    assert_eq!((state(held_again), waits), (State::HeldAsDuplicate, true));
    assert_eq!(state(log.clone().then(referral(), dismissed())), State::NotHired);
    let lapsed = ReferralEvent::OwnershipLapsed { on: day("2027-04-05") };
    let shown: Referral = log.clone().then(referral(), lapsed.clone()).document(referral());
    assert_eq!((shown.state, shown.candidate.name), (State::Expired, Personal::Erased));
    let owned = log.all(referral(), [dismissed(), lapsed]);
    assert_eq!(state(owned), State::NotHired);
}

#[test]
fn what_came_of_it_is_shown() {
    let log = owned().then(referral(), credited());
    let shown: Referral = log.document(referral());
    assert_eq!((shown.state, shown.application_id), (State::InProcess, Some(ApplicationId(uuid(10)))));
    let shown: Referral = log.clone().then(referral(), hired()).document(referral());
    assert_eq!((shown.state, shown.hired_person_id), (State::Hired, Some(PersonId(uuid(1)))));
    assert_eq!(shown.hire.and_then(|hire| hire.employee_number).as_deref(), Some("E-20001"));
    let not_hired =
        ReferralEvent::NotHired { reason_code: OutcomeReason::OfferDeclined, recorded_by: ActorId(uuid(52)) };
    let log = log.then(referral(), not_hired);
    let shown: Referral = log.document(referral());
    assert_eq!(shown.outcome.map(|outcome| outcome.reason_code), Some(OutcomeReason::OfferDeclined));
    let shown: Referral = log.then(referral(), credited()).document(referral());
    assert_eq!((shown.state, shown.outcome), (State::InProcess, None), "a case is taken up again");
}

#[test]
fn the_credit_moves_with_its_rules() {
    let reassigned = ReferralEvent::CreditReassigned {
        from: ActorId(uuid(70)),
        to: ActorId(uuid(71)),
        relation: Box::new(ReferrerRelation { person_id: Some(PersonId(uuid(17))), ..relation() }),
        clause: "規程7条".to_owned(),
        decided_by: ActorId(uuid(53)),
        note: Some(sealed(5)),
        gate: vec![found("REF-01", Outcome::Legal, "group_employee", "職業安定法36条・40条")],
    };
    let shown: Referral = owned().then(referral(), reassigned).document(referral());
    assert_eq!((shown.referrer, shown.referrer_person_id), (ActorId(uuid(71)), Some(PersonId(uuid(17)))));
    assert_eq!(shown.reassignments[0].from, ActorId(uuid(70)));
    assert_eq!((shown.checks[0].outcome, shown.checks.len()), (Outcome::Legal, 2));
}

#[test]
fn what_was_answered_about_one_referrer_says_nothing_about_the_next() {
    let opinion = |rule: &str| ReferralEvent::Settled {
        settlement: Settlement::LegalOpinion {
            rule: rule.to_owned(),
            opinion_ref: "legal/1".to_owned(),
            valid_until: day("2027-03-31"),
            by: ActorId(uuid(53)),
        },
    };
    let group = || found("REF-01", Outcome::Legal, "group_employee", "職業安定法36条・40条");
    let to = |number, gate| ReferralEvent::CreditReassigned {
        from: ActorId(uuid(70)),
        to: ActorId(uuid(number)),
        relation: Box::new(relation()),
        clause: "規程7条".to_owned(),
        decided_by: ActorId(uuid(53)),
        note: None,
        gate,
    };
    let log = owned().all(referral(), [to(71, vec![group()]), opinion("REF-01"), opinion("REF-02")]);
    let settled = |log: &Log| {
        let shown: Referral = log.document(referral());
        shown.checks.iter().map(|check| (check.rule.clone(), check.settled.is_some())).collect::<Vec<_>>()
    };
    let both = |first, second| vec![("REF-01".to_owned(), first), ("REF-02".to_owned(), second)];
    assert_eq!(settled(&log), both(true, true));
    for gate in [vec![group()], vec![]] {
        let log = log.clone().then(referral(), to(72, gate));
        assert_eq!(settled(&log), both(false, true));
    }
}

#[test]
fn an_answer_stands_beside_its_rule() {
    let settlement = Settlement::Answered {
        rule: "REF-02".to_owned(),
        answer: CheckAnswer::Satisfied,
        evidence_ref: "rules/2026".to_owned(),
        by: ActorId(uuid(53)),
    };
    let shown: Referral = made().then(referral(), ReferralEvent::Settled { settlement }).document(referral());
    let check = &shown.checks[1];
    assert_eq!((check.settled, check.answer), (Some(Settled::Answered), Some(CheckAnswer::Satisfied)));
    assert_eq!((check.evidence_ref.as_deref(), check.settled_by), (Some("rules/2026"), Some(ActorId(uuid(53)))));
}

#[test]
fn nobody_is_kept_who_does_not_wish_it() {
    let endings = [
        (made(), ReferralEvent::CandidateDeclined { declined_on: day("2026-10-05") }, State::Declined),
        (made(), ReferralEvent::AcceptanceLapsed { on: day("2026-10-16") }, State::Expired),
        (made(), withdrawn(), State::Withdrawn),
        (held().then(referral(), refused()), withdrawn(), State::Withdrawn),
        (made(), blocked(), State::Blocked),
    ];
    for (log, ending, state) in endings {
        let log = log.then(referral(), ending);
        let shown: Referral = log.document(referral());
        assert_eq!(shown.state, state);
        let stored = serde_json::to_string(&shown).unwrap();
        assert!(!stored.contains("\"ref\""), "{stored}");
        assert_eq!(log.documents::<Task>().list(), []);
    }
    let shown: Referral = owned().then(referral(), blocked()).document(referral());
    assert_eq!((shown.state, shown.candidate.name), (State::Blocked, sealed(1)), "the candidate had agreed");
    assert_eq!(shown.ending.and_then(|ending| ending.rule).as_deref(), Some("REF-06"));
}

#[test]
fn an_erased_person_leaves_every_referral() {
    let log = owned().then(referral(), credited()).then(referral(), hired());
    let gone = |person: u64| {
        log.clone().then(uuid(person), erased(uuid(person), RecordClasses::All)).document::<Referral>(referral())
    };
    let candidate = gone(9);
    assert_eq!((candidate.candidate.name, candidate.candidate.email), (Personal::Erased, None));
    assert_eq!(candidate.relation.employee_number.as_deref(), Some("E-00070"));
    let referrer = gone(7);
    assert_eq!((referrer.relation.employee_number, referrer.relation.spans), (None, vec![]));
    assert_eq!(referrer.candidate.name, sealed(1));
    let hired = gone(1).hire.expect("that somebody was hired stays");
    assert_eq!((hired.employee_number, hired.started_on), (None, None));
}

#[test]
fn somebody_asks_the_candidate_and_somebody_decides_a_duplicate() {
    let waiting = |log: &Log| log.documents::<Task>().list().into_iter().map(|task| task.kind).collect::<Vec<_>>();
    assert_eq!(waiting(&made()), [Kind::AskCandidate]);
    assert_eq!(made().documents::<Task>().list()[0].due_on, day("2026-10-15"));
    assert_eq!(waiting(&owned()), []);
    assert_eq!(waiting(&held()), [Kind::ResolveOwnership]);
    for ending in [dismissed(), refused(), withdrawn(), hired()] {
        assert_eq!(waiting(&held().then(referral(), ending)), []);
    }
}

#[test]
fn whoever_says_that_they_worked_here_is_invited() {
    let waiting = |log: &Log| log.documents::<Task>().list().into_iter().map(|task| task.kind).collect::<Vec<_>>();
    let formerly = |ownership: ReferralEvent| {
        let (history, accepted_on) = (CandidateHistory::FormerlyEmployed, day("2026-10-05"));
        let agreed = ReferralEvent::CandidateAccepted { history, accepted_on };
        made().later("2026-10-05").all(referral(), [agreed, ownership])
    };
    let owned = formerly(granted());
    let [task] = &owned.documents::<Task>().list()[..] else { panic!("one task") };
    assert_eq!(
        (task.kind, task.audience, task.due_on),
        (Kind::InviteCandidate, Audience::PeopleOps, day("2026-10-19"))
    );
    assert_eq!((task.subject.collection.as_str(), task.subject.id), ("referrals", referral()));
    let not_hired = ReferralEvent::NotHired { reason_code: OutcomeReason::Rejected, recorded_by: ActorId(uuid(52)) };
    let declined = ReferralEvent::CandidateDeclined { declined_on: day("2026-10-06") };
    let lapsed = ReferralEvent::OwnershipLapsed { on: day("2027-04-05") };
    for ending in [credited(), hired(), not_hired, withdrawn(), blocked(), refused(), declined, lapsed] {
        assert_eq!(waiting(&owned.clone().then(referral(), ending)), []);
    }
    let doubted = formerly(held_as_duplicate());
    assert_eq!(waiting(&doubted).len(), 2);
    assert_eq!(waiting(&doubted.clone().then(referral(), dismissed())), [Kind::InviteCandidate]);
    assert_eq!(waiting(&doubted.then(referral(), refused())), []);
}

#[test]
fn a_referral_is_told_with_its_rule() {
    let told = |event: ReferralEvent| -> HistoryLine { describe(Log::on("2026-10-01").then(referral(), event).last()) };
    let line = told(blocked());
    assert_eq!((line.rule.as_deref(), line.basis.as_deref()), (Some("REF-06"), Some("職業安定法36条・40条")));
    let line = told(refused());
    let why = Why { code: Some("earlier_referral".to_owned()), evidence_ref: None, words: Some(sealed(4)) };
    assert_eq!((line.rule.as_deref(), line.why), (Some("REF-13"), Some(why)));
    for event in crate::support::samples("referral") {
        let line = describe(Log::on("2026-10-01").then(referral(), event).last());
        assert!(line.title_en.is_ascii() && line.title_en.len() <= 90 && !line.title_ja.is_ascii(), "{line:?}");
    }
}

// helpers

pub fn referral() -> Uuid {
    uuid(11)
}

pub fn made() -> Log {
    Log::on("2026-10-01").then(referral(), submitted())
}

pub fn owned() -> Log {
    made().later("2026-10-05").all(referral(), [accepted(), granted()])
}

fn held() -> Log {
    made().later("2026-10-05").all(referral(), [accepted(), held_as_duplicate()])
}

fn held_as_duplicate() -> ReferralEvent {
    let (because, earlier) = (DuplicateCause::EarlierReferral, Some(ReferralId(uuid(110))));
    ReferralEvent::HeldAsDuplicate { key: "5f0c".to_owned(), because, earlier }
}

pub fn submitted() -> ReferralEvent {
    ReferralEvent::Submitted(Box::new(Submitted {
        referrer: ActorId(uuid(70)),
        relation: relation(),
        candidate_person_id: PersonId(uuid(9)),
        candidate: CandidateDetails { name: sealed(1), email: Some(sealed(2)), phone: None },
        requisition_id: Some(RequisitionId(uuid(8))),
        legal_entity: "JP-HQ".to_owned(),
        job_family: Some("driver".to_owned()),
        relationship: Relationship::Friend,
        plan: None,
        gate: vec![
            passed("REF-01", "employee", "職業安定法36条・40条"),
            found("REF-02", Outcome::Hold, "no_plan", "労働基準法89条"),
        ],
        answer_by: day("2026-10-15"),
    }))
}

pub fn relation() -> ReferrerRelation {
    ReferrerRelation {
        class: ReferrerClass::Employee,
        on: day("2026-10-01"),
        person_id: Some(PersonId(uuid(7))),
        employee_number: Some("E-00070".to_owned()),
        spans: vec![Span {
            legal_entity: "JP-HQ".to_owned(),
            from: day("2020-04-01"),
            to: None,
            kind: EmploymentKind::Primary,
        }],
    }
}

fn accepted() -> ReferralEvent {
    ReferralEvent::CandidateAccepted { history: CandidateHistory::NeverEmployed, accepted_on: day("2026-10-05") }
}

fn granted() -> ReferralEvent {
    ReferralEvent::OwnershipGranted { key: "5f0c".to_owned(), until: day("2027-04-05") }
}

fn dismissed() -> ReferralEvent {
    let (key, until) = ("5f0c".to_owned(), day("2027-04-05"));
    ReferralEvent::DuplicateDismissed { key, until, decided_by: ActorId(uuid(52)), note: Some(sealed(4)) }
}

fn refused() -> ReferralEvent {
    let (because, decided_by) = (DuplicateCause::EarlierReferral, ActorId(uuid(53)));
    ReferralEvent::RefusedDuplicate { because, decided_by, note: Some(sealed(4)) }
}

fn credited() -> ReferralEvent {
    ReferralEvent::Credited { application_id: ApplicationId(uuid(10)) }
}

fn hired() -> ReferralEvent {
    ReferralEvent::Hired {
        via: HiredVia::Application { application_id: ApplicationId(uuid(10)) },
        hired_person_id: PersonId(uuid(1)),
        employee_number: "E-20001".to_owned(),
        legal_entity: "JP-HQ".to_owned(),
        started_on: day("2027-01-04"),
    }
}

fn withdrawn() -> ReferralEvent {
    ReferralEvent::Withdrawn { withdrawn_by: ActorId(uuid(70)), reason: None }
}

fn blocked() -> ReferralEvent {
    ReferralEvent::Blocked {
        rule: "REF-06".to_owned(),
        basis: "職業安定法36条・40条".to_owned(),
        code: "not_employed_at_referral".to_owned(),
    }
}
