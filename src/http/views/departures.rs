//! A departure as each role sees it (decisions 8 and 9): recruiters, managers and interviewers see verdict and clause,
//! never why somebody left, when they were born or what they earned.

use aggregates::departure::{Channel, OutreachBasis};
use aggregates::eligibility::SeparationReason;
use aggregates::values::{EmploymentType, Verdict};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{MoneyView, nulls, only};
use crate::http::pay_history::{is_kept_back, without_pay};
use crate::http::reading::remove;
use crate::http::request::{Reach, Session, one_of, one_of_or_null};
use crate::identity::Role;

/// A departure. A member that the caller's role may not see is absent; what is unknown or erased is `null`.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DepartureView {
    id: Uuid,
    state: DepartureState,
    /// The same as `ETag`.
    version: i64,
    /// The place in the employer's log of the last event that this shows.
    position: i64,
    /// The human being.
    person_id: Uuid,
    legal_entity: String,
    employee_number: Option<String>,
    previous_employee_number: Option<String>,
    person: LeaverView,
    employment: EndedEmploymentView,
    /// The department at exit once more, by which lists can be filtered.
    department: Option<String>,
    /// Why they left. For people operations, compliance, executives, and the person.
    #[schema(schema_with = one_of_or_null::<SeparationReason>)]
    reason: Option<String>,
    /// The person's latest word.
    wishes_to_return: Option<bool>,
    source: RecordSource,
    recorded_at: DateTime<Utc>,
    /// The latest corrections, oldest first; the facts above are what stands after them.
    corrections: Option<Vec<CorrectionView>>,
    /// What others may rely on.
    #[schema(schema_with = one_of::<Verdict>)]
    verdict: String,
    eligibility: EligibilityView,
    outreach: Option<OutreachView>,
    /// The latest invitations, oldest first.
    invitations: Option<Vec<InvitationView>>,
    exit_interview: Option<ExitInterviewView>,
    /// The latest membership that it led to.
    member_id: Option<Uuid>,
    /// The first local day without employment, once it has come.
    effective_on: Option<NaiveDate>,
    /// Why the departure does not happen.
    rescinded_because: Option<String>,
}

/// How far a departure has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub(crate) enum DepartureState {
    /// The last day lies ahead.
    Scheduled,
    /// The last day has passed.
    Effective,
    /// The person stayed.
    Rescinded,
}

/// How a record came in.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RecordSource {
    /// One record through the API.
    Api,
    /// A line of a file.
    Import,
    /// A reaction of the program.
    Reaction,
}

/// The person as the employer's records name them at departure (退職時の氏名).
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LeaverView {
    name: Option<String>,
    /// The name's reading (フリガナ).
    name_kana: Option<String>,
    /// For people operations and compliance, and the person.
    email: Option<String>,
    /// For people operations and compliance, and the person.
    phone: Option<String>,
    /// For people operations and compliance, and the person.
    birth_date: Option<NaiveDate>,
}

/// The period of employment that ends (在籍期間).
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EndedEmploymentView {
    /// First day.
    hired_on: Option<NaiveDate>,
    /// Last day.
    left_on: Option<NaiveDate>,
    department: Option<String>,
    job_family: Option<String>,
    job_title: Option<String>,
    /// 等級
    grade: Option<String>,
    location: Option<String>,
    #[schema(schema_with = one_of_or_null::<EmploymentType>)]
    employment_type: Option<String>,
    /// Annual base salary at exit, full-time equivalent at 40 hours. For compliance and the person; and for
    /// people operations, where no law bans pay history (PAY-07).
    base_salary: Option<MoneyView>,
}

/// That recorded facts were wrong.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CorrectionView {
    /// The version that the correction made.
    sequence: i64,
    /// The version whose facts were wrong.
    corrects: u64,
    at: DateTime<Utc>,
    /// By whom.
    by: Option<Uuid>,
    why: Option<String>,
}

