//! The background runner: repeats what a crash or a slow store left undone, and fires timers.

use std::sync::Arc;
use std::time::Duration;

use aggregates::application::Application;
use aggregates::departure::Departure;
use aggregates::employment::Employment;
use aggregates::member::Member;
use aggregates::no_rehire_flag::NoRehireFlag;
use aggregates::offer::Offer;
use aggregates::pay_policy::PayPolicy;
use aggregates::referral::Referral;
use aggregates::requisition::Requisition;
use aggregates::reward::Reward;
use aggregates::reward_plan::RewardPlan;
use aggregates::stream::{Stream, Wakes};
use uuid::Uuid;

use super::{CHECKPOINT, TRIGGERS, react};
use crate::dispatch::{Dispatcher, Envelope};
use crate::employer::Employer;
use crate::ledger::{LedgerMode, StoreError, micros};

/// How long the node that serves a command has for its follow-ups before another one repeats them.
const COURTESY: Duration = Duration::from_millis(500);
/// How often follow-ups are tried again that belong to a move of the clock: each try waits for the read models by itself.
const PATIENT_LOOKS: u32 = 20;
/// The least time between two rounds, however much other nodes append.
const BREATH: Duration = Duration::from_millis(100);

/// Repeats, for ever, what a crash or a slow store left undone, and fires timers: when another node has appended, and every
/// `poll`.
pub async fn run(dispatcher: Arc<Dispatcher>, poll: Duration) {
    let mut arrivals = dispatcher.ledger().arrivals();
    let mut wait = poll;
    loop {
        if matches!(tokio::time::timeout(wait, arrivals.changed()).await, Ok(Ok(()))) {
            tokio::time::sleep(BREATH).await;
        }
        wait = poll;
        if dispatcher.ledger().mode() == LedgerMode::Trial
            && let Err(error) = dispatcher.ledger().refresh_clock().await
        {
            tracing::warn!(%error, "the clock could not be read");
        }
        match look(&dispatcher, COURTESY).await {
            Ok(Left { again, .. }) => wait = again.map_or(wait, |again| wait.min(again)),
            Err(error) => tracing::warn!(%error, "follow-ups could not be looked for; trying again"),
        }
        if let Err(error) = fire_due(&dispatcher, micros(dispatcher.ledger().now())).await {
            tracing::warn!(%error, "timers could not be looked for; trying again");
        }
    }
}

/// Does the follow-ups of every event that has none yet.
pub async fn catch_up(dispatcher: &Dispatcher) -> Result<(), StoreError> {
    look(dispatcher, Duration::ZERO).await.map(drop)
}

/// What a look left undone.
#[derive(Default)]
struct Left {
    /// When to look again, if there are events that are younger than the courtesy.
    again: Option<Duration>,
    /// Whether follow-ups could not be done.
    stuck: bool,
}

/// What became of the follow-ups of one event.
enum Looked {
    /// The node that recorded it had done them.
    Before,
    /// They have been done now.
    Now,
    /// They could not be done.
    Stuck,
    /// Whoever recorded it may still be at it.
    Young(Duration),
}

/// Does the follow-ups of every event that has none yet and is older than `courtesy`.
async fn look(dispatcher: &Dispatcher, courtesy: Duration) -> Result<Left, StoreError> {
    let ledger = dispatcher.ledger();
    ledger.ensure_checkpoints(CHECKPOINT, 1).await?;
    let heads = ledger.heads().await?;
    let mut undone = Left::default();
    for checkpoint in ledger.checkpoints().await?.into_iter().filter(|c| c.model == CHECKPOINT) {
        let head = heads.get(&checkpoint.employer).copied().unwrap_or_default();
        if checkpoint.position >= head {
            continue;
        }
        let employer = dispatcher.employers().get(&checkpoint.employer).await?;
        let mut position = checkpoint.position;
        // Follow-ups done late may overturn what followed from later events in the meantime: from the first one on, all
        // are gone through again, in the order of the log. What still holds stays as it is.
        let mut late = false;
        loop {
            let rows = ledger.triggers(&employer.name, TRIGGERS, position, head, 200).await?;
            let exhausted = rows.len() < 200;
            let mut halted = false;
            for (at, leaf) in rows {
                match look_at(dispatcher, &employer, at, &leaf, courtesy, late).await? {
                    Looked::Before => position = at,
                    Looked::Now => (position, late) = (at, true),
                    Looked::Stuck => (undone.stuck, halted) = (true, true),
                    Looked::Young(left) => {
                        undone.again = Some(undone.again.map_or(left, |again| again.min(left)));
                        halted = true;
                    }
                }
                if halted {
                    break;
                }
            }
            if exhausted && !halted {
                position = head;
            }
            ledger.advance_checkpoint(&employer.name, CHECKPOINT, 1, position).await?;
            if exhausted || halted {
                break;
            }
        }
    }
    Ok(undone)
}

async fn look_at(
    dispatcher: &Dispatcher,
    employer: &Arc<Employer>,
    position: i64,
    leaf: &str,
    courtesy: Duration,
    late: bool,
) -> Result<Looked, StoreError> {
    if dispatcher.reacted().take(&employer.name, position) && !late {
        return Ok(Looked::Before);
    }
    let events = crate::feed::decode(position, leaf, employer.zone).map_err(StoreError::Unreadable)?;
    if let Some(recorded_at) = events.first().map(|event| event.recorded_at) {
        // A clock that is behind makes it no older than just recorded.
        let age = (dispatcher.ledger().now() - recorded_at).to_std().unwrap_or_default();
        if let Some(left) = courtesy.checked_sub(age).filter(|left| !left.is_zero()) {
            return Ok(Looked::Young(left));
        }
    }
    let mut done = true;
    for event in &events {
        done &= react(dispatcher, employer, event).await.is_ok();
    }
    Ok(if done { Looked::Now } else { Looked::Stuck })
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
                "requisition" => wake::<Requisition>(dispatcher, &employer, id, due_at).await,
                "application" => wake::<Application>(dispatcher, &employer, id, due_at).await,
                "offer" => wake::<Offer>(dispatcher, &employer, id, due_at).await,
                "referral" => wake::<Referral>(dispatcher, &employer, id, due_at).await,
                "reward" => wake::<Reward>(dispatcher, &employer, id, due_at).await,
                "reward_plan" => wake::<RewardPlan>(dispatcher, &employer, id, due_at).await,
                "pay_policy" => wake::<PayPolicy>(dispatcher, &employer, id, due_at).await,
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
/// Whether what follows is done as well: where it could not be for long, it is tried again later.
pub async fn advance_to(dispatcher: &Dispatcher, target: i64) -> Result<bool, StoreError> {
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
    for _ in 0..PATIENT_LOOKS {
        if !look(dispatcher, Duration::ZERO).await?.stuck {
            return Ok(true);
        }
        tokio::time::sleep(BREATH).await;
    }
    Ok(false)
}

async fn wake<A>(dispatcher: &Dispatcher, employer: &Arc<Employer>, id: Uuid, due_at: i64) -> bool
where
    A: Stream,
    A::Order: Wakes + Clone + Sync,
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
