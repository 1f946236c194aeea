//! What whoever comes back hands in by their first day, as the programme policy lays it down.

use aggregates::offer::{
    Case, DocumentOutcome, DocumentsDue, HandedIn, Offer, OfferCommand as C, OfferError, OfferEvent, Required, Seen,
};
use aggregates::programme_policy::RequiredDocument;
use aggregates::values::Bilingual;

use super::{accepted, accepted_event, candidate, day, drafted_event, out, person, today};
use crate::support::Given;

/// What a version of a policy asks for.
pub fn required() -> Required {
    let named = |code: &str, ja: &str, en: &str| RequiredDocument {
        code: code.to_owned(),
        name: Bilingual { ja: ja.to_owned(), en: en.to_owned() },
    };
    let documents = vec![
        named("insurance_card", "雇用保険被保険者証", "Employment insurance card"),
        named("guarantor", "身元保証書", "Letter of a guarantor"),
    ];
    Required { programme: "programme/0195/2".to_owned(), documents }
}

fn accept(required: Option<Required>) -> C {
    C::Accept { seen: Seen::Version, recorded_for: None, case: Case::Offered, required }
}

/// Accepted by somebody who is asked for two documents.
pub fn asked() -> Vec<OfferEvent> {
    let mut past = out();
    past.push(Given::<Offer>::events(out()).when(candidate(), today(), accept(Some(required()))).recorded().remove(0));
    past
}

/// A document, handed in on a day.
pub fn handed_in(code: &str, on: &str) -> HandedIn {
    let (outcome, evidence_ref) = (DocumentOutcome::Received, "hr/files/7".to_owned());
    HandedIn { code: code.to_owned(), outcome, on: day(on), evidence_ref }
}

#[test]
fn whoever_accepts_is_asked_for_what_the_policy_lays_down_by_the_first_day() {
    let given = Given::<Offer>::events(out()).when(candidate(), today(), accept(Some(required()))).recorded();
    let [OfferEvent::Accepted { hands_in: Some(due), .. }] = &given[..] else { panic!("{given:?}") };
    let Required { programme, documents } = required();
    let OfferEvent::Drafted(drafted) = drafted_event() else { panic!("it was drafted") };
    assert_eq!(**due, DocumentsDue { programme, due_on: drafted.terms.starts_on, documents });
    // Where it asks for nothing, nothing is asked for.
    for nothing in [None, Some(Required { documents: vec![], ..required() })] {
        Given::<Offer>::events(out()).when(candidate(), today(), accept(nothing)).then([accepted_event()]);
    }
}

#[test]
fn each_document_comes_in_once_and_the_last_one_says_so() {
    let people_ops = person(62);
    let offer = Given::<Offer>::events(asked());
    let on = day("2027-01-10");
    let record = |document: HandedIn| C::RecordDocument(document);
    let card = || handed_in("insurance_card", "2027-01-04");
    let recorded =
        |document: HandedIn, missing| OfferEvent::DocumentRecorded { document, missing, recorded_by: people_ops.id };
    offer.when(people_ops, on, record(card())).then([recorded(card(), 1)]);
    offer.when(people_ops, on, record(handed_in("passport", "2027-01-04"))).refused(OfferError::DocumentNotAsked);
    let ahead = handed_in("insurance_card", "2027-01-11");
    offer.when(people_ops, on, record(ahead)).refused(OfferError::DocumentInTheFuture { today: on });
    let offer = offer.and([recorded(card(), 1)]);
    offer.when(people_ops, on, record(card())).quiet();
    let other = handed_in("insurance_card", "2027-01-05");
    offer.when(people_ops, on, record(other)).refused(OfferError::DocumentRecorded { on: day("2027-01-04") });
    let waived = || HandedIn { outcome: DocumentOutcome::Waived, ..handed_in("guarantor", "2027-01-10") };
    offer.when(people_ops, on, record(waived())).then([recorded(waived(), 0)]);
}

#[test]
fn nothing_comes_in_that_nobody_is_asked_for() {
    let (people_ops, on) = (person(62), day("2027-01-10"));
    let card = || C::RecordDocument(handed_in("insurance_card", "2027-01-04"));
    Given::<Offer>::events(accepted()).when(people_ops, on, card()).refused(OfferError::DocumentNotAsked);
    Given::<Offer>::events(out()).when(people_ops, on, card()).refused(OfferError::NotAccepted);
}
