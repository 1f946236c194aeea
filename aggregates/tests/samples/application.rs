//! One sample of each event of applications, as it is stored.

use aggregates::application::{
    ApplicationEvent, AttributeRating, Channel, EligibilityFacts, EligibilityResult, FlagFact, FlagForce, HoldCause,
    InterviewOutcome, MembershipFact, OfferEnding, PostponementReason, ProgrammeFact, Recommendation, RejectionReason,
    Rejoined, RequisitionFact, ReviewDecision, Scorecard, Side, Slot, Stage, Stint, Submitted, WithdrawalReason,
};
use aggregates::checks::{CheckAnswer, Outcome, RuleResult, Settlement, found, passed};
use aggregates::employment::TenureSegment;
use aggregates::ids::{
    ActorId, DepartureId, FlagId, InterviewId, MemberId, OfferId, PersonId, ProgrammePolicyId, ReferralId,
    RequisitionId,
};
use aggregates::member::ContactChannel;
use aggregates::requisition::{Audience, Engagement, Line, PayRange};
use aggregates::values::{EmploymentType, Verdict};

use super::requisition::yen;
use crate::support::{day, instant, sealed, uuid};

/// Each variant once, and twice where an optional part is missing.
pub fn samples() -> Vec<ApplicationEvent> {
    [eligibility(), case(), interviews(), holds_and_ends(), offers(), returns()].concat()
}

fn eligibility() -> Vec<ApplicationEvent> {
    vec![
        ApplicationEvent::Submitted(Box::new(submitted())),
        ApplicationEvent::Submitted(Box::new(Submitted {
            line: Line { hiring_manager: None, approver_unit: None, ..line() },
            referral_id: None,
            motivation: None,
            recorded_for: None,
            ..submitted()
        })),
        ApplicationEvent::EligibilityAssessed {
            result: EligibilityResult::NeedsReview,
            rules: vec![
                passed("ELG-01", "active", "programme/0"),
                found("PRV-13", Outcome::Hold, "flag_raised", "第12条"),
            ],
            programme_version: "programme/0".to_owned(),
            facts: Box::new(facts()),
            because: Some(HoldCause::FlagRaised),
        },
        ApplicationEvent::EligibilityAssessed {
            result: EligibilityResult::Eligible,
            // Rules that passed did not always name their clause.
            rules: vec![RuleResult { basis: None, ..passed("ELG-01", "active", "") }],
            programme_version: "programme/0".to_owned(),
            facts: Box::new(EligibilityFacts { flags: vec![], jobs_consent: None, legal_entity: None, ..facts() }),
            because: None,
        },
        ApplicationEvent::EligibilityAssessed {
            result: EligibilityResult::NotEligible,
            rules: vec![found("PRV-13", Outcome::Block, "flag_in_force", "第12条")],
            programme_version: "programme/0".to_owned(),
            facts: Box::new(facts()),
            because: None,
        },
        ApplicationEvent::EligibilityAssessed {
            result: EligibilityResult::Eligible,
            rules: vec![passed("ELG-09", "within_time", "再雇用規程第5条")],
            programme_version: format!("programme/{}/2", uuid(19)),
            facts: Box::new(governed()),
            because: None,
        },
        ApplicationEvent::EligibilityReviewed {
            decision: ReviewDecision::NotEligible,
            clause: "第3条".to_owned(),
            reviewed_by: ActorId(uuid(15)),
            note: Some(sealed(3)),
            on: Some(day("2026-10-03")),
        },
        ApplicationEvent::EligibilityReviewed {
            decision: ReviewDecision::Eligible,
            clause: "第3条".to_owned(),
            reviewed_by: ActorId(uuid(15)),
            note: None,
            on: None,
        },
        ApplicationEvent::ReviewRequested { requested_by: ActorId(uuid(10)), grounds: Some(sealed(4)) },
        ApplicationEvent::ReviewAnswered {
            decision: ReviewDecision::Eligible,
            clause: "第3条2項".to_owned(),
            reviewed_by: ActorId(uuid(16)),
            note: Some(sealed(5)),
        },
    ]
}

fn case() -> Vec<ApplicationEvent> {
    vec![
        ApplicationEvent::OwnerAssigned { owner: ActorId(uuid(11)), assigned_by: ActorId(uuid(12)) },
        ApplicationEvent::Advanced { from: Stage::Screening, to: Stage::Interviewing, advanced_by: ActorId(uuid(11)) },
        ApplicationEvent::StageSkipped {
            from: Stage::Screening,
            to: Stage::Evaluated,
            clause: "第5条".to_owned(),
            skipped_by: ActorId(uuid(11)),
        },
        ApplicationEvent::Transferred {
            from: RequisitionId(uuid(5)),
            to: RequisitionId(uuid(55)),
            line: line(),
            transferred_by: ActorId(uuid(11)),
        },
        ApplicationEvent::Settled {
            settlement: Settlement::Answered {
                rule: "PRV-13".to_owned(),
                answer: CheckAnswer::Satisfied,
                evidence_ref: "hr/2026/9".to_owned(),
                by: ActorId(uuid(15)),
            },
        },
    ]
}

