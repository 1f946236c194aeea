//! A departure (退職): recorded, effective on the local day after the last day, and the base of every later decision about
//! the person's return.
//! Stream `departure/{departure_id}`. One departure per period of employment: claim `departure`, key
//! `{legal_entity}/{employee_number}/{hired_on}`. Whoever asked not to be contacted is not invited by any departure: claim
//! `contact_refused`, key `{person_id}`, never released.

mod facts;
mod standing;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use crate::keys::{natural_key, number_key};
pub use facts::{Channel, DepartureChanges, EndedEmployment, OutreachBar, OutreachBasis, Recorded, Reopening, Source};
pub use standing::{Eligibility, Interview, Standing};

use crate::eligibility::{PROPOSAL_RULE, SeparationReason, proposal};
use crate::ids::{ActorId, MemberId, PersonId};
use crate::issued::{Due, Issued};
use crate::personal::{Personal, RecordClass};
use crate::stream::{Claim, Stream, Wakes, event_sourced};
use crate::values::{Clause, EvidenceRef, FreeText, Verdict};

/// How long an invitation can be used.
pub const INVITATION_DAYS: i64 = 30;
/// How often the first letter may be sent without consent: once, and repeated once.
pub const FIRST_LETTERS: u32 = 2;
/// The scope of the claim that a person holds who asked not to be contacted.
pub const CONTACT_REFUSED: &str = "contact_refused";
/// The longest that a confirmed "not eligible" may last (PRV-13: three years).
pub const INELIGIBILITY_MONTHS: u32 = 36;

/// Facts about departures, kept forever. Add a variant or an optional field; never edit or remove one.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumMessage,
    strum::VariantNames,
    strum::EnumDiscriminants,
)]
#[serde(tag = "type", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[strum_discriminants(
    name(DepartureEventType),
    doc = "The types of [`DepartureEvent`].",
    derive(strum::EnumIter, strum::EnumMessage, strum::IntoStaticStr),
    strum(serialize_all = "snake_case")
)]
pub enum DepartureEvent {
    /// The employer recorded that a period of employment ends or has ended.
    Recorded(Box<Recorded>),
    /// The rule about exit reasons proposed a verdict on a later return, which nobody has assessed yet.
    EligibilityProposed {
        /// What the rule proposes.
        verdict: Verdict,
        /// The rule and its version.
        rule: String,
    },
    /// The person must not be contacted about the programme.
    OutreachBarred {
        /// Why.
        because: OutreachBar,
    },
    /// The bar proved to be a mistake: the person lives. A refusal of contact is never lifted.
    OutreachBarLifted {
        /// What had barred.
        was: OutreachBar,
    },
    /// The last day has passed.
    BecameEffective {
        /// The first local day without employment.
        effective_on: NaiveDate,
        /// The first day of the period of employment that ended.
        hired_on: NaiveDate,
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
        /// Who confirmed: neither of the two may decide an appeal.
        confirmed_by: ActorId,
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
    /// What a person had found rested on a fact that proved wrong; it must be assessed again.
    AssessmentReopened {
        /// What changed.
        because: Reopening,
        /// What the rule proposes now.
        proposal: Verdict,
        /// The rule and its version.
        rule: String,
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
        /// The verdict that others may rely on at this moment.
        verdict: Verdict,
    },
}

/// What can be asked of a departure.
#[derive(Clone, Debug)]
pub enum DepartureCommand {
    /// Record it.
    Record {
        /// The facts. Their `reason` is replaced by the one beside them.
        record: Box<Recorded>,
        /// The reason in the clear, from which a proposal is derived; it is recorded sealed.
        reason: SeparationReason,
    },
    /// Replace recorded facts that were wrong.
    Correct {
        /// The sequence of the statement that is corrected; the latest one when `None`.
        corrects: Option<u64>,
        /// The facts that differ from what stands. Their `reason` is replaced by the one beside them.
        changes: Box<DepartureChanges>,
        /// The new reason in the clear, where it changes; it is recorded sealed.
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
        /// Whether this human being asked, at whichever departure, not to be contacted.
        refused: bool,
    },
    /// The person asked not to be contacted, here or at another of their departures.
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
    /// A machine may not judge a person (AUD-12).
    #[error("only a natural person may assess, confirm or send back")]
    NaturalPersonRequired,
    /// Nothing waits for confirmation.
    #[error("no assessment of \"not eligible\" waits for confirmation")]
    NothingToConfirm,
    /// The same person may not do both.
    #[error("the person who assessed may not confirm")]
    SecondPersonRequired,
    /// The expiry is not in the future, or too far.
    #[error("the expiry {expires_on} must lie after {today} and not after {latest}")]
    ExpiryOutOfRange {
        /// The day asked for.
        expires_on: NaiveDate,
        /// Today.
        today: NaiveDate,
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
    #[error("without consent the first letter may be repeated only once")]
    FirstLetterRepeated,
    /// The person is already a member.
    #[error("the person has already registered")]
    AlreadyRegistered,
}

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
            (Self::Unrecorded, E::Recorded(recorded)) => Self::Scheduled(Standing::new(*recorded)),
            (Self::Scheduled(standing), event @ E::BecameEffective { .. }) => Self::Effective(standing.after(event)),
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
            // The timer may run late, the rule does not.
            (Self::Scheduled(standing), C::Rescind { why }) if on <= standing.left_on => {
                Ok(vec![DepartureEvent::Rescinded { why, member_id: standing.member_id }])
            }
            (Self::Scheduled(standing) | Self::Effective(standing), C::Rescind { .. }) => {
                Err(DepartureError::AlreadyEffective { left_on: standing.left_on })
            }
            (Self::Scheduled(standing), C::Wake) => Ok(standing.due(Phase::Before(on))),
            (Self::Effective(standing), C::Wake) => Ok(standing.due(Phase::After(on))),
            (Self::Scheduled(standing), C::Correct { corrects, changes, reason, why }) => {
                standing.correct(corrects, changes, reason, why, Phase::Before(on))
            }
            (Self::Effective(standing), C::Correct { corrects, changes, reason, why }) => {
                standing.correct(corrects, changes, reason, why, Phase::After(on))
            }
            (
                Self::Scheduled(standing) | Self::Effective(standing),
                C::RecordExitInterview { held_on, wishes_to_return, notes },
            ) => standing.interviewed(on, held_on, wishes_to_return, notes),
            (
                Self::Scheduled(standing) | Self::Effective(standing),
                C::AssessEligibility { verdict, reason_code, clause, note },
            ) => standing.assess(by, verdict, reason_code, clause, note),
            (
                Self::Scheduled(standing) | Self::Effective(standing),
                C::ConfirmEligibility { clause, evidence_ref, expires_on, appeal_route },
            ) => standing.confirm(by, on, clause, evidence_ref, expires_on, appeal_route),
            (Self::Scheduled(standing) | Self::Effective(standing), C::ReturnAssessment { note }) => {
                standing.send_back(by, note)
            }
            (
                Self::Scheduled(standing) | Self::Effective(standing),
                C::Invite { basis, notice_version, channel, refused },
            ) => standing.invite(at, basis, notice_version, channel, refused),
            (Self::Scheduled(standing) | Self::Effective(standing), C::RefuseContact) => {
                Ok(standing.barred_by(OutreachBar::ContactRefused))
            }
            (Self::Scheduled(standing) | Self::Effective(standing), C::NoteRegistration { member_id }) => {
                Ok(standing.registered(member_id))
            }
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
        let due = match self {
            Self::Unrecorded | Self::Rescinded { .. } => None,
            Self::Scheduled(standing) => standing.left_on.succ_opt().into_iter().chain(standing.lapses_on()).min(),
            Self::Effective(standing) => standing.lapses_on(),
        };
        due.map(Due::On)
    }

