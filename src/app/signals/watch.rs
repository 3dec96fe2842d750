//! Signals of a dashboard.
//!
//! A thread of its own listens, so that the terminal is restored within milliseconds whatever the rest is doing.

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

/// Longer than any orderly exit; after this the program is stuck.
const LAST: Duration = GRACE.saturating_add(Duration::from_secs(1));

/// Signals that a dashboard handles.
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

/// Listener of a dashboard.
pub(in crate::app) struct Watch {
    departure: Arc<OnceLock<Departure>>,
}

impl Watch {
    /// Marks that the dashboard exits by itself: later signals count as second ones.
    pub(in crate::app) fn leaving(&self) {
        self.departure.get_or_init(Departure::begin);
    }
}

/// Listens for a dashboard on `tty`. The first signal that requests exit restores the terminal at once and is passed to
/// the dashboard; a second one ends the process, as does a dashboard that hangs.
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
            let first = listener.listen_until_exit(&mut signals).await;
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
    /// Passes signals on, until the first that requests exit.
    async fn listen_until_exit(&self, signals: &mut Signals) -> Exit {
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
            // Sent first: a frame that fails because the terminal was restored must find the reason. A dashboard that
            // does not receive it is ended by force later.
            self.send(signal);
            if let Signal::Leave(exit) = signal {
                self.tty.restore();
                return exit;
            }
        }
    }

    /// Sends to the dashboard; one slot is reserved for the signal that requests exit. If the channel is full, an equal
    /// signal is pending already.
    fn send(&self, signal: Signal) {
        if matches!(signal, Signal::Leave(_)) || self.dashboard.capacity() > 1 {
            let _ = self.dashboard.try_send(signal);
        }
    }
}

/// Detects a terminal that vanishes silently, such as one that does not control this process. Reading would then spin
/// without an error.
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
            // Some systems cannot poll a terminal; there a signal is needed.
            if waited != Err(rustix::io::Errno::INTR) {
                return;
            }
        }
    })?;
    Ok(())
}
