//! Limits on concurrent requests, and the cooldown for all.
//!
//! Shared by all requests. Followers and cancels have permits of their own, so that neither the catalogue nor a hundred
//! cancellations block the others. The cooldown applies to all.
//! hundred cancellations keep the others waiting. All cooldown together.

use std::{
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit},
    time::{Instant, timeout},
};

use crate::engine::{failure::Failure, schedule};

/// Maximum concurrent requests of the catalogue.
pub(super) const WIDEST: usize = 16;

/// Maximum concurrent reads of followers.
const FOLLOWERS: usize = 8;

/// Time for which a follower's question keeps its permit.
const LEASE: Duration = Duration::from_secs(5);

/// Longest wait of a follower for a permit while the questions of others hang.
const PATIENCE: Duration = Duration::from_secs(2);

/// Maximum concurrent cancels from their look to their answer.
const CANCELS: usize = 16;

/// Maximum of those that have looked and not sent yet. Their records go to disk one by one: more of them would wait
/// there until their looks are stale.
const RECORDING: usize = 3;

/// Number of successful answers that regain one permit.
const ANSWERS_PER_LANE: usize = 10;

/// Limits that follow from the service's answers.
pub(super) struct RequestLimiter {
    state: Mutex<State>,
    followers: Semaphore,
    /// Held once more by each question that has released its permit.
    hanging: Arc<()>,
    cancels: Arc<Semaphore>,
    recording: Arc<Semaphore>,
}

/// Permit of one cancel, released on drop.
pub(super) struct Permit {
    _lane: Option<OwnedSemaphorePermit>,
    recording: Option<OwnedSemaphorePermit>,
}

impl Permit {
    /// Marks the request as about to be sent, so that the next one may record.
    pub(super) fn goes(&mut self) {
        self.recording = None;
    }
}

struct State {
    concurrency: usize,
    answers: usize,
    rest_until: Option<Instant>,
}

impl RequestLimiter {
    pub(super) fn new() -> Self {
        let state = State {
            concurrency: WIDEST,
            answers: 0,
            rest_until: None,
        };
        Self {
            state: Mutex::new(state),
            followers: Semaphore::new(FOLLOWERS),
            hanging: Arc::default(),
            cancels: Arc::new(Semaphore::new(CANCELS)),
            recording: Arc::new(Semaphore::new(RECORDING)),
        }
    }

    /// Returns the concurrency allowed for the catalogue.
    pub(super) fn concurrency(&self) -> usize {
        self.state().concurrency
    }

    /// Returns the remaining cooldown.
    pub(super) fn cooldown(&self) -> Option<Duration> {
        let until = self.state().rest_until?;
        until
            .checked_duration_since(Instant::now())
            .filter(|cooldown| !cooldown.is_zero())
    }

    /// Runs a follower's question once a permit is free and no cooldown applies. Returns its start and its answer.
    ///
    /// A slow answer is limited by its own timeout, without the permit.
    pub(super) async fn run<T>(&self, question: impl Future<Output = T>) -> (Instant, T) {
        let lane = self.follow().await;
        let began = Instant::now();
        let mut question = pin!(question);
        if let Ok(answer) = timeout(LEASE, question.as_mut()).await {
            return (began, answer);
        }
        drop(lane);
        let _hangs = Arc::clone(&self.hanging);
        (began, question.await)
    }

    /// Waits for a permit, and for the end of the cooldown. While a question hangs, the wait is short, since those
    /// holding the permits may hang too.
    async fn follow(&self) -> Option<SemaphorePermit<'_>> {
        let mut lane = pin!(self.followers.acquire());
        let lane = loop {
            match timeout(PATIENCE, lane.as_mut()).await {
                // The semaphore is never closed; a missing permit would block nothing.
                Ok(lane) => break lane.ok(),
                Err(_) if Arc::strong_count(&self.hanging) > 1 => break None,
                Err(_) => {}
            }
        };
        while let Some(cooldown) = self.cooldown() {
            tokio::time::sleep(cooldown).await;
        }
        lane
    }

    /// Waits until one more cancel may look and be sent.
    pub(super) async fn cancel(&self) -> Permit {
        // The semaphore is never closed; a missing permit would block nothing.
        Permit {
            _lane: self.cancels.clone().acquire_owned().await.ok(),
            recording: None,
        }
    }

    /// Waits until a cancel may record its look. It comes after the look, so that a slow look does not block others.
    pub(super) async fn record(&self, permit: &mut Permit) {
        permit.recording = self.recording.clone().acquire_owned().await.ok();
    }

    /// Ends the cooldown, because the clocks have diverged and its age is unknown.
    pub(super) fn end_cooldown(&self) {
        self.state().rest_until = None;
    }

    /// Records a successful answer.
    pub(super) fn answered(&self) {
        let mut state = self.state();
        state.answers += 1;
        if state.answers >= ANSWERS_PER_LANE {
            state.answers = 0;
            state.concurrency = (state.concurrency + 1).min(WIDEST);
        }
    }

    /// Records a failure; 429 and 503 halve the concurrency, and their `Retry-After` starts a cooldown for all.
    pub(super) fn failed(&self, failure: &Failure) {
        let mut state = self.state();
        if matches!(failure.status, Some(429 | 503)) {
            state.answers = 0;
            state.concurrency = (state.concurrency / 2).max(1);
        }
        if let Some(cooldown) = schedule::cooldown_after(failure) {
            let until = Instant::now() + cooldown;
            state.rest_until = Some(state.rest_until.map_or(until, |earlier| earlier.max(until)));
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Plain numbers: a panic under the lock cannot leave them inconsistent.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::failure::Class;

    fn throttled(retry_after: Option<u64>) -> Failure {
        Failure {
            class: Class::Throttled,
            request: "GET".into(),
            what: "429".into(),
            advice: "".into(),
            status: Some(429),
            correlation_id: None,
            retry_after: retry_after.map(Duration::from_secs),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn throttling_halves_concurrency_and_answers_regain_it_slowly() {
        let limiter = RequestLimiter::new();
        for concurrency in [8, 4, 2, 1, 1] {
            limiter.failed(&throttled(None));
            assert_eq!(limiter.concurrency(), concurrency);
        }
        for _ in 0..ANSWERS_PER_LANE {
            limiter.answered();
        }
        assert_eq!(limiter.concurrency(), 2);
        for _ in 0..1000 {
            limiter.answered();
        }
        assert_eq!(limiter.concurrency(), WIDEST);
    }

    #[tokio::test(start_paused = true)]
    async fn cooldown_lasts_until_the_latest_requested_moment() {
        let limiter = RequestLimiter::new();
        assert_eq!(limiter.cooldown(), None);
        limiter.failed(&throttled(Some(30)));
        limiter.failed(&throttled(Some(10)));
        tokio::time::advance(Duration::from_secs(29)).await;
        assert_eq!(limiter.cooldown(), Some(Duration::from_secs(1)));
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(limiter.cooldown(), None);
    }
}
