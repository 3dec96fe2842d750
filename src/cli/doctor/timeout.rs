//! The time limit of a check.

use std::{fmt, time::Duration};

use tokio::time;

/// It took too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Late(pub(super) Duration);

impl fmt::Display for Late {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "nothing within {}s", self.0.as_secs())
    }
}

/// What comes of `work`, if it comes in time.
pub(super) async fn timeout<T>(limit: Duration, work: impl Future<Output = T>) -> Result<T, Late> {
    time::timeout(limit, work).await.map_err(|_| Late(limit))
}
