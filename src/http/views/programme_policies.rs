//! A programme policy as each role sees it: every version for those who write and approve it, and what is published for
//! everybody whom it governs. And version 0, which every employer starts with.

use aggregates::eligibility::SeparationReason;
use aggregates::ids::ProgrammePolicyId;
use aggregates::programme_policy::{
    AgeLimitGround, BridgingBenefit, FirstReview, Offering, ProgrammeTerms, ReferralBasisKind,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::versions::{self, BuiltInReach, PolicyRetirementView, PolicyState, PolicyVersionState};
use super::{Seen, each, nulls, only, unsaid};
use crate::http::fields::several_of;
use crate::http::reading::remove;
use crate::http::request::{Session, one_of, one_of_or_null};
use crate::identity::Role;

/// A programme policy (アルムナイ制度規程) with every version that the caller may read.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProgrammePolicyView {
    id: Uuid,
    /// A published policy goes on governing while its next version waits.
    state: PolicyState,
    /// The same as `ETag`.
    version: i64,
    /// The place in the employer's log of the last event that this shows.
    position: i64,
    /// The entity whose programme it is.
    legal_entity: String,
    /// The number of the version that governs today.
    governing_version: Option<u32>,
    /// The number of the published version that governs next.
    upcoming_version: Option<u32>,
    /// The number of the version that waits for a second person or for its publication.
    waiting_version: Option<u32>,
    /// Its latest versions, oldest first.
    versions: Vec<ProgrammeVersionView>,
    drafted_at: Option<DateTime<Utc>>,
    retirement: Option<PolicyRetirementView>,
}

/// A programme policy (アルムナイ制度規程) in a list: what governs, and what is to come.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProgrammePolicyItem {
    id: Uuid,
    /// A published policy goes on governing while its next version waits.
    state: PolicyState,
    /// The same as `ETag`.
    version: i64,
    /// The place in the employer's log of the last event that this shows.
    position: i64,
    /// The entity whose programme it is.
    legal_entity: String,
    /// The version that governs today.
    governing: Option<ProgrammeVersionView>,
    /// The published version that governs next.
    upcoming: Option<ProgrammeVersionView>,
    /// The version that waits for a second person or for its publication.
    waiting: Option<ProgrammeVersionView>,
    drafted_at: Option<DateTime<Utc>>,
    retirement: Option<PolicyRetirementView>,
}

/// A page of programme policies, and where version 0 governs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProgrammePolicyPage {
    /// The items, in the list's order.
    #[schema(value_type = Vec<ProgrammePolicyItem>)]
    pub(crate) items: Vec<Seen<ProgrammePolicyItem>>,
    /// `cursor` of the next page; `null` on the last one.
    pub(crate) next_cursor: Option<String>,
    pub(crate) built_in: BuiltInProgrammePolicy,
}

/// Version 0, which every employer starts with and which is never drafted nor retired.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BuiltInProgrammePolicy {
    /// As decisions cite it.
    #[schema(examples("programme/0"))]
    pub(crate) policy: String,
    /// The entity that was asked for, those that the caller is limited to, or else the employer's first.
    pub(crate) entities: Vec<BuiltInReach>,
}

/// A version of a policy.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProgrammeVersionView {
    /// Which version, from 1.
    number: u32,
    state: PolicyVersionState,
    terms: ProgrammeTermsView,
    drafted_by: Option<Uuid>,
    drafted_at: Option<DateTime<Utc>>,
    approved_by: Option<Uuid>,
    approved_at: Option<DateTime<Utc>>,
    /// The first day on which it governs.
    effective_from: Option<NaiveDate>,
    published_by: Option<Uuid>,
}

/// The same words in both languages.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BilingualView {
    ja: String,
    en: String,
}

/// What a version lays down.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProgrammeTermsView {
    legal_entity: String,
    name: BilingualView,
    /// Its text, clause by clause.
    clauses: Vec<ProgrammeClauseView>,
    /// What the programme offers.
    #[schema(schema_with = several_of::<Offering>)]
    offers: Vec<Offering>,
    /// Whom those turn to whom it does not offer what they ask for.
    contact: String,
    /// Who may come back; `null` where it does not offer that.
    rehire: Option<ProgrammeRehireView>,
    /// Who may come back because of why they left, in place of those conditions.
    job_return: Option<ProgrammeJobReturnView>,
    /// What somebody who comes back hands in.
    required_documents: Vec<ProgrammeDocumentView>,
    /// What earlier employment counts for; what is not named does not count.
    tenure_bridging: Vec<ProgrammeBridgingView>,
    /// How the first review goes of somebody who comes back within a review period.
    #[schema(schema_with = one_of::<FirstReview>)]
    first_review: FirstReview,
    /// The clause of how members behave on boards and in groups.
    community_clause: Option<String>,
    /// Up to how many days without employment it is asked whether the employment went on; `null` for the usual 60.
    continuity_days: Option<u32>,
    /// The country whose labour law employment by the entity follows; `null` is Japan.
    country: Option<String>,
    /// Why those who are not employed may refer candidates, unpaid; `null` where they may not.
    referral_basis: Option<ProgrammeReferralBasisView>,
}

