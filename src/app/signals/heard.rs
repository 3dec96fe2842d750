//! Signals that request exit, and those that the parent process disabled.

use std::{fs, future::pending, io};

use tokio::{
    select,
    signal::unix::{self, SignalKind},
};

use super::departure::Departure;
use crate::domain::verdict::Exit;

/// Signals that request exit; none if the parent disabled them.
pub(super) struct Leaving {
    terminate: Option<unix::Signal>,
    hang_up: Option<unix::Signal>,
    interrupt: Option<unix::Signal>,
}

impl Leaving {
    /// Replaces the default actions of the signals. Call inside a runtime.
    pub(super) fn listen() -> io::Result<Self> {
        let ignored = Ignored::of_process();
        let listen = |kind: SignalKind| {
            let is_ignored = ignored.has(kind.as_raw_value());
            (!is_ignored).then(|| unix::signal(kind)).transpose()
        };
        Ok(Self {
            terminate: listen(SignalKind::terminate())?,
            hang_up: listen(SignalKind::hangup())?,
            interrupt: listen(SignalKind::interrupt())?,
        })
    }

    pub(super) async fn next(&mut self) -> Exit {
        select! {
            biased;
            () = heard(self.terminate.as_mut()) => Exit::Terminated,
            () = heard(self.hang_up.as_mut()) => Exit::HangUp,
            () = heard(self.interrupt.as_mut()) => Exit::Interrupted,
        }
    }

    /// Returns the next second request.
    pub(super) async fn second(&mut self, departure: Departure) -> Exit {
        loop {
            let heard = self.next().await;
            if departure.is_second(heard) {
                return heard;
            }
        }
    }
}

async fn heard(signal: Option<&mut unix::Signal>) {
    match signal {
        Some(signal) => _ = signal.recv().await,
        None => pending().await,
    }
}

/// Signals that were ignored at the start, as by `nohup`. Unknown without `/proc`.
#[derive(Clone, Copy)]
pub(super) struct Ignored(u64);

impl Ignored {
    pub(super) fn of_process() -> Self {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
        Self(mask.unwrap_or_default())
    }

    pub(super) fn has(self, signal: i32) -> bool {
        let bit = u32::try_from(signal - 1)
            .ok()
            .and_then(|at| 1_u64.checked_shl(at));
        bit.is_some_and(|bit| self.0 & bit != 0)
    }
}
