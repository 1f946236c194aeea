//! What stands about an application.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::service_levels::days_after;
use super::{
    ApplicationEvent, Channel, DisclosedRange, EligibilityFacts, EligibilityResult, HoldCause, Interview,
    InterviewOutcome, OfferAcceptance, OfferEnding, RejectionReason, Rejoined, ReviewDecision, Side, Stage, Submitted,
    WithdrawalReason,
};
use crate::checks::{Checks, RuleResult};
use crate::employment::TenureSegment;
use crate::ids::{ActorId, InterviewId, MemberId, OfferId, PersonId, ReferralId, RequisitionId};
use crate::requisition::Line;
use crate::values::EmploymentType;

/// Days in which a person may ask for a review of "not eligible".
pub const REVIEW_DAYS: u64 = 30;
/// Days for which a case stays open after its offer ended.
pub const OFFER_DAYS: u64 = 30;
/// Days in which a rejected or withdrawn case may be opened again.
pub const REOPEN_DAYS: u64 = 30;

/// What stands about an application, once it was handed in and for ever after.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// The human being.
    pub person_id: PersonId,
    /// Their membership.
    pub member_id: MemberId,
    /// The account that bears it.
    pub account: ActorId,
    /// The position.
    pub requisition_id: RequisitionId,
    /// The entity that hires.
    pub legal_entity: String,
    /// Who leads the case.
    pub line: Line,
    /// Who is in charge.
    pub owner: Option<ActorId>,
    /// How it came in.
    pub channel: Channel,
    /// The referral it is credited to.
    pub referral_id: Option<ReferralId>,
    /// Who handed it in.
    pub submitted_by: ActorId,
    /// Who evaluated the candidate, or went past the interviews.
    pub evaluated_by: Option<ActorId>,
    /// Whether the person may apply, after what people decided about it.
    pub eligibility: EligibilityResult,
    /// What the rules themselves said last.
    pub assessed: EligibilityResult,
    /// What they read then.
    pub facts: Option<EligibilityFacts>,
    /// The rules, and what was answered to them.
    pub checks: Checks,
    /// Who decided about the person's eligibility.
    pub reviewers: BTreeSet<ActorId>,
    /// The interviews.
    pub interviews: BTreeMap<InterviewId, Interview>,
    /// What the candidate was told of the pay.
    pub disclosed_range: Option<DisclosedRange>,
    /// The live or accepted offer; where the case ended under it, that one.
    pub offer_id: Option<OfferId>,
    /// The offer that ended last, and how.
    pub ended_offer: Option<(OfferId, OfferEnding)>,
    /// The local day on which the case closes by itself, since an offer has ended and no other was made.
    pub closes_on: Option<NaiveDate>,
    /// Why it rests, where it does.
    pub hold: Option<Hold>,
    /// The furthest stage, at which it goes on should it be opened again.
    pub stage: Stage,
    /// How far it has come.
    pub phase: Phase,
}

/// Why a case rests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Why.
    pub because: HoldCause,
    /// The local day on which it goes on by itself.
    pub until: Option<NaiveDate>,
}

impl Hold {
    /// Whether a changed fact put it on hold, and not a person.
    pub fn by_fact(self) -> bool {
        self.because != HoldCause::Manual
    }
}

/// How far an application has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Phase {
    /// Somebody has to look at whether the person may apply.
    EligibilityReview,
    /// In a stage.
    At(Stage),
    /// An offer is live.
    OfferPending,
    /// The last offer ended without a return; the case goes on for a while.
    AfterOffer {
        /// How it ended.
        ended: Unanswered,
    },
    /// An offer is accepted.
    OfferAccepted(Agreed),
    /// The return is arranged.
    Joining(Box<Joining>),
    /// The person may not apply.
    NotEligible {
        /// The last day on which they may ask for a review.
        until: Option<NaiveDate>,
        /// What became of that.
        review: Review,
    },
    /// At its end.
    Ended(Ending),
}

