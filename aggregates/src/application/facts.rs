//! What is recorded about an application, and the closed lists its events draw on.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::employment::TenureSegment;
use crate::ids::{
    ActorId, DepartureId, FlagId, MemberId, OfferId, PersonId, ProgrammePolicyId, ReferralId, RequisitionId,
};
use crate::programme_policy::{JobReturn, Rehire};
use crate::requisition::{Audience, Engagement, Line};
use crate::values::{Clause, EmploymentType, FreeText, Verdict};

/// How an application came in.
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
pub enum Channel {
    /// From a member, by themselves.
    Alumni,
    /// By the scheme for those who left for life events (ジョブリターン).
    JobReturn,
    /// Somebody referred them.
    Referral,
}

/// How far a live case has come by its own steps.
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
pub enum Stage {
    /// Read by a recruiter (書類選考).
    Screening,
    /// In interviews (面接).
    Interviewing,
    /// An evaluation is recorded (評価済み).
    Evaluated,
}

/// Whether the person may apply, as the rules say.
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
pub enum EligibilityResult {
    /// They may.
    Eligible,
    /// Somebody has to look.
    NeedsReview,
    /// They may not.
    NotEligible,
}

/// What a reviewer decides.
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
pub enum ReviewDecision {
    /// The case goes on.
    Eligible,
    /// It does not.
    NotEligible,
}

/// An application as it was handed in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Submitted {
    /// The human being.
    pub person_id: PersonId,
    /// Their membership.
    pub member_id: MemberId,
    /// The account that bears it.
    pub account: ActorId,
    /// The position.
    pub requisition_id: RequisitionId,
    /// The entity that hires.
    pub legal_entity: String,
    /// Who leads the case.
    pub line: Line,
    /// How it came in.
    pub channel: Channel,
    /// The referral it is credited to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referral_id: Option<ReferralId>,
    /// Why they wish to return, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub motivation: Option<FreeText>,
    /// Who handed it in.
    pub submitted_by: ActorId,
    /// How it came in, where somebody recorded it for the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorded_for: Option<FreeText>,
}

/// A period of employment that ended (在籍期間), as the rules read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stint {
    /// The departure that ended it.
    pub departure_id: DepartureId,
    /// The entity.
    pub legal_entity: String,
    /// First day.
    pub hired_on: NaiveDate,
    /// Last day.
    pub left_on: NaiveDate,
    /// The verdict on a return that others may rely on.
    pub verdict: Verdict,
    /// The clause of that verdict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clause: Option<Clause>,
    /// Whether they left for a reason that the job return of the programme policy names. Asked of a job return alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reason_counts: bool,
    /// Whether their wish to return is registered with the departure. Asked of a job return alone, where the programme policy
    /// asks for it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub wish_registered: bool,
    /// How they were employed, where the record says. Asked of a dispatched position alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employment_type: Option<EmploymentType>,
    /// Whether they left at the age of retirement (定年), which the law does not put below sixty. Asked of a dispatched position
    /// alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub retired: bool,
}

/// Whether a no-rehire flag has effect.
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
pub enum FlagForce {
    /// Raised, and not reviewed: without effect.
    Raised,
    /// In force, or under appeal.
    InForce,
}

/// A no-rehire flag that has not ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlagFact {
    /// Which.
    pub flag_id: FlagId,
    /// Whether it has effect.
    pub force: FlagForce,
    /// The clause it rests on.
    pub clause: Clause,
}

/// What stands about the membership.
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
pub enum MembershipFact {
    /// An active member.
    Active,
    /// Left alone at their own wish; they may apply all the same.
    Paused,
    /// Did not answer; applying shows that they are there.
    Dormant,
    /// Not admitted yet.
    PendingReview,
    /// The membership has ended.
    Ended,
}

/// What stands about the requisition.
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
pub enum RequisitionFact {
    /// Not published.
    Open,
    /// Published.
    Published,
    /// No seat is left.
    Filled,
    /// Closed.
    Closed,
}

