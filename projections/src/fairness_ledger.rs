//! The fairness ledger (公正性台帳): every pay decision, with what it rested on, what was found, who excepted and approved it.
//! An offer under pay policy 0 stands here as not assessed.
//! Folds `offer.*`, and `person.erased` to drop what is destroyed. Serves `GET /v1/fairness-ledger`.

use std::collections::BTreeSet;

use aggregates::catalogue::HrEvent;
use aggregates::ids::{ActorId, ApplicationId, OfferId, PersonId, RequisitionId};
use aggregates::offer::{
    Assessed, Drafted, Ending, ExceptionDecision, ExceptionReason, OfferEvent, PAY_POLICY, PaidOnce, PayAssessment,
    PayChange, PayException, Remedied, RemedyPlan, TermsHash, is_exception,
};
use aggregates::pay::{
    AfterPricing, BandUsed, Exclusion, Fired, Fraction, OfferedPay, Ratios, Scope, Seat, StayerSet, Tier,
};
use aggregates::pay_policy::policy_version;
use aggregates::person::PersonEvent;
use aggregates::personal::RecordClass;
use aggregates::values::{Clause, EvidenceRef, Money};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use strum::IntoEnumIterator as _;

use crate::model::{DocumentId, ReadModel, Recorded, Route};
use crate::offers::{RangeReview, State};
use crate::parts::{Erasure, keep, position_key};
use crate::subject::all_about_them;

/// A pay decision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PayDecision {
    /// The offer.
    pub id: OfferId,
    /// How far the offer has come.
    pub state: State,
    /// The stream's last sequence.
    pub version: i64,
    /// The case.
    pub application_id: ApplicationId,
    /// The position.
    pub requisition_id: RequisitionId,
    /// The human being.
    pub person_id: PersonId,
    /// The entity that employs.
    pub legal_entity: String,
    /// The unit that approves it.
    pub unit: Option<String>,
    /// Which version of the terms stands, from 1.
    pub terms_version: u32,
    /// The hash of everything that is approved.
    pub terms_hash: TermsHash,
    /// The base that is offered.
    pub base: Option<Money>,
    /// Whether it was assessed.
    pub assessment: PayAssessment,
    /// The version of the pay policy.
    pub pay_policy: String,
    /// The tier; lists filter by it.
    pub tier: Option<Tier>,
    /// What was found.
    pub finding: Option<Finding>,
    /// The exception that was asked for.
    pub exception: Option<Exception>,
    /// Whether a plan to remedy is owed, once the offer is accepted; lists filter by it.
    pub remedy: Option<RemedyState>,
    /// By when.
    pub remedy_due_on: Option<NaiveDate>,
    /// What of it was carried out, oldest first.
    pub remedied: Vec<Remedied>,
    /// What the base became of whoever came back on it, oldest first (PAY-27).
    pub pay_changes: Vec<PayChange>,
    /// What whoever came back on it was paid once, oldest first (PAY-27).
    pub paid_once: Vec<PaidOnce>,
    /// The look at the pay range of the role that the exception brought about.
    pub range_review: Option<RangeReview>,
    /// The approvals of what stands.
    pub approvals: Vec<Approval>,
    /// What was decided before of other terms, or by other facts, oldest first.
    pub earlier: Vec<EarlierDecision>,
    /// Its first position, which lists are ordered by.
    pub drafted_position: i64,
    /// When it was drafted.
    pub drafted_at: DateTime<Utc>,
    /// When it went out.
    pub extended_at: Option<DateTime<Utc>>,
}

/// A decision in whose place another one came.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EarlierDecision {
    /// How far the offer had come.
    pub state: State,
    /// The version of the terms.
    pub terms_version: u32,
    /// The hash of everything that was to be approved.
    pub terms_hash: TermsHash,
    /// The base that was offered.
    pub base: Option<Money>,
    /// The version of the pay policy.
    pub pay_policy: String,
    /// The tier; nothing where it was not assessed.
    pub tier: Option<Tier>,
    /// What was found.
    pub finding: Option<Finding>,
    /// The exception that was asked for.
    pub exception: Option<Exception>,
    /// Who had approved it.
    pub approvals: Vec<Approval>,
    /// When another one came in its place.
    pub replaced_at: DateTime<Utc>,
}

/// How far a plan to remedy has come (PAY-28).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr, strum::EnumString, strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum RemedyState {
    /// Owed.
    Open,
    /// Nothing of it is left.
    CarriedOut,
}

