//! A departure (退職): recorded, effective on the local day after the last day, and the base of every later decision about
//! the person's return.
//! Stream `departure/{departure_id}`. One departure per period of employment: claim `departure`, key
//! `{legal_entity}/{employee_number}/{hired_on}`.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::eligibility::{PROPOSAL_RULE, SeparationReason, proposal};
use crate::ids::{ActorId, MemberId, PersonId};
use crate::issued::{Due, Issued};
use crate::personal::{Personal, RecordClass};
use crate::stream::{Claim, Stream, Wakes, event_sourced};
use crate::values::{Clause, EmploymentType, EvidenceRef, FreeText, Money, PersonDetails, Verdict};

/// How long an invitation can be used.
pub const INVITATION_DAYS: i64 = 30;
/// How often the first letter may be sent without consent: once, and repeated once.
pub const FIRST_LETTERS: u32 = 2;

/// Facts about departures, kept forever. Add a variant or an optional field; never edit or remove one.
#[derive(
    Clone, Debug, PartialEq, Serialize, Deserialize, strum::IntoStaticStr, strum::EnumMessage, strum::VariantNames,
)]
#[serde(tag = "type", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum DepartureEvent {
    /// The employer recorded that a period of employment ends or has ended.
    Recorded(Box<Recorded>),
    /// The rule about exit reasons proposed a verdict on a later return; nobody has assessed it yet.
    EligibilityProposed {
        /// What the rule proposes.
        verdict: Verdict,
        /// The rule and its version.
        rule: String,
    },
    /// The person must never be contacted about the programme.
    OutreachBarred {
        /// Why.
        because: OutreachBar,
    },
    /// The last day has passed.
    BecameEffective {
        /// The first local day without employment.
        effective_on: NaiveDate,
        /// The last day of employment, for whatever ends with it.
        left_on: NaiveDate,
        /// The entity that employed the person.
        legal_entity: String,
        /// The employee number of the period that ended.
        employee_number: String,
        /// The membership that was registered before the last day, if any.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        member_id: Option<MemberId>,
    },
    /// Recorded facts were wrong; the new ones stand from now on, the old ones stay readable.
    Corrected {
        /// The sequence of the event whose facts are corrected.
        corrects: u64,
        /// The facts that change.
        changes: Box<DepartureChanges>,
        /// Why, in words.
        why: FreeText,
    },
    /// The departure does not happen: the person stays.
    Rescinded {
        /// Why, in words.
        why: FreeText,
        /// The membership that was registered before the last day, if any.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        member_id: Option<MemberId>,
    },
    /// An exit interview (退職面談) was held.
    ExitInterviewRecorded {
        /// The day of the interview.
        held_on: NaiveDate,
        /// Whether the person wishes to return one day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        wishes_to_return: Option<bool>,
        /// What was said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        notes: Option<FreeText>,
    },
    /// A person assessed whether the leaver may be rehired.
    EligibilityAssessed {
        /// The verdict; `not_eligible` counts as `needs_review` until it is confirmed.
        verdict: Verdict,
        /// Who assessed; somebody else has to confirm.
        assessed_by: ActorId,
        /// The coded ground.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason_code: Option<String>,
        /// The clause relied on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        clause: Option<Clause>,
        /// Remarks.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<FreeText>,
    },
    /// A second person confirmed that the leaver may not be rehired, until a date, with a way to appeal (PRV-13).
    IneligibilityConfirmed {
        /// The clause relied on.
        clause: Clause,
        /// Where the evidence lies.
        evidence_ref: EvidenceRef,
        /// The day on which the verdict lapses to `needs_review`.
        expires_on: NaiveDate,
        /// How the person can appeal.
        appeal_route: String,
    },
    /// A second person did not confirm the assessment; it must be assessed again.
    AssessmentReturned {
        /// Why, in words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<FreeText>,
    },
    /// A confirmed "not eligible" reached its expiry and needs a fresh look.
    IneligibilityLapsed {
        /// The day on which it lapsed.
        on: NaiveDate,
    },
    /// The person was invited to register as an alumnus.
    Invited {
        /// 1 for the first invitation of this departure, then 2, 3 …
        number: u32,
        /// Why this contact is lawful (PRV-01).
        basis: OutreachBasis,
        /// The version of the notice that states the purpose.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        notice_version: Option<String>,
        /// How the letter travels.
        channel: Channel,
        /// The first instant at which the invitation cannot be used any more.
        expires_at: DateTime<Utc>,
    },
    /// An invitation of this departure was used.
    RegistrationNoted {
        /// The membership it led to.
        member_id: MemberId,
    },
}

