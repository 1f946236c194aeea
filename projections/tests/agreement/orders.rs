//! What streams are asked, the first order of each list being the one that begins it.

use std::collections::BTreeSet;

use aggregates::departure::{Channel, DepartureChanges, DepartureCommand, OutreachBasis, Recorded};
use aggregates::eligibility::SeparationReason;
use aggregates::employment::{EmploymentChanges, EmploymentCommand, EndChange, EndedBecause, Placement, Transfer};
use aggregates::ids::{ActorId, ApplicationId, DepartureId, MemberId, PersonId};
use aggregates::member::{
    ConsentPurpose, Contact, DisposalGround, MemberCommand, ProfileChanges, Registering, Registration, RejectionReason,
    SelfClaim,
};
use aggregates::no_rehire_flag::{FlagReason, Grounds, LiftReason, NoRehireFlagCommand, ReviewDecision};
use aggregates::person::{
    ErasureCertificate, ErasureGround, LinkReason, MatchEvidence, PersonCommand, RecordClasses, UnlinkReason,
};
use aggregates::personal::{Personal, RecordClass};
use aggregates::stream::Wakes;
use aggregates::values::Verdict;

use crate::support::{day, instant, sealed, uuid};

pub fn departure() -> Vec<DepartureCommand> {
    use DepartureCommand as C;
    let correct = |reason, changes| C::Correct { corrects: None, changes: Box::new(changes), reason, why: sealed(1) };
    let assess = |verdict| C::AssessEligibility {
        verdict,
        reason_code: Some("conduct".to_owned()),
        clause: Some("第3条".to_owned()),
        note: None,
    };
    let record = Recorded {
        reason: Personal::new(RecordClass::Restricted, SeparationReason::Other),
        ..crate::departures::record()
    };
    vec![
        C::Record { record: Box::new(record), reason: SeparationReason::Other },
        correct(Some(SeparationReason::Childcare), DepartureChanges::default()),
        correct(Some(SeparationReason::Redundancy), DepartureChanges::default()),
        correct(Some(SeparationReason::Misconduct), DepartureChanges::default()),
        correct(Some(SeparationReason::Death), DepartureChanges::default()),
        correct(None, DepartureChanges { left_on: Some(day("2024-03-20")), ..DepartureChanges::default() }),
        correct(None, DepartureChanges { left_on: Some(day("2024-06-30")), ..DepartureChanges::default() }),
        correct(None, DepartureChanges { employee_number: Some("E-2".to_owned()), ..DepartureChanges::default() }),
        C::Rescind { why: sealed(2) },
        C::RecordExitInterview { held_on: day("2024-03-01"), wishes_to_return: Some(true), notes: None },
        assess(Verdict::Eligible),
        assess(Verdict::NeedsReview),
        assess(Verdict::NotEligible),
        assess(Verdict::NotEligible),
        C::ConfirmEligibility {
            clause: "第3条".to_owned(),
            evidence_ref: "HR-1".to_owned(),
            expires_on: day("2025-06-30"),
            appeal_route: "desk".to_owned(),
        },
        C::ReturnAssessment { note: None },
        C::Invite { basis: OutreachBasis::ExitConsent, notice_version: None, channel: Channel::Email, refused: false },
        C::RefuseContact,
        C::NoteRegistration { member_id: MemberId(uuid(4)) },
        C::wake(),
        C::wake(),
    ]
}

pub fn member(claimed: bool) -> Vec<MemberCommand> {
    use MemberCommand as C;
    let via = if claimed {
        let claim = SelfClaim { employee_number: None, name_at_departure: sealed(1), birth_date: sealed(2) };
        Registration::SelfClaim { provisional_person_id: PersonId(uuid(8)), claim, matches: vec![] }
    } else {
        Registration::Invitation {
            person_id: PersonId(uuid(1)),
            departure_id: DepartureId(uuid(3)),
            number: 1,
            expires_at: instant(day("2024-04-01")),
            left_on: day("2024-02-29"),
        }
    };
    let registering = Registering {
        account: ActorId(uuid(70)),
        via,
        contact: Contact::default(),
        terms_version: "1".to_owned(),
        consents: vec![ConsentPurpose::Contact],
        consent_text_version: None,
        live_flags: vec![],
    };
    let approve = |left_on| C::Approve {
        person_id: PersonId(uuid(1)),
        departure_id: DepartureId(uuid(3)),
        left_on: day(left_on),
        live_flags: vec![],
    };
    vec![
        C::Register(Box::new(registering)),
        approve("2024-02-29"),
        approve("2030-01-01"),
        C::Reject { reason_code: RejectionReason::NoMatch, note: None },
        C::Activate,
        C::CloseUnneeded,
        C::UpdateProfile {
            changes: Box::new(ProfileChanges { intents: Some(BTreeSet::new()), ..ProfileChanges::default() }),
        },
        C::GrantConsent { purpose: ConsentPurpose::Jobs, text_version: "2".to_owned() },
        C::GrantConsent { purpose: ConsentPurpose::Contact, text_version: "2".to_owned() },
        C::WithdrawConsent { purpose: ConsentPurpose::Contact },
        C::ConfirmData { terms_version: None },
        C::ConfirmData { terms_version: Some("2".to_owned()) },
        C::Pause { until: None },
        C::Pause { until: Some(day("2025-01-01")) },
        C::Resume,
        C::DeclareGroup { group: None },
        C::Leave { reason: None, live_cases: 0 },
        C::NoteReturn { started_on: day("2026-01-05") },
        C::RecordDeath,
        C::Dispose { because: DisposalGround::ErasureRequested, certificate: "c".to_owned(), live_cases: 0 },
        C::wake(),
        C::wake(),
        C::wake(),
        C::wake(),
    ]
}

