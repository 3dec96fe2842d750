//! Puts the parts together: settings, runtime, log, signals, and the way out.
//!
//! The one room that knows all others. Each file joins two of them; none decides anything about offers or cancellations.

mod at_service;
mod clock;
mod commands;
mod dashboard;
mod deferred;
mod demo;
mod doctor;
pub(crate) mod exit_summary;
mod locale;
mod log;
mod owner;
mod panic;
mod parts;
mod plain;
mod preferences;
mod prompt;
mod publisher;
mod session;
mod shutdown;
mod sign_in;
mod signals;
mod unrecorded;
mod verbs;

use std::{
    ffi::OsString,
    io::{self, Write},
    process::ExitCode,
};

use clap::Parser;

use crate::{
    app::plain::Ends,
    cli::{Ascii, Cli},
    domain::verdict::Exit,
    service::auth::cores,
    settings::{Environment, Flags, Sources},
};

/// Runs a command line, the program's name first, and returns how the process is to end.
#[must_use]
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    owner::keep_files_private();
    cores::forgo();
    let environment = Environment::of_process();
    let exit = match Cli::try_parse_from(args) {
        Ok(cli) => dispatch(&cli, &environment),
        Err(error) => {
            let printed = error.print();
            match printed {
                _ if error.use_stderr() => Exit::Usage,
                // Help that nobody reads any more is no failure.
                Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Exit::Failure,
                _ => Exit::Done,
            }
        }
    };
    ExitCode::from(exit.code())
}

fn dispatch(cli: &Cli, environment: &Environment) -> Exit {
    let ended = match &cli.command {
        None => dashboard(&cli.flags, environment),
        Some(verb) => verbs::run(verb, &cli.flags, environment),
    };
    ended.unwrap_or_else(|obstacle| {
        let is_ascii = locale::is_ascii(environment, cli.flags.plain);
        complain(&obstacle.whole(), is_ascii);
        obstacle.exit
    })
}

/// The dashboard: a screen, or lines where that is no good.
fn dashboard(flags: &Flags, environment: &Environment) -> Result<Exit, StartupError> {
    let sources = Sources::read(flags, environment)?;
    let started = sources.started()?;
    let ends = Ends::of_process(started.plain, environment);
    if ends.want_lines() {
        plain::run(ends, &started, environment)
    } else {
        session::dashboard(sources, started, environment)
    }
}

/// Why the program cannot begin.
struct StartupError {
    /// One line: what is wrong, and what to do.
    what: String,
    /// More that helps, a way a line.
    remedies: Vec<String>,
    exit: Exit,
}

impl StartupError {
    fn new(what: String, exit: Exit) -> Self {
        Self {
            what,
            remedies: Vec::new(),
            exit,
        }
    }

    /// The system would not let us.
    fn system(doing: &str, error: &io::Error) -> Self {
        Self::new(format!("cannot {doing}: {error}"), Exit::Failure)
    }

    /// All of it, for a person who has nothing else on the screen.
    fn whole(&self) -> String {
        let remedies = self.remedies.iter().map(|remedy| format!("\n  {remedy}"));
        self.what.clone() + &remedies.collect::<String>()
    }
}

impl From<crate::settings::SettingsError> for StartupError {
    fn from(error: crate::settings::SettingsError) -> Self {
        Self {
            remedies: error.remedies(),
            ..Self::new(error.to_string(), error.exit())
        }
    }
}

impl From<crate::engine::Failure> for StartupError {
    fn from(failure: crate::engine::Failure) -> Self {
        let exit = match failure.class {
            crate::engine::Class::SignIn => Exit::SignIn,
            _ => Exit::Failure,
        };
        Self::new(failure.to_string(), exit)
    }
}

/// Tells an error. Where even that cannot be written, there is nobody left to tell.
fn complain(what: &str, is_ascii: bool) {
    let _ = writeln!(Ascii::new(io::stderr().lock(), is_ascii), "countermand: {what}");
}
