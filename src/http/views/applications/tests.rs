use std::collections::BTreeSet;

use aggregates::application::{
    Channel, EligibilityFacts, EligibilityResult, FlagFact, FlagForce, HoldCause, MembershipFact, ProgrammeFact,
    Recommendation, RequisitionFact, ReviewDecision, Scorecard, Stint,
};
use aggregates::checks::{CheckAnswer, Outcome, Settlement, found, passed};
use aggregates::eligibility::SeparationReason;
use aggregates::ids::{
    ActorId, ApplicationId, DepartureId, FlagId, InterviewId, MemberId, OfferId, PersonId, ProgrammePolicyId,
    RequisitionId,
};
use aggregates::programme_policy::{JobReturn, Rehire};
use aggregates::requisition::{Audience, Engagement};
use aggregates::values::{EmploymentType, Verdict};
use chrono::{DateTime, Days, NaiveDate, Utc};
use projections::applications as model;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{ApplicationView, mask_for};
use crate::http::request::Reach;
use crate::identity::Role;

const fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

const ALUMNUS: ActorId = ActorId(id(10));
const RECRUITER: ActorId = ActorId(id(11));
const FIRST: ActorId = ActorId(id(13));
const SECOND: ActorId = ActorId(id(14));
const NOBODY: ActorId = ActorId(id(99));

fn at() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 10, 1).unwrap()
}

/// A period of which everything is said, and one of which as little as may be.
fn stints() -> Vec<Stint> {
    let bare = Stint {
        departure_id: DepartureId(id(5)),
        legal_entity: "JP-HQ".into(),
        hired_on: day(),
        left_on: day(),
        verdict: Verdict::Eligible,
        clause: None,
        reason_counts: false,
        wish_registered: false,
        employment_type: None,
        retired: false,
    };
    let whole = Stint {
        clause: Some("第9条".into()),
        reason_counts: true,
        wish_registered: true,
        employment_type: Some(EmploymentType::Regular),
        retired: true,
        ..bare.clone()
    };
    vec![whole, bare]
}

