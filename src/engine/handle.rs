//! The engine as a face holds it.

use std::{sync::Arc, time::Duration};

use tokio::sync::watch;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    domain::{
        confirmation::Request,
        fact::Owner,
        ids::{CancellationId, OfferId, Origin, PublisherId},
        target::{Binding, Target},
        text::SafeText,
    },
    engine::{
        failure::Failure,
        look::Look,
        ports::{Canceller, Catalogue, Clock, Journal, JournalFailure},
        schedule::Pace,
        snapshot::Snapshot,
    },
};

/// What an engine is made of.
#[derive(Clone)]
pub struct Parts {
    /// The service.
    pub origin: Origin,
    /// The publisher whose offers are shown.
    pub publisher: PublisherId,
    /// The profile's name, for the record.
    pub profile: SafeText,
    /// Who this process is, for the record.
    pub owner: Owner,
    /// Reads the marketplace.
    pub catalogue: Arc<dyn Catalogue>,
    /// Sends cancels; none makes the engine read-only.
    pub canceller: Option<Arc<dyn Canceller>>,
    /// Keeps the facts.
    pub journal: Arc<dyn Journal>,
    /// Tells the wall time.
    pub clock: Arc<dyn Clock>,
    /// The intervals.
    pub pace: Pace,
}

/// Asks and follows; cheap to clone. All its tasks end when `stop` is cancelled.
#[derive(Clone)]
pub struct Engine {
    parts: Arc<Parts>,
    tasks: TaskTracker,
    stop: CancellationToken,
    snapshots: watch::Sender<Arc<Snapshot>>,
}

/// What a person looks at, so that it is kept fresher than the rest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attention {
    /// The selected offer, once the selection has rested.
    pub selected: Option<OfferId>,
    /// The offers of the rows on the screen.
    pub visible: Vec<OfferId>,
}

/// Why a confirmed cancel did not begin. Nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotBegun {
    /// The engine has no way to send.
    #[error("read-only: nothing was sent; start without --read-only to cancel")]
    ReadOnly,
    /// An id of the target must not be sent.
    #[error("the id of the offer or the operation holds characters that must not be sent; nothing was sent")]
    InertId,
    /// The claim could not be recorded.
    #[error("{0}; nothing was sent")]
    Journal(#[from] JournalFailure),
}

impl Engine {
    /// Begins with an empty snapshot; asks nothing until told to.
    #[must_use]
    pub fn new(parts: Parts, tasks: TaskTracker, stop: CancellationToken) -> Self {
        let (snapshots, _) = watch::channel(Arc::new(Snapshot::default()));
        Self {
            parts: Arc::new(parts),
            tasks,
            stop,
            snapshots,
        }
    }

    /// What is known, now and from now on.
    #[must_use]
    pub fn snapshots(&self) -> watch::Receiver<Arc<Snapshot>> {
        self.snapshots.subscribe()
    }

    /// Whether this engine can send a cancel at all.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        self.parts.canceller.is_none()
    }

    /// The target that `binding` names on `offer`.
    #[must_use]
    pub fn target(&self, offer: OfferId, binding: Binding) -> Target {
        Target {
            origin: self.parts.origin.clone(),
            publisher: self.parts.publisher.clone(),
            offer,
            binding,
        }
    }

    /// Keeps the list of offers and what is in flight on them fresh from now on, by the schedule.
    pub fn keep_catalogue(&self) {}

    /// Makes everything of the catalogue due now.
    pub fn refresh(&self) {}

    /// Tells what a person looks at.
    pub fn attend(&self, _attention: Attention) {}

    /// Looks at one offer now.
    ///
    /// # Errors
    /// When the operations of the offer cannot be read.
    pub async fn look(&self, _offer: &OfferId) -> Result<Look, Failure> {
        std::future::pending().await
    }

    /// Claims and begins a confirmed cancel; the snapshot tells the rest under the id that comes back. Where an open
    /// cancellation has the operation, that one's id comes back and it is followed ([`Tracked::joined`]).
    ///
    /// `timeout` is how long to follow it, from now.
    ///
    /// # Errors
    /// When it did not begin; nothing was sent then.
    ///
    /// [`Tracked::joined`]: crate::engine::snapshot::Tracked::joined
    pub async fn cancel(&self, _request: Request, _timeout: Duration) -> Result<CancellationId, NotBegun> {
        std::future::pending().await
    }

    /// Stops following one cancellation: a request that is being sent gets up to five seconds for its answer, then
    /// what is known is recorded as its (provisional) verdict.
    pub fn let_go(&self, _id: &CancellationId) {}
}
