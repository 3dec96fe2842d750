//! One cancellation from start to end: [`send`] requests it, [`follow`] watches for its end, [`record`] keeps the
//! facts.
//!
//! Every step is recorded before its consequences, and published after it was recorded.

mod doubt;
mod follow;
mod hear;
mod last;
mod record;
mod send;
mod waiting;
mod watch;

use std::{collections::VecDeque, sync::Arc, time::Duration};

use jiff::Timestamp;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::{
    domain::{
        cancellation::Cancellation, fact::Fact, ids::CancellationId, operation::OperationDetail,
        stage::Stage, text::SafeText, time, verdict::Ending,
    },
    engine::{
        abandonment::{self, AbandonmentWatch},
        cancel_task::{follow::Course, send::Effort},
        characteristics::Characteristics,
        clocks::Moment,
        deps::EngineDeps,
        failure::Failure,
        live_state::LiveState,
        ports::JournalFailure,
        request_limiter::RequestLimiter,
        snapshot::Tracked,
    },
};

/// Time that a request in transit may still take for its answer when the task is stopped. The rest of the five seconds
/// that a person waits is for recording it.
const LAST_WAIT: Duration = Duration::from_millis(4_500);

/// Time for which canceled by the answer alone may still be revised.
const BY_ANSWER_FOR: Duration = Duration::from_hours(24);

/// A cancellation under way.
pub(super) struct CancelTask {
    parts: Arc<EngineDeps>,
    live: LiveState,
    limiter: Arc<RequestLimiter>,
    stop: CancellationToken,
    tracked: Tracked,
    /// Time of confirmation in this process.
    confirmed: Moment,
    /// Time to stop following.
    deadline: Instant,
    /// Number of the last fact read from the journal.
    read_up_to: u64,
    /// Facts that the journal could not record yet, oldest first.
    backlog: VecDeque<(Fact, Timestamp)>,
    /// The ending that the journal could not record yet.
    unrecorded: Option<Ending>,
    /// Reason why the journal could not record.
    journal_failure: Option<JournalFailure>,
    /// Age of the request on the wall clock when this process began to count, and that instant.
    sent: Option<(Duration, Instant)>,
}

/// Dependencies of a task.
pub(super) struct TaskContext {
    pub(super) parts: Arc<EngineDeps>,
    pub(super) live: LiveState,
    pub(super) limiter: Arc<RequestLimiter>,
    pub(super) stop: CancellationToken,
}

impl CancelTask {
    pub(super) fn new(around: TaskContext, tracked: Tracked, confirmed: Moment, deadline: Instant) -> Self {
        let TaskContext {
            parts,
            live,
            limiter,
            stop,
        } = around;
        let sent = tracked
            .cancellation
            .sent_at
            .map(|at| (time::since(at, parts.clock.now()), Instant::now()));
        let read_up_to = tracked.cancellation.newest();
        let task = Self {
            parts,
            live,
            limiter,
            stop,
            tracked,
            confirmed,
            deadline,
            read_up_to,
            backlog: VecDeque::new(),
            unrecorded: None,
            journal_failure: None,
            sent,
        };
        task.publish();
        task
    }

    /// Runs to an ending, which may be provisional. Sends only in the run that requested it.
    pub(super) async fn run(&mut self) {
        if let Some(ending) = self.carry_through().await {
            self.conclude(ending).await;
        }
        self.record_at_last().await;
    }

    /// Returns the ending; none if another session determines it, or it was published already.
    async fn carry_through(&mut self) -> Option<Ending> {
        if let Some(ending) = self.grown_old() {
            return Some(ending);
        }
        let mut effort = Effort::default();
        loop {
            let begun = if self.tracked.resumed {
                self.end_unsent().await;
                Ok(())
            } else if self.tracked.joined {
                self.wait_for_sender().await
            } else {
                self.send(&mut effort).await
            };
            if let Err(ending) = begun {
                return Some(ending);
            }
            if !self.cancellation().may_have_been_carried_out() {
                return None;
            }
            match self.follow(&mut effort).await {
                Ok(Course::Ended(ending)) | Err(ending) => return Some(ending),
                Ok(Course::NotCarriedOut { wait, why }) => {
                    let is_ours = !self.tracked.resumed && !self.tracked.joined;
                    if is_ours && let Err(ending) = self.rest(wait, &why).await {
                        return Some(ending);
                    }
                }
            }
        }
    }

