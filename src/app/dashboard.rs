//! The dashboard on the terminal, from its first frame to the way out.

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use ratatui::Terminal;
use tokio::{
    runtime::Runtime,
    signal::unix::{self, SignalKind},
    sync::{mpsc, watch},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    app::{StartupError, complain, exit_summary, log, panic, shutdown, signals, unrecorded},
    domain::{ids::PublisherId, text::SafeText, verdict::Exit},
    engine::{Engine, Parts},
    service::auth::SignInPrompt,
    tui::{
        model::Setup,
        run::{Dashboard, Left, Opened, Pacing, Signal, Surroundings},
        terminal::{Input, Screen, Tty},
    },
};

/// What a dashboard is to show, and how.
pub(super) struct Show {
    pub(super) first: Stand,
    /// What it takes to stand at another profile, or why that cannot be.
    pub(super) stand: Box<Standing>,
    pub(super) pacing: Pacing,
    /// Whether the mouse selects and scrolls.
    pub(super) mouse: bool,
    pub(super) log: log::Plan,
    /// Whether the service goes on when this process has ended.
    pub(super) goes_on: bool,
    /// The profile that whoever goes on with it need not name; none where this one was named on the command line.
    pub(super) unnamed: Option<SafeText>,
}

/// Makes what it takes to stand at a profile and, where the profile names none, a publisher.
type Standing = dyn Fn(&SafeText, Option<&PublisherId>) -> Result<Stand, SafeText> + Send;

/// A profile with what it takes to work there.
pub(super) struct Stand {
    pub(super) parts: Parts,
    /// What a person must do to sign in.
    pub(super) prompts: watch::Receiver<Option<SignInPrompt>>,
    pub(super) setup: Setup,
}

/// Every engine of this process, and what they share.
#[derive(Clone, Default)]
struct Engines {
    all: Arc<Mutex<Vec<Engine>>>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Engines {
    /// Makes the engine of `stand`, and a session of both.
    fn open(&self, stand: Stand) -> Opened {
        let engine = Engine::new(stand.parts, self.tasks.clone(), self.stop.clone());
        self.all().push(engine.clone());
        Opened {
            setup: stand.setup,
            engine,
            prompts: stand.prompts,
        }
    }

    fn all(&self) -> MutexGuard<'_, Vec<Engine>> {
        // Whoever panicked while holding it left whole values.
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Runs a dashboard until it is left.
pub(super) fn run(show: Show) -> Result<Exit, StartupError> {
    run_on(shutdown::runtime()?, show)
}

/// The same on a runtime that exists already.
pub(super) fn run_on(runtime: Runtime, show: Show) -> Result<Exit, StartupError> {
    if let Some(obstacle) = show.log.obstacle() {
        complain(&obstacle, !show.first.setup.look.unicode);
    }
    let tty = Tty::open().map_err(|error| no_terminal(&error))?;
    let tty = Arc::new(tty.with_mouse(show.mouse));
    let (sender, received) = mpsc::channel(8);
    let stops = sender.clone();
    panic::install(Some(Arc::clone(&tty)), show.log.place());
    let watch = signals::watch(Arc::clone(&tty), sender)
        .map_err(|error| StartupError::system("listen to signals", &error))?;
    listen_to_stops(&runtime, stops).map_err(|error| StartupError::system("listen to signals", &error))?;
    let input = Input::start().map_err(|error| StartupError::system("read the terminal", &error))?;
    tty.enter().map_err(|error| no_terminal(&error))?;

    let engines = Engines::default();
    let clock = Arc::clone(&show.first.parts.clock);
    let unnamed = show.unnamed;
    let (zone, unicode) = (show.first.setup.zone.clone(), show.first.setup.look.unicode);
    let first = engines.open(show.first);
    let (stand, found) = (show.stand, engines.clone());
    let log = runtime.spawn_blocking(move || show.log.start());
    let left = runtime.block_on(async {
        let terminal = Terminal::new(Screen::new(Arc::clone(&tty)))?;
        let around = Surroundings {
            input: Box::new(input),
            signals: received,
            prompts: first.prompts,
            clock,
            tasks: engines.tasks.clone(),
            stop: engines.stop.clone(),
            pacing: show.pacing,
            open: Box::new(move |profile, publisher| {
                stand(profile, publisher).map(|stand| found.open(stand))
            }),
        };
        Dashboard::new(first.setup, first.engine, terminal, around)
            .run()
            .await
    });
    tty.restore();
    watch.leaving();

    let all = engines.all().clone();
    runtime.block_on(shutdown::wait_for_answers(&all, &engines.tasks, &engines.stop));
    let exit = unrecorded::tell(&all, exit_of(&left), !unicode);
    if show.goes_on && !matches!(exit, Exit::HangUp) {
        // Whoever closed the terminal reads nothing any more.
        let snapshots: Vec<_> = all
            .iter()
            .map(|engine| engine.snapshots().borrow().clone())
            .collect();
        let _ = exit_summary::write(
            &snapshots,
            unnamed.as_ref(),
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

fn no_terminal(error: &io::Error) -> StartupError {
    StartupError::new(
        format!("the dashboard needs a terminal ({error}); `countermand offers` lists without one"),
        Exit::Usage,
    )
}
