//! Which things are within a caller's reach: cases by whose they are and who leads them, and what lies in the legal entities
//! that a caller is limited to where the things themselves do not say so.

use std::collections::{BTreeSet, HashMap};

use aggregates::ids::ActorId;
use aggregates::requisition::Line;
use aggregates::stream::Stream;
use projections::model::ReadModel;
use projections::persons::Person;
use serde_json::Value;
use uuid::Uuid;

use super::App;
use super::problem::Problem;
use super::request::{Reach, Session};
use crate::dispatch::{DispatchError, Gathered};
use crate::gather::{accounts_of, documents_of};
use crate::identity::Role;
use crate::identity::permissions::{Condition, Grant};

/// Whose a case is, who leads it, and which entity it lies in.
#[derive(Clone, Debug, Default)]
pub(super) struct CaseScope<'a> {
    /// The alumnus or employee whose own it is.
    pub(super) account: Option<ActorId>,
    /// Who leads it.
    pub(super) line: Option<&'a Line>,
    /// Who was put in charge of it.
    pub(super) owner: Option<ActorId>,
    /// Who interviews in it.
    pub(super) interviewers: Vec<ActorId>,
    /// The entity.
    pub(super) legal_entity: &'a str,
}

impl CaseScope<'_> {
    /// Whether it is this actor's to lead or to look at.
    fn is_assigned_to(&self, actor: ActorId) -> bool {
        self.line.is_some_and(|line| line.leads(actor))
            || self.owner == Some(actor)
            || self.interviewers.contains(&actor)
    }
}

/// The session under the first alternative that the table grants and that holds for a case: it is the caller's own, it is
/// assigned to them, or they may in every case of its entity. Where none holds, the case is not there for them.
///
/// A conflict of interest is decided with the case.
pub(super) fn case_session(session: &Session, case: &CaseScope<'_>) -> Result<Session, Problem> {
    let covered = session.covers(case.legal_entity);
    let grant = first_that_holds(&session.any_of, session.actor, covered, case).ok_or_else(Problem::not_found)?;
    Ok(Session { role: grant.role, reach: Reach::of(&grant.when), ..session.clone() })
}

/// A command in which whoever sends it under several accounts is one human being.
pub(super) async fn as_one<A: Stream>(
    app: &App,
    session: &Session,
    mut gathered: Gathered<A>,
) -> Result<Gathered<A>, DispatchError<A::Error>> {
    let by = session.answers_for_it();
    let (accounts, guards) = accounts_of(app.dispatcher(), &session.employer, by).await?;
    gathered.also_as = accounts.into_iter().filter(|account| *account != by).collect();
    gathered.guards.extend(guards);
    Ok(gathered)
}

/// In which role the caller acts in a case: in their own as whoever it is about, whatever else they are. Nobody leads their
/// own case.
pub(super) fn acts_as(session: Session, account: ActorId) -> Result<Session, Problem> {
    if session.reach == Reach::Own || account != session.answers_for_it() {
        return Ok(session);
    }
    let own = session.any_of.iter().find(|grant| grant.when.contains(&Condition::Own)).cloned();
    let Grant { role, when } = own.ok_or_else(Problem::own_case)?;
    Ok(Session { role, reach: Reach::of(&when), ..session })
}

fn first_that_holds<'g>(any_of: &'g [Grant], actor: ActorId, covered: bool, case: &CaseScope<'_>) -> Option<&'g Grant> {
    any_of.iter().find(|grant| holds(grant, actor, covered, case))
}

fn holds(grant: &Grant, actor: ActorId, covered: bool, case: &CaseScope<'_>) -> bool {
    match Reach::of(&grant.when) {
        Reach::All => covered,
        Reach::Own | Reach::Assigned => grant.when.iter().all(|condition| match condition {
            Condition::Own => case.account == Some(actor),
            Condition::Assigned => case.is_assigned_to(actor),
            Condition::NotConflicted => true,
        }),
    }
}

/// Every role of these grants in which the caller may act in a case: somebody may be a manager and in compliance at once. In
/// their own they act as whoever it is about alone.
pub(super) fn acting_in(session: &Session, any_of: &[Grant], case: &CaseScope<'_>) -> Vec<Role> {
    let covered = session.covers(case.legal_entity);
    let own = case.account == Some(session.actor);
    let acting = any_of
        .iter()
        .filter(|grant| holds(grant, session.actor, covered, case) && (!own || grant.when.contains(&Condition::Own)));
    acting.map(|grant| grant.role).collect()
}

/// Asks a stream whether what it holds lies in the entities that the caller is limited to. Where it holds nothing, the command
/// itself says what there is to say.
pub(super) fn within<A, F>(session: &Session, entity: F) -> impl Fn(&A) -> bool + Send + Sync + use<A, F>
where
    F: Fn(&A) -> Option<&str> + Send + Sync,
{
    let covered = session.legal_entities().cloned();
    move |state| covered.as_ref().is_none_or(|covered| entity(state).is_none_or(|entity| covered.contains(entity)))
}