/// What is recorded about a departure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recorded {
    /// The human being.
    pub person_id: PersonId,
    /// The entity that employed them.
    pub legal_entity: String,
    /// Their number in that entity.
    pub employee_number: String,
    /// Their number in an earlier period, where the records name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_employee_number: Option<String>,
    /// Name, contact and birth date.
    pub person: PersonDetails,
    /// The period of employment that ends.
    pub employment: EndedEmployment,
    /// Why they left.
    pub reason: Personal<SeparationReason>,
    /// Whether they said that they wish to return.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wishes_to_return: Option<bool>,
    /// How the record came in.
    pub source: Source,
}

/// The period of employment that a departure ends (在籍期間).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EndedEmployment {
    /// First day.
    pub hired_on: NaiveDate,
    /// Last day.
    pub left_on: NaiveDate,
    /// Department at exit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// Job family at exit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job_family: Option<String>,
    /// Job title at exit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job_title: Option<String>,
    /// Grade at exit (等級).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<String>,
    /// Place of work at exit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// Employment type at exit.
    pub employment_type: EmploymentType,
    /// Annual base salary at exit, full-time equivalent. No input of any later price (PAY-07).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_salary: Option<Money>,
}

/// Facts that a correction replaces; what is `None` stays as it was.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DepartureChanges {
    /// Employee number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub employee_number: Option<String>,
    /// Name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Personal<String>>,
    /// Reading of the name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name_kana: Option<Personal<String>>,
    /// Mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<Personal<String>>,
    /// Telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<Personal<String>>,
    /// Date of birth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<Personal<NaiveDate>>,
    /// First day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hired_on: Option<NaiveDate>,
    /// Last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_on: Option<NaiveDate>,
    /// Department.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// Job family.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job_family: Option<String>,
    /// Job title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job_title: Option<String>,
    /// Grade.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grade: Option<String>,
    /// Place of work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// Employment type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub employment_type: Option<EmploymentType>,
    /// Annual base salary at exit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_salary: Option<Money>,
    /// Why they left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Personal<SeparationReason>>,
    /// Whether they wish to return.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wishes_to_return: Option<bool>,
}

/// How a record came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Source {
    /// One record through the API.
    Api,
    /// A line of a file.
    Import,
}

/// Why a person must not be contacted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum OutreachBar {
    /// The person asked not to be contacted (連絡不要).
    ContactRefused,
    /// The person has died (死亡).
    Deceased,
}

/// Why an invitation is lawful (PRV-01, 個人情報保護法 17・18・21条).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr, strum::EnumString, strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum OutreachBasis {
    /// Consent given at exit, apart from exit papers.
    ExitConsent,
    /// A notice of purpose handed out at exit.
    ExitNotice,
    /// A purpose the employer had published.
    PublishedPurpose,
    /// The letter itself states the purpose and offers a one-click refusal.
    NoticeWithInvitation,
}

/// How a letter travels.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr, strum::EnumString, strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Channel {
    /// By mail address.
    Email,
    /// By post.
    Post,
    /// Handed over, such as at the exit interview.
    InPerson,
}

