//! Departures.

use std::collections::BTreeSet;

use aggregates::departure::{
    Channel, DepartureChanges, DepartureEvent, EndedEmployment, OutreachBar, OutreachBasis, Recorded, Reopening, Source,
};
use aggregates::ids::{ActorId, MemberId, PersonId};
use aggregates::values::{EmploymentType, Money, PersonDetails, Verdict};
use projections::departures::{Departure, Reopened, State};
use projections::model::ReadModel;
use projections::parts::KEPT;
use serde_json::json;
use uuid::Uuid;

use crate::support::{Log, day, instant, sealed, uuid};

#[test]
fn a_record_is_shown_whole() {
    let shown = serde_json::to_value(left().document::<Departure>(departure())).unwrap();
    assert_eq!(
        shown,
        json!({
            "id": departure(),
            "state": "scheduled",
            "version": 2,
            "position": 2,
            "person_id": uuid(1),
            "legal_entity": "JP-HQ",
            "employee_number": "E-10234",
            "previous_employee_number": null,
            "person": {
                "name": {"ref": uuid(0xface_000b), "commitment": format!("{:064x}", 11)},
                "birth_date": {"ref": uuid(0xface_000c), "commitment": format!("{:064x}", 12)},
            },
            "employment": {
                "hired_on": "2015-04-01",
                "left_on": "2024-03-31",
                "department": "物流部",
                "job_family": null,
                "job_title": null,
                "grade": "G4",
                "location": null,
                "employment_type": "regular",
                "base_salary": {"amount": 6_200_000, "currency": "JPY"},
            },
            "department": "物流部",
            "reason": {"ref": uuid(0xface_000d), "commitment": format!("{:064x}", 13)},
            "wishes_to_return": null,
            "source": "api",
            "recorded_at": "2024-03-01T03:00:00Z",
            "recorded_position": 1,
            "corrections": [],
            "verdict": "needs_review",
            "eligibility": {
                "verdict": "needs_review",
                "proposed": "not_eligible",
                "rule": "exit-reason/0",
                "awaits_confirmation": false,
                "assessed_by": null,
                "assessed_at": null,
                "reason_code": null,
                "note": null,
                "clause": null,
                "confirmed_by": null,
                "evidence_ref": null,
                "expires_on": null,
                "appeal_route": null,
                "reopened_because": null,
            },
            "outreach": {"barred_because": []},
            "invitations": [],
            "exit_interview": null,
            "member_id": null,
            "effective_on": null,
            "rescinded_because": null,
        })
    );
}

#[test]
fn what_lists_filter_by_is_text_at_the_top() {
    let shown = serde_json::to_value(left().document::<Departure>(departure())).unwrap();
    for filter in Departure::FILTERS {
        assert!(shown[filter].is_string(), "{filter}");
    }
}

#[test]
fn corrected_facts_stand_and_the_correction_is_told() {
    let changes = DepartureChanges {
        employee_number: Some("E-10235".to_owned()),
        name: Some(sealed(21)),
        email: Some(sealed(22)),
        left_on: Some(day("2024-04-15")),
        department: Some("営業部".to_owned()),
        reason: Some(sealed(23)),
        wishes_to_return: Some(true),
        ..DepartureChanges::default()
    };
    let corrected = DepartureEvent::Corrected { corrects: 1, changes: Box::new(changes), why: sealed(24) };
    let shown: Departure = left().later("2024-03-05").then(departure(), corrected).document(departure());
    assert_eq!(shown.employee_number.as_deref(), Some("E-10235"));
    assert_eq!(shown.person.name, sealed(21));
    assert_eq!((shown.person.email, shown.person.birth_date), (Some(sealed(22)), Some(sealed(12))));
    assert_eq!(shown.employment.hired_on, Some(day("2015-04-01")), "what is not named stays");
    assert_eq!(shown.employment.left_on, Some(day("2024-04-15")));
    assert_eq!(shown.employment.department, shown.department);
    assert_eq!((shown.reason, shown.wishes_to_return), (sealed(23), Some(true)));
    assert_eq!(shown.corrections.len(), 1);
    let told = &shown.corrections[0];
    assert_eq!((told.sequence, told.corrects, told.by), (3, 1, Some(ActorId(uuid(90)))));
    assert_eq!((told.at, &told.why), (instant(day("2024-03-05")), &sealed(24)));
}

