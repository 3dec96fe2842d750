//! Detection of dead claims under which nothing was sent, so that no session waits for them.
//!
//! A request goes out only on a confirmation of the last minute, so a claim twice as old sends nothing. Giving one up
//! uses the journal's own compare-and-set: a holder that was only slow then finds that it may not send.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use crate::{
    domain::{
        cancellation::Cancellation,
        time,
        verdict::{Ending, Verdict},
    },
    engine::ports::Life,
};

/// Time that a claim may stand without anything being sent.
const HOLDS: Duration = Duration::from_mins(2);

/// Returns true if `claim` is dead at first sight, judged by the wall clock alone.
pub(super) fn is_dead_at_first_sight(claim: &Cancellation, life: Life, now: Timestamp) -> bool {
    match life {
        Life::Gone => true,
        Life::Lives => false,
        Life::Unknown => time::since(claim.claimed_at, now) > HOLDS,
    }
}

/// Watches a claim while its holder does nothing. Only the monotonic clock counts: the holder's wall clock may be
/// another machine's.
pub(super) struct AbandonmentWatch {
    newest: u64,
    since: Instant,
}

impl AbandonmentWatch {
    pub(super) fn begin(claim: &Cancellation, now: Instant) -> Self {
        Self {
            newest: claim.newest(),
            since: now,
        }
    }

    /// Returns true if nothing was recorded under `claim` for so long that nothing can be.
    pub(super) fn is_over(&mut self, claim: &Cancellation, now: Instant) -> bool {
        if claim.newest() != self.newest {
            *self = Self::begin(claim, now);
        }
        now.duration_since(self.since) >= HOLDS
    }
}

/// Returns the ending of a claim whose session is gone.
pub(super) fn ended() -> Ending {
    abandoned("the session that had claimed it has ended")
}

/// Returns the ending of a claim that has stood for too long.
pub(super) fn stale() -> Ending {
    abandoned("the session that had claimed it sent nothing for two minutes, and its claim was given up")
}

fn abandoned(why: &str) -> Ending {
    Ending {
        abandoned: true,
        ..Ending::new(Verdict::NotSent)
    }
    .because(why)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        cancellation::tests::{owner, request},
        fact::{Claim, Fact, PreflightResult, Recorded},
    };

    const SECOND: Duration = Duration::from_secs(1);

    fn claim() -> Cancellation {
        let claim = Claim {
            request: request(),
            by: owner(),
        };
        Cancellation::claimed("a1".into(), claim, 1, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn first_sight_uses_the_wall_clock_only_if_life_is_unknown() {
        let now = Timestamp::UNIX_EPOCH + HOLDS;
        for (life, in_time, late) in [
            (Life::Gone, true, true),
            (Life::Lives, false, false),
            (Life::Unknown, false, true),
        ] {
            assert_eq!(is_dead_at_first_sight(&claim(), life, now), in_time, "{life:?}");
            assert_eq!(
                is_dead_at_first_sight(&claim(), life, now + SECOND),
                late,
                "{life:?}"
            );
        }
        let set_back = Timestamp::UNIX_EPOCH - 3600 * SECOND;
        assert!(!is_dead_at_first_sight(&claim(), Life::Unknown, set_back));
    }

    #[tokio::test(start_paused = true)]
    async fn vigil_restarts_with_each_fact() {
        let (mut claim, began) = (claim(), Instant::now());
        let mut vigil = AbandonmentWatch::begin(&claim, began);
        assert!(!vigil.is_over(&claim, began + HOLDS - SECOND));
        claim.apply(Recorded {
            number: 2,
            at: Timestamp::UNIX_EPOCH,
            fact: Fact::Looked(PreflightResult::default()),
        });
        assert!(!vigil.is_over(&claim, began + HOLDS));
        assert!(!vigil.is_over(&claim, began + 2 * HOLDS - SECOND));
        assert!(vigil.is_over(&claim, began + 2 * HOLDS));
    }
}
