//! A talent referral (人材紹介・リファラル): made by somebody, agreed to by the candidate, credited to a hire.
//! Stream `referral/{referral_id}`. One owner of a candidate at a time: claim `candidate_owner`, key an HMAC, until a day.

mod facts;
pub mod gate;
mod standing;

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use facts::{
    CandidateDetails, CandidateHistory, DuplicateCause, HiredVia, OutcomeReason, OwnershipDecision, ReferrerClass,
    ReferrerRelation, Relationship, Submitted,
};
pub use gate::{Exclusion, Likeness, Offices, Permitted};
pub use standing::{Doubt, Ending, Hire, Ownership, Phase, Standing};

use crate::checks::{Outcome, RuleResult, Settlement, SettlementError};
use crate::ids::{ActorId, ApplicationId, PersonId, ReferralId, RequisitionId};
use crate::issued::{Due, Issued};
use crate::personal::RecordClass;
use crate::reward_plan::PlanPin;
use crate::stream::{Claim, Stream, Wakes, event_sourced};
use crate::values::{Clause, FreeText};
use gate::ReferralFacts;

/// How long a referred candidate can agree; then what is held of them is destroyed (REF-11).
pub const ANSWER_DAYS: u64 = 14;
/// How long a referral owns its candidate, from their agreement on (REF-13).
pub const OWNERSHIP_MONTHS: u32 = 6;

/// Facts about referrals, kept forever. Add a variant or an optional field; never edit or remove one.
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
    name(ReferralEventType),
    doc = "The types of [`ReferralEvent`].",
    derive(strum::EnumIter, strum::EnumMessage, strum::IntoStaticStr),
    strum(serialize_all = "snake_case")
)]
pub enum ReferralEvent {
    /// Somebody referred a candidate.
    Submitted(Box<Submitted>),
    /// The candidate agreed to be referred: from now on their data may be kept (REF-11).
    CandidateAccepted {
        /// Whether they say that they worked here.
        history: CandidateHistory,
        /// The local day.
        accepted_on: NaiveDate,
    },
    /// The candidate did not wish to be referred; their data is destroyed.
    CandidateDeclined {
        /// The local day.
        declined_on: NaiveDate,
    },
    /// The candidate did not answer in time; their data is destroyed (REF-11).
    AcceptanceLapsed {
        /// The local day.
        on: NaiveDate,
    },
    /// The referral owns the candidate, of whom there was no earlier record, until a day.
    OwnershipGranted {
        /// The keyed token of the candidate, of which there is one owner.
        key: String,
        /// The first local day on which it does not.
        until: NaiveDate,
    },
    /// An earlier record may stand before it; somebody has to decide.
    HeldAsDuplicate {
        /// The keyed token of the candidate.
        key: String,
        /// Which record.
        because: DuplicateCause,
        /// The other referral.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        earlier: Option<ReferralId>,
    },
    /// It was decided that no earlier record stands before it: it owns the candidate (REF-13).
    DuplicateDismissed {
        /// The keyed token of the candidate, of which there is one owner.
        key: String,
        /// The first local day on which it does not.
        until: NaiveDate,
        /// Who decided.
        decided_by: ActorId,
        /// In words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<FreeText>,
    },
    /// The earlier record stands: the referral earns nothing (REF-13).
    RefusedDuplicate {
        /// Which record.
        because: DuplicateCause,
        /// Who decided.
        decided_by: ActorId,
        /// In words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<FreeText>,
    },
    /// The credit was given to somebody else.
    CreditReassigned {
        /// Who had it.
        from: ActorId,
        /// Who has it now.
        to: ActorId,
        /// What they are to the entity that hires.
        relation: Box<ReferrerRelation>,
        /// What allows it.
        clause: Clause,
        /// Who decided.
        decided_by: ActorId,
        /// In words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<FreeText>,
        /// The rules about who may refer for money, evaluated for whoever has the credit now.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        gate: Vec<RuleResult>,
    },
    /// An application is credited to it.
    Credited {
        /// Which.
        application_id: ApplicationId,
    },
    /// The candidate was hired.
    Hired {
        /// How.
        via: HiredVia,
        /// The human being as the employer's records know them.
        hired_person_id: PersonId,
        /// Their number.
        employee_number: String,
        /// The entity.
        legal_entity: String,
        /// First day.
        started_on: NaiveDate,
    },
    /// The candidate was not hired.
    NotHired {
        /// The coded reason.
        reason_code: OutcomeReason,
        /// Who recorded it.
        recorded_by: ActorId,
    },
    /// The time in which it owned the candidate is over.
    OwnershipLapsed {
        /// The first local day on which it does not.
        on: NaiveDate,
    },
    /// The referrer took it back; what is held of the candidate is destroyed.
    Withdrawn {
        /// Who.
        withdrawn_by: ActorId,
        /// Why, in words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<FreeText>,
    },
    /// A rule bars it for good.
    Blocked {
        /// Which rule.
        rule: String,
        /// The law or clause behind it.
        basis: Clause,
        /// The finding.
        code: String,
    },
    /// Somebody answered a HOLD, acknowledged a WARN, or recorded a legal opinion about a rule of this case.
    Settled {
        /// The answer.
        settlement: Settlement,
    },
}

