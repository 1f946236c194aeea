//! What is recorded about a membership: the facts inside the events.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::consent::{ConsentProof, ConsentPurpose};
use crate::ids::{ActorId, DepartureId, FlagId, PersonId, RequisitionId};
use crate::personal::Personal;
use crate::values::FreeText;

/// What is recorded when somebody registers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Registered {
    /// The human being. On a self-claim a provisional one, until an approver names the person: what a stranger sends
    /// must never lie under the keys of the person they claim to be.
    pub person_id: PersonId,
    /// The account that registered and now bears the membership.
    pub account: ActorId,
    /// What opened the door.
    pub via: RegisteredVia,
    /// How the member can be reached.
    pub contact: Contact,
    /// The no-rehire flags about the person that had been raised and had not ended; none while the person is provisional.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub live_flags: Vec<FlagId>,
}

/// What opened the door to a membership.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RegisteredVia {
    /// An invitation of a departure.
    Invitation {
        /// The departure.
        departure_id: DepartureId,
        /// Which of its invitations.
        number: u32,
    },
    /// The statement of somebody who was not invited.
    SelfClaim {
        /// What they state.
        claim: SelfClaim,
        /// The departures that fit; none, one, or several people of one name and birth date.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        matches: Vec<SelfClaimMatch>,
    },
}

/// What somebody states about their time here. Class `restricted`; the number too, since a stranger may type anything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelfClaim {
    /// The employee number, where they remember it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employee_number: Option<Personal<String>>,
    /// The name at the time of leaving (退職時の氏名).
    pub name_at_departure: Personal<String>,
    /// The date of birth.
    pub birth_date: Personal<NaiveDate>,
}

/// A departure that fits a self-claim, for the approver to judge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelfClaimMatch {
    /// The departure.
    pub departure_id: DepartureId,
    /// What speaks for it.
    pub evidence: BTreeSet<MatchEvidence>,
}

/// What speaks for a match.
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
pub enum MatchEvidence {
    /// The employee number is the recorded one.
    NumberMatches,
    /// The name is the recorded one.
    NameMatches,
    /// The date of birth is the recorded one.
    BirthDateMatches,
}

/// How a member can be reached. Class `profile`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Personal<String>>,
    /// Telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Personal<String>>,
}

/// A request to register.
#[derive(Clone, Debug)]
pub struct Registering {
    /// The account of the bearer.
    pub account: ActorId,
    /// What opens the door.
    pub via: Registration,
    /// How the member can be reached.
    pub contact: Contact,
    /// The version of the terms that the member accepts.
    pub terms_version: String,
    /// What the member consents to; nothing is a good answer too (PRV-02).
    pub consents: Vec<ConsentPurpose>,
    /// The version of the consent texts, where they are not part of the terms.
    pub consent_text_version: Option<String>,
    /// The no-rehire flags about the person that are raised and have not ended; none while the person is provisional.
    pub live_flags: Vec<FlagId>,
}

/// What opens the door, with the facts that decide whether it does.
#[derive(Clone, Debug)]
pub enum Registration {
    /// An invitation.
    Invitation {
        /// The person it was sent to.
        person_id: PersonId,
        /// The departure it belongs to.
        departure_id: DepartureId,
        /// Which of the departure's invitations.
        number: u32,
        /// The first instant at which it cannot be used any more.
        expires_at: DateTime<Utc>,
        /// The last day of employment as recorded now.
        left_on: NaiveDate,
    },
    /// The statement of somebody who was not invited.
    SelfClaim {
        /// A fresh id made at the edge, under which the data is sealed until an approver names the person.
        provisional_person_id: PersonId,
        /// What they state.
        claim: SelfClaim,
        /// The departures that fit.
        matches: Vec<SelfClaimMatch>,
    },
}

/// A new value, or none any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change<T> {
    /// The value from now on.
    Set(T),
    /// There is no value from now on.
    Clear,
}

/// The parts of a profile that a member gives anew; what is `None` stays as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileChanges {
    /// How the member can be reached.
    pub contact: ContactChanges,
    /// What the member tells about themselves.
    pub profile: DescriptionChanges,
    /// What the member is open to; an empty set withdraws every intent.
    pub intents: Option<BTreeSet<Intent>>,
}

/// New contact details; what is `None` stays as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ContactChanges {
    /// Mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<Change<Personal<String>>>,
    /// Telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<Change<Personal<String>>>,
}

/// A new description; what is `None` stays as it was. Health, family and beliefs have no place here (PRV-12).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DescriptionChanges {
    /// Where the member works now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current_employer: Option<Change<Personal<String>>>,
    /// What the member can do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skills: Option<Change<Personal<Vec<String>>>>,
    /// Where the member lives or wants to work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<Change<Code>>,
    /// The language in which the member wants to be addressed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<Change<Code>>,
}

