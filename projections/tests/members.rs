//! Memberships.

use std::collections::BTreeSet;

use aggregates::departure::DepartureEvent;
use aggregates::ids::{ActorId, DepartureId, FlagId, PersonId};
use aggregates::member::{
    Change, Code, ConsentPurpose, Contact, ContactChanges, DescriptionChanges, Intent, MatchEvidence, MemberEvent,
    Registered, RegisteredVia, RejectionReason, SelfClaim, SelfClaimMatch,
};
use aggregates::no_rehire_flag::{ExpiryCause, LiftReason, NoRehireFlagEvent};
use aggregates::personal::Personal;
use aggregates::values::Verdict;
use projections::members::{ConsentState, Member, State, Via};
use projections::model::ReadModel;
use projections::parts::YesNo;
use serde_json::json;
use uuid::Uuid;

use crate::departures::{assessed, confirmed, departure, left, registration_noted};
use crate::no_rehire_flags::{flag, lifted, raised};
use crate::support::{Log, day, instant, sealed, uuid};

#[test]
fn an_invited_member_is_shown_whole() {
    let shown = serde_json::to_value(joined().document::<Member>(member())).unwrap();
    assert_eq!(
        shown,
        json!({
            "id": member(),
            "state": "active",
            "version": 4,
            "position": 4,
            "person_id": uuid(1),
            "departure_id": departure(),
            "account": uuid(70),
            "via": {"kind": "invitation", "number": 1},
            "registered_at": "2024-05-01T03:00:00Z",
            "registered_position": 1,
            "claim": null,
            "approved_by": null,
            "active_from": "2024-05-01",
            "contact": {"email": {"ref": uuid(0xface_0001), "commitment": format!("{:064x}", 1)}},
            "profile": {"current_employer": null, "skills": null, "region": null, "language": null},
            "intents": [],
            "terms_version": "2026-10",
            "consents": {
                "jobs": {
                    "state": "granted",
                    "text_version": "2026-10",
                    "granted_at": "2024-05-01T03:00:00Z",
                    "withdrawn_at": null,
                },
            },
            "confirmed_on": null,
            "confirmation": null,
            "paused_until": null,
            "declared_group": "no",
            "review_required": "yes",
            "departure_verdict": null,
            "live_flags": [],
            "ending": null,
        })
    );
    for filter in Member::FILTERS {
        assert!(shown[filter].is_string(), "{filter}");
    }
}

#[test]
fn a_self_claim_waits_with_its_match_and_is_then_about_the_person_named() {
    let claimed = claimed();
    let shown: Member = claimed.document(member());
    assert_eq!((shown.state, shown.via, shown.person_id), (State::PendingReview, Via::SelfClaim, PersonId(uuid(8))));
    assert_eq!(shown.departure_id, None);
    let claim = shown.claim.expect("the claim is shown");
    assert_eq!(claim.stated.name_at_departure, sealed(3));
    assert_eq!(claim.matches[0].departure_id, DepartureId(departure()));

    let shown: Member = claimed.then(member(), approved()).document(member());
    assert_eq!((shown.person_id, shown.departure_id), (PersonId(uuid(1)), Some(DepartureId(departure()))));
    assert_eq!((shown.state, shown.approved_by), (State::PendingReview, Some(ActorId(uuid(71)))));
}

#[test]
fn a_consent_shows_how_it_stands_and_when_it_was_last_withdrawn() {
    let withdrawn = joined().later("2024-06-01").then(member(), withdrawn(ConsentPurpose::Jobs));
    let jobs = |log: &Log| log.document::<Member>(member()).consents[&ConsentPurpose::Jobs].clone();
    assert_eq!(jobs(&withdrawn).state, ConsentState::Withdrawn);
    assert_eq!(jobs(&withdrawn).withdrawn_at, Some(instant(day("2024-06-01"))));

    let again = withdrawn.later("2024-07-01").then(member(), granted(ConsentPurpose::Jobs));
    assert_eq!(jobs(&again).state, ConsentState::Granted);
    assert_eq!(jobs(&again).granted_at, instant(day("2024-07-01")));
    assert_eq!(jobs(&again).withdrawn_at, Some(instant(day("2024-06-01"))));

    let ended = again.then(member(), MemberEvent::Left { reason: None });
    assert_eq!(jobs(&ended).state, ConsentState::Ended, "the end of a membership ends every consent");
}

