//! The dashboard on a screen, from its first frame to the exit.

use std::{io, sync::Arc};

use ratatui::Terminal;
use tokio::{
    runtime::Runtime,
    signal::unix::{self, SignalKind},
    sync::mpsc,
};

use crate::{
    app::{
        clock::SystemClock, console::complain, engines::Engines, exit_summary, log, panic, signals,
        startup_error::StartupError,
    },
    domain::{text::SafeText, verdict::Exit},
    tui::{
        run::{Dashboard, Left, Open, Opened, Pacing, Signal, Surroundings},
        terminal::{Input, Screen, Tty},
    },
};

/// Dependencies of the dashboard.
pub(super) struct ScreenConfig {
    pub(super) engines: Engines,
    pub(super) first: Opened,
    /// Opener of other profiles.
    pub(super) open: Open,
    pub(super) pacing: Pacing,
    /// Whether the mouse selects and scrolls.
    pub(super) mouse: bool,
    pub(super) log: log::Plan,
    /// Whether the service continues after this process has ended.
    pub(super) goes_on: bool,
    /// The default profile, which a later command need not name; none if this one was named on the command line.
    pub(super) unnamed: Option<SafeText>,
}

/// Runs a dashboard until exit.
pub(super) fn run(runtime: Runtime, config: ScreenConfig) -> Result<Exit, StartupError> {
    let (zone, unicode) = (config.first.setup.zone.clone(), config.first.setup.look.unicode);
    if let Some(obstacle) = config.log.obstacle() {
        complain(&obstacle, !unicode);
    }
    let tty = Tty::open().map_err(|error| no_terminal(&error))?;
    let tty = Arc::new(tty.with_mouse(config.mouse));
    let (sender, received) = mpsc::channel(8);
    let stops = sender.clone();
    panic::install(Some(Arc::clone(&tty)), config.log.place());
    let watch = signals::watch(Arc::clone(&tty), sender)
        .map_err(|error| StartupError::system("listen to signals", &error))?;
    listen_to_stops(&runtime, stops).map_err(|error| StartupError::system("listen to signals", &error))?;
    let input = Input::start().map_err(|error| StartupError::system("read the terminal", &error))?;
    tty.enter().map_err(|error| no_terminal(&error))?;

    let (engines, log) = (config.engines, config.log);
    let log = runtime.spawn_blocking(move || log.start());
    let left = runtime.block_on(async {
        let terminal = Terminal::new(Screen::new(Arc::clone(&tty)))?;
        let around = Surroundings {
            input: Box::new(input),
            signals: received,
            prompts: config.first.prompts,
            clock: Arc::new(SystemClock),
            tasks: engines.tasks.clone(),
            stop: engines.stop.clone(),
            pacing: config.pacing,
            open: config.open,
        };
        Dashboard::new(config.first.setup, config.first.engine, terminal, around)
            .run()
            .await
    });
    tty.restore();
    watch.leaving();

    let exit = runtime.block_on(engines.finish(exit_of(&left), !unicode));
    if config.goes_on && !matches!(exit, Exit::HangUp) {
        // A closed terminal has no reader any more.
        let _ = exit_summary::write(
            &engines.snapshots(),
            config.unnamed.as_ref(),
            &zone,
            unicode,
            &mut io::stdout().lock(),
        );
    }
    drop(runtime.block_on(log));
    runtime.shutdown_background();
    Ok(exit)
}

/// Stops the dashboard on an external request, so that the terminal is restored first. One slot is reserved for the
/// signal that requests exit.
fn listen_to_stops(runtime: &Runtime, dashboard: mpsc::Sender<Signal>) -> io::Result<()> {
    let _inside = runtime.enter();
    let kind = SignalKind::from_raw(rustix::process::Signal::TSTP.as_raw());
    let mut stops = unix::signal(kind)?;
    runtime.spawn(async move {
        while stops.recv().await.is_some() {
            if dashboard.capacity() > 1 {
                let _ = dashboard.try_send(Signal::Stop);
            }
        }
    });
    Ok(())
}

fn exit_of(left: &io::Result<Left>) -> Exit {
    match left {
        Ok(Left::Quit) => Exit::Done,
        Ok(Left::Signalled(exit)) => *exit,
        Ok(Left::TerminalGone) => Exit::HangUp,
        Err(error) => {
            tracing::error!(%error, "the terminal takes no frame any more");
            Exit::HangUp
        }
    }
}

fn no_terminal(error: &io::Error) -> StartupError {
    StartupError::new(
        format!("the dashboard needs a terminal ({error}); `countermand offers` lists without one"),
        Exit::Usage,
    )
}