#[test]
fn not_eligible_stands_only_when_two_people_found_it() {
    let found = left().then(departure(), assessed(Verdict::NotEligible));
    let shown: Departure = found.document(departure());
    assert_eq!((shown.verdict, shown.eligibility.awaits_confirmation), (Verdict::NeedsReview, true));
    assert_eq!(shown.eligibility.assessed_by, Some(ActorId(uuid(51))));

    let confirmed = found.then(departure(), confirmed());
    let shown: Departure = confirmed.document(departure());
    assert_eq!((shown.verdict, shown.eligibility.verdict), (Verdict::NotEligible, Verdict::NotEligible));
    assert_eq!(shown.eligibility.expires_on, Some(day("2027-03-31")));
    assert_eq!(shown.eligibility.reason_code.as_deref(), Some("misconduct"));
    assert!(!shown.eligibility.awaits_confirmation);

    let lapsed = confirmed.then(departure(), DepartureEvent::IneligibilityLapsed { on: day("2027-03-31") });
    let shown: Departure = lapsed.document(departure());
    assert_eq!(shown.verdict, Verdict::NeedsReview, "a lapse is not eligible by itself");
    assert_eq!(shown.eligibility.reopened_because, Some(Reopened::Lapsed));
    assert_eq!((shown.eligibility.clause, shown.eligibility.expires_on), (None, None));
    assert_eq!(shown.eligibility.proposed, Some(Verdict::NotEligible), "the proposal is remembered");
}

#[test]
fn a_returned_or_reopened_finding_needs_review() {
    let found = left().then(departure(), assessed(Verdict::NotEligible));
    let returned: Departure =
        found.clone().then(departure(), DepartureEvent::AssessmentReturned { note: None }).document(departure());
    assert_eq!(returned.eligibility.reopened_because, Some(Reopened::Returned));
    let reopened = DepartureEvent::AssessmentReopened {
        because: Reopening::ReasonCorrected,
        proposal: Verdict::Eligible,
        rule: "exit-reason/0".to_owned(),
    };
    let reopened: Departure = found.then(departure(), reopened).document(departure());
    assert_eq!(reopened.verdict, Verdict::NeedsReview, "a rule does not overrule a person");
    assert_eq!(reopened.eligibility.proposed, Some(Verdict::Eligible));
    assert_eq!(reopened.eligibility.reopened_because, Some(Reopened::ReasonCorrected));

    let eligible: Departure = left().then(departure(), assessed(Verdict::Eligible)).document(departure());
    assert_eq!(eligible.verdict, Verdict::Eligible);
}

