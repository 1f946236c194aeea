//! What opens a task, and what ends it: events to steps, and nothing else.

mod application;
mod offer;
mod pay_policy;
mod programme_policy;
mod referral;
mod requisition;
mod reward;
mod reward_plan;

use std::collections::BTreeSet;

use aggregates::catalogue::HrEvent;
use aggregates::departure::{DepartureEvent, OutreachBar};
use aggregates::follow_up::FollowUpEvent;
use aggregates::ids::{ActorId, PersonId};
use aggregates::member::{MemberEvent, RegisteredVia};
use aggregates::no_rehire_flag::NoRehireFlagEvent;
use aggregates::person::PersonEvent;
use aggregates::values::Verdict;
use chrono::{Days, NaiveDate};
use uuid::Uuid;

use super::kind::{Audience, Kind};
use super::{FollowUp, State, Subject, Task, collection};
use crate::model::Recorded;
use crate::subject::person_of;

/// What an event means for one task.
pub(super) enum Step {
    /// It waits from now on, anew where it waited already.
    Open(Opening),
    /// It does not wait any more. The id tells tasks of one kind about one thing apart.
    End(Kind, Option<Uuid>),
    /// Nothing about this stream waits any more.
    EndAll,
}

/// A task that opens, as far as its event says something about it.
pub(super) struct Opening {
    kind: Kind,
    /// Where not everybody can do it for whom its kind waits.
    audience: Option<Audience>,
    /// Tells tasks of one kind about one thing apart.
    nth: Option<Uuid>,
    other: Option<PersonId>,
    account: Option<ActorId>,
    subject: Option<Subject>,
    follow_up: Option<FollowUp>,
    due_on: Option<NaiveDate>,
    not_by: BTreeSet<ActorId>,
}

impl Step {
    /// The task's id: a pure function of what it is about.
    pub(super) fn id(&self, event: &Recorded) -> Option<Uuid> {
        match self {
            Self::Open(opening) => Some(task_id(opening.kind, opening.nth, event)),
            Self::End(kind, nth) => Some(task_id(*kind, *nth, event)),
            Self::EndAll => None,
        }
    }

    fn open(kind: Kind) -> Opening {
        let (nth, other, account, subject, follow_up, due_on) = (None, None, None, None, None, None);
        Opening { kind, audience: None, nth, other, account, subject, follow_up, due_on, not_by: BTreeSet::new() }
    }

    fn end(kinds: &[Kind]) -> Vec<Self> {
        kinds.iter().map(|kind| Self::End(*kind, None)).collect()
    }
}

fn task_id(kind: Kind, nth: Option<Uuid>, event: &Recorded) -> Uuid {
    let mut name = <&str>::from(kind).as_bytes().to_vec();
    name.extend(nth.iter().flat_map(|nth| nth.into_bytes()));
    Uuid::new_v5(&event.stream_id, &name)
}

impl Opening {
    /// One of several of its kind about one thing.
    fn nth(self, nth: Uuid) -> Self {
        Self { nth: Some(nth), ..self }
    }

    fn about(self, other: PersonId) -> Self {
        Self { nth: Some(other.0), other: Some(other), ..self }
    }

    fn asks(self, account: ActorId) -> Self {
        Self { account: Some(account), ..self }
    }

    fn by(self, audience: Audience) -> Self {
        Self { audience: Some(audience), ..self }
    }

    fn due(self, on: NaiveDate) -> Self {
        Self { due_on: Some(on), ..self }
    }

    fn not_by(self, actors: impl IntoIterator<Item = ActorId>) -> Self {
        Self { not_by: actors.into_iter().collect(), ..self }
    }

    fn step(self) -> Step {
        Step::Open(self)
    }

    pub(super) fn task(self, event: &Recorded) -> Task {
        let id = task_id(self.kind, self.nth, event);
        let full_type = event.event.full_type();
        let stream = full_type.split_once('.').map_or(full_type.as_str(), |(stream, _)| stream);
        let (title_en, title_ja) = self.kind.titles();
        let due_on = self.due_on.or_else(|| event.on.checked_add_days(Days::new(self.kind.days())));
        Task {
            id,
            state: State::Open,
            position: event.position,
            kind: self.kind,
            audience: self.audience.unwrap_or_else(|| self.kind.audience()),
            about: event.stream_id.to_string(),
            account: self.account,
            subject: self
                .subject
                .unwrap_or_else(|| Subject { collection: collection(stream).to_owned(), id: event.stream_id }),
            person_id: person_of(event),
            other_person_id: self.other,
            follow_up: self.follow_up,
            due_on: due_on.unwrap_or(event.on),
            opened_at: event.recorded_at,
            title_en: title_en.to_owned(),
            title_ja: title_ja.to_owned(),
            not_by: self.not_by,
        }
    }
}

