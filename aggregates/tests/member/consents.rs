//! What a member consents to, and how it is proven later.

use aggregates::member::{
    ConsentProof, ConsentPurpose, Ending, Member, MemberCommand, MemberError, MemberEvent, consent_at,
};
use chrono::TimeDelta;
use proptest::prelude::*;

use super::{active, alumna, claimed, dormant, every_command, grant, granted, invited, left, paused, today};
use crate::samples;
use crate::support::{Given, instant};

#[test]
fn consent_can_be_given_while_the_membership_lives() {
    for past in [claimed(), invited(), active(), paused(None), dormant()] {
        Given::<Member>::events(past)
            .when(alumna(), today(), grant(ConsentPurpose::Publicity, "2026-10"))
            .then([granted(ConsentPurpose::Publicity)]);
    }
}

#[test]
fn consent_to_a_new_text_is_a_new_consent_and_to_the_same_text_none() {
    let member = Given::<Member>::events(active());
    member.when(alumna(), today(), grant(ConsentPurpose::Jobs, "2026-10")).quiet();
    member
        .when(alumna(), today(), grant(ConsentPurpose::Jobs, "2027-04"))
        .then([MemberEvent::ConsentGranted { purpose: ConsentPurpose::Jobs, text_version: "2027-04".to_owned() }]);
}

#[test]
fn consent_needs_a_text_and_a_membership() {
    Given::<Member>::events(active())
        .when(alumna(), today(), grant(ConsentPurpose::Publicity, ""))
        .refused(MemberError::ConsentTextMissing);
    Given::<Member>::events(left())
        .when(alumna(), today(), grant(ConsentPurpose::Publicity, "2026-10"))
        .refused(MemberError::Ended { ending: Ending::Left });
}

#[test]
fn consent_is_withdrawn_as_easily_as_given() {
    let withdrawn = MemberEvent::ConsentWithdrawn { purpose: ConsentPurpose::Contact };
    for past in [claimed(), invited(), active(), paused(None), dormant()] {
        let order = MemberCommand::WithdrawConsent { purpose: ConsentPurpose::Contact };
        Given::<Member>::events(past).when(alumna(), today(), order).then([withdrawn.clone()]);
    }
    let member = Given::<Member>::events(active()).and([withdrawn]);
    assert_eq!(member.state(), "active", "without letters one is still a member");
}

/// A refusal is not possible: whoever says "no more" is always right, even after the end.
#[test]
fn withdrawing_what_was_not_given_says_nothing_new() {
    for past in [active(), left()] {
        let order = MemberCommand::WithdrawConsent { purpose: ConsentPurpose::Analytics };
        Given::<Member>::events(past).when(alumna(), today(), order).quiet();
    }
}

#[test]
fn a_consent_withdrawn_and_given_again_is_a_new_fact() {
    let withdrawn = MemberEvent::ConsentWithdrawn { purpose: ConsentPurpose::Jobs };
    Given::<Member>::events(active())
        .and([withdrawn])
        .when(alumna(), today(), grant(ConsentPurpose::Jobs, "2026-10"))
        .then([granted(ConsentPurpose::Jobs)]);
}

#[test]
fn consent_is_proven_at_the_instant_of_use() {
    let history = [
        (instant("2026-10-01T00:00:00Z"), granted(ConsentPurpose::Jobs)),
        (instant("2026-11-01T00:00:00Z"), MemberEvent::ConsentWithdrawn { purpose: ConsentPurpose::Jobs }),
        (instant("2026-12-01T00:00:00Z"), granted(ConsentPurpose::Jobs)),
        (instant("2027-01-01T00:00:00Z"), MemberEvent::Left { reason: None }),
    ];
    let stood = |at: &str| {
        let proof = consent_at(history.iter().map(|(at, event)| (*at, event)), ConsentPurpose::Jobs, instant(at));
        proof.map(|ConsentProof { granted_at, .. }| granted_at)
    };
    assert_eq!(stood("2026-09-30T23:59:59Z"), None);
    assert_eq!(stood("2026-10-01T00:00:00Z"), Some(instant("2026-10-01T00:00:00Z")));
    assert_eq!(stood("2026-10-31T23:59:59Z"), Some(instant("2026-10-01T00:00:00Z")));
    assert_eq!(stood("2026-11-01T00:00:00Z"), None);
    assert_eq!(stood("2026-12-31T23:59:59Z"), Some(instant("2026-12-01T00:00:00Z")));
    assert_eq!(stood("2027-01-01T00:00:00Z"), None);
}