/// What a member is open to.
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
pub enum Intent {
    /// Coming back (復職).
    Return,
    /// Work on the side (副業).
    SideJob,
    /// Business between companies.
    Business,
    /// Staying in touch, nothing more.
    JustConnected,
}

/// A code from a public list, such as a region (ISO 3166, `JP-13`) or a language (BCP 47, `ja`). It cannot hold a
/// sentence, and so may stand in the clear (ERA-07).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Code(String);

impl Code {
    /// Letters, digits and hyphens, at most twelve: anything else is no code.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = (2..=12).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        fits.then(|| Self(text.to_owned()))
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a member declares for monitoring, freely (MON-, 任意申告). Class `monitoring`: no decision reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupDeclaration {
    /// Sex as declared.
    pub sex: DeclaredSex,
    /// When they were born, by tens of years; nothing where they do not say. Nobody moves from one to another with time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age_band: Option<AgeBand>,
}

/// When somebody was born, by tens of years (年代).
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
pub enum AgeBand {
    /// Before 1960.
    #[serde(rename = "born_before_1960")]
    #[strum(serialize = "born_before_1960")]
    BornBefore1960,
    /// 1960 to 1969.
    #[serde(rename = "born_1960s")]
    #[strum(serialize = "born_1960s")]
    BornFrom1960,
    /// 1970 to 1979.
    #[serde(rename = "born_1970s")]
    #[strum(serialize = "born_1970s")]
    BornFrom1970,
    /// 1980 to 1989.
    #[serde(rename = "born_1980s")]
    #[strum(serialize = "born_1980s")]
    BornFrom1980,
    /// 1990 to 1999.
    #[serde(rename = "born_1990s")]
    #[strum(serialize = "born_1990s")]
    BornFrom1990,
    /// 2000 or later.
    #[serde(rename = "born_from_2000")]
    #[strum(serialize = "born_from_2000")]
    BornFrom2000,
}

impl AgeBand {
    /// By the year of birth.
    pub const fn of(year: i32) -> Self {
        match year {
            ..1960 => Self::BornBefore1960,
            1960..1970 => Self::BornFrom1960,
            1970..1980 => Self::BornFrom1970,
            1980..1990 => Self::BornFrom1980,
            1990..2000 => Self::BornFrom1990,
            2000.. => Self::BornFrom2000,
        }
    }
}

/// Sex as a member declares it.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum DeclaredSex {
    /// 女性
    Female,
    /// 男性
    Male,
    /// その他
    Another,
    /// 回答しない
    NotStated,
}

/// An individual contact of a recruiter with a member. It stands before a later referral to the same position, or to the
/// same job family of the same entity (REF-13).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RecruiterContact {
    /// The local day.
    pub contacted_on: NaiveDate,
    /// Who contacted the member.
    pub contacted_by: ActorId,
    /// The position, where it was about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requisition_id: Option<RequisitionId>,
    /// The entity that hires.
    pub legal_entity: String,
    /// The job family; the position's, where it was about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job_family: Option<String>,
    /// How the member was reached.
    pub channel: ContactChannel,
}

/// How a recruiter reaches a member.
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
pub enum ContactChannel {
    /// By mail address.
    Email,
    /// By telephone.
    Phone,
    /// Face to face.
    InPerson,
    /// By post.
    Post,
}

/// What is recorded when a recruiter contacted a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactRecorded {
    /// The contact.
    #[serde(flatten)]
    pub contact: RecruiterContact,
    /// The consent to `jobs` that it rests on.
    pub consent: ConsentProof,
    /// In words, class `recruiting`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<FreeText>,
}

/// A request to record a contact.
#[derive(Clone, Debug)]
pub struct Contacting {
    /// The local day.
    pub contacted_on: NaiveDate,
    /// The position, where it was about one.
    pub requisition_id: Option<RequisitionId>,
    /// The entity that hires.
    pub legal_entity: String,
    /// The job family; the position's, where it was about one.
    pub job_family: Option<String>,
    /// How the member was reached.
    pub channel: ContactChannel,
    /// The consent to `jobs` that stood on that day.
    pub consent: Option<ConsentProof>,
    /// In words.
    pub note: Option<FreeText>,
}

/// Why a registration came to nothing.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
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
    /// No record of employment fits.
    NoMatch,
    /// The record that fits is somebody else's.
    WrongPerson,
    /// The programme's rules do not admit the person.
    NotAdmissible,
    /// The person is a member already.
    Duplicate,
    /// The departure was rescinded: the person stays.
    DepartureRescinded,
    /// Another reason, in the note.
    Other,
}

/// Why a member's data was disposed of.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum DisposalGround {
    /// The time for which it may be kept is over (PRV-03, PRV-04).
    RetentionEnded,
    /// The person asked for it (PRV-09).
    ErasureRequested,
}
