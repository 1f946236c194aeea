//! What can be asked of an application, and why it is refused.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    Disclosing, EligibilityFacts, HoldCause, InterviewOutcome, OfferEnding, PostponementReason, Recommendation,
    RejectionReason, ReviewDecision, Scheduling, Scorecard, Side, Stage, Submitted, WithdrawalReason,
};
use crate::checks::{Settlement, SettlementError};
use crate::ids::{ActorId, InterviewId, OfferId, RequisitionId};
use crate::requisition::Line;
use crate::stream::Wakes;
use crate::values::{Clause, EmploymentType, FreeText};

/// An application to be handed in, and all that the rules about applying read.
#[derive(Clone, Debug, PartialEq)]
pub struct Submitting {
    /// What is handed in. Who hands it in is whoever commands.
    pub submitted: Submitted,
    /// What the rules read.
    pub facts: EligibilityFacts,
}

/// Another position for a case.
#[derive(Clone, Debug, PartialEq)]
pub struct Transferring {
    /// The position.
    pub requisition_id: RequisitionId,
    /// The entity that hires for it.
    pub legal_entity: String,
    /// Who leads its cases.
    pub line: Line,
    /// What the rules read about it and about the person.
    pub facts: EligibilityFacts,
}

/// An offer that the candidate accepted, as the case needs to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferAcceptance {
    /// Which.
    pub offer_id: OfferId,
    /// The first day agreed.
    pub starts_on: NaiveDate,
    /// How they will be employed.
    pub employment_type: EmploymentType,
    /// The grade agreed.
    pub grade: String,
    /// The place agreed.
    pub location: Option<String>,
}

/// A return to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejoining {
    /// The new number.
    pub employee_number: String,
    /// First day.
    pub started_on: NaiveDate,
    /// Department.
    pub department: Option<String>,
    /// Job family.
    pub job_family: Option<String>,
}

/// On whose behalf somebody takes a case off hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Office {
    /// Recruiting.
    Recruiting,
    /// Compliance, which alone decides after a fact has changed.
    Compliance,
}

