//! Scheduling and safety of all requests to the service, through ports that others implement.
//!
//! Knows the domain alone: no HTTP, no files, no screen. Monotonic time is tokio's; wall time comes from
//! [`ports::Clock`]. The engine never waits for a face: it publishes a [`snapshot::Snapshot`], and every fact is in it
//! after it was recorded.

mod abandonment;
mod cancel_task;
mod catalogue_poller;
mod characteristics;
mod clocks;
mod deps;
pub mod failure;
pub mod handle;
mod live_state;
pub mod look;
mod poll_queue;
pub mod ports;
mod precedent;
mod reading;
mod request_limiter;
pub mod schedule;
#[cfg(test)]
pub(crate) mod silence;
pub mod snapshot;
pub mod start_error;
mod weigh;
mod witnesses;

pub use catalogue_poller::Attention;
pub use characteristics::Characteristics;
pub use deps::EngineDeps;
pub use failure::{Class, Failure};
pub use handle::Engine;
pub use look::{Candidate, Look};
pub use schedule::PollIntervals;
pub use snapshot::{Snapshot, Tracked};
pub use start_error::{FollowError, StartError};
