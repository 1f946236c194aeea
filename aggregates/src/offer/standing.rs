//! What stands about an offer that was drafted.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::case::REFUSED_TERMS;
use super::{
    APPROVAL_DAYS, Acceptance, Assessed, AssessedOffer, ConflictKind, DeclineReason, Documents, Drafted, Duties,
    ExceptionDecision, LapseCause, OfferError, OfferEvent, OneOffPayment, PAY_POLICY, PayException, REMEDY,
    RangeReview, Remedied, RenderedDocument, RescissionReason, SPLIT, StandingException, Terms, TermsHash, seat_key,
};
use crate::checks::Checks;
use crate::ids::{ActorId, ApplicationId, MemberId, PersonId, RequisitionId};
use crate::labour::{self, LabourCheck, LabourFacts};
use crate::pay::{EQUAL_TREATMENT, EVERY_YEAR, Tier};
use crate::requisition::Line;
use crate::stream::Claim;
use crate::values::Money;

/// An offer that was drafted, whatever became of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// The case.
    pub application_id: ApplicationId,
    /// The position.
    pub requisition_id: RequisitionId,
    /// The human being.
    pub person_id: PersonId,
    /// Their membership.
    pub member_id: MemberId,
    /// The account that bears it, which alone may answer.
    pub account: ActorId,
    /// The entity that employs.
    pub legal_entity: String,
    /// Who leads the case.
    pub line: Line,
    /// Who referred the candidate.
    pub referrer: Option<ActorId>,
    /// Which version of the terms, from 1.
    pub version: u32,
    /// The terms.
    pub terms: Terms,
    /// Their hash.
    pub terms_hash: TermsHash,
    /// The first instant at which it cannot be accepted any more.
    pub expires_at: DateTime<Utc>,
    /// The version of the pay policy.
    pub pay_policy: String,
    /// How the pay of this version was assessed; none under pay policy 0.
    pub assessed: Option<Box<AssessedOffer>>,
    /// The last grade whose band an earlier version went above: from there another grade is given on evidence alone.
    pub outgrown: Option<String>,
    /// The exception that was asked for, for this version.
    pub exception: Option<Box<StandingException>>,
    /// Who drafted it.
    pub drafted_by: ActorId,
    /// Everybody who drafted, revised, had it measured anew, or asked for an exception or for approval.
    pub proposers: BTreeSet<ActorId>,
    /// How many distinct people have to approve.
    pub approvals_needed: u32,
    /// Who asked for the approval that stands.
    pub requested_by: Option<ActorId>,
    /// The approvals of the terms that stand.
    pub approvals: Vec<Approval>,
    /// Who stepped aside, and why.
    pub conflicts: BTreeMap<ActorId, ConflictKind>,
    /// Approvals that were handed to somebody else.
    pub delegations: Vec<Delegation>,
    /// Terms that were refused.
    pub refused: BTreeSet<TermsHash>,
    /// The seat of the requisition that it holds.
    pub seat: Option<u32>,
    /// The documents that went out.
    pub documents: Vec<RenderedDocument>,
    /// Who accepted, or recorded it.
    pub accepted_by: Option<ActorId>,
    /// What of the plan to remedy was carried out.
    pub remedied: Vec<Remedied>,
    /// What is to be filed and done since whoever came back has started.
    pub duties: Option<Duties>,
    /// What they hand in, and what of it came in; none where nothing is asked for.
    pub hands_in: Option<Box<Documents>>,
    /// The look at the pay range of the role that the exception brought about.
    pub range_review: Option<Box<RangeReview>>,
    /// What whoever came back was paid once.
    pub paid_once: Vec<OneOffPayment>,
    /// By when a question of the candidate is to be answered; none where no question waits.
    pub answer_by: Option<NaiveDate>,
    /// The last base that counts as part of the offer (PAY-27), where another one was seen within the six months.
    pub counted: Option<Money>,
    /// What whoever came back earned last, and the day of which that is known.
    pub tracked: Option<(NaiveDate, Money)>,
    /// The rules that bear on it.
    pub checks: Checks,
    /// What labour law asks of it. Only a bar stands in the way.
    pub labour: Checks,
    /// The same with its figures, as it was checked last.
    pub labour_checks: Vec<LabourCheck>,
    /// When that was checked first: since then coming back is being agreed.
    pub labour_since: Option<NaiveDate>,
    /// How far it has come.
    pub phase: Phase,
}

