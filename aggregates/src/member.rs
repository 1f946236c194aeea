//! A membership (会員) of the alumni programme: registered by invitation or by self-claim, kept fresh by its member, ended
//! by leaving, returning, death or disposal. A new registration after an end is a new membership with fresh consents.
//! Stream `member/{member_id}`. Claims: `membership`, key `{person_id}`, from the moment the person is known (with the
//! invitation, or by approval); `member_account`, key `{account}`; `invitation`, key `{departure_id}/{number}`, never
//! released.

mod consent;
mod facts;
mod standing;

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use consent::{ConsentProof, ConsentPurpose, consent_at};
pub use facts::{
    AgeBand, Change, Code, Contact, ContactChanges, ContactChannel, ContactRecorded, Contacting, DeclaredSex,
    DescriptionChanges, DisposalGround, GroupDeclaration, Intent, MatchEvidence, ProfileChanges, RecruiterContact,
    Registered, RegisteredVia, Registering, Registration, RejectionReason, SelfClaim, SelfClaimMatch,
};
pub use standing::{Ending, Freshness, Phase, Standing};

use crate::ids::{ActorId, DepartureId, FlagId, PersonId};
use crate::issued::{Due, Issued};
use crate::personal::Personal;
use crate::stream::{Claim, Stream, Wakes, event_sourced};
use crate::values::{EvidenceRef, FreeText};

/// How long what a member says about themselves counts as fresh (PRV-03).
pub const FRESH_MONTHS: u32 = 12;
/// How many times the member is then asked to confirm it.
pub const REMINDERS: u32 = 2;
/// How long the member has to answer each time.
pub const REMINDER_DAYS: u64 = 30;
/// For how long a recruiter's contact is kept in mind (REF-13).
pub const CONTACT_MONTHS: u32 = 6;

/// Facts about memberships, kept forever. Add a variant or an optional field; never edit or remove one.
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
    name(MemberEventType),
    doc = "The types of [`MemberEvent`].",
    derive(strum::EnumIter, strum::EnumMessage, strum::IntoStaticStr),
    strum(serialize_all = "snake_case")
)]
pub enum MemberEvent {
    /// Somebody registered as an alumnus.
    Registered(Box<Registered>),
    /// The member accepted the terms of the programme.
    TermsAccepted {
        /// Which version of them.
        terms_version: String,
    },
    /// The member consented to one purpose.
    ConsentGranted {
        /// The purpose.
        purpose: ConsentPurpose,
        /// The version of the text they consented to.
        text_version: String,
    },
    /// The member withdrew a consent.
    ConsentWithdrawn {
        /// The purpose.
        purpose: ConsentPurpose,
    },
    /// An approver recognised a self-claim and named the person.
    Approved {
        /// The human being, from now on the subject of this membership.
        person_id: PersonId,
        /// The departure that the claim is about.
        departure_id: DepartureId,
        /// The provisional person under whom the data was sealed until now; erasing the person erases it too.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        registered_as: Option<PersonId>,
        /// Who approved.
        approved_by: ActorId,
        /// The no-rehire flags about the person that had been raised and had not ended.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        live_flags: Vec<FlagId>,
    },
    /// The registration came to nothing.
    Rejected {
        /// The coded reason.
        reason_code: RejectionReason,
        /// The reason in words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<FreeText>,
    },
    /// The membership began.
    Activated {
        /// The human being.
        person_id: PersonId,
        /// The departure it follows.
        departure_id: DepartureId,
        /// Its first local day.
        active_from: NaiveDate,
    },
    /// The member said how they can be reached.
    ContactDetailsGiven(Box<ContactChanges>),
    /// The member described themselves.
    ProfileDescribed(Box<DescriptionChanges>),
    /// The member said what they are open to.
    IntentsDeclared {
        /// All of it; nothing, when the set is empty.
        intents: BTreeSet<Intent>,
    },
    /// The member said that their data is right.
    DataConfirmed {
        /// The local day.
        confirmed_on: NaiveDate,
    },
    /// The member was asked to confirm their data.
    ConfirmationAsked {
        /// 1 for the first time, 2 for the second.
        number: u32,
        /// The local day.
        asked_on: NaiveDate,
        /// The account that was asked.
        account: ActorId,
    },
    /// The member did not answer and is left alone (PRV-03).
    BecameDormant {
        /// The local day.
        dormant_on: NaiveDate,
    },
    /// The member asked for a pause.
    Paused {
        /// The local day on which the membership resumes by itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<NaiveDate>,
    },
    /// The pause is over.
    Resumed,
    /// The member declared a group for monitoring, freely.
    GroupDeclared {
        /// The declaration.
        group: Personal<GroupDeclaration>,
    },
    /// The member took the declared group back.
    GroupDeclarationWithdrawn,
    /// A recruiter contacted the member about a position or a job family (REF-13).
    ContactRecorded(Box<ContactRecorded>),
    /// The member left the programme.
    Left {
        /// Why, in words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<FreeText>,
    },
    /// The member is an employee again.
    Returned {
        /// First day of the new employment.
        started_on: NaiveDate,
    },
    /// The member has died.
    DeathRecorded,
    /// The member's data was disposed of.
    Disposed {
        /// Why.
        because: DisposalGround,
        /// Where the certificate lies.
        certificate: EvidenceRef,
    },
}

