//! A requisition as each role sees it: whole for those who run selection, and for employees and alumni what they may
//! answer, without who leads it and whose seats are filled. Who left for childcare or care is shown to people operations
//! and compliance alone.

use aggregates::member::ContactChannel;
use aggregates::requisition::{Audience, CloseReason, Engagement, LiveCases};
use aggregates::values::EmploymentType;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{MoneyView, only};
use crate::http::fields::several_of;
use crate::http::reading::remove;
use crate::http::request::{Session, one_of};
use crate::identity::Role;

/// A requisition (求人). A member that the caller may not see is absent, what is unknown or erased is `null`.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RequisitionView {
    id: Uuid,
    state: RequisitionState,
    /// The same as `ETag`.
    version: i64,
    /// The place in the employer's log of the last event that this shows.
    position: i64,
    title: String,
    /// The entity that hires.
    legal_entity: String,
    department: Option<String>,
    job_family: Option<String>,
    grade: Option<String>,
    /// Place of work.
    location: Option<String>,
    #[schema(schema_with = one_of::<EmploymentType>)]
    employment_type: EmploymentType,
    /// Employed directly, or dispatched (派遣).
    #[schema(schema_with = one_of::<Engagement>)]
    engagement: Engagement,
    /// The published range of annual, full-time equivalent base pay.
    pay_range: Option<RequisitionPayRangeView>,
    /// How many seats.
    headcount: u32,
    /// The applications that came back on them. Not for employees and alumni.
    filled_seats: Option<Vec<Uuid>>,
    /// Who may answer it once it is published.
    #[schema(schema_with = several_of::<Audience>)]
    audience: Vec<Audience>,
    /// What the work is, in words.
    description: Option<String>,
    /// The recruiter in charge: an id of the actor directory. Here and below not for employees and alumni.
    recruiter: Option<Uuid>,
    /// The manager who hires: an id of the actor directory.
    hiring_manager: Option<Uuid>,
    /// The unit that approves offers.
    approver_unit: Option<String>,
    opened_by: Option<Uuid>,
    opened_at: Option<DateTime<Utc>>,
    published_at: Option<DateTime<Utc>>,
    /// Who left for childcare or care and wishes to return. For people operations and compliance.
    returners: Option<RequisitionReturnersView>,
    closing: Option<RequisitionClosingView>,
}

/// How far a requisition has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub(crate) enum RequisitionState {
    /// Nobody can answer it yet.
    Open,
    /// Its audience can answer it.
    Published,
    /// Somebody came back on every seat.
    Filled,
    /// Nobody can answer it any more.
    Closed,
}

/// A range of pay.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RequisitionPayRangeView {
    minimum: MoneyView,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    midpoint: Option<MoneyView>,
    maximum: MoneyView,
}

/// The pay range that a candidate was told.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DisclosedRangeView {
    /// The position that it belongs to.
    requisition_id: Uuid,
    range: RequisitionPayRangeView,
    /// How they were told.
    #[schema(schema_with = one_of::<ContactChannel>)]
    channel: String,
    /// Who told them. Not for the candidate.
    by: Option<Uuid>,
    at: DateTime<Utc>,
}

/// People who left for childcare or care and wish to return (育児・介護休業法27条).
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RequisitionReturnersView {
    /// Their departures.
    departures: Option<Vec<Uuid>>,
    count: u32,
    noted_at: DateTime<Utc>,
}

/// How a requisition was closed.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RequisitionClosingView {
    #[schema(schema_with = one_of::<CloseReason>)]
    because: CloseReason,
    /// What became of live applications.
    #[schema(schema_with = one_of::<LiveCases>)]
    live_cases: LiveCases,
    closed_by: Uuid,
    at: DateTime<Utc>,
    note: Option<String>,
}

/// What whoever may answer it sees.
const ANSWERED: &[&str] = &[
    "id",
    "state",
    "version",
    "position",
    "title",
    "legal_entity",
    "department",
    "job_family",
    "grade",
    "location",
    "employment_type",
    "engagement",
    "pay_range",
    "headcount",
    "audience",
    "description",
    "published_at",
];

/// Whether a role answers requisitions and does not run them.
pub(crate) const fn answers(role: Role) -> bool {
    matches!(role, Role::Employee | Role::Alumnus)
}

/// The states that a list is limited to: those asked for among those that the role sees.
pub(crate) fn states(role: Role, asked: Option<RequisitionState>) -> Option<(&'static str, Vec<String>)> {
    const PUBLIC: [RequisitionState; 2] = [RequisitionState::Published, RequisitionState::Filled];
    let names = |states: &[RequisitionState]| states.iter().map(|one| <&str>::from(*one).to_owned()).collect();
    match (answers(role), asked) {
        (false, None) => None,
        (false, Some(state)) => Some(("state", names(&[state]))),
        (true, None) => Some(("state", names(&PUBLIC))),
        (true, Some(state)) if PUBLIC.contains(&state) => Some(("state", names(&[state]))),
        (true, Some(_)) => Some(("state", vec![])),
    }
}

