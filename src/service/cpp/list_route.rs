//! What is known of the list of operations, a route that some services no longer have.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// How long a route that is gone is left alone before it is asked once more.
const REST: Duration = Duration::from_mins(5);

/// Whether a route is there, as far as its answers told.
#[derive(Debug, Default)]
pub(super) struct ListRoute(Mutex<State>);

#[derive(Clone, Copy, Debug, Default)]
enum State {
    #[default]
    Unknown,
    /// It answered once: what is missing now is missing for one offer, not for all.
    There,
    /// It never answered, and was not there when last asked.
    GoneSince(Instant),
}

impl ListRoute {
    /// Whether to ask it now. Of many that find it rested, one asks.
    pub(super) fn is_worth_asking(&self) -> bool {
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

    /// It answered.
    pub(super) fn answered(&self) {
        *self.state() = State::There;
    }

    /// It was not there, for an offer that is.
    pub(super) fn was_missing(&self) {
        let mut state = self.state();
        if !matches!(*state, State::There) {
            *state = State::GoneSince(Instant::now());
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A state is replaced as a whole, so it is good even where a holder of the lock panicked.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_missing_route_rests_and_is_then_asked_once() {
        let route = ListRoute::default();
        assert!(route.is_worth_asking());
        route.was_missing();
        assert!(!route.is_worth_asking());
        tokio::time::advance(REST).await;
        assert!(route.is_worth_asking());
        assert!(!route.is_worth_asking(), "one asks for all");
        route.answered();
        route.was_missing();
        assert!(route.is_worth_asking(), "missing for one offer alone");
    }
}
