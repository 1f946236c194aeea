//! A policy that is looser than the defaults: published by a second approver, with a reason, and with what it would have flipped.

use aggregates::pay::{Fraction, Loosening, PolicyTerms, Seat, Thresholds, Tier};
use aggregates::pay_policy::{PayPolicyCommand, PayPolicyError, PayPolicyEvent, Publishing};
use serde_json::Value;

use super::{admin, approver, given, is_approved, other_admin, today};
use crate::samples::pay_policy::terms;
use crate::support::{person, sealed, service};

#[test]
fn a_looser_policy_is_published_by_a_second_approver_who_says_why() {
    let policy = given(waiting());
    let published = PayPolicyEvent::Published {
        version: 1,
        effective_from: today(),
        published_by: other_admin().id,
        loosening: Some(Box::new(counted(fields()))),
        reason: Some(sealed(3)),
    };
    policy.when(other_admin(), today(), publish(Some(counted(fields())), true)).then([published]);
}

#[test]
fn whoever_drafted_or_approved_it_is_no_second_approver() {
    for by in [admin(), approver(), service(9)] {
        given(waiting())
            .when(by, today(), publish(Some(counted(fields())), true))
            .refused(PayPolicyError::SecondApproverRequired { fields: fields() });
    }
}

#[test]
fn a_looser_policy_without_a_reason_is_refused() {
    given(waiting())
        .when(other_admin(), today(), publish(Some(counted(fields())), false))
        .refused(PayPolicyError::LooseningReasonRequired { fields: fields() });
}

#[test]
fn what_was_counted_for_other_terms_is_refused() {
    let other = || Some(counted(vec!["/guide".to_owned()]));
    for counted in [None, other()] {
        given(waiting())
            .when(other_admin(), today(), publish(counted, true))
            .refused(PayPolicyError::LooseningNotCounted);
    }
    let strict = given([drafted(terms()), is_approved(1)]);
    strict.when(other_admin(), today(), publish(other(), true)).refused(PayPolicyError::LooseningNotCounted);
}

#[test]
fn a_policy_of_the_defaults_or_stricter_loosens_nothing() {
    assert!(terms().loosened().is_empty());
    let mut strict = terms();
    strict.thresholds.peers_d = Fraction::percent(115);
    strict.thresholds.manager_c = Fraction::percent(15);
    strict.snapshot_days = 90;
    strict.fresh_band_days = 30;
    strict.explanation_days = 7;
    strict.followed_months = 60;
    strict.seats.entry(Tier::A).or_default().insert(Seat::Compensation);
    assert!(strict.loosened().is_empty());
}

/// What loosens no default and would have put past decisions in a milder tier is published like what does.
#[test]
fn what_past_decisions_were_held_to_is_loosened_by_a_second_approver() {
    let strict = given([drafted(terms()), is_approved(1)]);
    let milder = || Some(counted(vec![]));
    strict
        .when(admin(), today(), publish(milder(), true))
        .refused(PayPolicyError::SecondApproverRequired { fields: vec![] });
    strict
        .when(person(60), today(), publish(milder(), false))
        .refused(PayPolicyError::LooseningReasonRequired { fields: vec![] });
    assert_eq!(strict.when(person(60), today(), publish(milder(), true)).recorded().len(), 1);
    assert_eq!(strict.when(admin(), today(), publish(None, false)).recorded().len(), 1);
}

