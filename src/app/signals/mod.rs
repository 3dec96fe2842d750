//! What the system says: end, hang up, interrupt, continue, another window size.

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

/// Resolves when a signal asks a verb to leave, and ends the question that `bell` belongs to; a second one ends the
/// process. Must be called inside a runtime.
pub(super) fn interrupted(bell: Option<Bell>) -> Result<impl Future<Output = Exit>, StartupError> {
    let mut leaving = Leaving::listen().map_err(|error| StartupError::system("listen to signals", &error))?;
    let (sender, receiver) = oneshot::channel();
    tokio::spawn(async move {
        let first = leaving.next().await;
        let departure = Departure::begin();
        let _ = sender.send(first);
        // After it was told: whose question ends finds out which signal it was.
        drop(bell);
        end(leaving.second(departure).await)
    });
    Ok(async move {
        match receiver.await {
            Ok(exit) => exit,
            // The listener ends with the runtime alone.
            Err(_) => std::future::pending().await,
        }
    })
}

/// Ends the process, whatever it is about; what was logged is kept.
fn end(exit: Exit) -> ! {
    log::close();
    process::exit(exit.code().into())
}
