//! Comparison of the wall clock and the monotonic clock. Only one of them stands still while a machine sleeps.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use crate::domain::time;

/// Divergence of the clocks beyond which the wall clock was set, or the machine slept.
const JUMP: Duration = Duration::from_secs(30);

/// Tolerance for small corrections of the wall clock; set back by more, it cannot measure an age.
const SET_BACK: Duration = Duration::from_secs(2);

/// Detects divergence of the clocks.
pub(super) struct Clocks {
    wall: Timestamp,
    mono: Instant,
}

impl Clocks {
    pub(super) fn new(wall: Timestamp, mono: Instant) -> Self {
        Self { wall, mono }
    }

    /// Returns true if the clocks have diverged since the last call.
    pub(super) fn have_parted(&mut self, wall: Timestamp, mono: Instant) -> bool {
        let last = std::mem::replace(self, Self { wall, mono });
        let (forth, back) = (time::since(last.wall, wall), time::since(wall, last.wall));
        let passed = mono.duration_since(last.mono);
        back > JUMP || forth.abs_diff(passed) > JUMP
    }
}

/// A point in time on both clocks, to limit an age by either.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    wall: Timestamp,
    mono: Instant,
}

impl Moment {
    pub(super) fn new(wall: Timestamp, mono: Instant) -> Self {
        Self { wall, mono }
    }

    /// Returns the instant on the monotonic clock.
    pub(super) fn mono(self) -> Instant {
        self.mono
    }

    /// Returns true if it is at most `age` ago on both clocks, and the wall clock was not set back since.
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
    async fn sleep_and_clock_change_are_detected_once() {
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
    async fn age_counts_by_the_faster_clock() {
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
