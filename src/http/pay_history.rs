//! What somebody earned when they left, where a law forbids that an offer rests on it (PAY-07): kept from whoever has a part in
//! setting pay, people operations among them. Those who audit read it, and so do the person themselves.

use std::collections::BTreeSet;
use std::sync::Arc;

use aggregates::pay::HistoryBan;
use projections::pay_policies::PayPolicy;
use serde_json::Value;

use super::App;
use super::problem::{INTERNAL_ERROR, Problem};
use super::request::{Reach, Session};
use super::views::table;
use crate::identity::Role;
use crate::ledger::{PageQuery, TableId, Waited};

const PAY_POLICIES: TableId = table::<PayPolicy>();
/// How many policies are read at a time.
const PAGE: i64 = 500;
const PAY: &str = "base_salary";

/// The session, which knows where the pay of those who left is kept from its caller.
pub(super) async fn kept_back(app: &App, session: Session) -> Result<Session, Problem> {
    // The others are told of no exit pay at all, or audit it.
    if session.role != Role::PeopleOps || session.reach == Reach::Own {
        return Ok(session);
    }
    let today = session.employer.local_date(app.dispatcher().ledger().now());
    let mut query = PageQuery { limit: PAGE, ..PageQuery::default() };
    let mut banned = BTreeSet::new();
    loop {
        let page = match app.dispatcher().ledger().page(&PAY_POLICIES, &session.employer.name, &query).await? {
            Waited::Ready(page) => page,
            Waited::Behind => return Err(Problem::behind()),
        };
        for document in &page.documents {
            let policy: PayPolicy = serde_json::from_str(&document.body).map_err(|error| {
                tracing::error!(%error, "a pay policy cannot be read");
                Problem::of(INTERNAL_ERROR)
            })?;
            if policy.governing(today).is_some_and(|version| version.terms.history_ban == HistoryBan::Banned) {
                banned.insert(policy.legal_entity);
            }
        }
        query.after = page.next;
        if query.after.is_none() {
            return Ok(Session { pay_history_banned: Arc::new(banned), ..session });
        }
    }
}

/// Whether exit pay of the entity that a document names is kept from the caller.
pub(super) fn is_kept_back(session: &Session, body: &Value) -> bool {
    let entity = body.get("legal_entity").and_then(Value::as_str);
    entity.is_some_and(|entity| session.pay_history_banned.contains(entity))
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
