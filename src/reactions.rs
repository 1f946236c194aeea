//! Whenever an event, then a command; and the timers that fall due.
//!
//! The serving node runs a command's follow-ups before it replies; what a crash leaves, the background runner repeats.
//! A follow-up's command id is derived from the event and the reaction's name, so that it is recorded once at most. A
//! refused follow-up becomes an event and a task; it never blocks and never loops.

mod application;
mod background;
mod departure;
mod eligibility;
mod employment;
mod incumbents;
mod member;
mod offer;
mod pay_policy;
mod referral;
mod requisition;
mod reward;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use aggregates::catalogue::HrEvent;
use aggregates::follow_up::{FollowUp, FollowUpCommand, Refused, StreamName};
use aggregates::ids::PersonId;
use aggregates::stream::Stream;
use projections::model::{ReadModel, Recorded};
use projections::parts::YesNo;
use projections::pipeline::PipelineEntry;
use uuid::Uuid;

pub use background::{advance_to, catch_up, fire_due, run};

use crate::dispatch::{DispatchError, Dispatcher, Envelope, Gathered, LoadError};
use crate::employer::Employer;
use crate::gather::{self, AsOf, SameHuman};
use crate::ledger::{StoreError, micros};

/// The events that something follows from.
pub const TRIGGERS: &[&str] = &[
    "departure.recorded",
    "departure.became_effective",
    "departure.corrected",
    "departure.rescinded",
    "departure.outreach_barred",
    "departure.eligibility_assessed",
    "departure.ineligibility_confirmed",
    "departure.assessment_returned",
    "departure.ineligibility_lapsed",
    "departure.assessment_reopened",
    "employment.recorded",
    "employment.corrected",
    "employment.ended",
    "member.registered",
    "member.approved",
    "person.linked",
    "person.unlinked",
    "no_rehire_flag.raised",
    "no_rehire_flag.upheld",
    "no_rehire_flag.rejected",
    "no_rehire_flag.appeal_granted",
    "no_rehire_flag.lifted",
    "no_rehire_flag.expired",
    "requisition.published",
    "requisition.closed",
    "application.submitted",
    "application.transferred",
    "application.reopened",
    "application.eligibility_assessed",
    "application.eligibility_reviewed",
    "application.review_answered",
    "application.rejected",
    "application.withdrawn",
    "application.cancelled",
    "application.no_show_recorded",
    "application.closed",
    "application.offer_ended",
    "application.rejoined",
    "offer.drafted",
    "offer.revised",
    "offer.accepted",
    "offer.declined",
    "offer.exception_decided",
    "offer.expired",
    "offer.refused",
    "offer.rescinded",
    "referral.duplicate_dismissed",
    "referral.hired",
    "reward.planned",
    "incumbent_snapshot.imported",
    "pay_policy.month_closed",
];

/// The checkpoint of the background runner.
pub const CHECKPOINT: &str = "reactions";

/// Why a follow-up was not done.
enum Undone {
    /// It was refused: recorded, and shown as a task.
    Refused(Refusal),
    /// The store or a race was in the way: tried again.
    Later,
}

/// What refused a follow-up, and why.
struct Refusal {
    kind: &'static str,
    id: Uuid,
    code: String,
    text: String,
}

impl From<StoreError> for Undone {
    fn from(_: StoreError) -> Self {
        Self::Later
    }
}

impl From<LoadError> for Undone {
    fn from(_: LoadError) -> Self {
        Self::Later
    }
}

/// What has become of the follow-ups of an event. None waits for another.
type Followed = Vec<Result<(), Undone>>;

/// The reactions to one event.
struct Reaction<'a> {
    dispatcher: &'a Dispatcher,
    employer: &'a Arc<Employer>,
    event: &'a Recorded,
}

