//! A process that may crash at any call to the world, before or after the call took effect.
//!
//! A crashed process is one whose calls never resolve; the product knows nothing of that.

use std::{
    collections::{BTreeMap, BTreeSet},
    future,
    sync::{
        Arc, Mutex, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use countermand::{
    domain::{
        answer::Answer,
        cancellation::Cancellation,
        confirmation::{Address, Request},
        fact::{Claim, Fact, Owner, Recorded},
        ids::{CancellationId, OfferId, OperationId, Origin, PublisherId},
        location::Way,
        offer::Offers,
        operation::{OperationDetail, Operations},
        target::Target,
        verdict::Ending,
    },
    engine::{
        Engine, Failure, NotBegun, Pace, Parts,
        ports::{
            Canceller, Catalogue, Claimed, Clock, Followed, Journal, JournalFailure, Life, ReadyToSend,
            SendFailure,
        },
    },
};
use jiff::Timestamp;
use tokio::{sync::Notify, time::Instant};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{dice::Dice, service::Service};

/// Who is dead, as the operating system would know.
pub(crate) type Graveyard = Arc<Mutex<BTreeSet<String>>>;

pub(crate) struct Process {
    pub(crate) engine: Engine,
    pub(crate) tasks: TaskTracker,
    pub(crate) stop: CancellationToken,
    pub(crate) edge: Arc<Edge>,
}

/// Where the process meets the world.
pub(crate) struct Edge {
    me: Weak<Self>,
    service: Arc<Service>,
    journal: Arc<dyn Journal>,
    dice: Dice,
    owner: Owner,
    graveyard: Graveyard,
    /// Crashes in ten thousand calls.
    crashes: u64,
    is_dead: AtomicBool,
    pub(crate) died: Notify,
    /// What was asked for in the life of this process, and when, by both clocks.
    asked: Mutex<BTreeMap<String, (Duration, Timestamp)>>,
    /// What the offer looked like to this process, and when it knew.
    last_look: Mutex<Option<(Duration, Operations)>>,
    /// How far the wall clock is off, in seconds.
    clock_off: Mutex<i64>,
    pub(crate) broken: Mutex<Vec<String>>,
}

impl Process {
    pub(crate) fn start(
        number: u32,
        service: &Arc<Service>,
        journal: &Arc<dyn Journal>,
        dice: &Dice,
        graveyard: &Graveyard,
        crashes: u64,
    ) -> Self {
        let started = format!("process-{number}");
        let owner = Owner {
            user: "ada".into(),
            host: "jump".into(),
            pid: number,
            started: started.as_str().into(),
        };
        let edge = Arc::new_cyclic(|me| Edge {
            me: me.clone(),
            service: service.clone(),
            journal: journal.clone(),
            dice: dice.clone(),
            owner: owner.clone(),
            graveyard: graveyard.clone(),
            crashes,
            is_dead: AtomicBool::new(false),
            died: Notify::new(),
            asked: Mutex::default(),
            last_look: Mutex::default(),
            clock_off: Mutex::default(),
            broken: Mutex::default(),
        });
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let parts = Parts {
            origin: Origin::parse("https://cloudpartner.azure.com").unwrap(),
            publisher: "contoso".into(),
            profile: "prod".into(),
            owner,
            catalogue: edge.clone(),
            canceller: Some(edge.clone()),
            journal: edge.clone(),
            clock: edge.clone(),
            pace: Pace::default(),
        };
        let engine = Engine::new(parts, tasks.clone(), stop.clone());
        Self {
            engine,
            tasks,
            stop,
            edge,
        }
    }

    /// Asks for a confirmed cancel, as a person would.
    pub(crate) async fn cancel(
        &self,
        request: Request,
        timeout: Duration,
    ) -> Result<CancellationId, NotBegun> {
        let moment = (self.edge.service.now(), self.edge.wall());
        let confirmation = request.notify[0].as_str().to_owned();
        self.edge.asked.lock().unwrap().insert(confirmation, moment);
        self.engine.cancel(request, timeout).await
    }

    /// Ends it from outside, as `kill -9` does.
    pub(crate) fn kill(&self) {
        self.edge.die("killed");
    }

    pub(crate) fn is_dead(&self) -> bool {
        self.edge.is_dead.load(Ordering::SeqCst)
    }
}

impl Edge {
    fn die(&self, how: &str) {
        if !self.is_dead.swap(true, Ordering::SeqCst) {
            self.service.tell(&format!("{} {how}", self.owner.started));
            self.graveyard
                .lock()
                .unwrap()
                .insert(self.owner.started.as_str().to_owned());
            self.died.notify_waiters();
            self.died.notify_one();
        }
    }

    /// A cancel is sent only if it was asked for in this run, and on a fresh look that allows it.
    fn hold_before_sending(&self, target: &Target, confirmation: &Address) {
        let mut broken = self.broken.lock().unwrap();
        let mut hold = |is_so: bool, what: &str| {
            if !is_so {
                broken.push(format!("{} sends {confirmation} {what}", self.owner.started));
            }
        };
        let asked = self.asked.lock().unwrap().get(confirmation.as_str()).copied();
        hold(asked.is_some(), "that nobody asked it for");
        hold(self.has_just_seen(target), "without a fresh look that allows it");
        if let Some((at, wall)) = asked {
            let minute = Duration::from_mins(1);
            let is_fresh = self.service.now() <= at + minute && self.wall() <= wall + minute;
            hold(is_fresh, "on a confirmation that is more than a minute old");
        }
    }

    /// Whether a look of the last two seconds showed the target, and it alone, as active.
    fn has_just_seen(&self, target: &Target) -> bool {
        let last_look = self.last_look.lock().unwrap();
        let Some((at, operations)) = &*last_look else {
            return false;
        };
        let active: Vec<_> = operations.active().collect();
        self.service.now() <= *at + Duration::from_secs(2)
            && matches!(active[..], [one] if target.binding.names(one))
    }

    async fn may_crash(&self, what: &'static str, call: &str) {
        if !self.is_dead.load(Ordering::SeqCst) && self.dice.rarely(self.crashes) {
            self.service.meet(what);
            self.die(&format!("{what} {call}"));
        }
        if self.is_dead.load(Ordering::SeqCst) {
            future::pending::<()>().await;
        }
    }

    async fn call<T>(&self, name: &str, call: impl Future<Output = T>) -> T {
        self.may_crash("crash before", name).await;
        let result = call.await;
        self.may_crash("crash after", name).await;
        result
    }
}

impl Edge {
    fn wall(&self) -> Timestamp {
        let epoch = Timestamp::from_second(1_800_000_000 + *self.clock_off.lock().unwrap()).unwrap();
        epoch + self.service.now()
    }

    /// A call to the journal, which may take its time, or fail before or after it recorded.
    async fn keep<T>(
        &self,
        name: &str,
        call: impl Future<Output = Result<T, JournalFailure>>,
    ) -> Result<T, JournalFailure> {
        let is_well = self.service.world().is_well;
        if !is_well && self.dice.rarely(200) {
            self.service.meet("journal slow");
            tokio::time::sleep(self.dice.seconds(5)).await;
        }
        if !is_well && self.dice.rarely(100) {
            self.service.meet("journal fails before");
            return Err(JournalFailure("the disk is full".into()));
        }
        let kept = self.call(name, call).await;
        if !is_well && self.dice.rarely(100) {
            self.service.meet("journal fails after");
            return Err(JournalFailure("the disk is full".into()));
        }
        kept
    }
}

impl Clock for Edge {
    fn now(&self) -> Timestamp {
        // Not in the very instant of a key: whether it was before or after would be anybody's guess.
        let now = self.service.now();
        let is_instant_of_key = self.asked.lock().unwrap().values().any(|(at, _)| *at == now);
        if !self.service.world().is_well && !is_instant_of_key && self.dice.rarely(100) {
            self.service.meet("clock jump");
            *self.clock_off.lock().unwrap() = i64::try_from(self.dice.below(14_400)).unwrap() - 7_200;
        }
        self.wall()
    }
}

#[async_trait]
impl Catalogue for Edge {
    async fn publishers(&self) -> Result<Vec<PublisherId>, Failure> {
        self.service.publishers().await
    }

    async fn offers(&self, publisher: &PublisherId) -> Result<Offers, Failure> {
        self.service.offers(publisher).await
    }

    async fn operations(&self, publisher: &PublisherId, offer: &OfferId) -> Result<Operations, Failure> {
        let looked = self
            .call("operations", self.service.operations(publisher, offer))
            .await;
        if let Ok(operations) = &looked {
            *self.last_look.lock().unwrap() = Some((self.service.now(), operations.clone()));
        }
        looked
    }

    async fn operation(
        &self,
        publisher: &PublisherId,
        offer: &OfferId,
        id: &OperationId,
    ) -> Result<OperationDetail, Failure> {
        self.call("operation", self.service.operation(publisher, offer, id))
            .await
    }

    async fn offer_status(
        &self,
        publisher: &PublisherId,
        offer: &OfferId,
    ) -> Result<OperationDetail, Failure> {
        self.call("offer_status", self.service.offer_status(publisher, offer))
            .await
    }

    async fn follow(&self, target: &Target, way: &Way) -> Result<Followed, Failure> {
        self.call("follow", self.service.follow(target, way)).await
    }
}

#[async_trait]
impl Canceller for Edge {
    async fn connect(&self, target: &Target) -> Result<Box<dyn ReadyToSend>, Failure> {
        self.call("connect", self.service.connect()).await?;
        Ok(Box::new(Connected {
            edge: self.me.upgrade().unwrap(),
            target: target.clone(),
        }))
    }

    async fn renew_sign_in(&self) -> Result<(), Failure> {
        self.call("renew", async { self.service.renew_sign_in() }).await
    }
}

/// A connection for one cancel.
struct Connected {
    edge: Arc<Edge>,
    target: Target,
}

#[async_trait]
impl ReadyToSend for Connected {
    fn is_open(&self) -> bool {
        true
    }

    async fn send(self: Box<Self>, notify: &[Address], _: Instant) -> Result<Answer, SendFailure> {
        let Self { edge, target } = *self;
        edge.hold_before_sending(&target, &notify[0]);
        edge.call("send", edge.service.send(&target, notify)).await
    }
}

#[async_trait]
impl Journal for Edge {
    async fn claim(&self, claim: &Claim, at: Timestamp) -> Result<Claimed, JournalFailure> {
        self.keep("claim", self.journal.claim(claim, at)).await
    }

    async fn begin_sending(
        &self,
        id: &CancellationId,
        attempt: u32,
        by: &Owner,
        at: Timestamp,
    ) -> Result<Option<Recorded>, JournalFailure> {
        self.keep("begin_sending", self.journal.begin_sending(id, attempt, by, at))
            .await
    }

    async fn append(
        &self,
        id: &CancellationId,
        fact: Fact,
        at: Timestamp,
    ) -> Result<Recorded, JournalFailure> {
        self.keep("append", self.journal.append(id, fact, at)).await
    }

    async fn settle(
        &self,
        id: &CancellationId,
        ending: Ending,
        at: Timestamp,
    ) -> Result<Recorded, JournalFailure> {
        let verdict = ending.verdict;
        self.service.meet(verdict.word());
        self.service.tell(&format!(
            "{} settles {} as {}",
            self.owner.started,
            id,
            verdict.word()
        ));
        self.keep("settle", self.journal.settle(id, ending, at)).await
    }

    async fn facts(&self, id: &CancellationId, after: u64) -> Result<Vec<Recorded>, JournalFailure> {
        self.keep("facts", self.journal.facts(id, after)).await
    }

    async fn open(
        &self,
        origin: &Origin,
        publisher: &PublisherId,
    ) -> Result<Vec<Cancellation>, JournalFailure> {
        self.keep("open", self.journal.open(origin, publisher)).await
    }

    async fn life(&self, owner: &Owner) -> Life {
        self.call("life", async {
            match self.graveyard.lock().unwrap().contains(owner.started.as_str()) {
                true => Life::Gone,
                false => Life::Lives,
            }
        })
        .await
    }

    async fn newest_of(&self, target: &Target) -> Result<Option<Cancellation>, JournalFailure> {
        self.journal.newest_of(target).await
    }

    async fn history(&self, limit: u32) -> Result<Vec<Cancellation>, JournalFailure> {
        self.journal.history(limit).await
    }
}