#[test]
fn a_profile_is_given_part_by_part() {
    let log = joined()
        .then(member(), contact(Some(Change::Clear), Some(Change::Set(sealed(2)))))
        .then(
            member(),
            MemberEvent::ProfileDescribed(Box::new(DescriptionChanges {
                skills: Some(Change::Set(sealed(10))),
                region: Code::parse("JP-04").map(Change::Set),
                ..DescriptionChanges::default()
            })),
        )
        .then(member(), MemberEvent::IntentsDeclared { intents: BTreeSet::from([Intent::Return]) });
    let shown: Member = log.document(member());
    assert_eq!(shown.contact, Contact { email: None, phone: Some(sealed(2)) });
    assert_eq!((shown.profile.skills, shown.profile.current_employer), (Some(sealed(10)), None));
    assert_eq!((shown.profile.region, shown.intents), (Code::parse("JP-04"), BTreeSet::from([Intent::Return])));
}

#[test]
fn freshness_goes_from_asked_to_dormant_and_back() {
    let asked = joined().then(member(), asked(1));
    let shown: Member = asked.document(member());
    assert_eq!(shown.confirmation.map(|question| question.number), Some(1));
    let dormant = asked.then(member(), MemberEvent::BecameDormant { dormant_on: day("2025-07-01") });
    let shown: Member = dormant.document(member());
    assert_eq!((shown.state, shown.confirmation), (State::Dormant, None));
    let confirmed = dormant.then(member(), MemberEvent::DataConfirmed { confirmed_on: day("2025-08-01") });
    let shown: Member = confirmed.document(member());
    assert_eq!((shown.state, shown.confirmed_on), (State::Active, Some(day("2025-08-01"))));
}

#[test]
fn a_pause_outlasts_a_confirmation() {
    let paused =
        joined().then(member(), asked(1)).then(member(), MemberEvent::Paused { until: Some(day("2025-09-01")) });
    let shown: Member = paused.document(member());
    assert_eq!((shown.state, shown.paused_until, shown.confirmation), (State::Paused, Some(day("2025-09-01")), None));
    let confirmed = paused.then(member(), MemberEvent::DataConfirmed { confirmed_on: day("2025-08-01") });
    assert_eq!(confirmed.document::<Member>(member()).state, State::Paused);
    let resumed: Member = confirmed.then(member(), MemberEvent::Resumed).document(member());
    assert_eq!((resumed.state, resumed.paused_until), (State::Active, None));
}

#[test]
fn of_a_declared_group_only_that_there_is_one() {
    let declared = joined().then(member(), MemberEvent::GroupDeclared { group: sealed(11) });
    let body = declared.documents::<Member>().bodies()[&member()].clone();
    assert_eq!(body["declared_group"], "yes");
    assert!(!body.to_string().contains(&uuid(0xface_000b).to_string()), "not even the reference");
    let taken_back: Member = declared.then(member(), MemberEvent::GroupDeclarationWithdrawn).document(member());
    assert_eq!(taken_back.declared_group, YesNo::No);
}

