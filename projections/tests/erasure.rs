//! When a person's data is erased, no document keeps what could lead back to them.

use aggregates::catalogue::HrEvent;
use aggregates::departure::{DepartureChanges, DepartureEvent};
use aggregates::ids::PersonId;
use aggregates::member::{MemberEvent, RejectionReason};
use aggregates::person::RecordClasses;
use aggregates::personal::{Personal, RecordClass};
use aggregates::values::Verdict;
use projections::departures::Departure;
use projections::employments::Employment;
use projections::members::Member;
use projections::model::ReadModel;
use projections::no_rehire_flags::NoRehireFlag;
use projections::persons::{Person, State};
use projections::tasks::{Kind, Task};

use crate::departures::{assessed, confirmed, departure, effective, interviewed, left};
use crate::employments::employment;
use crate::members::{approved, asked, claimed, joined, member};
use crate::no_rehire_flags::{appealed, dismissed, flag, lifted, raised, renewal_proposed, upheld_by_another};
use crate::persons::{known, newer, noted, person, proposed};
use crate::support::{Log, erased, only, sealed, uuid};

#[test]
fn nothing_personal_remains_when_everything_is_erased() {
    let log = everything().then(person(), erased(person(), RecordClasses::All));
    for secret in [
        "ref",
        "E-10234",
        "E-10235",
        "A-50000",
        "A-1",
        "2015-04-01",
        "2024-03-31",
        "G4",
        "物流部",
        "6200000",
        "legal/2026",
    ] {
        for (model, body) in bodies(&log) {
            assert!(!body.contains(&format!("\"{secret}")), "{model} keeps {secret}: {body}");
            assert!(!body.contains(&format!(":{secret}")), "{model} keeps {secret}: {body}");
        }
    }
    let before: String = bodies(&everything()).into_iter().map(|(_, body)| body).collect();
    for secret in ["ref", "E-10235", "A-50000", "2015-04-01", "G4", "物流部", "legal/2026"] {
        assert!(before.contains(&format!("\"{secret}")), "{secret} was there");
    }
}

#[test]
fn an_erased_document_still_says_what_happened() {
    let log = everything().then(person(), erased(person(), RecordClasses::All));
    let shown: Departure = log.document(departure());
    assert_eq!((shown.person.name, shown.reason), (Personal::Erased, Personal::Erased));
    assert_eq!(shown.person_id, PersonId(person()), "a random id stays");
    assert_eq!(shown.eligibility.assessed_by.map(|actor| actor.0), Some(uuid(51)));
    assert_eq!(shown.corrections.len(), 1);
    assert_eq!(shown.position, log.last().position, "the erasure is the last thing it shows");
    let shown: NoRehireFlag = log.document(flag());
    assert_eq!(shown.reviews.len(), 1);
    let shown: Person = log.document(person());
    assert_eq!((shown.state, shown.erased[0].position), (State::Erased, log.last().position));
}

#[test]
fn erasing_the_profile_leaves_the_employers_record() {
    let log = everything().then(person(), erased(person(), only([RecordClass::Profile])));
    let shown: Member = log.document(member());
    assert_eq!((shown.contact.email, shown.profile.region, shown.account), (Some(Personal::Erased), None, None));
    let shown: Departure = log.document(departure());
    assert_eq!((shown.person.name, shown.employee_number.as_deref()), (sealed(11), Some("E-10235")));
    assert_eq!(shown.reason, sealed(13));
}

#[test]
fn erasing_the_employers_record_leaves_the_membership() {
    let log = everything().then(person(), erased(person(), only([RecordClass::Statutory])));
    let shown: Member = log.document(member());
    assert_eq!((shown.contact.email, shown.account.map(|account| account.0)), (Some(sealed(1)), Some(uuid(70))));
    let shown: Departure = log.document(departure());
    assert_eq!((shown.person.name, shown.employee_number), (Personal::Erased, None));
    assert_eq!((shown.reason, shown.employment), (sealed(13), projections::departures::Employment::default()));
    let shown: Employment = log.document(employment());
    assert_eq!((shown.from, shown.manager_employee_number, shown.placements), (None, None, vec![]));
    let shown: Person = log.document(person());
    assert_eq!((shown.departures[0].left_on, shown.state), (None, State::Apart));
}

#[test]
fn a_rejected_claim_is_erased_under_its_provisional_person() {
    let rejected = MemberEvent::Rejected { reason_code: RejectionReason::NoMatch, note: Some(sealed(7)) };
    let log = claimed().then(member(), rejected).then(uuid(8), erased(uuid(8), only([RecordClass::Restricted])));
    let shown: Member = log.document(member());
    assert_eq!(shown.claim.map(|claim| claim.stated.name_at_departure), Some(Personal::Erased));
    assert_eq!(shown.ending.and_then(|ending| ending.note), Some(Personal::Erased));
}