/// What is decided about a return.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EligibilityView {
    /// What others may rely on: `not_eligible` only when two people found it.
    #[schema(schema_with = one_of::<Verdict>)]
    verdict: String,
    /// What the rule about exit reasons proposes.
    #[schema(schema_with = one_of_or_null::<Verdict>)]
    proposed: Option<String>,
    /// That rule and its version.
    rule: Option<String>,
    /// Whether `not_eligible` was found and waits for a second person.
    awaits_confirmation: Option<bool>,
    /// Who assessed.
    assessed_by: Option<Uuid>,
    assessed_at: Option<DateTime<Utc>>,
    /// The coded ground.
    reason_code: Option<String>,
    note: Option<String>,
    /// The clause relied on.
    clause: Option<String>,
    /// The second person.
    confirmed_by: Option<Uuid>,
    /// Where the evidence lies.
    evidence_ref: Option<String>,
    /// The day on which `not_eligible` lapses.
    expires_on: Option<NaiveDate>,
    /// How the person can appeal.
    appeal_route: Option<String>,
    /// Why an earlier finding does not stand any more.
    reopened_because: Option<ReopenedBecause>,
}

/// Why a finding does not stand any more.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ReopenedBecause {
    /// A second person sent it back.
    Returned,
    /// It reached its expiry.
    Lapsed,
    /// The reason for leaving that it rested on proved wrong.
    ReasonCorrected,
}

/// Whether the person may be written to about the programme.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OutreachView {
    /// Why not; they may be while this is empty.
    barred_because: Vec<OutreachBarView>,
}

/// Why a person must not be written to.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OutreachBarView {
    /// The person asked not to be contacted (連絡不要).
    ContactRefused,
    /// The person has died (死亡).
    Deceased,
}

/// An invitation to register.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InvitationView {
    /// Counted from 1.
    number: u32,
    /// Why the contact is lawful (PRV-01).
    #[schema(schema_with = one_of::<OutreachBasis>)]
    basis: String,
    /// The version of the notice that states the purpose.
    notice_version: Option<String>,
    /// How the letter travels.
    #[schema(schema_with = one_of::<Channel>)]
    channel: String,
    invited_at: DateTime<Utc>,
    /// The first instant at which it cannot be used any more.
    expires_at: DateTime<Utc>,
}

/// The exit interview (退職面談).
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExitInterviewView {
    held_on: Option<NaiveDate>,
    wishes_to_return: Option<bool>,
    /// What was said. For people operations and compliance.
    notes: Option<String>,
}

/// What somebody sees who works with leavers but did not see them off: verdict and clause, and where the person worked.
const MASKED: &[&str] = &[
    "id",
    "state",
    "version",
    "position",
    "person_id",
    "legal_entity",
    "employee_number",
    "previous_employee_number",
    "person.name",
    "person.name_kana",
    "employment.hired_on",
    "employment.left_on",
    "employment.department",
    "employment.job_family",
    "employment.job_title",
    "employment.grade",
    "employment.location",
    "employment.employment_type",
    "department",
    "wishes_to_return",
    "source",
    "recorded_at",
    "verdict",
    "eligibility.verdict",
    "eligibility.clause",
    "member_id",
    "effective_on",
];

/// What the person sees of their own departure: the facts about them, and of the verdict what they can act on. Not what
/// others wrote about them, nor who decided (PRV-10).
const OWN: &[&str] = &[
    "id",
    "state",
    "version",
    "position",
    "person_id",
    "legal_entity",
    "employee_number",
    "previous_employee_number",
    "person",
    "employment",
    "department",
    "reason",
    "wishes_to_return",
    "source",
    "recorded_at",
    "corrections.*.sequence",
    "corrections.*.corrects",
    "corrections.*.at",
    "verdict",
    "eligibility.verdict",
    "eligibility.clause",
    "eligibility.expires_on",
    "eligibility.appeal_route",
    "outreach",
    "invitations",
    "exit_interview.held_on",
    "exit_interview.wishes_to_return",
    "member_id",
    "effective_on",
];

/// What an executive does not need for the verdict that they confirm.
const NOT_FOR_EXECUTIVES: &[&str] =
    &["person.email", "person.phone", "person.birth_date", "employment.base_salary", "exit_interview.notes"];

