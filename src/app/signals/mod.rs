//! Signals of the system: terminate, hang up, interrupt, continue, window resize.

mod departure;
mod ending;
mod heard;
mod watch;

use std::process;

use tokio::sync::oneshot;

use self::{departure::Departure, heard::Leaving};
use crate::{
    app::{log, prompt::Bell, startup_error::StartupError},
    domain::verdict::Exit,
};

pub(super) use watch::watch;

/// Returns a future that resolves when a signal requests exit of a verb, and ends the prompt of `bell`; a second one
/// ends the process. Call inside a runtime.
pub(super) fn interrupted(bell: Option<Bell>) -> Result<impl Future<Output = Exit>, StartupError> {
    let mut leaving = Leaving::listen().map_err(|error| StartupError::system("listen to signals", &error))?;
    let (sender, receiver) = oneshot::channel();
    tokio::spawn(async move {
        let first = leaving.next().await;
        let departure = Departure::begin();
        let _ = sender.send(first);
        // Dropped after sending: the ended prompt reads the signal.
        drop(bell);
        end(leaving.second(departure).await)
    });
    Ok(async move {
        match receiver.await {
            Ok(exit) => exit,
            // The listener ends only with the runtime.
            Err(_) => std::future::pending().await,
        }
    })
}

/// Ends the process at once; the log is kept.
fn end(exit: Exit) -> ! {
    log::close();
    process::exit(exit.code().into())
}
