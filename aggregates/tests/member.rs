//! A membership: how it begins and how it ends. What its member says in between is in the modules below.

mod consents;
mod contacts;
mod freshness;
mod profile;
mod transitions;

use std::collections::{BTreeMap, BTreeSet};

use aggregates::ids::{ActorId, DepartureId, FlagId, PersonId};
use aggregates::issued::Actor;
use aggregates::member::{
    ConsentPurpose, Contact, DisposalGround, Ending, Intent, MatchEvidence, Member, MemberCommand, MemberError,
    MemberEvent, ProfileChanges, Registered, RegisteredVia, Registering, Registration, RejectionReason, SelfClaim,
    SelfClaimMatch, invitation_key,
};
use aggregates::stream::{Claim, ClaimChange};
use chrono::{Days, NaiveDate, TimeDelta};
use proptest::prelude::*;

use crate::samples;
use crate::support::{Given, assert_goldens, day, instant, person, sealed, service, system, uuid};

// register

#[test]
fn an_invited_leaver_is_active_at_once() {
    Given::<Member>::nothing().when(alumna(), today(), register(invitation(day("2026-03-31")))).then([
        registered_by_invitation(),
        terms_accepted(),
        granted(ConsentPurpose::Contact),
        granted(ConsentPurpose::Jobs),
        activated(today()),
    ]);
}

#[test]
fn whoever_registers_on_their_last_day_waits_for_it_to_pass() {
    let events = Given::<Member>::nothing().when(alumna(), today(), register(invitation(today()))).recorded();
    assert!(!events.contains(&activated(today())));
    assert_eq!(Given::<Member>::events(events).state(), "pending_review");
}

#[test]
fn a_self_claim_waits_for_review_whatever_matches_it() {
    let order = register(Registration::SelfClaim {
        provisional_person_id: stranger(),
        claim: claim(),
        matches: vec![full_match()],
    });
    let events = Given::<Member>::nothing().when(alumna(), today(), order).recorded();
    assert_eq!(events, claimed());
    let member = Given::<Member>::events(events);
    assert_eq!(member.state(), "pending_review");
    assert_eq!(member.subject(), Some(stranger()), "the data lies under a person of its own");
}

#[test]
fn a_purpose_named_twice_is_one_consent() {
    let order = MemberCommand::Register(Box::new(Registering {
        consents: vec![ConsentPurpose::Jobs, ConsentPurpose::Contact, ConsentPurpose::Jobs],
        consent_text_version: Some("consent/7".to_owned()),
        ..registering(invitation(day("2026-03-31")))
    }));
    let consent = |purpose| MemberEvent::ConsentGranted { purpose, text_version: "consent/7".to_owned() };
    Given::<Member>::nothing().when(alumna(), today(), order).then([
        registered_by_invitation(),
        terms_accepted(),
        consent(ConsentPurpose::Contact),
        consent(ConsentPurpose::Jobs),
        activated(today()),
    ]);
}

#[test]
fn the_flags_that_stand_about_the_person_are_recorded() {
    let live_flags = vec![FlagId(uuid(40)), FlagId(uuid(41))];
    let registering = Registering { live_flags: live_flags.clone(), ..registering(invitation(today())) };
    let order = MemberCommand::Register(Box::new(registering));
    let events = Given::<Member>::nothing().when(alumna(), today(), order).recorded();
    assert!(matches!(&events[0], MemberEvent::Registered(registered) if registered.live_flags == live_flags));

    let MemberCommand::Approve { person_id, departure_id, left_on, .. } = approve(today()) else { unreachable!() };
    let order = MemberCommand::Approve { person_id, departure_id, left_on, live_flags: live_flags.clone() };
    let events = Given::<Member>::events(claimed()).when(officer(), today(), order).recorded();
    assert!(matches!(&events[0], MemberEvent::Approved { live_flags: told, .. } if *told == live_flags));
}

#[test]
fn registering_without_any_consent_is_possible() {
    let order = MemberCommand::Register(Box::new(Registering {
        consents: vec![],
        ..registering(invitation(day("2026-03-31")))
    }));
    Given::<Member>::nothing().when(alumna(), today(), order).then([
        registered_by_invitation(),
        terms_accepted(),
        activated(today()),
    ]);
}

