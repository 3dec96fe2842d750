//! State of the list route, which some services no longer have.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// Time before a missing route is tried again.
const REST: Duration = Duration::from_mins(5);

/// Availability of a route, as far as its answers show.
#[derive(Debug, Default)]
pub(super) struct ListRoute(Mutex<State>);

#[derive(Clone, Copy, Debug, Default)]
enum State {
    #[default]
    Unknown,
    /// It answered once: a missing list is now missing for one offer, not for all.
    There,
    /// It never answered, and was missing at the last request.
    GoneSince(Instant),
}

impl ListRoute {
    /// Returns true if it should be tried now. Of many concurrent callers after the pause, one tries.
    pub(super) fn should_try(&self) -> bool {
        let mut state = self.state();
        match *state {
            State::Unknown | State::There => true,
            State::GoneSince(when) if when.elapsed() < REST => false,
            State::GoneSince(_) => {
                *state = State::GoneSince(Instant::now());
                true
            }
        }
    }

    /// Records an answer.
    pub(super) fn answered(&self) {
        *self.state() = State::There;
    }

    /// Records that the route was missing for an existing offer.
    pub(super) fn was_missing(&self) {
        let mut state = self.state();
        if !matches!(*state, State::There) {
            *state = State::GoneSince(Instant::now());
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A state is replaced as a whole, so it is valid even if a holder of the lock panicked.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn missing_route_pauses_and_is_tried_once() {
        let route = ListRoute::default();
        assert!(route.should_try());
        route.was_missing();
        assert!(!route.should_try());
        tokio::time::advance(REST).await;
        assert!(route.should_try());
        assert!(!route.should_try(), "one request serves all");
        route.answered();
        route.was_missing();
        assert!(route.should_try(), "missing for one offer alone");
    }
}
