//! Whenever an event, then a command; and the timers that fall due.
//!
//! The serving node runs a command's follow-ups before it replies; what a crash leaves, the background runner repeats.
//! A follow-up's command id is derived from the event and the reaction's name, so that it is recorded once at most. A
//! refused follow-up becomes an event and a task; it never blocks and never loops.

use std::collections::HashSet;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aggregates::catalogue::HrEvent;
use aggregates::departure::{Departure, DepartureCommand, DepartureEvent};
use aggregates::employment::{
    Employment, EmploymentChanges, EmploymentCommand, EmploymentError, EmploymentEvent, EndChange, EndedBecause,
};
use aggregates::follow_up::{FollowUp, FollowUpCommand, Refused, StreamName};
use aggregates::ids::{DepartureId, MemberId, PersonId};
use aggregates::keys::{natural_key, number_key};
use aggregates::member::{Member, MemberCommand, MemberError, MemberEvent, RegisteredVia};
use aggregates::person::{MatchEvidence, Person, PersonCommand};
use aggregates::stream::{Stream, Wakes};
use aggregates::values::FreeText;
use aggregates::{no_rehire_flag::NoRehireFlag, stream};
use chrono::NaiveDate;
use projections::model::Recorded;
use uuid::Uuid;

use crate::dispatch::{DispatchError, Dispatcher, Envelope, LoadError};
use crate::employer::Employer;
use crate::ledger::{LedgerMode, StoreError, StreamKey, micros};
use crate::search::SAME_PERSON;

/// The events that something follows from.
pub const TRIGGERS: [&str; 7] = [
    "departure.recorded",
    "departure.became_effective",
    "departure.corrected",
    "departure.rescinded",
    "employment.recorded",
    "member.registered",
    "member.approved",
];

/// The checkpoint of the background runner.
pub const CHECKPOINT: &str = "reactions";

/// Why a follow-up was not done.
enum Undone {
    /// The aggregate said no: recorded, and shown as a task.
    Refused { kind: &'static str, id: Uuid, code: String, text: String },
    /// The store or a race was in the way: tried again.
    Later,
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

/// One reaction to one event.
struct Reaction<'a> {
    dispatcher: &'a Dispatcher,
    employer: &'a Arc<Employer>,
    event: &'a Recorded,
}

impl Reaction<'_> {
    /// An event may have several follow-ups of one name: `about` tells them apart.
    fn command_id(&self, name: &str, about: Uuid) -> Uuid {
        Uuid::new_v5(&self.event.stream_id, format!("{}/{name}/{about}", self.event.sequence).as_bytes())
    }

    /// Sends a follow-up; `expected` says which refusals mean that there is nothing to do.
    async fn send<A>(
        &self,
        name: &'static str,
        id: Uuid,
        order: A::Order,
        expected: fn(&A::Error) -> bool,
    ) -> Result<(), Undone>
    where
        A: Stream,
        A::Order: Clone + Sync,
        for<'e> &'static str: From<&'e A::Error>,
    {
        self.send_about::<A>(name, id, id, order, expected).await
    }

    /// Sends a follow-up of which the event may have several.
    async fn send_about<A>(
        &self,
        name: &'static str,
        about: Uuid,
        id: Uuid,
        order: A::Order,
        expected: fn(&A::Error) -> bool,
    ) -> Result<(), Undone>
    where
        A: Stream,
        A::Order: Clone + Sync,
        for<'e> &'static str: From<&'e A::Error>,
    {
        let command_id = self.command_id(name, about);
        let envelope = Envelope::system(Arc::clone(self.employer), name, command_id, Some(self.event.position));
        match Box::pin(self.dispatcher.send::<A>(&envelope, id, order)).await {
            Ok(_) => Ok(()),
            Err(DispatchError::Refused(error)) if expected(&error) => Ok(()),
            Err(DispatchError::Refused(error)) => {
                // Repeated after a crash: it was done then, and things have moved on since.
                let ledger = self.dispatcher.ledger();
                if ledger.recorded_command(&self.employer.name, command_id).await?.is_some() {
                    return Ok(());
                }
                Err(Undone::Refused {
                    kind: A::TYPE,
                    id,
                    code: <&'static str>::from(&error).to_owned(),
                    text: error.to_string(),
                })
            }
            Err(error) => {
                tracing::warn!(reaction = name, %error, "a follow-up could not be done yet");
                Err(Undone::Later)
            }
        }
    }

    async fn holder(&self, scope: &str, key: String) -> Result<Option<Uuid>, Undone> {
        let ledger = self.dispatcher.ledger();
        let holders = ledger.claim_holders(&self.employer.name, scope, &[key], micros(ledger.now())).await?;
        Ok(holders.into_iter().flatten().next())
    }