/// How far an offer has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    /// Being drafted.
    Drafting,
    /// An exception from the pay policy waits for its decision.
    ExceptionPending,
    /// Waits for approval.
    AwaitingApproval,
    /// Approved.
    Approved,
    /// The candidate has it.
    Extended,
    /// The candidate accepted.
    Accepted,
    /// An approver refused it; other terms revive it.
    Refused,
    /// It has ended.
    Ended(Ending),
}

impl Phase {
    /// The state's name as the API shows it.
    pub const fn state(self) -> &'static str {
        match self {
            Self::Drafting => "drafting",
            Self::ExceptionPending => "exception_pending",
            Self::AwaitingApproval => "awaiting_approval",
            Self::Approved => "approved",
            Self::Extended => "extended",
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::Ended(ending) => ending.state(),
        }
    }

    /// Whether the offer is on its way out, and its terms may still be measured by other facts.
    pub const fn is_open(self) -> bool {
        match self {
            Self::Drafting | Self::ExceptionPending | Self::AwaitingApproval | Self::Approved => true,
            Self::Extended | Self::Accepted | Self::Refused | Self::Ended(_) => false,
        }
    }

    /// Whether the offer is on its way to an answer.
    pub const fn is_live(self) -> bool {
        match self {
            Self::Drafting | Self::ExceptionPending | Self::AwaitingApproval | Self::Approved | Self::Extended => true,
            Self::Accepted | Self::Refused | Self::Ended(_) => false,
        }
    }
}

/// How an offer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr, strum::Display)]
#[strum(serialize_all = "snake_case")]
pub enum Ending {
    /// The candidate declined.
    Declined {
        /// Before or after they had accepted.
        acceptance: Acceptance,
        /// The coded reason.
        reason_code: DeclineReason,
    },
    /// Nobody answered in time.
    Expired,
    /// The employer took it back.
    Rescinded {
        /// Before or after the candidate had accepted.
        acceptance: Acceptance,
        /// The coded reason.
        reason_code: RescissionReason,
    },
    /// It fell away with its case.
    Lapsed {
        /// Why.
        because: LapseCause,
    },
}

impl Ending {
    /// The state's name as the API shows it: what fell away with its case was declined where the candidate went, and
    /// rescinded where the employer ended the case.
    pub const fn state(self) -> &'static str {
        match self {
            Self::Declined { .. } | Self::Lapsed { because: LapseCause::ApplicationWithdrawn | LapseCause::NoShow } => {
                "declined"
            }
            Self::Expired => "expired",
            Self::Rescinded { .. }
            | Self::Lapsed { because: LapseCause::ApplicationRejected | LapseCause::RequisitionClosed } => "rescinded",
        }
    }

    /// The end that an event is, if it is one.
    pub(super) const fn of(event: &OfferEvent) -> Option<Self> {
        use OfferEvent as E;
        match event {
            E::Declined { acceptance, reason_code, .. } => {
                Some(Self::Declined { acceptance: *acceptance, reason_code: *reason_code })
            }
            E::Expired { .. } => Some(Self::Expired),
            E::Rescinded { acceptance, reason_code, .. } => {
                Some(Self::Rescinded { acceptance: *acceptance, reason_code: *reason_code })
            }
            E::Lapsed { because } => Some(Self::Lapsed { because: *because }),
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

/// An approval of the terms that stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Who.
    pub by: ActorId,
    /// Whose approval it stands for, where it was delegated.
    pub delegated_by: Option<ActorId>,
    /// In which role; `executive` where it was forced.
    pub role: String,
    /// What allows it to stand for those who are missing.
    pub forced: Option<String>,
    /// The local day.
    pub on: Option<NaiveDate>,
}

/// An approval that was handed to somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delegation {
    /// Who.
    pub by: ActorId,
    /// To whom.
    pub to: ActorId,
    /// The last day on which it may be used.
    pub until: NaiveDate,
}

