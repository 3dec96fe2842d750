//! Waiting for another session that holds the claim, for as long as it may still send.

use tokio::time::Instant;

use crate::{
    domain::{stage::Stage, verdict::Ending},
    engine::{
        abandonment::{self, AbandonmentWatch},
        cancel_task::CancelTask,
        ports::Life,
    },
};

impl CancelTask {
    /// Returns the ending of a dead claim; none while it may still send.
    pub(super) async fn found_dead(&mut self, vigil: &mut AbandonmentWatch) -> Option<Ending> {
        let life = self.parts.journal.life(&self.cancellation().by).await;
        // Its last fact counts, whether or not the process is alive.
        self.catch_up().await;
        if self.cancellation().stage != Stage::Claimed {
            return None;
        }
        let is_over = vigil.is_over(self.cancellation(), Instant::now());
        match life {
            Life::Gone => Some(abandonment::ended()),
            Life::Lives | Life::Unknown if is_over => Some(abandonment::stale()),
            Life::Lives | Life::Unknown => None,
        }
    }

    /// Gives up a dead claim. If it was sent meanwhile, it is followed instead.
    ///
    /// Nothing is published: waiting callers get the end and its continuation in one step.
    pub(super) async fn give_up(&mut self, ending: Ending) {
        let (id, at) = (self.cancellation().id.clone(), self.parts.clock.now());
        match self.parts.journal.settle(&id, ending.clone(), at).await {
            Ok(standing) => self.take_in(standing).await,
            Err(_) => self.settle(ending).await,
        }
    }

    /// Returns true if the claim was given up as dead, by any session.
    pub(in crate::engine) fn was_abandoned(&self) -> bool {
        let ending = self.cancellation().ending.as_ref();
        ending.is_some_and(|(_, ending)| ending.abandoned)
    }
}