/// What can be asked of a membership.
#[derive(Clone, Debug)]
pub enum MemberCommand {
    /// Register, accept the terms, and consent.
    Register(Box<Registering>),
    /// Recognise a self-claim: a natural person, never the one who claims.
    Approve {
        /// The human being.
        person_id: PersonId,
        /// The departure that the claim is about.
        departure_id: DepartureId,
        /// That departure's last day as recorded now.
        left_on: NaiveDate,
        /// The no-rehire flags about the person that are raised and have not ended.
        live_flags: Vec<FlagId>,
    },
    /// Turn a self-claim down: a natural person.
    Reject {
        /// The coded reason.
        reason_code: RejectionReason,
        /// The reason in words.
        note: Option<FreeText>,
    },
    /// The awaited departure took effect (reaction to `departure.became_effective`).
    Activate,
    /// The awaited departure does not happen (reaction to `departure.rescinded`).
    CloseUnneeded,
    /// Give parts of the profile anew. The edge passes only what differs, since sealed values cannot be compared here.
    UpdateProfile {
        /// Those parts.
        changes: Box<ProfileChanges>,
    },
    /// Consent to one purpose.
    GrantConsent {
        /// The purpose.
        purpose: ConsentPurpose,
        /// The version of the text.
        text_version: String,
    },
    /// Withdraw a consent. Withdrawing `contact` stops letters, not the membership.
    WithdrawConsent {
        /// The purpose.
        purpose: ConsentPurpose,
    },
    /// Say that the data is right. A dormant membership is active again.
    ConfirmData {
        /// The version of the terms that the member accepts with it, where they were shown a new one.
        terms_version: Option<String>,
    },
    /// Be left alone for a while.
    Pause {
        /// The local day on which the membership resumes by itself.
        until: Option<NaiveDate>,
    },
    /// End the pause.
    Resume,
    /// Declare a group for monitoring, or take it back.
    DeclareGroup {
        /// The declaration, class `monitoring`; `None` takes it back.
        group: Option<Personal<GroupDeclaration>>,
    },
    /// Record that a recruiter contacted the member about a position or a job family. Mass mail is no such contact.
    RecordContact(Box<Contacting>),
    /// Leave the programme.
    Leave {
        /// Why, in words.
        reason: Option<FreeText>,
        /// How many live applications, offers and referrals the member has.
        live_cases: u32,
    },
    /// The member is an employee again (reaction to a rejoin).
    NoteReturn {
        /// First day of the new employment.
        started_on: NaiveDate,
    },
    /// The member has died.
    RecordDeath,
    /// The member's data was disposed of.
    Dispose {
        /// Why.
        because: DisposalGround,
        /// Where the certificate lies.
        certificate: EvidenceRef,
        /// How many live applications, offers and referrals the member has.
        live_cases: u32,
    },
    /// Look at the clock.
    Wake,
}

impl Wakes for MemberCommand {
    fn wake() -> Self {
        Self::Wake
    }
}

