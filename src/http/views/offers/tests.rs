//! What of an offer each role sees.

use std::collections::BTreeMap;

use aggregates::checks::{CheckAnswer, Outcome, Settlement, found, passed};
use aggregates::ids::{ActorId, ApplicationId, MemberId, OfferId, PersonId, RequisitionId};
use aggregates::labour::{Duty, Figure, LabourCheck};
use aggregates::offer::{
    Acceptance, ContractTerm, DeclineReason, DocumentKind, DocumentOutcome, DutyDue, DutyOutcome, Pay, PayAssessment,
    RenderedDocument, Terms,
};
use aggregates::programme_policy::RequiredDocument;
use aggregates::requisition::Line;
use aggregates::values::{Bilingual, EmploymentType, Money};
use chrono::{DateTime, NaiveDate, Utc};
use projections::offers as model;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{OfferView, mask_for};
use crate::http::request::Reach;
use crate::identity::Role;

fn settled(rule: &str, at: DateTime<Utc>) -> model::Settled {
    let by = ActorId(Uuid::from_u128(9));
    let (rule, evidence_ref) = (rule.to_owned(), "hr/9".to_owned());
    let settlement = Settlement::Answered { rule, answer: CheckAnswer::Satisfied, evidence_ref, by };
    model::Settled { settlement, at }
}

/// A question that was answered, and one that waits.
fn labour(at: DateTime<Utc>) -> Vec<model::LabourStanding> {
    let days = [("gap_days".to_owned(), Figure::Count(21))].into();
    let asked = |rule, code, figures, answer| model::LabourStanding {
        check: LabourCheck { result: found(rule, Outcome::Hold, code, "労働基準法39条"), figures },
        answer,
    };
    vec![
        asked("LAB-05", "continuity", days, Some(settled("LAB-05", at))),
        asked("LAB-14", "prior_duties", BTreeMap::new(), None),
    ]
}

fn actor(number: u128) -> ActorId {
    ActorId(Uuid::from_u128(number))
}

fn examined(at: DateTime<Utc>) -> model::DutyStanding {
    model::DutyStanding {
        due: DutyDue { duty: Duty::HealthCheck, due_on: at.date_naive() },
        outcome: Some(DutyOutcome::Done),
        done_on: Some(at.date_naive()),
        evidence_ref: Some("clinic/7".to_owned()),
        recorded_by: Some(actor(8)),
    }
}

fn explained(at: DateTime<Utc>) -> model::Explained {
    let (given_by, role, given_at) = (actor(8), "compensation".to_owned(), at);
    model::Explained {
        requested_by: Some(actor(7)),
        requested_at: at,
        answer_by: at.date_naive(),
        question: None,
        recorded_for: None,
        answered: Some(model::Explanation { given_by, role, given_at, answer: None, comparison: None }),
    }
}

/// A document that was handed in.
fn handed_in(at: DateTime<Utc>) -> model::HandsIn {
    model::HandsIn {
        programme: "programme/1/1".into(),
        due_on: at.date_naive(),
        documents: vec![model::DocumentStanding {
            document: RequiredDocument {
                code: "insurance_card".into(),
                name: Bilingual { ja: "雇用保険被保険者証".into(), en: "Employment insurance card".into() },
            },
            outcome: Some(DocumentOutcome::Received),
            on: Some(at.date_naive()),
            evidence_ref: Some("hr/7".into()),
            recorded_by: Some(actor(7)),
        }],
    }
}

fn full() -> Value {
    let at = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
    let terms = Terms {
        grade: "G4".into(),
        employment_type: EmploymentType::Regular,
        contract: ContractTerm::Indefinite,
        starts_on: NaiveDate::from_ymd_opt(2027, 1, 4).unwrap(),
        location: None,
        location_scope: None,
        duties: None,
        duties_scope: None,
        weekly_hours: 40,
        probation_months: None,
        pay: Pay {
            base: Money { amount: 7_400_000, currency: "JPY".into() },
            allowances: vec![],
            fixed_overtime: None,
            bonus: None,
            sign_on: None,
        },
    };
    let document = |kind| RenderedDocument { kind, template: "t/1".into(), sha256: "0".repeat(64) };
    let document = model::Offer {
        id: OfferId(Uuid::from_u128(1)),
        state: model::State::Declined,
        version: 6,
        position: 30,
        application_id: ApplicationId(Uuid::from_u128(2)),
        requisition_id: RequisitionId(Uuid::from_u128(3)),
        person_id: PersonId(Uuid::from_u128(4)),
        member_id: MemberId(Uuid::from_u128(5)),
        account: Some(actor(6)),
        legal_entity: "JP-HQ".into(),
        line: Line { recruiter: actor(7), hiring_manager: None, approver_unit: None },
        referrer: None,
        terms_version: 1,
        terms: Some(terms.clone()),
        terms_hash: "1".repeat(64),
        expires_at: at,
        pay_policy: "pay/0".into(),
        assessment: PayAssessment::NotAssessed,
        finding: None,
        exception: None,
        drafted_by: actor(7),
        drafted_at: at,
        drafted_position: 20,
        versions: vec![model::Version {
            number: 1,
            terms: Some(terms),
            terms_hash: "1".repeat(64),
            expires_at: at,
            changed: vec![],
            by: actor(7),
            at,
            superseded_at: None,
        }],
        request: None,
        approvals: vec![],
        decisions: vec![],
        conflicts: vec![],
        delegations: vec![],
        extension: Some(model::Extension {
            version: 1,
            seat: 2,
            documents: vec![document(DocumentKind::ApprovalSheet), document(DocumentKind::Explanation)],
            approved: vec![actor(8)],
            rechecked: vec![passed("PRV-13", "no_flag", "規程"), passed("LAB-04", "direct", "規程")],
            extended_by: actor(7),
            extended_at: at,
        }),
        acceptance: None,
        remedied: vec![],
        range_review: None,
        hands_in: Some(handed_in(at)),
        duties: vec![examined(at)],
        explained: vec![explained(at)],
        settlements: ["PRV-13", "LAB-04"].map(|rule| settled(rule, at)).into(),
        labour: labour(at),
        ending: Some(model::Ending {
            kind: model::EndingKind::Declined,
            at,
            acceptance: Some(Acceptance::Before),
            decline_reason: Some(DeclineReason::Timing),
            rescission_reason: None,
            lapse_cause: None,
            clause: None,
            opinion_ref: None,
            by: Some(actor(6)),
            words: None,
        }),
    };
    serde_json::to_value(document).unwrap()
}

