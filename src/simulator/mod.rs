//! A marketplace to practise on: a pure world, scenarios, and HTTP routes over it, on a real socket.
//!
//! A scenario's offers, operations, steps and scripts are deserialized once and are the world: it moves them on with
//! its clock, and what an answer shows is read from them. What differs in kind is apart: the JSON on the wire is a
//! view of them at a moment, in the service's names, so it is made by functions and has no types of its own.
//!
//! It speaks the Cloud Partner Portal API (`cpp`) the way the service does, oddities included, and misbehaves as its
//! scenario has it. Another service has its nouns in `world`, a list of them in `Scenario`, its routes in
//! [`scenario::Route`], and its handlers and wire in a folder beside `cpp`; clock, gate, replies, record and server
//! know no service.
//!
//! It must not know any other module, not even the domain: a mistake in how the API was understood cannot hide on
//! both sides.

mod clock;
mod cpp;
mod error;
mod gate;
mod identity;
mod record;
mod reply;
mod running;
pub mod scenario;
mod script;
mod server;
mod state;
mod world;

#[cfg(test)]
mod tests;

pub use record::{Answered, Request};
pub use running::{Options, Simulator};
pub use scenario::{Scenario, ScenarioError};
