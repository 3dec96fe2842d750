//! Composition root: opens the parts of a face, from the settings; owns the runtime, the log, the signals, and the
//! exit.
//!
//! The one module that knows all others. Each file joins two of them; none decides anything about offers or
//! cancellations.

mod clock;
mod commands;
mod console;
mod dashboard;
mod demo;
mod doctor;
mod engines;
pub(crate) mod exit_summary;
mod invocation;
mod line_session;
mod log;
mod owner;
mod panic;
mod plain;
mod preferences;
mod profiles;
mod prompt;
mod publisher;
mod runtime;
mod screen;
mod session;
mod sign_in;
mod signals;
mod startup_error;
mod streams;
mod unrecorded;
mod verbs;

use std::{ffi::OsString, io, process::ExitCode};

use clap::Parser;

use self::{console::complain, invocation::Invocation};
use crate::{
    cli::{Cli, Command},
    domain::verdict::Exit,
    service::auth::cores,
    settings::Environment,
};

/// Runs a command line, the program's name first, and returns the exit code.
#[must_use]
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    owner::keep_files_private();
    cores::disable_core_dumps();
    let environment = Environment::of_process();
    let exit = match Cli::try_parse_from(args) {
        Ok(cli) => {
            let invocation = Invocation::new(cli.flags, environment);
            dispatch(cli.command.as_ref(), &invocation)
        }
        Err(error) => {
            let printed = error.print();
            match printed {
                _ if error.use_stderr() => Exit::Usage,
                // Help whose reader has gone is no failure.
                Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Exit::Failure,
                _ => Exit::Done,
            }
        }
    };
    ExitCode::from(exit.code())
}

/// Runs the dashboard, or a verb.
fn dispatch(command: Option<&Command>, invocation: &Invocation) -> Exit {
    let ended = match command {
        None => dashboard::run(invocation),
        Some(verb) => verbs::run(verb, invocation),
    };
    ended.unwrap_or_else(|error| {
        complain(&error.message(), !invocation.terminal().unicode);
        error.exit
    })
}
