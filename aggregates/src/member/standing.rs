//! What stands about a membership, and what may follow from it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{
    CONTACT_MONTHS, ConsentPurpose, ContactChanges, ContactRecorded, Contacting, DescriptionChanges, DisposalGround,
    FRESH_MONTHS, MemberCommand, MemberError, MemberEvent, ProfileChanges, REMINDER_DAYS, REMINDERS, RecruiterContact,
    Registered, RegisteredVia, RejectionReason,
};
use crate::ids::{ActorId, DepartureId, FlagId, PersonId};
use crate::issued::{Actor, ActorKind};
use crate::values::{EvidenceRef, FreeText};

type Decision = Result<Vec<MemberEvent>, MemberError>;

/// What stands about a membership that has not ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// The human being; provisional until a self-claim is approved.
    pub person_id: PersonId,
    /// The account that bears it.
    pub account: ActorId,
    /// The version of the terms accepted last.
    pub terms_version: Option<String>,
    /// The consents given and not withdrawn, each with the version of its text.
    pub consents: BTreeMap<ConsentPurpose, String>,
    /// Whether a group is declared; which one is nobody's business here.
    pub group_declared: bool,
    /// Its first local day, once it has begun.
    pub active_from: Option<NaiveDate>,
    /// The contacts by recruiters in the months before the latest one, oldest first.
    pub contacts: BTreeSet<RecruiterContact>,
    /// How far it has come.
    pub phase: Phase,
}

/// How far a membership has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    /// A self-claim that nobody has judged.
    AwaitsReview,
    /// Admitted; the last day of employment has not passed.
    AwaitsDeparture {
        /// The departure.
        departure_id: DepartureId,
    },
    /// A member like any other.
    Active(Freshness),
    /// Left alone at their own wish. A pause forgets unanswered questions.
    Paused {
        /// What resumes with the membership.
        freshness: Freshness,
        /// The day on which it resumes by itself.
        until: Option<NaiveDate>,
    },
    /// Left alone since they did not answer.
    Dormant,
}

/// How fresh a member's data is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Freshness {
    /// Not confirmed since a day, such as the membership's first.
    Unconfirmed {
        /// The day.
        since: NaiveDate,
    },
    /// Confirmed by the member.
    Confirmed {
        /// The latest day on which they did.
        on: NaiveDate,
    },
    /// The member was asked to confirm and has not answered.
    Asked {
        /// The day since which nothing was confirmed.
        since: NaiveDate,
        /// How often.
        times: u32,
        /// When last.
        on: NaiveDate,
    },
}

/// How a membership ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr, strum::Display)]
#[strum(serialize_all = "snake_case")]
pub enum Ending {
    /// The member is an employee again.
    Returned {
        /// First day of the new employment.
        started_on: NaiveDate,
    },
    /// The member left.
    Left,
    /// The registration came to nothing.
    Rejected {
        /// The coded reason.
        reason_code: RejectionReason,
    },
    /// The member has died.
    Deceased,
    /// The data is disposed of.
    Disposed,
}

impl Standing {
    pub(super) fn registered(registered: &Registered) -> Self {
        Self {
            person_id: registered.person_id,
            account: registered.account,
            terms_version: None,
            consents: BTreeMap::new(),
            group_declared: false,
            active_from: None,
            contacts: BTreeSet::new(),
            phase: match registered.via {
                RegisteredVia::Invitation { departure_id, .. } => Phase::AwaitsDeparture { departure_id },
                RegisteredVia::SelfClaim { .. } => Phase::AwaitsReview,
            },
        }
    }

