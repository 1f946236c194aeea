//! What follows once an offer was excepted from or accepted: looks, documents, duties, questions and remedies.

use aggregates::ids::ActorId;
use aggregates::offer::{
    DocumentOutcome, DocumentsDue, DutyDone, DutyDue, DutyOutcome, HandedIn, PayRole, RangeOutcome, RangeReviewed,
    Remedied,
};
use aggregates::pay::RegularComparison;
use aggregates::programme_policy::RequiredDocument;
use aggregates::values::{EvidenceRef, FreeText};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// Something that is to be filed or done since whoever came back has started (LAB-11).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DutyStanding {
    /// What, and by when.
    #[serde(flatten)]
    pub due: DutyDue,
    /// How it was seen to.
    pub outcome: Option<DutyOutcome>,
    /// When.
    pub done_on: Option<NaiveDate>,
    /// Where the receipt, the certificate, or the reason lies.
    pub evidence_ref: Option<EvidenceRef>,
    /// Who recorded it.
    pub recorded_by: Option<ActorId>,
}

impl DutyStanding {
    pub(super) const fn waits(due: DutyDue) -> Self {
        Self { due, outcome: None, done_on: None, evidence_ref: None, recorded_by: None }
    }

    pub(super) fn is_done(&mut self, done: &DutyDone, recorded_by: ActorId) {
        (self.done_on, self.recorded_by) = (Some(done.done_on), Some(recorded_by));
        (self.outcome, self.evidence_ref) = (Some(done.outcome), Some(done.evidence_ref.clone()));
    }
}

/// A look at the pay range of a role, because it was excepted from twice within a year. Its words are in the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RangeReview {
    /// Of which role.
    #[serde(flatten)]
    pub role: PayRole,
    /// How many exceptions stood when it was opened.
    pub exceptions: u32,
    /// The day on which the first of them was granted.
    pub since: NaiveDate,
    /// The last day to look.
    pub due_on: NaiveDate,
    /// What came of it.
    pub outcome: Option<RangeOutcome>,
    /// Where the review lies.
    pub evidence_ref: Option<EvidenceRef>,
    /// Who recorded it.
    pub recorded_by: Option<ActorId>,
    /// When.
    pub recorded_at: Option<DateTime<Utc>>,
}

impl RangeReview {
    pub(crate) const fn opened(role: PayRole, exceptions: u32, since: NaiveDate, due_on: NaiveDate) -> Self {
        let (outcome, evidence_ref, recorded_by, recorded_at) = (None, None, None, None);
        Self { role, exceptions, since, due_on, outcome, evidence_ref, recorded_by, recorded_at }
    }

    pub(crate) fn is_done(&mut self, reviewed: &RangeReviewed, recorded_by: ActorId, at: DateTime<Utc>) {
        (self.outcome, self.recorded_by) = (Some(reviewed.outcome), Some(recorded_by));
        (self.evidence_ref, self.recorded_at) = (Some(reviewed.evidence_ref.clone()), Some(at));
    }
}

/// What whoever comes back hands in by their first day (入社時提出書類).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HandsIn {
    /// The version of the programme policy that lays it down.
    pub programme: String,
    /// The last day.
    pub due_on: NaiveDate,
    /// Each document.
    pub documents: Vec<DocumentStanding>,
}

/// A document that is to be handed in, and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DocumentStanding {
    /// Which.
    #[serde(flatten)]
    pub document: RequiredDocument,
    /// What became of it.
    pub outcome: Option<DocumentOutcome>,
    /// When.
    pub on: Option<NaiveDate>,
    /// Where it lies, or where the reason lies.
    pub evidence_ref: Option<EvidenceRef>,
    /// Who recorded it.
    pub recorded_by: Option<ActorId>,
}

impl HandsIn {
    pub(super) fn asked(due: &DocumentsDue) -> Self {
        let waits = |document: &RequiredDocument| DocumentStanding {
            document: document.clone(),
            outcome: None,
            on: None,
            evidence_ref: None,
            recorded_by: None,
        };
        let documents = due.documents.iter().map(waits).collect();
        Self { programme: due.programme.clone(), due_on: due.due_on, documents }
    }

    pub(super) fn came_in(&mut self, document: &HandedIn, recorded_by: ActorId) {
        for one in self.documents.iter_mut().filter(|one| one.document.code == document.code) {
            (one.outcome, one.on) = (Some(document.outcome), Some(document.on));
            (one.evidence_ref, one.recorded_by) = (Some(document.evidence_ref.clone()), Some(recorded_by));
        }
    }
}

/// What the candidate asked about their conditions, and what they were answered (PAY-02).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Explained {
    /// Who asked, or recorded it.
    pub requested_by: Option<ActorId>,
    /// When.
    pub requested_at: DateTime<Utc>,
    /// The last day to answer.
    pub answer_by: NaiveDate,
    /// What they asked.
    pub question: Option<FreeText>,
    /// How it came in, where somebody recorded it for the person.
    pub recorded_for: Option<FreeText>,
    /// The answer.
    pub answered: Option<Explanation>,
}

impl Explained {
    pub(super) fn asked(
        (requested_by, requested_at): (ActorId, DateTime<Utc>),
        answer_by: NaiveDate,
        question: Option<&FreeText>,
        recorded_for: Option<&FreeText>,
    ) -> Self {
        let (question, recorded_for) = (question.cloned(), recorded_for.cloned());
        let requested_by = Some(requested_by);
        Self { requested_by, requested_at, answer_by, question, recorded_for, answered: None }
    }
}

/// An answer to a question about conditions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Explanation {
    /// Who answered.
    pub given_by: ActorId,
    /// In which role.
    pub role: String,
    /// When.
    pub given_at: DateTime<Utc>,
    /// What they said.
    pub answer: Option<FreeText>,
    /// The conditions beside regular workers.
    pub comparison: Option<RegularComparison>,
}

/// What of a plan to remedy was carried out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RemedyDone {
    /// What.
    #[serde(flatten)]
    pub remedied: Remedied,
    /// Who recorded it.
    pub recorded_by: ActorId,
    /// When.
    pub at: DateTime<Utc>,
}
