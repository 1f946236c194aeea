//! What each machine has to answer, written down anew from `docs/reference/transitions.md`: data, and no code of the product.

use super::commands::{ToApplication, ToOffer, ToPlan, ToReferral, ToRequisition, ToReward};

/// What the model says about a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It succeeds, and the thing is in this state.
    Goes(&'static str),
    /// It succeeds, and the thing stays where it is.
    Stays,
    /// It is refused, and nothing changes.
    Refused,
    /// Whatever the answer, the thing stays where it is.
    Still,
    /// Facts that the model does not hold decide.
    May,
}

/// The states in which an application is somebody's one for a requisition.
pub fn is_live(application: &str) -> bool {
    matches!(
        application,
        "eligibility_review"
            | "screening"
            | "interviewing"
            | "evaluated"
            | "offer_pending"
            | "offer_declined"
            | "offer_expired"
            | "offer_accepted"
            | "joining"
    )
}

/// The states from which nobody but the program brings anything about; its tasks are over as well.
pub fn has_ended(collection: &str, state: &str) -> bool {
    match collection {
        "applications" => !is_live(state) && state != "not_eligible",
        "offers" => matches!(state, "declined" | "expired" | "rescinded" | "refused"),
        "referrals" => {
            matches!(state, "blocked" | "declined" | "expired" | "hired" | "refused_duplicate" | "withdrawn")
        }
        "requisitions" => state == "closed",
        "rewards" => matches!(state, "forfeited" | "ineligible" | "lapsed"),
        "reward-plans" => state == "retired",
        "members" => matches!(state, "deceased" | "disposed" | "left" | "rejected" | "returned"),
        _ => false,
    }
}

/// What the program itself brings about, of a thing that was not asked about or as time passes.
pub fn follows(collection: &str, from: &str, to: &str) -> bool {
    match collection {
        "applications" => {
            matches!(
                (from, to),
                ("evaluated" | "offer_declined" | "offer_expired", "offer_pending" | "closed")
                    | ("offer_pending", "offer_accepted" | "evaluated" | "offer_rescinded")
                    | ("offer_pending" | "offer_accepted" | "joining", "offer_declined" | "offer_expired")
                    | ("offer_accepted" | "joining", "offer_rescinded" | "rejoined")
                    | ("eligibility_review", "not_eligible")
            ) || (is_live(from) && !matches!(from, "offer_accepted" | "joining") && to == "cancelled")
        }
        "offers" => {
            matches!((from, to), ("drafting" | "awaiting_approval" | "approved", "declined" | "rescinded"))
                || matches!((from, to), ("extended", "declined" | "rescinded" | "expired") | ("accepted", "declined"))
        }
        "referrals" => matches!(
            (from, to),
            ("awaiting_candidate" | "owned" | "held_as_duplicate" | "not_hired", "expired")
                | ("owned" | "in_process" | "not_hired", "hired" | "not_hired" | "in_process")
                | ("owned" | "not_hired", "held_as_duplicate")
                | ("held_as_duplicate", "not_hired")
        ),
        "requisitions" => matches!((from, to), ("published", "filled") | ("filled", "published")),
        "rewards" => matches!((from, to), ("waiting", "due" | "lapsed" | "held" | "ineligible")),
        _ => false,
    }
}

/// Whether an application and the latest of its offers may stand beside each other.
pub fn agree(application: &str, offer: Option<&str>) -> bool {
    match application {
        "offer_pending" => matches!(offer, Some("drafting" | "awaiting_approval" | "approved" | "extended")),
        "offer_accepted" | "joining" => offer == Some("accepted"),
        "offer_declined" => offer == Some("declined"),
        "offer_expired" => offer == Some("expired"),
        "offer_rescinded" => offer == Some("rescinded"),
        "rejoined" => offer == Some("accepted"),
        _ => offer.is_none_or(|offer| has_ended("offers", offer)),
    }
}

/// What decides about an application besides its state.
#[derive(Clone, Copy, Debug)]
pub struct AboutApplication {
    pub on_hold: bool,
    /// Whoever asks is its applicant.
    pub own: bool,
    /// Whoever asks ended it.
    pub ended_it: bool,
    /// The person has another live one for the requisition in question.
    pub rival: bool,
    /// The requisition in question is closed.
    pub closed: bool,
    /// The person is back under another application, which bears on all that are theirs.
    pub back: bool,
}

