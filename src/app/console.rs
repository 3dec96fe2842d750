//! The handles that a face of lines reads and writes, and the log beside them.

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

/// What is written on the handles.
#[derive(Clone, Copy, Debug)]
pub(super) struct Output {
    /// Nothing but ASCII.
    pub(super) is_ascii: bool,
    /// JSON on standard output.
    pub(super) is_json: bool,
}

impl Output {
    /// Gives a face its handles, and whoever sits at the terminal.
    pub(super) fn with_io(
        self,
        face: impl FnOnce(Option<Bell>, &mut Io<'_>) -> Result<Exit, StartupError>,
    ) -> Result<Exit, StartupError> {
        let prompt =
            TerminalPrompt::present().map_err(|error| StartupError::system("ask questions", &error))?;
        let (mut prompt, bell) = prompt.unzip();
        // JSON is UTF-8 by its own rules, and names are not to be lost in it.
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

/// Begins to log, and to report a bug that ends the process. A log that a person asked for and that cannot be had is
/// said.
pub(super) fn start_log(plan: &log::Plan, is_ascii: bool) -> Option<log::Log> {
    if let Some(obstacle) = plan.obstacle() {
        complain(&obstacle, is_ascii);
    }
    panic::install(None, plan.place());
    plan.start()
}

/// Writes an error. Where even that cannot be written, nobody is left to read it.
pub(super) fn complain(what: &str, is_ascii: bool) {
    let _ = writeln!(Ascii::new(io::stderr().lock(), is_ascii), "countermand: {what}");
}
