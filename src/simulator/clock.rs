//! The world's clock: real time, at the world's speed, and jumps.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// The age of a world.
#[derive(Debug)]
pub(crate) struct WorldClock {
    started: Instant,
    speed: f64,
    jumped: Mutex<Duration>,
}

/// The greatest age; every moment stays far from any overflow.
const OLDEST: Duration = Duration::from_hours(24 * 366 * 100);

impl WorldClock {
    /// A clock that starts now, at a finite speed above zero.
    pub(crate) fn new(speed: f64) -> Self {
        Self {
            started: Instant::now(),
            speed,
            jumped: Mutex::new(Duration::ZERO),
        }
    }

    /// The world's age.
    pub(crate) fn now(&self) -> Duration {
        let run = Duration::try_from_secs_f64(self.started.elapsed().as_secs_f64() * self.speed);
        let jumped = *self.jumped.lock().unwrap_or_else(PoisonError::into_inner);
        run.unwrap_or(OLDEST).saturating_add(jumped).min(OLDEST)
    }

    /// Makes the world older at once.
    pub(crate) fn jump(&self, by: Duration) {
        let mut jumped = self.jumped.lock().unwrap_or_else(PoisonError::into_inner);
        *jumped = jumped.saturating_add(by);
    }
}
