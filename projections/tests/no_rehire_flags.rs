//! No-rehire flags.

use aggregates::ids::{ActorId, PersonId};
use aggregates::no_rehire_flag::{ExpiryCause, FlagReason, Grounds, LiftReason, NoRehireFlagEvent};
use projections::model::ReadModel;
use projections::no_rehire_flags::{Decision, NoRehireFlag, State};
use serde_json::json;
use uuid::Uuid;

use crate::support::{Log, day, instant, sealed, uuid};

#[test]
fn a_raised_flag_is_shown_whole() {
    let shown = serde_json::to_value(waiting().document::<NoRehireFlag>(flag())).unwrap();
    assert_eq!(
        shown,
        json!({
            "id": flag(),
            "state": "raised",
            "version": 1,
            "position": 1,
            "person_id": uuid(1),
            "reason": "harassment",
            "clause": "第12条",
            "evidence_ref": "legal/2026/0041",
            "appeal_route": "compliance desk",
            "expires_on": "2029-10-01",
            "note": {"ref": uuid(0xface_0001), "commitment": format!("{:064x}", 1)},
            "raised_by": uuid(51),
            "raised_at": "2026-10-01T03:00:00Z",
            "raised_position": 1,
            "expiry_noticed_at": null,
            "appeal": null,
            "renewal": null,
            "reviews": [],
            "ending": null,
        })
    );
    for filter in NoRehireFlag::FILTERS {
        assert!(shown[filter].is_string(), "{filter}");
    }
}

#[test]
fn each_decision_is_kept_in_order() {
    let log = upheld()
        .then(flag(), appealed())
        .then(flag(), dismissed())
        .then(flag(), renewal_proposed())
        .then(flag(), renewal_confirmed());
    let shown: NoRehireFlag = log.document(flag());
    let decisions: Vec<Decision> = shown.reviews.iter().map(|review| review.decision).collect();
    assert_eq!(decisions, [Decision::Upheld, Decision::AppealDismissed, Decision::RenewalConfirmed]);
    assert_eq!(shown.reviews[0].by, ActorId(uuid(52)));
    assert_eq!((shown.state, shown.expires_on), (State::Active, Some(day("2031-10-01"))));
    assert_eq!(shown.evidence_ref.as_deref(), Some("legal/2029/0007"));
    assert_eq!((shown.appeal, shown.renewal), (None, None));
}

#[test]
fn what_waits_is_shown_until_it_is_decided() {
    let appealed: NoRehireFlag = upheld().then(flag(), appealed()).document(flag());
    assert_eq!(appealed.state, State::UnderAppeal);
    assert_eq!(appealed.appeal.map(|appeal| appeal.grounds), Some(Some(sealed(4))));

    let noticed = upheld().then(flag(), NoRehireFlagEvent::ExpiryNoticed { expires_on: day("2029-10-01") });
    let proposed = noticed.then(flag(), renewal_proposed());
    let shown: NoRehireFlag = proposed.document(flag());
    assert_eq!(shown.expiry_noticed_at, Some(instant(day("2026-10-05"))));
    assert_eq!(shown.renewal.map(|renewal| renewal.renewed_by), Some(ActorId(uuid(51))));
    assert_eq!(shown.expires_on, Some(day("2029-10-01")), "the present term stands until then");
    let refused = NoRehireFlagEvent::RenewalRefused { reviewed_by: ActorId(uuid(52)), note: None };
    let shown: NoRehireFlag = proposed.then(flag(), refused).document(flag());
    assert_eq!((shown.state, shown.renewal), (State::Active, None));
}

#[test]
fn endings_tell_how() {
    let expired = NoRehireFlagEvent::Expired { on: day("2029-10-01"), because: ExpiryCause::TermEnded };
    let shown: NoRehireFlag = upheld().then(flag(), expired).document(flag());
    let ending = shown.ending.expect("it ended");
    assert_eq!(
        (shown.state, ending.on, ending.because),
        (State::Expired, Some(day("2029-10-01")), Some(ExpiryCause::TermEnded))
    );
    let shown: NoRehireFlag = upheld().then(flag(), lifted()).document(flag());
    let ending = shown.ending.expect("it ended");
    assert_eq!((shown.state, ending.reason_code), (State::Lifted, Some(LiftReason::EvidenceRefuted)));
    let granted = NoRehireFlagEvent::AppealGranted { reviewed_by: ActorId(uuid(53)), note: None };
    let shown: NoRehireFlag = upheld().then(flag(), appealed()).then(flag(), granted).document(flag());
    assert_eq!((shown.state, shown.appeal), (State::Lifted, None));
    let rejected = NoRehireFlagEvent::Rejected { reviewed_by: ActorId(uuid(52)), note: Some(sealed(3)) };
    let shown: NoRehireFlag = waiting().then(flag(), rejected).document(flag());
    assert_eq!((shown.state, shown.reviews[0].decision), (State::Rejected, Decision::Rejected));
}

// helpers

pub fn flag() -> Uuid {
    uuid(6)
}

pub fn waiting() -> Log {
    Log::on("2026-10-01").then(flag(), raised())
}

pub fn upheld() -> Log {
    waiting().later("2026-10-05").then(flag(), upheld_by_another())
}

pub fn upheld_by_another() -> NoRehireFlagEvent {
    NoRehireFlagEvent::Upheld { clause: "第12条".to_owned(), reviewed_by: ActorId(uuid(52)), note: None }
}

pub fn raised() -> NoRehireFlagEvent {
    NoRehireFlagEvent::Raised {
        person_id: PersonId(uuid(1)),
        grounds: Box::new(Grounds {
            reason: FlagReason::Harassment,
            clause: "第12条".to_owned(),
            evidence_ref: "legal/2026/0041".to_owned(),
            appeal_route: "compliance desk".to_owned(),
            expires_on: day("2029-10-01"),
            note: Some(sealed(1)),
        }),
        raised_by: ActorId(uuid(51)),
        raised_on: day("2026-10-01"),
    }
}

pub fn appealed() -> NoRehireFlagEvent {
    let involved = vec![ActorId(uuid(51)), ActorId(uuid(52))];
    NoRehireFlagEvent::Appealed { grounds: Some(sealed(4)), appealed_by: ActorId(uuid(70)), involved }
}

pub fn dismissed() -> NoRehireFlagEvent {
    NoRehireFlagEvent::AppealDismissed {
        clause: "第12条".to_owned(),
        reviewed_by: ActorId(uuid(53)),
        note: Some(sealed(5)),
    }
}

pub fn renewal_proposed() -> NoRehireFlagEvent {
    NoRehireFlagEvent::RenewalProposed {
        clause: "第12条".to_owned(),
        evidence_ref: "legal/2029/0007".to_owned(),
        expires_on: day("2031-10-01"),
        renewed_by: ActorId(uuid(51)),
    }
}

pub fn renewal_confirmed() -> NoRehireFlagEvent {
    NoRehireFlagEvent::RenewalConfirmed {
        clause: "第12条".to_owned(),
        evidence_ref: "legal/2029/0007".to_owned(),
        expires_on: day("2031-10-01"),
        reviewed_by: ActorId(uuid(52)),
        note: None,
    }
}

pub fn lifted() -> NoRehireFlagEvent {
    NoRehireFlagEvent::Lifted {
        reason_code: LiftReason::EvidenceRefuted,
        lifted_by: ActorId(uuid(52)),
        note: Some(sealed(7)),
    }
}
