//! An offer of re-employment (オファー): drafted, approved by others, extended once, then accepted or declined before it lapses.
//! Stream `offer/{offer_id}`. One live offer per application: claim `live_offer`, key `{application_id}`. Terms that were refused
//! are refused for good: claim `refused_terms`, key `{application_id}/{terms_hash}`. A seat of the
//! requisition from extension on: claim `seat`, key `{requisition_id}/{number}`, held by the application.

mod approving;
mod assessed;
mod case;
mod command;
mod documents;
mod duties;
mod enquiry;
mod error;
mod exception;
mod facts;
mod range_review;
mod remedy;
mod standing;
mod table;
mod terms;
mod tracking;

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use assessed::{
    Assessed, AssessedOffer, BandsPin, Basis, ComparedWith, Manager, PolicyPin, Priced, SnapshotPin, is_exception,
};
pub use case::{
    ApplicationFacts, Case, Drafting, Hold, Pack, Position, REFUSED_TERMS, Rescinder, Revision, Seen, seat_key,
};

pub use command::OfferCommand;
pub use documents::{DocumentOutcome, Documents, DocumentsDue, HandedIn, Required};
pub use duties::{Duties, DutyDone, DutyDue, DutyOutcome};
pub use enquiry::{ENQUIRY, Enquiry, Explanation};
pub use error::OfferError;
pub use exception::{
    ExceptionDecision, ExceptionReason, PayException, RemedyPlan, SHORTEST_JUSTIFICATION, StandingException,
};
pub use facts::{
    Acceptance, Allowance, ConflictKind, ContractTerm, DeclineReason, DocumentKind, Drafted, Extended, FixedOvertime,
    LapseCause, Pay, PayAssessment, Period, RefusalReason, RenderedDocument, RescissionReason, TermField, Terms,
    TermsHash,
};
pub use range_review::{PayRole, RangeOutcome, RangeReview, RangeReviewed, ReviewRange, TOGETHER};
pub use remedy::{OverdueRemedy, REMEDY, Remedied};
pub use standing::{Approval, Delegation, Ending, Phase, Standing};
pub use terms::{COMPANY_SCOPE, FULL_TIME_HOURS, MOST_WEEKLY_HOURS, NoticeItem};
pub use tracking::{OneOff, OneOffPayment, PaidOnce, PayChange, PeersNow, Retest, SPLIT, Tracking};

use crate::checks::Settlement;
use crate::ids::{ActorId, PersonId};
use crate::issued::{Due, Issued};
use crate::labour::LabourCheck;
use crate::pay::RegularComparison;
use crate::stream::{Claim, Stream, event_sourced};
use crate::values::{Clause, EvidenceRef, FreeText};

/// The pay policy that every employer starts with: an offer is not assessed, and needs one approver.
pub const PAY_POLICY: &str = "pay/0";
/// How many distinct people have to approve under that policy.
pub const APPROVALS_NEEDED: u32 = 1;
/// How many days an approval may be relied on (PAY-22).
pub const APPROVAL_DAYS: u64 = 14;

