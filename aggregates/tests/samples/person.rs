//! One sample or more of every event of a person.

use std::collections::{BTreeMap, BTreeSet};

use aggregates::ids::{ActorId, PersonId};
use aggregates::person::{
    ErasureCertificate, ErasureGround, KeptBecause, KeptClass, LinkReason, MatchEvidence, PersonEvent, RecordClasses,
    UnlinkReason,
};
use aggregates::personal::RecordClass;

use crate::support::{day, sealed, uuid};

/// A certificate that names what was destroyed and what is kept.
pub fn certificate() -> ErasureCertificate {
    ErasureCertificate {
        key_fingerprints: BTreeMap::from([(RecordClass::Profile, "9f2c".repeat(16))]),
        kept: vec![KeptClass {
            class: RecordClass::Statutory,
            because: KeptBecause::StatutoryPeriod,
            until: Some(day("2029-03-31")),
        }],
        backups_expire_on: Some(day("2026-12-28")),
    }
}

/// All samples.
pub fn samples() -> Vec<PersonEvent> {
    use PersonEvent as E;
    let (person_id, other) = (PersonId(uuid(2)), PersonId(uuid(1)));
    vec![
        E::PossibleMatchNoted {
            person_id,
            other,
            evidence: vec![
                MatchEvidence::SameName,
                MatchEvidence::SameBirthDate,
                MatchEvidence::SameEmail,
                MatchEvidence::OverlappingPeriods,
            ],
        },
        E::MatchDismissed {
            other,
            reason: UnlinkReason::DifferentPeople,
            evidence_ref: Some("HR-2026-101".to_owned()),
            note: Some(sealed(41)),
        },
        E::LinkProposed {
            person_id,
            other,
            reason: LinkReason::DocumentsSeen,
            evidence_ref: "HR-2026-102".to_owned(),
            proposed_by: ActorId(uuid(51)),
            note: Some(sealed(42)),
        },
        E::LinkProposalWithdrawn { other, reason: UnlinkReason::EvidenceInsufficient, evidence_ref: None, note: None },
        E::Linked {
            other,
            confirmed_by: ActorId(uuid(52)),
            reason: LinkReason::PersonConfirmed,
            evidence_ref: "HR-2026-103".to_owned(),
            note: Some(sealed(43)),
        },
        E::UnlinkProposed {
            other,
            reason: UnlinkReason::RecordedByMistake,
            evidence_ref: Some("HR-2026-104".to_owned()),
            proposed_by: ActorId(uuid(53)),
            note: Some(sealed(44)),
        },
        E::UnlinkProposalWithdrawn {
            other,
            reason: LinkReason::PreviousEmployeeNumber,
            evidence_ref: "HR-2026-105".to_owned(),
            note: Some(sealed(45)),
        },
        E::Unlinked {
            other,
            confirmed_by: ActorId(uuid(54)),
            reason: UnlinkReason::PersonObjected,
            evidence_ref: None,
            note: Some(sealed(46)),
        },
        E::Erased {
            person_id,
            classes: RecordClasses::Only(BTreeSet::from([RecordClass::Profile, RecordClass::Community])),
            ground: ErasureGround::PersonRequest,
            certificate: certificate(),
        },
        E::Erased {
            person_id,
            classes: RecordClasses::All,
            ground: ErasureGround::RetentionEnded,
            certificate: ErasureCertificate::default(),
        },
    ]
}
