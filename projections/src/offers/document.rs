//! What the document of an offer is made of.

use std::collections::BTreeSet;

use aggregates::checks::{RuleResult, Settlement};
use aggregates::ids::ActorId;
use aggregates::labour::LabourCheck;
use aggregates::offer::{
    Acceptance, Assessed, ComparedWith, ConflictKind, DeclineReason, ExceptionDecision, Extended, LapseCause,
    OfferEvent, PayException, RefusalReason, RenderedDocument, RescissionReason, TermField, Terms, TermsHash,
    is_exception,
};
use aggregates::pay::{BandUsed, Fraction, Qualification, RegularComparison, Seat, Tier};
use aggregates::values::{Bilingual, Clause, EvidenceRef, FreeText};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::State;

/// A version of the terms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// Which, from 1.
    pub number: u32,
    /// The terms.
    pub terms: Option<Terms>,
    /// Their hash.
    pub terms_hash: TermsHash,
    /// Until when they could be accepted, as was said then.
    pub expires_at: DateTime<Utc>,
    /// What differs from the version before.
    pub changed: Vec<TermField>,
    /// Who drafted or revised it.
    pub by: ActorId,
    /// When.
    pub at: DateTime<Utc>,
    /// When another version took its place.
    pub superseded_at: Option<DateTime<Utc>>,
}

/// What an assessment found, in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayFinding {
    /// Of which version.
    pub version: u32,
    /// The tier.
    pub tier: Tier,
    /// Whether an exception has to be granted first.
    pub exception_needed: bool,
    /// The band.
    pub band: Option<BandUsed>,
    /// What it was compared with besides.
    pub compared_with: ComparedWith,
    /// What the returner was found able to do.
    pub qualification: Qualification,
    /// The offer beside regular workers, item by item (PAY-01).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comparison: Option<RegularComparison>,
    /// How many are leapfrogged.
    pub leapfrogged: u32,
    /// What it costs a year to remedy them.
    pub remedy_cost: Fraction,
    /// What the policy has told with the offer besides.
    pub notice: Option<Bilingual>,
    /// Which seats approve it.
    pub seats: BTreeSet<Seat>,
    /// Every rule that was evaluated.
    pub rules: Vec<RuleResult>,
    /// When.
    pub at: DateTime<Utc>,
}

impl PayFinding {
    pub(super) fn of(assessed: &Assessed, at: DateTime<Utc>) -> Self {
        Self {
            version: assessed.version,
            tier: assessed.assessment.tier,
            exception_needed: is_exception(&assessed.assessment),
            band: assessed.assessment.band.clone(),
            compared_with: ComparedWith::of(&assessed.assessment),
            qualification: assessed.basis.qualification.clone(),
            comparison: assessed.basis.comparison.clone(),
            leapfrogged: u32::try_from(assessed.assessment.leapfrogged.len()).unwrap_or(u32::MAX),
            remedy_cost: assessed.assessment.remedy_cost,
            notice: assessed.notice.clone(),
            seats: assessed.seats.clone(),
            rules: assessed.assessment.rules.clone(),
            at,
        }
    }
}

/// An exception that was asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExceptionRequest {
    /// For which version.
    pub version: u32,
    /// The exception; its words are sealed.
    pub exception: PayException,
    /// Who asked.
    pub requested_by: ActorId,
    /// When.
    pub requested_at: DateTime<Utc>,
    /// How it was decided.
    pub decided: Option<ExceptionDecided>,
}

impl ExceptionRequest {
    pub(super) fn of(
        version: u32,
        exception: &PayException,
        requested_by: ActorId,
        requested_at: DateTime<Utc>,
    ) -> Self {
        Self { version, exception: exception.clone(), requested_by, requested_at, decided: None }
    }
}

/// How an exception was decided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExceptionDecided {
    /// How.
    pub decision: ExceptionDecision,
    /// Who.
    pub decided_by: ActorId,
    /// In which role.
    pub role: String,
    /// When.
    pub decided_at: DateTime<Utc>,
    /// In words, sealed.
    pub comment: Option<FreeText>,
}