/// Facts about offers, kept forever. Add a variant or an optional field; never edit or remove one.
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
    name(OfferEventType),
    doc = "The types of [`OfferEvent`].",
    derive(strum::EnumIter, strum::EnumMessage, strum::IntoStaticStr),
    strum(serialize_all = "snake_case")
)]
pub enum OfferEvent {
    /// An offer was drafted.
    Drafted(Box<Drafted>),
    /// The terms were revised: a new version, which supersedes the one before.
    Revised {
        /// Which version of the terms.
        version: u32,
        /// The terms.
        terms: Box<Terms>,
        /// Their hash.
        terms_hash: TermsHash,
        /// The first instant at which it could not be accepted any more.
        expires_at: DateTime<Utc>,
        /// What differs from the version before.
        changed: Vec<TermField>,
        /// Who revised it.
        revised_by: ActorId,
    },
    /// The pay of a version was assessed against those who stayed.
    Assessed(Box<Assessed>),
    /// What labour law asks of a version was checked.
    LabourChecked {
        /// Which version of the terms.
        version: u32,
        /// The local day.
        on: NaiveDate,
        /// Every check, what is to be asked among them.
        checks: Vec<LabourCheck>,
        /// Whether the agency was told of this very bar before (LAB-04).
        #[serde(default, skip_serializing_if = "crate::values::is_false")]
        agency_told: bool,
    },
    /// An exception from the pay policy was asked for.
    ExceptionRequested {
        /// Which version of the terms.
        version: u32,
        /// The hash of everything that is to be approved, the exception included.
        terms_hash: TermsHash,
        /// The exception.
        exception: Box<PayException>,
        /// Who asked.
        requested_by: ActorId,
    },
    /// An exception was decided.
    ExceptionDecided {
        /// Which version of the terms.
        version: u32,
        /// The hash that was seen.
        terms_hash: TermsHash,
        /// How.
        decision: ExceptionDecision,
        /// Who.
        decided_by: ActorId,
        /// In which role.
        role: String,
        /// In words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<FreeText>,
    },
    /// Approval of a version was asked for.
    ApprovalRequested {
        /// Which version of the terms.
        version: u32,
        /// The hash of the terms that were seen.
        terms_hash: TermsHash,
        /// How many distinct people have to approve.
        approvals_needed: u32,
        /// Who asked.
        requested_by: ActorId,
        /// The hiring manager, where they may approve: no policy names who does.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hiring_manager: Option<ActorId>,
    },
    /// An approver approved the terms that they had seen.
    Approved {
        /// Which version of the terms.
        version: u32,
        /// The hash of the terms that were seen.
        terms_hash: TermsHash,
        /// Who.
        approved_by: ActorId,
        /// In which role.
        role: String,
        /// Whose approval it stands for, where it was delegated.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        delegated_by: Option<ActorId>,
        /// In words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<FreeText>,
        /// The local day, from which its fourteen days run (PAY-22).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        approved_on: Option<NaiveDate>,
        /// How many approvals are still missing after this one.
        #[serde(default, skip_serializing_if = "crate::values::is_zero")]
        missing: u32,
    },
    /// An approver sent the offer back to be drafted anew (差戻し).
    SentBack {
        /// Which version of the terms.
        version: u32,
        /// The hash of the terms that were seen.
        terms_hash: TermsHash,
        /// Who.
        sent_back_by: ActorId,
        /// The coded reason.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason_code: Option<RefusalReason>,
        /// In words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<FreeText>,
    },
    /// An approver refused the offer; the same terms cannot be approved any more (PAY-26).
    Refused {
        /// Which version of the terms.
        version: u32,
        /// The hash of the terms that were seen.
        terms_hash: TermsHash,
        /// Who.
        refused_by: ActorId,
        /// The coded reason.
        reason_code: RefusalReason,
        /// In words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<FreeText>,
    },
    /// The last approver approved in place of those who are missing; it stands on the report to compliance.
    ApprovalForced {
        /// Which version of the terms.
        version: u32,
        /// The hash of the terms that were seen.
        terms_hash: TermsHash,
        /// Who.
        forced_by: ActorId,
        /// What allows it.
        authority: Clause,
        /// Why, in words.
        reason: FreeText,
        /// The local day, from which its fourteen days run (PAY-22).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        approved_on: Option<NaiveDate>,
    },
    /// Somebody declared a conflict of interest and stepped aside.
    ConflictDeclared {
        /// Who.
        declared_by: ActorId,
        /// Which relation.
        conflict: ConflictKind,
        /// In words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<FreeText>,
    },
    /// An approver handed their approval of this offer to somebody else, before it was used (PAY-25).
    ApprovalDelegated {
        /// Who.
        delegated_by: ActorId,
        /// To whom.
        delegated_to: ActorId,
        /// The last day on which it may be used.
        until: NaiveDate,
        /// Why, in words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<FreeText>,
    },
    /// The offer went out to the candidate (オファー提示).
    Extended(Box<Extended>),
    /// The candidate accepted (内定承諾).
    Accepted {
        /// Which version of the terms.
        version: u32,
        /// The hash of the terms that were seen.
        terms_hash: TermsHash,
        /// Who accepted, or recorded it.
        accepted_by: ActorId,
        /// How it came in, where somebody recorded it for the person.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        recorded_for: Option<FreeText>,
        /// What is owed from now on to those who are overtaken (PAY-28).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        remedy: Option<Box<RemedyPlan>>,
        /// What they hand in by their first day, as the programme policy lays it down.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hands_in: Option<Box<DocumentsDue>>,
    },
    /// Something of what was to be handed in came in, or need not.
    DocumentRecorded {
        /// What.
        #[serde(flatten)]
        document: HandedIn,
        /// How much of it is still missing.
        #[serde(default, skip_serializing_if = "crate::values::is_zero")]
        missing: u32,
        /// Who recorded it.
        recorded_by: ActorId,
    },
    /// A second exception for the role was granted within a year: somebody looks at its pay range.
    RangeReviewOpened {
        /// Which role.
        #[serde(flatten)]
        role: PayRole,
        /// How many exceptions stand, this one among them.
        exceptions: u32,
        /// The day on which the first of them was granted.
        since: NaiveDate,
        /// The last day to look.
        due_on: NaiveDate,
        /// Who proposed the offer, and so does not look.
        proposed_by: BTreeSet<ActorId>,
    },
    /// Somebody looked at the pay range of the role.
    RangeReviewed {
        /// What came of it.
        #[serde(flatten)]
        reviewed: RangeReviewed,
        /// Who recorded it.
        recorded_by: ActorId,
    },
    /// Part of the plan to remedy those who are overtaken was carried out, or the rest of it (PAY-28).
    RemedyRecorded {
        /// What.
        #[serde(flatten)]
        remedied: Remedied,
        /// Who recorded it.
        recorded_by: ActorId,
        /// Whether nothing of the plan is left.
        fulfilled: bool,
    },
    /// A snapshot showed another base of whoever came back on it (PAY-27).
    PayChanged(Box<PayChange>),
    /// Whoever came back on it was paid something once (PAY-27).
    OneOffRecorded(Box<PaidOnce>),
    /// Whoever came back on it has started: what is to be filed and done by when (LAB-11).
    DutiesNoted {
        /// The first day of work.
        started_on: NaiveDate,
        /// Each by its day.
        due: Vec<DutyDue>,
    },
    /// One of these was filed or done, or found not to be owed.
    DutyDone {
        /// What.
        #[serde(flatten)]
        done: DutyDone,
        /// Who recorded it.
        recorded_by: ActorId,
    },
    /// The candidate asked why their conditions are as they are (PAY-02).
    ExplanationRequested {
        /// Who asked, or recorded it.
        requested_by: ActorId,
        /// The last day to answer.
        answer_by: NaiveDate,
        /// In words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        question: Option<FreeText>,
        /// How it came in, where somebody recorded it for the person.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        recorded_for: Option<FreeText>,
    },
    /// What they had asked was answered.
    ExplanationGiven {
        /// Who answered.
        given_by: ActorId,
        /// In which role.
        role: String,
        /// The answer, which the candidate reads.
        answer: FreeText,
        /// The conditions beside regular workers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comparison: Option<Box<RegularComparison>>,
    },
    /// The candidate declined; after acceptance that is 内定辞退.
    Declined {
        /// Before or after they had accepted.
        acceptance: Acceptance,
        /// The coded reason.
        reason_code: DeclineReason,
        /// Who declined, or recorded it.
        declined_by: ActorId,
        /// How it came in, where somebody recorded it for the person.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        recorded_for: Option<FreeText>,
    },
    /// The candidate had not answered in time.
    Expired {
        /// The instant from which it could not be accepted any more.
        expired_at: DateTime<Utc>,
    },
    /// The candidate got more time to answer.
    ExpiryExtended {
        /// The first instant at which it cannot be accepted any more.
        expires_at: DateTime<Utc>,
        /// Who gave it.
        extended_by: ActorId,
        /// The account that alone may answer it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        account: Option<ActorId>,
    },
    /// The employer took the offer back; after acceptance that is 内定取消.
    Rescinded {
        /// Before or after the candidate had accepted.
        acceptance: Acceptance,
        /// The coded reason.
        reason_code: RescissionReason,
        /// The clause relied on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        clause: Option<Clause>,
        /// Where the legal opinion lies; required after acceptance.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        opinion_ref: Option<EvidenceRef>,
        /// Who.
        rescinded_by: ActorId,
        /// In words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<FreeText>,
    },
    /// The offer fell away with its case.
    Lapsed {
        /// Why.
        because: LapseCause,
    },
    /// Somebody answered a HOLD, acknowledged a WARN, or recorded a legal opinion about a rule of this case.
    Settled {
        /// The answer.
        settlement: Settlement,
    },
}