    async fn run(&self) -> Result<(), Undone> {
        match &self.event.event {
            HrEvent::Departure(DepartureEvent::Recorded(recorded)) => self.note_resemblance(recorded.person_id).await,
            HrEvent::Departure(DepartureEvent::BecameEffective {
                left_on,
                legal_entity,
                employee_number,
                member_id,
                ..
            }) => {
                // The one does not wait for the other: a refusal is for somebody to look at, the member joins all the same.
                let ended = self.end_employment(legal_entity, employee_number, *left_on).await;
                let activated = self.activate(*member_id).await;
                ended.and(activated)
            }
            HrEvent::Departure(DepartureEvent::Rescinded { member_id: Some(member), .. }) => {
                let ended =
                    |error: &MemberError| matches!(error, MemberError::Ended { .. } | MemberError::AwaitsReview);
                self.send::<Member>("members.close-unneeded", member.0, MemberCommand::CloseUnneeded, ended).await
            }
            HrEvent::Departure(DepartureEvent::Corrected { changes, why, .. }) => match changes.left_on {
                Some(left_on) => self.move_end(left_on, why).await,
                None => Ok(()),
            },
            HrEvent::Employment(EmploymentEvent::Recorded(recorded)) => {
                self.end_where_left(&recorded.legal_entity, &recorded.employee_number, recorded.from).await
            }
            HrEvent::Member(MemberEvent::Registered(registered)) => match &registered.via {
                RegisteredVia::Invitation { departure_id, .. } => self.note_registration(*departure_id).await,
                RegisteredVia::SelfClaim { .. } => Ok(()),
            },
            HrEvent::Member(MemberEvent::Approved { departure_id, .. }) => self.note_registration(*departure_id).await,
            HrEvent::Departure(_)
            | HrEvent::Member(_)
            | HrEvent::Employment(_)
            | HrEvent::Person(_)
            | HrEvent::NoRehireFlag(_)
            | HrEvent::FollowUp(_) => Ok(()),
        }
    }

    /// Whenever a departure is recorded whose name and birth date another person's departure has, then a person is asked
    /// whether they are one (decided: never merged by that alone).
    async fn note_resemblance(&self, person: PersonId) -> Result<(), Undone> {
        let ledger = self.dispatcher.ledger();
        for (other_departure, other) in
            ledger.resembling(&self.employer.name, SAME_PERSON, self.event.stream_id).await?
        {
            let mine = self.dispatcher.load::<Departure>(self.employer, self.event.stream_id).await?;
            let theirs = self.dispatcher.load::<Departure>(self.employer, other_departure).await?;
            let mut evidence = vec![MatchEvidence::SameName, MatchEvidence::SameBirthDate];
            if let (Some(mine), Some(theirs)) = (mine.state.standing(), theirs.state.standing())
                && mine.hired_on <= theirs.left_on
                && theirs.hired_on <= mine.left_on
            {
                evidence.push(MatchEvidence::OverlappingPeriods);
            }
            // On the stream of the newer person, whichever of the two departures this is.
            let (newer, older) = if person.0 > other { (person.0, other) } else { (other, person.0) };
            let command =
                PersonCommand::NotePossibleMatch { person_id: PersonId(newer), other: PersonId(older), evidence };
            self.send_about::<Person>("persons.note-possible-match", other, newer, command, |_| false).await?;
        }
        Ok(())
    }

    /// Whenever a departure takes effect, then the employment of that number ends on the last day.
    async fn end_employment(&self, legal_entity: &str, number: &str, left_on: NaiveDate) -> Result<(), Undone> {
        let Some(employment) = self.holder("open_employment", number_key(legal_entity, number)).await? else {
            return Ok(());
        };
        let because = EndedBecause::Departure { departure_id: DepartureId(self.event.stream_id) };
        let order = EmploymentCommand::End { ended_on: left_on, because };
        // Somebody who came back bears the number anew: that period is another one.
        let later = |error: &EmploymentError| matches!(error, EmploymentError::EndsBeforeStart { .. });
        self.send::<Employment>("employments.end", employment, order, later).await
    }

    /// Whenever the last day of an effective departure is corrected, then the employment that it ended ends on that day.
    async fn move_end(&self, left_on: NaiveDate, why: &FreeText) -> Result<(), Undone> {
        let loaded = self.dispatcher.load::<Departure>(self.employer, self.event.stream_id).await?;
        let Departure::Effective(standing) = loaded.state else { return Ok(()) };
        let key = natural_key(&standing.legal_entity, &standing.employee_number, standing.hired_on);
        let Some(employment) = self.holder("employment", key).await? else { return Ok(()) };
        let changes = EmploymentChanges { end: Some(EndChange::Moved { on: left_on }), ..Default::default() };
        let order = EmploymentCommand::Correct { corrects: None, changes: Box::new(changes), why: why.clone() };
        // An employment that the departure did not end has nothing to move.
        let moot = |error: &EmploymentError| matches!(error, EmploymentError::NoEnd);
        self.send::<Employment>("employments.correct", employment, order, moot).await
    }

