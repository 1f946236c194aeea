//! One sample of each event of rewards, as it is stored.

use aggregates::checks::{CheckAnswer, Outcome, RuleResult, Settlement, found, passed};
use aggregates::employment::{EmploymentKind, Span};
use aggregates::ids::{ActorId, ApplicationId, DepartureId, PersonId, ReferralId, RewardPlanId};
use aggregates::referral::{HiredVia, ReferrerClass, ReferrerRelation};
use aggregates::reward::{DeclineReason, HireFact, LapseCause, PaymentChannel, Planned, RewardEvent};
use aggregates::reward_plan::PlanPin;

use super::reward_plan;
use crate::support::{day, sealed, uuid};

/// Each variant once, the optional fields once set and once not.
pub fn samples() -> Vec<RewardEvent> {
    vec![
        RewardEvent::Planned(Box::new(planned())),
        RewardEvent::Planned(Box::new(bare())),
        RewardEvent::Held {
            rule: Some("REF-18".to_owned()),
            code: "payroll_note_missing".to_owned(),
            basis: Some("賃金規程第20条".to_owned()),
            held_by: ActorId(uuid(0)),
            note: None,
        },
        RewardEvent::Held {
            rule: None,
            code: "manual".to_owned(),
            basis: None,
            held_by: ActorId(uuid(56)),
            note: Some(sealed(1)),
        },
        RewardEvent::HoldLifted { lifted_by: ActorId(uuid(56)), note: Some(sealed(2)) },
        RewardEvent::HoldLifted { lifted_by: ActorId(uuid(56)), note: None },
        RewardEvent::RuledIneligible {
            rule: "REF-06".to_owned(),
            basis: "職業安定法36条・40条".to_owned(),
            code: "outsider".to_owned(),
        },
        RewardEvent::FellDue { on: day("2027-04-05") },
        RewardEvent::Lapsed {
            because: LapseCause::HireLeft,
            departure_id: Some(DepartureId(uuid(3))),
            left_on: Some(day("2027-02-28")),
        },
        RewardEvent::Lapsed { because: LapseCause::HireUndone, departure_id: None, left_on: None },
        RewardEvent::Verified {
            at_referral: Some(Box::new(employee_on("2026-11-25"))),
            at_award: Box::new(employee_on("2027-04-05")),
            gate: vec![passed("REF-03", "payroll", "労働基準法24条")],
            verified_by: ActorId(uuid(51)),
        },
        RewardEvent::Verified {
            at_referral: None,
            at_award: Box::new(employee_on("2027-04-05")),
            gate: vec![],
            verified_by: ActorId(uuid(51)),
        },
        RewardEvent::Approved { approved_by: ActorId(uuid(51)), role: "people_ops".to_owned(), number: 1 },
        RewardEvent::Declined {
            declined_by: ActorId(uuid(52)),
            reason_code: DeclineReason::NotEarned,
            note: Some(sealed(3)),
        },
        RewardEvent::Declined { declined_by: ActorId(uuid(52)), reason_code: DeclineReason::Budget, note: None },
        RewardEvent::Forfeited {
            clause: "賃金規程第21条".to_owned(),
            forfeited_by: ActorId(uuid(51)),
            note: Some(sealed(4)),
        },
        RewardEvent::Forfeited {
            clause: "賃金規程第21条".to_owned(), forfeited_by: ActorId(uuid(51)), note: None
        },
        RewardEvent::CorrectionCaseOpened { departure_id: Some(DepartureId(uuid(3))), left_on: day("2027-02-28") },
        RewardEvent::CorrectionCaseOpened { departure_id: None, left_on: day("2027-02-28") },
        RewardEvent::CorrectionCaseClosed { decided_by: ActorId(uuid(56)), note: Some(sealed(5)) },
        RewardEvent::CorrectionCaseClosed { decided_by: ActorId(uuid(56)), note: None },
        RewardEvent::Settled {
            settlement: Settlement::Answered {
                rule: "REF-18".to_owned(),
                answer: CheckAnswer::Satisfied,
                evidence_ref: "sr/2027/4".to_owned(),
                by: ActorId(uuid(56)),
            },
        },
        RewardEvent::Settled {
            settlement: Settlement::LegalOpinion {
                rule: "REF-05".to_owned(),
                opinion_ref: "legal/2027/5".to_owned(),
                valid_until: day("2028-03-31"),
                by: ActorId(uuid(56)),
            },
        },
        RewardEvent::Settled {
            settlement: Settlement::Acknowledged {
                rule: "REF-21".to_owned(),
                reason: sealed(6),
                by: ActorId(uuid(51)),
            },
        },
    ]
}

/// A hundred thousand yen for a returner who began on 2027-01-04, due three months on.
pub fn planned() -> Planned {
    Planned {
        referral_id: ReferralId(uuid(12)),
        payee: ActorId(uuid(60)),
        payee_person_id: Some(PersonId(uuid(2))),
        payee_employee_number: Some("E-10231".to_owned()),
        legal_entity: "JP-HQ".to_owned(),
        hire: HireFact {
            via: HiredVia::Application { application_id: ApplicationId(uuid(11)) },
            person_id: PersonId(uuid(1)),
            employee_number: "E-10239".to_owned(),
            started_on: day("2027-01-04"),
        },
        tranche: 1,
        plan: Some(pin()),
        amount: Some(reward_plan::terms().amount),
        milestone_on: Some(day("2027-04-04")),
        channel: PaymentChannel::Payroll,
        at_referral: employee_on("2026-11-20"),
        at_hire: employee_on("2027-01-04"),
        gate: gate(),
    }
}

/// What stands without a plan, a person, or a period of employment.
pub fn bare() -> Planned {
    let unknown = |on: &str| ReferrerRelation {
        class: ReferrerClass::Unknown,
        on: day(on),
        person_id: None,
        employee_number: None,
        spans: vec![],
    };
    Planned {
        payee_person_id: None,
        payee_employee_number: None,
        hire: HireFact { via: HiredVia::Record, ..planned().hire },
        plan: None,
        amount: None,
        milestone_on: None,
        at_referral: unknown("2026-11-20"),
        at_hire: unknown("2027-01-04"),
        gate: vec![found("REF-02", Outcome::Hold, "no_plan", "職業安定法40条")],
        ..planned()
    }
}

pub fn pin() -> PlanPin {
    PlanPin { plan_id: RewardPlanId(uuid(13)), version: 2, terms: reward_plan::terms() }
}

pub fn gate() -> Vec<RuleResult> {
    vec![passed("REF-01", "employee", "職業安定法36条・40条"), passed("REF-02", "plan_in_force", "労働基準法89条")]
}

pub fn employee_on(on: &str) -> ReferrerRelation {
    ReferrerRelation {
        class: ReferrerClass::Employee,
        on: day(on),
        person_id: Some(PersonId(uuid(2))),
        employee_number: Some("E-10231".to_owned()),
        spans: vec![Span {
            legal_entity: "JP-HQ".to_owned(),
            from: day("2020-04-01"),
            to: None,
            kind: EmploymentKind::Primary,
        }],
    }
}
