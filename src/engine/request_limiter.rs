//! How many requests may be under way at once, and until when all must rest.
//!
//! Shared by everything that asks. Followers and cancels have permits of their own, so that neither the catalogue nor a
//! hundred cancellations keep the others waiting. All rest together.

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

/// The most requests of the catalogue at once.
pub(super) const WIDEST: usize = 16;

/// The most reads of followers at once.
const FOLLOWERS: usize = 8;

/// How long a follower's question keeps its permit.
const LEASE: Duration = Duration::from_secs(5);

/// How long a follower waits for a permit while the questions of others hang.
const PATIENCE: Duration = Duration::from_secs(2);

/// The most cancels at once from their look to their answer.
const CANCELS: usize = 16;

/// The most of those that have looked and whose request is not on its way. What they record goes to disk one record
/// after the other: more of them would wait there until their looks are old.
const RECORDING: usize = 3;

/// How many good answers win back one permit.
const ANSWERS_PER_LANE: usize = 10;

/// What the service's answers allow right now.
pub(super) struct RequestLimiter {
    state: Mutex<State>,
    followers: Semaphore,
    /// Held once more by each question that has given its permit back.
    hanging: Arc<()>,
    cancels: Arc<Semaphore>,
    recording: Arc<Semaphore>,
}

/// The turn of one cancel, given back when this is dropped.
pub(super) struct Permit {
    _lane: Option<OwnedSemaphorePermit>,
    recording: Option<OwnedSemaphorePermit>,
}

impl Permit {
    /// The request is about to go: the next may look.
    pub(super) fn goes(&mut self) {
        self.recording = None;
    }
}

struct State {
    width: usize,
    answers: usize,
    rest_until: Option<Instant>,
}

impl RequestLimiter {
    pub(super) fn new() -> Self {
        let state = State {
            width: WIDEST,
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

    /// How many requests of the catalogue may be under way at once.
    pub(super) fn width(&self) -> usize {
        self.state().width
    }

    /// How long everybody must still rest.
    pub(super) fn rest(&self) -> Option<Duration> {
        let until = self.state().rest_until?;
        until
            .checked_duration_since(Instant::now())
            .filter(|rest| !rest.is_zero())
    }

    /// Asks as soon as a follower may: when a permit is free and any rest is over. When the question began, and its answer.
    ///
    /// An answer that takes long is waited for by its own limit, without the permit.
    pub(super) async fn ask<T>(&self, question: impl Future<Output = T>) -> (Instant, T) {
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

    /// Waits for a permit, and for the end of any rest. While a question hangs nobody waits long for a permit, which others
    /// that will hang may have taken.
    async fn follow(&self) -> Option<SemaphorePermit<'_>> {
        let mut lane = pin!(self.followers.acquire());
        let lane = loop {
            match timeout(PATIENCE, lane.as_mut()).await {
                // Never closed; a permit that cannot be had would hold nobody up.
                Ok(lane) => break lane.ok(),
                Err(_) if Arc::strong_count(&self.hanging) > 1 => break None,
                Err(_) => {}
            }
        };
        while let Some(rest) = self.rest() {
            tokio::time::sleep(rest).await;
        }
        lane
    }

    /// Waits until one more cancel may look and be sent.
    pub(super) async fn cancel(&self) -> Permit {
        // Never closed; what cannot be had would hold nobody up.
        Permit {
            _lane: self.cancels.clone().acquire_owned().await.ok(),
            recording: None,
        }
    }

    /// Waits until what a cancel has seen may be recorded. Only then: a look that is slow to come back must not keep the
    /// others from theirs.
    pub(super) async fn record(&self, permit: &mut Permit) {
        permit.recording = self.recording.clone().acquire_owned().await.ok();
    }

    /// The rest is over, whatever was asked for: the clocks have parted, and nobody knows how long it was.
    pub(super) fn end_rest(&self) {
        self.state().rest_until = None;
    }

    /// A request was answered well.
    pub(super) fn answered(&self) {
        let mut state = self.state();
        state.answers += 1;
        if state.answers >= ANSWERS_PER_LANE {
            state.answers = 0;
            state.width = (state.width + 1).min(WIDEST);
        }
    }

    /// A request failed; 429 and 503 halve the permits, and a `Retry-After` on them rests everybody.
    pub(super) fn failed(&self, failure: &Failure) {
        let mut state = self.state();
        if matches!(failure.status, Some(429 | 503)) {
            state.answers = 0;
            state.width = (state.width / 2).max(1);
        }
        if let Some(rest) = schedule::rest_for_all(failure) {
            let until = Instant::now() + rest;
            state.rest_until = Some(state.rest_until.map_or(until, |earlier| earlier.max(until)));
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Plain numbers: whoever panicked while holding them left them whole.
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
    async fn throttling_halves_the_lanes_and_answers_win_them_back_slowly() {
        let limiter = RequestLimiter::new();
        for width in [8, 4, 2, 1, 1] {
            limiter.failed(&throttled(None));
            assert_eq!(limiter.width(), width);
        }
        for _ in 0..ANSWERS_PER_LANE {
            limiter.answered();
        }
        assert_eq!(limiter.width(), 2);
        for _ in 0..1000 {
            limiter.answered();
        }
        assert_eq!(limiter.width(), WIDEST);
    }

    #[tokio::test(start_paused = true)]
    async fn everybody_rests_until_the_latest_moment_asked_for() {
        let limiter = RequestLimiter::new();
        assert_eq!(limiter.rest(), None);
        limiter.failed(&throttled(Some(30)));
        limiter.failed(&throttled(Some(10)));
        tokio::time::advance(Duration::from_secs(29)).await;
        assert_eq!(limiter.rest(), Some(Duration::from_secs(1)));
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(limiter.rest(), None);
    }
}