impl ExceptionDecided {
    pub(super) fn of(
        decision: ExceptionDecision,
        decided_by: ActorId,
        role: &str,
        comment: Option<&FreeText>,
        decided_at: DateTime<Utc>,
    ) -> Self {
        Self { decision, decided_by, role: role.to_owned(), decided_at, comment: comment.cloned() }
    }
}

/// An approval that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Of which version.
    pub version: u32,
    /// How many distinct people have to approve.
    pub approvals_needed: u32,
    /// Who asked.
    pub requested_by: ActorId,
    /// When.
    pub requested_at: DateTime<Utc>,
}

/// An approval of the terms that stand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Approval {
    /// Of which version.
    pub version: u32,
    /// Who.
    pub approved_by: ActorId,
    /// In which role.
    pub role: String,
    /// Whose approval it stands for, where it was delegated.
    pub delegated_by: Option<ActorId>,
    /// What allows it to stand for those who are missing, where it was forced.
    pub authority: Option<Clause>,
    /// When.
    pub approved_at: DateTime<Utc>,
    /// The local day, from which it can be relied on for fourteen days.
    pub approved_on: Option<NaiveDate>,
    /// In words, sealed.
    pub comment: Option<FreeText>,
}

impl Approval {
    /// Of an event that is one.
    pub(super) fn of(what: &OfferEvent, approved_at: DateTime<Utc>) -> Option<Self> {
        if let OfferEvent::Approved { version, approved_by, role, delegated_by, comment, approved_on, .. } = what {
            return Some(Self {
                version: *version,
                approved_by: *approved_by,
                role: role.clone(),
                delegated_by: *delegated_by,
                authority: None,
                approved_at,
                approved_on: *approved_on,
                comment: comment.clone(),
            });
        }
        let OfferEvent::ApprovalForced { version, forced_by, authority, reason, approved_on, .. } = what else {
            return None;
        };
        Some(Self {
            version: *version,
            approved_by: *forced_by,
            role: "executive".to_owned(),
            delegated_by: None,
            authority: Some(authority.clone()),
            approved_at,
            approved_on: *approved_on,
            comment: Some(reason.clone()),
        })
    }
}

/// What an approver decided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// What.
    pub decision: DecisionKind,
    /// About which version.
    pub version: u32,
    /// Its terms.
    pub terms_hash: TermsHash,
    /// The coded reason.
    pub reason_code: Option<RefusalReason>,
    /// Who.
    pub by: ActorId,
    /// When.
    pub at: DateTime<Utc>,
    /// In words, sealed.
    pub comment: Option<FreeText>,
}

/// What an approver may decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecisionKind {
    /// Approved.
    Approved,
    /// Approved in place of those who are missing.
    Forced,
    /// Sent back to be drafted anew.
    SentBack,
    /// Refused.
    Refused,
}

/// A conflict of interest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conflict {
    /// Who stepped aside.
    pub declared_by: ActorId,
    /// Which relation.
    pub conflict: ConflictKind,
    /// When.
    pub declared_at: DateTime<Utc>,
    /// In words, sealed.
    pub note: Option<FreeText>,
}

impl Conflict {
    pub(super) fn of(
        declared_by: ActorId,
        conflict: ConflictKind,
        note: Option<&FreeText>,
        declared_at: DateTime<Utc>,
    ) -> Self {
        Self { declared_by, conflict, declared_at, note: note.cloned() }
    }
}

/// An approval that was handed to somebody else.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Delegation {
    /// Who.
    pub delegated_by: ActorId,
    /// To whom.
    pub delegated_to: ActorId,
    /// The last day on which it may be used.
    pub until: NaiveDate,
    /// When it was logged.
    pub delegated_at: DateTime<Utc>,
    /// Why, sealed.
    pub reason: Option<FreeText>,
}

