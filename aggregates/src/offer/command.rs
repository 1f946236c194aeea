//! What can be asked of an offer.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    ApplicationFacts, Case, ConflictKind, DeclineReason, Drafting, DutyDone, Enquiry, ExceptionDecision, Explanation,
    HandedIn, LapseCause, OneOff, OverdueRemedy, Pack, PayException, Position, RefusalReason, Remedied, Required,
    Rescinder, RescissionReason, ReviewRange, Revision, Seen, TermsHash, Tracking,
};
use crate::checks::Settlement;
use crate::ids::ActorId;
use crate::labour::LabourFacts;
use crate::stream::Wakes;
use crate::values::{Clause, EvidenceRef, FreeText};

/// What can be asked of an offer.
#[derive(Clone, Debug)]
pub enum OfferCommand {
    /// Draft it.
    Draft(Box<Drafting>),
    /// State terms or expiry anew. Other terms drop every approval and pull an extended offer back.
    Revise(Box<Revision>),
    /// Ask for an exception from the pay policy.
    RequestException {
        /// What whoever asks had seen.
        seen: Seen,
        /// The exception.
        exception: Box<PayException>,
        /// The hash of everything that is to be approved, the exception included.
        terms_hash: TermsHash,
        /// Who edited bands or thresholds lately (PAY-24), or gains from the offer by now (PAY-20).
        editors: BTreeSet<ActorId>,
    },
    /// Decide an exception. Needs a natural person who did not propose the offer.
    DecideException {
        /// What whoever decides had seen.
        seen: Seen,
        /// How.
        decision: ExceptionDecision,
        /// In which role.
        role: String,
        /// In words. Class `pay_decision`.
        comment: Option<FreeText>,
        /// Who edited bands or thresholds lately (PAY-24), or gains from the offer by now (PAY-20).
        editors: BTreeSet<ActorId>,
    },
    /// Ask for approval of what stands.
    RequestApproval {
        /// The plans of the same unit, or of the same place, that are overdue today.
        overdue: Vec<OverdueRemedy>,
        /// Who edited bands or thresholds lately (PAY-24), or gains from the offer by now (PAY-20).
        editors: BTreeSet<ActorId>,
        /// What labour law asks is checked once more by this.
        labour: Option<Box<LabourFacts>>,
    },
    /// Approve what was seen. Approving, sending back and refusing need a natural person who did not propose the offer,
    /// does not gain from it, and has not stepped aside (PAY-20).
    Approve {
        /// What the approver had seen.
        seen: Seen,
        /// In which role.
        role: String,
        /// In words. Class `pay_decision`.
        comment: Option<FreeText>,
        /// Who edited bands or thresholds lately (PAY-24), or gains from the offer by now (PAY-20).
        editors: BTreeSet<ActorId>,
        /// Whether the approver reports to somebody who proposed the offer by now, at whatever remove: then they stand for
        /// nobody else (PAY-25).
        reports_to_proposer: bool,
    },
    /// Send it back to be drafted anew.
    SendBack {
        /// What the approver had seen.
        seen: Seen,
        /// The coded reason.
        reason_code: Option<RefusalReason>,
        /// In words. Class `pay_decision`.
        comment: Option<FreeText>,
    },
    /// Refuse it.
    Refuse {
        /// What the approver had seen.
        seen: Seen,
        /// The coded reason.
        reason_code: RefusalReason,
        /// In words. Class `pay_decision`.
        comment: Option<FreeText>,
    },
    /// Approve in place of those who are missing.
    ForceApprove {
        /// What the approver had seen.
        seen: Seen,
        /// What allows it.
        authority: Clause,
        /// Why, in words. Class `pay_decision`.
        reason: FreeText,
        /// Who edited bands or thresholds lately (PAY-24), or gains from the offer by now (PAY-20).
        editors: BTreeSet<ActorId>,
    },
    /// Step aside for a conflict of interest.
    DeclareConflict {
        /// Which relation.
        conflict: ConflictKind,
        /// In words. Class `pay_decision`.
        note: Option<FreeText>,
    },
    /// Hand one's approval to somebody else before it is used.
    Delegate {
        /// To whom.
        to: ActorId,
        /// The last day on which it may be used.
        until: NaiveDate,
        /// Why, in words. Class `pay_decision`.
        reason: Option<FreeText>,
        /// Whether they report to somebody who proposed the offer, at whatever remove; none where no current employment of
        /// theirs is recorded.
        reports_to_proposer: Option<bool>,
    },
    /// Let it go out to the candidate.
    Extend {
        /// What whoever extends it had seen.
        seen: Seen,
        /// A free seat of the requisition, where there is one.
        seat: Option<u32>,
        /// How the case stands.
        application: Box<ApplicationFacts>,
        /// Whether the requisition still hires.
        position: Position,
        /// The documents that go out, and the terms that they were rendered from.
        pack: Pack,
        /// What labour law asks is checked once more by this.
        labour: Option<Box<LabourFacts>>,
    },
    /// Accept it: the candidate, or whoever records that they did.
    Accept {
        /// What the candidate had seen.
        seen: Seen,
        /// How it came in, where somebody records it for the person. Class `recruiting`.
        recorded_for: Option<FreeText>,
        /// How far the case has come.
        case: Case,
        /// What the programme policy of the case has handed in.
        required: Option<Required>,
    },
    /// Decline it: the candidate, or whoever records that they did.
    Decline {
        /// The coded reason.
        reason_code: DeclineReason,
        /// How it came in, where somebody records it for the person. Class `recruiting`.
        recorded_for: Option<FreeText>,
        /// How far the case has come.
        case: Case,
    },
    /// Compare what a snapshot says about whoever came back with what was offered (reaction).
    Track(Box<Tracking>),
    /// Record what of the plan to remedy was carried out.
    RecordRemedy(Remedied),
    /// Note that whoever comes back on it has started (reaction).
    NoteDuties {
        /// The first day of work.
        started_on: NaiveDate,
    },
    /// Record that one of the duties was seen to.
    RecordDuty(DutyDone),
    /// Record that something of what was to be handed in came in.
    RecordDocument(HandedIn),
    /// Look at the pay range of the role.
    ReviewRange(ReviewRange),
    /// Record that whoever came back was paid something once.
    RecordOneOff(Box<OneOff>),
    /// Ask why the conditions are as they are: the candidate, or whoever records that they did.
    RequestExplanation(Enquiry),
    /// Answer that.
    AnswerExplanation(Explanation),
    /// Give the candidate more time.
    ExtendExpiry {
        /// The first instant at which it cannot be accepted any more.
        expires_at: DateTime<Utc>,
    },
    /// Take it back.
    Rescind {
        /// The coded reason.
        reason_code: RescissionReason,
        /// The clause relied on.
        clause: Option<Clause>,
        /// Where the legal opinion lies.
        opinion_ref: Option<EvidenceRef>,
        /// With which authority.
        role: Rescinder,
        /// In words. Class `recruiting`.
        note: Option<FreeText>,
        /// How far the case has come.
        case: Case,
    },
    /// Let it fall away with its case.
    Lapse {
        /// Why.
        because: LapseCause,
    },
    /// Answer a HOLD, acknowledge a WARN, or record a legal opinion.
    Settle(Settlement),
    /// Look at the clock.
    Wake,
}

impl Wakes for OfferCommand {
    fn wake() -> Self {
        Self::Wake
    }
}