/// What an assessment found, without naming anybody.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The local day.
    pub on: NaiveDate,
    /// What was compared.
    pub offered: Option<OfferedPay>,
    /// The name of the bands' version.
    pub bands: Option<String>,
    /// The band.
    pub band: Option<BandUsed>,
    /// The day that the snapshot of the peers tells of.
    pub snapshot_as_of: Option<NaiveDate>,
    /// How far one had to look for peers.
    pub scope: Scope,
    /// How many peers there are.
    pub peers: u32,
    /// The median of their base.
    pub peer_median: Option<Fraction>,
    /// How many were left out, by reason.
    pub excluded: Vec<(Exclusion, u32)>,
    /// Those who stayed.
    pub stayers: Option<StayerSet>,
    /// How many peers are equally or better qualified.
    pub qualified: Option<u32>,
    /// How many of them are leapfrogged.
    pub leapfrogged: u32,
    /// What it costs a year to remedy.
    pub remedy_cost: Fraction,
    /// Every ratio.
    pub ratios: Ratios,
    /// The conditions met, strictest first.
    pub fired: Vec<Fired>,
    /// Whether an exception has to be granted first.
    pub exception_needed: bool,
    /// Which seats approve it.
    pub seats: BTreeSet<Seat>,
    /// What was compared once the tier stood.
    pub after_pricing: AfterPricing,
    /// When it was recorded.
    pub at: DateTime<Utc>,
}

/// An exception; its words are with the offer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Exception {
    /// Why.
    pub reasons: BTreeSet<ExceptionReason>,
    /// Where the evidence lies.
    pub evidence_ref: Option<EvidenceRef>,
    /// How those who are overtaken are remedied.
    pub remedy: Option<RemedyPlan>,
    /// Who asked.
    pub requested_by: ActorId,
    /// When.
    pub requested_at: DateTime<Utc>,
    /// How it was decided.
    pub decision: Option<ExceptionDecision>,
    /// Who decided.
    pub decided_by: Option<ActorId>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
}

impl Exception {
    fn requested(exception: &PayException, requested_by: ActorId, requested_at: DateTime<Utc>) -> Self {
        Self {
            reasons: exception.reasons.clone(),
            evidence_ref: exception.evidence_ref.clone(),
            remedy: exception.remedy.clone(),
            requested_by,
            requested_at,
            decision: None,
            decided_by: None,
            decided_at: None,
        }
    }
}

/// An approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Who.
    pub by: ActorId,
    /// In which role.
    pub role: String,
    /// Whose approval it stands for, where it was delegated.
    pub delegated_by: Option<ActorId>,
    /// What allows it to stand for those who are missing, where it was forced.
    pub authority: Option<Clause>,
    /// When.
    pub at: DateTime<Utc>,
}

impl ReadModel for PayDecision {
    const NAME: &'static str = "fairness_ledger";
    const VERSION: u32 = 5;
    const FILTERS: &'static [&'static str] =
        &["state", "tier", "assessment", "legal_entity", "application_id", "person_id", "remedy"];

    fn routes(event: &Recorded) -> Vec<Route> {
        match &event.event {
            HrEvent::Offer(_) => vec![Route::One(event.stream_id)],
            HrEvent::Person(PersonEvent::Erased { .. }) => all_about_them(event),
            HrEvent::Person(_)
            | HrEvent::Departure(_)
            | HrEvent::Member(_)
            | HrEvent::Employment(_)
            | HrEvent::NoRehireFlag(_)
            | HrEvent::FollowUp(_)
            | HrEvent::Requisition(_)
            | HrEvent::Application(_)
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
        match (document, &event.event) {
            (None, HrEvent::Offer(OfferEvent::Drafted(drafted))) => Some(Self::drafted(OfferId(id), drafted, event)),
            (Some(document), HrEvent::Offer(what)) => Some(document.after(what, event)),
            (Some(mut document), HrEvent::Person(PersonEvent::Erased { classes, .. })) => {
                let erasure = Erasure::of(classes);
                erasure.fact(RecordClass::PayDecision, &mut document.base);
                if erasure.covers(RecordClass::PayDecision) {
                    document.pay_changes.clear();
                    document.paid_once.clear();
                }
                for earlier in &mut document.earlier {
                    erasure.fact(RecordClass::PayDecision, &mut earlier.base);
                }
                let earlier = document.earlier.iter_mut().filter_map(|earlier| earlier.finding.as_mut());
                for finding in document.finding.iter_mut().chain(earlier) {
                    erasure.fact(RecordClass::PayDecision, &mut finding.offered);
                }
                Some(document)
            }
            (document, _) => document,
        }
    }

    fn sort_key(&self) -> String {
        position_key(self.drafted_position)
    }

    fn version(&self) -> i64 {
        self.version
    }
}

