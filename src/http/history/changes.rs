//! What an event changed, in the words of the read model: the document before and after it, field by field.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// Members that say where a document stands in the log, or that list what the history tells line by line.
const TECHNICAL: &[&str] = &[
    "id",
    "state",
    "version",
    "position",
    "recorded_position",
    "registered_position",
    "raised_position",
    "opened_position",
    "submitted_position",
    "drafted_position",
    "planned_position",
    "recorded_at",
    "corrections",
    // What may be asked next follows from the state.
    "next_allowed_commands",
];

/// What each record or transfer states, by the version that states it; the document's other fields say what stands now.
const PLACEMENTS: &str = "placements";

/// A field that has another value than before.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Change {
    /// Its path within the document, such as `employment.left_on`.
    pub(super) field: String,
    /// What stood before; `null` for nothing.
    pub(super) before: Value,
    /// What stands after.
    pub(super) after: Value,
}

/// The fields in which two documents differ, in order of their names. Of lists, what came and what went.
pub(super) fn changes(before: Option<&Value>, after: Option<&Value>) -> Vec<Change> {
    let (before, after) = (fields(before), fields(after));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let value = |fields: &BTreeMap<String, Value>, name: &str| fields.get(name).cloned().unwrap_or_default();
    let mut changes: Vec<Change> = names
        .into_iter()
        .filter_map(|name| {
            let (before, after) = differing(value(&before, name), value(&after, name))?;
            Some(Change { field: name.clone(), before, after })
        })
        .collect();
    // Worth telling only where nothing that stands now has changed: an earlier place was corrected.
    let stated = |change: &Change| change.field.starts_with(PLACEMENTS);
    if !changes.iter().all(stated) {
        changes.retain(|change| !stated(change));
    }
    changes
}

fn differing(before: Value, after: Value) -> Option<(Value, Value)> {
    match (before, after) {
        (before, after) if before == after => None,
        (Value::Array(before), Value::Array(after)) => Some((without(&before, &after), without(&after, &before))),
        (Value::Null, Value::Array(after)) => Some((Value::Null, without(&after, &[]))),
        (Value::Array(before), Value::Null) => Some((without(&before, &[]), Value::Null)),
        changed => Some(changed),
    }
    .filter(|(before, after)| before != after)
}

/// What of a list is not in the other one: nothing, the one thing, or a list.
fn without(items: &[Value], others: &[Value]) -> Value {
    let mut others: Vec<&Value> = others.iter().collect();
    let mut left: Vec<Value> = Vec::new();
    for item in items {
        match others.iter().position(|other| *other == item) {
            Some(index) => {
                others.swap_remove(index);
            }
            None => left.push(item.clone()),
        }
    }
    match left.len() {
        0 => Value::Null,
        1 => left.swap_remove(0),
        _ => Value::Array(left),
    }
}

fn fields(document: Option<&Value>) -> BTreeMap<String, Value> {
    let mut fields = BTreeMap::new();
    if let Some(Value::Object(members)) = document {
        for (name, value) in members.iter().filter(|(name, _)| !TECHNICAL.contains(&name.as_str())) {
            match value.as_array().filter(|_| name == PLACEMENTS) {
                Some(stated) => {
                    for (index, one) in stated.iter().enumerate() {
                        let version =
                            one.get("sequence").and_then(Value::as_u64).map_or(index.to_string(), |n| n.to_string());
                        flatten(format!("{name}.{version}"), one, &mut fields);
                    }
                }
                None => flatten(name.clone(), value, &mut fields),
            }
        }
    }
    fields
}

fn flatten(path: String, value: &Value, fields: &mut BTreeMap<String, Value>) {
    match value {
        Value::Null => {}
        Value::Object(members) if !is_one_value(value) => {
            for (name, member) in members {
                flatten(format!("{path}.{name}"), member, fields);
            }
        }
        Value::Array(items) if items.is_empty() => {}
        Value::Object(_) | Value::Array(_) | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            fields.insert(path, value.clone());
        }
    }
}

/// Whether an object reads as one value: a sealed or erased one, or an amount of money.
fn is_one_value(value: &Value) -> bool {
    let shaped = |names: &[&str]| {
        value
            .as_object()
            .is_some_and(|members| members.len() == names.len() && names.iter().all(|n| members.contains_key(*n)))
    };
    shaped(&["ref", "commitment"]) || shaped(&["erased"]) || shaped(&["amount", "currency"])
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Change, changes};

    fn change(field: &str, before: Value, after: Value) -> Change {
        Change { field: field.to_owned(), before, after }
    }

    #[test]
    fn a_first_event_brings_every_field_it_states() {
        let after = json!({"id": 1, "version": 1, "state": "x", "person": {"name": {"ref": 1, "commitment": 2}, "email": null}, "list": []});
        assert_eq!(
            changes(None, Some(&after)),
            [change("person.name", Value::Null, json!({"ref": 1, "commitment": 2}))]
        );
    }

    #[test]
    fn only_what_differs_is_told_and_money_is_one_value() {
        let before = json!({"pay": {"amount": 1, "currency": "JPY"}, "grade": "G4", "to": null});
        let after = json!({"pay": {"amount": 2, "currency": "JPY"}, "grade": "G4", "to": "2024-03-31"});
        let pay = change("pay", json!({"amount": 1, "currency": "JPY"}), json!({"amount": 2, "currency": "JPY"}));
        assert_eq!(changes(Some(&before), Some(&after)), [pay, change("to", Value::Null, json!("2024-03-31"))]);
    }

    #[test]
    fn a_corrected_earlier_place_is_told_where_nothing_else_changes() {
        let document = |from: &str, grade: &str| json!({"grade": grade, "placements": [{"sequence": 2, "from": from, "grade": "G3"}]});
        let moved = changes(Some(&document("2023-04-01", "G4")), Some(&document("2023-07-01", "G4")));
        assert_eq!(moved, [change("placements.2.from", json!("2023-04-01"), json!("2023-07-01"))]);
        let both = changes(Some(&document("2023-04-01", "G4")), Some(&document("2023-07-01", "G5")));
        assert_eq!(both, [change("grade", json!("G4"), json!("G5"))]);
    }

    #[test]
    fn of_lists_what_came_and_what_went_is_told() {
        let (before, after) = (json!({"list": [1, 2, 2]}), json!({"list": [2, 3]}));
        assert_eq!(changes(Some(&before), Some(&after)), [change("list", json!([1, 2]), json!(3))]);
        assert_eq!(changes(None, Some(&json!({"list": [7]}))), [change("list", Value::Null, json!(7))]);
        assert_eq!(changes(Some(&json!({"list": [1, 2]})), Some(&json!({"list": [2, 1]}))), []);
    }
}
