//! Waits for another session that has the claim, for as long as that session may still send.

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
    /// How a claim that is waited for ends because it is dead; none while it may come to something.
    pub(super) async fn found_dead(&mut self, vigil: &mut AbandonmentWatch) -> Option<Ending> {
        let life = self.parts.journal.life(&self.cancellation().by).await;
        // What it did last counts, whether or not it lives.
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

    /// Gives a dead claim up. Where it turns out to be sent meanwhile, that stands, and it is followed.
    ///
    /// Nothing is published: who waits for it is to hear of the end and of what goes on from there in one.
    pub(super) async fn give_up(&mut self, ending: Ending) {
        let (id, at) = (self.cancellation().id.clone(), self.parts.clock.now());
        match self.parts.journal.settle(&id, ending.clone(), at).await {
            Ok(standing) => self.take_in(standing).await,
            Err(_) => self.settle(ending).await,
        }
    }

    /// Whether the claim came to nothing because nobody worked on it, whoever gave it up.
    pub(in crate::engine) fn was_abandoned(&self) -> bool {
        let ending = self.cancellation().ending.as_ref();
        ending.is_some_and(|(_, ending)| ending.abandoned)
    }
}
