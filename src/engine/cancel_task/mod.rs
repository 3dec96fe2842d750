//! One cancellation, carried through: [`send`] asks for it, [`follow`] sees how it ends, [`record`] keeps what happened.
//!
//! Every step is recorded before what follows from it, and published after it was recorded.

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

/// How long a request that is being sent may still bring its answer home when we are told to stop. What is left of the
/// five seconds that a person is asked to wait goes into recording it.
const LAST_WAIT: Duration = Duration::from_millis(4_500);

/// How long what only its answer calls canceled may still turn out otherwise.
const BY_ANSWER_FOR: Duration = Duration::from_hours(24);

/// A cancellation on its way.
pub(super) struct CancelTask {
    parts: Arc<EngineDeps>,
    live: LiveState,
    limiter: Arc<RequestLimiter>,
    stop: CancellationToken,
    tracked: Tracked,
    /// When it was confirmed in this process.
    confirmed: Moment,
    /// When to stop looking.
    deadline: Instant,
    /// Up to which number the facts of the journal are known.
    read_up_to: u64,
    /// What the journal could not take yet, oldest first.
    backlog: VecDeque<(Fact, Timestamp)>,
    /// The ending that the journal could not take yet.
    unrecorded: Option<Ending>,
    /// Why the journal could not take something.
    journal_failure: Option<JournalFailure>,
    /// How old the request was, on the wall, when this process began to count; and since when it counts.
    sent: Option<(Duration, Instant)>,
}

/// What surrounds a task.
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

    /// Carries it through to an ending, which may be provisional. Sends only what was asked for in this run.
    pub(super) async fn run(&mut self) {
        if let Some(ending) = self.carry_through().await {
            self.conclude(ending).await;
        }
        self.record_at_last().await;
    }

    /// The ending; none where it is another session's to say, or was said already.
    async fn carry_through(&mut self) -> Option<Ending> {
        if let Some(ending) = self.grown_old() {
            return Some(ending);
        }
        let mut effort = Effort::default();
        loop {
            let begun = if self.tracked.resumed {
                self.nobody_sends().await;
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

    /// What only its answer called canceled a day ago stays so.
    fn grown_old(&self) -> Option<Ending> {
        let (at, ending) = self.cancellation().ending.as_ref()?;
        let is_old = time::since(*at, self.parts.clock.now()) >= BY_ANSWER_FOR;
        (ending.is_open && is_old).then(|| Ending {
            is_open: false,
            ..ending.clone()
        })
    }

    /// Nobody in this process looks any more.
    pub(super) fn close(mut self) {
        self.tracked.is_followed = false;
        self.tracked.next_look_at = None;
        self.publish();
    }

    /// The run goes on with `successor`.
    pub(super) fn hand_on(&mut self, successor: CancellationId, note: &str) {
        self.tracked.successor = Some(successor);
        self.remark(note);
    }

    /// Says what hinders with the next that is published.
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

    /// The one that has the claim sends; until it has, there is nothing to follow.
    ///
    /// # Errors
    /// The ending, where we stop waiting for it.
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
        // What was recorded in the last moment counts for the last word.
        self.catch_up().await;
        Ok(())
    }

    /// Nobody works on the claim. What was not begun to be sent is never sent.
    async fn nobody_sends(&mut self) {
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

    /// How long ago the request was sent: by the monotonic clock since this process knows of it.
    fn sent_ago(&self) -> Duration {
        self.sent
            .map_or(Duration::ZERO, |(age, since)| age + since.elapsed())
    }

    /// Whether a request that means nothing by now is going to mean nothing.
    fn is_long_ago(&self) -> bool {
        self.sent_ago() >= self.parts.poll_intervals.uncertain
    }
}