/// What can be asked of a departure.
#[derive(Clone, Debug)]
pub enum DepartureCommand {
    /// Record it. `reason` is the reason in the clear, `record.reason` the same to be sealed.
    Record {
        /// The facts.
        record: Box<Recorded>,
        /// The reason, from which a proposal is derived.
        reason: SeparationReason,
    },
    /// Replace recorded facts that were wrong.
    Correct {
        /// The sequence of the statement that is corrected; the latest one when `None`.
        corrects: Option<u64>,
        /// The facts that differ from what stands.
        changes: Box<DepartureChanges>,
        /// The new reason in the clear, where it changes.
        reason: Option<SeparationReason>,
        /// Why, in words.
        why: FreeText,
    },
    /// The person stays.
    Rescind {
        /// Why, in words.
        why: FreeText,
    },
    /// Record the exit interview.
    RecordExitInterview {
        /// The day it was held.
        held_on: NaiveDate,
        /// Whether the person wishes to return.
        wishes_to_return: Option<bool>,
        /// What was said.
        notes: Option<FreeText>,
    },
    /// Assess whether the leaver may be rehired.
    AssessEligibility {
        /// The verdict.
        verdict: Verdict,
        /// The coded ground.
        reason_code: Option<String>,
        /// The clause relied on.
        clause: Option<Clause>,
        /// Remarks.
        note: Option<FreeText>,
    },
    /// Confirm an assessment of "not eligible".
    ConfirmEligibility {
        /// The clause relied on.
        clause: Clause,
        /// Where the evidence lies.
        evidence_ref: EvidenceRef,
        /// The day on which it lapses.
        expires_on: NaiveDate,
        /// How the person can appeal.
        appeal_route: String,
    },
    /// Send an assessment of "not eligible" back.
    ReturnAssessment {
        /// Why, in words.
        note: Option<FreeText>,
    },
    /// Invite the person to register.
    Invite {
        /// Why this contact is lawful.
        basis: OutreachBasis,
        /// The version of the notice.
        notice_version: Option<String>,
        /// How the letter travels.
        channel: Channel,
    },
    /// The person asked not to be contacted.
    RefuseContact,
    /// An invitation was used (reaction to `member.registered`).
    NoteRegistration {
        /// The membership.
        member_id: MemberId,
    },
    /// Look at the clock.
    Wake,
}

impl Wakes for DepartureCommand {
    fn wake() -> Self {
        Self::Wake
    }
}

/// State: only what `decide` reads.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Departure {
    /// Nothing is recorded under this id.
    #[default]
    Unrecorded,
    /// The last day lies ahead.
    Scheduled(Standing),
    /// The last day has passed.
    Effective(Standing),
    /// The person stayed.
    Rescinded {
        /// The human being.
        person_id: PersonId,
    },
}

/// What stands about a departure that was not rescinded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// The human being.
    pub person_id: PersonId,
    /// The entity that employed them.
    pub legal_entity: String,
    /// Their number in it.
    pub employee_number: String,
    /// First day.
    pub hired_on: NaiveDate,
    /// Last day.
    pub left_on: NaiveDate,
    /// Sequence of the last event.
    pub version: u64,
    /// Sequences of the events that state facts: the record and its corrections.
    pub statements: Vec<u64>,
    /// What is decided about a return.
    pub eligibility: Eligibility,
    /// Why the person must not be contacted, if so.
    pub barred: Option<OutreachBar>,
    /// Whether the exit interview is recorded.
    pub interviewed: bool,
    /// Invitations so far.
    pub invitations: u32,
    /// Invitations so far that rested on nothing but the letter itself.
    pub first_letters: u32,
    /// When the latest invitation lapses.
    pub invitation_expires_at: Option<DateTime<Utc>>,
    /// The membership that an invitation led to.
    pub member_id: Option<MemberId>,
}

/// What is decided about a return, and by whom.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Eligibility {
    /// Only the rule has spoken.
    Proposed(Verdict),
    /// A person found `eligible` or `needs_review`.
    Assessed {
        /// The verdict.
        verdict: Verdict,
        /// The coded ground.
        reason_code: Option<String>,
        /// The clause relied on.
        clause: Option<Clause>,
    },
    /// A person found `not_eligible`; a second one has to confirm.
    AwaitingConfirmation {
        /// Who assessed.
        by: ActorId,
        /// The coded ground.
        reason_code: Option<String>,
        /// The clause relied on.
        clause: Option<Clause>,
    },
    /// Not eligible, confirmed, until a date.
    Confirmed {
        /// The clause relied on.
        clause: Clause,
        /// Where the evidence lies.
        evidence_ref: EvidenceRef,
        /// The day on which it lapses.
        expires_on: NaiveDate,
    },
    /// Was not eligible; needs a fresh look.
    Lapsed,
}

impl Eligibility {
    /// The verdict that others may rely on.
    pub const fn verdict(&self) -> Verdict {
        match self {
            Self::Proposed(Verdict::Eligible) => Verdict::Eligible,
            Self::Proposed(Verdict::NeedsReview | Verdict::NotEligible)
            | Self::AwaitingConfirmation { .. }
            | Self::Lapsed => Verdict::NeedsReview,
            Self::Assessed { verdict, .. } => *verdict,
            Self::Confirmed { .. } => Verdict::NotEligible,
        }
    }
}

