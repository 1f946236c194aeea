//! One sample of each event of pay policies, as it is stored.

use std::collections::BTreeSet;

use aggregates::ids::ActorId;
use aggregates::pay::{Fraction, JobFunction, Loosening, MinimumWage, PolicyTerms, Seat};
use aggregates::pay_policy::PayPolicyEvent;
use aggregates::values::{Bilingual, Money};

use crate::support::{day, sealed, uuid};

/// Each variant once, the optional fields once set and once not.
pub fn samples() -> Vec<PayPolicyEvent> {
    vec![
        PayPolicyEvent::Drafted {
            terms: Box::new(terms()),
            drafted_by: ActorId(uuid(57)),
            drafted_on: day("2026-11-01"),
        },
        PayPolicyEvent::Revised {
            version: 2,
            terms: Box::new(bare()),
            revised_by: ActorId(uuid(57)),
            revised_on: day("2026-11-02"),
        },
        PayPolicyEvent::Approved { version: 2, approved_by: ActorId(uuid(58)) },
        PayPolicyEvent::Published {
            version: 2,
            effective_from: day("2026-12-01"),
            published_by: ActorId(uuid(57)),
            loosening: None,
            reason: None,
        },
        PayPolicyEvent::Published {
            version: 2,
            effective_from: day("2026-12-01"),
            published_by: ActorId(uuid(60)),
            loosening: Some(Box::new(loosening())),
            reason: Some(sealed(2)),
        },
        PayPolicyEvent::Retired {
            effective_from: day("2027-03-31"),
            retired_by: ActorId(uuid(57)),
            note: Some(sealed(1)),
        },
        PayPolicyEvent::Retired { effective_from: day("2027-03-31"), retired_by: ActorId(uuid(57)), note: None },
    ]
}

/// What a policy that overtakes more before anybody looks would have flipped.
pub fn loosening() -> Loosening {
    let fields = vec!["/thresholds/peers_c".to_owned(), "/seats/C".to_owned()];
    Loosening { fields, decisions: 41, milder: 6, stricter: 0, not_assessable: 1 }
}

/// Everything that a policy can lay down, with somebody for every seat.
pub fn terms() -> PolicyTerms {
    let mut terms = bare();
    let families = ["driver", "logistics"].map(str::to_owned).into_iter().collect();
    terms.functions = vec![JobFunction { name: "transport".to_owned(), job_families: families }];
    let hourly = Money { amount: 1_177, currency: "JPY".to_owned() };
    terms.minimum_wages =
        vec![MinimumWage { location: Some("osaka".to_owned()), hourly, effective_from: day("2025-10-16") }];
    terms.return_premium_limit = Some(Fraction::percent(20));
    terms.explanation_days = 7;
    terms.followed_months = 48;
    let (ja, en) = ("労働局でも相談できます。", "The labour bureau answers questions, too.");
    terms.notice = Some(Bilingual { ja: ja.to_owned(), en: en.to_owned() });
    let named = [(Seat::Hr, 71), (Seat::Compensation, 62), (Seat::DivisionHead, 63), (Seat::Executive, 64)];
    terms.approvers = named.into_iter().map(|(seat, number)| (seat, BTreeSet::from([ActorId(uuid(number))]))).collect();
    terms
}

/// The defaults, and nobody named.
pub fn bare() -> PolicyTerms {
    PolicyTerms::defaults("JP-HQ", "賃金規程第12条")
}