impl Reaction<'_> {
    /// `None` where nothing ever follows from an event of this kind.
    async fn run(&self) -> Option<Followed> {
        match &self.event.event {
            HrEvent::Departure(event) => self.after_departure(event).await,
            HrEvent::Employment(event) => self.after_employment(event).await,
            HrEvent::Member(event) => self.after_member(event).await,
            HrEvent::Person(event) => self.after_person(event).await,
            HrEvent::NoRehireFlag(event) => self.after_flag(event).await,
            HrEvent::Requisition(event) => self.after_requisition(event).await,
            HrEvent::Application(event) => self.after_application(event).await,
            HrEvent::Offer(event) => self.after_offer(event).await,
            HrEvent::Referral(event) => self.after_referral(event).await,
            HrEvent::Reward(event) => self.after_reward(event).await,
            HrEvent::IncumbentSnapshot(event) => self.after_snapshot(event).await,
            HrEvent::PayPolicy(event) => self.after_pay_policy(event).await,
            HrEvent::FollowUp(_)
            | HrEvent::RewardPlan(_)
            | HrEvent::ProgrammePolicy(_)
            | HrEvent::PayBands(_)
            | HrEvent::Access(_)
            | HrEvent::IncumbentPart(_) => None,
        }
    }

    /// An event may have several follow-ups of one name: `about` tells them apart.
    fn command_id(&self, name: &str, about: Uuid) -> Uuid {
        Uuid::new_v5(&self.event.stream_id, format!("{}/{name}/{about}", self.event.sequence).as_bytes())
    }

    /// Sends a follow-up; `moot` says which refusals mean that there is nothing to do.
    async fn send<A>(
        &self,
        name: &'static str,
        id: Uuid,
        order: A::Order,
        moot: fn(&A::Error) -> bool,
    ) -> Result<(), Undone>
    where
        A: Stream,
        A::Order: Clone + Sync,
        for<'e> &'static str: From<&'e A::Error>,
    {
        self.send_about::<A>(name, id, id, order, moot).await
    }

    /// Sends a follow-up of which the event may have several.
    async fn send_about<A>(
        &self,
        name: &'static str,
        about: Uuid,
        id: Uuid,
        order: A::Order,
        moot: fn(&A::Error) -> bool,
    ) -> Result<(), Undone>
    where
        A: Stream,
        A::Order: Clone + Sync,
        for<'e> &'static str: From<&'e A::Error>,
    {
        let gather = || async { Ok(Gathered::<A>::order(order.clone())) };
        self.send_with::<A, _, _>(name, about, id, gather, moot).await
    }

    /// Sends a follow-up whose facts are gathered from other streams.
    async fn send_with<A, F, G>(
        &self,
        name: &'static str,
        about: Uuid,
        id: Uuid,
        gather: F,
        moot: fn(&A::Error) -> bool,
    ) -> Result<(), Undone>
    where
        A: Stream,
        for<'e> &'static str: From<&'e A::Error>,
        F: Fn() -> G + Send + Sync,
        G: Future<Output = Result<Gathered<A>, DispatchError<A::Error>>> + Send,
    {
        let command_id = self.command_id(name, about);
        let envelope = Envelope::system(Arc::clone(self.employer), name, command_id, Some(self.event.position));
        let error = match Box::pin(self.dispatcher.send_with::<A, F, G>(&envelope, id, gather)).await {
            Ok(_) => return Ok(()),
            Err(DispatchError::Refused(error)) if moot(&error) => return Ok(()),
            Err(error) => error,
        };
        let code = match &error {
            DispatchError::Refused(error) => <&'static str>::from(error).to_owned(),
            DispatchError::Claimed { scope } => format!("{scope}_taken"),
            DispatchError::Unencodable(_) => "not_recordable".to_owned(),
            DispatchError::NotFound => "not_found".to_owned(),
            DispatchError::VersionMismatch { .. }
            | DispatchError::Contended
            | DispatchError::KeyReused
            | DispatchError::EmployerUnknown
            | DispatchError::Overloaded
            | DispatchError::OutcomeUnknown
            | DispatchError::Store(_)
            | DispatchError::Decode(_) => {
                tracing::warn!(reaction = name, %error, "a follow-up could not be done yet");
                return Err(Undone::Later);
            }
        };
        // Repeated after a crash: it was done then, and things have moved on since.
        if self.dispatcher.ledger().recorded_command(&self.employer.name, command_id).await?.is_some() {
            return Ok(());
        }
        Err(Undone::Refused(Refusal { kind: A::TYPE, id, code, text: error.to_string() }))
    }

    async fn holder(&self, scope: &str, key: String) -> Result<Option<Uuid>, Undone> {
        let ledger = self.dispatcher.ledger();
        let holders = ledger.claim_holders(&self.employer.name, scope, &[key], micros(ledger.now())).await?;
        Ok(holders.into_iter().flatten().next())
    }

    /// Every document of a model with these values that is kept.
    async fn documents<M: ReadModel>(
        &self,
        filters: Vec<(&'static str, Vec<String>)>,
        keep: impl Fn(&M) -> bool + Send,
    ) -> Result<Vec<M>, Undone> {
        gather::documents(self.dispatcher, self.employer, filters, keep).await?.ok_or(Undone::Later)
    }

    /// The documents of a model with these ids.
    async fn documents_of<M: ReadModel>(&self, ids: &BTreeSet<Uuid>) -> Result<HashMap<Uuid, M>, Undone> {
        gather::documents_of(self.dispatcher, self.employer, ids).await?.ok_or(Undone::Later)
    }

    /// The human being that these records belong to.
    async fn same_human(
        &self,
        persons: impl IntoIterator<Item = PersonId> + Send,
        as_of: AsOf,
    ) -> Result<SameHuman, Undone> {
        SameHuman::of(self.dispatcher, self.employer, persons, as_of).await?.ok_or(Undone::Later)
    }

    /// The cases that are going on, by a filter.
    async fn live_cases(&self, mut filters: Vec<(&'static str, Vec<String>)>) -> Result<Vec<PipelineEntry>, Undone> {
        filters.push(("live", vec![<&str>::from(YesNo::Yes).to_owned()]));
        self.documents(filters, |_| true).await
    }

    /// Records that a follow-up was refused, for somebody to see to. `Err` means that it has to be tried again.
    async fn refused(&self, refusal: Refusal) -> Result<(), ()> {
        let (event, Refusal { kind, id, code, text }) = (self.event, refusal);
        let reaction = event.event.full_type();
        tracing::error!(reaction, kind, %id, code, "a follow-up was refused");
        let command_id = Uuid::new_v5(&event.stream_id, format!("{}/refused/{kind}/{id}", event.sequence).as_bytes());
        let envelope =
            Envelope::system(Arc::clone(self.employer), "follow-ups.refuse", command_id, Some(event.position));
        let refused = Refused {
            reaction,
            event_position: u64::try_from(event.position).unwrap_or_default(),
            on_stream: StreamName { kind: kind.to_owned(), id },
            error_code: code,
            error_text: text,
        };
        let order = FollowUpCommand::Refuse(refused);
        match Box::pin(self.dispatcher.send::<FollowUp>(&envelope, command_id, order)).await {
            Ok(_) | Err(DispatchError::Refused(_)) => Ok(()),
            Err(_) => Err(()),
        }
    }
}

/// Does what follows from one event. `Err` means that it has to be tried again.
async fn react(dispatcher: &Dispatcher, employer: &Arc<Employer>, event: &Recorded) -> Result<(), ()> {
    let reaction = Reaction { dispatcher, employer, event };
    let mut done = Ok(());
    for followed in reaction.run().await.unwrap_or_default() {
        let one = match followed {
            Ok(()) => Ok(()),
            Err(Undone::Later) => Err(()),
            Err(Undone::Refused(refusal)) => reaction.refused(refusal).await,
        };
        done = done.and(one);
    }
    done
}

/// Events whose follow-ups this node has done before the reply: the runner need not repeat them.
#[derive(Default)]
pub struct Done(Mutex<HashSet<(Arc<str>, i64)>>);

impl Done {
    fn note(&self, employer: &Arc<str>, position: i64) {
        let mut done = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Forgetting only makes the runner look again.
        if done.len() > 100_000 {
            done.clear();
        }
        done.insert((Arc::clone(employer), position));
    }

    fn take(&self, employer: &Arc<str>, position: i64) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&(Arc::clone(employer), position))
    }
}

