//! What the rules about applying say, and what they read.

use aggregates::application::{Channel, EligibilityResult, HoldCause, MembershipFact, RequisitionFact};
use aggregates::checks::Outcome;
use aggregates::requisition::{Audience, Engagement};
use aggregates::values::{EmploymentType, Verdict};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::fields::several_of;
use crate::http::request::{one_of, one_of_or_null};
use crate::http::views::programme_policies::{ProgrammeJobReturnView, ProgrammeRehireView};
use crate::http::views::{each, nulls, unsaid};

/// What the rules about applying say, and what people decided about it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ApplicationEligibilityView {
    /// What holds, after what people decided.
    #[schema(schema_with = one_of::<EligibilityResult>)]
    result: String,
    /// What each rule says, passed ones too.
    rules: Option<Vec<RuleView>>,
    /// The version of the programme policy.
    #[schema(examples("programme/0"))]
    programme_version: String,
    /// What the rules read.
    facts: Option<EligibilityFactsView>,
    /// What changed, where the person had been found eligible before.
    #[schema(schema_with = one_of_or_null::<HoldCause>)]
    because: Option<String>,
    assessed_at: DateTime<Utc>,
}

/// One rule, evaluated.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleView {
    #[schema(examples("LAB-04"))]
    rule: String,
    #[schema(schema_with = one_of::<Outcome>)]
    outcome: String,
    /// The finding.
    #[schema(examples("direct"))]
    code: String,
    /// The clause or law behind it.
    basis: Option<String>,
}

/// What the rules about applying read.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EligibilityFactsView {
    stints: Vec<ApplicationStintView>,
    flags: Vec<FlagFactView>,
    #[schema(schema_with = one_of::<MembershipFact>)]
    membership: String,
    /// The version of the text of the consent to `jobs`.
    jobs_consent: Option<String>,
    #[schema(schema_with = one_of::<RequisitionFact>)]
    requisition: String,
    #[schema(schema_with = several_of::<Audience>)]
    audience: Vec<String>,
    #[schema(schema_with = one_of::<Engagement>)]
    engagement: String,
    /// The entity that hires.
    legal_entity: Option<String>,
    /// What governs the case since it was handed in; `null` under version 0.
    programme: Option<ProgrammeFactView>,
    /// The local day of the assessment.
    on: NaiveDate,
}

/// A period of employment that ended.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ApplicationStintView {
    departure_id: Uuid,
    legal_entity: String,
    hired_on: NaiveDate,
    left_on: NaiveDate,
    #[schema(schema_with = one_of::<Verdict>)]
    verdict: String,
    clause: Option<String>,
    /// Whether they left for a reason that the job return of the programme policy names. Asked of a job return alone.
    reason_counts: bool,
    /// Whether their wish to return is registered with the departure. Asked of a job return alone, where the programme policy
    /// asks for it.
    wish_registered: bool,
    /// How they were employed, where the record says: whoever worked on a contract of their own left no employment. Asked of
    /// a dispatched position (派遣) alone.
    #[schema(schema_with = one_of_or_null::<EmploymentType>)]
    employment_type: Option<String>,
    /// Whether they left at the age of retirement (定年). Asked of a dispatched position (派遣) alone.
    retired: bool,
}

/// A no-rehire flag that has not ended.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FlagFactView {
    flag_id: Uuid,
    #[schema(schema_with = one_of::<aggregates::application::FlagForce>)]
    force: String,
    clause: String,
}

/// The version of the programme policy that governs a case, and what of it the rules read.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProgrammeFactView {
    policy_id: Uuid,
    /// The version.
    version: u32,
    /// How the case came in: a job return has conditions of its own.
    #[schema(schema_with = one_of::<Channel>)]
    channel: String,
    /// Who may come back.
    rehire: Option<ProgrammeRehireView>,
    /// Who may come back because of why they left.
    job_return: Option<ProgrammeJobReturnView>,
    /// Whom those turn to whom the programme does not offer it.
    contact: String,
}

/// What the rules read, in the shape of the API.
pub(super) fn shape(facts: Option<&mut Value>) {
    let Some(facts) = facts else { return };
    nulls(Some(facts), &["jobs_consent", "legal_entity", "programme"]);
    unsaid(Some(facts), &["flags"], &json!([]));
    each(facts.get_mut("stints"), |stint| {
        nulls(Some(stint), &["clause", "employment_type"]);
        unsaid(Some(stint), &["reason_counts", "wish_registered", "retired"], &json!(false));
    });
    if let Some(programme) = facts.get_mut("programme").filter(|programme| programme.is_object()) {
        nulls(Some(programme), &["rehire", "job_return"]);
        nulls(programme.get_mut("job_return"), &["registration_months"]);
    }
}
