//! The command line: parse, then run one of the subcommands.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
