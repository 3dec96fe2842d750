//! One schedule: people who ask, processes that come and go, and a service that does what chance says.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
    time::Duration,
};

use countermand::{
    domain::{
        confirmation::{Request, Shown},
        ids::{CancellationId, Origin},
        target::{Binding, Target},
        verdict::Verdict,
    },
    engine::ports::Journal,
    journal::{MemoryJournal, SqliteJournal},
};

use crate::{
    dice::Dice,
    judge,
    process::{Graveyard, Process},
    service::Service,
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
    let folder = tempfile::tempdir().unwrap();
    let journal: Arc<dyn Journal> = match storage {
        Storage::Memory => Arc::new(MemoryJournal::new()),
        Storage::Disk => Arc::new(SqliteJournal::open(&folder.path().join("journal.sqlite")).unwrap()),
    };
    runtime.block_on(async {
        let dice = Dice::new(seed);
        let mut life = Life {
            service: Arc::new(Service::new(dice.clone())),
            journal,
            dice,
            graveyard: Arc::new(Mutex::new(BTreeSet::new())),
            processes: 0,
            confirmations: 0,
            broken: Vec::new(),
        };
        life.go_wrong().await;
        life.come_right().await;
        life.broken
            .extend(judge::broken_promises(&life.service, &*life.journal).await);
        let world = life.service.world();
        Told {
            broken: life.broken,
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
    processes: u32,
    confirmations: u32,
    broken: Vec<String>,
}

impl Life {
    fn start(&mut self, crashes: u64) -> Process {
        self.processes += 1;
        Process::start(
            self.processes,
            &self.service,
            &self.journal,
            &self.dice,
            &self.graveyard,
            crashes,
        )
    }

    /// A few processes, one after the other or two at a time, each with its own fate.
    async fn go_wrong(&mut self) {
        for _ in 0..=self.dice.below(4) {
            let crashes = self.dice.pick(&[0, 50, 150, 400, 1_200]);
            let first = self.start(crashes);
            let second = self.dice.chance(25).then(|| self.start(crashes));
            self.resume(&first).await;
            self.ask(&first).await;
            if let Some(second) = &second {
                if self.dice.chance(50) {
                    self.resume(second).await;
                }
                self.ask(second).await;
            }
            for process in std::iter::once(first).chain(second) {
                self.end(process).await;
            }
            tokio::time::sleep(self.dice.seconds(100)).await;
        }
    }

    async fn resume(&mut self, process: &Process) {
        let timeout = self.dice.seconds(600);
        let resumed = tokio::select! {
            resumed = process.engine.resume(timeout) => resumed,
            () = process.edge.died.notified() => return,
        };
        if resumed.is_ok_and(|ids| !ids.is_empty()) {
            self.service.meet("resumed");
        }
    }

    /// A person looks, confirms what runs, and asks for it; perhaps once more after seeing how it went.
    async fn ask(&mut self, process: &Process) {
        let mut again_of = None;
        for _ in 0..=self.dice.below(2) {
            let Some(id) = self.confirm(process, again_of.take()).await else {
                return;
            };
            let wait = self.dice.seconds(240);
            let mut snapshots = process.engine.snapshots();
            let ended = snapshots.wait_for(|known| {
                known
                    .cancellation(&id)
                    .is_some_and(|tracked| !tracked.is_followed)
            });
            tokio::select! {
                _ = ended => {}
                () = tokio::time::sleep(wait) => {}
                () = process.edge.died.notified() => return,
            }
            let snapshot = process.engine.snapshots().borrow().clone();
            let tracked = snapshot.cancellation(&id).unwrap();
            if tracked.joined {
                self.service.meet("joined");
            }
            match tracked.cancellation.verdict() {
                Some(Verdict::Unknown | Verdict::Refused) => {
                    self.service.meet("asked again");
                    again_of = Some(id);
                }
                _ => return,
            }
        }
    }

    async fn confirm(
        &mut self,
        process: &Process,
        again_of: Option<CancellationId>,
    ) -> Option<CancellationId> {
        let offer = "vm".into();
        let looked = tokio::select! {
            looked = process.engine.look(&offer) => looked,
            () = process.edge.died.notified() => return None,
        };
        let look = looked.ok()?;
        let operation = &look.active.first()?.operation;
        self.confirmations += 1;
        let confirmation = format!("confirmation-{}", self.confirmations);
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
    async fn end(&mut self, process: Process) {
        tokio::time::sleep(self.dice.seconds(60)).await;
        if !process.is_dead() && self.dice.chance(50) {
            self.service.meet("quit");
            process.stop.cancel();
            process.tasks.close();
            tokio::select! {
                () = process.tasks.wait() => {}
                () = process.edge.died.notified() => {}
            }
        }
        process.kill();
        self.broken.append(&mut process.edge.broken.lock().unwrap());
    }

    /// Once the service is well again, one start finds the end of everything that is open.
    async fn come_right(&mut self) {
        self.service.heal();
        let process = self.start(0);
        let ids = process.engine.resume(Duration::from_hours(2)).await.unwrap();
        for id in ids {
            let mut snapshots = process.engine.snapshots();
            let ended = snapshots.wait_for(|known| {
                known
                    .cancellation(&id)
                    .is_some_and(|tracked| !tracked.is_followed)
            });
            if tokio::time::timeout(Duration::from_hours(3), ended)
                .await
                .is_err()
            {
                self.broken.push(format!("{id} is followed without an end"));
            }
        }
        self.broken.append(&mut process.edge.broken.lock().unwrap());
    }
}
