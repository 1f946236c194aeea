//! One sample of each event of pay policies, as it is stored.

use std::collections::BTreeSet;

use aggregates::ids::ActorId;
use aggregates::pay::{Fraction, JobFunction, Loosening, MinimumWage, PolicyTerms, Seat};
use aggregates::pay_policy::{AlertKey, AlertOutcome, AlertReview, PayPolicyEvent, Publication, Raised};
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
        PayPolicyEvent::MonthClosed { last_day: day("2026-12-31") },
        PayPolicyEvent::AlertRaised { raised: raised(), look_by: day("2027-06-30") },
        PayPolicyEvent::AlertRaised {
            raised: Raised {
                alert: AlertKey { report: "stayer-ratios".to_owned(), table: "stayer_ratio".to_owned(), row: None },
                rule: "MON-02".to_owned(),
                since: day("2026-12-31"),
                due_on: None,
            },
            look_by: day("2027-01-31"),
        },
        PayPolicyEvent::AlertCleared { alert: raised().alert, last_day: day("2027-02-28") },
        PayPolicyEvent::JointAssessmentDue { alert: raised().alert, due_on: day("2028-01-01") },
        PayPolicyEvent::AlertReviewed {
            alert: raised().alert,
            review: AlertReview {
                outcome: AlertOutcome::Justified,
                reason: sealed(3),
                evidence_ref: "賃金格差検証 2027-2".to_owned(),
            },
            reviewed_by: ActorId(uuid(62)),
        },
        PayPolicyEvent::PublicationDue { year_ends: day("2027-03-31"), due_on: day("2027-06-30") },
        PayPolicyEvent::PayGapPublished {
            year_ends: day("2027-03-31"),
            publication: Publication {
                published_on: day("2027-06-15"),
                evidence_ref: "女性の活躍推進企業データベース".to_owned(),
            },
            recorded_by: ActorId(uuid(62)),
        },
        PayPolicyEvent::RetirementProposed { reason: sealed(4), proposed_by: ActorId(uuid(58)), decisions: 41 },
        PayPolicyEvent::Retired {
            effective_from: day("2027-03-31"),
            retired_by: ActorId(uuid(57)),
            note: Some(sealed(1)),
        },
        PayPolicyEvent::Retired { effective_from: day("2027-03-31"), retired_by: ActorId(uuid(57)), note: None },
    ]
}

/// The gap of a grade that has somebody look.
fn raised() -> Raised {
    Raised {
        alert: AlertKey { report: "pay-gaps".to_owned(), table: "grade".to_owned(), row: Some("G4".to_owned()) },
        rule: "MON-03".to_owned(),
        since: day("2026-12-31"),
        due_on: Some(day("2027-06-30")),
    }
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