/// Whether a document is about the caller as a candidate.
pub(super) fn is_own(session: &Session, body: &Value) -> bool {
    body.get("account").and_then(Value::as_str).is_some_and(|account| account == session.actor.to_string())
}

/// In which role and how far the caller reads a case: their own as whoever it is about, whatever else they are.
pub(super) fn reads_as(session: &Session, body: &Value) -> (Role, Reach) {
    if session.reach == Reach::Own || !is_own(session, body) {
        return (session.role, session.reach);
    }
    let own = session.any_of.iter().find(|grant| grant.when.contains(&Condition::Own));
    (own.map_or(Role::Alumnus, |grant| grant.role), Reach::Own)
}

/// The documents with these ids, as the read model holds them.
pub(super) async fn by_id<M: ReadModel>(
    app: &App,
    session: &Session,
    ids: &BTreeSet<Uuid>,
) -> Result<HashMap<Uuid, M>, Problem> {
    documents_of(app.dispatcher(), &session.employer, ids).await?.ok_or_else(Problem::behind)
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

#[cfg(test)]
mod tests {
    use aggregates::ids::ActorId;
    use aggregates::requisition::Line;
    use uuid::Uuid;

    use super::{CaseScope, first_that_holds};
    use crate::identity::Role;
    use crate::identity::permissions::{Condition, Grant};

    const ALUMNUS: ActorId = ActorId(Uuid::from_u128(1));
    const RECRUITER: ActorId = ActorId(Uuid::from_u128(2));
    const MANAGER: ActorId = ActorId(Uuid::from_u128(3));
    const OWNER: ActorId = ActorId(Uuid::from_u128(4));
    const INTERVIEWER: ActorId = ActorId(Uuid::from_u128(5));
    const NOBODY: ActorId = ActorId(Uuid::from_u128(6));

    fn grant(role: Role, when: &[Condition]) -> Grant {
        Grant { role, when: when.to_vec() }
    }

    /// The role in which somebody with these grants comes to one case.
    fn comes_as(any_of: &[Grant], actor: ActorId, covered: bool) -> Option<Role> {
        let line = Line { recruiter: RECRUITER, hiring_manager: Some(MANAGER), approver_unit: None };
        let case = CaseScope {
            account: Some(ALUMNUS),
            line: Some(&line),
            owner: Some(OWNER),
            interviewers: vec![INTERVIEWER],
            legal_entity: "JP-HQ",
        };
        first_that_holds(any_of, actor, covered, &case).map(|grant| grant.role)
    }

    #[test]
    fn a_case_is_assigned_to_those_who_lead_it_own_it_or_interview_in_it() {
        let assigned = [grant(Role::HiringManager, &[Condition::Assigned])];
        for actor in [RECRUITER, MANAGER, OWNER, INTERVIEWER] {
            assert_eq!(comes_as(&assigned, actor, false), Some(Role::HiringManager), "{actor}");
        }
        for actor in [ALUMNUS, NOBODY] {
            assert_eq!(comes_as(&assigned, actor, true), None, "{actor}");
        }
    }

    #[test]
    fn an_own_case_is_the_alumnus_and_nobody_elses() {
        let own = [grant(Role::Alumnus, &[Condition::Own])];
        assert_eq!(comes_as(&own, ALUMNUS, false), Some(Role::Alumnus));
        assert_eq!(comes_as(&own, RECRUITER, true), None);
        let both = [grant(Role::Employee, &[Condition::Own, Condition::Assigned])];
        assert_eq!(comes_as(&both, ALUMNUS, true), None, "every condition of an alternative has to hold");
    }

    #[test]
    fn without_conditions_the_entity_decides_and_a_conflict_is_decided_with_the_case() {
        for when in [&[][..], &[Condition::NotConflicted]] {
            let free = [grant(Role::Executive, when)];
            assert_eq!(comes_as(&free, NOBODY, true), Some(Role::Executive));
            assert_eq!(comes_as(&free, NOBODY, false), None);
        }
    }

    #[test]
    fn of_several_alternatives_the_first_that_holds_counts() {
        let grants = [
            grant(Role::Alumnus, &[Condition::Own]),
            grant(Role::Recruiter, &[]),
            grant(Role::Interviewer, &[Condition::Assigned]),
        ];
        assert_eq!(comes_as(&grants, ALUMNUS, true), Some(Role::Alumnus));
        assert_eq!(comes_as(&grants, NOBODY, true), Some(Role::Recruiter));
        assert_eq!(comes_as(&grants, INTERVIEWER, false), Some(Role::Interviewer), "beyond the entities of the token");
        assert_eq!(comes_as(&grants, NOBODY, false), None);
    }

    #[test]
    fn a_case_without_a_line_is_assigned_to_nobody() {
        let assigned = [grant(Role::HiringManager, &[Condition::Assigned])];
        assert_eq!(first_that_holds(&assigned, MANAGER, true, &CaseScope::default()), None);
    }
}
