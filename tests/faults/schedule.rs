//! One schedule: people who ask, processes that come and go, and a service that does what chance says.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeSet,
    sync::{Arc, Mutex},
    time::Duration,
};

use countermand::{
    domain::{
        confirmation::{Request, Shown},
        fact::{Claim, Fact, Owner},
        ids::{CancellationId, OperationId, Origin},
        operation::Destination,
        target::{Binding, Target},
        verdict::Verdict,
    },
    engine::ports::{Claimed, Journal},
    journal::{MemoryJournal, SqliteJournal},
    service::cpp::status,
};
use jiff::Timestamp;

use crate::{
    dice::Dice,
    judge,
    kinds::Kind,
    process::{Graveyard, Process},
    service::Service,
    verbs,
};

#[derive(Clone, Copy)]
pub(crate) enum Storage {
    Memory,
    Disk,
}

/// What a schedule came to.
pub(crate) struct Told {
    pub(crate) broken: Vec<String>,
    pub(crate) met: BTreeSet<&'static str>,
    pub(crate) story: Vec<String>,
}

/// Runs the schedule of `seed` on a clock that stands still but for its sleeps.
pub(crate) fn run(seed: u64, storage: Storage) -> Told {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    let folder = matches!(storage, Storage::Disk).then(|| tempfile::tempdir().unwrap());
    let journal: Arc<dyn Journal> = match &folder {
        None => Arc::new(MemoryJournal::new()),
        Some(folder) => {
            let path = folder.path().join("journal.sqlite");
            Arc::new(SqliteJournal::open(&path, countermand::service::cpp::MEANING).unwrap())
        }
    };
    runtime.block_on(async {
        let dice = Dice::new(seed);
        let life = Life {
            service: Arc::new(Service::new(dice.clone())),
            journal,
            dice,
            graveyard: Arc::new(Mutex::new(BTreeSet::new())),
            processes: Cell::new(0),
            confirmations: Cell::new(0),
            broken: RefCell::default(),
        };
        if life.service.kinds.has(Kind::Crowd) {
            crowd(&*life.journal).await;
        }
        life.go_wrong().await;
        life.come_right().await;
        life.service.world().until = life.service.now();
        let mut broken = life.broken.take();
        broken.extend(judge::broken_promises(&life.service, &*life.journal).await);
        let world = life.service.world();
        Told {
            broken,
            met: world.met.clone(),
            story: world.story.clone(),
        }
    })
}

struct Life {
    service: Arc<Service>,
    journal: Arc<dyn Journal>,
    dice: Dice,
    graveyard: Graveyard,
    processes: Cell<u32>,
    confirmations: Cell<u32>,
    broken: RefCell<Vec<String>>,
}

impl Life {
    fn start(&self, crashes: u64) -> Process {
        self.processes.set(self.processes.get() + 1);
        Process::start(
            self.processes.get(),
            &self.service,
            &self.journal,
            &self.dice,
            &self.graveyard,
            crashes,
        )
    }

    fn next_confirmation(&self) -> String {
        self.confirmations.set(self.confirmations.get() + 1);
        format!("confirmation-{}", self.confirmations.get())
    }

    /// A few processes, one after the other or two at a time, each with its own fate.
    async fn go_wrong(&self) {
        let stalls = tokio::spawn(stall(self.service.clone(), self.dice.clone()));
        for _ in 0..=self.dice.below(4) {
            let crashes = self.dice.pick(&[0, 50, 150, 400, 1_200]);
            let first = self.start(crashes);
            let second = self.dice.chance(25).then(|| self.start(crashes));
            self.resume(&first).await;
            match &second {
                Some(second) => {
                    let is_later = self.dice.chance(50);
                    tokio::join!(self.ask(&first), async {
                        if is_later {
                            tokio::time::sleep(self.dice.seconds(30)).await;
                        }
                        if self.dice.chance(50) {
                            self.resume(second).await;
                        }
                        self.ask(second).await;
                    });
                }
                None => self.ask(&first).await,
            }
            for process in std::iter::once(first).chain(second) {
                self.end(process).await;
            }
            tokio::time::sleep(self.dice.seconds(100)).await;
        }
        stalls.abort();
    }