fn interviews() -> Vec<ApplicationEvent> {
    vec![
        ApplicationEvent::InterviewScheduled {
            interview_id: InterviewId(uuid(7)),
            slot: Box::new(slot()),
            scheduled_by: ActorId(uuid(11)),
        },
        ApplicationEvent::RangeDisclosed {
            requisition_id: RequisitionId(uuid(5)),
            range: Box::new(PayRange { minimum: yen(6_000_000), midpoint: None, maximum: yen(9_000_000) }),
            channel: ContactChannel::Email,
            at: instant("2024-04-02T01:00:00Z"),
            disclosed_by: ActorId(uuid(11)),
        },
        ApplicationEvent::InterviewRescheduled {
            interview_id: InterviewId(uuid(7)),
            slot: Box::new(Slot { location: None, ..slot() }),
            number: 1,
            rescheduled_by: ActorId(uuid(11)),
            released: vec![ActorId(uuid(17))],
        },
        ApplicationEvent::InterviewCancelled {
            interview_id: InterviewId(uuid(7)),
            cancelled_by: ActorId(uuid(11)),
            note: Some(sealed(6)),
            interviewers: slot().interviewers,
        },
        ApplicationEvent::InterviewRecorded {
            interview_id: InterviewId(uuid(7)),
            outcome: InterviewOutcome::Held,
            recorded_by: ActorId(uuid(11)),
            interviewers: slot().interviewers,
        },
        ApplicationEvent::ScorecardSubmitted {
            interview_id: InterviewId(uuid(7)),
            interviewer: ActorId(uuid(13)),
            scorecard: Box::new(scorecard()),
        },
        ApplicationEvent::ScorecardAmended {
            interview_id: InterviewId(uuid(7)),
            interviewer: ActorId(uuid(13)),
            scorecard: Box::new(Scorecard { rating: 3, attributes: vec![], notes: None, ..scorecard() }),
            why: sealed(8),
        },
        ApplicationEvent::EvaluationRecorded {
            recommendation: Recommendation::Yes,
            evaluated_by: ActorId(uuid(14)),
            note: Some(sealed(9)),
        },
    ]
}

fn holds_and_ends() -> Vec<ApplicationEvent> {
    vec![
        ApplicationEvent::Held {
            because: HoldCause::Manual,
            until: Some(day("2026-11-01")),
            held_by: ActorId(uuid(11)),
            note: Some(sealed(10)),
        },
        ApplicationEvent::Held { because: HoldCause::FlagRaised, until: None, held_by: ActorId(uuid(0)), note: None },
        ApplicationEvent::Held { because: HoldCause::Returned, until: None, held_by: ActorId(uuid(0)), note: None },
        ApplicationEvent::Resumed { resumed_by: ActorId(uuid(15)), clause: None, note: Some(sealed(11)) },
        ApplicationEvent::Resumed {
            resumed_by: ActorId(uuid(17)),
            clause: Some("再雇用規程第3条".to_owned()),
            note: None,
        },
        ApplicationEvent::Rejected {
            side: Side::Employer,
            reason_code: RejectionReason::Qualifications,
            rejected_by: ActorId(uuid(11)),
            note: Some(sealed(12)),
            on: Some(day("2026-10-20")),
        },
        ApplicationEvent::Withdrawn {
            reason_code: WithdrawalReason::OtherOffer,
            withdrawn_by: ActorId(uuid(11)),
            recorded_for: Some(sealed(13)),
            on: Some(day("2026-10-20")),
        },
        ApplicationEvent::Reopened { to: Stage::Interviewing, reopened_by: ActorId(uuid(12)), note: Some(sealed(14)) },
        ApplicationEvent::Cancelled { requisition_id: RequisitionId(uuid(5)) },
        ApplicationEvent::Closed { on: day("2026-12-20") },
    ]
}

fn offers() -> Vec<ApplicationEvent> {
    vec![
        ApplicationEvent::OfferOpened { offer_id: OfferId(uuid(8)) },
        ApplicationEvent::OfferAccepted {
            offer_id: OfferId(uuid(8)),
            starts_on: day("2027-01-04"),
            employment_type: EmploymentType::Regular,
            grade: "G4".to_owned(),
            location: Some("Sendai".to_owned()),
        },
        ApplicationEvent::OfferEnded {
            offer_id: OfferId(uuid(8)),
            ending: OfferEnding::Declined,
            on: Some(day("2026-11-20")),
        },
        ApplicationEvent::OfferEnded {
            offer_id: OfferId(uuid(8)),
            ending: OfferEnding::RescindedAfterAcceptance,
            on: None,
        },
    ]
}