/// What can be asked of an application.
#[derive(Clone, Debug)]
pub enum ApplicationCommand {
    /// Apply to come back: the person, or somebody who records it for them.
    Submit(Box<Submitting>),
    /// Decide whether the person may apply, or answer their request for a review: a natural person who was not involved.
    ReviewEligibility {
        /// The decision.
        decision: ReviewDecision,
        /// The clause relied on.
        clause: Clause,
        /// In words. Class `restricted`.
        note: Option<FreeText>,
        /// Who found what the rules rest on: whoever had a part in a flag or in the verdict of a departure.
        involved: BTreeSet<ActorId>,
    },
    /// Ask for a review of "not eligible": the person, once, within thirty days.
    RequestReview {
        /// Why. Class `restricted`.
        grounds: Option<FreeText>,
    },
    /// Put somebody in charge.
    Assign {
        /// Who.
        owner: ActorId,
    },
    /// Go on to the next stage.
    Advance {
        /// Which.
        to: Stage,
    },
    /// Go past a stage on the fast track.
    SkipStage {
        /// To which.
        to: Stage,
        /// The clause that allows it.
        clause: Clause,
        /// Who referred the candidate, and may earn by their return.
        referrer: Option<ActorId>,
    },
    /// Tell the candidate the position's pay range.
    DiscloseRange(Box<Disclosing>),
    /// Schedule an interview.
    ScheduleInterview(Box<Scheduling>),
    /// Move an interview.
    RescheduleInterview(Box<Scheduling>),
    /// Cancel an interview.
    CancelInterview {
        /// Which.
        interview_id: InterviewId,
        /// In words. Class `recruiting`.
        note: Option<FreeText>,
    },
    /// Record what became of an interview.
    RecordInterview {
        /// Which.
        interview_id: InterviewId,
        /// What became of it.
        outcome: InterviewOutcome,
    },
    /// Say what one found: an interviewer of that interview, once.
    SubmitScorecard {
        /// Which interview.
        interview_id: InterviewId,
        /// What they found.
        scorecard: Box<Scorecard>,
    },
    /// Amend what one said.
    AmendScorecard {
        /// Which interview.
        interview_id: InterviewId,
        /// What they find now.
        scorecard: Box<Scorecard>,
        /// Why. Class `recruiting`.
        why: FreeText,
    },
    /// Evaluate the candidate: a natural person, once a scorecard is in.
    RecordEvaluation {
        /// For or against.
        recommendation: Recommendation,
        /// In words. Class `recruiting`.
        note: Option<FreeText>,
        /// Who referred the candidate, and may earn by their return.
        referrer: Option<ActorId>,
    },
    /// Put the case on hold.
    Hold {
        /// The local day on which it goes on by itself.
        until: Option<NaiveDate>,
        /// In words. Class `recruiting`.
        note: Option<FreeText>,
    },
    /// Let the case go on. After a changed fact that is to decide, as a review does, that the person may apply.
    Resume {
        /// On whose behalf.
        office: Office,
        /// The clause relied on after a changed fact.
        clause: Option<Clause>,
        /// Who had a part in what the rules read.
        involved: BTreeSet<ActorId>,
        /// In words. Class `recruiting`.
        note: Option<FreeText>,
    },
    /// End the case without an offer.
    Reject {
        /// Who ends it.
        side: Side,
        /// The coded reason.
        reason_code: RejectionReason,
        /// In words. Class `recruiting`.
        note: Option<FreeText>,
    },
    /// Withdraw: the person, or somebody who records it for them. After acceptance that is 内定辞退.
    Withdraw {
        /// The coded reason.
        reason_code: WithdrawalReason,
        /// How it came in, where somebody records it for the person. Class `recruiting`.
        recorded_for: Option<FreeText>,
    },
    /// Open a case again: somebody other than whoever ended it, within thirty days.
    Reopen {
        /// What the rules read now.
        facts: Box<EligibilityFacts>,
        /// In words. Class `recruiting`.
        note: Option<FreeText>,
    },
    /// Move the case to another position of the same entity.
    Transfer(Box<Transferring>),
    /// An offer was drafted for the case, or taken up again (reaction).
    NoteOffer {
        /// Which.
        offer_id: OfferId,
    },
    /// The candidate accepted the offer (reaction).
    NoteOfferAccepted(Box<OfferAcceptance>),
    /// The offer ended without a return (reaction).
    NoteOfferEnded {
        /// Which.
        offer_id: OfferId,
        /// How.
        ending: OfferEnding,
    },
    /// Agree on a later first day.
    PostponeStart {
        /// The day.
        to: NaiveDate,
        /// Why.
        reason_code: PostponementReason,
    },
    /// Record the return: at once where the first day has come, else it takes effect on that day.
    RecordRejoin(Box<Rejoining>),
    /// Record that the person did not come.
    RecordNoShow {
        /// In words. Class `recruiting`.
        note: Option<FreeText>,
    },
    /// The requisition was closed with its live cases (reaction).
    Cancel {
        /// Which.
        requisition_id: RequisitionId,
    },
    /// A fact that the rules read may have changed (reaction).
    Reassess {
        /// What they read now.
        facts: Box<EligibilityFacts>,
        /// What changed.
        because: HoldCause,
    },
    /// Answer a rule that does not pass by itself.
    Settle(Settlement),
    /// Look at the clock.
    Wake,
}

impl Wakes for ApplicationCommand {
    fn wake() -> Self {
        Self::Wake
    }
}