/// How an offer ended after which the candidate may still get another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unanswered {
    /// The candidate declined it.
    Declined,
    /// It lapsed.
    Expired,
}

/// Whether a person asked for a review of "not eligible".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Review {
    /// They have not.
    NotRequested,
    /// They have, and wait.
    Requested,
    /// They have, and it stays so.
    Answered,
}

/// What was agreed when an offer was accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreed {
    /// The accepted offer.
    pub offer_id: OfferId,
    /// First day.
    pub starts_on: NaiveDate,
    /// How they will be employed.
    pub employment_type: EmploymentType,
    /// Grade.
    pub grade: String,
    /// Place of work.
    pub location: Option<String>,
}

impl From<OfferAcceptance> for Agreed {
    fn from(acceptance: OfferAcceptance) -> Self {
        let OfferAcceptance { offer_id, starts_on, employment_type, grade, location } = acceptance;
        Self { offer_id, starts_on, employment_type, grade, location }
    }
}

/// A return that is arranged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Joining {
    /// What was agreed.
    pub agreed: Agreed,
    /// The new number.
    pub employee_number: String,
    /// First day.
    pub started_on: NaiveDate,
    /// Department.
    pub department: Option<String>,
    /// Job family.
    pub job_family: Option<String>,
}

/// How an application ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ending {
    /// The person is an employee again.
    Rejoined {
        /// The new number.
        employee_number: String,
        /// First day.
        started_on: NaiveDate,
    },
    /// Somebody ended it.
    Rejected {
        /// Who.
        side: Side,
        /// The coded reason.
        reason_code: RejectionReason,
        /// Who recorded it.
        by: ActorId,
        /// The last day on which it may be opened again.
        until: Option<NaiveDate>,
    },
    /// The candidate withdrew.
    Withdrawn {
        /// The coded reason.
        reason_code: WithdrawalReason,
        /// Who recorded it.
        by: ActorId,
        /// The last day on which it may be opened again.
        until: Option<NaiveDate>,
    },
    /// 内定取消.
    OfferRescinded,
    /// The person did not come.
    NoShow,
    /// Its requisition was closed.
    Cancelled,
    /// Nobody took it up again after its offer.
    Closed,
}

impl Phase {
    /// The first day of whoever came back; none as long as they are not back.
    pub const fn rejoined_on(&self) -> Option<NaiveDate> {
        match self {
            Self::Ended(Ending::Rejoined { started_on, .. }) => Some(*started_on),
            Self::EligibilityReview
            | Self::At(_)
            | Self::OfferPending
            | Self::AfterOffer { .. }
            | Self::OfferAccepted(_)
            | Self::Joining(_)
            | Self::NotEligible { .. }
            | Self::Ended(_) => None,
        }
    }

    /// Whether the case is going on.
    pub const fn is_live(&self) -> bool {
        match self {
            Self::EligibilityReview
            | Self::At(_)
            | Self::OfferPending
            | Self::AfterOffer { .. }
            | Self::OfferAccepted(_)
            | Self::Joining(_) => true,
            Self::NotEligible { .. } | Self::Ended(_) => false,
        }
    }

    /// The state's name as the API shows it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::EligibilityReview => "eligibility_review",
            Self::At(stage) => stage.into(),
            Self::OfferPending => "offer_pending",
            Self::AfterOffer { ended: Unanswered::Declined } => "offer_declined",
            Self::AfterOffer { ended: Unanswered::Expired } => "offer_expired",
            Self::OfferAccepted(_) => "offer_accepted",
            Self::Joining(_) => "joining",
            Self::NotEligible { .. } => "not_eligible",
            Self::Ended(ending) => ending.name(),
        }
    }
}

