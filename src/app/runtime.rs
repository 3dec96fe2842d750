//! The runtime that everything beside the main thread runs on.

use tokio::runtime::{Builder, Runtime};

use crate::app::startup_error::StartupError;

/// Two workers: one may be busy while the other follows. The face runs on the main thread beside them.
pub(super) fn new() -> Result<Runtime, StartupError> {
    Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| StartupError::system("start", &error))
}

/// Runs `work` on a runtime of its own. What else runs there by the end is left behind: nothing that counts does, and a
/// line that never comes may still be waited for.
pub(super) fn block_on<T>(work: impl Future<Output = Result<T, StartupError>>) -> Result<T, StartupError> {
    let runtime = new()?;
    let done = runtime.block_on(work);
    runtime.shutdown_background();
    done
}
