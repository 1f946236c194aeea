//! What a referral's document is made of.

use aggregates::checks::{self, CheckAnswer, RuleResult, Settlement};
use aggregates::ids::{ActorId, ReferralId};
use aggregates::referral::{DuplicateCause, HiredVia, OutcomeReason};
use aggregates::values::{Clause, EvidenceRef, FreeText};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::model::Recorded;

/// How far a referral has come.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr, strum::EnumString, strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum State {
    /// The candidate has not agreed.
    AwaitingCandidate,
    /// It owns the candidate.
    Owned,
    /// An earlier record may stand before it.
    HeldAsDuplicate,
    /// An application is credited to it.
    InProcess,
    /// The candidate was hired.
    Hired,
    /// The candidate was not hired.
    NotHired,
    /// The candidate did not wish it.
    Declined,
    /// The referrer took it back.
    Withdrawn,
    /// The candidate did not answer, or nothing came of it in time.
    Expired,
    /// An earlier record stands.
    RefusedDuplicate,
    /// A rule bars it.
    Blocked,
}

/// A rule's latest finding, and what was answered to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Check {
    /// The rule's id.
    pub rule: String,
    /// What it says.
    pub outcome: checks::Outcome,
    /// The finding.
    pub code: String,
    /// The clause or law behind it.
    pub basis: Option<Clause>,
    /// How it was answered.
    pub settled: Option<Settled>,
    /// Whether the missing fact is as the rule wants it.
    pub answer: Option<CheckAnswer>,
    /// Where the evidence or the opinion lies.
    pub evidence_ref: Option<EvidenceRef>,
    /// The last day on which an opinion may be relied on.
    pub valid_until: Option<NaiveDate>,
    /// Why it went on all the same, in words, sealed.
    pub reason: Option<FreeText>,
    /// Who answered.
    pub settled_by: Option<ActorId>,
    /// When.
    pub settled_at: Option<DateTime<Utc>>,
}

/// How a rule was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Settled {
    /// A HOLD.
    Answered,
    /// A WARN.
    Acknowledged,
    /// A LEGAL.
    LegalOpinion,
}

impl Check {
    /// Takes in a finding: the latest counts, and an answer stays while the finding is the same.
    pub(super) fn evaluate(checks: &mut Vec<Self>, result: &RuleResult) {
        let RuleResult { rule, outcome, code, basis } = result.clone();
        let same = |check: &Self| check.outcome == outcome && check.code == code && check.basis == basis;
        let at = checks.partition_point(|check| check.rule < rule);
        if checks.get(at).is_some_and(|check| check.rule == rule) {
            if same(&checks[at]) {
                return;
            }
            checks.remove(at);
        }
        checks.insert(at, Self::found(rule, outcome, code, basis));
    }

    const fn found(rule: String, outcome: checks::Outcome, code: String, basis: Option<Clause>) -> Self {
        Self {
            rule,
            outcome,
            code,
            basis,
            settled: None,
            answer: None,
            evidence_ref: None,
            valid_until: None,
            reason: None,
            settled_by: None,
            settled_at: None,
        }
    }

    /// Before an evaluation of somebody else: what was found of whoever these rules were about goes, and so does every
    /// answer; where nothing was evaluated, the answers alone.
    pub(super) fn forget(checks: &mut Vec<Self>, about: &[&str], results: &[RuleResult]) {
        let concerned = |check: &Self| about.contains(&check.rule.as_str());
        if !results.is_empty() {
            checks.retain(|check| !concerned(check));
        }
        for check in checks.iter_mut().filter(|check| concerned(check)) {
            let Self { rule, outcome, code, basis, .. } = check.clone();
            *check = Self::found(rule, outcome, code, basis);
        }
    }

    /// Takes in a human answer.
    pub(super) fn settle(checks: &mut [Self], settlement: &Settlement, event: &Recorded) {
        let Some(check) = checks.iter_mut().find(|check| check.rule == settlement.rule()) else { return };
        (check.answer, check.evidence_ref, check.valid_until, check.reason) = (None, None, None, None);
        check.settled_at = Some(event.recorded_at);
        match settlement {
            Settlement::Answered { answer, evidence_ref, by, .. } => {
                check.settled = Some(Settled::Answered);
                check.answer = Some(*answer);
                check.evidence_ref = Some(evidence_ref.clone());
                check.settled_by = Some(*by);
            }
            Settlement::Acknowledged { reason, by, .. } => {
                check.settled = Some(Settled::Acknowledged);
                check.reason = Some(reason.clone());
                check.settled_by = Some(*by);
            }
            Settlement::LegalOpinion { opinion_ref, valid_until, by, .. } => {
                check.settled = Some(Settled::LegalOpinion);
                check.evidence_ref = Some(opinion_ref.clone());
                check.valid_until = Some(*valid_until);
                check.settled_by = Some(*by);
            }
        }
    }
}

/// An earlier record that may stand before a referral. Never shown to the referrer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Duplicate {
    /// Which record.
    pub because: DuplicateCause,
    /// The other referral.
    pub earlier: Option<ReferralId>,
    /// When it was noticed.
    pub at: DateTime<Utc>,
    /// How it was decided.
    pub decided: Option<Decided>,
    /// Who decided.
    pub decided_by: Option<ActorId>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
    /// Why, in words, sealed.
    pub note: Option<FreeText>,
}

/// How a duplicate was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decided {
    /// The referral owns the candidate all the same.
    Granted,
    /// The earlier record stands.
    Refused,
}

impl Duplicate {
    pub(super) const fn held(because: DuplicateCause, earlier: Option<ReferralId>, event: &Recorded) -> Self {
        let (decided, decided_by, decided_at, note) = (None, None, None, None);
        Self { because, earlier, at: event.recorded_at, decided, decided_by, decided_at, note }
    }
}

/// A change of credit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reassignment {
    /// Who had it.
    pub from: ActorId,
    /// Who got it.
    pub to: ActorId,
    /// What allows it.
    pub clause: Clause,
    /// Who decided.
    pub by: ActorId,
    /// When.
    pub at: DateTime<Utc>,
    /// Why, in words, sealed.
    pub note: Option<FreeText>,
}

/// A hire that a referral led to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hire {
    /// How it came about.
    pub via: HiredVia,
    /// The employee number.
    pub employee_number: Option<String>,
    /// The entity.
    pub legal_entity: String,
    /// First day.
    pub started_on: Option<NaiveDate>,
    /// When it was recorded.
    pub at: DateTime<Utc>,
}

/// That a candidate was not hired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The coded reason.
    pub reason_code: OutcomeReason,
    /// Who recorded it.
    pub by: ActorId,
    /// When.
    pub at: DateTime<Utc>,
}

/// How a referral ended without a hire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    /// When.
    pub at: DateTime<Utc>,
    /// The rule that bars it.
    pub rule: Option<String>,
    /// The law or clause behind the rule.
    pub basis: Option<Clause>,
    /// The finding.
    pub code: Option<String>,
}

impl Ending {
    pub(super) const fn at(event: &Recorded) -> Self {
        Self { at: event.recorded_at, rule: None, basis: None, code: None }
    }
}