    pub(super) fn after(mut self, event: MemberEvent) -> Self {
        use MemberEvent as E;
        self.phase = self.phase.after(&event);
        match event {
            E::Approved { person_id, .. } => self.person_id = person_id,
            E::TermsAccepted { terms_version } => self.terms_version = Some(terms_version),
            E::ConsentGranted { purpose, text_version } => {
                self.consents.insert(purpose, text_version);
            }
            E::ConsentWithdrawn { purpose } => {
                self.consents.remove(&purpose);
            }
            E::GroupDeclared { .. } => self.group_declared = true,
            E::GroupDeclarationWithdrawn => self.group_declared = false,
            E::Activated { active_from, .. } => self.active_from = Some(active_from),
            E::ContactRecorded(recorded) => {
                self.contacts.insert(recorded.contact);
                let latest = self.contacts.last().map(|contact| contact.contacted_on);
                let since = latest.and_then(|day| day.checked_sub_months(Months::new(CONTACT_MONTHS)));
                self.contacts.retain(|contact| since.is_none_or(|since| since <= contact.contacted_on));
            }
            E::Registered(_)
            | E::Rejected { .. }
            | E::ContactDetailsGiven(_)
            | E::ProfileDescribed(_)
            | E::IntentsDeclared { .. }
            | E::DataConfirmed { .. }
            | E::ConfirmationAsked { .. }
            | E::BecameDormant { .. }
            | E::Paused { .. }
            | E::Resumed
            | E::Left { .. }
            | E::Returned { .. }
            | E::DeathRecorded
            | E::Disposed { .. } => {}
        }
        self
    }

    pub(super) fn decide(&self, by: Actor, on: NaiveDate, command: MemberCommand) -> Decision {
        use MemberCommand as C;
        use Phase as P;
        match (self.phase, command) {
            // In any phase a member may speak for themselves, and go.
            (_, C::Register(_)) => Err(MemberError::AlreadyRegistered),
            (_, C::UpdateProfile { changes }) => Ok(given(*changes)),
            (_, C::GrantConsent { purpose, text_version }) => self.grant(purpose, text_version),
            (_, C::WithdrawConsent { purpose }) if !self.consents.contains_key(&purpose) => Ok(vec![]),
            (_, C::WithdrawConsent { purpose }) => Ok(vec![MemberEvent::ConsentWithdrawn { purpose }]),
            (_, C::DeclareGroup { group: Some(group) }) => Ok(vec![MemberEvent::GroupDeclared { group }]),
            (_, C::DeclareGroup { group: None }) if !self.group_declared => Ok(vec![]),
            (_, C::DeclareGroup { group: None }) => Ok(vec![MemberEvent::GroupDeclarationWithdrawn]),
            (_, C::Leave { live_cases, .. }) if live_cases > 0 => Err(MemberError::LiveCase { live_cases }),
            (_, C::Leave { reason, .. }) => Ok(vec![MemberEvent::Left { reason }]),
            (_, C::RecordDeath) => Ok(vec![MemberEvent::DeathRecorded]),
            (
                P::AwaitsReview | P::AwaitsDeparture { .. } | P::Active(_) | P::Paused { .. },
                C::Dispose { because: DisposalGround::RetentionEnded, .. },
            ) => Err(MemberError::StillInUse),
            (_, C::Dispose { because, certificate, live_cases }) => disposed(because, certificate, live_cases),

            (P::AwaitsReview, C::Approve { person_id, departure_id, left_on, live_flags }) => {
                self.approve(by, on, person_id, departure_id, left_on, live_flags)
            }
            (P::AwaitsReview, C::Reject { reason_code, note }) => rejected(by, reason_code, note),
            (P::AwaitsDeparture { departure_id }, C::Activate) => {
                Ok(vec![MemberEvent::Activated { person_id: self.person_id, departure_id, active_from: on }])
            }
            (P::AwaitsDeparture { .. }, C::CloseUnneeded) => {
                Ok(vec![MemberEvent::Rejected { reason_code: RejectionReason::DepartureRescinded, note: None }])
            }
            (P::Active(_) | P::Paused { .. } | P::Dormant, C::Approve { .. } | C::Reject { .. } | C::CloseUnneeded) => {
                Err(MemberError::NotPending)
            }
            (P::Active(_) | P::Paused { .. } | P::Dormant, C::Activate) => Ok(vec![]),

            (P::Active(_) | P::Paused { .. } | P::Dormant, C::NoteReturn { started_on }) => {
                Ok(vec![MemberEvent::Returned { started_on }])
            }
            (P::Active(freshness) | P::Paused { freshness, .. }, C::ConfirmData { terms_version }) => {
                self.confirm(on, freshness == (Freshness::Confirmed { on }), terms_version)
            }
            (P::Dormant, C::ConfirmData { terms_version }) => self.confirm(on, false, terms_version),
            (P::Active(_) | P::Paused { .. }, C::Pause { until: Some(until) }) if until <= on => {
                Err(MemberError::PauseOverAlready { until })
            }
            (P::Paused { until: standing, .. }, C::Pause { until }) if standing == until => Ok(vec![]),
            (P::Active(_) | P::Paused { .. }, C::Pause { until }) => Ok(vec![MemberEvent::Paused { until }]),
            (P::Active(_), C::Resume) => Ok(vec![]),
            (P::Paused { .. }, C::Resume) => Ok(vec![MemberEvent::Resumed]),
            (P::Dormant, C::Pause { .. } | C::Resume) => Err(MemberError::Dormant),

            (P::Active(_) | P::Dormant, C::RecordContact(contacting)) => self.contacted(by, on, *contacting),
            (P::Paused { .. }, C::RecordContact(_)) => Err(MemberError::Paused),

            (P::Active(_) | P::Paused { .. }, C::Wake) => Ok(self.phase.woken(self.account, on)),
            (P::AwaitsReview | P::AwaitsDeparture { .. } | P::Dormant, C::Wake) => Ok(vec![]),
            (
                P::AwaitsReview,
                C::Activate
                | C::CloseUnneeded
                | C::NoteReturn { .. }
                | C::ConfirmData { .. }
                | C::Pause { .. }
                | C::Resume
                | C::RecordContact(_),
            ) => Err(MemberError::AwaitsReview),
            (
                P::AwaitsDeparture { .. },
                C::Approve { .. }
                | C::Reject { .. }
                | C::NoteReturn { .. }
                | C::ConfirmData { .. }
                | C::Pause { .. }
                | C::Resume
                | C::RecordContact(_),
            ) => Err(MemberError::AwaitsDeparture),
        }
    }

