//! One cancellation, carried through: [`send`] asks for it, [`follow`] sees how it ends.
//!
//! Every step is recorded before what follows from it, and published after it was recorded.

mod follow;
mod send;

use std::{collections::VecDeque, sync::Arc, time::Duration};

use jiff::Timestamp;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::{
    domain::{
        cancellation::{Cancellation, Stage},
        fact::{Fact, Recorded},
        operation::OperationDetail,
        text::SafeText,
        time,
        verdict::{Ending, Verdict},
    },
    engine::{
        board::Board, failure::Failure, handle::Parts, lanes::Lanes, ports::JournalFailure, snapshot::Tracked,
    },
};

/// How long a request that is being sent may still bring its answer home when we are told to stop.
const LAST_WAIT: Duration = Duration::from_secs(5);

/// A cancellation on its way.
pub(super) struct Errand {
    parts: Arc<Parts>,
    board: Board,
    lanes: Arc<Lanes>,
    stop: CancellationToken,
    tracked: Tracked,
    /// When it was confirmed in this process.
    confirmed: Instant,
    /// When to stop looking.
    deadline: Instant,
    /// What the journal could not take yet, oldest first.
    backlog: VecDeque<(Fact, Timestamp)>,
}

impl Errand {
    pub(super) fn new(
        parts: Arc<Parts>,
        board: Board,
        lanes: Arc<Lanes>,
        stop: CancellationToken,
        tracked: Tracked,
        timeout: Duration,
    ) -> Self {
        let confirmed = Instant::now();
        let deadline = confirmed + timeout;
        let errand = Self {
            parts,
            board,
            lanes,
            stop,
            tracked,
            confirmed,
            deadline,
            backlog: VecDeque::new(),
        };
        errand.publish();
        errand
    }

    /// Carries it through to an ending, which may be provisional. Sends only what was asked for in this run.
    pub(super) async fn run(mut self) {
        let sent = if self.tracked.resumed {
            self.nobody_sends()
        } else if self.tracked.joined {
            self.wait_for_sender().await
        } else {
            self.send().await
        };
        if let Err(ending) = sent {
            self.settle(ending).await;
        }
        if self.cancellation().may_have_been_carried_out() {
            let ending = self.follow().await;
            self.settle(ending).await;
        }
        self.tracked.is_followed = false;
        self.tracked.next_look_at = None;
        self.publish();
    }

    fn cancellation(&self) -> &Cancellation {
        &self.tracked.cancellation
    }

    fn publish(&self) {
        self.board.track(self.tracked.clone());
    }

