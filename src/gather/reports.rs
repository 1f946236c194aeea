//! Who reports to whom, by the employments that are known.

use std::collections::BTreeSet;

use aggregates::ids::ActorId;
use projections::employments::{self, Employment};

use super::application::Missing;
use super::documents;
use super::offer::CaseOfOffer;
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
