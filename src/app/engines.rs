//! All engines of this run, and their shutdown.

use std::{
    io::{self, Write as _},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::timeout;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    app::unrecorded,
    domain::{stage::Stage, verdict::Exit},
    engine::{Engine, EngineDeps, Snapshot},
};

/// Time for a request in transit to get its answer.
pub(super) const GRACE: Duration = Duration::from_secs(5);

/// All engines of this run, and their shared state.
#[derive(Clone, Default)]
pub(super) struct Engines {
    all: Arc<Mutex<Vec<Engine>>>,
    pub(super) tasks: TaskTracker,
    pub(super) stop: CancellationToken,
}

impl Engines {
    /// Starts another engine.
    pub(super) fn start(&self, deps: EngineDeps) -> Engine {
        let engine = Engine::new(deps, self.tasks.clone(), self.stop.clone());
        self.all().push(engine.clone());
        engine
    }

    /// Returns the snapshot of each engine.
    pub(super) fn snapshots(&self) -> Vec<Arc<Snapshot>> {
        let all = self.all();
        all.iter()
            .map(|engine| engine.snapshots().borrow().clone())
            .collect()
    }

    /// Ends all tasks, and reports unrecorded facts; returns the exit code instead of `exit`.
    pub(super) async fn finish(&self, exit: Exit, is_ascii: bool) -> Exit {
        self.wait_for_answers().await;
        unrecorded::report(&self.snapshots(), exit, is_ascii)
    }

    /// Ends all tasks. A request in transit gets [`GRACE`] for its answer, announced by a line.
    async fn wait_for_answers(&self) {
        let is_sending = self.snapshots().iter().any(|snapshot| is_sending(snapshot));
        self.stop.cancel();
        self.tasks.close();
        if is_sending {
            let _ = writeln!(
                io::stderr().lock(),
                "countermand: waiting up to {} s for the answer to a cancel that is being sent; ctrl-c leaves at once",
                GRACE.as_secs()
            );
        }
        if timeout(GRACE, self.tasks.wait()).await.is_err() {
            tracing::warn!("left before all tasks had ended");
        }
    }

    fn all(&self) -> MutexGuard<'_, Vec<Engine>> {
        // A panic under the lock cannot leave a partial value.
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_sending(snapshot: &Snapshot) -> bool {
    snapshot
        .cancellations
        .iter()
        .any(|tracked| tracked.is_followed && tracked.cancellation.stage == Stage::Sending)
}