proptest! {
    /// The model looks backwards from the use: some grant, and nothing after it that undoes it.
    #[test]
    fn consent_at_agrees_with_a_naive_reading_of_the_history(
        history in proptest::collection::vec((0..40_i64, consent_story()), 0..30),
        use_at in 0..45_i64,
    ) {
        let origin = instant("2026-10-01T00:00:00Z");
        let mut history: Vec<_> =
            history.into_iter().map(|(hour, event)| (origin + TimeDelta::hours(hour), event)).collect();
        history.sort_by_key(|(at, _)| *at);
        let at = origin + TimeDelta::hours(use_at);
        for purpose in [ConsentPurpose::Contact, ConsentPurpose::Jobs] {
            let told = consent_at(history.iter().map(|(at, event)| (*at, event)), purpose, at);
            let before: Vec<_> = history.iter().take_while(|(recorded_at, _)| *recorded_at <= at).collect();
            let naive = (0..before.len()).rev().find_map(|i| {
                let (granted_at, MemberEvent::ConsentGranted { purpose: granted, text_version }) = before[i] else {
                    return None;
                };
                let undone = before[i + 1..].iter().any(|(_, event)| undoes(event, purpose));
                (*granted == purpose && !undone)
                    .then(|| ConsentProof { text_version: text_version.clone(), granted_at: *granted_at })
            });
            prop_assert_eq!(told, naive);
        }
    }

    /// What `decide` believes to stand is what the history proves.
    #[test]
    fn a_standing_consent_is_a_proven_one(story in proptest::collection::vec(consent_order(), 0..30)) {
        let at = instant("2026-10-01T00:00:00Z");
        let mut history = active();
        for order in story {
            let events = Given::<Member>::events(history.clone()).when(alumna(), at, order).recorded();
            history.extend(events);
        }
        let member = Given::<Member>::events(history.clone());
        for purpose in [ConsentPurpose::Contact, ConsentPurpose::Jobs, ConsentPurpose::Publicity] {
            let proof = consent_at(history.iter().map(|event| (at, event)), purpose, at);
            let standing = member.folded().standing().and_then(|standing| standing.consents.get(&purpose));
            prop_assert_eq!(proof.map(|proof| proof.text_version), standing.cloned());
        }
    }
}

// helpers

fn undoes(event: &MemberEvent, of: ConsentPurpose) -> bool {
    if let MemberEvent::ConsentGranted { purpose, .. } | MemberEvent::ConsentWithdrawn { purpose } = event {
        return *purpose == of;
    }
    ["rejected", "returned", "left", "death_recorded", "disposed"].contains(&<&str>::from(event))
}

fn two_purposes() -> impl Strategy<Value = ConsentPurpose> {
    prop_oneof![Just(ConsentPurpose::Contact), Just(ConsentPurpose::Jobs)]
}

fn consent_story() -> impl Strategy<Value = MemberEvent> {
    let text = prop_oneof![Just("2026-10".to_owned()), Just("2027-04".to_owned())];
    let grant = (two_purposes(), text)
        .prop_map(|(purpose, text_version)| MemberEvent::ConsentGranted { purpose, text_version });
    let withdraw = two_purposes().prop_map(|purpose| MemberEvent::ConsentWithdrawn { purpose });
    prop_oneof![6 => grant, 3 => withdraw, 2 => proptest::sample::select(samples::member::samples())]
}

fn consent_order() -> impl Strategy<Value = MemberCommand> {
    prop_oneof![
        6 => two_purposes().prop_map(|purpose| grant(purpose, "2026-10")),
        3 => two_purposes().prop_map(|purpose| grant(purpose, "2027-04")),
        6 => two_purposes().prop_map(|purpose| MemberCommand::WithdrawConsent { purpose }),
        1 => proptest::sample::select(every_command()),
    ]
}
