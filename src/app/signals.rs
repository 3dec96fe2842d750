//! What the system says: end, hang up, interrupt, continue, another window size.
//!
//! A thread of its own listens, so that the terminal comes back within milliseconds whatever the rest is doing.

use std::{
    fs,
    future::pending,
    io, process,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use rustix::event::{PollFd, PollFlags, poll};
use tokio::{
    runtime::Builder,
    select,
    signal::unix::{self, SignalKind},
    sync::{mpsc, oneshot},
    time::sleep,
};

use crate::{
    app::{asking::Bell, log, way_out::GRACE},
    domain::verdict::Exit,
    tui::{shell::Signal, terminal::Tty},
};

/// Longer than any way out takes; whoever has not left by then is stuck.
const LAST: Duration = GRACE.saturating_add(Duration::from_secs(1));

/// The signals that ask to leave.
struct Leaving {
    terminate: unix::Signal,
    /// None where whoever started this wants it to outlive its terminal.
    hang_up: Option<unix::Signal>,
    interrupt: unix::Signal,
}

impl Leaving {
    /// From now on they no longer do what the system does by default. Must be called inside a runtime.
    fn listen() -> io::Result<Self> {
        Ok(Self {
            terminate: unix::signal(SignalKind::terminate())?,
            hang_up: if is_hang_up_ignored() {
                None
            } else {
                Some(unix::signal(SignalKind::hangup())?)
            },
            interrupt: unix::signal(SignalKind::interrupt())?,
        })
    }

    async fn next(&mut self) -> Exit {
        select! {
            biased;
            _ = self.terminate.recv() => Exit::Terminated,
            () = heard(self.hang_up.as_mut()) => Exit::HangUp,
            _ = self.interrupt.recv() => Exit::Interrupted,
        }
    }
}

async fn heard(signal: Option<&mut unix::Signal>) {
    match signal {
        Some(signal) => _ = signal.recv().await,
        None => pending().await,
    }
}

/// Whether this was started with hang-ups ignored, as `nohup` does it. Where there is no `/proc` nothing tells.
fn is_hang_up_ignored() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    let hang_up = 1 << (rustix::process::Signal::HUP.as_raw() - 1);
    mask.is_some_and(|mask| mask & hang_up != 0)
}

/// The signals that a dashboard knows.
struct Signals {
    leaving: Leaving,
    carry_on: unix::Signal,
    resize: unix::Signal,
}

impl Signals {
    /// As [`Leaving::listen`].
    fn listen() -> io::Result<Self> {
        Ok(Self {
            leaving: Leaving::listen()?,
            carry_on: unix::signal(SignalKind::from_raw(rustix::process::Signal::CONT.as_raw()))?,
            resize: unix::signal(SignalKind::window_change())?,
        })
    }

    async fn next(&mut self) -> Signal {
        select! {
            biased;
            exit = self.leaving.next() => Signal::Leave(exit),
            _ = self.carry_on.recv() => Signal::Continued,
            _ = self.resize.recv() => Signal::Resized,
        }
    }
}

/// The listener of a dashboard.
pub(super) struct Watch {
    leaving: Arc<AtomicBool>,
}

impl Watch {
    /// The dashboard is on its way out by itself: from now on a first signal ends the process at once.
    pub(super) fn leaving(&self) {
        self.leaving.store(true, Ordering::SeqCst);
    }
}

/// Listens for a dashboard on `tty`. A first signal that asks to leave gives the terminal back at once and is told to the
/// dashboard; a second one ends the process, and so does a dashboard that does not leave.
pub(super) fn watch(tty: Arc<Tty>, dashboard: mpsc::Sender<Signal>) -> io::Result<Watch> {
    let leaving = Arc::new(AtomicBool::new(false));
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let mut signals = {
        let _inside = runtime.enter();
        Signals::listen()?
    };
    watch_terminal(dashboard.clone())?;
    let listener = Listener {
        tty,
        dashboard,
        leaving: Arc::clone(&leaving),
    };
    thread::Builder::new().name("signals".into()).spawn(move || {
        let exit = runtime.block_on(async {
            let first = listener.hear(&mut signals).await;
            select! {
                biased;
                second = signals.leaving.next() => second,
                () = sleep(LAST) => first,
            }
        });
        end(exit)
    })?;
    Ok(Watch { leaving })
}

struct Listener {
    tty: Arc<Tty>,
    dashboard: mpsc::Sender<Signal>,
    leaving: Arc<AtomicBool>,
}

impl Listener {
    /// Passes on what is heard, until the first that asks to leave.
    async fn hear(&self, signals: &mut Signals) -> Exit {
        loop {
            let signal = signals.next().await;
            if self.leaving.load(Ordering::SeqCst) {
                if let Signal::Leave(exit) = signal {
                    end(exit);
                }
                continue;
            }
            // Told first: a frame that fails because the terminal was given back must find out why. A dashboard that
            // takes nothing is ended by force later.
            self.tell(signal);
            if let Signal::Leave(exit) = signal {
                self.tty.restore();
                return exit;
            }
        }
    }
}

impl Listener {
    /// Tells the dashboard; one place is kept for the signal that asks to leave. What it stands for otherwise is waiting
    /// to be told already.
    fn tell(&self, signal: Signal) {
        if matches!(signal, Signal::Leave(_)) || self.dashboard.capacity() > 1 {
            let _ = self.dashboard.try_send(signal);
        }
    }
}

/// Tells when the terminal vanishes without a word, as one does that does not control this process. Reading would spin
/// then, and never say so.
fn watch_terminal(dashboard: mpsc::Sender<Signal>) -> io::Result<()> {
    thread::Builder::new().name("terminal".into()).spawn(move || {
        loop {
            let stdin = io::stdin();
            let mut terminal = [PollFd::new(&stdin, PollFlags::empty())];
            let waited = poll(&mut terminal, None);
            let seen = terminal[0].revents();
            if seen.intersects(PollFlags::HUP | PollFlags::ERR) {
                let _ = dashboard.blocking_send(Signal::Leave(Exit::HangUp));
                return;
            }
            // Some systems cannot wait for a terminal; there a signal must do.
            if waited != Err(rustix::io::Errno::INTR) {
                return;
            }
        }
    })?;
    Ok(())
}

/// Resolves when a signal asks a verb to leave, and ends the question that `bell` belongs to; a second one ends the
/// process. Must be called inside a runtime.
pub(super) fn interrupted(bell: Option<Bell>) -> io::Result<impl Future<Output = Exit>> {
    let mut leaving = Leaving::listen()?;
    let (sender, receiver) = oneshot::channel();
    tokio::spawn(async move {
        let _ = sender.send(leaving.next().await);
        // After it was told: whose question ends finds out which signal it was.
        drop(bell);
        end(leaving.next().await)
    });
    Ok(async move {
        match receiver.await {
            Ok(exit) => exit,
            // The listener ends with the runtime alone.
            Err(_) => pending().await,
        }
    })
}

/// Ends the process, whatever it is about; what was logged is kept.
fn end(exit: Exit) -> ! {
    log::close();
    process::exit(exit.code().into())
}
