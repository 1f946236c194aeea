//! The served description against the running program, by a tool that knows only the description (Schemathesis).

use std::fs;
use std::process::{Command, Stdio};

use okaeri::identity::Role;

use super::people::Tenant;
use super::server::Home;
use crate::support::StoreKind;

/// How many requests an operation gets from random data, beside the examples and the corners of its schema.
const EXAMPLES: &str = "3";

#[test]
fn what_is_served_keeps_to_what_is_described() {
    let home = Home::with_employers(StoreKind::Sqlite, &["acme"]);
    let server = home.serve();
    let tenant = Tenant::of(&home, &server, "acme");
    let everybody = tenant.person_token("tester", Role::ALL.as_slice());
    let directory = tempfile::tempdir().expect("a directory");
    let token = directory.path().join("token");
    fs::write(&token, tenant.with_token(&everybody).token()).expect("a file");
    let root = env!("CARGO_MANIFEST_DIR");
    let told = Command::new(format!("{root}/scripts/schemathesis"))
        .env("BASE_URL", format!("http://{}", tenant.anyone.address))
        .env("TOKEN_FILE", &token)
        .env("EXAMPLES", EXAMPLES)
        .stdin(Stdio::null())
        .output()
        .expect("scripts/schemathesis");
    assert!(
        told.status.success(),
        "{}\n{}",
        String::from_utf8_lossy(&told.stdout),
        String::from_utf8_lossy(&told.stderr)
    );
}
