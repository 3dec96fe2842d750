//! Whether a process stood still: frozen, suspended, or on a host that did. No signal tells of it, late wake-ups do.
//!
//! Whoever waits for a person's answer looks at the clocks every [`BEAT`]; the clocks themselves are not in here.

use std::time::Duration;

use jiff::Timestamp;

use crate::domain::time::since;

/// How long nobody looks at the most, while an answer is waited for.
pub const BEAT: Duration = Duration::from_millis(100);
/// So late is a wake-up on a host that is merely busy.
const LATE: Duration = Duration::from_millis(100);

/// Compares each look at the clocks with the one before.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stalls {
    last: Option<(Duration, Timestamp)>,
}

impl Stalls {
    /// Looks at a clock that only goes on and at that of the wall; says whether this look came later than a busy host
    /// explains. One of the clocks may stand still with the process.
    #[must_use]
    pub fn look(&mut self, mono: Duration, wall: Timestamp) -> bool {
        let last = self.last.replace((mono, wall));
        last.is_some_and(|(then, at)| {
            let gone = mono.saturating_sub(then).max(since(at, wall));
            gone > BEAT + LATE
        })
    }

    /// When to look again at the latest, on the clock that only goes on; none where nobody looks.
    #[must_use]
    pub fn next(&self) -> Option<Duration> {
        self.last.map(|(then, _)| then + BEAT)
    }

    /// Nobody looks until further notice: what passes meanwhile is no stall.
    pub fn rest(&mut self) {
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

    /// Looks whenever it is due, so many milliseconds late.
    fn looks(late: impl IntoIterator<Item = u64>) -> Vec<bool> {
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
    fn a_busy_host_is_no_stall_and_a_frozen_process_is_one() {
        let late = (0..1000).map(|turn| 50 + turn % 41);
        assert!(looks(late).iter().all(|is_stall| !is_stall));
        assert_eq!(
            looks([0, 100, 101, 0, 5000, 99]),
            [false, false, true, false, true, false]
        );
    }

    #[test]
    fn either_clock_tells() {
        let hour = SignedDuration::from_hours(1);
        let wall = Timestamp::UNIX_EPOCH + hour;
        for (mono, wall, is_stall) in [
            (ms(5000), wall, true),
            // The other clock stood still while the machine slept.
            (ms(100), wall + hour, true),
            (ms(100), wall, false),
            // One was set back.
            (ms(100), wall - hour, false),
        ] {
            let mut stalls = Stalls::default();
            assert!(!stalls.look(ms(0), Timestamp::UNIX_EPOCH + hour));
            assert_eq!(stalls.look(mono, wall), is_stall, "{mono:?} {wall}");
        }
    }

    #[test]
    fn what_passes_while_nobody_looks_is_no_stall() {
        let mut stalls = Stalls::default();
        assert_eq!(stalls.next(), None);
        assert!(!stalls.look(ms(0), Timestamp::UNIX_EPOCH));
        assert_eq!(stalls.next(), Some(BEAT));
        stalls.rest();
        assert_eq!(stalls.next(), None);
        assert!(!stalls.look(ms(9000), Timestamp::UNIX_EPOCH));
    }
}
