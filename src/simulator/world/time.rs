//! Moments of the world, and their wall times.

use jiff::{SignedDuration, Timestamp};

/// A span since the world's start; negative before it.
pub(crate) type Moment = SignedDuration;

/// The moment at which the world is, and the wall time of each moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WorldTime {
    epoch: Timestamp,
    pub(crate) now: Moment,
}

impl WorldTime {
    /// The start of a world.
    pub(crate) fn starting(epoch: Timestamp) -> Self {
        let now = Moment::ZERO;
        Self { epoch, now }
    }

    /// The wall time of a moment, as near as a timestamp can come.
    pub(crate) fn wall(self, at: Moment) -> Timestamp {
        self.epoch.checked_add(at).unwrap_or(if at.is_negative() {
            Timestamp::MIN
        } else {
            Timestamp::MAX
        })
    }
}