impl PayDecision {
    fn drafted(id: OfferId, drafted: &Drafted, event: &Recorded) -> Self {
        Self {
            id,
            state: State::Drafting,
            version: event.sequence,
            application_id: drafted.application_id,
            requisition_id: drafted.requisition_id,
            person_id: drafted.person_id,
            legal_entity: drafted.legal_entity.clone(),
            unit: drafted.line.approver_unit.clone(),
            terms_version: 1,
            terms_hash: drafted.terms_hash.clone(),
            base: Some(drafted.terms.pay.base.clone()),
            assessment: PayAssessment::NotAssessed,
            pay_policy: PAY_POLICY.to_owned(),
            tier: None,
            finding: None,
            exception: None,
            remedy: None,
            remedy_due_on: None,
            remedied: Vec::new(),
            pay_changes: Vec::new(),
            paid_once: Vec::new(),
            range_review: None,
            approvals: Vec::new(),
            earlier: Vec::new(),
            drafted_position: event.position,
            drafted_at: event.recorded_at,
            extended_at: None,
        }
    }

    fn after(mut self, what: &OfferEvent, event: &Recorded) -> Self {
        use OfferEvent as E;
        self.version = event.sequence;
        let at = event.recorded_at;
        match what {
            E::Revised { version, terms, terms_hash, changed, .. } => {
                if !changed.is_empty() {
                    self.replaced(at);
                    self.base = Some(terms.pay.base.clone());
                    PAY_POLICY.clone_into(&mut self.pay_policy);
                    (self.assessment, self.tier) = (PayAssessment::NotAssessed, None);
                }
                self.terms_version = *version;
                self.terms_hash.clone_from(terms_hash);
            }
            E::Assessed(assessed) => {
                // Terms that nobody had assessed yet are the same decision.
                if self.finding.is_some() {
                    self.replaced(at);
                }
                self.draft_anew();
                self.terms_hash.clone_from(&assessed.terms_hash);
                self.pay_policy = policy_version(assessed.basis.policy.policy_id, assessed.basis.policy.version);
                self.assessment = PayAssessment::Assessed;
                self.tier = Some(assessed.assessment.tier);
                self.finding = Some(Finding::of(assessed, at));
                self.exception = None;
            }
            E::ExceptionRequested { terms_hash, exception, requested_by, .. } => {
                self.state = State::ExceptionPending;
                self.terms_hash.clone_from(terms_hash);
                self.exception = Some(Exception::requested(exception, *requested_by, at));
            }
            E::ExceptionDecided { decision, decided_by, .. } => {
                self.state = State::Drafting;
                if let Some(exception) = &mut self.exception {
                    exception.decision = Some(*decision);
                    exception.decided_by = Some(*decided_by);
                    exception.decided_at = Some(at);
                }
            }
            E::ApprovalRequested { .. } => {
                self.approvals.clear();
                self.state = State::AwaitingApproval;
            }
            E::Approved { approved_by, role, delegated_by, missing, .. } => {
                let (by, role, delegated_by) = (*approved_by, role.clone(), *delegated_by);
                keep(&mut self.approvals, Approval { by, role, delegated_by, authority: None, at });
                if *missing == 0 {
                    self.state = State::Approved;
                }
            }
            E::ApprovalForced { forced_by, authority, .. } => {
                let (by, role, authority) = (*forced_by, "executive".to_owned(), Some(authority.clone()));
                keep(&mut self.approvals, Approval { by, role, delegated_by: None, authority, at });
                self.state = State::Approved;
            }
            E::SentBack { .. } => self.draft_anew(),
            E::Refused { .. } => {
                self.draft_anew();
                self.state = State::Refused;
            }
            E::Extended(_) => {
                self.state = State::Extended;
                self.extended_at = Some(at);
            }
            E::Accepted { remedy, .. } => {
                self.state = State::Accepted;
                self.remedy = remedy.as_ref().map(|_| RemedyState::Open);
                self.remedy_due_on = remedy.as_ref().map(|remedy| remedy.due_on);
            }
            E::RemedyRecorded { remedied, fulfilled, .. } => {
                keep(&mut self.remedied, remedied.clone());
                if *fulfilled {
                    self.remedy = Some(RemedyState::CarriedOut);
                }
            }
            E::PayChanged(change) => keep(&mut self.pay_changes, (**change).clone()),
            E::OneOffRecorded(paid) => keep(&mut self.paid_once, (**paid).clone()),
            E::Declined { .. } => self.end(State::Declined),
            E::Expired { .. } => self.end(State::Expired),
            E::Rescinded { .. } => self.end(State::Rescinded),
            E::Lapsed { because } => self.end(ended(Ending::Lapsed { because: *because })),
            E::RangeReviewOpened { role, exceptions, since, due_on, .. } => {
                self.range_review = Some(RangeReview::opened(role.clone(), *exceptions, *since, *due_on));
            }
            E::RangeReviewed { reviewed, recorded_by } => {
                self.range_review.iter_mut().for_each(|review| review.is_done(reviewed, *recorded_by, at));
            }
            E::Drafted(_)
            | E::DocumentRecorded { .. }
            | E::DutiesNoted { .. }
            | E::DutyDone { .. }
            | E::ExplanationRequested { .. }
            | E::ExplanationGiven { .. }
            | E::LabourChecked { .. }
            | E::ConflictDeclared { .. }
            | E::ApprovalDelegated { .. }
            | E::ExpiryExtended { .. }
            | E::Settled { .. } => {}
        }
        self
    }

