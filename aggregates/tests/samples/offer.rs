//! One sample of each event of offers, as it is stored.
#![expect(clippy::expect_used, reason = "a test that cannot be set up has failed")]

use std::collections::BTreeSet;

use aggregates::checks::{CheckAnswer, Outcome, Settlement, found, passed};
use aggregates::ids::{
    ActorId, ApplicationId, MemberId, OfferId, PayBandsId, PayPolicyId, PersonId, RequisitionId, SnapshotId,
};
use aggregates::labour::{self, BRIDGING, Duty, FIRST_REVIEW, Figure, LabourCheck, LabourFacts, ServicePeriod};
use aggregates::offer::{
    Acceptance, Allowance, Assessed, BandsPin, Basis, ConflictKind, ContractTerm, DeclineReason, DocumentKind,
    DocumentOutcome, DocumentsDue, Drafted, DutyDone, DutyDue, DutyOutcome, ExceptionDecision, ExceptionReason,
    Extended, FixedOvertime, HandedIn, LapseCause, Manager, OfferEvent, OneOffPayment, OverdueRemedy, PaidOnce, Pay,
    PayAssessment, PayChange, PayException, PayRole, PeersNow, Period, PolicyPin, Priced, RangeOutcome, RangeReviewed,
    RefusalReason, Remedied, RemedyPlan, RenderedDocument, RescissionReason, Retest, SnapshotPin, TermField, Terms,
};
use aggregates::pay::{ComparedItem, DifferenceReason, Fraction, RegularComparison, Tier, Treatment};
use aggregates::programme_policy::RequiredDocument;
use aggregates::requisition::Line;
use aggregates::values::{Bilingual, EmploymentType, Money};

use crate::samples;
use crate::support::{day, instant, sealed, uuid};

/// Each variant once.
pub fn samples() -> Vec<OfferEvent> {
    let mut samples = unpriced();
    let after_revision = 2;
    samples.splice(after_revision..after_revision, pricing());
    samples.extend(afterwards());
    samples.extend(collected());
    samples
}

/// How a pay policy bears on an offer.
fn pricing() -> Vec<OfferEvent> {
    vec![
        OfferEvent::LabourChecked { version: 1, on: day("2026-12-01"), checks: labour_checks(), agency_told: false },
        OfferEvent::LabourChecked { version: 2, on: day("2026-12-01"), checks: vec![bridged()], agency_told: true },
        OfferEvent::Assessed(Box::new(assessed())),
        OfferEvent::Assessed(Box::new(assessed_without_facts())),
        OfferEvent::Assessed(Box::new(of(priced_while_overdue(8_100_000)))),
        OfferEvent::Assessed(Box::new(Assessed {
            proposed_by: Some(ActorId(uuid(65))),
            ..of(priced_beside_regular_workers())
        })),
        OfferEvent::ExceptionRequested {
            version: 1,
            terms_hash: "5".repeat(64),
            exception: Box::new(exception()),
            requested_by: ActorId(uuid(61)),
        },
        OfferEvent::ExceptionDecided {
            version: 1,
            terms_hash: "5".repeat(64),
            decision: ExceptionDecision::Granted,
            decided_by: ActorId(uuid(63)),
            role: "compensation".to_owned(),
            comment: Some(sealed(10)),
        },
    ]
}

