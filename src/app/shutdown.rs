//! The runtime, and how everything that runs on it comes to its end.

use std::{
    io::{self, Write},
    time::Duration,
};

use tokio::{
    runtime::{Builder, Runtime},
    time::timeout,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    app::StartupError,
    domain::stage::Stage,
    engine::{Engine, Snapshot},
};

/// How long a request that is being sent may take to bring its answer home.
pub(super) const GRACE: Duration = Duration::from_secs(5);

/// Two workers: one may be busy while the other follows. The face runs on the main thread beside them.
pub(super) fn runtime() -> Result<Runtime, StartupError> {
    Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| StartupError::system("start", &error))
}

/// Ends all tasks. A request that is being sent gets [`GRACE`] for its answer, and a line says so.
pub(super) async fn wait_for_answers(engines: &[Engine], tasks: &TaskTracker, stop: &CancellationToken) {
    let is_sending = engines
        .iter()
        .any(|engine| is_sending(&engine.snapshots().borrow()));
    stop.cancel();
    tasks.close();
    if is_sending {
        let _ = writeln!(
            io::stderr().lock(),
            "countermand: waiting up to {} s for the answer to a cancel that is being sent; ctrl-c leaves at once",
            GRACE.as_secs()
        );
    }
    if timeout(GRACE, tasks.wait()).await.is_err() {
        tracing::warn!("left before all tasks had ended");
    }
}

fn is_sending(snapshot: &Snapshot) -> bool {
    snapshot
        .cancellations
        .iter()
        .any(|tracked| tracked.is_followed && tracked.cancellation.stage == Stage::Sending)
}
