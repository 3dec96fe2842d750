//! Decides what to ask the service and when, through ports that others implement.
//!
//! Knows the domain alone: no HTTP, no files, no screen. Monotonic time is tokio's; wall time comes from [`ports::Clock`].
//! The engine never waits for a face: it publishes a [`snapshot::Snapshot`], and every fact is in it after it was recorded.

mod abandonment;
mod agenda;
mod board;
mod clocks;
mod errand;
pub mod failure;
pub mod handle;
mod keeper;
mod lanes;
pub mod look;
pub mod ports;
mod precedent;
mod reading;
pub mod refusal;
pub mod schedule;
#[cfg(test)]
pub(crate) mod silence;
pub mod snapshot;
mod weigh;
mod witnesses;

pub use failure::{Class, Failure};
pub use handle::{Attention, Engine, Parts};
pub use look::{Candidate, Look};
pub use refusal::{NotBegun, NotFollowed};
pub use schedule::Pace;
pub use snapshot::{Snapshot, Tracked};
