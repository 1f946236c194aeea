//! The memberships (会員) of the alumni programme: who may be written to about what, how fresh their data is, and whether
//! somebody has to look before they come back.
//! Folds `member.*`; `departure.*` and `no_rehire_flag.*` for `review_required`; `person.erased` to drop what is destroyed.
//! Serves `GET /v1/members`, `GET /v1/members/{id}` and the member's own `GET /v1/my/consents` and `GET /v1/my/data`.

use std::collections::{BTreeMap, BTreeSet};

use aggregates::catalogue::HrEvent;
use aggregates::ids::{ActorId, DepartureId, FlagId, MemberId, PersonId};
use aggregates::member::{
    Change, Code, ConsentPurpose, Contact, ContactChanges, DescriptionChanges, DisposalGround, Intent, MemberEvent,
    Registered, RegisteredVia, RejectionReason, SelfClaim, SelfClaimMatch,
};
use aggregates::no_rehire_flag::NoRehireFlagEvent;
use aggregates::person::{PersonEvent, RecordClasses};
use aggregates::personal::{Personal, RecordClass};
use aggregates::values::{EvidenceRef, FreeText, Verdict};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::departures::verdict_after;
use crate::model::{DocumentId, ReadModel, Recorded, Route};
use crate::parts::{Erasure, YesNo, position_key};
use crate::subject::all_about_them;

/// A membership.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// The stream's id.
    pub id: MemberId,
    /// How far it has come.
    pub state: State,
    /// The stream's last sequence.
    pub version: i64,
    /// The last event that this document shows.
    pub position: i64,
    /// The human being; a provisional one until a self-claim is approved.
    pub person_id: PersonId,
    /// The departure that it follows, once that is known.
    pub departure_id: Option<DepartureId>,
    /// The account that bears it.
    pub account: Option<ActorId>,
    /// What opened the door.
    pub via: Via,
    /// When somebody registered.
    pub registered_at: DateTime<Utc>,
    /// Its first position, which lists are ordered by.
    pub registered_position: i64,
    /// What a self-claim states, sealed, and what fits it. For those who judge it.
    pub claim: Option<Claim>,
    /// Who recognised a self-claim.
    pub approved_by: Option<ActorId>,
    /// Its first local day.
    pub active_from: Option<NaiveDate>,
    /// How the member can be reached, sealed.
    pub contact: Contact,
    /// What the member tells about themselves.
    pub profile: Profile,
    /// What the member is open to.
    pub intents: BTreeSet<Intent>,
    /// The version of the terms that the member accepted.
    pub terms_version: Option<String>,
    /// Each purpose that the member ever consented to, as it stands; the events tell the rest.
    pub consents: BTreeMap<ConsentPurpose, Consent>,
    /// The latest day on which the member said that the data is right.
    pub confirmed_on: Option<NaiveDate>,
    /// The question that the member has not answered.
    pub confirmation: Option<Confirmation>,
    /// The day on which a pause ends by itself.
    pub paused_until: Option<NaiveDate>,
    /// Whether a group is declared for monitoring; which one stands nowhere in the clear.
    pub declared_group: YesNo,
    /// Whether somebody has to look before the person may come back; also while nothing is known about their departure.
    /// All that a recruiter sees of the next two.
    pub review_required: YesNo,
    /// The effective verdict of the departure, once that has noted the registration.
    pub departure_verdict: Option<Verdict>,
    /// The no-rehire flags that were raised and have not ended.
    pub live_flags: BTreeSet<FlagId>,
    /// How it ended.
    pub ending: Option<Ending>,
}

/// How far a membership has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum State {
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Via {
    /// An invitation of the departure.
    Invitation {
        /// Which one.
        number: u32,
    },
    /// The statement of somebody who was not invited.
    SelfClaim,
}

/// What somebody states about their time here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// What they state, sealed.
    #[serde(flatten)]
    pub stated: SelfClaim,
    /// The departures that fit.
    pub matches: Vec<SelfClaimMatch>,
}

/// What a member tells about themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Where they work now, sealed.
    pub current_employer: Option<Personal<String>>,
    /// What they can do, sealed.
    pub skills: Option<Personal<Vec<String>>>,
    /// Where they live or want to work.
    pub region: Option<Code>,
    /// The language in which they want to be addressed.
    pub language: Option<Code>,
}

