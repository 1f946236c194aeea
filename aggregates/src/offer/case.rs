//! What a decision about an offer reads of other streams, and of whoever decides.

use chrono::{DateTime, Utc};

use super::{Drafted, OfferError, Priced, RenderedDocument, Terms, TermsHash};
use crate::application::EligibilityResult;
use crate::checks::{Outcome, RuleResult};
use crate::ids::RequisitionId;
use crate::labour::LabourFacts;

/// How far the case of an offer has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// The candidate has not been evaluated.
    Early,
    /// An offer may be made: evaluated, or an earlier offer ended.
    Ready,
    /// An offer is being made.
    Offered,
    /// An offer was accepted.
    Accepted,
    /// It has ended.
    Ended,
}

/// Whether the case waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// It goes on.
    None,
    /// It is on hold.
    OnHold,
}

/// The case of an offer, as it stands when the offer is drafted, revived or extended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplicationFacts {
    /// How far it has come.
    pub case: Case,
    /// Whether it waits.
    pub hold: Hold,
    /// Whether the person may come back: as the case has it, reviews included.
    pub eligibility: EligibilityResult,
    /// The rules about coming back, evaluated once more.
    pub rechecked: Vec<RuleResult>,
    /// Those among them that stand in the way.
    pub open: Vec<RuleResult>,
}

impl ApplicationFacts {
    /// Whether an offer may be drafted, or a refused one revived.
    pub(super) fn admits_an_offer(&self) -> Result<(), OfferError> {
        match self.case {
            Case::Early => Err(OfferError::ApplicationNotEvaluated),
            Case::Offered | Case::Accepted => Err(OfferError::OfferLive),
            Case::Ended => Err(OfferError::ApplicationEnded),
            Case::Ready => self.admits_a_return(),
        }
    }

    /// Whether the offer of the case may go out.
    pub(super) fn admits_extension(&self) -> Result<(), OfferError> {
        match self.case {
            Case::Early => Err(OfferError::ApplicationNotEvaluated),
            Case::Accepted => Err(OfferError::OfferLive),
            Case::Ended => Err(OfferError::ApplicationEnded),
            Case::Ready | Case::Offered => self.admits_a_return(),
        }
    }

    fn admits_a_return(&self) -> Result<(), OfferError> {
        if let Some(rule) = self.open.iter().find(|rule| rule.outcome != Outcome::Pass) {
            let RuleResult { rule, code, basis, .. } = rule.clone();
            return Err(OfferError::NotEligibleAnyMore { rule, code, basis });
        }
        if self.eligibility != EligibilityResult::Eligible {
            let (rule, code) = ("PRV-13".to_owned(), <&str>::from(self.eligibility).to_owned());
            return Err(OfferError::NotEligibleAnyMore { rule, code, basis: None });
        }
        match self.hold {
            Hold::OnHold => Err(OfferError::ApplicationOnHold),
            Hold::None => Ok(()),
        }
    }
}

/// Whether a requisition hires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// It does, or will.
    Open,
    /// It does not any more.
    Closed,
    /// The case is another position's by now.
    Another,
}

impl Position {
    pub(super) const fn admits_an_offer(self) -> Result<(), OfferError> {
        match self {
            Self::Open => Ok(()),
            Self::Closed => Err(OfferError::RequisitionClosed),
            Self::Another => Err(OfferError::ApplicationTransferred),
        }
    }
}

/// An offer that is to be drafted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drafting {
    /// The offer; who drafts it is told by the command.
    pub drafted: Drafted,
    /// How its case stands.
    pub application: ApplicationFacts,
    /// Whether the requisition hires.
    pub position: Position,
    /// What its pay is assessed by; none under pay policy 0.
    pub priced: Option<Box<Priced>>,
    /// What labour law asks of it is checked by this.
    pub labour: Option<Box<LabourFacts>>,
}

/// Terms and expiry that are to be stated anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// The terms that they are made from.
    pub seen: Seen,
    /// The terms, whole.
    pub terms: Terms,
    /// Their hash.
    pub terms_hash: TermsHash,
    /// The first instant at which it cannot be accepted any more.
    pub expires_at: DateTime<Utc>,
    /// How the case stands, which a refused offer is revived by.
    pub application: ApplicationFacts,
    /// Whether the requisition hires.
    pub position: Position,
    /// What its pay is assessed by; none under pay policy 0.
    pub priced: Option<Box<Priced>>,
    /// What labour law asks of it is checked by this.
    pub labour: Option<Box<LabourFacts>>,
}

/// What somebody had before their eyes when they decided: nobody approves what they did not see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// They named the hash of the terms.
    Terms(TermsHash),
    /// They named the version of the stream, which the ledger compares when it records.
    Version,
}

/// The documents of an offer, and the terms that they were rendered from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pack {
    /// The hash of those terms.
    pub terms_hash: TermsHash,
    /// The documents.
    pub documents: Vec<RenderedDocument>,
}

/// With which authority somebody takes an offer back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rescinder {
    /// As a recruiter: before the candidate accepted.
    Recruiter,
    /// As an executive: also after.
    Executive,
}

/// The claim on terms that were refused: by the application and their hash, for ever (PAY-26).
pub const REFUSED_TERMS: &str = "refused_terms";

/// The key of the claim `seat`: the seats of a requisition are numbered from 1.
pub fn seat_key(requisition: RequisitionId, seat: u32) -> String {
    format!("{requisition}/{seat}")
}