/// State: only what `decide` reads.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Member {
    /// Nobody registered under this id.
    #[default]
    Unregistered,
    /// Registered, and not at its end.
    Live(Standing),
    /// At its end. Every consent ended with it.
    Ended {
        /// The human being.
        person_id: PersonId,
        /// How it ended.
        ending: Ending,
    },
}

/// Why a command is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum MemberError {
    /// No such membership.
    #[error("nobody is registered under this id")]
    NotRegistered,
    /// The id is taken.
    #[error("this membership is already registered")]
    AlreadyRegistered,
    /// Accepting the terms means one version of them.
    #[error("accepting the terms needs their version")]
    TermsVersionMissing,
    /// Consent to an unknown text is none.
    #[error("a consent needs the version of the text it was given to")]
    ConsentTextMissing,
    /// The invitation has lapsed.
    #[error("the invitation lapsed at {expires_at}")]
    InvitationExpired {
        /// The first instant at which it could not be used any more.
        expires_at: DateTime<Utc>,
    },
    /// The self-claim has not been judged.
    #[error("the registration waits for review")]
    AwaitsReview,
    /// The last day has not passed.
    #[error("the registration is accepted and waits for the last day of employment to pass")]
    AwaitsDeparture,
    /// There is nothing to judge.
    #[error("the registration does not wait for anything")]
    NotPending,
    /// A machine may not judge a person (AUD-12).
    #[error("only a natural person may approve or reject a registration")]
    NaturalPersonRequired,
    /// Nobody approves their own claim.
    #[error("whoever registered may not approve their own claim")]
    SecondPersonRequired,
    /// Dormant members confirm first.
    #[error("the membership is dormant; confirming the data makes it active again")]
    Dormant,
    /// Whoever is on a pause is left alone.
    #[error("the membership is paused: its member wishes to be left alone")]
    Paused,
    /// What has not happened is not recorded.
    #[error("a contact on {contacted_on} lies ahead")]
    ContactAhead {
        /// The day that was named.
        contacted_on: NaiveDate,
    },
    /// Before the first day there was no member to contact.
    #[error("the membership began on {active_from}; a contact before that day is none with a member")]
    ContactBeforeMembership {
        /// The membership's first day.
        active_from: NaiveDate,
    },
    /// Outreach about openings rests on a consent that stands at that very moment.
    #[error("no consent to being told about openings stood on the day of the contact")]
    JobsConsentMissing,
    /// The pause would be over at once.
    #[error("a pause until {until} would be over already")]
    PauseOverAlready {
        /// The day asked for.
        until: NaiveDate,
    },
    /// Something the member takes part in is not finished.
    #[error("{live_cases} live cases must be withdrawn or finished first")]
    LiveCase {
        /// How many.
        live_cases: u32,
    },
    /// Retention has not ended.
    #[error("the membership is in use: its data is kept until the member leaves, becomes dormant or asks for erasure")]
    StillInUse,
    /// The membership has ended.
    #[error("the membership has ended: {ending}")]
    Ended {
        /// How.
        ending: Ending,
    },
}

impl Member {
    /// What stands, unless nobody registered or the membership has ended.
    pub const fn standing(&self) -> Option<&Standing> {
        match self {
            Self::Live(standing) => Some(standing),
            Self::Unregistered | Self::Ended { .. } => None,
        }
    }

    fn after(self, event: MemberEvent) -> Self {
        match (self, event) {
            (Self::Unregistered, MemberEvent::Registered(registered)) => Self::Live(Standing::registered(&registered)),
            (Self::Live(Standing { person_id, .. }) | Self::Ended { person_id, .. }, event)
                if let Some(ending) = Ending::of(&event) =>
            {
                Self::Ended { person_id, ending }
            }
            (Self::Live(standing), event) => Self::Live(standing.after(event)),
            // History cannot be refused: what does not fit changes nothing.
            (state @ (Self::Unregistered | Self::Ended { .. }), _) => state,
        }
    }
}

impl Stream for Member {
    type Order = MemberCommand;