/// A case with everything in it: held since a flag was raised, interviewed by two of whom one has said what they found.
#[expect(clippy::too_many_lines, reason = "one case with everything in it")]
fn full() -> Value {
    let progress = json!({
        "state": "interviewing", "stage_since": day(), "stage": "interviewing", "eligibility_result": "needs_review",
        "on_hold": "yes", "hold_because": HoldCause::FlagRaised, "hold_until": null, "assessed": "needs_review",
    });
    let case = model::Application {
        id: ApplicationId(id(1)),
        progress: serde_json::from_value(progress).unwrap(),
        version: 9,
        position: 90,
        person_id: PersonId(id(2)),
        member_id: MemberId(id(3)),
        account: Some(ALUMNUS),
        requisition_id: RequisitionId(id(4)),
        legal_entity: "JP-HQ".into(),
        recruiter: RECRUITER,
        hiring_manager: Some(SECOND),
        approver_unit: None,
        owner: Some(RECRUITER),
        channel: Channel::Alumni,
        referral_id: None,
        motivation: None,
        submitted_by: Some(ALUMNUS),
        recorded_for: None,
        submitted_at: at(),
        submitted_on: day(),
        submitted_position: 10,
        eligibility: Some(model::Assessment {
            result: EligibilityResult::NeedsReview,
            rules: vec![
                passed("ELG-01", "active", "programme/0"),
                found("PRV-13", Outcome::Hold, "flag_raised", "第12条"),
            ],
            programme_version: "programme/0".into(),
            facts: Some(EligibilityFacts {
                stints: stints(),
                flags: vec![FlagFact { flag_id: FlagId(id(6)), force: FlagForce::Raised, clause: "第12条".into() }],
                membership: MembershipFact::Active,
                jobs_consent: Some("jobs/1".into()),
                requisition: RequisitionFact::Published,
                audience: vec![Audience::Alumni],
                engagement: Engagement::Direct,
                legal_entity: Some("JP-HQ".into()),
                programme: Some(Box::new(ProgrammeFact {
                    policy_id: ProgrammePolicyId(id(7)),
                    version: 1,
                    channel: Channel::Alumni,
                    rehire: Some(Rehire { clause: "第3条".into(), cooling_off_days: 1, minimum_tenure_months: 12 }),
                    job_return: Some(JobReturn {
                        clause: "第4条".into(),
                        reasons: BTreeSet::from([SeparationReason::FamilyCare]),
                        within_months: 36,
                        cooling_off_days: 0,
                        minimum_tenure_months: 12,
                        registration_months: Some(24),
                    }),
                    contact: "people-ops@example.jp".into(),
                })),
                on: day(),
            }),
            because: Some(HoldCause::FlagRaised),
            assessed_at: at(),
        }),
        reviews: vec![model::Review {
            decision: ReviewDecision::Eligible,
            clause: "第3条".into(),
            by: NOBODY,
            at: at(),
            note: None,
        }],
        review_request: Some(model::ReviewRequest {
            requested_by: Some(ALUMNUS),
            requested_at: at(),
            grounds: None,
            answered_at: None,
        }),
        settlements: vec![model::Settled {
            settlement: Settlement::Answered {
                rule: "PRV-13".into(),
                answer: CheckAnswer::Satisfied,
                evidence_ref: "hr/9".into(),
                by: NOBODY,
            },
            at: at(),
        }],
        hold: Some(model::Hold { held_by: NOBODY, held_at: at(), note: None }),
        steps: vec![],
        disclosed_range: None,
        interviews: vec![model::Interview {
            interview_id: InterviewId(id(7)),
            starts_at: at(),
            ends_at: at(),
            interviewers: vec![FIRST, SECOND],
            location: Some("仙台支店".into()),
            sequence: 0,
            outcome: None,
            note: None,
            scorecards: vec![model::ScorecardShown {
                interviewer: FIRST,
                submitted_at: at(),
                scorecard: Scorecard {
                    rating: 4,
                    recommendation: Recommendation::Yes,
                    attributes: vec![],
                    notes: None,
                },
                amended: vec![],
            }],
        }],
        evaluation: Some(model::Evaluation {
            recommendation: Recommendation::Yes,
            evaluated_by: SECOND,
            evaluated_at: at(),
            note: None,
        }),
        offer_id: Some(OfferId(id(8))),
        offer: Some(model::Offer {
            offer_id: OfferId(id(8)),
            opened_at: at(),
            accepted_at: None,
            ending: None,
            ended_at: None,
        }),
        start: Some(model::Start {
            starts_on: Some(day()),
            employment_type: EmploymentType::Regular,
            grade: Some("G4".into()),
            location: None,
            postponed_because: None,
            employee_number: None,
            started_on: None,
            recorded_by: Some(RECRUITER),
        }),
        transfers: vec![],
        ending: None,
    };
    serde_json::to_value(case).unwrap()
}

fn seen(role: Role, reach: Reach, actor: ActorId) -> Value {
    let mut body = full();
    mask_for(role, reach, (actor, day()), |_| vec![role], &mut body);
    serde_json::from_value::<ApplicationView>(body.clone()).unwrap();
    body
}

fn scorecards(body: &Value) -> usize {
    body["interviews"][0]["scorecards"].as_array().unwrap().len()
}

#[test]
fn whatever_a_role_sees_has_the_shape_that_the_api_promises() {
    for role in Role::ALL {
        for reach in [Reach::All, Reach::Own, Reach::Assigned] {
            seen(role, reach, NOBODY);
        }
    }
}