#[test]
fn registering_needs_a_version_of_the_terms_and_of_the_consent_texts() {
    let without_terms = Registering { terms_version: "  ".to_owned(), ..registering(invitation(today())) };
    let without_text = Registering { consent_text_version: Some(String::new()), ..registering(invitation(today())) };
    for (registering, error) in
        [(without_terms, MemberError::TermsVersionMissing), (without_text, MemberError::ConsentTextMissing)]
    {
        Given::<Member>::nothing()
            .when(alumna(), today(), MemberCommand::Register(Box::new(registering)))
            .refused(error);
    }
}

#[test]
fn a_lapsed_invitation_opens_nothing() {
    let expires_at = instant("2026-10-31T00:00:00Z");
    let order = || register(invitation(day("2026-03-31")));
    Given::<Member>::nothing()
        .when(alumna(), expires_at, order())
        .refused(MemberError::InvitationExpired { expires_at });
    let just_before = expires_at - TimeDelta::microseconds(1);
    assert_eq!(Given::<Member>::nothing().when(alumna(), just_before, order()).recorded().len(), 5);
}

/// Quiet is not possible: a repeated request is replayed from its receipt before it comes here.
#[test]
fn a_registered_membership_is_not_registered_again() {
    for past in [active(), claimed(), left()] {
        let order = register(invitation(day("2026-03-31")));
        Given::<Member>::events(past).when(alumna(), today(), order).refused(MemberError::AlreadyRegistered);
    }
}

#[test]
fn nothing_can_be_asked_of_a_membership_that_nobody_registered() {
    for order in every_command().into_iter().filter(|order| !matches!(order, MemberCommand::Register(_))) {
        Given::<Member>::nothing().when(officer(), today(), order).refused(MemberError::NotRegistered);
    }
    Given::<Member>::nothing().when_woken(today()).quiet();
    assert_eq!(Given::<Member>::nothing().state(), "unregistered");
    assert_eq!(Given::<Member>::nothing().subject(), None);
}

// approve, reject

#[test]
fn approving_names_the_person_and_admits_them() {
    let member = Given::<Member>::events(claimed());
    let events = member.when(officer(), today(), approve(day("2026-03-31"))).recorded();
    assert_eq!(events, [approved(), activated(today())]);
    let member = Given::<Member>::events(claimed()).and(events);
    assert_eq!(member.state(), "active");
    assert_eq!(member.subject(), Some(alumna_person()));
}

#[test]
fn approving_before_the_last_day_has_passed_keeps_waiting() {
    Given::<Member>::events(claimed()).when(officer(), today(), approve(today())).then([approved()]);
    assert_eq!(Given::<Member>::events(claimed()).and([approved()]).state(), "pending_review");
}

#[test]
fn a_claim_registered_under_the_person_itself_needs_no_second_name() {
    let order = MemberCommand::Approve {
        person_id: stranger(),
        departure_id: departure(),
        left_on: today(),
        live_flags: vec![],
    };
    Given::<Member>::events(claimed()).when(officer(), today(), order).then([MemberEvent::Approved {
        person_id: stranger(),
        departure_id: departure(),
        registered_as: None,
        approved_by: officer().id,
        live_flags: vec![],
    }]);
}

#[test]
fn nobody_approves_their_own_claim() {
    Given::<Member>::events(claimed())
        .when(alumna(), today(), approve(day("2026-03-31")))
        .refused(MemberError::SecondPersonRequired);
}

#[test]
fn a_program_neither_approves_nor_rejects() {
    for by in [service(9), system()] {
        for order in [approve(day("2026-03-31")), reject(RejectionReason::NoMatch)] {
            Given::<Member>::events(claimed()).when(by, today(), order).refused(MemberError::NaturalPersonRequired);
        }
    }
}

/// Quiet is not possible for `approve`: who approved, and when, are facts of their own.
#[test]
fn only_a_claim_that_waits_for_review_is_approved_or_rejected() {
    for (past, error) in [
        (invited(), MemberError::AwaitsDeparture),
        (active(), MemberError::NotPending),
        (paused(None), MemberError::NotPending),
        (dormant(), MemberError::NotPending),
        (left(), MemberError::Ended { ending: Ending::Left }),
    ] {
        for order in [approve(today()), reject(RejectionReason::Duplicate)] {
            Given::<Member>::events(past.clone()).when(officer(), today(), order).refused(error.clone());
        }
    }
}