/// What referring candidates rests on for those who are not employed (職業安定法36条3項).
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProgrammeReferralBasisView {
    #[schema(schema_with = one_of::<ReferralBasisKind>)]
    kind: ReferralBasisKind,
    /// The number of the notification, or where the opinion lies.
    reference: String,
}

/// A clause of the text. Decisions cite it by its id.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProgrammeClauseView {
    #[schema(examples("第5条"))]
    id: String,
    ja: String,
    en: String,
    /// Why it may name a limit of age, where it does.
    #[schema(schema_with = one_of_or_null::<AgeLimitGround>)]
    age_limit_ground: Option<String>,
}

/// Who may come back.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProgrammeRehireView {
    clause: String,
    /// How many days after leaving nobody may apply.
    cooling_off_days: u32,
    /// How many full months of employment, all periods together, somebody must have had.
    minimum_tenure_months: u32,
}

/// Who may come back because of why they left (ジョブリターン).
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProgrammeJobReturnView {
    clause: String,
    #[schema(schema_with = several_of::<SeparationReason>)]
    reasons: Vec<SeparationReason>,
    /// For how many months after leaving.
    within_months: u32,
    cooling_off_days: u32,
    minimum_tenure_months: u32,
    /// For how many months after leaving the wish to return holds that is registered with the departure; `null` where none has to be.
    registration_months: Option<u32>,
}

/// A document that somebody who comes back hands in.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProgrammeDocumentView {
    code: String,
    ja: String,
    en: String,
}

/// For one benefit, how earlier employment counts (勤続通算).
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProgrammeBridgingView {
    #[schema(schema_with = one_of::<BridgingBenefit>)]
    benefit: BridgingBenefit,
    clause: String,
    /// The longest gap in months over which it counts; never where `null`.
    longest_gap_months: Option<u32>,
    /// After how many months of the new employment it is credited; from the first day on where `null`.
    after_months: Option<u32>,
}

/// What everybody else sees of a published policy.
const PUBLISHED: &[&str] = &[
    "id",
    "state",
    "version",
    "position",
    "legal_entity",
    "versions.*.number",
    "versions.*.state",
    "versions.*.terms",
    "versions.*.effective_from",
];

/// Those who write, approve and watch over the programme.
const fn reads_drafts(role: Role) -> bool {
    matches!(role, Role::ProgrammeAdmin | Role::Compliance | Role::PeopleOps | Role::Executive)
}

/// The states that a list is limited to: those asked for among those that the role sees.
pub(crate) fn states(role: Role, asked: Option<PolicyState>) -> Option<(&'static str, Vec<String>)> {
    let named = |state: PolicyState| Some(("state", vec![<&str>::from(state).to_owned()]));
    match (reads_drafts(role), asked) {
        (true, asked) => asked.and_then(named),
        (false, None | Some(PolicyState::Published)) => named(PolicyState::Published),
        (false, Some(_)) => Some(("state", vec![])),
    }
}

/// Whether a policy is there for a role at all.
pub(crate) fn published_to(role: Role, body: &Value) -> bool {
    reads_drafts(role) || body.get("state").and_then(Value::as_str) == Some("published")
}

/// What a role sees, as histories compare it: without what follows from the day.
pub(crate) fn mask(session: &Session, body: &mut Value) {
    told(session.role, body);
}

/// A policy with every version, as it stands today.
pub(crate) fn shown(role: Role, today: NaiveDate, body: &mut Value) {
    versions::shown::<ProgrammePolicyId, ProgrammeTerms>(today, body, |body| told(role, body));
    without_drafts(role, body, "waiting_version");
}

/// A policy as lists show it: of its versions those that count today.
pub(crate) fn listed(role: Role, today: NaiveDate, body: &mut Value) {
    versions::listed::<ProgrammePolicyId, ProgrammeTerms>(today, body, |body| told(role, body));
    without_drafts(role, body, "waiting");
}

fn without_drafts(role: Role, body: &mut Value, waiting: &str) {
    if !reads_drafts(role) {
        body[waiting] = Value::Null;
    }
}

fn told(role: Role, body: &mut Value) {
    if reads_drafts(role) {
        remove(body, &["drafted_position"]);
    } else {
        if let Some(versions) = body.get_mut("versions").and_then(Value::as_array_mut) {
            versions.retain(|version| version.get("state").and_then(Value::as_str) == Some("published"));
        }
        only(body, PUBLISHED);
    }
    each(body.get_mut("versions"), |version| {
        let Some(terms) = version.get_mut("terms") else { return };
        each(terms.get_mut("clauses"), |one| nulls(Some(one), &["age_limit_ground"]));
        each(terms.get_mut("tenure_bridging"), |one| nulls(Some(one), &["longest_gap_months", "after_months"]));
        unsaid(Some(&mut *terms), &["required_documents", "tenure_bridging"], &json!([]));
        nulls(
            Some(terms),
            &["rehire", "job_return", "community_clause", "continuity_days", "country", "referral_basis"],
        );
        nulls(terms.get_mut("job_return"), &["registration_months"]);
    });
}

