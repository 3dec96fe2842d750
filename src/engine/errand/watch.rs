//! What following has come to: what is due when, and what was read last.

use tokio::time::Instant;

use crate::{
    domain::location::Way,
    engine::{clocks::Clocks, decide::Reading, failure::Failure, schedule::Beat},
};

/// What following has come to; target and location are asked each at its own pace.
pub(super) struct Watch {
    pub(super) target_due: Instant,
    pub(super) target_beat: Beat,
    /// The location, where it is worth calling: it can be called and is not the target itself.
    pub(super) way: Option<Way>,
    pub(super) location_due: Instant,
    pub(super) location_beat: Beat,
    /// Since when the operation that stands for the cancel is known to have failed.
    pub(super) cancel_failed_at: Option<Instant>,
    pub(super) last: Option<Reading>,
    pub(super) why_unread: Option<Failure>,
    pub(super) clocks: Clocks,
}

impl Watch {
    pub(super) fn target_is_next(&self) -> bool {
        self.way.is_none() || self.target_due <= self.location_due
    }

    pub(super) fn next_due(&self) -> Instant {
        if self.target_is_next() {
            self.target_due
        } else {
            self.location_due
        }
    }

    pub(super) fn all_due(&mut self, now: Instant) {
        self.target_due = now;
        self.location_due = now;
    }
}