#[test]
fn an_approved_claim_is_erased_with_the_person_that_it_named() {
    let log = claimed()
        .then(member(), approved())
        .then(member(), asked(1))
        .then(flag(), raised())
        .then(flag(), upheld_by_another())
        .then(flag(), appealed())
        .then(newer(), proposed());
    let account = uuid(70).to_string();
    let before: String = bodies(&log).into_iter().map(|(_, body)| body).collect();
    assert!(before.contains("\"ref\"") && before.contains(&account) && before.contains("name_matches"));

    let log = log.then(person(), erased(person(), RecordClasses::All));
    let shown: Member = log.document(member());
    let claim = shown.claim.expect("that there was a claim stays");
    assert_eq!((claim.stated.name_at_departure, claim.stated.birth_date), (Personal::Erased, Personal::Erased));
    assert_eq!(claim.matches, [], "whose name fits tells the name");
    for (model, body) in bodies(&log) {
        for secret in ["\"ref\"", &account, "name_matches"] {
            assert!(!body.contains(secret), "{model} keeps {secret}: {body}");
        }
    }
    assert_eq!(log.documents::<Task>().list().len(), 2, "the appeal and the link still wait");
    let shown: Person = log.document(person());
    assert_eq!(shown.relations[0].evidence_ref, None);
}

#[test]
fn somebody_elses_erasure_changes_nothing() {
    let log = everything();
    let other = log.clone().then(newer(), erased(newer(), RecordClasses::All));
    assert_eq!(
        bodies(&log),
        bodies(&other).into_iter().filter(|(_, body)| !body.contains("person_request")).collect::<Vec<_>>()
    );
}

#[test]
fn what_waited_about_erased_data_falls_away() {
    let log = noted().then(newer(), erased(newer(), only([RecordClass::Profile])));
    assert_eq!(log.documents::<Task>().list().len(), 1, "names and birth dates are still there");
    let log = log.then(newer(), erased(newer(), only([RecordClass::Statutory])));
    assert!(log.documents::<Task>().list().is_empty());

    for (log, class) in [
        (left(), RecordClass::Statutory),
        (left().then(departure(), assessed(Verdict::NotEligible)), RecordClass::Statutory),
        (joined().then(member(), asked(1)), RecordClass::Profile),
    ] {
        assert_eq!(log.documents::<Task>().list().len(), 1);
        assert!(log.then(person(), erased(person(), only([class]))).documents::<Task>().list().is_empty());
    }

    let flagged = Log::on("2026-10-01").then(flag(), raised()).then(person(), erased(person(), RecordClasses::All));
    assert_eq!(flagged.documents::<Task>().list()[0].kind, Kind::ReviewFlag, "a flag ends by itself");
}

// helpers

fn everything() -> Log {
    let corrected = DepartureEvent::Corrected {
        corrects: 1,
        changes: Box::new(DepartureChanges {
            employee_number: Some("E-10235".to_owned()),
            ..DepartureChanges::default()
        }),
        why: sealed(24),
    };
    let from = known();
    let mut log = left();
    for event in from.events().iter().filter(|event| event.stream_id != departure()) {
        log.push(event.stream_id, event.event.clone());
    }
    log.then(departure(), corrected)
        .then(departure(), interviewed(None))
        .then(departure(), assessed(Verdict::NotEligible))
        .then(departure(), confirmed())
        .then(departure(), effective())
        .all(member(), samples_of_a_profile())
        .later("2025-05-01")
        .then(member(), asked(1))
        .then(flag(), raised())
        .then(flag(), appealed())
        .then(flag(), dismissed())
        .then(flag(), renewal_proposed())
        .then(flag(), lifted())
}

fn samples_of_a_profile() -> Vec<HrEvent> {
    let told = ["member.profile_described", "member.intents_declared", "member.group_declared"];
    crate::support::samples("member").into_iter().filter(|event| told.contains(&event.full_type().as_str())).collect()
}

fn bodies(log: &Log) -> Vec<(&'static str, String)> {
    fn of<M: ReadModel>(log: &Log) -> Vec<(&'static str, String)> {
        log.documents::<M>().bodies().into_values().map(|body| (M::NAME, body.to_string())).collect()
    }
    [
        of::<Departure>(log),
        of::<Member>(log),
        of::<Employment>(log),
        of::<Person>(log),
        of::<NoRehireFlag>(log),
        of::<Task>(log),
    ]
    .concat()
}