#[test]
fn a_claim_is_rejected_with_a_coded_reason_and_words() {
    let order = MemberCommand::Reject { reason_code: RejectionReason::WrongPerson, note: Some(sealed(7)) };
    let rejected = MemberEvent::Rejected { reason_code: RejectionReason::WrongPerson, note: Some(sealed(7)) };
    Given::<Member>::events(claimed()).when(officer(), today(), order).then([rejected.clone()]);
    assert_eq!(Given::<Member>::events(claimed()).and([rejected]).state(), "rejected");
}

#[test]
fn rejecting_for_the_same_reason_again_says_nothing_new() {
    let rejected = MemberEvent::Rejected { reason_code: RejectionReason::NoMatch, note: None };
    let member = Given::<Member>::events(claimed()).and([rejected]);
    member.when(officer(), today(), reject(RejectionReason::NoMatch)).quiet();
    member
        .when(officer(), today(), reject(RejectionReason::Duplicate))
        .refused(MemberError::Ended { ending: Ending::Rejected { reason_code: RejectionReason::NoMatch } });
}

// activate, close: reactions to the departure

#[test]
fn a_membership_begins_when_the_departure_takes_effect() {
    for past in [invited(), [claimed(), vec![approved()]].concat()] {
        Given::<Member>::events(past)
            .when(system(), day("2026-10-02"), MemberCommand::Activate)
            .then([activated(day("2026-10-02"))]);
    }
}

#[test]
fn a_membership_that_has_begun_does_not_begin_again() {
    for past in [active(), paused(None), dormant()] {
        Given::<Member>::events(past).when(system(), today(), MemberCommand::Activate).quiet();
    }
}

#[test]
fn a_departure_does_not_replace_the_review_of_a_claim() {
    for order in [MemberCommand::Activate, MemberCommand::CloseUnneeded] {
        Given::<Member>::events(claimed()).when(system(), today(), order).refused(MemberError::AwaitsReview);
    }
}

#[test]
fn a_rescinded_departure_needs_no_membership() {
    Given::<Member>::events(invited()).when(system(), today(), MemberCommand::CloseUnneeded).then([closed_unneeded()]);
    let closed = Given::<Member>::events(invited()).and([closed_unneeded()]);
    assert_eq!(closed.state(), "rejected");
    closed.when(system(), today(), MemberCommand::CloseUnneeded).quiet();
    Given::<Member>::events(active())
        .when(system(), today(), MemberCommand::CloseUnneeded)
        .refused(MemberError::NotPending);
}

// ends: leave, return, death, disposal

#[test]
fn a_member_leaves_whenever_they_wish() {
    for past in [claimed(), invited(), active(), paused(None), dormant()] {
        Given::<Member>::events(past.clone())
            .when(alumna(), today(), MemberCommand::Leave { reason: Some(sealed(40)), live_cases: 0 })
            .then([MemberEvent::Left { reason: Some(sealed(40)) }]);
        assert_eq!(Given::<Member>::events(past).and([MemberEvent::Left { reason: None }]).state(), "left");
    }
}

#[test]
fn leaving_waits_for_live_cases() {
    Given::<Member>::events(active())
        .when(alumna(), today(), MemberCommand::Leave { reason: None, live_cases: 2 })
        .refused(MemberError::LiveCase { live_cases: 2 });
}

#[test]
fn leaving_twice_says_nothing_new_unless_there_are_words() {
    let leave = |reason| MemberCommand::Leave { reason, live_cases: 0 };
    Given::<Member>::events(left()).when(alumna(), today(), leave(None)).quiet();
    Given::<Member>::events(left())
        .when(alumna(), today(), leave(Some(sealed(40))))
        .refused(MemberError::Ended { ending: Ending::Left });
}

#[test]
fn a_rejoin_ends_the_membership_as_returned() {
    let started_on = day("2027-01-04");
    let note = |started_on| MemberCommand::NoteReturn { started_on };
    for past in [active(), paused(None), dormant()] {
        let member = Given::<Member>::events(past);
        member.when(system(), started_on, note(started_on)).then([MemberEvent::Returned { started_on }]);
        let returned = member.clone().and([MemberEvent::Returned { started_on }]);
        assert_eq!(returned.state(), "returned");
        returned.when(system(), started_on, note(started_on)).quiet();
        returned
            .when(system(), started_on, note(day("2027-02-01")))
            .refused(MemberError::Ended { ending: Ending::Returned { started_on } });
    }
    for (past, error) in [(claimed(), MemberError::AwaitsReview), (invited(), MemberError::AwaitsDeparture)] {
        Given::<Member>::events(past).when(system(), started_on, note(started_on)).refused(error);
    }
}

