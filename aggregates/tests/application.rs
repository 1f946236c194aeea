//! Application: given events, when a command, then events.

mod cases;
mod eligibility;
mod interviews;
mod offers;
mod transitions;

use aggregates::application::{
    Application, ApplicationCommand, ApplicationEvent, Channel, Disclosing, EligibilityFacts, EligibilityResult,
    HoldCause, MembershipFact, OfferAcceptance, Recommendation, Rejoining, RequisitionFact, Scheduling, Scorecard,
    Slot, Stage, Stint, Submitted, Submitting,
};
use aggregates::ids::{ActorId, DepartureId, InterviewId, MemberId, OfferId, PersonId, ReferralId, RequisitionId};
use aggregates::issued::Actor;
use aggregates::member::ContactChannel;
use aggregates::rehire_policy::{self, result};
use aggregates::requisition::{Audience, Engagement, Line, PayRange};
use aggregates::values::{EmploymentType, Verdict};
use chrono::NaiveDate;
use uuid::Uuid;

use crate::samples;
use crate::samples::requisition::yen;
use crate::support::{Given, assert_goldens, day, instant, person, uuid};

#[test]
fn stored_forms_are_kept_for_ever() {
    assert_goldens::<Application>(&samples::application::samples());
}

#[test]
fn an_id_that_nobody_applied_under_has_no_state_and_waits_for_nothing() {
    let nothing = Given::<Application>::nothing();
    nothing.when_woken(today()).quiet();
    assert_eq!((nothing.state(), nothing.subject(), nothing.wake()), ("unsubmitted", None, None));
    assert!(!nothing.folded().is_live() && nothing.folded().standing().is_none());
}

// who and when

fn today() -> NaiveDate {
    day("2026-10-01")
}

fn candidate() -> Actor {
    person(10)
}

fn recruiter() -> Actor {
    person(11)
}

fn second_recruiter() -> Actor {
    person(12)
}

fn interviewer() -> Actor {
    person(13)
}

fn manager() -> Actor {
    person(14)
}

fn compliance() -> Actor {
    person(15)
}

fn another_in_compliance() -> Actor {
    person(16)
}

fn application_id() -> Uuid {
    uuid(1000)
}

fn requisition_id() -> RequisitionId {
    RequisitionId(uuid(5))
}

fn interview_id() -> InterviewId {
    InterviewId(uuid(7))
}

fn offer_id() -> OfferId {
    OfferId(uuid(8))
}

// what is handed in

fn line() -> Line {
    Line { recruiter: recruiter().id, hiring_manager: Some(manager().id), approver_unit: None }
}

fn handed_in() -> Submitted {
    Submitted {
        person_id: PersonId(uuid(1)),
        member_id: MemberId(uuid(4)),
        account: candidate().id,
        requisition_id: requisition_id(),
        legal_entity: "JP-HQ".to_owned(),
        line: line(),
        channel: Channel::Referral,
        referral_id: Some(ReferralId(uuid(9))),
        motivation: None,
        submitted_by: candidate().id,
        recorded_for: None,
    }
}

fn stint(left_on: &str, verdict: Verdict) -> Stint {
    Stint {
        departure_id: DepartureId(uuid(3)),
        legal_entity: "JP-HQ".to_owned(),
        hired_on: day("2015-04-01"),
        left_on: day(left_on),
        verdict,
        clause: (verdict != Verdict::Eligible).then(|| "第3条".to_owned()),
        reason_counts: false,
        wish_registered: false,
        employment_type: None,
        retired: false,
    }
}

fn facts() -> EligibilityFacts {
    EligibilityFacts {
        stints: vec![stint("2024-03-31", Verdict::Eligible)],
        flags: vec![],
        membership: MembershipFact::Active,
        jobs_consent: None,
        requisition: RequisitionFact::Published,
        audience: vec![Audience::Alumni],
        engagement: Engagement::Direct,
        legal_entity: Some("JP-HQ".to_owned()),
        programme: None,
        on: today(),
    }
}

fn of(verdict: Verdict) -> EligibilityFacts {
    EligibilityFacts { stints: vec![stint("2024-03-31", verdict)], ..facts() }
}

fn submit(facts: EligibilityFacts) -> ApplicationCommand {
    ApplicationCommand::Submit(Box::new(Submitting { submitted: handed_in(), facts }))
}

// pasts

fn submitted() -> ApplicationEvent {
    ApplicationEvent::Submitted(Box::new(handed_in()))
}

fn assessed(facts: EligibilityFacts) -> ApplicationEvent {
    found_again(facts, None)
}

fn found_again(facts: EligibilityFacts, because: impl Into<Option<HoldCause>>) -> ApplicationEvent {
    let rules = rehire_policy::assess(&facts);
    ApplicationEvent::EligibilityAssessed {
        result: result(&rules),
        rules,
        programme_version: rehire_policy::version(&facts),
        facts: Box::new(facts),
        because: because.into(),
    }
}

