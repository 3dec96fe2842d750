//! Where a process meets the world.

use std::{
    collections::BTreeMap,
    future,
    sync::{
        Arc, Mutex, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use countermand::{
    domain::{
        cancellation::Cancellation,
        confirmation::Address,
        fact::Owner,
        ids::{CancellationId, OfferId},
        operation::{Operation, Operations},
        status::{Phase, Status},
        target::Target,
    },
    engine::{
        Class, Failure,
        ports::{Journal, JournalFailure},
    },
};
use jiff::Timestamp;
use tokio::sync::Notify;

use crate::{
    dice::Dice,
    kinds::Kind,
    line::failure,
    process::Graveyard,
    service::{Service, Told},
    world::{Read, Saw, Telling, Witness},
};

pub(crate) struct Edge {
    pub(super) me: Weak<Self>,
    pub(super) service: Arc<Service>,
    pub(super) journal: Arc<dyn Journal>,
    pub(super) dice: Dice,
    pub(super) number: u32,
    pub(super) owner: Owner,
    pub(super) graveyard: Graveyard,
    /// Crashes in ten thousand calls.
    crashes: u64,
    pub(super) is_dead: AtomicBool,
    pub(crate) died: Notify,
    /// Until when it is stopped.
    stopped_until: Mutex<Duration>,
    /// What was asked for in the life of this process.
    asked: Mutex<BTreeMap<String, Asked>>,
    /// What the offer looked like to this process, and when it knew.
    last_look: Mutex<Option<(Duration, Operations)>>,
    /// How far the wall clock is off, in seconds.
    clock_off: Mutex<i64>,
    pub(crate) broken: Mutex<Vec<String>>,
}

/// When something was confirmed, by both clocks.
#[derive(Clone, Copy)]
struct Asked {
    at: Duration,
    wall: Timestamp,
    /// Whether a script said so beforehand: its minute begins with its claim.
    is_beforehand: bool,
}

impl Edge {
    pub(super) fn new(
        (number, owner): (u32, Owner),
        service: &Arc<Service>,
        journal: &Arc<dyn Journal>,
        dice: &Dice,
        graveyard: &Graveyard,
        crashes: u64,
    ) -> Arc<Self> {
        Arc::new_cyclic(|me| Self {
            me: me.clone(),
            service: service.clone(),
            journal: journal.clone(),
            dice: dice.clone(),
            number,
            owner,
            graveyard: graveyard.clone(),
            crashes,
            is_dead: AtomicBool::new(false),
            died: Notify::new(),
            stopped_until: Mutex::default(),
            asked: Mutex::default(),
            last_look: Mutex::default(),
            clock_off: Mutex::default(),
            broken: Mutex::default(),
        })
    }

    pub(crate) fn now(&self) -> Duration {
        self.service.now()
    }

    pub(crate) fn number(&self) -> u32 {
        self.number
    }

    pub(super) fn die(&self, how: &str) {
        if !self.is_dead.swap(true, Ordering::SeqCst) {
            self.service.tell(&format!("{} {how}", self.owner.started));
            self.graveyard
                .lock()
                .unwrap()
                .insert(self.owner.started.as_str().to_owned());
            self.ends();
            self.died.notify_waiters();
            self.died.notify_one();
        }
    }

    /// A signal asks it to leave: it gives what is under way a few seconds, and begins nothing.
    pub(crate) fn leaves(&self) {
        self.service.excuse(Some(self.number), Duration::from_secs(15));
    }

    /// From now on nobody can count on it.
    pub(crate) fn ends(&self) {
        let now = self.service.now();
        self.service.world().ended.entry(self.number).or_insert(now);
    }

    pub(crate) fn told(&self, telling: Telling) {
        // Who is stopped tells nothing, whatever goes on in here.
        let is_stopped = self.now() < *self.stopped_until.lock().unwrap();
        if self.is_dead.load(Ordering::SeqCst) || is_stopped {
            return;
        }
        self.service.meet(telling.ending.verdict.word());
        self.service.tell(&format!(
            "{} tells {}: {}{} {:?} {:?} {:?} {:?}",
            self.owner.started,
            telling.cancellation.as_deref().unwrap_or("nothing claimed"),
            telling.ending.verdict.word(),
            if telling.is_final { ", for good" } else { "" },
            telling.ending.evidence,
            telling.ending.target_state.as_ref().map(Status::word),
            telling
                .ending
                .error
                .as_ref()
                .map(|error| error.as_str().to_owned()),
            telling.face,
        ));
        self.service.world().told.push(telling);
    }

    pub(crate) fn confirmed(&self, confirmation: &str, is_beforehand: bool) {
        let asked = Asked {
            at: self.service.now(),
            wall: self.wall(),
            is_beforehand,
        };
        self.asked.lock().unwrap().insert(confirmation.to_owned(), asked);
    }

    /// For how long from now it is to be followed.
    pub(crate) fn followed_for(&self, confirmation: &str, timeout: Duration) {
        let (confirmation, _) = confirmation.split_once('@').unwrap();
        let until = self.service.now() + timeout;
        self.service
            .world()
            .deadlines
            .insert(confirmation.to_owned(), until);
    }

    /// The minute of what was said beforehand begins with its claim.
    pub(super) fn claimed(&self, confirmation: &Address) {
        let confirmation = confirmation.as_str();
        let asked = self.asked.lock().unwrap().get(confirmation).copied();
        if asked.is_some_and(|asked| asked.is_beforehand) {
            self.confirmed(confirmation, true);
        }
    }

    pub(super) fn has_claimed(&self, confirmation: &Address) {
        let (confirmation, _) = confirmation.as_str().split_once('@').unwrap();
        let now = self.service.now();
        self.service.world().claimed.insert(confirmation.to_owned(), now);
    }

    /// Whether this is the very instant of a key.
    fn is_instant_of_key(&self) -> bool {
        let now = self.service.now();
        self.asked.lock().unwrap().values().any(|asked| asked.at == now)
    }

    /// A cancel is sent only if it was asked for in this run, and on a fresh look that allows it.
    pub(super) fn hold_before_sending(&self, target: &Target, confirmation: &Address) {
        let mut broken = self.broken.lock().unwrap();
        let mut hold = |is_so: bool, what: &str| {
            if !is_so {
                broken.push(format!("{} sends {confirmation} {what}", self.owner.started));
            }
        };
        let asked = self.asked.lock().unwrap().get(confirmation.as_str()).copied();
        hold(asked.is_some(), "that nobody asked it for");
        hold(self.has_just_seen(target), "without a fresh look that allows it");
        if let Some(Asked { at, wall, .. }) = asked {
            let minute = Duration::from_mins(1);
            let is_fresh = self.service.now() <= at + minute && self.wall() <= wall + minute;
            hold(is_fresh, "on a confirmation that is more than a minute old");
        }
    }

    /// A claim is given up only if its process is gone, or has had it for two minutes.
    pub(super) async fn hold_before_giving_up(&self, id: &CancellationId) {
        let facts = self.journal.facts(id, 0).await.unwrap();
        let claim = Cancellation::fold(id.clone(), facts).unwrap();
        let (confirmation, _) = claim.request.notify[0].as_str().split_once('@').unwrap();
        let lives = !self.graveyard.lock().unwrap().contains(claim.by.started.as_str());
        let world = self.service.world();
        // By a wall clock that was set, two minutes may be over at once.
        let is_certain = world.jumps == 0 && claim.by != self.owner;
        let is_new = |at: &Duration| self.service.now() < *at + Duration::from_mins(2);
        if lives && is_certain && world.claimed.get(confirmation).is_some_and(is_new) {
            let who = &self.owner.started;
            self.broken
                .lock()
                .unwrap()
                .push(format!("{who} gives {id} up, whose process lives"));
        }
    }

    /// Whether a look of the last two seconds showed the target, and it alone, as active.
    fn has_just_seen(&self, target: &Target) -> bool {
        let last_look = self.last_look.lock().unwrap();
        let Some((at, operations)) = &*last_look else {
            return false;
        };
        let active: Vec<_> = in_the_way(operations).collect();
        self.service.now() <= *at + Duration::from_secs(2)
            && operations.is_whole()
            && matches!(active[..], [one] if target.binding.names(one))
    }

    /// Of any offer but the one that all is about nothing can be read, and that takes a minute to turn out.
    pub(super) async fn hangs(&self, offer: &OfferId) -> Result<(), Failure> {
        if offer.raw() == "vm" {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_mins(1)).await;
        Err(failure(Class::Transient, None, None))
    }

    /// Notes a reading as it arrives.
    pub(super) async fn reads<T>(
        &self,
        (name, witness): (&'static str, Witness),
        reading: impl Future<Output = Told<T>>,
    ) -> Told<T> {
        let began = self.service.now();
        let number = {
            let mut world = self.service.world();
            world.reads.push(Read {
                by: self.number,
                began,
                arrived: Duration::MAX,
                witness,
                saw: Saw::Failure,
            });
            world.reads.len() - 1
        };
        self.service
            .tell(&format!("{} asks {witness:?}", self.owner.started));
        let told = self.call(name, reading).await;
        if let Err(failure) = &told.answer {
            self.rests(failure.retry_after);
        }
        self.service.tell(&format!(
            "{} reads {witness:?}: {:?}",
            self.owner.started, told.saw
        ));
        let now = self.service.now();
        let read = &mut self.service.world().reads[number];
        (read.arrived, read.saw) = (now, told.saw.clone());
        told
    }

    /// The service asks it to rest.
    pub(super) fn rests(&self, retry_after: Option<Duration>) {
        if let Some(rest) = retry_after {
            self.service.excuse(Some(self.number), rest);
        }
    }

    pub(super) fn looked(&self, operations: &Operations) {
        *self.last_look.lock().unwrap() = Some((self.service.now(), operations.clone()));
    }

    /// Stopped for a while, now and then, and nothing of it is noticed inside.
    async fn may_be_stopped(&self) {
        let kinds = &self.service.kinds;
        if kinds.has(Kind::Stopped) && !self.service.is_well() && self.dice.rarely(80) {
            let lasts = Duration::from_secs(1) + self.dice.seconds(200);
            self.service
                .tell(&format!("{} is stopped for {lasts:?}", self.owner.started));
            self.service.excuse(Some(self.number), lasts);
            *self.stopped_until.lock().unwrap() = self.service.now() + lasts;
        }
        loop {
            let until = *self.stopped_until.lock().unwrap();
            let left = until.saturating_sub(self.service.now());
            if left.is_zero() {
                return;
            }
            tokio::time::sleep(left).await;
        }
    }

    async fn may_crash(&self, what: &'static str, call: &str) {
        self.may_be_stopped().await;
        if !self.is_dead.load(Ordering::SeqCst) && self.dice.rarely(self.crashes) {
            self.service.meet(what);
            self.die(&format!("{what} {call}"));
        }
        if self.is_dead.load(Ordering::SeqCst) {
            future::pending::<()>().await;
        }
    }

    pub(super) async fn call<T>(&self, name: &str, call: impl Future<Output = T>) -> T {
        self.may_crash("crash before", name).await;
        let result = call.await;
        self.may_crash("crash after", name).await;
        result
    }

    pub(super) fn wall(&self) -> Timestamp {
        let epoch = Timestamp::from_second(1_800_000_000 + *self.clock_off.lock().unwrap()).unwrap();
        epoch + self.service.now()
    }

    pub(super) fn may_jump(&self) {
        // Not in the very instant of a key: whether it was before or after would be anybody's guess.
        if !self.service.is_well() && !self.is_instant_of_key() && self.dice.rarely(100) {
            self.service.meet("clock jump");
            self.service.world().jumps += 1;
            *self.clock_off.lock().unwrap() = i64::try_from(self.dice.below(14_400)).unwrap() - 7_200;
        }
    }

    /// A call to the journal, which may take its time, or fail before or after it recorded.
    pub(super) async fn keep<T>(
        &self,
        name: &str,
        call: impl Future<Output = Result<T, JournalFailure>>,
    ) -> Result<T, JournalFailure> {
        let is_well = self.service.is_well();
        if !is_well && self.dice.rarely(200) {
            self.service.meet("journal slow");
            let lasts = self.dice.seconds(5);
            self.service.tell(&format!(
                "{} waits for its journal, {lasts:?}",
                self.owner.started
            ));
            self.service.excuse(Some(self.number), lasts);
            tokio::time::sleep(lasts).await;
        }
        if !is_well && self.dice.rarely(100) {
            self.service.meet("journal fails before");
            self.service.excuse(Some(self.number), Duration::ZERO);
            return Err(JournalFailure("the disk is full".into()));
        }
        let kept = self.call(name, call).await;
        if !is_well && self.dice.rarely(100) {
            self.service.meet("journal fails after");
            self.service.excuse(Some(self.number), Duration::ZERO);
            return Err(JournalFailure("the disk is full".into()));
        }
        kept
    }
}

/// The operations that a cancel could hit: one in a word that nobody knows is no obstacle beside a newer one that runs.
pub(crate) fn in_the_way(operations: &Operations) -> impl Iterator<Item = &Operation> {
    let runs = |one: &&Operation| one.state.is_active() && one.state.phase() != Phase::Unknown;
    let newest = operations.list.iter().filter(runs).map(|one| one.version).max();
    operations.active().filter(move |one| {
        one.state.phase() != Phase::Unknown || newest.is_none_or(|newest| one.version >= newest)
    })
}
