//! The `bluebook` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    bluebook::cli::run()
}