#[test]
fn a_death_ends_the_membership() {
    for past in [claimed(), invited(), active(), paused(None), dormant()] {
        let member = Given::<Member>::events(past);
        member.when(officer(), today(), MemberCommand::RecordDeath).then([MemberEvent::DeathRecorded]);
        let deceased = member.clone().and([MemberEvent::DeathRecorded]);
        assert_eq!(deceased.state(), "deceased");
        deceased.when(officer(), today(), MemberCommand::RecordDeath).quiet();
    }
    Given::<Member>::events(left())
        .when(officer(), today(), MemberCommand::RecordDeath)
        .refused(MemberError::Ended { ending: Ending::Left });
}

#[test]
fn data_out_of_use_is_disposed_of_when_retention_ends() {
    let deceased = [active(), vec![MemberEvent::DeathRecorded]].concat();
    for past in [dormant(), left(), deceased] {
        let member = Given::<Member>::events(past);
        let disposed = MemberEvent::Disposed {
            because: DisposalGround::RetentionEnded,
            certificate: "disposal/2033-0007".to_owned(),
        };
        member.when(system(), today(), dispose(DisposalGround::RetentionEnded, 0)).then([disposed.clone()]);
        let gone = member.clone().and([disposed.clone()]);
        assert_eq!(gone.state(), "disposed");
        assert_eq!(gone.subject(), Some(alumna_person()));
        gone.when(system(), today(), dispose(DisposalGround::RetentionEnded, 0)).quiet();
    }
}

#[test]
fn data_in_use_is_disposed_of_only_when_the_person_asks() {
    for past in [claimed(), invited(), active(), paused(None)] {
        let member = Given::<Member>::events(past);
        member.when(system(), today(), dispose(DisposalGround::RetentionEnded, 0)).refused(MemberError::StillInUse);
        member.when(officer(), today(), dispose(DisposalGround::ErasureRequested, 0)).then([MemberEvent::Disposed {
            because: DisposalGround::ErasureRequested,
            certificate: "disposal/2033-0007".to_owned(),
        }]);
    }
}

#[test]
fn disposal_waits_for_live_cases() {
    for past in [active(), left()] {
        Given::<Member>::events(past)
            .when(officer(), today(), dispose(DisposalGround::ErasureRequested, 1))
            .refused(MemberError::LiveCase { live_cases: 1 });
    }
}

#[test]
fn nothing_but_disposal_follows_an_end() {
    let ends = [
        (MemberEvent::Returned { started_on: today() }, Ending::Returned { started_on: today() }),
        (MemberEvent::Left { reason: None }, Ending::Left),
        (MemberEvent::DeathRecorded, Ending::Deceased),
    ];
    for (end, ending) in ends {
        for order in
            [MemberCommand::Activate, MemberCommand::CloseUnneeded, MemberCommand::ConfirmData { terms_version: None }]
        {
            Given::<Member>::events(active())
                .and([end.clone()])
                .when(system(), today(), order)
                .refused(MemberError::Ended { ending });
        }
        let member = Given::<Member>::events(active()).and([end]);
        assert_eq!(member.wake(), None);
        member.when_woken(day("2099-01-01")).quiet();
    }
}

// claims

#[test]
fn an_invitation_takes_the_membership_the_account_and_itself() {
    let expected = [take("membership", alumna_person().0), take("member_account", alumna().id.0), take_invitation()];
    assert_eq!(Given::<Member>::nothing().claims(member_id(), &registered_by_invitation()), expected);
}

#[test]
fn a_self_claim_takes_the_membership_only_when_it_is_approved() {
    let [registered, ..] = &claimed()[..] else { panic!("a claim begins with its registration") };
    assert_eq!(Given::<Member>::nothing().claims(member_id(), registered), [take("member_account", alumna().id.0)]);
    let claims = Given::<Member>::events(claimed()).claims(member_id(), &approved());
    assert_eq!(claims, [take("membership", alumna_person().0)]);
}