/// Why a command is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum DepartureError {
    /// No such departure.
    #[error("no departure is recorded under this id")]
    Unrecorded,
    /// The id is taken.
    #[error("this departure is already recorded")]
    AlreadyRecorded,
    /// `left_on` lies before `hired_on`.
    #[error("the last day {left_on} lies before the first day {hired_on}")]
    LeftBeforeHired {
        /// First day.
        hired_on: NaiveDate,
        /// Last day.
        left_on: NaiveDate,
    },
    /// The person stayed.
    #[error("the departure was rescinded")]
    Rescinded,
    /// Too late to rescind.
    #[error("the departure took effect after {left_on} and cannot be rescinded; a return is a new employment")]
    AlreadyEffective {
        /// Last day.
        left_on: NaiveDate,
    },
    /// The correction names an event that states no facts.
    #[error("event {corrects} of this departure states no facts that could be corrected")]
    NothingToCorrect {
        /// The sequence named.
        corrects: u64,
    },
    /// The correction would undo what has happened.
    #[error("the departure has taken effect; its last day cannot be moved to {left_on}, which has not passed")]
    CannotUndoEffect {
        /// The last day asked for.
        left_on: NaiveDate,
    },
    /// One interview per departure.
    #[error("an exit interview is already recorded")]
    AlreadyInterviewed,
    /// The interview lies in the future.
    #[error("the interview on {held_on} has not been held yet")]
    InterviewNotHeldYet {
        /// The day named.
        held_on: NaiveDate,
    },
    /// `not_eligible` needs grounds.
    #[error("\"not eligible\" needs a reason code and the clause it rests on")]
    GroundsRequired,
    /// Nothing waits for confirmation.
    #[error("no assessment of \"not eligible\" waits for confirmation")]
    NothingToConfirm,
    /// The same person may not do both.
    #[error("the person who assessed may not confirm")]
    SecondPersonRequired,
    /// The expiry is not in the future, or too far.
    #[error("the expiry {expires_on} must lie after {earliest} and not after {latest}")]
    ExpiryOutOfRange {
        /// The day asked for.
        expires_on: NaiveDate,
        /// Today.
        earliest: NaiveDate,
        /// The latest day allowed.
        latest: NaiveDate,
    },
    /// The person refused contact.
    #[error("the person asked not to be contacted")]
    ContactRefused,
    /// The person has died.
    #[error("the person has died")]
    Deceased,
    /// Two letters are the most without consent.
    #[error("the first letter may be repeated once only without consent")]
    FirstLetterRepeated,
    /// The person is already a member.
    #[error("the person has already registered")]
    AlreadyRegistered,
}

/// The longest that a confirmed "not eligible" may last, in days (PRV-13: three years).
pub const INELIGIBILITY_DAYS: i64 = 3 * 365 + 1;

impl Departure {
    /// What stands, unless nothing is recorded or the person stayed.
    pub const fn standing(&self) -> Option<&Standing> {
        match self {
            Self::Scheduled(standing) | Self::Effective(standing) => Some(standing),
            Self::Unrecorded | Self::Rescinded { .. } => None,
        }
    }

    fn after(self, event: DepartureEvent) -> Self {
        use DepartureEvent as E;
        match (self, event) {
            (Self::Unrecorded, E::Recorded(recorded)) => Self::Scheduled(Standing {
                person_id: recorded.person_id,
                legal_entity: recorded.legal_entity,
                employee_number: recorded.employee_number,
                hired_on: recorded.employment.hired_on,
                left_on: recorded.employment.left_on,
                version: 1,
                statements: vec![1],
                eligibility: Eligibility::Proposed(Verdict::NeedsReview),
                barred: None,
                interviewed: false,
                invitations: 0,
                first_letters: 0,
                invitation_expires_at: None,
                member_id: None,
            }),
            (Self::Scheduled(standing), E::BecameEffective { .. }) => Self::Effective(standing.counted()),
            (Self::Scheduled(standing) | Self::Effective(standing), E::Rescinded { .. }) => {
                Self::Rescinded { person_id: standing.person_id }
            }
            (Self::Scheduled(standing), event) => Self::Scheduled(standing.after(event)),
            (Self::Effective(standing), event) => Self::Effective(standing.after(event)),
            // History cannot be refused: what does not fit changes nothing.
            (state @ (Self::Unrecorded | Self::Rescinded { .. }), _) => state,
        }
    }
}

