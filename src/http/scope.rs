//! Which things lie in the legal entities that a caller is limited to, where the things themselves do not say so.

use std::collections::{BTreeSet, HashMap};

use projections::persons::Person;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::App;
use super::problem::{INTERNAL_ERROR, Problem};
use super::request::Session;
use super::views::table;
use crate::ledger::{PageQuery, Waited};

/// How many documents are read at a time.
const CHUNK: usize = 500;

/// The documents with these ids, as the read model holds them.
pub(super) async fn by_id<M>(app: &App, session: &Session, ids: &BTreeSet<Uuid>) -> Result<HashMap<Uuid, M>, Problem>
where
    M: projections::model::ReadModel + DeserializeOwned,
{
    let mut found = HashMap::with_capacity(ids.len());
    let ids: Vec<Uuid> = ids.iter().copied().collect();
    for chunk in ids.chunks(CHUNK) {
        let limit = i64::try_from(chunk.len()).unwrap_or(i64::MAX);
        let query = PageQuery { ids: Some(chunk.to_vec()), limit, ..PageQuery::default() };
        let page = match app.dispatcher().ledger().page(&table::<M>(), &session.employer.name, &query).await? {
            Waited::Ready(page) => page,
            Waited::Behind => return Err(Problem::behind()),
        };
        for document in page.documents {
            let body = serde_json::from_str(&document.body).map_err(|error| {
                tracing::error!(%error, model = M::NAME, "a document cannot be read");
                Problem::of(INTERNAL_ERROR)
            })?;
            found.insert(document.id, body);
        }
    }
    Ok(found)
}

/// The entities in which a person has a departure or a period of employment.
fn entities(person: &Person) -> impl Iterator<Item = &str> {
    let departures = person.departures.iter().map(|departure| departure.legal_entity.as_str());
    departures.chain(person.employments.iter().map(|employment| employment.legal_entity.as_str()))
}

/// Those of these persons of whom there is a departure or a period of employment in an entity that the caller may see.
pub(super) async fn visible_persons(
    app: &App,
    session: &Session,
    persons: &BTreeSet<Uuid>,
) -> Result<BTreeSet<Uuid>, Problem> {
    let known = by_id::<Person>(app, session, persons).await?;
    Ok(known
        .into_iter()
        .filter(|(_, person)| entities(person).any(|entity| session.covers(entity)))
        .map(|(id, _)| id)
        .collect())
}