/// What an event opens and ends. Where it names a task twice, the later step counts.
pub(super) fn steps(event: &Recorded) -> Vec<Step> {
    match &event.event {
        HrEvent::Departure(what) => departure(what),
        HrEvent::Member(what) => member(what),
        HrEvent::Person(what) => person(what),
        HrEvent::NoRehireFlag(what) => no_rehire_flag(what),
        HrEvent::FollowUp(what) => follow_up(event.stream_id, what),
        HrEvent::Requisition(what) => requisition::steps(what),
        HrEvent::Application(what) => application::steps(event, what),
        HrEvent::Offer(what) => offer::steps(what),
        HrEvent::Referral(what) => referral::steps(what),
        HrEvent::Reward(what) => reward::steps(what),
        HrEvent::RewardPlan(what) => reward_plan::steps(what),
        HrEvent::PayPolicy(what) => pay_policy::steps(what),
        HrEvent::ProgrammePolicy(what) => programme_policy::steps(what),
        HrEvent::Access(_)
        | HrEvent::Employment(_)
        | HrEvent::PayBands(_)
        | HrEvent::IncumbentSnapshot(_)
        | HrEvent::IncumbentPart(_) => {
            vec![]
        }
    }
}

fn departure(what: &DepartureEvent) -> Vec<Step> {
    use DepartureEvent as E;
    use Kind::{AssessEligibility, ConfirmEligibility, ReassessEligibility};
    let mut steps = Vec::new();
    match what {
        E::EligibilityProposed { verdict: Verdict::Eligible, .. } => steps.extend(Step::end(&[AssessEligibility])),
        E::EligibilityProposed { verdict: Verdict::NeedsReview | Verdict::NotEligible, .. } => {
            steps.push(Step::open(AssessEligibility).step());
        }
        E::EligibilityAssessed { verdict, assessed_by, .. } => {
            steps.extend(Step::end(&[AssessEligibility, ReassessEligibility, ConfirmEligibility]));
            if *verdict == Verdict::NotEligible {
                steps.push(Step::open(ConfirmEligibility).not_by([*assessed_by]).step());
            }
        }
        E::IneligibilityConfirmed { .. } => steps.extend(Step::end(&[ConfirmEligibility])),
        E::AssessmentReturned { .. } | E::IneligibilityLapsed { .. } | E::AssessmentReopened { .. } => {
            steps.extend(Step::end(&[AssessEligibility, ConfirmEligibility]));
            steps.push(Step::open(ReassessEligibility).step());
        }
        E::Rescinded { .. } | E::OutreachBarred { because: OutreachBar::Deceased } => {
            steps.extend(Step::end(&[AssessEligibility, ReassessEligibility, ConfirmEligibility]));
        }
        E::Recorded(_)
        | E::OutreachBarred { because: OutreachBar::ContactRefused }
        | E::OutreachBarLifted { .. }
        | E::BecameEffective { .. }
        | E::Corrected { .. }
        | E::ExitInterviewRecorded { .. }
        | E::Invited { .. }
        | E::RegistrationNoted { .. } => {}
    }
    steps
}

fn member(what: &MemberEvent) -> Vec<Step> {
    use Kind::{ConfirmData, ReviewRegistration};
    use MemberEvent as E;
    match what {
        E::Registered(registered) => match registered.via {
            RegisteredVia::SelfClaim { .. } => vec![Step::open(ReviewRegistration).not_by([registered.account]).step()],
            RegisteredVia::Invitation { .. } => vec![],
        },
        E::Approved { .. } => Step::end(&[ReviewRegistration]),
        E::ConfirmationAsked { account, .. } => vec![Step::open(ConfirmData).asks(*account).step()],
        // A pause forgets unanswered questions; whoever never answers is left alone.
        E::DataConfirmed { .. } | E::Paused { .. } | E::BecameDormant { .. } => Step::end(&[ConfirmData]),
        E::Rejected { .. } | E::Left { .. } | E::Returned { .. } | E::DeathRecorded | E::Disposed { .. } => {
            Step::end(&[ReviewRegistration, ConfirmData])
        }
        E::TermsAccepted { .. }
        | E::ConsentGranted { .. }
        | E::ConsentWithdrawn { .. }
        | E::Activated { .. }
        | E::ContactDetailsGiven(_)
        | E::ProfileDescribed(_)
        | E::IntentsDeclared { .. }
        | E::Resumed
        | E::GroupDeclared { .. }
        | E::GroupDeclarationWithdrawn
        | E::ContactRecorded(_) => vec![],
    }
}