fn screening() -> Vec<ApplicationEvent> {
    vec![submitted(), assessed(facts())]
}

fn in_review() -> Vec<ApplicationEvent> {
    vec![submitted(), assessed(of(Verdict::NeedsReview))]
}

fn not_eligible() -> Vec<ApplicationEvent> {
    vec![submitted(), assessed(of(Verdict::NotEligible))]
}

fn advanced() -> ApplicationEvent {
    ApplicationEvent::Advanced { from: Stage::Screening, to: Stage::Interviewing, advanced_by: recruiter().id }
}

fn interviewing() -> Vec<ApplicationEvent> {
    [screening(), vec![advanced(), scheduled()]].concat()
}

fn evaluated() -> Vec<ApplicationEvent> {
    [interviewing(), vec![scored(), evaluation()]].concat()
}

fn offered() -> Vec<ApplicationEvent> {
    [evaluated(), vec![ApplicationEvent::OfferOpened { offer_id: offer_id() }]].concat()
}

fn accepted() -> Vec<ApplicationEvent> {
    [offered(), vec![offer_accepted()]].concat()
}

fn joining() -> Vec<ApplicationEvent> {
    [accepted(), vec![joining_recorded()]].concat()
}

fn scheduled() -> ApplicationEvent {
    ApplicationEvent::InterviewScheduled {
        interview_id: interview_id(),
        slot: Box::new(slot()),
        scheduled_by: recruiter().id,
    }
}

fn scored() -> ApplicationEvent {
    ApplicationEvent::ScorecardSubmitted {
        interview_id: interview_id(),
        interviewer: manager().id,
        scorecard: Box::new(scorecard()),
    }
}

fn evaluation() -> ApplicationEvent {
    ApplicationEvent::EvaluationRecorded { recommendation: Recommendation::Yes, evaluated_by: manager().id, note: None }
}

fn offer_accepted() -> ApplicationEvent {
    ApplicationEvent::OfferAccepted {
        offer_id: offer_id(),
        starts_on: first_day(),
        employment_type: EmploymentType::Regular,
        grade: "G4".to_owned(),
        location: None,
    }
}

fn joining_recorded() -> ApplicationEvent {
    ApplicationEvent::JoiningRecorded {
        employee_number: "E-20001".to_owned(),
        started_on: first_day(),
        department: None,
        job_family: None,
        recorded_by: recruiter().id,
    }
}

fn held(because: HoldCause) -> ApplicationEvent {
    ApplicationEvent::Held { because, until: None, held_by: recruiter().id, note: None }
}

fn first_day() -> NaiveDate {
    day("2027-01-04")
}

fn slot() -> Slot {
    Slot {
        starts_at: instant("2026-10-08T01:00:00Z"),
        ends_at: instant("2026-10-08T02:00:00Z"),
        interviewers: vec![interviewer().id, manager().id],
        location: None,
    }
}

fn scorecard() -> Scorecard {
    Scorecard { rating: 4, recommendation: Recommendation::Yes, attributes: vec![], notes: None }
}

// commands

fn scheduling(interview_id: InterviewId, slot: Slot) -> Scheduling {
    Scheduling {
        interview_id,
        slot,
        busy: vec![],
        candidate_busy: false,
        range_first: false,
        range: None,
        referrer: None,
    }
}

fn range(maximum: i64) -> PayRange {
    PayRange { minimum: yen(6_000_000), midpoint: None, maximum: yen(maximum) }
}

fn disclosing(maximum: i64) -> Disclosing {
    let range = Some(range(maximum));
    Disclosing { requisition_id: requisition_id(), range, channel: ContactChannel::Email }
}

fn acceptance(offer_id: OfferId) -> ApplicationCommand {
    ApplicationCommand::NoteOfferAccepted(Box::new(OfferAcceptance {
        offer_id,
        starts_on: first_day(),
        employment_type: EmploymentType::Regular,
        grade: "G4".to_owned(),
        location: None,
    }))
}

fn rejoin(employee_number: &str, started_on: NaiveDate) -> ApplicationCommand {
    ApplicationCommand::RecordRejoin(Box::new(Rejoining {
        employee_number: employee_number.to_owned(),
        started_on,
        department: None,
        job_family: None,
    }))
}

fn given(past: Vec<ApplicationEvent>) -> Given<Application> {
    Given::events(past)
}

fn eligibility(given: &Given<Application>) -> Option<EligibilityResult> {
    given.folded().standing().map(|standing| standing.eligibility)
}

fn assign(owner: ActorId) -> ApplicationCommand {
    ApplicationCommand::Assign { owner }
}