/// Whether a requisition is there for a role at all: employees and alumni see what is published to them.
pub(crate) fn addressed(role: Role, body: &Value) -> bool {
    let audience = match role {
        Role::Employee => Audience::Employees,
        Role::Alumnus => Audience::Alumni,
        Role::PeopleOps
        | Role::Recruiter
        | Role::HiringManager
        | Role::Interviewer
        | Role::Compensation
        | Role::Executive
        | Role::Compliance
        | Role::Payroll
        | Role::ProgrammeAdmin
        | Role::Partner
        | Role::Hris
        | Role::PayrollSystem => return true,
    };
    let public = matches!(body.get("state").and_then(Value::as_str), Some("published" | "filled"));
    let addressed = [audience, Audience::Public].map(<&str>::from);
    let names = body.get("audience").and_then(Value::as_array);
    public && names.into_iter().flatten().filter_map(Value::as_str).any(|name| addressed.contains(&name))
}

/// Leaves of a requisition what this caller may see.
pub(crate) fn mask(session: &Session, body: &mut Value) {
    mask_for(session.role, body);
}

fn mask_for(role: Role, body: &mut Value) {
    match role {
        Role::PeopleOps | Role::Compliance => remove(body, &["opened_position"]),
        Role::Recruiter
        | Role::HiringManager
        | Role::Interviewer
        | Role::Compensation
        | Role::Executive
        | Role::ProgrammeAdmin => remove(body, &["opened_position", "returners"]),
        Role::Payroll | Role::Employee | Role::Alumnus | Role::Partner | Role::Hris | Role::PayrollSystem => {
            only(body, ANSWERED);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use aggregates::ids::{ActorId, ApplicationId, RequisitionId};
    use aggregates::personal::Personal;
    use aggregates::requisition::{Audience, CloseReason, Engagement, LiveCases, PayRange};
    use aggregates::values::{EmploymentType, Money};
    use chrono::DateTime;
    use projections::requisitions as model;
    use serde_json::{Value, json};
    use uuid::Uuid;

    use super::{RequisitionState, RequisitionView, addressed, mask_for, states};
    use crate::identity::Role;

    fn full() -> Value {
        let at = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let actor = ActorId(Uuid::from_u128(3));
        let yen = |amount| Money { amount, currency: "JPY".into() };
        let document = model::Requisition {
            id: RequisitionId(Uuid::from_u128(1)),
            state: model::State::Published,
            version: 3,
            position: 30,
            title: "配送ドライバー".into(),
            legal_entity: "JP-HQ".into(),
            department: Some("物流部".into()),
            job_family: Some("driver".into()),
            grade: Some("G4".into()),
            location: Some("Sendai".into()),
            employment_type: EmploymentType::Regular,
            engagement: Engagement::Direct,
            pay_range: Some(PayRange { minimum: yen(6), midpoint: None, maximum: yen(8) }),
            headcount: 2,
            filled_seats: vec![ApplicationId(Uuid::from_u128(9))],
            audience: BTreeSet::from([Audience::Alumni]),
            description: None,
            recruiter: actor,
            hiring_manager: Some(actor),
            approver_unit: Some("本社人事".into()),
            opened_by: actor,
            opened_at: at,
            opened_position: 10,
            published_at: Some(at),
            returners: Some(model::Returners { departures: Personal::Erased, count: 1, noted_at: at }),
            closing: Some(model::Closing {
                because: CloseReason::Budget,
                live_cases: LiveCases::Cancelled,
                closed_by: actor,
                at,
                note: None,
            }),
        };
        serde_json::to_value(document).unwrap()
    }

    fn seen(role: Role) -> Value {
        let mut body = full();
        mask_for(role, &mut body);
        let mut opened = body.clone();
        if let Some(departures) = opened.pointer_mut("/returners/departures") {
            *departures = json!([Uuid::from_u128(7)]);
        }
        serde_json::from_value::<RequisitionView>(opened).unwrap();
        body
    }

    #[test]
    fn why_somebody_left_is_not_told_to_whoever_selects() {
        for role in [Role::PeopleOps, Role::Compliance] {
            assert_eq!(seen(role)["returners"]["count"], 1, "{role}");
        }
        for role in [Role::Recruiter, Role::HiringManager, Role::Interviewer, Role::Executive, Role::ProgrammeAdmin] {
            let body = seen(role);
            assert!(body.get("returners").is_none() && body["recruiter"].is_string(), "{role}");
        }
    }

    #[test]
    fn whoever_may_answer_it_sees_the_work_and_not_who_leads_it() {
        for role in [Role::Employee, Role::Alumnus] {
            let body = seen(role);
            assert_eq!(body["pay_range"]["maximum"]["amount"], 8);
            for name in ["recruiter", "hiring_manager", "filled_seats", "returners", "opened_by", "closing"] {
                assert!(body.get(name).is_none(), "{role} sees {name}");
            }
        }
    }

    #[test]
    fn employees_and_alumni_see_what_is_published_to_them() {
        let body = full();
        assert!(addressed(Role::Alumnus, &body) && !addressed(Role::Employee, &body));
        assert!(addressed(Role::Recruiter, &body));
        let mut public = body.clone();
        public["audience"] = json!(["public"]);
        assert!(addressed(Role::Employee, &public) && addressed(Role::Alumnus, &public));
        let mut closed = body;
        closed["state"] = json!("closed");
        assert!(!addressed(Role::Alumnus, &closed) && addressed(Role::Recruiter, &closed));
        let names = |role, asked| states(role, asked).map(|(_, names)| names);
        assert_eq!(names(Role::Alumnus, None), Some(vec!["published".to_owned(), "filled".to_owned()]));
        assert_eq!(names(Role::Alumnus, Some(RequisitionState::Open)), Some(vec![]));
        assert_eq!(names(Role::Recruiter, None), None);
    }
}
