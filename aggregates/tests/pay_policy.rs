//! A pay policy: written by one person, approved by another, published from a day on, superseded, retired.

mod loosening;
mod transitions;
mod watch;

use std::collections::BTreeSet;

use aggregates::issued::Actor;
use aggregates::pay::{Fraction, PolicyTerms, Tier, Unsound};
use aggregates::pay_policy::{PayPolicy, PayPolicyCommand, PayPolicyError, PayPolicyEvent, Publishing};
use aggregates::stream::Claim;
use aggregates::versions::VersionError;
use chrono::{Days, NaiveDate};

use crate::samples::pay_policy::{bare, samples, terms};
use crate::support::{Given, assert_goldens, day, person, sealed, service, system, uuid};

// draft

#[test]
fn a_policy_begins_as_a_draft() {
    nothing().when(admin(), today(), draft(terms())).then([drafted()]);
    let policy = given([drafted()]);
    assert_eq!((policy.state(), policy.subject(), policy.wake()), ("draft", None, None));
    assert_eq!(policy.folded().governing(today()), None, "a draft governs nothing");
}

#[test]
fn a_policy_that_could_not_be_followed_is_refused() {
    let small = PolicyTerms { smallest_group: 4, ..terms() };
    let refused = || PayPolicyError::Unsound(Unsound::GroupTooSmall);
    nothing().when(admin(), today(), draft(small.clone())).refused(refused());
    given([drafted()]).when(admin(), today(), revise(small)).refused(refused());
    // A fraction that no figure could be multiplied with is told as what it is.
    let tolerance = |den| PolicyTerms { leapfrog_tolerance: Fraction::new(1, den).unwrap(), ..terms() };
    let fine = Unsound::TooFine { field: "leapfrog_tolerance" };
    nothing().when(admin(), today(), draft(tolerance(1_000_001))).refused(PayPolicyError::Unsound(fine));
    assert_eq!(tolerance(1_000_000).check(), Ok(()));
    // Whoever asks is answered some day, and what is tested as part of the offer is followed (PAY-02, PAY-27).
    for days in [0, 91] {
        let never = Unsound::OutOfRange { field: "explanation_days", least: "1", most: "90" };
        let terms = PolicyTerms { explanation_days: days, ..terms() };
        nothing().when(admin(), today(), draft(terms)).refused(PayPolicyError::Unsound(never));
    }
    for months in [5, 121] {
        let never = Unsound::OutOfRange { field: "followed_months", least: "6", most: "120" };
        let terms = PolicyTerms { followed_months: months, ..terms() };
        nothing().when(admin(), today(), draft(terms)).refused(PayPolicyError::Unsound(never));
    }
}

/// Quiet is not possible: a repeated request is replayed from its receipt before it comes here.
#[test]
fn a_drafted_policy_is_not_drafted_again() {
    for past in [vec![drafted()], published(), retired()] {
        given(past).when(admin(), today(), draft(terms())).refused(PayPolicyError::AlreadyDrafted);
    }
}

#[test]
fn nothing_can_be_asked_of_what_nobody_drafted() {
    for order in [revise(terms()), PayPolicyCommand::Approve, publish(None), retire(None)] {
        nothing().when(approver(), today(), order).refused(PayPolicyError::Unrecorded);
    }
    nothing().when_woken(today()).quiet();
    assert_eq!(nothing().state(), "unrecorded");
}

// revise

#[test]
fn a_revision_is_a_new_version_that_nobody_approved() {
    for past in [vec![drafted()], approved()] {
        given(past.clone()).when(other_admin(), today(), revise(bare())).then([revised(2)]);
        assert_eq!(given(past).and([revised(2)]).state(), "draft");
    }
}

#[test]
fn a_published_version_governs_until_the_next_one_begins() {
    let policy = given(published());
    policy.when(other_admin(), today(), revise(bare())).then([revised(2)]);
    let policy = policy.and([revised(2)]);
    let governs = |policy: &Given<PayPolicy>, on: NaiveDate| policy.folded().governing(on).map(|one| one.version);
    assert_eq!(policy.state(), "published");
    assert_eq!(governs(&policy, day("2027-06-01")), Some(1));
    let later = begins() + Days::new(100);
    let policy = policy.and([is_approved(2), is_published(2, later)]);
    assert_eq!(governs(&policy, later - Days::new(1)), Some(1));
    assert_eq!(governs(&policy, later), Some(2));
    let standing = policy.folded().standing().expect("it stands");
    assert_eq!(standing.versions.version(1).map(|one| &one.terms), Some(&terms()), "what it superseded is kept");
}