pub fn application(state: &str, command: &ToApplication, about: AboutApplication) -> Verdict {
    use ToApplication as T;
    use Verdict::{Goes, May, Refused, Stays, Still};
    let live = is_live(state);
    let with_offer = matches!(state, "offer_pending" | "offer_accepted" | "joining");
    match command {
        T::Assign if live => Stays,
        T::Advance | T::Skip | T::Evaluate | T::Schedule | T::Rejoin { .. } if about.on_hold => Refused,
        T::Advance if state == "screening" => Goes("interviewing"),
        T::Advance if state == "interviewing" => Stays,
        T::Skip if state == "screening" && !about.back => Goes("evaluated"),
        T::Skip if state == "screening" => May,
        // Nobody is in two interviews at once, and a scorecard needs an interview.
        T::Schedule if matches!(state, "screening" | "interviewing") => Still,
        T::Scorecard if live => Still,
        T::Evaluate if state == "interviewing" => May,
        T::Hold if live && !about.back => Stays,
        T::Hold if live => May,
        // On hold, the first day may have come meanwhile.
        T::Resume if live && (about.back || state == "joining") => May,
        T::Resume if live => Stays,
        T::Reject { .. } if live && !with_offer => Goes("rejected"),
        T::Reject { .. } if state == "rejected" => Still,
        T::Withdraw { .. } if !about.own => Refused,
        T::Withdraw { .. } if live => Goes("withdrawn"),
        T::Withdraw { .. } if state == "withdrawn" => Still,
        T::Reopen { .. } if about.ended_it || about.rival => Refused,
        T::Reopen { .. } if matches!(state, "rejected" | "withdrawn") => May,
        T::Transfer { .. } if about.on_hold || about.rival || about.closed => Refused,
        T::Transfer { .. } if live && !with_offer => May,
        T::Postpone { .. } if matches!(state, "offer_accepted" | "joining") => Still,
        T::Rejoin { .. } if state == "offer_accepted" => May,
        T::Rejoin { .. } if matches!(state, "joining" | "rejoined") => Still,
        T::NoShow if matches!(state, "offer_accepted" | "joining") => May,
        T::NoShow if state == "no_show" => Still,
        _ => Refused,
    }
}

/// What decides about an offer besides its state.
#[derive(Clone, Copy, Debug)]
pub struct AboutOffer {
    /// Whoever asks has seen the terms that stand.
    pub up_to_date: bool,
    /// Whoever asks proposed it, gains from it, or has stepped aside.
    pub excluded: bool,
    /// Whoever asks approved the terms that stand.
    pub approved_it: bool,
    /// Whoever asks is the candidate.
    pub own: bool,
    /// Whoever asks is the one who asked for approval.
    pub asked: bool,
    /// The revision states what stands already.
    pub same_terms: bool,
    /// The terms that the revision states, or that stand, were refused.
    pub refused_terms: bool,
    /// How many days ago it was approved.
    pub approved_days_ago: Option<i64>,
    /// Its time to be answered is over, or its first day has come.
    pub over: bool,
    /// The new day of expiry is later.
    pub later: bool,
    /// Its application is on hold.
    pub on_hold: bool,
    /// Its application is over.
    pub case_over: bool,
    /// Its application was moved to another requisition.
    pub transferred: bool,
    /// Its requisition is closed.
    pub closed: bool,
    /// A seat is left on its requisition.
    pub seat_left: bool,
    /// The person is back under another application.
    pub back: bool,
    /// A question of the candidate waits for its answer.
    pub asks: bool,
}

