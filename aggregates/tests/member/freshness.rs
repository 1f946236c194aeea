//! What a member confirms, when they are asked for it, and how they are left alone.

use aggregates::issued::Due;
use aggregates::member::{Ending, Member, MemberCommand, MemberError, MemberEvent};
use chrono::{Days, TimeDelta};
use proptest::prelude::*;

use super::{active, alumna, asked, claimed, confirmed, dormant, invited, left, paused, today};
use crate::support::{Given, day};

#[test]
fn a_member_confirms_their_data() {
    for past in [active(), paused(None)] {
        let member = Given::<Member>::events(past);
        let later = day("2027-01-15");
        member.when(alumna(), later, MemberCommand::ConfirmData { terms_version: None }).then([confirmed(later)]);
        assert_eq!(member.clone().and([confirmed(later)]).state(), member.state());
    }
}

#[test]
fn confirming_twice_on_a_day_says_nothing_new() {
    for past in [active(), paused(None)] {
        let member = Given::<Member>::events(past).and([confirmed(day("2027-01-15"))]);
        member.when(alumna(), day("2027-01-15"), MemberCommand::ConfirmData { terms_version: None }).quiet();
        member
            .when(alumna(), day("2027-01-16"), MemberCommand::ConfirmData { terms_version: None })
            .then([confirmed(day("2027-01-16"))]);
    }
}

#[test]
fn a_new_version_of_the_terms_is_accepted_with_the_data() {
    let accepting = |version: &str| MemberCommand::ConfirmData { terms_version: Some(version.to_owned()) };
    let accepted = |version: &str| MemberEvent::TermsAccepted { terms_version: version.to_owned() };
    let later = day("2027-01-15");
    for past in [active(), paused(None), dormant()] {
        let member = Given::<Member>::events(past);
        // The version that stands is accepted already.
        member.when(alumna(), later, accepting("2026-10")).then([confirmed(later)]);
        member.when(alumna(), later, accepting("2027-01")).then([accepted("2027-01"), confirmed(later)]);
        member.when(alumna(), later, accepting(" ")).refused(MemberError::TermsVersionMissing);
        let member = member.and([accepted("2027-01"), confirmed(later)]);
        member.when(alumna(), later, accepting("2027-01")).quiet();
        member.when(alumna(), later, MemberCommand::ConfirmData { terms_version: None }).quiet();
        // Whoever has confirmed today still accepts what is new.
        member.when(alumna(), later, accepting("2027-02")).then([accepted("2027-02")]);
    }
}

#[test]
fn only_members_confirm_their_data() {
    for (past, error) in [
        (claimed(), MemberError::AwaitsReview),
        (invited(), MemberError::AwaitsDeparture),
        (left(), MemberError::Ended { ending: Ending::Left }),
    ] {
        Given::<Member>::events(past)
            .when(alumna(), today(), MemberCommand::ConfirmData { terms_version: None })
            .refused(error);
    }
}

#[test]
fn confirming_wakes_a_dormant_membership() {
    Given::<Member>::events(dormant())
        .when(alumna(), day("2028-02-01"), MemberCommand::ConfirmData { terms_version: None })
        .then([confirmed(day("2028-02-01"))]);
    let member = Given::<Member>::events(dormant()).and([confirmed(day("2028-02-01"))]);
    assert_eq!(member.state(), "active");
    assert_eq!(member.wake(), Some(Due::On(day("2029-02-01"))));
}

#[test]
fn data_is_asked_for_twelve_months_after_it_was_last_known() {
    let member = Given::<Member>::events(active());
    assert_eq!(member.wake(), Some(Due::On(day("2027-10-01"))));
    let member = member.and([confirmed(day("2027-03-10"))]);
    assert_eq!(member.wake(), Some(Due::On(day("2028-03-10"))));
}

#[test]
fn a_leap_day_comes_round_on_the_last_of_february() {
    let member = Given::<Member>::events(active()).and([confirmed(day("2028-02-29"))]);
    assert_eq!(member.wake(), Some(Due::On(day("2029-02-28"))));
}

#[test]
fn two_unanswered_questions_make_a_membership_dormant() {
    let mut member = Given::<Member>::events(active());
    for (on, event) in [
        ("2027-10-01", asked(1, day("2027-10-01"))),
        ("2027-10-31", asked(2, day("2027-10-31"))),
        ("2027-11-30", MemberEvent::BecameDormant { dormant_on: day("2027-11-30") }),
    ] {
        assert_eq!(member.wake(), Some(Due::On(day(on))));
        member.when_woken(day(on) - Days::new(1)).quiet();
        member.when_woken(day(on)).then([event.clone()]);
        member = member.and([event]);
    }
    assert_eq!(member.state(), "dormant");
    assert_eq!(member.wake(), None);
    member.when_woken(day("2099-01-01")).quiet();
}

