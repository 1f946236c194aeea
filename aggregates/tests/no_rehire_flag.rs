//! A no-rehire flag: two people to raise it, a third to hear the appeal, and always an end.

mod transitions;

use std::collections::BTreeMap;

use aggregates::ids::PersonId;
use aggregates::issued::{Actor, Due};
use aggregates::no_rehire_flag::{
    Ending, ExpiryCause, FlagReason, Grounds, LiftReason, NoRehireFlag, NoRehireFlagCommand, NoRehireFlagError,
    NoRehireFlagEvent, ReviewDecision, flag_key,
};
use aggregates::stream::{Claim, ClaimChange};
use chrono::{Days, NaiveDate};
use proptest::prelude::*;

use crate::samples;
use crate::support::{Given, assert_goldens, day, person, sealed, service, system, uuid};

// raise

#[test]
fn a_raised_flag_has_no_effect_until_it_is_upheld() {
    Given::<NoRehireFlag>::nothing().when(raiser(), today(), raise(grounds())).then([raised()]);
    let flag = Given::<NoRehireFlag>::events([raised()]);
    assert_eq!(flag.state(), "raised");
    assert_eq!(flag.subject(), Some(flagged()));
}

#[test]
fn a_flag_needs_clause_evidence_and_appeal_route() {
    for incomplete in [
        Grounds { clause: String::new(), ..grounds() },
        Grounds { evidence_ref: "  ".to_owned(), ..grounds() },
        Grounds { appeal_route: String::new(), ..grounds() },
    ] {
        Given::<NoRehireFlag>::nothing()
            .when(raiser(), today(), raise(incomplete))
            .refused(NoRehireFlagError::GroundsRequired);
    }
}

#[test]
fn a_flag_lasts_three_years_at_most() {
    let latest = day("2029-10-01");
    for expires_on in [today(), latest + Days::new(1)] {
        Given::<NoRehireFlag>::nothing()
            .when(raiser(), today(), raise(Grounds { expires_on, ..grounds() }))
            .refused(NoRehireFlagError::ExpiryOutOfRange { expires_on, earliest: today(), latest });
    }
    let flag = Given::<NoRehireFlag>::nothing();
    assert_eq!(flag.when(raiser(), today(), raise(Grounds { expires_on: latest, ..grounds() })).recorded().len(), 1);
}

#[test]
fn a_program_decides_about_nobody() {
    for by in [service(9), system()] {
        let refused = NoRehireFlagError::NaturalPersonRequired;
        Given::<NoRehireFlag>::nothing().when(by, today(), raise(grounds())).refused(refused.clone());
        Given::<NoRehireFlag>::events([raised()]).when(by, today(), uphold()).refused(refused.clone());
        Given::<NoRehireFlag>::events(active()).when(by, near_expiry(), renew("legal/2029/7")).refused(refused.clone());
        Given::<NoRehireFlag>::events(active()).when(by, today(), lift(LiftReason::LegalAdvice)).refused(refused);
    }
}

/// Quiet is not possible: a repeated request is replayed from its receipt before it comes here.
#[test]
fn a_raised_flag_is_not_raised_again() {
    for past in [vec![raised()], active(), under_appeal(), lifted()] {
        Given::<NoRehireFlag>::events(past)
            .when(raiser(), today(), raise(grounds()))
            .refused(NoRehireFlagError::AlreadyRaised);
    }
}

#[test]
fn nothing_can_be_asked_of_a_flag_that_nobody_raised() {
    for order in [uphold(), renew("legal/2029/7"), lift(LiftReason::RaisedInError), appeal(None)] {
        Given::<NoRehireFlag>::nothing().when(reviewer(), today(), order).refused(NoRehireFlagError::Unraised);
    }
    let flag = Given::<NoRehireFlag>::nothing();
    flag.when_woken(today()).quiet();
    assert_eq!((flag.state(), flag.subject(), flag.wake()), ("unraised", None, None));
}

#[test]
fn protected_conduct_has_no_name_here() {
    for reason in ["union_activity", "leave", "whistleblowing", "complaint", "other"] {
        assert!(reason.parse::<FlagReason>().is_err(), "{reason}");
    }
}

