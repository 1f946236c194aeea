//! One sample of each event of referrals, as it is stored.

use aggregates::checks::{CheckAnswer, Outcome, Settlement, found, passed};
use aggregates::employment::{EmploymentKind, Span};
use aggregates::ids::{ActorId, ApplicationId, PersonId, ReferralId, RequisitionId, RewardPlanId};
use aggregates::referral::{
    CandidateDetails, CandidateHistory, DuplicateCause, HiredVia, OutcomeReason, ReferralEvent, ReferrerClass,
    ReferrerRelation, Relationship, Submitted,
};
use aggregates::reward_plan::{
    Milestone, PayrollTreatment, PlanPin, PlanTerms, PresenceAtPayment, SocialInsuranceClass,
};
use aggregates::values::Money;

use crate::support::{day, sealed, uuid};

/// Each variant once.
pub fn samples() -> Vec<ReferralEvent> {
    vec![
        ReferralEvent::Submitted(Box::new(Submitted {
            referrer: ActorId(uuid(70)),
            relation: relation(),
            candidate_person_id: PersonId(uuid(9)),
            candidate: CandidateDetails { name: sealed(1), email: Some(sealed(2)), phone: Some(sealed(3)) },
            requisition_id: Some(RequisitionId(uuid(8))),
            legal_entity: "JP-HQ".to_owned(),
            job_family: Some("driver".to_owned()),
            relationship: Relationship::FormerColleague,
            plan: Some(plan()),
            gate: vec![
                passed("REF-01", "employee", "職業安定法36条・40条"),
                found("REF-18", Outcome::Hold, "note_missing", "所得税法28条"),
            ],
            answer_by: day("2026-10-15"),
        })),
        ReferralEvent::CandidateAccepted { history: CandidateHistory::NeverEmployed, accepted_on: day("2026-10-05") },
        ReferralEvent::CandidateDeclined { declined_on: day("2026-10-05") },
        ReferralEvent::AcceptanceLapsed { on: day("2026-10-16") },
        ReferralEvent::OwnershipGranted { key: "5f0c".to_owned(), until: day("2027-04-05") },
        ReferralEvent::DuplicateDismissed {
            key: "5f0c".to_owned(),
            until: day("2027-04-05"),
            decided_by: ActorId(uuid(3)),
            note: Some(sealed(6)),
        },
        ReferralEvent::DuplicateDismissed {
            key: "5f0c".to_owned(),
            until: day("2027-04-05"),
            decided_by: ActorId(uuid(3)),
            note: None,
        },
        ReferralEvent::HeldAsDuplicate {
            key: "5f0c".to_owned(),
            because: DuplicateCause::EarlierReferral,
            earlier: Some(ReferralId(uuid(11))),
        },
        ReferralEvent::RefusedDuplicate {
            because: DuplicateCause::EarlierContact,
            decided_by: ActorId(uuid(53)),
            note: Some(sealed(4)),
        },
        ReferralEvent::CreditReassigned {
            from: ActorId(uuid(70)),
            to: ActorId(uuid(71)),
            relation: Box::new(relation()),
            clause: "リファラル手当規程7条".to_owned(),
            decided_by: ActorId(uuid(53)),
            note: Some(sealed(5)),
            gate: vec![passed("REF-01", "employee", "職業安定法36条・40条")],
        },
        ReferralEvent::Credited { application_id: ApplicationId(uuid(10)) },
        ReferralEvent::Hired {
            via: HiredVia::Application { application_id: ApplicationId(uuid(10)) },
            hired_person_id: PersonId(uuid(1)),
            employee_number: "E-20001".to_owned(),
            legal_entity: "JP-HQ".to_owned(),
            started_on: day("2027-01-04"),
        },
        ReferralEvent::NotHired { reason_code: OutcomeReason::OfferDeclined, recorded_by: ActorId(uuid(52)) },
        ReferralEvent::OwnershipLapsed { on: day("2027-04-05") },
        ReferralEvent::Withdrawn { withdrawn_by: ActorId(uuid(70)), reason: Some(sealed(6)) },
        ReferralEvent::Blocked {
            rule: "REF-06".to_owned(),
            basis: "職業安定法36条・40条".to_owned(),
            code: "not_employed_at_referral".to_owned(),
        },
        ReferralEvent::Settled {
            settlement: Settlement::Answered {
                rule: "REF-18".to_owned(),
                answer: CheckAnswer::Satisfied,
                evidence_ref: "payroll/2026/18".to_owned(),
                by: ActorId(uuid(53)),
            },
        },
    ]
}

fn relation() -> ReferrerRelation {
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

fn plan() -> PlanPin {
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