/// Does what follows from events that have just been recorded.
///
/// Boxed: a follow-up is a command, whose own follow-ups come back here.
pub fn follow<'a>(
    dispatcher: &'a Dispatcher,
    employer: &'a Arc<Employer>,
    triggers: &'a [Recorded],
) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>> {
    Box::pin(async move {
        for event in triggers {
            if react(dispatcher, employer, event).await.is_ok() {
                dispatcher.reacted().note(&employer.name, event.position);
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::PathBuf;

    use aggregates::catalogue::{self, HrEvent};
    use chrono::DateTime;
    use projections::model::Recorded;
    use serde_json::Value;
    use uuid::Uuid;

    use super::{Reaction, TRIGGERS};
    use crate::ledger::{Ledger, LedgerMode, MasterKey, StoreLocation};
    use crate::serve::{Engine, TRIAL_EMPLOYER};

    /// Every event of the house in every form that is held against a golden.
    fn samples() -> Vec<HrEvent> {
        let goldens = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("aggregates/tests/goldens");
        let versions: BTreeMap<String, u32> =
            catalogue::types().into_iter().map(|event_type| (event_type.full_name, event_type.version)).collect();
        let streams: BTreeSet<&str> = versions.keys().filter_map(|name| name.split('.').next()).collect();
        let forms = streams.into_iter().flat_map(|stream| {
            let text = std::fs::read_to_string(goldens.join(format!("{stream}.json"))).unwrap();
            let forms: Vec<Value> = serde_json::from_str(&text).unwrap();
            forms
                .into_iter()
                .map(move |form| (format!("{stream}.{}", form["type"].as_str().unwrap()), form.to_string()))
        });
        forms.flat_map(|(name, form)| HrEvent::decode(&name, versions[&name], &form).unwrap()).collect()
    }

    #[tokio::test]
    async fn an_event_is_a_trigger_if_something_follows_from_it() {
        let directory = tempfile::tempdir().unwrap();
        let location = StoreLocation::Directory(directory.path().to_owned());
        let ledger = Ledger::open(&location, &MasterKey::generate().unwrap(), LedgerMode::Trial).await.unwrap();
        let engine = Engine::on(ledger).await.unwrap();
        let employer = engine.dispatcher.employers().get(TRIAL_EMPLOYER).await.unwrap();
        let mut followed = BTreeSet::new();
        for event in samples() {
            let recorded_at = DateTime::UNIX_EPOCH;
            let event = Recorded {
                position: 1,
                stream_id: Uuid::from_u128(1),
                sequence: 1,
                recorded_at,
                on: recorded_at.date_naive(),
                actor: None,
                role: None,
                subject: None,
                event,
            };
            let reaction = Reaction { dispatcher: &engine.dispatcher, employer: &employer, event: &event };
            if reaction.run().await.is_some() {
                followed.insert(event.event.full_type());
            }
        }
        engine.stop().await;
        assert_eq!(followed, TRIGGERS.iter().map(|name| (*name).to_owned()).collect());
    }
}
