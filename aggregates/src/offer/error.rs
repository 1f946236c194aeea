//! Why a command to an offer is refused.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Ending, ExceptionReason, NoticeItem, SHORTEST_JUSTIFICATION};
use crate::checks::{Outcome, RuleResult, SettlementError};
use crate::pay::{Condition, Fraction, Ground, PayError, Tier};
use crate::values::{Clause, LARGEST_AMOUNT};

/// Why a command is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum OfferError {
    /// No such offer.
    #[error("no offer is drafted under this id")]
    Undrafted,
    /// The id is taken.
    #[error("this offer is already drafted")]
    AlreadyDrafted,
    /// The case is not as far yet.
    #[error("the application has not been evaluated; an offer follows the evaluation")]
    ApplicationNotEvaluated,
    /// The case waits.
    #[error("the application is on hold; an offer waits until it goes on")]
    ApplicationOnHold,
    /// The case has ended.
    #[error("the application has ended")]
    ApplicationEnded,
    /// Another offer is on its way.
    #[error("the application already has a live or accepted offer")]
    OfferLive,
    /// The rules do not let the person come back as things stand.
    #[error("rule {rule} stands in the way of this person's return: {code}")]
    NotEligibleAnyMore {
        /// The rule.
        rule: String,
        /// Its finding.
        code: String,
        /// The clause or law behind it.
        basis: Option<Clause>,
    },
    /// The position is gone.
    #[error("the requisition is closed")]
    RequisitionClosed,
    /// What was offered was of that position, on its seats.
    #[error("the application was transferred to another requisition; draft an offer there")]
    ApplicationTransferred,
    /// The position is taken.
    #[error("every seat of the requisition is taken or offered")]
    HeadcountFull,
    /// Contracts for services are no offers of employment.
    #[error("a contractor is not employed; this offer is for employment")]
    ContractorNotOffered,
    /// It would be over before it began.
    #[error("the offer must expire after now; {expires_at} has passed")]
    ExpiryNotInFuture {
        /// The instant asked for.
        expires_at: DateTime<Utc>,
    },
    /// The day has passed.
    #[error("the first day {starts_on} has passed")]
    StartInThePast {
        /// The day asked for.
        starts_on: NaiveDate,
    },
    /// A fixed term has an end.
    #[error("employment for a fixed term needs its last day")]
    TermEndRequired,
    /// Regular employment has none.
    #[error("regular employment has no last day")]
    TermEndNotAllowed,
    /// The term ends before it begins.
    #[error("the term ends on {ends_on}, before it begins on {starts_on}")]
    TermEndsBeforeStart {
        /// The first day.
        starts_on: NaiveDate,
        /// The last day.
        ends_on: NaiveDate,
    },
    /// Hours that nobody may agree.
    #[error("weekly hours must lie between 1 and {most}")]
    WeeklyHoursOutOfRange {
        /// The most allowed.
        most: u32,
    },
    /// Amounts that do not add up.
    #[error("every amount of an offer is in one currency")]
    MixedCurrencies,
    /// Nobody can compute with it.
    #[error("what is paid beside the base in a year, or once, comes to more than {LARGEST_AMOUNT}")]
    AllowancesTooLarge,
    /// Pay is positive.
    #[error("the base must be positive, and no amount negative")]
    AmountNotPositive,
    /// A refusal is final for the same terms (PAY-26).
    #[error("these very terms were refused; other terms can be approved (PAY-26)")]
    HashRefused,
    /// An extended offer is not revised in its expiry.
    #[error("the terms are the same; the expiry of an extended offer is changed by extend-expiry")]
    TermsUnchanged,
    /// What was seen is not what stands.
    #[error("the terms have changed since they were seen; read the offer again")]
    TermsChanged,
    /// A machine may not decide about pay (AUD-12).
    #[error("only a natural person may decide this")]
    NaturalPersonRequired,
    /// Whoever approves is somebody else (PAY-20).
    #[error("whoever proposed or revised the offer, or asked for its approval, may not decide about it (PAY-20)")]
    DistinctApproverRequired,
    /// Nobody decides about their own pay.
    #[error("the candidate may not decide about their own offer (PAY-20)")]
    CandidateExcluded,
    /// Whoever gains may not decide.
    #[error("whoever referred the candidate may not decide about the offer (PAY-20)")]
    ReferrerExcluded,
    /// They stepped aside.
    #[error("whoever declared a conflict of interest may not decide about the offer (PAY-20)")]
    ConflictDeclared,
    /// One vote each.
    #[error("this person has already approved; another one has to")]
    AlreadyVoted,
    /// Approval was asked for by somebody else.
    #[error("approval of this version was already asked for")]
    AlreadyRequested,
    /// Nothing waits for approval.
    #[error("the offer does not wait for approval")]
    NotAwaitingApproval,
    /// It is approved.
    #[error("the offer is already approved")]
    AlreadyApproved,
    /// Nobody approved it yet.
    #[error("the offer is not approved")]
    NotApproved,
    /// The approvals are too old (PAY-22).
    #[error("the approvals could be relied on until {until} (PAY-22); ask for approval again")]
    ApprovalsExpired {
        /// The last day.
        until: NaiveDate,
    },
    /// What the pay is compared with does not compare.
    #[error("{0}")]
    PayFigures(PayError),
    /// Those who work here are compared as they stand, not as they once stood.
    #[error("the latest snapshot of incumbents is of {as_of}, more than {days} days ago; take a new one over (PAY-21)")]
    SnapshotStale {
        /// The day that it tells of.
        as_of: NaiveDate,
        /// How old it may be.
        days: u32,
    },
    /// What is approved is measured by what is in force.
    #[error("{} in force are others than the offer was measured by; revise it, the same terms will do (PAY-21)", .what)]
    MeasureChanged {
        /// What: `the pay policy`, `the pay bands` or `whoever leads the hiring line`.
        what: &'static str,
    },
    /// Those who were overtaken do not wait for ever.
    #[error("the plan to remedy is due on {due_on}, more than twelve months from today")]
    RemedyDueTooLate {
        /// The day asked for.
        due_on: NaiveDate,
    },
    /// Whoever gains from the offer does not see to it that it is remedied.
    #[error("neither the candidate nor whoever referred them owns the plan to remedy")]
    RemedyOwnerGains,
    /// A rating is of the past.
    #[error("the rating of {rated_on} was not given yet")]
    RatingInTheFuture {
        /// The day.
        rated_on: NaiveDate,
    },
    /// The last rating is that at exit.
    #[error("the rating of {rated_on} was given after they left, on {left_on}")]
    RatingAfterExit {
        /// The day of the rating.
        rated_on: NaiveDate,
        /// Their last day.
        left_on: NaiveDate,
    },
    /// An offer above its band is given another grade on evidence.
    #[error("the offer lies above its band: another grade needs the assessment of the level that it follows")]
    GradeEvidenceRequired,
    /// Nobody of the line that hires stands for whoever is missing outside it.
    #[error("nobody of the hiring line approves in place of others (PAY-23)")]
    ForcedByTheLine,
    /// Nobody decides alone.
    #[error("whoever granted the exception does not approve in place of others as well (PAY-20)")]
    ForcedByDecider,
    /// Whether they report to whoever proposed the offer cannot be told.
    #[error("no current employment of the delegate is recorded, so that nobody can say to whom they report (PAY-25)")]
    DelegateUnknown,
    /// Only who returns part-time or for a fixed term is compared with regular workers (PAY-01).
    #[error("an offer of regular employment is not compared with that of regular workers")]
    NothingToCompare,
    /// Who is not a regular worker is told how they stand beside them (PAY-01, PAY-02).
    #[error(
        "an answer to whoever works part-time or for a fixed term compares their conditions with those of regular workers"
    )]
    ComparisonRequired,
    /// What does not explain a difference is no answer (PAY-02).
    #[error("the comparison explains nothing: {code} (PAY-02)")]
    ComparisonLacks {
        /// What it lacks, as PAY-01 says it.
        code: &'static str,
    },
    /// One question at a time.
    #[error("a question waits for its answer until {answer_by}")]
    ExplanationPending {
        /// The last day to answer it.
        answer_by: NaiveDate,
    },
    /// Nobody asked.
    #[error("nobody has asked for an explanation that is not given yet")]
    NoExplanationPending,
    /// Nothing of the kind is due (LAB-11).
    #[error(
        "nothing of the kind is to be filed or done: whoever comes back has not started, or the law of the entity is another"
    )]
    DutyNotOwed,
    /// What is done is done once.
    #[error("it was recorded as done on {on}")]
    DutyDone {
        /// The day that was recorded.
        on: NaiveDate,
    },
    /// What is ahead has not been done.
    #[error("a day by {today} is expected")]
    DutyInTheFuture {
        /// Today.
        today: NaiveDate,
    },
    /// What was done before it could count does not.
    #[error("a day from {from} on is expected")]
    DutyTooEarly {
        /// The first day that counts.
        from: NaiveDate,
    },
    /// The policy asks for nothing of the kind.
    #[error("the programme policy of the case asks for no such document")]
    DocumentNotAsked,
    /// What came in comes in once.
    #[error("what became of the document was recorded otherwise, on {on}")]
    DocumentRecorded {
        /// The day that was recorded.
        on: NaiveDate,
    },
    /// What is ahead has not come in.
    #[error("a day by {today} is expected")]
    DocumentInTheFuture {
        /// Today.
        today: NaiveDate,
    },
    /// Nothing asks for a look at the range.
    #[error("no second exception for the role within a year has its pay range looked at")]
    NoRangeReview,
    /// Whoever proposed the offer does not say that the range of its role fits.
    #[error("whoever proposed the offer does not look at the pay range of its role")]
    RangeReviewerExcluded,
    /// One review, one outcome.
    #[error("what came of the look at the pay range was recorded otherwise")]
    RangeReviewed,
    /// Whoever is not back was paid nothing (PAY-27).
    #[error("payments are recorded of whoever is back")]
    NotBackYet,
    /// One payment, one amount.
    #[error("what this payment says was recorded otherwise")]
    OneOffRecordedOtherwise,
    /// As the offer.
    #[error("the offer is in {currency}")]
    OneOffCurrency {
        /// The currency of the offer.
        currency: String,
    },
    /// A payment of nothing is none.
    #[error("a payment is at least one unit of the currency")]
    OneOffAmountRequired,
    /// What was paid before anything was offered is no part of the offer (PAY-27).
    #[error("a payment from {from} on is expected, the day on which the offer was approved")]
    OneOffTooEarly {
        /// The day of the first approval.
        from: NaiveDate,
    },
    /// What is ahead has not been paid.
    #[error("a payment by {today} is expected")]
    OneOffInTheFuture {
        /// Today.
        today: NaiveDate,
    },
    /// The tier blocks it; neither approval nor exception lifts that.
    #[error("the pay is blocked: {} ({})", <&'static str>::from(.condition), <&'static str>::from(.ground))]
    PayBlocked {
        /// What it is about.
        ground: Ground,
        /// The condition met.
        condition: Condition,
    },
    /// A rule waits for its answer.
    #[error("rule {rule} says {} ({code}) and waits for its answer", <&'static str>::from(.outcome))]
    RuleOpen {
        /// The rule.
        rule: String,
        /// What it says.
        outcome: Outcome,
        /// The finding.
        code: String,
        /// The clause or law behind it.
        basis: Option<Clause>,
    },
    /// Outside the policy, an exception comes first.
    #[error("the offer is outside the pay policy; an exception has to be granted first")]
    ExceptionRequired,
    /// Within the policy there is nothing to except.
    #[error("the offer needs no exception")]
    ExceptionNotNeeded,
    /// It waits already.
    #[error("an exception waits for its decision")]
    ExceptionPending,
    /// Nothing waits.
    #[error("no exception waits for a decision")]
    NoExceptionPending,
    /// It was granted.
    #[error("the exception is already granted")]
    ExceptionGranted,
    /// An exception has a reason.
    #[error("an exception names at least one reason of the closed list")]
    ReasonRequired,
    /// Some reasons stand on evidence.
    #[error("the reason {} stands on evidence; name where it lies", <&'static str>::from(.reason))]
    EvidenceRequired {
        /// A reason.
        reason: ExceptionReason,
    },
    /// A sentence is no justification.
    #[error("an exception is justified in at least {SHORTEST_JUSTIFICATION} characters")]
    JustificationTooShort,
    /// A plan is in the currency of the offer.
    #[error("the plan to remedy is in {currency}, the currency of the offer")]
    RemedyCurrencyDiffers {
        /// The offer's.
        currency: String,
    },
    /// Whoever is overtaken is remedied.
    #[error("somebody equally qualified is overtaken; the exception needs a plan to remedy of at least {} a year (PAY-28)", .cost.decimal(0))]
    RemedyRequired {
        /// What it costs a year.
        cost: Fraction,
    },
    /// A plan that does not suffice.
    #[error("the plan to remedy sets aside less than {} a year (PAY-28)", .cost.decimal(0))]
    RemedyTooSmall {
        /// What it costs a year.
        cost: Fraction,
    },
    /// A plan lies ahead.
    #[error("the plan to remedy is due after today; {due_on} is not")]
    RemedyDueInThePast {
        /// The day asked for.
        due_on: NaiveDate,
    },
    /// A plan without money is none.
    #[error("the plan to remedy names its budget (PAY-28)")]
    RemedyUnbudgeted,
    /// Nobody came back on it.
    #[error("what somebody who came back earns is compared once the offer is accepted")]
    NotAccepted,
    /// Plans fell overdue since (PAY-28).
    #[error(
        "{plans} plans to remedy of this unit have fallen overdue since the offer was assessed; revise it, so that it is \
         assessed again (PAY-28)"
    )]
    RemediesOverdue {
        /// How many.
        plans: usize,
    },
    /// Nobody is overtaken yet.
    #[error("a plan to remedy is carried out once the offer is accepted")]
    RemedyNotOwed,
    /// There is none.
    #[error("this offer was approved without a plan to remedy")]
    NoRemedyPlanned,
    /// Nothing is left of it.
    #[error("the plan to remedy is carried out")]
    RemedyCarriedOut,
    /// One order, one amount.
    #[error("what this order says was recorded otherwise")]
    RemedyRecordedOtherwise,
    /// What nobody can look up did not happen.
    #[error("a remedy names the order that it follows")]
    RemedyEvidenceRequired,
    /// As the plan.
    #[error("the plan to remedy is in {currency}")]
    RemedyCurrency {
        /// The currency of the plan.
        currency: String,
    },
    /// A remedy of nothing is none.
    #[error("a remedy is at least one unit of the currency")]
    RemedyAmountRequired,
    /// What was done before anybody was to be overtaken remedies nothing.
    #[error("a remedy takes effect after the offer was approved, from {from} on")]
    RemedyBeforeApproval {
        /// The day of the first approval.
        from: NaiveDate,
    },
    /// What is ahead has not been done.
    #[error("a remedy that took effect by {today} is expected")]
    RemedyInTheFuture {
        /// Today.
        today: NaiveDate,
    },
    /// Nobody is left to approve it.
    #[error("the seats of tier {} cannot be taken by different people who neither propose the offer nor gain from it (PAY-20)", <&str>::from(.tier))]
    ApproversMissing {
        /// The tier.
        tier: Tier,
    },
    /// Approvers are named by the policy.
    #[error("the policy names this person for no seat that is still to be taken (PAY-20)")]
    NoSeatForApprover,
    /// Whoever set the measure does not use it at once (PAY-24).
    #[error(
        "whoever edited pay bands or thresholds in the last 30 days proposes and approves no offer under them (PAY-24)"
    )]
    EditedLately,
    /// Forcing needs a ground.
    #[error("an approval in place of others names the authority for it")]
    AuthorityRequired,
    /// Nobody delegates to themselves.
    #[error("an approval is delegated to somebody else")]
    SelfDelegation,
    /// Never to a proposer, nor to anybody else who may not decide (PAY-25).
    #[error("an approval is not delegated to somebody who may not decide about the offer (PAY-25)")]
    DelegateExcluded,
    /// Nobody approves what their own manager proposes (PAY-25).
    #[error("an approval is not delegated to somebody who reports to whoever proposed the offer (PAY-25)")]
    DelegateReportsToProposer,
    /// The day has passed.
    #[error("a delegation lasts until today at least; {until} has passed")]
    DelegationInThePast {
        /// The day asked for.
        until: NaiveDate,
    },
    /// Nobody gets an offer without being told how its pay was set (PAY-04).
    #[error("an offer goes out with the explanation of its pay (PAY-04)")]
    ExplanationMissing,
    /// The notice of working conditions would be incomplete (LAB-09).
    #[error("the notice of working conditions lacks {} (LAB-09)", <&'static str>::from(.item))]
    TermsIncomplete {
        /// What is missing.
        item: NoticeItem,
    },
    /// The candidate has it.
    #[error("the offer has been extended; revising its terms pulls it back")]
    AlreadyExtended,
    /// The candidate does not have it.
    #[error("the offer is not extended to the candidate")]
    NotExtended,
    /// The time is over, although the timer may not have run yet.
    #[error("the offer could be answered until {expires_at}")]
    Expired {
        /// The first instant at which it could not be answered any more.
        expires_at: DateTime<Utc>,
    },
    /// More time is later.
    #[error("the new expiry must be later than {expires_at}")]
    ExpiryNotLater {
        /// The present expiry.
        expires_at: DateTime<Utc>,
    },
    /// Nobody answers for another, unless they say that and how they record it.
    #[error("only the candidate answers an offer; whoever records their answer says so")]
    CandidateOnly,
    /// The candidate accepted.
    #[error("the candidate has accepted the offer")]
    AlreadyAccepted,
    /// An accepted offer is a contract (内定取消).
    #[error("only an executive may take an accepted offer back")]
    ExecutiveRequired,
    /// An accepted offer is a contract (内定取消).
    #[error("taking an accepted offer back needs a clause and a recorded legal opinion")]
    LegalOpinionRequired,
    /// An approver refused it.
    #[error("the offer was refused; other terms revive it")]
    Refused,
    /// The offer has ended.
    #[error("the offer has ended: {ending}")]
    Ended {
        /// How.
        ending: Ending,
    },
    /// The rule was not evaluated for this offer.
    #[error("rule {rule} was not evaluated for this offer")]
    RuleNotEvaluated {
        /// The rule named.
        rule: String,
    },
    /// That is no answer to such an outcome.
    #[error("rule {rule} says {}; that is not lifted so", <&'static str>::from(.outcome))]
    WrongAnswer {
        /// The rule named.
        rule: String,
        /// What it says.
        outcome: Outcome,
    },
}

impl From<SettlementError> for OfferError {
    fn from(error: SettlementError) -> Self {
        match error {
            SettlementError::RuleNotEvaluated { rule } => Self::RuleNotEvaluated { rule },
            SettlementError::WrongAnswer { rule, outcome } => Self::WrongAnswer { rule, outcome },
        }
    }
}

impl OfferError {
    /// What an open rule says.
    pub(super) fn open(result: &RuleResult) -> Self {
        let RuleResult { rule, outcome, code, basis } = result.clone();
        Self::RuleOpen { rule, outcome, code, basis }
    }
}