#[test]
fn an_answer_ends_the_questions() {
    let asked = asked(2, day("2027-10-31"));
    let member = Given::<Member>::events(active()).and([asked, confirmed(day("2027-11-05"))]);
    assert_eq!(member.wake(), Some(Due::On(day("2028-11-05"))));
}

#[test]
fn a_late_clock_asks_once_and_leaves_thirty_days_to_answer() {
    let asked = asked(1, day("2028-05-05"));
    Given::<Member>::events(active()).when_woken(day("2028-05-05")).then([asked.clone()]);
    assert_eq!(Given::<Member>::events(active()).and([asked]).wake(), Some(Due::On(day("2028-06-04"))));
}

#[test]
fn nobody_is_asked_before_the_membership_begins() {
    for past in [claimed(), invited()] {
        assert_eq!(Given::<Member>::events(past.clone()).wake(), None);
        Given::<Member>::events(past).when_woken(day("2099-01-01")).quiet();
    }
}

proptest! {
    /// However late or often the clock looks, nobody becomes dormant without two questions and thirty days for each.
    #[test]
    fn nobody_becomes_dormant_unasked(steps in proptest::collection::vec((1..200_u64, any::<bool>()), 1..60)) {
        let mut member = Given::<Member>::events(active());
        let (mut on, mut known_on, mut asked) = (today(), today(), Vec::new());
        for (days, answers) in steps {
            on = on + Days::new(days);
            let order = if answers { MemberCommand::ConfirmData { terms_version: None } } else { MemberCommand::Wake };
            let events = member.when(alumna(), on, order).recorded();
            for event in &events {
                if let MemberEvent::ConfirmationAsked { asked_on, .. } = event {
                    prop_assert!(*asked_on - known_on >= TimeDelta::days(365));
                    asked.push(*asked_on);
                } else if let MemberEvent::BecameDormant { dormant_on } = event {
                    prop_assert_eq!(asked.len(), 2);
                    prop_assert!(asked[1] - asked[0] >= TimeDelta::days(30));
                    prop_assert!(*dormant_on - asked[1] >= TimeDelta::days(30));
                } else {
                    known_on = on;
                    asked.clear();
                }
            }
            member = member.and(events);
        }
    }
}

#[test]
fn a_paused_member_is_not_asked() {
    Given::<Member>::events(active())
        .when(alumna(), today(), MemberCommand::Pause { until: None })
        .then([MemberEvent::Paused { until: None }]);
    let member = Given::<Member>::events(paused(None));
    assert_eq!(member.state(), "paused");
    assert_eq!(member.wake(), None);
    member.when_woken(day("2099-01-01")).quiet();
}

#[test]
fn a_pause_ends_by_itself_on_its_day() {
    let until = day("2027-04-01");
    let member = Given::<Member>::events(paused(Some(until)));
    assert_eq!(member.wake(), Some(Due::On(until)));
    member.when_woken(day("2027-03-31")).quiet();
    member.when_woken(until).then([MemberEvent::Resumed]);
    assert_eq!(member.and([MemberEvent::Resumed]).state(), "active");
}

#[test]
fn a_pause_can_be_moved_but_not_into_the_past() {
    let until = Some(day("2027-04-01"));
    let member = Given::<Member>::events(paused(until));
    member.when(alumna(), today(), MemberCommand::Pause { until }).quiet();
    member.when(alumna(), today(), MemberCommand::Pause { until: None }).then([MemberEvent::Paused { until: None }]);
    for past in [active(), paused(None)] {
        Given::<Member>::events(past)
            .when(alumna(), today(), MemberCommand::Pause { until: Some(today()) })
            .refused(MemberError::PauseOverAlready { until: today() });
    }
}

#[test]
fn only_members_pause_and_resume() {
    for (past, error) in [
        (claimed(), MemberError::AwaitsReview),
        (invited(), MemberError::AwaitsDeparture),
        (dormant(), MemberError::Dormant),
        (left(), MemberError::Ended { ending: Ending::Left }),
    ] {
        for order in [MemberCommand::Pause { until: None }, MemberCommand::Resume] {
            Given::<Member>::events(past.clone()).when(alumna(), today(), order).refused(error.clone());
        }
    }
}

#[test]
fn a_member_resumes_and_an_active_one_has_nothing_to_resume() {
    Given::<Member>::events(paused(None)).when(alumna(), today(), MemberCommand::Resume).then([MemberEvent::Resumed]);
    Given::<Member>::events(active()).when(alumna(), today(), MemberCommand::Resume).quiet();
}

#[test]
fn a_pause_forgets_unanswered_questions() {
    let member = Given::<Member>::events(active()).and([
        asked(2, day("2027-10-31")),
        MemberEvent::Paused { until: None },
        MemberEvent::Resumed,
    ]);
    assert_eq!(member.wake(), Some(Due::On(day("2027-10-01"))));
    member.when_woken(day("2028-03-01")).then([asked(1, day("2028-03-01"))]);
}