impl Ending {
    const fn name(&self) -> &'static str {
        match self {
            Self::Rejoined { .. } => "rejoined",
            Self::Rejected { .. } => "rejected",
            Self::Withdrawn { .. } => "withdrawn",
            Self::OfferRescinded => "offer_rescinded",
            Self::NoShow => "no_show",
            Self::Cancelled => "cancelled",
            Self::Closed => "closed",
        }
    }
}

impl Standing {
    pub(super) fn submitted(submitted: Submitted) -> Self {
        Self {
            person_id: submitted.person_id,
            member_id: submitted.member_id,
            account: submitted.account,
            requisition_id: submitted.requisition_id,
            legal_entity: submitted.legal_entity,
            line: submitted.line,
            owner: None,
            channel: submitted.channel,
            referral_id: submitted.referral_id,
            submitted_by: submitted.submitted_by,
            evaluated_by: None,
            eligibility: EligibilityResult::NeedsReview,
            assessed: EligibilityResult::NeedsReview,
            facts: None,
            checks: Checks::default(),
            reviewers: BTreeSet::new(),
            interviews: BTreeMap::new(),
            disclosed_range: None,
            offer_id: None,
            ended_offer: None,
            closes_on: None,
            hold: None,
            stage: Stage::Screening,
            phase: Phase::EligibilityReview,
        }
    }

    /// Who judges the candidate: whoever interviews them, or has evaluated them.
    pub fn judges(&self) -> BTreeSet<ActorId> {
        let interviews = self.interviews.values().filter(|one| one.outcome != Some(InterviewOutcome::Cancelled));
        interviews.flat_map(|one| one.slot.interviewers.iter().copied()).chain(self.evaluated_by).collect()
    }

    /// Whether the case is going on.
    pub const fn is_live(&self) -> bool {
        self.phase.is_live()
    }

    /// Whether an offer may be made: evaluated, eligible, and not on hold.
    pub fn may_be_offered(&self) -> bool {
        matches!(self.phase, Phase::At(Stage::Evaluated) | Phase::AfterOffer { .. })
            && self.eligibility == EligibilityResult::Eligible
            && self.hold.is_none()
    }

    /// The rules that stand in the way on a day. None where people decided that the person may apply.
    pub fn open_checks(&self, on: NaiveDate) -> Vec<&RuleResult> {
        match self.eligibility {
            EligibilityResult::Eligible => Vec::new(),
            EligibilityResult::NeedsReview | EligibilityResult::NotEligible => self.checks.open(on),
        }
    }

    pub(super) fn held_by_fact(&self) -> bool {
        self.hold.is_some_and(Hold::by_fact)
    }

