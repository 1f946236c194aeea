//! A membership as each role sees it. A self-claim and what fits it are for the programme's administrators; how somebody
//! can be reached is for recruiters while they are active and a consent to that stands; flags are for nobody here, only that somebody has to
//! look.

use std::collections::BTreeMap;

use aggregates::member::{DisposalGround, Intent, MatchEvidence, RejectionReason};
use aggregates::values::Verdict;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{nulls, only};
use crate::http::request::{Reach, Session, one_of_or_null};
use crate::identity::Role;

/// A membership. A member that the caller's role may not see is absent; what is unknown or erased is `null`.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MemberView {
    id: Uuid,
    state: MemberState,
    /// The same as `ETag`.
    version: i64,
    /// The place in the employer's log of the last event that this shows. For the staff of the programme: flags move it.
    position: Option<i64>,
    /// The name in the departure's record; `null` until a self-claim is approved.
    name: Option<String>,
    /// The human being; a provisional one until a self-claim is approved.
    person_id: Uuid,
    /// The departure that it follows, once that is known.
    departure_id: Option<Uuid>,
    via: Option<ViaView>,
    registered_at: DateTime<Utc>,
    /// What a self-claim states, and what fits it. For the programme's administrators.
    claim: Option<ClaimView>,
    /// Who recognised a self-claim.
    approved_by: Option<Uuid>,
    /// Its first local day.
    active_from: Option<NaiveDate>,
    /// How the member can be reached. For recruiters while the member is active and a consent to `contact` or `jobs` stands.
    contact: Option<ContactView>,
    /// What the member tells about themselves. For recruiters as `contact`.
    profile: Option<ProfileView>,
    /// What the member is open to. For recruiters as `contact`.
    #[schema(value_type = Option<Vec<IntentView>>)]
    intents: Option<Vec<Intent>>,
    /// The version of the terms that the member accepted.
    terms_version: Option<String>,
    /// Each purpose that the member ever consented to, as it stands now.
    consents: BTreeMap<String, ConsentView>,
    /// The latest day on which the member said that the data is right.
    confirmed_on: Option<NaiveDate>,
    /// The question that the member has not answered.
    confirmation: Option<ConfirmationView>,
    /// The day on which a pause ends by itself.
    paused_until: Option<NaiveDate>,
    /// Whether a group is declared for monitoring. For the member.
    declared_group: Option<YesNoView>,
    /// Whether somebody has to look before the person may come back.
    review_required: Option<YesNoView>,
    /// The effective verdict of the departure. For people operations and compliance.
    #[schema(schema_with = one_of_or_null::<Verdict>)]
    departure_verdict: Option<String>,
    /// How it ended.
    ending: Option<MemberEndingView>,
}

/// How far a membership has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub(crate) enum MemberState {
    /// Waits for an approver, or for the last day of employment to pass.
    PendingReview,
    /// A member like any other.
    Active,
    /// Left alone at their own wish.
    Paused,
    /// Left alone since they did not answer.
    Dormant,
    /// An employee again.
    Returned,
    /// Left the programme.
    Left,
    /// Not admitted.
    Rejected,
    /// Has died.
    Deceased,
    /// The data is disposed of.
    Disposed,
}

/// What opened the door to a membership.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ViaView {
    /// `invitation` or `self_claim`.
    #[schema(examples("invitation"))]
    kind: String,
    /// Which invitation of the departure.
    number: Option<u32>,
}

/// What somebody states about their time here.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClaimView {
    employee_number: Option<String>,
    /// 退職時の氏名
    name_at_departure: Option<String>,
    birth_date: Option<NaiveDate>,
    /// The departures that fit; none, one, or several people of one name and birth date.
    matches: Vec<ClaimMatchView>,
}

/// A departure that fits a self-claim.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClaimMatchView {
    departure_id: Uuid,
    /// What speaks for it: `number_matches`, `name_matches`, `birth_date_matches`.
    #[schema(value_type = Vec<String>)]
    evidence: Vec<MatchEvidence>,
}

/// How a member can be reached.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ContactView {
    email: Option<String>,
    phone: Option<String>,
}

/// What a member tells about themselves.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProfileView {
    current_employer: Option<String>,
    skills: Option<Vec<String>>,
    /// ISO 3166, such as `JP-13`.
    region: Option<String>,
    /// BCP 47, such as `ja`.
    language: Option<String>,
}

/// What a member is open to.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "only described")]
pub(crate) enum IntentView {
    /// Coming back (復職).
    Return,
    /// Work on the side (副業).
    SideJob,
    /// Business between companies.
    Business,
    /// Staying in touch, nothing more.
    JustConnected,
}

/// How a member stands to one purpose.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConsentView {
    state: ConsentStateView,
    /// The version of the text of the latest consent.
    text_version: String,
    granted_at: DateTime<Utc>,
    /// When one was last withdrawn, be it an earlier one.
    withdrawn_at: Option<DateTime<Utc>>,
}

