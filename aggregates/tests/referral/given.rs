//! Referrals in every phase, and what is asked of them.
#![expect(clippy::expect_used, reason = "a test that cannot be set up has failed")]

use std::collections::BTreeSet;

use aggregates::checks::{CheckAnswer, Settlement};
use aggregates::employment::{EmploymentKind, Span};
use aggregates::ids::{ActorId, ApplicationId, PersonId, ReferralId, RequisitionId, RewardPlanId};
use aggregates::issued::Actor;
use aggregates::programme_policy::{ReferralBasis, ReferralBasisKind};
use aggregates::referral::{
    CandidateDetails, CandidateHistory, Duplicate, DuplicateCause, Ending, HiredVia, Likeness, Offices, OutcomeReason,
    OwnershipDecision, Permitted, Reassigning, Referral, ReferralCommand, ReferralError, ReferralEvent, ReferrerClass,
    ReferrerRelation, Relationship, Submitted, Submitting, Vacancy,
};
use aggregates::reward_plan::{
    Milestone, PayrollTreatment, PlanPin, PlanTerms, PresenceAtPayment, SocialInsuranceClass,
};
use aggregates::stream::Stream;
use aggregates::values::Money;
use chrono::NaiveDate;

use crate::support::{Given, day, instant, person, sealed, uuid};

pub fn recorded(given: Given<Referral>, by: Actor, order: ReferralCommand) -> Given<Referral> {
    let events = decided(&given, by, order).expect("it is decided");
    given.and(events)
}

pub fn decided(
    given: &Given<Referral>,
    by: Actor,
    order: ReferralCommand,
) -> Result<Vec<ReferralEvent>, ReferralError> {
    let at = instant("2026-10-01T03:00:00Z");
    given.folded().decide(aggregates::issued::Issued { by, at, on: today(), command: order })
}

pub fn today() -> NaiveDate {
    day("2026-10-01")
}

pub fn accepted_on() -> NaiveDate {
    day("2026-10-05")
}

pub fn referrer() -> Actor {
    person(70)
}

pub fn compliance() -> Actor {
    person(53)
}

pub fn candidate() -> PersonId {
    PersonId(uuid(9))
}

pub fn application(number: u64) -> ApplicationId {
    ApplicationId(uuid(100 + number))
}

pub fn key() -> String {
    "5f0c".to_owned()
}

pub fn submit(submitting: Submitting) -> ReferralCommand {
    ReferralCommand::Submit(Box::new(submitting))
}

pub fn submitting() -> Submitting {
    Submitting {
        relation: relation(ReferrerClass::Employee),
        candidate_person_id: candidate(),
        candidate: details(),
        requisition_id: Some(RequisitionId(uuid(8))),
        vacancy: Vacancy::Open,
        legal_entity: "JP-HQ".to_owned(),
        job_family: Some("driver".to_owned()),
        relationship: Relationship::FormerColleague,
        plan: Some(plan()),
        exclusions: BTreeSet::new(),
        likeness: Likeness::NotShown,
        paid_in_twelve_months: 0,
        permitted: None,
    }
}

/// What lets outsiders refer, unpaid.
pub fn permitted() -> Permitted {
    let basis =
        ReferralBasis { kind: ReferralBasisKind::Notification, reference: "委託募集届出 第123号".to_owned() };
    Permitted { programme: format!("programme/{}/2", uuid(19)), basis }
}

pub fn details() -> CandidateDetails {
    CandidateDetails { name: sealed(1), email: Some(sealed(2)), phone: None }
}

pub fn relation(class: ReferrerClass) -> ReferrerRelation {
    let spans = vec![Span {
        legal_entity: "JP-HQ".to_owned(),
        from: day("2020-04-01"),
        to: None,
        kind: EmploymentKind::Primary,
    }];
    ReferrerRelation {
        class,
        on: today(),
        person_id: Some(PersonId(uuid(7))),
        employee_number: Some("E-00070".to_owned()),
        spans,
    }
}

pub fn plan() -> PlanPin {
    PlanPin {
        plan_id: RewardPlanId(uuid(12)),
        version: 1,
        terms: PlanTerms {
            name: "リファラル手当".to_owned(),
            legal_entity: "JP-HQ".to_owned(),
            clause: "賃金規程28条".to_owned(),
            filed_on: Some(day("2026-03-25")),
            amount: Money { amount: 100_000, currency: "JPY".to_owned() },
            milestone: Milestone::Months(6),
            presence_at_payment: PresenceAtPayment::NotRequired,
            payroll: PayrollTreatment {
                item_code: "REF".to_owned(),
                social_insurance: Some(SocialInsuranceClass::Bonus),
                note_ref: Some("payroll/2026/18".to_owned()),
            },
        },
    }
}

