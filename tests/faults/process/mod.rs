//! A process that may crash at any call to the world, before or after the call took effect.
//!
//! A crashed process is one whose calls never resolve; the product knows nothing of that.

mod edge;
mod moments;
mod ports;

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, atomic::Ordering},
    time::Duration,
};

use countermand::{
    domain::{
        confirmation::Request,
        fact::Owner,
        ids::{CancellationId, Origin},
    },
    engine::{Engine, EngineDeps, PollIntervals, StartError, ports::Journal},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    dice::Dice,
    kinds::Kind,
    service::Service,
    world::{Face, Telling},
};

pub(crate) use edge::Edge;

/// Who is dead, as the operating system would know.
pub(crate) type Graveyard = Arc<Mutex<BTreeSet<String>>>;

pub(crate) struct Process {
    pub(crate) engine: Engine,
    pub(crate) tasks: TaskTracker,
    pub(crate) stop: CancellationToken,
    pub(crate) edge: Arc<Edge>,
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
        let is_elsewhere = service.kinds.has(Kind::Hosts) && dice.chance(40);
        let owner = Owner {
            user: "ada".into(),
            host: if is_elsewhere { "hop" } else { "jump" }.into(),
            pid: number,
            started: started.as_str().into(),
        };
        let edge = Edge::new(
            (number, owner.clone()),
            service,
            journal,
            dice,
            graveyard,
            crashes,
        );
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let parts = EngineDeps {
            origin: Origin::parse("https://cloudpartner.azure.com").unwrap(),
            publisher: "contoso".into(),
            profile: "prod".into(),
            owner,
            catalogue: edge.clone(),
            canceller: Some(edge.clone()),
            journal: edge.clone(),
            clock: edge.clone(),
            poll_intervals: PollIntervals::default(),
        };
        let engine = Engine::new(parts, tasks.clone(), stop.clone());
        tokio::spawn(watch(engine.clone(), edge.clone()));
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
    ) -> Result<CancellationId, StartError> {
        self.edge.confirmed(request.notify[0].as_str(), false);
        self.edge.followed_for(request.notify[0].as_str(), timeout);
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

/// Notes every verdict that a screen would show.
async fn watch(engine: Engine, edge: Arc<Edge>) {
    let mut snapshots = engine.snapshots();
    drop(engine);
    let mut shown = std::collections::BTreeMap::new();
    while snapshots.changed().await.is_ok() {
        if edge.is_dead.load(Ordering::SeqCst) {
            return;
        }
        let snapshot = snapshots.borrow_and_update().clone();
        for tracked in &*snapshot.cancellations {
            let cancellation = &tracked.cancellation;
            let Some((at, ending)) = cancellation.ending.clone() else {
                continue;
            };
            let seen = (at, ending.clone(), cancellation.is_open());
            if shown.insert(cancellation.id.clone(), seen.clone()) == Some(seen) {
                continue;
            }
            edge.told(Telling {
                at: edge.service.now(),
                by: edge.number,
                cancellation: Some(cancellation.id.raw().to_owned()),
                confirmation: None,
                ending,
                is_final: !cancellation.is_open(),
                is_of_crowd: cancellation.request.target.offer.raw() != "vm",
                face: Face::Snapshot,
            });
        }
    }
}
