//! Distinction between a second request to exit and an echo of the first.

use std::time::Duration;

use tokio::time::Instant;

use crate::domain::verdict::Exit;

/// Time in which several signals count as one event: a lost terminal hangs up by itself and by its shell, and service
/// managers send `TERM` and `HUP`.
const ONE_EVENT: Duration = Duration::from_secs(2);

/// A pending exit, from its first request on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Departure(Instant);

impl Departure {
    /// Starts now.
    pub(super) fn begin() -> Self {
        Self(Instant::now())
    }

    /// Returns true if this signal is a second request, which ends all waiting. A lost terminal counts once, however
    /// often it is signaled.
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
    async fn lost_session_counts_once_and_a_person_twice() {
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