    async fn resume(&self, process: &Process) {
        let timeout = self.dice.seconds(600);
        if self.service.kinds.has(Kind::Verbs) && self.dice.chance(30) {
            let patience = self.dice.seconds(200);
            verbs::follow(process, timeout, Some(patience)).await;
            return;
        }
        let resumed = tokio::select! {
            resumed = process.engine.resume(timeout) => resumed,
            () = process.edge.died.notified() => return,
        };
        if resumed.is_ok_and(|ids| !ids.is_empty()) {
            self.service.meet("resumed");
        }
    }

    /// A person looks, confirms what runs, and asks for it; perhaps once more after seeing how it went.
    async fn ask(&self, process: &Process) {
        if self.service.kinds.has(Kind::Verbs) && self.dice.chance(60) {
            return self.run_verbs(process).await;
        }
        let mut again_of = None;
        for _ in 0..=self.dice.below(2) {
            let Some(id) = self.confirm(process, again_of.take()).await else {
                return;
            };
            let wait = self.dice.seconds(self.dice.pick(&[240, 240, 240, 1_500]));
            let mut snapshots = process.engine.snapshots();
            let ended =
                snapshots.wait_for(|known| known.carried_on(&id).is_some_and(|tracked| !tracked.is_followed));
            tokio::select! {
                _ = ended => {}
                () = tokio::time::sleep(wait) => {}
                () = process.edge.died.notified() => return,
            }
            let snapshot = process.engine.snapshots().borrow().clone();
            let tracked = snapshot.carried_on(&id).unwrap();
            if tracked.joined {
                self.service.meet("joined");
            }
            let standing = tracked.cancellation.ending.as_ref().map(|(_, ending)| ending);
            match standing.map(|ending| ending.verdict) {
                Some(Verdict::Pending) if standing.is_some_and(|ending| ending.is_stalled) => {
                    self.service.meet("asked again in vain");
                    again_of = Some(tracked.cancellation.id.clone());
                }
                Some(Verdict::Unknown | Verdict::Refused) => {
                    self.service.meet("asked again");
                    again_of = Some(tracked.cancellation.id.clone());
                }
                _ => return,
            }
        }
    }

    /// A script asks, and perhaps asks again.
    async fn run_verbs(&self, process: &Process) {
        let mut again = false;
        for _ in 0..=self.dice.below(2) {
            let timeout = Duration::from_secs(self.dice.pick(&[3, 10, 30, 90, 300, 1_800]));
            let interrupt = self.dice.chance(15).then(|| self.dice.seconds(120));
            let no_wait = self.dice.chance(35);
            let args = verbs::cancel_args(&self.next_confirmation(), no_wait, again, timeout);
            match verbs::cancel(process, &args, interrupt).await {
                Some(ending) => again = matches!(ending.verdict, Verdict::Unknown | Verdict::Refused),
                None => return,
            }
            tokio::time::sleep(self.dice.seconds(5)).await;
        }
    }

    async fn confirm(&self, process: &Process, again_of: Option<CancellationId>) -> Option<CancellationId> {
        let offer = "vm".into();
        let looked = tokio::select! {
            looked = process.engine.look(&offer) => looked,
            () = process.edge.died.notified() => return None,
        };
        let look = looked.ok()?;
        let operation = &look.active.first()?.operation;
        let confirmation = self.next_confirmation();
        let request = Request {
            target: Target {
                origin: Origin::parse("https://cloudpartner.azure.com").unwrap(),
                publisher: "contoso".into(),
                offer: "vm".into(),
                binding: Binding::of(operation),
            },
            profile: "prod".into(),
            shown: Shown::of(operation, None),
            notify: vec![format!("{confirmation}@contoso.com").parse().unwrap()],
            again_of,
        };
        self.service
            .tell(&format!("{confirmation}: {}", request.target.name().short()));
        tokio::time::sleep(self.dice.seconds(20)).await;
        let timeout = if self.dice.chance(30) {
            self.dice.seconds(60)
        } else {
            self.dice.seconds(1_800)
        };
        tokio::select! {
            begun = process.cancel(request, timeout) => begun.ok(),
            () = process.edge.died.notified() => None,
        }
    }