#[test]
fn a_revision_that_changes_nothing_says_nothing() {
    for past in [vec![drafted()], approved(), published()] {
        given(past).when(other_admin(), today(), revise(terms())).quiet();
    }
}

#[test]
fn a_policy_stays_with_its_entity() {
    let elsewhere = PolicyTerms { legal_entity: "JP-NORTH".to_owned(), ..terms() };
    given([drafted()])
        .when(admin(), today(), revise(elsewhere))
        .refused(PayPolicyError::EntityDiffers { legal_entity: "JP-HQ".to_owned() });
}

// approve

#[test]
fn a_second_person_approves() {
    let approve = || PayPolicyCommand::Approve;
    given([drafted()]).when(approver(), today(), approve()).then([is_approved(1)]);
    assert_eq!(given(approved()).state(), "approved");
    given([drafted()]).when(admin(), today(), approve()).refused(VersionError::SecondPersonRequired);
    for by in [service(9), system()] {
        given([drafted()]).when(by, today(), approve()).refused(PayPolicyError::NaturalPersonRequired);
    }
}

#[test]
fn an_approval_stands_once() {
    let policy = given(approved());
    policy.when(approver(), today(), PayPolicyCommand::Approve).quiet();
    policy.when(other_admin(), today(), PayPolicyCommand::Approve).refused(VersionError::AlreadyApproved);
    given(published()).when(approver(), today(), PayPolicyCommand::Approve).refused(VersionError::NothingToApprove);
}

// publish

#[test]
fn an_approved_version_is_published_from_a_day_on() {
    given(approved()).when(admin(), today(), publish(Some(begins()))).then([is_published(1, begins())]);
    given(approved()).when(admin(), today(), publish(None)).then([is_published(1, today())]);
    let policy = given(published());
    assert_eq!(policy.folded().governing(begins() - Days::new(1)), None);
    assert_eq!(policy.folded().governing(begins()).map(|one| one.terms.clone()), Some(terms()));
    policy.when(admin(), today(), publish(Some(begins()))).quiet();
}

#[test]
fn what_is_not_approved_or_lies_in_the_past_is_not_published() {
    given([drafted()]).when(admin(), today(), publish(None)).refused(VersionError::NotApproved);
    given(published()).when(admin(), today(), publish(None)).refused(VersionError::NothingToPublish);
    let yesterday = today() - Days::new(1);
    given(approved())
        .when(admin(), today(), publish(Some(yesterday)))
        .refused(VersionError::EffectiveInThePast { effective_from: yesterday, today: today() });
}

/// Every tier needs as many different people as it has seats, before anything is published under it.
#[test]
fn a_policy_that_names_nobody_is_not_published() {
    given([drafted(), revised(2), is_approved(2)])
        .when(other_admin(), today(), publish(None))
        .refused(PayPolicyError::Unsound(Unsound::ApproverMissing { tier: Tier::A }));
}

#[test]
fn one_policy_governs_an_entity() {
    let id = uuid(31);
    let taken = vec![Claim::take("pay_policy", "JP-HQ", id)];
    assert_eq!(given(approved()).claims(id, &is_published(1, begins())), taken);
    let next = given(published()).and([revised(2), is_approved(2)]);
    assert_eq!(next.claims(id, &is_published(2, begins())), [], "it is held already");
    assert_eq!(given(published()).claims(id, &is_retired()), [Claim::release("pay_policy", "JP-HQ", id)]);
    assert_eq!(given([drafted()]).claims(id, &is_retired()), []);
}

// editors

#[test]
fn whoever_wrote_it_lately_is_known_for_thirty_days() {
    let policy = given([drafted(), revised(2)]);
    let editors = |on: NaiveDate| policy.folded().standing().expect("it stands").edited_lately(on);
    let both = BTreeSet::from([admin().id, other_admin().id]);
    assert_eq!(editors(today()), both);
    assert_eq!(editors(today() + Days::new(29)), both);
    assert_eq!(editors(today() + Days::new(30)), BTreeSet::new());
}

// retire

#[test]
fn a_retired_policy_governs_no_further_offer() {
    given(approved()).when(admin(), end(), retire(None)).then([is_retired()]);
    let policy = given(retired());
    assert_eq!(policy.state(), "retired");
    assert_eq!(policy.folded().governing(end() - Days::new(1)).map(|one| one.version), Some(1));
    assert_eq!(policy.folded().governing(end()), None);
    policy.when(admin(), end(), retire(None)).quiet();
    policy.when(admin(), end(), retire(Some(sealed(3)))).refused(PayPolicyError::Retired { from: end() });
    policy.when(admin(), end(), publish(None)).refused(PayPolicyError::Retired { from: end() });
}

