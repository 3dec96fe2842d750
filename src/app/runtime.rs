//! The runtime of all work beside the main thread.

use tokio::runtime::{Builder, Runtime};

use crate::app::startup_error::StartupError;

/// Creates two workers: one may be busy while the other follows. The face runs on the main thread.
pub(super) fn new() -> Result<Runtime, StartupError> {
    Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| StartupError::system("start", &error))
}

/// Runs `work` on a runtime of its own. Remaining tasks are dropped at the end: none of them matters, and one may be
/// waiting for a line that never comes.
pub(super) fn block_on<T>(work: impl Future<Output = Result<T, StartupError>>) -> Result<T, StartupError> {
    let runtime = new()?;
    let done = runtime.block_on(work);
    runtime.shutdown_background();
    done
}
