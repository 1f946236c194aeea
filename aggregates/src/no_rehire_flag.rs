//! A no-rehire flag (再雇用不可): raised on named grounds, effective once a second person has upheld it, open to appeal, and
//! never without an end (PRV-13). While it is active or under appeal the verdict on a return is `not_eligible`; when it
//! lapses the verdict is `needs_review`, never `eligible` by itself.
//! Stream `no_rehire_flag/{flag_id}`. One live flag per person and reason: claim `no_rehire_flag`, key
//! `{person_id}/{reason}`.

mod facts;
mod term;

use chrono::{Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use facts::{ExpiryCause, FlagReason, Grounds, LiftReason, ReviewDecision};
pub use term::{Appeal, Ending, Notice, Renewal, Term};

use crate::ids::{ActorId, PersonId};
use crate::issued::{ActorKind, Due, Issued};
use crate::stream::{Claim, Stream, Wakes, event_sourced};
use crate::values::{Clause, EvidenceRef, FreeText};

/// The longest that a flag may last before it must be renewed: three years (PRV-13).
pub const TERM_MONTHS: u32 = 36;
/// How long before its expiry a flag can be renewed, and compliance is told.
pub const NOTICE_DAYS: u64 = 60;
/// How long a raised flag waits for its review before it falls away.
pub const REVIEW_DAYS: u64 = 30;

/// Facts about no-rehire flags, kept forever. Add a variant or an optional field; never edit or remove one.
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
    name(NoRehireFlagEventType),
    doc = "The types of [`NoRehireFlagEvent`].",
    derive(strum::EnumIter, strum::EnumMessage, strum::IntoStaticStr),
    strum(serialize_all = "snake_case")
)]
pub enum NoRehireFlagEvent {
    /// Somebody asked that a person not be rehired, which has no effect until a second person upholds it.
    Raised {
        /// The human being.
        person_id: PersonId,
        /// What it rests on.
        grounds: Box<Grounds>,
        /// Who raised it; somebody else has to review.
        raised_by: ActorId,
        /// The local day.
        raised_on: NaiveDate,
    },
    /// A second person upheld the flag: it is in force.
    Upheld {
        /// The clause relied on.
        clause: Clause,
        /// Who reviewed.
        reviewed_by: ActorId,
        /// Why, in words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<FreeText>,
    },
    /// A second person did not uphold the flag.
    Rejected {
        /// Who reviewed.
        reviewed_by: ActorId,
        /// Why, in words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<FreeText>,
    },
    /// The person appealed.
    Appealed {
        /// Why, in words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        grounds: Option<FreeText>,
        /// Who handed it in; somebody else has to decide.
        appealed_by: ActorId,
        /// Everybody who had raised, reviewed, renewed or appealed until then; they may not decide either.
        involved: Vec<ActorId>,
    },
    /// Somebody not involved before dismissed the appeal: the flag stays in force.
    AppealDismissed {
        /// The clause relied on, which is all that the person is told.
        clause: Clause,
        /// Who decided.
        reviewed_by: ActorId,
        /// Why, in words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<FreeText>,
    },
    /// Somebody not involved before granted the appeal: the flag is lifted.
    AppealGranted {
        /// Who decided.
        reviewed_by: ActorId,
        /// Why, in words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<FreeText>,
    },
    /// The flag's expiry is near: renew it on fresh evidence, or let it lapse.
    ExpiryNoticed {
        /// The day on which it lapses.
        expires_on: NaiveDate,
    },
    /// Somebody proposed to renew the flag on fresh evidence, which a second person has to confirm.
    RenewalProposed {
        /// The clause relied on.
        clause: Clause,
        /// Where the fresh evidence lies.
        evidence_ref: EvidenceRef,
        /// The day on which it would lapse.
        expires_on: NaiveDate,
        /// Who proposed it.
        renewed_by: ActorId,
    },
    /// A second person confirmed the renewal: a new term began.
    RenewalConfirmed {
        /// The clause relied on.
        clause: Clause,
        /// Where the fresh evidence lies.
        evidence_ref: EvidenceRef,
        /// The day on which the new term lapses.
        expires_on: NaiveDate,
        /// Who reviewed.
        reviewed_by: ActorId,
        /// Why, in words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<FreeText>,
    },
    /// A second person refused the renewal: the present term runs out.
    RenewalRefused {
        /// Who reviewed.
        reviewed_by: ActorId,
        /// Why, in words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<FreeText>,
    },
    /// The flag was taken away before its end.
    Lifted {
        /// The coded reason.
        reason_code: LiftReason,
        /// Who lifted it.
        lifted_by: ActorId,
        /// The reason in words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<FreeText>,
    },
    /// The flag fell away by itself: the person needs a review, and is not eligible by that alone.
    Expired {
        /// The day from which it does not stand any more.
        on: NaiveDate,
        /// Why.
        because: ExpiryCause,
    },
}

