//! The two clocks held against each other. A machine that sleeps stops the one and not the other.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use crate::domain::time;

/// A wall clock that goes this much more, or less, than the monotonic one was set, or the machine slept.
const JUMP: Duration = Duration::from_secs(30);

/// A wall clock is set a little all the time; more than this backwards, and an age by it means nothing.
const SET_BACK: Duration = Duration::from_secs(2);

/// Notices when the clocks part.
pub(super) struct Clocks {
    wall: Timestamp,
    mono: Instant,
}

impl Clocks {
    pub(super) fn new(wall: Timestamp, mono: Instant) -> Self {
        Self { wall, mono }
    }

    /// Whether the clocks have parted since they were last held against each other.
    pub(super) fn have_parted(&mut self, wall: Timestamp, mono: Instant) -> bool {
        let last = std::mem::replace(self, Self { wall, mono });
        let (forth, back) = (time::since(last.wall, wall), time::since(wall, last.wall));
        let passed = mono.duration_since(last.mono);
        back > JUMP || forth.abs_diff(passed) > JUMP
    }
}

/// A moment that something must not be older than, on either clock.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    wall: Timestamp,
    mono: Instant,
}

impl Moment {
    pub(super) fn new(wall: Timestamp, mono: Instant) -> Self {
        Self { wall, mono }
    }

    /// The moment on the monotonic clock.
    pub(super) fn mono(self) -> Instant {
        self.mono
    }

    /// Whether it is at most `age` ago by both clocks, and the wall clock was not set back since.
    pub(super) fn is_within(self, age: Duration, wall: Timestamp, mono: Instant) -> bool {
        mono.duration_since(self.mono) <= age
            && time::since(self.wall, wall) <= age
            && time::since(wall, self.wall) <= SET_BACK
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_sleep_and_a_setting_are_noticed_once() {
        let wall = Timestamp::UNIX_EPOCH;
        let mono = Instant::now();
        let minute = Duration::from_mins(1);
        let mut clocks = Clocks::new(wall, mono);
        assert!(!clocks.have_parted(wall + minute, mono + minute));
        assert!(clocks.have_parted(wall + 60 * minute, mono + minute), "it slept");
        assert!(!clocks.have_parted(wall + 61 * minute, mono + 2 * minute));
        assert!(clocks.have_parted(wall, mono + 2 * minute), "it was set back");
    }

    #[tokio::test(start_paused = true)]
    async fn an_age_counts_by_the_clock_that_went_further() {
        let (wall, mono) = (Timestamp::UNIX_EPOCH, Instant::now());
        let moment = Moment::new(wall, mono);
        let second = Duration::from_secs(1);
        let two = 2 * second;
        assert!(moment.is_within(two, wall + two, mono + two));
        assert!(
            !moment.is_within(two, wall + 3 * second, mono + second),
            "the machine slept"
        );
        assert!(!moment.is_within(two, wall + second, mono + 3 * second));
        assert!(
            !moment.is_within(two, wall - 3 * second, mono + second),
            "the clock was set back"
        );
    }
}
