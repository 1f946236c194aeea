//! Which layer may know what.

use std::collections::BTreeSet;
use std::fs;

use super::{Source, assert_none, mentions, root, sources};

/// What a pure crate has no use for: the outside world, the clock, chance, inexact numbers.
const IMPURE: [&str; 28] = [
    "Utc::now",
    "Local::now",
    "SystemTime",
    "Instant::now",
    "now_v7",
    "new_v4",
    "rand::",
    "getrandom",
    "thread_rng",
    "std::fs",
    "std::net",
    "std::io",
    "std::env",
    "std::process",
    "std::thread",
    "std::path",
    "tokio",
    "sqlx",
    "reqwest",
    "ureq",
    "f32",
    "f64",
    "as_f64",
    "print!",
    "println!",
    "eprintln!",
    "unsafe",
    "static mut",
];

/// The one place where a pure crate is asynchronous: the adapter to the trait of cqrs-es.
const ADAPTER: &str = "aggregates/src/stream.rs";

/// Where status codes may stand: in the table of problems, and where answers of others are read.
const STATUS_CODES: [&str; 3] = ["src/http/problem.rs", "src/http/mod.rs", "src/identity/oidc.rs"];

/// More lines than this are two files.
const LINES: usize = 700;

/// A timer that nothing wakes would hold up every other one.
#[test]
fn whatever_asks_to_be_woken_is() {
    let background = fs::read_to_string(root().join("src/reactions/background.rs")).unwrap();
    let asks = |source: &Source| source.path != ADAPTER && source.text.contains("fn wake(&self) -> Option<Due>");
    let sources = sources(&["aggregates/src"]);
    let kinds: Vec<&str> = sources
        .iter()
        .filter(|source| asks(source))
        .map(|source| {
            let adapted = source.text.rsplit_once("event_sourced!(").map(|(_, rest)| rest);
            adapted.and_then(|rest| rest.split('"').nth(1)).unwrap_or_else(|| panic!("{} has no kind", source.path))
        })
        .collect();
    assert!(kinds.contains(&"departure") && kinds.contains(&"pay_policy"), "{kinds:?}");
    let unknown = kinds.iter().filter(|kind| !background.contains(&format!("\"{kind}\" => wake::<")));
    let findings: Vec<String> = unknown.map(|kind| format!("{kind} asks to be woken")).collect();
    assert_none(&findings, "whatever asks to be woken has an arm that wakes it");
}

#[test]
fn the_pure_crates_know_no_world_no_clock_and_no_chance() {
    let mut findings = Vec::new();
    for source in sources(&["aggregates/src", "projections/src"]) {
        findings.extend(source.places(|line| IMPURE.iter().any(|token| mentions(line, token))));
        if source.path != ADAPTER {
            findings.extend(source.places(|line| mentions(line, "async") || mentions(line, ".await")));
        }
    }
    assert_none(&findings, "aggregates and projections are pure");
}

#[test]
fn the_pure_crates_depend_on_nothing_else() {
    let allowed = [
        (
            "aggregates",
            BTreeSet::from(["chrono", "cqrs-es", "serde", "serde_json", "smol_str", "strum", "thiserror", "uuid"]),
        ),
        ("projections", BTreeSet::from(["aggregates", "chrono", "serde", "serde_json", "strum", "uuid"])),
    ];
    for (member, allowed) in allowed {
        let text = fs::read_to_string(root().join(member).join("Cargo.toml")).expect("a manifest");
        let manifest: toml::Table = text.parse().expect("a readable manifest");
        let table = |name: &str| manifest.get(name).and_then(toml::Value::as_table);
        let dependencies = table("dependencies").expect("dependencies");
        let others: Vec<_> = dependencies.keys().filter(|name| !allowed.contains(name.as_str())).collect();
        assert!(others.is_empty(), "{member} must not depend on {others:?}");
        assert!(table("build-dependencies").is_none() && table("target").is_none(), "{member} has other dependencies");
    }
}

#[test]
fn sql_is_spoken_in_the_ledger_alone() {
    let is_sql = |line: &str| {
        let line = line.to_lowercase();
        let both = |verb: &str, word: &str| line.find(verb).is_some_and(|at| line[at..].contains(word));
        ["insert into ", "delete from ", "create table ", "create index ", "alter table "]
            .iter()
            .any(|sql| line.contains(sql))
            || both("\"select ", " from ")
            || both("\"update ", " set ")
    };
    let mut findings = Vec::new();
    for source in sources(&["src", "aggregates/src", "projections/src"]) {
        if !source.path.starts_with("src/ledger/") {
            findings.extend(source.places(|line| mentions(line, "sqlx") || is_sql(line)));
        }
    }
    assert_none(&findings, "only src/ledger knows SQL");
}

#[test]
fn status_codes_stand_in_one_file() {
    let mut findings = Vec::new();
    for source in sources(&["src"]) {
        if !STATUS_CODES.contains(&source.path.as_str()) {
            findings.extend(source.places(|line| mentions(line, "StatusCode")));
        }
    }
    assert_none(&findings, "status codes belong into src/http/problem.rs");
}

#[test]
fn no_file_is_too_long() {
    let findings: Vec<_> = sources(&["src", "aggregates/src", "projections/src"])
        .into_iter()
        .map(|source| (source.text.lines().count(), source.path))
        .filter(|(lines, _)| *lines > LINES)
        .map(|(lines, path)| format!("{path} has {lines} lines"))
        .collect();
    assert_none(&findings, "a file has at most 700 lines");
}

#[test]
fn nothing_is_left_undone_or_skipped() {
    // In two parts, so that this file does not find itself.
    let undone = [concat!("todo", "!"), concat!("unimplemented", "!"), concat!("dbg", "!"), concat!("#[ign", "ore")];
    let mut findings = Vec::new();
    for source in everything() {
        findings.extend(source.places(|line| undone.iter().any(|token| mentions(line, token))));
    }
    assert_none(&findings, "nothing is left undone or skipped");
}

#[test]
fn every_exception_from_a_lint_has_a_reason() {
    let (allow, expect) = (concat!("[al", "low("), concat!("[exp", "ect("));
    let mut findings = Vec::new();
    for source in everything() {
        findings.extend(source.places(|line| line.contains(allow)));
        for (at, _) in source.text.match_indices(expect) {
            let attribute = source.text[at..].split(")]").next().unwrap_or_default();
            if !attribute.contains("reason = \"") {
                let line = source.text[..at].lines().count();
                findings.push(format!("{}:{line}: {attribute})]", source.path));
            }
        }
    }
    assert_none(&findings, "a lint is not allowed away; where it must be, it is expected, with a reason");
}

fn everything() -> Vec<Source> {
    sources(&["src", "tests", "aggregates/src", "aggregates/tests", "projections/src", "projections/tests"])
}