// review of the flag itself

#[test]
fn a_second_person_upholds_or_rejects_the_flag() {
    let flag = Given::<NoRehireFlag>::events([raised()]);
    flag.when(reviewer(), today(), uphold()).then([upheld()]);
    assert_eq!(flag.clone().and([upheld()]).state(), "active");
    let rejected = NoRehireFlagEvent::Rejected { reviewed_by: reviewer().id, note: Some(sealed(8)) };
    flag.when(reviewer(), today(), review(ReviewDecision::Reject, None, Some(sealed(8)))).then([rejected.clone()]);
    assert_eq!(flag.and([rejected]).state(), "rejected");
}

#[test]
fn a_reviewer_may_cite_another_clause_but_not_none() {
    let cite = |clause: &str| review(ReviewDecision::Uphold, Some(clause.to_owned()), None);
    let flag = Given::<NoRehireFlag>::events([raised()]);
    flag.when(reviewer(), today(), cite("第14条")).then([NoRehireFlagEvent::Upheld {
        clause: "第14条".to_owned(),
        reviewed_by: reviewer().id,
        note: None,
    }]);
    flag.when(reviewer(), today(), cite(" ")).refused(NoRehireFlagError::GroundsRequired);
}

#[test]
fn nobody_reviews_the_flag_they_raised() {
    for order in [uphold(), reject()] {
        Given::<NoRehireFlag>::events([raised()])
            .when(raiser(), today(), order)
            .refused(NoRehireFlagError::SecondPersonRequired);
    }
}

/// Quiet is not possible for `review`: who reviewed, and when, are facts of their own.
#[test]
fn a_flag_in_force_has_nothing_to_review() {
    Given::<NoRehireFlag>::events(active())
        .when(outsider(), today(), uphold())
        .refused(NoRehireFlagError::NothingToReview);
}

#[test]
fn a_flag_that_nobody_reviews_falls_away_after_thirty_days() {
    let flag = Given::<NoRehireFlag>::events([raised()]);
    let falls_away = day("2026-10-31");
    assert_eq!(flag.wake(), Some(Due::On(falls_away)));
    flag.when_woken(day("2026-10-30")).quiet();
    let expired = NoRehireFlagEvent::Expired { on: falls_away, because: ExpiryCause::NeverReviewed };
    flag.when_woken(day("2026-11-20")).then([expired.clone()]);
    flag.when(reviewer(), falls_away, uphold()).refused(NoRehireFlagError::Lapsed { on: falls_away });
    assert_eq!(flag.and([expired]).state(), "expired");
}

#[test]
fn a_short_flag_falls_away_at_its_end_even_unreviewed() {
    let short = Grounds { expires_on: day("2026-10-15"), ..grounds() };
    let flag = Given::<NoRehireFlag>::nothing();
    let flag = flag.clone().and(flag.when(raiser(), today(), raise(short)).recorded());
    assert_eq!(flag.wake(), Some(Due::On(day("2026-10-15"))));
    flag.when_woken(day("2026-10-15"))
        .then([NoRehireFlagEvent::Expired { on: day("2026-10-15"), because: ExpiryCause::TermEnded }]);
}

// appeal

#[test]
fn a_flag_in_force_can_be_appealed() {
    let flag = Given::<NoRehireFlag>::events(active());
    flag.when(alumna(), today(), appeal(Some(sealed(4)))).then([NoRehireFlagEvent::Appealed {
        grounds: Some(sealed(4)),
        appealed_by: alumna().id,
        involved: vec![raiser().id, reviewer().id],
    }]);
    assert_eq!(flag.and([appealed()]).state(), "under_appeal");
}

#[test]
fn appealing_again_says_nothing_new_unless_there_are_words() {
    let flag = Given::<NoRehireFlag>::events(under_appeal());
    flag.when(alumna(), today(), appeal(None)).quiet();
    flag.when(alumna(), today(), appeal(Some(sealed(4)))).refused(NoRehireFlagError::AppealPending);
}