    /// Whenever an employment is recorded whose departure has already taken effect, then it ends on that last day.
    async fn end_where_left(&self, legal_entity: &str, number: &str, from: NaiveDate) -> Result<(), Undone> {
        let Some(departure) = self.holder("departure", natural_key(legal_entity, number, from)).await? else {
            return Ok(());
        };
        let loaded = self.dispatcher.load::<Departure>(self.employer, departure).await?;
        let Departure::Effective(standing) = loaded.state else { return Ok(()) };
        let because = EndedBecause::Departure { departure_id: DepartureId(departure) };
        let order = EmploymentCommand::End { ended_on: standing.left_on, because };
        self.send::<Employment>("employments.end", self.event.stream_id, order, |_| false).await
    }

    /// Whenever a departure takes effect, then a membership registered before the last day becomes active.
    async fn activate(&self, member: Option<MemberId>) -> Result<(), Undone> {
        let Some(member) = member else { return Ok(()) };
        let moot = |error: &MemberError| matches!(error, MemberError::Ended { .. } | MemberError::AwaitsReview);
        self.send::<Member>("members.activate", member.0, MemberCommand::Activate, moot).await
    }

    /// Whenever somebody registers, then their departure knows it.
    async fn note_registration(&self, departure: DepartureId) -> Result<(), Undone> {
        let order = DepartureCommand::NoteRegistration { member_id: MemberId(self.event.stream_id) };
        self.send::<Departure>("departures.note-registration", departure.0, order, |_| false).await
    }
}

/// Does what follows from one event. `Err` means that it has to be tried again.
async fn react(dispatcher: &Dispatcher, employer: &Arc<Employer>, event: &Recorded) -> Result<(), ()> {
    match (Reaction { dispatcher, employer, event }).run().await {
        Ok(()) => Ok(()),
        Err(Undone::Later) => Err(()),
        Err(Undone::Refused { kind, id, code, text }) => {
            let reaction = event.event.full_type();
            tracing::error!(reaction, kind, %id, code, "a follow-up was refused");
            let command_id =
                Uuid::new_v5(&event.stream_id, format!("{}/refused/{kind}/{id}", event.sequence).as_bytes());
            let envelope =
                Envelope::system(Arc::clone(employer), "follow-ups.refuse", command_id, Some(event.position));
            let refused = Refused {
                reaction,
                event_position: u64::try_from(event.position).unwrap_or_default(),
                on_stream: StreamName { kind: kind.to_owned(), id },
                error_code: code,
                error_text: text,
            };
            let done =
                Box::pin(dispatcher.send::<FollowUp>(&envelope, command_id, FollowUpCommand::Refuse(refused))).await;
            match done {
                Ok(_) | Err(DispatchError::Refused(_)) => Ok(()),
                Err(_) => Err(()),
            }
        }
    }
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

/// Does what follows from the events of a stream after one version, up to another.
///
/// Boxed: a follow-up is a command, whose own follow-ups come back here.
pub fn follow_stream<'a>(
    dispatcher: &'a Dispatcher,
    employer: &'a Arc<Employer>,
    stream: StreamKey,
    after: i64,
    upto: i64,
) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>> {
    Box::pin(async move { follow(dispatcher, employer, stream, after, upto).await })
}

async fn follow(dispatcher: &Dispatcher, employer: &Arc<Employer>, stream: StreamKey, after: i64, upto: i64) {
    let Ok(stored) = dispatcher.ledger().load(stream).await else { return };
    for stored in stored.iter().filter(|stored| stored.sequence > after && stored.sequence <= upto) {
        if !TRIGGERS.contains(&stored.event_type.as_str()) {
            continue;
        }
        let Ok(events) = crate::feed::decode(stored.position, &stored.leaf, employer.zone) else { return };
        let mut all = true;
        for event in &events {
            all &= react(dispatcher, employer, event).await.is_ok();
        }
        if all {
            dispatcher.reacted().note(&employer.name, stored.position);
        }
    }
}

/// Repeats, for ever, what a crash or a slow store left undone, and fires timers.
pub async fn run(dispatcher: Arc<Dispatcher>) {
    let pause = Duration::from_millis(250);
    loop {
        tokio::time::sleep(pause).await;
        if dispatcher.ledger().mode() == LedgerMode::Trial
            && let Err(error) = dispatcher.ledger().refresh_clock().await
        {
            tracing::warn!(%error, "the clock could not be read");
        }
        if let Err(error) = catch_up(&dispatcher).await {
            tracing::warn!(%error, "follow-ups could not be looked for; trying again");
        }
        if let Err(error) = fire_due(&dispatcher, micros(dispatcher.ledger().now())).await {
            tracing::warn!(%error, "timers could not be looked for; trying again");
        }
    }
}