pub fn offer(state: &str, command: &ToOffer, about: AboutOffer) -> Verdict {
    use ToOffer as T;
    use Verdict::{Goes, May, Refused, Stays, Still};
    let on_its_way = matches!(state, "drafting" | "awaiting_approval" | "approved");
    // The fourteen days are local ones: on the last of them the hour decides.
    let stale = about.approved_days_ago.filter(|days| *days >= 14);
    match command {
        T::Revise { .. } if about.refused_terms => Refused,
        T::Revise { .. } if (on_its_way || state == "extended") && about.same_terms => Still,
        T::Revise { .. } if (on_its_way || state == "extended") && about.over => May,
        T::Revise { .. } if on_its_way || state == "extended" => Goes("drafting"),
        T::Revise { .. } if state == "refused" && !about.case_over && !about.transferred => May,

        T::RequestApproval { .. } if state == "drafting" => Goes("awaiting_approval"),
        T::RequestApproval { .. } if state == "awaiting_approval" && about.asked => Stays,
        T::RequestApproval { .. } if state == "approved" && stale.is_some_and(|days| days > 15) => {
            Goes("awaiting_approval")
        }
        T::RequestApproval { .. } if state == "approved" && stale.is_some() => May,

        T::Approve { .. } | T::SendBack { .. } | T::Refuse { .. } | T::Force { .. }
            if !about.up_to_date || (about.excluded && state == "awaiting_approval") =>
        {
            Refused
        }
        T::Approve { .. } | T::Force { .. } if state == "awaiting_approval" => Goes("approved"),
        T::Approve { .. } if state == "approved" && about.approved_it => Stays,
        T::SendBack { .. } if state == "awaiting_approval" => Goes("drafting"),
        T::Refuse { .. } if state == "awaiting_approval" => Goes("refused"),

        T::DeclareConflict { .. } if state == "approved" && about.approved_it => Goes("drafting"),
        T::DeclareConflict { .. } if on_its_way || matches!(state, "extended" | "accepted" | "refused") => Stays,

        T::Extend { .. }
            if state != "approved"
                || !about.up_to_date
                || about.closed
                || about.on_hold
                || about.case_over
                || !about.seat_left
                || stale.is_some_and(|days| days > 15) =>
        {
            Refused
        }
        T::Extend { .. } if about.over || about.back || stale.is_some() => May,
        T::Extend { .. } => Goes("extended"),

        T::ExtendExpiry { .. } if state == "extended" && about.later => Stays,

        T::Accept { .. } if !about.own || !about.up_to_date => Refused,
        T::AcceptForThem { .. } if !about.up_to_date => Refused,
        T::Accept { .. } | T::AcceptForThem { .. } if state == "extended" => Goes("accepted"),
        // The candidate repeats themselves; what was recorded for them is recorded once.
        T::Accept { .. } if state == "accepted" => Still,

        T::Decline { .. } if !about.own => Refused,
        // Whoever is back has no offer any more that could be declined or taken back.
        T::Decline { .. } | T::Rescind { .. } if state == "accepted" && about.case_over => Refused,
        T::Decline { .. } if matches!(state, "extended" | "accepted") => Goes("declined"),
        T::Decline { .. } if state == "declined" => Still,

        T::Rescind { .. } if on_its_way || state == "extended" => Goes("rescinded"),
        T::Rescind { executive: true } if state == "accepted" => Goes("rescinded"),

        T::Ask { .. } if !about.own => Refused,
        T::Ask { .. } if state == "extended" && about.over => May,
        T::Ask { .. } if matches!(state, "extended" | "accepted") => Stays,
        T::Explain if about.asks && state == "extended" && about.over => May,
        T::Explain if about.asks && matches!(state, "extended" | "accepted") => Stays,
        // Of the offers that were accepted, those whose case is over are of whoever is back.
        T::PayOnce if state == "accepted" && about.case_over => Stays,
        _ => Refused,
    }
}

/// Whether a new offer may be drafted; it stands beside the application's others.
pub fn draft(application: &str, on_hold: bool, closed: bool, back: bool, time_over: bool) -> Verdict {
    match application {
        _ if on_hold || closed => Verdict::Refused,
        "evaluated" | "offer_declined" | "offer_expired" if back || time_over => Verdict::May,
        "evaluated" | "offer_declined" | "offer_expired" => Verdict::Goes("drafting"),
        _ => Verdict::Refused,
    }
}

/// What decides about a referral besides its state.
#[derive(Clone, Copy, Debug)]
pub struct AboutReferral {
    /// Whoever asks made it.
    pub own: bool,
    /// Another referral owns the candidate.
    pub rival: bool,
    /// Another one may, as far as the model can tell: its case has ended, its time has not.
    pub maybe_rival: bool,
    /// An application names it, which may have its credit.
    pub credited: bool,
    /// Its fourteen days are over, by a day or more.
    pub over: bool,
}