/// How an offer went out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// Which version.
    pub version: u32,
    /// The seat of the requisition that it holds.
    pub seat: u32,
    /// The documents that went with it.
    pub documents: Vec<RenderedDocument>,
    /// The approvals that they name.
    pub approved: Vec<ActorId>,
    /// The rules about coming back, evaluated once more.
    pub rechecked: Vec<RuleResult>,
    /// Who extended it.
    pub extended_by: ActorId,
    /// When.
    pub extended_at: DateTime<Utc>,
}

/// An acceptance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// Which version.
    pub version: u32,
    /// Who accepted, or recorded it.
    pub accepted_by: Option<ActorId>,
    /// When.
    pub accepted_at: DateTime<Utc>,
    /// How it came in, where somebody recorded it, sealed.
    pub recorded_for: Option<FreeText>,
}

/// A human answer to a rule that did not pass by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settled {
    /// The answer.
    pub settlement: Settlement,
    /// When.
    pub at: DateTime<Utc>,
}

/// How an offer ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ending {
    /// How.
    pub kind: EndingKind,
    /// When it was recorded.
    pub at: DateTime<Utc>,
    /// Before or after the candidate had accepted.
    pub acceptance: Option<Acceptance>,
    /// Why the candidate declined.
    pub decline_reason: Option<DeclineReason>,
    /// Why the employer took it back.
    pub rescission_reason: Option<RescissionReason>,
    /// Why it fell away with its case.
    pub lapse_cause: Option<LapseCause>,
    /// The clause relied on.
    pub clause: Option<Clause>,
    /// Where the legal opinion lies.
    pub opinion_ref: Option<EvidenceRef>,
    /// Who declined or took it back.
    pub by: Option<ActorId>,
    /// In words, sealed.
    pub words: Option<FreeText>,
}

/// The ways in which an offer ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndingKind {
    /// The candidate declined.
    Declined,
    /// Nobody answered in time.
    Expired,
    /// The employer took it back.
    Rescinded,
    /// It fell away with its case.
    Lapsed,
}

impl Decision {
    pub(super) fn of(what: &OfferEvent, at: DateTime<Utc>) -> Option<Self> {
        use OfferEvent as E;
        let (decision, version, terms_hash, reason_code, by, comment) = match what {
            E::Approved { version, terms_hash, approved_by, comment, .. } => {
                (DecisionKind::Approved, version, terms_hash, None, approved_by, comment.clone())
            }
            E::ApprovalForced { version, terms_hash, forced_by, reason, .. } => {
                (DecisionKind::Forced, version, terms_hash, None, forced_by, Some(reason.clone()))
            }
            E::SentBack { version, terms_hash, sent_back_by, reason_code, comment } => {
                (DecisionKind::SentBack, version, terms_hash, *reason_code, sent_back_by, comment.clone())
            }
            E::Refused { version, terms_hash, refused_by, reason_code, comment } => {
                (DecisionKind::Refused, version, terms_hash, Some(*reason_code), refused_by, comment.clone())
            }
            E::Drafted(_)
            | E::Revised { .. }
            | E::Assessed(_)
            | E::LabourChecked { .. }
            | E::ExceptionRequested { .. }
            | E::ExceptionDecided { .. }
            | E::ApprovalRequested { .. }
            | E::ConflictDeclared { .. }
            | E::ApprovalDelegated { .. }
            | E::Extended(_)
            | E::Accepted { .. }
            | E::Declined { .. }
            | E::Expired { .. }
            | E::RemedyRecorded { .. }
            | E::DocumentRecorded { .. }
            | E::RangeReviewOpened { .. }
            | E::RangeReviewed { .. }
            | E::PayChanged(_)
            | E::OneOffRecorded(_)
            | E::DutiesNoted { .. }
            | E::DutyDone { .. }
            | E::ExplanationRequested { .. }
            | E::ExplanationGiven { .. }
            | E::ExpiryExtended { .. }
            | E::Rescinded { .. }
            | E::Lapsed { .. }
            | E::Settled { .. } => return None,
        };
        Some(Self { decision, version: *version, terms_hash: terms_hash.clone(), reason_code, by: *by, at, comment })
    }
}