/// What nobody answers who proposed the offer: that pay stands beside that of regular workers (PAY-01), that there is no band,
/// that what is paid every year beside the base is much, that the offer was not split (PAY-27), that an overdue plan may wait
/// (PAY-28). Each is answered of one assessment, and asked again with the next.
pub(super) const BY_ANOTHER: [&str; 5] = [SPLIT, REMEDY, EQUAL_TREATMENT, EVERY_YEAR, NO_BAND];
/// The rule that asks for a band: the ratio that needs one.
const NO_BAND: &str = "RP";

impl Standing {
    /// No finding of the assessment waits for its answer, nor was answered against the offer since. Of what is not assessed any
    /// more no finding stands.
    pub(super) fn nothing_is_open(&self, on: NaiveDate) -> Result<(), OfferError> {
        if self.assessed.is_none() {
            return Ok(());
        }
        self.checks.open(on).into_iter().next().map_or(Ok(()), |open| Err(OfferError::open(open)))
    }

    /// What labour law asks by these facts, were it checked on a day.
    pub fn labour_by(&self, facts: &LabourFacts, on: NaiveDate) -> Vec<LabourCheck> {
        labour::checks(facts, &self.terms, self.labour_since.unwrap_or(on))
    }

    /// What stands of the answers, once these checks have been made: an answer is to the finding with its figures.
    pub(super) fn labour_with(&self, checks: &[LabourCheck]) -> Checks {
        let mut stands = self.labour.clone();
        stands.only(checks.iter().filter(|check| self.labour_checks.contains(check)).map(|check| &check.result));
        stands.only(checks.iter().map(|check| &check.result));
        stands
    }

    pub(super) fn drafted(drafted: Drafted) -> Self {
        Self {
            application_id: drafted.application_id,
            requisition_id: drafted.requisition_id,
            person_id: drafted.person_id,
            member_id: drafted.member_id,
            account: drafted.account,
            legal_entity: drafted.legal_entity,
            line: drafted.line,
            referrer: drafted.referrer,
            version: 1,
            terms: drafted.terms,
            terms_hash: drafted.terms_hash,
            expires_at: drafted.expires_at,
            pay_policy: drafted.pay_policy,
            assessed: None,
            outgrown: None,
            exception: None,
            drafted_by: drafted.drafted_by,
            proposers: BTreeSet::from([drafted.drafted_by]),
            approvals_needed: 0,
            requested_by: None,
            approvals: Vec::new(),
            conflicts: BTreeMap::new(),
            delegations: Vec::new(),
            refused: BTreeSet::new(),
            seat: None,
            documents: Vec::new(),
            accepted_by: None,
            remedied: Vec::new(),
            duties: None,
            hands_in: None,
            range_review: None,
            paid_once: Vec::new(),
            answer_by: None,
            counted: None,
            tracked: None,
            checks: Checks::default(),
            labour: Checks::default(),
            labour_checks: Vec::new(),
            labour_since: None,
            phase: Phase::Drafting,
        }
    }