pub fn referral(state: &str, command: &ToReferral, about: AboutReferral) -> Verdict {
    use ToReferral as T;
    use Verdict::{Goes, May, Refused, Still};
    match command {
        T::Accept if state == "awaiting_candidate" && about.over => Refused,
        T::Accept if state == "awaiting_candidate" && about.rival => Goes("held_as_duplicate"),
        T::Accept if state == "awaiting_candidate" => May,
        T::Decline if state == "declined" => Still,
        T::Decline if matches!(state, "awaiting_candidate" | "owned" | "held_as_duplicate" | "not_hired") => {
            Goes("declined")
        }
        T::Grant if about.rival => Refused,
        T::Grant if state == "held_as_duplicate" && (about.maybe_rival || about.credited) => May,
        T::Grant if state == "held_as_duplicate" => Goes("owned"),
        T::RefuseDuplicate if matches!(state, "owned" | "held_as_duplicate" | "in_process") => {
            Goes("refused_duplicate")
        }
        T::Withdraw { .. } if !about.own => Refused,
        T::Withdraw { .. } if state == "withdrawn" => Still,
        T::Withdraw { .. }
            if matches!(state, "awaiting_candidate" | "owned" | "held_as_duplicate" | "in_process" | "not_hired") =>
        {
            Goes("withdrawn")
        }
        T::RecordHire if matches!(state, "owned" | "in_process" | "not_hired") => May,
        T::RecordHire if state == "hired" => Still,
        T::RecordOutcome if matches!(state, "owned" | "held_as_duplicate" | "in_process") => Goes("not_hired"),
        _ => Refused,
    }
}

/// `promised` counts seats that are filled, and those of offers that are out or accepted.
pub fn requisition(state: &str, command: &ToRequisition, promised: usize, live: usize) -> Verdict {
    use ToRequisition as T;
    use Verdict::{Goes, May, Refused, Stays, Still};
    match command {
        T::Publish if state == "closed" => Refused,
        T::Publish => Stays,
        T::Close { .. } if state == "closed" => Still,
        T::Close { cancel_live: false } if live > 0 => Refused,
        T::Close { .. } => Goes("closed"),
        T::Revise { .. } if state == "closed" => Refused,
        T::Revise { headcount } if usize::try_from(*headcount).is_ok_and(|seats| seats < promised) => Refused,
        T::Revise { .. } => May,
    }
}

pub fn reward(state: &str, command: &ToReward, approved_it: bool) -> Verdict {
    use ToReward as T;
    use Verdict::{Goes, May, Refused, Still};
    match command {
        T::Verify if state == "due" => May,
        T::Approve { .. } if state == "awaiting_approval" && approved_it => Refused,
        T::Approve { .. } if matches!(state, "verified" | "awaiting_approval") => May,
        T::Approve { .. } if state == "approved" => Still,
        T::Decline if matches!(state, "verified" | "awaiting_approval") => Goes("held"),
        T::Hold if matches!(state, "waiting" | "due" | "verified" | "awaiting_approval" | "approved") => Goes("held"),
        T::Hold if state == "held" => Still,
        T::LiftHold if state == "held" => May,
        _ => Refused,
    }
}

/// What decides about a plan of rewards besides its state.
#[derive(Clone, Copy, Debug)]
pub struct AboutPlan {
    /// A version waits.
    pub waits: bool,
    /// It is approved.
    pub approved: bool,
    /// Whoever asks has written at it.
    pub wrote: bool,
    /// The revision states what stands already.
    pub same: bool,
    /// Another plan of the entity is published.
    pub rival: bool,
}

pub fn plan(state: &str, command: &ToPlan, about: AboutPlan) -> Verdict {
    use ToPlan as T;
    use Verdict::{Goes, Refused, Stays, Still};
    match command {
        T::Retire { .. } if state == "retired" => Still,
        T::Retire { .. } => Goes("retired"),
        _ if state == "retired" => Refused,
        T::Revise { .. } if about.same => Still,
        T::Revise { .. } if state == "published" => Stays,
        T::Revise { .. } => Goes("draft"),
        T::Approve { .. } if !about.waits || about.wrote => Refused,
        T::Approve { .. } if about.approved => Still,
        T::Approve { .. } if state == "published" => Stays,
        T::Approve { .. } => Goes("approved"),
        // Who publishes it twice on one day repeats themselves.
        T::Publish { .. } if state == "published" && !about.waits => Still,
        T::Publish { .. } if !about.waits || !about.approved || about.rival => Refused,
        T::Publish { .. } => Goes("published"),
    }
}
