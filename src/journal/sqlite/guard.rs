//! Lock for creating a journal or setting one aside: one process at a time, and all others wait.

use std::{
    fs::{File, TryLockError},
    thread,
    time::Duration,
};

use crate::journal::{
    fault::Fault,
    sqlite::{place::Place, private},
};

const PAUSE: Duration = Duration::from_millis(10);

/// The lock, released on drop.
#[derive(Debug)]
pub(super) struct Guard {
    _file: File,
}

impl Guard {
    /// Waits as long as for any record. Returns none on systems without locks.
    pub(super) fn hold(place: &Place) -> Result<Option<Self>, Fault> {
        let file = private::open_or_make(&place.beside("-guard")).map_err(Fault::NotMade)?;
        let mut left = place.patience;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Some(Self { _file: file })),
                Err(TryLockError::Error(error)) => {
                    tracing::warn!(%error, "no lock guards the journal while it is made");
                    return Ok(None);
                }
                Err(TryLockError::WouldBlock) if left.is_zero() => return Err(Fault::Guarded),
                Err(TryLockError::WouldBlock) => {
                    thread::sleep(PAUSE);
                    left = left.saturating_sub(PAUSE);
                }
            }
        }
    }
}