/// What can be asked of a flag.
#[derive(Clone, Debug)]
pub enum NoRehireFlagCommand {
    /// Ask that a person not be rehired. Raising, reviewing, renewing and lifting need a natural person.
    Raise {
        /// The human being.
        person_id: PersonId,
        /// What it rests on.
        grounds: Box<Grounds>,
    },
    /// Decide on what waits: the flag itself, an appeal, or a renewal. Never whoever asked for it.
    Review {
        /// The decision.
        decision: ReviewDecision,
        /// The clause relied on, where it is not the one already cited.
        clause: Option<Clause>,
        /// Why, in words. Class `restricted`.
        note: Option<FreeText>,
    },
    /// Propose another term on fresh evidence, within sixty days before expiry.
    Renew {
        /// Where the fresh evidence lies.
        evidence_ref: EvidenceRef,
        /// The day on which it would lapse.
        expires_on: NaiveDate,
        /// The clause relied on.
        clause: Clause,
    },
    /// Take the flag away.
    Lift {
        /// The coded reason.
        reason_code: LiftReason,
        /// The reason in words. Class `restricted`.
        note: Option<FreeText>,
    },
    /// Appeal against it, once a term.
    Appeal {
        /// Why, in words. Class `restricted`.
        grounds: Option<FreeText>,
    },
    /// Look at the clock.
    Wake,
}

impl Wakes for NoRehireFlagCommand {
    fn wake() -> Self {
        Self::Wake
    }
}

/// State: only what `decide` reads.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum NoRehireFlag {
    /// No flag was raised under this id.
    #[default]
    Unraised,
    /// Waits for a second person; without effect.
    Raised {
        /// What stands.
        term: Term,
        /// The day on which it falls away if nobody has reviewed it.
        review_by: NaiveDate,
    },
    /// In force.
    Active(Term),
    /// In force, and appealed against.
    UnderAppeal(Term),
    /// Without effect.
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
pub enum NoRehireFlagError {
    /// No such flag.
    #[error("no flag is raised under this id")]
    Unraised,
    /// The id is taken.
    #[error("this flag is already raised")]
    AlreadyRaised,
    /// A flag without complete grounds is none.
    #[error("a flag needs a clause, an evidence reference and an appeal route (PRV-13)")]
    GroundsRequired,
    /// The expiry is not in the future, or too far.
    #[error("the expiry {expires_on} must lie after {earliest} and not after {latest}")]
    ExpiryOutOfRange {
        /// The day asked for.
        expires_on: NaiveDate,
        /// The day it must lie after.
        earliest: NaiveDate,
        /// The latest day allowed.
        latest: NaiveDate,
    },
    /// A machine may not judge a person (AUD-12).
    #[error("only a natural person may raise, review, renew or lift a flag")]
    NaturalPersonRequired,
    /// The same person may not do both.
    #[error("whoever raised or renewed a flag may not review it")]
    SecondPersonRequired,
    /// An appeal needs fresh eyes.
    #[error("an appeal is decided by somebody who was not involved before")]
    UninvolvedPersonRequired,
    /// The flag has no effect yet.
    #[error("the flag has not been reviewed")]
    AwaitsReview,
    /// Nothing waits for review.
    #[error("nothing about this flag waits for review")]
    NothingToReview,
    /// An appeal comes first.
    #[error("an appeal against this flag waits for its decision")]
    AppealPending,
    /// One appeal a term.
    #[error("an appeal was decided in this term; another is possible after a renewal")]
    AppealDecided,
    /// Too early to renew.
    #[error("the flag can be renewed from {from} on")]
    TooEarlyToRenew {
        /// The first day.
        from: NaiveDate,
    },
    /// A renewal needs fresh evidence.
    #[error("a renewal needs evidence other than that of the present term")]
    FreshEvidenceRequired,
    /// Another renewal waits.
    #[error("another renewal waits for review")]
    RenewalPending,
    /// The time is over, although the timer has not run yet.
    #[error("the flag fell away on {on}")]
    Lapsed {
        /// The day.
        on: NaiveDate,
    },
    /// The flag has ended.
    #[error("the flag has ended: {ending}")]
    Ended {
        /// How.
        ending: Ending,
    },
}

