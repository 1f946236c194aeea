//! Every event of the house: read in every form in which it is or was stored, and documented.
#![expect(clippy::expect_used, reason = "a test that cannot be set up has failed")]

use std::fmt::Write;
use std::path::{Path, PathBuf};

use aggregates::access::Access;
use aggregates::application::Application;
use aggregates::catalogue::{CATALOGUE_VERSION, HrEvent, types};
use aggregates::departure::{Departure, DepartureCommand, DepartureError};
use aggregates::eligibility::SeparationReason;
use aggregates::employment::Employment;
use aggregates::follow_up::FollowUp;
use aggregates::incumbents::{IncumbentPart, IncumbentSnapshot};
use aggregates::issued::Issued;
use aggregates::member::{ConsentPurpose, Member, MemberEvent};
use aggregates::no_rehire_flag::NoRehireFlag;
use aggregates::offer::Offer;
use aggregates::pay_bands::PayBands;
use aggregates::pay_policy::PayPolicy;
use aggregates::person::Person;
use aggregates::programme_policy::ProgrammePolicy;
use aggregates::referral::Referral;
use aggregates::requisition::Requisition;
use aggregates::reward::Reward;
use aggregates::reward_plan::RewardPlan;
use aggregates::stream::{Stream, full_type};
use aggregates::upcast::{DecodeError, StoredEvent, current_version, decode_stream, upcast};
use cqrs_es::DomainEvent;
use cqrs_es::test::TestFramework;
use serde_json::{Value, json};
use strum::VariantNames;

use crate::samples;
use crate::support::{Given, Moment, day, person, sealed};

#[test]
fn every_sample_is_read_back_by_its_full_name() {
    for (event, payload) in stored() {
        let full_type = event.full_type();
        let read = HrEvent::decode(&full_type, current_version(&full_type), &payload.to_string());
        assert_eq!(read.expect("a sample is readable"), [event]);
    }
}

#[test]
fn the_version_that_is_written_is_the_version_that_is_read() {
    written_as_read::<Departure>(&samples::departure::samples());
    written_as_read::<Member>(&samples::member::samples());
    written_as_read::<Employment>(&samples::employment::samples());
    written_as_read::<Person>(&samples::person::samples());
    written_as_read::<NoRehireFlag>(&samples::no_rehire_flag::samples());
    written_as_read::<FollowUp>(&samples::follow_up::samples());
    written_as_read::<Requisition>(&samples::requisition::samples());
    written_as_read::<Application>(&samples::application::samples());
    written_as_read::<Offer>(&samples::offer::samples());
    written_as_read::<Referral>(&samples::referral::samples());
    written_as_read::<Reward>(&samples::reward::samples());
    written_as_read::<RewardPlan>(&samples::reward_plan::samples());
    written_as_read::<PayPolicy>(&samples::pay_policy::samples());
    written_as_read::<ProgrammePolicy>(&samples::programme_policy::samples());
    written_as_read::<PayBands>(&samples::pay_bands::samples());
    written_as_read::<IncumbentSnapshot>(&samples::incumbents::snapshots());
    written_as_read::<IncumbentPart>(&samples::incumbents::parts());
    written_as_read::<Access>(&samples::access::samples());
}

#[test]
fn the_catalogue_names_every_event_once_and_says_what_it_means() {
    let mut names: Vec<_> = types().into_iter().map(|one| one.full_name).collect();
    assert!(names.iter().all(|name| name.split('.').count() == 2));
    let total = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), total);
    assert!(types().iter().all(|one| !one.doc.is_empty() && one.version >= 1));
    assert_eq!(types().iter().filter(|one| one.full_name.starts_with("member.")).count(), MemberEvent::VARIANTS.len());
    assert_eq!(CATALOGUE_VERSION, 5);
}

