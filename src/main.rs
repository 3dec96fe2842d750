//! Command line, application, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    countermand::app::run(std::env::args_os())
}
