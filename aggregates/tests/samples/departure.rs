//! One sample or more of every event of a departure.

use aggregates::departure::{
    Channel, DepartureChanges, DepartureEvent, EndedEmployment, OutreachBar, OutreachBasis, Recorded, Reopening, Source,
};
use aggregates::eligibility::PROPOSAL_RULE;
use aggregates::ids::{ActorId, MemberId, PersonId};
use aggregates::values::{EmploymentType, Money, PersonDetails, Verdict};

use crate::support::{day, instant, sealed, uuid};

/// A regular record, complete.
pub fn recorded() -> Recorded {
    Recorded {
        person_id: PersonId(uuid(1)),
        legal_entity: "JP-HQ".to_owned(),
        employee_number: "E-10234".to_owned(),
        previous_employee_number: Some("E-00871".to_owned()),
        person: PersonDetails {
            name: sealed(11),
            name_kana: Some(sealed(12)),
            email: Some(sealed(13)),
            phone: Some(sealed(14)),
            birth_date: Some(sealed(15)),
        },
        employment: EndedEmployment {
            hired_on: day("2015-04-01"),
            left_on: day("2024-03-31"),
            department: Some("物流部".to_owned()),
            job_family: Some("driver".to_owned()),
            job_title: Some("ドライバー".to_owned()),
            grade: Some("G4".to_owned()),
            location: Some("sendai".to_owned()),
            employment_type: EmploymentType::Regular,
            base_salary: Some(Money { amount: 6_200_000, currency: "JPY".to_owned() }),
        },
        reason: sealed(16),
        wishes_to_return: Some(true),
        source: Source::Api,
    }
}

/// The least that a record holds.
fn recorded_sparsely() -> Recorded {
    Recorded {
        previous_employee_number: None,
        person: PersonDetails { name: sealed(11), name_kana: None, email: None, phone: None, birth_date: None },
        employment: EndedEmployment {
            department: None,
            job_family: None,
            job_title: None,
            grade: None,
            location: None,
            employment_type: EmploymentType::FixedTerm,
            base_salary: None,
            ..recorded().employment
        },
        wishes_to_return: None,
        source: Source::Import,
        ..recorded()
    }
}

/// Every change that a correction can hold.
fn changes() -> DepartureChanges {
    DepartureChanges {
        employee_number: Some("E-10235".to_owned()),
        name: Some(sealed(21)),
        name_kana: Some(sealed(22)),
        email: Some(sealed(23)),
        phone: Some(sealed(24)),
        birth_date: Some(sealed(25)),
        hired_on: Some(day("2015-05-01")),
        left_on: Some(day("2024-04-30")),
        department: Some("営業部".to_owned()),
        job_family: Some("sales".to_owned()),
        job_title: Some("営業".to_owned()),
        grade: Some("G5".to_owned()),
        location: Some("osaka".to_owned()),
        employment_type: Some(EmploymentType::PartTime),
        base_salary: Some(Money { amount: 6_300_000, currency: "JPY".to_owned() }),
        reason: Some(sealed(26)),
        wishes_to_return: Some(false),
    }
}

/// All samples.
pub fn samples() -> Vec<DepartureEvent> {
    use DepartureEvent as E;
    vec![
        E::Recorded(Box::new(recorded())),
        E::Recorded(Box::new(recorded_sparsely())),
        E::EligibilityProposed { verdict: Verdict::Eligible, rule: PROPOSAL_RULE.to_owned() },
        E::OutreachBarred { because: OutreachBar::ContactRefused },
        E::OutreachBarred { because: OutreachBar::Deceased },
        E::OutreachBarLifted { was: OutreachBar::Deceased },
        E::BecameEffective {
            effective_on: day("2024-04-01"),
            hired_on: day("2015-04-01"),
            left_on: day("2024-03-31"),
            legal_entity: "JP-HQ".to_owned(),
            employee_number: "E-10234".to_owned(),
            member_id: Some(MemberId(uuid(3))),
        },
        E::Corrected { corrects: 1, changes: Box::new(changes()), why: sealed(31) },
        E::Corrected {
            corrects: 4,
            changes: Box::new(DepartureChanges { left_on: Some(day("2024-04-15")), ..DepartureChanges::default() }),
            why: sealed(32),
        },
        E::Rescinded { why: sealed(33), member_id: None },
        E::ExitInterviewRecorded { held_on: day("2024-03-15"), wishes_to_return: Some(true), notes: Some(sealed(34)) },
        E::EligibilityAssessed {
            verdict: Verdict::NotEligible,
            assessed_by: ActorId(uuid(51)),
            reason_code: Some("misconduct".to_owned()),
            clause: Some("第3条".to_owned()),
            note: Some(sealed(35)),
        },
        E::EligibilityAssessed {
            verdict: Verdict::Eligible,
            assessed_by: ActorId(uuid(51)),
            reason_code: None,
            clause: None,
            note: None,
        },
        E::IneligibilityConfirmed {
            clause: "第3条".to_owned(),
            evidence_ref: "HR-2024-017".to_owned(),
            expires_on: day("2027-03-31"),
            appeal_route: "人事部相談窓口".to_owned(),
            confirmed_by: ActorId(uuid(52)),
        },
        E::AssessmentReturned { note: Some(sealed(36)) },
        E::IneligibilityLapsed { on: day("2027-03-31") },
        E::AssessmentReopened {
            because: Reopening::ReasonCorrected,
            proposal: Verdict::NeedsReview,
            rule: PROPOSAL_RULE.to_owned(),
        },
        E::Invited {
            number: 1,
            basis: OutreachBasis::NoticeWithInvitation,
            notice_version: Some("2026-10".to_owned()),
            channel: Channel::Email,
            expires_at: instant("2024-04-30T00:00:00Z"),
        },
        E::RegistrationNoted { member_id: MemberId(uuid(3)), verdict: Verdict::Eligible },
    ]
}