#[test]
fn compliance_sees_what_the_rules_read() {
    let body = seen(Role::Compliance, Reach::All, NOBODY);
    assert_eq!(body["eligibility"]["facts"]["flags"][0]["force"], "raised");
    assert_eq!((&body["on_hold"], &body["hold"]["because"]), (&json!(true), &json!("flag_raised")));
    assert_eq!(body["eligibility"]["rules"][1]["code"], "flag_raised");
    let stints = &body["eligibility"]["facts"]["stints"];
    assert_eq!((&stints[0]["clause"], &stints[0]["employment_type"]), (&json!("第9条"), &json!("regular")));
    assert_eq!((&stints[1]["clause"], &stints[1]["employment_type"]), (&Value::Null, &Value::Null));
}

#[test]
fn that_there_is_a_flag_is_for_few_to_know() {
    for role in [Role::Recruiter, Role::HiringManager, Role::Interviewer, Role::Compensation, Role::Executive] {
        let body = seen(role, Reach::All, NOBODY);
        for secret in ["flag", "PRV-13", "第12条", "hr/9"] {
            assert!(!body.to_string().contains(secret), "{role}: {body}");
        }
    }
    assert_eq!(seen(Role::Recruiter, Reach::All, NOBODY)["hold"]["because"], Value::Null);
}

#[test]
fn scorecards_of_others_are_seen_once_ones_own_is_in() {
    for (role, reach, actor, expected) in [
        (Role::Interviewer, Reach::Assigned, FIRST, 1),
        (Role::HiringManager, Reach::Assigned, SECOND, 0),
        (Role::Recruiter, Reach::All, SECOND, 0),
        (Role::Recruiter, Reach::All, RECRUITER, 1),
        (Role::Compliance, Reach::All, NOBODY, 1),
        (Role::HiringManager, Reach::Assigned, NOBODY, 0),
        (Role::PeopleOps, Reach::All, NOBODY, 0),
        (Role::Executive, Reach::All, NOBODY, 0),
    ] {
        let body = seen(role, reach, actor);
        assert_eq!(scorecards(&body), expected, "{role}");
        assert_eq!(body["interviews"][0]["scorecards_in"], 1);
    }
}

#[test]
fn an_interviewer_judges_by_what_they_see() {
    let body = seen(Role::Interviewer, Reach::Assigned, SECOND);
    for hidden in ["evaluation", "eligibility", "offer", "start", "reviews"] {
        assert!(body.get(hidden).is_none(), "{hidden}");
    }
    assert_eq!(body["next_allowed_commands"], json!(["submit-scorecard"]));
    assert_eq!(seen(Role::Interviewer, Reach::Assigned, FIRST)["next_allowed_commands"], json!(["amend-scorecard"]));
}

#[test]
fn the_person_sees_where_it_stands_and_when_interviews_are() {
    let body = seen(Role::Alumnus, Reach::Own, ALUMNUS);
    assert_eq!(body["state"], "interview");
    assert_eq!(body["interviews"][0]["location"], "仙台支店");
    for hidden in ["scorecards", "interviewers", "evaluation", "rating", "recruiter", "on_hold", "flag"] {
        assert!(!body.to_string().contains(hidden), "{hidden}: {body}");
    }
}

#[test]
fn the_person_is_told_the_clause_of_a_refusal_and_nothing_behind_it() {
    let mut body = full();
    for (member, value) in [
        ("state", "not_eligible"),
        ("eligibility_result", "not_eligible"),
        ("on_hold", "no"),
        ("assessed", "not_eligible"),
    ] {
        body[member] = value.into();
    }
    body["hold_because"] = Value::Null;
    body["hold"] = Value::Null;
    body["review_request"] = Value::Null;
    body["reviews"] = json!([]);
    body["eligibility"]["rules"] = json!([found("ELG-06", Outcome::Block, "not_eligible", "再雇用規程第3条")]);
    let mut own = body.clone();
    mask_for(Role::Alumnus, Reach::Own, (ALUMNUS, day()), |_| vec![Role::Alumnus], &mut own);
    assert_eq!((&own["state"], &own["refusal_clause"]), (&json!("not_eligible"), &json!("再雇用規程第3条")));
    assert_eq!(own["next_allowed_commands"], json!(["request-review"]));
    assert!(own.get("eligibility").is_none());
    mask_for(Role::Compliance, Reach::All, (NOBODY, day()), |_| vec![Role::Compliance], &mut body);
    assert_eq!(body["next_allowed_commands"], json!([]), "nobody has asked for a review");
}

