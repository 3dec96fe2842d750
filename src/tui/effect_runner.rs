//! Carries out what the reducer asks of the engine, and brings the answers back.

use std::time::Duration;

use tokio::{sync::mpsc::Sender, time::sleep};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    domain::{
        confirmation::Request,
        ids::{CancellationId, OfferId},
    },
    engine::{Engine, PollIntervals, schedule::Backoff},
    tui::msg::{HISTORY, Reply},
};

/// Everything that an effect needs. All its tasks belong to the tracker and end with the token.
#[derive(Clone)]
pub(super) struct EffectRunner {
    pub(super) engine: Engine,
    pub(super) tasks: TaskTracker,
    pub(super) stop: CancellationToken,
    pub(super) replies: Sender<Reply>,
    /// How long a cancellation is followed.
    pub(super) timeout: Duration,
    /// Ends the search for publishers.
    pub(super) finding: CancellationToken,
}

impl EffectRunner {
    /// Looks at one offer and replies.
    pub(super) fn look(&self, ticket: u64, offer: OfferId) {
        let engine = self.engine.clone();
        self.read(async move {
            let result = Box::new(engine.look(&offer).await);
            Some(Reply::Looked {
                ticket,
                offer,
                result,
            })
        });
    }

    /// Goes on with what is open, and replies.
    pub(super) fn resume(&self) {
        let (engine, timeout) = (self.engine.clone(), self.timeout);
        self.read(async move {
            let found = engine.resume(timeout).await;
            if let Err(why) = &found {
                tracing::warn!(%why, "open cancellations not resumed");
            }
            Some(Reply::Resumed(found.map(|ids| ids.len())))
        });
    }

    /// Looks again how one cancellation ends; replies when that cannot be.
    pub(super) fn follow(&self, id: CancellationId) {
        let (engine, timeout) = (self.engine.clone(), self.timeout);
        self.read(async move {
            let why = engine.follow(&id, timeout).await.err()?;
            Some(Reply::FollowError { id, why })
        });
    }

    /// Reads the history and replies.
    pub(super) fn load_history(&self) {
        let engine = self.engine.clone();
        self.read(async move { Some(Reply::History(Box::new(engine.history(HISTORY).await))) });
    }

    /// Reads how long cancellations took before, and replies.
    pub(super) fn load_precedent(&self) {
        let engine = self.engine.clone();
        self.read(async move {
            let told = engine.precedent().await;
            if let Err(why) = &told {
                tracing::warn!(%why, "how long cancellations took before is not known");
            }
            Some(Reply::Precedent(told))
        });
    }

    /// Asks which publishers there are, until that is known, and replies each time. A search that goes on is begun anew.
    pub(super) fn find_publishers(&mut self) {
        self.finding.cancel();
        self.finding = self.stop.child_token();
        let (engine, replies, stop) = (self.engine.clone(), self.replies.clone(), self.finding.clone());
        self.tasks.spawn(async move {
            let (poll_intervals, mut backoff) = (PollIntervals::default(), Backoff::default());
            let finding = async {
                loop {
                    let found = engine.publishers().await;
                    let failure = found.as_ref().err().cloned();
                    let _ = replies.send(Reply::Publishers(found)).await;
                    let Some(failure) = failure else {
                        return;
                    };
                    tracing::warn!(%failure, "which publishers there are is not known");
                    sleep(backoff.failed(&poll_intervals, Duration::ZERO, &failure)).await;
                }
            };
            stop.run_until_cancelled(finding).await;
        });
    }

    /// Does what has no consequence at the service, so that leaving drops it, and brings the reply back.
    fn read(&self, work: impl Future<Output = Option<Reply>> + Send + 'static) {
        let (stop, replies) = (self.stop.clone(), self.replies.clone());
        self.tasks.spawn(async move {
            let brought = async {
                if let Some(reply) = work.await {
                    // An error means that the dashboard is gone, and nobody waits for the answer.
                    let _ = replies.send(reply).await;
                }
            };
            stop.run_until_cancelled(brought).await;
        });
    }

    /// Begins a cancel and replies. The engine alone decides how leaving ends it.
    pub(super) fn cancel(&self, request: Request) {
        let Self {
            engine,
            stop,
            replies,
            timeout,
            ..
        } = self.clone();
        self.tasks.spawn(async move {
            let target = request.target.clone();
            let reply = match engine.cancel(request, timeout).await {
                Ok(id) => Reply::Began { target, id },
                Err(why) => {
                    tracing::warn!(%target, %why, "cancel not begun");
                    Reply::StartError { target, why }
                }
            };
            stop.run_until_cancelled(replies.send(reply)).await;
        });
    }
}