    pub(super) fn after(mut self, event: OfferEvent) -> Self {
        use OfferEvent as E;
        if let Some(ending) = Ending::of(&event) {
            self.phase = Phase::Ended(ending);
            self.seat = None;
            return self;
        }
        match event {
            E::Revised { version, terms, terms_hash, expires_at, changed, revised_by } => {
                self.version = version;
                self.terms = *terms;
                self.terms_hash = terms_hash;
                self.expires_at = expires_at;
                self.proposers.insert(revised_by);
                if !changed.is_empty() {
                    self.draft_anew();
                    self.unassessed();
                }
            }
            E::Assessed(assessed) => self.is_assessed(*assessed),
            E::LabourChecked { on, checks, .. } => self.checked(on, checks),
            E::ExceptionRequested { terms_hash, exception, requested_by, .. } => {
                self.exception_asked(*exception, requested_by, terms_hash);
            }
            E::ExceptionDecided { terms_hash, decision, decided_by, .. } => {
                self.excepted(terms_hash, decision, decided_by);
            }
            E::ApprovalRequested { approvals_needed, requested_by, .. } => {
                self.phase = Phase::AwaitingApproval;
                self.approvals_needed = approvals_needed;
                self.requested_by = Some(requested_by);
                self.proposers.insert(requested_by);
                self.approvals.clear();
            }
            E::Approved { approved_by, role, delegated_by, approved_on, .. } => {
                self.approvals.push(Approval { by: approved_by, delegated_by, role, forced: None, on: approved_on });
                if self.approvals.len() >= usize::try_from(self.approvals_needed).unwrap_or(usize::MAX) {
                    self.phase = Phase::Approved;
                }
            }
            E::ApprovalForced { forced_by, authority, approved_on, .. } => {
                let (role, forced) = ("executive".to_owned(), Some(authority));
                self.approvals.push(Approval { by: forced_by, delegated_by: None, role, forced, on: approved_on });
                self.phase = Phase::Approved;
            }
            E::SentBack { .. } => self.draft_anew(),
            E::Refused { terms_hash, .. } => {
                self.draft_anew();
                self.refused.insert(terms_hash);
                self.phase = Phase::Refused;
            }
            E::ConflictDeclared { declared_by, conflict, .. } => {
                self.conflicts.insert(declared_by, conflict);
            }
            E::ApprovalDelegated { delegated_by, delegated_to, until, .. } => {
                self.delegations.push(Delegation { by: delegated_by, to: delegated_to, until });
            }
            E::Extended(extended) => {
                self.phase = Phase::Extended;
                self.seat = Some(extended.seat);
                self.expires_at = extended.expires_at;
                self.documents = extended.documents;
                self.checks.evaluated(&extended.rechecked);
            }
            E::Accepted { accepted_by, hands_in, .. } => {
                self.phase = Phase::Accepted;
                self.hands_in = hands_in.map(|due| Box::new(Documents::asked(*due)));
                self.accepted_by = Some(accepted_by);
            }
            E::RemedyRecorded { remedied, .. } => self.remedied.push(remedied),
            E::DocumentRecorded { document, .. } => {
                self.hands_in = self.hands_in.take().map(|asked| Box::new(asked.with(document)));
            }
            E::RangeReviewOpened { role, due_on, .. } => {
                self.range_review = Some(Box::new(RangeReview { role, due_on, done: None }));
            }
            E::RangeReviewed { reviewed, .. } => {
                self.range_review.iter_mut().for_each(|review| review.done = Some(reviewed.clone()));
            }
            E::PayChanged(change) => {
                self.checks.evaluated(change.retest.iter().map(|retest| &retest.rule));
                if change.retest.is_some() {
                    self.counted = Some(change.base.clone());
                }
                self.tracked = Some((change.as_of, change.base));
            }
            E::DutiesNoted { started_on, due } => self.duties = Some(Duties { started_on, due, done: Vec::new() }),
            E::DutyDone { done, .. } => self.duties = self.duties.take().map(|duties| duties.with(done)),
            E::OneOffRecorded(paid) => {
                self.checks.evaluated(paid.retest.iter().map(|retest| &retest.rule));
                self.paid_once.push(paid.payment);
            }
            E::ExplanationRequested { answer_by, .. } => self.answer_by = Some(answer_by),
            E::ExplanationGiven { .. } => self.answer_by = None,
            E::ExpiryExtended { expires_at, .. } => self.expires_at = expires_at,
            E::Settled { settlement } => self.checks_of(settlement.rule()).settled(&settlement),
            // History cannot be refused: what does not fit changes nothing.
            E::Drafted(_) | E::Declined { .. } | E::Expired { .. } | E::Rescinded { .. } | E::Lapsed { .. } => {}
        }
        self
    }

    fn is_assessed(&mut self, assessed: Assessed) {
        self.draft_anew();
        self.unassessed();
        self.terms_hash.clone_from(&assessed.terms_hash);
        self.checks.only(&assessed.assessment.rules);
        self.checks.ask_again(&BY_ANOTHER);
        self.proposers.extend(assessed.proposed_by);
        if assessed.assessment.tier == Tier::E {
            self.outgrown = Some(self.terms.grade.clone());
        }
        let assessed = AssessedOffer::of(assessed);
        self.pay_policy = assessed.policy();
        self.assessed = Some(Box::new(assessed));
    }