fn seen(role: Role, reach: Reach) -> Value {
    let mut body = full();
    mask_for(role, reach, &mut body);
    serde_json::from_value::<OfferView>(body.clone()).unwrap();
    body
}

#[test]
fn those_who_make_offers_see_all_of_them() {
    for reach in [Reach::All, Reach::Assigned] {
        let body = seen(Role::Recruiter, reach);
        assert_eq!(body["extension"]["seat"], 2);
        assert_eq!(body["terms"]["pay"]["allowances"], json!([]));
        assert_eq!(body["versions"][0]["terms"]["location"], Value::Null);
        assert_eq!(body.get("drafted_position"), None);
    }
}

#[test]
fn what_labour_law_asks_is_written_out() {
    let body = seen(Role::Recruiter, Reach::All);
    let [leave, duties] = body["labour"].as_array().unwrap().as_slice() else { panic!("{body}") };
    assert_eq!(
        (&leave["figures"], &leave["answer"]["settlement"]["rule"]),
        (&json!({"gap_days": 21}), &json!("LAB-05"))
    );
    assert!(leave["question"].as_str().unwrap().starts_with("The gap is short."));
    assert_eq!((&duties["figures"], &duties["answer"]), (&json!({}), &Value::Null));
    assert!(duties["question_ja"].as_str().unwrap().contains("競業避止義務"));
}

#[test]
fn flags_are_for_few_to_know() {
    let rules = |role: Role| {
        let body = seen(role, Reach::All);
        let told = |list: &str, rule: &str| -> Vec<Value> {
            let items = body.pointer(list).and_then(Value::as_array).unwrap();
            items.iter().map(|item| item.pointer(rule).unwrap().clone()).collect()
        };
        [told("/extension/rechecked", "/rule"), told("/settlements", "/settlement/rule")]
    };
    for role in [Role::Compliance, Role::PeopleOps] {
        assert_eq!(rules(role), [["PRV-13", "LAB-04"], ["PRV-13", "LAB-04"]]);
    }
    for role in [Role::Recruiter, Role::HiringManager, Role::Compensation, Role::Executive] {
        assert_eq!(rules(role), [["LAB-04"], ["LAB-04"]]);
    }
}

#[test]
fn the_candidate_sees_the_terms_and_their_documents_and_nobody_who_decided() {
    let body = seen(Role::Alumnus, Reach::Own);
    assert_eq!(body["terms"]["pay"]["base"]["amount"], 7_400_000);
    let documents = body["extension"]["documents"].as_array().unwrap();
    assert_eq!(documents.iter().map(|one| &one["kind"]).collect::<Vec<_>>(), ["explanation"]);
    for hidden in ["approvals", "decisions", "versions", "line", "referrer", "drafted_by", "assessment", "person_id"] {
        assert_eq!(body.get(hidden), None, "{hidden}");
    }
    assert_eq!(body["extension"].get("seat"), None);
    assert_eq!(body["ending"].get("by"), None);
    assert_eq!(body["ending"]["decline_reason"], "timing");
}

/// What was handed in is for whoever takes it in, and where it lies is not for the returner.
#[test]
fn documents_are_for_those_who_collect_them() {
    let shown = |role, reach| seen(role, reach).get("hands_in").is_some();
    for (role, sees) in [
        (Role::Compliance, true),
        (Role::PeopleOps, true),
        (Role::Recruiter, true),
        (Role::Compensation, false),
        (Role::HiringManager, false),
        (Role::Executive, false),
    ] {
        assert_eq!([Reach::All, Reach::Assigned].map(|reach| shown(role, reach)), [sees, sees], "{role:?}");
    }
    let own = seen(Role::Alumnus, Reach::Own)["hands_in"]["documents"][0].clone();
    assert_eq!((&own["ja"], &own["outcome"]), (&json!("雇用保険被保険者証"), &json!("received")));
    assert!(own.get("evidence_ref").is_none() && own.get("recorded_by").is_none(), "{own}");
}

/// Nobody who leads them reads that they asked, nor what became of their examination.
#[test]
fn questions_and_examinations_are_for_those_who_see_to_them() {
    for (role, asked, duties) in [
        (Role::Compliance, true, true),
        (Role::PeopleOps, true, true),
        (Role::Compensation, true, false),
        (Role::Recruiter, false, false),
        (Role::HiringManager, false, false),
        (Role::Executive, false, false),
    ] {
        for reach in [Reach::All, Reach::Assigned] {
            let body = seen(role, reach);
            assert_eq!((body.get("explained").is_some(), body.get("duties").is_some()), (asked, duties), "{role:?}");
        }
    }
    let own = seen(Role::Alumnus, Reach::Own);
    assert_eq!(own.get("duties"), None);
    let told = &own["explained"][0];
    assert!(told["answered"]["role"] == "compensation" && told["answer_by"].is_string(), "{told}");
    assert!(told.get("requested_by").is_none() && told["answered"].get("given_by").is_none(), "{told}");
}
