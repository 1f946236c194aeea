//! Whether something is the caller's own.

use aggregates::departure::Departure;
use aggregates::ids::PersonId;
use aggregates::member::Member;
use projections::employments::Employment;
use uuid::Uuid;

use super::App;
use super::problem::Problem;
use super::request::Session;
use super::views::table;
use crate::ledger::{PageQuery, Waited};

/// A departure is the caller's own when their membership came from it, or when the person who leaves was employed under the
/// caller's login: whoever leaves is an employee until the last day.
pub(super) async fn must_be_own_departure(app: &App, session: &Session, id: Uuid) -> Result<(), Problem> {
    let dispatcher = app.dispatcher();
    let departure = dispatcher.load::<Departure>(&session.employer, id).await?;
    let Some(standing) = departure.state.standing() else { return Err(Problem::not_found()) };
    if let Some(member) = standing.member_id {
        let member = dispatcher.load::<Member>(&session.employer, member.0).await?;
        if matches!(&member.state, Member::Live(standing) if standing.account == session.actor) {
            return Ok(());
        }
    }
    if is_employed_as(app, session, standing.person_id).await? { Ok(()) } else { Err(Problem::not_found()) }
}

/// Whether a period of employment of the person is under the caller's login.
async fn is_employed_as(app: &App, session: &Session, person: PersonId) -> Result<bool, Problem> {
    let filters = vec![("account", vec![session.actor.to_string()]), ("person_id", vec![person.to_string()])];
    let query = PageQuery { filters, limit: 1, ..PageQuery::default() };
    match app.dispatcher().ledger().page(&table::<Employment>(), &session.employer.name, &query).await? {
        Waited::Ready(page) => Ok(!page.documents.is_empty()),
        Waited::Behind => Err(Problem::behind()),
    }
}
