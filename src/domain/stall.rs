//! Detection of a process that stood still: frozen, suspended, or on a host that was. No signal reports it; late
//! wake-ups do.
//!
//! Code that waits for a person's answer reads the clocks every [`BEAT`]; the clocks themselves are not in here.

use std::time::Duration;

use jiff::Timestamp;

use crate::domain::time::since;

/// Maximum time between two readings while waiting for an answer.
pub const BEAT: Duration = Duration::from_millis(100);
/// Delay that a busy host explains.
const LATE: Duration = Duration::from_millis(100);

/// Detector that compares each reading of the clocks with the one before.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stalls {
    last: Option<(Duration, Timestamp)>,
}

impl Stalls {
    /// Reads the monotonic and the wall clock; returns true if this reading came later than a busy host explains. One
    /// of the clocks may stand still with the process.
    #[must_use]
    pub fn look(&mut self, mono: Duration, wall: Timestamp) -> bool {
        let last = self.last.replace((mono, wall));
        last.is_some_and(|(then, at)| {
            let gone = mono.saturating_sub(then).max(since(at, wall));
            gone > BEAT + LATE
        })
    }

    /// Returns the time of the next reading at the latest, on the monotonic clock; none while paused.
    #[must_use]
    pub fn next(&self) -> Option<Duration> {
        self.last.map(|(then, _)| then + BEAT)
    }

    /// Pauses until the next reading: time in between is no stall.
    pub fn pause(&mut self) {
        self.last = None;
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    const fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    /// Reads whenever due, with these delays in milliseconds.
    fn readings(late: impl IntoIterator<Item = u64>) -> Vec<bool> {
        let (mut stalls, mut now, mut wall) = (Stalls::default(), ms(0), Timestamp::UNIX_EPOCH);
        assert!(!stalls.look(now, wall));
        let look = |late| {
            let passed = BEAT + ms(late);
            now += passed;
            wall += passed;
            stalls.look(now, wall)
        };
        late.into_iter().map(look).collect()
    }

    #[test]
    fn busy_host_is_no_stall_and_frozen_process_is() {
        let late = (0..1000).map(|turn| 50 + turn % 41);
        assert!(readings(late).iter().all(|is_stall| !is_stall));
        assert_eq!(
            readings([0, 100, 101, 0, 5000, 99]),
            [false, false, true, false, true, false]
        );
    }

    #[test]
    fn either_clock_detects_a_stall() {
        let hour = SignedDuration::from_hours(1);
        let wall = Timestamp::UNIX_EPOCH + hour;
        for (mono, wall, is_stall) in [
            (ms(5000), wall, true),
            // The other clock stood still while the machine slept.
            (ms(100), wall + hour, true),
            (ms(100), wall, false),
            // One clock was set back.
            (ms(100), wall - hour, false),
        ] {
            let mut stalls = Stalls::default();
            assert!(!stalls.look(ms(0), Timestamp::UNIX_EPOCH + hour));
            assert_eq!(stalls.look(mono, wall), is_stall, "{mono:?} {wall}");
        }
    }

    #[test]
    fn time_while_paused_is_no_stall() {
        let mut stalls = Stalls::default();
        assert_eq!(stalls.next(), None);
        assert!(!stalls.look(ms(0), Timestamp::UNIX_EPOCH));
        assert_eq!(stalls.next(), Some(BEAT));
        stalls.pause();
        assert_eq!(stalls.next(), None);
        assert!(!stalls.look(ms(9000), Timestamp::UNIX_EPOCH));
    }
}
