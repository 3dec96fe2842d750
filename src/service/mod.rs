//! The service's side of the ports: requests, wire forms, addresses, errors and tokens.
//!
//! - [`http`] is what every service and every sign-in needs of HTTP.
//! - [`cpp`] speaks the Cloud Partner Portal API; another service would stand beside it.
//! - [`auth`] is where a token comes from. It knows no request.
//! - [`diagnose`] walks the way to the service a step at a time, for who asks what is wrong.
//!
//! Knows the domain and the engine's ports, and no face, no journal and no settings: what it needs is given to it.

pub mod auth;
pub mod cpp;
pub mod diagnose;
pub mod http;
mod redact;
