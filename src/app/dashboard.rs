//! The dashboard on the terminal, from its first frame to the way out.

use std::{io, sync::Arc};

use ratatui::Terminal;
use tokio::{
    runtime::Runtime,
    signal::unix::{self, SignalKind},
    sync::{mpsc, watch},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    app::{Obstacle, farewell, log, panic, signals, way_out},
    domain::verdict::Exit,
    engine::{Engine, Parts},
    marketplace::credentials::SignInPrompt,
    tui::{
        model::Setup,
        shell::{Dashboard, Left, Pacing, Signal, Surroundings},
        terminal::{Input, Screen, Tty},
    },
};

/// What a dashboard is to show, and how.
pub(super) struct Show {
    pub(super) parts: Parts,
    /// What a person must do to sign in.
    pub(super) prompts: watch::Receiver<Option<SignInPrompt>>,
    pub(super) setup: Setup,
    pub(super) pacing: Pacing,
    /// Whether the mouse selects and scrolls.
    pub(super) mouse: bool,
    pub(super) log: log::Plan,
    /// Whether the service goes on when this process has ended.
    pub(super) goes_on: bool,
}

/// Runs a dashboard until it is left.
pub(super) fn run(show: Show) -> Result<Exit, Obstacle> {
    run_on(way_out::runtime()?, show)
}

/// The same on a runtime that exists already.
pub(super) fn run_on(runtime: Runtime, show: Show) -> Result<Exit, Obstacle> {
    let tty = Tty::open().map_err(|error| no_terminal(&error))?;
    let tty = Arc::new(tty.with_mouse(show.mouse));
    let (sender, received) = mpsc::channel(8);
    let stops = sender.clone();
    panic::install(Some(Arc::clone(&tty)), show.log.place());
    let watch = signals::watch(Arc::clone(&tty), sender)
        .map_err(|error| Obstacle::system("listen to signals", &error))?;
    listen_to_stops(&runtime, stops).map_err(|error| Obstacle::system("listen to signals", &error))?;
    let input = Input::start().map_err(|error| Obstacle::system("read the terminal", &error))?;
    tty.enter().map_err(|error| no_terminal(&error))?;

    let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
    let clock = Arc::clone(&show.parts.clock);
    let zone = show.setup.zone.clone();
    let unicode = show.setup.look.unicode;
    let engine = Engine::new(show.parts, tasks.clone(), stop.clone());
    let log = runtime.spawn_blocking(move || show.log.start());
    let left = runtime.block_on(async {
        let terminal = Terminal::new(Screen::new(Arc::clone(&tty)))?;
        let around = Surroundings {
            input: Box::pin(input),
            signals: received,
            prompts: show.prompts,
            clock,
            tasks: tasks.clone(),
            stop: stop.clone(),
            pacing: show.pacing,
        };
        Dashboard::new(show.setup, engine.clone(), terminal, around)
            .run()
            .await
    });
    tty.restore();
    watch.leaving();

    runtime.block_on(way_out::wait_for_answers(&engine, &tasks, &stop));
    let exit = exit_of(&left);
    if show.goes_on && !matches!(exit, Exit::HangUp) {
        // Whoever closed the terminal reads nothing any more.
        let _ = farewell::write(
            &engine.snapshots().borrow(),
            &zone,
            unicode,
            &mut io::stdout().lock(),
        );
    }
    drop(runtime.block_on(log));
    runtime.shutdown_background();
    Ok(exit)
}

/// Tells the dashboard to stop when somebody else asks for it, so that the terminal is given back first. One place is kept
/// for the signal that asks to leave.
fn listen_to_stops(runtime: &Runtime, dashboard: mpsc::Sender<Signal>) -> io::Result<()> {
    let _inside = runtime.enter();
    let kind = SignalKind::from_raw(rustix::process::Signal::TSTP.as_raw());
    let mut asked = unix::signal(kind)?;
    runtime.spawn(async move {
        while asked.recv().await.is_some() {
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

fn no_terminal(error: &io::Error) -> Obstacle {
    Obstacle {
        what: format!("the dashboard needs a terminal ({error}); `countermand offers` lists without one"),
        exit: Exit::Usage,
    }
}
