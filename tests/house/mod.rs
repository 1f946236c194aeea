//! The house rules: which layer may know what, what the program depends on, what the tools say.

mod dependencies;
mod layers;
mod licence;
mod tools;

use std::fs;
use std::path::{Path, PathBuf};

/// The repository.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A Rust file: its path from the repository's root, and its lines.
struct Source {
    path: String,
    text: String,
}

impl Source {
    /// The lines that are not comments, with their numbers.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.text.lines()).filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    /// Where `found` is true of a line of code, for a message.
    fn places(&self, found: impl Fn(&str) -> bool) -> Vec<String> {
        self.code()
            .filter(|(_, line)| found(line))
            .map(|(number, line)| format!("{}:{number}: {}", self.path, line.trim()))
            .collect()
    }
}

/// All Rust files below these folders.
fn sources(folders: &[&str]) -> Vec<Source> {
    let mut paths = Vec::new();
    for folder in folders {
        collect(&root().join(folder), &mut paths);
    }
    paths.sort();
    assert!(!paths.is_empty(), "no sources in {folders:?}");
    paths
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).expect("a readable source");
            let path = path.strip_prefix(root()).expect("a path in the repository");
            Source { path: path.to_string_lossy().replace('\\', "/"), text }
        })
        .collect()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
}

/// Whether `line` contains `token` as a whole: not as a part of a longer name.
fn mentions(line: &str, token: &str) -> bool {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(token).any(|(at, _)| {
        let before = line[..at].chars().next_back().is_some_and(is_name) && token.starts_with(is_name);
        let after = line[at + token.len()..].chars().next().is_some_and(is_name) && token.ends_with(is_name);
        !before && !after
    })
}

/// Fails with one line a finding.
fn assert_none(findings: &[String], rule: &str) {
    assert!(findings.is_empty(), "{rule}:\n{}", findings.join("\n"));
}

#[test]
fn a_token_is_found_as_a_whole_only() {
    assert!(mentions("let x: f64 = 1;", "f64") && mentions("use sqlx::query;", "sqlx"));
    assert!(!mentions("value.as_f64()", "f64") && !mentions("let sqlx_free = 1;", "sqlx"));
    assert!(mentions("rand::random()", "rand::") && !mentions("operand::new()", "rand::"));
}