#[test]
fn a_flag_without_effect_cannot_be_appealed() {
    Given::<NoRehireFlag>::events([raised()])
        .when(alumna(), today(), appeal(None))
        .refused(NoRehireFlagError::AwaitsReview);
    Given::<NoRehireFlag>::events(lifted())
        .when(alumna(), today(), appeal(None))
        .refused(NoRehireFlagError::Ended { ending: Ending::Lifted { reason_code: LiftReason::RaisedInError } });
}

#[test]
fn an_appeal_is_dismissed_or_granted_by_somebody_uninvolved() {
    let flag = Given::<NoRehireFlag>::events(under_appeal());
    flag.when(outsider(), today(), uphold()).then([dismissed()]);
    assert_eq!(flag.clone().and([dismissed()]).state(), "active");
    let granted = NoRehireFlagEvent::AppealGranted { reviewed_by: outsider().id, note: None };
    flag.when(outsider(), today(), reject()).then([granted.clone()]);
    assert_eq!(flag.and([granted]).state(), "lifted");
}

#[test]
fn nobody_involved_before_decides_an_appeal() {
    let renewer = person(20);
    let active = [active(), vec![proposed_by(renewer), renewal_refused()]].concat();
    let appeal = Given::<NoRehireFlag>::events(active.clone()).when(alumna(), today(), appeal(None)).recorded();
    let [NoRehireFlagEvent::Appealed { involved, .. }] = &appeal[..] else { panic!("{appeal:?}") };
    assert_eq!(*involved, [raiser(), reviewer(), renewer, person(21)].map(|actor| actor.id), "the event names them");
    let disputed = [active, appeal.clone()].concat();
    for by in [raiser(), reviewer(), alumna(), renewer, person(21)] {
        for order in [uphold(), reject()] {
            Given::<NoRehireFlag>::events(disputed.clone())
                .when(by, today(), order)
                .refused(NoRehireFlagError::UninvolvedPersonRequired);
        }
    }
}

#[test]
fn an_appeal_is_heard_once_a_term() {
    let flag = Given::<NoRehireFlag>::events(under_appeal()).and([dismissed()]);
    flag.when(alumna(), today(), appeal(Some(sealed(4)))).refused(NoRehireFlagError::AppealDecided);
    let renewed = flag.and([proposed_by(raiser()), renewal_confirmed()]);
    assert_eq!(
        renewed.when(alumna(), near_expiry(), appeal(None)).recorded(),
        [appealed_after([raiser(), reviewer(), outsider(), alumna()])]
    );
    renewed
        .and([appealed()])
        .when(outsider(), near_expiry(), uphold())
        .refused(NoRehireFlagError::UninvolvedPersonRequired);
}

// expiry and renewal

#[test]
fn compliance_is_told_sixty_days_before_the_end() {
    for past in [active(), under_appeal()] {
        let flag = Given::<NoRehireFlag>::events(past);
        assert_eq!(flag.wake(), Some(Due::On(day("2029-08-02"))));
        flag.when_woken(day("2029-08-01")).quiet();
        flag.when_woken(day("2029-08-02")).then([noticed()]);
        let noticed = flag.and([noticed()]);
        noticed.when_woken(day("2029-08-03")).quiet();
        assert_eq!(noticed.wake(), Some(Due::On(expiry())));
    }
}

#[test]
fn a_flag_lapses_at_its_end_whatever_is_pending() {
    let renewing = [active(), vec![proposed_by(raiser())]].concat();
    for past in [active(), under_appeal(), renewing] {
        let flag = Given::<NoRehireFlag>::events(past);
        flag.when_woken(expiry()).then([expired()]);
        let lapsed = flag.clone().and([expired()]);
        assert_eq!((lapsed.state(), lapsed.wake()), ("expired", None));
        lapsed.when_woken(day("2099-01-01")).quiet();
        lapsed.when(outsider(), expiry(), uphold()).refused(NoRehireFlagError::Ended { ending: Ending::Expired });
    }
}

#[test]
fn nothing_prolongs_a_flag_whose_timer_runs_late() {
    let renewing = Given::<NoRehireFlag>::events(active()).and([proposed_by(raiser())]);
    let lapsed = NoRehireFlagError::Lapsed { on: expiry() };
    renewing.when(reviewer(), expiry(), uphold()).refused(lapsed.clone());
    let flag = Given::<NoRehireFlag>::events(active());
    flag.when(raiser(), expiry(), renew("legal/2029/7")).refused(lapsed.clone());
    flag.when(alumna(), expiry(), appeal(None)).refused(lapsed);
}

