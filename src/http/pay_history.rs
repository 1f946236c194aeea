//! What somebody earned when they left, where a law forbids that an offer rests on it (PAY-07): kept from whoever has a part in
//! setting pay. Those who audit read it, and so do the person themselves and the HR system that sent it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use aggregates::labour::Law;
use aggregates::pay::HistoryBan;
use projections::pay_policies::PayPolicy;
use projections::programme_policies::ProgrammePolicy;
use serde_json::Value;

use super::App;
use super::problem::Problem;
use super::request::{Reach, Session};
use crate::gather::documents;
use crate::gather::labour::law_by;
use crate::identity::Role;

const PAY: &str = "base_salary";

/// Whether a role has a part in setting pay, and is told elsewhere what somebody earned.
const fn sets_pay(role: Role) -> bool {
    matches!(role, Role::PeopleOps | Role::Compensation)
}

/// The session, which knows of which entities exit pay is kept from its caller: those whose pay policy says that a law bans it,
/// and those in the United States whose law no pay policy speaks of.
pub(super) async fn kept_back(app: &App, session: Session) -> Result<Session, Problem> {
    if !sets_pay(session.role) || session.reach == Reach::Own {
        return Ok(session);
    }
    let (dispatcher, employer) = (app.dispatcher(), &session.employer);
    let today = employer.local_date(dispatcher.ledger().now());
    let policies = documents::<PayPolicy>(dispatcher, employer, vec![], |policy| policy.governing(today).is_some());
    let policies = policies.await?.ok_or_else(Problem::behind)?;
    let programmes = documents::<ProgrammePolicy>(dispatcher, employer, vec![], |_| true);
    let mut of_entity: BTreeMap<String, Vec<ProgrammePolicy>> = BTreeMap::new();
    for programme in programmes.await?.ok_or_else(Problem::behind)? {
        of_entity.entry(programme.legal_entity.clone()).or_default().push(programme);
    }
    of_entity.retain(|_, programmes| law_by(&*programmes, today) == Law::UnitedStates);
    let mut kept: BTreeSet<String> = of_entity.into_keys().collect();
    for policy in policies {
        match policy.governing(today).map(|version| version.terms.history_ban) {
            Some(HistoryBan::Banned) => kept.insert(policy.legal_entity),
            Some(HistoryBan::None) | None => kept.remove(&policy.legal_entity),
        };
    }
    Ok(Session { exit_pay_kept_back: Some(Arc::new(kept)), ..session })
}

/// Whether exit pay of the entity that a document names is kept from the caller; where nobody looked, it is. What somebody who
/// works here earns is no exit pay.
pub(super) fn is_kept_back(session: &Session, body: &Value) -> bool {
    let (state, entity) = (body.get("state").and_then(Value::as_str), body.get("legal_entity").and_then(Value::as_str));
    if !sets_pay(session.role) || session.reach == Reach::Own || state == Some("current") {
        return false;
    }
    session.exit_pay_kept_back.as_ref().is_none_or(|kept| entity.is_none_or(|entity| kept.contains(entity)))
}

/// Takes pay out of whatever tells of it.
pub(super) fn without_pay(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.remove(PAY);
            members.values_mut().for_each(without_pay);
        }
        Value::Array(items) => items.iter_mut().for_each(without_pay),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::without_pay;

    #[test]
    fn pay_is_taken_out_wherever_it_stands() {
        let mut told =
            json!({"employment": {"grade": "G4", "base_salary": 1}, "placements": [{"base_salary": 2, "from": 3}]});
        without_pay(&mut told);
        assert_eq!(told, json!({"employment": {"grade": "G4"}, "placements": [{"from": 3}]}));
    }
}
