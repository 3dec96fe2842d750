//! The signals of a dashboard.
//!
//! A thread of its own listens, so that the terminal comes back within milliseconds whatever the rest is doing.

use std::{
    io,
    sync::{Arc, OnceLock},
    thread,
    time::Duration,
};

use rustix::event::{PollFd, PollFlags, poll};
use tokio::{
    runtime::Builder,
    select,
    signal::unix::{self, SignalKind},
    sync::mpsc,
    time::sleep,
};

use super::{departure::Departure, end, ending, heard::Leaving};
use crate::{
    app::engines::GRACE,
    domain::verdict::Exit,
    tui::{run::Signal, terminal::Tty},
};

/// Longer than any way out takes; whoever has not left by then is stuck.
const LAST: Duration = GRACE.saturating_add(Duration::from_secs(1));

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
pub(in crate::app) struct Watch {
    departure: Arc<OnceLock<Departure>>,
}

impl Watch {
    /// The dashboard is on its way out by itself: from now on what is heard counts as heard after that.
    pub(in crate::app) fn leaving(&self) {
        self.departure.get_or_init(Departure::begin);
    }
}

/// Listens for a dashboard on `tty`. A first signal that asks to leave gives the terminal back at once and is told to the
/// dashboard; a second one ends the process, and so does a dashboard that does not leave.
pub(in crate::app) fn watch(tty: Arc<Tty>, dashboard: mpsc::Sender<Signal>) -> io::Result<Watch> {
    ending::watch(Arc::clone(&tty))?;
    let departure = Arc::new(OnceLock::new());
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let mut signals = {
        let _inside = runtime.enter();
        Signals::listen()?
    };
    watch_terminal(dashboard.clone())?;
    let listener = Listener {
        tty,
        dashboard,
        departure: Arc::clone(&departure),
    };
    thread::Builder::new().name("signals".into()).spawn(move || {
        let exit = runtime.block_on(async {
            let first = listener.hear(&mut signals).await;
            let departure = *listener.departure.get_or_init(Departure::begin);
            select! {
                biased;
                second = signals.leaving.second(departure) => second,
                () = sleep(LAST) => first,
            }
        });
        end(exit)
    })?;
    Ok(Watch { departure })
}

struct Listener {
    tty: Arc<Tty>,
    dashboard: mpsc::Sender<Signal>,
    departure: Arc<OnceLock<Departure>>,
}

impl Listener {
    /// Passes on what is heard, until the first that asks to leave.
    async fn hear(&self, signals: &mut Signals) -> Exit {
        loop {
            let signal = signals.next().await;
            if let Some(departure) = self.departure.get() {
                if let Signal::Leave(exit) = signal
                    && departure.is_second(exit)
                {
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