    /// When an exception was granted that somebody is paid by, or may come to be.
    pub fn excepted_at(&self) -> Option<DateTime<Utc>> {
        let gone = matches!(self.state, State::Declined | State::Expired | State::Rescinded | State::Refused);
        let granted = self.exception.as_ref().filter(|one| !gone && one.decision == Some(ExceptionDecision::Granted));
        granted.and_then(|one| one.decided_at)
    }

    /// Whom nobody overtakes after all is owed nothing.
    fn end(&mut self, state: State) {
        self.state = state;
        (self.remedy, self.remedy_due_on) = (None, None);
        // Nor does anybody look at a range because of them.
        self.range_review = self.range_review.take().filter(|review| review.recorded_at.is_some());
    }

    /// Another decision comes in the place of this one, which stays on record.
    fn replaced(&mut self, at: DateTime<Utc>) {
        let earlier = EarlierDecision {
            state: self.state,
            terms_version: self.terms_version,
            terms_hash: self.terms_hash.clone(),
            base: self.base.clone(),
            pay_policy: self.pay_policy.clone(),
            tier: self.tier,
            finding: self.finding.take(),
            exception: self.exception.take(),
            approvals: std::mem::take(&mut self.approvals),
            replaced_at: at,
        };
        keep(&mut self.earlier, earlier);
        self.draft_anew();
    }

    fn draft_anew(&mut self) {
        self.state = State::Drafting;
        self.approvals.clear();
        self.extended_at = None;
    }
}

/// As the offer itself names it.
fn ended(ending: Ending) -> State {
    if ending.state() == "declined" { State::Declined } else { State::Rescinded }
}

impl Finding {
    fn of(assessed: &Assessed, at: DateTime<Utc>) -> Self {
        let found = &assessed.assessment;
        let left_out = |because: Exclusion| found.peers.excluded.iter().filter(|one| one.because == because).count();
        Self {
            on: assessed.basis.on,
            offered: Some(assessed.basis.offered.clone()),
            bands: assessed.basis.bands.as_ref().map(|bands| bands.version.clone()),
            band: found.band.clone(),
            snapshot_as_of: assessed.basis.snapshot.as_ref().map(|snapshot| snapshot.as_of),
            scope: found.peers.scope,
            peers: found.peers.size,
            peer_median: found.peers.median,
            excluded: Exclusion::iter()
                .map(|because| (because, count(left_out(because))))
                .filter(|(_, number)| *number > 0)
                .collect(),
            stayers: found.stayers.clone(),
            qualified: found.qualified,
            leapfrogged: count(found.leapfrogged.len()),
            remedy_cost: found.remedy_cost,
            ratios: found.ratios.clone(),
            fired: found.fired.clone(),
            exception_needed: is_exception(found),
            seats: assessed.seats.clone(),
            after_pricing: found.after_pricing.clone(),
            at,
        }
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