/// What can be asked of a referral.
#[derive(Clone, Debug)]
pub enum ReferralCommand {
    /// Refer a candidate.
    Submit(Box<Submitting>),
    /// Agree to be referred. The candidate, who has no account, is known by a token that the edge checks.
    AcceptAsCandidate {
        /// Whether they say that they worked here.
        history: CandidateHistory,
        /// The keyed token of the candidate.
        key: String,
        /// An earlier record that may stand before the referral.
        duplicate: Option<Duplicate>,
    },
    /// Not wish to be referred, or not any more.
    DeclineAsCandidate,
    /// Decide whether an earlier record stands before the referral. A natural person, who is not the referrer.
    ResolveOwnership {
        /// The decision.
        decision: OwnershipDecision,
        /// Which record stands, where the referral is not held for one.
        because: Option<DuplicateCause>,
        /// In words. Class `recruiting`.
        note: Option<FreeText>,
    },
    /// Give the credit to somebody else. A natural person who neither has it, nor gets it, nor recruits for the position.
    ReassignCredit(Box<Reassigning>),
    /// An application is credited to it (reaction to a submitted application).
    Credit {
        /// Which.
        application_id: ApplicationId,
        /// How the employer had known whoever applies, as far as it stands before the referral (REF-13).
        duplicate: Option<DuplicateCause>,
    },
    /// The candidate was hired (reaction to a return, or recorded).
    NoteHired {
        /// How.
        via: HiredVia,
        /// The human being as the employer's records know them.
        hired_person_id: PersonId,
        /// Their number.
        employee_number: String,
        /// The entity.
        legal_entity: String,
        /// First day.
        started_on: NaiveDate,
    },
    /// The candidate was not hired (reaction to the end of an application, or recorded).
    NoteNotHired {
        /// The coded reason.
        reason_code: OutcomeReason,
    },
    /// Take it back. The referrer alone.
    Withdraw {
        /// Why, in words. Class `recruiting`.
        reason: Option<FreeText>,
    },
    /// Answer a HOLD, acknowledge a WARN, or record a legal opinion. Not the referrer.
    Settle(Settlement),
    /// Look at the clock.
    Wake,
}

impl Wakes for ReferralCommand {
    fn wake() -> Self {
        Self::Wake
    }
}

/// A referral as somebody makes it, with what the periods of employment, the plan and the position say on that day.
#[derive(Clone, Debug)]
pub struct Submitting {
    /// What the referrer is to the entity that hires.
    pub relation: ReferrerRelation,
    /// The candidate, provisionally.
    pub candidate_person_id: PersonId,
    /// Who they are. Class `recruiting`.
    pub candidate: CandidateDetails,
    /// The position.
    pub requisition_id: Option<RequisitionId>,
    /// Whether it takes candidates.
    pub vacancy: Vacancy,
    /// The entity that hires.
    pub legal_entity: String,
    /// The job family.
    pub job_family: Option<String>,
    /// How the referrer knows them.
    pub relationship: Relationship,
    /// The plan in force for the entity.
    pub plan: Option<PlanPin>,
    /// What excludes the referrer from earning (REF-14).
    pub exclusions: BTreeSet<Exclusion>,
    /// Whether the referrer refers themselves (REF-10).
    pub likeness: Likeness,
    /// How many other referrals of theirs were paid, or are to be, in the twelve months before (REF-05).
    pub paid_in_twelve_months: u32,
    /// What lets them refer where they are not employed (REF-06).
    pub permitted: Option<Permitted>,
}

/// Whether a position takes candidates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vacancy {
    /// It does, or the referral names none.
    Open,
    /// It is closed, filled, or not published.
    Closed,
}

/// An earlier record that may stand before a referral (REF-13).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// Which record.
    pub because: DuplicateCause,
    /// The other referral.
    pub earlier: Option<ReferralId>,
}