/// State: only what `decide` reads, and what a decision about its case reads.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Offer {
    /// No offer was drafted under this id.
    #[default]
    Undrafted,
    /// It was.
    Drafted(Box<Standing>),
}

impl Offer {
    fn after(self, event: OfferEvent) -> Self {
        match (self, event) {
            (Self::Undrafted, OfferEvent::Drafted(drafted)) => Self::Drafted(Box::new(Standing::drafted(*drafted))),
            (Self::Drafted(standing), event) => Self::Drafted(Box::new(standing.after(event))),
            // History cannot be refused: what does not fit changes nothing.
            (Self::Undrafted, _) => Self::Undrafted,
        }
    }

    /// What stands, once it was drafted.
    pub const fn standing(&self) -> Option<&Standing> {
        match self {
            Self::Undrafted => None,
            Self::Drafted(standing) => Some(standing),
        }
    }
}

impl Stream for Offer {
    type Order = OfferCommand;

    fn decide(&self, issued: Issued<OfferCommand>) -> Result<Vec<OfferEvent>, OfferError> {
        use OfferCommand as C;
        match self {
            Self::Drafted(standing) => standing.decide(issued),
            Self::Undrafted => match issued.command {
                C::Draft(drafting) => table::draft(*drafting, issued.by, issued.at, issued.on),
                C::Wake => Ok(vec![]),
                C::Revise(_)
                | C::RequestException { .. }
                | C::DecideException { .. }
                | C::RequestApproval { .. }
                | C::RecordRemedy(_)
                | C::RecordOneOff(_)
                | C::NoteDuties { .. }
                | C::RecordDuty(_)
                | C::RecordDocument(_)
                | C::ReviewRange(_)
                | C::RequestExplanation(_)
                | C::AnswerExplanation(_)
                | C::Track(_)
                | C::Approve { .. }
                | C::SendBack { .. }
                | C::Refuse { .. }
                | C::ForceApprove { .. }
                | C::DeclareConflict { .. }
                | C::Delegate { .. }
                | C::Extend { .. }
                | C::Accept { .. }
                | C::Decline { .. }
                | C::ExtendExpiry { .. }
                | C::Rescind { .. }
                | C::Lapse { .. }
                | C::Settle(_) => Err(OfferError::Undrafted),
            },
        }
    }

    fn state(&self) -> &'static str {
        match self {
            Self::Undrafted => "undrafted",
            Self::Drafted(standing) => standing.phase.state(),
        }
    }

    fn subject(&self) -> Option<PersonId> {
        self.standing().map(|standing| standing.person_id)
    }

    fn wake(&self) -> Option<Due> {
        self.standing().filter(|standing| standing.phase == Phase::Extended).map(|one| Due::At(one.expires_at))
    }

    fn claims(&self, id: Uuid, event: &OfferEvent) -> Vec<Claim> {
        match (self, event) {
            (Self::Undrafted, OfferEvent::Drafted(drafted)) => {
                vec![Claim::take("live_offer", drafted.application_id.to_string(), id)]
            }
            (Self::Drafted(standing), event) => standing.claims(id, event),
            (Self::Undrafted, _) => Vec::new(),
        }
    }
}

event_sourced!(Offer, OfferEvent, OfferCommand, OfferError, "offer");