#[test]
fn a_flag_is_renewed_on_fresh_evidence_by_two_people() {
    let flag = Given::<NoRehireFlag>::events(active());
    flag.when(raiser(), near_expiry(), renew("legal/2029/7")).then([proposed_by(raiser())]);
    let flag = flag.and([noticed(), proposed_by(raiser())]);
    assert_eq!(flag.state(), "active");
    flag.when(reviewer(), near_expiry(), uphold()).then([renewal_confirmed()]);
    let renewed = flag.and([renewal_confirmed()]);
    assert_eq!(renewed.state(), "active");
    assert_eq!(renewed.wake(), Some(Due::On(day("2031-08-02"))), "the notice is given once a term");
}

#[test]
fn a_refused_renewal_lets_the_term_run_out() {
    let flag = Given::<NoRehireFlag>::events(active()).and([noticed(), proposed_by(raiser())]);
    flag.when(person(21), near_expiry(), reject()).then([renewal_refused()]);
    let refused = flag.and([renewal_refused()]);
    assert_eq!(refused.wake(), Some(Due::On(expiry())));
    refused.when(person(21), near_expiry(), uphold()).refused(NoRehireFlagError::NothingToReview);
    refused.when(raiser(), near_expiry(), renew("legal/2029/7")).then([proposed_by(raiser())]);
}

#[test]
fn nobody_reviews_the_renewal_they_proposed() {
    let flag = Given::<NoRehireFlag>::events(active()).and([proposed_by(raiser())]);
    for order in [uphold(), reject()] {
        flag.when(raiser(), near_expiry(), order).refused(NoRehireFlagError::SecondPersonRequired);
    }
}

#[test]
fn a_renewal_waits_for_the_last_sixty_days() {
    let flag = Given::<NoRehireFlag>::events(active());
    let from = day("2029-08-02");
    flag.when(raiser(), day("2029-08-01"), renew("legal/2029/7")).refused(NoRehireFlagError::TooEarlyToRenew { from });
    assert_eq!(flag.when(raiser(), from, renew("legal/2029/7")).recorded().len(), 1);
}

#[test]
fn a_renewal_needs_evidence_other_than_the_standing_one() {
    let flag = Given::<NoRehireFlag>::events(active());
    for evidence in ["legal/2026/0041", " legal/2026/0041 "] {
        flag.when(raiser(), near_expiry(), renew(evidence)).refused(NoRehireFlagError::FreshEvidenceRequired);
    }
    flag.when(raiser(), near_expiry(), renew(" ")).refused(NoRehireFlagError::GroundsRequired);
    flag.and([proposed_by(raiser()), renewal_confirmed()])
        .when(raiser(), day("2031-09-01"), renew("legal/2029/7"))
        .refused(NoRehireFlagError::FreshEvidenceRequired);
}

#[test]
fn a_renewed_term_is_longer_but_three_years_at_most() {
    let latest = day("2032-09-01");
    for expires_on in [expiry(), latest + Days::new(1)] {
        let order = NoRehireFlagCommand::Renew {
            evidence_ref: "legal/2029/7".to_owned(),
            expires_on,
            clause: "第12条".to_owned(),
        };
        Given::<NoRehireFlag>::events(active())
            .when(raiser(), near_expiry(), order)
            .refused(NoRehireFlagError::ExpiryOutOfRange { expires_on, earliest: expiry(), latest });
    }
}

#[test]
fn the_same_renewal_again_says_nothing_new_and_another_waits() {
    let flag = Given::<NoRehireFlag>::events(active()).and([proposed_by(raiser())]);
    flag.when(raiser(), near_expiry(), renew("legal/2029/7")).quiet();
    flag.when(raiser(), near_expiry(), renew("legal/2029/8")).refused(NoRehireFlagError::RenewalPending);
    flag.when(outsider(), near_expiry(), renew("legal/2029/7")).refused(NoRehireFlagError::RenewalPending);
}