/// How a member stands to one purpose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// Whether it may be relied on.
    pub state: ConsentState,
    /// The version of the text of the latest consent.
    pub text_version: String,
    /// When it was given.
    pub granted_at: DateTime<Utc>,
    /// When one was last withdrawn, be it an earlier one.
    pub withdrawn_at: Option<DateTime<Utc>>,
}

/// Whether a consent may be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentState {
    /// It stands.
    Granted,
    /// The member withdrew it.
    Withdrawn,
    /// It ended with the membership.
    Ended,
}

/// A question whether the data is still right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmation {
    /// 1 for the first time, 2 for the second.
    pub number: u32,
    /// The day on which it was asked.
    pub asked_on: NaiveDate,
}

/// How a membership ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ending {
    /// When.
    pub at: DateTime<Utc>,
    /// Why a registration came to nothing.
    pub rejected_because: Option<RejectionReason>,
    /// First day of the new employment.
    pub started_on: Option<NaiveDate>,
    /// Why the data was disposed of.
    pub disposed_because: Option<DisposalGround>,
    /// Where the certificate of disposal lies.
    pub certificate: Option<EvidenceRef>,
    /// The member's or the approver's words, sealed.
    pub note: Option<FreeText>,
}

/// The state that an event leaves behind.
pub const fn state_after(state: State, event: &MemberEvent) -> State {
    use MemberEvent as E;
    match event {
        E::Activated { .. } | E::Resumed => State::Active,
        // In a pause the member may say so too; the pause goes on.
        E::DataConfirmed { .. } if matches!(state, State::Dormant) => State::Active,
        E::BecameDormant { .. } => State::Dormant,
        E::Paused { .. } => State::Paused,
        E::Rejected { .. } => State::Rejected,
        E::Left { .. } => State::Left,
        E::Returned { .. } => State::Returned,
        E::DeathRecorded => State::Deceased,
        E::Disposed { .. } => State::Disposed,
        E::Registered(_)
        | E::TermsAccepted { .. }
        | E::ConsentGranted { .. }
        | E::ConsentWithdrawn { .. }
        | E::Approved { .. }
        | E::ContactDetailsGiven(_)
        | E::ProfileDescribed(_)
        | E::IntentsDeclared { .. }
        | E::DataConfirmed { .. }
        | E::ConfirmationAsked { .. }
        | E::GroupDeclared { .. }
        | E::GroupDeclarationWithdrawn
        | E::ContactRecorded(_) => state,
    }
}

impl ReadModel for Member {
    const NAME: &'static str = "members";
    const VERSION: u32 = 1;
    const FILTERS: &'static [&'static str] = &["state", "person_id", "departure_id", "account", "review_required"];

    fn routes(event: &Recorded) -> Vec<Route> {
        match &event.event {
            HrEvent::Member(_) => vec![Route::One(event.stream_id)],
            HrEvent::Departure(what) if verdict_after(what).is_some() => {
                vec![Route::Where("departure_id", event.stream_id.to_string())]
            }
            HrEvent::NoRehireFlag(_) | HrEvent::Person(PersonEvent::Erased { .. }) => all_about_them(event),
            HrEvent::Departure(_)
            | HrEvent::Employment(_)
            | HrEvent::Person(_)
            | HrEvent::FollowUp(_)
            | HrEvent::Requisition(_)
            | HrEvent::Application(_)
            | HrEvent::Offer(_)
            | HrEvent::Referral(_)
            | HrEvent::Reward(_)
            | HrEvent::RewardPlan(_)
            | HrEvent::PayPolicy(_)
            | HrEvent::ProgrammePolicy(_)
            | HrEvent::PayBands(_)
            | HrEvent::Access(_)
            | HrEvent::IncumbentSnapshot(_)
            | HrEvent::IncumbentPart(_) => vec![],
        }
    }

    fn fold(id: DocumentId, document: Option<Self>, event: &Recorded) -> Option<Self> {
        let mut document = match (&event.event, document) {
            (HrEvent::Member(MemberEvent::Registered(registered)), None) => {
                Self::registered(MemberId(id), registered, event)
            }
            (_, None) => return None,
            (HrEvent::Member(what), Some(document)) => document.after(what, event),
            (HrEvent::Departure(what), Some(document)) => match verdict_after(what) {
                Some(verdict) => Self { departure_verdict: Some(verdict), ..document },
                None => return Some(document),
            },
            (HrEvent::NoRehireFlag(what), Some(document)) => document.flagged(FlagId(event.stream_id), what),
            (HrEvent::Person(PersonEvent::Erased { classes, .. }), Some(document)) => document.erase(classes),
            (
                HrEvent::Employment(_)
                | HrEvent::Person(_)
                | HrEvent::FollowUp(_)
                | HrEvent::Requisition(_)
                | HrEvent::Application(_)
                | HrEvent::Offer(_)
                | HrEvent::Referral(_)
                | HrEvent::Reward(_)
                | HrEvent::RewardPlan(_)
                | HrEvent::PayPolicy(_)
                | HrEvent::ProgrammePolicy(_)
                | HrEvent::PayBands(_)
                | HrEvent::Access(_)
                | HrEvent::IncumbentSnapshot(_)
                | HrEvent::IncumbentPart(_),
                Some(document),
            ) => {
                return Some(document);
            }
        };
        document.position = event.position;
        document.review_required =
            YesNo::from(document.departure_verdict != Some(Verdict::Eligible) || !document.live_flags.is_empty());
        Some(document)
    }

    fn sort_key(&self) -> String {
        position_key(self.registered_position)
    }

    fn version(&self) -> i64 {
        self.version
    }
}