#[test]
fn an_event_of_another_house_is_unknown() {
    for full_type in ["payslip.printed", "departure.forgotten", "departure", "", "departure.", "departure.recorded.x"] {
        let error = HrEvent::decode(full_type, 1, r#"{"type":"recorded"}"#).expect_err("it is unknown");
        assert!(matches!(error, DecodeError::UnknownType { .. }), "{full_type}: {error}");
    }
    let error = decode_stream::<Employment>("departure.recorded", 1, "{}").expect_err("another stream's event");
    assert!(matches!(error, DecodeError::UnknownType { .. }), "{error}");
}

#[test]
fn a_newer_version_is_not_guessed_at() {
    for version in [0, 2] {
        let error = HrEvent::decode("follow_up.resolved", version, "{}").expect_err("it is unknown");
        assert!(matches!(error, DecodeError::UnknownVersion { known: 1, .. }), "{error}");
    }
}

#[test]
fn a_payload_that_is_not_what_its_type_promises_is_unreadable() {
    let reads = |payload: &str| HrEvent::decode("departure.ineligibility_lapsed", 1, payload);
    for payload in ["", "{}", "null", r#"{"type":"ineligibility_lapsed"}"#, r#"{"type":"forgotten"}"#] {
        assert!(matches!(reads(payload), Err(DecodeError::Unreadable { .. })), "{payload}");
    }
    assert!(matches!(
        reads(r#"{"type":"assessment_returned"}"#),
        Err(DecodeError::TypesDiffer { payload_type, .. }) if payload_type == "assessment_returned"
    ));
}

#[test]
fn a_value_that_is_not_sealed_is_unreadable() {
    let payload = r#"{"type":"rescinded","why":{"unsealed":"家庭の事情","class":"statutory"}}"#;
    assert!(matches!(HrEvent::decode("departure.rescinded", 1, payload), Err(DecodeError::Unreadable { .. })));
}

#[test]
fn an_unknown_field_is_passed_over() {
    let payload = r#"{"type":"ineligibility_lapsed","on":"2027-03-31","seen":"later"}"#;
    assert_eq!(HrEvent::decode("departure.ineligibility_lapsed", 1, payload).expect("it is readable").len(), 1);
}

#[test]
fn consents_granted_together_are_read_as_one_consent_each() {
    let payload = consents_granted(&["contact", "jobs", "referral"]);
    let read = HrEvent::decode("member.consents_granted", 1, &payload.to_string()).expect("it is readable");
    let granted =
        |purpose| HrEvent::Member(MemberEvent::ConsentGranted { purpose, text_version: "2026-10".to_owned() });
    assert_eq!(
        read,
        [granted(ConsentPurpose::Contact), granted(ConsentPurpose::Jobs), granted(ConsentPurpose::Referral)]
    );
    let alone = decode_stream::<Member>("member.consents_granted", 1, &payload.to_string());
    assert_eq!(alone.expect("it is readable").len(), 3);
}

#[test]
fn an_older_form_may_have_said_nothing() {
    let payload = consents_granted(&[]);
    assert_eq!(HrEvent::decode("member.consents_granted", 1, &payload.to_string()).expect("it is readable"), []);
}

#[test]
fn an_older_form_that_is_broken_is_named() {
    for payload in [json!({}), json!({"purposes": "contact", "text_version": "1"}), json!({"purposes": ["contact"]})] {
        let error = HrEvent::decode("member.consents_granted", 1, &payload.to_string()).expect_err("it is broken");
        assert!(matches!(error, DecodeError::Upcast(_)), "{error}");
        assert!(error.to_string().contains("member.consents_granted version 1"), "{error}");
    }
    let unknown = consents_granted(&["everything"]).to_string();
    let error = HrEvent::decode("member.consents_granted", 1, &unknown).expect_err("it is broken");
    assert!(matches!(error, DecodeError::Unreadable { .. }), "{error}");
    assert!(matches!(HrEvent::decode("member.consents_granted", 1, "{"), Err(DecodeError::Unreadable { .. })));
}

#[test]
fn what_is_current_is_left_as_it_is() {
    for (event, payload) in stored() {
        let full_type = event.full_type();
        let event = StoredEvent { version: current_version(&full_type), full_type, payload };
        assert_eq!(upcast(event.clone()), Ok(vec![event]));
    }
}

#[test]
fn what_older_forms_become_is_golden() {
    let older = StoredEvent {
        full_type: "member.consents_granted".to_owned(),
        version: 1,
        payload: consents_granted(&["contact", "jobs"]),
    };
    let form =
        |event: &StoredEvent| json!({"type": event.full_type, "version": event.version, "payload": event.payload});
    let newer = upcast(older.clone()).expect("it can be brought up to date");
    let steps = json!([{"older": form(&older), "newer": newer.iter().map(form).collect::<Vec<_>>()}]);
    let text = serde_json::to_string_pretty(&steps).expect("JSON") + "\n";
    assert_file(&folder("tests/goldens/upcast.json"), &text);
}

fn written_as_read<A: Stream>(samples: &[A::Event]) {
    for event in samples {
        assert_eq!(event.event_version(), current_version(&full_type::<A>(event)).to_string(), "{event:?}");
    }
}

fn consents_granted(purposes: &[&str]) -> Value {
    json!({"type": "consents_granted", "purposes": purposes, "text_version": "2026-10"})
}

#[test]
fn the_adapter_records_what_decide_answers_and_passes_refusals_on() {
    let Moment { at, on } = day("2024-03-20").into();
    let record = || DepartureCommand::Record {
        record: Box::new(samples::departure::recorded()),
        reason: SeparationReason::Relocation,
    };
    let issued = |command| Issued { by: person(1), at, on, command };
    let decided = Given::<Departure>::nothing().when(person(1), Moment { at, on }, record()).recorded();
    TestFramework::<Departure>::with(())
        .given_no_previous_events()
        .when(issued(record()))
        .then_expect_events(decided.clone());
    TestFramework::<Departure>::with(())
        .given(decided)
        .when(issued(record()))
        .then_expect_error(DepartureError::AlreadyRecorded);
    TestFramework::<Departure>::with(())
        .given_no_previous_events()
        .when(issued(DepartureCommand::Rescind { why: sealed(9) }))
        .then_expect_error(DepartureError::Unrecorded);
}

#[test]
fn the_catalogue_of_events_is_documented() {
    assert_file(&folder("../docs/reference/events.md"), &document());
}

/// The catalogue of events for people: what each says, with an example as it is stored.
fn document() -> String {
    let stored = stored();
    let mut text = format!(
        "# Events\n\n\
         Everything that is ever recorded, aggregate by aggregate: type, version, what it says, and one example exactly as\n\
         it is stored. Personal values and free text are sealed: an event holds a reference into the vault and a\n\
         commitment to the value. This page is made from the program and compared with it by a test.\n\n\
         Catalogue version {CATALOGUE_VERSION}, {} types.\n",
        types().len()
    );
    let mut kind = String::new();
    for one in types() {
        let (aggregate, _) = one.full_name.split_once('.').expect("a full name");
        if aggregate != kind {
            aggregate.clone_into(&mut kind);
            write!(text, "\n## {kind}\n").expect("text grows");
        }
        let (_, payload) = stored
            .iter()
            .find(|(event, _)| event.full_type() == one.full_name)
            .unwrap_or_else(|| panic!("there is no sample of {}", one.full_name));
        let example = serde_json::to_string_pretty(payload).expect("JSON");
        write!(text, "\n### {}\n\nVersion {}. {}\n\n```json\n{example}\n```\n", one.full_name, one.version, one.doc)
            .expect("text grows");
    }
    text
}

/// Every sample of every aggregate, with its stored form.
fn stored() -> Vec<(HrEvent, Value)> {
    fn forms<E: DomainEvent + Into<HrEvent>>(events: Vec<E>) -> impl Iterator<Item = (HrEvent, Value)> {
        events.into_iter().map(|event| {
            let payload = serde_json::to_value(&event).expect("an event serializes");
            (event.into(), payload)
        })
    }
    forms(samples::departure::samples())
        .chain(forms(samples::member::samples()))
        .chain(forms(samples::employment::samples()))
        .chain(forms(samples::person::samples()))
        .chain(forms(samples::no_rehire_flag::samples()))
        .chain(forms(samples::follow_up::samples()))
        .chain(forms(samples::requisition::samples()))
        .chain(forms(samples::application::samples()))
        .chain(forms(samples::offer::samples()))
        .chain(forms(samples::referral::samples()))
        .chain(forms(samples::reward::samples()))
        .chain(forms(samples::reward_plan::samples()))
        .chain(forms(samples::pay_policy::samples()))
        .chain(forms(samples::programme_policy::samples()))
        .chain(forms(samples::pay_bands::samples()))
        .chain(forms(samples::incumbents::snapshots()))
        .chain(forms(samples::incumbents::parts()))
        .chain(forms(samples::access::samples()))
        .collect()
}

fn folder(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Holds `text` against a file; `UPDATE_GOLDENS=1` rewrites it.
#[track_caller]
fn assert_file(path: &Path, text: &str) {
    if std::env::var_os("UPDATE_GOLDENS").is_some() {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder is there");
        std::fs::write(path, text).expect("the file is written");
    }
    let known = std::fs::read_to_string(path)
        .unwrap_or_else(|error| panic!("{}: {error}; UPDATE_GOLDENS=1 writes it", path.display()));
    assert_eq!(text, known, "{} differs; UPDATE_GOLDENS=1 rewrites it", path.display());
}
