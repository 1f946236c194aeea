//! The description against the permissions, the examples against their schemas, and the reference pages.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value;

use super::super::described;
use super::super::problem::CODES;
use super::{EXAMPLES, TAGS, drift, finished, operations_mut, text};
use crate::identity::permissions::Permissions;

mod schema;
mod transitions;

fn document() -> Value {
    finished(&described().1, &Permissions::embedded().unwrap())
}

/// Compares a page of the reference with what the program says; `UPDATE_GOLDENS=1` rewrites it.
fn compare(page: &str, made: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference").join(page);
    if std::env::var_os("UPDATE_GOLDENS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, made).unwrap();
    }
    let stands = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(stands == made, "docs/reference/{page} is not what the program says; UPDATE_GOLDENS=1 rewrites it");
}

#[test]
fn every_route_is_described_and_permitted() {
    assert_eq!(drift(&described().1, &Permissions::embedded().unwrap()), Vec::<String>::new());
}

#[test]
fn the_description_is_the_reference() {
    let (_, described) = described();
    let permissions = Permissions::embedded().unwrap();
    let made = text(&described, &permissions);
    assert_eq!(made, text(&described, &permissions));
    compare("openapi.json", &made);
}

#[test]
fn the_permissions_are_the_reference() {
    compare("permissions.md", &Permissions::embedded().unwrap().markdown());
}

#[test]
fn the_sql_views_are_the_reference() {
    compare("sql-views.md", &crate::ledger::views::markdown());
}

#[test]
fn the_problems_are_the_reference() {
    let mut page = "# Problems\n\nEvery error is `application/problem+json` (RFC 9457). `type` is `/problems/<code>`, a page that the \
                    server serves.\nMade from `src/http/problem.rs`.\n"
        .to_owned();
    for code in CODES {
        let (status, name) = (code.status.as_u16(), code.name);
        let (title, title_ja, help, help_ja) = (code.title, code.title_ja, code.help, code.help_ja);
        let _ = write!(page, "\n## `{name}` · {status}\n\n{title} · {title_ja}\n\n{help}\n\n{help_ja}\n");
    }
    compare("problems.md", &page);
}

#[test]
fn every_operation_is_told_apart_explained_and_answerable() {
    let mut document = document();
    assert_eq!(document["openapi"].as_str().map(|version| version.starts_with("3.1.")), Some(true));
    let mut ids = BTreeSet::new();
    for (path, method, operation) in operations_mut(&mut document) {
        let id = operation["operationId"].as_str().unwrap().to_owned();
        assert!(ids.insert(id.clone()), "{id} twice");
        let tag = operation["tags"][0].as_str().unwrap();
        assert!(TAGS.iter().any(|(name, _)| *name == tag), "{method} {path}: the tag {tag} is not described");
        assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{method} {path} has no summary");
        let answers = operation["responses"].as_object().unwrap();
        assert!(answers.keys().any(|status| status.starts_with('2')), "{method} {path}");
        let public = operation["security"].as_array().unwrap().is_empty();
        assert_eq!(answers.contains_key("401"), !public, "{method} {path}");
    }
}

#[test]
fn every_reference_leads_somewhere() {
    fn walk(document: &Value, value: &Value) {
        match value {
            Value::Object(members) => {
                if let Some(target) = members.get("$ref").and_then(Value::as_str) {
                    assert!(document.pointer(target.trim_start_matches('#')).is_some(), "{target}");
                }
                members.values().for_each(|member| walk(document, member));
            }
            Value::Array(items) => items.iter().for_each(|item| walk(document, item)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let document = document();
    walk(&document, &document);
}

#[test]
fn every_operation_of_the_main_collections_has_examples_that_fit() {
    let mut document = document();
    let whole = document.clone();
    let mut used = BTreeSet::new();
    for (path, method, operation) in operations_mut(&mut document) {
        let name = format!("{} {path}", method.to_uppercase());
        used.insert(name.clone());
        let tag = operation["tags"][0].as_str().unwrap();
        let main = ["departures", "members", "employments", "persons", "no-rehire-flags", "referrals"].contains(&tag);
        let mut media: Vec<(&str, &Value)> = Vec::new();
        if let Some(body) = operation.get("requestBody") {
            media.extend(body["content"].as_object().unwrap().values().map(|media| ("request", media)));
        }
        let success =
            operation["responses"].as_object().unwrap().iter().find(|(status, _)| status.starts_with('2')).unwrap().1;
        let answers: Vec<&Value> =
            success["content"].as_object().into_iter().flatten().map(|(_, media)| media).collect();
        let shown = answers.iter().find(|media| media.get("example").is_some()).or(answers.first());
        media.extend(shown.map(|media| ("answer", *media)));
        for (which, media) in media {
            let Some(example) = media.get("example") else {
                assert!(!main, "{name} has no example of its {which}");
                continue;
            };
            if let Err(why) = schema::fits(&whole, &media["schema"], example, "") {
                panic!("{name}, {which}: {why}");
            }
        }
    }
    let examples: std::collections::BTreeMap<String, Value> = serde_json::from_str(EXAMPLES).unwrap();
    let unused: Vec<&String> = examples.keys().filter(|name| !used.contains(*name)).collect();
    assert!(unused.is_empty(), "{unused:?}");
}