/// Each bound by itself: the pointer leads to the very field, and nothing else is told.
#[test]
fn everything_that_a_policy_loosens_is_named_by_its_place() {
    type Loosened = fn(&mut PolicyTerms);
    let cases: [(Loosened, &str); 26] = [
        (|terms| terms.full_time_hours -= 1, "/full_time_hours"),
        (|terms| terms.thresholds.range_b = more(|bounds| bounds.range_b), "/thresholds/range_b"),
        (|terms| terms.thresholds.range_c = more(|bounds| bounds.range_c), "/thresholds/range_c"),
        (|terms| terms.thresholds.peers_low = less(|bounds| bounds.peers_low), "/thresholds/peers_low"),
        (|terms| terms.thresholds.peers_b = more(|bounds| bounds.peers_b), "/thresholds/peers_b"),
        (|terms| terms.thresholds.peers_c = more(|bounds| bounds.peers_c), "/thresholds/peers_c"),
        (|terms| terms.thresholds.peers_d = more(|bounds| bounds.peers_d), "/thresholds/peers_d"),
        (|terms| terms.thresholds.stayers_low = less(|bounds| bounds.stayers_low), "/thresholds/stayers_low"),
        (|terms| terms.thresholds.stayers_c = more(|bounds| bounds.stayers_c), "/thresholds/stayers_c"),
        (|terms| terms.thresholds.stayers_d = more(|bounds| bounds.stayers_d), "/thresholds/stayers_d"),
        (|terms| terms.thresholds.leapfrog_c = more(|bounds| bounds.leapfrog_c), "/thresholds/leapfrog_c"),
        (|terms| terms.thresholds.leapfrog_d = more(|bounds| bounds.leapfrog_d), "/thresholds/leapfrog_d"),
        (|terms| terms.thresholds.manager_c = less(|bounds| bounds.manager_c), "/thresholds/manager_c"),
        (|terms| terms.thresholds.guide = more(|bounds| bounds.guide), "/thresholds/guide"),
        (|terms| terms.leapfrog_tolerance = Fraction::percent(6), "/leapfrog_tolerance"),
        (|terms| terms.peer_tenure_months += 1, "/peer_tenure_months"),
        (|terms| terms.stayer_tenure_months -= 1, "/stayer_tenure_months"),
        (|terms| terms.stayer_snapshot_days -= 1, "/stayer_snapshot_days"),
        (|terms| terms.guide.retain(|step| step.from_months > 0), "/guide"),
        (|terms| terms.snapshot_days += 1, "/snapshot_days"),
        (|terms| terms.fresh_band_days -= 1, "/fresh_band_days"),
        (|terms| terms.guide.clear(), "/guide"),
        (|terms| terms.explanation_days = 15, "/explanation_days"),
        (|terms| terms.followed_months = 35, "/followed_months"),
        (|terms| terms.seats.entry(Tier::B).or_default().retain(|seat| *seat == Seat::Hr), "/seats/B"),
        (|terms| terms.seats.entry(Tier::BPrime).or_default().retain(|seat| *seat == Seat::Hr), "/seats/B'"),
    ];
    for (loosen, pointer) in cases {
        let mut looser = terms();
        loosen(&mut looser);
        assert_eq!(looser.loosened(), [pointer]);
        let written = serde_json::to_value(&looser).expect("JSON");
        // An empty table is left out of the written form.
        let known = pointer == "/guide" || written.pointer(pointer).is_some_and(|value| !value.is_null());
        assert!(known, "{pointer}: {}", Value::to_string(&written));
    }
}

fn more(of: fn(&Thresholds) -> Fraction) -> Fraction {
    of(&Thresholds::default()).plus(Fraction::percent(1)).unwrap_or_default()
}

fn less(of: fn(&Thresholds) -> Fraction) -> Fraction {
    of(&Thresholds::default()).minus(Fraction::percent(1)).unwrap_or_default()
}

fn looser() -> PolicyTerms {
    let mut looser = terms();
    looser.leapfrog_tolerance = Fraction::percent(6);
    looser
}

fn fields() -> Vec<String> {
    vec!["/leapfrog_tolerance".to_owned()]
}

fn drafted(terms: PolicyTerms) -> PayPolicyEvent {
    PayPolicyEvent::Drafted { terms: Box::new(terms), drafted_by: admin().id, drafted_on: today() }
}

fn waiting() -> Vec<PayPolicyEvent> {
    vec![drafted(looser()), is_approved(1)]
}

fn counted(fields: Vec<String>) -> Loosening {
    Loosening { fields, decisions: 12, milder: 3, stricter: 0, not_assessable: 0 }
}

fn publish(loosening: Option<Loosening>, says_why: bool) -> PayPolicyCommand {
    let reason = says_why.then(|| sealed(3));
    PayPolicyCommand::Publish(Box::new(Publishing { effective_from: None, loosening, reason }))
}