fn unpriced() -> Vec<OfferEvent> {
    let terms_hash = || "1".repeat(64);
    vec![
        OfferEvent::Drafted(Box::new(drafted())),
        OfferEvent::Revised {
            version: 2,
            terms: Box::new(fixed_term()),
            terms_hash: "2".repeat(64),
            expires_at: instant("2026-12-24T15:00:00Z"),
            changed: vec![TermField::EmploymentType, TermField::Contract, TermField::Base],
            revised_by: ActorId(uuid(61)),
        },
        OfferEvent::ApprovalRequested {
            version: 1,
            terms_hash: terms_hash(),
            approvals_needed: 1,
            requested_by: ActorId(uuid(61)),
            hiring_manager: Some(ActorId(uuid(62))),
        },
        OfferEvent::Approved {
            version: 1,
            terms_hash: terms_hash(),
            approved_by: ActorId(uuid(63)),
            role: "compensation".to_owned(),
            delegated_by: Some(ActorId(uuid(64))),
            comment: Some(sealed(1)),
            approved_on: Some(day("2026-12-02")),
            missing: 0,
        },
        OfferEvent::SentBack {
            version: 1,
            terms_hash: terms_hash(),
            sent_back_by: ActorId(uuid(63)),
            reason_code: Some(RefusalReason::Incomplete),
            comment: Some(sealed(2)),
        },
        OfferEvent::Refused {
            version: 1,
            terms_hash: terms_hash(),
            refused_by: ActorId(uuid(63)),
            reason_code: RefusalReason::PayTooHigh,
            comment: Some(sealed(3)),
        },
        OfferEvent::ApprovalForced {
            version: 1,
            terms_hash: terms_hash(),
            forced_by: ActorId(uuid(65)),
            authority: "職務権限規程第8条".to_owned(),
            reason: sealed(4),
            approved_on: Some(day("2026-12-03")),
        },
        OfferEvent::ConflictDeclared {
            declared_by: ActorId(uuid(64)),
            conflict: ConflictKind::Relative,
            note: Some(sealed(5)),
        },
        OfferEvent::ApprovalDelegated {
            delegated_by: ActorId(uuid(64)),
            delegated_to: ActorId(uuid(63)),
            until: day("2026-12-10"),
            reason: Some(sealed(6)),
        },
        OfferEvent::Extended(Box::new(extended())),
        OfferEvent::Accepted {
            version: 1,
            terms_hash: terms_hash(),
            accepted_by: ActorId(uuid(70)),
            recorded_for: Some(sealed(7)),
            remedy: None,
            hands_in: None,
        },
        OfferEvent::Declined {
            acceptance: Acceptance::Before,
            reason_code: DeclineReason::OtherOffer,
            declined_by: ActorId(uuid(61)),
            recorded_for: Some(sealed(8)),
        },
        OfferEvent::Expired { expired_at: instant("2026-12-20T15:00:00Z") },
        OfferEvent::ExpiryExtended {
            expires_at: instant("2026-12-27T15:00:00Z"),
            extended_by: ActorId(uuid(61)),
            account: Some(ActorId(uuid(70))),
        },
        OfferEvent::Rescinded {
            acceptance: Acceptance::After,
            reason_code: RescissionReason::FalseStatement,
            clause: Some("就業規則第20条".to_owned()),
            opinion_ref: Some("legal/2026/0077".to_owned()),
            rescinded_by: ActorId(uuid(65)),
            note: Some(sealed(9)),
        },
        OfferEvent::Lapsed { because: LapseCause::ApplicationWithdrawn },
        OfferEvent::Settled {
            settlement: Settlement::Answered {
                rule: "LAB-04".to_owned(),
                answer: CheckAnswer::Satisfied,
                evidence_ref: "hr/2026/0031".to_owned(),
                by: ActorId(uuid(61)),
            },
        },
    ]
}

/// An offer of regular employment.
pub fn drafted() -> Drafted {
    Drafted {
        application_id: ApplicationId(uuid(9)),
        requisition_id: RequisitionId(uuid(8)),
        person_id: PersonId(uuid(1)),
        member_id: MemberId(uuid(4)),
        account: ActorId(uuid(70)),
        legal_entity: "JP-HQ".to_owned(),
        line: Line {
            recruiter: ActorId(uuid(61)),
            hiring_manager: Some(ActorId(uuid(62))),
            approver_unit: Some("物流部".to_owned()),
        },
        referrer: Some(ActorId(uuid(66))),
        terms: terms(),
        terms_hash: "1".repeat(64),
        expires_at: instant("2026-12-20T15:00:00Z"),
        pay_policy: "pay/0".to_owned(),
        assessment: PayAssessment::NotAssessed,
        drafted_by: ActorId(uuid(61)),
    }
}

/// Regular employment.
pub fn terms() -> Terms {
    Terms {
        grade: "G4".to_owned(),
        employment_type: EmploymentType::Regular,
        contract: ContractTerm::Indefinite,
        starts_on: day("2027-01-04"),
        location: Some("Sendai".to_owned()),
        location_scope: Some("会社の定める事業所".to_owned()),
        duties: Some("ドライバー".to_owned()),
        duties_scope: Some("会社の定める業務".to_owned()),
        weekly_hours: 40,
        probation_months: Some(3),
        pay: Pay {
            base: yen(7_400_000),
            allowances: vec![Allowance { code: "commute".to_owned(), amount: yen(12_000), period: Period::Month }],
            fixed_overtime: Some(FixedOvertime { hours_a_month: 20, amount_a_month: yen(60_000) }),
            bonus: Some(yen(800_000)),
            sign_on: Some(yen(300_000)),
        },
    }
}

