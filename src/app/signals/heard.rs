//! The signals that ask to leave, and those that whoever started this wants unheard.

use std::{fs, future::pending, io};

use tokio::{
    select,
    signal::unix::{self, SignalKind},
};

use super::departure::Departure;
use crate::domain::verdict::Exit;

/// The signals that ask to leave; none where whoever started this wants it to outlive them.
pub(super) struct Leaving {
    terminate: Option<unix::Signal>,
    hang_up: Option<unix::Signal>,
    interrupt: Option<unix::Signal>,
}

impl Leaving {
    /// From now on they no longer do what the system does by default. Must be called inside a runtime.
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

    /// The next that asks a second time.
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

/// The signals that this was started to ignore, as `nohup` does it. Where there is no `/proc` nothing tells.
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