    fn confirm(&self, on: NaiveDate, confirmed: bool, terms_version: Option<String>) -> Decision {
        if terms_version.as_ref().is_some_and(|version| version.trim().is_empty()) {
            return Err(MemberError::TermsVersionMissing);
        }
        let accepted = terms_version.filter(|version| self.terms_version.as_ref() != Some(version));
        let accepted = accepted.map(|terms_version| MemberEvent::TermsAccepted { terms_version });
        let confirmed = (!confirmed).then_some(MemberEvent::DataConfirmed { confirmed_on: on });
        Ok(accepted.into_iter().chain(confirmed).collect())
    }

    fn grant(&self, purpose: ConsentPurpose, text_version: String) -> Decision {
        if text_version.trim().is_empty() {
            return Err(MemberError::ConsentTextMissing);
        }
        if self.consents.get(&purpose) == Some(&text_version) {
            return Ok(vec![]);
        }
        Ok(vec![MemberEvent::ConsentGranted { purpose, text_version }])
    }

    /// The same contact again says nothing new; new words about it do.
    fn contacted(&self, by: Actor, on: NaiveDate, contacting: Contacting) -> Decision {
        let Contacting { contacted_on, requisition_id, legal_entity, job_family, channel, consent, note } = contacting;
        let contacted_by = by.id;
        let contact =
            RecruiterContact { contacted_on, contacted_by, requisition_id, legal_entity, job_family, channel };
        if note.is_none() && self.contacts.contains(&contact) {
            return Ok(vec![]);
        }
        if contacted_on > on {
            return Err(MemberError::ContactAhead { contacted_on });
        }
        if let Some(active_from) = self.active_from.filter(|active_from| contacted_on < *active_from) {
            return Err(MemberError::ContactBeforeMembership { active_from });
        }
        let consent = consent.ok_or(MemberError::JobsConsentMissing)?;
        Ok(vec![MemberEvent::ContactRecorded(Box::new(ContactRecorded { contact, consent, note }))])
    }