/// Somebody who left a month before, and comes back.
pub fn labour_facts() -> LabourFacts {
    let period = ServicePeriod {
        from: day("2015-04-01"),
        to: day("2026-12-05"),
        employment_type: EmploymentType::Regular,
        job_family: Some("driver".to_owned()),
    };
    LabourFacts { periods: vec![period], job_family: Some("driver".to_owned()), ..LabourFacts::default() }
}

/// What labour law asks of their offer.
pub fn labour_checks() -> Vec<LabourCheck> {
    labour::checks(&labour_facts(), &terms(), day("2026-12-01"))
}

/// A fixed term, with nothing that is optional but its renewal rule.
pub fn fixed_term() -> Terms {
    Terms {
        employment_type: EmploymentType::FixedTerm,
        contract: ContractTerm::Fixed {
            ends_on: day("2027-12-31"),
            renewal: Some("業務量により更新。通算5年を上限とする".to_owned()),
            ground: None,
        },
        probation_months: None,
        pay: Pay { base: yen(6_900_000), allowances: vec![], fixed_overtime: None, bonus: None, sign_on: None },
        ..terms()
    }
}

/// The offer that goes out.
pub fn extended() -> Extended {
    let document = |kind, template: &str, digit: &str| RenderedDocument {
        kind,
        template: template.to_owned(),
        sha256: digit.repeat(64),
    };
    Extended {
        version: 1,
        terms_hash: "1".repeat(64),
        seat: 2,
        expires_at: instant("2026-12-20T15:00:00Z"),
        documents: vec![
            document(DocumentKind::ApprovalSheet, "approval-sheet/1", "a"),
            document(DocumentKind::WorkingConditionsNotice, "working-conditions-notice/1", "b"),
            document(DocumentKind::Explanation, "explanation/1", "c"),
        ],
        rechecked: vec![passed("PRV-13", "eligible", "programme/0")],
        extended_by: ActorId(uuid(61)),
        account: Some(ActorId(uuid(70))),
    }
}

/// Yen.
pub fn yen(amount: i64) -> Money {
    Money { amount, currency: "JPY".to_owned() }
}

/// The worked example of the rules, as an offer is assessed by it: tier D at 8.1 million.
pub fn priced(base: i64) -> Priced {
    let facts = crate::pay::example(base);
    let policy = samples::pay_policy::terms();
    let hash = |digit: &str| digit.repeat(64);
    let snapshot = SnapshotPin {
        snapshot_id: SnapshotId(uuid(75)),
        as_of: day("2026-11-01"),
        sha256: hash("d"),
        cohorts: samples::incumbents::snapshot().cohorts,
    };
    let basis = Basis {
        on: facts.on,
        policy: PolicyPin { policy_id: PayPolicyId(uuid(73)), version: 2, sha256: hash("a") },
        bands: Some(BandsPin { bands_id: PayBandsId(uuid(74)), version: "2026-04".to_owned(), sha256: hash("b") }),
        bands_at_exit: Some(BandsPin {
            bands_id: PayBandsId(uuid(76)),
            version: "2023-04".to_owned(),
            sha256: hash("c"),
        }),
        snapshot_at_exit: Some(SnapshotPin { cohorts: vec![], ..snapshot.clone() }),
        snapshot: Some(snapshot),
        offered: facts.offered.clone(),
        qualification: facts.qualification.clone(),
        comparison: facts.comparison.clone(),
        rules: facts.rules,
        range_told: facts.range_told,
        stint: facts.stint.clone(),
        manager: Some(Manager { employee_number: "A-51011".to_owned(), base: facts.manager }),
        line: None,
        in_line: BTreeSet::new(),
        overdue_remedies: vec![],
    };
    Priced { basis, policy, facts, edited_lately: BTreeSet::from([ActorId(uuid(57))]) }
}

/// What a programme policy counts of earlier time, and how it has the first review go.
fn bridged() -> LabourCheck {
    let figures = [("pension", Figure::Count(24)), (FIRST_REVIEW, Figure::Way("prorated".to_owned()))];
    LabourCheck {
        result: passed(BRIDGING, "credited_months", &format!("programme/{}/2", uuid(19))),
        figures: figures.map(|(name, figure)| (name.to_owned(), figure)).into(),
    }
}

