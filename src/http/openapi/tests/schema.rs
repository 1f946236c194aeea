//! As much of JSON Schema 2020-12 as our description uses, to hold the examples against it.

use serde_json::Value;

/// Whether a value fits a schema; an error names the place.
pub(super) fn fits(document: &Value, schema: &Value, value: &Value, at: &str) -> Result<(), String> {
    check(document, schema, value, at, true)
}

/// `whole` says that the schema is all there is: then it describes every member.
fn check(document: &Value, schema: &Value, value: &Value, at: &str, whole: bool) -> Result<(), String> {
    let Some(rules) = schema.as_object() else { return Ok(()) };
    if let Some(target) = rules.get("$ref").and_then(Value::as_str) {
        let target = document.pointer(target.trim_start_matches('#')).ok_or(format!("{at}: {target} is missing"))?;
        return check(document, target, value, at, whole);
    }
    for several in ["oneOf", "anyOf"] {
        if let Some(choices) = rules.get(several).and_then(Value::as_array) {
            let errors: Vec<String> = choices.iter().filter_map(|one| fits(document, one, value, at).err()).collect();
            if errors.len() == choices.len() {
                return Err(errors.join(" | "));
            }
        }
    }
    for one in rules.get("allOf").and_then(Value::as_array).into_iter().flatten() {
        check(document, one, value, at, false)?;
    }
    if let Some(named) = rules.get("enum").and_then(Value::as_array)
        && !named.contains(value)
    {
        return Err(format!("{at}: {value} is not one of {named:?}"));
    }
    has_type(rules.get("type"), value, at)?;
    within(rules, value, at)?;
    match value {
        Value::Object(members) => {
            let known = rules.get("properties").and_then(Value::as_object);
            for name in rules.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
            {
                if !members.contains_key(name) {
                    return Err(format!("{at}/{name} is required"));
                }
            }
            for (name, member) in members {
                match (known.and_then(|known| known.get(name)), rules.get("additionalProperties")) {
                    (Some(schema), _) => fits(document, schema, member, &format!("{at}/{name}"))?,
                    (None, Some(Value::Bool(false))) => return Err(format!("{at}/{name} is not described")),
                    (None, Some(schema)) => fits(document, schema, member, &format!("{at}/{name}"))?,
                    (None, None) if known.is_some() && whole => {
                        return Err(format!("{at}/{name} is not described"));
                    }
                    (None, None) => {}
                }
            }
            Ok(())
        }
        Value::Array(items) => {
            let Some(schema) = rules.get("items") else { return Ok(()) };
            items
                .iter()
                .enumerate()
                .try_for_each(|(index, item)| fits(document, schema, item, &format!("{at}/{index}")))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(()),
    }
}

fn has_type(types: Option<&Value>, value: &Value, at: &str) -> Result<(), String> {
    let names: Vec<&str> = match types {
        None => return Ok(()),
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        Some(name) => name.as_str().into_iter().collect(),
    };
    let fitting = |name: &&str| match *name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    };
    if names.iter().any(fitting) { Ok(()) } else { Err(format!("{at}: {value} is not {names:?}")) }
}

fn within(rules: &serde_json::Map<String, Value>, value: &Value, at: &str) -> Result<(), String> {
    let limit = |name: &str| rules.get(name).and_then(Value::as_f64);
    let measure = match value {
        Value::Number(number) => number.as_f64().map(|n| (n, "minimum", "maximum")),
        #[expect(clippy::cast_precision_loss, reason = "texts are shorter than 2^52 characters")]
        Value::String(text) => Some((text.chars().count() as f64, "minLength", "maxLength")),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    let Some((measure, least, most)) = measure else { return Ok(()) };
    if limit(least).is_some_and(|least| measure < least) || limit(most).is_some_and(|most| measure > most) {
        return Err(format!("{at}: {value} is out of range"));
    }
    Ok(())
}
