//! One sample of each event of reward plans, as it is stored.

use aggregates::ids::ActorId;
use aggregates::reward_plan::{
    Milestone, PayrollTreatment, PlanTerms, PresenceAtPayment, RewardPlanEvent, SocialInsuranceClass,
};
use aggregates::values::Money;

use crate::support::{day, sealed, uuid};

/// Each variant once, the optional fields once set and once not.
pub fn samples() -> Vec<RewardPlanEvent> {
    vec![
        RewardPlanEvent::Drafted { terms: Box::new(terms()), drafted_by: ActorId(uuid(57)) },
        RewardPlanEvent::Revised { version: 2, terms: Box::new(bare()), revised_by: ActorId(uuid(57)) },
        RewardPlanEvent::Approved { version: 2, approved_by: ActorId(uuid(58)) },
        RewardPlanEvent::Published { version: 2, effective_from: day("2026-12-01"), published_by: ActorId(uuid(57)) },
        RewardPlanEvent::Retired {
            effective_from: day("2027-03-31"),
            retired_by: ActorId(uuid(57)),
            note: Some(sealed(1)),
        },
        RewardPlanEvent::Retired { effective_from: day("2027-03-31"), retired_by: ActorId(uuid(57)), note: None },
    ]
}

/// A hundred thousand yen after three months.
pub fn terms() -> PlanTerms {
    PlanTerms {
        name: "リファラル手当".to_owned(),
        legal_entity: "JP-HQ".to_owned(),
        clause: "賃金規程第20条".to_owned(),
        filed_on: Some(day("2026-09-15")),
        amount: Money { amount: 100_000, currency: "JPY".to_owned() },
        milestone: Milestone::Months(3),
        presence_at_payment: PresenceAtPayment::Required,
        payroll: PayrollTreatment {
            item_code: "REF01".to_owned(),
            social_insurance: Some(SocialInsuranceClass::Bonus),
            note_ref: Some("sr/2026/18".to_owned()),
        },
    }
}

/// Nothing but what must be said.
pub fn bare() -> PlanTerms {
    PlanTerms {
        filed_on: None,
        milestone: Milestone::Days(180),
        presence_at_payment: PresenceAtPayment::NotRequired,
        payroll: PayrollTreatment { item_code: "REF01".to_owned(), social_insurance: None, note_ref: None },
        ..terms()
    }
}