#[test]
fn only_a_flag_in_force_and_undisputed_is_renewed() {
    for (past, error) in [
        (vec![raised()], NoRehireFlagError::AwaitsReview),
        (under_appeal(), NoRehireFlagError::AppealPending),
        (lifted(), NoRehireFlagError::Ended { ending: Ending::Lifted { reason_code: LiftReason::RaisedInError } }),
    ] {
        Given::<NoRehireFlag>::events(past).when(raiser(), today(), renew("legal/2029/7")).refused(error);
    }
}

#[test]
fn a_renewal_outlives_an_appeal_that_is_dismissed() {
    let flag = Given::<NoRehireFlag>::events(active()).and([proposed_by(raiser()), appealed(), dismissed()]);
    flag.when(reviewer(), near_expiry(), uphold()).then([renewal_confirmed()]);
}

// lift

#[test]
fn a_live_flag_can_be_lifted_at_any_time() {
    for past in [vec![raised()], active(), under_appeal()] {
        let flag = Given::<NoRehireFlag>::events(past);
        let order = NoRehireFlagCommand::Lift { reason_code: LiftReason::LegalAdvice, note: Some(sealed(9)) };
        let event = NoRehireFlagEvent::Lifted {
            reason_code: LiftReason::LegalAdvice,
            lifted_by: outsider().id,
            note: Some(sealed(9)),
        };
        flag.when(outsider(), today(), order).then([event.clone()]);
        assert_eq!(flag.and([event]).state(), "lifted");
    }
}

#[test]
fn lifting_for_the_same_reason_again_says_nothing_new() {
    let flag = Given::<NoRehireFlag>::events(lifted());
    flag.when(outsider(), today(), lift(LiftReason::RaisedInError)).quiet();
    let ended = NoRehireFlagError::Ended { ending: Ending::Lifted { reason_code: LiftReason::RaisedInError } };
    flag.when(outsider(), today(), lift(LiftReason::EvidenceRefuted)).refused(ended);
}

#[test]
fn a_flag_that_has_ended_is_not_lifted() {
    Given::<NoRehireFlag>::events(active())
        .and([expired()])
        .when(outsider(), expiry(), lift(LiftReason::RaisedInError))
        .refused(NoRehireFlagError::Ended { ending: Ending::Expired });
}

// claims and histories

#[test]
fn one_live_flag_per_person_and_reason() {
    let key = format!("{}/confidentiality_breach", flagged());
    assert_eq!(flag_key(flagged(), FlagReason::ConfidentialityBreach), key);
    let take = Claim::take("no_rehire_flag", key.clone(), flag_id());
    assert_eq!(Given::<NoRehireFlag>::nothing().claims(flag_id(), &raised()), [take]);
    let release = Claim::release("no_rehire_flag", key, flag_id());
    for (past, end) in [
        (vec![raised()], NoRehireFlagEvent::Rejected { reviewed_by: reviewer().id, note: None }),
        (active(), expired()),
        (active(), lifted().swap_remove(2)),
        (under_appeal(), NoRehireFlagEvent::AppealGranted { reviewed_by: outsider().id, note: None }),
    ] {
        assert_eq!(Given::<NoRehireFlag>::events(past).claims(flag_id(), &end), std::slice::from_ref(&release));
    }
}

proptest! {
    /// Whatever five people and the clock do: no flag stands past its end, none by one person's word, no appeal is
    /// decided by anybody involved, and the claim is held exactly while the flag lives.
    #[test]
    fn every_history_keeps_the_rules(
        story in proptest::collection::vec((any_order(), 0..5_u64, 0..15_u64), 0..80),
    ) {
        let mut on = today();
        let short = Grounds { expires_on: on + Days::new(150), ..grounds() };
        let mut past = Given::<NoRehireFlag>::nothing().when(raiser(), on, raise(short)).recorded();
        for (order, actor, days) in story {
            on = on + Days::new(days);
            let awake = Given::<NoRehireFlag>::events(past.clone());
            past.extend(awake.when_woken(on).recorded());
            let flag = Given::<NoRehireFlag>::events(past.clone());
            for event in flag.when(person(actor), on, order.on(on)).recorded() {
                prop_assert!(decided_by_another(&past, &event), "{:?} after {:?}", event, past);
                past.push(event);
            }
            let flag = Given::<NoRehireFlag>::events(past.clone());
            prop_assert_eq!(claims_held(&past), usize::from(flag.folded().term().is_some()));
            prop_assert!(flag.folded().term().is_none_or(|term| term.expires_on > on));
        }
    }
}

