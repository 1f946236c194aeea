//! That a recruiter contacted the member: an individual contact, on a consent that stood.

use aggregates::ids::RequisitionId;
use aggregates::issued::Actor;
use aggregates::member::{
    ConsentProof, ConsentPurpose, ContactChannel, ContactRecorded, Contacting, Ending, Member, MemberCommand,
    MemberError, MemberEvent, RecruiterContact,
};
use chrono::NaiveDate;

use super::{active, claimed, dormant, invited, left, paused, today};
use crate::support::{Given, day, instant, person, sealed, uuid};

#[test]
fn a_contact_is_recorded_with_the_consent_that_it_rests_on() {
    for past in [active(), dormant()] {
        Given::<Member>::events(past)
            .when(recruiter(), later(), record(day("2027-05-10")))
            .then([contacted(contact(day("2027-05-10")))]);
    }
    let about_a_family = Contacting { requisition_id: None, note: Some(sealed(50)), ..contacting(later()) };
    let recorded = MemberEvent::ContactRecorded(Box::new(ContactRecorded {
        contact: RecruiterContact { requisition_id: None, ..contact(later()) },
        consent: consent(),
        note: Some(sealed(50)),
    }));
    Given::<Member>::events(active()).when(recruiter(), later(), order(about_a_family)).then([recorded]);
}

#[test]
fn nobody_is_contacted_without_a_consent_that_stood_on_that_day() {
    Given::<Member>::events(active())
        .when(recruiter(), later(), record_without_consent(later()))
        .refused(MemberError::JobsConsentMissing);
}

#[test]
fn a_contact_lies_neither_ahead_nor_before_the_membership() {
    let tomorrow = day("2027-06-02");
    let member = Given::<Member>::events(active());
    member.when(recruiter(), later(), record(tomorrow)).refused(MemberError::ContactAhead { contacted_on: tomorrow });
    member
        .when(recruiter(), later(), record(day("2026-09-30")))
        .refused(MemberError::ContactBeforeMembership { active_from: today() });
    member.when(recruiter(), later(), record(today())).then([contacted(contact(today()))]);
}

#[test]
fn whoever_is_no_member_or_wishes_to_be_left_alone_is_not_contacted() {
    for (past, error) in [
        (claimed(), MemberError::AwaitsReview),
        (invited(), MemberError::AwaitsDeparture),
        (paused(None), MemberError::Paused),
        (left(), MemberError::Ended { ending: Ending::Left }),
    ] {
        Given::<Member>::events(past).when(recruiter(), later(), record(later())).refused(error);
    }
}

#[test]
fn the_same_contact_again_says_nothing_new() {
    let known = Given::<Member>::events(active()).and([contacted(contact(later()))]);
    known.when(recruiter(), later(), record(later())).quiet();
    let withdrawn = MemberEvent::ConsentWithdrawn { purpose: ConsentPurpose::Jobs };
    known.clone().and([withdrawn]).when(recruiter(), later(), record_without_consent(later())).quiet();
    for other in [
        Contacting { channel: ContactChannel::Post, ..contacting(later()) },
        Contacting { contacted_on: day("2027-05-31"), ..contacting(later()) },
        Contacting { requisition_id: None, ..contacting(later()) },
        Contacting { note: Some(sealed(50)), ..contacting(later()) },
    ] {
        assert_eq!(known.when(recruiter(), later(), order(other)).recorded().len(), 1);
    }
    assert_eq!(known.when(person(5), later(), record(later())).recorded().len(), 1, "by somebody else");
}

#[test]
fn contacts_of_long_ago_are_not_kept_in_mind() {
    let days = ["2026-11-30", "2026-12-01", "2027-06-01", "2027-01-15"].map(day);
    let member = Given::<Member>::events(active()).and(days.map(|on| contacted(contact(on))));
    let kept = member
        .folded()
        .standing()
        .map(|standing| standing.contacts.iter().map(|one| one.contacted_on).collect::<Vec<_>>());
    assert_eq!(kept, Some(["2026-12-01", "2027-01-15", "2027-06-01"].map(day).to_vec()));
}

// helpers

fn recruiter() -> Actor {
    person(4)
}

fn later() -> NaiveDate {
    day("2027-06-01")
}

fn consent() -> ConsentProof {
    ConsentProof { text_version: "2026-10".to_owned(), granted_at: instant("2026-10-01T03:00:00Z") }
}

fn contacting(contacted_on: NaiveDate) -> Contacting {
    Contacting {
        contacted_on,
        requisition_id: Some(RequisitionId(uuid(14))),
        legal_entity: "JP-HQ".to_owned(),
        job_family: Some("driver".to_owned()),
        channel: ContactChannel::Phone,
        consent: Some(consent()),
        note: None,
    }
}

fn order(contacting: Contacting) -> MemberCommand {
    MemberCommand::RecordContact(Box::new(contacting))
}

/// A contact by telephone about one position, on a consent.
pub(super) fn record(contacted_on: NaiveDate) -> MemberCommand {
    order(contacting(contacted_on))
}

/// The same where no consent stood.
pub(super) fn record_without_consent(contacted_on: NaiveDate) -> MemberCommand {
    order(Contacting { consent: None, ..contacting(contacted_on) })
}

fn contact(contacted_on: NaiveDate) -> RecruiterContact {
    RecruiterContact {
        contacted_on,
        contacted_by: recruiter().id,
        requisition_id: Some(RequisitionId(uuid(14))),
        legal_entity: "JP-HQ".to_owned(),
        job_family: Some("driver".to_owned()),
        channel: ContactChannel::Phone,
    }
}

fn contacted(contact: RecruiterContact) -> MemberEvent {
    MemberEvent::ContactRecorded(Box::new(ContactRecorded { contact, consent: consent(), note: None }))
}