impl Member {
    fn registered(id: MemberId, registered: &Registered, event: &Recorded) -> Self {
        let Registered { person_id, account, via, contact, live_flags } = registered.clone();
        let (departure_id, via, claim) = match via {
            RegisteredVia::Invitation { departure_id, number } => {
                (Some(departure_id), Via::Invitation { number }, None)
            }
            RegisteredVia::SelfClaim { claim, matches } => {
                (None, Via::SelfClaim, Some(Claim { stated: claim, matches }))
            }
        };
        Self {
            id,
            state: State::PendingReview,
            version: event.sequence,
            position: event.position,
            person_id,
            departure_id,
            account: Some(account),
            via,
            registered_at: event.recorded_at,
            registered_position: event.position,
            claim,
            approved_by: None,
            active_from: None,
            contact,
            profile: Profile::default(),
            intents: BTreeSet::new(),
            terms_version: None,
            consents: BTreeMap::new(),
            confirmed_on: None,
            confirmation: None,
            paused_until: None,
            declared_group: YesNo::No,
            review_required: YesNo::Yes,
            departure_verdict: None,
            live_flags: BTreeSet::from_iter(live_flags),
            ending: None,
        }
    }

    fn after(mut self, what: &MemberEvent, event: &Recorded) -> Self {
        use MemberEvent as E;
        self.version = event.sequence;
        self.state = state_after(self.state, what);
        match what {
            E::TermsAccepted { terms_version } => self.terms_version = Some(terms_version.clone()),
            E::ConsentGranted { purpose, text_version } => self.consent(*purpose, text_version, event),
            E::ConsentWithdrawn { purpose } => {
                if let Some(consent) = self.consents.get_mut(purpose) {
                    consent.state = ConsentState::Withdrawn;
                    consent.withdrawn_at = Some(event.recorded_at);
                }
            }
            E::Approved { person_id, departure_id, approved_by, live_flags, .. } => {
                self.person_id = *person_id;
                self.departure_id = Some(*departure_id);
                self.approved_by = Some(*approved_by);
                self.live_flags = live_flags.iter().copied().collect();
            }
            E::Activated { person_id, departure_id, active_from } => {
                self.person_id = *person_id;
                self.departure_id = Some(*departure_id);
                self.active_from = Some(*active_from);
            }
            E::ContactDetailsGiven(changes) => {
                let ContactChanges { email, phone } = &**changes;
                given(&mut self.contact.email, email.as_ref());
                given(&mut self.contact.phone, phone.as_ref());
            }
            E::ProfileDescribed(changes) => {
                let DescriptionChanges { current_employer, skills, region, language } = &**changes;
                given(&mut self.profile.current_employer, current_employer.as_ref());
                given(&mut self.profile.skills, skills.as_ref());
                given(&mut self.profile.region, region.as_ref());
                given(&mut self.profile.language, language.as_ref());
            }
            E::IntentsDeclared { intents } => self.intents.clone_from(intents),
            E::DataConfirmed { confirmed_on } => {
                self.confirmed_on = Some(*confirmed_on);
                self.confirmation = None;
            }
            E::ConfirmationAsked { number, asked_on, .. } => {
                self.confirmation = Some(Confirmation { number: *number, asked_on: *asked_on });
            }
            E::BecameDormant { .. } => self.confirmation = None,
            E::Paused { until } => {
                self.paused_until = *until;
                self.confirmation = None;
            }
            E::Resumed => self.paused_until = None,
            E::GroupDeclared { .. } => self.declared_group = YesNo::Yes,
            E::GroupDeclarationWithdrawn => self.declared_group = YesNo::No,
            E::Rejected { reason_code, note } => {
                let rejected_because = Some(*reason_code);
                self.end(Ending { rejected_because, note: note.clone(), ..Ending::at(event) });
            }
            E::Left { reason } => self.end(Ending { note: reason.clone(), ..Ending::at(event) }),
            E::Returned { started_on } => {
                self.end(Ending { started_on: Some(*started_on), ..Ending::at(event) });
            }
            E::DeathRecorded => self.end(Ending::at(event)),
            E::Disposed { because, certificate } => {
                let (disposed_because, certificate) = (Some(*because), Some(certificate.clone()));
                self.end(Ending { disposed_because, certificate, ..Ending::at(event) });
            }
            // Who contacted them about what is told in the history.
            E::Registered(_) | E::ContactRecorded(_) => {}
        }
        self
    }