#[cfg(test)]
mod tests {
    use aggregates::ids::{ActorId, ProgrammePolicyId};
    use aggregates::programme_policy::{
        Bridging, BridgingBenefit, ClauseText, FirstReview, Offering, ProgrammeTerms, Rehire,
    };
    use aggregates::values::Bilingual;
    use chrono::{DateTime, NaiveDate};
    use projections::programme_policies::ProgrammePolicy;
    use projections::versions as model;
    use serde_json::{Value, json};
    use uuid::Uuid;

    use super::{PolicyState, ProgrammePolicyItem, ProgrammePolicyView, listed, published_to, shown, states};
    use crate::identity::Role;

    fn day(month: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2027, month, 1).unwrap()
    }

    fn terms() -> ProgrammeTerms {
        let words = || Bilingual { ja: "再入社".into(), en: "Rehire".into() };
        ProgrammeTerms {
            legal_entity: "JP-HQ".into(),
            name: words(),
            clauses: vec![ClauseText { id: "第3条".into(), text: words(), age_limit_ground: None }],
            offers: [Offering::Community, Offering::Rehire].into(),
            contact: "alumni@example.jp".into(),
            rehire: Some(Rehire { clause: "第3条".into(), cooling_off_days: 90, minimum_tenure_months: 12 }),
            job_return: None,
            required_documents: vec![],
            tenure_bridging: vec![Bridging {
                benefit: BridgingBenefit::AnnualLeave,
                clause: "第3条".into(),
                longest_gap_months: None,
                after_months: None,
            }],
            first_review: FirstReview::Prorated,
            community_clause: None,
            continuity_days: None,
            country: None,
            referral_basis: None,
        }
    }

    /// Versions from January and March, and one that waits.
    fn full() -> Value {
        let at = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let actor = ActorId(Uuid::from_u128(3));
        let version = |number, month: Option<u32>| model::Version {
            number,
            state: if month.is_some() { model::VersionState::Published } else { model::VersionState::Draft },
            terms: terms(),
            drafted_by: actor,
            drafted_at: at,
            approved_by: month.map(|_| actor),
            approved_at: month.map(|_| at),
            effective_from: month.map(day),
            published_by: month.map(|_| actor),
            loosening: None,
            reason: None,
        };
        let document = ProgrammePolicy {
            id: ProgrammePolicyId(Uuid::from_u128(1)),
            state: model::State::Published,
            version: 9,
            position: 40,
            legal_entity: "JP-HQ".into(),
            versions: vec![version(1, Some(1)), version(2, Some(3)), version(3, None)],
            drafted_at: at,
            drafted_position: 10,
            retirement: None,
            watch: None,
        };
        serde_json::to_value(document).unwrap()
    }

    #[test]
    fn those_who_write_it_see_every_version_and_what_the_day_makes_of_it() {
        let mut body = full();
        shown(Role::ProgrammeAdmin, day(4), &mut body);
        serde_json::from_value::<ProgrammePolicyView>(body.clone()).unwrap();
        let states: Vec<&Value> = body["versions"].as_array().unwrap().iter().map(|one| &one["state"]).collect();
        assert_eq!(states, ["superseded", "published", "draft"]);
        assert_eq!((&body["governing_version"], &body["waiting_version"]), (&json!(2), &json!(3)));
        let terms = &body["versions"][1]["terms"];
        assert_eq!((&terms["rehire"]["cooling_off_days"], &terms["job_return"]), (&json!(90), &Value::Null));
        assert_eq!(terms["tenure_bridging"][0]["longest_gap_months"], Value::Null);
    }

    #[test]
    fn those_whom_it_governs_see_what_is_published() {
        for role in [Role::Alumnus, Role::Employee, Role::Recruiter] {
            let mut body = full();
            shown(role, day(4), &mut body);
            serde_json::from_value::<ProgrammePolicyView>(body.clone()).unwrap();
            assert_eq!(body["versions"].as_array().map(Vec::len), Some(2), "{role}");
            assert!(body["waiting_version"].is_null() && body["versions"][0].get("drafted_by").is_none(), "{role}");
            let mut body = full();
            listed(role, day(2), &mut body);
            serde_json::from_value::<ProgrammePolicyItem>(body.clone()).unwrap();
            assert_eq!((&body["governing"]["number"], &body["upcoming"]["number"]), (&json!(1), &json!(2)), "{role}");
            assert!(body["waiting"].is_null(), "{role}");
            let mut draft = full();
            draft["state"] = "draft".into();
            assert!(!published_to(role, &draft) && published_to(Role::Compliance, &draft));
            assert_eq!(states(role, Some(PolicyState::Draft)), Some(("state", vec![])));
        }
        assert_eq!(states(Role::PeopleOps, None), None);
    }
}
