//! The engine's interface for faces.

mod catalogue;
mod looking;
mod succession;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{sync::watch, time::Instant};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    domain::{
        cancellation::Cancellation,
        confirmation::Request,
        fact::Claim,
        ids::{CancellationId, OfferId, OperationId},
        stage::Stage,
        target::{Binding, Scope, Target},
        verdict::Ending,
    },
    engine::{
        abandonment,
        cancel_task::{CancelTask, TaskContext},
        catalogue_poller::{Attention, PollRequests},
        characteristics::Characteristics,
        clocks::Moment,
        deps::EngineDeps,
        live_state::LiveState,
        ports::{Claimed, JournalFailure, Life},
        request_limiter::RequestLimiter,
        snapshot::{Snapshot, Tracked},
        start_error::{FollowError, StartError},
    },
};

use succession::{Wish, Work};

/// Longest cooldown that a person waits for, rather than getting an error.
const SHORT_REST: Duration = Duration::from_secs(5);

/// Handle to the engine; cheap to clone. All its tasks end when `stop` is cancelled.
#[derive(Clone)]
pub struct Engine {
    parts: Arc<EngineDeps>,
    live: LiveState,
    limiter: Arc<RequestLimiter>,
    wishes: Arc<PollRequests>,
    tasks_by_id: Arc<Mutex<BTreeMap<CancellationId, Work>>>,
    /// Serializes claims, so that a caller that finds one taken also finds its follower.
    claiming: Arc<tokio::sync::Mutex<()>>,
    /// Stops the catalogue poller, while it runs.
    keeping: Arc<Mutex<Option<CancellationToken>>>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Engine {
    /// Returns the properties of the service.
    #[must_use]
    pub fn service(&self) -> &'static Characteristics {
        self.parts.catalogue.characteristics()
    }

    /// Starts with an empty snapshot, and sends nothing by itself.
    #[must_use]
    pub fn new(parts: EngineDeps, tasks: TaskTracker, stop: CancellationToken) -> Self {
        Self {
            parts: Arc::new(parts),
            live: LiveState::new(),
            limiter: Arc::new(RequestLimiter::new()),
            wishes: Arc::default(),
            tasks_by_id: Arc::default(),
            claiming: Arc::default(),
            keeping: Arc::default(),
            tasks,
            stop,
        }
    }

    /// Returns a receiver of the current and all later snapshots.
    #[must_use]
    pub fn snapshots(&self) -> watch::Receiver<Arc<Snapshot>> {
        self.live.subscribe()
    }