/// Why a command is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum ApplicationError {
    /// No such application.
    #[error("nobody applied under this id")]
    NotSubmitted,
    /// The id is taken.
    #[error("this application is already handed in")]
    AlreadySubmitted,
    /// The requisition takes nobody.
    #[error("the requisition is not published")]
    RequisitionNotOpen,
    /// The programme does not offer it.
    #[error("the programme of this entity does not offer to come back; ask {contact}")]
    NotOffered {
        /// Whom they turn to.
        contact: String,
    },
    /// Every seat is taken.
    #[error("every seat of the requisition is taken")]
    HeadcountFull,
    /// It is the person's own decision.
    #[error("only the candidate may do that, or somebody who records how they said so")]
    NotTheCandidate,
    /// A machine may not judge a person (AUD-12).
    #[error("only a natural person may decide that")]
    NaturalPersonRequired,
    /// Fresh eyes are needed.
    #[error(
        "somebody decides who neither leads nor handed in the case, nor decided about it or what it rests on before"
    )]
    UninvolvedPersonRequired,
    /// The same person may not do both.
    #[error("whoever ended the case may not open it again")]
    SecondPersonRequired,
    /// Nothing waits for a review.
    #[error("nothing about this application waits for a review")]
    NothingToReview,
    /// The person may not be kept waiting, nor passed over.
    #[error("whether the person may apply waits for its review")]
    AwaitsReview,
    /// Asked for once.
    #[error("a review was asked for already")]
    ReviewRequestedAlready,
    /// Answered once.
    #[error("the request for a review was answered")]
    ReviewAnswered,
    /// The time is over.
    #[error("a review could be asked for until {until}")]
    ReviewPeriodOver {
        /// The last day.
        until: NaiveDate,
    },
    /// A decision without a clause is none.
    #[error("this needs the clause that it rests on")]
    ClauseRequired,
    /// The case rests.
    #[error("the case is on hold")]
    OnHold,
    /// A changed fact put it on hold.
    #[error("a changed fact put the case on hold; compliance decides whether it goes on")]
    HeldByFact,
    /// The rules still say no.
    #[error("the rules say that the person may not apply; the case cannot go on while that stands")]
    NotEligible,
    /// The hold would be over at once.
    #[error("a hold until {until} would be over already")]
    HoldOverAlready {
        /// The day asked for.
        until: NaiveDate,
    },
    /// There is no way from here to there.
    #[error("the case cannot go from {from} to {to}")]
    StageNotNext {
        /// Where it stands.
        from: &'static str,
        /// Where it should go.
        to: &'static str,
    },
    /// The way there is an evaluation.
    #[error("the case goes on to evaluated by recording an evaluation")]
    EvaluationRequired,
    /// It is done.
    #[error("the candidate is evaluated already")]
    AlreadyEvaluated,
    /// Nobody has said what they found.
    #[error("an evaluation needs the scorecard of an interviewer")]
    ScorecardRequired,
    /// Nobody judges whom they may earn by.
    #[error("whoever referred the candidate does not evaluate them")]
    ReferrerEvaluates,
    /// The fast track needs a clean start.
    #[error("the fast track is for those who were eligible without a review")]
    FastTrackClosed,
    /// The id is taken.
    #[error("an interview is scheduled under this id")]
    InterviewKnown,
    /// No such interview.
    #[error("no interview is scheduled under this id")]
    InterviewUnknown,
    /// What became of it is recorded.
    #[error("what became of the interview is recorded: {}", <&'static str>::from(.outcome))]
    InterviewOver {
        /// What became of it.
        outcome: InterviewOutcome,
    },
    /// A scorecard says that it was.
    #[error("a scorecard says that the interview was held")]
    InterviewHeld,
    /// Nothing can be found in it.
    #[error("the interview was not held")]
    InterviewNotHeld,
    /// Nothing can be found yet.
    #[error("the interview begins at {starts_at}")]
    InterviewNotBegun {
        /// When.
        starts_at: DateTime<Utc>,
    },
    /// There is nothing to tell.
    #[error("the requisition has no pay range; revise it first")]
    RangeMissing,
    /// The candidate is told first (PAY-05).
    #[error("the pay policy wants the candidate told the pay range of this position before the interview begins")]
    RangeNotDisclosed,
    /// Time runs one way.
    #[error("the interview would end before it begins")]
    EndsBeforeItBegins,
    /// Too few or too many.
    #[error("an interview has from 1 to {most} interviewers, each once")]
    InterviewersOutOfRange {
        /// How many at most.
        most: usize,
    },
    /// Nobody interviews themselves.
    #[error("the candidate may not be an interviewer")]
    CandidateInterviews,
    /// Nobody judges whom they may earn by.
    #[error("whoever referred the candidate may not be an interviewer")]
    ReferrerInterviews,
    /// They are elsewhere.
    #[error("{} interviewers have another interview at that time", interviewers.len())]
    InterviewerBusy {
        /// Who.
        interviewers: Vec<ActorId>,
    },
    /// The candidate is elsewhere, about another position.
    #[error("the candidate has an interview of another application at that time")]
    CandidateBusy,
    /// The candidate is elsewhere.
    #[error("the candidate has another interview at that time")]
    InterviewOverlaps {
        /// Which.
        interview_id: InterviewId,
    },
    /// Only who was there can say.
    #[error("only an interviewer of this interview may submit a scorecard")]
    NotTheInterviewer,
    /// One each.
    #[error("this interviewer has submitted a scorecard; it can be amended")]
    ScorecardSubmitted,
    /// There is nothing to amend.
    #[error("this interviewer has submitted no scorecard")]
    ScorecardMissing,
    /// The scale.
    #[error("ratings go from 1 to 5")]
    RatingOutOfRange,
    /// The offer comes first.
    #[error("an offer of this case is live; it must end first")]
    OfferLive,
    /// The candidate has a contract.
    #[error("the candidate has accepted an offer; only rescission or withdrawal undoes that")]
    AfterAcceptance,
    /// Too early for an offer.
    #[error("an offer needs a recorded evaluation")]
    NotEvaluated,
    /// The time is over.
    #[error("a new offer could be made until {until}")]
    OfferPeriodOver {
        /// The day on which the case closes.
        until: NaiveDate,
    },
    /// Another offer is the case's.
    #[error("that is not the live offer of this case")]
    OtherOffer,
    /// There is no contract.
    #[error("no offer of this case is accepted")]
    OfferNotAccepted,
    /// Only later.
    #[error("a start is postponed to a day after {agreed}")]
    NotLater {
        /// The day agreed.
        agreed: NaiveDate,
    },
    /// Not before the day agreed.
    #[error("the day agreed is {agreed}; nobody starts before")]
    BeforeAgreedDay {
        /// The day agreed.
        agreed: NaiveDate,
    },
    /// A return needs a number.
    #[error("a return needs the new employee number")]
    EmployeeNumberMissing,
    /// It is arranged for another day.
    #[error("the return is arranged for another first day; postpone it")]
    JoiningRecordedOtherwise,
    /// Nobody can be missing yet.
    #[error("the first day is {on}; nobody can be missing before")]
    DayNotCome {
        /// The first day.
        on: NaiveDate,
    },
    /// The case has moved.
    #[error("the case belongs to another requisition")]
    OtherRequisition,
    /// Entities keep their cases to themselves.
    #[error("a case stays with its legal entity")]
    OtherEntity,
    /// The rules say no there.
    #[error("the rules say that the person may not apply for that position: {code}")]
    NotEligibleThere {
        /// The rule.
        rule: String,
        /// What it found.
        code: String,
    },
    /// This end is final.
    #[error("only a rejected or withdrawn case can be opened again")]
    NotReopenable,
    /// The time is over.
    #[error("the case could be opened again until {until}")]
    ReopenPeriodOver {
        /// The last day.
        until: NaiveDate,
    },
    /// That is no answer to that rule.
    #[error(transparent)]
    Settlement(#[from] SettlementError),
    /// The case has ended.
    #[error("the case has ended: {state}")]
    Ended {
        /// How.
        state: &'static str,
    },
}
