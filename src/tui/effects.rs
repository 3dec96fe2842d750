//! Carries out what the reducer asks of the engine, and brings the answers back.

use std::time::Duration;

use tokio::sync::mpsc::Sender;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    domain::{confirmation::Request, ids::OfferId},
    engine::Engine,
    tui::msg::Reply,
};

/// Everything that an effect needs. All its tasks belong to the tracker and end with the token.
#[derive(Clone)]
pub(super) struct Errands {
    pub(super) engine: Engine,
    pub(super) tasks: TaskTracker,
    pub(super) stop: CancellationToken,
    pub(super) replies: Sender<Reply>,
    /// How long a cancellation is followed.
    pub(super) timeout: Duration,
}

impl Errands {
    /// Looks at one offer and replies. A look has no consequence, so that leaving drops it.
    pub(super) fn look(&self, ticket: u64, offer: OfferId) {
        let Self {
            engine,
            stop,
            replies,
            ..
        } = self.clone();
        self.tasks.spawn(async move {
            let looked = async {
                let result = Box::new(engine.look(&offer).await);
                // An error means that the dashboard is gone, and nobody waits for the answer.
                let _ = replies
                    .send(Reply::Looked {
                        ticket,
                        offer,
                        result,
                    })
                    .await;
            };
            stop.run_until_cancelled(looked).await;
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
                    Reply::NotBegun { target, why }
                }
            };
            stop.run_until_cancelled(replies.send(reply)).await;
        });
    }
}