/// Nothing is looser than no policy.
#[test]
fn two_people_retire_what_was_published() {
    let policy = given(published());
    policy.when(admin(), end(), retire(None)).refused(PayPolicyError::RetirementReasonRequired);
    policy.when(service(9), end(), retire(Some(sealed(3)))).refused(PayPolicyError::NaturalPersonRequired);
    let proposed = PayPolicyEvent::RetirementProposed { reason: sealed(3), proposed_by: admin().id, decisions: 41 };
    policy.when(admin(), end(), retire(Some(sealed(3)))).then([proposed.clone()]);
    let asked = policy.and([proposed]);
    assert_eq!(asked.state(), "published");
    asked.when(admin(), end(), retire(None)).quiet();
    let retired_by = other_admin().id;
    asked.when(other_admin(), end(), retire(None)).then([PayPolicyEvent::Retired {
        effective_from: end(),
        retired_by,
        note: None,
    }]);
    // A new version takes it back.
    let anew = asked.and([revised(2), is_approved(2), is_published(2, end())]);
    anew.when(other_admin(), end(), retire(None)).refused(PayPolicyError::RetirementReasonRequired);
}

/// A change is as old as the day on which it begins to govern (PAY-24).
#[test]
fn whoever_wrote_what_begins_later_is_known_from_then_on() {
    let later = today() + Days::new(40);
    let policy = given([drafted(), is_approved(1), is_published(1, later)]);
    let editors = |on: NaiveDate| policy.folded().standing().expect("it stands").edited_lately(on);
    assert_eq!(editors(later + Days::new(29)), BTreeSet::from([admin().id]));
    assert_eq!(editors(later + Days::new(30)), BTreeSet::new());
}

#[test]
fn stored_forms_are_golden() {
    assert_goldens::<PayPolicy>(&samples());
}

pub(super) fn given(events: impl IntoIterator<Item = PayPolicyEvent>) -> Given<PayPolicy> {
    Given::events(events)
}

fn nothing() -> Given<PayPolicy> {
    Given::nothing()
}

pub(super) fn admin() -> Actor {
    person(57)
}

pub(super) fn other_admin() -> Actor {
    person(59)
}

pub(super) fn approver() -> Actor {
    person(58)
}

pub(super) fn today() -> NaiveDate {
    day("2026-11-25")
}

fn begins() -> NaiveDate {
    day("2026-12-01")
}

pub(super) fn end() -> NaiveDate {
    day("2027-03-31")
}

pub(super) fn draft(terms: PolicyTerms) -> PayPolicyCommand {
    PayPolicyCommand::Draft(Box::new(terms))
}

pub(super) fn revise(terms: PolicyTerms) -> PayPolicyCommand {
    PayPolicyCommand::Revise(Box::new(terms))
}

pub(super) fn publish(effective_from: Option<NaiveDate>) -> PayPolicyCommand {
    PayPolicyCommand::Publish(Box::new(Publishing { effective_from, ..Publishing::default() }))
}

pub(super) fn retire(note: Option<aggregates::values::FreeText>) -> PayPolicyCommand {
    PayPolicyCommand::Retire { note, decisions: 41 }
}

pub(super) fn drafted() -> PayPolicyEvent {
    PayPolicyEvent::Drafted { terms: Box::new(terms()), drafted_by: admin().id, drafted_on: today() }
}

pub(super) fn revised(version: u32) -> PayPolicyEvent {
    let (revised_by, revised_on) = (other_admin().id, today());
    PayPolicyEvent::Revised { version, terms: Box::new(bare()), revised_by, revised_on }
}

pub(super) fn is_approved(version: u32) -> PayPolicyEvent {
    PayPolicyEvent::Approved { version, approved_by: approver().id }
}

fn is_published(version: u32, effective_from: NaiveDate) -> PayPolicyEvent {
    PayPolicyEvent::Published { version, effective_from, published_by: admin().id, loosening: None, reason: None }
}

pub(super) fn is_retired() -> PayPolicyEvent {
    PayPolicyEvent::Retired { effective_from: end(), retired_by: admin().id, note: None }
}

pub(super) fn approved() -> Vec<PayPolicyEvent> {
    vec![drafted(), is_approved(1)]
}

pub(super) fn published() -> Vec<PayPolicyEvent> {
    [approved(), vec![is_published(1, begins())]].concat()
}

pub(super) fn retired() -> Vec<PayPolicyEvent> {
    [published(), vec![is_retired()]].concat()
}
