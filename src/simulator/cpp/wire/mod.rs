//! The JSON of the service's answers: its words, its quirks and its undocumented fields.
//!
//! Pure: from what is in the world, at a time, to values. It must not know HTTP.

pub(super) mod cancel;
pub(super) mod filter;
pub(in crate::simulator) mod offer;
pub(super) mod operation;
pub(super) mod publisher;
pub(super) mod submission;
mod time;