pub fn submitted() -> ReferralEvent {
    let Submitting { relation, candidate_person_id, candidate, requisition_id, .. } = submitting();
    let Submitting { legal_entity, job_family, relationship, plan, .. } = submitting();
    let rules = [
        ("REF-01", "employee", "職業安定法36条・40条"),
        ("REF-02", "plan_in_force", "職業安定法40条・労働基準法89条"),
        ("REF-03", "payroll", "職業安定法40条・労働基準法24条"),
        ("REF-04", "within_soft_cap", "職業安定法40条"),
        ("REF-05", "not_repeated", "職業安定法30条"),
        ("REF-06", "no_outsider", "職業安定法36条・40条"),
        ("REF-09", "status_at_referral", "職業安定法40条"),
        ("REF-10", "another_person", "職業安定法40条・リファラル手当規程"),
        ("REF-14", "not_excluded", "リファラル手当規程"),
        ("REF-18", "treatment_noted", "所得税法28条・健康保険法3条"),
    ];
    ReferralEvent::Submitted(Box::new(Submitted {
        referrer: referrer().id,
        relation,
        candidate_person_id,
        candidate,
        requisition_id,
        legal_entity,
        job_family,
        relationship,
        plan,
        gate: rules.iter().map(|(rule, code, basis)| aggregates::checks::passed(rule, code, basis)).collect(),
        answer_by: day("2026-10-15"),
    }))
}

pub fn accept(duplicate: Option<Duplicate>) -> ReferralCommand {
    ReferralCommand::AcceptAsCandidate { history: CandidateHistory::NeverEmployed, key: key(), duplicate }
}

pub fn dismissed() -> ReferralEvent {
    let (key, until) = (key(), day("2027-04-05"));
    ReferralEvent::DuplicateDismissed { key, until, decided_by: compliance().id, note: None }
}

pub fn resolve(decision: OwnershipDecision) -> ReferralCommand {
    let note = (decision == OwnershipDecision::Refuse).then_some(sealed(4));
    ReferralCommand::ResolveOwnership { decision, because: None, note }
}

pub fn reassigning() -> Reassigning {
    Reassigning {
        to: ActorId(uuid(71)),
        relation: ReferrerRelation { person_id: Some(PersonId(uuid(17))), ..relation(ReferrerClass::Employee) },
        relationship: Some(Relationship::Colleague),
        offices: Offices::Known,
        exclusions: BTreeSet::new(),
        likeness: Likeness::NotShown,
        paid_in_twelve_months: 0,
        recruiter: Some(person(52).id),
        judges: BTreeSet::new(),
        clause: "リファラル手当規程7条".to_owned(),
        note: None,
    }
}

pub fn credit(number: u64) -> ReferralCommand {
    ReferralCommand::Credit { application_id: application(number), duplicate: None }
}

pub fn note_hired() -> ReferralCommand {
    ReferralCommand::NoteHired {
        via: HiredVia::Application { application_id: application(1) },
        hired_person_id: PersonId(uuid(1)),
        employee_number: "E-20001".to_owned(),
        legal_entity: "JP-HQ".to_owned(),
        started_on: day("2027-01-04"),
    }
}

pub fn hire_event() -> ReferralEvent {
    ReferralEvent::Hired {
        via: HiredVia::Application { application_id: application(1) },
        hired_person_id: PersonId(uuid(1)),
        employee_number: "E-20001".to_owned(),
        legal_entity: "JP-HQ".to_owned(),
        started_on: day("2027-01-04"),
    }
}

pub fn not_hired_because(reason_code: OutcomeReason) -> ReferralCommand {
    ReferralCommand::NoteNotHired { reason_code }
}

pub fn not_hired_event() -> ReferralEvent {
    ReferralEvent::NotHired { reason_code: OutcomeReason::OfferDeclined, recorded_by: person(52).id }
}

pub fn blocked(rule: &str, code: &str) -> ReferralEvent {
    let basis = if rule == "REF-06" {
        "職業安定法36条・40条"
    } else {
        "職業安定法40条・リファラル手当規程"
    };
    ReferralEvent::Blocked { rule: rule.to_owned(), basis: basis.to_owned(), code: code.to_owned() }
}

pub fn answered(rule: &str, answer: CheckAnswer) -> Settlement {
    Settlement::Answered { rule: rule.to_owned(), answer, evidence_ref: "hr/70".to_owned(), by: compliance().id }
}

pub const fn ended(ending: Ending) -> ReferralError {
    ReferralError::Ended { ending }
}

pub fn accepted() -> ReferralEvent {
    ReferralEvent::CandidateAccepted { history: CandidateHistory::NeverEmployed, accepted_on: accepted_on() }
}

pub fn held_event() -> ReferralEvent {
    let earlier = Some(ReferralId(uuid(11)));
    ReferralEvent::HeldAsDuplicate { key: key(), because: DuplicateCause::EarlierReferral, earlier }
}

pub fn made() -> Given<Referral> {
    Given::events([submitted()])
}

pub fn owned() -> Given<Referral> {
    made().and([accepted(), ReferralEvent::OwnershipGranted { key: key(), until: day("2027-04-05") }])
}

pub fn held() -> Given<Referral> {
    made().and([accepted(), held_event()])
}

pub fn in_process() -> Given<Referral> {
    owned().and([ReferralEvent::Credited { application_id: application(1) }])
}

pub fn hired() -> Given<Referral> {
    in_process().and([hire_event()])
}

pub fn not_hired() -> Given<Referral> {
    in_process().and([not_hired_event()])
}

pub fn declined() -> Given<Referral> {
    made().and([ReferralEvent::CandidateDeclined { declined_on: accepted_on() }])
}

pub fn withdrawn() -> Given<Referral> {
    made().and([ReferralEvent::Withdrawn { withdrawn_by: referrer().id, reason: None }])
}