    fn exception_asked(&mut self, exception: PayException, requested_by: ActorId, terms_hash: TermsHash) {
        self.phase = Phase::ExceptionPending;
        self.terms_hash.clone_from(&terms_hash);
        self.proposers.insert(requested_by);
        let (granted, decided_by) = (false, None);
        self.exception = Some(Box::new(StandingException { exception, requested_by, granted, decided_by, terms_hash }));
    }

    fn excepted(&mut self, terms_hash: TermsHash, decision: ExceptionDecision, decided_by: ActorId) {
        self.phase = Phase::Drafting;
        match decision {
            ExceptionDecision::Granted => {
                if let Some(exception) = &mut self.exception {
                    (exception.granted, exception.decided_by) = (true, Some(decided_by));
                }
            }
            ExceptionDecision::Refused => {
                self.exception = None;
                self.refused.insert(terms_hash);
            }
        }
    }

    /// What labour law asks of the version that stands.
    fn checked(&mut self, on: NaiveDate, checks: Vec<LabourCheck>) {
        self.labour_since.get_or_insert(on);
        self.labour = self.labour_with(&checks);
        self.labour_checks = checks;
    }

    /// The checks that a rule belongs to.
    fn checks_of(&mut self, rule: &str) -> &mut Checks {
        if self.labour.knows(rule) { &mut self.labour } else { &mut self.checks }
    }

    /// Nothing of what was approved stands any more, and the candidate does not have it.
    fn draft_anew(&mut self) {
        self.phase = Phase::Drafting;
        self.approvals.clear();
        self.requested_by = None;
        self.seat = None;
        self.documents.clear();
    }

    /// What was assessed and excepted was of other terms.
    fn unassessed(&mut self) {
        PAY_POLICY.clone_into(&mut self.pay_policy);
        self.assessed = None;
        self.exception = None;
    }

    /// The last day on which the offer may go out on its approvals (PAY-22); none where a day is not known.
    pub fn approved_until(&self) -> Option<NaiveDate> {
        let first = self.approvals.iter().filter_map(|approval| approval.on).min()?;
        first.checked_add_days(Days::new(APPROVAL_DAYS))
    }

    pub(super) fn claims(&self, id: Uuid, event: &OfferEvent) -> Vec<Claim> {
        let live = || self.application_id.to_string();
        let seat = |seat: u32| seat_key(self.requisition_id, seat);
        let freed = self.seat.map(|number| Claim::release("seat", seat(number), self.application_id.0));
        let taken = match (self.phase, event) {
            (_, event) if Ending::of(event).is_some() || matches!(event, OfferEvent::Refused { .. }) => {
                freed.into_iter().chain([Claim::release("live_offer", live(), id)]).collect()
            }
            (_, OfferEvent::Extended(extended)) => {
                vec![Claim::take("seat", seat(extended.seat), self.application_id.0)]
            }
            (Phase::Refused, OfferEvent::Revised { changed, .. }) if !changed.is_empty() => {
                vec![Claim::take("live_offer", live(), id)]
            }
            (Phase::Extended, OfferEvent::Revised { changed, .. }) if !changed.is_empty() => {
                freed.into_iter().collect()
            }
            (_, _) => Vec::new(),
        };
        taken.into_iter().chain(self.refusal(id, event)).collect()
    }

    /// What was refused is refused in every offer of the case (PAY-26).
    fn refusal(&self, id: Uuid, event: &OfferEvent) -> Option<Claim> {
        use OfferEvent as E;
        let key = |terms_hash: &TermsHash| format!("{}/{terms_hash}", self.application_id);
        if let E::Refused { terms_hash, .. }
        | E::ExceptionDecided { terms_hash, decision: ExceptionDecision::Refused, .. } = event
        {
            Some(Claim::take(REFUSED_TERMS, key(terms_hash), id))
        } else if let E::ExceptionRequested { terms_hash, .. } | E::ApprovalRequested { terms_hash, .. } = event {
            Some(Claim::probe(REFUSED_TERMS, key(terms_hash), id))
        } else {
            None
        }
    }
}
