//! Goes on where another session's claim came to nothing: with a claim of its own, where this run was asked for a cancel.

use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{Engine, lock};
use crate::{
    domain::{confirmation::Request, ids::CancellationId},
    engine::{cancel_task::CancelTask, clocks::Moment, start_error::StartError},
};

/// A cancel that this run was asked for.
#[derive(Clone)]
pub(super) struct Wish {
    pub(super) request: Request,
    /// When a person confirmed it, which holds for a minute; none where that was given beforehand, and the minute begins
    /// with the claim.
    confirmed: Option<Moment>,
    /// When to stop looking.
    deadline: Instant,
}

/// A cancellation that this process works on.
pub(super) struct Work {
    /// Ends it.
    pub(super) stop: CancellationToken,
    /// What is asked for here, where the claim is another session's.
    pub(super) wish: Option<Wish>,
}

impl Wish {
    pub(super) fn new(request: Request, asked: Moment, is_confirmed: bool, timeout: Duration) -> Self {
        Self {
            request,
            confirmed: is_confirmed.then_some(asked),
            deadline: asked.mono() + timeout,
        }
    }

    /// When it counts as confirmed, for a claim that is made `now`.
    pub(super) fn confirmed(&self, now: Moment) -> Moment {
        self.confirmed.unwrap_or(now)
    }

    pub(super) fn deadline(&self) -> Instant {
        self.deadline
    }
}

impl Engine {
    /// Nobody works on `cancel_task` any more. Where it came to nothing and a cancel was asked for here, that is begun.
    pub(super) async fn leave(&self, id: &CancellationId, task: &mut CancelTask) {
        // Before the last word is published: whoever hears it may begin anew.
        let work = lock(&self.errands).remove(id);
        let Some(wish) = work.and_then(|work| work.wish) else {
            return;
        };
        if !task.was_abandoned() || self.stop.is_cancelled() {
            return;
        }
        match self.claim_and_begin(wish).await {
            Ok(successor) => task.succeeded_by(successor),
            Err(why) => task.has_no_successor(&why),
        }
    }
}

impl CancelTask {
    /// The run that waited here goes on with a claim of its own.
    fn succeeded_by(&mut self, successor: CancellationId) {
        let by = &self.cancellation().by;
        let note = format!(
            "the session that had claimed it ({}@{}, process {}) sends nothing any more; going on with a claim of our own",
            by.user, by.host, by.pid
        );
        self.hand_on(successor, &note);
    }

    fn has_no_successor(&mut self, why: &StartError) {
        self.remark(&format!("it is not begun anew: {why}"));
    }
}
