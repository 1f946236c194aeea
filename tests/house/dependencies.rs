//! What the program is built from.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde::Deserialize;

use super::tools::{cargo, host, succeeded};
use super::{assert_none, licence, root};

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// One implementation of cryptography is enough, and it is aws-lc.
const FORBIDDEN: [&str; 4] = ["ring", "openssl", "openssl-sys", "native-tls"];

/// Types of these meet in one program: two versions would be two worlds.
const ONE_VERSION: [&str; 7] = ["axum", "chrono", "rustls", "serde", "sqlx", "tokio", "uuid"];

#[derive(Deserialize)]
struct Lock {
    package: Vec<Locked>,
}

/// A package of `Cargo.lock`, which knows every platform.
#[derive(Deserialize)]
struct Locked {
    name: String,
    version: String,
    source: Option<String>,
}

fn locked() -> Vec<Locked> {
    let text = fs::read_to_string(root().join("Cargo.lock")).expect("Cargo.lock");
    toml::from_str::<Lock>(&text).expect("a readable Cargo.lock").package
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
}

#[test]
fn every_dependency_comes_from_the_public_registry() {
    let ours = ["okaeri", "okaeri-aggregates", "okaeri-projections"];
    let findings: Vec<_> = locked()
        .into_iter()
        .filter(|package| package.source.as_deref() != Some(CRATES_IO))
        .filter(|package| package.source.is_some() || !ours.contains(&package.name.as_str()))
        .map(|package| format!("{} {} from {:?}", package.name, package.version, package.source))
        .collect();
    assert_none(&findings, "dependencies come from crates.io");
}

#[test]
fn what_meets_in_the_program_is_there_in_one_version() {
    let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in locked() {
        versions.entry(package.name).or_default().insert(package.version);
    }
    for name in ONE_VERSION {
        let found = versions.get(name).unwrap_or_else(|| panic!("{name} is no dependency"));
        assert_eq!(found.len(), 1, "{name} is there as {found:?}");
    }
}

#[test]
fn every_licence_lets_us_pass_the_program_on() {
    // For this platform alone: packages of others are not downloaded, and we are offline.
    let platform = host();
    let mut metadata =
        cargo(&["metadata", "--locked", "--offline", "--format-version", "1", "--filter-platform", &platform]);
    let metadata: Metadata = serde_json::from_str(&succeeded(&mut metadata)).expect("metadata");
    assert!(metadata.packages.len() > 100, "there are only {} packages", metadata.packages.len());
    let findings: Vec<_> = metadata
        .packages
        .into_iter()
        .filter(|package| !package.license.as_deref().is_some_and(licence::is_allowed))
        .map(|package| format!("{} {}: {:?}", package.name, package.version, package.license))
        .collect();
    assert_none(&findings, "these licences are not on the list");
}

#[test]
fn nothing_forbidden_is_built_in() {
    // What is really built: the lock file and the metadata also name what no feature turns on.
    let mut tree = cargo(&["tree", "--workspace", "--locked", "--offline", "--prefix", "none", "--format", "{p}"]);
    let built = succeeded(&mut tree);
    let names: BTreeSet<&str> = built.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert!(names.contains("aws-lc-rs"), "the tree is not that of this program:\n{built}");
    let findings: Vec<_> = FORBIDDEN.iter().filter(|name| names.contains(**name)).map(ToString::to_string).collect();
    assert_none(&findings, "these are not built in");
}
