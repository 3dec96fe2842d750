//! What asks a second time to leave, and what only says again what was heard already.

use std::time::Duration;

use tokio::time::Instant;

use crate::domain::verdict::Exit;

/// One event reaches a process by several signals: a terminal that is lost hangs up by itself and by the shell in it, and
/// whoever ends services sends `TERM` and `HUP`.
const ONE_EVENT: Duration = Duration::from_secs(2);

/// The way out, from when it was first asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Departure(Instant);

impl Departure {
    /// It begins now.
    pub(super) fn begin() -> Self {
        Self(Instant::now())
    }

    /// Whether what is heard now asks a second time, so that nothing is waited for any more. A terminal that is gone is
    /// gone once, however often it is said.
    pub(super) fn is_second(self, heard: Exit) -> bool {
        match heard {
            Exit::HangUp => false,
            Exit::Terminated => self.0.elapsed() > ONE_EVENT,
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_lost_session_asks_once_and_a_person_twice() {
        let departure = Departure::begin();
        let asks =
            || [Exit::HangUp, Exit::Terminated, Exit::Interrupted].map(|exit| departure.is_second(exit));
        assert_eq!(asks(), [false, false, true]);
        advance(ONE_EVENT).await;
        assert_eq!(asks(), [false, false, true]);
        advance(Duration::from_millis(1)).await;
        assert_eq!(asks(), [false, true, true]);
    }
}