/// Whether a consent may be relied on.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ConsentStateView {
    /// It stands.
    Granted,
    /// The member withdrew it.
    Withdrawn,
    /// It ended with the membership.
    Ended,
}

/// A question whether the data is still right.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConfirmationView {
    /// 1 for the first time, 2 for the second.
    number: u32,
    asked_on: NaiveDate,
}

/// Yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub(crate) enum YesNoView {
    /// It is so.
    Yes,
    /// It is not so.
    No,
}

/// How a membership ended.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MemberEndingView {
    at: DateTime<Utc>,
    /// Why a registration came to nothing.
    #[schema(schema_with = one_of_or_null::<RejectionReason>)]
    rejected_because: Option<String>,
    /// First day of the new employment.
    started_on: Option<NaiveDate>,
    /// Why the data was disposed of.
    #[schema(schema_with = one_of_or_null::<DisposalGround>)]
    disposed_because: Option<String>,
    /// Where the certificate of disposal lies.
    certificate: Option<String>,
    /// The member's or the approver's words.
    note: Option<String>,
}

/// What everybody sees who works with members.
const ALWAYS: &[&str] = &[
    "id",
    "state",
    "version",
    "person_id",
    "departure_id",
    "via",
    "registered_at",
    "active_from",
    "terms_version",
    "consents",
    "confirmed_on",
    "confirmation",
    "paused_until",
    "ending.at",
    "ending.rejected_because",
    "ending.started_on",
];
/// What the member tells about themselves.
const TOLD: &[&str] = &["contact", "profile", "intents"];
/// What the staff of the programme sees beside that.
const STAFF: &[&str] = &["position", "review_required", "approved_by", "ending"];

/// Leaves of a membership what this caller may see.
pub(crate) fn mask(session: &Session, body: &mut Value) {
    mask_for(session.role, session.reach, body);
}

fn mask_for(role: Role, reach: Reach, body: &mut Value) {
    complete(body);
    let mut seen = ALWAYS.to_vec();
    match (reach, role) {
        (Reach::Own, _) => {
            seen.extend(TOLD);
            seen.push("declared_group");
            // Their own words when they left; never what an approver wrote.
            if body.get("state").and_then(Value::as_str) == Some("left") {
                seen.push("ending.note");
            }
        }
        (Reach::All, Role::ProgrammeAdmin) => {
            seen.extend(TOLD.iter().chain(STAFF));
            seen.push("claim");
        }
        (Reach::All, Role::PeopleOps | Role::Compliance) => {
            seen.extend(TOLD.iter().chain(STAFF));
            seen.push("departure_verdict");
        }
        (Reach::All | Reach::Assigned, _) => {
            seen.push("review_required");
            if may_be_reached(body) {
                seen.extend(TOLD);
            }
        }
    }
    only(body, &seen);
}

/// Whether recruiters may reach the member: a consent to that stands, and the member has not asked to be left alone.
fn may_be_reached(body: &Value) -> bool {
    let active = body.get("state").and_then(Value::as_str) == Some("active");
    active
        && ["contact", "jobs"].iter().any(|purpose| {
            body.pointer(&format!("/consents/{purpose}/state")).and_then(Value::as_str) == Some("granted")
        })
}

