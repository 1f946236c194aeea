//! Who reports to whom, by the employments that are known.

use std::collections::BTreeSet;

use aggregates::ids::ActorId;
use aggregates::pay::{PolicyTerms, Seat};
use aggregates::requisition::Line;
use projections::employments::{self, Employment};

use super::application::Missing;
use super::offer::CaseOfOffer;
use super::{accounts_of, documents};
use crate::dispatch::Dispatcher;
use crate::employer::Employer;

/// The number of whoever is the position's hiring manager by now, in the entity, where their employment is known.
pub async fn hiring_manager(
    dispatcher: &Dispatcher,
    employer: &Employer,
    case: &CaseOfOffer,
) -> Result<Option<String>, Missing> {
    let Some(manager) = case.requisition.line.hiring_manager else { return Ok(None) };
    let theirs = vec![
        ("account", vec![manager.to_string()]),
        ("legal_entity", vec![case.application.legal_entity.clone()]),
        ("state", vec![<&str>::from(employments::State::Current).to_owned()]),
    ];
    let found = documents::<Employment>(dispatcher, employer, theirs, |_| true).await?.ok_or(Missing::Behind)?;
    Ok(found.into_iter().find_map(|one| one.employee_number))
}

/// Of those whom a policy names for the seat outside the hiring line: who is in it. That is whoever the hiring manager reports
/// to, whoever reports to them, and either of them, or the recruiter, under another account (PAY-23).
pub async fn in_line(
    dispatcher: &Dispatcher,
    employer: &Employer,
    line: &Line,
    policy: &PolicyTerms,
) -> Result<BTreeSet<ActorId>, Missing> {
    let mut leaders = BTreeSet::new();
    for leader in line.hiring_manager.into_iter().chain([line.recruiter]) {
        leaders.extend(accounts_of(dispatcher, employer, leader).await?.0);
    }
    let mut found = BTreeSet::new();
    for head in policy.approvers.get(&Seat::DivisionHead).into_iter().flatten().filter(|head| !line.leads(**head)) {
        let themselves = BTreeSet::from([*head]);
        let Some(manager) = line.hiring_manager.filter(|_| !leaders.contains(head)) else {
            found.extend(leaders.contains(head).then_some(*head));
            continue;
        };
        let above = reports_to(dispatcher, employer, manager, &themselves).await?;
        let below = reports_to(dispatcher, employer, *head, &BTreeSet::from([manager])).await?;
        if above == Some(true) || below == Some(true) {
            found.insert(*head);
        }
    }
    Ok(found)
}

/// How many steps a line of reports is followed.
const MOST_STEPS: usize = 32;

/// Whether somebody reports to one of these people, at whatever remove, by the employments that are known and go on (PAY-25);
/// none where none of theirs is known.
pub async fn reports_to(
    dispatcher: &Dispatcher,
    employer: &Employer,
    who: ActorId,
    leaders: &BTreeSet<ActorId>,
) -> Result<Option<bool>, Missing> {
    let current = <&str>::from(employments::State::Current).to_owned();
    let those_of = async |field: &'static str, values: Vec<String>| {
        let asked = vec![(field, values), ("state", vec![current.clone()])];
        documents::<Employment>(dispatcher, employer, asked, |_| true).await?.ok_or(Missing::Behind)
    };
    let mut theirs = those_of("account", vec![who.to_string()]).await?;
    if theirs.is_empty() {
        return Ok(None);
    }
    let mut met: BTreeSet<(String, String)> = BTreeSet::new();
    for _ in 0..MOST_STEPS {
        let managers = theirs.into_iter().filter_map(|one| Some((one.legal_entity, one.manager_employee_number?)));
        let above: BTreeSet<(String, String)> = managers.filter(|manager| !met.contains(manager)).collect();
        if above.is_empty() {
            break;
        }
        let numbers = above.iter().map(|(_, number)| number.clone()).collect();
        let known = those_of("employee_number", numbers).await?;
        theirs = known
            .into_iter()
            .filter(|one| {
                let number = one.employee_number.clone();
                number.is_some_and(|number| above.contains(&(one.legal_entity.clone(), number)))
            })
            .collect();
        if theirs.iter().any(|one| one.account.is_some_and(|account| leaders.contains(&account))) {
            return Ok(Some(true));
        }
        met.extend(above);
    }
    Ok(Some(false))
}