proptest! {
    /// Whatever happened: a living membership holds its claims, an ended one nothing but its used invitation.
    #[test]
    fn claims_follow_the_life_of_the_membership(
        by_invitation in any::<bool>(),
        story in proptest::collection::vec((0..every_command().len(), 0..90_u64), 0..40),
    ) {
        let mut held = BTreeMap::new();
        let mut member = Given::<Member>::nothing();
        let mut on = today();
        for event in if by_invitation { invited() } else { claimed() } {
            hold(&mut held, &member, &event);
            member = member.and([event]);
        }
        for (index, days) in story {
            on = on + Days::new(days);
            let order = every_command().swap_remove(index);
            for event in member.when(officer(), on, order).recorded() {
                hold(&mut held, &member, &event);
                member = member.and([event]);
            }
            let scopes: Vec<_> = held.keys().map(|(scope, _)| *scope).collect();
            let mut expected = vec![];
            if by_invitation { expected.push("invitation"); }
            if let Some(standing) = member.folded().standing() {
                expected.push("member_account");
                if standing.person_id == alumna_person() { expected.push("membership"); }
            }
            prop_assert_eq!(scopes, expected);
            prop_assert!(held.values().all(|holder| *holder == member_id()));
        }
    }
}

// stored forms

#[test]
fn stored_forms_do_not_change() {
    assert_goldens::<Member>(&samples::member::samples());
}

// helpers

fn today() -> NaiveDate {
    day("2026-10-01")
}

fn alumna() -> Actor {
    person(2)
}

fn officer() -> Actor {
    person(3)
}

fn alumna_person() -> PersonId {
    PersonId(uuid(10))
}

fn stranger() -> PersonId {
    PersonId(uuid(11))
}

fn departure() -> DepartureId {
    DepartureId(uuid(12))
}

fn member_id() -> uuid::Uuid {
    uuid(13)
}

fn contact() -> Contact {
    Contact { email: Some(sealed(1)), phone: None }
}

fn claim() -> SelfClaim {
    SelfClaim { employee_number: None, name_at_departure: sealed(2), birth_date: sealed(3) }
}

fn full_match() -> SelfClaimMatch {
    let evidence = BTreeSet::from([MatchEvidence::NameMatches, MatchEvidence::BirthDateMatches]);
    SelfClaimMatch { departure_id: departure(), evidence }
}

fn invitation(left_on: NaiveDate) -> Registration {
    Registration::Invitation {
        person_id: alumna_person(),
        departure_id: departure(),
        number: 1,
        expires_at: instant("2026-10-31T00:00:00Z"),
        left_on,
    }
}

fn registering(via: Registration) -> Registering {
    Registering {
        account: alumna().id,
        via,
        contact: contact(),
        terms_version: "2026-10".to_owned(),
        consents: vec![ConsentPurpose::Contact, ConsentPurpose::Jobs],
        consent_text_version: None,
        live_flags: vec![],
    }
}

fn register(via: Registration) -> MemberCommand {
    MemberCommand::Register(Box::new(registering(via)))
}

fn approve(left_on: NaiveDate) -> MemberCommand {
    MemberCommand::Approve { person_id: alumna_person(), departure_id: departure(), left_on, live_flags: vec![] }
}

fn reject(reason_code: RejectionReason) -> MemberCommand {
    MemberCommand::Reject { reason_code, note: None }
}

fn update(changes: ProfileChanges) -> MemberCommand {
    MemberCommand::UpdateProfile { changes: Box::new(changes) }
}

fn grant(purpose: ConsentPurpose, text_version: &str) -> MemberCommand {
    MemberCommand::GrantConsent { purpose, text_version: text_version.to_owned() }
}

fn dispose(because: DisposalGround, live_cases: u32) -> MemberCommand {
    MemberCommand::Dispose { because, certificate: "disposal/2033-0007".to_owned(), live_cases }
}