    /// Keeps the verdict of one that was canceled by its answer alone a day ago.
    fn grown_old(&self) -> Option<Ending> {
        let (at, ending) = self.cancellation().ending.as_ref()?;
        let is_old = time::since(*at, self.parts.clock.now()) >= BY_ANSWER_FOR;
        (ending.is_open && is_old).then(|| Ending {
            is_open: false,
            ..ending.clone()
        })
    }

    /// Marks that this process no longer follows it.
    pub(super) fn close(mut self) {
        self.tracked.is_followed = false;
        self.tracked.next_look_at = None;
        self.publish();
    }

    /// Marks `successor` as the cancellation that the run continues with.
    pub(super) fn hand_on(&mut self, successor: CancellationId, note: &str) {
        self.tracked.successor = Some(successor);
        self.remark(note);
    }

    /// Adds a note on the obstacle to the next publication.
    pub(super) fn remark(&mut self, note: &str) {
        self.tracked.note = Some(SafeText::new(note));
    }

    /// What has to be known of the service.
    fn service(&self) -> &'static Characteristics {
        self.parts.catalogue.characteristics()
    }

    pub(super) fn cancellation(&self) -> &Cancellation {
        &self.tracked.cancellation
    }

    fn publish(&self) {
        self.live.track(Tracked {
            unrecorded: self.why_unrecorded(),
            ..self.tracked.clone()
        });
    }

    /// Waits for the holder of the claim to send; before that there is nothing to follow.
    ///
    /// # Errors
    ///
    /// The ending, if the wait is over.
    async fn wait_for_sender(&mut self) -> Result<(), Ending> {
        let mut vigil = AbandonmentWatch::begin(self.cancellation(), Instant::now());
        while self.cancellation().stage == Stage::Claimed {
            if let Some(ending) = self.found_dead(&mut vigil).await {
                self.give_up(ending).await;
                continue;
            }
            let wait = self.parts.poll_intervals.early;
            tokio::select! {
                () = self.stop.cancelled() => break,
                () = tokio::time::sleep_until(self.deadline) => break,
                () = tokio::time::sleep(wait) => {}
            }
            if self.catch_up().await && !self.was_abandoned() {
                self.publish();
            }
        }
        // Facts recorded at the last moment count for the verdict.
        self.catch_up().await;
        Ok(())
    }

    /// Ends a claim without a working process. A request that was not begun is never sent.
    async fn end_unsent(&mut self) {
        if self.cancellation().stage == Stage::Claimed {
            self.give_up(abandonment::ended()).await;
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
        self.limiter.failed(failure);
        self.live.failed(failure);
        self.note(&failure.to_string());
    }

    fn saw(&mut self, detail: Option<Arc<OperationDetail>>) {
        self.limiter.answered();
        if self.backlog.is_empty() {
            self.tracked.note = None;
        }
        self.tracked.looked_at = Some(self.parts.clock.now());
        if detail.is_some() {
            self.tracked.detail = detail;
        }
    }

    /// Returns the age of the request, by the monotonic clock since this process knows of it.
    fn sent_ago(&self) -> Duration {
        self.sent
            .map_or(Duration::ZERO, |(age, since)| age + since.elapsed())
    }

    /// Returns true if a request without a meaningful answer will not take effect any more.
    fn is_long_ago(&self) -> bool {
        self.sent_ago() >= self.parts.poll_intervals.uncertain
    }
}