fn returns() -> Vec<ApplicationEvent> {
    vec![
        ApplicationEvent::StartPostponed {
            from: day("2027-01-04"),
            to: day("2027-02-01"),
            reason_code: PostponementReason::NoticePeriod,
            postponed_by: ActorId(uuid(11)),
        },
        ApplicationEvent::JoiningRecorded {
            employee_number: "E-20001".to_owned(),
            started_on: day("2027-01-04"),
            department: Some("物流部".to_owned()),
            job_family: Some("driver".to_owned()),
            recorded_by: ActorId(uuid(11)),
        },
        ApplicationEvent::Rejoined(Box::new(rejoined())),
        ApplicationEvent::Rejoined(Box::new(Rejoined {
            referral_id: None,
            department: None,
            job_family: None,
            grade: None,
            location: None,
            tenure: vec![],
            ..rejoined()
        })),
        ApplicationEvent::NoShowRecorded { recorded_by: ActorId(uuid(11)), note: Some(sealed(15)) },
    ]
}

fn submitted() -> Submitted {
    Submitted {
        person_id: PersonId(uuid(1)),
        member_id: MemberId(uuid(4)),
        account: ActorId(uuid(10)),
        requisition_id: RequisitionId(uuid(5)),
        legal_entity: "JP-HQ".to_owned(),
        line: line(),
        channel: Channel::Referral,
        referral_id: Some(ReferralId(uuid(9))),
        motivation: Some(sealed(1)),
        submitted_by: ActorId(uuid(11)),
        recorded_for: Some(sealed(2)),
    }
}

fn line() -> Line {
    Line {
        recruiter: ActorId(uuid(11)),
        hiring_manager: Some(ActorId(uuid(14))),
        approver_unit: Some("物流本部".to_owned()),
    }
}

fn facts() -> EligibilityFacts {
    EligibilityFacts {
        stints: vec![Stint {
            departure_id: DepartureId(uuid(3)),
            legal_entity: "JP-HQ".to_owned(),
            hired_on: day("2015-04-01"),
            left_on: day("2024-03-31"),
            verdict: Verdict::Eligible,
            clause: Some("第3条".to_owned()),
            reason_counts: false,
            wish_registered: false,
            employment_type: None,
            retired: false,
        }],
        flags: vec![FlagFact { flag_id: FlagId(uuid(6)), force: FlagForce::Raised, clause: "第12条".to_owned() }],
        membership: MembershipFact::Active,
        jobs_consent: Some("2026-10".to_owned()),
        requisition: RequisitionFact::Published,
        audience: vec![Audience::Alumni],
        engagement: Engagement::Direct,
        legal_entity: Some("JP-HQ".to_owned()),
        programme: None,
        on: day("2026-10-01"),
    }
}

/// The same under a published policy.
fn governed() -> EligibilityFacts {
    let mut facts = facts();
    facts
        .stints
        .iter_mut()
        .for_each(|stint| (stint.reason_counts, stint.wish_registered, stint.retired) = (true, true, true));
    let terms = super::programme_policy::terms();
    facts.programme = Some(Box::new(ProgrammeFact {
        policy_id: ProgrammePolicyId(uuid(19)),
        version: 2,
        channel: Channel::JobReturn,
        rehire: terms.rehire,
        job_return: terms.job_return,
        contact: terms.contact,
    }));
    facts
}

fn slot() -> Slot {
    Slot {
        starts_at: instant("2026-10-08T01:00:00Z"),
        ends_at: instant("2026-10-08T02:00:00Z"),
        interviewers: vec![ActorId(uuid(13)), ActorId(uuid(14))],
        location: Some("仙台支店".to_owned()),
    }
}

fn scorecard() -> Scorecard {
    Scorecard {
        rating: 4,
        recommendation: Recommendation::Yes,
        attributes: vec![AttributeRating { name: "safety".to_owned(), rating: 5 }],
        notes: Some(sealed(7)),
    }
}

fn rejoined() -> Rejoined {
    Rejoined {
        person_id: PersonId(uuid(1)),
        member_id: MemberId(uuid(4)),
        account: ActorId(uuid(10)),
        requisition_id: RequisitionId(uuid(5)),
        offer_id: OfferId(uuid(8)),
        referral_id: Some(ReferralId(uuid(9))),
        legal_entity: "JP-HQ".to_owned(),
        employee_number: "E-20001".to_owned(),
        started_on: day("2027-01-04"),
        employment_type: EmploymentType::Regular,
        department: Some("物流部".to_owned()),
        job_family: Some("driver".to_owned()),
        grade: Some("G4".to_owned()),
        location: Some("Sendai".to_owned()),
        tenure: vec![TenureSegment {
            legal_entity: "JP-HQ".to_owned(),
            from: day("2015-04-01"),
            to: day("2024-03-31"),
            departure_id: DepartureId(uuid(3)),
        }],
    }
}