fn every_command() -> Vec<MemberCommand> {
    vec![
        register(invitation(day("2026-03-31"))),
        approve(day("2026-03-31")),
        approve(day("2099-03-31")),
        reject(RejectionReason::NotAdmissible),
        MemberCommand::Activate,
        MemberCommand::CloseUnneeded,
        update(ProfileChanges { intents: Some(BTreeSet::from([Intent::Return])), ..ProfileChanges::default() }),
        grant(ConsentPurpose::Publicity, "2026-10"),
        MemberCommand::WithdrawConsent { purpose: ConsentPurpose::Contact },
        MemberCommand::ConfirmData { terms_version: None },
        MemberCommand::Pause { until: None },
        MemberCommand::Pause { until: Some(day("2027-04-01")) },
        MemberCommand::Resume,
        MemberCommand::DeclareGroup { group: Some(sealed(30)) },
        MemberCommand::DeclareGroup { group: None },
        contacts::record(today()),
        MemberCommand::Leave { reason: None, live_cases: 0 },
        MemberCommand::NoteReturn { started_on: day("2027-01-04") },
        MemberCommand::RecordDeath,
        dispose(DisposalGround::RetentionEnded, 0),
    ]
}

fn registered_by_invitation() -> MemberEvent {
    MemberEvent::Registered(Box::new(Registered {
        person_id: alumna_person(),
        account: ActorId(uuid(2)),
        via: RegisteredVia::Invitation { departure_id: departure(), number: 1 },
        contact: contact(),
        live_flags: vec![],
    }))
}

fn terms_accepted() -> MemberEvent {
    MemberEvent::TermsAccepted { terms_version: "2026-10".to_owned() }
}

fn granted(purpose: ConsentPurpose) -> MemberEvent {
    MemberEvent::ConsentGranted { purpose, text_version: "2026-10".to_owned() }
}

fn activated(active_from: NaiveDate) -> MemberEvent {
    MemberEvent::Activated { person_id: alumna_person(), departure_id: departure(), active_from }
}

fn approved() -> MemberEvent {
    MemberEvent::Approved {
        person_id: alumna_person(),
        departure_id: departure(),
        registered_as: Some(stranger()),
        approved_by: officer().id,
        live_flags: vec![],
    }
}

fn asked(number: u32, asked_on: NaiveDate) -> MemberEvent {
    MemberEvent::ConfirmationAsked { number, asked_on, account: alumna().id }
}

fn confirmed(confirmed_on: NaiveDate) -> MemberEvent {
    MemberEvent::DataConfirmed { confirmed_on }
}

fn closed_unneeded() -> MemberEvent {
    MemberEvent::Rejected { reason_code: RejectionReason::DepartureRescinded, note: None }
}

fn invited() -> Vec<MemberEvent> {
    vec![registered_by_invitation(), terms_accepted(), granted(ConsentPurpose::Contact), granted(ConsentPurpose::Jobs)]
}

fn claimed() -> Vec<MemberEvent> {
    vec![
        MemberEvent::Registered(Box::new(Registered {
            person_id: stranger(),
            account: alumna().id,
            via: RegisteredVia::SelfClaim { claim: claim(), matches: vec![full_match()] },
            contact: contact(),
            live_flags: vec![],
        })),
        terms_accepted(),
        granted(ConsentPurpose::Contact),
        granted(ConsentPurpose::Jobs),
    ]
}

fn active() -> Vec<MemberEvent> {
    [invited(), vec![activated(today())]].concat()
}

fn paused(until: Option<NaiveDate>) -> Vec<MemberEvent> {
    [active(), vec![MemberEvent::Paused { until }]].concat()
}

fn dormant() -> Vec<MemberEvent> {
    [active(), vec![MemberEvent::BecameDormant { dormant_on: day("2027-11-30") }]].concat()
}

fn left() -> Vec<MemberEvent> {
    [active(), vec![MemberEvent::Left { reason: None }]].concat()
}

fn take(scope: &'static str, key: uuid::Uuid) -> Claim {
    Claim::take(scope, key.to_string(), member_id())
}

fn take_invitation() -> Claim {
    Claim::take("invitation", invitation_key(departure(), 1), member_id())
}

/// Keeps the register of claims as the ledger would.
fn hold(held: &mut BTreeMap<(&'static str, String), uuid::Uuid>, member: &Given<Member>, event: &MemberEvent) {
    for Claim { scope, key, change } in member.claims(member_id(), event) {
        match change {
            ClaimChange::Take { holder, until } => {
                assert_eq!(until, None);
                assert_eq!(held.insert((scope, key), holder), None, "{scope} is taken once");
            }
            ClaimChange::Release { .. } => {
                held.remove(&(scope, key));
            }
        }
    }
}
