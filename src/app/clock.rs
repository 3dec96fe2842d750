//! The wall clock of the system.

use jiff::Timestamp;

use crate::engine::ports::Clock;

/// What the system says that the time is.
#[derive(Clone, Copy, Debug)]
pub(super) struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the clock that others are given is read"
    )]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}
