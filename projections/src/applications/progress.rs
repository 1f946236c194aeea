//! How far a case has come, as every document about it tells.

use aggregates::application::{ApplicationEvent, EligibilityResult, HoldCause, OfferEnding, ReviewDecision, Stage};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::model::Recorded;
use crate::parts::YesNo;

/// How far a case has come.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum State {
    /// Somebody has to look at whether the person may apply.
    EligibilityReview,
    /// The person may not apply.
    NotEligible,
    /// Read by a recruiter.
    Screening,
    /// In interviews.
    Interviewing,
    /// An evaluation is recorded.
    Evaluated,
    /// An offer is live.
    OfferPending,
    /// An offer is accepted.
    OfferAccepted,
    /// The return is arranged.
    Joining,
    /// An employee again.
    Rejoined,
    /// Ended without an offer.
    Rejected,
    /// The candidate withdrew.
    Withdrawn,
    /// The candidate declined the offer.
    OfferDeclined,
    /// The offer lapsed.
    OfferExpired,
    /// The employer took an accepted offer back.
    OfferRescinded,
    /// The person did not come.
    NoShow,
    /// The requisition was closed.
    Cancelled,
    /// Nobody took it up again after its offer.
    Closed,
}

impl State {
    /// Whether the case is going on.
    pub const fn is_live(self) -> bool {
        match self {
            Self::EligibilityReview
            | Self::Screening
            | Self::Interviewing
            | Self::Evaluated
            | Self::OfferPending
            | Self::OfferAccepted
            | Self::Joining
            | Self::OfferDeclined
            | Self::OfferExpired => true,
            Self::NotEligible
            | Self::Rejoined
            | Self::Rejected
            | Self::Withdrawn
            | Self::OfferRescinded
            | Self::NoShow
            | Self::Cancelled
            | Self::Closed => false,
        }
    }
}

impl From<Stage> for State {
    fn from(stage: Stage) -> Self {
        match stage {
            Stage::Screening => Self::Screening,
            Stage::Interviewing => Self::Interviewing,
            Stage::Evaluated => Self::Evaluated,
        }
    }
}

/// Where a case stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// How far it has come.
    pub state: State,
    /// The local day since which it is there.
    pub stage_since: NaiveDate,
    /// The furthest stage.
    pub stage: Stage,
    /// Whether the person may apply, after what people decided about it.
    pub eligibility_result: EligibilityResult,
    /// Whether it is on hold.
    pub on_hold: YesNo,
    /// Why it is on hold.
    pub hold_because: Option<HoldCause>,
    /// The local day on which it goes on by itself.
    pub hold_until: Option<NaiveDate>,
    /// What the rules themselves said last.
    assessed: EligibilityResult,
}

impl Progress {
    /// Handed in on a day.
    pub(crate) const fn submitted(on: NaiveDate) -> Self {
        Self {
            state: State::EligibilityReview,
            stage_since: on,
            stage: Stage::Screening,
            eligibility_result: EligibilityResult::NeedsReview,
            on_hold: YesNo::No,
            hold_because: None,
            hold_until: None,
            assessed: EligibilityResult::NeedsReview,
        }
    }

    fn held_by_fact(self) -> bool {
        self.hold_because.is_some_and(|because| because != HoldCause::Manual)
    }

    pub(crate) fn after(mut self, what: &ApplicationEvent, event: &Recorded) -> Self {
        use ApplicationEvent as E;
        let before = self.state;
        match what {
            E::EligibilityAssessed { result, .. } => self.assess(*result),
            E::EligibilityReviewed { decision, .. } | E::ReviewAnswered { decision, .. } => match decision {
                ReviewDecision::Eligible => {
                    self.eligibility_result = EligibilityResult::Eligible;
                    self.state = self.stage.into();
                }
                ReviewDecision::NotEligible => {
                    self.eligibility_result = EligibilityResult::NotEligible;
                    self.end(State::NotEligible);
                }
            },
            E::Advanced { to, .. } | E::StageSkipped { to, .. } => self.reach(*to),
            E::EvaluationRecorded { .. } => self.reach(Stage::Evaluated),
            E::Held { because, until, .. } => {
                self.on_hold = YesNo::Yes;
                self.hold_because = Some(*because);
                self.hold_until = *until;
                if self.held_by_fact() {
                    self.eligibility_result = self.assessed;
                }
            }
            E::Resumed { .. } => {
                if self.held_by_fact() {
                    self.eligibility_result = EligibilityResult::Eligible;
                }
                self.go_on();
            }
            E::OfferOpened { .. } => self.state = State::OfferPending,
            E::OfferAccepted { .. } => self.state = State::OfferAccepted,
            E::OfferEnded { ending, .. } => match ending {
                OfferEnding::Declined => self.state = State::OfferDeclined,
                OfferEnding::Expired => self.state = State::OfferExpired,
                OfferEnding::Refused | OfferEnding::Rescinded => self.state = State::Evaluated,
                OfferEnding::RescindedAfterAcceptance => self.end(State::OfferRescinded),
            },
            E::JoiningRecorded { .. } => self.state = State::Joining,
            E::Rejoined(_) => self.end(State::Rejoined),
            E::Rejected { .. } => self.end(State::Rejected),
            E::Withdrawn { .. } => self.end(State::Withdrawn),
            E::Reopened { to, .. } => match self.eligibility_result {
                EligibilityResult::Eligible => self.reach(*to),
                EligibilityResult::NeedsReview | EligibilityResult::NotEligible => {
                    self.state = State::EligibilityReview;
                }
            },
            E::NoShowRecorded { .. } => self.end(State::NoShow),
            E::Cancelled { .. } => self.end(State::Cancelled),
            E::Closed { .. } => self.end(State::Closed),
            E::Submitted(_)
            | E::ReviewRequested { .. }
            | E::OwnerAssigned { .. }
            | E::RangeDisclosed { .. }
            | E::InterviewScheduled { .. }
            | E::InterviewRescheduled { .. }
            | E::InterviewCancelled { .. }
            | E::InterviewRecorded { .. }
            | E::ScorecardSubmitted { .. }
            | E::ScorecardAmended { .. }
            | E::Transferred { .. }
            | E::StartPostponed { .. }
            | E::Settled { .. } => {}
        }
        if self.state != before {
            self.stage_since = event.on;
        }
        self
    }

    /// What waits for its review goes where the rules say; what people decided stands until a hold says otherwise.
    fn assess(&mut self, result: EligibilityResult) {
        self.assessed = result;
        let waits = self.state == State::EligibilityReview;
        if waits || self.held_by_fact() || result == EligibilityResult::Eligible {
            self.eligibility_result = result;
        }
        match result {
            EligibilityResult::Eligible if waits => self.state = self.stage.into(),
            EligibilityResult::NotEligible if waits => self.end(State::NotEligible),
            EligibilityResult::Eligible | EligibilityResult::NeedsReview | EligibilityResult::NotEligible => {}
        }
    }

    fn reach(&mut self, stage: Stage) {
        self.stage = stage;
        self.state = stage.into();
    }

    fn end(&mut self, state: State) {
        self.state = state;
        self.go_on();
    }

    const fn go_on(&mut self) {
        self.on_hold = YesNo::No;
        self.hold_because = None;
        self.hold_until = None;
    }
}