#[test]
fn invitations_interview_and_registration_are_shown() {
    let log = left()
        .then(departure(), interviewed(Some(true)))
        .then(departure(), invited(1))
        .then(departure(), invited(2))
        .then(departure(), registration_noted(Verdict::NeedsReview));
    let shown: Departure = log.document(departure());
    assert_eq!(shown.wishes_to_return, Some(true), "the latest word counts");
    assert_eq!(shown.exit_interview.map(|interview| interview.notes), Some(Some(sealed(34))));
    assert_eq!(shown.invitations.iter().map(|invitation| invitation.number).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(shown.invitations[0].basis, OutreachBasis::NoticeWithInvitation);
    assert_eq!(shown.member_id, Some(MemberId(uuid(4))));
}

#[test]
fn a_bar_is_shown_and_a_mistaken_one_is_gone() {
    let barred = left()
        .then(departure(), DepartureEvent::OutreachBarred { because: OutreachBar::ContactRefused })
        .then(departure(), DepartureEvent::OutreachBarred { because: OutreachBar::Deceased });
    let shown: Departure = barred.document(departure());
    assert_eq!(shown.outreach.barred_because, BTreeSet::from([OutreachBar::ContactRefused, OutreachBar::Deceased]));
    let lifted = DepartureEvent::OutreachBarLifted { was: OutreachBar::Deceased };
    let shown: Departure = barred.then(departure(), lifted).document(departure());
    assert_eq!(shown.outreach.barred_because, BTreeSet::from([OutreachBar::ContactRefused]));
}

#[test]
fn it_takes_effect_or_is_rescinded() {
    let effective: Departure = left().then(departure(), effective()).document(departure());
    assert_eq!((effective.state, effective.effective_on), (State::Effective, Some(day("2024-04-01"))));
    let rescinded = DepartureEvent::Rescinded { why: sealed(33), member_id: None };
    let rescinded: Departure = left().then(departure(), rescinded).document(departure());
    assert_eq!((rescinded.state, rescinded.rescinded_because), (State::Rescinded, Some(sealed(33))));
}

#[test]
fn a_document_stays_bounded() {
    let invitations = (1..=u32::try_from(KEPT).unwrap() + 5).map(invited);
    let shown: Departure = left().all(departure(), invitations).document(departure());
    assert_eq!((shown.invitations.len(), shown.invitations[0].number), (KEPT, 6));
}

#[test]
fn what_was_recorded_first_is_listed_first() {
    let log = left()
        .then(uuid(30), DepartureEvent::Recorded(Box::new(record())))
        .then(departure(), assessed(Verdict::Eligible))
        .then(departure(), effective());
    let listed: Vec<Uuid> = log.documents::<Departure>().list().iter().map(|shown| shown.id.0).collect();
    assert_eq!(listed, [departure(), uuid(30)]);
}

// helpers

pub fn departure() -> Uuid {
    uuid(3)
}

pub fn left() -> Log {
    let proposed =
        DepartureEvent::EligibilityProposed { verdict: Verdict::NotEligible, rule: "exit-reason/0".to_owned() };
    Log::on("2024-03-01").then(departure(), DepartureEvent::Recorded(Box::new(record()))).then(departure(), proposed)
}

pub fn record() -> Recorded {
    Recorded {
        person_id: PersonId(uuid(1)),
        legal_entity: "JP-HQ".to_owned(),
        employee_number: "E-10234".to_owned(),
        previous_employee_number: None,
        person: PersonDetails {
            name: sealed(11),
            name_kana: None,
            email: None,
            phone: None,
            birth_date: Some(sealed(12)),
        },
        employment: EndedEmployment {
            hired_on: day("2015-04-01"),
            left_on: day("2024-03-31"),
            department: Some("物流部".to_owned()),
            job_family: None,
            job_title: None,
            grade: Some("G4".to_owned()),
            location: None,
            employment_type: EmploymentType::Regular,
            base_salary: Some(Money { amount: 6_200_000, currency: "JPY".to_owned() }),
        },
        reason: sealed(13),
        wishes_to_return: None,
        source: Source::Api,
    }
}

pub fn assessed(verdict: Verdict) -> DepartureEvent {
    DepartureEvent::EligibilityAssessed {
        verdict,
        assessed_by: ActorId(uuid(51)),
        reason_code: Some("misconduct".to_owned()),
        clause: Some("第3条".to_owned()),
        note: Some(sealed(35)),
    }
}

pub fn confirmed() -> DepartureEvent {
    DepartureEvent::IneligibilityConfirmed {
        clause: "第3条".to_owned(),
        evidence_ref: "HR-2024-017".to_owned(),
        expires_on: day("2027-03-31"),
        appeal_route: "人事部相談窓口".to_owned(),
        confirmed_by: ActorId(uuid(52)),
    }
}

pub fn effective() -> DepartureEvent {
    DepartureEvent::BecameEffective {
        effective_on: day("2024-04-01"),
        hired_on: day("2015-04-01"),
        left_on: day("2024-03-31"),
        legal_entity: "JP-HQ".to_owned(),
        employee_number: "E-10234".to_owned(),
        member_id: None,
    }
}

pub fn interviewed(wishes_to_return: Option<bool>) -> DepartureEvent {
    DepartureEvent::ExitInterviewRecorded { held_on: day("2024-03-15"), wishes_to_return, notes: Some(sealed(34)) }
}

pub fn registration_noted(verdict: Verdict) -> DepartureEvent {
    DepartureEvent::RegistrationNoted { member_id: MemberId(uuid(4)), verdict }
}

fn invited(number: u32) -> DepartureEvent {
    DepartureEvent::Invited {
        number,
        basis: OutreachBasis::NoticeWithInvitation,
        notice_version: Some("2026-10".to_owned()),
        channel: Channel::Email,
        expires_at: instant(day("2024-04-30")),
    }
}
