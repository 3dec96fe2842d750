//! The wall clock of the system.

use std::time::SystemTime;

use jiff::Timestamp;

use crate::engine::ports::Clock;

/// Clock that reads the system time.
#[derive(Clone, Copy, Debug)]
pub(super) struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the clock that others are given is read"
    )]
    fn now(&self) -> Timestamp {
        timestamp(SystemTime::now())
    }
}

/// Clamps times beyond the supported range: a wrong clock does not end the program.
fn timestamp(time: SystemTime) -> Timestamp {
    let is_past = time < SystemTime::UNIX_EPOCH;
    let nearest = if is_past { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::try_from(time).unwrap_or(nearest)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn wrong_clock_still_yields_a_time() {
        let far = Duration::from_secs(400_000_000_000);
        for (time, expected) in [
            (SystemTime::UNIX_EPOCH, Timestamp::UNIX_EPOCH),
            (SystemTime::UNIX_EPOCH + far, Timestamp::MAX),
            (SystemTime::UNIX_EPOCH - far, Timestamp::MIN),
        ] {
            assert_eq!(timestamp(time), expected);
        }
    }
}