#[test]
fn endings_tell_why() {
    let rejected = MemberEvent::Rejected { reason_code: RejectionReason::NoMatch, note: Some(sealed(7)) };
    let shown: Member = claimed().then(member(), rejected).document(member());
    let ending = shown.ending.expect("it ended");
    assert_eq!((shown.state, ending.rejected_because), (State::Rejected, Some(RejectionReason::NoMatch)));
    assert_eq!(ending.note, Some(sealed(7)));
    let returned = MemberEvent::Returned { started_on: day("2028-01-04") };
    let shown: Member = joined().then(member(), returned).document(member());
    assert_eq!(
        (shown.state, shown.ending.and_then(|ending| ending.started_on)),
        (State::Returned, Some(day("2028-01-04")))
    );
}

// whether somebody has to look

#[test]
fn the_departures_verdict_reaches_the_member() {
    let eligible = after_leaving().then(departure(), assessed(Verdict::Eligible));
    let shown: Member = eligible.document(member());
    assert_eq!((shown.departure_verdict, shown.review_required), (Some(Verdict::Eligible), YesNo::No));
    assert_eq!(shown.version, 4, "the version is the membership's own");
    let waiting = eligible.then(departure(), assessed(Verdict::NotEligible));
    assert_eq!(waiting.document::<Member>(member()).departure_verdict, Some(Verdict::NeedsReview));
    let shown: Member = waiting.then(departure(), confirmed()).document(member());
    assert_eq!((shown.departure_verdict, shown.review_required), (Some(Verdict::NotEligible), YesNo::Yes));
}

#[test]
fn what_nobody_told_needs_a_look() {
    let shown: Member = after_leaving().document(member());
    assert_eq!((shown.departure_verdict, shown.review_required), (None, YesNo::Yes));
}

#[test]
fn another_departure_says_nothing_about_this_member() {
    let other = after_leaving().then(uuid(30), assessed(Verdict::Eligible));
    assert_eq!(other.document::<Member>(member()).departure_verdict, None);
}

#[test]
fn a_live_flag_needs_a_look_until_it_ends() {
    let eligible = after_leaving().then(departure(), assessed(Verdict::Eligible));
    let flagged = eligible.then(flag(), raised());
    let shown: Member = flagged.document(member());
    assert_eq!((shown.review_required, shown.live_flags), (YesNo::Yes, BTreeSet::from([FlagId(flag())])));
    let by = ActorId(uuid(52));
    for end in [
        NoRehireFlagEvent::Lifted { reason_code: LiftReason::RaisedInError, lifted_by: by, note: None },
        NoRehireFlagEvent::Rejected { reviewed_by: by, note: None },
        NoRehireFlagEvent::AppealGranted { reviewed_by: by, note: None },
        NoRehireFlagEvent::Expired { on: day("2026-10-31"), because: ExpiryCause::NeverReviewed },
    ] {
        let shown: Member = flagged.clone().then(flag(), end).document(member());
        assert_eq!((shown.review_required, shown.live_flags), (YesNo::No, BTreeSet::new()));
    }
}

#[test]
fn what_stood_before_the_registration_is_known_from_the_start() {
    let noted = after_leaving().then(departure(), registration_noted(Verdict::Eligible));
    let shown: Member = noted.document(member());
    assert_eq!((shown.departure_verdict, shown.review_required), (Some(Verdict::Eligible), YesNo::No));

    let [MemberEvent::Registered(registered), ..] = registration() else { unreachable!() };
    let registered = Registered { live_flags: vec![FlagId(flag())], ..*registered };
    let flagged = left()
        .then(flag(), raised())
        .then(member(), MemberEvent::Registered(Box::new(registered)))
        .then(departure(), registration_noted(Verdict::Eligible));
    let shown: Member = flagged.document(member());
    assert_eq!((shown.review_required, shown.live_flags), (YesNo::Yes, BTreeSet::from([FlagId(flag())])));
    let shown: Member = flagged.then(flag(), lifted()).document(member());
    assert_eq!(shown.review_required, YesNo::No);
}