    #[expect(clippy::too_many_lines, reason = "one line or two for each event")]
    pub(super) fn after(mut self, event: ApplicationEvent) -> Self {
        use ApplicationEvent as E;
        match event {
            E::EligibilityAssessed { result, rules, facts, .. } => self.assess(result, &rules, *facts),
            E::EligibilityReviewed { decision, reviewed_by, on, .. } => {
                self.reviewers.insert(reviewed_by);
                self.review(
                    decision,
                    Phase::NotEligible { until: last_day(on, REVIEW_DAYS), review: Review::NotRequested },
                );
            }
            E::ReviewAnswered { decision, reviewed_by, .. } => {
                self.reviewers.insert(reviewed_by);
                self.review(decision, Phase::NotEligible { until: None, review: Review::Answered });
            }
            E::ReviewRequested { .. } => {
                if let Phase::NotEligible { review, .. } = &mut self.phase {
                    *review = Review::Requested;
                }
            }
            E::OwnerAssigned { owner, .. } => self.owner = Some(owner),
            E::Advanced { to, .. } => self.reach(to),
            E::StageSkipped { to, skipped_by, .. } => {
                self.evaluated_by = Some(skipped_by);
                self.reach(to);
            }
            E::EvaluationRecorded { evaluated_by, .. } => {
                self.evaluated_by = Some(evaluated_by);
                self.reach(Stage::Evaluated);
            }
            E::RangeDisclosed { requisition_id, range, at, .. } => {
                self.disclosed_range = Some(DisclosedRange::told(self.disclosed_range, requisition_id, *range, at));
            }
            E::InterviewScheduled { interview_id, slot, .. } => {
                self.interviews.insert(interview_id, Interview::scheduled(*slot));
            }
            E::InterviewRescheduled { interview_id, slot, number, .. } => {
                if let Some(interview) = self.interviews.get_mut(&interview_id) {
                    interview.slot = *slot;
                    interview.moved = number;
                }
            }
            E::InterviewCancelled { interview_id, .. } => {
                self.became(interview_id, InterviewOutcome::Cancelled);
            }
            E::InterviewRecorded { interview_id, outcome, .. } => self.became(interview_id, outcome),
            E::ScorecardSubmitted { interview_id, interviewer, .. } => {
                if let Some(interview) = self.interviews.get_mut(&interview_id) {
                    interview.scorecards.insert(interviewer);
                }
            }
            E::Held { because, until, .. } => {
                self.hold = Some(Hold { because, until });
                if self.held_by_fact() {
                    self.eligibility = self.assessed;
                }
            }
            E::Resumed { resumed_by, .. } => {
                if self.held_by_fact() && self.eligibility != EligibilityResult::Eligible {
                    self.eligibility = EligibilityResult::Eligible;
                    self.reviewers.insert(resumed_by);
                }
                self.hold = None;
            }
            E::Transferred { to, line, .. } => {
                self.requisition_id = to;
                self.line = line;
            }
            E::OfferOpened { offer_id } => {
                self.offer_id = Some(offer_id);
                (self.ended_offer, self.closes_on) = (None, None);
                self.phase = Phase::OfferPending;
            }
            E::OfferAccepted { offer_id, starts_on, employment_type, grade, location } => {
                self.offer_id = Some(offer_id);
                self.phase = Phase::OfferAccepted(Agreed { offer_id, starts_on, employment_type, grade, location });
            }
            E::OfferEnded { offer_id, ending, on } => {
                self.offer_id = None;
                self.ended_offer = Some((offer_id, ending));
                self.closes_on = on.map(|day| days_after(day, OFFER_DAYS));
                match ending {
                    OfferEnding::Declined => self.phase = Phase::AfterOffer { ended: Unanswered::Declined },
                    OfferEnding::Expired => self.phase = Phase::AfterOffer { ended: Unanswered::Expired },
                    OfferEnding::Refused | OfferEnding::Rescinded => self.phase = Phase::At(Stage::Evaluated),
                    OfferEnding::RescindedAfterAcceptance => self.end(Ending::OfferRescinded),
                }
            }
            E::StartPostponed { to, .. } => match &mut self.phase {
                Phase::OfferAccepted(agreed) => agreed.starts_on = to,
                Phase::Joining(joining) => {
                    joining.agreed.starts_on = to;
                    joining.started_on = to;
                }
                Phase::EligibilityReview
                | Phase::At(_)
                | Phase::OfferPending
                | Phase::AfterOffer { .. }
                | Phase::NotEligible { .. }
                | Phase::Ended(_) => {}
            },
            E::JoiningRecorded { employee_number, started_on, department, job_family, .. } => {
                let agreed = match &self.phase {
                    Phase::OfferAccepted(agreed) => Some(agreed.clone()),
                    Phase::Joining(joining) => Some(joining.agreed.clone()),
                    Phase::EligibilityReview
                    | Phase::At(_)
                    | Phase::OfferPending
                    | Phase::AfterOffer { .. }
                    | Phase::NotEligible { .. }
                    | Phase::Ended(_) => None,
                };
                if let Some(agreed) = agreed {
                    let joining = Joining { agreed, employee_number, started_on, department, job_family };
                    self.phase = Phase::Joining(Box::new(joining));
                }
            }
            E::Rejoined(rejoined) => {
                let Rejoined { employee_number, started_on, .. } = *rejoined;
                self.end(Ending::Rejoined { employee_number, started_on });
            }
            E::Rejected { side, reason_code, rejected_by: by, on, .. } => {
                self.end(Ending::Rejected { side, reason_code, by, until: last_day(on, REOPEN_DAYS) });
            }
            E::Withdrawn { reason_code, withdrawn_by: by, on, .. } => {
                self.end(Ending::Withdrawn { reason_code, by, until: last_day(on, REOPEN_DAYS) });
            }
            E::Reopened { to, .. } => {
                self.offer_id = None;
                match self.eligibility {
                    EligibilityResult::Eligible => self.reach(to),
                    EligibilityResult::NeedsReview | EligibilityResult::NotEligible => {
                        self.phase = Phase::EligibilityReview;
                    }
                }
            }
            E::NoShowRecorded { .. } => self.end(Ending::NoShow),
            E::Cancelled { .. } => self.end(Ending::Cancelled),
            E::Closed { .. } => self.end(Ending::Closed),
            E::Settled { settlement } => self.checks.settled(&settlement),
            // An id is handed in once, and an amended scorecard is one that is in already.
            E::Submitted(_) | E::ScorecardAmended { .. } => {}
        }
        self
    }