    /// Quits, is killed, or has crashed already.
    async fn end(&self, process: Process) {
        tokio::time::sleep(self.dice.seconds(60)).await;
        if !process.is_dead() && self.dice.chance(50) {
            self.service.meet("quit");
            process.edge.ends();
            process.stop.cancel();
            process.tasks.close();
            tokio::select! {
                () = process.tasks.wait() => {}
                () = process.edge.died.notified() => {}
            }
        }
        process.kill();
        self.broken
            .borrow_mut()
            .append(&mut process.edge.broken.lock().unwrap());
    }

    /// Once the service is well again, one start finds the end of everything that is open; what only its answer called
    /// canceled is looked for a minute, and followed by the next where it turns out active.
    async fn come_right(&self) {
        self.service.heal();
        self.service.world().healed = Some(self.service.now());
        for _ in 0..2 {
            let process = self.start(0);
            let ids = process.engine.resume(Duration::from_hours(2)).await.unwrap();
            for id in &ids {
                self.see_the_end(&process, id).await;
            }
            process.kill();
            self.broken
                .borrow_mut()
                .append(&mut process.edge.broken.lock().unwrap());
        }
    }

    async fn see_the_end(&self, process: &Process, id: &CancellationId) {
        let is_of_crowd = process
            .engine
            .snapshots()
            .borrow()
            .cancellation(id)
            .is_some_and(|tracked| tracked.cancellation.request.target.offer.raw() != "vm");
        if is_of_crowd {
            return;
        }
        let mut snapshots = process.engine.snapshots();
        let ended =
            snapshots.wait_for(|known| known.cancellation(id).is_some_and(|tracked| !tracked.is_followed));
        if tokio::time::timeout(Duration::from_hours(3), ended)
            .await
            .is_err()
        {
            let mut broken = self.broken.borrow_mut();
            broken.push(format!("{id} is followed without an end"));
        }
    }
}

/// Cancels on other offers, of which nothing can be read: whoever follows what is open follows them too.
async fn crowd(journal: &dyn Journal) {
    let at = Timestamp::from_second(1_800_000_000).unwrap();
    let by = Owner {
        user: "ada".into(),
        host: "jump".into(),
        pid: 0,
        started: "process-0".into(),
    };
    for number in 0..10 {
        let operation = OperationId::new(&format!("a{number:07}-0000-1000-0000-000000000000"));
        let request = Request {
            target: Target {
                origin: Origin::parse("https://cloudpartner.azure.com").unwrap(),
                publisher: "contoso".into(),
                offer: format!("hanging-{number}").as_str().into(),
                binding: Binding::Operation(operation),
            },
            profile: "prod".into(),
            shown: Shown {
                kind: "publish".into(),
                destination: Destination::Preview,
                state: status("running"),
                step: None,
                changed_at: None,
            },
            notify: vec![format!("crowd-{number}@contoso.com").parse().unwrap()],
            again_of: None,
        };
        let claim = Claim {
            request,
            by: by.clone(),
        };
        let Claimed::New(claimed) = journal.claim(&claim, at).await.unwrap() else {
            panic!("nobody else has claimed it");
        };
        journal.begin_sending(&claimed.id, 1, &by, at).await.unwrap();
        let lost = Fact::AnswerLost {
            error: "reset".into(),
        };
        journal.append(&claimed.id, lost, at).await.unwrap();
    }
}

/// The machine stands still now and then, and every timer is late.
async fn stall(service: Arc<Service>, dice: Dice) {
    while service.kinds.has(Kind::Stalls) {
        tokio::time::sleep(dice.seconds(120)).await;
        let lasts = Duration::from_millis(200) + dice.seconds(dice.pick(&[2, 10, 90]));
        service.meet("stalled");
        service.tell(&format!("everything stands still for {lasts:?}"));
        service.excuse(None, lasts);
        tokio::time::advance(lasts).await;
    }
}