#[test]
fn an_approval_brings_the_flags_of_the_person_it_names() {
    let MemberEvent::Approved { person_id, departure_id, registered_as, approved_by, .. } = approved() else {
        unreachable!()
    };
    let live_flags = vec![FlagId(flag())];
    let approved = MemberEvent::Approved { person_id, departure_id, registered_as, approved_by, live_flags };
    let log = claimed()
        .then(flag(), raised())
        .then(member(), approved)
        .then(departure(), registration_noted(Verdict::Eligible));
    let shown: Member = log.document(member());
    assert_eq!((shown.review_required, shown.live_flags), (YesNo::Yes, BTreeSet::from([FlagId(flag())])));
    let shown: Member = log.then(flag(), lifted()).document(member());
    assert_eq!(shown.review_required, YesNo::No);
}

#[test]
fn the_departure_of_a_self_claim_is_heard_once_it_is_named() {
    let log = claimed().then(departure(), assessed(Verdict::Eligible));
    assert_eq!(log.document::<Member>(member()).departure_verdict, None);
    let log =
        log.then(member(), approved()).then(departure(), DepartureEvent::IneligibilityLapsed { on: day("2027-01-01") });
    assert_eq!(log.document::<Member>(member()).departure_verdict, Some(Verdict::NeedsReview));
}

// helpers

pub fn member() -> Uuid {
    uuid(4)
}

pub fn joined() -> Log {
    Log::on("2024-05-01").all(member(), registration())
}

fn after_leaving() -> Log {
    left().all(member(), registration())
}

pub fn registration() -> [MemberEvent; 4] {
    let registered = Registered {
        person_id: PersonId(uuid(1)),
        account: ActorId(uuid(70)),
        via: RegisteredVia::Invitation { departure_id: DepartureId(departure()), number: 1 },
        contact: Contact { email: Some(sealed(1)), phone: None },
        live_flags: vec![],
    };
    [
        MemberEvent::Registered(Box::new(registered)),
        MemberEvent::TermsAccepted { terms_version: "2026-10".to_owned() },
        granted(ConsentPurpose::Jobs),
        MemberEvent::Activated {
            person_id: PersonId(uuid(1)),
            departure_id: DepartureId(departure()),
            active_from: day("2024-05-01"),
        },
    ]
}

pub fn claimed() -> Log {
    let claim = SelfClaim { employee_number: None, name_at_departure: sealed(3), birth_date: sealed(4) };
    let evidence = BTreeSet::from([MatchEvidence::NameMatches, MatchEvidence::BirthDateMatches]);
    let matches = vec![SelfClaimMatch { departure_id: DepartureId(departure()), evidence }];
    let registered = Registered {
        person_id: PersonId(uuid(8)),
        account: ActorId(uuid(70)),
        via: RegisteredVia::SelfClaim { claim, matches },
        contact: Contact::default(),
        live_flags: vec![],
    };
    Log::on("2024-05-01").then(member(), MemberEvent::Registered(Box::new(registered)))
}

pub fn approved() -> MemberEvent {
    MemberEvent::Approved {
        person_id: PersonId(uuid(1)),
        departure_id: DepartureId(departure()),
        registered_as: Some(PersonId(uuid(8))),
        approved_by: ActorId(uuid(71)),
        live_flags: vec![],
    }
}

pub fn asked(number: u32) -> MemberEvent {
    MemberEvent::ConfirmationAsked { number, asked_on: day("2025-05-01"), account: ActorId(uuid(70)) }
}

fn granted(purpose: ConsentPurpose) -> MemberEvent {
    MemberEvent::ConsentGranted { purpose, text_version: "2026-10".to_owned() }
}

fn withdrawn(purpose: ConsentPurpose) -> MemberEvent {
    MemberEvent::ConsentWithdrawn { purpose }
}

fn contact(email: Option<Change<Personal<String>>>, phone: Option<Change<Personal<String>>>) -> MemberEvent {
    MemberEvent::ContactDetailsGiven(Box::new(ContactChanges { email, phone }))
}
