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
    domain::{confirmation::Address, fact::Owner, ids::OfferId, operation::Operations, status::Status},
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
    pub(super) asked: Mutex<BTreeMap<String, Asked>>,
    /// What the offer looked like to this process, and when it knew.
    pub(super) last_look: Mutex<Option<(Duration, Operations)>>,
    /// How far the wall clock is off, in seconds.
    clock_off: Mutex<i64>,
    pub(crate) broken: Mutex<Vec<String>>,
}

/// When something was confirmed, by both clocks.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    pub(super) at: Duration,
    pub(super) wall: Timestamp,
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
