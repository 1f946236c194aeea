//! What is recorded about a referral, and the closed lists its events draw on.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::checks::RuleResult;
use crate::employment::Span;
use crate::ids::{ActorId, PersonId, RequisitionId};
use crate::personal::Personal;
use crate::reward_plan::PlanPin;

/// What the referrer is to the entity that hires, on a day (REF-01).
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ReferrerClass {
    /// Employed by that entity.
    Employee,
    /// Employed by another entity of the employer.
    GroupEmployee,
    /// Was employed here, and is not.
    FormerEmployee,
    /// Never was.
    Outsider,
    /// No period of employment is known: HOLD `employment_unknown`.
    Unknown,
}

/// What the periods of employment say about the referrer on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferrerRelation {
    /// What they are.
    pub class: ReferrerClass,
    /// On which day.
    pub on: NaiveDate,
    /// The human being, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person_id: Option<PersonId>,
    /// Their number in the entity that hires.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employee_number: Option<String>,
    /// The periods read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spans: Vec<Span>,
}

/// The candidate as the referrer named them. Kept for fourteen days at most without the candidate's own consent (REF-11).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CandidateDetails {
    /// Name.
    pub name: Personal<String>,
    /// Mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Personal<String>>,
    /// Telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Personal<String>>,
}

/// How the referrer knows the candidate.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Relationship {
    /// They worked together here.
    FormerColleague,
    /// They worked together elsewhere.
    Colleague,
    /// A friend.
    Friend,
    /// An acquaintance.
    Acquaintance,
    /// A relative: earns nothing (REF-14).
    Relative,
    /// Otherwise.
    Other,
}

/// A talent referral as it was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submitted {
    /// Who refers.
    pub referrer: ActorId,
    /// What they are to the entity that hires.
    pub relation: ReferrerRelation,
    /// The candidate, provisionally: whose personal data this stream holds.
    pub candidate_person_id: PersonId,
    /// Who they are.
    pub candidate: CandidateDetails,
    /// The position.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requisition_id: Option<RequisitionId>,
    /// The entity that hires.
    pub legal_entity: String,
    /// The job family, for the question of prior contact (REF-13).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job_family: Option<String>,
    /// How the referrer knows them.
    pub relationship: Relationship,
    /// The plan that governs it; nothing without a published one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<PlanPin>,
    /// The rules about who may refer for money, evaluated on that day.
    pub gate: Vec<RuleResult>,
    /// The last day on which the candidate can accept.
    pub answer_by: NaiveDate,
}

/// Whether the candidate says that they worked here.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum CandidateHistory {
    /// They never did.
    NeverEmployed,
    /// They did: an invitation follows, which keeps the credit.
    FormerlyEmployed,
}

/// Which earlier record stands before a referral (REF-13).
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum DuplicateCause {
    /// Another referral owns the candidate.
    EarlierReferral,
    /// The candidate had applied.
    EarlierApplication,
    /// A recruiter had contacted them about the requisition or its family.
    EarlierContact,
}

/// How a duplicate is resolved.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum OwnershipDecision {
    /// The referral owns the candidate all the same.
    Grant,
    /// The earlier record stands.
    Refuse,
}

/// Why a referral came to nothing.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum OutcomeReason {
    /// The candidate was rejected.
    Rejected,
    /// The candidate withdrew.
    CandidateWithdrew,
    /// The position was closed.
    PositionClosed,
    /// The candidate declined the offer.
    OfferDeclined,
    /// The candidate did not come.
    NoShow,
    /// Another reason.
    Other,
}

/// How a hire came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum HiredVia {
    /// An application to come back.
    Application {
        /// Which.
        application_id: crate::ids::ApplicationId,
    },
    /// The employer's own selection, recorded.
    Record,
}