impl NoRehireFlag {
    fn after(self, event: NoRehireFlagEvent) -> Self {
        use NoRehireFlagEvent as E;
        match (self, event) {
            (Self::Unraised, E::Raised { person_id, grounds, raised_by, raised_on }) => Self::Raised {
                term: Term::raised(person_id, *grounds, raised_by),
                review_by: raised_on.checked_add_days(Days::new(REVIEW_DAYS)).unwrap_or(NaiveDate::MAX),
            },
            (Self::Raised { term, .. } | Self::Active(term) | Self::UnderAppeal(term), event)
                if let Some(ending) = Ending::of(&event) =>
            {
                Self::Ended { person_id: term.person_id, ending }
            }
            (Self::Raised { term, .. }, event @ E::Upheld { .. }) => Self::Active(term.after(event)),
            (Self::Active(term), event @ E::Appealed { .. }) => Self::UnderAppeal(term.after(event)),
            (Self::UnderAppeal(term), event @ E::AppealDismissed { .. }) => Self::Active(term.after(event)),
            (Self::Active(term), event) => Self::Active(term.after(event)),
            (Self::UnderAppeal(term), event) => Self::UnderAppeal(term.after(event)),
            // History cannot be refused: what does not fit changes nothing.
            (state @ (Self::Unraised | Self::Raised { .. } | Self::Ended { .. }), _) => state,
        }
    }

    /// What stands, unless nothing was raised or the flag has ended.
    pub const fn term(&self) -> Option<&Term> {
        match self {
            Self::Raised { term, .. } | Self::Active(term) | Self::UnderAppeal(term) => Some(term),
            Self::Unraised | Self::Ended { .. } => None,
        }
    }

    /// The day on which the flag falls away if nobody does anything, and why.
    fn falls_away(&self) -> Option<(NaiveDate, ExpiryCause)> {
        match self {
            Self::Raised { term, review_by } if *review_by <= term.expires_on => {
                Some((*review_by, ExpiryCause::NeverReviewed))
            }
            Self::Raised { term, .. } | Self::Active(term) | Self::UnderAppeal(term) => {
                Some((term.expires_on, ExpiryCause::TermEnded))
            }
            Self::Unraised | Self::Ended { .. } => None,
        }
    }

    /// The day on which it fell away, if that has come: the timer may run late, the rule does not.
    fn fallen_by(&self, on: NaiveDate) -> Option<NaiveDate> {
        self.falls_away().map(|(day, _)| day).filter(|day| *day <= on)
    }

    fn woken(&self, on: NaiveDate) -> Vec<NoRehireFlagEvent> {
        match (self, self.falls_away()) {
            (_, Some((day, because))) if day <= on => vec![NoRehireFlagEvent::Expired { on: day, because }],
            (Self::Active(term) | Self::UnderAppeal(term), _) if term.notice_on().is_some_and(|day| day <= on) => {
                vec![NoRehireFlagEvent::ExpiryNoticed { expires_on: term.expires_on }]
            }
            (Self::Unraised | Self::Raised { .. } | Self::Active(_) | Self::UnderAppeal(_) | Self::Ended { .. }, _) => {
                vec![]
            }
        }
    }
}

impl Stream for NoRehireFlag {
    type Order = NoRehireFlagCommand;

    fn decide(&self, issued: Issued<NoRehireFlagCommand>) -> Result<Vec<NoRehireFlagEvent>, NoRehireFlagError> {
        use NoRehireFlagCommand as C;
        let Issued { by, on, command, .. } = issued;
        match (self, command) {
            (Self::Unraised | Self::Ended { .. }, C::Wake) => Ok(vec![]),
            (Self::Raised { .. } | Self::Active(_) | Self::UnderAppeal(_), C::Wake) => Ok(self.woken(on)),
            (_, C::Raise { .. } | C::Review { .. } | C::Renew { .. } | C::Lift { .. })
                if by.kind != ActorKind::Person =>
            {
                Err(NoRehireFlagError::NaturalPersonRequired)
            }
            (Self::Unraised, C::Raise { person_id, grounds }) => raise(person_id, grounds, by.id, on),
            (Self::Unraised, C::Review { .. } | C::Renew { .. } | C::Lift { .. } | C::Appeal { .. }) => {
                Err(NoRehireFlagError::Unraised)
            }
            (Self::Raised { .. } | Self::Active(_) | Self::UnderAppeal(_) | Self::Ended { .. }, C::Raise { .. }) => {
                Err(NoRehireFlagError::AlreadyRaised)
            }
            (
                Self::Ended { ending: Ending::Lifted { reason_code: known }, .. },
                C::Lift { reason_code, note: None },
            ) if *known == reason_code => Ok(vec![]),
            (Self::Ended { ending, .. }, C::Review { .. } | C::Renew { .. } | C::Lift { .. } | C::Appeal { .. }) => {
                Err(NoRehireFlagError::Ended { ending: *ending })
            }
            (Self::Raised { .. } | Self::Active(_) | Self::UnderAppeal(_), C::Lift { reason_code, note }) => {
                Ok(vec![NoRehireFlagEvent::Lifted { reason_code, lifted_by: by.id, note }])
            }
            (
                Self::Raised { .. } | Self::Active(_) | Self::UnderAppeal(_),
                C::Review { .. } | C::Renew { .. } | C::Appeal { .. },
            ) if let Some(on) = self.fallen_by(on) => Err(NoRehireFlagError::Lapsed { on }),
            (Self::Raised { term, .. }, C::Review { decision, clause, note }) => {
                term.review_flag(by.id, decision, clause, note)
            }
            (Self::Raised { .. }, C::Renew { .. } | C::Appeal { .. }) => Err(NoRehireFlagError::AwaitsReview),
            (Self::Active(term), C::Review { decision, clause, note }) => {
                term.review_renewal(by.id, decision, clause, note)
            }
            (Self::Active(term), C::Renew { evidence_ref, expires_on, clause }) => {
                term.renew(on, Renewal { clause, evidence_ref, expires_on, renewed_by: by.id })
            }
            (Self::Active(Term { appeal: Appeal::Decided, .. }), C::Appeal { .. }) => {
                Err(NoRehireFlagError::AppealDecided)
            }
            (Self::Active(term), C::Appeal { grounds }) => {
                let involved = term.involved.iter().copied().collect();
                Ok(vec![NoRehireFlagEvent::Appealed { grounds, appealed_by: by.id, involved }])
            }
            (Self::UnderAppeal(term), C::Review { decision, clause, note }) => {
                term.review_appeal(by.id, decision, clause, note)
            }
            (Self::UnderAppeal(_), C::Appeal { grounds: None }) => Ok(vec![]),
            // Further grounds must not vanish in a silent "already so".
            (Self::UnderAppeal(_), C::Appeal { grounds: Some(_) } | C::Renew { .. }) => {
                Err(NoRehireFlagError::AppealPending)
            }
        }
    }

