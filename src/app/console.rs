//! Handles that a face of lines reads and writes, and the log beside them.

use std::io::{self, Write as _};

use jiff::tz::TimeZone;

use crate::{
    app::{
        log, panic,
        prompt::{Bell, TerminalPrompt},
        startup_error::StartupError,
    },
    cli::{Ascii, Ask, Io},
    domain::verdict::Exit,
};

/// Format of the output.
#[derive(Clone, Copy, Debug)]
pub(super) struct Output {
    /// ASCII only.
    pub(super) is_ascii: bool,
    /// JSON on standard output.
    pub(super) is_json: bool,
}

impl Output {
    /// Opens the handles of a face, with a prompt if a person is at the terminal.
    pub(super) fn with_io(
        self,
        face: impl FnOnce(Option<Bell>, &mut Io<'_>) -> Result<Exit, StartupError>,
    ) -> Result<Exit, StartupError> {
        let prompt =
            TerminalPrompt::present().map_err(|error| StartupError::system("ask questions", &error))?;
        let (mut prompt, bell) = prompt.unzip();
        // JSON is always UTF-8, and names must not be lost in it.
        let mut out = Ascii::new(io::stdout().lock(), self.is_ascii && !self.is_json);
        let mut err = Ascii::new(io::stderr(), self.is_ascii);
        let mut io = Io {
            out: &mut out,
            err: &mut err,
            ask: prompt.as_mut().map(|prompt| prompt as &mut dyn Ask),
            zone: TimeZone::system(),
        };
        face(bell, &mut io)
    }
}

/// Starts the log and the panic hook. An unavailable log that was requested explicitly is reported.
pub(super) fn start_log(plan: &log::Plan, is_ascii: bool) -> Option<log::Log> {
    if let Some(obstacle) = plan.obstacle() {
        complain(&obstacle, is_ascii);
    }
    panic::install(None, plan.place());
    plan.start()
}

/// Writes an error. A failure to write it has no reader either.
pub(super) fn complain(what: &str, is_ascii: bool) {
    let _ = writeln!(Ascii::new(io::stderr().lock(), is_ascii), "countermand: {what}");
}
