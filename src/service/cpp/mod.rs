//! The Cloud Partner Portal API, version 2017-10-31: a client that reads and a sender that cancels.
//!
//! [`Client`] reads over pooled connections. [`Sender`] has a transport of its own in which no layer repeats a request.
//! Nothing here decides when to ask, or what an answer means for a cancellation.

pub(super) mod body;
mod client;
pub(super) mod errors;
#[cfg(any(test, fuzzing))]
pub mod fuzz_support;
mod get;
pub(super) mod headers;
mod location;
mod operations;
mod options;
mod own;
mod request;
mod routes;
mod send;
mod session;
pub(super) mod transport;
mod wire;

pub use client::Client;
pub use options::{ClientOptions, Limits};
pub use send::Sender;