    fn state(&self) -> &'static str {
        match self {
            Self::Unraised => "unraised",
            Self::Raised { .. } => "raised",
            Self::Active(_) => "active",
            Self::UnderAppeal(_) => "under_appeal",
            Self::Ended { ending, .. } => ending.state(),
        }
    }

    fn subject(&self) -> Option<PersonId> {
        match self {
            Self::Unraised => None,
            Self::Raised { term, .. } | Self::Active(term) | Self::UnderAppeal(term) => Some(term.person_id),
            Self::Ended { person_id, .. } => Some(*person_id),
        }
    }

    fn wake(&self) -> Option<Due> {
        let falls_away = self.falls_away().map(|(day, _)| day);
        let noticed = match self {
            Self::Active(term) | Self::UnderAppeal(term) => term.notice_on(),
            Self::Unraised | Self::Raised { .. } | Self::Ended { .. } => None,
        };
        noticed.or(falls_away).map(Due::On)
    }

    fn claims(&self, id: Uuid, event: &NoRehireFlagEvent) -> Vec<Claim> {
        match (self.term(), event) {
            (None, NoRehireFlagEvent::Raised { person_id, grounds, .. }) => {
                vec![Claim::take("no_rehire_flag", flag_key(*person_id, grounds.reason), id)]
            }
            (Some(term), event) if Ending::of(event).is_some() => {
                vec![Claim::release("no_rehire_flag", flag_key(term.person_id, term.reason), id)]
            }
            (None | Some(_), _) => Vec::new(),
        }
    }
}

event_sourced!(NoRehireFlag, NoRehireFlagEvent, NoRehireFlagCommand, NoRehireFlagError, "no_rehire_flag");

/// The key of the claim `no_rehire_flag`: one live flag per person and reason.
pub fn flag_key(person_id: PersonId, reason: FlagReason) -> String {
    format!("{person_id}/{}", <&str>::from(reason))
}

fn raise(
    person_id: PersonId,
    grounds: Box<Grounds>,
    raised_by: ActorId,
    raised_on: NaiveDate,
) -> Result<Vec<NoRehireFlagEvent>, NoRehireFlagError> {
    if [&grounds.clause, &grounds.evidence_ref, &grounds.appeal_route].iter().any(|text| text.trim().is_empty()) {
        return Err(NoRehireFlagError::GroundsRequired);
    }
    within_a_term(raised_on, raised_on, grounds.expires_on)?;
    Ok(vec![NoRehireFlagEvent::Raised { person_id, grounds, raised_by, raised_on }])
}

/// An expiry lies after `earliest` and at most three years after today.
fn within_a_term(today: NaiveDate, earliest: NaiveDate, expires_on: NaiveDate) -> Result<(), NoRehireFlagError> {
    let latest = today.checked_add_months(Months::new(TERM_MONTHS)).unwrap_or(today);
    if expires_on <= earliest || expires_on > latest {
        return Err(NoRehireFlagError::ExpiryOutOfRange { expires_on, earliest, latest });
    }
    Ok(())
}
