//! Chance that can be replayed.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

#[derive(Clone)]
pub(crate) struct Dice(Arc<Mutex<fastrand::Rng>>);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(fastrand::Rng::with_seed(seed))))
    }

    /// Whether something happens that does so in `percent` of cases.
    pub(crate) fn chance(&self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// The same in `n` of ten thousand cases.
    pub(crate) fn rarely(&self, n: u64) -> bool {
        self.below(10_000) < n
    }

    pub(crate) fn below(&self, end: u64) -> u64 {
        self.0.lock().unwrap().u64(0..end)
    }

    pub(crate) fn pick<T: Copy>(&self, from: &[T]) -> T {
        let count = u64::try_from(from.len()).unwrap();
        from[usize::try_from(self.below(count)).unwrap()]
    }

    pub(crate) fn millis(&self, end: u64) -> Duration {
        Duration::from_millis(self.below(end))
    }

    pub(crate) fn seconds(&self, end: u64) -> Duration {
        Duration::from_millis(self.below(end * 1_000))
    }
}
