//! Whoever decides is a human being: what one of their accounts may not decide, none of theirs decides.

use aggregates::issued::{Actor, Issued};
use aggregates::stream::Stream;
use uuid::Uuid;

use super::App;
use super::request::Session;
use crate::dispatch::{DispatchError, Dispatcher, Gathered};
use crate::gather::accounts_of;

/// A decision of the caller's, refused where it would be under another account of theirs; with the streams that say so.
pub(super) async fn as_one<A: Stream>(
    app: &App,
    session: &Session,
    id: Uuid,
    mut decision: Gathered<A>,
) -> Result<Gathered<A>, DispatchError<A::Error>>
where
    A::Order: Clone,
{
    let (dispatcher, employer) = (app.dispatcher(), &*session.employer);
    let (accounts, same) = accounts_of(dispatcher, employer, session.actor).await?;
    let others = accounts.into_iter().filter(|account| *account != session.actor);
    let loaded = dispatcher.load::<A>(employer, id).await?;
    let at = dispatcher.ledger().now();
    let decide = |id| {
        let by = Actor { id, kind: session.kind() };
        loaded.state.decide(Issued { by, at, on: employer.local_date(at), command: decision.order.clone() })
    };
    // Whoever sees nothing, is refused anyway or repeats themselves is answered as they are.
    let sees = decision.permit.as_ref().is_none_or(|permit| permit(&loaded.state));
    if sees && decide(session.actor).is_ok_and(|events| !events.is_empty()) {
        for other in others {
            decide(other).map_err(DispatchError::Refused)?;
        }
    }
    decision.guards.extend(same);
    decision.guards.push((Dispatcher::stream::<A>(employer, id), loaded.version));
    Ok(decision)
}