    /// Records a fact that must be on disk before anything follows from it.
    async fn record(&mut self, fact: Fact) -> Result<(), JournalFailure> {
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

    /// Takes in a fact of ours, after those that others recorded before it.
    async fn take_in(&mut self, recorded: Recorded) {
        self.catch_up().await;
        self.tracked.cancellation.apply(recorded);
    }

    /// Records a fact that has happened whether or not it can be recorded; if not, it is kept and said.
    async fn record_or_keep(&mut self, fact: Fact) {
        if let Err(failure) = self.record(fact.clone()).await {
            tracing::error!(cancellation = %self.cancellation().id, %failure, "a fact could not be recorded");
            let at = self.parts.clock.now();
            self.tracked.cancellation.apply_unrecorded(fact.clone(), at);
            self.backlog.push_back((fact, at));
            self.note(&format!(
                "{failure}; followed from memory, so do not close this session"
            ));
        }
    }

    /// Gives the journal what it could not take before.
    async fn flush(&mut self) -> Result<(), JournalFailure> {
        while let Some((fact, at)) = self.backlog.front() {
            let id = self.cancellation().id.clone();
            let recorded = self.parts.journal.append(&id, fact.clone(), *at).await?;
            self.tracked.cancellation.recorded_late(recorded.number);
            self.backlog.pop_front();
        }
        Ok(())
    }

    async fn settle(&mut self, ending: Ending) {
        let ending = Ending {
            polls: self.tracked.polls,
            ..ending
        };
        if self.stands_already(&ending) {
            return;
        }
        let id = self.cancellation().id.clone();
        let at = self.parts.clock.now();
        let settled = match self.flush().await {
            Ok(()) => self.parts.journal.settle(&id, ending.clone(), at).await,
            Err(failure) => Err(failure),
        };
        match settled {
            Ok(standing) => {
                self.take_in(standing).await;
                self.tracked.note = None;
                if self.cancellation().ending.is_none() {
                    tracing::error!(cancellation = %id, ?ending, "the journal does not admit this verdict");
                    self.tracked
                        .cancellation
                        .apply_unrecorded(Fact::Settled(ending), at);
                }
            }
            Err(failure) => {
                tracing::error!(cancellation = %id, %failure, "a verdict could not be recorded");
                self.tracked
                    .cancellation
                    .apply_unrecorded(Fact::Settled(ending), at);
                self.note(&format!("{failure}; this verdict is not recorded"));
            }
        }
        self.publish();
    }

    /// Whether a provisional verdict says nothing that the standing one does not.
    fn stands_already(&self, ending: &Ending) -> bool {
        ending.verdict.is_provisional()
            && self.cancellation().ending.as_ref().is_some_and(|(_, standing)| {
                standing.verdict == ending.verdict && standing.target_state == ending.target_state
            })
    }

    /// Takes in what others have recorded of the same cancellation.
    async fn catch_up(&mut self) {
        let (id, newest) = (self.cancellation().id.clone(), self.cancellation().newest());
        // Nothing that happens next depends on this; the next record would report a journal in trouble.
        if let Ok(facts) = self.parts.journal.facts(&id, newest).await {
            for recorded in facts {
                self.tracked.cancellation.apply(recorded);
            }
        }
    }

    /// The one that has the claim sends; until it has, there is nothing to follow.
    ///
    /// # Errors
    /// The ending, where it is gone without having sent anything.
    async fn wait_for_sender(&mut self) -> Result<(), Ending> {
        while self.cancellation().stage == Stage::Claimed {
            if self.parts.journal.is_gone(&self.cancellation().by).await {
                self.catch_up().await;
                return self.nobody_sends();
            }
            let wait = self.parts.pace.early;
            tokio::select! {
                () = self.stop.cancelled() => return Ok(()),
                () = tokio::time::sleep_until(self.deadline) => return Ok(()),
                () = tokio::time::sleep(wait) => self.catch_up().await,
            }
            self.publish();
        }
        Ok(())
    }

    /// Whoever had the claim is gone. What it had not begun to send, it never sent.
    fn nobody_sends(&self) -> Result<(), Ending> {
        if self.cancellation().stage == Stage::Claimed {
            Err(abandoned())
        } else {
            Ok(())
        }
    }

    fn note(&mut self, text: &str) {
        let note = Some(SafeText::new(text));
        if self.tracked.note != note {
            self.tracked.note = note;
            self.publish();
        }
    }

    fn note_failure(&mut self, failure: &Failure) {
        self.lanes.failed(failure);
        self.board.failed(failure);
        self.note(&failure.to_string());
    }

    fn saw(&mut self, detail: Option<Arc<OperationDetail>>) {
        self.lanes.answered();
        self.tracked.note = None;
        self.tracked.looked_at = Some(self.parts.clock.now());
        if detail.is_some() {
            self.tracked.detail = detail;
        }
    }

    /// How long ago the request was sent, on the wall clock where this process did not send it itself.
    fn sent_ago(&self) -> Duration {
        self.cancellation().sent_at.map_or(Duration::ZERO, |sent_at| {
            time::since(sent_at, self.parts.clock.now())
        })
    }

    /// Whether a request that means nothing by now is going to mean nothing.
    fn is_long_ago(&self) -> bool {
        self.sent_ago() >= self.parts.pace.uncertain
    }
}

/// The ending of a claim whose process is gone before it sent anything.
pub(super) fn abandoned() -> Ending {
    Ending::new(Verdict::NotSent).because("the session that had claimed it ended before anything was sent")
}
