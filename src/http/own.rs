//! Whether something is the caller's own.

use aggregates::departure::Departure;
use aggregates::member::Member;
use uuid::Uuid;

use super::App;
use super::problem::Problem;
use super::request::Session;

/// A departure is the caller's own when their membership came from it.
pub(super) async fn must_be_own_departure(app: &App, session: &Session, id: Uuid) -> Result<(), Problem> {
    let dispatcher = app.dispatcher();
    let departure = dispatcher.load::<Departure>(&session.employer, id).await?;
    if let Some(member) = departure.state.standing().and_then(|standing| standing.member_id) {
        let member = dispatcher.load::<Member>(&session.employer, member.0).await?;
        if matches!(&member.state, Member::Live(standing) if standing.account == session.actor) {
            return Ok(());
        }
    }
    Err(Problem::not_found())
}
