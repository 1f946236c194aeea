//! One sample of each event of a membership, as it is stored.

use std::collections::BTreeSet;

use aggregates::ids::{ActorId, DepartureId, FlagId, PersonId, RequisitionId};
use aggregates::member::{
    Change, Code, ConsentProof, ConsentPurpose, Contact, ContactChanges, ContactChannel, ContactRecorded,
    DescriptionChanges, DisposalGround, Intent, MatchEvidence, MemberEvent, RecruiterContact, Registered,
    RegisteredVia, RejectionReason, SelfClaim, SelfClaimMatch,
};

use aggregates::values::FreeText;

use crate::support::{day, instant, sealed, uuid};

/// Each variant at least once; twice where it has two shapes.
pub fn samples() -> Vec<MemberEvent> {
    vec![
        MemberEvent::Registered(Box::new(Registered {
            person_id: PersonId(uuid(1)),
            account: ActorId(uuid(2)),
            via: RegisteredVia::Invitation { departure_id: DepartureId(uuid(3)), number: 1 },
            contact: Contact { email: Some(sealed(1)), phone: None },
            live_flags: vec![FlagId(uuid(7))],
        })),
        MemberEvent::Registered(Box::new(Registered {
            person_id: PersonId(uuid(4)),
            account: ActorId(uuid(5)),
            via: RegisteredVia::SelfClaim {
                claim: SelfClaim {
                    employee_number: Some(sealed(2)),
                    name_at_departure: sealed(3),
                    birth_date: sealed(4),
                },
                matches: vec![SelfClaimMatch {
                    departure_id: DepartureId(uuid(3)),
                    evidence: BTreeSet::from([
                        MatchEvidence::NumberMatches,
                        MatchEvidence::NameMatches,
                        MatchEvidence::BirthDateMatches,
                    ]),
                }],
            },
            contact: Contact { email: Some(sealed(5)), phone: Some(sealed(6)) },
            live_flags: vec![],
        })),
        MemberEvent::TermsAccepted { terms_version: "2026-10".to_owned() },
        MemberEvent::ConsentGranted { purpose: ConsentPurpose::CoCreation, text_version: "2026-10".to_owned() },
        MemberEvent::ConsentWithdrawn { purpose: ConsentPurpose::PartnerSharing },
        MemberEvent::Approved {
            person_id: PersonId(uuid(1)),
            departure_id: DepartureId(uuid(3)),
            registered_as: Some(PersonId(uuid(4))),
            approved_by: ActorId(uuid(6)),
            live_flags: vec![],
        },
        MemberEvent::Approved {
            person_id: PersonId(uuid(1)),
            departure_id: DepartureId(uuid(3)),
            registered_as: None,
            approved_by: ActorId(uuid(6)),
            live_flags: vec![FlagId(uuid(7)), FlagId(uuid(8))],
        },
        MemberEvent::Rejected { reason_code: RejectionReason::NoMatch, note: Some(sealed(7)) },
        MemberEvent::Activated {
            person_id: PersonId(uuid(1)),
            departure_id: DepartureId(uuid(3)),
            active_from: day("2026-10-01"),
        },
        MemberEvent::ContactDetailsGiven(Box::new(ContactChanges {
            email: Some(Change::Set(sealed(8))),
            phone: Some(Change::Clear),
        })),
        MemberEvent::ProfileDescribed(Box::new(DescriptionChanges {
            current_employer: Some(Change::Set(sealed(9))),
            skills: Some(Change::Set(sealed(10))),
            region: Code::parse("JP-04").map(Change::Set),
            language: Some(Change::Clear),
        })),
        MemberEvent::IntentsDeclared { intents: BTreeSet::from([Intent::Return, Intent::SideJob]) },
        MemberEvent::DataConfirmed { confirmed_on: day("2027-10-02") },
        MemberEvent::ConfirmationAsked { number: 2, asked_on: day("2027-10-31"), account: ActorId(uuid(2)) },
        MemberEvent::BecameDormant { dormant_on: day("2027-11-30") },
        MemberEvent::Paused { until: Some(day("2027-04-01")) },
        MemberEvent::Paused { until: None },
        MemberEvent::Resumed,
        MemberEvent::GroupDeclared { group: sealed(11) },
        MemberEvent::GroupDeclarationWithdrawn,
        contacted(Some(RequisitionId(uuid(9))), ContactChannel::Phone, Some(sealed(13))),
        contacted(None, ContactChannel::InPerson, None),
        MemberEvent::Left { reason: Some(sealed(12)) },
        MemberEvent::Left { reason: None },
        MemberEvent::Returned { started_on: day("2028-01-04") },
        MemberEvent::DeathRecorded,
        MemberEvent::Disposed { because: DisposalGround::RetentionEnded, certificate: "disposal/2033-0007".to_owned() },
    ]
}

fn contacted(requisition_id: Option<RequisitionId>, channel: ContactChannel, note: Option<FreeText>) -> MemberEvent {
    let contact = RecruiterContact {
        contacted_on: day("2027-05-10"),
        contacted_by: ActorId(uuid(6)),
        requisition_id,
        legal_entity: "JP-HQ".to_owned(),
        job_family: Some("driver".to_owned()),
        channel,
    };
    let consent = ConsentProof { text_version: "2026-10".to_owned(), granted_at: instant("2026-10-01T03:00:00Z") };
    MemberEvent::ContactRecorded(Box::new(ContactRecorded { contact, consent, note }))
}
