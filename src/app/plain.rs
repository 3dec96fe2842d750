//! The dashboard as lines of text, and when it is that.

use std::{
    io::{self, IsTerminal},
    slice,
    sync::Arc,
};

use tokio::runtime::Runtime;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    app::{
        StartupError,
        commands::StandardInput,
        complain, locale, log, panic,
        parts::journal,
        prompt::Bell,
        publisher, session, shutdown, signals, unrecorded,
        verbs::{Letters, with_io},
    },
    cli::{Ascii, Io, cancel, sign_in_prompt},
    domain::{ids::Origin, text::SafeText, verdict::Exit},
    engine::{Engine, Parts},
    plain::{self, Beside},
    service::auth::Attendance,
    settings::{Environment, Settings},
};

/// The ends of this process.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ends {
    wish: Wish,
    reads_terminal: bool,
    writes_terminal: bool,
}

/// What is wanted of the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    /// Lines in ASCII were asked for.
    Plain,
    /// No more than lines: it can do nothing else.
    Lines,
    /// A screen.
    Screen,
}

impl Ends {
    /// What this process was started with; `is_plain` where a flag or the settings want lines.
    pub(super) fn of_process(is_plain: bool, environment: &Environment) -> Self {
        Self {
            wish: match environment.get("TERM") {
                _ if is_plain => Wish::Plain,
                Some("dumb") => Wish::Lines,
                _ => Wish::Screen,
            },
            reads_terminal: io::stdin().is_terminal(),
            writes_terminal: io::stdout().is_terminal(),
        }
    }

    /// Whether the dashboard is to be lines of text.
    pub(super) fn want_lines(self) -> bool {
        self.wish != Wish::Screen || !self.writes_terminal
    }

    /// Whether somebody sits at one of them.
    fn are_attended(self) -> bool {
        self.reads_terminal || self.writes_terminal
    }

    /// Whether lines are obeyed. Where nobody sits by and nobody wanted lines, whatever holds standard input open says
    /// nothing.
    fn give_commands(self) -> bool {
        self.are_attended() || self.wish == Wish::Plain
    }
}

/// What it works with.
pub(super) struct Show {
    pub(super) parts: Parts,
    pub(super) defaults: cancel::Defaults,
    pub(super) origin: Origin,
    pub(super) banner: Option<SafeText>,
    /// Whether the service goes on when this process has ended.
    pub(super) goes_on: bool,
    pub(super) ends: Ends,
}

/// The lines on the configured profile.
pub(super) fn run(ends: Ends, settings: &Settings, environment: &Environment) -> Result<Exit, StartupError> {
    let attendance = if ends.are_attended() {
        Attendance::Elsewhere
    } else {
        Attendance::Present
    };
    let service = session::named_by(settings, environment, attendance)?;
    let log = log::Plan::of(environment, settings.log_file.as_deref(), true);
    let letters = Letters {
        is_ascii: locale::is_ascii(environment, ends.wish == Wish::Plain),
        is_json: false,
    };
    if let Some(obstacle) = log.obstacle() {
        complain(&obstacle, letters.is_ascii);
    }
    panic::install(None, log.place());
    let _log = log.start();
    with_io(letters, |bell, io| {
        let runtime = shutdown::runtime()?;
        runtime.spawn(sign_in_prompt::announce(
            service.prompts.watch(),
            Ascii::new(io::stderr(), letters.is_ascii),
        ));
        let publisher = runtime.block_on(publisher::of(settings, &*service.catalogue(), io))?;
        let parts = service.parts(&publisher, journal(environment)?, environment);
        let defaults = cancel::Defaults {
            profile: service.profile.clone(),
            publisher,
            notify: settings.notify.clone(),
            timeout: settings.timeout,
            read_only: settings.read_only,
            journal: Arc::clone(&parts.journal),
            clock: Arc::clone(&parts.clock),
        };
        let show = Show {
            parts,
            defaults,
            origin: service.origin,
            banner: None,
            goes_on: true,
            ends,
        };
        run_on(runtime, show, bell, io)
    })
}

/// The same on a runtime that exists already.
pub(super) fn run_on(
    runtime: Runtime,
    show: Show,
    bell: Option<Bell>,
    io: &mut Io<'_>,
) -> Result<Exit, StartupError> {
    let beside = Beside {
        origin: show.origin,
        cancel: show.defaults,
        goes_on: show.goes_on,
        banner: show.banner,
        is_attended: show.ends.are_attended(),
    };
    let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
    let engine = Engine::new(show.parts, tasks.clone(), stop.clone());
    let commands = show.ends.give_commands().then(StandardInput::default);
    let exit = runtime.block_on(async {
        let interrupted = signals::interrupted(bell)?;
        let exit = plain::run(&engine, &beside, commands, interrupted, io).await;
        let all = slice::from_ref(&engine);
        shutdown::wait_for_answers(all, &tasks, &stop).await;
        Ok(unrecorded::tell(all, exit, show.ends.wish == Wish::Plain))
    });
    // A line that never comes may still be waited for.
    runtime.shutdown_background();
    exit.map_err(|error: io::Error| StartupError::system("listen to signals", &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_for_whom_a_screen_is_no_good() {
        for (wish, reads_terminal, writes_terminal, [lines, attended, commands]) in [
            (Wish::Screen, true, true, [false, true, true]),
            (Wish::Plain, true, true, [true, true, true]),
            (Wish::Lines, true, true, [true, true, true]),
            (Wish::Screen, true, false, [true, true, true]),
            (Wish::Screen, false, true, [false, true, true]),
            (Wish::Screen, false, false, [true, false, false]),
            (Wish::Lines, false, false, [true, false, false]),
            (Wish::Plain, false, false, [true, false, true]),
        ] {
            let ends = Ends {
                wish,
                reads_terminal,
                writes_terminal,
            };
            let told = [ends.want_lines(), ends.are_attended(), ends.give_commands()];
            assert_eq!(told, [lines, attended, commands], "{ends:?}");
        }
    }
}
