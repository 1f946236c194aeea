//! What a member tells about themselves.

use std::collections::BTreeSet;

use aggregates::member::{
    Change, Code, ContactChanges, DescriptionChanges, Ending, Intent, Member, MemberCommand, MemberError, MemberEvent,
    ProfileChanges,
};

use super::{active, alumna, claimed, dormant, invited, left, paused, today, update};
use crate::support::{Given, sealed};

#[test]
fn a_profile_is_given_as_the_facts_it_holds() {
    let contact = ContactChanges { email: Some(Change::Set(sealed(20))), phone: Some(Change::Clear) };
    let profile = DescriptionChanges {
        current_employer: Some(Change::Set(sealed(21))),
        skills: Some(Change::Set(sealed(22))),
        region: Code::parse("JP-04").map(Change::Set),
        language: Code::parse("ja").map(Change::Set),
    };
    let intents = BTreeSet::from([Intent::Return, Intent::Business]);
    let changes = ProfileChanges { contact: contact.clone(), profile: profile.clone(), intents: Some(intents.clone()) };
    for past in [claimed(), invited(), active(), paused(None), dormant()] {
        Given::<Member>::events(past).when(alumna(), today(), update(changes.clone())).then([
            MemberEvent::ContactDetailsGiven(Box::new(contact.clone())),
            MemberEvent::ProfileDescribed(Box::new(profile.clone())),
            MemberEvent::IntentsDeclared { intents: intents.clone() },
        ]);
    }
}

#[test]
fn every_intent_can_be_withdrawn() {
    let changes = ProfileChanges { intents: Some(BTreeSet::new()), ..ProfileChanges::default() };
    Given::<Member>::events(active())
        .when(alumna(), today(), update(changes))
        .then([MemberEvent::IntentsDeclared { intents: BTreeSet::new() }]);
}

#[test]
fn a_profile_without_news_says_nothing() {
    Given::<Member>::events(active()).when(alumna(), today(), update(ProfileChanges::default())).quiet();
}

#[test]
fn a_former_member_has_no_profile() {
    Given::<Member>::events(left())
        .when(alumna(), today(), update(ProfileChanges::default()))
        .refused(MemberError::Ended { ending: Ending::Left });
}

#[test]
fn a_code_holds_no_sentence() {
    assert!(Code::parse("JP-13").is_some_and(|code| code.as_str() == "JP-13"));
    for text in ["", "J", "near the sea", "東京", "JP-13-and-so-on"] {
        assert_eq!(Code::parse(text), None, "{text}");
    }
}

#[test]
fn a_group_is_declared_and_taken_back() {
    let declared = MemberEvent::GroupDeclared { group: sealed(30) };
    let declare = |group| MemberCommand::DeclareGroup { group };
    for past in [claimed(), invited(), active(), paused(None), dormant()] {
        let member = Given::<Member>::events(past);
        member.when(alumna(), today(), declare(Some(sealed(30)))).then([declared.clone()]);
        member.when(alumna(), today(), declare(None)).quiet();
        member
            .clone()
            .and([declared.clone()])
            .when(alumna(), today(), declare(None))
            .then([MemberEvent::GroupDeclarationWithdrawn]);
        member
            .clone()
            .and([declared.clone(), MemberEvent::GroupDeclarationWithdrawn])
            .when(alumna(), today(), declare(None))
            .quiet();
    }
}

/// Declaring is never quiet: two sealed values cannot be compared.
#[test]
fn a_former_member_declares_nothing() {
    Given::<Member>::events(left())
        .when(alumna(), today(), MemberCommand::DeclareGroup { group: Some(sealed(30)) })
        .refused(MemberError::Ended { ending: Ending::Left });
}

#[test]
fn the_declared_group_is_no_part_of_the_state() {
    let member = Given::<Member>::events(active());
    let one = member.clone().and([MemberEvent::GroupDeclared { group: sealed(30) }]);
    let other = member.and([MemberEvent::GroupDeclared { group: sealed(31) }]);
    assert_eq!(one.folded(), other.folded());
}