    fn decide(&self, issued: Issued<MemberCommand>) -> Result<Vec<MemberEvent>, MemberError> {
        use MemberCommand as C;
        match (self, issued.command) {
            (Self::Unregistered, C::Register(registering)) => register(*registering, issued.at, issued.on),
            (Self::Unregistered, C::Wake) => Ok(vec![]),
            (Self::Unregistered, _) => Err(MemberError::NotRegistered),
            (Self::Live(_) | Self::Ended { .. }, C::Register(_)) => Err(MemberError::AlreadyRegistered),
            (Self::Live(standing), command) => standing.decide(issued.by, issued.on, command),
            (Self::Ended { ending, .. }, command) => ending.decide(command),
        }
    }

    fn state(&self) -> &'static str {
        match self {
            Self::Unregistered => "unregistered",
            Self::Live(standing) => standing.phase.name(),
            Self::Ended { ending, .. } => ending.into(),
        }
    }

    fn subject(&self) -> Option<PersonId> {
        match self {
            Self::Unregistered => None,
            Self::Live(Standing { person_id, .. }) | Self::Ended { person_id, .. } => Some(*person_id),
        }
    }

    fn wake(&self) -> Option<Due> {
        self.standing().and_then(|standing| standing.phase.due()).map(Due::On)
    }

    fn claims(&self, id: Uuid, event: &MemberEvent) -> Vec<Claim> {
        match (self, event) {
            (Self::Unregistered, MemberEvent::Registered(registered)) => {
                let account = Claim::take("member_account", registered.account.to_string(), id);
                match &registered.via {
                    RegisteredVia::Invitation { departure_id, number } => vec![
                        Claim::take("membership", registered.person_id.to_string(), id),
                        account,
                        Claim::take("invitation", invitation_key(*departure_id, *number), id),
                    ],
                    RegisteredVia::SelfClaim { .. } => vec![account],
                }
            }
            (Self::Live(_), MemberEvent::Approved { person_id, .. }) => {
                vec![Claim::take("membership", person_id.to_string(), id)]
            }
            (Self::Live(standing), event) if Ending::of(event).is_some() => vec![
                Claim::release("membership", standing.person_id.to_string(), id),
                Claim::release("member_account", standing.account.to_string(), id),
            ],
            (Self::Unregistered | Self::Live(_) | Self::Ended { .. }, _) => Vec::new(),
        }
    }
}

event_sourced!(Member, MemberEvent, MemberCommand, MemberError, "member");

/// The key of the claim `invitation`: each can be used once.
pub fn invitation_key(departure_id: DepartureId, number: u32) -> String {
    format!("{departure_id}/{number}")
}

fn register(registering: Registering, at: DateTime<Utc>, on: NaiveDate) -> Result<Vec<MemberEvent>, MemberError> {
    let Registering { account, via, contact, terms_version, consents, consent_text_version, live_flags } = registering;
    let text_version = consent_text_version.unwrap_or_else(|| terms_version.clone());
    if terms_version.trim().is_empty() {
        return Err(MemberError::TermsVersionMissing);
    }
    if text_version.trim().is_empty() {
        return Err(MemberError::ConsentTextMissing);
    }
    let (person_id, via, activated) = match via {
        Registration::Invitation { expires_at, .. } if expires_at <= at => {
            return Err(MemberError::InvitationExpired { expires_at });
        }
        Registration::Invitation { person_id, departure_id, number, left_on, .. } => {
            let via = RegisteredVia::Invitation { departure_id, number };
            let activated =
                (left_on < on).then_some(MemberEvent::Activated { person_id, departure_id, active_from: on });
            (person_id, via, activated)
        }
        Registration::SelfClaim { provisional_person_id, claim, matches } => {
            (provisional_person_id, RegisteredVia::SelfClaim { claim, matches }, None)
        }
    };
    let purposes: BTreeSet<_> = consents.into_iter().collect();
    let granted =
        purposes.into_iter().map(|purpose| MemberEvent::ConsentGranted { purpose, text_version: text_version.clone() });
    let mut events = vec![
        MemberEvent::Registered(Box::new(Registered { person_id, account, via, contact, live_flags })),
        MemberEvent::TermsAccepted { terms_version },
    ];
    events.extend(granted);
    events.extend(activated);
    Ok(events)
}