    fn approve(
        &self,
        by: Actor,
        on: NaiveDate,
        person_id: PersonId,
        departure_id: DepartureId,
        left_on: NaiveDate,
        live_flags: Vec<FlagId>,
    ) -> Decision {
        if by.kind != ActorKind::Person {
            return Err(MemberError::NaturalPersonRequired);
        }
        if by.id == self.account {
            return Err(MemberError::SecondPersonRequired);
        }
        let registered_as = (self.person_id != person_id).then_some(self.person_id);
        let approved_by = by.id;
        let mut events =
            vec![MemberEvent::Approved { person_id, departure_id, registered_as, approved_by, live_flags }];
        if left_on < on {
            events.push(MemberEvent::Activated { person_id, departure_id, active_from: on });
        }
        Ok(events)
    }
}

impl Phase {
    /// The state's name as the API shows it.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::AwaitsReview | Self::AwaitsDeparture { .. } => "pending_review",
            Self::Active(_) => "active",
            Self::Paused { .. } => "paused",
            Self::Dormant => "dormant",
        }
    }

    /// The day on which something happens by itself.
    pub fn due(&self) -> Option<NaiveDate> {
        match self {
            Self::Active(freshness) => freshness.lasts_until(),
            Self::Paused { until, .. } => *until,
            Self::AwaitsReview | Self::AwaitsDeparture { .. } | Self::Dormant => None,
        }
    }

    fn after(self, event: &MemberEvent) -> Self {
        use MemberEvent as E;
        match (self, event) {
            (Self::AwaitsReview, E::Approved { departure_id, .. }) => {
                Self::AwaitsDeparture { departure_id: *departure_id }
            }
            (Self::AwaitsReview | Self::AwaitsDeparture { .. }, E::Activated { active_from, .. }) => {
                Self::Active(Freshness::Unconfirmed { since: *active_from })
            }
            (Self::Active(_) | Self::Dormant, E::DataConfirmed { confirmed_on }) => {
                Self::Active(Freshness::Confirmed { on: *confirmed_on })
            }
            (Self::Paused { until, .. }, E::DataConfirmed { confirmed_on }) => {
                Self::Paused { freshness: Freshness::Confirmed { on: *confirmed_on }, until }
            }
            (Self::Active(freshness), E::ConfirmationAsked { number, asked_on, .. }) => {
                Self::Active(Freshness::Asked { since: freshness.since(), times: *number, on: *asked_on })
            }
            (Self::Active(_), E::BecameDormant { .. }) => Self::Dormant,
            (Self::Active(freshness) | Self::Paused { freshness, .. }, E::Paused { until }) => {
                Self::Paused { freshness: freshness.unasked(), until: *until }
            }
            (Self::Paused { freshness, .. }, E::Resumed) => Self::Active(freshness),
            // History cannot be refused: what does not fit changes nothing.
            (phase, _) => phase,
        }
    }

    fn woken(self, account: ActorId, on: NaiveDate) -> Vec<MemberEvent> {
        if self.due().is_none_or(|due| on < due) {
            return vec![];
        }
        match self {
            Self::Active(Freshness::Asked { times: REMINDERS.., .. }) => {
                vec![MemberEvent::BecameDormant { dormant_on: on }]
            }
            Self::Active(Freshness::Asked { times, .. }) => {
                vec![MemberEvent::ConfirmationAsked { number: times + 1, asked_on: on, account }]
            }
            Self::Active(Freshness::Unconfirmed { .. } | Freshness::Confirmed { .. }) => {
                vec![MemberEvent::ConfirmationAsked { number: 1, asked_on: on, account }]
            }
            Self::Paused { .. } => vec![MemberEvent::Resumed],
            Self::AwaitsReview | Self::AwaitsDeparture { .. } | Self::Dormant => vec![],
        }
    }
}

impl Freshness {
    const fn since(self) -> NaiveDate {
        match self {
            Self::Unconfirmed { since } | Self::Asked { since, .. } => since,
            Self::Confirmed { on } => on,
        }
    }

    const fn unasked(self) -> Self {
        match self {
            Self::Asked { since, .. } => Self::Unconfirmed { since },
            Self::Unconfirmed { .. } | Self::Confirmed { .. } => self,
        }
    }

    /// Twelve months on, with the month's last day standing in for a missing one; then thirty days an answer.
    fn lasts_until(self) -> Option<NaiveDate> {
        match self {
            Self::Unconfirmed { since: from } | Self::Confirmed { on: from } => {
                from.checked_add_months(Months::new(FRESH_MONTHS))
            }
            Self::Asked { on, .. } => on.checked_add_days(Days::new(REMINDER_DAYS)),
        }
    }
}