    fn assess(&mut self, result: EligibilityResult, rules: &[RuleResult], facts: EligibilityFacts) {
        let on = facts.on;
        self.checks.evaluated(rules);
        self.assessed = result;
        self.facts = Some(facts);
        // What people decided stands until a hold says that something changed.
        let waits = matches!(self.phase, Phase::EligibilityReview);
        if waits || self.held_by_fact() || result == EligibilityResult::Eligible {
            self.eligibility = result;
        }
        if waits {
            match result {
                EligibilityResult::Eligible => self.phase = Phase::At(self.stage),
                EligibilityResult::NeedsReview => {}
                EligibilityResult::NotEligible => {
                    let until = last_day(Some(on), REVIEW_DAYS);
                    self.hold = None;
                    self.phase = Phase::NotEligible { until, review: Review::NotRequested };
                }
            }
        }
    }

    fn review(&mut self, decision: ReviewDecision, otherwise: Phase) {
        match decision {
            ReviewDecision::Eligible => {
                self.eligibility = EligibilityResult::Eligible;
                self.phase = Phase::At(self.stage);
            }
            ReviewDecision::NotEligible => {
                self.eligibility = EligibilityResult::NotEligible;
                self.hold = None;
                self.phase = otherwise;
            }
        }
    }

    fn reach(&mut self, stage: Stage) {
        self.stage = stage;
        self.phase = Phase::At(stage);
    }

    fn became(&mut self, interview_id: InterviewId, outcome: InterviewOutcome) {
        if let Some(interview) = self.interviews.get_mut(&interview_id) {
            interview.outcome = Some(outcome);
        }
    }

    fn end(&mut self, ending: Ending) {
        (self.hold, self.closes_on) = (None, None);
        self.phase = Phase::Ended(ending);
    }

    /// The earlier periods, oldest first, that ended before a day.
    pub(super) fn tenure(&self, before: NaiveDate) -> Vec<TenureSegment> {
        let stints = self.facts.iter().flat_map(|facts| &facts.stints).filter(|stint| stint.left_on < before);
        let mut tenure: Vec<_> = stints
            .map(|stint| TenureSegment {
                legal_entity: stint.legal_entity.clone(),
                from: stint.hired_on,
                to: stint.left_on,
                departure_id: stint.departure_id,
            })
            .collect();
        tenure.sort_by_key(|segment| (segment.from, segment.to));
        tenure
    }
}

fn last_day(on: Option<NaiveDate>, days: u64) -> Option<NaiveDate> {
    on.map(|day| days_after(day, days))
}
