//! Continuation after another session's claim came to nothing: with a claim of its own, if this run requested a cancel.

use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{Engine, lock};
use crate::{
    domain::{confirmation::Request, ids::CancellationId},
    engine::{cancel_task::CancelTask, clocks::Moment, start_error::StartError},
};

/// A cancel that this run requested.
#[derive(Clone)]
pub(super) struct Wish {
    pub(super) request: Request,
    /// Time of a person's confirmation, which holds for a minute; none if it was given in advance, and the minute
    /// begins with the claim.
    confirmed: Option<Moment>,
    /// Time to stop following.
    deadline: Instant,
}

/// A cancellation that this process works on.
pub(super) struct Work {
    /// Stops it.
    pub(super) stop: CancellationToken,
    /// The cancel requested here, if the claim is another session's.
    pub(super) wish: Option<Wish>,
}

impl Wish {
    pub(super) fn new(request: Request, requested: Moment, is_confirmed: bool, timeout: Duration) -> Self {
        Self {
            request,
            confirmed: is_confirmed.then_some(requested),
            deadline: requested.mono() + timeout,
        }
    }

    /// Returns the time of confirmation for a claim made `now`.
    pub(super) fn confirmed(&self, now: Moment) -> Moment {
        self.confirmed.unwrap_or(now)
    }

    pub(super) fn deadline(&self) -> Instant {
        self.deadline
    }
}

impl Engine {
    /// Ends the work on `cancel_task`. If it came to nothing and a cancel was requested here, starts that.
    pub(super) async fn leave(&self, id: &CancellationId, task: &mut CancelTask) {
        // Before the verdict is published: its reader may start a new one.
        let work = lock(&self.tasks_by_id).remove(id);
        let Some(wish) = work.and_then(|work| work.wish) else {
            return;
        };
        if !task.was_abandoned() || self.stop.is_cancelled() {
            return;
        }
        match self.claim_and_start(wish).await {
            Ok(successor) => task.set_successor(successor),
            Err(why) => task.set_failed_successor(&why),
        }
    }
}

impl CancelTask {
    /// Lets the waiting run continue with a claim of its own.
    fn set_successor(&mut self, successor: CancellationId) {
        let by = &self.cancellation().by;
        let note = format!(
            "the session that had claimed it ({}@{}, process {}) sends nothing any more; going on with a claim of our own",
            by.user, by.host, by.pid
        );
        self.hand_on(successor, &note);
    }

    fn set_failed_successor(&mut self, why: &StartError) {
        self.remark(&format!("it is not begun anew: {why}"));
    }
}