    fn claims(&self, id: Uuid, event: &DepartureEvent) -> Vec<Claim> {
        match (self.standing(), event) {
            (None, DepartureEvent::Recorded(recorded)) => {
                let Recorded { person_id, legal_entity, employee_number, employment, .. } = &**recorded;
                let numbers = [Some(employee_number), recorded.previous_employee_number.as_ref()];
                let mut claims =
                    vec![Claim::take("departure", natural_key(legal_entity, employee_number, employment.hired_on), id)];
                claims.extend(
                    numbers
                        .into_iter()
                        .flatten()
                        .map(|number| Claim::take("employee_number", number_key(legal_entity, number), person_id.0)),
                );
                claims
            }
            (Some(standing), DepartureEvent::Corrected { changes, .. }) => standing.moved_claims(id, changes),
            (Some(standing), DepartureEvent::Rescinded { .. }) => {
                vec![Claim::release("departure", standing.natural_key(), id)]
            }
            (Some(standing), DepartureEvent::OutreachBarred { because: OutreachBar::ContactRefused }) => {
                let person = standing.person_id;
                vec![Claim::take(CONTACT_REFUSED, person.to_string(), person.0)]
            }
            // Asked for and free again at once: a letter and a refusal at the same moment cannot both be recorded as first.
            (Some(standing), DepartureEvent::Invited { .. }) => {
                vec![Claim::probe(CONTACT_REFUSED, standing.person_id.to_string(), id)]
            }
            (None | Some(_), _) => Vec::new(),
        }
    }
}

event_sourced!(Departure, DepartureEvent, DepartureCommand, DepartureError, "departure");

/// Whether the last day has passed for the stream, and what today is.
#[derive(Clone, Copy)]
enum Phase {
    Before(NaiveDate),
    After(NaiveDate),
}

fn record_departure(
    mut record: Box<Recorded>,
    reason: SeparationReason,
    on: NaiveDate,
) -> Result<Vec<DepartureEvent>, DepartureError> {
    let EndedEmployment { hired_on, left_on, .. } = record.employment;
    if left_on < hired_on {
        return Err(DepartureError::LeftBeforeHired { hired_on, left_on });
    }
    record.reason = sealed_reason(reason);
    let standing = Standing::new((*record).clone());
    let verdict = proposal(reason);
    let mut events = vec![
        DepartureEvent::Recorded(record),
        DepartureEvent::EligibilityProposed { verdict, rule: PROPOSAL_RULE.to_owned() },
    ];
    if reason == SeparationReason::Death {
        events.extend(standing.barred_by(OutreachBar::Deceased));
    }
    events.extend(standing.due(Phase::Before(on)));
    Ok(events)
}

/// The reason as it is recorded: under a key of its own, for few readers (PRV-12).
fn sealed_reason(reason: SeparationReason) -> Personal<SeparationReason> {
    Personal::new(RecordClass::Restricted, reason)
}
