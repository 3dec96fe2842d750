//! Intervals between looks. Pure: durations in, durations out; no clock, no jitter, so that tests can name every
//! instant.

use std::time::Duration;

use crate::engine::failure::{Class, Failure};

/// Polling intervals. All are settings; these are the defaults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PollIntervals {
    /// Interval of looks at a cancellation in its first half minute.
    pub early: Duration,
    /// The same up to five minutes.
    pub later: Duration,
    /// The same from then on.
    pub late: Duration,
    /// Time in which a request without a meaningful answer may still take effect before it is called unknown.
    pub uncertain: Duration,
    /// Interval of the list of offers.
    pub offers: Duration,
    /// Interval of the operation of a visible row.
    pub visible: Duration,
    /// Interval of the operation of any other row.
    pub hidden: Duration,
    /// First wait after a failure; doubles up to `longest_wait`.
    pub first_wait: Duration,
    /// Longest wait after failures.
    pub longest_wait: Duration,
}

impl Default for PollIntervals {
    fn default() -> Self {
        Self::USUAL
    }
}

/// Maximum `Retry-After` that is obeyed.
pub const LONGEST_RETRY_AFTER: Duration = Duration::from_mins(10);

impl PollIntervals {
    /// Defaults that are fair to any service.
    pub const USUAL: Self = Self {
        early: Duration::from_secs(2),
        later: Duration::from_secs(5),
        late: Duration::from_secs(15),
        uncertain: Duration::from_mins(1),
        offers: Duration::from_mins(1),
        visible: Duration::from_secs(15),
        hidden: Duration::from_mins(1),
        first_wait: Duration::from_secs(2),
        longest_wait: Duration::from_mins(1),
    };

    /// Returns the wait before the next look at a cancellation that was sent `age` ago.
    #[must_use]
    pub fn following(&self, age: Duration) -> Duration {
        if age < Duration::from_secs(30) {
            self.early
        } else if age < Duration::from_mins(5) {
            self.later
        } else {
            self.late
        }
    }

    /// Returns the wait after the `failures`-th failure in a row.
    #[must_use]
    pub fn backoff(&self, failures: u32) -> Duration {
        let doublings = failures.saturating_sub(1).min(16);
        self.first_wait
            .saturating_mul(1 << doublings)
            .min(self.longest_wait)
    }
}

/// Backoff of one repeated question; failures of one do not slow another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// Returns the wait after an answer: the regular one, or longer if the service requests it.
    pub fn answered(&mut self, regular: Duration, retry_after: Option<Duration>) -> Duration {
        self.failures = 0;
        at_least(regular, retry_after)
    }

    /// Returns the wait after a failure, never shorter than the regular one.
    pub fn failed(
        &mut self,
        poll_intervals: &PollIntervals,
        regular: Duration,
        failure: &Failure,
    ) -> Duration {
        at_least(self.waited(poll_intervals).max(regular), failure.retry_after)
    }

    /// Returns the wait after a failure of a question without a regular interval.
    pub fn waited(&mut self, poll_intervals: &PollIntervals) -> Duration {
        self.failures = self.failures.saturating_add(1);
        poll_intervals.backoff(self.failures)
    }

    /// Returns the number of failures in a row.
    #[must_use]
    pub fn failures(&self) -> u32 {
        self.failures
    }
}

fn at_least(wait: Duration, retry_after: Option<Duration>) -> Duration {
    wait.max(retry_after.unwrap_or_default().min(LONGEST_RETRY_AFTER))
}

/// Returns the cooldown for all requests after `failure`, if it requests one.
#[must_use]
pub fn cooldown_after(failure: &Failure) -> Option<Duration> {
    let asks = failure.class == Class::Throttled || failure.status == Some(503);
    failure
        .retry_after
        .filter(|_| asks)
        .map(|wait| wait.min(LONGEST_RETRY_AFTER))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(status: u16, retry_after: Option<u64>) -> Failure {
        Failure {
            class: if status == 429 {
                Class::Throttled
            } else {
                Class::Transient
            },
            request: "GET".into(),
            what: "down".into(),
            advice: "".into(),
            status: Some(status),
            correlation_id: None,
            retry_after: retry_after.map(Duration::from_secs),
        }
    }

    #[test]
    fn intervals_grow_with_age() {
        let poll_intervals = PollIntervals::default();
        let waits = [0, 29, 30, 299, 300, 9000]
            .map(|age| poll_intervals.following(Duration::from_secs(age)).as_secs());
        assert_eq!(waits, [2, 2, 5, 5, 15, 15]);
    }

    #[test]
    fn failures_back_off_until_an_answer() {
        let poll_intervals = PollIntervals::default();
        let mut backoff = Backoff::default();
        let waits: Vec<u64> = (0..8)
            .map(|_| {
                backoff
                    .failed(&poll_intervals, poll_intervals.early, &failure(500, None))
                    .as_secs()
            })
            .collect();
        assert_eq!(waits, [2, 4, 8, 16, 32, 60, 60, 60]);
        assert_eq!(backoff.answered(poll_intervals.early, None).as_secs(), 2);
        assert_eq!(
            backoff
                .failed(&poll_intervals, poll_intervals.late, &failure(500, None))
                .as_secs(),
            15,
            "never faster than regular"
        );
    }

    #[test]
    fn retry_after_is_a_floor_up_to_ten_minutes() {
        let poll_intervals = PollIntervals::default();
        let mut backoff = Backoff::default();
        assert_eq!(
            backoff
                .failed(&poll_intervals, poll_intervals.early, &failure(429, Some(30)))
                .as_secs(),
            30
        );
        assert_eq!(
            backoff
                .answered(poll_intervals.early, Some(Duration::from_secs(9)))
                .as_secs(),
            9
        );
        assert_eq!(
            backoff
                .answered(poll_intervals.early, Some(Duration::from_hours(24)))
                .as_secs(),
            600
        );
    }

    #[test]
    fn only_throttling_starts_a_cooldown() {
        for (status, retry_after, rest) in [
            (429, Some(7), Some(7)),
            (503, Some(7), Some(7)),
            (500, Some(7), None),
            (429, None, None),
        ] {
            assert_eq!(
                cooldown_after(&failure(status, retry_after)).map(|wait| wait.as_secs()),
                rest
            );
        }
    }
}
