//! The terms of the programme that a member accepts: a version of the programme policy by its name, or terms that are kept
//! elsewhere.

use aggregates::departure::Departure;
use aggregates::ids::ProgrammePolicyId;
use aggregates::programme_policy::{ProgrammePolicy, programme_version};
use uuid::Uuid;

use crate::gather::application::programme_policy;
use crate::http::App;
use crate::http::members::reading::own_memberships;
use crate::http::problem::Problem;
use crate::http::request::Session;

/// How versions of the programme policy are named.
const PROGRAMME: &str = "programme/";

/// Refuses a version of the programme policy other than the one that governs the member's entity now, or that they have accepted
/// already.
pub(super) async fn must_be_asked_for(
    app: &App,
    session: &Session,
    member: Uuid,
    terms_version: &str,
) -> Result<(), Problem> {
    if !terms_version.starts_with(PROGRAMME) {
        return Ok(());
    }
    let own = own_memberships(app, session).await?.into_iter().find(|own| own.id == member);
    // Whoever is not the member is refused by the command.
    let Some(own) = own else { return Ok(()) };
    let accepted = own.member.terms_version.as_deref();
    let departure = own.member.departure_id.map(|departure| departure.0);
    let asked_for = to_accept(app, session, departure, accepted).await?;
    if asked_for.as_deref() == Some(terms_version) || accepted == Some(terms_version) {
        return Ok(());
    }
    Err(unknown())
}

/// Refuses a name of the programme policy's kind under which nothing was published: nobody accepts what nobody laid down. Whose
/// departure a registration follows is not known yet.
pub(super) async fn must_be_published(app: &App, session: &Session, terms_version: &str) -> Result<(), Problem> {
    let Some(named) = terms_version.strip_prefix(PROGRAMME) else { return Ok(()) };
    let parts =
        named.split_once('/').and_then(|(id, version)| Some((Uuid::parse_str(id).ok()?, version.parse().ok()?)));
    let published = match parts {
        None => false,
        Some((id, version)) => {
            let loaded = app.dispatcher().load::<ProgrammePolicy>(&session.employer, id).await?;
            let known = loaded.state.standing().and_then(|standing| standing.versions.version(version));
            known.is_some() && programme_version(ProgrammePolicyId(id), version) == terms_version
        }
    };
    if published {
        return Ok(());
    }
    Err(unknown())
}

fn unknown() -> Problem {
    Problem::field(
        "/terms_version",
        "unknown_terms_version",
        "No such version of the programme policy is asked for.",
        "承諾の対象となる制度規程の版ではありません。",
    )
    .reason("unknown_terms_version")
}

/// The version of the programme policy that governs the entity whose departure a membership follows, where its member has not
/// accepted it.
pub(in crate::http) async fn to_accept(
    app: &App,
    session: &Session,
    departure: Option<Uuid>,
    accepted: Option<&str>,
) -> Result<Option<String>, Problem> {
    let (dispatcher, employer) = (app.dispatcher(), &*session.employer);
    let Some(departure) = departure else { return Ok(None) };
    let departure = dispatcher.load::<Departure>(employer, departure).await?;
    let Some(standing) = departure.state.standing() else { return Ok(None) };
    let Some((policy, loaded)) = programme_policy(dispatcher, employer, &standing.legal_entity).await? else {
        return Ok(None);
    };
    let governing = loaded.state.governing(employer.local_date(dispatcher.ledger().now()));
    let governing = governing.map(|version| programme_version(policy, version.version));
    Ok(governing.filter(|governing| accepted != Some(governing.as_str())))
}