    /// Returns true if this engine can send no cancel at all.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        self.parts.canceller.is_none()
    }

    /// Returns the target that `binding` names on `offer`.
    #[must_use]
    pub fn target(&self, offer: OfferId, binding: Binding) -> Target {
        Target {
            origin: self.parts.origin.clone(),
            publisher: self.parts.publisher.clone(),
            offer,
            binding,
        }
    }

    /// Returns `offer` within this engine's service and publisher.
    #[must_use]
    pub fn scope<'a>(&'a self, offer: &'a OfferId) -> Scope<'a> {
        Scope {
            origin: &self.parts.origin,
            publisher: &self.parts.publisher,
            offer,
        }
    }

    /// Returns true if `target` is at this engine's service and publisher.
    pub(super) fn is_own(&self, target: &Target) -> bool {
        target.origin == self.parts.origin && target.publisher.is(&self.parts.publisher)
    }

    /// Makes everything of the catalogue due now.
    pub fn refresh(&self) {
        self.wishes.refresh();
    }

    /// Sets the offers that a person looks at.
    pub fn attend(&self, attention: Attention) {
        self.wishes.attend(attention);
    }

    /// Claims and starts a confirmed cancel; the snapshot shows its progress under the returned id. If an open
    /// cancellation holds the operation, that one's id is returned and it is followed ([`Tracked::joined`]).
    ///
    /// `timeout` is the time to follow it, from now. The confirmation counts as given now, and holds for a minute.
    ///
    /// # Errors
    ///
    /// When it did not start; nothing was sent then.
    pub async fn cancel(&self, request: Request, timeout: Duration) -> Result<CancellationId, StartError> {
        self.start(Wish::new(request, self.moment(), true, timeout)).await
    }

    /// Starts a cancel that was confirmed in advance, as by a script: its minute begins with its own claim, however
    /// long it waited for another's.
    ///
    /// # Errors
    ///
    /// When it did not start; nothing was sent then.
    pub async fn cancel_unattended(
        &self,
        request: Request,
        timeout: Duration,
    ) -> Result<CancellationId, StartError> {
        self.start(Wish::new(request, self.moment(), false, timeout))
            .await
    }

    async fn start(&self, wish: Wish) -> Result<CancellationId, StartError> {
        if self.is_read_only() {
            return Err(StartError::ReadOnly);
        }
        let target = &wish.request.target;
        let operation_is_inert = target
            .binding
            .operation()
            .is_some_and(OperationId::is_unsafe_segment);
        if target.publisher.is_unsafe_segment() || target.offer.is_unsafe_segment() || operation_is_inert {
            return Err(StartError::InertId);
        }
        if !self.is_own(target) {
            return Err(StartError::Elsewhere);
        }
        let engine = self.clone();
        // A task of its own: a recorded claim is carried out even if the caller is gone.
        let begun = self
            .tasks
            .spawn(async move { engine.claim_and_start(wish).await });
        begun.await.unwrap_or(Err(StartError::Stopped))
    }

    async fn claim_and_start(&self, wish: Wish) -> Result<CancellationId, StartError> {
        let _turn = self.claiming.lock().await;
        let confirmed = wish.confirmed(self.moment());
        let claim = Claim {
            request: wish.request.clone(),
            by: self.parts.owner.clone(),
        };
        match self.claim(&claim).await? {
            Claimed::New(cancellation) => {
                Ok(self.begin(Tracked::new(cancellation), confirmed, wish.deadline(), None))
            }
            Claimed::Taken(cancellation) => {
                let deadline = wish.deadline();
                Ok(self.take_over(cancellation, deadline, Some(wish)).await)
            }
        }
    }

    /// Claims; a claim without a working process and a request is settled first, and blocks no one.
    async fn claim(&self, claim: &Claim) -> Result<Claimed, JournalFailure> {
        let journal = &self.parts.journal;
        let now = || self.parts.clock.now();
        match journal.claim(claim, now()).await? {
            Claimed::Taken(taken) if taken.stage == Stage::Claimed => {
                let Some(ending) = self.found_dead(&taken).await else {
                    return Ok(Claimed::Taken(taken));
                };
                journal.settle(&taken.id, ending, now()).await?;
                journal.claim(claim, now()).await
            }
            claimed => Ok(claimed),
        }
    }

    /// Returns the ending of a claim that is dead at first sight; none while it may still send.
    async fn found_dead(&self, claim: &Cancellation) -> Option<Ending> {
        let life = self.life(claim).await;
        abandonment::is_dead_at_first_sight(claim, life, self.parts.clock.now()).then(|| match life {
            Life::Gone => abandonment::ended(),
            Life::Lives | Life::Unknown => abandonment::stale(),
        })
    }

    /// Returns the state of its process; for this one it is known.
    async fn life(&self, cancellation: &Cancellation) -> Life {
        if cancellation.by != self.parts.owner {
            self.parts.journal.life(&cancellation.by).await
        } else if self.tasks_by_id().contains_key(&cancellation.id) {
            Life::Lives
        } else {
            Life::Gone
        }
    }

    /// Resumes every open cancellation at this service and publisher: reads, and never sends. Returns their ids, oldest
    /// first.
    ///
    /// `timeout` is the time to follow them, from now.
    ///
    /// # Errors
    ///
    /// When the journal cannot be read.
    pub async fn resume(&self, timeout: Duration) -> Result<Vec<CancellationId>, JournalFailure> {
        let _turn = self.claiming.lock().await;
        let open = self
            .parts
            .journal
            .open(&self.parts.origin, &self.parts.publisher)
            .await?;
        let deadline = Instant::now() + timeout;
        let mut ids = Vec::with_capacity(open.len());
        for cancellation in open {
            ids.push(self.take_over(cancellation, deadline, None).await);
        }
        Ok(ids)
    }

    /// Resumes one cancellation if it is open, and otherwise shows it as it ended. Never sends.
    ///
    /// # Errors
    ///
    /// When the id is unknown, or belongs to another service or publisher.
    pub async fn follow(&self, id: &CancellationId, timeout: Duration) -> Result<(), FollowError> {
        let _turn = self.claiming.lock().await;
        let facts = self.parts.journal.facts(id, 0).await?;
        let cancellation =
            Cancellation::fold(id.clone(), facts).ok_or_else(|| FollowError::NoSuch(id.shown()))?;
        let target = &cancellation.request.target;
        if !self.is_own(target) {
            let (origin, publisher) = (target.origin.clone(), target.publisher.clone());
            return Err(FollowError::Elsewhere { origin, publisher });
        }
        if cancellation.is_open() {
            self.take_over(cancellation, Instant::now() + timeout, None).await;
        } else {
            self.live.track(Tracked {
                is_followed: false,
                ..Tracked::new(cancellation)
            });
        }
        Ok(())
    }

    /// Returns the newest `limit` cancellations of this machine, of every service and publisher, newest first.
    ///
    /// # Errors
    ///
    /// When the journal cannot be read.
    pub async fn history(&self, limit: u32) -> Result<Vec<Cancellation>, JournalFailure> {
        self.parts.journal.history(limit).await
    }

    /// Follows an open cancellation, unless this process does so already; `wish` is started if that one comes to
    /// nothing.
    async fn take_over(
        &self,
        cancellation: Cancellation,
        deadline: Instant,
        wish: Option<Wish>,
    ) -> CancellationId {
        if let Some(work) = self.tasks_by_id().get_mut(&cancellation.id) {
            work.wish = wish.or(work.wish.take());
            return cancellation.id;
        }
        let resumed = match cancellation.stage {
            Stage::Claimed => self.found_dead(&cancellation).await.is_some(),
            _ => self.life(&cancellation).await == Life::Gone,
        };
        let tracked = Tracked {
            joined: !resumed,
            resumed,
            ..Tracked::new(cancellation)
        };
        self.begin(tracked, self.moment(), deadline, wish)
    }

    fn moment(&self) -> Moment {
        Moment::new(self.parts.clock.now(), Instant::now())
    }

    /// Stops following one cancellation: a request in transit gets up to five seconds for its answer, then the known
    /// state is recorded as its provisional verdict.
    pub fn stop_following(&self, id: &CancellationId) {
        if let Some(work) = self.tasks_by_id().get(id) {
            work.stop.cancel();
        }
    }

    fn begin(
        &self,
        tracked: Tracked,
        confirmed: Moment,
        deadline: Instant,
        wish: Option<Wish>,
    ) -> CancellationId {
        let id = tracked.cancellation.id.clone();
        let offer = tracked.cancellation.request.target.offer.clone();
        let stop = self.stop.child_token();
        let work = Work {
            stop: stop.clone(),
            wish,
        };
        self.tasks_by_id().insert(id.clone(), work);
        let around = TaskContext {
            parts: self.parts.clone(),
            live: self.live.clone(),
            limiter: self.limiter.clone(),
            stop,
        };
        let mut task = CancelTask::new(around, tracked, confirmed, deadline);
        let (engine, done) = (self.clone(), id.clone());
        self.tasks.spawn(async move {
            task.run().await;
            engine.leave(&done, &mut task).await;
            task.close();
            engine.wishes.moved(offer);
        });
        id
    }

    fn tasks_by_id(&self) -> MutexGuard<'_, BTreeMap<CancellationId, Work>> {
        lock(&self.tasks_by_id)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic under the lock cannot leave a partial value: every change is one call.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