pub fn no_rehire_flag() -> Vec<NoRehireFlagCommand> {
    use NoRehireFlagCommand as C;
    let grounds = Grounds {
        reason: FlagReason::Harassment,
        clause: "第12条".to_owned(),
        evidence_ref: "legal/1".to_owned(),
        appeal_route: "desk".to_owned(),
        expires_on: day("2024-12-31"),
        note: None,
    };
    let review = |decision, clause: Option<&str>| C::Review { decision, clause: clause.map(str::to_owned), note: None };
    vec![
        C::Raise { person_id: PersonId(uuid(1)), grounds: Box::new(grounds) },
        review(ReviewDecision::Uphold, None),
        review(ReviewDecision::Uphold, Some("第13条")),
        review(ReviewDecision::Uphold, None),
        review(ReviewDecision::Reject, None),
        C::Renew { evidence_ref: "legal/2".to_owned(), expires_on: day("2026-12-31"), clause: "第12条".to_owned() },
        C::Renew { evidence_ref: "legal/3".to_owned(), expires_on: day("2027-06-30"), clause: "第12条".to_owned() },
        C::Lift { reason_code: LiftReason::EvidenceRefuted, note: None },
        C::Appeal { grounds: None },
        C::Appeal { grounds: None },
        C::wake(),
        C::wake(),
    ]
}

pub fn employment() -> Vec<EmploymentCommand> {
    use EmploymentCommand as C;
    let correct = |corrects, changes| C::Correct { corrects, changes: Box::new(changes), why: sealed(1) };
    let grade = |grade: &str| Placement { grade: Some(grade.to_owned()), ..Placement::default() };
    let transfer = |on, to| C::Transfer { transfer: Box::new(Transfer { on: day(on), placement: grade(to) }) };
    let end = |end| EmploymentChanges { end: Some(end), ..EmploymentChanges::default() };
    let moved = EmploymentChanges {
        transferred_on: Some(day("2022-05-01")),
        placement: grade("G8"),
        ..EmploymentChanges::default()
    };
    vec![
        C::Record { record: Box::new(crate::employments::record()) },
        C::NoteReturn { application_id: ApplicationId(uuid(6)), tenure: vec![] },
        correct(None, EmploymentChanges { from: Some(day("2020-05-01")), ..EmploymentChanges::default() }),
        correct(None, EmploymentChanges { employee_number: Some("A-9".to_owned()), ..EmploymentChanges::default() }),
        correct(None, EmploymentChanges { placement: grade("G3"), ..EmploymentChanges::default() }),
        correct(None, end(EndChange::Moved { on: day("2024-03-10") })),
        correct(None, end(EndChange::Moved { on: day("2025-12-31") })),
        correct(None, end(EndChange::Withdrawn)),
        correct(Some(2), moved.clone()),
        correct(Some(3), moved.clone()),
        correct(Some(4), EmploymentChanges { transferred_on: None, ..moved }),
        transfer("2022-04-01", "G5"),
        transfer("2023-04-01", "G6"),
        transfer("2025-04-01", "G7"),
        C::End { ended_on: day("2024-02-29"), because: EndedBecause::TransferOut },
        C::End { ended_on: day("2024-02-29"), because: EndedBecause::Departure { departure_id: DepartureId(uuid(3)) } },
        C::wake(),
        C::wake(),
    ]
}

pub fn person() -> Vec<PersonCommand> {
    use PersonCommand as C;
    let person_id = PersonId(uuid(2));
    let note = |other| C::NotePossibleMatch {
        person_id,
        other: PersonId(uuid(other)),
        evidence: vec![MatchEvidence::SameName, MatchEvidence::SameBirthDate],
    };
    let link = |other| C::Link {
        person_id,
        other: PersonId(uuid(other)),
        reason: LinkReason::DocumentsSeen,
        evidence_ref: "HR-1".to_owned(),
        note: None,
    };
    let unlink = |other| C::Unlink {
        other: PersonId(uuid(other)),
        reason: UnlinkReason::DifferentPeople,
        evidence_ref: None,
        note: None,
    };
    let erase = |classes| C::Erase {
        person_id,
        classes,
        ground: ErasureGround::PersonRequest,
        certificate: ErasureCertificate::default(),
    };
    vec![
        note(1),
        note(9),
        link(1),
        link(1),
        link(1),
        link(9),
        link(9),
        unlink(1),
        unlink(1),
        unlink(9),
        unlink(9),
        erase(RecordClasses::Only(BTreeSet::from([RecordClass::Profile]))),
        erase(RecordClasses::All),
    ]
}