/// What is offered of these to somebody who acts in a role, so many days after the case came to where it is.
fn offered(mut body: Value, role: Role, actor: ActorId, days: u64) -> Vec<String> {
    mask_for(role, Reach::All, (actor, day() + Days::new(days)), |_| vec![role], &mut body);
    serde_json::from_value(body["next_allowed_commands"].clone()).unwrap()
}

#[test]
fn what_would_be_refused_is_not_offered() {
    let is_offered = |body: &Value, command: &str, role, actor, days| {
        offered(body.clone(), role, actor, days).iter().any(|one| one == command)
    };
    let mut held = full();
    assert!(!is_offered(&held, "resume", Role::Compliance, NOBODY, 0), "they decided about it before");
    held["reviews"] = json!([]);
    assert!(is_offered(&held, "resume", Role::Compliance, NOBODY, 0));
    assert!(!is_offered(&held, "resume", Role::Compliance, RECRUITER, 0), "whoever leads the case reviews nothing");
    let mut barred = held.clone();
    barred["eligibility_result"] = json!("not_eligible");
    assert!(!is_offered(&barred, "resume", Role::Compliance, NOBODY, 0));
    let mut waits = held.clone();
    for (member, value) in [("state", "eligibility_review"), ("on_hold", "no")] {
        waits[member] = value.into();
    }
    waits["hold_because"] = Value::Null;
    assert!(is_offered(&waits, "review-eligibility", Role::Compliance, NOBODY, 0));
    assert!(!is_offered(&waits, "review-eligibility", Role::Compliance, SECOND, 0));
    let mut ended = waits.clone();
    ended["state"] = json!("rejected");
    ended["ending"] = json!({"at": at(), "by": RECRUITER, "side": "employer", "rejection": "other",
        "withdrawal": null, "note": null, "recorded_for": null});
    assert!(is_offered(&ended, "reopen", Role::Recruiter, SECOND, 30));
    assert!(!is_offered(&ended, "reopen", Role::Recruiter, SECOND, 31));
    assert!(!is_offered(&ended, "reopen", Role::Recruiter, RECRUITER, 0), "by somebody else");
    let mut refused = waits.clone();
    (refused["state"], refused["review_request"]) = (json!("not_eligible"), Value::Null);
    assert!(is_offered(&refused, "request-review", Role::Alumnus, ALUMNUS, 30));
    assert!(!is_offered(&refused, "request-review", Role::Alumnus, ALUMNUS, 31));
    let mut joining = waits;
    joining["state"] = json!("joining");
    joining["start"]["started_on"] = json!(day() + Days::new(5));
    assert!(!is_offered(&joining, "record-no-show", Role::Recruiter, RECRUITER, 4));
    assert!(is_offered(&joining, "record-no-show", Role::Recruiter, RECRUITER, 5));
}

#[test]
fn who_decides_about_pay_sees_no_words_about_the_candidate() {
    for role in [Role::Compensation, Role::Executive] {
        let body = seen(role, Reach::All, NOBODY);
        assert_eq!(body["evaluation"]["recommendation"], "yes");
        assert!(body["evaluation"].get("note").is_none() && body.get("motivation").is_none());
    }
}

#[test]
fn a_document_that_cannot_be_read_shows_nothing() {
    let mut body = json!({"id": id(1), "secret": "x"});
    mask_for(Role::Compliance, Reach::All, (NOBODY, day()), |_| vec![Role::Compliance], &mut body);
    assert_eq!(body, json!({"id": id(1)}));
}