impl Standing {
    fn counted(mut self) -> Self {
        self.version += 1;
        self
    }

    fn after(self, event: DepartureEvent) -> Self {
        use DepartureEvent as E;
        let mut next = self.counted();
        match event {
            E::EligibilityProposed { verdict, .. } => next.eligibility = Eligibility::Proposed(verdict),
            E::OutreachBarred { because } => next.barred = Some(because),
            E::Corrected { changes, .. } => {
                next.statements.push(next.version);
                if let Some(number) = changes.employee_number {
                    next.employee_number = number;
                }
                if let Some(day) = changes.hired_on {
                    next.hired_on = day;
                }
                if let Some(day) = changes.left_on {
                    next.left_on = day;
                }
            }
            E::ExitInterviewRecorded { .. } => next.interviewed = true,
            E::EligibilityAssessed { .. }
            | E::IneligibilityConfirmed { .. }
            | E::AssessmentReturned { .. }
            | E::IneligibilityLapsed { .. } => next.eligibility = next.eligibility.after(event),
            E::Invited { number, basis, expires_at, .. } => {
                next.invitations = number;
                next.first_letters += u32::from(basis == OutreachBasis::NoticeWithInvitation);
                next.invitation_expires_at = Some(expires_at);
            }
            E::RegistrationNoted { member_id } => next.member_id = Some(member_id),
            E::Recorded(_) | E::BecameEffective { .. } | E::Rescinded { .. } => {}
        }
        next
    }

    fn became_effective(&self) -> DepartureEvent {
        DepartureEvent::BecameEffective {
            effective_on: self.left_on.succ_opt().unwrap_or(self.left_on),
            left_on: self.left_on,
            legal_entity: self.legal_entity.clone(),
            employee_number: self.employee_number.clone(),
            member_id: self.member_id,
        }
    }

    fn natural_key(&self) -> String {
        natural_key(&self.legal_entity, &self.employee_number, self.hired_on)
    }
}

impl Eligibility {
    fn after(self, event: DepartureEvent) -> Self {
        use DepartureEvent as E;
        match event {
            E::EligibilityAssessed { verdict: Verdict::NotEligible, assessed_by, reason_code, clause, .. } => {
                Self::AwaitingConfirmation { by: assessed_by, reason_code, clause }
            }
            E::EligibilityAssessed { verdict, reason_code, clause, .. } => Self::Assessed { verdict, reason_code, clause },
            E::IneligibilityConfirmed { clause, evidence_ref, expires_on, .. } => {
                Self::Confirmed { clause, evidence_ref, expires_on }
            }
            E::AssessmentReturned { .. } => Self::Proposed(Verdict::NeedsReview),
            E::IneligibilityLapsed { .. } => Self::Lapsed,
            E::Recorded(_)
            | E::EligibilityProposed { .. }
            | E::OutreachBarred { .. }
            | E::BecameEffective { .. }
            | E::Corrected { .. }
            | E::Rescinded { .. }
            | E::ExitInterviewRecorded { .. }
            | E::Invited { .. }
            | E::RegistrationNoted { .. } => self,
        }
    }
}

/// The key of the claim `departure`: one departure per period of employment.
pub fn natural_key(legal_entity: &str, employee_number: &str, hired_on: NaiveDate) -> String {
    format!("{legal_entity}/{employee_number}/{hired_on}")
}

/// The key of the claim `employee_number`, whose holder is the person who bears it.
pub fn number_key(legal_entity: &str, employee_number: &str) -> String {
    format!("{legal_entity}/{employee_number}")
}

fn proposed(reason: SeparationReason) -> Vec<DepartureEvent> {
    let verdict = proposal(reason);
    let mut events = vec![DepartureEvent::EligibilityProposed { verdict, rule: PROPOSAL_RULE.to_owned() }];
    if reason == SeparationReason::Death {
        events.push(DepartureEvent::OutreachBarred { because: OutreachBar::Deceased });
    }
    events
}

