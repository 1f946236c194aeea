//! What the tools say: formatting, lints, documentation.

use std::env;
use std::process::{Command, Stdio};

use super::root;

/// Cargo on this workspace, as if it had been called by hand: into the target directory of these tests, without what
/// Cargo tells them about their package.
pub(super) fn cargo(arguments: &[&str]) -> Command {
    let program = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root()).stdin(Stdio::null());
    command.env("CARGO_TERM_COLOR", "never").env("TERM", "dumb");
    let about_us =
        ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_", "CARGO_TARGET_TMPDIR"];
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy();
        if about_us.iter().any(|prefix| name.starts_with(prefix)) {
            command.env_remove(&*name);
        }
    }
    // target/<profile>/deps/<this program>
    let us = env::current_exe().expect("the path of this program");
    command.env("CARGO_TARGET_DIR", us.ancestors().nth(3).expect("the target directory"));
    command
}

/// The output of a command that must succeed.
pub(super) fn succeeded(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}\n{out}\n{err}");
    out.into_owned()
}

/// The platform we are built on.
pub(super) fn host() -> String {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = succeeded(Command::new(rustc).arg("-vV"));
    version.lines().find_map(|line| line.strip_prefix("host: ")).expect("rustc names its host").to_owned()
}

/// One after the other, so that they do not wait for each other's locks.
#[test]
fn formatting_lints_and_documentation_are_clean() {
    succeeded(&mut cargo(&["fmt", "--all", "--check"]));
    succeeded(&mut cargo(&["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"]));
    succeeded(cargo(&["doc", "--workspace", "--no-deps", "--locked"]).env("RUSTDOCFLAGS", "-D warnings"));
}