/// What becomes of it under the sample policy.
pub fn assessed() -> Assessed {
    of(priced(8_100_000))
}

/// The same while a plan to remedy of the same unit is overdue.
pub fn priced_while_overdue(base: i64) -> Priced {
    let mut priced = priced(base);
    priced.basis.overdue_remedies = vec![overdue()];
    priced.facts.overdue_remedies = 1;
    priced
}

/// A fixed term, compared with regular workers item by item.
pub fn priced_beside_regular_workers() -> Priced {
    let mut priced = priced(6_900_000);
    let item = |item: &str, treatment, reasons: &[DifferenceReason]| ComparedItem {
        item: item.to_owned(),
        treatment,
        reasons: reasons.iter().copied().collect(),
    };
    priced.facts.offered.employment_type = EmploymentType::FixedTerm;
    priced.facts.offered.items = fixed_term().compared_items(40);
    priced.facts.comparison = Some(RegularComparison {
        compared_with: "正社員 G4 ドライバー職".to_owned(),
        same_duties: true,
        same_change_scope: false,
        items: vec![
            item("base", Treatment::Same, &[]),
            item("bonus", Treatment::Worse, &[DifferenceReason::ChangeScope]),
        ],
    });
    priced.basis.offered = priced.facts.offered.clone();
    priced.basis.comparison = priced.facts.comparison.clone();
    priced
}

/// What follows from an acceptance for those who stayed, and for the pay of whoever came back.
fn afterwards() -> Vec<OfferEvent> {
    vec![
        OfferEvent::Accepted {
            version: 1,
            terms_hash: "1".repeat(64),
            accepted_by: ActorId(uuid(70)),
            recorded_for: None,
            remedy: exception().remedy.map(Box::new),
            hands_in: Some(Box::new(DocumentsDue {
                programme: "programme/01990000-0000-7000-8000-000000000047/2".to_owned(),
                due_on: day("2027-01-04"),
                documents: vec![RequiredDocument {
                    code: "insurance_card".to_owned(),
                    name: Bilingual {
                        ja: "雇用保険被保険者証".to_owned(), en: "Employment insurance card".to_owned()
                    },
                }],
            })),
        },
        OfferEvent::PayChanged(Box::new(changed(Some(Retest {
            tier: Tier::D,
            fired: assessed().assessment.fired,
            rule: found("PAY-27", Outcome::Warn, "split_offer", "賃金規程第12条"),
        })))),
        OfferEvent::PayChanged(Box::new(PayChange { peers: None, ..changed(None) })),
        OfferEvent::OneOffRecorded(Box::new(paid_once(None))),
        OfferEvent::OneOffRecorded(Box::new(paid_once(Some(Retest {
            tier: Tier::A,
            fired: vec![],
            rule: passed("PAY-27", "within_approval", "賃金規程第12条"),
        })))),
        OfferEvent::DutiesNoted {
            started_on: day("2027-01-04"),
            due: labour::duties(day("2027-01-04")).map(|(duty, due_on)| DutyDue { duty, due_on }).collect(),
        },
        OfferEvent::DutyDone {
            done: DutyDone {
                duty: Duty::HealthAndPension,
                outcome: DutyOutcome::Done,
                done_on: day("2027-01-08"),
                evidence_ref: "hr/receipts/2027-7".to_owned(),
            },
            recorded_by: ActorId(uuid(62)),
        },
        OfferEvent::ExplanationRequested {
            requested_by: ActorId(uuid(70)),
            answer_by: day("2027-04-15"),
            question: Some(sealed(20)),
            recorded_for: None,
        },
        OfferEvent::ExplanationGiven {
            given_by: ActorId(uuid(62)),
            role: "compensation".to_owned(),
            answer: sealed(21),
            comparison: priced_beside_regular_workers().facts.comparison.map(Box::new),
        },
        OfferEvent::ExplanationRequested {
            requested_by: ActorId(uuid(61)),
            answer_by: day("2027-06-01"),
            question: None,
            recorded_for: Some(sealed(22)),
        },
        OfferEvent::ExplanationGiven {
            given_by: ActorId(uuid(62)),
            role: "people_ops".to_owned(),
            answer: sealed(23),
            comparison: None,
        },
        OfferEvent::RemedyRecorded {
            remedied: Remedied {
                done_on: day("2027-03-31"),
                amount: yen(885_000),
                evidence_ref: "昇給発令 2027-12".to_owned(),
            },
            recorded_by: ActorId(uuid(62)),
            fulfilled: true,
        },
    ]
}

