//! Recording of facts: in the journal, and in memory while the journal fails.

use crate::{
    domain::{
        fact::{Fact, Recorded},
        text::SafeText,
        verdict::{Ending, Verdict},
    },
    engine::{cancel_task::CancelTask, ports::JournalFailure, schedule::Backoff},
};

impl CancelTask {
    /// Records a fact that must be on disk before its consequences.
    pub(super) async fn record(&mut self, fact: Fact) -> Result<(), JournalFailure> {
        self.flush().await?;
        let at = self.parts.clock.now();
        let recorded = self
            .parts
            .journal
            .append(&self.cancellation().id, fact, at)
            .await?;
        self.take_in(recorded).await;
        self.publish();
        Ok(())
    }

    /// Records a fact that has happened in any case; on failure it is kept, and the failure published.
    pub(super) async fn record_or_keep(&mut self, fact: Fact) {
        if let Err(failure) = self.record(fact.clone()).await {
            tracing::error!(cancellation = %self.cancellation().id, %failure, "a fact could not be recorded");
            let at = self.parts.clock.now();
            self.tracked.cancellation.apply_unrecorded(fact.clone(), at);
            self.backlog.push_back((fact, at));
            self.journal_failure = Some(failure.clone());
            self.note(&format!(
                "{failure}; followed from memory, so do not close this session"
            ));
        }
    }

    /// Records the current verdict while reading continues.
    pub(super) async fn settle(&mut self, ending: Ending) {
        self.conclude(ending).await;
        self.publish();
    }

    /// Records the verdict, which is published with the end of following. A provisional one without news is not
    /// recorded again.
    pub(super) async fn conclude(&mut self, ending: Ending) {
        let ending = Ending {
            polls: self.tracked.polls,
            ..ending
        };
        if self.stands_already(&ending) || self.belongs_to_sender(&ending).await {
            return;
        }
        if let Err(failure) = self.record_ending(&ending).await {
            tracing::error!(cancellation = %self.cancellation().id, %failure, "a verdict could not be recorded");
            let at = self.parts.clock.now();
            self.tracked
                .cancellation
                .apply_unrecorded(Fact::Settled(ending.clone()), at);
            self.unrecorded = Some(ending);
            self.journal_failure = Some(failure.clone());
            self.note(&format!("{failure}; this verdict is not recorded yet"));
        }
    }

    async fn record_ending(&mut self, ending: &Ending) -> Result<(), JournalFailure> {
        self.flush().await?;
        let (id, at) = (self.cancellation().id.clone(), self.parts.clock.now());
        let standing = self.parts.journal.settle(&id, ending.clone(), at).await?;
        self.take_in(standing).await;
        self.tracked.note = None;
        self.unrecorded = None;
        if self.cancellation().ending.is_none() {
            tracing::error!(cancellation = %id, ?ending, "the journal does not admit this verdict");
        }
        Ok(())
    }

    /// Returns the reason why facts are missing from the journal; none if it is complete.
    pub(super) fn why_unrecorded(&self) -> Option<SafeText> {
        let is_recorded = self.backlog.is_empty() && self.unrecorded.is_none();
        let failure = self.journal_failure.as_ref().filter(|_| !is_recorded);
        failure.map(|failure| SafeText::new(&failure.to_string()))
    }

    /// Retries recording until it succeeds or the task is stopped.
    pub(super) async fn record_at_last(&mut self) {
        let mut backoff = Backoff::default();
        while !self.backlog.is_empty() || self.unrecorded.is_some() {
            let wait = backoff.waited(&self.parts.poll_intervals);
            let is_last_try = tokio::select! {
                () = self.stop.cancelled() => true,
                () = tokio::time::sleep(wait) => false,
            };
            let recorded = match self.unrecorded.clone() {
                Some(ending) => self.record_ending(&ending).await,
                None => self.flush().await,
            };
            if recorded.is_ok() {
                self.tracked.note = None;
                self.publish();
            }
            if is_last_try {
                return;
            }
        }
    }

    /// Takes in a fact of this process, after those that others recorded before it.
    pub(super) async fn take_in(&mut self, recorded: Recorded) {
        self.catch_up().await;
        self.tracked.cancellation.apply(recorded);
    }

    /// Takes in the facts that any process has recorded. Returns true if there were new ones.
    pub(super) async fn catch_up(&mut self) -> bool {
        let facts = self
            .parts
            .journal
            .facts(&self.cancellation().id, self.read_up_to)
            .await;
        // The next step does not depend on this; the next record would report a failing journal.
        let Ok(facts) = facts else { return false };
        let is_news = !facts.is_empty();
        for recorded in facts {
            self.read_up_to = self.read_up_to.max(recorded.number);
            self.tracked.cancellation.apply(recorded);
        }
        is_news
    }

    /// Records the facts that the journal could not record before.
    pub(super) async fn flush(&mut self) -> Result<(), JournalFailure> {
        while let Some((fact, at)) = self.backlog.front() {
            let id = self.cancellation().id.clone();
            let recorded = self.parts.journal.append(&id, fact.clone(), *at).await?;
            self.tracked.cancellation.recorded_late(recorded.number);
            self.backlog.pop_front();
        }
        Ok(())
    }

    /// Returns true if a provisional verdict adds nothing to the standing one.
    fn stands_already(&self, ending: &Ending) -> bool {
        ending.is_provisional()
            && self.cancellation().ending.as_ref().is_some_and(|(_, standing)| {
                standing.verdict == ending.verdict
                    && standing.target_state == ending.target_state
                    && standing.is_stalled == ending.is_stalled
                    && standing.is_open == ending.is_open
            })
    }

    /// Returns true if the session that sent the request still waits for its answer: recording `unknown` is then its
    /// part.
    async fn belongs_to_sender(&self, ending: &Ending) -> bool {
        ending.verdict == Verdict::Unknown && self.tracked.joined && self.is_answer_out().await
    }
}