/// Everything that the rules about applying read: recorded whole, so that the result can be replayed (AUD-05).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EligibilityFacts {
    /// The periods of employment of the person and of records linked to them, oldest first.
    pub stints: Vec<Stint>,
    /// The no-rehire flags that have not ended.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<FlagFact>,
    /// The membership.
    pub membership: MembershipFact,
    /// The version of the text to which they consented that openings may be brought to them; nothing without consent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jobs_consent: Option<String>,
    /// The requisition.
    pub requisition: RequisitionFact,
    /// Whom it addresses.
    pub audience: Vec<Audience>,
    /// Direct or dispatched.
    pub engagement: Engagement,
    /// The entity that hires; where it is not recorded, every entity counts as the one that was left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_entity: Option<String>,
    /// What governs the case since it was handed in; nothing under version 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub programme: Option<Box<ProgrammeFact>>,
    /// The local day of the assessment.
    pub on: NaiveDate,
}

/// The version of the programme policy that governs a case, and what of it the rules read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgrammeFact {
    /// The policy.
    pub policy_id: ProgrammePolicyId,
    /// The version.
    pub version: u32,
    /// How the case came in: a job return has conditions of its own.
    pub channel: Channel,
    /// Who may come back; nothing where the programme does not offer it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rehire: Option<Rehire>,
    /// Who may come back because of why they left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job_return: Option<JobReturn>,
    /// Whom those turn to whom the programme does not offer it.
    pub contact: String,
}

/// Why a case is on hold, or was assessed again.
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
pub enum HoldCause {
    /// Somebody put it on hold.
    Manual,
    /// A no-rehire flag was raised.
    FlagRaised,
    /// A recorded departure was corrected.
    DepartureCorrected,
    /// The verdict on a return changed.
    VerdictChanged,
    /// Records were linked or unlinked.
    PersonsLinked,
    /// The case was opened again, or moved, and what the rules read is not what it was.
    FactsChanged,
    /// The person is back under another case.
    Returned,
}

/// Who ended a case.
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
pub enum Side {
    /// The employer (不採用).
    Employer,
    /// The candidate (辞退).
    Candidate,
}

/// Why an employer rejects.
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
pub enum RejectionReason {
    /// What the position needs was not found.
    Qualifications,
    /// Somebody else was chosen.
    OtherCandidate,
    /// The pay cannot be agreed.
    Compensation,
    /// A rule about coming back stands in the way.
    Eligibility,
    /// The position is gone.
    PositionWithdrawn,
    /// They could not be reached.
    Unresponsive,
    /// Another reason, told in the note.
    Other,
}

/// Why a candidate withdraws (辞退).
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
pub enum WithdrawalReason {
    /// They took another position.
    OtherOffer,
    /// The pay.
    Compensation,
    /// The place.
    Location,
    /// The time is wrong.
    Timing,
    /// Personal reasons.
    Personal,
    /// Another reason.
    Other,
}

/// How an offer of the case ended without a return.
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
pub enum OfferEnding {
    /// The candidate declined it.
    Declined,
    /// It lapsed.
    Expired,
    /// An approver refused it.
    Refused,
    /// The employer took it back before it was accepted.
    Rescinded,
    /// 内定取消: the employer took it back after it was accepted.
    RescindedAfterAcceptance,
}

/// Why a start is postponed.
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
pub enum PostponementReason {
    /// Their present employer needs more time.
    NoticePeriod,
    /// They move.
    Relocation,
    /// Health.
    Health,
    /// Family.
    Family,
    /// The employer asks for it.
    Employer,
    /// Another reason.
    Other,
}

/// A return that took effect, with all that follows from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejoined {
    /// The human being.
    pub person_id: PersonId,
    /// Their membership, which ends as `returned`.
    pub member_id: MemberId,
    /// The account that bore it.
    pub account: ActorId,
    /// The position, of which a seat is filled.
    pub requisition_id: RequisitionId,
    /// The accepted offer.
    pub offer_id: OfferId,
    /// The referral it is credited to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referral_id: Option<ReferralId>,
    /// The entity that employs them.
    pub legal_entity: String,
    /// Their new number.
    pub employee_number: String,
    /// First day.
    pub started_on: NaiveDate,
    /// How they are employed.
    pub employment_type: EmploymentType,
    /// Department.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// Job family.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job_family: Option<String>,
    /// Grade.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<String>,
    /// Place of work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// Earlier periods, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tenure: Vec<TenureSegment>,
}