// stored forms

#[test]
fn stored_forms_do_not_change() {
    assert_goldens::<NoRehireFlag>(&samples::no_rehire_flag::samples());
}

// helpers

fn today() -> NaiveDate {
    day("2026-10-01")
}

fn expiry() -> NaiveDate {
    day("2029-10-01")
}

fn near_expiry() -> NaiveDate {
    day("2029-09-01")
}

fn raiser() -> Actor {
    person(1)
}

fn reviewer() -> Actor {
    person(2)
}

fn outsider() -> Actor {
    person(3)
}

fn alumna() -> Actor {
    person(4)
}

fn flagged() -> PersonId {
    PersonId(uuid(10))
}

fn flag_id() -> uuid::Uuid {
    uuid(11)
}

fn grounds() -> Grounds {
    Grounds {
        reason: FlagReason::ConfidentialityBreach,
        clause: "第12条".to_owned(),
        evidence_ref: "legal/2026/0041".to_owned(),
        appeal_route: "compliance desk".to_owned(),
        expires_on: expiry(),
        note: Some(sealed(1)),
    }
}

fn raise(grounds: Grounds) -> NoRehireFlagCommand {
    NoRehireFlagCommand::Raise { person_id: flagged(), grounds: Box::new(grounds) }
}

fn review(
    decision: ReviewDecision,
    clause: Option<String>,
    note: Option<aggregates::values::FreeText>,
) -> NoRehireFlagCommand {
    NoRehireFlagCommand::Review { decision, clause, note }
}

fn uphold() -> NoRehireFlagCommand {
    review(ReviewDecision::Uphold, None, None)
}

fn reject() -> NoRehireFlagCommand {
    review(ReviewDecision::Reject, None, None)
}

fn renew(evidence_ref: &str) -> NoRehireFlagCommand {
    NoRehireFlagCommand::Renew {
        evidence_ref: evidence_ref.to_owned(),
        expires_on: day("2031-10-01"),
        clause: "第12条".to_owned(),
    }
}

fn lift(reason_code: LiftReason) -> NoRehireFlagCommand {
    NoRehireFlagCommand::Lift { reason_code, note: None }
}

fn appeal(grounds: Option<aggregates::values::FreeText>) -> NoRehireFlagCommand {
    NoRehireFlagCommand::Appeal { grounds }
}

fn raised() -> NoRehireFlagEvent {
    NoRehireFlagEvent::Raised {
        person_id: flagged(),
        grounds: Box::new(grounds()),
        raised_by: raiser().id,
        raised_on: today(),
    }
}

fn upheld() -> NoRehireFlagEvent {
    NoRehireFlagEvent::Upheld { clause: "第12条".to_owned(), reviewed_by: reviewer().id, note: None }
}

fn appealed() -> NoRehireFlagEvent {
    appealed_after([raiser(), reviewer()])
}

/// Handed in after these had a hand in it.
fn appealed_after<const N: usize>(involved: [Actor; N]) -> NoRehireFlagEvent {
    let involved = involved.map(|actor| actor.id).to_vec();
    NoRehireFlagEvent::Appealed { grounds: None, appealed_by: alumna().id, involved }
}

fn dismissed() -> NoRehireFlagEvent {
    NoRehireFlagEvent::AppealDismissed { clause: "第12条".to_owned(), reviewed_by: outsider().id, note: None }
}

fn noticed() -> NoRehireFlagEvent {
    NoRehireFlagEvent::ExpiryNoticed { expires_on: expiry() }
}

fn expired() -> NoRehireFlagEvent {
    NoRehireFlagEvent::Expired { on: expiry(), because: ExpiryCause::TermEnded }
}