/// A check of labour law, and what was answered to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LabourStanding {
    /// The check, with its figures.
    #[serde(flatten)]
    pub check: LabourCheck,
    /// The answer to what it asks.
    pub answer: Option<Settled>,
}

impl LabourStanding {
    /// What stands after it was checked again: what was answered stays answered while the finding is the same, with its figures.
    pub(super) fn checked(known: &[Self], checks: &[LabourCheck]) -> Vec<Self> {
        let same = |check: &LabourCheck| known.iter().find(|one| one.check == *check);
        let standing = |check: &LabourCheck| Self {
            check: check.clone(),
            answer: same(check).and_then(|known| known.answer.clone()),
        };
        checks.iter().map(standing).collect()
    }
}

impl Extension {
    pub(super) fn of(extended: &Extended, approved: Vec<ActorId>, extended_at: DateTime<Utc>) -> Self {
        Self {
            version: extended.version,
            seat: extended.seat,
            documents: extended.documents.clone(),
            approved,
            rechecked: extended.rechecked.clone(),
            extended_by: extended.extended_by,
            extended_at,
        }
    }
}

impl Ending {
    const fn at(kind: EndingKind, at: DateTime<Utc>) -> Self {
        Self {
            kind,
            at,
            acceptance: None,
            decline_reason: None,
            rescission_reason: None,
            lapse_cause: None,
            clause: None,
            opinion_ref: None,
            by: None,
            words: None,
        }
    }

    pub(super) fn of(what: &OfferEvent, at: DateTime<Utc>) -> Option<(State, Self)> {
        use OfferEvent as E;
        match what {
            E::Declined { acceptance, reason_code, declined_by, recorded_for } => {
                let ending = Self {
                    acceptance: Some(*acceptance),
                    decline_reason: Some(*reason_code),
                    by: Some(*declined_by),
                    words: recorded_for.clone(),
                    ..Self::at(EndingKind::Declined, at)
                };
                Some((State::Declined, ending))
            }
            E::Expired { .. } => Some((State::Expired, Self::at(EndingKind::Expired, at))),
            E::Rescinded { acceptance, reason_code, clause, opinion_ref, rescinded_by, note } => {
                let ending = Self {
                    acceptance: Some(*acceptance),
                    rescission_reason: Some(*reason_code),
                    clause: clause.clone(),
                    opinion_ref: opinion_ref.clone(),
                    by: Some(*rescinded_by),
                    words: note.clone(),
                    ..Self::at(EndingKind::Rescinded, at)
                };
                Some((State::Rescinded, ending))
            }
            E::Lapsed { because } => {
                // As the offer itself has it: the candidate went, or the employer ended the case.
                let state = match because {
                    LapseCause::ApplicationWithdrawn | LapseCause::NoShow => State::Declined,
                    LapseCause::ApplicationRejected | LapseCause::RequisitionClosed => State::Rescinded,
                };
                Some((state, Self { lapse_cause: Some(*because), ..Self::at(EndingKind::Lapsed, at) }))
            }
            E::Drafted(_)
            | E::Revised { .. }
            | E::Assessed(_)
            | E::LabourChecked { .. }
            | E::ExceptionRequested { .. }
            | E::ExceptionDecided { .. }
            | E::ApprovalRequested { .. }
            | E::Approved { .. }
            | E::SentBack { .. }
            | E::Refused { .. }
            | E::ApprovalForced { .. }
            | E::ConflictDeclared { .. }
            | E::ApprovalDelegated { .. }
            | E::Extended(_)
            | E::Accepted { .. }
            | E::RemedyRecorded { .. }
            | E::DocumentRecorded { .. }
            | E::RangeReviewOpened { .. }
            | E::RangeReviewed { .. }
            | E::PayChanged(_)
            | E::OneOffRecorded(_)
            | E::DutiesNoted { .. }
            | E::DutyDone { .. }
            | E::ExplanationRequested { .. }
            | E::ExplanationGiven { .. }
            | E::ExpiryExtended { .. }
            | E::Settled { .. } => None,
        }
    }
}