/// Whom the credit goes to, and why.
#[derive(Clone, Debug)]
pub struct Reassigning {
    /// Who gets it.
    pub to: ActorId,
    /// What they were to the entity that hires on the day of the referral, which is the day that counts (REF-09).
    pub relation: ReferrerRelation,
    /// How they know the candidate; until somebody says so, REF-14 waits for it.
    pub relationship: Option<Relationship>,
    /// What excludes them from earning.
    pub exclusions: BTreeSet<Exclusion>,
    /// Whether it is known which offices they hold; until then REF-14 waits for it.
    pub offices: Offices,
    /// Whether they are the candidate.
    pub likeness: Likeness,
    /// How many other referrals of theirs were paid, or are to be, in the twelve months before.
    pub paid_in_twelve_months: u32,
    /// The recruiter in charge of the position.
    pub recruiter: Option<ActorId>,
    /// Who interviews or has evaluated the candidate in the case that the referral is credited to.
    pub judges: BTreeSet<ActorId>,
    /// What allows it.
    pub clause: Clause,
    /// In words. Class `recruiting`.
    pub note: Option<FreeText>,
}

/// State: only what `decide` and those who follow a referral read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Referral {
    /// Nobody was referred under this id.
    #[default]
    Unrecorded,
    /// Somebody was.
    Recorded(Box<Standing>),
}

/// Why a command is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum ReferralError {
    /// There is no such referral.
    #[error("nobody was referred under this id")]
    Unrecorded,
    /// The id is taken.
    #[error("this referral is already made")]
    AlreadyRecorded,
    /// A rule bars it before anything is recorded.
    #[error("rule {rule} bars this referral: {code} ({basis})")]
    RuleBlocked {
        /// Which rule.
        rule: String,
        /// The law or clause behind it.
        basis: Clause,
        /// The finding.
        code: String,
    },
    /// The position takes nobody.
    #[error("the requisition takes no candidates now")]
    RequisitionNotOpen,
    /// The candidate has not agreed.
    #[error("the candidate has not agreed to be referred yet")]
    AwaitsCandidate,
    /// The token was used.
    #[error("the candidate has already answered")]
    AlreadyAnswered,
    /// The time to answer is over, although the timer has not run yet.
    #[error("the candidate could answer until {answer_by}")]
    AnswerTooLate {
        /// The last day.
        answer_by: NaiveDate,
    },
    /// Who referred the candidate first is not decided.
    #[error("an earlier record may stand before this referral; that has to be decided first")]
    OwnershipUnresolved,
    /// Nothing is to be decided.
    #[error("no earlier record is in question")]
    NothingToResolve,
    /// The decision has to say which record stands.
    #[error("a referral that owns its candidate is refused only with the record that stands before it")]
    CauseRequired,
    /// The time is over.
    #[error("the referral owned the candidate until {until}")]
    OwnershipOver {
        /// The first day on which it did not.
        until: NaiveDate,
    },
    /// Another application has the credit.
    #[error("application {application_id} is credited to this referral")]
    AlreadyCredited {
        /// Which.
        application_id: ApplicationId,
    },
    /// The candidate was hired.
    #[error("the candidate was hired")]
    AlreadyHired,
    /// Nobody is hired on a referral that was made later (REF-13).
    #[error("the referral was made on {referred_on}; a hire that began before did not come of it")]
    HiredBefore {
        /// The day of the referral.
        referred_on: NaiveDate,
    },
    /// Whoever works here already is no candidate (REF-13).
    #[error("whoever bears this number was employed by the entity when the referral was made")]
    EmployedAtReferral,
    /// The outcome is recorded.
    #[error("the outcome is already recorded: {}", <&'static str>::from(.reason_code))]
    OutcomeRecorded {
        /// With which reason.
        reason_code: OutcomeReason,
    },
    /// A machine may not judge whose referral it is (AUD-12).
    #[error("only a natural person may decide whose referral it is")]
    NaturalPersonRequired,
    /// Nobody decides about their own referral.
    #[error("whoever made the referral may not decide about it")]
    SecondPersonRequired,
    /// Nobody gives the credit to themselves.
    #[error("nobody may give the credit to themselves")]
    OwnCredit,
    /// The recruiter has an interest in who is paid (REF-14).
    #[error("the recruiter of the requisition may not give the credit to somebody else")]
    RecruiterOfRequisition,
    /// It is the referrer's.
    #[error("only the referrer may take a referral back")]
    ReferrerOnly,
    /// A change of credit rests on a rule.
    #[error("giving the credit to somebody else needs a clause")]
    ClauseRequired,
    /// They have it.
    #[error("the credit is already theirs")]
    CreditAlreadyTheirs,
    /// Nobody judges whom they may earn by.
    #[error("whoever interviews or has evaluated the candidate is not given the credit")]
    JudgedTheCandidate,
    /// The answer to a rule does not fit.
    #[error(transparent)]
    Settlement(#[from] SettlementError),
    /// The referral has ended.
    #[error("the referral has ended: {}", <&'static str>::from(.ending))]
    Ended {
        /// How.
        ending: Ending,
    },
}