impl Stream for Departure {
    type Order = DepartureCommand;

    fn decide(&self, issued: Issued<DepartureCommand>) -> Result<Vec<DepartureEvent>, DepartureError> {
        use DepartureCommand as C;
        let Issued { by, at, on, command } = issued;
        match (self, command) {
            (Self::Unrecorded, C::Record { record, reason }) => record_departure(record, reason, on),
            (Self::Unrecorded, C::Wake) => Ok(vec![]),
            (Self::Unrecorded, _) => Err(DepartureError::Unrecorded),
            (Self::Scheduled(_) | Self::Effective(_) | Self::Rescinded { .. }, C::Record { .. }) => {
                Err(DepartureError::AlreadyRecorded)
            }
            (Self::Rescinded { .. }, C::Rescind { .. } | C::Wake) => Ok(vec![]),
            (Self::Rescinded { .. }, _) => Err(DepartureError::Rescinded),
            (Self::Effective(standing), C::Rescind { .. }) => {
                Err(DepartureError::AlreadyEffective { left_on: standing.left_on })
            }
            (Self::Scheduled(standing), C::Rescind { why }) => {
                Ok(vec![DepartureEvent::Rescinded { why, member_id: standing.member_id }])
            }
            (Self::Scheduled(standing), C::Wake) => Ok(standing.due(on, true)),
            (Self::Effective(standing), C::Wake) => Ok(standing.due(on, false)),
            (Self::Scheduled(standing), C::Correct { corrects, changes, reason, why }) => {
                standing.correct(corrects, changes, reason, why, Phase::Before(on))
            }
            (Self::Effective(standing), C::Correct { corrects, changes, reason, why }) => {
                standing.correct(corrects, changes, reason, why, Phase::After(on))
            }
            (Self::Scheduled(standing) | Self::Effective(standing), command) => match command {
                C::RecordExitInterview { held_on, .. } if held_on > on => {
                    Err(DepartureError::InterviewNotHeldYet { held_on })
                }
                C::RecordExitInterview { .. } if standing.interviewed => Err(DepartureError::AlreadyInterviewed),
                C::RecordExitInterview { held_on, wishes_to_return, notes } => {
                    Ok(vec![DepartureEvent::ExitInterviewRecorded { held_on, wishes_to_return, notes }])
                }
                C::AssessEligibility { verdict, reason_code, clause, note } => {
                    standing.assess(by.id, verdict, reason_code, clause, note)
                }
                C::ConfirmEligibility { clause, evidence_ref, expires_on, appeal_route } => {
                    standing.confirm(by.id, on, clause, evidence_ref, expires_on, appeal_route)
                }
                C::ReturnAssessment { note } => standing.send_back(by.id, note),
                C::Invite { basis, notice_version, channel } => standing.invite(at, basis, notice_version, channel),
                C::RefuseContact if standing.barred.is_some() => Ok(vec![]),
                C::RefuseContact => Ok(vec![DepartureEvent::OutreachBarred { because: OutreachBar::ContactRefused }]),
                C::NoteRegistration { member_id } => match standing.member_id {
                    Some(known) if known == member_id => Ok(vec![]),
                    // A new membership after an earlier one ended is noted as well.
                    Some(_) | None => Ok(vec![DepartureEvent::RegistrationNoted { member_id }]),
                },
                C::Record { .. } | C::Correct { .. } | C::Rescind { .. } | C::Wake => Ok(vec![]),
            },
        }
    }

