//! `q` of the lists: people by part of a name or by a whole mail address, through keyed tokens. Nothing is opened for it.

use std::collections::BTreeSet;

use projections::departures::Departure;
use projections::referrals::Referral;
use uuid::Uuid;

use super::App;
use super::problem::{MALFORMED_REQUEST, Problem};
use super::request::Session;
use super::scope::by_id;
use crate::identity::Role;
use crate::search::{DEPARTURE_WORDS, REFERRAL_WORDS, query_tokens};

/// How many records a part of a name may be found in before it tells nothing.
const TOO_COMMON: i64 = 20_000;
/// In cases so many people are looked for at most.
const MOST_NAMED: usize = 1_000;

/// A text to look for, unless it is blank.
pub fn given(q: Option<&str>) -> Option<&str> {
    q.map(str::trim).filter(|text| !text.is_empty())
}

/// The records whose names hold a text, or whose mail address it is, in order of id.
pub async fn found(app: &App, session: &Session, scope: &'static str, text: &str) -> Result<Vec<Uuid>, Problem> {
    if text.chars().count() > 200 {
        return Err(Problem::of(MALFORMED_REQUEST)
            .detail("q takes at most 200 characters.", "qは200文字以内で指定してください。"));
    }
    let ledger = app.dispatcher().ledger();
    let mut found: Option<Vec<Uuid>> = None;
    let mut common = false;
    for token in query_tokens(&session.employer.keys, scope, text) {
        let owners = ledger.owners(&session.employer.name, scope, &token, TOO_COMMON).await?;
        if i64::try_from(owners.len()).unwrap_or(i64::MAX) >= TOO_COMMON {
            // It narrows nothing; the other parts do.
            common = true;
            continue;
        }
        // In order of id, as they come.
        found = Some(match found {
            None => owners,
            Some(found) => found.into_iter().filter(|id| owners.binary_search(id).is_ok()).collect(),
        });
    }
    match found {
        Some(found) => Ok(found),
        None if common => Err(too_broad()),
        None => Ok(vec![]),
    }
}

/// Narrows a list to the people of a name.
pub async fn persons(
    app: &App,
    session: &Session,
    q: Option<&str>,
) -> Result<Option<(&'static str, Vec<String>)>, Problem> {
    let Some(text) = given(q) else { return Ok(None) };
    let departures: BTreeSet<Uuid> = few(app, session, DEPARTURE_WORDS, text).await?.into_iter().collect();
    let found = by_id::<Departure>(app, session, &departures).await?;
    let covered = |one: &Departure| session.legal_entities().is_none_or(|covered| covered.contains(&one.legal_entity));
    let persons: BTreeSet<Uuid> = found.into_values().filter(covered).map(|departure| departure.person_id.0).collect();
    Ok(Some(("person_id", persons.iter().map(Uuid::to_string).collect())))
}

/// The referrals whose candidates bear a name, where one is asked for; but for the caller's own. Of whoever declined no name is
/// left to be found: that would tell the referrer what they are not told.
pub async fn referrals(app: &App, session: &Session, q: Option<&str>) -> Result<Option<Vec<Uuid>>, Problem> {
    let Some(text) = given(q) else { return Ok(None) };
    let found: BTreeSet<Uuid> = few(app, session, REFERRAL_WORDS, text).await?.into_iter().collect();
    let referrals = by_id::<Referral>(app, session, &found).await?;
    let others = referrals.into_iter().filter(|(_, referral)| referral.referrer != session.actor);
    Ok(Some(others.map(|(id, _)| id).collect()))
}

/// As many as can be looked for in another list. Whose mail address it is, is not for everybody who knows the name.
async fn few(app: &App, session: &Session, scope: &'static str, text: &str) -> Result<Vec<Uuid>, Problem> {
    if text.contains('@') && session.role != Role::PeopleOps {
        return Err(Problem::forbidden("GET /v1/departures?q").reason("name_search"));
    }
    let found = found(app, session, scope, text).await?;
    if found.len() > MOST_NAMED { Err(too_broad()) } else { Ok(found) }
}

/// What is found in too many names.
fn too_broad() -> Problem {
    Problem::of(MALFORMED_REQUEST)
        .detail(
            "q is found in too many names; give more of the name.",
            "該当する氏名が多すぎます。より長い文字列で検索してください。",
        )
        .reason("too_broad")
}
