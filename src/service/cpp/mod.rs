//! The Cloud Partner Portal API, version 2017-10-31: a reading client and a sender of cancels.
//!
//! [`Client`] reads over pooled connections. [`Sender`] has a transport of its own in which no layer repeats a request.
//! `meaning` decides what a word and an answer mean; what follows for a cancellation is the engine's to decide.

mod answered;
mod authenticity;
mod cancel;
mod characteristics;
mod client;
mod errors;
#[cfg(any(test, fuzzing))]
pub mod fuzz_support;
mod get;
mod list_route;
mod location;
mod meaning;
mod operations;
mod routes;
mod wire;

pub use cancel::Sender;
pub use characteristics::CHARACTERISTICS;
pub use client::Client;
pub use location::read as read_location;
pub use meaning::{MEANING, answer, status};