fn complete(body: &mut Value) {
    nulls(body.get_mut("contact"), &["email", "phone"]);
    nulls(body.get_mut("via"), &["number"]);
    nulls(body.get_mut("claim"), &["employee_number"]);
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use aggregates::ids::{ActorId, DepartureId, FlagId, MemberId, PersonId, VaultRef};
    use aggregates::member::{
        Code, ConsentPurpose, Contact, DisposalGround, Intent, MatchEvidence, RejectionReason, SelfClaim,
        SelfClaimMatch,
    };
    use aggregates::personal::{Personal, Sealed};
    use aggregates::values::Verdict;
    use chrono::{DateTime, NaiveDate};
    use projections::members as model;
    use projections::parts::YesNo;
    use serde_json::{Value, json};
    use uuid::Uuid;

    use super::{MemberView, mask_for};
    use crate::http::request::Reach;
    use crate::identity::Role;

    fn sealed<T>(nth: u128) -> Personal<T> {
        Personal::Sealed(Sealed { reference: VaultRef(Uuid::from_u128(nth)), commitment: "00".to_owned() })
    }

    /// A membership about which everything is known.
    fn full(jobs: model::ConsentState) -> Value {
        let day = NaiveDate::from_ymd_opt(2026, 10, 1);
        let at = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let consent = |state| model::Consent { state, text_version: "1".into(), granted_at: at, withdrawn_at: None };
        let document = model::Member {
            id: MemberId(Uuid::from_u128(1)),
            state: model::State::Active,
            version: 9,
            position: 90,
            person_id: PersonId(Uuid::from_u128(2)),
            departure_id: Some(DepartureId(Uuid::from_u128(3))),
            account: Some(ActorId(Uuid::from_u128(4))),
            via: model::Via::SelfClaim,
            registered_at: at,
            registered_position: 80,
            claim: Some(model::Claim {
                stated: SelfClaim { employee_number: None, name_at_departure: sealed(10), birth_date: sealed(11) },
                matches: vec![SelfClaimMatch {
                    departure_id: DepartureId(Uuid::from_u128(3)),
                    evidence: BTreeSet::from([MatchEvidence::NameMatches]),
                }],
            }),
            approved_by: Some(ActorId(Uuid::from_u128(5))),
            active_from: day,
            contact: Contact { email: Some(sealed(12)), phone: None },
            profile: model::Profile {
                current_employer: Some(sealed(13)),
                skills: None,
                region: Code::parse("JP-13"),
                language: None,
            },
            intents: BTreeSet::from([Intent::Return]),
            terms_version: Some("2026-10".into()),
            consents: BTreeMap::from([
                (ConsentPurpose::Jobs, consent(jobs)),
                (ConsentPurpose::CoCreation, consent(model::ConsentState::Granted)),
            ]),
            confirmed_on: day,
            confirmation: Some(model::Confirmation { number: 1, asked_on: day.unwrap() }),
            paused_until: day,
            declared_group: YesNo::Yes,
            review_required: YesNo::Yes,
            departure_verdict: Some(Verdict::Eligible),
            live_flags: BTreeSet::from([FlagId(Uuid::from_u128(6))]),
            ending: Some(model::Ending {
                at,
                rejected_because: Some(RejectionReason::NoMatch),
                started_on: day,
                disposed_because: Some(DisposalGround::RetentionEnded),
                certificate: Some("c".into()),
                note: Some(sealed(14)),
            }),
        };
        serde_json::to_value(document).unwrap()
    }

    fn opened(value: &mut Value) {
        match value {
            Value::Object(members) if members.contains_key("ref") => *value = json!("2000-01-01"),
            Value::Object(members) => members.values_mut().for_each(opened),
            Value::Array(items) => items.iter_mut().for_each(opened),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    fn seen(role: Role, reach: Reach, jobs: model::ConsentState) -> Value {
        let mut body = full(jobs);
        mask_for(role, reach, &mut body);
        opened(&mut body);
        serde_json::from_value::<MemberView>(body.clone()).unwrap();
        body
    }

    #[test]
    fn a_self_claim_is_shown_to_the_programmes_administrators_alone() {
        for role in Role::ALL {
            let body = seen(role, Reach::All, model::ConsentState::Granted);
            assert_eq!(body.get("claim").is_some(), role == Role::ProgrammeAdmin, "{role}");
        }
        assert_eq!(seen(Role::Alumnus, Reach::Own, model::ConsentState::Granted).get("claim"), None);
    }

    #[test]
    fn flags_and_accounts_are_shown_to_nobody() {
        for role in Role::ALL {
            for reach in [Reach::All, Reach::Own] {
                let body = seen(role, reach, model::ConsentState::Granted);
                assert_eq!((body.get("live_flags"), body.get("account")), (None, None), "{role}");
                let staff = matches!(role, Role::ProgrammeAdmin | Role::PeopleOps | Role::Compliance);
                assert_eq!(body.get("position").is_some(), staff && reach == Reach::All, "{role}");
            }
        }
    }

    #[test]
    fn a_recruiter_reaches_members_while_a_consent_to_that_stands() {
        let with = seen(Role::Recruiter, Reach::All, model::ConsentState::Granted);
        assert_eq!(with["contact"], json!({"email": "2000-01-01", "phone": null}));
        assert_eq!(with["review_required"], "yes");
        for state in [model::ConsentState::Withdrawn, model::ConsentState::Ended] {
            let without = seen(Role::Recruiter, Reach::All, state);
            for name in ["contact", "profile", "intents", "departure_verdict"] {
                assert_eq!(without.get(name), None, "{name}");
            }
        }
    }

    #[test]
    fn a_recruiter_does_not_reach_members_who_are_left_alone_or_not_admitted() {
        for state in ["paused", "dormant", "pending_review", "returned"] {
            let mut body = full(model::ConsentState::Granted);
            body["state"] = json!(state);
            mask_for(Role::Recruiter, Reach::All, &mut body);
            assert_eq!(body.get("contact"), None, "{state}");
        }
    }

    #[test]
    fn members_see_what_they_told_and_not_what_is_thought_of_them() {
        let body = seen(Role::Alumnus, Reach::Own, model::ConsentState::Withdrawn);
        assert!(body.get("contact").is_some() && body.get("declared_group").is_some());
        for name in ["review_required", "departure_verdict", "approved_by"] {
            assert_eq!(body.get(name), None, "{name}");
        }
        assert_eq!(body["ending"].get("note"), None);
    }
}