/// Does the follow-ups of every event that has none yet.
pub async fn catch_up(dispatcher: &Dispatcher) -> Result<(), StoreError> {
    let ledger = dispatcher.ledger();
    ledger.ensure_checkpoints(CHECKPOINT, 1).await?;
    let heads = ledger.heads().await?;
    for checkpoint in ledger.checkpoints().await?.into_iter().filter(|c| c.model == CHECKPOINT) {
        let head = heads.get(&checkpoint.employer).copied().unwrap_or_default();
        if checkpoint.position >= head {
            continue;
        }
        let employer = dispatcher.employers().get(&checkpoint.employer).await?;
        let mut position = checkpoint.position;
        loop {
            let rows = ledger.triggers(&employer.name, &TRIGGERS, position, head, 200).await?;
            let exhausted = rows.len() < 200;
            let mut stuck = false;
            for (at, leaf) in rows {
                if !dispatcher.reacted().take(&employer.name, at) {
                    let events = crate::feed::decode(at, &leaf, employer.zone).map_err(StoreError::Unreadable)?;
                    for event in &events {
                        stuck |= react(dispatcher, &employer, event).await.is_err();
                    }
                }
                if stuck {
                    break;
                }
                position = at;
            }
            if exhausted && !stuck {
                position = head;
            }
            ledger.advance_checkpoint(&employer.name, CHECKPOINT, 1, position).await?;
            if exhausted || stuck {
                break;
            }
        }
    }
    Ok(())
}

/// Wakes every stream whose timer is due by an instant (microseconds), soonest first.
pub async fn fire_due(dispatcher: &Dispatcher, by: i64) -> Result<usize, StoreError> {
    let mut fired = 0;
    loop {
        let due = dispatcher.ledger().due_timers(by, 100).await?;
        if due.is_empty() {
            return Ok(fired);
        }
        let mut moved = false;
        for (employer, kind, id, due_at) in due {
            let employer = dispatcher.employers().get(&employer).await?;
            moved |= match kind.as_str() {
                "departure" => wake::<Departure>(dispatcher, &employer, id, due_at).await,
                "member" => wake::<Member>(dispatcher, &employer, id, due_at).await,
                "employment" => wake::<Employment>(dispatcher, &employer, id, due_at).await,
                "no_rehire_flag" => wake::<NoRehireFlag>(dispatcher, &employer, id, due_at).await,
                other => {
                    tracing::error!(kind = other, "a timer of an unknown kind of stream");
                    false
                }
            };
            fired += 1;
        }
        if !moved {
            // Nothing could be woken now: a store that is away, or a race; the next round tries again.
            return Ok(fired);
        }
    }
}

/// Moves domain time to `target` (microseconds), stopping at every timer on the way, so that each fires at its own instant.
pub async fn advance_to(dispatcher: &Dispatcher, target: i64) -> Result<(), StoreError> {
    let ledger = dispatcher.ledger();
    for _ in 0..1_000_000 {
        let Some((_, _, _, due)) = ledger.due_timers(target, 1).await?.into_iter().next() else { break };
        if due > micros(ledger.now()) {
            ledger.advance_clock(due).await?;
        }
        if fire_due(dispatcher, due).await? == 0 {
            break;
        }
    }
    ledger.advance_clock(target).await?;
    fire_due(dispatcher, micros(ledger.now())).await?;
    catch_up(dispatcher).await
}

async fn wake<A>(dispatcher: &Dispatcher, employer: &Arc<Employer>, id: Uuid, due_at: i64) -> bool
where
    A: Stream,
    A::Order: stream::Wakes + Clone + Sync,
{
    let command_id = Uuid::new_v5(&id, format!("wake/{due_at}").as_bytes());
    let envelope = Envelope::system(Arc::clone(employer), "timer", command_id, None);
    match dispatcher.send::<A>(&envelope, id, <A::Order as Wakes>::wake()).await {
        Ok(_) => {
            // Still there and still due: the stream had nothing to say at this instant.
            let key = Dispatcher::stream::<A>(employer, id);
            if let Err(error) = dispatcher.ledger().clear_timer(&key, due_at).await {
                tracing::warn!(%error, "a timer could not be cleared");
                return false;
            }
            true
        }
        Err(error) => {
            tracing::warn!(kind = A::TYPE, %id, %error, "a timer could not be fired");
            false
        }
    }
}