fn person(what: &PersonEvent) -> Vec<Step> {
    use Kind::{ConfirmLink, ConfirmUnlink, PossibleSamePerson};
    use PersonEvent as E;
    let end = |kind, other: &PersonId| Step::End(kind, Some(other.0));
    match what {
        E::PossibleMatchNoted { other, .. } => vec![Step::open(PossibleSamePerson).about(*other).step()],
        E::MatchDismissed { other, .. } => vec![end(PossibleSamePerson, other)],
        E::LinkProposed { other, proposed_by, .. } => {
            vec![end(PossibleSamePerson, other), Step::open(ConfirmLink).about(*other).not_by([*proposed_by]).step()]
        }
        E::LinkProposalWithdrawn { other, .. } | E::Linked { other, .. } => vec![end(ConfirmLink, other)],
        E::UnlinkProposed { other, proposed_by, .. } => {
            vec![Step::open(ConfirmUnlink).about(*other).not_by([*proposed_by]).step()]
        }
        E::UnlinkProposalWithdrawn { other, .. } | E::Unlinked { other, .. } => vec![end(ConfirmUnlink, other)],
        E::Erased { .. } => vec![],
    }
}

fn no_rehire_flag(what: &NoRehireFlagEvent) -> Vec<Step> {
    use Kind::{DecideAppeal, RenewFlag, ReviewFlag, ReviewRenewal};
    use NoRehireFlagEvent as E;
    match what {
        E::Raised { grounds, raised_by, raised_on, .. } => {
            // It falls away with its term, should that be shorter than the time for a review.
            let review_by = raised_on.checked_add_days(Days::new(ReviewFlag.days())).unwrap_or(grounds.expires_on);
            let due = review_by.min(grounds.expires_on);
            vec![Step::open(ReviewFlag).due(due).not_by([*raised_by]).step()]
        }
        E::Upheld { .. } => Step::end(&[ReviewFlag]),
        E::Appealed { appealed_by, involved, .. } => {
            let hands_in_it = involved.iter().chain([appealed_by]).copied();
            vec![Step::open(DecideAppeal).not_by(hands_in_it).step()]
        }
        E::AppealDismissed { .. } => Step::end(&[DecideAppeal]),
        E::ExpiryNoticed { expires_on } => vec![Step::open(RenewFlag).due(*expires_on).step()],
        E::RenewalProposed { renewed_by, .. } => {
            vec![Step::End(RenewFlag, None), Step::open(ReviewRenewal).not_by([*renewed_by]).step()]
        }
        E::RenewalConfirmed { .. } | E::RenewalRefused { .. } => Step::end(&[RenewFlag, ReviewRenewal]),
        E::Rejected { .. } | E::AppealGranted { .. } | E::Lifted { .. } | E::Expired { .. } => {
            Step::end(&[ReviewFlag, RenewFlag, DecideAppeal, ReviewRenewal])
        }
    }
}

fn follow_up(id: Uuid, what: &FollowUpEvent) -> Vec<Step> {
    match what {
        FollowUpEvent::Refused(refused) => {
            let opening = Step::open(Kind::ReactionRefused);
            let follow_up = FollowUp {
                id,
                reaction: refused.reaction.clone(),
                event_position: refused.event_position,
                error_code: refused.error_code.clone(),
            };
            let refusing = &refused.on_stream;
            let subject = Subject { collection: collection(&refusing.kind).to_owned(), id: refusing.id };
            vec![Opening { subject: Some(subject), follow_up: Some(follow_up), ..opening }.step()]
        }
        FollowUpEvent::Resolved { .. } => Step::end(&[Kind::ReactionRefused]),
    }
}