fn proposed_by(by: Actor) -> NoRehireFlagEvent {
    NoRehireFlagEvent::RenewalProposed {
        clause: "第12条".to_owned(),
        evidence_ref: "legal/2029/7".to_owned(),
        expires_on: day("2031-10-01"),
        renewed_by: by.id,
    }
}

fn renewal_confirmed() -> NoRehireFlagEvent {
    NoRehireFlagEvent::RenewalConfirmed {
        clause: "第12条".to_owned(),
        evidence_ref: "legal/2029/7".to_owned(),
        expires_on: day("2031-10-01"),
        reviewed_by: reviewer().id,
        note: None,
    }
}

fn renewal_refused() -> NoRehireFlagEvent {
    NoRehireFlagEvent::RenewalRefused { reviewed_by: person(21).id, note: None }
}

fn active() -> Vec<NoRehireFlagEvent> {
    vec![raised(), upheld()]
}

fn under_appeal() -> Vec<NoRehireFlagEvent> {
    vec![raised(), upheld(), appealed()]
}

fn lifted() -> Vec<NoRehireFlagEvent> {
    let lifted =
        NoRehireFlagEvent::Lifted { reason_code: LiftReason::RaisedInError, lifted_by: outsider().id, note: None };
    vec![raised(), upheld(), lifted]
}

/// An order, apart from the day on which it is given.
#[derive(Clone, Copy, Debug)]
enum AnyOrder {
    Uphold,
    Reject,
    Renew(&'static str),
    Appeal,
    Lift,
}

impl AnyOrder {
    fn on(self, on: NaiveDate) -> NoRehireFlagCommand {
        match self {
            Self::Uphold => uphold(),
            Self::Reject => reject(),
            Self::Renew(evidence_ref) => NoRehireFlagCommand::Renew {
                evidence_ref: evidence_ref.to_owned(),
                expires_on: on + Days::new(150),
                clause: "第12条".to_owned(),
            },
            Self::Appeal => appeal(None),
            Self::Lift => lift(LiftReason::LegalAdvice),
        }
    }
}

fn any_order() -> impl Strategy<Value = AnyOrder> {
    prop_oneof![
        8 => Just(AnyOrder::Uphold),
        4 => proptest::sample::select(vec!["legal/2026/0041", "legal/2029/7", "legal/2032/1"]).prop_map(AnyOrder::Renew),
        4 => Just(AnyOrder::Appeal),
        1 => Just(AnyOrder::Reject),
        1 => Just(AnyOrder::Lift),
    ]
}

/// How many claims the ledger would hold for the flag after its whole past.
fn claims_held(past: &[NoRehireFlagEvent]) -> usize {
    let mut flag = Given::<NoRehireFlag>::nothing();
    let mut held = BTreeMap::new();
    for event in past {
        for Claim { key, change, .. } in flag.claims(flag_id(), event) {
            match change {
                ClaimChange::Take { holder, .. } => assert_eq!(held.insert(key, holder), None),
                ClaimChange::Release { holder } => assert_eq!(held.remove(&key), Some(holder)),
            }
        }
        flag = flag.and([event.clone()]);
    }
    held.len()
}

/// Whether whoever decided had the distance that the decision needs, read from the stored forms alone.
fn decided_by_another(past: &[NoRehireFlagEvent], event: &NoRehireFlagEvent) -> bool {
    let told = |event: &NoRehireFlagEvent| serde_json::to_value(event).unwrap_or_default();
    let by = told(event)["reviewed_by"].clone();
    let spoke = |event: &NoRehireFlagEvent| {
        let told = told(event);
        ["raised_by", "reviewed_by", "renewed_by", "appealed_by"].iter().any(|role| told[role] == by)
    };
    let proposed = |event: &&NoRehireFlagEvent| <&str>::from(*event) == "renewal_proposed";
    match <&str>::from(event) {
        "upheld" | "rejected" => !past.iter().any(spoke),
        "renewal_confirmed" | "renewal_refused" => !past.iter().rfind(proposed).is_some_and(spoke),
        "appeal_dismissed" | "appeal_granted" => !past.iter().any(spoke),
        _ => true,
    }
}