/// Leaves of a departure what this caller may see.
pub(crate) fn mask(session: &Session, body: &mut Value) {
    mask_for(session.role, session.reach, body);
    if is_kept_back(session, body) {
        without_pay(body);
    }
}

/// Leaves of a departure what the person themselves may see.
pub(crate) fn mask_own(body: &mut Value) {
    complete(body);
    only(body, OWN);
}

fn mask_for(role: Role, reach: Reach, body: &mut Value) {
    match (reach, role) {
        (Reach::Own, _) => mask_own(body),
        (Reach::All, Role::PeopleOps | Role::Compliance) => complete(body),
        (Reach::All, Role::Executive) => {
            complete(body);
            remove(body, NOT_FOR_EXECUTIVES);
        }
        (Reach::All | Reach::Assigned, _) => {
            complete(body);
            only(body, MASKED);
        }
    }
}

fn complete(body: &mut Value) {
    nulls(body.get_mut("person"), &["name", "name_kana", "email", "phone", "birth_date"]);
    remove(body, &["recorded_position"]);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use aggregates::departure::{Channel, OutreachBar, OutreachBasis, Source};
    use aggregates::ids::{ActorId, DepartureId, MemberId, PersonId, VaultRef};
    use aggregates::personal::{Personal, Sealed};
    use aggregates::values::{EmploymentType, Money, PersonDetails, Verdict};
    use chrono::{DateTime, NaiveDate};
    use projections::departures as model;
    use serde_json::{Value, json};
    use uuid::Uuid;

    use super::{DepartureView, mask_for};
    use crate::http::request::Reach;
    use crate::identity::Role;

    fn sealed<T>(nth: u128) -> Personal<T> {
        Personal::Sealed(Sealed { reference: VaultRef(Uuid::from_u128(nth)), commitment: "00".to_owned() })
    }

    /// A departure about which everything is known.
    fn full() -> Value {
        let day = NaiveDate::from_ymd_opt(2024, 3, 31);
        let at = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        let document = model::Departure {
            id: DepartureId(Uuid::from_u128(1)),
            state: model::State::Effective,
            version: 9,
            position: 90,
            person_id: PersonId(Uuid::from_u128(2)),
            legal_entity: "JP-HQ".into(),
            employee_number: Some("E-1".into()),
            previous_employee_number: None,
            person: PersonDetails {
                name: sealed(10),
                name_kana: Some(sealed(11)),
                email: Some(sealed(12)),
                phone: None,
                birth_date: Some(sealed(13)),
            },
            employment: model::Employment {
                hired_on: day,
                left_on: day,
                department: Some("物流部".into()),
                job_family: Some("driver".into()),
                job_title: None,
                grade: Some("G4".into()),
                location: None,
                employment_type: Some(EmploymentType::Regular),
                base_salary: Some(Money { amount: 6_200_000, currency: "JPY".into() }),
            },
            department: Some("物流部".into()),
            reason: sealed(14),
            wishes_to_return: Some(true),
            source: Source::Api,
            recorded_at: at,
            recorded_position: 80,
            corrections: vec![model::Correction {
                sequence: 3,
                corrects: 1,
                at,
                by: Some(ActorId(Uuid::from_u128(3))),
                why: sealed(15),
            }],
            verdict: Verdict::NotEligible,
            eligibility: model::Eligibility {
                verdict: Verdict::NotEligible,
                proposed: Some(Verdict::NotEligible),
                rule: Some("exit-reason/0".into()),
                awaits_confirmation: false,
                assessed_by: Some(ActorId(Uuid::from_u128(4))),
                assessed_at: Some(at),
                reason_code: Some("serious".into()),
                note: Some(sealed(16)),
                clause: Some("第3条".into()),
                confirmed_by: Some(ActorId(Uuid::from_u128(5))),
                evidence_ref: Some("case/7".into()),
                expires_on: day,
                appeal_route: Some("compliance".into()),
                reopened_because: Some(model::Reopened::Lapsed),
            },
            outreach: model::Outreach {
                barred_because: BTreeSet::from([OutreachBar::ContactRefused, OutreachBar::Deceased]),
            },
            invitations: vec![model::Invitation {
                number: 1,
                basis: OutreachBasis::ExitConsent,
                notice_version: None,
                channel: Channel::Email,
                invited_at: at,
                expires_at: at,
            }],
            exit_interview: Some(model::ExitInterview {
                held_on: day,
                wishes_to_return: Some(true),
                notes: Some(sealed(17)),
            }),
            member_id: Some(MemberId(Uuid::from_u128(6))),
            effective_on: day,
            rescinded_because: Some(sealed(18)),
        };
        serde_json::to_value(document).unwrap()
    }

    /// As `reading::open` does, without a vault.
    fn opened(value: &mut Value) {
        match value {
            Value::Object(members) if members.contains_key("ref") => *value = json!("2000-01-01"),
            Value::Object(members) => members.values_mut().for_each(opened),
            Value::Array(items) => items.iter_mut().for_each(opened),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    fn seen(role: Role, reach: Reach) -> Value {
        let mut body = full();
        mask_for(role, reach, &mut body);
        opened(&mut body);
        serde_json::from_value::<DepartureView>(body.clone()).unwrap();
        body
    }

    fn at<'a>(body: &'a Value, path: &str) -> Option<&'a Value> {
        path.split('.').try_fold(body, |value, name| value.get(name))
    }

    const SENSITIVE: [&str; 8] = [
        "reason",
        "person.email",
        "person.phone",
        "person.birth_date",
        "employment.base_salary",
        "eligibility.note",
        "exit_interview.notes",
        "rescinded_because",
    ];

    #[test]
    fn people_operations_and_compliance_see_everything_and_unknown_is_null() {
        for role in [Role::PeopleOps, Role::Compliance] {
            let body = seen(role, Reach::All);
            for path in SENSITIVE {
                assert!(at(&body, path).is_some(), "{role} {path}");
            }
            assert_eq!(at(&body, "person.phone"), Some(&Value::Null));
        }
    }

    #[test]
    fn whoever_is_not_named_sees_verdict_and_clause_only() {
        for role in Role::ALL {
            if matches!(role, Role::PeopleOps | Role::Compliance | Role::Executive) {
                continue;
            }
            let body = seen(role, Reach::All);
            for path in SENSITIVE {
                assert_eq!(at(&body, path), None, "{role} {path}");
            }
            // What would tell why somebody left, or that they died.
            for path in ["eligibility.proposed", "eligibility.reason_code", "outreach", "corrections", "exit_interview"]
            {
                assert_eq!(at(&body, path), None, "{role} {path}");
            }
            assert_eq!(at(&body, "eligibility"), Some(&json!({"verdict": "not_eligible", "clause": "第3条"})));
        }
    }

    #[test]
    fn an_executive_sees_reason_and_clause_but_neither_birth_date_nor_pay() {
        let body = seen(Role::Executive, Reach::All);
        assert!(at(&body, "reason").is_some() && at(&body, "eligibility.evidence_ref").is_some());
        for path in ["person.birth_date", "employment.base_salary", "person.email"] {
            assert_eq!(at(&body, path), None, "{path}");
        }
    }

    #[test]
    fn the_person_sees_their_own_data_but_not_what_others_wrote_or_who_decided() {
        let body = seen(Role::Alumnus, Reach::Own);
        assert!(at(&body, "person.birth_date").is_some() && at(&body, "reason").is_some());
        for path in [
            "eligibility.note",
            "eligibility.assessed_by",
            "eligibility.confirmed_by",
            "eligibility.evidence_ref",
            "exit_interview.notes",
            "rescinded_because",
        ] {
            assert_eq!(at(&body, path), None, "{path}");
        }
        assert_eq!(body["corrections"][0].get("why"), None);
        assert_eq!(body["corrections"][0].get("by"), None);
        assert_eq!(at(&body, "eligibility.appeal_route"), Some(&json!("compliance")));
    }
}
