//! The first letter, who is never written to, and what a letter led to.

use aggregates::departure::{
    Channel, DepartureCommand as Command, DepartureError as Error, DepartureEvent as Event, OutreachBar, OutreachBasis,
};
use aggregates::ids::MemberId;
use aggregates::values::Verdict;

use super::{after, assessed, assessed_ineligible, barred, confirmed, in_effect, invite, invited, noted, scheduled};
use crate::support::{instant, person, service, system, uuid};

#[test]
fn an_invitation_lasts_thirty_days_also_before_the_last_day() {
    let at = instant("2024-03-01T09:00:00Z");
    scheduled().when(person(1), at, invite()).then([invited(1, "2024-03-31T09:00:00Z")]);
    in_effect()
        .and([invited(1, "2024-03-31T09:00:00Z")])
        .when(person(1), at, invite())
        .then([invited(2, "2024-03-31T09:00:00Z")]);
}

#[test]
fn without_consent_the_first_letter_is_repeated_once_whatever_its_basis() {
    for basis in [OutreachBasis::ExitNotice, OutreachBasis::PublishedPurpose, OutreachBasis::NoticeWithInvitation] {
        let command = || Command::Invite { basis, notice_version: None, channel: Channel::Post, refused: false };
        let letter = |number| Event::Invited {
            number,
            basis,
            notice_version: None,
            channel: Channel::Post,
            expires_at: instant("2024-05-01T00:00:00Z"),
        };
        assert_eq!(in_effect().and([letter(1)]).when(person(1), after(), command()).recorded().len(), 1);
        in_effect().and([letter(1), letter(2)]).when(person(1), after(), command()).refused(Error::FirstLetterRepeated);
    }
}

#[test]
fn consent_given_at_exit_is_not_used_up() {
    let consent = Command::Invite {
        basis: OutreachBasis::ExitConsent,
        notice_version: None,
        channel: Channel::Email,
        refused: false,
    };
    let letters = [invited(1, "2024-05-01T00:00:00Z"), invited(2, "2024-05-01T00:00:00Z")];
    assert_eq!(in_effect().and(letters).when(person(1), after(), consent).recorded().len(), 1);
}

#[test]
fn neither_the_dead_nor_those_who_refused_nor_members_are_invited() {
    let refused = |past: Event, error: Error| in_effect().and([past]).when(person(1), after(), invite()).refused(error);
    refused(barred(OutreachBar::Deceased), Error::Deceased);
    refused(barred(OutreachBar::ContactRefused), Error::ContactRefused);
    refused(noted(3, Verdict::Eligible), Error::AlreadyRegistered);
}

#[test]
fn a_refusal_of_contact_bars_for_ever() {
    in_effect().when(service(9), after(), Command::RefuseContact).then([barred(OutreachBar::ContactRefused)]);
    in_effect().and([barred(OutreachBar::ContactRefused)]).when(person(1), after(), Command::RefuseContact).quiet();
    in_effect()
        .and([barred(OutreachBar::Deceased)])
        .when(person(1), after(), Command::RefuseContact)
        .then([barred(OutreachBar::ContactRefused)]);
}

#[test]
fn a_refusal_at_another_departure_counts_here() {
    let refused = Command::Invite {
        basis: OutreachBasis::ExitConsent,
        notice_version: None,
        channel: Channel::Email,
        refused: true,
    };
    in_effect().when(person(1), after(), refused.clone()).refused(Error::ContactRefused);
    scheduled().when(person(1), instant("2024-03-01T09:00:00Z"), refused).refused(Error::ContactRefused);
}

#[test]
fn the_latest_membership_is_noted() {
    let note = |n| Command::NoteRegistration { member_id: MemberId(uuid(n)) };
    let noted = |n| noted(n, Verdict::Eligible);
    in_effect().when(system(), after(), note(3)).then([noted(3)]);
    in_effect().and([noted(3)]).when(system(), after(), note(3)).quiet();
    in_effect().and([noted(3)]).when(system(), after(), note(4)).then([noted(4)]);
}

#[test]
fn a_registration_is_noted_with_the_verdict_that_stands() {
    let note = Command::NoteRegistration { member_id: MemberId(uuid(3)) };
    for (past, verdict) in [
        (vec![assessed(Verdict::NeedsReview, 1)], Verdict::NeedsReview),
        (vec![assessed_ineligible(1)], Verdict::NeedsReview),
        (vec![assessed_ineligible(1), confirmed(2)], Verdict::NotEligible),
    ] {
        in_effect().and(past).when(system(), after(), note.clone()).then([noted(3, verdict)]);
    }
}