    fn consent(&mut self, purpose: ConsentPurpose, text_version: &str, event: &Recorded) {
        let withdrawn_at = self.consents.get(&purpose).and_then(|earlier| earlier.withdrawn_at);
        let (text_version, granted_at) = (text_version.to_owned(), event.recorded_at);
        self.consents.insert(purpose, Consent { state: ConsentState::Granted, text_version, granted_at, withdrawn_at });
    }

    /// The end of a membership ends every consent.
    fn end(&mut self, ending: Ending) {
        for consent in self.consents.values_mut().filter(|consent| consent.state == ConsentState::Granted) {
            consent.state = ConsentState::Ended;
        }
        self.confirmation = None;
        self.paused_until = None;
        self.ending = Some(ending);
    }

    fn flagged(mut self, flag: FlagId, what: &NoRehireFlagEvent) -> Self {
        use NoRehireFlagEvent as E;
        match what {
            E::Raised { .. } => {
                self.live_flags.insert(flag);
            }
            E::Rejected { .. } | E::AppealGranted { .. } | E::Lifted { .. } | E::Expired { .. } => {
                self.live_flags.remove(&flag);
            }
            E::Upheld { .. }
            | E::Appealed { .. }
            | E::AppealDismissed { .. }
            | E::ExpiryNoticed { .. }
            | E::RenewalProposed { .. }
            | E::RenewalConfirmed { .. }
            | E::RenewalRefused { .. } => {}
        }
        self
    }

    /// Drops what is destroyed, also what a self-claim sealed under its provisional person. The employer's own record may
    /// go first, while the membership lives on.
    fn erase(mut self, classes: &RecordClasses) -> Self {
        use RecordClass::{Monitoring, Profile as Told, Restricted};
        let erasure = Erasure::of(classes);
        erasure.seals(Told, self.contact.email.as_mut());
        erasure.seals(Told, self.contact.phone.as_mut());
        erasure.seals(Told, self.profile.current_employer.as_mut());
        erasure.seals(Told, self.profile.skills.as_mut());
        erasure.fact(Told, &mut self.profile.region);
        erasure.fact(Told, &mut self.profile.language);
        if erasure.covers(Told) {
            self.intents.clear();
        }
        if let Some(Claim { stated, matches }) = &mut self.claim {
            erasure.seals(Restricted, stated.employee_number.as_mut());
            erasure.seal(Restricted, &mut stated.name_at_departure);
            erasure.seal(Restricted, &mut stated.birth_date);
            if erasure.covers(Restricted) {
                // Whose name and birth date fit tells the name and the birth date.
                matches.clear();
            }
        }
        if let Some(ending) = &mut self.ending {
            let class = if self.state == State::Left { Told } else { Restricted };
            erasure.seals(class, ending.note.as_mut());
            erasure.fact(Told, &mut ending.started_on);
        }
        if erasure.covers(Monitoring) {
            self.declared_group = YesNo::No;
        }
        erasure.fact(Told, &mut self.account);
        erasure.fact(Told, &mut self.active_from);
        self
    }
}

impl Ending {
    const fn at(event: &Recorded) -> Self {
        Self {
            at: event.recorded_at,
            rejected_because: None,
            started_on: None,
            disposed_because: None,
            certificate: None,
            note: None,
        }
    }
}

fn given<T: Clone>(part: &mut Option<T>, change: Option<&Change<T>>) {
    match change {
        Some(Change::Set(value)) => *part = Some(value.clone()),
        Some(Change::Clear) => *part = None,
        None => {}
    }
}