impl Ending {
    /// The end that an event is, if it is one.
    pub(super) const fn of(event: &MemberEvent) -> Option<Self> {
        use MemberEvent as E;
        match event {
            E::Rejected { reason_code, .. } => Some(Self::Rejected { reason_code: *reason_code }),
            E::Left { .. } => Some(Self::Left),
            E::Returned { started_on } => Some(Self::Returned { started_on: *started_on }),
            E::DeathRecorded => Some(Self::Deceased),
            E::Disposed { .. } => Some(Self::Disposed),
            E::Registered(_)
            | E::TermsAccepted { .. }
            | E::ConsentGranted { .. }
            | E::ConsentWithdrawn { .. }
            | E::Approved { .. }
            | E::Activated { .. }
            | E::ContactDetailsGiven(_)
            | E::ProfileDescribed(_)
            | E::IntentsDeclared { .. }
            | E::DataConfirmed { .. }
            | E::ConfirmationAsked { .. }
            | E::BecameDormant { .. }
            | E::Paused { .. }
            | E::Resumed
            | E::GroupDeclared { .. }
            | E::GroupDeclarationWithdrawn
            | E::ContactRecorded(_) => None,
        }
    }

    pub(super) fn decide(self, command: MemberCommand) -> Decision {
        use MemberCommand as C;
        match (self, command) {
            (_, C::Register(_)) => Err(MemberError::AlreadyRegistered),
            (_, C::Wake) => Ok(vec![]),
            // Every consent ended with the membership: there is nothing left to withdraw.
            (_, C::WithdrawConsent { .. }) => Ok(vec![]),
            (Self::Disposed, C::Dispose { .. })
            | (Self::Left, C::Leave { reason: None, .. })
            | (Self::Deceased, C::RecordDeath)
            | (Self::Rejected { reason_code: RejectionReason::DepartureRescinded }, C::CloseUnneeded) => Ok(vec![]),
            (Self::Returned { started_on: known }, C::NoteReturn { started_on }) if known == started_on => Ok(vec![]),
            (Self::Rejected { reason_code: known }, C::Reject { reason_code, note: None }) if known == reason_code => {
                Ok(vec![])
            }
            (
                Self::Returned { .. } | Self::Left | Self::Rejected { .. } | Self::Deceased,
                C::Dispose { because, certificate, live_cases },
            ) => disposed(because, certificate, live_cases),
            (
                _,
                C::Approve { .. }
                | C::Reject { .. }
                | C::Activate
                | C::CloseUnneeded
                | C::UpdateProfile { .. }
                | C::GrantConsent { .. }
                | C::ConfirmData { .. }
                | C::Pause { .. }
                | C::Resume
                | C::DeclareGroup { .. }
                | C::RecordContact(_)
                | C::Leave { .. }
                | C::NoteReturn { .. }
                | C::RecordDeath,
            ) => Err(MemberError::Ended { ending: self }),
        }
    }
}

fn given(changes: ProfileChanges) -> Vec<MemberEvent> {
    let ProfileChanges { contact, profile, intents } = changes;
    let contact = (contact != ContactChanges::default()).then(|| MemberEvent::ContactDetailsGiven(Box::new(contact)));
    let profile = (profile != DescriptionChanges::default()).then(|| MemberEvent::ProfileDescribed(Box::new(profile)));
    let intents = intents.map(|intents| MemberEvent::IntentsDeclared { intents });
    contact.into_iter().chain(profile).chain(intents).collect()
}

fn rejected(by: Actor, reason_code: RejectionReason, note: Option<FreeText>) -> Decision {
    if by.kind != ActorKind::Person {
        return Err(MemberError::NaturalPersonRequired);
    }
    Ok(vec![MemberEvent::Rejected { reason_code, note }])
}

fn disposed(because: DisposalGround, certificate: EvidenceRef, live_cases: u32) -> Decision {
    if live_cases > 0 {
        return Err(MemberError::LiveCase { live_cases });
    }
    Ok(vec![MemberEvent::Disposed { because, certificate }])
}
