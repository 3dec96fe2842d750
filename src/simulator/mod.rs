//! A marketplace to practise on: a pure world, scenarios, and HTTP routes over it, on a real socket.
//!
//! It speaks the Cloud Partner Portal API the way the service does, oddities included, and misbehaves as its
//! scenario says. It must not know any other room, not even the domain: a mistake in how the API was understood
//! cannot hide on both sides.

mod clock;
mod premises;
mod record;
mod reply;
mod routes;
mod running;
pub mod scenario;
mod server;
mod wire;
mod world;

#[cfg(test)]
mod tests;

pub use record::{Answered, Request};
pub use running::{Options, Simulator};
pub use scenario::{Scenario, ScenarioError};