/// What was handed in, and what came of a look at the range.
fn collected() -> Vec<OfferEvent> {
    vec![
        OfferEvent::DocumentRecorded {
            document: HandedIn {
                code: "insurance_card".to_owned(),
                outcome: DocumentOutcome::Received,
                on: day("2027-01-04"),
                evidence_ref: "人事ファイル 2027-118".to_owned(),
            },
            missing: 1,
            recorded_by: ActorId(uuid(62)),
        },
        OfferEvent::DocumentRecorded {
            document: HandedIn {
                code: "guarantor".to_owned(),
                outcome: DocumentOutcome::Waived,
                on: day("2027-01-04"),
                evidence_ref: "就業規則第7条".to_owned(),
            },
            missing: 0,
            recorded_by: ActorId(uuid(62)),
        },
        OfferEvent::RangeReviewOpened {
            role: PayRole { grade: "G4".to_owned(), job_family: "driver".to_owned() },
            exceptions: 2,
            since: day("2026-03-01"),
            due_on: day("2027-01-02"),
            proposed_by: BTreeSet::from([ActorId(uuid(61))]),
        },
        OfferEvent::RangeReviewed {
            reviewed: RangeReviewed {
                outcome: RangeOutcome::Changed,
                reason: sealed(24),
                evidence_ref: "賃金改定検討 2027-3".to_owned(),
            },
            recorded_by: ActorId(uuid(62)),
        },
    ]
}

/// Another base, as a snapshot after the return shows it.
fn changed(retest: Option<Retest>) -> PayChange {
    PayChange {
        snapshot_id: SnapshotId(uuid(77)),
        as_of: day("2027-04-01"),
        before: yen(7_400_000),
        base: yen(8_100_000),
        peers: Some(PeersNow { size: 8, median: Some(Fraction::whole(7_300_000)) }),
        retest,
    }
}

/// What was paid once after the return.
fn paid_once(retest: Option<Retest>) -> PaidOnce {
    let payment = OneOffPayment {
        paid_on: day("2027-03-25"),
        amount: yen(300_000),
        evidence_ref: "payroll/2027-03/17".to_owned(),
    };
    PaidOnce { payment, recorded_by: ActorId(uuid(62)), retest }
}

/// A plan of another offer that is overdue.
pub fn overdue() -> OverdueRemedy {
    OverdueRemedy { offer_id: OfferId(uuid(79)), due_on: day("2026-10-31") }
}

/// Nothing but the policy is known.
pub fn assessed_without_facts() -> Assessed {
    let mut priced = priced(7_400_000);
    priced.basis = Basis {
        bands: None,
        bands_at_exit: None,
        snapshot: None,
        snapshot_at_exit: None,
        stint: None,
        manager: None,
        ..priced.basis
    };
    priced.facts.band = None;
    priced.facts.cohorts = vec![];
    priced.facts.manager = None;
    priced.facts.stint = None;
    priced.facts.exit_bands = (None, None);
    of(priced)
}

/// An assessment as the aggregate records it.
pub fn of(priced: Priced) -> Assessed {
    let assessment = aggregates::pay::assess(&priced.policy, &priced.facts).expect("it can be assessed");
    let seats = priced.policy.seats.get(&assessment.tier).cloned().unwrap_or_default();
    let (mut approvers, notice) = (priced.policy.approvers.clone(), priced.policy.notice.clone());
    approvers.retain(|seat, _| seats.contains(seat));
    let (basis, proposed_by) = (priced.basis, None);
    Assessed { version: 1, terms_hash: "1".repeat(64), basis, assessment, proposed_by, notice, seats, approvers }
}

/// An exception with everything that can be told.
pub fn exception() -> PayException {
    PayException {
        reasons: BTreeSet::from([ExceptionReason::ScarceSkill, ExceptionReason::LargerScope]),
        evidence_ref: Some("hr/2026/0100".to_owned()),
        justification: sealed(11),
        alternatives: Some(sealed(12)),
        remedy: Some(RemedyPlan {
            owner: ActorId(uuid(64)),
            due_on: day("2027-04-01"),
            amount: yen(885_000),
            budget_ref: "budget/2027/logistics".to_owned(),
        }),
    }
}