    fn state(&self) -> &'static str {
        match self {
            Self::Unrecorded => "unrecorded",
            Self::Scheduled(_) => "scheduled",
            Self::Effective(_) => "effective",
            Self::Rescinded { .. } => "rescinded",
        }
    }

    fn subject(&self) -> Option<PersonId> {
        match self {
            Self::Unrecorded => None,
            Self::Scheduled(standing) | Self::Effective(standing) => Some(standing.person_id),
            Self::Rescinded { person_id } => Some(*person_id),
        }
    }

    fn wake(&self) -> Option<Due> {
        match self {
            Self::Unrecorded | Self::Rescinded { .. } => None,
            Self::Scheduled(standing) => standing.left_on.succ_opt().map(Due::On),
            Self::Effective(standing) => match &standing.eligibility {
                Eligibility::Confirmed { expires_on, .. } => Some(Due::On(*expires_on)),
                Eligibility::Proposed(_)
                | Eligibility::Assessed { .. }
                | Eligibility::AwaitingConfirmation { .. }
                | Eligibility::Lapsed => None,
            },
        }
    }

    fn claims(&self, id: Uuid, event: &DepartureEvent) -> Vec<Claim> {
        match (self.standing(), event) {
            (None, DepartureEvent::Recorded(recorded)) => {
                let Recorded { person_id, legal_entity, employee_number, employment, .. } = &**recorded;
                vec![
                    Claim::take("departure", natural_key(legal_entity, employee_number, employment.hired_on), id),
                    Claim::take("employee_number", number_key(legal_entity, employee_number), person_id.0),
                ]
            }
            (Some(standing), DepartureEvent::Corrected { changes, .. })
                if changes.employee_number.is_some() || changes.hired_on.is_some() =>
            {
                let number = changes.employee_number.as_ref().unwrap_or(&standing.employee_number);
                let hired_on = changes.hired_on.unwrap_or(standing.hired_on);
                vec![
                    Claim::release("departure", standing.natural_key(), id),
                    Claim::take("departure", natural_key(&standing.legal_entity, number, hired_on), id),
                    Claim::take("employee_number", number_key(&standing.legal_entity, number), standing.person_id.0),
                ]
            }
            (Some(standing), DepartureEvent::Rescinded { .. }) => {
                vec![Claim::release("departure", standing.natural_key(), id)]
            }
            _ => Vec::new(),
        }
    }
}

event_sourced!(Departure, DepartureEvent, DepartureCommand, DepartureError, "departure");

/// Whether the last day has passed, and what today is.
#[derive(Clone, Copy)]
enum Phase {
    Before(NaiveDate),
    After(NaiveDate),
}

fn record_departure(
    record: Box<Recorded>,
    reason: SeparationReason,
    on: NaiveDate,
) -> Result<Vec<DepartureEvent>, DepartureError> {
    let EndedEmployment { hired_on, left_on, .. } = record.employment;
    if left_on < hired_on {
        return Err(DepartureError::LeftBeforeHired { hired_on, left_on });
    }
    let effective = (left_on < on).then(|| DepartureEvent::BecameEffective {
        effective_on: left_on.succ_opt().unwrap_or(left_on),
        left_on,
        legal_entity: record.legal_entity.clone(),
        employee_number: record.employee_number.clone(),
        member_id: None,
    });
    let mut events = vec![DepartureEvent::Recorded(record)];
    events.extend(proposed(reason));
    events.extend(effective);
    Ok(events)
}

impl Standing {
    fn due(&self, on: NaiveDate, scheduled: bool) -> Vec<DepartureEvent> {
        let mut events = Vec::new();
        if scheduled && self.left_on < on {
            events.push(self.became_effective());
        }
        if let Eligibility::Confirmed { expires_on, .. } = self.eligibility
            && expires_on <= on
        {
            events.push(DepartureEvent::IneligibilityLapsed { on: expires_on });
        }
        events
    }

    fn correct(
        &self,
        corrects: Option<u64>,
        changes: Box<DepartureChanges>,
        reason: Option<SeparationReason>,
        why: FreeText,
        phase: Phase,
    ) -> Result<Vec<DepartureEvent>, DepartureError> {
        let corrects = corrects.or(self.statements.last().copied()).unwrap_or(1);
        if !self.statements.contains(&corrects) {
            return Err(DepartureError::NothingToCorrect { corrects });
        }
        if *changes == DepartureChanges::default() {
            return Ok(vec![]);
        }
        let hired_on = changes.hired_on.unwrap_or(self.hired_on);
        let left_on = changes.left_on.unwrap_or(self.left_on);
        if left_on < hired_on {
            return Err(DepartureError::LeftBeforeHired { hired_on, left_on });
        }
        let corrected = DepartureEvent::Corrected { corrects, changes, why };
        let next = self.clone().after(corrected.clone());
        let mut events = vec![corrected];
        events.extend(reason.map(proposed).unwrap_or_default());
        match phase {
            Phase::After(on) if left_on >= on => return Err(DepartureError::CannotUndoEffect { left_on }),
            Phase::Before(on) if left_on < on => events.push(next.became_effective()),
            Phase::Before(_) | Phase::After(_) => {}
        }
        Ok(events)
    }

