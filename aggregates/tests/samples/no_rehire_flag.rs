//! One sample of each event of a no-rehire flag, as it is stored.

use aggregates::ids::{ActorId, PersonId};
use aggregates::no_rehire_flag::{ExpiryCause, FlagReason, Grounds, LiftReason, NoRehireFlagEvent};

use crate::support::{day, sealed, uuid};

/// Each variant once.
pub fn samples() -> Vec<NoRehireFlagEvent> {
    vec![
        NoRehireFlagEvent::Raised {
            person_id: PersonId(uuid(1)),
            grounds: Box::new(Grounds {
                reason: FlagReason::ConfidentialityBreach,
                clause: "第12条".to_owned(),
                evidence_ref: "legal/2026/0041".to_owned(),
                appeal_route: "compliance desk".to_owned(),
                expires_on: day("2029-10-01"),
                note: Some(sealed(1)),
            }),
            raised_by: ActorId(uuid(2)),
            raised_on: day("2026-10-01"),
        },
        NoRehireFlagEvent::Upheld {
            clause: "第12条".to_owned(), reviewed_by: ActorId(uuid(3)), note: Some(sealed(2))
        },
        NoRehireFlagEvent::Rejected { reviewed_by: ActorId(uuid(3)), note: Some(sealed(3)) },
        NoRehireFlagEvent::Appealed {
            grounds: Some(sealed(4)),
            appealed_by: ActorId(uuid(4)),
            involved: vec![ActorId(uuid(2)), ActorId(uuid(3))],
        },
        NoRehireFlagEvent::AppealDismissed {
            clause: "第12条2項".to_owned(),
            reviewed_by: ActorId(uuid(5)),
            note: Some(sealed(5)),
        },
        NoRehireFlagEvent::AppealGranted { reviewed_by: ActorId(uuid(5)), note: None },
        NoRehireFlagEvent::ExpiryNoticed { expires_on: day("2029-10-01") },
        NoRehireFlagEvent::RenewalProposed {
            clause: "第12条".to_owned(),
            evidence_ref: "legal/2029/0007".to_owned(),
            expires_on: day("2031-10-01"),
            renewed_by: ActorId(uuid(2)),
        },
        NoRehireFlagEvent::RenewalConfirmed {
            clause: "第12条".to_owned(),
            evidence_ref: "legal/2029/0007".to_owned(),
            expires_on: day("2031-10-01"),
            reviewed_by: ActorId(uuid(3)),
            note: None,
        },
        NoRehireFlagEvent::RenewalRefused { reviewed_by: ActorId(uuid(3)), note: Some(sealed(6)) },
        NoRehireFlagEvent::Lifted {
            reason_code: LiftReason::NoLongerProportionate,
            lifted_by: ActorId(uuid(6)),
            note: Some(sealed(7)),
        },
        NoRehireFlagEvent::Expired { on: day("2029-10-01"), because: ExpiryCause::TermEnded },
    ]
}