impl Referral {
    /// What stands, unless nobody was referred.
    pub const fn standing(&self) -> Option<&Standing> {
        match self {
            Self::Unrecorded => None,
            Self::Recorded(standing) => Some(standing),
        }
    }

    fn after(self, event: ReferralEvent) -> Self {
        match (self, event) {
            (Self::Unrecorded, ReferralEvent::Submitted(submitted)) => {
                Self::Recorded(Box::new(Standing::submitted(*submitted)))
            }
            (Self::Recorded(standing), event) => Self::Recorded(Box::new(standing.after(event))),
            // History cannot be refused: what does not fit changes nothing.
            (Self::Unrecorded, _) => Self::Unrecorded,
        }
    }
}

impl Stream for Referral {
    type Order = ReferralCommand;

    fn decide(&self, issued: Issued<ReferralCommand>) -> Result<Vec<ReferralEvent>, ReferralError> {
        use ReferralCommand as C;
        match (self, issued.command) {
            (Self::Unrecorded, C::Submit(submitting)) => submit(*submitting, issued.by.id, issued.on),
            (Self::Unrecorded, C::Wake) => Ok(vec![]),
            (Self::Unrecorded, _) => Err(ReferralError::Unrecorded),
            (Self::Recorded(_), C::Submit(_)) => Err(ReferralError::AlreadyRecorded),
            (Self::Recorded(standing), command) => standing.decide(issued.by, issued.on, command),
        }
    }

    fn state(&self) -> &'static str {
        self.standing().map_or("unrecorded", |standing| standing.phase.name())
    }

    fn subject(&self) -> Option<PersonId> {
        self.standing().map(|standing| standing.candidate_person_id)
    }

    fn wake(&self) -> Option<Due> {
        self.standing().and_then(Standing::due).map(Due::On)
    }

    fn claims(&self, id: Uuid, event: &ReferralEvent) -> Vec<Claim> {
        self.standing().map(|standing| standing.claims(id, event)).unwrap_or_default()
    }

    fn destroys(&self, event: &ReferralEvent) -> Vec<(PersonId, Option<RecordClass>)> {
        self.standing()
            .filter(|standing| standing.destroys(event))
            .map(|standing| (standing.candidate_person_id, None))
            .into_iter()
            .collect()
    }
}

event_sourced!(Referral, ReferralEvent, ReferralCommand, ReferralError, "referral");

/// An outsider's referral, or one's own, is refused before anything is recorded: what nobody may reward is not even kept.
fn submit(submitting: Submitting, referrer: ActorId, on: NaiveDate) -> Result<Vec<ReferralEvent>, ReferralError> {
    let gate = gate::at_referral(&ReferralFacts {
        relation: &submitting.relation,
        legal_entity: &submitting.legal_entity,
        plan: submitting.plan.as_ref(),
        relationship: Some(submitting.relationship),
        exclusions: &submitting.exclusions,
        offices: Offices::Known,
        likeness: submitting.likeness,
        paid_in_twelve_months: submitting.paid_in_twelve_months,
        permitted: submitting.permitted.as_ref(),
    });
    unbarred(&gate)?;
    if submitting.vacancy == Vacancy::Closed {
        return Err(ReferralError::RequisitionNotOpen);
    }
    Ok(vec![ReferralEvent::Submitted(Box::new(Submitted {
        referrer,
        relation: submitting.relation,
        candidate_person_id: submitting.candidate_person_id,
        candidate: submitting.candidate,
        requisition_id: submitting.requisition_id,
        legal_entity: submitting.legal_entity,
        job_family: submitting.job_family,
        relationship: submitting.relationship,
        plan: submitting.plan,
        gate,
        answer_by: on.checked_add_days(Days::new(ANSWER_DAYS)).unwrap_or(NaiveDate::MAX),
    }))])
}

/// Nobody is rewarded for what somebody referred who was not employed (REF-09).
fn unpaid(referrer: ReferrerClass) -> Result<(), ReferralError> {
    match gate::status_counts(referrer) {
        RuleResult { outcome: Outcome::Block, rule, code, basis } => {
            Err(ReferralError::RuleBlocked { rule, basis: basis.unwrap_or_default(), code })
        }
        RuleResult { outcome: Outcome::Pass | Outcome::Warn | Outcome::Hold | Outcome::Legal, .. } => Ok(()),
    }
}

fn unbarred(gate: &[RuleResult]) -> Result<(), ReferralError> {
    match gate::bar(gate) {
        None => Ok(()),
        Some(bar) => Err(ReferralError::RuleBlocked {
            rule: bar.rule.clone(),
            basis: bar.basis.clone().unwrap_or_default(),
            code: bar.code.clone(),
        }),
    }
}