    fn assess(
        &self,
        assessed_by: ActorId,
        verdict: Verdict,
        reason_code: Option<String>,
        clause: Option<Clause>,
        note: Option<FreeText>,
    ) -> Result<Vec<DepartureEvent>, DepartureError> {
        if verdict == Verdict::NotEligible && (reason_code.is_none() || clause.is_none()) {
            return Err(DepartureError::GroundsRequired);
        }
        let stands = match &self.eligibility {
            Eligibility::Assessed { verdict: v, reason_code: r, clause: c } => {
                *v == verdict && *r == reason_code && *c == clause
            }
            Eligibility::AwaitingConfirmation { by, reason_code: r, clause: c } => {
                verdict == Verdict::NotEligible && *by == assessed_by && *r == reason_code && *c == clause
            }
            Eligibility::Proposed(_) | Eligibility::Confirmed { .. } | Eligibility::Lapsed => false,
        };
        if stands && note.is_none() {
            return Ok(vec![]);
        }
        Ok(vec![DepartureEvent::EligibilityAssessed { verdict, assessed_by, reason_code, clause, note }])
    }

    fn confirm(
        &self,
        confirmer: ActorId,
        on: NaiveDate,
        clause: Clause,
        evidence_ref: EvidenceRef,
        expires_on: NaiveDate,
        appeal_route: String,
    ) -> Result<Vec<DepartureEvent>, DepartureError> {
        match &self.eligibility {
            Eligibility::AwaitingConfirmation { by, .. } if *by == confirmer => {
                Err(DepartureError::SecondPersonRequired)
            }
            Eligibility::AwaitingConfirmation { .. } => {
                let latest = on + TimeDelta::days(INELIGIBILITY_DAYS);
                if expires_on <= on || expires_on > latest {
                    return Err(DepartureError::ExpiryOutOfRange { expires_on, earliest: on, latest });
                }
                Ok(vec![DepartureEvent::IneligibilityConfirmed { clause, evidence_ref, expires_on, appeal_route }])
            }
            Eligibility::Confirmed { clause: c, evidence_ref: e, expires_on: x }
                if *c == clause && *e == evidence_ref && *x == expires_on =>
            {
                Ok(vec![])
            }
            Eligibility::Proposed(_)
            | Eligibility::Assessed { .. }
            | Eligibility::Confirmed { .. }
            | Eligibility::Lapsed => Err(DepartureError::NothingToConfirm),
        }
    }

    fn send_back(&self, reviewer: ActorId, note: Option<FreeText>) -> Result<Vec<DepartureEvent>, DepartureError> {
        match &self.eligibility {
            Eligibility::AwaitingConfirmation { by, .. } if *by == reviewer => {
                Err(DepartureError::SecondPersonRequired)
            }
            Eligibility::AwaitingConfirmation { .. } => Ok(vec![DepartureEvent::AssessmentReturned { note }]),
            Eligibility::Proposed(_)
            | Eligibility::Assessed { .. }
            | Eligibility::Confirmed { .. }
            | Eligibility::Lapsed => Err(DepartureError::NothingToConfirm),
        }
    }

    fn invite(
        &self,
        at: DateTime<Utc>,
        basis: OutreachBasis,
        notice_version: Option<String>,
        channel: Channel,
    ) -> Result<Vec<DepartureEvent>, DepartureError> {
        match self.barred {
            Some(OutreachBar::Deceased) => return Err(DepartureError::Deceased),
            Some(OutreachBar::ContactRefused) => return Err(DepartureError::ContactRefused),
            None => {}
        }
        if self.member_id.is_some() {
            return Err(DepartureError::AlreadyRegistered);
        }
        if basis == OutreachBasis::NoticeWithInvitation && self.first_letters >= FIRST_LETTERS {
            return Err(DepartureError::FirstLetterRepeated);
        }
        Ok(vec![DepartureEvent::Invited {
            number: self.invitations + 1,
            basis,
            notice_version,
            channel,
            expires_at: at + TimeDelta::days(INVITATION_DAYS),
        }])
    }
}
